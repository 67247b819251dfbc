/** Python's enumerations: members with a name and a value, one object each. */
import { python_repr } from '../python/print.js';
import { KeyError, ValueError } from './exceptions.js';

/** `enum.auto()`: the next number, or of a `StrEnum` the name in small letters. */
export const auto: unique symbol = Symbol('auto');

type Members = typeof Enum & { readonly members_by_name: Map<string, Enum> };

/** The base of enumerations of ported programs; {@link members} makes what they have. */
export class Enum {
  declare readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: a value of Python's, of which nothing is known
  declare readonly value: any;
  declare static readonly members_by_name: Map<string, Enum>;

  /** `Color(value)`. */
  static of(value: unknown): Enum {
    for (const member of (this as Members).members_by_name.values()) if (same(member.value, value)) return member;
    throw new ValueError(`${python_repr(value)} is not a valid ${this.name}`);
  }

  /** `Color['RED']`. */
  static member(name: string): Enum {
    const found = (this as Members).members_by_name.get(name);
    if (!found) throw new KeyError(name);
    return found;
  }

  static __len__(): number {
    return new Set((this as Members).members_by_name.values()).size;
  }

  static [Symbol.iterator](): IterableIterator<Enum> {
    return new Set((this as Members).members_by_name.values()).values();
  }

  __str__(): string {
    return `${this.constructor.name}.${this.name}`;
  }

  __repr__(): string {
    return `<${this.constructor.name}.${this.name}: ${python_repr(this.value)}>`;
  }

  repr(): string {
    return this.__repr__();
  }
}

/** An enumeration whose members are integers too. */
export class IntEnum extends Enum {
  override __str__(): string {
    return String(this.value);
  }

  override valueOf(): number {
    return Number(this.value);
  }

  __int__(): number {
    return Number(this.value);
  }
}

/** An enumeration whose members are texts too. */
export class StrEnum extends Enum {
  override __str__(): string {
    return String(this.value);
  }
}

const same = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && python_repr(a) === python_repr(b));

/** Gives an enumeration its members; a value that is there already is another name of the same member. */
export function members(cls: object, values: Readonly<Record<string, unknown>>): void {
  const found = new Map<string, Enum>();
  let last = 0;
  for (const [name, given] of Object.entries(values)) {
    const by_name = cls === StrEnum || cls.constructor === StrEnum || Object.prototype.isPrototypeOf.call(StrEnum, cls);
    const value = given === auto ? (by_name ? name.toLowerCase() : last + 1) : given;
    if (typeof value === 'number') last = Math.max(last, value);
    let member = [...found.values()].find((one) => same(one.value, value));
    if (!member) {
      member = Object.create((cls as typeof Enum).prototype) as Enum;
      Object.defineProperty(member, 'name', { value: name, enumerable: true });
      Object.defineProperty(member, 'value', { value, enumerable: true });
    }
    found.set(name, member);
    Object.defineProperty(cls, name, { value: member, enumerable: true });
  }
  Object.defineProperty(cls, 'members_by_name', { value: found });
}
