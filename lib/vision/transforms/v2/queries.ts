/** What is in a sample, for transforms of one's own. */
import { signature } from '../../../_internal/signature.js';
import { Tensor } from '../../../_tensor.js';
import { BoundingBoxes, KeyPoints } from '../../tv_tensors/boxes.js';
import { Image, Video } from '../../tv_tensors/images.js';
import { dimensions } from '../functional/image.js';
import { is_pure } from './functional/dispatch.js';
import { query_size as size_of_sample } from './transform.js';

/** A class; `Number`, `String` and `Boolean` stand for values of these kinds. */
export type Kind = abstract new (...args: never) => unknown;

/** A class, or a function that says whether a value is meant. */
export type KindOrCheck = Kind | ((value: never) => boolean);

/** Whether a value is of a class. */
export function is_of(value: unknown, kind: Kind): boolean {
  return value instanceof kind || (value !== null && value !== undefined && Object(value) instanceof kind);
}

/** Classes have a prototype that cannot be written. */
const is_class = (kind: KindOrCheck): kind is Kind =>
  Object.getOwnPropertyDescriptor(kind, 'prototype')?.writable === false;

const fits = (value: unknown, kinds: readonly KindOrCheck[]): boolean =>
  kinds.some((kind) => (is_class(kind) ? is_of(value, kind) : kind(value as never)));

const CHECK_TYPE = signature<{ obj: unknown; types_or_checks: KindOrCheck[] }>(
  'check_type',
  'obj: any, types_or_checks: list',
);

/**
 * Whether a value is of one of some classes, or one of some functions says so. Mirrors
 * `torchvision.transforms.v2.check_type`.
 *
 * @param obj - the value
 * @param types_or_checks - classes, and functions of the value
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const { check_type, functional } = transforms.v2;
 * print(check_type(torch.ones(1), [tv_tensors.Mask, functional.is_pure_tensor])); // True
 * ```
 */
export function check_type(obj: unknown, types_or_checks: readonly KindOrCheck[]): boolean;
export function check_type(...args: unknown[]): boolean {
  const { obj, types_or_checks } = CHECK_TYPE.read(args);
  return fits(obj, types_or_checks);
}

type Checks = { flat_inputs: unknown[]; types_or_checks: KindOrCheck[] };
const HAS_ANY = signature<Checks>('has_any', 'flat_inputs: list, *types_or_checks: Callable');
const HAS_ALL = HAS_ANY.renamed('has_all');

/**
 * Whether a value of any of some classes is in a sample. Mirrors `torchvision.transforms.v2.has_any`.
 *
 * @param flat_inputs - the leaves of the sample
 * @param types_or_checks - classes, and functions of a value
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * print(transforms.v2.has_any([torch.ones(1), 3], tv_tensors.Mask, tv_tensors.Image)); // False
 * ```
 */
export function has_any(flat_inputs: readonly unknown[], ...types_or_checks: readonly KindOrCheck[]): boolean;
export function has_any(...args: unknown[]): boolean {
  const { flat_inputs, types_or_checks } = HAS_ANY.read(args);
  return flat_inputs.some((leaf) => fits(leaf, types_or_checks));
}

/**
 * Whether values of each of some classes are in a sample. Mirrors `torchvision.transforms.v2.has_all`.
 *
 * @param flat_inputs - the leaves of the sample
 * @param types_or_checks - classes, and functions of a value
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * print(transforms.v2.has_all([new tv_tensors.Mask([1]), torch.ones(1)], tv_tensors.Mask, torch.Tensor)); // True
 * ```
 */
export function has_all(flat_inputs: readonly unknown[], ...types_or_checks: readonly KindOrCheck[]): boolean;
export function has_all(...args: unknown[]): boolean {
  const { flat_inputs, types_or_checks } = HAS_ALL.read(args);
  return types_or_checks.every((kind) => flat_inputs.some((leaf) => fits(leaf, [kind])));
}

type Leaves = { flat_inputs: unknown[] };
const QUERY_SIZE = signature<Leaves>('query_size', 'flat_inputs: list');
const QUERY_CHW = QUERY_SIZE.renamed('query_chw');
const GET_BOXES = QUERY_SIZE.renamed('get_bounding_boxes');
const GET_POINTS = QUERY_SIZE.renamed('get_keypoints');

type LeavesArguments = [flat_inputs: readonly unknown[]] | [options: { flat_inputs: readonly unknown[] }];

/**
 * The height and the width that all inputs have. Mirrors `torchvision.transforms.v2.query_size`.
 *
 * @param flat_inputs - the leaves of a sample
 * @throws TypeError for no input with a size; Error for different ones
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * print(transforms.v2.query_size([torch.zeros(3, 4, 5), new tv_tensors.Mask(torch.zeros(4, 5))])); // [4, 5]
 * ```
 */
export function query_size(...args: LeavesArguments): [height: number, width: number];
export function query_size(...args: unknown[]): [number, number] {
  return size_of_sample(QUERY_SIZE.read(args).flat_inputs);
}

/**
 * The number of channels, the height and the width that all images and videos have. Mirrors
 * `torchvision.transforms.v2.query_chw`.
 *
 * @param flat_inputs - the leaves of a sample
 * @throws TypeError for no image or video; Error for different sizes
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.query_chw([torch.zeros(3, 4, 5)])); // [3, 4, 5]
 * ```
 */
export function query_chw(...args: LeavesArguments): [channels: number, height: number, width: number];
export function query_chw(...args: unknown[]): [number, number, number] {
  const { flat_inputs } = QUERY_CHW.read(args);
  const sizes = new Map(
    flat_inputs
      .filter(
        (leaf): leaf is Tensor =>
          leaf instanceof Image || leaf instanceof Video || (leaf instanceof Tensor && is_pure(leaf)),
      )
      .map((image) => dimensions(image))
      .map((size) => [size.join(', '), size] as const),
  );
  const [first, ...others] = sizes.values();
  if (first === undefined) throw new TypeError('No image or video was found in the sample');
  if (others.length > 0) {
    const shown = [...sizes.keys()].sort().map((size) => `'(${size})'`);
    throw new Error(`Found multiple CxHxW dimensions in the sample: ${shown.join(', ')}`);
  }
  return first;
}

/**
 * The boxes of a sample. Mirrors `torchvision.transforms.v2.get_bounding_boxes`.
 *
 * @param flat_inputs - the leaves of a sample
 * @throws Error when there are none
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const boxes = new tv_tensors.BoundingBoxes([1, 2, 3, 4], { format: 'XYXY', canvas_size: [10, 20] });
 * print(transforms.v2.get_bounding_boxes([3, boxes]) === boxes); // True
 * ```
 */
export function get_bounding_boxes(...args: LeavesArguments): BoundingBoxes;
export function get_bounding_boxes(...args: unknown[]): BoundingBoxes {
  const { flat_inputs } = GET_BOXES.read(args);
  const found = flat_inputs.find((leaf): leaf is BoundingBoxes => leaf instanceof BoundingBoxes);
  if (found === undefined) throw new Error('No bounding boxes were found in the sample');
  return found;
}

/**
 * The points of a sample. Mirrors `torchvision.transforms.v2.get_keypoints`.
 *
 * @param flat_inputs - the leaves of a sample
 * @throws Error when there are none
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const points = new tv_tensors.KeyPoints([1, 2], { canvas_size: [10, 20] });
 * print(transforms.v2.get_keypoints([3, points]) === points); // True
 * ```
 */
export function get_keypoints(...args: LeavesArguments): KeyPoints;
export function get_keypoints(...args: unknown[]): KeyPoints {
  const { flat_inputs } = GET_POINTS.read(args);
  const found = flat_inputs.find((leaf): leaf is KeyPoints => leaf instanceof KeyPoints);
  if (found === undefined) throw new Error('No keypoints were found in the sample');
  return found;
}
