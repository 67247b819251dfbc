/** np.random: numpy's numbers for the same seed. */
import * as np from 'torch-node/numpy';
import { expect, it } from 'vitest';

import { python } from '../reference.js';
import { plain } from './plain.js';

const { random } = np;
const list = (): number[] => Array.from({ length: 11 }, (_, i) => i);

const rows: readonly (readonly [theirs: string, ours: () => unknown])[] = [
  ['np.random.rand()', () => random.rand()],
  ['np.random.rand(2, 3)', () => random.rand(2, 3)],
  ['np.random.randn(3)', () => random.randn(3)],
  ['np.random.randn()', () => random.randn()],
  ['np.random.random()', () => random.random()],
  ['np.random.random((2, 2))', () => random.random([2, 2])],
  ['np.random.random_sample(size=3)', () => random.random_sample({ size: 3 })],
  ['np.random.ranf(2)', () => random.ranf(2)],
  ['np.random.standard_normal(5)', () => random.standard_normal(5)],
  ['np.random.normal(1, 2, 5)', () => random.normal(1, 2, 5)],
  ['np.random.normal(loc=1, size=(2, 2))', () => random.normal({ loc: 1, size: [2, 2] })],
  ['np.random.normal(3)', () => random.normal(3)],
  ['np.random.uniform(-1, 1, (2, 2))', () => random.uniform(-1, 1, [2, 2])],
  ['np.random.uniform(low=2, high=3)', () => random.uniform({ low: 2, high: 3 })],
  ['np.random.exponential(2, 4)', () => random.exponential(2, 4)],
  ['np.random.standard_exponential()', () => random.standard_exponential()],
  ['np.random.randint(10)', () => random.randint(10)],
  ['np.random.randint(-5, 5)', () => random.randint(-5, 5)],
  ['np.random.randint(-80, 80, 20).reshape(20, 1)', () => random.randint(-80, 80, 20).reshape(20, 1)],
  ['np.random.randint(0, 2**40, 5)', () => random.randint(0, 2 ** 40, 5)],
  ['np.random.randint(-2**62, 2**62, 5)', () => random.randint(-(2n ** 62n), 2n ** 62n, 5)],
  ['np.random.randint(0, 2**32, 5)', () => random.randint(0, 2 ** 32, 5)],
  ['np.random.randint(7, 8, 3)', () => random.randint(7, 8, 3)],
  ['np.random.randint(100, size=9, dtype=np.uint8)', () => random.randint(100, { size: 9, dtype: np.uint8 })],
  ['np.random.randint(-3, 1000, size=9, dtype=np.int16)', () => random.randint(-3, 1000, { size: 9, dtype: 'int16' })],
  ['np.random.randint(-3, 100000, size=9, dtype="int32")', () => random.randint(-3, 1e5, { size: 9, dtype: 'int32' })],
  ['np.random.randint(0, 2, size=40, dtype=bool)', () => random.randint(0, 2, { size: 40, dtype: 'bool' })],
  ['np.random.permutation(9)', () => random.permutation(9)],
  ['np.random.permutation(np.arange(12).reshape(4, 3))', () => random.permutation(np.arange(12).reshape(4, 3))],
  ['np.random.permutation([5, 6, 7])', () => random.permutation([5, 6, 7])],
  [
    '(lambda x: (np.random.shuffle(x), x)[1])(list(range(11)))',
    () => {
      const x = list();
      random.shuffle(x);
      return x;
    },
  ],
  [
    '(lambda x: (np.random.shuffle(x), x)[1])(np.arange(11) / 2)',
    () => {
      const x = np.arange(11).div(2);
      random.shuffle(x);
      return x;
    },
  ],
  [
    '(lambda x: (np.random.shuffle(x), x)[1])(np.arange(12).reshape(6, 2))',
    () => {
      const x = np.arange(12).reshape(6, 2);
      random.shuffle(x);
      return x;
    },
  ],
  ['np.random.choice(5)', () => random.choice(5)],
  ['np.random.choice(5, 8)', () => random.choice(5, 8)],
  ['np.random.choice(5, (2, 2), replace=False)', () => random.choice(5, [2, 2], { replace: false })],
  ['np.random.choice([1.5, 2.5, 3.5], 6)', () => random.choice([1.5, 2.5, 3.5], 6)],
  ['np.random.choice([1.5, 2.5, 3.5])', () => random.choice([1.5, 2.5, 3.5])],
  ['np.random.choice(4, 9, p=[0.1, 0.2, 0.3, 0.4])', () => random.choice(4, 9, { p: [0.1, 0.2, 0.3, 0.4] })],
  ['np.random.choice(4, p=[0.1, 0.2, 0.3, 0.4])', () => random.choice(4, { p: [0.1, 0.2, 0.3, 0.4] })],
  ['np.random.choice(4, 3, False, [0.1, 0.2, 0.3, 0.4])', () => random.choice(4, 3, false, [0.1, 0.2, 0.3, 0.4])],
];

const numbers = python<unknown[]>('standard.py', [
  rows.map(([theirs]) => `np.random.seed(7)\nshow([${theirs} for _ in range(3)])\nshow(np.random.rand())`),
]);

it.each(rows.map(([theirs, ours], i) => [theirs, ours, numbers[i]] as const))('%s', (_, ours, expected) => {
  random.seed(7);
  const drawn = Array.from({ length: 3 }, ours);
  expect([plain(drawn), random.rand()]).toEqual(expected);
});

it('seeds of several words, states, and generators of their own', () => {
  const rng = new random.RandomState([1, 2, 3]);
  const first = [rng.rand(), rng.randn()];
  const [name, words, position, has, next] = rng.get_state();
  const later = [rng.randn(), rng.rand()];
  const [[expected]] = python<[[unknown[]]]>('standard.py', [
    [
      `
rng = np.random.RandomState([1, 2, 3])
first = [rng.rand(), rng.randn()]
name, words, position, has, next = rng.get_state()
show([first, [name, words.tolist(), position, has, next], [rng.randn(), rng.rand()]])`,
    ],
  ]);
  expect([first, [name, (words as np.NDArray).tolist(), position, has, next], later]).toEqual(expected);
  rng.set_state([name, words, position, has, next]);
  expect([rng.randn(), rng.rand()]).toEqual(later);
});

const draws: readonly (readonly [theirs: string, ours: () => unknown])[] = [
  ['np.random.binomial(10, 0.3, 20)', () => random.binomial(10, 0.3, 20)],
  ['np.random.binomial(200, 0.4, (5, 4))', () => random.binomial(200, 0.4, [5, 4])],
  ['np.random.binomial(5000, 0.5, 200)', () => random.binomial(5000, 0.5, 200)],
  ['np.random.binomial(100000, 0.93, 200)', () => random.binomial(100000, 0.93, 200)],
  ['np.random.binomial(1, 0.5)', () => random.binomial(1, 0.5)],
  ['np.random.binomial(0, 0.5, 2)', () => random.binomial(0, 0.5, 2)],
  ['np.random.binomial(5, 0.0, 2)', () => random.binomial(5, 0, 2)],
  ['np.random.beta(0.2, 0.2, 20)', () => random.beta(0.2, 0.2, 20)],
  ['np.random.beta(0.001, 0.001, 9)', () => random.beta(0.001, 0.001, 9)],
  ['np.random.beta(2, 0.5, 20)', () => random.beta(2, 0.5, { size: 20 })],
  ['np.random.beta(0.8, 0.8)', () => random.beta(0.8, 0.8)],
  ['np.random.gamma(0.5, 2, 20)', () => random.gamma(0.5, 2, 20)],
  ['np.random.standard_gamma(7.5, 20)', () => random.standard_gamma(7.5, 20)],
  ['np.random.standard_gamma(1, 3)', () => random.standard_gamma(1, 3)],
  ['np.random.dirichlet([0.5, 2, 3], 6)', () => random.dirichlet([0.5, 2, 3], 6)],
  ['np.random.dirichlet((1, 1))', () => random.dirichlet([1, 1])],
];
const drawn = python<unknown[][]>('standard.py', [
  draws.map(([theirs]) => `np.random.seed(7)\ny = ${theirs}\nshow(y, np.random.rand())`),
]);

it.each(draws.map(([theirs, ours], i) => [theirs, ours, drawn[i]!] as const))(
  "%s gives numpy's numbers",
  (_, ours, expected) => {
    random.seed(7);
    expect([plain(ours()), random.rand()]).toEqual(expected);
  },
);

const errors: readonly (readonly [theirs: string, ours: () => unknown])[] = [
  [
    'np.random.seed(-1)',
    () => {
      random.seed(-1);
    },
  ],
  [
    'np.random.seed([])',
    () => {
      random.seed([]);
    },
  ],
  [
    'np.random.seed([[1]])',
    () => {
      random.seed([[1]]);
    },
  ],
  ['np.random.normal(0, -1)', () => random.normal(0, -1)],
  ['np.random.uniform(0, np.inf)', () => random.uniform(0, np.inf)],
  ['np.random.randint(0)', () => random.randint(0)],
  ['np.random.randint(5, 2)', () => random.randint(5, 2)],
  ['np.random.randint(300, size=2, dtype=np.uint8)', () => random.randint(300, { size: 2, dtype: 'uint8' })],
  ['np.random.randint(-1, 5, size=2, dtype=np.uint8)', () => random.randint(-1, 5, { size: 2, dtype: 'uint8' })],
  ['np.random.binomial(-1, 0.5)', () => random.binomial(-1, 0.5)],
  ['np.random.binomial(1, 1.5)', () => random.binomial(1, 1.5)],
  ['np.random.beta(0, 1)', () => random.beta(0, 1)],
  ['np.random.gamma(-1)', () => random.gamma(-1)],
  ['np.random.choice(0)', () => random.choice(0)],
  ['np.random.choice([])', () => random.choice([])],
  ['np.random.choice([[1]])', () => random.choice([[1]])],
  ['np.random.choice(2, 3, replace=False)', () => random.choice(2, 3, { replace: false })],
  ['np.random.choice(2, 3, p=[0.5, 0.4])', () => random.choice(2, 3, { p: [0.5, 0.4] })],
  ['np.random.choice(2, 3, p=[1.5, -0.5])', () => random.choice(2, 3, { p: [1.5, -0.5] })],
  ['np.random.choice(2, 3, p=[1])', () => random.choice(2, 3, { p: [1] })],
  ['np.random.choice(2, 3, p=[0.5, np.nan])', () => random.choice(2, 3, { p: [0.5, NaN] })],
  ['np.random.choice(2, 2, False, [1, 0])', () => random.choice(2, 2, false, [1, 0])],
];
const texts = python<[{ error: string }][]>('standard.py', [errors.map(([theirs]) => theirs)]);

it.each(errors.map(([theirs, ours], i) => [theirs, ours, texts[i]![0].error] as const))(
  "%s throws numpy's text",
  (_, ours, error) => {
    expect(ours).toThrow(error.replace(/^\w*Error: /, ''));
  },
);
