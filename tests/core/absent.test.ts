/** Modules of PyTorch's that are not in the package say so. */
import { inspect } from 'node:util';

import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';

type Namespace = Record<string, unknown>;
const all = torch as unknown as Namespace;
const get = (object: unknown, name: string): unknown => (object as Namespace)[name];

/** Whether a property of the module throws that the module is absent. */
function refusal(path: string): string | undefined {
  const module = path.split('.').slice(1).reduce<unknown>(get, all);
  try {
    get(module, 'anything');
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

const parents = ['torch', 'torch.nn', 'torch.utils', 'torch.autograd', 'torch.backends', 'torch.cuda'];
const absent = parents.flatMap((path) => {
  const namespace = path.split('.').slice(1).reduce<unknown>(get, all) as Namespace;
  const objects = Object.keys(namespace).filter((name) => typeof namespace[name] === 'object' && namespace[name] !== null);
  return objects.map((name) => `${path}.${name}`).filter((name) => refusal(name) !== undefined);
});

describe('a module that is not here', () => {
  it('is one that Python has', () => {
    expect(absent.length).toBeGreaterThan(40);
    const source = `
import importlib.util
def found(path):
    parent, name = path.rsplit('.', 1)
    return isinstance(getattr(eval(parent), name, None), type(torch)) or importlib.util.find_spec(path) is not None
show([path for path in ${JSON.stringify(absent)} if not found(path)])`;
    const [[missing]] = python<[[unknown]]>('snippets.py', [[source]]);
    expect(missing).toEqual([]);
  });

  it.each(absent)('%s says so', (path) => {
    expect(refusal(path)).toMatch(new RegExp(`^${path.replaceAll('.', '\\.')} is not in torch-node: .`));
  });

  it('throws what is asked of it, for the way in which scripts ask', () => {
    expect(() => get(all['fx'], 'symbolic_trace')).toThrow(new Error('torch.fx is not in torch-node: it works on Python\'s own code objects and calls'));
    expect(() => get(get(all['cuda'], 'amp'), 'autocast')).toThrow('torch.cuda.amp is not in torch-node: not yet');
    expect(() => { (all['distributed'] as Namespace)['x'] = 1; }).toThrow(/^torch\.distributed is not in torch-node/);
  });

  it('can be printed, compared and awaited', async () => {
    expect(inspect(all['fx'])).toBe('[Object: null prototype] {}');
    expect(JSON.stringify({ fx: all['fx'] })).toBe('{"fx":{}}');
    expect(await Promise.resolve(all['fx'])).toBe(all['fx']);
  });
});
