import type { Tail } from '../../_internal/arguments.js';
import { text_or_kind } from '../../_internal/representation.js';
import { Tensor } from '../../_tensor.js';
import { signature } from '../../_internal/signature.js';
import { number_of } from '../hyperparameter.js';
import type { AnyOptimizer } from '../optimizer.js';
import { groups_of, LRScheduler, set_value, values_of, warn_of_epoch, type SchedulerState } from './scheduler.js';

/** The options of {@link ReduceLROnPlateau}. */
export interface ReduceLROnPlateauOptions {
  /** Whether the metric should decrease (`'min'`, the default) or increase (`'max'`). */
  mode?: 'min' | 'max';
  /** Factor by which the learning rate is reduced; below 1. Default 0.1. */
  factor?: number;
  /** Number of steps without improvement that are allowed before a reduction. Default 10. */
  patience?: number;
  /** Smallest change that counts as an improvement. Default 1e-4. */
  threshold?: number;
  /** Whether `threshold` is relative to the best value (`'rel'`, the default) or absolute (`'abs'`). */
  threshold_mode?: 'rel' | 'abs';
  /** Number of steps after a reduction in which bad steps are not counted. Default 0. */
  cooldown?: number;
  /** Lower bound of the learning rate, one for all groups or one per group. Default 0. */
  min_lr?: number | readonly number[];
  /** Smallest decay that is applied. Default 1e-8. */
  eps?: number;
}

const REDUCE_ON_PLATEAU = signature<ReduceLROnPlateauOptions & { optimizer: AnyOptimizer }>(
  'ReduceLROnPlateau',
  'optimizer: Optimizer, mode?: str, factor?: float, patience?: float, threshold?: float, threshold_mode?: str, cooldown?: float, ' +
    'min_lr?: float|float[], eps?: float',
);
const STEP = signature<{ metrics: number | bigint | Tensor; epoch?: number | null }>(
  'step',
  'metrics: float|Tensor, epoch?: float|None',
);

type Positional = [
  mode: 'min' | 'max',
  factor: number,
  patience: number,
  threshold: number,
  threshold_mode: 'rel' | 'abs',
  cooldown: number,
  min_lr: number | readonly number[],
  eps: number,
];

function check_modes(mode: unknown, threshold_mode: unknown): void {
  if (mode !== 'min' && mode !== 'max') throw new Error(`mode ${text_or_kind(mode)} is unknown!`);
  if (threshold_mode !== 'rel' && threshold_mode !== 'abs') {
    throw new Error(`threshold mode ${text_or_kind(threshold_mode)} is unknown!`);
  }
}

/**
 * Reduces the learning rate when a metric has stopped improving. Mirrors
 * `torch.optim.lr_scheduler.ReduceLROnPlateau`.
 *
 * After more than `patience` steps without improvement, `lr = max(lr * factor, min_lr)`. `step` takes the metric,
 * such as the validation loss. The options, with their defaults, are those of {@link ReduceLROnPlateauOptions}.
 *
 * @param optimizer - the optimizer whose learning rates are scheduled
 * @param options - `mode`, `factor`, `patience`, `threshold`, `threshold_mode`, `cooldown`, `min_lr`, `eps`
 * @throws Error when `factor` is not below 1, a mode is unknown, or `min_lr` has not one value per group
 * @example
 * ```ts
 * const optimizer = new optim.SGD([torch.zeros(1, { requires_grad: true })], { lr: 0.5 });
 * const scheduler = new optim.lr_scheduler.ReduceLROnPlateau(optimizer, 'min', { factor: 0.5, patience: 1 });
 * for (const loss of [0.9, 0.7, 0.8, 0.75, 0.7]) {
 *   optimizer.step();
 *   scheduler.step(loss);
 *   print(scheduler.get_last_lr());
 * }
 * ```
 * ```python
 * optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
 * scheduler = optim.lr_scheduler.ReduceLROnPlateau(optimizer, 'min', factor=0.5, patience=1)
 * for loss in [0.9, 0.7, 0.8, 0.75, 0.7]:
 *     optimizer.step()
 *     scheduler.step(loss)
 *     print(scheduler.get_last_lr())
 * ```
 */
export class ReduceLROnPlateau extends LRScheduler {
  declare factor: number;
  declare default_min_lr: number | null;
  declare min_lrs: number[];
  declare patience: number;
  declare cooldown: number;
  declare eps: number;
  declare mode: string;
  declare threshold: number;
  declare threshold_mode: string;
  /** The worst possible value of the metric. */
  declare mode_worse: number;
  /** The best value so far. */
  declare best: number;
  declare cooldown_counter: number;
  declare num_bad_epochs: number;

  constructor(optimizer: AnyOptimizer, ...options: Tail<Positional, ReduceLROnPlateauOptions>);
  constructor(options: ReduceLROnPlateauOptions & { optimizer: AnyOptimizer });
  constructor(...args: unknown[]) {
    const {
      optimizer,
      mode = 'min',
      factor = 0.1,
      patience = 10,
      threshold = 1e-4,
      threshold_mode = 'rel',
      cooldown = 0,
      min_lr = 0,
      eps = 1e-8,
    } = REDUCE_ON_PLATEAU.read(args);
    if (factor >= 1) throw new Error('Factor should be < 1.0.');
    const { length } = optimizer.param_groups;
    const many = Array.isArray(min_lr);
    if (many && min_lr.length !== length) throw new Error(`expected ${length} min_lrs, got ${min_lr.length}`);
    const min_lrs = many ? [...(min_lr as readonly number[])] : new Array<number>(length).fill(min_lr as number);
    check_modes(mode, threshold_mode);
    super(optimizer, 0, {
      factor,
      default_min_lr: many ? null : min_lr,
      min_lrs,
      patience,
      cooldown,
      eps,
      mode,
      threshold,
      threshold_mode,
    });
  }

  override _start(): void {
    this.last_epoch = 0;
    this._last_lr = values_of(this.optimizer, 'lr');
    this.mode_worse = this.mode === 'min' ? Infinity : -Infinity;
    this.best = this.mode_worse;
    this.cooldown_counter = 0;
    this.num_bad_epochs = 0;
  }

  /** Whether a reduction was so recent that bad steps are not counted. */
  get in_cooldown(): boolean {
    return this.cooldown_counter > 0;
  }

  /**
   * Compares the metric with the best value, and reduces the learning rate when it has not improved for long enough.
   * @param metrics - the metric: a number or a Tensor of one element
   * @param epoch - deprecated: the index of the step
   * @throws TypeError when `metrics` is not a number
   */
  override step(
    metrics?: number | Tensor | null | { metrics: number | Tensor; epoch?: number | null },
    epoch?: number | null,
  ): void;
  override step(...args: unknown[]): void {
    const { metrics, epoch = null } = STEP.read(args);
    const current = Number(metrics instanceof Tensor ? metrics.item() : metrics);
    if (epoch !== null) warn_of_epoch();
    this.last_epoch = epoch ?? this.last_epoch + 1;
    if (this.is_better(current)) {
      this.best = current;
      this.num_bad_epochs = 0;
    } else {
      this.num_bad_epochs += 1;
    }
    if (this.in_cooldown) {
      this.cooldown_counter -= 1;
      this.num_bad_epochs = 0;
    }
    if (this.num_bad_epochs > this.patience) {
      this.reduce_lr();
      this.cooldown_counter = this.cooldown;
      this.num_bad_epochs = 0;
    }
    this._last_lr = values_of(this.optimizer, 'lr');
  }

  private reduce_lr(): void {
    const groups = groups_of(this.optimizer);
    if (groups.length !== this.min_lrs.length) {
      if (this.default_min_lr === null) {
        throw new Error(
          `The number of param groups in the \`optimizer\` (${groups.length}) differs from when ` +
            `\`ReduceLROnPlateau\` was initialized (${this.min_lrs.length}), usually due to a new param group being ` +
            'added to the optimizer. Please modify the `min_lrs` field to match the length of the `optimizer` param ' +
            'groups.',
        );
      }
      this.min_lrs = new Array<number>(groups.length).fill(this.default_min_lr);
    }
    groups.forEach((group, i) => {
      const lr = number_of(group.lr);
      const reduced = Math.max(lr * this.factor, this.min_lrs[i] as number);
      if (lr - reduced > this.eps) set_value(group, 'lr', reduced);
    });
  }

  private is_better(value: number): boolean {
    const { best, threshold, mode, threshold_mode } = this;
    if (mode === 'min') return value < (threshold_mode === 'rel' ? best * (1 - threshold) : best - threshold);
    return value > (threshold_mode === 'rel' ? best * (threshold + 1) : best + threshold);
  }

  override load_state_dict(state_dict: SchedulerState): void {
    super.load_state_dict(state_dict);
    check_modes(this.mode, this.threshold_mode);
    this.mode_worse = this.mode === 'min' ? Infinity : -Infinity;
  }
}
