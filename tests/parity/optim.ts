/**
 * Replays PyTorch's optimizer database through this package and compares parameters and state with Python's:
 *
 *   npm run parity:optim -- [--seed N] [--optim NAME] [--dtype NAME] [--samples N]
 *
 * The database's wrong inputs are samples too: their errors must be Python's. Prints what differs, what Python itself
 * cannot do, `optimizers P of N, samples p of n`, and how many results are equal to the last bit. Exit status 1 on a
 * difference.
 */
import * as torch from 'torch-node';
import { optim, type Tensor } from 'torch-node';

import { difference } from './compare.js';
import { decode, plain, tensor_of, tensors_in, type Described } from './decode.js';
import { message_of, run, type Entry, type Outcome, type Totals } from './entries.js';

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

interface Group extends Entry {
  name: string;
  cases: Case[];
  errors: ErrorCase[];
}

/** What ten steps leave behind. */
interface Result {
  params: Tensor[];
  state: Record<string, Record<string, unknown>>;
  gradients?: (Tensor | null)[];
  losses?: Tensor[];
}

type Kind = new (
  params: unknown,
  options: object,
) => {
  step(closure?: () => Tensor): unknown;
  zero_grad(): void;
  state_dict(): { state: Record<number, object> };
};

const classes = optim as unknown as Record<string, Kind>;

function state_of(optimizer: InstanceType<Kind>): Result['state'] {
  return optimizer.state_dict().state as Result['state'];
}

function steps(Optimizer: Kind, params: Tensor[], grads: (Tensor | null)[][], kwargs: object): Result {
  const leaves = params.map((param) => param.clone().requires_grad_());
  const optimizer = new Optimizer(leaves, kwargs);
  for (const of_step of grads) {
    leaves.forEach((leaf, i) => {
      leaf.grad = of_step[i]?.clone();
    });
    optimizer.step();
  }
  return { params: leaves.map((leaf) => leaf.detach()), state: state_of(optimizer) };
}

const sum_of_squares = (tensor: Tensor): Tensor =>
  (tensor.is_complex() ? torch.view_as_real(tensor) : tensor).square().sum();

function differentiable_steps(Optimizer: Kind, params: Tensor[], grads: (Tensor | null)[][], kwargs: object): Result {
  const leaves = params.map((param) => param.clone().requires_grad_());
  const given = grads.map((of_step) => of_step.map((grad) => grad?.clone().requires_grad_() ?? null));
  const moving = leaves.map((leaf) => leaf.clone());
  for (const param of moving) param.retain_grad();
  const optimizer = new Optimizer(moving, kwargs);
  for (const of_step of given) {
    moving.forEach((param, i) => {
      param.grad = of_step[i];
    });
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

function closure_steps(Optimizer: Kind, params: Tensor[], x: Tensor, kwargs: object, count: number): Result {
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

function stepped(name: string, sample: Case, tensors: Tensor[], expected: Result): Result {
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
function result_difference(ours: Result, theirs: Result): string | undefined {
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

function same_bits(ours: Result, theirs: Result): boolean {
  const parts = (result: Result): Tensor[] =>
    tensors_in([
      result.params,
      result.losses ?? [],
      result.gradients ?? [],
      Object.values(result.state).map((state) =>
        Object.keys(state)
          .sort()
          .map((name) => state[name]),
      ),
    ]);
  const [a, b] = [parts(ours), parts(theirs)];
  return a.length === b.length && a.every((tensor, i) => torch.equal(bytes_of(tensor), bytes_of(b[i] as Tensor)));
}

const bits = { samples: 0, same: 0 };

function replay(name: string, sample: Case, content: Buffer): Outcome {
  let text: string | undefined;
  try {
    const tensors = sample.tensors.map((about) => tensor_of(about, content));
    const theirs = plain(decode(sample.expected, tensors)) as Result;
    const ours = stepped(name, sample, tensors, theirs);
    text = result_difference(ours, theirs);
    bits.samples++;
    if (same_bits(ours, theirs)) bits.same++;
    else if (text === undefined) console.log(`within tolerance only: ${name}, ${sample.form}, ${sample.description}`);
  } catch (error) {
    text = message_of(error);
  }
  if (text === undefined) return { kind: 'same' };
  return { kind: 'different', text: `${sample.form}, ${sample.description}: ${text}` };
}

// A warning is given once a process, whichever optimizer gives it.
const warnings: string[] = [];
process.emitWarning = (warning: string | Error): void => {
  warnings.push(String(warning));
};

/** The text of the error or warning that a call gives, after the class of the error. */
function complaint_of(name: string, sample: ErrorCase, content: Buffer): string {
  const tensors = sample.tensors.map((about) => tensor_of(about, content));
  const read = (value: unknown): unknown => plain(decode(value, tensors));
  try {
    const params = read(sample.params);
    (read(sample.grads) as (Tensor | null)[]).forEach((grad, i) => {
      if (grad) (tensors_in(params)[i] as Tensor).grad = grad;
    });
    const optimizer = new (classes[name] as Kind)(params, read(sample.kwargs) as object);
    if (!sample.on_step) return `Warning: ${warnings.join('\n')}`;
    optimizer.step();
    return 'nothing';
  } catch (error) {
    return `${(error as Error).constructor.name}: ${(error as Error).message}`;
  }
}

function replay_error(name: string, sample: ErrorCase, content: Buffer): Outcome {
  const kind = { TypeError: 'TypeError', UserWarning: 'Warning' }[sample.kind] ?? 'Error';
  const found = complaint_of(name, sample, content);
  if (found.startsWith(`${kind}: `) && new RegExp(sample.text).test(found)) return { kind: 'same' };
  return { kind: 'different', text: `${sample.description}: ${found}, not ${sample.kind}: ${sample.text}` };
}

function check(group: Group, content: Buffer, totals: Totals): void {
  const { name, dtype, cases, errors } = group;
  totals.open(name, group, cases.length + errors.length);
  totals.replay(name, dtype, cases, (sample) => replay(name, sample, content));
  totals.replay(name, dtype, errors, (sample) => replay_error(name, sample, content));
}

async function main(): Promise<void> {
  await run<Group>('optim', 'optimizers', 'optim', check);
  if (bits.samples > 0) console.log(`steps that are equal to the last bit: ${bits.same} of ${bits.samples}`);
}

void main();
