import { Dataset } from '../../utils/data/dataset.js';

function transform_repr(label: string, transform: unknown): string[] {
  if (transform === null || transform === undefined) return [];
  const [first = '', ...rest] = String(transform).split('\n');
  return [`${label}${first}`, ...rest.map((line) => ' '.repeat(label.length) + line)];
}

/**
 * The base class of image datasets: a folder, and transforms of images and targets. Mirrors
 * `torchvision.datasets.VisionDataset`.
 *
 * @param root - the folder of the dataset
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * class Ones extends datasets.VisionDataset<torch.Tensor> {
 *   transform = null;
 *   target_transform = null;
 *   readonly length = 3;
 *   get(): torch.Tensor {
 *     return torch.ones(2);
 *   }
 * }
 * print(new Ones('data')); // Dataset Ones
 * //     Number of datapoints: 3
 * //     Root location: data
 * ```
 */
export abstract class VisionDataset<T> extends Dataset<T> {
  /** The folder that holds the dataset. */
  root: string;
  /** Transform of images. */
  abstract transform: ((image: never) => unknown) | null;
  /** Transform of targets. */
  abstract target_transform: ((target: never) => unknown) | null;
  /** Transform of images and targets together, where a dataset has one. */
  transforms: ((...parts: never[]) => unknown) | null = null;

  constructor(root: string) {
    super();
    this.root = root;
  }

  /** Additional lines of the printed form. */
  extra_repr(): string {
    return '';
  }

  /** As torchvision prints it. */
  override toString(): string {
    const lines = [`Number of datapoints: ${this.length}`];
    if (this.root !== '') lines.push(`Root location: ${this.root}`);
    const extra = this.extra_repr();
    if (extra) lines.push(...extra.split('\n'));
    if (this.transform || this.target_transform) {
      const body = [
        'StandardTransform',
        ...transform_repr('Transform: ', this.transform),
        ...transform_repr('Target transform: ', this.target_transform),
      ];
      lines.push(body.join('\n'));
    } else if (this.transforms) {
      lines.push(String(this.transforms));
    }
    return [`Dataset ${this.constructor.name}`, ...lines.map((line) => `    ${line}`)].join('\n');
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
