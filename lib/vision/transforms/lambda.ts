import { kind_of } from '../../nn/representation.js';
import { Transform } from './transform.js';

/** A function of the user's as a transform. Mirrors `torchvision.transforms.Lambda`. */
export class Lambda<I, O> extends Transform<I, O> {
  readonly lambd: (input: I) => O;

  constructor(lambd: (input: I) => O) {
    super();
    if (typeof lambd !== 'function') {
      throw new TypeError(`Lambda(): argument 'lambd' must be a function, not ${kind_of(lambd)}`);
    }
    this.lambd = lambd;
  }

  forward(input: I): O {
    return this.lambd(input);
  }
}
