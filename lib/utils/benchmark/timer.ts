/** `torch.utils.benchmark.Timer`. */
import { native } from '../../_C/native.js';
import { namespace } from '../../_internal/namespace.js';
import { refuse_async } from '../../_internal/callbacks.js';
import { no_arguments, method_signature, signature } from '../../_internal/signature.js';
import { Measurement, TaskSpec, with_threads } from './common.js';

/**
 * The time in seconds, after all work of the GPU. Mirrors `torch.utils.benchmark.timer`.
 * @example
 * ```ts
 * const begin = torch.utils.benchmark.timer();
 * print(torch.utils.benchmark.timer() >= begin);
 * ```
 * ```python
 * from torch.utils.benchmark import timer
 * begin = timer()
 * print(timer() >= begin)
 * ```
 */
export function timer(): number;
export function timer(...none: unknown[]): number {
  no_arguments('timer', none);
  if (native.device_built('cuda') && native.device_count('cuda') > 0) native.device_synchronize('cuda');
  return performance.now() / 1000;
}

/** What a timer measures, and how. */
export interface TimerOptions {
  /** A function, or JavaScript as text. */
  stmt?: string | (() => unknown);
  /** JavaScript that runs before each measurement, whose variables `stmt` sees; a function where `stmt` is one. */
  setup?: string | (() => unknown);
  /** The time in seconds; default {@link timer}. */
  timer?: () => number;
  /** The variables that texts see. */
  globals?: Readonly<Record<string, unknown>> | null;
  /** The title of a table of {@link Compare}. */
  label?: string | null;
  /** The row. */
  sub_label?: string | null;
  /** The column. */
  description?: string | null;
  env?: string | null;
  /** Of libtorch, while the statement runs; default 1. */
  num_threads?: number;
}

const TIMER = signature<TimerOptions>(
  'Timer',
  'stmt?: str|Callable, setup?: str|Callable, timer?: Callable, globals?: dict|None, label?: str|None, sub_label?: str|None, ' +
    'description?: str|None, env?: str|None, num_threads?: int',
);

type TimeHook = (number: number, time_taken: number) => unknown;
interface AutorangeOptions {
  callback?: TimeHook | null;
  min_run_time?: number;
}
interface AdaptiveOptions extends AutorangeOptions {
  threshold?: number;
  max_run_time?: number;
}

const METHODS = {
  timeit: method_signature<{ number?: number }>('Timer.timeit', 'number?: int'),
  blocked: method_signature<AutorangeOptions>(
    'Timer.blocked_autorange',
    'callback?: Callable|None, min_run_time?: float',
  ),
  adaptive: method_signature<AdaptiveOptions>(
    'Timer.adaptive_autorange',
    'threshold?: float, *, min_run_time?: float, max_run_time?: float, callback?: Callable|None',
  ),
};

/** Without the indentation that all lines have. */
function dedent(text: string): string {
  const lines = text.split('\n');
  const filled = lines.filter((line) => line.trim() !== '');
  const common = filled.reduce(
    (least, line) => Math.min(least, /^\s*/.exec(line)![0].length),
    Number.POSITIVE_INFINITY,
  );
  const cut = lines.map((line) => (line.trim() === '' ? '' : line.slice(common))).join('\n');
  return (cut.startsWith('\n') ? cut.slice(1) : cut).trimEnd();
}

/** A function as tables show it: the expression of an arrow function, else its name or its source. */
function source_of(fn: () => unknown): string {
  const source = Function.prototype.toString.call(fn);
  const expression = /^\(\)\s*=>\s*(?!\{)([\s\S]*)$/.exec(source)?.[1];
  return dedent(expression ?? (fn.name === '' ? source : fn.name));
}

type Measure = (number: number) => number;

function measure_functions(stmt: () => unknown, setup: string | (() => unknown), clock: () => number): Measure {
  refuse_async('Timer', stmt);
  if (typeof setup === 'string' && setup !== 'pass' && setup !== '') {
    throw new TypeError("Timer(): argument 'setup' must be a function where stmt is one");
  }
  return (number) => {
    if (typeof setup === 'function') setup();
    const begin = clock();
    for (let i = 0; i < number; ++i) stmt();
    return clock() - begin;
  };
}

function measure_texts(
  stmt: string,
  setup: string,
  clock: () => number,
  globals: Readonly<Record<string, unknown>>,
): Measure {
  const code = (text: string): string => (text === 'pass' ? '' : text);
  const names = Object.keys(globals);
  const body =
    `"use strict";\n${code(setup)}\n;const _begin = _clock();\n` +
    `for (let _i = 0; _i < _number; ++_i) {\n${code(stmt)}\n}\nreturn _clock() - _begin;`;
  // As Python compiles the statement of a Timer: what it runs is the program's own text.
  const run = new Function('_clock', '_number', ...names, body) as (...args: unknown[]) => number;
  const values = names.map((name) => globals[name]);
  return (number) => run(clock, number, ...values);
}

/**
 * Measures how long a statement takes, with one thread unless told otherwise, after a warm-up. Mirrors `torch.utils.benchmark.Timer`.
 *
 * The statement is a function, or JavaScript as text, which sees the variables of `globals` and of `setup`.
 *
 * @param stmt - the statement
 * @param setup - what runs before each measurement
 * @param timer - the clock
 * @param globals - the variables that texts see
 * @param label - the title of a table of {@link Compare}
 * @param sub_label - the row
 * @param description - the column
 * @param env - what tells rows of different environments apart
 * @param num_threads - of libtorch, while the statement runs; default 1
 * @throws TypeError for an asynchronous function
 * @throws SyntaxError for a text that is not JavaScript
 * @example
 * ```ts
 * const x = torch.ones(64, 64);
 * const timer = new torch.utils.benchmark.Timer({ stmt: () => x.matmul(x), label: 'product', num_threads: 2 });
 * const measured = timer.timeit(10);
 * print(measured.title, measured.number_per_run, measured.num_threads, measured.median > 0);
 * ```
 * ```python
 * x = torch.ones(64, 64)
 * timer = torch.utils.benchmark.Timer(stmt='x @ x', globals={'x': x}, label='product', num_threads=2)
 * measured = timer.timeit(10)
 * print(measured.title, measured.number_per_run, measured.num_threads, measured.median > 0)
 * ```
 */
export class Timer {
  private readonly measure: Measure;
  private readonly task_spec: TaskSpec;

  constructor(
    stmt?: string | (() => unknown),
    setup?: string | (() => unknown),
    timer?: () => number,
    globals?: Readonly<Record<string, unknown>> | null,
    label?: string | null,
    sub_label?: string | null,
    description?: string | null,
    env?: string | null,
    num_threads?: number,
  );
  constructor(options: TimerOptions);
  constructor(stmt: string | (() => unknown), options: Omit<TimerOptions, 'stmt'>);
  constructor(...args: unknown[]) {
    const given = TIMER.read(args);
    const { stmt = 'pass', setup = 'pass', timer: clock = timer } = given;
    this.task_spec = new TaskSpec({
      stmt: typeof stmt === 'string' ? dedent(stmt) : source_of(stmt),
      setup: typeof setup === 'string' ? dedent(setup) : source_of(setup),
      label: given.label ?? null,
      sub_label: given.sub_label ?? null,
      description: given.description ?? null,
      env: given.env ?? null,
      num_threads: Number(given.num_threads ?? 1),
    });
    if (typeof stmt === 'function') this.measure = measure_functions(stmt, setup, clock);
    else if (typeof setup === 'string') {
      const globals = { ...namespace, ...given.globals };
      this.measure = measure_texts(this.task_spec.stmt, this.task_spec.setup, clock, globals);
    } else throw new TypeError("Timer(): argument 'setup' must be str where stmt is one");
  }

  private time(number: number): number {
    return Math.max(this.measure(number), 1e-9);
  }

  private measurement(number: number, times: readonly number[]): Measurement {
    return new Measurement(number, times, this.task_spec);
  }

  /**
   * Runs the statement a number of times, after a hundredth of them to warm up. Mirrors `torch.utils.benchmark.Timer.timeit`.
   * @param number - default 1,000,000
   */
  timeit(number?: number | { number?: number }): Measurement;
  timeit(...args: unknown[]): Measurement {
    const number = Number(METHODS.timeit.read(args).number ?? 1_000_000);
    return with_threads(this.task_spec.num_threads, () => {
      this.time(Math.max(Math.floor(number / 100), 2));
      return this.measurement(number, [this.time(number)]);
    });
  }

  /** How often the statement runs between two looks at the clock, so that these count for little. */
  private block_size(min_run_time: number): number {
    const overheads = Array.from({ length: 5 }, () => this.time(0)).sort((a, b) => a - b);
    const overhead = overheads[2]!;
    for (let number = 1; ; number *= 10) {
      const taken = this.time(number);
      if (overhead / taken <= 1e-4 && taken >= min_run_time / 1000) return number;
      if (taken > min_run_time || number * 10 > 2_147_483_647) return number;
    }
  }

  private measure_blocks(
    number: number,
    { callback, min_run_time, max_run_time }: { callback: TimeHook | null; min_run_time: number; max_run_time: number },
    may_stop: (times: readonly number[]) => boolean,
  ): Measurement {
    const times: number[] = [];
    let total = 0;
    while (total < min_run_time || !may_stop(times)) {
      const taken = this.time(number);
      times.push(taken);
      total += taken;
      callback?.(number, taken);
      if (total > max_run_time) break;
    }
    return this.measurement(number, times);
  }

  /**
   * Runs the statement until enough time has passed, in blocks that make the clock's own time small. Mirrors
   * `torch.utils.benchmark.Timer.blocked_autorange`.
   *
   * @param callback - called with the size and the time of each block
   * @param min_run_time - seconds; default 0.2
   */
  blocked_autorange(callback?: TimeHook | null, min_run_time?: number): Measurement;
  blocked_autorange(options: AutorangeOptions): Measurement;
  blocked_autorange(...args: unknown[]): Measurement {
    const { callback = null, min_run_time = 0.2 } = METHODS.blocked.read(args);
    return with_threads(this.task_spec.num_threads, () =>
      this.measure_blocks(
        this.block_size(min_run_time),
        { callback, min_run_time, max_run_time: Number.POSITIVE_INFINITY },
        (times) => times.length > 0,
      ),
    );
  }

  /**
   * As {@link Timer.blocked_autorange}, but until the times are close to each other. Mirrors
   * `torch.utils.benchmark.Timer.adaptive_autorange`.
   *
   * @param threshold - of the range between the quartiles to the median; default 0.1
   * @param options - `min_run_time` (default 0.01 seconds), `max_run_time` (default 10), `callback`
   */
  adaptive_autorange(threshold?: number, options?: Omit<AdaptiveOptions, 'threshold'>): Measurement;
  adaptive_autorange(options: AdaptiveOptions): Measurement;
  adaptive_autorange(...args: unknown[]): Measurement {
    const { threshold = 0.1, min_run_time = 0.01, max_run_time = 10, callback = null } = METHODS.adaptive.read(args);
    return with_threads(this.task_spec.num_threads, () => {
      const number = this.block_size(0.05);
      return this.measure_blocks(
        number,
        { callback, min_run_time, max_run_time },
        (times) => times.length > 3 && this.measurement(number, times).meets_confidence(threshold),
      );
    });
  }
}
