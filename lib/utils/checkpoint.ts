/** Trading time for memory: `torch.utils.checkpoint`. */
import { saved_tensors_hooks } from '../autograd/graph.js';
import { recording } from '../_C/modes.js';
import type { Tail } from '../_internal/arguments.js';
import { text_or_kind } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { get_rng_state, set_rng_state } from '../random.js';
import type { Tensor } from '../_tensor.js';
import { call_synchronously, refuse_promise, refuse_steps, call_in_mode } from '../_internal/callbacks.js';
import { is_guard, type Guard } from '../_internal/guards.js';
import { signature } from '../_internal/signature.js';

/** Python's context manager: a guard such as `torch.no_grad()`, or what runs a function in a mode as `torch.no_grad` does. */
export type Context = Guard | (<T>(fn: () => T) => T);

/** The options of {@link checkpoint_sequential}. */
export interface CheckpointSequentialOptions {
  /**
   * Whether Python's reentrant implementation is asked for. There is only the non-reentrant one here, and `true`, `null` and leaving it
   * out run that too: the function records a graph in the first run, parameters get gradients where no input requires one (Python's
   * reentrant form warns "None of the inputs have requires_grad=True. Gradients will be None"), and `torch.autograd.grad` works.
   * Python's warning that the parameter should be passed is not given. As in Python, `true` goes with no arguments by name for the
   * function, and without `context_fn`.
   */
  use_reentrant?: boolean | null;
  /** Restore the random state for the recomputation. Default true. */
  preserve_rng_state?: boolean;
}

/** The options of {@link checkpoint}. */
export interface CheckpointOptions extends CheckpointSequentialOptions {
  /**
   * Returns the modes of the forward run and of the recomputation, such as `[torch.no_grad(), torch.enable_grad()]`. Not
   * with `use_reentrant`.
   */
  context_fn?: () => readonly [forward: Context, recompute: Context];
  /** `'default'` compares shapes, dtypes and devices of what the second run saves with those of the first; `'none'` does not. */
  determinism_check?: 'default' | 'none';
  /**
   * Must be false. Python's `true` logs the operators of both runs, for the message of a CheckpointError; there is no log of operators
   * here, and `true` throws an Error.
   */
  debug?: boolean;
  /** Stop the recomputation when all that backward needs has been computed. Default true. */
  early_stop?: boolean;
}

/**
 * The Error of a recomputation that differs from the forward run. Mirrors `torch.utils.checkpoint.CheckpointError`.
 * @example
 * ```ts
 * const x = torch.ones(2, { requires_grad: true });
 * let runs = 0;
 * const y = torch.utils.checkpoint.checkpoint((x: torch.Tensor) => (runs++ ? x.sum() : x).exp(), x, { use_reentrant: false });
 * try {
 *   y.sum().backward();
 * } catch (error) {
 *   print(error instanceof torch.utils.checkpoint.CheckpointError);
 * }
 * ```
 * ```python
 * x = torch.ones(2, requires_grad=True)
 * runs = []
 * def fn(x):
 *     runs.append(1)
 *     return (x.sum() if len(runs) > 1 else x).exp()
 * y = torch.utils.checkpoint.checkpoint(fn, x, use_reentrant=False)
 * try:
 *     y.sum().backward()
 * except torch.utils.checkpoint.CheckpointError as error:
 *     print(True)
 * ```
 */
export class CheckpointError extends Error {
  override name = 'CheckpointError';
}

/** Stops the second run once all that backward needs has been computed again. */
class AllRecomputed extends Error {}

/** What is compared between the runs, as Python writes it. */
function metadata_of({ shape, dtype, device }: Tensor): string {
  const place = `device(type='${device.type}'${device.index === null ? '' : `, index=${device.index}`})`;
  return `{'shape': ${String(shape)}, 'dtype': ${String(dtype)}, 'device': ${place}}`;
}

/** What a function saved for backward; computed again when backward asks for the first of it. */
class Recomputed {
  private readonly saved: Tensor[] = [];
  private readonly metadata: string[] = [];
  private count = 0;
  private done = false;

  constructor(
    private readonly run: () => void,
    private readonly compare: boolean,
    private readonly early_stop: boolean,
  ) {}

  /** The number under which the next tensor of the first run is found. */
  next(tensor: Tensor): number {
    if (this.compare) this.metadata.push(metadata_of(tensor));
    return this.count++;
  }

  get(number: number): Tensor {
    if (!this.done) this.compute();
    return this.saved[number]!;
  }

  private compute(): void {
    this.saved.length = 0;
    let surplus = false;
    try {
      saved_tensors_hooks(
        (tensor) => {
          if (this.saved.length === this.count) {
            surplus = true;
            throw new AllRecomputed();
          }
          this.saved.push(tensor.detach());
          if (this.early_stop && this.saved.length === this.count) throw new AllRecomputed();
          return tensor;
        },
        (tensor) => tensor,
        this.run,
      );
    } catch (error) {
      if (!(error instanceof AllRecomputed)) throw error;
    }
    if (surplus) {
      throw new CheckpointError(
        'torch.utils.checkpoint: trying to save more tensors during recomputation than during the original ' +
          'forward pass.\n',
      );
    }
    this.check();
    this.done = true;
  }

  private check(): void {
    if (this.saved.length !== this.count) {
      throw new CheckpointError(
        'torch.utils.checkpoint: A different number of tensors was saved during the original forward and ' +
          `recomputation.\nNumber of tensors saved during forward: ${this.count}\nNumber of tensors saved during recomputation: ` +
          `${this.saved.length}.\n`,
      );
    }
    if (!this.compare) return;
    const different = this.saved
      .map(metadata_of)
      .flatMap((now, i) =>
        now === this.metadata[i]
          ? []
          : [`tensor at position ${i}:\nsaved metadata: ${this.metadata[i]}\nrecomputed metadata: ${now}\n`],
      );
    if (different.length === 0) return;
    throw new CheckpointError(
      'torch.utils.checkpoint: Recomputed values for the following tensors have different metadata than during ' +
        `the forward pass.\n${different.join('')}.\n`,
    );
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

type AnyFunction = (...args: unknown[]) => unknown;

const CHECKPOINT = signature<{ function: AnyFunction } & CheckpointOptions>(
  'checkpoint',
  'function: Callable, *, use_reentrant?: bool|None, context_fn?: Callable, determinism_check?: str, debug?: bool, ' +
    'early_stop?: bool, preserve_rng_state?: bool',
);

const OWN = new Set(['use_reentrant', 'context_fn', 'determinism_check', 'debug', 'early_stop', 'preserve_rng_state']);

/** What is for `checkpoint` itself, and what is for the function: other names go on, as Python's `**kwargs` do. */
function split_options(given: readonly unknown[]): { own: object; args: readonly unknown[]; others: string[] } {
  const last = given[given.length - 1];
  if (!is_plain_object(last)) return { own: {}, args: given, others: [] };
  const names = Object.keys(last);
  if (!names.some((name) => OWN.has(name))) return { own: {}, args: given, others: names };
  const part = (own: boolean): [string, unknown][] => Object.entries(last).filter(([name]) => OWN.has(name) === own);
  const others = part(false);
  const args = given.slice(0, -1);
  return {
    own: Object.fromEntries(part(true)),
    args: others.length > 0 ? [...args, Object.fromEntries(others)] : args,
    others: others.map(([name]) => name),
  };
}

function run_in_context<T>(context: Context, fn: () => T): T {
  return is_guard(context) ? context(fn)() : context(fn);
}

function check_choices(
  { use_reentrant, context_fn, determinism_check, debug }: CheckpointOptions,
  others: readonly string[],
): void {
  if (use_reentrant && others.length > 0) throw new Error(`Unexpected keyword arguments: ${others.join(',')}`);
  if (use_reentrant && (context_fn !== undefined || debug)) {
    throw new Error('Passing `context_fn` or `debug` is only supported when use_reentrant=False.');
  }
  if (debug)
    throw new Error(
      'checkpoint(): debug=True is not in torch-node, which keeps no log of operators; compare the two runs of the function yourself',
    );
  if (determinism_check !== undefined && determinism_check !== 'default' && determinism_check !== 'none') {
    throw new Error(
      `determinism_check should be one of ['default', 'none'], but got ${text_or_kind(determinism_check)}`,
    );
  }
}

/**
 * Runs a function without saving its intermediate results; backward recomputes them, which trades time for memory.
 * Mirrors `torch.utils.checkpoint.checkpoint`.
 *
 * Options in a trailing object that `checkpoint` itself has are its own; the others are passed to the function, in an
 * options object at the end.
 *
 * @param fn - a synchronous function of tensors
 * @param args - its arguments
 * @param options - `use_reentrant`, `preserve_rng_state`, `context_fn`, `determinism_check`, `debug`, `early_stop`;
 * see {@link CheckpointOptions}
 * @returns what the function returns
 * @throws TypeError for an asynchronous or a generator function
 * @throws CheckpointError in backward, when the recomputation differs from the forward run
 * @example
 * ```ts
 * const x = torch.tensor([0.5, 1.5], { requires_grad: true });
 * const y = torch.utils.checkpoint.checkpoint((x: torch.Tensor) => x.exp().sin(), x, { use_reentrant: false });
 * y.sum().backward();
 * print(x.grad);
 * ```
 * ```python
 * x = torch.tensor([0.5, 1.5], requires_grad=True)
 * y = torch.utils.checkpoint.checkpoint(lambda x: x.exp().sin(), x, use_reentrant=False)
 * y.sum().backward()
 * print(x.grad)
 * ```
 */
export function checkpoint<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R;
export function checkpoint<A extends unknown[], R>(fn: (...args: A) => R, ...args: [...A, CheckpointOptions]): R;
export function checkpoint<R>(fn: (...args: never[]) => R, ...args: unknown[]): R;
export function checkpoint(...given: unknown[]): unknown {
  const [first, ...rest] = given;
  const { own, args, others } =
    is_plain_object(first) && given.length === 1 ? { own: first, args: [], others: [] } : split_options(rest);
  const options = CHECKPOINT.read(own === first ? [own] : [first, own]);
  const {
    function: fn,
    context_fn,
    determinism_check = 'default',
    early_stop = true,
    preserve_rng_state = true,
  } = options;
  refuse_steps('checkpoint', fn);
  check_choices(options, options.use_reentrant ? others : []);
  const [forward, recompute] = context_fn === undefined ? [] : call_synchronously('checkpoint', context_fn);
  const call = (): unknown => refuse_promise('checkpoint', fn(...args));
  const state = preserve_rng_state ? get_rng_state() : null;
  const again = (): void => {
    with_rng_state(state, () =>
      call_in_mode(recording, () => (recompute === undefined ? call() : run_in_context(recompute, call))),
    );
  };
  const recomputed = new Recomputed(again, determinism_check === 'default', early_stop);
  return saved_tensors_hooks(
    (tensor) => recomputed.next(tensor),
    (number) => recomputed.get(number),
    () => (forward === undefined ? call() : run_in_context(forward, call)),
  );
}

type Functions = Iterable<(input: Tensor) => Tensor>;

const SEQUENTIAL = signature<CheckpointSequentialOptions & { functions: Functions; segments: number; input: Tensor }>(
  'checkpoint_sequential',
  'functions: Iterable, segments: int, input: any, use_reentrant?: bool|None, *, preserve_rng_state?: bool',
);

/**
 * Runs functions, such as the modules of a `Sequential`, one after the other in `segments` parts, each of which but
 * the last is a checkpoint. Mirrors `torch.utils.checkpoint.checkpoint_sequential`.
 *
 * @param functions - functions of one tensor
 * @param segments - number of parts
 * @param input - the input of the first function
 * @param options - `use_reentrant`, `preserve_rng_state`
 * @throws RangeError unless `segments` is between 1 and the number of functions
 * @example
 * ```ts
 * const model = new nn.Sequential(new nn.Linear(2, 2), new nn.Tanh(), new nn.Linear(2, 1));
 * const x = torch.ones(1, 2, { requires_grad: true });
 * torch.utils.checkpoint.checkpoint_sequential(model, 2, x, { use_reentrant: false }).sum().backward();
 * print(x.grad);
 * ```
 * ```python
 * model = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 1))
 * x = torch.ones(1, 2, requires_grad=True)
 * torch.utils.checkpoint.checkpoint_sequential(model, 2, x, use_reentrant=False).sum().backward()
 * print(x.grad)
 * ```
 */
export function checkpoint_sequential(
  functions: Functions,
  segments: number,
  input: Tensor,
  use_reentrant?: boolean | null,
  options?: CheckpointSequentialOptions,
): Tensor;
export function checkpoint_sequential(
  functions: Functions,
  segments: number,
  input: Tensor,
  ...options: Tail<[use_reentrant: boolean | null], CheckpointSequentialOptions>
): Tensor;
export function checkpoint_sequential(...args: unknown[]): Tensor {
  const { functions, segments, input, use_reentrant = null, preserve_rng_state = true } = SEQUENTIAL.read(args);
  const list = [...functions];
  if (segments < 1 || segments > list.length) {
    throw new RangeError(
      `checkpoint_sequential(): argument 'segments' must be between 1 and ${list.length}, not ${String(segments)}`,
    );
  }
  const size = Math.floor(list.length / segments);
  const run =
    (from: number, to: number) =>
    (x: Tensor): Tensor =>
      list.slice(from, to).reduce((value, fn) => fn(value), x);
  let value = input;
  for (let i = 0; i < segments - 1; i++) {
    value = checkpoint(run(i * size, (i + 1) * size), value, { use_reentrant, preserve_rng_state });
  }
  return run((segments - 1) * size, list.length)(value);
}
export * from '../absent/utils_checkpoint.js';
