/** Reductions of NDArrays: numpy's numbers to the last bit, whatever the shape, the axis and the order in memory. */
import type { NDArray } from 'torch-node';
import { describe, expect, it } from 'vitest';

import { array, type Case, check } from './values.js';

const views: [python: string, view: (a: NDArray) => NDArray][] = [
  ['{}', (a) => a],
  ['{}.T', (a) => a.T],
  ['{}[::-1]', (a) => a.index('::-1')],
  ['{}[..., ::2]', (a) => a.index('...', '::2')],
  ['{}[..., ::-1]', (a) => a.index('...', '::-1')],
  ['{}[1:]', (a) => a.index('1:')],
];
const shapes = ['long', 'short', 'block', 'over', 'matrix', 'wide', 'tall', 'cube', 'thin', 'deep', 'one'];
type Axis = number | number[] | null;

function axes_of(a: NDArray, several: boolean): Axis[] {
  const axes: Axis[] = [null, ...a.shape.keys()];
  return several && a.ndim >= 3 ? [...axes, [0, 1], [0, 2], [1, 2], [-1, 0]] : axes;
}

const axis_text = (axis: Axis): string =>
  axis === null ? 'None' : Array.isArray(axis) ? `(${axis.join(',')})` : String(axis);

type Reduce = 'sum' | 'mean' | 'var' | 'std' | 'prod' | 'max' | 'min' | 'all' | 'any';

function reduced(a: NDArray, operation: Reduce, axis: Axis): unknown {
  return (a[operation] as (options: { axis: Axis; keepdims: true }) => unknown).call(a, { axis, keepdims: true });
}

function cases_of(operation: Reduce, dtype: string): Case[] {
  return shapes.flatMap((shape) =>
    views.flatMap(([text, view]) => {
      const name = `${shape}_${dtype}`;
      if (shape === 'one' && text !== '{}') return [];
      return axes_of(view(array(name)), true).map(
        (axis): Case => [
          `${text.replace('{}', name)}.${operation}(axis=${axis_text(axis)}, keepdims=True)`,
          () => reduced(view(array(name)), operation, axis),
        ],
      );
    }),
  );
}

describe.each(['f4', 'f8', 'f2', 'c8', 'c16'])('of %s', (dtype) => {
  check('sum', cases_of('sum', dtype));
  check('mean', cases_of('mean', dtype));
  check('var', cases_of('var', dtype));
});

describe.each(['f4', 'f2'])('of %s, more', (dtype) => {
  check('std', cases_of('std', dtype));
  check('prod', cases_of('prod', dtype));
  check('max', cases_of('max', dtype));
});

describe.each(['i1', 'u2', 'i8', 'u8', 'b1'])('of %s', (dtype) => {
  const operations: Reduce[] = ['sum', 'mean', 'prod', 'min', 'max', 'all', 'any', 'std'];
  check(
    'all reductions',
    operations.flatMap((operation) =>
      cases_of(operation, dtype).filter((_, i) => i % 3 === operations.indexOf(operation) % 3),
    ),
  );
});

// numpy multiplies complex numbers with fused operations where the processor has them.
check(
  'products of complex numbers',
  ['short', 'thin', 'one'].flatMap((shape) =>
    ['c8', 'c16'].flatMap((dtype) => {
      const name = `${shape}_${dtype}`;
      return axes_of(array(name), true).map(
        (axis): Case => [`${name}.prod(axis=${axis_text(axis)})`, () => array(name).prod({ axis })],
      );
    }),
  ),
  16,
);

describe('positions and running sums', () => {
  for (const operation of ['argmax', 'argmin'] as const) {
    check(
      operation,
      ['f4', 'i8', 'b1', 'c8', 'f2', 'u1'].flatMap((dtype) =>
        shapes.flatMap((shape) => {
          const name = `${shape}_${dtype}`;
          return axes_of(array(name), false).flatMap((axis): Case[] => [
            [
              `${name}.${operation}(axis=${axis_text(axis)})`,
              () => array(name)[operation]({ axis: axis as number | null }),
            ],
            [
              `${name}.T.${operation}(axis=${axis_text(axis)}, keepdims=True)`,
              () => array(name).T[operation]({ axis: axis as number | null, keepdims: true }),
            ],
          ]);
        }),
      ),
    );
  }
  check(
    'cumsum and cumprod',
    ['f4', 'f2', 'f8', 'i1', 'u8', 'b1'].flatMap((dtype) =>
      shapes.flatMap((shape) => {
        const name = `${shape}_${dtype}`;
        return axes_of(array(name), false).flatMap((axis): Case[] => [
          [`${name}.cumsum(axis=${axis_text(axis)})`, () => array(name).cumsum({ axis: axis as number | null })],
          [
            `${name}[::-1].cumprod(axis=${axis_text(axis)})`,
            () =>
              array(name)
                .index('::-1')
                .cumprod({ axis: axis as number | null }),
          ],
        ]);
      }),
    ),
  );
});

check('types, initial values, degrees of freedom, empty arrays, NaN', [
  ['matrix_f4.sum(dtype=np.float64)', () => array('matrix_f4').sum({ dtype: 'float64' })],
  ['long_f4.sum(dtype="f8")', () => array('long_f4').sum(null, 'f8')],
  ['wide_f4.mean(axis=1, dtype="f8")', () => array('wide_f4').mean(1, 'float64')],
  ['wide_f4.T.mean(0, "f8")', () => array('wide_f4').T.mean(0, 'float64')],
  ['matrix_i1.sum(dtype="i1")', () => array('matrix_i1').sum({ dtype: 'i1' })],
  ['matrix_i1.sum(dtype=float)', () => array('matrix_i1').sum({ dtype: 'float' })],
  ['matrix_f4.sum(initial=5)', () => array('matrix_f4').sum({ initial: 5 })],
  ['matrix_f4.max(initial=1e30)', () => array('matrix_f4').max({ initial: 1e30 })],
  ['matrix_f4.min(axis=0, initial=-3)', () => array('matrix_f4').min({ axis: 0, initial: -3 })],
  ['matrix_f4.prod(axis=1, initial=2)', () => array('matrix_f4').prod({ axis: 1, initial: 2 })],
  ['matrix_f4.var(ddof=1)', () => array('matrix_f4').var({ ddof: 1 })],
  ['matrix_f8.std(axis=0, ddof=1)', () => array('matrix_f8').std(0, { ddof: 1 })],
  ['matrix_i4.var(axis=1, ddof=1)', () => array('matrix_i4').var(1, { ddof: 1 })],
  ['matrix_f4.std(dtype="f8")', () => array('matrix_f4').std({ dtype: 'float64' })],
  ['empty_f4.sum()', () => array('empty_f4').sum()],
  ['empty_f4.sum(axis=0)', () => array('empty_f4').sum(0)],
  ['empty_f4.mean(axis=0)', () => array('empty_f4').mean(0)],
  ['empty_f4.prod()', () => array('empty_f4').prod()],
  ['empty_f4.max(axis=1)', () => array('empty_f4').max(1)],
  ['empty_f4.max(axis=0)', () => array('empty_f4').max(0)],
  ['empty_f4.all()', () => array('empty_f4').all()],
  ['empty_f4.any()', () => array('empty_f4').any()],
  ['empty_f4.argmax()', () => array('empty_f4').argmax()],
  ['matrix_f4.max(axis=2)', () => array('matrix_f4').max(2)],
  ['matrix_f4.sum(axis=(0, 0))', () => array('matrix_f4').sum([0, 0])],
  ['matrix_f4.sum(dtype="foo")', () => array('matrix_f4').sum({ dtype: 'foo' })],
  ['np.ptp(matrix_f4)', () => array('matrix_f4').ptp()],
  ['np.ptp(matrix_i1, axis=0)', () => array('matrix_i1').ptp(0)],
  ['matrix_f4[3, 4] = nan; matrix_f4.max(axis=1)', () => array('matrix_f4').index_put_([3, 4], NaN).max(1)],
  ['matrix_f4[3, 4] = nan; matrix_f4.argmin()', () => array('matrix_f4').index_put_([3, 4], NaN).argmin()],
  ['matrix_f4[3, 4] = nan; matrix_f4.all()', () => array('matrix_f4').index_put_([3, 4], NaN).all()],
  ['matrix_c8.max()', () => array('matrix_c8').max()],
  ['matrix_c8.min(axis=0)', () => array('matrix_c8').min(0)],
  ['(matrix_f4.T * 3).sum()', () => array('matrix_f4').T.mul(3).sum()],
  [
    '(matrix_f4[::-1] + matrix_f4.T.T).sum(axis=1)',
    () => array('matrix_f4').index('::-1').add(array('matrix_f4')).sum(1),
  ],
  ['(cube_f4.transpose(2, 0, 1) - 1).mean(axis=(0, 1))', () => array('cube_f4').transpose(2, 0, 1).sub(1).mean([0, 1])],
]);

it('without an axis a reduction gives a plain number', () => {
  const a = array('matrix_f4');
  expect(typeof a.sum()).toBe('number');
  expect(Math.fround(a.mean())).toBe(a.mean());
  expect(a.all()).toBe(true);
  expect(array('long_i8').index(':1').sum()).toBeTypeOf('bigint');
});

it.each<[string, () => unknown, string]>([
  [
    'an unknown option',
    () => array('short_f4').sum({ dim: 0 } as never),
    "sum() got an unexpected keyword argument 'dim'",
  ],
  [
    'an axis that is a text',
    () => array('short_f4').mean('x' as never),
    "mean(): argument 'axis' must be int or list of ints, not str",
  ],
  [
    'too many arguments',
    () => (array('short_f4').max as (...args: unknown[]) => void)(0, null, false, 1, 2),
    'max() takes from 0 to 4 positional arguments but 5 were given',
  ],
])('refuses %s', (_, call, message) => {
  expect(call).toThrow(new TypeError(message));
});
