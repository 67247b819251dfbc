/** Schedulers along a cosine. */
import { native } from '../../_C/native.js';
import type { Tail } from '../../_internal/arguments.js';
import { python_repr } from '../../python/print.js';
import { signature } from '../../_internal/signature.js';
import { add, divide, modulo, multiply, power, subtract, type Hyperparameter } from '../hyperparameter.js';
import type { AnyOptimizer } from '../optimizer.js';
import { epoch_of, LRScheduler, type LastEpoch, type Scheduling } from './scheduler.js';

/** Between `low` and `high` at an angle: `low + (high - low) * (1 + cos(angle)) / 2`. */
function on_cosine(low: number, high: Hyperparameter, angle: number): Hyperparameter {
  return add(low, divide(multiply(subtract(high, low), 1 + native.cosine(angle)), 2));
}

export interface CosineAnnealingLROptions extends LastEpoch {
  /** The least learning rate. Default 0. */
  eta_min?: number;
}

const COSINE_ANNEALING_LR = signature<CosineAnnealingLROptions & Scheduling & { T_max: number }>(
  'CosineAnnealingLR',
  'optimizer: Optimizer, T_max: float, eta_min?: float, last_epoch?: int',
);

/**
 * Lets the learning rate fall to `eta_min` in `T_max` steps along half a cosine, and rise again. Mirrors
 * `CosineAnnealingLR`. A `T_max` of 0 is a RangeError at the first step.
 */
export class CosineAnnealingLR extends LRScheduler {
  declare T_max: number;
  declare eta_min: number;

  constructor(
    optimizer: AnyOptimizer,
    T_max: number,
    ...options: Tail<[eta_min: number, last_epoch: number], CosineAnnealingLROptions>
  );
  constructor(optimizer: AnyOptimizer, options: CosineAnnealingLROptions & { T_max: number });
  constructor(options: CosineAnnealingLROptions & Scheduling & { T_max: number });
  constructor(...args: unknown[]) {
    const { optimizer, T_max, eta_min = 0, last_epoch = -1 } = COSINE_ANNEALING_LR.read(args);
    super(optimizer, last_epoch, { T_max, eta_min });
  }

  override get_lr(): Hyperparameter[] {
    this._warn_outside_step();
    const { last_epoch, T_max, eta_min } = this;
    if (this._is_initial) return this._each_lr();
    if (this._step_count === 1 && last_epoch > 0) {
      return this.base_lrs.map((lr) => on_cosine(eta_min, lr, divide(last_epoch * Math.PI, T_max)));
    }
    if (modulo(last_epoch - 1 - T_max, 2 * T_max) === 0) {
      const rise = 1 - native.cosine(divide(Math.PI, T_max));
      return this._each_lr((lr, _group, i) =>
        add(lr, divide(multiply(subtract(this.base_lrs[i] as Hyperparameter, eta_min), rise), 2)),
      );
    }
    const now = 1 + native.cosine((Math.PI * last_epoch) / T_max);
    const before = 1 + native.cosine((Math.PI * (last_epoch - 1)) / T_max);
    return this._each_lr((lr) => add(multiply(divide(now, before), subtract(lr, eta_min)), eta_min));
  }

  override _get_closed_form_lr(): Hyperparameter[] {
    const angle = divide(Math.PI * this.last_epoch, this.T_max);
    return this.base_lrs.map((lr) => on_cosine(this.eta_min, lr, angle));
  }
}

export interface CosineAnnealingWarmRestartsOptions extends LastEpoch {
  /** How many times longer each run is than the one before. Default 1. */
  T_mult?: number;
  /** The least learning rate. Default 0. */
  eta_min?: number;
}

const WARM_RESTARTS = signature<CosineAnnealingWarmRestartsOptions & Scheduling & { T_0: number }>(
  'CosineAnnealingWarmRestarts',
  'optimizer: Optimizer, T_0: float, T_mult?: float, eta_min?: float, last_epoch?: int',
);

/**
 * Lets the learning rate fall along half a cosine, and starts again: after `T_0` steps, then after `T_0 * T_mult`, and
 * so on. Mirrors `CosineAnnealingWarmRestarts`.
 */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  declare T_0: number;
  /** Steps of the present run. */
  declare T_i: number;
  declare T_mult: number;
  declare eta_min: number;
  /** Steps since the last restart. */
  declare T_cur: number;

  /** @throws Error when a number is out of its range */
  constructor(
    optimizer: AnyOptimizer,
    T_0: number,
    ...options: Tail<[T_mult: number, eta_min: number, last_epoch: number], CosineAnnealingWarmRestartsOptions>
  );
  constructor(optimizer: AnyOptimizer, options: CosineAnnealingWarmRestartsOptions & { T_0: number });
  constructor(options: CosineAnnealingWarmRestartsOptions & Scheduling & { T_0: number });
  constructor(...args: unknown[]) {
    const { optimizer, T_0, T_mult = 1, eta_min = 0, last_epoch = -1 } = WARM_RESTARTS.read(args);
    if (!(T_0 > 0) || !Number.isInteger(T_0)) {
      throw new Error(`Expected positive integer T_0, but got ${python_repr(T_0)}`);
    }
    if (!(T_mult >= 1) || !Number.isInteger(T_mult)) {
      throw new Error(`Expected integer T_mult >= 1, but got ${python_repr(T_mult)}`);
    }
    super(optimizer, last_epoch, { T_0, T_i: T_0, T_mult, eta_min, T_cur: last_epoch });
  }

  override get_lr(): Hyperparameter[] {
    this._warn_outside_step();
    const angle = (Math.PI * this.T_cur) / this.T_i;
    return this.base_lrs.map((lr) => on_cosine(this.eta_min, lr, angle));
  }

  /**
   * Sets the next learning rates, or those of a step, which may be a fraction: `step(epoch + i / iterations)`.
   * @throws Error for a negative step
   */
  override step(epoch?: number | null): void;
  override step(...args: unknown[]): void {
    const epoch = epoch_of(args);
    if (epoch === null && this.last_epoch >= 0) this.go_on();
    else this.go_to(epoch ?? 0);
    this._set_lr(() => this.get_lr());
  }

  private go_on(): void {
    this.last_epoch += 1;
    this.T_cur += 1;
    if (this.T_cur < this.T_i) return;
    this.T_cur %= this.T_i;
    this.T_i *= this.T_mult;
  }

  private go_to(epoch: number): void {
    if (!(epoch >= 0)) throw new Error(`Expected non-negative epoch, but got ${python_repr(epoch)}`);
    const { T_0, T_mult } = this;
    if (epoch < T_0) {
      this.T_i = T_0;
      this.T_cur = epoch;
    } else if (T_mult === 1) {
      this.T_cur = epoch % T_0;
    } else {
      const runs = Math.trunc(native.logarithm((epoch / T_0) * (T_mult - 1) + 1) / native.logarithm(T_mult));
      this.T_cur = epoch - (T_0 * (power(T_mult, runs) - 1)) / (T_mult - 1);
      this.T_i = T_0 * power(T_mult, runs);
    }
    this.last_epoch = Math.floor(epoch);
  }
}
