/** Properties that are computed on first access. */
import { enable_grad } from '../autograd/grad_mode.js';

/** The getters that compute a value on first access. */
const lazy_getters = new WeakSet<object>();

/** Gives an object a value of its own, in front of the getter of its class. */
export function set_own(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}

/** A getter that computes on first access, with gradients, and keeps the value on the object. */
export function lazy_getter<T extends object>(name: string, compute: (this: T) => unknown): (this: T) => unknown {
  function get(this: T): unknown {
    const value = enable_grad(() => compute.call(this));
    set_own(this, name, value);
    return value;
  }
  lazy_getters.add(get);
  return get;
}

/** Defines properties that are computed on first access, with gradients, on the prototype of a class. */
export function define_lazy<T extends object>(
  prototype: T,
  getters: Readonly<Record<string, (self: T) => unknown>>,
): void {
  for (const [name, compute] of Object.entries(getters)) {
    const get = lazy_getter<T>(name, function (this: T) {
      return compute(this);
    });
    const set = function (this: T, value: unknown): void {
      set_own(this, name, value);
    };
    Object.defineProperty(prototype, name, { get, set, configurable: true });
  }
}

/** Whether a property is computed on first access, and has not been. */
export function is_pending(target: object, name: string): boolean {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const found = Object.getOwnPropertyDescriptor(at, name);
    if (found !== undefined) return found.get !== undefined && lazy_getters.has(found.get);
  }
  return false;
}

/** Whether the text of a class has a constructor, as Python asks whether it has an `__init__` of its own. */
export function defines_constructor(its_class: object): boolean {
  return /\bconstructor\s*\(/.test(Function.prototype.toString.call(its_class));
}
