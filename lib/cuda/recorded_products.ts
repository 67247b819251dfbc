/** Products that TunableOp recorded, carried out again so that their kernels are tuned: what `tune_gemm_in_file` does with a line. */
import { warn } from '../_internal/warnings.js';
import { cuda } from '../backends/index.js';
import { _scaled_mm, bmm, full, mm, ones, rand, randn } from '../generated/functions.js';
import { linear } from '../generated/nn_functions.js';
import type { Tensor } from '../_tensor.js';
import { tensor } from '../creation.js';
import type { DeviceLike } from '../types/device.js';
import * as dtypes from '../types/dtype.js';

type DType = dtypes.DType;

const DTYPES: Readonly<Record<string, DType>> = {
  float: dtypes.float32,
  tf32: dtypes.float32,
  double: dtypes.float64,
  BFloat16: dtypes.bfloat16,
  Half: dtypes.float16,
  'c10::complex<double>': dtypes.complex128,
  'c10::complex<float>': dtypes.complex64,
  Float8_e4m3fn: dtypes.float8_e4m3fn,
  Float8_e5m2: dtypes.float8_e5m2,
  Float8_e4m3fnuz: dtypes.float8_e4m3fnuz,
  Float8_e5m2fnuz: dtypes.float8_e5m2fnuz,
};

/** A product: `[m, k] x [k, n]`, where operands may lie transposed, within larger matrices. */
interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Leading dimensions of the operands and of the result. */
  readonly leading: readonly [a: number, b: number, c: number];
  readonly transposed: readonly [a: boolean, b: boolean];
  readonly device: DeviceLike;
  /** Whether the operands are parts of larger matrices. */
  readonly within: boolean;
}

/** What fills an operand. */
type Fill = (sizes: readonly number[], dtype: DType) => Tensor;

/** Whether a line of a file is one of a product. */
export const is_product = (line: string): boolean => /^(?:Scaled)?Gemm/.test(line);

function dtype_of(name: string): DType {
  const dtype = DTYPES[name];
  if (dtype === undefined) throw new TypeError('dtype must be a torch.dtype, but got None');
  return dtype;
}

/** The two operands, of matrices or of batches of them; the last two dimensions of what lies transposed change places. */
function operands(
  product: Product,
  batch: readonly number[],
  dtype: readonly [DType, DType],
  fill: readonly [Fill, Fill],
) {
  const { m, n, k, leading, transposed, within } = product;
  const lying = [transposed[0] ? [k, m] : [m, k], transposed[1] ? [n, k] : [k, n]] as const;
  return ([0, 1] as const).map((i) => {
    const [rows, columns] = lying[i] as [number, number];
    const whole = within ? [Math.max(leading[2], k), leading[i]] : [rows, columns];
    const made = fill[i]([...batch, ...whole], dtype[i]);
    const shortened = (all: Tensor, dim: number, length: number): Tensor =>
      all.narrow(dim, 0, Math.min(length, all.size(dim)));
    const part = within ? shortened(shortened(made, -2, rows), -1, columns) : made;
    return transposed[i] ? part.transpose(-2, -1) : part;
  }) as [Tensor, Tensor];
}

/** The end of a text that says why a product is left out. */
const skipped = (parameters: string): string => `Use online tuning instead. Skipped tuning for: ${parameters}`;

/** What carries a product out, and with what. */
export type Call =
  | { readonly name: 'mm' | 'bmm'; readonly args: readonly [Tensor, Tensor] }
  | { readonly name: 'linear'; readonly args: readonly [Tensor, Tensor, Tensor] }
  | {
      readonly name: '_scaled_mm';
      readonly args: readonly [Tensor, Tensor, Tensor, Tensor];
      readonly bias: Tensor | null;
      readonly out_dtype: DType | null;
    };

function scaled(product: Product, signature: readonly string[], parameters: readonly string[]): Call {
  const [a, b] = product.transposed;
  if (!b) throw new Error('transB must be True for ScaledGemmTunableOp, got False');
  if (a) throw new Error('transA must be False for ScaledGemmTunableOp, got True');
  const { m, n, device } = product;
  const types = [dtype_of(`${signature[1]}_${signature[2]}`), dtype_of(`${signature[3]}_${signature[4]}`)] as const;
  const out_dtype = DTYPES[signature.slice(5, -1).join('_')] ?? null;
  const filled =
    (value: number): Fill =>
    (sizes, dtype) =>
      full(sizes, value, { dtype, device });
  // Python gives parts of larger matrices the second type, both of them.
  const dtype = product.within ? ([types[1], types[1]] as const) : types;
  const [mat_a, mat_b] = operands(product, [], dtype, [filled(0.25), filled(0.75)]);
  for (const [at, name] of [
    [8, 'rw'],
    [10, 'bias'],
  ] as const) {
    if (parameters[at] !== name) throw new Error(`expected '${name}' at index ${at}, got '${parameters[at]}'`);
  }
  const by_row = parameters[9] === '1';
  const scale_a = by_row ? ones([m, 1], { device }) : tensor(0.8, { device, dtype: dtypes.float32 });
  const scale_b = by_row ? ones([1, n], { device }) : tensor(0.9, { device, dtype: dtypes.float32 });
  const bias_type = parameters[11] as string;
  const bias = bias_type === 'None' ? null : full([n], 0.1, { dtype: DTYPES[bias_type] ?? null, device });
  return { name: '_scaled_mm', args: [mat_a, mat_b, scale_a, scale_b], bias, out_dtype };
}

/**
 * What carries one recorded product out; null for one that cannot be, of which a warning says so.
 * @param line - such as `GemmTunableOp_float_NT,nt_25_24_26_ld_25_26_25`
 * @param device - where
 */
export function call_of(line: string, device: DeviceLike): Call | null {
  const [head = '', parameter_text = ''] = line.trim().split(',');
  const signature = head.split('_');
  const parameters = parameter_text.split('_');
  const layout = signature.at(-1) as string;
  const transposed = [layout[1] === 'T', layout[0] === 'T'] as const;
  const operator = signature[0];
  const plain = signature.length === 3;
  if (plain) cuda.matmul.allow_tf32 = signature[1] === 'tf32';
  else if (signature.length !== 7 && signature.length !== 8) {
    throw new Error(`count must be 6 or 7, got ${signature.length - 1}`);
  }

  const in_batch = operator === 'GemmStridedBatchedTunableOp';
  const marker = in_batch ? 6 : 4;
  if (parameters[marker] !== 'ld') throw new Error(`expected 'ld' at index ${marker}, got '${parameters[marker]}'`);
  const [n, m, k] = parameters.slice(1, 4).map(Number) as [number, number, number];
  const [b, a, c] = parameters.slice(marker + 1, marker + 4).map(Number) as [number, number, number];
  const within = ![a, b, c].every((each) => [n, m, k].includes(each));
  const product: Product = { m, n, k, leading: [a, b, c], transposed, device, within };
  const drawn = (inside: typeof rand): Fill => {
    return (sizes, dtype) => (within ? randn : inside)(sizes, { dtype, device });
  };
  const thin = [m, n, k].includes(1);

  if (operator === 'GemmTunableOp') {
    const supported = (!transposed[0] && !transposed[1]) || (transposed[0] && n === 1);
    if (thin && !supported) {
      warn(`Offline tuning is not supported for this GEMM. ${skipped(parameter_text)}`);
      return null;
    }
    const dtype = dtype_of(signature[1] as string);
    return { name: 'mm', args: operands(product, [], [dtype, dtype], [drawn(rand), drawn(rand)]) };
  }
  if (in_batch) {
    if (thin) {
      warn(`Offline tuning is not support for this GEMM. ${skipped(parameter_text)}`);
      return null;
    }
    const dtype = dtype_of(signature[1] as string);
    const batch = [Number(parameters[5])];
    return { name: 'bmm', args: operands(product, batch, [dtype, dtype], [drawn(rand), drawn(rand)]) };
  }
  if (operator === 'ScaledGemmTunableOp') return scaled(product, signature, parameters);
  if (operator === 'GemmAndBiasTunableOp') {
    if (transposed[0] === transposed[1]) {
      const shown = transposed[0] ? 'True' : 'False';
      throw new Error(`transA and transB must differ for GemmAndBiasTunableOp, got transA=${shown}, transB=${shown}`);
    }
    const dtype = dtype_of(signature[1] as string);
    const bias = rand([n], { dtype, device });
    const [x, weight] = operands(product, [], [dtype, dtype], [drawn(rand), drawn(rand)]);
    return { name: 'linear', args: [x, weight.t(), bias] };
  }
  warn(`error: unknown op ${operator}`);
  return null;
}

/** Carries out one recorded product. @param line - see {@link call_of} @param device - where */
export function multiply(line: string, device: DeviceLike): void {
  const call = call_of(line, device);
  if (call === null) return;
  if (call.name === '_scaled_mm') _scaled_mm(...call.args, { bias: call.bias, out_dtype: call.out_dtype });
  else if (call.name === 'linear') linear(...call.args);
  else (call.name === 'mm' ? mm : bmm)(...call.args);
}
