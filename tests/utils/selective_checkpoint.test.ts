/** Checkpoints that save what some operators have computed, compared with Python's. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import { TorchDispatchMode } from 'torch-node/utils/_python_dispatch';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const { checkpoint, CheckpointPolicy, create_selective_checkpoint_contexts, SAC_IGNORED_OPS } = torch.utils.checkpoint;
type Overload = Parameters<TorchDispatchMode['__torch_dispatch__']>[0];
type Policy = Parameters<typeof create_selective_checkpoint_contexts>[0];

interface Answer {
  out: number[][];
  grads: number[][][];
  first: string[];
  second: string[];
}
const theirs = python<{ errors: Record<string, string | null> } & Record<string, Answer>>('selective_checkpoint.py');

class Log extends TorchDispatchMode {
  readonly lines: string[] = [];

  __torch_dispatch__(func: Overload, _types: [], args: unknown[], kwargs: object): unknown {
    this.lines.push(String(func));
    return func(...args, kwargs);
  }
}

function fn(x: Tensor, w: Tensor): Tensor {
  const h = torch.tanh(x.mm(w)).mm(w);
  const [values] = h.max(1);
  return torch.sigmoid(h).mul(values.unsqueeze(1));
}

function inputs(): [x: Tensor, w: Tensor] {
  const x = torch.arange(6, { dtype: torch.float32 }).view(2, 3).div(10).requires_grad_();
  return [x, torch.arange(9, { dtype: torch.float32 }).view(3, 3).div(7).requires_grad_()];
}

const aten = (name: string, overload = 'default'): Overload => torch.ops.aten[name]![overload]!;

const policies: Record<string, Policy> = {
  nothing: [],
  mm: [aten('mm')],
  'mm and sigmoid': [aten('mm'), aten('sigmoid')],
  policy: (_, op) => (op === aten('tanh') ? CheckpointPolicy.PREFER_SAVE : op === aten('max', 'dim')),
  everything: () => CheckpointPolicy.MUST_SAVE,
  offload: () => CheckpointPolicy.MUST_CPU_OFFLOAD,
};

/**
 * How often results are detached differs between the two and is not a part of what is saved, nor are the copies of gradients, whose
 * objects of JavaScript live on when they become those of leaves.
 */
const COPIES = ['aten.detach.default', 'aten.new_empty_strided.default', 'aten.copy_.default'];
const without_copies = (names: string[]): string[] => names.filter((name) => !COPIES.includes(name));

describe('a selective checkpoint', () => {
  it.each(Object.keys(policies))('saves and computes again what the one of Python does: %s', (name) => {
    const [x, w] = inputs();
    const [first, second] = [new Log(), new Log()];
    const context_fn = () => create_selective_checkpoint_contexts(policies[name]!);
    const out = first.run(() => checkpoint(fn, x, w, { use_reentrant: false, context_fn }));
    second.run(() => out.sum().backward());
    const { out: expected, grads, ...runs } = theirs[name]!;
    expect(out.tolist()).toEqual(expected);
    expect([x.grad!.tolist(), w.grad!.tolist()]).toEqual(grads);
    expect(without_copies(first.lines)).toEqual(without_copies(runs.first));
    expect(without_copies(second.lines)).toEqual(without_copies(runs.second));
  });

  function run(function_: typeof fn, policy: Policy, times = 1, options = {}): void {
    const [x, w] = inputs();
    const context_fn = () => create_selective_checkpoint_contexts(policy, options);
    const out = checkpoint(function_, x, w, { use_reentrant: false, context_fn });
    for (let i = 0; i < times; i++) out.sum().backward({ retain_graph: true });
  }

  function changing(x: Tensor, w: Tensor): Tensor {
    const y = x.mm(w);
    const z = torch.sigmoid(y.detach().clone());
    y.mul_(2);
    return y.mul(z);
  }

  function error_of(run: () => unknown): string | null {
    try {
      run();
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }

  it('complains in the words of Python', () => {
    let runs = 0;
    const differing = (x: Tensor, w: Tensor): Tensor => {
      const y = x.mm(w).tanh();
      return ++runs === 1 ? y.exp() : y.sin();
    };
    expect({
      twice: error_of(() => run(fn, [aten('mm')], 2)),
      changed: error_of(() => run(changing, [aten('mm')])),
      'changed, allowed': error_of(() => run(changing, [aten('mm')], 1, { allow_cache_entry_mutation: true })),
      differing: error_of(() => run(differing, () => true)),
    }).toEqual(theirs.errors);
    expect(error_of(() => create_selective_checkpoint_contexts(3 as unknown as Policy))).toBe(
      "create_selective_checkpoint_contexts(): argument 'policy_fn_or_list' must be a function or a list of ops, not int",
    );
    expect(error_of(() => create_selective_checkpoint_contexts([torch.ops.aten['mm'] as unknown as Overload]))).toMatch(
      /^Expected op in `op_list` to be an OpOverload but got: aten.mm of type .* Please update the OpOverloadPacket/,
    );
  });

  it('tells a policy the operator, its arguments and its result', () => {
    const told: unknown[] = [];
    run(fn, (context, op, ...args) => {
      if (op === aten('max', 'dim'))
        told.push(context.is_recompute, (context.op_output as Tensor[]).length, args.slice(1));
      return false;
    });
    expect(told).toEqual([false, 2, [1]]);
  });

  it('takes no policy for one that saves nothing, as Python does, and refuses what is none', () => {
    const policy = (result: unknown) => (() => result) as unknown as Policy;
    expect(error_of(() => run(fn, policy(undefined), 2))).toBe(error_of(() => run(fn, () => false, 2)));
    const must = 'create_selective_checkpoint_contexts(): the policy must return CheckpointPolicy or bool, not';
    expect(error_of(() => run(fn, policy('MUST_SAVE')))).toBe(`${must} str`);
    expect(error_of(() => run(fn, policy(Promise.resolve(true))))).toBe(`${must} Promise`);
  });

  it('never saves what it ignores', () => {
    expect([...SAC_IGNORED_OPS].map(String)).toEqual(['aten.detach.default']);
  });
});
