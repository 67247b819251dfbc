/**
 * The datasets of torch-node/vision, on small files in their layout (tests/reference/vision/archives.py), compared with what
 * torchvision reads from them (datasets.py beside it). Downloads come from a server on loopback.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as standard from 'torch-node/python';
import * as vision from 'torch-node/vision';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { root as package_root } from '../package_root.js';
import { python } from '../reference.js';

const { datasets } = vision;

interface Case {
  name: keyof typeof datasets;
  parts?: string[];
  options?: Record<string, unknown>;
  repr: string | null;
  items: unknown[];
  shown: Record<string, unknown>;
  /** What it is wrapped with, by `wrap_dataset_for_transforms_v2`. */
  wrap?: [target_keys?: 'all' | string[]];
}

const inner = createRequire(import.meta.url);
const require_inner = (file: string): unknown => inner(join(package_root, 'dist', file));
const root = mkdtempSync(join(tmpdir(), 'torch-node-datasets-'));
const md5 = (path: string): string => createHash('md5').update(readFileSync(path)).digest('hex');

beforeAll(() => {
  python('vision/archives.py', [root]);
  // The sums of the small files instead of the published ones.
  const sums = (...parts: string[]) => {
    return ([name]: readonly [string, ...unknown[]]): [string, string] => [name, md5(join(root, ...parts, name))];
  };
  for (const kind of [datasets.CIFAR10, datasets.CIFAR100]) {
    kind.train_list = kind.train_list.map(sums(kind.base_folder));
    kind.test_list = kind.test_list.map(sums(kind.base_folder));
    kind.meta = { ...kind.meta, md5: md5(join(root, kind.base_folder, kind.meta.filename)) };
  }
  datasets.STL10.train_list = datasets.STL10.train_list.map(sums('stl10_binary'));
  datasets.STL10.test_list = datasets.STL10.test_list.map(sums('stl10_binary'));
  const svhn = datasets.SVHN.split_list;
  datasets.SVHN.split_list = {
    ...svhn,
    train: [svhn.train[0], svhn.train[1], md5(join(root, svhn.train[1]))],
    test: [svhn.test[0], svhn.test[1], md5(join(root, svhn.test[1]))],
  };
  const flowers = datasets.Flowers102._file_dict;
  datasets.Flowers102._file_dict = {
    ...flowers,
    label: sums('flowers-102')(flowers.label),
    setid: sums('flowers-102')(flowers.setid),
  };
  datasets.CelebA.file_list = datasets.CelebA.file_list.map(([id, sum, name]) => [
    id,
    name.endsWith('.txt') ? md5(join(root, 'celeba', name)) : sum,
    name,
  ]);
  const places = datasets.Places365;
  places._CATEGORIES_META = sums('places')(places._CATEGORIES_META);
  places._FILE_LIST_META = {
    ...places._FILE_LIST_META,
    'train-standard': sums('places')(places._FILE_LIST_META['train-standard']),
    val: sums('places')(places._FILE_LIST_META.val),
    test: sums('places')(places._FILE_LIST_META.test),
  };
  const faces = datasets.FER2013._RESOURCES;
  datasets.FER2013._RESOURCES = {
    train: sums('faces', 'fer2013')(faces.train),
    test: sums('faces', 'fer2013')(faces.test),
    fer: sums('faces_fer', 'fer2013')(faces.fer),
    icml: sums('faces_icml', 'fer2013')(faces.icml),
  };
  datasets.SEMEION.md5_checksum = md5(join(root, 'semeion.data'));
  const zip_sum = (part: string): string => md5(join(root, 'omniglot-py', `${part}.zip`));
  datasets.Omniglot.zips_md5 = {
    images_background: zip_sum('images_background'),
    images_evaluation: zip_sum('images_evaluation'),
  };
  const lfw_sum = (name: string): string => {
    const path = join(root, 'lfw-py', name);
    return existsSync(path) ? md5(path) : '';
  };
  for (const kind of [datasets.LFWPeople, datasets.LFWPairs]) {
    const { funneled } = kind.file_dict;
    kind.file_dict = { ...kind.file_dict, funneled: [funneled[0], funneled[1], lfw_sum(funneled[1])] };
    kind.checksums = Object.fromEntries(Object.keys(kind.checksums).map((name) => [name, lfw_sum(name)]));
  }
  datasets.SBU.md5_checksum = md5(join(root, 'sbu', datasets.SBU.filename));
  const imagenet = datasets.ImageNet.archives;
  datasets.ImageNet.archives = {
    train: sums('imagenet')(imagenet.train),
    val: sums('imagenet')(imagenet.val),
    devkit: sums('imagenet')(imagenet.devkit),
  };
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'torch-node-data-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** An item as the reference writes it: what PIL images are there are uint8 tensors here. */
function written(value: unknown, expected: unknown): unknown {
  if (Array.isArray(value)) return value.map((each, i) => written(each, (expected as unknown[])[i]));
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    const of = expected as Record<string, unknown>;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, written(each, of[key])]));
  }
  if (!(value instanceof torch.Tensor)) return value;
  if (value instanceof vision.tv_tensors.TVTensor) {
    const fields = value instanceof vision.tv_tensors.BoundingBoxes ? String(value).split('], ').at(-1) : '';
    return { class: value.constructor.name, dtype: String(value.dtype), values: value.tolist(), fields };
  }
  if (expected !== null && typeof expected === 'object' && 'tensor' in expected) return { tensor: value.tolist() };
  expect([torch.uint8, torch.uint16]).toContain(value.dtype);
  // PIL has no dimension for the one channel of grey images.
  const { shape } = expected as { shape: number[] };
  const image = shape.length === 2 && value.dim() === 3 ? value.squeeze(0) : value;
  const { buffer, byteOffset, byteLength } = image.contiguous().numpy().data as Uint8Array | Uint16Array;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return { shape: [...image.shape], md5: createHash('md5').update(bytes).digest('hex') };
}

type AnyDataset = torch.utils.data.Dataset<unknown> & Record<string, unknown>;
const make = (name: string, options: object): AnyDataset =>
  new (datasets as unknown as Record<string, new (options: object) => AnyDataset>)[name]!(options);

/** Options in which a path was written with `ROOT`. */
const with_root = (options: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      key,
      typeof value === 'string' ? value.replace('ROOT', root) : value,
    ]),
  );

const cases = readFileSync(join(package_root, 'tests', 'reference', 'vision', 'datasets.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

describe('reads what torchvision reads, and prints as it does:', () => {
  const title = ({ name, options = {}, wrap }: Case): string =>
    `${name} ${JSON.stringify(options)}${wrap === undefined ? '' : ` wrapped ${JSON.stringify(wrap)}`}`;
  it.each(cases.map((each) => [title(each), each] as const))(
    '%s',
    (_title, { name, parts, options = {}, repr, items, shown, wrap }) => {
      const plain =
        name === 'FakeData'
          ? make(name, { size: 3, image_size: [3, 4, 5], num_classes: 7, random_offset: 2 })
          : make(name, { root: join(root, ...(parts ?? [])), ...with_root(options) });
      const data =
        wrap === undefined
          ? plain
          : (datasets.wrap_dataset_for_transforms_v2(plain as never, wrap[0] ?? null) as unknown as AnyDataset);
      if (repr !== null) expect(String(data).replaceAll(root, 'ROOT')).toBe(repr);
      const found = items.map((item, i) => written(data.get(i), item));
      expect(found).toEqual(items);
      for (const [key, value] of Object.entries(shown)) expect(data[key]).toEqual(value);
      expect(written(data.get(-1), items.at(-1))).toEqual(items.at(-1));
      expect(() => data.get(items.length)).toThrow(RangeError);
    },
  );
});

describe('wrap_dataset_for_transforms_v2', () => {
  const { wrap_dataset_for_transforms_v2: wrap } = datasets;
  const voc = (options: object = {}): vision.datasets.VOCDetection =>
    new datasets.VOCDetection(join(root, 'wrapped'), options);

  it('takes the transforms of the dataset, which then see boxes', () => {
    const { v2 } = vision.transforms;
    const both = voc({ transforms: new v2.Resize([18, 24]) as never });
    const wrapped = wrap(both);
    const [image, target] = wrapped.get(0) as [Tensor, { boxes: Tensor }];
    expect([[...image.shape], String(target.boxes)]).toEqual([
      [3, 18, 24],
      'BoundingBoxes([[ 4,  2, 18, 14],\n               [ 2,  6,  8, 16]], format=BoundingBoxFormat.XYXY, canvas_size=(18, 24), clamping_mode=soft)',
    ]);
    expect(both.transforms).toBeNull();
    const each = wrap(voc({ transform: (img: Tensor) => img.shape[2], target_transform: Object.keys }));
    expect(each.get(1)).toEqual([12, ['boxes', 'labels']]);
  });

  it('gives datasets that workers read', () => {
    const loader = new torch.utils.data.DataLoader(wrap(voc()), { batch_size: null, num_workers: 1 });
    const labels = [...loader].map((sample) => (sample[1] as { labels: Tensor }).labels.tolist());
    expect(labels).toEqual([[12, 15], [20]]);
  });

  it.each([
    ['datasets without a wrapper', () => wrap(new datasets.FakeData()), 'No wrapper exists for dataset class FakeData'],
    ['other datasets', () => wrap([1] as never), "argument 'dataset' must be VisionDataset, not list"],
    ['keys that are not there', () => wrap(voc(), ['boxes', 'masks']), "Target keys ['masks'] are not available"],
    ['keys of other datasets', () => wrap(new datasets.CIFAR10(root), ['boxes']), '`target_keys` is currently only'],
    ['a text for keys', () => wrap(voc(), 'boxes' as 'all'), "`target_keys` can be None, 'all', or a collection"],
    [
      'targets that have no class',
      () => wrap(new datasets.CelebA(root, { target_type: ['bbox', 'attr'] })),
      'is currently not supported by this wrapper',
    ],
  ])('refuses %s', (_what, call, message) => {
    expect(call).toThrow(message);
  });
});

describe('datasets that are not read here', () => {
  it.each([
    ['PCAM', 'PCAM(): files of HDF5 cannot be read here. In Python, h5py'],
    ['LSUN', 'LSUN(): databases of LMDB cannot be read here. `python data.py export'],
    ['LSUNClass', 'LSUNClass(): databases of LMDB cannot be read here'],
    ['Kinetics', 'Kinetics(): videos cannot be read here, since there is no decoder for them. `ffmpeg'],
    ['HMDB51', 'HMDB51(): videos cannot be read here'],
    ['UCF101', 'UCF101(): videos cannot be read here'],
  ])('%s say what to do instead', (name, message) => {
    expect(() => make(name, { root })).toThrow(message);
  });
});

describe('Middlebury2014Stereo', () => {
  const { random } = standard;

  it('takes one of the views of the right image, by the random numbers of Python', () => {
    const plain = new datasets.Middlebury2014Stereo(root);
    const lit = new datasets.Middlebury2014Stereo(root, { use_ambient_views: true });
    const view = (name: string): Tensor => datasets.default_loader(join(dirname(plain._images[1]![1]!), name));
    random.seed(1);
    const chosen = Array.from({ length: 12 }, () => random.choice(['im1E.png', 'im1L.png', 'im1.png']));
    expect(new Set(chosen).size).toBe(3);
    random.seed(1);
    for (const name of chosen) expect(lit.get(1)[1].equal(view(name))).toBe(true);
    // A scene without other views has the one.
    expect(lit.get(0)[1].equal(plain.get(0)[1])).toBe(true);
  });

  it.each([
    [{ split: 'test' as const }, "Split 'test' has only no calibration settings"],
    [{ calibration: null }, "Split 'train' has calibration settings, however None was provided"],
    [{ split: 'nil' as 'test' }, "Unknown value 'nil' for argument split"],
    [{ split: 'additional' as const, calibration: 'perfect' as const }, 'Could not find any files'],
  ])('refuses %o', (options, message) => {
    expect(() => new datasets.Middlebury2014Stereo(root, options)).toThrow(message);
  });
});

describe('PhotoTour', () => {
  it('keeps what it has read in a file', () => {
    const place = join(folder, 'liberty');
    cpSync(join(root, 'phototour', 'liberty'), place, { recursive: true });
    const first = new datasets.PhotoTour(folder, 'liberty');
    rmSync(place, { recursive: true });
    const again = new datasets.PhotoTour(folder, 'liberty', false, (patch) => patch.sum().item());
    expect(again.data.equal(first.data)).toBe(true);
    const sums = [0, 1].map((i) => first.data.index(i).sum().item());
    expect(again.get(0)).toEqual([...sums, torch.tensor(1)]);
    expect(() => new datasets.PhotoTour(folder, 'yosemite')).toThrow('no such file');
  });
});

describe('datasets', () => {
  it('are read by workers of a DataLoader', async () => {
    const loader = new torch.utils.data.DataLoader(new datasets.ImageFolder(join(root, 'folder')), {
      batch_size: 2,
      num_workers: 2,
    });
    const targets: unknown[] = [];
    for await (const [images, labels] of loader) {
      expect([...images.shape].slice(1)).toEqual([3, 3, 4]);
      targets.push(...(labels.tolist() as number[]));
    }
    expect(targets).toEqual([0, 1, 1, 1, 1, 2]);
    const cifar = new torch.utils.data.DataLoader(new datasets.CIFAR10(root), { batch_size: 20, num_workers: 1 });
    for await (const [images] of cifar) expect([...images.shape]).toEqual([20, 3, 32, 32]);
  });

  it('give whole batches with the numbers of single items', () => {
    const data = new datasets.CIFAR10(root, { train: false });
    const [images, labels] = data.get_batch([2, 0])!;
    expect(images.select(0, 0).equal(data.get(2)[0])).toBe(true);
    expect(labels.tolist()).toEqual([data.targets[2], data.targets[0]]);
  });

  it('apply transforms to images, to targets, or to both together', () => {
    const one = new datasets.ImageFolder(join(root, 'folder'), {
      transform: (image) => image.shape[1],
      target_transform: (target) => `class ${target}`,
    });
    expect(one.get(0)).toEqual([3, 'class 0']);
    const both = new datasets.VOCSegmentation(root, {
      transforms: (image, mask) => [image.shape[0], mask.shape[0]] as const,
    });
    expect(both.get(0)).toEqual([3, 1]);
    expect(
      () => new datasets.VOCDetection(root, { transforms: (a, b) => [a, b] as const, transform: (a) => a }),
    ).toThrow(/Only transforms or transform\/target_transform can be passed/);
  });

  it('give masks with a palette, whose numbers of colors are not mixed', () => {
    const [, mask] = new datasets.VOCSegmentation(root).get(0) as [Tensor, Tensor];
    const { resize, rotate, to_pil_image, hflip } = vision.transforms.functional;
    const { NEAREST, BILINEAR } = vision.transforms.InterpolationMode;
    const resized = (img: Tensor, interpolation = BILINEAR): unknown => resize(img, [7, 9], { interpolation }).tolist();
    const rotated = (img: Tensor, interpolation = BILINEAR): unknown => rotate(img, 30, { interpolation }).tolist();
    for (const made of [resized, rotated]) {
      expect(made(mask)).toEqual(made(mask, NEAREST));
      expect(made(to_pil_image(mask))).not.toEqual(made(mask));
    }
    const flipped = hflip(mask);
    expect(resized(flipped)).toEqual(resized(flipped, NEAREST));
  });

  it('transform both images with their flow and its mask', () => {
    const flow = new datasets.KittiFlow(root, {
      transforms: (first, second, flow, valid) => [first.shape[0], second.shape[0], flow!.shape, valid!.dtype] as never,
    });
    const [first, second, shape, dtype] = flow.get(0) as readonly unknown[];
    expect([first, second, [...(shape as number[])], dtype]).toEqual([3, 3, [2, 2, 3], torch.bool]);
    expect(new datasets.Sintel(root).repeat(3).length).toBe(12);
  });

  it('load images by a function of the caller', () => {
    const loader = (path: string): Tensor => torch.tensor(readFileSync(path).length);
    for (const data of [
      new datasets.ImageFolder(join(root, 'folder'), { loader }),
      new datasets.Food101(root, { loader }),
      new datasets.GTSRB(root, { loader }),
      new datasets.Caltech256(root, { loader }),
      new datasets.CelebA(root, { loader }),
      new datasets.OxfordIIITPet(root, { loader }),
      new datasets.VOCDetection(root, { loader }),
      new datasets.EuroSAT(root, { loader }),
    ]) {
      expect((data.get(0)[0] as Tensor).dim()).toBe(0);
    }
  });

  it('decode images of other formats, and are transformed as in Python', () => {
    const { io, transforms } = vision;
    const image = torch.arange(48, { dtype: torch.uint8 }).view(3, 4, 4);
    mkdirSync(join(folder, 'a'));
    io.write_png(image, join(folder, 'a', '1.png'));
    const [read] = new datasets.ImageFolder(folder).get(0);
    expect(read.equal(image)).toBe(true);
    const transform = new transforms.Compose([new transforms.ToTensor(), new transforms.Normalize([0.5], [0.5])]);
    const loader = new torch.utils.data.DataLoader(new datasets.CIFAR10(root, { transform }), { batch_size: 20 });
    const [[images]] = [...loader] as [[Tensor, Tensor]];
    expect([images.dtype, [...images.shape]]).toEqual([torch.float32, [20, 3, 32, 32]]);
    expect(images.select(0, 1).equal(new datasets.CIFAR10(root, { transform }).get(1)[0])).toBe(true);
  });

  const files = readFileSync(join(package_root, 'tests', 'reference', 'vision', 'loader_files.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string; data: string; shape: number[]; pixels: number[] });
  it.each(files)('read $name as in Python', ({ name, data, shape, pixels }) => {
    writeFileSync(join(folder, name), Buffer.from(data, 'base64'));
    const image = datasets.default_loader(join(folder, name));
    expect([image.dtype, [...image.shape], image.flatten().tolist()]).toEqual([torch.uint8, shape, pixels]);
  });

  it('name the file that they cannot read', () => {
    const whole = Buffer.from(files.find(({ name }) => name === '24.bmp')!.data, 'base64');
    const compressed = Buffer.from(whole);
    compressed.writeUInt32LE(1, 30);
    const png = Buffer.from(files.find(({ name }) => name === 'rgb16.png')!.data, 'base64');
    for (const [name, bytes, reason] of [
      ['text.png', Buffer.from('text'), 'not an image that can be read here'],
      ['empty.png', Buffer.alloc(0), 'not an image that can be read here'],
      ['short.png', png.subarray(0, 60), 'default_loader\\(\\): '],
      ['short.bmp', whole.subarray(0, 60), 'not a bitmap that can be read here: it is truncated'],
      ['compressed.bmp', compressed, 'not a bitmap that can be read here: it is compressed'],
    ] as const) {
      writeFileSync(join(folder, name), bytes);
      expect(() => datasets.default_loader(join(folder, name))).toThrow(new RegExp(`${name}: ${reason}`));
    }
  });

  it('read annotations of COCO', () => {
    const annFile = join(root, 'coco', 'annotations.json');
    const data = new datasets.CocoDetection(join(root, 'coco'), annFile);
    expect([data.ids, data.length]).toEqual([[4, 9], 2]);
    const [image, annotations] = data.get(1);
    expect([[...image.shape], annotations.map(({ id }) => id)]).toEqual([
      [3, 2, 4],
      [1, 3],
    ]);
    expect(new datasets.CocoCaptions(join(root, 'coco'), annFile).get(1)[1]).toEqual(['one', 'three']);
  });

  it('find their classes in folders, and follow links', () => {
    const { find_classes, make_dataset } = datasets.folder;
    expect(find_classes(join(root, 'folder'))).toEqual([['Zebra', 'cat', 'dog'], { Zebra: 0, cat: 1, dog: 2 }]);
    expect(() => find_classes(folder)).toThrow(/Couldn't find any class folder in/);
    mkdirSync(join(folder, 'empty'));
    expect(() => new datasets.ImageFolder(folder)).toThrow(
      /Found no valid file for the classes empty. Supported extensions are: .jpg, .jpeg/,
    );
    expect(new datasets.ImageFolder(folder, { allow_empty: true }).length).toBe(0);
    symlinkSync('..', join(folder, 'empty', 'loop'));
    writeFileSync(join(folder, 'empty', 'x.png'), '');
    expect(make_dataset(folder, { extensions: '.png' })).toEqual([[join(folder, 'empty', 'x.png'), 0]]);
    expect(() => make_dataset(folder)).toThrow(/cannot be None or not None at the same time/);
    expect(() => make_dataset(folder, {}, '.png')).toThrow(/at least one entry/);
  });

  it('take pickles of Python 2, and refuse those that would run something', () => {
    const { read_pickle } = require_inner('vision/datasets/pickled_arrays.js') as {
      read_pickle(path: string): { data: { data: Uint8Array }; labels: number[] };
    };
    const { data, labels } = read_pickle(join(root, 'python2', 'batch'));
    expect([data.data.length, data.data[300], labels]).toEqual([3072, 44, [7]]);
    const evil = join(folder, 'evil');
    writeFileSync(evil, "cos\nsystem\n(S'echo'\ntR.");
    expect(() => read_pickle(evil)).toThrow(/os.system, which is not allowed; nothing of it was run/);
    writeFileSync(evil, readFileSync(join(root, 'python2', 'batch')).subarray(0, 500));
    expect(() => read_pickle(evil)).toThrow(/not the pickle of a dataset/);
  });

  it('say what is missing', () => {
    const missing = join(folder, 'missing');
    for (const name of [
      'CIFAR10',
      'SVHN',
      'STL10',
      'Caltech101',
      'Caltech256',
      'CelebA',
      'Flowers102',
      'VOCDetection',
      'CLEVRClassification',
      'Omniglot',
    ]) {
      expect(() => make(name, { root: missing })).toThrow(
        'Dataset not found or corrupted. You can use download=True to download it',
      );
    }
    for (const name of [
      ...['Food101', 'GTSRB', 'EuroSAT', 'OxfordIIITPet', 'QMNIST'],
      ...['DTD', 'SUN397', 'Country211', 'FGVCAircraft', 'Imagenette', 'RenderedSST2'],
    ]) {
      expect(() => make(name, { root: missing })).toThrow(
        'Dataset not found. You can use download=True to download it',
      );
    }
    expect(() => new datasets.SVHN(root, 'tset' as 'test')).toThrow(
      "Unknown value 'tset' for argument split. Valid values are {'train', 'test', 'extra'}.",
    );
    const damaged = join(folder, 'cifar-10-batches-py');
    cpSync(join(root, 'cifar-10-batches-py'), damaged, { recursive: true });
    writeFileSync(join(damaged, 'test_batch'), 'other');
    expect(() => new datasets.CIFAR10(folder)).toThrow(/not found or corrupted/);
  });

  it('refuse damaged files of MATLAB, PNG and XML', () => {
    const { parse_mat } = require_inner('vision/datasets/mat.js') as {
      parse_mat(bytes: Buffer, source: string): unknown;
    };
    const whole = readFileSync(join(root, 'train_32x32.mat'));
    for (const length of [0, 100, 130, 140, 200, whole.length - 1]) {
      expect(() => parse_mat(whole.subarray(0, length), 'x.mat')).toThrow(/x.mat: not a MATLAB file/);
    }
    for (let i = 128; i < whole.length; i += 997) {
      const changed = Buffer.from(whole);
      changed[i]! ^= 0x55;
      try {
        parse_mat(changed, 'x.mat');
      } catch (error) {
        expect((error as Error).message).toMatch(/^x.mat: /);
      }
    }
    const { read_png_indices } = require_inner('vision/datasets/images.js') as {
      read_png_indices(path: string): Tensor;
    };
    const mask = join(root, 'VOCdevkit', 'VOC2012', 'SegmentationClass', '2007_000032.png');
    const broken = join(folder, 'x.png');
    for (const length of [0, 7, 30, 60, 820, -20]) {
      writeFileSync(broken, readFileSync(mask).subarray(0, length));
      expect(() => read_png_indices(broken)).toThrow(/x.png: not a mask that can be read here/);
    }
    const { parse_xml } = require_inner('vision/datasets/xml.js') as {
      parse_xml(text: string, source: string): unknown;
    };
    for (const text of [
      '',
      '<a>',
      '<a></b>',
      '<a/><b/>',
      'x',
      '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
      '<a>&e;</a>',
    ]) {
      expect(() => parse_xml(text, 'x.xml')).toThrow(/x.xml: not XML/);
    }
  });
});

describe('archives', () => {
  const archive = (name: string): string => join(root, 'archives', name);
  const long_name = join(...Array<string>(3).fill('a'.repeat(60)), 'end.txt');
  const files = (): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.txt$/.test(name))
      .sort();

  it.each(['gnu.tar', 'pax.tar', 'ustar.tar', 'packed.tar.gz', 'packed.tgz', 'packed.tar.bz2'])(
    '%s is extracted',
    (name) => {
      expect(datasets.utils.extract_archive(archive(name), folder)).toBe(folder);
      expect(files()).toEqual([long_name, join('x', 'y.txt')]);
      expect(existsSync(join(folder, 'empty'))).toBe(true);
      expect(readFileSync(join(folder, 'x', 'y.txt'), 'utf8')).toBe('x/y.txt'.repeat(40));
    },
  );

  it('good.zip is extracted', () => {
    datasets.utils.extract_archive(archive('good.zip'), folder);
    expect(readFileSync(join(folder, 'a', 'b.txt'), 'utf8')).toBe('b'.repeat(5000));
    expect(existsSync(join(folder, 'c'))).toBe(true);
  });

  it('compressed files are unpacked, and removed where it is wanted', () => {
    copyFileSync(archive('note.txt.gz'), join(folder, 'note.txt.gz'));
    const target = datasets.utils.extract_archive(join(folder, 'note.txt.gz'), { remove_finished: true });
    expect([target, readFileSync(target, 'utf8')]).toEqual([join(folder, 'note.txt'), 'text']);
    expect(readdirSync(folder)).toEqual(['note.txt']);
    datasets.utils.extract_archive(archive('note.txt.bz2'), folder);
    const content = readFileSync(join(folder, 'note.txt'));
    const expected = Buffer.concat([
      Buffer.from('abcabcabc'.repeat(5000)),
      ...Array<Buffer>(900).fill(Buffer.from(Array.from({ length: 256 }, (_, i) => i))),
      Buffer.alloc(70000, 'z'),
    ]);
    expect(content.equals(expected)).toBe(true);
    datasets.utils.extract_archive(archive('two.txt.bz2'), folder);
    expect(readFileSync(join(folder, 'two.txt'), 'utf8')).toBe('onetwo');
  });

  it.each([
    ['parent.tar', /leads out of its folder/],
    ['inner_parent.tar', /leads out of its folder/],
    ['absolute.tar', /whose path is absolute/],
    ['drive.tar', /whose path is absolute/],
    ['backslash.tar', /leads out of its folder/],
    ['symlink.tar', /has a link/],
    ['hardlink.tar', /has a link/],
    ['device.tar', /has a device/],
    ['parent.zip', /./],
    ['absolute.zip', /./],
    ['cut.tar', /truncated/],
    ['cut.tar.gz', /unexpected end of file/],
    ['none.tar', /not a tar archive/],
  ])('%s is refused', (name, message) => {
    const inside = join(folder, 'inside');
    expect(() => datasets.utils.extract_archive(archive(name), inside)).toThrow(message);
    expect(files().filter((file) => file.includes('evil'))).toEqual([]);
    expect(existsSync('/tmp/evil.txt') || existsSync('/evil.txt')).toBe(false);
  });

  it('are not extracted through links that lie in the folder', () => {
    const outside = join(folder, 'outside');
    const inside = join(folder, 'inside');
    mkdirSync(outside);
    mkdirSync(inside);
    symlinkSync(outside, join(inside, 'x'));
    symlinkSync(outside, join(inside, 'a'));
    expect(() => datasets.utils.extract_archive(archive('gnu.tar'), inside)).toThrow(/behind a link/);
    expect(() => datasets.utils.extract_archive(archive('good.zip'), inside)).toThrow(/behind a link/);
    expect(readdirSync(outside)).toEqual([]);
  });

  it('of other kinds are refused', () => {
    expect(() => datasets.utils.extract_archive(join(folder, 'x.rar'))).toThrow(
      /Unknown compression or archive type: '.rar'/,
    );
    expect(() => datasets.utils.extract_archive(join(folder, 'x'))).toThrow(/has no suffixes/);
    writeFileSync(join(folder, 'x.txt.xz'), '');
    expect(() => datasets.utils.extract_archive(join(folder, 'x.txt.xz'))).toThrow(/broken xz: its first bytes/);
    writeFileSync(join(folder, 'x.txt.bz2'), 'BZh9garbage, and more of it');
    expect(() => datasets.utils.extract_archive(join(folder, 'x.txt.bz2'))).toThrow(/broken bzip2/);
  });
});

describe('downloads', () => {
  const content = Buffer.from(Array.from({ length: 5000 }, (_, i) => i % 251));
  const sum = createHash('md5').update(content).digest('hex');
  let server: ChildProcess;
  let url: string;

  // In a process of its own, since a download blocks this one. `/cut` breaks off in the middle unless a part is asked for.
  beforeAll(async () => {
    server = spawn(process.execPath, [
      '-e',
      `
      const content = Buffer.from(Array.from({ length: 5000 }, (_, i) => i % 251));
      const { readFileSync } = require('node:fs');
      require('node:http').createServer((request, response) => {
        const [, kind, name] = request.url.split('/');
        const from = Number(/bytes=(\\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
        const body = kind === 'files' ? readFileSync(${JSON.stringify(root)} + '/' + decodeURIComponent(name)) : content;
        if (kind === 'missing') return response.writeHead(404).end();
        if (kind === 'moved') return response.writeHead(302, { location: '/good/' + name }).end();
        if (kind === 'whole' || from === 0) response.writeHead(200, { 'content-length': body.length });
        else if (from >= body.length) return response.writeHead(416).end();
        else response.writeHead(206, { 'content-range': 'bytes ' + from + '-' + (body.length - 1) + '/' + body.length });
        const rest = kind === 'whole' ? body : body.subarray(from);
        if (kind === 'cut' && from === 0) return response.write(rest.subarray(0, 1000), () => setTimeout(() => response.destroy(), 300));
        response.end(rest);
      }).listen(0, '127.0.0.1', function () { console.log(this.address().port); });`,
    ]);
    const port = await new Promise<string>((resolve) =>
      server.stdout?.once('data', (data: Buffer) => {
        resolve(data.toString());
      }),
    );
    url = `http://127.0.0.1:${port.trim()}`;
  });
  afterAll(() => {
    server.kill();
  });

  it('bring a file under its name, and once only', () => {
    const { download_url, check_integrity } = datasets.utils;
    download_url(`${url}/moved/x.bin?query`, folder, { md5: sum });
    expect(readdirSync(folder)).toEqual(['x.bin']);
    expect(check_integrity(join(folder, 'x.bin'), sum)).toBe(true);
    download_url(`${url}/missing/x.bin`, folder, 'x.bin', sum);
  });

  it('go on where an earlier one has stopped', () => {
    const { download_url } = datasets.utils;
    expect(() => {
      download_url(`${url}/cut/x.bin`, folder, null, sum);
    }).toThrow(/aborted|broke/);
    expect(readFileSync(join(folder, 'x.bin.part')).length).toBe(1000);
    download_url(`${url}/cut/x.bin`, folder, null, sum);
    expect(readFileSync(join(folder, 'x.bin')).equals(content)).toBe(true);
    expect(readdirSync(folder)).toEqual(['x.bin']);
  });

  it.each(['good', 'whole'])('begin anew where what is there is of another file (%s)', (kind) => {
    writeFileSync(join(folder, 'x.bin.part'), 'other');
    datasets.utils.download_url(`${url}/${kind}/x.bin`, folder, { md5: sum });
    expect(readFileSync(join(folder, 'x.bin')).equals(content)).toBe(true);
    writeFileSync(join(folder, 'y.bin.part'), Buffer.alloc(9000));
    datasets.utils.download_url(`${url}/${kind}/y.bin`, folder, { md5: sum });
    expect(readFileSync(join(folder, 'y.bin')).equals(content)).toBe(true);
  });

  it('refuse what has another sum, or is not there', () => {
    const { download_url } = datasets.utils;
    expect(() => {
      download_url(`${url}/good/x.bin`, folder, null, '0'.repeat(32));
    }).toThrow('File not found or corrupted.');
    expect(() => {
      download_url(`${url}/missing/x.bin`, folder);
    }).toThrow(/HTTP status 404/);
    expect(() => {
      download_url('file:///etc/passwd', folder);
    }).toThrow(/must begin with http/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are extracted: a dataset is there afterwards', () => {
    const { EuroSAT, SVHN } = datasets;
    class Served extends EuroSAT {
      static override url = `${url}/files/${encodeURIComponent('archives/good.zip')}`;
      static override md5 = md5(join(root, 'archives', 'good.zip'));
    }
    expect(() => new Served(folder, { download: true })).toThrow(/Dataset not found/);
    expect(existsSync(join(folder, 'eurosat', 'a', 'b.txt'))).toBe(true);
    class ServedSVHN extends SVHN {
      static override split_list = {
        ...SVHN.split_list,
        test: [`${url}/files/test_32x32.mat`, 'test_32x32.mat', SVHN.split_list.test[2]] as const,
      };
    }
    expect(new ServedSVHN(folder, 'test', { download: true }).labels).toEqual([0, 1, 2]);
  });
});
