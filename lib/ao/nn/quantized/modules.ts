/** Other modules of quantized tensors: `torch.ao.nn.quantized`. */
import { tensor } from '../../../creation.js';
import { add, cat, matmul, mul, quantize_per_tensor } from '../../../generated/functions.js';
import { relu } from '../../../nn/functional/index.js';
import { python_float, python_int } from '../../../_internal/representation.js';
import { method_signature, signature } from '../../../_internal/signature.js';
import { Dropout as FloatDropout } from '../../../nn/modules/dropout.js';
import {
  ELU as FloatELU,
  Hardswish as FloatHardswish,
  LeakyReLU as FloatLeakyReLU,
  ReLU,
  type ReLU6 as FloatReLU6,
} from '../../../nn/modules/activation.js';
import { BatchNorm2d as FloatBatchNorm2d, BatchNorm3d as FloatBatchNorm3d } from '../../../nn/modules/batchnorm.js';
import { family, forward_takes } from '../../../nn/modules/forward_arguments.js';
import { Identity } from '../../../nn/modules/linear.js';
import { Module, type StateDict } from '../../../nn/modules/module.js';
import { f } from '../../../python/print.js';
import { float32, int64, type DType } from '../../../types/dtype.js';
import type { Tensor } from '../../../_tensor.js';
import { FusedModule } from '../intrinsic/fused.js';
import { call_packed } from './packed.js';
import { activation_observer, check_source, module_of, numbers_of } from './weights.js';

/** Calls an operator of quantized tensors. */
const run = (operator: string, ...args: unknown[]): Tensor => call_packed(operator, ...args)[0] as Tensor;

/** The scale and the zero point of the results of a prepared module. */
const prepared_numbers = (mod: Module): [number, number] => numbers_of(activation_observer(mod).calculate_qparams());

const QUANTIZE = signature<{ scale: number; zero_point: number; dtype: DType; factory_kwargs?: object | null }>(
  'Quantize',
  'scale: float, zero_point: int, dtype: dtype, factory_kwargs?: dict|None',
);

/**
 * Quantizes a tensor. `convert` puts it where a `QuantStub` was. Mirrors `torch.ao.nn.quantized.Quantize`.
 *
 * Shapes: input and output `(*)`.
 *
 * @param scale - the scale
 * @param zero_point - the zero point
 * @param dtype - `torch.quint8`, `torch.qint8` or `torch.qint32`
 * @example
 * ```ts
 * const m = new torch.ao.nn.quantized.Quantize(0.5, 2, torch.quint8);
 * print(m, m(torch.tensor([0.3, 0.8])));
 * ```
 * ```python
 * m = torch.ao.nn.quantized.Quantize(0.5, 2, torch.quint8)
 * print(m, m(torch.tensor([0.3, 0.8])))
 * ```
 */
export class Quantize extends Module {
  declare scale: Tensor;
  declare zero_point: Tensor;
  declare dtype: DType;

  constructor(scale: number, zero_point: number, dtype: DType);
  constructor(options: { scale: number; zero_point: number; dtype: DType });
  constructor(...args: unknown[]) {
    const { scale, zero_point, dtype } = QUANTIZE.read(args);
    super();
    this.register_buffer('scale', tensor([scale], { dtype: float32 }));
    this.register_buffer('zero_point', tensor([zero_point], { dtype: int64 }));
    this.dtype = dtype;
  }

  forward(X: Tensor): Tensor {
    return quantize_per_tensor(X, this.scale.item(), this.zero_point.item(), this.dtype);
  }

  /** What quantizes as the observer of a prepared stub says. */
  static from_float(mod: Module, use_precomputed_fake_quant?: boolean): Quantize;
  static from_float(...args: unknown[]): Quantize {
    const observer = activation_observer(module_of(args));
    return new Quantize(...numbers_of(observer.calculate_qparams()), observer.dtype);
  }

  override extra_repr(): string {
    return f`scale=${this.scale}, zero_point=${this.zero_point}, dtype=${this.dtype}`;
  }
}
forward_takes(Quantize, 'X: Tensor');

/**
 * Dequantizes a tensor. `convert` puts it where a `DeQuantStub` was. Mirrors `torch.ao.nn.quantized.DeQuantize`.
 *
 * Shapes: input and output `(*)`.
 * @example
 * ```ts
 * const x = torch.quantize_per_tensor(torch.tensor([0.3, 0.8]), 0.5, 2, torch.quint8);
 * print(new torch.ao.nn.quantized.DeQuantize()(x));
 * ```
 * ```python
 * x = torch.quantize_per_tensor(torch.tensor([0.3, 0.8]), 0.5, 2, torch.quint8)
 * print(torch.ao.nn.quantized.DeQuantize()(x))
 * ```
 */
export class DeQuantize extends Module {
  forward(Xq: Tensor): Tensor {
    return Xq.dequantize();
  }

  /** What dequantizes. */
  static from_float(mod: Module, use_precomputed_fake_quant?: boolean): DeQuantize;
  static from_float(...args: unknown[]): DeQuantize {
    module_of(args);
    return new DeQuantize();
  }
}
forward_takes(DeQuantize, 'Xq: Tensor');

const BATCH_NORM2D = family<{ num_features: number; eps?: number; momentum?: number }>(
  ['BatchNorm2d', 'BNReLU2d'],
  'num_features: int, eps?: float, momentum?: float',
);

/**
 * A 2D batch normalization of quantized tensors. `convert` makes it. Mirrors `torch.ao.nn.quantized.BatchNorm2d`.
 *
 * Shapes: input and output `(N, C, H, W)`.
 *
 * @param num_features - number of channels
 * @param eps - added to the variance; default 1e-5
 * @param momentum - weight of a new batch; default 0.1
 * @example
 * ```ts
 * const m = new torch.ao.nn.quantized.BatchNorm2d(1);
 * print(m(torch.quantize_per_tensor(torch.ones(1, 1, 2, 2), 0.5, 0, torch.quint8)));
 * ```
 * ```python
 * m = torch.ao.nn.quantized.BatchNorm2d(1)
 * print(m(torch.quantize_per_tensor(torch.ones(1, 1, 2, 2), 0.5, 0, torch.quint8)))
 * ```
 */
export class BatchNorm2d extends FloatBatchNorm2d {
  declare scale: Tensor;
  declare zero_point: Tensor;

  constructor(num_features: number, eps?: number, momentum?: number);
  constructor(...args: unknown[]) {
    const { num_features, eps = 1e-5, momentum = 0.1 } = BATCH_NORM2D.read(new.target, args);
    super(num_features, { eps, momentum });
    this.register_buffer('scale', tensor(1, { dtype: float32 }));
    this.register_buffer('zero_point', tensor(0, { dtype: int64 }));
  }

  override forward(input: Tensor): Tensor {
    return this.run('quantized::batch_norm2d', input);
  }

  /** Calls an operator with the parameters. @internal */
  run(operator: string, input: Tensor): Tensor {
    if (input.dim() !== 4) throw new Error('Input shape must be `(N, C, H, W)`!');
    const { weight, bias, running_mean, running_var, eps, scale, zero_point } = this;
    return run(operator, input, weight, bias, running_mean, running_var, eps, scale.item(), zero_point.item());
  }

  /** A quantized normalization with the parameters of a prepared one. */
  static from_float(mod: Module, use_precomputed_fake_quant?: boolean): BatchNorm2d;
  static from_float(...args: unknown[]): BatchNorm2d {
    const mod = module_of(args);
    const norm = (mod instanceof FusedModule ? mod[0] : mod) as FloatBatchNorm2d;
    check_source('BatchNorm2d', norm, [FloatBatchNorm2d]);
    const made = new this(norm.num_features, norm.eps);
    made.weight = norm.weight;
    made.bias = norm.bias;
    made.running_mean = norm.running_mean;
    made.running_var = norm.running_var;
    [made.scale, made.zero_point] = activation_observer(mod).calculate_qparams();
    return made;
  }

  override _get_name(): string {
    return 'QuantizedBatchNorm2d';
  }
}
forward_takes(BatchNorm2d, 'input: Tensor');

const BATCH_NORM3D = family<{ num_features: number; eps?: number; momentum?: number }>(
  ['BatchNorm3d', 'BNReLU3d'],
  'num_features: int, eps?: float, momentum?: float',
);

/**
 * A 3D batch normalization of quantized tensors. `convert` makes it. Mirrors `torch.ao.nn.quantized.BatchNorm3d`.
 *
 * Shapes: input and output `(N, C, D, H, W)`.
 *
 * @param num_features - number of channels
 * @param eps - added to the variance; default 1e-5
 * @param momentum - weight of a new batch; default 0.1
 * @example
 * ```ts
 * const m = new torch.ao.nn.quantized.BatchNorm3d(1);
 * print(m(torch.quantize_per_tensor(torch.ones(1, 1, 2, 2, 2), 0.5, 0, torch.quint8)));
 * ```
 * ```python
 * m = torch.ao.nn.quantized.BatchNorm3d(1)
 * print(m(torch.quantize_per_tensor(torch.ones(1, 1, 2, 2, 2), 0.5, 0, torch.quint8)))
 * ```
 */
export class BatchNorm3d extends FloatBatchNorm3d {
  declare scale: Tensor;
  declare zero_point: Tensor;

  constructor(num_features: number, eps?: number, momentum?: number);
  constructor(...args: unknown[]) {
    const { num_features, eps = 1e-5, momentum = 0.1 } = BATCH_NORM3D.read(new.target, args);
    super(num_features, { eps, momentum });
    this.register_buffer('scale', tensor(1, { dtype: float32 }));
    this.register_buffer('zero_point', tensor(0, { dtype: int64 }));
  }

  override forward(input: Tensor): Tensor {
    return this.run('quantized::batch_norm3d', input);
  }

  /** Calls an operator with the parameters. @internal */
  run(operator: string, input: Tensor): Tensor {
    if (input.dim() !== 5) throw new Error('Input shape must be `(N, C, D, H, W)`!');
    const { weight, bias, running_mean, running_var, eps, scale, zero_point } = this;
    return run(operator, input, weight, bias, running_mean, running_var, eps, scale.item(), zero_point.item());
  }

  /** A quantized normalization with the parameters of a prepared one. */
  static from_float(mod: Module, use_precomputed_fake_quant?: boolean): BatchNorm3d;
  static from_float(...args: unknown[]): BatchNorm3d {
    const mod = module_of(args);
    const norm = (mod instanceof FusedModule ? mod[0] : mod) as FloatBatchNorm3d;
    check_source('BatchNorm3d', norm, [FloatBatchNorm3d]);
    const made = new this(norm.num_features, norm.eps);
    made.weight = norm.weight;
    made.bias = norm.bias;
    made.running_mean = norm.running_mean;
    made.running_var = norm.running_var;
    [made.scale, made.zero_point] = activation_observer(mod).calculate_qparams();
    return made;
  }

  override _get_name(): string {
    return 'QuantizedBatchNorm3d';
  }
}
forward_takes(BatchNorm3d, 'input: Tensor');

/**
 * ReLU6 of quantized tensors. `convert` makes it. Mirrors `torch.ao.nn.quantized.ReLU6`.
 *
 * Shapes: input and output `(*)`.
 *
 * @param inplace - change the input; default false
 * @example
 * ```ts
 * const x = torch.quantize_per_tensor(torch.tensor([-1, 3, 9.5]), 0.5, 10, torch.quint8);
 * print(new torch.ao.nn.quantized.ReLU6()(x));
 * ```
 * ```python
 * x = torch.quantize_per_tensor(torch.tensor([-1, 3, 9.5]), 0.5, 10, torch.quint8)
 * print(torch.ao.nn.quantized.ReLU6()(x))
 * ```
 */
export class ReLU6 extends ReLU {
  override forward(input: Tensor): Tensor {
    return run('quantized::relu6', input, this.inplace);
  }

  /** A quantized module for a prepared one. */
  static from_float(mod: Module, use_precomputed_fake_quant?: boolean): ReLU6;
  static from_float(...args: unknown[]): ReLU6 {
    return new ReLU6((module_of(args) as FloatReLU6).inplace);
  }

  override _get_name(): string {
    return 'QuantizedReLU6';
  }
}
forward_takes(ReLU6, 'input: Tensor');

const HARDSWISH = signature<{ scale: number; zero_point: number }>('Hardswish', 'scale: float, zero_point: int');

/**
 * Hardswish of quantized tensors. `convert` makes it. Mirrors `torch.ao.nn.quantized.Hardswish`.
 *
 * Shapes: input and output `(*)`.
 *
 * @param scale - the scale of the results
 * @param zero_point - the zero point of the results
 * @example
 * ```ts
 * const x = torch.quantize_per_tensor(torch.tensor([-1, 3, 9.5]), 0.5, 10, torch.quint8);
 * print(new torch.ao.nn.quantized.Hardswish(0.25, 2)(x));
 * ```
 * ```python
 * x = torch.quantize_per_tensor(torch.tensor([-1, 3, 9.5]), 0.5, 10, torch.quint8)
 * print(torch.ao.nn.quantized.Hardswish(0.25, 2)(x))
 * ```
 */
export class Hardswish extends FloatHardswish {
  declare scale: Tensor;
  declare zero_point: Tensor;

  constructor(scale: number, zero_point: number);
  constructor(...args: unknown[]) {
    const { scale, zero_point } = HARDSWISH.read(args);
    super();
    this.register_buffer('scale', tensor(scale, { dtype: float32 }));
    this.register_buffer('zero_point', tensor(zero_point, { dtype: int64 }));
  }

  override forward(input: Tensor): Tensor {
    return run('quantized::hardswish', input, this.scale.item(), this.zero_point.item());
  }

  /** A quantized module for a prepared one. */
  static from_float(mod: Module, use_precomputed_fake_quant?: boolean): Hardswish;
  static from_float(...args: unknown[]): Hardswish {
    return new Hardswish(...prepared_numbers(module_of(args)));
  }

  override _get_name(): string {
    return 'QuantizedHardswish';
  }
}
forward_takes(Hardswish, 'input: Tensor');

interface LeakyArguments {
  scale: number;
  zero_point: number;
  negative_slope?: number;
  inplace?: boolean;
}
const LEAKY = signature<LeakyArguments>(
  'LeakyReLU',
  'scale: float, zero_point: int, negative_slope?: float, inplace?: bool',
);

/**
 * LeakyReLU of quantized tensors. `convert` makes it. Mirrors `torch.ao.nn.quantized.LeakyReLU`.
 *
 * Shapes: input and output `(*)`.
 *
 * @param scale - the scale of the results
 * @param zero_point - the zero point of the results
 * @param negative_slope - the slope below 0; default 0.01
 * @param inplace - change the input; default false
 * @example
 * ```ts
 * const x = torch.quantize_per_tensor(torch.tensor([-1, 3, 9.5]), 0.5, 10, torch.quint8);
 * print(new torch.ao.nn.quantized.LeakyReLU(0.25, 2, 0.5)(x));
 * ```
 * ```python
 * x = torch.quantize_per_tensor(torch.tensor([-1, 3, 9.5]), 0.5, 10, torch.quint8)
 * print(torch.ao.nn.quantized.LeakyReLU(0.25, 2, 0.5)(x))
 * ```
 */
export class LeakyReLU extends FloatLeakyReLU {
  declare scale: Tensor;
  declare zero_point: Tensor;

  constructor(scale: number, zero_point: number, negative_slope?: number, inplace?: boolean);
  constructor(...args: unknown[]) {
    const { scale, zero_point, negative_slope = 0.01, inplace = false } = LEAKY.read(args);
    super(negative_slope, inplace);
    this.register_buffer('scale', tensor(scale, { dtype: float32 }));
    this.register_buffer('zero_point', tensor(zero_point, { dtype: int64 }));
  }

  override forward(input: Tensor): Tensor {
    const { negative_slope, inplace, scale, zero_point } = this;
    return run('quantized::leaky_relu', input, negative_slope, inplace, scale.item(), zero_point.item());
  }

  /** A quantized module for a prepared one. */
  static from_float(mod: Module, use_precomputed_fake_quant?: boolean): LeakyReLU;
  static from_float(...args: unknown[]): LeakyReLU {
    const mod = module_of(args) as FloatLeakyReLU;
    return new LeakyReLU(...prepared_numbers(mod), mod.negative_slope, mod.inplace);
  }

  override _get_name(): string {
    return 'QuantizedLeakyReLU';
  }
}
forward_takes(LeakyReLU, 'input: Tensor');

const ELU_ARGUMENTS = signature<{ scale: number; zero_point: number; alpha?: number }>(
  'ELU',
  'scale: float, zero_point: int, alpha?: float',
);

/**
 * ELU of quantized tensors. `convert` makes it. Mirrors `torch.ao.nn.quantized.ELU`.
 *
 * Shapes: input and output `(*)`.
 *
 * @param scale - the scale of the results
 * @param zero_point - the zero point of the results
 * @param alpha - the limit below 0; default 1
 * @example
 * ```ts
 * const x = torch.quantize_per_tensor(torch.tensor([-1, 3, 9.5]), 0.5, 10, torch.quint8);
 * print(new torch.ao.nn.quantized.ELU(0.25, 2)(x));
 * ```
 * ```python
 * x = torch.quantize_per_tensor(torch.tensor([-1, 3, 9.5]), 0.5, 10, torch.quint8)
 * print(torch.ao.nn.quantized.ELU(0.25, 2)(x))
 * ```
 */
export class ELU extends FloatELU {
  declare scale: number;
  declare zero_point: number;

  constructor(scale: number, zero_point: number, alpha?: number);
  constructor(...args: unknown[]) {
    const { scale, zero_point, alpha = 1 } = ELU_ARGUMENTS.read(args);
    super(alpha);
    this.scale = scale;
    this.zero_point = zero_point;
  }

  override forward(input: Tensor): Tensor {
    return run('quantized::elu', input, this.scale, this.zero_point, this.alpha);
  }

  /** A quantized module for a prepared one. */
  static from_float(mod: Module, use_precomputed_fake_quant?: boolean): ELU;
  static from_float(...args: unknown[]): ELU {
    const mod = module_of(args) as FloatELU;
    return new ELU(...prepared_numbers(mod), mod.alpha);
  }

  override _get_name(): string {
    return 'QuantizedELU';
  }
}
forward_takes(ELU, 'input: Tensor');

/**
 * Dropout of quantized tensors, which returns its input. `convert` makes it. Mirrors `torch.ao.nn.quantized.Dropout`.
 *
 * Shapes: input and output `(*)`.
 *
 * @param p - the probability of a zero; default 0.5
 * @param inplace - change the input; default false
 * @example
 * ```ts
 * print(new torch.ao.nn.quantized.Dropout(0.2));
 * ```
 * ```python
 * print(torch.ao.nn.quantized.Dropout(0.2))
 * ```
 */
export class Dropout extends FloatDropout {
  override forward(input: Tensor): Tensor {
    return input;
  }

  /** A quantized module for a prepared one. */
  static from_float(mod: Module, use_precomputed_fake_quant?: boolean): Dropout;
  static from_float(...args: unknown[]): Dropout {
    const mod = module_of(args) as FloatDropout;
    return new Dropout(mod.p, mod.inplace);
  }

  override _get_name(): string {
    return 'QuantizedDropout';
  }
}
forward_takes(Dropout, 'input: Tensor');

const TWO = 'x: Tensor, y: Tensor';
const ADD = method_signature<{ x: Tensor; y: Tensor }>('add', TWO);
const ADD_SCALAR = method_signature<{ x: Tensor; y: number }>('add_scalar', 'x: Tensor, y: float');
const MUL = method_signature<{ x: Tensor; y: Tensor }>('mul', TWO);
const MUL_SCALAR = method_signature<{ x: Tensor; y: number }>('mul_scalar', 'x: Tensor, y: float');
const CAT = method_signature<{ x: Tensor[]; dim?: number }>('cat', 'x: Tensor[], dim?: int');
const ADD_RELU = method_signature<{ x: Tensor; y: Tensor }>('add_relu', TWO);
const MATMUL = method_signature<{ x: Tensor; y: Tensor }>('matmul', TWO);

/**
 * Functions of several tensors as a module, so that their results can be observed and quantized. Mirrors
 * `torch.ao.nn.quantized.FloatFunctional`.
 * @example
 * ```ts
 * const functions = new torch.ao.nn.quantized.FloatFunctional();
 * print(functions.add(torch.ones(2), torch.ones(2)), functions);
 * ```
 * ```python
 * functions = torch.ao.nn.quantized.FloatFunctional()
 * print(functions.add(torch.ones(2), torch.ones(2)), functions)
 * ```
 */
export class FloatFunctional extends Module {
  declare activation_post_process: Module;

  constructor(...none: []);
  constructor(...args: unknown[]) {
    NONE.read(args);
    super();
    this.activation_post_process = new Identity();
  }

  forward(..._args: unknown[]): never {
    throw new Error("FloatFunctional is not intended to use the 'forward'. Please use the underlying operation");
  }

  private observed(result: Tensor): Tensor {
    return this.activation_post_process(result) as Tensor;
  }

  /** The sum. */
  add(x: Tensor, y: Tensor): Tensor;
  add(...args: unknown[]): Tensor {
    const { x, y } = ADD.read(args);
    return this.observed(add(x, y));
  }

  /** The sum with a number. */
  add_scalar(x: Tensor, y: number): Tensor;
  add_scalar(...args: unknown[]): Tensor {
    const { x, y } = ADD_SCALAR.read(args);
    return add(x, y);
  }

  /** The product. */
  mul(x: Tensor, y: Tensor): Tensor;
  mul(...args: unknown[]): Tensor {
    const { x, y } = MUL.read(args);
    return this.observed(mul(x, y));
  }

  /** The product with a number. */
  mul_scalar(x: Tensor, y: number): Tensor;
  mul_scalar(...args: unknown[]): Tensor {
    const { x, y } = MUL_SCALAR.read(args);
    return mul(x, y);
  }

  /** The tensors in a row. */
  cat(x: readonly Tensor[], dim?: number): Tensor;
  cat(...args: unknown[]): Tensor {
    const { x, dim = 0 } = CAT.read(args);
    return this.observed(cat(x, dim));
  }

  /** ReLU of the sum. */
  add_relu(x: Tensor, y: Tensor): Tensor;
  add_relu(...args: unknown[]): Tensor {
    const { x, y } = ADD_RELU.read(args);
    return this.observed(relu(add(x, y)));
  }

  /** The product of matrices. */
  matmul(x: Tensor, y: Tensor): Tensor;
  matmul(...args: unknown[]): Tensor {
    const { x, y } = MATMUL.read(args);
    return this.observed(matmul(x, y));
  }
}
const NONE = signature<object>('FloatFunctional', '');

/**
 * Functions of several quantized tensors. `convert` puts it where a {@link FloatFunctional} was. Mirrors
 * `torch.ao.nn.quantized.QFunctional`.
 * @example
 * ```ts
 * const x = torch.quantize_per_tensor(torch.ones(2), 0.5, 0, torch.quint8);
 * const functions = new torch.ao.nn.quantized.QFunctional();
 * print(functions.add(x, x), functions);
 * ```
 * ```python
 * x = torch.quantize_per_tensor(torch.ones(2), 0.5, 0, torch.quint8)
 * functions = torch.ao.nn.quantized.QFunctional()
 * print(functions.add(x, x), functions)
 * ```
 */
export class QFunctional extends Module {
  /** The scale of the results. */
  declare scale: number;
  /** The zero point of the results. */
  declare zero_point: number;
  declare activation_post_process: Module;

  constructor(...none: []);
  constructor(...args: unknown[]) {
    QNONE.read(args);
    super();
    this.scale = 1;
    this.zero_point = 0;
    this.activation_post_process = new Identity();
  }

  forward(..._args: unknown[]): never {
    throw new Error("Functional is not intended to use the 'forward'. Please use the underlying operation");
  }

  /** The sum. */
  add(x: Tensor, y: Tensor): Tensor;
  add(...args: unknown[]): Tensor {
    const { x, y } = ADD.read(args);
    return run('quantized::add', x, y, this.scale, this.zero_point);
  }

  /** The sum with a number. */
  add_scalar(x: Tensor, y: number): Tensor;
  add_scalar(...args: unknown[]): Tensor {
    const { x, y } = ADD_SCALAR.read(args);
    return run('quantized::add_scalar', x, y);
  }

  /** The product. */
  mul(x: Tensor, y: Tensor): Tensor;
  mul(...args: unknown[]): Tensor {
    const { x, y } = MUL.read(args);
    return run('quantized::mul', x, y, this.scale, this.zero_point);
  }

  /** The product with a number. */
  mul_scalar(x: Tensor, y: number): Tensor;
  mul_scalar(...args: unknown[]): Tensor {
    const { x, y } = MUL_SCALAR.read(args);
    return run('quantized::mul_scalar', x, y);
  }

  /** The tensors in a row. */
  cat(x: readonly Tensor[], dim?: number): Tensor;
  cat(...args: unknown[]): Tensor {
    const { x, dim = 0 } = CAT.read(args);
    return run('quantized::cat', x, dim, this.scale, this.zero_point);
  }

  /** ReLU of the sum. */
  add_relu(x: Tensor, y: Tensor): Tensor;
  add_relu(...args: unknown[]): Tensor {
    const { x, y } = ADD_RELU.read(args);
    return run('quantized::add_relu', x, y, this.scale, this.zero_point);
  }

  /** The product of matrices. */
  matmul(x: Tensor, y: Tensor): Tensor;
  matmul(...args: unknown[]): Tensor {
    const { x, y } = MATMUL.read(args);
    return run('quantized::matmul', x, y, this.scale, this.zero_point);
  }

  /** The functions of quantized tensors for observed ones. */
  static from_float(mod: Module, use_precomputed_fake_quant?: boolean): QFunctional;
  static from_float(...args: unknown[]): QFunctional {
    const mod = module_of(args);
    check_source('QFunctional', mod, [FloatFunctional]);
    const made = new QFunctional();
    [made.scale, made.zero_point] = prepared_numbers(mod);
    return made;
  }

  override extra_repr(): string {
    return `scale=${python_float(this.scale)}, zero_point=${python_int(this.zero_point)}`;
  }

  override _save_to_state_dict(destination: StateDict, prefix: string, keep_vars: boolean): void {
    super._save_to_state_dict(destination, prefix, keep_vars);
    destination[`${prefix}scale`] = tensor(this.scale, { dtype: float32 });
    destination[`${prefix}zero_point`] = tensor(this.zero_point, { dtype: int64 });
  }

  override _load_from_state_dict(...args: Parameters<Module['_load_from_state_dict']>): void {
    const [state_dict, prefix] = args;
    this.scale = (state_dict[`${prefix}scale`] as Tensor).item();
    this.zero_point = (state_dict[`${prefix}zero_point`] as Tensor).item();
    delete state_dict[`${prefix}scale`];
    delete state_dict[`${prefix}zero_point`];
    super._load_from_state_dict(...args);
  }
}
const QNONE = signature<object>('QFunctional', '');
