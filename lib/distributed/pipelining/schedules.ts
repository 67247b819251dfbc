/** The order in which stages work on microbatches: `torch.distributed.pipelining.ScheduleGPipe` and `Schedule1F1B`. */
import { is_plain_object } from '../../_internal/plain_object.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { Tensor } from '../../_tensor.js';
import { is_grad_enabled } from '../../autograd/grad_mode.js';
import { cat, tensor_split } from '../../generated/functions.js';
import type { Work } from '../work.js';
import type { PipelineStage } from './stage.js';

/** The loss of what the last stage returns for a microbatch. */
export type LossFunction = (output: Tensor, target: Tensor) => Tensor;

/** Keyword arguments of {@link ScheduleGPipe} and {@link Schedule1F1B}. */
export interface ScheduleOptions {
  /** Divide gradients by the number of microbatches. Default true. */
  scale_grads?: boolean;
}

/** Keyword arguments of {@link PipelineSchedule.step}. */
export interface StepOptions {
  /** What the last stage should return, cut into microbatches as its input is. */
  target?: Tensor | null;
  /** Gets the loss of each microbatch, in the last stage. */
  losses?: Tensor[] | null;
  /** Return the output in the last stage. Default true. */
  return_outputs?: boolean;
}

interface ScheduleArguments extends ScheduleOptions {
  stage: PipelineStage;
  n_microbatches: number;
  loss_fn?: LossFunction | null;
}

const OF_SCHEDULE = 'stage: PipelineStage, n_microbatches: int, loss_fn?: Callable|None, *, scale_grads?: bool';
const STEP_OPTIONS = signature<StepOptions>('step', '*, target?: Tensor|None, losses?: any, return_outputs?: bool');

const finish = (works: readonly Work[]): void => {
  for (const work of works) work.wait();
};

/** What the schedules share. */
export abstract class PipelineSchedule {
  protected readonly stage: PipelineStage;
  protected readonly count: number;
  private readonly loss_fn: LossFunction | null;
  private readonly scale_grads: boolean;
  private has_backward: boolean;
  private readonly found: Tensor[] = [];

  /** @internal */
  constructor({ stage, n_microbatches, loss_fn = null, scale_grads = true }: ScheduleArguments) {
    this.stage = stage;
    this.count = Number(n_microbatches);
    this.loss_fn = loss_fn;
    this.scale_grads = scale_grads;
    this.has_backward = loss_fn !== null;
    if (this.count < 1) throw new Error(`n_microbatches must be at least 1, not ${this.count}`);
  }

  /** Runs all passes of a step. */
  protected abstract run(args: readonly (readonly unknown[])[], targets: readonly Tensor[] | null, keep: boolean): void;

  /** The chunks of tensors along the first dimension. @throws Error unless they are of one size */
  private split(tensor: Tensor): Tensor[] {
    if ((tensor.shape[0] ?? 0) % this.count !== 0 || tensor.ndim === 0) {
      throw new Error(
        `step(): the first dimension of ${String(tensor.shape)} must be a multiple of n_microbatches, ${this.count}`,
      );
    }
    return tensor_split(tensor, this.count, 0) as Tensor[];
  }

  /**
   * Runs the forward and the backward pass of a batch, in all stages: each process calls it.
   *
   * @param args - the input, in the first stage; tensors are cut along their first dimension into microbatches. Last, an object with `target` and
   *   `losses` for the last stage and `return_outputs`
   * @returns what the last stage returns; null in the others
   * @throws Error without gradients, and where a batch cannot be cut evenly
   */
  step(...args: unknown[]): Tensor | null {
    const last = args.at(-1);
    const options = STEP_OPTIONS.read(is_plain_object(last) ? [last] : []);
    const inputs = is_plain_object(last) ? args.slice(0, -1) : args;
    if (this.has_backward && !is_grad_enabled()) {
      throw new Error(
        'step() requires gradients to be enabled for backward computation; it should not be used under torch.no_grad() context. ' +
          'Please call eval() instead.',
      );
    }
    const { target = null, losses = null, return_outputs = true } = options;
    if (losses !== null && !Array.isArray(losses)) throw new TypeError('step(): losses must be an Array');
    const { stage } = this;
    stage._clear();
    this.found.length = 0;
    const cut = inputs.map((input) =>
      input instanceof Tensor ? this.split(input) : Array.from({ length: this.count }, () => input),
    );
    const chunks = Array.from({ length: this.count }, (_, i) => cut.map((each) => each[i]));
    if (stage.is_last && this.has_backward && target === null) throw new Error('step(): the last stage needs a target');
    this.run(chunks, target === null ? null : this.split(target), return_outputs);
    losses?.splice(0, losses.length, ...this.found);
    if (this.has_backward && this.scale_grads && this.count > 1) stage._scale_gradients(this.count);
    if (!stage.is_last || !return_outputs) return null;
    const outputs = stage._outputs;
    const merged = outputs[0]!.map((_, k) => cat(outputs.map((each) => each[k]!)));
    return merged.length === 1 ? merged[0]! : (merged as unknown as Tensor);
  }

  /**
   * Runs the forward pass alone.
   * @param args - as those of {@link PipelineSchedule.step}
   */
  eval(...args: unknown[]): Tensor | null {
    const { has_backward } = this;
    this.has_backward = false;
    try {
      return this.step(...args);
    } finally {
      this.has_backward = has_backward;
    }
  }

  /** Whether there is a backward pass in this step. */
  protected get trains(): boolean {
    return this.has_backward;
  }

  /** The forward pass of a microbatch, once its input is there; what is on its way to the next stage. */
  protected forward(chunk: number, args: readonly unknown[], targets: readonly Tensor[] | null, keep: boolean): Work[] {
    const { stage, loss_fn } = this;
    finish(stage._receive_input(chunk));
    const output = stage._forward(chunk, args, keep);
    if (stage.is_last && loss_fn !== null && targets !== null) {
      this.found.push(loss_fn(output.length === 1 ? output[0]! : (output as unknown as Tensor), targets[chunk]!));
    }
    return stage._send_output(chunk);
  }

  /** The backward pass of a microbatch, once its gradients are there; what is on its way to the stage before. */
  protected backward(chunk: number): Work[] {
    const { stage } = this;
    finish(stage._receive_gradients(chunk));
    stage._backward(chunk, stage.is_last ? this.found[chunk]! : null);
    return stage._send_gradients(chunk);
  }
}

const GPIPE = signature<ScheduleArguments>('ScheduleGPipe', OF_SCHEDULE);

/**
 * All microbatches forward, then all backward. Mirrors `torch.distributed.pipelining.ScheduleGPipe`.
 *
 * @param stage - the stage of this process
 * @param n_microbatches - into how many microbatches a batch is cut
 * @param loss_fn - the loss of what the last stage returns, and of the target; default null, no backward pass
 * @param scale_grads - by name: divide gradients by the number of microbatches; default true
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const { PipelineStage, ScheduleGPipe } = dist.pipelining;
 * const schedule = new ScheduleGPipe(new PipelineStage(new nn.Linear(2, 1), 0, 1, 'cpu'), 2, F.mse_loss);
 * print(schedule.step(torch.ones(4, 2), { target: torch.zeros(4, 1) })!.shape);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * from torch.distributed.pipelining import PipelineStage, ScheduleGPipe
 * schedule = ScheduleGPipe(PipelineStage(nn.Linear(2, 1), 0, 1, torch.device('cpu')), 2, F.mse_loss)
 * print(schedule.step(torch.ones(4, 2), target=torch.zeros(4, 1)).shape)
 * dist.destroy_process_group()
 * ```
 */
export class ScheduleGPipe extends PipelineSchedule {
  constructor(
    ...args: Arguments<
      [stage: PipelineStage, n_microbatches: number, loss_fn?: LossFunction | null],
      ScheduleArguments,
      ['stage', 'n_microbatches', 'loss_fn']
    >
  );
  constructor(...args: unknown[]) {
    super(GPIPE.read(args));
  }

  protected override run(
    args: readonly (readonly unknown[])[],
    targets: readonly Tensor[] | null,
    keep: boolean,
  ): void {
    const microbatches = Array.from({ length: this.count }, (_, i) => i);
    finish(microbatches.flatMap((i) => this.forward(i, args[i]!, targets, keep)));
    if (this.trains) finish(microbatches.flatMap((i) => this.backward(i)));
  }
}

const ONE_FORWARD_ONE_BACKWARD = signature<ScheduleArguments>('Schedule1F1B', OF_SCHEDULE);

/**
 * As soon as a stage has the gradients of a microbatch it goes backward, and forward with the next one: fewer microbatches are kept than by
 * {@link ScheduleGPipe}. Mirrors `torch.distributed.pipelining.Schedule1F1B`.
 *
 * @param stage - the stage of this process
 * @param n_microbatches - into how many microbatches a batch is cut, at least as many as there are stages
 * @param loss_fn - the loss of what the last stage returns, and of the target; default null, no backward pass
 * @param scale_grads - by name: divide gradients by the number of microbatches; default true
 * @throws Error when there are fewer microbatches than stages
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const { PipelineStage, Schedule1F1B } = dist.pipelining;
 * const schedule = new Schedule1F1B(new PipelineStage(new nn.Linear(2, 1), 0, 1, 'cpu'), 2, F.mse_loss);
 * print(schedule.step(torch.ones(4, 2), { target: torch.zeros(4, 1) })!.shape);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * from torch.distributed.pipelining import PipelineStage, Schedule1F1B
 * schedule = Schedule1F1B(PipelineStage(nn.Linear(2, 1), 0, 1, torch.device('cpu')), 2, F.mse_loss)
 * print(schedule.step(torch.ones(4, 2), target=torch.zeros(4, 1)).shape)
 * dist.destroy_process_group()
 * ```
 */
export class Schedule1F1B extends PipelineSchedule {
  constructor(
    ...args: Arguments<
      [stage: PipelineStage, n_microbatches: number, loss_fn?: LossFunction | null],
      ScheduleArguments,
      ['stage', 'n_microbatches', 'loss_fn']
    >
  );
  constructor(...args: unknown[]) {
    super(ONE_FORWARD_ONE_BACKWARD.read(args));
    if (this.count < this.stage.num_stages) {
      throw new Error(
        `Number of microbatches (${this.count}) must be greater than or equal to the number of stages (${this.stage.num_stages}).`,
      );
    }
  }

  protected override run(
    args: readonly (readonly unknown[])[],
    targets: readonly Tensor[] | null,
    keep: boolean,
  ): void {
    const { stage, count } = this;
    const sends: Work[] = [];
    const forward = (i: number): void => {
      sends.push(...this.forward(i, args[i]!, targets, keep));
    };
    const ahead = this.trains ? Math.min(count, stage.num_stages - stage.stage_index) : count;
    for (let i = 0; i < ahead; i++) forward(i);
    for (let i = 0; this.trains && i < count; i++) {
      sends.push(...this.backward(i));
      if (ahead + i < count) forward(ahead + i);
    }
    finish(sends);
  }
}
