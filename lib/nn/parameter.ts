import type { Memo } from '../utils/copy.js';
import { preserve_format } from '../types/dtype.js';
import { empty } from '../generated/functions.js';
import { native } from '../_C/native.js';
import { Tensor } from '../_tensor.js';
import { define_kind, signature, type Arguments } from '../_internal/signature.js';

/**
 * A tensor that a {@link Module} trains: as a field of a module it is found by `parameters()` and `state_dict()`. It
 * shares the memory of `data`, is a leaf of the graph, and requires gradients by default. Mirrors `torch.nn.Parameter`.
 *
 * Shapes: any; dtypes: any, but only floating-point and complex tensors can require gradients.
 *
 * @param data - the tensor; default null: an empty one
 * @param requires_grad - whether autograd records operations on the parameter; default true
 * @throws TypeError when `data` is not a tensor
 * @throws Error when a tensor of an integral dtype is to require gradients
 * @example
 * ```ts
 * class Scale extends nn.Module {
 *   factor = new nn.Parameter(torch.tensor([2, 0.5]));
 *   forward(x: torch.Tensor): torch.Tensor { return x.mul(this.factor); }
 * }
 * const scale = new Scale();
 * print([...scale.parameters()]);
 * print(scale(torch.ones(2)));
 * ```
 * ```python
 * class Scale(nn.Module):
 *     def __init__(self):
 *         super().__init__()
 *         self.factor = nn.Parameter(torch.tensor([2, 0.5]))
 *     def forward(self, x): return x * self.factor
 * scale = Scale()
 * print(list(scale.parameters()))
 * print(scale(torch.ones(2)))
 * ```
 */
export class Parameter extends Tensor {
  declare readonly _is_param: true;

  /**
   * @param data - the tensor; default null: an empty one
   * @param requires_grad - whether autograd records operations on it; default true
   * @throws TypeError when `data` is not a tensor; Error when its dtype cannot have a gradient
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

  /** Returns a parameter with a copy of the values and without gradient, as `deepcopy` needs it. */
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
 * A tensor that is part of the state of a {@link Module} but is not trained, such as a running mean: as a field of a
 * module it is found by `buffers()`, and by `state_dict()` when it is persistent. It shares the memory of `data`.
 * Mirrors `torch.nn.Buffer`.
 *
 * Shapes and dtypes: any.
 *
 * @param data - the tensor; default null: an empty one
 * @param persistent - whether `state_dict()` contains it; by name only; default true
 * @throws TypeError when `data` is not a tensor
 * @example
 * ```ts
 * class Counter extends nn.Module {
 *   calls = new nn.Buffer(torch.tensor(0));
 *   forward(x: torch.Tensor): torch.Tensor { this.calls.add_(1); return x; }
 * }
 * const counter = new Counter();
 * counter(torch.ones(2));
 * print(counter.state_dict());
 * ```
 * ```python
 * class Counter(nn.Module):
 *     def __init__(self):
 *         super().__init__()
 *         self.calls = nn.Buffer(torch.tensor(0))
 *     def forward(self, x): self.calls.add_(1); return x
 * counter = Counter()
 * counter(torch.ones(2))
 * print(counter.state_dict())
 * ```
 */
export class Buffer extends Tensor {
  declare readonly _is_buffer: true;
  /** Whether `state_dict()` contains the buffer. */
  declare readonly persistent: boolean;

  /**
   * @param data - the tensor; default null: an empty one
   * @param options - `persistent`: whether `state_dict()` contains it; default true
   * @throws TypeError when `data` is not a tensor
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
