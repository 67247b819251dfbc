import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import torch, { type Tensor } from 'torch-node';

import { hexed } from '../nn/comparison.js';
import { root } from '../package_root.js';
import { python } from '../reference.js';

interface Answers {
  outputs: string[];
  changed: string[];
  names: string[];
  metadata: Record<string, string>;
}

interface Result {
  out: Tensor;
  pair: [Tensor, [Tensor]];
}

const x = torch.arange(24, { dtype: torch.float32 }).reshape(3, 8).div(10);
const extra = { a: torch.ones(2) };
let folder: string;
let path: string;
let expected: Answers;

const { TMPDIR } = process.env;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'torch-node-inductor-'));
  process.env['TMPDIR'] = folder; // what libtorch leaves behind of packages that it refuses
  path = join(folder, 'model.pt2');
  expected = python<Answers>('inductor.py', [folder]);
});
afterAll(() => {
  if (TMPDIR === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = TMPDIR;
  rmSync(folder, { recursive: true, force: true });
});

function bytes(result: unknown): string[] {
  const { out, pair } = result as Result;
  return [out, pair[0], pair[1][0]].map(hexed);
}

describe('packages of AOTInductor', () => {
  it('give what they give in Python, also in the background', async () => {
    const model = torch._inductor.aoti_load_package(path, { num_runners: 2 });
    expect(bytes(model(x, { extra }))).toEqual(expected.outputs);
    expect(model.get_metadata()).toEqual(expected.metadata);
    expect(model.get_constant_fqns()).toEqual(expected.names);
    const results = await Promise.all(Array.from({ length: 6 }, () => model.run_async(x, { extra })));
    for (const result of results) expect(bytes(result)).toEqual(expected.outputs);
    await expect(model.run_async(x, { extra, signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
  });

  it('take other constants', () => {
    const model = torch._inductor.aoti_load_package(path);
    model.load_constants({ 'linear.weight': torch.ones(4, 8) }, { check_full_update: false });
    expect(bytes(model(x, { extra }))).toEqual(expected.changed);
    expect(() => model.load_constants({ 'linear.weight': torch.ones(4, 7) }, { check_full_update: false })).toThrow(
      /'linear.weight' must be Float\[4, 8\], not Float\[4, 7\]/,
    );
    expect(() => model.load_constants({ other: x }, { check_full_update: false })).toThrow(/has no constant 'other'/);
    expect(() => model.load_constants({ other: 3 as never }, { check_full_update: false })).toThrow(TypeError);
  });

  it('refuse other arguments', () => {
    const model = torch._inductor.aoti_load_package(path);
    expect(() => model(x)).toThrow(
      /^Ran into a kwarg keyword mismatch: Got the following keywords \[\] but expected \['extra'\]/,
    );
    expect(() => model(x, x, { extra })).toThrow(TypeError);
    expect(() => model(x, { extra: { b: x } })).toThrow(/there is no key 'a'/);
    expect(() => model(x.double(), { extra })).toThrow(/unmatched dtype/);
    expect(() => model(torch.ones(3, 9), { extra })).toThrow(/unmatched dim value at 1, expected: 8, but got: 9$/);
    expect(() => model(torch.ones(8, 3).t(), { extra })).toThrow(/unmatched stride/);
    expect(bytes(model(x, { extra }))).toEqual(expected.outputs);
  });

  it('need no compiler', () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const script = `const torch = require(${JSON.stringify(root)});
      const model = torch._inductor.aoti_load_package(${JSON.stringify(path)});
      console.log(model(torch.zeros(3, 8), { extra: { a: torch.ones(2) } }).pair[1][0].tolist().join());`;
    const result = spawnSync(process.execPath, ['-e', script], {
      encoding: 'utf8',
      env: { ...process.env, PATH: empty },
    });
    expect([result.stderr, result.stdout, result.status]).toEqual(['', '2,2\n', 0]);
  });

  it('that are none are Errors', () => {
    const cut = join(folder, 'cut.pt2');
    copyFileSync(path, cut);
    truncateSync(cut, 5000);
    expect(() => torch._inductor.aoti_load_package(cut)).toThrow(/Failed to initialize zip archive/);
    expect(() => torch._inductor.aoti_load_package(join(folder, 'absent.pt2'))).toThrow(/does not exist/);
    expect(() => torch._inductor.aoti_load_package(path, { model_name: 'other' })).toThrow(
      /Failed to find a generated cpp file or so file/,
    );
    expect(() => torch._inductor.aoti_load_package(3 as never)).toThrow(TypeError);
  });
});
