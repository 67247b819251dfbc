/** Event files: what SummaryWriter writes, read by Python's TensorBoard beside what PyTorch's wrote for the same calls. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { createCanvas } from '@napi-rs/canvas';
import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import * as np from 'torch-node/numpy';
import { FileWriter, RecordWriter, SummaryWriter } from 'torch-node/tensorboard';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { root } from '../../package_root.js';
import { python } from '../../reference.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'torch-node-tensorboard-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const ramp = (...size: number[]): Tensor =>
  torch
    .arange(
      size.reduce((a, b) => a * b, 1),
      { dtype: torch.float32 },
    )
    .mul(37)
    .remainder(101)
    .div(100)
    .reshape(...size);

class Net extends nn.Module {
  features = new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.ReLU());
  drop = new nn.Dropout(0.5);
  out = new nn.Linear(8, 3);

  forward(x: Tensor, y: Tensor): [Tensor, Tensor] {
    const features = this.drop(this.features(x) as Tensor).flatten(1);
    return [torch.log_softmax(this.out(features).add(y), { dim: 1 }), features];
  }
}

/** The calls of `write` in tests/reference/event_writer.py. */
function write(into: string): void {
  const writer = new SummaryWriter(into, { filename_suffix: '.end', purge_step: 2 });
  writer.add_scalar('loss', 0.1, 1, 10.5);
  writer.add_scalar('tensor', torch.tensor([[0.25]]), 2);
  writer.add_scalar('half', torch.tensor(0.1, { dtype: torch.bfloat16 }), 2);
  writer.add_scalar('array', np.array([3], { dtype: np.int32 }), -1);
  writer.add_scalar('zero', 0);
  writer.add_scalar('nan', NaN, 2 ** 40);
  writer.add_scalar('new', 0.1, 3, { new_style: true });
  writer.add_scalar('double', 0.1, 3, { new_style: true, double_precision: true });
  writer.add_scalars('many/curves', { a: 1, b: 2.5 }, 4);
  writer.add_scalars('many/curves', { a: 2 }, 5);
  for (const dtype of [
    ...[torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.int8, torch.uint8, torch.int16],
    ...[torch.int32, torch.int64, torch.bool, torch.complex64, torch.complex128],
  ]) {
    writer.add_tensor(
      `tensor/${String(dtype)}`,
      torch
        .tensor([
          [0, 1, 2],
          [3, 4, 100],
        ])
        .to(dtype),
      1,
    );
  }
  const values = torch.linspace(-2, 3, 101).pow(3);
  writer.add_histogram('histogram', values, 1);
  writer.add_histogram('one', torch.tensor(0.5), 2);
  writer.add_histogram('whole', torch.arange(-5, 6), 3);
  writer.add_histogram('merged', values, 4, { max_bins: 10 });
  const limits = [-9, -1, 0, 0.5, 27];
  for (const bins of [
    ...[1, 7, 10, 64, limits, [0, 1, 30], 'auto', 'fd', 'doane', 'scott', 'rice', 'sturges', 'sqrt'],
  ]) {
    writer.add_histogram('bins', values, 5, { bins });
  }
  writer.add_histogram('bins', torch.zeros(3), 6, { bins: 4 });
  writer.add_histogram_raw({
    ...{ tag: 'raw', min: 0, max: 2, num: 3, sum: 4.5, sum_squares: 8.25 },
    ...{ bucket_limits: [1, 2], bucket_counts: [1, 2], global_step: 7 },
  });
  writer.add_image('image', ramp(3, 4, 5), 1);
  writer.add_image('image/grey', ramp(1, 4, 5).mul(1.5).sub(0.25), 2);
  writer.add_image('image/bytes', ramp(4, 5, 3).mul(255).to(torch.uint8), 3, { dataformats: 'HWC' });
  writer.add_image('image/flat', ramp(4, 5).numpy(), 4, { dataformats: 'HW' });
  writer.add_image('image/alpha', ramp(4, 4, 5), 4);
  writer.add_images('images', ramp(10, 3, 2, 3), 5);
  writer.add_images('images/grey', ramp(3, 2, 3, 1), 6, { dataformats: 'NHWC' });
  const boxes = torch.tensor([
    [3, 4, 12, 15],
    [8, 2, 25, 10],
  ]);
  writer.add_image_with_boxes('boxes', ramp(3, 20, 30), boxes, 7);
  writer.add_text('text', '# Title\n*grüße*', 1);
  writer.add_audio('audio', torch.linspace(-1, 1, 9), 1, 8000);
  writer.add_audio('loud', torch.linspace(-2, 2, 9).reshape(1, 9), 2);
  const labels = torch.tensor([0, 1, 1, 0, 1, 0, 1, 1]);
  const predictions = torch.tensor([0.1, 0.4, 0.35, 0.8, 0.9, 0, 1, 0.65]);
  writer.add_pr_curve('pr', labels, predictions, 1);
  writer.add_pr_curve('pr/few', labels.bool(), predictions.double(), 2, { num_thresholds: 5 });
  const weights = np.arange(1, 9, { dtype: 'float64' });
  writer.add_pr_curve('pr/weighted', labels, predictions, 3, { num_thresholds: 200, weights });
  writer.add_pr_curve_raw('pr/raw', [3, 2], [2, 1], [0, 1], [0, 1], [0.6, 0.5], [1, 0.75], 4, 2);
  const vertices = torch.tensor(
    [
      [
        [1, 1, 1],
        [-1, -1, 1],
        [1, -1, -1],
        [-1, 1, -1],
      ],
    ],
    { dtype: torch.float },
  );
  const colors = torch.tensor([
    [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 0, 255],
    ],
  ]);
  const faces = torch.tensor([
    [
      [0, 2, 3],
      [0, 3, 1],
      [0, 1, 2],
      [1, 3, 2],
    ],
  ]);
  const config_dict = { lights: [{ cls: 'A', b: 1 }], camera: { cls: 'C' } };
  writer.add_mesh('mesh', vertices, colors, faces, config_dict, 1);
  writer.add_mesh('points', vertices, { global_step: 2 });
  writer.add_custom_scalars({
    one: { lines: ['Multiline', ['a', 'b']], band: ['Margin', ['m', 'l', 'u']] },
    two: {},
  });
  writer.add_custom_scalars_multilinechart(['a', 'b'], { title: 'lines' });
  writer.add_custom_scalars_marginchart(['m', 'l', 'u'], 'group');
  writer.add_graph(new Net(), [ramp(2, 1, 4, 4), ramp(2, 3)]);
  writer.add_embedding(ramp(3, 2), ['a', 'b b', 3], ramp(3, 1, 2, 2), 4, 'first/tag');
  const rows = [
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ];
  writer.add_embedding(torch.arange(6).reshape(3, 2), { metadata: rows, metadata_header: ['name', 'n'] });
  writer.add_hparams(
    { lr: 0.1, bsize: 4, name: 'x', flag: true, none: null, t: torch.tensor([2]) },
    { 'hparam/accuracy': 0.5, 'hparam/loss': torch.tensor(0.25) },
    { bsize: [4, 8], name: ['x', 'y'] },
    'trial',
    9,
  );
  writer.close();
  writer.add_text('after', 'closing');
  writer.close();
}

interface Event {
  readonly summary?: readonly { readonly tag: string }[];
}
type Found = Record<string, readonly (readonly Event[])[] | string | object>;

describe('events', () => {
  let ours: Found;
  let theirs: Found;

  beforeAll(() => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    torch.manual_seed(0);
    write(join(folder, 'ours'));
    vi.restoreAllMocks();
    python('event_writer.py', [join(folder, 'theirs')]);
    ours = python<Found>('event_files.py', ['read', join(folder, 'ours')]);
    theirs = python<Found>('event_files.py', ['read', join(folder, 'theirs')]);
  }, 300_000);

  it('are in the same folders and files', () => {
    expect(Object.keys(ours)).toEqual(Object.keys(theirs));
    const count = (found: Found): number[] => Object.values(found).map((files) => Object.keys(files).length);
    expect(count(ours)).toEqual(count(theirs));
  });

  it('are the same, one by one', () => {
    const tags = new Set<string>();
    for (const [name, files] of Object.entries(theirs)) {
      if (!Array.isArray(files)) {
        expect({ [name]: ours[name] }).toEqual({ [name]: files });
        continue;
      }
      const mine = ours[name] as readonly (readonly Event[])[];
      (files as readonly (readonly Event[])[]).forEach((events, i) => {
        events.forEach((event, k) => {
          for (const { tag } of event.summary ?? []) tags.add(tag);
          expect({ [name]: mine[i]?.[k] }).toEqual({ [name]: event });
        });
        expect(mine[i]).toHaveLength(events.length);
      });
    }
    expect(tags.size).toBeGreaterThan(45);
  });

  it('are what the EventAccumulator reads', () => {
    const read = (side: string): unknown => python('event_files.py', ['accumulate', join(folder, side)]);
    expect(read('ours')).toEqual(read('theirs'));
  });
});

describe('files', () => {
  it('are named as in Python, one number each', () => {
    using writer = new SummaryWriter(join(folder, 'names'), '', null, 10, 120, '.suffix');
    const before = readdirSync(writer.get_logdir())[0]!;
    const other = new FileWriter(writer.get_logdir());
    other.close();
    const after = readdirSync(writer.get_logdir()).find((name) => name !== before)!;
    const pattern = new RegExp(
      `^events\\.out\\.tfevents\\.\\d{10}\\.${hostname()}\\.${process.pid}\\.(\\d+)(\\.suffix)?$`,
    );
    expect(before).toMatch(pattern);
    expect(Number(pattern.exec(after)![1])).toBe(Number(pattern.exec(before)![1]) + 1);
  });

  it('have a folder of their own by default', () => {
    const { cwd } = process;
    process.chdir(folder);
    try {
      const writer = new SummaryWriter({ comment: '_test' });
      expect(writer.log_dir).toMatch(/^runs[\\/][A-Z][a-z]{2}\d\d_\d\d-\d\d-\d\d_.+_test$/);
      expect(existsSync(join(folder, writer.log_dir))).toBe(true);
      writer.close();
    } finally {
      process.chdir(root);
      expect(process.cwd).toBe(cwd);
    }
  });

  it('of a run that is killed have all that it logged, and one that is cut is read up to there', async () => {
    const runs = join(folder, 'killed');
    const code = `const { SummaryWriter } = require('torch-node/tensorboard');
const writer = new SummaryWriter(${JSON.stringify(runs)});
for (let i = 0; i < 20; i++) writer.add_scalar('loss', i, i);
console.log('logged');
while (true);`;
    const child = spawn(process.execPath, ['-e', code], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    const scalars = (): unknown[] =>
      python<{ scalars: Record<string, unknown[]> }>('event_files.py', ['accumulate', runs]).scalars['loss']!;
    expect(scalars()).toEqual(Array.from({ length: 20 }, (_, i) => [i, `${i}.0`]));
    const file = join(runs, readdirSync(runs)[0]!);
    truncateSync(file, readFileSync(file).length - 5);
    expect(scalars()).toHaveLength(19);
  });

  it('are closed at the end of a block, and begin anew with the next event', () => {
    const runs = join(folder, 'using');
    let writer: SummaryWriter;
    {
      using inner = new SummaryWriter(runs);
      writer = inner;
      inner.add_scalar('a', 1);
      inner.flush();
    }
    expect(writer.file_writer).toBeNull();
    writer.add_scalar('a', 2);
    writer.close();
    writer.close();
    expect(readdirSync(runs)).toHaveLength(2);
  });

  it('of records refuse what comes after their end', () => {
    const writer = new RecordWriter(join(folder, 'records'));
    writer.write(Buffer.from('x'));
    writer.flush();
    writer.close();
    expect(() => writer.write(Buffer.from('y'))).toThrow('RecordWriter.write(): the writer is closed');
  });
});

describe('pictures that a package draws', () => {
  const image_of = (runs: string): { format: string; frames: number[][][][]; duration: number } => {
    const found = python<Record<string, { summary?: { image: { encodedImageString: never } }[] }[][]>>(
      'event_files.py',
      ['read', runs],
    );
    return found['.']![0]!.at(-1)!.summary![0]!.image.encodedImageString;
  };

  it('are videos as animated GIFs', () => {
    const runs = join(folder, 'video');
    using writer = new SummaryWriter(runs);
    // Black, red and white frames; the second clip is white throughout.
    const video = torch.zeros(2, 3, 3, 4, 6);
    video.index_put_([0, 1, 0], 1);
    video.index_put_([0, 2], 1);
    video.index_put_(1, 1);
    writer.add_video('video', video, 1, 5);
    const { format, frames, duration } = image_of(runs);
    expect([format, frames.length, frames[0]!.length, frames[0]![0]!.length, duration]).toEqual(['GIF', 3, 4, 12, 200]);
    expect(frames.map((frame) => [frame[1]![2], frame[1]![8]])).toEqual([
      [
        [0, 0, 0, 255],
        [255, 255, 255, 255],
      ],
      [
        [255, 0, 0, 255],
        [255, 255, 255, 255],
      ],
      [
        [255, 255, 255, 255],
        [255, 255, 255, 255],
      ],
    ]);
  });

  it('are canvases', () => {
    const runs = join(folder, 'figure');
    using writer = new SummaryWriter(runs);
    const canvas = createCanvas(4, 3);
    const context = canvas.getContext('2d');
    context.fillStyle = '#ff8000';
    context.fillRect(0, 0, 4, 3);
    context.fillStyle = '#0000ff';
    context.fillRect(3, 2, 1, 1);
    writer.add_figure('figure', canvas, 1);
    const { frames } = image_of(runs);
    expect(frames[0]!.map((row) => row.map(([r, , b]) => [r, b]))).toEqual([
      ...[0, 1].map(() => [0, 1, 2, 3].map(() => [255, 0])),
      [...[0, 1, 2].map(() => [255, 0]), [0, 255]],
    ]);
    writer.add_figure('figures', [canvas, canvas], { global_step: 2, close: false });
    expect(image_of(runs).frames[0]![0]).toHaveLength(8);
  });

  it('are boxes with labels', () => {
    const runs = join(folder, 'labels');
    using writer = new SummaryWriter(runs);
    const boxes = torch.tensor([[5, 5, 60, 40]]);
    writer.add_image_with_boxes('boxes', torch.ones(3, 50, 80), boxes, { labels: 'cat', rescale: 2 });
    const { frames } = image_of(runs);
    expect([frames[0]!.length, frames[0]![0]!.length]).toEqual([100, 160]);
    const inside = frames[0]!.slice(56, 78).flatMap((row) => row.slice(14, 50));
    expect(inside.filter(([r, g, b]) => r! < 160 && g! < 60 && b! < 60).length).toBeGreaterThan(10);
    expect(inside.filter(([r, g, b]) => r! > 200 && g! < 60 && b! < 60).length).toBeGreaterThan(10);
  });
});

describe('what does not fit is refused', () => {
  const refused: readonly [name: string, call: (writer: SummaryWriter) => void, theirs: string][] = [
    ['several values', (w) => w.add_scalar('a', torch.ones(2)), 'w.add_scalar("a", torch.ones(2))'],
    ['an empty histogram', (w) => w.add_histogram('a', torch.ones(0)), 'w.add_histogram("a", torch.ones(0))'],
    [
      'a histogram without values in its bins',
      (w) => w.add_histogram('a', torch.ones(2), 0, [2, 3]),
      'w.add_histogram("a", torch.ones(2), 0, [2, 3])',
    ],
    [
      'a histogram without values in its two bins',
      (w) => w.add_histogram('a', torch.ones(2), 0, [2, 3, 4]),
      'w.add_histogram("a", torch.ones(2), 0, [2, 3, 4])',
    ],
    [
      'counts that are too few',
      (w) => w.add_histogram_raw('a', 0, 1, 1, 1, 1, [1, 2], [1]),
      'w.add_histogram_raw("a", 0, 1, 1, 1, 1, [1, 2], [1])',
    ],
    ['too few dimensions', (w) => w.add_image('a', torch.ones(2)), 'w.add_image("a", torch.ones(2))'],
    [
      'a dimension twice',
      (w) => w.add_image('a', torch.ones(2, 2), 0, { dataformats: 'HH' }),
      'w.add_image("a", torch.ones(2, 2), 0, dataformats="HH")',
    ],
    ['two channels', (w) => w.add_images('a', torch.ones(2, 2, 2, 2)), 'w.add_images("a", torch.ones(2, 2, 2, 2))'],
    ['a mesh of points without batches', (w) => w.add_mesh('a', torch.ones(2, 3)), 'w.add_mesh("a", torch.ones(2, 3))'],
    ['stereo', (w) => w.add_audio('a', torch.ones(2, 2)), 'w.add_audio("a", torch.ones(2, 2))'],
    [
      'two tags of a margin',
      (w) => w.add_custom_scalars_marginchart(['a', 'b']),
      'w.add_custom_scalars_marginchart(["a", "b"])',
    ],
    [
      'labels that are too few',
      (w) => w.add_embedding(torch.ones(2, 2), ['a'], null, 7),
      'w.add_embedding(torch.ones(2, 2), ["a"], None, 8)',
    ],
    [
      'a hyperparameter of another kind',
      (w) => w.add_hparams({ a: [1] as never }, {}),
      'w.add_hparams({"a": [1]}, {})',
    ],
    [
      'another kind among discrete values',
      (w) => w.add_hparams({ a: 1 }, {}, { a: ['x'] }),
      'w.add_hparams({"a": 1}, {}, {"a": ["x"]})',
    ],
    [
      'a dtype that TensorFlow does not have',
      (w) => w.add_tensor('a', torch.ones(2).to(torch.uint16)),
      'w.add_tensor("a", torch.ones(2).to(torch.uint16))',
    ],
  ];

  it('with the texts of Python', () => {
    using writer = new SummaryWriter(join(folder, 'refused'));
    const ours = refused.map(([, call]) => {
      try {
        call(writer);
        return null;
      } catch (error) {
        return (error as Error).message;
      }
    });
    const source = `import tempfile
from torch.utils.tensorboard import SummaryWriter
w = SummaryWriter(tempfile.mkdtemp())
texts = []
for call in ${JSON.stringify(refused.map(([, , theirs]) => theirs))}:
    try:
        eval(call)
        texts.append(None)
    except Exception as error:
        texts.append(str(error))
show(texts)`;
    const theirs = python<string[][][]>('snippets.py', [[source]])[0]![0]!;
    expect(Object.fromEntries(refused.map(([name], i) => [name, ours[i]]))).toEqual(
      Object.fromEntries(refused.map(([name], i) => [name, theirs[i]])),
    );
  });
});
