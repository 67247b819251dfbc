/** Mirrors `torch.typename`: what Python's texts about members of modules call a value. */
import { types } from 'node:util';

import { module_files } from '../../generated/module_files.js';
import { Tensor } from '../../_tensor.js';
import { kind_of } from '../../_internal/representation.js';

let titles: Map<string, string> | null = null;

function module_title(name: string): string {
  titles ??= new Map(
    Object.entries(module_files).flatMap(([module, names]) =>
      names.map((each): [string, string] => [each, `${module}.${each}`]),
    ),
  );
  return titles.get(name) ?? name;
}

/** The class of a value with the module that it is in, as far as JavaScript knows it; of a tensor, its type. */
export function typename(value: unknown): string {
  if (value instanceof Tensor) return value.type();
  if (Array.isArray(value)) return 'list';
  if (types.isMap(value)) return 'dict';
  const kind = kind_of(value);
  if (kind === 'Object') return 'dict';
  return typeof value === 'function' && kind !== 'Function'
    ? module_title(kind)
    : kind === 'Function'
      ? 'function'
      : kind;
}
