/** torch-node/numpy against numpy, both ways. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import vm from 'node:vm';

import * as torch from 'torch-node';
import * as np from 'torch-node/numpy';
import { afterAll, describe, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { hex_of, python } from '../reference.js';

const folder = mkdtempSync(join(tmpdir(), 'torch-node-numpy-'));
const again = mkdtempSync(join(tmpdir(), 'torch-node-numpy-'));
afterAll(() => {
  for (const made of [folder, again]) rmSync(made, { recursive: true, force: true });
});

interface Told {
  dtype: string;
  shape: number[];
  hex: string;
}

const made = python<Record<string, Told>>('numpy_files.py', ['make', folder]);
const names = Object.keys(made);
const load = (name: string): np.NDArray => np.load(join(folder, `${name}.npy`));

function told(array: np.NDArray): Told {
  return { dtype: array.dtype, shape: [...array.shape], hex: hex_of(array.copy().data) };
}

describe('files of numpy', () => {
  it.each(names)('%s', (name) => {
    expect(told(load(name))).toEqual(made[name]);
    expect(told(np.load(readFileSync(join(folder, `${name}.npy`))))).toEqual(made[name]);
  });

  it.each(names.filter((name) => !name.startsWith('big')))('%s is written byte for byte', (name) => {
    np.save(join(again, name), load(name));
    expect(readFileSync(join(again, `${name}.npy`)).equals(readFileSync(join(folder, `${name}.npy`)))).toBe(true);
  });

  it('of another version of the format', () => {
    expect(told(load('version 2'))).toEqual(made['float32']);
  });

  it.each(['plain', 'packed'])('%s.npz', (name) => {
    using file = np.load_npz(join(folder, `${name}.npz`));
    expect(file.files).toEqual(['x', 'y', 'arr_0']);
    expect(Object.fromEntries([...file].map(([key, array]) => [key, told(array)]))).toEqual({
      arr_0: made['int32'],
      x: made['float64'],
      y: made['fortran'],
    });
    expect(() => file.get('z')).toThrow(/z is not a file in the archive/);
  });

  it.each<[string, RegExp]>([
    ['structured', /structured arrays are not supported: \[\('a', '<i4'\), \('b', '<f8'\)\]/],
    ['objects', /Object arrays cannot be loaded when allow_pickle=False/],
    ['longdouble', /arrays of the type '<f16' are not supported/],
  ])('with %s are refused by name', (name, message) => {
    expect(() => load(name)).toThrow(message);
  });
});

interface Item {
  dtype?: string;
  str?: string;
  repr?: string;
  texts?: (string | null)[] | null;
  list?: unknown;
}

describe('files of texts and times', () => {
  const items = python<Record<string, Item>>('numpy_files.py', ['items', folder]);

  it.each(Object.keys(items).filter((name) => name !== 'named'))('%s', (name) => {
    const file = join(folder, `${name}.npy`);
    const array = np.load<np.ItemArray<unknown>>(file);
    const { dtype, str, repr, texts, list } = items[name]!;
    expect({ dtype: array.dtype, str: String(array), repr: array.repr() }).toEqual({ dtype, str, repr });
    if (list !== null) expect(array.tolist()).toEqual(list);
    if (texts)
      expect([JSON.parse(JSON.stringify(array))].flat(9)).toEqual(texts.map((text) => (text === 'NaT' ? null : text)));
    np.save(join(again, name), array);
    // numpy keeps the byte order that it read.
    if (!name.startsWith('big')) expect(readFileSync(join(again, `${name}.npy`)).equals(readFileSync(file))).toBe(true);
  });

  it('have elements of JavaScript', () => {
    const days = np.load<np.TimeArray>(join(folder, 'times D.npy'));
    expect(days.tolist()).toEqual([new Date('1969-12-31'), new Date('2020-02-29'), null, new Date('1600-03-01')]);
    expect(days.counts.tolist()).toEqual([-1, 18321, -(2n ** 63n), -135080]);
    expect(np.load<np.TimeArray>(join(folder, 'times ms.npy')).index(1)).toEqual(new Date('2020-02-29T12:34:56.789Z'));
    expect(np.load<np.TimeArray>(join(folder, 'times ns.npy')).index(0)).toBe(-1);
    expect(np.load<np.TimeArray>(join(folder, 'differences.npy')).tolist()).toEqual([1, -20, null]);
    expect(np.load<np.TextArray<Uint8Array>>(join(folder, 'bytes.npy')).tolist()).toEqual([
      Uint8Array.of(97),
      Uint8Array.of(0, 255),
      Uint8Array.of(),
    ]);
    const matrix = np.load<np.TextArray>(join(folder, 'matrix.npy'));
    expect([matrix.index(0, 1), [...matrix].map(String), matrix.index(':', 0).toString()]).toEqual([
      "b'c",
      ["['a' \"b'c\"]", "['\\n' 'xxxxxxxxx']"],
      "['a' '\\n']",
    ]);
  });

  it('a type goes by its name too, in the native order', () => {
    expect(np.load(join(folder, 'named.npy')).tolist()).toEqual(items['named']!.list);
  });
});

it('bytes and typed arrays of another realm are read and saved', () => {
  const bytes = readFileSync(join(folder, 'int32.npy'));
  const foreign = vm.runInNewContext('(list) => Uint8Array.from(list)')([...bytes]) as Uint8Array;
  expect(foreign instanceof Uint8Array).toBe(false);
  expect(told(np.load(foreign))).toEqual(made['int32']);
  expect(told(np.load(foreign.buffer as never))).toEqual(made['int32']);
  const floats = vm.runInNewContext('Float32Array.of(1, 2.5)') as Float32Array;
  np.save(join(again, 'foreign'), floats);
  expect(np.load(join(again, 'foreign.npy')).tolist()).toEqual([1, 2.5]);
  const array = new np.NDArray(floats);
  array.index_put_(':1', vm.runInNewContext('[7]') as number[]);
  expect([array.dtype, array.tolist()]).toEqual(['float32', [7, 2.5]]);
  expect(floats[0]).toBe(7);
});

describe('files that are written here', () => {
  it("are numpy's", () => {
    const tensor = torch.arange(6).view(2, 3);
    np.save(join(again, 'tensor.npy'), tensor);
    np.save(join(again, 'transposed tensor'), tensor.t());
    np.save(join(again, 'typed array'), Float32Array.of(1, 2.5));
    np.savez(join(again, 'arrays'), tensor, { b: tensor.to(torch.bool), c: torch.tensor(1.5).numpy() });
    np.savez_compressed(join(again, 'packed.npz'), { c: torch.zeros(100).numpy(), 'empty é': torch.zeros(0) });
    const files = ['tensor.npy', 'transposed tensor.npy', 'typed array.npy', 'arrays.npz', 'packed.npz'];
    const read = python<Record<string, Told & Record<string, Told>>>('numpy_files.py', ['read', again, files]);
    expect(read['tensor.npy']).toEqual(told(tensor.numpy()));
    expect(read['transposed tensor.npy']).toEqual(told(tensor.t().numpy()));
    expect(read['typed array.npy']).toEqual({ dtype: 'float32', shape: [2], hex: '0000803f00002040' });
    expect(read['arrays.npz']).toEqual({
      arr_0: told(tensor.numpy()),
      b: told(tensor.to(torch.bool).numpy()),
      c: { dtype: 'float32', shape: [], hex: '0000c03f' },
    });
    expect(read['packed.npz']).toEqual({
      c: told(torch.zeros(100).numpy()),
      'empty é': { dtype: 'float32', shape: [0], hex: '' },
    });
  });

  it('become tensors again', () => {
    expect(torch.from_numpy(load('int32')).dtype).toBe(torch.int32);
    const fortran = torch.from_numpy(load('fortran'));
    expect([fortran.tolist(), fortran.stride()]).toEqual([
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
      [1, 2],
    ]);
  });

  it('are not written when something is wrong', () => {
    expect(() => {
      np.save(join(again, 'wrong'), 'text' as never);
    }).toThrow("save(): argument 'arr' must be NDArray, Tensor or a typed array, not str");
    expect(() => {
      np.savez(join(again, 'wrong'), { x: 1 as never });
    }).toThrow(/savez\(\): argument 'x' must be/);
    expect(() => {
      np.savez(join(again, 'wrong'), torch.ones(1), { arr_0: torch.ones(1) });
    }).toThrow(/Cannot use un-named variables and keyword arr_0/);
    expect(() => {
      np.save(join(again, 'wrong'), torch.ones(1).requires_grad_());
    }).toThrow(/requires grad/);
    expect(() => {
      np.save(1 as never, torch.ones(1));
    }).toThrow(/argument 'file' must be str, not int/);
    expect(readdirSync(again).filter((name) => name.includes('wrong') || name.includes('tmp'))).toEqual([]);
  });
});

describe('damaged files are refused', () => {
  const whole = readFileSync(join(folder, 'int32.npy'));
  const header = (text: string, version = 1): Buffer => {
    const size = Buffer.alloc(2);
    size.writeUInt16LE(text.length);
    return Buffer.concat([
      Buffer.from('\x93NUMPY', 'latin1'),
      Buffer.of(version, 0),
      size,
      Buffer.from(text),
      Buffer.alloc(24),
    ]);
  };
  const dictionary = (shape: string, descr = "'<i4'", order = 'False'): Buffer =>
    header(`{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`);

  it('wherever they are cut off', () => {
    for (let length = 0; length < whole.length; length++) {
      expect(() => np.load(whole.subarray(0, length)), `${length} bytes`).toThrow(/^load\(\): the data: /);
    }
  });

  it.each<[string, Buffer, RegExp]>([
    ['a text', Buffer.from('hello world'), /the magic string is not correct/],
    ['another version', header('{}', 9), /we only support format version .* not \(9,0\)/],
    ['no dictionary', header('[1]'), /Header is not a dictionary/],
    ['a dictionary without a key', header("{'descr': '<i4', }"), /there is no 'fortran_order'/],
    ['an order that is none', dictionary('(2,)', "'<i4'", 'Maybe'), /fortran_order is not a valid bool: Maybe/],
    ['a negative size', dictionary('(-2,)'), /shape is not valid/],
    ['a shape that is an expression', dictionary('(__import__("os"),)'), /shape is not valid/],
    ['more elements than bytes', dictionary('(7,)'), /an array of shape \(7\) has 28 bytes, and the file has 24/],
    ['a huge array', dictionary('(100000000000, 1000000)'), /cannot read the elements/],
    ['sizes that overflow', dictionary('(99999999999999999999, 99999999999999999999)'), /cannot read the elements/],
    ['a huge header', header("{'descr': ".padEnd(20_000)), /Header info length \(20000\) is large and may not be safe/],
    ['an unknown type', dictionary('(2,)', "'<q9'"), /arrays of the type '<q9' are not supported/],
  ])('with %s', (_, bytes, message) => {
    expect(() => np.load(bytes)).toThrow(message);
  });

  it('archives too', () => {
    const archive = readFileSync(join(folder, 'plain.npz'));
    expect(() => np.load_npz(archive.subarray(0, -1))).toThrow(/not a whole zip archive/);
    expect(() => np.load(archive)).toThrow(/this is a \.npz file; use load_npz/);
    const damaged = Buffer.from(archive);
    const at = damaged.indexOf('\x93NUMPY', 0, 'latin1') + 130;
    damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
    expect(() => [...np.load_npz(damaged)]).toThrow(/the CRC-32 of record x\.npy is/);
    writeFileSync(join(again, 'no array.npz'), archive);
    expect(() => np.load_npz(join(again, 'missing.npz'))).toThrow(/ENOENT/);
  });
});

it('the module loads by itself', () => {
  const ran = spawnSync(process.execPath, ['-e', "require('torch-node/numpy').NDArray.name"], {
    cwd: root,
    encoding: 'utf8',
  });
  expect([ran.status, ran.stderr]).toEqual([0, '']);
});
