import { no_grad } from '../../autograd/grad_mode.js';
import { empty } from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';
import { checked_padding_idx, type FactoryOptions } from '../../_internal/arguments.js';
import { forward_reads, forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { normal_ } from '../init.js';
import { Module } from './module.js';
import { Parameter } from '../parameter.js';
import { python_bool, python_float, python_int } from '../../_internal/representation.js';
import { method_signature, signature, type Arguments, no_arguments } from '../../_internal/signature.js';

/** Keyword arguments of {@link Embedding}. */
export interface EmbeddingModuleOptions extends F.EmbeddingOptions, FactoryOptions {
  /** The initial table instead of a random one. Default null. */
  _weight?: Tensor | null;
  /** Do not train the table. Default false. */
  _freeze?: boolean;
}

type EmbeddingSizes = { num_embeddings: number; embedding_dim: number };

type EmbeddingArguments = EmbeddingSizes & EmbeddingModuleOptions;
type FromPretrained = F.EmbeddingOptions & { embeddings: Tensor; freeze?: boolean };

/**
 * Looks up rows of a table by their indices: `y = weight[x]`. Mirrors `torch.nn.Embedding`.
 *
 * Shapes: input `(*)` with indices in [0, num_embeddings), of dtype int64 or int32; output `(*, embedding_dim)` in the
 * dtype of the table. Parameter: `weight` `(num_embeddings, embedding_dim)`, initialized from `N(0, 1)`, with zeros at
 * `padding_idx`. Dtypes: int32 and int64.
 *
 * @param num_embeddings - number of rows
 * @param embedding_dim - size of each row
 * @param padding_idx - index of a row that gets no gradient; negative numbers count from the end; default null
 * @param max_norm - rows with a larger norm are scaled down to it, in place, before they are looked up; default null
 * @param norm_type - order of that norm; default 2
 * @param scale_grad_by_freq - divide the gradient of each row by how often it occurs in the batch; default false
 * @param sparse - the gradient of the table is a sparse tensor; default false
 * @param _weight - the initial table instead of a random one; default null
 * @param _freeze - do not train the table; default false
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error when `padding_idx` is not the index of a row, or when the shape of `_weight` does not match
 * @throws RangeError on the call, when an index is out of range
 * @example
 * ```ts
 * const embedding = new nn.Embedding(5, 3, { padding_idx: 0 });
 * print(embedding(torch.tensor([[1, 4], [0, 2]])));
 * ```
 * ```python
 * embedding = nn.Embedding(5, 3, padding_idx=0)
 * print(embedding(torch.tensor([[1, 4], [0, 2]])))
 * ```
 */
export class Embedding extends Module {
  declare num_embeddings: number;
  declare embedding_dim: number;
  declare padding_idx: number | null;
  declare max_norm: number | null;
  declare norm_type: number;
  declare scale_grad_by_freq: boolean;
  declare weight: Parameter;
  declare sparse: boolean;

  constructor(
    ...args: Arguments<
      [
        num_embeddings: number,
        embedding_dim: number,
        padding_idx?: number | null,
        max_norm?: number | null,
        norm_type?: number,
        scale_grad_by_freq?: boolean,
        sparse?: boolean,
        _weight?: Tensor | null,
        _freeze?: boolean,
        device?: FactoryOptions['device'],
        dtype?: FactoryOptions['dtype'],
      ],
      EmbeddingArguments,
      [
        'num_embeddings',
        'embedding_dim',
        'padding_idx',
        'max_norm',
        'norm_type',
        'scale_grad_by_freq',
        'sparse',
        '_weight',
        '_freeze',
        'device',
        'dtype',
      ]
    >
  );
  constructor(...args: unknown[]) {
    const options = EMBEDDING.read(args);
    super();
    const { num_embeddings, embedding_dim, _weight = null, _freeze = false, device = null, dtype = null } = options;
    this.num_embeddings = num_embeddings;
    this.embedding_dim = embedding_dim;
    this.padding_idx = checked_padding_idx(options.padding_idx ?? null, num_embeddings);
    this.max_norm = options.max_norm ?? null;
    this.norm_type = options.norm_type ?? 2;
    this.scale_grad_by_freq = options.scale_grad_by_freq ?? false;
    if (_weight === null) {
      this.weight = new Parameter(empty([num_embeddings, embedding_dim], { device, dtype }), !_freeze);
      this.reset_parameters();
    } else {
      this.weight = new Parameter(checked_rows(_weight, num_embeddings, embedding_dim), !_freeze);
    }
    this.sparse = options.sparse ?? false;
  }

  /**
   * Creates an embedding from a given table, which by default is not trained.
   *
   * @param embeddings - the table `(num_embeddings, embedding_dim)`
   * @param freeze - do not train the table; default true
   * @param padding_idx - index of a row that gets no gradient; default null
   * @param max_norm - rows with a larger norm are scaled down to it, in place, before they are looked up; default null
   * @param norm_type - order of that norm; default 2
   * @param scale_grad_by_freq - divide the gradient of each row by how often it occurs in the batch; default false
   * @param sparse - the gradient of the table is a sparse tensor; default false
   * @throws Error unless `embeddings` has 2 dimensions
   * @example
   * ```ts
   * const embedding = nn.Embedding.from_pretrained(torch.tensor([[1, 2.5], [3, 4]]));
   * print(embedding(torch.tensor([1])));
   * print(embedding.weight.requires_grad);
   * ```
   * ```python
   * embedding = nn.Embedding.from_pretrained(torch.tensor([[1, 2.5], [3, 4]]))
   * print(embedding(torch.tensor([1])))
   * print(embedding.weight.requires_grad)
   * ```
   */
  static from_pretrained(
    ...args: Arguments<
      [
        embeddings: Tensor,
        freeze?: boolean,
        padding_idx?: number | null,
        max_norm?: number | null,
        norm_type?: number,
        scale_grad_by_freq?: boolean,
        sparse?: boolean,
      ],
      FromPretrained,
      ['embeddings', 'freeze', 'padding_idx', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'sparse']
    >
  ): Embedding;
  static from_pretrained(...args: unknown[]): Embedding {
    const { embeddings, freeze = true, ...options } = EMBEDDING_FROM.read(args);
    if (embeddings.ndim !== 2) throw new Error('Embeddings parameter is expected to be 2-dimensional');
    return new Embedding(embeddings.size(0), embeddings.size(1), { ...options, _weight: embeddings, _freeze: freeze });
  }

  /** Reinitializes the table from `N(0, 1)`, with zeros at `padding_idx`. */
  reset_parameters(...none: []): void {
    no_arguments('reset_parameters', none);
    draw_rows(this);
  }

  forward(input: Tensor): Tensor {
    const { padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse } = this;
    return F.embedding(input, this.weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
  }

  override extra_repr(): string {
    let text = `${python_int(this.num_embeddings)}, ${python_int(this.embedding_dim)}`;
    if (this.padding_idx !== null) text += `, padding_idx=${python_int(this.padding_idx)}`;
    if (this.max_norm !== null) text += `, max_norm=${python_float(this.max_norm)}`;
    if (this.norm_type !== 2) text += `, norm_type=${python_float(this.norm_type)}`;
    if (this.scale_grad_by_freq) text += `, scale_grad_by_freq=${python_bool(true)}`;
    if (this.sparse) text += ', sparse=True';
    return text;
  }
}

/** Keyword arguments of {@link EmbeddingBag}. */
export interface EmbeddingBagModuleOptions
  extends FactoryOptions,
    Omit<F.EmbeddingBagOptions, 'offsets' | 'per_sample_weights'> {
  /** The initial table instead of a random one. Default null. */
  _weight?: Tensor | null;
}

/** Keyword arguments of the call of an {@link EmbeddingBag}. */
export type BagsOptions = Pick<F.EmbeddingBagOptions, 'offsets' | 'per_sample_weights'>;

type BagArguments = EmbeddingSizes & EmbeddingBagModuleOptions;
type BagFromPretrained = Omit<F.EmbeddingBagOptions, 'offsets' | 'per_sample_weights'> & {
  embeddings: Tensor;
  freeze?: boolean;
};
type BagInput = BagsOptions & { input: Tensor };

/**
 * Looks up rows of a table by bags of indices and reduces each bag to one row, without storing the rows between:
 * `y[b] = reduce_i weight[x[b, i]]`, where `reduce` is the sum, the mean or the maximum. Mirrors
 * `torch.nn.EmbeddingBag`.
 *
 * Shapes: input `(B, N)`, one bag in each row, or `(N)` with `offsets` `(B)`, the positions where the bags begin;
 * indices of dtype int64 or int32; `per_sample_weights` as the input, for mode `'sum'`; output `(B, embedding_dim)` in
 * the dtype of the table, with zeros for empty bags. Parameter: `weight` `(num_embeddings, embedding_dim)`, initialized
 * from `N(0, 1)`, with zeros at `padding_idx`. Dtypes: int32 and int64.
 *
 * @param num_embeddings - number of rows
 * @param embedding_dim - size of each row
 * @param max_norm - rows with a larger norm are scaled down to it, in place, before they are looked up; default null
 * @param norm_type - order of that norm; default 2
 * @param scale_grad_by_freq - divide the gradient of each row by how often it occurs in the batch; default false
 * @param mode - `'sum'`, `'mean'` or `'max'`; default `'mean'`
 * @param sparse - the gradient of the table is a sparse tensor; not with mode `'max'`; default false
 * @param _weight - the initial table instead of a random one; default null
 * @param include_last_offset - the last of the offsets is the number of indices; default false
 * @param padding_idx - index of a row that is not part of any reduction and gets no gradient; default null
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error when `padding_idx` is not the index of a row, or when the shape of `_weight` does not match; on the
 *   call, when the offsets do not match the input
 * @example
 * ```ts
 * const bag = new nn.EmbeddingBag(5, 3, { mode: 'sum' });
 * print(bag(torch.tensor([1, 2, 4, 3]), torch.tensor([0, 3])));
 * ```
 * ```python
 * bag = nn.EmbeddingBag(5, 3, mode='sum')
 * print(bag(torch.tensor([1, 2, 4, 3]), torch.tensor([0, 3])))
 * ```
 */
export class EmbeddingBag extends Module {
  declare num_embeddings: number;
  declare embedding_dim: number;
  declare max_norm: number | null;
  declare norm_type: number;
  declare scale_grad_by_freq: boolean;
  declare padding_idx: number | null;
  declare weight: Parameter;
  declare mode: F.EmbeddingBagMode;
  declare sparse: boolean;
  declare include_last_offset: boolean;

  constructor(
    ...args: Arguments<
      [
        num_embeddings: number,
        embedding_dim: number,
        max_norm?: number | null,
        norm_type?: number,
        scale_grad_by_freq?: boolean,
        mode?: F.EmbeddingBagMode,
        sparse?: boolean,
        _weight?: Tensor | null,
        include_last_offset?: boolean,
        padding_idx?: number | null,
        device?: FactoryOptions['device'],
        dtype?: FactoryOptions['dtype'],
      ],
      BagArguments,
      [
        'num_embeddings',
        'embedding_dim',
        'max_norm',
        'norm_type',
        'scale_grad_by_freq',
        'mode',
        'sparse',
        '_weight',
        'include_last_offset',
        'padding_idx',
        'device',
        'dtype',
      ]
    >
  );
  constructor(...args: unknown[]) {
    const options = EMBEDDING_BAG.read(args);
    super();
    const { num_embeddings, embedding_dim, _weight = null, device = null, dtype = null } = options;
    this.num_embeddings = num_embeddings;
    this.embedding_dim = embedding_dim;
    this.max_norm = options.max_norm ?? null;
    this.norm_type = options.norm_type ?? 2;
    this.scale_grad_by_freq = options.scale_grad_by_freq ?? false;
    this.padding_idx = checked_padding_idx(options.padding_idx ?? null, num_embeddings, 'padding_idx');
    this.weight =
      _weight === null
        ? new Parameter(empty([num_embeddings, embedding_dim], { device, dtype }))
        : new Parameter(checked_rows(_weight, num_embeddings, embedding_dim));
    if (_weight === null) this.reset_parameters();
    this.mode = options.mode ?? 'mean';
    this.sparse = options.sparse ?? false;
    this.include_last_offset = options.include_last_offset ?? false;
  }

  /**
   * Creates an embedding bag from a given table, which by default is not trained.
   *
   * @param embeddings - the table `(num_embeddings, embedding_dim)`
   * @param freeze - do not train the table; default true
   * @param max_norm - rows with a larger norm are scaled down to it, in place, before they are looked up; default null
   * @param norm_type - order of that norm; default 2
   * @param scale_grad_by_freq - divide the gradient of each row by how often it occurs in the batch; default false
   * @param mode - `'sum'`, `'mean'` or `'max'`; default `'mean'`
   * @param sparse - the gradient of the table is a sparse tensor; default false
   * @param include_last_offset - the last of the offsets is the number of indices; default false
   * @param padding_idx - index of a row that is not part of any reduction; default null
   * @throws Error unless `embeddings` has 2 dimensions
   * @example
   * ```ts
   * const bag = nn.EmbeddingBag.from_pretrained(torch.tensor([[1, 2.5], [3, 4]]));
   * print(bag(torch.tensor([[0, 1]])));
   * ```
   * ```python
   * bag = nn.EmbeddingBag.from_pretrained(torch.tensor([[1, 2.5], [3, 4]]))
   * print(bag(torch.tensor([[0, 1]])))
   * ```
   */
  static from_pretrained(
    ...args: Arguments<
      [
        embeddings: Tensor,
        freeze?: boolean,
        max_norm?: number | null,
        norm_type?: number,
        scale_grad_by_freq?: boolean,
        mode?: F.EmbeddingBagMode,
        sparse?: boolean,
        include_last_offset?: boolean,
        padding_idx?: number | null,
      ],
      BagFromPretrained,
      [
        'embeddings',
        'freeze',
        'max_norm',
        'norm_type',
        'scale_grad_by_freq',
        'mode',
        'sparse',
        'include_last_offset',
        'padding_idx',
      ]
    >
  ): EmbeddingBag;
  static from_pretrained(...args: unknown[]): EmbeddingBag {
    const { embeddings, freeze = true, ...options } = BAG_FROM.read(args);
    if (embeddings.ndim !== 2) throw new Error('Embeddings parameter is expected to be 2-dimensional');
    const bag = new EmbeddingBag(embeddings.size(0), embeddings.size(1), { ...options, _weight: embeddings });
    bag.weight.requires_grad_(!freeze);
    return bag;
  }

  /** Reinitializes the table from `N(0, 1)`, with zeros at `padding_idx`. */
  reset_parameters(...none: []): void {
    no_arguments('reset_parameters', none);
    draw_rows(this);
  }

  forward(
    ...args: Arguments<
      [input: Tensor, offsets?: Tensor | null, per_sample_weights?: Tensor | null],
      BagInput,
      ['input', 'offsets', 'per_sample_weights']
    >
  ): Tensor;
  forward(...args: unknown[]): Tensor {
    const { input, offsets = null, per_sample_weights = null } = BAG_FORWARD.read(args);
    const { max_norm, norm_type, scale_grad_by_freq, mode, sparse, include_last_offset, padding_idx } = this;
    return F.embedding_bag(input, this.weight, {
      offsets,
      max_norm,
      norm_type,
      scale_grad_by_freq,
      mode,
      sparse,
      per_sample_weights,
      include_last_offset,
      padding_idx,
    });
  }

  override extra_repr(): string {
    let text = `${python_int(this.num_embeddings)}, ${python_int(this.embedding_dim)}`;
    if (this.max_norm !== null) text += `, max_norm=${python_float(this.max_norm)}`;
    if (this.norm_type !== 2) text += `, norm_type=${python_float(this.norm_type)}`;
    if (this.scale_grad_by_freq) text += `, scale_grad_by_freq=${python_bool(true)}`;
    text += `, mode='${this.mode}'`;
    if (this.padding_idx !== null) text += `, padding_idx=${python_int(this.padding_idx)}`;
    return text;
  }
}

const EMBEDDING = signature<EmbeddingArguments>(
  'Embedding',
  'num_embeddings: int, embedding_dim: int, padding_idx?: int|None, ' +
    'max_norm?: float|None, norm_type?: float, scale_grad_by_freq?: bool, sparse?: bool, _weight?: Tensor|None, _freeze?: bool, ' +
    'device?: device|None, dtype?: dtype|None',
);
const EMBEDDING_FROM = method_signature<FromPretrained>(
  'Embedding.from_pretrained',
  'embeddings: Tensor, freeze?: bool, padding_idx?: int|None, ' +
    'max_norm?: float|None, norm_type?: float, scale_grad_by_freq?: bool, sparse?: bool',
);
const EMBEDDING_BAG = signature<BagArguments>(
  'EmbeddingBag',
  'num_embeddings: int, embedding_dim: int, max_norm?: float|None, ' +
    'norm_type?: float, scale_grad_by_freq?: bool, mode?: str, sparse?: bool, _weight?: Tensor|None, include_last_offset?: bool, ' +
    'padding_idx?: int|None, device?: device|None, dtype?: dtype|None',
);
const BAG_FROM = method_signature<BagFromPretrained>(
  'EmbeddingBag.from_pretrained',
  'embeddings: Tensor, freeze?: bool, max_norm?: float|None, ' +
    'norm_type?: float, scale_grad_by_freq?: bool, mode?: str, sparse?: bool, include_last_offset?: bool, ' +
    'padding_idx?: int|None',
);
const BAG_FORWARD = method_signature<BagInput>(
  'EmbeddingBag.forward',
  'input: Tensor, offsets?: Tensor|None, per_sample_weights?: Tensor|None',
);
forward_takes(Embedding, 'input: Tensor');
forward_reads(EmbeddingBag, BAG_FORWARD);

function checked_rows(weight: Tensor, num_embeddings: number, embedding_dim: number): Tensor {
  const [rows, columns, ...more] = weight.shape;
  if (rows === num_embeddings && columns === embedding_dim && more.length === 0) return weight;
  throw new Error('Shape of weight does not match num_embeddings and embedding_dim');
}

function draw_rows({ weight, padding_idx }: { weight: Tensor; padding_idx: number | null }): void {
  normal_(weight);
  if (padding_idx !== null) no_grad(() => weight.select(0, padding_idx).fill_(0));
}
