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
 * The generator behind every draw on the CPU that names none; mirrors `torch.default_generator`. Each worker thread has its
 * own, as each process has in Python, seeded from the system's entropy.
 */
export const default_generator: Generator = Generator._from_native(native.generator_default('cpu'));

function seed_all(seed: number | bigint): void {
  // The generators of accelerators belong to the process: a worker thread does not reseed them for the others.
  if (isMainThread) native.manual_seed(seed);
  else native.generator_set_seed(default_generator._native, seed);
}

/**
 * Seeds the generators of all devices and returns the CPU's; mirrors `torch.manual_seed`. In a worker thread it seeds the
 * thread's own CPU generator only; there {@link torch.cuda.manual_seed} seeds a GPU's, for all threads.
 *
 * @example
 * ```ts
 * torch.manual_seed(0);
 * torch.rand(2); // tensor([0.4963, 0.7682])
 * ```
 */
export function manual_seed(seed: number | bigint): Generator;
export function manual_seed(options: { seed: number | bigint }): Generator;
export function manual_seed(...args: unknown[]): Generator {
  seed_all(checked_seed('manual_seed', MANUAL_SEED.read(args).seed));
  return default_generator;
}

/** Seeds all generators from the system's entropy; mirrors `torch.seed`. Returns the seed. */
export function seed(...args: []): number | bigint {
  NONE.seed.read(args);
  const drawn = default_generator.seed();
  seed_all(drawn);
  return drawn;
}

/** The seed that the default generator started from; mirrors `torch.initial_seed`. */
export function initial_seed(...args: []): number | bigint {
  NONE.initial_seed.read(args);
  return default_generator.initial_seed();
}

/** The state of the default generator as a uint8 tensor; mirrors `torch.get_rng_state`. */
export function get_rng_state(...args: []): Tensor {
  NONE.get_rng_state.read(args);
  return default_generator.get_state();
}

/** Sets the state of the default generator; mirrors `torch.set_rng_state`. @throws Error when it does not fit */
export function set_rng_state(new_state: Tensor): void;
export function set_rng_state(options: { new_state: Tensor }): void;
export function set_rng_state(...args: unknown[]): void {
  default_generator.set_state(NEW_STATE.read(args).new_state);
}
export * from './absent/random.js';
