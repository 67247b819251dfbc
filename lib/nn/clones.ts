import { Tensor } from '../tensor.js';
import { is_plain_object, number_arguments } from './arguments.js';
import { ModuleList } from './container.js';
import { Module, SLOTS } from './module.js';
import { Buffer, Parameter } from './parameter.js';
import { is_lazy } from './uninitialized.js';

/**
 * `num_layers` modules that start from the same values as `module` and share nothing with it or each other.
 *
 * @param callee - what was called, as the error texts name it
 */
export function clones<M extends Module>(callee: string, module: M, num_layers: number): ModuleList<M> {
  number_arguments(callee, 'int', { num_layers });
  return new ModuleList(Array.from({ length: num_layers }, () => copy(module, new Map()) as M));
}

function copy(value: unknown, done: Map<unknown, unknown>): unknown {
  if (done.has(value)) return done.get(value);
  if (value instanceof Tensor) return remember(value, copy_of_tensor(value), done);
  if (value instanceof Module) return copy_of_module(value, done);
  if (Array.isArray(value)) return value.map((item) => copy(item, done));
  if (is_plain_object(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item, done)]));
  }
  return value;
}

function remember<T>(original: T, copied: T, done: Map<unknown, unknown>): T {
  done.set(original, copied);
  return copied;
}

function copy_of_tensor(tensor: Tensor): Tensor {
  if (is_lazy(tensor)) return tensor.__deepcopy__();
  if (!tensor.is_leaf) {
    throw new Error('Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the '
      + 'moment.');
  }
  const values = tensor.detach().clone();
  if (tensor instanceof Parameter) return new Parameter(values, tensor.requires_grad);
  if (tensor.requires_grad) values.requires_grad_(true);
  return tensor instanceof Buffer ? new Buffer(values, { persistent: tensor.persistent }) : values;
}

function copy_of_module(module: Module, done: Map<unknown, unknown>): Module {
  const copied = remember(module, new Module(), done);
  Object.setPrototypeOf(copied, Object.getPrototypeOf(module) as object);
  copied.training = module.training;
  const [from, to] = [module[SLOTS], copied[SLOTS]];
  from.buffers.forEach((persistent, name) => to.buffers.set(name, persistent));
  from.kinds.forEach((kind, name) => to.kinds.set(name, kind));
  from.forward_pre_hooks.forEach((hook, id) => to.forward_pre_hooks.set(id, hook));
  from.forward_hooks.forEach((hook, id) => to.forward_hooks.set(id, hook));
  to.order = from.order && [...from.order];
  const fields = copied as unknown as Record<string, unknown>;
  for (const [name, value] of Object.entries(module)) fields[name] = copy(value, done);
  return copied;
}
