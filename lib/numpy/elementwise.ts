/** Functions of one or two arrays, element by element: what makes `np.sqrt` or `np.arctan2` of a function of numbers. */
import { signature } from '../_internal/signature.js';
import { unary } from './arithmetic.js';
import { array_from, outcome, type ArrayArgument } from './arguments.js';
import type { NDArray, NDArrayItem } from './ndarray.js';
import {
  allocate,
  bits_of,
  broadcast_shapes,
  broadcast_view,
  is_complex,
  is_inexact,
  places,
  promote,
  read_element,
  write_element,
  type NDArrayDType,
  type Strided,
} from './types.js';

/** The calls of functions of one array. */
export type OfOne = (x: ArrayArgument) => NDArrayItem;

/** A function of one array. */
export function of_one(name: string, calculate: (x: NDArray) => Strided): OfOne {
  const read = signature<{ x: ArrayArgument }>(name, 'x: array_value');
  return (...args: unknown[]) => outcome(calculate(array_from(name, read.read(args).x)));
}

/** The float type in which a function of an array is calculated. */
function float_for(name: string, dtype: NDArrayDType): NDArrayDType {
  if (is_complex(dtype)) throw new TypeError(`${name}(): complex arrays are not supported`);
  if (is_inexact(dtype)) return dtype;
  const bits = bits_of(dtype);
  return bits === 8 ? 'float16' : bits === 16 ? 'float32' : 'float64';
}

/** A function of floats, element by element. */
export const floats = (name: string, fn: (x: number) => number): OfOne =>
  of_one(name, (x) =>
    unary(x, float_for(name, x.dtype), (values, result) => {
      for (let i = 0; i < result.length; i++) result[i] = fn(Number(values[i]));
    }),
  );

/** A function of two floats, element by element. */
export function of_two_floats(
  name: string,
  fn: (x: number, y: number) => number,
): (x1: ArrayArgument, x2: ArrayArgument) => NDArrayItem {
  const read = signature<{ x1: ArrayArgument; x2: ArrayArgument }>(name, 'x1: array_value, x2: array_value');
  return (...args: unknown[]) => {
    const given = read.read(args);
    const [a, b] = [array_from(name, given.x1), array_from(name, given.x2)];
    const shape = broadcast_shapes(name, a.shape, b.shape);
    const result = allocate(shape, float_for(name, promote(a.dtype, b.dtype)));
    const [xs, ys] = [places(broadcast_view(a, shape)), places(broadcast_view(b, shape))];
    for (const place of places(result)) {
      const x = Number(read_element(a, xs.next().value as number));
      write_element(result, place, fn(x, Number(read_element(b, ys.next().value as number))));
    }
    return outcome(result);
  };
}
