/** Tensors, modules, files, generators and streams on devices that are not the CPU, as in Python on the same devices. */
import { beforeAll, describe, expect, it } from 'vitest';

import { python } from '../reference.js';
import { imitation, on_imitation, prelude } from './library.js';

// Elsewhere it is not built: its memory is mapped as Linux does it.
const linux = process.platform === 'linux';

beforeAll(() => {
  if (linux) imitation();
}, 600_000);

type Case = readonly [name: string, ours: string, theirs: string];

/** What programs show here and in Python, where each starts with the same seed. */
function compare(cases: readonly Case[]): void {
  it('as in Python', () => {
    const said = python<unknown[][]>('imitation.py', [imitation(), cases.map(([, , theirs]) => theirs)]);
    const runs = cases.map(([, ours]) => `async (show) => { ${ours} }`);
    const shown = on_imitation<unknown[][]>(`
      const all = [];
      for (const run of [${runs.join(',\n')}]) {
        const shown = [];
        torch.manual_seed(1);
        torch.accelerator.set_device_index(0);
        try {
          await run((...values) => shown.push(...values));
        } catch (error) {
          shown.push({ error: error.message });
        }
        all.push(shown);
      }
      return all;`);
    const named = (values: unknown[][]): unknown => Object.fromEntries(cases.map(([name], i) => [name, values[i]]));
    expect(named(shown)).toEqual(named(said));
    expect(said.every((values) => values.length > 0)).toBe(true);
  });
}

describe.runIf(linux)('the accelerator', () => {
  compare([
    [
      'its devices',
      `const { accelerator } = torch;
       show(accelerator.is_available(), String(accelerator.current_accelerator()), accelerator.device_count());
       show(accelerator.current_device_index());
       accelerator.set_device_index(1);
       show(accelerator.current_device_index(), String(torch.ones(1, { device }).device));
       accelerator.device_index(0, () => show(String(torch.ones(1, { device }).device)));
       const guard = accelerator.device_index(0);
       const undo = guard[Symbol.dispose];
       show(accelerator.current_device_index());
       undo.call(guard);
       show(accelerator.current_device_index(), String(torch.device(0)));`,
      `accelerator = torch.accelerator
show(accelerator.is_available(), str(accelerator.current_accelerator()), accelerator.device_count())
show(accelerator.current_device_index())
accelerator.set_device_index(1)
show(accelerator.current_device_index(), str(torch.ones(1, device=device).device))
with accelerator.device_index(0):
    show(str(torch.ones(1, device=device).device))
with accelerator.device_index(0):
    show(accelerator.current_device_index())
show(accelerator.current_device_index(), str(torch.device(0)))
accelerator.set_device_index(0)`,
    ],
    [
      'a device as the default',
      `torch.set_default_device('imitation:1');
       show(String(torch.ones(1).device), String(new nn.Linear(1, 1).weight.device));
       const p = new nn.Parameter(torch.ones(1));
       for (const name of ['Adam', 'AdamW', 'Adadelta', 'Adagrad', 'Adamax', 'ASGD', 'NAdam', 'RAdam', 'RMSprop', 'Rprop']) {
         const optimizer = new torch.optim[name]([p]);
         p.grad = torch.ones(1);
         optimizer.step();
         show(name, String(optimizer.state.get(p).step.device));
       }
       torch.set_default_device('cpu');
       torch.device('imitation', () => show(String(torch.zeros(2).device)));`,
      `torch.set_default_device('imitation:1')
show(str(torch.ones(1).device), str(nn.Linear(1, 1).weight.device))
p = nn.Parameter(torch.ones(1))
for name in ['Adam', 'AdamW', 'Adadelta', 'Adagrad', 'Adamax', 'ASGD', 'NAdam', 'RAdam', 'RMSprop', 'Rprop']:
    optimizer = getattr(torch.optim, name)([p])
    p.grad = torch.ones(1)
    optimizer.step()
    show(name, str(optimizer.state[p]['step'].device))
torch.set_default_device('cpu')
with torch.device('imitation'):
    show(str(torch.zeros(2).device))`,
    ],
    [
      'memory',
      `const x = torch.ones(1000, { device: 'imitation:1' });
       show(torch.accelerator.memory_allocated(1) >= 4096, torch.accelerator.memory_reserved(1) >= 4096);
       show(torch.accelerator.get_memory_info(1)[1], x.sum().item());`,
      `x = torch.ones(1000, device='imitation:1')
show(torch.accelerator.memory_allocated(1) >= 4096, torch.accelerator.memory_reserved(1) >= 4096)
show(torch.accelerator.get_memory_info(1)[1], x.sum().item())`,
    ],
  ]);

  it('says that a device has no module of its own', () => {
    expect(on_imitation(`try { torch.get_device_module(device); } catch (error) { return error.message; }`)).toBe(
      "Device 'imitation' does not have a corresponding module registered as 'torch.imitation'.",
    );
    expect(on_imitation(`return torch.get_device_module('cpu') === torch.cpu;`)).toBe(true);
  });

  it('throws for a device that there is not', () => {
    const messages = on_imitation<string[]>(`
      const messages = [];
      for (const run of [
        () => torch.ones(2, { device: 'imitation:2' }),
        () => torch.ones(2).to('imitation:7'),
        () => torch.accelerator.set_device_index(5),
        () => new torch.Generator({ device: 'imitation:3' }),
        () => torch.accelerator.synchronize(4),
        () => new nn.Linear(2, 2).to('imitation:2'),
      ]) {
        try { run(); messages.push('nothing thrown'); } catch (error) { messages.push(error.message); }
      }
      return messages;`);
    for (const message of messages) expect(message).toMatch(/imitation: there is no device \d of 2/);
  });
});

describe.runIf(linux)('moves', () => {
  compare([
    [
      'tensors',
      `const x = torch.arange(6, { dtype: torch.float32 }).view(2, 3);
       const there = x.to(device);
       show(String(there), String(there.device), there.is_cpu, there.cpu().equal(x));
       show(there.to('imitation:1').mul(2).tolist(), String(there.to(1).device));
       show(there.to('cpu', torch.int64).tolist(), String(there.new_zeros(2).device));
       show(there.index(1, ':2').tolist(), there.t().contiguous().tolist(), torch.cat([there, there]).tolist());
       show(there.add(torch.tensor(2)).tolist(), there.to(device).data_ptr() === there.data_ptr());
       show(there.type(), String(torch.zeros(0, { device })));`,
      `x = torch.arange(6, dtype=torch.float32).view(2, 3)
there = x.to(device)
show(str(there), str(there.device), there.is_cpu, there.cpu().equal(x))
show((there.to('imitation:1') * 2).tolist(), str(there.to(1).device))
show(there.to('cpu', torch.int64).tolist(), str(there.new_zeros(2).device))
show(there[1, :2].tolist(), there.t().contiguous().tolist(), torch.cat([there, there]).tolist())
show((there + torch.tensor(2)).tolist(), there.to(device).data_ptr() == there.data_ptr())
show(there.type(), str(torch.zeros(0, device=device)))`,
    ],
    [
      'modules and optimizers',
      `const net = new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4), new nn.ReLU(), new nn.Linear(4, 1));
       const before = net[0].weight;
       net.to('imitation:1');
       const weight = net[0].weight;
       show(weight === before, String(weight.device), String(before.device), String(net[1].running_mean.device));
       const optimizer = new optim.Adam(net.parameters(), { lr: 0.1 });
       const x = torch.arange(12, { dtype: torch.float32 }).view(4, 3).to('imitation:1');
       for (let i = 0; i < 3; i++) {
         optimizer.zero_grad();
         net(x).square().mean().backward();
         optimizer.step();
       }
       show(net(x).tolist(), String(optimizer.state_dict().state[0].exp_avg.device), String(weight.grad.device));
       net.cpu();
       show(String(net[0].weight.device), net.eval()(x.cpu()).tolist());`,
      `net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 1))
before = net[0].weight
net.to('imitation:1')
weight = net[0].weight
show(weight is before, str(weight.device), str(before.device), str(net[1].running_mean.device))
optimizer = optim.Adam(net.parameters(), lr=0.1)
x = torch.arange(12, dtype=torch.float32).view(4, 3).to('imitation:1')
for i in range(3):
    optimizer.zero_grad()
    net(x).square().mean().backward()
    optimizer.step()
show(net(x).tolist(), str(optimizer.state_dict()['state'][0]['exp_avg'].device), str(weight.grad.device))
net.cpu()
show(str(net[0].weight.device), net.eval()(x.cpu()).tolist())`,
    ],
    [
      'state dicts and optimizers loaded from another device',
      `const here = new nn.Linear(2, 2);
       const there = new nn.Linear(2, 2).to(device);
       there.load_state_dict(here.state_dict());
       show(String(there.weight.device), there.weight.cpu().equal(here.weight));
       const first = new optim.SGD(here.parameters(), { lr: 0.1, momentum: 0.9 });
       here(torch.ones(1, 2)).sum().backward();
       first.step();
       const second = new optim.SGD(there.parameters(), { lr: 0.1, momentum: 0.9 });
       second.load_state_dict(first.state_dict());
       show(String(second.state_dict().state[0].momentum_buffer.device));`,
      `here = nn.Linear(2, 2)
there = nn.Linear(2, 2).to(device)
there.load_state_dict(here.state_dict())
show(str(there.weight.device), there.weight.cpu().equal(here.weight))
first = optim.SGD(here.parameters(), lr=0.1, momentum=0.9)
here(torch.ones(1, 2)).sum().backward()
first.step()
second = optim.SGD(there.parameters(), lr=0.1, momentum=0.9)
second.load_state_dict(first.state_dict())
show(str(second.state_dict()['state'][0]['momentum_buffer'].device))`,
    ],
    [
      'files',
      `const { mkdtempSync } = require('node:fs');
       const path = require('node:path').join(mkdtempSync(require('node:os').tmpdir() + '/imitation-'), 'x.pt');
       const x = torch.arange(4, { dtype: torch.float32 }).to('imitation:1');
       torch.save({ x, row: x.index(1) }, path);
       const all = [{}, { map_location: 'cpu' }, { map_location: 'imitation:0' }, { map_location: { 'imitation:1': 'imitation:0' } }, { map_location: (storage) => storage }];
       for (const options of all) {
         const loaded = torch.load(path, options);
         show(String(loaded.x.device), loaded.x.tolist(), loaded.row.untyped_storage().data_ptr() === loaded.x.untyped_storage().data_ptr());
       }`,
      `import tempfile
path = tempfile.mkdtemp() + '/x.pt'
x = torch.arange(4, dtype=torch.float32).to('imitation:1')
torch.save({'x': x, 'row': x[1]}, path)
for options in [{}, {'map_location': 'cpu'}, {'map_location': 'imitation:0'}, {'map_location': {'imitation:1': 'imitation:0'}}, {'map_location': lambda storage, _: storage}]:
    loaded = torch.load(path, **options)
    show(str(loaded['x'].device), loaded['x'].tolist(), loaded['row'].untyped_storage().data_ptr() == loaded['x'].untyped_storage().data_ptr())`,
    ],
  ]);
});

describe.runIf(linux)('copies that do not wait', () => {
  compare([
    [
      'between pinned memory and a device',
      `const pinned = torch.arange(4, { dtype: torch.float32 }).pin_memory();
       show(pinned.is_pinned(), torch.ones(2).is_pinned(), torch.zeros(2, { pin_memory: true }).is_pinned());
       const there = torch.zeros(4, { device });
       there.copy_(pinned, { non_blocking: true });
       pinned.fill_(9);
       torch.accelerator.synchronize();
       show(there.tolist());
       const back = torch.zeros(4).pin_memory();
       back.copy_(torch.ones(4, { device }), { non_blocking: true });
       show(back.tolist());
       torch.accelerator.synchronize();
       show(back.tolist());
       const event = new torch.Event(device);
       back.copy_(torch.zeros(4, { device }), { non_blocking: true });
       event.record();
       show(event.query());
       event.synchronize();
       show(event.query(), back.tolist());`,
      `pinned = torch.arange(4, dtype=torch.float32).pin_memory()
show(pinned.is_pinned(), torch.ones(2).is_pinned(), torch.zeros(2, pin_memory=True).is_pinned())
there = torch.zeros(4, device=device)
there.copy_(pinned, non_blocking=True)
pinned.fill_(9)
torch.accelerator.synchronize()
show(there.tolist())
back = torch.zeros(4).pin_memory()
back.copy_(torch.ones(4, device=device), non_blocking=True)
show(back.tolist())
torch.accelerator.synchronize()
show(back.tolist())
event = torch.Event(device)
back.copy_(torch.zeros(4, device=device), non_blocking=True)
event.record()
show(event.query())
event.synchronize()
show(event.query(), back.tolist())`,
    ],
    [
      'in a stream of their own',
      `const stream = new torch.Stream(device);
       const pinned = torch.arange(3, { dtype: torch.float32 }).pin_memory();
       const there = torch.zeros(3, { device });
       const before = torch.accelerator.current_stream();
       torch.accelerator.set_stream(stream);
       there.copy_(pinned, { non_blocking: true });
       torch.accelerator.set_stream(before);
       show(there.tolist());
       torch.accelerator.current_stream().wait_stream(stream);
       show(there.tolist(), stream.query(), String(stream.device));`,
      `stream = torch.Stream(device)
pinned = torch.arange(3, dtype=torch.float32).pin_memory()
there = torch.zeros(3, device=device)
before = torch.accelerator.current_stream()
torch.accelerator.set_stream(stream)
there.copy_(pinned, non_blocking=True)
torch.accelerator.set_stream(before)
show(there.tolist())
torch.accelerator.current_stream().wait_stream(stream)
show(there.tolist(), stream.query(), str(stream.device))`,
    ],
    [
      'of modules, and of batches of a DataLoader',
      `const { DataLoader, TensorDataset } = torch.utils.data;
       const net = new nn.Linear(2, 1).to(device, { non_blocking: true });
       for (const [x] of new DataLoader(new TensorDataset(torch.arange(8, { dtype: torch.float32 }).view(4, 2)), { batch_size: 2, pin_memory: true })) {
         show(x.is_pinned(), net(x.to(device, { non_blocking: true })).tolist());
       }`,
      `from torch.utils.data import DataLoader, TensorDataset
net = nn.Linear(2, 1).to(device, non_blocking=True)
for [x] in DataLoader(TensorDataset(torch.arange(8, dtype=torch.float32).view(4, 2)), batch_size=2, pin_memory=True):
    show(x.is_pinned(), net(x.to(device, non_blocking=True)).tolist())`,
    ],
  ]);
});

describe.runIf(linux)('generators of devices', () => {
  compare([
    [
      'seeds and states',
      `const generator = new torch.Generator({ device: 'imitation:1' });
       show(String(generator.device), generator.initial_seed());
       generator.manual_seed(7);
       const state = generator.get_state();
       const drawn = torch.rand(3, { device: 'imitation:1', generator });
       generator.set_state(state);
       show(drawn.equal(torch.rand(3, { device: 'imitation:1', generator })), generator.initial_seed(), drawn.tolist());
       show(torch.randperm(5, { device, generator: new torch.Generator({ device }).manual_seed(3) }).tolist());`,
      `generator = torch.Generator(device='imitation:1')
show(str(generator.device), generator.initial_seed())
generator.manual_seed(7)
state = generator.get_state()
drawn = torch.rand(3, device='imitation:1', generator=generator)
generator.set_state(state)
show(drawn.equal(torch.rand(3, device='imitation:1', generator=generator)), generator.initial_seed(), drawn.tolist())
show(torch.randperm(5, device=device, generator=torch.Generator(device=device).manual_seed(3)).tolist())`,
    ],
    [
      'a generator of another device',
      `try { torch.rand(2, { device, generator: new torch.Generator() }); } catch (error) { show(error.message.includes("Expected a 'imitation' device type for generator but found 'cpu'")); }`,
      `try: torch.rand(2, device=device, generator=torch.Generator())
except RuntimeError as error: show("Expected a 'imitation' device type for generator but found 'cpu'" in str(error))`,
    ],
  ]);

  it('are seeded by torch.manual_seed, each device of its own', () => {
    const [a, b, c, d] = on_imitation<number[][]>(`
      torch.manual_seed(5);
      const draw = (at) => torch.rand(3, { device: at }).tolist();
      const first = [draw('imitation:0'), draw('imitation:1')];
      torch.manual_seed(5);
      return [...first, draw('imitation:0'), draw('cpu')];`);
    expect([a, b, c]).toEqual([d, d, d]);
  });

  it('are restored by fork_rng', () => {
    const [inside, after, none] = on_imitation<number[][]>(`
      torch.manual_seed(5);
      const draw = () => torch.rand(3, { device: 'imitation:1' }).tolist();
      const inside = torch.random.fork_rng(draw, [1], true, { device_type: device });
      return [inside, draw(), torch.random.fork_rng(draw, [0], true, { device_type: device })];`);
    expect(after).toEqual(inside);
    expect(none).not.toEqual(inside);
  });

  it('draw on devices in worker_threads too', () => {
    // There a generator of the thread takes part in the operators of the CPU, which must not reach those of devices.
    const worker = `${prelude()}
      torch.manual_seed(5);
      const generator = new torch.Generator({ device }).manual_seed(7);
      require('node:worker_threads').parentPort.postMessage([
        torch.rand(3).tolist(),
        torch.rand(3, { device, generator }).tolist(),
        torch.rand(3, { device }).shape.length,
        F.dropout(torch.ones(8, { device }), 0.5).shape.length,
      ]);`;
    const [own, given, ...shapes] = on_imitation<unknown[]>(`
      const { Worker } = require('node:worker_threads');
      return new Promise((resolve, reject) => {
        const worker = new Worker(${JSON.stringify(worker)}, { eval: true });
        worker.once('message', resolve);
        worker.once('error', reject);
      });`);
    const [seed5, seed7] = on_imitation<unknown[]>(`
      const draw = (seed) => { torch.manual_seed(seed); return torch.rand(3).tolist(); };
      return [draw(5), draw(7)];`);
    expect([own, given, ...shapes]).toEqual([seed5, seed7, 1, 1]);
  });
});
