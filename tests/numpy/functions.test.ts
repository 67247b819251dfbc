/** The functions of numpy: types, shapes, digits and representations of their results, and the texts of errors. */
import * as torch from 'torch-node';
import * as np from 'torch-node/numpy';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';
import { plain } from './plain.js';

const a = np.array([
  [1.5, -2, 0.25],
  [4, 0.5, -1],
]);
const i = np.array([3, 1, 2, 3, 1], { dtype: np.int32 });
const small = np.array([1, 2, 3], { dtype: np.int8 });
const f = np.array([0.1, 0.7, -0.3], { dtype: np.float32 });
const prelude = `
a = np.array([[1.5, -2, 0.25], [4, 0.5, -1]])
i = np.array([3, 1, 2, 3, 1], dtype=np.int32)
small = np.array([1, 2, 3], dtype=np.int8)
f = np.array([0.1, 0.7, -0.3], dtype=np.float32)
`;

const rows: readonly (readonly [theirs: string, ours: () => unknown])[] = [
  ['np.array([1, 2])', () => np.array([1, 2])],
  [
    'np.array([[1, 2.5], [3, 4]], dtype=np.float32)',
    () =>
      np.array(
        [
          [1, 2.5],
          [3, 4],
        ],
        { dtype: np.float32 },
      ),
  ],
  ['np.array([1.7, -2.7], dtype=int)', () => np.array([1.7, -2.7], 'int')],
  ['np.array([f, f])', () => np.array([f, f])],
  ['np.array([i, [1, 2, 3, 4, 5]])', () => np.array([i, [1, 2, 3, 4, 5]])],
  ['np.array([True, False])', () => np.array([true, false])],
  ['np.array(5)', () => np.array(5)],
  ['np.asarray(i) is i', () => np.asarray(i) === i],
  ['np.array(i) is i', () => np.array(i) === i],
  ['np.zeros(3)', () => np.zeros(3)],
  ['np.zeros((2, 0))', () => np.zeros([2, 0])],
  ['np.ones((2, 2), dtype=np.int64)', () => np.ones([2, 2], { dtype: np.int64 })],
  ['np.empty((3, 2), "int64").shape', () => np.empty([3, 2], 'int64').shape],
  ['np.full((2, 2), 7)', () => np.full([2, 2], 7)],
  ['np.full(2, 0.5)', () => np.full(2, 0.5)],
  ['np.full(2, 3, dtype=np.float32)', () => np.full(2, 3, { dtype: np.float32 })],
  ['np.zeros_like(i)', () => np.zeros_like(i)],
  ['np.ones_like(f, dtype=bool)', () => np.ones_like(f, 'bool')],
  ['np.full_like(f, 2)', () => np.full_like(f, 2)],
  ['np.arange(5)', () => np.arange(5)],
  ['np.arange(0, 1, 0.1)', () => np.arange(0, 1, 0.1)],
  ['np.arange(5, 0, -2)', () => np.arange(5, 0, -2)],
  ['np.arange(1, 4, 0.3, dtype=np.float32)', () => np.arange(1, 4, 0.3, np.float32)],
  ['np.arange(3, dtype=np.float32)', () => np.arange(3, { dtype: np.float32 })],
  ['np.arange(4, 1)', () => np.arange(4, 1)],
  ['np.linspace(0, 1, 7)', () => np.linspace(0, 1, 7)],
  ['np.linspace(-1, 2, 6, endpoint=False)', () => np.linspace(-1, 2, 6, { endpoint: false })],
  ['np.linspace(0.1, 0.9)', () => np.linspace(0.1, 0.9)],
  ['np.linspace(2, 3, 1)', () => np.linspace(2, 3, 1)],
  ['np.linspace(0, 10, 4, dtype=int)', () => np.linspace(0, 10, 4, { dtype: 'int' })],
  ['np.eye(3)', () => np.eye(3)],
  ['np.eye(2, 4, 1, dtype=int)', () => np.eye(2, 4, 1, 'int')],
  ['np.eye(3, k=-1)', () => np.eye(3, { k: -1 })],
  ['np.identity(2)', () => np.identity(2)],
  ['np.meshgrid(np.arange(3), [0.5, 1.5])', () => np.meshgrid(np.arange(3), [0.5, 1.5])],
  ['np.meshgrid([1, 2], [3, 4, 5], [6], indexing="ij")', () => np.meshgrid([1, 2], [3, 4, 5], [6], { indexing: 'ij' })],
  ['np.add(a, 1)', () => np.add(a, 1)],
  ['np.subtract(1, a)', () => np.subtract(1, a)],
  ['np.subtract(1, small)', () => np.subtract(1, small)],
  ['np.multiply(f, a[0])', () => np.multiply(f, a.index(0))],
  ['np.divide(2, i)', () => np.divide(2, i)],
  ['np.power(2, i)', () => np.power(2, i)],
  ['np.mod(-7, small)', () => np.mod(-7, small)],
  ['np.floor_divide([7, -7], 2)', () => np.floor_divide([7, -7], 2)],
  ['np.add(1, 2)', () => np.add(1, 2)],
  ['np.maximum(a, 0)', () => np.maximum(a, 0)],
  ['np.minimum(f, [0.5, np.nan, -1])', () => np.minimum(f, [0.5, NaN, -1])],
  ['np.less(1, a)', () => np.less(1, a)],
  ['np.greater_equal(a, 0.5)', () => np.greater_equal(a, 0.5)],
  ['np.equal(i, 3)', () => np.equal(i, 3)],
  ['np.not_equal(2, 3)', () => np.not_equal(2, 3)],
  ['np.logical_and(a > 0, [1, 0, 1])', () => np.logical_and(a.gt(0), [1, 0, 1])],
  ['np.logical_or(a > 0, 0)', () => np.logical_or(a.gt(0), 0)],
  ['np.logical_xor([True, False], True)', () => np.logical_xor([true, false], true)],
  ['np.logical_not(i - 1)', () => np.logical_not(i.sub(1))],
  ['np.sqrt(i)', () => np.sqrt(i)],
  ['np.sqrt(small)', () => np.sqrt(small)],
  ['np.sqrt(2)', () => np.sqrt(2)],
  ['np.square(f)', () => np.square(f)],
  ['np.abs(a)', () => np.abs(a)],
  ['np.negative(small)', () => np.negative(small)],
  ['np.floor(a)', () => np.floor(a)],
  ['np.ceil(a)', () => np.ceil(a)],
  ['np.trunc(a)', () => np.trunc(a)],
  ['np.floor(i)', () => np.floor(i)],
  ['np.isnan([1, np.nan])', () => np.isnan([1, NaN])],
  ['np.isinf([1, np.inf])', () => np.isinf([1, np.inf])],
  ['np.isfinite(f)', () => np.isfinite(f)],
  ['np.where(a > 0, a, 0)', () => np.where(a.gt(0), a, 0)],
  ['np.where(a > 0, f, 0.5)', () => np.where(a.gt(0), f, 0.5)],
  ['np.where([True, False], 1, 2)', () => np.where([true, false], 1, 2)],
  ['np.where(a > 0)', () => np.where(a.gt(0))],
  ['np.concatenate([a, np.ones((1, 3))])', () => np.concatenate([a, np.ones([1, 3])])],
  ['np.concatenate((a, a), axis=1)', () => np.concatenate([a, a], 1)],
  ['np.concatenate((i, f), axis=None)', () => np.concatenate([i, f], { axis: null })],
  ['np.concatenate((small, i))', () => np.concatenate([small, i])],
  ['np.stack([f, f * 2])', () => np.stack([f, f.mul(2)])],
  ['np.stack([f, f * 2], axis=-1)', () => np.stack([f, f.mul(2)], { axis: -1 })],
  ['np.vstack([f, [1, 2, 3]])', () => np.vstack([f, [1, 2, 3]])],
  ['np.hstack([f, [1, 2]])', () => np.hstack([f, [1, 2]])],
  ['np.hstack([a, a])', () => np.hstack([a, a])],
  ['np.reshape(i[:4], (2, -1))', () => np.reshape(i.index(':4'), [2, -1])],
  ['np.ravel(a.T)', () => np.ravel(a.T)],
  ['np.transpose(a)', () => np.transpose(a)],
  ['np.squeeze(a[None])', () => np.squeeze(a.index(null))],
  ['np.expand_dims(f, 0)', () => np.expand_dims(f, 0)],
  ['np.expand_dims(f, (0, -1))', () => np.expand_dims(f, [0, -1])],
  ['np.broadcast_to(f, (2, 3))', () => np.broadcast_to(f, [2, 3])],
  ['np.flip(a, 1)', () => np.flip(a, 1)],
  ['np.flip(a)', () => np.flip(a)],
  ['np.repeat(f, 2)', () => np.repeat(f, 2)],
  ['np.repeat(a, 2, axis=0)', () => np.repeat(a, 2, { axis: 0 })],
  ['np.sum(a)', () => np.sum(a)],
  ['np.sum(a, axis=0)', () => np.sum(a, { axis: 0 })],
  ['np.sum(i, dtype=np.uint64)', () => np.sum(i, { dtype: np.uint64 })],
  ['np.sum([1, 2, 3])', () => np.sum([1, 2, 3])],
  ['np.prod(i)', () => np.prod(i)],
  ['np.mean(a, 1)', () => np.mean(a, 1)],
  ['np.mean(f)', () => np.mean(f)],
  ['np.var(a)', () => np.var(a)],
  ['np.std(a, axis=0, ddof=1)', () => np.std(a, { axis: 0, ddof: 1 })],
  ['np.max(a, axis=1, keepdims=True)', () => np.max(a, { axis: 1, keepdims: true })],
  ['np.amin(a)', () => np.amin(a)],
  ['np.ptp(a, 0)', () => np.ptp(a, 0)],
  ['np.all(a > -3)', () => np.all(a.gt(-3))],
  ['np.any(a > 3, axis=0)', () => np.any(a.gt(3), { axis: 0 })],
  ['np.argmax(a)', () => np.argmax(a)],
  ['np.argmax(a, axis=1)', () => np.argmax(a, { axis: 1 })],
  ['np.argmin(i)', () => np.argmin(i)],
  ['np.cumsum(i)', () => np.cumsum(i)],
  ['np.cumsum(a, axis=1)', () => np.cumsum(a, 1)],
  ['np.sort(a)', () => np.sort(a)],
  ['np.sort(a, axis=None)', () => np.sort(a, null)],
  ['np.argsort(f)', () => np.argsort(f)],
  ['np.nonzero(i > 1)', () => np.nonzero(i.gt(1))],
  ['np.count_nonzero(a > 0)', () => np.count_nonzero(a.gt(0))],
  ['np.bincount(i, minlength=6)', () => np.bincount(i, { minlength: 6 })],
  ['np.median(a)', () => np.median(a)],
  ['np.median(i)', () => np.median(i)],
  ['np.round(a, 1)', () => np.round(a, 1)],
  ['np.clip(a, -1, 1)', () => np.clip(a, -1, 1)],
  ['np.clip(a, 0, None)', () => np.clip(a, 0, null)],
  ['np.unique(i)', () => np.unique(i)],
  ['np.unique(a > 0, return_counts=True)', () => np.unique(a.gt(0), { return_counts: true })],
  [
    'np.unique(i, return_index=True, return_inverse=True, return_counts=True)',
    () => np.unique(i, { return_index: true, return_inverse: true, return_counts: true }),
  ],
  [
    'np.unique([[1, 2], [2, 0]], return_inverse=True)',
    () =>
      np.unique(
        [
          [1, 2],
          [2, 0],
        ],
        { return_inverse: true },
      ),
  ],
  ['np.searchsorted([1, 2, 2, 3], 2)', () => np.searchsorted([1, 2, 2, 3], 2)],
  ['np.searchsorted([1, 2, 2, 3], [0, 2, 9], side="right")', () => np.searchsorted([1, 2, 2, 3], [0, 2, 9], 'right')],
  ['np.isclose(f, [0.1, 0.70001, 0])', () => np.isclose(f, [0.1, 0.70001, 0])],
  ['np.allclose(a, a + 1e-9)', () => np.allclose(a, a.add(1e-9))],
  ['np.allclose([np.nan], [np.nan], equal_nan=True)', () => np.allclose([NaN], [NaN], { equal_nan: true })],
  ['np.array_equal(i, [3, 1, 2, 3, 1])', () => np.array_equal(i, [3, 1, 2, 3, 1])],
  ['np.array_equal(i, small)', () => np.array_equal(i, small)],
  [
    '[float(np.finfo(np.float32).eps), float(np.finfo("float16").max), float(np.finfo(float).tiny)]',
    () => [np.finfo(np.float32).eps, np.finfo('float16').max, np.finfo('float').tiny],
  ],
  ['[np.iinfo(np.int8).min, np.iinfo("uint32").max]', () => [np.iinfo(np.int8).min, np.iinfo('uint32').max]],
  ['[np.pi, np.e]', () => [np.pi, np.e]],
];

const results = python<unknown[]>('standard.py', [rows.map(([theirs]) => `${prelude}show(${theirs})`)]);

it.each(rows.map(([theirs, ours], at) => [theirs, ours, results[at]] as const))('%s', (_, ours, expected) => {
  expect([plain(ours())]).toEqual(expected);
});

describe('functions of floats', () => {
  const x = [0.001, 0.3, 1, 2.5, 17.25];
  const functions = ['exp', 'expm1', 'log', 'log2', 'log10', 'log1p', 'sin', 'cos', 'tan', 'tanh'] as const;
  it.each(functions)('%s has the type of numpy, and its value to the last two bits', (name) => {
    for (const dtype of ['float64', 'float32'] as const) {
      const made = np[name](np.array(x, dtype));
      const [[theirs]] = python<[[number[]]]>('standard.py', [
        [`show([float(y) for y in np.${name}(np.array(${JSON.stringify(x)}, dtype='${dtype}'))])`],
      ]);
      const unit = np.finfo(dtype).eps;
      (made.tolist() as number[]).forEach((value, at) => {
        expect(Math.abs(value - theirs[at]!)).toBeLessThanOrEqual(2 * unit * Math.abs(theirs[at]!));
      });
      expect(made.dtype).toBe(dtype);
    }
  });
});

const errors: readonly (readonly [theirs: string, ours: () => unknown])[] = [
  ['np.concatenate([])', () => np.concatenate([])],
  ['np.concatenate([a, f])', () => np.concatenate([a, f])],
  ['np.concatenate([a, a[:, :2]])', () => np.concatenate([a, a.index(':', ':2')])],
  ['np.concatenate([a, a], axis=2)', () => np.concatenate([a, a], 2)],
  ['np.concatenate([1, 2])', () => np.concatenate([1, 2])],
  ['np.stack([])', () => np.stack([])],
  ['np.stack([f, i])', () => np.stack([f, i])],
  ['np.expand_dims(f, 4)', () => np.expand_dims(f, 4)],
  ['np.where(a, 1)', () => np.where(a, { x: 1 } as never)],
  ['np.linspace(0, 1, -1)', () => np.linspace(0, 1, -1)],
  ['np.meshgrid([1], indexing="k")', () => np.meshgrid([1], { indexing: 'k' as 'ij' })],
  ['np.bincount([-1])', () => np.bincount([-1])],
  ['np.searchsorted([1], 1, side="up")', () => np.searchsorted([1], 1, 'up' as 'left')],
  ['np.zeros(2, dtype="what")', () => np.zeros(2, 'what')],
];
const texts = python<[{ error: string }][]>('standard.py', [errors.map(([theirs]) => prelude + theirs)]);

it.each(errors.map(([theirs, ours], at) => [theirs, ours, texts[at]![0].error] as const))(
  "%s throws numpy's text",
  (_, ours, error) => {
    expect(ours).toThrow(error.replace(/^[\w.]*Error: (axis: )?/, ''));
  },
);

it('takes tensors, and its arrays become tensors', () => {
  const x = torch.tensor([
    [1, 2],
    [3, 4],
  ]);
  expect(np.concatenate([x, x]).repr()).toBe(x.repeat(2, 1).numpy().repr());
  expect(torch.from_numpy(np.arange(4)).dtype).toBe(torch.int64);
});
