/** Brackets of NDArrays: what numpy selects, shares and assigns. */
import * as torch from 'torch-node';
import { Complex, NDArray, type NDArraySubscript, type NDArrayValue } from 'torch-node';
import { describe, expect, it } from 'vitest';

import { array, type Case, check } from './values.js';

const mask = (name: string): NDArray => array(name).gt(0);
const ints = (...values: number[]): NDArray => new NDArray(BigInt64Array.from(values, BigInt));

/** Python's brackets, and the same here. */
const brackets: [python: string, subscripts: (name: string) => NDArraySubscript[]][] = [
  ['0', () => [0]],
  ['-1', () => [-1]],
  ['1, 2', () => [1, 2]],
  ['1, 2, 3', () => [1, 2, 3]],
  ['1, 2, 3, 4', () => [1, 2, 3, 4]],
  [':2', () => [':2']],
  ['1:3', () => ['1:3']],
  ['::-1', () => ['::-1']],
  ['5:1:-2', () => ['5:1:-2']],
  ['-3:', () => ['-3:']],
  [':-1:2, ::3', () => [':-1:2', '::3']],
  ['100:', () => ['100:']],
  ['3:1', () => ['3:1']],
  [':, 0', () => [':', 0]],
  ['..., 0', () => ['...', 0]],
  ['...', () => ['...']],
  ['0, ...', () => [0, '...']],
  ['None', () => [null]],
  [':, None, 1', () => [':', null, 1]],
  ['..., None', () => ['...', null]],
  ['..., ::-2', () => ['...', '::-2']],
  ['[0, 2]', () => [[0, 2]]],
  [
    '[[0, 1], [2, -1]]',
    () => [
      [
        [0, 1],
        [2, -1],
      ],
    ],
  ],
  [':, [0, 2]', () => [':', [0, 2]]],
  [
    '[0, 2], [1, 3]',
    () => [
      [0, 2],
      [1, 3],
    ],
  ],
  ['[0, 2], :, [1, 3]', () => [[0, 2], ':', [1, 3]]],
  [':, [0, 2], [1, 3]', () => [':', [0, 2], [1, 3]]],
  ['1, :, [1, 3]', () => [1, ':', [1, 3]]],
  ['1, [1, 3]', () => [1, [1, 3]]],
  [
    '[[0], [1]], [0, 2, 3]',
    () => [
      [[0], [1]],
      [0, 2, 3],
    ],
  ],
  ['[]', () => [[]]],
  ['np.array([2, 0])', () => [ints(2, 0)]],
  ['{} > 0', (name) => [mask(name)]],
  [':, {}[0] > 0', (name) => [':', mask(name).index(0)]],
  ['{}[:, 0] > 0', (name) => [mask(name).index(':', 0)]],
  ['True', () => [true]],
  ['False', () => [false]],
  ['None, [0, 1], None', () => [null, [0, 1], null]],
  ['1:9:2', () => [torch.slice(1, 9n, 2)]],
  [':-1', () => [torch.slice.to(-1)]],
  // Errors.
  ['99', () => [99]],
  [':, 99', () => [':', 99]],
  ['0, 0, 0, 0, 0, 0, 0', () => [0, 0, 0, 0, 0, 0, 0]],
  ['..., ...', () => ['...', '...']],
  ['::0', () => ['::0']],
  ['[0, 99]', () => [[0, 99]]],
  ['np.array([1.5])', () => [new NDArray(Float64Array.of(1.5))]],
  ['[True, False]', () => [[true, false]]],
  [
    '[0, 1], [0, 1, 2]',
    () => [
      [0, 1],
      [0, 1, 2],
    ],
  ],
  ['1.5', () => [1.5]],
  ["'a'", () => ['a']],
];

describe.each(['matrix_f4', 'cube_f4', 'deep_i8', 'cube_c8', 'cube_f2'])('%s', (name) => {
  check(
    'selects as numpy',
    brackets.flatMap(([text, make]): Case[] => [
      [`${name}[${text.replaceAll('{}', name)}]`, () => array(name).index(...make(name))],
      ...(text.includes('{}') ? [] : [[`${name}.T[${text}]`, () => array(name).T.index(...make(name))] as Case]),
    ]),
  );

  check(
    'assigns as numpy',
    brackets.flatMap(([text, make]): Case[] => [
      [`${name}[${text.replaceAll('{}', name)}] = 7; ${name}`, () => array(name).index_put_(make(name), 7)],
      [
        `${name}[::-1][${text.replaceAll('{}', name)}] = ${name}.ravel()[5]; ${name}`,
        () => {
          const a = array(name);
          a.index('::-1').index_put_(make(name), a.ravel().get(5));
          return a;
        },
      ],
    ]),
  );
});

const values: [python: string, value: () => NDArrayValue][] = [
  ['np.arange(53)', () => torch.arange(53).numpy()],
  ['np.arange(37)[:, None]', () => torch.arange(37).numpy().index(':', null)],
  ['[1.5] * 53', () => new Array<number>(53).fill(1.5)],
  ['[[1], [2]] * 18 + [[3]]', () => [...Array.from({ length: 36 }, (_, i) => [1 + (i % 2)]), [3]]],
  ['0.7', () => 0.7],
  ['True', () => true],
  ['-1', () => -1],
  ['300', () => 300],
  ['nan', () => NaN],
  ['inf', () => Infinity],
  ['1+2j', () => new Complex(1, 2)],
  ['np.zeros((3, 3))', () => torch.zeros(3, 3).to(torch.float64).numpy()],
  ['np.ones((1, 1, 53), "f4")', () => torch.ones(1, 1, 53)],
  ['np.arange(53, dtype="f4")', () => Float32Array.from({ length: 53 }, (_, i) => i)],
];

describe.each(['f4', 'f2', 'u1', 'i8', 'b1', 'c8'])('values assigned to %s', (dtype) => {
  const name = `matrix_${dtype}`;
  check(
    'are converted and broadcast',
    values
      .filter(([text]) => !(dtype !== 'c8' && text === '1+2j') && !(/u1|i8/.test(dtype) && /nan|inf/.test(text)))
      .map(([text, value]): Case => [`${name}[...] = ${text}; ${name}`, () => array(name).index_put_('...', value())]),
  );
});

check('values whose shape does not fit', [
  [
    'cube_f4[[0, 2], :, [1, 3]] = cube_f4[0, 0]; cube_f4',
    () => array('cube_f4').index_put_([[0, 2], ':', [1, 3]], array('cube_f4').index(0, 0)),
  ],
  ['cube_f4[1] = cube_f4[:, 0]; cube_f4', () => array('cube_f4').index_put_(1, array('cube_f4').index(':', 0))],
]);

check('an array assigned to a part of itself', [
  [
    'long_f4[1:] = long_f4[:-1]; long_f4',
    () => {
      const a = array('long_f4');
      return a.index_put_('1:', a.index(':-1'));
    },
  ],
  [
    'matrix_f4[:] = matrix_f4[::-1]; matrix_f4',
    () => {
      const a = array('matrix_f4');
      return a.index_put_(':', a.index('::-1'));
    },
  ],
]);

it('slices share memory, lists and masks do not', () => {
  const x = torch.arange(12).view(3, 4);
  const a = x.numpy();
  a.index('1:', '::2').fill(-1);
  expect(x.tolist()).toEqual([
    [0, 1, 2, 3],
    [-1, 5, -1, 7],
    [-1, 9, -1, 11],
  ]);
  a.index([0]).fill(9);
  a.index(a.lt(0)).fill(9);
  expect(x.tolist()).toEqual([
    [0, 1, 2, 3],
    [-1, 5, -1, 7],
    [-1, 9, -1, 11],
  ]);
  a.index_put_(a.lt(0), 100);
  expect(x.index(1).tolist()).toEqual([100, 5, 100, 7]);
});

it('iterates over rows, and over numbers', () => {
  const a = torch.arange(6).view(2, 3).numpy();
  const rows: unknown[] = [];
  let total = 0;
  for (const row of a) {
    rows.push(row.sum());
    for (const value of row) total += value;
  }
  expect([rows, total, a.length]).toEqual([[3, 12], 15, 2]);
  expect(() => [...torch.tensor(1).numpy()]).toThrow(new TypeError('iteration over a 0-d array'));
});

it('is nested lists in JSON', () => {
  expect(
    JSON.stringify({
      a: torch
        .tensor([
          [1, 2.5],
          [-0.5, 4],
        ])
        .numpy(),
      b: torch.tensor(true).numpy(),
    }),
  ).toBe('{"a":[[1,2.5],[-0.5,4]],"b":true}');
});

it('item takes flat and full indices', () => {
  const a = torch.arange(6).view(2, 3).numpy();
  expect([a.item(4), a.item(-1), a.T.item(1), a.item(1, 2), a.item([0, 1])]).toEqual([4, 5, 3, 5, 1]);
  expect(() => a.item(6)).toThrow('index 6 is out of bounds for size 6');
  expect(() => a.item(1, 2, 0)).toThrow('incorrect number of indices for array');
});

it.each<[string, () => unknown, string]>([
  ['an option', () => array('short_f4').index({ a: 1 } as never), "index() got an unexpected keyword argument 'a'"],
  [
    'a Map',
    () => array('short_f4').index(new Map() as never),
    "index(): argument 'subscripts' must be an integer, a slice, '...', null, or an integer or boolean array, not dict",
  ],
  [
    'a value that is not one',
    () => array('short_f4').index_put_(0, 'a' as never),
    "index_put_(): argument 'values' must be NDArray, Tensor, Number, typed array or list, not str",
  ],
  [
    'ragged lists',
    () => array('matrix_f4').index_put_([':', ':2'], [[1, 2], [3]]),
    'index_put_(): setting an array element with a sequence. The lists differ in length',
  ],
])('refuses %s', (_, call, message) => {
  expect(call).toThrow(message);
});
