/**
 * Programs as people write them, in TypeScript and in Python: each pair has the same layers, the same seeds and a few steps, and
 * must print the same, to the digit.
 */
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { python } from '../reference.js';

const folder = join(root, 'tests', 'programs');
const files = readdirSync(folder);
const programs = files.filter((file) => file.endsWith('.py')).map((file) => file.slice(0, -'.py'.length));

let expected: Map<string, string>;
beforeAll(() => {
  const sources = programs.map((name) => readFileSync(join(folder, `${name}.py`), 'utf8'));
  const printed = python<string[]>('programs.py', [sources]);
  expected = new Map(programs.map((name, place) => [name, printed[place]!]));
});

/** Runs a program in TypeScript in a process of its own. */
function run(name: string): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(folder, `${name}.ts`)], { cwd: root });
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
  const { status, stdout, stderr } = await run(name);
  // Warnings, which Python gives too, go to stderr.
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.split('\n').length).toBeGreaterThan(3);
  expect(stdout).toBe(expected.get(name));
});
