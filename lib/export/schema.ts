/**
 * The JSON in which `torch.export.save` writes a program: its types, and reading them. Every field is checked, and one
 * that is not known is an Error, since it may change what a program computes.
 */
import { kind_of } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';

/** The version of the schema that is read: another major number is refused. */
export const SCHEMA_VERSION = [8, 20] as const;

/** Reads a value of the JSON; `where` names it in error texts. */
type Read<T> = (value: unknown, where: string) => T;
type Fields<S> = { [K in keyof S]: S[K] extends Read<infer T> ? T : never };
type Union<S> = {
  [K in keyof S]: S[K] extends Read<infer T> ? { readonly type: K; readonly value: T } : never;
}[keyof S];

function refused(where: string, wanted: string, value: unknown): Error {
  return new Error(`${where} must be ${wanted}, not ${kind_of(value)}`);
}

const text: Read<string> = (value, where) => {
  if (typeof value !== 'string') throw refused(where, 'a text', value);
  return value;
};

const flag: Read<boolean> = (value, where) => {
  if (typeof value !== 'boolean') throw refused(where, 'a bool', value);
  return value;
};

const big_number = '$integer';

const most_digits_of_int64 = 20;

/** The digits of an integer that {@link parse} has put in a dict, which a file could have written itself. */
function digits_of(value: unknown): string | undefined {
  const digits = is_plain_object(value) ? value[big_number] : undefined;
  return typeof digits === 'string' && /^-?\d+$/.test(digits) ? digits : undefined;
}

/** An integer; those that a number does not hold are bigints. */
const integer: Read<number | bigint> = (value, where) => {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  const digits = digits_of(value);
  if (digits !== undefined) {
    const big = digits.length > most_digits_of_int64 ? undefined : BigInt(digits);
    if (big === undefined || BigInt.asIntN(64, big) !== big) throw new Error(`${where} does not fit in 64 bits`);
    return big;
  }
  throw refused(where, 'an int', value);
};

const small: Read<number> = (value, where) => {
  const found = integer(value, where);
  if (typeof found === 'bigint') throw new Error(`${where} is too large: ${found}`);
  return found;
};

const infinities = new Map([
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['NaN', NaN],
]);

const real: Read<number> = (value, where) => {
  if (typeof value === 'number') return value;
  const special = typeof value === 'string' ? infinities.get(value) : undefined;
  if (special !== undefined) return special;
  const digits = digits_of(value);
  if (digits !== undefined) return Number(digits);
  throw refused(where, 'a float', value);
};

const nothing: Read<null> = () => null;

function list<T>(element: Read<T>): Read<readonly T[]> {
  return (value, where) => {
    if (!Array.isArray(value)) throw refused(where, 'a list', value);
    return value.map((item, i) => element(item, `${where}[${i}]`));
  };
}

function map<T>(element: Read<T>): Read<ReadonlyMap<string, T>> {
  return (value, where) => {
    if (!is_plain_object(value)) throw refused(where, 'a dict', value);
    return new Map(Object.entries(value).map(([key, item]) => [key, element(item, `${where}['${key}']`)]));
  };
}

function nullable<T>(read: Read<T>): Read<T | null> {
  return (value, where) => (value === null || value === undefined ? null : read(value, where));
}

function by_default<T>(read: Read<T>, otherwise: T): Read<T> {
  return (value, where) => (value === undefined ? otherwise : read(value, where));
}

function object<S extends Record<string, Read<unknown>>>(fields: S): Read<Fields<S>> {
  return (value, where) => {
    if (!is_plain_object(value)) throw refused(where, 'a dict', value);
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(fields, name)) throw new Error(`${where} has an unknown field '${name}'`);
    }
    return Object.fromEntries(
      Object.entries(fields).map(([name, read]) => [name, read(value[name], `${where}.${name}`)]),
    ) as Fields<S>;
  };
}

function union<S extends Record<string, Read<unknown>>>(cases: S): Read<Union<S>> {
  return (value, where) => {
    if (!is_plain_object(value)) throw refused(where, 'a dict', value);
    const entries = Object.entries(value);
    if (entries.length !== 1) throw new Error(`${where} must have one key, not ${entries.length}`);
    const [[type, payload]] = entries as [[string, unknown]];
    const read = Object.hasOwn(cases, type) ? cases[type] : undefined;
    if (read === undefined) throw new Error(`${where} has an unknown kind '${type}'`);
    return { type, value: read(payload, `${where}.${type}`) } as Union<S>;
  };
}

// ---- The schema ---------------------------------------------------------------------------------

const device = object({ type: text, index: nullable(small) });
const hint = union({ as_int: integer, as_bool: flag, as_float: real });
const expression = object({ expr_str: text, hint: nullable(hint) });
const sym_int = union({ as_expr: expression, as_int: integer });
const sym_float = union({ as_expr: expression, as_float: real });
const sym_bool = union({ as_expr: expression, as_bool: flag });
const tensor_meta = object({
  dtype: small,
  sizes: list(sym_int),
  requires_grad: flag,
  device,
  strides: list(sym_int),
  storage_offset: sym_int,
  layout: small,
});
const named = object({ name: text });
const custom_object = object({ name: text, class_fqn: text });
const sym_int_argument = union({ as_name: text, as_int: integer });
const sym_float_argument = union({ as_name: text, as_float: real });
const sym_bool_argument = union({ as_name: text, as_bool: flag });
const optional_tensor = union({ as_tensor: named, as_none: nothing });

const simple_arguments = {
  as_none: nothing,
  as_tensor: named,
  as_tensors: list(named),
  as_int: integer,
  as_ints: list(integer),
  as_float: real,
  as_floats: list(real),
  as_string: text,
  as_strings: list(text),
  as_sym_int: sym_int_argument,
  as_sym_ints: list(sym_int_argument),
  as_scalar_type: small,
  as_memory_format: small,
  as_layout: small,
  as_device: device,
  as_bool: flag,
  as_bools: list(flag),
  as_sym_bool: sym_bool_argument,
  as_sym_bools: list(sym_bool_argument),
  as_optional_tensors: list(optional_tensor),
  as_custom_obj: custom_object,
  as_operator: text,
  as_sym_float: sym_float_argument,
  as_sym_floats: list(sym_float_argument),
  as_optional_tensor: optional_tensor,
  as_complex: object({ real, imag: real }),
  as_nested_tensors: list(list(named)),
  as_int_lists: list(list(integer)),
  as_float_lists: list(list(real)),
};

type Simple = Union<typeof simple_arguments>;

/** What a node takes or gives. */
export type Argument =
  | Simple
  | { readonly type: 'as_graph'; readonly value: { readonly name: string; readonly graph: Graph } }
  | { readonly type: 'as_string_to_argument'; readonly value: ReadonlyMap<string, Argument> };

/** Graphs within graphs: more is not what an export writes. */
const deepest = 64;
let depth = 0;

const graph: Read<Graph> = (value, where) => {
  if (depth >= deepest) throw new Error(`${where} is nested deeper than ${deepest}`);
  depth++;
  try {
    return read_graph(value, where);
  } finally {
    depth--;
  }
};

const argument: Read<Argument> = (value, where) => {
  if (depth >= deepest) throw new Error(`${where} is nested deeper than ${deepest}`);
  depth++;
  try {
    return read_argument(value, where);
  } finally {
    depth--;
  }
};

const read_argument: Read<Argument> = union({
  ...simple_arguments,
  as_graph: object({ name: text, graph }),
  as_string_to_argument: map(argument),
});
const named_argument = object({ name: text, arg: argument, kind: nullable(small) });
const node = object({
  target: text,
  inputs: list(named_argument),
  outputs: list(argument),
  metadata: map(text),
  is_hop_single_tensor_return: nullable(flag),
  name: nullable(text),
});
const read_graph: Read<Graph> = object({
  inputs: list(argument),
  outputs: list(argument),
  nodes: list(node),
  tensor_values: map(tensor_meta),
  sym_int_values: map(sym_int),
  sym_bool_values: map(sym_bool),
  is_single_tensor_return: by_default(flag, false),
  custom_obj_values: by_default(map(custom_object), new Map()),
  sym_float_values: by_default(map(sym_float), new Map()),
});

/** A graph of operators. */
export interface Graph {
  readonly inputs: readonly Argument[];
  readonly outputs: readonly Argument[];
  readonly nodes: readonly Node[];
  readonly tensor_values: ReadonlyMap<string, TensorMeta>;
  readonly sym_int_values: ReadonlyMap<string, SymInt>;
  readonly sym_bool_values: ReadonlyMap<string, SymBool>;
  readonly is_single_tensor_return: boolean;
  readonly custom_obj_values: ReadonlyMap<string, { name: string; class_fqn: string }>;
  readonly sym_float_values: ReadonlyMap<string, SymFloat>;
}

/** A call in a graph. */
export interface Node {
  readonly target: string;
  readonly inputs: readonly { readonly name: string; readonly arg: Argument; readonly kind: number | null }[];
  readonly outputs: readonly Argument[];
  readonly metadata: ReadonlyMap<string, string>;
  readonly is_hop_single_tensor_return: boolean | null;
  readonly name: string | null;
}

export type SymInt = ReturnType<typeof sym_int>;
export type SymFloat = ReturnType<typeof sym_float>;
export type SymBool = ReturnType<typeof sym_bool>;
export type TensorMeta = ReturnType<typeof tensor_meta>;
export type WrittenDevice = ReturnType<typeof device>;

const constant = union({ as_none: nothing, as_int: integer, as_float: real, as_string: text, as_bool: flag });
const input_spec = union({
  user_input: object({ arg: argument }),
  parameter: object({ arg: named, parameter_name: text }),
  buffer: object({ arg: named, buffer_name: text, persistent: flag }),
  tensor_constant: object({ arg: named, tensor_constant_name: text }),
  custom_obj: object({ arg: custom_object, custom_obj_name: text }),
  token: object({ arg: named }),
  constant_input: object({ name: text, value: constant }),
});
const output_spec = union({
  user_output: object({ arg: argument }),
  loss_output: object({ arg: named }),
  buffer_mutation: object({ arg: named, buffer_name: text }),
  gradient_to_parameter: object({ arg: named, parameter_name: text }),
  gradient_to_user_input: object({ arg: named, user_input_name: text }),
  user_input_mutation: object({ arg: named, user_input_name: text }),
  token: object({ arg: named }),
  parameter_mutation: object({ arg: named, parameter_name: text }),
});
const call_signature = object({
  inputs: list(argument),
  outputs: list(argument),
  in_spec: text,
  out_spec: text,
  forward_arg_names: nullable(list(text)),
});
const graph_module = object({
  graph,
  signature: object({ input_specs: list(input_spec), output_specs: list(output_spec) }),
  module_call_graph: list(object({ fqn: text, signature: nullable(call_signature) })),
  metadata: by_default(map(text), new Map()),
  treespec_namedtuple_fields: by_default(map(object({ field_names: list(text) })), new Map()),
});
const program = object({
  graph_module,
  opset_version: map(small),
  range_constraints: map(object({ min_val: nullable(integer), max_val: nullable(integer) })),
  schema_version: object({ major: small, minor: small }),
  verifiers: by_default(list(text), []),
  torch_version: by_default(text, '<=2.4'),
  guards_code: by_default(list(text), []),
});
const payload = object({ path_name: text, is_param: flag, use_pickle: flag, tensor_meta: nullable(tensor_meta) });
const payload_config = object({ config: map(payload) });

export type InputSpecification = ReturnType<typeof input_spec>;
export type OutputSpecification = ReturnType<typeof output_spec>;
export type WrittenProgram = ReturnType<typeof program>;
export type Payload = ReturnType<typeof payload>;

// ---- Reading ------------------------------------------------------------------------------------

// Texts, so that what looks like a number in them is left alone, and numbers.
const texts_and_numbers = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const most_digits = 15;
const many_digits = /\d{15}/;

/** JSON with integers of any size. */
function parse(json: string, what: string): unknown {
  const exact = (token: string): string =>
    token.length > most_digits && /^-?\d+$/.test(token) ? `{"${big_number}":"${token}"}` : token;
  try {
    return JSON.parse(many_digits.test(json) ? json.replace(texts_and_numbers, exact) : json) as unknown;
  } catch (error) {
    throw new Error(`${what} is not JSON`, { cause: error });
  }
}

/** Reads `models/<name>.json`. @throws Error for what is not such a program, and for another version of the schema */
export function read_program(json: string, what: string): WrittenProgram {
  const value = parse(json, what);
  const version = is_plain_object(value) ? value.schema_version : undefined;
  const major = is_plain_object(version) ? version.major : undefined;
  if (major !== SCHEMA_VERSION[0]) {
    throw new Error(
      `Serialized schema version ${typeof major === 'number' ? major : kind_of(major)} does not match our current ` +
        `schema version ${SCHEMA_VERSION.join('.')}.`,
    );
  }
  return program(value, what);
}

/** Reads the list of the tensors of an archive, `data/weights/<name>_weights_config.json` and its like. */
export function read_payloads(json: string, what: string): ReadonlyMap<string, Payload> {
  return payload_config(parse(json, what), what).config;
}
