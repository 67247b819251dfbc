/** Files that are damaged or made to do harm: each is an Error that says what is wrong, soon and without much memory. */
import * as torch from 'torch-node';
import { nn, Tensor } from 'torch-node';
import { describe, expect, it } from 'vitest';

import { checkpoint, legacy, p, pickle, records_of, zip } from './crafted.js';

function saved(value: unknown): Buffer {
  const chunks: Uint8Array[] = [];
  torch.save(value, {
    write: (chunk) => {
      chunks.push(chunk);
    },
  });
  return Buffer.concat(chunks);
}

/** Numbers of a fixed sequence below a bound. */
function draws(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const whole = saved({
  w: torch.arange(6).view(2, 3),
  state: new nn.Linear(2, 2).state_dict(),
  list: [1, 'a', 2.5, null],
});

describe('crafted files are what they should be', () => {
  it('a tensor', () => {
    expect(torch.load<Tensor>(checkpoint(pickle(p.tensor(1, [2, 2], [2, 1])))).tolist()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('packed records are read', () => {
    const file = checkpoint(pickle(p.tensor(0, [6], [1])), { deflate: true });
    expect(torch.load<Tensor>(file).tolist()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('another byte order', () => {
    const records = { 'archive/byteorder': Buffer.from('big') };
    const storage = Buffer.from(Float32Array.of(0, 1, 2, 3, 4, 5).buffer).swap32();
    const file = checkpoint(pickle(p.tensor(0, [6], [1])), { records: { ...records, 'archive/data/0': storage } });
    expect(torch.load<Tensor>(file).tolist()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('archives', () => {
  it('are refused wherever they are cut off', () => {
    for (let length = 0; length < whole.length; length += 7) {
      expect(() => torch.load(whole.subarray(0, length)), `${length} bytes`).toThrow(/^load\(\): /);
    }
  });

  it.each(['data.pkl', 'data/0', 'byteorder'])('have wrong checksums when a bit of %s is another', (name) => {
    const bytes = Buffer.from(whole);
    const at = bytes.indexOf(`archive/${name}`) + 100;
    const start = Math.ceil((at - 99) / 64) * 64;
    const record = bytes.indexOf(`archive/${name}`) - 30;
    const content = record + 30 + bytes.readUInt16LE(record + 26) + bytes.readUInt16LE(record + 28);
    expect(start % 64).toBe(content % 64);
    bytes.writeUInt8(bytes.readUInt8(content) ^ 1, content);
    expect(() => torch.load(bytes)).toThrow(`load(): the data is damaged: the CRC-32 of record archive/${name} is `);
  });

  it.each<[string, Record<string, Buffer>, RegExp]>([
    [
      'steps out of the folder',
      { 'archive/../../etc/passwd': Buffer.of(1) },
      /unsafe name "archive\/\.\.\/\.\.\/etc\/passwd"/,
    ],
    ['an absolute path', { '/etc/passwd': Buffer.of(1) }, /unsafe name "\/etc\/passwd"/],
    ['a path of Windows', { 'archive\\data': Buffer.of(1) }, /unsafe name/],
    ['no pickle', { 'archive/version': Buffer.of(1) }, /the data has no record archive\/data\.pkl/],
    [
      'an unknown byte order',
      { 'archive/data.pkl': pickle(p.none), 'archive/byteorder': Buffer.from('middle') },
      /Unknown endianness type: "middle"/,
    ],
    [
      'TorchScript',
      { 'archive/data.pkl': pickle(p.none), 'archive/constants.pkl': pickle(p.none) },
      /TorchScript archive/,
    ],
  ])('with %s', (_, records, message) => {
    expect(() => torch.load(zip(records))).toThrow(message);
  });

  it('with records that overlap', () => {
    const bytes = checkpoint(pickle(p.tensor(0, [6], [1])), { records: { 'archive/data/1': Buffer.alloc(64) } });
    const entry = bytes.lastIndexOf('archive/data/1') - 46;
    bytes.writeUInt32LE(bytes.readUInt32LE(bytes.lastIndexOf('archive/data/0') - 46 + 42), entry + 42);
    expect(() => torch.load(bytes)).toThrow(/overlaps another/);
  });

  it('with records that claim to be huge', () => {
    const bytes = checkpoint(pickle(p.tensor(0, [6], [1])));
    const entry = bytes.lastIndexOf('archive/data/0') - 46;
    for (const sizes of [[20, 24], [24]]) {
      const changed = Buffer.from(bytes);
      for (const at of sizes) changed.writeUInt32LE(0xffff_fff0, entry + at);
      expect(() => torch.load(changed)).toThrow(
        /not a whole zip archive: record archive\/data\/0 (is cut off|is stored, and its two sizes differ)/,
      );
    }
  });

  it('with packed records that claim to be huge, or do not unpack', () => {
    const bytes = checkpoint(pickle(p.tensor(0, [6], [1])), { deflate: true });
    const entry = bytes.lastIndexOf('archive/data/0') - 46;
    const huge = Buffer.from(bytes);
    huge.writeUInt32LE(0x7fff_ffff, entry + 24);
    expect(() => torch.load(huge)).toThrow(/cannot unpack to 2147483647 bytes/);
    const longer = Buffer.from(bytes);
    longer.writeUInt32LE(2400, entry + 24);
    expect(() => torch.load(longer)).toThrow(/unpacks to 24 bytes, not 2400|were announced/);
  });

  it('with a pickle that unpacks to far more than it is', () => {
    expect(() => torch.load(checkpoint(Buffer.alloc(2 ** 28 + 1, 'N'), { deflate: true }))).toThrow(
      /the pickle of the data unpacks to 268435457 bytes/,
    );
  });
});

describe('pickles', () => {
  const nested = (depth: number): Buffer =>
    pickle(
      Array.from({ length: depth }, () => p.list),
      Array.from({ length: depth - 1 }, () => p.append),
    );

  it('that are nested a million deep are no problem', () => {
    let depth = 0;
    const outermost = torch.load<unknown[]>(checkpoint(nested(1_000_000)));
    for (let list = outermost; list !== undefined; list = list[0] as unknown[]) depth++;
    expect(depth).toBe(1_000_000);
  });

  it('that double a list again and again stay small', () => {
    const levels = Array.from({ length: 200 }, (_, i) => [p.list, p.put(i + 1), p.mark, p.get(i), p.get(i), p.appends]);
    const laughs = torch.load<unknown[]>(checkpoint(pickle(p.list, p.put(0), levels)));
    expect(laughs[0]).toBe(laughs[1]);
  });

  it('that hold too many values', () => {
    expect(() => torch.load(checkpoint(pickle(Buffer.alloc(2 ** 26 + 1, 'N')))), 'values').toThrow(
      /more than 67108864 values/,
    );
  });

  it.each<[string, Buffer, RegExp]>([
    [
      'a text that is longer than the file',
      pickle(p.text('abc', 0xffff_fff0)),
      /corrupt pickle at byte 2: it ends after/,
    ],
    ['an integer that is longer than the file', pickle(Buffer.of(0x8a, 255, 1)), /corrupt pickle/],
    ['no end', pickle(p.none).subarray(0, -1), /it ends without STOP/],
    ['an empty stack', pickle(), /takes a value from an empty stack/],
    ['a mark that was never set', pickle(p.tuple), /a mark that was never set/],
    ['a memory that was never filled', pickle(p.get(7)), /nothing is remembered under 7/],
    [
      'a memory far away',
      pickle(p.none, Buffer.from('r\xff\xff\xff\xffj\xfe\xff\xff\xff', 'latin1')),
      /nothing is remembered under 4294967294/,
    ],
    ['instructions that name extensions', pickle(Buffer.of(0x82, 1)), /Unsupported operand 130/],
    ['a buffer that is not in the file', pickle(Buffer.of(0x97)), /Unsupported operand 151/],
    ['a name that is not a text', pickle(p.none, p.none, Buffer.of(0x93)), /STACK_GLOBAL requires str/],
    [
      'items for what is not a set',
      pickle(p.list, p.mark, Buffer.of(0x90)),
      /Can only add items to sets, but got list/,
    ],
    ['an integer without digits', pickle(Buffer.from('Ix\n')), /"x" is not an integer/],
    [
      'an integer with very many bytes',
      pickle(Buffer.from('\x8b\xff\xff\xff\x7f', 'latin1')),
      /an integer of 2147483647 bytes/,
    ],
    ['a float without digits', pickle(Buffer.from('Fx\n')), /"x" is not a float/],
    ['bytes that are cut off', pickle(Buffer.from('\x8e\xff\xff\xff\xff\xff\xff\xff\xff', 'latin1')), /it ends after/],
    ['a text without quotes', pickle(Buffer.from('Sx\n')), /the STRING opcode argument must be quoted/],
    ['a text that is none', pickle(Buffer.of(0x58, 1, 0, 0, 0, 0xff)), /a text is not UTF-8/],
    [
      'items for what is not a dict',
      pickle(p.list, p.none, p.none, p.setitem),
      /Can only set items of dict, .*, but got list/,
    ],
    ['a key without a value', pickle(p.dict, p.mark, p.none, p.setitems), /a key of a dictionary has no value/],
    [
      'elements for what is not a list',
      pickle(p.items(p.none), p.none, p.append),
      /Can only append to lists, but got tuple/,
    ],
    ['a list as a key', pickle(p.dict, p.list, p.none, p.setitem), /unhashable type: 'list'/],
    [
      'a call of what is not a function',
      pickle(p.none, p.empty_tuple, p.reduce),
      /Trying to call reduce for unrecognized function NoneType/,
    ],
    [
      'a call of a class',
      pickle(p.global('torch', 'Tensor'), p.empty_tuple, p.reduce),
      /unrecognized function torch\.Tensor/,
    ],
    [
      'a new object of a class',
      pickle(p.global('torch', 'Tensor'), p.empty_tuple, p.newobj),
      /Can only create new object for nn\.Parameter .* but got torch\.Tensor/,
    ],
    [
      'arguments that are not a tuple',
      pickle(p.global('torch', 'Size'), p.list, p.reduce),
      /arguments of a call must be a tuple, not list/,
    ],
    ['state for a list', pickle(p.list, p.dict, p.build), /Can only build OrderedDict/],
    [
      'state for a tensor',
      pickle(p.tensor(0, [6], [1]), p.dict, p.build),
      /Can only build OrderedDict .* but got Tensor/,
    ],
    [
      'an id that is not a tuple',
      pickle(p.text('storage'), p.persid),
      /persistent_load id must be a tuple, but got str/,
    ],
    [
      'an id of something else',
      pickle(p.items(p.text('module')), p.persid),
      /Only persistent_load of storage is allowed, but got module/,
    ],
    [
      'a class by itself',
      pickle(p.list, p.global('torch', 'Tensor'), p.append),
      /the Python object torch\.Tensor stands by itself/,
    ],
    ['much memory for little', pickle(p.call('builtins', 'bytearray', p.long(2n ** 40n))), /expected a str, not int/],
    ['os.system', pickle(p.call('os', 'system', p.text('true'))), /GLOBAL os\.system whose module os is blocked/],
    ['eval', pickle(p.call('__builtin__', 'eval', p.text('1'))), /GLOBAL builtins\.eval was not an allowed global/],
    ['a function of JavaScript', pickle(p.call('globalThis', 'eval', p.text('1'))), /GLOBAL globalThis\.eval/],
    ['names of our own objects', pickle(p.call('torch', 'constructor')), /GLOBAL torch\.constructor/],
    ['a prototype', pickle(p.global('torch', '__proto__')), /GLOBAL torch\.__proto__/],
  ])('with %s', (_, data, message) => {
    expect(() => torch.load(checkpoint(data))).toThrow(message);
  });
});

describe('tensors', () => {
  const qtensor = (...quantizer: Parameters<typeof p.items>): Buffer =>
    pickle(
      p.call(
        'torch._utils',
        '_rebuild_qtensor',
        p.storage(p.int(24), '0', 'QUInt8Storage'),
        p.int(0),
        p.ints(4, 6),
        p.ints(6, 1),
        p.items(...quantizer),
        p.false,
        p.none,
      ),
    );
  const ints = (...values: number[]): Parameters<typeof p.items>[0] =>
    p.call(
      'torch._utils',
      '_rebuild_tensor_v2',
      p.storage(p.int(values.length), '1', 'LongStorage'),
      p.int(0),
      p.ints(values.length),
      p.ints(1),
      p.false,
      p.none,
    );
  const longs = (...values: number[]): Record<string, Buffer> => ({
    'archive/data/1': Buffer.from(BigInt64Array.from(values, BigInt).buffer),
  });
  const sparse = (layout: string, ...parts: Parameters<typeof p.items>): Buffer =>
    pickle(
      p.call(
        'torch._utils',
        '_rebuild_sparse_tensor',
        p.call('torch.serialization', '_get_layout', p.text(`torch.${layout}`)),
        p.items(...parts),
      ),
    );

  it.each<[string, Buffer, RegExp, Record<string, Buffer>?]>([
    [
      'more elements than the storage',
      pickle(p.tensor(0, [7], [1])),
      /setStorage: sizes \[7\], .* are out of bounds for storage of size 24/,
    ],
    ['strides out of the storage', pickle(p.tensor(0, [2, 2], [5, 1])), /out of bounds for storage of size 24/],
    ['an offset out of the storage', pickle(p.tensor(6, [1], [1])), /out of bounds/],
    ['a negative offset', pickle(p.tensor(-1, [1], [1])), /invalid storage offset -1/],
    ['a negative size', pickle(p.tensor(0, [-1], [1])), /negative dimension -1/],
    ['a negative stride', pickle(p.tensor(5, [6], [-1])), /negative stride -1/],
    ['sizes without strides', pickle(p.tensor(0, [2, 3], [1])), /differ in length: 2 and 1/],
    [
      'sizes whose product overflows',
      pickle(p.tensor(0, [2n ** 40n, 2n ** 40n], [0, 0])),
      /more elements than memory can hold/,
    ],
    [
      'strides whose reach overflows',
      pickle(p.tensor(0, [2n ** 40n], [2n ** 40n])),
      /more elements than memory can hold/,
    ],
    [
      'sizes beyond all bounds',
      pickle(p.tensor(0, [2n ** 62n], [1])),
      /'size' of a tensor is too large: 4611686018427387904/,
    ],
    [
      'sizes that are not ints',
      pickle(p.call('torch._utils', '_rebuild_tensor', p.storage(p.int(6)), p.int(0), p.items(p.text('a')), p.ints(1))),
      /'size' of a tensor must be an int, not str/,
    ],
    [
      'a storage of another size',
      pickle(p.tensor(0, [6], [1], p.storage(p.int(1_000_000)))),
      /storage 0 has 24 bytes, and 1000000 elements of 4 bytes were announced/,
    ],
    ['a storage of a negative size', pickle(p.tensor(0, [6], [1], p.storage(p.int(-6)))), /were announced/],
    [
      'a storage that is not there',
      pickle(p.tensor(0, [6], [1], p.storage(p.int(6), '../data.pkl'))),
      /has no record archive\/data\/\.\.\/data\.pkl/,
    ],
    ['no storage', pickle(p.tensor(0, [6], [1], p.none)), /'storage' of a tensor must be a storage, not NoneType/],
    [
      'gradients of integers',
      pickle(
        p.call(
          'torch._utils',
          '_rebuild_tensor_v2',
          p.storage(p.int(6), '0', 'IntStorage'),
          p.int(0),
          p.ints(6),
          p.ints(1),
          p.true,
          p.none,
        ),
      ),
      /floating point/,
    ],
    [
      'no quantizer',
      pickle(
        p.call(
          'torch._utils',
          '_rebuild_tensor',
          p.storage(p.int(24), '0', 'QUInt8Storage'),
          p.int(0),
          p.ints(4),
          p.ints(1),
        ),
      ),
      /needs a quantizer/,
    ],
    [
      'an unknown quantizer',
      qtensor(p.global('torch', 'per_tensor_symmetric'), p.int(1), p.int(0)),
      /Can't deserialize quantized tensor with qscheme torch\.per_tensor_symmetric/,
    ],
    [
      'a quantizer for another axis',
      qtensor(p.global('torch', 'per_channel_affine'), ints(1, 2), ints(1, 2), p.int(5)),
      /per_channel axis 5 out of range/,
      longs(1, 2),
    ],
    [
      'a quantizer of another length',
      qtensor(p.global('torch', 'per_channel_affine'), ints(1, 2), ints(1, 2), p.int(0)),
      /per_channel scales\/zero_points length must equal size\[axis\]=4/,
      longs(1, 2),
    ],
    [
      'sparse indices out of range',
      sparse('sparse_csr', ints(0, 1), ints(0, 1), ints(0, 1), p.ints(1, 1)),
      /col_indices|crow_indices|plain/,
      longs(0, 1),
    ],
    ['no such layout', sparse('sparse', p.none), /unknown layout torch\.sparse/],
    [
      'parts of a nested tensor out of its buffer',
      pickle(p.call('torch._utils', '_rebuild_nested_tensor', p.tensor(0, [6], [1]), ints(9), ints(1), ints(0))),
      /do not lie within its buffer/,
      longs(9),
    ],
    [
      'a huge tensor on the meta device is no problem, but negative sizes are',
      pickle(
        p.call(
          'torch._utils',
          '_rebuild_meta_tensor_no_storage',
          p.global('torch', 'float32'),
          p.ints(-5),
          p.ints(1),
          p.false,
        ),
      ),
      /negative/,
    ],
    [
      'another class',
      pickle(
        p.call(
          'torch._tensor',
          '_rebuild_from_type_v2',
          p.global('torch._utils', '_rebuild_tensor'),
          p.global('torch', 'FloatTensor'),
          p.empty_tuple,
          p.dict,
        ),
      ),
      /tensors of the class .* are not supported/,
    ],
    [
      'fields of our own',
      pickle(
        p.call(
          'torch._tensor',
          '_rebuild_from_type_v2',
          p.global('torch._utils', '_rebuild_tensor'),
          p.global('torch', 'Tensor'),
          p.items(p.storage(p.int(6)), p.int(0), p.ints(6), p.ints(1)),
          [p.dict, p.text('_h'), p.int(0), p.setitem],
        ),
      ),
      /the attribute '_h' of a tensor cannot be set/,
    ],
  ])('with %s', (_, data, message, records = {}) => {
    expect(() => torch.load(checkpoint(data, { records }))).toThrow(message);
  });

  it('with indices of COO out of range', () => {
    const indices = p.call(
      'torch._utils',
      '_rebuild_tensor_v2',
      p.storage(p.int(2), '1', 'LongStorage'),
      p.int(0),
      p.ints(1, 2),
      p.ints(2, 1),
      p.false,
      p.none,
    );
    const data = sparse('sparse_coo', indices, p.tensor(0, [2], [1]), p.ints(3));
    expect(() => torch.load(checkpoint(data, { records: longs(0, 3) }))).toThrow(/size is inconsistent with indices/);
    expect(() => torch.load(checkpoint(data, { records: longs(0, -1) }))).toThrow(/negative index/);
  });
});

describe('the format before zip archives', () => {
  it('is crafted as it should be', () => {
    expect(torch.load<Tensor>(legacy()).tolist()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('is refused wherever it is cut off', () => {
    const bytes = legacy();
    for (let length = 0; length < bytes.length; length++) {
      expect(() => torch.load(bytes.subarray(0, length)), `${length} bytes`).toThrow(/^load\(\): /);
    }
  });

  it.each<[string, Buffer, RegExp]>([
    ['another magic number', legacy({ magic: 0x1950a86a20f9469cfc6dn }), /Invalid magic number/],
    ['a storage that is not in the list', legacy({ keys: [] }), /storage 0 is not in the file/],
    ['a storage that nothing names', legacy({ keys: ['0', '1'] }), /storage 1 is not one of the file's/],
    ['a storage that comes twice', legacy({ keys: ['0', '0'] }), /storage 0 is not one of the file's/],
    [
      'a storage that is larger than the file',
      legacy({ numel: 2 ** 30 }),
      /the file is cut off: storage 0 of 4294967296 bytes/,
    ],
    ['a storage of a negative size', legacy({ numel: -1 }), /the id of a storage must be/],
    ['a storage of another size', legacy({ written: 7 }), /storage 0 has 7 elements, and 6 were announced/],
    ['a storage that is too small', legacy({ numel: 5, written: 5 }), /out of bounds for storage of size 20/],
  ])('with %s', (_, bytes, message) => {
    expect(() => torch.load(bytes)).toThrow(message);
  });
});

describe('at random', () => {
  /** Touches all that a file gave. */
  function use(value: unknown): void {
    torch.save(value, { write: () => undefined });
    const waiting = [value];
    while (waiting.length > 0) {
      const next = waiting.pop();
      if (next instanceof Tensor) {
        if (!next.is_meta && next.numel() < 1000) String(next);
      } else if (next instanceof Map) waiting.push(...next.values());
      else if (typeof next === 'object' && next !== null && !ArrayBuffer.isView(next)) {
        waiting.push(...Object.values(next));
      }
    }
  }

  function attempt(bytes: Buffer): 'loaded' | 'refused' {
    let value: unknown;
    try {
      value = torch.load(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
      return 'refused';
    }
    try {
      use(value);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
    }
    return 'loaded';
  }

  function flip(bytes: Buffer, draw: (below: number) => number, from = 0, to = bytes.length): Buffer {
    const changed = Buffer.from(bytes);
    for (let flips = 1 + draw(3); flips > 0; flips--) {
      const at = from + draw(to - from);
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << draw(8)), at);
    }
    return changed;
  }

  it('other bits in files', () => {
    const draw = draws(1);
    let refused = 0;
    for (let i = 0; i < 400; i++) if (attempt(flip(whole, draw)) === 'refused') refused++;
    expect(refused).toBeGreaterThan(200);
  });

  it('other bits in pickles whose checksums are right', () => {
    const draw = draws(2);
    const coo = torch.eye(3).to_sparse();
    const file = saved({
      a: torch.ones(2, 3),
      coo,
      csr: coo.to_dense().to_sparse_csr(),
      q: torch.quantize_per_tensor(torch.ones(4), 0.5, 1, torch.quint8),
      s: new Set([1]),
      b: Uint8Array.of(1),
    });
    const { 'archive/data.pkl': data, ...records } = records_of(file);
    const outcomes = { loaded: 0, refused: 0 };
    for (let i = 0; i < 600; i++)
      outcomes[attempt(zip({ 'archive/data.pkl': flip(data as Buffer, draw), ...records }))]++;
    expect(Math.min(outcomes.loaded, outcomes.refused)).toBeGreaterThan(20);
  });

  it('other bits in files of the format before', () => {
    const draw = draws(4);
    const bytes = legacy();
    const outcomes = { loaded: 0, refused: 0 };
    for (let i = 0; i < 400; i++) outcomes[attempt(flip(bytes, draw))]++;
    expect(Math.min(outcomes.loaded, outcomes.refused)).toBeGreaterThan(20);
  });

  it('ends that are missing', () => {
    const draw = draws(3);
    for (let i = 0; i < 200; i++) expect(attempt(flip(whole, draw).subarray(0, draw(whole.length)))).toBe('refused');
  });
});
