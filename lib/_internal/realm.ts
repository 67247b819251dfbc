/**
 * Values of the addon in the realm of the package. Node makes what an addon returns or throws, and what a message from
 * another thread holds, in the realm (the global object) of the main program. Jest and `vitest --pool vmThreads` load the
 * package in a realm of their own, where such an error is not an instance of `Error`, nor an array one of `Array`.
 */
import { types } from 'node:util';

const local_prototypes = new WeakMap<object, object>();

/** The prototype of this realm's class of the same name; `prototype` itself when there is none. */
function local_prototype(prototype: object): object {
  let local = local_prototypes.get(prototype);
  if (local === undefined) {
    const { name } = (prototype as { constructor: { name: string } }).constructor;
    const same = (globalThis as Record<string, unknown>)[name];
    local_prototypes.set(prototype, (local = typeof same === 'function' ? (same.prototype as object) : prototype));
  }
  return local;
}

/** Whether a prototype is an `Object.prototype`: that of object literals. */
function is_root(prototype: object | null): boolean {
  return prototype !== null && Object.getPrototypeOf(prototype) === null;
}

/** Makes an error, array, buffer or object literal of another realm an instance of this realm's class of the same name. */
export function to_this_realm<T>(value: T): T {
  if (typeof value !== 'object' || value === null || types.isExternal(value)) return value;
  if (Array.isArray(value)) value.forEach(to_this_realm);
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null || !Object.isExtensible(value)) return value;
  const builtin =
    Array.isArray(value) || types.isAnyArrayBuffer(value) || types.isNativeError(value) || is_root(prototype);
  if (!builtin) return value;
  const wanted = local_prototype(prototype);
  return wanted === prototype ? value : (Object.setPrototypeOf(value, wanted) as T);
}

/** Whether what the addon throws is of another realm than this one. */
function is_foreign(throwing: () => unknown): boolean {
  try {
    throwing();
  } catch (error) {
    return !(error instanceof Error);
  }
  return false;
}

function with_adopted_results(member: (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
  const refused = (error: unknown): never => {
    throw to_this_realm(error);
  };
  return (...args) => {
    try {
      const result = member(...args);
      return types.isPromise(result) ? Promise.resolve(result).then(to_this_realm, refused) : to_this_realm(result);
    } catch (error) {
      return refused(error);
    }
  };
}

/**
 * The functions of an addon, such that errors, arrays, objects and buffers that they make belong to this realm. In the
 * ordinary case that is the addon itself, at no cost per call.
 * @param throwing - a call for which the addon throws
 */
export function in_this_realm<T extends object>(addon: T, throwing: () => unknown): T {
  if (!is_foreign(throwing)) return addon;
  return Object.fromEntries(
    Object.entries(addon).map(([name, member]: [string, unknown]) => [
      name,
      typeof member === 'function' ? with_adopted_results(member as () => unknown) : member,
    ]),
  ) as T;
}
