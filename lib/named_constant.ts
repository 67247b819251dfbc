/** Constants of libtorch's enumerations, as `torch` has them: `torch.strided`, `torch.channels_last`. */
import { inspect } from 'node:util';

import { signature } from './_internal/signature.js';

/** A constant with its name and the number that libtorch knows it by. Compare with `===`. */
export class NamedConstant {
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

  [inspect.custom](): string {
    return this.toString();
  }
}
