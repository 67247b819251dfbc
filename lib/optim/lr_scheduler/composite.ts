/** Schedulers made of schedulers: SequentialLR and ChainedScheduler. */
import type { Tail } from '../../_internal/arguments.js';
import { signature } from '../../_internal/signature.js';
import type { Hyperparameter } from '../hyperparameter.js';
import type { AnyOptimizer } from '../optimizer.js';
import { ReduceLROnPlateau } from './plateau.js';
import {
  groups_of,
  LRScheduler,
  set_value,
  state_of,
  values_of,
  type LastEpoch,
  type SchedulerState,
  type Scheduling,
} from './scheduler.js';

function check_schedulers(callee: string, schedulers: readonly LRScheduler[], optimizer: AnyOptimizer): void {
  schedulers.forEach((scheduler, i) => {
    if (!(scheduler instanceof LRScheduler)) {
      throw new TypeError(`${callee} at index ${i} should have \`optimizer\` as its attribute.`);
    }
    if (scheduler instanceof ReduceLROnPlateau) {
      throw new Error(
        `${callee} does not support \`ReduceLROnPlateau\` scheduler as it requires additional kwargs to be specified ` +
          `when calling \`step\`, but got one at index ${i} in the given schedulers sequence.`,
      );
    }
    if (scheduler.optimizer !== optimizer) {
      throw new Error(
        `${callee} expects all schedulers to belong to the same optimizer, but got scheduler ` +
          `${scheduler.constructor.name} at index ${i} has ${String(scheduler.optimizer)}, which is different from ` +
          `${optimizer.constructor.name}.`,
      );
    }
  });
}

/** What both share: the schedulers' own states are part of the state. */
abstract class CompositeScheduler extends LRScheduler {
  declare _schedulers: LRScheduler[];

  override state_dict(): SchedulerState {
    return { ...super.state_dict(), _schedulers: this._schedulers.map((scheduler) => scheduler.state_dict()) };
  }

  override load_state_dict(state_dict: SchedulerState): void;
  override load_state_dict(...args: unknown[]): void {
    const { _schedulers: states, ...rest } = state_of(args);
    if (!Array.isArray(states)) throw new Error("the state dict has no '_schedulers'");
    super.load_state_dict(rest);
    states.forEach((state, i) => this._schedulers[i]?.load_state_dict(state as SchedulerState));
  }
}

/** How many of the sorted milestones have been reached. */
const milestones_reached = (milestones: readonly number[], epoch: number): number =>
  milestones.filter((milestone) => milestone <= epoch).length;

/** Takes back the step that a scheduler's constructor made. */
function undo_initial_step(scheduler: LRScheduler): void {
  const { _schedulers: parts } = scheduler as { _schedulers?: LRScheduler[] };
  if (parts) parts.forEach(undo_initial_step);
  else scheduler.last_epoch -= 1;
}

interface SequentialArguments extends Scheduling {
  schedulers: LRScheduler[];
  milestones: number[];
}

const SEQUENTIAL_LR = signature<SequentialArguments>(
  'SequentialLR',
  'optimizer: Optimizer, schedulers: any[], milestones: int[], last_epoch?: int',
);

/**
 * Runs schedulers one after the other, each from its milestone on. Mirrors `torch.optim.lr_scheduler.SequentialLR`.
 *
 * @param optimizer - the optimizer whose learning rates are scheduled
 * @param schedulers - the schedulers, all of this optimizer
 * @param milestones - the steps at which the next scheduler takes over; one less than there are schedulers
 * @param last_epoch - index of the last step when resuming; default -1, a new schedule
 * @throws Error when there is no scheduler, the number of milestones does not fit, or a scheduler has another
 * optimizer or is a ReduceLROnPlateau
 * @example
 * ```ts
 * const optimizer = new optim.SGD([torch.zeros(1, { requires_grad: true })], { lr: 0.5 });
 * const { ConstantLR, ExponentialLR } = optim.lr_scheduler;
 * const schedulers = [new ConstantLR(optimizer, { factor: 0.5 }), new ExponentialLR(optimizer, 0.9)];
 * const scheduler = new optim.lr_scheduler.SequentialLR(optimizer, schedulers, [2]);
 * for (let epoch = 0; epoch < 4; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   print(scheduler.get_last_lr());
 * }
 * ```
 * ```python
 * optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
 * from torch.optim.lr_scheduler import ConstantLR, ExponentialLR
 * schedulers = [ConstantLR(optimizer, factor=0.5), ExponentialLR(optimizer, 0.9)]
 * scheduler = optim.lr_scheduler.SequentialLR(optimizer, schedulers, [2])
 * for epoch in range(4):
 *     optimizer.step()
 *     scheduler.step()
 *     print(scheduler.get_last_lr())
 * ```
 */
export class SequentialLR extends CompositeScheduler {
  /** @internal */
  declare _milestones: number[];

  constructor(
    optimizer: AnyOptimizer,
    schedulers: LRScheduler[],
    milestones: number[],
    ...options: Tail<[last_epoch: number], LastEpoch>
  );
  constructor(optimizer: AnyOptimizer, options: LastEpoch & { schedulers: LRScheduler[]; milestones: number[] });
  constructor(options: SequentialArguments);
  constructor(...args: unknown[]) {
    const { optimizer, schedulers, milestones, last_epoch = -1 } = SEQUENTIAL_LR.read(args);
    if (schedulers.length < 1) throw new Error('SequentialLR expects at least one scheduler, but got no scheduler.');
    check_schedulers('SequentialLR', schedulers, optimizer);
    if (milestones.length !== schedulers.length - 1) {
      throw new Error(
        'Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone ' +
          `points, but got number of schedulers ${schedulers.length} and the number of milestones to be equal to ` +
          `${milestones.length}`,
      );
    }
    super(optimizer, last_epoch, { _schedulers: schedulers, _milestones: milestones });
  }

  override _start(last_epoch: number): void {
    this.last_epoch = last_epoch + 1;
    for (const group of groups_of(this.optimizer)) set_value(group, 'lr', group.initial_lr as Hyperparameter);
    undo_initial_step(this);
    const first = this.scheduler_at(0);
    first._initial_step();
    this._last_lr = first.get_last_lr();
  }

  private scheduler_at(epoch: number): LRScheduler {
    return this._schedulers[milestones_reached(this._milestones, epoch)] as LRScheduler;
  }

  override step(): void;
  override step(...args: unknown[]): void {
    NO_ARGUMENTS.read(args);
    this.last_epoch += 1;
    const scheduler = this.scheduler_at(this.last_epoch);
    const index = milestones_reached(this._milestones, this.last_epoch);
    if (index > 0 && this._milestones[index - 1] === this.last_epoch) scheduler._update_lr(0);
    else scheduler.step();
    this._last_lr = scheduler.get_last_lr();
  }
}

/** The options of {@link ChainedScheduler}. */
export interface ChainedSchedulerOptions {
  /** The optimizer of the schedulers. Default null: that of the first one. */
  optimizer?: AnyOptimizer | null;
}

const CHAINED = signature<ChainedSchedulerOptions & { schedulers: LRScheduler[] }>(
  'ChainedScheduler',
  'schedulers: any[], optimizer?: Optimizer|None',
);
const NO_ARGUMENTS = signature<object>('step', '');

/**
 * Applies several schedulers at each step, so that their factors multiply. Mirrors
 * `torch.optim.lr_scheduler.ChainedScheduler`.
 *
 * @param schedulers - the schedulers, all of one optimizer
 * @param optimizer - that optimizer; default null, the one of the first scheduler
 * @throws Error when there is no scheduler, or one has another optimizer or is a ReduceLROnPlateau
 * @example
 * ```ts
 * const optimizer = new optim.SGD([torch.zeros(1, { requires_grad: true })], { lr: 0.5 });
 * const { ChainedScheduler, ConstantLR, ExponentialLR } = optim.lr_scheduler;
 * const scheduler = new ChainedScheduler([new ConstantLR(optimizer, 0.5, 2), new ExponentialLR(optimizer, 0.9)]);
 * for (let epoch = 0; epoch < 4; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   print(scheduler.get_last_lr());
 * }
 * ```
 * ```python
 * optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
 * from torch.optim.lr_scheduler import ChainedScheduler, ConstantLR, ExponentialLR
 * scheduler = ChainedScheduler([ConstantLR(optimizer, 0.5, 2), ExponentialLR(optimizer, 0.9)])
 * for epoch in range(4):
 *     optimizer.step()
 *     scheduler.step()
 *     print(scheduler.get_last_lr())
 * ```
 */
export class ChainedScheduler extends CompositeScheduler {
  constructor(schedulers: LRScheduler[], ...options: Tail<[optimizer: AnyOptimizer | null], ChainedSchedulerOptions>);
  constructor(options: ChainedSchedulerOptions & { schedulers: LRScheduler[] });
  constructor(...args: unknown[]) {
    const { schedulers, ...given } = CHAINED.read(args);
    if (schedulers.length < 1) {
      throw new Error('ChainedScheduler expects at least one scheduler to be chained, but got no scheduler.');
    }
    const optimizer = given.optimizer ?? (schedulers[0] as LRScheduler).optimizer;
    check_schedulers('ChainedScheduler', schedulers, optimizer);
    super(optimizer, -1, { _schedulers: schedulers });
  }

  override _start(): void {
    this._last_lr = values_of(this.optimizer, 'lr');
  }

  override step(): void;
  override step(...args: unknown[]): void {
    NO_ARGUMENTS.read(args);
    for (const scheduler of this._schedulers) scheduler.step();
    this._last_lr = values_of(this.optimizer, 'lr');
  }
}
