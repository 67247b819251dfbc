/** Arithmetic, comparison and conversion of NDArrays: numpy's types and bits. */
import { Complex, NDArray } from 'torch-node';
import { describe, expect, it } from 'vitest';

import { array, type Case, check } from './values.js';

const dtypes = ['b1', 'i1', 'u1', 'i2', 'u2', 'i4', 'u4', 'i8', 'u8', 'f2', 'f4', 'f8', 'c8', 'c16', 'small'];
const exact = {
  add: '+',
  sub: '-',
  div: '/',
  floor_divide: '//',
  mod: '%',
  bitwise_and: '&',
  bitwise_or: '|',
  bitwise_xor: '^',
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  mul: '*',
  pow: '**',
} as const;
type Method = keyof typeof exact;

/** Whose digits depend on the processor: numpy's powers of floats, and products of complex numbers. */
const is_loose = (method: Method, types: string): boolean =>
  (method === 'pow' && /[fc]\d/.test(types)) || (/mul/.test(method) && /c\d/.test(types));

/** Powers of complex numbers run out of range between these types. */
const is_wild = (method: Method, types: string): boolean => method === 'pow' && /c\d/.test(types);

describe.each(Object.keys(exact) as Method[])('%s', (method) => {
  const cases: Case[] = [];
  const loose: Case[] = [];
  for (const t of dtypes) {
    for (const u of dtypes) {
      if (is_wild(method, t + u) || (method === 'pow' && !/f/.test(t + u))) continue;
      const target = is_loose(method, t + u) ? loose : cases;
      target.push([
        `matrix_${t} ${exact[method]} matrix_${u}[5]`,
        () => array(`matrix_${t}`)[method](array(`matrix_${u}`).index(5)),
      ]);
      target.push([
        `matrix_${t}.T ${exact[method]} matrix_${u}.T`,
        () => array(`matrix_${t}`).T[method](array(`matrix_${u}`).T),
      ]);
    }
  }
  check('of arrays', cases.length > 0 ? cases : loose, cases.length > 0 ? 0 : 4);
  if (cases.length > 0 && loose.length > 0) check('of arrays of complex numbers', loose, 4);
});

const scalars: [python: string, value: number | bigint | boolean | Complex][] = [
  ['2', 2],
  ['-3', -3],
  ['0.5', 0.5],
  ['300', 300],
  ['True', true],
  ['(2.5+1j)', new Complex(2.5, 1)],
  ['2**40', 2 ** 40],
  ['2**63', 2n ** 63n],
  ['nan', NaN],
  ['inf', Infinity],
  ['0.1', 0.1],
  ['0', 0],
];

describe.each(dtypes)('a plain number is weak beside %s', (t) => {
  const cases: Case[] = [];
  const loose: Case[] = [];
  for (const method of Object.keys(exact) as Method[]) {
    for (const [text, value] of scalars) {
      const types = t + (value instanceof Complex ? 'c8' : text.includes('.') ? 'f8' : '');
      // A boolean squared is int8 in numpy, and any other power of it int64.
      if (is_wild(method, types) || (method === 'pow' && t === 'b1' && text === '2')) continue;
      (is_loose(method, types) ? loose : cases).push([
        `matrix_${t} ${exact[method]} ${text}`,
        () => array(`matrix_${t}`)[method](value),
      ]);
    }
  }
  check('exactly', cases);
  if (loose.length > 0) check('but for the last bits', loose, 4);
});

check(
  'powers of complex numbers',
  [
    ['(matrix_c16 / 100) ** 2', () => array('matrix_c16').div(100).pow(2)],
    ['abs(matrix_c8 / 3)', () => array('matrix_c8').div(3).abs()],
    ['short_c16 ** 0.5', () => array('short_c16').pow(0.5)],
    ['short_c16 ** -1', () => array('short_c16').pow(-1)],
    ['short_c16 ** (1+0.5j)', () => array('short_c16').pow(new Complex(1, 0.5))],
    ['short_c16 ** 0', () => array('short_c16').pow(0)],
  ],
  64,
);

check(
  'of one array',
  dtypes.flatMap((t): Case[] => {
    const a = (): NDArray => array(`matrix_${t}`);
    const name = `matrix_${t}`;
    return [
      [`-${name}`, () => a().neg()],
      [`~${name}`, () => a().bitwise_not()],
      ...(/c/.test(t) ? [] : [[`abs(${name})`, () => a().abs()] as Case]),
      [`${name}.round(2)`, () => a().round(2)],
      [`${name}.round()`, () => a().round()],
      [`${name}.round(-1)`, () => a().round(-1)],
      [`${name}.clip(-1, 2)`, () => a().clip(-1, 2)],
      [`${name}.clip(max=3)`, () => a().clip({ max: 3 })],
      [`${name}.conj()`, () => a().conj()],
      [`${name}.real`, () => a().real],
      [`${name}.imag`, () => a().imag],
      [
        `np.sort(${name}, kind="stable")`,
        () => {
          const sorted = a();
          sorted.sort();
          return sorted;
        },
      ],
      [
        `${name}.sort(0); ${name}`,
        () => {
          const sorted = a();
          sorted.sort(0);
          return sorted;
        },
      ],
      [`${name}.argsort(kind="stable")`, () => a().argsort()],
      [`${name}.argsort(axis=0, kind="stable")`, () => a().argsort(0)],
      [`${name}.argsort(axis=None, kind="stable")`, () => a().argsort(null)],
      [`${name}.nonzero()[1]`, () => a().nonzero()[1]],
      [
        `${name}.swapaxes(0, 1).reshape(53 * 37)`,
        () =>
          a()
            .swapaxes(0, 1)
            .reshape(53 * 37),
      ],
      [`${name}.reshape(53, 37, order="F")`, () => a().reshape(53, 37, { order: 'F' })],
      [`${name}.ravel("F")`, () => a().ravel('F')],
      [`${name}.T.ravel("K")`, () => a().T.ravel('K')],
      [`${name}.T.flatten("A")`, () => a().T.flatten('A')],
      [`${name}.copy("F")`, () => a().copy('F')],
    ];
  }),
);

check(
  'astype',
  dtypes.flatMap((t) =>
    dtypes
      .filter((u) => u !== 'small')
      .flatMap((u): Case[] =>
        // What is out of range of the integers is left to the processor.
        /f4|f8|c8|c16/.test(t) && /[iu]\d/.test(u)
          ? [[`(matrix_${t} % 100).astype("${u}")`, () => array(`matrix_${t}`).mod(100).astype(u)]]
          : [[`matrix_${t}.astype("${u}")`, () => array(`matrix_${t}`).astype(u)]],
      )
      .filter(([text]) => !/c\d+ %/.test(text)),
  ),
);

check('casting rules', [
  ['matrix_f4.astype("i4", casting="safe")', () => array('matrix_f4').astype('i4', { casting: 'safe' })],
  ['matrix_i4.astype("f4", casting="same_kind")', () => array('matrix_i4').astype('f4', { casting: 'same_kind' })],
  ['matrix_f8.astype("f4", casting="no")', () => array('matrix_f8').astype('f4', { casting: 'no' })],
  ['matrix_f8.astype("text")', () => array('matrix_f8').astype('text')],
]);

check(
  'in place',
  dtypes.flatMap((t) =>
    (['add_', 'sub_', 'mul_', 'div_', 'floor_divide_', 'mod_'] as const).flatMap((method): Case[] => {
      const operator = exact[method.slice(0, -1) as Method];
      const name = `matrix_${t}`;
      if (/c/.test(t) && method === 'mul_') return [];
      return [
        ['3', 3],
        ['0.5', 0.5],
        ['matrix_f4', undefined],
      ]
        .map(
          ([text, value]): Case => [
            `${name} ${operator}= ${text}; ${name}`,
            () => array(name)[method]((value as number | undefined) ?? array('matrix_f4')),
          ],
        )
        .filter(([text]) => !/c\d+ \*=/.test(text));
    }),
  ),
);

it('an operation in place writes to the memory it views', () => {
  const a = array('matrix_f8');
  a.index(':', '::2').mul_(0);
  expect(a.index(':', '::2').any()).toBe(false);
  expect(a.index(':', '1::2').all()).toBe(true);
});

check('shapes that do not fit', [
  ['matrix_f4 + short_f4', () => array('matrix_f4').add(array('short_f4'))],
  ['short_f4 += matrix_f4[:, :7]; short_f4', () => array('short_f4').add_(array('matrix_f4').index(':', ':7'))],
]);

it.each<[string, () => unknown, string]>([
  ['a text', () => array('short_f4').add('1' as never), "add(): argument 'other' must be NDArray or Number, not str"],
  ['null', () => array('short_f4').lt(null as never), "lt(): argument 'other' must be NDArray or Number, not NoneType"],
  [
    'two operands',
    () => (array('short_f4').mul as (...args: unknown[]) => void)(1, 2),
    'mul() takes 1 positional argument but 2 were given',
  ],
  [
    'an operand of neg',
    () => (array('short_f4').neg as (...args: unknown[]) => void)(1),
    'neg() takes 0 positional arguments but 1 was given',
  ],
])('refuses %s', (_, call, message) => {
  expect(call).toThrow(new TypeError(message));
});

it("JavaScript's operators are refused but for arrays without dimensions", () => {
  const a = array('short_f4') as unknown as number;
  expect(() => -a).toThrow(/methods: add\(\), mul\(\), neg\(\), gt\(\), eq\(\)/);
  expect(() => a > 1).toThrow(TypeError);
  expect(() => Number(a)).toThrow(TypeError);
  expect(`${String(a).slice(0, 1)}`).toBe('[');
  const single = new NDArray(Float32Array.of(2.5), []) as unknown as number;
  expect([single * 2, single > 2, Number(single), `${single}`]).toEqual([5, true, 2.5, '2.5']);
});

describe('what is calculated of arrays without dimensions', () => {
  const single = (t: string): NDArray => array(`short_${t}`).index(1, '...');
  const cases = ['b1', 'u1', 'i8', 'f2', 'f4', 'f8', 'c16'].flatMap((t): Case[] => {
    const [name, a] = [`short_${t}[1, ...]`, (): NDArray => single(t)];
    return [
      ...(['add', 'sub', 'mul', 'div', 'eq', 'ne', 'lt'] as const).map(
        (method): Case => [`${name} ${exact[method]} ${name}`, () => a()[method](a())],
      ),
      [`${name} + 1`, () => a().add(1)],
      [`${name} > 0.5`, () => a().gt(0.5)],
      [`-${name}`, () => a().neg()],
      [`~${name}`, () => a().bitwise_not()],
      ...(t === 'c16' ? [] : [[`abs(${name})`, () => a().abs()] as Case]),
      [`${name}.round()`, () => a().round()],
      [`${name}.round(-1)`, () => a().round(-1)],
      [`${name}.clip(0, 2)`, () => a().clip(0, 2)],
      [`${name}.conj()`, () => a().conj()],
      [`${name}.copy()`, () => a().copy()],
      [`${name} + short_${t}`, () => a().add(array(`short_${t}`))],
    ];
  });
  check('has the bits of numpy', cases);
  check(
    'is a scalar where it is one in numpy',
    cases.map(([text, ours]): Case => [`isinstance(${text}, np.ndarray)`, () => ours() instanceof NDArray]),
  );
});
