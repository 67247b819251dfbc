/** Dropout of whole blocks of feature maps. */
import { empty } from '../../generated/functions.js';
import { family, forward_takes } from '../../nn/modules/forward_arguments.js';
import { Module } from '../../nn/modules/module.js';
import * as F from '../../nn/functional/index.js';
import { python_bool, python_float, python_int } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';

interface DropBlockArguments {
  input: Tensor;
  p: number;
  block_size: number;
  inplace?: boolean;
  eps?: number;
  training?: boolean;
}

type DropBlockCall = Arguments<
  [input: Tensor, p: number, block_size: number, inplace?: boolean, eps?: number, training?: boolean],
  DropBlockArguments,
  ['input', 'p', 'block_size', 'inplace', 'eps', 'training']
>;

const ARGUMENTS = 'input: Tensor, p: float, block_size: int, inplace?: bool, eps?: float, training?: bool';
const DROP_BLOCK_2D = signature<DropBlockArguments>('drop_block2d', ARGUMENTS);
const DROP_BLOCK_3D = signature<DropBlockArguments>('drop_block3d', ARGUMENTS);

/** Drops blocks of the last `dims` dimensions. */
function drop_blocks(
  dims: 2 | 3,
  { input, p, inplace = false, eps = 1e-6, training = true, ...given }: DropBlockArguments,
): Tensor {
  if (p < 0 || p > 1) throw new Error(`drop probability has to be between 0 and 1, but got ${python_float(p)}.`);
  const rank = dims + 2;
  if (input.dim() !== rank) throw new Error(`input should be ${rank} dimensional. Got ${input.dim()} dimensions.`);
  if (!training || p === 0) return input;
  const [batch, channels, ...sizes] = input.shape as readonly number[] as [number, number, ...number[]];
  const block_size = Math.min(given.block_size, ...sizes);
  if (block_size % 2 === 0) throw new Error(`block size should be odd. Got ${block_size} which is even.`);
  // A block is dropped where its center is drawn; centers are so rare that each element is dropped with probability p.
  const centers = sizes.map((size) => size - block_size + 1);
  const product = (values: readonly number[]): number => values.reduce((all, value) => all * value, 1);
  const gamma = (p * product(sizes)) / (block_size ** dims * product(centers));
  const drawn = empty([batch, channels, ...centers], { dtype: input.dtype, device: input.device }).bernoulli_(gamma);
  const half = Math.floor(block_size / 2);
  const padded = F.pad(drawn, Array<number>(2 * dims).fill(half), { value: 0 });
  const pool = dims === 2 ? F.max_pool2d : F.max_pool3d;
  const dropped = pool(padded, { kernel_size: block_size, stride: 1, padding: half }) as Tensor;
  const kept = dropped.neg().add(1);
  const scale = kept.sum().add(eps).reciprocal().mul(kept.numel());
  return inplace ? input.mul_(kept).mul_(scale) : input.mul(kept).mul(scale);
}

/**
 * Zeroes square blocks of feature maps at random, so that each element is zeroed with probability `p`, and scales the
 * others so that their sum keeps its size. Mirrors `torchvision.ops.drop_block2d`.
 *
 * Shapes: input and output `(N, C, H, W)`. Dtypes: floating point.
 *
 * @param input - the feature maps
 * @param p - probability of an element to be zeroed
 * @param block_size - side of the blocks, odd; at most the size of the maps
 * @param inplace - write the result into the input; default false
 * @param eps - added to the number of elements that are left, for numerical stability; default 1e-6
 * @param training - without it the input is returned as it is; default true
 * @throws Error unless `p` is between 0 and 1, the block's size odd, and the input of 4 dimensions
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * print(ops.drop_block2d(torch.ones(1, 1, 2, 2), 0, 1)); // tensor([[[[1., 1.],
 * //           [1., 1.]]]])
 * ```
 */
export function drop_block2d(...args: DropBlockCall): Tensor;
export function drop_block2d(...args: unknown[]): Tensor {
  return DROP_BLOCK_2D.call(args, (given) => drop_blocks(2, given));
}

/**
 * Zeroes cubes of feature maps at random; see {@link drop_block2d}. Mirrors `torchvision.ops.drop_block3d`.
 *
 * Shapes: input and output `(N, C, D, H, W)`. Dtypes: floating point.
 *
 * @param input - the feature maps
 * @param p - probability of an element to be zeroed
 * @param block_size - side of the blocks, odd; at most the size of the maps
 * @param inplace - write the result into the input; default false
 * @param eps - added to the number of elements that are left, for numerical stability; default 1e-6
 * @param training - without it the input is returned as it is; default true
 * @throws Error unless `p` is between 0 and 1, the block's size odd, and the input of 5 dimensions
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * print(ops.drop_block3d(torch.ones(1, 1, 1, 1, 2), 0, 1)); // tensor([[[[[1., 1.]]]]])
 * ```
 */
export function drop_block3d(...args: DropBlockCall): Tensor;
export function drop_block3d(...args: unknown[]): Tensor {
  return DROP_BLOCK_3D.call(args, (given) => drop_blocks(3, given));
}

/** Keyword arguments of {@link DropBlock2d} and {@link DropBlock3d}. */
export interface DropBlockOptions {
  /** Write the result into the input. Default false. */
  inplace?: boolean;
  /** Added to the number of elements that are left, for numerical stability. Default 1e-6. */
  eps?: number;
}

/**
 * Zeroes square blocks of feature maps at random during training; see {@link drop_block2d}. Mirrors
 * `torchvision.ops.DropBlock2d`.
 *
 * Shapes: input and output `(N, C, H, W)`. Dtypes: floating point.
 *
 * @param p - probability of an element to be zeroed
 * @param block_size - side of the blocks, odd; at most the size of the maps
 * @param inplace - write the result into the input; default false
 * @param eps - added to the number of elements that are left, for numerical stability; default 1e-6
 * @throws Error on the call, unless `p` is between 0 and 1, the block's size odd, and the input of 4 dimensions
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * print(new ops.DropBlock2d(0.1, 7)); // DropBlock2d(p=0.1, block_size=7, inplace=False)
 * ```
 */
export class DropBlock2d extends Module {
  declare p: number;
  declare block_size: number;
  declare inplace: boolean;
  declare eps: number;

  constructor(
    ...args: Arguments<
      [p: number, block_size: number, inplace?: boolean, eps?: number],
      DropBlockOptions & { p: number; block_size: number },
      ['p', 'block_size', 'inplace', 'eps']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { p, block_size, inplace = false, eps = 1e-6 } = DROP_BLOCK.read(new.target, args);
    this.p = p;
    this.block_size = block_size;
    this.inplace = inplace;
    this.eps = eps;
  }

  forward(input: Tensor): Tensor {
    return drop_block2d(input, this.p, this.block_size, this.inplace, this.eps, this.training);
  }

  override extra_repr(): string {
    const { p, block_size, inplace } = this;
    return `p=${python_float(p)}, block_size=${python_int(block_size)}, inplace=${python_bool(inplace)}`;
  }
}

/**
 * Zeroes cubes of feature maps at random during training; see {@link drop_block2d}. Mirrors
 * `torchvision.ops.DropBlock3d`. The arguments are those of {@link DropBlock2d}.
 *
 * Shapes: input and output `(N, C, D, H, W)`. Dtypes: floating point.
 *
 * @throws Error on the call, unless `p` is between 0 and 1, the block's size odd, and the input of 5 dimensions
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * print(new ops.DropBlock3d({ p: 0.1, block_size: 3 }).eval()(torch.ones(1, 1, 1, 1, 1)).item()); // 1
 * ```
 */
export class DropBlock3d extends DropBlock2d {
  override forward(input: Tensor): Tensor {
    return drop_block3d(input, this.p, this.block_size, this.inplace, this.eps, this.training);
  }
}

const DROP_BLOCK = family<DropBlockOptions & { p: number; block_size: number }>(
  ['DropBlock2d', 'DropBlock3d'],
  'p: float, block_size: int, inplace?: bool, eps?: float',
);
forward_takes(DropBlock2d, 'input: Tensor');
forward_takes(DropBlock3d, 'input: Tensor');
