/**
 * Replays PyTorch's module database through this package: constructs each module from the same seed, compares how it
 * prints and its first state, then results, gradients of inputs and parameters, the state afterwards, inference, and
 * the errors of calls that must fail:
 *
 *   npm run parity:nn -- [--seed N] [--module NAME] [--dtype NAME] [--samples N]
 *
 * Prints what differs, what was not replayed and why, and `modules P of N, samples p of n`. Exit status 1 on a
 * difference.
 */
import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';

import { difference, exact } from './compare.js';
import { at_path, construct, decode, has_whole_float, plain, tensor_of, tensors_in, type Described } from './decode.js';
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

interface Given {
  args: unknown[];
  kwargs: unknown;
}

/** A name with a tensor, or with the name of the class of a tensor without a shape. */
type State = [name: string, tensor: unknown][];

interface Case {
  training: boolean;
  constructor: Given;
  forward: Given;
  repr: string;
  state: State;
  result: unknown;
  gradients?: Gradients;
  repr_after: string;
  state_after: State;
  inference: unknown;
  tensors: Described[];
}

interface ErrorCase {
  training: boolean;
  constructor: Given;
  forward?: Given;
  text: string | null;
  tensors: Described[];
}

interface ModuleEntry extends Entry {
  name: string;
  device: string;
  cases: Case[];
  errors: ErrorCase[];
}

type Arguments = [args: unknown[], kwargs: Record<string, unknown>];

function arguments_of(given: Given, tensors: readonly Tensor[]): Arguments {
  return plain(decode([given.args, given.kwargs], tensors)) as Arguments;
}

function call(module: nn.Module, [args, kwargs]: Arguments): unknown {
  torch.manual_seed(CALL_SEED);
  const callable = module as unknown as (...args: unknown[]) => unknown;
  return Object.keys(kwargs).length > 0 ? callable(...args, kwargs) : callable(...args);
}

function module_of(name: string, { constructor }: { constructor: Given }, tensors: readonly Tensor[]): nn.Module {
  torch.manual_seed(CALL_SEED);
  const [args, kwargs] = arguments_of(constructor, tensors);
  // PyTorch's samples of cells give a nonlinearity instead of the bias. Python takes it as true; here it is refused.
  const is_cell = name === 'RNNCell' || name === 'GRUCell';
  return construct(
    name,
    args.map((arg, i) => (is_cell && i === 2 && typeof arg === 'string' ? true : arg)),
    kwargs,
  ) as nn.Module;
}

function is_lazy(tensor: Tensor): boolean {
  return tensor instanceof nn.UninitializedParameter || tensor instanceof nn.UninitializedBuffer;
}

/** How the names or tensors of a state differ; the first state must be Python's to the last bit. */
function state_difference(
  module: nn.Module,
  theirs: State,
  tensors: readonly Tensor[],
  bits: boolean,
): string | undefined {
  const ours = Object.entries(module.state_dict());
  const [names, expected] = [ours.map(([name]) => name).join(', '), theirs.map(([name]) => name).join(', ')];
  if (names !== expected) return `state: [${names}], not [${expected}]`;
  for (const [i, [name, tensor]] of ours.entries()) {
    const other = decode(theirs[i]![1], tensors);
    const text = is_lazy(tensor)
      ? difference(tensor.constructor.name, other, { shapes_only: false })
      : difference(tensor, other, { shapes_only: false, ...(bits ? { tolerance: exact } : {}) });
    if (text !== undefined) return `state '${name}': ${text}`;
  }
  return undefined;
}

function text_difference(what: string, ours: string, theirs: string): string | undefined {
  return ours === theirs ? undefined : `${what}: ${JSON.stringify(ours)}, not ${JSON.stringify(theirs)}`;
}

function load(module: nn.Module, state: State, tensors: readonly Tensor[]): void {
  if (state.some(([, tensor]) => typeof tensor === 'string')) return;
  module.load_state_dict(Object.fromEntries(state.map(([name, tensor]) => [name, decode(tensor, tensors) as Tensor])));
}

function first_difference(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const text = check();
    if (text !== undefined) return text;
  }
  return undefined;
}

function replay(entry: ModuleEntry, sample: Case, content: Buffer): string | undefined {
  const tensors = sample.tensors.map((about) => tensor_of(about, content));
  const given = arguments_of(sample.forward, tensors);
  const module = module_of(entry.name, sample, tensors);
  let result: unknown;
  // Texts are compared on the CPU; the Python beside a GPU may be older than this package.
  const text_of = (ours: string, theirs: string, what: string): string | undefined =>
    entry.device === 'cpu' ? text_difference(what, ours, theirs) : undefined;
  return first_difference([
    () => text_of(String(module), sample.repr, 'text'),
    () => state_difference(module, sample.state, tensors, true),
    () => {
      load(module, sample.state, tensors);
      module.to(entry.device, at_path(entry.dtype) as torch.DType).train(sample.training);
      result = call(module, given);
      return difference(result, decode(sample.result, tensors), { shapes_only: false });
    },
    () =>
      gradient_difference(
        sample.gradients,
        tensors_in(result),
        [...tensors_in(given), ...module.parameters()],
        tensors,
      ),
    () => text_of(String(module), sample.repr_after, 'text after the call'),
    () => state_difference(module, sample.state_after, tensors, false),
    () => {
      module.eval();
      const inferred = torch.no_grad(() => call(module, given));
      const text = difference(inferred, decode(sample.inference, tensors), { shapes_only: false });
      return text === undefined ? undefined : `inference: ${text}`;
    },
  ]);
}

/** An error's text as Python has it: without the operator that libtorch was in, and with Python's names of types. */
function python_message(error: unknown): string {
  return message_of(error)
    .replace(/^\w+\(\): /, '')
    .replace(/\bCPU(\w+)Type\b/g, 'torch.$1Tensor');
}

function replay_error(entry: ModuleEntry, sample: ErrorCase, content: Buffer): Outcome {
  const tensors = sample.tensors.map((about) => tensor_of(about, content));
  const outcome_of = (text: string | undefined): Outcome => {
    if (text === undefined) return { kind: 'same' };
    return has_whole_float(decode([sample.constructor.args, sample.constructor.kwargs], tensors))
      ? { kind: 'skipped', reason: whole_float }
      : { kind: 'different', text };
  };
  try {
    const module = module_of(entry.name, sample, tensors);
    module.to(entry.device, at_path(entry.dtype) as torch.DType).train(sample.training);
    if (sample.forward) call(module, arguments_of(sample.forward, tensors));
  } catch (error) {
    return outcome_of(text_difference('error', python_message(error), sample.text ?? 'no error'));
  }
  return outcome_of(sample.text === null ? undefined : `no error, not ${JSON.stringify(sample.text)}`);
}

function outcome(find: () => string | undefined): Outcome {
  try {
    const text = find();
    return text === undefined ? { kind: 'same' } : { kind: 'different', text };
  } catch (error) {
    return { kind: 'different', text: message_of(error) };
  }
}

function check(entry: ModuleEntry, content: Buffer, totals: Totals): void {
  const { name, dtype, cases, errors } = entry;
  totals.open(name, entry, cases.length + errors.length);
  if (typeof at_path(`nn.${name}`) !== 'function') {
    totals.skip(name, 'this package has no such module', cases.length + errors.length);
    return;
  }
  totals.replay(name, dtype, cases, (sample) => outcome(() => replay(entry, sample, content)));
  totals.replay(name, dtype, errors, (sample) => replay_error(entry, sample, content));
}

void run<ModuleEntry>('nn', 'modules', 'module', check);
