/** What the quantizable models share. */
import { rand } from '../../../generated/functions.js';
import { quantized } from '../../../backends/index.js';
import * as ao from '../../../ao/quantization/index.js';
import { signature } from '../../../_internal/signature.js';
import * as nn from '../../../nn/index.js';
import {
  as_many_classes,
  builder_signature,
  given_weights,
  register_builder,
  type ModelBuilder,
  type WeightsEnum,
  type WeightsEnumeration,
  type WeightsName,
} from '../_api.js';
import { overwrite_named_param } from '../_utils.js';

/** A model whose layers can be put together for quantization. */
export interface Quantizable extends nn.Module {
  fuse_model(is_qat?: boolean | null): void;
}

const FUSE_MODEL = signature<{ is_qat?: boolean | null }>('fuse_model', 'is_qat?: bool|None');

/** The argument of a method `fuse_model`. */
export const is_qat_of = (args: readonly unknown[]): boolean | null => FUSE_MODEL.read(args).is_qat ?? null;

/** Puts layers of a module together, for training or for calibration; by default as the module's mode says. */
export function fuse_layers(model: nn.Module, names: readonly string[], is_qat: boolean | null): void {
  const fuse = (is_qat ?? model.training) ? ao.fuse_modules_qat : ao.fuse_modules;
  fuse(model, names, true);
}

/** Replaces ReLUs, which may work in place, and ReLU6s by ReLUs that do not. */
export function replace_relu(module: nn.Module): void {
  for (const [name, child] of [...module.named_children()]) {
    replace_relu(child);
    if (child.constructor === nn.ReLU || child.constructor === nn.ReLU6) module.add_module(name, new nn.ReLU());
  }
}

/** Observes one image of noise, and quantizes a model by that. @throws Error for an unknown backend */
export function quantize_model(model: Quantizable, backend: string): void {
  const input = rand([1, 3, 299, 299]);
  const engine = quantized.supported_engines.find((each) => each === backend);
  if (engine === undefined) throw new Error('Quantized backend not supported ');
  quantized.engine = engine;
  model.eval();
  const weight = { fbgemm: ao.default_per_channel_weight_observer, qnnpack: ao.default_weight_observer }[
    engine as string
  ];
  if (weight !== undefined) model.qconfig = new ao.QConfig(ao.default_observer, weight);
  model.fuse_model();
  ao.prepare(model, true);
  model(input);
  ao.convert(model, null, true);
}

/** What a builder takes beside the options of the model. */
export interface QuantizableOptions {
  /** Return a quantized model, which can evaluate on the CPU only. Default false. */
  quantize?: boolean;
  /** The backend: `'fbgemm'` or `'qnnpack'`. Default: that of the weights that there are. */
  backend?: string;
}

/** What is to be done with a new model. */
interface Filling {
  readonly quantize: boolean;
  readonly backend: string;
  readonly has_weights: boolean;
  /** Loads the weights, if there are any. */
  load(): void;
}

/** How a quantizable model is made. */
interface Recipe<M extends Quantizable, C extends object> {
  /** The options of the model, as a signature writes them. */
  readonly takes: string;
  readonly backend: string;
  make(config: C): M;
  /** What the weights demand of the options; by default as many classes as they have. */
  prepare?(config: C, weights: WeightsEnum): void;
  /** Takes the weights into a model, which is quantized if that is asked; by default after it was. */
  fill?(model: M, given: Filling & { config: Readonly<C> }): void;
}

/** Declares the function that makes a quantizable model. */
export function quantizable_builder<
  M extends Quantizable,
  N extends WeightsName,
  Q extends WeightsName,
  C extends object,
>(
  name: string,
  plain: WeightsEnumeration<N>,
  quantized_weights: WeightsEnumeration<Q>,
  recipe: Recipe<M, C>,
): ModelBuilder<M, N | Q, C & QuantizableOptions> {
  const takes = builder_signature<
    C & QuantizableOptions & { weights?: unknown; progress?: boolean; pretrained?: boolean }
  >(name, `${recipe.takes}, quantize?: bool, backend?: str`);
  const build = (...args: unknown[]): M => {
    const { weights: named, progress = true, pretrained, quantize = false, ...given } = takes.read(args);
    const enumeration: WeightsEnumeration<string> = quantize ? quantized_weights : plain;
    const legacy = pretrained === undefined ? {} : { pretrained };
    const weights = given_weights(name, enumeration, { weights: named, ...legacy });
    const config = { ...given } as Record<string, unknown>;
    if (weights !== null) {
      (recipe.prepare ?? as_many_classes)(config as unknown as C, weights);
      const its = weights.meta['backend'];
      if (its !== undefined) overwrite_named_param(config, 'backend', its);
    }
    const { backend = recipe.backend, ...options } = config as unknown as C & QuantizableOptions;
    const model = recipe.make(options as unknown as C);
    replace_relu(model);
    const fill = recipe.fill ?? quantize_and_load;
    const load = (): void => {
      if (weights !== null) model.load_state_dict(weights.get_state_dict({ progress, check_hash: true }));
    };
    const has_weights = weights !== null;
    fill(model, { load, has_weights, quantize, backend, config: given as unknown as Readonly<C> });
    return model;
  };
  register_builder(`quantized_${name}`, quantized_weights, build);
  Object.defineProperty(build, 'name', { value: name });
  return build;
}

function quantize_and_load(model: Quantizable, { load, quantize, backend }: Filling): void {
  if (quantize) quantize_model(model, backend);
  load();
}
