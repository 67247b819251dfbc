/** How a distributed tensor lies along a dimension of its mesh: `torch.distributed.tensor.placement_types`. */
import { python_size } from '../../_internal/representation.js';
import { define_kind, method_signature, no_arguments, signature, type Arguments } from '../../_internal/signature.js';

const EMPTY = method_signature<object>('Placement');

/**
 * How a {@link DTensor} lies along one dimension of its mesh. Mirrors `torch.distributed.tensor.placement_types.Placement`; the base of
 * {@link Shard}, {@link Replicate} and {@link Partial}.
 * @example
 * ```ts
 * const { Placement, Replicate } = torch.distributed.tensor;
 * print(new Replicate() instanceof Placement);
 * ```
 * ```python
 * from torch.distributed.tensor import Placement, Replicate
 * print(isinstance(Replicate(), Placement))
 * ```
 */
export abstract class Placement {
  /** @internal */
  constructor(...none: unknown[]) {
    no_arguments('Placement', none);
  }

  /**
   * Whether it is {@link Shard}.
   * @param dim - of this dimension; default null, of any
   */
  is_shard(dim?: number | null): this is Shard;
  is_shard(...args: unknown[]): boolean {
    const { dim = null } = IS_SHARD.read(args);
    return this instanceof Shard && (dim === null || this.dim === dim);
  }

  /** Whether it is {@link Replicate}. */
  is_replicate(...args: []): this is Replicate {
    EMPTY.read(args);
    return this instanceof Replicate;
  }

  /**
   * Whether it is {@link Partial}.
   * @param reduce_op - with this reduction; default null, with any
   */
  is_partial(reduce_op?: string | null): this is Partial;
  is_partial(...args: unknown[]): boolean {
    const { reduce_op = null } = IS_PARTIAL.read(args);
    return this instanceof Partial && (reduce_op === null || this.reduce_op === reduce_op);
  }

  /** Whether another one is the same: Python's `==`. */
  equals(other: unknown): boolean;
  equals(...args: unknown[]): boolean {
    const { other } = EQUALS.read(args);
    return other instanceof Placement && String(other) === String(this);
  }

  /** As Python prints it. */
  abstract toString(): string;

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
define_kind('Placement', 'Placement', (value) => value instanceof Placement);

const IS_SHARD = method_signature<{ dim?: number | null }>('Placement.is_shard', 'dim?: int|None');
const IS_PARTIAL = method_signature<{ reduce_op?: string | null }>('Placement.is_partial', 'reduce_op?: str|None');
const EQUALS = method_signature<{ other: unknown }>('Placement.equals', 'other: any');
const SHARD = signature<{ dim: number }>('Shard', 'dim: int');
const REPLICATE = signature<object>('Replicate', '');
const PARTIAL = signature<{ reduce_op?: string }>('Partial', 'reduce_op?: str');

/**
 * Each process has a piece, cut along a dimension as `torch.chunk` cuts it: the last ones may be smaller or empty. Mirrors
 * `torch.distributed.tensor.Shard`.
 *
 * @param dim - the dimension of the tensor
 * @example
 * ```ts
 * const placement = new torch.distributed.tensor.Shard(1);
 * print(placement, placement.dim, placement.is_shard(0));
 * ```
 * ```python
 * placement = torch.distributed.tensor.Shard(1)
 * print(repr(placement), placement.dim, placement.is_shard(0))
 * ```
 */
export class Shard extends Placement {
  /** The dimension of the tensor. */
  readonly dim: number;

  constructor(...args: Arguments<[dim: number], { dim: number }, ['dim']>);
  constructor(...args: unknown[]) {
    super();
    this.dim = Number(SHARD.read(args).dim);
  }

  override toString(): string {
    return `Shard(dim=${this.dim})`;
  }
}

/**
 * Each process has the whole tensor. Mirrors `torch.distributed.tensor.Replicate`.
 * @example
 * ```ts
 * print(new torch.distributed.tensor.Replicate());
 * ```
 * ```python
 * print(repr(torch.distributed.tensor.Replicate()))
 * ```
 */
export class Replicate extends Placement {
  constructor();
  constructor(...none: unknown[]) {
    super();
    REPLICATE.read(none);
  }

  override toString(): string {
    return 'Replicate()';
  }
}

/** The reductions of {@link Partial}. */
export const partial_reductions: readonly string[] = ['sum', 'avg', 'product', 'max', 'min'];

/**
 * Each process has a tensor of the full shape, and the values are what all of them give by a reduction that has not been done. Mirrors
 * `torch.distributed.tensor.Partial`.
 *
 * @param reduce_op - `'sum'`, `'avg'`, `'product'`, `'max'` or `'min'`; default `'sum'`
 * @example
 * ```ts
 * print(new torch.distributed.tensor.Partial(), new torch.distributed.tensor.Partial('avg').is_partial());
 * ```
 * ```python
 * print(repr(torch.distributed.tensor.Partial()), torch.distributed.tensor.Partial('avg').is_partial())
 * ```
 */
export class Partial extends Placement {
  /** The reduction. */
  readonly reduce_op: string;

  constructor(...args: Arguments<[reduce_op?: string], { reduce_op?: string }, ['reduce_op']>);
  constructor(...args: unknown[]) {
    super();
    this.reduce_op = PARTIAL.read(args).reduce_op ?? 'sum';
    if (!partial_reductions.includes(this.reduce_op)) {
      throw new Error(`Partial(): reduce_op must be one of ${partial_reductions.join(', ')}, not '${this.reduce_op}'`);
    }
  }

  override toString(): string {
    return `Partial(${this.reduce_op})`;
  }
}

/**
 * Cut along a dimension after later dimensions of the mesh have cut it: how `fully_shard` shards what is cut already. `split_factor` is the number
 * of pieces before. Mirrors `torch.distributed.tensor.placement_types._StridedShard`.
 * @internal
 */
export class StridedShard extends Placement {
  constructor(
    readonly dim: number,
    readonly split_factor: number,
  ) {
    super();
  }

  override toString(): string {
    return `_StridedShard(dim=${this.dim}, sf=${this.split_factor})`;
  }
}

/** Whether each process has a piece. @internal */
export const is_cut = (placement: Placement | undefined): placement is Shard | StridedShard =>
  placement instanceof Shard || placement instanceof StridedShard;

/** The same cut of another dimension. @internal */
export const cut_along = (placement: Shard | StridedShard, dim: number): Placement =>
  placement instanceof Shard ? new Shard(dim) : new StridedShard(dim, placement.split_factor);

/** Without those that were cut last. */
export const without_strided = (placements: readonly Placement[]): Placement[] =>
  placements.map((placement) => (placement instanceof StridedShard ? new Replicate() : placement));

/** Whether two lists of placements are the same. */
export function same_placements(a: readonly Placement[], b: readonly Placement[]): boolean {
  return a.length === b.length && a.every((placement, i) => placement.equals(b[i]));
}

/** As Python prints a tuple of placements. */
export const placements_text = (placements: readonly Placement[]): string => python_size(placements.map(String));
