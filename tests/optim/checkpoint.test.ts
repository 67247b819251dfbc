/** Checkpoints as files, of every optimizer with a scheduler: written by Python and read here, and the other way. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { optim, type Tensor } from 'torch-node';
import { afterAll, describe, expect, it } from 'vitest';

import { python } from '../reference.js';

interface Result {
  param: unknown;
  lr: unknown;
  last_epoch: number;
}

interface Saved {
  param: Tensor;
  optimizer: unknown;
  scheduler: optim.lr_scheduler.SchedulerState;
}

type AnyOptimizer = Omit<optim.AnyOptimizer, 'step' | 'param_groups'> & {
  step(closure?: () => Tensor): unknown;
  load_state_dict(state_dict: unknown): void;
  readonly param_groups: readonly { readonly params: readonly Tensor[]; lr?: unknown }[];
};

const names = [
  'Adadelta',
  'Adafactor',
  'Adagrad',
  'Adam',
  'Adamax',
  'AdamW',
  'ASGD',
  'LBFGS',
  'Muon',
  'NAdam',
  'RAdam',
  'RMSprop',
  'Rprop',
  'SGD',
  'SparseAdam',
];
const options: Record<string, object> = {
  SGD: { momentum: 0.9 },
  RMSprop: { centered: true },
  Adam: { amsgrad: true },
};
const kinds = optim as unknown as Record<string, new (params: Tensor[], options: object) => AnyOptimizer>;

function make(name: string, param: Tensor): [AnyOptimizer, optim.lr_scheduler.LRScheduler] {
  const optimizer = new (kinds[name] as (typeof kinds)[string])([param], options[name] ?? {});
  return [optimizer, new optim.lr_scheduler.MultiStepLR(optimizer as unknown as optim.AnyOptimizer, [1, 1, 4], 0.5)];
}

function step(name: string, optimizer: AnyOptimizer, scheduler: optim.lr_scheduler.LRScheduler, param: Tensor): Result {
  if (name === 'LBFGS') {
    optimizer.step(() => {
      optimizer.zero_grad();
      const loss = param.square().sum();
      loss.backward();
      return loss;
    });
  } else {
    const grad = torch.full_like(param, 0.5).detach();
    param.grad = name === 'SparseAdam' ? grad.to_sparse(1) : grad;
    optimizer.step();
  }
  scheduler.step();
  return { param: param.tolist(), lr: optimizer.param_groups[0]?.lr, last_epoch: scheduler.last_epoch };
}

const folder = mkdtempSync(join(tmpdir(), 'torch-node-optim-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const theirs = python<Result[]>('optim_checkpoint.py', ['write', folder, names]);
const from_theirs = names.map((name) => {
  const saved = torch.load(join(folder, `${name}.pt`)) as Saved;
  const param = saved.param.requires_grad_();
  const [optimizer, scheduler] = make(name, param);
  optimizer.load_state_dict(saved.optimizer);
  scheduler.load_state_dict(saved.scheduler);
  const result = step(name, optimizer, scheduler, param);
  const ours = { param: param.detach().clone(), optimizer: optimizer.state_dict(), scheduler: scheduler.state_dict() };
  torch.save(ours, join(folder, `${name}.ours.pt`));
  return { result, next: step(name, optimizer, scheduler, param) };
});
const from_ours = python<Result[]>('optim_checkpoint.py', ['read', folder, names]);

describe.each(names.map((name, i) => [name, i] as const))('%s', (_name, i) => {
  it('goes on from a file of Python', () => {
    expect(from_theirs[i]?.result).toEqual(theirs[i]);
  });

  it('writes a file from which Python goes on', () => {
    expect(from_ours[i]).toEqual(from_theirs[i]?.next);
  });
});
