import type { Tensor } from '../../_tensor.js';
import { signature } from '../../_internal/signature.js';
import { has_batched_form, Transform, type BatchedTransform } from './transform.js';
import { declare_composing } from './functional/unread_image.js';

type Step = (input: never) => unknown;
type Input<T extends readonly Step[]> = T extends readonly [infer F extends Step, ...unknown[]]
  ? Parameters<F>[0]
  : never;
type Output<T extends readonly Step[]> = T extends readonly [...unknown[], infer L extends Step]
  ? ReturnType<L>
  : unknown;

const COMPOSE = signature<{ transforms: readonly unknown[] }>('Compose', 'transforms: Callable[]');

/**
 * Applies transforms one after the other. Mirrors `torchvision.transforms.Compose`.
 *
 * @param transforms - the transforms
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const image = torch.tensor([[0, 255]], { dtype: torch.uint8 });
 * const transform = new transforms.Compose([new transforms.ToTensor(), new transforms.Normalize([0.5], [0.5])]);
 * print(transform(image)); // tensor([[[-1.,  1.]]])
 * ```
 */
export class Compose<const T extends readonly Step[]>
  extends Transform<Input<T>, Output<T>>
  implements BatchedTransform
{
  readonly transforms: T;

  constructor(transforms: T);
  constructor(options: { transforms: T });
  constructor(...args: unknown[]) {
    super();
    this.transforms = COMPOSE.read(args).transforms as T;
  }

  /** Whether all transforms support batches. */
  get batched(): boolean {
    return this.transforms.every((transform) => has_batched_form(transform));
  }

  forward(input: Input<T>): Output<T> {
    let value: unknown = input;
    for (const transform of this.transforms) value = transform(value as never);
    return value as Output<T>;
  }

  forward_batch(images: Tensor): Tensor {
    return this.transforms.reduce(
      (batch, transform) => (transform as Step & BatchedTransform).forward_batch(batch),
      images,
    );
  }

  override toString(): string {
    return `Compose(\n${this.transforms.map((transform) => `    ${String(transform)}\n`).join('')})`;
  }
}

declare_composing(Compose);
