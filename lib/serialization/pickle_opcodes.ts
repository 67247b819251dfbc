/**
 * The instructions of Python's pickles that weights-only loading knows, which are those of protocol 2 that `torch.save`
 * writes, and a reader that walks over them.
 */

import type { NodeBuffer } from '../_internal/node_types.js';

export const enum Op {
  MARK = 0x28, STOP = 0x2e, BININT = 0x4a, BININT1 = 0x4b, BININT2 = 0x4d, NONE = 0x4e, BINPERSID = 0x51, REDUCE = 0x52,
  SHORT_BINSTRING = 0x55, BINUNICODE = 0x58, APPEND = 0x61, BUILD = 0x62, GLOBAL = 0x63, EMPTY_DICT = 0x7d,
  APPENDS = 0x65, BINGET = 0x68, LONG_BINGET = 0x6a, EMPTY_LIST = 0x5d, EMPTY_TUPLE = 0x29, SETITEM = 0x73,
  TUPLE = 0x74, SETITEMS = 0x75, BINPUT = 0x71, LONG_BINPUT = 0x72, BINFLOAT = 0x47, PROTO = 0x80, NEWOBJ = 0x81, TUPLE1 = 0x85,
  TUPLE2 = 0x86, TUPLE3 = 0x87, NEWTRUE = 0x88, NEWFALSE = 0x89, LONG1 = 0x8a, EMPTY_SET = 0x8f,
}

/** What follows an instruction. */
const enum Argument { none, uint1, uint2, uint4, int4, float8, short_bytes, long1, text, global }

const argument_of = new Map<number, Argument>([
  ...[
    Op.MARK, Op.STOP, Op.NONE, Op.BINPERSID, Op.REDUCE, Op.APPEND, Op.BUILD, Op.EMPTY_DICT, Op.APPENDS, Op.EMPTY_LIST,
    Op.EMPTY_TUPLE, Op.SETITEM, Op.TUPLE, Op.SETITEMS, Op.NEWOBJ, Op.TUPLE1, Op.TUPLE2, Op.TUPLE3, Op.NEWTRUE,
    Op.NEWFALSE, Op.EMPTY_SET,
  ].map((op): [number, Argument] => [op, Argument.none]),
  [Op.BININT1, Argument.uint1], [Op.BINGET, Argument.uint1], [Op.BINPUT, Argument.uint1], [Op.PROTO, Argument.uint1],
  [Op.BININT2, Argument.uint2], [Op.LONG_BINGET, Argument.uint4], [Op.LONG_BINPUT, Argument.uint4],
  [Op.BININT, Argument.int4], [Op.BINFLOAT, Argument.float8], [Op.SHORT_BINSTRING, Argument.short_bytes],
  [Op.LONG1, Argument.long1], [Op.BINUNICODE, Argument.text], [Op.GLOBAL, Argument.global],
]);

// Where Python 3 has what Python 2 called otherwise; pickles of protocol 2 use the old names.
const renamed = new Map([['__builtin__', 'builtins'], ['copy_reg', 'copyreg'], ['torch.tensor', 'torch._tensor']]);

/** UTF-8 as JavaScript text; halves of surrogate pairs, which Python lets through, are kept. */
function decode_text(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd')) return text;
  let decoded = '';
  for (let i = 0; i < bytes.length;) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3);
    if (a === 0xed && b >= 0xa0 && b <= 0xbf && c >= 0x80 && c <= 0xbf) {
      decoded += String.fromCharCode(0xd000 | ((b & 0x3f) << 6) | (c & 0x3f));
      i += 3;
      continue;
    }
    let end = i + 1;
    while (end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80) end++;
    decoded += new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(i, end));
    i = end;
  }
  return decoded;
}

/** A little-endian two's complement integer of any length: a number when that is safe. */
function decode_long(bytes: Buffer): number | bigint {
  if (bytes.length === 0) return 0;
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  value = BigInt.asIntN(bytes.length * 8, value);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Reads instruction after instruction. A pickle that ends within one, or has an unknown one, is an Error. */
export class PickleReader {
  /** Where the last instruction begins. */
  start = 0;
  /** The number, text or bytes that came with the last instruction; of GLOBAL the module. */
  argument: number | bigint | string = 0;
  /** Of GLOBAL, the name within the module. */
  name = '';

  constructor(
    private readonly bytes: NodeBuffer,
    /** Where to read next. */
    public position = 0,
  ) {}

  fail(reason: string): Error {
    return new Error(`load(): corrupt pickle at byte ${this.start}: ${reason}`);
  }

  private take(length: number): Buffer {
    const from = this.position;
    if (length > this.bytes.length - from) {
      throw this.fail(`it ends after ${this.bytes.length} bytes, where ${length} more were announced at ${from}`);
    }
    this.position = from + length;
    return this.bytes.subarray(from, from + length);
  }

  private line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw this.fail('it ends within a name');
    return this.text(this.take(end + 1 - this.position).subarray(0, -1));
  }

  private text(bytes: Buffer): string {
    try {
      return decode_text(bytes);
    } catch {
      throw this.fail('a text is not UTF-8');
    }
  }

  next(): Op {
    this.start = this.position;
    const op = this.bytes[this.position++];
    if (op === undefined) throw this.fail('it ends without STOP');
    const argument = argument_of.get(op);
    if (argument === undefined) {
      throw this.fail(`Unsupported operand ${op}; files for torch.load are written with pickle protocol 2`);
    }
    if (argument !== Argument.none) this.read_argument(argument);
    return op as Op;
  }

  private read_argument(argument: Argument): void {
    switch (argument) {
      case Argument.uint1: this.argument = this.take(1).readUInt8(); break;
      case Argument.uint2: this.argument = this.take(2).readUInt16LE(); break;
      case Argument.uint4: this.argument = this.take(4).readUInt32LE(); break;
      case Argument.int4: this.argument = this.take(4).readInt32LE(); break;
      case Argument.float8: this.argument = this.take(8).readDoubleBE(); break;
      case Argument.short_bytes: this.argument = this.text(this.take(this.take(1).readUInt8())); break;
      case Argument.long1: this.argument = decode_long(this.take(this.take(1).readUInt8())); break;
      case Argument.text: this.argument = this.text(this.take(this.take(4).readUInt32LE())); break;
      default: {
        const module = this.line();
        this.argument = renamed.get(module) ?? module;
        this.name = this.line();
      }
    }
  }
}
