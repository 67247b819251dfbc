/** A program for bundlers, and what it prints, bundled with the package and without. */
import { expect } from 'vitest';
import type { Project, Ran } from './project.js';

export const program = `
import torch, { ones } from 'torch-node';
import { save } from 'torch-node/safetensors';
console.log(String(ones(2)), torch.tensor(1).item(), typeof save);
`;

/** Checks that a bundle runs. */
export function expect_to_run(ran: Ran): void {
  expect(ran).toEqual({ status: 0, output: 'tensor([1., 1.]) 1 function\n' });
}

/** Checks that a bundle that has the package in it says what to do. */
export function expect_advice(user: Project, bundle: string): void {
  // Minified code is one line, which Node would print with the error and cut off what follows.
  const { output } = user.node(['-e', `import('./${bundle}').catch((error) => { console.log(error.message); })`]);
  expect(output).toMatch(/^torch-node: its code was bundled \(into .*\), but it loads an addon and libtorch/);
  for (const advice of [
    '--external:torch-node',
    "externalsType: 'commonjs'",
    "serverExternalPackages: ['torch-node']",
    'Rollup: external:',
  ]) {
    expect(output).toContain(advice);
  }
}
