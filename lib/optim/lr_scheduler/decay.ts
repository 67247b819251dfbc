/** Schedulers that multiply the learning rate at certain steps or by a formula of the step. */
import { types } from 'node:util';

import { bind, iterable_argument, number_arguments, type Tail } from '../../nn/arguments.js';
import { kind_of } from '../../nn/representation.js';
import { multiply, power, type Hyperparameter } from '../hyperparameter.js';
import type { AnyOptimizer } from '../optimizer.js';
import { check_optimizer, LRScheduler, type LastEpoch, type SchedulerState } from './scheduler.js';

/** How many whole times `b` fits into `a`, and what is left, as Python's `//` and `%`. */
const floor_divide = (a: number, b: number): number => Math.floor(a / b);
const modulo = (a: number, b: number): number => a - b * Math.floor(a / b);

/** A factor of the learning rate, from the number of the step. */
export type LRLambda = (epoch: number) => number;

const own_fields = (fn: object): object | null => (Object.keys(fn).length === 0 ? null : { ...fn });

/** What the schedulers by functions share: one for all groups, or one a group. */
abstract class FunctionLR extends LRScheduler {
  declare lr_lambdas: LRLambda[];

  constructor(callee: string, optimizer: AnyOptimizer, args: readonly unknown[]) {
    const { lr_lambda, last_epoch = -1 } = bind<LastEpoch & { lr_lambda: LRLambda | LRLambda[] }>(
      callee, ['lr_lambda', 'last_epoch'], args, 1);
    check_optimizer(optimizer);
    const { length } = optimizer.param_groups;
    const lr_lambdas = Array.isArray(lr_lambda) ? [...lr_lambda] : Array.from({ length }, () => lr_lambda);
    if (lr_lambdas.length !== length) throw new Error(`Expected ${length} lr_lambdas, but got ${lr_lambdas.length}`);
    for (const fn of lr_lambdas) {
      if (typeof fn !== 'function') throw new TypeError(`lr_lambda should be a function, but got ${kind_of(fn)}`);
    }
    super(optimizer, last_epoch, { lr_lambdas });
  }

  /** Of a function only its own fields are saved, null when it has none. */
  override state_dict(): SchedulerState {
    return { ...super.state_dict(), lr_lambdas: this.lr_lambdas.map(own_fields) };
  }

  override load_state_dict(state_dict: SchedulerState): void {
    const { lr_lambdas, ...rest } = state_dict;
    super.load_state_dict(rest);
    if (!Array.isArray(lr_lambdas)) throw new Error("the state dict has no 'lr_lambdas'");
    lr_lambdas.forEach((fields: unknown, i) => { Object.assign(this.lr_lambdas[i] ?? {}, fields); });
  }
}

/** Sets the learning rate to the initial one times a function of the step. Mirrors `LambdaLR`. */
export class LambdaLR extends FunctionLR {
  /** @throws Error when there are more or fewer functions than groups */
  constructor(
    optimizer: AnyOptimizer, lr_lambda: LRLambda | LRLambda[], ...options: Tail<[last_epoch: number], LastEpoch>
  );
  constructor(optimizer: AnyOptimizer, options: LastEpoch & { lr_lambda: LRLambda | LRLambda[] });
  constructor(optimizer: AnyOptimizer, ...args: unknown[]) {
    super('LambdaLR', optimizer, args);
  }

  override get_lr(): Hyperparameter[] {
    this._warn_outside_step();
    return this.base_lrs.map((lr, i) => multiply(lr, (this.lr_lambdas[i] as LRLambda)(this.last_epoch)));
  }
}

/** Multiplies the learning rate by a function of the step. Mirrors `MultiplicativeLR`. */
export class MultiplicativeLR extends FunctionLR {
  /** @throws Error when there are more or fewer functions than groups; TypeError for what is no function */
  constructor(
    optimizer: AnyOptimizer, lr_lambda: LRLambda | LRLambda[], ...options: Tail<[last_epoch: number], LastEpoch>
  );
  constructor(optimizer: AnyOptimizer, options: LastEpoch & { lr_lambda: LRLambda | LRLambda[] });
  constructor(optimizer: AnyOptimizer, ...args: unknown[]) {
    super('MultiplicativeLR', optimizer, args);
  }

  override get_lr(): Hyperparameter[] {
    this._warn_outside_step();
    if (this._is_initial) return this._each_lr();
    return this._each_lr((lr, _group, i) => multiply(lr, (this.lr_lambdas[i] as LRLambda)(this.last_epoch)));
  }
}

export interface StepLROptions extends LastEpoch {
  /** By what the learning rate is multiplied. Default 0.1. */
  gamma?: number;
}

/** Multiplies the learning rate by `gamma` every `step_size` steps. Mirrors `StepLR`. */
export class StepLR extends LRScheduler {
  declare step_size: number;
  declare gamma: number;

  constructor(
    optimizer: AnyOptimizer, step_size: number, ...options: Tail<[gamma: number, last_epoch: number], StepLROptions>
  );
  constructor(optimizer: AnyOptimizer, options: StepLROptions & { step_size: number });
  constructor(optimizer: AnyOptimizer, ...args: unknown[]) {
    const { step_size, gamma = 0.1, last_epoch = -1 } = bind<StepLROptions & { step_size: number }>(
      'StepLR', ['step_size', 'gamma', 'last_epoch'], args, 1);
    number_arguments('StepLR', 'int', { step_size, last_epoch });
    number_arguments('StepLR', 'float', { gamma });
    if (step_size === 0) throw new Error('StepLR(): step_size must not be 0');
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

/** Multiplies the learning rate by `gamma` at given steps. Mirrors `MultiStepLR`. */
export class MultiStepLR extends LRScheduler {
  /** How often each step was given; Python's `Counter`. */
  declare milestones: Map<number, number>;
  declare gamma: number;

  constructor(
    optimizer: AnyOptimizer, milestones: Iterable<number>,
    ...options: Tail<[gamma: number, last_epoch: number], StepLROptions>
  );
  constructor(optimizer: AnyOptimizer, options: StepLROptions & { milestones: Iterable<number> });
  constructor(optimizer: AnyOptimizer, ...args: unknown[]) {
    const { milestones: given, gamma = 0.1, last_epoch = -1 } = bind<StepLROptions & { milestones: Iterable<number> }>(
      'MultiStepLR', ['milestones', 'gamma', 'last_epoch'], args, 1);
    iterable_argument('MultiStepLR', 'milestones', given);
    number_arguments('MultiStepLR', 'float', { gamma });
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
  override load_state_dict(state_dict: SchedulerState): void {
    const { milestones } = state_dict;
    super.load_state_dict(state_dict);
    if (milestones === undefined || types.isMap(milestones)) return;
    const entries = Object.entries(milestones as Record<string, number>);
    this.milestones = new Map(entries.map(([milestone, count]) => [Number(milestone), count]));
  }
}

export interface ConstantLROptions extends LastEpoch {
  /** By what the learning rate is multiplied until then. Default 1/3. */
  factor?: number;
  /** The step at which the learning rate becomes the initial one. Default 5. */
  total_iters?: number;
}

/** Multiplies the learning rate by `factor` until `total_iters` steps have been. Mirrors `ConstantLR`. */
export class ConstantLR extends LRScheduler {
  declare factor: number;
  declare total_iters: number;

  /** @throws Error when `factor` is not between 0 and 1 */
  constructor(
    optimizer: AnyOptimizer,
    ...options: Tail<[factor: number, total_iters: number, last_epoch: number], ConstantLROptions>
  ) {
    const { factor = 1 / 3, total_iters = 5, last_epoch = -1 } = bind<ConstantLROptions>(
      'ConstantLR', ['factor', 'total_iters', 'last_epoch'], options);
    number_arguments('ConstantLR', 'float', { factor, total_iters });
    if (factor > 1 || factor < 0) throw new Error('Constant multiplicative factor expected to be between 0 and 1.');
    super(optimizer, last_epoch, { factor, total_iters });
  }

  override get_lr(): Hyperparameter[] {
    this._warn_outside_step();
    if (this.last_epoch === 0) return this._each_lr((lr) => multiply(lr, this.factor));
    if (this.last_epoch !== this.total_iters) return this._each_lr();
    if (this.factor === 0) throw new Error('ConstantLR: division by zero: a factor of 0 cannot be taken back');
    return this._each_lr((lr) => multiply(lr, 1 / this.factor));
  }

  override _get_closed_form_lr(): Hyperparameter[] {
    const over = this.last_epoch >= this.total_iters ? 1 : 0;
    return this.base_lrs.map((lr) => multiply(lr, this.factor + over * (1 - this.factor)));
  }
}

export interface LinearLROptions extends LastEpoch {
  /** The first factor of the learning rate. Default 1/3. */
  start_factor?: number;
  /** The last one. Default 1. */
  end_factor?: number;
  /** In how many steps the factor gets there. Default 5. */
  total_iters?: number;
}

/** Changes the learning rate linearly, from one factor to another. Mirrors `LinearLR`. */
export class LinearLR extends LRScheduler {
  declare start_factor: number;
  declare end_factor: number;
  declare total_iters: number;

  /** @throws Error when a factor is out of range */
  constructor(
    optimizer: AnyOptimizer,
    ...options: Tail<
      [start_factor: number, end_factor: number, total_iters: number, last_epoch: number], LinearLROptions
    >
  ) {
    const { start_factor = 1 / 3, end_factor = 1, total_iters = 5, last_epoch = -1 } = bind<LinearLROptions>(
      'LinearLR', ['start_factor', 'end_factor', 'total_iters', 'last_epoch'], options);
    number_arguments('LinearLR', 'float', { start_factor, end_factor, total_iters });
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
    return this._each_lr((lr) => multiply(lr, 1 + slope / (total_iters * start_factor + (last_epoch - 1) * slope)));
  }

  override _get_closed_form_lr(): Hyperparameter[] {
    const { last_epoch, total_iters, start_factor, end_factor } = this;
    const factor = start_factor + ((end_factor - start_factor) * Math.min(total_iters, last_epoch)) / total_iters;
    return this.base_lrs.map((lr) => multiply(lr, factor));
  }
}

/** Multiplies the learning rate by `gamma` at every step. Mirrors `ExponentialLR`. */
export class ExponentialLR extends LRScheduler {
  declare gamma: number;

  constructor(optimizer: AnyOptimizer, gamma: number, ...options: Tail<[last_epoch: number], LastEpoch>);
  constructor(optimizer: AnyOptimizer, options: LastEpoch & { gamma: number });
  constructor(optimizer: AnyOptimizer, ...args: unknown[]) {
    const { gamma, last_epoch = -1 } = bind<LastEpoch & { gamma: number }>(
      'ExponentialLR', ['gamma', 'last_epoch'], args, 1);
    number_arguments('ExponentialLR', 'float', { gamma });
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

export interface PolynomialLROptions extends LastEpoch {
  /** In how many steps the learning rate becomes 0. Default 5. */
  total_iters?: number;
  /** The power of the polynomial. Default 1. */
  power?: number;
}

/** Lets the learning rate fall to 0 as a power of the steps that are left. Mirrors `PolynomialLR`. */
export class PolynomialLR extends LRScheduler {
  declare total_iters: number;
  declare power: number;

  constructor(
    optimizer: AnyOptimizer,
    ...options: Tail<[total_iters: number, power: number, last_epoch: number], PolynomialLROptions>
  ) {
    const given = bind<PolynomialLROptions>('PolynomialLR', ['total_iters', 'power', 'last_epoch'], options);
    const { total_iters = 5, power: exponent = 1, last_epoch = -1 } = given;
    number_arguments('PolynomialLR', 'float', { total_iters, power: exponent });
    super(optimizer, last_epoch, { total_iters, power: exponent });
  }

  override get_lr(): Hyperparameter[] {
    this._warn_outside_step();
    const { last_epoch, total_iters } = this;
    if (this._is_initial || last_epoch > total_iters) return this._each_lr();
    const factor = power((1 - last_epoch / total_iters) / (1 - (last_epoch - 1) / total_iters), this.power);
    return this._each_lr((lr) => multiply(lr, factor));
  }

  override _get_closed_form_lr(): Hyperparameter[] {
    const { last_epoch, total_iters } = this;
    const factor = power(1 - Math.min(total_iters, last_epoch) / total_iters, this.power);
    return this.base_lrs.map((lr) => multiply(lr, factor));
  }
}
