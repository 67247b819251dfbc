import { empty } from '../generated/functions.js';
import type { Tensor } from '../tensor.js';
import { bind, flag, type FactoryOptions, type Tail } from './arguments.js';
import * as F from './functional.js';
import { constant_ } from './init.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';
import { python_float, python_int } from './representation.js';
import { warn } from './warnings.js';

type Inplace = boolean | { inplace?: boolean };

/** An activation whose only choice is to overwrite its input. */
class InplaceActivation extends Module {
  inplace: boolean;

  constructor(inplace: Inplace = false) {
    super();
    this.inplace = flag(this._get_name(), 'inplace', inplace, false);
  }

  override extra_repr(): string {
    return this.inplace ? 'inplace=True' : '';
  }
}

function inplace_suffix(inplace: boolean): string {
  return inplace ? ', inplace=True' : '';
}

/** `x` where it is above `threshold`, else `value`. Mirrors `torch.nn.Threshold`. */
export class Threshold extends Module {
  threshold: number;
  value: number;
  inplace: boolean;

  constructor(threshold: number, value: number, inplace?: Inplace);
  constructor(options: { threshold: number; value: number; inplace?: boolean });
  constructor(...args: unknown[]) {
    super();
    const { threshold, value, inplace = false } = bind<{ threshold: number; value: number; inplace?: boolean }>(
      'Threshold', ['threshold', 'value', 'inplace'], args, 2);
    this.threshold = threshold;
    this.value = value;
    this.inplace = inplace;
  }

  forward(input: Tensor): Tensor {
    return F.threshold(input, this.threshold, this.value, this.inplace);
  }

  override extra_repr(): string {
    return `threshold=${python_float(this.threshold)}, value=${python_float(this.value)}${inplace_suffix(this.inplace)}`;
  }
}

/** `max(0, x)`. Mirrors `torch.nn.ReLU`. */
export class ReLU extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return F.relu(input, this.inplace);
  }
}

/** A leaky rectifier with a random slope in training. Mirrors `torch.nn.RReLU`. */
export class RReLU extends Module {
  lower: number;
  upper: number;
  inplace: boolean;

  constructor(
    ...args: Tail<[lower: number, upper: number, inplace: boolean],
      { lower?: number; upper?: number; inplace?: boolean }>
  ) {
    super();
    const { lower = 1 / 8, upper = 1 / 3, inplace = false } =
      bind<{ lower?: number; upper?: number; inplace?: boolean }>('RReLU', ['lower', 'upper', 'inplace'], args);
    this.lower = lower;
    this.upper = upper;
    this.inplace = inplace;
  }

  forward(input: Tensor): Tensor {
    return F.rrelu(input, this.lower, this.upper, this.training, this.inplace);
  }

  override extra_repr(): string {
    return `lower=${python_float(this.lower)}, upper=${python_float(this.upper)}${inplace_suffix(this.inplace)}`;
  }
}

/** What {@link Hardtanh} takes by name. */
export interface HardtanhOptions {
  min_val?: number;
  max_val?: number;
  inplace?: boolean;
  /** @deprecated use `min_val` */
  min_value?: number | null;
  /** @deprecated use `max_val` */
  max_value?: number | null;
}

/** Cuts values off at `min_val` (default -1) and `max_val` (default 1). Mirrors `torch.nn.Hardtanh`. */
export class Hardtanh extends Module {
  min_val: number;
  max_val: number;
  inplace: boolean;

  constructor(...args: Tail<[min_val: number, max_val: number, inplace: boolean], HardtanhOptions>) {
    super();
    const options = bind<HardtanhOptions>(
      this._get_name(), ['min_val', 'max_val', 'inplace', 'min_value', 'max_value'], args);
    const min_val = renamed('min_value', options.min_value, 'min_val') ?? options.min_val ?? -1;
    const max_val = renamed('max_value', options.max_value, 'max_val') ?? options.max_val ?? 1;
    const { inplace = false } = options;
    this.min_val = min_val;
    this.max_val = max_val;
    this.inplace = inplace;
    if (!(max_val > min_val)) {
      throw new Error(`max_val (${python_float(max_val)}) must be greater than min_val (${python_float(min_val)})`);
    }
  }

  forward(input: Tensor): Tensor {
    return F.hardtanh(input, this.min_val, this.max_val, this.inplace);
  }

  override extra_repr(): string {
    return `min_val=${python_float(this.min_val)}, max_val=${python_float(this.max_val)}`
      + inplace_suffix(this.inplace);
  }
}

/** An argument under its earlier name, with Python's warning when it is there. */
function renamed(name: string, value: number | null | undefined, now: string): number | null {
  if (value === null || value === undefined) return null;
  warn(`keyword argument \`${name}\` is deprecated and rename to \`${now}\``, 'FutureWarning');
  return value;
}

/** `min(max(0, x), 6)`. Mirrors `torch.nn.ReLU6`. */
export class ReLU6 extends Hardtanh {
  constructor(inplace: Inplace = false) {
    super(0, 6, flag('ReLU6', 'inplace', inplace, false));
  }

  override extra_repr(): string {
    return this.inplace ? 'inplace=True' : '';
  }
}

/** `1 / (1 + exp(-x))`. Mirrors `torch.nn.Sigmoid`. */
export class Sigmoid extends Module {
  forward(input: Tensor): Tensor {
    return F.sigmoid(input);
  }
}

/** A sigmoid made of straight lines. Mirrors `torch.nn.Hardsigmoid`. */
export class Hardsigmoid extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return F.hardsigmoid(input, this.inplace);
  }

  override extra_repr(): string {
    return '';
  }
}

/** The hyperbolic tangent. Mirrors `torch.nn.Tanh`. */
export class Tanh extends Module {
  forward(input: Tensor): Tensor {
    return F.tanh(input);
  }
}

/** `x * sigmoid(x)`. Mirrors `torch.nn.SiLU`. */
export class SiLU extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return F.silu(input, this.inplace);
  }
}

/** `x * tanh(softplus(x))`. Mirrors `torch.nn.Mish`. */
export class Mish extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return F.mish(input, this.inplace);
  }
}

/** A SiLU made of simpler functions. Mirrors `torch.nn.Hardswish`. */
export class Hardswish extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return F.hardswish(input, this.inplace);
  }

  override extra_repr(): string {
    return '';
  }
}

/** An exponential unit with a scale for the negative side. */
class AlphaActivation extends Module {
  alpha: number;
  inplace: boolean;

  constructor(...args: Tail<[alpha: number, inplace: boolean], F.AlphaOptions>) {
    super();
    const { alpha = 1, inplace = false } = bind<F.AlphaOptions>(this._get_name(), ['alpha', 'inplace'], args);
    this.alpha = alpha;
    this.inplace = inplace;
  }

  override extra_repr(): string {
    return `alpha=${python_float(this.alpha)}${inplace_suffix(this.inplace)}`;
  }
}

/** `x` where positive, else `alpha * (exp(x) - 1)`. Mirrors `torch.nn.ELU`. */
export class ELU extends AlphaActivation {
  forward(input: Tensor): Tensor {
    return F.elu(input, this.alpha, this.inplace);
  }
}

/** The continuously differentiable exponential unit. Mirrors `torch.nn.CELU`. */
export class CELU extends AlphaActivation {
  forward(input: Tensor): Tensor {
    return F.celu(input, this.alpha, this.inplace);
  }
}

/** The self-normalising exponential unit. Mirrors `torch.nn.SELU`. */
export class SELU extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return F.selu(input, this.inplace);
  }
}

/** The first half of `dim` times the sigmoid of the second. Mirrors `torch.nn.GLU`. */
export class GLU extends Module {
  dim: number;

  constructor(...args: Tail<[dim: number], { dim?: number }>) {
    super();
    this.dim = bind<{ dim?: number }>('GLU', ['dim'], args).dim ?? -1;
  }

  forward(input: Tensor): Tensor {
    return F.glu(input, this.dim);
  }

  override extra_repr(): string {
    return `dim=${python_int(this.dim)}`;
  }
}

/** `x` times the normal distribution's share below it. Mirrors `torch.nn.GELU`. */
export class GELU extends Module {
  approximate: 'none' | 'tanh';

  constructor(...args: Tail<[approximate: 'none' | 'tanh'], { approximate?: 'none' | 'tanh' }>) {
    super();
    this.approximate =
      bind<{ approximate?: 'none' | 'tanh' }>('GELU', ['approximate'], args).approximate ?? 'none';
  }

  forward(input: Tensor): Tensor {
    return F.gelu(input, { approximate: this.approximate });
  }

  override extra_repr(): string {
    return `approximate='${this.approximate}'`;
  }
}

/** What pulls values to zero within `lambd` (default 0.5) of it. */
class Shrink extends Module {
  lambd: number;

  constructor(...args: Tail<[lambd: number], { lambd?: number }>) {
    super();
    this.lambd = bind<{ lambd?: number }>(this._get_name(), ['lambd'], args).lambd ?? 0.5;
  }

  override extra_repr(): string {
    return python_float(this.lambd);
  }
}

/** `x` beyond `lambd` on either side, else 0. Mirrors `torch.nn.Hardshrink`. */
export class Hardshrink extends Shrink {
  forward(input: Tensor): Tensor {
    return F.hardshrink(input, this.lambd);
  }
}

/** `x` moved by `lambd` towards 0. Mirrors `torch.nn.Softshrink`. */
export class Softshrink extends Shrink {
  forward(input: Tensor): Tensor {
    return F.softshrink(input, this.lambd);
  }
}

/** `x` where positive, else `negative_slope * x` (default slope 0.01). Mirrors `torch.nn.LeakyReLU`. */
export class LeakyReLU extends Module {
  negative_slope: number;
  inplace: boolean;

  constructor(
    ...args: Tail<[negative_slope: number, inplace: boolean], { negative_slope?: number; inplace?: boolean }>
  ) {
    super();
    const { negative_slope = 0.01, inplace = false } =
      bind<{ negative_slope?: number; inplace?: boolean }>('LeakyReLU', ['negative_slope', 'inplace'], args);
    this.negative_slope = negative_slope;
    this.inplace = inplace;
  }

  forward(input: Tensor): Tensor {
    return F.leaky_relu(input, this.negative_slope, this.inplace);
  }

  override extra_repr(): string {
    return `negative_slope=${python_float(this.negative_slope)}${inplace_suffix(this.inplace)}`;
  }
}

/** The logarithm of the sigmoid. Mirrors `torch.nn.LogSigmoid`. */
export class LogSigmoid extends Module {
  forward(input: Tensor): Tensor {
    return F.logsigmoid(input);
  }
}

/**
 * `log(1 + exp(beta * x)) / beta`; `x` itself where `beta * x` is above `threshold`. Mirrors
 * `torch.nn.Softplus`.
 */
export class Softplus extends Module {
  beta: number;
  threshold: number;

  constructor(...args: Tail<[beta: number, threshold: number], { beta?: number; threshold?: number }>) {
    super();
    const { beta = 1, threshold = 20 } =
      bind<{ beta?: number; threshold?: number }>('Softplus', ['beta', 'threshold'], args);
    this.beta = beta;
    this.threshold = threshold;
  }

  forward(input: Tensor): Tensor {
    return F.softplus(input, this.beta, this.threshold);
  }

  override extra_repr(): string {
    return `beta=${python_float(this.beta)}, threshold=${python_float(this.threshold)}`;
  }
}

/** What {@link PReLU} takes by name. */
export interface PReLUOptions extends FactoryOptions {
  /** One slope for all channels, or one for each. Default 1. */
  num_parameters?: number;
  /** First value of the slopes. Default 0.25. */
  init?: number;
}

/** A leaky rectifier that learns its slopes, `weight` (num_parameters). Mirrors `torch.nn.PReLU`. */
export class PReLU extends Module {
  num_parameters: number;
  init: number;
  weight: Parameter;

  constructor(...args: Tail<[num_parameters: number, init: number], PReLUOptions>) {
    super();
    const { num_parameters = 1, init = 0.25, device, dtype } =
      bind<PReLUOptions>('PReLU', ['num_parameters', 'init', 'device', 'dtype'], args);
    this.num_parameters = num_parameters;
    this.init = init;
    this.weight = new Parameter(empty([num_parameters], { device, dtype }));
    this.reset_parameters();
  }

  /** Sets the slopes to `init`. */
  reset_parameters(): void {
    constant_(this.weight, this.init);
  }

  forward(input: Tensor): Tensor {
    return F.prelu(input, this.weight);
  }

  override extra_repr(): string {
    return `num_parameters=${python_int(this.num_parameters)}`;
  }
}

/** `x / (1 + |x|)`. Mirrors `torch.nn.Softsign`. */
export class Softsign extends Module {
  forward(input: Tensor): Tensor {
    return F.softsign(input);
  }
}

/** `x - tanh(x)`. Mirrors `torch.nn.Tanhshrink`. */
export class Tanhshrink extends Module {
  forward(input: Tensor): Tensor {
    return F.tanhshrink(input);
  }
}

/** What makes a distribution along `dim`. */
class AlongDimension extends Module {
  dim: number | null;

  constructor(...args: Tail<[dim: number | null], { dim?: number | null }>) {
    super();
    this.dim = bind<{ dim?: number | null }>(this._get_name(), ['dim'], args).dim ?? null;
  }

  override extra_repr(): string {
    return `dim=${this.dim === null ? 'None' : python_int(this.dim)}`;
  }
}

/** The softmax of `-x`. Mirrors `torch.nn.Softmin`. */
export class Softmin extends AlongDimension {
  forward(input: Tensor): Tensor {
    return F.softmin(input, this.dim);
  }
}

/** `exp(x)` over its sum along `dim`. Mirrors `torch.nn.Softmax`. */
export class Softmax extends AlongDimension {
  forward(input: Tensor): Tensor {
    return F.softmax(input, this.dim);
  }
}

/** The softmax over the channels of (N, C, H, W) or (C, H, W). Mirrors `torch.nn.Softmax2d`. */
export class Softmax2d extends Module {
  forward(input: Tensor): Tensor {
    if (input.ndim !== 3 && input.ndim !== 4) {
      throw new Error(`Softmax2d: expected input to be 3D or 4D, got ${input.ndim}D instead`);
    }
    return F.softmax(input, -3);
  }
}

/** The logarithm of the softmax along `dim`. Mirrors `torch.nn.LogSoftmax`. */
export class LogSoftmax extends AlongDimension {
  forward(input: Tensor): Tensor {
    return F.log_softmax(input, this.dim);
  }
}
