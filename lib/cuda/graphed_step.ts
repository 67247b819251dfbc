/** A step of training as one graph: `torch.cuda.make_graphed_step`, which Python does not have. */
import { has_call_hooks, type Module } from '../nn/modules/module.js';
import type { Optimizer } from '../optim/optimizer.js';
import { Tensor } from '../_tensor.js';
import { signature } from '../_internal/signature.js';
import { CUDAGraph, graph } from './cuda_graph.js';
import { stream } from './current_stream.js';
import { lazy_init } from './device_index.js';
import { synchronize } from './devices.js';
import { Stream } from './streams.js';

/** The loss of what the model returned, with the last tensor of the batch. */
export type LossFunction = (output: never, target: Tensor) => Tensor;

interface StepParts {
  model: Module;
  loss: LossFunction;
  optimizer: Optimizer;
  sample: readonly Tensor[];
}

const MAKE = signature<StepParts & { num_warmup_iters?: number }>(
  'make_graphed_step',
  'model: Module, loss: Callable, optimizer: Optimizer, sample: Tensor[], num_warmup_iters?: int',
);
const STEP = signature<{ batch: readonly Tensor[] }>('step', 'batch: Tensor[]');

const refuse = (reason: string): never => {
  throw new Error(`make_graphed_step(): ${reason}`);
};

/** @throws Error for what a graph would not do as the program does it */
function check_parts({ model, optimizer, sample }: StepParts): void {
  if (sample.length < 2) refuse("'sample' must have the model's inputs and, at its end, the target");
  lazy_init();
  const elsewhere = [...sample, ...model.parameters(), ...model.buffers()].find(({ device }) => device.type !== 'cuda');
  if (elsewhere !== undefined) {
    refuse(`the model and the sample must be on a CUDA device, but a tensor is on ${String(elsewhere.device)}`);
  }
  for (const [name, module] of model.named_modules()) {
    if (has_call_hooks(module)) refuse(`hooks run at the capture only, but module '${name}' has some`);
  }
  if (optimizer.constructor.name === 'LBFGS') refuse('LBFGS evaluates the model as often as it needs to');
  for (const group of optimizer.param_groups) {
    if ((group as { capturable?: boolean }).capturable === false) {
      refuse(
        `make the optimizer with { capturable: true }: otherwise ${optimizer.constructor.name} counts steps on the CPU`,
      );
    }
  }
}

/** What a capture has baked in: numbers and switches of the optimizer, and whether the model trains. */
function settings({ model, optimizer }: StepParts): string {
  const plain = optimizer.param_groups.map((group) =>
    Object.entries(group).filter(([, value]) => typeof value !== 'object' || Array.isArray(value)),
  );
  return JSON.stringify([
    plain.map((entries) => entries.filter(([name]) => name !== 'params')),
    [...model.modules()].map((module) => module.training),
  ]);
}

/** The step of one model with one optimizer. */
class GraphedStep {
  readonly #parts: StepParts;
  readonly #inputs: readonly Tensor[];
  readonly #side = new Stream();
  #left: number;
  #graph: CUDAGraph | undefined;
  #loss: Tensor | undefined;
  #settings = '';

  constructor(parts: StepParts, warmup: number) {
    this.#parts = parts;
    // What the graph reads; each call copies its batch here.
    this.#inputs = parts.sample.map((tensor) => tensor.detach().clone());
    this.#left = warmup;
  }

  #work(): Tensor {
    const { model, loss, optimizer } = this.#parts;
    const inputs = this.#inputs.slice(0, -1);
    const output = (model as unknown as (...args: Tensor[]) => never)(...inputs);
    const value = loss(output, this.#inputs.at(-1)!);
    if (!(value instanceof Tensor) || value.numel() !== 1) refuse("'loss' must return a tensor with one element");
    value.backward();
    optimizer.step();
    return value.detach();
  }

  /** The step as it is, in a stream of its own; it makes the optimizer's state, which must be there before the capture. */
  #eager(): Tensor {
    this.#left--;
    this.#parts.optimizer.zero_grad();
    synchronize();
    const value = stream(this.#side, () => this.#work());
    synchronize();
    return value.clone();
  }

  #capture(): void {
    this.#graph?.reset();
    this.#graph = undefined;
    const made = new CUDAGraph();
    // Gradients are made in the memory of the graph, which writes them at each replay.
    this.#parts.optimizer.zero_grad();
    try {
      this.#loss = graph(made, { fn: () => this.#work() });
    } catch (error) {
      const { message } = error as Error;
      throw new Error(
        `make_graphed_step(): the step cannot be captured. What reads values (item(), cpu(), print) or has results whose shape ` +
          `depends on values must stay outside. ${message}`,
        { cause: error },
      );
    }
    this.#graph = made;
    this.#settings = settings(this.#parts);
  }

  run(batch: readonly Tensor[]): Tensor {
    if (batch.length !== this.#inputs.length) {
      throw new TypeError(`step(): expected ${this.#inputs.length} tensors, but got ${batch.length}`);
    }
    batch.forEach((tensor, i) => {
      const wanted = this.#inputs[i]!;
      if (tensor.shape.join() !== wanted.shape.join() || tensor.dtype !== wanted.dtype) {
        throw new Error(
          `step(): tensor ${i} must be of shape [${wanted.shape.join(', ')}] and ${String(wanted.dtype)} as the sample, but is of ` +
            `shape [${tensor.shape.join(', ')}] and ${String(tensor.dtype)}`,
        );
      }
      wanted.copy_(tensor, true);
    });
    if (this.#left > 0) return this.#eager();
    if (this.#graph === undefined || this.#settings !== settings(this.#parts)) this.#capture();
    this.#graph!.replay();
    return this.#loss!.clone();
  }
}

/**
 * A step of training as one graph: forward pass, loss, backward pass and optimizer, launched at once. The first calls run as usual;
 * then the step is captured, and later calls copy their batch into the graph's memory and replay it. The numbers are those of the
 * same step written out. When a number of the optimizer changes, such as the learning rate of a scheduler, or `training`, the step
 * is captured again; a learning rate that is a tensor changes without that. Python has no such function; see
 * `torch.cuda.make_graphed_callables` for its own.
 *
 * @param model - a module on a CUDA device, without hooks
 * @param loss - the loss of what the model returned and the target
 * @param optimizer - made with `capturable: true` where it has that option
 * @param sample - a batch like those of later calls: the model's inputs, and at its end the target
 * @param num_warmup_iters - how many calls run before the capture; default 3
 * @returns the step: it takes a batch such as the sample, and returns the loss
 * @throws Error when CUDA cannot be used, and for what a graph cannot do
 * @example
 * ```ts
 * if (torch.cuda.is_available()) {
 *   const model = new nn.Linear(3, 1).to('cuda');
 *   const optimizer = new optim.Adam(model.parameters(), { lr: 0.1, capturable: true });
 *   const [x, y] = [torch.ones(8, 3, { device: 'cuda' }), torch.ones(8, 1, { device: 'cuda' })];
 *   const step = torch.cuda.make_graphed_step(model, F.mse_loss, optimizer, [x, y]);
 *   for (let i = 0; i < 100; i++) step(x, y);
 *   print(step(x, y).item() < 0.01);
 * } else print(true); // True
 * ```
 */
export function make_graphed_step(
  model: Module,
  loss: LossFunction,
  optimizer: Optimizer,
  sample: readonly Tensor[],
  num_warmup_iters?: number,
): (...batch: Tensor[]) => Tensor;
export function make_graphed_step(
  model: Module,
  loss: LossFunction,
  optimizer: Optimizer,
  sample: readonly Tensor[],
  options: { num_warmup_iters?: number },
): (...batch: Tensor[]) => Tensor;
export function make_graphed_step(...args: unknown[]): (...batch: Tensor[]) => Tensor {
  const { num_warmup_iters = 3, ...parts } = MAKE.read(args);
  check_parts(parts);
  const step = new GraphedStep(parts, Math.max(num_warmup_iters, 1));
  return (...batch) => step.run(STEP.read([batch]).batch);
}
