/** Classes of values, `type(x)`, and how Python writes them. */
import { inspect } from 'node:util';

import { kind_of } from '../_internal/kind_of.js';
import { Parameter } from '../nn/parameter.js';
import { builtin_class_name } from '../serialization/module_classes.js';
import { PyTypeError } from './exceptions.js';
import { type Any, type_name } from './values.js';

const BUILTINS = /^(NoneType|bool|int|float|str|bytes|list|tuple|dict|set|function)$/;

/** A type of Python's that JavaScript has no class for. */
class BuiltinType {
  constructor(readonly name: string) {}

  get __name__(): string {
    return this.name;
  }

  [inspect.custom](): string {
    return `<class '${this.name}'>`;
  }
}

const builtin_types = new Map<string, BuiltinType>();

/** `int`, `list` and the like, as what `type(x)` is compared with. */
export function builtin_type(name: string): Any {
  let found = builtin_types.get(name);
  if (!found) builtin_types.set(name, (found = new BuiltinType(name)));
  return found;
}

/** `type(x)`. */
export function type_of(value: Any): Any {
  const name = type_name(value);
  return BUILTINS.test(name) ? builtin_type(name) : value.constructor;
}

/**
 * What Python writes for a class, `<class 'torch.Tensor'>`.
 * @param own the classes of the program, with Python's names
 * @throws TypeError for a class of which it is not known which module it is in
 */
export function class_text(of: Any, own: Readonly<Record<string, string>> = {}): string {
  if (of instanceof BuiltinType) return of[inspect.custom]();
  const kind = kind_of(Object.create(of.prototype as object));
  const path =
    builtin_class_name(of) ??
    (of === Parameter ? 'torch.nn.parameter.Parameter' : undefined) ??
    (/\./.test(kind) && !kind.includes(' ') ? kind : undefined) ??
    (kind === 'Tensor' || kind === 'Size' ? `torch.${kind}` : own[of.name as string]);
  if (path === undefined) throw new PyTypeError(`type(): the module of the class ${of.name} is not known`);
  return `<class '${path}'>`;
}
