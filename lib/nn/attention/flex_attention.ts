/** Mirrors `torch.nn.attention.flex_attention`: attention whose scores a function of the user changes, by plain operators. */
import {
  arange,
  constant_pad_nd,
  logsumexp,
  max,
  ones,
  repeat_interleave,
  where,
  zeros,
} from '../../generated/functions.js';
import { operator } from '../../_C/dispatch.js';
import type { Subscript } from '../../_C/indexing.js';
import { native } from '../../_C/native.js';
import { scalar_tensor } from '../../creation.js';
import { vmap } from '../../func/vmap.js';
import { NotImplementedError } from '../../_internal/not_implemented.js';
import { define_kind, method_signature, signature, type Arguments } from '../../_internal/signature.js';
import { slice } from '../../_internal/slice.js';
import { warn } from '../../_internal/warnings.js';
import { bool, contiguous_format, float32, float64, int32, int64, int8 } from '../../types/dtype.js';
import type { DeviceLike } from '../../types/device.js';
import type { Tensor } from '../../_tensor.js';
import { check_inputs } from './inputs.js';

/**
 * Changes a score: gets it with the numbers of its batch, head, query and key, and returns the new one. All are tensors of one
 * element, for which `torch.vmap` stands in for all scores at once.
 */
export type ScoreMod = (score: Tensor, batch: Tensor, head: Tensor, q_idx: Tensor, kv_idx: Tensor) => Tensor;
/** Says whether a query attends to a key: gets the numbers of batch, head, query and key, and returns a bool tensor. */
export type MaskMod = (batch: Tensor, head: Tensor, q_idx: Tensor, kv_idx: Tensor) => Tensor;

/** Options of kernels that Python compiles; the plain operators here have no use for them. */
export type FlexKernelOptions = Readonly<Record<string, number | boolean | string>>;

const DEFAULT_BLOCK = 128;
const ONE_BLOCK = 2 ** 30;
const safe_softmax = operator('aten::_safe_softmax', '');

/**
 * Which results beside the output {@link flex_attention} returns. Mirrors
 * `torch.nn.attention.flex_attention.AuxRequest`.
 *
 * @param lse - the logarithms of the sums of the exponentials of the scores; default false
 * @param max_scores - the largest scores; default false
 * @example
 * ```ts
 * print(new nn.attention.flex_attention.AuxRequest({ lse: true }));
 * ```
 * ```python
 * from torch.nn.attention.flex_attention import AuxRequest
 * print(AuxRequest(lse=True))
 * ```
 */
export class AuxRequest {
  readonly lse: boolean;
  readonly max_scores: boolean;

  constructor(
    ...args: Arguments<
      [lse?: boolean, max_scores?: boolean],
      { lse?: boolean; max_scores?: boolean },
      ['lse', 'max_scores']
    >
  );
  constructor(...args: unknown[]) {
    const { lse = false, max_scores = false } = AUX_REQUEST.read(args);
    this.lse = lse;
    this.max_scores = max_scores;
  }

  toString(): string {
    const shown = (value: boolean): string => (value ? 'True' : 'False');
    return `AuxRequest(lse=${shown(this.lse)}, max_scores=${shown(this.max_scores)})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/**
 * What {@link flex_attention} returns beside the output; null for what was not asked for. Mirrors
 * `torch.nn.attention.flex_attention.AuxOutput`.
 * @example
 * ```ts
 * print(new nn.attention.flex_attention.AuxOutput());
 * ```
 * ```python
 * from torch.nn.attention.flex_attention import AuxOutput
 * print(AuxOutput())
 * ```
 */
export class AuxOutput {
  readonly lse: Tensor | null;
  readonly max_scores: Tensor | null;

  constructor(
    ...args: Arguments<
      [lse?: Tensor | null, max_scores?: Tensor | null],
      { lse?: Tensor | null; max_scores?: Tensor | null },
      ['lse', 'max_scores']
    >
  );
  constructor(...args: unknown[]) {
    const { lse = null, max_scores = null } = AUX_OUTPUT.read(args);
    this.lse = lse;
    this.max_scores = max_scores;
  }

  toString(): string {
    const shown = (value: Tensor | null): string => (value === null ? 'None' : value.toString());
    return `AuxOutput(lse=${shown(this.lse)}, max_scores=${shown(this.max_scores)})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const AUX_REQUEST = signature<{ lse?: boolean; max_scores?: boolean }>('AuxRequest', 'lse?: bool, max_scores?: bool');
const AUX_OUTPUT = signature<{ lse?: Tensor | null; max_scores?: Tensor | null }>(
  'AuxOutput',
  'lse?: Tensor|None, max_scores?: Tensor|None',
);

type Indexed = (...args: Tensor[]) => Tensor;

/** A function of numbers of batch, head, query and key, for all of them at once; `first` arguments before these go along. */
function over_all(fn: Indexed, first: readonly (number | null)[]): Indexed {
  let mapped = fn;
  for (const place of [3, 2, 1, 0]) {
    mapped = vmap(mapped, { in_dims: [...first, ...[0, 1, 2, 3].map((i) => (i === place ? 0 : null))] });
  }
  return mapped;
}

function numbers(sizes: readonly number[], device: DeviceLike): Tensor[] {
  return sizes.map((size) => arange(0, size, { device }));
}

/**
 * A mask that masks nothing. Mirrors `torch.nn.attention.flex_attention.noop_mask`.
 * @example
 * ```ts
 * const zero = torch.tensor(0);
 * print(nn.attention.flex_attention.noop_mask(zero, zero, zero, zero));
 * ```
 * ```python
 * from torch.nn.attention.flex_attention import noop_mask
 * zero = torch.tensor(0)
 * print(noop_mask(zero, zero, zero, zero))
 * ```
 */
export function noop_mask(batch: Tensor, head: Tensor, token_q: Tensor, token_kv: Tensor): Tensor;
export function noop_mask(batch: Tensor, ..._others: [unknown, unknown, unknown]): Tensor {
  NOOP_MASK.read([batch, ..._others]);
  return batch.new_ones([], { dtype: bool });
}
Object.defineProperty(noop_mask, 'length', { value: 4 });
const NOOP_MASK = signature<object>('noop_mask', 'batch: Tensor, head: Tensor, token_q: Tensor, token_kv: Tensor');

const sliced_text = `Cannot use mask_mod from a sliced BlockMask. When you slice a BlockMask using [], the mask_mod attribute is reset. You must set it from the original BlockMask's mask_mod.

Incorrect usage:
  base_mask = create_block_mask(my_mask_fn, ...)
  sliced_mask = base_mask[:, :, block_idx]
  sliced_mask.mask_mod = apply_offset(sliced_mask.mask_mod, offset)  # WRONG!

Correct usage:
  base_mask = create_block_mask(my_mask_fn, ...)
  sliced_mask = base_mask[:, :, block_idx]
  sliced_mask.mask_mod = apply_offset(base_mask.mask_mod, offset)  # Use base_mask!`;

/** The function of a mask of which a part was taken: the numbers of its blocks are others. */
function _sliced_mask_mod_error(_batch: Tensor, _head: Tensor, _q_idx: Tensor, _kv_idx: Tensor): never {
  throw new Error(sliced_text);
}

/** A mask of blocks from the numbers of blocks in each row and their columns. */
function dense_of(counts: Tensor, columns: Tensor, width: number): Tensor {
  const places = arange(0, columns.size(-1), { dtype: int32, device: columns.device });
  const valid = places.lt(counts.unsqueeze(-1));
  const target = where(valid, columns, width).to(int64);
  const dense = zeros([...columns.shape.slice(0, -1), width + 1], { dtype: int32, device: columns.device });
  return dense.scatter_(-1, target, 1).narrow(-1, 0, width).contiguous();
}

/** The numbers of blocks in each row of a mask, and their columns, followed by all others. */
function ordered_of(mask: Tensor): [counts: Tensor, columns: Tensor] {
  const dense = mask.to(int32);
  const columns = dense.argsort({ dim: -1, descending: true, stable: true });
  const compact = (all: Tensor): Tensor => all.to(int32, { memory_format: contiguous_format });
  return [compact(dense.sum(-1)), compact(columns)];
}

function transposed(counts: Tensor, columns: Tensor): [counts: Tensor, columns: Tensor] {
  return ordered_of(dense_of(counts, columns, columns.size(-1)).transpose(-2, -1));
}

type Pair = readonly [number, number];

/** What {@link BlockMask} is made of. */
export interface BlockMaskFields {
  seq_lengths: Pair;
  kv_num_blocks: Tensor;
  kv_indices: Tensor;
  full_kv_num_blocks: Tensor | null;
  full_kv_indices: Tensor | null;
  q_num_blocks: Tensor | null;
  q_indices: Tensor | null;
  full_q_num_blocks: Tensor | null;
  full_q_indices: Tensor | null;
  BLOCK_SIZE?: Pair;
  mask_mod?: MaskMod;
}

/** The options of {@link BlockMask.from_kv_blocks}. */
export interface FromBlocksOptions {
  full_kv_num_blocks?: Tensor | null;
  full_kv_indices?: Tensor | null;
  BLOCK_SIZE?: number | Pair;
  mask_mod?: MaskMod | null;
  seq_lengths?: Pair | null;
  compute_q_blocks?: boolean;
}

const BLOCK_MASK = signature<BlockMaskFields>(
  'BlockMask',
  'seq_lengths: int[], kv_num_blocks: Tensor, kv_indices: Tensor, full_kv_num_blocks: Tensor|None, ' +
    'full_kv_indices: Tensor|None, q_num_blocks: Tensor|None, q_indices: Tensor|None, full_q_num_blocks: Tensor|None, ' +
    'full_q_indices: Tensor|None, BLOCK_SIZE?: int[], mask_mod?: Callable',
);
const FROM_BLOCKS = method_signature<FromBlocksOptions & { kv_num_blocks: Tensor; kv_indices: Tensor }>(
  'BlockMask.from_kv_blocks',
  'kv_num_blocks: Tensor, kv_indices: Tensor, full_kv_num_blocks?: Tensor|None, full_kv_indices?: Tensor|None, ' +
    'BLOCK_SIZE?: int|int[], mask_mod?: Callable|None, seq_lengths?: int[]|None, compute_q_blocks?: bool',
);
const AS_TUPLE = method_signature<{ flatten?: boolean }>('BlockMask.as_tuple', 'flatten?: bool');
const TO_STRING = method_signature<{ grid_size?: number | Pair; limit?: number }>(
  'BlockMask.to_string',
  'grid_size?: int|int[], limit?: int',
);
const TO = method_signature<{ device: DeviceLike }>('BlockMask.to', 'device: device');
const ADJUST = method_signature<{ new_q_len: number; new_kv_len: number }>(
  'BlockMask._adjust',
  'new_q_len: int, new_kv_len: int',
);

const both = (one: unknown, other: unknown): boolean => (one === null) === (other === null);

/** A part of two rows of blocks, when a mask is made smaller. */
function cropped(counts: Tensor, columns: Tensor, rows: number, width: number): [counts: Tensor, columns: Tensor] {
  const kept = columns.index(':', ':', slice(rows), slice(width));
  const few = counts.index(':', ':', slice(rows)).clamp({ max: width });
  return [kept.lt(few.unsqueeze(-1)).sum(-1).to(int32), kept];
}

/**
 * A mask of attention in blocks: which blocks of keys each block of queries attends to, and a function that says it for each
 * pair within them. {@link create_block_mask} makes it. Mirrors `torch.nn.attention.flex_attention.BlockMask`.
 *
 * `index(...)` is what brackets are in Python.
 * @example
 * ```ts
 * const { create_block_mask } = nn.attention.flex_attention;
 * const causal = (_b: torch.Tensor, _h: torch.Tensor, q: torch.Tensor, kv: torch.Tensor) => q.ge(kv);
 * const mask = create_block_mask(causal, 1, 1, 512, 512);
 * print(mask, mask.numel(), mask.sparsity());
 * print(mask.index(0, 0, 1).kv_num_blocks, mask.to_dense());
 * ```
 * ```python
 * from torch.nn.attention.flex_attention import create_block_mask
 * def causal(b, h, q, kv):
 *     return q >= kv
 * mask = create_block_mask(causal, 1, 1, 512, 512)
 * print(mask, mask.numel(), mask.sparsity())
 * print(mask[0, 0, 1].kv_num_blocks, mask.to_dense())
 * ```
 */
export class BlockMask {
  seq_lengths: Pair;
  kv_num_blocks: Tensor;
  kv_indices: Tensor;
  full_kv_num_blocks: Tensor | null;
  full_kv_indices: Tensor | null;
  q_num_blocks: Tensor | null;
  q_indices: Tensor | null;
  full_q_num_blocks: Tensor | null;
  full_q_indices: Tensor | null;
  BLOCK_SIZE: Pair;
  mask_mod: MaskMod;

  constructor(fields: BlockMaskFields);
  constructor(...args: unknown[]) {
    const given = BLOCK_MASK.read(args);
    if (given.kv_indices.dim() < 2) throw new Error('BlockMask must have at least 2 dimensions');
    for (const side of ['kv', 'q'] as const) {
      if (!both(given[`full_${side}_num_blocks`], given[`full_${side}_indices`])) {
        throw new Error(`full_${side}_num_blocks and full_${side}_indices must be both provided or omitted`);
      }
    }
    this.seq_lengths = given.seq_lengths;
    this.kv_num_blocks = given.kv_num_blocks;
    this.kv_indices = given.kv_indices;
    this.full_kv_num_blocks = given.full_kv_num_blocks;
    this.full_kv_indices = given.full_kv_indices;
    this.q_num_blocks = given.q_num_blocks;
    this.q_indices = given.q_indices;
    this.full_q_num_blocks = given.full_q_num_blocks;
    this.full_q_indices = given.full_q_indices;
    this.BLOCK_SIZE = given.BLOCK_SIZE ?? [DEFAULT_BLOCK, DEFAULT_BLOCK];
    this.mask_mod = given.mask_mod ?? noop_mask;
  }

  /**
   * A mask from the numbers of key blocks for each block of queries, and which these are. Mirrors
   * `BlockMask.from_kv_blocks`.
   * @throws Error when numbers or columns of full blocks come without the other
   */
  static from_kv_blocks(kv_num_blocks: Tensor, kv_indices: Tensor, options?: FromBlocksOptions): BlockMask;
  static from_kv_blocks(...args: unknown[]): BlockMask {
    const given = FROM_BLOCKS.read(args);
    const { kv_num_blocks, kv_indices, full_kv_num_blocks = null, full_kv_indices = null } = given;
    const { BLOCK_SIZE = DEFAULT_BLOCK, mask_mod = null, seq_lengths = null, compute_q_blocks = true } = given;
    if (kv_indices.dim() < 2) throw new Error('BlockMask must have at least 2 dimensions');
    if (!both(full_kv_num_blocks, full_kv_indices)) {
      throw new Error('full_kv_num_blocks and full_kv_indices must be both provided or omitted');
    }
    const [q_num_blocks, q_indices] = compute_q_blocks ? transposed(kv_num_blocks, kv_indices) : [null, null];
    const [full_q_num_blocks, full_q_indices] =
      compute_q_blocks && full_kv_num_blocks !== null && full_kv_indices !== null
        ? transposed(full_kv_num_blocks, full_kv_indices)
        : [null, null];
    const block: Pair = typeof BLOCK_SIZE === 'number' ? [BLOCK_SIZE, BLOCK_SIZE] : BLOCK_SIZE;
    return new BlockMask({
      seq_lengths: seq_lengths ?? [kv_indices.size(-2) * block[0], kv_indices.size(-1) * block[1]],
      kv_num_blocks,
      kv_indices,
      full_kv_num_blocks,
      full_kv_indices,
      q_num_blocks,
      q_indices,
      full_q_num_blocks,
      full_q_indices,
      BLOCK_SIZE: block,
      mask_mod: mask_mod ?? noop_mask,
    });
  }

  /** The fields in order; pairs of sizes are two elements each, or with `flatten` false one. Mirrors `BlockMask.as_tuple`. */
  as_tuple(flatten?: boolean): unknown[];
  as_tuple(...args: unknown[]): unknown[] {
    const { flatten = true } = AS_TUPLE.read(args);
    return [
      ...(flatten ? this.seq_lengths : [this.seq_lengths]),
      ...this.tensors(),
      // What only compiled kernels for CUDA use.
      null,
      null,
      null,
      null,
      ...(flatten ? this.BLOCK_SIZE : [this.BLOCK_SIZE]),
      this.mask_mod,
    ];
  }

  private tensors(): (Tensor | null)[] {
    return [
      this.kv_num_blocks,
      this.kv_indices,
      this.full_kv_num_blocks,
      this.full_kv_indices,
      this.q_num_blocks,
      this.q_indices,
      this.full_q_num_blocks,
      this.full_q_indices,
    ];
  }

  /** Batches, heads, and the lengths of queries and keys. */
  get shape(): number[] {
    return [...this.kv_indices.shape.slice(0, -2), ...this.seq_lengths];
  }

  /** A part of the mask, by batch, head and block of queries; its `mask_mod` must be set before it is used. */
  index(...subscripts: Subscript[]): BlockMask {
    const sizes = this.kv_num_blocks.shape;
    const padded = [...subscripts, ':', ':', ':'].slice(0, 3).map((subscript, i) => {
      if (typeof subscript !== 'number') return subscript;
      const size = sizes[i] ?? 0;
      const start = subscript < 0 && subscript >= -size ? subscript + size : subscript;
      return slice(start, start + 1);
    });
    const part = (of: Tensor | null): Tensor | null => of?.index(...(padded as Subscript[])) ?? null;
    return BlockMask.from_kv_blocks(part(this.kv_num_blocks) as Tensor, part(this.kv_indices) as Tensor, {
      full_kv_num_blocks: part(this.full_kv_num_blocks),
      full_kv_indices: part(this.full_kv_indices),
      BLOCK_SIZE: this.BLOCK_SIZE,
      mask_mod: _sliced_mask_mod_error,
      seq_lengths: this.seq_lengths,
      compute_q_blocks: this.q_indices !== null,
    });
  }

  /** The upper left corner of the mask, for other lengths. */
  _adjust(new_q_len: number, new_kv_len: number): BlockMask;
  _adjust(...args: unknown[]): BlockMask {
    const { new_q_len, new_kv_len } = ADJUST.read(args);
    const rows = Math.ceil(new_q_len / this.BLOCK_SIZE[0]);
    const width = Math.ceil(new_kv_len / this.BLOCK_SIZE[1]);
    const [counts, columns] = cropped(this.kv_num_blocks, this.kv_indices, rows, width);
    const [full_counts, full_columns] =
      this.full_kv_num_blocks !== null && this.full_kv_indices !== null
        ? cropped(this.full_kv_num_blocks, this.full_kv_indices, rows, width)
        : [null, null];
    return BlockMask.from_kv_blocks(counts, columns, {
      full_kv_num_blocks: full_counts,
      full_kv_indices: full_columns,
      BLOCK_SIZE: this.BLOCK_SIZE,
      mask_mod: this.mask_mod,
      seq_lengths: [new_q_len, new_kv_len],
      compute_q_blocks: this.q_indices !== null,
    });
  }

  /** The number of pairs of queries and keys, masked or not. */
  numel(): number {
    return this.shape.reduce((product, size) => product * size, 1);
  }

  /** The percentage of blocks that are not computed. */
  sparsity(): number {
    const full = this.full_kv_num_blocks;
    const computed = Number(this.kv_num_blocks.sum().item()) + (full === null ? 0 : Number(full.sum().item()));
    return 100 * (1 - (computed * this.BLOCK_SIZE[0] * this.BLOCK_SIZE[1]) / this.numel());
  }

  /** The mask of blocks, 1 where something is computed. */
  to_dense(): Tensor {
    const partial = dense_of(this.kv_num_blocks, this.kv_indices, this.kv_indices.size(-1));
    if (this.full_kv_num_blocks === null || this.full_kv_indices === null) return partial;
    return partial.bitwise_or(dense_of(this.full_kv_num_blocks, this.full_kv_indices, this.full_kv_indices.size(-1)));
  }

  /**
   * The mask as text, a grid for each batch and head.
   * @param grid_size - the most rows and columns of a grid; default (20, 20)
   * @param limit - the most grids; default 4
   */
  to_string(grid_size?: number | Pair, limit?: number): string;
  to_string(options: { grid_size?: number | Pair; limit?: number }): string;
  to_string(...args: unknown[]): string {
    const { grid_size = [20, 20], limit = 4 } = TO_STRING.read(args);
    const dense = this.to_dense();
    const [rows, columns] = dense.shape.slice(-2) as readonly number[] as Pair;
    const most: Pair = typeof grid_size === 'number' ? [grid_size, grid_size] : grid_size;
    const steps: Pair = [Math.max(1, cdiv(rows, most[0])), Math.max(1, cdiv(columns, most[1]))];
    const grids = dense.reshape([-1, rows, columns]).tolist<number[][][]>();
    const batch = dense.shape.slice(0, -2);
    const parts = grids.slice(0, limit).map((grid, i) => `${place_text(i, batch)}\n${drawn(grid, steps)}`);
    if (grids.length > limit) {
      parts.push(
        '...',
        'To print out more, set BlockMask.to_string(limit=N)',
        'You can also index (BlockMask[batch, head]) to choose a specific batch or head',
      );
    }
    return parts.join('\n');
  }

  /** The mask on a device. Mirrors `BlockMask.to`. */
  to(device: DeviceLike): BlockMask;
  to(...args: unknown[]): BlockMask {
    const { device } = TO.read(args);
    const moved = this.tensors().map((each) => each?.to(device) ?? null);
    return new BlockMask({
      seq_lengths: this.seq_lengths,
      kv_num_blocks: moved[0] as Tensor,
      kv_indices: moved[1] as Tensor,
      full_kv_num_blocks: moved[2] ?? null,
      full_kv_indices: moved[3] ?? null,
      q_num_blocks: moved[4] ?? null,
      q_indices: moved[5] ?? null,
      full_q_num_blocks: moved[6] ?? null,
      full_q_indices: moved[7] ?? null,
      BLOCK_SIZE: this.BLOCK_SIZE,
      mask_mod: this.mask_mod,
    });
  }

  /** As Python's `print` writes it. */
  toString(): string {
    const sizes = this.shape.join(', ');
    return `BlockMask(shape=(${sizes}), sparsity=${this.sparsity().toFixed(2)}%, \n${this.to_string().trim()}\n)`;
  }

  /** As Python's `repr` writes it. */
  repr(): string {
    const size = (of: Tensor | null): string => (of === null ? 'None' : of.shape.toString());
    const names = [
      'kv_num_blocks',
      'kv_indices',
      'full_kv_num_blocks',
      'full_kv_indices',
      'q_num_blocks',
      'q_indices',
      'full_q_num_blocks',
      'full_q_indices',
    ] as const;
    const lines = [
      ...names.map((name) => `${name}=${size(this[name])}`),
      `BLOCK_SIZE=(${this.BLOCK_SIZE.join(', ')})`,
      `shape=(${this.shape.join(', ')})`,
      `sparsity=${this.sparsity().toFixed(2)}%`,
    ];
    return `BlockMask(\n${lines.map((line) => `    ${line},\n`).join('')}    mask_mod=${this.mask_mod.name}\n)`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

define_kind('BlockMask', 'BlockMask', (value) => value instanceof BlockMask);
define_kind('AuxRequest', 'AuxRequest', (value) => value instanceof AuxRequest);

const cdiv = (a: number, b: number): number => Math.floor((a + b - 1) / b);

/** `(0, 1)`: the subscripts of the `i`-th element of a batch. */
function place_text(i: number, sizes: readonly number[]): string {
  const place: number[] = [];
  let rest = i;
  for (const size of [...sizes].reverse()) {
    place.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return place.length === 1 ? `(${place[0]},)` : `(${place.join(', ')})`;
}

/** A mask of blocks as squares: full, shaded and empty. */
function drawn(grid: readonly (readonly number[])[], [rows, columns]: Pair): string {
  let text = '';
  for (let row = 0; row < grid.length; row += rows) {
    for (let column = 0; column < grid[0]!.length; column += columns) {
      const part = grid.slice(row, row + rows).flatMap((line) => line.slice(column, column + columns));
      const computed = part.filter((value) => value !== 0).length;
      text += (computed === part.length ? '█' : computed === 0 ? ' ' : '░').repeat(2);
    }
    text += '\n';
  }
  return text;
}

const AND_MASKS = signature<{ mask_mods: MaskMod[] }>('and_masks', '*mask_mods: Callable');
const OR_MASKS = signature<{ mask_mods: MaskMod[] }>('or_masks', '*mask_mods: Callable');

function combined(mods: readonly MaskMod[], start: boolean): MaskMod {
  return (b, h, q_idx, kv_idx) => {
    let result = start ? b.new_ones([], { dtype: bool }) : b.new_zeros([], { dtype: bool });
    for (const mod of mods) {
      const next = mod(b, h, q_idx, kv_idx);
      result = start ? result.bitwise_and(next) : result.bitwise_or(next);
    }
    return result;
  };
}

/**
 * A mask that lets through what all of several masks do. Mirrors
 * `torch.nn.attention.flex_attention.and_masks`.
 *
 * @param mask_mods - functions of masks
 * @throws TypeError for what is not a function
 * @example
 * ```ts
 * const { and_masks, create_mask } = nn.attention.flex_attention;
 * type T = torch.Tensor;
 * const near = (_b: T, _h: T, q: T, kv: T) => q.sub(kv).le(1);
 * print(create_mask(and_masks((_b: T, _h: T, q: T, kv: T) => q.ge(kv), near), 1, 1, 4, 4));
 * ```
 * ```python
 * from torch.nn.attention.flex_attention import and_masks, create_mask
 * near = lambda b, h, q, kv: q - kv <= 1
 * print(create_mask(and_masks(lambda b, h, q, kv: q >= kv, near), 1, 1, 4, 4))
 * ```
 */
export function and_masks(...mask_mods: MaskMod[]): MaskMod {
  return combined(AND_MASKS.read(mask_mods).mask_mods, true);
}

/**
 * A mask that lets through what one of several masks does. Mirrors `torch.nn.attention.flex_attention.or_masks`.
 *
 * @param mask_mods - functions of masks
 * @throws TypeError for what is not a function
 * @example
 * ```ts
 * const { create_mask, or_masks } = nn.attention.flex_attention;
 * type T = torch.Tensor;
 * const first = (_b: T, _h: T, _q: T, kv: T) => kv.lt(1);
 * print(create_mask(or_masks((_b: T, _h: T, q: T, kv: T) => q.eq(kv), first), 1, 1, 3, 3));
 * ```
 * ```python
 * from torch.nn.attention.flex_attention import create_mask, or_masks
 * first = lambda b, h, q, kv: kv < 1
 * print(create_mask(or_masks(lambda b, h, q, kv: q == kv, first), 1, 1, 3, 3))
 * ```
 */
export function or_masks(...mask_mods: MaskMod[]): MaskMod {
  return combined(OR_MASKS.read(mask_mods).mask_mods, false);
}

/** How many numbers a function asks for beside what has defaults: 5 of one that changes scores, 4 of one that masks. */
function arity(mod: (...args: never[]) => unknown): number {
  const { length } = mod;
  if (length !== 4 && length !== 5) throw new Error(`Expected 4 or 5 positional args, got ${length}`);
  return length;
}

interface MaskArguments {
  B: number | null;
  H: number | null;
  Q_LEN: number;
  KV_LEN: number;
  device?: DeviceLike | null;
}

const CREATE_MASK = signature<MaskArguments & { mod_fn: ScoreMod | MaskMod }>(
  'create_mask',
  'mod_fn: Callable, B: int|None, H: int|None, Q_LEN: int, KV_LEN: int, device?: device|None',
);

const default_device = (): DeviceLike => (native.device_count('cuda') > 0 ? 'cuda' : 'cpu');

function mask_of(mod: ScoreMod | MaskMod, { B, H, Q_LEN, KV_LEN, device = null }: MaskArguments): Tensor {
  const where_to = device ?? default_device();
  const sizes = [B ?? 1, H ?? 1, Q_LEN, KV_LEN];
  const places = numbers(sizes, where_to);
  if (arity(mod) === 4) return over_all(mod as Indexed, [])(...places);
  const scores = over_all(mod as Indexed, [0])(zeros(sizes, { device: where_to }), ...places);
  return scores.isneginf().logical_not();
}

/**
 * The whole mask that a function describes. Mirrors `torch.nn.attention.flex_attention.create_mask`.
 *
 * @param mod_fn - a function of a mask, or one that changes scores: what it makes -inf is masked. They are told apart by the
 *   number of their parameters, 4 and 5
 * @param B - the number of batches; null for 1
 * @param H - the number of heads; null for 1
 * @param Q_LEN - the number of queries
 * @param KV_LEN - the number of keys
 * @param device - default: a GPU where there is one, else the CPU
 * @returns a bool tensor `(B, H, Q_LEN, KV_LEN)`
 * @throws Error for a function with another number of parameters
 * @example
 * ```ts
 * type T = torch.Tensor;
 * print(nn.attention.flex_attention.create_mask((_b: T, _h: T, q: T, kv: T) => q.ge(kv), 1, 1, 3, 4));
 * ```
 * ```python
 * from torch.nn.attention.flex_attention import create_mask
 * print(create_mask(lambda b, h, q, kv: q >= kv, 1, 1, 3, 4))
 * ```
 */
export function create_mask(
  mod_fn: ScoreMod | MaskMod,
  B: number | null,
  H: number | null,
  Q_LEN: number,
  KV_LEN: number,
  device?: DeviceLike | null,
): Tensor;
export function create_mask(
  ...args: Arguments<
    [
      mod_fn: ScoreMod | MaskMod,
      B: number | null,
      H: number | null,
      Q_LEN: number,
      KV_LEN: number,
      device?: DeviceLike | null,
    ],
    MaskArguments & { mod_fn: ScoreMod | MaskMod },
    ['mod_fn', 'B', 'H', 'Q_LEN', 'KV_LEN', 'device']
  >
): Tensor;
export function create_mask(...args: unknown[]): Tensor {
  const { mod_fn, ...given } = CREATE_MASK.read(args);
  return mask_of(mod_fn, given);
}

interface BlockMaskArguments extends MaskArguments {
  mask_mod: MaskMod;
  BLOCK_SIZE?: number | Pair;
  _compile?: boolean;
  separate_full_blocks?: boolean;
}

const CREATE_BLOCK_MASK = signature<BlockMaskArguments>(
  'create_block_mask',
  'mask_mod: Callable, B: int|None, H: int|None, Q_LEN: int, KV_LEN: int, device?: device|None, BLOCK_SIZE?: int|int[], ' +
    '_compile?: bool, separate_full_blocks?: bool',
);

/** Which blocks of a mask have something, and with `separate` which have all. */
function blocks_of(mask: Tensor, [rows, columns]: Pair, separate: boolean): [partial: Tensor, full: Tensor | null] {
  const missing = (size: number, block: number): number => cdiv(size, block) * block - size;
  const padded = constant_pad_nd(mask, [0, missing(mask.size(-1), columns), 0, missing(mask.size(-2), rows)]);
  const [b, h, q, kv] = padded.shape as readonly number[] as [number, number, number, number];
  const sums = padded
    .view([b, h, q / rows, rows, kv / columns, columns])
    .permute(0, 1, 2, 4, 3, 5)
    .sum([-2, -1]);
  if (!separate) return [sums.gt(0).to(int8), null];
  const all = rows * columns;
  return [sums.gt(0).bitwise_and(sums.lt(all)).to(int8), sums.eq(all).to(int8)];
}

/**
 * A {@link BlockMask} from the function of a mask. Mirrors `torch.nn.attention.flex_attention.create_block_mask`.
 *
 * @param mask_mod - says for the numbers of a batch, a head, a query and a key whether the query attends to the key
 * @param B - the number of batches; null for 1
 * @param H - the number of heads; null for 1
 * @param Q_LEN - the number of queries
 * @param KV_LEN - the number of keys
 * @param device - default: a GPU where there is one, else the CPU
 * @param BLOCK_SIZE - the size of a block, or one for queries and one for keys; default 128
 * @param options - `separate_full_blocks`: whether blocks without masked pairs are listed separately; default true
 * @throws Error for a function that does not take four tensors
 * @example
 * ```ts
 * type T = torch.Tensor;
 * const causal = (_b: T, _h: T, q: T, kv: T) => q.ge(kv);
 * const mask = nn.attention.flex_attention.create_block_mask(causal, 1, 1, 300, 300);
 * print(mask.kv_indices, mask.full_kv_num_blocks);
 * ```
 * ```python
 * from torch.nn.attention.flex_attention import create_block_mask
 * def causal(b, h, q, kv):
 *     return q >= kv
 * mask = create_block_mask(causal, 1, 1, 300, 300)
 * print(mask.kv_indices, mask.full_kv_num_blocks)
 * ```
 */
export function create_block_mask(
  mask_mod: MaskMod,
  B: number | null,
  H: number | null,
  Q_LEN: number,
  KV_LEN: number,
  device?: DeviceLike | null,
  BLOCK_SIZE?: number | readonly [number, number],
  _compile?: boolean,
  separate_full_blocks?: boolean,
): BlockMask;
export function create_block_mask(
  ...args: Arguments<
    [
      mask_mod: MaskMod,
      B: number | null,
      H: number | null,
      Q_LEN: number,
      KV_LEN: number,
      device?: DeviceLike | null,
      BLOCK_SIZE?: number | Pair,
      _compile?: boolean,
      separate_full_blocks?: boolean,
    ],
    BlockMaskArguments,
    ['mask_mod', 'B', 'H', 'Q_LEN', 'KV_LEN', 'device', 'BLOCK_SIZE', '_compile', 'separate_full_blocks']
  >
): BlockMask;
export function create_block_mask(...args: unknown[]): BlockMask {
  const given = CREATE_BLOCK_MASK.read(args);
  const { mask_mod, Q_LEN, KV_LEN, BLOCK_SIZE = DEFAULT_BLOCK, separate_full_blocks = true } = given;
  if (arity(mask_mod) !== 4) {
    throw new Error(`create-block_mask requires a mask_mod function! Got ${mask_mod.name || 'a function'}`);
  }
  const block: Pair = typeof BLOCK_SIZE === 'number' ? [BLOCK_SIZE, BLOCK_SIZE] : BLOCK_SIZE;
  const [partial, full] = blocks_of(mask_of(mask_mod, given), block, separate_full_blocks);
  const [full_kv_num_blocks, full_kv_indices] = full === null ? [null, null] : ordered_of(full);
  return BlockMask.from_kv_blocks(...ordered_of(partial), {
    full_kv_num_blocks,
    full_kv_indices,
    BLOCK_SIZE: block,
    mask_mod,
    seq_lengths: [Q_LEN, KV_LEN],
  });
}

interface FlexArguments {
  query: Tensor;
  key: Tensor;
  value: Tensor;
  score_mod?: ScoreMod | null;
  block_mask?: BlockMask | null;
  scale?: number | null;
  enable_gqa?: boolean;
  return_lse?: boolean;
  kernel_options?: FlexKernelOptions | null;
  return_aux?: AuxRequest | null;
}

const FLEX_ATTENTION = signature<FlexArguments>(
  'flex_attention',
  'query: Tensor, key: Tensor, value: Tensor, score_mod?: Callable|None, block_mask?: BlockMask|None, scale?: float|None, ' +
    'enable_gqa?: bool, return_lse?: bool, kernel_options?: dict|None, *, return_aux?: AuxRequest|None',
);

/** The texts are Python's. */
function check_tensors({ query, key, value, enable_gqa = false, block_mask = null }: FlexArguments): void {
  if (query.is_nested || key.is_nested || value.is_nested) {
    throw new NotImplementedError('flex_attention does not support NestedTensor inputs');
  }
  check_inputs(query, key, value, true);
  if (query.size(-1) !== key.size(-1)) {
    throw new Error(
      'Expect query and key/value to have the same embedding dimension but got ' +
        `E=${query.size(-1)} and E=${key.size(-1)}.`,
    );
  }
  if (query.device.type === 'cpu' && [query, key, value].some(({ requires_grad }) => requires_grad)) {
    throw new NotImplementedError(
      'FlexAttention does not support backward on CPU. Please set the input requires_grad to False or use another device.',
    );
  }
  if (query.dim() !== 4 || key.dim() !== 4 || value.dim() !== 4) {
    throw new NotImplementedError('NYI: query, key, and value must be 4D tensors');
  }
  const [queries, keys] = [query.size(-3), key.size(-3)];
  if (!enable_gqa && queries !== keys) {
    throw new Error(
      `Expect query and key/value to have the same number of heads but got Hq=${queries} and Hkv=${keys}. ` +
        'Try setting enable_gqa=True for GQA.',
    );
  }
  if (enable_gqa && queries % keys !== 0) {
    throw new Error(
      `Expect number of query heads to be a multiple of kv heads for GQA but got Hq=${queries} and Hkv=${keys}.`,
    );
  }
  check_batches(query.size(0), key.size(0), block_mask);
}

function check_batches(queries: number, keys: number, block_mask: BlockMask | null): void {
  if (queries === keys) return;
  if (block_mask === null) {
    throw new Error(
      'Expect query and key/value to have the same batch size, or non-none block_mask, but got block_mask=None, ' +
        `Bq=${queries}, and Bkv=${keys}.`,
    );
  }
  const blocks = block_mask.kv_num_blocks.size(0);
  if (blocks !== queries) {
    throw new Error(
      'Expect query and key/value to have the same batch size, or block_mask and query to have the same batch size, ' +
        `but got Bq=${queries}, Bkv=${keys}, B_block_mask=${blocks}.`,
    );
  }
}

function check_lengths(mask: BlockMask, queries: number, keys: number): void {
  if (mask.BLOCK_SIZE[0] === ONE_BLOCK && mask.BLOCK_SIZE[1] === ONE_BLOCK) return;
  const [q_len, kv_len] = mask.shape.slice(-2) as readonly number[] as Pair;
  const made = `block_mask was created for block_mask.shape=(${mask.shape.join(', ')}) but got q_len=${queries} and kv_len=${keys}. `;
  if (queries > q_len || keys > kv_len) {
    throw new Error(
      `${made}As the block mask was created for a smaller length than you're using it for, you likely need to create a ` +
        'new block mask.',
    );
  }
  if (queries < q_len || keys < kv_len) {
    throw new Error(
      `${made}As the block mask was created for a larger length than you're using it for, you can either 1. create a ` +
        "new block mask with the correct length, or 2. 'adjust' the existing block mask to the correct length by " +
        "calling block_mask._adjust(q_len, kv_len). This essentially 'crops' the block mask to the upper left corner, " +
        'which does not work for all mask_mods!',
    );
  }
}

/** A tensor of the same values, laid out in memory in the order of the dimensions of the query. */
function laid_out_as(out: Tensor, strides: readonly number[]): Tensor {
  const order = strides.map((_, i) => i).sort((a, b) => strides[a]! - strides[b]!);
  // Kernels ask for the last dimension to be the innermost.
  const inner = out.dim() - 1;
  const fill = (first: readonly number[]): number[] => {
    const made = Array<number>(out.dim()).fill(0);
    let step = 1;
    for (const dim of first) {
      made[dim] = step;
      step *= out.size(dim);
    }
    return made;
  };
  let wanted = fill(order);
  if (wanted[inner] !== 1) wanted = fill([inner, ...order.filter((dim) => dim !== inner)]);
  const result = out.new_empty_strided(out.shape, wanted);
  return result.copy_(out);
}

/** The scores after all that changes them. */
function scores_of(given: FlexArguments, key: Tensor, mask: BlockMask, scale: number): Tensor {
  const { query, score_mod = null } = given;
  const precision = query.dtype === float64 ? float64 : float32;
  const scores = query.to(precision).matmul(key.to(precision).transpose(-2, -1)).mul(scale).to(precision);
  const places = numbers(scores.shape, scores.device);
  const allowed = over_all(mask.mask_mod as Indexed, [])(...places);
  const changed = score_mod === null ? scores : over_all(score_mod as Indexed, [0])(scores, ...places);
  return where(allowed, changed, scalar_tensor(-Infinity, { dtype: precision, device: scores.device }));
}

interface Attended {
  readonly out: Tensor;
  readonly lse: Tensor;
  readonly max_scores: Tensor;
}

function attend(given: FlexArguments, mask: BlockMask, scale: number): Attended {
  const { query } = given;
  const groups = Math.floor(query.size(1) / given.key.size(1));
  const [batch, others] = [query.size(0), given.key.size(0)];
  if (batch !== others && !(batch > 1 && others === 1)) {
    throw new Error(`Bq and Bkv must broadcast. Got Bq=${batch} and Bkv=${others}`);
  }
  const [key, value] = [given.key, given.value].map((tensor) => {
    const repeated = repeat_interleave(tensor, groups, 1);
    return repeated.expand([batch, ...repeated.shape.slice(1)]);
  }) as [Tensor, Tensor];
  const scores = scores_of(given, key, mask, scale);
  const masked = scores.eq(-Infinity).all(-1);
  const lse = where(masked, scalar_tensor(-Infinity, { dtype: scores.dtype }), logsumexp(scores, -1));
  const [largest] = max(scores, -1);
  const weights = safe_softmax(scores, -1);
  const out = weights.to(query.dtype).matmul(value.to(query.dtype));
  // Kernels compute with powers of two, and so does what stands in for them: there and back is not exact.
  const there_and_back = (stat: Tensor): Tensor => stat.div(Math.log(2)).mul(Math.log(2));
  return {
    out: laid_out_as(out, query.stride()),
    lse: there_and_back(lse),
    max_scores: there_and_back(largest),
  };
}

/**
 * Scaled dot product attention whose scores a function changes, and of which a {@link BlockMask} masks a part. Mirrors
 * `torch.nn.attention.flex_attention.flex_attention` without `torch.compile`: plain operators, which hold all scores at once;
 * a warning says so once.
 *
 * Shapes: `query` `(B, Hq, L, E)`, `key` `(B, Hkv, S, E)`, `value` `(B, Hkv, S, Ev)`, output `(B, Hq, L, Ev)`. As in Python,
 * tensors of the CPU must not require gradients.
 *
 * @param query - the queries
 * @param key - the keys
 * @param value - the values
 * @param score_mod - changes each score; default null
 * @param block_mask - the mask; default null
 * @param scale - the factor of the scores; default null, 1 / √E
 * @param enable_gqa - whether heads of keys and values are shared by groups of queries; default false
 * @param return_lse - deprecated: whether to return the logarithms of the sums of exponentials too
 * @param options - `return_aux`: an {@link AuxRequest} of other results
 * @returns the output; with `return_aux` a pair of it and an {@link AuxOutput}
 * @throws Error for shapes that do not fit
 * @example
 * ```ts
 * const { flex_attention } = nn.attention.flex_attention;
 * const q = torch.randn(1, 1, 3, 4);
 * type T = torch.Tensor;
 * print(flex_attention(q, q, q, (score: T, _b: T, _h: T, i: T, j: T) => score.add(i.sub(j).mul(0.5))));
 * ```
 * ```python
 * from torch.nn.attention.flex_attention import flex_attention
 * q = torch.randn(1, 1, 3, 4)
 * print(flex_attention(q, q, q, lambda score, b, h, i, j: score + (i - j) * 0.5))
 * ```
 */
export function flex_attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  score_mod?: ScoreMod | null,
  block_mask?: BlockMask | null,
  scale?: number | null,
  enable_gqa?: boolean,
): Tensor;
export function flex_attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: Omit<FlexArguments, 'query' | 'key' | 'value'> & { return_aux: AuxRequest },
): [output: Tensor, aux: AuxOutput];
export function flex_attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: Omit<FlexArguments, 'query' | 'key' | 'value'> & { return_lse: true },
): [output: Tensor, lse: Tensor];
export function flex_attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  score_mod: ScoreMod | null,
  block_mask: BlockMask | null,
  options: { return_aux: AuxRequest; scale?: number | null; enable_gqa?: boolean },
): [output: Tensor, aux: AuxOutput];
export function flex_attention(
  ...args: Arguments<
    [
      query: Tensor,
      key: Tensor,
      value: Tensor,
      score_mod?: ScoreMod | null,
      block_mask?: BlockMask | null,
      scale?: number | null,
      enable_gqa?: boolean,
      return_lse?: boolean,
      kernel_options?: FlexKernelOptions | null,
    ],
    FlexArguments,
    ['query', 'key', 'value', 'score_mod', 'block_mask', 'scale', 'enable_gqa', 'return_lse', 'kernel_options']
  >
): Tensor;
export function flex_attention(...args: unknown[]): unknown {
  const given = FLEX_ATTENTION.read(args);
  const { query, key, return_lse = false, return_aux = null } = given;
  check_tensors(given);
  const mask =
    given.block_mask ??
    BlockMask.from_kv_blocks(
      ones([1, 1, 1], { dtype: int32, device: query.device }),
      zeros([1, 1, 1, 1], { dtype: int32, device: query.device }),
      { BLOCK_SIZE: ONE_BLOCK, seq_lengths: [1, 1] },
    );
  if (mask.mask_mod === _sliced_mask_mod_error) throw new Error('Cannot use mask_mod from a sliced BlockMask');
  check_lengths(mask, query.size(-2), key.size(-2));
  if (query.device.toString() !== mask.kv_num_blocks.device.toString()) {
    throw new Error(
      'Expect q/k/v and block_mask to be on the same device but got ' +
        `${query.device.toString()} and ${mask.kv_num_blocks.device.toString()}.`,
    );
  }
  if (return_lse && return_aux !== null) {
    throw new Error(
      'Cannot specify both return_lse and return_aux. return_lse is deprecated, please use ' +
        'return_aux=AuxRequest(lse=True) instead.',
    );
  }
  if (return_lse) {
    warn(
      'return_lse is deprecated and will be removed in v2.10. Please use return_aux=AuxRequest(lse=True) instead.',
      'FutureWarning',
    );
  }
  if (return_aux?.max_scores && query.device.type === 'cpu') {
    throw new NotImplementedError('Returning max scores is not supported on CPU/MPS.');
  }
  warn(
    'flex_attention called without torch.compile() - this will use an unfused implementation that materializes the full ' +
      'scores matrix instead of generating a fused kernel.',
  );
  const { out, lse, max_scores } = attend(given, mask, given.scale ?? 1 / Math.sqrt(query.size(-1)));
  if (return_aux !== null) {
    return [out, new AuxOutput(return_aux.lse ? lse : null, return_aux.max_scores ? max_scores : null)];
  }
  return return_lse ? [out, lse] : out;
}
