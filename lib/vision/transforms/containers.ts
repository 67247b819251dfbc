/** Transforms that hold others, of which they apply some. */
import { choices, shuffle } from '../../python/random.js';
import { python_repr } from '../../python/print.js';
import { rand } from '../../generated/functions.js';
import { python_float } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { container_text } from './representation.js';
import { Transform } from './transform.js';

type Step<T> = (input: T) => T;

const RANDOM_APPLY = signature<{ transforms: readonly unknown[]; p?: number }>(
  'RandomApply',
  'transforms: Callable[], p?: float',
);

/**
 * Applies all transforms, one after the other, or none. Mirrors `torchvision.transforms.RandomApply`.
 *
 * @param transforms - the transforms
 * @param p - probability, default 0.5
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.RandomApply([new transforms.ColorJitter({ brightness: 0.5 })], { p: 0.3 });
 * print(transform); // RandomApply(
 * //     p=0.3
 * //     ColorJitter(brightness=(0.5, 1.5), contrast=None, saturation=None, hue=None)
 * // )
 * ```
 */
export class RandomApply<T> extends Transform<T, T> {
  readonly transforms: readonly Step<T>[];
  readonly p: number;

  constructor(
    ...args: Arguments<
      [transforms: readonly Step<T>[], p?: number],
      { transforms: readonly Step<T>[]; p?: number },
      ['transforms', 'p']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { transforms, p = 0.5 } = RANDOM_APPLY.read(args);
    this.transforms = transforms as readonly Step<T>[];
    this.p = p;
  }

  forward(input: T): T {
    if (Math.fround(this.p) < rand(1).item<number>()) return input;
    return this.transforms.reduce((value, transform) => transform(value), input);
  }

  override toString(): string {
    return container_text(this, [`p=${python_float(this.p)}`, ...this.transforms]);
  }
}

const RANDOM_ORDER = signature<{ transforms: readonly unknown[] }>('RandomOrder', 'transforms: Callable[]');

/**
 * Applies all transforms in a random order, from the generator of Python's `random`. Mirrors
 * `torchvision.transforms.RandomOrder`.
 *
 * @param transforms - the transforms
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.RandomOrder([new transforms.CenterCrop(2), new transforms.RandomVerticalFlip()]);
 * print(transform, transform(torch.zeros(1, 8, 8)).shape); // RandomOrder(
 * //     CenterCrop(size=(2, 2))
 * //     RandomVerticalFlip(p=0.5)
 * // ) torch.Size([1, 2, 2])
 * ```
 */
export class RandomOrder<T> extends Transform<T, T> {
  readonly transforms: readonly Step<T>[];

  constructor(...args: [transforms: readonly Step<T>[]] | [options: { transforms: readonly Step<T>[] }]);
  constructor(...args: unknown[]) {
    super();
    this.transforms = RANDOM_ORDER.read(args).transforms as readonly Step<T>[];
  }

  forward(input: T): T {
    const order = [...this.transforms];
    shuffle(order);
    return order.reduce((value, transform) => transform(value), input);
  }

  override toString(): string {
    return container_text(this, this.transforms);
  }
}

const RANDOM_CHOICE = signature<{ transforms: readonly unknown[]; p?: readonly number[] | null }>(
  'RandomChoice',
  'transforms: Callable[], p?: float[]|None',
);

/**
 * Applies one of the transforms, which the generator of Python's `random` chooses. Mirrors
 * `torchvision.transforms.RandomChoice`.
 *
 * @param transforms - the transforms
 * @param p - weights of the transforms; default null: all alike
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.RandomChoice([new transforms.CenterCrop(2), new transforms.RandomCrop(2)]);
 * print(transform, transform(torch.zeros(1, 8, 8)).shape); // RandomChoice(
 * //     CenterCrop(size=(2, 2))
 * //     RandomCrop(size=(2, 2), padding=None)
 * // )(p=None) torch.Size([1, 2, 2])
 * ```
 */
export class RandomChoice<I, O = I> extends Transform<I, O> {
  readonly transforms: readonly ((input: I) => O)[];
  readonly p: readonly number[] | null;

  constructor(
    ...args: Arguments<
      [transforms: readonly ((input: I) => O)[], p?: readonly number[] | null],
      { transforms: readonly ((input: I) => O)[]; p?: readonly number[] | null },
      ['transforms', 'p']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { transforms, p = null } = RANDOM_CHOICE.read(args);
    this.transforms = transforms as readonly ((input: I) => O)[];
    this.p = p;
  }

  forward(input: I): O {
    const [transform] = choices([...this.transforms], { weights: this.p });
    return transform!(input);
  }

  override toString(): string {
    return `${container_text(this, this.transforms)}(p=${python_repr(this.p)})`;
  }
}
