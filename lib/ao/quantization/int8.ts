/** `quantize_`: linear layers whose weights are 8-bit integers, for deployment, with the numbers of Python's package torchao. */
import { define_kind, no_arguments, signature } from '../../_internal/signature.js';
import { python_bool } from '../../_internal/representation.js';
import { _int_mm, clamp, maximum, mm, round, zeros_like } from '../../generated/functions.js';
import { no_grad } from '../../autograd/grad_mode.js';
import { GraphModule } from '../../export/module.js';
import { NonDynamicallyQuantizableLinear } from '../../nn/modules/attention.js';
import { Linear } from '../../nn/modules/linear.js';
import { Module } from '../../nn/modules/module.js';
import { Parameter } from '../../nn/parameter.js';
import type { Tensor } from '../../_tensor.js';
import { float32, int8 } from '../../types/dtype.js';
import { finfo } from '../../types/type_info.js';

const [least, most] = [-128, 127];

/** The scale of each row, so that its largest element fits in 8 bits; of shape `(..., 1)`. */
function scale_of(rows: Tensor): Tensor {
  const smallest = rows.amin(-1, true);
  const largest = rows.amax(-1, true);
  const zero = zeros_like(smallest);
  const reach = maximum(smallest.minimum(zero).neg(), largest.maximum(zero));
  return clamp(reach.div((most - least) / 2), finfo(float32).eps).to(float32);
}

const quantized = (rows: Tensor, scale: Tensor): Tensor =>
  clamp(round(rows.mul(scale.reciprocal())), least, most).to(int8);

const int8_weight = (weight: Tensor): { weight: Tensor; scale: Tensor } =>
  no_grad(() => {
    const scale = scale_of(weight.detach());
    return { weight: quantized(weight.detach(), scale), scale: scale.flatten() };
  });

/** A linear layer with a weight of 8 bits and a scale for each output feature. */
abstract class Int8Linear extends Module {
  declare weight: Tensor;
  declare scale: Tensor;
  declare bias: Parameter | null;
  readonly in_features: number;
  readonly out_features: number;

  constructor(linear: Linear) {
    super();
    this.in_features = linear.in_features;
    this.out_features = linear.out_features;
    const { weight, bias, training } = linear as unknown as {
      weight: Tensor;
      bias: Parameter | null;
      training: boolean;
    };
    const its = int8_weight(weight);
    this.register_buffer('weight', its.weight);
    this.register_buffer('scale', its.scale);
    this.register_parameter('bias', bias === null ? null : new Parameter(bias.detach(), bias.requires_grad));
    this.train(training);
  }

  forward(input: Tensor): Tensor {
    if (!input.is_floating_point() || input.shape.at(-1) !== this.in_features) {
      throw new Error(
        `linear(): the input of a quantized layer must have a floating point dtype and ${this.in_features} features, not ` +
          `${input.dtype} and the shape [${input.shape.join(', ')}]`,
      );
    }
    const rows = input.reshape([-1, this.in_features]);
    const found = this.product(rows).reshape([...input.shape.slice(0, -1), this.out_features]);
    return (this.bias === null ? found : found.add(this.bias)).to(input.dtype);
  }

  protected abstract product(rows: Tensor): Tensor;

  override extra_repr(): string {
    const bias = python_bool(this.bias !== null);
    return `in_features=${this.in_features}, out_features=${this.out_features}, bias=${bias}, weight=int8`;
  }
}

/** Weights of 8 bits alone: the product is of floating point. */
class Int8WeightOnlyLinear extends Int8Linear {
  protected override product(rows: Tensor): Tensor {
    return mm(rows, this.weight.t().to(rows.dtype)).mul(this.scale.to(rows.dtype));
  }
}

/** The rows of the input are quantized too: the product is of integers. */
class Int8DynamicLinear extends Int8Linear {
  protected override product(rows: Tensor): Tensor {
    const scale = scale_of(rows);
    const sums = _int_mm(quantized(rows, scale), this.weight.t());
    return sums.mul(scale).to(rows.dtype).mul(this.scale);
  }
}

/** What {@link quantize_} makes of a layer. */
export abstract class Int8Config {
  /** @internal */
  abstract _quantized(linear: Linear): Module;
  /** Whether inputs are quantized too. @internal */
  abstract readonly _dynamic: boolean;

  constructor(...none: []) {
    no_arguments(new.target.name, none);
  }
}

/**
 * Weights of 8 bits with a scale for each output feature, products of floating point. Mirrors `torchao.quantization.Int8WeightOnlyConfig`
 * with its defaults.
 *
 * @example
 * ```ts
 * const net = new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU());
 * torch.ao.quantization.quantize_(net, new torch.ao.quantization.Int8WeightOnlyConfig());
 * print(net.state_dict()['0.weight'].dtype, net(torch.ones(2, 3)).shape); // torch.int8 torch.Size([2, 4])
 * ```
 */
export class Int8WeightOnlyConfig extends Int8Config {
  /** @internal */
  override _quantized(linear: Linear): Module {
    return new Int8WeightOnlyLinear(linear);
  }

  /** @internal */
  override readonly _dynamic = false;
}

/**
 * Weights of 8 bits with a scale for each output feature, and inputs that are quantized while the model runs, with a scale for each
 * row: products of integers. Mirrors `torchao.quantization.Int8DynamicActivationInt8WeightConfig` with its defaults.
 *
 * @example
 * ```ts
 * const net = new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU());
 * torch.ao.quantization.quantize_(net, new torch.ao.quantization.Int8DynamicActivationInt8WeightConfig());
 * print(net.state_dict()['0.weight'].dtype, net(torch.ones(2, 3)).shape); // torch.int8 torch.Size([2, 4])
 * ```
 */
export class Int8DynamicActivationInt8WeightConfig extends Int8Config {
  /** @internal */
  override _quantized(linear: Linear): Module {
    return new Int8DynamicLinear(linear);
  }

  /** @internal */
  override readonly _dynamic = true;
}

define_kind(
  'Int8Config',
  'Int8WeightOnlyConfig or Int8DynamicActivationInt8WeightConfig',
  (value) => value instanceof Int8Config,
);

/** Which modules are quantized: called with each and its dotted name. */
export type QuantizeFilter = (module: Module, fqn: string) => boolean;

/** The options of {@link quantize_}. */
export interface QuantizeInt8Options {
  /** Which modules are quantized: called with each and its dotted name. Default null: all linear layers. */
  filter_fn?: QuantizeFilter | null;
}

const QUANTIZE = signature<QuantizeInt8Options & { model: Module; config: Int8Config }>(
  'quantize_',
  'model: Module, config: Int8Config, filter_fn?: Callable|None',
);

const is_linear: QuantizeFilter = (module) =>
  module instanceof Linear && !(module instanceof NonDynamicallyQuantizableLinear);

/** Quantizes the linear layers of a loaded program. */
function quantize_program(model: GraphModule, config: Int8Config, chosen: QuantizeFilter | null): void {
  const modules = new Map(model.named_modules());
  model._quantize({
    dynamic: config._dynamic,
    least_scale: finfo(float32).eps,
    quantize: (layer, parameter) =>
      chosen === null || chosen(modules.get(layer) ?? model, layer)
        ? int8_weight(model.get_parameter(parameter))
        : null,
  });
}

/**
 * Replaces the linear layers of a trained model by layers with weights of 8 bits that take and give the same shapes, in place. Mirrors
 * `torchao.quantization.quantize_`, with the numbers of torchao 0.18.
 *
 * The model has a quarter of the weights' memory. It cannot be trained on, but for its biases; `torch.export.export` and
 * `torch.onnx.export` take it: in ONNX weights go through `DequantizeLinear`, and products of integers are `MatMulInteger`.
 *
 * The module of a loaded program (`torch.export.load(path).module()`) has no layers, but calls of `linear`: those whose weight is a
 * parameter get weights of 8 bits likewise, with the same numbers. torchao leaves such modules as they are.
 *
 * @param model - a module that holds the linear layers; it cannot be one itself
 * @param config - {@link Int8WeightOnlyConfig} or {@link Int8DynamicActivationInt8WeightConfig}
 * @param options - `filter_fn`; see {@link QuantizeInt8Options}
 * @throws Error when the model itself, or what `filter_fn` chose, cannot be quantized
 * @example
 * ```ts
 * const { quantize_, Int8WeightOnlyConfig } = torch.ao.quantization;
 * const net = new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU(), new nn.Linear(4, 1));
 * quantize_(net, new Int8WeightOnlyConfig(), { filter_fn: (_module, fqn) => fqn === '0' });
 * print(net.get_parameter('2.weight').dtype, net.get_buffer('0.weight').dtype); // torch.float32 torch.int8
 * ```
 */
export function quantize_(model: Module, config: Int8Config, filter_fn?: QuantizeFilter | null): void;
export function quantize_(model: Module, config: Int8Config, options: QuantizeInt8Options): void;
export function quantize_(options: QuantizeInt8Options & { model: Module; config: Int8Config }): void;
export function quantize_(...args: unknown[]): void {
  const { model, config, filter_fn } = QUANTIZE.read(args);
  if (model instanceof GraphModule) {
    quantize_program(model, config, filter_fn ?? null);
    return;
  }
  const chosen = filter_fn ?? is_linear;
  if (chosen(model, '')) {
    throw new Error(
      'quantize_(): the model itself cannot be replaced: put the layer into a module, such as nn.Sequential',
    );
  }
  const made = new Map<Module, Module>();
  const replace = (parent: Module, prefix: string): void => {
    for (const [name, child] of [...parent.named_children()]) {
      const fqn = prefix === '' ? name : `${prefix}.${name}`;
      if (!chosen(child, fqn)) {
        replace(child, fqn);
        continue;
      }
      if (!(child instanceof Linear)) throw new Error(`quantize_(): '${fqn}' is not a Linear`);
      const its = made.get(child) ?? config._quantized(child);
      made.set(child, its);
      parent.register_module(name, its);
    }
  };
  replace(model, '');
}
