/**
 * Tensors from one worker_thread to another, without copies. A thread's tensors are its own, so what goes through
 * `postMessage` is a description with numbers under which the process keeps the tensors until they are taken.
 */
import { types } from 'node:util';
import { MessagePort } from 'node:worker_threads';

import { Device } from '../types/device.js';
import * as dtypes from '../types/dtype.js';
import { DType } from '../types/dtype.js';
import { NamedConstant } from '../_internal/named_constant.js';
import { native } from '../_C/native.js';
import { Module } from '../nn/modules/module.js';
import { Buffer, Parameter } from '../nn/parameter.js';
import { pil_kind_of, set_pil_kind, type PilKind } from '../_internal/pil_kind.js';
import { kind_of } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';
import * as qschemes from '../types/qscheme.js';
import { Complex } from '../types/scalar.js';
import { Tensor } from '../_tensor.js';
import { wrap } from '../_C/tensor_base.js';
import { no_arguments, signature } from '../_internal/signature.js';

// What native/data/transfer.cpp exports.
declare module '../_C/native.js' {
  interface Native {
    hand_over(handle: number): number;
    take_over(token: number): number;
    release_handed_over(token: number): void;
    release_orphans(): void;
    is_handed_over(token: number): boolean;
    is_orphan(token: number): boolean;
  }
}

/** Data types, layouts and the like, by name. */
const constants: Readonly<Record<string, unknown>> = { ...dtypes, ...qschemes };

/** A tensor on its way. @internal */
export interface TensorRecord {
  readonly token: number;
  readonly kind: 'tensor' | 'parameter' | 'buffer';
  readonly requires_grad: boolean;
  /** Of a buffer. */
  readonly persistent: boolean;
  /** The token of its gradient, or 0. */
  readonly grad: number;
  /** Of what stands for an image of PIL. */
  readonly pil?: PilKind;
}

/** A value with numbers instead of tensors. */
type Described =
  | { readonly kind: 'tensor'; readonly place: number }
  | { readonly kind: 'array' | 'set'; readonly items: readonly Described[] }
  | {
      readonly kind: 'object';
      readonly entries: readonly (readonly [string, Described])[];
      readonly metadata?: unknown;
    }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Described, Described])[] }
  | { readonly kind: 'constant' | 'device'; readonly name: string }
  | { readonly kind: 'complex'; readonly re: number; readonly im: number }
  | { readonly kind: 'other'; readonly value: unknown };

/** What `structuredClone` copies as it is. @internal */
export const is_cloned = (value: object): boolean =>
  ArrayBuffer.isView(value) ||
  types.isAnyArrayBuffer(value) ||
  types.isDate(value) ||
  types.isRegExp(value) ||
  types.isNativeError(value) ||
  types.isBoxedPrimitive(value) ||
  value instanceof MessagePort;

/**
 * A value prepared for another thread, as {@link hand_over} returns it: send it to one other thread by `postMessage`,
 * which passes what it receives to {@link take_over}. Tensors that were not taken live until {@link
 * HandedOver.release}; those of a thread that has ended, until they are taken or {@link HandedOver.release_orphans}
 * is called. Has no counterpart in Python.
 * @example
 * ```ts
 * const message = torch.hand_over([torch.ones(2)]);
 * print(message.pending);
 * message.release();
 * print(message.pending); // True
 * // False
 * ```
 */
export class HandedOver {
  /** @internal */
  readonly tensors: TensorRecord[] = [];
  /** @internal */
  readonly value: Described;

  /** @internal use {@link hand_over} */
  constructor(value: unknown) {
    const places = new Map<Tensor, number>();
    const open = new Set<object>();
    const add_tensor = (tensor: Tensor): number => {
      const place = places.get(tensor) ?? this.tensors.length;
      if (place === this.tensors.length) {
        places.set(tensor, place);
        const pil = pil_kind_of(tensor);
        this.tensors.push(pil === undefined ? record_of(tensor) : { ...record_of(tensor), pil });
      }
      return place;
    };
    try {
      this.value = description_of(value, add_tensor, open);
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** Whether there are tensors that have not been taken. */
  get pending(): boolean {
    return this.tensors.some(({ token, grad }) => native.is_handed_over(token) || native.is_handed_over(grad));
  }

  /**
   * Frees what threads that have ended handed over and no thread has taken; to be called when none of their messages
   * is in transit, such as after the `exit` event of a worker.
   */
  static release_orphans(): void;
  static release_orphans(...none: unknown[]): void {
    no_arguments('release_orphans', none);
    native.release_orphans();
  }

  /** Frees the tensors that have not been taken, such as when the receiver has ended. */
  release(...none: []): void {
    no_arguments('release', none);
    this.tensors.forEach(release_record);
  }

  [Symbol.dispose](): void {
    this.release();
  }
}

/** A tensor prepared for another thread. @throws Error for one that cannot go there @internal */
export function record_of(tensor: Tensor): TensorRecord {
  const token = native.hand_over(tensor._h);
  try {
    const { grad, requires_grad } = tensor;
    return {
      token,
      kind: tensor instanceof Parameter ? 'parameter' : tensor instanceof Buffer ? 'buffer' : 'tensor',
      requires_grad,
      persistent: tensor instanceof Buffer ? tensor.persistent : true,
      grad: grad === null ? 0 : native.hand_over(grad.detach()._h),
    };
  } catch (error) {
    native.release_handed_over(token);
    throw error;
  }
}

/** Frees a tensor that has not been taken. @internal */
export function release_record({ token, grad }: TensorRecord): void {
  native.release_handed_over(token);
  native.release_handed_over(grad);
}

/** The data type, layout or the like of this name. @internal */
export function constant_named(name: string): unknown {
  return constants[name];
}

function description_of(value: unknown, leave: (tensor: Tensor) => number, open: Set<object>): Described {
  if (value instanceof Tensor) return { kind: 'tensor', place: leave(value) };
  if (value instanceof Module) {
    throw new TypeError(
      `hand_over(): a ${value._get_name()} cannot go to another thread. Hand over its state_dict(), make ` +
        'the module there, and let it load_state_dict(state, { assign: true })',
    );
  }
  if (typeof value !== 'object' || value === null) return { kind: 'other', value };
  if (value instanceof DType || value instanceof NamedConstant) return { kind: 'constant', name: value.name };
  if (value instanceof Device) return { kind: 'device', name: value.toString() };
  if (value instanceof Complex) return { kind: 'complex', re: value.re, im: value.im };
  if (open.has(value)) throw new TypeError('hand_over(): the value holds itself');
  open.add(value);
  const inner = (item: unknown): Described => description_of(item, leave, open);
  try {
    if (Array.isArray(value)) return { kind: 'array', items: value.map(inner) };
    if (types.isSet(value)) return { kind: 'set', items: [...value].map(inner) };
    if (types.isMap(value)) return { kind: 'map', entries: [...value].map(([key, item]) => [inner(key), inner(item)]) };
    if (is_plain_object(value)) {
      // A state dict carries the versions of its modules out of sight.
      const metadata: unknown = value['_metadata'];
      const entries = Object.entries(value).map(([key, item]) => [key, inner(item)] as const);
      const hidden = metadata !== undefined && !Object.prototype.propertyIsEnumerable.call(value, '_metadata');
      return hidden ? { kind: 'object', entries, metadata } : { kind: 'object', entries };
    }
    if (is_cloned(value)) return { kind: 'other', value };
    throw new TypeError(`hand_over(): an object of class ${kind_of(value)} cannot go to another thread`);
  } finally {
    open.delete(value);
  }
}

const HAND_OVER = signature<{ value: unknown }>('hand_over', 'value: any');
const TAKE_OVER = signature<{ message: unknown }>('take_over', 'message: any');

/**
 * Prepares a value for another thread, to which its tensors are transferred without a copy: both threads then share
 * their memory, and each sees what the other changes in place. Parameters remain parameters, with their gradients.
 * Has no counterpart in Python.
 *
 * Arrays, plain objects and Maps (such as a state dict) may contain tensors, dtypes, devices and the like; other
 * values must be supported by `structuredClone`.
 *
 * ```ts
 * worker.postMessage(torch.hand_over(model.state_dict()));
 * // in the worker
 * parentPort?.on('message', (message) => {
 *   model.load_state_dict(torch.take_over(message), { assign: true });
 * });
 * ```
 *
 * @param value - the value
 * @throws Error for a tensor with a history, or on the memory of a JavaScript array (see `Tensor.share_memory_`)
 * @throws TypeError for modules and objects of other classes
 * @example
 * ```ts
 * const x = torch.zeros(2);
 * const message = structuredClone(torch.hand_over({ x })); // as postMessage does
 * const { x: taken } = torch.take_over<{ x: torch.Tensor }>(message);
 * taken.fill_(0.5);
 * print(x); // tensor([0.5000, 0.5000])
 * ```
 */
export function hand_over(value: unknown): HandedOver;
export function hand_over(...args: unknown[]): HandedOver {
  // An object is a value, whatever its keys are; so is undefined.
  return new HandedOver(args.length === 1 ? args[0] : HAND_OVER.read(args).value);
}

/**
 * The value of a message that {@link hand_over} made in another thread; it can be taken once. Has no counterpart in
 * Python.
 *
 * @param message - what the thread received
 * @throws Error when it has been taken or released already
 * @throws TypeError when it is not such a message
 * @example
 * ```ts
 * const x = torch.zeros(2);
 * const message = structuredClone(torch.hand_over({ x })); // as postMessage does
 * const { x: taken } = torch.take_over<{ x: torch.Tensor }>(message);
 * taken.fill_(0.5);
 * print(x); // tensor([0.5000, 0.5000])
 * ```
 */
export function take_over<T = unknown>(message: unknown): T;
export function take_over(...args: unknown[]): unknown {
  const message = args.length === 1 ? args[0] : TAKE_OVER.read(args).message;
  const { tensors, value } = (message ?? {}) as Partial<HandedOver>;
  if (!Array.isArray(tensors) || typeof value !== 'object') {
    throw new TypeError(`take_over(): argument 'message' must be what hand_over() gave, not ${kind_of(message)}`);
  }
  return value_of_description(value, (tensors as TensorRecord[]).map(take_tensor));
}

/** The tensor of a record, which can be taken once. @throws Error when it has been taken @internal */
export function take_tensor({ token, kind, requires_grad, persistent, grad, pil }: TensorRecord): Tensor {
  const plain = wrap(native.take_over(token));
  const tensor =
    kind === 'parameter'
      ? new Parameter(plain, requires_grad)
      : kind === 'buffer'
        ? new Buffer(plain, { persistent })
        : plain;
  if (requires_grad) tensor.requires_grad_();
  if (pil !== undefined) set_pil_kind(tensor, pil);
  if (grad > 0) tensor.grad = wrap(native.take_over(grad));
  return tensor;
}

function value_of_description(value: Described, tensors: readonly Tensor[]): unknown {
  switch (value.kind) {
    case 'tensor':
      return tensors[value.place];
    case 'array':
      return value.items.map((item) => value_of_description(item, tensors));
    case 'set':
      return new Set(value.items.map((item) => value_of_description(item, tensors)));
    case 'map':
      return new Map(
        value.entries.map(([key, item]) => [value_of_description(key, tensors), value_of_description(item, tensors)]),
      );
    case 'object': {
      const object = Object.fromEntries(value.entries.map(([key, item]) => [key, value_of_description(item, tensors)]));
      if (value.metadata === undefined) return object;
      return Object.defineProperty(object, '_metadata', { value: value.metadata, writable: true, configurable: true });
    }
    case 'constant':
      return constant_named(value.name);
    case 'device':
      return new Device(value.name);
    case 'complex':
      return new Complex(value.re, value.im);
    default:
      return value.value;
  }
}
