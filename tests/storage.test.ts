/** UntypedStorage, TypedStorage and buffers, as Python has them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { afterAll, describe, expect, it } from 'vitest';

import { root } from './package_root.js';
import { python } from './reference.js';

const theirs = python<Record<string, unknown>>('storages.py');
const { UntypedStorage, TypedStorage, FloatStorage, DoubleStorage, IntStorage, Complex } = torch;

const numbers = (...values: number[]): torch.UntypedStorage => new UntypedStorage(values);
const eight = (): torch.UntypedStorage => numbers(1, 2, 3, 4, 5, 6, 7, 8);
const changed = (storage: torch.UntypedStorage, change: (storage: torch.UntypedStorage) => unknown): number[] => {
  change(storage);
  return storage.tolist();
};
const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value));
const conversions = [
  'bfloat16',
  'bool',
  'byte',
  'char',
  'complex_double',
  'complex_float',
  'double',
  'float',
  'float8_e4m3fn',
  'float8_e4m3fnuz',
  'float8_e5m2',
  'float8_e5m2fnuz',
  'half',
  'int',
  'long',
  'short',
] as const;

// In the order and under the names of tests/reference/storages.py.
const ours: Record<string, () => unknown> = {
  empty: () => String(new UntypedStorage()),
  bytes: () => String(numbers(1, 300, -1)),
  meta: () => String(new UntypedStorage(3, { device: 'meta' })),
  'meta list': () => new UntypedStorage(3, { device: 'meta' }).tolist(),
  'meta element': () => new UntypedStorage(3, { device: 'meta' }).at(0),
  element: () => [eight().at(0), eight().at(-1), eight().length, [...eight()]],
  'no element': () => eight().at(8),
  'no element before': () => eight().at(-9),
  part: () => [
    eight().slice(1, 3).tolist(),
    eight().slice(-3).tolist(),
    eight().slice(6, 2).tolist(),
    eight().slice(null, 100).tolist(),
  ],
  set: () =>
    changed(eight(), (s) => {
      s.set(0, 9);
    }),
  'set in part': () => changed(eight(), (s) => s.slice(2, 4).fill_(0)),
  fill: () => [eight().fill_(3).tolist(), eight().fill_(300).tolist(), eight().fill_(-1).tolist()],
  copy: () =>
    eight()
      .copy_(numbers(8, 7, 6, 5, 4, 3, 2, 1))
      .tolist(),
  'copy of other size': () => eight().copy_(numbers(1)),
  facts: () => {
    const s = eight();
    return [
      s.nbytes(),
      s.size(),
      s.element_size(),
      String(s.device),
      s.is_cuda,
      s.is_hpu,
      s.is_sparse,
      s.is_sparse_csr,
      s.is_pinned(),
      s.type(),
      s.get_device(),
      s.filename,
      s.resizable(),
      String(s.new()),
    ];
  },
  resize: () => [
    eight().resize_(10).size(),
    eight().resize_(10).slice(0, 8).tolist(),
    eight().resize_(4).tolist(),
    eight().resize_(0).tolist(),
  ],
  swap: () =>
    [torch.int16, torch.float64, torch.complex64, torch.uint8].map((dtype) =>
      changed(eight(), (s) => {
        s.byteswap(dtype);
      }),
    ),
  'swap of other size': () => {
    numbers(1, 2, 3).byteswap(torch.int64);
  },
  conversions: () => conversions.map((name) => String(numbers(0, 1, 200)[name]())),
  typed: () =>
    [
      torch.ones(2).storage(),
      new TypedStorage(),
      new TypedStorage([1, 2], { dtype: torch.int16 }),
      new FloatStorage([1, 2.5]),
      torch.ones(3).index('1:').storage(),
      new DoubleStorage([0.1, 1e20]),
      new TypedStorage({ wrap_storage: numbers(0, 0, 128, 63), dtype: torch.float32 }),
      new torch.BoolStorage([0, 1]),
      new torch.ComplexFloatStorage([new Complex(1, 2), new Complex(0, 2)]),
    ].map(String),
  'typed conversions': () => conversions.map((name) => String(new FloatStorage([0, 1.5, 100])[name]())),
  'typed facts': () => {
    const s = new FloatStorage([1, 2]);
    return [
      s.element_size(),
      s.nbytes(),
      s.size(),
      s.type(),
      s.pickle_storage_type(),
      s.tolist(),
      new DoubleStorage([1, 2]).at(1),
      String(FloatStorage.dtype),
      s.untyped().tolist(),
      s.fill_(1.5).tolist(),
      torch.ones(1).int().storage_type().name,
    ];
  },
  'typed element': () => new FloatStorage([1, 2]).at(2),
  'typed copy': () => new FloatStorage([1, 2]).copy_(new IntStorage([3, 4])).tolist(),
  'typed copy of other size': () => new FloatStorage([1, 2]).copy_(new FloatStorage([1])),
  'typed sparse': () => torch.ones(2).to_sparse().storage(),
  kinds: () => [
    torch.ones(2).storage() instanceof FloatStorage,
    torch.ones(2).storage() instanceof IntStorage,
    torch.Storage === FloatStorage,
    torch.is_storage(numbers(1)),
    torch.is_storage(new FloatStorage(1)),
    torch.is_storage(torch.ones(1)),
  ],
  buffer: () => [
    UntypedStorage.from_buffer(text('abcd'), { dtype: torch.uint8 }).tolist(),
    UntypedStorage.from_buffer(text('abcd'), { byte_order: 'big', dtype: torch.int16 }).tolist(),
    UntypedStorage.from_buffer(text('abcdef'), 'big', 1, 2, torch.int16).tolist(),
    FloatStorage.from_buffer(text('abcdefgh'), { byte_order: 'little' }).tolist(),
  ],
  'buffer of parts': () => UntypedStorage.from_buffer(text('abcde'), { byte_order: 'little', dtype: torch.int16 }),
  'buffer in no order': () =>
    UntypedStorage.from_buffer(text('abcd'), { byte_order: 'x' as 'big', dtype: torch.int16 }),
  'buffer too short': () => UntypedStorage.from_buffer(text('abcde'), { count: 9, dtype: torch.uint8 }),
  unaligned: () =>
    (
      [
        [torch.float32, 1],
        [torch.float64, 3],
        [torch.int16, 5],
        [torch.int32, 2],
      ] as const
    ).map(([dtype, offset]) =>
      torch
        .frombuffer(
          Uint8Array.from({ length: 40 }, (_, i) => i),
          { dtype, offset, count: 3 },
        )
        .tolist(),
    ),
  'unaligned sum': () => {
    const ones = Uint8Array.from({ length: 37 }, (_, i) => [63, 0, 0, 128][i % 4]!).fill(0, 0, 1);
    return torch.frombuffer(ones, { dtype: torch.float32, offset: 1 }).sum().item();
  },
};

describe('storages are those of Python', () => {
  it.each(Object.keys(ours))('%s', (name) => {
    const expected = theirs[name];
    const error = (expected as { error?: string } | null)?.error;
    if (error !== undefined) expect(ours[name]).toThrow(error);
    else expect(ours[name]!()).toEqual(expected);
  });

  it('have all members', () => {
    const { prototype } = UntypedStorage;
    const members = python<{ untyped: string[]; typed: string[] }>('storages.py', ['members']);
    expect(members.untyped.filter((name) => !(name in prototype) && !(name in UntypedStorage))).toEqual([]);
    expect(members.typed.filter((name) => !(name in TypedStorage.prototype) && !(name in TypedStorage))).toEqual([]);
  });
});

describe('storages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-storage-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('are seen by the tensors on them', () => {
    const x = torch.zeros(2, { dtype: torch.uint8 });
    const storage = x.untyped_storage();
    storage.set(1, 7);
    expect(x.tolist()).toEqual([0, 7]);
    storage.resize_(4);
    expect([x.tolist(), x.untyped_storage().size(), storage.nbytes()]).toEqual([[0, 7], 4, 4]);
    expect(storage.fill_(5).tolist()).toEqual([5, 5, 5, 5]);
  });

  it('are equal when they are the same memory', () => {
    const x = torch.ones(4);
    expect(x.untyped_storage().equals(x.index('2:').untyped_storage())).toBe(true);
    expect(x.untyped_storage().equals(torch.ones(4).untyped_storage())).toBe(false);
    expect(x.storage().equals(x.view(2, 2).storage())).toBe(true);
    expect(x.untyped_storage().equals(3)).toBe(false);
  });

  it('of other memory cannot be resized', () => {
    const of_array = torch.from_numpy(new Uint8Array(4)).untyped_storage();
    expect(of_array.resizable()).toBe(false);
    expect(() => of_array.resize_(8)).toThrow('Trying to resize storage that is not resizable');
  });

  it('of a file know its name, and write to it when shared', () => {
    const path = join(folder, 'bytes');
    writeFileSync(path, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    const storage = UntypedStorage.from_file(path, true, 8);
    expect([storage.filename, storage.resizable(), storage.tolist()[7]]).toEqual([path, false, 8]);
    storage.set(0, 9);
    expect(readFileSync(path)[0]).toBe(9);
    expect(IntStorage.from_file(path, { size: 2 }).length).toBe(2);
    expect(UntypedStorage.from_file({ filename: path, nbytes: 3 }).tolist()).toEqual([9, 2, 3]);
  });

  it('warn as Python does', () => {
    expect(typeof theirs['warning']).toBe('string');
    const script = `const torch = require(${JSON.stringify(root)});
      process.on('warning', ({ name, message }) => console.log(name + ': ' + message)); torch.ones(1).storage(); torch.ones(1).storage();`;
    const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect(stdout.trim()).toBe(`UserWarning: ${theirs['warning'] as string}`);
  });

  it('refuse arguments of a wrong kind', () => {
    const any = UntypedStorage as unknown as new (...args: unknown[]) => torch.UntypedStorage;
    expect(() => new any(torch.ones(1))).toThrow(
      /^UntypedStorage\(\): argument 'size' must be int or list of ints, not Tensor$/,
    );
    expect(() => new any([1.5])).toThrow(/found element of type float at pos 0/);
    expect(() => new any(1, { zzz: 1 })).toThrow("UntypedStorage() got an unexpected keyword argument 'zzz'");
    expect(() => new any(-1)).toThrow(RangeError);
    expect(() => eight().copy_(torch.ones(8) as never)).toThrow(/argument 'source' must be UntypedStorage, not Tensor/);
    expect(() => eight().fill_(1.5)).toThrow(/argument 'value' must be int, not float/);
    expect(() => eight().resize_('a' as never)).toThrow(/argument 'size' must be int, not str/);
    expect(() => new FloatStorage(1, { dtype: torch.int8 })).toThrow(TypeError);
    expect(() => new FloatStorage('a' as never)).toThrow(/argument 'size' must be int or list of/);
  });
});
