/** `torch.profiler.profile` and its schedules. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import type { NativeRange } from '../_C/ranges.js';
import { native } from '../_C/native.js';
import {
  activities_here,
  Profile,
  ProfilerActivity,
  with_function_by_name,
  type ExperimentalConfig,
  type KeyAveragesOptions,
} from '../autograd/profile.js';
import { KEY_AVERAGES, type EventList, type FunctionEventAvg } from '../autograd/profiler_events.js';
import { call_synchronously } from '../_internal/callbacks.js';
import { kind_of } from '../_internal/kind_of.js';
import { NamedValue } from '../_internal/named_value.js';
import type {} from '../_internal/node_types.js';
import { method_signature, no_arguments, signature } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';

/**
 * What a profiler does in a step. Mirrors `torch.profiler.ProfilerAction`.
 * @example
 * ```ts
 * print(torch.profiler.ProfilerAction.RECORD);
 * ```
 * ```python
 * print(torch.profiler.ProfilerAction.RECORD)
 * ```
 */
export class ProfilerAction extends NamedValue {
  static readonly NONE = new ProfilerAction('ProfilerAction', 'NONE', 0);
  static readonly WARMUP = new ProfilerAction('ProfilerAction', 'WARMUP', 1);
  static readonly RECORD = new ProfilerAction('ProfilerAction', 'RECORD', 2);
  static readonly RECORD_AND_SAVE = new ProfilerAction('ProfilerAction', 'RECORD_AND_SAVE', 3);
}

/**
 * The activities that can be recorded here: the CPU, and CUDA where there is a GPU. Mirrors `torch.profiler.supported_activities`.
 * @example
 * ```ts
 * print(torch.profiler.supported_activities().has(torch.profiler.ProfilerActivity.CPU));
 * ```
 * ```python
 * print(torch.profiler.ProfilerActivity.CPU in torch.profiler.supported_activities())
 * ```
 */
export function supported_activities(): Set<ProfilerActivity>;
export function supported_activities(...none: unknown[]): Set<ProfilerActivity> {
  no_arguments('supported_activities', none);
  return activities_here();
}

/**
 * Whether libtorch was built with Kineto, which writes traces. Mirrors `torch.profiler.kineto_available`.
 * @example
 * ```ts
 * print(torch.profiler.kineto_available());
 * ```
 * ```python
 * print(torch.profiler.kineto_available())
 * ```
 */
export function kineto_available(): boolean;
export function kineto_available(...none: unknown[]): boolean {
  no_arguments('kineto_available', none);
  return true;
}

/** How many steps of each kind a cycle has. */
export interface ScheduleOptions {
  /** Steps that are not recorded. */
  wait: number;
  /** Steps that are recorded and thrown away. */
  warmup: number;
  /** Steps that are recorded. */
  active: number;
  /** How many cycles; default 0, which is until the end. */
  repeat?: number;
  /** Steps before the first cycle. */
  skip_first?: number;
  /** Other than 0: the first cycle begins without `wait`. */
  skip_first_wait?: number;
}

const SCHEDULE = signature<ScheduleOptions>(
  'schedule',
  '*, wait: int, warmup: int, active: int, repeat?: int, skip_first?: int, skip_first_wait?: int',
);

/**
 * A schedule for {@link profile}: after `skip_first` steps, cycles of `wait` steps without recording, `warmup` steps whose record is
 * thrown away, and `active` steps that are recorded. Mirrors `torch.profiler.schedule`.
 *
 * @param options - the lengths
 * @returns a function from the number of a step to what the profiler does in it
 * @throws Error for negative lengths, and for `active` 0
 * @example
 * ```ts
 * const plan = torch.profiler.schedule({ wait: 1, warmup: 1, active: 2, repeat: 1 });
 * print([0, 1, 2, 3, 4].map((step) => plan(step).name));
 * ```
 * ```python
 * plan = torch.profiler.schedule(wait=1, warmup=1, active=2, repeat=1)
 * print([plan(step).name for step in [0, 1, 2, 3, 4]])
 * ```
 */
export function schedule(options: ScheduleOptions): (step: number) => ProfilerAction;
export function schedule(...args: unknown[]): (step: number) => ProfilerAction {
  const { wait, warmup, active, repeat = 0, skip_first = 0, skip_first_wait = 0 } = SCHEDULE.read(args);
  if (wait < 0 || warmup < 0 || active <= 0 || repeat < 0 || skip_first < 0) {
    throw new Error(
      `Invalid profiler schedule arguments. Got wait=${wait} (need >= 0), warmup=${warmup} (need >= 0), ` +
        `active=${active} (need > 0), repeat=${repeat} (need >= 0), skip_first=${skip_first} (need >= 0).`,
    );
  }
  if (warmup === 0) warn("Profiler won't be using warmup, this can skew profiler results");
  return (step) => {
    if (step < 0) throw new Error(`Step must be non-negative. Got ${step}.`);
    if (step < skip_first) return ProfilerAction.NONE;
    const at = step - skip_first + (skip_first_wait === 0 ? 0 : wait);
    const length = wait + warmup + active;
    if (repeat > 0 && at / length >= repeat) return ProfilerAction.NONE;
    const within = at % length;
    if (within < wait) return ProfilerAction.NONE;
    if (within < wait + warmup) return ProfilerAction.WARMUP;
    return within < length - 1 ? ProfilerAction.RECORD : ProfilerAction.RECORD_AND_SAVE;
  };
}

/** What {@link profile} records, and when. */
export interface ProfileOptions {
  /** Default {@link supported_activities}. */
  activities?: Iterable<ProfilerActivity> | null;
  /** What to do in each step; default to record all. Steps are told by {@link KinetoProfile.step}. */
  schedule?: ((step: number) => ProfilerAction) | null;
  /** Called with the profile at the end of each cycle. */
  on_trace_ready?: ((profile: KinetoProfile) => unknown) | null;
  /** Record the shapes of inputs. */
  record_shapes?: boolean;
  /** Record how much memory operators allocate and free. */
  profile_memory?: boolean;
  /** Record where in the program operators were called. */
  with_stack?: boolean;
  /** Estimate floating point operations of matrix products and convolutions; implies `record_shapes`. */
  with_flops?: boolean;
  /** Record the hierarchy of modules, of TorchScript modules only. */
  with_modules?: boolean;
  experimental_config?: ExperimentalConfig | null;
  /** Keep the events of earlier cycles. */
  acc_events?: boolean;
  /** @deprecated use `activities` */
  use_cuda?: boolean | null;
  custom_trace_id_callback?: (() => string) | null;
  /** Events that are not read after this time are left out. */
  post_processing_timeout_s?: number | null;
}

interface ProfileArguments extends ProfileOptions {
  fn?: (profile: KinetoProfile) => unknown;
}

const PROFILE = signature<ProfileArguments>(
  'profile',
  '*, activities?: Iterable|None, schedule?: Callable|None, on_trace_ready?: Callable|None, record_shapes?: bool, ' +
    'profile_memory?: bool, with_stack?: bool, with_flops?: bool, with_modules?: bool, experimental_config?: dict|None, ' +
    'acc_events?: bool, use_cuda?: bool|None, custom_trace_id_callback?: Callable|None, ' +
    'post_processing_timeout_s?: float|None, fn?: Callable',
);

const METHODS = {
  start: method_signature<object>('profile.start'),
  stop: method_signature<object>('profile.stop'),
  step: method_signature<object>('profile.step'),
  events: method_signature<object>('profile.events'),
  trace_id: method_signature<object>('profile.get_trace_id'),
  set_trace_id: method_signature<{ callback: (() => string) | null }>(
    'profile.set_custom_trace_id_callback',
    'callback: Callable|None',
  ),
  trace: method_signature<{ path: string }>('profile.export_chrome_trace', 'path: str'),
  stacks: method_signature<{ path: string; metric?: string }>('profile.export_stacks', 'path: str, metric?: str'),
  averages: method_signature<KeyAveragesOptions>(
    'profile.key_averages',
    KEY_AVERAGES.replace('input_shapes', 'input_shape'),
  ),
  metadata: method_signature<Metadata>('profile.add_metadata', 'key: str, value: str'),
  metadata_json: method_signature<Metadata>('profile.add_metadata_json', 'key: str, value: str'),
  preset: method_signature<Metadata>('profile.preset_metadata_json', 'key: str, value: str'),
  toggle: method_signature<{ enable: boolean; activities: Iterable<ProfilerActivity> }>(
    'profile.toggle_collection_dynamic',
    'enable: bool, activities: Iterable',
  ),
};

interface Metadata {
  key: string;
  value: string;
}

function read_activities(callee: string, given: Iterable<unknown>): Set<ProfilerActivity> {
  const activities = new Set<ProfilerActivity>();
  for (const activity of given) {
    if (!(activity instanceof ProfilerActivity)) {
      throw new TypeError(
        `${callee}(): argument 'activities' must be list of ProfilerActivity, but found element of type ${kind_of(activity)}`,
      );
    }
    if (activities.has(activity)) throw new Error(`Activity ${activity} specified more than once`);
    activities.add(activity);
  }
  return activities;
}

let warned_of_cycles = false;

const { NONE, WARMUP, RECORD, RECORD_AND_SAVE } = ProfilerAction;

/** A profile with a schedule: what {@link profile} makes. */
export class KinetoProfile {
  readonly activities: Set<ProfilerActivity>;
  readonly record_shapes: boolean;
  readonly profile_memory: boolean;
  readonly with_stack: boolean;
  readonly with_flops: boolean;
  readonly with_modules: boolean;
  readonly acc_events: boolean;
  /** The device that is profiled beside the CPU. */
  readonly use_device: string | null;
  /** The profile of this cycle, after the first one has begun. */
  profiler: Profile | null = null;
  /** The number of the step, from 0. */
  step_num = 0;
  /** What the profiler does in this step. */
  current_action: ProfilerAction;
  on_trace_ready: ((profile: KinetoProfile) => unknown) | null;
  schedule: (step: number) => ProfilerAction;
  private readonly options: ProfileOptions;
  private readonly record_steps: boolean;
  private readonly preset_metadata = new Map<string, string>();
  private custom_trace_id_callback: (() => string) | null;
  private step_range: NativeRange | null = null;

  /** @internal */
  constructor(options: ProfileOptions) {
    this.options = options;
    this.activities =
      options.activities === undefined || options.activities === null
        ? activities_here()
        : read_activities('profile', options.activities);
    if (options.use_cuda !== undefined && options.use_cuda !== null) {
      warn('`use_cuda` is deprecated, use `activities` argument instead', 'FutureWarning');
      if (options.use_cuda) this.activities.add(ProfilerActivity.CUDA);
      else this.activities.delete(ProfilerActivity.CUDA);
    }
    if (this.activities.size === 0) throw new Error('No valid profiler activities found');
    this.record_shapes = options.record_shapes ?? false;
    this.profile_memory = options.profile_memory ?? false;
    this.with_stack = options.with_stack ?? false;
    this.with_flops = options.with_flops ?? false;
    this.with_modules = options.with_modules ?? false;
    this.acc_events = options.acc_events ?? false;
    this.custom_trace_id_callback = options.custom_trace_id_callback ?? null;
    this.on_trace_ready = options.on_trace_ready ?? null;
    this.use_device =
      [ProfilerActivity.CUDA, ProfilerActivity.XPU, ProfilerActivity.MTIA, ProfilerActivity.HPU]
        .find((activity) => this.activities.has(activity))
        ?.name.toLowerCase() ?? null;
    const given = options.schedule ?? null;
    this.record_steps = given !== null;
    this.schedule = given ?? (() => RECORD);
    this.current_action = this.action_of(0);
  }

  private action_of(step: number): ProfilerAction {
    const action: unknown = this.schedule(step);
    if (action instanceof ProfilerAction) return action;
    throw new TypeError(`profile(): the schedule must return a ProfilerAction, not ${kind_of(action)}`);
  }

  // --- Parts of a cycle

  private prepare_trace(): void {
    if (this.profiler !== null && !this.acc_events && !warned_of_cycles) {
      warned_of_cycles = true;
      warn(
        'Warning: Profiler clears events at the end of each cycle. Only events from the current cycle will be reported. ' +
          'To keep events across cycles, set acc_events=True.',
      );
    }
    if (this.profiler === null || !this.acc_events) {
      this.profiler = new Profile({
        use_cpu: this.activities.has(ProfilerActivity.CPU),
        use_device: this.use_device,
        record_shapes: this.record_shapes,
        with_flops: this.with_flops,
        profile_memory: this.profile_memory,
        with_stack: this.with_stack,
        with_modules: this.with_modules,
        use_kineto: true,
        experimental_config: this.options.experimental_config ?? null,
        acc_events: this.acc_events,
        custom_trace_id_callback: this.custom_trace_id_callback,
        post_processing_timeout_s: this.options.post_processing_timeout_s ?? null,
      });
    }
    this.profiler._prepare_trace();
  }

  private start_trace(): void {
    this.its_profiler('starting trace')._start_trace();
    for (const name of ['profile_memory', 'with_stack', 'record_shapes', 'with_modules', 'with_flops'] as const) {
      if (this[name]) native.profiler_add_metadata(name, '1');
    }
    for (const [key, value] of this.preset_metadata) native.profiler_add_metadata(key, value);
  }

  private stop_trace(): void {
    this.its_profiler('stopping trace')._exit();
  }

  private trace_ready(): void {
    this.on_trace_ready?.(this);
  }

  private its_profiler(before: string): Profile {
    if (this.profiler === null) throw new Error(`Profiler must be initialized before ${before}`);
    return this.profiler;
  }

  /** Goes from what a step did to what the next one does; `null` is the end. */
  private transit(before: ProfilerAction, now: ProfilerAction | null): void {
    const recorded = before === RECORD || before === RECORD_AND_SAVE;
    const records = now === RECORD || now === RECORD_AND_SAVE;
    if (before === RECORD && records) return;
    if (before === WARMUP && now === WARMUP) return;
    if (before === WARMUP && !records) {
      if (now === NONE) warn('Incorrect schedule: WARMUP followed by NONE');
      this.start_trace();
      this.stop_trace();
      return;
    }
    if (recorded) {
      if (before === RECORD && now !== null) warn(`Incorrect schedule: RECORD followed by ${now.name}`);
      this.stop_trace();
      if (before === RECORD_AND_SAVE || now === null) this.trace_ready();
      // As in Python, nothing is prepared after such a schedule.
      if (before === RECORD) return;
    }
    if (before !== WARMUP && now !== null && now !== NONE) this.prepare_trace();
    if (records) this.start_trace();
  }

  private begin_step(): void {
    if (this.record_steps) this.step_range = native.range_enter(`ProfilerStep#${this.step_num}`, null);
  }

  private end_step(): void {
    if (this.step_range !== null) native.range_exit(this.step_range);
    this.step_range = null;
  }

  // --- What programs call

  /** Begins to record, as the schedule says. Mirrors `torch.profiler.profile.start`. */
  start(): void;
  start(...none: unknown[]): void {
    METHODS.start.read(none);
    this.transit(NONE, this.current_action);
    this.begin_step();
  }

  /** Ends the profile. Mirrors `torch.profiler.profile.stop`. */
  stop(): void;
  stop(...none: unknown[]): void {
    METHODS.stop.read(none);
    this.end_step();
    this.transit(this.current_action, null);
  }

  /** Tells the profile that the next step begins. Mirrors `torch.profiler.profile.step`. */
  step(): void;
  step(...none: unknown[]): void {
    METHODS.step.read(none);
    this.end_step();
    const before = this.current_action;
    const next = this.action_of(this.step_num + 1);
    this.step_num += 1;
    this.current_action = next;
    this.transit(before, next);
    this.begin_step();
  }

  /** Begins when `using` asks for it, and ends with its block. */
  get [Symbol.dispose](): () => void {
    this.start();
    let open = true;
    return () => {
      if (open) this.stop();
      open = false;
    };
  }

  /** The events of the last cycle, in the order of their begin. Mirrors `torch.profiler.profile.events`. */
  events(): EventList;
  events(...none: unknown[]): EventList {
    METHODS.events.read(none);
    return this.its_profiler('accessing events').function_events;
  }

  /**
   * The events summed up by their names; print its `table()`. Mirrors `torch.profiler.profile.key_averages`.
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
    const options = METHODS.averages.read(args);
    return this.its_profiler('getting key averages').key_averages(options);
  }

  /**
   * Writes the trace of the last cycle, which chrome://tracing and Perfetto show. Mirrors
   * `torch.profiler.profile.export_chrome_trace`.
   * @param path - the file; compressed when it ends with `.gz`
   */
  export_chrome_trace(path: string | { path: string }): void;
  export_chrome_trace(...args: unknown[]): void {
    const { path } = METHODS.trace.read(args);
    const its = this.its_profiler('exporting chrome trace');
    if (!path.endsWith('.gz')) {
      its.export_chrome_trace(path);
      return;
    }
    const plain = join(tmpdir(), `torch-node-${process.pid}-${Date.now()}.json`);
    try {
      its.export_chrome_trace(plain);
      writeFileSync(path, gzipSync(readFileSync(plain)));
    } finally {
      rmSync(plain, { force: true });
    }
  }

  /**
   * Writes the stacks of the events for a flame graph. Mirrors `torch.profiler.profile.export_stacks`.
   *
   * @param path - the file
   * @param metric - `'self_cpu_time_total'`, the default, or `'self_cuda_time_total'`
   * @throws Error when the profile is without stacks
   */
  export_stacks(path: string, metric?: string): void;
  export_stacks(options: { path: string; metric?: string }): void;
  export_stacks(...args: unknown[]): void {
    const { path, metric = 'self_cpu_time_total' } = METHODS.stacks.read(args);
    this.its_profiler('exporting stacks').export_stacks(path, metric);
  }

  /**
   * Turns activities off and on while recording. Mirrors `torch.profiler.profile.toggle_collection_dynamic`.
   * @param enable - on
   * @param activities - which
   */
  toggle_collection_dynamic(enable: boolean, activities: Iterable<ProfilerActivity>): void;
  toggle_collection_dynamic(options: { enable: boolean; activities: Iterable<ProfilerActivity> }): void;
  toggle_collection_dynamic(...args: unknown[]): void {
    const { enable, activities } = METHODS.toggle.read(args);
    const names = Array.from(read_activities('profile.toggle_collection_dynamic', activities), ({ name }) => name);
    if (this.profiler !== null) native.profiler_toggle(enable, names);
  }

  /**
   * Adds a text to the trace. Mirrors `torch.profiler.profile.add_metadata`.
   * @param key - its name
   * @param value - the text
   */
  add_metadata(key: string, value: string): void;
  add_metadata(options: { key: string; value: string }): void;
  add_metadata(...args: unknown[]): void {
    const { key, value } = METHODS.metadata.read(args);
    native.profiler_add_metadata(key, `"${value.replaceAll('"', '\\"')}"`);
  }

  /**
   * Adds a value to the trace. Mirrors `torch.profiler.profile.add_metadata_json`.
   * @param key - its name
   * @param value - the value as JSON
   */
  add_metadata_json(key: string, value: string): void;
  add_metadata_json(options: { key: string; value: string }): void;
  add_metadata_json(...args: unknown[]): void {
    const { key, value } = METHODS.metadata_json.read(args);
    native.profiler_add_metadata(key, value);
  }

  /**
   * Adds a value to the traces of all cycles that begin later. Mirrors `torch.profiler.profile.preset_metadata_json`.
   * @param key - its name
   * @param value - the value as JSON
   */
  preset_metadata_json(key: string, value: string): void;
  preset_metadata_json(options: { key: string; value: string }): void;
  preset_metadata_json(...args: unknown[]): void {
    const { key, value } = METHODS.preset.read(args);
    this.preset_metadata.set(key, value);
  }

  /**
   * Sets what makes the names of traces. Mirrors `torch.profiler.profile.set_custom_trace_id_callback`.
   * @param callback - called at the begin of each cycle
   */
  set_custom_trace_id_callback(callback: (() => string) | null): void;
  set_custom_trace_id_callback(options: { callback: (() => string) | null }): void;
  set_custom_trace_id_callback(...args: unknown[]): void {
    this.custom_trace_id_callback = METHODS.set_trace_id.read(args).callback;
  }

  /** The name of the trace, `null` before the first one. Mirrors `torch.profiler.profile.get_trace_id`. */
  get_trace_id(): string | null;
  get_trace_id(...none: unknown[]): string | null {
    METHODS.trace_id.read(none);
    return this.profiler?.trace_id ?? null;
  }
}

/**
 * Records which operators run, how long they take and what they are given: in a block of `using`, in a function, or between
 * `start()` and `stop()`, which may be in different functions and on both sides of an `await`. Mirrors `torch.profiler.profile`.
 *
 * Without a schedule all is recorded; with one, the steps that it names, where the program calls `step()` at the end of each.
 *
 * A profile is of its thread; there is one at a time. CUDA kernels are recorded where there is a GPU.
 *
 * @param options - what to record, and when
 * @param fn - a synchronous function; it gets the profile
 * @returns the profile, whose events can be read when the block or the function has ended
 * @throws Error for a profile within another one
 * @throws TypeError for an asynchronous function
 * @example
 * ```ts
 * const { profile } = torch.profiler;
 * const model = new nn.Linear(3, 2);
 * const prof = profile({ record_shapes: true }, () => model(torch.ones(1, 3)));
 * for (const each of prof.key_averages()) print(each.key, each.count);
 * ```
 * ```python
 * from torch.profiler import profile
 * model = nn.Linear(3, 2)
 * with profile(record_shapes=True) as prof:
 *     model(torch.ones(1, 3))
 * for each in prof.key_averages():
 *     print(each.key, each.count)
 * ```
 */
export function profile(options?: ProfileOptions): KinetoProfile;
export function profile(fn: (profile: KinetoProfile) => unknown): KinetoProfile;
export function profile(options: ProfileOptions, fn: (profile: KinetoProfile) => unknown): KinetoProfile;
export function profile(...args: unknown[]): KinetoProfile {
  const { fn, ...options } = PROFILE.read(with_function_by_name(args));
  const its = new KinetoProfile(options);
  if (fn !== undefined) {
    its.start();
    try {
      call_synchronously('profile', fn, its);
    } finally {
      its.stop();
    }
  }
  return its;
}

interface HandlerArguments {
  dir_name: string;
  worker_name?: string | null;
  use_gzip?: boolean;
}

const HANDLER = signature<HandlerArguments>(
  'tensorboard_trace_handler',
  'dir_name: str, worker_name?: str|None, use_gzip?: bool',
);

function is_directory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * What writes each trace into a folder, for `on_trace_ready` of {@link profile}: `tensorboard --logdir` shows them, and so do Perfetto and
 * chrome://tracing. Mirrors `torch.profiler.tensorboard_trace_handler`.
 *
 * @param dir_name - the folder, which is made when it is not there
 * @param worker_name - the begin of the names of the files; default the host and the process
 * @param use_gzip - compress the files
 * @throws Error when the folder cannot be made
 * @example
 * ```ts
 * import { mkdtempSync, readdirSync } from 'node:fs';
 * const dir = mkdtempSync('/tmp/traces-');
 * const { profile, tensorboard_trace_handler } = torch.profiler;
 * profile({ on_trace_ready: tensorboard_trace_handler(dir, 'worker') }, () => torch.ones(2));
 * print(readdirSync(dir)[0]!.replace(/\d+/, 'N'));
 * ```
 * ```python
 * import os, re, tempfile
 * from torch.profiler import profile, tensorboard_trace_handler
 * with tempfile.TemporaryDirectory() as dir:
 *     with profile(on_trace_ready=tensorboard_trace_handler(dir, 'worker')):
 *         torch.ones(2)
 *     print(re.sub(r'\d+', 'N', os.listdir(dir)[0]))
 * ```
 */
export function tensorboard_trace_handler(
  dir_name: string,
  worker_name?: string | null,
  use_gzip?: boolean,
): (profile: KinetoProfile) => void;
export function tensorboard_trace_handler(options: HandlerArguments): (profile: KinetoProfile) => void;
export function tensorboard_trace_handler(
  dir_name: string,
  options: Omit<HandlerArguments, 'dir_name'>,
): (profile: KinetoProfile) => void;
export function tensorboard_trace_handler(...args: unknown[]): (profile: KinetoProfile) => void {
  const { dir_name, worker_name, use_gzip = false } = HANDLER.read(args);
  return (its) => {
    if (!is_directory(dir_name)) {
      try {
        mkdirSync(dir_name, { recursive: true });
      } catch (cause) {
        throw new Error(`Can't create directory: ${dir_name}`, { cause });
      }
    }
    const worker = worker_name || `${hostname()}_${process.pid}`;
    const ns = BigInt(Date.now()) * 1_000_000n + (process.hrtime.bigint() % 1_000_000n);
    its.export_chrome_trace(join(dir_name, `${worker}.${ns}.pt.trace.json${use_gzip ? '.gz' : ''}`));
  };
}
