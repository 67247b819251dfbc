/**
 * The tests that differ with another minor version of libtorch, by name: differences.json says which, and why. Closes a run
 * as tests/totals.ts does, and names what is not as expected.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

import { root } from '../package_root.js';

/** Tests that fail for one reason, each as `file > suite > test`, or as the file alone when that cannot be loaded. */
export interface Difference {
  readonly reason: string;
  readonly tests: readonly string[];
}

/** What happened to each test of the files that ran. */
export type States = ReadonlyMap<string, 'passed' | 'failed' | 'skipped'>;

export interface Verdict {
  /** Failed, and not named. */
  readonly failed: readonly string[];
  /** Named, and passed. */
  readonly passed: readonly string[];
  /** Named, in a file that ran, and not found there. */
  readonly unknown: readonly string[];
}

export function verdict_of(states: States, differences: readonly Difference[]): Verdict {
  const named = new Set(differences.flatMap(({ tests }) => tests));
  const file_of = (test: string): string => test.split(' > ', 1)[0]!;
  const files = new Set([...states.keys()].map(file_of));
  return {
    failed: [...states].filter(([test, state]) => state === 'failed' && !named.has(test)).map(([test]) => test),
    passed: [...named].filter((test) => states.get(test) === 'passed'),
    unknown: [...named].filter((test) => files.has(file_of(test)) && !states.has(test)),
  };
}

function states_of(modules: readonly TestModule[]): States {
  const states = new Map<string, 'passed' | 'failed' | 'skipped'>();
  for (const module of modules) {
    const file = relative(root, module.moduleId).replaceAll('\\', '/');
    states.set(file, module.errors().length > 0 ? 'failed' : 'passed');
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      const name = `${file} > ${test.fullName}`;
      // Tests of one name count as one, which has failed when one of them has.
      if (states.get(name) !== 'failed') states.set(name, state === 'pending' ? 'skipped' : state);
    }
  }
  return states;
}

const COMPLAINTS: Readonly<Record<keyof Verdict, string>> = {
  failed: 'Failed, and differences.json does not name it',
  passed: 'Passed, though differences.json names it',
  unknown: 'Named by differences.json, and not there',
};

export default class Differences implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const minor = process.env['TORCH_NODE_LIBTORCH_MINOR'] ?? '';
    const all = JSON.parse(readFileSync(join(root, 'tests', 'minors', 'differences.json'), 'utf8')) as Readonly<
      Record<string, readonly Difference[]>
    >;
    const states = states_of(modules);
    const verdict = verdict_of(states, all[minor] ?? []);
    for (const kind of ['failed', 'passed', 'unknown'] as const) {
      for (const test of verdict[kind]) console.log(`${COMPLAINTS[kind]}: ${test}`);
    }
    const complaints = Object.values(verdict).flat().length + errors.length + (states.size === 0 ? 1 : 0);
    const count = (wanted: 'passed' | 'skipped'): number =>
      modules.flatMap((module) => [...module.children.allTests(wanted)]).length;
    const differing = [...states.values()].filter((state) => state === 'failed').length - verdict.failed.length;
    console.log(`libtorch ${minor}: ${differing} tests differ as tests/minors/differences.json says`);
    const skipped = count('skipped');
    const passed = count('passed') - verdict.passed.length + differing;
    console.log(`${passed} passed, ${complaints} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
    const file = process.env['TORCH_NODE_TEST_VERDICT'];
    if (file !== undefined) writeFileSync(file, JSON.stringify({ ...verdict, as_expected: complaints === 0 }));
  }
}
