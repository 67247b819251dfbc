import type { Memo } from '../utils/copy.js';
import { preserve_format } from '../types/dtype.js';
import { empty } from '../generated/functions.js';
import { native } from '../_C/native.js';
import { Tensor } from '../_tensor.js';
import { define_kind, signature, type Arguments } from '../_internal/signature.js';

type ParameterOf = (data: Tensor, requires_grad: boolean) => Parameter | null;
let parameter_of: ParameterOf = () => null;

/** Sets what makes parameters of tensors of other classes, such as DTensor; null where it knows none. @internal */
export function bind_parameter_of(of: ParameterOf): void {
  parameter_of = of;
}

/**
 * A tensor that a {@link Module} trains: assigned to a field of a module, it is among its `parameters()`. Mirrors
 * `torch.nn.Parameter`. It shares the memory of `data` and is a leaf of the graph.
 *
 * @param data - the tensor with the values; default null, an empty one
 * @param requires_grad - whether autograd records operations on it; default true
 * @throws TypeError when `data` is not a Tensor
 * @throws Error when it requires gradients and its dtype is neither floating point nor complex
 * @example
 * ```ts
 * class Scale extends nn.Module {
 *   factor = new nn.Parameter(torch.full([1], 1.5));
 *   forward(x: torch.Tensor): torch.Tensor {
 *     return x.mul(this.factor);
 *   }
 * }
 * const scale = new Scale();
 * print([...scale.parameters()], scale.forward(torch.ones(2)));
 * ```
 * ```python
 * class Scale(nn.Module):
 *     def __init__(self):
 *         super().__init__()
 *         self.factor = nn.Parameter(torch.full([1], 1.5))
 *     def forward(self, x):
 *         return x.mul(self.factor)
 * scale = Scale()
 * print(list(scale.parameters()), scale.forward(torch.ones(2)))
 * ```
 */
export class Parameter extends Tensor {
  declare protected readonly _is_param: true;

  constructor(
    ...args: Arguments<
      [data?: Tensor | null, requires_grad?: boolean],
      { data?: Tensor | null; requires_grad?: boolean },
      ['data', 'requires_grad']
    >
  );
  constructor(...args: unknown[]) {
    const { data = null, requires_grad: wanted = true } = PARAMETER.read(args);
    const other = data === null ? null : parameter_of(data, wanted);
    super(native.alias_detached((other === null ? (data ?? empty([0])) : empty([0]))._h));
    if (other !== null) return other;
    if (!wanted) return;
    if (!this.is_floating_point() && !this.is_complex()) {
      throw new Error('Only Tensors of floating point and complex dtype can require gradients');
    }
    this.requires_grad_(true);
  }

  /** A parameter with copies of the values and without a gradient, for `deepcopy`. @internal */
  override __deepcopy__(_memo: Memo): Tensor {
    const kind = this.constructor as typeof Parameter;
    return new kind(this.data.clone({ memory_format: preserve_format }), this.requires_grad);
  }
}
// On the prototype, so that code which cannot import this class (printing) knows a parameter when it sees one.
Object.defineProperty(Parameter.prototype, '_is_param', { value: true });

/** Makes this tensor object a parameter: one that a module of libtorch holds must stay the same object. @internal */
export function own_parameter(tensor: Tensor): Parameter {
  return Object.setPrototypeOf(tensor, Parameter.prototype) as Parameter;
}

/**
 * A tensor that is part of the state of a module but not trained, such as a running mean: assigned to a field of a
 * module, it is among its `buffers()`, and in its `state_dict()` when it is persistent. Mirrors `torch.nn.Buffer`.
 *
 * @param data - the tensor with the values; default null, an empty one
 * @param options - `persistent`: part of the `state_dict()` of the module; default true
 * @throws TypeError when `data` is not a Tensor
 * @example
 * ```ts
 * class Counter extends nn.Module {
 *   count = new nn.Buffer(torch.zeros(1));
 * }
 * const counter = new Counter();
 * print(counter.count, counter.state_dict());
 * ```
 * ```python
 * class Counter(nn.Module):
 *     def __init__(self):
 *         super().__init__()
 *         self.count = nn.Buffer(torch.zeros(1))
 * counter = Counter()
 * print(counter.count, counter.state_dict())
 * ```
 */
export class Buffer extends Tensor {
  declare protected readonly _is_buffer: true;
  /** Whether it is part of the `state_dict()` of the module. */
  declare readonly persistent: boolean;

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
