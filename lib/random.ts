/** Random number generators: `torch.Generator`, `torch.manual_seed` and the like. */
import { device_text, Device, type DeviceLike } from './device.js';
import { native, type NativeGenerator } from './native.js';
import type { Tensor } from './tensor.js';
import { wrap } from './tensor.js';
import { define_kind } from './_internal/signature.js';

// Structured clones would not have the generator behind it.
const CLONE = Symbol('a torch.Generator: send generator.get_state() by torch.hand_over() to the other thread');

function safe(seed: bigint): number | bigint {
  return seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : seed;
}

function checked_seed(name: string, seed: number | bigint): number | bigint {
  if (typeof seed === 'bigint') {
    if (seed < -(2n ** 63n) || seed > 2n ** 64n - 1n) {
      throw new RangeError(`${name}(): Overflow when unpacking long long`);
    }
    return seed;
  }
  if (typeof seed !== 'number') {
    throw new TypeError(`${name}(): argument 'seed' must be int, not ${typeof seed}`);
  }
  if (!Number.isSafeInteger(Math.trunc(seed))) {
    throw new RangeError(`${name}(): the seed ${seed} is not a safe integer: give a bigint`);
  }
  return Math.trunc(seed);
}

/** A pseudo-random number generator with its own state; mirrors `torch.Generator`. Its draws equal Python's. */
export class Generator {
  /** @internal */
  readonly _clone = CLONE;
  /** @internal */
  readonly _native: NativeGenerator;

  constructor(device: DeviceLike | { device?: DeviceLike } = 'cpu') {
    const place = typeof device === 'object' && !(device instanceof Device) ? (device.device ?? 'cpu') : device;
    this._native = native.generator_new(device_text(place));
  }

  /** @internal */
  static _from_native(generator: NativeGenerator): Generator {
    return Object.assign(Object.create(Generator.prototype) as Generator, { _clone: CLONE, _native: generator });
  }

  /** The device whose numbers it draws. */
  get device(): Device {
    return new Device(native.generator_device(this._native));
  }

  /** Sets the seed; returns the generator. */
  manual_seed(seed: number | bigint): this {
    native.generator_set_seed(this._native, checked_seed('manual_seed', seed));
    return this;
  }

  /** Draws a seed from the system's entropy, sets and returns it. */
  seed(): number | bigint {
    return safe(native.generator_seed(this._native));
  }

  /** The seed that it started from. */
  initial_seed(): number | bigint {
    return safe(native.generator_initial_seed(this._native));
  }

  /** The state as a uint8 tensor. */
  get_state(): Tensor {
    return wrap(native.generator_get_state(this._native));
  }

  /** Sets the state. @throws TypeError when it is not a uint8 CPU tensor; Error when it does not fit */
  set_state(state: Tensor): void {
    native.generator_set_state(this._native, state._h);
  }

  /** Another generator in the same state; what `deepcopy` makes of one. */
  __deepcopy__(): Generator {
    const copy = new Generator(this.device);
    copy.set_state(this.get_state());
    return copy;
  }

  toString(): string {
    return `<torch._C.Generator device=${String(this.device)}>`;
  }
}

/** The generator behind every draw on the CPU that names none; mirrors `torch.default_generator`. */
export const default_generator: Generator = Generator._from_native(native.generator_default('cpu'));

/** Seeds the generators of all devices and returns the CPU's; mirrors `torch.manual_seed`. */
export function manual_seed(seed: number | bigint): Generator {
  native.manual_seed(checked_seed('manual_seed', seed));
  return default_generator;
}

/** Seeds all generators from the system's entropy; mirrors `torch.seed`. */
export function seed(): number | bigint {
  const drawn = default_generator.seed();
  native.manual_seed(drawn);
  return drawn;
}

/** The seed that the default generator started from; mirrors `torch.initial_seed`. */
export function initial_seed(): number | bigint {
  return default_generator.initial_seed();
}

/** The state of the default generator as a uint8 tensor; mirrors `torch.get_rng_state`. */
export function get_rng_state(): Tensor {
  return default_generator.get_state();
}

/** Sets the state of the default generator; mirrors `torch.set_rng_state`. @throws Error when it does not fit */
export function set_rng_state(new_state: Tensor): void {
  default_generator.set_state(new_state);
}

define_kind('Generator', 'torch.Generator', (value) => value instanceof Generator);
