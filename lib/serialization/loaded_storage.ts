/** Storages as files name them: bytes with the dtype that the tensors on them have. */
import * as dtypes from '../types/dtype.js';
import { type DType, dtype_of } from '../types/dtype.js';
import type { UntypedStorage } from '../storage.js';
import { PickledName } from './unpickler.js';
import type { NodeBuffer } from '../_internal/node_types.js';
import { dtype_of_storage_class } from '../types/storage_classes.js';

/** A class of storages. */
export class PickledStorageType extends PickledName {
  constructor(
    name: string,
    readonly dtype: DType,
  ) {
    super(name);
  }
}

/** The class of storages with a full Python name. */
export function storage_type(module: string, name: string): PickledStorageType | undefined {
  const full = `${module}.${name}`;
  if (module === 'torch.storage' && (name === 'UntypedStorage' || name === 'TypedStorage')) {
    return new PickledStorageType(full, dtypes.uint8);
  }
  const dtype = module === 'torch' || module === 'torch.cuda' ? dtype_of_storage_class(name) : undefined;
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
