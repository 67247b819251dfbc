/**
 * Calls of functions of torch with arguments that stand for tensors and are none, such as the proxies of `torch.fx`: who makes such
 * values says here what a call of a function with one does. Until somebody does, functions do not look.
 */
type AnyFunction = (...args: never[]) => unknown;

/** What takes calls over. */
interface Taker {
  /** Whether a value stands for a tensor. */
  stands(value: unknown): boolean;
  /** What a call gives; `method` is the name of a method of tensors, of which the first argument is the object. */
  call(fn: AnyFunction, args: readonly unknown[], method: string | null): unknown;
  /** What an operator of Python's gives, `add` for `a + b`. */
  operator(name: string, a: unknown, b: unknown): unknown;
  /** What a call of a function that is written by hand gives; `run` is its body. */
  call_written(fn: AnyFunction, args: readonly unknown[], run: () => unknown): unknown;
}

/** Who takes calls over; null while there is nobody. */
export const overriding: { taker: Taker | null } = { taker: null };

/** Thrown where an argument of an operator is found to stand for a tensor. */
export class StandInOperand extends Error {}

/** Whether a value stands for a tensor. */
export function stands_in(value: unknown): boolean {
  return overriding.taker?.stands(value) ?? false;
}

/** What Python's source writes as an operator, `a + b`, and `run` computes. */
export function as_operator<R>(name: 'add' | 'mul', a: unknown, b: unknown, run: () => R): R {
  const { taker } = overriding;
  return taker !== null && (taker.stands(a) || taker.stands(b)) ? (taker.operator(name, a, b) as R) : run();
}

/** Whether one of some arguments does, or has one that does in it. */
function has_stand_in(taker: Taker, values: readonly unknown[]): boolean {
  return values.some((value) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
    if (taker.stands(value)) return true;
    if (Array.isArray(value)) return has_stand_in(taker, value);
    return Object.getPrototypeOf(value) === Object.prototype && has_stand_in(taker, Object.values(value));
  });
}

/** The modules in Python of functions outside of torch. */
const modules = new WeakMap<AnyFunction, string>();

/** The module in Python of a function that {@link overridable_exports} was told. */
export function module_in_python(fn: AnyFunction): string | undefined {
  return modules.get(fn);
}

/**
 * The functions that a module of the package exports, so that their calls can be taken over; its classes stay as they are.
 * @param module its name in Python, where it is not of torch
 */
export function overridable_exports(exports: Record<string, unknown>, module?: string): void {
  for (const [name, { value, writable }] of Object.entries(Object.getOwnPropertyDescriptors(exports))) {
    if (writable !== true || typeof value !== 'function' || !/^_?[a-z]/.test(name)) continue;
    const made = overridable_function(value as (...args: unknown[]) => unknown);
    if (module !== undefined) modules.set(made, module);
    exports[name] = made;
  }
}

function overridable_function(fn: (...args: unknown[]) => unknown): AnyFunction {
  // Not with `...args`, an array of which each call would make.
  const called = function (): unknown {
    const { taker } = overriding;
    if (taker === null) return Reflect.apply(fn, undefined, arguments);
    const args: unknown[] = [...arguments];
    return has_stand_in(taker, args) ? taker.call_written(called, args, () => fn(...args)) : fn(...args);
  };
  Object.defineProperty(called, 'name', { value: fn.name, configurable: true });
  Object.defineProperty(called, 'length', { value: fn.length, configurable: true });
  return called;
}
