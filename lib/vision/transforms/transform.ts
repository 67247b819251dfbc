import { Tensor } from '../../_tensor.js';
import { kind_of } from '../../_internal/representation.js';
import { signature } from '../../_internal/signature.js';

/** A transform is a function: `transform(image)` runs its `forward`. */
export interface Transform<I, O> {
  (input: I): O;
}

/**
 * The base class of transforms, whose instances are callable: `new ToTensor()(image)`.
 *
 * A subclass defines `forward`. One that treats all images alike, element by element, may also define
 * `forward_batch`, which takes stacked images and must return the same numbers; data loaders then read whole batches.
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * class Invert extends transforms.Transform<torch.Tensor, torch.Tensor> {
 *   forward(image: torch.Tensor): torch.Tensor {
 *     return image.neg().add(1);
 *   }
 * }
 * print(new Invert()(torch.tensor([0.25, 1]))); // tensor([0.7500, 0.0000])
 * ```
 */
export abstract class Transform<I, O> {
  constructor() {
    const self = ((...args: [I]) => self.forward(...args)) as unknown as this;
    // A function's own name and length would hide fields of those names.
    delete (self as { name?: unknown }).name;
    delete (self as { length?: unknown }).length;
    Object.setPrototypeOf(self, new.target.prototype as object);
    return self;
  }

  abstract forward(input: I): O;

  /** As torchvision prints it. */
  toString(): string {
    return `${this.constructor.name}()`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** What a transform of images is given. @throws TypeError that names the transform, for anything but a tensor */
export function check_tensor(transform: object, img: unknown): asserts img is Tensor {
  if (img instanceof Tensor) return;
  throw new TypeError(`${transform.constructor.name}(): argument 'img' must be Tensor, not ${kind_of(img)}`);
}

/** A transform that supports images stacked along a new first dimension. */
export interface BatchedTransform {
  forward_batch(images: Tensor): Tensor;
  /** Whether this instance supports batches. Default true. */
  readonly batched?: boolean;
}

const HAS_BATCHED_FORM = signature<{ transform: unknown }>('has_batched_form', 'transform: Callable');

/**
 * Whether a transform supports whole batches.
 *
 * @param transform - the transform
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.has_batched_form(new transforms.ToTensor())); // True
 * ```
 */
export function has_batched_form<F extends object>(transform: F): transform is F & BatchedTransform;
export function has_batched_form(...args: unknown[]): boolean {
  const { forward_batch, batched } = HAS_BATCHED_FORM.read(args).transform as Partial<BatchedTransform>;
  return typeof forward_batch === 'function' && batched !== false;
}
