/** Schedulers that cycle the learning rate, and the momentum against it: CyclicLR and OneCycleLR. */
import { native } from '../../_C/native.js';
import type { Tail } from '../../_internal/arguments.js';
import { text_or_kind } from '../../_internal/representation.js';
import { python_repr } from '../../python/print.js';
import { refuse_async, refuse_promise } from '../../_internal/callbacks.js';
import { signature } from '../../_internal/signature.js';
import { add, divide, factor_of, multiply, power, subtract, type Hyperparameter } from '../hyperparameter.js';
import type { AnyOptimizer } from '../optimizer.js';
import {
  for_each_group,
  groups_of,
  LRScheduler,
  set_value,
  state_of,
  type LastEpoch,
  type ScheduledGroup,
  type SchedulerState,
  type Scheduling,
} from './scheduler.js';

type PerGroup = Hyperparameter | readonly Hyperparameter[];

/** The options that {@link CyclicLR} and {@link OneCycleLR} share. */
export interface CycleMomentumOptions extends LastEpoch {
  /** Cycle the momentum (or the first of `betas`) inversely to the learning rate. Default true. */
  cycle_momentum?: boolean;
  /** Lower momentum, one for all groups or one per group. Default 0.8 in CyclicLR, 0.85 in OneCycleLR. */
  base_momentum?: number | readonly number[];
  /** Upper momentum, one for all groups or one per group. Default 0.9 in CyclicLR, 0.95 in OneCycleLR. */
  max_momentum?: number | readonly number[];
}

function set_momentum(group: ScheduledGroup, use_beta1: boolean, momentum: Hyperparameter): void {
  if (use_beta1) group['betas'] = [momentum, ...(group['betas'] as unknown[]).slice(1)];
  else group['momentum'] = momentum;
}

/** Whether the optimizer's momentum is the first of its betas. @throws Error when it has neither */
function uses_beta1(optimizer: AnyOptimizer): boolean {
  const { defaults } = optimizer as { defaults: object };
  if (!('momentum' in defaults) && !('betas' in defaults)) {
    throw new Error('optimizer must support momentum or beta1 with `cycle_momentum` option enabled');
  }
  return 'betas' in defaults;
}

interface Momenta {
  use_beta1: boolean;
  base_momentums: number[];
  max_momentums: number[];
}

/** Checks the momenta and, in a new schedule, writes them into the groups. */
function momenta_of(
  optimizer: AnyOptimizer,
  base: number | readonly number[],
  max: number | readonly number[],
  last_epoch: number,
): Momenta {
  const use_beta1 = uses_beta1(optimizer);
  const base_momentums = for_each_group<number>('base_momentum', optimizer, base);
  const max_momentums = for_each_group<number>('max_momentum', optimizer, max);
  if (last_epoch === -1) {
    groups_of(optimizer).forEach((group, i) => {
      set_momentum(group, use_beta1, max_momentums[i] as number);
      group['max_momentum'] = max_momentums[i];
      group['base_momentum'] = base_momentums[i];
    });
  }
  return { use_beta1, base_momentums, max_momentums };
}

// ---- CyclicLR -----------------------------------------------------------------------------------

const MODES = ['triangular', 'triangular2', 'exp_range'] as const;

/** The options of {@link CyclicLR}. */
export interface CyclicLROptions extends CycleMomentumOptions {
  /** Number of steps of the increasing half. Default 2000. */
  step_size_up?: number;
  /** Number of steps of the decreasing half. Default null: `step_size_up`. */
  step_size_down?: number | null;
  /**
   * Amplitude of the cycles: constant (`'triangular'`, the default), halved each cycle (`'triangular2'`), or `gamma
   * ** step` (`'exp_range'`).
   */
  mode?: (typeof MODES)[number];
  /** Base of the amplitude of `'exp_range'`. Default 1. */
  gamma?: number;
  /** Custom amplitude, which overrides `mode`. Default null. */
  scale_fn?: ((x: number) => number) | null;
  /** Whether `scale_fn` receives the index of the cycle or of the step. Default `'cycle'`. */
  scale_mode?: 'cycle' | 'iterations';
}

type CyclicGiven = CyclicLROptions & { base_lr: PerGroup; max_lr: PerGroup };

const CYCLIC_LR = signature<CyclicGiven & Scheduling>(
  'CyclicLR',
  'optimizer: Optimizer, base_lr: float|Tensor|(float|Tensor)[], max_lr: float|Tensor|(float|Tensor)[], step_size_up?: float, ' +
    'step_size_down?: float|None, mode?: str, gamma?: float, scale_fn?: Callable|None, scale_mode?: str, cycle_momentum?: bool, ' +
    'base_momentum?: float|float[], max_momentum?: float|float[], last_epoch?: int',
);

/**
 * Cycles the learning rate linearly between two bounds; one step per batch. Mirrors
 * `torch.optim.lr_scheduler.CyclicLR`.
 *
 * `lr = base_lr + (max_lr - base_lr) * height * scale`, where `height` rises from 0 to 1 in `step_size_up` steps and
 * falls in `step_size_down`. Further options are those of {@link CyclicLROptions}.
 *
 * @param optimizer - the optimizer whose learning rates are scheduled
 * @param base_lr - lower bound, one for all groups or one per group
 * @param max_lr - upper bound, likewise
 * @param options - `step_size_up`, `step_size_down`, `mode`, `gamma`, `scale_fn`, `scale_mode`, `cycle_momentum`,
 * `base_momentum`, `max_momentum`
 * @param last_epoch - index of the last step when resuming; default -1, a new schedule
 * @throws Error when `mode` is unknown, a list has not one value per group, or the optimizer has no momentum to cycle
 * @example
 * ```ts
 * const optimizer = new optim.SGD([torch.zeros(1, { requires_grad: true })], { lr: 0.5, momentum: 0.9 });
 * const scheduler = new optim.lr_scheduler.CyclicLR(optimizer, 0.1, 0.5, { step_size_up: 2 });
 * for (let epoch = 0; epoch < 4; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   print(scheduler.get_last_lr());
 * }
 * ```
 * ```python
 * optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5, momentum=0.9)
 * scheduler = optim.lr_scheduler.CyclicLR(optimizer, 0.1, 0.5, step_size_up=2)
 * for epoch in range(4):
 *     optimizer.step()
 *     scheduler.step()
 *     print(scheduler.get_last_lr())
 * ```
 */
export class CyclicLR extends LRScheduler {
  declare max_lrs: Hyperparameter[];
  /** Number of steps of a cycle. */
  declare total_size: number;
  /** Fraction of a cycle in which the learning rate rises. */
  declare step_ratio: number;
  declare mode: string;
  declare gamma: number;
  declare scale_mode: string;
  declare cycle_momentum: boolean;
  declare use_beta1: boolean;
  declare base_momentums: number[];
  declare max_momentums: number[];
  /** @internal */
  declare _scale_fn_custom: ((x: number) => number) | null;

  constructor(
    optimizer: AnyOptimizer,
    base_lr: PerGroup,
    max_lr: PerGroup,
    ...options: Tail<
      [step_size_up: number, step_size_down: number | null, mode: CyclicLROptions['mode']],
      CyclicLROptions
    >
  );
  constructor(optimizer: AnyOptimizer, options: CyclicGiven);
  constructor(options: CyclicGiven & Scheduling);
  constructor(...args: unknown[]) {
    const {
      optimizer,
      base_lr,
      max_lr,
      step_size_up = 2000,
      step_size_down = null,
      mode = 'triangular',
      gamma = 1,
      scale_fn = null,
      scale_mode = 'cycle',
      cycle_momentum = true,
      base_momentum = 0.8,
      max_momentum = 0.9,
      last_epoch = -1,
    } = CYCLIC_LR.read(args);
    if (scale_fn !== null) refuse_async('CyclicLR', scale_fn);
    const base_lrs = for_each_group('base_lr', optimizer, base_lr);
    if (last_epoch === -1) {
      groups_of(optimizer).forEach((group, i) => {
        set_value(group, 'lr', base_lrs[i] as Hyperparameter);
      });
    }
    const max_lrs = for_each_group('max_lr', optimizer, max_lr);
    const total_size = step_size_up + (step_size_down ?? step_size_up);
    if (!MODES.includes(mode) && scale_fn === null) throw new Error('mode is invalid and scale_fn is None');
    super(optimizer, last_epoch, {
      max_lrs,
      total_size,
      step_ratio: divide(step_size_up, total_size),
      mode,
      gamma,
      _scale_fn_custom: scale_fn,
      scale_mode: scale_fn !== null ? scale_mode : mode === 'exp_range' ? 'iterations' : 'cycle',
      cycle_momentum,
      ...(cycle_momentum ? momenta_of(optimizer, base_momentum, max_momentum, last_epoch) : {}),
    });
    this.base_lrs = base_lrs;
  }

  /** The amplitude of a cycle, from the index of the cycle or, with `scale_mode` `'iterations'`, of the step. */
  scale_fn(x: number): number {
    if (this._scale_fn_custom) return this._scale_fn_custom(x);
    if (this.mode === 'triangular2') return 1 / power(2, x - 1);
    return this.mode === 'exp_range' ? power(this.gamma, x) : 1;
  }

  override get_lr(): Hyperparameter[] {
    this._warn_outside_step();
    const { last_epoch, total_size, step_ratio } = this;
    const cycle = Math.floor(1 + last_epoch / total_size);
    const x = 1 + last_epoch / total_size - cycle;
    const height = x <= step_ratio ? divide(x, step_ratio) : divide(x - 1, step_ratio - 1);
    const scale = (): Hyperparameter => {
      const factor: unknown = this.scale_fn(this.scale_mode === 'cycle' ? cycle : last_epoch);
      return factor_of('CyclicLR', 'scale_fn', 0, refuse_promise('CyclicLR', factor));
    };
    const lrs = this.base_lrs.map((base, i) =>
      add(base, multiply(multiply(subtract(this.max_lrs[i] as Hyperparameter, base), height), scale())),
    );
    if (this.cycle_momentum) {
      groups_of(this.optimizer).forEach((group, i) => {
        const max = this.max_momentums[i] as number;
        set_momentum(
          group,
          this.use_beta1,
          subtract(max, multiply((max - (this.base_momentums[i] as number)) * height, scale())),
        );
      });
    }
    return lrs;
  }

  /** Of a `scale_fn` only its own fields are saved, null when it has none. */
  override state_dict(): SchedulerState {
    const fn = this._scale_fn_custom;
    return { ...super.state_dict(), _scale_fn_custom: fn && Object.keys(fn).length > 0 ? { ...fn } : null };
  }

  override load_state_dict(state_dict: SchedulerState): void;
  override load_state_dict(...args: unknown[]): void {
    const { _scale_fn_custom: fields, ...rest } = state_of(args);
    super.load_state_dict(rest);
    if (fields !== null && fields !== undefined && this._scale_fn_custom) Object.assign(this._scale_fn_custom, fields);
  }
}

// ---- OneCycleLR ---------------------------------------------------------------------------------

/** A part of the schedule: where it ends, and between which options of a group it moves. */
interface Phase {
  end_step: number;
  start_lr: string;
  end_lr: string;
  start_momentum: string;
  end_momentum: string;
}

/** The options of {@link OneCycleLR}. */
export interface OneCycleLROptions extends CycleMomentumOptions {
  /** Number of steps of the cycle. Default null: `epochs * steps_per_epoch`. */
  total_steps?: number | null;
  /** Number of epochs, with `steps_per_epoch` instead of `total_steps`. Default null. */
  epochs?: number | null;
  /** Number of steps per epoch. Default null. */
  steps_per_epoch?: number | null;
  /** Fraction of the cycle in which the learning rate increases. Default 0.3. */
  pct_start?: number;
  /** Annealing along a cosine or linearly. Default `'cos'`. */
  anneal_strategy?: 'cos' | 'linear';
  /** The initial learning rate is `max_lr / div_factor`. Default 25. */
  div_factor?: number;
  /** The final learning rate is the initial one divided by this. Default 1e4. */
  final_div_factor?: number;
  /**
   * Decrease to the initial learning rate in a second phase, symmetric to the first, and to the final one in a third.
   * Default false.
   */
  three_phase?: boolean;
}

const ONE_CYCLE_LR = signature<OneCycleLROptions & Scheduling & { max_lr: PerGroup }>(
  'OneCycleLR',
  'optimizer: Optimizer, max_lr: float|Tensor|(float|Tensor)[], total_steps?: float|None, epochs?: float|None, ' +
    'steps_per_epoch?: float|None, pct_start?: float, anneal_strategy?: str, cycle_momentum?: bool, base_momentum?: float|float[], ' +
    'max_momentum?: float|float[], div_factor?: float, final_div_factor?: float, three_phase?: bool, last_epoch?: int',
);

function checked_count(name: string, value: number): number {
  if (value > 0 && Number.isInteger(value)) return value;
  throw new Error(`Expected positive integer ${name}, but got ${python_repr(value)}`);
}

function total_steps_of({ total_steps = null, epochs = null, steps_per_epoch = null }: OneCycleLROptions): number {
  if (total_steps !== null) return checked_count('total_steps', total_steps);
  if (epochs === null || steps_per_epoch === null) {
    throw new Error('You must define either total_steps OR (epochs AND steps_per_epoch)');
  }
  return checked_count('epochs', epochs) * checked_count('steps_per_epoch', steps_per_epoch);
}

function phases_of(pct_start: number, total_steps: number, three_phase: boolean): Phase[] {
  const phase = (end_step: number, lrs: [string, string], momenta: [string, string]): Phase => ({
    end_step,
    start_lr: lrs[0],
    end_lr: lrs[1],
    start_momentum: momenta[0],
    end_momentum: momenta[1],
  });
  const rise = phase(pct_start * total_steps - 1, ['initial_lr', 'max_lr'], ['max_momentum', 'base_momentum']);
  if (!three_phase) return [rise, phase(total_steps - 1, ['max_lr', 'min_lr'], ['base_momentum', 'max_momentum'])];
  return [
    rise,
    phase(2 * pct_start * total_steps - 2, ['max_lr', 'initial_lr'], ['base_momentum', 'max_momentum']),
    phase(total_steps - 1, ['initial_lr', 'min_lr'], ['max_momentum', 'max_momentum']),
  ];
}

/**
 * The 1cycle policy: increases the learning rate to `max_lr`, then anneals it far below the initial one; one step per
 * batch. Mirrors `torch.optim.lr_scheduler.OneCycleLR`.
 *
 * From `max_lr / div_factor` to `max_lr` in the first `pct_start` of the steps, then to `max_lr / div_factor /
 * final_div_factor`; the momentum moves inversely. Further options are those of {@link OneCycleLROptions}.
 *
 * @param optimizer - the optimizer whose learning rates are scheduled
 * @param max_lr - upper bound of the learning rate, one for all groups or one per group
 * @param options - `total_steps`, `epochs`, `steps_per_epoch`, `pct_start`, `anneal_strategy`, `cycle_momentum`,
 * `base_momentum`, `max_momentum`, `div_factor`, `final_div_factor`, `three_phase`
 * @param last_epoch - index of the last step when resuming; default -1, a new schedule
 * @throws Error when a number or a name is out of its range, the number of steps is not given, or the optimizer has
 * no momentum to cycle
 * @example
 * ```ts
 * const optimizer = new optim.AdamW([torch.zeros(1, { requires_grad: true })], { lr: 0.01 });
 * const scheduler = new optim.lr_scheduler.OneCycleLR(optimizer, 0.5, { total_steps: 5 });
 * for (let epoch = 0; epoch < 4; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   print(scheduler.get_last_lr());
 * }
 * ```
 * ```python
 * optimizer = optim.AdamW([torch.zeros(1, requires_grad=True)], lr=0.01)
 * scheduler = optim.lr_scheduler.OneCycleLR(optimizer, 0.5, total_steps=5)
 * for epoch in range(4):
 *     optimizer.step()
 *     scheduler.step()
 *     print(scheduler.get_last_lr())
 * ```
 */
export class OneCycleLR extends LRScheduler {
  declare total_steps: number;
  /** @internal */
  declare _schedule_phases: Phase[];
  /** @internal */
  declare _anneal_func_type: string;
  declare cycle_momentum: boolean;
  declare use_beta1: boolean;

  constructor(
    optimizer: AnyOptimizer,
    max_lr: PerGroup,
    ...options: Tail<[total_steps: number | null], OneCycleLROptions>
  );
  constructor(optimizer: AnyOptimizer, options: OneCycleLROptions & { max_lr: PerGroup });
  constructor(options: OneCycleLROptions & Scheduling & { max_lr: PerGroup });
  constructor(...args: unknown[]) {
    const given = ONE_CYCLE_LR.read(args);
    const {
      optimizer,
      max_lr,
      pct_start = 0.3,
      anneal_strategy = 'cos',
      cycle_momentum = true,
      base_momentum = 0.85,
      max_momentum = 0.95,
      div_factor = 25,
      final_div_factor = 1e4,
      three_phase = false,
      last_epoch = -1,
    } = given;
    const total_steps = total_steps_of(given);
    if (!(pct_start >= 0 && pct_start <= 1)) {
      throw new Error(`Expected float between 0 and 1 pct_start, but got ${python_repr(pct_start)}`);
    }
    if (anneal_strategy !== 'cos' && anneal_strategy !== 'linear') {
      throw new Error(`anneal_strategy must be one of 'cos' or 'linear', instead got ${text_or_kind(anneal_strategy)}`);
    }
    const max_lrs = for_each_group('max_lr', optimizer, max_lr);
    if (last_epoch === -1) {
      groups_of(optimizer).forEach((group, i) => {
        const max = max_lrs[i] as Hyperparameter;
        group.initial_lr = divide(max, div_factor);
        group['max_lr'] = max;
        group['min_lr'] = divide(group.initial_lr, final_div_factor);
      });
    }
    const momenta = cycle_momentum ? momenta_of(optimizer, base_momentum, max_momentum, last_epoch) : null;
    super(optimizer, last_epoch, {
      total_steps,
      _schedule_phases: phases_of(pct_start, total_steps, three_phase),
      _anneal_func_type: anneal_strategy,
      cycle_momentum,
      ...(momenta ? { use_beta1: momenta.use_beta1 } : {}),
    });
  }

  /** Between `start` and `end`, as `part` goes from 0 to 1. */
  private anneal(start: Hyperparameter, end: Hyperparameter, part: number): Hyperparameter {
    if (this._anneal_func_type === 'linear') return add(multiply(subtract(end, start), part), start);
    return add(end, multiply(divide(subtract(start, end), 2), native.cosine(Math.PI * part) + 1));
  }

  override get_lr(): Hyperparameter[] {
    this._warn_outside_step();
    const { last_epoch: step, total_steps, _schedule_phases: phases } = this;
    if (step > total_steps) {
      throw new Error(`Tried to step ${step} times. The specified number of total steps is ${total_steps}`);
    }
    const found = phases.findIndex(({ end_step }) => step <= end_step);
    const index = found < 0 ? phases.length - 1 : found;
    const phase = phases[index] as Phase;
    const start_step = index === 0 ? 0 : (phases[index - 1] as Phase).end_step;
    const part = divide(step - start_step, phase.end_step - start_step);
    return this._each_lr((_lr, group) => {
      const between = (start: string, end: string): Hyperparameter =>
        this.anneal(group[start] as Hyperparameter, group[end] as Hyperparameter, part);
      if (this.cycle_momentum) {
        set_momentum(group, this.use_beta1, between(phase.start_momentum, phase.end_momentum) as number);
      }
      return between(phase.start_lr, phase.end_lr);
    });
  }
}
