/** Functions of the values of pixels: brightness, colors, histograms. */
import { bincount, cat, stack, where, zeros_like } from '../../../generated/functions.js';

import { float32, int64, uint8 } from '../../../types/dtype.js';
import { python_float } from '../../../_internal/representation.js';
import { signature, type Arguments } from '../../../_internal/signature.js';
import type { Tensor } from '../../../_tensor.js';
import {
  as_float,
  blend,
  check_channels,
  check_factor,
  check_has_channels,
  check_image,
  dimensions,
  max_value,
  working_dtype,
} from './image.js';
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
  saturation_as_pillow,
  solarized_as_pillow,
} from './pil_colors.js';
import { is_computed_as_pillow, of_same_kind } from './pil_image.js';
import { convert_dtype } from './convert.js';

/** Luminance of an image with three channels, in its dtype, with one channel. */
function luminance(img: Tensor): Tensor {
  const [red, green, blue] = as_float(img).unbind(-3) as [Tensor, Tensor, Tensor];
  return red.mul(0.2989).add(green.mul(0.587)).add(blue.mul(0.114)).to(img.dtype).unsqueeze(-3);
}

type GrayscaleArguments = { img: Tensor; num_output_channels?: number };

const RGB_TO_GRAYSCALE = signature<GrayscaleArguments>('rgb_to_grayscale', 'img: Tensor, num_output_channels?: int');
const TO_GRAYSCALE = RGB_TO_GRAYSCALE.renamed('to_grayscale');

function grayscale(img: Tensor, channels: number): Tensor {
  const as_pillow = is_computed_as_pillow(img);
  if (!as_pillow) {
    check_has_channels(img);
    check_channels(img, [1, 3]);
  }
  if (channels !== 1 && channels !== 3) throw new Error('num_output_channels should be either 1 or 3');
  if (as_pillow) return grayscale_as_pillow(img, channels);
  const gray = img.size(-3) === 3 ? luminance(img) : img.clone();
  return of_same_kind(img, channels === 3 ? gray.expand(img.shape) : gray);
}

/**
 * Converts an image to shades of gray: `0.2989 * R + 0.587 * G + 0.114 * B`. Mirrors
 * `torchvision.transforms.functional.rgb_to_grayscale`.
 *
 * @param img - of shape `(..., C, H, W)`, with 1 or 3 channels
 * @param num_output_channels - 1, the default, or 3 of equal values
 * @throws TypeError for other images; Error for another number of output channels
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const red = torch.tensor([[[255]], [[0]], [[0]]], { dtype: torch.uint8 });
 * print(transforms.functional.rgb_to_grayscale(red)); // tensor([[[76]]], dtype=torch.uint8)
 * ```
 */
export function rgb_to_grayscale(
  ...args: Arguments<[img: Tensor, num_output_channels?: number], GrayscaleArguments, ['img', 'num_output_channels']>
): Tensor;
export function rgb_to_grayscale(...args: unknown[]): Tensor {
  const { img, num_output_channels = 1 } = RGB_TO_GRAYSCALE.read(args);
  return grayscale(img, num_output_channels);
}

/**
 * As {@link rgb_to_grayscale}. Mirrors `torchvision.transforms.functional.to_grayscale`, which takes PIL images alone.
 *
 * @param img - of shape `(..., C, H, W)`, with 1 or 3 channels
 * @param num_output_channels - 1, the default, or 3 of equal values
 * @throws TypeError for other images; Error for another number of output channels
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.to_grayscale(torch.ones(3, 1, 1))); // tensor([[[0.9999]]])
 * ```
 */
export function to_grayscale(
  ...args: Arguments<[img: Tensor, num_output_channels?: number], GrayscaleArguments, ['img', 'num_output_channels']>
): Tensor;
export function to_grayscale(...args: unknown[]): Tensor {
  const { img, num_output_channels = 1 } = TO_GRAYSCALE.read(args);
  return grayscale(img, num_output_channels);
}

const ADJUST_BRIGHTNESS = signature<{ img: Tensor; brightness_factor: number }>(
  'adjust_brightness',
  'img: Tensor, brightness_factor: float',
);

/**
 * Multiplies the values of an image by a factor. Mirrors `torchvision.transforms.functional.adjust_brightness`.
 *
 * @param img - of shape `(..., 1 or 3, H, W)`
 * @param brightness_factor - 0 gives black, 1 the image itself, 2 twice the brightness
 * @throws TypeError for other images; Error for a negative factor
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.adjust_brightness(torch.tensor([[[10, 200]]], { dtype: torch.uint8 }), 1.5)); // tensor([[[ 15, 255]]], dtype=torch.uint8)
 * ```
 */
export function adjust_brightness(
  ...args: Arguments<
    [img: Tensor, brightness_factor: number],
    { img: Tensor; brightness_factor: number },
    ['img', 'brightness_factor']
  >
): Tensor;
export function adjust_brightness(...args: unknown[]): Tensor {
  const { img, brightness_factor } = ADJUST_BRIGHTNESS.read(args);
  if (is_computed_as_pillow(img)) return brightness_as_pillow(img, brightness_factor);
  check_factor('brightness_factor', brightness_factor);
  check_channels(img, [1, 3]);
  return blend(img, zeros_like(img), brightness_factor);
}

const ADJUST_CONTRAST = signature<{ img: Tensor; contrast_factor: number }>(
  'adjust_contrast',
  'img: Tensor, contrast_factor: float',
);

/**
 * Stretches the values of an image from its mean gray. Mirrors `torchvision.transforms.functional.adjust_contrast`.
 *
 * @param img - of shape `(..., 1 or 3, H, W)`
 * @param contrast_factor - 0 gives gray, 1 the image itself, 2 twice the contrast
 * @throws TypeError for other images; Error for a negative factor
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.adjust_contrast(torch.tensor([[[10, 200]]], { dtype: torch.uint8 }), 0.5)); // tensor([[[ 57, 152]]], dtype=torch.uint8)
 * ```
 */
export function adjust_contrast(
  ...args: Arguments<
    [img: Tensor, contrast_factor: number],
    { img: Tensor; contrast_factor: number },
    ['img', 'contrast_factor']
  >
): Tensor;
export function adjust_contrast(...args: unknown[]): Tensor {
  const { img, contrast_factor } = ADJUST_CONTRAST.read(args);
  if (is_computed_as_pillow(img)) return contrast_as_pillow(img, contrast_factor);
  check_factor('contrast_factor', contrast_factor);
  check_channels(img, [3, 1]);
  const gray = dimensions(img)[0] === 3 ? luminance(img) : img;
  const mean = gray.to(working_dtype(img)).mean(gray.dim() === 2 ? [-2, -1] : [-3, -2, -1], true);
  return blend(img, mean, contrast_factor);
}

const ADJUST_SATURATION = signature<{ img: Tensor; saturation_factor: number }>(
  'adjust_saturation',
  'img: Tensor, saturation_factor: float',
);

/**
 * Stretches the colors of an image from its shades of gray. Mirrors
 * `torchvision.transforms.functional.adjust_saturation`.
 *
 * @param img - of shape `(..., 1 or 3, H, W)`; with one channel it is returned as it is
 * @param saturation_factor - 0 gives shades of gray, 1 the image itself, 2 twice the saturation
 * @throws TypeError for other images; Error for a negative factor
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const color = torch.tensor([[[200]], [[100]], [[50]]], { dtype: torch.uint8 });
 * print(transforms.functional.adjust_saturation(color, 0.5).flatten()); // tensor([162, 112,  87], dtype=torch.uint8)
 * ```
 */
export function adjust_saturation(
  ...args: Arguments<
    [img: Tensor, saturation_factor: number],
    { img: Tensor; saturation_factor: number },
    ['img', 'saturation_factor']
  >
): Tensor;
export function adjust_saturation(...args: unknown[]): Tensor {
  const { img, saturation_factor } = ADJUST_SATURATION.read(args);
  if (is_computed_as_pillow(img)) return saturation_as_pillow(img, saturation_factor);
  check_factor('saturation_factor', saturation_factor);
  check_channels(img, [1, 3]);
  return dimensions(img)[0] === 1 ? img : blend(img, luminance(img), saturation_factor);
}

/** Hue, saturation and value, each in [0, 1], of a floating point image; v2 rounds sixths of the circle differently. */
export function rgb_to_hsv(
  img: Tensor,
  sixth: (sextant: Tensor) => Tensor = (sextant) => sextant.div(6),
): [hue: Tensor, saturation: Tensor, value: Tensor] {
  const [red, green, blue] = img.unbind(-3) as [Tensor, Tensor, Tensor];
  const most = img.amax(-3);
  const range = most.sub(img.amin(-3));
  const gray = range.eq(0);
  // Gray pixels have no hue; dividing them by 1 keeps NaNs from results and gradients.
  const divisor = range.masked_fill(gray, 1);
  const saturation = range.div(most.masked_fill(gray, 1));
  const [from_red, from_green, from_blue] = [red, green, blue].map((channel) => most.sub(channel).div(divisor)) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const is_red = most.eq(red);
  const is_green = most.eq(green);
  const sextant = where(
    is_red,
    from_blue.sub(from_green),
    where(is_green, from_red.add(2).sub(from_blue), from_green.add(4).sub(from_red)),
  );
  return [sixth(sextant).add(1).fmod(1), saturation, most];
}

const remaining = (part: Tensor): Tensor => part.neg().add(1);

/** The color of hue, saturation and value; `share` is `1 - s * (1 - f)`, which v2 rounds differently. */
export function hsv_to_rgb(
  hue: Tensor,
  saturation: Tensor,
  value: Tensor,
  share: (saturation: Tensor, fraction: Tensor) => Tensor = (s, f) => remaining(s.mul(remaining(f))),
): Tensor {
  const position = hue.mul(6);
  const floor = position.floor();
  const fraction = position.sub(floor);
  const shade = (part: Tensor): Tensor => value.mul(part).clamp(0, 1);
  const low = shade(remaining(saturation));
  const falling = shade(remaining(saturation.mul(fraction)));
  const rising = shade(share(saturation, fraction));
  const sextant = floor.to(int64).remainder(6).unsqueeze(-3);
  // Each channel by the sextant of the color circle that the hue is in.
  const channels = [
    [value, falling, low, low, rising, value],
    [rising, value, value, falling, low, low],
    [low, low, rising, value, value, falling],
  ];
  return cat(
    channels.map((shades) => stack(shades, -3).gather(-3, sextant)),
    -3,
  );
}

const ADJUST_HUE = signature<{ img: Tensor; hue_factor: number }>('adjust_hue', 'img: Tensor, hue_factor: float');

/**
 * Turns the hue of each pixel, in HSV, by a part of the circle. Mirrors `torchvision.transforms.functional.adjust_hue`.
 *
 * @param img - of shape `(..., 1 or 3, H, W)`; with one channel it is returned as it is
 * @param hue_factor - from -0.5 to 0.5, which are the opposite color
 * @throws TypeError for other images; Error for other factors
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const red = torch.tensor([[[255]], [[0]], [[0]]], { dtype: torch.uint8 });
 * print(transforms.functional.adjust_hue(red, 0.5).flatten()); // tensor([  0, 255, 255], dtype=torch.uint8)
 * ```
 */
export function adjust_hue(
  ...args: Arguments<[img: Tensor, hue_factor: number], { img: Tensor; hue_factor: number }, ['img', 'hue_factor']>
): Tensor;
export function adjust_hue(...args: unknown[]): Tensor {
  const { img, hue_factor } = ADJUST_HUE.read(args);
  if (!(hue_factor >= -0.5 && hue_factor <= 0.5)) {
    throw new Error(`hue_factor (${python_float(hue_factor)}) is not in [-0.5, 0.5].`);
  }
  if (is_computed_as_pillow(img)) return hue_as_pillow(img, hue_factor);
  check_channels(img, [1, 3]);
  if (dimensions(img)[0] === 1) return img;
  const [hue, saturation, value] = rgb_to_hsv(convert_dtype(img, float32));
  const turned = hsv_to_rgb(hue.add(hue_factor).remainder(1), saturation, value);
  return of_same_kind(img, convert_dtype(turned, img.dtype));
}

interface AdjustGammaArguments {
  img: Tensor;
  gamma: number;
  gain?: number;
}

const ADJUST_GAMMA = signature<AdjustGammaArguments>('adjust_gamma', 'img: Tensor, gamma: float, gain?: float');

/**
 * Gamma correction: `gain * x ** gamma` of values scaled to [0, 1]. Mirrors
 * `torchvision.transforms.functional.adjust_gamma`.
 *
 * @param img - of shape `(..., 1 or 3, H, W)`
 * @param gamma - above 1 dark parts get darker, below 1 lighter
 * @param gain - default 1
 * @throws TypeError for other images; Error for a negative gamma
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.adjust_gamma(torch.tensor([[[0, 0.5, 1]]]), 2)); // tensor([[[0.0000, 0.2500, 1.0000]]])
 * ```
 */
export function adjust_gamma(
  ...args: Arguments<[img: Tensor, gamma: number, gain?: number], AdjustGammaArguments, ['img', 'gamma', 'gain']>
): Tensor;
export function adjust_gamma(...args: unknown[]): Tensor {
  const { img, gamma, gain = 1 } = ADJUST_GAMMA.read(args);
  if (is_computed_as_pillow(img)) return gamma_as_pillow(img, gamma, gain);
  check_channels(img, [1, 3]);
  if (gamma < 0) throw new Error('Gamma should be a non-negative real number');
  const values = img.is_floating_point() ? img : convert_dtype(img, float32);
  return of_same_kind(img, convert_dtype(values.pow(gamma).mul(gain).clamp(0, 1), img.dtype));
}

const INVERT = signature<{ img: Tensor }>('invert', 'img: Tensor');

function inverted(img: Tensor): Tensor {
  check_has_channels(img);
  check_channels(img, [1, 3]);
  return of_same_kind(img, img.neg().add(max_value(img.dtype)));
}

/**
 * The negative of an image: the largest value of its dtype minus each value. Mirrors
 * `torchvision.transforms.functional.invert`.
 *
 * @param img - of shape `(..., 1 or 3, H, W)`
 * @throws TypeError for other images
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.invert(torch.tensor([[[0, 55, 255]]], { dtype: torch.uint8 }))); // tensor([[[255, 200,   0]]], dtype=torch.uint8)
 * ```
 */
export function invert(...args: [img: Tensor] | [options: { img: Tensor }]): Tensor;
export function invert(...args: unknown[]): Tensor {
  const { img } = INVERT.read(args);
  return is_computed_as_pillow(img) ? inverted_as_pillow(img) : inverted(img);
}

/** @throws TypeError for other dtypes than uint8 */
function check_bytes(img: Tensor): void {
  if (img.dtype === uint8) return;
  throw new TypeError(`Only torch.uint8 image tensors are supported, but found ${String(img.dtype)}`);
}

const POSTERIZE = signature<{ img: Tensor; bits: number }>('posterize', 'img: Tensor, bits: int');

/**
 * Keeps the highest bits of each value. Mirrors `torchvision.transforms.functional.posterize`.
 *
 * @param img - uint8, of shape `(..., 1 or 3, H, W)`
 * @param bits - how many bits stay, from 0 to 8
 * @throws TypeError for other images; Error for another number of bits
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.posterize(torch.tensor([[[10, 100, 200]]], { dtype: torch.uint8 }), 2)); // tensor([[[  0,  64, 192]]], dtype=torch.uint8)
 * ```
 */
export function posterize(
  ...args: Arguments<[img: Tensor, bits: number], { img: Tensor; bits: number }, ['img', 'bits']>
): Tensor;
export function posterize(...args: unknown[]): Tensor {
  const { img, bits } = POSTERIZE.read(args);
  if (bits < 0 || bits > 8) throw new Error(`The number if bits should be between 0 and 8. Got ${bits}`);
  if (is_computed_as_pillow(img)) return posterized_as_pillow(img, bits);
  check_has_channels(img);
  check_bytes(img);
  check_channels(img, [1, 3]);
  return of_same_kind(img, img.bitwise_and(256 - 2 ** (8 - bits)));
}

const SOLARIZE = signature<{ img: Tensor; threshold: number }>('solarize', 'img: Tensor, threshold: float');

/**
 * Inverts the values from a threshold on. Mirrors `torchvision.transforms.functional.solarize`.
 *
 * @param img - of shape `(..., 1 or 3, H, W)`
 * @param threshold - the lowest value that is inverted
 * @throws TypeError for other images, and for a threshold above the largest value of the dtype
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.solarize(torch.tensor([[[10, 100, 200]]], { dtype: torch.uint8 }), 100)); // tensor([[[ 10, 155,  55]]], dtype=torch.uint8)
 * ```
 */
export function solarize(
  ...args: Arguments<[img: Tensor, threshold: number], { img: Tensor; threshold: number }, ['img', 'threshold']>
): Tensor;
export function solarize(...args: unknown[]): Tensor {
  const { img, threshold } = SOLARIZE.read(args);
  if (is_computed_as_pillow(img)) return solarized_as_pillow(img, threshold);
  check_has_channels(img);
  check_channels(img, [1, 3]);
  if (threshold > max_value(img.dtype)) throw new TypeError('Threshold should be less than bound of img.');
  return of_same_kind(img, where(img.ge(threshold), inverted(img), img));
}

const AUTOCONTRAST = INVERT.renamed('autocontrast');

/**
 * Stretches the values of each channel so that the lowest becomes black and the highest white. Mirrors
 * `torchvision.transforms.functional.autocontrast`.
 *
 * @param img - of shape `(..., 1 or 3, H, W)`
 * @throws TypeError for other images
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * print(transforms.functional.autocontrast(torch.tensor([[[100, 150, 200]]], { dtype: torch.uint8 }))); // tensor([[[  0, 127, 255]]], dtype=torch.uint8)
 * ```
 */
export function autocontrast(...args: [img: Tensor] | [options: { img: Tensor }]): Tensor;
export function autocontrast(...args: unknown[]): Tensor {
  const { img } = AUTOCONTRAST.read(args);
  if (is_computed_as_pillow(img)) return autocontrast_as_pillow(img);
  check_has_channels(img);
  check_channels(img, [1, 3]);
  const bound = max_value(img.dtype);
  const dtype = working_dtype(img);
  const lowest = img.amin([-2, -1], true).to(dtype);
  const range = img.amax([-2, -1], true).to(dtype).sub(lowest);
  const scale = range.reciprocal().mul(bound);
  // A channel of one value, whose scale is infinite, stays as it is.
  const flat = scale.isfinite().logical_not();
  const spread = img.sub(lowest.masked_fill(flat, 0)).mul(scale.masked_fill(flat, 1));
  return of_same_kind(img, spread.clamp(0, bound).to(img.dtype));
}

const EQUALIZE = INVERT.renamed('equalize');

/** A channel whose values are spread by their ranks. */
export function equalized(channel: Tensor): Tensor {
  const counts = bincount(channel.reshape(-1), { minlength: 256 });
  const present = counts.index(counts.ne(0));
  const below_last = present
    .narrow(0, 0, present.size(0) - 1)
    .sum()
    .item<number>();
  const step = Math.floor(below_last / 255);
  if (step === 0) return channel;
  const ranks = counts
    .cumsum(0)
    .add(Math.floor(step / 2))
    .div(step, { rounding_mode: 'floor' });
  const table = cat([ranks.new_zeros([1]), ranks.narrow(0, 0, 255)]).clamp(0, 255);
  return table.index(channel.to(int64)).to(uint8);
}

/**
 * Spreads the values of each channel so that all are about as frequent. Mirrors
 * `torchvision.transforms.functional.equalize`.
 *
 * @param img - uint8, of shape `(C, H, W)` or `(N, C, H, W)` with 1 or 3 channels
 * @throws TypeError for other images
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const img = torch.arange(512).div(4, { rounding_mode: 'floor' }).view(1, 16, 32).to(torch.uint8);
 * print(transforms.functional.equalize(img).max()); // tensor(255, dtype=torch.uint8)
 * ```
 */
export function equalize(...args: [img: Tensor] | [options: { img: Tensor }]): Tensor;
export function equalize(...args: unknown[]): Tensor {
  const { img } = EQUALIZE.read(args);
  if (is_computed_as_pillow(img)) return equalized_as_pillow(img);
  check_image(img);
  if (img.dim() < 3 || img.dim() > 4) {
    throw new TypeError(`Input image tensor should have 3 or 4 dimensions, but found ${img.dim()}`);
  }
  check_bytes(img);
  check_channels(img, [1, 3]);
  const one = (image: Tensor): Tensor => stack(image.unbind(0).map(equalized));
  return of_same_kind(img, img.dim() === 3 ? one(img) : stack(img.unbind(0).map(one)));
}
