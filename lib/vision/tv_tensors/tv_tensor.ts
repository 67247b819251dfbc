import { native } from '../../_C/native.js';
import { as_tensor, type TensorData } from '../../creation.js';
import { Tensor } from '../../_tensor.js';
import type { DeviceLike } from '../../types/device.js';
import type { DType } from '../../types/dtype.js';

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

/**
 * The base class of tensors that say what they are: `Image`, `Video`, `Mask`, `BoundingBoxes` and `KeyPoints`. Operators
 * give plain tensors, transforms of `transforms.v2` tensors of the same class. Mirrors `torchvision.tv_tensors.TVTensor`.
 * @example
 * ```ts
 * import { tv_tensors } from 'torch-node/vision';
 * const image = new tv_tensors.Image(torch.zeros(3, 2, 2));
 * print(image instanceof tv_tensors.TVTensor, image.add(1) instanceof tv_tensors.TVTensor); // True False
 * ```
 */
export abstract class TVTensor extends Tensor {
  /** What is printed behind the values. @internal */
  protected _metadata(): string {
    return '';
  }

  override toString(): string {
    const name = this.constructor.name;
    const text = plain_view(this.detach()).toString();
    const indented = text
      .replace(/^tensor\(/, `${name}(`)
      .replaceAll(`\n${' '.repeat(7)}`, `\n${' '.repeat(name.length + 1)}`);
    return `${indented.slice(0, -1)}, ${this._metadata()})`;
  }
}

/** Gives a tensor object a class of tv_tensors, and its fields. */
export function as_class<T extends TVTensor>(tensor: Tensor, kind: { readonly prototype: T }, fields: object = {}): T {
  return Object.assign(Object.setPrototypeOf(tensor, kind.prototype) as T, fields);
}
