/** From recorded calls to the graph of a program: names, arguments as they are written, and sizes that vary. */
import { createHash } from 'node:crypto';

import type { SchemaArgument, Tagged } from '../_C/native.js';
import { Kind } from '../generated/shared_numbers.js';
import { find_operator } from '../library/operators.js';
import { from_tagged } from '../jit/values.js';
import type { Tensor } from '../_tensor.js';
import { dtype_of, layout_of, memory_format_of, strided } from '../types/dtype.js';
import { taken_names } from './graph.js';
import { code_of_dtype, code_of_layout, code_of_memory_format, written_device } from './numbers.js';
import {
  type Autocast,
  changed_within,
  type RecordedCall,
  type RecordedFunction,
  type RecordedRegion,
  type Recording,
  where_of,
} from './record.js';
import type { Argument, Graph, Node, SymInt, TensorMeta } from './schema.js';
import type { SizeSymbol, Sizes } from './sizes.js';

type MutableGraph = { -readonly [K in keyof Graph]: Graph[K] };

/** Names of values as `torch.fx` chooses them. */
export class Names {
  private readonly used = new Set<string>();
  private readonly counts = new Map<string, number>();

  /** Takes a name as it is, or with a number behind it when it is taken. */
  exact(name: string): string {
    let found = name;
    for (let i = 1; this.used.has(found); i++) found = `${name}_${i}`;
    this.used.add(found);
    return found;
  }

  next(wanted: string): string {
    const cleaned = wanted.replace(/[^0-9a-zA-Z_]+/g, '_');
    const match = /^(.*)_(\d+)$/.exec(cleaned);
    const base = match?.[1] ?? cleaned;
    let number = match === null ? 0 : Number(match[2]);
    let name = match === null ? base : `${base}_${number}`;
    if (number === 0) number = this.counts.get(base) ?? 0;
    while (this.used.has(name) || taken_names.has(name) || name === 'self') name = `${base}_${++number}`;
    this.used.add(name);
    this.counts.set(base, number);
    return name;
  }
}

/** What tensors have in common that share their elements; empty for those without. */
export function memory_of(tensor: Tensor): string {
  if (tensor.layout !== strided || tensor.numel() === 0) return '';
  return `${String(tensor.device)} ${tensor.untyped_storage().data_ptr()}`;
}

/** The name of a symbol: a number that depends on the place of the size, as Python's. */
export function symbol_for(source: string, taken: ReadonlySet<string>): string {
  const digest = BigInt(`0x${createHash('sha256').update(source).digest('hex')}`);
  let number = Number(digest % 100n);
  while (taken.has(`s${number}`)) number++;
  return `s${number}`;
}

const same = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) && Array.isArray(b)
    ? a.length === b.length && a.every((element, i) => same(element, b[i]))
    : Object.is(a, b) || (typeof a === 'number' && a === b);

/** Whether an argument is the default of its schema: then programs leave it out. */
function is_default(argument: SchemaArgument, tagged: Tagged): boolean {
  if (argument.default === undefined || holds_tensor(tagged)) return false;
  return same(from_tagged(argument.default), from_tagged(tagged));
}

const holds_tensor = ([kind, payload]: Tagged): boolean =>
  (kind as Kind) === Kind.tensor || ((kind as Kind) === Kind.list && (payload as Tagged[]).some(holds_tensor));

/** What makes a tensor that nothing needs, while numbers become tensors for operators. */
const makers = new Set(['aten::scalar_tensor', 'aten::empty.memory_format', 'aten::fill_.Scalar']);

/** Calls that ask what kind of tensor one is: the program does not need them. */
const kinds_asked = new Set(
  ['is_floating_point', 'is_complex', 'is_signed', 'is_inference', 'is_conj', 'is_neg', 'is_coalesced', 'is_same_size']
    .concat(['size', 'size.int', 'stride', 'stride.int', 'result_type.Tensor', 'result_type.Scalar', 'can_cast', 'dim'])
    .concat(['result_type.Scalar_Tensor', 'result_type.Scalar_Scalar', 'promote_types', '_is_zerotensor', 'numel'])
    .concat(['sym_size', 'sym_size.int', 'sym_stride', 'sym_stride.int', 'sym_numel', 'sym_storage_offset'])
    .concat(['_has_compatible_shallow_copy_type', 'is_pinned', 'is_set_to'])
    .map((name) => `aten::${name}`),
);

/** Under what calls run. */
export interface Modes {
  readonly grad_mode: boolean;
  readonly autocast: readonly Autocast[];
}

const same_autocast = (a: readonly Autocast[], b: readonly Autocast[]): boolean =>
  a.length === b.length &&
  a.every(({ device_type, dtype }, i) => device_type === b[i]!.device_type && dtype === b[i]!.dtype);

/** A call, or a call of control flow, on its way into a graph. */
interface Item extends Modes {
  readonly start: number;
  readonly end: number;
  readonly region: RecordedRegion | null;
}

/** What graphs of one call take from outside: all of them get all. */
class Lifted {
  readonly numbers: number[] = [];

  constructor(
    readonly explicit: number,
    /** Whether inputs are called `arg0_1`; else as outside. */
    readonly renamed: boolean,
    /** The control flow that the graphs are functions of; null for a region of another mode, which may change tensors. */
    readonly region: RecordedRegion | null,
  ) {}

  position(number: number): number {
    const found = this.numbers.indexOf(number);
    return found >= 0 ? found : this.numbers.push(number) - 1;
  }
}

/** A graph within a graph, with the graph that it is in. */
interface Outer {
  readonly builder: ProgramBuilder;
  readonly lifted: Lifted;
}

/** How a size is known to the builder: {@link Sizes} finds expressions of those that differ between the runs. */
export class ProgramBuilder {
  readonly graph: MutableGraph & { nodes: Node[]; inputs: Argument[]; outputs: Argument[] };
  readonly names = new Names();
  /** The tensors that the module or its inputs do not have: constants. */
  readonly constants: { name: string; tensor: Tensor }[] = [];
  private readonly values = new Map<number, string>();
  private readonly tensor_values = new Map<string, TensorMeta>();
  private readonly sym_int_values = new Map<string, SymInt>();
  private readonly used: Set<number>;
  private readonly last_uses: Map<number, number>;
  /** The inputs of a graph within a graph. */
  private readonly placeholders = new Map<number, string>();
  private readonly explicit: string[] = [];
  private readonly subgraphs = new Names();

  constructor(
    private readonly runs: readonly Recording[],
    private readonly sizes: Sizes,
    private readonly callee: string,
    private readonly lift: (number: number, builder: ProgramBuilder) => void,
    private readonly outer: Outer | null = null,
  ) {
    this.graph = {
      inputs: [],
      outputs: [],
      nodes: [],
      tensor_values: this.tensor_values,
      sym_int_values: this.sym_int_values,
      sym_bool_values: new Map(),
      is_single_tensor_return: false,
      custom_obj_values: new Map(),
      sym_float_values: new Map(),
    };
    this.used = outer?.builder.used ?? new Set(this.main.calls.flatMap(({ inputs }) => inputs.flatMap(numbers_in)));
    this.last_uses = outer?.builder.last_uses ?? last_uses(this.main);
  }

  private get main(): Recording {
    return this.runs[0]!;
  }

  /** Gives a tensor that exists before the calls its name. */
  name_tensor(number: number, name: string): void {
    this.values.set(number, name);
    this.describe(number, name);
  }

  has(number: number): boolean {
    return this.values.has(number);
  }

  tensor(number: number): Tensor {
    return this.main.tensors[number]!;
  }

  /** The name of a tensor; one that is not known is one of the graph outside, or becomes a constant. */
  name_of(number: number): string {
    const known = this.values.get(number);
    if (known !== undefined) return known;
    if (this.outer === null) {
      this.lift(number, this);
      return this.values.get(number)!;
    }
    const { builder, lifted } = this.outer;
    const outside = builder.name_of(number);
    return this.add_input(number, outside, lifted.explicit + lifted.position(number));
  }

  /** The name of the input that has a size. */
  name_of_symbol({ input, number }: SizeSymbol): string {
    return this.outer === null ? input : this.name_of(number);
  }

  /** An input of a graph within a graph. */
  private add_input(number: number, outside: string, position: number): string {
    const name = this.names.exact(this.outer!.lifted.renamed ? `arg${position}_1` : outside);
    this.name_tensor(number, name);
    this.placeholders.set(number, name);
    return name;
  }

  private describe(number: number, name: string, requires_grad?: boolean): void {
    const tensors = this.runs.map(({ tensors: its }) => its[number]!);
    const [tensor] = tensors as [Tensor, ...Tensor[]];
    const strided = tensor.layout.toString() === 'torch.strided';
    const dense =
      strided &&
      this.runs.length > 1 &&
      tensors.every((its) => {
        const strides = its.stride();
        return its.shape.every((_, dim) => strides[dim] === its.shape.slice(dim + 1).reduce((a, b) => a * b, 1));
      });
    const size = (values: number[]): SymInt => this.sizes.meta(values, `the sizes of '${name}'`);
    this.tensor_values.set(name, {
      dtype: code_of_dtype(tensor.dtype),
      sizes: tensor.shape.map((_, dim) => size(tensors.map(({ shape }) => shape[dim]!))),
      requires_grad: requires_grad ?? tensor.requires_grad,
      device: written_device(String(tensor.device)),
      strides: strided
        ? tensor.shape.map((_, dim) =>
            dense
              ? this.sizes.product_meta(
                  tensor.shape.slice(dim + 1).map((__, after) => tensors.map(({ shape }) => shape[dim + 1 + after]!)),
                  `the sizes of '${name}'`,
                )
              : size(tensors.map((its) => its.stride()[dim]!)),
          )
        : tensor.shape.map((): SymInt => ({ type: 'as_int', value: 0 })),
      storage_offset: size(tensors.map((its) => (strided ? its.storage_offset() : 0))),
      layout: code_of_layout(tensor.layout),
    });
  }

  /** Adds the calls of the runs, which must be the same; those in other modes than these in graphs of their own. */
  add_calls(modes: Modes): void {
    for (const { calls } of this.runs) {
      const at = calls.findIndex(({ operator }, i) => operator !== this.main.calls[i]?.operator);
      if (at >= 0 || calls.length !== this.main.calls.length) {
        const { stack_trace = '' } = this.main.calls[at < 0 ? calls.length : at] ?? {};
        const place = stack_trace.split('\n').at(-2)?.trim();
        throw new Error(
          `${this.callee}(): for other sizes of the inputs the module calls other operators` +
            (place === undefined || place === '' ? '' : ` (${place})`) +
            '; a program with dynamic_shapes cannot depend on sizes',
        );
      }
    }
    this.add_items(this.items(0, this.main.calls.length, this.main.regions), modes);
  }

  /** What of a part of the calls is in the program. */
  private items(start: number, end: number, regions: readonly RecordedRegion[]): Item[] {
    const items: Item[] = [];
    let next = 0;
    for (let i = start; i < end; i++) {
      const region = regions[next];
      if (region?.start === i) {
        // The copies of results run as the call itself.
        const { grad_mode, autocast } = this.main.calls[region.end - 1]!;
        items.push({ start: i, end: region.end, region, grad_mode, autocast });
        i = region.end - 1;
        next++;
      } else if (this.is_needed(this.main.calls[i]!)) {
        const { grad_mode, autocast } = this.main.calls[i]!;
        items.push({ start: i, end: i + 1, region: null, grad_mode, autocast });
      }
    }
    return items;
  }

  private is_needed({ operator, outputs, aside }: RecordedCall): boolean {
    if (aside || kinds_asked.has(operator)) return false;
    return !makers.has(operator) || outputs.flatMap(numbers_in).some((number) => this.used.has(number));
  }

  private add_items(items: readonly Item[], modes: Modes): void {
    for (let i = 0; i < items.length; ) {
      const item = items[i]!;
      let end = i + 1;
      const { grad_mode } = item;
      if (grad_mode !== modes.grad_mode) {
        while (end < items.length && items[end]!.grad_mode === grad_mode) end++;
        const argument: Argument = { type: 'as_bool', value: grad_mode };
        this.add_submodule('wrap_with_set_grad_enabled', [argument], items.slice(i, end), { ...modes, grad_mode });
      } else if (!same_autocast(item.autocast, modes.autocast)) {
        while (
          end < items.length &&
          items[end]!.grad_mode === grad_mode &&
          same_autocast(items[end]!.autocast, item.autocast)
        ) {
          end++;
        }
        this.add_autocast(items.slice(i, end), item, modes);
      } else if (item.region === null) this.add_call(this.main.calls[item.start]!, item.start);
      else this.add_region(item.region, modes);
      i = end;
    }
  }

  private add_autocast(items: readonly Item[], { autocast }: Item, modes: Modes): void {
    const target = 'wrap_with_autocast';
    const added = autocast.find(
      (its) => !modes.autocast.some(({ device_type, dtype }) => its.device_type === device_type && its.dtype === dtype),
    );
    const changed =
      added ?? modes.autocast.find(({ device_type }) => !autocast.some((its) => its.device_type === device_type))!;
    const rest = modes.autocast.filter(({ device_type }) => device_type !== changed.device_type);
    const args: Argument[] = [
      { type: 'as_string', value: changed.device_type },
      { type: 'as_scalar_type', value: code_of_dtype(changed.dtype) },
      { type: 'as_bool', value: added !== undefined },
      // Python's export turns the cache of weights off.
      { type: 'as_bool', value: false },
    ];
    const inner = autocast.filter(
      (its) => its === added || rest.some(({ device_type }) => device_type === its.device_type),
    );
    this.add_submodule(target, args, items, { ...modes, autocast: inner });
  }

  /** A graph within this one. */
  private inner(lifted: Lifted): ProgramBuilder {
    return new ProgramBuilder(this.runs, this.sizes, this.callee, this.lift, { builder: this, lifted });
  }

  /** Adds calls that run in another mode. */
  private add_submodule(target: string, args: readonly Argument[], items: readonly Item[], modes: Modes): void {
    const lifted = new Lifted(0, false, null);
    const inner = this.inner(lifted);
    inner.add_items(items, modes);
    const { end } = items.at(-1)!;
    const outputs = [...inner.values].filter(
      ([number, name]) => inner.placeholders.get(number) !== name && (this.last_uses.get(number) ?? -1) >= end,
    );
    for (const [, name] of outputs) inner.graph.outputs.push({ type: 'as_tensor', value: { name } });
    inner.add_inputs(lifted);
    const place = items
      .map(({ start, region }) => region ?? this.main.calls[start]!)
      .find(({ nn_module_stack }) => nn_module_stack !== '');
    const inputs = lifted.numbers.map(
      (number): Argument => ({ type: 'as_tensor', value: { name: this.name_of(number) } }),
    );
    this.add_higher_order(
      target,
      [...args, { type: 'as_graph', value: { name: this.subgraphs.next('submod_1'), graph: inner.graph } }, ...inputs],
      outputs.map(([number]) => number),
      { stack_trace: '', nn_module_stack: place?.nn_module_stack ?? '' },
    );
  }

  /** Adds a call of control flow. */
  private add_region(region: RecordedRegion, modes: Modes): void {
    const { target, before, lists, own_list } = region;
    const renamed = target === 'while_loop' || target === 'scan';
    const number_of = (tensor: Tensor): number => this.main.numbers.get(tensor)!;
    const explicit = lists.flat().map(number_of);
    const lifted = new Lifted(explicit.length, renamed, region);
    const graphs = region.functions.map((its) => {
      const inner = this.inner(lifted);
      its.inputs.forEach((input, i) => {
        const name = inner.add_input(number_of(input), this.name_of(explicit[i]!), i);
        inner.explicit.push(name);
        // A branch may take its operands from outside too.
        if (target === 'cond') inner.add_alias(explicit[i]!, name);
      });
      inner.add_function(its, modes);
      return { name: its.name, inner };
    });
    for (const { inner } of graphs) {
      for (const number of lifted.numbers) inner.name_of(number);
      inner.add_inputs(lifted);
    }
    if (target === 'while_loop') graphs[0]!.inner.graph.is_single_tensor_return = true;
    // What is given twice is copied, since no input may be a view of another one.
    const given = new Set<number>();
    const operand = (number: number): { name: string } => {
      const is_given = given.has(number);
      given.add(number);
      return { name: is_given ? this.add_copy(number) : this.name_of(number) };
    };
    const groups = lists.map((tensors) => tensors.map((tensor) => operand(number_of(tensor))));
    const outside = lifted.numbers.map(operand);
    if (own_list) groups.push(outside);
    else groups.at(-1)!.push(...outside);
    this.add_higher_order(
      target,
      [
        ...before.map((tensor): Argument => ({ type: 'as_tensor', value: { name: this.name_of(number_of(tensor)) } })),
        ...graphs.map(
          ({ name, inner }): Argument => ({
            type: 'as_graph',
            value: { name: this.subgraphs.next(`${name}_0`), graph: inner.graph },
          }),
        ),
        ...groups.map((value): Argument => ({ type: 'as_tensors', value })),
      ],
      region.results.map(number_of),
      region,
    );
  }

  private add_function({ start, end, outputs, regions }: RecordedFunction, modes: Modes): void {
    this.add_items(this.items(start, end, regions), modes);
    for (const tensor of outputs) {
      const number = this.main.numbers.get(tensor)!;
      let name = this.name_of(number);
      if (this.is_of_input(number)) {
        // What a function returns may not be what it was given, nor a view of that.
        name = this.add_copy(number);
      }
      this.graph.outputs.push({ type: 'as_tensor', value: { name } });
    }
  }

  /** Adds a copy of a tensor; the tensor keeps its name. */
  private add_copy(number: number): string {
    const name = this.name_of(number);
    this.add_made('clone.default', 'clone', name, number);
    const copy = this.values.get(number)!;
    this.values.set(number, name);
    return copy;
  }

  /** Whether a tensor has the memory of an input. */
  private is_of_input(number: number): boolean {
    if (this.placeholders.has(number)) return true;
    const own = memory_of(this.tensor(number));
    return own !== '' && [...this.placeholders.keys()].some((input) => memory_of(this.tensor(input)) === own);
  }

  /** Gives an input the number that it has outside too. */
  private add_alias(number: number, name: string): void {
    if (!this.values.has(number)) this.values.set(number, name);
    if (!this.placeholders.has(number)) this.placeholders.set(number, name);
  }

  /** The inputs in the order of the call's arguments. */
  private add_inputs({ numbers }: Lifted): void {
    const names = [...this.explicit, ...numbers.map((number) => this.placeholders.get(number)!)];
    this.graph.inputs.push(...names.map((name): Argument => ({ type: 'as_tensor', value: { name } })));
  }

  private add_higher_order(
    target: string,
    args: readonly Argument[],
    results: readonly number[],
    { stack_trace, nn_module_stack }: Pick<RecordedCall, 'stack_trace' | 'nn_module_stack'>,
  ): void {
    const name = this.names.next(target);
    const outputs = results.map((number): Argument => {
      const part = this.names.next('getitem');
      this.values.set(number, part);
      this.describe(number, part, false);
      return { type: 'as_tensor', value: { name: part } };
    });
    const metadata = Object.entries({
      stack_trace,
      nn_module_stack,
      torch_fn: `${target};HigherOrderOperator.${target}`,
    });
    this.graph.nodes.push({
      target: `torch.ops.higher_order.${target}`,
      inputs: args.map((arg) => ({ name: '', arg, kind: 1 })),
      outputs,
      metadata: new Map(metadata.filter(([, text]) => text !== '')),
      is_hop_single_tensor_return: false,
      name,
    });
  }

  /** Refuses to change a tensor that a function of control flow has not made. */
  private check_change(number: number, place: RecordedCall): void {
    if (this.outer === null || !this.placeholders.has(number)) return;
    const { builder, lifted } = this.outer;
    if (lifted.region !== null) {
      throw changed_within(this.callee, { ...place, target: lifted.region.target });
    }
    builder.check_change(number, place);
  }

  private add_call(call: RecordedCall, at: number): void {
    const operator = find_operator(call.operator);
    if (operator === undefined) throw new Error(`${this.callee}(): there is no operator ${call.operator}`);
    const { arguments: declared } = operator.schema;
    const where = `${call.operator}${where_of(call)}`;
    const positional = declared.filter(({ keyword_only }) => !keyword_only);
    let count = positional.length;
    while (count > 0 && is_default(positional[count - 1]!, call.inputs[count - 1]!)) count--;
    const inputs = declared.flatMap((argument, i): Node['inputs'][number][] => {
      const left_out = argument.keyword_only ? is_default(argument, call.inputs[i]!) : i >= count;
      if (left_out) return [];
      const across = this.runs.map(({ calls }) => calls[at]!.inputs[i]!);
      const arg = this.argument(argument.type, across, `${where}: ${argument.name}`);
      if (argument.written) for (const number of numbers_in(call.inputs[i]!)) this.check_change(number, call);
      return [{ name: argument.name, arg, kind: argument.keyword_only ? 2 : 1 }];
    });
    const [namespace, name] = call.operator.split('::') as [string, string];
    const [base, overload = 'default'] = name.split('.') as [string, string?];
    const metadata = new Map(
      Object.entries({
        stack_trace: call.stack_trace,
        nn_module_stack: call.nn_module_stack,
        torch_fn: `${base};builtin_function_or_method.${base}`,
      }).filter(([, text]) => text !== ''),
    );
    this.add_node(`torch.ops.${namespace}.${base}.${overload}`, base, inputs, call.outputs, metadata);
  }

  private add_node(
    target: string,
    base: string,
    inputs: Node['inputs'],
    results: readonly Tagged[],
    metadata: ReadonlyMap<string, string>,
  ): void {
    const own = this.names.next(base);
    const part = (number: number): { name: string } => {
      const name = this.names.next('getitem');
      this.values.set(number, name);
      this.describe(number, name, false);
      return { name };
    };
    let outputs: Argument[];
    if (results.length === 1 && (results[0]![0] as Kind) === Kind.tensor) {
      const number = results[0]![1] as number;
      this.values.set(number, own);
      this.describe(number, own, false);
      outputs = [{ type: 'as_tensor', value: { name: own } }];
    } else {
      outputs = results.map(([kind, payload]): Argument => {
        if ((kind as Kind) === Kind.tensor) return { type: 'as_tensor', value: part(payload as number) };
        if ((kind as Kind) === Kind.none) return { type: 'as_none', value: null };
        if ((kind as Kind) === Kind.list && (payload as Tagged[]).every(([its]) => (its as Kind) === Kind.tensor)) {
          return { type: 'as_tensors', value: (payload as Tagged[]).map((each) => part(each[1] as number)) };
        }
        throw new Error(`${this.callee}(): ${target} returns what a program cannot hold`);
      });
    }
    this.graph.nodes.push({
      target,
      inputs,
      outputs,
      metadata,
      is_hop_single_tensor_return: null,
      name: own,
    });
  }

  /** Adds a call of an operator that has not been recorded, of which a tensor is the result. */
  add_made(operator: string, base: string, input: string, number: number, others: Node['inputs'] = []): void {
    this.add_node(
      `torch.ops.aten.${operator}`,
      base,
      [{ name: 'self', arg: { type: 'as_tensor', value: { name: input } }, kind: 1 }, ...others],
      [[Kind.tensor, number]],
      new Map(),
    );
  }

  /** Makes a tensor that was there before a view of another one, whose memory it has. */
  add_view(owner: number, number: number, tensor: Tensor): void {
    const ints = (name: string, value: readonly number[]): Node['inputs'][number] => ({
      name,
      arg: { type: 'as_ints', value },
      kind: 1,
    });
    const offset: Argument = { type: 'as_int', value: tensor.storage_offset() };
    const last = { name: 'storage_offset', arg: offset, kind: 1 };
    const others = [ints('size', tensor.shape), ints('stride', tensor.stride()), last];
    this.add_made('as_strided.default', 'as_strided', this.name_of(owner), number, others);
  }

  private int(values: readonly number[], where: string): string | number {
    const size = this.sizes.expression(values, where);
    return typeof size === 'number' ? size : this.sizes.node(size, this);
  }

  /** A number that may depend on sizes, from its values in the runs. */
  size(values: readonly number[], where: string): Argument {
    const found = this.int(values, where);
    return typeof found === 'number'
      ? { type: 'as_int', value: found }
      : { type: 'as_sym_int', value: { type: 'as_name', value: found } };
  }

  /** Adds a node that computes a size. */
  add_size(target: string, base: string, inputs: Node['inputs'], meta: SymInt): string {
    const name = this.names.next(base);
    this.sym_int_values.set(name, meta);
    this.graph.nodes.push({
      target,
      inputs,
      outputs: [{ type: 'as_sym_int', value: { type: 'as_name', value: name } }],
      metadata: new Map(),
      is_hop_single_tensor_return: null,
      name,
    });
    return name;
  }

  private argument(type: string, across: readonly Tagged[], where: string): Argument {
    const [[kind, payload]] = across as [Tagged];
    const alike = (): void => {
      if (!across.every((other) => same(from_tagged(other), from_tagged(across[0]!)))) {
        throw new Error(`${this.callee}(): ${where} depends on the sizes of the inputs in a way that is not supported`);
      }
    };
    switch (kind as Kind) {
      case Kind.none:
        return { type: 'as_none', value: null };
      case Kind.tensor:
        return { type: 'as_tensor', value: { name: this.name_of(payload as number) } };
      case Kind.bool:
        alike();
        return { type: 'as_bool', value: payload as boolean };
      case Kind.float:
        alike();
        return { type: 'as_float', value: payload as number };
      case Kind.string:
        return { type: 'as_string', value: payload as string };
      case Kind.device:
        return { type: 'as_device', value: written_device(payload as string) };
      case Kind.complex: {
        const { re, im } = payload as { re: number; im: number };
        return { type: 'as_complex', value: { real: re, imag: im } };
      }
      case Kind.int:
      case Kind.bigint: {
        if (type.startsWith('ScalarType')) {
          return { type: 'as_scalar_type', value: code_of_dtype(dtype_of(Number(payload))) };
        }
        if (type.startsWith('MemoryFormat')) {
          return { type: 'as_memory_format', value: code_of_memory_format(memory_format_of(Number(payload))) };
        }
        if (type.startsWith('Layout')) return { type: 'as_layout', value: code_of_layout(layout_of(Number(payload))) };
        if (typeof payload === 'bigint') {
          alike();
          return { type: 'as_int', value: payload };
        }
        return this.size(
          across.map(([, value]) => Number(value)),
          where,
        );
      }
      case Kind.list:
        return this.list(type, across, where);
      default:
        throw new Error(`${this.callee}(): ${where} is of a kind that a program cannot hold`);
    }
  }

  private list(type: string, across: readonly Tagged[], where: string): Argument {
    const elements = across[0]![1] as Tagged[];
    if (across.some(([, payload]) => (payload as Tagged[]).length !== elements.length)) {
      throw new Error(`${this.callee}(): the length of ${where} depends on the sizes of the inputs`);
    }
    if (/Tensor\?\[/.test(type) || /Optional\[Tensor\]/.test(type)) {
      return {
        type: 'as_optional_tensors',
        value: elements.map(([kind, payload]) =>
          (kind as Kind) === Kind.tensor
            ? { type: 'as_tensor', value: { name: this.name_of(payload as number) } }
            : { type: 'as_none', value: null },
        ),
      };
    }
    if (type.startsWith('Tensor')) {
      return { type: 'as_tensors', value: elements.map(([, payload]) => ({ name: this.name_of(payload as number) })) };
    }
    const kinds = new Set(elements.map(([kind]) => kind as Kind));
    const values = elements.map(([, payload]) => payload);
    if (kinds.has(Kind.bool)) return { type: 'as_bools', value: values as boolean[] };
    if (kinds.has(Kind.string)) return { type: 'as_strings', value: values as string[] };
    if (kinds.has(Kind.float) || (kinds.size === 0 && type.startsWith('float'))) {
      return { type: 'as_floats', value: values.map(Number) };
    }
    const ints = elements.map((_, i) =>
      this.int(
        across.map(([, payload]) => Number((payload as Tagged[])[i]![1])),
        where,
      ),
    );
    if (ints.every((value) => typeof value === 'number')) return { type: 'as_ints', value: ints };
    return {
      type: 'as_sym_ints',
      value: ints.map((value) => (typeof value === 'number' ? { type: 'as_int', value } : { type: 'as_name', value })),
    };
  }
}

/** The last call that takes each tensor; Infinity for results. */
function last_uses({ calls, regions, numbers, results }: Recording): Map<number, number> {
  const found = new Map<number, number>();
  const use = (number: number, at: number): void => {
    found.set(number, Math.max(found.get(number) ?? -1, at));
  };
  calls.forEach(({ inputs, aside }, i) => {
    if (!aside) for (const number of inputs.flatMap(numbers_in)) use(number, i);
  });
  const use_in = (its: readonly RecordedRegion[]): void => {
    for (const { before, lists, start, functions } of its) {
      for (const tensor of [...before, ...lists.flat()]) use(numbers.get(tensor)!, start);
      for (const { outputs, end, regions: inner } of functions) {
        for (const tensor of outputs) use(numbers.get(tensor)!, end);
        use_in(inner);
      }
    }
  };
  use_in(regions);
  for (const number of results) use(number, Infinity);
  return found;
}

function numbers_in([kind, payload]: Tagged): number[] {
  if ((kind as Kind) === Kind.tensor) return [payload as number];
  return (kind as Kind) === Kind.list ? (payload as Tagged[]).flatMap(numbers_in) : [];
}
