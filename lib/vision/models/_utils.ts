/** What the families of models share. */
import type { Tensor } from '../../_tensor.js';
import { cat } from '../../generated/functions.js';
import { kaiming_normal_, normal_, ones_, xavier_uniform_, zeros_ } from '../../nn/init.js';
import { BatchNorm2d } from '../../nn/modules/batchnorm.js';
import { Conv2d } from '../../nn/modules/conv.js';
import { Linear } from '../../nn/modules/linear.js';
import type { Module, StateDict } from '../../nn/modules/module.js';
import { GroupNorm } from '../../nn/modules/normalization.js';

/** The next multiple of `divisor`, which is not below 90 % of the value. */
export function make_divisible(value: number, divisor: number, min_value = divisor): number {
  const rounded = Math.max(min_value, Math.floor(Math.trunc(value + divisor / 2) / divisor) * divisor);
  return rounded < 0.9 * value ? rounded + divisor : rounded;
}

/** Python's `round`: halves go to the even neighbour. */
export function round_half_even(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** A value as Python writes it in the errors of {@link overwrite_named_param}. */
function written(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return Array.isArray(value) ? `(${value.map(written).join(', ')})` : String(value);
}

const same = (a: unknown, b: unknown): boolean => a === b || written(a) === written(b);

/** Sets an option that weights demand. @throws Error when another value was given */
export function overwrite_named_param(config: Record<string, unknown>, param: string, value: unknown): void {
  const given = config[param];
  if (given !== undefined && !same(given, value)) {
    throw new Error(`The parameter '${param}' expected value ${written(value)} but got ${written(given)} instead.`);
  }
  config[param] = value;
}

/** The value that weights demand of an option. @throws Error when another value was given */
export function overwrite_value_param<T>(param: string, actual: T | null, expected: T): T {
  if (actual !== null && !same(actual, expected)) {
    throw new Error(`The parameter '${param}' expected value ${written(expected)} but got ${written(actual)} instead.`);
  }
  return expected;
}

/** An input with ImageNet's mean and deviation, with a mean and a deviation of 0.5 instead. */
export function normalized_again(x: Tensor): Tensor {
  const channels = [
    [0.229, 0.485],
    [0.224, 0.456],
    [0.225, 0.406],
  ].map(([std, mean], i) =>
    x
      .select(1, i)
      .unsqueeze(1)
      .mul(std! / 0.5)
      .add((mean! - 0.5) / 0.5),
  );
  return cat(channels, 1);
}

/** Initializes convolutions, normalizations and linear layers as MobileNets do. */
export function init_for_mobile(model: Module): void {
  for (const m of model.modules()) {
    if (m instanceof Conv2d) {
      kaiming_normal_(m.weight, { mode: 'fan_out' });
      if (m.bias !== null) zeros_(m.bias);
    } else if (m instanceof BatchNorm2d || m instanceof GroupNorm) {
      ones_(m.weight);
      zeros_(m.bias);
    } else if (m instanceof Linear) {
      normal_(m.weight, 0, 0.01);
      zeros_(m.bias);
    }
  }
}

/** Initializes the linear layers of a perceptron. */
export function init_perceptron(mlp: Module): void {
  for (const m of mlp.modules()) {
    if (!(m instanceof Linear)) continue;
    xavier_uniform_(m.weight);
    if (m.bias !== null) normal_(m.bias, { std: 1e-6 });
  }
}

/** Renames the weights and biases of layers in a state dict: new names by old ones, behind the prefix. */
export function rename_keys(state_dict: StateDict, prefix: string, names: Readonly<Record<string, string>>): void {
  for (const [old, name] of Object.entries(names)) {
    for (const parameter of ['weight', 'bias']) {
      const key = `${prefix}${old}.${parameter}`;
      const value = state_dict[key];
      if (value === undefined) continue;
      state_dict[`${prefix}${name}.${parameter}`] = value;
      delete state_dict[key];
    }
  }
}
