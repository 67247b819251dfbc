/** Patches of photographs of places. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { from_nested } from '../../creation.js';
import { expand_user } from '../../_internal/io/expand_user.js';
import { stack } from '../../generated/functions.js';
import { load } from '../../serialization/load.js';
import { save } from '../../serialization/save.js';
import { Tuple } from '../../python/values.js';
import { int64 } from '../../types/dtype.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { read_image_file } from './images.js';
import { sorted } from './sorting.js';
import { checked_index } from './transformed.js';
import { download_url, extract_archive, verify_str_arg } from './utils.js';
import { VisionDataset } from './vision_dataset.js';

/** The places of {@link PhotoTour}. */
export type PhotoTourName =
  | 'notredame_harris'
  | 'yosemite_harris'
  | 'liberty_harris'
  | 'notredame'
  | 'yosemite'
  | 'liberty';

/** The options of {@link PhotoTour}. */
export interface PhotoTourOptions<I = Tensor> {
  /** The folder that contains, or will contain, the folder of the place. */
  root: string;
  /** The place. */
  name: PhotoTourName;
  /** Single patches, or pairs of them. Default true. */
  train?: boolean;
  /** Transform of each patch. Default null. */
  transform?: ((patch: Tensor) => I) | null;
  /** Download the archive when it is missing. Default false. */
  download?: boolean;
}

const PHOTO_TOUR = signature<PhotoTourOptions<unknown>>(
  'PhotoTour',
  'root: str, name: str, train?: bool, transform?: Callable|None, download?: bool',
);

const SIDE = 64;

/** The fields of the lines of a file of numbers. */
function rows_of(path: string): number[][] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => line.trim().split(/\s+/).map(Number));
}

/** The patches of all bitmaps of a folder, `(N, 64, 64)`; they are in rows. */
function read_patches(folder: string, count: number): Tensor {
  const files = sorted(readdirSync(folder).filter((name) => name.endsWith('bmp')));
  const patches = files.flatMap((name) => {
    const image = read_image_file(join(folder, name), 'UNCHANGED').select(0, 0);
    const [height, width] = [image.size(0), image.size(1)];
    if (height % SIDE !== 0 || width % SIDE !== 0) {
      throw new Error(`${join(folder, name)}: ${width} x ${height} pixels are not patches of 64 x 64`);
    }
    return image.split(SIDE, 0).flatMap((row) => row.split(SIDE, 1));
  });
  if (patches.length === 0) throw new Error(`${folder}: has no bitmaps`);
  return stack(patches.slice(0, count));
}

/**
 * Patches around points of photographs of three places, of "Multi-view Stereo Correspondence". Mirrors
 * `torchvision.datasets.PhotoTour`.
 *
 * Items are a patch, uint8 `(64, 64)`, or without `train` `[patch, patch, match]`: match is 1 for two patches of one point, and
 * 0 otherwise. The files are read once, and kept as `<name>.pt`.
 *
 * @param root - the folder that contains, or will contain, the folder of the place
 * @param name - `'notredame'`, `'yosemite'` or `'liberty'`, or these with `'_harris'`
 * @param train - single patches, or pairs of them; default true
 * @param transform - transform of each patch; default null
 * @param download - download the archive when it is missing; default false
 * @throws Error for another place, and when files are missing
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   new datasets.PhotoTour('./missing', 'rome' as 'liberty');
 * } catch (error) {
 *   print((error as Error).message.startsWith("Unknown value 'rome' for argument name.")); // True
 * }
 * ```
 */
export class PhotoTour<I = Tensor> extends VisionDataset<I | [I, I, Tensor]> {
  static urls: Readonly<Record<PhotoTourName, readonly [url: string, filename: string, md5: string]>> = {
    notredame_harris: harris('notredame', '69f8c90f78e171349abdf0307afefe4d'),
    yosemite_harris: harris('yosemite', 'a73253d1c6fbd3ba2613c45065c00d46'),
    liberty_harris: harris('liberty', 'c731fcfb3abb4091110d0ae8c7ba182c'),
    notredame: ['http://icvl.ee.ic.ac.uk/vbalnt/notredame.zip', 'notredame.zip', '509eda8535847b8c0a90bbb210c83484'],
    yosemite: ['http://icvl.ee.ic.ac.uk/vbalnt/yosemite.zip', 'yosemite.zip', '533b2e8eb7ede31be40abc317b2fd4f0'],
    liberty: ['http://icvl.ee.ic.ac.uk/vbalnt/liberty.zip', 'liberty.zip', 'fdd9152f138ea5ef2091746689176414'],
  };
  /** Mean of the pixels of each place. */
  static means: Readonly<Record<PhotoTourName, number>> = of_both({
    notredame: 0.4854,
    yosemite: 0.4844,
    liberty: 0.4437,
  });
  /** Standard deviation of the pixels of each place. */
  static stds: Readonly<Record<PhotoTourName, number>> = of_both({
    notredame: 0.1864,
    yosemite: 0.1818,
    liberty: 0.2019,
  });
  /** How many patches there are of each place. */
  static lens: Readonly<Record<PhotoTourName, number>> = {
    ...{ notredame: 468159, yosemite: 633587, liberty: 450092 },
    ...{ liberty_harris: 379587, yosemite_harris: 450912, notredame_harris: 325295 },
  };
  static image_ext = 'bmp';
  static info_file = 'info.txt';
  static matches_files = 'm50_100000_100000_0.txt';

  transform: ((patch: Tensor) => I) | null;
  readonly target_transform = null;
  readonly name: PhotoTourName;
  readonly data_dir: string;
  readonly data_down: string;
  readonly data_file: string;
  readonly train: boolean;
  readonly mean: number;
  readonly std: number;
  /** The patches: uint8, `(N, 64, 64)`. */
  readonly data: Tensor;
  /** The number of the point of each patch: int64, `(N)`. */
  readonly labels: Tensor;
  /** Two patches, and whether they are of one point: int64, `(M, 3)`. */
  readonly matches: Tensor;

  constructor(
    ...args: Arguments<
      [
        root: string,
        name: PhotoTourName,
        train?: boolean,
        transform?: ((patch: Tensor) => I) | null,
        download?: boolean,
      ],
      PhotoTourOptions<I>,
      ['root', 'name', 'train', 'transform', 'download']
    >
  );
  constructor(...args: unknown[]) {
    const given = PHOTO_TOUR.read(args) as PhotoTourOptions<I>;
    super(expand_user(given.root));
    this.transform = given.transform ?? null;
    this.name = verify_str_arg(given.name, 'name', Object.keys(PhotoTour.urls) as PhotoTourName[]);
    this.data_dir = join(this.root, this.name);
    this.data_down = join(this.root, `${this.name}.zip`);
    this.data_file = join(this.root, `${this.name}.pt`);
    this.train = given.train ?? true;
    this.mean = PhotoTour.means[this.name];
    this.std = PhotoTour.stds[this.name];
    if (given.download) this.download();
    if (!existsSync(this.data_file)) this.cache();
    [this.data, this.labels, this.matches] = load(this.data_file) as [Tensor, Tensor, Tensor];
  }

  get length(): number {
    return (this.train ? this.data : this.matches).size(0);
  }

  get(index: number): I | [I, I, Tensor] {
    const at = checked_index(this, index);
    const patch = (i: number): I => {
      const data = this.data.select(0, i);
      return this.transform === null ? (data as I) : this.transform(data);
    };
    if (this.train) return patch(at);
    const match = this.matches.select(0, at);
    const [first, second] = match.tolist() as [number, number];
    return [patch(first), patch(second), match.select(0, 2)];
  }

  /** Downloads and extracts the archive, when it is missing. @throws Error when that fails */
  download(): void {
    if (existsSync(this.data_file) || existsSync(this.data_dir)) return;
    const [url, filename, md5] = (this.constructor as typeof PhotoTour).urls[this.name];
    download_url(url, this.root, filename, md5);
    extract_archive(join(this.root, filename), this.data_dir);
    rmSync(join(this.root, filename));
  }

  /** Reads the files, and writes what is in them to `<name>.pt`. @throws Error when they are missing */
  cache(): void {
    const { lens, info_file, matches_files } = this.constructor as typeof PhotoTour;
    const numbers = (rows: number[] | number[][]): Tensor => from_nested(rows, { dtype: int64 }, 'PhotoTour');
    const labels = rows_of(join(this.data_dir, info_file)).map(([point]) => point!);
    const matches = rows_of(join(this.data_dir, matches_files)).map((row) => [
      row[0]!,
      row[3]!,
      Number(row[1] === row[4]),
    ]);
    const patches = read_patches(this.data_dir, lens[this.name]);
    save(Tuple.from([patches, numbers(labels), numbers(matches)]), this.data_file);
  }

  override extra_repr(): string {
    return `Split: ${this.train ? 'Train' : 'Test'}`;
  }
}

/** A row of the archives of Harris corners. */
function harris(name: string, md5: string): readonly [string, string, string] {
  return [`http://matthewalunbrown.com/patchdata/${name}_harris.zip`, `${name}_harris.zip`, md5];
}

/** The values of a place for its archive of Harris corners, too. */
function of_both(values: Record<'notredame' | 'yosemite' | 'liberty', number>): Record<PhotoTourName, number> {
  const { notredame, yosemite, liberty } = values;
  return { ...values, notredame_harris: notredame, yosemite_harris: yosemite, liberty_harris: liberty };
}
