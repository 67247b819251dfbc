/** Arguments that change while they are read: getters, Proxies, and calls made among the arguments of another call. */
import { spawnSync } from 'node:child_process';

import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { python } from '../reference.js';

/** Options with a member that is another value at each look. */
function options_of(name: string, ...values: unknown[]): object {
  let looks = 0;
  return Object.defineProperty({}, name, { enumerable: true, get: () => values[Math.min(looks++, values.length - 1)] });
}

/** A list whose elements are made when they are looked at. */
function lazy<T>(length: number, make: (i: number) => T): T[] {
  return new Proxy(Array<T>(length).fill(0 as T), {
    get: (list, key) => (/^\d+$/.test(String(key)) ? make(Number(key)) : (list as never)[key]),
  });
}

const [add, sum, clamp] = [torch.add, torch.sum, torch.clamp] as unknown as ((...args: unknown[]) => torch.Tensor)[];

describe('arguments that change while they are read', () => {
  it('leave no plan behind for other kinds', () => {
    const x = torch.arange(3);
    add!(x, options_of('other', 2, torch.ones(3)));
    expect(add!(x, { other: 2 }).tolist()).toEqual([2, 3, 4]);
    clamp!(x, options_of('min', 1, 1.5));
    expect(clamp!(x, { min: 1 }).dtype).toBe(torch.int64);
  });

  it('keep a call from memory that does not fit there', () => {
    const x = torch.arange(6).view(2, 3);
    const keepdim = { get: () => torch.ones(1).numel() === 1, enumerable: true };
    expect(sum!(x, [1n], Object.defineProperty({}, 'keepdim', keepdim)).tolist()).toEqual([[3], [12]]);
    const options = Object.defineProperties(
      { side: 'q'.repeat(100) },
      { right: { ...keepdim, get: () => torch.ones(1).dim() > 1 } },
    );
    expect(() => torch.searchsorted(torch.ones(1), torch.ones(1), options as never)).toThrow(/side can only be/);
  });

  it('keep tensors that nothing else holds', () => {
    const made = (size: number) => (i: number) => {
      const tensor = torch.full([size], i);
      for (let k = 0; k < 9000; k++) torch.arange(3).add(k);
      return tensor;
    };
    expect(torch.cat({ tensors: lazy(4, made(1)) }).tolist()).toEqual([0, 1, 2, 3]);
    for (let round = 0; round < 3; round++) expect(torch.cat(lazy(4, made(1))).tolist()).toEqual([0, 1, 2, 3]);
    expect(
      torch
        .stack(lazy(3, made(100_000)))
        .select(1, 0)
        .tolist(),
    ).toEqual([0, 1, 2]);
  });

  it.each([-1, 0.5, Number.NaN, undefined])('read a list whose length is %s as an empty one', (length) => {
    const list = new Proxy([1], { get: (of, key) => (key === 'length' ? length : (of as never)[key]) });
    expect(sum!(torch.ones(2, 3), list, true).tolist()).toEqual([[6]]);
    expect(torch.zeros(list as never).shape.length).toBe(0);
  });
});

it('several outputs are results with names', () => {
  const expected = python<unknown[]>('several_outputs.py');
  const out = [torch.empty(0), torch.empty(0, { dtype: torch.int64 })] as const;
  const result = torch.max(torch.arange(6).view(2, 3).float(), 1, { out });
  const told = (count: number): string => {
    try {
      torch.max(torch.ones(2, 3), 1, { out: Array<torch.Tensor>(count).fill(torch.empty(0)) });
    } catch (error) {
      return (error as Error).message.replace('max(): ', '');
    }
    return '';
  };
  expect([String(result), result.values === out[0], result[1] === out[1], told(1), told(3)]).toEqual(expected);
});

it('a worker without arguments of its own sees that flags are frozen', () => {
  const work = `const torch = require(${JSON.stringify(root)});
    for (let i = 0; i < 5000; i++) torch.ones(1).add(i);`;
  const program = `new (require('node:worker_threads').Worker)(${JSON.stringify(work)}, { eval: true, execArgv: [] });`;
  const { status, stderr } = spawnSync(process.execPath, ['--freeze-flags-after-init', '-e', program], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
}, 60_000);
