/** Leaving out branches of residual networks at random. */
import { overridable_exports } from '../../_internal/overriding.js';
import { empty } from '../../generated/functions.js';
import { python_float } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import { Module } from '../../nn/modules/module.js';
import type { Tensor } from '../../_tensor.js';

declare const exports: Record<string, unknown>;

interface StochasticDepthArguments {
  input: Tensor;
  p: number;
  mode: 'batch' | 'row';
  training?: boolean;
}

const STOCHASTIC_DEPTH = signature<StochasticDepthArguments>(
  'stochastic_depth',
  'input: Tensor, p: float, mode: str, training?: bool',
);

/**
 * Zeroes a batch (`'batch'`), or rows of it (`'row'`), at random with probability `p`, and scales what is left by
 * `1 / (1 - p)`. Mirrors `torchvision.ops.stochastic_depth`.
 *
 * Shapes: input and output `(N, *)`. Dtypes: floating point.
 *
 * @param input - the batch
 * @param p - probability of zeroing
 * @param mode - `'batch'` for all rows together, `'row'` for each on its own
 * @param training - without it the input is returned as it is; default true
 * @throws Error unless `p` is between 0 and 1 and `mode` one of the two
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * print(ops.stochastic_depth(torch.ones(2, 3), 1, 'row')); // tensor([[0., 0., 0.],
 * //         [0., 0., 0.]])
 * print(ops.stochastic_depth(torch.ones(2), 0.5, 'batch', { training: false })); // tensor([1., 1.])
 * ```
 */
export function stochastic_depth(
  ...args: Arguments<
    [input: Tensor, p: number, mode: 'batch' | 'row', training?: boolean],
    StochasticDepthArguments,
    ['input', 'p', 'mode', 'training']
  >
): Tensor;
export function stochastic_depth(...args: unknown[]): Tensor {
  return STOCHASTIC_DEPTH.call(args, ({ input, p, mode, training = true }) => {
    if (p < 0 || p > 1) throw new Error(`drop probability has to be between 0 and 1, but got ${python_float(p)}`);
    if (!['batch', 'row'].includes(mode)) {
      throw new Error(`mode has to be either 'batch' or 'row', but got ${String(mode)}`);
    }
    if (!training || p === 0) return input;
    const survival_rate = 1 - p;
    const rank = input.dim();
    const size = Array.from({ length: rank }, (_, i) => (i === 0 && mode === 'row' ? input.size(0) : 1));
    const noise = empty(size, { dtype: input.dtype, device: input.device }).bernoulli_(survival_rate);
    if (survival_rate > 0) noise.div_(survival_rate);
    return input.mul(noise);
  });
}

const STOCHASTIC_DEPTH_MODULE = signature<{ p: number; mode: 'batch' | 'row' }>(
  'StochasticDepth',
  'p: float, mode: str',
);

/**
 * Zeroes its input, or rows of it, at random during training; see {@link stochastic_depth}. Mirrors
 * `torchvision.ops.StochasticDepth`.
 *
 * Shapes: input and output `(N, *)`. Dtypes: floating point.
 *
 * @param p - probability of zeroing
 * @param mode - `'batch'` for all rows together, `'row'` for each on its own
 * @throws Error on the call, unless `p` is between 0 and 1 and `mode` one of the two
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const drop = new ops.StochasticDepth(0.2, 'row');
 * print(drop); // StochasticDepth(p=0.2, mode=row)
 * print(drop.eval()(torch.ones(2))); // tensor([1., 1.])
 * ```
 */
export class StochasticDepth extends Module {
  declare p: number;
  declare mode: 'batch' | 'row';

  constructor(
    ...args: Arguments<[p: number, mode: 'batch' | 'row'], { p: number; mode: 'batch' | 'row' }, ['p', 'mode']>
  );
  constructor(...args: unknown[]) {
    super();
    const { p, mode } = STOCHASTIC_DEPTH_MODULE.read(args);
    this.p = p;
    this.mode = mode;
  }

  forward(input: Tensor): Tensor {
    return (exports['stochastic_depth'] as typeof stochastic_depth)(input, this.p, this.mode, this.training);
  }

  override extra_repr(): string {
    return `p=${python_float(this.p)}, mode=${this.mode}`;
  }
}
forward_takes(StochasticDepth, 'input: Tensor');

// torchvision lets torch.fx take it as a whole.
overridable_exports(exports, 'torchvision.ops.stochastic_depth');
