/** How operators whose kernels are JavaScript are called: arguments as their schema says, and results back. */
import { overloads_of } from '../_C/dispatch.js';
import { native, type ParsedSchema, type SchemaArgument, type Tagged } from '../_C/native.js';
import { as_foreign } from '../_internal/operator_errors.js';
import { refuse_promise } from '../_internal/callbacks.js';
import { from_tagged, to_tagged } from '../jit/values.js';
import { following } from '../_ops.js';
import { dtype_of, layout_of, memory_format_of } from '../types/dtype.js';

/** A function of the user: arguments by position, and those that go by name only in an object at the end. */
export type Implementation = (...args: never[]) => unknown;

/** An operator by its name, with what its schema says. */
export interface Operator {
  /** `mylib::sin`, with the overload behind a dot. */
  readonly qualified: string;
  readonly schema: ParsedSchema;
  /** Whether something goes by name only. */
  readonly has_names: boolean;
  readonly call: (...args: unknown[]) => unknown;
}

/** The two parts of a name. @throws Error with Python's text unless it has both */
export function parts_of(qualified: string): [namespace: string, name: string] {
  const parts = qualified.split('::');
  if (parts.length !== 2 || parts.includes('')) {
    throw new Error(
      `Expected \`qualname\` to be of the form "namespace::name", but got ${qualified}. The qualname passed to the ` +
        'torch.library APIs must consist of a namespace and a name, e.g. aten::sin',
    );
  }
  return parts as [string, string];
}

/** An operator that the dispatcher knows; undefined when it does not. */
export function find_operator(qualified: string): Operator | undefined {
  const [namespace, name] = parts_of(qualified);
  const [base, overload = ''] = name.split('.') as [string, string?];
  const whole = `${namespace}::${base}`;
  const text = native.schema_of(whole, overload);
  if (text === null) return undefined;
  const schema = native.library_parse(text);
  return {
    qualified: overload === '' ? whole : `${whole}.${overload}`,
    schema,
    has_names: schema.arguments.some(({ keyword_only }) => keyword_only),
    // What is defined again has another schema, of which plans that were made before know nothing.
    call: following(() => overloads_of(base, whole, [overload])),
  };
}

/** A value as its argument has it: numbers of dtypes are dtypes. */
export function value_of({ type }: SchemaArgument, tagged: Tagged): unknown {
  const value = from_tagged(tagged);
  if (typeof value !== 'number') return value;
  if (type.startsWith('ScalarType')) return dtype_of(value);
  if (type.startsWith('MemoryFormat')) return memory_format_of(value);
  return type.startsWith('Layout') ? layout_of(value) : value;
}

/** The arguments of a call: those by position, and those that go by name only. */
export interface Given {
  readonly positional: unknown[];
  readonly named: Record<string, unknown> | undefined;
}

export function given_to({ schema, has_names }: Operator, tagged: readonly Tagged[]): Given {
  const positional: unknown[] = [];
  const named: Record<string, unknown> = {};
  schema.arguments.forEach((argument, i) => {
    const value = value_of(argument, tagged[i]!);
    if (argument.keyword_only) named[argument.name] = value;
    else positional.push(value);
  });
  return { positional, named: has_names ? named : undefined };
}

/** All arguments as a function takes them. */
export function arguments_of({ positional, named }: Given): unknown[] {
  return named === undefined ? positional : [...positional, named];
}

/** Calls a function of the user, whose errors stay as they are. */
export function call_user(fn: (...args: never[]) => unknown, callee: string, args: readonly unknown[]): unknown {
  return as_foreign(() => refuse_promise(callee, fn(...(args as never[]))));
}

/** What a function has returned, for the addon: as many values as the schema says. */
export function tagged_results({ schema, qualified }: Operator, result: unknown): Tagged[] {
  const count = schema.returns.length;
  if (count === 0) return [];
  if (count === 1) return [to_tagged(result)];
  if (!Array.isArray(result) || result.length !== count) {
    const found = Array.isArray(result) ? `${result.length}` : 'one value';
    throw new TypeError(`${qualified}(): the function must return an array of ${count} values, not ${found}`);
  }
  return result.map(to_tagged);
}

/** A kernel from a function that takes what the operator takes. */
export function kernel_of(
  its: Operator,
  fn: Implementation,
  check?: (given: Given, result: unknown) => void,
): (tagged: readonly Tagged[]) => Tagged[] {
  return (tagged) => {
    const given = given_to(its, tagged);
    const result = call_user(fn, its.qualified, arguments_of(given));
    check?.(given, result);
    return tagged_results(its, result);
  };
}
