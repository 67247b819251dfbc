import { signature } from '../../_internal/signature.js';
import { Transform } from './transform.js';

const LAMBDA = signature<{ lambd: unknown }>('Lambda', 'lambd: Callable');

/** A function of the user's as a transform. Mirrors `torchvision.transforms.Lambda`. */
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
