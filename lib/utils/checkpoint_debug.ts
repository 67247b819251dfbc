/** The log of operators of a checkpoint with `debug: true`: what ran in the forward run and in the recomputation. */
import { native } from '../_C/native.js';
import { is_tensor } from '../_C/tensor_base.js';
import { python_float } from '../_internal/representation.js';
import { find_operator } from '../library/operators.js';
import type { Overload } from '../_ops.js';
import { python_repr } from '../python/print.js';
import type { Tensor } from '../_tensor.js';
import { TorchDispatchMode } from './_python_dispatch.js';

/** Frames that a stack of JavaScript may have in a log, where the default of 10 would cut off the program. */
const FRAMES = 100;

const quoted = (text: string): string => python_repr(text);

function where_called(): string {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  const lines = new Error().stack!.split('\n');
  Error.stackTraceLimit = before;
  // Up to the program, they are of this package: those that are between the operator and its mode say nothing.
  const from = lines.findLastIndex((line) => line.includes('.dispatch (') && line.includes('_python_dispatch'));
  return lines
    .slice(from + 2)
    .map((line) => /^\s*at (?:(.*) \()?(.*?):(\d+):\d+\)?$/.exec(line))
    .flatMap((match) => (match === null ? [] : [`${match[2]}:${match[3]}:${match[1] ?? '<anonymous>'}\n`]))
    .join('');
}

/** A mode that writes down each operator, with a number for each tensor. */
class LoggingMode extends TorchDispatchMode {
  ops: string[] = [];
  traces: string[] = [];
  /** The numbers of tensors, and these tensors: without them, a later one may be where one of them was. */
  private readonly numbers = new Map<number, [number: number, tensor: Tensor]>();

  protected override on_enter(): void {
    [this.ops, this.traces] = [[], []];
    this.release();
  }

  private number_of(tensor: Tensor): number {
    const identity = native.tensor_identity(tensor._h);
    const found = this.numbers.get(identity);
    if (found !== undefined) return found[0];
    const number = this.numbers.size;
    this.numbers.set(identity, [number, tensor]);
    return number;
  }

  /** Lets go of the tensors, at the end of a run. */
  release(): void {
    this.numbers.clear();
  }

  private argument(value: unknown, type: string): string {
    if (is_tensor(value)) return `$${this.number_of(value as Tensor)}`;
    if (Array.isArray(value)) return `[${value.map((each) => quoted(this.argument(each, type))).join(', ')}]`;
    if (typeof value === 'number' && type.startsWith('float')) return python_float(value);
    return python_repr(value);
  }

  private result(value: unknown): string {
    if (!is_tensor(value)) return python_repr(value);
    const { dtype, shape } = value as Tensor;
    return `$${this.number_of(value as Tensor)}: ${dtype.abbr}[${shape.join(', ')}]`;
  }

  private results(out: unknown, is_list: boolean): string {
    if (!Array.isArray(out)) return this.result(out);
    const inner = out.map((each) => quoted(this.result(each))).join(', ');
    if (is_list) return `[${inner}]`;
    return out.length === 1 ? `(${inner},)` : `(${inner})`;
  }

  __torch_dispatch__(func: Overload, _types: [], args: unknown[], kwargs: Record<string, unknown>): unknown {
    const out = func(...args, kwargs);
    const { arguments: parameters, returns } = find_operator(func.qualified.replace(/\.default$/, ''))!.schema;
    const type_of = (name: string): string => parameters.find((each) => each.name === name)?.type ?? '';
    const given = [
      ...args.map((arg, i) => this.argument(arg, parameters[i]?.type ?? '')),
      ...Object.entries(kwargs).map(([name, value]) => `${name}=${this.argument(value, type_of(name))}`),
    ];
    const is_list = returns.length === 1;
    this.traces.push(where_called());
    this.ops.push(`${this.results(out, is_list)} = torch._ops.${String(func)}(${given.join(', ')})`);
    return out;
  }

  /** The operators, each with the stack that it was called from. */
  text(label: string): string {
    return this.ops
      .map((op, i) => `${op}   (${i + 1} of ${this.ops.length} in ${label})\n\n${this.traces[i]}\n\n`)
      .join('');
  }
}

const heading = (text: string): string => `+${'~'.repeat(78)}+\n|${text.padEnd(78)}|\n+${'-'.repeat(78)}+\n`;

/** The modes of both runs of a checkpoint, and the text of the Error with what they have seen. */
export class DebugLog {
  readonly forward = new LoggingMode();
  readonly recompute = new LoggingMode();

  /** Lets go of tensors: a run has ended. */
  release(): void {
    this.forward.release();
    this.recompute.release();
  }

  /** Python's text, with the stacks of JavaScript. */
  text(): string {
    const { forward, recompute } = this;
    return ` \
An error happened while unpacking tensors; dumping logs of latest computation
because you passed \`debug=True\` to \`torch.utils.checkpoint.checkpoint()\`.
Scroll all the way down for guidance on how to navigate these logs.

${heading('        1. Stack traces of the operators that ran in the original forward')}
${forward.text('original')}
${heading('        2. Stack traces of the operators that ran during recomputation')}
${recompute.text('recompute')}
${heading('       3. Log of operators in the original forward and recomputation')}\
(Scroll up to correlate stack traces with each operation listed below. This
 helps identify their source in the code.)

IMPORTANT: Differences in "detach" calls between the original forward and the
           recomputation are expected. They are introduced by the checkpointing
           mechanism and can be ignored.

Operations executed during the original forward:

${forward.ops.join('\n')}

Operations executed during recomputation:

${recompute.ops.join('\n')}

+${'-'.repeat(78)}+
 ERROR: Detected non-determinism while running activation checkpointing

 You are seeing this error because you passed \`debug=True\` to checkpoint and
 tensors to be saved during the original forward and differ between those saved
 during recomputation. This can happen if different operators were ran in the
 original forward and in the recomputation.

 To identify where the mismatch may be coming from, you can do the following:

 1) Compare the operators ran during original forward and recomputation to
    see where they differ. These operators are printed above in the order they
    were executed.

 2) Review the stack trace for each operator to locate its invocation source.
    Each operator's stack trace is printed in their execution order.

 Note that the logs can be quite long. Here's how they are structured:
 (Tip: you can Ctrl-f for these headers)

 1. Stack traces of the operators that ran in the original forward
 2. Stack traces of the operators that ran during recomputation
 3. Log of operators in the original forward and recomputation
 4. Error message                                             <--- You are here
${'-'.repeat(80)}
`;
  }
}
