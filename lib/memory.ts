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
 * Runs a function and frees every tensor created meanwhile, except parameters and those in its result (also within
 * arrays, maps and objects).
 *
 * Memory is managed automatically; a scope frees it earlier than the garbage collector. Scopes nest. Tensors that
 * `fn` stored elsewhere are freed too, unless passed through {@link keep}. Has no counterpart in Python.
 *
 * @param fn - a synchronous function
 * @returns what `fn` returned
 * @throws TypeError when `fn` is asynchronous or a generator function
 * @example
 * ```ts
 * const y = torch.scope(() => {
 *   const squares = torch.arange(4).square();
 *   return squares.sum();
 * });
 * print(y); // tensor(14)
 * ```
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

/**
 * Removes a tensor from every open {@link scope}, so that it outlives them. Has no counterpart in Python.
 *
 * @param tensor - the tensor to keep
 * @returns the tensor
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * let kept: torch.Tensor | undefined;
 * torch.scope(() => {
 *   kept = torch.keep(torch.ones(2));
 * });
 * print(kept); // tensor([1., 1.])
 * ```
 */
export function keep<T extends Tensor>(tensor: T): T;
export function keep(...args: unknown[]): Tensor {
  const { tensor } = KEEP.read(args);
  native.scope_keep(tensor._h);
  return tensor;
}

/**
 * The number and the memory of the live tensors of this thread; it visits all of them. Has no counterpart in Python.
 * @example
 * ```ts
 * const before = torch.memory_stats();
 * const x = torch.zeros(1000);
 * print(torch.memory_stats().live_tensors - before.live_tensors, x.shape); // 1 torch.Size([1000])
 * ```
 */
export function memory_stats(): MemoryStats;
export function memory_stats(...none: unknown[]): MemoryStats {
  no_arguments('memory_stats', none);
  return native.memory_stats();
}
