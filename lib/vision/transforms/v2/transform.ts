import { types } from 'node:util';

import { rand } from '../../../generated/functions.js';
import { tree_flatten, tree_unflatten } from '../../../utils/_pytree.js';
import { define_kind } from '../../../_internal/signature.js';
import { Tensor } from '../../../_tensor.js';
import { Image, Video } from '../../tv_tensors/images.js';
import { call_text } from '../representation.js';
import { dimensions } from '../functional/image.js';
import { is_pil_image } from '../functional/pil_image.js';
import { is_pure } from './functional/dispatch.js';
import { size_of } from './functional/values.js';

/** A transform is a function of one input, or of several, which it returns as an array. */
export interface Transform {
  <T>(input: T): T;
  <T extends readonly unknown[]>(...inputs: T): T;
}

/**
 * The base class of transforms v2, whose instances are callable. Inputs may be tensors and tv_tensors, and arrays and objects
 * with such tensors in them, at any depth. Mirrors `torchvision.transforms.v2.Transform`.
 *
 * A subclass defines `transform(inpt, params)`, and `make_params(flat_inputs)` for what is the same for all inputs.
 * Where there are an image or a video of `tv_tensors`, or an image of PIL (what datasets and `ToPILImage` give), plain tensors are
 * returned as they are, such as labels; where there are none, the first plain tensor is an image.
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * class Double extends transforms.v2.Transform {
 *   override transform(inpt: torch.Tensor): torch.Tensor {
 *     return inpt.mul(2);
 *   }
 * }
 * print(new Double()({ image: torch.ones(1, 1, 2), label: torch.tensor(3) })); // {'image': tensor([[[2., 2.]]]), 'label': tensor(3)}
 * ```
 */
export abstract class Transform {
  constructor() {
    const self = ((...inputs: unknown[]) => self.forward(...inputs)) as unknown as this;
    // A function's own name and length would hide fields of those names.
    delete (self as { name?: unknown }).name;
    delete (self as { length?: unknown }).length;
    Object.setPrototypeOf(self, new.target.prototype as object);
    return self;
  }

  /** @throws Error for inputs that this transform does not take */
  check_inputs(_flat_inputs: readonly unknown[]): void {}

  /** What is the same for all inputs, such as random numbers. */
  make_params(_flat_inputs: readonly unknown[]): object {
    return {};
  }

  /** Whether a leaf of the inputs is transformed, if plain tensors are. */
  protected takes(leaf: unknown): boolean {
    return leaf instanceof Tensor;
  }

  /** Transforms one leaf of the inputs. */
  abstract transform(inpt: Tensor, params: object): unknown;

  /** Whether each leaf is transformed: of plain tensors, the first one where there is no image or video, and all images of PIL. */
  protected needs_transform(flat_inputs: readonly unknown[]): boolean[] {
    const is_pil = (leaf: unknown): boolean => leaf instanceof Tensor && is_pil_image(leaf);
    let takes_plain = !flat_inputs.some((leaf) => leaf instanceof Image || leaf instanceof Video || is_pil(leaf));
    return flat_inputs.map((leaf) => {
      if (!this.takes(leaf)) return false;
      if (!(leaf instanceof Tensor) || !is_pure(leaf) || is_pil(leaf)) return true;
      const takes = takes_plain;
      takes_plain = false;
      return takes;
    });
  }

  /** Transforms the leaves of inputs, after they were checked. */
  protected transformed(flat_inputs: readonly unknown[], needs: readonly boolean[], params: object): unknown[] {
    return flat_inputs.map((leaf, i) => (needs[i] ? this.transform(leaf as Tensor, params) : leaf));
  }

  forward(...inputs: unknown[]): unknown {
    const [flat_inputs, spec] = tree_flatten(one_or_all(this, inputs));
    this.check_inputs(flat_inputs);
    const needs = this.needs_transform(flat_inputs);
    const params = this.make_params(flat_inputs.filter((_, i) => needs[i]));
    return tree_unflatten(this.transformed(flat_inputs, needs, params), spec);
  }

  /** The arguments, as they are printed. @internal */
  protected _texts(): Readonly<Record<string, string | null>> {
    return {};
  }

  /** As torchvision prints it. */
  toString(): string {
    return call_text(this, this._texts());
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

// Values by the class of inputs.
define_kind('ByClass', 'a Map by class', types.isMap);

/** One input itself, several as an array. @throws TypeError for none */
export function one_or_all(transform: object, inputs: readonly unknown[]): unknown {
  if (inputs.length === 0) throw new TypeError(`${transform.constructor.name}() takes at least one input`);
  return inputs.length === 1 ? inputs[0] : [...inputs];
}

/** A transform that does nothing to some inputs. */
export abstract class RandomTransform extends Transform {
  readonly p: number;

  /** @throws Error for a probability outside of [0, 1] */
  constructor(p: number) {
    super();
    check_probability(p);
    this.p = p;
  }

  override forward(...inputs: unknown[]): unknown {
    const input = one_or_all(this, inputs);
    const [flat_inputs, spec] = tree_flatten(input);
    this.check_inputs(flat_inputs);
    if (rand(1).item<number>() >= Math.fround(this.p)) return input;
    const needs = this.needs_transform(flat_inputs);
    const params = this.make_params(flat_inputs.filter((_, i) => needs[i]));
    return tree_unflatten(this.transformed(flat_inputs, needs, params), spec);
  }
}

/** @throws Error for a probability outside of [0, 1] */
export function check_probability(p: number): void {
  if (p >= 0 && p <= 1) return;
  throw new Error('`p` should be a floating point value in the interval [0.0, 1.0].');
}

/** The size that all inputs have. @throws for no input with a size, and for different ones */
export function query_size(flat_inputs: readonly unknown[]): [height: number, width: number] {
  const sizes = new Map<string, [number, number]>();
  for (const leaf of flat_inputs) {
    if (!(leaf instanceof Tensor)) continue;
    const size = size_of(leaf);
    sizes.set(String(size), size);
  }
  const [first, ...others] = sizes.values();
  if (first === undefined) {
    throw new TypeError('No image, video, mask, bounding box of keypoint was found in the sample');
  }
  if (others.length > 0) {
    const shown = [first, ...others].map((size) => `(${size.join(', ')})`).join(', ');
    throw new Error(`Found multiple HxW dimensions in the sample: ${shown}`);
  }
  return first;
}

/** Channels, height and width of the images. @throws TypeError for none */
export function query_image(flat_inputs: readonly unknown[]): [channels: number, height: number, width: number] {
  const image = flat_inputs.find(
    (leaf): leaf is Tensor =>
      leaf instanceof Tensor && (is_pure(leaf) || leaf instanceof Image || leaf instanceof Video),
  );
  if (image === undefined) throw new TypeError('No image or video was found in the sample');
  return dimensions(image);
}

/** Transforms in a list, as one argument. */
export const list_text = (transforms: readonly unknown[]): string => `[${transforms.map(String).join(', ')}]`;
