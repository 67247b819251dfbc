/** Random number generators: `torch.Generator`, `torch.manual_seed` and the like. */
import { device_text, Device, type DeviceLike } from './device.js';
import { native, type NativeGenerator } from './native.js';
import type { Tensor } from './tensor.js';
import { wrap } from './tensor.js';
import { name_class } from './_internal/kind_of.js';
import { define_kind, no_arguments, signature } from './_internal/signature.js';

function safe(seed: bigint): number | bigint {
  return seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : seed;
}

type Seed = number | bigint;

function checked_seed(name: string, seed: Seed): Seed {
  if (typeof seed === 'bigint') {
    if (seed < -(2n ** 63n) || seed > 2n ** 64n - 1n) {
      throw new RangeError(`${name}(): Overflow when unpacking long long`);
    }
    return seed;
  }
  if (!Number.isSafeInteger(Math.trunc(seed))) {
    throw new RangeError(`${name}(): the seed ${seed} is not a safe integer: give a bigint`);
  }
  return Math.trunc(seed);
}

const GENERATOR = signature<{ device?: DeviceLike }>('Generator', 'device?: device');
// Python turns what it is given into an int.
const MANUAL_SEED = signature<{ seed: Seed }>('manual_seed', 'seed: float');
const SET_STATE = signature<{ new_state: Tensor }>('set_state', 'new_state: Tensor');
const SET_RNG_STATE = signature<{ new_state: Tensor }>('set_rng_state', 'new_state: Tensor');

/** A pseudo-random number generator with its own state; mirrors `torch.Generator`. Its draws equal Python's. */
export class Generator {
  /** @internal */
  readonly _native: NativeGenerator;

  /** @param args - `device`, that of the tensors which it fills (default 'cpu') */
  constructor(...args: [device?: DeviceLike | { device?: DeviceLike }]) {
    this._native = native.generator_new(args.length === 0 ? 'cpu' : device_text(GENERATOR.read(args).device ?? 'cpu'));
  }

  /** @internal */
  static _from_native(generator: NativeGenerator): Generator {
    const made = Object.create(Generator.prototype) as { _native: NativeGenerator };
    made._native = generator;
    return made as Generator;
  }

  /** The device whose numbers it draws. */
  get device(): Device {
    return new Device(native.generator_device(this._native));
  }

  /** Sets the seed; returns the generator. */
  manual_seed(seed: Seed | { seed: Seed }): this;
  manual_seed(...args: unknown[]): this {
    native.generator_set_seed(this._native, checked_seed('manual_seed', MANUAL_SEED.read(args).seed));
    return this;
  }

  /** Draws a seed from the system's entropy, sets and returns it. */
  seed(): Seed;
  seed(...args: unknown[]): Seed {
    no_arguments('seed', args);
    return safe(native.generator_seed(this._native));
  }

  /** The seed that it started from. */
  initial_seed(): Seed;
  initial_seed(...args: unknown[]): Seed {
    no_arguments('initial_seed', args);
    return safe(native.generator_initial_seed(this._native));
  }

  /** The state as a uint8 tensor. */
  get_state(): Tensor;
  get_state(...args: unknown[]): Tensor {
    no_arguments('get_state', args);
    return wrap(native.generator_get_state(this._native));
  }

  /** Sets the state. @throws TypeError when it is not a uint8 CPU tensor; Error when it does not fit */
  set_state(new_state: Tensor | { new_state: Tensor }): void;
  set_state(...args: unknown[]): void {
    native.generator_set_state(this._native, SET_STATE.read(args).new_state._h);
  }

  /** Another generator in the same state; what `deepcopy` makes of one. */
  __deepcopy__(): Generator {
    const copy = new Generator(this.device);
    copy.set_state(this.get_state());
    return copy;
  }

  toString(...none: []): string {
    no_arguments('toString', none);
    return `<torch._C.Generator device=${String(this.device)}>`;
  }
}

/** The generator behind every draw on the CPU that names none; mirrors `torch.default_generator`. */
export const default_generator: Generator = Generator._from_native(native.generator_default('cpu'));

/** Seeds the generators of all devices and returns the CPU's; mirrors `torch.manual_seed`. */
export function manual_seed(seed: Seed | { seed: Seed }): Generator;
export function manual_seed(...args: unknown[]): Generator {
  native.manual_seed(checked_seed('manual_seed', MANUAL_SEED.read(args).seed));
  return default_generator;
}

/** Seeds all generators from the system's entropy; mirrors `torch.seed`. */
export function seed(): Seed;
export function seed(...args: unknown[]): Seed {
  no_arguments('seed', args);
  const drawn = default_generator.seed();
  native.manual_seed(drawn);
  return drawn;
}

/** The seed that the default generator started from; mirrors `torch.initial_seed`. */
export function initial_seed(): Seed;
export function initial_seed(...args: unknown[]): Seed {
  no_arguments('initial_seed', args);
  return default_generator.initial_seed();
}

/** The state of the default generator as a uint8 tensor; mirrors `torch.get_rng_state`. */
export function get_rng_state(): Tensor;
export function get_rng_state(...args: unknown[]): Tensor {
  no_arguments('get_rng_state', args);
  return default_generator.get_state();
}

/** Sets the state of the default generator; mirrors `torch.set_rng_state`. @throws Error when it does not fit */
export function set_rng_state(new_state: Tensor | { new_state: Tensor }): void;
export function set_rng_state(...args: unknown[]): void {
  default_generator.set_state(SET_RNG_STATE.read(args).new_state);
}

name_class(Generator, 'torch._C.Generator');
define_kind('Generator', 'torch.Generator', (value) => value instanceof Generator);
