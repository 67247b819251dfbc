/** Text, raw and mapped files of numpy: each reads what the other has written. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as np from 'torch-node/numpy';
import { afterAll, describe, expect, it } from 'vitest';

import { python } from '../reference.js';
import { plain } from './plain.js';

const folder = mkdtempSync(join(tmpdir(), 'torch-node-numpy-text-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const path = (name: string): string => join(folder, name);
const shown = (source: string): unknown[] => python<[unknown[]]>('standard.py', [[source]])[0];
const text_of = (array: unknown): unknown => {
  const texts = array as { dtype: string; shape: readonly number[]; repr(): string };
  return [texts.dtype, [...texts.shape], texts.repr()];
};

writeFileSync(path('a.txt'), '# head\n1 2.5 -3e2\n\n4  nan inf # tail\n');
writeFileSync(path('b.csv'), 'x,y,z\n1, 2, 3\n4,,6\n7,8,nine\n');
writeFileSync(path('c.txt'), '31 cat 0.5\n7 größer 1\n');
writeFileSync(path('one.txt'), '1 2 3\n');
writeFileSync(path('column.txt'), '1\n2\n');
writeFileSync(path('ragged.txt'), '1 2\n3\n');

const p = (name: string): string => JSON.stringify(path(name));

describe('text files', () => {
  it.each([
    [`np.genfromtxt(${p('a.txt')})`, () => np.genfromtxt(path('a.txt'))],
    [
      `np.genfromtxt(${p('b.csv')}, delimiter=',', skip_header=1)`,
      () => np.genfromtxt(path('b.csv'), { delimiter: ',', skip_header: 1 }),
    ],
    [
      `np.genfromtxt(${p('b.csv')}, delimiter=',', skip_header=1, dtype=np.int32)`,
      () => np.genfromtxt(path('b.csv'), { delimiter: ',', skip_header: 1, dtype: np.int32 }),
    ],
    [
      `np.genfromtxt(${p('b.csv')}, delimiter=',', skip_header=1, usecols=(0, -1))`,
      () => np.genfromtxt(path('b.csv'), { delimiter: ',', skip_header: 1, usecols: [0, -1] }),
    ],
    [`np.genfromtxt(${p('one.txt')})`, () => np.genfromtxt(path('one.txt'))],
    [`np.genfromtxt(${p('column.txt')}, dtype=np.float32)`, () => np.genfromtxt(path('column.txt'), np.float32)],
    ["np.genfromtxt(['1 2', '3 4'])", () => np.genfromtxt(['1 2', '3 4'])],
    [`np.loadtxt(${p('a.txt')})`, () => np.loadtxt(path('a.txt'))],
    [`np.loadtxt(${p('one.txt')}, dtype=np.int64)`, () => np.loadtxt(path('one.txt'), np.int64)],
    [
      `np.loadtxt(${p('b.csv')}, delimiter=',', skiprows=1, usecols=0)`,
      () => np.loadtxt(path('b.csv'), { delimiter: ',', skiprows: 1, usecols: 0 }),
    ],
  ] as const)('%s', (theirs, ours) => {
    expect([plain(ours())]).toEqual(shown(`show(${theirs})`));
  });

  it('give texts', () => {
    expect([text_of(np.genfromtxt(path('c.txt'), { dtype: 'str' }))]).toEqual(
      shown(`show(np.genfromtxt(${p('c.txt')}, dtype=np.dtype(str), encoding='utf8'))`),
    );
  });

  describe('of texts and numbers', () => {
    const rows = ['31 0 1.5 zoo', '-7 1 2e3 ant', '+8 0 nan zoo'];
    const table = np.genfromtxt(rows, { dtype: 'str' });
    const theirs = `t = np.genfromtxt(${JSON.stringify(rows)}, dtype=np.dtype(str))\n`;

    it('give their columns as numbers', () => {
      const columns = [
        table.index(':', 0).astype(np.int32),
        table.index(':', ':2').astype('int'),
        table.index(':', '1:3').astype(np.float32),
      ];
      expect(columns.map(plain)).toEqual(
        shown(`${theirs}show(t[:, 0].astype(np.int32), t[:, :2].astype(int), t[:, 1:3].astype(np.float32))`),
      );
    });

    it('give different texts in order', () => {
      const [words, first, inverse, counts] = np.unique(table.index(':', 3), {
        return_index: true,
        return_inverse: true,
        return_counts: true,
      });
      expect([text_of(words), ...[first, inverse, counts].map(plain)]).toEqual(
        shown(`${theirs}show(*np.unique(t[:, 3], return_index=True, return_inverse=True, return_counts=True))`),
      );
      expect([text_of(np.unique(table))]).toEqual(shown(`${theirs}show(np.unique(t))`));
    });

    it.each([
      ['t[:, 3].astype(np.int32)', () => table.index(':', 3).astype(np.int32)],
      ['t[:, 2].astype(np.int64)', () => table.index(':', 2).astype(np.int64)],
      ['t.astype(np.float64)', () => table.astype(np.float64)],
    ] as const)("%s throws numpy's text", (source, ours) => {
      const [{ error }] = shown(theirs + source) as [{ error: string }];
      expect(ours).toThrow(error.replace(/^\w*Error: /, ''));
    });
  });

  it.each([
    [`np.genfromtxt(${p('ragged.txt')})`, () => np.genfromtxt(path('ragged.txt'))],
    [`np.loadtxt(${p('ragged.txt')})`, () => np.loadtxt(path('ragged.txt'))],
    [`np.loadtxt(${p('c.txt')})`, () => np.loadtxt(path('c.txt'))],
    [
      `np.savetxt(${p('x.txt')}, np.zeros((1, 1, 1)))`,
      () => {
        np.savetxt(path('x.txt'), np.zeros([1, 1, 1]));
      },
    ],
  ] as const)("%s throws numpy's text", (theirs, ours) => {
    const [{ error }] = shown(theirs) as [{ error: string }];
    expect(ours).toThrow(error.replace(/^\w*Error: /, ''));
  });

  it.each([
    ['np.arange(6).reshape(2, 3) / 7', '', np.arange(6).reshape(2, 3).div(7), {}],
    ['np.arange(3)', ", fmt='%d'", np.arange(3), { fmt: '%d' }],
    [
      'np.ones((2, 2))',
      ", fmt='%.2f', delimiter=',', header='a\\nb', footer='end'",
      np.ones([2, 2]),
      { fmt: '%.2f', delimiter: ',', header: 'a\nb', footer: 'end' },
    ],
    ['np.ones((2, 2))', ", fmt='%d: %5.1f', comments=''", np.ones([2, 2]), { fmt: '%d: %5.1f', comments: '' }],
  ] as const)('savetxt writes %s%s', (theirs, options, array, ours) => {
    np.savetxt(path('ours.txt'), array, ours);
    shown(`np.savetxt(${p('theirs.txt')}, ${theirs}${options})`);
    expect(readFileSync(path('ours.txt'), 'utf8')).toBe(readFileSync(path('theirs.txt'), 'utf8'));
  });
});

describe('raw files', () => {
  it.each(['uint16', 'int64', 'float32', 'complex64', 'bool'] as const)('of %s', (dtype) => {
    const array = np
      .array([
        [0, 1, 2],
        [3, 4, 5],
      ])
      .astype(dtype);
    array.T.tofile(path('raw.bin'));
    expect([plain(np.fromfile(path('raw.bin'), dtype))]).toEqual(
      shown(`show(np.fromfile(${p('raw.bin')}, '${dtype}'))`),
    );
    expect(plain(np.fromfile(path('raw.bin'), dtype))).toEqual(plain(array.T.flatten()));
    const bytes = readFileSync(path('raw.bin'));
    expect(plain(np.frombuffer(bytes, { dtype, count: 2, offset: array.itemsize }))).toEqual(
      plain(array.T.flatten().index('1:3')),
    );
  });

  it('must hold whole elements, and as many as are wanted', () => {
    writeFileSync(path('odd.bin'), new Uint8Array(7));
    expect(() => np.frombuffer(new Uint8Array(7))).toThrow('buffer size must be a multiple of element size');
    expect(() => np.frombuffer(new Uint8Array(8), np.float64, 2)).toThrow('buffer is smaller than requested size');
  });
});

describe('mapped files', () => {
  it('read as numpy reads them', () => {
    np.arange(10).astype(np.uint16).tofile(path('map.bin'));
    const whole = new np.memmap(path('map.bin'), { dtype: np.uint16, mode: 'r' });
    const part = new np.memmap(path('map.bin'), { dtype: 'uint16', mode: 'r', offset: 4, shape: [2, 3] });
    expect([whole.length, plain(part.copy()), plain(whole.index('3:7').astype(np.int64))]).toEqual(
      shown(`
whole = np.memmap(${p('map.bin')}, dtype=np.uint16, mode='r')
part = np.memmap(${p('map.bin')}, dtype=np.uint16, mode='r', offset=4, shape=(2, 3))
show(len(whole), np.array(part), np.array(whole[3:7].astype(np.int64)))`),
    );
    whole.set([0], 99);
    expect(np.fromfile(path('map.bin'), 'uint16').get(0)).toBe(0);
  });

  it('are written as numpy writes them', () => {
    const array = new np.memmap(path('made.bin'), { dtype: np.uint16, mode: 'w+', shape: [6] });
    array.index_put_(['2:5'], [7, 8, 9]);
    array.flush();
    const again = new np.memmap(path('made.bin'), { dtype: np.uint16 });
    again.set([0], 3);
    again.flush();
    expect(shown(`show(np.fromfile(${p('made.bin')}, np.uint16))`)).toEqual([plain(array.copy())]);
    expect(array.tolist()).toEqual([3, 0, 7, 8, 9, 0]);
  });

  it.each([
    ["mode='w+'", { mode: 'w+' }],
    ["mode='x'", { mode: 'x' as 'r' }],
    ["dtype='float64', mode='r'", { dtype: 'float64', mode: 'r' }],
  ] as const)("refuse %s with numpy's text", (theirs, options) => {
    writeFileSync(path('odd.bin'), new Uint8Array(7));
    const [{ error }] = shown(`np.memmap(${p('odd.bin')}, ${theirs})`) as [{ error: string }];
    expect(() => new np.memmap(path('odd.bin'), options)).toThrow(error.replace(/^\w*Error: /, ''));
  });
});
