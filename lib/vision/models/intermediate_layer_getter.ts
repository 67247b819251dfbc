/** What is public of `torchvision.models._utils`. */
import { signature } from '../../_internal/signature.js';
import type { Tensor } from '../../_tensor.js';
import { ModuleDict } from '../../nn/modules/container.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import type { Module } from '../../nn/modules/module.js';

const GETTER = signature<{ model: Module; return_layers: Record<string, string> }>(
  'IntermediateLayerGetter',
  'model: Module, return_layers: dict',
);
type Layers = new (layers: ReadonlyMap<string, Module>) => ModuleDict;

/**
 * Runs the submodules of a model one after the other, and returns the outputs of some, by new names. The submodules must be
 * registered in the order in which they run, and only those of the model itself can be named. Mirrors
 * `torchvision.models._utils.IntermediateLayerGetter`.
 *
 * @param model - the model
 * @param return_layers - new names by the names of submodules
 * @throws Error when a name is not that of a submodule
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const features = new models._utils.IntermediateLayerGetter(models.resnet18(), { layer1: 'low', layer3: 'high' });
 * for (const [name, x] of Object.entries(features(torch.zeros(1, 3, 64, 64)))) print(name, x.shape);
 * // low torch.Size([1, 64, 16, 16])
 * // high torch.Size([1, 256, 4, 4])
 * ```
 */
export class IntermediateLayerGetter extends (ModuleDict as unknown as Layers) {
  declare return_layers: Readonly<Record<string, string>>;

  constructor(model: Module, return_layers: Readonly<Record<string, string>>);
  constructor(options: { model: Module; return_layers: Readonly<Record<string, string>> });
  constructor(...args: unknown[]) {
    const { model, return_layers } = GETTER.read(args);
    const children = new Map(model.named_children());
    if (Object.keys(return_layers).some((name) => !children.has(name))) {
      throw new Error('return_layers are not present in model');
    }
    const left = new Set(Object.keys(return_layers));
    const layers = new Map<string, Module>();
    for (const [name, module] of children) {
      layers.set(name, module);
      left.delete(name);
      if (left.size === 0) break;
    }
    super(layers);
    this.return_layers = return_layers;
  }

  override get _version(): number {
    return 2;
  }

  forward(x: Tensor): Record<string, Tensor> {
    const out: Record<string, Tensor> = {};
    let value = x;
    for (const [name, module] of this.items()) {
      value = module(value) as Tensor;
      const as = this.return_layers[name];
      if (as !== undefined) out[as] = value;
    }
    return out;
  }
}
forward_takes(IntermediateLayerGetter, 'x: any');
