/** Attributes of modules by their paths, for modules that are made of a graph. */
import { Module } from '../nn/modules/module.js';
import { Parameter } from '../nn/parameter.js';
import { Tensor } from '../_tensor.js';

/** A module whose attributes have any names. */
export type Holder = Module & Record<string, unknown>;

/** Sets what a path leads to, with new modules on the way. */
export function assign(to: Holder, path: string, value: unknown): void {
  const names = path.split('.');
  const field = names.pop()!;
  let at = to;
  for (const name of names) {
    if (at[name] === undefined) at[name] = new Module();
    at = at[name] as Holder;
  }
  if (value instanceof Tensor && !(value instanceof Parameter)) at.register_buffer(field, value);
  else at[field] = value;
}

/** Copies what a path leads to, with the modules on the way. */
export function copy_attribute(from_module: Module, to_module: Module, path: string): void {
  let [from, to] = [from_module as Holder, to_module as Holder];
  const names = path.split('.');
  for (const name of names.slice(0, -1)) {
    const [source, target] = [from[name] as Holder | undefined, to[name] as Holder | undefined];
    if (source === undefined) break;
    // A module that both have is not made again.
    if (source === target) return;
    if (target === undefined) to[name] = new Module();
    [from, to] = [source, to[name] as Holder];
  }
  const field = names[names.length - 1]!;
  if (!(field in from)) throw new Error(`'${from._get_name()}' object has no attribute '${field}'`);
  const value = from[field];
  if (value instanceof Tensor && !(value instanceof Parameter)) {
    if (to[field] !== value) to.register_buffer(field, value);
  } else to[field] = value;
}
