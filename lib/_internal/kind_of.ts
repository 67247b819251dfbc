/**
 * What error texts call the kind of a value: Python's names of types, as in `must be Tensor, not str`. The one place for
 * it: the addon is given these names too.
 */
import { dirname } from 'node:path';

import { is_plain_object } from './plain_object.js';

interface Class {
  readonly prototype: object;
}

const class_names = new Map<unknown, string>();

/** Under this symbol an object has the name of its kind, where objects of one class are of several in Python. */
export const KIND = Symbol('kind');

/** Two copies of the package in one process have different classes; this mark on its objects identifies them to the other. */
const mark = Symbol.for('torch-node.copy');
const this_copy = { folder: dirname(dirname(__dirname)) };

/** Lets error texts tell instances of a class made by another copy of the package from those of this one. */
export function mark_class(marked: Class): void {
  Object.defineProperty(marked.prototype, mark, { value: this_copy });
}

/** Sets the name of a class in error texts, where Python's differs: `torch.dtype` for `DType`. */
export function name_class(named: Class, name: string): void {
  class_names.set(named, name);
  mark_class(named);
}

function class_name(value: object): string {
  const own = (value as { [KIND]?: unknown })[KIND];
  if (typeof own === 'string') return own;
  const { constructor } = value as { constructor?: unknown };
  const known = class_names.get(constructor);
  if (known !== undefined) return known;
  if (typeof constructor !== 'function') return is_plain_object(value) ? 'dict' : 'object';
  // By name, so that objects of other realms (vm contexts, test runners) have the same kind.
  switch (constructor.name) {
    case 'Array':
      return 'list';
    case 'Object':
      return 'dict';
    case 'Map':
      return 'dict';
    case 'Set':
      return 'set';
    case 'Function':
    case 'AsyncFunction':
    case 'GeneratorFunction':
    case 'AsyncGeneratorFunction':
      return /^class\b/.test(String(value)) ? 'type' : 'function';
    default:
      return constructor.name;
  }
}

function boxed_name(value: object): string {
  const name = class_name(value);
  const copy = (value as { [mark]?: typeof this_copy })[mark];
  if (copy === undefined || copy === this_copy) return name;
  return `${foreign_names[name] ?? name} of another copy of torch-node (${copy.folder})`;
}

// Classes of another copy are not in this one's table.
const foreign_names: Readonly<Record<string, string>> = {
  DType: 'torch.dtype',
  Device: 'torch.device',
  Layout: 'torch.layout',
  MemoryFormat: 'torch.memory_format',
  Generator: 'torch._C.Generator',
  NDArray: 'numpy.ndarray',
  Complex: 'complex',
  Size: 'torch.Size',
};

/**
 * The name of a value's kind in error texts: `NoneType`, `int`, `float`, `complex`, `str`, `bool`, `list`, `dict`, `set`,
 * `function`, `type`, `torch.dtype` and the like, else the name of its class. A tensor that another copy of the package
 * made is called so, with the folder of that copy.
 */
export function kind_of(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    case 'bigint':
      return 'int';
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'object':
    case 'function':
      return boxed_name(value);
    default:
      return typeof value;
  }
}
