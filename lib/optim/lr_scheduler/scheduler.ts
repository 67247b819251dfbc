import { kind_of } from '../../_internal/representation.js';
import { warn } from '../../_internal/warnings.js';
import { no_grad } from '../../autograd/grad_mode.js';
import { Tensor } from '../../_tensor.js';
import { scalar_of, type Hyperparameter } from '../hyperparameter.js';
import { signature, no_arguments } from '../../_internal/signature.js';
import type { AnyOptimizer } from '../optimizer.js';

/** What a scheduler's `state_dict()` holds: all of its fields except the optimizer, under Python's names. */
export type SchedulerState = Record<string, unknown>;

/** The option to resume a schedule. */
export interface LastEpoch {
  /** Index of the last step. Default -1: a new schedule. */
  last_epoch?: number;
}

/** Keyword arguments of every scheduler. */
export interface Scheduling extends LastEpoch {
  /** The optimizer whose learning rates are scheduled. */
  optimizer: AnyOptimizer;
}

/** A parameter group as a scheduler sees it. */
export interface ScheduledGroup {
  lr: Hyperparameter;
  initial_lr?: Hyperparameter;
  [option: string]: unknown;
}

const epoch_warning =
  'The epoch parameter in `scheduler.step()` was not necessary and is being deprecated where possible. Please use ' +
  '`scheduler.step()` to step the scheduler. During the deprecation, if epoch is different from None, the closed ' +
  'form is used instead of the new chainable form, where available. Please open an issue if you are unable to ' +
  'replicate your use case: https://github.com/pytorch/pytorch/issues/new/choose.';
const see = 'See more details at https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate';

/** The groups of an optimizer, whichever it is. */
export function groups_of(optimizer: AnyOptimizer): ScheduledGroup[] {
  return optimizer.param_groups as unknown as ScheduledGroup[];
}

/** A copy that later changes in place do not reach. */
export function copy_of<T>(value: T): T {
  return value instanceof Tensor ? (no_grad(() => value.clone()) as T) : value;
}

/** An option of every group. @throws Error when a group lacks it */
export function values_of(optimizer: AnyOptimizer, key: string): Hyperparameter[] {
  return groups_of(optimizer).map((group) => {
    if (!(key in group)) throw new Error(`a parameter group has no '${key}'`);
    return copy_of(group[key] as Hyperparameter);
  });
}

/** Sets an option; a Tensor stays the same object, as a captured graph wants. */
export function set_value(group: ScheduledGroup, key: string, value: Hyperparameter): void {
  const current = group[key];
  if (!(current instanceof Tensor)) group[key] = value;
  else if (value instanceof Tensor) current.copy_(scalar_of(value));
  else current.fill_(value);
}

/** One value a group, from a list or from one value for all. @throws Error for a list of another length */
export function for_each_group<T>(name: string, optimizer: AnyOptimizer, value: T | readonly T[]): T[] {
  const { length } = optimizer.param_groups;
  if (!Array.isArray(value)) return Array.from({ length }, () => copy_of(value as T));
  if (value.length !== length) {
    throw new Error(
      `${name} must have the same length as optimizer.param_groups. ${name} has ${value.length} values, param_groups ` +
        `has ${length}.`,
    );
  }
  return (value as readonly T[]).map(copy_of);
}

/** Warns about the `epoch` of a step. */
export function warn_of_epoch(): void {
  warn(epoch_warning);
}

const stepped = new WeakSet<object>();
const watched = new WeakSet<object>();

/** Notes when an optimizer steps, to tell a scheduler that steps too early. */
function count_optimizer_steps(optimizer: AnyOptimizer): void {
  const step: unknown = optimizer.step;
  if (typeof step !== 'function' || watched.has(step)) return;
  const wrapper = function (this: AnyOptimizer, ...args: unknown[]): unknown {
    stepped.add(this);
    return (step as (...args: unknown[]) => unknown).apply(this, args);
  };
  watched.add(wrapper);
  Object.defineProperty(optimizer, 'step', { value: wrapper, writable: true, configurable: true });
}

const SCHEDULER = signature<Scheduling & { fields?: object }>(
  'LRScheduler',
  'optimizer: Optimizer, last_epoch?: int, fields?: dict',
);
const STEP = signature<{ epoch?: number | null }>('step', 'epoch?: float|None');
const LOAD_STATE_DICT = signature<{ state_dict: SchedulerState }>('load_state_dict', 'state_dict: dict');

/** The `epoch` of a step. @internal */
export function epoch_of(args: readonly unknown[]): number | null {
  return args.length === 0 ? null : (STEP.read(args).epoch ?? null);
}

/** The state that a scheduler is given. @internal */
export function state_of(args: readonly unknown[]): SchedulerState {
  return LOAD_STATE_DICT.read(args).state_dict;
}

/**
 * The base class of the learning rate schedulers. Mirrors `torch.optim.lr_scheduler.LRScheduler`.
 *
 * A subclass defines `get_lr`, which returns the learning rates of all groups after a step. The constructor calls it,
 * so fields of the subclass that it reads are passed to `super` as the third argument; `state_dict()` then contains
 * them, as it does in Python.
 *
 * @param optimizer - the optimizer whose learning rates are scheduled; the first ones are set by the constructor
 * @param last_epoch - index of the last step when resuming; default -1, a new schedule
 * @param fields - the fields of a subclass
 * @throws TypeError when `optimizer` is not an optimizer; Error when `last_epoch` is not -1 and a group has no
 * `initial_lr`
 * @example
 * ```ts
 * class WarmUp extends optim.lr_scheduler.LRScheduler {
 *   override get_lr(): number[] {
 *     return this.base_lrs.map((lr) => Number(lr) * Math.min(1, (this.last_epoch + 1) / 4));
 *   }
 * }
 * const optimizer = new optim.SGD([torch.zeros(1, { requires_grad: true })], { lr: 0.5 });
 * const scheduler = new WarmUp(optimizer);
 * for (let epoch = 0; epoch < 4; epoch++, optimizer.step(), scheduler.step()) print(scheduler.get_last_lr());
 * ```
 * ```python
 * class WarmUp(optim.lr_scheduler.LRScheduler):
 *     def get_lr(self):
 *         return [lr * min(1, (self.last_epoch + 1) / 4) for lr in self.base_lrs]
 * optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
 * scheduler = WarmUp(optimizer)
 * for epoch in range(4):
 *     print(scheduler.get_last_lr())
 *     optimizer.step()
 *     scheduler.step()
 * ```
 */
export class LRScheduler {
  declare optimizer: AnyOptimizer;
  /** The initial learning rates, one per group. */
  declare base_lrs: Hyperparameter[];
  /** The number of steps so far, from 0. */
  declare last_epoch: number;
  /** @internal */
  declare _step_count: number;
  /** @internal whether the constructor is at work */
  declare _is_initial: boolean;
  /** @internal */
  declare _get_lr_called_within_step: boolean;
  /** @internal */
  declare _last_lr: Hyperparameter[];

  constructor(optimizer: AnyOptimizer, last_epoch?: number, fields?: object);
  constructor(...args: unknown[]) {
    const { optimizer, last_epoch = -1, fields = {} } = SCHEDULER.read(args);
    Object.assign(this, fields);
    this.optimizer = optimizer;
    this._start(last_epoch);
  }

  /** @internal What the constructor does, once the fields are there. */
  _start(last_epoch: number): void {
    groups_of(this.optimizer).forEach((group, i) => {
      if (last_epoch === -1) {
        group.initial_lr ??= copy_of(group.lr);
      } else if (!('initial_lr' in group)) {
        throw new Error(
          `param 'initial_lr' is not specified in param_groups[${i}] when resuming scheduler with last_epoch >= 0.\n` +
            'This typically happens when:\n' +
            "1. You're trying to resume training from a checkpoint but haven't properly loaded the optimizer state\n" +
            "2. You're using last_epoch >= 0 for a fresh training run (not recommended)",
        );
      }
    });
    this.base_lrs = values_of(this.optimizer, 'initial_lr');
    this.last_epoch = last_epoch;
    count_optimizer_steps(this.optimizer);
    this._initial_step();
  }

  /** @internal */
  _initial_step(): void {
    this._step_count = 0;
    this._is_initial = true;
    try {
      this.step();
    } finally {
      this._is_initial = false;
    }
  }

  /** The fields of the scheduler, except its optimizer, under Python's names. Mirrors `LRScheduler.state_dict`. */
  state_dict(...none: []): SchedulerState {
    no_arguments('state_dict', none);
    const { optimizer: _optimizer, ...fields } = this as unknown as SchedulerState;
    return fields;
  }

  /** Loads what `state_dict()` returned, here or in Python. Mirrors `LRScheduler.load_state_dict`. */
  load_state_dict(state_dict: SchedulerState): void;
  load_state_dict(...args: unknown[]): void {
    Object.assign(this, state_of(args));
  }

  /** The learning rates that the last step set, one per group. Mirrors `LRScheduler.get_last_lr`. */
  get_last_lr(...none: []): Hyperparameter[] {
    no_arguments('get_last_lr', none);
    return this._last_lr;
  }

  /**
   * The learning rates of the next step, which a subclass defines; `get_last_lr` returns the current ones. Mirrors
   * `LRScheduler.get_lr`.
   */
  get_lr(...none: []): Hyperparameter[] {
    no_arguments('get_lr', none);
    throw new Error(`${this.constructor.name}: get_lr() is not implemented`);
  }

  /** @internal The learning rates from `base_lrs` and `last_epoch` alone, where there is a formula. */
  _get_closed_form_lr?(): Hyperparameter[];

  /**
   * Sets the next learning rates; to be called after the optimizer's step. Mirrors `LRScheduler.step`.
   * @param epoch - deprecated: the step to go to
   */
  step(epoch?: number | null): void;
  step(...args: unknown[]): void {
    const epoch = epoch_of(args);
    if (this._step_count === 1) {
      if (!watched.has(this.optimizer.step)) {
        warn(
          'Seems like `optimizer.step()` has been overridden after learning rate scheduler initialization. Please, ' +
            `make sure to call \`optimizer.step()\` before \`lr_scheduler.step()\`. ${see}`,
        );
      } else if (!stepped.has(this.optimizer)) {
        warn(
          'Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch 1.1.0 and later, you ' +
            'should call them in the opposite order: `optimizer.step()` before `lr_scheduler.step()`.  Failure to do ' +
            `this will result in PyTorch skipping the first value of the learning rate schedule. ${see}`,
        );
      }
    }
    this._step_count += 1;
    if (epoch !== null) warn_of_epoch();
    this._update_lr(epoch);
  }

  /** @internal */
  _update_lr(epoch: number | null = null): void {
    this.last_epoch = epoch ?? this.last_epoch + 1;
    const closed = epoch === null ? undefined : this._get_closed_form_lr;
    this._set_lr(() => (closed ? closed.call(this) : this.get_lr()));
  }

  /** @internal Sets what `compute` gives. */
  _set_lr(compute: () => Hyperparameter[]): void {
    this._get_lr_called_within_step = true;
    let values: Hyperparameter[];
    try {
      values = compute();
    } finally {
      this._get_lr_called_within_step = false;
    }
    const groups = groups_of(this.optimizer);
    if (values.length !== groups.length) {
      const { name } = this.constructor;
      throw new Error(`${name}: ${values.length} learning rates for ${groups.length} parameter groups`);
    }
    for (const value of values as unknown[]) {
      if (typeof value === 'number' || value instanceof Tensor) continue;
      throw new TypeError(
        `${this.constructor.name}: get_lr() must return learning rates as float or Tensor, not ${kind_of(value)}`,
      );
    }
    groups.forEach((group, i) => {
      set_value(group, 'lr', values[i] as Hyperparameter);
    });
    this._last_lr = values_of(this.optimizer, 'lr');
  }

  /** @internal Warns whoever calls `get_lr` from outside. */
  _warn_outside_step(): void {
    if (this._get_lr_called_within_step) return;
    warn('To get the last learning rate computed by the scheduler, please use `get_last_lr()`.');
  }

  /** @internal The current learning rates, each changed by `change`. */
  _each_lr(change?: (lr: Hyperparameter, group: ScheduledGroup, index: number) => Hyperparameter): Hyperparameter[] {
    if (!change) return values_of(this.optimizer, 'lr');
    return no_grad(() => groups_of(this.optimizer).map((group, i) => change(group.lr, group, i)));
  }
}

/**
 * The name of {@link LRScheduler} before PyTorch 2.0, for classes that extend it; schedulers of this package extend
 * `LRScheduler`. Mirrors `torch.optim.lr_scheduler._LRScheduler`.
 *
 * @example
 * ```ts
 * const optimizer = new optim.SGD([torch.ones(1, { requires_grad: true })], { lr: 0.1 });
 * print(new optim.lr_scheduler.StepLR(optimizer, 1) instanceof optim.lr_scheduler._LRScheduler);
 * ```
 * ```python
 * optimizer = optim.SGD([torch.ones(1, requires_grad=True)], lr=0.1)
 * print(isinstance(optim.lr_scheduler.StepLR(optimizer, 1), optim.lr_scheduler._LRScheduler))
 * ```
 */
export class _LRScheduler extends LRScheduler {}
