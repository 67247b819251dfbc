/** What builds the layers of a block: a class of modules, or a function that returns a module. */
import { Module } from '../../nn/modules/module.js';

/** A class of modules, or a function that returns a module, which a block calls with arguments of its own. */
export type LayerMaker<A extends readonly unknown[] = never> = (new (...args: A) => Module) | ((...args: A) => Module);

/** A layer for a number of channels, such as `nn.BatchNorm2d` or `(channels) => new nn.GroupNorm(4, channels)`. */
export type NormLayer = LayerMaker<[num_features: number]>;

/** The layer that a maker gives for these arguments: Python calls classes and functions alike. */
export function make_layer(maker: LayerMaker, ...args: readonly unknown[]): Module {
  const { prototype } = maker as { prototype?: unknown };
  return prototype instanceof Module
    ? new (maker as new (...given: readonly unknown[]) => Module)(...args)
    : (maker as (...given: readonly unknown[]) => Module)(...args);
}

/** The options that hand on `inplace` where it is given. */
export function inplace_options(inplace: boolean | null): [] | [{ inplace: boolean }] {
  return inplace === null ? [] : [{ inplace }];
}
