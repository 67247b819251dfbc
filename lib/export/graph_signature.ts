/** What the inputs and outputs of a program's graph are: `torch.export.graph_signature`. */
import { constant_value, name_of } from './compile.js';
import type { Argument, InputSpecification, OutputSpecification } from './schema.js';

/** What an input of a graph is. Mirrors the names of `torch.export.graph_signature.InputKind`. */
export type InputKind = 'USER_INPUT' | 'PARAMETER' | 'BUFFER' | 'CONSTANT_TENSOR' | 'CUSTOM_OBJ' | 'TOKEN';

/** What an output of a graph is. Mirrors the names of `torch.export.graph_signature.OutputKind`. */
export type OutputKind =
  | 'USER_OUTPUT'
  | 'LOSS_OUTPUT'
  | 'BUFFER_MUTATION'
  | 'PARAMETER_MUTATION'
  | 'GRADIENT_TO_PARAMETER'
  | 'GRADIENT_TO_USER_INPUT'
  | 'USER_INPUT_MUTATION'
  | 'TOKEN';

/** A value of a graph: its name, and of a constant the value. */
export interface ArgumentSpec {
  readonly name: string;
  readonly value?: number | bigint | boolean | string | null;
}

const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

/** An input of a graph. Mirrors `torch.export.graph_signature.InputSpec`. */
export class InputSpec {
  /** @internal */
  constructor(
    readonly kind: InputKind,
    readonly arg: ArgumentSpec,
    /** Of a parameter, a buffer or a constant: its name in the module. */
    readonly target: string | null,
    /** Of a buffer: whether it is in the `state_dict`. */
    readonly persistent: boolean | null,
  ) {}

  toString(): string {
    const target = this.target === null ? '' : ` target='${this.target}'`;
    const persistent = this.persistent === null ? '' : ` persistent=${this.persistent ? 'True' : 'False'}`;
    return `${this.arg.name}: ${this.kind}${target}${persistent}`;
  }

  [inspect_custom](): string {
    return this.toString();
  }
}

/** An output of a graph. Mirrors `torch.export.graph_signature.OutputSpec`. */
export class OutputSpec {
  /** @internal */
  constructor(
    readonly kind: OutputKind,
    readonly arg: ArgumentSpec,
    /** What is replaced by the output, or has it as its gradient. */
    readonly target: string | null,
  ) {}

  toString(): string {
    return `${this.arg.name}: ${this.kind}${this.target === null ? '' : ` target='${this.target}'`}`;
  }

  [inspect_custom](): string {
    return this.toString();
  }
}

function spec_of(argument: Argument): ArgumentSpec {
  const name = name_of(argument);
  return name === undefined ? { name: '', value: constant_value(argument, 'a value of the signature') } : { name };
}

function input_spec({ type, value }: InputSpecification): InputSpec {
  switch (type) {
    case 'user_input':
      return new InputSpec('USER_INPUT', spec_of(value.arg), null, null);
    case 'constant_input':
      return new InputSpec('USER_INPUT', { name: value.name, value: value.value.value }, null, null);
    case 'parameter':
      return new InputSpec('PARAMETER', value.arg, value.parameter_name, null);
    case 'buffer':
      return new InputSpec('BUFFER', value.arg, value.buffer_name, value.persistent);
    case 'tensor_constant':
      return new InputSpec('CONSTANT_TENSOR', value.arg, value.tensor_constant_name, null);
    case 'custom_obj':
      return new InputSpec('CUSTOM_OBJ', value.arg, value.custom_obj_name, null);
    case 'token':
      return new InputSpec('TOKEN', value.arg, null, null);
  }
}

function output_spec({ type, value }: OutputSpecification): OutputSpec {
  switch (type) {
    case 'user_output':
      return new OutputSpec('USER_OUTPUT', spec_of(value.arg), null);
    case 'loss_output':
      return new OutputSpec('LOSS_OUTPUT', value.arg, null);
    case 'buffer_mutation':
      return new OutputSpec('BUFFER_MUTATION', value.arg, value.buffer_name);
    case 'parameter_mutation':
      return new OutputSpec('PARAMETER_MUTATION', value.arg, value.parameter_name);
    case 'gradient_to_parameter':
      return new OutputSpec('GRADIENT_TO_PARAMETER', value.arg, value.parameter_name);
    case 'gradient_to_user_input':
      return new OutputSpec('GRADIENT_TO_USER_INPUT', value.arg, value.user_input_name);
    case 'user_input_mutation':
      return new OutputSpec('USER_INPUT_MUTATION', value.arg, value.user_input_name);
    case 'token':
      return new OutputSpec('TOKEN', value.arg, null);
  }
}

/**
 * What each input and output of a program's graph is. Mirrors `torch.export.graph_signature.ExportGraphSignature`; it
 * prints as Python's does.
 * @example
 * ```ts
 * print(torch.export.load('net.pt2').graph_signature);
 * ```
 * ```python
 * print(torch.export.load('net.pt2').graph_signature)
 * ```
 */
export class ExportGraphSignature {
  readonly input_specs: readonly InputSpec[];
  readonly output_specs: readonly OutputSpec[];

  /** @internal */
  constructor(inputs: readonly InputSpecification[], outputs: readonly OutputSpecification[]) {
    this.input_specs = inputs.map(input_spec);
    this.output_specs = outputs.map(output_spec);
  }

  private targets(kind: InputKind): string[] {
    return this.input_specs.flatMap((spec) => (spec.kind === kind && spec.target !== null ? [spec.target] : []));
  }

  private names(kind: InputKind): Record<string, string> {
    return Object.fromEntries(
      this.input_specs.flatMap(({ kind: its, arg, target }) =>
        its === kind && target !== null ? [[arg.name, target]] : [],
      ),
    );
  }

  private written(kind: OutputKind): Record<string, string> {
    return Object.fromEntries(
      this.output_specs.flatMap(({ kind: its, arg, target }) =>
        its === kind && target !== null ? [[arg.name, target]] : [],
      ),
    );
  }

  /** The names of the parameters in the module. */
  get parameters(): string[] {
    return this.targets('PARAMETER');
  }

  /** The names of the buffers in the module. */
  get buffers(): string[] {
    return this.targets('BUFFER');
  }

  /** The names of the buffers that are not in the `state_dict`. */
  get non_persistent_buffers(): string[] {
    return this.input_specs.flatMap(({ kind, target, persistent }) =>
      kind === 'BUFFER' && target !== null && persistent === false ? [target] : [],
    );
  }

  /** The names of the tensors that the module had as plain attributes, or made as constants. */
  get lifted_tensor_constants(): string[] {
    return this.targets('CONSTANT_TENSOR');
  }

  /** The names of the inputs in the graph; the values of those that are constants. */
  get user_inputs(): (string | number | bigint | boolean | null)[] {
    return this.input_specs.flatMap(({ kind, arg }) =>
      kind === 'USER_INPUT' ? [arg.value === undefined ? arg.name : arg.value] : [],
    );
  }

  /** The names of the outputs in the graph; the values of those that are constants. */
  get user_outputs(): (string | number | bigint | boolean | null)[] {
    return this.output_specs.flatMap(({ kind, arg }) =>
      kind === 'USER_OUTPUT' || kind === 'LOSS_OUTPUT' ? [arg.value === undefined ? arg.name : arg.value] : [],
    );
  }

  /** From the names of inputs of the graph to those of parameters. */
  get inputs_to_parameters(): Record<string, string> {
    return this.names('PARAMETER');
  }

  /** From the names of inputs of the graph to those of buffers. */
  get inputs_to_buffers(): Record<string, string> {
    return this.names('BUFFER');
  }

  /** From the names of inputs of the graph to those of constants. */
  get inputs_to_lifted_tensor_constants(): Record<string, string> {
    return this.names('CONSTANT_TENSOR');
  }

  /** From the names of outputs of the graph to the buffers that they replace. */
  get buffers_to_mutate(): Record<string, string> {
    return this.written('BUFFER_MUTATION');
  }

  /** From the names of outputs of the graph to the parameters that they replace. */
  get parameters_to_mutate(): Record<string, string> {
    return this.written('PARAMETER_MUTATION');
  }

  /** From the names of outputs of the graph to the inputs that they replace. */
  get user_inputs_to_mutate(): Record<string, string> {
    return this.written('USER_INPUT_MUTATION');
  }

  toString(): string {
    return `\n# inputs\n${this.input_specs.join('\n')}\n\n# outputs\n${this.output_specs.join('\n')}\n`;
  }

  [inspect_custom](): string {
    return this.toString();
  }
}
