/** Data types, layouts and memory formats: `torch.float32`, `torch.strided`, `torch.channels_last`. */
import { inspect } from 'node:util';

import { native } from './native.js';
import { kind_of } from './nn/representation.js';

/** A data type; mirrors `torch.dtype`. Compare with `===`. */
export class DType {
  constructor(
    /** Without the module: `'float32'`. */
    readonly name: string,
    /** The number of `c10::ScalarType`. */
    readonly code: number,
    /** Bytes an element. */
    readonly itemsize: number,
    readonly is_floating_point: boolean,
    readonly is_complex: boolean,
    readonly is_signed: boolean,
  ) {}

  /** `torch.float32` */
  toString(): string {
    return `torch.${this.name}`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

const by_code = new Map<number, DType>();

function define(name: string, code: number, itemsize: number, kind: 'int' | 'uint' | 'float' | 'complex'): DType {
  const floating = kind === 'float';
  const dtype = new DType(name, code, itemsize, floating, kind === 'complex', kind !== 'uint');
  by_code.set(code, dtype);
  return dtype;
}

export const uint8 = define('uint8', 0, 1, 'uint');
export const int8 = define('int8', 1, 1, 'int');
export const int16 = define('int16', 2, 2, 'int');
export const int32 = define('int32', 3, 4, 'int');
export const int64 = define('int64', 4, 8, 'int');
export const float16 = define('float16', 5, 2, 'float');
export const float32 = define('float32', 6, 4, 'float');
export const float64 = define('float64', 7, 8, 'float');
export const complex32 = define('complex32', 8, 4, 'complex');
export const complex64 = define('complex64', 9, 8, 'complex');
export const complex128 = define('complex128', 10, 16, 'complex');
export const bool = define('bool', 11, 1, 'uint');
export const qint8 = define('qint8', 12, 1, 'int');
export const quint8 = define('quint8', 13, 1, 'uint');
export const qint32 = define('qint32', 14, 4, 'int');
export const bfloat16 = define('bfloat16', 15, 2, 'float');
export const quint4x2 = define('quint4x2', 16, 1, 'uint');
export const quint2x4 = define('quint2x4', 17, 1, 'uint');
export const float8_e5m2 = define('float8_e5m2', 23, 1, 'float');
export const float8_e4m3fn = define('float8_e4m3fn', 24, 1, 'float');
export const float8_e5m2fnuz = define('float8_e5m2fnuz', 25, 1, 'float');
export const float8_e4m3fnuz = define('float8_e4m3fnuz', 26, 1, 'float');
export const uint16 = define('uint16', 27, 2, 'uint');
export const uint32 = define('uint32', 28, 4, 'uint');
export const uint64 = define('uint64', 29, 8, 'uint');

export const half = float16;
export const float = float32;
export const double = float64;
export const short = int16;
export const int = int32;
export const long = int64;
export const chalf = complex32;
export const cfloat = complex64;
export const cdouble = complex128;

/** The dtype with a given `c10::ScalarType` number. */
export function dtype_of(code: number): DType {
  const known = by_code.get(code);
  if (known) return known;
  const [name, itemsize, floating, complex] = native.dtype_info(code);
  return define(name.toLowerCase(), code, itemsize, complex ? 'complex' : floating ? 'float' : 'int');
}

/** The dtype of new floating-point tensors; mirrors `torch.get_default_dtype`. */
export function get_default_dtype(): DType {
  return dtype_of(native.get_default_dtype());
}

/**
 * Sets the dtype of new floating-point tensors; mirrors `torch.set_default_dtype`.
 * @throws TypeError when it is not a floating-point type.
 */
export function set_default_dtype(dtype: DType): void {
  if (!(dtype instanceof DType)) throw new TypeError(`set_default_dtype(): argument 'd' must be torch.dtype, not ${kind_of(dtype)}`);
  native.set_default_dtype(dtype.code);
}

/** The smallest type that holds both; mirrors `torch.promote_types`. */
export function promote_types(type1: DType, type2: DType): DType {
  for (const [name, type] of [['type1', type1], ['type2', type2]] as const) {
    if (type instanceof DType) continue;
    throw new TypeError(`promote_types(): argument '${name}' must be torch.dtype, not ${kind_of(type)}`);
  }
  return dtype_of(native.promote_types(type1.code, type2.code));
}

/** How elements are laid out; mirrors `torch.layout`. */
export class Layout {
  constructor(
    readonly name: string,
    readonly code: number,
  ) {}

  toString(): string {
    return `torch.${this.name}`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

export const strided = new Layout('strided', 0);
export const sparse_coo = new Layout('sparse_coo', 1);
export const sparse_csr = new Layout('sparse_csr', 2);
export const _mkldnn = new Layout('_mkldnn', 3);
export const sparse_csc = new Layout('sparse_csc', 4);
export const sparse_bsr = new Layout('sparse_bsr', 5);
export const sparse_bsc = new Layout('sparse_bsc', 6);
export const jagged = new Layout('jagged', 7);

const layouts = [strided, sparse_coo, sparse_csr, _mkldnn, sparse_csc, sparse_bsr, sparse_bsc, jagged];

/** The layout with a given `c10::Layout` number. */
export function layout_of(code: number): Layout {
  return layouts[code] ?? new Layout(`layout_${code}`, code);
}

/** The order of elements in memory; mirrors `torch.memory_format`. */
export class MemoryFormat {
  constructor(
    readonly name: string,
    readonly code: number,
  ) {}

  toString(): string {
    return `torch.${this.name}`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

export const contiguous_format = new MemoryFormat('contiguous_format', 0);
export const preserve_format = new MemoryFormat('preserve_format', 1);
export const channels_last = new MemoryFormat('channels_last', 2);
export const channels_last_3d = new MemoryFormat('channels_last_3d', 3);

/** An old-style tensor type such as `torch.FloatTensor`: a dtype with a place, for `x.type(...)`. */
export class TensorType {
  constructor(
    /** `'torch.FloatTensor'` */
    readonly name: string,
    readonly dtype: DType,
    readonly device_type: 'cpu' | 'cuda' = 'cpu',
  ) {}

  toString(): string {
    return this.name;
  }

  [inspect.custom](): string {
    return `<class '${this.name}'>`;
  }
}

const type_names: readonly [string, DType][] = [
  ['Float', float32], ['Double', float64], ['Half', float16], ['BFloat16', bfloat16], ['Byte', uint8],
  ['Char', int8], ['Short', int16], ['Int', int32], ['Long', int64], ['Bool', bool],
  ['ComplexFloat', complex64], ['ComplexDouble', complex128],
];

const tensor_types = new Map<string, TensorType>();
for (const device_type of ['cpu', 'cuda'] as const) {
  for (const [name, dtype] of type_names) {
    const full = `torch.${device_type === 'cuda' ? 'cuda.' : ''}${name}Tensor`;
    tensor_types.set(full, new TensorType(full, dtype, device_type));
  }
}

/** The old-style type with a full name, e.g. `'torch.cuda.LongTensor'`. */
export function tensor_type(name: string): TensorType | undefined {
  return tensor_types.get(name);
}

/** The old-style name of what has this dtype and device type. */
export function tensor_type_name(dtype: DType, device_type: string): string {
  const name = type_names.find(([, d]) => d === dtype)?.[0] ?? dtype.name;
  return `torch.${device_type === 'cpu' ? '' : `${device_type}.`}${name}Tensor`;
}

function required(name: string): TensorType {
  return tensor_type(name) as TensorType;
}

export const FloatTensor = required('torch.FloatTensor');
export const DoubleTensor = required('torch.DoubleTensor');
export const HalfTensor = required('torch.HalfTensor');
export const BFloat16Tensor = required('torch.BFloat16Tensor');
export const ByteTensor = required('torch.ByteTensor');
export const CharTensor = required('torch.CharTensor');
export const ShortTensor = required('torch.ShortTensor');
export const IntTensor = required('torch.IntTensor');
export const LongTensor = required('torch.LongTensor');
export const BoolTensor = required('torch.BoolTensor');
