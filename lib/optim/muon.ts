import { StepFlag } from '../generated/shared_numbers.js';
import { zeros_like } from '../generated/functions.js';
import type { Tail } from '../_internal/arguments.js';
import { text_or_kind } from '../_internal/representation.js';
import type { Tensor } from '../_tensor.js';
import {
  check_numbers,
  check_ranges,
  NativeOptimizer,
  not_negative,
  optimizer_signature,
  options_over,
  type Kernel,
  type ParamsOrAll,
} from './native_optimizer.js';

/** The options of {@link Muon}, and of each of its parameter groups. */
export type MuonOptions = {
  /** Learning rate. Default 0.001. */
  lr: number | Tensor;
  /** Decoupled weight decay. Default 0.1. */
  weight_decay: number;
  /** Momentum factor. Default 0.95. */
  momentum: number;
  /** Use Nesterov momentum. Default true. */
  nesterov: boolean;
  /** Coefficients a, b, c of the Newton-Schulz polynomial. Default `[3.4445, -4.775, 2.0315]`. */
  ns_coefficients: readonly [number, number, number];
  /** Added to the norm that an update is divided by, for numerical stability. Default 1e-7. */
  eps: number;
  /** Number of Newton-Schulz iterations; less than 100. Default 5. */
  ns_steps: number;
  /**
   * Adjustment of the learning rate to the shape of a parameter: `'original'` (also for null, the default) multiplies
   * it by `sqrt(max(1, rows / columns))`, `'match_rms_adamw'` by `0.2 * sqrt(max(rows, columns))`.
   */
  adjust_lr_fn: 'original' | 'match_rms_adamw' | null;
};

/** The state that {@link Muon} keeps for a parameter. */
export type MuonState = {
  momentum_buffer: Tensor;
};

// Shared with native/optim/matrix.cpp; anything else leaves the learning rate as it is.
const adjustments = new Map<unknown, number>([
  [null, 0],
  ['original', 0],
  ['match_rms_adamw', 1],
]);

const kernel: Kernel<MuonOptions, MuonState> = {
  step: 'Muon',
  state: ['momentum_buffer'],
  numbers: ({ lr, weight_decay, momentum, ns_coefficients, eps, ns_steps, adjust_lr_fn }) => {
    if (ns_coefficients.length !== 3) throw new Error('Coefficients must be a tuple of exactly 3 values');
    return [lr, weight_decay, momentum, ...ns_coefficients, eps, ns_steps, adjustments.get(adjust_lr_fn) ?? 2];
  },
  flags: ({ nesterov }) => (nesterov ? StepFlag.first_own_flag : 0),
  init: (_param, grad) => ({ momentum_buffer: zeros_like(grad) }),
  since: {},
  counts: [],
};

const by_default: MuonOptions = {
  lr: 1e-3,
  weight_decay: 0.1,
  momentum: 0.95,
  nesterov: true,
  ns_coefficients: [3.4445, -4.775, 2.0315],
  eps: 1e-7,
  ns_steps: 5,
  adjust_lr_fn: null,
};

const ARGUMENTS = optimizer_signature<MuonOptions>(
  'Muon',
  'lr?: float|Tensor, weight_decay?: float|Tensor, momentum?: float|Tensor, nesterov?: bool, ' +
    'ns_coefficients?: float[], eps?: float, ns_steps?: int, adjust_lr_fn?: str|None',
);

type Positional = [
  lr: number | Tensor,
  weight_decay: number,
  momentum: number,
  nesterov: boolean,
  ns_coefficients: MuonOptions['ns_coefficients'],
  eps: number,
  ns_steps: number,
  adjust_lr_fn: MuonOptions['adjust_lr_fn'],
];

/**
 * Muon: momentum whose matrix is orthogonalized by Newton-Schulz iterations. Mirrors `torch.optim.Muon`.
 *
 * ```text
 * B     = momentum * B + (1 - momentum) * grad
 * O     = NS(B)                                     (nesterov: NS of grad interpolated with B)
 * param = param * (1 - lr * weight_decay) - adjusted_lr * O
 * ```
 *
 * where an iteration of NS is `X = a X + (b X X^T + c (X X^T)^2) X` in bfloat16, from `X = B / |B|`. For the 2-D
 * weights of hidden layers; optimize biases, embeddings and output layers with another optimizer such as {@link
 * AdamW}. The options, with their defaults, are those of {@link MuonOptions}.
 *
 * @param params - 2-D parameters, `[name, parameter]` pairs, or groups `{ params, ...options }`
 * @param options - `lr`, `weight_decay`, `momentum`, `nesterov`, `ns_coefficients`, `eps`, `ns_steps`, `adjust_lr_fn`
 * @throws Error when an option is out of its range, or a parameter is not 2-D; TypeError for an unknown option or one
 * of a wrong type
 * @example
 * ```ts
 * const model = new nn.Linear(3, 2, { bias: false });
 * const optimizer = new optim.Muon(model.parameters(), { lr: 0.02 });
 * model(torch.randn(4, 3)).square().sum().backward();
 * optimizer.step();
 * print(model.weight);
 * ```
 * ```python
 * model = nn.Linear(3, 2, bias=False)
 * optimizer = optim.Muon(model.parameters(), lr=0.02)
 * model(torch.randn(4, 3)).square().sum().backward()
 * optimizer.step()
 * print(model.weight)
 * ```
 */
export class Muon extends NativeOptimizer<MuonOptions, MuonState> {
  constructor(params_or_all: ParamsOrAll<MuonOptions>, ...others: Tail<Positional, Partial<MuonOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check_ranges('Muon', defaults, [
      ['lr', 'Learning rate should be >= 0 but is', not_negative],
      ['momentum', 'momentum should be >= 0 but is', not_negative],
      ['weight_decay', 'weight decay should be >= 0 but is', not_negative],
    ]);
    const { ns_coefficients, adjust_lr_fn } = defaults;
    check_numbers('Muon', 'ns_coefficients', ns_coefficients, 3);
    if (!adjustments.has(adjust_lr_fn)) {
      throw new Error(`Adjust learning rate function ${text_or_kind(adjust_lr_fn)} is not supported`);
    }
    super(kernel, params, defaults);
    for (const { params: its } of this.param_groups) {
      for (const param of its) {
        if (param.dim() === 2) continue;
        const size = String(param.shape);
        throw new Error(`Muon only supports 2D parameters whereas we found a parameter with size: ${size}`);
      }
    }
  }
}
