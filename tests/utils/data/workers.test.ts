/** Loaders with workers against Python: the same batches and random numbers, and what workers do in threads. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import * as torch from 'torch-node';
import { nn, Tensor } from 'torch-node';
import { transforms } from 'torch-node/vision';
import { afterAll, describe, expect, it, vi } from 'vitest';

import { root } from '../../package_root.js';
import { python } from '../../reference.js';
import * as data from './worker_data.mjs';

const { DataLoader, Subset, TensorDataset } = torch.utils.data;
type Options = torch.utils.data.DataLoaderOptions<unknown, unknown> & Record<string, unknown>;
type Items = torch.utils.data.Items<unknown>;

const worker_module = new URL('./worker_data.mjs', import.meta.url);
const five = [0, 1, 2, 3, 4];

function plain(value: unknown): unknown {
  if (value instanceof Tensor) return value.tolist();
  return Array.isArray(value) ? value.map(plain) : value;
}

function epochs(loader: torch.utils.data.DataLoader<unknown, unknown>, stop?: number): unknown[] {
  torch.manual_seed(5);
  const read: unknown[][] = [];
  for (let epoch = 0; epoch < 2; epoch++) {
    const batches: unknown[] = [];
    for (const batch of loader) if (batches.push(plain(batch)) === stop) break;
    read.push(batches);
  }
  return [read, torch.rand(1).item()];
}

function loader_of(dataset: unknown, options: Options): torch.utils.data.DataLoader<unknown, unknown> {
  return new DataLoader<unknown, unknown>(dataset as Items, options);
}

/** The first line of the error of a run. */
function refused(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message.split('\n')[0]!;
  }
  throw new Error('nothing was thrown');
}

function scenario(name: string, { length = 7, stop, how, generated, ...options }: Options): unknown {
  if (generated === true) options.generator = new torch.Generator().manual_seed(7);
  if (name === 'noise') return epochs(loader_of(new data.Noise(length), options), stop as number);
  if (name === 'shards') return epochs(loader_of(new data.Shards(11), options));
  if (name === 'started') {
    const functions = { collate_fn: data.with_start, worker_init_fn: data.note_start, worker_module };
    return epochs(loader_of(five, { ...functions, ...options }));
  }
  if (name === 'failing') return refused(() => [...loader_of(new data.Failing(how), options)]);
  if (name === 'not started') {
    return refused(() => [...loader_of(five, { worker_init_fn: data.fail_at_start, worker_module, ...options })]);
  }
  if (name === 'options') return refused(() => [...loader_of(five, options)]);
  if (name === 'attributes') {
    const { num_workers, prefetch_factor, timeout, persistent_workers, in_order } = loader_of(five, options);
    return [num_workers, prefetch_factor, timeout, persistent_workers, in_order];
  }
  const spy = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  try {
    const dataset = new data.Shards(3);
    const loader = loader_of(dataset, { num_workers: 2 });
    expect(loader.length).toBe(3);
    dataset.n = 11;
    expect([...loader]).toHaveLength(8);
    return spy.mock.calls
      .map(([text]) => String(text))
      .filter((text) => text.includes('Length of'))
      .sort();
  } finally {
    spy.mockRestore();
  }
}

/** Names with options, which are the same in Python. */
const scenarios: [string, Options][] = [
  ['noise', { num_workers: 2, batch_size: 2 }],
  ['noise', { num_workers: 2, batch_size: 2, shuffle: true }],
  ['noise', { num_workers: 2, batch_size: 2, shuffle: true, persistent_workers: true }],
  ['noise', { num_workers: 2, batch_size: 2, shuffle: true, stop: 2 }],
  ['noise', { num_workers: 1, batch_size: 2, shuffle: true, drop_last: true, prefetch_factor: 1 }],
  ['noise', { num_workers: 2, batch_size: null, generated: true, shuffle: true, prefetch_factor: 3 }],
  ['noise', { num_workers: 2, length: 1, batch_size: 2 }],
  ['noise', { num_workers: 2, length: 0, batch_size: 2 }],
  ['shards', { num_workers: 2, batch_size: 2 }],
  ['shards', { num_workers: 2, batch_size: 2, drop_last: true, persistent_workers: true }],
  ['shards', { num_workers: 1, batch_size: null }],
  ['started', { num_workers: 2, batch_size: 2 }],
  ['started', { num_workers: 2, batch_size: 2, persistent_workers: true, multiprocessing_context: 'fork' }],
  ['failing', { num_workers: 2, how: 'throw' }],
  ['failing', { num_workers: 2, how: 'throw', persistent_workers: true, batch_size: 3 }],
  ['failing', { num_workers: 1, how: 'be slow', timeout: 1 }],
  ['options', { num_workers: 1, prefetch_factor: 0 }],
  ['options', { num_workers: 1, prefetch_factor: -1 }],
  ['options', { num_workers: 1, timeout: -1 }],
  ['options', { num_workers: 1, multiprocessing_context: 'thread' }],
  ['options', { num_workers: 1, multiprocessing_context: 3 as never }],
  ['options', { num_workers: 0, timeout: 1, prefetch_factor: 2 }],
  ['attributes', { num_workers: 2 }],
  ['attributes', { num_workers: 1, prefetch_factor: 5, timeout: 3, persistent_workers: true, in_order: false }],
  ['warned', {}],
];
const expected = python<unknown[]>('workers.py', [scenarios]);

describe('workers give what they give in Python', () => {
  it.each(scenarios.map(([name, options], i) => ({ name, options, i })))('$name $options', ({ name, options, i }) => {
    expect(scenario(name, options)).toEqual(expected[i]);
  });

  it('names the error of worker_init_fn', () => {
    // Python's is an IndexError.
    const [theirs] = python<string[]>('workers.py', [[['not started', { num_workers: 2 }]]]);
    expect(theirs).toBe('Caught IndexError in DataLoader worker process 0.');
    expect(scenario('not started', { num_workers: 2 })).toBe('Caught RangeError in DataLoader worker process 0.');
  });
});

describe('a loader with workers', () => {
  it('returns all batches when their order does not matter', () => {
    const loader = loader_of(new data.Noise(9), { num_workers: 2, in_order: false });
    const numbers = [...loader].map((batch) => (batch as [Tensor, Tensor])[1].item());
    expect(numbers.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('leaves the event loop free while it is awaited', async () => {
    const loader = loader_of(new data.Noise(5), { num_workers: 1, batch_size: 2, persistent_workers: true });
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const numbers: unknown[] = [];
    for await (const batch of loader) numbers.push(plain((batch as Tensor[])[1]));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
    expect(numbers).toEqual([[0, 1], [2, 3], [4]]);
    // The same workers, without the event loop.
    expect([...loader].map((batch) => plain((batch as Tensor[])[1]))).toEqual(numbers);
    for await (const batch of loader) {
      expect(plain((batch as Tensor[])[1])).toEqual([0, 1]);
      break;
    }
    const without = [];
    for await (const batch of new DataLoader(five, { batch_size: 3 })) without.push(batch.tolist());
    expect(without).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
  });

  it('awaits what a collate_fn promises, without workers', async () => {
    const read = [];
    for await (const batch of new DataLoader(five, { batch_size: 3, collate_fn: (items) => Promise.resolve(items) })) {
      read.push(batch);
    }
    expect(read).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
  });

  it('throws while it is awaited', async () => {
    const loader = loader_of(new data.Failing('throw'), { num_workers: 1 });
    const read: unknown[] = [];
    await expect(async () => {
      for await (const batch of loader) read.push(plain(batch));
    }).rejects.toThrow(
      /^Caught TypeError in DataLoader worker process 0\.\nOriginal Traceback.*boom.*worker_data\.mjs/s,
    );
    expect(read).toEqual([[0], [1], [2]]);
    const slow = loader_of(new data.Failing('be slow'), { num_workers: 1, timeout: 0.2 });
    await expect(async () => {
      for await (const _ of slow);
    }).rejects.toThrow('DataLoader timed out after 0.2 seconds');
  });

  it('gives errors of workers their class and cause', () => {
    try {
      expect([...loader_of(new data.Failing('throw'), { num_workers: 1 })]).toBe('refused');
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error & { cause: Error }).cause.message).toBe('boom');
    }
    expect(refused(() => [...loader_of(new data.Failing('throw a text'), { num_workers: 1 })])).toMatch(
      /^Caught string/,
    );
  });

  it('says that a worker has died', async () => {
    const loader = loader_of(new data.Failing('exit'), { num_workers: 1, persistent_workers: true });
    const died = /^DataLoader worker \(pid\(s\) \d+\) exited unexpectedly/;
    expect(() => [...loader]).toThrow(died);
    // A loader that keeps its workers begins with others.
    expect(() => [...loader]).toThrow(died);
    const late = loader_of(new data.Failing('throw later'), { num_workers: 1, prefetch_factor: 1 });
    await expect(async () => {
      for await (const _ of late) await new Promise((resolve) => setTimeout(resolve, 50));
    }).rejects.toThrow(/exited unexpectedly: TypeError: Cannot read.*undefined/s);
  });

  it('hands tensors over without a copy', () => {
    const rows = torch.arange(6).view(3, 2);
    const [first] = [...new DataLoader(new Subset(rows as never, [1]), { num_workers: 1, batch_size: null })];
    expect((first as Tensor).data_ptr()).toBe(rows.select(0, 1).data_ptr());
    // Memory of a JavaScript array is copied: it goes with its thread.
    const own = torch.from_numpy(torch.ones(2, 2).numpy());
    expect([...new DataLoader(new TensorDataset(own), { num_workers: 1 })].map(plain)).toEqual([
      [[[1, 1]]],
      [[[1, 1]]],
    ]);
  });

  it('sends datasets with all that they hold', () => {
    const point = new data.Point(4);
    const shared = torch.zeros(2);
    const dataset = new data.Holder({
      ...{ point, twin: point, date: new Date(5), bytes: Buffer.from('héllo'), map: new Map([['a', point]]) },
      ...{ rows: [1, 'a', null, undefined, [2n]], tuple: torch.serialization.Tuple.of(1, 2), dtype: torch.float16 },
      ...{ generator: new torch.Generator().manual_seed(3), shared, self: null as unknown },
      transform: new transforms.Compose([new transforms.Normalize([0.5], [0.5])]),
      net: new nn.Sequential(new nn.Linear(2, 1), new nn.ReLU()),
    });
    dataset.self = dataset;
    const { net } = dataset as unknown as { net: nn.Sequential };
    torch.no_grad(() => net.get_parameter('0.weight').fill_(2));
    torch.no_grad(() => net.get_parameter('0.bias').zero_());
    const collate_fn = data.described;
    const [answer] = [...loader_of(dataset, { num_workers: 1, collate_fn, worker_module })];
    const draws = torch.rand(2, { generator: new torch.Generator().manual_seed(3) }).tolist();
    expect(plain(answer)).toEqual([
      [8, true, true, true],
      [[[[1, 1]]], [[4]], draws],
      [5, 'héllo', 8, [1, 'a', null, undefined, [2n]], 2, 'torch.float16'],
    ]);
    expect(shared.tolist()).toEqual([1, 1]);
  });

  it('keeps the number of threads', () => {
    const before = torch.get_num_threads();
    expect([...new DataLoader(five, { num_workers: 2 })]).toHaveLength(5);
    expect(torch.get_num_threads()).toBe(before);
  });

  it.each([
    [
      'a function',
      { collate_fn: (items: unknown) => items },
      /collate_fn is a function that a worker cannot find.*worker_module/,
    ],
    [
      'another function of a name',
      { collate_fn: (items: unknown) => [items], worker_module },
      /exports no such 'collate_fn'/,
    ],
    ['a missing module', { worker_init_fn: () => 1, worker_module: '/nowhere.mjs' }, /Cannot find module/],
  ])('says what to do about %s', (_, options, text) => {
    expect(() => [...loader_of(five, { num_workers: 1, ...options } as Options)]).toThrow(text);
  });

  it('says what to do about a class that no module exports', () => {
    class Local extends TensorDataset<[Tensor]> {}
    const dataset = new Subset(new Local(torch.ones(3)), [1]);
    expect(() => [...new DataLoader(dataset, { num_workers: 1 })]).toThrow(
      /dataset\.dataset is an object of class 'Local' that a worker cannot find.*static module = import\.meta\.url/,
    );
    expect(() => [
      ...new DataLoader(new data.Holder({ rows: [Symbol('x')] }), { num_workers: 1, worker_module }),
    ]).toThrow(/dataset\.rows\[0\] is a symbol/);
  });
});

describe('programs with workers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-workers-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const text = JSON.stringify;
  const file = (name: string, source: string): string => {
    writeFileSync(join(folder, name), source);
    return join(folder, name);
  };
  const esm = text(pathToFileURL(join(root, 'dist', 'index.mjs')).href);
  const cjs = text(join(root, 'dist', 'index.cjs'));
  const loop = `
    const loader = new torch.utils.data.DataLoader(new Squares(5), { batch_size: 2, num_workers: 2 });
    for (const batch of loader) console.log(text(batch.tolist()));`;
  const body = `extends torch.utils.data.Dataset {
    MODULE
    constructor(length) { super(); this.length = length; }
    get(index) { return index ** 2; }
  }`;
  const squares = ['[0,1]', '[4,9]', '[16]'].join('\n');

  it('find classes of ES modules, CommonJS modules and TypeScript', () => {
    file(
      'squares.mjs',
      `import * as torch from ${esm}; export class Squares ${body.replace('MODULE', 'static module = import.meta.url;')}`,
    );
    const plain_esm = file(
      'main.mjs',
      `import * as torch from ${esm}; import { Squares } from './squares.mjs'; const text = JSON.stringify; ${loop}`,
    );
    expect(execFileSync(process.execPath, [plain_esm], { encoding: 'utf8' }).trim()).toBe(squares);
    file(
      'squares.cjs',
      `const torch = require(${cjs}); exports.Squares = class Squares ${body.replace('MODULE', '')};`,
    );
    const common = file(
      'main.cjs',
      `const torch = require(${cjs}); const { Squares } = require('./squares.cjs'); const text = JSON.stringify; ${loop}`,
    );
    expect(execFileSync(process.execPath, [common], { encoding: 'utf8' }).trim()).toBe(squares);
    const typed = body
      .replace('MODULE', 'MODULE declare length: number;')
      .replace('Dataset {', 'Dataset<number> {')
      .replace('(length)', '(length: number)')
      .replace('(index)', '(index: number): number');
    for (const [extension, source, module] of [
      ['mts', esm, 'static module = import.meta.url;'],
      // In a folder without a package.json tsx makes a CommonJS module of it.
      ['ts', cjs, ''],
    ] as const) {
      file(
        `squares.${extension}`,
        `import * as torch from ${source}; export class Squares ${typed.replace('MODULE', module)}`,
      );
      const main = file(
        `main.${extension}`,
        `import * as torch from ${source}; import { Squares } from './squares.${extension}'; const text: (x: unknown) => string = JSON.stringify; ${loop}`,
      );
      const tsx = pathToFileURL(join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
      expect(execFileSync(process.execPath, ['--import', tsx, main], { encoding: 'utf8' }).trim()).toBe(squares);
    }
  });

  it('find classes and functions of ES modules that name no module', () => {
    file(
      'unnamed.mjs',
      `import * as torch from ${esm}; class Squares ${body.replace('MODULE', '')}
      export function joined(items) { return torch.tensor(items) } export { Squares };`,
    );
    const main = file(
      'unnamed_main.mjs',
      `import * as torch from ${esm}; import { Squares, joined } from './unnamed.mjs'; const text = JSON.stringify;
      ${loop.replace('num_workers: 2', 'num_workers: 2, collate_fn: joined')}`,
    );
    expect(execFileSync(process.execPath, [main], { encoding: 'utf8' }).trim()).toBe(squares);
  });

  it('find what the main file exports, with transforms of vision, when the program runs in the main thread only', () => {
    const vision = text(pathToFileURL(join(root, 'dist', 'vision', 'index.mjs')).href);
    const source = `import * as torch from ${esm}; import { transforms } from ${vision};
      import { isMainThread } from 'node:worker_threads';
      export const brighten = (image) => image.add(1);
      export class Images extends torch.utils.data.Dataset {
        length = 2;
        transform = new transforms.Compose([new transforms.RandomHorizontalFlip(), new transforms.Lambda(brighten)]);
        v2 = new transforms.v2.Compose([new transforms.v2.RandomVerticalFlip(), new transforms.v2.Resize(1)]);
        get(index) { return this.v2(this.transform(torch.full([1, 2, 2], index))); }
      }`;
    const run = `for (const batch of new torch.utils.data.DataLoader(new Images(), { num_workers: 1 })) console.log(text(batch.tolist()));`;
    const main = file('whole.mjs', `${source} const text = JSON.stringify; if (isMainThread) { ${run} }`);
    const printed = execFileSync(process.execPath, [main], { encoding: 'utf8' });
    expect(printed.trim()).toBe(['[[[[1]]]]', '[[[[2]]]]'].join('\n'));
    // Without the condition a worker would run the program: it is not loaded.
    const open = file(
      'open.mjs',
      `${source.replace(/ {6}import .*/, '')} const text = JSON.stringify; console.log('once'); ${run}`,
    );
    const { stdout, stderr } = spawnSync(process.execPath, [open], { encoding: 'utf8', timeout: 60_000 });
    expect(stdout).toBe('once\n');
    expect(stderr).toMatch(
      /dataset is an object of class 'Images' that a worker cannot find.*only `if \(isMainThread\)`/,
    );
  });

  it('end while workers wait, after a loop that was left', () => {
    const main = file(
      'left.mjs',
      `import * as torch from ${esm}; import { Squares } from './squares.mjs';
      const make = (options) => new torch.utils.data.DataLoader(new Squares(1000), { num_workers: 2, ...options });
      for (const batch of make({})) break;
      for (const batch of make({ persistent_workers: true })) break;
      for await (const batch of make({ persistent_workers: true })) break;
      make({})[Symbol.iterator]().next();
      console.log('end');`,
    );
    const { stdout, status } = spawnSync(process.execPath, [main], { encoding: 'utf8', timeout: 60_000 });
    expect([stdout.trim(), status]).toEqual(['end', 0]);
  });

  it('must not start workers in workers', () => {
    const main = file(
      'nested.mjs',
      `import * as torch from ${esm}; export class Squares ${body.replace('MODULE', 'static module = import.meta.url;')};
      const text = String; ${loop}`,
    );
    const { stderr, status } = spawnSync(process.execPath, [main], { encoding: 'utf8', timeout: 60_000 });
    expect(stderr).toMatch(
      /worker 0 has not got its dataset: Error: DataLoader\(\): a worker cannot have workers.*isMainThread/s,
    );
    expect(status).toBe(1);
  });

  it('notice a worker without memory', () => {
    const main = file(
      'memory.mjs',
      `import * as torch from ${esm}; import { Filling } from './filling.mjs';
      try { [...new torch.utils.data.DataLoader(new Filling(), { num_workers: 1 })] } catch (error) { console.log(error.message) }`,
    );
    file(
      'filling.mjs',
      `import * as torch from ${esm}; const kept = [];
      export class Filling extends torch.utils.data.Dataset {
        static module = import.meta.url;
        length = 1;
        get() { while (true) kept.push(new Array(1e5).fill(kept.length)); }
      }`,
    );
    const { stdout } = spawnSync(process.execPath, ['--max-old-space-size=100', main], {
      encoding: 'utf8',
      timeout: 100_000,
    });
    expect(stdout.trim()).toMatch(/^DataLoader worker \(pid\(s\) \d+\) exited unexpectedly$/);
  });
});
