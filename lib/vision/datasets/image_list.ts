/** Datasets that are a list of files of images, with a label for each. */
import type { Tensor } from '../../_tensor.js';
import type { Sample } from './folder.js';
import { default_loader } from './images.js';
import { checked_index, TransformedDataset, type TransformOptions } from './transformed.js';

/** The options of datasets that load images from files. */
export interface LoaderOptions<T = number, I = Tensor, L = T> extends TransformOptions<T, I, L> {
  /** The folder that contains, or will contain, the dataset. */
  root: string;
  /** Download the files that are missing. Default false. */
  download?: boolean;
  /** Loads an image from its path. Default {@link default_loader}. */
  loader?: (path: string) => Tensor;
}

/** A dataset of files of images with labels. */
export abstract class LabeledImages<I = Tensor, L = number, T = number> extends TransformedDataset<T, I, L> {
  loader: (path: string) => Tensor;
  /** The files of the images. */
  _image_files: string[] = [];
  /** The label of each. */
  _labels: (T | number)[] = [];

  constructor(root: string, { loader = default_loader, transform, target_transform }: LoaderOptions<T, I, L>) {
    super(root, { transform: transform ?? null, target_transform: target_transform ?? null });
    this.loader = loader;
  }

  get length(): number {
    return this._image_files.length;
  }

  get(index: number): [I, L] {
    const at = checked_index(this, index);
    return this.item(this.loader(this._image_files[at]!), this._labels[at] as T);
  }

  /** Adds images with their labels. */
  protected add(samples: readonly Sample[]): void {
    for (const [path, label] of samples) {
      this._image_files.push(path);
      this._labels.push(label);
    }
  }
}
