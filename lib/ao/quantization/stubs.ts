/** Where tensors are quantized and dequantized: `torch.ao.quantization.stubs`. */
import { define_kind, signature } from '../../_internal/signature.js';
import { forward_takes } from '../../nn/modules/forward_arguments.js';
import { Module } from '../../nn/modules/module.js';
import type { Tensor } from '../../_tensor.js';
import { QConfig } from './qconfig.js';

define_kind('QConfig', 'QConfig', (value) => value instanceof QConfig);

const QUANT = signature<{ qconfig?: QConfig | null }>('QuantStub', 'qconfig?: QConfig|None');
const DEQUANT = signature<{ qconfig?: QConfig | null }>('DeQuantStub', 'qconfig?: QConfig|None');

/**
 * Marks where a tensor is to be quantized: it returns its input until `convert` puts a `torch.ao.nn.quantized.Quantize` there. Mirrors
 * `torch.ao.quantization.QuantStub`.
 *
 * Shapes: input and output `(*)`.
 *
 * @param qconfig - how to quantize; default null, as the module that holds it
 * @example
 * ```ts
 * print(new torch.ao.quantization.QuantStub(), new torch.ao.quantization.QuantStub()(torch.ones(1)));
 * ```
 * ```python
 * print(torch.ao.quantization.QuantStub(), torch.ao.quantization.QuantStub()(torch.ones(1)))
 * ```
 */
export class QuantStub extends Module {
  constructor(qconfig?: QConfig | null | { qconfig?: QConfig | null });
  constructor(...args: unknown[]) {
    const { qconfig } = QUANT.read(args);
    super();
    if (qconfig) this.qconfig = qconfig;
  }

  forward(x: Tensor): Tensor {
    return x;
  }
}

/**
 * Marks where a tensor is to be dequantized: it returns its input until `convert` puts a `torch.ao.nn.quantized.DeQuantize` there.
 * Mirrors `torch.ao.quantization.DeQuantStub`.
 *
 * Shapes: input and output `(*)`.
 *
 * @param qconfig - how to quantize; default null, as the module that holds it
 * @example
 * ```ts
 * print(new torch.ao.quantization.DeQuantStub(), new torch.ao.quantization.DeQuantStub()(torch.ones(1)));
 * ```
 * ```python
 * print(torch.ao.quantization.DeQuantStub(), torch.ao.quantization.DeQuantStub()(torch.ones(1)))
 * ```
 */
export class DeQuantStub extends Module {
  constructor(qconfig?: QConfig | null | { qconfig?: QConfig | null });
  constructor(...args: unknown[]) {
    const { qconfig } = DEQUANT.read(args);
    super();
    if (qconfig) this.qconfig = qconfig;
  }

  forward(x: Tensor): Tensor {
    return x;
  }
}

const WRAPPER = signature<{ module: Module }>('QuantWrapper', 'module: Module');

/**
 * A module between a {@link QuantStub} and a {@link DeQuantStub}. Mirrors `torch.ao.quantization.QuantWrapper`.
 *
 * @param module - the module, whose `qconfig` the stubs get
 * @example
 * ```ts
 * print(new torch.ao.quantization.QuantWrapper(new nn.ReLU()));
 * ```
 * ```python
 * print(torch.ao.quantization.QuantWrapper(nn.ReLU()))
 * ```
 */
export class QuantWrapper extends Module {
  declare quant: Module;
  declare dequant: Module;
  declare module: Module;

  constructor(module: Module);
  constructor(...args: unknown[]) {
    const { module } = WRAPPER.read(args);
    super();
    const qconfig = module.qconfig ?? null;
    this.quant = new QuantStub(qconfig);
    this.dequant = new DeQuantStub(qconfig);
    this.module = module;
    this.train(module.training);
  }

  forward(X: Tensor): Tensor {
    return this.dequant(this.module(this.quant(X))) as Tensor;
  }
}

forward_takes(QuantStub, 'x: Tensor');
forward_takes(DeQuantStub, 'x: Tensor');
forward_takes(QuantWrapper, 'X: any');
