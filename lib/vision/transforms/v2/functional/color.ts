/** Functions of the values of pixels, of images and videos; other inputs are returned as they are. */
import { cat, where } from '../../../../generated/functions.js';
import { from_nested } from '../../../../creation.js';
import { conv2d } from '../../../../nn/functional/index.js';
import { float32, int64, uint8 } from '../../../../types/dtype.js';
import { signature, type Arguments } from '../../../../_internal/signature.js';
import type { Tensor } from '../../../../_tensor.js';
import { Video } from '../../../tv_tensors/images.js';
import { equalized, hsv_to_rgb, rgb_to_hsv } from '../../functional/color.js';
import { as_float, check_factor, max_value, working_dtype } from '../../functional/image.js';
import { python_float } from '../../../../_internal/representation.js';
import {
  autocontrast_as_pillow,
  brightness_as_pillow,
  contrast_as_pillow,
  equalized_as_pillow,
  gamma_as_pillow,
  grayscale_as_pillow,
  hue_as_pillow,
  inverted_as_pillow,
  posterized_as_pillow,
  rgb_as_pillow,
  saturation_as_pillow,
  sharpness_as_pillow,
  solarized_as_pillow,
} from '../../functional/pil_colors.js';
import { dispatch, flattened } from './dispatch.js';
import { bits_of, scaled_to } from './values.js';

/** @throws TypeError for another number of channels than 1 and 3 */
function check_colors(image: Tensor): void {
  const channels = channels_of(image);
  if (channels === 1 || channels === 3) return;
  throw new TypeError(`Input image tensor permitted channel values are 1 or 3, but found ${channels}`);
}

/** @throws TypeError for fewer than three dimensions */
function channels_of(image: Tensor): number {
  if (image.dim() >= 3) return image.size(-3);
  throw new TypeError(`Input image tensor should have at least 3 dimensions, but found ${image.dim()}`);
}

/** Luminance as floating point numbers. */
function luminance(image: Tensor): Tensor {
  const [red, green, blue] = as_float(image).unbind(-3) as [Tensor, Tensor, Tensor];
  return red.mul(0.2989).add(green, { alpha: 0.587 }).add(blue, { alpha: 0.114 }).unsqueeze(-3);
}

/** Luminance with whole numbers for images of integers, still in floating point. */
const whole_luminance = (image: Tensor): Tensor =>
  image.is_floating_point() ? luminance(image) : luminance(image).floor();

/** As many shades of gray as channels are asked for. */
function gray_image(image: Tensor, channels: number): Tensor {
  if (channels_of(image) === 1) {
    const times = image.shape.map(() => 1);
    times[times.length - 3] = channels;
    return channels === 1 ? image.clone() : image.repeat(times);
  }
  if (image.size(-3) < 3)
    throw new TypeError(`Input image tensor permitted channel values are 1 or 3, but found ${image.size(-3)}`);
  const gray = luminance(image.narrow(-3, 0, 3)).to(image.dtype);
  return channels === 3 ? gray.expand(image.shape) : gray;
}

/** `ratio * first + (1 - ratio) * second`, within the range of the dtype. */
function blended(first: Tensor, second: Tensor, ratio: number): Tensor {
  return as_float(first)
    .mul(ratio)
    .add(second, { alpha: 1 - ratio })
    .clamp(0, max_value(first.dtype))
    .to(first.dtype);
}

type RgbToGrayscaleArguments = { inpt: Tensor; num_output_channels?: number };
export const RGB_TO_GRAYSCALE = signature<RgbToGrayscaleArguments>(
  'rgb_to_grayscale',
  'inpt: Tensor, num_output_channels?: int',
);

/**
 * Converts an image to shades of gray: `0.2989 * R + 0.587 * G + 0.114 * B`; videos are returned as they are. Mirrors
 * `torchvision.transforms.v2.functional.rgb_to_grayscale`.
 *
 * @param inpt - an image, video, or a plain tensor of shape `(..., 1 or 3, H, W)`
 * @param num_output_channels - 1, the default, or 3 of equal values
 * @returns of the same class
 * @throws Error for another number of output channels; TypeError for an image of two channels
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.functional.rgb_to_grayscale(torch.tensor([[[255]], [[0]], [[0]]], { dtype: torch.uint8 }))); // tensor([[[76]]], dtype=torch.uint8)
 * ```
 */
export function rgb_to_grayscale<T extends Tensor>(
  ...args: Arguments<
    [inpt: T, num_output_channels?: number],
    RgbToGrayscaleArguments & { inpt: T },
    ['inpt', 'num_output_channels']
  >
): T;
export function rgb_to_grayscale(...args: unknown[]): Tensor {
  const { inpt, num_output_channels = 1 } = RGB_TO_GRAYSCALE.read(args);
  if (num_output_channels !== 1 && num_output_channels !== 3) {
    throw new Error(`num_output_channels must be 1 or 3, got ${num_output_channels}.`);
  }
  if (inpt instanceof Video) return inpt;
  return dispatch(inpt, ['rgb_to_grayscale', { num_output_channels }], {
    pil: (image) => grayscale_as_pillow(image, num_output_channels),
    image: (image) => gray_image(image, num_output_channels),
  });
}

type GrayscaleToRgbArguments = { inpt: Tensor };
export const GRAYSCALE_TO_RGB = signature<GrayscaleToRgbArguments>('grayscale_to_rgb', 'inpt: Tensor');

/**
 * Gives an image of one channel three of equal values; videos are returned as they are. Mirrors
 * `torchvision.transforms.v2.functional.grayscale_to_rgb`.
 *
 * @param inpt - an image, or a plain tensor of shape `(..., C, H, W)`
 * @returns of the same class
 * @throws TypeError for an image of two channels
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.functional.grayscale_to_rgb(torch.tensor([[[7]]], { dtype: torch.uint8 })).flatten()); // tensor([7, 7, 7], dtype=torch.uint8)
 * ```
 */
export function grayscale_to_rgb<T extends Tensor>(...args: [inpt: T] | [options: { inpt: T }]): T;
export function grayscale_to_rgb(...args: unknown[]): Tensor {
  const { inpt } = GRAYSCALE_TO_RGB.read(args);
  if (inpt instanceof Video) return inpt;
  return dispatch(inpt, ['grayscale_to_rgb'], {
    pil: rgb_as_pillow,
    image: (image) => (channels_of(image) >= 3 ? image : gray_image(image, 3)),
  });
}

type AdjustBrightnessArguments = { inpt: Tensor; brightness_factor: number };
export const ADJUST_BRIGHTNESS = signature<AdjustBrightnessArguments>(
  'adjust_brightness',
  'inpt: Tensor, brightness_factor: float',
);

/**
 * Multiplies the values of an image by a factor. Mirrors
 * `torchvision.transforms.v2.functional.adjust_brightness`.
 *
 * @param inpt - an image, video, or a plain tensor of shape `(..., 1 or 3, H, W)`
 * @param brightness_factor - 0 gives black, 1 the image itself, 2 twice the brightness
 * @returns of the same class
 * @throws TypeError for other images; Error for a negative factor
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.functional.adjust_brightness(torch.tensor([[[10, 200]]], { dtype: torch.uint8 }), 1.5)); // tensor([[[ 15, 255]]], dtype=torch.uint8)
 * ```
 */
export function adjust_brightness<T extends Tensor>(
  ...args: Arguments<
    [inpt: T, brightness_factor: number],
    AdjustBrightnessArguments & { inpt: T },
    ['inpt', 'brightness_factor']
  >
): T;
export function adjust_brightness(...args: unknown[]): Tensor {
  const { inpt, brightness_factor } = ADJUST_BRIGHTNESS.read(args);
  return dispatch(inpt, ['adjust_brightness', { brightness_factor }], {
    pil: (image) => brightness_as_pillow(image, brightness_factor),
    image: (image) => {
      check_factor('brightness_factor', brightness_factor);
      check_colors(image);
      return as_float(image).mul(brightness_factor).clamp(0, max_value(image.dtype)).to(image.dtype);
    },
  });
}

type AdjustSaturationArguments = { inpt: Tensor; saturation_factor: number };
export const ADJUST_SATURATION = signature<AdjustSaturationArguments>(
  'adjust_saturation',
  'inpt: Tensor, saturation_factor: float',
);

/**
 * Stretches the colors of an image from its shades of gray. Mirrors
 * `torchvision.transforms.v2.functional.adjust_saturation`.
 *
 * @param inpt - an image, video, or a plain tensor of shape `(..., 1 or 3, H, W)`
 * @param saturation_factor - 0 gives shades of gray, 1 the image itself, 2 twice the saturation
 * @returns of the same class
 * @throws TypeError for other images; Error for a negative factor
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const color = torch.tensor([[[200]], [[100]], [[50]]], { dtype: torch.uint8 });
 * print(transforms.v2.functional.adjust_saturation(color, 0.5).flatten()); // tensor([162, 112,  87], dtype=torch.uint8)
 * ```
 */
export function adjust_saturation<T extends Tensor>(
  ...args: Arguments<
    [inpt: T, saturation_factor: number],
    AdjustSaturationArguments & { inpt: T },
    ['inpt', 'saturation_factor']
  >
): T;
export function adjust_saturation(...args: unknown[]): Tensor {
  const { inpt, saturation_factor } = ADJUST_SATURATION.read(args);
  return dispatch(inpt, ['adjust_saturation', { saturation_factor }], {
    pil: (image) => saturation_as_pillow(image, saturation_factor),
    image: (image) => {
      check_factor('saturation_factor', saturation_factor);
      check_colors(image);
      return image.size(-3) === 1 ? image : blended(image, whole_luminance(image), saturation_factor);
    },
  });
}

type AdjustContrastArguments = { inpt: Tensor; contrast_factor: number };
export const ADJUST_CONTRAST = signature<AdjustContrastArguments>(
  'adjust_contrast',
  'inpt: Tensor, contrast_factor: float',
);

/**
 * Stretches the values of an image from its mean gray. Mirrors
 * `torchvision.transforms.v2.functional.adjust_contrast`.
 *
 * @param inpt - an image, video, or a plain tensor of shape `(..., 1 or 3, H, W)`
 * @param contrast_factor - 0 gives gray, 1 the image itself, 2 twice the contrast
 * @returns of the same class
 * @throws TypeError for other images; Error for a negative factor
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.functional.adjust_contrast(torch.tensor([[[10, 200]]], { dtype: torch.uint8 }), 0.5)); // tensor([[[ 57, 152]]], dtype=torch.uint8)
 * ```
 */
export function adjust_contrast<T extends Tensor>(
  ...args: Arguments<
    [inpt: T, contrast_factor: number],
    AdjustContrastArguments & { inpt: T },
    ['inpt', 'contrast_factor']
  >
): T;
export function adjust_contrast(...args: unknown[]): Tensor {
  const { inpt, contrast_factor } = ADJUST_CONTRAST.read(args);
  return dispatch(inpt, ['adjust_contrast', { contrast_factor }], {
    pil: (image) => contrast_as_pillow(image, contrast_factor),
    image: (image) => {
      check_factor('contrast_factor', contrast_factor);
      check_colors(image);
      const gray = image.size(-3) === 3 ? whole_luminance(image) : image.to(working_dtype(image));
      return blended(image, gray.mean([-3, -2, -1], true), contrast_factor);
    },
  });
}

/** The image, but for its border moved away from a smoothed copy of it. */
function sharpened(image: Tensor, factor: number): Tensor {
  const values = image.to(working_dtype(image), { copy: true });
  const [channels, height, width] = image.shape.slice(-3) as [number, number, number];
  const [outer, middle] = [1 / 13, 5 / 13];
  const weights = [
    [outer, outer, outer],
    [outer, middle, outer],
    [outer, outer, outer],
  ];
  const kernel = from_nested(weights, { dtype: values.dtype }, 'adjust_sharpness').to(image.device);
  const smooth = conv2d(values, kernel.expand(channels, 1, 3, 3), { groups: channels });
  const rounded = image.is_floating_point() ? smooth : smooth.round();
  const inner = values.narrow(-2, 1, height - 2).narrow(-1, 1, width - 2);
  const result = values.clone();
  result
    .narrow(-2, 1, height - 2)
    .narrow(-1, 1, width - 2)
    .copy_(inner.add(rounded.sub(inner), { alpha: 1 - factor }));
  return result.clamp(0, max_value(image.dtype)).to(image.dtype);
}

type AdjustSharpnessArguments = { inpt: Tensor; sharpness_factor: number };
export const ADJUST_SHARPNESS = signature<AdjustSharpnessArguments>(
  'adjust_sharpness',
  'inpt: Tensor, sharpness_factor: float',
);

/**
 * Moves an image away from, or to, a smoothed copy of it; smaller than 3 x 3 it is returned as it is. Mirrors
 * `torchvision.transforms.v2.functional.adjust_sharpness`.
 *
 * @param inpt - an image, video, or a plain tensor of shape `(..., 1 or 3, H, W)`
 * @param sharpness_factor - 0 gives the smoothed image, 1 the image itself, 2 twice the sharpness
 * @returns of the same class
 * @throws TypeError for other images; Error for a negative factor
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const img = torch.eye(3).mul(100).to(torch.uint8).unsqueeze(0);
 * print(transforms.v2.functional.adjust_sharpness(img, 0).diagonal(0, 1, 2)); // tensor([[100,  54, 100]], dtype=torch.uint8)
 * ```
 */
export function adjust_sharpness<T extends Tensor>(
  ...args: Arguments<
    [inpt: T, sharpness_factor: number],
    AdjustSharpnessArguments & { inpt: T },
    ['inpt', 'sharpness_factor']
  >
): T;
export function adjust_sharpness(...args: unknown[]): Tensor {
  const { inpt, sharpness_factor } = ADJUST_SHARPNESS.read(args);
  return dispatch(inpt, ['adjust_sharpness', { sharpness_factor }], {
    pil: (image) => sharpness_as_pillow(image, sharpness_factor),
    image: (image) => {
      check_factor('sharpness_factor', sharpness_factor);
      const channels = channels_of(image);
      if (channels !== 1 && channels !== 3) {
        throw new TypeError(`Input image tensor can have 1 or 3 channels, but found ${channels}`);
      }
      if (image.numel() === 0 || image.size(-1) <= 2 || image.size(-2) <= 2) return image;
      return flattened(image, (batch) => sharpened(batch, sharpness_factor));
    },
  });
}

type AdjustHueArguments = { inpt: Tensor; hue_factor: number };
export const ADJUST_HUE = signature<AdjustHueArguments>('adjust_hue', 'inpt: Tensor, hue_factor: float');

/**
 * Turns the hue of each pixel, in HSV, by a part of the circle. Mirrors
 * `torchvision.transforms.v2.functional.adjust_hue`.
 *
 * @param inpt - an image, video, or a plain tensor of shape `(..., 1 or 3, H, W)`
 * @param hue_factor - from -0.5 to 0.5, which are the opposite color
 * @returns of the same class
 * @throws TypeError for other images; Error for other factors
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const red = torch.tensor([[[255]], [[0]], [[0]]], { dtype: torch.uint8 });
 * print(transforms.v2.functional.adjust_hue(red, 0.5).flatten()); // tensor([  0, 255, 255], dtype=torch.uint8)
 * ```
 */
export function adjust_hue<T extends Tensor>(
  ...args: Arguments<[inpt: T, hue_factor: number], AdjustHueArguments & { inpt: T }, ['inpt', 'hue_factor']>
): T;
export function adjust_hue(...args: unknown[]): Tensor {
  const { inpt, hue_factor } = ADJUST_HUE.read(args);
  if (!(hue_factor >= -0.5 && hue_factor <= 0.5)) {
    throw new Error(`hue_factor (${python_float(hue_factor)}) is not in [-0.5, 0.5].`);
  }
  return dispatch(inpt, ['adjust_hue', { hue_factor }], {
    pil: (image) => hue_as_pillow(image, hue_factor),
    image: (image) => {
      check_colors(image);
      if (image.size(-3) === 1 || image.numel() === 0) return image;
      const values = image.dtype === float32 ? image : scaled_to(image, float32);
      const [hue, saturation, value] = rgb_to_hsv(values, (sextant) => sextant.mul(1 / 6));
      const turned = hue.add(hue_factor).remainder(1);
      const rgb = hsv_to_rgb(turned, saturation, value, (s, f) => s.mul(f).add(s.neg().add(1)));
      return image.dtype === float32 ? rgb : scaled_to(rgb, image.dtype);
    },
  });
}

type AdjustGammaArguments = { inpt: Tensor; gamma: number; gain?: number };
export const ADJUST_GAMMA = signature<AdjustGammaArguments>('adjust_gamma', 'inpt: Tensor, gamma: float, gain?: float');

/**
 * Gamma correction: `gain * x ** gamma` of values scaled to [0, 1]. Mirrors
 * `torchvision.transforms.v2.functional.adjust_gamma`.
 *
 * @param inpt - an image, video, or a plain tensor of shape `(..., C, H, W)`
 * @param gamma - above 1 dark parts get darker, below 1 lighter
 * @param gain - default 1
 * @returns of the same class
 * @throws Error for a negative gamma
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.functional.adjust_gamma(torch.tensor([[[0, 0.5, 1]]]), 2)); // tensor([[[0.0000, 0.2500, 1.0000]]])
 * ```
 */
export function adjust_gamma<T extends Tensor>(
  ...args: Arguments<
    [inpt: T, gamma: number, gain?: number],
    AdjustGammaArguments & { inpt: T },
    ['inpt', 'gamma', 'gain']
  >
): T;
export function adjust_gamma(...args: unknown[]): Tensor {
  const { inpt, gamma, gain = 1 } = ADJUST_GAMMA.read(args);
  if (gamma < 0) throw new Error('Gamma should be a non-negative real number');
  return dispatch(inpt, ['adjust_gamma', { gamma, gain }], {
    pil: (image) => gamma_as_pillow(image, gamma, gain),
    image: (image) => {
      const values = image.is_floating_point() ? image : scaled_to(image, float32);
      const powers = values.pow(gamma);
      const result = gain === 1 ? powers : powers.mul(gain).clamp(0, 1);
      return result.dtype === image.dtype ? result : scaled_to(result, image.dtype);
    },
  });
}

type PosterizeArguments = { inpt: Tensor; bits: number };
export const POSTERIZE = signature<PosterizeArguments>('posterize', 'inpt: Tensor, bits: int');

/**
 * Keeps the highest bits of each value; floating point is rounded down to as many levels. Mirrors
 * `torchvision.transforms.v2.functional.posterize`.
 *
 * @param inpt - an image, video, or a plain tensor of shape `(..., C, H, W)`
 * @param bits - how many bits stay, from 0 to 8
 * @returns of the same class
 * @throws TypeError for another number of bits
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.functional.posterize(torch.tensor([[[10, 100, 200]]], { dtype: torch.uint8 }), 2)); // tensor([[[  0,  64, 192]]], dtype=torch.uint8)
 * ```
 */
export function posterize<T extends Tensor>(
  ...args: Arguments<[inpt: T, bits: number], PosterizeArguments & { inpt: T }, ['inpt', 'bits']>
): T;
export function posterize(...args: unknown[]): Tensor {
  const { inpt, bits } = POSTERIZE.read(args);
  if (bits < 0 || bits > 8) {
    throw new TypeError(`bits must be a positive integer in the range [0, 8], got ${bits} instead.`);
  }
  return dispatch(inpt, ['posterize', { bits }], {
    pil: (image) => posterized_as_pillow(image, bits),
    image: (image) => {
      const levels = 2 ** bits;
      if (image.is_floating_point()) {
        return image
          .mul(levels)
          .floor()
          .clamp(0, levels - 1)
          .mul(1 / levels);
      }
      const all = bits_of(image.dtype);
      if (bits >= all) return image;
      const highest = image.new_full([1], levels - 1).bitwise_left_shift(all - bits);
      return image.bitwise_and(highest);
    },
  });
}

/** The largest value minus each value. */
function inverted(image: Tensor): Tensor {
  if (image.is_floating_point()) return image.neg().add(1);
  if (image.dtype === uint8) return image.bitwise_not();
  // All bits but that of the sign.
  const sign = image.new_full([1], 1).bitwise_left_shift(bits_of(image.dtype));
  return image.bitwise_not().bitwise_xor(sign);
}

type InvertArguments = { inpt: Tensor };
export const INVERT = signature<InvertArguments>('invert', 'inpt: Tensor');

/**
 * The negative of an image: the largest value of its dtype minus each value. Mirrors
 * `torchvision.transforms.v2.functional.invert`.
 *
 * @param inpt - an image, video, or a plain tensor of shape `(..., C, H, W)`
 * @returns of the same class
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.functional.invert(torch.tensor([[[0, 55, 255]]], { dtype: torch.uint8 }))); // tensor([[[255, 200,   0]]], dtype=torch.uint8)
 * ```
 */
export function invert<T extends Tensor>(...args: [inpt: T] | [options: { inpt: T }]): T;
export function invert(...args: unknown[]): Tensor {
  return dispatch(INVERT.read(args).inpt, ['invert'], { pil: inverted_as_pillow, image: inverted });
}

type SolarizeArguments = { inpt: Tensor; threshold: number };
export const SOLARIZE = signature<SolarizeArguments>('solarize', 'inpt: Tensor, threshold: float');

/**
 * Inverts the values from a threshold on. Mirrors
 * `torchvision.transforms.v2.functional.solarize`.
 *
 * @param inpt - an image, video, or a plain tensor of shape `(..., C, H, W)`
 * @param threshold - the lowest value that is inverted
 * @returns of the same class
 * @throws TypeError for a threshold above the largest value of the dtype
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.functional.solarize(torch.tensor([[[10, 100, 200]]], { dtype: torch.uint8 }), 100)); // tensor([[[ 10, 155,  55]]], dtype=torch.uint8)
 * ```
 */
export function solarize<T extends Tensor>(
  ...args: Arguments<[inpt: T, threshold: number], SolarizeArguments & { inpt: T }, ['inpt', 'threshold']>
): T;
export function solarize(...args: unknown[]): Tensor {
  const { inpt, threshold } = SOLARIZE.read(args);
  return dispatch(inpt, ['solarize', { threshold }], {
    pil: (image) => solarized_as_pillow(image, threshold),
    image: (image) => {
      if (threshold > max_value(image.dtype)) {
        throw new TypeError(
          `Threshold should be less or equal the maximum value of the dtype, but got ${python_float(threshold)}`,
        );
      }
      return where(image.ge(threshold), inverted(image), image);
    },
  });
}

type AutocontrastArguments = { inpt: Tensor };
export const AUTOCONTRAST = signature<AutocontrastArguments>('autocontrast', 'inpt: Tensor');

/**
 * Stretches the values of each channel so that the lowest becomes black and the highest white. Mirrors
 * `torchvision.transforms.v2.functional.autocontrast`.
 *
 * @param inpt - an image, video, or a plain tensor of shape `(..., 1 or 3, H, W)`
 * @returns of the same class
 * @throws TypeError for other images
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.functional.autocontrast(torch.tensor([[[100, 150, 200]]], { dtype: torch.uint8 }))); // tensor([[[  0, 127, 254]]], dtype=torch.uint8)
 * ```
 */
export function autocontrast<T extends Tensor>(...args: [inpt: T] | [options: { inpt: T }]): T;
export function autocontrast(...args: unknown[]): Tensor {
  return dispatch(AUTOCONTRAST.read(args).inpt, ['autocontrast'], {
    pil: autocontrast_as_pillow,
    image: (image) => {
      check_colors(image);
      if (image.numel() === 0) return image;
      const bound = max_value(image.dtype);
      const values = image.to(working_dtype(image));
      const lowest = values.amin([-2, -1], true);
      const highest = values.amax([-2, -1], true);
      // A channel of one value stays as it is.
      const flat = highest.eq(lowest);
      const scale = highest
        .sub(lowest)
        .mul(1 / bound)
        .masked_fill(flat, 1);
      return values.sub(lowest.masked_fill(flat, 0)).div(scale).clamp(0, bound).to(image.dtype);
    },
  });
}

type EqualizeArguments = { inpt: Tensor };
export const EQUALIZE = signature<EqualizeArguments>('equalize', 'inpt: Tensor');

/**
 * Spreads the values of each channel so that all are about as frequent. Mirrors
 * `torchvision.transforms.v2.functional.equalize`.
 *
 * @param inpt - an image, video, or a plain tensor of shape `(..., C, H, W)`
 * @returns of the same class
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const img = torch.arange(512).div(4, { rounding_mode: 'floor' }).view(1, 16, 32).to(torch.uint8);
 * print(transforms.v2.functional.equalize(img).max()); // tensor(255, dtype=torch.uint8)
 * ```
 */
export function equalize<T extends Tensor>(...args: [inpt: T] | [options: { inpt: T }]): T;
export function equalize(...args: unknown[]): Tensor {
  return dispatch(EQUALIZE.read(args).inpt, ['equalize'], {
    pil: equalized_as_pillow,
    image: (image) => {
      if (image.numel() === 0) return image;
      const bytes = image.dtype === uint8 ? image : scaled_to(image, uint8);
      const channels = bytes.reshape([-1, image.size(-2), image.size(-1)]).unbind(0);
      const result = cat(channels.map((channel) => equalized(channel).unsqueeze(0))).view([...image.shape]);
      return image.dtype === uint8 ? result : scaled_to(result, image.dtype);
    },
  });
}

type PermuteChannelsArguments = { inpt: Tensor; permutation: readonly number[] };
export const PERMUTE_CHANNELS = signature<PermuteChannelsArguments>(
  'permute_channels',
  'inpt: Tensor, permutation: int[]',
);

/**
 * Puts the channels of an image in another order. Mirrors
 * `torchvision.transforms.v2.functional.permute_channels`.
 *
 * @param inpt - an image, video, or a plain tensor of shape `(..., C, H, W)`
 * @param permutation - which channel is at each place
 * @returns of the same class
 * @throws Error for another number of channels
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.v2.functional.permute_channels(torch.tensor([[[1]], [[2]], [[3]]]), [2, 0, 1]).flatten()); // tensor([3, 1, 2])
 * ```
 */
export function permute_channels<T extends Tensor>(
  ...args: Arguments<
    [inpt: T, permutation: readonly number[]],
    PermuteChannelsArguments & { inpt: T },
    ['inpt', 'permutation']
  >
): T;
export function permute_channels(...args: unknown[]): Tensor {
  const { inpt, permutation } = PERMUTE_CHANNELS.read(args);
  return dispatch(inpt, ['permute_channels', { permutation }], {
    image: (image) => {
      const channels = channels_of(image);
      if (permutation.length !== channels) {
        throw new Error(
          `Length of permutation does not match number of channels: ${permutation.length} != ${channels}`,
        );
      }
      if (image.numel() === 0) return image;
      return image.index_select(
        -3,
        from_nested([...permutation], { dtype: int64 }, 'permute_channels').to(image.device),
      );
    },
  });
}
