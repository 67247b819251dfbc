import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';
import { python } from '../reference.js';

const expected = python<Record<string, unknown>>('random_draws.py');

describe('generators', () => {
  it('draw what Python draws for a seed, one after the other', () => {
    torch.manual_seed(42);
    expect([
      torch.rand(5).tolist(), torch.randn(20).tolist(), torch.randperm(10).tolist(), torch.randint(0, 100, [4]).tolist(),
      torch.empty([], { dtype: torch.int64 }).random_().item<number | bigint>().toString(),
    ]).toEqual(expected['default']);
  });

  it('have states of their own', () => {
    const generator = new torch.Generator().manual_seed(7);
    torch.manual_seed(1);
    torch.rand(3);
    expect([torch.rand(3, { generator }).tolist(), torch.randperm(6, { generator }).tolist()]).toEqual(expected['own']);
  });

  it('go back to a saved state', () => {
    torch.manual_seed(3);
    torch.rand(1);
    const state = torch.get_rng_state();
    const first = torch.randn(7).tolist();
    torch.set_rng_state(state);
    expect(torch.randn(7).tolist()).toEqual(first);
    expect(state.dtype).toBe(torch.uint8);
  });

  it('know their seed', () => {
    torch.manual_seed(123);
    expect(torch.initial_seed()).toBe(123);
    expect(new torch.Generator().manual_seed(2n ** 63n).initial_seed()).toBe(2n ** 63n);
    expect(String(new torch.Generator().device)).toBe('cpu');
  });

  it('take negative and large seeds as Python does', () => {
    torch.manual_seed(-1);
    const first = torch.rand(2).tolist();
    torch.manual_seed(2n ** 64n - 1n);
    expect(torch.rand(2).tolist()).toEqual(first);
    expect(first).toEqual(expected['negative']);
  });

  it('refuse seeds that are no integers', () => {
    expect(() => torch.manual_seed('1' as unknown as number)).toThrow(TypeError);
    expect(() => torch.manual_seed(2 ** 70)).toThrow(RangeError);
    expect(() => new torch.Generator().set_state(torch.zeros(3))).toThrow(TypeError);
  });
});
