/**
 * Names in errors of operators. An operator's error begins with the operator's name, which libtorch's own text may have already
 * (`torch.cat(): ...`, `linalg.inv: ...`); where a function is made of operators with other names, the name of the function that was
 * called stands there instead.
 * They are known whatever the realm: the addon's errors are those of the realm that loaded it.
 */
import { types } from 'node:util';

const names = new WeakMap<Error, string>();
const foreign = new WeakSet<Error>();

/** Whether an error comes out of a function of the user. */
export function is_foreign(error: unknown): boolean {
  return types.isNativeError(error) && foreign.has(error);
}

/** Runs a callback of the user, whose errors are left unchanged. */
export function as_foreign<R>(run: () => R): R {
  try {
    return run();
  } catch (error) {
    if (types.isNativeError(error)) foreign.add(error);
    throw error;
  }
}

/** Whether a text begins with the name of an operator, in one of the ways in which libtorch writes it: `torch.cat(): `, `linalg.inv: `. */
function begins_with_name(text: string, operator: string): boolean {
  const colon = text.indexOf(':');
  if (text.startsWith(`${operator}()`)) return true;
  if (colon < 0) return false;
  const head = text.slice(0, colon).replace(/\(\)$/, '');
  return plain_name(head) === plain_name(operator);
}

/** A name without its package, and without the underscore of in-place operators. */
function plain_name(name: string): string {
  return name
    .replace(/^torch\./, '')
    .replace(/^(?:nn\.functional|linalg|fft|special|sparse|nested)[._]/, '')
    .replace(/_$/, '');
}

/** Makes an error begin with the name of the operator that failed: `conv2d(): ...`. */
export function name_operator(error: unknown, operator: string): unknown {
  if (!types.isNativeError(error) || foreign.has(error)) return error;
  if (!begins_with_name(error.message, operator)) error.message = `${operator}(): ${error.message}`;
  names.set(error, operator);
  return error;
}

/** Makes an error of an operator begin with the name of the function that was called; other errors stay as they are. */
export function name_function(error: unknown, callee: string): unknown {
  if (!types.isNativeError(error)) return error;
  const operator = names.get(error);
  if (operator === undefined || operator === callee || !begins_with_name(error.message, operator)) return error;
  if (error.message.startsWith(`${operator}()`)) error.message = callee + error.message.slice(operator.length);
  else if (!begins_with_name(error.message, callee)) error.message = `${callee}(): ${error.message}`;
  names.set(error, callee);
  return error;
}

/** Runs the body of a function; errors of its operators name the function. */
export function in_name_of<R>(callee: string, run: () => R): R {
  try {
    return run();
  } catch (error) {
    throw name_function(error, callee);
  }
}
