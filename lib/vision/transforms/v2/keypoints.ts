/** Removing points that are not within the image, with what belongs to them. */
import { signature } from '../../../_internal/signature.js';
import { Tensor } from '../../../_tensor.js';
import { tree_flatten, tree_unflatten } from '../../../utils/_pytree.js';
import { KeyPoints } from '../../tv_tensors/boxes.js';
import { plain_view } from '../../tv_tensors/tv_tensor.js';
import { wrapped } from '../../tv_tensors/wrap.js';
import { valid_points } from './functional/boxes.js';
import { get_keypoints } from './queries.js';
import { check_getter, label_list, labels_of, type LabelsGetter } from './samples.js';
import { one_or_all, Transform } from './transform.js';

const SANITIZE = signature<{ labels_getter?: LabelsGetter }>('SanitizeKeyPoints', 'labels_getter?: Callable|str|None');

/**
 * Removes points that are not within the image, with their labels: of groups of points, of shape `(N, ..., 2)`, those with a
 * point outside. Mirrors `torchvision.transforms.v2.SanitizeKeyPoints`.
 *
 * @param labels_getter - a function that gives the labels of a sample, or a list of them; `'default'`: what is named `labels`, or has
 *   `label` in its name; default null: none
 * @throws Error for other texts; on the call, without points, or for another number of labels
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const points = new tv_tensors.KeyPoints([[1, 2], [30, 2]], { canvas_size: [10, 20] });
 * const sample = { points, labels: torch.tensor([7, 8]) };
 * print(new transforms.v2.SanitizeKeyPoints('default')(sample).labels); // tensor([7])
 * ```
 */
export class SanitizeKeyPoints extends Transform {
  readonly labels_getter: LabelsGetter;

  constructor(...args: [labels_getter?: LabelsGetter] | [options: { labels_getter?: LabelsGetter }]);
  constructor(...args: unknown[]) {
    super();
    const { labels_getter = null } = SANITIZE.read(args);
    check_getter(labels_getter);
    this.labels_getter = labels_getter;
  }

  override forward(...inputs: unknown[]): unknown {
    const input = one_or_all(this, inputs);
    const labels = label_list(labels_of(this.labels_getter, input));
    const [flat_inputs, spec] = tree_flatten(input);
    const points = get_keypoints(flat_inputs);
    for (const label of labels) {
      if (label.size(0) === points.size(0)) continue;
      throw new Error(
        `Number of kepyoints (shape=${String(points.shape)}) must match the number of labels.` +
          `Found labels with shape=${String(label.shape)}).`,
      );
    }
    const params = { valid: valid_points(plain_view(points), points.canvas_size), labels };
    return tree_unflatten(
      flat_inputs.map((leaf) => (leaf instanceof Tensor ? this.transform(leaf, params) : leaf)),
      spec,
    );
  }

  override transform(inpt: Tensor, params: object): Tensor {
    const { valid, labels } = params as { valid: Tensor; labels: readonly Tensor[] };
    if (labels.includes(inpt)) return inpt.index(valid);
    return inpt instanceof KeyPoints ? wrapped(plain_view(inpt).index(valid), inpt) : inpt;
  }

  protected override _texts(): Record<string, string | null> {
    return { labels_getter: typeof this.labels_getter === 'string' ? this.labels_getter : null };
  }
}
