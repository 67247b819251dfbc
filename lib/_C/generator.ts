/** `torch.Generator`: the state behind random numbers. */
import { isMainThread } from 'node:worker_threads';

import type { Tensor } from '../_tensor.js';
import { name_class } from '../_internal/kind_of.js';
import { define_kind, signature } from '../_internal/signature.js';
import { Device, device_text, type DeviceLike } from '../types/device.js';
import { hint_at_builds } from './error_text.js';
import { native, type NativeGenerator } from './native.js';
import { wrap } from './tensor_base.js';

// What native/core/random.cpp exports beyond the Native interface.
declare module './native.js' {
  interface Native {
    generator_own_default(): void;
    generator_clone_state(generator: NativeGenerator): NativeGenerator;
    generator_graphsafe_get_state(generator: NativeGenerator): NativeGenerator;
    generator_graphsafe_set_state(generator: NativeGenerator, other: NativeGenerator): void;
    generator_get_offset(generator: NativeGenerator): bigint;
    generator_set_offset(generator: NativeGenerator, offset: number | bigint): void;
  }
}

// As each process in Python, each worker thread has a default generator of its own (native/core/thread_generator.cpp).
if (!isMainThread) native.generator_own_default();

// A structured clone would lack the native generator.
const CLONE = Symbol('a torch.Generator: send generator.get_state() by torch.hand_over() to the other thread');

/** A seed as a number where it is a safe integer. */
function to_safe_number(seed: bigint): number | bigint {
  return seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : seed;
}

/** A seed as the addon takes it. @throws RangeError when it does not fit 64 bits. @internal */
export function checked_seed(name: string, seed: number | bigint): number | bigint {
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

const GENERATOR = {
  manual_seed: signature<{ seed: number | bigint }>('Generator.manual_seed', 'seed: int'),
  constructor: signature<{ device?: DeviceLike | null }>('Generator', 'device?: device|None'),
  seed: signature<object>('Generator.seed', ''),
  initial_seed: signature<object>('Generator.initial_seed', ''),
  get_state: signature<object>('Generator.get_state', ''),
  set_state: signature<{ new_state: Tensor }>('Generator.set_state', 'new_state: Tensor'),
  clone_state: signature<object>('Generator.clone_state', ''),
  graphsafe_get_state: signature<object>('Generator.graphsafe_get_state', ''),
  graphsafe_set_state: signature<{ state: Generator }>('Generator.graphsafe_set_state', 'state: Generator'),
  get_offset: signature<object>('Generator.get_offset', ''),
  set_offset: signature<{ offset: number | bigint }>('Generator.set_offset', 'offset: int'),
};

/**
 * A pseudo-random number generator with its own state. Mirrors `torch.Generator`; its numbers equal Python's.
 *
 * @param device - the device of its numbers; default the CPU
 * @throws Error when libtorch does not have the device
 * @example
 * ```ts
 * const generator = new torch.Generator().manual_seed(42);
 * print(torch.rand(2, 3, { generator }));
 * print(generator.initial_seed(), generator.device);
 * ```
 * ```python
 * generator = torch.Generator().manual_seed(42)
 * print(torch.rand(2, 3, generator=generator))
 * print(generator.initial_seed(), generator.device)
 * ```
 */
export class Generator {
  /** @internal */
  readonly _clone = CLONE;
  /** @internal */
  readonly _native: NativeGenerator;

  constructor(device?: DeviceLike | null);
  constructor(options: { device?: DeviceLike | null });
  constructor(...args: unknown[]) {
    const { device = 'cpu' } = GENERATOR.constructor.read(args);
    try {
      this._native = native.generator_new(device_text(device ?? 'cpu'));
    } catch (error) {
      throw hint_at_builds(error);
    }
  }

  /** @internal */
  static _from_native(generator: NativeGenerator): Generator {
    return Object.assign(Object.create(Generator.prototype) as Generator, { _clone: CLONE, _native: generator });
  }

  /** The device of its numbers. */
  get device(): Device {
    return new Device(native.generator_device(this._native));
  }

  /**
   * Sets the seed; returns the generator.
   * @throws TypeError when the seed is not a number; RangeError when it does not fit 64 bits
   */
  manual_seed(seed: number | bigint): this;
  manual_seed(options: { seed: number | bigint }): this;
  manual_seed(...args: unknown[]): this {
    const { seed } = GENERATOR.manual_seed.read(args);
    native.generator_set_seed(this._native, checked_seed('manual_seed', seed));
    return this;
  }

  /** Seeds the generator from the entropy of the system. Mirrors `Generator.seed`. */
  seed(...args: []): number | bigint {
    GENERATOR.seed.read(args);
    return to_safe_number(native.generator_seed(this._native));
  }

  /** The seed that it was last given. Mirrors `Generator.initial_seed`. */
  initial_seed(...args: []): number | bigint {
    GENERATOR.initial_seed.read(args);
    return to_safe_number(native.generator_initial_seed(this._native));
  }

  /** The state as a uint8 tensor. Mirrors `Generator.get_state`. */
  get_state(...args: []): Tensor {
    GENERATOR.get_state.read(args);
    return wrap(native.generator_get_state(this._native));
  }

  /**
   * Sets the state. Mirrors `Generator.set_state`.
   * @throws TypeError when it is not a uint8 CPU tensor; Error when it has another size
   */
  set_state(new_state: Tensor): void;
  set_state(options: { new_state: Tensor }): void;
  set_state(...args: unknown[]): void {
    native.generator_set_state(this._native, GENERATOR.set_state.read(args).new_state._h);
  }

  /** A new generator in the same state. Mirrors `Generator.clone_state`. */
  clone_state(...args: []): Generator {
    GENERATOR.clone_state.read(args);
    return Generator._from_native(native.generator_clone_state(this._native));
  }

  /** A generator that shares the state of this one, for CUDA graphs. @throws Error on the CPU, as in Python */
  graphsafe_get_state(...args: []): Generator {
    GENERATOR.graphsafe_get_state.read(args);
    return Generator._from_native(native.generator_graphsafe_get_state(this._native));
  }

  /** Shares the state of another generator, for CUDA graphs. @throws Error on the CPU, as in Python */
  graphsafe_set_state(state: Generator): this;
  graphsafe_set_state(options: { state: Generator }): this;
  graphsafe_set_state(...args: unknown[]): this {
    native.generator_graphsafe_set_state(this._native, GENERATOR.graphsafe_set_state.read(args).state._native);
    return this;
  }

  /** How many numbers were drawn, on devices whose generators count them (CUDA). @throws Error on the CPU, as in Python */
  get_offset(...args: []): number | bigint {
    GENERATOR.get_offset.read(args);
    return to_safe_number(native.generator_get_offset(this._native));
  }

  /** Sets the offset, a multiple of 4. @throws Error on the CPU, as in Python */
  set_offset(offset: number | bigint): this;
  set_offset(options: { offset: number | bigint }): this;
  set_offset(...args: unknown[]): this {
    native.generator_set_offset(this._native, GENERATOR.set_offset.read(args).offset);
    return this;
  }

  /** Another generator in the same state; what `deepcopy` makes of one. */
  __deepcopy__(): Generator {
    return this.clone_state();
  }

  toString(): string {
    return `<torch._C.Generator device=${String(this.device)}>`;
  }
}

name_class(Generator, 'torch._C.Generator');
define_kind('Generator', 'torch.Generator', (value) => value instanceof Generator);
