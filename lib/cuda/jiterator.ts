/** Elementwise functions of several tensors, compiled from C++ when they run: `torch.cuda.jiterator`. */
import { cuda_native } from '../_C/cuda_native.js';
import { signature } from '../_internal/signature.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { from_dlpack, to_dlpack, type DLPackCapsule } from '../dlpack.js';
import type { Tensor } from '../_tensor.js';
import { count } from './device_index.js';

/** A number or a truth value that the code takes after its tensors. */
export type JitArgument = number | bigint | boolean;

type Defaults = Readonly<Record<string, JitArgument>>;

const CREATE = signature<{ code_string: string; kwargs?: Defaults }>(
  '_create_jit_fn',
  'code_string: str, kwargs?: dict',
);
const CREATE_MANY = signature<{ code_string: string; num_outputs: number; kwargs?: Defaults }>(
  '_create_multi_output_jit_fn',
  'code_string: str, num_outputs: int, kwargs?: dict',
);

const TEMPLATE = /^\s*template\s*<.+>\s*\w+\s+(?<name>\w+)\s*\(.+\)\s*\{.+\}\s*$/s;
const MOST_TENSORS = 8;

/** The function of such a code. @throws Error with Python's text for code that is not one template */
function jitted(code: string, by_reference: boolean, outputs: number, defaults: Defaults) {
  const name = TEMPLATE.exec(code)?.groups?.['name'];
  if (name === undefined) throw new Error(`Couldn't parse code, please check correctness:\n ${code}`);
  const available = count() > 0;
  return (...args: unknown[]): Tensor | Tensor[] => {
    const last = args.at(-1);
    const given = is_plain_object(last) ? (last as Defaults) : {};
    const tensors = (is_plain_object(last) ? args.slice(0, -1) : args) as Tensor[];
    if (!available) {
      throw new Error('Jiterator is only supported on CUDA and ROCm GPUs, none are available.');
    }
    if (tensors.length > MOST_TENSORS) {
      throw new Error(`jiterator only supports up to 8 tensor inputs, got ${tensors.length}`);
    }
    const unknown = Object.keys(given).find((key) => !(key in defaults));
    if (unknown !== undefined) throw new Error(`'${unknown} is not declared in function definition'`);
    const results = cuda_native(name).jiterator_launch(
      code,
      name,
      by_reference,
      outputs,
      tensors.map((tensor) => to_dlpack(tensor)),
      Object.values({ ...defaults, ...given }),
    );
    const made = results.map((capsule) => from_dlpack(capsule as DLPackCapsule));
    return outputs === 1 ? made[0]! : made;
  };
}

/**
 * An elementwise function of CUDA tensors, from a template of C++ that returns its result. Mirrors
 * `torch.cuda.jiterator._create_jit_fn`.
 *
 * @param code_string - such as `template <typename T> T twice(T x) { return x + x; }`
 * @param kwargs - further arguments of the code, which are numbers, with their defaults
 * @returns the function: tensors of one shape, then an object with other values of `kwargs`
 * @throws Error for code that is not one template
 * @example
 * ```ts
 * const twice = torch.cuda.jiterator._create_jit_fn('template <typename T> T twice(T x) { return x + x; }');
 * print(torch.cuda.is_available() ? twice(torch.ones(2).cuda()) : 'no CUDA device');
 * ```
 * ```python
 * twice = torch.cuda.jiterator._create_jit_fn('template <typename T> T twice(T x) { return x + x; }')
 * print(twice(torch.ones(2).cuda()) if torch.cuda.is_available() else 'no CUDA device')
 * ```
 */
export function _create_jit_fn(code_string: string, kwargs?: Defaults): (...args: (Tensor | Defaults)[]) => Tensor;
export function _create_jit_fn(...args: unknown[]): unknown {
  const { code_string, kwargs = {} } = CREATE.read(args);
  return jitted(code_string, false, 1, kwargs);
}

/**
 * An elementwise function of CUDA tensors with several results, from a template of C++ that writes them into references. Mirrors
 * `torch.cuda.jiterator._create_multi_output_jit_fn`.
 *
 * @param code_string - such as `template <typename T> void both(T x, T& a, T& b) { a = x; b = x + x; }`
 * @param num_outputs - how many results there are
 * @param kwargs - further arguments of the code, which are numbers, with their defaults
 * @returns the function: tensors of one shape, then an object with other values of `kwargs`
 * @throws Error for code that is not one template
 * @example
 * ```ts
 * const code = 'template <typename T> void both(T x, T& a, T& b) { a = x; b = x + x; }';
 * const both = torch.cuda.jiterator._create_multi_output_jit_fn(code, 2);
 * print(torch.cuda.is_available() ? both(torch.ones(2).cuda()) : 'no CUDA device');
 * ```
 * ```python
 * code = 'template <typename T> void both(T x, T& a, T& b) { a = x; b = x + x; }'
 * both = torch.cuda.jiterator._create_multi_output_jit_fn(code, 2)
 * print(both(torch.ones(2).cuda()) if torch.cuda.is_available() else 'no CUDA device')
 * ```
 */
export function _create_multi_output_jit_fn(
  code_string: string,
  num_outputs: number,
  kwargs?: Defaults,
): (...args: (Tensor | Defaults)[]) => Tensor[];
export function _create_multi_output_jit_fn(...args: unknown[]): unknown {
  const { code_string, num_outputs, kwargs = {} } = CREATE_MANY.read(args);
  return jitted(code_string, true, num_outputs, kwargs);
}
