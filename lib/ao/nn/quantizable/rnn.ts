/** LSTMs made of modules that can be observed and quantized one by one: `torch.ao.nn.quantizable`. */
import { cat, quantize_per_tensor, stack, tanh, zeros } from '../../../generated/functions.js';
import type { FactoryOptions } from '../../../_internal/arguments.js';
import { NotImplementedError } from '../../../_internal/not_implemented.js';
import { method_signature } from '../../../_internal/signature.js';
import { warn } from '../../../_internal/warnings.js';
import { is_tensor } from '../../../_C/tensor_base.js';
import { Sigmoid, Tanh } from '../../../nn/modules/activation.js';
import { ModuleDict, ModuleList } from '../../../nn/modules/container.js';
import { family } from '../../../nn/modules/forward_arguments.js';
import { Linear } from '../../../nn/modules/linear.js';
import { Module } from '../../../nn/modules/module.js';
import { LSTM as FloatLSTM, LSTMCell as FloatLSTMCell } from '../../../nn/modules/rnn.js';
import { Parameter } from '../../../nn/parameter.js';
import { quint8, type DType } from '../../../types/dtype.js';
import type { Tensor } from '../../../_tensor.js';
import { qconfig_of, type QConfig } from '../../quantization/qconfig.js';
import { FloatFunctional } from '../quantized/modules.js';

type States = readonly [h: Tensor, c: Tensor];

/** Keyword arguments of {@link LSTMCell}. */
export interface LSTMCellOptions extends FactoryOptions {
  /** Whether the gates have biases. Default true. */
  bias?: boolean;
  /** Compute each gate by layers of its own. Default false. */
  split_gates?: boolean;
}

interface CellArguments extends LSTMCellOptions {
  input_dim: number;
  hidden_dim: number;
}
const CELL = family<CellArguments>(
  ['LSTMCell'],
  'input_dim: int, hidden_dim: int, bias?: bool, device?: device|None, dtype?: dtype|None, *, split_gates?: bool',
);
const CELL_FORWARD = method_signature<{ x: Tensor; hidden?: States | null }>(
  'LSTMCell.forward',
  'x: Tensor, hidden?: Tensor[]|None',
);
const CELL_FROM_PARAMS = method_signature<WeightsOfCell & { split_gates?: boolean }>(
  'LSTMCell.from_params',
  'wi: Tensor, wh: Tensor, bi?: Tensor|None, bh?: Tensor|None, split_gates?: bool',
);
const CELL_FROM_FLOAT = method_signature<{
  other: Module;
  use_precomputed_fake_quant?: boolean;
  split_gates?: boolean;
}>('LSTMCell.from_float', 'other: Module, use_precomputed_fake_quant?: bool, split_gates?: bool');

interface WeightsOfCell {
  wi: Tensor;
  wh: Tensor;
  bi?: Tensor | null;
  bh?: Tensor | null;
}

const GATES = ['input', 'forget', 'cell', 'output'] as const;

/**
 * An LSTM cell made of linear layers and operations that observers can watch. Mirrors `torch.ao.nn.quantizable.LSTMCell`.
 *
 * Shapes: input `(N, input_dim)`, states `(N, hidden_dim)` each; output a pair of states.
 *
 * @param input_dim - size of the inputs
 * @param hidden_dim - size of the states
 * @param options - `bias`, `split_gates`, `device`, `dtype`; see {@link LSTMCellOptions}
 * @example
 * ```ts
 * const m = new torch.ao.nn.quantizable.LSTMCell(3, 2);
 * const [h, c] = m(torch.ones(1, 3));
 * print(h, c, m);
 * ```
 * ```python
 * m = torch.ao.nn.quantizable.LSTMCell(3, 2)
 * h, c = m(torch.ones(1, 3))
 * print(h, c, m)
 * ```
 */
export class LSTMCell extends Module {
  declare input_size: number;
  declare hidden_size: number;
  declare bias: boolean;
  declare split_gates: boolean;
  declare igates: Linear | ModuleDict<Linear>;
  declare hgates: Linear | ModuleDict<Linear>;
  declare gates: FloatFunctional | ModuleDict<FloatFunctional>;
  declare input_gate: Sigmoid;
  declare forget_gate: Sigmoid;
  declare cell_gate: Tanh;
  declare output_gate: Sigmoid;
  declare fgate_cx: FloatFunctional;
  declare igate_cgate: FloatFunctional;
  declare fgate_cx_igate_cgate: FloatFunctional;
  declare ogate_cy: FloatFunctional;
  /** The scale and the zero point of the first states of quantized inputs. */
  initial_hidden_state_qparams: readonly [scale: number, zero_point: number] = [1, 0];
  initial_cell_state_qparams: readonly [scale: number, zero_point: number] = [1, 0];
  hidden_state_dtype: DType = quint8;
  cell_state_dtype: DType = quint8;

  constructor(input_dim: number, hidden_dim: number, options?: LSTMCellOptions);
  constructor(
    input_dim: number,
    hidden_dim: number,
    bias?: boolean,
    device?: FactoryOptions['device'],
    dtype?: FactoryOptions['dtype'],
    options?: { split_gates?: boolean },
  );
  constructor(options: CellArguments);
  constructor(...args: unknown[]) {
    const given = CELL.read(new.target, args);
    const { input_dim, hidden_dim, bias = true, device = null, dtype = null, split_gates = false } = given;
    super();
    this.input_size = input_dim;
    this.hidden_size = hidden_dim;
    this.bias = bias;
    this.split_gates = split_gates;
    const options = { bias, device, dtype };
    if (!split_gates) {
      this.igates = new Linear(input_dim, 4 * hidden_dim, options);
      this.hgates = new Linear(hidden_dim, 4 * hidden_dim, options);
      this.gates = new FloatFunctional();
    } else {
      const igates = new ModuleDict<Linear>();
      const hgates = new ModuleDict<Linear>();
      const gates = new ModuleDict<FloatFunctional>();
      for (const gate of GATES) {
        igates.add_module(gate, new Linear(input_dim, hidden_dim, options));
        hgates.add_module(gate, new Linear(hidden_dim, hidden_dim, options));
        gates.add_module(gate, new FloatFunctional());
      }
      [this.igates, this.hgates, this.gates] = [igates, hgates, gates];
    }
    this.input_gate = new Sigmoid();
    this.forget_gate = new Sigmoid();
    this.cell_gate = new Tanh();
    this.output_gate = new Sigmoid();
    this.fgate_cx = new FloatFunctional();
    this.igate_cgate = new FloatFunctional();
    this.fgate_cx_igate_cgate = new FloatFunctional();
    this.ogate_cy = new FloatFunctional();
  }

  forward(x: Tensor, options?: { hidden?: States | null }): [hy: Tensor, cy: Tensor];
  forward(x: Tensor, hidden?: States | null): [hy: Tensor, cy: Tensor];
  forward(...args: unknown[]): [hy: Tensor, cy: Tensor] {
    const { x, hidden = null } = CELL_FORWARD.read(args);
    const [hx, cx] = hidden ?? this.initialize_hidden(x.size(0), x.is_quantized);
    const [input, forget, cell, output] = this.gates_of(x, hx);
    const input_gate = this.input_gate(input);
    const forget_gate = this.forget_gate(forget);
    const cell_gate = this.cell_gate(cell);
    const out_gate = this.output_gate(output);
    const kept = this.fgate_cx.mul(forget_gate, cx);
    const added = this.igate_cgate.mul(input_gate, cell_gate);
    const cy = this.fgate_cx_igate_cgate.add(kept, added);
    return [this.ogate_cy.mul(out_gate, tanh(cy)), cy];
  }

  private gates_of(x: Tensor, hx: Tensor): [input: Tensor, forget: Tensor, cell: Tensor, output: Tensor] {
    if (!this.split_gates) {
      const { igates, hgates, gates } = this as unknown as { igates: Linear; hgates: Linear; gates: FloatFunctional };
      const [inputs, states] = [igates(x), hgates(hx)];
      return [...gates.add(inputs, states).chunk(4, 1)] as [Tensor, Tensor, Tensor, Tensor];
    }
    const { igates, hgates, gates } = this as unknown as Record<string, { get(name: string): unknown }>;
    return GATES.map((gate) => {
      const [inputs, states] = [(igates!.get(gate) as Linear)(x), (hgates!.get(gate) as Linear)(hx)];
      return (gates!.get(gate) as FloatFunctional).add(inputs, states);
    }) as [Tensor, Tensor, Tensor, Tensor];
  }

  /** States of zeros. */
  initialize_hidden(batch_size: number, is_quantized = false): [h: Tensor, c: Tensor] {
    const [h, c] = [zeros([batch_size, this.hidden_size]), zeros([batch_size, this.hidden_size])];
    if (!is_quantized) return [h, c];
    return [
      quantize_per_tensor(h, ...this.initial_hidden_state_qparams, this.hidden_state_dtype),
      quantize_per_tensor(c, ...this.initial_cell_state_qparams, this.cell_state_dtype),
    ];
  }

  override _get_name(): string {
    return 'QuantizableLSTMCell';
  }

  /** A cell with these weights of the inputs and of the states. */
  static from_params(wi: Tensor, wh: Tensor, bi?: Tensor | null, bh?: Tensor | null, split_gates?: boolean): LSTMCell;
  static from_params(options: WeightsOfCell & { split_gates?: boolean }): LSTMCell;
  static from_params(...args: unknown[]): LSTMCell {
    const { wi, wh, bi = null, bh = null, split_gates = false } = CELL_FROM_PARAMS.read(args);
    if ((bi === null) !== (bh === null)) throw new Error('bi and bh must both be None or both have values');
    const cell = new this(wi.size(1), wh.size(1), { bias: bi !== null, split_gates });
    for (const [w, b, gates] of [
      [wi, bi, cell.igates],
      [wh, bh, cell.hgates],
    ] as const) {
      const layers = split_gates ? [...(gates as ModuleDict<Linear>).values()] : [gates as Linear];
      const rows = split_gates ? [...w.chunk(4, 0)] : [w];
      const biases = b === null ? [] : split_gates ? [...b.chunk(4, 0)] : [b];
      layers.forEach((layer, i) => {
        layer.weight = new Parameter(rows[i]!);
        if (biases[i] !== undefined) layer.bias = new Parameter(biases[i]);
      });
    }
    return cell;
  }

  /** A cell with the weights of a plain one, which has a `qconfig`. */
  static from_float(other: FloatLSTMCell, use_precomputed_fake_quant?: boolean, split_gates?: boolean): LSTMCell;
  static from_float(...args: unknown[]): LSTMCell {
    const { other, split_gates = false } = CELL_FROM_FLOAT.read(args);
    if (other.constructor !== (FloatLSTMCell as unknown)) {
      throw new Error(`Expected module type LSTMCell, got ${other._get_name()}`);
    }
    const qconfig = qconfig_of(other);
    if (qconfig === undefined) throw new Error("The float module must have 'qconfig'");
    const { weight_ih, weight_hh, bias_ih, bias_hh } = other as FloatLSTMCell;
    const cell = this.from_params(weight_ih, weight_hh, bias_ih ?? null, bias_hh ?? null, split_gates);
    cell.qconfig = qconfig;
    for (const gates of [cell.igates, cell.hgates]) {
      gates.qconfig = qconfig;
      if (split_gates) for (const layer of gates.children()) layer.qconfig = qconfig;
    }
    return cell;
  }
}

/** A sequence of calls of a cell. */
class LSTMSingleLayer extends Module {
  declare cell: LSTMCell;

  constructor(input_dim: number, hidden_dim: number, options: LSTMCellOptions) {
    super();
    this.cell = new LSTMCell(input_dim, hidden_dim, options);
  }

  forward(x: Tensor, hidden: States | null): [Tensor, States] {
    let states = hidden;
    const results: Tensor[] = [];
    for (let i = 0; i < x.size(0); i++) {
      const next: States = this.cell(x.index(i), states);
      results.push(next[0]);
      states = next;
    }
    return [stack(results, 0), states!];
  }

  override _get_name(): string {
    return '_LSTMSingleLayer';
  }

  static from_params(weights: WeightsOfCell & { split_gates: boolean }): LSTMSingleLayer {
    const cell = LSTMCell.from_params(weights);
    const { input_size, hidden_size, bias, split_gates } = cell;
    const layer = new LSTMSingleLayer(input_size, hidden_size, { bias, split_gates });
    layer.cell = cell;
    return layer;
  }
}

interface LayerOptions extends LSTMCellOptions {
  bidirectional: boolean;
}

/** A layer of one direction or of both. */
class LSTMLayer extends Module {
  batch_first = false;
  declare bidirectional: boolean;
  declare layer_fw: LSTMSingleLayer;
  declare layer_bw?: LSTMSingleLayer;

  constructor(input_dim: number, hidden_dim: number, { bidirectional, ...options }: LayerOptions) {
    super();
    this.bidirectional = bidirectional;
    this.layer_fw = new LSTMSingleLayer(input_dim, hidden_dim, options);
    if (bidirectional) this.layer_bw = new LSTMSingleLayer(input_dim, hidden_dim, options);
  }

  forward(x: Tensor, [h, c]: States): [Tensor, States] {
    if (this.layer_bw === undefined) return this.layer_fw(x, [h, c]) as [Tensor, States];
    const [forward, states] = this.layer_fw(x, [h.index(0), c.index(0)]) as [Tensor, States];
    const [reversed, others] = this.layer_bw(x.flip(0), [h.index(1), c.index(1)]) as [Tensor, States];
    const result = cat([forward, reversed.flip(0)], forward.dim() - 1);
    return [result, [stack([states[0], others[0]], 0), stack([states[1], others[1]], 0)]];
  }

  override _get_name(): string {
    return '_LSTMLayer';
  }

  /** A layer with the weights of one of a plain LSTM. */
  static from_float(
    other: FloatLSTM,
    index: number,
    qconfig: QConfig | null | undefined,
    split_gates: boolean,
  ): LSTMLayer {
    const { input_size, hidden_size, bias, bidirectional } = other;
    const layer = new LSTMLayer(input_size, hidden_size, { bias, bidirectional, split_gates });
    if (qconfig !== undefined) layer.qconfig = qconfig;
    const weights = other as unknown as Record<string, Tensor | undefined>;
    const direction = (suffix: string): LSTMSingleLayer =>
      LSTMSingleLayer.from_params({
        wi: weights[`weight_ih_l${index}${suffix}`]!,
        wh: weights[`weight_hh_l${index}${suffix}`]!,
        bi: weights[`bias_ih_l${index}${suffix}`] ?? null,
        bh: weights[`bias_hh_l${index}${suffix}`] ?? null,
        split_gates,
      });
    layer.layer_fw = direction('');
    if (bidirectional) layer.layer_bw = direction('_reverse');
    return layer;
  }
}

/** Keyword arguments of {@link LSTM}. */
export interface LSTMOptions extends LSTMCellOptions {
  /** Number of layers, each of which gets the results of the one before. Default 1. */
  num_layers?: number;
  /** Whether the batch is the first dimension of input and output. Default false. */
  batch_first?: boolean;
  /** Ignored, with a warning. Default 0. */
  dropout?: number;
  /** Whether there are layers that read the sequence from its end too. Default false. */
  bidirectional?: boolean;
}
interface LSTMArguments extends LSTMOptions {
  input_size: number;
  hidden_size: number;
}
const LSTM_ARGUMENTS = family<LSTMArguments>(
  ['LSTM'],
  'input_size: int, hidden_size: int, num_layers?: int, bias?: bool, batch_first?: bool, dropout?: float, bidirectional?: bool, ' +
    'device?: device|None, dtype?: dtype|None, *, split_gates?: bool',
);
const LSTM_FORWARD = method_signature<{ x: Tensor; hidden?: States | readonly States[] | null }>(
  'LSTM.forward',
  'x: Tensor, hidden?: any',
);
const LSTM_FROM_FLOAT = method_signature<{ other: Module; qconfig?: QConfig | null; split_gates?: boolean }>(
  'LSTM.from_float',
  'other: Module, qconfig?: QConfig|None, split_gates?: bool',
);

/** `prepare`, `prepare_qat` and `convert` in place, which know this class; quantize.ts sets them. @internal */
export const passes = {} as {
  prepare(model: Module): void;
  prepare_qat(model: Module): void;
  convert(model: Module): Module;
};

/**
 * An LSTM made of linear layers and operations that observers can watch: `prepare` puts it instead of `nn.LSTM`, and `convert` puts a
 * {@link torch.ao.nn.quantized.LSTM} instead of it. Mirrors `torch.ao.nn.quantizable.LSTM`.
 *
 * Shapes: those of `nn.LSTM`, with a batch.
 *
 * @param input_size - size of the inputs
 * @param hidden_size - size of the states
 * @param options - `num_layers`, `bias`, `batch_first`, `bidirectional`, `split_gates`, `device`, `dtype`; see {@link LSTMOptions}
 * @throws Error for a `dropout` that is not between 0 and 1
 * @example
 * ```ts
 * const m = new torch.ao.nn.quantizable.LSTM(3, 2);
 * const [output, [h, c]] = m(torch.ones(4, 1, 3));
 * print(output, h, c);
 * ```
 * ```python
 * m = torch.ao.nn.quantizable.LSTM(3, 2)
 * output, (h, c) = m(torch.ones(4, 1, 3))
 * print(output, h, c)
 * ```
 */
export class LSTM extends Module {
  declare input_size: number;
  declare hidden_size: number;
  declare num_layers: number;
  declare bias: boolean;
  declare batch_first: boolean;
  declare dropout: number;
  declare bidirectional: boolean;
  declare layers: ModuleList<Module>;

  constructor(input_size: number, hidden_size: number, options?: LSTMOptions);
  constructor(input_size: number, hidden_size: number, num_layers: number, options?: Omit<LSTMOptions, 'num_layers'>);
  constructor(options: LSTMArguments);
  constructor(...args: unknown[]) {
    const given = LSTM_ARGUMENTS.read(new.target, args);
    const { input_size, hidden_size, num_layers = 1, bias = true, batch_first = false, dropout = 0 } = given;
    const { bidirectional = false, device = null, dtype = null, split_gates = false } = given;
    super();
    this.input_size = input_size;
    this.hidden_size = hidden_size;
    this.num_layers = num_layers;
    this.bias = bias;
    this.batch_first = batch_first;
    this.dropout = dropout;
    this.bidirectional = bidirectional;
    this.training = false;
    if (!(dropout >= 0 && dropout <= 1)) {
      throw new Error(
        'dropout should be a number in range [0, 1] representing the probability of an element being zeroed',
      );
    }
    if (dropout > 0) {
      warn(
        'dropout option for quantizable LSTM is ignored. If you are training, please, use nn.LSTM version followed by `prepare` step.',
      );
    }
    const options = { bias, bidirectional, split_gates, device, dtype };
    this.layers = new ModuleList(
      Array.from(
        { length: num_layers },
        (_, i) => new LSTMLayer(i === 0 ? input_size : hidden_size, hidden_size, options) as Module,
      ),
    );
  }

  forward(
    x: Tensor,
    options?: { hidden?: States | readonly States[] | null },
  ): [output: Tensor, states: [h: Tensor, c: Tensor]];
  forward(x: Tensor, hidden?: States | readonly States[] | null): [output: Tensor, states: [h: Tensor, c: Tensor]];
  forward(...args: unknown[]): [output: Tensor, states: [h: Tensor, c: Tensor]] {
    const { x: input, hidden = null } = LSTM_FORWARD.read(args);
    let x = this.batch_first ? input.transpose(0, 1) : input;
    const first = this.first_states(x, hidden);
    const states = [...this.layers].map((layer, i) => {
      const [result, after] = (layer as LSTMLayer)(x, first[i]!) as [Tensor, States];
      x = result;
      return after;
    });
    const [h, c] = [0, 1].map((which) => {
      const all = stack(states.map((each) => each[which]!));
      return all.reshape(-1, all.size(-2), all.size(-1));
    });
    return [this.batch_first ? x.transpose(0, 1) : x, [h!, c!]];
  }

  /** The states before each layer. */
  private first_states(x: Tensor, hidden: States | readonly States[] | null): readonly States[] {
    const directions = this.bidirectional ? 2 : 1;
    const batch = x.size(1);
    if (hidden === null) {
      const none = zeros([directions, batch, this.hidden_size], { device: x.device }).squeeze_(0);
      const state = x.is_quantized ? quantize_per_tensor(none, 1, 0, x.dtype) : none;
      return Array.from({ length: this.num_layers }, () => [state, state]);
    }
    if (!is_tensor(hidden[0])) return hidden as readonly States[];
    const [h, c] = (hidden as States).map((state) =>
      state.reshape(this.num_layers, directions, batch, this.hidden_size),
    );
    return Array.from({ length: this.num_layers }, (_, i) => [h!.index(i).squeeze(0), c!.index(i).squeeze(0)]);
  }

  override _get_name(): string {
    return 'QuantizableLSTM';
  }

  /** An LSTM with observers and the weights of a plain one, which has a `qconfig` unless one is given. */
  static from_float(other: Module, qconfig?: QConfig | null, split_gates?: boolean): LSTM;
  static from_float(other: Module, options: { qconfig?: QConfig | null; split_gates?: boolean }): LSTM;
  static from_float(...args: unknown[]): LSTM {
    const { other, qconfig = null, split_gates = false } = LSTM_FROM_FLOAT.read(args);
    if (!(other instanceof FloatLSTM)) throw new Error(`Expected module type LSTM, got ${other._get_name()}`);
    const own = qconfig_of(other);
    if (own === undefined && qconfig === null) throw new Error('other must have qconfig or qconfig must be provided');
    const { input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional } = other;
    const options = { num_layers, bias, batch_first, dropout, bidirectional, split_gates };
    const made = new this(input_size, hidden_size, options);
    const its = own === undefined ? qconfig : own;
    made.qconfig = its;
    for (let i = 0; i < num_layers; i++) {
      made.layers.add_module(`${i}`, LSTMLayer.from_float(other, i, its, split_gates));
    }
    if (other.training) {
      made.train();
      passes.prepare_qat(made);
    } else {
      made.eval();
      passes.prepare(made);
    }
    return made;
  }

  /** @throws NotImplementedError always: `from_float` makes one, and `torch.ao.nn.quantized.LSTM.from_observed` quantizes it */
  static from_observed(_other?: Module): Module {
    throw new NotImplementedError(
      'It looks like you are trying to convert a non-quantizable LSTM module. Please, see the examples on quantizable LSTMs.',
    );
  }
}
