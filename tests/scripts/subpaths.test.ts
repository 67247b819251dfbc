/** `torch-node/nn/functional` and the like are Python's modules: the same objects as `torch.nn.functional`, on every way. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { python } from '../reference.js';

const require = createRequire(import.meta.url);
const { module_files, with_subpaths } = require('../../scripts/dev/subpaths.js') as {
  module_files(): Record<string, string>;
  with_subpaths(committed: object): object;
};
const files = module_files();
const subpaths = Object.keys(files).filter((name) => name !== 'testing');

/** Runs an ES module in a process of its own. */
function run(code: string): string {
  const args = ['--input-type=module', '-e', code];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

describe('the entries of package.json', () => {
  it('are those that scripts/dev/subpaths.js writes', () => {
    const committed = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as object;
    expect(JSON.stringify(with_subpaths(committed))).toBe(JSON.stringify(committed));
    expect(subpaths.length).toBeGreaterThan(130);
  });

  it('are modules in Python', () => {
    const source = `
import importlib.util, inspect, torch
def is_module(path):
    try:
        return importlib.util.find_spec(path) is not None
    except (ModuleNotFoundError, ValueError):
        return False
def reached(path):
    value = torch
    for name in path.split('.')[1:]:
        value = getattr(value, name, None)
    return inspect.ismodule(value)
show([path for path in ${JSON.stringify(subpaths.map((name) => `torch.${name.replaceAll('/', '.')}`))} if not is_module(path) and not reached(path)])`;
    expect(python<unknown[][]>('snippets.py', [[source]])).toEqual([[[]]]);
  });
});

describe('each module', () => {
  it('is what torch has under its path, for require and for import', () => {
    const output = run(`
      import { createRequire } from 'node:module';
      import torch from 'torch-node';
      const require = createRequire(import.meta.url);
      const wrong = [];
      for (const name of ${JSON.stringify(subpaths)}) {
        const here = name.split('/').reduce((value, part) => value[part], torch);
        const required = require('torch-node/' + name);
        if (required !== here) wrong.push(name + ' by require');
        const imported = await import('torch-node/' + name);
        for (const key of Object.keys(here)) if (imported[key] !== here[key]) wrong.push(name + '.' + key + ' by import');
      }
      console.log(JSON.stringify(wrong));`);
    expect(JSON.parse(output)).toEqual([]);
  });

  const first = ['nn', 'nn/functional', 'nn/modules/batchnorm', 'optim', 'optim/lr_scheduler', 'utils/data', 'fft'];
  it.each([...first, 'distributions', 'autograd', 'linalg', 'hub', 'func', 'jit', 'serialization'])(
    '%s can be imported before torch itself',
    (name) => {
      const output = run(`
        import * as first from 'torch-node/${name}';
        import torch from 'torch-node';
        const here = ${JSON.stringify(name.split('/'))}.reduce((value, part) => value[part], torch);
        const keys = Object.keys(here);
        console.log(keys.length > 2 && keys.every((key) => first[key] === here[key]));`);
      expect(output).toBe('true\n');
    },
  );

  it('has only names that Python has there', () => {
    const names = subpaths.map((name) => {
      const here = name.split('/').reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], torch);
      return [`torch.${name.replaceAll('/', '.')}`, Object.keys(here as object)] as const;
    });
    // The modules at Python's older paths; those that hold more than Python's are documented where they are.
    const paths = names.filter(([path]) =>
      /^torch\.(?:nn\.modules\.|nn\.parameter|functional|storage|optim\.\w+$)/.test(path),
    );
    const source = `
import importlib
def missing(path, names):
    module = importlib.import_module(path)
    return [path + '.' + name for name in names if not hasattr(module, name)]
show(sum((missing(path, names) for path, names in ${JSON.stringify(paths)}), []))`;
    expect(paths.length).toBeGreaterThan(30);
    expect(python<unknown[][]>('snippets.py', [[source]])).toEqual([[[]]]);
  });
});

describe('what programs import by a longer path', () => {
  it.each([
    ['nn.modules.batchnorm._BatchNorm', new torch.nn.SyncBatchNorm(2)],
    ['nn.modules.conv._ConvNd', new torch.nn.ConvTranspose1d(1, 1, 1)],
    ['nn.modules.instancenorm._InstanceNorm', new torch.nn.InstanceNorm1d(2)],
    ['nn.modules.loss._WeightedLoss', new torch.nn.CrossEntropyLoss()],
    ['nn.modules.loss._Loss', new torch.nn.MSELoss()],
    ['nn.modules.batchnorm._NormBase', new torch.nn.InstanceNorm1d(2)],
  ])('%s is the class that others extend', (path, instance) => {
    const base = path.split('.').reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], torch);
    expect(instance).toBeInstanceOf(base as new () => object);
    expect(new torch.nn.Linear(1, 1)).not.toBeInstanceOf(base as new () => object);
  });
});

describe('torch.nn.modules.utils', () => {
  it('strips prefixes as Python does, of names and of metadata', () => {
    const { utils } = torch.nn.modules;
    const wrapped = new torch.nn.DataParallel(new torch.nn.MultiheadAttention(2, 1));
    const state_dict = wrapped.state_dict();
    utils.consume_prefix_in_state_dict_if_present(state_dict, 'module.');
    const metadata = (state_dict as unknown as { _metadata: object })._metadata;
    const source = `
import torch
state_dict = torch.nn.DataParallel(torch.nn.MultiheadAttention(2, 1)).state_dict()
torch.nn.modules.utils.consume_prefix_in_state_dict_if_present(state_dict, 'module.')
show(list(state_dict))
show(list(state_dict._metadata))`;
    expect(python<unknown[][]>('snippets.py', [[source]])).toEqual([[Object.keys(state_dict), Object.keys(metadata)]]);
    const map = new Map<string, unknown>([
      ['module.a', 1],
      ['b', 2],
    ]);
    utils.consume_prefix_in_state_dict_if_present(map, 'module.');
    expect([...map]).toEqual([
      ['b', 2],
      ['a', 1],
    ]);
  });

  it('reads sizes as Python does', () => {
    const { utils } = torch.nn.modules;
    expect([utils._single(1), utils._pair(2), utils._triple([1, 2, 3]), utils._quadruple(null)]).toEqual([
      [1],
      [2, 2],
      [1, 2, 3],
      [null, null, null, null],
    ]);
    expect(() => utils._list_with_default([1, 2], [1, 2])).toThrow('Input dimension should be at least 3');
  });
});
