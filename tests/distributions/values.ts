/** Values of both languages, in one form. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';

import { hex_of, python } from '../reference.js';
import type { Argument, Case } from './cases.js';

/** A value as tests/reference/distributions.py writes it. */
export type Encoded =
  | { dtype: string; shape: number[]; hex: string }
  | { size: number[] }
  | { error: string }
  | Encoded[]
  | string
  | number
  | boolean
  | null;

/** Runs a mode of the script over cases. */
export function reference<T>(mode: string, cases: unknown): T {
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-distributions-'));
  try {
    const file = join(folder, 'cases.json');
    writeFileSync(file, JSON.stringify(cases));
    return python<T>('distributions.py', [mode, file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function encoded(value: unknown): Encoded {
  if (value instanceof torch.Tensor) {
    const bytes = value.detach().contiguous().view([-1]).view(torch.uint8).numpy().data as Uint8Array;
    return {
      dtype: String(value.dtype).replace('torch.', ''),
      shape: [...value.shape],
      hex: value.numel() === 0 ? '' : hex_of(bytes),
    };
  }
  if (value instanceof torch.Size) return { size: [...value] };
  if (Array.isArray(value)) return value.map(encoded);
  if (value === null || value === undefined) return null;
  return value as Encoded;
}

/** The text without the name of the function that errors of operators begin with here. */
export const without_name = (text: string): string => text.replace(/^\w+\(\): /, '');

export function attempt(make: () => unknown): Encoded {
  try {
    return encoded(make());
  } catch (error) {
    return { error: without_name((error as Error).message) };
  }
}

type Made = new (...args: unknown[]) => torch.distributions.Distribution;
const classes = torch.distributions as unknown as Record<string, Made>;

function decoded(value: Argument, dtype: torch.DType, leaves: torch.Tensor[]): unknown {
  if (Array.isArray(value)) return value.map((item) => decoded(item, dtype, leaves));
  if (typeof value !== 'object' || value === null) return value;
  if ('of' in value) {
    const args = value.args.map((item) => decoded(item, dtype, leaves));
    return new classes[value.of]!(...args);
  }
  const tensor = torch.tensor(value.tensor as number[], { dtype });
  leaves.push(tensor.requires_grad_());
  return tensor;
}

export function constructed(one: Case): [torch.distributions.Distribution, torch.Tensor[]] {
  const leaves: torch.Tensor[] = [];
  const dtype = torch[one.dtype];
  const named = Object.fromEntries(
    Object.entries(one.args).map(([name, value]) => [name, decoded(value, dtype, leaves)]),
  );
  return [new classes[one.name]!(named), leaves];
}

export function gradients(value: torch.Tensor, leaves: readonly torch.Tensor[]): (torch.Tensor | null)[] {
  return torch.autograd.grad(value.sum(), leaves, { allow_unused: true }) as (torch.Tensor | null)[];
}

/** The numbers of an encoded tensor. */
function numbers_of({ dtype, hex }: { dtype: string; hex: string }): number[] {
  const bytes = Buffer.from(hex, 'hex');
  const whole = new Uint8Array(bytes).buffer;
  if (dtype === 'float32') return [...new Float32Array(whole)];
  if (dtype === 'float64') return [...new Float64Array(whole)];
  return [...bytes];
}

/** What differs between two values, of which all bits must agree; undefined when nothing does. */
export function difference(ours: Encoded, theirs: Encoded): string | undefined {
  if (JSON.stringify(ours) === JSON.stringify(theirs)) return undefined;
  if (Array.isArray(ours) && Array.isArray(theirs) && ours.length === theirs.length)
    return ours.map((value, i) => difference(value, theirs[i]!)).find((text) => text !== undefined);
  return `${shown(ours)}, not ${shown(theirs)}`;
}

function shown(value: Encoded): string {
  if (value === null || typeof value !== 'object' || !('hex' in value)) return JSON.stringify(value);
  return `${value.dtype} ${JSON.stringify(value.shape)} ${numbers_of(value).slice(0, 8).join(', ')}`;
}
