/** Transforms that do the same to some of the images: flips, colors, and others that have but a probability. */
import { python_float } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { happens, happens_exactly } from './draws.js';
import { autocontrast, equalize, invert, posterize, rgb_to_grayscale, solarize } from './functional/color.js';
import { adjust_sharpness } from './functional/filter.js';
import { hflip, vflip } from './functional/geometry.js';
import { dimensions } from './functional/image.js';
import { check_tensor, Transform } from './transform.js';

type OnlyP = [p?: number] | [options: { p?: number }];

/** A transform of which there is only a probability to choose. */
abstract class WithProbability extends Transform<Tensor, Tensor> {
  readonly p: number;

  constructor(p: number) {
    super();
    this.p = p;
  }

  override toString(): string {
    return `${this.constructor.name}(p=${python_float(this.p)})`;
  }
}

const only_p = (name: string): ((args: readonly unknown[], by_default?: number) => number) => {
  const arguments_of = signature<{ p?: number }>(name, 'p?: float');
  return (args, by_default = 0.5) => arguments_of.read(args).p ?? by_default;
};

const HORIZONTAL = only_p('RandomHorizontalFlip');
const VERTICAL = only_p('RandomVerticalFlip');
const GRAYSCALE = only_p('RandomGrayscale');
const INVERT = only_p('RandomInvert');
const AUTOCONTRAST = only_p('RandomAutocontrast');
const EQUALIZE = only_p('RandomEqualize');

/**
 * Flips some images from left to right. Mirrors `torchvision.transforms.RandomHorizontalFlip`.
 *
 * @param p - probability, default 0.5
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.RandomHorizontalFlip(1);
 * print(transform, transform(torch.tensor([[[1, 2]]]))); // RandomHorizontalFlip(p=1.0) tensor([[[2, 1]]])
 * ```
 */
export class RandomHorizontalFlip extends WithProbability {
  constructor(...args: OnlyP);
  constructor(...args: unknown[]) {
    super(HORIZONTAL(args));
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    return happens(this.p) ? hflip(img) : img;
  }
}

/**
 * Flips some images upside down. Mirrors `torchvision.transforms.RandomVerticalFlip`.
 *
 * @param p - probability, default 0.5
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.RandomVerticalFlip(1);
 * print(transform, transform(torch.tensor([[[1], [2]]])).flatten()); // RandomVerticalFlip(p=1.0) tensor([2, 1])
 * ```
 */
export class RandomVerticalFlip extends WithProbability {
  constructor(...args: OnlyP);
  constructor(...args: unknown[]) {
    super(VERTICAL(args));
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    return happens(this.p) ? vflip(img) : img;
  }
}

/**
 * Converts some images to shades of gray, with as many channels as they have. Mirrors
 * `torchvision.transforms.RandomGrayscale`.
 *
 * @param p - probability, default 0.1
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.RandomGrayscale(1);
 * print(transform, transform(torch.tensor([[[0.2]], [[0.4]], [[0.6]]])).flatten()); // RandomGrayscale(p=1.0) tensor([0.3630, 0.3630, 0.3630])
 * ```
 */
export class RandomGrayscale extends WithProbability {
  constructor(...args: OnlyP);
  constructor(...args: unknown[]) {
    super(GRAYSCALE(args, 0.1));
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    const [channels] = dimensions(img);
    return happens(this.p) ? rgb_to_grayscale(img, channels) : img;
  }
}

/**
 * Inverts some images. Mirrors `torchvision.transforms.RandomInvert`.
 *
 * @param p - probability, default 0.5
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.RandomInvert(1);
 * print(transform, transform(torch.tensor([[[0.25]]]))); // RandomInvert(p=1.0) tensor([[[0.7500]]])
 * ```
 */
export class RandomInvert extends WithProbability {
  constructor(...args: OnlyP);
  constructor(...args: unknown[]) {
    super(INVERT(args));
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    return happens_exactly(this.p) ? invert(img) : img;
  }
}

/**
 * Stretches the values of some images to the whole range. Mirrors `torchvision.transforms.RandomAutocontrast`.
 *
 * @param p - probability, default 0.5
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.RandomAutocontrast(1);
 * print(transform, transform(torch.tensor([[[0.25, 0.5]]]))); // RandomAutocontrast(p=1.0) tensor([[[0., 1.]]])
 * ```
 */
export class RandomAutocontrast extends WithProbability {
  constructor(...args: OnlyP);
  constructor(...args: unknown[]) {
    super(AUTOCONTRAST(args));
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    return happens_exactly(this.p) ? autocontrast(img) : img;
  }
}

/**
 * Spreads the values of some uint8 images evenly. Mirrors `torchvision.transforms.RandomEqualize`.
 *
 * @param p - probability, default 0.5
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.RandomEqualize({ p: 1 });
 * print(transform, transform(torch.full([1, 2, 2], 7, { dtype: torch.uint8 })).max().item()); // RandomEqualize(p=1.0) 7
 * ```
 */
export class RandomEqualize extends WithProbability {
  constructor(...args: OnlyP);
  constructor(...args: unknown[]) {
    super(EQUALIZE(args));
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    return happens_exactly(this.p) ? equalize(img) : img;
  }
}

const POSTERIZE = signature<{ bits: number; p?: number }>('RandomPosterize', 'bits: int, p?: float');

/**
 * Keeps the highest bits of some uint8 images. Mirrors `torchvision.transforms.RandomPosterize`.
 *
 * @param bits - how many bits stay, from 0 to 8
 * @param p - probability, default 0.5
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.RandomPosterize(2, { p: 1 });
 * print(transform, transform(torch.full([1, 1, 1], 200, { dtype: torch.uint8 })).item()); // RandomPosterize(bits=2,p=1.0) 192
 * ```
 */
export class RandomPosterize extends WithProbability {
  readonly bits: number;

  constructor(...args: Arguments<[bits: number, p?: number], { bits: number; p?: number }, ['bits', 'p']>);
  constructor(...args: unknown[]) {
    const { bits, p = 0.5 } = POSTERIZE.read(args);
    super(p);
    this.bits = bits;
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    return happens_exactly(this.p) ? posterize(img, this.bits) : img;
  }

  override toString(): string {
    return `${this.constructor.name}(bits=${this.bits},p=${python_float(this.p)})`;
  }
}

const SOLARIZE = signature<{ threshold: number; p?: number }>('RandomSolarize', 'threshold: float, p?: float');

/**
 * Inverts the values of some images from a threshold on. Mirrors `torchvision.transforms.RandomSolarize`.
 *
 * @param threshold - the lowest value that is inverted
 * @param p - probability, default 0.5
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.RandomSolarize(128, { p: 1 });
 * print(transform, transform(torch.full([1, 1, 1], 200, { dtype: torch.uint8 })).item()); // RandomSolarize(threshold=128,p=1.0) 55
 * ```
 */
export class RandomSolarize extends WithProbability {
  readonly threshold: number;

  constructor(
    ...args: Arguments<[threshold: number, p?: number], { threshold: number; p?: number }, ['threshold', 'p']>
  );
  constructor(...args: unknown[]) {
    const { threshold, p = 0.5 } = SOLARIZE.read(args);
    super(p);
    this.threshold = threshold;
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    return happens_exactly(this.p) ? solarize(img, this.threshold) : img;
  }

  override toString(): string {
    return `${this.constructor.name}(threshold=${this.threshold},p=${python_float(this.p)})`;
  }
}

const SHARPNESS = signature<{ sharpness_factor: number; p?: number }>(
  'RandomAdjustSharpness',
  'sharpness_factor: float, p?: float',
);

/**
 * Changes the sharpness of some images. Mirrors `torchvision.transforms.RandomAdjustSharpness`.
 *
 * @param sharpness_factor - 0 smooths, 1 gives the image itself, 2 twice the sharpness
 * @param p - probability, default 0.5
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.RandomAdjustSharpness(2, { p: 1 });
 * print(transform, transform(torch.ones(1, 3, 3)).mean().item()); // RandomAdjustSharpness(sharpness_factor=2,p=1.0) 1
 * ```
 */
export class RandomAdjustSharpness extends WithProbability {
  readonly sharpness_factor: number;

  constructor(
    ...args: Arguments<
      [sharpness_factor: number, p?: number],
      { sharpness_factor: number; p?: number },
      ['sharpness_factor', 'p']
    >
  );
  constructor(...args: unknown[]) {
    const { sharpness_factor, p = 0.5 } = SHARPNESS.read(args);
    super(p);
    this.sharpness_factor = sharpness_factor;
  }

  forward(img: Tensor): Tensor {
    check_tensor(this, img);
    return happens_exactly(this.p) ? adjust_sharpness(img, this.sharpness_factor) : img;
  }

  override toString(): string {
    return `${this.constructor.name}(sharpness_factor=${this.sharpness_factor},p=${python_float(this.p)})`;
  }
}
