/** A part of `npm run parity:ops` and `npm run parity:nn`: some samples of every operator or module and dtype. */
import { expect, it } from 'vitest';

import { root } from '../package_root.js';
import { replay } from './replay.js';

const parity = (script: string, ...args: string[]): ReturnType<typeof replay> => replay(root, script, ...args);

it("PyTorch's operator database gives here what it gives in Python", () => {
  const { status, lines } = parity('ops.ts', '--samples', '4', '--seed', '1');
  expect(lines.filter((line) => /sample \d+: /.test(line))).toEqual([]);
  // What is left out, and why, is printed; more of it means that something got lost.
  const [, passed, all] = /^ops (\d+) of (\d+), samples \d+ of \d+$/.exec(lines[lines.length - 1] as string) ?? [];
  expect([Number(passed), Number(all)]).toEqual([692, 697]);
  expect(status).toBe(0);
}, 900_000);

it("PyTorch's module database gives here what it gives in Python", () => {
  const { status, lines } = parity('nn.ts', '--samples', '3', '--seed', '1');
  expect(lines.filter((line) => /sample \d+: /.test(line))).toEqual([]);
  expect(lines[lines.length - 1]).toMatch(/^modules 114 of 114, samples \d+ of \d+$/);
  expect(status).toBe(0);
}, 900_000);

it('an operator or module that does not exist is an error', () => {
  expect(parity('ops.ts', '--op', 'no_such_operator').status).toBe(1);
  expect(parity('nn.ts', '--module', 'NoSuchModule').status).toBe(1);
});
