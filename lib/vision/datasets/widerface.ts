/** WIDER FACE. */
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

import { from_nested } from '../../creation.js';
import { int64 } from '../../types/dtype.js';
import { expand_user } from '../../_internal/io/expand_user.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { lines_of } from './folders.js';
import { default_loader } from './images.js';
import { checked_index, TransformedDataset, type TransformOptions } from './transformed.js';
import {
  download_and_extract_archive,
  download_file_from_google_drive,
  extract_archive,
  verify_str_arg,
} from './utils.js';

/** The faces of an image of {@link WIDERFace}: a row of `bbox` (x, y, width and height) and an element of all others for each. */
export interface WIDERFaceFaces {
  bbox: Tensor;
  blur: Tensor;
  expression: Tensor;
  illumination: Tensor;
  occlusion: Tensor;
  pose: Tensor;
  invalid: Tensor;
}

/** A target of {@link WIDERFace}: null for images of the test part. */
export type WIDERFaceTarget = WIDERFaceFaces | null;

interface Annotated {
  readonly path: string;
  readonly faces: WIDERFaceTarget;
}

/** Faces of lines of ten numbers. */
function faces_of(lines: readonly string[], path: string): WIDERFaceFaces {
  const rows = lines.map((line) => line.trimEnd().split(' ').map(Number));
  if (rows.some((row) => row.length < 10 || row.some(Number.isNaN))) {
    throw new Error(`Error parsing annotation file ${path}`);
  }
  const all = from_nested(rows, { dtype: int64 }, 'WIDERFace');
  const column = (i: number): Tensor => all.select(1, i).clone();
  return {
    bbox: all.narrow(1, 0, 4).clone(),
    blur: column(4),
    expression: column(5),
    illumination: column(6),
    occlusion: column(7),
    pose: column(8),
    invalid: column(9),
  };
}

/** The options of {@link WIDERFace}. */
export interface WIDERFaceOptions<I = Tensor, L = WIDERFaceTarget> extends TransformOptions<WIDERFaceTarget, I, L> {
  /** The folder that contains, or will contain, `widerface`. */
  root: string;
  /** Download the archives when they are missing. Default false. */
  download?: boolean;
  /** `'train'`, `'val'` or `'test'`. Default `'train'`. */
  split?: 'train' | 'val' | 'test';
}

const WIDERFACE_ARGUMENTS = signature<WIDERFaceOptions<unknown, unknown>>(
  'WIDERFace',
  'root: str, split?: str, transform?: Callable|None, target_transform?: Callable|None, download?: bool',
);

/**
 * The WIDER FACE dataset of images with faces. Mirrors `torchvision.datasets.WIDERFace`.
 *
 * Items are `[image, faces]`; the image is a uint8 tensor `(3, H, W)`, where torchvision gives a PIL image.
 *
 * @param root - the folder that contains, or will contain, `widerface`
 * @param split - `'train'`, `'val'` or `'test'`; default `'train'`
 * @param transform - transform of each image; default null
 * @param target_transform - transform of each target; default null
 * @param download - download the archive when it is missing; default false
 * @throws Error when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.WIDERFace('./missing');
 * } catch (error) {
 *   print((error as Error).message); // Dataset not found or corrupted. You can use download=True to download and prepare it
 * }
 * ```
 */
export class WIDERFace<I = Tensor, L = WIDERFaceTarget> extends TransformedDataset<WIDERFaceTarget, I, L> {
  static BASE_FOLDER = 'widerface';
  static FILE_LIST: readonly (readonly [id: string, md5: string, name: string])[] = [
    ['15hGDLhsx8bLgLcIRD5DhYt5iBxnjNF1M', '3fedf70df600953d25982bcd13d91ba2', 'WIDER_train.zip'],
    ['1GUCogbp16PMGa39thoMMeWxp7Rp5oM8Q', 'dfa7d7e790efa35df3788964cf0bbaea', 'WIDER_val.zip'],
    ['1HIfDbVEWKmsYKJZm4lchTBDLW5N7dY5T', 'e5d8f4248ed24c334bbd12f49c29dd40', 'WIDER_test.zip'],
  ];
  static ANNOTATIONS_FILE: readonly [url: string, md5: string, name: string] = [
    'http://shuoyang1213.me/WIDERFACE/support/bbx_annotation/wider_face_split.zip',
    '0e3767bcf0e326556d407bf5bff5d27c',
    'wider_face_split.zip',
  ];

  readonly split: 'train' | 'val' | 'test';
  private readonly annotated: readonly Annotated[];

  constructor(
    ...args: Arguments<
      [
        root: string,
        split?: 'train' | 'val' | 'test',
        transform?: ((image: Tensor) => I) | null,
        target_transform?: ((target: WIDERFaceTarget) => L) | null,
        download?: boolean,
      ],
      WIDERFaceOptions<I, L>,
      ['root', 'split', 'transform', 'target_transform', 'download']
    >
  );
  constructor(...args: unknown[]) {
    const given = WIDERFACE_ARGUMENTS.read(args) as WIDERFaceOptions<I, L>;
    super(join(expand_user(given.root), WIDERFace.BASE_FOLDER), given);
    this.split = verify_str_arg(given.split ?? 'train', 'split', ['train', 'val', 'test']);
    if (given.download) this.download();
    if (!this._check_integrity()) {
      throw new Error('Dataset not found or corrupted. You can use download=True to download and prepare it');
    }
    const lists = join(this.root, 'wider_face_split');
    this.annotated =
      this.split === 'test'
        ? lines_of(join(lists, 'wider_face_test_filelist.txt')).map((name) => ({ path: this.image(name), faces: null }))
        : this.read_faces(join(lists, `wider_face_${this.split}_bbx_gt.txt`));
  }

  private image(name: string): string {
    return join(this.root, `WIDER_${this.split}`, 'images', ...name.split('/'));
  }

  /** Reads blocks of a name, a count, and as many lines of numbers, but one where the count is 0. */
  private read_faces(path: string): Annotated[] {
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const found: Annotated[] = [];
    for (let at = 0; at < lines.length; ) {
      const count = Math.max(Number(lines[at + 1]), 1);
      const rows = lines.slice(at + 2, at + 2 + count);
      if (rows.length !== count) throw new Error(`Error parsing annotation file ${path}`);
      found.push({ path: this.image(lines[at]!.trimEnd()), faces: faces_of(rows, path) });
      at += 2 + count;
    }
    return found;
  }

  get length(): number {
    return this.annotated.length;
  }

  get(index: number): [I, L] {
    const { path, faces } = this.annotated[checked_index(this, index)]!;
    return this.item(default_loader(path), faces);
  }

  /** Whether the folders of all archives are there. */
  _check_integrity(): boolean {
    const { FILE_LIST, ANNOTATIONS_FILE } = this.constructor as typeof WIDERFace;
    return [...FILE_LIST, ANNOTATIONS_FILE].every(([, , name]) =>
      existsSync(join(this.root, name.slice(0, -extname(name).length))),
    );
  }

  /** Downloads and extracts the archives, when one is missing. @throws Error when that fails */
  download(): void {
    if (this._check_integrity()) return;
    const { FILE_LIST, ANNOTATIONS_FILE } = this.constructor as typeof WIDERFace;
    for (const [id, md5, name] of FILE_LIST) {
      download_file_from_google_drive(id, this.root, name, md5);
      extract_archive(join(this.root, name));
    }
    const [url, md5] = ANNOTATIONS_FILE;
    download_and_extract_archive(url, this.root, { md5 });
  }

  override extra_repr(): string {
    return `Split: ${this.split}`;
  }
}
