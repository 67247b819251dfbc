import { deepcopy } from '../../utils/copy.js';
import { ModuleList } from './container.js';
import type { Module } from './module.js';

/** `num_layers` modules that start from the same values as `module` and share nothing with it or each other. */
export function clones<M extends Module>(module: M, num_layers: number): ModuleList<M> {
  return new ModuleList(Array.from({ length: num_layers }, () => deepcopy(module)));
}
