/** Deep copies of modules, as Python's `copy.deepcopy` makes them. */
import { Buffer, Parameter } from './nn/parameter.js';
import { Module } from './nn/module.js';
import { Tensor } from './tensor.js';

type Memo = Map<unknown, unknown>;

function copy_tensor(tensor: Tensor): Tensor {
  if (!tensor.is_leaf) throw new Error('deepcopy(): only tensors without a history can be copied');
  const data = tensor.detach().clone();
  if (tensor instanceof Parameter) return new Parameter(data, tensor.requires_grad);
  const copy = tensor instanceof Buffer ? new Buffer(data, { persistent: tensor.persistent }) : data;
  return copy.requires_grad_(tensor.requires_grad);
}

function copy_fields(value: object, copy: object, memo: Memo): void {
  for (const key of Reflect.ownKeys(value)) {
    const field = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
    const present = Object.getOwnPropertyDescriptor(copy, key);
    if (present?.configurable === false) {
      copy_fields(field.value as object, present.value as object, memo);
    } else {
      if ('value' in field) field.value = deepcopy(field.value as unknown, memo);
      Object.defineProperty(copy, key, field);
    }
  }
}

/** A copy of a module with all that it holds; what occurs twice occurs twice in the copy. Functions are not copied. */
export function deepcopy<T>(value: T, memo: Memo = new Map()): T {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
  if (memo.has(value)) return memo.get(value) as T;
  let copy: object;
  if (value instanceof Tensor) {
    copy = copy_tensor(value);
    memo.set(value, copy);
  } else if (value instanceof Module) {
    copy = Object.setPrototypeOf(new Module(), Object.getPrototypeOf(value) as object) as object;
    memo.set(value, copy);
    copy_fields(value, copy, memo);
  } else if (Array.isArray(value)) {
    copy = value.map((item) => deepcopy(item as unknown, memo));
  } else if (value instanceof Map) {
    copy = new Map(value as Map<unknown, unknown>);
  } else {
    return value;
  }
  return copy as T;
}
