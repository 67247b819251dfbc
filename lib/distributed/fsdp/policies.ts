/** The policies of {@link fully_shard}. */
import { define_kind, signature, type Arguments } from '../../_internal/signature.js';
import type { DType } from '../../types/dtype.js';

/** The arguments of {@link MixedPrecisionPolicy}. */
export interface MixedPrecisionOptions {
  /** The dtype in which modules compute, and parameters are gathered. Default null, that of the parameters. */
  param_dtype?: DType | null;
  /** The dtype in which gradients are reduced. Default null, that of the gradients. */
  reduce_dtype?: DType | null;
  /** The dtype of outputs. Default null, as they are. */
  output_dtype?: DType | null;
  /** Give modules their inputs in `param_dtype`. Default true. */
  cast_forward_inputs?: boolean;
}

const MIXED_PRECISION = signature<MixedPrecisionOptions>(
  'MixedPrecisionPolicy',
  'param_dtype?: dtype|None, reduce_dtype?: dtype|None, output_dtype?: dtype|None, cast_forward_inputs?: bool',
);

/**
 * In which dtypes {@link fully_shard} gathers, computes and reduces. Mirrors `torch.distributed.fsdp.MixedPrecisionPolicy`. Parameters, and what
 * optimizers keep, stay in their own dtype.
 *
 * @param param_dtype - the dtype in which modules compute; default null, that of the parameters
 * @param reduce_dtype - the dtype in which gradients are reduced; default null, that of the gradients
 * @param output_dtype - the dtype of outputs; default null, as they are
 * @param cast_forward_inputs - give modules their inputs in `param_dtype`; default true
 * @example
 * ```ts
 * const { MixedPrecisionPolicy } = torch.distributed.fsdp;
 * const policy = new MixedPrecisionPolicy({ param_dtype: torch.bfloat16 });
 * print(policy.param_dtype, policy.reduce_dtype, policy.cast_forward_inputs);
 * ```
 * ```python
 * from torch.distributed.fsdp import MixedPrecisionPolicy
 * policy = MixedPrecisionPolicy(param_dtype=torch.bfloat16)
 * print(policy.param_dtype, policy.reduce_dtype, policy.cast_forward_inputs)
 * ```
 */
export class MixedPrecisionPolicy {
  /** The dtype in which modules compute. */
  readonly param_dtype: DType | null;
  /** The dtype in which gradients are reduced. */
  readonly reduce_dtype: DType | null;
  /** The dtype of outputs. */
  readonly output_dtype: DType | null;
  /** Whether modules get their inputs in `param_dtype`. */
  readonly cast_forward_inputs: boolean;

  constructor(
    ...args: Arguments<
      [
        param_dtype?: DType | null,
        reduce_dtype?: DType | null,
        output_dtype?: DType | null,
        cast_forward_inputs?: boolean,
      ],
      MixedPrecisionOptions,
      ['param_dtype', 'reduce_dtype', 'output_dtype', 'cast_forward_inputs']
    >
  );
  constructor(...args: unknown[]) {
    const given = MIXED_PRECISION.read(args);
    this.param_dtype = given.param_dtype ?? null;
    this.reduce_dtype = given.reduce_dtype ?? null;
    this.output_dtype = given.output_dtype ?? null;
    this.cast_forward_inputs = given.cast_forward_inputs ?? true;
  }
}
define_kind('MixedPrecisionPolicy', 'MixedPrecisionPolicy', (value) => value instanceof MixedPrecisionPolicy);
