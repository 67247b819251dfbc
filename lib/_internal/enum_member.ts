/** Members of Python's enums. Knows nothing of torch. */
const ENUM = Symbol('enum');

/** A member of an enum; the class has the members as static properties. */
export abstract class EnumMember {
  protected constructor(
    /** As `'MATH'`. */
    readonly name: string,
    /** Its number. */
    readonly value: number,
    /** The name of the enum. */
    enum_name: string,
  ) {
    Object.defineProperty(this, ENUM, { value: enum_name });
  }

  declare private readonly [ENUM]: string;

  toString(): string {
    return `${this[ENUM]}.${this.name}`;
  }

  /** As Python's `repr` writes it. */
  repr(): string {
    return `<${String(this)}: ${this.value}>`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.repr();
  }
}
