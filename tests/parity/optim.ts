/**
 * Replays PyTorch's optimizer database through this package and compares parameters and state with Python's:
 *
 *   npm run parity:optim -- [--seed N] [--optim NAME] [--dtype NAME]
 *
 * Prints what differs, what was not replayed and why, how many samples are equal to the last bit, and
 * `optimizers P of N, samples p of n`. Exit status 1 on a difference.
 */
import { parseArgs } from 'node:util';

import * as torch from 'torch-node';
import { optim, Tensor } from 'torch-node';

import { difference } from './compare.js';
import { decode, plain, tensor_of, tensors_in, type Described } from './decode.js';
import { for_each_group } from './replay.js';

interface Case {
  form: string;
  description: string;
  params: unknown;
  kwargs: unknown;
  grads?: unknown;
  x?: unknown;
  expected: unknown;
  tensors: Described[];
}

interface ErrorCase {
  description: string;
  params: unknown;
  kwargs: unknown;
  grads: unknown;
  on_step: boolean;
  /** The class of the error in Python. */
  kind: string;
  /** A regular expression for its text. */
  text: string;
  tensors: Described[];
}

interface Group {
  name: string;
  dtype: string;
  file: string;
  cases: Case[];
  errors: ErrorCase[];
  /** What Python itself refuses, by its message. */
  refused: Record<string, number>;
}

interface Outcome {
  params: Tensor[];
  state: Record<string, Record<string, unknown>>;
  gradients?: (Tensor | null)[];
  losses?: Tensor[];
}

type Kind = new (params: unknown, options: object) => {
  step(closure?: () => Tensor): unknown;
  zero_grad(): void;
  state_dict(): { state: Record<number, object> };
};

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '0' }, optim: { type: 'string', multiple: true },
    dtype: { type: 'string', multiple: true }, help: { type: 'boolean' },
  },
});
if (options.help) {
  console.log('usage: npm run parity:optim -- [--seed N] [--optim NAME]... [--dtype NAME]...');
  process.exit(0);
}

const classes = optim as unknown as Record<string, Kind>;

function state_of(optimizer: InstanceType<Kind>): Outcome['state'] {
  return optimizer.state_dict().state as Outcome['state'];
}

function steps(Optimizer: Kind, params: Tensor[], grads: (Tensor | null)[][], kwargs: object): Outcome {
  const leaves = params.map((param) => param.clone().requires_grad_());
  const optimizer = new Optimizer(leaves, kwargs);
  for (const of_step of grads) {
    leaves.forEach((leaf, i) => { leaf.grad = of_step[i]?.clone(); });
    optimizer.step();
  }
  return { params: leaves.map((leaf) => leaf.detach()), state: state_of(optimizer) };
}

const sum_of_squares = (tensor: Tensor): Tensor => (tensor.is_complex() ? torch.view_as_real(tensor) : tensor).square().sum();

function differentiable_steps(Optimizer: Kind, params: Tensor[], grads: (Tensor | null)[][], kwargs: object): Outcome {
  const leaves = params.map((param) => param.clone().requires_grad_());
  const given = grads.map((of_step) => of_step.map((grad) => grad && grad.clone().requires_grad_()));
  const moving = leaves.map((leaf) => leaf.clone());
  for (const param of moving) param.retain_grad();
  const optimizer = new Optimizer(moving, kwargs);
  for (const of_step of given) {
    moving.forEach((param, i) => { param.grad = of_step[i]; });
    optimizer.step();
  }
  const loss = moving.map(sum_of_squares).reduce((sum, term) => sum.add(term));
  const gradients = torch.autograd.grad(loss, tensors_in([leaves, given]), { allow_unused: true });
  return { params: moving.map((param) => param.detach()), gradients, state: state_of(optimizer) };
}

/** A sum of squares, and Rosenbrock's valley; the same expressions are in tests/parity/optim.py. */
function loss_of(weight: Tensor, bias: Tensor, x: Tensor): Tensor {
  const residual = weight.matmul(x).add(bias);
  if (weight.is_complex()) return torch.view_as_real(residual).square().sum();
  const flat = torch.cat([weight.reshape(-1), bias]);
  const bends = flat.index('1:').sub(flat.index(':-1').square()).square().sum().mul(100);
  const valley = torch.rsub(flat.index(':-1'), 1).square().sum().add(bends);
  return residual.square().sum().add(valley.mul(0.01));
}

function closure_steps(Optimizer: Kind, params: Tensor[], x: Tensor, kwargs: object, count: number): Outcome {
  const leaves = params.map((param) => param.clone().requires_grad_());
  const optimizer = new Optimizer(leaves, kwargs);
  const closure = (): Tensor => {
    optimizer.zero_grad();
    const loss = loss_of(leaves[0] as Tensor, leaves[1] as Tensor, x);
    loss.backward();
    return loss;
  };
  const losses = Array.from({ length: count }, () => (optimizer.step(closure) as Tensor).detach());
  return { params: leaves.map((leaf) => leaf.detach()), losses, state: state_of(optimizer) };
}

function run(name: string, sample: Case, tensors: Tensor[], expected: Outcome): Outcome {
  const read = (value: unknown): unknown => plain(decode(value, tensors));
  const Optimizer = classes[name] as Kind;
  const [params, kwargs] = [read(sample.params) as Tensor[], read(sample.kwargs) as object];
  if (sample.x !== undefined) {
    return closure_steps(Optimizer, params, read(sample.x) as Tensor, kwargs, (expected.losses ?? []).length);
  }
  const grads = read(sample.grads) as (Tensor | null)[][];
  return sample.form === 'differentiable'
    ? differentiable_steps(Optimizer, params, grads, kwargs)
    : steps(Optimizer, params, grads, kwargs);
}

/** What differs, in words; undefined when nothing does. */
function outcome_difference(ours: Outcome, theirs: Outcome): string | undefined {
  const how = { shapes_only: false };
  for (const part of ['losses', 'params', 'gradients'] as const) {
    const text = theirs[part] && difference(ours[part], theirs[part], how);
    if (text !== undefined) return `${part}: ${text}`;
  }
  const numbers = [Object.keys(ours.state).join(), Object.keys(theirs.state).join()];
  if (numbers[0] !== numbers[1]) return `state of [${numbers[0]}], not of [${numbers[1]}]`;
  for (const [number, state] of Object.entries(theirs.state)) {
    const its = ours.state[number] as Record<string, unknown>;
    const names = [Object.keys(its).sort().join(), Object.keys(state).sort().join()];
    if (names[0] !== names[1]) return `state of [${names[0]}], not of [${names[1]}]`;
    for (const [name, value] of Object.entries(state)) {
      const text = difference(its[name], value, how);
      if (text !== undefined) return `state ${number} ${name}: ${text}`;
    }
  }
  return undefined;
}

const bytes_of = (tensor: Tensor): Tensor => tensor.detach().resolve_conj().contiguous().reshape(-1).view(torch.uint8);

function same_bits(ours: Outcome, theirs: Outcome): boolean {
  const parts = (outcome: Outcome): Tensor[] => tensors_in([
    outcome.params, outcome.losses ?? [], outcome.gradients ?? [],
    Object.values(outcome.state).map((state) => Object.keys(state).sort().map((name) => state[name])),
  ]);
  const [a, b] = [parts(ours), parts(theirs)];
  return a.length === b.length && a.every((tensor, i) => torch.equal(bytes_of(tensor), bytes_of(b[i] as Tensor)));
}

class Totals {
  readonly optimizers = new Map<string, { replayed: number; different: number }>();
  readonly refused = new Map<string, number>();
  readonly not_same_bits = new Map<string, number>();
  samples = 0;
  same = 0;
  same_bits = 0;
  errors = 0;
  errors_same = 0;

  count(name: string, different: boolean): void {
    const counts = this.optimizers.get(name) ?? { replayed: 0, different: 0 };
    counts.replayed++;
    if (different) counts.different++;
    this.optimizers.set(name, counts);
  }
}

const totals = new Totals();

function check(group: Group, content: Buffer): void {
  for (const sample of group.cases) {
    totals.samples++;
    const label = `${group.name} ${group.dtype}, ${sample.form}, ${sample.description}`;
    let text: string | undefined;
    torch.scope(() => {
      try {
        const tensors = sample.tensors.map((about) => tensor_of(about, content));
        const theirs = plain(decode(sample.expected, tensors)) as Outcome;
        const ours = run(group.name, sample, tensors, theirs);
        text = outcome_difference(ours, theirs);
        if (text !== undefined) return;
        if (same_bits(ours, theirs)) {
          totals.same_bits++;
        } else {
          const kind = `${group.name}, ${sample.form}`;
          totals.not_same_bits.set(kind, (totals.not_same_bits.get(kind) ?? 0) + 1);
        }
      } catch (error) {
        text = error instanceof Error ? (error.message.split('\n')[0] as string) : String(error);
      }
    });
    totals.count(group.name, text !== undefined);
    if (text === undefined) totals.same++;
    else console.log(`sample ${label}: ${text}`);
  }
}

// A warning is given once a process, whichever optimizer gives it.
const warnings: string[] = [];
process.emitWarning = (warning: string | Error): void => {
  warnings.push(String(warning));
};

/** The text of the error or warning that a call gives, after the class of the error. */
function complaint_of(group: Group, sample: ErrorCase, content: Buffer): string {
  const tensors = sample.tensors.map((about) => tensor_of(about, content));
  const read = (value: unknown): unknown => plain(decode(value, tensors));
  try {
    const params = read(sample.params);
    (read(sample.grads) as (Tensor | null)[]).forEach((grad, i) => {
      if (grad) (tensors_in(params)[i] as Tensor).grad = grad;
    });
    const optimizer = new (classes[group.name] as Kind)(params, read(sample.kwargs) as object);
    if (!sample.on_step) return `Warning: ${warnings.join('\n')}`;
    optimizer.step();
    return 'nothing';
  } catch (error) {
    return `${(error as Error).constructor.name}: ${(error as Error).message}`;
  }
}

function check_errors(group: Group, content: Buffer): void {
  for (const sample of group.errors) {
    totals.errors++;
    const kind = { TypeError: 'TypeError', UserWarning: 'Warning' }[sample.kind] ?? 'Error';
    const found = complaint_of(group, sample, content);
    if (found.startsWith(`${kind}: `) && new RegExp(sample.text).test(found)) totals.errors_same++;
    else console.log(`error ${group.name}, ${sample.description}: ${found}, not ${sample.kind}: ${sample.text}`);
  }
}

function report(): void {
  for (const [reason, count] of totals.refused) console.log(`Python itself refuses ${count}: ${reason}`);
  for (const [kind, count] of totals.not_same_bits) console.log(`within tolerance, but not to the last bit: ${kind} (${count})`);
  console.log(`to the last bit: ${totals.same_bits} of ${totals.samples}; errors: ${totals.errors_same} of ${totals.errors}`);
  const passed = [...totals.optimizers.values()].filter(({ different }) => different === 0).length;
  console.log(`optimizers ${passed} of ${totals.optimizers.size}, samples ${totals.same} of ${totals.samples}`);
}

async function main(): Promise<void> {
  torch.set_num_threads(1);
  const { seed, optim: names, dtype } = options;
  await for_each_group<Group>('optim.py', { seed, optim: names, dtype }, (group, content) => {
    for (const [reason, count] of Object.entries(group.refused)) {
      totals.refused.set(`${group.name} ${group.dtype}, ${reason}`, count);
    }
    check(group, content);
    check_errors(group, content);
  });
  report();
  if (totals.optimizers.size === 0) throw new Error('no optimizer has this name and dtype');
  if (totals.same < totals.samples || totals.errors_same < totals.errors) process.exitCode = 1;
}

void main();
