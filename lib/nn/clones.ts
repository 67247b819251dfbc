import { deepcopy } from '../copy.js';
import { number_arguments } from './arguments.js';
import { ModuleList } from './container.js';
import type { Module } from './module.js';

/**
 * `num_layers` modules that start from the same values as `module` and share nothing with it or each other.
 *
 * @param callee - what was called, as the error texts name it
 */
export function clones<M extends Module>(callee: string, module: M, num_layers: number): ModuleList<M> {
  number_arguments(callee, 'int', { num_layers });
  return new ModuleList(Array.from({ length: num_layers }, () => deepcopy(module)));
}
