/**
 * `torch.overrides`. Classes cannot take over functions of torch here, so none has, and functions are called as they are. Which
 * functions Python lets classes take over can be asked.
 */
import type { AnyFunction } from './_internal/guards.js';
import { is_tensor } from './_C/tensor_base.js';
import { overridable } from './overridable.js';
import { signature } from './_internal/signature.js';
import { is_overload, is_packet } from './_ops.js';
import { Tensor } from './_tensor.js';

const IS_TENSOR_LIKE = signature<{ inp: unknown }>('is_tensor_like', 'inp: any');
const HAS_TORCH_FUNCTION = signature<{ relevant_args: Iterable<unknown> }>(
  'has_torch_function',
  'relevant_args: Iterable',
);
const HAS_TORCH_FUNCTION_UNARY = signature<{ input: unknown }>('has_torch_function_unary', 'input: any');
const HANDLE = signature<{ public_api: AnyFunction; relevant_args: Iterable<unknown> }>(
  'handle_torch_function',
  'public_api: Callable, relevant_args: Iterable, *args: any',
);
const WRAP = signature<{ dispatcher: AnyFunction }>('wrap_torch_function', 'dispatcher: Callable');
const NO_ARGUMENTS = {
  overridable: signature<object>('get_overridable_functions', ''),
  testing: signature<object>('get_testing_overrides', ''),
  ignored: signature<object>('get_ignored_functions', ''),
};
const RESOLVE = signature<{ f: unknown }>('resolve_name', 'f: any');
const IS_METHOD = signature<{ func: AnyFunction }>('is_tensor_method_or_property', 'func: Callable');

/**
 * Whether a value is used as a tensor. Mirrors `torch.overrides.is_tensor_like`.
 *
 * @param inp - any value
 * @example
 * ```ts
 * print(torch.overrides.is_tensor_like(torch.ones(1)), torch.overrides.is_tensor_like(5));
 * ```
 * ```python
 * print(torch.overrides.is_tensor_like(torch.ones(1)), torch.overrides.is_tensor_like(5))
 * ```
 */
export function is_tensor_like(inp: unknown): inp is Tensor;
export function is_tensor_like(...args: unknown[]): boolean {
  return is_tensor(IS_TENSOR_LIKE.read(args).inp);
}

/**
 * Whether the class of one of these values takes over functions of torch, which none can here. Mirrors
 * `torch.overrides.has_torch_function`.
 *
 * @param relevant_args - arguments of a function
 * @throws TypeError for what is not a list
 * @example
 * ```ts
 * print(torch.overrides.has_torch_function([torch.ones(1)]));
 * ```
 * ```python
 * print(torch.overrides.has_torch_function([torch.ones(1)]))
 * ```
 */
export function has_torch_function(relevant_args: Iterable<unknown>): boolean;
export function has_torch_function(...args: unknown[]): boolean {
  HAS_TORCH_FUNCTION.read(args);
  return false;
}

/**
 * As {@link has_torch_function}, for one value. Mirrors `torch.overrides.has_torch_function_unary`.
 *
 * @param input - an argument of a function
 * @example
 * ```ts
 * print(torch.overrides.has_torch_function_unary(torch.ones(1)));
 * ```
 * ```python
 * print(torch.overrides.has_torch_function_unary(torch.ones(1)))
 * ```
 */
export function has_torch_function_unary(input: unknown): boolean;
export function has_torch_function_unary(...args: unknown[]): boolean {
  HAS_TORCH_FUNCTION_UNARY.read(args);
  return false;
}

/**
 * As {@link has_torch_function}, for the arguments of this call. Mirrors `torch.overrides.has_torch_function_variadic`.
 *
 * @param _args - arguments of a function
 * @example
 * ```ts
 * print(torch.overrides.has_torch_function_variadic(torch.ones(1), 5));
 * ```
 * ```python
 * print(torch.overrides.has_torch_function_variadic(torch.ones(1), 5))
 * ```
 */
export function has_torch_function_variadic(..._args: unknown[]): boolean {
  return false;
}

/**
 * Calls a function, which no class of its arguments takes over. Mirrors `torch.overrides.handle_torch_function`.
 *
 * @param public_api - the function
 * @param relevant_args - those of its arguments whose classes would be asked
 * @param api_args - its arguments
 * @returns what it returns
 * @example
 * ```ts
 * const x = torch.ones(2);
 * print(torch.overrides.handle_torch_function(torch.add, [x], x, 1));
 * ```
 * ```python
 * x = torch.ones(2)
 * print(torch.overrides.handle_torch_function(torch.add, [x], x, 1))
 * ```
 */
export function handle_torch_function<R>(
  public_api: (...args: never[]) => R,
  relevant_args: Iterable<unknown>,
  ...api_args: unknown[]
): R;
export function handle_torch_function(...args: unknown[]): unknown {
  const { public_api } = HANDLE.read(args.slice(0, 2));
  return (public_api as (...args: unknown[]) => unknown)(...args.slice(2));
}

/**
 * A decorator for functions that classes could take over: it returns the function as it is. Mirrors
 * `torch.overrides.wrap_torch_function`.
 *
 * @param dispatcher - returns the arguments whose classes would be asked
 * @throws TypeError for what is not a function
 * @example
 * ```ts
 * const double = torch.overrides.wrap_torch_function((x: torch.Tensor) => [x])((x: torch.Tensor) => x.mul(2));
 * print(double(torch.ones(2)));
 * ```
 * ```python
 * double = torch.overrides.wrap_torch_function(lambda x: [x])(lambda x: x.mul(2))
 * print(double(torch.ones(2)))
 * ```
 */
export function wrap_torch_function(dispatcher: AnyFunction): <F extends AnyFunction>(fn: F) => F;
export function wrap_torch_function(...args: unknown[]): unknown {
  WRAP.read(args);
  return (fn: unknown): unknown => fn;
}

/**
 * Whether a function is a method of `Tensor`. Mirrors `torch.overrides.is_tensor_method_or_property`.
 *
 * @param func - a function
 * @throws TypeError for what is not a function
 * @example
 * ```ts
 * const { is_tensor_method_or_property } = torch.overrides;
 * print(is_tensor_method_or_property(torch.Tensor.prototype.add), is_tensor_method_or_property(torch.add));
 * ```
 * ```python
 * is_tensor_method_or_property = torch.overrides.is_tensor_method_or_property
 * print(is_tensor_method_or_property(torch.Tensor.add), is_tensor_method_or_property(torch.add))
 * ```
 */
export function is_tensor_method_or_property(func: AnyFunction): boolean;
export function is_tensor_method_or_property(...args: unknown[]): boolean {
  const { func } = IS_METHOD.read(args);
  for (let at: object | null = Tensor.prototype; at !== null && at !== Object.prototype; ) {
    const members = Object.values(Object.getOwnPropertyDescriptors(at)) as PropertyDescriptor[];
    if (members.some(({ value, get }) => value === func || get === func)) return true;
    at = Object.getPrototypeOf(at) as object | null;
  }
  return false;
}

/**
 * The functions that Python lets classes take over, by the name of their namespace: `'torch'`, `'torch.functional'`,
 * `'torch.nn.functional'`, `'torch.linalg'`, `'torch.fft'`, `'torch.special'`, and `'torch.Tensor'` for methods. A property of
 * tensors has an entry of its own, such as `'torch.Tensor.T'`, with its getter. The keys are names, since a namespace is one object
 * to `import` and another to `require`. Mirrors `torch.overrides.get_overridable_functions`, with what is here.
 *
 * @returns a new map; changing it changes nothing else
 * @example
 * ```ts
 * const functions = torch.overrides.get_overridable_functions();
 * print(functions.get('torch.fft')!.includes(torch.fft.fft), functions.get('torch')!.includes(torch.ones));
 * ```
 * ```python
 * functions = torch.overrides.get_overridable_functions()
 * print(torch.fft.fft in functions[torch.fft], torch.ones in functions[torch])
 * ```
 */
export function get_overridable_functions(): Map<string, AnyFunction[]>;
export function get_overridable_functions(...args: unknown[]): Map<string, AnyFunction[]> {
  NO_ARGUMENTS.overridable.read(args);
  return new Map([...overridable().functions].map(([key, functions]) => [key, [...functions]]));
}

/**
 * For each function that Python lets classes take over, one that takes arguments and returns -1, for tests of classes. Mirrors
 * `torch.overrides.get_testing_overrides`, whose functions have the parameters of the originals by name; these take any.
 *
 * @returns a new map; changing it changes nothing else
 * @example
 * ```ts
 * print(torch.overrides.get_testing_overrides().get(torch.add)!(1, 2)); // -1
 * ```
 * ```python
 * print(torch.overrides.get_testing_overrides()[torch.add](1, 2)) # -1
 * ```
 */
export function get_testing_overrides(): Map<AnyFunction, (...args: unknown[]) => number>;
export function get_testing_overrides(...args: unknown[]): Map<AnyFunction, (...args: unknown[]) => number> {
  NO_ARGUMENTS.testing.read(args);
  return new Map([...overridable().functions.values()].flat().map((each) => [each, (): number => -1]));
}

/**
 * The functions that a class cannot take over in Python either: factories, settings, and what takes no tensors. Mirrors
 * `torch.overrides.get_ignored_functions`, with what is here.
 *
 * @returns a new set; changing it changes nothing else
 * @example
 * ```ts
 * const ignored = torch.overrides.get_ignored_functions();
 * print(ignored.has(torch.zeros), ignored.has(torch.add));
 * ```
 * ```python
 * ignored = torch.overrides.get_ignored_functions()
 * print(torch.zeros in ignored, torch.add in ignored)
 * ```
 */
export function get_ignored_functions(): Set<AnyFunction>;
export function get_ignored_functions(...args: unknown[]): Set<AnyFunction> {
  NO_ARGUMENTS.ignored.read(args);
  return new Set(overridable().ignored);
}

/**
 * The name by which a function of torch, a method or getter of tensors, or an operator of `torch.ops` is reached. Mirrors
 * `torch.overrides.resolve_name`.
 *
 * @param f - the function; the method as `torch.Tensor.prototype.add`
 * @returns its name, or null for what is not torch's
 * @example
 * ```ts
 * const { resolve_name } = torch.overrides;
 * print(resolve_name(torch.add), resolve_name(torch.Tensor.prototype.add), resolve_name(torch.ops.aten.add!.Tensor));
 * ```
 * ```python
 * resolve_name = torch.overrides.resolve_name
 * print(resolve_name(torch.add), resolve_name(torch.Tensor.add), resolve_name(torch.ops.aten.add.Tensor))
 * ```
 */
export function resolve_name(f: unknown): string | null;
export function resolve_name(...args: unknown[]): string | null {
  const { f } = RESOLVE.read(args);
  return is_overload(f) || is_packet(f) ? String(f) : (overridable().names.get(f) ?? null);
}
