/** Tensors whose shape is not known yet, as the parameters and buffers of lazy modules are at first. */
import type { DType } from '../types/dtype.js';
import { empty } from '../generated/functions.js';
import { native } from '../_C/native.js';
import { Tensor } from '../_tensor.js';
import type { FactoryOptions } from '../_internal/arguments.js';
import { Buffer, Parameter } from './parameter.js';
import { type MimeBundle, text_output } from '../_internal/notebook.js';
import { method_signature, signature, type Arguments } from '../_internal/signature.js';

/** The options of {@link UninitializedParameter} and {@link UninitializedBuffer}. */
export interface UninitializedOptions extends FactoryOptions {
  /** Whether autograd records operations on it once it has a shape. Default true for parameters, false for buffers. */
  requires_grad?: boolean;
}

/** The options of {@link UninitializedBuffer}. */
export interface UninitializedBufferOptions extends UninitializedOptions {
  /** Part of the `state_dict()` of the module. Default true. */
  persistent?: boolean;
}

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

const lazy_classes = new Set<object>();

/**
 * Whether a parameter or buffer does not have a shape yet. Mirrors `torch.nn.parameter.is_lazy`.
 *
 * @param tensor - any value
 * @example
 * ```ts
 * print(nn.parameter.is_lazy(new nn.UninitializedParameter()), nn.parameter.is_lazy(torch.ones(2)));
 * ```
 * ```python
 * print(nn.parameter.is_lazy(nn.UninitializedParameter()), nn.parameter.is_lazy(torch.ones(2)))
 * ```
 */
export function is_lazy(tensor: unknown): tensor is UninitializedParameter | UninitializedBuffer {
  return tensor instanceof UninitializedParameter || tensor instanceof UninitializedBuffer;
}

// What may be called while there is no shape; everything else needs one.
const allowed = new Set([
  'size',
  'copy_',
  'is_complex',
  'is_floating_point',
  'half',
  'float',
  'double',
  'char',
  'short',
  'int',
  'long',
  'cuda',
  'cpu',
  'to',
  'get_device',
  'requires_grad_',
  'dispose',
  'constructor',
]);

// The handle of a tensor without a shape can be read only here, so that no operator gets it.
let unlocked = 0;

export function with_handles<R>(fn: () => R): R {
  unlocked++;
  try {
    return fn();
  } finally {
    unlocked--;
  }
}

function uninitialized_error(tensor: Tensor, callee: string): Error {
  return new Error(
    `Attempted to use an uninitialized parameter in ${callee}. This error happens when you are using a ` +
      '`LazyModule` or explicitly manipulating `torch.nn.parameter.' +
      tensor.constructor.name +
      '` objects. When ' +
      'using LazyModules Call `forward` with a dummy batch to initialize the parameters before calling torch ' +
      'functions',
  );
}

function lock_handle(tensor: Tensor): void {
  const handle = tensor._h;
  Object.defineProperty(tensor, '_h', {
    configurable: true,
    get(this: Tensor) {
      if (unlocked === 0) throw uninitialized_error(this, 'a function');
      return handle;
    },
  });
}

/** Adds to a class the members of Tensor that work without a shape, and an Error for each of the others. */
function define_lazy_members(lazy: typeof UninitializedParameter | typeof UninitializedBuffer): void {
  if (lazy_classes.has(lazy)) return;
  lazy_classes.add(lazy);
  Object.defineProperties(lazy.prototype, without_shape);
  const own = Object.getOwnPropertyNames(lazy.prototype);
  for (const name of members_of_tensor()) {
    if (own.includes(name)) continue;
    const { get, set, value } = descriptor_of(lazy.prototype, name);
    const method = value as ((...args: unknown[]) => unknown) | undefined;
    if (get === undefined && typeof method !== 'function') continue;
    Object.defineProperty(
      lazy.prototype,
      name,
      get === undefined
        ? { value: checked_method(name, method!), writable: true, configurable: true }
        : {
            get(this: Tensor): unknown {
              return with_handles(() => get.call(this) as unknown);
            },
            ...(set && {
              set(this: Tensor, next: unknown): void {
                with_handles(() => set.call(this, next));
              },
            }),
            configurable: true,
          },
    );
  }
}

const without_shape: PropertyDescriptorMap = {
  shape: { get: throw_shape_error, configurable: true },
  toString: { value: class_repr, writable: true, configurable: true },
  [INSPECT]: { value: class_repr, writable: true, configurable: true },
  [Symbol.for('Jupyter.display')]: { value: class_output, writable: true, configurable: true },
};

function throw_shape_error(): never {
  throw new Error(
    "Can't access the shape of an uninitialized parameter or buffer. This error usually happens in " +
      '`load_state_dict` when trying to load an uninitialized parameter into an initialized one. Call `forward` to ' +
      'initialize the parameters before accessing their attributes.',
  );
}

function class_repr(this: Tensor): string {
  return `<${this.constructor.name}>`;
}

function class_output(this: Tensor): MimeBundle {
  return text_output(this.toString(), [this.constructor.name]);
}

function members_of_tensor(): Set<string> {
  const names = new Set<string>();
  for (let prototype: object = Parameter.prototype; prototype !== Object.prototype; ) {
    for (const name of Object.getOwnPropertyNames(prototype)) names.add(name);
    prototype = Object.getPrototypeOf(prototype) as object;
  }
  return names;
}

function descriptor_of(prototype: object, name: string): PropertyDescriptor {
  const found = Object.getOwnPropertyDescriptor(prototype, name);
  if (found !== undefined) return found;
  const parent = Object.getPrototypeOf(prototype) as object | null;
  return parent === null ? {} : descriptor_of(parent, name);
}

function checked_method(name: string, method: (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
  return function (this: Tensor, ...args: unknown[]): unknown {
    if (!allowed.has(name)) throw uninitialized_error(this, `Tensor.${name}`);
    const result = with_handles(() => method.apply(this, args));
    // A buffer that is moved or cast is still one that waits for its shape.
    if (!(this instanceof UninitializedBuffer) || !(result instanceof Tensor) || result === this) return result;
    const { dtype, device } = result;
    return new UninitializedBuffer({ requires_grad: this.requires_grad, device, dtype, persistent: this.persistent });
  };
}

function materialize(tensor: Tensor, becomes: object, shape: readonly number[], options: FactoryOptions): void {
  const { dtype, device } = tensor;
  const filled = empty(shape, { device: options.device ?? device, dtype: options.dtype ?? dtype });
  const handle = with_handles(() => tensor._h);
  native.set_data(handle, filled._h);
  Object.defineProperty(tensor, '_h', { value: handle, writable: true, enumerable: true });
  Object.setPrototypeOf(tensor, becomes);
}

type MaterializeOptions = FactoryOptions & { shape: readonly number[] };
type MaterializeArguments = Arguments<
  [shape: readonly number[], device?: FactoryOptions['device'], dtype?: DType | null],
  MaterializeOptions,
  ['shape', 'device', 'dtype']
>;

const UNINITIALIZED_PARAMETER = signature<UninitializedOptions>(
  'UninitializedParameter',
  'requires_grad?: bool, device?: device|None, dtype?: dtype|None',
);
const UNINITIALIZED_BUFFER = signature<UninitializedBufferOptions>(
  'UninitializedBuffer',
  'requires_grad?: bool, device?: device|None, dtype?: dtype|None, persistent?: bool',
);
const MATERIALIZE = method_signature<MaterializeOptions>(
  'UninitializedTensorMixin.materialize',
  'shape: int[], device?: device|None, dtype?: dtype|None',
);

/**
 * A {@link Parameter} without a shape, as lazy modules have them. Mirrors `torch.nn.UninitializedParameter`.
 * Operators throw until `materialize` turns it into an ordinary parameter.
 *
 * @param requires_grad - whether autograd records operations on it; default true
 * @param device - default null, the default device
 * @param dtype - default null, the default dtype
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const weight = new nn.UninitializedParameter();
 * weight.materialize([2, 3]);
 * print(weight.shape, weight instanceof nn.UninitializedParameter);
 * ```
 * ```python
 * weight = nn.UninitializedParameter()
 * weight.materialize((2, 3))
 * print(weight.shape, isinstance(weight, nn.UninitializedParameter))
 * ```
 */
export class UninitializedParameter extends Parameter {
  constructor(
    ...args: Arguments<
      [requires_grad?: boolean, device?: FactoryOptions['device'], dtype?: DType | null],
      UninitializedOptions,
      ['requires_grad', 'device', 'dtype']
    >
  );
  constructor(...args: unknown[]) {
    const { requires_grad = true, device = null, dtype = null } = UNINITIALIZED_PARAMETER.read(args);
    super(empty([0], { device, dtype }), requires_grad);
    define_lazy_members(UninitializedParameter);
    lock_handle(this);
  }

  /** Returns another parameter without a shape, as `deepcopy` needs it. */
  override __deepcopy__(): UninitializedParameter {
    const { requires_grad, dtype, device } = this;
    return new UninitializedParameter({ requires_grad, device, dtype });
  }

  /**
   * Gives the parameter a shape, with uninitialized memory, and makes it a {@link Parameter}. Mirrors
   * `UninitializedParameter.materialize`.
   */
  materialize(...args: MaterializeArguments): void;
  materialize(...args: unknown[]): void {
    const { shape, ...options } = MATERIALIZE.read(args);
    materialize(this, Parameter.prototype, shape, options);
  }
}

/**
 * A {@link Buffer} without a shape, as lazy modules have them. Mirrors `torch.nn.UninitializedBuffer`. Operators
 * throw until `materialize` turns it into an ordinary buffer.
 *
 * @param requires_grad - default false
 * @param device - default null, the default device
 * @param dtype - default null, the default dtype
 * @param persistent - part of the `state_dict()` of the module; default true
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * const mean = new nn.UninitializedBuffer();
 * mean.materialize([2]);
 * print(mean.shape);
 * ```
 * ```python
 * mean = nn.UninitializedBuffer()
 * mean.materialize((2,))
 * print(mean.shape)
 * ```
 */
export class UninitializedBuffer extends Buffer {
  constructor(
    ...args: Arguments<
      [requires_grad?: boolean, device?: FactoryOptions['device'], dtype?: DType | null, persistent?: boolean],
      UninitializedBufferOptions,
      ['requires_grad', 'device', 'dtype', 'persistent']
    >
  );
  constructor(...args: unknown[]) {
    const { requires_grad = false, device = null, dtype = null, persistent = true } = UNINITIALIZED_BUFFER.read(args);
    super(empty([0], { device, dtype }), { persistent });
    if (requires_grad) this.requires_grad_(true);
    define_lazy_members(UninitializedBuffer);
    lock_handle(this);
  }

  /** Returns another buffer without a shape, as `deepcopy` needs it. */
  override __deepcopy__(): UninitializedBuffer {
    const { requires_grad, dtype, device, persistent } = this;
    return new UninitializedBuffer({ requires_grad, device, dtype, persistent });
  }

  /**
   * Gives the buffer a shape, with uninitialized memory, and makes it a {@link Buffer}. Mirrors
   * `UninitializedBuffer.materialize`.
   */
  materialize(...args: MaterializeArguments): void;
  materialize(...args: unknown[]): void {
    const { shape, ...options } = MATERIALIZE.read(args);
    materialize(this, Buffer.prototype, shape, options);
  }
}
