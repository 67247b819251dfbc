/**
 * Writes protocol buffers. TensorBoard's messages are only ever written here, by some sixty lines; the libraries for it bring
 * readers, reflection and generated code for the same bytes.
 *
 * A message is a list of fields; each of these functions makes one. As in proto3, a number that is 0, a text that is empty and
 * a flag that is off are left out, except for the members of a `oneof`, which `always` keeps.
 */

/** The bytes of a field; nothing for one that is left out. */
export type Field = Uint8Array;

const nothing: Field = new Uint8Array(0);

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** An integer in groups of seven bits, the lowest first; negative ones are of 64 bits. */
function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  if (typeof value === 'number' && value >= 0 && value <= 0x7fffffff) {
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
    bytes.push(rest);
    return bytes;
  }
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return bytes;
}

const key = (field: number, type: number): number[] => varint((field << 3) | type);

/** All fields of a message. */
export const message = (...fields: readonly Field[]): Uint8Array => Buffer.concat(fields);

/** `int32`, `int64`, `uint32` or an enum. */
export function int(field: number, value: number | bigint, always = false): Field {
  if (!always && Number(value) === 0) return nothing;
  return Uint8Array.from([...key(field, VARINT), ...varint(value)]);
}

/** `bool`. */
export const bool = (field: number, value: boolean, always = false): Field => int(field, Number(value), always);

/** `double`. */
export function double(field: number, value: number, always = false): Field {
  if (!always && Object.is(value, 0)) return nothing;
  const bytes = Buffer.allocUnsafe(9);
  bytes[0] = (field << 3) | FIXED64;
  bytes.writeDoubleLE(value, 1);
  return bytes;
}

/** `float`. */
export function float(field: number, value: number, always = false): Field {
  if (!always && Object.is(value, 0)) return nothing;
  const bytes = Buffer.allocUnsafe(5);
  bytes[0] = (field << 3) | FIXED32;
  bytes.writeFloatLE(value, 1);
  return bytes;
}

/** `bytes`, or a message that is there even when it is empty. */
export function bytes(field: number, value: Uint8Array, always = true): Field {
  if (!always && value.length === 0) return nothing;
  return Buffer.concat([Uint8Array.from([...key(field, BYTES), ...varint(value.length)]), value]);
}

/** `string`. */
export const text = (field: number, value: string, always = false): Field =>
  value === '' && !always ? nothing : bytes(field, Buffer.from(value, 'utf8'));

/** A message as a field. */
export const nested = (field: number, ...fields: readonly Field[]): Field => bytes(field, message(...fields));

/** Some fields of the same number. */
export const repeated = <T>(values: Iterable<T>, make: (value: T) => Field): Field =>
  Buffer.concat(Array.from(values, make));

/** `repeated double`. */
export function doubles(field: number, values: ArrayLike<number>): Field {
  const packed = Buffer.allocUnsafe(8 * values.length);
  for (let i = 0; i < values.length; i++) packed.writeDoubleLE(values[i]!, 8 * i);
  return bytes(field, packed, false);
}

/** `repeated float`. */
export function floats(field: number, values: ArrayLike<number>): Field {
  const packed = Buffer.allocUnsafe(4 * values.length);
  for (let i = 0; i < values.length; i++) packed.writeFloatLE(values[i]!, 4 * i);
  return bytes(field, packed, false);
}

/** `repeated` integers. */
export function ints(field: number, values: ArrayLike<number | bigint>): Field {
  const packed: number[] = [];
  for (let i = 0; i < values.length; i++) for (const byte of varint(values[i]!)) packed.push(byte);
  return bytes(field, Uint8Array.from(packed), false);
}
