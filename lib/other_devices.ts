/**
 * `torch.xpu` and `torch.mtia`: devices for which this package obtains no libtorch. What programs ask before they use one is
 * answered as in Python; the rest works through libtorch's interfaces for any device where a libtorch that has it is loaded.
 */
import { checked_seed } from './_C/generator.js';
import { native } from './_C/native.js';
import { run_or_guard, type Guard } from './_internal/guards.js';
import { no_arguments, signature } from './_internal/signature.js';
import { Generator } from './random.js';
import type { Tensor } from './_tensor.js';
import { Device, initialize_device, type DeviceLike } from './types/device.js';

// What native/core/device_hooks.cpp exports about MTIA.
declare module './_C/native.js' {
  interface Native {
    mtia_current_device(): number;
    mtia_set_device(index: number): void;
    mtia_synchronize(index: number): void;
    mtia_empty_cache(): void;
  }
}

type OneDevice = [device?: DeviceLike | null] | [options: { device?: DeviceLike | null }];

const of_device = (callee: string) => signature<{ device?: DeviceLike | null }>(callee, 'device?: device|None');
const CALLS = {
  synchronize: of_device('synchronize'),
  get_rng_state: of_device('get_rng_state'),
  memory_allocated: of_device('memory_allocated'),
  max_memory_allocated: of_device('max_memory_allocated'),
  memory_stats: of_device('memory_stats'),
  set_device: signature<{ device: DeviceLike | null }>('set_device', 'device: device|None'),
  device: signature<{ device: DeviceLike | null }>('device', 'device: device|None'),
  device_run: signature<{ device: DeviceLike | null; fn: () => unknown }>(
    'device',
    'device: device|None, fn: Callable',
  ),
  manual_seed: signature<{ seed: number | bigint }>('manual_seed', 'seed: int'),
  manual_seed_all: signature<{ seed: number | bigint }>('manual_seed_all', 'seed: int'),
  set_rng_state: signature<{ new_state: Tensor; device?: DeviceLike | null }>(
    'set_rng_state',
    'new_state: Tensor, device?: device|None',
  ),
  set_rng_state_all: signature<{ new_states: readonly Tensor[] }>('set_rng_state_all', 'new_states: Tensor[]'),
  is_bf16_supported: signature<{ including_emulation?: boolean }>('is_bf16_supported', 'including_emulation?: bool'),
};

/** How a type of device is asked for its current device, and for work on it. */
interface Access {
  current(): number;
  set(index: number): void;
  synchronize(index: number): void;
  empty_cache(): void;
  /** What Python says about bfloat16 where there is no device. */
  readonly bf16_without_device: boolean;
}

function device_module(type: 'xpu' | 'mtia', access: Access) {
  const count = (): number => native.device_count(type);
  const ready = (): void => {
    initialize_device(type);
  };
  const index_of = (device: DeviceLike | null | undefined): number => {
    const index =
      device === null || device === undefined ? null : typeof device === 'number' ? device : new Device(device).index;
    return index ?? access.current();
  };
  const generator_of = (device: DeviceLike | null | undefined): Generator => {
    ready();
    return Generator._from_native(native.generator_default(`${type}:${index_of(device)}`));
  };
  const each_generator = (use: (generator: Generator, index: number) => void): void => {
    for (let i = 0; i < count(); i++) use(generator_of(i), i);
  };
  const stats = (device: DeviceLike | null | undefined): Record<string, number> =>
    count() === 0 ? {} : native.accelerator_memory_stats(index_of(device));

  return {
    /** Whether there is a device that can be used now. */
    is_available(...none: []): boolean {
      no_arguments('is_available', none);
      return count() > 0;
    },
    /** The number of devices. */
    device_count(...none: []): number {
      no_arguments('device_count', none);
      return count();
    },
    /** Whether the devices are initialized; here they are when they are there. */
    is_initialized(...none: []): boolean {
      no_arguments('is_initialized', none);
      return count() > 0;
    },
    /** Initializes the devices. @throws Error with Python's text when libtorch does not have them */
    init(...none: []): void {
      no_arguments('init', none);
      ready();
    },
    /** The index of the current device. */
    current_device(...none: []): number {
      no_arguments('current_device', none);
      return access.current();
    },
    /** Sets the current device. */
    set_device(...args: [device: DeviceLike] | [options: { device: DeviceLike }]): void {
      const { device } = CALLS.set_device.read(args);
      access.set(typeof device === 'number' ? device : index_of(device));
    },
    /** Selects a device in a function, in a block of `using`, or in a method; see {@link Guard}. */
    device: ((...args: unknown[]): unknown => {
      const { device, fn } =
        args.length > 1 ? CALLS.device_run.read(args) : { ...CALLS.device.read(args), fn: undefined };
      const mode = {
        enter: () => {
          const before = access.current();
          access.set(index_of(device));
          return before;
        },
        leave: (before: number) => {
          access.set(before);
        },
      };
      return run_or_guard('device', mode, fn);
    }) as {
      (device: DeviceLike | null): Guard;
      <T>(device: DeviceLike | null, fn: () => T): T;
    },
    /** Waits for all work on a device; default the current one. */
    synchronize(...args: OneDevice): void {
      access.synchronize(index_of(CALLS.synchronize.read(args).device));
    },
    /** Releases memory that is cached and not in use. */
    empty_cache(...none: []): void {
      no_arguments('empty_cache', none);
      access.empty_cache();
    },
    /** Whether the current device computes in bfloat16. */
    is_bf16_supported(
      ...args: [including_emulation?: boolean] | [options: { including_emulation?: boolean }]
    ): boolean {
      CALLS.is_bf16_supported.read(args);
      return count() > 0 || access.bf16_without_device;
    },
    /** Seeds the generator of the current device; has no effect where there is none. */
    manual_seed(...args: [seed: number | bigint] | [options: { seed: number | bigint }]): void {
      const seed = checked_seed('manual_seed', CALLS.manual_seed.read(args).seed);
      if (count() > 0) generator_of(null).manual_seed(seed);
    },
    /** Seeds the generators of all devices. */
    manual_seed_all(...args: [seed: number | bigint] | [options: { seed: number | bigint }]): void {
      const seed = checked_seed('manual_seed_all', CALLS.manual_seed_all.read(args).seed);
      each_generator((generator) => generator.manual_seed(seed));
    },
    /** Seeds the generator of the current device from the entropy of the system. */
    seed(...none: []): void {
      no_arguments('seed', none);
      if (count() > 0) generator_of(null).seed();
    },
    /** Seeds the generators of all devices alike, from the entropy of the system. */
    seed_all(...none: []): void {
      no_arguments('seed_all', none);
      let drawn: number | bigint | undefined;
      each_generator((generator) => {
        if (drawn === undefined) drawn = generator.seed();
        else generator.manual_seed(drawn);
      });
    },
    /** The seed of the generator of the current device. */
    initial_seed(...none: []): number | bigint {
      no_arguments('initial_seed', none);
      return generator_of(null).initial_seed();
    },
    /** The state of the generator of a device. */
    get_rng_state(...args: OneDevice): Tensor {
      return generator_of(CALLS.get_rng_state.read(args).device).get_state();
    },
    /** The states of the generators of all devices. */
    get_rng_state_all(...none: []): Tensor[] {
      no_arguments('get_rng_state_all', none);
      const states: Tensor[] = [];
      each_generator((generator) => states.push(generator.get_state()));
      return states;
    },
    /** Sets the state of the generator of a device. */
    set_rng_state(
      ...args:
        | [new_state: Tensor, device?: DeviceLike | null]
        | [new_state: Tensor, options: { device?: DeviceLike | null }]
        | [options: { new_state: Tensor; device?: DeviceLike | null }]
    ): void {
      const { new_state, device } = CALLS.set_rng_state.read(args);
      if (type === 'mtia') index_of(device);
      if (count() > 0) generator_of(device).set_state(new_state);
    },
    /** Sets the states of the generators of all devices. */
    set_rng_state_all(...args: [new_states: readonly Tensor[]] | [options: { new_states: readonly Tensor[] }]): void {
      const { new_states } = CALLS.set_rng_state_all.read(args);
      for (const [i, state] of new_states.entries()) generator_of(i).set_state(state);
    },
    /** The bytes that tensors of a device occupy. */
    memory_allocated(...args: OneDevice): number {
      return stats(CALLS.memory_allocated.read(args).device)['allocated_bytes.all.current'] ?? 0;
    },
    /** The most bytes that tensors of a device have occupied. */
    max_memory_allocated(...args: OneDevice): number {
      return stats(CALLS.max_memory_allocated.read(args).device)['allocated_bytes.all.peak'] ?? 0;
    },
    /** What the allocator of a device has counted. */
    memory_stats(...args: OneDevice): Record<string, number> {
      return stats(CALLS.memory_stats.read(args).device);
    },
  };
}

/**
 * Mirrors `torch.xpu`: Intel GPUs. Where libtorch does not have them, there are no devices, and what needs one throws Python's
 * error.
 * @example
 * ```ts
 * const device = torch.xpu.is_available() ? 'xpu' : 'cpu';
 * print(torch.ones(2, { device }).cpu(), torch.xpu.device_count() > 0 === torch.xpu.is_available());
 * ```
 * ```python
 * device = 'xpu' if torch.xpu.is_available() else 'cpu'
 * print(torch.ones(2, device=device).cpu(), (torch.xpu.device_count() > 0) == torch.xpu.is_available())
 * ```
 */
export const xpu = device_module('xpu', {
  current: () => {
    initialize_device('xpu');
    return native.device_current('xpu');
  },
  set: (index) => {
    initialize_device('xpu');
    if (index >= 0) native.device_set_current(`xpu:${index}`);
  },
  synchronize: (index) => {
    native.device_synchronize(`xpu:${index}`);
  },
  empty_cache: () => {
    if (native.device_count('xpu') > 0) native.accelerator_empty_cache();
  },
  bf16_without_device: false,
});

/**
 * Mirrors `torch.mtia`: Meta's accelerators. Where libtorch does not have them, there are no devices, and what needs one throws
 * Python's error.
 * @example
 * ```ts
 * print(torch.mtia.is_available(), torch.mtia.device_count());
 * ```
 * ```python
 * print(torch.mtia.is_available(), torch.mtia.device_count())
 * ```
 */
export const mtia = device_module('mtia', {
  current: () => native.mtia_current_device(),
  set: (index) => {
    native.mtia_set_device(index);
  },
  synchronize: (index) => {
    native.mtia_synchronize(index);
  },
  empty_cache: () => {
    native.mtia_empty_cache();
  },
  bf16_without_device: true,
});
