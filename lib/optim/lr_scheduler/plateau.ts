import type { Tail } from '../../_internal/arguments.js';
import { shown } from '../../_internal/representation.js';
import { Tensor } from '../../_tensor.js';
import { signature } from '../../_internal/signature.js';
import { number_of } from '../hyperparameter.js';
import type { AnyOptimizer } from '../optimizer.js';
import { groups_of, LRScheduler, set_value, values_of, warn_of_epoch, type SchedulerState } from './scheduler.js';

export interface ReduceLROnPlateauOptions {
  /** Whether the quantity should fall (`'min'`, the default) or rise. */
  mode?: 'min' | 'max';
  /** By what the learning rate is multiplied. Default 0.1. */
  factor?: number;
  /** How many steps without improvement are borne. Default 10. */
  patience?: number;
  /** How much better counts as better. Default 1e-4. */
  threshold?: number;
  /** Whether the threshold is a part of the best value (`'rel'`, the default) or a difference. */
  threshold_mode?: 'rel' | 'abs';
  /** How many steps after a reduction nothing is counted. Default 0. */
  cooldown?: number;
  /** The least learning rate, of all groups or one a group. Default 0. */
  min_lr?: number | readonly number[];
  /** Smaller changes of the learning rate are not made. Default 1e-8. */
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
  if (mode !== 'min' && mode !== 'max') throw new Error(`mode ${shown(mode)} is unknown!`);
  if (threshold_mode !== 'rel' && threshold_mode !== 'abs') {
    throw new Error(`threshold mode ${shown(threshold_mode)} is unknown!`);
  }
}

/** Reduces the learning rate when a quantity no longer improves. Mirrors `ReduceLROnPlateau`. */
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
  /** The worst possible value. */
  declare mode_worse: number;
  /** The best value so far. */
  declare best: number;
  declare cooldown_counter: number;
  declare num_bad_epochs: number;

  /** @throws Error when the factor is not below 1, or a mode is unknown */
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

  /** Whether a reduction was so recent that nothing is counted. */
  get in_cooldown(): boolean {
    return this.cooldown_counter > 0;
  }

  /**
   * Looks at the quantity and, when it has not improved for long enough, reduces the learning rate.
   * @param metrics - the quantity: a number or a Tensor of one element
   * @param epoch - deprecated: the number of the step
   * @throws TypeError when `metrics` is no number
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
