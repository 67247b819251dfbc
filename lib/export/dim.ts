/** Names of sizes that vary: `torch.export.Dim`. */
import { define_kind, signature } from '../_internal/signature.js';

interface DimArguments {
  name: string;
  min?: number | null;
  max?: number | null;
}

const DIM = signature<DimArguments>('Dim', 'name: str, *, min?: int|None, max?: int|None');

/**
 * The name of a size that may vary in an exported program, with its range. Mirrors `torch.export.Dim`; sizes with the same
 * name are equal.
 *
 * `Dim.DYNAMIC` and `Dim.AUTO` are sizes without a name, `Dim.STATIC` one that does not vary.
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

  toString(): string {
    return `Dim('${this.__name__}', min=${this.min}${this.max === null ? '' : `, max=${this.max}`})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** A size without a name. */
export interface DimHint {
  readonly hint: 'DYNAMIC' | 'AUTO' | 'STATIC';
}

define_kind('Dim', 'Dim', (value) => value instanceof Dim);
