/** torch.utils.data against Python: the same batches in the same order, and the same random numbers afterwards. */
import * as torch from 'torch-node';
import { Tensor } from 'torch-node';
import { describe, expect, it, vi } from 'vitest';

import { python } from '../../reference.js';

const {
  BatchSampler,
  ConcatDataset,
  DataLoader,
  Dataset,
  IterableDataset,
  RandomSampler,
  random_split,
  SequentialSampler,
  StackDataset,
  Subset,
  SubsetRandomSampler,
  TensorDataset,
  WeightedRandomSampler,
} = torch.utils.data;
type Options = torch.utils.data.DataLoaderOptions<number>;

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

function lists(value: unknown): unknown {
  if (value instanceof Tensor) return { dtype: String(value.dtype), values: value.tolist() };
  if (Array.isArray(value)) return value.map(lists);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, lists(item)]));
}

function order(options: Options, n = 10, epochs = 2): unknown[] {
  torch.manual_seed(5);
  const loader = new DataLoader(range(n), options);
  return [...range(epochs).map(() => [...loader].map(lists)), torch.rand(1).item()];
}

function batches<T>(items: torch.utils.data.Items<T>, options: torch.utils.data.DataLoaderOptions<T>): unknown[] {
  return [...new DataLoader<T>(items, options)].map(lists);
}

function seeded<T>(make: () => T): T {
  torch.manual_seed(5);
  return make();
}

class Tenfold extends Dataset<number> {
  readonly length = 3;

  get(): number {
    throw new Error('all at once');
  }

  __getitems__(indices: readonly number[]): number[] {
    return indices.map((index) => 10 * index);
  }
}

const generator = (): torch.Generator => new torch.Generator().manual_seed(7);
const tensors = (): torch.utils.data.TensorDataset<[Tensor, Tensor]> =>
  new TensorDataset(torch.arange(10), torch.arange(20).view(10, 2).float());

class Count extends IterableDataset<number> {
  constructor(private readonly n: number) {
    super();
  }

  get length(): number {
    return this.n;
  }

  *[Symbol.iterator](): Iterator<number> {
    yield* range(this.n);
  }

  override toString(): string {
    return 'Count';
  }
}

class Doubled extends TensorDataset<[Tensor]> {
  override get(index: number | string): [Tensor] {
    return [super.get(index)[0].mul(2)];
  }
}

class Tripled extends Subset<number> {
  override get(index: number): number {
    return 3 * super.get(index);
  }

  override __getitems__(indices: readonly number[]): number[] {
    return indices.map((index) => this.get(index));
  }
}

class Halfway extends Subset<number> {
  override get(index: number): number {
    return super.get(index);
  }
}

const keyed = (): torch.utils.data.MapDataset<number> =>
  ({ length: 2, get: (key: unknown) => (key === 'a' ? 1 : 2) }) as torch.utils.data.MapDataset<number>;

function distributed(n: number, num_replicas: number, shuffle: boolean, drop_last: boolean): unknown[] {
  return range(num_replicas).map((rank) => {
    const sampler = new torch.utils.data.DistributedSampler(range(n), {
      num_replicas,
      rank,
      shuffle,
      drop_last,
      seed: 3,
    });
    const first = [...sampler];
    sampler.set_epoch(2);
    return [sampler.length, sampler.total_size, first, [...sampler]];
  });
}

const LOADER = [
  ...[
    'batch_size',
    'drop_last',
    'num_workers',
    'prefetch_factor',
    'timeout',
    'multiprocessing_context',
    'persistent_workers',
  ],
  ...['pin_memory', 'pin_memory_device', 'in_order', 'generator'],
];

function attributes(loader: object): unknown[] {
  const fields = loader as Record<string, unknown>;
  return [LOADER.map((name) => fields[name]), fields['worker_init_fn'] === null];
}

/** What `run` warns. */
function warned(run: () => void): string[] {
  const spy = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  try {
    run();
    return spy.mock.calls.map(([text]) => String(text));
  } finally {
    spy.mockRestore();
  }
}

/** Reads more than the dataset says that it has. */
function longer(): void {
  class Longer extends Count {
    override get length(): number {
      return 2;
    }
  }
  const loader = new DataLoader(new Longer(4), { batch_size: null });
  expect(loader.length).toBe(2);
  expect([...loader]).toEqual([0, 1, 2, 3]);
}

function text_of(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return (error as Error).message;
  }
}

const { DistributedSampler } = torch.utils.data.distributed;
const refusals: Readonly<Record<string, () => unknown>> = {
  'ConcatDataset([[1, 2]])[-3]': () => new ConcatDataset([[1, 2]]).get(-3),
  'ConcatDataset([Count(1)])': () => new ConcatDataset([new Count(1) as never]),
  'list(ChainDataset([[1]]))': () => [...new torch.utils.data.ChainDataset([[1] as never])],
  'len(ChainDataset([[1]]))': () => new torch.utils.data.ChainDataset([[1] as never]).length,
  'DistributedSampler([1], 2, 2)': () => new DistributedSampler([1], 2, 2),
  'DistributedSampler([1], 2, -1)': () => new DistributedSampler([1], { num_replicas: 2, rank: -1 }),
  'setattr(DataLoader([1]), "persistent_workers", True)': () => {
    (new DataLoader([1]) as { persistent_workers: boolean }).persistent_workers = true;
  },
  'default_collate([lambda: 1])': () => torch.utils.data.default_collate([() => 1]),
  'default_collate([None])': () => torch.utils.data.default_collate([null]),
  'default_collate([torch.ones(2, 2).to_sparse_csr()])': () =>
    torch.utils.data.default_collate([torch.ones(2, 2).to_sparse_csr()]),
  'default_collate([torch.nested.nested_tensor([torch.ones(2)])])': () =>
    torch.utils.data.default_collate([torch.nested.nested_tensor([torch.ones(2)])]),
  'DataLoader(Count(2), shuffle=True)': () => new DataLoader(new Count(2), { shuffle: true }),
  'DataLoader(Count(2), sampler=[])': () => new DataLoader(new Count(2), { sampler: [] }),
  'DataLoader(Count(2), batch_sampler=[[1]])': () => new DataLoader(new Count(2), { batch_sampler: [[1]] }),
};

const cases: [python: string, ours: () => unknown][] = [
  ['order()', () => order({})],
  ['order(batch_size=4)', () => order({ batch_size: 4 })],
  ['order(batch_size=4, drop_last=True)', () => order({ batch_size: 4, drop_last: true })],
  ['order(batch_size=None)', () => order({ batch_size: null })],
  ['order(shuffle=True)', () => order({ shuffle: true })],
  ['order(batch_size=3, shuffle=True)', () => order({ batch_size: 3, shuffle: true })],
  ['order(1000, batch_size=64, shuffle=True)', () => order({ batch_size: 64, shuffle: true }, 1000)],
  [
    'order(batch_size=3, shuffle=True, generator=generator())',
    () => order({ batch_size: 3, shuffle: true, generator: generator() }),
  ],
  ['order(batch_size=3, sampler=[3, 1, 4, 1, 5])', () => order({ batch_size: 3, sampler: [3, 1, 4, 1, 5] })],
  ['order(batch_sampler=[[0, 1], [9]])', () => order({ batch_sampler: [[0, 1], [9]] })],
  [
    'order(sampler=RandomSampler(range(10), replacement=True, num_samples=40))',
    () => order({ sampler: new RandomSampler(range(10), { replacement: true, num_samples: 40 }) }),
  ],
  [
    'order(sampler=RandomSampler(range(10), num_samples=25, generator=generator()))',
    () => order({ sampler: new RandomSampler(range(10), { num_samples: 25, generator: generator() }) }),
  ],
  ['order(sampler=SubsetRandomSampler([2, 4, 6, 8]))', () => order({ sampler: new SubsetRandomSampler([2, 4, 6, 8]) })],
  [
    'order(sampler=WeightedRandomSampler([0.1, 0.9, 0.4], 8))',
    () => order({ sampler: new WeightedRandomSampler([0.1, 0.9, 0.4], 8) }),
  ],
  [
    'order(sampler=WeightedRandomSampler([0.1, 0.9, 0.4], 2, replacement=False))',
    () => order({ sampler: new WeightedRandomSampler([0.1, 0.9, 0.4], 2, { replacement: false }) }),
  ],
  [
    'list(BatchSampler(SequentialSampler(range(7)), 3, False))',
    () => [...new BatchSampler(new SequentialSampler(range(7)), 3, false)],
  ],
  [
    '[len(DataLoader(list(range(10)), batch_size=4, drop_last=d)) for d in (True, False)]',
    () => [true, false].map((drop_last) => new DataLoader(range(10), { batch_size: 4, drop_last }).length),
  ],
  ['batches([1.5, 2.5, 3.5], batch_size=2)', () => batches([1.5, 2.5, 3.5], { batch_size: 2 })],
  ['batches([True, False], batch_size=2)', () => batches([true, false], { batch_size: 2 })],
  ["batches(['a', 'b', 'c'], batch_size=2)", () => batches(['a', 'b', 'c'], { batch_size: 2 })],
  [
    "batches([(1, {'x': 2.5, 'y': 'a'}), (3, {'x': 4.5, 'y': 'b'})], batch_size=2)",
    () =>
      batches(
        [
          [1, { x: 2.5, y: 'a' }],
          [3, { x: 4.5, y: 'b' }],
        ],
        { batch_size: 2 },
      ),
  ],
  [
    'batches([torch.ones(2), torch.zeros(2)], batch_size=2)',
    () => batches([torch.ones(2), torch.zeros(2)], { batch_size: 2 }),
  ],
  [
    'batches([torch.ones(2).numpy(), torch.zeros(2).numpy()], batch_size=2)',
    () => batches([torch.ones(2).numpy(), torch.zeros(2).numpy()], { batch_size: 2 }),
  ],
  [
    'batches(TensorDataset(torch.arange(10), torch.arange(20).view(10, 2).float()), batch_size=4)',
    () => batches(tensors(), { batch_size: 4 }),
  ],
  [
    'batches(TensorDataset(torch.arange(10), torch.arange(20).view(10, 2).float()), batch_size=None)',
    () => batches(tensors(), { batch_size: null }),
  ],
  [
    'batches(Subset(TensorDataset(torch.arange(10)), [7, 1, 3]), batch_size=2)',
    () => batches(new Subset(new TensorDataset(torch.arange(10)), [7, 1, 3]), { batch_size: 2 }),
  ],
  [
    'batches(ConcatDataset([[1, 2], [3], [4, 5]]), batch_size=2)',
    () => batches(new ConcatDataset([[1, 2], [3], [4, 5]]), { batch_size: 2 }),
  ],
  [
    'seeded(lambda: [list(part.indices) for part in random_split(range(10), [7, 3])])',
    () => seeded(() => random_split(range(10), [7, 3]).map((part) => [...part.indices])),
  ],
  [
    '[list(part.indices) for part in random_split(range(10), [0.33, 0.33, 0.34], generator=generator())]',
    () => random_split(range(10), [0.33, 0.33, 0.34], { generator: generator() }).map((part) => [...part.indices]),
  ],
  [
    'batches(torch.arange(8).view(4, 2), batch_size=3)',
    () => batches<Tensor>(torch.arange(8).view(4, 2), { batch_size: 3 }),
  ],
  [
    'batches(torch.arange(8).view(4, 2), batch_size=None)',
    () => batches<Tensor>(torch.arange(8).view(4, 2), { batch_size: null }),
  ],
  [
    'batches(torch.arange(8).view(4, 2).numpy(), batch_size=3)',
    () => batches<torch.NDArray>(torch.arange(8).view(4, 2).numpy(), { batch_size: 3 }),
  ],
  [
    'batches([5, 6, 7, 8], batch_size=2, sampler=torch.tensor([3, 1, 0]))',
    () => batches([5, 6, 7, 8], { batch_size: 2, sampler: torch.tensor([3, 1, 0]) }),
  ],
  [
    'batches([5, 6, 7, 8], batch_sampler=torch.tensor([[3, 1], [0, 0]]))',
    () =>
      batches([5, 6, 7, 8], {
        batch_sampler: torch.tensor([
          [3, 1],
          [0, 0],
        ]),
      }),
  ],
  [
    '[Subset([5, 6, 7, 8], torch.tensor([3, 1]))[i] for i in (0, 1, -1)]',
    () => [0, 1, -1].map((i) => new Subset([5, 6, 7, 8], torch.tensor([3, 1])).get(i)),
  ],
  [
    '[lists(list(part)) for part in random_split(torch.arange(8).view(4, 2), [0.5, 0.5], generator=generator())]',
    () => {
      const parts = random_split(torch.arange(8).view(4, 2), [0.5, 0.5], { generator: generator() });
      return lists(parts.map((part) => range(part.length).map((i) => part.get(i))));
    },
  ],
  [
    'lists([Subset(torch.arange(8).view(4, 2), [3, 1])[0], ConcatDataset([torch.arange(2), torch.arange(3)])[4]])',
    () =>
      lists([
        new Subset(torch.arange(8).view(4, 2), [3, 1]).get(0),
        new ConcatDataset([torch.arange(2), torch.arange(3)]).get(4),
      ]),
  ],
  [
    'batches([5, 6, 7, 8], sampler=SubsetRandomSampler(torch.tensor([3, 1, 2]), generator=generator()))',
    () =>
      batches([5, 6, 7, 8], { sampler: new SubsetRandomSampler(torch.tensor([3, 1, 2]), { generator: generator() }) }),
  ],
  [
    'batches(StackDataset([1, 2, 3], torch.arange(3)), batch_size=2)',
    () => batches(new StackDataset<[number[], Tensor]>([1, 2, 3], torch.arange(3)), { batch_size: 2 }),
  ],
  [
    "batches(StackDataset(a=[1, 2, 3], b=['x', 'y', 'z']), batch_size=2)",
    () => batches(new StackDataset({ a: [1, 2, 3], b: ['x', 'y', 'z'] }), { batch_size: 2 }),
  ],
  [
    '[len(StackDataset([1, 2], [3, 4])), StackDataset([1, 2], [3, 4])[1]]',
    () => [new StackDataset([1, 2], [3, 4]).length, new StackDataset([1, 2], [3, 4]).get(1)],
  ],
  ['batches(tenfold(), batch_size=2)', () => batches(new Tenfold(), { batch_size: 2 })],
  [
    'batches(Subset(tenfold(), [2, 0, 1]), batch_size=2)',
    () => batches(new Subset(new Tenfold(), [2, 0, 1]), { batch_size: 2 }),
  ],
  [
    '[get_worker_info(), batches([1, 2, 3], batch_size=2, collate_fn=lambda items: None)]',
    () => [
      torch.utils.data.get_worker_info(),
      batches([1, 2, 3], { batch_size: 2, collate_fn: (() => null) as never }),
    ],
  ],
  ...[
    [9, 3, true, false],
    [10, 3, true, false],
    [10, 3, false, true],
    [10, 4, true, true],
    [2, 5, true, false],
    [2, 5, false, true],
    [0, 2, false, false],
  ].map(([n, parts, shuffle, drop_last]): [string, () => unknown] => [
    `distributed(${n}, ${parts}, ${shuffle ? 'True' : 'False'}, ${drop_last ? 'True' : 'False'})`,
    () => distributed(n as number, parts as number, shuffle as boolean, drop_last as boolean),
  ]),
  [
    'lists(default_collate([{1: 2.5, 2: [1]}, {1: 3.5, 2: [2]}])[2])',
    () =>
      lists(
        (
          torch.utils.data.default_collate([
            new Map<number, unknown>([
              [1, 2.5],
              [2, [1]],
            ]),
            new Map<number, unknown>([
              [1, 3.5],
              [2, [2]],
            ]),
          ]) as unknown as Map<number, unknown>
        ).get(2),
      ),
  ],
  [
    'batches(keyed(), sampler=["b", "a"], batch_size=2)',
    () => batches(keyed(), { sampler: ['b', 'a'] as never, batch_size: 2 }),
  ],
  ['lists(Doubled()[1:3])', () => lists(new Doubled(torch.arange(4)).get('1:3'))],
  ['batches(Doubled(), batch_size=2)', () => batches(new Doubled(torch.arange(4)), { batch_size: 2 })],
  [
    'batches(Tripled([1, 2, 3], [2, 0]), batch_size=2)',
    () => batches(new Tripled([1, 2, 3], [2, 0]), { batch_size: 2 }),
  ],
  ['ConcatDataset.cumsum([[1, 2], [3]])', () => ConcatDataset.cumsum([[1, 2], [3]])],
  [
    '[len(Count(3) + Count(2)), list(Count(3) + Count(2))]',
    () => {
      const chain = new Count(3).concat(new Count(2));
      return [chain.length, [...chain]];
    },
  ],
  [
    'batches(Count(3) + Count(2), batch_size=2)',
    () => batches(new Count(3).concat(new Count(2)) as never, { batch_size: 2 }),
  ],
  ['batches(Count(3), batch_size=None)', () => batches(new Count(3) as never, { batch_size: null })],
  ['attributes(DataLoader([1]))', () => attributes(new DataLoader([1]))],
  [
    'attributes(DataLoader([1], worker_init_fn=print, in_order=False, pin_memory_device="cuda"))',
    () =>
      attributes(new DataLoader([1], { worker_init_fn: () => undefined, in_order: false, pin_memory_device: 'cuda' })),
  ],
  ['warned(longer)', () => warned(longer)],
  ...Object.entries(refusals).map(([text, call]): [string, () => unknown] => [
    `refused(lambda: ${text})`,
    () => text_of(call),
  ]),
  ...[
    'StackDataset()',
    'StackDataset([1], [1, 2])',
    'setattr(DataLoader([1]), "batch_size", 5)',
    'setattr(DataLoader([1]), "dataset", [2])',
  ].map((text): [string, () => unknown] => [
    `refused(lambda: ${text})`,
    () => {
      const calls: Record<string, () => unknown> = {
        'StackDataset()': () => new StackDataset(),
        'StackDataset([1], [1, 2])': () => new StackDataset([1], [1, 2]),
        'setattr(DataLoader([1]), "batch_size", 5)': () => {
          (new DataLoader([1]) as { batch_size: number | null }).batch_size = 5;
        },
        'setattr(DataLoader([1]), "dataset", [2])': () => {
          (new DataLoader([1]) as { dataset: unknown }).dataset = [2];
        },
      };
      try {
        return calls[text]!();
      } catch (error) {
        return (error as Error).message;
      }
    },
  ]),
];

const expected = python<unknown[]>('data.py', [cases.map(([text]) => text)]);

describe('batches equal Python', () => {
  cases.forEach(([text, ours], i) => {
    it(text, () => {
      expect(ours()).toEqual(expected[i]);
    });
  });
});

describe('DataLoader', () => {
  class Squares extends Dataset<[number, string]> {
    readonly length = 5;
    asked = 0;

    get(index: number): [number, string] {
      this.asked++;
      return [index * index, `number ${index}`];
    }
  }

  it('reads datasets of the user', () => {
    const [first] = new DataLoader(new Squares(), { batch_size: 3 });
    expect(first?.[0].tolist()).toEqual([0, 1, 4]);
    expect(first?.[1]).toEqual(['number 0', 'number 1', 'number 2']);
  });

  it('reads lazily: what is not asked for is not made', () => {
    const squares = new Squares();
    for (const _ of new DataLoader(squares, { batch_size: 2 })) break;
    expect(squares.asked).toBe(2);
  });

  it('closes what it does not read to the end', () => {
    const closed: string[] = [];
    class Stream extends IterableDataset<number> {
      *[Symbol.iterator](): Iterator<number> {
        try {
          for (let i = 0; i < 10; i++) yield i;
        } finally {
          closed.push('dataset');
        }
      }
    }
    function* sampler(): Generator<number> {
      try {
        yield* range(10);
      } finally {
        closed.push('sampler');
      }
    }
    for (const _ of new DataLoader(new Stream(), { batch_size: 2 })) break;
    for (const _ of new DataLoader(range(10), { sampler: sampler(), batch_size: 2 })) break;
    const failing = new DataLoader(new Stream(), {
      collate_fn: () => {
        throw new Error('mine');
      },
    });
    expect(() => [...failing]).toThrow('mine');
    expect([...new DataLoader(new Stream(), { batch_size: 4 })].length).toBe(3);
    expect(closed).toEqual(['dataset', 'sampler', 'dataset', 'dataset']);
  });

  it("reads the items of a subclass's own get, not the rows behind it", () => {
    expect(() => new Halfway([1, 2], [0])).toThrow(/^Halfway overrides get but not __getitems__/);
  });

  it('joins types that a program has set, in loaders too', () => {
    const { collate, default_collate_fn_map } = torch.utils.data._utils.collate;
    const own = default_collate_fn_map.get(Tensor)!;
    default_collate_fn_map.set(Tensor, (batch: Tensor[]) => torch.cat(batch));
    try {
      const [batch] = new DataLoader(new TensorDataset(torch.arange(4).view(2, 2)), { batch_size: 2 });
      expect(batch![0].tolist()).toEqual([0, 1, 2, 3]);
    } finally {
      default_collate_fn_map.set(Tensor, own);
    }
    class Point {
      x = 1;
    }
    class Further extends Point {}
    const collate_fn_map = new Map([[Point, (batch: Point[]) => batch.length]]);
    expect(collate([[new Further()], [new Further()]], { collate_fn_map })).toEqual([2]);
    expect(() => collate([torch.ones(1)])).toThrow("found <class 'Tensor'>");
  });

  it('says which name an object of the batch lacks', () => {
    const items = [{ a: 1 }, { b: 2 }] as { a: number }[];
    expect(() => torch.utils.data.default_collate(items)).toThrow(
      "an element of the batch has no 'a', which the first one has",
    );
    const inherited = [{ toString: 1 }, {}] as { toString: number }[];
    expect(() => torch.utils.data.default_collate(inherited)).toThrow("has no 'toString'");
  });

  it('hands items to a collate_fn of the user', () => {
    const loader = new DataLoader(new Squares(), {
      batch_size: 2,
      collate_fn: (items) => items.map(([square]) => square).join('+'),
    });
    expect([...loader]).toEqual(['0+1', '4+9', '16']);
  });

  it('reads datasets that have an order only', () => {
    class Stream extends IterableDataset<number> {
      *[Symbol.iterator](): Generator<number> {
        yield* [1, 2, 3, 4, 5];
      }
    }
    const read = (drop_last: boolean): unknown[] =>
      [...new DataLoader(new Stream(), { batch_size: 2, drop_last })].map((batch) => batch.tolist());
    expect(read(false)).toEqual([[1, 2], [3, 4], [5]]);
    expect(read(true)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(() => new DataLoader(new Stream(), { shuffle: true })).toThrow(/unspecified shuffle/);
    expect(() => new DataLoader(new Stream()).length).toThrow(TypeError);
  });

  it('fetches whole batches where the dataset offers it, with the same result', () => {
    const dataset = tensors();
    const whole = vi.spyOn(dataset, 'get_batch');
    const single = vi.spyOn(dataset, 'get');
    const fast = batches(dataset, { batch_size: 4 });
    expect(whole).toHaveBeenCalledTimes(3);
    expect(single).not.toHaveBeenCalled();
    const slow = [...new DataLoader(dataset, { batch_size: 4, collate_fn: torch.utils.data.default_collate })].map(
      lists,
    );
    expect(single).toHaveBeenCalledTimes(10);
    expect(fast).toEqual(slow);
  });

  it.each([
    [{ batch_size: 0 }, /positive integer/],
    [{ batch_size: 1.5 }, /positive integer/],
    [{ shuffle: true, sampler: [1] }, /mutually exclusive with shuffle/],
    [{ batch_sampler: [[1]], batch_size: 2 }, /batch_sampler option is mutually exclusive/],
    [{ batch_size: null, drop_last: true }, /mutually exclusive with drop_last/],
    [{ num_workers: -1 }, /num_workers option should be non-negative/],
    [{ num_workers: 1, worker_module: 3 }, /worker_module.*must be str or URL/],
    [{ speed: 1 }, /unexpected keyword argument 'speed'/],
  ])('refuses %j', (options, message) => {
    expect(() => new DataLoader([1, 2, 3], options as Options)).toThrow(message);
  });

  it('says what is wrong with items and datasets', () => {
    expect(() => new DataLoader(3 as unknown as number[])).toThrow(/must be a Dataset .* not int/);
    expect(() => [...new DataLoader([[1, 2], [3]], { batch_size: 2 })]).toThrow(/equal size/);
    expect(() => [...new DataLoader([() => 1], {})]).toThrow(/found <class 'function'>/);
    expect(() => [...new DataLoader([torch.ones(2), torch.ones(3)], { batch_size: 2 })]).toThrow(/stack\(\)/);
    expect(() => new TensorDataset(torch.ones(2), torch.ones(3))).toThrow(/Size mismatch/);
    expect(() => random_split([1, 2, 3], [1, 1])).toThrow(/Sum of input lengths/);
    expect(() => new Subset([1, 2], [5]).get(0)).toThrow(RangeError);
    expect(() => new ConcatDataset([[1], [2]]).get(2)).toThrow(RangeError);
    expect(() => tensors().get(10)).toThrow(RangeError);
  });
});

describe('helpers for ports', () => {
  it('enumerate counts, from wherever', () => {
    expect([...torch.enumerate(['a', 'b'])]).toEqual([
      [0, 'a'],
      [1, 'b'],
    ]);
    expect([...torch.enumerate(['a'], 5)]).toEqual([[5, 'a']]);
  });

  it('enumerate closes what it does not read to the end', () => {
    let closed = false;
    function* source(): Generator<number> {
      try {
        yield 1;
        yield 2;
      } finally {
        closed = true;
      }
    }
    for (const _ of torch.enumerate(source())) break;
    expect(closed).toBe(true);
  });

  it('range and zip are as in Python', () => {
    expect([...torch.range(3)]).toEqual([0, 1, 2]);
    expect([...torch.range(5, 0, -2)]).toEqual([5, 3, 1]);
    expect([...torch.zip([1, 2, 3], 'ab')]).toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
    expect(() => torch.range(1.5)).toThrow(TypeError);
    expect(() => torch.range(0, 1, 0)).toThrow(RangeError);
  });

  it('Variable is a tensor without history', () => {
    const x = torch.ones(2);
    const v = torch.Variable(x, { requires_grad: true });
    expect([v.requires_grad, x.requires_grad, v.data_ptr() === x.data_ptr()]).toEqual([true, false, true]);
    expect(() => torch.Variable(3 as unknown as Tensor)).toThrow(/must be Tensor, not int/);
  });
});

describe('the arguments of what reads data', () => {
  const { BatchSampler, RandomSampler, SubsetRandomSampler, WeightedRandomSampler } = torch.utils.data;
  const ten = Array.from({ length: 10 }, (_, i) => i);
  const read = (source: string): unknown => {
    const [[shown]] = python<[[unknown]]>('snippets.py', [[`from torch.utils.data import *\n${source}`]]);
    return shown;
  };

  it('come by position as in Python', () => {
    const seeded = (): torch.Generator => new torch.Generator().manual_seed(3);
    torch.manual_seed(1);
    const ours = [
      [...new DataLoader(ten, 4, true)].map((batch) => batch.tolist()),
      [...new RandomSampler(ten, true, 7)],
      [...new WeightedRandomSampler([1, 2, 3, 4], 3, false)],
      [...new SubsetRandomSampler([5, 6, 7], seeded())],
      random_split(ten, [3, 7], seeded()).map(({ indices }) => indices),
      [...new BatchSampler(new RandomSampler(ten, false, null, seeded()), 4, true)],
    ];
    expect(ours).toEqual(
      read(`
ten = list(range(10))
seeded = lambda: torch.Generator().manual_seed(3)
show([
    [batch.tolist() for batch in DataLoader(ten, 4, True)],
    list(RandomSampler(ten, True, 7)),
    list(WeightedRandomSampler([1, 2, 3, 4], 3, False)),
    list(SubsetRandomSampler([5, 6, 7], seeded())),
    [part.indices for part in random_split(ten, [3, 7], seeded())],
    list(BatchSampler(RandomSampler(ten, False, None, seeded()), 4, True)),
])`),
    );
  });

  it('come by name, the dataset too', () => {
    expect([...new DataLoader({ dataset: ten, batch_size: 4 })].map((batch) => batch.tolist())).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    expect(new torch.utils.data.Subset({ dataset: ten, indices: [1] }).get(0)).toBe(1);
    expect(random_split({ dataset: ten, lengths: [10] })[0]?.length).toBe(10);
  });

  it("may be Python's own defaults of what asks for processes", () => {
    const loader = new DataLoader(ten, {
      timeout: 0,
      worker_init_fn: () => undefined,
      multiprocessing_context: null,
      prefetch_factor: null,
      persistent_workers: false,
      pin_memory_device: '',
      in_order: true,
      pin_memory: false,
      num_workers: 0,
      generator: null,
    });
    expect(loader.length).toBe(10);
  });

  it.each([
    ['prefetch_factor', { prefetch_factor: 2 }, 'prefetch_factor=2'],
    ['persistent_workers', { persistent_workers: true }, 'persistent_workers=True'],
    ['timeout', { timeout: -1 }, 'timeout=-1'],
    ['num_workers', { num_workers: -1 }, 'num_workers=-1'],
    ['batch_size', { batch_size: 1.5 }, 'batch_size=1.5'],
    ['drop_last', { batch_size: null, drop_last: true }, 'batch_size=None, drop_last=True'],
    [
      'multiprocessing_context',
      { multiprocessing_context: 'fork' as unknown as null },
      'multiprocessing_context="fork"',
    ],
  ])('are refused with the text of Python: %s', (_, options, source) => {
    const { error } = read(`DataLoader([1, 2, 3], ${source})`) as { error: string };
    expect(() => new DataLoader(ten, options)).toThrow(new Error(error));
  });

  it.each([
    [() => new DataLoader(ten, { timeout: 5 }), /timeout must be 0 while num_workers is 0/],
    [
      () => new DataLoader(ten, { shuffle: 1 as unknown as boolean }),
      "DataLoader(): argument 'shuffle' must be bool, not int",
    ],
    [
      () => new RandomSampler(ten, { replacment: true } as object),
      "RandomSampler() got an unexpected keyword argument 'replacment'",
    ],
    [
      () => random_split(ten, [10], { generater: null } as object),
      "random_split() got an unexpected keyword argument 'generater'",
    ],
    [
      () => random_split(ten, ...([[10], null, 1] as unknown as [number[]])),
      'random_split() takes from 2 to 3 positional arguments but 4 were given',
    ],
    [
      () => new torch.utils.data.SequentialSampler(3 as never),
      "SequentialSampler(): argument 'data_source' must be something with a length, not int",
    ],
    [
      () => new torch.utils.data.Subset(ten, 3 as never),
      "Subset(): argument 'indices' must be Tensor or NDArray or list of ints, not int",
    ],
    [
      () => new ConcatDataset([3 as never]),
      /argument 'datasets' must be a list of Datasets, but found element of type int at pos 0/,
    ],
    [
      () => torch.utils.data.default_collate(3 as never),
      "default_collate(): argument 'batch' must be list of objects, not int",
    ],
    [() => new TensorDataset({ tensors: 1 } as never), "TensorDataset() got an unexpected keyword argument 'tensors'"],
  ])('are refused: %s', (call, message) => {
    expect(call).toThrow(message);
  });

  it('an object is data for default_convert, whatever its keys', () => {
    expect(
      (torch.utils.data.default_convert({ data: new Float32Array([1]) }) as { data: Tensor }).data.tolist(),
    ).toEqual([1]);
  });
});
