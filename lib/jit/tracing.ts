/** Traces of modules: what libtorch's tracer is given, here and for the graphs of TensorBoard. */
import { native } from '../_C/native.js';
import { wrap } from '../_C/tensor_base.js';
import { kind_of } from '../_internal/kind_of.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { warn } from '../_internal/warnings.js';
import { register_module_forward_hook, register_module_forward_pre_hook } from '../nn/modules/global_hooks.js';
import type { Module } from '../nn/modules/module.js';
import { typename } from '../nn/modules/typename.js';
import { Tensor } from '../_tensor.js';

/** A module as the tracer takes it. */
export interface TracedModule {
  readonly name: string;
  readonly training: boolean;
  readonly tensors: readonly (readonly [name: string, handle: number, is_buffer: boolean])[];
  readonly children: readonly (readonly [name: string, module: TracedModule])[];
}

/** Values of traced functions: the handle of a tensor, a tuple of values, or a dict. */
export type TracedValue =
  | number
  | readonly TracedValue[]
  | { readonly keys: readonly string[]; readonly values: readonly TracedValue[] };

/** What is traced: it gets the traced inputs, and returns its results. */
export type TracedCall = (inputs: readonly TracedValue[]) => TracedValue;

// What native/jit/trace.cpp exports for torch.jit.
declare module '../_C/native.js' {
  interface Native {
    jit_module(module: TracedModule): NativeModule;
    jit_trace_method(
      module: NativeModule,
      name: string,
      inputs: readonly TracedValue[],
      run: TracedCall,
      names: readonly string[],
      strict: boolean,
      force_outplace: boolean,
    ): string[];
    jit_trace_function(
      name: string,
      inputs: readonly TracedValue[],
      run: TracedCall,
      names: readonly string[],
      strict: boolean,
      force_outplace: boolean,
    ): [module: NativeModule, warnings: string[]];
    jit_canonical(
      module: NativeModule,
      method: string,
    ): [graph: string, nodes: [text: string, kind: string, constant: number | null][]];
    jit_nondeterministic(module: NativeModule, method: string): string[];
    jit_is_tracing(): boolean;
    trace_push_scope(name: string): void;
    trace_pop_scope(): void;
  }
}

/** The parameters, buffers and submodules of a module. */
export function described(module: Module): TracedModule {
  const own = { recurse: false };
  return {
    name: typename(module).replace(/[^\w.]/g, '_'),
    training: module.training,
    tensors: [
      ...[...module.named_parameters(own)].map(([name, { _h }]) => [name, _h, false] as const),
      ...[...module.named_buffers(own)].map(([name, { _h }]) => [name, _h, true] as const),
    ],
    children: [...module.named_children()].map(([name, child]) => [name, described(child)] as const),
  };
}

/** Runs `trace` while calls of submodules tell the tracer that they begin and end. */
export function with_scopes<T>(model: Module, trace: () => T): T {
  const scopes = new Map<object, string>();
  const name_children = (module: Module, prefix: string): void => {
    for (const [name, child] of module.named_children()) {
      scopes.set(child, `${prefix}.${name}`);
      name_children(child, `${prefix}.${name}`);
    }
  };
  name_children(model, '__module');
  const pre = register_module_forward_pre_hook((module) => {
    const scope = scopes.get(module);
    if (scope !== undefined) native.trace_push_scope(scope);
  });
  const post = register_module_forward_hook((module) => {
    if (scopes.has(module)) native.trace_pop_scope();
  });
  try {
    return trace();
  } finally {
    pre.remove();
    post.remove();
  }
}

/** What is told of a trace that may not hold for other inputs. */
export function warn_of_trace(warnings: readonly string[]): void {
  for (const text of warnings) warn(text, 'TracerWarning');
}

/**
 * A value of a traced function for the tracer: arrays are tuples, objects and Maps are dicts.
 * @param refuse what is thrown for another value, by its kind
 */
export function to_traced(value: unknown, refuse: (kind: string) => Error): TracedValue {
  if (value instanceof Tensor) return value._h;
  if (Array.isArray(value)) return value.map((element) => to_traced(element, refuse));
  const entries = value instanceof Map ? [...(value as Map<unknown, unknown>)] : null;
  const pairs = entries ?? (is_plain_object(value) ? Object.entries(value) : null);
  if (pairs === null) throw refuse(kind_of(value));
  const keys = pairs.map(([key]) => {
    if (typeof key !== 'string') throw refuse(`dict with a key that is a ${kind_of(key)}`);
    return key;
  });
  return { keys, values: pairs.map(([, element]) => to_traced(element, refuse)) };
}

/** The Tensors in a value, in order. */
export function tensors_in(value: unknown): Tensor[] {
  const found: Tensor[] = [];
  with_tensors(value, (tensor) => {
    found.push(tensor);
    return tensor;
  });
  return found;
}

/** The same value with other Tensors. */
export function with_tensors(value: unknown, make: (tensor: Tensor) => Tensor): unknown {
  if (value instanceof Tensor) return make(value);
  if (Array.isArray(value)) return value.map((element) => with_tensors(element, make));
  if (value instanceof Map) {
    return new Map([...(value as Map<unknown, unknown>)].map(([key, element]) => [key, with_tensors(element, make)]));
  }
  if (is_plain_object(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, with_tensors(element, make)]));
  }
  return value;
}

/** The values that a traced function gets. */
export function from_traced(value: TracedValue): unknown {
  if (typeof value === 'number') return wrap(value);
  if (!('keys' in value) || Array.isArray(value)) return (value as readonly TracedValue[]).map(from_traced);
  const { keys, values } = value as { keys: readonly string[]; values: readonly TracedValue[] };
  return Object.fromEntries(keys.map((key, i) => [key, from_traced(values[i]!)]));
}
