import type { Tensor } from '../../_tensor.js';
import { signature } from '../../_internal/signature.js';

/** A transform is a function: `transform(image)` runs its `forward`. */
export interface Transform<I, O> {
  (input: I): O;
}

/**
 * The base of transforms. Instances are callable, as in Python: `new ToTensor()(image)`.
 *
 * A transform that treats all images alike, element by element, may also have a `forward_batch`, which takes the
 * images stacked and must give the same numbers; data loaders then read whole batches.
 */
export abstract class Transform<I, O> {
  constructor() {
    const self = ((input: I) => self.forward(input)) as unknown as this;
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

/** A transform that can take images stacked along a new first dimension. */
export interface BatchedTransform {
  forward_batch(images: Tensor): Tensor;
  /** False when it cannot after all. Default true. */
  readonly batched?: boolean;
}

const HAS_BATCHED_FORM = signature<{ transform: unknown }>('has_batched_form', 'transform: Callable');

/** Whether a transform can take a whole batch. */
export function has_batched_form<F extends object>(transform: F): transform is F & BatchedTransform;
export function has_batched_form(...args: unknown[]): boolean {
  const { forward_batch, batched } = HAS_BATCHED_FORM.read(args).transform as Partial<BatchedTransform>;
  return typeof forward_batch === 'function' && batched !== false;
}
