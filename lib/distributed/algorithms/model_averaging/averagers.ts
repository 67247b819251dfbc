/** When parameters are averaged: `torch.distributed.algorithms.model_averaging.averagers`. */
import { method_signature, signature, type Arguments } from '../../../_internal/signature.js';
import { group_or_default, type Group, type ProcessGroup } from '../../process_group.js';
import { warn_of_each_step } from './each_step.js';
import { average_parameters_or_parameter_groups, type ParametersOrGroups } from './utils.js';

const AVERAGER = signature<{ process_group?: Group }>('ModelAverager', 'process_group?: ProcessGroup|None');
const AVERAGE = method_signature<{ params: ParametersOrGroups }>(
  'ModelAverager.average_parameters',
  'params: Iterable',
);

/**
 * Averages parameters in some steps. Mirrors `torch.distributed.algorithms.model_averaging.averagers.ModelAverager`; the base of
 * {@link PeriodicModelAverager} and {@link HierarchicalModelAverager}.
 */
export abstract class ModelAverager {
  readonly process_group: ProcessGroup;
  /** How many steps were done. */
  step = 0;

  constructor(process_group?: Group);
  constructor(...args: unknown[]) {
    this.process_group = group_or_default(AVERAGER.read(args).process_group);
  }

  /** The processes that average in this step; null where none do. */
  protected abstract group_of_step(): ProcessGroup | null;

  /**
   * Averages the parameters that have gradients, when it is time to, and counts the step.
   * @param params - parameters, or groups of them as optimizers have
   */
  average_parameters(params: ParametersOrGroups): void;
  average_parameters(...args: unknown[]): void {
    const { params } = AVERAGE.read(args);
    const group = this.group_of_step();
    if (group !== null) average_parameters_or_parameter_groups(params, group);
    this.step++;
  }
}

const PERIODIC = signature<{ period: number; warmup_steps?: number; process_group?: Group }>(
  'PeriodicModelAverager',
  'period: int, warmup_steps?: int, process_group?: ProcessGroup|None',
);

/**
 * Averages parameters every few steps. Mirrors `torch.distributed.algorithms.model_averaging.averagers.PeriodicModelAverager`.
 *
 * @param period - the number of steps
 * @param warmup_steps - the steps before the first average; default 0
 * @param process_group - the processes; default null, all
 * @throws Error when `period` is less than 1, or `warmup_steps` is negative
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const model = new nn.Linear(2, 1);
 * const averager = new dist.algorithms.model_averaging.averagers.PeriodicModelAverager(4, { warmup_steps: 8 });
 * model(torch.ones(1, 2)).sum().backward();
 * averager.average_parameters(model.parameters());
 * print(averager.step);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * from torch.distributed.algorithms.model_averaging.averagers import PeriodicModelAverager
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * model = nn.Linear(2, 1)
 * averager = PeriodicModelAverager(4, warmup_steps=8)
 * model(torch.ones(1, 2)).sum().backward()
 * averager.average_parameters(model.parameters())
 * print(averager.step)
 * dist.destroy_process_group()
 * ```
 */
export class PeriodicModelAverager extends ModelAverager {
  readonly period: number;
  readonly warmup_steps: number;

  constructor(
    ...args: Arguments<
      [period: number, warmup_steps?: number, process_group?: Group],
      { period: number; warmup_steps?: number; process_group?: Group },
      ['period', 'warmup_steps', 'process_group']
    >
  );
  constructor(...args: unknown[]) {
    const { period, warmup_steps = 0, process_group = null } = PERIODIC.read(args);
    super(process_group);
    [this.period, this.warmup_steps] = [Number(period), Number(warmup_steps)];
    if (this.warmup_steps < 0) {
      throw new Error('PeriodicModelAverager(): Arg ``warmup_steps`` must be a non-negative number.');
    }
    if (this.period < 1) throw new Error('PeriodicModelAverager(): Arg ``period`` must be a positive value.');
    if (this.period === 1) warn_of_each_step('period');
  }

  protected override group_of_step(): ProcessGroup | null {
    const since = this.step - this.warmup_steps;
    return since >= 0 && since % this.period === 0 ? this.process_group : null;
  }
}
