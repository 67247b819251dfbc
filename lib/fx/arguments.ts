/** Arguments of functions that Python writes in Python, as it hands them on to what takes a call over. */
import { Float } from '../python/values.js';
import type { KeywordArguments, TargetFunction } from './node.js';
import { qualified_name } from './python_names.js';
import { HANDED_ON } from './written.js';

interface Bound {
  readonly args: readonly unknown[];
  readonly kwargs: KeywordArguments;
}

interface Parameter {
  readonly name: string;
  /** Its default, for one that is handed on by name. */
  readonly fallback: unknown;
  readonly by_name: boolean;
  /** Whether it takes all further arguments. */
  readonly rest: boolean;
}

/** A constant of Python's. */
function constant(text: string): unknown {
  if (text === 'None' || text === '') return null;
  if (text === 'True' || text === 'False') return text === 'True';
  if (text.startsWith("'")) return text.slice(1, -1);
  const value = Number(text);
  return Number.isInteger(value) && /[.e]/.test(text) ? new Float(value) : value;
}

function parameters_in(text: string): Parameter[] {
  return text.split(',').map((part) => {
    const [name, fallback] = part.split('=') as [string, string?];
    const rest = name.startsWith('*');
    return { name: name.replace('*', ''), fallback: constant(fallback ?? ''), by_name: fallback !== undefined, rest };
  });
}

/**
 * The arguments of a call as Python hands them on: those without a default by position, the others by name, with their defaults.
 * @returns null for a function that does not hand on its calls, so that what it calls is recorded
 */
export function bound_arguments(
  fn: TargetFunction,
  given: readonly unknown[],
  split: (args: readonly unknown[]) => [args: unknown[], kwargs: KeywordArguments],
): Bound | null {
  const path = qualified_name(fn);
  const name = path.slice(path.lastIndexOf('.') + 1);
  const [args, kwargs] = split(given);
  const in_python = path.startsWith('torch.nn.functional.') || path.startsWith('torch.functional.');
  if (!in_python) return { args, kwargs };
  const text = HANDED_ON[name];
  if (text === undefined) return null;
  const parameters = parameters_in(text);
  const positional: unknown[] = [];
  const named: Record<string, unknown> = {};
  const left = [...args];
  for (const parameter of parameters) {
    if (parameter.rest) {
      const values = left.splice(0);
      positional.push(...(values.length === 1 && Array.isArray(values[0]) ? (values[0] as unknown[]) : values));
      continue;
    }
    const value = left.length > 0 ? left.shift() : kwargs[parameter.name];
    if (parameter.by_name) named[parameter.name] = value === undefined ? parameter.fallback : value;
    else positional.push(value ?? null);
  }
  return { args: positional, kwargs: named };
}
