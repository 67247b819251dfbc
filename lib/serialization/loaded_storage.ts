/** Storages as files name them: bytes with the dtype that the tensors on them have. */
import * as dtypes from '../types/dtype.js';
import { type DType, dtype_of } from '../types/dtype.js';
import type { UntypedStorage } from '../storage.js';
import { PickledName } from './unpickler.js';
import type { NodeBuffer } from '../_internal/node_types.js';

// The names of the classes that Python once had for each dtype, and that files still use.
const old_names: readonly (readonly [DType, string])[] = [
  [dtypes.float64, 'Double'],
  [dtypes.float32, 'Float'],
  [dtypes.float16, 'Half'],
  [dtypes.int64, 'Long'],
  [dtypes.int32, 'Int'],
  [dtypes.int16, 'Short'],
  [dtypes.int8, 'Char'],
  [dtypes.uint8, 'Byte'],
  [dtypes.bool, 'Bool'],
  [dtypes.bfloat16, 'BFloat16'],
  [dtypes.complex128, 'ComplexDouble'],
  [dtypes.complex64, 'ComplexFloat'],
  [dtypes.qint8, 'QInt8'],
  [dtypes.qint32, 'QInt32'],
  [dtypes.quint8, 'QUInt8'],
  [dtypes.quint4x2, 'QUInt4x2'],
  [dtypes.quint2x4, 'QUInt2x4'],
];

const by_name = new Map(old_names.map(([dtype, name]) => [`${name}Storage`, dtype]));
const by_dtype = new Map(old_names.map(([dtype, name]) => [dtype, `${name}Storage`]));

/** The class that files name for storages of a dtype; newer dtypes have none and use untyped storages. */
export function storage_class_of(dtype: DType): string | undefined {
  return by_dtype.get(dtype);
}

/** A class of storages. */
export class PickledStorageType extends PickledName {
  constructor(
    name: string,
    readonly dtype: DType,
  ) {
    super(name);
  }
}

/** What a full Python name of a class of storages stands for. */
export function storage_type(module: string, name: string): PickledStorageType | undefined {
  const full = `${module}.${name}`;
  if (module === 'torch.storage' && (name === 'UntypedStorage' || name === 'TypedStorage')) {
    return new PickledStorageType(full, dtypes.uint8);
  }
  const dtype = module === 'torch' || module === 'torch.cuda' ? by_name.get(name) : undefined;
  return dtype && new PickledStorageType(full, dtype);
}

/** A storage of the file, in memory. */
export class LoadedStorage {
  constructor(
    readonly storage: UntypedStorage,
    readonly dtype: DType,
  ) {}
}

let dtype_names: Map<string, DType> | undefined;

/** The dtype with a name such as `'float32'`. */
export function dtype_named(name: string): DType | undefined {
  if (dtype_names === undefined) {
    dtype_names = new Map();
    for (let code = 0; code < 64; code++) {
      try {
        const dtype = dtype_of(code);
        dtype_names.set(dtype.name, dtype);
      } catch {
        break;
      }
    }
  }
  return dtype_names.get(name);
}

/** Reverses the bytes of each element; of complex ones, those of each part. */
export function swap_bytes(bytes: NodeBuffer, dtype: DType): void {
  switch (dtype.is_complex ? dtype.itemsize / 2 : dtype.itemsize) {
    case 2:
      bytes.swap16();
      break;
    case 4:
      bytes.swap32();
      break;
    case 8:
      bytes.swap64();
      break;
  }
}
