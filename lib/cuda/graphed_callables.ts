/** Functions and modules whose work on a device is captured and replayed: `torch.cuda.make_graphed_callables`. */
import { Function as AutogradFunction } from '../autograd/function.js';
import { grad } from '../autograd/gradients.js';
import { empty_like } from '../generated/functions.js';
import { has_call_hooks, Module } from '../nn/modules/module.js';
import { Tensor } from '../_tensor.js';
import { signature } from '../_internal/signature.js';
import { tree_flatten, tree_leaves, tree_unflatten, type TreeSpec } from '../utils/_pytree.js';
import { CUDAGraph, graph, graph_pool_handle, type GraphPool } from './cuda_graph.js';
import { stream } from './current_stream.js';
import { synchronize } from './devices.js';
import { Stream } from './streams.js';

/** A function of tensors, or a module. */
export type Graphable = ((...args: never[]) => unknown) | Module;

/** Options of {@link make_graphed_callables}. */
export interface GraphedOptions {
  /** How often each runs before it is captured. Default 3. */
  num_warmup_iters?: number;
  /** Whether arguments may have no gradient. Default false. */
  allow_unused_input?: boolean;
  /** The pool that memory comes from; default null, a new one. */
  pool?: GraphPool | null;
}

const MAKE = signature<
  { callables: Graphable | readonly Graphable[]; sample_args: readonly unknown[] } & GraphedOptions
>(
  'make_graphed_callables',
  'callables: Callable|Callable[], sample_args: any[], num_warmup_iters?: int, allow_unused_input?: bool, pool?: int[]|None',
);

type AnyCall = (...args: unknown[]) => unknown;

/** @throws Error with Python's text for what cannot be captured */
function check(callable: Graphable, leaves: readonly unknown[]): asserts leaves is readonly Tensor[] {
  if (callable instanceof Module) {
    if (has_call_hooks(callable)) {
      throw new Error(
        'Modules must not have hooks registered at the time they are passed. However, registering hooks ' +
          'on modules after passing them through make_graphed_callables is allowed.',
      );
    }
    if ([...callable.buffers()].some((buffer) => buffer.requires_grad)) {
      throw new Error(
        'In any :class:`~torch.nn.Module` passed to :func:`~make_graphed_callables`, only parameters may be trainable. ' +
          'All buffers must have ``requires_grad=False``.',
      );
    }
  }
  if (!leaves.every((leaf) => leaf instanceof Tensor)) {
    throw new Error(
      'In the beta API, sample_args for each callable must contain only Tensors. Other types are not allowed.',
    );
  }
}

const needing_gradient = (tensors: readonly Tensor[]): Tensor[] => tensors.filter((one) => one.requires_grad);

/** One callable with its sample, and what was captured of it. */
class Captured {
  readonly forward = new CUDAGraph();
  readonly backward = new CUDAGraph();
  /** What the graphs read: arguments, then parameters. */
  readonly surface: readonly Tensor[];
  outputs: readonly Tensor[] = [];
  gradients_of_outputs: readonly (Tensor | null)[] = [];
  gradients: readonly (Tensor | null)[] = [];
  spec: TreeSpec | undefined;

  constructor(
    readonly callable: Graphable,
    readonly args: readonly unknown[],
    readonly leaves: readonly Tensor[],
    readonly parameters: readonly Tensor[],
  ) {
    this.surface = [...leaves, ...parameters];
  }

  run(): unknown {
    return (this.callable as AnyCall)(...this.args);
  }

  /** The gradients of what the graphs read, where it needs one. */
  differentiate(outputs: readonly Tensor[], cotangents: readonly Tensor[], allow_unused: boolean): (Tensor | null)[] {
    return grad(outputs, needing_gradient(this.surface), { grad_outputs: [...cotangents], allow_unused });
  }

  warm_up(times: number, allow_unused: boolean): void {
    for (let i = 0; i < times; i++) {
      const outputs = needing_gradient(tree_leaves(this.run()) as Tensor[]);
      if (outputs.length === 0) continue;
      this.differentiate(
        outputs,
        outputs.map((output) => empty_like(output)),
        allow_unused,
      );
    }
  }

  capture_forward(pool: GraphPool): void {
    const [leaves, spec] = tree_flatten(graph(this.forward, { pool, fn: () => this.run() }));
    this.outputs = leaves as Tensor[];
    this.spec = spec;
  }

  capture_backward(pool: GraphPool, allow_unused: boolean): void {
    this.gradients_of_outputs = this.outputs.map((output) => (output.requires_grad ? empty_like(output) : null));
    const cotangents = this.gradients_of_outputs.filter((one) => one !== null);
    const outputs = needing_gradient(this.outputs);
    if (outputs.length === 0) {
      this.gradients = this.surface.map(() => null);
      return;
    }
    const found = graph(this.backward, { pool, fn: () => this.differentiate(outputs, cotangents, allow_unused) });
    let next = 0;
    this.gradients = this.surface.map((one) => (one.requires_grad ? found[next++]! : null));
  }

  /** The callable as replays, with a backward. */
  graphed(): AnyCall {
    const { forward, backward, surface, leaves, parameters } = this;
    const [outputs, cotangents, gradients] = [this.outputs, this.gradients_of_outputs, this.gradients];
    const count = leaves.length;
    class Graphed extends AutogradFunction {
      static forward(_ctx: unknown, ...inputs: Tensor[]): Tensor[] {
        for (let i = 0; i < count; i++) {
          if (surface[i]!.data_ptr() !== inputs[i]!.data_ptr()) surface[i]!.copy_(inputs[i]!);
        }
        forward.replay();
        return outputs.map((output) => output.detach());
      }

      static backward(_ctx: unknown, ...given: (Tensor | null)[]): (Tensor | null)[] {
        cotangents.forEach((cotangent, i) => {
          const one = given[i] ?? null;
          if (cotangent !== null && one !== null && cotangent.data_ptr() !== one.data_ptr()) cotangent.copy_(one);
        });
        backward.replay();
        return gradients.map((gradient) => gradient?.detach() ?? null);
      }
    }
    return (...args) => {
      const flat = tree_leaves(args) as Tensor[];
      const results = Graphed.apply(...[...flat, ...parameters]);
      return tree_unflatten(Array.isArray(results) ? results : [results], this.spec!);
    };
  }
}

/** The module with replays instead of its `forward`, as long as it trains or evaluates as at the capture. */
function with_replays(module: Module, graphed: AnyCall): Module {
  const { training } = module;
  const fields = module as unknown as { forward: AnyCall };
  const eager = fields.forward;
  fields.forward = (...args: unknown[]) =>
    module.training === training ? graphed(...args) : eager.apply(module, args);
  return module;
}

/**
 * Functions or modules whose forward and backward passes are captured in graphs and replayed at each call. Arguments must have the
 * shapes of the samples, and a result is overwritten by the next call. A module is changed itself: it replays as long as `training` is
 * what it was. Mirrors `torch.cuda.make_graphed_callables`.
 *
 * @param callables - a function of tensors or a module, or several in an array, in the order in which they are called
 * @param sample_args - arguments like those of later calls; for several callables, an array of such arrays
 * @param num_warmup_iters - how often each runs before it is captured; default 3
 * @param allow_unused_input - whether arguments may have no gradient; default false
 * @param pool - the pool that memory comes from; default null, a new one
 * @returns the callable, or an array of them
 * @throws Error when CUDA cannot be used, for modules with hooks, and for arguments that are not tensors
 * @example
 * ```ts
 * const model = new nn.Linear(3, 2);
 * model.register_forward_hook(() => undefined);
 * try {
 *   torch.cuda.make_graphed_callables(model, [torch.ones(1, 3)]);
 * } catch (error) {
 *   print((error as Error).message.split('.')[0]);
 * }
 * ```
 * ```python
 * model = nn.Linear(3, 2)
 * model.register_forward_hook(lambda *args: None)
 * try:
 *     torch.cuda.make_graphed_callables(model, (torch.ones(1, 3),))
 * except AssertionError as error:
 *     print(str(error).split('.')[0])
 * ```
 */
export function make_graphed_callables<C extends Graphable>(
  callables: C,
  sample_args: readonly unknown[],
  num_warmup_iters?: number,
  allow_unused_input?: boolean,
  pool?: GraphPool | null,
): C;
export function make_graphed_callables<C extends readonly Graphable[]>(
  callables: C,
  sample_args: readonly (readonly unknown[])[],
  options?: GraphedOptions,
): C;
export function make_graphed_callables<C extends Graphable>(
  callables: C,
  sample_args: readonly unknown[],
  options: GraphedOptions,
): C;
export function make_graphed_callables(...args: unknown[]): unknown {
  const { callables, sample_args, num_warmup_iters = 3, allow_unused_input = false, pool } = MAKE.read(args);
  const several = Array.isArray(callables);
  const all = (several ? callables : [callables]) as readonly Graphable[];
  const samples = (several ? sample_args : [sample_args]) as readonly (readonly unknown[])[];
  const checked = all.map((callable, i) => {
    const leaves: readonly unknown[] = tree_leaves([...(samples[i] ?? [])]);
    check(callable, leaves);
    return leaves;
  });
  const captured = all.map(
    (callable, i) =>
      new Captured(
        callable,
        samples[i]!,
        checked[i] as readonly Tensor[],
        callable instanceof Module ? [...callable.parameters()] : [],
      ),
  );
  const shared = pool ?? graph_pool_handle();
  synchronize();
  stream(new Stream(), () => {
    for (const one of captured) one.warm_up(num_warmup_iters, allow_unused_input);
  });
  synchronize();
  for (const one of captured) one.capture_forward(shared);
  // Backward passes run the other way round, so that memory of the pool is used in the order of the capture.
  for (const one of [...captured].reverse()) one.capture_backward(shared, allow_unused_input);
  const made = captured.map((one) => {
    const graphed = one.graphed();
    return one.callable instanceof Module ? with_replays(one.callable, graphed) : graphed;
  });
  return several ? made : made[0];
}
