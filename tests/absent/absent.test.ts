/** Names of PyTorch that are absent throw an Error that says what to do instead. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { inspect } from 'node:util';

import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { python } from '../reference.js';

type Namespace = Record<string, unknown>;
const all = torch as unknown as Namespace;
const get = (object: unknown, name: string): unknown => (object as Namespace)[name];
const at = (path: string): unknown => path.split('.').slice(1).reduce<unknown>(get, all);

// The compiled package's own modules: the table, and what tells its values from others.
const inner = createRequire(import.meta.url);
const { modules, names } = inner('../../dist/absent/instead.js') as Record<'modules' | 'names', Record<string, string>>;
const { is_absent } = inner('../../dist/absent/absent.js') as { is_absent(value: unknown): boolean };

/** The paths of all that is absent, by what is really exported. */
function absent_in(path: string, namespace: object, seen = new Set<unknown>()): string[] {
  return Object.getOwnPropertyNames(namespace)
    .filter((name) => name !== 'default')
    .flatMap((name) => {
      const value = get(namespace, name);
      if (is_absent(value)) return [`${path}.${name}`];
      // A namespace: neither an object of some class, nor a table such as torch.ops.
      const inside =
        typeof value === 'object' && value !== null && !seen.has(value) && get(value, '__esModule') === true;
      return inside ? absent_in(`${path}.${name}`, value, seen.add(value)) : [];
    });
}

describe('the table of what is not here', () => {
  const listed = [...Object.keys(modules), ...Object.keys(names)];

  it('has what is exported, and nothing else', () => {
    expect(absent_in('torch', torch).sort()).toEqual(listed.sort());
  });

  it("has modules and names of Python's", () => {
    const source = `
import importlib, importlib.util, inspect
def value(path):
    parent, name = path.rsplit('.', 1)
    return getattr(importlib.import_module(parent), name, None)
def is_module(path):
    return inspect.ismodule(value(path)) or importlib.util.find_spec(path) is not None
show([path for path in ${JSON.stringify(Object.keys(modules))} if not is_module(path)])
show([path for path in ${JSON.stringify(Object.keys(names))} if value(path) is None or inspect.ismodule(value(path))])`;
    expect(python<unknown[][]>('snippets.py', [[source]])).toEqual([[[], []]]);
  });

  it("names functions that are here, or Python's", () => {
    const mentioned = Object.values({ ...modules, ...names }).flatMap((text) =>
      [...text.matchAll(/\b(torch(?:\.\w+)+)/g)].map(([, path]) => path!),
    );
    expect(mentioned.length).toBeGreaterThan(30);
    const missing = mentioned.filter((path) => at(path) === undefined || is_absent(at(path)));
    expect(missing.filter((path) => !/^torch\.(?:DeviceLike|Scalar)$/.test(path))).toEqual([]); // types
  });
});

describe('what is not here', () => {
  it.each(Object.entries(modules))('%s: a property of it says what to do', (path, instead) => {
    expect(() => get(at(path), 'anything')).toThrow(new Error(`${path} is not in torch-node: ${instead}`));
    expect(() => {
      (at(path) as Namespace)['x'] = 1;
    }).toThrow(`${path} is not in torch-node`);
  });

  it.each(Object.entries(names))('%s: a use of it says what to do', (path, instead) => {
    const value = at(path) as new (...args: unknown[]) => object;
    const refusal = new Error(`${path} is not in torch-node: ${instead}`);
    expect(() => (value as unknown as (x: unknown) => unknown)(torch.ones(1))).toThrow(refusal);
    expect(() => new value()).toThrow(refusal);
    expect(() => class extends value {}).toThrow(refusal);
    expect(() => get(value, 'anything')).toThrow(refusal);
    expect(() => {
      (value as unknown as Namespace)['x'] = 1;
    }).toThrow(refusal);
    expect((new torch.nn.Linear(1, 1) as unknown) instanceof value).toBe(false);
  });

  it('can be printed, compared and awaited', async () => {
    expect(inspect(all['package'])).toBe('[Object: null prototype] {}');
    const script = at('torch.jit.script');
    expect(JSON.stringify({ package: all['package'], script })).toBe('{"package":{}}');
    expect(inspect(script)).toMatch(/^\[class/);
    for (const value of [all['package'], script]) expect(await Promise.resolve(value)).toBe(value);
  });
});

it('README lists under "What is not there" only what is not there', () => {
  const section = /^## What is not there$([\s\S]*?)^## /m.exec(readFileSync(join(root, 'README.md'), 'utf8'))![1]!;
  const missing = [...section.matchAll(/^\| (.*?) \| .* \|$/gm)].slice(1).map(([, cell]) => cell!);
  // Where a part of something is missing, the text after "of" or "beyond" names what is there.
  const paths = missing.flatMap((cell) =>
    [...cell.replace(/(?:beyond|other than|of) .*/, '').matchAll(/`(torch(?:\.\w+)+)`/g)].map(([, path]) => path!),
  );
  expect(paths.length).toBeGreaterThan(5);
  const there = paths.filter((path) => {
    const [value, parent] = [at.bind(null, path), path.slice(0, path.lastIndexOf('.'))];
    return !is_absent(at(parent)) && value() !== undefined && !is_absent(value());
  });
  expect(there.filter((path) => path !== 'torch.cuda')).toEqual([]);
});
