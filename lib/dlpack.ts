/** DLPack: tensors handed to other addons of this process and taken from them, without a copy. Mirrors `torch.utils.dlpack`. */
import { types } from 'node:util';

import { from_numpy, type TypedArray } from './creation.js';
import { accelerator_name, Device, type DeviceLike } from './types/device.js';
import { device_type } from './types/device_types.js';
import { strided } from './types/dtype.js';
import { native } from './_C/native.js';
import { NDArray } from './numpy/ndarray.js';
import type { Tensor } from './_tensor.js';
import { wrap } from './_C/tensor_base.js';
import { define_kind, signature } from './_internal/signature.js';

// What native/data/dlpack.cpp exports.
declare module './_C/native.js' {
  interface Native {
    dlpack_export(
      handle: Handle,
      versioned: boolean,
      device_type: number,
      device_index: number,
      copy: boolean | null,
    ): DLPackCapsule;
    dlpack_import(capsule: DLPackCapsule): Wrapped;
    dlpack_device(handle: Handle): [type: number, index: number];
    dlpack_device_of(device: string): [type: number, index: number];
  }
}

/** An opaque tensor for another library, which may be taken once. */
export interface DLPackCapsule {
  readonly __dlpack_capsule__?: never;
}

/**
 * The device types of DLPack. Mirrors `torch.utils.dlpack.DLDeviceType`.
 *
 * @example
 * ```ts
 * print(torch.utils.dlpack.DLDeviceType.kDLCPU);
 * ```
 * ```python
 * print(int(torch.utils.dlpack.DLDeviceType.kDLCPU))
 * ```
 */
export const DLDeviceType = Object.freeze({
  kDLCPU: 1,
  kDLCUDA: 2,
  kDLCUDAHost: 3,
  kDLOpenCL: 4,
  kDLVulkan: 7,
  kDLMetal: 8,
  kDLVPI: 9,
  kDLROCM: 10,
  kDLROCMHost: 11,
  kDLExtDev: 12,
  kDLCUDAManaged: 13,
  kDLOneAPI: 14,
  kDLWebGPU: 15,
  kDLHexagon: 16,
  kDLMAIA: 17,
} as const);

/** The options of `__dlpack__`. */
export interface DLPackOptions {
  /** Stream that will read the tensor; null or -1 where there are none. Default null. */
  stream?: number | null;
  /** Highest version that the caller supports; from `[1, 0]` on, capsules carry their version. Default null. */
  max_version?: readonly [major: number, minor: number] | null;
  /** Device of the capsule: a {@link DLDeviceType} and an index. Default null: that of the tensor. */
  dl_device?: readonly [type: number, index: number] | null;
  /** true: always copy; false: never; null (the default): where needed. */
  copy?: boolean | null;
}

/** An object of another library that exports its memory by DLPack. */
export interface DLPackProducer {
  __dlpack__(options?: DLPackOptions): DLPackCapsule;
  __dlpack_device__(): readonly [type: number, index: number];
}

/** The options of {@link from_dlpack}. */
export interface FromDLPackOptions {
  /** Device of the tensor. Default null: that of the memory. */
  device?: DeviceLike | null;
  /** true: always copy; false: never; null (the default): where needed. */
  copy?: boolean | null;
}

type External = DLPackProducer | Tensor | DLPackCapsule | NDArray | TypedArray;

// Whether an External is a capsule the addon knows.
define_kind(
  'DLPack',
  'object with __dlpack__, DLPack capsule, NDArray or typed array',
  (value) => is_producer(value) || types.isExternal(value) || value instanceof NDArray || is_array(value),
);

const FROM = signature<FromDLPackOptions & { ext_tensor: External }>(
  'from_dlpack',
  'ext_tensor: DLPack, *, device?: device|None, copy?: bool|None',
);
const TO = signature<{ tensor: Tensor }>('to_dlpack', 'tensor: Tensor');
const EXPORT = signature<DLPackOptions>(
  'Tensor.__dlpack__',
  '*, stream?: int|None, max_version?: int[]|None, dl_device?: int[]|None, copy?: bool|None',
);

function is_producer(value: unknown): value is DLPackProducer {
  return typeof (value as Partial<DLPackProducer> | null | undefined)?.__dlpack__ === 'function';
}

function is_array(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function refuse_copy(from: readonly [number, number], to: readonly [number, number]): Error {
  return new Error(
    `cannot move DLPack tensor from device (${from.join(', ')}) to (${to.join(', ')}) without copying. ` +
      'Set copy=None or copy=True.',
  );
}

/** Tries the arguments that a producer may not know yet, as the array API asks for. */
function capsule_of(source: DLPackProducer, wanted: DLPackOptions): { capsule: DLPackCapsule; copied: boolean } {
  const attempts: DLPackOptions[] = [wanted];
  const { max_version: _version, ...without_version } = wanted;
  const { copy: _copy, ...without_copy } = without_version;
  const { dl_device: _device, ...bare } = without_copy;
  attempts.push(without_version, without_copy, bare);
  for (const [i, options] of attempts.entries()) {
    try {
      return { capsule: source.__dlpack__(options), copied: i < 2 };
    } catch (error) {
      if (!(error instanceof TypeError) || i === attempts.length - 1) throw error;
    }
  }
  throw new Error('from_dlpack(): the object gave no capsule');
}

function from_producer(source: DLPackProducer, { device, copy }: FromDLPackOptions): Tensor {
  const here = source.__dlpack_device__();
  const options: DLPackOptions = { max_version: [1, 0], ...(copy === null || copy === undefined ? {} : { copy }) };
  let moved = false;
  if (device !== null && device !== undefined) {
    const there = native.dlpack_device_of(
      String(typeof device === 'number' ? `${accelerator_name()}:${device}` : device),
    );
    moved = there[0] !== here[0] || there[1] !== here[1];
    if (moved && copy === false) throw refuse_copy(here, there);
    if (!moved) options.dl_device = there;
  }
  const { capsule, copied } = capsule_of(source, options);
  const made = wrap(native.dlpack_import(capsule));
  if (moved) return made.to(device as string);
  return copy === true && !copied ? made.clone() : made;
}

/**
 * A tensor that shares the memory of another library: of an object with `__dlpack__` (such as a tensor of another
 * copy of this package), of a capsule, or of a typed array or NDArray. Mirrors `torch.from_dlpack`.
 *
 * @param ext_tensor - the object, capsule or array
 * @param options - `device`, `copy`; see {@link FromDLPackOptions}
 * @throws Error for a capsule that was taken before, and for a value that is not a capsule
 * @example
 * ```ts
 * const x = torch.arange(4);
 * const shared = torch.from_dlpack(x);
 * shared.fill_(9);
 * print(x);
 * ```
 * ```python
 * x = torch.arange(4)
 * shared = torch.from_dlpack(x)
 * shared.fill_(9)
 * print(x)
 * ```
 */
export function from_dlpack(ext_tensor: External, options?: FromDLPackOptions): Tensor;
export function from_dlpack(options: { ext_tensor: External } & FromDLPackOptions): Tensor;
export function from_dlpack(...args: unknown[]): Tensor {
  const { ext_tensor, ...options } = FROM.read(args);
  const { device = null, copy = null } = options;
  if (is_producer(ext_tensor)) return from_producer(ext_tensor, options);
  if (ext_tensor instanceof NDArray || is_array(ext_tensor)) {
    const made = from_numpy(ext_tensor);
    if (device === null) return copy === true ? made.clone() : made;
    const place = new Device(typeof device === 'number' ? `${accelerator_name()}:${device}` : device);
    if (copy === false && place.type !== 'cpu') {
      throw refuse_copy(native.dlpack_device(made._h), native.dlpack_device_of(place.toString()));
    }
    return made.to({ device: place, copy: copy === true });
  }
  if (device !== null || copy !== null) {
    throw new Error('device and copy kwargs not supported when ext_tensor is already a DLPack capsule.');
  }
  return wrap(native.dlpack_import(ext_tensor));
}

/**
 * A capsule of the memory of a tensor, which another library takes by its `from_dlpack`. Mirrors `torch.to_dlpack`.
 * The memory lives as long as either side uses it.
 *
 * @param tensor - a strided tensor
 * @throws Error for dtypes, layouts and devices that DLPack does not have
 * @example
 * ```ts
 * print(torch.from_dlpack(torch.to_dlpack(torch.arange(4))));
 * ```
 * ```python
 * print(torch.from_dlpack(torch.to_dlpack(torch.arange(4))))
 * ```
 */
export function to_dlpack(tensor: Tensor): DLPackCapsule;
export function to_dlpack(options: { tensor: Tensor }): DLPackCapsule;
export function to_dlpack(...args: unknown[]): DLPackCapsule {
  return native.dlpack_export(TO.read(args).tensor._h, false, -1, 0, null);
}

function check_stream(tensor: Tensor, stream: number | null): void {
  if (tensor.device.type === 'cpu' && stream !== null && Number(stream) !== -1)
    throw new Error('stream should be None on cpu.');
  const { type, index } = tensor.device;
  const row = device_type(type);
  if (!row?.accelerator) return;
  const current = native.device_current(type);
  if (index !== current) {
    throw new Error(
      `Can't export tensors on a different ${row.title} device index. Expected: ${index}. Current device: ${current}.`,
    );
  }
  if (stream !== null && ![-1, 1].includes(Number(stream))) {
    throw new Error(
      `__dlpack__(): the ${row.title} stream ${stream} is not the default one, and others are not supported`,
    );
  }
}

/** What `Tensor.__dlpack__` does. @internal */
export function export_tensor(tensor: Tensor, args: readonly unknown[]): DLPackCapsule {
  const { stream = -1, max_version, dl_device, copy = null } = EXPORT.read(args);
  if (tensor.requires_grad) throw new Error("Can't export tensors that require gradient, use tensor.detach()");
  if (tensor.is_conj()) throw new Error("Can't export tensors with the conjugate bit set");
  if (tensor.layout !== strided) throw new Error("Can't export tensors with layout other than torch.strided");
  check_stream(tensor, stream);
  const versioned = max_version !== undefined && max_version !== null && max_version[0] >= 1;
  const [type, index] = dl_device ?? [-1, 0];
  return native.dlpack_export(tensor._h, versioned, type, index, copy);
}

/** What `Tensor.__dlpack_device__` does. @internal */
export function device_of_tensor(tensor: Tensor): [type: number, index: number] {
  const { type, index } = tensor.device;
  const name = type === 'cpu' && tensor.is_pinned() ? 'kDLCUDAHost' : device_type(type)?.dlpack;
  if (name === undefined) throw new Error(`Unknown device type ${type} for Dlpack`);
  return [DLDeviceType[name], index ?? 0];
}
