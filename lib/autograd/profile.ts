/** The profiler behind `torch.profiler`, and the older interface to it: `torch.autograd.profiler`. */
import { randomUUID } from 'node:crypto';

import { profiling, type NativeProfile, type NativeRange, type ProfilerConfig, type RawEvent } from '../_C/ranges.js';
import { native } from '../_C/native.js';
import { call_synchronously, type Mode } from '../_internal/callbacks.js';
import { run_or_guard, type Guard } from '../_internal/guards.js';
import { NamedValue } from '../_internal/named_value.js';
import type {} from '../_internal/node_types.js';
import { method_signature, signature } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import { RecordedStacks } from './stacks.js';
import {
  device_type_of,
  DeviceType,
  EventList,
  FunctionEvent,
  KEY_AVERAGES,
  TABLE,
  type FunctionEventAvg,
  type TableOptions,
} from './profiler_events.js';

/**
 * What can be recorded: operators on the CPU, and what runs on devices. Mirrors `torch.profiler.ProfilerActivity`.
 * @example
 * ```ts
 * print(torch.profiler.ProfilerActivity.CPU);
 * ```
 * ```python
 * print(torch.profiler.ProfilerActivity.CPU)
 * ```
 */
export class ProfilerActivity extends NamedValue {
  static readonly CPU = new ProfilerActivity('ProfilerActivity', 'CPU', 0);
  static readonly XPU = new ProfilerActivity('ProfilerActivity', 'XPU', 1);
  static readonly MTIA = new ProfilerActivity('ProfilerActivity', 'MTIA', 4);
  static readonly CUDA = new ProfilerActivity('ProfilerActivity', 'CUDA', 2);
  static readonly HPU = new ProfilerActivity('ProfilerActivity', 'HPU', 3);
  static readonly PrivateUse1 = new ProfilerActivity('ProfilerActivity', 'PrivateUse1', 5);
}

/** Options that Python keeps in `torch._C._profiler._ExperimentalConfig`. */
export interface ExperimentalConfig {
  /** Record which overload of an operator was called, for `key_averages({ group_by_overload_name: true })`. */
  capture_overload_names?: boolean;
  verbose?: boolean;
}

const EXPERIMENTAL = signature<ExperimentalConfig>(
  '_ExperimentalConfig',
  '*, capture_overload_names?: bool, verbose?: bool',
);

/** What a profile records, by name. */
export interface AutogradProfileOptions {
  /** @deprecated use `use_device: 'cuda'` */
  use_cuda?: boolean;
  /** Such as `'cuda'`; default none. */
  use_device?: string | null;
  /** Record the shapes of inputs. */
  record_shapes?: boolean;
  /** Estimate floating point operations of matrix products and convolutions; implies `record_shapes`. */
  with_flops?: boolean;
  /** Record how much memory operators allocate and free. */
  profile_memory?: boolean;
  /** Record where in the program operators were called. */
  with_stack?: boolean;
  /** Record the hierarchy of modules, of TorchScript modules only. */
  with_modules?: boolean;
  use_kineto?: boolean;
  /** Record operators on the CPU; default true. */
  use_cpu?: boolean;
  experimental_config?: ExperimentalConfig | null;
  /** Keep the events of earlier cycles. */
  acc_events?: boolean;
  custom_trace_id_callback?: (() => string) | null;
  /** Events that are not read after this time are left out. */
  post_processing_timeout_s?: number | null;
}

interface AutogradProfileArguments extends AutogradProfileOptions {
  enabled?: boolean;
  fn?: (profile: Profile) => unknown;
}

const OPTIONS =
  'use_cuda?: bool, use_device?: str|None, record_shapes?: bool, with_flops?: bool, profile_memory?: bool, with_stack?: bool, ' +
  'with_modules?: bool, use_kineto?: bool, use_cpu?: bool, experimental_config?: dict|None, acc_events?: bool, ' +
  'custom_trace_id_callback?: Callable|None, post_processing_timeout_s?: float|None, fn?: Callable';
const PROFILE = signature<AutogradProfileArguments>('profile', `enabled?: bool, *, ${OPTIONS}`);

const METHODS = {
  table: method_signature<TableOptions>('profile.table', TABLE),
  trace: method_signature<{ path: string }>('profile.export_chrome_trace', 'path: str'),
  stacks: method_signature<{ path: string; metric?: string }>('profile.export_stacks', 'path: str, metric?: str'),
  averages: method_signature<KeyAveragesOptions>(
    'profile.key_averages',
    KEY_AVERAGES.replace('input_shapes', 'input_shape'),
  ),
  total: method_signature<object>('profile.total_average'),
};

/** How events are grouped. */
export interface KeyAveragesOptions {
  /** A row for each list of shapes of the inputs. */
  group_by_input_shape?: boolean;
  /** A row for each stack, by as many of its innermost frames. */
  group_by_stack_n?: number;
  /** A row for each overload. */
  group_by_overload_name?: boolean;
}

/** The activities that the loaded libtorch can record here. */
export function activities_here(): Set<ProfilerActivity> {
  const activities = new Set([ProfilerActivity.CPU]);
  if (native.device_built('cuda') && native.device_count('cuda') > 0) activities.add(ProfilerActivity.CUDA);
  return activities;
}

const cuda_is_available = (): boolean => native.device_built('cuda') && native.device_count('cuda') > 0;

/** Devices that have a profiler in Python's torch and none here. */
const other_devices = ['xpu', 'mtia', 'hpu'];

/** The device that is profiled: the one that was asked for where it is there. */
function device_to_profile(asked: string | null): string | null {
  if (asked === null) return null;
  if (asked === 'cuda') {
    if (cuda_is_available()) return asked;
    warn('CUDA is not available, disabling CUDA profiling');
  } else if (other_devices.includes(asked)) {
    warn(`${asked.toUpperCase()} is not available, disabling ${asked.toUpperCase()} profiling`);
  } else {
    warn(`The ${asked} is not a valid device option.`);
  }
  return null;
}

const nothing_recorded = {
  use_cuda: false,
  use_device: null,
  record_shapes: false,
  with_flops: false,
  profile_memory: false,
  with_stack: false,
  with_modules: false,
  use_kineto: false,
  use_cpu: true,
  experimental_config: null,
  acc_events: false,
  custom_trace_id_callback: null,
  post_processing_timeout_s: null,
};

/** A profile: what to record, and what was recorded. */
export class Profile {
  readonly enabled: boolean;
  use_device: string | null = null;
  record_shapes = false;
  with_flops = false;
  profile_memory = false;
  with_stack = false;
  with_modules = false;
  use_cpu = true;
  acc_events = false;
  trace_id = '';
  /** @internal */
  _kineto_results: NativeProfile | null = null;
  private entered = false;
  private activities: readonly string[] = [];
  private gpu_fallback = false;
  private experimental: ExperimentalConfig = {};
  private trace_id_callback: (() => string) | null = null;
  private timeout_s: number | null = null;
  private events_read: EventList | null = null;
  private earlier_events: EventList | null = null;
  private needs_processing = false;
  private recorded_stacks: RecordedStacks | null = null;
  private stacks: ReturnType<RecordedStacks['end']> | null = null;

  /** @internal */
  constructor(options: AutogradProfileOptions & { enabled?: boolean }) {
    this.enabled = options.enabled ?? true;
    if (!this.enabled) return;
    if (options.use_cuda === true) {
      warn(
        "The attribute `use_cuda` will be deprecated soon, please use ``use_device = 'cuda'`` instead.",
        'FutureWarning',
      );
    }
    const given = { ...nothing_recorded, ...options };
    this.with_flops = given.with_flops;
    this.record_shapes = given.record_shapes || given.with_flops;
    this.profile_memory = given.profile_memory;
    this.with_stack = given.with_stack;
    this.with_modules = given.with_modules;
    this.use_cpu = given.use_cpu;
    this.acc_events = given.acc_events;
    this.experimental = EXPERIMENTAL.read([given.experimental_config ?? {}]);
    this.trace_id_callback = given.custom_trace_id_callback;
    this.timeout_s = given.post_processing_timeout_s;
    const { use_kineto } = given;
    if (!this.use_cpu && !use_kineto) {
      throw new Error('Device-only events supported only with Kineto (use_kineto=True)');
    }
    this.use_device = device_to_profile(given.use_cuda ? 'cuda' : given.use_device);
    const activities: string[] = this.use_cpu ? ['CPU'] : [];
    if (this.use_device === 'cuda') {
      if (use_kineto) activities.push('CUDA');
      else if (this.use_cpu) this.gpu_fallback = true;
      else throw new Error('Legacy CUDA profiling requires use_cpu=True');
    }
    if (activities.length === 0) throw new Error('No activities specified for the profiler');
    if (this.timeout_s !== null && this.timeout_s < 0)
      throw new Error('post_processing_timeout_s must be non-negative');
    this.activities = activities;
  }

  private config(): ProfilerConfig {
    return {
      record_shapes: this.record_shapes,
      profile_memory: this.profile_memory,
      with_stack: this.with_stack,
      with_flops: this.with_flops,
      with_modules: this.with_modules,
      verbose: this.experimental.verbose ?? false,
      capture_overload_names: this.experimental.capture_overload_names ?? false,
      gpu_fallback: this.gpu_fallback,
      trace_id: this.trace_id,
    };
  }

  /** @internal */
  _enter(): this {
    if (!this.enabled) return this;
    if (this.entered) throw new Error('Profiler context manager is not reentrant');
    this._prepare_trace();
    this._start_trace();
    return this;
  }

  /** @internal */
  _prepare_trace(): void {
    this.trace_id = this.trace_id_callback?.() ?? randomUUID().replaceAll('-', '').toUpperCase();
    native.profiler_prepare(this.config(), this.activities);
    this.entered = true;
  }

  /** @internal */
  _start_trace(): void {
    native.profiler_enable(this.config(), this.activities);
    if (this.with_stack) {
      this.recorded_stacks = new RecordedStacks();
      this.recorded_stacks.begin();
    }
    profiling.on = true;
    this.entered = true;
  }

  /** @internal */
  _exit(): void {
    if (!this.enabled) return;
    if (this.use_device === 'cuda') native.device_synchronize('cuda');
    if (this.events_read !== null && this.acc_events) this.earlier_events = this.events_read;
    this.events_read = null;
    // The callback of the stacks counts what the profiler records, so it ends first, while nothing runs.
    this.stacks = this.recorded_stacks?.end() ?? null;
    this.recorded_stacks = null;
    this._kineto_results = native.profiler_disable();
    profiling.on = false;
    this.needs_processing = true;
    // Those of the next cycle are added to them.
    if (this.acc_events) void this.function_events;
  }

  /** Begins when `using` asks for it, and ends with its block. */
  get [Symbol.dispose](): () => void {
    this._enter();
    let open = true;
    return () => {
      if (open) this._exit();
      open = false;
    };
  }

  /** What was recorded, with the stacks of the calls. */
  private raw_events(results: NativeProfile): RawEvent[] {
    const events = native.profiler_events(results);
    if (this.stacks === null) return events;
    const { thread, stacks } = this.stacks;
    const calls = events
      .filter((event) => event[2] === thread && !event[18] && event[16] <= 1 && event[0] !== MEMORY)
      .sort((a, b) => a[7] - b[7]);
    // Of each call there is one event; should that not hold, stacks would be those of other calls.
    if (calls.length !== stacks.length) return events;
    for (const [i, event] of calls.entries()) if (event[23].length === 0) event[23].push(...stacks[i]!);
    return events;
  }

  /** The events, in the order of their begin. */
  get function_events(): EventList {
    if (this.events_read !== null && !this.needs_processing) return this.events_read;
    this.needs_processing = false;
    const events =
      this._kineto_results === null
        ? []
        : read_events(this.raw_events(this._kineto_results), this.use_device, this.timeout_s);
    const list = EventList._of(events, {
      use_device: this.use_device,
      profile_memory: this.profile_memory,
      with_flops: this.with_flops,
    });
    list._build_tree();
    if (this.earlier_events !== null && this.acc_events) {
      for (const event of this.earlier_events) list.push(event);
      this.earlier_events = null;
    }
    return (this.events_read = list);
  }

  /**
   * The events as a table. Mirrors `torch.autograd.profiler.profile.table`; see {@link EventList.table}.
   */
  table(
    sort_by?: string | null,
    row_limit?: number,
    max_src_column_width?: number | null,
    max_name_column_width?: number | null,
    max_shapes_column_width?: number | null,
    header?: string | null,
    top_level_events_only?: boolean,
  ): string;
  table(options: Omit<TableOptions, 'time_unit'>): string;
  table(...args: unknown[]): string {
    return this.function_events.table(METHODS.table.read(args));
  }

  /**
   * The events summed up by their names. Mirrors `torch.autograd.profiler.profile.key_averages`.
   *
   * @param group_by_input_shape - a row for each list of shapes of the inputs
   * @param group_by_stack_n - a row for each stack, by as many of its innermost frames
   * @param group_by_overload_name - a row for each overload
   */
  key_averages(
    group_by_input_shape?: boolean,
    group_by_stack_n?: number,
    group_by_overload_name?: boolean,
  ): EventList<FunctionEventAvg>;
  key_averages(options: KeyAveragesOptions): EventList<FunctionEventAvg>;
  key_averages(...args: unknown[]): EventList<FunctionEventAvg> {
    const { group_by_input_shape: group_by_input_shapes, ...others } = METHODS.averages.read(args);
    return this.function_events.key_averages({
      ...others,
      ...(group_by_input_shapes === undefined ? {} : { group_by_input_shapes }),
    });
  }

  /** The sum of all events. Mirrors `torch.autograd.profiler.profile.total_average`. */
  total_average(): FunctionEventAvg;
  total_average(...none: unknown[]): FunctionEventAvg {
    METHODS.total.read(none);
    return this.function_events.total_average();
  }

  /**
   * Writes the trace, which chrome://tracing and Perfetto show. Mirrors `torch.autograd.profiler.profile.export_chrome_trace`.
   * @param path - the file
   */
  export_chrome_trace(path: string | { path: string }): void;
  export_chrome_trace(...args: unknown[]): void {
    const { path } = METHODS.trace.read(args);
    if (this._kineto_results === null) throw new Error('Expected profiling results');
    native.profiler_save(this._kineto_results, path);
  }

  /**
   * Writes the stacks of the events for a flame graph. Mirrors `torch.autograd.profiler.profile.export_stacks`.
   *
   * @param path - the file
   * @param metric - default `'self_cpu_time_total'`
   * @throws Error when the profile is without stacks
   */
  export_stacks(path: string, metric?: string): void;
  export_stacks(options: { path: string; metric?: string }): void;
  export_stacks(...args: unknown[]): void {
    const { path, metric = 'self_cpu_time_total' } = METHODS.stacks.read(args);
    if (!this.with_stack) throw new Error('export_stacks() requires with_stack=True');
    this.function_events.export_stacks(path, metric);
  }

  /** The sum of all self times on the CPU, in microseconds. */
  get self_cpu_time_total(): number {
    return this.function_events.self_cpu_time_total;
  }

  toString(): string {
    return this._kineto_results === null ? '<unfinished torch.autograd.profile>' : this.function_events.table();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/**
 * Records the operators that run in a block of `using`, or in a function. Mirrors `torch.autograd.profiler.profile`;
 * `torch.profiler.profile` has more, such as schedules.
 *
 * Of each event there are the name, the times, and what the options ask for. A profile is of its thread; there is one at a time.
 *
 * @param enabled - record at all; default true
 * @param fn - what to record; it gets the profile
 * @returns the profile, whose events can be read when the block or the function has ended
 * @throws Error for a profile within another one
 * @example
 * ```ts
 * const prof = torch.autograd.profiler.profile(true, { record_shapes: true }, () => torch.ones(2, 3).add(1));
 * print(prof.function_events.map((event) => [event.name, event.input_shapes]).slice(-1));
 * ```
 * ```python
 * with torch.autograd.profiler.profile(True, record_shapes=True) as prof:
 *     torch.ones(2, 3).add(1)
 * print([[event.name, event.input_shapes] for event in prof.function_events][-1:])
 * ```
 */
export function profile(enabled?: boolean, options?: AutogradProfileOptions): Profile;
export function profile(options: AutogradProfileOptions & { enabled?: boolean }): Profile;
export function profile(fn: (profile: Profile) => unknown): Profile;
export function profile(
  options: AutogradProfileOptions & { enabled?: boolean },
  fn: (profile: Profile) => unknown,
): Profile;
export function profile(enabled: boolean, options: AutogradProfileOptions, fn: (profile: Profile) => unknown): Profile;
export function profile(...args: unknown[]): Profile {
  const { fn, ...options } = PROFILE.read(with_function_by_name(args));
  const its = new Profile(options);
  if (fn !== undefined) {
    its._enter();
    try {
      call_synchronously('profile', fn, its);
    } finally {
      its._exit();
    }
  }
  return its;
}

/** A function that ends a call goes into the options before it. @internal */
export function with_function_by_name(args: readonly unknown[]): readonly unknown[] {
  const last = args[args.length - 1];
  if (typeof last !== 'function') return args;
  const before = args[args.length - 2];
  const has_options = typeof before === 'object' && before !== null;
  return [...args.slice(0, has_options ? -2 : -1), { ...(has_options ? before : {}), fn: last }];
}

// --- Events -----------------------------------------------------------------------------------------

const MEMORY = '[memory]';
const OUT_OF_MEMORY = '[OutOfMemory]';
/** What is no operator of the program's. */
const left_out = new Set([
  MEMORY,
  OUT_OF_MEMORY,
  'profiler::_record_function_enter',
  'profiler::_record_function_enter_new',
  'profiler::_record_function_exit',
  'aten::is_leaf',
  'aten::output_nr',
  'aten::_version',
]);

/** Kineto's names of its types of activities, by their numbers. */
const activity_types = [
  'cpu_op',
  'user_annotation',
  'gpu_user_annotation',
  'gpu_memcpy',
  'gpu_memset',
  'kernel',
  'external_correlation',
  'cuda_runtime',
  'cuda_driver',
  'cpu_instant_event',
  'python_function',
  'overhead',
];

const host_memory = [DeviceType.CPU, DeviceType.MKLDNN, DeviceType.IDEEP];
const device_memory = [DeviceType.CUDA, DeviceType.PrivateUse1, DeviceType.HIP, DeviceType.XPU];

interface MemoryRecord {
  readonly raw: RawEvent;
  readonly start_ns: number;
  readonly on_cpu: number;
  readonly on_device: number;
  inside: boolean;
}

function memory_record(raw: RawEvent): MemoryRecord {
  const type = device_type_of(raw[11]);
  const bytes = raw[14];
  return {
    raw,
    start_ns: raw[5],
    on_cpu: host_memory.includes(type) ? bytes : 0,
    on_device: device_memory.includes(type) ? bytes : 0,
    inside: false,
  };
}

/** The first record that is not before a time, of records in order. */
function first_from(records: readonly MemoryRecord[], ns: number): number {
  let [low, high] = [0, records.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (records[middle]!.start_ns < ns) low = middle + 1;
    else high = middle;
  }
  return low;
}

function function_event(raw: RawEvent, use_device: string | null, on_cpu: number, on_device: number): FunctionEvent {
  const [name, overload_name, start_thread, end_thread, fwd_thread, start_ns, end_ns] = raw;
  return new FunctionEvent({
    id: raw[7],
    name: name.startsWith('ProfilerStep#') ? 'ProfilerStep*' : name,
    overload_name,
    trace_name: name,
    thread: start_thread,
    start_us: start_ns / 1000,
    end_us: end_ns / 1000,
    fwd_thread,
    input_shapes: raw[19],
    concrete_inputs: raw[20],
    kwinputs: raw[21],
    stack: raw[23],
    scope: raw[10],
    use_device,
    cpu_memory_usage: on_cpu,
    device_memory_usage: on_device,
    is_async: raw[17] || start_thread !== end_thread,
    sequence_nr: raw[9],
    device_type: device_type_of(raw[11]),
    device_index: raw[12],
    device_resource_id: raw[13],
    flops: raw[15],
    is_user_annotation: raw[16] === 1 || raw[16] === 2,
    is_python_function: raw[18],
    activity_type: activity_types[raw[16]] ?? String(raw[16]),
    linked_correlation_id: raw[8],
    structured_input_shapes: raw[24],
    structured_input_strides: raw[25],
    input_dtypes: raw[22],
  });
}

/** An event for memory that was allocated or freed outside of all others. */
function memory_event(record: MemoryRecord, id: number, use_device: string | null): FunctionEvent {
  const { raw } = record;
  return new FunctionEvent({
    id,
    name: raw[0],
    overload_name: '',
    trace_name: null,
    thread: raw[2],
    start_us: raw[5] / 1000,
    end_us: raw[5] / 1000,
    fwd_thread: raw[2],
    input_shapes: [],
    concrete_inputs: null,
    kwinputs: null,
    stack: [],
    scope: 0,
    use_device,
    cpu_memory_usage: record.on_cpu,
    device_memory_usage: record.on_device,
    is_async: false,
    sequence_nr: -1,
    device_type: DeviceType.CPU,
    device_index: 0,
    device_resource_id: raw[2],
    flops: null,
    is_user_annotation: false,
    is_python_function: false,
    activity_type: null,
    linked_correlation_id: 0,
    structured_input_shapes: null,
    structured_input_strides: null,
    input_dtypes: null,
  });
}

/** Gives operators the kernels that they launched. */
function assign_kernels(events: readonly FunctionEvent[]): void {
  const launched = new Map<number, FunctionEvent[]>();
  for (const event of events) {
    const id = event.linked_correlation_id;
    if (id > 0) launched.set(id, [...(launched.get(id) ?? []), event]);
  }
  for (const event of events) {
    if (event.linked_correlation_id !== 0 || event.device_type !== DeviceType.CPU || event.is_async) continue;
    for (const its of launched.get(event.id) ?? []) {
      if (device_memory.includes(its.device_type)) {
        event.kernels.push({ name: its.name, device: its.device_index, duration: its.time_range.elapsed_us() });
      } else if (its.device_type === DeviceType.CPU) {
        its.thread = event.thread;
      }
    }
  }
}

/** The events of a profile as Python has them. */
function read_events(
  raw_events: readonly RawEvent[],
  use_device: string | null,
  timeout_s: number | null,
): FunctionEvent[] {
  const deadline = timeout_s === null ? Number.POSITIVE_INFINITY : performance.now() + timeout_s * 1000;
  const records = raw_events.filter(([name]) => name === MEMORY).map(memory_record);
  const in_order = [...records].sort((a, b) => a.start_ns - b.start_ns);
  const events: FunctionEvent[] = [];
  let highest_id = 0;
  for (const raw of raw_events) {
    if (performance.now() >= deadline) break;
    if (left_out.has(raw[0])) continue;
    let [on_cpu, on_device] = [0, 0];
    if (device_type_of(raw[11]) === DeviceType.CPU) {
      for (let i = first_from(in_order, raw[5]); i < in_order.length && in_order[i]!.start_ns <= raw[6]; ++i) {
        on_cpu += in_order[i]!.on_cpu;
        on_device += in_order[i]!.on_device;
        in_order[i]!.inside = true;
      }
    }
    const event = function_event(raw, use_device, on_cpu, on_device);
    const elapsed_us = raw[26];
    if (use_device === 'cuda' && event.device_type === DeviceType.CPU && !event.is_async && elapsed_us > 0) {
      event.kernels.push({ name: event.name, device: event.device_index, duration: elapsed_us });
      event.is_legacy = true;
    }
    highest_id = Math.max(highest_id, event.id);
    events.push(event);
  }
  assign_kernels(events);
  const outside = records.filter(({ inside }) => !inside);
  const failed = raw_events.filter(([name]) => name === OUT_OF_MEMORY).map(memory_record);
  for (const record of [...outside, ...failed]) {
    if (performance.now() >= deadline) break;
    events.push(memory_event(record, ++highest_id, use_device));
  }
  return events.sort((a, b) => a.time_range.start - b.time_range.start || b.time_range.end - a.time_range.end);
}

// --- Ranges -----------------------------------------------------------------------------------------

const RECORD_FUNCTION = signature<{ name: string; args?: string | null; fn?: () => unknown }>(
  'record_function',
  'name: str, args?: str|None, fn?: Callable',
);

/**
 * Names a part of the program in the profile: a function, a block of `using`, or a method; see {@link Guard}. Mirrors
 * `torch.profiler.record_function`.
 *
 * @param name - as the profile shows it
 * @param args - a text that the trace shows beside it
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const { profile, record_function } = torch.profiler;
 * const prof = profile({}, () => {
 *   record_function('forward', () => torch.ones(2));
 * });
 * print(prof.events().map((event) => event.name));
 * ```
 * ```python
 * from torch.profiler import profile, record_function
 * with profile() as prof:
 *     with record_function('forward'):
 *         torch.ones(2)
 * print([event.name for event in prof.events()])
 * ```
 */
export function record_function(name: string, args?: string | null): Guard;
export function record_function(options: { name: string; args?: string | null }): Guard;
export function record_function<T>(name: string, fn: () => T): T;
export function record_function<T>(name: string, args: string | null, fn: () => T): T;
export function record_function(...given: unknown[]): unknown {
  const { name, args = null, fn } = RECORD_FUNCTION.read(with_function_by_name(given));
  const range: Mode<NativeRange> = {
    enter: () => native.range_enter(name, args),
    leave: (entered) => {
      native.range_exit(entered);
    },
  };
  return run_or_guard('record_function', range, fn);
}
