/** Image files, against what torchvision reads and writes: the same bytes. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { datasets, io, transforms } from 'torch-node/vision';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Image {
  readonly dtype: string;
  readonly shape: number[];
  readonly bytes: string;
}
interface File {
  readonly name: string;
  readonly content: string;
  readonly decoded: Readonly<Record<string, Image | { readonly error: string }>>;
}
interface Encoded {
  readonly quality: number;
  readonly image: Image;
  readonly encoded: Image;
  readonly decoded: Image;
}

const results = join(dirname(fileURLToPath(import.meta.url)), '..', 'reference', 'vision', 'io_results.jsonl');
const lines = readFileSync(results, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as object);
const files = lines.filter((line): line is File => 'name' in line);
const encoded = lines.filter((line): line is Encoded => 'quality' in line);

const tensor_of = (base64: string): Tensor =>
  torch.frombuffer(new Uint8Array(Buffer.from(base64, 'base64')), { dtype: torch.uint8 });
const content_of = (name: string): Tensor => tensor_of(files.find((file) => file.name === name)!.content);

/** The largest difference of two images of one dtype and shape. */
function distance(image: Tensor, { dtype, shape, bytes }: Image): number | string {
  if (String(image.dtype) !== dtype) return String(image.dtype);
  if (String([...image.shape]) !== String(shape)) return String([...image.shape]);
  const expected = torch.frombuffer(new Uint8Array(Buffer.from(bytes, 'base64')), { dtype: image.dtype }).view(shape);
  return image.to(torch.int32).sub(expected.to(torch.int32)).abs().max().item<number>();
}

// What torchvision makes of these is not what the file shows: the numbers of colors, and alpha of 1 in 255.
const not_as_torchvision = ['UNCHANGED', 'GRAY_ALPHA', 'RGB_ALPHA'].flatMap((mode) => [
  `palette.png ${mode}`,
  ...(mode === 'UNCHANGED' ? [] : [`bits.png ${mode}`]),
]);
// Gray is computed from colors, which are clipped where all are 0 or 255 and the quality is 40.
const nearly: Readonly<Record<string, number>> = { 'vivid.jpg GRAY': 32 };

const cases = files.flatMap(({ name, content, decoded }) =>
  Object.entries(decoded)
    .filter(([mode]) => !not_as_torchvision.includes(`${name} ${mode}`))
    .map(([mode, expected]) => [`${name} ${mode}`, content, mode, expected] as const),
);

describe('decode_image gives the bytes of torchvision for', () => {
  it.each(cases)('%s', (name, content, mode, expected) => {
    const data = tensor_of(content);
    const decode = (): Tensor => {
      if (mode === 'gif') return io.decode_gif(data);
      if (mode === 'turned') return io.decode_image(data, { apply_exif_orientation: true });
      return io.decode_image(data, mode);
    };
    if ('error' in expected) expect(decode).toThrow('The provided mode is not supported for JPEG files');
    else expect(distance(decode(), expected)).toBe(nearly[name] ?? 0);
  });
});

describe('PNG files with a palette', () => {
  it('are RGB', () => {
    const file = files.find(({ name }) => name === 'palette.png')!;
    expect(distance(io.decode_image(content_of('palette.png')), file.decoded['RGB'] as Image)).toBe(0);
  });
});

describe('encode_jpeg', () => {
  it.each(encoded.map((each) => [each.quality, each.image.shape[0]!, each] as const))(
    'writes the bytes of torchvision at quality %s with %s channels',
    (quality, _channels, each) => {
      const image = tensor_of(each.image.bytes).view(each.image.shape);
      expect(distance(io.encode_jpeg(image, quality), each.encoded)).toBe(0);
    },
  );

  it('takes lists, and refuses other images', () => {
    const image = torch.zeros([3, 8, 8], { dtype: torch.uint8 });
    expect(io.encode_jpeg([image, image]).map((jpeg) => jpeg.dim())).toEqual([1, 1]);
    expect(() => io.encode_jpeg([])).toThrow('at least one input tensor');
    expect(() => io.encode_jpeg(image, 0)).toThrow('between 1 and 100');
    expect(() => io.encode_jpeg(image.float())).toThrow('encode_jpeg(): Input tensor dtype should be uint8');
    expect(() => io.encode_jpeg(image.select(0, 0))).toThrow('3-dimensional');
    expect(() => io.encode_jpeg(image.narrow(0, 0, 2))).toThrow('The number of channels should be 1 or 3, got: 2');
    expect(() => io.encode_jpeg(image.narrow(1, 0, 0))).toThrow('no pixels');
  });
});

describe('encode_png', () => {
  it.each([0, 1, 6, 9])('keeps the pixels at level %s', (level) => {
    torch.manual_seed(level);
    for (const channels of [1, 3]) {
      const noise = torch.randint(0, 256, [channels, 13, 17], { dtype: torch.uint8 });
      const smooth = torch.arange(17).mul(9).add(torch.arange(13).unsqueeze(1)).remainder(256).to(torch.uint8);
      for (const image of [noise, smooth.expand(channels, 13, 17)]) {
        expect(io.decode_png(io.encode_png(image, level)).equal(image)).toBe(true);
      }
    }
  });

  it('refuses other images and levels', () => {
    const image = torch.zeros([3, 4, 4], { dtype: torch.uint8 });
    expect(() => io.encode_png(image, 10)).toThrow('Compression level should be between 0 and 9');
    expect(() => io.encode_png(image.expand(2, 3, 4, 4))).toThrow('3-dimensional');
  });
});

describe('files', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'torch-node-io-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('are read and written', () => {
    const image = torch.arange(48).view(3, 4, 4).to(torch.uint8);
    const png = join(folder, 'image.png');
    io.write_png(image, png);
    expect(io.read_image(png).equal(image)).toBe(true);
    expect(io.decode_image(png, 'gray').shape.toString()).toBe('torch.Size([1, 4, 4])');
    const jpeg = join(folder, 'image.jpg');
    io.write_jpeg(image, jpeg, { quality: 90 });
    expect(io.read_file(jpeg).equal(io.encode_jpeg(image, 90))).toBe(true);
    io.write_file(jpeg, torch.tensor([1, 2], { dtype: torch.uint8 }));
    expect(io.read_file(jpeg).tolist()).toEqual([1, 2]);
  });

  it('that are not there or no images are errors', () => {
    expect(() => io.read_file(join(folder, 'none'))).toThrow('read_file(): ENOENT');
    expect(() => io.read_image(join(folder, 'none'))).toThrow('ENOENT');
    expect(() => io.write_png(torch.zeros([1, 2, 2], { dtype: torch.uint8 }), join(folder, 'no', 'no'))).toThrow(
      'write_png(): ENOENT',
    );
    const bytes = (values: number[]): Tensor => torch.tensor(values, { dtype: torch.uint8 });
    expect(() => io.decode_image(bytes([1, 2, 3]))).toThrow('decode_image(): Unsupported image file');
    expect(() => io.decode_image(bytes([]))).toThrow('Expected a non empty 1-dimensional tensor');
    expect(() => io.decode_image(torch.ones(3))).toThrow('Expected a torch.uint8 tensor, but got torch.float32');
    expect(() => io.decode_png(content_of('rgb.jpg'))).toThrow('decode_png(): the input is not a PNG file');
    expect(() => io.decode_image(content_of('rgb.jpg'), 'blue')).toThrow("'BLUE' is not an ImageReadMode");
    expect(() => io.decode_jpeg([])).toThrow('Input list must contain at least one element');
  });

  it.each(['rgb.jpg', 'rgb.png', 'rgb.webp', 'three.gif', 'progressive.jpg'])(
    'that end early (%s) are errors',
    (name) => {
      const content = content_of(name);
      for (const share of [0.02, 0.3, 0.6, 0.95]) {
        const part = content.narrow(0, 0, Math.max(Math.floor(content.numel() * share), 12)).clone();
        expect(() => io.decode_image(part)).toThrow('decode_image(): ');
      }
    },
  );
});

describe('decode_image_async', () => {
  it('decodes several images at once', async () => {
    const names = files.map(({ name }) => name);
    const images = await Promise.all(names.map((name) => io.decode_image_async(content_of(name))));
    for (const [i, name] of names.entries()) expect(images[i]!.equal(io.decode_image(content_of(name)))).toBe(true);
  });

  it('rejects what decode_image throws', async () => {
    await expect(io.decode_image_async(torch.ones(1).to(torch.uint8))).rejects.toThrow('Unsupported image file');
    await expect(io.decode_image_async(content_of('rgb.jpg'), 'RGBA')).rejects.toThrow('not supported for JPEG files');
  });
});

describe('JPEG files in the calling thread', () => {
  const jpeg = files.filter(({ name }) => name.endsWith('.jpg')).map(({ name }) => name);
  it.each(jpeg)('are what another thread makes of them: %s', async (name) => {
    const data = content_of(name);
    for (const mode of ['UNCHANGED', 'RGB']) {
      const here = io.decode_image(data, mode);
      expect(torch.equal(here, await io.decode_image_async(data, mode))).toBe(true);
    }
  });

  const { native } = createRequire(import.meta.url)('../../dist/_C/native.js') as {
    native: {
      decode_jpeg(bytes: Uint8Array, by_planes: boolean, part: readonly number[] | null): unknown;
      jpeg_size(bytes: Uint8Array): [number, number] | null;
    };
  };
  const { wrap } = createRequire(import.meta.url)('../../dist/_C/tensor_base.js') as { wrap(made: unknown): Tensor };

  // Where the addon does not find the library of sharp, another thread decodes.
  it.runIf(process.platform === 'linux')('are decoded by the addon, but for those with ink', () => {
    io.decode_image(content_of('cmyk.jpg'));
    const by_addon = (name: string): boolean =>
      native.decode_jpeg(content_of(name).numpy().data as Uint8Array, false, null) !== null;
    expect(Object.fromEntries(jpeg.map((name) => [name, by_addon(name)]))).toEqual(
      Object.fromEntries(jpeg.map((name) => [name, !['cmyk.jpg', 'inked.jpg'].includes(name)])),
    );
    expect(native.decode_jpeg(new Uint8Array(100), false, null)).toBe(null);
  });

  /** A JPEG file of noise that is smooth in places. */
  async function jpeg_of(width: number, height: number, options: object): Promise<Uint8Array> {
    torch.manual_seed(width * 1000 + height);
    const coarse = torch.rand(1, 3, Math.ceil(height / 9), Math.ceil(width / 7));
    const size = { size: [height, width], mode: 'bilinear' } as const;
    const noise = torch.rand(1, 3, height, width).mul(torch.nn.functional.interpolate(coarse, size)).mul(255);
    const data = noise.squeeze(0).permute(1, 2, 0).to(torch.uint8).contiguous().numpy().data as Uint8Array;
    return sharp(data, { raw: { width, height, channels: 3 } })
      .jpeg(options)
      .toBuffer();
  }

  const kinds: [string, object][] = [
    ['chroma of half the size', { chromaSubsampling: '4:2:0', quality: 80 }],
    ['chroma of full size', { chromaSubsampling: '4:4:4', quality: 97 }],
    ['few values', { chromaSubsampling: '4:2:0', quality: 3 }],
    ['exact values', { chromaSubsampling: '4:4:4', quality: 100 }],
    ['codes of its own', { chromaSubsampling: '4:2:0', quality: 60, optimiseCoding: true }],
  ];
  it.each(kinds)(
    'are read by the addon itself, whole and in parts, with the bytes of libjpeg: %s',
    async (_, options) => {
      for (const [width, height] of [
        [1, 1],
        [5, 7],
        [8, 8],
        [17, 33],
        [64, 48],
        [75, 101],
        [130, 3],
      ] as const) {
        const bytes = await jpeg_of(width, height, options);
        const expected = await io.decode_image_async(torch.tensor([...bytes], { dtype: torch.uint8 }));
        const narrow = 'chromaSubsampling' in options && options.chromaSubsampling === '4:2:0' && width < 5;
        expect(native.jpeg_size(bytes)).toEqual(narrow ? null : [height, width]);
        if (narrow) continue;
        for (const by_planes of [false, true]) {
          const whole = wrap(native.decode_jpeg(bytes, by_planes, null));
          expect(whole.is_contiguous() || !by_planes).toBe(true);
          expect(torch.equal(whole, expected)).toBe(true);
          const part = [height >> 2, width >> 1, (height >> 1) + 1, width - (width >> 1)];
          const [top, left, rows, columns] = part as [number, number, number, number];
          const cut = wrap(native.decode_jpeg(bytes, by_planes, part));
          expect(torch.equal(cut, expected.narrow(1, top, rows).narrow(2, left, columns))).toBe(true);
        }
      }
    },
  );

  it('are not read by the addon itself where they are progressive', async () => {
    expect(native.jpeg_size(await jpeg_of(40, 30, { progressive: true }))).toBe(null);
  });

  it('end nothing where they are damaged', async () => {
    const whole = await jpeg_of(75, 101, { quality: 80 });
    let state = 1;
    const random = (below: number): number => {
      state = (state * 48271) % 2147483647;
      return state % below;
    };
    for (let i = 0; i < 1000; i++) {
      const bytes = Uint8Array.from(i % 3 === 0 ? whole.subarray(0, random(whole.length)) : whole);
      for (let n = random(4); n >= 0 && bytes.length > 0; n--) bytes[random(bytes.length)] = random(256);
      const size = native.jpeg_size(bytes);
      if (size === null || size[0] * size[1] > 1e6) continue;
      const made = native.decode_jpeg(bytes, true, null);
      if (made !== null) expect([...wrap(made).shape].slice(1)).toEqual(size);
    }
  });

  describe('of a folder, whose transform cuts a part out of them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'torch-node-parts-'));
    beforeAll(async () => {
      mkdirSync(join(folder, 'a'));
      const colors = await jpeg_of(130, 90, { quality: 90 });
      writeFileSync(join(folder, 'a/colors.jpg'), colors);
      writeFileSync(join(folder, 'a/gray.jpg'), await sharp(colors).toColourspace('b-w').jpeg().toBuffer());
      writeFileSync(join(folder, 'a/png.png'), await sharp(colors).png().toBuffer());
      writeFileSync(join(folder, 'a/progressive.jpg'), await jpeg_of(60, 50, { progressive: true }));
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    const { v2 } = transforms;
    const made: [string, () => (image: Tensor) => Tensor][] = [
      ['RandomResizedCrop', () => new transforms.RandomResizedCrop(40)],
      ['Compose', () => new transforms.Compose([new transforms.RandomResizedCrop(40), new transforms.ToTensor()])],
      ['v2.RandomResizedCrop', () => new v2.RandomResizedCrop(40) as (image: Tensor) => Tensor],
      [
        'v2.Compose',
        () => new v2.Compose([new v2.RandomResizedCrop([30, 40]), new v2.ToImage()]) as (image: Tensor) => Tensor,
      ],
    ];
    it.each(made)('give the bytes that they have as a whole: %s', (_, make) => {
      const in_parts = new datasets.ImageFolder(folder, { transform: make() });
      const loader = (path: string): Tensor => datasets.default_loader(path);
      const whole = new datasets.ImageFolder(folder, { transform: make(), loader });
      for (let i = 0; i < in_parts.length; i++) {
        for (let seed = 0; seed < 3; seed++) {
          const [part, same] = [in_parts, whole].map((dataset) => {
            torch.manual_seed(seed);
            return dataset.get(i)[0];
          });
          expect(part!.size(-1)).toBe(40);
          expect(torch.equal(part!, same!)).toBe(true);
        }
      }
    });

    it('are whole for transforms that do something before', () => {
      const sizes: number[][] = [];
      const look = (image: Tensor): Tensor => {
        sizes.push([image.size(1), image.size(2), image.contiguous().unique().numel() > 2 ? 1 : 0]);
        return image;
      };
      class Own extends transforms.RandomResizedCrop {
        override forward(image: Tensor): Tensor {
          return super.forward(look(image));
        }
      }
      for (const transform of [new Own(40), new transforms.Compose([look, new transforms.RandomResizedCrop(40)])]) {
        new datasets.ImageFolder(folder, { transform }).get(0);
      }
      expect(sizes).toEqual([
        [90, 130, 1],
        [90, 130, 1],
      ]);
    });

    it('are refused where they are damaged', () => {
      const bytes = readFileSync(join(folder, 'a/colors.jpg'));
      const damaged = mkdtempSync(join(tmpdir(), 'torch-node-parts-'));
      mkdirSync(join(damaged, 'a'));
      writeFileSync(join(damaged, 'a/1.jpg'), bytes.subarray(0, bytes.length >> 1));
      const dataset = new datasets.ImageFolder(damaged, { transform: new transforms.RandomResizedCrop(40) });
      expect(() => dataset.get(0)).toThrow('1.jpg: ');
      rmSync(damaged, { recursive: true });
    });
  });

  it('have no parts outside of them', async () => {
    const bytes = await jpeg_of(20, 10, {});
    for (const part of [
      [0, 0, 11, 20],
      [-1, 0, 2, 2],
      [0, 19, 1, 2],
      [0, 0, 0, 1],
    ]) {
      expect(() => native.decode_jpeg(bytes, true, part)).toThrow('the part is not within the image');
    }
  });

  it('are refused when they end early', () => {
    const data = content_of('rgb.jpg');
    expect(() => io.decode_image(data.narrow(0, 0, 500))).toThrow(/^decode_image\(\): /);
  });
});

it('decodes in worker threads as well', async () => {
  const program = `
    const { parentPort } = require('node:worker_threads');
    const torch = require('torch-node');
    const { io } = require('torch-node/vision');
    const image = io.decode_image(io.encode_png(torch.full([3, 2, 2], 7, { dtype: torch.uint8 })));
    parentPort.postMessage(image.sum().item());`;
  const worker = new Worker(program, { eval: true });
  const sum = await new Promise((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  });
  expect(sum).toBe(84);
  await worker.terminate();
});
