/** Control flow that is recorded: each function runs once, whatever conditions and lengths are. */
import { call_synchronously } from '../_internal/callbacks.js';
import { text_or_kind } from '../_internal/representation.js';
import { is_tensor } from '../_C/tensor_base.js';
import { python_repr } from '../python/print.js';
import type { Tensor } from '../_tensor.js';
import { tree_flatten, tree_unflatten, type TreeSpec } from '../utils/_pytree.js';
import type { ControlFlowTracer } from './tracer.js';

type AnyFunction = (...args: unknown[]) => unknown;

interface Flat {
  readonly leaves: readonly unknown[];
  readonly tensors: Tensor[];
  readonly spec: TreeSpec;
}

function flat(value: unknown): Flat {
  const [leaves, spec] = tree_flatten(value);
  return { leaves, tensors: leaves.filter(is_tensor) as Tensor[], spec };
}

/** The value with other tensors. */
function rebuilt({ leaves, spec }: Flat, tensors: readonly Tensor[]): unknown {
  let next = 0;
  return tree_unflatten(
    leaves.map((leaf) => (is_tensor(leaf) ? tensors[next++] : leaf)),
    spec,
  );
}

const shown = (value: unknown): string => (is_tensor(value) ? text_or_kind(value) : python_repr(value));

const metadata_of = (tensor: Tensor): string => `${tensor.dtype} ${tensor.device}`;

/** Tensors of the same kind and sizes. @throws Error with the first difference */
export function check_same_metadata(
  names: readonly [string, string],
  found: readonly Tensor[],
  expected: readonly Tensor[],
): void {
  const texts: string[] = [];
  const differ = (i: number, what: string, a: unknown, b: unknown): void => {
    texts.push(`pair[${i}] differ in '${what}: ${String(a)} vs ${String(b)}'`);
  };
  if (found.length !== expected.length) texts.push(`different lengths: ${found.length} vs ${expected.length}`);
  else {
    found.forEach((tensor, i) => {
      const other = expected[i]!;
      const shape = ({ shape: sizes }: Tensor): string => `torch.Size([${sizes.join(', ')}])`;
      if (shape(tensor) !== shape(other)) differ(i, 'shape', shape(tensor), shape(other));
      if (tensor.dtype !== other.dtype) differ(i, 'dtype', tensor.dtype, other.dtype);
      if (String(tensor.device) !== String(other.device)) differ(i, 'device', tensor.device, other.device);
    });
  }
  if (texts.length === 0) return;
  throw new Error(`Expected ${names[0]} and ${names[1]} to have same metadata but found:\n${texts.join('\n')}`);
}

/** Tensors that only the function has, with the values of the given ones. */
const own_inputs = (tracer: ControlFlowTracer, tensors: readonly Tensor[]): Tensor[] =>
  tracer.aside(() => tensors.map((tensor) => tensor.view(tensor.shape)));

/** `torch.cond` in a program: both branches run. */
export function traced_cond(
  tracer: ControlFlowTracer,
  pred: Tensor,
  true_fn: AnyFunction,
  false_fn: AnyFunction,
  operands: readonly unknown[],
): unknown {
  const given = flat(operands);
  const chosen = tracer.aside(() => Boolean(pred.item()));
  const region = tracer.begin({ target: 'cond', before: [pred], lists: [given.tensors], own_list: false });
  const run = (name: string, fn: AnyFunction): Flat => {
    const inputs = own_inputs(tracer, given.tensors);
    const call = (): Flat => flat(call_synchronously('cond', fn, ...(rebuilt(given, inputs) as readonly unknown[])));
    return region.trace(name, inputs, call, ({ tensors }) => tensors);
  };
  const [yes, no] = [run('true_graph', true_fn), run('false_graph', false_fn)] as const;
  if (yes.leaves.length !== no.leaves.length || String(yes.spec) !== String(no.spec)) {
    throw new Error(
      `Unmatched output spec from torch.cond branches: true branch tree_spec ${String(yes.spec)} vs false branch ` +
        `tree_spec ${String(no.spec)}.`,
    );
  }
  yes.leaves.forEach((leaf, i) => {
    const other = no.leaves[i];
    if (is_tensor(leaf) && is_tensor(other)) {
      const [a, b] = [leaf, other] as [Tensor, Tensor];
      if (metadata_of(a) !== metadata_of(b)) {
        throw new Error(
          `When merging two branches' output in torch.cond,  expected same dtype but got ${String(a.dtype)} and ${String(b.dtype)}.`,
        );
      }
      if (a.shape.join() !== b.shape.join()) {
        throw new Error(
          `cond(): the branches return tensors of other shapes, [${a.shape.join(', ')}] and [${b.shape.join(', ')}], which ` +
            'a program that is exported here cannot hold',
        );
      }
    } else if (!Object.is(leaf, other)) {
      throw new Error(`cond(): the branches return ${shown(leaf)} and ${shown(other)}`);
    }
  });
  const which = chosen ? yes : no;
  return rebuilt(which, region.end(which.tensors));
}

/** `torch.while_loop` in a program. */
export function traced_while_loop(
  tracer: ControlFlowTracer,
  cond_fn: AnyFunction,
  body_fn: AnyFunction,
  carried_inputs: readonly unknown[],
): unknown {
  const given = flat(carried_inputs);
  if (given.tensors.length !== given.leaves.length) {
    throw new Error(
      'while_loop(): the loop of a program carries tensors only: make torch.tensor(0) of an integer among ' +
        `carried_inputs, not ${python_repr(given.leaves.find((leaf) => !is_tensor(leaf)))}`,
    );
  }
  const region = tracer.begin({ target: 'while_loop', before: [], lists: [given.tensors], own_list: true });
  const call = (fn: AnyFunction, inputs: readonly Tensor[]): unknown =>
    call_synchronously('while_loop', fn, ...(rebuilt(given, inputs) as readonly unknown[]));
  const tested = own_inputs(tracer, given.tensors);
  region.trace(
    'while_loop_cond_graph',
    tested,
    () => {
      const answer = call(cond_fn, tested);
      if (is_tensor(answer) && answer.numel() === 1) return [answer as Tensor];
      throw new Error(
        `while_loop(): cond_fn must return a tensor with one element in a program, not ${text_or_kind(answer)}`,
      );
    },
    (answer) => answer,
  );
  const changed = own_inputs(tracer, given.tensors);
  const next = region.trace(
    'while_loop_body_graph',
    changed,
    () => {
      const found = flat(call(body_fn, changed));
      check_same_metadata(['body_fn_output', 'carried_inputs'], found.tensors, given.tensors);
      return found;
    },
    ({ tensors }) => tensors,
  );
  return rebuilt(given, region.end(next.tensors));
}

/** Several of one tensor. */
const repeated = (tensor: Tensor, count: number): Tensor => tensor.unsqueeze(0).expand([count, ...tensor.shape]);

/** `torch._higher_order_ops.map` in a program: the function runs with the first slices. */
export function traced_map(tracer: ControlFlowTracer, f: AnyFunction, xs: unknown, args: readonly unknown[]): unknown {
  const walked = flat(xs);
  const others = flat(args);
  const count = walked.tensors[0]!.size(0);
  const region = tracer.begin({
    target: 'map_impl',
    before: [],
    lists: [walked.tensors, others.tensors],
    own_list: false,
  });
  const slices = tracer.aside(() => walked.tensors.map((tensor) => tensor.select(0, 0)));
  const rest = own_inputs(tracer, others.tensors);
  const call = (): Flat =>
    flat(call_synchronously('map', f, rebuilt(walked, slices), ...(rebuilt(others, rest) as readonly unknown[])));
  const found = region.trace('body_graph', [...slices, ...rest], call, ({ tensors }) => tensors);
  const results = tracer.aside(() => found.tensors.map((tensor) => repeated(tensor, count)));
  return rebuilt(found, region.end(results));
}

/** `torch._higher_order_ops.scan` along the first dimension in a program: the function runs with the first slices. */
export function traced_scan(
  tracer: ControlFlowTracer,
  combine: (state: unknown, slice: unknown) => readonly [unknown, unknown],
  init: unknown,
  xs: unknown,
): [state: unknown, results: unknown] {
  const started = flat(init);
  const walked = flat(xs);
  const count = walked.tensors[0]!.size(0);
  const region = tracer.begin({
    target: 'scan',
    before: [],
    lists: [started.tensors, walked.tensors],
    own_list: true,
  });
  const state = own_inputs(tracer, started.tensors);
  const slices = tracer.aside(() => walked.tensors.map((tensor) => tensor.select(0, 0)));
  const [next, found] = region.trace(
    'scan_combine_graph',
    [...state, ...slices],
    () => {
      const answer = combine(rebuilt(started, state), rebuilt(walked, slices));
      const flat_answer = answer.map(flat) as [Flat, Flat];
      check_same_metadata(['init', 'carry'], started.tensors, flat_answer[0].tensors);
      return flat_answer;
    },
    (both) => both.flatMap(({ tensors }) => tensors),
  );
  const results = tracer.aside(() => found.tensors.map((tensor) => repeated(tensor, count)));
  const all = region.end([...next.tensors, ...results]);
  return [rebuilt(next, all.slice(0, next.tensors.length)), rebuilt(found, all.slice(next.tensors.length))];
}
