/** Counting floating point operations: `torch.utils.flop_counter`. */
import { end_watch, seen_calls, watch, type SeenCall } from '../_C/operator_watch.js';
import { wrap } from '../_C/tensor_base.js';
import { in_mode, run_in_mode, type Mode } from '../_internal/callbacks.js';
import { make_guard, type AnyFunction, type MethodContext } from '../_internal/guards.js';
import { kind_of } from '../_internal/kind_of.js';
import type {} from '../_internal/node_types.js';
import { format_fixed } from '../_internal/python_numbers.js';
import { method_signature, signature } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import type { Module } from '../nn/modules/module.js';
import { is_packet, ops, type OverloadPacket } from '../_ops.js';
import { print } from '../python/print.js';
import type { Tensor } from '../_tensor.js';
import { ModuleTracker } from './module_tracker.js';

type Shape = readonly number[];

/**
 * How many operations a call takes. It gets the arguments of the operator with shapes for tensors, and last an object with the
 * arguments by name and `out_shape`, the shape of the result. With `get_raw`, tensors are tensors, and the result is `out_val`.
 */
export type FlopFormula = (...args: never[]) => number;

interface Registered {
  readonly formula: FlopFormula;
  readonly raw: boolean;
}

const product = (numbers: Shape): number => numbers.reduce((a, b) => a * b, 1);

function check(holds: boolean, message: string): void {
  if (!holds) throw new Error(message);
}

function mm_flop(a: Shape, b: Shape): number {
  const [m, k] = a as [number, number];
  const [k2, n] = b as [number, number];
  check(k === k2, `matmul: inner dimensions must match (k == k2), got ${k} and ${k2}`);
  return m * n * 2 * k;
}

function bmm_flop(a: Shape, b: Shape): number {
  const [batch, m, k] = a as [number, number, number];
  const [batch2, k2, n] = b as [number, number, number];
  check(batch === batch2, `bmm: batch dimensions must match (b == b2), got ${batch} and ${batch2}`);
  check(k === k2, `bmm: inner dimensions must match (k == k2), got ${k} and ${k2}`);
  return batch * m * n * 2 * k;
}

function conv_flop_count(x: Shape, w: Shape, out: Shape, transposed: boolean): number {
  const [c_out, c_in, ...filter] = w as [number, number, ...number[]];
  return product((transposed ? x : out).slice(2)) * product(filter) * x[0]! * c_out * c_in * 2;
}

/** Batches and channels swapped, as the convolution that gives the gradient of the weight has them. */
const swapped = (shape: Shape): Shape => [shape[1]!, shape[0]!, ...shape.slice(2)];

function conv_flop(...args: unknown[]): number {
  const [x, w, , , , , transposed] = args as [Shape, Shape, unknown, unknown, unknown, unknown, boolean];
  const { out_shape } = args[args.length - 1] as { out_shape: Shape };
  return conv_flop_count(x, w, out_shape, transposed);
}

function conv_backward_flop(...args: unknown[]): number {
  const [grad, x, w] = args as [Shape, Shape, Shape];
  const transposed = args[7] as boolean;
  const mask = args[10] as readonly boolean[];
  const { out_shape } = args[args.length - 1] as { out_shape: readonly [Shape, Shape] };
  let count = 0;
  if (mask[0]) count += conv_flop_count(grad, w, out_shape[0], !transposed);
  if (mask[1]) {
    const [a, b] = transposed ? [grad, x] : [x, grad];
    count += conv_flop_count(swapped(a), swapped(b), swapped(out_shape[1]), false);
  }
  return count;
}

type Attention = readonly [number, number, number, number];

function check_heads(callee: string, heads: number, heads_of_keys: number): void {
  check(
    heads >= heads_of_keys && heads % heads_of_keys === 0,
    `${callee}: query heads (${heads}) must be a multiple of key/value heads (${heads_of_keys})`,
  );
}

function sdpa_flop_count(query: Attention, key: Attention, value: Attention): number {
  const [b, h, s_q, d_q] = query;
  const [b2, h_kv, s_k, d2] = key;
  const [b3, h3, s3, d_v] = value;
  check(
    b === b2 && b === b3 && h_kv === h3 && d_q === d2 && s_k === s3,
    'sdpa_flop_count: query/key/value shapes are incompatible: ' +
      `q=torch.Size([${query.join(', ')}]), k=torch.Size([${key.join(', ')}]), v=torch.Size([${value.join(', ')}])`,
  );
  check_heads('sdpa_flop_count', h, h_kv);
  const n = b * h;
  return bmm_flop([n, s_q, d_q], [n, d_q, s_k]) + bmm_flop([n, s_q, s_k], [n, s_k, d_v]);
}

function sdpa_backward_flop_count(grad: Attention, query: Attention, key: Attention, value: Attention): number {
  const [b, h, s_q, d_q] = query;
  const [b2, h_kv, s_k, d2] = key;
  const [b3, h3, s3, d_v] = value;
  const [b4, h4, s4, d4] = grad;
  check(
    b === b2 && b === b3 && b === b4 && h_kv === h3 && h === h4,
    'sdpa_backward_flop_count: batch/heads mismatch among tensors',
  );
  check_heads('sdpa_backward_flop_count', h, h_kv);
  check(
    d_q === d2 && d_v === d4 && s_k === s3 && s_q === s4,
    'sdpa_backward_flop_count: grad_out/value/key/query shapes are incompatible',
  );
  const n = b * h;
  return (
    bmm_flop([n, s_q, d_q], [n, d_q, s_k]) + // the scores once more
    bmm_flop([n, s_q, d_v], [n, d_v, s_k]) + // their gradient
    bmm_flop([n, s_k, s_q], [n, s_q, d_v]) + // that of the values
    bmm_flop([n, s_q, s_k], [n, s_k, d_q]) + // of the queries
    bmm_flop([n, d_q, s_q], [n, s_q, s_k]) // and of the keys
  );
}

/** The sizes of packed sequences, `[total, heads, dim]` for queries and `[batch, total, heads, dim]` for memory-efficient kernels. */
function packed_sizes(query: Tensor, key: Tensor, value: Tensor, ends_q: Tensor, ends_k: Tensor): Attention[][] {
  const lengths = (ends: Tensor): number[] => ends.diff().tolist();
  const heads_and_dim = ({ shape }: Tensor): [number, number] => [shape.at(-2)!, shape.at(-1)!];
  const sized = (tensor: Tensor, length: number): Attention => {
    const [heads, dim] = heads_and_dim(tensor);
    return [1, heads, length, dim];
  };
  const of_keys = lengths(ends_k);
  return lengths(ends_q).map((length, i) => [sized(query, length), sized(key, of_keys[i]!), sized(value, of_keys[i]!)]);
}

const shape_of = (tensor: Tensor): Attention => [...tensor.shape] as unknown as Attention;

/** The kernels that take packed sequences. `first` is the place of the query. */
function packed_flop(first: number, ends: number): (...args: unknown[]) => number {
  return (...args) => {
    const [query, key, value] = args.slice(first, first + 3) as [Tensor, Tensor, Tensor];
    const [ends_q, ends_k] = args.slice(ends, ends + 2) as [Tensor | null, Tensor | null];
    const all =
      ends_q === null
        ? [[shape_of(query), shape_of(key), shape_of(value)]]
        : packed_sizes(query, key, value, ends_q, ends_k ?? ends_q);
    return all.reduce((sum, [q, k, v]) => {
      if (first === 0) return sum + sdpa_flop_count(q!, k!, v!);
      const grad = ends_q === null ? shape_of(args[0] as Tensor) : q!;
      return sum + sdpa_backward_flop_count(grad, q!, k!, v!);
    }, 0);
  };
}

const attention_kernels = ['efficient', 'flash', 'cudnn'].map((kind) => `aten::_scaled_dot_product_${kind}_attention`);

const by_shape: [string, (...args: never[]) => number][] = [
  ['aten::mm', mm_flop],
  ['aten::addmm', (_self: Shape, a: Shape, b: Shape) => mm_flop(a, b)],
  ['aten::bmm', bmm_flop],
  ['aten::baddbmm', (_self: Shape, a: Shape, b: Shape) => bmm_flop(a, b)],
  ['aten::_scaled_mm', mm_flop],
  ...['convolution', '_convolution', 'cudnn_convolution', 'convolution_overrideable', '_slow_conv2d_forward'].map(
    (name): [string, FlopFormula] => [`aten::${name}`, conv_flop],
  ),
  ['aten::convolution_backward', conv_backward_flop],
  ...attention_kernels.map((name): [string, FlopFormula] => [name, sdpa_flop_count]),
  ...attention_kernels.map((name): [string, FlopFormula] => [`${name}_backward`, sdpa_backward_flop_count]),
];
const by_tensors: [string, FlopFormula][] = [
  ['aten::_flash_attention_forward', packed_flop(0, 3)],
  ['aten::_efficient_attention_forward', packed_flop(0, 4)],
  ['aten::_flash_attention_backward', packed_flop(1, 6)],
  ['aten::_efficient_attention_backward', packed_flop(1, 6)],
];

const registry = new Map<string, Registered>([
  ...by_shape.map(([name, formula]): [string, Registered] => [name, { formula, raw: false }]),
  ...by_tensors.map(([name, formula]): [string, Registered] => [name, { formula, raw: true }]),
]);

/** `aten::mm` of `torch.ops.aten.mm`. */
function operator_name(callee: string, target: unknown): string {
  const qualified = is_packet(target) ? target.qualified : null;
  if (qualified === null) {
    throw new TypeError(
      `${callee}(): expected each target to be OpOverloadPacket (i.e. torch.ops.mylib.foo), got ${kind_of(target)}`,
    );
  }
  return qualified;
}

const REGISTER = signature<{ targets: OverloadPacket | Iterable<OverloadPacket>; get_raw?: boolean }>(
  'register_flop_formula',
  'targets: Callable|Iterable, get_raw?: bool',
);
const FORMULA = signature<{ flop_formula: FlopFormula }>('register_flop_formula', 'flop_formula: Callable');

/**
 * Registers how many operations calls of an operator take, for all counters made later. Mirrors
 * `torch.utils.flop_counter.register_flop_formula`.
 *
 * The formula gets the arguments with shapes for tensors, and last an object with the arguments by name and `out_shape`.
 *
 * @param targets - an operator, or several
 * @param get_raw - give the formula tensors, and the result as `out_val`; default false
 * @returns what registers a formula, and returns it
 * @throws Error for an operator that has one
 * @example
 * ```ts
 * const { FlopCounterMode, register_flop_formula } = torch.utils.flop_counter;
 * register_flop_formula(torch.ops.aten['sigmoid']!)((shape: number[]) => 4 * shape.reduce((a, b) => a * b));
 * const counter = new FlopCounterMode({ display: false });
 * counter.run(() => torch.ones(2, 3).sigmoid());
 * print(counter.get_total_flops());
 * ```
 * ```python
 * import math
 * from torch.utils.flop_counter import FlopCounterMode, register_flop_formula
 * @register_flop_formula(torch.ops.aten.sigmoid)
 * def sigmoid_flop(shape, **kwargs):
 *     return 4 * math.prod(shape)
 * with FlopCounterMode(display=False) as counter:
 *     torch.ones(2, 3).sigmoid()
 * print(counter.get_total_flops())
 * ```
 */
export function register_flop_formula(
  targets: OverloadPacket | Iterable<OverloadPacket>,
  get_raw?: boolean | { get_raw?: boolean },
): <F extends FlopFormula>(flop_formula: F) => F;
export function register_flop_formula(options: {
  targets: OverloadPacket | Iterable<OverloadPacket>;
  get_raw?: boolean;
}): <F extends FlopFormula>(flop_formula: F) => F;
export function register_flop_formula(...args: unknown[]): <F extends FlopFormula>(flop_formula: F) => F {
  const { targets, get_raw: raw = false } = REGISTER.read(args);
  const names = (typeof targets === 'function' ? [targets as unknown] : [...targets]).map((target) =>
    operator_name('register_flop_formula', target),
  );
  return <F extends FlopFormula>(...given: [flop_formula: F]) => {
    const { flop_formula } = FORMULA.read(given);
    for (const name of names) {
      if (registry.has(name)) throw new Error(`duplicate registrations for ${name.replace('::', '.')}`);
      registry.set(name, { formula: flop_formula, raw });
    }
    return flop_formula as F;
  };
}

// --- Printing ---------------------------------------------------------------------------------------

const suffixes = ['', 'K', 'M', 'B', 'T'] as const;

/** The suffix for numbers of this size: as large as leaves at least two digits before the point. */
function suffix_for(count: number): number {
  return Math.max(0, Math.min(suffixes.length - 1, Math.trunc((String(BigInt(count)).length - 2) / 3)));
}

/** Without a suffix, all numbers of the column are whole, and print as such. */
function with_suffix(count: number, suffix: number): string {
  return suffix === 0 ? String(count) : format_fixed(count / 1000 ** suffix, 3) + suffixes[suffix]!;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '0%' : `${format_fixed((part / whole) * 100, 2)}%`;
}

type Row = [module: string, flop: string, share: string];

function table_of(rows: readonly Row[]): string {
  const header: Row = ['Module', 'FLOP', '% Total'];
  const widths = header.map((title, i) => Math.max(title.length + 2, ...rows.map((row) => row[i]!.length)));
  const line = ([module, ...numbers]: Row): string =>
    [module.padEnd(widths[0]!), ...numbers.map((number, i) => number.padStart(widths[i + 1]!))].join('  ');
  return [line(header), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

// --- The counter ------------------------------------------------------------------------------------

/** What a counter counts by, and how it prints. */
export interface FlopCounterOptions {
  /** @deprecated not needed */
  mods?: Module | readonly Module[] | null;
  /** How deep the table goes into modules; default 2, `null` for all. */
  depth?: number | null;
  /** Print the table at the end; default true. */
  display?: boolean;
  /** More formulas by operator, and others for those that have one. */
  custom_mapping?: ReadonlyMap<OverloadPacket, FlopFormula> | null;
}

const COUNTER = signature<FlopCounterOptions>(
  'FlopCounterMode',
  'mods?: Module|Module[]|None, depth?: int|None, display?: bool, custom_mapping?: dict|None',
);
const METHODS = {
  total: method_signature<object>('FlopCounterMode.get_total_flops'),
  counts: method_signature<object>('FlopCounterMode.get_flop_counts'),
  table: method_signature<{ depth?: number | null }>('FlopCounterMode.get_table', 'depth?: int|None'),
  run: method_signature<{ fn: () => unknown }>('FlopCounterMode.run', 'fn: Callable'),
  decorate: method_signature<{ fn: AnyFunction }>('FlopCounterMode.decorate', 'fn: Callable'),
};

/** The counters that count in this thread. */
const counting: FlopCounterMode[] = [];

/** What has been called since the last time goes to all counters. */
function take_calls(): void {
  const calls = seen_calls();
  if (calls.length === 0) return;
  for (const counter of counting) for (const call of calls) counter._count(call);
}

/** Watches the operators that any counter has a formula for. */
function watch_for_all(): void {
  end_watch();
  if (counting.length === 0) return;
  const wanted = new Map<string, boolean>();
  for (const counter of counting) {
    for (const [name, { raw }] of counter._registry) wanted.set(name, raw || (wanted.get(name) ?? false));
  }
  watch(wanted);
}

interface RawTensor {
  readonly tensor: number;
}
const is_raw_tensor = (value: unknown): value is RawTensor =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'tensor' in value;

/** What a formula is given for what was seen. */
function given(value: unknown, raw: boolean, made: Map<RawTensor, Tensor>): unknown {
  if (is_raw_tensor(value)) {
    let tensor = made.get(value);
    if (tensor === undefined) made.set(value, (tensor = wrap(value.tensor)));
    return raw ? tensor : [...tensor.shape];
  }
  return Array.isArray(value) ? value.map((each) => given(each, raw, made)) : value;
}

/**
 * Counts the floating point operations of matrix products, convolutions and attention, by module and in all: in a block of `using`,
 * or in {@link FlopCounterMode.run}. Mirrors `torch.utils.flop_counter.FlopCounterMode`.
 *
 * What operators do by themselves in backward is counted too. Modules are found by their calls; their names begin with the class of
 * the outermost one.
 *
 * @param options - `depth` of the table (default 2), `display` (default true: print it at the end), `custom_mapping`
 * @example
 * ```ts
 * const model = new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU(), new nn.Linear(4, 2));
 * const counter = new torch.utils.flop_counter.FlopCounterMode({ display: false });
 * counter.run(() => model(torch.ones(5, 3)).sum().backward());
 * print(counter.get_total_flops());
 * print(Object.keys(counter.get_flop_counts()).sort());
 * ```
 * ```python
 * from torch.utils.flop_counter import FlopCounterMode
 * model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
 * with FlopCounterMode(display=False) as counter:
 *     model(torch.ones(5, 3)).sum().backward()
 * print(counter.get_total_flops())
 * print(sorted(counter.get_flop_counts()))
 * ```
 */
export class FlopCounterMode {
  readonly depth: number | null;
  readonly display: boolean;
  /** @internal */
  readonly _registry: Map<string, Registered>;
  private counts = new Map<string, Map<string, number>>();
  private tracker: ModuleTracker | null = null;
  private readonly guard: ReturnType<typeof make_guard>;
  private readonly mode: Mode<void> = {
    enter: () => {
      this.begin();
    },
    leave: () => {
      this.end();
    },
  };

  constructor(
    mods?: Module | readonly Module[] | null,
    depth?: number | null,
    display?: boolean,
    custom_mapping?: ReadonlyMap<OverloadPacket, FlopFormula> | null,
  );
  constructor(options: FlopCounterOptions);
  constructor(...args: unknown[]) {
    const { mods = null, depth = 2, display = true, custom_mapping = null } = COUNTER.read(args);
    if (mods !== null) warn('mods argument is not needed anymore, you can stop passing it');
    this.depth = depth;
    this.display = display;
    this._registry = new Map(registry);
    for (const [target, formula] of custom_mapping ?? []) {
      this._registry.set(operator_name('FlopCounterMode', target), { formula, raw: false });
    }
    this.guard = make_guard('FlopCounterMode', this.mode);
  }

  private begin(): void {
    if (this.tracker !== null) throw new Error('FlopCounterMode is not reentrant');
    take_calls();
    this.counts.clear();
    this.tracker = new ModuleTracker(take_calls);
    counting.push(this);
    watch_for_all();
    this.tracker.begin();
  }

  private end(): void {
    const { tracker } = this;
    if (tracker === null) return;
    try {
      take_calls();
    } finally {
      tracker.end();
      this.tracker = null;
      counting.splice(counting.indexOf(this), 1);
      watch_for_all();
    }
    if (this.display) print(this.get_table());
  }

  /** @internal */
  _count([name, args, named, outputs, task]: SeenCall): void {
    const registered = this._registry.get(name);
    if (registered === undefined || this.tracker === null) return;
    this.tracker.leave_backward(task);
    const { formula, raw } = registered;
    const made = new Map<RawTensor, Tensor>();
    const out = given(outputs.length === 1 ? outputs[0] : outputs, raw, made);
    const options = { ...(given_all(named, raw, made) as object), [raw ? 'out_val' : 'out_shape']: out };
    const count: unknown = (formula as (...values: unknown[]) => unknown)(
      ...args.map((value) => given(value, raw, made)),
      options,
    );
    if (typeof count !== 'number') {
      throw new TypeError(
        `FlopCounterMode: the formula for ${name.replace('::', '.')} must return a number, not ${kind_of(count)}`,
      );
    }
    for (const module of this.tracker.parents) {
      let its = this.counts.get(module);
      if (its === undefined) this.counts.set(module, (its = new Map<string, number>()));
      its.set(name, (its.get(name) ?? 0) + count);
    }
  }

  /** Counts from where `using` asks for it to the end of its block. */
  get [Symbol.dispose](): () => void {
    return this.guard[Symbol.dispose];
  }

  /**
   * Counts what a function does.
   * @param fn - a synchronous function
   * @returns what it returned
   * @throws TypeError for an asynchronous function
   */
  run<T>(fn: () => T): T;
  run(...args: unknown[]): unknown {
    return run_in_mode('FlopCounterMode', this.mode, METHODS.run.read(args).fn);
  }

  /**
   * A function, or below `@counter.decorate` a method, each of whose calls is counted; the counts are those of the last one.
   * @param fn - a synchronous function
   */
  decorate<F extends AnyFunction>(fn: F, context?: MethodContext): F;
  decorate(...args: unknown[]): AnyFunction {
    const { fn } = METHODS.decorate.read(args.slice(0, args.length === 2 ? 1 : undefined));
    return in_mode('FlopCounterMode', this.mode, fn);
  }

  /** All operations. Mirrors `torch.utils.flop_counter.FlopCounterMode.get_total_flops`. */
  get_total_flops(): number;
  get_total_flops(...none: unknown[]): number {
    METHODS.total.read(none);
    return sum_of(this.counts.get('Global'));
  }

  /**
   * The operations by the names of modules, and there by operator. Mirrors
   * `torch.utils.flop_counter.FlopCounterMode.get_flop_counts`.
   */
  get_flop_counts(): Record<string, Map<OverloadPacket, number>>;
  get_flop_counts(...none: unknown[]): Record<string, Map<OverloadPacket, number>> {
    METHODS.counts.read(none);
    return Object.fromEntries(
      Array.from(this.counts, ([module, its]) => [
        module,
        new Map(Array.from(its, ([name, count]) => [packet_of(name), count] as const)),
      ]),
    );
  }

  /**
   * The operations as a table. Mirrors `torch.utils.flop_counter.FlopCounterMode.get_table`.
   * @param depth - how deep it goes into modules; default that of the counter
   */
  get_table(depth?: number | null | { depth?: number | null }): string;
  get_table(...args: unknown[]): string {
    const depth = METHODS.table.read(args).depth ?? this.depth ?? Number.POSITIVE_INFINITY;
    const total = sum_of(this.counts.get('Global'));
    const suffix = suffix_for(total);
    let subsumed = false;
    const rows_of = (module: string, indent: number): Row[] => {
      const its = this.counts.get(module)!;
      const sum = sum_of(its);
      subsumed ||= sum >= total;
      const padding = ' '.repeat(indent);
      const row = (title: string, count: number): Row => [
        padding + title,
        with_suffix(count, suffix),
        percent(count, total),
      ];
      return [row(module, sum), ...Array.from(its, ([name, count]) => row(` - ${name.replace('::', '.')}`, count))];
    };
    let rows = [...this.counts.keys()].sort().flatMap((module) => {
      const level = module.split('.').length;
      return module === 'Global' || level > depth ? [] : rows_of(module, level - 1);
    });
    if (this.counts.has('Global') && !subsumed) {
      rows = [...rows_of('Global', 0), ...rows.map(([module, ...rest]): Row => [` ${module}`, ...rest])];
    }
    return table_of(rows.length === 0 ? [['Global', '0', '0%']] : rows);
  }
}

function given_all(named: Readonly<Record<string, unknown>>, raw: boolean, made: Map<RawTensor, Tensor>): unknown {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, given(value, raw, made)]));
}

function sum_of(counts: ReadonlyMap<string, number> | undefined): number {
  let sum = 0;
  for (const count of counts?.values() ?? []) sum += count;
  return sum;
}

function packet_of(name: string): OverloadPacket {
  const [library, operator] = name.split('::') as [string, string];
  return ops[library]![operator]!;
}
