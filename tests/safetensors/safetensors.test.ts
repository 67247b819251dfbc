/** torch-node/safetensors against Python's library: the same bytes, and the same refusals. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import {
  load,
  load_file,
  load_model,
  safe_open,
  SafetensorError,
  save,
  save_file,
  save_model,
} from 'torch-node/safetensors';
import { afterAll, describe, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { python } from '../reference.js';

const folder = mkdtempSync(join(tmpdir(), 'torch-node-safetensors-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const path = (name: string): string => join(folder, `${name}.safetensors`);

/** A file from its header and its data. */
function file(header: unknown, data = '', length?: bigint): Buffer {
  const text = Buffer.isBuffer(header) ? header : Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(length ?? BigInt(text.length));
  return Buffer.concat([size, text, Buffer.from(data)]);
}

const one = (changed: object = {}): object => ({ dtype: 'F32', shape: [1], data_offsets: [0, 4], ...changed });
const text = (content: string): Buffer => Buffer.from(content);

const files: [what: string, bytes: Buffer][] = [
  ['whole', file({ a: one() }, 'abcd')],
  ['padded', file(text('{}   '))],
  ['with a leading blank', file(text(' {}'))],
  ['with an unknown field', file({ a: one({ extra: 1 }) }, 'abcd')],
  ['with no elements', file({ a: one({ shape: [0, 3], data_offsets: [0, 0] }) })],
  ['with metadata', file({ __metadata__: { a: 'b' } })],
  ['nothing', Buffer.alloc(0)],
  ['less than a length', text('abc')],
  ['too long a header', file({}, '', 100_000_001n)],
  ['far too long a header', file({}, '', 2n ** 63n)],
  ['a header that is cut off', file({}, '', 10n)],
  ['data that is cut off', file({ a: one() }, 'abc')],
  ['too much data', file({ a: one() }, 'abcde')],
  ['a hole at the start', file({ a: one({ data_offsets: [4, 8] }) }, 'abcdefgh')],
  ['a hole in the middle', file({ a: one(), b: one({ data_offsets: [8, 12] }) }, 'abcdefghijkl')],
  ['overlapping tensors', file({ a: one(), b: one() }, 'abcd')],
  ['offsets in the wrong order', file({ a: one({ data_offsets: [4, 0] }) }, 'abcd')],
  ['a shape that does not fit', file({ a: one({ shape: [2] }) }, 'abcd')],
  ['a shape that overflows', file({ a: one({ shape: [2 ** 52, 2 ** 52] }) }, 'abcd')],
  ['a negative size', file({ a: one({ shape: [-1] }) }, 'abcd')],
  ['half a size', file({ a: one({ shape: [0.5] }) }, 'abcd')],
  ['an unknown dtype', file({ a: one({ dtype: 'Q1' }) }, 'abcd')],
  ['no offsets', file({ a: { dtype: 'F32', shape: [1] } }, 'abcd')],
  ['a tensor that is a number', file({ a: 1 })],
  ['a list', file([])],
  ['half a JSON', file(text('{'))],
  ['more than a JSON', file(text('{} x'))],
  ['no UTF-8', file(Buffer.of(0x7b, 0xff, 0x7d))],
  ['metadata that is a number', file({ __metadata__: { a: 1 } })],
];

interface Opened {
  keys: string[];
  offset_keys: string[];
  metadata: Record<string, string>;
  loaded: string[];
  shape: number[];
  dtype: string;
  slice: number[][];
}

const expected = python<{ errors: (string | null)[]; unsaved: Record<string, string>; opened: Opened }>(
  'safetensors_files.py',
  [folder, files.map(([, bytes]) => bytes.toString('hex'))],
);

const bytes_of = (tensor: Tensor): number[] => {
  const storage = tensor.untyped_storage();
  return storage
    .tolist()
    .slice(tensor.storage_offset() * tensor.itemsize, tensor.storage_offset() * tensor.itemsize + tensor.nbytes);
};

describe('files of Python', () => {
  it('of all dtypes are loaded', () => {
    const tensors = load_file(path('dtypes'));
    expect(Object.keys(tensors)).toHaveLength(20);
    for (const [name, tensor] of Object.entries(tensors)) {
      expect([name, tensor.dtype.name, [...tensor.shape]]).toEqual([name, name, [2, 3]]);
      expect(bytes_of(tensor)).toEqual(Array.from({ length: tensor.nbytes }, (_, i) => (name === 'bool' ? i % 2 : i)));
    }
  });

  it.each(['dtypes', 'shapes', 'empty'])('%s: load and load_file give the same', (name) => {
    const [mapped, copied] = [load_file(path(name)), load(readFileSync(path(name)))];
    expect(Object.keys(mapped)).toEqual(Object.keys(copied));
    for (const key of Object.keys(mapped)) {
      expect(bytes_of(copied[key] as Tensor)).toEqual(bytes_of(mapped[key] as Tensor));
    }
  });

  it.each(['dtypes', 'shapes', 'empty'])('%s: saving gives the same bytes', (name) => {
    const metadata = safe_open(path(name)).metadata();
    const tensors = load_file(path(name));
    save_file(tensors, path('again'), { metadata });
    expect(readFileSync(path('again')).equals(readFileSync(path(name)))).toBe(true);
    expect(Buffer.from(save(tensors, { metadata })).equals(readFileSync(path(name)))).toBe(true);
  });

  it('with several metadata, whose order is left to chance in Python', () => {
    expect(safe_open(path('described')).metadata()).toEqual({ a: '2', z: '1' });
  });

  it('are opened without being read', () => {
    using opened = safe_open(path('shapes'), 'pt', 'cpu');
    const { keys, offset_keys, metadata, shape, dtype, slice } = expected.opened;
    expect(opened.keys()).toEqual([...keys].sort());
    expect(opened.offset_keys()).toEqual(offset_keys);
    expect(opened.metadata()).toEqual(metadata);
    const part = opened.get_slice('a');
    expect([part.get_shape(), part.get_dtype()]).toEqual([shape, dtype]);
    expect(part.index(0, ':', '1:').tolist()).toEqual(slice);
    expect(opened.get_tensor('z').item()).toBe(1.5);
    expect(() => opened.get_tensor('q')).toThrow('File does not contain tensor q');
    opened.close();
    expect(() => opened.get_tensor('z')).toThrow('File is closed');
  });

  it('with tied parameters are loaded into a module, and written the same', () => {
    class Tied extends nn.Module {
      b = new nn.Linear(2, 2);
      a = new nn.Linear(2, 2);
      constructor() {
        super();
        this.a.weight = this.b.weight;
      }
    }
    const model = new Tied();
    expect(load_model(model, path('tied'))).toEqual([[], []]);
    save_model(model, path('tied again'));
    expect(readFileSync(path('tied again')).equals(readFileSync(path('tied')))).toBe(true);
    save_file({ 'a.weight': torch.ones(2, 2), extra: torch.ones(1) }, path('partial'));
    expect(() => load_model(model, path('partial'))).toThrow(
      /Missing key\(s\) in state_dict: "a\.bias", "b\.bias"\n\s+Unexpected key\(s\) in state_dict: "extra"/,
    );
    expect(load_model(model, path('partial'), { strict: false })).toEqual([['b.bias', 'a.bias'], ['extra']]);
  });
});

describe('files are judged as in Python', () => {
  it.each(files.map(([what, bytes], i) => [what, bytes, expected.errors[i] ?? null] as const))(
    '%s',
    (_, bytes, reason) => {
      writeFileSync(path('judged'), bytes);
      for (const read of [() => load(bytes), () => load_file(path('judged'))]) {
        if (reason === null) {
          expect(read).not.toThrow();
          continue;
        }
        expect(read).toThrow(SafetensorError);
        // What is wrong with a JSON document, every parser says in its own words.
        const stated = /Error while deserializing(?: header)?: ((?:invalid (?:JSON|UTF-8) in header)|.*)/;
        const known = stated.exec(reason)?.[1];
        // Which of two overlapping tensors is named, is left to chance in Python.
        expect(read).toThrow((known ?? reason).replace(/`[ab]`$/, ''));
      }
    },
  );

  it('wherever they are cut off', () => {
    const whole = readFileSync(path('shapes'));
    for (let length = 0; length < whole.length; length += 3) {
      expect(() => load(whole.subarray(0, length)), `${length} bytes`).toThrow(SafetensorError);
    }
  });
});

describe('saving', () => {
  const x = torch.ones(4);
  const tensors: Record<string, Record<string, Tensor>> = {
    transposed: { a: torch.ones(2, 2).t() },
    strided: { a: x.index('::2') },
    sparse: { a: x.to_sparse() },
    shared: { a: x, b: x },
    overlapping: { a: x.index(':3'), b: x.index('2:') },
    complex128: { a: x.to(torch.complex128) },
    meta: { a: x.to('meta') },
  };

  it.each(Object.keys(tensors))('refuses %s tensors, as Python does', (name) => {
    expect(() => save(tensors[name] as Record<string, Tensor>)).toThrow();
    const reason = expected.unsaved[name] as string;
    const said = reason
      .trim()
      .replace(/\s+/g, ' ')
      .replace(/\[\{.*/, '');
    if (name !== 'complex128') expect(() => save(tensors[name] as Record<string, Tensor>)).toThrow(said);
    expect(() => {
      save_file(tensors[name] as Record<string, Tensor>, path('refused'));
    }).toThrow(/^save_file\(\): /);
    expect(readdirSync(folder)).not.toContain('refused.safetensors');
  });

  it('refuses what is not a tensor', () => {
    expect(() => save({ a: 1 as never })).toThrow('Key `a` is invalid, expected torch.Tensor but received int');
    expect(() => save([x] as never)).toThrow('Expected a dict of [str, torch.Tensor] but received list');
    expect(() => save({ a: x }, { metadata: { k: 1 as never } })).toThrow(
      "argument 'metadata' must be an object of texts",
    );
    expect(() => {
      save_file({ a: x }, 1 as never);
    }).toThrow("argument 'filename' must be str or URL, not int");
  });

  it('takes its arguments by name, and no others', () => {
    const file = path('by name');
    const any = { save_file, save, safe_open, load_file, load, save_model, load_model } as unknown as Record<
      string,
      (...args: unknown[]) => unknown
    >;
    any['save_file']!({ tensors: { a: x }, filename: file, metadata: { k: 'v' } });
    expect((any['load_file']!({ filename: pathToFileURL(file) }) as Record<string, Tensor>)['a']!.tolist()).toEqual(
      x.tolist(),
    );
    expect(any['load_file']!(file, { device: 'cpu', backend: 'mmap' }) as object).toHaveProperty('a');
    expect((any['safe_open']!({ filename: file, framework: 'pt' }) as ReturnType<typeof safe_open>).metadata()).toEqual(
      { k: 'v' },
    );
    expect(any['load']!({ data: any['save']!({ tensors: { a: x } }) }) as object).toHaveProperty('a');
    const model = new torch.nn.Linear(1, 1);
    any['save_model']!({ model, filename: file });
    expect(any['load_model']!(model, { filename: file, strict: true })).toEqual([[], []]);
    const wrong: [string, unknown[], RegExp][] = [
      [
        'save_file',
        [{ a: x }, file, { zzz: 1 }],
        /argument 'metadata' must be an object of texts|unexpected keyword argument 'zzz'/,
      ],
      ['save_file', [{ a: x }, file, null, 1], /save_file\(\) takes from 2 to 3 positional arguments but 4 were given/],
      ['load_file', [file, { zzz: 1 }], /load_file\(\) got an unexpected keyword argument 'zzz'/],
      ['load_file', [file, 1.5], /load_file\(\): argument 'device' must be .*, not float/],
      ['safe_open', [file, 'pt', 'cpu', 1], /safe_open\(\) takes from 1 to 3 positional arguments but 4 were given/],
      ['load', [3], /load\(\): argument 'data' must be bytes-like, not int/],
      ['save_model', [3, file], /save_model\(\): argument 'model' must be Module, not int/],
      ['load_model', [model, file, 1], /load_model\(\): argument 'strict' must be bool, not int/],
      ['load_model', [model], /load_model\(\) missing 1 required positional argument: 'filename'/],
    ];
    for (const [name, args, message] of wrong) {
      expect(() => any[name]!(...args)).toThrow(TypeError);
      expect(() => any[name]!(...args)).toThrow(message);
    }
    expect(() => any['load_file']!(file, { backend: 'pread' })).toThrow(
      /backend 'pread' is invalid|backend pread is invalid/,
    );
  });

  it('takes metadata by itself, as Python does', () => {
    expect(safe_open_bytes({ k: 'v' })).toEqual({ k: 'v' });
    expect(safe_open_bytes({ metadata: { k: 'v' } })).toEqual({ k: 'v' });
    expect(safe_open_bytes({ metadata: 'v' })).toEqual({ metadata: 'v' });
  });

  function safe_open_bytes(metadata: never | object): unknown {
    save_file({ a: x }, path('noted'), metadata as Record<string, string>);
    return safe_open(path('noted')).metadata();
  }
});

it('the module loads by itself', () => {
  const ran = spawnSync(process.execPath, ['-e', "require('torch-node/safetensors').save({})"], {
    cwd: root,
    encoding: 'utf8',
  });
  expect([ran.status, ran.stderr]).toEqual([0, '']);
});

it('loaded tensors lie in the mapped file, and do not change it', () => {
  const before = readFileSync(path('shapes'));
  const { first } = load_file(path('shapes')) as { first: Tensor };
  first.fill_(9);
  expect(first.tolist()).toEqual([9, 9, 9, 9]);
  expect(readFileSync(path('shapes')).equals(before)).toBe(true);
});
