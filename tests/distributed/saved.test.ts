/** Files of models in `DistributedDataParallel`: saved here and loaded in Python, and the other way round. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';

import { python } from '../reference.js';

const dist = torch.distributed;
const { DistributedDataParallel } = nn.parallel;
const loading = { weights_only: false } as const;

const folder = mkdtempSync(join(tmpdir(), 'torch-node-ddp-'));
const file = (name: string): string => join(folder, name);
const head = `
import tempfile, torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel
def join():
    dist.init_process_group('gloo', init_method='file://' + tempfile.mktemp(), rank=0, world_size=1)
join()
`;
/** Runs a program in a Python process with a group of its own. */
const in_python = (body: string): unknown[] =>
  python<unknown[][]>('snippets.py', [[`${head}${body}\ndist.destroy_process_group()`]])[0]!;

const net = (): nn.Sequential => new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3), new nn.Linear(3, 1));

/** Losses of three steps. */
function trained(model: nn.Module): number[] {
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1 });
  const x = torch.arange(8, { dtype: torch.float32 }).view(4, 2);
  return [0, 1, 2].map(() => {
    optimizer.zero_grad();
    const loss = (model as unknown as (x: Tensor) => Tensor)(x).pow(2).sum();
    loss.backward();
    optimizer.step();
    return loss.item();
  });
}
const trained_py = `
def trained(model):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x = torch.arange(8.).view(4, 2)
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        loss = model(x).pow(2).sum()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
`;

describe('a saved DistributedDataParallel', () => {
  beforeAll(() => {
    dist.init_process_group('gloo', { init_method: `file://${file('store')}`, rank: 0, world_size: 1 });
  });
  afterAll(() => {
    if (dist.is_initialized()) dist.destroy_process_group();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is loaded by Python, and trains there', () => {
    torch.manual_seed(3);
    const options = { find_unused_parameters: true, bucket_cap_mb: 1, forward_sync_buffers: false };
    const model = new DistributedDataParallel(net(), options);
    torch.save({ model, epoch: 3 }, file('ours.pt'));
    const losses = trained(model);
    const shown = in_python(`${trained_py}
saved = torch.load('${file('ours.pt')}', weights_only=False)
model = saved['model']
show(type(model).__name__, saved['epoch'], model.find_unused_parameters, model.forward_sync_buffers, model.bucket_bytes_cap, str(model.device))
show(trained(model), list(model.state_dict()))`);
    expect(shown).toEqual([
      'DistributedDataParallel',
      3,
      true,
      false,
      1024 * 1024,
      'cpu',
      losses,
      Object.keys(model.state_dict()),
    ]);
  });

  it('has the attributes that Python writes', () => {
    torch.save(new DistributedDataParallel(net()), file('attributes.pt'));
    const [ours, theirs] = in_python(`
ours = torch.load('${file('attributes.pt')}', weights_only=False)
theirs = DistributedDataParallel(torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3), torch.nn.Linear(3, 1)))
def described(model):
    state = model.__getstate__()
    return sorted((k, type(v).__name__, repr(v) if isinstance(v, (int, str, bool, type(None))) or k.endswith('_config') else '') for k, v in state.items())
show([list(each) for each in described(ours)]); show([list(each) for each in described(theirs)])`);
    expect(ours).toEqual(theirs);
  });

  it('of Python is loaded here, and trains', () => {
    const [losses, caps] = in_python(`${trained_py}
torch.manual_seed(4)
model = DistributedDataParallel(torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3), torch.nn.Linear(3, 1)), gradient_as_bucket_view=True, bucket_cap_mb=2)
torch.save({'models': [model], 'epoch': 5}, '${file('theirs.pt')}')
show(trained(model), [model.gradient_as_bucket_view, model.static_graph])`) as [number[], boolean[]];
    const saved = torch.load<{ models: [InstanceType<typeof DistributedDataParallel>]; epoch: number }>(
      file('theirs.pt'),
      loading,
    );
    const [model] = saved.models;
    expect(model).toBeInstanceOf(DistributedDataParallel);
    expect([model.gradient_as_bucket_view, model.static_graph]).toEqual(caps);
    expect(saved.epoch).toBe(5);
    expect(trained(model)).toEqual(losses);
  });

  it('is loaded here again, in a module that holds it', () => {
    class Holder extends nn.Module {
      inner = new DistributedDataParallel(net());
      forward(x: Tensor): Tensor {
        return this.inner(x) as Tensor;
      }
    }
    torch.serialization.safe_globals([[Holder, 'models.Holder']], () => {
      const holder = new Holder();
      torch.save(holder, file('holder.pt'));
      const again = torch.load<Holder>(file('holder.pt'), loading);
      expect(again.inner.process_group).toBe(holder.inner.process_group);
      expect(trained(again)).toEqual(trained(holder));
    });
  });

  it('throws what Python raises, for another group and without one', () => {
    const group = dist.new_group([0]);
    const other = new DistributedDataParallel(net(), { process_group: group });
    const model = new DistributedDataParallel(net());
    torch.save(model, file('alone.pt'));
    const [with_group, saving, loaded] = in_python(`
def tried(run):
    try: run()
    except Exception as error: show(str(error))
net = torch.nn.Linear(2, 1)
tried(lambda: torch.save(DistributedDataParallel(net, process_group=dist.new_group([0])), '${file('none.pt')}'))
model = DistributedDataParallel(net)
torch.save(model, '${file('alone_py.pt')}')
dist.destroy_process_group()
tried(lambda: torch.save(model, '${file('none.pt')}'))
tried(lambda: torch.load('${file('alone_py.pt')}', weights_only=False))
join()`) as [string, string, string];
    expect(() => torch.save(other, file('none.pt'))).toThrow(with_group);
    dist.destroy_process_group();
    expect(() => torch.save(model, file('none.pt'))).toThrow(saving);
    expect(() => torch.load(file('alone.pt'), loading)).toThrow(loaded);
  });
});
