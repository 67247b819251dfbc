/** Shapes of what nodes compute. Mirrors `torch.fx.passes.shape_prop`. */
import { signature } from '../../_internal/signature.js';
import { types } from 'node:util';
import { Tensor } from '../../_tensor.js';
import {
  channels_last,
  channels_last_3d,
  contiguous_format,
  type DType,
  type MemoryFormat,
} from '../../types/dtype.js';
import type { Module } from '../../nn/modules/module.js';
import { Interpreter } from '../interpreter.js';
import { map_aggregate, type Node } from '../node.js';

/** What is known of a tensor. Mirrors `torch.fx.passes.shape_prop.TensorMetadata`. */
export interface TensorMetadata {
  readonly shape: Tensor['shape'];
  readonly dtype: DType;
  readonly requires_grad: boolean;
  readonly stride: readonly number[];
  /** The memory format; null when it is none of those with a name. */
  readonly memory_format: MemoryFormat | null;
  readonly is_quantized: boolean;
  /** Scale and zero point of a quantized tensor. */
  readonly qparams: Readonly<Record<string, unknown>>;
}

function metadata_of(tensor: Tensor): TensorMetadata {
  const strided = tensor.layout.toString() === 'torch.strided';
  const formats: [dim: number, format: MemoryFormat][] = [
    [tensor.dim(), contiguous_format],
    [4, channels_last],
    [5, channels_last_3d],
  ];
  const format = formats.find(
    ([dim, memory_format]) => dim === tensor.dim() && tensor.is_contiguous({ memory_format }),
  );
  return {
    shape: tensor.shape,
    dtype: tensor.dtype,
    requires_grad: tensor.requires_grad,
    stride: strided ? tensor.stride() : [],
    memory_format: strided ? (format?.[1] ?? null) : null,
    is_quantized: tensor.is_quantized,
    qparams: {},
  };
}

const SHAPE_PROP = signature<{ gm: Module }>('ShapeProp', 'gm: Module');

/**
 * Runs a graph and notes for each node what it gives: `node.meta['tensor_meta']` has shape, dtype, strides and the like, for lists of
 * tensors lists of them, and `node.meta['type']` its kind. Mirrors `torch.fx.passes.shape_prop.ShapeProp`, without fake tensors.
 *
 * @param gm - the module with the graph
 * @example
 * ```ts
 * const traced = torch.fx.symbolic_trace(new nn.Sequential(new nn.Linear(3, 2)));
 * new torch.fx.passes.shape_prop.ShapeProp(traced).propagate(torch.ones(4, 3));
 * for (const { name, meta } of traced.graph.nodes) {
 *   const { shape, dtype } = meta['tensor_meta'] as torch.fx.passes.shape_prop.TensorMetadata;
 *   print(name, shape, dtype);
 * }
 * ```
 * ```python
 * from torch.fx.passes.shape_prop import ShapeProp
 * traced = torch.fx.symbolic_trace(nn.Sequential(nn.Linear(3, 2)))
 * ShapeProp(traced).propagate(torch.ones(4, 3))
 * for node in traced.graph.nodes:
 *     print(node.name, node.meta['tensor_meta'].shape, node.meta['tensor_meta'].dtype)
 * ```
 */
export class ShapeProp extends Interpreter {
  constructor(gm: Module);
  constructor(...args: unknown[]) {
    super(SHAPE_PROP.read(args).gm);
  }

  override run_node(n: Node): unknown {
    let result: unknown;
    try {
      result = super.run_node(n);
    } catch (error) {
      if (!types.isNativeError(error)) throw error;
      throw new Error(`ShapeProp error for: node=${n.format_node()} with meta=${Object.keys(n.meta).join(', ')}`, {
        cause: error,
      });
    }
    let found = false;
    const meta = map_aggregate(result, (value) => {
      if (!(value instanceof Tensor)) return value;
      found = true;
      return metadata_of(value);
    });
    if (found) n.meta['tensor_meta'] = meta;
    n.meta['type'] = (result as { constructor?: unknown } | null)?.constructor ?? null;
    return result;
  }

  /**
   * Runs the graph. Mirrors `ShapeProp.propagate`.
   *
   * @param args - its inputs
   * @returns what the graph returns
   */
  propagate(...args: unknown[]): unknown {
    return this.run(...args);
  }
}
