/** A tensor instead of a list of tensors, and lists of other values, for all operators that take lists of tensors. */
import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';

type Call = (...args: unknown[]) => unknown;

const namespaces = {
  '': torch,
  'linalg.': torch.linalg,
  'special.': torch.special,
  'fft.': torch.fft,
} as unknown as Record<string, Record<string, Call>>;

/** A value for a required argument: a tensor for lists of tensors. */
function value_for(type: string): unknown {
  if (/^Tensor/.test(type)) return 'x';
  if (/^(Sym)?Int\[|^int\[/.test(type)) return [1];
  if (/^(Sym)?Int$|^int$/.test(type)) return 1;
  if (/^bool/.test(type)) return true;
  return type.startsWith('str') ? 'i' : 1.5;
}

/** The required arguments of an overload; undefined when it takes no list of tensors among them. */
function lone_call(schema: string): unknown[] | undefined {
  const text = schema.slice(schema.indexOf('(') + 1, schema.lastIndexOf(') ->')).replace(/=\[[^\]]*\]/g, '=x');
  const [positional = ''] = text.split(', *');
  const required = positional.split(', ').filter((part) => part !== '' && !part.includes('='));
  if (!required.some((part) => /^Tensor(\([^)]*\))?\[\] /.test(part))) return undefined;
  return required.map((part) => value_for(part.split(' ')[0]!));
}

const calls: [name: string, args: unknown[]][] = [];
for (const [prefix, functions] of Object.entries(namespaces)) {
  for (const name of Object.keys(functions)) {
    const operator =
      typeof functions[name] === 'function'
        ? torch.ops.aten[prefix === '' ? name : prefix.replace('.', '_') + name]
        : undefined;
    for (const overload of operator?.overloads() ?? []) {
      if (/out$/.test(overload)) continue;
      const args = lone_call(operator![overload === '' ? 'default' : overload]!.schema);
      if (
        args !== undefined &&
        !calls.some(([known, given]) => known === prefix + name && given.length === args.length)
      ) {
        calls.push([prefix + name, args]);
      }
    }
  }
}

const first_line = (run: () => unknown): string | true => {
  try {
    run();
    return true;
  } catch (error) {
    return (error as Error).message.split('\n')[0]!;
  }
};
const function_of = (name: string): Call => {
  const [last, space = ''] = name.split('.').reverse() as [string, string?];
  return namespaces[space === '' ? '' : `${space}.`]![last]!;
};

/** Whether an error is Python's; libtorch's texts have the name of the function before them here. */
const same = (name: string, ours: string | true, expected: string | true): boolean =>
  ours === expected ||
  ours === `${name}(): ${expected}` ||
  (typeof expected === 'string' && ours === expected.replace('linalg_', 'linalg.'));

describe('a tensor instead of a list', () => {
  it('is refused as in Python by every function that takes a list', () => {
    expect(calls.length).toBeGreaterThan(100);
    const theirs = python<(string | true | null)[]>('lone_tensors.py', [calls]);
    const x = torch.ones(2, 2);
    const wrong = calls.flatMap(([name, args], i) => {
      const expected = theirs[i]!;
      if (expected === null) return [];
      const ours = first_line(() => function_of(name)(...args.map((arg) => (arg === 'x' ? x : arg))));
      // Private functions call their first argument as the schemas do, 'self'; here it has the one name that all functions give it.
      const theirs_here = expected === true || !name.startsWith('_') ? expected : expected.replace("'self'", "'input'");
      return same(name, ours, theirs_here) ? [] : [{ name, args, ours, expected }];
    });
    expect(wrong).toEqual([]);
  });

  it('is refused by name', () => {
    const x = torch.ones(2, 2);
    const [theirs] = python<unknown[][]>('snippets.py', [['torch.cat(tensors=torch.ones(2, 2))']]);
    expect(() => torch.cat({ tensors: x as never })).toThrow(new TypeError((theirs![0] as { error: string }).error));
  });

  it('is refused by nested_tensor, which Python writes by hand', () => {
    const [theirs] = python<unknown[][]>('snippets.py', [['torch.nested.nested_tensor(torch.ones(2, 2))']]);
    expect(() => torch.nested.nested_tensor(torch.ones(2, 2))).toThrow(
      new TypeError(`nested_tensor(): ${(theirs![0] as { error: string }).error}`),
    );
  });
});

describe('a list of something else', () => {
  it('is refused as in Python, with the element', () => {
    const x = torch.ones(2);
    const cases: [code: string, run: () => unknown][] = [
      ['torch.cat([1, x])', () => torch.cat([1, x] as never)],
      ['torch.cat([x, None])', () => torch.cat([x, null] as never)],
      ['torch.stack([x, [x]], dim=0)', () => torch.stack([x, [x]] as never, { dim: 0 })],
      ['torch.hstack([1.5])', () => torch.hstack([1.5] as never)],
      ["torch.cat(['a'])", () => torch.cat(['a'] as never)],
      ['torch.linalg.multi_dot([x, 1])', () => torch.linalg.multi_dot([x, 1] as never)],
    ];
    const theirs = python<[{ error: string }][]>('snippets.py', [cases.map(([code]) => `x = torch.ones(2)\n${code}`)]);
    cases.forEach(([code, run], i) => {
      const name = /torch\.([\w.]+)/.exec(code)![1]!;
      expect(first_line(run), code).toBe(`${name}(): ${theirs[i]![0].error}`);
      expect(run).toThrow(TypeError);
    });
  });
});

describe('a tensor of several elements instead of a number', () => {
  it('is refused as in Python', () => {
    const x = torch.ones(2, 2);
    const wrong = x as never;
    const cases: [code: string, run: () => unknown][] = [
      ['torch.cat([x], x)', () => torch.cat([x], wrong)],
      ['torch.unsqueeze(x, x)', () => torch.unsqueeze(x, wrong)],
      ['x.unsqueeze(dim=x)', () => x.unsqueeze({ dim: wrong })],
      ['torch.add(x, x, alpha=x)', () => torch.add(x, x, { alpha: wrong })],
      ['torch.full([2], x)', () => torch.full([2], wrong)],
      ['torch.dropout(x, x, True)', () => torch.dropout(x, wrong, true)],
      ['torch.eye(x)', () => torch.eye(wrong)],
      ['torch.arange(x)', () => torch.arange(wrong)],
      ['torch.threshold(x, x, x)', () => torch.threshold(x, wrong, wrong)],
      ['torch.threshold(x, torch.tensor(1), x)', () => torch.threshold(x, torch.tensor(1) as never, wrong)],
      ['torch.clamp(x, min=1, max=x)', () => (torch.clamp as Call)(x, { max: x, min: 1 })],
      ['torch.topk(x, x)', () => torch.topk(x, wrong)],
      ['torch.histogramdd(x, x)', () => torch.histogramdd(x, wrong)],
    ];
    const theirs = python<[{ error: string }][]>('snippets.py', [
      cases.map(([code]) => `x = torch.ones(2, 2)\n${code}`),
    ]);
    expect(cases.map(([code, run]) => [code, first_line(run)])).toEqual(
      cases.map(([code], i) => [code, theirs[i]![0].error.split('\n')[0]]),
    );
  });
});
