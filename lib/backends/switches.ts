/** Switches of libtorch's context as properties of objects, and as context managers. */
import { native } from '../_C/native.js';
import { run_or_guard, type Guard } from '../_internal/guards.js';
import { kind_of } from '../_internal/representation.js';
import { no_arguments, signature } from '../_internal/signature.js';

// What native/core/context.cpp exports about precision.
declare module '../_C/native.js' {
  interface Native {
    fp32_precision(backend: string, operator: string): string;
    set_fp32_precision(backend: string, operator: string, precision: string): void;
  }
}

let frozen = false;

/** Whether switches may only be set by `flags()`. */
export const is_frozen = (): boolean => frozen;

/** From now on switches may only be set by `flags()`. */
export function freeze_flags(): void {
  frozen = true;
}

/** Runs what sets switches although they may only be set by `flags()`. */
export function thawed<T>(run: () => T): T {
  const before = frozen;
  frozen = false;
  try {
    return run();
  } finally {
    frozen = before;
  }
}

function check_thawed(owner: string): void {
  if (!frozen) return;
  throw new Error(
    `not allowed to set torch.backends.${owner} flags after disable_global_flags; please use flags() context manager instead`,
  );
}

/** Defines a property that reads and sets a switch. */
export function define_switch<T>(
  object: object,
  owner: string,
  key: string,
  {
    get,
    set,
    kind,
    accepts,
  }: { get: () => T; set: (value: T) => void; kind: string; accepts: (value: unknown) => boolean },
): void {
  Object.defineProperty(object, key, {
    enumerable: true,
    get,
    set: (value: unknown) => {
      check_thawed(owner);
      if (!accepts(value)) throw new TypeError(`torch.backends.${owner}.${key} must be ${kind}, not ${kind_of(value)}`);
      set(value as T);
    },
  });
}

/** An object whose properties are switches of libtorch's context, by the names that native/core/context.cpp knows. */
export function switches<K extends string>(owner: string, names: Record<K, string>): Record<K, boolean> {
  const object = {};
  for (const key of Object.keys(names) as K[]) {
    define_switch<boolean>(object, owner, key, {
      get: () => native.switch_get(names[key]),
      set: (on) => {
        native.switch_set(names[key], on);
      },
      kind: 'bool',
      accepts: (value) => typeof value === 'boolean',
    });
  }
  return object as Record<K, boolean>;
}

/** How float32 is computed: as it is, or with less precision. */
export type Fp32Precision = 'none' | 'ieee' | 'tf32' | 'bf16';

/** Adds `fp32_precision`, that of one operator or of `'all'`, to an object. */
export function with_precision<T extends object>(
  object: T,
  owner: string,
  backend: string,
  operator: string,
): T & { fp32_precision: Fp32Precision } {
  define_switch<Fp32Precision>(object, owner, 'fp32_precision', {
    get: () => native.fp32_precision(backend, operator) as Fp32Precision,
    set: (precision) => {
      native.set_fp32_precision(backend, operator, precision);
    },
    kind: 'str',
    accepts: (value) => typeof value === 'string',
  });
  return object as T & { fp32_precision: Fp32Precision };
}

/** Adds functions and properties without reading the switches. */
export function with_members<T extends object, F extends object>(object: T, members: F): T & F {
  return Object.defineProperties(object, Object.getOwnPropertyDescriptors(members)) as T & F;
}

/** A function that takes no arguments. */
export function without_arguments<T>(callee: string, answer: () => T): () => T {
  return (...none: unknown[]) => {
    no_arguments(callee, none);
    return answer();
  };
}

/** A switch as two functions, `<kernel>_enabled` and `enable_<kernel>`. */
export function switch_functions(name: string, kernel: string): [get: () => boolean, set: (enabled: boolean) => void] {
  const its = signature<{ enabled: boolean }>(`enable_${kernel}`, 'enabled: bool');
  return [
    without_arguments(`${kernel}_enabled`, () => native.switch_get(name)),
    (...args: unknown[]) => {
      native.switch_set(name, its.read(args).enabled);
    },
  ];
}

/** The options of `set_flags`: as those of `flags`, with an underscore before each. */
type Underscored<O> = { [K in keyof O as `_${K & string}`]?: O[K] | null };

/** What {@link flag_functions} makes; see {@link Guard} for the forms of `flags`. */
export interface FlagFunctions<O extends object, P extends unknown[]> {
  set_flags(...args: Partial<P>): unknown[];
  set_flags(options: Underscored<O>): unknown[];
  flags(...args: Partial<P>): Guard;
  flags(options: O): Guard;
  flags<T>(fn: () => T, options?: O): T;
}

/**
 * `set_flags`, which sets several properties of an object and returns what they were, and `flags`, which sets them for a while.
 * @param kinds - the properties with their kinds in signatures
 * @param defaults - what `flags` sets where nothing is given; undefined leaves a property as it is
 */
export function flag_functions<O extends object, P extends unknown[]>(
  object: object,
  kinds: Readonly<Record<keyof O & string, string>>,
  defaults: O,
): FlagFunctions<O, P> {
  const names = Object.keys(kinds) as (keyof O & string)[];
  const kind_list = (prefix: string, suffix: string): string =>
    names.map((name) => `${prefix}${name}?: ${kinds[name]}${suffix}`).join(', ');
  const SET_FLAGS = signature<Record<string, unknown>>('set_flags', kind_list('_', '|None'));
  const FLAGS = {
    run: signature<Record<string, unknown> & { fn: () => unknown }>('flags', `fn: Callable, ${kind_list('', '')}`),
    guard: signature<Record<string, unknown>>('flags', kind_list('', '')),
  };
  const target = object as Record<string, unknown>;
  const set = (values: readonly unknown[]): unknown[] => {
    const before = names.map((name) => target[name]);
    for (const [i, name] of names.entries())
      if (values[i] !== undefined && values[i] !== null) target[name] = values[i];
    return before;
  };
  const made = {
    set_flags: (...args: unknown[]): unknown[] => {
      const given = SET_FLAGS.read(args);
      return set(names.map((name) => given[`_${name}`]));
    },
    flags: (...args: unknown[]): unknown => {
      const { fn, ...given } =
        typeof args[0] === 'function' ? FLAGS.run.read(args) : { ...FLAGS.guard.read(args), fn: undefined };
      const values = names.map((name) => (given as Record<string, unknown>)[name] ?? defaults[name]);
      const mode = {
        enter: () => thawed(() => set(values)),
        leave: (before: unknown[]) => {
          thawed(() => set(before));
        },
      };
      return run_or_guard('flags', mode, fn as (() => unknown) | undefined);
    },
  };
  return made as unknown as FlagFunctions<O, P>;
}
