/** `torch.autograd.profiler.emit_itt` and `emit_nvtx`, with Python's answers where there is no such profiler and no CUDA. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { afterAll, expect, it } from 'vitest';

import { python } from '../reference.js';

const { emit_itt, emit_nvtx, profile } = torch.autograd.profiler;
const folder = mkdtempSync(join(tmpdir(), 'torch-node-emit-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const within = 'torch.autograd.profiler.';
const entered = (made: string): string =>
  `(lambda c: (c.__enter__(), c.__exit__(None, None, None), c.__enter__()))(${within}${made})`;
const add = (): torch.Tensor => torch.ones(2).add(1);
const cases: [python: string, ours: () => unknown][] = [
  [entered('emit_itt()'), () => twice(emit_itt())],
  [`${within}emit_nvtx().__enter__()`, () => emit_nvtx(add)],
];

function twice(guard: <F extends () => unknown>(fn: F) => F): void {
  for (let i = 0; i < 2; i++) guard(add)();
}

function error_of(fn: () => unknown): string | undefined {
  try {
    fn();
  } catch (error) {
    // The second line says how to get CUDA.
    return (error as Error).message.split('\n')[0];
  }
  return undefined;
}

it.runIf(!torch.cuda.is_available())('throws as in Python', () => {
  const file = join(folder, 'texts.json');
  writeFileSync(file, JSON.stringify(cases.map(([text]) => text)));
  const expected = python<{ error?: string }[]>('python_texts.py', [file]);
  expect(cases.map(([, ours]) => error_of(ours))).toEqual(expected.map(({ error }) => error));
});

it('runs the operators of a function and of a block, and leaves the profiler as it was', () => {
  expect(String(emit_itt({ record_shapes: true }, add))).toBe('tensor([2., 2.])');
  {
    using _ = emit_itt(true, true);
    expect(String(add())).toBe('tensor([2., 2.])');
  }
  expect(profile(add).function_events.map(({ name }) => name)).toContain('aten::add');
});

it('is not within a profile, nor a profile within it', () => {
  const text = 'Profiler is already enabled on this thread';
  expect(error_of(() => profile(() => emit_itt(add)))).toBe(text);
  expect(error_of(() => emit_itt(() => profile(add)))).toBe(text);
  expect(profile(add).function_events.length).toBeGreaterThan(0);
});

it('does nothing when it is not enabled', () => {
  expect(String(emit_nvtx(false, {}, add))).toBe('tensor([2., 2.])');
  expect(profile(() => emit_itt({ enabled: false }, add)).function_events.map(({ name }) => name)).toContain(
    'aten::add',
  );
});
