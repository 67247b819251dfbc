/** The order in which stages work on microbatches: `torch.distributed.pipelining.ScheduleGPipe` and the like. */
import { is_plain_object } from '../../_internal/plain_object.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { Tensor } from '../../_tensor.js';
import { is_grad_enabled } from '../../autograd/grad_mode.js';
import { cat, tensor_split } from '../../generated/functions.js';
import type { Work } from '../work.js';
import {
  breadth_first,
  dual_v,
  interleaved,
  name_of,
  v_without_bubbles,
  with_transfers,
  type Action,
  type Pass,
  type Shape,
} from './orders.js';
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

interface Common extends ScheduleOptions {
  n_microbatches: number;
  loss_fn?: LossFunction | null;
}

interface ScheduleArguments extends Common {
  stage: PipelineStage;
}

const OF_SCHEDULE = 'stage: PipelineStage, n_microbatches: int, loss_fn?: Callable|None, *, scale_grads?: bool';
const STEP_OPTIONS = signature<StepOptions>('step', '*, target?: Tensor|None, losses?: any, return_outputs?: bool');

const finish = (works: readonly Work[]): void => {
  for (const work of works) work.wait();
};

/** What the schedules share. */
export abstract class PipelineSchedule {
  protected readonly stages: readonly PipelineStage[];
  protected readonly count: number;
  private readonly loss_fn: LossFunction | null;
  private readonly scale_grads: boolean;
  private has_backward: boolean;
  private readonly found: Tensor[] = [];

  /** @internal */
  constructor(stages: readonly PipelineStage[], { n_microbatches, loss_fn = null, scale_grads = true }: Common) {
    this.stages = stages;
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
    const last_stage = this.stages.find((stage) => stage.is_last);
    for (const stage of this.stages) stage._clear();
    this.found.length = 0;
    const cut = inputs.map((input) =>
      input instanceof Tensor ? this.split(input) : Array.from({ length: this.count }, () => input),
    );
    const chunks = Array.from({ length: this.count }, (_, i) => cut.map((each) => each[i]));
    if (last_stage && this.has_backward && target === null) throw new Error('step(): the last stage needs a target');
    this.run(chunks, target === null ? null : this.split(target), return_outputs);
    losses?.splice(0, losses.length, ...this.found);
    if (this.has_backward && this.scale_grads && this.count > 1) {
      for (const stage of this.stages) stage._scale_gradients(this.count);
    }
    if (!last_stage || !return_outputs) return null;
    const outputs = last_stage._outputs;
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

  /** The forward pass of a microbatch, whose input is there. */
  protected compute(
    stage: PipelineStage,
    chunk: number,
    args: readonly unknown[],
    targets: readonly Tensor[] | null,
    keep: boolean,
  ): void {
    const { loss_fn } = this;
    const output = stage._forward(chunk, args, keep);
    if (stage.is_last && loss_fn !== null && targets !== null) {
      this.found.push(loss_fn(output.length === 1 ? output[0]! : (output as unknown as Tensor), targets[chunk]!));
    }
  }

  /** What the backward pass of a microbatch begins with in the last stage. */
  protected loss_of(stage: PipelineStage, chunk: number): Tensor | null {
    return stage.is_last ? this.found[chunk]! : null;
  }
}

/** What the schedules with one stage in each process share. */
abstract class OneStage extends PipelineSchedule {
  protected readonly stage: PipelineStage;

  constructor({ stage, ...common }: ScheduleArguments) {
    const { stage_index, num_stages, group } = stage;
    const [rank, size] = [group.rank(), group.size()];
    if (size !== num_stages || rank !== stage_index) {
      throw new Error(
        `There is one stage in each process: stage ${stage_index} of ${num_stages} cannot be in process ${rank} of ${size}`,
      );
    }
    super([stage], common);
    this.stage = stage;
  }

  /** The forward pass of a microbatch, once its input is there; what is on its way to the next stage. */
  protected forward(chunk: number, args: readonly unknown[], targets: readonly Tensor[] | null, keep: boolean): Work[] {
    const { stage } = this;
    finish(stage._receive_input(chunk));
    this.compute(stage, chunk, args, targets, keep);
    return stage._send_output(chunk);
  }

  /** The backward pass of a microbatch, once its gradients are there; what is on its way to the stage before. */
  protected backward(chunk: number): Work[] {
    const { stage } = this;
    finish(stage._receive_gradients(chunk));
    stage._backward(chunk, this.loss_of(stage, chunk));
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
export class ScheduleGPipe extends OneStage {
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
export class Schedule1F1B extends OneStage {
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

interface SeveralArguments extends Common {
  stages: readonly PipelineStage[];
}

const OF_STAGES = 'stages: PipelineStages, n_microbatches: int, loss_fn?: Callable|None, *, scale_grads?: bool';

type ArgumentsOfSeveral = Arguments<
  [stages: readonly PipelineStage[], n_microbatches: number, loss_fn?: LossFunction | null],
  SeveralArguments,
  ['stages', 'n_microbatches', 'loss_fn']
>;

/** What the schedules with several stages in each process share. */
abstract class SeveralStages extends PipelineSchedule {
  private readonly actions: readonly Action[];

  /** @internal `order_of` what a process does; `rank_of` where a stage is */
  constructor(
    given: SeveralArguments,
    order_of: (rank: number, shape: Shape) => ReturnType<typeof breadth_first>,
    rank_of: (stage: number, size: number) => number = (stage, size) => stage % size,
  ) {
    const { stages, ...common } = given;
    super(stages, common);
    const { group, num_stages } = stages[0]!;
    const [rank, size] = [group.rank(), group.size()];
    const local = stages.length;
    if (stages.some((stage) => rank_of(stage.stage_index, size) !== rank) || local * size !== num_stages) {
      const numbers = stages.map(({ stage_index }) => stage_index).join(', ');
      throw new Error(`Stages ${numbers} of ${num_stages} cannot be in process ${rank} of ${size} with this schedule`);
    }
    for (const stage of stages) stage._place((index) => rank_of(index, size));
    const shape = { size, local, count: this.count };
    const orders = Array.from({ length: size }, (_, i) => order_of(i, shape));
    this.actions = with_transfers(orders, (stage) => rank_of(stage, size), num_stages)[rank]!;
  }

  protected override run(
    args: readonly (readonly unknown[])[],
    targets: readonly Tensor[] | null,
    keep: boolean,
  ): void {
    const arriving = new Map<string, Work[]>();
    const sends: Work[] = [];
    for (const action of this.actions) {
      const { kind, pass, chunk } = action;
      if (pass !== 'F' && !this.trains) continue;
      const stage = this.stage(action.stage)!;
      const name = name_of(action);
      if (kind === 'send') sends.push(...(pass === 'F' ? stage._send_output(chunk) : stage._send_gradients(chunk)));
      else if (kind === 'receive') {
        arriving.set(name, pass === 'F' ? stage._receive_input(chunk) : stage._receive_gradients(chunk));
      } else {
        // The second half of a backward pass has what the first received.
        if (pass !== 'W') finish(arriving.get(name) ?? []);
        if (pass === 'F') this.forward(stage, chunk, args[chunk]!, targets, keep);
        else this.backward(pass, stage, chunk);
      }
    }
    finish(sends);
  }

  /** A stage of this process; undefined for those of others. */
  private stage(index: number): PipelineStage | undefined {
    return this.stages.find(({ stage_index }) => stage_index === index);
  }

  private forward(
    stage: PipelineStage,
    chunk: number,
    args: readonly unknown[],
    targets: readonly Tensor[] | null,
    keep: boolean,
  ): void {
    const before = this.stage(stage.stage_index - 1);
    if (before !== undefined) stage._take_input(chunk, before);
    this.compute(stage, chunk, args, targets, keep);
  }

  private backward(pass: Pass, stage: PipelineStage, chunk: number): void {
    if (pass === 'W') {
      stage._backward_to_parameters(chunk);
      return;
    }
    const after = this.stage(stage.stage_index + 1);
    if (after !== undefined) stage._take_gradients(chunk, after);
    const loss = this.loss_of(stage, chunk);
    if (pass === 'B') stage._backward(chunk, loss);
    else stage._backward_to_inputs(chunk, loss);
  }
}

/** @throws Error unless the microbatches can be divided evenly into rounds */
function check_rounds(name: string, { stages, n_microbatches }: SeveralArguments): void {
  const rounds = Math.max(1, Math.floor(Number(n_microbatches) / stages[0]!.group.size()));
  if (Number(n_microbatches) % rounds === 0) return;
  throw new Error(
    `${name} requires the number of microbatches to be a multiple of the number of rounds (${rounds}), but got ${n_microbatches}.`,
  );
}

/** Where stages are that go through the processes and back. */
const in_v = (stage: number, size: number): number => (stage < size ? stage : 2 * size - 1 - stage);

/** @throws Error unless there are two stages in each process */
function check_two({ stages }: SeveralArguments): void {
  if (stages.length !== 2) throw new Error(`ZBV requires exactly 2 stages per rank, but got ${stages.length}.`);
}

const LOOPED = signature<SeveralArguments>('ScheduleLoopedBFS', OF_STAGES);

/**
 * Several stages in each process: all microbatches go through one before they go through the next. Mirrors
 * `torch.distributed.pipelining.ScheduleLoopedBFS`.
 *
 * @param stages - the stages of this process: those whose number modulo the number of processes is its rank
 * @param n_microbatches - into how many microbatches a batch is cut
 * @param loss_fn - the loss of what the last stage returns, and of the target; default null, no backward pass
 * @param scale_grads - by name: divide gradients by the number of microbatches; default true
 * @throws Error when other stages belong to this process
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const { PipelineStage, ScheduleLoopedBFS } = dist.pipelining;
 * const stages = [0, 1].map((i) => new PipelineStage(new nn.Linear(2, 2), i, 2, 'cpu'));
 * const schedule = new ScheduleLoopedBFS(stages, 2, F.mse_loss);
 * print(schedule.step(torch.ones(4, 2), { target: torch.zeros(4, 2) })!.shape);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * from torch.distributed.pipelining import PipelineStage, ScheduleLoopedBFS
 * stages = [PipelineStage(nn.Linear(2, 2), i, 2, torch.device('cpu')) for i in range(2)]
 * schedule = ScheduleLoopedBFS(stages, 2, F.mse_loss)
 * print(schedule.step(torch.ones(4, 2), target=torch.zeros(4, 2)).shape)
 * dist.destroy_process_group()
 * ```
 */
export class ScheduleLoopedBFS extends SeveralStages {
  constructor(...args: ArgumentsOfSeveral);
  constructor(...args: unknown[]) {
    super(LOOPED.read(args), breadth_first);
  }
}

const INTERLEAVED = signature<SeveralArguments>('ScheduleInterleaved1F1B', OF_STAGES);

/**
 * Several stages in each process, with one forward and one backward pass in turn. Mirrors
 * `torch.distributed.pipelining.ScheduleInterleaved1F1B`.
 *
 * @param stages - the stages of this process: those whose number modulo the number of processes is its rank
 * @param n_microbatches - into how many microbatches a batch is cut
 * @param loss_fn - the loss of what the last stage returns, and of the target; default null, no backward pass
 * @param scale_grads - by name: divide gradients by the number of microbatches; default true
 * @throws Error when other stages belong to this process, and when the microbatches do not make even rounds
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const { PipelineStage, ScheduleInterleaved1F1B } = dist.pipelining;
 * const stages = [0, 1].map((i) => new PipelineStage(new nn.Linear(2, 2), i, 2, 'cpu'));
 * const schedule = new ScheduleInterleaved1F1B(stages, 2, F.mse_loss);
 * print(schedule.step(torch.ones(4, 2), { target: torch.zeros(4, 2) })!.shape);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * from torch.distributed.pipelining import PipelineStage, ScheduleInterleaved1F1B
 * stages = [PipelineStage(nn.Linear(2, 2), i, 2, torch.device('cpu')) for i in range(2)]
 * schedule = ScheduleInterleaved1F1B(stages, 2, F.mse_loss)
 * print(schedule.step(torch.ones(4, 2), target=torch.zeros(4, 2)).shape)
 * dist.destroy_process_group()
 * ```
 */
export class ScheduleInterleaved1F1B extends SeveralStages {
  constructor(...args: ArgumentsOfSeveral);
  constructor(...args: unknown[]) {
    const given = INTERLEAVED.read(args);
    check_rounds('Interleaved 1F1B', given);
    super(given, (rank, shape) => interleaved(rank, shape, false));
  }
}

const ZERO_BUBBLE = signature<SeveralArguments>('ScheduleInterleavedZeroBubble', OF_STAGES);

/**
 * As {@link ScheduleInterleaved1F1B}, with the gradients of parameters computed where a process would wait: the graph of a stage is walked twice.
 * Mirrors `torch.distributed.pipelining.ScheduleInterleavedZeroBubble`.
 *
 * @param stages - the stages of this process: those whose number modulo the number of processes is its rank
 * @param n_microbatches - into how many microbatches a batch is cut
 * @param loss_fn - the loss of what the last stage returns, and of the target; default null, no backward pass
 * @param scale_grads - by name: divide gradients by the number of microbatches; default true
 * @throws Error when other stages belong to this process, and when the microbatches do not make even rounds
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const { PipelineStage, ScheduleInterleavedZeroBubble } = dist.pipelining;
 * const stages = [0, 1].map((i) => new PipelineStage(new nn.Linear(2, 2), i, 2, 'cpu'));
 * const schedule = new ScheduleInterleavedZeroBubble(stages, 2, F.mse_loss);
 * print(schedule.step(torch.ones(4, 2), { target: torch.zeros(4, 2) })!.shape);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * from torch.distributed.pipelining import PipelineStage, ScheduleInterleavedZeroBubble
 * stages = [PipelineStage(nn.Linear(2, 2), i, 2, torch.device('cpu')) for i in range(2)]
 * schedule = ScheduleInterleavedZeroBubble(stages, 2, F.mse_loss)
 * print(schedule.step(torch.ones(4, 2), target=torch.zeros(4, 2)).shape)
 * dist.destroy_process_group()
 * ```
 */
export class ScheduleInterleavedZeroBubble extends SeveralStages {
  constructor(...args: ArgumentsOfSeveral);
  constructor(...args: unknown[]) {
    const given = ZERO_BUBBLE.read(args);
    check_rounds('Zero bubble', given);
    super(given, (rank, shape) => interleaved(rank, shape, true));
  }
}

const ZBV = signature<SeveralArguments>('ScheduleZBVZeroBubble', OF_STAGES);

/**
 * Two stages in each process, of which the second ones follow in the order of falling ranks, and gradients of parameters computed where a process
 * would wait. Mirrors `torch.distributed.pipelining.ScheduleZBVZeroBubble`.
 *
 * @param stages - the two stages of this process: of `n` processes, those with the numbers `rank` and `2 * n - 1 - rank`
 * @param n_microbatches - into how many microbatches a batch is cut
 * @param loss_fn - the loss of what the last stage returns, and of the target; default null, no backward pass
 * @param scale_grads - by name: divide gradients by the number of microbatches; default true
 * @throws Error when other stages belong to this process
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const { PipelineStage, ScheduleZBVZeroBubble } = dist.pipelining;
 * const stages = [0, 1].map((i) => new PipelineStage(new nn.Linear(2, 2), i, 2, 'cpu'));
 * const schedule = new ScheduleZBVZeroBubble(stages, 2, F.mse_loss);
 * print(schedule.step(torch.ones(4, 2), { target: torch.zeros(4, 2) })!.shape);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * from torch.distributed.pipelining import PipelineStage, ScheduleZBVZeroBubble
 * stages = [PipelineStage(nn.Linear(2, 2), i, 2, torch.device('cpu')) for i in range(2)]
 * schedule = ScheduleZBVZeroBubble(stages, 2, F.mse_loss)
 * print(schedule.step(torch.ones(4, 2), target=torch.zeros(4, 2)).shape)
 * dist.destroy_process_group()
 * ```
 */
export class ScheduleZBVZeroBubble extends SeveralStages {
  constructor(...args: ArgumentsOfSeveral);
  constructor(...args: unknown[]) {
    const given = ZBV.read(args);
    check_two(given);
    super(given, v_without_bubbles, in_v);
  }
}

const DUAL = signature<SeveralArguments>('ScheduleDualPipeV', OF_STAGES);

/**
 * As {@link ScheduleZBVZeroBubble}, with forward and backward passes of two microbatches side by side. Mirrors
 * `torch.distributed.pipelining.ScheduleDualPipeV`.
 *
 * @param stages - the two stages of this process: of `n` processes, those with the numbers `rank` and `2 * n - 1 - rank`
 * @param n_microbatches - into how many microbatches a batch is cut, at least as many as there are stages
 * @param loss_fn - the loss of what the last stage returns, and of the target; default null, no backward pass
 * @param scale_grads - by name: divide gradients by the number of microbatches; default true
 * @throws Error when other stages belong to this process, and with fewer microbatches than stages
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const { PipelineStage, ScheduleDualPipeV } = dist.pipelining;
 * const stages = [0, 1].map((i) => new PipelineStage(new nn.Linear(2, 2), i, 2, 'cpu'));
 * const schedule = new ScheduleDualPipeV(stages, 2, F.mse_loss);
 * print(schedule.step(torch.ones(4, 2), { target: torch.zeros(4, 2) })!.shape);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * from torch.distributed.pipelining import PipelineStage, ScheduleDualPipeV
 * stages = [PipelineStage(nn.Linear(2, 2), i, 2, torch.device('cpu')) for i in range(2)]
 * schedule = ScheduleDualPipeV(stages, 2, F.mse_loss)
 * print(schedule.step(torch.ones(4, 2), target=torch.zeros(4, 2)).shape)
 * dist.destroy_process_group()
 * ```
 */
export class ScheduleDualPipeV extends SeveralStages {
  constructor(...args: ArgumentsOfSeveral);
  constructor(...args: unknown[]) {
    const given = DUAL.read(args);
    check_two(given);
    const { num_stages } = given.stages[0]!;
    if (Number(given.n_microbatches) < num_stages) {
      throw new Error(
        `DualPipeV requires at least as many microbatches as stages, but got ${given.n_microbatches} microbatches and ${num_stages} stages.`,
      );
    }
    super(given, dual_v, in_v);
  }
}
