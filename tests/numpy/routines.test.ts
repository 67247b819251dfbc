/** Products, `np.linalg` and further functions on small arrays: numpy's types, shapes and digits, and the texts of its errors. */
import * as np from 'torch-node/numpy';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';
import { plain } from './plain.js';

const a = np.array([
  [1.5, -2, 0.25],
  [4, 0.5, -1],
]);
const s = np.array([
  [4, 1.5, 0.5],
  [1.5, 3, 0.25],
  [0.5, 0.25, 2],
]);
const i = np.array([3, 1, 2, 3, 1], { dtype: np.int32 });
const b = np.array([200, 100], { dtype: np.uint8 });
const f = np.array([0.1, 0.7, -0.3], { dtype: np.float32 });
const c = np.arange(24).reshape([2, 3, 4]);
const h = np.array([NaN, 1.5, -2, NaN]);
const g = np.array([
  [NaN, 1.5],
  [NaN, 4],
]);
const prelude = `
nan = float('nan')
a = np.array([[1.5, -2, 0.25], [4, 0.5, -1]])
s = np.array([[4, 1.5, 0.5], [1.5, 3, 0.25], [0.5, 0.25, 2]])
i = np.array([3, 1, 2, 3, 1], dtype=np.int32)
b = np.array([200, 100], dtype=np.uint8)
f = np.array([0.1, 0.7, -0.3], dtype=np.float32)
c = np.arange(24).reshape(2, 3, 4)
h = np.array([nan, 1.5, -2, nan])
g = np.array([[nan, 1.5], [nan, 4]])
`;

const rows: readonly (readonly [theirs: string, ours: () => unknown])[] = [
  ['np.dot(a, a.T)', () => np.dot(a, a.T)],
  ['np.dot(i, i)', () => np.dot(i, i)],
  ['np.dot(b, b)', () => np.dot(b, b)],
  ['np.dot(a, f)', () => np.dot(a, f)],
  ['np.dot(c, np.arange(4))', () => np.dot(c, np.arange(4))],
  ['np.dot(3, a)', () => np.dot(3, a)],
  ['np.matmul(c, np.arange(8).reshape(4, 2))', () => np.matmul(c, np.arange(8).reshape([4, 2]))],
  ['np.matmul([[True, False]], [[True], [True]])', () => np.matmul([[true, false]], [[true], [true]])],
  ['np.outer(i, f)', () => np.outer(i, f)],
  ['np.inner(a, a)', () => np.inner(a, a)],
  [
    'np.tensordot(c, c, ([0, 1], [0, 1]))',
    () =>
      np.tensordot(c, c, [
        [0, 1],
        [0, 1],
      ]),
  ],
  ["np.einsum('ijk,ijk->i', c, c)", () => np.einsum('ijk,ijk->i', c, c)],
  ['np.trace(s)', () => np.trace(s)],
  ['np.trace(c[0], 1)', () => np.trace(c.index(0) as np.NDArray, 1)],
  ['np.linalg.norm([3, 4])', () => np.linalg.norm([3, 4])],
  ['np.linalg.norm(a, axis=1, keepdims=True)', () => np.linalg.norm(a, { axis: 1, keepdims: true })],
  ['np.linalg.norm(a, 1)', () => np.linalg.norm(a, 1)],
  ['np.linalg.norm(f, np.inf)', () => np.linalg.norm(f, np.inf)],
  ["np.linalg.norm(a, 'fro').round(6)", () => Number(np.linalg.norm(a, 'fro').toFixed(6))],
  ['np.linalg.inv(s).round(6)', () => np.linalg.inv(s).round(6)],
  [
    'np.linalg.inv([[2, 0], [0, 4]])',
    () =>
      np.linalg.inv([
        [2, 0],
        [0, 4],
      ]),
  ],
  ['np.linalg.solve(s, [1, 2, 3]).round(6)', () => np.linalg.solve(s, [1, 2, 3]).round(6)],
  ['round(float(np.linalg.det(s)), 6)', () => Number(np.linalg.det(s).toFixed(6))],
  ['np.linalg.eigvalsh(s).round(6)', () => np.linalg.eigvalsh(s).round(6)],
  ['abs(np.linalg.eigh(s)[1]).round(6)', () => np.linalg.eigh(s)[1].abs().round(6)],
  ['np.sort(np.linalg.eig(s)[0]).round(6)', () => np.sort(np.linalg.eig(s)[0]).round(6)],
  [
    'np.linalg.eig([[0, -1], [1, 0]])[0].dtype.name',
    () =>
      np.linalg.eig([
        [0, -1],
        [1, 0],
      ])[0].dtype,
  ],
  ['np.linalg.svd(a)[1].round(6)', () => np.linalg.svd(a)[1].round(6)],
  ['np.linalg.svd(a, full_matrices=False)[2].shape', () => np.linalg.svd(a, false)[2].shape],
  ['np.linalg.svd(a, compute_uv=False).round(6)', () => np.linalg.svd(a, { compute_uv: false }).round(6)],
  ['abs(np.linalg.qr(a)[1]).round(6)', () => np.linalg.qr(a)[1].abs().round(6)],
  ['np.linalg.pinv(a).round(6)', () => np.linalg.pinv(a).round(6)],
  ['np.linalg.cholesky(s).round(6)', () => np.linalg.cholesky(s).round(6)],
  [
    'np.linalg.matrix_rank([[1, 2], [2, 4]])',
    () =>
      np.linalg.matrix_rank([
        [1, 2],
        [2, 4],
      ]),
  ],
  [
    'np.linalg.matrix_power([[1, 1], [1, 0]], 10)',
    () =>
      np.linalg.matrix_power(
        [
          [1, 1],
          [1, 0],
        ],
        10,
      ),
  ],
  ['np.linalg.matrix_power(s, 0)', () => np.linalg.matrix_power(s, 0)],
  [
    'np.linalg.matrix_power([[2, 0], [0, 4]], -2)',
    () =>
      np.linalg.matrix_power(
        [
          [2, 0],
          [0, 4],
        ],
        -2,
      ),
  ],
  [
    '[y.round(6) for y in np.linalg.lstsq(a.T, [1, 2, 3])[:2]]',
    () =>
      np.linalg
        .lstsq(a.T, [1, 2, 3])
        .slice(0, 2)
        .map((y) => (y as np.NDArray).round(6)),
  ],
  ['np.linalg.lstsq(a.T, [1, 2, 3])[2]', () => np.linalg.lstsq(a.T, [1, 2, 3])[2]],
  ['np.rint([0.5, 1.5, 2.5, -0.5, -1.5, 2.6])', () => np.rint([0.5, 1.5, 2.5, -0.5, -1.5, 2.6])],
  ['np.sign([-2, 0, 5])', () => np.sign([-2, 0, 5])],
  ['np.sign(f)', () => np.sign(f)],
  ['np.deg2rad([0, 90, 180])', () => np.deg2rad([0, 90, 180])],
  ['np.degrees(f)', () => np.degrees(f)],
  ['np.arctan2([1, -1, 0], [0, 1, -1])', () => np.arctan2([1, -1, 0], [0, 1, -1])],
  ['np.hypot([3, 5], 4)', () => np.hypot([3, 5], 4)],
  ['np.cumprod(a)', () => np.cumprod(a)],
  ['np.cumprod(i)', () => np.cumprod(i)],
  ['np.diff(i)', () => np.diff(i)],
  ['np.diff(a, n=2, axis=1)', () => np.diff(a, { n: 2, axis: 1 })],
  ['np.diff([True, False, False])', () => np.diff([true, false, false])],
  ['np.roll(i, 2)', () => np.roll(i, 2)],
  ['np.roll(a, -1, axis=1)', () => np.roll(a, -1, 1)],
  ['np.roll(a, 4)', () => np.roll(a, 4)],
  ['np.roll(a, (1, 1), axis=(0, 1))', () => np.roll(a, [1, 1], [0, 1])],
  ['np.tile(i, 2)', () => np.tile(i, 2)],
  ['np.tile(a, (2, 1, 2))', () => np.tile(a, [2, 1, 2])],
  ['np.tile(f, 0)', () => np.tile(f, 0)],
  ['np.array_split(i, 3)', () => np.array_split(i, 3)],
  ['np.split(a, 3, axis=1)', () => np.split(a, 3, 1)],
  ['np.split(i, [1, 3])', () => np.split(i, [1, 3])],
  ['np.swapaxes(c, 0, 2).shape', () => np.swapaxes(c, 0, 2).shape],
  ['np.moveaxis(c, 0, -1)', () => np.moveaxis(c, 0, -1)],
  ['np.moveaxis(c, [0, 1], [-1, -2]).shape', () => np.moveaxis(c, [0, 1], [-1, -2]).shape],
  ['np.rollaxis(c, 2).shape', () => np.rollaxis(c, 2).shape],
  ['np.rollaxis(c, 0, 3).shape', () => np.rollaxis(c, 0, 3).shape],
  ['np.atleast_1d(3)', () => np.atleast_1d(3)],
  ['np.atleast_2d(i)', () => np.atleast_2d(i)],
  ['np.atleast_3d(a).shape', () => np.atleast_3d(a).shape],
  ['np.atleast_3d(f).shape', () => np.atleast_3d(f).shape],
  ['np.column_stack((i, i))', () => np.column_stack([i, i])],
  ['np.dstack((f, f))', () => np.dstack([f, f])],
  ['np.append(i, [[9]])', () => np.append(i, [[9]])],
  ['np.append(a, a, axis=0)', () => np.append(a, a, 0)],
  ['np.delete(i, [0, -1])', () => np.delete(i, [0, -1])],
  ['np.delete(a, 1, axis=1)', () => np.delete(a, 1, 1)],
  ['np.take(a, [0, 2], axis=1)', () => np.take(a, [0, 2], 1)],
  ['np.take(a, 3)', () => np.take(a, 3)],
  ['np.triu(s)', () => np.triu(s)],
  ['np.tril(c, -1)', () => np.tril(c, -1)],
  ['np.triu([1, 2])', () => np.triu([1, 2])],
  ['np.diag(i)', () => np.diag(i)],
  ['np.diag(a, 1)', () => np.diag(a, 1)],
  ['np.diag(f, -1)', () => np.diag(f, -1)],
  ['np.pad(i, 2)', () => np.pad(i, 2)],
  [
    'np.pad(a, ((1, 0), (0, 2)), constant_values=7)',
    () =>
      np.pad(
        a,
        [
          [1, 0],
          [0, 2],
        ],
        { constant_values: 7 },
      ),
  ],
  ["np.pad(i, (3, 1), mode='reflect')", () => np.pad(i, [3, 1], 'reflect')],
  ["np.pad(a, 1, mode='edge')", () => np.pad(a, 1, { mode: 'edge' })],
  ["np.pad(i, 7, mode='symmetric')", () => np.pad(i, 7, 'symmetric')],
  ["np.pad(i, (1, 2), mode='wrap')", () => np.pad(i, [1, 2], 'wrap')],
  ['np.unravel_index(5, (2, 3))', () => np.unravel_index(5, [2, 3])],
  ['np.unravel_index([0, 23], (2, 3, 4))', () => np.unravel_index([0, 23], [2, 3, 4])],
  ['np.isin(i, [1, 2])', () => np.isin(i, [1, 2])],
  ['np.isin(3, i, invert=True)', () => np.isin(3, i, { invert: true })],
  ['np.average(a)', () => np.average(a)],
  ['np.average(a, axis=1, weights=[1, 2, 1])', () => np.average(a, 1, [1, 2, 1])],
  ['np.quantile(a, [0.1, 0.5])', () => np.quantile(a, [0.1, 0.5])],
  ['np.percentile(a, 30, axis=1)', () => np.percentile(a, 30, 1)],
  ['np.percentile(c, [25, 75], axis=0).shape', () => np.percentile(c, [25, 75], 0).shape],
  ['np.percentile(i, 90)', () => np.percentile(i, 90)],
  ['np.interp([-1, 0.5, 2, 9], [0, 1, 2], [3, 5, 1])', () => np.interp([-1, 0.5, 2, 9], [0, 1, 2], [3, 5, 1])],
  ['np.interp(9, [0, 1], [3, 5], right=-1)', () => np.interp(9, [0, 1], [3, 5], { right: -1 })],
  ['np.histogram(i, bins=4)', () => np.histogram(i, 4)],
  ['np.histogram(a, bins=[-2, 0, 1, 4], density=True)', () => np.histogram(a, { bins: [-2, 0, 1, 4], density: true })],
  ['np.histogram([], bins=2)', () => np.histogram([], 2)],
  ['np.nan_to_num(h, nan=0.5)', () => np.nan_to_num(h, { nan: 0.5 })],
  ['np.nan_to_num([np.inf, -np.inf])', () => np.nan_to_num([np.inf, -np.inf])],
  ['np.nansum(h)', () => np.nansum(h)],
  ['np.nanmean(h)', () => np.nanmean(h)],
  ['(np.nanmax(h), np.nanmin(h))', () => [np.nanmax(h), np.nanmin(h)]],
  ['(np.nanvar(h), np.nanstd(h))', () => [np.nanvar(h), np.nanstd(h)]],
  ['np.nansum(g, axis=0)', () => np.nansum(g, 0)],
  ['np.nanmax(g, axis=0)', () => np.nanmax(g, 0)],
  ['np.nanmean(g, axis=1)', () => np.nanmean(g, 1)],
  ['np.logspace(0, 2, 3)', () => np.logspace(0, 2, 3)],
  ['np.logspace(0, 3, 3, base=2, endpoint=False)', () => np.logspace(0, 3, 3, { base: 2, endpoint: false })],
  ['np.flipud(a)', () => np.flipud(a)],
  ['np.fliplr(a)', () => np.fliplr(a)],
  ['[np.rot90(a, k) for k in range(-1, 3)]', () => [-1, 0, 1, 2].map((k) => np.rot90(a, k))],
  ['np.intersect1d(i, [1, 3, 9])', () => np.intersect1d(i, [1, 3, 9])],
  ['np.setdiff1d(i, [1])', () => np.setdiff1d(i, [1])],
  ['np.union1d(i, [7, 0])', () => np.union1d(i, [7, 0])],
  ['np.digitize([0.2, 6.4, 3, 1], [0, 1, 2.5, 4])', () => np.digitize([0.2, 6.4, 3, 1], [0, 1, 2.5, 4])],
  ['np.digitize(1, [4, 2.5, 1, 0], right=True)', () => np.digitize(1, [4, 2.5, 1, 0], true)],
  ["np.convolve(i, [1, 2], 'same')", () => np.convolve(i, [1, 2], 'same')],
  ["np.convolve(f, [0.5, 0.25], 'valid')", () => np.convolve(f, [0.5, 0.25], 'valid')],
  ['np.ascontiguousarray(a.T)', () => np.ascontiguousarray(a.T)],
  ['(np.shape(a), np.ndim(a), np.size(a), np.size(a, 1))', () => [np.shape(a), np.ndim(a), np.size(a), np.size(a, 1)]],
  ['np.cov(a)', () => np.cov(a)],
  ['np.cov(i)', () => np.cov(i)],
  ['np.corrcoef(a).round(12)', () => (np.corrcoef(a) as np.NDArray).round(12)],
  ['np.apply_along_axis(np.sum, 0, c)', () => np.apply_along_axis((row) => np.sum(row), 0, c)],
  [
    'np.apply_along_axis(lambda row: row[:2], 1, c)',
    () => np.apply_along_axis((row) => row.index(':2') as np.NDArray, 1, c),
  ],
];

const results = python<unknown[]>('standard.py', [rows.map(([theirs]) => `${prelude}show(${theirs})`)]);

it.each(rows.map(([theirs, ours], at) => [theirs, ours, results[at]] as const))('%s', (_, ours, expected) => {
  expect([plain(ours())]).toEqual(expected);
});

describe('functions of floats', () => {
  const x = [0.001, 0.3, 0.75, 1];
  const functions = ['arcsin', 'arccos', 'arctan', 'sinh', 'cosh', 'exp2', 'cbrt'] as const;
  const theirs = python<[[number[]]][]>('standard.py', [
    functions.map((name) => `show([float(y) for y in np.${name}(np.array(${JSON.stringify(x)}))])`),
  ]);
  it.each(functions.map((name, i) => [name, theirs[i]![0]] as const))(
    '%s has the value of numpy to the last two bits',
    (name, wanted) => {
      (np[name](x).tolist() as unknown as number[]).forEach((value, at) => {
        expect(Math.abs(value - (wanted as unknown as number[])[at]!)).toBeLessThanOrEqual(4.5e-16 * Math.abs(value));
      });
    },
  );
});

const errors: readonly (readonly [theirs: string, ours: () => unknown])[] = [
  ['np.dot([1, 2], [1, 2, 3])', () => np.dot([1, 2], [1, 2, 3])],
  ['np.matmul(a, a)', () => np.matmul(a, a)],
  ['np.inner([1, 2], [1])', () => np.inner([1, 2], [1])],
  [
    'np.linalg.inv([[1, 2], [2, 4]])',
    () =>
      np.linalg.inv([
        [1, 2],
        [2, 4],
      ]),
  ],
  ['np.linalg.inv(a)', () => np.linalg.inv(a)],
  [
    'np.linalg.cholesky([[1, 2], [2, 1]])',
    () =>
      np.linalg.cholesky([
        [1, 2],
        [2, 1],
      ]),
  ],
  ['np.diff([1, 2], n=-1)', () => np.diff([1, 2], -1)],
  ['np.split(i, 2)', () => np.split(i, 2)],
  ['np.array_split(i, 0)', () => np.array_split(i, 0)],
  ['np.delete(i, 7)', () => np.delete(i, 7)],
  ['np.diag(c)', () => np.diag(c)],
  ['np.unravel_index(7, (2, 3))', () => np.unravel_index(7, [2, 3])],
  ['np.quantile(i, 2)', () => np.quantile(i, 2)],
  ['np.average(i, weights=[0, 0, 0, 0, 0])', () => np.average(i, { weights: [0, 0, 0, 0, 0] })],
  ['np.interp(1, [], [])', () => np.interp(1, [], [])],
  ['np.histogram(i, bins=0)', () => np.histogram(i, 0)],
  ['np.convolve([], [1])', () => np.convolve([], [1])],
  ['np.fliplr(i)', () => np.fliplr(i)],
  ['np.moveaxis(c, 5, 0)', () => np.moveaxis(c, 5, 0)],
];
const texts = python<[{ error: string }][]>('standard.py', [errors.map(([theirs]) => prelude + theirs)]);

it.each(errors.map(([theirs, ours], at) => [theirs, ours, texts[at]![0].error] as const))(
  "%s throws numpy's text",
  (_, ours, error) => {
    expect(ours).toThrow(error.replace(/^[\w.]*Error: /, ''));
  },
);
