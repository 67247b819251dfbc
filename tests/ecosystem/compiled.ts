/** Programs in TypeScript, and the ways in which their users compile them. */
import { expect } from 'vitest';
import type { Project } from './project.js';

/** Uses the package by its default export, by names and as types; prints one line. */
export const program = `
import torch from 'torch-node';
import * as namespace from 'torch-node';
import { ones } from 'torch-node';
import numpy from 'torch-node/numpy';
import safetensors from 'torch-node/safetensors';
import testing, { assert_close } from 'torch-node/testing';
import vision from 'torch-node/vision';
import * as F from 'torch-node/nn/functional';
import { _BatchNorm } from 'torch-node/nn/modules/batchnorm';
import type { Device } from 'torch-node/types';
import { DataLoader } from 'torch-node/utils/data';
const norm: _BatchNorm = new torch.nn.BatchNorm2d(1);
export const device: Device = 'cpu';
class Net extends torch.nn.Module {
  fc = new torch.nn.Linear(2, 1);
  forward(x: namespace.Tensor): torch.Tensor { return this.fc.forward(x); }
}
const shape: torch.Size = new Net().forward(torch.ones(3, 2)).shape;
declare const console: { log(...values: unknown[]): void };
console.log([
  torch.ones === ones, torch.ones === namespace.ones, testing.assert_close === assert_close, torch.testing.assert_close === assert_close,
  typeof numpy.load, typeof safetensors.load, typeof vision.datasets.MNIST, String(shape),
  F.relu === torch.nn.functional.relu, norm instanceof _BatchNorm, DataLoader === torch.utils.data.DataLoader,
].join(' '));
export {};
`;

/** What a program may use of the package that is of Node's types. */
export const program_for_node = `
import * as torch from 'torch-node';
const url = new URL('file:///model.pt');
const bytes = (model: torch.jit.ScriptModule): Buffer => model.save_to_buffer();
const load = (): unknown => torch.load(url);
const run = (model: torch.jit.ScriptModule, x: torch.Tensor, signal: AbortSignal): unknown => model.forward_async(x, { signal });
export { bytes, load, run };
`;

/** What it prints. */
export const printed = 'true true true true function function function torch.Size([3, 1]) true true true\n';

/** Settings of the compiler, as tsconfig.json has them. */
export type Settings = Readonly<Record<string, unknown>>;

const common: Settings = { strict: true, skipLibCheck: false, target: 'es2022' };

/** Compiles a file. @param tsc - the compiler's main file */
export function compile(user: Project, tsc: string, file: string, settings: Settings): void {
  user.write({ 'tsconfig.json': JSON.stringify({ compilerOptions: { ...common, ...settings }, files: [file] }) });
  const { status, output } = user.node([tsc, '-p', 'tsconfig.json']);
  expect({ file, settings, status, output }).toEqual({ file, settings, status: 0, output: '' });
}

/** Compiles without Node's types, runs, and compiles with them. @param more - further ways to compile */
export function check_compilations(user: Project, tsc: string, types: string, more: readonly Settings[] = []): void {
  const ways: (readonly [file: string, settings: Settings])[] = [
    ['commonjs.cts', { module: 'node16' }],
    ['esm.mts', { module: 'node16', lib: ['es2022'] }],
    ['bundler.mts', { module: 'esnext', moduleResolution: 'bundler' }],
    ...more.map((settings) => ['plain.ts', settings] as const),
  ];
  for (const [file, settings] of ways) {
    user.write({ [file]: program });
    compile(user, tsc, file, { ...settings, types: [] });
    expect(user.node([file.replace(/ts$/, 'js')])).toEqual({ status: 0, output: printed });
  }
  user.write({ 'node.mts': program_for_node });
  compile(user, tsc, 'node.mts', { module: 'node16', noEmit: true, types: ['node'], typeRoots: [types] });
}
