/** The example notebook in Deno's real Jupyter kernel: tensors, arrays, modules and figures have rich output. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { root } from '../../package_root.js';
import { environment, project, type Project } from '../project.js';

interface Output {
  readonly output_type: string;
  readonly data?: Record<string, string>;
  readonly text?: string;
}

let user: Project;
let python: string;
let deno: string;
beforeAll(() => {
  user = project();
  // The program of Deno is a package for each platform; without scripts of installation the common one only links it.
  const kinds: Record<string, string> = { 'linux arm64': 'linux-arm64-glibc', 'darwin arm64': 'darwin-arm64' };
  const kind = kinds[`${process.platform} ${process.arch}`];
  user.install(`@deno/${kind ?? 'linux-x64-glibc'}`, '@napi-rs/canvas');
  const [folder] = readdirSync(join(user.folder, 'node_modules/@deno'));
  deno = join(user.folder, 'node_modules/@deno', folder!, 'deno');
  execFileSync('python3', ['-m', 'venv', join(user.folder, 'venv')]);
  python = join(user.folder, 'venv/bin/python');
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'nbclient']);
});
afterAll(() => {
  user.remove();
});

it('runs cell by cell', () => {
  const args = [join(root, 'scripts/dev/run_notebook.py'), deno, join(root, 'examples/regression.ipynb'), user.folder];
  let results: (Record<string, string> | undefined)[] = [undefined];
  // Deno's kernel sometimes says that a cell has ended before its result is sent, which the runner then misses.
  for (let tries = 0; tries < 8 && results.includes(undefined); tries++) {
    const text = execFileSync(python, args, { encoding: 'utf8', env: environment, maxBuffer: 2 ** 26 });
    const outputs = JSON.parse(text) as Output[][];
    results = outputs.map((cell) => cell.find(({ output_type }) => output_type === 'execute_result')?.data);
  }
  expect(results[0]).toEqual({ 'text/plain': 'tensor([[-1.0000],\n        [-0.9798],\n        [-0.9596]])' });
  expect(results[1]!['text/plain']).toMatch(/^array\(\[\[1\.\d+\s*\],[\s\S]*dtype=float32\)$/);
  expect(results[2]).toEqual({
    'text/plain':
      'Sequential(\n  (0): Linear(in_features=1, out_features=10, bias=True)\n  (1): ReLU()\n  (2): Linear(in_features=10, out_features=1, bias=True)\n)',
  });
  expect(results[3]!['text/plain']).toContain('true');
  expect(Object.keys(results[4]!)).toEqual(['image/png']);
  expect(Buffer.from(results[4]!['image/png']!, 'base64').subarray(1, 4).toString()).toBe('PNG');
});
