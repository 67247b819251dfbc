/** `torch.jit.trace`: modules and functions run once, and libtorch's tracer makes TorchScript of what they call. */
import { native, type NativeModule } from '../_C/native.js';
import { wrap } from '../_C/tensor_base.js';
import type { Tail } from '../_internal/arguments.js';
import { no_arguments, signature } from '../_internal/signature.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { warn } from '../_internal/warnings.js';
import { no_grad } from '../autograd/grad_mode.js';
import { names_of_parameters } from '../nn/modules/forward_arguments.js';
import { Module } from '../nn/modules/module.js';
import { get_rng_state, set_rng_state } from '../random.js';
import { assert_close } from '../testing/comparison.js';
import { Tensor } from '../_tensor.js';
import { complex128, float64 } from '../types/dtype.js';
import { ScriptFunction } from './script_function.js';
import { ScriptModule } from './script_module.js';
import type { SizePlan } from './traced_sizes.js';
import {
  described,
  from_traced,
  tensors_in,
  to_traced,
  warn_of_trace,
  with_scopes,
  with_tensors,
  type TracedCall,
} from './tracing.js';

type Callable = (...args: unknown[]) => unknown;

interface CommonOptions {
  /** Must be null: it has no effect in Python. */
  optimize?: null;
  /** Trace once more, and compare graphs and results. Default true. */
  check_trace?: boolean;
  /** Largest relative difference of the results that are compared. Default 1e-5. */
  check_tolerance?: number;
  /** Warn of lists and dicts among the results, whose structure the trace fixes. Default true. */
  strict?: boolean;
  /** @internal Trace operators in place as those that make new tensors. */
  _force_outplace?: boolean;
}

/** The options of {@link trace}. */
export interface TraceOptions extends CommonOptions {
  /** Arguments of more calls to compare: a list of what `example_inputs` takes. Default null: the examples. */
  check_inputs?: readonly unknown[] | null;
  /** Examples of the arguments by name, instead of `example_inputs`. Default null. */
  example_kwarg_inputs?: Readonly<Record<string, unknown>> | null;
}

/** The options of {@link trace_module}. */
export interface TraceModuleOptions extends CommonOptions {
  /** Arguments of more calls to compare: a list of what `inputs` takes. Default null: the examples. */
  check_inputs?: readonly Readonly<Record<string, unknown>>[] | null;
  /** Whether the examples of each method are an object with arguments by name. Default false. */
  example_inputs_is_kwarg?: boolean;
}

/** A traced module, which is called as the module is that was traced. */
export type Traced<M extends Module> = TopLevelTracedModule & {
  forward(...args: Parameters<M>): ReturnType<M>;
};

/** A traced module with the methods that were traced. */
export type TracedMethods<M extends Module, Inputs_> = TopLevelTracedModule & Pick<M, keyof Inputs_ & keyof M>;

const COMMON =
  'optimize?: None, check_trace?: bool, check_inputs?: Iterable|None, check_tolerance?: float, strict?: bool, _force_outplace?: bool';
const TRACE = signature<TraceOptions & { func: Callable; example_inputs?: unknown }>(
  'trace',
  `func: Callable, example_inputs?: any, ${COMMON}, example_kwarg_inputs?: dict|None`,
);
const TRACE_MODULE = signature<TraceModuleOptions & { mod: Module; inputs: Readonly<Record<string, unknown>> }>(
  'trace_module',
  `mod: Module, inputs: any, ${COMMON}, example_inputs_is_kwarg?: bool`,
);
const TRACING_CHECK_ERROR = signature<{ message?: string }>('TracingCheckError', 'message?: str');

/**
 * What `torch.jit.trace` throws when a second trace differs from the first. Mirrors `torch.jit.TracingCheckError`.
 * @example
 * ```ts
 * let calls = 0;
 * try {
 *   torch.jit.trace((x: torch.Tensor) => (++calls % 2 === 0 ? x.sin() : x.cos()), torch.ones(2));
 * } catch (error) {
 *   print(error instanceof torch.jit.TracingCheckError); // True
 * }
 * ```
 */
export class TracingCheckError extends Error {
  override name = 'TracingCheckError';

  constructor(message?: string | { message?: string }) {
    super(TRACING_CHECK_ERROR.read([message]).message);
  }
}

/**
 * The module that `torch.jit.trace` makes of a module. It shares its parameters and buffers. Mirrors
 * `torch.jit.TopLevelTracedModule`.
 * @example
 * ```ts
 * const traced = torch.jit.trace(new nn.Linear(2, 1), torch.ones(1, 2));
 * print(traced instanceof torch.jit.TopLevelTracedModule, traced); // True Linear(original_name=Linear)
 * ```
 */
export class TopLevelTracedModule extends ScriptModule {
  /** @internal use `torch.jit.trace` */
  constructor(module: NativeModule) {
    super(module, undefined, true);
  }
}

/**
 * Whether a function is being traced. Mirrors `torch.jit.is_tracing`.
 * @example
 * ```ts
 * print(torch.jit.is_tracing());
 * ```
 * ```python
 * print(torch.jit.is_tracing())
 * ```
 */
export function is_tracing(): boolean;
export function is_tracing(...none: unknown[]): boolean {
  no_arguments('is_tracing', none);
  return native.jit_is_tracing();
}

// ---- Arguments ----------------------------------------------------------------------------------

/** The arguments of a call, in order. */
type Inputs = readonly unknown[];

/** The arguments that an example stands for: a Tensor or dict is the only one. */
function inputs_of(example: unknown, callee: string): Inputs {
  if (example instanceof Tensor || example instanceof Map || is_plain_object(example)) return [example];
  if (typeof (example as Iterable<unknown> | null | undefined)?.[Symbol.iterator] === 'function') {
    return [...(example as Iterable<unknown>)];
  }
  throw new TypeError(`${callee}(): the example inputs must be a Tensor, or an array of the arguments of a call`);
}

/** Arguments by name, in the order of the parameters; a gap is undefined. */
function ordered(given: Readonly<Record<string, unknown>>, names: readonly string[]): Inputs {
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) {
      throw new TypeError(
        `'${name}' is not in forward() method's arguments, valid arguments name are [${names.join(',')}]`,
      );
    }
  }
  const values = names.map((name) => given[name]);
  while (values.length > 0 && values[values.length - 1] === undefined) values.pop();
  return values;
}

const clone = (tensor: Tensor): Tensor => tensor.detach().clone().requires_grad_(tensor.requires_grad);

/** The same arguments in memory of their own. */
const cloned = (value: unknown): unknown => with_tensors(value, clone);

// ---- Tracing ------------------------------------------------------------------------------------

interface Flags {
  readonly strict: boolean;
  readonly force_outplace: boolean;
}

interface Call {
  readonly fn: Callable;
  readonly inputs: Inputs;
  readonly names: readonly string[];
}

/** The sizes that are followed, by method. */
type Plans = ReadonlyMap<string, SizePlan | null>;

const input_refusal = (kind: string): Error =>
  new TypeError(
    `Type '${kind}' cannot be traced. Only Tensors and (possibly nested) arrays and objects of Tensors can be traced`,
  );
const output_refusal = (kind: string): Error =>
  new TypeError(
    kind === 'NoneType'
      ? "The traced function didn't return any values! Side-effects are not captured in traces, so it would be a no-op."
      : `Only tensors, and arrays or objects of tensors can be output from traced functions, not '${kind}'`,
  );

/** Runs what is traced, while the tracer learns which arguments of its calls are sizes. */
function with_sizes(args: readonly unknown[], plan: SizePlan | null, body: () => unknown): unknown {
  if (plan === null) return body();
  const { names, kept, uses, warnings } = plan;
  native.trace_sizes_begin(
    tensors_in(args).map(({ _h }) => _h),
    names,
    kept,
    uses,
  );
  let is_complete = false;
  try {
    return body();
  } finally {
    is_complete = native.trace_sizes_end();
    warn_of_trace(warnings);
    if (!is_complete) {
      warn_of_trace([
        'Converting a size to a JavaScript value might cause the trace to be incorrect: not all sizes are followed. This ' +
          'means that the trace might not generalize to other inputs!',
      ]);
    }
  }
}

/** What the tracer gets: the arguments that are there, the function, and their names. */
function tracer_call(
  { fn, inputs, names }: Call,
  plan: SizePlan | null,
): [inputs: ReturnType<typeof to_traced>[], TracedCall, string[]] {
  const there = inputs.flatMap((value, i) => (value === undefined ? [] : [i]));
  const run: TracedCall = (given) => {
    const args: unknown[] = inputs.map(() => undefined);
    there.forEach((i, k) => {
      args[i] = from_traced(given[k]!);
    });
    return to_traced(
      with_sizes(args, plan, () => fn(...args)),
      output_refusal,
    );
  };
  const known = there.every((i) => i < names.length);
  return [
    there.map((i) => to_traced(inputs[i], input_refusal)),
    run,
    known ? there.map((i) => names[i]!.replace(/\W/g, '_')) : [],
  ];
}

function check_sharing(module: Module): void {
  const own = { recurse: false, remove_duplicate: false };
  for (const its of module.modules()) {
    const tensors = [...its.named_parameters(own), ...its.named_buffers(own)].map(([, tensor]) => tensor);
    if (new Set(tensors).size < tensors.length) {
      throw new Error("TracedModules don't support parameter sharing between modules");
    }
  }
}

/** A module of TorchScript with the given methods. */
function traced_module(
  mod: Module,
  methods: ReadonlyMap<string, Call>,
  flags: Flags,
  plans: Plans,
): TopLevelTracedModule {
  check_sharing(mod);
  const module = native.jit_module(described(mod));
  for (const [name, call] of methods) {
    const [inputs, run, names] = tracer_call(call, plans.get(name) ?? null);
    const { strict, force_outplace } = flags;
    warn_of_trace(
      with_scopes(mod, () => native.jit_trace_method(module, name, inputs, run, names, strict, force_outplace)),
    );
  }
  return new TopLevelTracedModule(module);
}

function traced_function(
  name: string,
  call: Call,
  { strict, force_outplace }: Flags,
  plan: SizePlan | null,
): ScriptModule {
  const [inputs, run, names] = tracer_call(call, plan);
  const [module, warnings] = native.jit_trace_function(name, inputs, run, names, strict, force_outplace);
  warn_of_trace(warnings);
  return new ScriptModule(module);
}

/**
 * Traces, and once more where sizes were asked for that the trace can follow.
 * @param state - the parameters, and the buffers, which are as before when it is traced again
 * @param make - traces with the sizes that are followed
 */
function follow_sizes<T>(
  calls: ReadonlyMap<string, Call>,
  state: { readonly parameters: readonly Tensor[]; readonly buffers: readonly Tensor[] },
  make: (plans: Plans) => T,
): [traced: T, plans: Plans] {
  const { asked_for_sizes, size_plan } = require('./traced_sizes.js') as typeof import('./traced_sizes.js');
  const kept = [...[...calls.values()].flatMap(({ inputs }) => tensors_in(inputs)), ...state.buffers];
  const copies = no_grad(() => kept.map((tensor) => tensor.detach().clone()));
  const versions = kept.map((tensor) => tensor._version);
  const rng = get_rng_state();
  const restore = (): void => {
    no_grad(() => {
      kept.forEach((tensor, i) => {
        if (tensor._version === versions[i]) return;
        tensor.copy_(copies[i]!);
        versions[i] = tensor._version;
      });
    });
    set_rng_state(rng);
  };
  const none: Plans = new Map();
  const [traced, asked] = asked_for_sizes(() => make(none));
  if (!asked) return [traced, none];
  const after = get_rng_state();
  const later = no_grad(() =>
    kept.map((tensor, i) => (tensor._version === versions[i] ? null : tensor.detach().clone())),
  );
  restore();
  const all = [...state.parameters, ...state.buffers];
  const plans = new Map(
    [...calls].map(([name, { fn, inputs }]) => [name, size_plan({ fn, inputs, state: all, restore })] as const),
  );
  if ([...plans.values()].some((plan) => plan !== null)) return [make(plans), plans];
  no_grad(() => {
    later.forEach((value, i) => {
      if (value !== null) kept[i]!.copy_(value);
    });
  });
  set_rng_state(after);
  return [traced, none];
}

// ---- Checks -------------------------------------------------------------------------------------

const indent = (text: string): string =>
  text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `\t${line}`)
    .join('\n');

/** The lines of two texts, those of one of them only marked with - or +. */
function line_diff(before: string, after: string): string {
  const [a, b] = [before.split('\n'), after.split('\n')];
  // The longest common subsequence from each place on.
  const longest = Array.from({ length: a.length + 1 }, () => new Int32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i]![j] = a[i] === b[j] ? longest[i + 1]![j + 1]! + 1 : Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!);
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(`  ${a[i++]!}`);
      j++;
    } else if (j >= b.length || (i < a.length && longest[i + 1]![j]! >= longest[i]![j + 1]!)) {
      lines.push(`- ${a[i++]!}`);
    } else {
      lines.push(`+ ${b[j++]!}`);
    }
  }
  return lines.join('\n');
}

const message_of = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** How the graph of a second trace differs from that of the first; undefined where it does not. */
function difference(traced: ScriptModule, again: ScriptModule, method: string): string | undefined {
  const [[text, nodes], [other_text, other_nodes]] = [traced, again].map(({ _native }) =>
    native.jit_canonical(_native, method),
  ) as [ReturnType<typeof native.jit_canonical>, ReturnType<typeof native.jit_canonical>];
  const plain = (graph: string): string => graph.replace(/___torch_mangle_\d+\./g, '');
  let found = '';
  if (plain(text) !== plain(other_text)) {
    found += `ERROR: Graphs differed across invocations!\n`;
    let diff = `Graph diff:\n${indent(line_diff(plain(text), plain(other_text)))}\n`;
    const at = nodes.findIndex(([node], i) => plain(node) !== plain(other_nodes[i]?.[0] ?? ''));
    if (at >= 0 && at < other_nodes.length) {
      const node_diff = line_diff(nodes[at]![0].trimEnd(), other_nodes[at]![0].trimEnd());
      diff += `First diverging operator:\nNode diff:\n${indent(node_diff)}\n`;
    }
    found += `${indent(diff)}\n`;
  }
  for (const [i, [node, kind, constant]] of nodes.entries()) {
    const [, other_kind, other] = other_nodes[i] ?? [];
    if (kind !== other_kind) break;
    if (constant === null || other === null || other === undefined) continue;
    try {
      assert_close(wrap(constant), wrap(other), { equal_nan: true });
    } catch (error) {
      const text_of_node = `Node:\n${indent(node)}\nComparison exception: ${indent(message_of(error))}`;
      found +=
        'ERROR: Tensor-valued Constant nodes differed in value across invocations. This often indicates that the ' +
        `tracer has encountered untraceable code.\n${indent(text_of_node)}\n`;
      break;
    }
  }
  return found === '' ? undefined : found;
}

/** What a call returned, for the comparison: the tensors of the outermost tuple. */
const tensors_of = (result: unknown): Tensor[] =>
  (Array.isArray(result) ? result : [result]).filter((value): value is Tensor => value instanceof Tensor);

/** A tensor in the precision in which results are compared. */
function comparable(tensor: Tensor, complex: boolean): Tensor {
  let found = tensor.is_quantized ? tensor.dequantize() : tensor;
  if (found.is_mkldnn) found = found.to_dense();
  return found.to(complex ? complex128 : float64);
}

const ABSOLUTE_TOLERANCES = new Map([
  ['torch.float16', 1e-5],
  ['torch.bfloat16', 1e-5],
  ['torch.float32', 1e-5],
  ['torch.float64', 1e-7],
  ['torch.complex64', 1e-5],
  ['torch.complex128', 1e-7],
]);
const absolute_tolerance = (tensors: readonly Tensor[]): number =>
  Math.max(...tensors.map(({ dtype }) => ABSOLUTE_TOLERANCES.get(String(dtype)) ?? 0));

interface Check {
  readonly method: string;
  /** What was traced, and what has become of it. */
  readonly fn: Callable;
  readonly traced: ScriptModule;
  readonly inputs: Inputs;
  readonly tolerance: number;
  /** Traces it again with these arguments. */
  readonly again: (inputs: Inputs) => ScriptModule;
}

/** Compares the results of a trace with those of what was traced, and of a second trace. */
function check({ method, fn, traced, inputs, tolerance, again }: Check): void {
  const repeated = again(cloned(inputs) as Inputs);
  const results = (run: Callable, what: string): Tensor[] => {
    try {
      return tensors_of(run(...(cloned(inputs) as unknown[])));
    } catch (error) {
      throw new TracingCheckError(
        `Tracing failed sanity checks!\nencountered an exception while running the ${what} with test inputs.\n` +
          `Exception:\n${indent(message_of(error))}\n${difference(traced, repeated, method) ?? ''}`,
      );
    }
  };
  // Gaps are arguments that the traced method does not have.
  const call = (module: ScriptModule): Callable => {
    return (...args) => module.run_method(method, ...args.filter((value) => value !== undefined));
  };
  let told = false;
  const tell_of_random = (): void => {
    const nodes = told ? [] : native.jit_nondeterministic(traced._native, method);
    told = true;
    if (nodes.length === 0) return;
    warn(
      'Trace had nondeterministic nodes. Did you forget call .eval() on your model? Nodes:\n' +
        `${nodes.map(indent).slice(0, 20).join('\n')}\nThis may cause errors in trace checking. To disable trace ` +
        'checking, pass check_trace=False to torch.jit.trace()',
      'TracerWarning',
    );
  };
  const compare = (original: readonly Tensor[], reference: readonly Tensor[], what: string): boolean => {
    let same = true;
    original.slice(0, reference.length).forEach((its, i) => {
      const other = reference[i]!;
      const complex = its.is_complex() || other.is_complex();
      try {
        assert_close(comparable(its, complex), comparable(other, complex), {
          rtol: tolerance,
          atol: absolute_tolerance([its, other]),
          equal_nan: true,
        });
      } catch (error) {
        same = false;
        tell_of_random();
        warn(
          `Output nr ${i + 1}. of the traced function does not match the corresponding output of the ${what}. ` +
            `Detailed error:\n${message_of(error)}`,
          'TracerWarning',
        );
      }
    });
    return same;
  };
  const outputs = results(call(traced), 'trace');
  if (compare(outputs, results(fn, 'function'), 'function')) {
    compare(outputs, results(call(repeated), 'repeated trace'), 'repeated trace');
  }
  const differs = difference(traced, repeated, method);
  if (differs !== undefined) throw new TracingCheckError(`Tracing failed sanity checks!\n${differs}`);
}

// ---- trace and trace_module ---------------------------------------------------------------------

function warn_of_deprecation(name: string): void {
  warn(
    `\`torch.jit.${name}\` is deprecated. Please switch to \`torch.compile\` or \`torch.export\`.`,
    'DeprecationWarning',
  );
}

interface ModuleRequest extends TraceModuleOptions {
  readonly mod: Module;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly callee: string;
}

function trace_methods(request: ModuleRequest): TopLevelTracedModule {
  const { mod, inputs, callee, check_trace = true, check_inputs = null, check_tolerance = 1e-5 } = request;
  const { strict = true, _force_outplace = false, example_inputs_is_kwarg = false } = request;
  const flags = { strict, force_outplace: _force_outplace };
  const fields = mod as unknown as Record<string, unknown>;
  const function_of = (method: string): Callable => {
    const fn = fields[method];
    if (typeof fn !== 'function') throw new TypeError(`${callee}(): the module has no method '${method}'`);
    return method === 'forward' ? (mod as unknown as Callable) : (fn as Callable).bind(mod);
  };
  const call_of = (method: string, example: unknown): Call => {
    const fn = function_of(method);
    const names = names_of_parameters(fields[method] as (...args: never[]) => unknown);
    const by_name = example_inputs_is_kwarg && is_plain_object(example);
    return {
      fn,
      names,
      inputs: by_name ? ordered(example as Record<string, unknown>, names) : inputs_of(example, callee),
    };
  };
  const calls_of = (examples: Readonly<Record<string, unknown>>): Map<string, Call> =>
    new Map(Object.entries(examples).map(([method, example]) => [method, call_of(method, example)]));
  const calls = calls_of(inputs);
  const state = { parameters: [...mod.parameters()], buffers: [...mod.buffers()] };
  const [traced, plans] = follow_sizes(calls, state, (its) => traced_module(mod, calls, flags, its));
  if (!check_trace) return traced;
  no_grad(() => {
    for (const examples of check_inputs ?? [inputs]) {
      const checked = calls_of(examples);
      for (const [method, { fn, inputs: args, names }] of checked) {
        const again = (given: Inputs): ScriptModule =>
          traced_module(mod, new Map([[method, { fn, inputs: given, names }]]), flags, plans);
        check({ method, fn, traced, inputs: args, tolerance: check_tolerance, again });
      }
    }
  });
  return traced;
}

/**
 * Makes TorchScript of a module or a function by running it once with examples of its inputs. Mirrors `torch.jit.trace`.
 *
 * The operators that ran become the script; a module keeps its structure, its parameters and buffers, which the script
 * shares. Branches and numbers that were read from tensors are those of this one call: a warning says where values were read.
 * Where sizes are read (`x.shape`), it runs some times more, with other sizes, and the arguments that depend on them become
 * `aten::size` and arithmetic; a warning says which do not. Arrays among the inputs and results are tuples, objects are dicts.
 *
 * @param func - a module, or a function that takes and returns Tensors; a ScriptModule is returned as it is
 * @param example_inputs - the arguments of a call: an array of them, or the only one
 * @param options - see {@link TraceOptions}
 * @returns a module that is called like the given one, or a {@link ScriptFunction}
 * @throws TypeError for inputs and results that are not Tensors, or arrays or objects of them
 * @throws TracingCheckError when a second trace differs from the first
 * @throws Error when a module has one parameter under two names
 * @example
 * ```ts
 * import { rmSync } from 'node:fs';
 * const net = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU()).eval();
 * const traced = torch.jit.trace(net, torch.ones(1, 2));
 * print(traced(torch.ones(4, 2)).equal(net(torch.ones(4, 2)))); // True
 * traced.save('traced.pt');
 * print(torch.jit.load('traced.pt')(torch.ones(4, 2)).equal(traced(torch.ones(4, 2)))); // True
 * rmSync('traced.pt');
 * ```
 */
export function trace<M extends Module>(
  func: M,
  example_inputs?: unknown,
  optimize?: null,
  check_trace?: boolean,
  check_inputs?: readonly unknown[] | null,
  check_tolerance?: number,
  strict?: boolean,
  options?: TraceOptions,
): Traced<M>;
export function trace<M extends Module>(
  func: M,
  example_inputs: unknown,
  ...options: Tail<
    [
      optimize: null,
      check_trace: boolean,
      check_inputs: readonly unknown[] | null,
      check_tolerance: number,
      strict: boolean,
    ],
    TraceOptions
  >
): Traced<M>;
export function trace<M extends Module>(func: M, options: TraceOptions & { example_inputs?: unknown }): Traced<M>;
export function trace<A extends unknown[], R>(
  func: (...args: A) => R,
  example_inputs: unknown,
  ...options: Tail<
    [
      optimize: null,
      check_trace: boolean,
      check_inputs: readonly unknown[] | null,
      check_tolerance: number,
      strict: boolean,
    ],
    TraceOptions
  >
): ScriptFunction<A, R>;
export function trace<A extends unknown[], R>(
  func: (...args: A) => R,
  options: TraceOptions & { example_inputs?: unknown },
): ScriptFunction<A, R>;
export function trace<M extends Module>(options: TraceOptions & { func: M; example_inputs?: unknown }): Traced<M>;
export function trace<A extends unknown[], R>(
  options: TraceOptions & { func: (...args: A) => R; example_inputs?: unknown },
): ScriptFunction<A, R>;
export function trace(...args: unknown[]): unknown {
  const { func, example_inputs, example_kwarg_inputs = null, check_inputs = null, ...rest } = TRACE.read(args);
  warn_of_deprecation('trace');
  if (func instanceof ScriptModule) {
    warn('The input to trace is already a ScriptModule, tracing it is a no-op. Returning the object as is.');
    return func;
  }
  if (example_inputs === undefined && example_kwarg_inputs === null) {
    throw new TypeError('trace(): example_kwarg_inputs should be a dict, or example_inputs be given');
  }
  const by_name = example_kwarg_inputs !== null;
  const example = by_name ? example_kwarg_inputs : example_inputs;
  if (func instanceof Module) {
    const checked = check_inputs === null ? null : [...check_inputs].map((forward) => ({ forward }));
    const options = { ...rest, check_inputs: checked, example_inputs_is_kwarg: by_name };
    return trace_methods({ mod: func, inputs: { forward: example }, callee: 'trace', ...options });
  }
  const { check_trace = true, check_tolerance = 1e-5, strict = true, _force_outplace = false } = rest;
  const names = names_of_parameters(func);
  const arguments_of = (given: unknown): Inputs =>
    by_name && is_plain_object(given) ? ordered(given, names) : inputs_of(given, 'trace');
  const name = func.name === '' ? '_lambda' : func.name.replace(/\W/g, '_');
  const flags = { strict, force_outplace: _force_outplace };
  const call: Call = { fn: func, inputs: arguments_of(example), names };
  const [traced, plans] = follow_sizes(new Map([[name, call]]), { parameters: [], buffers: [] }, (its) =>
    traced_function(name, call, flags, its.get(name) ?? null),
  );
  const again = (inputs: Inputs): ScriptModule =>
    traced_function(name, { fn: func, inputs, names }, flags, plans.get(name) ?? null);
  if (check_trace) {
    no_grad(() => {
      for (const given of check_inputs ?? [example]) {
        const inputs = arguments_of(given);
        check({ method: 'forward', fn: func, traced, inputs, tolerance: check_tolerance, again });
      }
    });
  }
  return new ScriptFunction(name, traced);
}

/**
 * Makes TorchScript of methods of a module; see {@link trace}. Mirrors `torch.jit.trace_module`.
 *
 * @param mod - the module
 * @param inputs - for each method, the arguments of a call: an array of them, or the only one
 * @param options - see {@link TraceModuleOptions}
 * @throws TypeError for a method that the module does not have, and as {@link trace}
 * @throws TracingCheckError when a second trace differs from the first
 * @example
 * ```ts
 * class Net extends nn.Module {
 *   conv = new nn.Conv2d(1, 1, 3);
 *   forward(x: torch.Tensor): torch.Tensor { return this.conv(x); }
 *   weighted(weight: torch.Tensor): torch.Tensor { return this.conv.weight.mul(weight); }
 * }
 * const net = new Net();
 * const traced = torch.jit.trace_module(net, { forward: torch.ones(1, 1, 4, 4), weighted: torch.ones(1) });
 * print(traced.weighted(torch.tensor([2])).equal(net.weighted(torch.tensor([2])))); // True
 * ```
 */
export function trace_module<M extends Module, I extends Readonly<Record<string, unknown>>>(
  mod: M,
  inputs: I,
  optimize?: null,
  check_trace?: boolean,
  check_inputs?: readonly Readonly<Record<string, unknown>>[] | null,
  check_tolerance?: number,
  strict?: boolean,
  options?: TraceModuleOptions,
): TracedMethods<M, I>;
export function trace_module<M extends Module, I extends Readonly<Record<string, unknown>>>(
  mod: M,
  inputs: I,
  ...options: Tail<
    [
      optimize: null,
      check_trace: boolean,
      check_inputs: readonly Readonly<Record<string, unknown>>[] | null,
      check_tolerance: number,
      strict: boolean,
    ],
    TraceModuleOptions
  >
): TracedMethods<M, I>;
export function trace_module<M extends Module, I extends Readonly<Record<string, unknown>>>(
  options: TraceModuleOptions & { mod: M; inputs: I },
): TracedMethods<M, I>;
export function trace_module(...args: unknown[]): TopLevelTracedModule {
  const { inputs, ...rest } = TRACE_MODULE.read(args);
  if (!is_plain_object(inputs)) {
    throw new TypeError('trace_module(): expected a dictionary of (method_name, input) pairs');
  }
  warn_of_deprecation('trace_module');
  return trace_methods({ inputs, ...rest, callee: 'trace_module' });
}
