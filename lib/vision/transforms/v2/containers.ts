/** Transforms that hold others. */
import { multinomial, rand, randperm } from '../../../generated/functions.js';
import { from_nested } from '../../../creation.js';
import { float32 } from '../../../types/dtype.js';
import { signature, type Arguments } from '../../../_internal/signature.js';
import { float_list } from '../representation.js';
import { check_probability, list_text, one_or_all, Transform } from './transform.js';
import { declare_composing } from '../functional/unread_image.js';

type Step = (...inputs: never[]) => unknown;

/** A transform that calls others. */
abstract class Container extends Transform {
  readonly transforms: readonly Step[];

  constructor(transforms: readonly unknown[]) {
    super();
    if (transforms.length === 0) throw new Error('Pass at least one transform');
    this.transforms = transforms as readonly Step[];
  }

  override transform(inpt: never): unknown {
    return inpt;
  }

  /** Calls transforms one after the other; several inputs go as several from one to the next. */
  protected all(transforms: readonly Step[], inputs: readonly unknown[]): unknown {
    let values = inputs;
    for (const transform of transforms) {
      const result = transform(...(values as never[]));
      values = inputs.length > 1 ? (result as unknown[]) : [result];
    }
    return one_or_all(this, values);
  }
}

/** As `nn.Module` prints lines that are not arguments. */
function lines_text(transform: object, transforms: readonly unknown[]): string {
  const lines = transforms
    .map((each) => `    ${String(each)}`)
    .join('\n')
    .split('\n');
  const { name } = transform.constructor;
  return lines.length === 1 ? `${name}(${lines[0]})` : `${name}(\n  ${lines.join('\n  ')}\n)`;
}

type OnlyTransforms = [transforms: readonly Step[]] | [options: { transforms: readonly Step[] }];
type ListAndP<P> = Arguments<
  [transforms: readonly Step[], p?: P],
  { transforms: readonly Step[]; p?: P },
  ['transforms', 'p']
>;

const COMPOSE = signature<{ transforms: readonly unknown[] }>('Compose', 'transforms: Callable[]');
const RANDOM_ORDER = COMPOSE.renamed('RandomOrder');

/**
 * Applies transforms one after the other. Mirrors `torchvision.transforms.v2.Compose`.
 *
 * @param transforms - the transforms
 * @throws Error for none
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const { v2 } = transforms;
 * const transform = new v2.Compose([new v2.CenterCrop(4), new v2.ToDtype(torch.float32, { scale: true })]);
 * print(transform); // Compose(
 * //       CenterCrop(size=(4, 4))
 * //       ToDtype(scale=True)
 * // )
 * print(transform(torch.zeros([3, 8, 8], { dtype: torch.uint8 })).dtype); // torch.float32
 * ```
 */
export class Compose extends Container {
  constructor(...args: OnlyTransforms);
  constructor(...args: unknown[]) {
    super(COMPOSE.read(args).transforms);
  }

  override forward(...inputs: unknown[]): unknown {
    return this.all(this.transforms, inputs);
  }

  override toString(): string {
    return lines_text(this, this.transforms);
  }
}

declare_composing(Compose);

const RANDOM_APPLY = signature<{ transforms: readonly unknown[]; p?: number }>(
  'RandomApply',
  'transforms: Callable[], p?: float',
);

/**
 * Applies all transforms, one after the other, or none. Mirrors `torchvision.transforms.v2.RandomApply`.
 *
 * @param transforms - the transforms
 * @param p - probability, default 0.5
 * @throws Error for no transforms
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.RandomApply([new transforms.v2.CenterCrop(4)], { p: 1 });
 * print(transform(torch.zeros(3, 8, 8)).shape); // torch.Size([3, 4, 4])
 * ```
 */
export class RandomApply extends Container {
  readonly p: number;

  constructor(...args: ListAndP<number>);
  constructor(...args: unknown[]) {
    const { transforms, p = 0.5 } = RANDOM_APPLY.read(args);
    super(transforms);
    check_probability(p);
    this.p = p;
  }

  override forward(...inputs: unknown[]): unknown {
    const input = one_or_all(this, inputs);
    return rand(1).item<number>() >= Math.fround(this.p) ? input : this.all(this.transforms, inputs);
  }

  override toString(): string {
    return lines_text(this, this.transforms);
  }
}

const RANDOM_CHOICE = signature<{ transforms: readonly unknown[]; p?: readonly number[] | null }>(
  'RandomChoice',
  'transforms: Callable[], p?: float[]|None',
);

/**
 * Applies one of the transforms, which torch's generator chooses. Mirrors `torchvision.transforms.v2.RandomChoice`.
 *
 * @param transforms - the transforms
 * @param p - weights of the transforms; default null: all alike
 * @throws Error for no transforms, and for another number of weights
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const { v2 } = transforms;
 * const transform = new v2.RandomChoice([new v2.CenterCrop(2), new v2.Resize([2, 2])]);
 * print(transform(torch.zeros(3, 8, 8)).shape); // torch.Size([3, 2, 2])
 * ```
 */
export class RandomChoice extends Container {
  readonly p: readonly number[];

  constructor(...args: ListAndP<readonly number[] | null>);
  constructor(...args: unknown[]) {
    const { transforms, p = null } = RANDOM_CHOICE.read(args);
    super(transforms);
    const weights = p ?? transforms.map(() => 1);
    if (weights.length !== transforms.length) {
      throw new Error(`Length of p doesn't match the number of transforms: ${weights.length} != ${transforms.length}`);
    }
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    this.p = weights.map((weight) => weight / total);
  }

  override forward(...inputs: unknown[]): unknown {
    const which = multinomial(from_nested(this.p as number[], { dtype: float32 }, 'RandomChoice'), 1).item<number>();
    return this.all([this.transforms[which]!], inputs);
  }

  protected override _texts(): Record<string, string> {
    return { transforms: list_text(this.transforms), p: float_list(this.p) };
  }
}

/**
 * Applies all transforms in a random order, from torch's generator. Mirrors `torchvision.transforms.v2.RandomOrder`.
 *
 * @param transforms - the transforms
 * @throws Error for no transforms
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const { v2 } = transforms;
 * const transform = new v2.RandomOrder([new v2.CenterCrop(2), new v2.RandomHorizontalFlip()]);
 * print(transform(torch.zeros(3, 8, 8)).shape); // torch.Size([3, 2, 2])
 * ```
 */
export class RandomOrder extends Container {
  constructor(...args: OnlyTransforms);
  constructor(...args: unknown[]) {
    super(RANDOM_ORDER.read(args).transforms);
  }

  override forward(...inputs: unknown[]): unknown {
    const order = randperm(this.transforms.length).tolist() as number[];
    return this.all(
      order.map((i) => this.transforms[i]!),
      inputs,
    );
  }

  protected override _texts(): Record<string, string> {
    return { transforms: list_text(this.transforms) };
  }
}
