/** Random numbers of CUDA devices: `torch.cuda.random`, whose functions are in `torch.cuda` too. */
import { checked_seed } from '../_C/generator.js';
import { native } from '../_C/native.js';
import { no_arguments, signature } from '../_internal/signature.js';
import { Generator } from '../random.js';
import type { Tensor } from '../_tensor.js';
import { Device, type DeviceLike } from '../types/device.js';
import { count, lazy_init } from './device_index.js';

const of_seed = (callee: string) => signature<{ seed: number | bigint }>(callee, 'seed: float');

const GET_RNG_STATE = signature<{ device?: DeviceLike | null }>('get_rng_state', 'device?: device|None');
const SET_RNG_STATE = signature<{ new_state: Tensor; device?: DeviceLike | null }>(
  'set_rng_state',
  'new_state: Tensor, device?: device|None',
);
const SET_RNG_STATE_ALL = signature<{ new_states: readonly Tensor[] }>('set_rng_state_all', 'new_states: Tensor[]');
const MANUAL_SEED = of_seed('manual_seed');
const MANUAL_SEED_ALL = of_seed('manual_seed_all');

/** The generator of a device, which is there as soon as the device is: it needs no initialization. */
function generator_of(device: DeviceLike | null | undefined): Generator {
  lazy_init();
  const given =
    device === null || device === undefined || typeof device === 'number' ? device : new Device(device).index;
  return Generator._from_native(native.generator_default(`cuda:${given ?? native.device_current('cuda')}`));
}

/**
 * Python keeps what is set before CUDA is initialized, and does it then. libtorch's generators take it at any time, so that it
 * is done at once where there is a device; without one it has no effect, as in Python.
 */
function where_there_is_one(run: () => void): void {
  if (count() > 0) run();
}

/**
 * Seeds the generator of the current device; without CUDA it has no effect. Mirrors `torch.cuda.manual_seed`.
 *
 * @param seed - an integer
 * @throws RangeError when the seed does not fit 64 bits
 * @example
 * ```ts
 * torch.cuda.manual_seed(0);
 * print(torch.initial_seed());
 * ```
 * ```python
 * torch.cuda.manual_seed(0)
 * print(torch.initial_seed())
 * ```
 */
export function manual_seed(seed: number | bigint): void;
export function manual_seed(...args: unknown[]): void {
  const seed = checked_seed('manual_seed', MANUAL_SEED.read(args).seed);
  where_there_is_one(() => generator_of(null).manual_seed(seed));
}

/**
 * Seeds the generators of all devices; without CUDA it has no effect. Mirrors `torch.cuda.manual_seed_all`.
 *
 * @param seed - an integer
 * @throws RangeError when the seed does not fit 64 bits
 * @example
 * ```ts
 * torch.cuda.manual_seed_all(0);
 * print(torch.initial_seed());
 * ```
 * ```python
 * torch.cuda.manual_seed_all(0)
 * print(torch.initial_seed())
 * ```
 */
export function manual_seed_all(seed: number | bigint): void;
export function manual_seed_all(...args: unknown[]): void {
  const seed = checked_seed('manual_seed_all', MANUAL_SEED_ALL.read(args).seed);
  for (let i = 0; i < count(); i++) generator_of(i).manual_seed(seed);
}

/**
 * Seeds the generator of the current device from the entropy of the system; without CUDA it has no effect. Mirrors
 * `torch.cuda.seed`.
 * @example
 * ```ts
 * print(torch.cuda.seed());
 * ```
 * ```python
 * print(torch.cuda.seed())
 * ```
 */
export function seed(...none: []): void {
  no_arguments('seed', none);
  where_there_is_one(() => void generator_of(null).seed());
}

/**
 * Seeds the generators of all devices alike from the entropy of the system; without CUDA it has no effect. Mirrors
 * `torch.cuda.seed_all`.
 * @example
 * ```ts
 * print(torch.cuda.seed_all());
 * ```
 * ```python
 * print(torch.cuda.seed_all())
 * ```
 */
export function seed_all(...none: []): void {
  no_arguments('seed_all', none);
  if (count() === 0) return;
  const drawn = generator_of(0).seed();
  for (let i = 1; i < count(); i++) generator_of(i).manual_seed(drawn);
}

/**
 * The seed of the generator of the current device. Mirrors `torch.cuda.initial_seed`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * torch.manual_seed(5);
 * print(torch.cuda.is_available() ? torch.cuda.initial_seed() : 'no CUDA device');
 * ```
 * ```python
 * torch.manual_seed(5)
 * print(torch.cuda.initial_seed() if torch.cuda.is_available() else 'no CUDA device')
 * ```
 */
export function initial_seed(...none: []): number | bigint {
  no_arguments('initial_seed', none);
  return generator_of(null).initial_seed();
}

/**
 * The state of the generator of a device as a uint8 tensor. Mirrors `torch.cuda.get_rng_state`.
 * @param device - default null, the current device
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * try {
 *   print(torch.cuda.get_rng_state());
 * } catch (error) {
 *   print((error as Error).message.split('\n')[0]); // on a machine without CUDA
 * }
 * ```
 * ```python
 * try:
 *     print(torch.cuda.get_rng_state())
 * except Exception as error:
 *     print(error)
 * ```
 */
export function get_rng_state(device?: DeviceLike | null): Tensor;
export function get_rng_state(...args: unknown[]): Tensor {
  return generator_of(GET_RNG_STATE.read(args).device).get_state();
}

/**
 * The states of the generators of all devices. Mirrors `torch.cuda.get_rng_state_all`.
 * @example
 * ```ts
 * print(torch.cuda.get_rng_state_all().length === torch.cuda.device_count());
 * ```
 * ```python
 * print(len(torch.cuda.get_rng_state_all()) == torch.cuda.device_count())
 * ```
 */
export function get_rng_state_all(...none: []): Tensor[] {
  no_arguments('get_rng_state_all', none);
  return Array.from({ length: count() }, (_, i) => generator_of(i).get_state());
}

/**
 * Sets the state of the generator of a device; without CUDA it has no effect. Mirrors `torch.cuda.set_rng_state`.
 * @param new_state - what {@link get_rng_state} returned
 * @param device - default null, the current device
 * @throws Error when the state does not fit
 * @example
 * ```ts
 * if (torch.cuda.is_available()) {
 *   const state = torch.cuda.get_rng_state();
 *   print(torch.rand(2, { device: 'cuda' }));
 *   torch.cuda.set_rng_state(state); // the same numbers again
 *   print(torch.rand(2, { device: 'cuda' }));
 * } else print('no CUDA device');
 * ```
 * ```python
 * if torch.cuda.is_available():
 *     state = torch.cuda.get_rng_state()
 *     print(torch.rand(2, device='cuda'))
 *     torch.cuda.set_rng_state(state)
 *     print(torch.rand(2, device='cuda'))
 * else:
 *     print('no CUDA device')
 * ```
 */
export function set_rng_state(new_state: Tensor, device?: DeviceLike | null): void;
export function set_rng_state(...args: unknown[]): void {
  const { new_state, device } = SET_RNG_STATE.read(args);
  where_there_is_one(() => generator_of(device).set_state(new_state));
}

/**
 * Sets the states of the generators of all devices, in their order; without CUDA it has no effect. Mirrors
 * `torch.cuda.set_rng_state_all`.
 * @param new_states - what {@link get_rng_state_all} returned
 * @throws Error when a state does not fit
 * @example
 * ```ts
 * torch.cuda.set_rng_state_all(torch.cuda.get_rng_state_all());
 * print(torch.cuda.device_count() >= 0);
 * ```
 * ```python
 * torch.cuda.set_rng_state_all(torch.cuda.get_rng_state_all())
 * print(torch.cuda.device_count() >= 0)
 * ```
 */
export function set_rng_state_all(new_states: readonly Tensor[]): void;
export function set_rng_state_all(...args: unknown[]): void {
  const { new_states } = SET_RNG_STATE_ALL.read(args);
  for (const [i, state] of new_states.entries()) set_rng_state(state, i);
}
