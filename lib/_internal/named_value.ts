import { signature } from './signature.js';

/** A member of one of Python's enumerations: compare with `===`. */
export class NamedValue {
  /** @internal */
  constructor(
    private readonly enumeration: string,
    /** Without the name of the enumeration: `'CPU'`. */
    readonly name: string,
    readonly value: number,
  ) {
    signature<object>(new.target.name, 'enumeration: str, name: str, value: int').read([...arguments]);
  }

  /** `ProfilerActivity.CPU` */
  toString(): string {
    return `${this.enumeration}.${this.name}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
