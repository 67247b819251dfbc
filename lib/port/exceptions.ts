/** Python's exceptions, for programs that raise and catch them. */
import { Tuple } from '../python/values.js';

/** The exceptions of Python, each with the one that it extends. */
class PythonException extends Error {
  readonly args: Tuple;

  constructor(...args: unknown[]) {
    super(args.length === 1 ? String(args[0]) : args.length === 0 ? '' : args.map(String).join(', '));
    this.args = Tuple.from(args);
    this.name = new.target.name;
  }
}

export class Exception extends PythonException {}
export class ArithmeticError extends Exception {}
export class ZeroDivisionError extends ArithmeticError {}
export class OverflowError extends ArithmeticError {}
export class AssertionError extends Exception {}
export class AttributeError extends Exception {}
export class FrozenInstanceError extends AttributeError {}
export class LookupError extends Exception {}
export class IndexError extends LookupError {}
export class KeyError extends LookupError {}
export class NameError extends Exception {}
export class OSError extends Exception {}
export class FileNotFoundError extends OSError {}
export class RuntimeError extends Exception {}
export class NotImplementedError extends RuntimeError {}
export class StopIteration extends Exception {}
export class ValueError extends Exception {}
export class ImportError extends Exception {}
export class EOFError extends Exception {}
export class PyTypeError extends Exception {}
export class KeyboardInterrupt extends PythonException {}
export class SystemExit extends PythonException {}

type ErrorClass = abstract new (...args: never[]) => Error;

/**
 * Whether `except` with these classes takes an error. Errors of the package, which are JavaScript's, count as what Python raises:
 * an `Error` as `RuntimeError` and as `ValueError`, a `RangeError` as `IndexError`, those of Node's files as `OSError`.
 */
export function catches(error: unknown, ...classes: readonly (ErrorClass | readonly ErrorClass[])[]): boolean {
  return classes.flat().some((one) => matches(error, one as ErrorClass));
}

function matches(error: unknown, one: ErrorClass): boolean {
  if (error instanceof one) return true;
  if (!(error instanceof Error) || error instanceof PythonException) return false;
  if ((one as unknown) === Exception) return true;
  if ((one as unknown) === PyTypeError) return error instanceof TypeError;
  if ((one as unknown) === IndexError || (one as unknown) === LookupError) return error instanceof RangeError;
  const code = (error as { code?: unknown }).code;
  const of_files = typeof code === 'string' && /^E[A-Z]+$/.test(code);
  if ((one as unknown) === OSError) return of_files;
  if ((one as unknown) === FileNotFoundError) return of_files && code === 'ENOENT';
  const plain = !(error instanceof TypeError) && !(error instanceof RangeError) && !of_files;
  return plain && ((one as unknown) === RuntimeError || (one as unknown) === ValueError);
}
