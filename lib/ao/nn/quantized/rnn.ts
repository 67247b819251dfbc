/** An LSTM of quantized tensors: `torch.ao.nn.quantized.LSTM`. */
import { NotImplementedError } from '../../../_internal/not_implemented.js';
import { method_signature } from '../../../_internal/signature.js';
import type { Module } from '../../../nn/modules/module.js';
import { LSTM as QuantizableLSTM, passes } from '../quantizable/rnn.js';

const FROM_OBSERVED = method_signature<{ other: Module }>('LSTM.from_observed', 'other: Module');

/**
 * An LSTM of quantized tensors. `convert` puts it instead of a `torch.ao.nn.quantizable.LSTM`, which `prepare` has put instead of
 * `nn.LSTM`. Mirrors `torch.ao.nn.quantized.LSTM`.
 *
 * Shapes: those of `nn.LSTM`, with a batch.
 *
 * @example
 * ```ts
 * const { convert, default_qconfig, prepare, QuantStub } = torch.ao.quantization;
 * const net = new nn.Sequential(new QuantStub(), new nn.LSTM(3, 2)).eval();
 * net.qconfig = default_qconfig;
 * const prepared = prepare(net);
 * prepared(torch.ones(4, 1, 3));
 * print(convert(prepared)[1]._get_name()); // QuantizedLSTM
 * ```
 */
export class LSTM extends QuantizableLSTM {
  override _get_name(): string {
    return 'QuantizedLSTM';
  }

  /** @throws NotImplementedError always: what is quantized has observers already */
  static override from_float(_other?: Module): never {
    throw new NotImplementedError(
      'It looks like you are trying to convert a non-observed LSTM module. Please, see the examples on quantizable LSTMs.',
    );
  }

  /** A quantized LSTM from one that has watched data. */
  static override from_observed(other: Module): LSTM;
  static override from_observed(...args: unknown[]): LSTM {
    const { other } = FROM_OBSERVED.read(args);
    if (!(other instanceof QuantizableLSTM)) {
      throw new Error(`Expected module type QuantizableLSTM, got ${other._get_name()}`);
    }
    const converted = passes.convert(other) as QuantizableLSTM;
    const { input_size, hidden_size, num_layers, bias, batch_first, bidirectional } = converted;
    const made = new this(input_size, hidden_size, { num_layers, bias, batch_first, bidirectional });
    made.layers = converted.layers;
    made.dropout = converted.dropout;
    made.train(converted.training);
    return made;
  }
}
