/** `torch.monitor`: what statistics log, compared with Python's. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { SummaryWriter } from 'torch-node/tensorboard';
import { expect, it } from 'vitest';

import { python } from './reference.js';

const { Aggregation, Event, Stat, log_event, register_event_handler, unregister_event_handler } = torch.monitor;
const { COUNT, MAX, MEAN, MIN, SUM, VALUE } = Aggregation;
const all = [VALUE, MEAN, COUNT, SUM, MAX, MIN];

const source = `
from datetime import timedelta
from torch.monitor import *
events = []
handle = register_event_handler(lambda event: events.append((event.name, event.data)))
kinds = [Aggregation.VALUE, Aggregation.MEAN, Aggregation.COUNT, Aggregation.SUM, Aggregation.MAX, Aggregation.MIN]
stat = Stat('s', kinds, timedelta(hours=1000), 3)
def state():
    show(stat.count, sorted((kind.name, value) for kind, value in stat.get().items()))
state()
for value in [1, -5, 2.5, 4]:
    stat.add(value)
    state()
del stat
unregister_event_handler(handle)
show([[name, sorted(data.items())] for name, data in events], STAT_EVENT, [str(kind) for kind in kinds])
`;

it('logs what Python logs when windows are full and when they end', () => {
  const events: unknown[] = [];
  const handle = register_event_handler(({ name, data }) => {
    events.push([name, Object.entries(data).sort()]);
  });
  const shown: unknown[] = [];
  const stat = new Stat('s', all, 3_600_000, 3);
  const state = (): void => {
    shown.push(stat.count, [...stat.get()].map(([kind, value]) => [kind.name, value]).sort());
  };
  state();
  for (const value of [1, -5, 2.5, 4]) {
    stat.add(value);
    state();
  }
  stat.dispose();
  stat.dispose();
  unregister_event_handler(handle);
  unregister_event_handler(handle);
  new Stat('unheard', all, 1, 1).add(1);
  shown.push(events, torch.monitor.STAT_EVENT, all.map(String));
  expect(shown).toEqual(python<unknown[][]>('snippets.py', [[source]])[0]);
});

it('ends a window of time with the first value after it', async () => {
  const events: unknown[] = [];
  const handle = register_event_handler(({ data }) => {
    events.push(data);
  });
  const stat = new Stat({ name: 's', aggregations: [SUM], window_size: 0.02 });
  stat.add(1);
  await new Promise((resolve) => setTimeout(resolve, 45));
  expect([stat.count, events]).toEqual([1, []]);
  stat.add(2);
  expect([stat.count, events]).toEqual([1, [{ 's.sum': 1 }]]);
  unregister_event_handler(handle);
});

it('gives events to handlers in order, and their errors to whoever logs', () => {
  const seen: string[] = [];
  const first = register_event_handler(({ name, data }) => seen.push(`${name} ${JSON.stringify(data)}`));
  const second = register_event_handler(() => {
    throw new RangeError('of the handler');
  });
  const event = new Event({ name: 'e', timestamp: new Date(), data: { b: true, i: 3, s: 'text' } });
  expect(() => log_event(event)).toThrow(new RangeError('of the handler'));
  unregister_event_handler(first);
  unregister_event_handler(second);
  log_event(event);
  expect(seen).toEqual(['e {"b":1,"i":3,"s":"text"}']);
});

it('writes scalars of TensorBoard', () => {
  const folder = mkdtempSync(join(tmpdir(), 'monitor-'));
  const writer = new SummaryWriter(folder);
  const handle = register_event_handler(new torch.monitor.TensorboardEventHandler(writer));
  log_event(new Event('another', new Date(), { hidden: 1 }));
  new Stat('loss', [MEAN, MAX], 3600, 1).add(0.5);
  unregister_event_handler(handle);
  writer.close();
  const text = readFileSync(join(folder, readdirSync(folder)[0]!), 'latin1');
  rmSync(folder, { recursive: true });
  expect(['loss.mean', 'loss.max', 'hidden'].map((tag) => text.includes(tag))).toEqual([true, true, false]);
});

it('refuses what Python refuses', () => {
  const wrong = (fn: () => unknown): void => expect(fn).toThrow(TypeError);
  wrong(() => new Event('x', 3 as never, {}));
  wrong(() => new Event('x', new Date(NaN), {}));
  wrong(() => new Event('x', new Date(), { a: [1] as never }));
  wrong(() => new Stat('a', [1 as never], 1));
  wrong(() => register_event_handler(3 as never));
  wrong(() => log_event(3 as never));
  wrong(() => unregister_event_handler(3 as never));
  wrong(() => new Stat('a', [SUM], 1).add('1' as never));
  // These end Python's process.
  expect(() => new Stat('a', [SUM], 0)).toThrow('must be above 0');
  expect(() => new Stat('a', [SUM], 1, 0)).toThrow('must be at least 1');
});
