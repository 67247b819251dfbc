/** `torch.nn.modules.module`. */
export * from '../global_hooks.js';
export { IncompatibleKeys as _IncompatibleKeys, Module } from '../module.js';
