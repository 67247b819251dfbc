/** A member of one of Python's enumerations: compare with `===`. */
export class NamedValue {
  /** @internal */
  constructor(
    private readonly enumeration: string,
    /** Without the name of the enumeration: `'CPU'`. */
    readonly name: string,
    readonly value: number,
  ) {}

  /** `ProfilerActivity.CPU` */
  toString(): string {
    return `${this.enumeration}.${this.name}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
