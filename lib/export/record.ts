/** Running a module while what it calls is recorded: the outermost calls of libtorch's operators. */
import { readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

import { native, type Tagged, type Wrapped } from '../_C/native.js';
import { wrap } from '../_C/tensor_base.js';
import {
  type ControlFlowTracer,
  type TracedOperator,
  type TracedRegion,
  with_tracer,
} from '../_higher_order_ops/tracer.js';
import type { Module } from '../nn/modules/module.js';
import { register_module_forward_hook, register_module_forward_pre_hook } from '../nn/modules/global_hooks.js';
import type { Tensor } from '../_tensor.js';
import { builtin_class_name } from '../serialization/module_classes.js';
import { type DType, dtype_of } from '../types/dtype.js';

/** A region of autocast. */
export interface Autocast {
  readonly device_type: string;
  readonly dtype: DType;
}

/** Where something was called, as Python writes it. */
export interface Place {
  readonly stack_trace: string;
  readonly nn_module_stack: string;
}

/** A call of an operator; tensors are `[Kind.tensor, number]`. */
export interface RecordedCall extends Place {
  /** `aten::add.Tensor` */
  readonly operator: string;
  readonly inputs: readonly Tagged[];
  readonly outputs: readonly Tagged[];
  readonly grad_mode: boolean;
  readonly autocast: readonly Autocast[];
  /** Whether the program does without it. */
  readonly aside: boolean;
}

/** One run of a function of control flow: the calls from `start` to before `end`. */
export interface RecordedFunction {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly regions: readonly RecordedRegion[];
}

/** A call of control flow: the calls of its functions, and behind them those that copy its results. */
export interface RecordedRegion extends TracedOperator, Place {
  readonly start: number;
  readonly end: number;
  readonly functions: readonly RecordedFunction[];
  readonly results: readonly Tensor[];
}

/** What a run has called. */
export interface Recording {
  readonly calls: readonly RecordedCall[];
  readonly regions: readonly RecordedRegion[];
  /** The handles of all tensors by their numbers; the first are those that were known before. */
  readonly tensors: readonly Tensor[];
  /** The numbers of the tensors that were asked for. */
  readonly numbers: ReadonlyMap<Tensor, number>;
  /** The numbers of the tensors of the result. */
  readonly results: readonly number[];
  /** Tensors that no call has made and that were not known, by their numbers. */
  readonly constants: ReadonlyMap<number, RecordedConstant>;
  readonly result: unknown;
}

/** A tensor that no recorded call has made. */
export interface RecordedConstant {
  /** Unknown where it was made past the dispatcher: its values may depend on the inputs. */
  readonly origin: 'unknown' | 'before' | 'data';
  /** Whether calls have changed it in place. */
  readonly changed: boolean;
  /** As it was when the first call took it; null for one of unknown origin. */
  readonly value: Tensor | null;
}

const origins = ['unknown', 'before', 'data'] as const;

/** What no program can hold, beside reading values. */
const others: Readonly<Record<string, string>> = {
  set_data: 'a tensor gets the data of another one (x.data = y)',
};

/** What gives the values of tensors to the program that calls it. */
const readers: Readonly<Record<string, string>> = {
  read: 'the values of a tensor are read',
  'aten::item': 'the value of a tensor is read (.item())',
  'aten::_local_scalar_dense': 'the value of a tensor is read (.item())',
  'aten::is_nonzero': 'the truth of a tensor is asked for',
  'aten::equal': 'torch.equal() asks for the values of tensors',
  'aten::allclose': 'torch.allclose() asks for the values of tensors',
};

const deepest = 64;
/** Where this package is: its sources too, which stacks have where source maps are in use. */
const package_folders = ['dist', 'lib'].map((name) => join(__dirname, '..', '..', name, sep));

interface Frame {
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

function frame_of(text: string): Frame | null {
  const match = /^\s+at (?:(?:async )?(.*?) \()?(?:async )?(.*?):(\d+):\d+\)?$/.exec(text);
  if (match === null) return null;
  const [, name = '<module>', file, line] = match as unknown as [string, string | undefined, string, string];
  if (file.startsWith('node:')) return null;
  return { file: file.replace(/^file:\/\//, ''), line: Number(line), name: name.replace(/^.*\./, '') };
}

/** The frames of the caller, the innermost first: those of this package only where a module's `forward` is. */
function frames_here(): Frame[] {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = deepest;
  const here: { stack?: string } = {};
  Error.captureStackTrace(here, frames_here);
  Error.stackTraceLimit = limit;
  return (here.stack ?? '')
    .split('\n')
    .map(frame_of)
    .filter((frame): frame is Frame => frame !== null)
    .filter(({ file, name }) => !package_folders.some((its) => file.startsWith(its)) || name === 'forward');
}

const files = new Map<string, readonly string[]>();

/** A line of a file; empty when it cannot be read. */
function line_of(file: string, line: number): string {
  let lines = files.get(file);
  if (lines === undefined) {
    try {
      lines = readFileSync(file, 'utf8').split('\n');
    } catch {
      lines = [];
    }
    files.set(file, lines);
  }
  return lines[line - 1]?.trim() ?? '';
}

const traced = (frames: readonly Frame[]): string =>
  frames
    .toReversed()
    .map(({ file, line, name }) => `File "${file}", line ${line}, in ${name}\n    ${line_of(file, line)}`)
    .join('\n');

/** The stack of modules that are in their `forward`. */
class ModuleStack {
  private readonly stack: Module[] = [];
  private readonly names = new Map<Module, string>();

  constructor(root: Module) {
    for (const [name, module] of root.named_modules()) if (!this.names.has(module)) this.names.set(module, name);
  }

  run<T>(body: () => T): T {
    const before = register_module_forward_pre_hook((module: Module) => {
      this.stack.push(module);
    });
    const after = register_module_forward_hook(
      () => {
        this.stack.pop();
      },
      { always_call: true },
    );
    try {
      return body();
    } finally {
      before.remove();
      after.remove();
    }
  }

  toString(): string {
    return this.stack
      .flatMap((module) => {
        const name = this.names.get(module);
        if (name === undefined) return [];
        const its_class = builtin_class_name(module.constructor) ?? `__main__.${module.constructor.name}`;
        return [`L__self__${name},${name},${its_class}`];
      })
      .join(';');
  }
}

const types_of_autocast = ['cpu', 'cuda', 'xpu', 'mps', 'hpu', 'mtia', 'xla'];

/** The regions of autocast that are open. */
export function autocast_here(): Autocast[] {
  return types_of_autocast
    .filter((device_type) => native.autocast_available(device_type) && native.autocast_enabled(device_type))
    .map((device_type) => ({ device_type, dtype: dtype_of(native.autocast_dtype(device_type)) }));
}

interface MutableRegion extends RecordedRegion {
  end: number;
  functions: RecordedFunction[];
  results: readonly Tensor[];
}

/** Where in the recorded calls control flow is. */
class ControlFlow implements ControlFlowTracer {
  readonly regions: RecordedRegion[] = [];
  /** The tensors whose numbers are needed. */
  readonly tensors: Tensor[] = [];
  is_aside = false;
  private open: RecordedRegion[] = this.regions;

  constructor(
    private readonly callee: string,
    private readonly known: readonly Tensor[],
    /** How many calls there are. */
    private readonly count: () => number,
    private readonly place: () => Place,
  ) {}

  aside<T>(body: () => T): T {
    const before = this.is_aside;
    this.is_aside = true;
    try {
      return body();
    } finally {
      this.is_aside = before;
    }
  }

  begin(operator: TracedOperator): TracedRegion {
    const start = this.count();
    const region: MutableRegion = { ...operator, ...this.place(), start, end: start, functions: [], results: [] };
    this.open.push(region);
    this.tensors.push(...operator.before, ...operator.lists.flat());
    return {
      trace: (name, inputs, run, outputs) => this.trace(region, name, inputs, run, outputs),
      end: (results) => {
        if (results.length === 0) throw new Error(`${operator.target}: a function must return a tensor`);
        // Copies, so that the results are tensors that none of the functions has.
        region.results = results.map((tensor) => tensor.clone());
        region.end = this.count();
        this.tensors.push(...region.results);
        return [...region.results];
      },
    };
  }

  private trace<T>(
    region: MutableRegion,
    name: string,
    inputs: readonly Tensor[],
    run: () => T,
    outputs_of: (result: T) => readonly Tensor[],
  ): T {
    const outer = this.open;
    const regions: RecordedRegion[] = [];
    const watched = [...this.known, ...inputs];
    const versions = watched.map((tensor) => tensor._version);
    const start = this.count();
    this.open = regions;
    let result: T;
    try {
      result = run();
    } finally {
      this.open = outer;
    }
    if (watched.some((tensor, i) => tensor._version !== versions[i])) {
      throw changed_within(this.callee, region);
    }
    const outputs = outputs_of(result);
    region.functions.push({ name, start, end: this.count(), inputs, outputs, regions });
    this.tensors.push(...inputs, ...outputs);
    return result;
  }
}

/** The line of a place, in brackets. */
export function where_of({ stack_trace }: Place): string {
  const line = stack_trace.split('\n').at(-2)?.trim() ?? '';
  return line === '' ? '' : ` (${line})`;
}

/** What is said of a function of control flow that changes tensors that it has not made. */
export function changed_within(callee: string, place: Place & { readonly target: string }): Error {
  return new Error(
    `${callee}(): a function of ${place.target}${where_of(place)} changes a tensor from outside in place, which is not ` +
      'supported: return the new value',
  );
}

/**
 * Runs a function and records what it calls.
 * @param known - tensors that exist before, each of a number of its own
 * @param wanted - tensors of the result whose numbers are needed
 * @throws Error where the values of tensors are read, with the place
 */
export function record(
  callee: string,
  root: Module,
  known: readonly Tensor[],
  run: () => unknown,
  wanted: (result: unknown) => readonly Tensor[],
): Recording {
  const modules = new ModuleStack(root);
  const places: (Place & { aside: boolean; autocast: readonly Autocast[] })[] = [];
  let refusal: Error | undefined;
  let autocast: readonly Autocast[] = [];
  const place_of = (frames: readonly Frame[]): Place => ({
    stack_trace: traced(frames),
    nn_module_stack: String(modules),
  });
  const flow = new ControlFlow(
    callee,
    known,
    () => places.length,
    () => place_of(frames_here()),
  );
  const capture = (operator: string): void => {
    if (operator === 'autocast') {
      autocast = autocast_here();
      return;
    }
    if (flow.is_aside) {
      if (operator.includes('::')) places.push({ stack_trace: '', nn_module_stack: '', aside: true, autocast });
      autocast = [];
      return;
    }
    const frames = frames_here();
    const reader = readers[operator];
    const other = others[operator];
    if ((reader ?? other) !== undefined && refusal === undefined) {
      const [innermost] = frames;
      const place = innermost === undefined ? '' : `, at ${innermost.file}:${innermost.line}`;
      refusal = new Error(
        reader === undefined
          ? `${callee}(): ${other}${place}, which is not supported`
          : `${callee}(): ${reader}${place}. A program cannot depend on values of tensors: use operators such as ` +
              'torch.where() instead',
      );
    }
    if (operator.includes('::')) places.push({ ...place_of(frames), aside: false, autocast });
    autocast = [];
  };
  native.record_begin(
    capture,
    known.map(({ _h }) => _h),
  );
  let result: unknown;
  let wanted_tensors: readonly Tensor[] = [];
  let ended: ReturnType<typeof native.record_end> | undefined;
  try {
    result = with_tracer(flow, () => modules.run(run));
    wanted_tensors = [...wanted(result), ...flow.tensors];
  } catch (error) {
    throw refusal ?? error;
  } finally {
    ended = native.record_end(wanted_tensors.map(({ _h }) => _h));
  }
  if (refusal !== undefined) throw refusal;
  files.clear();
  const [calls, tensors, numbers, constants] = ended;
  const results = numbers.slice(0, numbers.length - flow.tensors.length);
  return {
    regions: flow.regions,
    results,
    calls: calls.map(([operator, inputs, outputs, grad_mode], i) => ({
      operator,
      inputs,
      outputs,
      grad_mode,
      ...places[i]!,
    })),
    tensors: tensors.map((wrapped: Wrapped) => wrap(wrapped)),
    numbers: new Map(wanted_tensors.map((tensor, i) => [tensor, numbers[i]!])),
    constants: new Map(
      constants.map(([number, origin, changed, value]) => [
        number,
        { origin: origins[origin]!, changed, value: value === null ? null : wrap(value) },
      ]),
    ),
    result,
  };
}
