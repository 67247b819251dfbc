/** Random number generators: `torch.manual_seed` and the like. */
import { isMainThread } from 'node:worker_threads';

import { checked_seed, Generator } from './_C/generator.js';
import { native } from './_C/native.js';
import type { Tensor } from './_tensor.js';
import type { Tail } from './_internal/arguments.js';
import type { Mode } from './_internal/callbacks.js';
import { has_function, run_or_guard, type Guard } from './_internal/guards.js';
import { signature } from './_internal/signature.js';
import { warn } from './_internal/warnings.js';
import { accelerator_name, is_accelerator } from './types/device.js';

export { Generator } from './_C/generator.js';

const MANUAL_SEED = signature<{ seed: number | bigint }>('manual_seed', 'seed: float');
const NONE = {
  seed: signature<object>('seed', ''),
  initial_seed: signature<object>('initial_seed', ''),
  get_rng_state: signature<object>('get_rng_state', ''),
  thread_safe_generator: signature<object>('thread_safe_generator', ''),
};
const NEW_STATE = signature<{ new_state: Tensor }>('set_rng_state', 'new_state: Tensor');

/**
 * The default generator of the CPU, used by every draw without a generator. Mirrors `torch.default_generator`. Each
 * worker thread has its own, seeded from the system's entropy.
 */
export const default_generator: Generator = Generator._from_native(native.generator_default('cpu'));

function seed_all(seed: number | bigint): void {
  // The generators of accelerators belong to the process: a worker thread does not reseed them for the others.
  if (isMainThread) native.manual_seed(seed);
  else native.generator_set_seed(default_generator._native, seed);
}

/**
 * Seeds the generators of all devices. Mirrors `torch.manual_seed`.
 *
 * In a worker thread it seeds only the CPU generator of that thread; there `torch.cuda.manual_seed` seeds a
 * GPU's, for all threads.
 *
 * @param seed - an integer
 * @returns the default generator of the CPU
 * @throws RangeError when the seed does not fit 64 bits
 * @example
 * ```ts
 * torch.manual_seed(42);
 * print(torch.rand(2));
 * ```
 * ```python
 * torch.manual_seed(42)
 * print(torch.rand(2))
 * ```
 */
export function manual_seed(seed: number | bigint): Generator;
export function manual_seed(options: { seed: number | bigint }): Generator;
export function manual_seed(...args: unknown[]): Generator {
  seed_all(checked_seed('manual_seed', MANUAL_SEED.read(args).seed));
  return default_generator;
}

/**
 * Seeds all generators from the entropy of the system. Mirrors `torch.seed`.
 *
 * @returns the seed
 * @example
 * ```ts
 * torch.seed();
 * print(torch.rand(2).shape);
 * ```
 * ```python
 * torch.seed()
 * print(torch.rand(2).shape)
 * ```
 */
export function seed(...args: []): number | bigint {
  NONE.seed.read(args);
  const drawn = default_generator.seed();
  seed_all(drawn);
  return drawn;
}

/**
 * The seed that the default generator was last given. Mirrors `torch.initial_seed`.
 * @example
 * ```ts
 * torch.manual_seed(42);
 * print(torch.initial_seed());
 * ```
 * ```python
 * torch.manual_seed(42)
 * print(torch.initial_seed())
 * ```
 */
export function initial_seed(...args: []): number | bigint {
  NONE.initial_seed.read(args);
  return default_generator.initial_seed();
}

/**
 * The state of the default generator as a uint8 tensor. Mirrors `torch.get_rng_state`.
 * @example
 * ```ts
 * const state = torch.get_rng_state();
 * const before = torch.rand(2);
 * torch.set_rng_state(state);
 * print(torch.equal(torch.rand(2), before));
 * ```
 * ```python
 * state = torch.get_rng_state()
 * before = torch.rand(2)
 * torch.set_rng_state(state)
 * print(torch.equal(torch.rand(2), before))
 * ```
 */
export function get_rng_state(...args: []): Tensor {
  NONE.get_rng_state.read(args);
  return default_generator.get_state();
}

/**
 * Sets the state of the default generator. Mirrors `torch.set_rng_state`.
 *
 * @param new_state - what {@link get_rng_state} returned
 * @throws TypeError when it is not a uint8 CPU tensor
 * @throws Error when it has another size
 * @example
 * ```ts
 * const state = torch.get_rng_state();
 * const before = torch.rand(2);
 * torch.set_rng_state(state);
 * print(torch.equal(torch.rand(2), before));
 * ```
 * ```python
 * state = torch.get_rng_state()
 * before = torch.rand(2)
 * torch.set_rng_state(state)
 * print(torch.equal(torch.rand(2), before))
 * ```
 */
export function set_rng_state(new_state: Tensor): void;
export function set_rng_state(options: { new_state: Tensor }): void;
export function set_rng_state(...args: unknown[]): void {
  default_generator.set_state(NEW_STATE.read(args).new_state);
}

/**
 * The generator of the thread where a worker of a DataLoader draws, which is null elsewhere. Mirrors
 * `torch.thread_safe_generator`.
 * @example
 * ```ts
 * print(torch.thread_safe_generator());
 * ```
 * ```python
 * print(torch.thread_safe_generator())
 * ```
 */
export function thread_safe_generator(...args: []): Generator | null {
  NONE.thread_safe_generator.read(args);
  return null;
}

/** The options of {@link fork_rng}. */
export interface ForkRngOptions {
  /** Indices of the accelerators whose generators are kept too. Default null: all. */
  devices?: Iterable<number> | null;
  /** Whether to keep anything. Default true. */
  enabled?: boolean;
  /** The type of these accelerators. Default null: that of this machine, `'cuda'` where there is none. */
  device_type?: string | null;
}

const FORK_RNG = {
  run: signature<{ fn: () => unknown } & ForkRngOptions>(
    'fork_rng',
    'fn: Callable, devices?: Iterable|None, enabled?: bool, *, device_type?: str|None',
  ),
  guard: signature<ForkRngOptions>('fork_rng', 'devices?: Iterable|None, enabled?: bool, *, device_type?: str|None'),
};

let warned = false;

/** Python's warning, once. */
function warn_of_many(type: string, count: number): void {
  if (warned) return;
  warned = true;
  const name = type.toUpperCase();
  warn(
    `${name} reports that you have ${count} available devices, and you have used fork_rng without explicitly specifying ` +
      `which devices are being used. For safety, we initialize *every* ${name} device by default, which can be quite ` +
      `slow if you have a lot of ${name}s. If you know that you are only making use of a few ${name} devices, set the ` +
      `environment variable ${name}_VISIBLE_DEVICES or the 'devices' keyword argument of fork_rng with the set of ` +
      `devices you are actually using. For example, if you are using CPU only, set device.upper()_VISIBLE_DEVICES= or ` +
      `devices=[]; if you are using device 0 only, set ${name}_VISIBLE_DEVICES=0 or devices=[0].  To initialize all ` +
      `devices and suppress this warning, set the 'devices' keyword argument to \`range(torch.${type}.device_count())\`.`,
  );
}

/** The generators that {@link fork_rng} keeps. */
function generators_to_keep(device_type: string, devices: Iterable<number> | null): Generator[] {
  if (!is_accelerator(device_type)) {
    throw new Error(
      `torch has no module of \`${device_type}\`, you should register a module by \`torch._register_device_module\`.`,
    );
  }
  const count = native.device_count(device_type);
  if (devices === null && count > 1) warn_of_many(device_type, count);
  const indices = devices === null ? Array.from({ length: count }, (_, i) => i) : [...devices];
  return [
    default_generator,
    ...indices.map((index) => Generator._from_native(native.generator_default(`${device_type}:${index}`))),
  ];
}

/**
 * Restores the state of the generators afterwards: of a function, a block of `using`, or a method; see {@link Guard}. Mirrors
 * `torch.random.fork_rng`.
 *
 * @param fn - a synchronous function
 * @param options - `devices`, `enabled`, `device_type`; see {@link ForkRngOptions}
 * @returns what `fn` returned; a guard without `fn`
 * @throws TypeError for an asynchronous function
 * @throws Error for a type of device that is not an accelerator
 * @example
 * ```ts
 * const inside = torch.random.fork_rng(() => torch.rand(2));
 * print(torch.equal(inside, torch.rand(2)));
 * ```
 * ```python
 * with torch.random.fork_rng():
 *     inside = torch.rand(2)
 * print(torch.equal(inside, torch.rand(2)))
 * ```
 */
export function fork_rng<T>(
  fn: () => T,
  devices?: Iterable<number> | null,
  enabled?: boolean,
  options?: ForkRngOptions,
): T;
export function fork_rng(...args: Tail<[devices: Iterable<number> | null, enabled: boolean], ForkRngOptions>): Guard;
export function fork_rng<T>(
  fn: () => T,
  ...args: Tail<[devices: Iterable<number> | null, enabled: boolean], ForkRngOptions>
): T;
export function fork_rng(...args: unknown[]): unknown {
  const {
    fn,
    devices = null,
    enabled = true,
    device_type,
  } = has_function(args) ? FORK_RNG.run.read(args) : { ...FORK_RNG.guard.read(args), fn: undefined };
  const wanted = device_type ?? accelerator_name();
  const kept = enabled && wanted !== 'meta' ? generators_to_keep(wanted, devices) : [];
  const mode: Mode<Tensor[]> = {
    enter: () => kept.map((generator) => generator.get_state()),
    leave: (states) => {
      kept.forEach((generator, i) => {
        generator.set_state(states[i]!);
      });
    },
  };
  return run_or_guard('fork_rng', mode, fn);
}
