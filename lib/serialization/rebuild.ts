/** The functions of `torch._utils` by which pickles rebuild tensors. Every argument is checked. */
import { no_grad } from '../autograd/grad_mode.js';
import { Device } from '../types/device.js';
import { operator } from '../_C/dispatch.js';
import { DType, Layout, sparse_bsc, sparse_bsr, sparse_coo, sparse_csc, sparse_csr } from '../types/dtype.js';
import { empty_strided } from '../generated/functions.js';
import { native } from '../_C/native.js';
import { Buffer as ModuleBuffer, Parameter } from '../nn/parameter.js';
import { kind_of } from '../_internal/representation.js';
import { Tensor } from '../_tensor.js';
import { wrap } from '../_C/tensor_base.js';
import { LoadedStorage } from './loaded_storage.js';
import { Tuple } from '../python/values.js';
import type { Restore } from './storage_location.js';
import { PickledDict, PickledFunction, PickledName, type Unpickler } from './unpickler.js';

const op = {
  conj: operator('aten::_conj', ''),
  neg: operator('aten::_neg_view', ''),
  coo: operator('aten::_sparse_coo_tensor_unsafe', ''),
  check_coo: operator('aten::_validate_sparse_coo_tensor_args', ''),
  compressed: operator('aten::_sparse_compressed_tensor_unsafe', ''),
  check_compressed: operator('aten::_validate_sparse_compressed_tensor_args', ''),
  nested: operator('aten::_nested_view_from_buffer', ''),
};

// ---- Arguments ----------------------------------------------------------------------------------

function argument_error(name: string, wanted: string, value: unknown): Error {
  return new Error(`'${name}' of a tensor must be ${wanted}, not ${kind_of(value)}`);
}

function int(name: string, value: unknown): number {
  if (typeof value === 'bigint') throw new Error(`'${name}' of a tensor is too large: ${value}`);
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw argument_error(name, 'an int', value);
  return value;
}

function ints(name: string, value: unknown): number[] {
  if (!Array.isArray(value)) throw argument_error(name, 'a tuple of ints', value);
  return value.map((element) => int(name, element));
}

function tensor(name: string, value: unknown): Tensor {
  if (!(value instanceof Tensor)) throw argument_error(name, 'a Tensor', value);
  return value;
}

function storage(value: unknown): LoadedStorage {
  if (!(value instanceof LoadedStorage)) throw argument_error('storage', 'a storage', value);
  return value;
}

function dtype(value: unknown): DType {
  if (!(value instanceof DType)) throw argument_error('dtype', 'torch.dtype', value);
  return value;
}

// ---- Dense tensors ------------------------------------------------------------------------------

function with_grad(made: Tensor, requires_grad: unknown): Tensor {
  return requires_grad === true ? made.requires_grad_() : made;
}

interface Geometry {
  offset: unknown;
  size: unknown;
  stride: unknown;
}

function dense(
  { storage: untyped }: LoadedStorage,
  type: DType,
  geometry: Geometry,
  quantizer?: readonly number[],
): Tensor {
  return wrap(
    native.over_storage(
      untyped._bytes._h,
      type.code,
      int('storage_offset', geometry.offset),
      ints('size', geometry.size),
      ints('stride', geometry.stride),
      quantizer,
    ),
  );
}

function with_metadata(made: Tensor, metadata: unknown): Tensor {
  if (!(metadata instanceof PickledDict)) return made;
  return no_grad(() => {
    const conjugated = metadata.get('conj') === true ? op.conj(made) : made;
    return metadata.get('neg') === true ? op.neg(conjugated) : conjugated;
  });
}

function rebuild_tensor([given, offset, size, stride]: readonly unknown[]): Tensor {
  const source = storage(given);
  return dense(source, source.dtype, { offset, size, stride });
}

function rebuild_tensor_v2(args: readonly unknown[]): Tensor {
  const [, , , , requires_grad, , metadata] = args;
  return with_grad(with_metadata(rebuild_tensor(args), metadata), requires_grad);
}

function rebuild_tensor_v3([given, offset, size, stride, requires_grad, , type, metadata]: readonly unknown[]): Tensor {
  const made = dense(storage(given), dtype(type), { offset, size, stride });
  return with_grad(with_metadata(made, metadata), requires_grad);
}

function rebuild_meta_tensor([type, size, stride, requires_grad]: readonly unknown[]): Tensor {
  const made = empty_strided(ints('size', size), ints('stride', stride), { dtype: dtype(type), device: 'meta' });
  return with_grad(made, requires_grad);
}

function rebuild_qtensor([given, offset, size, stride, parameters, requires_grad]: readonly unknown[]): Tensor {
  const source = storage(given);
  if (!Array.isArray(parameters)) throw argument_error('quantizer_params', 'a tuple', parameters);
  const [scheme, first, second, axis] = parameters as unknown[];
  const geometry = { offset, size, stride };
  const name = scheme instanceof PickledName ? scheme.name : kind_of(scheme);
  if (name === 'torch.per_tensor_affine') {
    if (typeof first !== 'number') throw argument_error('scale', 'a float', first);
    return with_grad(dense(source, source.dtype, geometry, [first, int('zero_point', second)]), requires_grad);
  }
  if (name === 'torch.per_channel_affine' || name === 'torch.per_channel_affine_float_qparams') {
    const [scales, zero_points] = [tensor('scales', first), tensor('zero_points', second)];
    const quantizer = [scales._h, zero_points._h, int('axis', axis)];
    return with_grad(dense(source, source.dtype, geometry, quantizer), requires_grad);
  }
  throw new Error(`Can't deserialize quantized tensor with qscheme ${name}`);
}

// ---- Sparse and nested tensors ------------------------------------------------------------------

const compressed_layouts = [sparse_csr, sparse_csc, sparse_bsr, sparse_bsc];

function rebuild_sparse_tensor([layout, data]: readonly unknown[]): Tensor {
  if (!Array.isArray(data)) throw argument_error('data', 'a tuple', data);
  if (layout === sparse_coo) {
    const [indices, values, size, coalesced = null] = data as unknown[];
    const args = [tensor('indices', indices), tensor('values', values), ints('size', size)] as const;
    const is_coalesced = coalesced === null ? null : coalesced === true;
    op.check_coo(...args, is_coalesced);
    return op.coo(...args, { is_coalesced });
  }
  const compressed_layout = compressed_layouts.find((known) => known === layout);
  if (compressed_layout !== undefined) {
    const [compressed, plain, values, size] = data as unknown[];
    const args = [
      tensor('compressed_indices', compressed),
      tensor('plain_indices', plain),
      tensor('values', values),
      ints('size', size),
    ] as const;
    op.check_compressed(...args, compressed_layout);
    return op.compressed(...args, { layout: compressed_layout, dtype: args[2].dtype, device: args[2].device });
  }
  throw new Error(`rebuilding sparse tensor for layout ${layout instanceof Layout ? String(layout) : kind_of(layout)}`);
}

/** The parts of a nested tensor must lie within its buffer. */
function check_parts(buffer: Tensor, sizes: Tensor, strides: Tensor, offsets: Tensor): void {
  const [rows, steps, starts] = [sizes, strides, offsets].map((of) => of.cpu().tolist() as never) as unknown as [
    number[][],
    number[][],
    number[],
  ];
  const fits =
    buffer.dim() === 1 &&
    sizes.dim() === 2 &&
    strides.dim() === 2 &&
    offsets.dim() === 1 &&
    steps.length === rows.length &&
    starts.length === rows.length &&
    rows.every((row, i) => {
      const step = steps[i] as number[];
      const start = starts[i] as number;
      const counts = [...row, ...step, start].every((n) => Number.isSafeInteger(n) && n >= 0);
      if (!counts || step.length !== row.length) return false;
      if (row.includes(0)) return true;
      return start + row.reduce((reach, size, d) => reach + (size - 1) * (step[d] as number), 0) < buffer.numel();
    });
  if (!fits) throw new Error('the parts of a nested tensor do not lie within its buffer');
}

function rebuild_nested_tensor(args: readonly unknown[]): Tensor {
  const [buffer, sizes, strides, offsets] = ['buffer', 'sizes', 'strides', 'storage_offsets'].map((name, i) =>
    tensor(name, args[i]),
  ) as [Tensor, Tensor, Tensor, Tensor];
  check_parts(buffer, sizes, strides, offsets);
  return op.nested(buffer, sizes, strides, offsets);
}

// ---- Parameters, and tensors with attributes ----------------------------------------------------

function rebuild_parameter([data, requires_grad]: readonly unknown[]): Parameter {
  return new Parameter(tensor('data', data), requires_grad === true);
}

function set_attributes(made: Tensor, state: unknown): Tensor {
  const attributes = new Map<string, unknown>();
  for (const part of state instanceof Tuple ? state : [state]) {
    if (part === null) continue;
    if (typeof part !== 'object') throw argument_error('state', 'a dict', part);
    const entries = part instanceof Map ? ([...part] as [unknown, unknown][]) : Object.entries(part as object);
    for (const [name, value] of entries) attributes.set(String(name), value);
  }
  if (attributes.get('_is_buffer') === true) {
    return new ModuleBuffer(made, { persistent: attributes.get('persistent') !== false });
  }
  for (const [name, value] of attributes) {
    if (name in made) throw new Error(`the attribute '${name}' of a tensor cannot be set`);
    Object.defineProperty(made, name, { value, writable: true, enumerable: true, configurable: true });
  }
  return made;
}

function rebuild_parameter_with_state(args: readonly unknown[], unpickler: Unpickler): Tensor {
  return set_attributes(rebuild_parameter(args), unpickler.settled(args[3]));
}

function rebuild_from_type([rebuild, type, args, state]: readonly unknown[], unpickler: Unpickler): Tensor {
  const name = type instanceof PickledName || type instanceof PickledFunction ? type.name : kind_of(type);
  if (name !== 'torch.Tensor' && name !== 'torch.nn.parameter.Parameter') {
    throw new Error(`tensors of the class ${name} are not supported`);
  }
  if (!(rebuild instanceof PickledFunction) || !(args instanceof Tuple))
    throw argument_error('func', 'a function', rebuild);
  const made = tensor('result', rebuild.call(args, unpickler));
  const typed = name === 'torch.Tensor' || made instanceof Parameter ? made : new Parameter(made, made.requires_grad);
  return set_attributes(typed, unpickler.settled(state));
}

/**
 * The functions that files call for tensors, by their full Python names.
 * @param restore brings tensors of devices that have no storages to their place
 */
export function rebuild_functions(restore: Restore): PickledFunction[] {
  const from_cpu = ([data, type, device, requires_grad]: readonly unknown[]): Tensor => {
    const source = tensor('data', data);
    const bytes = restore(new LoadedStorage(source.untyped_storage(), source.dtype).storage, String(device));
    return with_grad(source.to({ dtype: dtype(type), device: new Device(bytes.device) }), requires_grad);
  };
  const refused = (reason: string) => (): never => {
    throw new Error(reason);
  };
  const functions: Record<string, (args: readonly unknown[], unpickler: Unpickler) => unknown> = {
    _rebuild_tensor: rebuild_tensor,
    _rebuild_tensor_v2: rebuild_tensor_v2,
    _rebuild_tensor_v3: rebuild_tensor_v3,
    _rebuild_parameter: rebuild_parameter,
    _rebuild_parameter_with_state: rebuild_parameter_with_state,
    _rebuild_qtensor: rebuild_qtensor,
    _rebuild_sparse_tensor: rebuild_sparse_tensor,
    _rebuild_meta_tensor_no_storage: rebuild_meta_tensor,
    _rebuild_nested_tensor: rebuild_nested_tensor,
    _rebuild_device_tensor_from_cpu_tensor: from_cpu,
    _rebuild_device_tensor_from_numpy: refused('tensors that are saved as numpy arrays are not supported'),
    _rebuild_wrapper_subclass: refused('subclasses of Tensor that wrap another one are not supported'),
  };
  return [
    ...Object.entries(functions).map(([name, call]) => new PickledFunction(`torch._utils.${name}`, call)),
    new PickledFunction('torch._tensor._rebuild_from_type_v2', rebuild_from_type),
  ];
}
