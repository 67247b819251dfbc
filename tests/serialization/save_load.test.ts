/** torch.save and torch.load, both ways with Python. */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32 } from 'node:zlib';

import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import { afterAll, describe, expect, it, vi } from 'vitest';

import { python } from '../reference.js';
import { described } from './described.js';

const { Tuple, Float, int_keys, ordered_dict } = torch.serialization;

const folder = mkdtempSync(join(tmpdir(), 'torch-node-serialization-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const path = (name: string): string => join(folder, name);

interface Description {
  dict: [key: unknown, value: unknown][];
}

const made = python<Record<string, Description>>('serialization.py', ['make', folder]);
const names = Object.keys(made);
const zip_names = names.filter((name) => !name.endsWith('.legacy'));

/** What Python reads from files that were written here. */
const written: Record<string, unknown> = {
  'from typescript': {
    tuple: Tuple.of<unknown>(1, Tuple.of(), Tuple.of('a')),
    float: new Float(1),
    'int keys': int_keys({ 0: 'a', 12: 'b', '-3': 'c', x: 1 }),
    map: new Map<unknown, unknown>([
      [1, 2],
      ['a', null],
      [Tuple.of(1, 2), true],
    ]),
    ordered: ordered_dict({ b: 1, a: 2 }),
    bytes: Uint8Array.of(1, 0xff),
    empty: new Uint8Array(0),
    buffer: Buffer.from('ab'),
    set: new Set([1, 2]),
    left_out: undefined,
    view: torch.arange(6).view(2, 3).index(':', 1),
    bigints: [1n, -1n, 2n ** 70n],
    buffers: new nn.Buffer(torch.ones(2)),
    zeros: torch.zeros(2),
    storage: torch.ones(2, { dtype: torch.uint8 }).untyped_storage(),
  },
  'state dict': new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3)).state_dict(),
};
for (const name of zip_names) torch.save(torch.load(path(`${name}.pt`)), path(`${name}.again.pt`));
for (const [name, value] of Object.entries(written)) torch.save(value, path(`${name}.pt`));
const read = python<Record<string, Description>>('serialization.py', [
  'read',
  folder,
  [...zip_names.map((name) => `${name}.again`), ...Object.keys(written)],
]);

describe('files that Python wrote are loaded', () => {
  it.each(names)('%s', (name) => {
    expect(described(torch.load(path(`${name}.pt`)))).toEqual(made[name]);
  });

  it.each(zip_names)('%s, mapped', (name) => {
    expect(described(torch.load(path(`${name}.pt`), { mmap: true }))).toEqual(made[name]);
  });

  it.each(names)('%s, from bytes', (name) => {
    expect(described(torch.load(readFileSync(path(`${name}.pt`))))).toEqual(made[name]);
  });

  it('with what holds itself', () => {
    const { loop, table } = torch.load<{ loop: unknown[]; table: { self: unknown } }>(path('cyclic.pt'));
    expect(loop[1]).toBe(loop);
    expect(table.self).toBe(table);
  });

  it('with objects that are the same ones', () => {
    const { list, base, same } = torch.load<{ list: unknown[]; base: Tensor; same: Tensor }>(path('shared.pt'));
    expect(list[0]).toBe(list[1]);
    expect(base).toBe(same);
  });

  it('and cannot change prototypes', () => {
    const { ['__proto__']: own } = torch.load<Record<string, object>>(path('values.pt'));
    expect(Object.hasOwn(own as object, '__proto__')).toBe(true);
    expect(Object.getPrototypeOf(own)).toBe(Object.prototype);
  });
});

describe('files that were written here are loaded by Python', () => {
  it.each(zip_names)('%s', (name) => {
    expect(read[`${name}.again`]).toEqual(made[name]);
  });

  it('a state dict, with its metadata', () => {
    expect(read['state dict']).toEqual(described(written['state dict']));
    expect(read['state dict']).toMatchObject({
      ordered: true,
      metadata: [
        ['', 1],
        ['0', 1],
        ['1', 2],
      ],
    });
  });

  it('what only TypeScript writes', () => {
    const told = Object.fromEntries((read['from typescript'] as Description).dict) as Record<string, unknown>;
    expect(told['tuple']).toEqual({ tuple: [1, { tuple: [] }, { tuple: ['a'] }] });
    expect(told['int keys']).toMatchObject({
      dict: [
        [0, 'a'],
        [12, 'b'],
        [-3, 'c'],
        ['x', 1],
      ],
    });
    expect(told['map']).toMatchObject({
      dict: [
        [1, 2],
        ['a', null],
        [{ tuple: [1, 2] }, true],
      ],
      ordered: false,
    });
    expect(told['ordered']).toMatchObject({
      dict: [
        ['b', 1],
        ['a', 2],
      ],
      ordered: true,
    });
    expect([told['bytes'], told['empty'], told['buffer']]).toEqual([
      { bytes: '01ff' },
      { bytes: '' },
      { bytes: '6162' },
    ]);
    expect(told['bigints']).toEqual({ list: [1, -1, { int: String(2n ** 70n) }] });
    expect(told['storage']).toEqual({ storage: '0101' });
    expect(told['view']).toMatchObject({ shape: [2], stride: [3], offset: 1, storage: [0, 48] });
    expect(told).not.toHaveProperty('left_out');
  });
});

describe('map_location', () => {
  const file = path('cuda.pt');
  const tensors = torch.load<{ base: Tensor; row: Tensor }>(path('shared.pt'));
  torch.save({ base: tensors.base, row: tensors.row }, file);
  // A file as a machine with a GPU writes it: only the tags of the storages differ.
  const bytes = readFileSync(file);
  const tag = bytes.indexOf('X\x03\0\0\0cpuq');
  bytes.write('mps', tag + 5);
  const retagged = recrc(bytes);

  it('takes a device, an object, a Map and a function', () => {
    const locations: string[] = [];
    for (const map_location of [
      'cpu',
      torch.device('cpu'),
      { mps: 'cpu' },
      new Map([['mps', torch.device('cpu')]]),
      (storage: torch.UntypedStorage, location: string) => {
        locations.push(location);
        return storage;
      },
    ]) {
      const { base, row } = torch.load<{ base: Tensor; row: Tensor }>(retagged, { map_location });
      expect(base.tolist()).toEqual(tensors.base.tolist());
      expect(row.untyped_storage().data_ptr()).toBe(base.untyped_storage().data_ptr());
    }
    expect(locations).toEqual(['mps']);
  });

  it('goes to the meta device without reading', () => {
    const { base, row } = torch.load<{ base: Tensor; row: Tensor }>(path('shared.pt'), { map_location: 'meta' });
    expect([base.is_meta, [...row.shape], row.storage_offset()]).toEqual([true, [6], 6]);
  });

  it('says what cannot be done', () => {
    expect(() => torch.load(retagged)).toThrow(/don't know how to restore data location .* \(tagged with mps\)/);
    expect(() => torch.load(retagged, { map_location: 'cuda' })).toThrow(
      /Attempting to deserialize object on a CUDA device/,
    );
    expect(() => torch.load(retagged, { map_location: 3 as unknown as string })).toThrow(
      /'map_location' must be a device/,
    );
    expect(() => torch.load(retagged, { map_location: (() => 1) as never })).toThrow(
      /must return an UntypedStorage, not int/,
    );
  });
});

describe('a mapped file', () => {
  it('is not changed by writing to its tensors', () => {
    const before = readFileSync(path('shared.pt'));
    const { base } = torch.load<{ base: Tensor }>(path('shared.pt'), { mmap: true });
    base.fill_(7);
    expect(base.sum().item()).toBe(168);
    expect(readFileSync(path('shared.pt')).equals(before)).toBe(true);
  });

  it('must be a file, of the zip format', () => {
    expect(() => torch.load(readFileSync(path('shared.pt')), { mmap: true })).toThrow(/must be a file path/);
    expect(() => torch.load(path('shared.legacy.pt'), { mmap: true })).toThrow(
      /mmap can only be used with files saved with/,
    );
  });
});

describe('names that files may mention', () => {
  const point = python<Record<string, string>>('serialization_refused.py', [folder]);

  it.each(['reduce', 'object', 'legacy', 'function'])(
    '%s: others are refused with their full name, and nothing runs',
    (name) => {
      const file = path(`refused_${name}.pt`);
      expect(() => torch.load(file)).toThrow(point[name]);
      expect(torch.serialization.get_unsafe_globals_in_checkpoint(file)).toEqual([point[name]]);
      expect(readdirSync(folder)).not.toContain('ran');
    },
  );

  it('modules of the system are refused even when the user allows them', () => {
    torch.serialization.safe_globals([[() => 0, 'posix.system']], () => {
      expect(() => torch.load(path('refused_reduce.pt'))).toThrow(/posix\.system whose module posix is blocked/);
    });
  });

  it('can be added, for a while or for good', () => {
    class Point {
      constructor(
        public x: unknown = 0,
        public y: unknown = 0,
      ) {}
    }
    const global = [() => new Point(), 'shapes.Point'] as const;
    const load = (): unknown => torch.load(path('refused_object.pt'));
    const loaded = torch.serialization.safe_globals([global], load) as { point: Point; again: Point };
    expect(loaded.point).toBeInstanceOf(Point);
    expect(loaded.point).toMatchObject({ x: 1, y: [{ deep: 2 }] });
    expect(loaded.again).toBe(loaded.point);
    expect(load).toThrow(/shapes\.Point/);
    torch.serialization.add_safe_globals([global]);
    expect(torch.serialization.get_safe_globals()).toEqual([global]);
    expect(load).not.toThrow();
    torch.serialization.clear_safe_globals();
    expect(load).toThrow(/shapes\.Point/);
  });

  it('are the same without weights_only, but for modules', () => {
    expect(described(torch.load(path('shared.pt'), { weights_only: false }))).toEqual(made['shared']);
  });
});

describe('saving', () => {
  it('to an object with write gives the bytes of the file', () => {
    const chunks: Uint8Array[] = [];
    torch.save(written['state dict'], {
      write: (chunk) => {
        chunks.push(chunk);
      },
    });
    expect(Buffer.concat(chunks).equals(readFileSync(path('state dict.pt')))).toBe(true);
  });

  it('takes URLs, as loading does', () => {
    const url = pathToFileURL(path('with space.pt'));
    torch.save([1], url);
    expect(torch.load(url)).toEqual([1]);
  });

  it('writes records at multiples of 64 bytes', () => {
    const bytes = readFileSync(path('dtypes.again.pt'));
    for (let at = bytes.indexOf('PK\x03\x04'); at >= 0; at = bytes.indexOf('PK\x03\x04', at + 1)) {
      expect((at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28)) % 64).toBe(0);
    }
  });

  it.each<[unknown, RegExp]>([
    [
      { a: [1, () => 1] },
      /save\(\): cannot save the function at obj\.a\[1\]: leave it out, or torch\.serialization\.add_safe_globals/,
    ],
    [
      { model: new (class Own extends nn.Module {})() },
      /cannot save the module Own at obj\.model: .*; or save its state_dict\(\)/,
    ],
    [new torch.optim.SGD([new nn.Parameter(torch.ones(1))], 0.1), /cannot save a SGD at obj: save its state_dict\(\)/],
    [new Date(0), /cannot save a Date at obj: save its getTime\(\)/],
    [{ a: Promise.resolve(1) }, /cannot save a Promise at obj\.a: await it/],
    [/x/, /cannot save a RegExp at obj: save its source/],
    [new Error('x'), /cannot save a Error at obj: save its message/],
    [new ArrayBuffer(2), /cannot save a ArrayBuffer at obj: save new Uint8Array/],
    [new DataView(new ArrayBuffer(2)), /cannot save a DataView at obj: save new Uint8Array/],
    [new WeakMap(), /cannot save a WeakMap at obj: save a Map/],
    [[1, 2].values(), /cannot save a .* at obj: save/],
    [new Map().keys(), /cannot save a .* at obj: save an array of what it gives/],
    [
      new (class Vocabulary {
        words = ['a'];
      })(),
      /cannot save a Vocabulary at obj: save a plain object of what it holds, and make the Vocabulary from that after loading/,
    ],
    [[Symbol('x')], /cannot save symbol at obj\[0\]: save its description/],
    [[undefined], /cannot save undefined at obj\[0\]: write null/],
    [new Float32Array(2), /cannot save a Float32Array at obj: save torch\.from_numpy/],
    [new Map([[[1], 2]]), /cannot save a list as a key/],
    [new Set([{}]), /cannot save a dict as a key/],
    [2n ** 4000n, /more than 255 bytes at obj: save it as a string/],
    [torch.channels_last, /cannot save a torch\.memory_format at obj: save its name/],
    [
      [torch.ones(2, 2).to_mkldnn()],
      /cannot save the Tensor at obj\[0\]: Cannot access storage of OpaqueTensorImpl.*: save its to_dense\(\)/s,
    ],
  ])('refuses what files cannot hold (%#)', (value, message) => {
    expect(() => {
      torch.save(value, path('refused.pt'));
    }).toThrow(message);
    expect(readdirSync(folder)).not.toContain('refused.pt');
  });

  it('refuses memory that is seen as two dtypes, as Python does', () => {
    const x = torch.ones(2);
    expect(() => {
      torch.save([x, x.view(torch.int32)], path('refused.pt'));
    }).toThrow(
      /obj\[1\]: Cannot save multiple tensors or storages that view the same data as different types: save a clone\(\)/,
    );
  });

  it('refuses what is nested too deeply, and tuples within themselves', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 5000; i++) deep = [deep];
    expect(() => {
      torch.save(deep, path('refused.pt'));
    }).toThrow(/nested more than 1000 levels deep: keep the values in one array/);
    const list: unknown[] = [];
    const tuple = Tuple.of<unknown>(list);
    list.push(tuple);
    expect(() => {
      torch.save(tuple, path('refused.pt'));
    }).toThrow(/a tuple that is a part of itself/);
  });

  it('keeps the old file when it fails, and leaves nothing behind', () => {
    const own = mkdtempSync(join(folder, 'own-'));
    const file = join(own, 'x.pt');
    torch.save(1, file);
    const disposed = torch.ones(2);
    disposed.dispose();
    expect(() => {
      torch.save(disposed, file);
    }).toThrow(/was disposed/);
    expect(() => {
      torch.save([torch.ones(3), torch.ones(2).to('meta').untyped_storage()], file);
    }).toThrow(/meta/);
    expect(torch.load(file)).toBe(1);
    expect(readdirSync(own)).toEqual(['x.pt']);
  });

  it('keeps the mode of the old file, and follows links', () => {
    const own = mkdtempSync(join(folder, 'own-'));
    torch.save(1, join(own, 'x.pt'));
    chmodSync(join(own, 'x.pt'), 0o600);
    symlinkSync('x.pt', join(own, 'link.pt'));
    torch.save(2, join(own, 'link.pt'));
    expect(torch.load(join(own, 'x.pt'))).toBe(2);
    expect(statSync(join(own, 'x.pt')).mode & 0o777).toBe(0o600);
    expect(readdirSync(own).sort()).toEqual(['link.pt', 'x.pt']);
  });

  it('follows a link to a file that is not there yet', () => {
    const own = path('dangling');
    mkdirSync(own);
    symlinkSync('second.pt', join(own, 'first.pt'));
    symlinkSync('real.pt', join(own, 'second.pt'));
    torch.save({ a: 1 }, join(own, 'first.pt'));
    expect(lstatSync(join(own, 'first.pt')).isSymbolicLink()).toBe(true);
    expect(lstatSync(join(own, 'real.pt')).isFile()).toBe(true);
    expect(torch.load(join(own, 'first.pt'))).toEqual({ a: 1 });
  });

  it.each([
    ['openSync', 'EROFS', (path: unknown, flags: unknown) => flags === 'wx' && String(path).endsWith('.tmp')],
    ['renameSync', 'EBUSY', () => true],
  ] as const)('writes to the file itself where its folder takes no new one: %s', (name, code, refused) => {
    const own = path(`mount of ${name}`);
    mkdirSync(own);
    torch.save({ a: 1 }, join(own, 'x.pt'));
    const system = createRequire(import.meta.url)('node:fs') as typeof import('node:fs');
    const real = system[name] as (...args: unknown[]) => unknown;
    const spy = vi.spyOn(system, name).mockImplementation(((...args: unknown[]) => {
      if (refused(args[0], args[1])) throw Object.assign(new Error(`${code}: refused`), { code });
      return real(...args);
    }) as never);
    try {
      torch.save({ a: 2 }, join(own, 'x.pt'));
      if (name === 'openSync')
        expect(() => {
          torch.save({ a: 2 }, join(own, 'new.pt'));
        }).toThrow(code);
    } finally {
      spy.mockRestore();
    }
    expect(torch.load(join(own, 'x.pt'))).toEqual({ a: 2 });
    expect(readdirSync(own)).toEqual(['x.pt']);
  });

  it('leaves errors of functions that it was given as they are', () => {
    const mine = new RangeError('mine');
    const bytes: Uint8Array[] = [];
    torch.save(torch.ones(1), {
      write: (part) => {
        bytes.push(Uint8Array.from(part));
      },
    });
    expect(() =>
      torch.load(Buffer.concat(bytes), {
        map_location: () => {
          throw mine;
        },
      }),
    ).toThrow(new RangeError('mine'));
  });

  it('says why a file cannot be written', () => {
    expect(() => {
      torch.save(1, join(folder, 'none', 'x.pt'));
    }).toThrow(/Parent directory .*none does not exist/);
    mkdirSync(join(folder, 'directory'));
    expect(() => {
      torch.save(1, join(folder, 'directory'));
    }).toThrow(/EISDIR/);
    expect(() => {
      torch.save(1, 7 as unknown as string);
    }).toThrow(/argument 'f' must be str or URL or object with a function write, not int/);
  });
});

describe('loading says what is wrong with', () => {
  it.each<[string, Buffer | null, RegExp]>([
    ['a missing file', null, /ENOENT.*nothing\.pt/],
    ['an empty file', Buffer.alloc(0), /nothing\.pt is empty/],
    ['a text', Buffer.from('hello, this is no checkpoint'), /is not a file of torch\.save/],
    ['a tar file', Buffer.concat([Buffer.alloc(257), Buffer.from('ustar'), Buffer.alloc(600)]), /legacy \.tar format/],
  ])('%s', (_, content, message) => {
    rmSync(path('nothing.pt'), { force: true });
    if (content !== null) writeFileSync(path('nothing.pt'), content);
    expect(() => torch.load(path('nothing.pt'))).toThrow(message);
  });

  it('a folder, and arguments of a wrong kind', () => {
    expect(() => torch.load(folder)).toThrow(/EISDIR|not a regular file/);
    expect(() => torch.load(1 as unknown as string)).toThrow(/argument 'f' must be str or URL or bytes-like, not int/);
    expect(() => torch.load(path('shared.pt'), { map: 1 } as object)).toThrow(/unexpected keyword argument 'map'/);
  });
});

describe('storages', () => {
  it('tell whether tensors share memory', () => {
    const x = torch.arange(6).view(2, 3);
    const storage = x.untyped_storage();
    expect(storage.data_ptr()).toBe(x.index(1).untyped_storage().data_ptr());
    expect(storage.data_ptr()).not.toBe(x.clone().untyped_storage().data_ptr());
    expect([storage.nbytes(), storage.size(), String(storage.device)]).toEqual([48, 48, 'cpu']);
    expect(storage.cpu()).toBe(storage);
    expect(storage.clone().tolist()).toEqual(storage.tolist());
    expect(String(storage).split('\n').at(-1)).toBe('[torch.storage.UntypedStorage(device=cpu) of size 48]');
    expect(() => torch.eye(2).to_sparse().untyped_storage()).toThrow(/Cannot access storage of SparseTensorImpl/);
  });

  it('come from files', () => {
    writeFileSync(path('bytes'), 'abc');
    expect(torch.UntypedStorage.from_file(path('bytes'), false, 3).tolist()).toEqual([97, 98, 99]);
    expect(() => torch.UntypedStorage.from_file(path('bytes'), false, 4)).toThrow(/size/);
    expect(new torch.UntypedStorage(5).nbytes()).toBe(5);
  });
});

/** The archive with the checksum of its pickle as it now is. */
function recrc(bytes: Buffer): Buffer {
  const directory = bytes.lastIndexOf('PK\x01\x02', bytes.lastIndexOf('archive/data.pkl'));
  const size = bytes.readUInt32LE(directory + 24);
  const content = bytes.subarray(64, 64 + size);
  bytes.writeUInt32LE(crc32(content), directory + 16);
  return bytes;
}
