/** What storages have in common: copies of their elements as another dtype. */
import type { Device } from './types/device.js';
import * as dtypes from './types/dtype.js';
import type { DType } from './types/dtype.js';
import type { Tensor } from './_tensor.js';
import type { TypedStorage } from './typed_storage.js';
import { signature } from './_internal/signature.js';

type TypedCopy = (elements: Tensor, dtype: DType) => TypedStorage;

let typed_copy: TypedCopy;

/** Says what makes typed storages; lib/typed_storage.ts, which imports this file, calls it. @internal */
export function bind_typed_storage(copy: TypedCopy): void {
  typed_copy = copy;
}

const dtype_of = {
  bfloat16: dtypes.bfloat16,
  bool: dtypes.bool,
  byte: dtypes.uint8,
  char: dtypes.int8,
  complex_double: dtypes.complex128,
  complex_float: dtypes.complex64,
  double: dtypes.float64,
  float: dtypes.float32,
  float8_e4m3fn: dtypes.float8_e4m3fn,
  float8_e4m3fnuz: dtypes.float8_e4m3fnuz,
  float8_e5m2: dtypes.float8_e5m2,
  float8_e5m2fnuz: dtypes.float8_e5m2fnuz,
  half: dtypes.float16,
  int: dtypes.int32,
  long: dtypes.int64,
  short: dtypes.int16,
} as const;

type Conversion = keyof typeof dtype_of;

const signatures = new Map(
  ['UntypedStorage', 'TypedStorage'].flatMap((owner) =>
    Object.keys(dtype_of).map((name) => [`${owner}.${name}`, signature<object>(`${owner}.${name}`, '')] as const),
  ),
);

/** The elements of a storage as a tensor on the same memory. @throws Error when there is no memory */
export function as_readable(storage: StorageBase): Tensor {
  if (storage.device.type === 'meta') throw new Error("Not available for 'meta' device type");
  return storage._all();
}

function convert_storage(storage: StorageBase, name: Conversion, args: readonly unknown[]): TypedStorage {
  signatures.get(`${storage._owner}.${name}`)!.read(args);
  return typed_copy(as_readable(storage), dtype_of[name]);
}

/** Base class of {@link UntypedStorage}, whose elements are its bytes, and {@link TypedStorage}. */
export abstract class StorageBase {
  /** The class, as error texts name it. @internal */
  abstract readonly _owner: 'UntypedStorage' | 'TypedStorage';
  /** The elements as a tensor on the same memory. @internal */
  abstract _all(): Tensor;
  abstract get device(): Device;

  /** A copy of the elements as bfloat16. */
  bfloat16(...args: []): TypedStorage {
    return convert_storage(this, 'bfloat16', args);
  }
  /** A copy of the elements as bools. */
  bool(...args: []): TypedStorage {
    return convert_storage(this, 'bool', args);
  }
  /** A copy of the elements as uint8. */
  byte(...args: []): TypedStorage {
    return convert_storage(this, 'byte', args);
  }
  /** A copy of the elements as int8. */
  char(...args: []): TypedStorage {
    return convert_storage(this, 'char', args);
  }
  /** A copy of the elements as complex128. */
  complex_double(...args: []): TypedStorage {
    return convert_storage(this, 'complex_double', args);
  }
  /** A copy of the elements as complex64. */
  complex_float(...args: []): TypedStorage {
    return convert_storage(this, 'complex_float', args);
  }
  /** A copy of the elements as float64. */
  double(...args: []): TypedStorage {
    return convert_storage(this, 'double', args);
  }
  /** A copy of the elements as float32. */
  float(...args: []): TypedStorage {
    return convert_storage(this, 'float', args);
  }
  /** A copy of the elements as float8_e4m3fn. */
  float8_e4m3fn(...args: []): TypedStorage {
    return convert_storage(this, 'float8_e4m3fn', args);
  }
  /** A copy of the elements as float8_e4m3fnuz. */
  float8_e4m3fnuz(...args: []): TypedStorage {
    return convert_storage(this, 'float8_e4m3fnuz', args);
  }
  /** A copy of the elements as float8_e5m2. */
  float8_e5m2(...args: []): TypedStorage {
    return convert_storage(this, 'float8_e5m2', args);
  }
  /** A copy of the elements as float8_e5m2fnuz. */
  float8_e5m2fnuz(...args: []): TypedStorage {
    return convert_storage(this, 'float8_e5m2fnuz', args);
  }
  /** A copy of the elements as float16. */
  half(...args: []): TypedStorage {
    return convert_storage(this, 'half', args);
  }
  /** A copy of the elements as int32. */
  int(...args: []): TypedStorage {
    return convert_storage(this, 'int', args);
  }
  /** A copy of the elements as int64. */
  long(...args: []): TypedStorage {
    return convert_storage(this, 'long', args);
  }
  /** A copy of the elements as int16. */
  short(...args: []): TypedStorage {
    return convert_storage(this, 'short', args);
  }
}
