/** Python's random numbers: the same draws for the same seed, states, and the texts of errors. */
import { random, Tuple } from 'torch-node/python';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';

/** The values of Python expressions, as JSON. */
function shown(source: string): unknown[] {
  const [all] = python<[unknown[]]>('standard.py', [[source]]);
  return all;
}
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each)));

describe('the same seed gives the numbers of Python', () => {
  it.each([
    ['0', 0],
    ['42', 42],
    ['-7', -7],
    ['2**31', 2 ** 31],
    ['2**70 + 3', 2n ** 70n + 3n],
    ['True', true],
    ['"cat"', 'cat'],
    ['"größer"', 'größer'],
    ['""', ''],
    ['b"\\x00\\xff"', Uint8Array.of(0, 255)],
    ['0.5', 0.5],
    ['-1234.0625', -1234.0625],
    ['1e-300', 1e-300],
    ['float("inf")', Infinity],
  ] as const)('%s', (theirs, ours) => {
    random.seed(ours);
    const drawn = [random.random(), random.random(), random.getrandbits(7), String(random.getrandbits(100))];
    expect([drawn]).toEqual(
      shown(`
random.seed(${theirs})
show([random.random(), random.random(), random.getrandbits(7), str(random.getrandbits(100))])`),
    );
  });

  it('after many numbers, and by the class', () => {
    const rng = new random.Random(5);
    const drawn = Array.from({ length: 2000 }, () => rng.random());
    expect([drawn]).toEqual(shown('rng = random.Random(5)\nshow([rng.random() for _ in range(2000)])'));
  });

  it.each([
    ['randint', 'random.randint(1, 6)', () => random.randint(1, 6)],
    [
      'randint of big integers',
      'str(random.randint(-2**80, 2**80))',
      () => String(random.randint(-(2n ** 80n), 2n ** 80n)),
    ],
    ['randint beyond 32 bits', 'random.randint(0, 2**40)', () => random.randint(0, 2 ** 40)],
    ['randrange', 'random.randrange(10)', () => random.randrange(10)],
    ['randrange with a step', 'random.randrange(3, 30, 4)', () => random.randrange(3, 30, 4)],
    ['randrange downwards', 'random.randrange(30, 3, -4)', () => random.randrange(30, 3, -4)],
    ['choice', 'random.choice("abcdef")', () => random.choice('abcdef')],
    ['choice of an iterable', 'random.choice(range(5))', () => random.choice(new Set([0, 1, 2, 3, 4]))],
    ['choices', 'random.choices([1, 2, 3], k=4)', () => random.choices([1, 2, 3], { k: 4 })],
    [
      'choices by weights',
      'random.choices("abc", [1, 2.5, 4], k=5)',
      () => random.choices('abc', [1, 2.5, 4], { k: 5 }),
    ],
    [
      'choices by accumulated weights',
      'random.choices("abc", cum_weights=[1, 3, 9], k=5)',
      () => random.choices('abc', { cum_weights: [1, 3, 9], k: 5 }),
    ],
    ['sample of few', 'random.sample([1, 2, 3, 4, 5], 3)', () => random.sample([1, 2, 3, 4, 5], 3)],
    [
      'sample of many',
      'random.sample(range(1000), 8)',
      () =>
        random.sample(
          Array.from({ length: 1000 }, (_, i) => i),
          8,
        ),
    ],
    ['sample with counts', 'random.sample("ab", 4, counts=[3, 5])', () => random.sample('ab', 4, { counts: [3, 5] })],
    [
      'shuffle',
      '(lambda x: (random.shuffle(x), x)[1])(list(range(9)))',
      () => {
        const list = [0, 1, 2, 3, 4, 5, 6, 7, 8];
        random.shuffle(list);
        return list;
      },
    ],
    ['randbytes', 'list(random.randbytes(7))', () => [...random.randbytes(7)]],
    ['uniform', 'random.uniform(-2, 0.5)', () => random.uniform(-2, 0.5)],
    ['triangular', 'random.triangular(1, 5, 2)', () => random.triangular(1, 5, 2)],
    ['triangular by default', 'random.triangular()', () => random.triangular()],
    ['gauss', 'random.gauss(1, 2)', () => random.gauss(1, 2)],
    ['normalvariate', 'random.normalvariate(1, 2)', () => random.normalvariate(1, 2)],
    ['lognormvariate', 'random.lognormvariate(0.5, 1)', () => random.lognormvariate(0.5, 1)],
    ['expovariate', 'random.expovariate(2)', () => random.expovariate(2)],
    ['gammavariate above 1', 'random.gammavariate(2.5, 3)', () => random.gammavariate(2.5, 3)],
    ['gammavariate of 1', 'random.gammavariate(1, 3)', () => random.gammavariate(1, 3)],
    ['gammavariate below 1', 'random.gammavariate(0.3, 3)', () => random.gammavariate(0.3, 3)],
    ['betavariate', 'random.betavariate(0.5, 2)', () => random.betavariate(0.5, 2)],
    ['paretovariate', 'random.paretovariate(3)', () => random.paretovariate(3)],
    ['weibullvariate', 'random.weibullvariate(2, 3)', () => random.weibullvariate(2, 3)],
  ] as const)('%s', (_, theirs, ours) => {
    random.seed(11);
    const drawn = Array.from({ length: 40 }, () => (ours as () => unknown)());
    expect(plain([drawn])).toEqual(shown(`random.seed(11)\nshow([${theirs} for _ in range(40)])`));
  });
});

describe('a state', () => {
  it("is Python's, and continues there", () => {
    random.seed(3);
    random.gauss(0, 1);
    const state = random.getstate();
    const drawn = [random.random(), random.gauss(0, 1)];
    const [theirs, after] = shown(`
random.seed(3)
random.gauss(0, 1)
show(random.getstate())
show([random.random(), random.gauss(0, 1)])`);
    expect(plain(state)).toEqual(theirs);
    expect(state).toBeInstanceOf(Tuple);
    expect(drawn).toEqual(after);
    const other = new random.Random();
    other.setstate(theirs as unknown[]);
    expect([other.random(), other.gauss(0, 1)]).toEqual(drawn);
  });

  it('of a seed left out differs from time to time', () => {
    random.seed();
    const first = random.random();
    random.seed();
    expect(random.random()).not.toBe(first);
  });
});

it.each([
  ['random.choice([])', () => random.choice([])],
  ['random.sample([1], 2)', () => random.sample([1], 2)],
  ['random.sample([1], 1, counts=[0])', () => random.sample([1], 1, { counts: [0] })],
  ['random.randrange(0)', () => random.randrange(0)],
  ['random.randrange(5, 2)', () => random.randrange(5, 2)],
  ['random.randrange(5, 2, 3)', () => random.randrange(5, 2, 3)],
  ['random.randrange(1, 2, 0)', () => random.randrange(1, 2, 0)],
  ['random.randint(5, 2)', () => random.randint(5, 2)],
  ['random.choices([1, 2], [1])', () => random.choices([1, 2], [1])],
  ['random.choices([1, 2], [0, 0])', () => random.choices([1, 2], [0, 0])],
  ['random.choices([1], [1], cum_weights=[1])', () => random.choices([1], [1], { cum_weights: [1] })],
  ['random.gammavariate(0, 1)', () => random.gammavariate(0, 1)],
  ['random.getrandbits(-1)', () => random.getrandbits(-1)],
  [
    'random.setstate((1, (), None))',
    () => {
      random.setstate(Tuple.of<unknown>(1, Tuple.of(), null));
    },
  ],
  [
    'random.setstate((3, (1, 2), None))',
    () => {
      random.setstate(Tuple.of<unknown>(3, Tuple.of(1, 2), null));
    },
  ],
])("%s throws Python's text", (theirs, ours) => {
  const [{ error }] = shown(theirs) as [{ error: string }];
  expect(ours).toThrow(error.replace(/^\w*Error: /, ''));
});
