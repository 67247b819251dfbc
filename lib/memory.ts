/** Freeing tensors earlier than the garbage collector would. No program needs to; some want to. */
import { types } from 'node:util';

import { native, type MemoryStats } from './_C/native.js';
import { Tensor } from './_tensor.js';
import { refuse_promise, refuse_steps } from './_internal/callbacks.js';
import { no_arguments, signature } from './_internal/signature.js';

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

const SCOPE = signature<{ fn: () => unknown }>('scope', 'fn: Callable');

/**
 * Runs `fn` and disposes every tensor made meanwhile, except those in its result (looked for in arrays, maps and
 * objects) and parameters. Scopes nest. Tensors that `fn` stored elsewhere are disposed: pass them through
 * {@link keep}.
 * @throws TypeError when `fn` is asynchronous or a generator function: it would go on with disposed tensors
 */
export function scope<T>(fn: () => T): T;
export function scope(...args: unknown[]): unknown {
  const { fn } = SCOPE.read(args);
  refuse_steps('scope', fn);
  native.scope_begin();
  const kept: number[] = [];
  try {
    const result = refuse_promise('scope', fn());
    collect_handles(result, kept, new Set());
    return result;
  } finally {
    native.scope_end(kept);
  }
}

const KEEP = signature<{ tensor: Tensor }>('keep', 'tensor: Tensor');

/** Takes a tensor out of every open {@link scope}; returns it. */
export function keep<T extends Tensor>(tensor: T): T;
export function keep(...args: unknown[]): Tensor {
  const { tensor } = KEEP.read(args);
  native.scope_keep(tensor._h);
  return tensor;
}

/** What the tensor table of this thread holds; walks all live tensors. */
export function memory_stats(): MemoryStats;
export function memory_stats(...none: unknown[]): MemoryStats {
  no_arguments('memory_stats', none);
  return native.memory_stats();
}
