/** dist/start.cjs: what is read at the start comes from one file, and is the same by every path. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { project, type Project } from '../ecosystem/project.js';

let user: Project;
beforeAll(() => {
  user = project();
});
afterAll(() => {
  user.remove();
});

/** What a program prints, which ends without an error. */
function printed(name: string, program: string): string {
  user.write({ [name]: program });
  const { status, output } = user.node([name]);
  expect({ status, output }).toMatchObject({ status: 0 });
  return output.trim();
}

it('holds all that the package reads', () => {
  const program = `
    const fs = require('node:fs');
    const read = [];
    const { readFileSync } = fs;
    fs.readFileSync = (file, ...options) => {
      read.push(String(file));
      return readFileSync(file, ...options);
    };
    require('torch-node');
    const compiled = read.map((file) => file.split(/[\\\\/]dist[\\\\/]/)[1]).filter(Boolean);
    console.log(compiled.filter((file) => file.endsWith('js')).join(' '));
  `;
  expect(printed('required.cjs', program)).toBe('index.cjs _internal/one_file.js _internal/bundled.js start.cjs');
});

const same = `
  const layer = new torch.nn.Linear(2, 1);
  console.log(
    layer instanceof Linear, new Subset([1], [0]) instanceof torch.utils.data.Subset,
    relu === torch.nn.functional.relu, typeof ToTensor,
  );
`;

it.each([
  ['after the package', ['torch', 'F', 'data', 'linear', 'vision']],
  ['before the package', ['F', 'data', 'linear', 'vision', 'torch']],
])('is the same for ES modules, with subpaths read %s', (_, order) => {
  const imports: Record<string, string> = {
    torch: `import * as torch from 'torch-node';`,
    F: `import { relu } from 'torch-node/nn/functional';`,
    data: `import { Subset } from 'torch-node/utils/data';`,
    linear: `import { Linear } from 'torch-node/nn/modules/linear';`,
    vision: `import { transforms } from 'torch-node/vision'; const { ToTensor } = transforms;`,
  };
  const program = order.map((name) => imports[name]).join('\n');
  expect(printed('same.mjs', `${program}\n${same}`)).toBe('true true true function');
});

it('is the same for required subpaths, and for a program that mixes both kinds', () => {
  const program = `
    import { createRequire } from 'node:module';
    import torch from 'torch-node';
    const require = createRequire(import.meta.url);
    const { Linear } = require('torch-node/nn/modules/linear');
    console.log(require('torch-node').nn === torch.nn, torch.nn.Linear === Linear);
  `;
  expect(printed('mixed.mjs', program)).toBe('true true');
});
