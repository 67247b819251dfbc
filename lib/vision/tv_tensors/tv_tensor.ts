import { native } from '../../_C/native.js';
import { as_tensor, type TensorData } from '../../creation.js';
import type { Arguments } from '../../_internal/signature.js';
import { Tensor, type ToOptions } from '../../_tensor.js';
import type { DeviceLike } from '../../types/device.js';
import type { DType, MemoryFormat } from '../../types/dtype.js';

/** Keyword arguments of all tv_tensors. */
export interface TVTensorOptions {
  /** Data type; by the data when left out. */
  dtype?: DType | null;
  /** Device; that of the data when left out. */
  device?: DeviceLike | null;
  /** Whether gradients are recorded; as the data when left out. */
  requires_grad?: boolean | null;
}

/** The signature of {@link TVTensorOptions}. */
export const TV_OPTIONS = 'dtype?: dtype|None, device?: device|str|None, requires_grad?: bool|None';

/** A tensor object of its own for the same values, which another class may be given. */
export const plain_view = (tensor: Tensor): Tensor => tensor.view_as(tensor);

/**
 * What the constructor of tensors takes, for an object that is given up: the tensor itself gets the class, with the graph that it
 * belongs to.
 */
export const handle_of = (tensor: Tensor): ReturnType<typeof native.alias_detached> => native.alias_detached(tensor._h);

/** The tensor that a tv_tensor is made of. */
export function tensor_of_data(data: TensorData, { dtype, device, requires_grad }: TVTensorOptions): Tensor {
  const options = { ...(dtype ? { dtype } : {}), ...(device ? { device } : {}) };
  const tensor = plain_view(as_tensor(data, options));
  return requires_grad == null ? tensor : tensor.detach().requires_grad_(requires_grad);
}

type Method = (...args: unknown[]) => Tensor;

/**
 * The base class of tensors that say what they are: `Image`, `Video`, `Mask`, `BoundingBoxes` and `KeyPoints`. Operators
 * give plain tensors; transforms of `transforms.v2` and the methods `clone`, `to`, `detach`, `requires_grad_` and `pin_memory` give
 * tensors of the same class, with the same fields. Mirrors `torchvision.tv_tensors.TVTensor`.
 * @example
 * ```ts
 * import { tv_tensors } from 'torch-node/vision';
 * const image = new tv_tensors.Image(torch.zeros(3, 2, 2));
 * print(image instanceof tv_tensors.TVTensor, image.add(1) instanceof tv_tensors.TVTensor); // True False
 * print(image.to(torch.float64) instanceof tv_tensors.Image); // True
 * ```
 */
export abstract class TVTensor extends Tensor {
  /** Gives a tensor object the class and the fields of this one. @internal */
  _give_class(tensor: Tensor): this {
    return as_class(tensor, this.constructor as typeof TVTensor) as this;
  }

  /** As `Tensor.clone`, of the same class. */
  override clone(options?: { memory_format?: MemoryFormat | null }): this {
    return this._give_class(super.clone(options));
  }

  /** As `Tensor.detach`, of the same class. */
  override detach(): this {
    return this._give_class(super.detach());
  }

  /** As `Tensor.to`, of the same class. */
  override to(
    ...args: Arguments<
      [dtype: DType, non_blocking?: boolean, copy?: boolean],
      ToOptions & { dtype: DType },
      ['dtype', 'non_blocking', 'copy']
    >
  ): this;
  override to(
    ...args: Arguments<
      [tensor: Tensor, non_blocking?: boolean, copy?: boolean],
      ToOptions & { tensor: Tensor },
      ['tensor', 'non_blocking', 'copy']
    >
  ): this;
  override to(
    ...args: Arguments<
      [device?: DeviceLike | null, dtype?: DType | null, non_blocking?: boolean, copy?: boolean],
      ToOptions,
      ['device', 'dtype', 'non_blocking', 'copy']
    >
  ): this;
  override to(...args: unknown[]): this {
    const made = (super.to as Method).apply(this, args);
    return made === this ? this : this._give_class(made);
  }

  /** As `Tensor.pin_memory`, of the same class. */
  override pin_memory(device?: DeviceLike | null): this;
  override pin_memory(options: { device?: DeviceLike | null }): this;
  override pin_memory(...args: unknown[]): this {
    const made = (super.pin_memory as Method).apply(this, args);
    return made === this ? this : this._give_class(made);
  }

  /** What is printed behind the values; null for no more than of other tensors. @internal */
  protected _metadata(): string | null {
    return null;
  }

  override toString(): string {
    const metadata = this._metadata();
    const text = super.toString();
    return metadata === null ? text : `${text.slice(0, -1)}, ${metadata})`;
  }
}

/** Gives a tensor object a class of tv_tensors, and its fields. */
export function as_class<T extends TVTensor>(tensor: Tensor, kind: { readonly prototype: T }, fields: object = {}): T {
  return Object.assign(Object.setPrototypeOf(tensor, kind.prototype) as T, fields);
}
