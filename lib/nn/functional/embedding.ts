/** Embeddings of bags of indices. */
import { overridable_exports } from '../../_internal/overriding.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { int64 } from '../../types/dtype.js';
import * as ops from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';
import { warn } from '../../_internal/warnings.js';

/** How the rows of a bag are reduced. */
export type EmbeddingBagMode = 'sum' | 'mean' | 'max';

/** The options of {@link embedding_bag}. */
export interface EmbeddingBagOptions {
  /** Start of each bag in a 1-D input. Default null. */
  offsets?: Tensor | null;
  /** Renormalize looked-up rows, in place, to at most this norm. Default null. */
  max_norm?: number | null;
  /** Order of that norm. Default 2. */
  norm_type?: number;
  /** Scale gradients by the inverse frequency of the indices in the batch; not for `'max'`. Default false. */
  scale_grad_by_freq?: boolean;
  /** Reduction of the rows of a bag. Default `'mean'`. */
  mode?: EmbeddingBagMode;
  /** Make the gradient of the weight sparse; not for `'max'`. Default false. */
  sparse?: boolean;
  /** Weight of each index, of the shape of the input; for `'sum'` only. Default null. */
  per_sample_weights?: Tensor | null;
  /** `offsets` also contains the end of the last bag. Default false. */
  include_last_offset?: boolean;
  /** Index of a row that does not contribute and gets no gradient; negative values count from the end. Default null. */
  padding_idx?: number | null;
}

interface EmbeddingBagArguments extends EmbeddingBagOptions {
  input: Tensor;
  weight: Tensor;
}

const EMBEDDING_BAG = signature<EmbeddingBagArguments>(
  'embedding_bag',
  'input: Tensor, weight: Tensor, offsets?: Tensor|None, max_norm?: float|None, norm_type?: float, ' +
    'scale_grad_by_freq?: bool, mode?: str, sparse?: bool, per_sample_weights?: Tensor|None, include_last_offset?: bool, ' +
    'padding_idx?: int|None',
);

/** The indices of all bags in a row. */
interface Bags {
  indices: Tensor;
  offsets: Tensor;
  per_sample_weights: Tensor | null;
  include_last_offset: boolean;
}

function same_size(a: Tensor, b: Tensor): boolean {
  return String(a.shape) === String(b.shape);
}

function bags_of_rows(input: Tensor, options: EmbeddingBagOptions): Bags {
  if ((options.offsets ?? null) !== null) {
    throw new Error(
      'if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length ' +
        "sequences. However, found offsets of type <class 'torch.Tensor'>",
    );
  }
  const offsets = ops.arange(0, input.numel(), input.size(1), { dtype: input.dtype, device: input.device });
  const per_sample_weights = options.per_sample_weights?.reshape([-1]) ?? null;
  return { indices: input.reshape([-1]), offsets, per_sample_weights, include_last_offset: false };
}

function bags(input: Tensor, options: EmbeddingBagOptions): Bags {
  const ndim = input.ndim;
  if (ndim === 2) return bags_of_rows(input, options);
  if (ndim !== 1) throw new Error(`input has to be 1D or 2D Tensor, but got Tensor of dimension ${ndim}`);
  const { offsets = null, per_sample_weights = null, include_last_offset = false } = options;
  if (offsets === null) throw new Error('offsets has to be a 1D Tensor but got None');
  if (offsets.ndim !== 1) throw new Error('offsets has to be a 1D Tensor');
  return { indices: input, offsets, per_sample_weights, include_last_offset };
}

const modes: readonly string[] = ['sum', 'mean', 'max'];

function mode_code({ mode = 'mean', scale_grad_by_freq = false, sparse = false }: EmbeddingBagOptions): number {
  const code = modes.indexOf(mode);
  if (code < 0) throw new Error('mode has to be one of sum, mean or max');
  if (mode === 'max' && scale_grad_by_freq) {
    throw new Error('max mode does not support scaling the gradient by the frequency');
  }
  if (mode === 'max' && sparse) throw new Error('max mode does not support sparse weights');
  return code;
}

function check_embedding_bag(input: Tensor, weight: Tensor, per_sample_weights: Tensor | null): void {
  if (per_sample_weights !== null && !same_size(input, per_sample_weights)) {
    throw new Error(
      `embedding_bag: If per_sample_weights (${String(per_sample_weights.shape)}) is not None, then it ` +
        `must have the same shape as the input (${String(input.shape)})`,
    );
  }
  if (weight.ndim !== 2) {
    throw new Error(`weight has to be a 2D Tensor, but got Tensor of dimension ${weight.ndim}`);
  }
}

// Earlier versions of PyTorch had the two the other way round.
function in_order(input: Tensor, weight: Tensor): [input: Tensor, weight: Tensor] {
  if (weight.dtype !== int64 || !input.is_floating_point()) return [input, weight];
  warn(
    'Argument order of nn.functional.embedding_bag was changed. Usage `embedding_bag(weight, input, ...)` is ' +
      'deprecated, and should now be `embedding_bag(input, weight, ...)`.',
  );
  return [weight, input];
}

/**
 * The sums, means or maxima of bags of rows of a table, without the rows in between. Mirrors
 * `torch.nn.functional.embedding_bag`.
 *
 * The bags are the rows of a 2-D `input`, or the parts of a 1-D one that start at `offsets`; empty bags give zeros.
 * Further options are those of {@link EmbeddingBagOptions}.
 *
 * @param input - indices, int64 or int32: `(B, N)`, or 1-D with `offsets`
 * @param weight - the table, `(num_embeddings, embedding_dim)`
 * @param offsets - start of each bag, `(B)`; default null
 * @param options - `max_norm`, `norm_type`, `scale_grad_by_freq`, `mode`, `sparse`, `per_sample_weights`,
 * `include_last_offset`, `padding_idx`
 * @returns a tensor of shape `(B, embedding_dim)`
 * @throws Error when input, offsets and weights do not fit, and for options that the mode does not support
 * @example
 * ```ts
 * const weight = torch.randn(6, 1);
 * print(F.embedding_bag(torch.tensor([[0, 2], [1, 4]]), weight, { mode: 'sum' }));
 * print(F.embedding_bag(torch.tensor([1, 2, 4, 5]), weight, torch.tensor([0, 3])));
 * ```
 * ```python
 * weight = torch.randn(6, 1)
 * print(F.embedding_bag(torch.tensor([[0, 2], [1, 4]]), weight, mode='sum'))
 * print(F.embedding_bag(torch.tensor([1, 2, 4, 5]), weight, torch.tensor([0, 3])))
 * ```
 */
export function embedding_bag(
  input: Tensor,
  weight: Tensor,
  offsets?: Tensor | null,
  max_norm?: number | null,
  norm_type?: number,
  scale_grad_by_freq?: boolean,
  mode?: EmbeddingBagMode,
  sparse?: boolean,
  per_sample_weights?: Tensor | null,
  include_last_offset?: boolean,
  padding_idx?: number | null,
): Tensor;
export function embedding_bag(
  ...args: Arguments<
    [
      input: Tensor,
      weight: Tensor,
      offsets?: Tensor | null,
      max_norm?: number | null,
      norm_type?: number,
      scale_grad_by_freq?: boolean,
      mode?: EmbeddingBagMode,
      sparse?: boolean,
      per_sample_weights?: Tensor | null,
      include_last_offset?: boolean,
      padding_idx?: number | null,
    ],
    EmbeddingBagArguments,
    [
      'input',
      'weight',
      'offsets',
      'max_norm',
      'norm_type',
      'scale_grad_by_freq',
      'mode',
      'sparse',
      'per_sample_weights',
      'include_last_offset',
      'padding_idx',
    ]
  >
): Tensor;
export function embedding_bag(...args: unknown[]): Tensor {
  return EMBEDDING_BAG.call(args, embedded_bags);
}

function embedded_bags(options: EmbeddingBagArguments): Tensor {
  const { input, weight } = options;
  const { max_norm = null, norm_type = 2, scale_grad_by_freq = false, sparse = false, padding_idx = null } = options;
  const [given, rows] = in_order(input, weight);
  check_embedding_bag(given, rows, options.per_sample_weights ?? null);
  const { indices, offsets, per_sample_weights, include_last_offset } = bags(given, options);
  const code = mode_code(options);
  if (max_norm !== null) ops.embedding_renorm_(rows.detach(), indices, max_norm, norm_type);
  if (per_sample_weights !== null && modes[code] !== 'sum') {
    throw new Error(
      'embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for ' +
        `mode='sum' (got mode='${modes[code]}'). Please open a feature request on GitHub.`,
    );
  }
  const [output] = ops.embedding_bag(
    rows,
    indices,
    offsets,
    scale_grad_by_freq,
    code,
    sparse,
    per_sample_weights,
    include_last_offset,
    padding_idx,
  );
  return output;
}

declare const exports: Record<string, unknown>;
overridable_exports(exports);
