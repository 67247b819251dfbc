/** Constants of libtorch's enumerations, as `torch` has them: `torch.strided`, `torch.channels_last`. */
import { uncloneable } from './uncloneable.js';

const CLONE = uncloneable('constant of torch', 'constant');

import { signature } from './signature.js';

/** A constant with its name and the number that libtorch knows it by. Compare with `===`. */
export class NamedConstant {
  /** @internal */
  readonly _clone = CLONE;

  constructor(
    /** Without the module: `'strided'`. */
    readonly name: string,
    /** The number in c10's enumeration. */
    readonly code: number,
  ) {
    signature<object>(new.target.name, 'name: str, code: int').read([...arguments]);
  }

  /** `torch.strided` */
  toString(): string {
    return `torch.${this.name}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
