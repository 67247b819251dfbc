/** Freeing tensors earlier than the garbage collector would. Nobody needs to; some want to. */
import { types } from 'node:util';

import { native, type MemoryStats } from './native.js';
import { Tensor } from './tensor.js';

function collect_handles(value: unknown, into: number[], seen: Set<object>): void {
  if (typeof value !== 'object' && typeof value !== 'function') return;
  if (value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Tensor) {
    into.push(value._h);
    return;
  }
  if (types.isMap(value) || types.isSet(value)) {
    for (const element of value as Iterable<unknown>) collect_handles(element, into, seen);
    return;
  }
  if (ArrayBuffer.isView(value)) return;
  for (const element of Object.values(value)) collect_handles(element, into, seen);
}

/**
 * Runs `fn` and disposes every tensor made meanwhile, except those in its result (looked for in arrays, maps and
 * objects) and parameters. Scopes nest. Tensors that `fn` stored elsewhere are disposed: pass them through
 * {@link keep}.
 * @throws TypeError when `fn` is asynchronous
 */
export function scope<T>(fn: () => T): T {
  native.scope_begin();
  const kept: number[] = [];
  try {
    const result = fn();
    if (types.isPromise(result)) throw new TypeError('scope(): the function must be synchronous');
    collect_handles(result, kept, new Set());
    return result;
  } finally {
    native.scope_end(kept);
  }
}

/** Takes a tensor out of every open {@link scope}; returns it. */
export function keep<T extends Tensor>(tensor: T): T {
  native.scope_keep(tensor._h);
  return tensor;
}

/** What the tensor table of this thread holds; walks all live tensors. */
export function memory_stats(): MemoryStats {
  return native.memory_stats();
}
