import { empty } from '../generated/functions.js';
import type { Tensor } from '../tensor.js';
import { bind, type FactoryOptions, type Tail } from './arguments.js';
import * as F from './functional.js';
import { _calculate_fan_in_and_fan_out, kaiming_uniform_, uniform_ } from './init.js';
import { Module } from './module.js';
import { Parameter } from './parameter.js';
import { python_bool, python_int } from './representation.js';

/** Gives its input back; takes any arguments and heeds none. Mirrors `torch.nn.Identity`. */
export class Identity extends Module {
  constructor(..._ignored: unknown[]) {
    super();
  }

  forward(input: Tensor): Tensor {
    return input;
  }
}

/** What {@link Linear} takes by name. */
export interface LinearOptions extends FactoryOptions {
  /** Learn an additive bias. Default true. */
  bias?: boolean;
}

/**
 * `y = x A^T + b`. Mirrors `torch.nn.Linear`.
 *
 * Shapes: input (..., in_features), output (..., out_features). `weight` is (out_features, in_features) and
 * `bias` (out_features), both drawn from U(-1/sqrt(in_features), 1/sqrt(in_features)).
 */
export class Linear extends Module {
  in_features: number;
  out_features: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(in_features: number, out_features: number, ...args: Tail<[bias: boolean], LinearOptions>);
  constructor(options: LinearOptions & { in_features: number; out_features: number });
  constructor(...args: unknown[]) {
    const { in_features, out_features, bias = true, device, dtype } =
      bind<LinearOptions & { in_features: number; out_features: number }>(
        'Linear', ['in_features', 'out_features', 'bias', 'device', 'dtype'], args, 2);
    super();
    this.in_features = in_features;
    this.out_features = out_features;
    this.weight = new Parameter(empty([out_features, in_features], { device, dtype }));
    this.bias = bias ? new Parameter(empty([out_features], { device, dtype })) : null;
    this.reset_parameters();
  }

  /** Draws the parameters anew. */
  reset_parameters(): void {
    kaiming_uniform_(this.weight, Math.sqrt(5));
    init_bias(this.weight, this.bias);
  }

  forward(input: Tensor): Tensor {
    return F.linear(input, this.weight, this.bias);
  }

  override extra_repr(): string {
    return `in_features=${python_int(this.in_features)}, out_features=${python_int(this.out_features)}, `
      + `bias=${python_bool(this.bias !== null)}`;
  }
}

/** Draws a bias from U(-1/sqrt(fan_in), 1/sqrt(fan_in)) of its weight. @internal */
export function init_bias(weight: Tensor, bias: Tensor | null): void {
  if (bias === null) return;
  const [fan_in] = _calculate_fan_in_and_fan_out(weight);
  const bound = fan_in > 0 ? 1 / Math.sqrt(fan_in) : 0;
  uniform_(bias, -bound, bound);
}

/**
 * `y = x1^T A x2 + b`. Mirrors `torch.nn.Bilinear`.
 *
 * Shapes: inputs (..., in1_features) and (..., in2_features), output (..., out_features). `weight` is
 * (out_features, in1_features, in2_features) and `bias` (out_features), both drawn from
 * U(-1/sqrt(in1_features), 1/sqrt(in1_features)).
 */
export class Bilinear extends Module {
  in1_features: number;
  in2_features: number;
  out_features: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(
    in1_features: number, in2_features: number, out_features: number, ...args: Tail<[bias: boolean], LinearOptions>);
  constructor(options: LinearOptions & { in1_features: number; in2_features: number; out_features: number });
  constructor(...args: unknown[]) {
    const { in1_features, in2_features, out_features, bias = true, device, dtype } =
      bind<LinearOptions & { in1_features: number; in2_features: number; out_features: number }>(
        'Bilinear', ['in1_features', 'in2_features', 'out_features', 'bias', 'device', 'dtype'], args, 3);
    super();
    this.in1_features = in1_features;
    this.in2_features = in2_features;
    this.out_features = out_features;
    this.weight = new Parameter(empty([out_features, in1_features, in2_features], { device, dtype }));
    this.bias = bias ? new Parameter(empty([out_features], { device, dtype })) : null;
    this.reset_parameters();
  }

  /** Draws the parameters anew. */
  reset_parameters(): void {
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
    return `in1_features=${this.in1_features}, in2_features=${this.in2_features}, `
      + `out_features=${this.out_features}, bias=${python_bool(this.bias !== null)}`;
  }
}
