/** Trading time for memory: `torch.utils.checkpoint`. */
import { enable_grad } from '../autograd.js';
import { saved_tensors_hooks } from '../autograd_graph.js';
import { kind_of } from '../nn/representation.js';
import { get_rng_state, set_rng_state } from '../random.js';
import { Tensor } from '../tensor.js';

/** What {@link checkpoint} takes by name. */
export interface CheckpointOptions {
  /** Whether the second run draws the random numbers of the first one. Default true. */
  preserve_rng_state?: boolean;
}

/** Stops the second run once all that backward needs has been computed again. */
class AllRecomputed extends Error {}

/** What a function saved for backward; computed again when backward asks for the first of it. */
class Recomputed {
  private readonly saved: Tensor[] = [];
  private count = 0;

  constructor(private readonly run: () => void) {}

  /** The number under which the next tensor is found. */
  next(): number {
    return this.count++;
  }

  get(number: number): Tensor {
    if (this.saved.length === 0) this.compute();
    const tensor = this.saved[number];
    if (!tensor) {
      throw new Error(`checkpoint(): the second run of the function saved ${this.saved.length} tensors for backward, the first ` +
        `one ${this.count}: it must do the same both times`);
    }
    return tensor;
  }

  private compute(): void {
    try {
      saved_tensors_hooks((tensor) => {
        this.saved.push(tensor.detach());
        if (this.saved.length === this.count) throw new AllRecomputed();
        return tensor;
      }, (tensor) => tensor, this.run);
    } catch (error) {
      if (!(error instanceof AllRecomputed)) throw error;
    }
  }
}

function with_rng_state<T>(state: Tensor | null, fn: () => T): T {
  if (state === null) return fn();
  const now = get_rng_state();
  set_rng_state(state);
  try {
    return fn();
  } finally {
    set_rng_state(now);
  }
}

/**
 * Runs `fn(...args)` without keeping what its operators save for backward; backward runs it again for that. Mirrors
 * `torch.utils.checkpoint.checkpoint` with `use_reentrant=False`. A trailing `{ preserve_rng_state }` object is for
 * `checkpoint` itself.
 * @throws Error in backward, when the second run does something else than the first
 */
export function checkpoint<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R;
export function checkpoint<A extends unknown[], R>(fn: (...args: A) => R, ...args: [...A, CheckpointOptions]): R;
export function checkpoint<R>(fn: (...args: unknown[]) => R, ...given: unknown[]): R {
  if (typeof fn !== 'function') throw new TypeError(`checkpoint(): argument 'fn' must be a function, not ${kind_of(fn)}`);
  const last = given[given.length - 1];
  const named = typeof last === 'object' && last !== null && 'preserve_rng_state' in last;
  const { preserve_rng_state = true } = (named ? last : {}) as CheckpointOptions;
  const args = named ? given.slice(0, -1) : given;
  const state = preserve_rng_state ? get_rng_state() : null;
  const recomputed = new Recomputed(() => {
    with_rng_state(state, () => enable_grad(() => fn(...args)));
  });
  return saved_tensors_hooks(() => recomputed.next(), (number) => recomputed.get(number), () => fn(...args));
}

/** Runs functions one after the other, in `segments` parts of which each is a checkpoint, the last one excepted. */
export function checkpoint_sequential(functions: Iterable<(input: Tensor) => Tensor>, segments: number, input: Tensor): Tensor {
  const list = [...functions];
  if (!Number.isInteger(segments) || segments < 1 || segments > list.length) {
    throw new RangeError(`checkpoint_sequential(): argument 'segments' must be between 1 and ${list.length}, not ${String(segments)}`);
  }
  const size = Math.floor(list.length / segments);
  const run = (from: number, to: number) => (x: Tensor): Tensor => list.slice(from, to).reduce((value, fn) => fn(value), x);
  let value = input;
  for (let i = 0; i < segments - 1; i++) value = checkpoint(run(i * size, (i + 1) * size), value);
  return run((segments - 1) * size, list.length)(value);
}
