/** Modules in a thread of their own. */
import { spawnSync } from 'node:child_process';

import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { root } from '../package_root.js';

interface Net {
  forward(x: Tensor, options?: { pair?: boolean; signal?: AbortSignal }): Tensor;
}

const file = new URL('./remote_net.mjs', import.meta.url);
const layer = new nn.Linear(3, 2);
const state = { 'layer.weight': layer.weight, 'layer.bias': layer.bias } as nn.StateDict;
const x = torch.arange(6, { dtype: torch.float32 }).view(2, 3);
let model: torch.RemoteModule<Net>;

beforeAll(async () => {
  model = await torch.RemoteModule.start<Net>(file, { name: 'Net', args: [3], state });
});
afterAll(() => model.close());

describe('a module in another thread', () => {
  it('gives what it gives here', async () => {
    expect((await model.forward_async(x)).tolist()).toEqual(layer(x).tolist());
    const [y, rest] = (await model.forward_async(x, { pair: true })) as unknown as [Tensor, { mode: boolean }];
    expect(y.tolist()).toEqual(layer(x).tolist());
    expect(rest).toEqual({ mode: false });
  });

  it('has the same weights, without a copy', async () => {
    const theirs = await model.state_dict();
    expect(theirs['layer.weight']?.data_ptr()).toBe(layer.weight.data_ptr());
    torch.no_grad(() => {
      layer.weight.add_(1);
    });
    expect((await model.forward_async(x)).tolist()).toEqual(layer(x).tolist());
    const before = layer.weight.clone();
    await model.run_method_async('step', torch.ones(1, 3));
    expect(layer.weight.tolist()).toEqual(before.sub(1).tolist());
  });

  it('takes other weights, and changes its mode', async () => {
    const other = new nn.Linear(3, 2);
    await model.load_state_dict({ 'layer.weight': other.weight, 'layer.bias': other.bias as Tensor });
    await model.run_method_async('train');
    expect(((await model.forward_async(x, { pair: true })) as unknown as [Tensor, object])[1]).toEqual({ mode: true });
    expect((await model.forward_async(x)).tolist()).toEqual(other(x).tolist());
    await expect(model.load_state_dict({ 'layer.weight': other.weight })).rejects.toThrow(/Missing key.*layer\.bias/s);
  });

  it('leaves the event loop free', async () => {
    let turns = 0;
    let done = false;
    const turn = (): void => {
      if (!done) {
        turns++;
        setImmediate(turn);
      }
    };
    turn();
    await model.run_method_async('slow', 30_000).finally(() => {
      done = true;
    });
    expect(turns).toBeGreaterThan(100);
  });

  it('drops calls that were aborted before their turn, and no others', async () => {
    const calls = (await model.run_method_async('slow', 0)) as number;
    const aborter = new AbortController();
    const first = model.run_method_async('slow', 5_000);
    const second = model.forward_async(x, { signal: aborter.signal });
    const third = model.forward_async(x);
    aborter.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    await Promise.all([first, third]);
    expect(await model.run_method_async('slow', 0)).toBe(calls + 1);
    await expect(model.forward_async(x, { signal: AbortSignal.abort(new Error('early')) })).rejects.toThrow('early');
  });

  it('passes on what the module throws', async () => {
    await expect(model.run_method_async('fail')).rejects.toThrow(new RangeError('mine'));
    await expect(model.run_method_async('absent')).rejects.toThrow("no method 'absent'");
    await expect(model.forward_async(torch.ones(5))).rejects.toThrow(/linear\(\)/);
    await expect(model.forward_async(layer(x))).rejects.toThrow(/detach/);
    expect(model.size).toBe(0);
  });

  it('keeps no tensors of the calls that were made', async () => {
    await model.forward_async(x);
    const call = async (): Promise<void> => {
      for (let i = 0; i < 200; i++) (await model.forward_async(x)).dispose();
    };
    await call();
    const before = torch.memory_stats().live_tensors;
    await call();
    expect(torch.memory_stats().live_tensors - before).toBeLessThan(20);
  });
});

describe('the thread of a module', () => {
  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['a file that is not there', () => torch.RemoteModule.start('/nowhere/net.mjs'), /nowhere/],
    ['a name that is not there', () => torch.RemoteModule.start(file, { name: 'Other' }), /exports no class 'Other'/],
    ['what is not a class', () => torch.RemoteModule.start(file, { name: 'nothing' }), /exports no class 'nothing'/],
    ['a constructor that throws', () => torch.RemoteModule.start(file, { name: 'Net', args: ['wide'] }), /./],
    [
      'a state that does not fit',
      () => torch.RemoteModule.start(file, { name: 'Net', args: [4], state }),
      /size mismatch/,
    ],
    [
      'an unknown option',
      () => torch.RemoteModule.start(file, { speed: 3 } as object),
      /unexpected keyword argument 'speed'/,
    ],
    ['no file', () => torch.RemoteModule.start(3 as unknown as string), /argument 'file' must be str or URL, not int/],
  ])('is refused for %s', async (_title, run, message) => {
    await expect(run()).rejects.toThrow(message);
  });

  it('ends when it is closed, after the calls that were made', async () => {
    const remote = await torch.RemoteModule.start<Net>(file, { name: 'Net', args: [3] });
    const last = remote.forward_async(x);
    await Promise.all([remote.close(), remote.close()]);
    expect((await last).shape).toEqual(torch.zeros(2, 2).shape);
    await expect(remote.forward_async(x)).rejects.toThrow('it has been closed');
  });

  it('does not keep the process alive', () => {
    const script = `
      const torch = require(${JSON.stringify(root)});
      torch.RemoteModule.start(${JSON.stringify(file.href)}, { name: 'Net', args: [3] })
        .then((model) => model.forward_async(torch.ones(1, 3)))
        .then((y) => console.log(y.shape.join()));`;
    const result = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', timeout: 60_000 });
    expect(result.stderr).toBe('');
    expect([result.stdout, result.status]).toEqual(['1,2\n', 0]);
  });
});
