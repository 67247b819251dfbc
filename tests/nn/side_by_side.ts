/** The same short script in Python and TypeScript, and what both show. */
import { beforeAll, expect, it } from 'vitest';
import torch, { nn, Tensor } from 'torch-node';

import { python } from '../reference.js';
import { hexed } from './comparison.js';

/** Reports values: tensors with their bytes, modules as text, an object as pairs. */
export type Show = (...values: unknown[]) => void;

export interface Pair {
  /** Runs in Python: see tests/reference/snippets.py. */
  py: string;
  ts: (show: Show) => void;
}

function plain(value: unknown): unknown {
  if (value instanceof Tensor) {
    const { requires_grad } = value;
    return {
      shape: [...value.shape],
      dtype: String(value.dtype),
      requires_grad,
      parameter: value instanceof nn.Parameter,
      hex: hexed(value),
    };
  }
  if (value instanceof nn.Module) return String(value);
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(plain);
  if (Symbol.iterator in value) return [...(value as Iterable<unknown>)].map(plain);
  return Object.entries(value).map(([key, item]) => [key, plain(item)]);
}

function shown_by(run: (show: Show) => void): unknown[] {
  const shown: unknown[] = [];
  torch.manual_seed(1);
  try {
    run((...values) => void shown.push(...values.map(plain)));
  } catch (error) {
    shown.push({ error: (error as Error).message });
  }
  return shown;
}

/** Python of a pair that comes after the definitions of classes. */
export function after(definitions: string, body: string): string {
  const lines = body.split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return `${definitions}\n${lines.map((line) => line.slice(indent)).join('\n')}`;
}

/** A test for each pair: both must show the same, to the last bit. */
export function side_by_side(pairs: Record<string, Pair>): void {
  let answers: unknown[][];
  beforeAll(() => {
    answers = python<unknown[][]>('snippets.py', [Object.values(pairs).map(({ py }) => py)]);
  });
  Object.entries(pairs).forEach(([name, { ts }], i) => {
    it(name, () => {
      expect(answers[i]!.length).toBeGreaterThan(0);
      expect(shown_by(ts)).toEqual(answers[i]);
    });
  });
}
