/**
 * From a JavaScript call to a native plan.
 *
 * Each argument has a kind (`Kind`); the kinds of a call, with the names of what came in the options object, lead
 * through a tree of nodes to a plan that the addon made once: which overload, and how each argument is converted. After
 * the first call of its shape, a call does no string work and no overload resolution.
 */
import { types } from 'node:util';

import { name_operator } from '../_internal/operator_errors.js';
import { factories, with_default_device } from '../types/default_device.js';
import { Device, device_of_index, initialize_device } from '../types/device.js';
import { DType, Layout, MemoryFormat } from '../types/dtype.js';
import {
  return_names,
  number_as_tensor,
  fft_table,
  linalg_table,
  method_table,
  nested_table,
  nn_table,
  sparse_table,
  special_table,
  torch_table,
} from '../generated/tables.js';
import type { Operators } from '../generated/operators.js';
import { argument_memory, Kind } from '../generated/shared_numbers.js';
import { hint_at_builds, python_types_in } from './error_text.js';
import { LinAlgError } from './linalg_error.js';
import { native, type ResolvedPlan, type Wrapped } from './native.js';
import { argument_slots, number_of_text, scratch } from './scratch.js';
import { overriding, StandInOperand, stands_in } from '../_internal/overriding.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { Generator } from './generator.js';
import { Complex } from '../types/scalar.js';
import type { Tensor } from '../_tensor.js';
import { is_tensor, with_history, wrap } from './tensor_base.js';
import { carried_out } from './tensor_subclass.js';
import { KIND, kind_of } from '../_internal/kind_of.js';

const enum Result {
  tensor,
  argument,
  nothing,
  tensors,
  mixed,
  value,
}

interface Plan {
  readonly id: number;
  /** What {@link native.call} takes, but for where the arguments begin; -1 when they cannot be in its memory. */
  readonly packed: number;
  readonly result: Result;
  readonly same_as: number;
  readonly letters: string;
  readonly operator: string;
  readonly named: NamedClass | undefined;
}

/** A place in the tree of argument kinds. */
class Node {
  readonly kinds: (Node | undefined)[] = [];
  keys: Map<string, Node> | undefined;
  plan: Plan | undefined;

  kind(kind: Kind): Node {
    return (this.kinds[kind] ??= new Node());
  }

  key(name: string): Node {
    this.keys ??= new Map();
    let node = this.keys.get(name);
    if (!node) this.keys.set(name, (node = new Node()));
    return node;
  }
}

/** A function name with its overloads, bound to the addon at the first call. */
export class Packet {
  readonly root = new Node();
  /** The function that calls it, for who takes calls over. */
  of: ((...args: never[]) => unknown) | undefined;
  private id: number | undefined;

  constructor(
    /** The name in error texts. */
    readonly display: string,
    private readonly bind: () => number,
    /** Whether the first argument is `this`. */
    readonly method = false,
  ) {}

  native_id(): number {
    if (this.id === undefined) {
      const id = this.bind();
      if (id < 0) throw new Error(`${this.display}(): the loaded libtorch has no such operator`);
      this.id = id;
    }
    return this.id;
  }
}

// Where the next argument goes in the memory that the addon reads. A call leaves it where it found it.
let top = 0;
// Whether an argument did not fit in there. A call that a getter makes among the arguments of another one says so for that
// one as well: what has been put there may be the only trace of a tensor, which may be freed meanwhile.
let overflow = false;

const INTS = (1 << Kind.int) | (1 << Kind.bigint);
const REALS = INTS | (1 << Kind.float);
const SCALARS = REALS | (1 << Kind.bool) | (1 << Kind.complex);

/** What a list is whose elements are of the kinds in `seen`, a bit each. */
function kind_of_list(seen: number, nones: boolean): Kind {
  if (seen === 1 << Kind.tensor) return nones ? Kind.optional_tensor_list : Kind.tensor_list;
  if (nones) return seen === 0 ? Kind.optional_tensor_list : Kind.other;
  if ((seen & ~INTS) === 0) return Kind.int_list;
  if ((seen & ~REALS) === 0) return Kind.float_list;
  if (seen === 1 << Kind.bool) return Kind.bool_list;
  if ((seen & ~SCALARS) === 0) return Kind.scalar_list;
  return seen === 1 << Kind.string ? Kind.string_list : Kind.other;
}

/** The length of a list; what a Proxy gives for it may be no length at all. */
function length_of(list: ArrayLike<unknown>): number {
  const { length } = list;
  return length >>> 0 === length ? length : Math.min(Math.max(Math.trunc(length) || 0, 0), 2 ** 32 - 1);
}

function classify_list(list: ArrayLike<unknown>): Kind {
  const length = length_of(list);
  put(length);
  if (length === 0) return Kind.empty_list;
  let seen = 0;
  let nones = false;
  for (let i = 0; i < length; i++) {
    const kind = classify(list[i]);
    if (kind === Kind.none) {
      nones = true;
      // What stands for no tensor is a handle that there is not.
      argument_slots[top - 1] = -1;
    } else seen |= 1 << kind;
    // A bigint beyond what a double holds, say.
    if (kind === Kind.bigint || kind >= Kind.empty_list) overflow = true;
  }
  return kind_of_list(seen, nones);
}

function put(number: number): void {
  if (top >= argument_memory) overflow = true;
  else argument_slots[top++] = number;
}

function put_text(text: string): void {
  const number = number_of_text(text);
  if (number < 0) overflow = true;
  put(number);
}

function classify_object(value: object): Kind {
  if (is_tensor(value)) {
    put(value._h);
    return Kind.tensor;
  }
  if (Array.isArray(value)) return classify_list(value as unknown[]);
  if (value instanceof DType) {
    put(value.code);
    return Kind.dtype;
  }
  if (value instanceof Device) {
    put_text(value.toString());
    return Kind.device;
  }
  if (value instanceof Generator) return Kind.generator;
  if (value instanceof Layout) {
    put(value.code);
    return Kind.layout;
  }
  if (value instanceof MemoryFormat) {
    put(value.code);
    return Kind.memory_format;
  }
  if (value instanceof Complex) return Kind.complex;
  if (ArrayBuffer.isView(value) && 'length' in value) return classify_list(value as unknown as ArrayLike<unknown>);
  return classify_other(value);
}

function classify_other(value: unknown): Kind {
  if (overriding.taker !== null && stands_in(value)) throw new StandInOperand();
  return Kind.other;
}

/** The kind of an argument, which is put where the addon reads it, unless it is of a kind that cannot be. */
function classify(value: unknown): Kind {
  switch (typeof value) {
    case 'object':
      if (value !== null) return classify_object(value);
      put(0);
      return Kind.none;
    case 'number':
      put(value);
      return Number.isSafeInteger(value) ? Kind.int : Kind.float;
    case 'boolean':
      put(value ? 1 : 0);
      return Kind.bool;
    case 'undefined':
      put(0);
      return Kind.none;
    case 'string':
      put_text(value);
      return Kind.string;
    case 'bigint':
      return Kind.bigint;
    default:
      return classify_other(value);
  }
}

/** The kinds of arguments, for which nothing is put anywhere. */
function kinds_of(values: readonly unknown[]): Kind[] {
  const base = top;
  try {
    return values.map(classify);
  } finally {
    top = base;
    overflow = base !== 0;
  }
}

/** An argument as a value of Node-API. */
function payload_of(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (is_tensor(value)) return value._h;
  if (Array.isArray(value)) return value.map(payload_of);
  if (value instanceof DType || value instanceof Layout || value instanceof MemoryFormat) return value.code;
  if (value instanceof Device) return value.toString();
  if (value instanceof Generator) return value._native;
  if (value instanceof Complex) return [value.re, value.im];
  if (ArrayBuffer.isView(value) && 'length' in value) return Array.from(value as unknown as ArrayLike<unknown>);
  return value;
}

/** A value with its kind, as native/core/convert.h's tagged values have it. @internal */
export function tagged(value: unknown): [kind: Kind, payload: unknown] {
  return [kinds_of([value])[0]!, payload_of(value)];
}

/** Of a list that holds something else than tensors, or ints, Python's parser names the element. */
function naming_element(error: unknown, packet: Packet, args: readonly unknown[]): unknown {
  if (!types.isNativeError(error)) return error;
  const ints = /: argument '\w+' \(position (\d+)\) must be tuple of (?:int|float)s(?=, not list$)/.exec(error.message);
  if (ints !== null) {
    const found: unknown = args[Number(ints[1]) - 1 + Number(packet.method)];
    if (!Array.isArray(found) || is_integer(found[0]) || is_tensor(found[0])) return error;
    error.message = error.message.replace(/, not list$/, `, but found element of type ${kind_of(found[0])} at pos 0`);
    return error;
  }
  const match = /: argument '\w+' \(position (\d+)\) must be tuple of Tensors, not (?!Tensor$)/.exec(error.message);
  const place = Number(match?.[1]) - 1;
  const list = args[place + Number(packet.method)];
  if (match === null || !Array.isArray(list)) return error;
  const element = list.findIndex((item) => !is_tensor(item));
  error.message = `${packet.display}(): expected Tensor as element ${element} in argument ${place}, but got ${kind_of(list[element])}`;
  return error;
}

/** The names in an options object, without those of arguments that were left out. */
function given_names(options: Record<string, unknown> | undefined): string[] {
  return Object.keys(options ?? {}).filter((name) => options?.[name] !== undefined);
}

/** Asks the addon for the plan of a call of this shape, and hangs it into the tree. */
function resolve(
  packet: Packet,
  node: Node,
  args: readonly unknown[],
  options: Record<string, unknown> | undefined,
): Plan {
  const names = given_names(options);
  const values = [...args, ...names.map((name) => options?.[name])];
  let found: ResolvedPlan;
  try {
    found = native.resolve(packet.native_id(), kinds_of(values), names, values.map(kind_of));
  } catch (error) {
    throw naming_element(error, packet, args);
  }
  let result: Result;
  if (found.same_as >= 0) result = Result.argument;
  else if (found.returns === '') result = Result.nothing;
  else if (found.returns === 'T') result = Result.tensor;
  else if (found.returns === 'L' || /^TT+$/.test(found.returns)) result = Result.tensors;
  else result = found.returns.length === 1 ? Result.value : Result.mixed;
  const packed = found.plan * argument_memory;
  const plan: Plan = {
    id: found.plan,
    packed: found.in_memory && packed < 2 ** 31 - argument_memory ? packed : -1,
    result,
    same_as: found.same_as,
    letters: found.returns,
    operator: found.operator,
    named: named_class_of(found.operator.slice(found.operator.indexOf('::') + 2), result === Result.argument),
  };
  node.plan = plan;
  return plan;
}

const named_classes = new Map<string, NamedClass>();

/** The class of results of an overload that names them; `writes`: into what it was given as `out`. */
function named_class_of(overload: string, writes: boolean): NamedClass | undefined {
  const names = return_names[overload];
  if (names === undefined) return undefined;
  let found = named_classes.get(overload);
  if (found === undefined)
    named_classes.set(overload, (found = named_class(overload.replace(/\..*/, '') + (writes ? '_out' : ''), names)));
  return found;
}

function value_from_native(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 're' in value) {
    const { re, im } = value as { re: number; im: number };
    return new Complex(re, im);
  }
  return Array.isArray(value) ? value.map(value_from_native) : value;
}

/** A result with names, as Python's `torch.return_types.max`: an array whose elements also have names. */
export abstract class NamedResult extends Array<unknown> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** The name in `torch.return_types`. @internal */
  abstract readonly _operator: string;
  /** @internal */
  abstract readonly _names: readonly string[];

  /** As Python prints it. */
  override toString(): string {
    const fields = this._names.map((name, i) => `${name}=${String(this[i])}`);
    return `torch.return_types.${this._operator}(\n${fields.join(',\n')})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

type NamedClass = new () => NamedResult;

/** The class of an operator's results: the names are members of its prototype, so that a result is no more than an array. */
function named_class(operator_name: string, names: readonly string[]): NamedClass {
  class Result extends NamedResult {
    declare readonly _operator: string;
    declare readonly _names: readonly string[];
  }
  const constant = (value: unknown): PropertyDescriptor => ({ value, enumerable: false });
  Object.defineProperties(Result.prototype, {
    constructor: constant(NamedResult),
    _operator: constant(operator_name),
    [KIND]: constant(`torch.return_types.${operator_name}`),
    _names: constant(names),
  });
  names.forEach((name, i) => {
    Object.defineProperty(Result.prototype, name, {
      get(this: NamedResult) {
        return this[i];
      },
    });
  });
  return Result;
}

/** The tensors that a call has given: their count when they are in the scratch memory, else themselves. */
function tensors_given(given: number | Wrapped[], of: NamedClass | undefined): unknown[] {
  if (typeof given !== 'number') return named(given.map(wrap), of);
  const tensors: unknown[] = of === undefined ? [] : new of();
  for (let i = 0; i < given; i++) tensors[i] = wrap(scratch[i]!);
  return tensors;
}

function named(values: unknown[], of: NamedClass | undefined): unknown[] {
  if (of === undefined) return values;
  const result = new of();
  for (const value of values) result.push(value);
  return result;
}

function finish(
  plan: Plan,
  raw: unknown,
  args: readonly unknown[],
  count: number,
  options: Record<string, unknown> | undefined,
): unknown {
  switch (plan.result) {
    case Result.tensor:
      return wrap(raw as Wrapped);
    case Result.argument: {
      if (plan.same_as < count) {
        const changed = args[plan.same_as];
        return raw === true ? with_history(changed as Tensor) : changed;
      }
      const given = options?.[given_names(options)[plan.same_as - count] as string];
      return plan.letters.length > 1 ? named([...(given as Tensor[])], plan.named) : given;
    }
    case Result.nothing:
      return undefined;
    case Result.tensors:
      return tensors_given(raw as number | Wrapped[], plan.named);
    case Result.mixed:
      // Where all are tensors after all, the addon says how many.
      if (typeof raw === 'number') return tensors_given(raw, plan.named);
      return named(
        (raw as unknown[]).map((value, i) => {
          if (plan.letters[i] === 'T') return wrap(value as Wrapped);
          if (plan.letters[i] === 'L') return (value as Wrapped[]).map(wrap);
          return value_from_native(value);
        }),
        plan.named,
      );
    case Result.value:
      return value_from_native(raw);
  }
}

/** An error that libtorch raised in an operator, as Python raises it. */
function raised(
  error: unknown,
  packet: Packet,
  plan: Plan,
  args: readonly unknown[],
  options?: Record<string, unknown>,
): unknown {
  // Functions of the user, which modes and torch.library call, may throw anything.
  if (!types.isNativeError(error)) return error;
  const { message, kind } = error as Error & { kind?: unknown };
  // Only one element can be a number, which is known when it is looked at. Python looks before it chooses an overload.
  if (/^a Tensor with \d+ elements cannot be converted to Scalar/.test(String(message))) {
    const refusal = refused_numbers(packet, plan, args, options);
    if (refusal !== undefined) return name_operator(refusal, packet.display);
  }
  if (/^Overflow when unpacking long long/.test(String(message))) {
    const fault = (element: unknown): string | undefined =>
      typeof element === 'bigint' && BigInt.asIntN(64, element) !== element ? String(message) : undefined;
    const refusal = refused_element(packet, plan, args, options, fault);
    if (refusal !== undefined) return refusal;
  }
  if (kind === 'LinAlgError') return name_operator(new LinAlgError(String(message)), packet.display);
  const device = options?.['device'];
  // Python looks whether there is such a device before it calls the operator.
  if (device !== undefined && device !== null && /^Could not run '|is a grandfathered Caffe2/m.test(String(message))) {
    initialize_device(String(device));
  }
  return hint_at_builds(python_types_in(name_operator(error, packet.display)));
}

/** The arguments of an operator as its schema has them, `SymInt[] size`, in order. */
function schema_arguments(operator_name: string): string[] {
  const [base, overload = ''] = operator_name.split('.') as [string, string?];
  const schema = native.schema_of(base, overload) ?? '';
  return schema
    .slice(schema.indexOf('(') + 1, schema.lastIndexOf(') ->'))
    .replace(/=\[[^\]]*\]/g, '')
    .split(', ')
    .filter((arg) => arg !== '*');
}

/** The arguments of an operator that are numbers, by place and by name. */
function number_arguments(operator_name: string): ReadonlySet<number | string> {
  const found = new Set<number | string>();
  schema_arguments(operator_name).forEach((arg, place) => {
    const [, name] = /^(?:int|SymInt|float|Scalar)\?? (\w+)/.exec(arg) ?? [];
    if (name !== undefined)
      found
        .add(place)
        .add(name)
        .add(name === 'self' ? 'input' : name);
  });
  return found;
}

const is_integer = (value: unknown): boolean => Number.isInteger(value) || typeof value === 'bigint';
/** What Python writes of an element that no int can be made of. */
const not_unpacked = (element: unknown): string => `type must be tuple of ints,but got ${kind_of(element)}`;

/**
 * Python's error about an element of a list of ints, of which its parser has looked at the first one only. Sizes that are
 * given one by one, `x.view(2, null)`, are such a list.
 * @param fault what is wrong with an element; undefined for one that is right
 * @returns undefined when no list of ints has such an element
 */
function refused_element(
  packet: Packet,
  plan: Plan,
  args: readonly unknown[],
  options: Record<string, unknown> | undefined,
  fault: (element: unknown) => string | undefined,
): TypeError | undefined {
  const declared = schema_arguments(plan.operator);
  const lists = declared.map((arg) => /^(?:int|SymInt)\[\d*\]\?? (\w+)/.exec(arg)?.[1]);
  const given: [name: string | undefined, value: unknown][] = args.map((value, place) => {
    const one_by_one = is_integer(value) && /^(?:int|SymInt)\[\] /.test(declared[place] ?? '');
    return [lists[place], one_by_one ? args.slice(place) : value];
  });
  for (const name of given_names(options)) if (lists.includes(name)) given.push([name, options?.[name]]);
  for (const [name, list] of given) {
    if (name === undefined || !Array.isArray(list) || !is_integer(list[0])) continue;
    for (let i = 0; i < list.length; i++) {
      const text = fault(list[i]);
      if (text === undefined) continue;
      const where = `argument '${name}' failed to unpack the object at pos ${i + 1}`;
      return new TypeError(`${packet.display}(): ${where} with error "${text}"`);
    }
  }
  return undefined;
}

/** The error about a call that no overload takes: as if lists that begin with an int had nothing else in them, it may take one. */
function refused_list(
  packet: Packet,
  args: readonly unknown[],
  options: Record<string, unknown> | undefined,
): TypeError | undefined {
  const first = Number(packet.method);
  const ints = (list: readonly unknown[]): unknown[] => list.map((element) => (is_integer(element) ? element : 0));
  const begun = (value: unknown): unknown => (Array.isArray(value) && is_integer(value[0]) ? ints(value) : value);
  const by_name = options && Object.fromEntries(Object.entries(options).map(([name, value]) => [name, begun(value)]));
  const fault = (element: unknown): string | undefined => (is_integer(element) ? undefined : not_unpacked(element));
  const attempts = [args.map(begun)];
  for (const start of [first, 1 - first]) {
    if (is_integer(args[start])) attempts.push([...args.slice(0, start), ...ints(args.slice(start))]);
  }
  for (const attempt of attempts) {
    if (!has_plan(packet, attempt, by_name)) continue;
    const plan = node_of(packet, attempt, attempt.length, by_name).plan!;
    const refusal = refused_element(packet, plan, args, options, fault);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** Python's error about tensors of several elements in places of numbers; undefined when there are none. */
function refused_numbers(
  packet: Packet,
  plan: Plan,
  args: readonly unknown[],
  options: Record<string, unknown> | undefined,
): unknown {
  const names = given_names(options);
  const values = [...args, ...names.map((name) => options?.[name])];
  const numbers = number_arguments(plan.operator);
  // As what nothing takes, such a tensor is refused with Python's sentence; one with one element is a number.
  const kinds = kinds_of(values);
  values.forEach((value, i) => {
    if (!is_tensor(value) || !numbers.has(i < args.length ? i : names[i - args.length]!)) return;
    kinds[i] = value.numel() === 1 ? Kind.int : Kind.other;
  });
  if (!kinds.includes(Kind.other)) return undefined;
  try {
    native.resolve(packet.native_id(), kinds, names, values.map(kind_of));
    return undefined;
  } catch (error) {
    return error;
  }
}

// Whether the arguments that were classified last fit in the memory that the addon reads.
let fitted = true;

/** The place in the tree for a call; its arguments lie in the memory from where `top` was, and is again. */
function node_of(
  packet: Packet,
  args: readonly unknown[],
  count: number,
  options: Record<string, unknown> | undefined,
): Node {
  const base = top;
  let node = packet.root;
  try {
    for (let i = 0; i < count; i++) node = node.kind(classify(args[i]));
    for (const name in options) {
      const value = options[name];
      if (value !== undefined) node = node.key(name).kind(classify(value));
    }
  } finally {
    top = base;
    fitted = !overflow;
    overflow = base !== 0;
  }
  return node;
}

/** An argument as it is now: lists whose elements come from getters would give others at each look. */
function held(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const list = Array.from(value as unknown[], held);
  // Error texts name the class of a list.
  const prototype = Object.getPrototypeOf(value) as object;
  return prototype === Array.prototype ? list : (Object.setPrototypeOf(list, prototype) as unknown);
}

function held_options(options: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  return options && Object.fromEntries(Object.entries(options).map(([name, value]) => [name, held(value)]));
}

/** Calls with values of Node-API what does not fit in memory; the arguments are those of which `node_of` made `plan`. */
function call_with(
  plan: Plan,
  args: readonly unknown[],
  count: number,
  options: Record<string, unknown> | undefined,
): unknown {
  if (plan.result === Result.argument && plan.letters.length > 1) {
    const out = options?.['out'] as readonly Tensor[];
    const expected = plan.letters.length;
    if (out.length !== expected) throw new TypeError(`expected tuple of ${expected} elements but got ${out.length}`);
  }
  return native.call_with(plan.id, ...payloads_of(args, count, options));
}

/** Whether an argument is an options object; tensors are told apart first, since to ask for a prototype takes longer. */
function is_options(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && !is_tensor(value) && is_plain_object(value);
}

/** What a call gives whose arguments could not be classified. @throws what was thrown, when nobody takes the call over */
function taken_over(error: unknown, packet: Packet, args: unknown[]): unknown {
  if (error instanceof StandInOperand && overriding.taker !== null && packet.of !== undefined) {
    return overriding.taker.call(packet.of, args, packet.method ? packet.display : null);
  }
  return carried_out(error, packet.display, args, (...others) => invoke(packet, others));
}

/** Calls a packet with arguments as a user gave them: positional ones, then perhaps an options object. */
export function invoke(packet: Packet, args: unknown[]): unknown {
  try {
    return invoke_dense(packet, args);
  } catch (error) {
    return taken_over(error, packet, args);
  }
}

function invoke_dense(packet: Packet, args: unknown[]): unknown {
  let count = args.length;
  let options: Record<string, unknown> | undefined;
  const last = args[count - 1];
  if (is_options(last)) {
    options = last;
    count--;
  }
  // trailing arguments that were left out
  while (count > 0 && args[count - 1] === undefined) count--;
  if (options !== undefined && Number.isInteger(options['device'])) {
    options = { ...options, device: device_of_index(options['device'] as number) };
  }
  const base = top;
  let plan = node_of(packet, args, count, options).plan;
  if (plan === undefined) return invoke_first(packet, args.slice(0, count), options);
  if (!fitted) {
    args = args.slice(0, count).map(held);
    options = held_options(options);
    plan = node_of(packet, args, count, options).plan;
    if (plan === undefined) return invoke_first(packet, args, options);
  }
  let raw: unknown;
  try {
    const in_memory = fitted && plan.packed >= 0 && base < argument_memory;
    raw = in_memory ? native.call(plan.packed + base) : call_with(plan, args, count, options);
  } catch (error) {
    throw raised(error, packet, plan, args.slice(0, count), options);
  }
  return plan.result === Result.tensor ? wrap(raw as Wrapped) : finish(plan, raw, args, count, options);
}

function payloads_of(args: readonly unknown[], count: number, options: Record<string, unknown> | undefined): unknown[] {
  const payloads = args.slice(0, count).map(payload_of);
  for (const name of given_names(options)) payloads.push(payload_of(options?.[name]));
  return payloads;
}

/** The first call of a shape. */
function invoke_first(packet: Packet, positional: unknown[], options: Record<string, unknown> | undefined): unknown {
  // A plan for other kinds than those that lead to it would serve all later calls.
  positional = positional.map(held);
  options = held_options(options);
  try {
    resolve(packet, node_of(packet, positional, positional.length, options), positional, options);
  } catch (error) {
    const concrete = positional.map((arg, i) => (i === 0 && packet.method ? arg : without_index_tensors(arg)));
    if (concrete.every((arg, i) => arg === positional[i]) || !has_plan(packet, concrete, options)) {
      throw refused_list(packet, positional, options) ?? name_operator(error, packet.display);
    }
    positional = concrete;
  }
  return invoke(packet, options === undefined ? positional : [...positional, options]);
}

function has_plan(packet: Packet, positional: unknown[], options: Record<string, unknown> | undefined): boolean {
  const node = node_of(packet, positional, positional.length, options);
  try {
    if (node.plan === undefined) resolve(packet, node, positional, options);
    return true;
  } catch {
    return false;
  }
}

/** Integers instead of tensors that hold one, which Python takes for them in sizes; the value itself for all else. */
function without_index_tensors(value: unknown): unknown {
  if (Array.isArray(value) && value.some((element) => is_tensor(element))) return value.map(without_index_tensors);
  if (!is_tensor(value) || value.dim() > 0) return value;
  const { dtype } = value;
  return dtype.is_floating_point || dtype.is_complex || dtype.name === 'bool' || value.is_meta ? value : value.item();
}

/** Calls with one or two positional arguments: no arrays, no options. */
function invoke_few(packet: Packet, a: unknown, b: unknown, count: 1 | 2): unknown {
  const base = top;
  let node: Node | undefined;
  try {
    node = packet.root.kinds[classify(a)];
    if (count === 2 && node !== undefined) node = node.kinds[classify(b)];
  } catch (error) {
    return taken_over(error, packet, count === 1 ? [a] : [a, b]);
  } finally {
    top = base;
    fitted = !overflow;
    overflow = base !== 0;
  }
  const plan = node?.plan;
  if (plan === undefined || !fitted || plan.packed < 0) return invoke(packet, count === 1 ? [a] : [a, b]);
  let raw: unknown;
  try {
    raw = native.call(plan.packed + base);
  } catch (error) {
    throw raised(error, packet, plan, count === 1 ? [a] : [a, b]);
  }
  if (plan.result === Result.tensor) return wrap(raw as Wrapped);
  return finish(plan, raw, count === 1 ? [a] : [a, b], count, undefined);
}

/** A callable made from a packet, for functions. */
export function callable(packet: Packet): (...args: unknown[]) => unknown {
  const called = (...args: unknown[]): unknown => {
    const count = args.length;
    if (count === 2 && !is_options(args[1]) && args[1] !== undefined) return invoke_few(packet, args[0], args[1], 2);
    if (count === 1 && !is_options(args[0])) return invoke_few(packet, args[0], undefined, 1);
    return invoke(packet, args);
  };
  packet.of = called;
  return called;
}

/** A callable made from a packet, for methods: `this` is the first argument. */
function method(packet: Packet): (this: unknown, ...args: unknown[]) => unknown {
  const called = function (this: unknown, ...args: unknown[]): unknown {
    const count = args.length;
    if (count === 0) return invoke_few(packet, this, undefined, 1);
    if (count === 1 && !is_options(args[0]) && args[0] !== undefined) return invoke_few(packet, this, args[0], 2);
    args.unshift(this);
    return invoke(packet, args);
  };
  packet.of = called;
  return called;
}

const namespaces = {
  torch: torch_table,
  method: method_table,
  nn: nn_table,
  fft: fft_table,
  linalg: linalg_table,
  special: special_table,
  sparse: sparse_table,
  nested: nested_table,
};

/**
 * The packet of the overloads that the loaded libtorch has: one of another minor version than that of lib/generated/ may
 * have some of them only.
 * @throws Error when it has none
 */
function bind(display: string, names: readonly string[], numbers_as_tensors: boolean, method = false): number {
  const id = native.packet(display, names, numbers_as_tensors, method);
  if (id >= 0) return id;
  const operators = new Set(names.map((name) => name.replace(/\..*/, '')));
  throw new Error(`${display}(): libtorch ${native.version_of_libtorch()} has no ${[...operators].join(' or ')}`);
}

function table_packet(namespace: keyof typeof namespaces, name: string): Packet {
  const prefix = namespace === 'torch' || namespace === 'method' || namespace === 'nn' ? '' : `${namespace}.`;
  return new Packet(
    prefix + name,
    () => {
      const overloads = namespaces[namespace][name] as string;
      const numbers_as_tensors = namespace === 'torch' || namespace === 'method' ? number_as_tensor.has(name) : false;
      return bind(
        prefix + name,
        overloads.split(' ').map((o) => `aten::${o}`),
        numbers_as_tensors,
        namespace === 'method',
      );
    },
    namespace === 'method',
  );
}

/** A function from its schemas; those that make tensors from nothing take the default device. */
function table_function(namespace: keyof typeof namespaces, name: string): (...args: unknown[]) => unknown {
  const packet = table_packet(namespace, name);
  const plain = callable(packet);
  if (factories.has(name)) packet.of = (...args: unknown[]) => plain(...with_default_device(args));
  return packet.of as typeof plain;
}

/** The function `torch.<name>` from its schemas. */
export function torch_function(name: string): (...args: unknown[]) => unknown {
  return table_function('torch', name);
}

/** The function `torch.<namespace>.<name>` from its schemas. */
export function namespace_function(
  namespace: 'nn' | 'fft' | 'linalg' | 'special' | 'sparse' | 'nested',
  name: string,
): (...args: unknown[]) => unknown {
  return table_function(namespace, name);
}

type Joined<O extends readonly string[]> = O extends readonly [
  infer First extends string,
  ...infer Rest extends string[],
]
  ? Rest extends []
    ? First
    : `${First}, ${Joined<Rest>}`
  : '';

/** Overloads of an operator as one function, with the types of their schemas. */
type Operator<B extends string, O extends readonly string[]> = `${B}(${Joined<O>})` extends infer K extends
  keyof Operators
  ? Operators[K]
  : never;

/**
 * Calls overloads directly: `operator('aten::unbind', 'int')(x, 0)`. `npm run codegen` finds the names, which are written out
 * for that, and takes their types from the schemas.
 */
export function operator<B extends string, O extends string[]>(base: B, ...overloads: O): Operator<B, O> {
  return operator_as(base.slice(base.indexOf('::') + 2), base, ...overloads);
}

/** The same under the name that error texts give it: `operator_as('unique', 'aten::_unique2', '')`. */
export function operator_as<B extends string, O extends string[]>(
  display: string,
  base: B,
  ...overloads: O
): Operator<B, O> {
  return overloads_of(display, base, overloads) as Operator<B, O>;
}

/** Overloads of an operator whose names are not known before the program runs. */
export function overloads_of(
  display: string,
  base: string,
  overloads: readonly string[],
): (...args: unknown[]) => unknown {
  return callable(
    new Packet(display, () =>
      bind(
        display,
        overloads.map((o) => (o ? `${base}.${o}` : base)),
        number_as_tensor.has(display),
      ),
    ),
  );
}

/** Puts a method for each schema with a method variant on `Tensor.prototype`; those written by hand stay. */
export function install_methods(prototype: Tensor): void {
  for (const name in method_table) {
    if (Object.hasOwn(prototype, name)) continue;
    Object.defineProperty(prototype, name, {
      value: method(table_packet('method', name)),
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
}
