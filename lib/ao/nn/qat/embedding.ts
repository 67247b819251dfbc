/** Tables that quantize their rows in training: `torch.ao.nn.qat.Embedding` and `EmbeddingBag`. */
import { method_signature, signature } from '../../../_internal/signature.js';
import * as F from '../../../nn/functional/index.js';
import {
  Embedding as FloatEmbedding,
  EmbeddingBag as FloatEmbeddingBag,
  type EmbeddingBagModuleOptions,
  type EmbeddingModuleOptions,
} from '../../../nn/modules/sparse.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import { per_channel_affine_float_qparams } from '../../../types/qscheme.js';
import type { Tensor } from '../../../_tensor.js';
import type { FakeQuantize } from '../../quantization/fake_quantize.js';
import type { QConfig } from '../../quantization/qconfig.js';
import { fresh, required, source_of, weight_fake_quant_of } from './layers.js';

/** What quantizes the rows. @throws Error for a scheme with integers as zero points */
function rows_fake_quant(name: string, qconfig: QConfig): FakeQuantize {
  const made = weight_fake_quant_of(qconfig);
  if (made.qscheme === per_channel_affine_float_qparams) return made;
  throw new Error(
    `${name} weights requires a qscheme of torch.per_channel_affine_float_qparams Got ${String(made.qscheme)}`,
  );
}

interface Sizes {
  num_embeddings: number;
  embedding_dim: number;
}
type EmbeddingArguments = Sizes & Omit<EmbeddingModuleOptions, '_freeze'> & { qconfig?: QConfig | null };
const EMBEDDING = signature<EmbeddingArguments>(
  'Embedding',
  'num_embeddings: int, embedding_dim: int, padding_idx?: int|None, max_norm?: float|None, norm_type?: float, ' +
    'scale_grad_by_freq?: bool, sparse?: bool, _weight?: Tensor|None, device?: device|None, dtype?: dtype|None, qconfig?: QConfig|None',
);

/**
 * A table that quantizes its rows in training. `prepare_qat` makes it with the mapping of `get_embedding_qat_module_mappings`. Mirrors
 * `torch.ao.nn.qat.Embedding`.
 *
 * Shapes: input `(*)`, output `(*, embedding_dim)`.
 *
 * @param num_embeddings - number of rows
 * @param embedding_dim - size of a row
 * @param options - those of `nn.Embedding`, and `qconfig`: how to quantize, required, such as `default_embedding_qat_qconfig`
 * @throws Error without a qconfig, and for one whose rows have integers as zero points
 * @example
 * ```ts
 * const { default_embedding_qat_qconfig } = torch.ao.quantization;
 * const m = new torch.ao.nn.qat.Embedding(4, 2, { qconfig: default_embedding_qat_qconfig });
 * print(m(torch.tensor([1, 3])));
 * ```
 * ```python
 * from torch.ao.quantization import default_embedding_qat_qconfig
 * m = torch.ao.nn.qat.Embedding(4, 2, qconfig=default_embedding_qat_qconfig)
 * print(m(torch.tensor([1, 3])))
 * ```
 */
export class Embedding extends FloatEmbedding {
  declare weight_fake_quant: FakeQuantize;

  constructor(
    num_embeddings: number,
    embedding_dim: number,
    options: Omit<EmbeddingArguments, keyof Sizes> & { qconfig: QConfig },
  );
  constructor(options: EmbeddingArguments);
  constructor(...args: unknown[]) {
    const { qconfig, ...given } = EMBEDDING.read(args);
    super(given);
    this.qconfig = required(qconfig);
    this.weight_fake_quant = rows_fake_quant('Embedding', this.qconfig);
  }

  override forward(input: Tensor): Tensor {
    const { padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse } = this;
    return F.embedding(
      input,
      this.weight_fake_quant(this.weight),
      padding_idx,
      max_norm,
      norm_type,
      scale_grad_by_freq,
      sparse,
    );
  }

  /** A table for training with the rows of a plain one, which has a `qconfig`. */
  static from_float(mod: FloatEmbedding, use_precomputed_fake_quant?: boolean): Embedding;
  static from_float(...args: unknown[]): Embedding {
    const { mod, qconfig } = source_of(this.name, FloatEmbedding, args);
    const table = mod as FloatEmbedding;
    const { num_embeddings, embedding_dim, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse } = table;
    const options = { padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse, _weight: table.weight };
    return new this({ num_embeddings, embedding_dim, ...options, qconfig });
  }

  /** A plain table with the same rows. */
  to_float(): FloatEmbedding {
    const { num_embeddings, embedding_dim, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse } = this;
    const options = { padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse };
    const table = new FloatEmbedding(num_embeddings, embedding_dim, options);
    table.weight = fresh(this.weight);
    table.train(this.training);
    return table;
  }
}
forward_takes(Embedding, 'input: Tensor');

type BagArguments = Sizes & EmbeddingBagModuleOptions & { qconfig?: QConfig | null };
const BAG = signature<BagArguments>(
  'EmbeddingBag',
  'num_embeddings: int, embedding_dim: int, max_norm?: float|None, norm_type?: float, scale_grad_by_freq?: bool, mode?: str, ' +
    'sparse?: bool, _weight?: Tensor|None, include_last_offset?: bool, padding_idx?: int|None, qconfig?: QConfig|None, ' +
    'device?: device|None, dtype?: dtype|None',
);
interface BagInput {
  input: Tensor;
  offsets?: Tensor | null;
  per_sample_weights?: Tensor | null;
}
const BAG_FORWARD = method_signature<BagInput>(
  'EmbeddingBag.forward',
  'input: Tensor, offsets?: Tensor|None, per_sample_weights?: Tensor|None',
);

/**
 * Sums or means of rows of a table that quantizes them in training. `prepare_qat` makes it with the mapping of
 * `get_embedding_qat_module_mappings`. Mirrors `torch.ao.nn.qat.EmbeddingBag`.
 *
 * Shapes: input `(N)` with offsets `(B)`, or `(B, N)`; output `(B, embedding_dim)`.
 *
 * @param num_embeddings - number of rows
 * @param embedding_dim - size of a row
 * @param options - those of `nn.EmbeddingBag`, and `qconfig`: how to quantize, required, such as `default_embedding_qat_qconfig`
 * @throws Error without a qconfig, and for one whose rows have integers as zero points
 * @example
 * ```ts
 * const { default_embedding_qat_qconfig } = torch.ao.quantization;
 * const m = new torch.ao.nn.qat.EmbeddingBag(4, 2, { qconfig: default_embedding_qat_qconfig });
 * print(m(torch.tensor([[1, 3]])));
 * ```
 * ```python
 * from torch.ao.quantization import default_embedding_qat_qconfig
 * m = torch.ao.nn.qat.EmbeddingBag(4, 2, qconfig=default_embedding_qat_qconfig)
 * print(m(torch.tensor([[1, 3]])))
 * ```
 */
export class EmbeddingBag extends FloatEmbeddingBag {
  declare weight_fake_quant: FakeQuantize;

  constructor(
    num_embeddings: number,
    embedding_dim: number,
    options: Omit<BagArguments, keyof Sizes> & { qconfig: QConfig },
  );
  constructor(options: BagArguments);
  constructor(...args: unknown[]) {
    const { qconfig, ...given } = BAG.read(args);
    super(given);
    this.qconfig = required(qconfig);
    this.weight_fake_quant = rows_fake_quant('Embedding Bag', this.qconfig);
  }

  override forward(...args: Parameters<FloatEmbeddingBag['forward']>): Tensor {
    const { input, offsets = null, per_sample_weights = null } = BAG_FORWARD.read(args);
    const { max_norm, norm_type, scale_grad_by_freq, mode, sparse, include_last_offset, padding_idx } = this;
    const how = { offsets, max_norm, norm_type, scale_grad_by_freq, mode, sparse, include_last_offset, padding_idx };
    return F.embedding_bag(input, this.weight_fake_quant(this.weight), { ...how, per_sample_weights });
  }

  /** A table for training with the rows of a plain one, which has a `qconfig`. */
  static from_float(mod: FloatEmbeddingBag, use_precomputed_fake_quant?: boolean): EmbeddingBag;
  static from_float(...args: unknown[]): EmbeddingBag {
    const { mod, qconfig } = source_of(this.name, FloatEmbeddingBag, args);
    const table = mod as FloatEmbeddingBag;
    return new this({ ...bag_options(table), _weight: table.weight, qconfig });
  }

  /** A plain table with the same rows. */
  to_float(): FloatEmbeddingBag {
    const table = new FloatEmbeddingBag(bag_options(this));
    table.weight = fresh(this.weight);
    table.train(this.training);
    return table;
  }
}

function bag_options(bag: FloatEmbeddingBag): Sizes & EmbeddingBagModuleOptions {
  const { num_embeddings, embedding_dim, max_norm, norm_type, scale_grad_by_freq, mode, sparse } = bag;
  const { include_last_offset, padding_idx } = bag;
  const options = { max_norm, norm_type, scale_grad_by_freq, mode, sparse, include_last_offset, padding_idx };
  return { num_embeddings, embedding_dim, ...options };
}
