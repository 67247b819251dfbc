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

/** The options of {@link CosineAnnealingLR}. */
export interface CosineAnnealingLROptions extends LastEpoch {
  /** Minimum learning rate. Default 0. */
  eta_min?: number;
}

const COSINE_ANNEALING_LR = signature<CosineAnnealingLROptions & Scheduling & { T_max: number }>(
  'CosineAnnealingLR',
  'optimizer: Optimizer, T_max: float, eta_min?: float, last_epoch?: int',
);

/**
 * Anneals the learning rate along a cosine of half period `T_max`. Mirrors
 * `torch.optim.lr_scheduler.CosineAnnealingLR`.
 *
 * `lr[t] = eta_min + (initial_lr - eta_min) * (1 + cos(pi * t / T_max)) / 2`; after `T_max` steps it rises again
 *
 * @param optimizer - the optimizer whose learning rates are scheduled
 * @param T_max - number of steps from the initial learning rate to `eta_min`
 * @param eta_min - minimum learning rate; default 0
 * @param last_epoch - index of the last step when resuming; default -1, a new schedule
 * @throws RangeError at the first step when `T_max` is 0; TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const optimizer = new optim.SGD([torch.zeros(1, { requires_grad: true })], { lr: 0.5 });
 * const scheduler = new optim.lr_scheduler.CosineAnnealingLR(optimizer, 4, { eta_min: 0.1 });
 * for (let epoch = 0; epoch < 4; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   print(scheduler.get_last_lr());
 * }
 * ```
 * ```python
 * optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
 * scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, 4, eta_min=0.1)
 * for epoch in range(4):
 *     optimizer.step()
 *     scheduler.step()
 *     print(scheduler.get_last_lr())
 * ```
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

/** The options of {@link CosineAnnealingWarmRestarts}. */
export interface CosineAnnealingWarmRestartsOptions extends LastEpoch {
  /** Factor by which each period is longer than the one before; an integer. Default 1. */
  T_mult?: number;
  /** Minimum learning rate. Default 0. */
  eta_min?: number;
}

const WARM_RESTARTS = signature<CosineAnnealingWarmRestartsOptions & Scheduling & { T_0: number }>(
  'CosineAnnealingWarmRestarts',
  'optimizer: Optimizer, T_0: float, T_mult?: float, eta_min?: float, last_epoch?: int',
);

/**
 * Anneals the learning rate along half a cosine, and restarts from the initial one. Mirrors
 * `torch.optim.lr_scheduler.CosineAnnealingWarmRestarts`.
 *
 * `lr = eta_min + (initial_lr - eta_min) * (1 + cos(pi * T_cur / T_i)) / 2`, with `T_cur` steps since the last
 * restart; the period `T_i` is `T_0` at first and is multiplied by `T_mult` at each restart
 *
 * @param optimizer - the optimizer whose learning rates are scheduled
 * @param T_0 - number of steps until the first restart
 * @param T_mult - factor of the period at each restart; default 1
 * @param eta_min - minimum learning rate; default 0
 * @param last_epoch - index of the last step when resuming; default -1, a new schedule
 * @throws Error unless `T_0` is a positive integer and `T_mult` an integer of at least 1
 * @example
 * ```ts
 * const optimizer = new optim.SGD([torch.zeros(1, { requires_grad: true })], { lr: 0.5 });
 * const scheduler = new optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, 2, { T_mult: 2, eta_min: 0.1 });
 * for (let epoch = 0; epoch < 6; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   print(scheduler.get_last_lr());
 * }
 * ```
 * ```python
 * optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
 * scheduler = optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, 2, T_mult=2, eta_min=0.1)
 * for epoch in range(6):
 *     optimizer.step()
 *     scheduler.step()
 *     print(scheduler.get_last_lr())
 * ```
 */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  declare T_0: number;
  /** Number of steps of the current period. */
  declare T_i: number;
  declare T_mult: number;
  declare eta_min: number;
  /** Number of steps since the last restart. */
  declare T_cur: number;

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
   * Sets the next learning rates, or those of a given step, which may be a fraction: `step(epoch + i / iterations)`.
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
