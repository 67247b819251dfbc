/** torch-node/progress: lines, timing and layout of bars, beside Python's tqdm. */
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { range } from 'torch-node';
import * as torch from 'torch-node';
import { type MeterOptions, type ProgressOptions, type Tqdm, tqdm, trange } from 'torch-node/progress';

import { root } from '../package_root.js';
import { python } from '../reference.js';

const shown = (source: string): unknown[] => python<unknown[][]>('snippets.py', [[source]])[0]!;
const as_python = (value: unknown): string => `json.loads(${JSON.stringify(JSON.stringify(value))})`;

type Meter = MeterOptions & { n: number; total: number | null; elapsed: number };

const meters: Meter[] = [
  { n: 0, total: 10, elapsed: 0 },
  { n: 3, total: 10, elapsed: 1.5 },
  { n: 10, total: 10, elapsed: 12 },
  { n: 11, total: 10, elapsed: 12 },
  { n: 10.4, total: 10, elapsed: 12 },
  { n: 5, total: null, elapsed: 2.5 },
  { n: 5, total: 0, elapsed: 2.5 },
  { n: 0, total: null, elapsed: 0 },
  { n: 1, total: 1000, elapsed: 3700.25 },
  { n: 1, total: 100000, elapsed: 90 },
  { n: 30, total: 100, elapsed: 12.5, ncols: 60, prefix: 'epoch 1', postfix: 'loss=0.25' },
  { n: 30, total: 100, elapsed: 12.5, ncols: 61, prefix: 'epoch: ', postfix: 'loss=0.25' },
  { n: 30, total: 100, elapsed: 12.5, ncols: 20, prefix: 'a long description of an epoch' },
  { n: 30, total: null, elapsed: 12.5, ncols: 12, prefix: 'short' },
  { n: 30, total: 100, elapsed: 12.5, ncols: 0 },
  { n: 30, total: 100, elapsed: 12.5, ncols: 0, prefix: 'x' },
  { n: 123456, total: 7654321, elapsed: 77, unit: 'B', unit_scale: true },
  { n: 123456, total: 7654321, elapsed: 77, unit: 'B', unit_scale: true, unit_divisor: 1024 },
  { n: 999, total: 1000, elapsed: 0.001, unit_scale: true },
  { n: 12, total: 40, elapsed: 3, unit_scale: 0.5 },
  { n: 12, total: 40, elapsed: 3, unit_scale: 64, unit: ' images' },
  { n: 12, total: 40, elapsed: 3, rate: 8.25 },
  { n: 12, total: 40, elapsed: 3, rate: 0.125 },
  { n: 12, total: 40, elapsed: 3, initial: 10 },
  { n: 12, total: 40, elapsed: 3, ascii: true },
  { n: 13, total: 40, elapsed: 3, ascii: ' >=', ncols: 70 },
  { n: 13, total: 40, elapsed: 3, ascii: '.oO', ncols: 70 },
  { n: 13, total: 40, elapsed: 3, colour: 'green' },
  { n: 13, total: 40, elapsed: 3, colour: '#00ff7f', ncols: 50 },
  { n: 13, total: 40, elapsed: 3, ncols: 50, prefix: '訓練' },
  { n: 13, total: 40, elapsed: 3, ncols: 14, prefix: '訓練訓練訓練訓練' },
  { n: 13, total: 40, elapsed: 3, bar_format: '{l_bar}{bar}|{n_fmt}' },
  {
    n: 13,
    total: 40,
    elapsed: 3,
    bar_format: '{desc}: {percentage:5.1f}% {bar:20}|{rate_fmt}{postfix}',
    postfix: 'a=1',
  },
  { n: 13, total: 40, elapsed: 3, bar_format: '{desc}: {percentage:5.1f}% {bar:-4a}', prefix: 'x', ncols: 44 },
  { n: 13, total: 40, elapsed: 3, bar_format: '{bar:u}{bar:b}{{}}', ncols: 30 },
  { n: 13, total: null, elapsed: 3, bar_format: '{l_bar}{bar}{r_bar}', ncols: 60, prefix: 'x' },
  {
    n: 13,
    total: 40,
    elapsed: 3,
    bar_format: '{n}/{total} {elapsed} {elapsed_s:.1f} {remaining} {unit} {rate_noinv_fmt} {rate_inv_fmt}',
  },
  { n: 13, total: 40, elapsed: 3, bar_format: '{postfix[0]} {postfix[1][x]:>8.2g}', postfix: ['val', { x: 0.125 }] },
  { n: 1.5, total: 2.25, elapsed: 3 },
];

describe('format_meter', () => {
  const theirs = shown(
    `import json\nfrom tqdm import tqdm\nshow([tqdm.format_meter(**each) for each in ${as_python(meters)}])`,
  )[0] as string[];

  it.each(meters.map((meter, i) => [JSON.stringify(meter), i] as const))('%s', (_text, i) => {
    expect(tqdm.format_meter(meters[i]!)).toBe(theirs[i]);
  });
});

it('numbers are as short as in Python', () => {
  const sizes = [
    0, 1, 9.994, 9.995, 12.34, 99.94, 99.95, 999.4, 999.5, 1234, 123456, 1e9, 5e15, 1e25, 1e28, -1500, 0.001,
  ];
  const seconds = [0, 0.9, 59.99, 60, 61, 3599, 3600, 86399, 360000, -5, -3700];
  const numbers = [
    0,
    1,
    -1,
    0.5,
    0.12345,
    123456,
    1234567,
    1e-5,
    1e-10,
    1.5e300,
    100,
    1000,
    99999,
    0.1 + 0.2,
    -0.001234,
  ];
  const source = `import json\nfrom tqdm import tqdm
show([tqdm.format_sizeof(x) for x in ${as_python(sizes)}] + [tqdm.format_sizeof(x, 'B', 1024) for x in ${as_python(sizes)}])
show([tqdm.format_interval(x) for x in ${as_python(seconds)}])
show([tqdm.format_num(x) for x in ${as_python(numbers)}])
show([tqdm.format_num(x) for x in (True, False)])`;
  expect([
    [...sizes.map((x) => tqdm.format_sizeof(x)), ...sizes.map((x) => tqdm.format_sizeof(x, 'B', 1024))],
    seconds.map((x) => tqdm.format_interval(x)),
    numbers.map((x) => tqdm.format_num(x)),
    [true, false].map((x) => tqdm.format_num(x)),
  ]).toEqual(shown(source));
});

/** A clock that both sides set, in eighths of seconds. */
let clock = 0;
beforeEach(() => {
  clock = 100;
  vi.spyOn(performance, 'now').mockImplementation(() => clock * 1000);
});
afterEach(() => {
  vi.restoreAllMocks();
});
const wait = (seconds: number): void => {
  clock += seconds;
};

class Sink {
  text = '';
  constructor(readonly encoding: string | null = null) {}
  write(text: string): void {
    this.text += text;
  }
}

const prelude = `
import json
import tqdm.std
from tqdm import tqdm as tqdm_class, trange
class Clock:
    now = 100.0
tqdm.std.time = lambda: Clock.now
tqdm_class.monitor_interval = 0
def wait(seconds):
    Clock.now += seconds
class Sink:
    def __init__(self, encoding=None):
        self.text = ''
        self.encoding = encoding
    def write(self, text):
        self.text += text
    def flush(self):
        pass
sink = Sink()
tqdm = tqdm_class
`;

/** What a program writes to its sink, here and in Python. */
function both(ours: (sink: Sink) => void, theirs: string, encoding: string | null = null): [string, unknown] {
  const sink = new Sink(encoding);
  ours(sink);
  const source = `${prelude}sink = Sink(${encoding === null ? 'None' : `'${encoding}'`})\n${theirs}\nshow(sink.text)`;
  return [sink.text, shown(source)[0]];
}

describe('what is written', () => {
  const programs: readonly [name: string, ours: (file: Sink) => void, theirs: string, encoding?: string][] = [
    [
      'for a loop',
      (file) => {
        for (const _ of tqdm(['a', 'b', 'c'], { file })) wait(0.25);
      },
      `for _ in tqdm(['a', 'b', 'c'], file=sink):\n    wait(0.25)`,
    ],
    [
      'for a loop, with blocks',
      (file) => {
        for (const _ of trange(7, { file, desc: 'x', ncols: 60 })) wait(0.5);
      },
      `for _ in trange(7, file=sink, desc='x', ncols=60):\n    wait(0.5)`,
      'utf-8',
    ],
    [
      'for a fast loop, whose updates are counted',
      (file) => {
        for (const i of trange(400, { file, mininterval: 1 })) wait(i % 50 === 0 ? 0.5 : 0.0625);
      },
      `for i in trange(400, file=sink, mininterval=1):\n    wait(0.5 if i % 50 == 0 else 0.0625)`,
    ],
    [
      'without smoothing',
      (file) => {
        for (const i of trange(100, { file, smoothing: 0 })) wait(i < 50 ? 0.03125 : 0.25);
      },
      `for i in trange(100, file=sink, smoothing=0):\n    wait(0.03125 if i < 50 else 0.25)`,
    ],
    [
      'with a number of iterations between lines',
      (file) => {
        for (const _ of trange(20, { file, miniters: 6, maxinterval: 1 })) wait(0.125);
      },
      `for _ in trange(20, file=sink, miniters=6, maxinterval=1):\n    wait(0.125)`,
    ],
    [
      'when a loop ends early',
      (file) => {
        for (const i of trange(10, { file, unit: 'batch' })) {
          wait(0.5);
          if (i === 4) break;
        }
      },
      `bar = trange(10, file=sink, unit='batch')
for i in bar:
    wait(0.5)
    if i == 4:
        break
bar.close()`,
    ],
    [
      'when an iterable has no length',
      (file) => {
        const letters = (function* (): Generator<string> {
          yield* 'abcd';
        })();
        for (const _ of tqdm(letters, { file })) wait(1.5);
      },
      `for _ in tqdm((x for x in 'abcd'), file=sink):\n    wait(1.5)`,
    ],
    [
      'for a bar that is updated by hand',
      (file) => {
        using bar = tqdm({ total: 100, file, initial: 20, unit: 'B', unit_scale: true });
        for (const n of [10, 10, 0.5, -5, 30]) {
          wait(0.25);
          bar.update(n);
        }
      },
      `with tqdm(total=100, file=sink, initial=20, unit='B', unit_scale=True) as bar:
    for n in [10, 10, 0.5, -5, 30]:
        wait(0.25)
        bar.update(n)`,
    ],
    [
      'for descriptions and values',
      (file) => {
        const bar = tqdm([1, 2], { file, postfix: { lr: 0.1, best: 'none' } });
        bar.set_description('train');
        for (const _ of bar) {
          wait(0.5);
          bar.set_postfix({ loss: 0.123456, accuracy: 1, name: ' x ', flag: true, list: [1, 2] });
          bar.set_postfix({ b: 1 }, false, { z: 2, a: 1e-5 });
        }
        bar.set_description_str('over');
        bar.set_postfix_str('done');
        const other = tqdm({ total: 3, file });
        other.set_postfix(null, { loss: torch.tensor(0.5), accuracy: 12345678 });
        other.set_postfix_str('later', { refresh: false });
        other.set_description(null, { refresh: false });
        other.refresh();
        other.close();
      },
      `bar = tqdm([1, 2], file=sink, postfix={'lr': 0.1, 'best': 'none'})
bar.set_description('train')
for _ in bar:
    wait(0.5)
    bar.set_postfix({'loss': 0.123456, 'accuracy': 1, 'name': ' x ', 'flag': True, 'list': [1, 2]})
    bar.set_postfix({'b': 1}, False, z=2, a=1e-5)
bar.set_description_str('over')
bar.set_postfix_str('done')
other = tqdm(total=3, file=sink)
other.set_postfix(loss=torch.tensor(0.5), accuracy=12345678)
other.set_postfix_str('later', refresh=False)
other.set_description(None, refresh=False)
other.refresh()
other.close()`,
    ],
    [
      'for nested bars',
      (file) => {
        for (const _ of trange(2, { file, desc: 'outer' })) {
          for (const _ of trange(3, { file, desc: 'inner', leave: false })) wait(0.25);
          for (const _ of trange(2, { file, desc: 'kept' })) wait(0.25);
        }
      },
      `for _ in trange(2, file=sink, desc='outer'):
    for _ in trange(3, file=sink, desc='inner', leave=False):
        wait(0.25)
    for _ in trange(2, file=sink, desc='kept'):
        wait(0.25)`,
    ],
    [
      'for bars at positions, and below the screen',
      (file) => {
        const bars = [0, 1, 2, 3].map((position) => tqdm({ total: 2, file, position, nrows: 3, leave: null }));
        for (const bar of bars) {
          wait(0.5);
          bar.update();
        }
        for (const bar of bars.reverse()) bar.close();
        const free = [0, 1, 2].map(() => tqdm({ total: 1, file, nrows: 2 }));
        for (const bar of free) bar.close();
      },
      `bars = [tqdm(total=2, file=sink, position=i, nrows=3, leave=None) for i in range(4)]
for bar in bars:
    wait(0.5)
    bar.update()
for bar in bars[::-1]:
    bar.close()
free = [tqdm(total=1, file=sink, nrows=2) for i in range(3)]
for bar in free:
    bar.close()`,
    ],
    [
      'for texts between bars',
      (file) => {
        for (const i of trange(2, { file })) {
          wait(0.5);
          tqdm.write(`step ${i}`, { file });
          tqdm.write('no newline', file, '');
        }
        const bar = tqdm({ total: 1, file });
        tqdm.external_write_mode(file, () => file.write('within\n'));
        bar.close();
      },
      `for i in trange(2, file=sink):
    wait(0.5)
    tqdm.write(f'step {i}', file=sink)
    tqdm.write('no newline', sink, '')
bar = tqdm(total=1, file=sink)
with tqdm.external_write_mode(sink):
    sink.write('within\\n')
bar.close()`,
    ],
    [
      'after a pause, and from the beginning again',
      (file) => {
        const bar = tqdm({ total: 4, file });
        wait(1);
        bar.update(2);
        wait(100);
        bar.unpause();
        wait(1);
        bar.update();
        bar.reset();
        wait(1);
        bar.update(2);
        bar.reset(9);
        bar.clear();
        bar.moveto(1);
        bar.display('text', 0);
        bar.close();
      },
      `bar = tqdm(total=4, file=sink)
wait(1)
bar.update(2)
wait(100)
bar.unpause()
wait(1)
bar.update()
bar.reset()
wait(1)
bar.update(2)
bar.reset(9)
bar.clear()
bar.moveto(1)
bar.display('text', 0)
bar.close()`,
    ],
    [
      'with a delay',
      (file) => {
        for (const _ of trange(6, { file, delay: 1 })) wait(0.5);
        for (const _ of trange(2, { file, delay: 10 })) wait(0.5);
      },
      `for _ in trange(6, file=sink, delay=1):\n    wait(0.5)\nfor _ in trange(2, file=sink, delay=10):\n    wait(0.5)`,
    ],
    [
      'when it is disabled',
      (file) => {
        const bar = tqdm([1, 2], { file, disable: true });
        bar.set_description('x');
        for (const _ of bar) bar.update();
        file.write(`${bar.n} ${bar.toString()}`);
        bar.close();
      },
      `bar = tqdm([1, 2], file=sink, disable=True)
bar.set_description('x')
for _ in bar:
    bar.update()
sink.write(f'{bar.n} {bar}')
bar.close()`,
    ],
  ];

  it.each(programs)('%s', (_name, ours, theirs, encoding) => {
    const [here, there] = both(ours, theirs, encoding);
    expect(here).not.toBe('');
    expect(here).toBe(there);
  });
});

describe('the number of iterations', () => {
  const total = (bar: Tqdm<unknown>): number | null => {
    bar.close();
    return bar.total;
  };
  const quiet: ProgressOptions = { file: new Sink() };

  it('is the length of what is iterated over', () => {
    const loader = new torch.utils.data.DataLoader(new torch.utils.data.TensorDataset(torch.ones(10)), {
      batch_size: 4,
    });
    const given = [[1, 2], new Map([[1, 2]]), new Set('abc'), 'four', torch.ones(5, 2), loader, range(2, 20, 5)];
    expect(given.map((each) => total(tqdm(each as Iterable<unknown>, quiet)))).toEqual([2, 1, 3, 4, 5, 3, 4]);
    expect(given.map((each) => tqdm(each as Iterable<unknown>, { disable: true }).length)).toEqual([
      2, 1, 3, 4, 5, 3, 4,
    ]);
  });

  it('is unknown for generators, for infinity and for loaders without a length', () => {
    class Endless extends torch.utils.data.IterableDataset<number> {
      *[Symbol.iterator](): IterableIterator<number> {
        yield 1;
      }
    }
    const loader = new torch.utils.data.DataLoader(new Endless());
    expect(total(tqdm(loader as Iterable<unknown>, quiet))).toBeNull();
    expect(total(tqdm({ total: Infinity, ...quiet }))).toBeNull();
  });
});

describe('a loop', () => {
  it('gets the elements, also of asynchronous iterables and of promises', async () => {
    async function* numbers(): AsyncGenerator<number> {
      yield 1;
      yield 2;
    }
    const file = new Sink();
    const got: number[] = [];
    for await (const n of tqdm(numbers(), { file, total: 2 })) {
      got.push(n);
      wait(1);
    }
    for await (const n of tqdm([Promise.resolve(3)], { file })) got.push(n);
    expect(got).toEqual([1, 2, 3]);
    expect(file.text).toContain('2/2 [00:02<00:00,  1.00it/s]\n');
  });

  it('closes the iterator and the bar when it fails', async () => {
    let closed = 0;
    function* letters(): Generator<string> {
      try {
        yield 'a';
        yield 'b';
      } finally {
        closed++;
      }
    }
    const file = new Sink();
    expect(() => {
      for (const _ of tqdm(letters(), { file })) throw new Error('within');
    }).toThrow('within');
    await expect(
      (async () => {
        for await (const _ of tqdm(letters(), { file })) throw new Error('within');
      })(),
    ).rejects.toThrow('within');
    expect(closed).toBe(2);
    expect(file.text.match(/\n/g)).toHaveLength(2);
  });

  it('needs an iterable', () => {
    expect(() => [...(tqdm({ total: 2, file: new Sink() }) as Iterable<unknown>)]).toThrow(TypeError);
  });

  it('goes on when the terminal is gone', () => {
    const file = {
      write: () => {
        throw Object.assign(new Error('write EIO'), { code: 'EIO' });
      },
    };
    expect([...tqdm([1, 2], { file })]).toEqual([1, 2]);
  });
});

describe('on streams of a process', () => {
  const run = (code: string, env: Record<string, string> = {}): { stdout: string; stderr: string } => {
    const args = ['-e', `const { tqdm, trange } = require('torch-node/progress');${code}`];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    expect(status).toBe(0);
    return { stdout, stderr };
  };

  it('is written to stderr, also when that is not a terminal, unless disable is null', () => {
    const loud = run('for (const i of trange(3)) {}');
    expect(loud.stdout).toBe('');
    expect(loud.stderr).toMatch(/^\r {2}0%\| {10}\| 0\/3 \[00:00<\?, \?it\/s\]/);
    expect(loud.stderr).toMatch(/\r100%\|█{10}\| 3\/3 \[00:00<00:00, .*it\/s\]\n$/);
    expect(run('for (const i of trange(3, { disable: null })) {}').stderr).toBe('');
  });

  it('takes defaults from the environment', () => {
    expect(run('for (const i of trange(3)) {}', { TQDM_DISABLE: '1' }).stderr).toBe('');
    const { stderr } = run('for (const i of trange(3)) {}', { TQDM_DESC: 'from outside', TQDM_NCOLS: '50' });
    expect(stderr).toContain('\rfrom outside: ');
    expect(Math.max(...stderr.split(/[\r\n]/).map((line) => line.length))).toBe(50);
  });

  it('does not keep the process alive', () => {
    expect(run("tqdm({ total: 3 }); console.log('end')").stdout).toBe('end\n');
  });
});

describe('what is of Python alone', () => {
  it('lock_args and gui=False change nothing', () => {
    const sink = new Sink();
    expect([...tqdm([1, 2], { lock_args: [false], gui: false, file: sink })]).toEqual([1, 2]);
  });

  it('gui=True and pandas say what to do instead', () => {
    expect(() => tqdm([1], { gui: true as never })).toThrow('tqdm(): gui=True is not in torch-node/progress');
    expect(() => tqdm.pandas({ desc: 'rows' })).toThrow(
      'tqdm.pandas(): there are no data frames of pandas in JavaScript',
    );
  });
});
