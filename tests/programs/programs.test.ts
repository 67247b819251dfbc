/**
 * Programs as people write them, in TypeScript and in Python: each pair has the same layers, the same seeds and a few steps, and
 * must print the same, to the digit.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { python } from '../reference.js';

const folder = join(root, 'tests', 'programs');
const files = readdirSync(folder);
const programs = files.filter((file) => file.endsWith('.py')).map((file) => file.slice(0, -'.py'.length));

let expected: Map<string, string>;
beforeAll(() => {
  // Paths, since all sources together are longer than an argument may be.
  const printed = python<string[]>('programs.py', [programs.map((name) => join(folder, `${name}.py`))]);
  expected = new Map(programs.map((name, place) => [name, printed[place]!]));
});

/** Runs Node in a process of its own. */
function run(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, args, { cwd: root });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })));
}

it('are pairs', () => {
  const others = files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -3));
  expect(others.sort()).toEqual(programs.sort());
  expect(programs.length).toBeGreaterThan(8);
});

it.each(programs)('%s prints what its Python prints', async (name) => {
  const { status, stdout, stderr } = await run('--import', 'tsx', join(folder, `${name}.ts`));
  // Warnings, which Python gives too, go to stderr.
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.split('\n').length).toBeGreaterThan(3);
  expect(stdout).toBe(expected.get(name));
});

it('the models of the benchmarks begin with the same losses, to the last bit', async () => {
  const models = join(root, 'bench', 'models');
  const source = `
import json, sys
import torch
sys.path.insert(0, ${JSON.stringify(models)})
from models import models
torch.set_num_threads(1)
losses = {}
for name in models:
    torch.manual_seed(1)
    step = models[name](True)
    losses[name] = [step() for _ in range(3)]
print(json.dumps(losses))`;
  const program = `
    const torch = require(${JSON.stringify(join(root, 'dist', 'index.cjs'))});
    const { models } = require(${JSON.stringify(join(models, 'models.js'))});
    torch.set_num_threads(1);
    const losses = {};
    for (const name of Object.keys(models)) {
      torch.manual_seed(1);
      const step = models[name](true);
      losses[name] = [1, 2, 3].map(() => step());
    }
    console.log(JSON.stringify(losses));`;
  const { status, stdout, stderr } = await run('-e', program);
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  const ours = JSON.parse(stdout) as Record<string, number[]>;
  expect(Object.keys(ours).length).toBeGreaterThan(12);
  expect(ours).toEqual(JSON.parse(python<string[]>('programs.py', [[source]])[0]!));
});
