/** Notebooks in the real kernels of Deno and of tslab: tensors, arrays, modules and figures have rich output. */
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
  user.install(`@deno/${kind ?? 'linux-x64-glibc'}`, '@napi-rs/canvas', 'tslab');
  const [folder] = readdirSync(join(user.folder, 'node_modules/@deno'));
  deno = join(user.folder, 'node_modules/@deno', folder!, 'deno');
  execFileSync('python3', ['-m', 'venv', join(user.folder, 'venv')]);
  python = join(user.folder, 'venv/bin/python');
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'jupyter_client']);
});
afterAll(() => {
  user.remove();
});

/** A notebook with these cells. */
function written(...sources: readonly string[]): string {
  const cells = sources.map((source) => ({ cell_type: 'code', metadata: {}, outputs: [], source }));
  user.write({ 'written.ipynb': JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 4 }) });
  return join(user.folder, 'written.ipynb');
}

/** The outputs of each cell of a notebook in a kernel. */
function outputs(notebook: string, ...kernel: readonly string[]): Output[][] {
  const script = join(root, 'scripts/dev/run_notebook.py');
  const args = [script, '--notebook', notebook, '--folder', user.folder, '--', ...kernel];
  return JSON.parse(
    execFileSync(python, args, { encoding: 'utf8', env: environment, maxBuffer: 2 ** 26 }),
  ) as Output[][];
}

it("runs cell by cell in Deno's kernel", () => {
  const notebook = join(root, 'examples/regression.ipynb');
  const results = outputs(notebook, deno, 'jupyter', '--kernel', '--conn', '{connection_file}').map(
    (cell) => cell.find(({ output_type }) => output_type === 'execute_result')?.data,
  );
  expect(results[0]!['text/plain']).toBe('tensor([[-1.0000],\n        [-0.9798],\n        [-0.9596]])');
  expect(results[0]!['text/html']).toContain('>Tensor · shape [3, 1] · float32 · cpu</div><pre>tensor([[-1.0000],\n');
  expect(results[1]!['text/plain']).toMatch(/^array\(\[\[1\.\d+\s*\],[\s\S]*dtype=float32\)$/);
  expect(results[1]!['text/html']).toContain('>ndarray · shape [3, 1] · float32</div><pre>array(');
  expect(results[2]!['text/plain']).toBe(
    'Sequential(\n  (0): Linear(in_features=1, out_features=10, bias=True)\n  (1): ReLU()\n  (2): Linear(in_features=10, out_features=1, bias=True)\n)',
  );
  // A module is a function, and Deno asks objects alone for what they show.
  expect(Object.keys(results[2]!)).toEqual(['text/plain']);
  expect(results[3]!['text/plain']).toContain('true');
  expect(Object.keys(results[4]!)).toEqual(['text/plain', 'image/png']);
  expect(Buffer.from(results[4]!['image/png']!, 'base64').subarray(1, 4).toString()).toBe('PNG');
});

it("shows a module as HTML by display() of Deno's kernel", () => {
  const notebook = written(
    "import * as torch from 'torch-node';",
    "await Deno.jupyter.display((new torch.nn.Linear(2, 3) as any)[Symbol.for('Jupyter.display')](), { raw: true })",
  );
  const [, shown] = outputs(notebook, deno, 'jupyter', '--kernel', '--conn', '{connection_file}');
  expect(shown!.map(({ output_type }) => output_type)).toEqual(['display_data']);
  const module = 'Linear(in_features=2, out_features=3, bias=True)';
  expect(shown![0]!.data!['text/plain']).toBe(module);
  expect(shown![0]!.data!['text/html']).toContain(`>Linear · 9 parameters</div><pre>${module}</pre>`);
});

it('runs cell by cell in tslab, which prints results and shows what its display is given', () => {
  const notebook = written(
    "import * as torch from 'torch-node';\nimport * as plt from 'torch-node/pyplot';\nimport * as tslab from 'tslab';",
    'const x = torch.linspace(-1, 1, 3); x',
    'new torch.nn.Linear(2, 3)',
    "tslab.display.html((x as any)[Symbol.for('Jupyter.display')]()['text/html'])",
    'plt.plot(x); plt.show()',
  );
  const program = join(user.folder, 'node_modules/tslab/bin/tslab');
  const [imported, tensor, module, html, figure] = outputs(
    notebook,
    ...[process.execPath, program, 'kernel', '--config-path', '{connection_file}'],
  );
  expect(imported).toEqual([]);
  expect(tensor).toEqual([{ output_type: 'stream', name: 'stdout', text: 'tensor([-1.,  0.,  1.])\n' }]);
  expect(module![0]!.text).toBe('Linear(in_features=2, out_features=3, bias=True)\n');
  expect(html![0]!.data!['text/html']).toContain('>Tensor · shape [3] · float32 · cpu</div>');
  expect(figure!.length).toBe(1);
  expect(Buffer.from(figure![0]!.data!['image/png']!, 'base64').subarray(1, 4).toString()).toBe('PNG');
});
