/** Averages in groups of processes: `torch.distributed.algorithms.model_averaging.hierarchical_model_averager`. */
import { signature } from '../../../_internal/signature.js';
import { get_world_size, new_subgroups, type Group, type ProcessGroup } from '../../process_group.js';
import { ModelAverager } from './averagers.js';
import { warn_of_each_step } from './each_step.js';

type Periods = ReadonlyMap<number, number> | Readonly<Record<number, number>>;

/** Keyword arguments of {@link HierarchicalModelAverager}. */
export interface HierarchicalModelAveragerOptions {
  /** The size of the groups that average, by the number of steps between; ascending, the last one is all processes. */
  period_group_size_dict?: Periods | null;
  /** The steps before the first average. Default 0. */
  warmup_steps?: number;
  /** The processes. Default null, all. */
  process_group?: Group;
}

const HIERARCHICAL = signature<HierarchicalModelAveragerOptions>(
  'HierarchicalModelAverager',
  'period_group_size_dict?: dict|None, warmup_steps?: int, process_group?: ProcessGroup|None',
);

/**
 * Averages parameters in small groups often, and in larger ones less often. Mirrors
 * `torch.distributed.algorithms.model_averaging.hierarchical_model_averager.HierarchicalModelAverager`.
 *
 * @param period_group_size_dict - a Map (or an object) from numbers of steps to sizes of groups, both ascending; the last size is that of all
 *   processes
 * @param warmup_steps - the steps before the first average; default 0
 * @param process_group - the processes; default null, all
 * @throws Error for periods that are not positive, and when the last size is not that of the group
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const { HierarchicalModelAverager } = dist.algorithms.model_averaging.hierarchical_model_averager;
 * const model = new nn.Linear(2, 1);
 * const averager = new HierarchicalModelAverager(new Map([[2, 1]]));
 * print(averager.step, averager.warmup_steps);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * from torch.distributed.algorithms.model_averaging.hierarchical_model_averager import HierarchicalModelAverager
 * model = nn.Linear(2, 1)
 * averager = HierarchicalModelAverager({2: 1})
 * print(averager.step, averager.warmup_steps)
 * dist.destroy_process_group()
 * ```
 */
export class HierarchicalModelAverager extends ModelAverager {
  readonly warmup_steps: number;
  /** The group of this process, by period. */
  readonly period_process_group_dict: ReadonlyMap<number, ProcessGroup>;

  constructor(period_group_size_dict: Periods, warmup_steps?: number, process_group?: Group);
  constructor(
    period_group_size_dict: Periods,
    options: Omit<HierarchicalModelAveragerOptions, 'period_group_size_dict'>,
  );
  constructor(options: HierarchicalModelAveragerOptions);
  constructor(...args: unknown[]) {
    const { period_group_size_dict: given, warmup_steps = 0, process_group = null } = HIERARCHICAL.read(args);
    const name = 'HierarchicalModelAverager()';
    const keys = given instanceof Map ? [...(given as ReadonlyMap<unknown, unknown>).keys()] : Object.keys(given ?? {});
    const wrong = keys.find((key) => !Number.isInteger(Number(key)));
    if (wrong !== undefined) throw new TypeError(`${name}: '${String(wrong)}' is not a number of steps`);
    super(process_group);
    const sizes: [number, number][] =
      given instanceof Map
        ? [...(given as ReadonlyMap<number, number>)]
        : Object.entries(given ?? {}).map(([period, size]) => [Number(period), Number(size)]);
    if (sizes.length === 0) throw new Error(`${name}: Arg \`\`period_group_size_dict\`\` must not be empty.`);
    if (sizes[0]![0] <= 0) {
      throw new Error(`${name}: The minimum period in arg \`\`period_group_size_dict\`\` must be a positive value.`);
    }
    const [last_period, last_size] = sizes.at(-1)!;
    if (last_period === 1) warn_of_each_step('the maximum period in arg ``period_group_size_dict``');
    const all = get_world_size(this.process_group);
    if (last_size !== all) {
      throw new Error(
        `${name}: The last value in arg \`\`period_group_size_dict\`\` ${last_size} must be equal to the size of arg \`\`process_group\`\` ${all}.`,
      );
    }
    this.warmup_steps = Number(warmup_steps);
    if (this.warmup_steps < 0) throw new Error(`${name}: Arg \`\`warmup_steps\`\` must be a non-negative number.`);
    this.period_process_group_dict = new Map(
      sizes.map(([period, size]) => [
        period,
        size === all ? this.process_group : new_subgroups(size, { group: this.process_group })[0]!,
      ]),
    );
  }

  protected override group_of_step(): ProcessGroup | null {
    if (this.step < this.warmup_steps) return null;
    const found = [...this.period_process_group_dict].reverse().find(([period]) => this.step % period === 0);
    return found?.[1] ?? null;
  }
}
