/** `DistributedDataParallel` in pickles: between its attributes in Python and its fields here. */
import { types } from 'node:util';

import type { Module } from '../nn/modules/module.js';
import type { DistributedDataParallel, RestoredDistributed } from '../nn/parallel/distributed.js';
import { PythonCall, PythonObject } from './python_objects.js';
import { Tuple } from '../python/values.js';
import { Device } from '../types/device.js';

const FILE = 'torch.nn.parallel.distributed';
const BROADCAST_BYTES = 250 * 1024 * 1024;

/** The names in Python of what its attributes are made of. */
export const JOIN_CONFIG = 'torch.distributed.algorithms.join._JoinConfig';
export const BUCKET_CONFIG = `${FILE}._BucketCapacityConfig`;

/** The attributes that Python's `__getstate__` writes. @throws Error for a group of its own */
export function distributed_attributes(model: DistributedDataParallel<Module>): [name: string, value: unknown][] {
  model._check_default_group();
  const { module, device, parameters_to_ignore: ignored, _buckets: buckets } = model;
  const kept = <T>(entries: Iterable<readonly [string, T]>): [string, T][] =>
    [...entries].flatMap(([name, value]) => (ignored.has(name) ? [] : [[name, value] as [string, T]]));
  const buffers = kept(module.named_buffers());
  const { bucket, each, first } = buckets.caps;
  const config = new Map<string, unknown>([
    ['bucket_bytes_cap', bucket],
    ['per_bucket_bytes_caps', Tuple.from(each)],
    ['first_bucket_bytes_cap', first],
  ]);
  return [
    ['_join_config', new PythonCall('torch.distributed.algorithms.join', '_JoinConfig', [false, false, false])],
    ['_use_python_reducer', false],
    ['_delay_all_reduce_params', []],
    ['parameters_to_ignore', new Set(ignored)],
    ['_module_parameters', kept(module.named_parameters()).map(([, parameter]) => parameter)],
    ['is_multi_device_module', false],
    ['device_type', model.device_type],
    ['device_ids', model.device_ids],
    ['output_device', model.output_device],
    ['static_graph', model.static_graph],
    ['dim', model.dim],
    ['device', device],
    ['forward_sync_buffers', model.forward_sync_buffers],
    ['find_unused_parameters', model.find_unused_parameters],
    ['require_backward_grad_sync', model.require_backward_grad_sync],
    ['require_forward_param_sync', model.require_forward_param_sync],
    ['gradient_as_bucket_view', model.gradient_as_bucket_view],
    ['batched_grad_copy', buckets.batches_copies],
    ['mixed_precision', null],
    ['broadcast_bucket_size', BROADCAST_BYTES],
    ['_bucket_config', new PythonObject(FILE, '_BucketCapacityConfig', config)],
    ['bucket_bytes_cap', bucket],
    ['bucket_bytes_cap_list', [...each]],
    ['bucket_bytes_cap_default', each.length === 0 && first !== bucket],
    ['use_side_stream_for_tensor_copies', true],
    ['_delay_grad_buffer', null],
    ['_delay_grad_views', []],
    ['_delay_all_reduce_all_params', false],
    ['skip_all_reduce_unused_params', buckets.skips_unused],
    ['modules_buffers', buffers.map(([, buffer]) => buffer)],
    ['named_module_buffers', new Map(buffers)],
    ['_comm_hooks', []],
    ['_has_rebuilt_buckets', false],
    ['_lazy_init_ran', false],
    ['_accum_grad_hooks', []],
    ['_ddp_sink_clone', true],
    ['broadcast_buffers', model.forward_sync_buffers],
  ];
}

/** Whether an attribute is true; `otherwise` where older files have none. */
const flag = (state: ReadonlyMap<string, unknown>, name: string, otherwise = false): boolean =>
  state.has(name) ? state.get(name) === true : otherwise;

/** Sets on a model without a group what Python's `__setstate__` does. @throws Error without a default group */
export function restore_distributed(model: DistributedDataParallel<Module>, state: ReadonlyMap<string, unknown>): void {
  const config = state.get('_bucket_config');
  const read = config instanceof PythonObject ? entries_of(config.state) : new Map<string, unknown>();
  const bucket = number_in(read, 'bucket_bytes_cap', number_in(state, 'bucket_bytes_cap', 25 * 1024 * 1024));
  const each = read.get('per_bucket_bytes_caps');
  const ignored = state.get('parameters_to_ignore');
  const device = state.get('device');
  const restored: RestoredDistributed = {
    dim: number_in(state, 'dim', 0),
    device: device instanceof Device ? device : [...model.module.parameters()][0]!.device,
    device_ids: (state.get('device_ids') as readonly number[] | null | undefined) ?? null,
    output_device: (state.get('output_device') as number | null | undefined) ?? null,
    find_unused_parameters: flag(state, 'find_unused_parameters'),
    gradient_as_bucket_view: flag(state, 'gradient_as_bucket_view'),
    require_backward_grad_sync: flag(state, 'require_backward_grad_sync', true),
    require_forward_param_sync: flag(state, 'require_forward_param_sync', true),
    forward_sync_buffers: flag(state, 'forward_sync_buffers', flag(state, 'broadcast_buffers', true)),
    parameters_to_ignore: types.isSet(ignored) ? (ignored as ReadonlySet<string>) : new Set(),
    static_graph: flag(state, 'static_graph'),
    _buckets: {
      caps: {
        bucket,
        first: number_in(read, 'first_bucket_bytes_cap', bucket),
        each: Array.isArray(each) ? [...(each as number[])] : [],
      },
      skips_unused: flag(state, 'skip_all_reduce_unused_params'),
      batches_copies: flag(state, 'batched_grad_copy'),
    },
  };
  model._restore(restored);
}

function entries_of(state: unknown): ReadonlyMap<string, unknown> {
  if (types.isMap(state)) return state as ReadonlyMap<string, unknown>;
  return new Map(Object.entries((state ?? {}) as object));
}

function number_in(state: ReadonlyMap<string, unknown>, name: string, otherwise: number): number {
  const value = state.get(name);
  return typeof value === 'number' ? value : otherwise;
}
