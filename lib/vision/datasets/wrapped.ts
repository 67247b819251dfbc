/** Datasets whose targets are tv_tensors. Mirrors `torchvision.tv_tensors._dataset_wrapper`. */
import { from_nested } from '../../creation.js';
import { stack } from '../../generated/functions.js';
import { python_repr } from '../../python/print.js';
import { Tuple } from '../../python/values.js';
import { float32, int32, int64, type DType } from '../../types/dtype.js';
import { define_kind, signature, type Arguments } from '../../_internal/signature.js';
import { Tensor } from '../../_tensor.js';
import { converted } from '../transforms/v2/functional/boxes.js';
import { size_of } from '../transforms/v2/functional/values.js';
import { type BoundingBoxes, BoundingBoxFormat, boxes_of } from '../tv_tensors/boxes.js';
import { Mask } from '../tv_tensors/images.js';
import { Caltech101, Caltech256 } from './caltech.js';
import { CelebA } from './celeba.js';
import { CIFAR10 } from './cifar.js';
import { Cityscapes } from './cityscapes.js';
import { coco_mask } from './coco_mask.js';
import { CocoCaptions, CocoDetection, type CocoAnnotation } from './coco.js';
import { DatasetFolder } from './folder.js';
import { GTSRB } from './gtsrb.js';
import { Imagenette } from './imagenette.js';
import { Kitti, type KittiObject } from './kitti.js';
import { MNIST } from './mnist.js';
import { OxfordIIITPet } from './oxford_iiit_pet.js';
import { SBDataset } from './sbd.js';
import { VisionDataset } from './vision_dataset.js';
import { VOCDetection, VOCSegmentation, type VOCAnnotation } from './voc.js';
import { WIDERFace } from './widerface.js';

type AnyDataset = VisionDataset<unknown>;
type Sample = readonly unknown[];
/** The keys of a target: null for those that a dataset has by default. */
type TargetKeys = 'all' | readonly string[] | null;
/** A sample that is not transformed, with its target as tv_tensors. */
type Wrapper = (index: number, sample: Sample) => Sample;

const unchanged: Wrapper = (_index, sample) => sample;

function not_supported(what: string): never {
  throw new Error(
    `${what} is currently not supported by this wrapper. If this would be helpful for you, please open an issue.`,
  );
}

/** The keys that are wanted. @throws Error for others than those that are there */
function chosen_keys(wanted: TargetKeys, available: readonly string[], by_default: TargetKeys): ReadonlySet<string> {
  const keys = wanted ?? by_default;
  if (keys === 'all' || keys === null) return new Set(available);
  const extra = [...new Set(keys)].filter((key) => !available.includes(key)).sort();
  if (extra.length > 0) throw new Error(`Target keys ${python_repr(extra)} are not available`);
  return new Set(keys);
}

/** The values of objects by their keys. */
function columns_of(objects: readonly object[]): Record<string, unknown[]> {
  const columns: Record<string, unknown[]> = {};
  for (const each of objects) for (const [key, value] of Object.entries(each)) (columns[key] ??= []).push(value);
  return columns;
}

/** Boxes in the format XYXY, of an image. */
function boxes_in(
  image: unknown,
  values: Tensor | readonly unknown[],
  format: 'XYXY' | 'XYWH',
  dtype: DType,
): BoundingBoxes {
  const given = values instanceof Tensor ? values : from_nested(values as number[][], { dtype }, 'wrap');
  const boxes = given.dim() === 1 ? given.reshape(-1, 4) : given;
  const { XYXY } = BoundingBoxFormat;
  return boxes_of(converted(boxes, BoundingBoxFormat[format], XYXY).view_as(boxes), {
    format: XYXY,
    canvas_size: size_of(image as Tensor),
    clamping_mode: 'soft',
  });
}

const mask_of = (mask: unknown): Mask => new Mask(mask as Tensor);

const labels_of = (labels: readonly number[]): Tensor => from_nested([...labels], { dtype: int64 }, 'wrap');

/** Those parts of a target that are wanted, the other ones unchanged. */
function by_type(
  target: unknown,
  types: readonly string[],
  wrappers: Readonly<Record<string, (part: unknown) => unknown>>,
): unknown {
  const parts = types.length === 1 ? [target] : (target as readonly unknown[]);
  const wrapped = parts.map((part, i) => wrappers[types[i]!]?.(part) ?? part);
  return wrapped.length === 1 ? wrapped[0] : Tuple.from(wrapped);
}

const segmentation: Wrapper = (_index, [image, mask]) => [image, mask_of(mask)];

function sbd(dataset: SBDataset): Wrapper {
  return dataset.mode === 'boundaries' ? not_supported("SBDataset with mode='boundaries'") : segmentation;
}

function caltech101(dataset: Caltech101): Wrapper {
  if (dataset.target_type.includes('annotation')) {
    not_supported("Caltech101 dataset with `target_type=['annotation', ...]`");
  }
  return unchanged;
}

function coco_detection(dataset: CocoDetection, target_keys: TargetKeys): Wrapper {
  const own = ['segmentation', 'area', 'iscrowd', 'image_id', 'bbox', 'category_id'];
  const keys = chosen_keys(target_keys, [...own, 'boxes', 'masks', 'labels'], ['image_id', 'boxes', 'labels']);
  return (index, [image, annotations]) => {
    const image_id = dataset.ids.at(index)!;
    const objects = annotations as readonly CocoAnnotation[];
    if (objects.length === 0) return [image, { image_id }];
    const columns = columns_of(objects);
    const target: Record<string, unknown> = {};
    if (keys.has('image_id')) target['image_id'] = image_id;
    if (keys.has('boxes')) target['boxes'] = boxes_in(image, columns['bbox']!, 'XYWH', float32);
    if (keys.has('masks')) {
      target['masks'] = mask_of(
        stack(columns['segmentation']!.map((each) => coco_mask(each, size_of(image as Tensor)))),
      );
    }
    if (keys.has('labels')) target['labels'] = labels_of(columns['category_id'] as number[]);
    for (const key of own) if (key !== 'image_id' && keys.has(key)) target[key] = columns[key];
    return [image, target];
  };
}

const VOC_CLASSES =
  '__background__ aeroplane bicycle bird boat bottle bus car cat chair cow diningtable dog horse motorbike person ' +
  'pottedplant sheep sofa train tvmonitor';

/** @throws Error for a name that is not a category */
function index_in(categories: readonly string[], name: unknown): number {
  const index = categories.indexOf(name as string);
  if (index < 0) throw new Error(`${python_repr(name)} is not one of the categories ${categories.join(', ')}`);
  return index;
}

function voc_detection(_dataset: VOCDetection, target_keys: TargetKeys): Wrapper {
  const keys = chosen_keys(target_keys, ['annotation', 'boxes', 'labels'], ['boxes', 'labels']);
  const categories = VOC_CLASSES.split(' ');
  return (_index, [image, annotation]) => {
    const target: Record<string, unknown> = keys.has('annotation') ? { ...(annotation as VOCAnnotation) } : {};
    const { object } = (annotation as { annotation: { object: VOCAnnotation[] } }).annotation;
    const { bndbox = [], name = [] } = columns_of(object);
    if (keys.has('boxes')) {
      const sides = (box: unknown): number[] =>
        ['xmin', 'ymin', 'xmax', 'ymax'].map((side) => Number((box as Record<string, string>)[side]));
      target['boxes'] = boxes_in(image, bndbox.map(sides), 'XYXY', int64);
    }
    if (keys.has('labels')) target['labels'] = labels_of(name.map((each) => index_in(categories, each)));
    return [image, target];
  };
}

function celeba(dataset: CelebA): Wrapper {
  if (dataset.target_type.some((type) => type === 'attr' || type === 'landmarks')) {
    not_supported("`CelebA` dataset with `target_type=['attr', 'landmarks', ...]`");
  }
  return (_index, [image, target]) => [
    image,
    by_type(target, dataset.target_type, { bbox: (box) => boxes_in(image, box as Tensor, 'XYWH', int64) }),
  ];
}

const KITTI_CLASSES = 'Car Van Truck Pedestrian Person_sitting Cyclist Tram Misc DontCare';

function kitti(_dataset: Kitti, target_keys: TargetKeys): Wrapper {
  const own = ['type', 'truncated', 'occluded', 'alpha', 'bbox', 'dimensions', 'location', 'rotation_y'];
  const keys = chosen_keys(target_keys, [...own, 'boxes', 'labels'], ['boxes', 'labels']);
  const categories = KITTI_CLASSES.split(' ');
  return (_index, [image, objects]) => {
    if (objects === null) return [image, null];
    const columns = columns_of(objects as readonly KittiObject[]);
    const target: Record<string, unknown> = {};
    if (keys.has('boxes')) target['boxes'] = boxes_in(image, columns['bbox']!, 'XYXY', float32);
    if (keys.has('labels')) target['labels'] = labels_of(columns['type']!.map((each) => index_in(categories, each)));
    for (const key of own) if (keys.has(key)) target[key] = columns[key];
    return [image, target];
  };
}

function oxford_iiit_pet(dataset: OxfordIIITPet): Wrapper {
  return (_index, [image, target]) => [
    image,
    target === null ? null : by_type(target, dataset._target_types, { segmentation: mask_of }),
  ];
}

/** A mask for each instance, and the class of each: ids above 1000 have the class before three digits. */
function instances_of(mask: unknown): object {
  const ids = (mask as Tensor).to(int32);
  const each = ids.unique().unbind(0);
  const masks = stack(each.map((id) => ids.eq(id)));
  const labels = each.map((id) => (id.item<number>() >= 1000 ? id.div(1000, { rounding_mode: 'floor' }) : id));
  return { masks: mask_of(masks), labels: stack(labels) };
}

function cityscapes(dataset: Cityscapes): Wrapper {
  if (dataset.target_type.some((type) => type === 'polygon' || type === 'color')) {
    not_supported("`Cityscapes` dataset with `target_type=['polygon', 'color', ...]`");
  }
  return (_index, [image, target]) => [
    image,
    by_type(target, dataset.target_type, { instance: instances_of, semantic: mask_of }),
  ];
}

function widerface(_dataset: WIDERFace, target_keys: TargetKeys): Wrapper {
  const available = ['bbox', 'blur', 'expression', 'illumination', 'occlusion', 'pose', 'invalid'];
  const keys = chosen_keys(target_keys, available, 'all');
  return (_index, [image, faces]) => {
    if (faces === null) return [image, null];
    const given = faces as Readonly<Record<string, Tensor>>;
    const target: Record<string, unknown> = {};
    for (const key of available) if (keys.has(key)) target[key] = given[key];
    if (keys.has('bbox')) target['bbox'] = boxes_in(image, given['bbox']!, 'XYWH', int64);
    return [image, target];
  };
}

type Factory = (dataset: never, target_keys: TargetKeys) => Wrapper;
type Kind = abstract new (...args: never) => AnyDataset;

/** How the datasets of a class are wrapped; the first one that a dataset is of counts. */
const factories: readonly (readonly [kind: Kind, Factory])[] = [
  [Caltech256, () => unchanged],
  [CIFAR10, () => unchanged],
  [MNIST, () => unchanged],
  [GTSRB, () => unchanged],
  [DatasetFolder, () => unchanged],
  [Imagenette, () => unchanged],
  [CocoCaptions, () => unchanged],
  [VOCSegmentation, () => segmentation],
  [Caltech101, caltech101],
  [CocoDetection, coco_detection],
  [VOCDetection, voc_detection],
  [SBDataset, sbd],
  [CelebA, celeba],
  [Kitti, kitti],
  [OxfordIIITPet, oxford_iiit_pet],
  [Cityscapes, cityscapes],
  [WIDERFace, widerface],
];
const with_target_keys: readonly unknown[] = [CocoDetection, VOCDetection, Kitti, WIDERFace];

/** @throws TypeError for datasets that no wrapper is for; Error for keys where a dataset has none */
function wrapper_of(dataset: AnyDataset, target_keys: TargetKeys): Wrapper {
  const { name } = dataset.constructor;
  const found = factories.find(([kind]) => dataset instanceof kind);
  if (found === undefined) {
    throw new TypeError(`No wrapper exists for dataset class ${name}. Please wrap the output yourself.`);
  }
  const [kind, factory] = found;
  if (target_keys !== null && !with_target_keys.includes(kind)) {
    throw new Error(
      '`target_keys` is currently only supported for `CocoDetection`, `VOCDetection`, `Kitti`, and `WIDERFace`, but got ' +
        `${name}.`,
    );
  }
  return factory(dataset as never, target_keys);
}

/** A dataset whose targets are tv_tensors; {@link wrap_dataset_for_transforms_v2} makes it. */
export class WrappedDataset<D extends AnyDataset = AnyDataset> extends VisionDataset<readonly unknown[]> {
  /** The dataset, whose transforms are here now. */
  readonly _dataset: D;
  readonly _target_keys: TargetKeys;
  transform: ((image: never) => unknown) | null;
  target_transform: ((target: never) => unknown) | null;

  /** @internal */
  constructor(dataset: D, target_keys: TargetKeys) {
    super(dataset.root);
    wrapper_of(dataset, target_keys);
    this._dataset = dataset;
    this._target_keys = target_keys;
    this.transform = dataset.transform;
    this.target_transform = dataset.target_transform;
    this.transforms = dataset.transforms;
    dataset.transform = null;
    dataset.target_transform = null;
    dataset.transforms = null;
  }

  get length(): number {
    return this._dataset.length;
  }

  get(index: number): readonly unknown[] {
    const sample = this._dataset.get(index) as Sample;
    const wrapped = wrapper_of(this._dataset, this._target_keys)(index, sample);
    if (this.transforms !== null) return this.transforms(...(wrapped as never[])) as readonly unknown[];
    const [image, target] = wrapped as [never, never];
    return [
      this.transform === null ? image : this.transform(image),
      this.target_transform === null ? target : this.target_transform(target),
    ];
  }

  override extra_repr(): string {
    return this._dataset.extra_repr();
  }

  override toString(): string {
    return super.toString().replace(/^Dataset \w+/, `Dataset Wrapped${this._dataset.constructor.name}`);
  }
}

interface WrapArguments {
  dataset: AnyDataset;
  target_keys?: TargetKeys;
}

define_kind('VisionDataset', 'VisionDataset', (value) => value instanceof VisionDataset);
const WRAP = signature<WrapArguments>(
  'wrap_dataset_for_transforms_v2',
  'dataset: VisionDataset, target_keys?: str|str[]|None',
);

/**
 * A dataset whose boxes and masks are those of `tv_tensors`, as transforms v2 take them. Mirrors
 * `torchvision.datasets.wrap_dataset_for_transforms_v2`.
 *
 * - `CocoDetection`: the target is one object of lists, with `image_id`, `boxes` (XYXY), `masks` and `labels`.
 * - `VOCDetection`, `Kitti`: the target has `boxes` and `labels`.
 * - `CelebA` and `WIDERFace`: boxes are XYXY.
 * - `VOCSegmentation`, `SBDataset`, `OxfordIIITPet`, `Cityscapes`: masks are a `Mask`; instances of Cityscapes are `masks` and `labels`.
 * - Datasets of labels stay as they are.
 *
 * The transforms of the dataset move to what is returned; its other fields are at `_dataset`.
 *
 * @param dataset - one of the datasets above
 * @param target_keys - which keys a target has, or `'all'`, of `CocoDetection`, `VOCDetection`, `Kitti` and `WIDERFace`; default
 *   null: `boxes`, `labels` and `image_id`, for `WIDERFace` all
 * @throws TypeError for other datasets; Error for keys that are not there, and for targets that cannot be wrapped
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   datasets.wrap_dataset_for_transforms_v2(new datasets.FakeData());
 * } catch (error) {
 *   print((error as Error).message); // No wrapper exists for dataset class FakeData. Please wrap the output yourself.
 * }
 * ```
 */
export function wrap_dataset_for_transforms_v2<D extends AnyDataset>(
  ...args: Arguments<
    [dataset: D, target_keys?: TargetKeys],
    { dataset: D; target_keys?: TargetKeys },
    ['dataset', 'target_keys']
  >
): WrappedDataset<D>;
export function wrap_dataset_for_transforms_v2(...args: unknown[]): WrappedDataset {
  const { dataset, target_keys = null } = WRAP.read(args);
  if (typeof target_keys === 'string' && target_keys !== 'all') {
    throw new Error(
      "`target_keys` can be None, 'all', or a collection of strings denoting the keys to be returned, but got " +
        `${String(target_keys)}`,
    );
  }
  return new WrappedDataset(dataset, target_keys);
}
