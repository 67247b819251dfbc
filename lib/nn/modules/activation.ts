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

/** An activation function whose only option is `inplace`. */
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

/**
 * Replaces the elements that are not greater than `threshold`: `y = x` where `x > threshold`, else `y = value`. Mirrors
 * `torch.nn.Threshold`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input.
 * Dtypes: floating point and integers.
 *
 * @param threshold - the elements greater than this are kept
 * @param value - what the others are replaced with
 * @param inplace - write the result into the input; default false
 * @example
 * ```ts
 * const m = new nn.Threshold(0.1, 20);
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])));
 * ```
 * ```python
 * m = nn.Threshold(0.1, 20)
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])))
 * ```
 */
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

/**
 * Applies the rectified linear unit to each element: `y = max(0, x)`. Mirrors `torch.nn.ReLU`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input.
 * Dtypes: floating point and integers.
 *
 * @param inplace - write the result into the input; default false
 * @example
 * ```ts
 * const m = new nn.ReLU();
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])));
 * ```
 * ```python
 * m = nn.ReLU()
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])))
 * ```
 */
export class ReLU extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return F.relu(input, this.inplace);
  }
}

/**
 * Applies the randomized leaky rectified linear unit to each element: `y = x` where `x >= 0`, else `y = a x`. In
 * training `a` is drawn from `U(lower, upper)` for each element; in evaluation it is `(lower + upper) / 2`. Mirrors
 * `torch.nn.RReLU`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input.
 * Dtypes: bfloat16, float32 and float64.
 *
 * @param lower - lower bound of the slopes; default 1/8
 * @param upper - upper bound of the slopes; default 1/3
 * @param inplace - write the result into the input; default false
 * @example
 * ```ts
 * const m = new nn.RReLU(0.1, 0.3);
 * print(m(torch.tensor([-1, -1, 0.5])));
 * m.eval();
 * print(m(torch.tensor([-1, -1, 0.5])));
 * ```
 * ```python
 * m = nn.RReLU(0.1, 0.3)
 * print(m(torch.tensor([-1, -1, 0.5])))
 * m.eval()
 * print(m(torch.tensor([-1, -1, 0.5])))
 * ```
 */
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

/** Keyword arguments of {@link Hardtanh}. */
export interface HardtanhOptions {
  /** Lower bound. Default -1. */
  min_val?: number;
  /** Upper bound. Default 1. */
  max_val?: number;
  /** Write the result into the input. Default false. */
  inplace?: boolean;
  /** @deprecated use `min_val` */
  min_value?: number | null;
  /** @deprecated use `max_val` */
  max_value?: number | null;
}

/**
 * Clamps each element to a range: `y = min(max(x, min_val), max_val)`. Mirrors `torch.nn.Hardtanh`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input.
 * Dtypes: floating point and signed integers.
 *
 * @param min_val - lower bound; default -1
 * @param max_val - upper bound; default 1
 * @param inplace - write the result into the input; default false
 * @param min_value - deprecated name of `min_val`
 * @param max_value - deprecated name of `max_val`
 * @throws Error unless `max_val` is greater than `min_val`
 * @example
 * ```ts
 * const m = new nn.Hardtanh(-1, 1.5);
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])));
 * ```
 * ```python
 * m = nn.Hardtanh(-1, 1.5)
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])))
 * ```
 */
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
    const min_val = renamed_argument('min_value', options.min_value, 'min_val') ?? options.min_val ?? -1;
    const max_val = renamed_argument('max_value', options.max_value, 'max_val') ?? options.max_val ?? 1;
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
function renamed_argument(name: string, value: number | null | undefined, now: string): number | null {
  if (value === null || value === undefined) return null;
  warn(`keyword argument \`${name}\` is deprecated and rename to \`${now}\``, 'FutureWarning');
  return value;
}

/**
 * Applies the rectified linear unit with an upper bound of 6 to each element: `y = min(max(0, x), 6)`. Mirrors
 * `torch.nn.ReLU6`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input.
 * Dtypes: floating point and integers.
 *
 * @param inplace - write the result into the input; default false
 * @example
 * ```ts
 * const m = new nn.ReLU6();
 * print(m(torch.tensor([-1, 0.5, 3, 8])));
 * ```
 * ```python
 * m = nn.ReLU6()
 * print(m(torch.tensor([-1, 0.5, 3, 8])))
 * ```
 */
export class ReLU6 extends Hardtanh {
  constructor(inplace?: Inplace);
  constructor(...args: unknown[]) {
    super(0, 6, INPLACE.read(new.target, args).inplace ?? false);
  }

  override extra_repr(): string {
    return this.inplace ? 'inplace=True' : '';
  }
}

/**
 * Applies the logistic function to each element: `y = 1 / (1 + exp(-x))`. Mirrors `torch.nn.Sigmoid`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input, or the default
 * dtype when that is integral or bool. Dtypes: any.
 *
 * @example
 * ```ts
 * const m = new nn.Sigmoid();
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])));
 * ```
 * ```python
 * m = nn.Sigmoid()
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])))
 * ```
 */
export class Sigmoid extends Module {
  forward(input: Tensor): Tensor {
    return F.sigmoid(input);
  }
}

/**
 * Applies a piecewise-linear approximation of the sigmoid to each element: `y = 0` where `x <= -3`, `y = 1` where
 * `x >= 3`, else `y = x / 6 + 1 / 2`. Mirrors `torch.nn.Hardsigmoid`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input.
 * Dtypes: floating point.
 *
 * @param inplace - write the result into the input; default false
 * @example
 * ```ts
 * const m = new nn.Hardsigmoid();
 * print(m(torch.tensor([-4, -1.5, 0, 1.5, 4])));
 * ```
 * ```python
 * m = nn.Hardsigmoid()
 * print(m(torch.tensor([-4, -1.5, 0, 1.5, 4])))
 * ```
 */
export class Hardsigmoid extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return F.hardsigmoid(input, this.inplace);
  }

  override extra_repr(): string {
    return '';
  }
}

/**
 * Applies the hyperbolic tangent to each element: `y = (exp(x) - exp(-x)) / (exp(x) + exp(-x))`. Mirrors
 * `torch.nn.Tanh`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input, or the default
 * dtype when that is integral or bool. Dtypes: any.
 *
 * @example
 * ```ts
 * const m = new nn.Tanh();
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])));
 * ```
 * ```python
 * m = nn.Tanh()
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])))
 * ```
 */
export class Tanh extends Module {
  forward(input: Tensor): Tensor {
    return F.tanh(input);
  }
}

/**
 * Applies the sigmoid linear unit, also known as swish, to each element: `y = x * sigmoid(x)`. Mirrors `torch.nn.SiLU`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input.
 * Dtypes: floating point and complex.
 *
 * @param inplace - write the result into the input; default false
 * @example
 * ```ts
 * const m = new nn.SiLU();
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])));
 * ```
 * ```python
 * m = nn.SiLU()
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])))
 * ```
 */
export class SiLU extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return F.silu(input, this.inplace);
  }
}

/**
 * Applies the Mish function to each element: `y = x * tanh(softplus(x))`. Mirrors `torch.nn.Mish`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input.
 * Dtypes: floating point.
 *
 * @param inplace - write the result into the input; default false
 * @example
 * ```ts
 * const m = new nn.Mish();
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])));
 * ```
 * ```python
 * m = nn.Mish()
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])))
 * ```
 */
export class Mish extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return F.mish(input, this.inplace);
  }
}

/**
 * Applies a piecewise approximation of {@link SiLU} to each element: `y = 0` where `x <= -3`, `y = x` where `x >= 3`,
 * else `y = x * (x + 3) / 6`. Mirrors `torch.nn.Hardswish`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input.
 * Dtypes: floating point.
 *
 * @param inplace - write the result into the input; default false
 * @example
 * ```ts
 * const m = new nn.Hardswish();
 * print(m(torch.tensor([-4, -1.5, 0, 1.5, 4])));
 * ```
 * ```python
 * m = nn.Hardswish()
 * print(m(torch.tensor([-4, -1.5, 0, 1.5, 4])))
 * ```
 */
export class Hardswish extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return F.hardswish(input, this.inplace);
  }

  override extra_repr(): string {
    return '';
  }
}

/** An exponential unit with `alpha` as its only other option. */
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

/**
 * Applies the exponential linear unit to each element: `y = x` where `x > 0`, else `y = alpha * (exp(x) - 1)`. Mirrors
 * `torch.nn.ELU`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input.
 * Dtypes: floating point.
 *
 * @param alpha - scale of the negative part; default 1
 * @param inplace - write the result into the input; default false
 * @example
 * ```ts
 * const m = new nn.ELU(0.5);
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])));
 * ```
 * ```python
 * m = nn.ELU(0.5)
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])))
 * ```
 */
export class ELU extends AlphaActivation {
  forward(input: Tensor): Tensor {
    return F.elu(input, this.alpha, this.inplace);
  }
}

/**
 * Applies the continuously differentiable exponential linear unit to each element:
 * `y = max(0, x) + min(0, alpha * (exp(x / alpha) - 1))`. Mirrors `torch.nn.CELU`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input.
 * Dtypes: floating point.
 *
 * @param alpha - where the negative part saturates; default 1
 * @param inplace - write the result into the input; default false
 * @example
 * ```ts
 * const m = new nn.CELU({ alpha: 0.5 });
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])));
 * ```
 * ```python
 * m = nn.CELU(alpha=0.5)
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])))
 * ```
 */
export class CELU extends AlphaActivation {
  forward(input: Tensor): Tensor {
    return F.celu(input, this.alpha, this.inplace);
  }
}

/**
 * Applies the scaled exponential linear unit of self-normalizing networks to each element:
 * `y = scale * (max(0, x) + min(0, alpha * (exp(x) - 1)))` with `alpha = 1.6733` and `scale = 1.0507` (rounded).
 * Mirrors `torch.nn.SELU`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input.
 * Dtypes: floating point.
 *
 * @param inplace - write the result into the input; default false
 * @example
 * ```ts
 * const m = new nn.SELU();
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])));
 * ```
 * ```python
 * m = nn.SELU()
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])))
 * ```
 */
export class SELU extends InplaceActivation {
  forward(input: Tensor): Tensor {
    return F.selu(input, this.inplace);
  }
}

/**
 * Applies the gated linear unit: the input is split into halves `a` and `b` along `dim`, and `y = a * sigmoid(b)`.
 * Mirrors `torch.nn.GLU`.
 *
 * Shapes: input `(*, 2N, *)` with `2N` at `dim`, output `(*, N, *)`. Dtypes: floating point.
 *
 * @param dim - the dimension that is split; default -1
 * @throws Error on the call, when the size of `dim` is odd
 * @example
 * ```ts
 * const m = new nn.GLU();
 * print(m(torch.tensor([[1, 2, 0, 0.5]])));
 * ```
 * ```python
 * m = nn.GLU()
 * print(m(torch.tensor([[1, 2, 0, 0.5]])))
 * ```
 */
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

/**
 * Applies the Gaussian error linear unit to each element: `y = x * Phi(x)`, where `Phi` is the cumulative distribution
 * function of the standard normal distribution. Mirrors `torch.nn.GELU`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input.
 * Dtypes: floating point.
 *
 * @param approximate - `'none'` for the exact function, or `'tanh'` for
 *   `0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))`; default `'none'`
 * @throws Error on the call, for any other value of `approximate`
 * @example
 * ```ts
 * const m = new nn.GELU({ approximate: 'tanh' });
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])));
 * ```
 * ```python
 * m = nn.GELU(approximate='tanh')
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])))
 * ```
 */
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

/** A shrinkage function with the threshold `lambd`. */
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

/**
 * Zeroes the elements within `lambd` of zero: `y = x` where `|x| > lambd`, else `y = 0`. Mirrors `torch.nn.Hardshrink`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input.
 * Dtypes: floating point.
 *
 * @param lambd - the threshold; default 0.5
 * @example
 * ```ts
 * const m = new nn.Hardshrink(1);
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])));
 * ```
 * ```python
 * m = nn.Hardshrink(1)
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])))
 * ```
 */
export class Hardshrink extends Shrink {
  forward(input: Tensor): Tensor {
    return F.hardshrink(input, this.lambd);
  }
}

/**
 * Moves each element towards zero by `lambd`: `y = sign(x) * max(|x| - lambd, 0)`. Mirrors `torch.nn.Softshrink`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input.
 * Dtypes: floating point.
 *
 * @param lambd - how far, 0 or greater; default 0.5
 * @throws Error on the call, when `lambd` is negative
 * @example
 * ```ts
 * const m = new nn.Softshrink();
 * print(m(torch.tensor([-2, -0.25, 0, 0.25, 2])));
 * ```
 * ```python
 * m = nn.Softshrink()
 * print(m(torch.tensor([-2, -0.25, 0, 0.25, 2])))
 * ```
 */
export class Softshrink extends Shrink {
  forward(input: Tensor): Tensor {
    return F.softshrink(input, this.lambd);
  }
}

/**
 * Applies the leaky rectified linear unit to each element: `y = max(0, x) + negative_slope * min(0, x)`. Mirrors
 * `torch.nn.LeakyReLU`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input.
 * Dtypes: floating point.
 *
 * @param negative_slope - slope of the negative part; default 0.01
 * @param inplace - write the result into the input; default false
 * @example
 * ```ts
 * const m = new nn.LeakyReLU(0.1);
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])));
 * ```
 * ```python
 * m = nn.LeakyReLU(0.1)
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])))
 * ```
 */
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

/**
 * Applies the logarithm of the sigmoid to each element: `y = log(1 / (1 + exp(-x)))`, computed without overflow.
 * Mirrors `torch.nn.LogSigmoid`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input.
 * Dtypes: floating point.
 *
 * @example
 * ```ts
 * const m = new nn.LogSigmoid();
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])));
 * ```
 * ```python
 * m = nn.LogSigmoid()
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])))
 * ```
 */
export class LogSigmoid extends Module {
  forward(input: Tensor): Tensor {
    return F.logsigmoid(input);
  }
}

/**
 * Applies a smooth approximation of {@link ReLU} to each element: `y = log(1 + exp(beta * x)) / beta`, and `y = x`
 * where `beta * x > threshold`, for numerical stability. Mirrors `torch.nn.Softplus`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input.
 * Dtypes: floating point.
 *
 * @param beta - sharpness of the approximation; default 1
 * @param threshold - above this the function is linear; default 20
 * @example
 * ```ts
 * const m = new nn.Softplus({ beta: 2 });
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])));
 * ```
 * ```python
 * m = nn.Softplus(beta=2)
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])))
 * ```
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

/** Keyword arguments of {@link PReLU}. */
export interface PReLUOptions extends FactoryOptions {
  /** Number of slopes: 1 for all channels together, or the number of channels. Default 1. */
  num_parameters?: number;
  /** Initial value of the slopes. Default 0.25. */
  init?: number;
}

/**
 * Applies a leaky rectified linear unit with learned slopes: `y = max(0, x) + weight * min(0, x)`. Mirrors
 * `torch.nn.PReLU`.
 *
 * Shapes: input `(N, C, *)` or `(*)` with one slope, output as the input. The second dimension is that of the channels.
 * Parameter: `weight` `(num_parameters)`. The input has the dtype of the parameter. Dtypes: floating point.
 *
 * @param num_parameters - number of slopes: 1 for all channels together, or the number of channels; default 1
 * @param init - initial value of the slopes; default 0.25
 * @param device - device of the parameter; default: the default device
 * @param dtype - dtype of the parameter; default: the default dtype
 * @throws Error on the call, when there are several slopes, but not one for each channel
 * @example
 * ```ts
 * const m = new nn.PReLU(2, 0.1);
 * print(m(torch.tensor([[-1, -2], [3, -4.5]])));
 * print(m.weight);
 * ```
 * ```python
 * m = nn.PReLU(2, 0.1)
 * print(m(torch.tensor([[-1, -2], [3, -4.5]])))
 * print(m.weight)
 * ```
 */
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

  /** Reinitializes the slopes with `init`. */
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

/**
 * Applies the softsign function to each element: `y = x / (1 + |x|)`. Mirrors `torch.nn.Softsign`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input, or the default
 * dtype when that is integral. Dtypes: floating point, complex and integers.
 *
 * @example
 * ```ts
 * const m = new nn.Softsign();
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])));
 * ```
 * ```python
 * m = nn.Softsign()
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])))
 * ```
 */
export class Softsign extends Module {
  forward(input: Tensor): Tensor {
    return F.softsign(input);
  }
}

/**
 * Subtracts its hyperbolic tangent from each element: `y = x - tanh(x)`. Mirrors `torch.nn.Tanhshrink`.
 *
 * Shapes: input and output `(*)`, with any number of dimensions; the output has the dtype of the input, or the default
 * dtype when that is integral. Dtypes: floating point, complex and integers.
 *
 * @example
 * ```ts
 * const m = new nn.Tanhshrink();
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])));
 * ```
 * ```python
 * m = nn.Tanhshrink()
 * print(m(torch.tensor([-2, -0.5, 0, 0.5, 2])))
 * ```
 */
export class Tanhshrink extends Module {
  forward(input: Tensor): Tensor {
    return F.tanhshrink(input);
  }
}

/** A function that normalizes along `dim`. */
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

/**
 * Applies the softmax to the negative input, so that small values get large weights:
 * `y_i = exp(-x_i) / sum_j exp(-x_j)` along `dim`. Mirrors `torch.nn.Softmin`.
 *
 * Shapes: input and output `(*)`; the output has the dtype of the input. Dtypes: floating point.
 *
 * @param dim - the dimension along which the output sums to 1; null, the default, chooses 0 for 0, 1 and 3 dimensions
 *   and 1 otherwise, with a deprecation warning
 * @throws RangeError on the call, when the input does not have the dimension
 * @example
 * ```ts
 * const m = new nn.Softmin(1);
 * print(m(torch.tensor([[1, 2, 3], [0.5, 0.5, 0.5]])));
 * ```
 * ```python
 * m = nn.Softmin(dim=1)
 * print(m(torch.tensor([[1, 2, 3], [0.5, 0.5, 0.5]])))
 * ```
 */
export class Softmin extends AlongDimension {
  forward(input: Tensor): Tensor {
    return F.softmin(input, this.dim);
  }
}

/**
 * Rescales the elements along `dim` to lie in [0, 1] and to sum to 1: `y_i = exp(x_i) / sum_j exp(x_j)`. Mirrors
 * `torch.nn.Softmax`.
 *
 * Shapes: input and output `(*)`; the output has the dtype of the input. Dtypes: floating point.
 *
 * @param dim - the dimension along which the output sums to 1; null, the default, chooses 0 for 0, 1 and 3 dimensions
 *   and 1 otherwise, with a deprecation warning
 * @throws RangeError on the call, when the input does not have the dimension
 * @example
 * ```ts
 * const m = new nn.Softmax(1);
 * print(m(torch.tensor([[1, 2, 3], [0.5, 0.5, 0.5]])));
 * ```
 * ```python
 * m = nn.Softmax(dim=1)
 * print(m(torch.tensor([[1, 2, 3], [0.5, 0.5, 0.5]])))
 * ```
 */
export class Softmax extends AlongDimension {
  forward(input: Tensor): Tensor {
    return F.softmax(input, this.dim);
  }
}

/**
 * Applies the softmax over the channels at each position of images:
 * `y[n, c, h, w] = exp(x[n, c, h, w]) / sum_k exp(x[n, k, h, w])`. Mirrors `torch.nn.Softmax2d`.
 *
 * Shapes: input and output `(N, C, H, W)` or `(C, H, W)`. Dtypes: floating point.
 *
 * @throws Error on the call, unless the input has 3 or 4 dimensions
 * @example
 * ```ts
 * const m = new nn.Softmax2d();
 * print(m(torch.tensor([[[1, 0]], [[1, 2.5]]])));
 * ```
 * ```python
 * m = nn.Softmax2d()
 * print(m(torch.tensor([[[1, 0]], [[1, 2.5]]])))
 * ```
 */
export class Softmax2d extends Module {
  forward(input: Tensor): Tensor {
    if (input.ndim !== 3 && input.ndim !== 4) {
      throw new Error(`Softmax2d: expected input to be 3D or 4D, got ${input.ndim}D instead`);
    }
    return F.softmax(input, -3);
  }
}

/**
 * Applies the logarithm of the softmax along `dim`: `y_i = x_i - log(sum_j exp(x_j))`. Mirrors `torch.nn.LogSoftmax`.
 *
 * Shapes: input and output `(*)`; the output has the dtype of the input. Dtypes: floating point.
 *
 * @param dim - the dimension along which the exponentials of the output sum to 1; null, the default, chooses 0 for 0, 1
 *   and 3 dimensions and 1 otherwise, with a deprecation warning
 * @throws RangeError on the call, when the input does not have the dimension
 * @example
 * ```ts
 * const m = new nn.LogSoftmax(1);
 * print(m(torch.tensor([[1, 2, 3], [0.5, 0.5, 0.5]])));
 * ```
 * ```python
 * m = nn.LogSoftmax(dim=1)
 * print(m(torch.tensor([[1, 2, 3], [0.5, 0.5, 0.5]])))
 * ```
 */
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
