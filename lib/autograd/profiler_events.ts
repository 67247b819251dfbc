/** What a profile consists of: `torch.autograd.profiler_util`. */
import { writeFileSync } from 'node:fs';

import { warn } from '../_internal/warnings.js';
import { method_signature, no_arguments, signature } from '../_internal/signature.js';
import { float_repr, format_fixed } from '../_internal/python_numbers.js';
import { NamedValue } from '../_internal/named_value.js';
import { python_repr } from '../python/print.js';

/**
 * A type of device, as events have it. Mirrors `torch.profiler.DeviceType`.
 * @example
 * ```ts
 * const prof = torch.profiler.profile(() => torch.ones(1));
 * print(prof.events()[0]!.device_type === torch.profiler.DeviceType.CPU);
 * ```
 * ```python
 * with torch.profiler.profile() as prof:
 *     torch.ones(1)
 * print(prof.events()[0].device_type == torch.profiler.DeviceType.CPU)
 * ```
 */
export class DeviceType extends NamedValue {
  static readonly CPU = new DeviceType('DeviceType', 'CPU', 0);
  static readonly CUDA = new DeviceType('DeviceType', 'CUDA', 1);
  static readonly MKLDNN = new DeviceType('DeviceType', 'MKLDNN', 2);
  static readonly IDEEP = new DeviceType('DeviceType', 'IDEEP', 5);
  static readonly HIP = new DeviceType('DeviceType', 'HIP', 6);
  static readonly XPU = new DeviceType('DeviceType', 'XPU', 12);
  static readonly MTIA = new DeviceType('DeviceType', 'MTIA', 19);
  static readonly PrivateUse1 = new DeviceType('DeviceType', 'PrivateUse1', 20);
}

const device_types = new Map(
  Object.values(DeviceType)
    .filter((each) => each instanceof DeviceType)
    .map((type) => [type.value, type]),
);

/** The type with a number of c10's enumeration. @internal */
export function device_type_of(code: number): DeviceType {
  let type = device_types.get(code);
  if (type === undefined) device_types.set(code, (type = new DeviceType('DeviceType', String(code), code)));
  return type;
}

const INTERVAL = signature<{ start: number; end: number }>('Interval', 'start: float, end: float');
const ELAPSED = method_signature<object>('Interval.elapsed_us');

/**
 * A span of time in microseconds, from the begin of the trace. Mirrors `torch.autograd.profiler_util.Interval`.
 *
 * @param start - microseconds
 * @param end - microseconds
 * @example
 * ```ts
 * print(new torch.autograd.profiler_util.Interval(1.5, 4).elapsed_us());
 * ```
 * ```python
 * print(torch.autograd.profiler_util.Interval(1.5, 4).elapsed_us())
 * ```
 */
export class Interval {
  readonly start: number;
  readonly end: number;

  constructor(start: number, end: number);
  constructor(options: { start: number; end: number });
  constructor(...args: unknown[]) {
    const { start, end } = INTERVAL.read(args);
    this.start = start;
    this.end = end;
  }

  /**
   * Its length in microseconds. Mirrors `torch.autograd.profiler_util.Interval.elapsed_us`.
   */
  elapsed_us(): number;
  elapsed_us(...none: unknown[]): number {
    ELAPSED.read(none);
    return this.end - this.start;
  }
}

/** What ran on a device on behalf of an operator. */
export interface Kernel {
  readonly name: string;
  readonly device: number;
  readonly duration: number;
}

function format_time(us: number): string {
  if (us >= 1e6) return `${format_fixed(us / 1e6, 3)}s`;
  if (us >= 1e3) return `${format_fixed(us / 1e3, 3)}ms`;
  return `${format_fixed(us, 3)}us`;
}

function format_time_share(us: number, total: number): string {
  return total === 0 ? 'NaN' : `${format_fixed((us * 100) / total, 2)}%`;
}

function format_memory(bytes: number): string {
  for (const [unit, size] of [
    ['GB', 1 << 30],
    ['MB', 1 << 20],
    ['KB', 1 << 10],
  ] as const) {
    if (Math.abs(bytes) >= size) return `${format_fixed(bytes / size, 2)} ${unit}`;
  }
  return `${bytes} B`;
}

/** What a table may be sorted by, and how its columns are limited. */
export interface TableOptions {
  /** Such as `'cpu_time_total'`, `'self_cpu_time_total'`, `'cpu_memory_usage'`, `'count'`; default the order of the events. */
  sort_by?: string | null;
  /** Default 100; -1 for all. */
  row_limit?: number;
  max_src_column_width?: number | null;
  max_name_column_width?: number | null;
  max_shapes_column_width?: number | null;
  header?: string | null;
  /** Only events that are in no other one. */
  top_level_events_only?: boolean;
  /** `'s'`, `'ms'` or `'us'` for all times; default the one that fits each. */
  time_unit?: string | null;
}

/** @internal */
export const TABLE =
  'sort_by?: str|None, row_limit?: int, max_src_column_width?: int|None, max_name_column_width?: int|None, ' +
  'max_shapes_column_width?: int|None, header?: str|None, top_level_events_only?: bool, time_unit?: str|None';

/** @internal */
export const KEY_AVERAGES = 'group_by_input_shapes?: bool, group_by_stack_n?: int, group_by_overload_name?: bool';

/** What events and averages of them have in common. */
export abstract class FormattedTimes {
  abstract readonly count: number;
  abstract readonly cpu_time_total: number;
  abstract readonly device_time_total: number;
  abstract readonly self_cpu_time_total: number;
  abstract readonly self_device_time_total: number;

  /** Microseconds per call. */
  get cpu_time(): number {
    return this.count === 0 ? 0 : this.cpu_time_total / this.count;
  }
  /** Microseconds per call on the device. */
  get device_time(): number {
    return this.count === 0 ? 0 : this.device_time_total / this.count;
  }
  get cuda_time(): number {
    warn('`cuda_time` is deprecated, please use `device_time` instead.', 'FutureWarning');
    return this.device_time;
  }
  get cpu_time_str(): string {
    return format_time(this.cpu_time);
  }
  get device_time_str(): string {
    return format_time(this.device_time);
  }
  get cpu_time_total_str(): string {
    return format_time(this.cpu_time_total);
  }
  get device_time_total_str(): string {
    return format_time(this.device_time_total);
  }
  get self_cpu_time_total_str(): string {
    return format_time(this.self_cpu_time_total);
  }
  get self_device_time_total_str(): string {
    return format_time(this.self_device_time_total);
  }
}

/** What an event is made of. @internal */
export interface EventFields {
  id: number;
  name: string;
  overload_name: string;
  trace_name: string | null;
  thread: number;
  start_us: number;
  end_us: number;
  fwd_thread: number;
  input_shapes: number[][];
  concrete_inputs: unknown[] | null;
  kwinputs: Record<string, unknown> | null;
  stack: string[];
  scope: number;
  use_device: string | null;
  cpu_memory_usage: number;
  device_memory_usage: number;
  is_async: boolean;
  sequence_nr: number;
  device_type: DeviceType;
  device_index: number;
  device_resource_id: number;
  flops: number | null;
  is_user_annotation: boolean;
  is_python_function: boolean;
  activity_type: string | null;
  linked_correlation_id: number;
  structured_input_shapes: unknown[] | null;
  structured_input_strides: unknown[] | null;
  input_dtypes: string[] | null;
}

/** A tensor has sizes; a list prints as Python's. */
function shapes_text(shapes: readonly (readonly number[])[] | string): string {
  return typeof shapes === 'string' ? shapes : `[${shapes.map((shape) => `[${shape.join(', ')}]`).join(', ')}]`;
}

/**
 * One call of an operator, or one range of {@link record_function}, in a profile. Times are microseconds. Mirrors
 * `torch.autograd.profiler_util.FunctionEvent`.
 *
 * Events are made by the profiler: `profile.events()`.
 *
 * @example
 * ```ts
 * const x = torch.ones(2, 3);
 * const prof = torch.profiler.profile({ record_shapes: true }, () => x.t());
 * for (const event of prof.events()) print(event.name, event.cpu_parent?.name, event.input_shapes);
 * ```
 * ```python
 * x = torch.ones(2, 3)
 * with torch.profiler.profile(record_shapes=True) as prof:
 *     x.t()
 * for event in prof.events():
 *     print(event.name, event.cpu_parent.name if event.cpu_parent else None, event.input_shapes)
 * ```
 */
export class FunctionEvent extends FormattedTimes {
  readonly id: number;
  readonly node_id: number = -1;
  readonly name: string;
  overload_name: string;
  readonly trace_name: string | null;
  readonly time_range: Interval;
  thread: number;
  readonly fwd_thread: number;
  kernels: Kernel[] = [];
  readonly count: number = 1;
  cpu_children: FunctionEvent[] = [];
  cpu_parent: FunctionEvent | null = null;
  input_shapes: number[][];
  readonly concrete_inputs: unknown[] | null;
  readonly kwinputs: Record<string, unknown> | null;
  stack: string[];
  /** The number of a `RecordScope`: 0 for functions, 1 for backward, 7 for {@link record_function}. */
  readonly scope: number;
  readonly use_device: string | null;
  readonly cpu_memory_usage: number;
  readonly device_memory_usage: number;
  readonly is_async: boolean;
  readonly is_remote: boolean = false;
  readonly sequence_nr: number;
  readonly device_type: DeviceType;
  readonly device_index: number;
  readonly device_resource_id: number;
  is_legacy = false;
  readonly flops: number | null;
  readonly is_user_annotation: boolean;
  readonly is_python_function: boolean;
  readonly activity_type: string | null;
  readonly linked_correlation_id: number;
  readonly structured_input_shapes: unknown[] | null;
  readonly structured_input_strides: unknown[] | null;
  readonly input_dtypes: string[] | null;

  /** @internal */
  constructor(fields: EventFields) {
    super();
    this.id = fields.id;
    this.name = fields.name;
    this.overload_name = fields.overload_name;
    this.trace_name = fields.trace_name;
    this.time_range = new Interval(fields.start_us, fields.end_us);
    this.thread = fields.thread;
    this.fwd_thread = fields.fwd_thread;
    this.input_shapes = fields.input_shapes;
    this.concrete_inputs = fields.concrete_inputs;
    this.kwinputs = fields.kwinputs;
    this.stack = fields.stack;
    this.scope = fields.scope;
    this.use_device = fields.use_device;
    this.cpu_memory_usage = fields.cpu_memory_usage;
    this.device_memory_usage = fields.device_memory_usage;
    this.is_async = fields.is_async;
    this.sequence_nr = fields.sequence_nr;
    this.device_type = fields.device_type;
    this.device_index = fields.device_index;
    this.device_resource_id = fields.device_resource_id;
    this.flops = fields.flops;
    this.is_user_annotation = fields.is_user_annotation;
    this.is_python_function = fields.is_python_function;
    this.activity_type = fields.activity_type;
    this.linked_correlation_id = fields.linked_correlation_id;
    this.structured_input_shapes = fields.structured_input_shapes;
    this.structured_input_strides = fields.structured_input_strides;
    this.input_dtypes = fields.input_dtypes;
  }

  private get on_cpu(): boolean {
    return this.device_type === DeviceType.CPU;
  }

  /** What events are averaged by. */
  get key(): string {
    return this.name;
  }
  get self_cpu_memory_usage(): number {
    if (this.is_async || !this.on_cpu) return 0;
    return this.cpu_children.reduce((rest, child) => rest - child.cpu_memory_usage, this.cpu_memory_usage);
  }
  get self_device_memory_usage(): number {
    if (this.is_async || !this.on_cpu) return 0;
    return this.cpu_children.reduce((rest, child) => rest - child.device_memory_usage, this.device_memory_usage);
  }
  get cpu_time_total(): number {
    return this.on_cpu ? this.time_range.elapsed_us() : 0;
  }
  get self_cpu_time_total(): number {
    if (this.is_async || !this.on_cpu) return 0;
    return this.cpu_time_total - this.cpu_children.reduce((sum, child) => sum + child.cpu_time_total, 0);
  }
  get device_time_total(): number {
    if (this.is_async || this.use_device === null) return 0;
    if (!this.on_cpu) return this.time_range.elapsed_us();
    const own = this.kernels.reduce((sum, { duration }) => sum + duration, 0);
    return this.is_legacy ? own : own + this.cpu_children.reduce((sum, child) => sum + child.device_time_total, 0);
  }
  get self_device_time_total(): number {
    if (this.is_async || this.use_device === null) return 0;
    if (!this.on_cpu) return this.device_time_total;
    return this.device_time_total - this.cpu_children.reduce((sum, child) => sum + child.device_time_total, 0);
  }

  override toString(): string {
    const device = this.use_device ?? 'None';
    const flag = (value: boolean): string => (value ? 'True' : 'False');
    return (
      `<FunctionEvent id=${this.id} name=${this.name} overload_name=${this.overload_name} ` +
      `device_type=${this.device_type} node_id=${this.node_id} cpu_time=${this.cpu_time_str} ` +
      `start_us=${float_repr(this.time_range.start)} end_us=${float_repr(this.time_range.end)} ` +
      `cpu_children=[${this.cpu_children.map(({ id }) => id).join(', ')}] ${device}_time=${this.device_time_str} ` +
      `name=${this.name} thread=${this.thread} input_shapes=${shapes_text(this.input_shapes)} ` +
      `cpu_memory_usage=${this.cpu_memory_usage} ${device}_memory_usage=${this.device_memory_usage} ` +
      `is_async=${flag(this.is_async)} is_remote=${flag(this.is_remote)} seq_nr=${this.sequence_nr} is_legacy=${flag(this.is_legacy)}>`
    );
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/**
 * The sum of the events with one key. Mirrors `torch.autograd.profiler_util.FunctionEventAvg`.
 *
 * `cpu_time` and `device_time` are averages per call; all else are sums.
 *
 * @example
 * ```ts
 * const prof = torch.profiler.profile(() => torch.ones(2).add(1).add(2));
 * const add = prof.key_averages().find((each) => each.key === 'aten::add')!;
 * print(add.count, add.cpu_time * add.count >= add.cpu_time_total * 0.99);
 * ```
 * ```python
 * with torch.profiler.profile() as prof:
 *     torch.ones(2).add(1).add(2)
 * add = next(each for each in prof.key_averages() if each.key == 'aten::add')
 * print(add.count, add.cpu_time * add.count >= add.cpu_time_total * 0.99)
 * ```
 */
export class FunctionEventAvg extends FormattedTimes {
  key: string | null = null;
  count = 0;
  node_id = 0;
  is_async = false;
  is_remote = false;
  use_device: string | null = null;
  cpu_time_total = 0;
  device_time_total = 0;
  self_cpu_time_total = 0;
  self_device_time_total = 0;
  input_shapes: number[][] | string | null = null;
  overload_name: string | null = null;
  stack: string[] | null = null;
  scope: number | null = null;
  cpu_memory_usage = 0;
  device_memory_usage = 0;
  self_cpu_memory_usage = 0;
  self_device_memory_usage = 0;
  cpu_children: FunctionEvent[] | null = null;
  cpu_parent: FunctionEvent | null = null;
  device_type = DeviceType.CPU;
  is_legacy = false;
  is_user_annotation = false;
  flops = 0;

  constructor(...none: []) {
    super();
    no_arguments('FunctionEventAvg', none);
  }

  /**
   * Adds an event with the same key. Mirrors `torch.autograd.profiler_util.FunctionEventAvg.add`.
   * @param other - an event, or another sum
   * @returns this sum
   * @throws Error for another key
   */
  add(other: ProfiledEvent): this;
  add(...args: unknown[]): this {
    const { other } = ADD.read(args);
    if (!(other instanceof FunctionEvent) && !(other instanceof FunctionEventAvg)) {
      throw new TypeError('FunctionEventAvg.add(): Expected other to be a FunctionEvent or FunctionEventAvg');
    }
    if (this.key === null) {
      this.key = other.key;
      this.node_id = other.node_id;
      this.is_async = other.is_async;
      this.is_remote = other.is_remote;
      this.cpu_parent = other.cpu_parent;
      this.cpu_children = other.cpu_children;
      this.overload_name = other.overload_name;
      this.input_shapes = other.input_shapes;
      this.stack = other.stack;
      this.scope = other.scope;
      this.device_type = other.device_type;
      this.is_legacy = other.is_legacy;
      this.use_device = other.use_device;
      this.is_user_annotation = other.is_user_annotation;
    }
    if (other.key !== this.key) {
      throw new Error(`Expected keys to match, but got ${String(other.key)} vs ${String(this.key)}`);
    }
    this.cpu_time_total += other.cpu_time_total;
    this.device_time_total += other.device_time_total;
    this.self_cpu_time_total += other.self_cpu_time_total;
    this.self_device_time_total += other.self_device_time_total;
    this.cpu_memory_usage += other.cpu_memory_usage;
    this.device_memory_usage += other.device_memory_usage;
    this.self_cpu_memory_usage += other.self_cpu_memory_usage;
    this.self_device_memory_usage += other.self_device_memory_usage;
    this.count += other.count;
    this.flops += other.flops ?? 0;
    return this;
  }

  override toString(): string {
    const device = this.use_device ?? 'cuda';
    return (
      `<FunctionEventAvg key=${this.key ?? 'None'} self_cpu_time=${this.self_cpu_time_total_str} cpu_time=${this.cpu_time_str} ` +
      ` self_${device}_time=${this.self_device_time_total_str} ${device}_time=${this.device_time_str} ` +
      `input_shapes=${this.input_shapes === null ? 'None' : shapes_text(this.input_shapes)} ` +
      `cpu_memory_usage=${this.cpu_memory_usage} ${device}_memory_usage=${this.device_memory_usage}>`
    );
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** What lists of events hold. */
export type ProfiledEvent = FunctionEvent | FunctionEventAvg;

const ADD = method_signature<{ other: unknown }>('FunctionEventAvg.add', 'other: any');

/** What is known of a list of events beside them. @internal */
export interface EventListOptions {
  use_device?: string | null;
  profile_memory?: boolean;
  with_flops?: boolean;
}

const METHODS = {
  table: method_signature<TableOptions>('EventList.table', TABLE),
  trace: method_signature<{ path: string }>('EventList.export_chrome_trace', 'path: str'),
  stacks: method_signature<{ path: string; metric: string }>('EventList.export_stacks', 'path: str, metric: str'),
  averages: method_signature<{
    group_by_input_shapes?: boolean;
    group_by_stack_n?: number;
    group_by_overload_name?: boolean;
  }>('EventList.key_averages', KEY_AVERAGES),
  total: method_signature<object>('EventList.total_average'),
};

const stack_metrics = [
  'self_cpu_time_total',
  'self_cuda_time_total',
  'self_xpu_time_total',
  'self_privateuse1_time_total',
];

/** The property that stands for all devices. */
const of_device = (name: string): string => name.replace(/cuda|xpu|privateuse1/g, 'device');

/**
 * The events of a profile, or averages of them: an array with tables and exports. Mirrors
 * `torch.autograd.profiler_util.EventList`.
 *
 * It prints as its table.
 *
 * @example
 * ```ts
 * const prof = torch.profiler.profile(() => torch.zeros(2).add(1));
 * const averages = prof.key_averages();
 * print(averages.map((each) => each.key));
 * print(averages.table({ sort_by: 'cpu_time_total', row_limit: 1 }).split('\n').length);
 * ```
 * ```python
 * with torch.profiler.profile() as prof:
 *     torch.zeros(2).add(1)
 * averages = prof.key_averages()
 * print([each.key for each in averages])
 * print(len(averages.table(sort_by='cpu_time_total', row_limit=1).split('\n')))
 * ```
 */
export class EventList<T extends ProfiledEvent = FunctionEvent> extends Array<T> {
  // map, filter and the like give plain arrays.
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** @internal */
  _use_device: string | null = null;
  /** @internal */
  _profile_memory = false;
  /** @internal */
  _with_flops = false;

  /** @internal */
  static _of<T extends ProfiledEvent>(events: Iterable<T>, options: EventListOptions): EventList<T> {
    const list = new EventList<T>();
    for (const event of events) list.push(event);
    list._use_device = options.use_device ?? null;
    list._profile_memory = options.profile_memory ?? false;
    list._with_flops = options.with_flops ?? false;
    for (const name of ['_use_device', '_profile_memory', '_with_flops']) {
      Object.defineProperty(list, name, { enumerable: false });
    }
    return list;
  }

  /** Finds out which events are in which. @internal */
  _build_tree(): void {
    const events = this as unknown as EventList;
    populate_cpu_children(events);
    remove_duplicates(events);
    set_backward_stacks(events);
  }

  /** The sum of all self times on the CPU, in microseconds. */
  get self_cpu_time_total(): number {
    return this.reduce((sum, event) => sum + event.self_cpu_time_total, 0);
  }

  /**
   * The events as a table. Mirrors `torch.autograd.profiler_util.EventList.table`.
   *
   * @param sort_by - the property to sort by, in descending order; default the order of the events
   * @param row_limit - how many rows; default 100, -1 for all
   * @param max_src_column_width - default 75
   * @param max_name_column_width - default 55
   * @param max_shapes_column_width - default 80
   * @param header - a line above
   * @param top_level_events_only - only events that are in no other one
   * @param time_unit - `'s'`, `'ms'` or `'us'`
   * @throws Error for a property that events do not have
   */
  table(
    sort_by?: string | null,
    row_limit?: number,
    max_src_column_width?: number | null,
    max_name_column_width?: number | null,
    max_shapes_column_width?: number | null,
    header?: string | null,
    top_level_events_only?: boolean,
    time_unit?: string | null,
  ): string;
  table(options: TableOptions): string;
  table(...args: unknown[]): string {
    return build_table(this, METHODS.table.read(args));
  }

  /**
   * Writes the events as a trace that chrome://tracing shows. Mirrors `torch.autograd.profiler_util.EventList.export_chrome_trace`.
   * @param path - the file
   */
  export_chrome_trace(path: string | { path: string }): void;
  export_chrome_trace(...args: unknown[]): void {
    const { path } = METHODS.trace.read(args);
    const lines: string[] = [];
    for (const event of this) {
      if (!(event instanceof FunctionEvent) || event.trace_name === null) continue;
      const { start } = event.time_range;
      const times = { ts: start, dur: event.time_range.elapsed_us(), tid: event.thread, pid: 'CPU functions' };
      lines.push(JSON.stringify({ name: event.trace_name, ph: 'X', ...times, args: {} }));
    }
    writeFileSync(path, `[${lines.join(', ')}]`);
  }

  /**
   * Writes the stacks of the events for a flame graph. Mirrors `torch.autograd.profiler_util.EventList.export_stacks`.
   *
   * @param path - the file
   * @param metric - `'self_cpu_time_total'` or `'self_cuda_time_total'`
   * @throws Error for another metric
   */
  export_stacks(path: string, metric: string): void;
  export_stacks(options: { path: string; metric: string }): void;
  export_stacks(...args: unknown[]): void {
    const { path, metric } = METHODS.stacks.read(args);
    if (!stack_metrics.includes(metric)) throw new Error(`metric should be one of: ${python_repr(stack_metrics)}`);
    const lines: string[] = [];
    for (const event of this) {
      const value = Math.trunc(property_of(event, of_device(metric)) as number);
      if (event.stack === null || event.stack.length === 0 || value <= 0) continue;
      const frames = [...event.stack].reverse().map((frame) => frame.replace(/[ ;\t\n]/g, '_'));
      lines.push(`${frames.join(';')} ${value}\n`);
    }
    writeFileSync(path, lines.join(''));
  }

  /**
   * The events summed up by their names. Mirrors `torch.autograd.profiler_util.EventList.key_averages`.
   *
   * @param group_by_input_shapes - a row for each list of shapes of the inputs
   * @param group_by_stack_n - a row for each stack, by as many of its innermost frames
   * @param group_by_overload_name - a row for each overload
   */
  key_averages(
    group_by_input_shapes?: boolean,
    group_by_stack_n?: number,
    group_by_overload_name?: boolean,
  ): EventList<FunctionEventAvg>;
  key_averages(options: {
    group_by_input_shapes?: boolean;
    group_by_stack_n?: number;
    group_by_overload_name?: boolean;
  }): EventList<FunctionEventAvg>;
  key_averages(...args: unknown[]): EventList<FunctionEventAvg> {
    const {
      group_by_input_shapes: by_shapes = false,
      group_by_stack_n: frames = 0,
      group_by_overload_name: by_overload = false,
    } = METHODS.averages.read(args);
    const sums = new Map<string, FunctionEventAvg>();
    for (const event of this) {
      const key = [event.key, event.node_id, event.device_type.value, event.is_legacy, event.is_user_annotation];
      const more = [
        by_overload && event.overload_name,
        by_shapes && event.input_shapes,
        frames > 0 && event.stack?.slice(0, frames),
      ];
      const text = JSON.stringify([key, more]);
      let sum = sums.get(text);
      if (sum === undefined) sums.set(text, (sum = new FunctionEventAvg()));
      sum.add(event);
    }
    const list = EventList._of(sums.values(), {
      use_device: this._use_device,
      profile_memory: this._profile_memory,
      with_flops: this._with_flops,
    });
    for (const sum of list) {
      sum.stack = sum.stack?.slice(0, frames) ?? null;
      if (!by_shapes) sum.input_shapes = '';
      if (!by_overload) sum.overload_name = '';
    }
    return list;
  }

  /** The sum of all events, with the key `Total`. Mirrors `torch.autograd.profiler_util.EventList.total_average`. */
  total_average(): FunctionEventAvg;
  total_average(...none: unknown[]): FunctionEventAvg {
    METHODS.total.read(none);
    const total = new FunctionEventAvg();
    for (const event of this) {
      total.add(event);
      total.key = null;
    }
    total.key = 'Total';
    return total;
  }

  override toString(): string {
    return this.table();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.table();
  }
}

// --- The tree ---------------------------------------------------------------------------------------

/** One event is in another of its thread when its time is. */
function populate_cpu_children(events: EventList): void {
  const threads = new Map<string, FunctionEvent[]>();
  for (const event of events) {
    if (event.is_async || event.device_type !== DeviceType.CPU) continue;
    const thread = `${event.thread} ${event.node_id}`;
    const its = threads.get(thread);
    if (its === undefined) threads.set(thread, [event]);
    else its.push(event);
  }
  for (const its of threads.values()) {
    its.sort((a, b) => a.time_range.start - b.time_range.start || b.time_range.end - a.time_range.end);
    const open: FunctionEvent[] = [];
    for (const event of its) {
      while (open.length > 0) {
        const parent = open[open.length - 1]!;
        if (event.time_range.start >= parent.time_range.end || event.time_range.end > parent.time_range.end) {
          open.pop();
          continue;
        }
        parent.cpu_children.push(event);
        event.cpu_parent = parent;
        break;
      }
      open.push(event);
    }
  }
}

/** An event whose only child has its name takes the place of that child. */
function remove_duplicates(events: EventList): void {
  for (;;) {
    const removed = new Set<FunctionEvent>();
    for (const event of events) {
      const parent = event.cpu_parent;
      if (parent === null || parent.name !== event.name || parent.cpu_children.length !== 1) continue;
      parent.cpu_children = event.cpu_children;
      parent.kernels = event.kernels;
      for (const child of event.cpu_children) child.cpu_parent = parent;
      removed.add(event);
    }
    if (removed.size === 0) return;
    const kept = events.filter((event) => !removed.has(event));
    events.length = 0;
    for (const event of kept) events.push(event);
  }
}

/** Events in backward get the stack of their forward. */
function set_backward_stacks(events: EventList): void {
  const backward_around = (event: FunctionEvent | null): FunctionEvent | null => {
    let at = event;
    while (at !== null && at.scope !== 1) at = at.cpu_parent;
    return at;
  };
  const stacks = new Map<string, string[]>();
  for (const event of events) {
    const key = `${event.sequence_nr} ${event.thread}`;
    if (backward_around(event) === null && !stacks.has(key)) stacks.set(key, event.stack);
  }
  for (const event of events) {
    const around = backward_around(event);
    if (around !== null) event.stack = stacks.get(`${around.sequence_nr} ${around.fwd_thread}`) ?? [];
  }
}

// --- The table --------------------------------------------------------------------------------------

function property_of(event: ProfiledEvent, name: string): unknown {
  if (!(name in event)) {
    throw new Error(`'${event.constructor.name}' object has no attribute '${name}'`);
  }
  return event[name as keyof ProfiledEvent];
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return Number(a) - Number(b);
}

interface Column {
  readonly title: string;
  readonly width: number;
  readonly left?: boolean;
  readonly cell: (event: ProfiledEvent) => string;
}

const flop_titles = ['FLOPs', 'KFLOPs', 'MFLOPs', 'GFLOPs', 'TFLOPs', 'PFLOPs'];

/** The unit that fits the smallest number. */
function flop_scale(least: number): [scale: number, title: string] {
  const power = Math.max(0, Math.min(Math.log10(least) / 3, flop_titles.length - 1));
  return [10 ** (Math.floor(power) * -3), flop_titles[Math.trunc(power)]!];
}

function end_of_path(path: string, width: number): string {
  if (path.length <= width) return path;
  const end = path.slice(path.length - width);
  return end.length > 3 ? `...${end.slice(3)}` : end;
}

function shortened(name: string, width: number | null): string {
  return width !== null && name.length >= width - 3 ? `${name.slice(0, width - 3)}...` : name;
}

const default_width = 12;

function limited(width: number, limit: number | null): number {
  return limit === null ? width : Math.min(width, limit);
}

function widest(texts: Iterable<string>): number {
  let most = 0;
  for (const text of texts) most = Math.max(most, text.length);
  return most;
}

interface Sums {
  readonly cpu: number;
  readonly device: number;
}

function sums_of(events: readonly ProfiledEvent[]): Sums {
  let cpu = 0;
  let device = 0;
  for (const event of events) {
    cpu += event.self_cpu_time_total;
    const on_device = event.device_type !== DeviceType.CPU && !event.is_user_annotation;
    if (on_device || (event.device_type === DeviceType.CPU && event.is_legacy)) device += event.self_device_time_total;
  }
  return { cpu, device };
}

function columns_of(
  list: EventList<ProfiledEvent>,
  events: readonly ProfiledEvent[],
  sums: Sums,
  time: (us: number) => string,
  options: TableOptions,
): Column[] {
  const { max_src_column_width = 75, max_name_column_width = 55, max_shapes_column_width = 80 } = options;
  const use_device = events[0]!.use_device;
  const device = use_device?.toUpperCase() ?? 'None';
  const name_width = limited(widest(events.map(({ key }) => key ?? 'None')) + 4, max_name_column_width);
  const shapes = (event: ProfiledEvent): string => shapes_text(event.input_shapes ?? 'None');
  const shapes_width = limited(widest(events.map(shapes)) + 4, max_shapes_column_width);
  const columns: Column[] = [];
  const add = (title: string, cell: Column['cell'], width = default_width): void => {
    columns.push({ title, cell, width });
  };
  columns.push({
    title: 'Name',
    width: name_width,
    cell: (event) => shortened(event.key ?? 'None', max_name_column_width),
  });
  if (events.some((event) => (event.overload_name ?? '') !== '')) {
    add('Overload Name', (event) => shortened(event.overload_name ?? 'None', max_name_column_width), name_width);
  }
  add('Self CPU %', (event) => format_time_share(event.self_cpu_time_total, sums.cpu));
  add('Self CPU', (event) => time(event.self_cpu_time_total));
  add('CPU total %', (event) => (event.is_async ? '0' : format_time_share(event.cpu_time_total, sums.cpu)));
  add('CPU total', (event) => time(event.cpu_time_total));
  add('CPU time avg', (event) => time(event.cpu_time));
  if (events.some((event) => event.self_device_time_total > 0)) {
    add(`Self ${device}`, (event) => time(event.self_device_time_total));
    add(`Self ${device} %`, (event) => format_time_share(event.self_device_time_total, sums.device));
    add(`${device} total`, (event) => time(event.device_time_total));
    add(`${device} time avg`, (event) => time(event.device_time));
  }
  if (list._profile_memory) {
    add('CPU Mem', (event) => format_memory(event.cpu_memory_usage));
    add('Self CPU Mem', (event) => format_memory(event.self_cpu_memory_usage));
    if (use_device !== null && events.some((event) => event.self_device_memory_usage > 0)) {
      add(`${device} Mem`, (event) => format_memory(event.device_memory_usage));
      add(`Self ${device} Mem`, (event) => format_memory(event.self_device_memory_usage));
    }
  }
  add('# of Calls', (event) => String(event.count));
  if (events.some((event) => event.node_id !== -1)) add('Node ID', (event) => String(event.node_id));
  if (events.some((event) => (event.input_shapes?.length ?? 0) > 0)) {
    add('Input Shapes', (event) => shapes(event).slice(0, shapes_width), shapes_width);
  }
  const frames = events.flatMap((event) => event.stack ?? []);
  if (frames.length > 0) {
    const width = limited(widest(frames) + 4, max_src_column_width);
    const cell = (event: ProfiledEvent): string => end_of_path(event.stack?.[0] ?? '', width);
    columns.push({ title: 'Source Location', width, left: true, cell });
  }
  const flops = list._with_flops ? events.map((event) => event.flops ?? 0).filter((count) => count > 0) : [];
  if (flops.length > 0) {
    const [scale, title] = flop_scale(flops.reduce((a, b) => Math.min(a, b)));
    add(`Total ${title}`, ({ flops: count }) =>
      (count ?? 0) <= 0 ? '--' : format_fixed(count! * scale, 3).padStart(8),
    );
  }
  return columns;
}

function build_table(list: EventList<ProfiledEvent>, options: TableOptions): string {
  if (list.length === 0) return '';
  const { sort_by = null, row_limit = 100, header = null, top_level_events_only = false, time_unit = null } = options;
  if (list[0]!.use_device === null && list.some((event) => event.self_device_time_total > 0)) {
    throw new Error('use_device is None, but there is device performance data.');
  }
  const events = [...list];
  if (sort_by !== null) {
    const keys = new Map(events.map((event) => [event, property_of(event, of_device(sort_by))]));
    events.sort((a, b) => compare(keys.get(b), keys.get(a)));
  }
  const time = (us: number): string => {
    if (time_unit === 's') return `${format_fixed(us / 1e6, 3)}s`;
    if (time_unit === 'ms') return `${format_fixed(us / 1e3, 3)}ms`;
    return time_unit === 'us' ? `${format_fixed(us, 3)}us` : format_time(us);
  };
  const sums = sums_of(events);
  const columns = columns_of(list, events, sums, time, options);
  const has_device = columns.some(({ title }) => title.endsWith(' time avg') && title !== 'CPU time avg');
  // Python sets two spaces behind each column, the last one too.
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => {
        const { width, left = false } = columns[i]!;
        return `${left ? cell.padEnd(width) : cell.padStart(width)}  `;
      })
      .join('');
  const rule = columns.map(({ width }) => `${'-'.repeat(width)}  `).join('');
  const double_rule = '='.repeat(columns.reduce((sum, { width }) => sum + width + 2, -2));
  const lines: string[] = [];
  if (header !== null) lines.push(double_rule, header);
  if (top_level_events_only) lines.push(double_rule, 'This report only display top-level ops statistics');
  lines.push(rule, line(columns.map(({ title }) => title)), rule);
  const source = columns.findIndex(({ title }) => title === 'Source Location');
  let rows = 0;
  for (const event of events) {
    if (rows === row_limit) break;
    if (top_level_events_only && event.cpu_parent !== null) continue;
    ++rows;
    lines.push(line(columns.map(({ cell }) => cell(event))));
    if (source < 0) continue;
    // Python sets the other frames into the last column, whichever that is.
    const { width } = columns[source]!;
    for (const frame of [...(event.stack ?? []).slice(1), '']) {
      lines.push(line(columns.map((_, i) => (i === columns.length - 1 ? end_of_path(frame, width) : ''))));
    }
  }
  lines.push(rule, `Self CPU time total: ${time(sums.cpu)}`);
  if (has_device) {
    lines.push(`Self ${list[0]!.use_device?.toUpperCase() ?? 'None'} time total: ${time(sums.device)}`);
  }
  return `${lines.join('\n')}\n`;
}
