/** From recorded calls to the graph of a program: names, arguments as they are written, and sizes that vary. */
import { createHash } from 'node:crypto';

import type { SchemaArgument, Tagged } from '../_C/native.js';
import { Kind } from '../generated/shared_numbers.js';
import { find_operator } from '../library/operators.js';
import { from_tagged } from '../jit/values.js';
import type { Tensor } from '../_tensor.js';
import { dtype_of, layout_of, memory_format_of } from '../types/dtype.js';
import { taken_names } from './graph.js';
import { code_of_dtype, code_of_layout, code_of_memory_format, written_device } from './numbers.js';
import type { RecordedCall, Recording } from './record.js';
import type { Argument, Graph, Node, SymInt, TensorMeta } from './schema.js';
import type { Sizes } from './sizes.js';

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

  constructor(
    private readonly runs: readonly Recording[],
    private readonly sizes: Sizes,
    private readonly callee: string,
    private readonly lift: (number: number, builder: ProgramBuilder) => void,
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
    this.used = new Set(this.main.calls.flatMap(({ inputs }) => inputs.flatMap(numbers_in)));
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

  /** The name of a tensor; one that is not known becomes a constant. */
  name_of(number: number): string {
    if (!this.values.has(number)) this.lift(number, this);
    return this.values.get(number)!;
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

  /** Adds the calls of the runs, which must be the same. */
  add_calls(): void {
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
    this.main.calls.forEach((call, i) => this.add_call(call, i));
  }

  private add_call(call: RecordedCall, at: number): void {
    const outputs = call.outputs.flatMap(numbers_in);
    if (kinds_asked.has(call.operator)) return;
    if (makers.has(call.operator) && !outputs.some((number) => this.used.has(number))) return;
    const operator = find_operator(call.operator);
    if (operator === undefined) throw new Error(`${this.callee}(): there is no operator ${call.operator}`);
    const { arguments: declared } = operator.schema;
    const where = `${call.operator}${call.stack_trace === '' ? '' : ` (${call.stack_trace.split('\n').at(-2)?.trim()})`}`;
    const positional = declared.filter(({ keyword_only }) => !keyword_only);
    let count = positional.length;
    while (count > 0 && is_default(positional[count - 1]!, call.inputs[count - 1]!)) count--;
    const inputs = declared.flatMap((argument, i): Node['inputs'][number][] => {
      const left_out = argument.keyword_only ? is_default(argument, call.inputs[i]!) : i >= count;
      if (left_out) return [];
      const across = this.runs.map(({ calls }) => calls[at]!.inputs[i]!);
      const arg = this.argument(argument.type, across, `${where}: ${argument.name}`);
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
  add_made(operator: string, base: string, input: string, number: number): void {
    this.add_node(
      `torch.ops.aten.${operator}`,
      base,
      [{ name: 'self', arg: { type: 'as_tensor', value: { name: input } }, kind: 1 }],
      [[Kind.tensor, number]],
      new Map(),
    );
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

function numbers_in([kind, payload]: Tagged): number[] {
  if ((kind as Kind) === Kind.tensor) return [payload as number];
  return (kind as Kind) === Kind.list ? (payload as Tagged[]).flatMap(numbers_in) : [];
}
