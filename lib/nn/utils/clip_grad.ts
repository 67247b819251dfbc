import { types } from 'node:util';

import { name_operator } from '../../_internal/operator_errors.js';
import { signature, type Arguments, type Signature } from '../../_internal/signature.js';
import { no_grad } from '../../autograd/grad_mode.js';
import type { Device } from '../../types/device.js';
import { device_type } from '../../types/device_types.js';
import {
  _foreach_clamp_max_,
  _foreach_clamp_min_,
  _foreach_mul_,
  _foreach_norm,
  clamp,
  stack,
  zeros,
} from '../../generated/functions.js';
import { vector_norm } from '../../generated/linalg.js';
import { native, type Handle } from '../../_C/native.js';
import { wrap } from '../../_C/tensor_base.js';
import { stands_for } from '../../_C/tensor_subclass.js';
import { Tensor } from '../../_tensor.js';
import type { DType } from '../../types/dtype.js';
import { parse_float } from '../../_internal/python_numbers.js';
import { python_float } from '../../_internal/representation.js';
import { warn } from '../../_internal/warnings.js';
import { tensors_of } from './tensor_lists.js';

/** What Python's `float()` takes: a number, a text such as `'inf'`, or a tensor of one element. */
export type FloatLike = number | string | Tensor;

/** Tensors to work on: one, or many. */
export type TensorOrTensors = Tensor | Iterable<Tensor>;

/** Keyword arguments of {@link clip_grad_norm_}. */
export interface ClipGradNormOptions {
  /** Order of the norm; Infinity or `'inf'` for the largest value. Default 2. */
  norm_type?: FloatLike;
  /** Throw when the norm is not finite. Default false. */
  error_if_nonfinite?: boolean;
  /** Use the kernels for lists of tensors. Default null: where the device has them. */
  foreach?: boolean | null;
}

interface ClipGradNormArguments extends ClipGradNormOptions {
  /** Tensors whose gradients are scaled. */
  parameters: TensorOrTensors;
  max_norm: FloatLike;
}

type ClipGradNormCall = Arguments<
  [
    parameters: TensorOrTensors,
    max_norm: FloatLike,
    norm_type?: FloatLike,
    error_if_nonfinite?: boolean,
    foreach?: boolean | null,
  ],
  ClipGradNormArguments,
  ['parameters', 'max_norm', 'norm_type', 'error_if_nonfinite', 'foreach']
>;

const FLOAT = 'float|str|Tensor';

const clip_signature = (callee: string): Signature<ClipGradNormArguments> =>
  signature(
    callee,
    `parameters: Tensor|Iterable, max_norm: ${FLOAT}, norm_type?: ${FLOAT}, error_if_nonfinite?: bool, ` +
      'foreach?: bool|None',
  );

/** As Python's `float()`. */
function float_of(value: FloatLike): number {
  return typeof value === 'string' ? parse_float(value) : Number(value instanceof Tensor ? value.item() : value);
}

const CLIP_GRAD_NORM_ = clip_signature('clip_grad_norm_');

/**
 * Scales the gradients of parameters in place, so that their norm, of all together as one vector, is at most
 * `max_norm`: `grad *= min(1, max_norm / (norm + 1e-6))`. Mirrors `torch.nn.utils.clip_grad_norm_`.
 *
 * @param parameters - the parameters, or one tensor
 * @param max_norm - largest norm
 * @param norm_type - order of the norm, or `'inf'`; default 2
 * @param error_if_nonfinite - throw when the norm is not finite; default false
 * @param foreach - use the kernels for lists of tensors; default null: where the device has them
 * @returns the norm before scaling
 * @throws Error when the norm is not finite and `error_if_nonfinite` is true
 * @example
 * ```ts
 * const linear = new nn.Linear(2, 1);
 * linear(torch.tensor([3, 4.5])).backward();
 * print(nn.utils.clip_grad_norm_(linear.parameters(), 1));
 * print(linear.weight.grad);
 * ```
 * ```python
 * linear = nn.Linear(2, 1)
 * linear(torch.tensor([3, 4.5])).backward()
 * print(nn.utils.clip_grad_norm_(linear.parameters(), max_norm=1))
 * print(linear.weight.grad)
 * ```
 */
export function clip_grad_norm_(
  parameters: TensorOrTensors,
  max_norm: FloatLike,
  norm_type?: FloatLike,
  error_if_nonfinite?: boolean,
  foreach?: boolean | null,
): Tensor;
export function clip_grad_norm_(...args: ClipGradNormCall): Tensor;
export function clip_grad_norm_(...args: unknown[]): Tensor {
  return CLIP_GRAD_NORM_.call(args, (given) => clipped(CLIP_GRAD_NORM_.callee, given));
}

function clipped(callee: string, { parameters, max_norm, foreach = null, ...options }: ClipGradNormArguments): Tensor {
  const list = tensors_of(callee, 'parameters', parameters);
  if (list.length === 0 && is_generator(parameters)) {
    warn('`parameters` is an empty generator, no gradient clipping will occur.');
  }
  const grads = gradients_of(list);
  return no_grad(() => {
    const total_norm = norm_of_all(grads, { ...options, foreach });
    scale(grads, float_of(max_norm), total_norm, foreach);
    return total_norm;
  });
}

const CLIP_GRAD_NORM = clip_signature('clip_grad_norm');

/**
 * Does what {@link clip_grad_norm_} does, with a deprecation warning.
 *
 * @deprecated use {@link clip_grad_norm_}
 * @example
 * ```ts
 * const w = torch.tensor([3, 4.5], { requires_grad: true });
 * w.pow(2).sum().backward();
 * print(nn.utils.clip_grad_norm(w, 1), w.grad);
 * ```
 * ```python
 * w = torch.tensor([3, 4.5], requires_grad=True)
 * w.pow(2).sum().backward()
 * print(nn.utils.clip_grad_norm(w, 1), w.grad)
 * ```
 */
export function clip_grad_norm(
  parameters: TensorOrTensors,
  max_norm: FloatLike,
  norm_type?: FloatLike,
  error_if_nonfinite?: boolean,
  foreach?: boolean | null,
): Tensor;
export function clip_grad_norm(...args: ClipGradNormCall): Tensor;
export function clip_grad_norm(...args: unknown[]): Tensor {
  return CLIP_GRAD_NORM.call(args, (given) => {
    warn(
      '`torch.nn.utils.clip_grad_norm` is now deprecated in favor of `torch.nn.utils.clip_grad_norm_`.',
      'FutureWarning',
    );
    return clipped(CLIP_GRAD_NORM.callee, given);
  });
}

interface TotalNormArguments extends ClipGradNormOptions {
  tensors: TensorOrTensors;
}

const GET_TOTAL_NORM = signature<TotalNormArguments>(
  'get_total_norm',
  `tensors: Tensor|Iterable, norm_type?: ${FLOAT}, error_if_nonfinite?: bool, foreach?: bool|None`,
);

/**
 * Returns the norm of tensors, of all together as one vector: `norm = (sum_i ||t_i||_p^p)^(1/p)`. Mirrors
 * `torch.nn.utils.get_total_norm`.
 *
 * @param tensors - the tensors, or one tensor
 * @param norm_type - order of the norm, or `'inf'`; default 2
 * @param error_if_nonfinite - throw when the norm is not finite; default false
 * @param foreach - use the kernels for lists of tensors; default null: where the device has them
 * @throws Error when the norm is not finite and `error_if_nonfinite` is true
 * @example
 * ```ts
 * print(nn.utils.get_total_norm([torch.tensor([3, 0.5]), torch.tensor([4, 0.5])]));
 * ```
 * ```python
 * print(nn.utils.get_total_norm([torch.tensor([3, 0.5]), torch.tensor([4, 0.5])]))
 * ```
 */
export function get_total_norm(
  tensors: TensorOrTensors,
  norm_type?: FloatLike,
  error_if_nonfinite?: boolean,
  foreach?: boolean | null,
): Tensor;
export function get_total_norm(
  ...args: Arguments<
    [tensors: TensorOrTensors, norm_type?: FloatLike, error_if_nonfinite?: boolean, foreach?: boolean | null],
    TotalNormArguments,
    ['tensors', 'norm_type', 'error_if_nonfinite', 'foreach']
  >
): Tensor;
export function get_total_norm(...args: unknown[]): Tensor {
  return GET_TOTAL_NORM.call(args, ({ tensors, ...options }) => {
    const list = tensors_of('get_total_norm', 'tensors', tensors);
    return no_grad(() => norm_of_all(list, options));
  });
}

interface ClipWithNormArguments {
  parameters: TensorOrTensors;
  max_norm: FloatLike;
  /** The norm of all gradients. */
  total_norm: Tensor;
  foreach?: boolean | null;
}

const CLIP_GRADS_WITH_NORM_ = signature<ClipWithNormArguments>(
  'clip_grads_with_norm_',
  `parameters: Tensor|Iterable, max_norm: ${FLOAT}, total_norm: Tensor, foreach?: bool|None`,
);

/**
 * Scales the gradients of parameters in place, given their norm, so that it is at most `max_norm`:
 * `grad *= min(1, max_norm / (total_norm + 1e-6))`. Mirrors `torch.nn.utils.clip_grads_with_norm_`.
 *
 * @param parameters - the parameters, or one tensor
 * @param max_norm - largest norm
 * @param total_norm - the norm of the gradients, as {@link get_total_norm} returns it
 * @param foreach - use the kernels for lists of tensors; default null: where the device has them
 * @example
 * ```ts
 * const linear = new nn.Linear(2, 1);
 * linear(torch.tensor([3, 4.5])).backward();
 * const total_norm = nn.utils.get_total_norm([linear.weight.grad!, linear.bias.grad!]);
 * nn.utils.clip_grads_with_norm_(linear.parameters(), 1, total_norm);
 * print(linear.weight.grad);
 * ```
 * ```python
 * linear = nn.Linear(2, 1)
 * linear(torch.tensor([3, 4.5])).backward()
 * total_norm = nn.utils.get_total_norm([linear.weight.grad, linear.bias.grad])
 * nn.utils.clip_grads_with_norm_(linear.parameters(), 1, total_norm)
 * print(linear.weight.grad)
 * ```
 */
export function clip_grads_with_norm_(
  parameters: TensorOrTensors,
  max_norm: FloatLike,
  total_norm: Tensor,
  foreach?: boolean | null,
): void;
export function clip_grads_with_norm_(
  ...args: Arguments<
    [parameters: TensorOrTensors, max_norm: FloatLike, total_norm: Tensor, foreach?: boolean | null],
    ClipWithNormArguments,
    ['parameters', 'max_norm', 'total_norm', 'foreach']
  >
): void;
export function clip_grads_with_norm_(...args: unknown[]): void {
  CLIP_GRADS_WITH_NORM_.call(args, ({ parameters, max_norm, total_norm, foreach = null }) => {
    const grads = gradients_of(tensors_of('clip_grads_with_norm_', 'parameters', parameters));
    no_grad(() => scale(grads, float_of(max_norm), total_norm, foreach));
  });
}

function scale(grads: readonly Tensor[], max_norm: number, total_norm: Tensor, foreach: boolean | null): void {
  if (grads.length === 0) return;
  if (stands_for(total_norm)) {
    scale(
      grads.map((grad) => (stands_for(grad) ? grad._local_tensor : grad)),
      max_norm,
      total_norm._local_tensor,
      foreach,
    );
    return;
  }
  const factor = clamp(total_norm.add(1e-6).reciprocal().mul(max_norm), { max: 1 });
  for (const { device, tensors } of grouped(grads)) {
    const here = factor.to(device);
    if (use_foreach(foreach, device)) _foreach_mul_(tensors, here);
    else scale_all(tensors, here);
  }
}

function scale_all(tensors: readonly Tensor[], factor: Tensor): void {
  try {
    native.scale_all(handles_of(tensors), factor._h);
  } catch (error) {
    throw name_operator(error, 'mul_');
  }
}

interface ClipValueArguments {
  parameters: TensorOrTensors;
  clip_value: FloatLike;
  foreach?: boolean | null;
}

const CLIP_GRAD_VALUE_ = signature<ClipValueArguments>(
  'clip_grad_value_',
  `parameters: Tensor|Iterable, clip_value: ${FLOAT}, foreach?: bool|None`,
);

/**
 * Clamps the gradients of parameters in place to [-clip_value, clip_value]. Mirrors `torch.nn.utils.clip_grad_value_`.
 *
 * @param parameters - the parameters, or one tensor
 * @param clip_value - largest absolute value
 * @param foreach - use the kernels for lists of tensors; default null: where the device has them
 * @throws Error when no parameter has a gradient, as in Python
 * @example
 * ```ts
 * const linear = new nn.Linear(2, 1);
 * linear(torch.tensor([3, -0.5])).backward();
 * nn.utils.clip_grad_value_(linear.parameters(), 1);
 * print(linear.weight.grad);
 * ```
 * ```python
 * linear = nn.Linear(2, 1)
 * linear(torch.tensor([3, -0.5])).backward()
 * nn.utils.clip_grad_value_(linear.parameters(), clip_value=1)
 * print(linear.weight.grad)
 * ```
 */
export function clip_grad_value_(parameters: TensorOrTensors, clip_value: FloatLike, foreach?: boolean | null): void;
export function clip_grad_value_(
  ...args: Arguments<
    [parameters: TensorOrTensors, clip_value: FloatLike, foreach?: boolean | null],
    ClipValueArguments,
    ['parameters', 'clip_value', 'foreach']
  >
): void;
export function clip_grad_value_(...args: unknown[]): void {
  CLIP_GRAD_VALUE_.call(args, ({ parameters, clip_value, foreach = null }) => {
    const grads = gradients_of(tensors_of('clip_grad_value_', 'parameters', parameters));
    const limit = float_of(clip_value);
    if (grads.length === 0) throw new Error(nothing_to_group);
    no_grad(() => {
      for (const { device, tensors } of grouped(grads)) {
        if (use_foreach(foreach, device)) {
          _foreach_clamp_min_(tensors, -limit);
          _foreach_clamp_max_(tensors, limit);
        } else {
          for (const grad of tensors) grad.clamp_(-limit, limit);
        }
      }
    });
  });
}

// What PyTorch's grouping of tensors by device and dtype says of an empty list, which `clip_grad_value_` does not look for.
const nothing_to_group =
  'Expected !nested_tensorlist[0].empty() to be true, but got false.  (Could this error message be improved?  If so, ' +
  'please report an enhancement request to PyTorch.)';

function gradients_of(parameters: readonly Tensor[]): Tensor[] {
  return parameters.map((parameter) => parameter.grad).filter((grad) => grad !== null);
}

/** Whether a value is what Python has as a generator: one of a function, or an expression over one, as `parameters().filter()`. */
function is_generator(value: object): boolean {
  return types.isGeneratorObject(value) || Object.prototype.toString.call(value) === '[object Iterator Helper]';
}

interface Group {
  readonly device: Device;
  readonly dtype: DType;
  readonly tensors: Tensor[];
}

/** Lists of tensors of one device and one dtype, in the order of their first members. */
function grouped(tensors: readonly Tensor[]): readonly Group[] {
  const groups: Group[] = [];
  for (const tensor of tensors) {
    // Both are always the same objects.
    const { device, dtype } = tensor;
    const group = groups.find((one) => one.device === device && one.dtype === dtype);
    if (group === undefined) groups.push({ device, dtype, tensors: [tensor] });
    else group.tensors.push(tensor);
  }
  return groups;
}

/** Whether to use the kernels for lists of tensors; on the CPU they go tensor by tensor, as the addon does. */
function use_foreach(foreach: boolean | null, { type }: Device): boolean {
  const supported = device_type(type)?.foreach ?? false;
  if (foreach === true && !supported) {
    throw new Error(`foreach=True was passed, but can't use the foreach API on ${type} tensors`);
  }
  return type !== 'cpu' && (foreach ?? supported);
}

function handles_of(tensors: readonly Tensor[]): Handle[] {
  return tensors.map((tensor) => tensor._h);
}

function norm_of_groups(groups: readonly Group[], norm_type: number, foreach: boolean | null, onto: Device): Tensor {
  const [only] = groups;
  if (groups.length === 1 && only !== undefined && !use_foreach(foreach, only.device)) {
    try {
      return wrap(native.norm_of_norms(handles_of(only.tensors), norm_type));
    } catch (error) {
      throw name_operator(error, 'vector_norm');
    }
  }
  const norms = groups.flatMap(({ device, tensors }) =>
    use_foreach(foreach, device)
      ? _foreach_norm(tensors, norm_type)
      : tensors.map((tensor) => vector_norm(tensor, norm_type)),
  );
  return vector_norm(stack(norms.map((norm) => norm.to(onto))), norm_type);
}

function norm_of_all(tensors: readonly Tensor[], options: ClipGradNormOptions): Tensor {
  const { error_if_nonfinite = false, foreach = null } = options;
  const norm_type = float_of(options.norm_type ?? 2);
  const [first] = tensors;
  if (first === undefined) return zeros([]);
  const total_norm = stands_for(first)
    ? first._norm_of(tensors, norm_type)
    : norm_of_groups(grouped(tensors), norm_type, foreach, first.device);
  if (error_if_nonfinite && !Number.isFinite(Number(total_norm.item()))) {
    throw new Error(
      `The total norm of order ${python_float(norm_type)} for gradients from \`parameters\` is ` +
        'non-finite, so it cannot be clipped. To disable this error and scale the gradients by the non-finite norm ' +
        'anyway, set `error_if_nonfinite=False`',
    );
  }
  return total_norm;
}
