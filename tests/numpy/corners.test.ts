/** Rare cases of arrays: no dimensions, floats that an integer type cannot hold, halves in printing, places in memory. */
import { Complex, NDArray } from 'torch-node';
import { format } from 'torch-node/python';
import { describe } from 'vitest';

import { array, type Case, check } from './values.js';

const floats = (...values: number[]): NDArray => new NDArray(Float64Array.from(values));
const zeros = (dtype: string): NDArray => new NDArray(new Float64Array(2)).astype(dtype);
const scalar = (value: number): NDArray => floats(value).reshape([]);
/** A text as an array, so that all of it is compared. */
const letters = (text: string): NDArray => new NDArray(Uint8Array.from(Buffer.from(text)));
const printed = (python: string, ours: () => NDArray): Case[] => [
  [`np.frombuffer(str(${python}).encode(), "u1")`, () => letters(String(ours()))],
  [`np.frombuffer(repr(${python}).encode(), "u1")`, () => letters(ours().repr())],
];
const laid = (python: string, ours: () => NDArray): Case => [
  `np.array(${python}.strides) // ${python}.itemsize`,
  () => new NDArray(BigInt64Array.from(ours().strides, BigInt)),
];

describe('an array without dimensions', () => {
  const whole = [
    'sum',
    'prod',
    'max',
    'min',
    'all',
    'any',
    'argmax',
    'argmin',
    'cumsum',
    'cumprod',
    'argsort',
    'squeeze',
  ] as const;
  const averages = ['mean', 'var', 'std'] as const;
  check('has an axis 0 for those that have one in numpy', [
    ...[0, -1, 1].flatMap((axis) =>
      [...whole, ...averages].map(
        (method): Case => [
          `np.array(5.).${method}(axis=${axis})`,
          () => (scalar(5)[method] as (options: { axis: number }) => unknown)({ axis }),
        ],
      ),
    ),
    ['np.ptp(np.array(5.), axis=0)', () => scalar(5).ptp(0)],
    ['np.array(5.).sum(axis=(0,))', () => scalar(5).sum({ axis: [0] })],
  ]);

  const matrix = (): NDArray => array('matrix_i4');
  const one = (): NDArray => new NDArray(BigInt64Array.of(1n)).reshape([]);
  const truth = (value: boolean): NDArray => scalar(Number(value)).astype('bool');
  check('is an index', [
    ['matrix_i4[np.array(1)]', () => matrix().index(one())],
    ['matrix_i4[np.array(1), np.array(1)]', () => matrix().index(one(), one())],
    ['matrix_i4[np.array(1), [0, 1]]', () => matrix().index(one(), [0, 1])],
    ['matrix_i4[..., np.array(1), np.array(1)]', () => matrix().index('...', one(), one())],
    [
      'b = matrix_i4[np.array(1)]; b[0] = 99; matrix_i4',
      () => {
        const a = matrix();
        a.index(one()).index_put_(0, 99);
        return a;
      },
    ],
    ['matrix_i4[np.array(True)]', () => matrix().index(truth(true))],
    ['matrix_i4[np.array(False)]', () => matrix().index(truth(false))],
    ['matrix_i4[0, np.array(True)]', () => matrix().index(0, truth(true))],
    ['matrix_i4[np.array(False), [0, 1]]', () => matrix().index(truth(false), [0, 1])],
    ['matrix_i4[0, np.array(False)] = 7; matrix_i4', () => matrix().index_put_([0, truth(false)], 7)],
  ]);
});

describe('a float in an array of integers', () => {
  const values: [string, number | Complex][] = [
    ['1e40', 1e40],
    ['-1e40', -1e40],
    ['1.5e10 + 0.25', 1.5e10 + 0.25],
    ['-2.25', -2.25],
    ['300.7', 300.7],
    ['-0.5', -0.5],
    ['2.0 ** 64', 2 ** 64],
    ['9.3e18', 9.3e18],
    ['inf', Infinity],
    ['nan', NaN],
  ];
  const types = ['bool', 'int8', 'uint8', 'int32', 'uint32', 'int64', 'uint64'];
  check(
    'must fit',
    types.flatMap((t) =>
      values.flatMap(([text, value]): Case[] => [
        [`a = np.zeros(2, "${t}"); a[0] = ${text}; a`, () => zeros(t).index_put_(0, value)],
        [
          `a = np.zeros(2, "${t}"); a.fill(${text}); a`,
          () => {
            const a = zeros(t);
            a.fill(value);
            return a;
          },
        ],
      ]),
    ),
  );
  check('may be complex for booleans', [
    ['a = np.zeros(2, "bool"); a[0] = 2j; a', () => zeros('bool').index_put_(0, new Complex(0, 2))],
  ]);
  // NaN, infinities and what is too large for uint32 depend on the processor's vector instructions.
  const far = [3e9, -3e9, 5e9, 3000000123, -3000000123, 1e20, NaN, Infinity, -Infinity];
  check(
    'is cast as C casts it',
    ['float32', 'float64'].flatMap((from) => [
      ...['int8', 'uint8', 'int16', 'uint16', 'int32', 'int64'].map(
        (to): Case => [
          `np.array([3e9, -3e9, 5e9, 3000000123., -3000000123., 1e20, nan, inf, -inf]).astype("${from}").astype("${to}")`,
          () =>
            floats(...far)
              .astype(from)
              .astype(to),
        ],
      ),
      [
        `np.array([3e9, 5e9, 3000000123.]).astype("${from}").astype("uint32")`,
        () => floats(3e9, 5e9, 3000000123).astype(from).astype('uint32'),
      ],
      [
        `np.array([3e9, 1.5e19, -2.]).astype("${from}").astype("uint64")`,
        () => floats(3e9, 1.5e19, -2).astype(from).astype('uint64'),
      ],
    ]),
  );
  check('is assigned from an array as C casts it', [
    [
      'a = np.zeros(2, "int32"); a[:] = np.array([3e9, nan]); a',
      () => zeros('int32').index_put_(':', floats(3e9, NaN)),
    ],
  ]);
});

check('an element takes no sequence', [
  ['long_f4[0] = [5.]; long_f4', () => array('long_f4').index_put_(0, [5.5])],
  ['long_i4[0] = np.array([5]); long_i4', () => array('long_i4').index_put_(0, floats(5))],
  ['long_c8[0] = np.array([5.]); long_c8', () => array('long_c8').index_put_(0, floats(5))],
  ['long_b1[0] = np.array([5.]); long_b1', () => array('long_b1').index_put_(0, floats(5))],
]);

const integers = ['i1', 'u1', 'i4', 'u4', 'i8', 'u8'];
check(
  'shifts by all bits, more, or a negative number leave the sign',
  integers.flatMap((t): Case[] => {
    const counts = [0, 1, 7, 8, 31, 32, 63, 64, 100];
    const all = t.startsWith('u') ? counts : [...counts, -1, -5];
    return all.flatMap((count): Case[] => [
      [`short_${t} << np.array(${count}, "${t}")`, () => array(`short_${t}`).left_shift(scalar(count).astype(t))],
      [`short_${t} >> np.array(${count}, "${t}")`, () => array(`short_${t}`).right_shift(scalar(count).astype(t))],
    ]);
  }),
);

check('clip takes integers beyond the limits where they bound nothing', [
  ['short_u4.clip(None, -2 ** 63)', () => array('short_u4').clip(null, -(2n ** 63n))],
  ['short_u4.clip(-5, 2 ** 40)', () => array('short_u4').clip(-5, 2 ** 40)],
  ['short_u8.clip(1, -2)', () => array('short_u8').clip(1, -2)],
  ['short_i2.clip(2 ** 31, None)', () => array('short_i2').clip(2 ** 31, null)],
  ['short_i2.clip(0.001, -2 ** 63)', () => array('short_i2').clip(0.001, -(2n ** 63n))],
  ['short_u2.clip(0.5, -129)', () => array('short_u2').clip(0.5, -129)],
  ['np.array([-0., 0., 2.]).clip(0, 1)', () => floats(-0, 0, 2).clip(0, 1)],
  ['np.array([nan, 0.25]).clip(0, nan)', () => floats(NaN, 0.25).clip(0, NaN)],
]);

check('real numbers are their own conjugates', [
  [
    'b = long_f4.conj(); b[0] = 7; long_f4',
    () => {
      const a = array('long_f4');
      a.conj().index_put_(0, 7);
      return a;
    },
  ],
]);

const complex = (): NDArray =>
  new NDArray(Float64Array.of(Infinity, 1, NaN, 2, 1, NaN, 0.5, -0), [4], { dtype: 'complex128' });
check('complex numbers that are not finite', [
  ['np.array([complex(inf, 1), 1j]).mean()', () => complex().index('0:1').mean()],
  ...['<', '<=', '>', '>='].map(
    (sign, i): Case => [
      `np.array([complex(inf, 1), complex(nan, 2), complex(1, nan), complex(0.5, -0.)]) ${sign} 0.75`,
      () => complex()[(['lt', 'le', 'gt', 'ge'] as const)[i]!](0.75),
    ],
  ),
  [
    'np.array([complex(inf, 1), complex(nan, 2), complex(1, nan), complex(0.5, -0.)]).mean(axis=0)',
    () => complex().mean(0),
  ],
]);

describe('printing', () => {
  const halves = (): NDArray => floats(11136, 0.0009765625, 26.125, 199.25, 1265.78125, 8496, 6076).astype('float16');
  const singles = (): NDArray => floats(452.69968, 1040.2297, 1265.78125).astype('float32');
  const large = (): NDArray => floats(15000000000.25, 1.5e10 + 0.5, -2e39 - 1e31);
  check('takes the even digit at a half, and drops zeros behind what is cut off', [
    ...printed('np.array([11136, 0.0009765625, 26.125, 199.25, 1265.78125, 8496, 6076], "f2")', halves),
    ...printed('np.array([26.125, 199.25], "f2")', () => floats(26.125, 199.25).astype('float16')),
    ...printed('np.array([8496., inf], "f2")', () => floats(8496, Infinity).astype('float16')),
    ...printed('np.array([452.69968, 1040.2297, 1265.78125], "f4")', singles),
    ...printed('np.array([15000000000.25, 1.5e10 + 0.5, -2e39 - 1e31])', large),
    ...printed('np.array(15000000000.25)', () => scalar(15000000000.25)),
    [
      'np.frombuffer(("%s %s %s" % (short_f4, short_f4.max(), short_f4[0])).encode(), "u1")',
      () => {
        const a = array('short_f4');
        // The numbers left the array before it was printed, which does not change what they are.
        const [most, first] = [a.max(), a.index(0)];
        return letters(format('%s %s %s', a, most, first));
      },
    ],
    ...printed('np.arange(2 ** 16, dtype="u2").view("f2")[:31744:53]', () => {
      const bits = Uint16Array.from({ length: 599 }, (_, i) => 53 * i);
      return new NDArray(bits, [599], { dtype: 'float16' });
    }),
  ]);
});

const cube = (): NDArray => array('cube_f4');
const [i, twice]: [number[], number[][]] = [
  [0, 2, 5],
  [
    [0, 1, 2],
    [3, 4, 5],
  ],
];
check('memory of what lists select', [
  laid('cube_f4[:, [0, 2, 5]]', () => cube().index(':', i)),
  laid('cube_f4[..., [0, 2, 5]]', () => cube().index('...', i)),
  laid('cube_f4[:, [[0, 1, 2], [3, 4, 5]]]', () => cube().index(':', twice)),
  laid('cube_f4.T[:, [0, 2, 5]]', () => cube().T.index(':', i)),
  laid('cube_f4[:, [0, 2, 5], [0, 2, 5]]', () => cube().index(':', i, i)),
  laid('cube_f4[[0, 2, 5], :, [0, 2, 5]]', () => cube().index(i, ':', i)),
  laid('cube_f4[:, cube_f4[0, :, 0] > 0]', () => cube().index(':', cube().index(0, ':', 0).gt(0))),
  ['tall_f4[:, [0, 2, 1]].sum()', () => array('tall_f4').index(':', [0, 2, 1]).sum()],
  [
    'wide_f4[:, ::-1][:, [0, 2, 1] * 3000].sum(axis=1)',
    () =>
      array('wide_f4')
        .index(':', '::-1')
        .index(':', new Array<number[]>(3000).fill([0, 2, 1]).flat())
        .sum({ axis: 1 }),
  ],
]);

check('reshape is a view where strides can say it', [
  ...(
    [
      ['cube_f4[:, :, ::2].reshape(13, 17, 2, 5)', (a) => a.index(':', ':', '::2').reshape(13, 17, 2, 5)],
      ['cube_f4[::2].reshape(7, -1)', (a) => a.index('::2').reshape(7, -1)],
      ['cube_f4[:, :4].reshape(13, 2, 2, 19)', (a) => a.index(':', ':4').reshape(13, 2, 2, 19)],
      ['cube_f4[:, 1::2].reshape(13, 4, 1, 2, 19, 1)', (a) => a.index(':', '1::2').reshape(13, 4, 1, 2, 19, 1)],
      ['cube_f4.T.reshape(19, -1)', (a) => a.T.reshape(19, -1)],
      ['cube_f4.T.reshape(19 * 17 * 13, order="F")', (a) => a.T.reshape(19 * 17 * 13, { order: 'F' })],
      ['cube_f4.reshape(13, 17, 19, order="F")', (a) => a.reshape(13, 17, 19, { order: 'F' })],
      ['cube_f4[::-1, 0, 0].reshape(13, 1)', (a) => a.index('::-1', 0, 0).reshape(13, 1)],
      ['cube_f4[:, 0, 0].reshape(-1)', (a) => a.index(':', 0, 0).reshape(-1)],
      ['cube_f4[:, 0, 0].ravel()', (a) => a.index(':', 0, 0).ravel()],
      ['cube_f4[:, 0:0].reshape(0, 5)', (a) => a.index(':', '0:0').reshape(0, 5)],
      ['cube_f4.T.ravel(order="F")', (a) => a.T.ravel('F')],
    ] as [string, (a: NDArray) => NDArray][]
  ).flatMap(([text, reshaped]): Case[] => [
    laid(text, () => reshaped(cube())),
    [
      `b = ${text}; b[...] = 7; cube_f4`,
      () => {
        const a = cube();
        reshaped(a).index_put_('...', 7);
        return a;
      },
    ],
  ]),
]);
