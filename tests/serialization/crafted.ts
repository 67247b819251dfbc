/** Files made by hand: pickles from instructions, and archives from records. */
import { createRequire } from 'node:module';

interface Zip {
  add(name: string, pieces: Iterable<Uint8Array>, options?: { deflate?: boolean }): void;
  finish(): void;
}

export const { ZipWriter } = createRequire(import.meta.url)('../../dist/_internal/io/zip_writer.js') as {
  ZipWriter: new (sink: { write(bytes: Uint8Array): void }, options?: { alignment?: number }) => Zip;
};

const { ZipReader } = createRequire(import.meta.url)('../../dist/_internal/io/zip_reader.js') as {
  ZipReader: new (source: object, what: string) => { records: Map<string, object>; read(record: object): Buffer };
};
const { MemorySource } = createRequire(import.meta.url)('../../dist/_internal/io/byte_source.js') as {
  MemorySource: new (bytes: Uint8Array) => object;
};

type Code = Buffer | Code[];

const flat = (code: Code): Buffer => (Array.isArray(code) ? Buffer.concat(code.map(flat)) : code);
const bytes = (...values: number[]): Buffer => Buffer.from(values);

/** Instructions of pickles; `pickle(...)` puts the frame around them. */
export const p = {
  none: bytes(0x4e),
  mark: Buffer.from('('),
  list: Buffer.from(']'),
  dict: Buffer.from('}'),
  tuple: Buffer.from('t'),
  empty_tuple: Buffer.from(')'),
  reduce: Buffer.from('R'),
  newobj: bytes(0x81),
  build: Buffer.from('b'),
  append: Buffer.from('a'),
  appends: Buffer.from('e'),
  setitem: Buffer.from('s'),
  setitems: Buffer.from('u'),
  persid: Buffer.from('Q'),
  false: bytes(0x89),
  true: bytes(0x88),
  tuple1: bytes(0x85),
  stop: Buffer.from('.'),
  int(value: number): Buffer {
    const code = Buffer.alloc(5, 'J');
    code.writeInt32LE(value, 1);
    return code;
  },
  long(value: bigint): Buffer {
    const code = Buffer.alloc(2 + 9, 0);
    code.set([0x8a, 9]);
    code.writeBigInt64LE(value, 2);
    code[10] = value < 0n ? 0xff : 0;
    return code;
  },
  text(value: string, length = Buffer.byteLength(value)): Buffer {
    const code = Buffer.alloc(5, 'X');
    code.writeUInt32LE(length, 1);
    return Buffer.concat([code, Buffer.from(value)]);
  },
  global: (module: string, name: string): Buffer => Buffer.from(`c${module}\n${name}\n`),
  put: (place: number): Buffer => bytes(0x71, place),
  get: (place: number): Buffer => bytes(0x68, place),
  items: (...items: Code[]): Code => [p.mark, ...items, p.tuple],
  call: (module: string, name: string, ...args: Code[]): Code => [p.global(module, name), p.items(...args), p.reduce],
  storage: (numel: Code, key = '0', kind = 'FloatStorage'): Code => [
    p.items(p.text('storage'), p.global('torch', kind), p.text(key), p.text('cpu'), numel),
    p.persid,
  ],
  ints: (...values: (number | bigint)[]): Code =>
    p.items(...values.map((value) => (typeof value === 'bigint' ? p.long(value) : p.int(value)))),
  /** A float32 tensor on a storage of six elements. */
  tensor: (
    offset: number | bigint,
    size: (number | bigint)[],
    stride: (number | bigint)[],
    storage: Code = p.storage(p.int(6)),
  ): Code =>
    p.call(
      'torch._utils',
      '_rebuild_tensor_v2',
      storage,
      typeof offset === 'bigint' ? p.long(offset) : p.int(offset),
      p.ints(...size),
      p.ints(...stride),
      p.false,
      p.call('collections', 'OrderedDict'),
    ),
};

/** A whole pickle. */
export const pickle = (...code: Code[]): Buffer => flat([bytes(0x80, 2), ...code, p.stop]);

/** An archive with some records. */
export function zip(records: Record<string, Buffer>, options: { deflate?: boolean } = {}): Buffer {
  const pieces: Buffer[] = [];
  const writer = new ZipWriter(
    {
      write: (piece) => {
        pieces.push(Buffer.from(piece));
      },
    },
    { alignment: 64 },
  );
  for (const [name, content] of Object.entries(records)) writer.add(name, [content], options);
  writer.finish();
  return Buffer.concat(pieces);
}

/** A file of torch.save around a pickle, with a storage of the floats 0 to 5. */
export function checkpoint(
  data: Buffer,
  { records = {}, deflate = false }: { records?: Record<string, Buffer>; deflate?: boolean } = {},
): Buffer {
  const storage = Buffer.from(Float32Array.of(0, 1, 2, 3, 4, 5).buffer);
  return zip(
    { 'archive/data.pkl': data, 'archive/byteorder': Buffer.from('little'), 'archive/data/0': storage, ...records },
    { deflate },
  );
}

/** What is in an archive. */
export function records_of(file: Buffer): Record<string, Buffer> {
  const reader = new ZipReader(new MemorySource(file), 'the file');
  return Object.fromEntries([...reader.records].map(([name, record]) => [name, Buffer.from(reader.read(record))]));
}

/** A file of the format before zip archives, with a tensor on a storage of the floats 0 to 5. */
export function legacy({ numel = 6, keys = ['0'], written = 6, magic = 0x1950a86a20f9469cfc6cn } = {}): Buffer {
  const number = Buffer.from([
    0x8a,
    10,
    ...Array.from({ length: 10 }, (_, i) => Number((magic >> BigInt(8 * i)) & 0xffn)),
  ]);
  const storage = [
    p.items(p.text('storage'), p.global('torch', 'FloatStorage'), p.text('0'), p.text('cpu'), p.int(numel), p.none),
    p.persid,
  ];
  const length = Buffer.alloc(8);
  length.writeBigInt64LE(BigInt(written));
  return Buffer.concat([
    pickle(number),
    pickle(p.int(1001)),
    pickle(p.dict),
    pickle(p.tensor(0, [6], [1], storage)),
    pickle(p.list, p.mark, ...keys.map((key) => p.text(key)), p.appends),
    length,
    Buffer.from(Float32Array.of(0, 1, 2, 3, 4, 5).buffer),
  ]);
}
