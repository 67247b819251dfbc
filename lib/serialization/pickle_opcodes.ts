/**
 * The instructions of Python's pickles, of all protocols (0 to 5) but for buffers outside of the file and extension codes, and
 * a reader that walks over them. `torch.save` writes protocol 2 by default.
 */

import type { NodeBuffer } from '../_internal/node_types.js';

export const enum Op {
  // Protocols 0 and 1.
  MARK = 0x28,
  STOP = 0x2e,
  POP = 0x30,
  POP_MARK = 0x31,
  DUP = 0x32,
  FLOAT = 0x46,
  INT = 0x49,
  BININT = 0x4a,
  BININT1 = 0x4b,
  LONG = 0x4c,
  BININT2 = 0x4d,
  NONE = 0x4e,
  PERSID = 0x50,
  BINPERSID = 0x51,
  REDUCE = 0x52,
  STRING = 0x53,
  BINSTRING = 0x54,
  SHORT_BINSTRING = 0x55,
  UNICODE = 0x56,
  BINUNICODE = 0x58,
  APPEND = 0x61,
  BUILD = 0x62,
  GLOBAL = 0x63,
  DICT = 0x64,
  EMPTY_DICT = 0x7d,
  APPENDS = 0x65,
  GET = 0x67,
  BINGET = 0x68,
  INST = 0x69,
  LONG_BINGET = 0x6a,
  LIST = 0x6c,
  EMPTY_LIST = 0x5d,
  OBJ = 0x6f,
  PUT = 0x70,
  BINPUT = 0x71,
  LONG_BINPUT = 0x72,
  SETITEM = 0x73,
  TUPLE = 0x74,
  EMPTY_TUPLE = 0x29,
  SETITEMS = 0x75,
  BINFLOAT = 0x47,
  // Protocol 2.
  PROTO = 0x80,
  NEWOBJ = 0x81,
  TUPLE1 = 0x85,
  TUPLE2 = 0x86,
  TUPLE3 = 0x87,
  NEWTRUE = 0x88,
  NEWFALSE = 0x89,
  LONG1 = 0x8a,
  LONG4 = 0x8b,
  // Protocol 3.
  BINBYTES = 0x42,
  SHORT_BINBYTES = 0x43,
  // Protocol 4.
  SHORT_BINUNICODE = 0x8c,
  BINUNICODE8 = 0x8d,
  BINBYTES8 = 0x8e,
  EMPTY_SET = 0x8f,
  ADDITEMS = 0x90,
  FROZENSET = 0x91,
  NEWOBJ_EX = 0x92,
  STACK_GLOBAL = 0x93,
  MEMOIZE = 0x94,
  FRAME = 0x95,
  // Protocol 5.
  BYTEARRAY8 = 0x96,
}

/** The kind of argument of an instruction. */
const enum Argument {
  none,
  uint1,
  uint2,
  uint4,
  int4,
  float8,
  short_string,
  string4,
  long1,
  long4,
  short_text,
  text,
  text8,
  global,
  short_bytes,
  bytes4,
  bytes8,
  frame,
  decimal_int,
  decimal_long,
  decimal_float,
  quoted,
  escaped,
  place,
}

const argument_of = new Map<number, Argument>([
  ...[
    Op.MARK,
    Op.STOP,
    Op.POP,
    Op.POP_MARK,
    Op.DUP,
    Op.NONE,
    Op.BINPERSID,
    Op.REDUCE,
    Op.APPEND,
    Op.BUILD,
    Op.DICT,
    Op.EMPTY_DICT,
    Op.APPENDS,
    Op.LIST,
    Op.EMPTY_LIST,
    Op.OBJ,
    Op.EMPTY_TUPLE,
    Op.SETITEM,
    Op.TUPLE,
    Op.SETITEMS,
    Op.NEWOBJ,
    Op.TUPLE1,
    Op.TUPLE2,
    Op.TUPLE3,
    Op.NEWTRUE,
    Op.NEWFALSE,
    Op.EMPTY_SET,
    Op.ADDITEMS,
    Op.FROZENSET,
    Op.NEWOBJ_EX,
    Op.STACK_GLOBAL,
    Op.MEMOIZE,
  ].map((op): [number, Argument] => [op, Argument.none]),
  [Op.BININT1, Argument.uint1],
  [Op.BINGET, Argument.uint1],
  [Op.BINPUT, Argument.uint1],
  [Op.PROTO, Argument.uint1],
  [Op.BININT2, Argument.uint2],
  [Op.LONG_BINGET, Argument.uint4],
  [Op.LONG_BINPUT, Argument.uint4],
  [Op.BININT, Argument.int4],
  [Op.BINFLOAT, Argument.float8],
  [Op.SHORT_BINSTRING, Argument.short_string],
  [Op.BINSTRING, Argument.string4],
  [Op.LONG1, Argument.long1],
  [Op.LONG4, Argument.long4],
  [Op.BINUNICODE, Argument.text],
  [Op.SHORT_BINUNICODE, Argument.short_text],
  [Op.BINUNICODE8, Argument.text8],
  [Op.GLOBAL, Argument.global],
  [Op.INST, Argument.global],
  [Op.SHORT_BINBYTES, Argument.short_bytes],
  [Op.BINBYTES, Argument.bytes4],
  [Op.BINBYTES8, Argument.bytes8],
  [Op.BYTEARRAY8, Argument.bytes8],
  [Op.FRAME, Argument.frame],
  [Op.INT, Argument.decimal_int],
  [Op.LONG, Argument.decimal_long],
  [Op.FLOAT, Argument.decimal_float],
  [Op.STRING, Argument.quoted],
  [Op.UNICODE, Argument.escaped],
  [Op.GET, Argument.place],
  [Op.PUT, Argument.place],
  [Op.PERSID, Argument.escaped],
]);

// Names that Python 3 changed; pickles of protocol 2 use those of Python 2.
const renamed = new Map([
  ['__builtin__', 'builtins'],
  ['copy_reg', 'copyreg'],
  ['torch.tensor', 'torch._tensor'],
]);

/** UTF-8 as JavaScript text; halves of surrogate pairs, which Python lets through, are kept. */
function decode_text(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd')) return text;
  let decoded = '';
  for (let i = 0; i < bytes.length; ) {
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

// The time to read an integer grows with the square of its length.
const most_long = 2 ** 16;

/** A little-endian two's complement integer of any length: a number when that is safe. */
function decode_long(bytes: Buffer): number | bigint {
  if (bytes.length === 0) return 0;
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  value = BigInt.asIntN(bytes.length * 8, value);
  return to_safe_number(value);
}

/** How strings of Python 2 are decoded. */
export type TextEncoding = 'utf-8' | 'latin1' | 'ascii' | 'bytes';

const escapes: Readonly<Record<string, number>> = {
  '\\': 0x5c,
  "'": 0x27,
  '"': 0x22,
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
};

/** The bytes behind a literal of Python: `'a\\x00'`. Undefined when it is not one. */
function decode_literal(literal: string): Buffer | undefined {
  const quote = literal[0];
  if (literal.length < 2 || (quote !== "'" && quote !== '"') || !literal.endsWith(quote)) return undefined;
  const bytes: number[] = [];
  const inner = literal.slice(1, -1);
  for (let i = 0; i < inner.length; i++) {
    const code = inner.charCodeAt(i);
    if (inner[i] !== '\\') {
      bytes.push(code);
      continue;
    }
    const hex = /^x([0-9a-fA-F]{2})/.exec(inner.slice(i + 1, i + 4));
    const octal = /^[0-7]{1,3}/.exec(inner.slice(i + 1, i + 4));
    const simple = escapes[inner[i + 1] ?? ''];
    if (hex !== null) bytes.push(parseInt(hex[1]!, 16));
    else if (octal !== null) bytes.push(parseInt(octal[0], 8) & 0xff);
    else if (simple !== undefined) bytes.push(simple);
    else bytes.push(code, inner.charCodeAt(i + 1));
    i += hex !== null ? 3 : octal !== null ? octal[0].length : 1;
  }
  return Buffer.from(bytes);
}

function to_safe_number(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Reads instruction after instruction. A pickle that ends within one, or has an unknown one, is an Error. */
export class PickleReader {
  /** Where the last instruction begins. */
  start = 0;
  /** The number, text or bytes that came with the last instruction; of GLOBAL and INST the module. */
  argument: number | bigint | string | boolean | Uint8Array = 0;
  /** Of GLOBAL and INST, the name within the module. */
  name = '';

  constructor(
    private readonly bytes: NodeBuffer,
    /** Where to read next. */
    public position = 0,
    private readonly encoding: TextEncoding = 'utf-8',
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

  private raw_line(): Buffer {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw this.fail('it ends within a line');
    return this.take(end + 1 - this.position).subarray(0, -1);
  }

  private line(): string {
    return this.text(this.raw_line());
  }

  /** A length of 8 bytes. */
  private length8(): number {
    const length = this.take(8).readBigUInt64LE();
    return length > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(length);
  }

  /** A `str` of Python 2, which may be text or bytes. */
  private string(bytes: Buffer): string | Uint8Array {
    switch (this.encoding) {
      case 'bytes':
        return Uint8Array.from(bytes);
      case 'latin1':
        return bytes.toString('latin1');
      case 'ascii':
        if (bytes.some((byte) => byte > 0x7f))
          throw this.fail("'ascii' codec can't decode a text: give encoding: 'latin1' or 'bytes'");
        return bytes.toString('latin1');
      default:
        return this.text(bytes);
    }
  }

  private decimal(text: string): bigint {
    if (!/^[+-]?\d+$/.test(text)) throw this.fail(`${JSON.stringify(text)} is not an integer`);
    return BigInt(text.replace('+', ''));
  }

  /** Raw-unicode-escape: latin1 with `\\uXXXX` and `\\UXXXXXXXX`. */
  private escaped(line: string): string {
    return line.replace(
      /\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g,
      (_, short: string | undefined, long: string | undefined) => {
        const code = parseInt(short ?? long ?? '', 16);
        if (code > 0x10ffff) throw this.fail('a text has a character beyond Unicode');
        return short === undefined ? String.fromCodePoint(code) : String.fromCharCode(code);
      },
    );
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
      throw this.fail(`Unsupported operand ${op}`);
    }
    if (argument !== Argument.none) this.read_argument(argument);
    return op as Op;
  }

  private decimal_float(text: string): number {
    const named: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, '-inf': -Infinity };
    const value = named[text] ?? (/^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined);
    if (value === undefined) throw this.fail(`${JSON.stringify(text)} is not a float`);
    return value;
  }

  private long4(): number | bigint {
    const length = this.take(4).readInt32LE();
    if (length < 0 || length > most_long) throw this.fail(`an integer of ${length} bytes`);
    return decode_long(this.take(length));
  }

  private read_argument(argument: Argument): void {
    switch (argument) {
      case Argument.uint1:
        this.argument = this.take(1).readUInt8();
        break;
      case Argument.uint2:
        this.argument = this.take(2).readUInt16LE();
        break;
      case Argument.uint4:
        this.argument = this.take(4).readUInt32LE();
        break;
      case Argument.int4:
        this.argument = this.take(4).readInt32LE();
        break;
      case Argument.float8:
        this.argument = this.take(8).readDoubleBE();
        break;
      case Argument.short_string:
        this.argument = this.string(this.take(this.take(1).readUInt8()));
        break;
      case Argument.string4:
        this.argument = this.string(this.take(this.take(4).readUInt32LE()));
        break;
      case Argument.long1:
        this.argument = decode_long(this.take(this.take(1).readUInt8()));
        break;
      case Argument.long4:
        this.argument = this.long4();
        break;
      case Argument.short_text:
        this.argument = this.text(this.take(this.take(1).readUInt8()));
        break;
      case Argument.text:
        this.argument = this.text(this.take(this.take(4).readUInt32LE()));
        break;
      case Argument.text8:
        this.argument = this.text(this.take(this.length8()));
        break;
      case Argument.short_bytes:
        this.argument = Uint8Array.from(this.take(this.take(1).readUInt8()));
        break;
      case Argument.bytes4:
        this.argument = Uint8Array.from(this.take(this.take(4).readUInt32LE()));
        break;
      case Argument.bytes8:
        this.argument = Uint8Array.from(this.take(this.length8()));
        break;
      // Frames only help readers of streams.
      case Argument.frame:
        this.take(8);
        break;
      case Argument.decimal_int: {
        const text = this.line();
        this.argument = text === '00' ? false : text === '01' ? true : to_safe_number(this.decimal(text));
        break;
      }
      case Argument.decimal_long:
        this.argument = to_safe_number(this.decimal(this.line().replace(/L$/, '')));
        break;
      case Argument.place:
        this.argument = Number(this.decimal(this.line()));
        break;
      case Argument.decimal_float:
        this.argument = this.decimal_float(this.line());
        break;
      case Argument.quoted: {
        const bytes = decode_literal(this.raw_line().toString('latin1'));
        if (bytes === undefined) throw this.fail('the STRING opcode argument must be quoted');
        this.argument = this.string(bytes);
        break;
      }
      case Argument.escaped:
        this.argument = this.escaped(this.raw_line().toString('latin1'));
        break;
      default: {
        const module = this.line();
        this.argument = renamed.get(module) ?? module;
        this.name = this.line();
      }
    }
  }
}
