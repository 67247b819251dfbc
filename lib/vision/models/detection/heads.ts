/** What the heads of detection models have in common. */
import type { Tensor } from '../../../_tensor.js';
import { cat } from '../../../generated/functions.js';
import { zeros_ } from '../../../nn/init.js';
import { Conv2d } from '../../../nn/modules/conv.js';
import type { Module } from '../../../nn/modules/module.js';

/** Predictions `(N, A * columns, H, W)` as `(N, H * W * A, columns)`: place by place. */
export function by_place(map: Tensor, columns: number): Tensor {
  const [n, , height, width] = map.shape as unknown as [number, number, number, number];
  return map.view(n, -1, columns, height, width).permute(0, 3, 4, 1, 2).reshape(n, -1, columns);
}

/** The predictions of all feature maps, one below the other. */
export function all_places(maps: readonly Tensor[], columns: number): Tensor {
  return cat(
    maps.map((map) => by_place(map, columns)),
    1,
  );
}

/** Initializes convolutions: their weights as told, their biases by zeros. */
export function init_convolutions(modules: Iterable<Module>, weights: (weight: Tensor) => unknown): void {
  for (const module of modules) {
    if (!(module instanceof Conv2d)) continue;
    weights(module.weight);
    if (module.bias !== null) zeros_(module.bias);
  }
}

/** The sum of losses of images. */
export const sum_of = (losses: readonly Tensor[]): Tensor => losses.reduce((sum, loss) => sum.add(loss));
