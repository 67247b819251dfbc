/** Tensors to and from several devices: `torch.cuda.comm`. */
import { cat } from '../generated/functions.js';
import { signature } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import type { Stream } from '../streams.js';
import type { Tensor } from '../_tensor.js';
import { Device, type DeviceLike } from '../types/device.js';
import { stream as with_stream } from './current_stream.js';
import { given_index, index_of, lazy_init } from './device_index.js';

type Devices = readonly DeviceLike[];

const CALLS = {
  broadcast: signature<{ tensor: Tensor; devices?: Devices | null; out?: readonly Tensor[] | null }>(
    'broadcast',
    'tensor: Tensor, devices?: device[]|None, *, out?: Tensor[]|None',
  ),
  broadcast_coalesced: signature<{ tensors: readonly Tensor[]; devices: Devices; buffer_size?: number }>(
    'broadcast_coalesced',
    'tensors: Tensor[], devices: device[], buffer_size?: int',
  ),
  reduce_add: signature<{ inputs: readonly Tensor[]; destination?: DeviceLike | null }>(
    'reduce_add',
    'inputs: Tensor[], destination?: device|None',
  ),
  reduce_add_coalesced: signature<{
    inputs: readonly (readonly Tensor[])[];
    destination?: DeviceLike | null;
    buffer_size?: number;
  }>('reduce_add_coalesced', 'inputs: Tensors[], destination?: device|None, buffer_size?: int'),
  scatter: signature<{
    tensor: Tensor;
    devices?: Devices | null;
    chunk_sizes?: readonly number[] | null;
    dim?: number;
    streams?: readonly (Stream | null)[] | null;
    out?: readonly Tensor[] | null;
  }>(
    'scatter',
    'tensor: Tensor, devices?: device[]|None, chunk_sizes?: int[]|None, dim?: int, streams?: any[]|None, *, out?: Tensor[]|None',
  ),
  gather: signature<{
    tensors: readonly Tensor[];
    dim?: number;
    destination?: DeviceLike | null;
    out?: Tensor | null;
  }>('gather', 'tensors: Tensor[], dim?: int, destination?: device|None, *, out?: Tensor|None'),
};

const python_list = (devices: Devices): string => `[${devices.map((one) => given_index(one)).join(', ')}]`;

/** A tensor on a device; itself where it is there already. */
const copy_to = (tensor: Tensor, index: number): Tensor => tensor.to({ device: `cuda:${index}`, non_blocking: true });

/** @throws Error with libtorch's text for what is not on a CUDA device */
function check_cuda(tensors: readonly Tensor[], which: string): void {
  const wrong = tensors.findIndex(({ device }) => device.type !== 'cuda');
  if (wrong < 0) return;
  throw new Error(
    `Expected all ${which} tensors to be CUDA tensors, but ${which} tensor at index ${wrong} has device '${String(tensors[wrong]!.device)}'`,
  );
}

/**
 * Copies a tensor to several devices. Mirrors `torch.cuda.comm.broadcast`.
 * @param tensor - the tensor
 * @param devices - where to; the first is that of the tensor
 * @param options - `out`: tensors to copy into, instead of `devices`
 * @returns the copies; the tensor itself on its own device
 * @throws Error when CUDA cannot be used, and unless exactly one of `devices` and `out` is given
 * @example
 * ```ts
 * const devices = Array.from({ length: torch.cuda.device_count() }, (_, i) => i);
 * print(torch.cuda.is_available() ? torch.cuda.comm.broadcast(torch.ones(2).cuda(), devices).length >= 1 : true);
 * ```
 * ```python
 * import torch.cuda.comm
 * devices = list(range(torch.cuda.device_count()))
 * print(len(torch.cuda.comm.broadcast(torch.ones(2).cuda(), devices)) >= 1 if torch.cuda.is_available() else True)
 * ```
 */
export function broadcast(
  tensor: Tensor,
  devices?: Devices | null,
  options?: { out?: readonly Tensor[] | null },
): Tensor[];
export function broadcast(
  tensor: Tensor,
  options: { devices?: Devices | null; out?: readonly Tensor[] | null },
): Tensor[];
export function broadcast(...args: unknown[]): Tensor[] {
  const { tensor, devices = null, out = null } = CALLS.broadcast.read(args);
  if ((devices === null) === (out === null)) {
    throw new Error(
      "Exactly one of 'devices' and 'out' must be specified, but got " +
        `devices=${devices === null ? 'None' : python_list(devices)} and out=${out === null ? 'None' : `[${out.join(', ')}]`}`,
    );
  }
  lazy_init();
  if (out !== null) {
    check_cuda(out, 'output');
    return out.map((one) => one.copy_(tensor, true));
  }
  return devices!.map((one) => copy_to(tensor, given_index(one)));
}

/**
 * Copies several tensors to several devices. Mirrors `torch.cuda.comm.broadcast_coalesced`.
 * @param tensors - the tensors, all on the first of the devices
 * @param devices - where to
 * @param buffer_size - how many bytes Python copies at once; without effect here
 * @returns for each device, the copies
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.comm.broadcast_coalesced([torch.ones(2).cuda()], [0]).length : 1);
 * ```
 * ```python
 * import torch.cuda.comm
 * print(len(torch.cuda.comm.broadcast_coalesced([torch.ones(2).cuda()], [0])) if torch.cuda.is_available() else 1)
 * ```
 */
export function broadcast_coalesced(tensors: readonly Tensor[], devices: Devices, buffer_size?: number): Tensor[][];
export function broadcast_coalesced(...args: unknown[]): Tensor[][] {
  const { tensors, devices } = CALLS.broadcast_coalesced.read(args);
  lazy_init();
  return devices.map((one) => tensors.map((tensor) => copy_to(tensor, given_index(one))));
}

function sum_on(inputs: readonly Tensor[], destination: number): Tensor {
  const [first] = inputs;
  if (first === undefined) throw new RangeError('list index out of range');
  const shape = first.shape.join('x');
  let root = -1;
  inputs.forEach((input, i) => {
    if (input.device.type === 'cpu') {
      throw new Error(`reduce_add expects all inputs to be on GPUs, but input ${i} is on CPU`);
    }
    if (input.device.index === destination) root = i;
    const got = input.shape.join('x');
    if (got !== shape) throw new Error(`input ${i} has invalid size: got ${got}, but expected ${shape}`);
  });
  if (root < 0) throw new Error('reduce_add expects destination to be on the same GPU with one of the tensors');
  if (inputs.length === 1) return first;
  const [second, ...others] = inputs.filter((_, i) => i !== root);
  const sum = inputs[root]!.add(copy_to(second!, destination));
  for (const other of others) sum.add_(copy_to(other, destination));
  return sum;
}

/** The index of a destination, where Python's default is the current device; -1 where CUDA has none. */
const destination_of = (device: DeviceLike | null | undefined, inputs: readonly Tensor[]): number =>
  device === undefined && inputs.some((input) => input.device.type === 'cpu') ? -1 : index_of(device);

/**
 * Adds up tensors of several devices on one of them. Mirrors `torch.cuda.comm.reduce_add`.
 * @param inputs - tensors of one shape
 * @param destination - the device of the result, on which one of them is; default null, the current device
 * @throws Error for tensors of the CPU, and of different shapes
 * @example
 * ```ts
 * try {
 *   torch.cuda.comm.reduce_add([torch.ones(2)], 0);
 * } catch (error) {
 *   print((error as Error).message);
 * }
 * ```
 * ```python
 * import torch.cuda.comm
 * try:
 *     torch.cuda.comm.reduce_add([torch.ones(2)], 0)
 * except AssertionError as error:
 *     print(error)
 * ```
 */
export function reduce_add(inputs: readonly Tensor[], destination?: DeviceLike | null): Tensor;
export function reduce_add(...args: unknown[]): Tensor {
  const { inputs, destination } = CALLS.reduce_add.read(args);
  return sum_on(inputs, destination_of(destination, inputs));
}

/**
 * Adds up lists of tensors of several devices on one of them. Mirrors `torch.cuda.comm.reduce_add_coalesced`.
 * @param inputs - for each device, its tensors
 * @param destination - the device of the results; default null, the current device
 * @param buffer_size - how many bytes Python adds at once; without effect here
 * @throws Error for tensors of the CPU, and of different shapes
 * @example
 * ```ts
 * try {
 *   torch.cuda.comm.reduce_add_coalesced([[torch.ones(2)], [torch.ones(2)]], 0);
 * } catch (error) {
 *   print((error as Error).message);
 * }
 * ```
 * ```python
 * import torch.cuda.comm
 * try:
 *     torch.cuda.comm.reduce_add_coalesced([[torch.ones(2)], [torch.ones(2)]], 0)
 * except AssertionError as error:
 *     print(error)
 * ```
 */
export function reduce_add_coalesced(
  inputs: readonly (readonly Tensor[])[],
  destination?: DeviceLike | null,
  buffer_size?: number,
): Tensor[];
export function reduce_add_coalesced(...args: unknown[]): Tensor[] {
  const { inputs, destination } = CALLS.reduce_add_coalesced.read(args);
  const [first = []] = inputs;
  const index = destination_of(destination, inputs.flat());
  return first.map((_, i) =>
    sum_on(
      inputs.map((tensors) => tensors[i]!),
      index,
    ),
  );
}

/**
 * Splits a tensor among devices. Mirrors `torch.cuda.comm.scatter`.
 * @param tensor - the tensor
 * @param devices - where the pieces go
 * @param chunk_sizes - their sizes along `dim`; default null, equal ones
 * @param dim - the dimension; default 0
 * @param streams - a stream for each piece, in which it is copied; default null, the current ones
 * @param options - `out`: tensors to copy into, instead of `devices` and `chunk_sizes`
 * @throws Error when CUDA cannot be used, and where both are given
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.comm.scatter(torch.arange(4), [0, 0]).map((x) => x.cpu()) : 'no CUDA device');
 * ```
 * ```python
 * import torch.cuda.comm
 * print([x.cpu() for x in torch.cuda.comm.scatter(torch.arange(4), [0, 0])] if torch.cuda.is_available() else 'no CUDA device')
 * ```
 */
export function scatter(
  tensor: Tensor,
  devices?: Devices | null,
  chunk_sizes?: readonly number[] | null,
  dim?: number,
  streams?: readonly (Stream | null)[] | null,
  options?: { out?: readonly Tensor[] | null },
): Tensor[];
export function scatter(
  tensor: Tensor,
  options: {
    devices?: Devices | null;
    chunk_sizes?: readonly number[] | null;
    dim?: number;
    streams?: readonly (Stream | null)[] | null;
    out?: readonly Tensor[] | null;
  },
): Tensor[];
export function scatter(...args: unknown[]): Tensor[] {
  const { tensor, devices = null, chunk_sizes = null, dim = 0, streams = null, out = null } = CALLS.scatter.read(args);
  if (out !== null) {
    const refuse = (name: string, value: string): never => {
      throw new Error(`'${name}' must not be specified when 'out' is specified, but got ${name}=${value}`);
    };
    if (devices !== null) refuse('devices', python_list(devices));
    if (chunk_sizes !== null) refuse('chunk_sizes', `[${chunk_sizes.join(', ')}]`);
    check_cuda(out, 'output');
    const sizes = out.map((one) => one.shape.at(dim) ?? 0);
    return tensor.split(sizes, dim).map((piece, i) => out[i]!.copy_(piece, true));
  }
  const places = (devices ?? []).map((one) => given_index(one));
  lazy_init();
  const pieces = chunk_sizes === null ? tensor.chunk(places.length, dim) : tensor.split([...chunk_sizes], dim);
  return pieces.map((piece, i) => with_stream(streams?.[i] ?? null, () => copy_to(piece.contiguous(), places[i]!)));
}

/**
 * Concatenates tensors of several devices on one device. Mirrors `torch.cuda.comm.gather`.
 * @param tensors - tensors of CUDA devices, alike but for their size along `dim`
 * @param dim - the dimension; default 0
 * @param destination - a CUDA device, or the CPU; default null, the current device
 * @param options - `out`: the tensor to copy into, instead of `destination`
 * @throws Error for tensors that are not on a CUDA device, and where both are given
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.comm.gather([torch.ones(1).cuda()], 0, 'cpu') : torch.ones(1));
 * ```
 * ```python
 * import torch.cuda.comm
 * print(torch.cuda.comm.gather([torch.ones(1).cuda()], 0, 'cpu') if torch.cuda.is_available() else torch.ones(1))
 * ```
 */
export function gather(
  tensors: readonly Tensor[],
  dim?: number,
  destination?: DeviceLike | null,
  options?: { out?: Tensor | null },
): Tensor;
export function gather(
  tensors: readonly Tensor[],
  options: { dim?: number; destination?: DeviceLike | null; out?: Tensor | null },
): Tensor;
export function gather(...args: unknown[]): Tensor {
  const { tensors, dim = 0, destination = null, out = null } = CALLS.gather.read(args);
  if (out !== null && destination !== null) {
    const got = typeof destination === 'number' ? destination : String(new Device(destination));
    throw new Error(`'destination' must not be specified when 'out' is specified, but got destination=${got}`);
  }
  if (destination === -1) {
    warn(
      'Using -1 to represent CPU tensor is deprecated. Please use a device object or string instead, e.g., "cpu".',
      'FutureWarning',
    );
  }
  lazy_init();
  check_cuda(tensors, 'input');
  const scalars = dim === 0 && tensors.every((tensor) => tensor.dim() === 0);
  if (scalars) {
    warn(
      'Was asked to gather along dimension 0, but all input tensors were scalars; will instead unsqueeze and return a vector.',
    );
  }
  const pieces = scalars ? tensors.map((tensor) => tensor.unsqueeze(0)) : tensors;
  const on_cpu = destination === -1 || (typeof destination !== 'number' && is_cpu(destination));
  const place = out?.device ?? (on_cpu ? new Device('cpu') : new Device('cuda', index_of(destination)));
  const joined = cat(
    pieces.map((piece) => piece.to(place)),
    dim,
  );
  return out === null ? joined : out.copy_(joined);
}

const is_cpu = (device: DeviceLike | null): boolean => device !== null && new Device(device).type === 'cpu';
