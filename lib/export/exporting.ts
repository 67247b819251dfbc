/** `torch.export.export`: a module runs with examples of its inputs, and what it calls becomes a program. */
import type { from_tagged } from '../jit/values.js';
import { native } from '../_C/native.js';
import { is_tensor } from '../_C/tensor_base.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { kind_of } from '../_internal/representation.js';
import { is_grad_enabled, no_grad } from '../autograd/grad_mode.js';
import type { Module } from '../nn/modules/module.js';
import { names_of_parameters } from '../nn/modules/forward_arguments.js';
import { Parameter } from '../nn/parameter.js';
import { get_rng_state, set_rng_state } from '../random.js';
import type { Tensor } from '../_tensor.js';
import type { ArchiveContents } from './archive.js';
import { Dim, linear, type DimHint } from './dim.js';
import { memory_of, ProgramBuilder, symbol_for } from './program_builder.js';
import { autocast_here, record, type Recording } from './record.js';
import type { Argument, InputSpecification, OutputSpecification, WrittenProgram } from './schema.js';
import { SCHEMA_VERSION } from './schema.js';
import { resized, run_values, type SizeSymbol, Sizes } from './sizes.js';

/** How the sizes of an input vary: by dimension, or one of each dimension; null for none. */
export type DynamicSizes = null | Readonly<Record<number, Dim | DimHint | null>> | readonly (Dim | DimHint | null)[];

export interface ExportRequest {
  readonly module: Module;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly dynamic_shapes: unknown;
  readonly callee: string;
}

// ---- Trees of values ----------------------------------------------------------------------------

interface Tree {
  readonly type: string | null;
  readonly context: string | null;
  readonly children_spec: readonly Tree[];
}

interface Leaf {
  readonly value: unknown;
  readonly path: readonly (string | number)[];
}

const leaf: Tree = { type: null, context: null, children_spec: [] };

/** The structure of a value as programs have it, where arrays are tuples; appends its leaves. */
function flattened(value: unknown, path: readonly (string | number)[], leaves: Leaf[]): Tree {
  if (Array.isArray(value)) {
    const children = value.map((element, i) => flattened(element, [...path, i], leaves));
    return { type: 'builtins.tuple', context: 'null', children_spec: children };
  }
  if (is_plain_object(value) || value instanceof Map) {
    const entries = value instanceof Map ? [...(value as Map<string, unknown>)] : Object.entries(value);
    const children = entries.map(([key, element]) => flattened(element, [...path, key], leaves));
    return {
      type: 'builtins.dict',
      context: JSON.stringify(entries.map(([key]) => key)),
      children_spec: children,
    };
  }
  leaves.push({ value, path });
  return leaf;
}

/** The value with other leaves. */
function with_leaves(value: unknown, next: () => unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => with_leaves(element, next));
  if (value instanceof Map) {
    return new Map([...(value as Map<unknown, unknown>)].map(([key, element]) => [key, with_leaves(element, next)]));
  }
  if (is_plain_object(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, with_leaves(element, next)]));
  }
  return next();
}

/** The next leaf at each call, tensors without a history. */
function detached(leaves: readonly Leaf[], from: number): () => unknown {
  let next = from;
  return () => {
    const { value } = leaves[next++]!;
    return is_tensor(value) && !value.is_leaf ? value.detach() : value;
  };
}

function count_of(value: unknown): number {
  const leaves: Leaf[] = [];
  flattened(value, [], leaves);
  return leaves.length;
}

// ---- Inputs -------------------------------------------------------------------------------------

/** The names of the parameters of `forward`. */
const parameter_names = (module: Module): string[] =>
  names_of_parameters((module as unknown as { forward: (...args: never[]) => unknown }).forward);

function constant_argument(value: unknown, where: string): Argument {
  if (value === null || value === undefined) return { type: 'as_none', value: null };
  if (typeof value === 'boolean') return { type: 'as_bool', value };
  if (typeof value === 'string') return { type: 'as_string', value };
  if (typeof value === 'bigint') return { type: 'as_int', value };
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? { type: 'as_int', value } : { type: 'as_float', value };
  }
  throw new TypeError(
    `${where} is a ${kind_of(value)}: tensors, numbers, texts, and arrays and objects of them are possible`,
  );
}

const copied = (tensor: Tensor): Tensor => no_grad(() => tensor.detach().clone()).requires_grad_(tensor.requires_grad);

// ---- Sizes that vary ----------------------------------------------------------------------------

interface VaryingSize {
  readonly leaf: number;
  readonly dim: number;
  /** The name of the size that it depends on: it is `scale * size + offset`. */
  readonly name: string | null;
  readonly scale: number;
  readonly offset: number;
  readonly min: number;
  readonly max: number | null;
}

/** What `dynamic_shapes` says of a tensor. */
function varying_dims(tensor: Tensor, said: object, callee: string, leaf_number: number, sizes: VaryingSize[]): void {
  for (const [key, its] of Object.entries(said) as [string, unknown][]) {
    const dim = Number(key);
    if (!Number.isInteger(dim) || dim < 0 || dim >= tensor.dim()) {
      throw new Error(
        `${callee}(): dynamic_shapes has the dimension ${key} for a tensor with ${tensor.dim()} dimensions`,
      );
    }
    if (its === null || its === undefined) continue;
    if (its instanceof Dim) {
      const { root, scale, offset } = linear(its);
      sizes.push({ leaf: leaf_number, dim, name: root.__name__, scale, offset, min: root.min, max: root.max });
    } else if (is_plain_object(its) && typeof its['hint'] === 'string') {
      const free = { name: null, scale: 1, offset: 0, min: 0, max: null };
      if (its['hint'] !== 'STATIC') sizes.push({ leaf: leaf_number, dim, ...free });
    } else if (typeof its !== 'number' || its !== tensor.size(dim)) {
      throw new TypeError(`${callee}(): dynamic_shapes must have Dim for dimension ${dim}, not ${kind_of(its)}`);
    }
  }
}

/** What `dynamic_shapes` says of an input: walked along with the value. */
function varying_sizes(
  value: unknown,
  said: unknown,
  callee: string,
  sizes: VaryingSize[],
  at: { leaf: number },
): void {
  const wrong = (): Error =>
    new Error(
      `${callee}(): Detected mismatch between the structure of \`inputs\` and \`dynamic_shapes\`: ` +
        `${kind_of(said)} for ${kind_of(value)}`,
    );
  if (is_tensor(value)) {
    const number = at.leaf++;
    if (said === null || said === undefined) return;
    if (!Array.isArray(said) && !is_plain_object(said)) throw wrong();
    varying_dims(value, said, callee, number, sizes);
    return;
  }
  if (Array.isArray(value) || is_plain_object(value)) {
    const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
    if (said !== null && said !== undefined && Array.isArray(said) !== Array.isArray(value)) throw wrong();
    for (const key of keys) {
      const inner = said === null || said === undefined ? null : (said as Record<string | number, unknown>)[key];
      varying_sizes((value as Record<string | number, unknown>)[key], inner, callee, sizes, at);
    }
    return;
  }
  at.leaf++;
}

// ---- Constants ----------------------------------------------------------------------------------

/** The tensors that modules have as plain fields, by their names. */
function attribute_tensors(module: Module): Map<string, Tensor> {
  const found = new Map<string, Tensor>();
  for (const [prefix, its] of module.named_modules()) {
    for (const [name, value] of Object.entries(its)) {
      if (is_tensor(value) && !(value instanceof Parameter))
        found.set(prefix === '' ? name : `${prefix}.${name}`, value);
    }
  }
  return found;
}

const cleaned = (name: string): string => name.toLowerCase().replace(/[^a-zA-Z0-9]/g, '_');

/**
 * The values of a tensor that no call has made: one that the program was given as data, or that was there before.
 * @throws Error for others, which may depend on the inputs
 */
function constant_value({ calls, constants }: Recording, number: number, callee: string): Tensor {
  const constant = constants.get(number);
  const call = calls.find(({ inputs }) => inputs.flatMap(tensor_numbers).includes(number));
  const user = call?.operator ?? 'the result';
  const place = call?.stack_trace.split('\n').at(-2)?.trim() ?? '';
  const where = place === '' ? user : `${user} (${place})`;
  if (constant === undefined || constant.value === null) {
    throw new Error(
      `${callee}(): ${where} takes a tensor that no operator has made, so that it is not known how it depends on the inputs`,
    );
  }
  if (constant.origin === 'before' && constant.changed) {
    throw new Error(
      `${callee}(): ${where} takes a tensor that is changed in place but is neither a buffer of the module nor an input: ` +
        'register it as a buffer',
    );
  }
  return constant.value;
}

/** A size that varies: what it is in the examples, its range, and where it is. */
interface Varied {
  readonly hint: number;
  readonly min: number;
  readonly max: number | null;
  readonly sizes: readonly VaryingSize[];
}

/** The sizes that vary, those with one name together. */
function varied(
  { args, kwargs, dynamic_shapes, callee }: ExportRequest,
  shown: readonly string[],
  leaves: readonly Leaf[],
): Varied[] {
  const varying: VaryingSize[] = [];
  if (dynamic_shapes !== null && dynamic_shapes !== undefined) {
    const by_name = is_plain_object(dynamic_shapes);
    if (!by_name && !Array.isArray(dynamic_shapes)) {
      throw new TypeError(
        `${callee}(): argument 'dynamic_shapes' must be a list or a dict, not ${kind_of(dynamic_shapes)}`,
      );
    }
    const keys = [...shown, ...Object.keys(kwargs)];
    const given = by_name ? Object.keys(dynamic_shapes) : [];
    const stray = given.find((key) => !keys.includes(key));
    if (stray !== undefined) throw new Error(`${callee}(): dynamic_shapes names '${stray}', which is not an input`);
    const at = { leaf: 0 };
    const said = dynamic_shapes as Record<string | number, unknown>;
    [...args, ...Object.values(kwargs)].forEach((value, i) =>
      varying_sizes(value, by_name ? said[keys[i]!] : said[i], callee, varying, at),
    );
  }
  const groups = new Map<string, VaryingSize[]>();
  for (const size of varying) {
    const key = size.name ?? `${size.leaf} ${size.dim}`;
    groups.set(key, [...(groups.get(key) ?? []), size]);
  }
  const hint_of = ({ leaf: at, dim }: VaryingSize): number => (leaves[at]!.value as Tensor).size(dim);
  return [...groups.values()].map((group) => {
    const first = group.find(({ scale, offset }) => scale === 1 && offset === 0);
    if (first === undefined) {
      throw new Error(
        `${callee}(): no input has the size ${group[0]!.name}, on which others depend, which is not supported`,
      );
    }
    const sizes = [first, ...group.filter((its) => its !== first)];
    const hint = hint_of(first);
    for (const its of sizes) {
      const wanted = its.scale * hint + its.offset;
      if (hint_of(its) !== wanted) {
        throw new Error(
          `${callee}(): Constraints violated (${first.name})! The sizes of this dimension are ${wanted} and ${hint_of(its)}`,
        );
      }
    }
    if (hint < first.min || (first.max !== null && hint > first.max)) {
      throw new Error(
        `${callee}(): Constraints violated (${first.name})! ${hint} is not in the range [${first.min}, ${first.max ?? 'int_oo'}]`,
      );
    }
    return { hint, min: first.min, max: first.max, sizes };
  });
}

/** A size of an input, as conditions of programs name it. */
function source_of([root, ...rest]: Leaf['path'], dim: number): string {
  const path = rest.map((key) => (typeof key === 'number' ? `[${key}]` : `['${key}']`)).join('');
  return `L['${root}']${path}.size()[${dim}]`;
}

/** Runs the module with examples, and makes a program of what it has called. */
export function exported({ module, args, kwargs, dynamic_shapes, callee }: ExportRequest): ArchiveContents {
  const leaves: Leaf[] = [];
  const names = parameter_names(module);
  const shown = args.map((_, i) => names[i] ?? `arg_${i}`);
  const positional = args.map((value, i) => flattened(value, [shown[i]!], leaves));
  const named = Object.entries(kwargs).map(([key, value]) => flattened(value, [key], leaves));
  const inputs = leaves.map(({ value, path }) =>
    is_tensor(value) ? value : constant_argument(value, `${callee}(): input ${path.join('.')}`),
  );
  const state = new Map<string, Tensor>();
  const parameters = [...module.named_parameters()];
  const buffers = [...module.named_buffers()];
  for (const [name, tensor] of [...parameters, ...buffers]) state.set(name, tensor);
  const persistent = new Set(Object.keys(module.state_dict()));
  const attributes = new Map(
    [...attribute_tensors(module)].filter(([, tensor]) => ![...state.values()].includes(tensor)),
  );

  const wanted = varied({ module, args, kwargs, dynamic_shapes, callee }, shown, leaves);
  const values = run_values(wanted, callee);
  if (autocast_here().length > 0) {
    throw new Error(`${callee}(): called in a region of autocast, which is not supported: open it in forward`);
  }

  // The runs; what they change is as before after each.
  const kept = [...state.values(), ...attributes.values()];
  const copies = kept.map(copied);
  const versions = kept.map((tensor) => tensor._version);
  const changed = new Set<string>();
  const rng = get_rng_state();
  const user_tensors = leaves.flatMap(({ value }, i) => (is_tensor(value) ? [i] : []));
  const run = (at: readonly number[]): { recording: Recording; out: Leaf[]; out_tree: Tree } => {
    const given = leaves.map(({ value }, i) => {
      if (!is_tensor(value)) return value;
      const sizes = [...value.shape];
      wanted.forEach(({ sizes: its }, symbol) => {
        for (const { leaf: where, dim, scale, offset } of its) {
          if (where === i) sizes[dim] = scale * at[symbol]! + offset;
        }
      });
      return sizes.every((size, dim) => size === value.shape[dim]) ? copied(value) : resized(value, sizes);
    });
    let next = 0;
    const call_args = args.map((value) => with_leaves(value, () => given[next++]));
    const call_kwargs = Object.fromEntries(
      Object.entries(kwargs).map(([key, value]) => [key, with_leaves(value, () => given[next++])]),
    );
    const out: Leaf[] = [];
    let out_tree: Tree = leaf;
    try {
      const recording = record(
        callee,
        module,
        [...kept, ...user_tensors.map((i) => given[i] as Tensor)],
        () =>
          (module as unknown as (...given: unknown[]) => unknown)(
            ...call_args,
            ...(Object.keys(kwargs).length > 0 ? [call_kwargs] : []),
          ),
        (result) => {
          if (result instanceof Promise) throw new TypeError(`${callee}(): forward must not be asynchronous`);
          out_tree = flattened(result, [], out);
          return out.flatMap(({ value }) => (is_tensor(value) ? [value] : []));
        },
      );
      return { recording, out, out_tree };
    } finally {
      kept.forEach((tensor, i) => {
        if (tensor._version !== versions[i]) changed.add(memory_of(tensor));
      });
      changed.delete('');
      no_grad(() =>
        kept.forEach((tensor, i) => {
          if (tensor._version !== versions[i]) {
            tensor.copy_(copies[i]!);
            versions[i] = tensor._version;
          }
        }),
      );
      set_rng_state(rng);
    }
  };
  const runs = values.map(run);
  const [main] = runs as [(typeof runs)[number]];
  // Names of what is there before.
  const taken = new Set<string>();
  const symbols: SizeSymbol[] = [];
  // Which sizes depend on others. Their ranges are left out: a program that has them cannot be decomposed in Python.
  const guards: string[] = [];
  const lifted: { name: string; target: string; tensor: Tensor; number: number }[] = [];
  const sizes = new Sizes(symbols, callee);
  const builder = new ProgramBuilder(
    runs.map(({ recording }) => recording),
    sizes,
    callee,
    (number, its) => {
      const tensor = constant_value(main.recording, number, callee);
      const alike = runs.every(({ recording }) => {
        const other = constant_value(recording, number, callee);
        return other.shape.join() === tensor.shape.join() && other.dtype === tensor.dtype && other.equal(tensor);
      });
      if (!alike) {
        throw new Error(`${callee}(): a constant of the module depends on the sizes of its inputs`);
      }
      const target = `lifted_tensor_${lifted.length}`;
      const name = its.names.exact(`c_${target}`);
      its.name_tensor(number, name);
      lifted.push({ name, target, tensor: copied(tensor).detach(), number });
      its.add_made('lift_fresh_copy.default', 'lift_fresh_copy', name, number);
      its.add_made('detach_.default', 'detach_', its.name_of(number), number);
    },
  );
  const user_names = leaves.map(({ path }) => builder.names.exact(path.map((key) => cleaned(String(key))).join('_')));
  wanted.forEach(({ min, max, sizes: its }, i) => {
    const [{ leaf: at, dim }] = its as [VaryingSize];
    const source = source_of(leaves[at]!.path, dim);
    const name = symbol_for(source, taken);
    taken.add(name);
    const number = kept.length + user_tensors.indexOf(at);
    const its_values = values.map((of_run) => of_run[i]!);
    symbols.push({ name, values: its_values, min, max, input: user_names[at]!, number, dim });
    for (const { leaf: other, dim: other_dim, scale, offset } of its.slice(1)) {
      const other_source = source_of(leaves[other]!.path, other_dim);
      if (scale === 1 && offset === 0) {
        guards.push(`${source} == ${other_source}`);
        continue;
      }
      const product = scale === 1 ? source : `${scale}*${source}`;
      const addend = offset < 0 ? `(${offset}) + ` : `${offset} + `;
      guards.push(`${other_source} == (${offset === 0 ? '' : addend}${product})`);
    }
  });
  const input_specs: InputSpecification[] = [];
  const graph_inputs: Argument[] = [];
  const entry = (number: number, prefix: string, target: string): { name: string } => {
    const name = builder.names.exact(prefix + cleaned(target));
    builder.name_tensor(number, name);
    graph_inputs.push({ type: 'as_tensor', value: { name } });
    return { name };
  };
  const place_of = new Map(kept.map((tensor, i) => [tensor, i] as const));
  for (const [parameter_name, tensor] of parameters) {
    const arg = entry(place_of.get(tensor)!, 'p_', parameter_name);
    input_specs.push({ type: 'parameter', value: { arg, parameter_name } });
  }
  for (const [buffer_name, tensor] of buffers) {
    const arg = entry(place_of.get(tensor)!, 'b_', buffer_name);
    input_specs.push({
      type: 'buffer',
      value: { arg, buffer_name, persistent: persistent.has(buffer_name) },
    });
  }
  const used = new Set(main.recording.calls.flatMap(({ inputs: its }) => its.flatMap(tensor_numbers)));
  const constants: Record<string, Tensor> = {};
  const views: (() => void)[] = [];
  for (const [tensor_constant_name, tensor] of attributes) {
    const number = place_of.get(tensor)!;
    if (!used.has(number) && !main.recording.results.includes(number)) continue;
    if (builder.has(number)) continue;
    const memory = memory_of(tensor);
    const owner = changed.has(memory) ? kept.find((its) => its !== tensor && memory_of(its) === memory) : undefined;
    if (owner !== undefined && builder.has(place_of.get(owner)!)) {
      if (owner.dtype !== tensor.dtype) {
        throw new Error(
          `${callee}(): the attribute '${tensor_constant_name}' shares the memory of another tensor of the module with ` +
            'another dtype, which forward changes in place: make the view in forward',
        );
      }
      views.push(() => builder.add_view(place_of.get(owner)!, number, tensor));
      continue;
    }
    const arg = entry(number, 'c_', tensor_constant_name);
    input_specs.push({ type: 'tensor_constant', value: { arg, tensor_constant_name } });
    constants[tensor_constant_name] = tensor;
  }
  const user_specs: InputSpecification[] = [];
  const user_inputs: Argument[] = [];
  inputs.forEach((input, i) => {
    if (!is_tensor(input)) {
      user_specs.push({
        type: 'constant_input',
        value: { name: user_names[i]!, value: input as never },
      });
      user_inputs.push(input);
      return;
    }
    const arg: Argument = { type: 'as_tensor', value: { name: user_names[i]! } };
    builder.name_tensor(kept.length + user_tensors.indexOf(i), user_names[i]!);
    user_specs.push({ type: 'user_input', value: { arg } });
    user_inputs.push(arg);
  });

  // The calls, and what is returned.
  for (const add_view of views) add_view();
  builder.add_calls({ grad_mode: is_grad_enabled(), autocast: [] });
  const output_of = (value: unknown, i: number, where: string): Argument => {
    if (is_tensor(value)) {
      return { type: 'as_tensor', value: { name: builder.name_of(main.recording.numbers.get(value)!) } };
    }
    const across = runs.map(({ out }) => out[i]?.value);
    if (across.every((other) => Object.is(other, value))) return constant_argument(value, where);
    if (!across.every(Number.isSafeInteger)) {
      throw new Error(`${where} depends on sizes that vary, but is not an integer`);
    }
    return builder.size(across as number[], where);
  };
  const output_specs: OutputSpecification[] = main.out.map(({ value, path }, i) => {
    const arg = output_of(value, i, `${callee}(): output ${path.join('.')}`);
    builder.graph.outputs.push(arg);
    return { type: 'user_output', value: { arg } };
  });
  for (const { name, target, tensor } of lifted) {
    graph_inputs.push({ type: 'as_tensor', value: { name } });
    input_specs.push({ type: 'tensor_constant', value: { arg: { name }, tensor_constant_name: target } });
    constants[target] = tensor;
  }
  builder.graph.inputs.push(...graph_inputs, ...user_inputs);
  input_specs.push(...user_specs);

  const state_dict: Record<string, Tensor> = {};
  for (const [name, tensor] of state) {
    if (persistent.has(name)) state_dict[name] = tensor;
    else constants[name] = tensor;
  }
  const in_tree: Tree = {
    type: 'builtins.tuple',
    context: 'null',
    children_spec: [
      { type: 'builtins.tuple', context: 'null', children_spec: positional },
      { type: 'builtins.dict', context: JSON.stringify(Object.keys(kwargs)), children_spec: named },
    ],
  };
  const program: WrittenProgram = {
    graph_module: {
      graph: builder.graph,
      signature: { input_specs, output_specs },
      module_call_graph: [
        {
          fqn: '',
          signature: {
            inputs: [],
            outputs: [],
            in_spec: JSON.stringify([1, in_tree]),
            out_spec: JSON.stringify([1, main.out_tree]),
            forward_arg_names: [...shown, ...Object.keys(kwargs)],
          },
        },
        ...[...module.named_modules()].flatMap(([fqn]) => (fqn === '' ? [] : [{ fqn, signature: null }])),
      ],
      metadata: new Map(),
      treespec_namedtuple_fields: new Map(),
    },
    opset_version: new Map([['aten', 10]]),
    range_constraints: new Map(symbols.map(({ name, min, max }) => [name, { min_val: min, max_val: max }])),
    schema_version: { major: SCHEMA_VERSION[0], minor: SCHEMA_VERSION[1] },
    verifiers: ['TRAINING'],
    torch_version: native.version_of_libtorch(),
    guards_code: guards,
  };
  return {
    program,
    state_dict,
    constants,
    example_inputs: [with_leaves(args, detached(leaves, 0)), with_leaves(kwargs, detached(leaves, count_of(args)))],
    extra_files: {},
  };
}

type TaggedValue = Parameters<typeof from_tagged>[0];

function tensor_numbers([kind, payload]: TaggedValue): number[] {
  const tensor = 1;
  const list = 22;
  if (kind === tensor) return [payload as number];
  return kind === list ? (payload as TaggedValue[]).flatMap(tensor_numbers) : [];
}
