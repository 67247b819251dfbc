import { zeros_like } from '../generated/functions.js';
import { keep } from '../memory.js';
import type { Tail } from '../_internal/arguments.js';
import type { Tensor } from '../_tensor.js';
import {
  betas_range,
  check_ranges,
  optimizer_signature,
  options_over,
  positive,
  RowOptimizer,
  type HowOptions,
  type Layout,
  type ParamsOrAll,
} from './native_optimizer.js';
import type { ParamGroup } from './optimizer.js';

/** The options of {@link SparseAdam}, and of each of its parameter groups. */
export type SparseAdamOptions = Pick<HowOptions, 'maximize'> & {
  /** Learning rate. Default 0.001. */
  lr: number | Tensor;
  /** Coefficients of the running averages of the gradient and of its square. Default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** Added to the denominator for numerical stability. Default 1e-8. */
  eps: number;
};

/** The state that {@link SparseAdam} keeps for a parameter. */
export type SparseAdamState = {
  /** The number of steps. */
  step: number;
  exp_avg: Tensor;
  exp_avg_sq: Tensor;
};

const layout: Layout<SparseAdamOptions, SparseAdamState> = {
  step: 'SparseAdam',
  state: ['step', 'exp_avg', 'exp_avg_sq'],
  numbers: ({ lr, betas, eps }) => [lr, betas[0], betas[1], eps],
  since: { maximize: false },
  counts: [],
};

const by_default: SparseAdamOptions = { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, maximize: false };

const ARGUMENTS = optimizer_signature<SparseAdamOptions>(
  'SparseAdam',
  'lr?: float|Tensor, betas?: (float|Tensor)[], eps?: float|Tensor, maximize?: bool',
);

type Positional = [lr: number | Tensor, betas: SparseAdamOptions['betas'], eps: number, maximize: boolean];

/**
 * Adam for sparse gradients: only the rows that have a gradient, and their running averages, are updated. Mirrors
 * `torch.optim.SparseAdam`.
 *
 * ```text
 * m[rows]     = m[rows] + (1 - beta1) * (grad - m[rows])
 * v[rows]     = v[rows] + (1 - beta2) * (grad ** 2 - v[rows])
 * param[rows] = param[rows] - lr * sqrt(1 - beta2 ** t) / (1 - beta1 ** t) * m[rows] / (sqrt(v[rows]) + eps)
 * ```
 *
 * For dense real parameters with sparse gradients, such as those of `nn.Embedding` with `sparse: true`. The options,
 * with their defaults, are those of {@link SparseAdamOptions}.
 *
 * @param params - parameters, `[name, parameter]` pairs, or groups `{ params, ...options }`
 * @param options - `lr`, `betas`, `eps`, `maximize`
 * @throws Error when an option is out of its range, a parameter is sparse or complex, or (at a step) a gradient is
 * dense; TypeError for an unknown option or one of a wrong type
 * @example
 * ```ts
 * const embedding = new nn.Embedding(4, 2, { sparse: true });
 * const optimizer = new optim.SparseAdam(embedding.parameters(), { lr: 0.1 });
 * const before = embedding.weight.detach().clone();
 * embedding(torch.tensor([1, 3])).sum().backward();
 * optimizer.step();
 * print(embedding.weight.detach().sub(before));
 * ```
 * ```python
 * embedding = nn.Embedding(4, 2, sparse=True)
 * optimizer = optim.SparseAdam(embedding.parameters(), lr=0.1)
 * before = embedding.weight.detach().clone()
 * embedding(torch.tensor([1, 3])).sum().backward()
 * optimizer.step()
 * print(embedding.weight.detach().sub(before))
 * ```
 */
export class SparseAdam extends RowOptimizer<SparseAdamOptions, SparseAdamState> {
  constructor(params_or_all: ParamsOrAll<SparseAdamOptions>, ...others: Tail<Positional, Partial<SparseAdamOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check_ranges('SparseAdam', defaults, [
      ['lr', 'Invalid learning rate', positive],
      ['eps', 'Invalid epsilon value', positive],
      betas_range,
    ]);
    super(layout, params, defaults);
    this.refuse('Sparse', (param) => param.is_sparse, 'requires dense parameter tensors');
    this.refuse('Complex', (param) => param.is_complex(), 'does not support complex parameters');
  }

  private refuse(kind: string, bad: (param: Tensor) => boolean, why: string): void {
    const found = this.param_groups.flatMap(({ params }, group) =>
      params.flatMap((param, i) => (bad(param) ? [`[${group}, ${i}]`] : [])),
    );
    if (found.length > 0) throw new Error(`${kind} params at indices [${found.join(', ')}]: SparseAdam ${why}`);
  }

  protected override step_group(group: ParamGroup<SparseAdamOptions>): void {
    for (const param of group.params) {
      const { grad } = param;
      if (grad === null) continue;
      if (!grad.is_sparse) throw new Error('SparseAdam does not support dense gradients, please consider Adam instead');
      let state = this.state.get(param);
      if (!state || Object.keys(state).length === 0) {
        state = { step: 0, exp_avg: keep(zeros_like(param)), exp_avg_sq: keep(zeros_like(param)) };
        this.state.set(param, state);
      }
      state.step += 1;
    }
    this.call(group);
  }

  protected override row_of(group: ParamGroup<SparseAdamOptions>): Int32Array {
    const row = super.row_of(group);
    const width = layout.state.length + 1;
    group.params.forEach((param, i) => {
      row[i * width + 1] = this.state.get(param)?.step ?? 0;
    });
    return row;
  }
}
