/** torch-node/python's `math` against Python's, to the last bit. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { math } from 'torch-node/python';
import { afterAll, describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const folder = mkdtempSync(join(tmpdir(), 'torch-node-math-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A stream of numbers that is the same in every run. */
let state = 12345;
const chance = (): number => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 2 ** 32;
const between = (low: number, high: number): number => low + (high - low) * (chance() + chance() / 2 ** 32);
const magnitude = (): number => (chance() < 0.5 ? -1 : 1) * 10 ** between(-12, 12);

/** A float as Python reads it, without loss. */
function literal(x: number | bigint | readonly number[] | boolean): string {
  if (typeof x === 'boolean') return x ? 'True' : 'False';
  if (typeof x === 'bigint') return String(x);
  if (typeof x !== 'number') return `[${x.map(literal).join(', ')}]`;
  if (Number.isNaN(x)) return 'nan';
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf';
  return Object.is(x, -0) ? '-0.0' : Number.isSafeInteger(x) ? `${x}.0` : String(x);
}

const integer = (x: number | bigint): string => String(x);

/** What Python's script writes for a float. */
function hex(x: number): string {
  if (Number.isNaN(x)) return 'nan';
  const sign = x < 0 || Object.is(x, -0) ? '-' : '';
  if (!Number.isFinite(x)) return `${sign}inf`;
  if (x === 0) return `${sign}0x0.0p+0`;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(x));
  const word = view.getBigUint64(0);
  const biased = Number(word >> 52n);
  const fraction = (word & (2n ** 52n - 1n)).toString(16).padStart(13, '0');
  const exponent = biased === 0 ? -1022 : biased - 1023;
  return `${sign}0x${biased === 0 ? 0 : 1}.${fraction}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
}

interface Case {
  python: string;
  ours: () => unknown;
}

function told(value: unknown, expected: unknown): unknown {
  if (Array.isArray(value)) return value.map((item, i) => told(item, (expected as unknown[])[i]));
  if (typeof value === 'bigint') return `int ${value}`;
  if (typeof value === 'number')
    return typeof expected === 'string' && expected.startsWith('int') ? `int ${value}` : hex(value);
  return value;
}

function check(cases: readonly Case[]): void {
  const file = join(folder, 'expressions.json');
  writeFileSync(file, JSON.stringify(cases.map((one) => one.python)));
  const expected = python<{ value?: unknown; error?: string }[]>('python_math.py', [file]);
  const wrong: string[] = [];
  cases.forEach((one, i) => {
    const { value, error } = expected[i]!;
    try {
      const ours = told(one.ours(), value);
      if (error !== undefined || JSON.stringify(ours) !== JSON.stringify(value)) {
        wrong.push(`${one.python}: ${JSON.stringify(ours)}, Python: ${error ?? JSON.stringify(value)}`);
      }
    } catch (thrown) {
      if (error === undefined || !(thrown as Error).message.includes(error)) {
        wrong.push(`${one.python}: ${(thrown as Error).message}, Python: ${error ?? JSON.stringify(value)}`);
      }
    }
  });
  expect(wrong).toEqual([]);
}

const specials = [
  0,
  -0,
  1,
  -1,
  0.5,
  2,
  -2.5,
  1e-300,
  5e-324,
  1e300,
  Infinity,
  -Infinity,
  NaN,
  171.5,
  700,
  -700,
  3,
  23,
  24,
];
type OneArgument = (x: number) => unknown;
const of_one: Record<string, () => number> = {
  acos: () => between(-1, 1),
  acosh: () => between(1, 50),
  asin: () => between(-1, 1),
  asinh: magnitude,
  atan: magnitude,
  atanh: () => between(-1, 1),
  cbrt: magnitude,
  ceil: magnitude,
  cos: () => between(-100, 100),
  cosh: () => between(-20, 20),
  degrees: magnitude,
  erf: () => between(-4, 4),
  erfc: () => between(-4, 4),
  exp: () => between(-50, 50),
  exp2: () => between(-50, 50),
  expm1: () => between(-3, 3),
  fabs: magnitude,
  floor: magnitude,
  frexp: magnitude,
  gamma: () => between(-60, 170),
  isfinite: magnitude,
  isinf: magnitude,
  isnan: magnitude,
  lgamma: () => between(-100, 1000),
  log: () => Math.abs(magnitude()),
  log10: () => Math.abs(magnitude()),
  log1p: () => between(-1, 10),
  log2: () => Math.abs(magnitude()),
  modf: magnitude,
  radians: magnitude,
  sin: () => between(-100, 100),
  sinh: () => between(-20, 20),
  sqrt: () => Math.abs(magnitude()),
  tan: () => between(-100, 100),
  tanh: () => between(-3, 3),
  trunc: magnitude,
  ulp: magnitude,
};

describe("functions of one number have Python's digits and errors", () => {
  it.each(Object.keys(of_one))('%s', (name) => {
    const numbers = [...specials, ...Array.from({ length: 300 }, of_one[name]!)];
    check(
      numbers.map((x) => ({
        python: `math.${name}(${literal(x)})`,
        ours: () => (math as unknown as Record<string, OneArgument>)[name]!(x),
      })),
    );
  });
});

describe("functions of two numbers have Python's digits and errors", () => {
  it.each(['atan2', 'pow', 'fmod', 'remainder', 'copysign', 'nextafter', 'log', 'hypot', 'isclose'])('%s', (name) => {
    const pairs = [
      ...specials.flatMap((x) => specials.map((y) => [x, y] as const)),
      ...Array.from(
        { length: 300 },
        () =>
          (name === 'pow'
            ? [Math.abs(magnitude()), between(-9, 9)]
            : name === 'log'
              ? [Math.abs(magnitude()), Math.abs(magnitude())]
              : [magnitude(), magnitude()]) as readonly [number, number],
      ),
    ];
    check(
      pairs.map(([x, y]) => ({
        python: `math.${name}(${literal(x)}, ${literal(y)})`,
        ours: () => (math as unknown as Record<string, (x: number, y: number) => unknown>)[name]!(x, y),
      })),
    );
  });

  it('ldexp', () => {
    check(
      specials.flatMap((x) =>
        [0, 1, -1, 1100, -1080, 10, 5000, -5000].map((i) => ({
          python: `math.ldexp(${literal(x)}, ${i})`,
          ours: () => math.ldexp(x, i),
        })),
      ),
    );
  });
});

describe('sums, products and distances', () => {
  const list = (length: number): number[] => Array.from({ length }, magnitude);

  it('fsum, hypot and dist round as Python', () => {
    const cases: Case[] = [];
    for (let length = 0; length < 60; length++) {
      const [p, q] = [list(length), list(length)];
      cases.push({ python: `math.fsum(${literal(p)})`, ours: () => math.fsum(p) });
      cases.push({ python: `math.hypot(*${literal(p)})`, ours: () => math.hypot(...p) });
      cases.push({ python: `math.dist(${literal(p)}, ${literal(q)})`, ours: () => math.dist(p, q) });
    }
    for (const p of [
      [1e308, 1e308],
      [Infinity, -Infinity],
      [Infinity, 1],
      [NaN, 1],
      [1e-320, 3e-322],
      [1e16, 1, 1e-16],
      [0.1, 0.2, 0.3],
    ]) {
      cases.push({ python: `math.fsum(${literal(p)})`, ours: () => math.fsum(p) });
      cases.push({ python: `math.hypot(*${literal(p)})`, ours: () => math.hypot(...p) });
    }
    cases.push({ python: 'math.dist([1.0], [1.0, 2.0])', ours: () => math.dist([1], [1, 2]) });
    check(cases);
  });

  it('prod is exact while there are integers only', () => {
    check([
      { python: 'math.prod([])', ours: () => math.prod([]) },
      { python: 'math.prod([2, 3], start=5)', ours: () => math.prod([2, 3], { start: 5 }) },
      { python: 'math.prod([2**40, 3**40])', ours: () => math.prod([2n ** 40n, 3n ** 40n]) },
      { python: 'math.prod([2, 0.5, 3])', ours: () => math.prod([2, 0.5, 3]) },
    ]);
  });

  it('sumprod', () => {
    expect(math.sumprod([2, 3], [4, 5])).toBe(23);
    expect(math.sumprod([10, 1e-20, -10], [1e20, 1, 1e20])).toBe(1e-20);
    expect(math.sumprod([2n ** 60n], [8])).toBe(2n ** 63n);
    expect(math.sumprod([0.1, 0.2], [3, Infinity])).toBe(Infinity);
    expect(() => math.sumprod([1], [])).toThrow('Inputs are not the same length');
  });
});

it('integers are exact at any size', () => {
  const texts: [string, (...numbers: (number | bigint)[]) => unknown, (number | bigint)[]][] = [];
  for (const n of [0, 1, 2, 5, 20, 21, 60, -1]) texts.push(['factorial', math.factorial as never, [n]]);
  for (const n of [0, 1, 2, 3, 4, 15, 16, 17, 10n ** 40n, 10n ** 40n - 1n, 2n ** 106n, -1])
    texts.push(['isqrt', math.isqrt as never, [n]]);
  for (const [n, k] of [
    [5, 2],
    [0, 0],
    [3, 5],
    [100, 50],
    [10n ** 20n, 3],
    [-1, 2],
    [3, -2],
  ] as const) {
    texts.push(['comb', math.comb as never, [n, k]], ['perm', math.perm as never, [n, k]]);
  }
  for (const list of [[], [12], [12, -18], [0, 3], [2n ** 80n, 6], [3, 5, 7]])
    texts.push(['gcd', math.gcd as never, list], ['lcm', math.lcm as never, list]);
  texts.push(
    ['perm', math.perm as never, [4]],
    ['log', math.log as never, [10n ** 400n]],
    ['log2', math.log2 as never, [2n ** 1100n + 1n]],
    ['log10', math.log10 as never, [10n ** 400n - 1n]],
    ['sin', math.sin as never, [10n ** 400n]],
    ['floor', math.floor as never, [2n ** 70n]],
  );
  check(
    texts.map(([name, of, numbers]) => ({
      python: `math.${name}(${numbers.map(integer).join(', ')})`,
      ours: () => of(...numbers),
    })),
  );
  expect(math.floor(1e300)).toBe(BigInt(1e300));
});

it("constants are Python's", () => {
  check(
    (['pi', 'e', 'tau', 'inf', 'nan'] as const).map((name) => ({ python: `math.${name}`, ours: () => math[name] })),
  );
});

it("has every name of Python's module", () => {
  const file = join(folder, 'names.json');
  writeFileSync(file, JSON.stringify(["[name for name in dir(math) if not name.startswith('_')]"]));
  const [names] = python<{ value: string[] }[]>('python_math.py', [file]);
  expect(names!.value.filter((name) => !(name in math))).toEqual([]);
});

it('takes tensors and arrays with one element, as Python does', () => {
  expect(math.sin(torch.tensor(1))).toBe(math.sin(1));
  expect(math.exp(torch.tensor([0.5]).numpy())).toBe(math.exp(0.5));
  expect(() => math.sin(torch.ones(2))).toThrow();
});

it('steps of nextafter', () => {
  expect(math.nextafter(1, 2, { steps: 3 })).toBe(1 + 3 * 2 ** -52);
  expect(math.nextafter(0, -1, { steps: 2 })).toBe(-1e-323);
  expect(math.nextafter(1, 1 + 2 ** -52, { steps: 5 })).toBe(1 + 2 ** -52);
  expect(math.fma(0.1, 10, -1)).toBe(5.551115123125783e-17);
});

it.each<[string, () => unknown, string]>([
  [
    'no argument',
    () => (math.sin as (...args: unknown[]) => void)(),
    "sin() missing 1 required positional argument: 'x'",
  ],
  [
    'two arguments',
    () => (math.sin as (...args: unknown[]) => void)(1, 2),
    'sin() takes 1 positional argument but 2 were given',
  ],
  ['a text', () => math.sin('a' as never), "sin(): argument 'x' must be a real number, not str"],
  ['null', () => math.pow(null as never, 1), "pow(): argument 'x' must be a real number, not NoneType"],
  ['a fraction', () => math.factorial(2.5), "factorial(): argument 'x' must be an integer, not float"],
  [
    'an unknown option',
    () => math.isclose(1, 2, { tol: 1 } as never),
    "isclose() got an unexpected keyword argument 'tol'",
  ],
])('refuses %s', (_, call, message) => {
  expect(call).toThrow(new TypeError(message));
});
