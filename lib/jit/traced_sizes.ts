/**
 * Sizes in traces. What a traced function computes of sizes are numbers of JavaScript, of which libtorch's tracer knows
 * nothing; so the function runs at other sizes too, and the arguments of its calls that differ become expressions of sizes.
 */
import { native, type Tagged } from '../_C/native.js';
import { wrap } from '../_C/tensor_base.js';
import { resized, type SizeExpression, Sizes, type SizeSymbol } from '../export/sizes.js';
import { Kind } from '../generated/shared_numbers.js';
import { register_module_forward_hook, register_module_forward_pre_hook } from '../nn/modules/global_hooks.js';
import type { Tensor } from '../_tensor.js';
import { tensors_in, with_tensors } from './tracing.js';

/** A number in place of an argument, or of an element of it (-1 for none): `floor((constant + terms) / divisor)`. */
type Use = readonly [
  call: number,
  argument: number,
  element: number,
  constant: number,
  divisor: number,
  terms: readonly (readonly [factor: number, sizes: readonly (readonly [source: number, dim: number])[]])[],
];

// What native/jit/traced_sizes.cpp exports.
declare module '../_C/native.js' {
  interface Native {
    trace_sizes_begin(
      inputs: readonly Handle[],
      names: readonly string[],
      kept: readonly (readonly [call: number, output: number])[],
      uses: readonly Use[],
    ): void;
    trace_sizes_end(): boolean;
  }
}

/** Which arguments of a traced function's calls are sizes. */
export interface SizePlan {
  /** The operators that it calls. */
  readonly names: readonly string[];
  /** The results that have such sizes. */
  readonly kept: readonly (readonly [call: number, output: number])[];
  readonly uses: readonly Use[];
  /** What cannot be followed. */
  readonly warnings: readonly string[];
}

/** A call of a module: the calls of operators from `start` to before `end`. */
interface Scope {
  readonly start: number;
  end: number;
  readonly tensors: readonly number[];
}

/** What the function has called at some sizes. */
interface Run {
  readonly names: readonly string[];
  readonly inputs: readonly (readonly Tagged[])[];
  /** The numbers of the tensors that each call returned; -1 for one that is not there. */
  readonly outputs: readonly (readonly number[])[];
  /** The sizes of all tensors; the first are the inputs. */
  readonly shapes: readonly (readonly number[])[];
  readonly scopes: readonly Scope[];
}

export interface SizesRequest {
  readonly fn: (...args: unknown[]) => unknown;
  readonly inputs: readonly unknown[];
  /** The parameters and buffers. */
  readonly state: readonly Tensor[];
  /** Puts back what a run has changed. */
  readonly restore: () => void;
}

const readers = ['shape', 'size', 'numel'] as const;

/** Runs a function, and says whether it asked for sizes of tensors. */
export function asked_for_sizes<T>(body: () => T): [result: T, asked: boolean] {
  let asked = false;
  const functions = native as unknown as Record<string, (...args: unknown[]) => unknown>;
  const before = readers.map((name) => functions[name]!);
  readers.forEach((name, i) => {
    functions[name] = (...args) => {
      asked = true;
      return before[i]!(...args);
    };
  });
  try {
    return [body(), asked];
  } finally {
    readers.forEach((name, i) => {
      functions[name] = before[i]!;
    });
  }
}

function tensor_numbers([kind, payload]: Tagged): number[] {
  if ((kind as Kind) === Kind.tensor) return [payload as number];
  return (kind as Kind) === Kind.list ? (payload as Tagged[]).flatMap(tensor_numbers) : [];
}

function output_numbers([kind, payload]: Tagged): number[] {
  if ((kind as Kind) === Kind.none) return [-1];
  return (kind as Kind) === Kind.list ? (payload as Tagged[]).flatMap(output_numbers) : tensor_numbers([kind, payload]);
}

/** What the function calls with these inputs. */
function run_with({ fn, state, restore }: SizesRequest, given: readonly unknown[]): Run {
  const inputs = tensors_in(given);
  const open: { scope: Scope; tensors: Tensor[] }[] = [];
  const entered: typeof open = [];
  let count = 0;
  native.record_begin(
    (operator) => {
      if (operator.includes('::')) count++;
    },
    [...inputs, ...state].map(({ _h }) => _h),
  );
  const before = register_module_forward_pre_hook((_, args) => {
    const its = { scope: { start: count, end: Infinity, tensors: [] }, tensors: tensors_in(args) };
    open.push(its);
    entered.push(its);
  });
  const after = register_module_forward_hook(
    () => {
      const its = open.pop();
      if (its !== undefined) its.scope.end = count;
    },
    { always_call: true },
  );
  let ended: ReturnType<typeof native.record_end> | undefined;
  try {
    fn(...given);
  } finally {
    before.remove();
    after.remove();
    ended = native.record_end(entered.flatMap(({ tensors }) => tensors.map(({ _h }) => _h)));
    restore();
  }
  const [calls, tensors, numbers] = ended;
  let next = 0;
  return {
    names: calls.map(([name]) => name),
    inputs: calls.map(([, its]) => its),
    outputs: calls.map(([, , its]) => its.flatMap(output_numbers)),
    shapes: tensors.map((wrapped) => [...wrap(wrapped).shape]),
    scopes: entered.map(({ scope, tensors: its }) => ({ ...scope, tensors: its.map(() => numbers[next++]!) })),
  };
}

// ---- Which sizes vary -----------------------------------------------------------------------------

interface Place {
  readonly input: number;
  readonly dim: number;
  readonly size: number;
}

/** Sizes of inputs that vary together. */
type Varying = readonly [Place, ...Place[]];

const most_sizes = 32;
/** How far sizes are changed at most: strides and windows are smaller, and larger inputs take longer. */
const farthest = 32;

/** The inputs with other sizes. */
function varied(inputs: readonly unknown[], varying: readonly Varying[], values: readonly number[]): unknown[] {
  let at = 0;
  return with_tensors(inputs, (tensor) => {
    const input = at++;
    const sizes: number[] = [...tensor.shape];
    varying.forEach((places, i) => {
      for (const place of places) if (place.input === input) sizes[place.dim] = values[i]!;
    });
    return resized(tensor, sizes);
  }) as unknown[];
}

/** The numbers among the arguments of a call, each with the argument and the element of it that it is. */
function arguments_of(inputs: readonly Tagged[]): [argument: number, element: number, value: Tagged][] {
  return inputs.flatMap((value, argument) =>
    (value[0] as Kind) === Kind.list
      ? (value[1] as Tagged[]).map((its, element): [number, number, Tagged] => [argument, element, its])
      : [[argument, -1, value] as [number, number, Tagged]],
  );
}

/** What differs between two calls, but for the tensors. */
const same_value = (a: Tagged, b: Tagged): boolean =>
  ((a[0] as Kind) === Kind.tensor && (b[0] as Kind) === Kind.tensor) ||
  (a[0] === b[0] && (Object.is(a[1], b[1]) || JSON.stringify(a[1]) === JSON.stringify(b[1])));

/** Finds the sizes that can vary, and what the function calls then. */
class Search {
  readonly warnings: string[] = [];
  private readonly known = new Map<string, Run | null>();
  private readonly values = new Map<string, number[]>();

  constructor(
    private readonly request: SizesRequest,
    readonly base: Run,
  ) {}

  /** The run at these sizes; null where it fails, or calls other operators. */
  run(varying: readonly Varying[], values: readonly number[]): Run | null {
    const changed = varying.flatMap((places, i) => (places[0]!.size === values[i] ? [] : [[places, values[i]]]));
    if (changed.length === 0) return this.base;
    const key = JSON.stringify(changed);
    let found = this.known.get(key);
    if (found === undefined) {
      found = null;
      try {
        const run = run_with(this.request, varied(this.request.inputs, varying, values));
        if (this.alike(run)) found = run;
        else if (varying.length === 1) this.tell_of_branch(varying[0]!);
      } catch {
        // The function does not take these sizes.
      }
      this.known.set(key, found);
    }
    return found;
  }

  private alike({ names, inputs }: Run): boolean {
    return (
      names.length === this.base.names.length &&
      names.every(
        (name, call) =>
          name === this.base.names[call] &&
          arguments_of(inputs[call]!).length === arguments_of(this.base.inputs[call]!).length,
      )
    );
  }

  private tell_of_branch([{ input, dim }]: Varying): void {
    this.warnings.push(
      `Branches on sizes might cause the trace to be incorrect: which operators are called depends on size ${dim} of input ` +
        `${input}, and the trace has those of the example. This means that the trace might not generalize to other inputs!`,
    );
  }

  /** Other values of these sizes that the function takes, as many as are needed; empty where they cannot vary. */
  private others(places: Varying): number[] {
    const key = JSON.stringify(places);
    let found = this.values.get(key);
    if (found === undefined) {
      found = [];
      const [{ size }] = places;
      const near = Math.min(size, farthest);
      const tried = new Set([size + 1, size - 1, size + near, size - (near >> 1), size + 2, size - 2]);
      let failed = 0;
      for (const value of tried) {
        if (value < 2 || value === size) continue;
        if (this.run([places], [value]) !== null) found.push(value);
        else if (found.length === 0 && ++failed === 3) break;
        if (found.length === 3) break;
      }
      this.values.set(key, found);
    }
    return found;
  }

  /** Whether an argument of a call depends on these sizes: null where they cannot vary. */
  private matters(places: Varying): boolean | null {
    const runs = this.others(places).map((value) => this.run([places], [value])!);
    if (runs.length === 0) return null;
    return this.base.inputs.some((its, call) =>
      arguments_of(its).some(([, , value], i) =>
        runs.some(({ inputs }) => !same_value(value, arguments_of(inputs[call]!)[i]![2])),
      ),
    );
  }

  /** The sizes that vary, each alone where that is possible, or else all equal ones of one dimension, or all equal ones. */
  private candidates(): Varying[] {
    const tensors = tensors_in(this.request.inputs);
    const places = tensors
      .flatMap(({ shape }, input) => [...shape].map((size, dim): Place => ({ input, dim, size })))
      .slice(0, most_sizes);
    const found: Varying[] = [];
    let rest: Place[] = [];
    for (const place of places) {
      const matters = this.matters([place]);
      if (matters === null) rest.push(place);
      else if (matters) found.push([place]);
    }
    for (const key of [({ dim, size }: Place) => `${dim} ${size}`, ({ size }: Place) => String(size)]) {
      for (const group of grouped(rest, key)) {
        if (group.length < 2) continue;
        const matters = this.matters(group);
        if (matters === null) continue;
        rest = rest.filter((place) => !group.includes(place));
        if (matters) found.push(group);
      }
    }
    return found;
  }

  private runs_of(varying: readonly Varying[]): [values: number[][], runs: Run[]] | null {
    const others = varying.map((places) => this.others(places));
    if (others.some(({ length }) => length === 0)) return null;
    const base = varying.map(([{ size }]) => size);
    const values = [
      base,
      ...varying.flatMap((_, i) =>
        [0, 1].map((which) => base.map((value, j) => (i === j ? (others[j]![which] ?? others[j]![0]!) : value))),
      ),
      ...(varying.length === 0 ? [] : [others.map((its) => its.at(-1)!)]),
    ];
    const runs = values.map((its) => this.run(varying, its));
    return runs.every((run) => run !== null) ? [values, runs] : null;
  }

  /** The sizes that vary independently, with the runs that show it. */
  found(): { varying: readonly Varying[]; values: number[][]; runs: Run[] } {
    let varying = this.candidates();
    let runs = this.runs_of(varying);
    if (runs === null) {
      const together = grouped(varying.flat(), ({ dim, size }) => `${dim} ${size}`);
      if (together.length < varying.length) {
        varying = together;
        runs = this.runs_of(varying);
      }
    }
    while (runs === null) {
      varying = varying.slice(0, -1);
      runs = this.runs_of(varying);
    }
    return { varying, values: runs[0], runs: runs[1] };
  }
}

function grouped<T>(values: readonly T[], key: (value: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group === undefined) groups.set(key(value), [value]);
    else group.push(value);
  }
  return [...groups.values()];
}

// ---- The plan -------------------------------------------------------------------------------------

const is_int = ([kind, payload]: Tagged): boolean => (kind as Kind) === Kind.int && Number.isSafeInteger(payload);

/** Makes of arguments that differ among the runs what computes them. */
class Planner {
  readonly kept: [call: number, output: number][] = [];
  readonly uses: Use[] = [];
  readonly warnings = new Set<string>();
  private readonly symbols: SizeSymbol[];
  private readonly sizes: Sizes;
  private readonly makers = new Map<number, [call: number, output: number]>();
  private readonly sources = new Map<number, number>();

  constructor(
    private readonly base: Run,
    private readonly runs: readonly Run[],
    varying: readonly Varying[],
    values: readonly (readonly number[])[],
    private readonly inputs: number,
  ) {
    this.symbols = varying.map(([{ input, dim }], i) =>
      this.symbol(
        input,
        dim,
        values.map((its) => its[i]!),
      ),
    );
    this.sizes = new Sizes(this.symbols, 'trace');
    base.outputs.forEach((numbers, call) => {
      numbers.forEach((number, output) => {
        if (number >= inputs && !this.makers.has(number)) this.makers.set(number, [call, output]);
      });
    });
  }

  private symbol(number: number, dim: number, values: readonly number[]): SizeSymbol {
    return { name: `${number}.${dim}`, values, min: 1, max: null, input: '', number, dim };
  }

  /** The sizes of a tensor that vary, where the trace knows it at this call. */
  private symbols_of(number: number, call: number): SizeSymbol[] {
    if (number >= this.inputs) {
      const [made = call] = this.makers.get(number) ?? [];
      if (made >= call) return [];
    }
    return this.base.shapes[number]!.flatMap((size, dim) => {
      const values = this.runs.map(({ shapes }) => shapes[number]?.[dim] ?? size);
      return values.every((value) => value === size) ? [] : [this.symbol(number, dim, values)];
    });
  }

  /** The sizes that are near: those of what the call takes, of what the modules that call it take, and of the inputs. */
  private nearby(call: number): SizeSymbol[][] {
    const own = this.base.inputs[call]!.flatMap(tensor_numbers);
    const scopes = this.base.scopes
      .filter(({ start, end }) => start <= call && call < end)
      .toReversed()
      .map(({ tensors }) => tensors);
    const inputs = Array.from({ length: this.inputs }, (_, i) => i);
    return [own, ...scopes, inputs]
      .map((numbers) => [...new Set(numbers)].flatMap((number) => this.symbols_of(number, call)))
      .filter((symbols) => symbols.length > 0);
  }

  private expression(values: readonly number[], call: number, where: string): SizeExpression | null {
    const nearby = this.nearby(call);
    const equals = (its: SizeSymbol): boolean => its.values.every((value, run) => value === values[run]);
    for (const symbols of nearby) {
      const equal = symbols.find(equals);
      if (equal !== undefined) return { constant: 0, terms: [[1, [equal]]], divisor: 1, hint: values[0]! };
    }
    for (const symbols of nearby) {
      const found = new Sizes(symbols.slice(0, 8), 'trace').of_product(values);
      if (found !== undefined) return found;
    }
    try {
      return this.sizes.expression(values, where) as SizeExpression;
    } catch {
      return null;
    }
  }

  private source_of(number: number): number {
    if (number < this.inputs) return number;
    let source = this.sources.get(number);
    if (source === undefined) {
      source = this.inputs + this.kept.length;
      this.kept.push(this.makers.get(number)!);
      this.sources.set(number, source);
    }
    return source;
  }

  add_call(call: number): void {
    const across = this.runs.map(({ inputs }) => arguments_of(inputs[call]!));
    across[0]!.forEach(([argument, element, value], i) => {
      const values = across.map((its) => its[i]![2]);
      if (values.every((its) => same_value(its, value))) return;
      const where = `argument ${argument + 1} of ${this.base.names[call]!}`;
      const found = values.every(is_int)
        ? this.expression(
            values.map(([, number]) => number as number),
            call,
            where,
          )
        : null;
      if (found === null) {
        this.warnings.add(
          `Converting a size to a JavaScript value might cause the trace to be incorrect: ${where} depends on sizes in a way ` +
            'that is not known, so this value will be treated as a constant in the future. This means that the trace might ' +
            'not generalize to other inputs!',
        );
        return;
      }
      const terms = found.terms.map(
        ([factor, symbols]) =>
          [factor, symbols.map(({ number, dim }) => [this.source_of(number), dim] as const)] as const,
      );
      this.uses.push([call, argument, element, found.constant, found.divisor, terms]);
    });
  }
}

/** Finds which arguments of a function's calls are sizes, by running it at other sizes; null where it cannot be run so. */
export function size_plan(request: SizesRequest): SizePlan | null {
  let base: Run;
  try {
    base = run_with(request, varied(request.inputs, [], []));
  } catch {
    return null;
  }
  const search = new Search(request, base);
  const { varying, values, runs } = search.found();
  const planner = new Planner(base, runs, varying, values, tensors_in(request.inputs).length);
  base.names.forEach((_, call) => {
    planner.add_call(call);
  });
  const { kept, uses, warnings } = planner;
  if (uses.length + warnings.size + search.warnings.length === 0) return null;
  return { names: base.names, kept, uses, warnings: [...search.warnings, ...warnings] };
}
