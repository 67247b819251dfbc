/** np.random.default_rng: numpy's numbers for the same seed. */
import { createHash } from 'node:crypto';

import * as np from 'torch-node/numpy';
import { expect, it } from 'vitest';

import { python } from '../reference.js';
import { plain } from './plain.js';

type Rng = np.random.Generator;
const { default_rng } = np.random;
const shuffled = (rng: Rng, x: np.NDArray | unknown[]): unknown => {
  rng.shuffle(x);
  return x;
};

const rows: readonly (readonly [theirs: string, ours: (rng: Rng) => unknown])[] = [
  ['rng.random()', (rng) => rng.random()],
  ['rng.random((2, 2))', (rng) => rng.random([2, 2])],
  ['rng.random(5, dtype=np.float32)', (rng) => rng.random(5, { dtype: 'float32' })],
  ['rng.uniform(-1, 1, (2, 2))', (rng) => rng.uniform(-1, 1, [2, 2])],
  ['rng.uniform(low=2, high=3)', (rng) => rng.uniform({ low: 2, high: 3 })],
  ['rng.standard_normal()', (rng) => rng.standard_normal()],
  ['rng.standard_normal((3, 2))', (rng) => rng.standard_normal([3, 2])],
  ['rng.normal(1, 2, 5)', (rng) => rng.normal(1, 2, 5)],
  ['rng.normal(loc=3)', (rng) => rng.normal({ loc: 3 })],
  ['rng.integers(10)', (rng) => rng.integers(10)],
  ['rng.integers(-5, 5)', (rng) => rng.integers(-5, 5)],
  ['rng.integers(0, 6, 7, endpoint=True)', (rng) => rng.integers(0, 6, { size: 7, endpoint: true })],
  ['rng.integers(7, 8, 3)', (rng) => rng.integers(7, 8, 3)],
  ['rng.integers(0, 2**32, 5)', (rng) => rng.integers(0, 2 ** 32, 5)],
  ['rng.integers(0, 2**40, 5)', (rng) => rng.integers(0, 2 ** 40, 5)],
  ['rng.integers(-2**62, 2**62, 5)', (rng) => rng.integers(-(2n ** 62n), 2n ** 62n, 5)],
  ['rng.integers(3 * 2**30, size=50)', (rng) => rng.integers(3 * 2 ** 30, { size: 50 })],
  ['rng.integers(-3, 100000, size=9, dtype="int32")', (rng) => rng.integers(-3, 1e5, { size: 9, dtype: 'int32' })],
  ['rng.integers(100, size=9, dtype=np.uint8)', (rng) => rng.integers(100, { size: 9, dtype: np.uint8 })],
  ['rng.integers(256, size=9, dtype=np.uint8)', (rng) => rng.integers(256, { size: 9, dtype: np.uint8 })],
  ['rng.integers(-3, 1000, size=9, dtype=np.int16)', (rng) => rng.integers(-3, 1000, { size: 9, dtype: 'int16' })],
  ['rng.integers(0, 2, size=40, dtype=bool)', (rng) => rng.integers(0, 2, { size: 40, dtype: 'bool' })],
  ['rng.permutation(9)', (rng) => rng.permutation(9)],
  ['rng.permutation(np.arange(12).reshape(4, 3))', (rng) => rng.permutation(np.arange(12).reshape(4, 3))],
  ['rng.permutation([5, 6, 7])', (rng) => rng.permutation([5, 6, 7])],
  [
    'shuffled(list(range(11)))',
    (rng) =>
      shuffled(
        rng,
        Array.from({ length: 11 }, (_, i) => i),
      ),
  ],
  ['shuffled(np.arange(11) / 2)', (rng) => shuffled(rng, np.arange(11).div(2))],
  ['shuffled(np.arange(12).reshape(6, 2))', (rng) => shuffled(rng, np.arange(12).reshape(6, 2))],
  ['rng.choice(5)', (rng) => rng.choice(5)],
  ['rng.choice(5, 8)', (rng) => rng.choice(5, 8)],
  ['rng.choice(5, (2, 2), replace=False)', (rng) => rng.choice(5, [2, 2], { replace: false })],
  ['rng.choice(1000, 30, replace=False)', (rng) => rng.choice(1000, 30, { replace: false })],
  [
    'rng.choice(1000, 30, replace=False, shuffle=False)',
    (rng) => rng.choice(1000, 30, { replace: false, shuffle: false }),
  ],
  ['rng.choice(20000, 500, replace=False)', (rng) => rng.choice(20000, 500, { replace: false })],
  ['rng.choice(20000, 20000, replace=False)[:5]', (rng) => rng.choice(20000, 20000, { replace: false }).index(':5')],
  ['rng.choice([1.5, 2.5, 3.5], 6)', (rng) => rng.choice([1.5, 2.5, 3.5], 6)],
  ['rng.choice(4, 9, p=[0.1, 0.2, 0.3, 0.4])', (rng) => rng.choice(4, 9, { p: [0.1, 0.2, 0.3, 0.4] })],
  ['rng.choice(4, 3, False, [0.1, 0.2, 0.3, 0.4])', (rng) => rng.choice(4, 3, false, [0.1, 0.2, 0.3, 0.4])],
];

const start = `
rng = np.random.default_rng(7)
def shuffled(x):
    rng.shuffle(x)
    return x
`;
const numbers = python<unknown[]>('standard.py', [
  rows.map(([theirs]) => `${start}show([${theirs} for _ in range(3)])\nshow(rng.random())`),
]);

it.each(rows.map(([theirs, ours], i) => [theirs, ours, numbers[i]] as const))('%s', (_, ours, expected) => {
  const rng = default_rng(7);
  const drawn = Array.from({ length: 3 }, () => ours(rng));
  expect([plain(drawn), rng.random()]).toEqual(expected);
});

it('seeds of any size, and several', () => {
  const seeds = [0, 1, 2 ** 32, 123456789012345678901234567890n, [1, 2, 3], [2n ** 40n, 5, 6, 7, 8, 9]];
  const source = `show([np.random.default_rng(seed).random() for seed in [0, 1, 2**32, 123456789012345678901234567890, [1, 2, 3], [2**40, 5, 6, 7, 8, 9]]])`;
  expect([[seeds.map((seed) => default_rng(seed as number).random())]]).toEqual(python('standard.py', [[source]]));
});

it('draws from one generator when it is given one, and differs without a seed', () => {
  const rng = default_rng(3);
  expect(default_rng(rng)).toBe(rng);
  expect(default_rng().random()).not.toBe(default_rng().random());
});

it('a million normal numbers, to the last bit', () => {
  const drawn = default_rng(11).standard_normal(1_000_000);
  const ours = createHash('sha256')
    .update(new Uint8Array(Float64Array.from(drawn.tolist() as number[]).buffer))
    .digest('hex');
  const source =
    'import hashlib\nshow(hashlib.sha256(np.random.default_rng(11).standard_normal(1000000).tobytes()).hexdigest())';
  expect([[ours]]).toEqual(python('standard.py', [[source]]));
});

const errors: readonly (readonly [theirs: string, ours: (rng: Rng) => unknown])[] = [
  ['np.random.default_rng(-1)', () => default_rng(-1)],
  ['rng.integers(5, 5)', (rng) => rng.integers(5, 5)],
  ['rng.integers(0)', (rng) => rng.integers(0)],
  ['rng.integers(5, 4, endpoint=True)', (rng) => rng.integers(5, 4, { endpoint: true })],
  ['rng.integers(300, dtype=np.uint8)', (rng) => rng.integers(300, { size: 1, dtype: 'uint8' })],
  ["rng.integers(3, dtype='float32')", (rng) => rng.integers(3, { size: 1, dtype: 'float32' })],
  ["rng.random(2, dtype='int32')", (rng) => rng.random(2, { dtype: 'int32' })],
  ['rng.uniform(2, 1)', (rng) => rng.uniform(2, 1)],
  ['rng.uniform(0, np.inf)', (rng) => rng.uniform(0, Infinity)],
  ['rng.normal(0, -1)', (rng) => rng.normal(0, -1)],
  ['rng.choice(0)', (rng) => rng.choice(0)],
  ['rng.choice([])', (rng) => rng.choice([])],
  ['rng.choice(3, 4, replace=False)', (rng) => rng.choice(3, 4, { replace: false })],
  ['rng.choice(3, p=[0.5, 0.5])', (rng) => rng.choice(3, { p: [0.5, 0.5] })],
  ['rng.choice(3, p=[0.5, 0.6, 0.1])', (rng) => rng.choice(3, { p: [0.5, 0.6, 0.1] })],
  ['rng.choice(3, p=[1.5, -0.5, 0])', (rng) => rng.choice(3, { p: [1.5, -0.5, 0] })],
  ['rng.choice(3, 2, False, [1, 0, 0])', (rng) => rng.choice(3, 2, false, [1, 0, 0])],
];
const texts = python<[{ error: string }][]>('standard.py', [errors.map(([theirs]) => `${start}show(${theirs})`)]);

it.each(errors.map(([theirs, ours], i) => [theirs, ours, texts[i]![0].error] as const))(
  "%s throws numpy's text",
  (_, ours, error) => {
    expect(() => ours(default_rng(7))).toThrow(error.replace(/^\w*Error: /, ''));
  },
);
