import type { Tensor } from '../../../_tensor.js';

/** What is to be found in an image: `boxes` `(N, 4)` and `labels` `(N)`, for some models `masks` or `keypoints`. */
export type DetectionTarget = Readonly<Record<string, Tensor>>;

/** What was found in an image, by falling score. */
export type Detection = Record<'boxes' | 'labels' | 'scores', Tensor> &
  Partial<Record<'masks' | 'keypoints' | 'keypoints_scores', Tensor>>;

/** The parts of the loss, by name. */
export type DetectionLosses = Record<string, Tensor>;
