/** Arrays of numpy in files of torch.save: read from Python's, written for Python, and refused when they are damaged. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import * as np from 'torch-node/numpy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { python } from '../reference.js';
import { checkpoint, p, pickle } from './crafted.js';

const folder = mkdtempSync(join(tmpdir(), 'torch-node-numpy-'));
const path = (name: string): string => join(folder, name);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const load = (file: string | Buffer): unknown => torch.load(file, { weights_only: false });

/** Arrays that Python and we make alike, with what Python prints of them. */
const ARRAYS = `
import io, numpy as np
arrays = {
    'rows': np.arange(4.).reshape(2, 2), 'columns': np.asfortranarray(np.arange(6, dtype='i4').reshape(2, 3)),
    'every second': np.arange(10, dtype='i2')[::2], 'bools': np.array([True, False]), 'halves': np.array([.5, 2], dtype='f2'),
    'complex': np.array([1 + 2j]), 'unsigned': np.array([2**63 + 1], dtype='u8'), 'one': np.array(5), 'none': np.zeros((0, 3)),
    'texts': np.array(['a', 'bcd']), 'bytes': np.array([b'x', b'yz']), 'days': np.array(['2020-01-01', 'NaT'], dtype='M8[D]'),
    'times': np.array([5], dtype='m8[25ms]'), 'big endian': np.array([1, 2], dtype='>i4'),
    'state': np.random.RandomState(0).get_state()[1][:4],
}
numbers = {'float32': np.float32(3.5), 'int64': np.int64(2**60), 'bool': np.bool_(True)}
def described(a):
    return [str(a), str(a.dtype.newbyteorder('<')) if a.dtype.kind in 'iufc' else str(a.dtype), list(a.shape), bool(a.flags.f_contiguous or not a.flags.c_contiguous)]
`;

describe('files of Python', () => {
  const formats = { zip: '', 'protocol 5': ', pickle_protocol=5', legacy: ', _use_new_zipfile_serialization=False' };
  let expected: [string, unknown][];
  beforeAll(() => {
    const saves = Object.entries(formats).map(
      ([name, how]) =>
        `torch.save({**arrays, **numbers, 'same': [arrays['rows']] * 2}, ${JSON.stringify(path(name))}${how})`,
    );
    [expected] = python<[[string, unknown][]]>('snippets.py', [
      [`${ARRAYS}${saves.join('\n')}\nfor name, a in arrays.items(): show([name, described(a)])`],
    ]);
  });

  it.each(Object.keys(formats))('are read: %s', (format) => {
    const { same, ...read } = load(path(format)) as Record<string, unknown> & { same: unknown[] };
    expect(read['float32']).toBe(3.5);
    expect(read['int64']).toBe(2n ** 60n);
    expect(read['bool']).toBe(true);
    expect(same[0]).toBe(same[1]);
    const found = expected.map(([name]) => {
      const a = read[name] as np.NDArray | np.TextArray;
      const layout = a instanceof np.NDArray ? a.T.c_contiguous : true;
      return [name, [String(a), a.dtype, [...a.shape], layout]];
    });
    expect(expected).toHaveLength(15);
    expect(found).toEqual(expected);
    const rows = read['rows'] as np.NDArray;
    rows.fill(1);
    expect(rows.tolist(), 'can be written to').toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it('have texts of the same name in Python 2', () => {
    const dtype = [
      p.call('numpy', 'dtype', p.text('f4'), p.int(0), p.int(1)),
      p.items(p.int(3), p.text('<'), p.none, p.none, p.none, p.int(-1), p.int(-1), p.int(0)),
      p.build,
    ];
    const array = [
      p.call('numpy.core.multiarray', '_reconstruct', p.global('numpy', 'ndarray'), p.ints(0), p.text('b')),
      p.items(p.int(1), p.ints(2), dtype, p.false, p.text('\0\0\u0040\u0040\0\0\0\0')),
      p.build,
    ];
    expect(String(load(checkpoint(pickle(array))))).toBe('[3. 0.]');
  });

  it('are refused by weights_only, as in Python', () => {
    expect(() => torch.load(path('zip'))).toThrow(
      /Unsupported global: GLOBAL numpy\._core\.multiarray\._reconstruct was not an allowed global by default.*weights_only: false, which makes arrays of numpy/,
    );
    const [[refused]] = python<[[{ error: string }]]>('snippets.py', [[`torch.load(${JSON.stringify(path('zip'))})`]]);
    expect(refused.error).toContain(
      'Unsupported global: GLOBAL numpy._core.multiarray._reconstruct was not an allowed global',
    );
  });

  it('of objects and of fields are refused', () => {
    const [objects, fields] = [path('objects.pt'), path('fields.pt')];
    python('snippets.py', [
      [
        `import numpy as np
torch.save(np.array([1, 'a'], dtype=object), ${JSON.stringify(objects)})
torch.save(np.array([(1, 2.)], dtype=[('a', 'i4'), ('b', 'f8')]), ${JSON.stringify(fields)})`,
      ],
    ]);
    expect(() => load(objects)).toThrow(/^load\(\): Object arrays cannot be loaded/);
    expect(() => load(fields)).toThrow(/^load\(\): arrays of the type 'V12' are not supported/);
  });
});

describe('files for Python', () => {
  const saved = {
    rows: np.arange(6).reshape(2, 3),
    columns: np.arange(6).reshape(2, 3).T,
    part: np.arange(10).index('::3'),
    floats: np.linspace(0, 1, 3),
    halves: np.array([0.5, 2]).astype('float16'),
    bools: np.array([true, false]),
    none: np.zeros([0, 3]),
    one: np.array(5),
  };

  it.each([{}, { pickle_protocol: 4 }, { _use_new_zipfile_serialization: false }])('are read there: %j', (options) => {
    const file = path('ours.pt');
    const twice = [saved.rows, saved.rows];
    torch.save({ ...saved, twice }, file, options);
    const [shown] = python<[unknown[]]>('snippets.py', [
      [
        `read = torch.load(${JSON.stringify(file)}, weights_only=False)
for name, a in read.items():
    if name != 'twice': show([name, str(a), str(a.dtype), list(a.shape), bool(a.flags.f_contiguous), bool(a.flags.writeable)])
show(read['twice'][0] is read['twice'][1] is read['rows'])`,
      ],
    ]);
    const ours = Object.entries(saved).map(([name, a]) => [
      name,
      String(a),
      a.dtype,
      [...a.shape],
      a.T.c_contiguous || !a.c_contiguous,
      true,
    ]);
    expect(shown).toEqual([...ours, true]);
  });

  it('keep texts and times that come from there', () => {
    const there = path('there.pt');
    const back = path('back.pt');
    const show = `for name in ('texts', 'bytes', 'days', 'times'): show(described(a[name]), a[name].tobytes().hex())`;
    const [before] = python<[unknown[]]>('snippets.py', [
      [`${ARRAYS}\na = arrays\ntorch.save(a, ${JSON.stringify(there)})\n${show}`],
    ]);
    torch.save(load(there), back);
    const [after] = python<[unknown[]]>('snippets.py', [
      [`${ARRAYS}\na = torch.load(${JSON.stringify(back)}, weights_only=False)\n${show}`],
    ]);
    expect(before).toHaveLength(8);
    expect(after).toEqual(before);
  });

  it('have the bytes that Python writes', () => {
    const file = path('bytes.pt');
    torch.save(saved.floats, file, { pickle_protocol: 2 });
    const [[same]] = python<[[boolean]]>('snippets.py', [
      [
        `import io, zipfile, numpy as np
def instructions(source):
    with zipfile.ZipFile(source) as archive:
        return archive.read(next(name for name in archive.namelist() if name.endswith('data.pkl')))
buffer = io.BytesIO()
torch.save(np.linspace(0, 1, 3), buffer)
import pickle
show(pickle.loads(instructions(${JSON.stringify(file)})).tobytes() == pickle.loads(instructions(buffer)).tobytes())`,
      ],
    ]);
    expect(same).toBe(true);
    expect(readFileSync(file).length).toBeLessThan(2000);
  });
});

describe('damaged arrays are Errors', () => {
  const state = (order = '<'): Buffer[] | unknown[] => [
    p.int(3),
    p.text(order),
    p.none,
    p.none,
    p.none,
    p.int(-1),
    p.int(-1),
    p.int(0),
  ];
  const dtype = (code: string) => [
    p.call('numpy', 'dtype', p.text(code), p.int(0), p.int(1)),
    p.items(...(state() as never[])),
    p.build,
  ];
  const empty = p.call('numpy._core.multiarray', '_reconstruct', p.global('numpy', 'ndarray'), p.ints(0), p.text('b'));
  const array = (...items: unknown[]) => [empty, p.items(...(items as never[])), p.build];
  it.each<[string, unknown, RegExp]>([
    [
      'fewer elements',
      array(p.int(1), p.ints(3), dtype('f4'), p.false, p.text('abcd')),
      /an array of shape \(3\) has 12 bytes, and 4 are given/,
    ],
    ['more elements', array(p.int(1), p.ints(1), dtype('i1'), p.false, p.text('abcd')), /has 1 bytes, and 4 are given/],
    [
      'a negative size',
      array(p.int(1), p.ints(-1), dtype('f4'), p.false, p.text('')),
      /the shape of a numpy.ndarray must be a tuple of sizes/,
    ],
    [
      'a size beyond numbers',
      array(p.int(1), p.ints(2n ** 62n), dtype('f4'), p.false, p.text('')),
      /the shape of a numpy.ndarray/,
    ],
    [
      'a large size',
      array(p.int(1), p.ints(2 ** 30, 2 ** 30), dtype('f4'), p.false, p.text('')),
      /bytes, and 0 are given/,
    ],
    [
      'many texts without characters',
      array(p.int(1), p.ints(2 ** 27), dtype('U0'), p.false, p.text('')),
      /it holds more than 67108864 values/,
    ],
    [
      'no type',
      array(p.int(1), p.ints(1), p.none, p.false, p.text('a')),
      /must be a numpy.dtype, not NoneType|must be a numpy.dtype, not/,
    ],
    [
      'another type',
      array(p.int(1), p.ints(1), dtype('q9'), p.false, p.text('a')),
      /arrays of the type 'q9' are not supported/,
    ],
    [
      'elements that are no bytes',
      array(p.int(1), p.ints(1), dtype('i1'), p.false, p.int(5)),
      /must be bytes, not int/,
    ],
    ['a short state', array(p.int(1), p.ints(1)), /must be a tuple of 5/],
    ['no state', empty, /a numpy.ndarray has no elements/],
    [
      'a scalar of two',
      p.call('numpy._core.multiarray', 'scalar', dtype('i1'), p.text('ab')),
      /has 1 bytes, and 2 are given/,
    ],
    ['names by themselves', p.global('numpy', 'ndarray'), /numpy.ndarray stands by itself/],
    ['other functions of numpy', p.global('numpy', 'load'), /Can't get attribute 'load'/],
  ])('%s', (_, code, message) => {
    expect(() => load(checkpoint(pickle(code as never)))).toThrow(message);
  });
});
