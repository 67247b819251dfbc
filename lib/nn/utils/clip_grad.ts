import { no_grad } from '../../autograd.js';
import {
  _foreach_clamp_max_, _foreach_clamp_min_, _foreach_mul_, _foreach_norm, clamp, stack, zeros,
} from '../../generated/functions.js';
import { vector_norm } from '../../generated/linalg.js';
import { Tensor } from '../../tensor.js';
import { bind, number_arguments, tensor_arguments, tensor_list, type Tail } from '../arguments.js';
import { python_float } from '../representation.js';
import { warn } from '../warnings.js';

/** What {@link clip_grad_norm_} takes by name. */
export interface ClipGradNormOptions {
  /** Order of the norm; Infinity for the largest value. Default 2. */
  norm_type?: number;
  /** Throw when the norm is not a finite number. Default false. */
  error_if_nonfinite?: boolean;
  /** Work on lists of tensors at once, as Python does by default where the device supports it. */
  foreach?: boolean | null;
}

const NORM = ['norm_type', 'error_if_nonfinite', 'foreach'];

/**
 * Scales gradients down, in place, so that their norm (of all together) is at most `max_norm`. Mirrors
 * `torch.nn.utils.clip_grad_norm_`.
 *
 * @returns the norm before
 * @throws Error when the norm is not finite and `error_if_nonfinite` is set
 */
export function clip_grad_norm_(
  parameters: Tensor | Iterable<Tensor>, max_norm: number,
  ...args: Tail<[norm_type: number, error_if_nonfinite: boolean, foreach: boolean | null], ClipGradNormOptions>
): Tensor {
  const options = bind<ClipGradNormOptions>('clip_grad_norm_', NORM, args);
  number_arguments('clip_grad_norm_', 'float', { max_norm });
  const grads = gradients_of('clip_grad_norm_', parameters);
  if (grads.length === 0 && typeof (parameters as Partial<Iterator<unknown>>).next === 'function') {
    warn('`parameters` is an empty generator, no gradient clipping will occur.');
  }
  return no_grad(() => {
    const total_norm = norm_of_all(grads, options);
    scale(grads, max_norm, total_norm, options.foreach ?? null);
    return total_norm;
  });
}

/** @deprecated in favour of {@link clip_grad_norm_} */
export function clip_grad_norm(
  parameters: Tensor | Iterable<Tensor>, max_norm: number,
  ...args: Tail<[norm_type: number, error_if_nonfinite: boolean, foreach: boolean | null], ClipGradNormOptions>
): Tensor {
  warn('`torch.nn.utils.clip_grad_norm` is now deprecated in favor of `torch.nn.utils.clip_grad_norm_`.', 'FutureWarning');
  return clip_grad_norm_(parameters, max_norm, ...args);
}

/**
 * The norm of tensors, as if they were one vector. Mirrors `torch.nn.utils.get_total_norm`.
 *
 * @throws Error when the norm is not finite and `error_if_nonfinite` is set
 */
export function get_total_norm(
  tensors: Tensor | Iterable<Tensor>,
  ...args: Tail<[norm_type: number, error_if_nonfinite: boolean, foreach: boolean | null], ClipGradNormOptions>
): Tensor {
  const options = bind<ClipGradNormOptions>('get_total_norm', NORM, args);
  const list = tensors instanceof Tensor ? [tensors] : tensor_list('get_total_norm', 'tensors', tensors);
  return no_grad(() => norm_of_all(list, options));
}

/**
 * Scales gradients, whose norm is `total_norm`, down in place so that it is at most `max_norm`. Mirrors
 * `torch.nn.utils.clip_grads_with_norm_`.
 */
export function clip_grads_with_norm_(
  parameters: Tensor | Iterable<Tensor>, max_norm: number, total_norm: Tensor,
  ...args: Tail<[foreach: boolean | null], { foreach?: boolean | null }>
): void {
  const { foreach = null } = bind<{ foreach?: boolean | null }>('clip_grads_with_norm_', ['foreach'], args);
  number_arguments('clip_grads_with_norm_', 'float', { max_norm });
  tensor_arguments('clip_grads_with_norm_', { total_norm });
  const grads = gradients_of('clip_grads_with_norm_', parameters);
  no_grad(() => scale(grads, max_norm, total_norm, foreach));
}

function scale(grads: readonly Tensor[], max_norm: number, total_norm: Tensor, foreach: boolean | null): void {
  if (grads.length === 0) return;
  const factor = clamp(total_norm.add(1e-6).reciprocal().mul(max_norm), { max: 1 });
  for (const { device, tensors } of grouped(grads)) {
    if (use_foreach(foreach, device)) _foreach_mul_(tensors, factor.to(device));
    else for (const grad of tensors) grad.mul_(factor.to(device));
  }
}

/**
 * Cuts gradients off, in place, at `-clip_value` and `clip_value`. Mirrors `torch.nn.utils.clip_grad_value_`.
 */
export function clip_grad_value_(
  parameters: Tensor | Iterable<Tensor>, clip_value: number,
  ...args: Tail<[foreach: boolean | null], { foreach?: boolean | null }>
): void {
  const { foreach = null } = bind<{ foreach?: boolean | null }>('clip_grad_value_', ['foreach'], args);
  const grads = gradients_of('clip_grad_value_', parameters);
  number_arguments('clip_grad_value_', 'float', { clip_value });
  no_grad(() => {
    for (const { device, tensors } of grouped(grads)) {
      if (use_foreach(foreach, device)) {
        _foreach_clamp_min_(tensors, -clip_value);
        _foreach_clamp_max_(tensors, clip_value);
      } else {
        for (const grad of tensors) grad.clamp_(-clip_value, clip_value);
      }
    }
  });
}

function gradients_of(callee: string, parameters: Tensor | Iterable<Tensor>): Tensor[] {
  const list = parameters instanceof Tensor ? [parameters] : tensor_list(callee, 'parameters', parameters);
  return list.map((parameter) => parameter.grad).filter((grad) => grad !== null);
}

interface Group {
  readonly device: string;
  readonly tensors: Tensor[];
}

/** Lists of tensors that lie on one device and have one dtype, in the order of their first members. */
function grouped(tensors: readonly Tensor[]): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const tensor of tensors) {
    const device = String(tensor.device);
    const key = `${device} ${tensor.dtype.name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { device, tensors: [tensor] });
    else group.tensors.push(tensor);
  }
  return groups.values();
}

function use_foreach(foreach: boolean | null, device: string): boolean {
  const supported = device.startsWith('cpu') || device.startsWith('cuda');
  if (foreach === true && !supported) {
    throw new Error(`foreach=True was passed, but can't use the foreach API on ${device} tensors`);
  }
  return foreach ?? supported;
}

function norm_of_all(tensors: readonly Tensor[], options: ClipGradNormOptions): Tensor {
  const { norm_type = 2, error_if_nonfinite = false, foreach = null } = options;
  const [first] = tensors;
  if (first === undefined) return zeros([]);
  const norms: Tensor[] = [];
  for (const group of grouped(tensors)) {
    if (use_foreach(foreach, group.device)) norms.push(..._foreach_norm(group.tensors, norm_type));
    else norms.push(...group.tensors.map((tensor) => vector_norm(tensor, norm_type)));
  }
  const total_norm = vector_norm(stack(norms.map((norm) => norm.to(first.device))), norm_type);
  if (error_if_nonfinite && !Number.isFinite(Number(total_norm.item()))) {
    throw new Error(`The total norm of order ${python_float(norm_type)} for gradients from \`parameters\` is `
      + 'non-finite, so it cannot be clipped. To disable this error and scale the gradients by the non-finite norm '
      + 'anyway, set `error_if_nonfinite=False`');
  }
  return total_norm;
}
