/** Recurrent layers whose weights are quantized, and whose inputs are while they run. */
import { quantize_per_tensor, randn, zeros } from '../../../../generated/functions.js';
import { method_signature, signature, type Arguments } from '../../../../_internal/signature.js';
import { Module, type StateDict } from '../../../../nn/modules/module.js';
import { GRU as FloatGRU, LSTM as FloatLSTM, type RNNBase as FloatRNN } from '../../../../nn/modules/rnn.js';
import { PackedSequence } from '../../../../nn/utils/rnn.js';
import { qint8, type DType } from '../../../../types/dtype.js';
import type { Tensor } from '../../../../_tensor.js';
import { call_packed, pack, quantized_weight, type PackedParams } from '../packed.js';

type States = readonly Tensor[];
type LoadArguments = Parameters<Module['_load_from_state_dict']>;

const FROM_FLOAT = method_signature<{ mod: Module; dtype?: DType }>('from_float', 'mod: Module, dtype?: dtype');
const LSTM_FORWARD = method_signature<{ input: Tensor | PackedSequence; hx?: States | null }>(
  'LSTM.forward',
  'input: Tensor|PackedSequence, hx?: Tensor[]|None',
);
const GRU_FORWARD = method_signature<{ input: Tensor | PackedSequence; hx?: Tensor | null }>(
  'GRU.forward',
  'input: Tensor|PackedSequence, hx?: Tensor|None',
);

/** Packs the weights of one layer in one direction, quantized or plain as the dtype asks. */
function packed_cell(
  weights: readonly [w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor],
  dtype: DType,
): PackedParams {
  const [w_ih, w_hh, b_ih, b_hh] = weights;
  const [ih, hh] = [pack(w_ih, b_ih, dtype), pack(w_hh, b_hh, dtype)];
  const [cell] =
    dtype === qint8
      ? call_packed('quantized::make_quantized_cell_params_dynamic', ih, hh, b_ih, b_hh, true)
      : call_packed('quantized::make_quantized_cell_params_fp16', ih, hh);
  return cell as PackedParams;
}

interface RecurrentArguments {
  input_size: number;
  hidden_size: number;
  num_layers?: number;
  bias?: boolean;
  batch_first?: boolean;
  dropout?: number;
  bidirectional?: boolean;
  dtype?: DType;
}
type Sizes = Arguments<
  [
    input_size: number,
    hidden_size: number,
    num_layers?: number,
    bias?: boolean,
    batch_first?: boolean,
    dropout?: number,
    bidirectional?: boolean,
    dtype?: DType,
  ],
  RecurrentArguments,
  ['input_size', 'hidden_size', 'num_layers', 'bias', 'batch_first', 'dropout', 'bidirectional', 'dtype']
>;
const SIZES =
  'input_size: int, hidden_size: int, num_layers?: int, bias?: bool, batch_first?: bool, dropout?: float, ' +
  'bidirectional?: bool, dtype?: dtype';
const LSTM_SIZES = signature<RecurrentArguments>('LSTM', SIZES);
const GRU_SIZES = signature<RecurrentArguments>('GRU', SIZES);

function sizes_of(mod: FloatRNN, dtype: DType): RecurrentArguments {
  const { input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional } = mod;
  return { input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, dtype };
}

/** What {@link LSTM} and {@link GRU} share. */
abstract class QuantizedRNN extends Module {
  readonly input_size: number;
  readonly hidden_size: number;
  readonly num_layers: number;
  readonly bias: boolean;
  readonly batch_first: boolean;
  readonly dropout: number;
  readonly bidirectional: boolean;
  readonly dtype: DType;
  /** @internal */
  readonly _cells: PackedParams[];

  constructor(given: RecurrentArguments, gates: number) {
    super();
    this.input_size = given.input_size;
    this.hidden_size = given.hidden_size;
    this.num_layers = given.num_layers ?? 1;
    this.bias = given.bias ?? true;
    this.batch_first = given.batch_first ?? false;
    this.dropout = given.dropout ?? 0;
    this.bidirectional = given.bidirectional ?? false;
    this.dtype = given.dtype ?? qint8;
    this.training = false;
    // As in Python, the weights are random until others take their place.
    const rows = gates * this.hidden_size;
    const quantized = (weight: Tensor): Tensor =>
      this.dtype === qint8 ? quantize_per_tensor(weight, 0.1, 0, qint8) : weight;
    const directions = this.bidirectional ? 2 : 1;
    this._cells = Array.from({ length: this.num_layers * directions }, (_, i) => {
      const inputs = i < directions ? this.input_size : this.hidden_size * directions;
      const [w_ih, w_hh, b_ih, b_hh] = [
        randn([rows, inputs]),
        randn([rows, this.hidden_size]),
        randn([rows]),
        randn([rows]),
      ];
      return packed_cell([quantized(w_ih), quantized(w_hh), b_ih, b_hh], this.dtype);
    });
  }

  /** Takes the weights of a plain module. */
  protected take(mod: FloatRNN): this {
    if (!mod.bias) throw new Error('mod.bias must be True');
    const fields = mod as unknown as Record<string, Tensor>;
    const directions = mod.bidirectional ? ['', '_reverse'] : [''];
    for (let i = 0; i < this._cells.length; i++) {
      const suffix = `_l${Math.floor(i / directions.length)}${directions[i % directions.length]}`;
      const weight = (name: string): Tensor => quantized_weight(fields[name + suffix]!, this.dtype);
      const [b_ih, b_hh] = [fields[`bias_ih${suffix}`]!, fields[`bias_hh${suffix}`]!];
      this._cells[i] = packed_cell([weight('weight_ih'), weight('weight_hh'), b_ih, b_hh], this.dtype);
    }
    return this;
  }

  override extra_repr(): string {
    const shown = (value: boolean): string => (value ? 'True' : 'False');
    let text = `${this.input_size}, ${this.hidden_size}`;
    if (this.num_layers !== 1) text += `, num_layers=${this.num_layers}`;
    if (!this.bias) text += ', bias=False';
    if (this.batch_first) text += `, batch_first=${shown(this.batch_first)}`;
    if (this.dropout !== 0) text += `, dropout=${this.dropout}`;
    if (this.bidirectional) text += `, bidirectional=${shown(this.bidirectional)}`;
    return text;
  }

  /** Runs an operator over a batch. `states` has as many tensors as the operator returns beside the output. */
  protected run(
    operator: string,
    given: Tensor | PackedSequence,
    given_states: States | null,
    count: number,
    as_argument: (states: States) => unknown,
  ): [output: Tensor | PackedSequence, states: Tensor[]] {
    const packed = given instanceof PackedSequence ? given : null;
    const input = packed === null ? (given as Tensor) : packed.data;
    const dims = packed === null ? 3 : 2;
    if (input.dim() !== dims) throw new Error(`input must have ${dims} dimensions, got ${input.dim()}`);
    if (input.size(-1) !== this.input_size) {
      throw new Error(`input.size(-1) must be equal to input_size. Expected ${this.input_size}, got ${input.size(-1)}`);
    }
    const batch = packed === null ? input.size(this.batch_first ? 0 : 1) : Number(packed.batch_sizes.index(0).item());
    const sizes = [this.num_layers * (this.bidirectional ? 2 : 1), batch, this.hidden_size];
    const sorted = (state: Tensor): Tensor =>
      packed?.sorted_indices ? state.index_select(1, packed.sorted_indices) : state;
    const states =
      given_states?.map(sorted) ??
      Array<Tensor>(count).fill(zeros(sizes, { dtype: input.dtype, device: input.device }));
    for (const state of states) {
      if (state.shape.join() === sizes.join()) continue;
      throw new Error(`Expected hidden size (${sizes.join(', ')}), got [${state.shape.join(', ')}]`);
    }
    const { bias, num_layers, dropout, training, bidirectional, batch_first, _cells: cells } = this;
    const settings = [cells, bias, num_layers, dropout, training, bidirectional];
    const [output, ...last] = (
      packed === null
        ? call_packed(`${operator}.input`, input, as_argument(states), ...settings, batch_first, ...this.kind(true))
        : call_packed(
            `${operator}.data`,
            input,
            packed.batch_sizes,
            as_argument(states),
            ...settings,
            ...this.kind(false),
          )
    ) as Tensor[];
    const unsorted = (state: Tensor): Tensor =>
      packed?.unsorted_indices ? state.index_select(1, packed.unsorted_indices) : state;
    const result =
      packed === null
        ? output!
        : new PackedSequence(output!, packed.batch_sizes, packed.sorted_indices, packed.unsorted_indices);
    return [result, last.map(unsorted)];
  }

  override _save_to_state_dict(destination: StateDict, prefix: string, keep_vars: boolean): void {
    super._save_to_state_dict(destination, prefix, keep_vars);
    const others = destination as Record<string, unknown>;
    this._cells.forEach((cell, i) => {
      others[`${prefix}_all_weight_values.${i}.param`] = cell;
    });
  }

  override _load_from_state_dict(...[state_dict, prefix, ...rest]: LoadArguments): void {
    const others = state_dict as Record<string, unknown>;
    this._cells.forEach((_, i) => {
      const key = `${prefix}_all_weight_values.${i}.param`;
      this._cells[i] = others[key] as PackedParams;
      delete others[key];
    });
    super._load_from_state_dict(state_dict, prefix, ...rest);
  }

  /** What an operator takes last. */
  protected abstract kind(of_batches: boolean): unknown[];
}

/**
 * An LSTM whose weights are quantized to 8 bits (or held in half precision), and whose inputs are quantized by their own range in
 * each step; input and output are float32. `torch.ao.quantization.quantize_dynamic` makes it. Mirrors
 * `torch.ao.nn.quantized.dynamic.LSTM`.
 *
 * Shapes: those of `nn.LSTM`, with a batch.
 *
 * @param input_size - size of the inputs
 * @param hidden_size - size of the hidden state
 * @param num_layers - number of layers; default 1
 * @param bias - whether there are biases; default true
 * @param batch_first - whether the batch is the first dimension; default false
 * @param dropout - probability of a zero between layers; default 0
 * @param bidirectional - whether a second pass goes backwards; default false
 * @param dtype - `torch.qint8` (the default) or `torch.float16`
 * @example
 * ```ts
 * const m = torch.ao.nn.quantized.dynamic.LSTM.from_float(new nn.LSTM(3, 2));
 * print(m, m(torch.ones(2, 1, 3)));
 * ```
 * ```python
 * lstm = nn.LSTM(3, 2)
 * lstm.qconfig = torch.ao.quantization.default_dynamic_qconfig
 * m = torch.ao.nn.quantized.dynamic.LSTM.from_float(lstm)
 * output, states = m(torch.ones(2, 1, 3))
 * print(m, [output, list(states)])
 * ```
 */
export class LSTM extends QuantizedRNN {
  constructor(...args: Sizes);
  constructor(...args: unknown[]) {
    super(LSTM_SIZES.read(args), 4);
  }

  /** A quantized module with the weights of a plain one. @param dtype - default `torch.qint8` */
  static from_float(mod: FloatLSTM, dtype?: DType): LSTM;
  static from_float(options: { mod: FloatLSTM; dtype?: DType }): LSTM;
  static from_float(...args: unknown[]): LSTM {
    const { mod, dtype = qint8 } = FROM_FLOAT.read(args);
    if (mod instanceof FloatLSTM) return new LSTM(sizes_of(mod, dtype)).take(mod);
    throw new TypeError(`from_float(): argument 'mod' must be nn.LSTM, not ${mod._get_name()}`);
  }

  override _get_name(): string {
    return 'DynamicQuantizedLSTM';
  }

  forward(input: PackedSequence, hx?: States | null): [output: PackedSequence, states: [h_n: Tensor, c_n: Tensor]];
  forward(input: Tensor, hx?: States | null): [output: Tensor, states: [h_n: Tensor, c_n: Tensor]];
  forward(...args: unknown[]): [output: Tensor | PackedSequence, states: [h_n: Tensor, c_n: Tensor]] {
    const { input, hx = null } = LSTM_FORWARD.read(args);
    const [output, states] = this.run('aten::quantized_lstm', input, hx, 2, (given) => [...given]);
    return [output, states as [Tensor, Tensor]];
  }

  protected override kind(): unknown[] {
    return [this.dtype, true];
  }
}

/**
 * A GRU whose weights are quantized to 8 bits (or held in half precision), and whose inputs are quantized by their own range in
 * each step; input and output are float32. `torch.ao.quantization.quantize_dynamic` makes it. Mirrors
 * `torch.ao.nn.quantized.dynamic.GRU`.
 *
 * Shapes: those of `nn.GRU`, with a batch.
 *
 * @param input_size - size of the inputs
 * @param hidden_size - size of the hidden state
 * @param num_layers - number of layers; default 1
 * @param bias - whether there are biases; default true
 * @param batch_first - whether the batch is the first dimension; default false
 * @param dropout - probability of a zero between layers; default 0
 * @param bidirectional - whether a second pass goes backwards; default false
 * @param dtype - `torch.qint8` (the default) or `torch.float16`
 * @example
 * ```ts
 * const m = torch.ao.nn.quantized.dynamic.GRU.from_float(new nn.GRU(3, 2));
 * print(m, m(torch.ones(2, 1, 3)));
 * ```
 * ```python
 * gru = nn.GRU(3, 2)
 * gru.qconfig = torch.ao.quantization.default_dynamic_qconfig
 * m = torch.ao.nn.quantized.dynamic.GRU.from_float(gru)
 * print(m, list(m(torch.ones(2, 1, 3))))
 * ```
 */
export class GRU extends QuantizedRNN {
  constructor(...args: Sizes);
  constructor(...args: unknown[]) {
    super(GRU_SIZES.read(args), 3);
  }

  /** A quantized module with the weights of a plain one. @param dtype - default `torch.qint8` */
  static from_float(mod: FloatGRU, dtype?: DType): GRU;
  static from_float(options: { mod: FloatGRU; dtype?: DType }): GRU;
  static from_float(...args: unknown[]): GRU {
    const { mod, dtype = qint8 } = FROM_FLOAT.read(args);
    if (mod instanceof FloatGRU) return new GRU(sizes_of(mod, dtype)).take(mod);
    throw new TypeError(`from_float(): argument 'mod' must be nn.GRU, not ${mod._get_name()}`);
  }

  override _get_name(): string {
    return 'DynamicQuantizedGRU';
  }

  forward(input: PackedSequence, hx?: Tensor | null): [output: PackedSequence, h_n: Tensor];
  forward(input: Tensor, hx?: Tensor | null): [output: Tensor, h_n: Tensor];
  forward(...args: unknown[]): [output: Tensor | PackedSequence, h_n: Tensor] {
    const { input, hx = null } = GRU_FORWARD.read(args);
    const [output, [h_n]] = this.run('aten::quantized_gru', input, hx === null ? null : [hx], 1, ([given]) => given);
    return [output, h_n!];
  }

  protected override kind(): unknown[] {
    return [];
  }
}
