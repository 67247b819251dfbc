/** Averages of a model over its training; mirrors `torch.optim.swa_utils`. */
import { no_grad } from '../autograd/grad_mode.js';
import { deepcopy } from '../utils/copy.js';
import { tensor } from '../creation.js';
import type { DeviceLike } from '../types/device.js';
import { device_type } from '../types/device_types.js';
import { int64 } from '../types/dtype.js';
import { _foreach_add_, _foreach_addcdiv_, _foreach_lerp_, _foreach_sub } from '../generated/functions.js';
import { native } from '../_C/native.js';
import type { Tail } from '../_internal/arguments.js';
import { BatchNorm } from '../nn/modules/batchnorm.js';
import { Module } from '../nn/modules/module.js';
import { kind_of, text_or_kind } from '../_internal/representation.js';
import { python_repr } from '../python/print.js';
import { Tensor } from '../_tensor.js';
import { refuse_async, refuse_promise } from '../_internal/callbacks.js';
import { no_arguments, signature } from '../_internal/signature.js';
import { add, divide, multiply, number_of, subtract, type Hyperparameter } from './hyperparameter.js';
import { for_each_group, groups_of, LRScheduler, type LastEpoch, type Scheduling } from './lr_scheduler/scheduler.js';
import type { AnyOptimizer } from './optimizer.js';

/**
 * The new average of a parameter, from the old one, the model's parameter, and the number of models averaged so far.
 */
export type AvgFn = (averaged: Tensor, current: Tensor, num_averaged: Tensor | number) => Tensor;
/** Updates the averages of all parameters in place. The tensors are of one device and dtype. */
export type MultiAvgFn = (averaged: Tensor[], current: Tensor[], num_averaged: Tensor | number) => void;

const can_lerp = (tensors: readonly Tensor[]): boolean =>
  tensors[0] !== undefined && (tensors[0].is_floating_point() || tensors[0].is_complex());

const EMA = signature<{ decay?: number }>('get_ema_avg_fn', 'decay?: float');
const EMA_MULTI = signature<{ decay?: number }>('get_ema_multi_avg_fn', 'decay?: float');

function check_decay(decay: number): void {
  if (decay >= 0 && decay <= 1) return;
  throw new Error(`Invalid decay value ${python_repr(decay)} provided. Please provide a value in [0,1] range.`);
}

/**
 * The exponential moving average of lists of parameters, for the `multi_avg_fn` of {@link AveragedModel}. Mirrors
 * `torch.optim.swa_utils.get_ema_multi_avg_fn`.
 *
 * `averaged = decay * averaged + (1 - decay) * current`, in place
 *
 * @param decay - weight of the old average; default 0.999
 * @throws Error unless the decay is between 0 and 1
 * @example
 * ```ts
 * const update = optim.swa_utils.get_ema_multi_avg_fn(0.75);
 * const averaged = [torch.zeros(2), torch.ones(2)];
 * update(averaged, [torch.full([2], 4.5), torch.full([2], 0.5)], 1);
 * print(averaged);
 * ```
 * ```python
 * update = optim.swa_utils.get_ema_multi_avg_fn(0.75)
 * averaged = [torch.zeros(2), torch.ones(2)]
 * update(averaged, [torch.full([2], 4.5), torch.full([2], 0.5)], 1)
 * print(averaged)
 * ```
 */
export function get_ema_multi_avg_fn(decay?: number | { decay?: number }): MultiAvgFn;
export function get_ema_multi_avg_fn(...args: unknown[]): MultiAvgFn {
  const { decay = 0.999 } = EMA_MULTI.read(args);
  check_decay(decay);
  return (averaged, current) => {
    no_grad(() => {
      if (can_lerp(averaged)) _foreach_lerp_(averaged, current, 1 - decay);
      else averaged.forEach((its, i) => its.copy_(its.mul(decay).add(current[i]!.mul(1 - decay))));
    });
  };
}

/**
 * The average with equal weights of lists of parameters, for the `multi_avg_fn` of {@link AveragedModel}. Mirrors
 * `torch.optim.swa_utils.get_swa_multi_avg_fn`.
 *
 * `averaged = averaged + (current - averaged) / (num_averaged + 1)`, in place
 *
 * @example
 * ```ts
 * const update = optim.swa_utils.get_swa_multi_avg_fn();
 * const averaged = [torch.zeros(2), torch.ones(2)];
 * update(averaged, [torch.full([2], 4.5), torch.full([2], 0.5)], torch.tensor(1));
 * print(averaged);
 * ```
 * ```python
 * update = optim.swa_utils.get_swa_multi_avg_fn()
 * averaged = [torch.zeros(2), torch.ones(2)]
 * update(averaged, [torch.full([2], 4.5), torch.full([2], 0.5)], torch.tensor(1))
 * print(averaged)
 * ```
 */
export function get_swa_multi_avg_fn(): MultiAvgFn;
export function get_swa_multi_avg_fn(...none: unknown[]): MultiAvgFn {
  no_arguments('get_swa_multi_avg_fn', none);
  return (averaged, current, num_averaged) => {
    no_grad(() => {
      if (can_lerp(averaged)) {
        _foreach_lerp_(averaged, current, number_of(divide(1, add(num_averaged, 1))));
        return;
      }
      const differences = _foreach_sub(current, averaged);
      if (num_averaged instanceof Tensor) {
        const count = num_averaged.add(1);
        _foreach_addcdiv_(
          averaged,
          differences,
          averaged.map(() => count),
        );
      } else {
        _foreach_add_(averaged, differences, { alpha: 1 / (num_averaged + 1) });
      }
    });
  };
}

/**
 * The exponential moving average of a parameter, for the `avg_fn` of {@link AveragedModel}. Mirrors
 * `torch.optim.swa_utils.get_ema_avg_fn`.
 *
 * `decay * averaged + (1 - decay) * current`
 *
 * @param decay - weight of the old average; default 0.999
 * @throws Error unless the decay is between 0 and 1
 * @example
 * ```ts
 * const average = optim.swa_utils.get_ema_avg_fn({ decay: 0.75 });
 * print(average(torch.zeros(2), torch.full([2], 4.5), 1));
 * ```
 * ```python
 * average = optim.swa_utils.get_ema_avg_fn(decay=0.75)
 * print(average(torch.zeros(2), torch.full([2], 4.5), 1))
 * ```
 */
export function get_ema_avg_fn(decay?: number | { decay?: number }): AvgFn;
export function get_ema_avg_fn(...args: unknown[]): AvgFn {
  const { decay = 0.999 } = EMA.read(args);
  check_decay(decay);
  return (averaged, current) => no_grad(() => averaged.mul(decay).add(current.mul(1 - decay)));
}

/**
 * The average with equal weights of a parameter, for the `avg_fn` of {@link AveragedModel}. Mirrors
 * `torch.optim.swa_utils.get_swa_avg_fn`.
 *
 * `averaged + (current - averaged) / (num_averaged + 1)`
 *
 * @example
 * ```ts
 * const average = optim.swa_utils.get_swa_avg_fn();
 * print(average(torch.zeros(2), torch.full([2], 4.5), 1));
 * ```
 * ```python
 * average = optim.swa_utils.get_swa_avg_fn()
 * print(average(torch.zeros(2), torch.full([2], 4.5), 1))
 * ```
 */
export function get_swa_avg_fn(): AvgFn;
export function get_swa_avg_fn(...none: unknown[]): AvgFn {
  no_arguments('get_swa_avg_fn', none);
  return (averaged, current, num_averaged) =>
    no_grad(() => {
      const count = add(num_averaged, 1);
      const difference = current.sub(averaged);
      return averaged.add(count instanceof Tensor ? difference.div(count) : difference.div(count));
    });
}

/** The indices of the tensors of each device and dtype. */
function by_device_and_dtype(tensors: readonly Tensor[]): number[][] {
  const groups = new Map<string, number[]>();
  tensors.forEach((its, i) => {
    const key = `${String(its.device)} ${its.dtype.name}`;
    const group = groups.get(key);
    if (group) group.push(i);
    else groups.set(key, [i]);
  });
  return [...groups.values()];
}

/** The options of {@link AveragedModel}. */
export interface AveragedModelOptions {
  /** Device of the averages. Default null: that of the model. */
  device?: DeviceLike | null;
  /** Computes the new average of one parameter. Default null: equal weights. */
  avg_fn?: AvgFn | null;
  /** Updates all averages in place; not together with `avg_fn`. Default null. */
  multi_avg_fn?: MultiAvgFn | null;
  /** Average the buffers too instead of copying them. Default false. */
  use_buffers?: boolean;
}

const AVERAGED_MODEL = signature<AveragedModelOptions & { model: Module }>(
  'AveragedModel',
  'model: Module, device?: device|None, avg_fn?: Callable|None, multi_avg_fn?: Callable|None, use_buffers?: bool',
);
const UPDATE_PARAMETERS = signature<{ model: Module }>('update_parameters', 'model: Module');

/**
 * A copy of a model whose parameters are averages of the parameters during training (SWA or EMA). Mirrors
 * `torch.optim.swa_utils.AveragedModel`.
 *
 * Averages with equal weights by default; `multi_avg_fn: get_ema_multi_avg_fn(decay)` gives an exponential moving
 * average. Recompute the statistics of batch normalization with {@link update_bn} afterwards. Calling it calls the
 * averaged model.
 *
 * @param model - the model to average, which is copied
 * @param options - `device`, `avg_fn`, `multi_avg_fn`, `use_buffers`; see {@link AveragedModelOptions}
 * @throws Error when both `avg_fn` and `multi_avg_fn` are given; TypeError when `model` is not a Module
 * @example
 * ```ts
 * const model = new nn.Linear(2, 1, { bias: false });
 * const averaged = new optim.swa_utils.AveragedModel(model);
 * for (const value of [1.5, 2.5, 4]) {
 *   nn.init.constant_(model.weight, value);
 *   averaged.update_parameters(model);
 * }
 * print(averaged.module.weight, averaged.n_averaged);
 * ```
 * ```python
 * model = nn.Linear(2, 1, bias=False)
 * averaged = optim.swa_utils.AveragedModel(model)
 * for value in [1.5, 2.5, 4]:
 *     nn.init.constant_(model.weight, value)
 *     averaged.update_parameters(model)
 * print(averaged.module.weight, averaged.n_averaged)
 * ```
 */
export class AveragedModel<M extends Module = Module> extends Module {
  module: M;
  /** The number of models averaged so far: an int64 tensor without dimensions. */
  declare n_averaged: Tensor;
  avg_fn: AvgFn | null;
  multi_avg_fn: MultiAvgFn | null;
  use_buffers: boolean;

  constructor(
    model: M,
    ...options: Tail<
      [device: DeviceLike | null, avg_fn: AvgFn | null, multi_avg_fn: MultiAvgFn | null, use_buffers: boolean],
      AveragedModelOptions
    >
  );
  constructor(options: AveragedModelOptions & { model: M });
  constructor(...args: unknown[]) {
    super();
    const { model, device = null, avg_fn = null, multi_avg_fn = null, use_buffers = false } = AVERAGED_MODEL.read(args);
    for (const fn of [avg_fn, multi_avg_fn]) if (fn !== null) refuse_async('AveragedModel', fn);
    if (avg_fn !== null && multi_avg_fn !== null) {
      throw new Error('Only one of avg_fn and multi_avg_fn should be provided');
    }
    this.module = deepcopy(model as M);
    if (device !== null) this.module = this.module.to(device);
    this.register_buffer('n_averaged', tensor(0, { dtype: int64, device: device ?? undefined }));
    this.avg_fn = avg_fn;
    this.multi_avg_fn = multi_avg_fn;
    this.use_buffers = use_buffers;
  }

  forward(...args: Parameters<M>): ReturnType<M> {
    return (this.module as unknown as (...args: unknown[]) => unknown)(...args) as ReturnType<M>;
  }

  /**
   * Updates the averages with the current parameters of the model; the first call copies them. Mirrors
   * `AveragedModel.update_parameters`.
   */
  update_parameters(model: Module): void;
  update_parameters(...args: unknown[]): void {
    const { model } = UPDATE_PARAMETERS.read(args);
    const members = (its: Module): Tensor[] => [...its.parameters(), ...(this.use_buffers ? its.buffers() : [])];
    const averaged = members(this.module).map((its) => its.detach());
    const current = members(model)
      .slice(0, averaged.length)
      .map((its, i) => its.detach().to(averaged[i]!.device));
    const count = Number(this.n_averaged.item());
    if (count === 0) current.forEach((its, i) => averaged[i]!.copy_(its));
    else if (count > 0) this.average(averaged, current);
    if (!this.use_buffers) {
      const buffers = [...model.buffers()];
      [...this.module.buffers()].forEach((its, i) => {
        its.detach().copy_(buffers[i]!.detach().to(its.device));
      });
    }
    this.n_averaged.add_(1);
  }

  private average(averaged: Tensor[], current: Tensor[]): void {
    const one_by_one = (avg_fn: AvgFn, indices: readonly number[]): void => {
      for (const i of indices) {
        const its = averaged[i]!;
        const average: unknown = refuse_promise(
          'AveragedModel',
          avg_fn(its.detach(), current[i]!, this.n_averaged.to(its.device)),
        );
        if (!(average instanceof Tensor))
          throw new TypeError(`AveragedModel: avg_fn must return Tensor, not ${kind_of(average)}`);
        its.copy_(average);
      }
    };
    for (const indices of by_device_and_dtype(averaged)) {
      const { device } = averaged[indices[0] as number]!;
      const multi =
        this.multi_avg_fn ?? (device_type(device.type)?.averages_by_foreach ? get_swa_multi_avg_fn() : null);
      if (this.avg_fn !== null || multi === null) {
        one_by_one(this.avg_fn ?? get_swa_avg_fn(), indices);
      } else {
        const chosen = (tensors: readonly Tensor[]): Tensor[] => indices.map((i) => tensors[i]!);
        refuse_promise(
          'AveragedModel',
          multi(chosen(averaged), chosen(current), this.n_averaged.to(device)) as unknown,
        );
      }
    }
  }
}

const UPDATE_BN = signature<{ loader: Iterable<unknown>; model: Module; device?: DeviceLike | null }>(
  'update_bn',
  'loader: Iterable, model: Module, device?: device|None',
);

/**
 * Recomputes the running statistics of all batch normalization layers by one pass over the data in training mode.
 * Mirrors `torch.optim.swa_utils.update_bn`.
 *
 * The statistics become averages over the batches with equal weights; the model returns to the mode that it was in.
 *
 * @param loader - batches: Tensors, or arrays whose first element is the input
 * @param model - the model whose statistics are recomputed
 * @param device - the device that the inputs are moved to; default null, they stay
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const model = new nn.Sequential(new nn.Linear(2, 2), new nn.BatchNorm1d(2));
 * const loader = new torch.utils.data.DataLoader(new torch.utils.data.TensorDataset(torch.randn(8, 2)), { batch_size: 4 });
 * optim.swa_utils.update_bn(loader, model);
 * print((model.at(1) as nn.BatchNorm1d).running_mean);
 * ```
 * ```python
 * model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
 * loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.randn(8, 2)), batch_size=4)
 * optim.swa_utils.update_bn(loader, model)
 * print(model[1].running_mean)
 * ```
 */
export function update_bn(
  loader: Iterable<unknown>,
  model: Module,
  device?: DeviceLike | null,
  options?: { device?: DeviceLike | null },
): void;
export function update_bn(
  loader: Iterable<unknown>,
  model: Module,
  ...device: Tail<[device: DeviceLike | null], { device?: DeviceLike | null }>
): void;
export function update_bn(options: { loader: Iterable<unknown>; model: Module; device?: DeviceLike | null }): void;
export function update_bn(...args: unknown[]): void {
  const { loader, model, device = null } = UPDATE_BN.read(args);
  const norms = [...model.modules()].filter((module): module is BatchNorm => module instanceof BatchNorm);
  if (norms.length === 0) return;
  const momenta = norms.map((norm) => {
    norm.reset_running_stats();
    return norm.momentum;
  });
  const was_training = model.training;
  model.train();
  for (const norm of norms) norm.momentum = null;
  no_grad(() => {
    for (const batch of loader) {
      const input: unknown = Array.isArray(batch) ? batch[0] : batch;
      const on_device = device !== null && input instanceof Tensor ? input.to(device) : input;
      (model as unknown as (input: unknown) => unknown)(on_device);
    }
  });
  norms.forEach((norm, i) => {
    norm.momentum = momenta[i] as number | null;
  });
  model.train(was_training);
}

/** The options of {@link SWALR}. */
export interface SWALROptions extends LastEpoch {
  /** Number of steps in which the learning rate reaches `swa_lr`. Default 10. */
  anneal_epochs?: number;
  /** Annealing along a cosine or linearly. Default `'cos'`. */
  anneal_strategy?: 'cos' | 'linear';
}

type SWALRArguments = SWALROptions & Scheduling & { swa_lr: Hyperparameter | readonly Hyperparameter[] };

const SWALR_ARGUMENTS = signature<SWALRArguments>(
  'SWALR',
  'optimizer: Optimizer, swa_lr: float|Tensor|(float|Tensor)[], anneal_epochs?: float, anneal_strategy?: str, last_epoch?: int',
);

/**
 * Anneals the learning rate to a constant `swa_lr`. Mirrors `torch.optim.swa_utils.SWALR`.
 *
 * `lr[t] = (1 - a) * initial_lr + a * swa_lr`, where `a` grows from 0 to 1 in `anneal_epochs` steps
 *
 * @param optimizer - the optimizer whose learning rates are scheduled
 * @param swa_lr - the final learning rate, one for all groups or one per group
 * @param anneal_epochs - number of steps until then; default 10
 * @param anneal_strategy - `'cos'` (the default) or `'linear'`
 * @param last_epoch - index of the last step when resuming; default -1, a new schedule
 * @throws Error when the strategy is unknown, or `anneal_epochs` is not an integer of at least 0
 * @example
 * ```ts
 * const optimizer = new optim.SGD([torch.zeros(1, { requires_grad: true })], { lr: 0.5 });
 * const scheduler = new optim.swa_utils.SWALR(optimizer, 0.05, { anneal_epochs: 3, anneal_strategy: 'linear' });
 * for (let epoch = 0; epoch < 4; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   print(scheduler.get_last_lr());
 * }
 * ```
 * ```python
 * optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
 * scheduler = optim.swa_utils.SWALR(optimizer, 0.05, anneal_epochs=3, anneal_strategy='linear')
 * for epoch in range(4):
 *     optimizer.step()
 *     scheduler.step()
 *     print(scheduler.get_last_lr())
 * ```
 */
export class SWALR extends LRScheduler {
  declare anneal_epochs: number;
  /** @internal */
  declare _anneal_strategy: string;

  constructor(
    optimizer: AnyOptimizer,
    swa_lr: Hyperparameter | readonly Hyperparameter[],
    ...options: Tail<[anneal_epochs: number, anneal_strategy: 'cos' | 'linear', last_epoch: number], SWALROptions>
  );
  constructor(optimizer: AnyOptimizer, options: SWALROptions & { swa_lr: Hyperparameter | readonly Hyperparameter[] });
  constructor(options: SWALRArguments);
  constructor(...args: unknown[]) {
    const {
      optimizer,
      swa_lr,
      anneal_epochs = 10,
      anneal_strategy = 'cos',
      last_epoch = -1,
    } = SWALR_ARGUMENTS.read(args);
    const swa_lrs = for_each_group('swa_lr', optimizer, swa_lr);
    groups_of(optimizer).forEach((group, i) => {
      group['swa_lr'] = swa_lrs[i];
    });
    if (anneal_strategy !== 'cos' && anneal_strategy !== 'linear') {
      throw new Error(`anneal_strategy must be one of 'cos' or 'linear', instead got ${text_or_kind(anneal_strategy)}`);
    }
    if (!Number.isInteger(anneal_epochs) || anneal_epochs < 0) {
      throw new Error(`anneal_epochs must be equal or greater than 0, got ${python_repr(anneal_epochs)}`);
    }
    super(optimizer, last_epoch, { _anneal_strategy: anneal_strategy, anneal_epochs });
  }

  /** The fraction of the annealing done after a number of steps. */
  private done(step: number): number {
    const part = Math.max(0, Math.min(1, step / Math.max(1, this.anneal_epochs)));
    return this._anneal_strategy === 'cos' ? (1 - native.cosine(Math.PI * part)) / 2 : part;
  }

  override get_lr(): Hyperparameter[] {
    this._warn_outside_step();
    const step = this.anneal_epochs === 0 ? Math.max(1, this._step_count - 1) : this._step_count - 1;
    const before = this.done(step - 1);
    const now = this.done(step);
    return this._each_lr((lr, group) => {
      const swa_lr = group['swa_lr'] as Hyperparameter;
      const first = before === 1 ? swa_lr : divide(subtract(lr, multiply(before, swa_lr)), 1 - before);
      return add(multiply(swa_lr, now), multiply(first, 1 - now));
    });
  }
}
