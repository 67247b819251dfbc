import type { Tensor } from '../../_tensor.js';
import { forward_takes } from './forward_arguments.js';
import { Module } from './module.js';
import { kind_of, python_int, python_size } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';

/**
 * Flattens a range of dimensions into one: their sizes are multiplied, and the order of the elements stays. Mirrors
 * `torch.nn.Flatten`.
 *
 * Shapes: input `(*, S_start, ..., S_end, *)`, output `(*, S_start * ... * S_end, *)`. Dtypes: any.
 *
 * @param start_dim - the first dimension to flatten; default 1, which keeps the batch
 * @param end_dim - the last dimension to flatten; default -1
 * @throws RangeError on the call, when the input does not have a dimension
 * @example
 * ```ts
 * const net = new nn.Sequential(new nn.Conv2d(1, 2, 2), new nn.Flatten(), new nn.Linear(8, 3));
 * print(net(torch.randn(1, 1, 3, 3)));
 * ```
 * ```python
 * net = nn.Sequential(nn.Conv2d(1, 2, 2), nn.Flatten(), nn.Linear(8, 3))
 * print(net(torch.randn(1, 1, 3, 3)))
 * ```
 */
export class Flatten extends Module {
  declare start_dim: number;
  declare end_dim: number;

  constructor(
    ...args: Arguments<
      [start_dim?: number, end_dim?: number],
      { start_dim?: number; end_dim?: number },
      ['start_dim', 'end_dim']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { start_dim = 1, end_dim = -1 } = FLATTEN.read(args);
    this.start_dim = start_dim;
    this.end_dim = end_dim;
  }

  forward(input: Tensor): Tensor {
    return input.flatten(this.start_dim, this.end_dim);
  }

  override extra_repr(): string {
    return `start_dim=${python_int(this.start_dim)}, end_dim=${python_int(this.end_dim)}`;
  }
}

/**
 * Expands a dimension into several: the inverse of {@link Flatten}. Mirrors `torch.nn.Unflatten`.
 *
 * Shapes: input `(*, S, *)` with `S` at `dim`, output `(*, U_1, ..., U_n, *)`, where `S = U_1 * ... * U_n`.
 * Dtypes: any.
 *
 * @param dim - the dimension to expand
 * @param unflattened_size - the sizes of the new dimensions; one may be -1, which is inferred. Named dimensions are not
 *   supported
 * @throws TypeError when `unflattened_size` is not a list of integers
 * @throws Error on the call, when the sizes do not multiply to that of the dimension
 * @example
 * ```ts
 * const unflatten = new nn.Unflatten(1, [2, 2]);
 * print(unflatten(torch.tensor([[1, 2, 3, 4]])));
 * ```
 * ```python
 * unflatten = nn.Unflatten(1, (2, 2))
 * print(unflatten(torch.tensor([[1, 2, 3, 4]])))
 * ```
 */
export class Unflatten extends Module {
  declare dim: number;
  declare unflattened_size: readonly number[];

  constructor(
    ...args: Arguments<
      [dim: number, unflattened_size: readonly number[]],
      { dim: number; unflattened_size: readonly number[] },
      ['dim', 'unflattened_size']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { dim, unflattened_size } = UNFLATTEN.read(args);
    if (!Array.isArray(unflattened_size)) {
      throw new TypeError(`unflattened_size must be a tuple of ints, but found type ${kind_of(unflattened_size)}`);
    }
    unflattened_size.forEach((size: unknown, i) => {
      if (Number.isInteger(size)) return;
      throw new TypeError(
        `unflattened_size must be tuple of ints, but found element of type ${kind_of(size)} at pos ${i}`,
      );
    });
    this.dim = dim;
    this.unflattened_size = [...unflattened_size] as readonly number[];
  }

  forward(input: Tensor): Tensor {
    return input.unflatten(this.dim, this.unflattened_size);
  }

  override extra_repr(): string {
    return `dim=${python_int(this.dim)}, unflattened_size=${python_size(this.unflattened_size)}`;
  }
}

const FLATTEN = signature<{ start_dim?: number; end_dim?: number }>('Flatten', 'start_dim?: int, end_dim?: int');
// The wrong sizes have texts of Python's own.
const UNFLATTEN = signature<{ dim: number; unflattened_size: readonly number[] }>(
  'Unflatten',
  'dim: int, unflattened_size: value',
);
for (const module of [Flatten, Unflatten]) forward_takes(module, 'input: Tensor');
