import { empty } from '../../generated/functions.js';
import type { Tensor } from '../../_tensor.js';
import type { FactoryOptions } from '../../_internal/arguments.js';
import { family, forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { _calculate_fan_in_and_fan_out, kaiming_uniform_, uniform_ } from '../init.js';
import { Module } from './module.js';
import { Parameter } from '../parameter.js';
import { python_bool, python_int } from '../../_internal/representation.js';
import { signature, type Arguments, no_arguments } from '../../_internal/signature.js';

/**
 * Returns its input unchanged: `y = x`. It is used to switch off a layer of a model without changing the model's
 * structure. Mirrors `torch.nn.Identity`.
 *
 * Shapes: input and output `(*)`. Dtypes: any.
 *
 * @param _ignored - any arguments, all ignored
 * @example
 * ```ts
 * const model = new nn.Sequential(new nn.Linear(2, 2), new nn.ReLU());
 * model.set(1, new nn.Identity(54, { unused: true }));
 * print(model);
 * print(model.at(1)(torch.tensor([-1, 2])));
 * ```
 * ```python
 * model = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
 * model[1] = nn.Identity(54, unused=True)
 * print(model)
 * print(model[1](torch.tensor([-1, 2])))
 * ```
 */
export class Identity extends Module {
  constructor(..._ignored: unknown[]) {
    super();
  }

  forward(input: Tensor): Tensor {
    return input;
  }
}

/** What {@link Linear} and {@link Bilinear} take by name. */
export interface LinearOptions extends FactoryOptions {
  /** Learn an additive bias. Default true. */
  bias?: boolean;
}

/**
 * The bias of modules that can be made without one. The types say that it is there, as it is unless `bias: false` was
 * given.
 */
export interface HasBias {
  /** The bias; null when the module was made with `bias: false`. */
  get bias(): Parameter;
  set bias(value: Parameter | null);
}

export interface Linear extends HasBias {}

/**
 * Applies an affine transformation to the last dimension of its input: `y = x A^T + b`. Mirrors `torch.nn.Linear`.
 *
 * Shapes: input `(*, in_features)`, output `(*, out_features)`, where `*` is any number of dimensions, including none.
 * Parameters: `weight` `(out_features, in_features)` and `bias` `(out_features)`, both initialized from
 * `U(-1/sqrt(in_features), 1/sqrt(in_features))`. The input has the dtype and device of the parameters.
 * Dtypes: floating point and complex.
 *
 * @param in_features - size of the last dimension of the input
 * @param out_features - size of the last dimension of the output
 * @param bias - learn an additive bias; default true
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws TypeError when a size is not an integer
 * @throws Error on the call, when the last dimension of the input is not `in_features`, or when its dtype is not that
 *   of the weight
 * @example
 * ```ts
 * const linear = new nn.Linear(3, 2);
 * const x = torch.tensor([[1, 2, 3], [4, 5, 6]], { dtype: torch.float32 });
 * print(linear(x));
 * print(linear.weight.shape, linear.bias.shape);
 * ```
 * ```python
 * linear = nn.Linear(3, 2)
 * x = torch.tensor([[1, 2, 3], [4, 5, 6]], dtype=torch.float32)
 * print(linear(x))
 * print(linear.weight.shape, linear.bias.shape)
 * ```
 */
export class Linear extends Module {
  declare in_features: number;
  declare out_features: number;
  declare weight: Parameter;

  constructor(
    ...args: Arguments<
      [
        in_features: number,
        out_features: number,
        bias?: boolean,
        device?: FactoryOptions['device'],
        dtype?: FactoryOptions['dtype'],
      ],
      LinearOptions & { in_features: number; out_features: number },
      ['in_features', 'out_features', 'bias', 'device', 'dtype']
    >
  );
  constructor(...args: unknown[]) {
    const { in_features, out_features, bias = true, device = null, dtype = null } = LINEAR.read(new.target, args);
    super();
    this.in_features = in_features;
    this.out_features = out_features;
    this.weight = new Parameter(empty([out_features, in_features], { device, dtype }));
    this.bias = bias ? new Parameter(empty([out_features], { device, dtype })) : null;
    this.reset_parameters();
  }

  /** Reinitializes the parameters, from `U(-1/sqrt(in_features), 1/sqrt(in_features))`. */
  reset_parameters(...none: []): void {
    no_arguments('reset_parameters', none);
    kaiming_uniform_(this.weight, Math.sqrt(5));
    init_bias(this.weight, this.bias);
  }

  forward(input: Tensor): Tensor {
    return F.linear(input, this.weight, this.bias);
  }

  override extra_repr(): string {
    return (
      `in_features=${python_int(this.in_features)}, out_features=${python_int(this.out_features)}, ` +
      `bias=${python_bool(this.bias !== null)}`
    );
  }
}

/** Draws a bias from U(-1/sqrt(fan_in), 1/sqrt(fan_in)) of its weight. @internal */
export function init_bias(weight: Tensor, bias: Tensor | null): void {
  if (bias === null) return;
  const [fan_in] = _calculate_fan_in_and_fan_out(weight);
  const bound = fan_in > 0 ? 1 / Math.sqrt(fan_in) : 0;
  uniform_(bias, -bound, bound);
}

export interface Bilinear extends HasBias {}

/**
 * Applies a bilinear transformation to two inputs: `y = x1^T A x2 + b`. Mirrors `torch.nn.Bilinear`.
 *
 * Shapes: inputs `(*, in1_features)` and `(*, in2_features)` with equal leading dimensions, output `(*, out_features)`.
 * Parameters: `weight` `(out_features, in1_features, in2_features)` and `bias` `(out_features)`, both initialized from
 * `U(-1/sqrt(in1_features), 1/sqrt(in1_features))`. The inputs have the dtype of the parameters. Dtypes: floating
 * point.
 *
 * @param in1_features - size of the last dimension of the first input, greater than 0
 * @param in2_features - size of the last dimension of the second input
 * @param out_features - size of the last dimension of the output
 * @param bias - learn an additive bias; default true
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error when `in1_features` is not greater than 0; on the call, when the inputs do not have these features
 * @example
 * ```ts
 * const bilinear = new nn.Bilinear(2, 3, 2);
 * print(bilinear(torch.randn(4, 2), torch.randn(4, 3)));
 * ```
 * ```python
 * bilinear = nn.Bilinear(2, 3, 2)
 * print(bilinear(torch.randn(4, 2), torch.randn(4, 3)))
 * ```
 */
export class Bilinear extends Module {
  declare in1_features: number;
  declare in2_features: number;
  declare out_features: number;
  declare weight: Parameter;

  constructor(
    ...args: Arguments<
      [
        in1_features: number,
        in2_features: number,
        out_features: number,
        bias?: boolean,
        device?: FactoryOptions['device'],
        dtype?: FactoryOptions['dtype'],
      ],
      LinearOptions & { in1_features: number; in2_features: number; out_features: number },
      ['in1_features', 'in2_features', 'out_features', 'bias', 'device', 'dtype']
    >
  );
  constructor(...args: unknown[]) {
    const { in1_features, in2_features, out_features, bias = true, device = null, dtype = null } = BILINEAR.read(args);
    super();
    this.in1_features = in1_features;
    this.in2_features = in2_features;
    this.out_features = out_features;
    this.weight = new Parameter(empty([out_features, in1_features, in2_features], { device, dtype }));
    this.bias = bias ? new Parameter(empty([out_features], { device, dtype })) : null;
    this.reset_parameters();
  }

  /** Reinitializes the parameters, from `U(-1/sqrt(in1_features), 1/sqrt(in1_features))`. */
  reset_parameters(...none: []): void {
    no_arguments('reset_parameters', none);
    if (this.in1_features <= 0) {
      throw new Error(`in1_features must be > 0, but got (in1_features=${this.in1_features})`);
    }
    const bound = 1 / Math.sqrt(this.weight.size(1));
    uniform_(this.weight, -bound, bound);
    if (this.bias !== null) uniform_(this.bias, -bound, bound);
  }

  forward(input1: Tensor, input2: Tensor): Tensor {
    return F.bilinear(input1, input2, this.weight, this.bias);
  }

  override extra_repr(): string {
    return (
      `in1_features=${this.in1_features}, in2_features=${this.in2_features}, ` +
      `out_features=${this.out_features}, bias=${python_bool(this.bias !== null)}`
    );
  }
}

const LINEAR = family<LinearOptions & { in_features: number; out_features: number }>(
  ['Linear', 'NonDynamicallyQuantizableLinear'],
  'in_features: int, out_features: int, bias?: bool, device?: device|None, dtype?: dtype|None',
);
const BILINEAR = signature<LinearOptions & { in1_features: number; in2_features: number; out_features: number }>(
  'Bilinear',
  'in1_features: int, in2_features: int, out_features: int, bias?: bool, device?: device|None, dtype?: dtype|None',
);
forward_takes(Identity, 'input: any');
forward_takes(Linear, 'input: Tensor');
forward_takes(Bilinear, 'input1: Tensor, input2: Tensor');
