/**
 * Checkpoints with `debug: true`: the operators of both runs, as Python lists them (but for the `detach` of what nothing asks for, which
 * its text says to ignore), and what a `context_fn` must return.
 */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { expect, it } from 'vitest';

import { python } from '../reference.js';

const { checkpoint, CheckpointError, noop_context_fn, set_checkpoint_debug_enabled } = torch.utils.checkpoint;

const SCRIPT = `
import torch
from torch.utils.checkpoint import *
runs = []
def f(x):
    runs.append(1)
    y = x.exp().mul(2)
    z = torch.cat([y, y]).view(2, 2).softmax(1).to(torch.float64)
    parts = y.split(1)
    return (y.sum() if len(runs) > 1 else y).exp().sum() + z.sum() + parts[0].sum()
x = torch.ones(2, requires_grad=True)
y = checkpoint(f, x, use_reentrant=False, debug=True)
try:
    y.backward()
except CheckpointError as error:
    show(str(error))
`;

const from = 'Operations executed during the original forward:';

function failing(): (x: Tensor) => Tensor {
  let runs = 0;
  return (x) => {
    runs++;
    const y = x.exp().mul(2);
    const z = torch.cat([y, y]).view(2, 2).softmax(1).to(torch.float64);
    const parts = y.split(1);
    return (runs > 1 ? y.sum() : y).exp().sum().add(z.sum()).add(parts[0]!.sum());
  };
}

function message_of(run: () => Tensor): string {
  try {
    run().backward();
  } catch (error) {
    if (error instanceof CheckpointError) return error.message;
    throw error;
  }
  throw new Error('the runs did not differ');
}

it("lists the operators of both runs in Python's text", () => {
  const [[theirs]] = python<[[string]]>('standard.py', [[SCRIPT]]);
  const x = torch.ones(2, { requires_grad: true });
  const ours = message_of(() => checkpoint(failing(), x, { use_reentrant: false, debug: true }));
  expect(ours.slice(ours.indexOf(from))).toBe(theirs.slice(theirs.indexOf(from)));
  const headings = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('|'));
  expect(headings(ours)).toEqual(headings(theirs));
  expect(ours).toMatch(/aten\.exp\.default\(\$0\) {3}\(1 of \d+ in original\)\n\n.*checkpoint_debug\.test\.ts:\d+:/s);
});

it('changes no gradient', () => {
  const x = torch.ones(2, { requires_grad: true });
  const y = checkpoint((x: Tensor) => x.exp().sin(), x, { use_reentrant: false, debug: true });
  y.sum().backward();
  expect(x.grad!.allclose(x.exp().cos().mul(x.exp()))).toBe(true);
});

it('is switched for all by set_checkpoint_debug_enabled', () => {
  const x = torch.ones(2, { requires_grad: true });
  const run = (debug: boolean): Tensor => checkpoint(failing(), x, { use_reentrant: false, debug });
  expect(message_of(() => set_checkpoint_debug_enabled(true, () => run(false)))).toContain(from);
  expect(message_of(() => set_checkpoint_debug_enabled(false, () => run(true)))).toMatch(/Tip: To see a more detailed/);
  expect(message_of(() => set_checkpoint_debug_enabled(null, () => run(true)))).toContain(from);
});

it('refuses debug with a context_fn, and with use_reentrant', () => {
  const x = torch.ones(2, { requires_grad: true });
  const context_fn = (): ReturnType<typeof noop_context_fn> => noop_context_fn();
  const run = (options: object) => () => checkpoint((x: Tensor) => x, x, { debug: true, ...options });
  expect(run({ use_reentrant: false, context_fn })).toThrow('debug=True is incompatible with non-default context_fn');
  expect(run({ use_reentrant: true })).toThrow('is only supported when use_reentrant=False');
  expect(() => run({ use_reentrant: false, context_fn: noop_context_fn })()).not.toThrow();
});

it.each([
  ['not a pair', () => null, 'not NoneType'],
  ['one context', () => [torch.no_grad()], 'not 1'],
  ['three contexts', () => [torch.no_grad(), torch.no_grad(), torch.no_grad()], 'not 3'],
  ['what is no context', () => [1, 2], 'not int'],
])('names the function when context_fn returns %s', (_, context_fn, end) => {
  const x = torch.ones(2, { requires_grad: true });
  const options = { use_reentrant: false, context_fn: context_fn as never };
  expect(() => checkpoint((x: Tensor) => x, x, options)).toThrow(
    `checkpoint(): argument 'context_fn' must return two context managers, ${end}`,
  );
});
