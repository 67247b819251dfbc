/**
 * Replays PyTorch's operator database through this package and compares results and gradients with Python's:
 *
 *   npm run parity:ops -- [--seed N] [--op NAME] [--dtype NAME] [--samples N]
 *
 * Prints what differs, what was not replayed and why, and `ops P of N, samples p of n`. Exit status 1 on a difference.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';

import { difference } from './compare.js';
import { decode, has_whole_float, plain, tensor_of, tensors_in, type Described } from './decode.js';
import { function_for, unfilled, type Call } from './functions.js';

interface Case {
  input: unknown;
  args: unknown[];
  kwargs: unknown;
  result: unknown;
  gradients?: { inputs: number[]; outputs: number[]; cotangents: unknown[]; expected: unknown[] };
  tensors: Described[];
}

interface Group {
  name: string;
  variant: string;
  dtype: string;
  file: string;
  cases: Case[];
  /** Samples that hold values without a meaning in TypeScript, by reason. */
  refused: Record<string, number>;
  /** Samples that Python itself cannot call. */
  unusable: number;
}

const CALL_SEED = 42;
const whole_float = 'Python was given a float such as 2.0, which JavaScript cannot tell from 2';
const require = createRequire(join(process.cwd(), 'package.json'));
const { reference_python } = require('./scripts/reference.js') as { reference_python(): string };

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '0' }, op: { type: 'string', multiple: true }, dtype: { type: 'string', multiple: true },
    samples: { type: 'string' }, help: { type: 'boolean' },
  },
});
if (options.help) {
  console.log('usage: npm run parity:ops -- [--seed N] [--op NAME]... [--dtype NAME]... [--samples N]');
  process.exit(0);
}

type Outcome = { kind: 'same' } | { kind: 'skipped'; reason: string } | { kind: 'different'; text: string };

function gradient_difference(found: Case['gradients'], results: Tensor[], inputs: Tensor[], tensors: Tensor[]): string | undefined {
  if (!found) return undefined;
  const outputs = found.outputs.map((i) => results[i] as Tensor);
  const wanted = found.inputs.map((i) => inputs[i] as Tensor);
  const expected = decode(found.expected, tensors) as (Tensor | null)[];
  const gradients = torch.autograd.grad(outputs, wanted, {
    grad_outputs: decode(found.cotangents, tensors) as Tensor[], allow_unused: true,
  });
  const text = difference([...gradients], expected, { shapes_only: false });
  return text === undefined ? undefined : `gradient: ${text}`;
}

function replay(call: Call, group: Group, sample: Case, content: Buffer): Outcome {
  const tensors = sample.tensors.map((about) => tensor_of(about, content));
  const given = decode([sample.input, sample.args, sample.kwargs], tensors);
  const [input, args, kwargs] = plain(given) as [unknown, unknown[], Record<string, unknown>];
  const inputs = tensors_in([input, args, kwargs]);
  const theirs = decode(sample.result, tensors);
  let text: string | undefined;
  try {
    torch.manual_seed(CALL_SEED);
    const ours = Object.keys(kwargs).length > 0 ? call(input, ...args, kwargs) : call(input, ...args);
    text = difference(ours, theirs, { shapes_only: unfilled.has(group.name) }) ??
      gradient_difference(sample.gradients, tensors_in(Array.isArray(ours) ? [...(ours as unknown[])] : ours), inputs, tensors);
  } catch (error) {
    text = error instanceof Error ? (error.message.split('\n')[0] as string) : String(error);
  }
  if (text === undefined) return { kind: 'same' };
  if (has_whole_float(given)) return { kind: 'skipped', reason: whole_float };
  return { kind: 'different', text };
}

class Totals {
  readonly ops = new Map<string, { replayed: number; different: number }>();
  readonly skipped = new Map<string, Map<string, number>>();
  readonly unusable = new Map<string, number>();
  samples = 0;
  same = 0;
  different = 0;

  skip(op: string, reason: string, count = 1): void {
    const reasons = this.skipped.get(op) ?? new Map<string, number>();
    reasons.set(reason, (reasons.get(reason) ?? 0) + count);
    this.skipped.set(op, reasons);
  }
}

const totals = new Totals();

function check(group: Group): void {
  const op = group.variant ? `${group.name}.${group.variant}` : group.name;
  const counts = totals.ops.get(op) ?? { replayed: 0, different: 0 };
  totals.ops.set(op, counts);
  const refused = Object.values(group.refused).reduce((sum, count) => sum + count, 0);
  totals.samples += group.cases.length + refused;
  for (const [reason, count] of Object.entries(group.refused)) totals.skip(op, `an argument is ${reason}`, count);
  if (group.unusable > 0) totals.unusable.set(op, (totals.unusable.get(op) ?? 0) + group.unusable);
  const call = function_for(group.name, group.variant);
  if (!call) {
    if (group.cases.length > 0) totals.skip(op, 'this package has no such function', group.cases.length);
    return;
  }
  const content = readFileSync(group.file);
  const texts = new Map<string, number>();
  group.cases.forEach((sample, i) => {
    const outcome = torch.scope(() => replay(call, group, sample, content));
    if (outcome.kind === 'skipped') totals.skip(op, outcome.reason);
    else counts.replayed++;
    if (outcome.kind === 'same') totals.same++;
    if (outcome.kind !== 'different') return;
    counts.different++;
    totals.different++;
    if (!texts.has(outcome.text) && texts.size < 3) console.log(`${op} ${group.dtype} sample ${i}: ${outcome.text}`);
    texts.set(outcome.text, 1);
  });
}

function report(): void {
  const reasons = new Map<string, string[]>();
  for (const [op, its] of totals.skipped) {
    for (const [reason, count] of its) reasons.set(reason, [...(reasons.get(reason) ?? []), `${op} (${count})`]);
  }
  for (const [reason, ops] of reasons) console.log(`not replayed, ${reason}: ${ops.join(', ')}`);
  if (totals.unusable.size > 0) {
    console.log(`Python itself fails on: ${[...totals.unusable].map(([op, count]) => `${op} (${count})`).join(', ')}`);
  }
  const passed = [...totals.ops.values()].filter(({ replayed, different }) => replayed > 0 && different === 0).length;
  console.log(`ops ${passed} of ${totals.ops.size}, samples ${totals.same} of ${totals.samples}`);
}

async function main(): Promise<void> {
  torch.set_num_threads(1);
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-parity-'));
  const args = [join('tests', 'parity', 'ops.py'), folder, '--seed', options.seed];
  for (const name of options.op ?? []) args.push('--op', name);
  for (const name of options.dtype ?? []) args.push('--dtype', name);
  if (options.samples !== undefined) args.push('--samples', options.samples);
  try {
    const python = spawn(reference_python(), args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise<number | null>((resolve) => python.on('close', resolve));
    for await (const line of createInterface({ input: python.stdout })) {
      const group = JSON.parse(line) as Group;
      check(group);
      rmSync(group.file);
    }
    if ((await ended) !== 0) throw new Error('the reference failed (see above)');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  report();
  if (totals.ops.size === 0) throw new Error('no operator has this name and dtype');
  if (totals.different > 0) process.exitCode = 1;
}

void main();
