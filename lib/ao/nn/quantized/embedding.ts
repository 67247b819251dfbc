/** Tables of quantized rows: `torch.ao.nn.quantized.Embedding` and `EmbeddingBag`. */
import { _empty_per_channel_affine_quantized, ones, zeros } from '../../../generated/functions.js';
import { python_int } from '../../../_internal/representation.js';
import { method_signature, signature, type Arguments } from '../../../_internal/signature.js';
import type { EmbeddingBagMode } from '../../../nn/functional/index.js';
import { forward_takes } from '../../../nn/modules/forward_arguments.js';
import { Module, type StateDict } from '../../../nn/modules/module.js';
import { Embedding as FloatEmbedding, EmbeddingBag as FloatEmbeddingBag } from '../../../nn/modules/sparse.js';
import { float32, quint4x2, quint8, type DType } from '../../../types/dtype.js';
import { per_channel_affine_float_qparams } from '../../../types/qscheme.js';
import { check_bag_offsets } from '../../../_ops.js';
import type { Tensor } from '../../../_tensor.js';
import { make_observer } from '../../quantization/factories.js';
import { float_qparams_weight_only_qconfig, qconfig_of } from '../../quantization/qconfig.js';
import * as qat from '../qat/embedding.js';
import { call_packed, type PackedParams } from './packed.js';
import { module_of, quantize_weight, type WeightObserver } from './weights.js';

type LoadArguments = Parameters<Module['_load_from_state_dict']>;

const is_packed = (dtype: DType): boolean => dtype === quint8 || dtype === quint4x2;

/** Rows whose scales are 1. */
function empty_rows(num_embeddings: number, embedding_dim: number, dtype: DType): Tensor {
  const numbers = { scales: ones([num_embeddings]), zero_points: zeros([num_embeddings]), axis: 0, dtype };
  return _empty_per_channel_affine_quantized([num_embeddings, embedding_dim], numbers);
}

/**
 * The packed rows of an {@link Embedding}, in its state dict under Python's keys.
 * @example
 * ```ts
 * const params = new torch.ao.nn.quantized.EmbeddingPackedParams(2, 3, torch.quint8);
 * params.set_weight(torch.quantize_per_channel(torch.ones(2, 3), torch.full([2], 0.5), torch.zeros(2), 0, torch.quint8));
 * print(params.dtype, params.unpacked().dequantize());
 * ```
 * ```python
 * from torch.ao.nn.quantized.modules.embedding_ops import EmbeddingPackedParams
 * params = EmbeddingPackedParams(2, 3, torch.quint8)
 * params.set_weight(torch.quantize_per_channel(torch.ones(2, 3), torch.full([2], 0.5), torch.zeros(2), 0, torch.quint8))
 * print(params.dtype, params._weight().dequantize())
 * ```
 */
export class EmbeddingPackedParams extends Module {
  /** @internal */
  declare _packed_weight: PackedParams;

  constructor(
    num_embeddings: number,
    embedding_dim: number,
    public dtype: DType,
  ) {
    super();
    if (!is_packed(dtype)) {
      throw new Error(
        `Unsupported dtype on quantized embedding! Supports quint8 and quint4x2. Got dtype: ${String(dtype)}`,
      );
    }
    this.set_weight(empty_rows(num_embeddings, embedding_dim, dtype));
  }

  override get _version(): number {
    return 1;
  }

  set_weight(weight: Tensor): void {
    this._packed_weight = call_packed('quantized::embedding_bag_prepack', weight)[0] as PackedParams;
  }

  unpacked(): Tensor {
    return call_packed('quantized::embedding_bag_unpack', this._packed_weight)[0] as Tensor;
  }

  override _save_to_state_dict(destination: StateDict, prefix: string, keep_vars: boolean): void {
    super._save_to_state_dict(destination, prefix, keep_vars);
    (destination as Record<string, unknown>)[`${prefix}dtype`] = this.dtype;
    destination[`${prefix}_packed_weight`] = this.unpacked();
  }

  override _load_from_state_dict(...[state_dict, prefix, ...rest]: LoadArguments): void {
    const others = state_dict as Record<string, unknown>;
    this.dtype = others[`${prefix}dtype`] as DType;
    this.set_weight(others[`${prefix}_packed_weight`] as Tensor);
    delete others[`${prefix}dtype`];
    delete others[`${prefix}_packed_weight`];
    super._load_from_state_dict(state_dict, prefix, ...rest);
  }
}

interface EmbeddingOptions {
  padding_idx?: number | null;
  max_norm?: number | null;
  norm_type?: number;
  scale_grad_by_freq?: boolean;
  sparse?: boolean;
  /** Rows that are quantized already. Default null. */
  _weight?: Tensor | null;
  /** `torch.quint8` (the default) or `torch.quint4x2`. */
  dtype?: DType;
}
interface EmbeddingSizes {
  num_embeddings: number;
  embedding_dim: number;
}
const EMBEDDING = signature<EmbeddingSizes & EmbeddingOptions>(
  'Embedding',
  'num_embeddings: int, embedding_dim: int, padding_idx?: int|None, max_norm?: float|None, norm_type?: float, ' +
    'scale_grad_by_freq?: bool, sparse?: bool, _weight?: Tensor|None, dtype?: dtype',
);
const SET_WEIGHT = method_signature<{ w: Tensor }>('set_weight', 'w: Tensor');

/** What both tables share. */
abstract class Table extends Module {
  declare num_embeddings: number;
  declare embedding_dim: number;
  declare dtype: DType;
  /** @internal */
  declare _packed_params: EmbeddingPackedParams;

  constructor(given: EmbeddingSizes & Pick<EmbeddingOptions, '_weight' | 'dtype'>) {
    super();
    const { num_embeddings, embedding_dim, _weight = null, dtype = quint8 } = given;
    this.num_embeddings = num_embeddings;
    this.embedding_dim = embedding_dim;
    this.dtype = dtype;
    if (_weight !== null && _weight.shape.join() !== `${num_embeddings},${embedding_dim}`) {
      throw new Error(
        `Shape of weight does not match num_embeddings and embedding_dim: expected [${num_embeddings}, ${embedding_dim}], got ` +
          `[${_weight.shape.join(', ')}]`,
      );
    }
    this._packed_params = new EmbeddingPackedParams(num_embeddings, embedding_dim, dtype);
    this._packed_params.set_weight(_weight ?? empty_rows(num_embeddings, embedding_dim, quint8));
  }

  override get _version(): number {
    return 1;
  }

  /** The quantized rows, unpacked. */
  weight(): Tensor {
    return this._packed_params.unpacked();
  }

  /** Packs rows that are quantized already. */
  set_weight(w: Tensor): void;
  set_weight(...args: unknown[]): void {
    this._packed_params.set_weight(SET_WEIGHT.read(args).w);
  }

  override extra_repr(): string {
    return (
      `num_embeddings=${python_int(this.num_embeddings)}, embedding_dim=${python_int(this.embedding_dim)}, ` +
      `dtype=${String(this._packed_params.dtype)}, qscheme=${String(this.weight().qscheme())}`
    );
  }

  /** Without the packed rows. */
  override toString(): string {
    return `${this._get_name()}(${this.extra_repr()})`;
  }
}

/** The rows of a prepared table, quantized, and their dtype. @throws Error for rows that are quantized otherwise */
function rows_of(name: string, mod: Module & { weight: Tensor }): { rows: Tensor; dtype: DType } {
  const trained = (mod as unknown as { weight_fake_quant?: WeightObserver }).weight_fake_quant;
  const qconfig = qconfig_of(mod);
  if (trained === undefined && qconfig === undefined) {
    throw new Error(`${name} input float module must have qconfig defined`);
  }
  const factory = (qconfig ?? float_qparams_weight_only_qconfig).weight;
  const observer = trained ?? (make_observer(factory) as WeightObserver);
  if (observer.qscheme !== per_channel_affine_float_qparams) {
    throw new Error(`${name} quantization is only supported with float_qparams_weight_only_qconfig.`);
  }
  const { dtype } = observer;
  if (!is_packed(dtype)) {
    throw new Error(
      `The only supported dtype for nnq.${name} is torch.quint8 and torch.quint4x2, got ${String(dtype)}`,
    );
  }
  observer(mod.weight);
  return { rows: quantize_weight(mod.weight.to(float32).detach(), observer), dtype };
}

/**
 * A table whose rows are quantized, each by a scale and a zero point of its own; what it gives is float32. `convert` makes it. Mirrors
 * `torch.ao.nn.quantized.Embedding`.
 *
 * Shapes: indices `(*)`, output `(*, embedding_dim)`.
 *
 * @param num_embeddings - number of rows
 * @param embedding_dim - size of a row
 * @param options - `_weight`, `dtype`; the others are those of `nn.Embedding` and change nothing
 * @throws Error for another dtype, and for `_weight` of another shape
 * @example
 * ```ts
 * const m = new torch.ao.nn.quantized.Embedding(10, 12);
 * print(m, m(torch.tensor([9, 6, 5])).shape);
 * ```
 * ```python
 * m = torch.ao.nn.quantized.Embedding(10, 12)
 * print(m, m(torch.tensor([9, 6, 5])).shape)
 * ```
 */
export class Embedding extends Table {
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
        dtype?: DType,
      ],
      EmbeddingSizes & EmbeddingOptions,
      [
        'num_embeddings',
        'embedding_dim',
        'padding_idx',
        'max_norm',
        'norm_type',
        'scale_grad_by_freq',
        'sparse',
        '_weight',
        'dtype',
      ]
    >
  );
  constructor(...args: unknown[]) {
    super(EMBEDDING.read(args));
  }

  forward(indices: Tensor): Tensor {
    const operator = this.dtype === quint4x2 ? 'quantized::embedding_4bit' : 'quantized::embedding_byte';
    return call_packed(operator, this._packed_params._packed_weight, indices)[0] as Tensor;
  }

  /** A quantized table with the rows of a prepared one. */
  static from_float(mod: Module, use_precomputed_fake_quant?: boolean): Embedding;
  static from_float(...args: unknown[]): Embedding {
    const mod = module_of(args);
    const trained = 'weight_fake_quant' in mod;
    if (trained && mod.constructor !== (qat.Embedding as unknown)) {
      throw new Error('nnq.Embedding.from_float with fake quant only works for Embedding');
    }
    if (!trained && mod.constructor !== (FloatEmbedding as unknown)) {
      throw new Error('nnq.Embedding.from_float only works for Embedding');
    }
    const { num_embeddings, embedding_dim } = mod as FloatEmbedding;
    // As in Python, of 8 bits until the rows are there.
    const made = new this(num_embeddings, embedding_dim);
    made.set_weight(rows_of('Embedding', mod as FloatEmbedding).rows);
    return made;
  }

  override _get_name(): string {
    return 'QuantizedEmbedding';
  }
}
forward_takes(Embedding, 'indices: Tensor');

interface BagOptions extends Omit<EmbeddingOptions, 'padding_idx'> {
  /** `'sum'` (the default); other modes are not computed. */
  mode?: EmbeddingBagMode;
  /** Whether the last offset is the number of indices. Default false. */
  include_last_offset?: boolean;
}
const BAG = signature<EmbeddingSizes & BagOptions>(
  'EmbeddingBag',
  'num_embeddings: int, embedding_dim: int, max_norm?: float|None, norm_type?: float, scale_grad_by_freq?: bool, mode?: str, ' +
    'sparse?: bool, _weight?: Tensor|None, include_last_offset?: bool, dtype?: dtype',
);
interface BagInput {
  indices: Tensor;
  offsets?: Tensor | null;
  per_sample_weights?: Tensor | null;
  compressed_indices_mapping?: Tensor | null;
}
const BAG_FORWARD = method_signature<BagInput>(
  'EmbeddingBag.forward',
  'indices: Tensor, offsets?: Tensor|None, per_sample_weights?: Tensor|None, compressed_indices_mapping?: Tensor|None',
);

/**
 * Sums of rows of a quantized table; what it gives is float32. `convert` makes it. Mirrors `torch.ao.nn.quantized.EmbeddingBag`.
 * As in Python, `mode` is kept and sums are computed.
 *
 * Shapes: indices `(N)` with offsets `(B)`, or `(B, N)`; output `(B, embedding_dim)`.
 *
 * @param num_embeddings - number of rows
 * @param embedding_dim - size of a row
 * @param options - `mode`, `_weight`, `include_last_offset`, `dtype`; the others change nothing
 * @throws Error for another dtype, and for `_weight` of another shape
 * @example
 * ```ts
 * const m = new torch.ao.nn.quantized.EmbeddingBag(10, 12, { include_last_offset: true });
 * print(m, m(torch.tensor([9, 6, 5, 7]), torch.tensor([0, 3, 4])).shape);
 * ```
 * ```python
 * m = torch.ao.nn.quantized.EmbeddingBag(10, 12, include_last_offset=True)
 * print(m, m(torch.tensor([9, 6, 5, 7]), torch.tensor([0, 3, 4])).shape)
 * ```
 */
export class EmbeddingBag extends Table {
  declare mode: EmbeddingBagMode;
  declare include_last_offset: boolean;
  declare pruned_weights: boolean;

  constructor(
    ...args: Arguments<
      [
        num_embeddings: number,
        embedding_dim: number,
        max_norm?: number | null,
        norm_type?: number,
        scale_grad_by_freq?: boolean,
        mode?: EmbeddingBagMode,
        sparse?: boolean,
        _weight?: Tensor | null,
        include_last_offset?: boolean,
        dtype?: DType,
      ],
      EmbeddingSizes & BagOptions,
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
        'dtype',
      ]
    >
  );
  constructor(...args: unknown[]) {
    const { mode = 'sum', include_last_offset = false, ...given } = BAG.read(args);
    super(given);
    this.mode = mode;
    this.pruned_weights = false;
    this.include_last_offset = include_last_offset;
  }

  forward(indices: Tensor, options?: Omit<BagInput, 'indices'>): Tensor;
  forward(
    indices: Tensor,
    offsets?: Tensor | null,
    per_sample_weights?: Tensor | null,
    compressed_indices_mapping?: Tensor | null,
  ): Tensor;
  forward(...args: unknown[]): Tensor {
    const given = BAG_FORWARD.read(args);
    const { indices, offsets = null, per_sample_weights = null, compressed_indices_mapping = null } = given;
    if (offsets !== null && indices.ndim === 1) check_bag_offsets('EmbeddingBag.forward', offsets, indices.numel());
    const operator = this.dtype === quint4x2 ? 'quantized::embedding_bag_4bit' : 'quantized::embedding_bag_byte';
    const weights = [this.pruned_weights, per_sample_weights, compressed_indices_mapping, this.include_last_offset];
    const packed = this._packed_params._packed_weight;
    return call_packed(operator, packed, indices, offsets, false, 0, ...weights)[0] as Tensor;
  }

  /** A quantized table with the rows of a prepared one. */
  static from_float(mod: Module, use_precomputed_fake_quant?: boolean): EmbeddingBag;
  static from_float(...args: unknown[]): EmbeddingBag {
    const mod = module_of(args);
    if (!('weight_fake_quant' in mod) && mod.constructor !== (FloatEmbeddingBag as unknown)) {
      throw new Error('nnq.EmbeddingBag.from_float only works for EmbeddingBag');
    }
    const table = mod as FloatEmbeddingBag;
    const { num_embeddings, embedding_dim, mode, include_last_offset } = table;
    const { rows, dtype } = rows_of('EmbeddingBag', table);
    const made = new this(num_embeddings, embedding_dim, { mode, include_last_offset, dtype });
    made.set_weight(rows);
    return made;
  }

  override _get_name(): string {
    return 'QuantizedEmbeddingBag';
  }
}
