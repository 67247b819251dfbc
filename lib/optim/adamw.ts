import type { Tail } from '../_internal/arguments.js';
import type { Tensor } from '../_tensor.js';
import { adam, Adam, type AdamOptions } from './adam.js';
import { optimizer_signature, type ParamsOrAll } from './native_optimizer.js';
import { signature } from '../_internal/signature.js';

/** The options of {@link AdamW}: those of Adam, with weight decay always decoupled and 0.01 by default. */
export type AdamWOptions = Omit<AdamOptions, 'decoupled_weight_decay'>;

const ARGUMENTS = optimizer_signature<AdamWOptions>(
  'AdamW',
  'lr?: float|Tensor, betas?: (float|Tensor)[], eps?: float|Tensor, weight_decay?: float|Tensor, amsgrad?: bool, *, ' +
    'maximize?: bool, foreach?: bool|None, capturable?: bool, differentiable?: bool, fused?: bool|None',
);

type Positional = [
  lr: number | Tensor,
  betas: AdamOptions['betas'],
  eps: number,
  weight_decay: number | Tensor,
  amsgrad: boolean,
];

/**
 * Adam with decoupled weight decay. Mirrors `torch.optim.AdamW`.
 *
 * The parameter is first multiplied by `1 - lr * weight_decay`; the decay enters neither of Adam's running averages.
 * The rest of the step is that of {@link Adam}, and so are the options, except that `weight_decay` is 0.01 by
 * default.
 *
 * @param params - parameters, `[name, parameter]` pairs, or groups `{ params, ...options }`
 * @param options - `lr`, `betas`, `eps`, `weight_decay`, `amsgrad`, `maximize`, `foreach`, `capturable`,
 * `differentiable`, `fused`
 * @throws Error when `lr`, `eps` or `weight_decay` is negative or a beta is outside [0, 1); TypeError for an unknown
 * option or one of a wrong type
 * @example
 * ```ts
 * const model = new nn.Linear(2, 1);
 * const optimizer = new optim.AdamW([
 *   { params: [model.weight], weight_decay: 0.1 },
 *   { params: [model.bias!], weight_decay: 0 },
 * ], { lr: 0.01 });
 * model(torch.ones(4, 2)).sum().backward();
 * optimizer.step();
 * print(model.weight, model.bias);
 * ```
 * ```python
 * model = nn.Linear(2, 1)
 * optimizer = optim.AdamW([
 *     {'params': [model.weight], 'weight_decay': 0.1},
 *     {'params': [model.bias], 'weight_decay': 0},
 * ], lr=0.01)
 * model(torch.ones(4, 2)).sum().backward()
 * optimizer.step()
 * print(model.weight, model.bias)
 * ```
 */
export class AdamW extends Adam {
  constructor(params_or_all: ParamsOrAll<AdamWOptions>, ...others: Tail<Positional, Partial<AdamWOptions>>) {
    const { params, ...given } = ARGUMENTS.read([params_or_all, ...others]);
    super(params, { weight_decay: 1e-2, ...given, decoupled_weight_decay: true });
  }

  protected override after_load(): void {
    super.after_load();
    for (const group of this.param_groups) group.decoupled_weight_decay = true;
  }
}

/** The options of {@link adamw}: what Python takes by name only, and what may be left out. */
export interface AdamWStepOptions {
  /** Divide by the maximum of the averages so far. */
  amsgrad: boolean;
  /** Decay rate of the first running average. */
  beta1: number | Tensor;
  /** Decay rate of the second running average. */
  beta2: number | Tensor;
  /** Learning rate. */
  lr: number | Tensor;
  /** Weight decay. */
  weight_decay: number | Tensor;
  /** Added to the denominator. */
  eps: number | Tensor;
  /** Maximize instead of minimizing. */
  maximize: boolean;
  /** Use the multi-tensor form; default null, when all are on CUDA. */
  foreach?: boolean | null;
  /** Safe to capture in a CUDA graph; default false. */
  capturable?: boolean;
  /** Record autograd through the step; default false. */
  differentiable?: boolean;
  /** Use libtorch's fused kernel; default null. */
  fused?: boolean | null;
  /** Must be null. */
  grad_scale?: Tensor | null;
  /** Must be null. */
  found_inf?: Tensor | null;
  /** Has no effect: complex parameters are recognized. */
  has_complex?: boolean;
}

/** The lists of {@link adamw}. */
export interface AdamWStepLists {
  params: readonly Tensor[];
  grads: readonly Tensor[];
  exp_avgs: readonly Tensor[];
  exp_avg_sqs: readonly Tensor[];
  max_exp_avg_sqs: readonly Tensor[];
  state_steps: readonly Tensor[];
}

const STEP = signature<AdamWStepLists & AdamWStepOptions>(
  'adamw',
  'params: Tensor[], grads: Tensor[], exp_avgs: Tensor[], exp_avg_sqs: Tensor[], ' +
    'max_exp_avg_sqs: Tensor[], state_steps: Tensor[], foreach?: bool|None, capturable?: bool, ' +
    'differentiable?: bool, fused?: bool|None, grad_scale?: Tensor|None, found_inf?: Tensor|None, ' +
    'has_complex?: bool, *, amsgrad: bool, beta1: float|Tensor, beta2: float|Tensor, lr: float|Tensor, ' +
    'weight_decay: float|Tensor, eps: float|Tensor, maximize: bool',
);

/**
 * One step of {@link AdamW} as a function of lists, which it changes in place. Mirrors `torch.optim.adamw.adamw`.
 *
 * @param params - the parameters
 * @param grads - their gradients
 * @param exp_avgs - running averages of the gradients
 * @param exp_avg_sqs - running averages of the squared gradients
 * @param max_exp_avg_sqs - with `amsgrad`: the maxima of the latter; otherwise empty
 * @param state_steps - numbers of steps, as tensors of one element
 * @param options - `amsgrad`, `beta1`, `beta2`, `lr`, `weight_decay`, `eps`, `maximize` are required; see {@link AdamWStepOptions}
 * @throws RangeError for lists of different lengths
 * @example
 * ```ts
 * const [params, grads] = [[torch.ones(2)], [torch.tensor([0.5, -1.5])]];
 * const options = { amsgrad: false, beta1: 0.9, beta2: 0.999, lr: 0.1, weight_decay: 0.01, eps: 1e-8, maximize: false };
 * optim.adamw.adamw(params, grads, [torch.zeros(2)], [torch.zeros(2)], [], [torch.zeros([])], options);
 * print(params);
 * ```
 * ```python
 * from torch.optim.adamw import adamw
 * params, grads = [torch.ones(2)], [torch.tensor([0.5, -1.5])]
 * options = dict(amsgrad=False, beta1=0.9, beta2=0.999, lr=0.1, weight_decay=0.01, eps=1e-8, maximize=False)
 * adamw(params, grads, [torch.zeros(2)], [torch.zeros(2)], [], [torch.zeros([])], **options)
 * print(params)
 * ```
 */
export function adamw(
  params: readonly Tensor[],
  grads: readonly Tensor[],
  exp_avgs: readonly Tensor[],
  exp_avg_sqs: readonly Tensor[],
  max_exp_avg_sqs: readonly Tensor[],
  state_steps: readonly Tensor[],
  options: AdamWStepOptions,
): void;
export function adamw(options: AdamWStepLists & AdamWStepOptions): void;
export function adamw(...args: unknown[]): void {
  const given = STEP.read(args);
  adam({ ...given, decoupled_weight_decay: true });
}
