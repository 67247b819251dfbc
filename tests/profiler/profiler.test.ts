/** `torch.profiler` and `torch.autograd.profiler` record what Python's record, and print it as Python's do. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';

import * as torch from 'torch-node';
import { nn } from 'torch-node';
import { afterAll, describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const { profile, ProfilerAction, ProfilerActivity, record_function, schedule } = torch.profiler;
type Kineto = torch.profiler.KinetoProfile;

const dir = mkdtempSync(join(tmpdir(), 'torch-node-profiler-'));
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** A table whose times and shares are gone, in the places where they were. */
const without_times = (table: string): string =>
  table
    .replace(/^Self CPU time total: .*$/gm, 'Self CPU time total')
    .replace(/ +(?:[\d.]+(?:us|ms|s|%)|NaN)(?= |$)/g, (text) => '#'.repeat(text.length));

function model(): nn.Module & ((x: torch.Tensor) => torch.Tensor) {
  torch.manual_seed(0);
  return new nn.Sequential(new nn.Conv2d(2, 4, 3), new nn.ReLU(), new nn.Flatten(), new nn.Linear(16, 3));
}

type Model = ReturnType<typeof model>;

function train(net: Model, optimizer: torch.optim.SGD, x: torch.Tensor, grad: torch.Tensor): void {
  const y = record_function('forward', () => net(x));
  y.backward(grad);
  optimizer.step();
  optimizer.zero_grad();
}

describe('a training step', () => {
  interface Training {
    events: unknown[][];
    averages: unknown[][];
    tables: string[];
    total: number;
    flops: number;
  }
  const theirs = python<Training>('profiler.py', ['training']);
  const net = model();
  const optimizer = new torch.optim.SGD(net.parameters(), { lr: 0.1 });
  const [x, grad] = [torch.ones(1, 2, 4, 4), torch.ones(1, 3)];
  const prof = profile({ activities: [ProfilerActivity.CPU], record_shapes: true, with_flops: true }, () =>
    train(net, optimizer, x, grad),
  );
  const averages = prof.key_averages({ group_by_input_shape: true });

  it('has the events, their parents, shapes, flops and kinds', () => {
    const first = Math.min(
      ...prof
        .events()
        .map((e) => e.sequence_nr)
        .filter((each) => each >= 0),
    );
    const ours = prof
      .events()
      .filter(({ name }) => name !== '[memory]')
      .map((e) => [
        ...[e.name, e.cpu_parent?.name ?? null, e.input_shapes, e.scope, e.flops, Math.max(-1, e.sequence_nr - first)],
        ...[e.structured_input_shapes, e.input_dtypes, e.activity_type, e.is_user_annotation, String(e.device_type)],
        e.overload_name,
      ]);
    expect(ours).toEqual(theirs.events);
  });

  it('has the averages', () => {
    expect(averages.map((a) => [a.key, a.count, a.input_shapes, a.flops])).toEqual(theirs.averages);
    expect(prof.key_averages().total_average().count).toBe(theirs.total);
    expect(prof.profiler!.total_average().key).toBe('Total');
  });

  it('prints the tables', () => {
    const ours = [
      prof.key_averages().table({ row_limit: 5 }),
      averages.table({
        max_name_column_width: 20,
        max_shapes_column_width: 30,
        header: 'A header',
        row_limit: -1,
      }),
      prof.events().table({ top_level_events_only: true, time_unit: 'us', sort_by: 'count' }),
      prof.key_averages().table({ sort_by: 'count', row_limit: 3 }),
    ];
    expect(ours.map(without_times)).toEqual(theirs.tables.map(without_times));
    expect(inspect(prof.key_averages())).toBe(prof.key_averages().table());
  });

  it('has times that nest', () => {
    const events = prof.events();
    expect(events.every((e) => e.time_range.elapsed_us() >= 0 && e.self_cpu_time_total >= 0)).toBe(true);
    const forward = events.find((e) => e.name === 'forward')!;
    expect(forward.cpu_time_total).toBeGreaterThan(forward.cpu_children.reduce((sum, e) => sum + e.cpu_time_total, 0));
    expect(prof.profiler!.self_cpu_time_total).toBeCloseTo(
      events.filter((e) => e.cpu_parent === null).reduce((sum, e) => sum + e.cpu_time_total, 0),
      3,
    );
  });

  it('sorts by any number, largest first', () => {
    const names = prof
      .key_averages()
      .table('self_cpu_time_total', 3)
      .split('\n')
      .slice(3, 6)
      .map((row) => row.trim().split('  ')[0]);
    const sorted = [...prof.key_averages()].sort((a, b) => b.self_cpu_time_total - a.self_cpu_time_total);
    expect(names).toEqual(sorted.slice(0, 3).map(({ key }) => key));
    expect(() => prof.key_averages().table({ sort_by: 'speed' })).toThrow("object has no attribute 'speed'");
  });
});

it('memory: what each operator allocates', () => {
  const theirs = python<{ usage: unknown[]; table: string }>('profiler.py', ['memory']);
  const kept: torch.Tensor[] = [];
  const prof = profile({ profile_memory: true }, () => {
    kept.push(torch.ones(3, 5), torch.ones(1 << 12), torch.ones(1 << 19));
    kept.push(kept[0]!.matmul(torch.ones(5, 2)));
  });
  const usage = prof
    .events()
    .filter(({ name }) => name !== '[memory]')
    .map((e) => [e.name, e.cpu_memory_usage, e.self_cpu_memory_usage]);
  expect(usage).toEqual(theirs.usage);
  // Python's has a row for what is freed at once, which here a garbage collection frees.
  const rows = (table: string): string[] =>
    without_times(table)
      .split('\n')
      .filter((row) => !row.includes('[memory]'));
  expect(rows(prof.key_averages().table())).toEqual(rows(theirs.table));
});

it('memory that is freed while the profile is on is an event of its own', () => {
  const prof = profile({ profile_memory: true }, () => {
    const [small, large] = [torch.ones(4), torch.ones(1 << 20)];
    small.dispose();
    large.dispose();
  });
  const freed = prof.events().filter(({ name }) => name === '[memory]');
  expect(freed.map((e) => e.cpu_memory_usage)).toEqual([-16, -(4 << 20)]);
});

it('overloads, where they are asked for', () => {
  const theirs = python<{ table: string; keys: unknown[] }>('profiler.py', ['overloads']);
  const prof = profile({ experimental_config: { capture_overload_names: true } }, () => {
    const x = torch.ones(2);
    x.add(x);
    x.add(1);
    torch.add(x, x, { out: x });
  });
  const averages = prof.key_averages({ group_by_overload_name: true });
  expect(averages.map((a) => [a.key, a.overload_name, a.count])).toEqual(theirs.keys);
  expect(without_times(averages.table())).toBe(without_times(theirs.table));
});

it('torch.autograd.profiler.profile records the same', () => {
  const theirs = python<{ events: unknown[]; table: string }>('profiler.py', ['legacy']);
  const prof = torch.autograd.profiler.profile({ record_shapes: true });
  expect(String(prof)).toBe('<unfinished torch.autograd.profile>');
  {
    using _ = prof;
    const x = torch.ones(2, 2, { requires_grad: true });
    x.mul(2).exp().backward(torch.ones(2, 2));
  }
  expect(prof.function_events.map((e) => [e.name, e.input_shapes])).toEqual(theirs.events);
  expect(without_times(prof.key_averages().table())).toBe(without_times(theirs.table));
  expect(() => prof[Symbol.dispose]).toThrow('Profiler context manager is not reentrant');
  expect(torch.autograd.profiler.profile(false, {}, () => torch.ones(1)).enabled).toBe(false);
});

describe('schedules', () => {
  const plans: [torch.profiler.ScheduleOptions, number, boolean?][] = [
    [{ wait: 1, warmup: 1, active: 2 }, 9],
    [{ wait: 1, warmup: 1, active: 2, repeat: 1 }, 9],
    [{ wait: 0, warmup: 1, active: 1, skip_first: 2 }, 7],
    [{ wait: 2, warmup: 1, active: 2, skip_first: 1, skip_first_wait: 1 }, 8],
    [{ wait: 0, warmup: 0, active: 3 }, 7],
    [{ wait: 1, warmup: 1, active: 1, repeat: 2 }, 8, true],
    [{ wait: 5, warmup: 1, active: 1 }, 2],
    [{ wait: 1, warmup: 3, active: 1 }, 2],
  ];
  const theirs = python<unknown[]>('profiler.py', ['schedules', plans]);
  it.each(
    plans.map(([plan, steps, acc_events = false], i) => [JSON.stringify(plan), plan, steps, acc_events, i] as const),
  )('%s', (_, plan, steps, acc_events, i) => {
    const told: unknown[] = [];
    const on_trace_ready = (prof: Kineto): void => {
      told.push([prof.step_num, prof.events().map(({ name }) => name)]);
    };
    const prof = profile({ schedule: schedule(plan), on_trace_ready, acc_events }, (its) => {
      for (let step = 0; step < steps; ++step) {
        torch.ones(2);
        its.step();
      }
    });
    const actions = Array.from({ length: 12 }, (_each, step) => schedule(plan)(step).name);
    const after = prof.profiler === null ? null : prof.events().map(({ name }) => name);
    expect({ told, actions, last: prof.step_num, after }).toEqual(theirs[i]);
  });

  it('refuse lengths that make no sense', () => {
    expect(() => schedule({ wait: -1, warmup: 0, active: 1 })).toThrow('Got wait=-1 (need >= 0), warmup=0');
    expect(() => schedule({ wait: 0, warmup: 1, active: 0 })).toThrow('active=0 (need > 0)');
    expect(() => schedule({ wait: 0, warmup: 1, active: 1 })(-1)).toThrow('Step must be non-negative. Got -1.');
    expect(() => profile({ schedule: (() => 'RECORD') as never })).toThrow(
      new TypeError('profile(): the schedule must return a ProfilerAction, not str'),
    );
    expect(schedule({ wait: 0, warmup: 1, active: 1 })(1)).toBe(ProfilerAction.RECORD_AND_SAVE);
  });
});

describe('traces', () => {
  const x = torch.ones(2, 3);
  const run = (): Kineto =>
    profile({ record_shapes: true }, (prof) => {
      prof.add_metadata('who', 'a test');
      prof.add_metadata_json('list', '[1, 2]');
      record_function('part', 'its arguments', () => x.add(1));
    });
  interface Trace {
    who: unknown;
    list: unknown;
    traceEvents: { name: string; cat?: string; ph: string; args: Record<string, unknown> }[];
  }

  it("have Python's events and keys", () => {
    const theirs = python<object>('profiler.py', ['trace']);
    const path = join(dir, 'trace.json');
    run().export_chrome_trace(path);
    const trace = JSON.parse(readFileSync(path, 'utf8')) as Trace;
    const events = trace.traceEvents.filter(({ cat }) => cat === 'cpu_op' || cat === 'user_annotation');
    for (const event of events) {
      for (const varies of ['External id', 'Sequence number']) delete event.args[varies];
    }
    expect({
      keys: Object.keys(trace).sort(),
      who: trace.who,
      list: trace.list,
      events: events.map((e) => [e.name, e.cat, e.ph, e.args]),
    }).toEqual(theirs);
  });

  it('are compressed when the name says so, and written by the handler', () => {
    const path = join(dir, 'trace.json.gz');
    run().export_chrome_trace(path);
    expect(Object.keys(JSON.parse(gunzipSync(readFileSync(path)).toString()) as object)).toContain('traceEvents');
    const folder = join(dir, 'new', 'folder');
    const on_trace_ready = torch.profiler.tensorboard_trace_handler(folder, { use_gzip: true, worker_name: 'me' });
    profile({ on_trace_ready }, () => torch.ones(1));
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^me\.\d+\.pt\.trace\.json\.gz$/)]);
  });

  it('are written once, as in Python', () => {
    const prof = run();
    prof.export_chrome_trace(join(dir, 'once.json'));
    expect(() => prof.export_chrome_trace(join(dir, 'twice.json'))).toThrow('Trace is already saved.');
    expect(existsSync(join(dir, 'twice.json'))).toBe(false);
  });

  it('of events alone are what chrome://tracing reads', () => {
    const path = join(dir, 'events.json');
    const prof = run();
    prof.events().export_chrome_trace(path);
    const events = JSON.parse(readFileSync(path, 'utf8')) as { name: string; ph: string }[];
    expect(events.map(({ name }) => name)).toEqual(prof.events().map(({ name }) => name));
  });
});

describe('stacks', () => {
  const x = torch.ones(2, { requires_grad: true });
  function inner(): torch.Tensor {
    return record_function('range', () => x.mul(2)).exp();
  }
  const limit = Error.stackTraceLimit;
  const prof = profile({ with_stack: true }, () => {
    torch.zeros(1);
    inner().sum().backward();
  });

  it('are those of the program, in forward and in backward', () => {
    const stack_of = (name: string): string[] => prof.events().find((each) => each.name === name)!.stack;
    const frame = /profiler\.test\.ts\(\d+\): inner$/;
    expect(stack_of('aten::exp')[0]).toMatch(frame);
    expect(stack_of('range')[0]).toMatch(frame);
    expect(stack_of('ExpBackward0')).toEqual(stack_of('aten::exp'));
    expect(stack_of('aten::zeros').join('\n')).not.toMatch(/inner|torch-node.dist/);
    expect(stack_of('aten::empty')).toEqual(stack_of('aten::zeros')); // which calls it
    expect(Error.stackTraceLimit).toBe(limit);
  });

  it('are in the table, group averages, and are exported', () => {
    const averages = prof.key_averages({ group_by_stack_n: 2 });
    expect(averages.table()).toMatch(/Source Location *\n[\s\S]* inner/);
    expect(averages.find(({ key }) => key === 'aten::exp')!.stack).toHaveLength(2);
    const path = join(dir, 'stacks.txt');
    prof.export_stacks(path);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(line).toMatch(/^\S+ \d+$/);
    expect(() => prof.export_stacks(path, 'speed')).toThrow("metric should be one of: ['self_cpu_time_total'");
  });

  it('are not there unless asked for', () => {
    expect(
      profile(() => torch.ones(1))
        .events()
        .every(({ stack }) => stack.length === 0),
    ).toBe(true);
  });
});

describe('the profiler', () => {
  it('is one at a time, and usable after an error', () => {
    let inner: unknown;
    const outer = profile({}, () => {
      try {
        profile({}, () => torch.ones(1));
      } catch (error) {
        inner = error;
      }
      torch.ones(1);
    });
    expect(inner).toEqual(new Error('Profiler is already enabled on this thread'));
    expect(outer.events().map(({ name }) => name)).toContain('aten::ones');
    expect(() =>
      profile({}, () => {
        throw new Error('of the program');
      }),
    ).toThrow('of the program');
    expect(
      profile({}, () => torch.zeros(1))
        .events()
        .map(({ name }) => name),
    ).toContain('aten::zeros');
  });

  it('spans an await between start and stop', async () => {
    const prof = profile();
    prof.start();
    torch.ones(1);
    await Promise.resolve();
    torch.zeros(1);
    prof.stop();
    expect(prof.events().map(({ name }) => name)).toEqual(expect.arrayContaining(['aten::ones', 'aten::zeros']));
  });

  it('refuses what it cannot do', () => {
    expect(() => profile({}, (async () => torch.ones(1)) as never)).toThrow(TypeError);
    expect(() => profile({ activities: ['CPU'] as never })).toThrow('list of ProfilerActivity');
    expect(() => profile({ activities: [] })).toThrow('No valid profiler activities found');
    expect(() => profile({ activities: [ProfilerActivity.CPU, ProfilerActivity.CPU] })).toThrow(
      'Activity ProfilerActivity.CPU specified more than once',
    );
    expect(() => profile().events()).toThrow('Profiler must be initialized before accessing events');
    expect(() => profile({ speed: true } as never)).toThrow("unexpected keyword argument 'speed'");
    expect(() => profile(() => torch.ones(1)).export_stacks(join(dir, 'x'))).toThrow('requires with_stack=True');
  });

  it.runIf(!torch.cuda.is_available())('warns about CUDA where there is none', () => {
    const net = model();
    const optimizer = new torch.optim.SGD(net.parameters(), { lr: 0.1 });
    const prof = profile({ activities: [ProfilerActivity.CPU, ProfilerActivity.CUDA] }, () => torch.ones(1));
    expect(prof.profiler!.use_device).toBeNull();
    expect([...torch.profiler.supported_activities()]).toEqual([ProfilerActivity.CPU]);
    expect(() => profile({ activities: [ProfilerActivity.CUDA] }, () => torch.ones(1))).toThrow(
      'No activities specified for the profiler',
    );
  });

  it('is of its thread', async () => {
    const source = `
      const torch = require('torch-node');
      const prof = torch.profiler.profile({}, () => torch.ones(1));
      require('node:worker_threads').parentPort.postMessage(prof.events().map((e) => e.name));`;
    const worker = new Worker(source, { eval: true });
    const names = await new Promise((done, fail) => worker.once('message', done).once('error', fail));
    await worker.terminate();
    expect(names).toContain('aten::ones');
  });
});

describe('record_function', () => {
  const named = (run: () => void): string[] =>
    profile({}, run)
      .events()
      .map(({ name }) => name);

  it('works with using, with a function, and as a decorator', () => {
    const names = named(() => {
      {
        using _ = record_function('block');
        torch.ones(1);
      }
      expect(record_function('function', () => 3)).toBe(3);
      record_function('decorated')(() => torch.ones(1))();
    });
    for (const name of ['block', 'function', 'decorated']) expect(names).toContain(name);
  });

  it('ends also when the function throws', () => {
    const prof = profile({}, () => {
      expect(() =>
        record_function('fails', () => {
          throw new Error('no');
        }),
      ).toThrow('no');
      torch.ones(1);
    });
    expect(prof.events().find(({ name }) => name === 'aten::ones')!.cpu_parent).toBeNull();
  });

  it('does nothing without a profile', () => {
    expect(record_function('alone', 'with arguments', () => 1)).toBe(1);
    expect(() => record_function('x', (async () => 1) as never)).toThrow(TypeError);
  });
});
