/**
 * The second addon, torch_node_cuda.node: what needs CUDA's own headers, such as graphs, pools of memory and marks of the
 * profiler. It is there where it was built with a CUDA libtorch (CMakeLists.txt), and is opened at the first use. Everything
 * else about CUDA goes through libtorch's interfaces for any device, in the first addon.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { in_this_realm } from '../_internal/realm.js';
import { addon_file, native, type NativeBackend, type NativeStore } from './native.js';

declare const GRAPH: unique symbol;
declare const POOL: unique symbol;
declare const ALLOCATOR: unique symbol;
declare const GREEN: unique symbol;
declare const EVENT: unique symbol;
declare const COMMUNICATOR: unique symbol;

/** A graph behind the addon. */
export interface NativeGraph {
  readonly [GRAPH]: true;
}
/** A pool of memory behind the addon. */
export interface NativePool {
  readonly [POOL]: true;
}
/** An allocator of another library behind the addon. */
export interface NativeAllocator {
  readonly [ALLOCATOR]: true;
}
/** A green context behind the addon. */
export interface NativeGreenContext {
  readonly [GREEN]: true;
}
/** An event of CUDA's own behind the addon. */
export interface NativeCudaEvent {
  readonly [EVENT]: true;
}
/** What one process has of a group of NCCL, behind the addon. */
export interface NativeCommunicator {
  readonly [COMMUNICATOR]: true;
}

/** A captured graph as `torch.cuda.CUDAGraph.get_graph_data` describes it. */
export interface CUDAGraphData {
  exec_graph_id: number;
  nodes: {
    index: number;
    /** Such as `'kernel'`, `'memcpy'` or `'child_graph'`. */
    node_type: string;
    /** The number by which profilers know the node. */
    tools_id: bigint;
    graph_id: number;
    node_id: number;
    kernel_name: string | null;
    /** The indices of the nodes that this one waits for. */
    dependencies: number[];
    /** The indices of the nodes that wait for this one. */
    dependents: number[];
  }[];
}

/** The two numbers of a pool of memory. */
export type PoolNumbers = readonly [first: number, second: number];

/** What native/cuda/ exports. Pointers are bigints; tensors cross as DLPack capsules. */
export interface CudaNative {
  // device.cpp
  properties(index: number): Record<string, unknown>;
  can_access_peer(index: number, peer: number): boolean;
  priority_range(): [least: number, greatest: number];
  stream_priority(index: number, stream: number | bigint): number;
  blas_handle(): bigint;
  solver_handle(): bigint;
  sync_debug_mode(): number;
  set_sync_debug_mode(mode: number): void;
  error_string(code: number): string;
  profiler_start(): number;
  profiler_stop(): number;
  host_register(pointer: bigint, bytes: number, flags: number): number;
  host_unregister(pointer: bigint): number;
  stream_create(): [code: number, stream: bigint];
  stream_destroy(stream: bigint): number;
  // memory.cpp
  raw_alloc(bytes: number, stream: bigint): bigint;
  raw_delete(pointer: bigint): void;
  allocator_enable(on: boolean): void;
  allocator_enabled(): boolean;
  allocator_name(): string;
  memory_fraction(index: number): number;
  set_memory_fraction(fraction: number, index: number): void;
  snapshot(first: number, second: number, include_traces: boolean): Record<string, unknown>;
  custom_allocator(file: string, allocate: string, release: string): NativeAllocator;
  change_allocator(allocator: NativeAllocator): void;
  host_stats(): Record<string, number>;
  reset_host_stats(which: 'peak' | 'accumulated'): void;
  pool_new(allocator: NativeAllocator | null, use_on_oom: boolean, no_split: boolean): NativePool;
  pool_id(pool: NativePool): PoolNumbers;
  pool_use_count(pool: NativePool): number;
  pool_begin(index: number, first: number, second: number): void;
  pool_end(index: number, first: number, second: number): void;
  // graphs.cpp
  graph_new(keep_graph: boolean): NativeGraph;
  graph_capture_begin(graph: NativeGraph, pool: PoolNumbers | null, mode: string): void;
  graph_capture_end(graph: NativeGraph): void;
  graph_instantiate(graph: NativeGraph): void;
  graph_replay(graph: NativeGraph): void;
  graph_reset(graph: NativeGraph): void;
  graph_pool(graph: NativeGraph): PoolNumbers;
  graph_enable_debug_mode(graph: NativeGraph): void;
  graph_debug_dump(graph: NativeGraph, path: string): void;
  graph_raw(graph: NativeGraph): bigint;
  graph_raw_exec(graph: NativeGraph): bigint;
  graph_data(graph: NativeGraph): CUDAGraphData;
  graph_pool_handle(): PoolNumbers;
  is_capturing(): boolean;
  // gds.cpp; not there where cufile.h was not
  gds_register_buffer?(pointer: bigint, bytes: number): void;
  gds_deregister_buffer?(pointer: bigint): void;
  gds_register_handle?(fd: number): bigint;
  gds_deregister_handle?(handle: bigint): void;
  gds_transfer?(loads: boolean, handle: bigint, pointer: bigint, bytes: number, offset: number, index: number): void;
  // events.cpp
  event_new(flags: number, external: boolean): NativeCudaEvent;
  event_record(event: NativeCudaEvent, index: number, stream: number | bigint): void;
  event_block(event: NativeCudaEvent, index: number, stream: number | bigint): void;
  event_query(event: NativeCudaEvent): boolean;
  event_synchronize(event: NativeCudaEvent): void;
  event_elapsed_time(event: NativeCudaEvent, end: NativeCudaEvent): number;
  event_handle(event: NativeCudaEvent): bigint;
  event_device(event: NativeCudaEvent): number;
  event_ipc_handle(event: NativeCudaEvent): Uint8Array;
  event_from_ipc_handle(index: number, handle: Uint8Array): NativeCudaEvent;
  // nvtx.cpp
  nvtx_push(message: string): number;
  nvtx_pop(): number;
  nvtx_start(message: string): bigint;
  nvtx_end(id: bigint): void;
  nvtx_mark(message: string): void;
  // green_context.cpp
  green_new(
    device: number | null,
    sms: number | null,
    scope: number | null,
    concurrency: number | null,
  ): NativeGreenContext;
  green_concurrency(device: number | null): number;
  green_set(context: NativeGreenContext): void;
  green_pop(context: NativeGreenContext): void;
  green_stream(context: NativeGreenContext): [index: number, stream: number | bigint];
  // tunable.cpp
  tunable_get(name: string): boolean | number | string;
  tunable_set(name: string, value: boolean | number): void;
  tunable_set_filename(name: string, insert_device_ordinal: boolean): void;
  tunable_read_file(name: string | null): boolean;
  tunable_results(): [operator: string, parameters: string, kernel: string, milliseconds: number][];
  tunable_validators(): [name: string, value: string][];
  tunable_set_tolerances(enable: boolean, atol: number, rtol: number): void;
  // nccl.cpp
  nccl_version(): [version: number | bigint, suffix: string];
  nccl_unique_id(): Uint8Array;
  nccl_init_rank(ranks: number, id: Uint8Array, rank: number): NativeCommunicator;
  nccl_collective(
    name: 'all_reduce' | 'reduce' | 'broadcast' | 'all_gather' | 'reduce_scatter',
    inputs: readonly object[],
    outputs: readonly object[],
    root: number,
    op: number,
    streams: readonly (readonly [index: number, stream: number | bigint] | null)[],
    comms: readonly NativeCommunicator[],
  ): void;
  // nccl_groups.cpp; not there where nccl.h was not
  nccl_backend?(
    store: NativeStore,
    rank: number,
    size: number,
    timeout: number,
    is_high_priority_stream: boolean,
    config: object,
    name: string,
    ranks: readonly number[],
    device: number | null,
  ): NativeBackend;
  // jiterator.cpp
  jiterator_launch(
    code: string,
    name: string,
    by_reference: boolean,
    outputs: number,
    inputs: readonly object[],
    scalars: readonly (number | bigint | boolean)[],
  ): object[];
}

let opened: CudaNative | undefined;

/** Where the second addon is: beside the first one. A prebuilt one names its major version of CUDA, between which structs differ. */
function file_of_addon(): string {
  const name = basename(addon_file).replace(/^torch_node/, 'torch_node_cuda');
  const [major] = (native.cuda_version() ?? '').split('.');
  return join(dirname(addon_file), name.replace(/(libtorch-\d+\.\d+)\.node$/, `$1.cu${major}.node`));
}

/** Whether the second addon is there, and libtorch has CUDA. */
export const has_cuda_native = (): boolean => native.device_built('cuda') && existsSync(file_of_addon());

/** The second addon. @throws Error when it was not built; the text says how to build it */
export function cuda_native(callee: string): CudaNative {
  if (opened !== undefined) return opened;
  const file = file_of_addon();
  if (!existsSync(file)) {
    throw new Error(
      `${callee}(): needs the addon for CUDA, ${file}, which was not built. With a CUDA build of libtorch, CUDA's headers, ` +
        'CMake and a C++20 compiler, `npx torch-node build` builds it.',
    );
  }
  const found = require(file) as CudaNative;
  return (opened = in_this_realm(found, () => found.allocator_enabled()));
}
