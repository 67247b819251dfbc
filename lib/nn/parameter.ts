import type { Memo } from '../utils/copy.js';
import { preserve_format } from '../types/dtype.js';
import { empty } from '../generated/functions.js';
import { native } from '../_C/native.js';
import { Tensor } from '../_tensor.js';
import { define_kind, signature, type Arguments } from '../_internal/signature.js';

/**
 * A tensor that a {@link Module} trains: as a field of a module it is found by `parameters()`. Mirrors
 * `torch.nn.Parameter`. It shares the memory of `data`, is a leaf of the graph, and requires gradients unless
 * told otherwise.
 *
 * @example
 * ```ts
 * class Scale extends nn.Module {
 *   factor = new nn.Parameter(torch.ones(1));
 *   forward(x: Tensor): Tensor { return x.mul(this.factor); }
 * }
 * ```
 */
export class Parameter extends Tensor {
  declare protected readonly _is_param: true;

  /**
   * @param data - the tensor whose values the parameter holds; an empty one when left out
   * @param requires_grad - whether autograd records what is done with it
   * @throws TypeError when `data` is no tensor; Error when its dtype can have no gradient
   */
  constructor(
    ...args: Arguments<
      [data?: Tensor | null, requires_grad?: boolean],
      { data?: Tensor | null; requires_grad?: boolean },
      ['data', 'requires_grad']
    >
  );
  constructor(...args: unknown[]) {
    const { data = null, requires_grad: wanted = true } = PARAMETER.read(args);
    super(native.alias_detached((data ?? empty([0]))._h));
    if (!wanted) return;
    if (!this.is_floating_point() && !this.is_complex()) {
      throw new Error('Only Tensors of floating point and complex dtype can require gradients');
    }
    this.requires_grad_(true);
  }

  /** A parameter with the same values and no gradient; what `deepcopy` makes of one. @internal */
  override __deepcopy__(_memo: Memo): Tensor {
    const kind = this.constructor as typeof Parameter;
    return new kind(this.data.clone({ memory_format: preserve_format }), this.requires_grad);
  }
}
// On the prototype, so that code which cannot import this class (printing) knows a parameter when it sees one.
Object.defineProperty(Parameter.prototype, '_is_param', { value: true });

/** Makes the very tensor a parameter: one that libtorch's own modules hold must stay the one they know. @internal */
export function own_parameter(tensor: Tensor): Parameter {
  return Object.setPrototypeOf(tensor, Parameter.prototype) as Parameter;
}

/**
 * A tensor that is part of a module's state but is not trained, such as a running mean. Mirrors
 * `torch.nn.Buffer`: as a field of a module it is found by `buffers()`, and by `state_dict()` when it is
 * persistent.
 */
export class Buffer extends Tensor {
  declare protected readonly _is_buffer: true;
  /** Whether `state_dict()` holds the buffer. */
  declare readonly persistent: boolean;

  /**
   * @param data - the tensor whose values the buffer holds; an empty one when left out
   * @param options - `persistent`: whether it is part of the module's `state_dict`
   * @throws TypeError when `data` is no tensor
   */
  constructor(...args: Arguments<[data?: Tensor | null], { data?: Tensor | null; persistent?: boolean }, ['data']>);
  constructor(...args: unknown[]) {
    const { data = null, persistent = true } = BUFFER.read(args);
    super(native.alias_detached((data ?? empty([0]))._h));
    Object.defineProperty(this, 'persistent', { value: persistent });
    if (data?.requires_grad) this.requires_grad_(true);
  }
}
Object.defineProperty(Buffer.prototype, '_is_buffer', { value: true });

define_kind('Parameter', 'Parameter', (value) => value instanceof Parameter);
define_kind('Buffer', 'Buffer', (value) => value instanceof Buffer);

const PARAMETER = signature<{ data?: Tensor | null; requires_grad?: boolean }>(
  'Parameter',
  'data?: Tensor|None, requires_grad?: bool',
);
const BUFFER = signature<{ data?: Tensor | null; persistent?: boolean }>(
  'Buffer',
  'data?: Tensor|None, *, persistent?: bool',
);
