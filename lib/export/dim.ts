/** Names of sizes that vary: `torch.export.Dim`. */
import { NotImplementedError } from '../_internal/not_implemented.js';
import { kind_of } from '../_internal/representation.js';
import { define_kind, method_signature, signature } from '../_internal/signature.js';

interface DimArguments {
  name: string;
  min?: number | null;
  max?: number | null;
}

const DIM = signature<DimArguments>('Dim', 'name: str, *, min?: int|None, max?: int|None');

const factor_signature = method_signature<{ other: unknown }>('Dim.mul', 'other: any');
const addend_signature = method_signature<{ other: unknown }>('Dim.add', 'other: any');
const subtrahend_signature = method_signature<{ other: unknown }>('Dim.sub', 'other: any');

function integer(verb: string, other: unknown, link: string, dim: Dim, least = -Infinity): number {
  if (Number.isSafeInteger(other) && (other as number) >= least) return other as number;
  const shown = typeof other === 'number' ? String(other) : kind_of(other);
  throw new NotImplementedError(
    `Attempted to ${verb} ${shown} ${link} ${dim.__name__}, where ${least > 0 ? 'a positive' : 'an'} integer was expected. ` +
      '(Only increasing linear operations with integer coefficients are supported.)',
  );
}

/**
 * The name of a size that may vary in an exported program, with its range. Mirrors `torch.export.Dim`; sizes with the same
 * name are equal.
 *
 * `Dim.DYNAMIC` and `Dim.AUTO` are sizes without a name, `Dim.STATIC` one that does not vary. Sizes that depend on another
 * are `batch.mul(2).add(1)`, Python's `2 * batch + 1`.
 *
 * @param name - an identifier
 * @param options - `min` (default null: 0), `max` (default null: without bound)
 * @throws Error when `max` is not greater than `min`, or for a name that is not an identifier
 * @example
 * ```ts
 * const batch = new torch.export.Dim('batch', { min: 2, max: 8 });
 * const program = torch.export.export(new nn.ReLU(), [torch.ones(3, 2)], { dynamic_shapes: [{ 0: batch }] });
 * print(program.range_constraints.size); // 1
 * ```
 */
export class Dim {
  readonly __name__: string;
  readonly min: number;
  /** null for a size without bound. */
  readonly max: number | null;

  constructor(name: string, options?: { min?: number | null; max?: number | null });
  constructor(options: DimArguments);
  constructor(...args: unknown[]) {
    const { name, min, max } = DIM.read(args);
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new Error(`Dim(): '${name}' is not an identifier`);
    this.__name__ = name;
    this.min = Number(min ?? 0);
    this.max = max === null || max === undefined ? null : Number(max);
    if (this.max !== null && this.max <= this.min) {
      throw new Error(`Cannot create Dim with inconsistent min=${this.min}, max=${this.max}`);
    }
  }

  /** A size that may vary. */
  static readonly DYNAMIC: DimHint = { hint: 'DYNAMIC' };
  /** A size that may vary. */
  static readonly AUTO: DimHint = { hint: 'AUTO' };
  /** A size that does not vary. */
  static readonly STATIC: DimHint = { hint: 'STATIC' };

  /**
   * The size that is a multiple of this one, Python's `dim * other`.
   *
   * @param other - a positive integer
   * @throws NotImplementedError for another value
   * @example
   * ```ts
   * const batch = new torch.export.Dim('batch', { min: 2, max: 8 });
   * const both = batch.mul(2);
   * print(both.__name__, both.min, both.max); // 2*batch 4 16
   * ```
   */
  mul(other: number | { other: number }): DerivedDim;
  mul(...args: unknown[]): DerivedDim {
    const factor = integer('multiply', factor_signature.read(args).other, 'with', this, 1);
    const { root, scale, offset } = linear(this);
    return DerivedDim._of(root, scale * factor, offset * factor);
  }

  /**
   * The size that is greater than this one by a constant, Python's `dim + other`.
   *
   * @param other - an integer
   * @throws NotImplementedError for another value
   * @example
   * ```ts
   * const batch = new torch.export.Dim('batch', { min: 2, max: 8 });
   * const longer = batch.add(1);
   * print(longer.__name__, longer.min, longer.max); // batch + 1 3 9
   * ```
   */
  add(other: number | { other: number }): DerivedDim;
  add(...args: unknown[]): DerivedDim {
    const addend = integer('add', addend_signature.read(args).other, 'to', this);
    const { root, scale, offset } = linear(this);
    return DerivedDim._of(root, scale, offset + addend);
  }

  /**
   * The size that is less than this one by a constant, Python's `dim - other`.
   *
   * @param other - an integer
   * @throws NotImplementedError for another value
   * @example
   * ```ts
   * const batch = new torch.export.Dim('batch', { min: 2, max: 8 });
   * print(batch.sub(1).__name__, batch.mul(2).sub(1).__name__); // batch - 1 2*batch - 1
   * ```
   */
  sub(other: number | { other: number }): DerivedDim;
  sub(...args: unknown[]): DerivedDim {
    const subtrahend = integer('subtract', subtrahend_signature.read(args).other, 'from', this);
    const { root, scale, offset } = linear(this);
    return DerivedDim._of(root, scale, offset - subtrahend);
  }

  toString(): string {
    return `Dim('${this.__name__}', min=${this.min}${this.max === null ? '' : `, max=${this.max}`})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** A size that is `scale * root + offset`. */
export class DerivedDim extends Dim {
  declare readonly root: Dim;
  declare readonly scale: number;
  declare readonly offset: number;

  /** @internal */
  static _of(root: Dim, scale: number, offset: number): DerivedDim {
    const product = scale === 1 ? root.__name__ : `${scale}*${root.__name__}`;
    const __name__ = product + (offset === 0 ? '' : ` ${offset > 0 ? '+' : '-'} ${Math.abs(offset)}`);
    return Object.assign(Object.create(DerivedDim.prototype) as DerivedDim, {
      ...{ root, scale, offset, __name__ },
      ...{ min: scale * root.min + offset, max: root.max === null ? null : scale * root.max + offset },
    });
  }

  override toString(): string {
    return this.__name__;
  }
}

/** A size as a linear function of one that has a name of its own. */
export function linear(dim: Dim): { root: Dim; scale: number; offset: number } {
  return dim instanceof DerivedDim ? dim : { root: dim, scale: 1, offset: 0 };
}

/** A size without a name. */
export interface DimHint {
  readonly hint: 'DYNAMIC' | 'AUTO' | 'STATIC';
}

define_kind('Dim', 'Dim', (value) => value instanceof Dim);
