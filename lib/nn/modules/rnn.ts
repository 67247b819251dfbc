import { no_grad } from '../../autograd/grad_mode.js';
import * as ops from '../../generated/functions.js';
import { Tensor } from '../../_tensor.js';
import type { FactoryOptions } from '../../_internal/arguments.js';
import { uniform_ } from '../init.js';
import { forward_reads } from './forward_arguments.js';
import { Module } from './module.js';
import { Parameter } from '../parameter.js';
import {
  kind_of,
  python_bool,
  python_float,
  python_int,
  python_size,
  text_or_kind,
} from '../../_internal/representation.js';
import { PackedSequence } from '../utils/rnn.js';
import { warn } from '../../_internal/warnings.js';
import { method_signature, signature, type Arguments, no_arguments } from '../../_internal/signature.js';

/** What the recurrent layers take by name. */
export interface RecurrentOptions extends FactoryOptions {
  /** Number of stacked layers. Default 1. */
  num_layers?: number;
  /** Learn the biases. Default true. */
  bias?: boolean;
  /** Input and output are `(N, L, *)` instead of `(L, N, *)`; the states are not affected. Default false. */
  batch_first?: boolean;
  /** Probability of dropout on the outputs of each layer but the last, in training. Default 0. */
  dropout?: number;
  /** Run in both directions. Default false. */
  bidirectional?: boolean;
}

/** Keyword arguments of {@link LSTM}. */
export interface LSTMOptions extends RecurrentOptions {
  /** Size of the projections of the hidden state; 0 for none. Default 0. */
  proj_size?: number;
}

/** Keyword arguments of {@link RNN}. */
export interface RNNOptions extends RecurrentOptions {
  /** `'tanh'` or `'relu'`. Default `'tanh'`. */
  nonlinearity?: 'tanh' | 'relu';
}

/** What a recurrent layer must be given. */
export interface RecurrentSizes {
  /** Features of the input. */
  input_size: number;
  /** Features of the hidden state. */
  hidden_size: number;
}

/** The kind of a recurrent layer. */
export type RecurrentMode = 'LSTM' | 'GRU' | 'RNN_TANH' | 'RNN_RELU';

// Wrong kinds of some have texts of Python's own.
const SIZES = 'input_size: value, hidden_size: value, num_layers?: int, ';
const RECURRENT = 'bias?: value, batch_first?: value, dropout?: value, bidirectional?: bool, ';
const FACTORY = 'device?: device|None, dtype?: dtype|None';

/** Hidden states (and, for an LSTM, cell states) in a list. */
type States = readonly Tensor[];

const GATES: Record<RecurrentMode, number> = { LSTM: 4, GRU: 3, RNN_TANH: 1, RNN_RELU: 1 };

// cuDNN's own numbers of the modes.
const CUDNN_MODES: Record<RecurrentMode, number> = { RNN_RELU: 0, RNN_TANH: 1, LSTM: 2, GRU: 3 };

/**
 * Implements what {@link RNN}, {@link LSTM} and {@link GRU} have in common: their parameters and the checks of their
 * inputs. It has no `forward`; use one of them. Mirrors `torch.nn.RNNBase`.
 *
 * Parameters of layer `k`: `weight_ih_lk` `(gates * hidden_size, input size of the layer)`, `weight_hh_lk`
 * `(gates * hidden_size, hidden_size)`, `bias_ih_lk` and `bias_hh_lk` `(gates * hidden_size)` and, with projections,
 * `weight_hr_lk` `(proj_size, hidden_size)`; those of the backward direction end in `_reverse`. All are initialized
 * from `U(-1/sqrt(hidden_size), 1/sqrt(hidden_size))`.
 *
 * @param mode - `'RNN_TANH'` or `'RNN_RELU'` (1 gate), `'GRU'` (3 gates) or `'LSTM'` (4 gates)
 * @param input_size - features of the input
 * @param hidden_size - features of the hidden state
 * @param num_layers - number of stacked layers; default 1
 * @param bias - learn the biases; default true
 * @param batch_first - input and output are `(N, L, *)` instead of `(L, N, *)`; the states are not affected; default
 *   false
 * @param dropout - probability of dropout on the outputs of each layer but the last, in training; default 0
 * @param bidirectional - run in both directions; default false
 * @param proj_size - size of the projections of the hidden state, less than `hidden_size`; 0 for none; default 0
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws TypeError when a size is not an integer, or when `bias` or `batch_first` is not a boolean
 * @throws Error when a size is not positive, or when `dropout` is not in [0, 1]; on the call, when the shapes or dtypes
 *   do not match
 * @example
 * ```ts
 * const rnn: nn.RNNBase = new nn.GRU(3, 2, { bidirectional: true });
 * for (const [name, parameter] of rnn.named_parameters()) print(name, parameter.shape);
 * ```
 * ```python
 * rnn: nn.RNNBase = nn.GRU(3, 2, bidirectional=True)
 * for name, parameter in rnn.named_parameters(): print(name, parameter.shape)
 * ```
 */
export class RNNBase extends Module {
  [weight: `weight_ih_l${number}`]: Parameter;
  [weight: `weight_hh_l${number}`]: Parameter;
  [weight: `weight_hr_l${number}`]: Parameter;
  [bias: `bias_ih_l${number}`]: Parameter;
  [bias: `bias_hh_l${number}`]: Parameter;
  [weight: `weight_ih_l${number}_reverse`]: Parameter;
  [weight: `weight_hh_l${number}_reverse`]: Parameter;
  [weight: `weight_hr_l${number}_reverse`]: Parameter;
  [bias: `bias_ih_l${number}_reverse`]: Parameter;
  [bias: `bias_hh_l${number}_reverse`]: Parameter;

  declare mode: RecurrentMode;
  declare input_size: number;
  declare hidden_size: number;
  declare num_layers: number;
  declare bias: boolean;
  declare batch_first: boolean;
  declare dropout: number;
  declare bidirectional: boolean;
  declare proj_size: number;
  /** The names of the parameters of each layer and direction. */
  declare _all_weights: string[][];
  declare _flat_weights_names: string[];

  constructor(
    ...args: Arguments<
      [
        mode: RecurrentMode,
        input_size: number,
        hidden_size: number,
        num_layers?: number,
        bias?: boolean,
        batch_first?: boolean,
        dropout?: number,
        bidirectional?: boolean,
        proj_size?: number,
        device?: FactoryOptions['device'],
        dtype?: FactoryOptions['dtype'],
      ],
      RecurrentSizes & LSTMOptions & { mode: RecurrentMode },
      [
        'mode',
        'input_size',
        'hidden_size',
        'num_layers',
        'bias',
        'batch_first',
        'dropout',
        'bidirectional',
        'proj_size',
        'device',
        'dtype',
      ]
    >
  );
  constructor(...args: unknown[]) {
    super();
    const options = BASE.read(args);
    const { mode } = options;
    if (!Object.hasOwn(GATES, mode)) throw new Error(`Unrecognized RNN mode: ${mode}`);
    const { input_size, hidden_size, num_layers = 1, bias = true, batch_first = false } = options;
    const { dropout = 0, bidirectional = false, proj_size = 0, device = null, dtype = null } = options;
    this.mode = mode;
    this.input_size = input_size;
    this.hidden_size = hidden_size;
    this.num_layers = num_layers;
    this.bias = bias;
    this.batch_first = batch_first;
    this.dropout = dropout;
    this.bidirectional = bidirectional;
    this.proj_size = proj_size;
    check_options(this);

    const gate_size = GATES[mode] * hidden_size;
    const directions = bidirectional ? 2 : 1;
    const out_size = proj_size > 0 ? proj_size : hidden_size;
    const fields = this as unknown as Record<string, Parameter>;
    this._all_weights = [];
    this._flat_weights_names = [];
    for (let layer = 0; layer < num_layers; layer++) {
      const in_size = layer === 0 ? input_size : out_size * directions;
      for (let direction = 0; direction < directions; direction++) {
        const suffix = `l${layer}${direction === 1 ? '_reverse' : ''}`;
        const shapes: [name: string, shape: number[]][] = [
          [`weight_ih_${suffix}`, [gate_size, in_size]],
          [`weight_hh_${suffix}`, [gate_size, out_size]],
        ];
        if (bias) shapes.push([`bias_ih_${suffix}`, [gate_size]], [`bias_hh_${suffix}`, [gate_size]]);
        if (proj_size > 0) shapes.push([`weight_hr_${suffix}`, [proj_size, hidden_size]]);
        for (const [name, shape] of shapes) fields[name] = new Parameter(ops.empty(shape, { device, dtype }));
        this._all_weights.push(shapes.map(([name]) => name));
      }
    }
    this._flat_weights_names = this._all_weights.flat();
    this.flatten_parameters();
    this.reset_parameters();
  }

  /** The parameters of each layer and direction. */
  get all_weights(): Parameter[][] {
    const fields = this as unknown as Record<string, Parameter>;
    return this._all_weights.map((names) => names.map((name) => fields[name]!));
  }

  /** All parameters in the order in which libtorch takes them. */
  get _flat_weights(): Parameter[] {
    const fields = this as unknown as Record<string, Parameter>;
    return this._flat_weights_names.map((name) => fields[name]!);
  }

  /** Reinitializes the parameters, from `U(-1/sqrt(hidden_size), 1/sqrt(hidden_size))`. */
  reset_parameters(...none: []): void {
    no_arguments('reset_parameters', none);
    const bound = this.hidden_size > 0 ? 1 / Math.sqrt(this.hidden_size) : 0;
    for (const weight of this.parameters()) uniform_(weight, -bound, bound);
  }

  /** Moves the parameters into one contiguous block on CUDA, as cuDNN expects them; does nothing on other devices. */
  flatten_parameters(...none: []): void {
    no_arguments('flatten_parameters', none);
    const weights = this._flat_weights;
    const [first] = weights;
    if (first === undefined || !first.is_cuda || !weights.every((weight) => weight instanceof Tensor)) return;
    if (!weights.every((weight) => weight.is_cuda && weight.dtype === first.dtype)) return;
    if (!first.is_floating_point() || !ops._use_cudnn_rnn_flatten_weight()) return;
    if (new Set(weights.map((weight) => weight.data_ptr())).size !== weights.length) return;
    const per_layer = (this.bias ? 4 : 2) + (this.proj_size > 0 ? 1 : 0);
    no_grad(() =>
      ops._cudnn_rnn_flatten_weight(
        weights,
        per_layer,
        this.input_size,
        CUDNN_MODES[this.mode],
        this.hidden_size,
        this.proj_size,
        this.num_layers,
        this.batch_first,
        this.bidirectional,
      ),
    );
  }

  override _apply(fn: (tensor: Tensor) => Tensor, recurse = true): this {
    super._apply(fn, recurse);
    this.flatten_parameters();
    return this;
  }

  override extra_repr(): string {
    let text = `${python_int(this.input_size)}, ${python_int(this.hidden_size)}`;
    if (this.proj_size !== 0) text += `, proj_size=${python_int(this.proj_size)}`;
    if (this.num_layers !== 1) text += `, num_layers=${python_int(this.num_layers)}`;
    if (!this.bias) text += `, bias=${python_bool(this.bias)}`;
    if (this.batch_first) text += `, batch_first=${python_bool(this.batch_first)}`;
    if (this.dropout !== 0) text += `, dropout=${python_float(this.dropout)}`;
    if (this.bidirectional) text += `, bidirectional=${python_bool(this.bidirectional)}`;
    return text;
  }

  /**
   * Checks dtype, number of dimensions and features of an input against the parameters.
   *
   * @throws Error when they do not match
   */
  check_input(input: Tensor, batch_sizes: Tensor | null): void {
    const dtype = this._flat_weights[0]!.dtype;
    if (input.dtype !== dtype) {
      throw new Error(
        `RNN input dtype (${String(input.dtype)}) does not match weight dtype (${String(dtype)}). ` +
          `Convert input: input.to(${String(dtype)}), or convert model: model.to(${String(input.dtype)})`,
      );
    }
    const dimensions = batch_sizes === null ? 3 : 2;
    if (input.ndim !== dimensions) throw new Error(`input must have ${dimensions} dimensions, got ${input.ndim}`);
    if (input.size(-1) !== this.input_size) {
      throw new Error(
        'input.size(-1) must be equal to input_size. ' + `Expected ${this.input_size}, got ${input.size(-1)}`,
      );
    }
  }

  /** Returns the shape of the hidden state for a batch: `(D * num_layers, N, H_out)`. */
  get_expected_hidden_size(input: Tensor, batch_sizes: Tensor | null): [number, number, number] {
    return [
      this.num_layers * (this.bidirectional ? 2 : 1),
      batch_of(this, input, batch_sizes),
      this.proj_size > 0 ? this.proj_size : this.hidden_size,
    ];
  }
}

const BASE = signature<RecurrentSizes & LSTMOptions & { mode: RecurrentMode }>(
  'RNNBase',
  `mode: str, ${SIZES}${RECURRENT}proj_size?: int, ${FACTORY}`,
);

/** The first states as a call has them: by position, or as `{ hx }`; zeros when left out. */
type GivenStates<S> = S | null | { hx?: S | null };

interface RecurrentInput<S> {
  input: Tensor | PackedSequence;
  hx?: S | null;
}

function check_options(rnn: RNNBase): void {
  const { dropout, num_layers, bias, batch_first, input_size, hidden_size, proj_size } = rnn;
  if (typeof dropout !== 'number' || !(dropout >= 0 && dropout <= 1)) {
    throw new Error(
      'dropout should be a number in range [0, 1] representing the probability of an element being zeroed',
    );
  }
  if (dropout > 0 && num_layers === 1) {
    warn(
      'dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects num_layers ' +
        `greater than 1, but got dropout=${python_float(dropout)} and num_layers=${num_layers}`,
    );
  }
  if (typeof bias !== 'boolean') throw new TypeError(`bias should be of type bool, got: ${kind_of(bias)}`);
  if (typeof batch_first !== 'boolean') {
    throw new TypeError(`batch_first should be of type bool, got: ${kind_of(batch_first)}`);
  }
  if (!Number.isInteger(input_size)) {
    throw new TypeError(`input_size should be of type int, got: ${kind_of(input_size)}`);
  }
  if (input_size <= 0) throw new Error('input_size must be greater than zero');
  if (!Number.isInteger(hidden_size)) {
    throw new TypeError(`hidden_size should be of type int, got: ${kind_of(hidden_size)}`);
  }
  if (hidden_size <= 0) throw new Error('hidden_size must be greater than zero');
  if (!(num_layers > 0)) throw new Error('num_layers must be greater than zero');
  if (!(proj_size >= 0)) {
    throw new Error('proj_size should be a positive integer or zero to disable projections');
  }
  if (proj_size >= hidden_size) throw new Error('proj_size has to be smaller than hidden_size');
}

function batch_of(rnn: RNNBase, input: Tensor, batch_sizes: Tensor | null): number {
  if (batch_sizes !== null) return batch_sizes.select(0, 0).item();
  return rnn.batch_first ? input.size(0) : input.size(1);
}

/** A call as the kernels want it: three dimensions (or packed), states in sorted order, and the way back. */
interface Prepared {
  readonly input: Tensor;
  readonly packed: PackedSequence | null;
  readonly batched: boolean;
  readonly states: States;
}

/** How the states of one kind of layer are called in its error texts, and how large they are. */
interface StateKind {
  readonly sizes: readonly number[];
  readonly mismatch: readonly string[];
  readonly dimensions: (states: States, input_dimensions: 2 | 3) => string;
  readonly input_suffix: string;
}

function prepare(rnn: RNNBase, given: Tensor | PackedSequence, hx: States | null, kind: StateKind): Prepared {
  if (given instanceof PackedSequence) {
    const { data: input, sorted_indices } = given;
    const sorted = hx?.map((state) => permute(state, sorted_indices)) ?? null;
    const states = checked_states(rnn, input, given.batch_sizes, sorted, kind);
    return { input, packed: given, batched: true, states };
  }
  const dimensions = given.ndim;
  if (dimensions !== 2 && dimensions !== 3) {
    throw new Error(
      `${rnn._get_name()}: Expected input to be 2D or 3D, got ${dimensions}D${kind.input_suffix} instead`,
    );
  }
  const batched = dimensions === 3;
  const input = batched ? given : given.unsqueeze(rnn.batch_first ? 0 : 1);
  if (hx?.some((state) => state.ndim !== dimensions)) throw new Error(kind.dimensions(hx, dimensions));
  const full = batched ? hx : (hx?.map((state) => state.unsqueeze(1)) ?? null);
  return { input, packed: null, batched, states: checked_states(rnn, input, null, full, kind) };
}

/** The given states once their shapes are right, or zeros. */
function checked_states(
  rnn: RNNBase,
  input: Tensor,
  batch_sizes: Tensor | null,
  states: States | null,
  kind: StateKind,
): States {
  rnn.check_input(input, batch_sizes);
  const layers = rnn.num_layers * (rnn.bidirectional ? 2 : 1);
  const batch = batch_of(rnn, input, batch_sizes);
  const { dtype, device } = input;
  if (states === null) return kind.sizes.map((size) => ops.zeros([layers, batch, size], { dtype, device }));
  states.forEach((state, i) => {
    const expected = [layers, batch, kind.sizes[i]!];
    const shape = state.shape;
    if (shape.length === 3 && expected.every((size, d) => size === shape[d])) return;
    throw new Error(`${kind.mismatch[i]} ${python_size(expected)}, got [${shape.join(', ')}]`);
  });
  return states;
}

function permute(state: Tensor, permutation: Tensor | null): Tensor {
  return permutation === null ? state : state.index_select(1, permutation);
}

/** Converts output and states to the form of the input: packed, batched or not. */
function restore(
  rnn: RNNBase,
  { packed, batched }: Prepared,
  output: Tensor,
  states: Tensor[],
): [Tensor | PackedSequence, ...Tensor[]] {
  if (packed !== null) {
    const { batch_sizes, sorted_indices, unsorted_indices } = packed;
    const repacked = new PackedSequence(output, batch_sizes, sorted_indices, unsorted_indices);
    return [repacked, ...states.map((state) => permute(state, unsorted_indices))];
  }
  if (batched) return [output, ...states];
  return [output.squeeze(rnn.batch_first ? 0 : 1), ...states.map((state) => state.squeeze(1))];
}

function single_state(rnn: RNNBase, input_suffix: string): StateKind {
  return {
    sizes: [rnn.hidden_size],
    mismatch: ['Expected hidden size'],
    dimensions: ([state], dimensions) => {
      const form = dimensions === 2 ? 'unbatched 2-D' : 'batched 3-D';
      return `For ${form} input, hx should also be ${dimensions}-D but got ${state!.ndim}-D tensor`;
    },
    input_suffix,
  };
}

type SingleStateKernel = typeof ops.gru;

function run_single_state(
  rnn: RNNBase,
  kernel: SingleStateKernel,
  { input: given, hx = null }: RecurrentInput<Tensor>,
  input_suffix: string,
): [Tensor | PackedSequence, Tensor] {
  const prepared = prepare(rnn, given, hx === null ? null : [hx], single_state(rnn, input_suffix));
  const { input, packed, states } = prepared;
  const { bias, num_layers, dropout, training, bidirectional, batch_first, _flat_weights: weights } = rnn;
  const [output, state] =
    packed === null
      ? kernel(input, states[0]!, weights, bias, num_layers, dropout, training, bidirectional, batch_first)
      : kernel(input, packed.batch_sizes, states[0]!, weights, bias, num_layers, dropout, training, bidirectional);
  return restore(rnn, prepared, output, [state]) as [Tensor | PackedSequence, Tensor];
}

/**
 * An {@link RNN} is called with a batch, or with a {@link PackedSequence}, and perhaps a first hidden state.
 */
export interface RNN {
  (input: Tensor, hx?: null): [output: Tensor, h_n: Tensor];
  (input: PackedSequence, hx?: null): [output: PackedSequence, h_n: Tensor];
  (input: Tensor, hx: GivenStates<Tensor>): [output: Tensor, h_n: Tensor];
  (input: PackedSequence, hx: GivenStates<Tensor>): [output: PackedSequence, h_n: Tensor];
  (options: { input: Tensor; hx?: Tensor | null }): [output: Tensor, h_n: Tensor];
  (options: { input: PackedSequence; hx?: Tensor | null }): [output: PackedSequence, h_n: Tensor];
}

/**
 * Applies a multi-layer Elman network to a sequence: `h_t = tanh(W_ih x_t + b_ih + W_hh h_(t-1) + b_hh)` in each layer,
 * or with ReLU instead of tanh; the input of each further layer is the hidden state of the one before. Mirrors
 * `torch.nn.RNN`.
 *
 * Shapes: input `(L, N, input_size)`, `(N, L, input_size)` with `batch_first`, `(L, input_size)`, or a packed sequence;
 * `hx` (default zeros) and `h_n` `(D * num_layers, N, hidden_size)`, without `N` for an input without it; output as the
 * input, with `D * hidden_size` features, where `D` is 2 when `bidirectional`, else 1. The call returns
 * `[output, h_n]`. Parameters: as for {@link RNNBase}, with 1 gate. The input has the dtype of the parameters.
 * Dtypes: floating point and complex.
 *
 * @param input_size - features of the input
 * @param hidden_size - features of the hidden state
 * @param num_layers - number of stacked layers; default 1
 * @param nonlinearity - `'tanh'` or `'relu'`; default `'tanh'`
 * @param bias - learn the biases; default true
 * @param batch_first - input and output are `(N, L, *)` instead of `(L, N, *)`; the states are not affected; default
 *   false
 * @param dropout - probability of dropout on the outputs of each layer but the last, in training; default 0
 * @param bidirectional - run in both directions; default false
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws TypeError when a size is not an integer, or when `bias` or `batch_first` is not a boolean
 * @throws Error when a size is not positive, or when `dropout` is not in [0, 1]; on the call, when the shapes or dtypes
 *   do not match
 * @example
 * ```ts
 * const rnn = new nn.RNN(3, 2);
 * const [output, h_n] = rnn(torch.randn(4, 1, 3), torch.zeros(1, 1, 2));
 * print(output);
 * print(h_n);
 * ```
 * ```python
 * rnn = nn.RNN(3, 2)
 * output, h_n = rnn(torch.randn(4, 1, 3), torch.zeros(1, 1, 2))
 * print(output)
 * print(h_n)
 * ```
 */
export class RNN extends RNNBase {
  declare nonlinearity: 'tanh' | 'relu';

  constructor(
    ...args: Arguments<
      [
        input_size: number,
        hidden_size: number,
        num_layers?: number,
        nonlinearity?: 'tanh' | 'relu',
        bias?: boolean,
        batch_first?: boolean,
        dropout?: number,
        bidirectional?: boolean,
        device?: FactoryOptions['device'],
        dtype?: FactoryOptions['dtype'],
      ],
      RecurrentSizes & RNNOptions,
      [
        'input_size',
        'hidden_size',
        'num_layers',
        'nonlinearity',
        'bias',
        'batch_first',
        'dropout',
        'bidirectional',
        'device',
        'dtype',
      ]
    >
  );
  constructor(...args: unknown[]) {
    refuse_projections(args);
    const { nonlinearity = 'tanh', ...options } = RNN_ARGUMENTS.read(args);
    if (nonlinearity !== 'tanh' && nonlinearity !== 'relu') {
      throw new Error(`Unknown nonlinearity '${text_or_kind(nonlinearity)}'. Select from 'tanh' or 'relu'.`);
    }
    super({ mode: nonlinearity === 'tanh' ? 'RNN_TANH' : 'RNN_RELU', ...options });
    this.nonlinearity = nonlinearity;
  }

  forward(input: PackedSequence, hx?: GivenStates<Tensor>): [output: PackedSequence, h_n: Tensor];
  forward(input: Tensor, hx?: GivenStates<Tensor>): [output: Tensor, h_n: Tensor];
  forward(...args: unknown[]): [output: Tensor | PackedSequence, h_n: Tensor] {
    const kernel = this.mode === 'RNN_TANH' ? ops.rnn_tanh : ops.rnn_relu;
    return run_single_state(this, kernel, RNN_FORWARD.read(args), ' tensor');
  }
}

/**
 * A {@link GRU} is called with a batch, or with a {@link PackedSequence}, and perhaps a first hidden state.
 */
export interface GRU {
  (input: Tensor, hx?: null): [output: Tensor, h_n: Tensor];
  (input: PackedSequence, hx?: null): [output: PackedSequence, h_n: Tensor];
  (input: Tensor, hx: GivenStates<Tensor>): [output: Tensor, h_n: Tensor];
  (input: PackedSequence, hx: GivenStates<Tensor>): [output: PackedSequence, h_n: Tensor];
  (options: { input: Tensor; hx?: Tensor | null }): [output: Tensor, h_n: Tensor];
  (options: { input: PackedSequence; hx?: Tensor | null }): [output: PackedSequence, h_n: Tensor];
}

/**
 * Applies a multi-layer network of gated recurrent units to a sequence: `r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)`,
 * `z = sigmoid(W_iz x + b_iz + W_hz h + b_hz)`, `n = tanh(W_in x + b_in + r * (W_hn h + b_hn))` and
 * `h' = (1 - z) * n + z * h` in each layer and step. Mirrors `torch.nn.GRU`.
 *
 * Shapes: input `(L, N, input_size)`, `(N, L, input_size)` with `batch_first`, `(L, input_size)`, or a packed sequence;
 * `hx` (default zeros) and `h_n` `(D * num_layers, N, hidden_size)`, without `N` for an input without it; output as the
 * input, with `D * hidden_size` features, where `D` is 2 when `bidirectional`, else 1. The call returns
 * `[output, h_n]`. Parameters: as for {@link RNNBase}, with the gates r, z and n one below the other. The input has the
 * dtype of the parameters. Dtypes: floating point and complex.
 *
 * @param input_size - features of the input
 * @param hidden_size - features of the hidden state
 * @param num_layers - number of stacked layers; default 1
 * @param bias - learn the biases; default true
 * @param batch_first - input and output are `(N, L, *)` instead of `(L, N, *)`; the states are not affected; default
 *   false
 * @param dropout - probability of dropout on the outputs of each layer but the last, in training; default 0
 * @param bidirectional - run in both directions; default false
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws TypeError when a size is not an integer, or when `bias` or `batch_first` is not a boolean
 * @throws Error when a size is not positive, or when `dropout` is not in [0, 1]; on the call, when the shapes or dtypes
 *   do not match
 * @example
 * ```ts
 * const rnn = new nn.GRU(3, 2, { batch_first: true });
 * const [output, h_n] = rnn(torch.randn(1, 4, 3));
 * print(output);
 * print(h_n);
 * ```
 * ```python
 * rnn = nn.GRU(3, 2, batch_first=True)
 * output, h_n = rnn(torch.randn(1, 4, 3))
 * print(output)
 * print(h_n)
 * ```
 */
export class GRU extends RNNBase {
  constructor(
    ...args: Arguments<
      [
        input_size: number,
        hidden_size: number,
        num_layers?: number,
        bias?: boolean,
        batch_first?: boolean,
        dropout?: number,
        bidirectional?: boolean,
        device?: FactoryOptions['device'],
        dtype?: FactoryOptions['dtype'],
      ],
      RecurrentSizes & RecurrentOptions,
      ['input_size', 'hidden_size', 'num_layers', 'bias', 'batch_first', 'dropout', 'bidirectional', 'device', 'dtype']
    >
  );
  constructor(...args: unknown[]) {
    refuse_projections(args);
    super({ mode: 'GRU', ...GRU_ARGUMENTS.read(args) });
  }

  forward(input: PackedSequence, hx?: GivenStates<Tensor>): [output: PackedSequence, h_n: Tensor];
  forward(input: Tensor, hx?: GivenStates<Tensor>): [output: Tensor, h_n: Tensor];
  forward(...args: unknown[]): [output: Tensor | PackedSequence, h_n: Tensor] {
    return run_single_state(this, ops.gru, GRU_FORWARD.read(args), '');
  }
}

function refuse_projections(args: readonly unknown[]): void {
  const last = args[args.length - 1];
  if (typeof last === 'object' && last !== null && 'proj_size' in last) {
    throw new Error('proj_size argument is only supported for LSTM, not RNN or GRU');
  }
}

/** Hidden state and cell state of an LSTM. */
export type LSTMState = readonly [h: Tensor, c: Tensor];

/** An {@link LSTM} is called with a batch, or with a {@link PackedSequence}, and perhaps first states. */
export interface LSTM {
  (input: Tensor, hx?: null): [output: Tensor, states: [h_n: Tensor, c_n: Tensor]];
  (input: PackedSequence, hx?: null): [output: PackedSequence, states: [h_n: Tensor, c_n: Tensor]];
  (input: Tensor, hx: GivenStates<LSTMState>): [output: Tensor, states: [h_n: Tensor, c_n: Tensor]];
  (input: PackedSequence, hx: GivenStates<LSTMState>): [output: PackedSequence, states: [h_n: Tensor, c_n: Tensor]];
  (options: { input: Tensor; hx?: LSTMState | null }): [output: Tensor, states: [h_n: Tensor, c_n: Tensor]];
  (options: {
    input: PackedSequence;
    hx?: LSTMState | null;
  }): [output: PackedSequence, states: [h_n: Tensor, c_n: Tensor]];
}

/**
 * Applies a multi-layer network of long short-term memory cells to a sequence:
 * `i = sigmoid(W_ii x + b_ii + W_hi h + b_hi)`, `f = sigmoid(W_if x + b_if + W_hf h + b_hf)`,
 * `g = tanh(W_ig x + b_ig + W_hg h + b_hg)`, `o = sigmoid(W_io x + b_io + W_ho h + b_ho)`, `c' = f * c + i * g` and
 * `h' = o * tanh(c')` in each layer and step; with projections `h'` is multiplied by `W_hr`. Mirrors `torch.nn.LSTM`.
 *
 * Shapes: input `(L, N, input_size)`, `(N, L, input_size)` with `batch_first`, `(L, input_size)`, or a packed sequence;
 * `hx`, a pair `[h_0, c_0]` (default zeros), and the result `[h_n, c_n]`: `h` `(D * num_layers, N, H_out)` and `c`
 * `(D * num_layers, N, hidden_size)`, without `N` for an input without it; output as the input, with `D * H_out`
 * features, where `D` is 2 when `bidirectional`, else 1, and `H_out` is `proj_size` when that is positive, else
 * `hidden_size`. The call returns `[output, [h_n, c_n]]`. Parameters: as for {@link RNNBase}, with the gates i, f, g
 * and o one below the other. The input has the dtype of the parameters. Dtypes: floating point and complex.
 *
 * @param input_size - features of the input
 * @param hidden_size - features of the hidden state
 * @param num_layers - number of stacked layers; default 1
 * @param bias - learn the biases; default true
 * @param batch_first - input and output are `(N, L, *)` instead of `(L, N, *)`; the states are not affected; default
 *   false
 * @param dropout - probability of dropout on the outputs of each layer but the last, in training; default 0
 * @param bidirectional - run in both directions; default false
 * @param proj_size - size of the projections of the hidden state, less than `hidden_size`; 0 for none; default 0
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws TypeError when a size is not an integer, or when `bias` or `batch_first` is not a boolean
 * @throws Error when a size is not positive, or when `dropout` is not in [0, 1]; on the call, when the shapes or dtypes
 *   do not match
 * @example
 * ```ts
 * const rnn = new nn.LSTM({ input_size: 3, hidden_size: 2, num_layers: 2, batch_first: true });
 * const [output, [h_n, c_n]] = rnn(torch.randn(1, 4, 3), null);
 * print(output);
 * print(h_n.shape, c_n.shape);
 * ```
 * ```python
 * rnn = nn.LSTM(input_size=3, hidden_size=2, num_layers=2, batch_first=True)
 * output, (h_n, c_n) = rnn(torch.randn(1, 4, 3), None)
 * print(output)
 * print(h_n.shape, c_n.shape)
 * ```
 */
export class LSTM extends RNNBase {
  constructor(
    ...args: Arguments<
      [
        input_size: number,
        hidden_size: number,
        num_layers?: number,
        bias?: boolean,
        batch_first?: boolean,
        dropout?: number,
        bidirectional?: boolean,
        proj_size?: number,
        device?: FactoryOptions['device'],
        dtype?: FactoryOptions['dtype'],
      ],
      RecurrentSizes & LSTMOptions,
      [
        'input_size',
        'hidden_size',
        'num_layers',
        'bias',
        'batch_first',
        'dropout',
        'bidirectional',
        'proj_size',
        'device',
        'dtype',
      ]
    >
  );
  constructor(...args: unknown[]) {
    super({ mode: 'LSTM', ...LSTM_ARGUMENTS.read(args) });
  }

  /** Returns the shape of the cell state for a batch: `(D * num_layers, N, hidden_size)`. */
  get_expected_cell_size(input: Tensor, batch_sizes: Tensor | null): [number, number, number] {
    return [this.num_layers * (this.bidirectional ? 2 : 1), batch_of(this, input, batch_sizes), this.hidden_size];
  }

  forward(
    input: PackedSequence,
    hx?: GivenStates<LSTMState>,
  ): [output: PackedSequence, states: [h_n: Tensor, c_n: Tensor]];
  forward(input: Tensor, hx?: GivenStates<LSTMState>): [output: Tensor, states: [h_n: Tensor, c_n: Tensor]];
  forward(...args: unknown[]): [output: Tensor | PackedSequence, states: [h_n: Tensor, c_n: Tensor]] {
    const { input: given, hx = null } = LSTM_FORWARD.read(args);
    check_pair('LSTM', hx);
    const prepared = prepare(this, given, hx, {
      sizes: [this.proj_size > 0 ? this.proj_size : this.hidden_size, this.hidden_size],
      mismatch: ['Expected hidden[0] size', 'Expected hidden[1] size'],
      dimensions: lstm_dimensions,
      input_suffix: '',
    });
    const { input, packed, states } = prepared;
    const { bias, num_layers, dropout, training, bidirectional, batch_first, _flat_weights: weights } = this;
    const [output, ...last] =
      packed === null
        ? ops.lstm(input, states, weights, bias, num_layers, dropout, training, bidirectional, batch_first)
        : ops.lstm(input, packed.batch_sizes, states, weights, bias, num_layers, dropout, training, bidirectional);
    const [restored, h_n, c_n] = restore(this, prepared, output, last);
    return [restored, [h_n!, c_n!]];
  }
}

const RNN_ARGUMENTS = signature<RecurrentSizes & RNNOptions>(
  'RNN',
  `${SIZES}nonlinearity?: value, ${RECURRENT}${FACTORY}`,
);
const GRU_ARGUMENTS = signature<RecurrentSizes & RecurrentOptions>('GRU', `${SIZES}${RECURRENT}${FACTORY}`);
const LSTM_ARGUMENTS = signature<RecurrentSizes & LSTMOptions>(
  'LSTM',
  `${SIZES}${RECURRENT}proj_size?: int, ${FACTORY}`,
);
const RNN_FORWARD = method_signature<RecurrentInput<Tensor>>(
  'RNN.forward',
  'input: Tensor|PackedSequence, hx?: Tensor|None',
);
const GRU_FORWARD = method_signature<RecurrentInput<Tensor>>(
  'GRU.forward',
  'input: Tensor|PackedSequence, hx?: Tensor|None',
);
const LSTM_FORWARD = method_signature<RecurrentInput<LSTMState>>(
  'LSTM.forward',
  'input: Tensor|PackedSequence, hx?: Tensor[]|None',
);

/** Throws unless the states of an LSTM are two. */
function check_pair(name: string, hx: States | null): void {
  if (hx === null || hx.length === 2) return;
  throw new TypeError(
    `${name}.forward(): argument 'hx' must be a list of two Tensors (h_0, c_0), but has ${hx.length}`,
  );
}

function lstm_dimensions([h, c]: States, dimensions: 2 | 3): string {
  const form = dimensions === 2 ? 'unbatched 2-D' : 'batched 3-D';
  return `For ${form} input, hx and cx should also be ${dimensions}-D but got (${h!.ndim}-D, ${c!.ndim}-D) tensors`;
}

// ---- Cells --------------------------------------------------------------------------------------

/** What the recurrent cells take by name. */
export interface RecurrentCellOptions extends FactoryOptions {
  /** Learn the biases. Default true. */
  bias?: boolean;
}

type CellArguments = Arguments<
  [
    input_size: number,
    hidden_size: number,
    bias?: boolean,
    device?: FactoryOptions['device'],
    dtype?: FactoryOptions['dtype'],
  ],
  RecurrentSizes & RecurrentCellOptions,
  ['input_size', 'hidden_size', 'bias', 'device', 'dtype']
>;

export interface RNNCellBase {
  /** A bias; null when the cell was made with `bias: false`. */
  get bias_ih(): Parameter;
  set bias_ih(value: Parameter | null);
  /** A bias; null when the cell was made with `bias: false`. */
  get bias_hh(): Parameter;
  set bias_hh(value: Parameter | null);
}

interface CellInput<S> {
  input: Tensor;
  hx?: S | null;
}

/**
 * Implements what {@link RNNCell}, {@link LSTMCell} and {@link GRUCell} have in common: their parameters. It has no
 * `forward`; use one of them. Mirrors `torch.nn.RNNCellBase`.
 *
 * Parameters: `weight_ih` `(num_chunks * hidden_size, input_size)`, `weight_hh`
 * `(num_chunks * hidden_size, hidden_size)`, `bias_ih` and `bias_hh` `(num_chunks * hidden_size)`. All are initialized
 * from `U(-1/sqrt(hidden_size), 1/sqrt(hidden_size))`.
 *
 * @param input_size - features of the input
 * @param hidden_size - features of the hidden state
 * @param bias - learn the biases
 * @param num_chunks - number of gates: 1, 3 or 4
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @example
 * ```ts
 * const cell: nn.RNNCellBase = new nn.LSTMCell(3, 2);
 * for (const [name, parameter] of cell.named_parameters()) print(name, parameter.shape);
 * ```
 * ```python
 * cell: nn.RNNCellBase = nn.LSTMCell(3, 2)
 * for name, parameter in cell.named_parameters(): print(name, parameter.shape)
 * ```
 */
export class RNNCellBase extends Module {
  declare input_size: number;
  declare hidden_size: number;
  declare bias: boolean;
  declare weight_ih: Parameter;
  declare weight_hh: Parameter;

  constructor(
    ...args: Arguments<
      [
        input_size: number,
        hidden_size: number,
        bias: boolean,
        num_chunks: number,
        device?: FactoryOptions['device'],
        dtype?: FactoryOptions['dtype'],
      ],
      RecurrentSizes & FactoryOptions & { bias: boolean; num_chunks: number },
      ['input_size', 'hidden_size', 'bias', 'num_chunks', 'device', 'dtype']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { input_size, hidden_size, bias, num_chunks, device = null, dtype = null } = CELL_BASE.read(args);
    this.input_size = input_size;
    this.hidden_size = hidden_size;
    this.bias = bias;
    const rows = num_chunks * hidden_size;
    this.weight_ih = new Parameter(ops.empty([rows, input_size], { device, dtype }));
    this.weight_hh = new Parameter(ops.empty([rows, hidden_size], { device, dtype }));
    for (const name of ['bias_ih', 'bias_hh']) {
      this.register_parameter(name, bias ? new Parameter(ops.empty([rows], { device, dtype })) : null);
    }
    this.reset_parameters();
  }

  /** Reinitializes the parameters, from `U(-1/sqrt(hidden_size), 1/sqrt(hidden_size))`. */
  reset_parameters(...none: []): void {
    no_arguments('reset_parameters', none);
    const bound = this.hidden_size > 0 ? 1 / Math.sqrt(this.hidden_size) : 0;
    for (const weight of this.parameters()) uniform_(weight, -bound, bound);
  }

  override extra_repr(): string {
    const bias = this.bias ? '' : `, bias=${python_bool(this.bias)}`;
    return `${python_int(this.input_size)}, ${python_int(this.hidden_size)}${bias}`;
  }
}

function check_cell_input(name: string, what: string, tensor: Tensor): void {
  if (tensor.ndim === 1 || tensor.ndim === 2) return;
  throw new Error(`${name}: Expected ${what} to be 1D or 2D, got ${tensor.ndim}D instead`);
}

const CELL = `input_size: int, hidden_size: int, bias?: bool, ${FACTORY}`;
const CELL_BASE = signature<RecurrentSizes & FactoryOptions & { bias: boolean; num_chunks: number }>(
  'RNNCellBase',
  `input_size: int, hidden_size: int, bias: bool, num_chunks: int, ${FACTORY}`,
);
const RNN_CELL = signature<RecurrentSizes & RecurrentCellOptions & { nonlinearity?: 'tanh' | 'relu' }>(
  'RNNCell',
  `input_size: int, hidden_size: int, bias?: bool, nonlinearity?: str, ${FACTORY}`,
);
const LSTM_CELL = signature<RecurrentSizes & RecurrentCellOptions>('LSTMCell', CELL);
const GRU_CELL = signature<RecurrentSizes & RecurrentCellOptions>('GRUCell', CELL);
const RNN_CELL_FORWARD = method_signature<CellInput<Tensor>>('RNNCell.forward', 'input: Tensor, hx?: Tensor|None');
const GRU_CELL_FORWARD = method_signature<CellInput<Tensor>>('GRUCell.forward', 'input: Tensor, hx?: Tensor|None');
const LSTM_CELL_FORWARD = method_signature<CellInput<LSTMState>>(
  'LSTMCell.forward',
  'input: Tensor, hx?: Tensor[]|None',
);

type SingleStateCell = typeof ops.gru_cell;

function run_cell(cell: RNNCellBase, kernel: SingleStateCell, input: Tensor, hx: Tensor | null): Tensor {
  const name = cell._get_name();
  check_cell_input(name, 'input', input);
  if (hx !== null) check_cell_input(name, 'hidden', hx);
  const batched = input.ndim === 2;
  const batch = batched ? input : input.unsqueeze(0);
  const state = hx === null ? zero_state(cell, batch) : batched ? hx : hx.unsqueeze(0);
  const result = kernel(batch, state, cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh);
  return batched ? result : result.squeeze(0);
}

function zero_state(cell: RNNCellBase, batch: Tensor): Tensor {
  return ops.zeros([batch.size(0), cell.hidden_size], { dtype: batch.dtype, device: batch.device });
}

/** The same zeros for both states, as in Python. */
function zero_states(cell: RNNCellBase, batch: Tensor): Tensor[] {
  const zeros = zero_state(cell, batch);
  return [zeros, zeros];
}

/**
 * Computes one step of an Elman network: `h' = tanh(W_ih x + b_ih + W_hh h + b_hh)`, or with ReLU instead of tanh.
 * Mirrors `torch.nn.RNNCell`.
 *
 * Shapes: input `(N, input_size)` or `(input_size)`; `hx` (default zeros) and output `(N, hidden_size)` or
 * `(hidden_size)`. Parameters: as for {@link RNNCellBase}. The input has the dtype of the parameters. Dtypes: floating
 * point and complex.
 *
 * @param input_size - features of the input
 * @param hidden_size - features of the hidden state
 * @param bias - learn the biases; default true
 * @param nonlinearity - `'tanh'` or `'relu'`; default `'tanh'`
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error on the call, when the shapes or dtypes do not match, or for another nonlinearity
 * @example
 * ```ts
 * const cell = new nn.RNNCell(3, 2);
 * let h = torch.zeros(1, 2);
 * for (const x of torch.randn(3, 1, 3)) h = cell(x, h);
 * print(h);
 * ```
 * ```python
 * cell = nn.RNNCell(3, 2)
 * h = torch.zeros(1, 2)
 * for x in torch.randn(3, 1, 3): h = cell(x, h)
 * print(h)
 * ```
 */
export class RNNCell extends RNNCellBase {
  declare nonlinearity: 'tanh' | 'relu';

  constructor(
    ...args: Arguments<
      [
        input_size: number,
        hidden_size: number,
        bias?: boolean,
        nonlinearity?: 'tanh' | 'relu',
        device?: FactoryOptions['device'],
        dtype?: FactoryOptions['dtype'],
      ],
      RecurrentSizes & RecurrentCellOptions & { nonlinearity?: 'tanh' | 'relu' },
      ['input_size', 'hidden_size', 'bias', 'nonlinearity', 'device', 'dtype']
    >
  );
  constructor(...args: unknown[]) {
    const {
      input_size,
      hidden_size,
      bias = true,
      nonlinearity = 'tanh',
      device = null,
      dtype = null,
    } = RNN_CELL.read(args);
    super(input_size, hidden_size, bias, 1, { device, dtype });
    this.nonlinearity = nonlinearity;
  }

  forward(...args: Arguments<[input: Tensor, hx?: Tensor | null], CellInput<Tensor>, ['input', 'hx']>): Tensor;
  forward(...args: unknown[]): Tensor {
    const { input, hx: first = null } = RNN_CELL_FORWARD.read(args);
    switch (this.nonlinearity) {
      case 'tanh':
        return run_cell(this, ops.rnn_tanh_cell, input, first);
      case 'relu':
        return run_cell(this, ops.rnn_relu_cell, input, first);
      default:
        throw new Error(`Unknown nonlinearity: ${String(this.nonlinearity)}`);
    }
  }

  override extra_repr(): string {
    const nonlinearity = this.nonlinearity === 'tanh' ? '' : `, nonlinearity=${this.nonlinearity}`;
    return super.extra_repr() + nonlinearity;
  }
}

/**
 * Computes one step of a network of long short-term memory cells, with the formulas of {@link LSTM}:
 * `c' = f * c + i * g` and `h' = o * tanh(c')`. Mirrors `torch.nn.LSTMCell`.
 *
 * Shapes: input `(N, input_size)` or `(input_size)`; `hx`, a pair `[h, c]` (default zeros), and the result `[h', c']`:
 * `(N, hidden_size)` or `(hidden_size)` each. Parameters: as for {@link RNNCellBase}. The input has the dtype of the
 * parameters. Dtypes: floating point and complex.
 *
 * @param input_size - features of the input
 * @param hidden_size - features of the hidden state
 * @param bias - learn the biases; default true
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error on the call, when the shapes or dtypes do not match
 * @example
 * ```ts
 * const cell = new nn.LSTMCell(3, 2);
 * let state: [torch.Tensor, torch.Tensor] = [torch.zeros(1, 2), torch.zeros(1, 2)];
 * for (const x of torch.randn(3, 1, 3)) state = cell(x, state);
 * const [h, c] = state;
 * print(h, c);
 * ```
 * ```python
 * cell = nn.LSTMCell(3, 2)
 * state = torch.zeros(1, 2), torch.zeros(1, 2)
 * for x in torch.randn(3, 1, 3): state = cell(x, state)
 * h, c = state
 * print(h, c)
 * ```
 */
export class LSTMCell extends RNNCellBase {
  constructor(...args: CellArguments);
  constructor(...args: unknown[]) {
    const { input_size, hidden_size, bias = true, device = null, dtype = null } = LSTM_CELL.read(args);
    super(input_size, hidden_size, bias, 4, { device, dtype });
  }

  forward(
    ...args: Arguments<[input: Tensor, hx?: LSTMState | null], CellInput<LSTMState>, ['input', 'hx']>
  ): [h: Tensor, c: Tensor];
  forward(...args: unknown[]): [h: Tensor, c: Tensor] {
    const { input, hx = null } = LSTM_CELL_FORWARD.read(args);
    check_pair('LSTMCell', hx);
    check_cell_input('LSTMCell', 'input', input);
    hx?.forEach((state, i) => check_cell_input('LSTMCell', `hx[${i}]`, state));
    const batched = input.ndim === 2;
    const batch = batched ? input : input.unsqueeze(0);
    const states = hx === null ? zero_states(this, batch) : batched ? hx : hx.map((state) => state.unsqueeze(0));
    const [h, c] = ops.lstm_cell(batch, states, this.weight_ih, this.weight_hh, this.bias_ih, this.bias_hh);
    return batched ? [h, c] : [h.squeeze(0), c.squeeze(0)];
  }
}

/**
 * Computes one step of a network of gated recurrent units, with the formulas of {@link GRU}:
 * `h' = (1 - z) * n + z * h`. Mirrors `torch.nn.GRUCell`.
 *
 * Shapes: input `(N, input_size)` or `(input_size)`; `hx` (default zeros) and output `(N, hidden_size)` or
 * `(hidden_size)`. Parameters: as for {@link RNNCellBase}. The input has the dtype of the parameters. Dtypes: floating
 * point and complex.
 *
 * @param input_size - features of the input
 * @param hidden_size - features of the hidden state
 * @param bias - learn the biases; default true
 * @param device - device of the parameters; default: the default device
 * @param dtype - dtype of the parameters; default: the default dtype
 * @throws Error on the call, when the shapes or dtypes do not match
 * @example
 * ```ts
 * const cell = new nn.GRUCell(3, 2);
 * let h = torch.zeros(1, 2);
 * for (const x of torch.randn(3, 1, 3)) h = cell(x, h);
 * print(h);
 * ```
 * ```python
 * cell = nn.GRUCell(3, 2)
 * h = torch.zeros(1, 2)
 * for x in torch.randn(3, 1, 3): h = cell(x, h)
 * print(h)
 * ```
 */
export class GRUCell extends RNNCellBase {
  constructor(...args: CellArguments);
  constructor(...args: unknown[]) {
    const { input_size, hidden_size, bias = true, device = null, dtype = null } = GRU_CELL.read(args);
    super(input_size, hidden_size, bias, 3, { device, dtype });
  }

  forward(...args: Arguments<[input: Tensor, hx?: Tensor | null], CellInput<Tensor>, ['input', 'hx']>): Tensor;
  forward(...args: unknown[]): Tensor {
    const { input, hx = null } = GRU_CELL_FORWARD.read(args);
    return run_cell(this, ops.gru_cell, input, hx);
  }
}

forward_reads(RNN, RNN_FORWARD);
forward_reads(GRU, GRU_FORWARD);
forward_reads(LSTM, LSTM_FORWARD);
forward_reads(RNNCell, RNN_CELL_FORWARD);
forward_reads(GRUCell, GRU_CELL_FORWARD);
forward_reads(LSTMCell, LSTM_CELL_FORWARD);
