/** `torch._C.TensorBase`: a JavaScript object that represents a slot of the native tensor table. */
import type { Tensor } from '../_tensor.js';
import { uncloneable } from '../_internal/uncloneable.js';
import { Tracking } from '../generated/shared_numbers.js';
import { native, type Handle, type Wrapped } from './native.js';
import './collector.js';

const clone = uncloneable('torch.Tensor', 'tensor');

// Small tensors share a page object: the page of the plain ones and the page of those with a graph.
const pages: [object, object] = [{}, {}];
const page_ids: [number, number] = [-1, -1];
// The page of tensors that are tracked alone.
const no_page: object = { clone };

function open_page(kind: 0 | 1, id: number): object {
  const page = native.track_page(id, { id, clone });
  pages[kind] = page;
  page_ids[kind] = id;
  return page;
}

/** Ties an object to its slot in the native table; returns what keeps the slot from being freed. */
function kept_by(tensor: object, wrapped: Wrapped): object {
  const handle = wrapped >> 2;
  const tracking = wrapped & 3;
  if (tracking === Tracking.single) {
    native.track(handle, tensor);
    return no_page;
  }
  const id = handle >> 6;
  return page_ids[tracking as 0 | 1] === id ? pages[tracking as 0 | 1] : open_page(tracking as 0 | 1, id);
}

/** The base of Tensor, without methods: a slot of the native table, and the page that keeps it from being freed. */
export class TensorBase {
  /** @internal the slot in the native table */
  readonly _h: Handle;
  /** @internal keeps the page of small tensors alive, and refuses to be cloned */
  readonly _p: object;

  /** @internal use `torch.tensor(...)` and the like */
  constructor(wrapped: Wrapped) {
    this._h = wrapped >> 2;
    this._p = kept_by(this, wrapped);
  }
}

type TensorClass = new (wrapped: Wrapped) => Tensor;

/** Makes tensors as the constructor of their class does, without calling those of its base classes. */
const WrappedTensor = function (this: { _h: Handle; _p: object }, wrapped: Wrapped): void {
  this._h = wrapped >> 2;
  this._p = kept_by(this, wrapped);
} as unknown as TensorClass;

/** Sets the class of the objects that {@link wrap} makes; lib/_tensor.ts calls it, so that lower layers need not import it. */
export function bind_tensor_class(of: TensorClass): void {
  (WrappedTensor as { prototype: Tensor }).prototype = of.prototype;
}

/** Wraps what the addon returns for a tensor. @internal */
export function wrap(wrapped: Wrapped): Tensor {
  // An undefined tensor is null; only callers of functions that may return one handle that.
  return (wrapped < 0 ? null : new WrappedTensor(wrapped)) as Tensor;
}

/** Lets an object represent another slot; what is in its own one stays there. */
function occupy(tensor: TensorBase, wrapped: Wrapped): void {
  const moved: { _h: Handle; _p: object } = tensor;
  moved._h = wrapped >> 2;
  moved._p = kept_by(tensor, wrapped);
}

/**
 * Returns a tensor that was changed, and by that got a history: it may need another page, for what its graph holds would
 * live as long as the tensors of its page. @internal
 */
export function with_history<T extends TensorBase>(tensor: T): T {
  const wrapped = native.move_to_graph_page(tensor._h);
  if (wrapped >= 0) occupy(tensor, wrapped);
  return tensor;
}

/** Lets an object represent another slot; its own one is emptied. @internal */
export function move_to_slot(tensor: TensorBase, wrapped: Wrapped): void {
  native.dispose(tensor._h);
  occupy(tensor, wrapped);
}

/** Whether a value is a tensor; also for files that cannot import the class Tensor. @internal */
export function is_tensor(value: unknown): value is Tensor {
  return value instanceof TensorBase;
}
