/** How modules are cut over processes: `torch.distributed.tensor.parallel.style`. */
import { define_kind, no_arguments, signature, type Arguments } from '../../../_internal/signature.js';
import { python_bool, python_size } from '../../../_internal/representation.js';
import { Tensor } from '../../../_tensor.js';
import type { DeviceMesh } from '../../device_mesh.js';
import { Linear } from '../../../nn/modules/linear.js';
import type { Module } from '../../../nn/modules/module.js';
import { Embedding } from '../../../nn/modules/sparse.js';
import { Tuple } from '../../../_internal/tuple.js';
import { distribute_module, distribute_tensor } from '../api.js';
import { as_parameter, DTensor } from '../dtensor.js';
import { Placement, placements_text, Replicate, same_placements, Shard } from '../placement_types.js';

/** What {@link parallelize_module} does to a module. Mirrors `torch.distributed.tensor.parallel.ParallelStyle`; the base of the styles here. */
export abstract class ParallelStyle {
  /** The process whose values of parameters all others get; null: each keeps its own. */
  src_data_rank: number | null = 0;

  constructor(...none: unknown[]) {
    no_arguments('ParallelStyle', none);
  }

  /** Changes a module in place, and returns it. */
  abstract _apply(module: Module, device_mesh: DeviceMesh): Module;

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return String(this);
  }
}
define_kind('ParallelStyle', 'ParallelStyle', (value) => value instanceof ParallelStyle);

/** Keyword arguments of {@link ColwiseParallel} and {@link RowwiseParallel}. */
export interface ParallelLinearOptions {
  /** How the input lies. Default: replicated, or for {@link RowwiseParallel} cut along the last dimension. */
  input_layouts?: Placement | null;
  /** How the output is to lie. Default: cut along the last dimension, or for {@link RowwiseParallel} replicated. */
  output_layouts?: Placement | null;
  /** Return the piece of this process instead of a DTensor. Default true. */
  use_local_output?: boolean;
}

const OF_LINEAR = '*, input_layouts?: Placement|None, output_layouts?: Placement|None, use_local_output?: bool';
const COLWISE = signature<ParallelLinearOptions>('ColwiseParallel', OF_LINEAR);
const ROWWISE = signature<ParallelLinearOptions>('RowwiseParallel', OF_LINEAR);

/** A tensor as a DTensor that lies so. */
function entering(input: unknown, mesh: DeviceMesh, layouts: readonly Placement[]): DTensor {
  if (input instanceof DTensor) return input as DTensor;
  return DTensor.from_local(input as Tensor, mesh, layouts, { run_check: false });
}

function leaving(output: unknown, layouts: readonly Placement[], use_local_output: boolean): unknown {
  const result = (output as DTensor).redistribute({ placements: layouts });
  return use_local_output ? result.to_local() : result;
}

function cut(module: Module, name: string, mesh: DeviceMesh, placement: Placement, src_data_rank: number | null): void {
  const parameter = (module as unknown as Record<string, Tensor | null>)[name];
  if (parameter === null || parameter === undefined) return;
  const piece = distribute_tensor(parameter.detach(), mesh, [placement], { src_data_rank });
  module.register_parameter(name, as_parameter(piece, parameter.requires_grad));
}

/** What the two styles of layers share. */
abstract class ParallelLayer extends ParallelStyle {
  readonly input_layouts: readonly [Placement];
  readonly output_layouts: readonly [Placement];
  readonly use_local_output: boolean;

  protected constructor(
    private readonly name: string,
    { input_layouts, output_layouts, use_local_output = true }: ParallelLinearOptions,
    by_default: { input: Placement; output: Placement },
  ) {
    super();
    this.input_layouts = [input_layouts ?? by_default.input];
    this.output_layouts = [output_layouts ?? by_default.output];
    this.use_local_output = use_local_output;
  }

  /** Cuts the parameters, and says how the input must lie. */
  protected abstract cut_parameters(module: Linear | Embedding, mesh: DeviceMesh): Placement;

  _apply(module: Module, device_mesh: DeviceMesh): Module {
    if (!(module instanceof Linear || module instanceof Embedding)) {
      throw new Error(`${this.name} currently only support nn.Linear and nn.Embedding!`);
    }
    const desired = [this.cut_parameters(module, device_mesh)];
    return distribute_module(
      module,
      device_mesh,
      null,
      (_, [input]) => {
        const entered = entering(input, device_mesh, this.input_layouts);
        return [same_placements(this.input_layouts, desired) ? entered : entered.redistribute({ placements: desired })];
      },
      (_, output) => leaving(output, this.output_layouts, this.use_local_output),
    );
  }

  /** As Python prints it. */
  override toString(): string {
    const layouts = `input_layouts=${placements_text(this.input_layouts)}, output_layouts=${placements_text(this.output_layouts)}`;
    return `${this.name}(${layouts}, use_local_output=${python_bool(this.use_local_output)})`;
  }
}

/**
 * Cuts the outputs of a Linear or the columns of an Embedding over the processes of a mesh. Mirrors
 * `torch.distributed.tensor.parallel.ColwiseParallel`.
 *
 * @param input_layouts - by name: how the input lies; default null, replicated
 * @param output_layouts - by name: how the output is to lie; default null, cut along the last dimension
 * @param use_local_output - by name: return the piece of this process instead of a DTensor; default true
 * @example
 * ```ts
 * const { ColwiseParallel } = torch.distributed.tensor.parallel;
 * print(new ColwiseParallel({ use_local_output: false }));
 * ```
 * ```python
 * from torch.distributed.tensor.parallel import ColwiseParallel
 * print(ColwiseParallel(use_local_output=False))
 * ```
 */
export class ColwiseParallel extends ParallelLayer {
  constructor(options?: ParallelLinearOptions);
  constructor(...args: unknown[]) {
    super('ColwiseParallel', COLWISE.read(args), { input: new Replicate(), output: new Shard(-1) });
  }

  protected override cut_parameters(module: Linear | Embedding, mesh: DeviceMesh): Placement {
    const placement = new Shard(module instanceof Linear ? 0 : 1);
    for (const [name] of [...module.named_parameters()]) cut(module, name, mesh, placement, this.src_data_rank);
    return new Replicate();
  }
}

/**
 * Cuts the inputs of a Linear or the rows of an Embedding over the processes of a mesh. Mirrors
 * `torch.distributed.tensor.parallel.RowwiseParallel`.
 *
 * @param input_layouts - by name: how the input lies; default null, cut along the last dimension
 * @param output_layouts - by name: how the output is to lie; default null, replicated
 * @param use_local_output - by name: return the piece of this process instead of a DTensor; default true
 * @example
 * ```ts
 * const { RowwiseParallel } = torch.distributed.tensor.parallel;
 * print(new RowwiseParallel());
 * ```
 * ```python
 * from torch.distributed.tensor.parallel import RowwiseParallel
 * print(RowwiseParallel())
 * ```
 */
export class RowwiseParallel extends ParallelLayer {
  constructor(options?: ParallelLinearOptions);
  constructor(...args: unknown[]) {
    super('RowwiseParallel', ROWWISE.read(args), { input: new Shard(-1), output: new Replicate() });
  }

  protected override cut_parameters(module: Linear | Embedding, mesh: DeviceMesh): Placement {
    if (!(module instanceof Linear)) {
      cut(module, 'weight', mesh, new Shard(0), this.src_data_rank);
      return new Replicate();
    }
    cut(module, 'weight', mesh, new Shard(1), this.src_data_rank);
    cut(module, 'bias', mesh, new Replicate(), this.src_data_rank);
    return new Shard(-1);
  }
}

/** Keyword arguments of {@link SequenceParallel}. */
export interface SequenceParallelOptions {
  /** The dimension of the sequence. Default 1. */
  sequence_dim?: number;
  /** Return the piece of this process instead of a DTensor. Default false. */
  use_local_output?: boolean;
}

const SEQUENCE = signature<SequenceParallelOptions>(
  'SequenceParallel',
  '*, sequence_dim?: int, use_local_output?: bool',
);

/**
 * Keeps the parameters of a LayerNorm, RMSNorm or Dropout in all processes, and cuts its input along the sequence. Mirrors
 * `torch.distributed.tensor.parallel.SequenceParallel`.
 *
 * @param sequence_dim - by name: the dimension of the sequence; default 1
 * @param use_local_output - by name: return the piece of this process instead of a DTensor; default false
 * @example
 * ```ts
 * const { SequenceParallel } = torch.distributed.tensor.parallel;
 * print(new SequenceParallel());
 * ```
 * ```python
 * from torch.distributed.tensor.parallel import SequenceParallel
 * print(SequenceParallel())
 * ```
 */
export class SequenceParallel extends ParallelStyle {
  readonly sequence_sharding: readonly [Shard];
  readonly use_local_output: boolean;

  constructor(options?: SequenceParallelOptions);
  constructor(...args: unknown[]) {
    super();
    const { sequence_dim = 1, use_local_output = false } = SEQUENCE.read(args);
    this.sequence_sharding = [new Shard(Number(sequence_dim))];
    this.use_local_output = use_local_output;
  }

  _apply(module: Module, device_mesh: DeviceMesh): Module {
    return distribute_module(
      module,
      device_mesh,
      (_, submodule) => {
        for (const [name, parameter] of [...submodule.named_parameters('', false)]) {
          const made = DTensor.from_local(parameter.detach(), device_mesh, [new Replicate()], { run_check: false });
          submodule.register_parameter(name, as_parameter(made, parameter.requires_grad));
        }
      },
      (of, [input]) => {
        if (!(input instanceof Tensor)) {
          throw new TypeError(
            `expecting input of ${String(of)} to be a torch.Tensor or DTensor, but got ${String(input)}`,
          );
        }
        return [
          entering(input, device_mesh, this.sequence_sharding).redistribute({ placements: this.sequence_sharding }),
        ];
      },
      (_, output) => (this.use_local_output ? (output as DTensor).to_local() : output),
    );
  }

  /** As Python prints it. */
  override toString(): string {
    const { dim } = this.sequence_sharding[0];
    return `SequenceParallel(sequence_dim=${dim}, use_local_output=${python_bool(this.use_local_output)})`;
  }
}

type Layouts = Placement | readonly (Placement | null)[] | null;
type KeywordLayouts = Readonly<Record<string, Placement>> | null;

/** Keyword arguments of {@link PrepareModuleInput}. */
export interface PrepareModuleInputOptions {
  /** How each argument lies; null for one that is left as it is. Default null: all are left. */
  input_layouts?: Layouts;
  /** How each argument is to lie. */
  desired_input_layouts?: Layouts;
  /** How arguments by name lie. Default null. */
  input_kwarg_layouts?: KeywordLayouts;
  /** How arguments by name are to lie. Default null. */
  desired_input_kwarg_layouts?: KeywordLayouts;
  /** Pass the piece of this process instead of a DTensor. Default false. */
  use_local_output?: boolean;
}

/** Keyword arguments of {@link PrepareModuleOutput}. */
export interface PrepareModuleOutputOptions {
  /** How each output lies; null for one that is left as it is. */
  output_layouts: Placement | readonly (Placement | null)[];
  /** How each output is to lie. */
  desired_output_layouts: Placement | readonly Placement[];
  /** Return the piece of this process instead of a DTensor. Default true. */
  use_local_output?: boolean;
}

/** Keyword arguments of {@link PrepareModuleInputOutput}. */
export interface PrepareModuleInputOutputOptions
  extends Omit<PrepareModuleInputOptions, 'use_local_output'>,
    PrepareModuleOutputOptions {
  /** Pass the pieces of this process instead of DTensors. Default false. */
  use_local_input?: boolean;
}

const OF_INPUT =
  'input_layouts?: any, desired_input_layouts?: any, input_kwarg_layouts?: dict|None, desired_input_kwarg_layouts?: dict|None';
const INPUT = signature<PrepareModuleInputOptions>('PrepareModuleInput', `*, ${OF_INPUT}, use_local_output?: bool`);
const OUTPUT = signature<PrepareModuleOutputOptions>(
  'PrepareModuleOutput',
  '*, output_layouts: any, desired_output_layouts: any, use_local_output?: bool',
);
const INPUT_OUTPUT = signature<PrepareModuleInputOutputOptions>(
  'PrepareModuleInputOutput',
  `*, ${OF_INPUT}, use_local_input?: bool, output_layouts: any, desired_output_layouts: any, use_local_output?: bool`,
);

function list_of(callee: string, name: string, given: unknown): readonly (Placement | null)[] {
  const list = given instanceof Placement ? [given] : given;
  if (!Array.isArray(list) || !list.every((each) => each === null || each instanceof Placement)) {
    throw new TypeError(`${callee}(): ${name} must be a Placement or a list of them`);
  }
  return list as readonly (Placement | null)[];
}

function prepared(
  value: unknown,
  mesh: DeviceMesh,
  layout: Placement | null | undefined,
  desired: Placement | null | undefined,
  use_local: boolean,
): unknown {
  if (layout === null || layout === undefined) return value;
  if (!(value instanceof Tensor)) throw new TypeError('expecting input to be a torch.Tensor!');
  const entered = entering(value, mesh, [layout]);
  const result =
    desired !== null && desired !== undefined && !layout.equals(desired)
      ? entered.redistribute({ placements: [desired] })
      : entered;
  return use_local ? result.to_local() : result;
}

const layouts_text = (layouts: readonly (Placement | null)[] | null): string =>
  python_size(layouts?.map((layout) => layout && String(layout)) ?? null);
const keywords_text = (layouts: Readonly<Record<string, Placement>>): string =>
  `{${Object.entries(layouts)
    .map(([name, placement]) => `'${name}': ${String(placement)}`)
    .join(', ')}}`;

/**
 * Makes DTensors of the arguments of a module, and redistributes them. Mirrors `torch.distributed.tensor.parallel.PrepareModuleInput`.
 *
 * @param input_layouts - by name: how each argument lies, or null for one that is left as it is; default null, all are left
 * @param desired_input_layouts - by name: how each argument is to lie
 * @param input_kwarg_layouts - by name: how arguments by name lie; default null
 * @param desired_input_kwarg_layouts - by name: how arguments by name are to lie; default null
 * @param use_local_output - by name: pass the piece of this process instead of a DTensor; default false
 * @throws Error when the lists differ in length
 * @example
 * ```ts
 * const { Replicate, Shard, parallel } = torch.distributed.tensor;
 * print(new parallel.PrepareModuleInput({ input_layouts: new Shard(0), desired_input_layouts: new Replicate() }));
 * ```
 * ```python
 * from torch.distributed.tensor import Replicate, Shard, parallel
 * print(parallel.PrepareModuleInput(input_layouts=Shard(0), desired_input_layouts=Replicate()))
 * ```
 */
export class PrepareModuleInput extends ParallelStyle {
  readonly input_layouts: readonly (Placement | null)[] | null;
  readonly desired_input_layouts: readonly (Placement | null)[] | null;
  readonly with_kwargs: boolean;
  readonly input_kwarg_layouts: Readonly<Record<string, Placement>>;
  readonly desired_input_kwarg_layouts: Readonly<Record<string, Placement>>;
  readonly use_local_output: boolean;

  constructor(options?: PrepareModuleInputOptions);
  constructor(...args: unknown[]) {
    super();
    const given = INPUT.read(args);
    const name = 'PrepareModuleInput';
    const { input_layouts = null, desired_input_layouts = null } = given;
    this.input_layouts = input_layouts === null ? null : list_of(name, 'input_layouts', input_layouts);
    this.desired_input_layouts =
      desired_input_layouts === null ? null : list_of(name, 'desired_input_layouts', desired_input_layouts);
    this.use_local_output = given.use_local_output ?? false;
    if (this.input_layouts !== null) {
      if (this.desired_input_layouts === null) throw new Error(`${name}(): desired module inputs should not be None!`);
      if (this.input_layouts.length !== this.desired_input_layouts.length) {
        throw new Error(`${name}(): input_layouts and desired_input_layouts should have same length!`);
      }
    }
    this.with_kwargs = (given.input_kwarg_layouts ?? null) !== null;
    this.input_kwarg_layouts = given.input_kwarg_layouts ?? {};
    this.desired_input_kwarg_layouts = given.desired_input_kwarg_layouts ?? {};
    const [there, desired] = [this.input_kwarg_layouts, this.desired_input_kwarg_layouts].map(
      (layouts) => Object.keys(layouts).length,
    );
    if (this.with_kwargs && there !== desired) {
      throw new Error(`${name}(): input_kwarg_layouts and desired_input_kwarg_layouts should have same length!`);
    }
  }

  private prepared_inputs(inputs: readonly unknown[], mesh: DeviceMesh): unknown[] {
    const { input_layouts, desired_input_layouts, use_local_output } = this;
    if (input_layouts === null) return [...inputs];
    if (inputs.length !== input_layouts.length) {
      throw new Error('module inputs and input_layouts should have same length!');
    }
    return inputs.map((input, i) =>
      prepared(input, mesh, input_layouts[i], desired_input_layouts![i], use_local_output),
    );
  }

  _apply(module: Module, device_mesh: DeviceMesh): Module {
    if (!this.with_kwargs) {
      module.register_forward_pre_hook((_, inputs) => this.prepared_inputs(inputs, device_mesh));
      return module;
    }
    module.register_forward_pre_hook(
      (_, inputs, kwargs) => {
        const entries = Object.entries(kwargs).map(([name, value]) => [
          name,
          prepared(
            value,
            device_mesh,
            this.input_kwarg_layouts[name],
            this.desired_input_kwarg_layouts[name],
            this.use_local_output,
          ),
        ]);
        return [this.prepared_inputs(inputs, device_mesh), Object.fromEntries(entries) as Record<string, unknown>];
      },
      { with_kwargs: true },
    );
    return module;
  }

  /** @internal Its parts as Python prints them, with a name for the last. */
  _text(use_local: string): string {
    return (
      `input_layouts=${layouts_text(this.input_layouts)}, desired_input_layouts=${layouts_text(this.desired_input_layouts)}, ` +
      `input_kwarg_layouts=${keywords_text(this.input_kwarg_layouts)}, ` +
      `desired_input_kwarg_layouts=${keywords_text(this.desired_input_kwarg_layouts)}, ` +
      `${use_local}=${python_bool(this.use_local_output)}`
    );
  }

  /** As Python prints it. */
  override toString(): string {
    return `PrepareModuleInput(${this._text('use_local_output')})`;
  }
}

/**
 * Makes DTensors of what a module returns, and redistributes them. Mirrors `torch.distributed.tensor.parallel.PrepareModuleOutput`.
 *
 * @param output_layouts - by name: how each output lies, or null for one that is left as it is
 * @param desired_output_layouts - by name: how each output is to lie
 * @param use_local_output - by name: return the piece of this process instead of a DTensor; default true
 * @throws Error when the lists differ in length
 * @example
 * ```ts
 * const { Replicate, Shard, parallel } = torch.distributed.tensor;
 * print(new parallel.PrepareModuleOutput({ output_layouts: new Shard(0), desired_output_layouts: new Replicate() }));
 * ```
 * ```python
 * from torch.distributed.tensor import Replicate, Shard, parallel
 * print(parallel.PrepareModuleOutput(output_layouts=Shard(0), desired_output_layouts=Replicate()))
 * ```
 */
export class PrepareModuleOutput extends ParallelStyle {
  readonly output_layouts: readonly (Placement | null)[];
  readonly desired_output_layouts: readonly (Placement | null)[];
  readonly use_local_output: boolean;

  constructor(options: PrepareModuleOutputOptions);
  constructor(...args: unknown[]) {
    super();
    const given = OUTPUT.read(args);
    const name = 'PrepareModuleOutput';
    this.output_layouts = list_of(name, 'output_layouts', given.output_layouts);
    this.desired_output_layouts = list_of(name, 'desired_output_layouts', given.desired_output_layouts);
    this.use_local_output = given.use_local_output ?? true;
    if (this.output_layouts.length !== this.desired_output_layouts.length) {
      throw new Error(`${name}(): output_layouts and desired_output_layouts should have same length!`);
    }
  }

  _apply(module: Module, device_mesh: DeviceMesh): Module {
    module.register_forward_hook((_, _inputs, output) => {
      const outputs = Array.isArray(output) ? (output as unknown[]) : [output];
      if (outputs.length !== this.output_layouts.length) {
        throw new Error('module outputs and output_layouts should have same length!');
      }
      const results = outputs.map((each, i) =>
        prepared(each, device_mesh, this.output_layouts[i], this.desired_output_layouts[i], this.use_local_output),
      );
      if (results.length === 1) return results[0];
      return output instanceof Tuple ? Tuple.from(results) : results;
    });
    return module;
  }

  /** @internal Its parts as Python prints them. */
  _text(): string {
    return (
      `output_layouts=${layouts_text(this.output_layouts)}, desired_output_layouts=${layouts_text(this.desired_output_layouts)}, ` +
      `use_local_output=${python_bool(this.use_local_output)}`
    );
  }

  /** As Python prints it. */
  override toString(): string {
    return `PrepareModuleOutput(${this._text()})`;
  }
}

/**
 * {@link PrepareModuleInput} and {@link PrepareModuleOutput} in one. Mirrors `torch.distributed.tensor.parallel.PrepareModuleInputOutput`.
 *
 * @param input_layouts - by name: how each argument lies, or null for one that is left as it is; default null, all are left
 * @param desired_input_layouts - by name: how each argument is to lie
 * @param input_kwarg_layouts - by name: how arguments by name lie; default null
 * @param desired_input_kwarg_layouts - by name: how arguments by name are to lie; default null
 * @param use_local_input - by name: pass the pieces of this process instead of DTensors; default false
 * @param output_layouts - by name: how each output lies, or null for one that is left as it is
 * @param desired_output_layouts - by name: how each output is to lie
 * @param use_local_output - by name: return the piece of this process instead of a DTensor; default true
 * @throws Error when lists differ in length
 * @example
 * ```ts
 * const { Replicate, Shard, parallel } = torch.distributed.tensor;
 * print(new parallel.PrepareModuleInputOutput({ output_layouts: new Shard(0), desired_output_layouts: new Replicate() }));
 * ```
 * ```python
 * from torch.distributed.tensor import Replicate, Shard, parallel
 * print(parallel.PrepareModuleInputOutput(output_layouts=Shard(0), desired_output_layouts=Replicate()))
 * ```
 */
export class PrepareModuleInputOutput extends ParallelStyle {
  readonly prepare_module_input: PrepareModuleInput;
  readonly prepare_module_output: PrepareModuleOutput;

  constructor(...args: Arguments<[], PrepareModuleInputOutputOptions, []>);
  constructor(...args: unknown[]) {
    super();
    const {
      use_local_input = false,
      output_layouts,
      desired_output_layouts,
      use_local_output = true,
      ...input
    } = INPUT_OUTPUT.read(args);
    this.prepare_module_input = new PrepareModuleInput({ ...input, use_local_output: use_local_input });
    this.prepare_module_output = new PrepareModuleOutput({ output_layouts, desired_output_layouts, use_local_output });
  }

  _apply(module: Module, device_mesh: DeviceMesh): Module {
    this.prepare_module_input._apply(module, device_mesh);
    return this.prepare_module_output._apply(module, device_mesh);
  }

  /** As Python prints it. */
  override toString(): string {
    const input = this.prepare_module_input._text('use_local_input');
    return `PrepareModuleInputOutput(${input}, ${this.prepare_module_output._text()})`;
  }
}
