import { signature } from '../../_internal/signature.js';
import { Transform } from './transform.js';

const LAMBDA = signature<{ lambd: unknown }>('Lambda', 'lambd: Callable');

/**
 * A custom function as a transform. Mirrors `torchvision.transforms.Lambda`.
 *
 * @param lambd - the function
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { transforms } from 'torch-node/vision';
 * const double = new transforms.Lambda((x: torch.Tensor) => x.mul(2));
 * print(double(torch.ones(2))); // tensor([2., 2.])
 * ```
 */
export class Lambda<I, O> extends Transform<I, O> {
  readonly lambd: (input: I) => O;

  constructor(lambd: (input: I) => O);
  constructor(options: { lambd: (input: I) => O });
  constructor(...args: unknown[]) {
    super();
    this.lambd = LAMBDA.read(args).lambd as (input: I) => O;
  }

  forward(input: I): O {
    return this.lambd(input);
  }
}
