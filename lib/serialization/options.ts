/** How files are read and written where a call does not say it: options of `torch.serialization`. */
import { EnumMember } from '../_internal/enum_member.js';
import { no_arguments, define_kind, signature } from '../_internal/signature.js';
import { has_function, run_or_guard, run_or_set, type Guard } from '../_internal/guards.js';
import type { Mode } from '../_internal/callbacks.js';

/**
 * An order of bytes. Mirrors `torch.serialization.LoadEndianness`; `LoadEndianness.BIG` and the like are its values.
 * @example
 * ```ts
 * print(torch.serialization.LoadEndianness.BIG.name, torch.serialization.LoadEndianness.BIG.value);
 * ```
 * ```python
 * print(torch.serialization.LoadEndianness.BIG.name, torch.serialization.LoadEndianness.BIG.value)
 * ```
 */
export class LoadEndianness extends EnumMember {
  static readonly NATIVE = new LoadEndianness('NATIVE', 1);
  static readonly LITTLE = new LoadEndianness('LITTLE', 2);
  static readonly BIG = new LoadEndianness('BIG', 3);

  private constructor(name: 'NATIVE' | 'LITTLE' | 'BIG', value: number) {
    super(name, value, 'LoadEndianness');
  }
}

define_kind('LoadEndianness', 'LoadEndianness', (value) => value instanceof LoadEndianness);

let endianness: LoadEndianness | null = null;

const SET_ENDIANNESS = signature<{ endianness: LoadEndianness | null }>(
  'set_default_load_endianness',
  'endianness: LoadEndianness|None',
);

/**
 * The order of bytes in files that do not name one; null means that of this machine, as it is unless set. Mirrors
 * `torch.serialization.get_default_load_endianness`.
 * @example
 * ```ts
 * print(torch.serialization.get_default_load_endianness());
 * ```
 * ```python
 * print(torch.serialization.get_default_load_endianness())
 * ```
 */
export function get_default_load_endianness(): LoadEndianness | null;
export function get_default_load_endianness(...none: unknown[]): LoadEndianness | null {
  no_arguments('get_default_load_endianness', none);
  return endianness;
}

/**
 * Sets the order of bytes in files that do not name one. Mirrors `torch.serialization.set_default_load_endianness`.
 *
 * @param value - the order; null for that of this machine
 * @throws TypeError for anything else
 * @example
 * ```ts
 * const { get_default_load_endianness, LoadEndianness, set_default_load_endianness } = torch.serialization;
 * set_default_load_endianness(LoadEndianness.BIG);
 * print(get_default_load_endianness());
 * set_default_load_endianness(null);
 * ```
 * ```python
 * from torch.serialization import get_default_load_endianness, LoadEndianness, set_default_load_endianness
 * set_default_load_endianness(LoadEndianness.BIG)
 * print(get_default_load_endianness())
 * set_default_load_endianness(None)
 * ```
 */
export function set_default_load_endianness(value: LoadEndianness | null): void;
export function set_default_load_endianness(...args: unknown[]): void {
  ({ endianness } = SET_ENDIANNESS.read(args));
}

/** Whether files that do not name an order of bytes have the one that is not this machine's. @internal */
export function is_big_endian_by_default(): boolean {
  return endianness === LoadEndianness.BIG;
}

/** Flag of {@link set_default_mmap_options}: what is written to a mapped file's tensors goes into the file. */
export const MAP_SHARED = 1;
/** Flag of {@link set_default_mmap_options}: what is written to a mapped file's tensors stays in this process. */
export const MAP_PRIVATE = 2;

let mmap_flags: number = MAP_PRIVATE;

const SET_MMAP = signature<{ flags: number; fn?: () => unknown }>(
  'set_default_mmap_options',
  'flags: int, fn?: Callable',
);

/**
 * How `torch.load` maps files with `{ mmap: true }`. Mirrors `torch.serialization.get_default_mmap_options`.
 * @example
 * ```ts
 * print(torch.serialization.get_default_mmap_options() === torch.serialization.MAP_PRIVATE);
 * ```
 * ```python
 * print(torch.serialization.get_default_mmap_options() == torch.serialization.MAP_PRIVATE)
 * ```
 */
export function get_default_mmap_options(): number;
export function get_default_mmap_options(...none: unknown[]): number {
  no_arguments('get_default_mmap_options', none);
  return mmap_flags;
}

/**
 * Says how `torch.load` maps files with `{ mmap: true }`: set at once, or for a function, a block of `using` or a method; see {@link
 * Guard}. Mirrors `torch.serialization.set_default_mmap_options`.
 *
 * @param flags - {@link MAP_PRIVATE} or {@link MAP_SHARED}
 * @param fn - a synchronous function that runs with this setting, which is restored afterwards
 * @returns what `fn` returned; without `fn` a guard, which has set it already
 * @throws Error for other flags
 * @example
 * ```ts
 * const { get_default_mmap_options, MAP_SHARED, set_default_mmap_options } = torch.serialization;
 * print(set_default_mmap_options(MAP_SHARED, () => get_default_mmap_options()) === MAP_SHARED);
 * ```
 * ```python
 * from torch.serialization import get_default_mmap_options, MAP_SHARED, set_default_mmap_options
 * with set_default_mmap_options(MAP_SHARED):
 *     print(get_default_mmap_options() == MAP_SHARED)
 * ```
 */
export function set_default_mmap_options(flags: number): Guard;
export function set_default_mmap_options<T>(flags: number, fn: () => T): T;
export function set_default_mmap_options(options: { flags: number }): Guard;
export function set_default_mmap_options(...args: unknown[]): unknown {
  const { flags, fn } = SET_MMAP.read(args);
  if (flags !== MAP_PRIVATE && flags !== MAP_SHARED) {
    throw new Error(
      'Invalid argument in function set_default_mmap_options, expected mmap.MAP_PRIVATE or mmap.MAP_SHARED, but got ' +
        String(flags),
    );
  }
  const mode: Mode<number> = {
    enter: () => {
      const before = mmap_flags;
      mmap_flags = flags;
      return before;
    },
    leave: (before) => {
      mmap_flags = before;
    },
  };
  return run_or_set('set_default_mmap_options', mode, fn);
}

let skipping = false;

const SKIP_DATA = {
  run: signature<{ fn: () => unknown; materialize_fake_tensors?: boolean }>(
    'skip_data',
    'fn: Callable, materialize_fake_tensors?: bool',
  ),
  guard: signature<{ materialize_fake_tensors?: boolean }>('skip_data', 'materialize_fake_tensors?: bool'),
};

const skip: Mode<boolean> = {
  enter: () => {
    const before = skipping;
    skipping = true;
    return before;
  },
  leave: (before) => {
    skipping = before;
  },
};

/** Whether the bytes of storages are neither written nor read. @internal */
export function skips_data(): boolean {
  return skipping;
}

/**
 * Leaves out the bytes of storages: `torch.save` writes zeros where they belong, and `torch.load` gives tensors whose elements are
 * not initialized; in a function, a block of `using`, or a method; see {@link Guard}. Mirrors `torch.serialization.skip_data`.
 *
 * @param fn - a synchronous function
 * @param materialize_fake_tensors - has no effect, since there are no fake tensors here; default false
 * @returns what `fn` returned; a guard without `fn`
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const chunks: Uint8Array[] = [];
 * torch.serialization.skip_data(() => torch.save(torch.ones(2, 3), { write: (bytes: Uint8Array) => chunks.push(bytes.slice()) }));
 * print(torch.load(Buffer.concat(chunks)));
 * ```
 * ```python
 * import io
 * buffer = io.BytesIO()
 * with torch.serialization.skip_data():
 *     torch.save(torch.ones(2, 3), buffer)
 * buffer.seek(0)
 * print(torch.load(buffer))
 * ```
 */
export function skip_data<T>(fn: () => T, options?: { materialize_fake_tensors?: boolean }): T;
export function skip_data(options?: boolean | { materialize_fake_tensors?: boolean }): Guard;
export function skip_data(...args: unknown[]): unknown {
  const fn = has_function(args) ? SKIP_DATA.run.read(args).fn : undefined;
  if (fn === undefined) SKIP_DATA.guard.read(args);
  return run_or_guard('skip_data', skip, fn);
}
