/** Recurrent cells whose weights are quantized, and whose inputs are while they run. */
import { quantize_per_tensor, randn, zeros } from '../../../../generated/functions.js';
import { method_signature, signature, type Arguments } from '../../../../_internal/signature.js';
import { forward_takes } from '../../../../nn/modules/forward_arguments.js';
import { Module, type StateDict } from '../../../../nn/modules/module.js';
import {
  GRUCell as FloatGRUCell,
  LSTMCell as FloatLSTMCell,
  RNNCell as FloatRNNCell,
} from '../../../../nn/modules/rnn.js';
import { qint8, type DType } from '../../../../types/dtype.js';
import type { Tensor } from '../../../../_tensor.js';
import { call_packed, pack, quantized_weight, unpack, type PackedParams } from '../packed.js';

type FloatCell = FloatLSTMCell | FloatGRUCell | FloatRNNCell;

const FROM_FLOAT = method_signature<{ mod: Module; dtype?: DType }>('from_float', 'mod: Module, dtype?: dtype');
const SIZES = 'input_size: int, hidden_size: int, bias?: bool';

interface CellArguments {
  input_size: number;
  hidden_size: number;
  bias?: boolean;
  dtype?: DType;
}
type Sizes = Arguments<
  [input_size: number, hidden_size: number, bias?: boolean, dtype?: DType],
  CellArguments,
  ['input_size', 'hidden_size', 'bias', 'dtype']
>;
const LSTM = signature<CellArguments>('LSTMCell', `${SIZES}, dtype?: dtype`);
const GRU = signature<CellArguments>('GRUCell', `${SIZES}, dtype?: dtype`);
const RNN = signature<CellArguments & { nonlinearity?: string }>(
  'RNNCell',
  `${SIZES}, nonlinearity?: str, dtype?: dtype`,
);

/** What the cells share. */
abstract class QuantizedCell extends Module {
  declare input_size: number;
  declare hidden_size: number;
  declare bias: boolean;
  declare weight_dtype: DType;
  /** @internal */
  declare _packed_weight_ih: PackedParams;
  /** @internal */
  declare _packed_weight_hh: PackedParams;
  /** @internal */
  declare biases: readonly [ih: Tensor | null, hh: Tensor | null];

  constructor({ input_size, hidden_size, bias = true, dtype = qint8 }: CellArguments, gates: number) {
    super();
    this.input_size = input_size;
    this.hidden_size = hidden_size;
    this.bias = bias;
    this.weight_dtype = dtype;
    const rows = gates * hidden_size;
    // As in Python, the weights are random until others take their place.
    this.biases = bias ? [randn([rows]), randn([rows])] : [null, null];
    const made = (columns: number): Tensor => {
      const weight = randn([rows, columns]);
      return dtype === qint8 ? quantize_per_tensor(weight, 1, 0, qint8) : weight;
    };
    const [ih, hh] = [made(input_size), made(hidden_size)];
    this._packed_weight_ih = pack(ih, this.biases[0], dtype);
    this._packed_weight_hh = pack(hh, this.biases[1], dtype);
  }

  /** Takes the weights of a plain cell. */
  protected take(mod: FloatCell): this {
    if (!mod.bias) throw new Error('mod.bias must be True');
    const { weight_dtype: dtype } = this;
    this._packed_weight_ih = pack(quantized_weight(mod.weight_ih, dtype), mod.bias_ih, dtype);
    this._packed_weight_hh = pack(quantized_weight(mod.weight_hh, dtype), mod.bias_hh, dtype);
    return this;
  }

  /** The quantized weights, unpacked. */
  get_weight(): { weight_ih: Tensor; weight_hh: Tensor } {
    const { _packed_weight_ih: ih, _packed_weight_hh: hh, weight_dtype } = this;
    return { weight_ih: unpack(ih, weight_dtype)[0], weight_hh: unpack(hh, weight_dtype)[0] };
  }

  /** The biases. */
  get_bias(): { bias_ih: Tensor | null; bias_hh: Tensor | null } {
    const { _packed_weight_ih: ih, _packed_weight_hh: hh, weight_dtype } = this;
    return { bias_ih: unpack(ih, weight_dtype)[1], bias_hh: unpack(hh, weight_dtype)[1] };
  }

  /** Checks an input. @throws Error for another size */
  protected check(input: Tensor, states: readonly Tensor[]): void {
    if (input.size(1) !== this.input_size) {
      throw new Error(`input has inconsistent input_size: got ${input.size(1)}, expected ${this.input_size}`);
    }
    states.forEach((state, i) => {
      const label = states.length > 1 ? `[${i}]` : '';
      if (input.size(0) !== state.size(0)) {
        throw new Error(`Input batch size ${input.size(0)} doesn't match hidden${label} batch size ${state.size(0)}`);
      }
      if (state.size(1) !== this.hidden_size) {
        throw new Error(
          `hidden${label} has inconsistent hidden_size: got ${state.size(1)}, expected ${this.hidden_size}`,
        );
      }
    });
  }

  /** The first state. */
  protected no_state(input: Tensor): Tensor {
    return zeros([input.size(0), this.hidden_size], { dtype: input.dtype, device: input.device });
  }

  /** Calls an operator. */
  protected run(operator: string, input: Tensor, state: unknown): unknown[] {
    const { _packed_weight_ih: ih, _packed_weight_hh: hh } = this;
    // The biases are in the packed weights; the operator takes those of the constructor beside them, as in Python.
    return call_packed(operator, input, state, ih, hh, ...this.biases);
  }

  override extra_repr(): string {
    return `${this.input_size}, ${this.hidden_size}${this.bias ? '' : ', bias=False'}`;
  }

  override _save_to_state_dict(destination: StateDict, prefix: string, keep_vars: boolean): void {
    super._save_to_state_dict(destination, prefix, keep_vars);
    const others = destination as Record<string, unknown>;
    others[`${prefix}_packed_weight_ih`] = this._packed_weight_ih;
    others[`${prefix}_packed_weight_hh`] = this._packed_weight_hh;
  }

  override _load_from_state_dict(...args: Parameters<Module['_load_from_state_dict']>): void {
    const [state_dict, prefix] = args;
    const others = state_dict as Record<string, unknown>;
    this._packed_weight_ih = others[`${prefix}_packed_weight_ih`] as PackedParams;
    this._packed_weight_hh = others[`${prefix}_packed_weight_hh`] as PackedParams;
    delete others[`${prefix}_packed_weight_ih`];
    delete others[`${prefix}_packed_weight_hh`];
    super._load_from_state_dict(...args);
  }
}

function source<T extends FloatCell>(
  args: readonly unknown[],
  cell: { readonly name: string; readonly prototype: T },
): [T, DType] {
  const { mod, dtype = qint8 } = FROM_FLOAT.read(args);
  if (mod.constructor === (cell as unknown)) return [mod as T, dtype];
  throw new TypeError(`from_float(): argument 'mod' must be nn.${cell.name}, not ${mod._get_name()}`);
}

/**
 * An LSTM cell whose weights are quantized to 8 bits (or held in half precision), and whose inputs are quantized by their own range;
 * input and output are float32. `torch.ao.quantization.quantize_dynamic` makes it. Mirrors `torch.ao.nn.quantized.dynamic.LSTMCell`.
 *
 * Shapes: those of `nn.LSTMCell`, with a batch.
 *
 * @param input_size - size of the inputs
 * @param hidden_size - size of the hidden state
 * @param bias - whether there are biases; default true
 * @param dtype - `torch.qint8` (the default) or `torch.float16`
 * @example
 * ```ts
 * const m = torch.ao.nn.quantized.dynamic.LSTMCell.from_float(new nn.LSTMCell(3, 2));
 * print(m, m(torch.ones(1, 3)));
 * ```
 * ```python
 * cell = nn.LSTMCell(3, 2)
 * cell.qconfig = torch.ao.quantization.default_dynamic_qconfig
 * m = torch.ao.nn.quantized.dynamic.LSTMCell.from_float(cell)
 * print(m, list(m(torch.ones(1, 3))))
 * ```
 */
export class LSTMCell extends QuantizedCell {
  constructor(...args: Sizes);
  constructor(...args: unknown[]) {
    super(LSTM.read(args), 4);
  }

  /** A quantized cell with the weights of a plain one. @param dtype - default `torch.qint8` */
  static from_float(mod: FloatLSTMCell, dtype?: DType): LSTMCell;
  static from_float(options: { mod: FloatLSTMCell; dtype?: DType }): LSTMCell;
  static from_float(...args: unknown[]): LSTMCell {
    const [mod, dtype] = source(args, FloatLSTMCell);
    const { input_size, hidden_size, bias } = mod;
    return new LSTMCell({ input_size, hidden_size, bias, dtype }).take(mod);
  }

  override _get_name(): string {
    return 'DynamicQuantizedLSTMCell';
  }

  forward(input: Tensor, hx: readonly [Tensor, Tensor] | null = null): [h: Tensor, c: Tensor] {
    const states = hx ?? [this.no_state(input), this.no_state(input)];
    this.check(input, states);
    return this.run('quantized::quantized_lstm_cell_dynamic', input, [...states]) as [Tensor, Tensor];
  }
}
forward_takes(LSTMCell, 'input: Tensor, hx?: Tensor[]|None');

/**
 * A GRU cell whose weights are quantized to 8 bits (or held in half precision), and whose inputs are quantized by their own range;
 * input and output are float32. `torch.ao.quantization.quantize_dynamic` makes it. Mirrors `torch.ao.nn.quantized.dynamic.GRUCell`.
 *
 * Shapes: those of `nn.GRUCell`, with a batch.
 *
 * @param input_size - size of the inputs
 * @param hidden_size - size of the hidden state
 * @param bias - whether there are biases; default true
 * @param dtype - `torch.qint8` (the default) or `torch.float16`
 * @example
 * ```ts
 * const m = torch.ao.nn.quantized.dynamic.GRUCell.from_float(new nn.GRUCell(3, 2));
 * print(m, m(torch.ones(1, 3)));
 * ```
 * ```python
 * cell = nn.GRUCell(3, 2)
 * cell.qconfig = torch.ao.quantization.default_dynamic_qconfig
 * m = torch.ao.nn.quantized.dynamic.GRUCell.from_float(cell)
 * print(m, m(torch.ones(1, 3)))
 * ```
 */
export class GRUCell extends QuantizedCell {
  constructor(...args: Sizes);
  constructor(...args: unknown[]) {
    super(GRU.read(args), 3);
  }

  /** A quantized cell with the weights of a plain one. @param dtype - default `torch.qint8` */
  static from_float(mod: FloatGRUCell, dtype?: DType): GRUCell;
  static from_float(options: { mod: FloatGRUCell; dtype?: DType }): GRUCell;
  static from_float(...args: unknown[]): GRUCell {
    const [mod, dtype] = source(args, FloatGRUCell);
    const { input_size, hidden_size, bias } = mod;
    return new GRUCell({ input_size, hidden_size, bias, dtype }).take(mod);
  }

  override _get_name(): string {
    return 'DynamicQuantizedGRUCell';
  }

  forward(input: Tensor, hx: Tensor | null = null): Tensor {
    const state = hx ?? this.no_state(input);
    this.check(input, [state]);
    return this.run('quantized::quantized_gru_cell_dynamic', input, state)[0] as Tensor;
  }
}
forward_takes(GRUCell, 'input: Tensor, hx?: Tensor|None');

/**
 * An RNN cell whose weights are quantized to 8 bits (or held in half precision), and whose inputs are quantized by their own range;
 * input and output are float32. `torch.ao.quantization.quantize_dynamic` makes it. Mirrors `torch.ao.nn.quantized.dynamic.RNNCell`.
 *
 * Shapes: those of `nn.RNNCell`, with a batch.
 *
 * @param input_size - size of the inputs
 * @param hidden_size - size of the hidden state
 * @param bias - whether there are biases; default true
 * @param nonlinearity - `'tanh'` (the default) or `'relu'`
 * @param dtype - `torch.qint8` (the default) or `torch.float16`
 * @example
 * ```ts
 * const m = torch.ao.nn.quantized.dynamic.RNNCell.from_float(new nn.RNNCell(3, 2));
 * print(m, m(torch.ones(1, 3)));
 * ```
 * ```python
 * cell = nn.RNNCell(3, 2)
 * cell.qconfig = torch.ao.quantization.default_dynamic_qconfig
 * m = torch.ao.nn.quantized.dynamic.RNNCell.from_float(cell)
 * print(m, m(torch.ones(1, 3)))
 * ```
 */
export class RNNCell extends QuantizedCell {
  declare nonlinearity: string;

  constructor(
    ...args: Arguments<
      [input_size: number, hidden_size: number, bias?: boolean, nonlinearity?: 'tanh' | 'relu', dtype?: DType],
      CellArguments & { nonlinearity?: 'tanh' | 'relu' },
      ['input_size', 'hidden_size', 'bias', 'nonlinearity', 'dtype']
    >
  );
  constructor(...args: unknown[]) {
    const { nonlinearity = 'tanh', ...sizes } = RNN.read(args);
    super(sizes, 1);
    this.nonlinearity = nonlinearity;
  }

  /** A quantized cell with the weights of a plain one. @param dtype - default `torch.qint8` */
  static from_float(mod: FloatRNNCell, dtype?: DType): RNNCell;
  static from_float(options: { mod: FloatRNNCell; dtype?: DType }): RNNCell;
  static from_float(...args: unknown[]): RNNCell {
    const [mod, dtype] = source(args, FloatRNNCell);
    const { input_size, hidden_size, bias, nonlinearity } = mod;
    return new RNNCell({ input_size, hidden_size, bias, nonlinearity: nonlinearity as 'tanh', dtype }).take(mod);
  }

  override _get_name(): string {
    return 'DynamicQuantizedRNNCell';
  }

  forward(input: Tensor, hx: Tensor | null = null): Tensor {
    const state = hx ?? this.no_state(input);
    this.check(input, [state]);
    const { nonlinearity } = this;
    if (nonlinearity !== 'tanh' && nonlinearity !== 'relu') throw new Error(`Unknown nonlinearity: ${nonlinearity}`);
    return this.run(`quantized::quantized_rnn_${nonlinearity}_cell_dynamic`, input, state)[0] as Tensor;
  }

  override extra_repr(): string {
    return super.extra_repr() + (this.nonlinearity === 'tanh' ? '' : `, nonlinearity=${this.nonlinearity}`);
  }
}
forward_takes(RNNCell, 'input: Tensor, hx?: Tensor|None');
