/** What the replays of PyTorch's databases of operators and modules share: comparing gradients, counting and reporting. */
import { parseArgs } from 'node:util';

import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';

import { difference } from './compare.js';
import { decode } from './decode.js';
import { for_each_group } from './replay.js';

/** The seed before each call, in Python as here. */
export const CALL_SEED = 42;

/** What Python found: which inputs and outputs, with which cotangents. */
export interface Gradients {
  inputs: number[];
  outputs: number[];
  cotangents: unknown[];
  expected: unknown[];
}

/** What a script writes in one line: an entry of its database for one dtype. */
export interface Entry {
  dtype: string;
  /** Where the bytes of the tensors are. */
  file: string;
  /** Samples that hold values without a meaning in TypeScript, by reason. */
  refused: Record<string, number>;
  /** Samples that Python itself cannot call. */
  unusable: number;
}

export type Outcome = { kind: 'same' } | { kind: 'skipped'; reason: string } | { kind: 'different'; text: string };

export const whole_float = 'Python was given a float such as 2.0, which JavaScript cannot tell from 2';

/** How the gradients here differ from those of Python; undefined when they do not. */
export function gradient_difference(
  found: Gradients | undefined,
  results: readonly Tensor[],
  inputs: readonly Tensor[],
  tensors: readonly Tensor[],
): string | undefined {
  if (!found) return undefined;
  const outputs = found.outputs.map((i) => results[i] as Tensor);
  const wanted = found.inputs.map((i) => inputs[i] as Tensor);
  const expected = decode(found.expected, tensors) as (Tensor | null)[];
  const gradients = torch.autograd.grad(outputs, wanted, {
    grad_outputs: decode(found.cotangents, tensors) as Tensor[],
    allow_unused: true,
  });
  const text = difference([...gradients], expected, { shapes_only: false });
  return text === undefined ? undefined : `gradient: ${text}`;
}

/** The first line of an error's text. */
export function message_of(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] as string) : String(error);
}

/** Counts of one kind of entry, `ops` or `modules`. */
export class Totals {
  readonly entries = new Map<string, { replayed: number; different: number }>();
  private readonly skipped = new Map<string, Map<string, number>>();
  private readonly unusable = new Map<string, number>();
  samples = 0;
  same = 0;
  different = 0;

  constructor(private readonly kind: string) {}

  skip(name: string, reason: string, count = 1): void {
    const reasons = this.skipped.get(name) ?? new Map<string, number>();
    reasons.set(reason, (reasons.get(reason) ?? 0) + count);
    this.skipped.set(name, reasons);
  }

  /** Counts what Python could not write or call, and the samples that are left. */
  open(name: string, entry: Entry, samples: number): void {
    if (!this.entries.has(name)) this.entries.set(name, { replayed: 0, different: 0 });
    this.samples += samples + Object.values(entry.refused).reduce((sum, count) => sum + count, 0);
    for (const [reason, count] of Object.entries(entry.refused)) this.skip(name, `an argument is ${reason}`, count);
    if (entry.unusable > 0) this.unusable.set(name, (this.unusable.get(name) ?? 0) + entry.unusable);
  }

  /** Replays samples in order, and prints the first differences. */
  replay<S>(name: string, dtype: string, samples: readonly S[], replay: (sample: S) => Outcome): void {
    const counts = this.entries.get(name)!;
    const texts = new Set<string>();
    samples.forEach((sample, i) => {
      const outcome = torch.scope(() => replay(sample));
      if (outcome.kind === 'skipped') this.skip(name, outcome.reason);
      else counts.replayed++;
      if (outcome.kind === 'same') this.same++;
      if (outcome.kind !== 'different') return;
      counts.different++;
      this.different++;
      if (!texts.has(outcome.text) && texts.size < 3) console.log(`${name} ${dtype} sample ${i}: ${outcome.text}`);
      texts.add(outcome.text);
    });
  }

  report(): void {
    const reasons = new Map<string, string[]>();
    for (const [name, its] of this.skipped) {
      for (const [reason, count] of its) reasons.set(reason, [...(reasons.get(reason) ?? []), `${name} (${count})`]);
    }
    for (const [reason, names] of reasons) console.log(`not replayed, ${reason}: ${names.join(', ')}`);
    if (this.unusable.size > 0) {
      const names = [...this.unusable].map(([name, count]) => `${name} (${count})`);
      console.log(`Python itself fails on: ${names.join(', ')}`);
    }
    const passed = [...this.entries.values()].filter(({ replayed, different }) => replayed > 0 && different === 0);
    console.log(`${this.kind} ${passed.length} of ${this.entries.size}, samples ${this.same} of ${this.samples}`);
  }
}

/**
 * Runs tests/parity/`kind`.py and checks each entry that it writes; the exit status is 1 on a difference.
 *
 * @param kind - `'ops'` or `'modules'`, as the totals call it
 * @param option - what the script calls the name of an entry
 */
export async function run<E extends Entry>(
  script: string,
  kind: string,
  option: string,
  check: (entry: E, content: Buffer, totals: Totals) => void,
): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '0' },
      [option]: { type: 'string', multiple: true },
      dtype: { type: 'string', multiple: true },
      samples: { type: 'string' },
      device: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const options = values as Record<string, string | string[] | undefined> & { help?: boolean };
  if (options.help) {
    console.log(
      `usage: npm run parity:${script} -- [--seed N] [--${option} NAME]... [--dtype NAME]... [--samples N] [--device NAME]`,
    );
    return;
  }
  torch.set_num_threads(1);
  const totals = new Totals(kind);
  const { seed, dtype, samples, device, [option]: names } = options;
  await for_each_group<E>(`${script}.py`, { seed, [option]: names, dtype, samples, device }, (entry, content) =>
    check(entry, content, totals),
  );
  totals.report();
  if (totals.entries.size === 0) throw new Error(`no ${option} has this name and dtype`);
  if (totals.different > 0) process.exitCode = 1;
}
