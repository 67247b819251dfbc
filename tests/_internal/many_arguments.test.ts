/** Calls with more arguments than any operator has parameters. */
import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

describe('many arguments', () => {
  const ones = (count: number): number[] => Array<number>(count).fill(1);

  it.each([23, 24, 25, 39, 40, 41, 62])('%i sizes are all read', (count) => {
    const sizes = [...ones(count - 1), 3];
    expect([...torch.zeros(...sizes).shape]).toEqual(sizes);
    expect([...torch.zeros(3).view(...sizes).shape]).toEqual(sizes);
    const order = sizes.map((_, i) => count - 1 - i);
    expect([
      ...torch
        .zeros(3)
        .view(...sizes)
        .permute(...order).shape,
    ]).toEqual([...sizes].reverse());
  });

  it.each([200, 1000, 40_000])('%i sizes give what a list of them gives', (count) => {
    expect([...torch.zeros(...ones(count)).shape]).toEqual([...torch.zeros(ones(count)).shape]);
    expect(torch.zeros(...ones(count)).shape.length).toBe(count);
  });

  it('too many are an Error', () => {
    const add = torch.add as (...args: unknown[]) => unknown;
    expect(() => add(...Array<unknown>(300).fill(torch.ones(1)))).toThrow(TypeError);
    expect(() => torch.zeros(1, 1, 1).permute(...ones(64).map((_, i) => i))).toThrow(/64/);
  });
});
