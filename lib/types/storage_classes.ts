/** The names of the storage classes that PyTorch once had for each dtype: `FloatStorage` and so on, which files still use. */
import * as dtypes from './dtype.js';
import type { DType } from './dtype.js';

const names: readonly (readonly [DType, string])[] = [
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

const by_dtype = new Map(names.map(([dtype, name]) => [dtype, `${name}Storage`]));
const by_name = new Map(names.map(([dtype, name]) => [`${name}Storage`, dtype]));

/** The class that files name for storages of a dtype; newer dtypes have none and use untyped storages. */
export function storage_class_of(dtype: DType): string | undefined {
  return by_dtype.get(dtype);
}

/** The dtype of a storage class; undefined for other names. */
export function dtype_of_storage_class(name: string): DType | undefined {
  return by_name.get(name);
}
