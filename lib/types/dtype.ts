/** Data types, layouts and memory formats: `torch.float32`, `torch.strided`, `torch.channels_last`. */
import type { LegacyConstructor } from '../legacy_constructors.js';
import { NamedConstant } from '../_internal/named_constant.js';
import { native } from '../_C/native.js';
import { name_class } from '../_internal/kind_of.js';
import { define_kind, no_arguments, signature } from '../_internal/signature.js';
import { device_type as row_of, device_types } from './device_types.js';
import { uncloneable } from '../_internal/uncloneable.js';

const CLONE = uncloneable('torch.dtype', 'dtype');
const DTYPE = signature<object>(
  'DType',
  'name: str, code: int, itemsize: int, is_floating_point: bool, is_complex: bool, is_signed: bool',
);

/**
 * A data type. Mirrors `torch.dtype`. Compare with `===`.
 * @example
 * ```ts
 * const { dtype } = torch.ones(2);
 * print(dtype, dtype.itemsize, dtype.is_floating_point, dtype.to_complex());
 * ```
 * ```python
 * dtype = torch.ones(2).dtype
 * print(dtype, dtype.itemsize, dtype.is_floating_point, dtype.to_complex())
 * ```
 */
export class DType {
  /** @internal */
  readonly _clone = CLONE;

  constructor(
    /** The name without the module: `'float32'`. */
    readonly name: string,
    /** The value of `c10::ScalarType`. */
    readonly code: number,
    /** Bytes per element. */
    readonly itemsize: number,
    /** Whether it is a floating point type; complex types are not. */
    readonly is_floating_point: boolean,
    /** Whether it is a complex type. */
    readonly is_complex: boolean,
    /** Whether it can represent negative numbers. */
    readonly is_signed: boolean,
  ) {
    DTYPE.read([...arguments]);
  }

  /** The short name that graphs and logs use: `'f32'`. Mirrors `torch.dtype.abbr`. */
  get abbr(): string {
    const bits = /^bits(\d+)(x\d+)?$/.exec(this.name);
    if (this.name === 'bool') return 'b8';
    if (bits !== null) return `b${bits[1]}${bits[2] ?? 'x1'}`;
    const [, kind, rest] = /^(u?int|b?float|complex|[a-z]+)(.*)$/.exec(this.name)!;
    if (/^u?int$/.test(kind!) && Number(rest) < 8) return this.name;
    const short: Record<string, string> = { uint: 'u', int: 'i', float: 'f', bfloat: 'bf', complex: 'c' };
    return (short[kind!] ?? kind!) + rest!.replaceAll('_', '');
  }

  /** The dtype of the parts of a complex dtype; any other dtype itself. Mirrors `torch.dtype.to_real`. */
  to_real(...none: []): DType {
    no_arguments('to_real', none);
    return parts.find(([, complex]) => complex === this)?.[0] ?? this;
  }

  /**
   * The complex dtype whose parts have this dtype, complex64 for bfloat16; a complex dtype itself. Mirrors
   * `torch.dtype.to_complex`.
   * @throws Error for integer types and floating point types of 8 bits or less
   */
  to_complex(...none: []): DType {
    no_arguments('to_complex', none);
    if (this.is_complex) return this;
    const found = parts.find(([real]) => real === this);
    if (found === undefined) throw new Error(`Unknown Complex ScalarType for ${native.dtype_info(this.code)[0]}`);
    return found[1];
  }

  /** `torch.float32` */
  toString(): string {
    return `torch.${this.name}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const by_code = new Map<number, DType>();

function define(
  name: string,
  code: number,
  itemsize: number,
  kind: 'int' | 'uint' | 'float' | 'complex',
  signed = kind !== 'uint',
): DType {
  const floating = kind === 'float';
  const dtype = new DType(name, code, itemsize, floating, kind === 'complex', signed);
  by_code.set(code, dtype);
  return dtype;
}

/** 8-bit unsigned integers; `torch.uint8`. */
export const uint8 = define('uint8', 0, 1, 'uint');
/** 8-bit signed integers; `torch.int8`. */
export const int8 = define('int8', 1, 1, 'int');
/** 16-bit signed integers; `torch.int16`. */
export const int16 = define('int16', 2, 2, 'int');
/** 32-bit signed integers; `torch.int32`. */
export const int32 = define('int32', 3, 4, 'int');
/** 64-bit signed integers; `torch.int64`. */
export const int64 = define('int64', 4, 8, 'int');
/** 16-bit floats with 5 bits of exponent; `torch.float16`. */
export const float16 = define('float16', 5, 2, 'float');
/** 32-bit floats; `torch.float32`. */
export const float32 = define('float32', 6, 4, 'float');
/** 64-bit floats; `torch.float64`. */
export const float64 = define('float64', 7, 8, 'float');
/** Complex numbers of two float16; `torch.complex32`. */
export const complex32 = define('complex32', 8, 4, 'complex');
/** Complex numbers of two float32; `torch.complex64`. */
export const complex64 = define('complex64', 9, 8, 'complex');
/** Complex numbers of two float64; `torch.complex128`. */
export const complex128 = define('complex128', 10, 16, 'complex');
/** Booleans, one byte each; `torch.bool`. */
export const bool = define('bool', 11, 1, 'uint');
/** Quantized 8-bit signed integers; `torch.qint8`. */
export const qint8 = define('qint8', 12, 1, 'int');
/** Quantized 8-bit unsigned integers; `torch.quint8`. */
export const quint8 = define('quint8', 13, 1, 'uint');
/** Quantized 32-bit signed integers; `torch.qint32`. */
export const qint32 = define('qint32', 14, 4, 'int');
/** 16-bit floats with 8 bits of exponent, as float32 has; `torch.bfloat16`. */
export const bfloat16 = define('bfloat16', 15, 2, 'float');
/** Quantized 4-bit unsigned integers, two per byte; `torch.quint4x2`. */
export const quint4x2 = define('quint4x2', 16, 1, 'uint');
/** Quantized 2-bit unsigned integers, four per byte; `torch.quint2x4`. */
export const quint2x4 = define('quint2x4', 17, 1, 'uint');
/** Eight raw bits in a byte; `torch.bits1x8`. */
export const bits1x8 = define('bits1x8', 18, 1, 'uint');
/** Raw bits, four pairs in a byte; `torch.bits2x4`. */
export const bits2x4 = define('bits2x4', 19, 1, 'uint');
/** Raw bits, two groups of four in a byte; `torch.bits4x2`. */
export const bits4x2 = define('bits4x2', 20, 1, 'uint');
/** Bytes without an interpretation; `torch.bits8`. */
export const bits8 = define('bits8', 21, 1, 'uint');
/** Pairs of bytes without an interpretation; `torch.bits16`. */
export const bits16 = define('bits16', 22, 2, 'uint');
/** 8-bit floats with 5 bits of exponent; `torch.float8_e5m2`. */
export const float8_e5m2 = define('float8_e5m2', 23, 1, 'float');
/** 8-bit floats with 4 bits of exponent, without infinities; `torch.float8_e4m3fn`. */
export const float8_e4m3fn = define('float8_e4m3fn', 24, 1, 'float');
/** 8-bit floats with 5 bits of exponent, without infinities and −0; `torch.float8_e5m2fnuz`. */
export const float8_e5m2fnuz = define('float8_e5m2fnuz', 25, 1, 'float');
/** 8-bit floats with 4 bits of exponent, without infinities and −0; `torch.float8_e4m3fnuz`. */
export const float8_e4m3fnuz = define('float8_e4m3fnuz', 26, 1, 'float');
/** 16-bit unsigned integers; `torch.uint16`. */
export const uint16 = define('uint16', 27, 2, 'uint');
/** 32-bit unsigned integers; `torch.uint32`. */
export const uint32 = define('uint32', 28, 4, 'uint');
/** 64-bit unsigned integers; `torch.uint64`. */
export const uint64 = define('uint64', 29, 8, 'uint');

/** 1-bit unsigned integers, one byte each; `torch.uint1`. libtorch has no operators for them. */
export const uint1 = define('uint1', 30, 1, 'uint');
/** 2-bit unsigned integers, one byte each; `torch.uint2`. libtorch has no operators for them. */
export const uint2 = define('uint2', 31, 1, 'uint');
/** 3-bit unsigned integers, one byte each; `torch.uint3`. libtorch has no operators for them. */
export const uint3 = define('uint3', 32, 1, 'uint');
/** 4-bit unsigned integers, one byte each; `torch.uint4`. libtorch has no operators for them. */
export const uint4 = define('uint4', 33, 1, 'uint');
/** 5-bit unsigned integers, one byte each; `torch.uint5`. libtorch has no operators for them. */
export const uint5 = define('uint5', 34, 1, 'uint');
/** 6-bit unsigned integers, one byte each; `torch.uint6`. libtorch has no operators for them. */
export const uint6 = define('uint6', 35, 1, 'uint');
/** 7-bit unsigned integers, one byte each; `torch.uint7`. libtorch has no operators for them. */
export const uint7 = define('uint7', 36, 1, 'uint');
/** 1-bit signed integers, one byte each; `torch.int1`. libtorch has no operators for them. */
export const int1 = define('int1', 37, 1, 'int');
/** 2-bit signed integers, one byte each; `torch.int2`. libtorch has no operators for them. */
export const int2 = define('int2', 38, 1, 'int');
/** 3-bit signed integers, one byte each; `torch.int3`. libtorch has no operators for them. */
export const int3 = define('int3', 39, 1, 'int');
/** 4-bit signed integers, one byte each; `torch.int4`. libtorch has no operators for them. */
export const int4 = define('int4', 40, 1, 'int');
/** 5-bit signed integers, one byte each; `torch.int5`. libtorch has no operators for them. */
export const int5 = define('int5', 41, 1, 'int');
/** 6-bit signed integers, one byte each; `torch.int6`. libtorch has no operators for them. */
export const int6 = define('int6', 42, 1, 'int');
/** 7-bit signed integers, one byte each; `torch.int7`. libtorch has no operators for them. */
export const int7 = define('int7', 43, 1, 'int');
/** Powers of two: 8 bits of exponent and nothing else; `torch.float8_e8m0fnu`. */
export const float8_e8m0fnu = define('float8_e8m0fnu', 44, 1, 'float', false);
/** 4-bit floats with 2 bits of exponent, two in a byte; `torch.float4_e2m1fn_x2`. */
export const float4_e2m1fn_x2 = define('float4_e2m1fn_x2', 45, 1, 'float');

// Real dtypes and the complex ones made of them.
const parts: readonly (readonly [DType, DType])[] = [
  [float16, complex32],
  [float32, complex64],
  [float64, complex128],
  [bfloat16, complex64],
];

/** Another name of {@link uint1}; `torch.bit`. */
export const bit = uint1;
/** Another name of {@link float16}; `torch.half`. */
export const half = float16;
/** Another name of {@link float32}; `torch.float`. */
export const float = float32;
/** Another name of {@link float64}; `torch.double`. */
export const double = float64;
/** Another name of {@link int16}; `torch.short`. */
export const short = int16;
/** Another name of {@link int32}; `torch.int`. */
export const int = int32;
/** Another name of {@link int64}; `torch.long`. */
export const long = int64;
/** Another name of {@link complex32}; `torch.chalf`. */
export const chalf = complex32;
/** Another name of {@link complex64}; `torch.cfloat`. */
export const cfloat = complex64;
/** Another name of {@link complex128}; `torch.cdouble`. */
export const cdouble = complex128;

/** The dtype with a given `c10::ScalarType` number. */
export function dtype_of(code: number): DType {
  const known = by_code.get(code);
  if (known) return known;
  const [name, itemsize, floating, complex] = native.dtype_info(code);
  return define(name.toLowerCase(), code, itemsize, complex ? 'complex' : floating ? 'float' : 'int');
}

const SET_DEFAULT_DTYPE = signature<{ d: DType }>('set_default_dtype', 'd: dtype');
const PROMOTE_TYPES = signature<{ type1: DType; type2: DType }>('promote_types', 'type1: dtype, type2: dtype');

/**
 * The default dtype of new floating point tensors. Mirrors `torch.get_default_dtype`.
 * @example
 * ```ts
 * print(torch.get_default_dtype());
 * ```
 * ```python
 * print(torch.get_default_dtype())
 * ```
 */
export function get_default_dtype(): DType {
  if (arguments.length > 0) no_arguments('get_default_dtype', [...arguments]);
  return dtype_of(native.get_default_dtype());
}

/**
 * Sets the default dtype of new floating point tensors. Mirrors `torch.set_default_dtype`.
 *
 * @param d - a floating point dtype
 * @throws TypeError when it is not a floating point type
 * @example
 * ```ts
 * torch.set_default_dtype(torch.float64);
 * print(torch.tensor([0.5]).dtype);
 * torch.set_default_dtype(torch.float32);
 * ```
 * ```python
 * torch.set_default_dtype(torch.float64)
 * print(torch.tensor([0.5]).dtype)
 * torch.set_default_dtype(torch.float32)
 * ```
 */
export function set_default_dtype(d: DType | { d: DType }): void;
export function set_default_dtype(...args: unknown[]): void {
  native.set_default_dtype(SET_DEFAULT_DTYPE.read(args).d.code);
}

/**
 * The smallest dtype that both types can be converted to. Mirrors `torch.promote_types`.
 *
 * @param type1 - a dtype
 * @param type2 - a dtype
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * print(torch.promote_types(torch.int32, torch.float16));
 * print(torch.promote_types(torch.uint8, torch.int8));
 * ```
 * ```python
 * print(torch.promote_types(torch.int32, torch.float16))
 * print(torch.promote_types(torch.uint8, torch.int8))
 * ```
 */
export function promote_types(type1: DType, type2: DType | { type2: DType }): DType;
export function promote_types(options: { type1: DType; type2: DType }): DType;
export function promote_types(...args: unknown[]): DType {
  const { type1, type2 } = PROMOTE_TYPES.read(args);
  return dtype_of(native.promote_types(type1.code, type2.code));
}

/**
 * A memory layout. Mirrors `torch.layout`. Compare with `===`.
 * @example
 * ```ts
 * print(torch.ones(2).layout, torch.eye(2).to_sparse().layout);
 * ```
 * ```python
 * print(torch.ones(2).layout, torch.eye(2).to_sparse().layout)
 * ```
 */
export class Layout extends NamedConstant {}

/** Dense, with a stride for each dimension; `torch.strided`. */
export const strided = new Layout('strided', 0);
/** Sparse: coordinates and values; `torch.sparse_coo`. */
export const sparse_coo = new Layout('sparse_coo', 1);
/** Sparse: compressed rows; `torch.sparse_csr`. */
export const sparse_csr = new Layout('sparse_csr', 2);
/** The opaque layout of oneDNN; `torch._mkldnn`. */
export const _mkldnn = new Layout('_mkldnn', 3);
/** Sparse: compressed columns; `torch.sparse_csc`. */
export const sparse_csc = new Layout('sparse_csc', 4);
/** Sparse: compressed rows of blocks; `torch.sparse_bsr`. */
export const sparse_bsr = new Layout('sparse_bsr', 5);
/** Sparse: compressed columns of blocks; `torch.sparse_bsc`. */
export const sparse_bsc = new Layout('sparse_bsc', 6);
/** Nested tensors with one ragged dimension; `torch.jagged`. */
export const jagged = new Layout('jagged', 7);

/** The layouts of which elements cannot be assigned. */
export const sparse_layouts: readonly Layout[] = [sparse_coo, sparse_csr, sparse_csc, sparse_bsr, sparse_bsc];

const layouts = [strided, sparse_coo, sparse_csr, _mkldnn, sparse_csc, sparse_bsr, sparse_bsc, jagged];

/** The layout with a given `c10::Layout` number. */
export function layout_of(code: number): Layout {
  return layouts[code] ?? new Layout(`layout_${code}`, code);
}

/**
 * The order of elements in memory. Mirrors `torch.memory_format`. Compare with `===`.
 * @example
 * ```ts
 * const x = torch.ones(1, 2, 3, 3).to({ memory_format: torch.channels_last });
 * print(x.stride(), torch.channels_last);
 * ```
 * ```python
 * x = torch.ones(1, 2, 3, 3).to(memory_format=torch.channels_last)
 * print(list(x.stride()), torch.channels_last)
 * ```
 */
export class MemoryFormat extends NamedConstant {}

/** Row-major, in the order of the dimensions; `torch.contiguous_format`. */
export const contiguous_format = new MemoryFormat('contiguous_format', 0);
/** Another name of {@link contiguous_format}; `torch.legacy_contiguous_format`. */
export const legacy_contiguous_format = contiguous_format;
/** That of the input of an operator; `torch.preserve_format`. */
export const preserve_format = new MemoryFormat('preserve_format', 1);
/** Channels innermost, for (N, C, H, W); `torch.channels_last`. */
export const channels_last = new MemoryFormat('channels_last', 2);
/** Channels innermost, for (N, C, D, H, W); `torch.channels_last_3d`. */
export const channels_last_3d = new MemoryFormat('channels_last_3d', 3);

/** The memory format of a code of libtorch's. @internal */
export function memory_format_of(code: number): MemoryFormat {
  return [contiguous_format, preserve_format, channels_last, channels_last_3d][code]!;
}

/**
 * A legacy tensor type such as `torch.FloatTensor`: a dtype and a device, for `x.type(...)`. It constructs tensors as
 * `torch.Tensor` does, with and without `new`, and `x instanceof torch.FloatTensor` tests dtype and device.
 * @example
 * ```ts
 * print(torch.ones(2).type(torch.DoubleTensor).dtype, torch.FloatTensor([1, 2]));
 * ```
 * ```python
 * print(torch.ones(2).type(torch.DoubleTensor).dtype, torch.FloatTensor([1, 2]))
 * ```
 */
export class TensorType {
  /** `'torch.FloatTensor'` */
  declare readonly name: string;
  declare readonly dtype: DType;
  declare readonly device_type: string;
  /** The name without its module. */
  declare readonly callee: string;

  private constructor() {}

  /** @internal */
  static make(name: string, dtype: DType, device_type: string): TensorType {
    // biome-ignore lint/complexity/useArrowFunction: `new` takes it too
    const type = function (...args: unknown[]): unknown {
      return construct_tensor!(type, args);
    } as unknown as TensorType;
    Object.setPrototypeOf(type, TensorType.prototype);
    const callee = name.slice(name.lastIndexOf('.') + 1);
    return Object.defineProperties(type, {
      name: { value: name },
      dtype: { value: dtype },
      device_type: { value: device_type },
      callee: { value: callee },
    });
  }

  [Symbol.hasInstance](value: unknown): boolean {
    const { dtype, device } = (value ?? {}) as { dtype?: unknown; device?: { type?: unknown } };
    return dtype === this.dtype && device?.type === this.device_type;
  }

  toString(): string {
    return this.name;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `<class '${this.name}'>`;
  }
}
Object.setPrototypeOf(TensorType.prototype, Function.prototype);

// The signatures of a constructor, which the functions made above have.
export interface TensorType extends LegacyConstructor {}

let construct_tensor: ((type: TensorType, args: readonly unknown[]) => unknown) | undefined;

/** Says how legacy types make tensors, which the layers above know. @internal */
export function bind_tensor_types(construct: (type: TensorType, args: readonly unknown[]) => unknown): void {
  construct_tensor = construct;
}

const type_names: readonly [string, DType][] = [
  ['Float', float32],
  ['Double', float64],
  ['Half', float16],
  ['BFloat16', bfloat16],
  ['Byte', uint8],
  ['Char', int8],
  ['Short', int16],
  ['Int', int32],
  ['Long', int64],
  ['Bool', bool],
  ['ComplexFloat', complex64],
  ['ComplexDouble', complex128],
];

const tensor_types = new Map<string, TensorType>();
for (const { name: device, module } of device_types.filter((row) => row.tensor_types)) {
  for (const [name, dtype] of type_names) {
    const full = `${module}.${name}Tensor`;
    tensor_types.set(full, TensorType.make(full, dtype, device));
  }
}

/** The legacy type with a full name, e.g. `'torch.cuda.LongTensor'`. */
export function tensor_type(name: string): TensorType | undefined {
  return tensor_types.get(name);
}

/** The legacy name of what has this dtype and device type. */
export function tensor_type_name(dtype: DType, device_type: string): string {
  const name = type_names.find(([, d]) => d === dtype)?.[0] ?? dtype.name;
  return `${row_of(device_type)?.module ?? `torch.${device_type}`}.${name}Tensor`;
}

function tensor_type_named(name: string): TensorType {
  return tensor_type(name) as TensorType;
}

/** The legacy type of float32 on the CPU; `torch.FloatTensor`. */
export const FloatTensor = tensor_type_named('torch.FloatTensor');
/** The legacy type of float64 on the CPU; `torch.DoubleTensor`. */
export const DoubleTensor = tensor_type_named('torch.DoubleTensor');
/** The legacy type of float16 on the CPU; `torch.HalfTensor`. */
export const HalfTensor = tensor_type_named('torch.HalfTensor');
/** The legacy type of bfloat16 on the CPU; `torch.BFloat16Tensor`. */
export const BFloat16Tensor = tensor_type_named('torch.BFloat16Tensor');
/** The legacy type of uint8 on the CPU; `torch.ByteTensor`. */
export const ByteTensor = tensor_type_named('torch.ByteTensor');
/** The legacy type of int8 on the CPU; `torch.CharTensor`. */
export const CharTensor = tensor_type_named('torch.CharTensor');
/** The legacy type of int16 on the CPU; `torch.ShortTensor`. */
export const ShortTensor = tensor_type_named('torch.ShortTensor');
/** The legacy type of int32 on the CPU; `torch.IntTensor`. */
export const IntTensor = tensor_type_named('torch.IntTensor');
/** The legacy type of int64 on the CPU; `torch.LongTensor`. */
export const LongTensor = tensor_type_named('torch.LongTensor');
/** The legacy type of bool on the CPU; `torch.BoolTensor`. */
export const BoolTensor = tensor_type_named('torch.BoolTensor');

name_class(DType, 'torch.dtype');
name_class(Layout, 'torch.layout');
name_class(MemoryFormat, 'torch.memory_format');
name_class(TensorType, 'tensortype');
define_kind('dtype', 'torch.dtype', (value) => value instanceof DType);
define_kind('layout', 'torch.layout', (value) => value instanceof Layout);
define_kind('memory_format', 'torch.memory_format', (value) => value instanceof MemoryFormat);
define_kind('TensorType', 'torch.tensortype', (value) => value instanceof TensorType);
