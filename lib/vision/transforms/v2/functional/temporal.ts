/** Functions of the frames of videos. */
import { linspace } from '../../../../generated/functions.js';
import { int64 } from '../../../../types/dtype.js';
import { signature, type Arguments } from '../../../../_internal/signature.js';
import type { Tensor } from '../../../../_tensor.js';
import { Video } from '../../../tv_tensors/images.js';
import { dispatch, is_pure } from './dispatch.js';

type SubsampleArguments = { inpt: Tensor; num_samples: number };
export const SUBSAMPLE = signature<SubsampleArguments>('uniform_temporal_subsample', 'inpt: Tensor, num_samples: int');

/**
 * Chooses frames of a video, at equal distances. Mirrors
 * `torchvision.transforms.v2.functional.uniform_temporal_subsample`.
 *
 * @param inpt - a video, or a plain tensor of shape `(..., T, C, H, W)`; other inputs are returned as they are
 * @param num_samples - how many frames
 * @returns of the same class
 * @throws TypeError for a plain tensor of fewer than four dimensions
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const frames = torch.arange(5).view(5, 1, 1, 1);
 * print(transforms.v2.functional.uniform_temporal_subsample(frames, 3).flatten()); // tensor([0, 2, 4])
 * ```
 */
export function uniform_temporal_subsample<T extends Tensor>(
  ...args: Arguments<[inpt: T, num_samples: number], SubsampleArguments & { inpt: T }, ['inpt', 'num_samples']>
): T;
export function uniform_temporal_subsample(...args: unknown[]): Tensor {
  const { inpt, num_samples } = SUBSAMPLE.read(args);
  if (!(inpt instanceof Video || is_pure(inpt))) return inpt;
  if (inpt.dim() < 4) {
    throw new TypeError(`uniform_temporal_subsample(): a video has at least 4 dimensions, but got ${inpt.dim()}`);
  }
  return dispatch(inpt, ['uniform_temporal_subsample', { num_samples }], {
    image: (video) => {
      const places = linspace(0, video.size(-4) - 1, num_samples, { device: video.device }).to(int64);
      return video.index_select(-4, places);
    },
  });
}
