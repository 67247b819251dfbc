/**
 * Replays PyTorch's operator database through this package and compares results and gradients with Python's:
 *
 *   npm run parity:ops -- [--seed N] [--op NAME] [--dtype NAME] [--samples N]
 *
 * Prints what differs, what was not replayed and why, and `ops P of N, samples p of n`. Exit status 1 on a difference.
 */
import * as torch from 'torch-node';

import { difference } from './compare.js';
import { decode, has_whole_float, plain, tensor_of, tensors_in, type Described } from './decode.js';
import { function_for, unfilled, type Call } from './functions.js';
import {
  CALL_SEED,
  gradient_difference,
  message_of,
  run,
  whole_float,
  type Entry,
  type Gradients,
  type Outcome,
  type Totals,
} from './entries.js';

interface Case {
  input: unknown;
  args: unknown[];
  kwargs: unknown;
  result: unknown;
  gradients?: Gradients;
  tensors: Described[];
}

interface Operator extends Entry {
  name: string;
  variant: string;
  cases: Case[];
}

function replay(call: Call, name: string, sample: Case, content: Buffer): Outcome {
  const tensors = sample.tensors.map((about) => tensor_of(about, content));
  const given = decode([sample.input, sample.args, sample.kwargs], tensors);
  const [input, args, kwargs] = plain(given) as [unknown, unknown[], Record<string, unknown>];
  const inputs = tensors_in([input, args, kwargs]);
  const theirs = decode(sample.result, tensors);
  let text: string | undefined;
  try {
    torch.manual_seed(CALL_SEED);
    const ours = Object.keys(kwargs).length > 0 ? call(input, ...args, kwargs) : call(input, ...args);
    text =
      difference(ours, theirs, { shapes_only: unfilled.has(name) }) ??
      gradient_difference(
        sample.gradients,
        tensors_in(Array.isArray(ours) ? [...(ours as unknown[])] : ours),
        inputs,
        tensors,
      );
  } catch (error) {
    text = message_of(error);
  }
  if (text === undefined) return { kind: 'same' };
  if (has_whole_float(given)) return { kind: 'skipped', reason: whole_float };
  return { kind: 'different', text };
}

function check(operator: Operator, content: Buffer, totals: Totals): void {
  const { name, variant, cases } = operator;
  const op = variant ? `${name}.${variant}` : name;
  totals.open(op, operator, cases.length);
  const call = function_for(name, variant);
  if (call) totals.replay(op, operator.dtype, cases, (sample) => replay(call, name, sample, content));
  else if (cases.length > 0) totals.skip(op, 'this package has no such function', cases.length);
}

void run<Operator>('ops', 'ops', 'op', check);
