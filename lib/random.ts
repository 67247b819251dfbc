/** Random number generators: `torch.manual_seed` and the like. */
import { isMainThread } from 'node:worker_threads';

import { checked_seed, Generator } from './_C/generator.js';
import { native } from './_C/native.js';
import type { Tensor } from './_tensor.js';
import { signature } from './_internal/signature.js';

export { Generator } from './_C/generator.js';

const MANUAL_SEED = signature<{ seed: number | bigint }>('manual_seed', 'seed: float');
const NONE = {
  seed: signature<object>('seed', ''),
  initial_seed: signature<object>('initial_seed', ''),
  get_rng_state: signature<object>('get_rng_state', ''),
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
export * from './absent/random.js';
