/** What detection models take and return. */
import { Module } from '../../../nn/modules/module.js';
import type { Tensor } from '../../../_tensor.js';

/** What is to be found in an image: `boxes` `(N, 4)` and `labels` `(N)`, for some models `masks` or `keypoints`. */
export type DetectionTarget = Readonly<Record<string, Tensor>>;

/** What was found in an image, by falling score. */
export type Detection = Record<'boxes' | 'labels' | 'scores', Tensor> &
  Partial<Record<'masks' | 'keypoints' | 'keypoints_scores', Tensor>>;

/** The parts of the loss, by name. */
export type DetectionLosses = Record<string, Tensor>;

/** A call of a detection model: in training with targets, which gives losses, else without, which gives detections. */
export interface DetectionModel {
  (images: readonly Tensor[], targets: readonly DetectionTarget[]): DetectionLosses;
  (images: readonly Tensor[]): Detection[];
}

/** What detection models have in common. */
export abstract class DetectionModel extends Module {}
