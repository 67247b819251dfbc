/** Schedulers that multiply the learning rate at certain steps or by a formula of the step. */
import { types } from 'node:util';

import type { Tail } from '../../_internal/arguments.js';
import { kind_of } from '../../_internal/representation.js';
import { refuse_async, refuse_promise } from '../../_internal/callbacks.js';
import { signature } from '../../_internal/signature.js';
import { divide, factor_of, modulo, multiply, power, type Hyperparameter } from '../hyperparameter.js';
import type { AnyOptimizer } from '../optimizer.js';
import { LRScheduler, state_of, type LastEpoch, type Scheduling, type SchedulerState } from './scheduler.js';

/** Python's `a // b` of integers. */
function floor_divide(a: number, b: number): number {
  if (b === 0) throw new RangeError('integer division or modulo by zero');
  return Math.floor(a / b);
}

/** A factor of the learning rate, from the index of the step. */
export type LRLambda = (epoch: number) => number;

const own_fields = (fn: object): object | null => (Object.keys(fn).length === 0 ? null : { ...fn });

interface LambdaArguments extends Scheduling {
  lr_lambda: LRLambda | LRLambda[];
}

const LAMBDA_LR = signature<LambdaArguments>('LambdaLR', 'optimizer: Optimizer, lr_lambda: any, last_epoch?: int');
const MULTIPLICATIVE_LR = signature<LambdaArguments>(
  'MultiplicativeLR',
  'optimizer: Optimizer, lr_lambda: any, last_epoch?: int',
);

/** What the schedulers by functions share: one for all groups, or one a group. */
abstract class FunctionLR extends LRScheduler {
  declare lr_lambdas: LRLambda[];

  constructor(callee: string, args: readonly unknown[]) {
    const {
      optimizer,
      lr_lambda,
      last_epoch = -1,
    } = (callee === 'LambdaLR' ? LAMBDA_LR : MULTIPLICATIVE_LR).read(args);
    const { length } = optimizer.param_groups;
    const lr_lambdas = Array.isArray(lr_lambda) ? [...lr_lambda] : Array.from({ length }, () => lr_lambda);
    if (lr_lambdas.length !== length) throw new Error(`Expected ${length} lr_lambdas, but got ${lr_lambdas.length}`);
    for (const fn of lr_lambdas) {
      if (typeof fn !== 'function') throw new TypeError(`lr_lambda should be a function, but got ${kind_of(fn)}`);
      refuse_async(callee, fn);
    }
    super(optimizer, last_epoch, { lr_lambdas });
  }

  /** A learning rate times what its function gives. */
  protected scaled(lr: Hyperparameter, i: number): Hyperparameter {
    const { name } = this.constructor;
    return multiply(
      lr,
      factor_of(name, 'lr_lambda', lr, refuse_promise(name, (this.lr_lambdas[i] as LRLambda)(this.last_epoch))),
    );
  }

  /** Of a function only its own fields are saved, null when it has none. */
  override state_dict(): SchedulerState {
    return { ...super.state_dict(), lr_lambdas: this.lr_lambdas.map(own_fields) };
  }

  override load_state_dict(state_dict: SchedulerState): void;
  override load_state_dict(...args: unknown[]): void {
    const { lr_lambdas, ...rest } = state_of(args);
    super.load_state_dict(rest);
    if (!Array.isArray(lr_lambdas)) throw new Error("the state dict has no 'lr_lambdas'");
    lr_lambdas.forEach((fields: unknown, i) => {
      Object.assign(this.lr_lambdas[i] ?? {}, fields);
    });
  }
}

/**
 * Sets the learning rate to the initial one times a function of the step. Mirrors
 * `torch.optim.lr_scheduler.LambdaLR`.
 *
 * `lr[t] = initial_lr * lr_lambda(t)`
 *
 * @param optimizer - the optimizer whose learning rates are scheduled
 * @param lr_lambda - a function from the step to a factor, or one such function per group
 * @param last_epoch - index of the last step when resuming; default -1, a new schedule
 * @throws Error when the number of functions is not that of the groups; TypeError when one is not a function or does
 * not return a number
 * @example
 * ```ts
 * const optimizer = new optim.SGD([torch.zeros(1, { requires_grad: true })], { lr: 0.5 });
 * const scheduler = new optim.lr_scheduler.LambdaLR(optimizer, (epoch) => 0.5 ** epoch);
 * for (let epoch = 0; epoch < 4; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   print(scheduler.get_last_lr());
 * }
 * ```
 * ```python
 * optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
 * scheduler = optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 0.5 ** epoch)
 * for epoch in range(4):
 *     optimizer.step()
 *     scheduler.step()
 *     print(scheduler.get_last_lr())
 * ```
 */
export class LambdaLR extends FunctionLR {
  constructor(
    optimizer: AnyOptimizer,
    lr_lambda: LRLambda | LRLambda[],
    ...options: Tail<[last_epoch: number], LastEpoch>
  );
  constructor(optimizer: AnyOptimizer, options: LastEpoch & { lr_lambda: LRLambda | LRLambda[] });
  constructor(options: LambdaArguments);
  constructor(...args: unknown[]) {
    super('LambdaLR', args);
  }

  override get_lr(): Hyperparameter[] {
    this._warn_outside_step();
    return this.base_lrs.map((lr, i) => this.scaled(lr, i));
  }
}

/**
 * Multiplies the learning rate by a function of the step. Mirrors `torch.optim.lr_scheduler.MultiplicativeLR`.
 *
 * `lr[t] = lr[t - 1] * lr_lambda(t)`
 *
 * @param optimizer - the optimizer whose learning rates are scheduled
 * @param lr_lambda - a function from the step to a factor, or one such function per group
 * @param last_epoch - index of the last step when resuming; default -1, a new schedule
 * @throws Error when the number of functions is not that of the groups; TypeError when one is not a function or does
 * not return a number
 * @example
 * ```ts
 * const optimizer = new optim.SGD([torch.zeros(1, { requires_grad: true })], { lr: 0.5 });
 * const scheduler = new optim.lr_scheduler.MultiplicativeLR(optimizer, (epoch) => 1 / (1 + epoch));
 * for (let epoch = 0; epoch < 4; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   print(scheduler.get_last_lr());
 * }
 * ```
 * ```python
 * optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
 * scheduler = optim.lr_scheduler.MultiplicativeLR(optimizer, lambda epoch: 1 / (1 + epoch))
 * for epoch in range(4):
 *     optimizer.step()
 *     scheduler.step()
 *     print(scheduler.get_last_lr())
 * ```
 */
export class MultiplicativeLR extends FunctionLR {
  constructor(
    optimizer: AnyOptimizer,
    lr_lambda: LRLambda | LRLambda[],
    ...options: Tail<[last_epoch: number], LastEpoch>
  );
  constructor(optimizer: AnyOptimizer, options: LastEpoch & { lr_lambda: LRLambda | LRLambda[] });
  constructor(options: LambdaArguments);
  constructor(...args: unknown[]) {
    super('MultiplicativeLR', args);
  }

  override get_lr(): Hyperparameter[] {
    this._warn_outside_step();
    if (this._is_initial) return this._each_lr();
    return this._each_lr((lr, _group, i) => this.scaled(lr, i));
  }
}

/** The options of {@link StepLR} and {@link MultiStepLR}. */
export interface StepLROptions extends LastEpoch {
  /** Factor of the decay. Default 0.1. */
  gamma?: number;
}

const STEP_LR = signature<StepLROptions & Scheduling & { step_size: number }>(
  'StepLR',
  'optimizer: Optimizer, step_size: int, gamma?: float, last_epoch?: int',
);

/**
 * Decays the learning rate by `gamma` every `step_size` steps. Mirrors `torch.optim.lr_scheduler.StepLR`.
 *
 * `lr[t] = initial_lr * gamma ** floor(t / step_size)`
 *
 * @param optimizer - the optimizer whose learning rates are scheduled
 * @param step_size - number of steps between decays
 * @param gamma - factor of the decay; default 0.1
 * @param last_epoch - index of the last step when resuming; default -1, a new schedule
 * @throws RangeError at the first step when `step_size` is 0; TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const optimizer = new optim.SGD([torch.zeros(1, { requires_grad: true })], { lr: 0.5 });
 * const scheduler = new optim.lr_scheduler.StepLR(optimizer, 2, { gamma: 0.5 });
 * for (let epoch = 0; epoch < 4; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   print(scheduler.get_last_lr());
 * }
 * ```
 * ```python
 * optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
 * scheduler = optim.lr_scheduler.StepLR(optimizer, 2, gamma=0.5)
 * for epoch in range(4):
 *     optimizer.step()
 *     scheduler.step()
 *     print(scheduler.get_last_lr())
 * ```
 */
export class StepLR extends LRScheduler {
  declare step_size: number;
  declare gamma: number;

  constructor(
    optimizer: AnyOptimizer,
    step_size: number,
    ...options: Tail<[gamma: number, last_epoch: number], StepLROptions>
  );
  constructor(optimizer: AnyOptimizer, options: StepLROptions & { step_size: number });
  constructor(options: StepLROptions & Scheduling & { step_size: number });
  constructor(...args: unknown[]) {
    const { optimizer, step_size, gamma = 0.1, last_epoch = -1 } = STEP_LR.read(args);
    super(optimizer, last_epoch, { step_size, gamma });
  }

  override get_lr(): Hyperparameter[] {
    this._warn_outside_step();
    if (this.last_epoch === 0 || modulo(this.last_epoch, this.step_size) !== 0) return this._each_lr();
    return this._each_lr((lr) => multiply(lr, this.gamma));
  }

  override _get_closed_form_lr(): Hyperparameter[] {
    const factor = power(this.gamma, floor_divide(this.last_epoch, this.step_size));
    return this.base_lrs.map((lr) => multiply(lr, factor));
  }
}

const MULTI_STEP_LR = signature<StepLROptions & Scheduling & { milestones: Iterable<number> }>(
  'MultiStepLR',
  'optimizer: Optimizer, milestones: Iterable, gamma?: float, last_epoch?: int',
);

/**
 * Decays the learning rate by `gamma` at each milestone. Mirrors `torch.optim.lr_scheduler.MultiStepLR`.
 *
 * `lr[t] = initial_lr * gamma ** (number of milestones <= t)`
 *
 * @param optimizer - the optimizer whose learning rates are scheduled
 * @param milestones - the steps at which the learning rate decays
 * @param gamma - factor of the decay; default 0.1
 * @param last_epoch - index of the last step when resuming; default -1, a new schedule
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const optimizer = new optim.SGD([torch.zeros(1, { requires_grad: true })], { lr: 0.5 });
 * const scheduler = new optim.lr_scheduler.MultiStepLR(optimizer, [1, 3], { gamma: 0.5 });
 * for (let epoch = 0; epoch < 4; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   print(scheduler.get_last_lr());
 * }
 * ```
 * ```python
 * optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
 * scheduler = optim.lr_scheduler.MultiStepLR(optimizer, [1, 3], gamma=0.5)
 * for epoch in range(4):
 *     optimizer.step()
 *     scheduler.step()
 *     print(scheduler.get_last_lr())
 * ```
 */
export class MultiStepLR extends LRScheduler {
  /** How often each milestone was given; Python's `Counter`. */
  declare milestones: Map<number, number>;
  declare gamma: number;

  constructor(
    optimizer: AnyOptimizer,
    milestones: Iterable<number>,
    ...options: Tail<[gamma: number, last_epoch: number], StepLROptions>
  );
  constructor(optimizer: AnyOptimizer, options: StepLROptions & { milestones: Iterable<number> });
  constructor(options: StepLROptions & Scheduling & { milestones: Iterable<number> });
  constructor(...args: unknown[]) {
    const { optimizer, milestones: given, gamma = 0.1, last_epoch = -1 } = MULTI_STEP_LR.read(args);
    const milestones = new Map<number, number>();
    for (const milestone of given) milestones.set(milestone, (milestones.get(milestone) ?? 0) + 1);
    super(optimizer, last_epoch, { milestones, gamma });
  }

  override get_lr(): Hyperparameter[] {
    this._warn_outside_step();
    const times = this.milestones.get(this.last_epoch);
    if (times === undefined) return this._each_lr();
    const factor = power(this.gamma, times);
    return this._each_lr((lr) => multiply(lr, factor));
  }

  override _get_closed_form_lr(): Hyperparameter[] {
    let times = 0;
    for (const [milestone, count] of this.milestones) {
      if (milestone <= this.last_epoch) times += count;
    }
    const factor = power(this.gamma, times);
    return this.base_lrs.map((lr) => multiply(lr, factor));
  }

  /** A Counter of Python's may come as a Map or as an object. */
  override load_state_dict(state_dict: SchedulerState): void;
  override load_state_dict(...args: unknown[]): void {
    const state_dict = state_of(args);
    const { milestones } = state_dict;
    super.load_state_dict(state_dict);
    if (milestones === undefined || types.isMap(milestones)) return;
    const entries = Object.entries(milestones as Record<string, number>);
    this.milestones = new Map(entries.map(([milestone, count]) => [Number(milestone), count]));
  }
}

/** The options of {@link ConstantLR}. */
export interface ConstantLROptions extends LastEpoch {
  /** Factor of the learning rate before `total_iters`. Default 1/3. */
  factor?: number;
  /** Number of steps after which the learning rate is the initial one. Default 5. */
  total_iters?: number;
}

const CONSTANT_LR = signature<ConstantLROptions & Scheduling>(
  'ConstantLR',
  'optimizer: Optimizer, factor?: float, total_iters?: float, last_epoch?: int',
);

/**
 * Multiplies the learning rate by a constant factor for `total_iters` steps. Mirrors
 * `torch.optim.lr_scheduler.ConstantLR`.
 *
 * `lr[t] = initial_lr * factor` for `t < total_iters`, and `initial_lr` afterwards
 *
 * @param optimizer - the optimizer whose learning rates are scheduled
 * @param factor - factor of the learning rate, between 0 and 1; default 1/3
 * @param total_iters - number of steps with that factor; default 5
 * @param last_epoch - index of the last step when resuming; default -1, a new schedule
 * @throws Error when `factor` is not between 0 and 1
 * @example
 * ```ts
 * const optimizer = new optim.SGD([torch.zeros(1, { requires_grad: true })], { lr: 0.5 });
 * const scheduler = new optim.lr_scheduler.ConstantLR(optimizer, { factor: 0.5, total_iters: 3 });
 * for (let epoch = 0; epoch < 4; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   print(scheduler.get_last_lr());
 * }
 * ```
 * ```python
 * optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
 * scheduler = optim.lr_scheduler.ConstantLR(optimizer, factor=0.5, total_iters=3)
 * for epoch in range(4):
 *     optimizer.step()
 *     scheduler.step()
 *     print(scheduler.get_last_lr())
 * ```
 */
export class ConstantLR extends LRScheduler {
  declare factor: number;
  declare total_iters: number;

  constructor(
    optimizer: AnyOptimizer,
    ...options: Tail<[factor: number, total_iters: number, last_epoch: number], ConstantLROptions>
  );
  constructor(options: ConstantLROptions & Scheduling);
  constructor(...args: unknown[]) {
    const { optimizer, factor = 1 / 3, total_iters = 5, last_epoch = -1 } = CONSTANT_LR.read(args);
    if (factor > 1 || factor < 0) throw new Error('Constant multiplicative factor expected to be between 0 and 1.');
    super(optimizer, last_epoch, { factor, total_iters });
  }

  override get_lr(): Hyperparameter[] {
    this._warn_outside_step();
    if (this.last_epoch === 0) return this._each_lr((lr) => multiply(lr, this.factor));
    if (this.last_epoch !== this.total_iters) return this._each_lr();
    return this._each_lr((lr) => multiply(lr, divide(1, this.factor)));
  }

  override _get_closed_form_lr(): Hyperparameter[] {
    const over = this.last_epoch >= this.total_iters ? 1 : 0;
    return this.base_lrs.map((lr) => multiply(lr, this.factor + over * (1 - this.factor)));
  }
}

/** The options of {@link LinearLR}. */
export interface LinearLROptions extends LastEpoch {
  /** Factor of the learning rate at the first step. Default 1/3. */
  start_factor?: number;
  /** Factor of the learning rate at the end. Default 1. */
  end_factor?: number;
  /** Number of steps from the first factor to the last. Default 5. */
  total_iters?: number;
}

const LINEAR_LR = signature<LinearLROptions & Scheduling>(
  'LinearLR',
  'optimizer: Optimizer, start_factor?: float, end_factor?: float, total_iters?: float, last_epoch?: int',
);

/**
 * Changes the factor of the learning rate linearly from `start_factor` to `end_factor` over `total_iters` steps.
 * Mirrors `torch.optim.lr_scheduler.LinearLR`.
 *
 * `lr[t] = initial_lr * (start_factor + (end_factor - start_factor) * min(t, total_iters) / total_iters)`
 *
 * @param optimizer - the optimizer whose learning rates are scheduled
 * @param start_factor - the first factor, in (0, 1]; default 1/3
 * @param end_factor - the last factor, in [0, 1]; default 1
 * @param total_iters - number of steps between them; default 5
 * @param last_epoch - index of the last step when resuming; default -1, a new schedule
 * @throws Error when a factor is out of its range
 * @example
 * ```ts
 * const optimizer = new optim.SGD([torch.zeros(1, { requires_grad: true })], { lr: 0.5 });
 * const scheduler = new optim.lr_scheduler.LinearLR(optimizer, { start_factor: 0.25, total_iters: 3 });
 * for (let epoch = 0; epoch < 4; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   print(scheduler.get_last_lr());
 * }
 * ```
 * ```python
 * optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
 * scheduler = optim.lr_scheduler.LinearLR(optimizer, start_factor=0.25, total_iters=3)
 * for epoch in range(4):
 *     optimizer.step()
 *     scheduler.step()
 *     print(scheduler.get_last_lr())
 * ```
 */
export class LinearLR extends LRScheduler {
  declare start_factor: number;
  declare end_factor: number;
  declare total_iters: number;

  constructor(
    optimizer: AnyOptimizer,
    ...options: Tail<
      [start_factor: number, end_factor: number, total_iters: number, last_epoch: number],
      LinearLROptions
    >
  );
  constructor(options: LinearLROptions & Scheduling);
  constructor(...args: unknown[]) {
    const { optimizer, start_factor = 1 / 3, end_factor = 1, total_iters = 5, last_epoch = -1 } = LINEAR_LR.read(args);
    if (start_factor > 1 || start_factor <= 0) {
      throw new Error('Starting multiplicative factor expected to be greater than 0 and less or equal to 1.');
    }
    if (end_factor > 1 || end_factor < 0) {
      throw new Error('Ending multiplicative factor expected to be between 0 and 1.');
    }
    super(optimizer, last_epoch, { start_factor, end_factor, total_iters });
  }

  override get_lr(): Hyperparameter[] {
    this._warn_outside_step();
    const { last_epoch, total_iters, start_factor, end_factor } = this;
    if (last_epoch === 0) return this._each_lr((lr) => multiply(lr, start_factor));
    if (this._is_initial || last_epoch > total_iters) return this._each_lr();
    const slope = end_factor - start_factor;
    return this._each_lr((lr) =>
      multiply(lr, 1 + divide(slope, total_iters * start_factor + (last_epoch - 1) * slope)),
    );
  }

  override _get_closed_form_lr(): Hyperparameter[] {
    const { last_epoch, total_iters, start_factor, end_factor } = this;
    const factor = start_factor + divide((end_factor - start_factor) * Math.min(total_iters, last_epoch), total_iters);
    return this.base_lrs.map((lr) => multiply(lr, factor));
  }
}

const EXPONENTIAL_LR = signature<Scheduling & { gamma: number }>(
  'ExponentialLR',
  'optimizer: Optimizer, gamma: float, last_epoch?: int',
);

/**
 * Decays the learning rate by `gamma` at every step. Mirrors `torch.optim.lr_scheduler.ExponentialLR`.
 *
 * `lr[t] = initial_lr * gamma ** t`
 *
 * @param optimizer - the optimizer whose learning rates are scheduled
 * @param gamma - factor of the decay
 * @param last_epoch - index of the last step when resuming; default -1, a new schedule
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const optimizer = new optim.SGD([torch.zeros(1, { requires_grad: true })], { lr: 0.5 });
 * const scheduler = new optim.lr_scheduler.ExponentialLR(optimizer, 0.9);
 * for (let epoch = 0; epoch < 4; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   print(scheduler.get_last_lr());
 * }
 * ```
 * ```python
 * optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
 * scheduler = optim.lr_scheduler.ExponentialLR(optimizer, 0.9)
 * for epoch in range(4):
 *     optimizer.step()
 *     scheduler.step()
 *     print(scheduler.get_last_lr())
 * ```
 */
export class ExponentialLR extends LRScheduler {
  declare gamma: number;

  constructor(optimizer: AnyOptimizer, gamma: number, ...options: Tail<[last_epoch: number], LastEpoch>);
  constructor(optimizer: AnyOptimizer, options: LastEpoch & { gamma: number });
  constructor(options: Scheduling & { gamma: number });
  constructor(...args: unknown[]) {
    const { optimizer, gamma, last_epoch = -1 } = EXPONENTIAL_LR.read(args);
    super(optimizer, last_epoch, { gamma });
  }

  override get_lr(): Hyperparameter[] {
    this._warn_outside_step();
    if (this._is_initial) return this._each_lr();
    return this._each_lr((lr) => multiply(lr, this.gamma));
  }

  override _get_closed_form_lr(): Hyperparameter[] {
    const factor = power(this.gamma, this.last_epoch);
    return this.base_lrs.map((lr) => multiply(lr, factor));
  }
}

/** The options of {@link PolynomialLR}. */
export interface PolynomialLROptions extends LastEpoch {
  /** Number of steps until the learning rate is 0. Default 5. */
  total_iters?: number;
  /** Exponent of the polynomial. Default 1. */
  power?: number;
}

const POLYNOMIAL_LR = signature<PolynomialLROptions & Scheduling>(
  'PolynomialLR',
  'optimizer: Optimizer, total_iters?: float, power?: float, last_epoch?: int',
);

/**
 * Decays the learning rate to 0 by a polynomial over `total_iters` steps. Mirrors
 * `torch.optim.lr_scheduler.PolynomialLR`.
 *
 * `lr[t] = initial_lr * (1 - min(t, total_iters) / total_iters) ** power`
 *
 * @param optimizer - the optimizer whose learning rates are scheduled
 * @param total_iters - number of steps until the learning rate is 0; default 5
 * @param power - exponent of the polynomial; default 1
 * @param last_epoch - index of the last step when resuming; default -1, a new schedule
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const optimizer = new optim.SGD([torch.zeros(1, { requires_grad: true })], { lr: 0.5 });
 * const scheduler = new optim.lr_scheduler.PolynomialLR(optimizer, { total_iters: 5, power: 2 });
 * for (let epoch = 0; epoch < 4; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   print(scheduler.get_last_lr());
 * }
 * ```
 * ```python
 * optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
 * scheduler = optim.lr_scheduler.PolynomialLR(optimizer, total_iters=5, power=2)
 * for epoch in range(4):
 *     optimizer.step()
 *     scheduler.step()
 *     print(scheduler.get_last_lr())
 * ```
 */
export class PolynomialLR extends LRScheduler {
  declare total_iters: number;
  declare power: number;

  constructor(
    optimizer: AnyOptimizer,
    ...options: Tail<[total_iters: number, power: number, last_epoch: number], PolynomialLROptions>
  );
  constructor(options: PolynomialLROptions & Scheduling);
  constructor(...args: unknown[]) {
    const { optimizer, total_iters = 5, power: exponent = 1, last_epoch = -1 } = POLYNOMIAL_LR.read(args);
    super(optimizer, last_epoch, { total_iters, power: exponent });
  }

  override get_lr(): Hyperparameter[] {
    this._warn_outside_step();
    const { last_epoch, total_iters } = this;
    if (this._is_initial || last_epoch > total_iters) return this._each_lr();
    const factor = power(
      divide(1 - divide(last_epoch, total_iters), 1 - divide(last_epoch - 1, total_iters)),
      this.power,
    );
    return this._each_lr((lr) => multiply(lr, factor));
  }

  override _get_closed_form_lr(): Hyperparameter[] {
    const { last_epoch, total_iters } = this;
    const factor = power(1 - divide(Math.min(total_iters, last_epoch), total_iters), this.power);
    return this.base_lrs.map((lr) => multiply(lr, factor));
  }
}
