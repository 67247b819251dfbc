/** A part of a model, in a process of its own: `torch.distributed.pipelining.PipelineStage`. */
import { define_kind, signature, type Arguments } from '../../_internal/signature.js';
import { Tensor } from '../../_tensor.js';
import { no_grad } from '../../autograd/grad_mode.js';
import { backward as run_backward, grad } from '../../autograd/gradients.js';
import { empty } from '../../generated/functions.js';
import type { Module } from '../../nn/modules/module.js';
import { DistributedDataParallel } from '../../nn/parallel/distributed.js';
import { Device, type DeviceLike } from '../../types/device.js';
import type { DType } from '../../types/dtype.js';
import { irecv, isend } from '../collectives.js';
import { recv_object_list, send_object_list } from '../object_collectives.js';
import { group_or_default, type Group, type ProcessGroup } from '../process_group.js';
import type { Work } from '../work.js';

interface StageArguments {
  submodule: Module;
  stage_index: number;
  num_stages: number;
  device: DeviceLike;
  group?: Group;
}

const STAGE = signature<StageArguments>(
  'PipelineStage',
  'submodule: Module, stage_index: int, num_stages: int, device: device, group?: ProcessGroup|None',
);

/** What tensors a stage sends to the next one. */
interface Sent {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly requires_grad: boolean;
}

/** What a stage keeps of a microbatch between its passes. */
interface Chunk {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/** What a pass backward begins with. */
interface Ends {
  readonly outputs: readonly Tensor[];
  readonly gradients: readonly Tensor[];
}

const sent_of = ({ shape, dtype, requires_grad }: Tensor): Sent => ({ shape: [...shape], dtype, requires_grad });

const gradient_of = (input: Tensor): Tensor => input.grad ?? input.new_zeros([...input.shape]);

/**
 * A part of a model in a process of its own. Mirrors `torch.distributed.pipelining.PipelineStage`. {@link ScheduleGPipe} and {@link Schedule1F1B} run one
 * stage in each process, in the order of the ranks; {@link ScheduleInterleaved1F1B} and the like several. What a stage returns, a tensor or several, is
 * what the next one takes.
 *
 * @param submodule - the part, on the device
 * @param stage_index - its number
 * @param num_stages - how many there are, at least as many as processes
 * @param device - where it computes
 * @param group - the processes; default null, all
 * @throws Error when the number is out of range, with more processes than stages, and for DistributedDataParallel
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const { PipelineStage, ScheduleGPipe } = dist.pipelining;
 * const stage = new PipelineStage(new nn.Linear(2, 1), 0, 1, 'cpu');
 * const schedule = new ScheduleGPipe(stage, 2, F.mse_loss);
 * const losses: torch.Tensor[] = [];
 * const out = schedule.step(torch.ones(4, 2), { target: torch.zeros(4, 1), losses });
 * print(out!.shape, losses.length);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * from torch.distributed.pipelining import PipelineStage, ScheduleGPipe
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * stage = PipelineStage(nn.Linear(2, 1), 0, 1, torch.device('cpu'))
 * schedule = ScheduleGPipe(stage, 2, F.mse_loss)
 * losses = []
 * out = schedule.step(torch.ones(4, 2), target=torch.zeros(4, 1), losses=losses)
 * print(out.shape, len(losses))
 * dist.destroy_process_group()
 * ```
 */
export class PipelineStage {
  readonly submod: Module;
  readonly stage_index: number;
  readonly num_stages: number;
  readonly device: Device;
  readonly group: ProcessGroup;
  /** @internal what the last stage returned, by microbatch */
  readonly _outputs: Tensor[][] = [];
  private readonly chunks = new Map<number, Chunk>();
  private incoming: readonly Sent[] | null = null;
  private announced = false;
  private readonly arriving = new Map<number, Tensor[]>();
  private readonly gradients = new Map<number, (Tensor | null)[]>();
  private readonly unfinished = new Map<number, Ends & { readonly loss: Tensor | null }>();
  private rank_of: (stage: number) => number;

  constructor(
    ...args: Arguments<
      [submodule: Module, stage_index: number, num_stages: number, device: DeviceLike, group?: Group],
      StageArguments,
      ['submodule', 'stage_index', 'num_stages', 'device', 'group']
    >
  );
  constructor(...args: unknown[]) {
    const { submodule, stage_index, num_stages, device, group = null } = STAGE.read(args);
    const [index, count] = [Number(stage_index), Number(num_stages)];
    if (index >= count || index < 0)
      throw new Error(`PipelineStage(): Stage index ${index} is out of range of ${count}`);
    if (submodule instanceof DistributedDataParallel) {
      throw new Error('PipelineStage(): DistributedDataParallel within a stage is not there');
    }
    this.group = group_or_default(group);
    const size = this.group.size();
    if (size > count) {
      throw new Error(`PipelineStage(): Pipeline group size ${size} cannot be larger than number of stages ${count}`);
    }
    [this.submod, this.stage_index, this.num_stages, this.device] = [submodule, index, count, new Device(device)];
    this.rank_of = (stage) => stage % size;
  }

  /** Whether it takes what goes into the model. */
  get is_first(): boolean {
    return this.stage_index === 0;
  }

  /** Whether its output is that of the model. */
  get is_last(): boolean {
    return this.stage_index === this.num_stages - 1;
  }

  /** @internal where the other stages are; by default in turn */
  _place(rank_of: (stage: number) => number): void {
    this.rank_of = rank_of;
  }

  /** @internal takes what the stage before, in this process, returned for a microbatch */
  _take_input(chunk: number, before: PipelineStage): void {
    const { outputs } = before.chunks.get(chunk)!;
    this.incoming ??= outputs.map(sent_of);
    this.arriving.set(
      chunk,
      outputs.map((output) => output.detach()),
    );
  }

  /** @internal takes the gradients that the next stage, in this process, has for its input */
  _take_gradients(chunk: number, after: PipelineStage): void {
    const inputs = after.chunks.get(chunk)!.inputs;
    this.gradients.set(
      chunk,
      inputs.map((input) => (input.requires_grad ? gradient_of(input) : null)),
    );
    after._forget(chunk);
  }

  /** @internal forgets the microbatches of the step before */
  _clear(): void {
    this._outputs.length = 0;
    for (const kept of [this.chunks, this.arriving, this.gradients, this.unfinished]) kept.clear();
  }

  /** @internal begins to receive the input of a microbatch */
  _receive_input(chunk: number): Work[] {
    if (this.is_first) return [];
    if (this.incoming === null) {
      const told: unknown[] = [null];
      recv_object_list(told, { group: this.group, group_src: this.rank_of(this.stage_index - 1) });
      this.incoming = told[0] as Sent[];
    }
    const tensors = this.incoming.map(({ shape, dtype }) => empty([...shape], { dtype, device: this.device }));
    this.arriving.set(chunk, tensors);
    return this.from(tensors, this.stage_index - 1);
  }

  /** @internal computes a microbatch; `args` are those of the first stage */
  _forward(chunk: number, args: readonly unknown[], keep: boolean): Tensor[] {
    const arrived = this.arriving.get(chunk);
    arrived?.forEach((tensor, i) => {
      if (this.incoming![i]!.requires_grad) tensor.requires_grad_(true);
    });
    const call = this.submod as unknown as (...args: unknown[]) => unknown;
    const found = call(...(arrived ?? args));
    const outputs = (Array.isArray(found) ? found : [found]) as unknown[];
    if (!outputs.every((output) => output instanceof Tensor)) {
      throw new TypeError(`Stage ${this.stage_index} must return a tensor or several`);
    }
    this.chunks.set(chunk, { inputs: arrived ?? [], outputs });
    if (this.is_last && keep) this._outputs.push(outputs);
    return outputs;
  }

  /** @internal begins to send the output of a microbatch */
  _send_output(chunk: number): Work[] {
    if (this.is_last) return [];
    const { outputs } = this.chunks.get(chunk)!;
    if (!this.announced) {
      send_object_list([outputs.map(sent_of)], { group: this.group, group_dst: this.rank_of(this.stage_index + 1) });
      this.announced = true;
    }
    return this.to(
      outputs.map((output) => output.detach().contiguous()),
      this.stage_index + 1,
    );
  }

  /** @internal begins to receive the gradients of the output of a microbatch */
  _receive_gradients(chunk: number): Work[] {
    if (this.is_last) return [];
    const { outputs } = this.chunks.get(chunk)!;
    const gradients = outputs.map((output) =>
      output.requires_grad ? empty([...output.shape], { dtype: output.dtype, device: output.device }) : null,
    );
    this.gradients.set(chunk, gradients);
    return this.from(
      gradients.filter((each) => each !== null),
      this.stage_index + 1,
    );
  }

  /** The loss in the last stage; elsewhere the outputs, and the gradients that arrived. */
  private ends(chunk: number, loss: Tensor | null): Ends {
    if (loss !== null) return { outputs: [loss], gradients: [] };
    const gradients = this.gradients.get(chunk)!;
    const { outputs } = this.chunks.get(chunk)!;
    return {
      outputs: outputs.filter((_, i) => gradients[i] !== null),
      gradients: gradients.filter((each) => each !== null),
    };
  }

  /** @internal the backward pass of a microbatch: of its loss in the last stage */
  _backward(chunk: number, loss: Tensor | null): void {
    if (loss !== null) {
      loss.backward();
      return;
    }
    const { outputs, gradients } = this.ends(chunk, loss);
    run_backward([...outputs], [...gradients]);
  }

  /** @internal the backward pass of a microbatch to its inputs alone; the parameters follow by {@link _backward_to_parameters} */
  _backward_to_inputs(chunk: number, loss: Tensor | null): void {
    const ends = this.ends(chunk, loss);
    this.unfinished.set(chunk, { ...ends, loss });
    const inputs = this.chunks.get(chunk)!.inputs.filter((input) => input.requires_grad);
    if (this.is_first || inputs.length === 0) return;
    const found = grad([...ends.outputs], inputs, {
      ...(loss === null && { grad_outputs: [...ends.gradients] }),
      retain_graph: true,
      allow_unused: true,
    });
    inputs.forEach((input, i) => (input.grad = found[i]!));
  }

  /** @internal the rest of the backward pass of a microbatch */
  _backward_to_parameters(chunk: number): void {
    const { outputs, gradients, loss } = this.unfinished.get(chunk)!;
    this.unfinished.delete(chunk);
    if (this.is_first) {
      this._backward(chunk, loss);
      return;
    }
    const parameters = [...this.submod.parameters()].filter((parameter) => parameter.requires_grad);
    const found = grad([...outputs], parameters, {
      ...(loss === null && { grad_outputs: [...gradients] }),
      allow_unused: true,
    });
    no_grad(() =>
      parameters.forEach((parameter, i) => {
        const gradient = found[i];
        if (gradient == null) return;
        if (parameter.grad === null) parameter.grad = gradient;
        else parameter.grad.add_(gradient);
      }),
    );
  }

  /** @internal forgets a microbatch whose gradients are on their way */
  _forget(chunk: number): void {
    this.chunks.delete(chunk);
  }

  /** @internal begins to send the gradients of the input of a microbatch */
  _send_gradients(chunk: number): Work[] {
    if (this.is_first) return [];
    const { inputs } = this.chunks.get(chunk)!;
    this._forget(chunk);
    const gradients = inputs.filter((input) => input.requires_grad).map(gradient_of);
    return this.to(
      gradients.map((gradient) => gradient.contiguous()),
      this.stage_index - 1,
    );
  }

  /** @internal divides the gradients, which are sums over microbatches */
  _scale_gradients(count: number): void {
    for (const parameter of this.submod.parameters()) if (parameter.grad !== null) parameter.grad.div_(count);
  }

  private to(tensors: readonly Tensor[], stage: number): Work[] {
    const group_dst = this.rank_of(stage);
    return tensors.map((tensor) => isend(tensor, { group: this.group, group_dst })!);
  }

  private from(tensors: readonly Tensor[], stage: number): Work[] {
    const group_src = this.rank_of(stage);
    return tensors.map((tensor) => irecv(tensor, { group: this.group, group_src })!);
  }
}
const is_stage = (value: unknown): boolean => value instanceof PipelineStage;
define_kind('PipelineStage', 'PipelineStage', is_stage);
define_kind(
  'PipelineStages',
  'Array of PipelineStages',
  (value) => Array.isArray(value) && value.length > 0 && value.every(is_stage),
);
