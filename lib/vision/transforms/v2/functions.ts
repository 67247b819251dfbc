/** Transforms by a function, by a matrix, and in time. */
import { signature, type Arguments } from '../../../_internal/signature.js';
import { kind_of } from '../../../_internal/representation.js';
import { Tensor } from '../../../_tensor.js';
import { Image, Video } from '../../tv_tensors/images.js';
import { plain_view, TVTensor } from '../../tv_tensors/tv_tensor.js';
import { wrapped } from '../../tv_tensors/wrap.js';
import { check_linear, linear_transformed } from '../conversions.js';
import { is_pure } from './functional/dispatch.js';
import { uniform_temporal_subsample } from './functional/temporal.js';
import { Transform } from './transform.js';
import { is_of, type Kind } from './queries.js';

const LAMBDA = signature<{ lambd: (input: never) => unknown; types: Kind[] }>(
  'Lambda',
  'lambd: Callable, *types: Callable',
);

/**
 * A custom function as a transform, of all leaves of the inputs or of those of some classes. Mirrors
 * `torchvision.transforms.v2.Lambda`.
 *
 * @param lambd - the function
 * @param types - the classes that it is for; default all
 * @throws TypeError for anything but a function and classes
 * @example
 * ```ts
 * import { transforms, tv_tensors } from 'torch-node/vision';
 * const transform = new transforms.v2.Lambda((x: torch.Tensor) => x.mul(2), tv_tensors.Image);
 * print(transform(new tv_tensors.Image(torch.ones(1, 1, 2)), 3)); // [tensor([[[2., 2.]]]), 3]
 * print(transform); // Lambda(types=['Image'])
 * ```
 */
export class Lambda extends Transform {
  readonly lambd: (input: never) => unknown;
  readonly types: readonly Kind[];

  constructor(lambd: (input: never) => unknown, ...types: readonly Kind[]);
  constructor(...args: unknown[]) {
    super();
    const { lambd, types } = LAMBDA.read(args);
    for (const kind of types) {
      if (typeof kind !== 'function') throw new TypeError(`Lambda(): types must be classes, not ${kind_of(kind)}`);
    }
    this.lambd = lambd;
    this.types = types;
  }

  protected override takes(_leaf: unknown): boolean {
    return true;
  }

  override transform(inpt: Tensor): unknown {
    if (this.types.length > 0 && !this.types.some((kind) => is_of(inpt, kind))) return inpt;
    return this.lambd(inpt as never);
  }

  protected override _texts(): Record<string, string | null> {
    const names = this.types.length === 0 ? ['object'] : this.types.map(({ name }) => name);
    return { types: `[${names.map((name) => `'${name}'`).join(', ')}]` };
  }

  override toString(): string {
    const { name } = this.lambd;
    return name === '' ? super.toString() : super.toString().replace('(', `(${name}, `);
  }
}

interface LinearArguments {
  transformation_matrix: Tensor;
  mean_vector: Tensor;
}

const LINEAR = signature<LinearArguments>('LinearTransformation', 'transformation_matrix: Tensor, mean_vector: Tensor');

/**
 * Subtracts a mean from flattened images and videos and multiplies them by a square matrix, as for whitening. Mirrors
 * `torchvision.transforms.v2.LinearTransformation`.
 *
 * @param transformation_matrix - of shape `(D, D)`, where D is `C * H * W`
 * @param mean_vector - of shape `(D)`
 * @throws Error for other shapes, and for different dtypes or devices
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.LinearTransformation(torch.eye(2).mul(2), torch.ones(2));
 * print(transform, transform(torch.tensor([[[3, 4]]], { dtype: torch.float32 }))); // LinearTransformation() tensor([[[4., 6.]]])
 * ```
 */
export class LinearTransformation extends Transform {
  readonly transformation_matrix: Tensor;
  readonly mean_vector: Tensor;

  constructor(
    ...args: Arguments<
      [transformation_matrix: Tensor, mean_vector: Tensor],
      LinearArguments,
      ['transformation_matrix', 'mean_vector']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { transformation_matrix, mean_vector } = LINEAR.read(args);
    check_linear(transformation_matrix, mean_vector);
    this.transformation_matrix = transformation_matrix;
    this.mean_vector = mean_vector;
  }

  protected override takes(leaf: unknown): boolean {
    return leaf instanceof Image || leaf instanceof Video || (leaf instanceof Tensor && is_pure(leaf));
  }

  override transform(inpt: Tensor): Tensor {
    const values = inpt instanceof TVTensor ? plain_view(inpt) : inpt;
    const result = linear_transformed(values, this.transformation_matrix, this.mean_vector);
    return inpt instanceof TVTensor ? wrapped(result, inpt) : result;
  }
}

const SUBSAMPLE = signature<{ num_samples: number }>('UniformTemporalSubsample', 'num_samples: int');

/**
 * Chooses frames of videos, at equal distances. Mirrors `torchvision.transforms.v2.UniformTemporalSubsample`.
 *
 * @param num_samples - how many frames
 * @throws TypeError on the call, for a plain tensor of fewer than four dimensions
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const transform = new transforms.v2.UniformTemporalSubsample(3);
 * print(transform, transform(torch.arange(5).view(5, 1, 1, 1)).flatten()); // UniformTemporalSubsample(num_samples=3) tensor([0, 2, 4])
 * ```
 */
export class UniformTemporalSubsample extends Transform {
  readonly num_samples: number;

  constructor(...args: [num_samples: number] | [options: { num_samples: number }]);
  constructor(...args: unknown[]) {
    super();
    this.num_samples = SUBSAMPLE.read(args).num_samples;
  }

  override transform(inpt: Tensor): Tensor {
    return uniform_temporal_subsample(inpt, this.num_samples);
  }

  protected override _texts(): Record<string, string> {
    return { num_samples: String(this.num_samples) };
  }
}
