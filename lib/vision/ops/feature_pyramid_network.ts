/** Feature pyramids. Mirrors `torchvision.ops.feature_pyramid_network`. */
import { types } from 'node:util';

import { kind_of } from '../../_internal/representation.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import * as F from '../../nn/functional/index.js';
import { constant_, kaiming_uniform_ } from '../../nn/init.js';
import { ModuleList } from '../../nn/modules/container.js';
import { Conv2d } from '../../nn/modules/conv.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import { Module, type StateDict } from '../../nn/modules/module.js';
import type { Tensor } from '../../_tensor.js';
import type { NormLayer } from './layer_maker.js';
import { Conv2dNormActivation } from './misc.js';

/** Feature maps by name, from the highest resolution to the lowest. */
export type FeatureMaps = Readonly<Record<string, Tensor>> | ReadonlyMap<string, Tensor>;

/** Names and feature maps, in their order. */
export function entries_of(maps: FeatureMaps): [string, Tensor][] {
  return types.isMap(maps) ? [...(maps as ReadonlyMap<string, Tensor>)] : Object.entries(maps);
}

/**
 * The base class of blocks that add levels to a {@link FeaturePyramidNetwork}. Mirrors
 * `torchvision.ops.feature_pyramid_network.ExtraFPNBlock`.
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * class Coarser extends ops.ExtraFPNBlock {
 *   forward(results: torch.Tensor[], _x: torch.Tensor[], names: string[]): [torch.Tensor[], string[]] {
 *     return [[...results, nn.functional.avg_pool2d(results.at(-1)!, 2)], [...names, 'coarse']];
 *   }
 * }
 * const fpn = new ops.FeaturePyramidNetwork([3], 2, new Coarser());
 * print(Object.keys(fpn({ fine: torch.ones(1, 3, 4, 4) }))); // ['fine', 'coarse']
 * ```
 */
export abstract class ExtraFPNBlock extends Module {
  /**
   * Adds levels.
   * @param results - the levels of the pyramid
   * @param x - the feature maps that it was made of
   * @param names - their names
   * @returns the levels, and their names
   */
  abstract forward(results: Tensor[], x: Tensor[], names: string[]): [results: Tensor[], names: string[]];
}

interface FeaturePyramidArguments {
  in_channels_list: readonly number[];
  out_channels: number;
  extra_blocks?: ExtraFPNBlock | null;
  norm_layer?: NormLayer | null;
}

const FEATURE_PYRAMID_NETWORK = signature<FeaturePyramidArguments>(
  'FeaturePyramidNetwork',
  'in_channels_list: int[], out_channels: int, extra_blocks?: Module|None, norm_layer?: Callable|None',
);

export interface FeaturePyramidNetwork {
  (x: ReadonlyMap<string, Tensor>): Map<string, Tensor>;
  (x: Readonly<Record<string, Tensor>>): Record<string, Tensor>;
}

/**
 * Gives each of several feature maps what the coarser ones know: a 1x1 convolution of each, added to the level below it,
 * enlarged, and a 3x3 convolution of the sum. Mirrors `torchvision.ops.FeaturePyramidNetwork`.
 *
 * Shapes: feature maps `(N, in_channels_list[i], H_i, W_i)` by name, in an object or a Map, each level's at most as large
 * as the one before; the result has the same names, and those of the extra blocks, and `(N, out_channels, H_i, W_i)`.
 * In an object, names that are numbers come first, in their order; a Map keeps its own.
 *
 * @param in_channels_list - number of channels of each feature map
 * @param out_channels - number of channels of the result
 * @param extra_blocks - adds levels; default null
 * @param norm_layer - class of the normalization behind the convolutions, or a function; default null: none
 * @throws Error for 0 channels; TypeError for `extra_blocks` of another class
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const fpn = new ops.FeaturePyramidNetwork([3, 6], 4, { extra_blocks: new ops.LastLevelMaxPool() });
 * const maps = fpn({ fine: torch.ones(1, 3, 8, 8), coarse: torch.ones(1, 6, 4, 4) });
 * for (const [name, map] of Object.entries(maps)) print(name, map.shape);
 * // fine torch.Size([1, 4, 8, 8])
 * // coarse torch.Size([1, 4, 4, 4])
 * // pool torch.Size([1, 4, 2, 2])
 * ```
 */
export class FeaturePyramidNetwork extends Module {
  declare inner_blocks: ModuleList<Conv2dNormActivation>;
  declare layer_blocks: ModuleList<Conv2dNormActivation>;
  declare extra_blocks: ExtraFPNBlock | null;

  constructor(
    ...args: Arguments<
      [
        in_channels_list: readonly number[],
        out_channels: number,
        extra_blocks?: ExtraFPNBlock | null,
        norm_layer?: NormLayer | null,
      ],
      FeaturePyramidArguments,
      ['in_channels_list', 'out_channels', 'extra_blocks', 'norm_layer']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const given = FEATURE_PYRAMID_NETWORK.read(args);
    const { in_channels_list, out_channels, extra_blocks = null, norm_layer = null } = given;
    const options = { norm_layer, activation_layer: null };
    this.inner_blocks = new ModuleList<Conv2dNormActivation>();
    this.layer_blocks = new ModuleList<Conv2dNormActivation>();
    for (const in_channels of in_channels_list) {
      if (in_channels === 0) throw new Error('in_channels=0 is currently not supported');
      const inner = { ...options, kernel_size: 1, padding: 0 };
      this.inner_blocks.append(new Conv2dNormActivation(in_channels, out_channels, inner));
      this.layer_blocks.append(new Conv2dNormActivation(out_channels, out_channels, { ...options, kernel_size: 3 }));
    }
    for (const module of this.modules()) {
      if (!(module instanceof Conv2d)) continue;
      kaiming_uniform_(module.weight, { a: 1 });
      if (module.bias !== null) constant_(module.bias, 0);
    }
    if (extra_blocks !== null && !(extra_blocks instanceof ExtraFPNBlock)) {
      throw new TypeError(
        `FeaturePyramidNetwork(): argument 'extra_blocks' must be ExtraFPNBlock, not ${kind_of(extra_blocks)}`,
      );
    }
    this.extra_blocks = extra_blocks;
  }

  override get _version(): number {
    return 2;
  }

  /** Takes the names of version 1, in which the convolutions were not in blocks. */
  override _load_from_state_dict(
    state_dict: StateDict,
    prefix: string,
    local: { version?: number; assign: boolean },
    report: Parameters<Module['_load_from_state_dict']>[3],
  ): void {
    if (local.version === undefined || local.version < 2) {
      for (const block of ['inner_blocks', 'layer_blocks']) {
        for (let i = 0; i < this.inner_blocks.length; i++) {
          for (const parameter of ['weight', 'bias']) {
            const old = `${prefix}${block}.${i}.${parameter}`;
            const value = state_dict[old];
            if (value === undefined) continue;
            state_dict[`${prefix}${block}.${i}.0.${parameter}`] = value;
            delete state_dict[old];
          }
        }
      }
    }
    super._load_from_state_dict(state_dict, prefix, local, report);
  }

  /** The 1x1 convolution of a level. */
  get_result_from_inner_blocks(x: Tensor, idx: number): Tensor {
    return this.inner_blocks.at(idx)(x);
  }

  /** The 3x3 convolution of a level. */
  get_result_from_layer_blocks(x: Tensor, idx: number): Tensor {
    return this.layer_blocks.at(idx)(x);
  }

  forward(x: FeatureMaps): FeatureMaps {
    const given = entries_of(x);
    const names = given.map(([name]) => name);
    const maps = given.map(([, map]) => map);
    const last = maps.length - 1;
    if (last < 0) throw new Error("FeaturePyramidNetwork(): argument 'x' must not be empty");
    let inner = this.get_result_from_inner_blocks(maps[last]!, -1);
    const results = [this.get_result_from_layer_blocks(inner, -1)];
    for (let level = last - 1; level >= 0; level--) {
      const lateral = this.get_result_from_inner_blocks(maps[level]!, level);
      const size = [lateral.size(-2), lateral.size(-1)];
      inner = lateral.add(F.interpolate(inner, { size, mode: 'nearest' }));
      results.unshift(this.get_result_from_layer_blocks(inner, level));
    }
    const [levels, level_names] =
      this.extra_blocks === null
        ? [results, names]
        : (this.extra_blocks(results, maps, names) as [results: Tensor[], names: string[]]);
    const named = levels.map((level, i): [string, Tensor] => [level_names[i]!, level]);
    return types.isMap(x) ? new Map(named) : Object.fromEntries(named);
  }
}
forward_takes(FeaturePyramidNetwork, 'x: dict');

/**
 * Adds a level with every second element of the last one, named `pool`. Mirrors
 * `torchvision.ops.feature_pyramid_network.LastLevelMaxPool`.
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const [results, names] = new ops.LastLevelMaxPool()([torch.ones(1, 1, 4, 4)], [], ['fine']);
 * print(results[1]!.shape, names); // torch.Size([1, 1, 2, 2]) ['fine', 'pool']
 * ```
 */
export class LastLevelMaxPool extends ExtraFPNBlock {
  forward(x: Tensor[], _y: Tensor[], names: string[]): [results: Tensor[], names: string[]] {
    const smaller = F.max_pool2d(x[x.length - 1]!, { kernel_size: 1, stride: 2, padding: 0 });
    return [
      [...x, smaller],
      [...names, 'pool'],
    ];
  }
}

const LAST_LEVEL_P6P7 = signature<{ in_channels: number; out_channels: number }>(
  'LastLevelP6P7',
  'in_channels: int, out_channels: int',
);

/**
 * Adds two levels by convolutions of stride 2, named `p6` and `p7`, as RetinaNet has them. Mirrors
 * `torchvision.ops.feature_pyramid_network.LastLevelP6P7`.
 *
 * @param in_channels - number of channels of the last feature map
 * @param out_channels - number of channels of the levels; where the two are the same, the last level is taken instead
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { ops } from 'torch-node/vision';
 * const [results, names] = new ops.LastLevelP6P7(1, 1)([torch.ones(1, 1, 8, 8)], [torch.ones(1, 1, 8, 8)], ['fine']);
 * print(results.map((level) => level.size(-1)), names); // [8, 4, 2] ['fine', 'p6', 'p7']
 * ```
 */
export class LastLevelP6P7 extends ExtraFPNBlock {
  declare p6: Conv2d;
  declare p7: Conv2d;
  declare use_P5: boolean;

  constructor(
    ...args: Arguments<
      [in_channels: number, out_channels: number],
      { in_channels: number; out_channels: number },
      ['in_channels', 'out_channels']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { in_channels, out_channels } = LAST_LEVEL_P6P7.read(args);
    this.p6 = new Conv2d(in_channels, out_channels, 3, 2, 1);
    this.p7 = new Conv2d(out_channels, out_channels, 3, 2, 1);
    for (const { weight, bias } of [this.p6, this.p7]) {
      kaiming_uniform_(weight, { a: 1 });
      constant_(bias!, 0);
    }
    this.use_P5 = in_channels === out_channels;
  }

  forward(p: Tensor[], c: Tensor[], names: string[]): [results: Tensor[], names: string[]] {
    const last = this.use_P5 ? p : c;
    const p6 = this.p6(last[last.length - 1]!);
    const p7 = this.p7(F.relu(p6));
    return [
      [...p, p6, p7],
      [...names, 'p6', 'p7'],
    ];
  }
}
for (const [block, text] of [
  [LastLevelMaxPool, 'x: Tensor[], y: Tensor[], names: str[]'],
  [LastLevelP6P7, 'p: Tensor[], c: Tensor[], names: str[]'],
] as const) {
  forward_takes(block, text);
}
