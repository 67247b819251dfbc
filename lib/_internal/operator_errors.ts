/**
 * Names in errors of operators. An operator's error begins with the operator's name; where a function is made of operators
 * with other names, the name of the function that was called stands there instead.
 * They are known whatever the realm: the addon's errors are those of the realm that loaded it.
 */
import { types } from 'node:util';

const names = new WeakMap<Error, string>();
const foreign = new WeakSet<Error>();

/** Whether an error comes out of a function of the user's. */
export function is_foreign(error: unknown): boolean {
  return types.isNativeError(error) && foreign.has(error);
}

/** Runs a function of the user's that something of ours calls: its errors stay as they are. */
export function as_foreign<R>(run: () => R): R {
  try {
    return run();
  } catch (error) {
    if (types.isNativeError(error)) foreign.add(error);
    throw error;
  }
}

/** Makes an error begin with the name of the operator that failed: `conv2d(): ...`. */
export function name_operator(error: unknown, operator: string): unknown {
  if (!types.isNativeError(error) || foreign.has(error)) return error;
  if (!error.message.startsWith(`${operator}()`)) error.message = `${operator}(): ${error.message}`;
  names.set(error, operator);
  return error;
}

/** Makes an error of an operator begin with the name of the function that was called; other errors stay as they are. */
export function name_function(error: unknown, callee: string): unknown {
  if (!types.isNativeError(error)) return error;
  const operator = names.get(error);
  if (operator === undefined || operator === callee || !error.message.startsWith(`${operator}()`)) return error;
  error.message = callee + error.message.slice(operator.length);
  names.set(error, callee);
  return error;
}

/** Runs what a function is made of; errors of its operators name the function. */
export function in_name_of<R>(callee: string, run: () => R): R {
  try {
    return run();
  } catch (error) {
    throw name_function(error, callee);
  }
}
