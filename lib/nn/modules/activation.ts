import { empty } from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';
import type { FactoryOptions } from '../../_internal/arguments.js';
import { family, forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { constant_ } from '../init.js';
import { Module } from './module.js';
import { Parameter } from '../parameter.js';
import { python_float, python_int } from '../../_internal/representation.js';
import { warn } from '../../_internal/warnings.js';
import { signature, type Arguments, no_arguments } from '../../_internal/signature.js';

type Inplace = boolean | { inplace?: boolean };

/** An activation whose only choice is to overwrite its input. */
class InplaceActivation extends Module {
  declare inplace: boolean;

  constructor(inplace?: Inplace);
  constructor(...args: unknown[]) {
    super();
    this.inplace = INPLACE.read(new.target, args).inplace ?? false;
  }

  override extra_repr(): string {
    return this.inplace ? 'inplace=True' : '';
  }
}

const INPLACE = family<{ inplace?: boolean }>(
  ['ReLU', 'ReLU6', 'Hardsigmoid', 'SiLU', 'Mish', 'Hardswish', 'SELU'],
  'inplace?: bool',
);

function inplace_suffix(inplace: boolean): string {
  return inplace ? ', inplace=True' : '';
}

/** `x` where it is above `threshold`, else `value`. Mirrors `torch.nn.Threshold`. */
export class Threshold extends Module {
  declare threshold: number;
  declare value: number;
  declare inplace: boolean;

  constructor(
    ...args: Arguments<
      [threshold: number, value: number, inplace?: boolean],
      { threshold: number; value: number; inplace?: boolean },
      ['threshold', 'value', 'inplace']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { threshold, value, inplace = false } = THRESHOLD.read(args);
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
  declare lower: number;
  declare upper: number;
  declare inplace: boolean;

  constructor(
    ...args: Arguments<
      [lower?: number, upper?: number, inplace?: boolean],
      { lower?: number; upper?: number; inplace?: boolean },
      ['lower', 'upper', 'inplace']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { lower = 1 / 8, upper = 1 / 3, inplace = false } = RRELU.read(args);
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
  declare min_val: number;
  declare max_val: number;
  declare inplace: boolean;

  constructor(
    ...args: Arguments<
      [min_val?: number, max_val?: number, inplace?: boolean, min_value?: number | null, max_value?: number | null],
      HardtanhOptions,
      ['min_val', 'max_val', 'inplace', 'min_value', 'max_value']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const options = HARDTANH.read(args);
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
    return (
      `min_val=${python_float(this.min_val)}, max_val=${python_float(this.max_val)}` + inplace_suffix(this.inplace)
    );
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
  constructor(inplace?: Inplace);
  constructor(...args: unknown[]) {
    super(0, 6, INPLACE.read(new.target, args).inplace ?? false);
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
  declare alpha: number;
  declare inplace: boolean;

  constructor(...args: Arguments<[alpha?: number, inplace?: boolean], F.AlphaOptions, ['alpha', 'inplace']>);
  constructor(...args: unknown[]) {
    super();
    const { alpha = 1, inplace = false } = ALPHA.read(new.target, args);
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
  declare dim: number;

  constructor(dim?: number | { dim?: number });
  constructor(...args: unknown[]) {
    super();
    this.dim = GLU_ARGUMENTS.read(args).dim ?? -1;
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
  declare approximate: 'none' | 'tanh';

  constructor(approximate?: 'none' | 'tanh' | { approximate?: 'none' | 'tanh' });
  constructor(...args: unknown[]) {
    super();
    this.approximate = GELU_ARGUMENTS.read(args).approximate ?? 'none';
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
  declare lambd: number;

  constructor(lambd?: number | { lambd?: number });
  constructor(...args: unknown[]) {
    super();
    this.lambd = LAMBD.read(new.target, args).lambd ?? 0.5;
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
  declare negative_slope: number;
  declare inplace: boolean;

  constructor(
    ...args: Arguments<
      [negative_slope?: number, inplace?: boolean],
      { negative_slope?: number; inplace?: boolean },
      ['negative_slope', 'inplace']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { negative_slope = 0.01, inplace = false } = LEAKY_RELU.read(args);
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
  declare beta: number;
  declare threshold: number;

  constructor(
    ...args: Arguments<
      [beta?: number, threshold?: number],
      { beta?: number; threshold?: number },
      ['beta', 'threshold']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { beta = 1, threshold = 20 } = SOFTPLUS.read(args);
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
  declare num_parameters: number;
  declare init: number;
  declare weight: Parameter;

  constructor(
    ...args: Arguments<
      [num_parameters?: number, init?: number, device?: FactoryOptions['device'], dtype?: FactoryOptions['dtype']],
      PReLUOptions,
      ['num_parameters', 'init', 'device', 'dtype']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { num_parameters = 1, init = 0.25, device = null, dtype = null } = PRELU.read(args);
    this.num_parameters = num_parameters;
    this.init = init;
    this.weight = new Parameter(empty([num_parameters], { device, dtype }));
    this.reset_parameters();
  }

  /** Sets the slopes to `init`. */
  reset_parameters(...none: []): void {
    no_arguments('reset_parameters', none);
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
  declare dim: number | null;

  constructor(dim?: number | null | { dim?: number | null });
  constructor(...args: unknown[]) {
    super();
    this.dim = DIM.read(new.target, args).dim ?? null;
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

// ---- Arguments ----------------------------------------------------------------------------------

const THRESHOLD = signature<{ threshold: number; value: number; inplace?: boolean }>(
  'Threshold',
  'threshold: float, value: float, inplace?: bool',
);
const RRELU = signature<{ lower?: number; upper?: number; inplace?: boolean }>(
  'RReLU',
  'lower?: float, upper?: float, inplace?: bool',
);
const HARDTANH = signature<HardtanhOptions>(
  'Hardtanh',
  'min_val?: float, max_val?: float, inplace?: bool, min_value?: float|None, max_value?: float|None',
);
const ALPHA = family<F.AlphaOptions>(['ELU', 'CELU'], 'alpha?: float, inplace?: bool');
const GLU_ARGUMENTS = signature<{ dim?: number }>('GLU', 'dim?: int');
const GELU_ARGUMENTS = signature<{ approximate?: 'none' | 'tanh' }>('GELU', 'approximate?: str');
const LAMBD = family<{ lambd?: number }>(['Hardshrink', 'Softshrink'], 'lambd?: float');
const LEAKY_RELU = signature<{ negative_slope?: number; inplace?: boolean }>(
  'LeakyReLU',
  'negative_slope?: float, inplace?: bool',
);
const SOFTPLUS = signature<{ beta?: number; threshold?: number }>('Softplus', 'beta?: float, threshold?: float');
const PRELU = signature<PReLUOptions>(
  'PReLU',
  'num_parameters?: int, init?: float, device?: device|None, dtype?: dtype|None',
);
const DIM = family<{ dim?: number | null }>(['Softmin', 'Softmax', 'LogSoftmax'], 'dim?: int|None');

for (const module of [
  CELU,
  ELU,
  GELU,
  GLU,
  Hardshrink,
  Hardsigmoid,
  Hardswish,
  Hardtanh,
  LeakyReLU,
  LogSigmoid,
  LogSoftmax,
  Mish,
  PReLU,
  RReLU,
  ReLU,
  SELU,
  SiLU,
  Sigmoid,
  Softmax,
  Softmax2d,
  Softmin,
  Softplus,
  Softshrink,
  Softsign,
  Tanh,
  Tanhshrink,
  Threshold,
])
  forward_takes(module, 'input: Tensor');
