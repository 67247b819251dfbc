/** NVIDIA's library for work of several devices on one tensor each: `torch.cuda.nccl`. */
import { cuda_native, type NativeCommunicator } from '../_C/cuda_native.js';
import { native } from '../_C/native.js';
import { signature, no_arguments } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import type { Stream } from '../streams.js';
import type { Tensor } from '../_tensor.js';
import { to_dlpack } from '../dlpack.js';
import { require_cuda_build } from './device_index.js';

type Tensors = readonly Tensor[];
type Streams = readonly (Stream | null)[] | null;

/** What one process has of a group: what {@link init_rank} returns. It is given back when it is collected. */
export type Communicator = NativeCommunicator;
type Communicators = readonly Communicator[] | null;

const CALLS = {
  is_available: signature<{ tensors: Tensors }>('is_available', 'tensors: Tensor[]'),
  init_rank: signature<{ num_ranks: number; uid: Uint8Array | ArrayBuffer; rank: number }>(
    'init_rank',
    'num_ranks: int, uid: bytes, rank: int',
  ),
  all_reduce: signature<{
    inputs: Tensors;
    outputs?: Tensors | null;
    op?: number;
    streams?: Streams;
    comms?: Communicators;
  }>('all_reduce', 'inputs: Tensor[], outputs?: Tensor[]|None, op?: int, streams?: any[]|None, comms?: any[]|None'),
  reduce: signature<{
    inputs: Tensors;
    output?: Tensor | Tensors | null;
    root?: number;
    op?: number;
    streams?: Streams;
    comms?: Communicators;
    outputs?: Tensors | null;
  }>(
    'reduce',
    'inputs: Tensor[], output?: any, root?: int, op?: int, streams?: any[]|None, comms?: any[]|None, *, outputs?: Tensor[]|None',
  ),
  broadcast: signature<{ inputs: Tensors; root?: number; streams?: Streams; comms?: Communicators }>(
    'broadcast',
    'inputs: Tensor[], root?: int, streams?: any[]|None, comms?: any[]|None',
  ),
  all_gather: signature<{ inputs: Tensors; outputs: Tensors; streams?: Streams; comms?: Communicators }>(
    'all_gather',
    'inputs: Tensor[], outputs: Tensor[], streams?: any[]|None, comms?: any[]|None',
  ),
  reduce_scatter: signature<{
    inputs: Tensors;
    outputs: Tensors;
    op?: number;
    streams?: Streams;
    comms?: Communicators;
  }>('reduce_scatter', 'inputs: Tensor[], outputs: Tensor[], op?: int, streams?: any[]|None, comms?: any[]|None'),
};

/** The reduction that adds up. Mirrors `torch.cuda.nccl.SUM`. */
export const SUM = 0;

function collective(
  name: 'all_reduce' | 'reduce' | 'broadcast' | 'all_gather' | 'reduce_scatter',
  inputs: Tensors,
  outputs: Tensors,
  {
    root = 0,
    op = SUM,
    streams = null,
    comms = null,
  }: {
    root?: number | undefined;
    op?: number | undefined;
    streams?: Streams | undefined;
    comms?: Communicators | undefined;
  },
): void {
  require_cuda_build();
  cuda_native(name).nccl_collective(
    name,
    inputs.map((one) => to_dlpack(one)),
    outputs.map((one) => to_dlpack(one)),
    root,
    op,
    (streams ?? []).map((stream) => (stream === null ? null : [stream.device_index, stream.stream_id])),
    comms ?? [],
  );
}

/**
 * Whether NCCL can work on these tensors: each dense, contiguous and on a CUDA device of its own. Mirrors
 * `torch.cuda.nccl.is_available`.
 * @param tensors - the tensors
 * @example
 * ```ts
 * print(torch.cuda.nccl.is_available([torch.ones(2)]));
 * ```
 * ```python
 * print(torch.cuda.nccl.is_available([torch.ones(2)]))
 * ```
 */
export function is_available(tensors: Tensors): boolean;
export function is_available(...args: unknown[]): boolean {
  const { tensors } = CALLS.is_available.read(args);
  if (!native.device_built('cuda')) {
    warn('PyTorch is not compiled with NCCL support');
    return false;
  }
  const devices = new Set(tensors.map(({ device }) => device.index));
  return (
    devices.size === tensors.length &&
    tensors.every((tensor) => !tensor.is_sparse && tensor.is_contiguous() && tensor.is_cuda)
  );
}

/**
 * The version of NCCL: major, minor, patch, and a suffix where there is one. Mirrors `torch.cuda.nccl.version`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.nccl.version().length >= 3 : true);
 * ```
 * ```python
 * print(len(torch.cuda.nccl.version()) >= 3 if torch.cuda.is_available() else True)
 * ```
 */
export function version(...none: []): (number | string)[] {
  no_arguments('version', none);
  require_cuda_build();
  const [packed, suffix] = cuda_native('version').nccl_version();
  const number = BigInt(packed);
  const parts = [number >> 32n, (number >> 16n) & 65535n, number & 65535n].map(Number);
  return suffix === '' ? parts : [...parts, suffix];
}

/**
 * What processes that work together must share: 128 bytes. Mirrors `torch.cuda.nccl.unique_id`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.nccl.unique_id().length : 128);
 * ```
 * ```python
 * print(len(torch.cuda.nccl.unique_id()) if torch.cuda.is_available() else 128)
 * ```
 */
export function unique_id(...none: []): Uint8Array {
  no_arguments('unique_id', none);
  require_cuda_build();
  return cuda_native('unique_id').nccl_unique_id();
}

/**
 * The part of the current device in a group of as many processes as there are ranks; each calls it with the same id, and waits for the others.
 * Mirrors `torch.cuda.nccl.init_rank`.
 * @param num_ranks - how many there are
 * @param uid - what {@link unique_id} returned in one of them
 * @param rank - which one this is, from 0
 * @throws Error when CUDA cannot be used, or the id does not have 128 bytes
 * @example
 * ```ts
 * const { nccl } = torch.cuda;
 * print(torch.cuda.is_available() ? nccl.init_rank(1, nccl.unique_id(), 0) !== null : true); // True
 * ```
 */
export function init_rank(num_ranks: number, uid: Uint8Array | ArrayBuffer, rank: number): Communicator;
export function init_rank(...args: unknown[]): Communicator {
  const { num_ranks, uid, rank } = CALLS.init_rank.read(args);
  require_cuda_build();
  const id = ArrayBuffer.isView(uid) ? new Uint8Array(uid.buffer, uid.byteOffset, uid.byteLength) : new Uint8Array(uid);
  return cuda_native('init_rank').nccl_init_rank(num_ranks, id, rank);
}

/**
 * Reduces tensors of several devices; all get the result. Mirrors `torch.cuda.nccl.all_reduce`.
 * @param inputs - a tensor of each device
 * @param outputs - where the results go; default null, into the inputs
 * @param op - the reduction; default {@link SUM}
 * @param streams - a stream for each device; default null, the current ones
 * @param comms - a communicator for each device; default null, libtorch's own
 * @throws TypeError for what is not a list of tensors; Error when CUDA cannot be used
 * @example
 * ```ts
 * const x = torch.ones(2);
 * if (torch.cuda.is_available()) torch.cuda.nccl.all_reduce([x.cuda()]);
 * print(x);
 * ```
 * ```python
 * x = torch.ones(2)
 * if torch.cuda.is_available(): torch.cuda.nccl.all_reduce([x.cuda()])
 * print(x)
 * ```
 */
export function all_reduce(
  inputs: Tensors,
  outputs?: Tensors | null,
  op?: number,
  streams?: Streams,
  comms?: Communicators,
): void;
export function all_reduce(
  inputs: Tensors,
  options: { outputs?: Tensors | null; op?: number; streams?: Streams; comms?: Communicators },
): void;
export function all_reduce(...args: unknown[]): void {
  const { inputs, outputs, ...options } = CALLS.all_reduce.read(args);
  const results = outputs ?? inputs;
  collective('all_reduce', inputs, results, options);
}

/**
 * Reduces tensors of several devices to one of them. Mirrors `torch.cuda.nccl.reduce`.
 * @param inputs - a tensor of each device
 * @param output - where the result goes; default null, into the input of `root`
 * @param root - which device gets it; default 0
 * @param op - the reduction; default {@link SUM}
 * @param streams - a stream for each device; default null, the current ones
 * @param comms - a communicator for each device; default null, libtorch's own
 * @throws TypeError for what is not a list of tensors; Error when CUDA cannot be used
 * @example
 * ```ts
 * const x = torch.ones(2);
 * if (torch.cuda.is_available()) torch.cuda.nccl.reduce([x.cuda()]);
 * print(x);
 * ```
 * ```python
 * x = torch.ones(2)
 * if torch.cuda.is_available(): torch.cuda.nccl.reduce([x.cuda()])
 * print(x)
 * ```
 */
export function reduce(
  inputs: Tensors,
  output?: Tensor | Tensors | null,
  root?: number,
  op?: number,
  streams?: Streams,
  comms?: Communicators,
  options?: { outputs?: Tensors | null },
): void;
export function reduce(...args: unknown[]): void {
  const { inputs, output = null, outputs = null, ...options } = CALLS.reduce.read(args);
  const { root = 0 } = options;
  if (outputs !== null && output !== null) {
    throw new Error(
      "'output' and 'outputs' can not be both specified. 'outputs' is deprecated in favor of 'output', taking in a single output " +
        'tensor. The signature of reduce is: reduce(inputs, output=None, root=0, op=SUM, streams=None, comms=None).',
    );
  }
  const listed = outputs ?? (Array.isArray(output) ? (output as Tensors) : null);
  if (listed !== null) {
    warn(
      outputs === null
        ? 'nccl.reduce with an output tensor list is deprecated. Please specify a single output tensor.'
        : '`nccl.reduce` with an output tensor list is deprecated. Please specify a single output tensor with argument ' +
            "'output' instead.",
      'FutureWarning',
    );
  }
  const result = listed?.[root] ?? (output as Tensor | null) ?? inputs[root]!;
  collective('reduce', inputs, [result], options);
}

/**
 * Copies the tensor of one device into those of others. Mirrors `torch.cuda.nccl.broadcast`.
 * @param inputs - a tensor of each device
 * @param root - whose tensor is copied; default 0
 * @param streams - a stream for each device; default null, the current ones
 * @param comms - a communicator for each device; default null, libtorch's own
 * @throws TypeError for what is not a list of tensors; Error when CUDA cannot be used
 * @example
 * ```ts
 * const x = torch.ones(2);
 * if (torch.cuda.is_available()) torch.cuda.nccl.broadcast([x.cuda()]);
 * print(x);
 * ```
 * ```python
 * x = torch.ones(2)
 * if torch.cuda.is_available(): torch.cuda.nccl.broadcast([x.cuda()])
 * print(x)
 * ```
 */
export function broadcast(inputs: Tensors, root?: number, streams?: Streams, comms?: Communicators): void;
export function broadcast(...args: unknown[]): void {
  const { inputs, ...options } = CALLS.broadcast.read(args);
  collective('broadcast', inputs, inputs, options);
}

/**
 * Gathers the tensors of all devices on each of them. Mirrors `torch.cuda.nccl.all_gather`.
 * @param inputs - a tensor of each device
 * @param outputs - where the results go, as many times larger as there are devices
 * @param streams - a stream for each device; default null, the current ones
 * @param comms - a communicator for each device; default null, libtorch's own
 * @throws TypeError for what is not a list of tensors; Error when CUDA cannot be used
 * @example
 * ```ts
 * const x = torch.ones(2);
 * if (torch.cuda.is_available()) torch.cuda.nccl.all_gather([x.cuda()], [x.cuda()]);
 * print(x);
 * ```
 * ```python
 * x = torch.ones(2)
 * if torch.cuda.is_available(): torch.cuda.nccl.all_gather([x.cuda()], [x.cuda()])
 * print(x)
 * ```
 */
export function all_gather(inputs: Tensors, outputs: Tensors, streams?: Streams, comms?: Communicators): void;
export function all_gather(...args: unknown[]): void {
  const { inputs, outputs, ...options } = CALLS.all_gather.read(args);
  collective('all_gather', inputs, outputs, options);
}

/**
 * Reduces tensors of several devices; each gets its part of the result. Mirrors `torch.cuda.nccl.reduce_scatter`.
 * @param inputs - a tensor of each device
 * @param outputs - where the parts go, as many times smaller as there are devices
 * @param op - the reduction; default {@link SUM}
 * @param streams - a stream for each device; default null, the current ones
 * @param comms - a communicator for each device; default null, libtorch's own
 * @throws TypeError for what is not a list of tensors; Error when CUDA cannot be used
 * @example
 * ```ts
 * const x = torch.ones(2);
 * if (torch.cuda.is_available()) torch.cuda.nccl.reduce_scatter([x.cuda()], [x.cuda()]);
 * print(x);
 * ```
 * ```python
 * x = torch.ones(2)
 * if torch.cuda.is_available(): torch.cuda.nccl.reduce_scatter([x.cuda()], [x.cuda()])
 * print(x)
 * ```
 */
export function reduce_scatter(
  inputs: Tensors,
  outputs: Tensors,
  op?: number,
  streams?: Streams,
  comms?: Communicators,
): void;
export function reduce_scatter(...args: unknown[]): void {
  const { inputs, outputs, ...options } = CALLS.reduce_scatter.read(args);
  collective('reduce_scatter', inputs, outputs, options);
}
