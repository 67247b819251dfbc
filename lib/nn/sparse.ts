import { no_grad } from '../autograd.js';
import { empty } from '../generated/functions.js';
import type { Tensor } from '../tensor.js';
import { bind, checked_padding_idx, type FactoryOptions, type Tail } from './arguments.js';
import * as F from './functional.js';
import { normal_ } from './init.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';
import { python_bool, python_float, python_int } from './representation.js';

/** What {@link Embedding} takes by name. */
export interface EmbeddingModuleOptions extends F.EmbeddingOptions, FactoryOptions {
  /** The rows to start from instead of random ones. */
  _weight?: Tensor | null;
  /** Do not train the rows. */
  _freeze?: boolean;
}

type EmbeddingSizes = { num_embeddings: number; embedding_dim: number };

const EMBEDDING = [
  'num_embeddings', 'embedding_dim', 'padding_idx', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'sparse', '_weight',
  '_freeze', 'device', 'dtype',
];

/**
 * A table of vectors that is looked up by integers. Mirrors `torch.nn.Embedding`.
 *
 * Shapes: input (...) of integers, output (..., embedding_dim); `weight` (num_embeddings, embedding_dim) is
 * drawn from N(0, 1), with zeros at `padding_idx`.
 */
export class Embedding extends Module {
  num_embeddings: number;
  embedding_dim: number;
  padding_idx: number | null;
  max_norm: number | null;
  norm_type: number;
  scale_grad_by_freq: boolean;
  weight: Parameter;
  sparse: boolean;

  constructor(
    num_embeddings: number, embedding_dim: number,
    ...args: Tail<[padding_idx: number | null, max_norm: number | null, norm_type: number, scale_grad_by_freq: boolean,
      sparse: boolean], EmbeddingModuleOptions>);
  constructor(options: EmbeddingSizes & EmbeddingModuleOptions);
  constructor(...args: unknown[]) {
    const options = bind<EmbeddingSizes & EmbeddingModuleOptions>('Embedding', EMBEDDING, args, 2);
    super();
    const { num_embeddings, embedding_dim, _weight = null, _freeze = false, device, dtype } = options;
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

  /** An embedding that starts from given rows, which by default are not trained. */
  static from_pretrained(
    embeddings: Tensor,
    ...args: Tail<[freeze: boolean, padding_idx: number | null, max_norm: number | null, norm_type: number,
      scale_grad_by_freq: boolean, sparse: boolean], F.EmbeddingOptions & { freeze?: boolean }>
  ): Embedding {
    if (embeddings.ndim !== 2) throw new Error('Embeddings parameter is expected to be 2-dimensional');
    const { freeze = true, ...options } = bind<F.EmbeddingOptions & { freeze?: boolean }>(
      'from_pretrained',
      ['freeze', 'padding_idx', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'sparse'], args);
    return new Embedding(
      embeddings.size(0), embeddings.size(1), { ...options, _weight: embeddings, _freeze: freeze });
  }

  /** Draws the rows anew. */
  reset_parameters(): void {
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

/** What {@link EmbeddingBag} takes by name. */
export interface EmbeddingBagModuleOptions extends FactoryOptions,
  Omit<F.EmbeddingBagOptions, 'offsets' | 'per_sample_weights'> {
  /** The rows to start from instead of random ones. */
  _weight?: Tensor | null;
}

/** What {@link EmbeddingBag}'s `forward` takes by name. */
export type BagsOptions = Pick<F.EmbeddingBagOptions, 'offsets' | 'per_sample_weights'>;

type BagTail = [max_norm: number | null, norm_type: number, scale_grad_by_freq: boolean, mode: F.EmbeddingBagMode,
  sparse: boolean];

/**
 * The sums, means or maxima of the rows that bags of integers name. Mirrors `torch.nn.EmbeddingBag`.
 *
 * Shapes: input (B, N), a bag each row, or (N) with the `offsets` (B) where the bags begin; output (B, embedding_dim).
 * `weight` (num_embeddings, embedding_dim) is drawn from N(0, 1), with zeros at `padding_idx`.
 */
export class EmbeddingBag extends Module {
  num_embeddings: number;
  embedding_dim: number;
  max_norm: number | null;
  norm_type: number;
  scale_grad_by_freq: boolean;
  padding_idx: number | null;
  weight: Parameter;
  mode: F.EmbeddingBagMode;
  sparse: boolean;
  include_last_offset: boolean;

  constructor(num_embeddings: number, embedding_dim: number, ...args: Tail<BagTail, EmbeddingBagModuleOptions>);
  constructor(options: EmbeddingSizes & EmbeddingBagModuleOptions);
  constructor(...args: unknown[]) {
    const options = bind<EmbeddingSizes & EmbeddingBagModuleOptions>('EmbeddingBag', EMBEDDING_BAG, args, 2);
    super();
    const { num_embeddings, embedding_dim, _weight = null, device, dtype } = options;
    this.num_embeddings = num_embeddings;
    this.embedding_dim = embedding_dim;
    this.max_norm = options.max_norm ?? null;
    this.norm_type = options.norm_type ?? 2;
    this.scale_grad_by_freq = options.scale_grad_by_freq ?? false;
    this.padding_idx = checked_padding_idx(options.padding_idx ?? null, num_embeddings, 'padding_idx');
    this.weight = _weight === null
      ? new Parameter(empty([num_embeddings, embedding_dim], { device, dtype }))
      : new Parameter(checked_rows(_weight, num_embeddings, embedding_dim));
    if (_weight === null) this.reset_parameters();
    this.mode = options.mode ?? 'mean';
    this.sparse = options.sparse ?? false;
    this.include_last_offset = options.include_last_offset ?? false;
  }

  /** Bags of given rows, which by default are not trained. */
  static from_pretrained(
    embeddings: Tensor,
    ...args: Tail<[freeze: boolean, ...BagTail, include_last_offset: boolean, padding_idx: number | null],
      Omit<F.EmbeddingBagOptions, 'offsets' | 'per_sample_weights'> & { freeze?: boolean }>
  ): EmbeddingBag {
    if (embeddings.ndim !== 2) throw new Error('Embeddings parameter is expected to be 2-dimensional');
    const { freeze = true, ...options } =
      bind<Omit<F.EmbeddingBagOptions, 'offsets' | 'per_sample_weights'> & { freeze?: boolean }>(
        'from_pretrained', [
          'freeze', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'mode', 'sparse', 'include_last_offset',
          'padding_idx',
        ], args);
    const bag = new EmbeddingBag(embeddings.size(0), embeddings.size(1), { ...options, _weight: embeddings });
    bag.weight.requires_grad_(!freeze);
    return bag;
  }

  /** Draws the rows anew. */
  reset_parameters(): void {
    draw_rows(this);
  }

  forward(
    input: Tensor, ...args: Tail<[offsets: Tensor | null, per_sample_weights: Tensor | null], BagsOptions>
  ): Tensor {
    const { offsets, per_sample_weights } = bind<BagsOptions>('EmbeddingBag', ['offsets', 'per_sample_weights'], args);
    const { max_norm, norm_type, scale_grad_by_freq, mode, sparse, include_last_offset, padding_idx } = this;
    return F.embedding_bag(input, this.weight, {
      offsets, max_norm, norm_type, scale_grad_by_freq, mode, sparse, per_sample_weights, include_last_offset,
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

const EMBEDDING_BAG = [
  'num_embeddings', 'embedding_dim', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'mode', 'sparse', '_weight',
  'include_last_offset', 'padding_idx', 'device', 'dtype',
];

function checked_rows(weight: Tensor, num_embeddings: number, embedding_dim: number): Tensor {
  const [rows, columns, ...more] = weight.shape;
  if (rows === num_embeddings && columns === embedding_dim && more.length === 0) return weight;
  throw new Error('Shape of weight does not match num_embeddings and embedding_dim');
}

function draw_rows({ weight, padding_idx }: { weight: Tensor; padding_idx: number | null }): void {
  normal_(weight);
  if (padding_idx !== null) no_grad(() => weight.select(0, padding_idx).fill_(0));
}
