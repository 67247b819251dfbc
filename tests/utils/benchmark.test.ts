/** `torch.utils.benchmark` says of times what Python's says, and prints its measurements and tables. */
import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

import { python } from '../reference.js';

const { Compare, Measurement, select_unit, TaskSpec, Timer, timer, trim_sigfig } = torch.utils.benchmark;

type Line = [string, string, string, string | null, number, number[]];
interface Look {
  trim?: boolean;
  warnings?: boolean;
  rowwise?: boolean;
}
const theirs = python<{
  times: number[][];
  specs: torch.utils.benchmark.TaskSpecOptions[];
  rows: Line[];
  looks: Look[];
  measurements: unknown[];
  tables: string[];
  units: unknown[];
  trimmed: number[];
  timed: string[];
}>('benchmark.py');

it('measurements have the statistics, and print', () => {
  const ours = theirs.times.flatMap((times) =>
    [1, 100].flatMap((number) =>
      theirs.specs.map((spec) => {
        const m = new Measurement(number, times, new TaskSpec(spec));
        return [
          ...[String(m), m.median, m.mean, m.iqr, m.significant_figures, m.has_warnings, m.meets_confidence()],
          ...[m.title, m.as_row_name],
        ];
      }),
    ),
  );
  expect(ours).toEqual(theirs.measurements);
});

describe('tables', () => {
  it.each(theirs.looks.map((look, i) => [JSON.stringify(look), look, i] as const))('%s', (_, look, i) => {
    const compare = new Compare(
      theirs.rows.map(([label, sub_label, description, env, num_threads, times]) => {
        const spec = new TaskSpec('x', '', { label, sub_label, description, env, num_threads });
        return new Measurement(1, times, spec);
      }),
    );
    if (look.trim) compare.trim_significant_figures();
    if (look.warnings) compare.highlight_warnings();
    if (look.rowwise !== undefined) compare.colorize({ rowwise: look.rowwise });
    expect(String(compare)).toBe(theirs.tables[i]);
  });

  it('take measurements only', () => {
    expect(() => new Compare([3] as never)).toThrow('Expected an instance of `Measurement`, got');
  });
});

it('units and digits', () => {
  expect([1e-10, 5e-9, 9.99e-7, 1e-6, 0.02, 1, 400].map((t) => select_unit(t))).toEqual(theirs.units);
  expect([3.14159, 1234.5, 0.00987654].flatMap((x) => [1, 2, 4].map((n) => trim_sigfig(x, n)))).toEqual(theirs.trimmed);
});

describe('a timer', () => {
  it('measures texts, as often as Python does by the same clock', () => {
    const x: number[] = [];
    const appendable = { append: (value: number) => x.push(value) };
    const clock = (): number => x.length * 0.001;
    // The setup of Python makes a variable; here it needs to be declared.
    const undeclared = new Timer({ stmt: 'y', setup: 'y = 2' });
    expect(() => undeclared.timeit(1)).toThrow(ReferenceError);
    const declared = new Timer('    x.append(1)\n    y', {
      setup: 'let y = 2',
      timer: clock,
      globals: { x: appendable },
      label: 'lists',
      num_threads: 2,
    });
    const ours = [
      String(declared.timeit(50)),
      String(declared.blocked_autorange({ min_run_time: 0.01 })),
      String(declared.adaptive_autorange()),
    ];
    expect(ours.map((text) => text.replace('let y', 'y'))).toEqual(theirs.timed);
    expect(x.length).toBeGreaterThan(50);
  });

  it('measures functions, with the threads that it is told', () => {
    const before = torch.get_num_threads();
    const seen = new Set<number>();
    const { get_num_threads } = torch;
    let prepared = 0;
    const its = new Timer({
      stmt: () => seen.add(get_num_threads()),
      setup: () => {
        prepared += 1;
      },
      num_threads: 3,
    });
    const measured = its.timeit(10);
    expect([...seen]).toEqual([3]);
    expect(prepared).toBe(2);
    expect(torch.get_num_threads()).toBe(before);
    expect(measured.stmt).toBe('seen.add(get_num_threads())');
    expect(measured.number_per_run).toBe(10);
  });

  it('sees torch in texts, and times what takes time', () => {
    const its = new Timer({ stmt: 'x.matmul(x)', setup: 'const x = torch.ones(200, 200)' });
    const calls: [number, number][] = [];
    const measured = its.blocked_autorange((number, time) => calls.push([number, time]), 0.02);
    expect(measured.raw_times).toEqual(calls.map(([, time]) => time));
    expect(measured.raw_times.reduce((a, b) => a + b)).toBeGreaterThan(0.02);
    expect(measured.median).toBeGreaterThan(1e-6);
    expect(timer()).toBeGreaterThan(0);
  });

  it('refuses what cannot be measured', () => {
    expect(() => new Timer(async () => 1)).toThrow(TypeError);
    expect(() => new Timer({ stmt: 'x', setup: () => 1 })).toThrow("argument 'setup' must be str where stmt is one");
    expect(() => new Timer({ stmt: () => 1, setup: 'let x' })).toThrow("'setup' must be a function where stmt is one");
    expect(() => new Timer('1 +').timeit(1)).toThrow(SyntaxError);
    expect(() => new Timer({ language: 'c++' } as never)).toThrow("unexpected keyword argument 'language'");
    expect(() => new Measurement(1, [1], {} as never)).toThrow("argument 'task_spec' must be TaskSpec");
  });
});

it('measurements of one task are merged', () => {
  const [a, b] = [new TaskSpec('a', ''), new TaskSpec('b', '')];
  const merged = Measurement.merge([
    new Measurement(2, [4], a),
    new Measurement(1, [1], b),
    new Measurement(4, [8, 4], a),
  ]);
  expect(merged.map((m) => [m.stmt, m.number_per_run, m.raw_times])).toEqual([
    ['a', 1, [2, 2, 1]],
    ['b', 1, [1]],
  ]);
});
