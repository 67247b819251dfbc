/** A linear layer whose weights are quantized, and whose inputs are while it runs. */
import { tensor } from '../../../../creation.js';
import { zeros } from '../../../../generated/functions.js';
import { method_signature, signature, type Arguments } from '../../../../_internal/signature.js';
import { Module, type StateDict } from '../../../../nn/modules/module.js';
import { Linear as FloatLinear } from '../../../../nn/modules/linear.js';
import { Tuple } from '../../../../python/values.js';
import { float32, qint8, type DType } from '../../../../types/dtype.js';
import type { Tensor } from '../../../../_tensor.js';
import { call_packed, pack, quantized_weight, unpack, type PackedParams } from '../packed.js';

type LoadArguments = Parameters<Module['_load_from_state_dict']>;

/** The packed weight and bias of a {@link Linear}, in its state dict under Python's keys. */
export class LinearPackedParams extends Module {
  _packed_params: PackedParams;

  constructor(
    public dtype: DType,
    weight: Tensor,
    bias: Tensor | null,
  ) {
    super();
    this._packed_params = pack(weight, bias, dtype);
  }

  override get _version(): number {
    return 3;
  }

  weight_bias(): [weight: Tensor, bias: Tensor | null] {
    return unpack(this._packed_params, this.dtype);
  }

  override _save_to_state_dict(destination: StateDict, prefix: string, keep_vars: boolean): void {
    super._save_to_state_dict(destination, prefix, keep_vars);
    const others = destination as Record<string, unknown>;
    others[`${prefix}dtype`] = this.dtype;
    others[`${prefix}_packed_params`] = Tuple.of(...this.weight_bias());
  }

  override _load_from_state_dict(...[state_dict, prefix, ...rest]: LoadArguments): void {
    const others = state_dict as Record<string, unknown>;
    this.dtype = others[`${prefix}dtype`] as DType;
    const [weight, bias] = others[`${prefix}_packed_params`] as [Tensor, Tensor | null];
    this._packed_params = pack(weight, bias, this.dtype);
    delete others[`${prefix}dtype`];
    delete others[`${prefix}_packed_params`];
    super._load_from_state_dict(state_dict, prefix, ...rest);
  }
}

interface LinearArguments {
  in_features: number;
  out_features: number;
  bias_?: boolean;
  dtype?: DType;
}
const LINEAR = signature<LinearArguments>('Linear', 'in_features: int, out_features: int, bias_?: bool, dtype?: dtype');
const FORWARD = method_signature<{ x: Tensor }>('Linear.forward', 'x: Tensor');
const SET_WEIGHT_BIAS = method_signature<{ w: Tensor; b: Tensor | null }>(
  'Linear.set_weight_bias',
  'w: Tensor, b: Tensor|None',
);
const FROM_FLOAT = method_signature<{ mod: Module; dtype?: DType }>('Linear.from_float', 'mod: Module, dtype?: dtype');

/**
 * A linear layer whose weights are quantized to 8 bits (or held in half precision), and whose inputs are quantized by their own
 * range in each call; input and output are float32. `torch.ao.quantization.quantize_dynamic` makes it. Mirrors
 * `torch.ao.nn.quantized.dynamic.Linear`.
 *
 * Shapes: input `(*, in_features)`, output `(*, out_features)`.
 *
 * @param in_features - size of the inputs
 * @param out_features - size of the outputs
 * @param bias_ - whether there is a bias; default true
 * @param dtype - `torch.qint8` (the default) or `torch.float16`
 * @throws Error for another dtype
 * @example
 * ```ts
 * const { quantized } = torch.ao.nn;
 * const m = quantized.dynamic.Linear.from_float(new nn.Linear(3, 2));
 * print(m, m.weight(), m(torch.ones(1, 3)));
 * ```
 * ```python
 * linear = nn.Linear(3, 2)
 * linear.qconfig = torch.ao.quantization.default_dynamic_qconfig
 * m = torch.ao.nn.quantized.dynamic.Linear.from_float(linear)
 * print(m, m.weight(), m(torch.ones(1, 3)))
 * ```
 */
export class Linear extends Module {
  readonly in_features: number;
  readonly out_features: number;
  scale = 1;
  zero_point = 0;
  /** @internal */
  _packed_params: LinearPackedParams;

  constructor(
    ...args: Arguments<
      [in_features: number, out_features: number, bias_?: boolean, dtype?: DType],
      LinearArguments,
      ['in_features', 'out_features', 'bias_', 'dtype']
    >
  );
  constructor(...args: unknown[]) {
    const { in_features, out_features, bias_ = true, dtype = qint8 } = LINEAR.read(args);
    super();
    this.in_features = in_features;
    this.out_features = out_features;
    const weight = quantized_weight(zeros([out_features, in_features], { dtype: float32 }), dtype);
    const bias = bias_ ? zeros([out_features], { dtype: float32 }) : null;
    this._packed_params = new LinearPackedParams(dtype, weight, bias);
  }

  override get _version(): number {
    return 4;
  }

  /** A quantized layer with the weights of a plain one. @param dtype - default `torch.qint8` */
  static from_float(mod: FloatLinear, dtype?: DType): Linear;
  static from_float(options: { mod: FloatLinear; dtype?: DType }): Linear;
  static from_float(...args: unknown[]): Linear {
    const { mod, dtype = qint8 } = FROM_FLOAT.read(args);
    if (!(mod instanceof FloatLinear)) {
      throw new TypeError(`Linear.from_float(): argument 'mod' must be nn.Linear, not ${mod._get_name()}`);
    }
    const linear = new Linear(mod.in_features, mod.out_features, true, dtype);
    linear.set_weight_bias(quantized_weight(mod.weight, dtype), mod.bias as Tensor | null);
    return linear;
  }

  forward(x: Tensor): Tensor;
  forward(...args: unknown[]): Tensor {
    const { x } = FORWARD.read(args);
    const { dtype, _packed_params: packed } = this._packed_params;
    const [y] =
      dtype === qint8
        ? call_packed('quantized::linear_dynamic', x, packed, true)
        : call_packed('quantized::linear_dynamic_fp16', x, packed);
    return (y as Tensor).to(x.dtype);
  }

  /** The quantized weight, unpacked. */
  weight(): Tensor {
    return this._packed_params.weight_bias()[0];
  }

  /** The bias, or null. */
  bias(): Tensor | null {
    return this._packed_params.weight_bias()[1];
  }

  /** Packs a weight that is quantized already, and a bias. */
  set_weight_bias(w: Tensor, b: Tensor | null): void;
  set_weight_bias(...args: unknown[]): void {
    const { w, b } = SET_WEIGHT_BIAS.read(args);
    this._packed_params._packed_params = pack(w, b, this._packed_params.dtype);
  }

  override _get_name(): string {
    return 'DynamicQuantizedLinear';
  }

  override extra_repr(): string {
    const { dtype } = this._packed_params;
    const scheme = dtype === qint8 ? `, qscheme=${String(this.weight().qscheme())}` : '';
    return `in_features=${this.in_features}, out_features=${this.out_features}, dtype=${dtype.toString()}${scheme}`;
  }

  /** Without the packed weights. */
  override toString(): string {
    return `${this._get_name()}(${this.extra_repr()})`;
  }

  override _save_to_state_dict(destination: StateDict, prefix: string, keep_vars: boolean): void {
    super._save_to_state_dict(destination, prefix, keep_vars);
    destination[`${prefix}scale`] = tensor(this.scale, { dtype: float32 });
    destination[`${prefix}zero_point`] = tensor(this.zero_point);
  }

  override _load_from_state_dict(...[state_dict, prefix, ...rest]: LoadArguments): void {
    this.scale = Number(state_dict[`${prefix}scale`]);
    this.zero_point = Number(state_dict[`${prefix}zero_point`]);
    delete state_dict[`${prefix}scale`];
    delete state_dict[`${prefix}zero_point`];
    super._load_from_state_dict(state_dict, prefix, ...rest);
  }
}
