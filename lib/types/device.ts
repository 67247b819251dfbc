/** Devices: `torch.device`. */
import { native } from '../_C/native.js';
import { run_in_mode, type Mode } from '../_internal/callbacks.js';
import { begin_scope } from '../_internal/guards.js';
import { name_class } from '../_internal/kind_of.js';
import { define_kind, signature } from '../_internal/signature.js';
import { uncloneable } from '../_internal/uncloneable.js';
import { default_device_mode } from './device_mode.js';
import { accelerators, device_type, with_build_hint, type DeviceType } from './device_types.js';

/** The arguments of {@link Device} by name. */
export type DeviceArguments = { type: string; index?: number | null } | { device: DeviceLike };

interface TypeAndIndex {
  type: string;
  index?: number | null;
}

function signatures_of(callee: string) {
  return {
    device: signature<{ device: DeviceLike }>(callee, 'device: device'),
    type_and_index: signature<TypeAndIndex>(callee, 'type: str, index?: int|None'),
  };
}

const CLONE = uncloneable('torch.device', 'device');
const of_class = signatures_of('Device');
const of_function = signatures_of('device');

/**
 * The device of a tensor. Mirrors `torch.device`; {@link device} makes one as Python does, with or without `new`.
 *
 * @param type - `'cpu'`, `'cuda'`, `'cuda:1'`, `'meta'`, ...; or a device, or the index of an accelerator
 * @param index - index of the device, when `type` does not contain it; default null
 * @throws Error when libtorch does not know the device
 * @example
 * ```ts
 * const device = new torch.Device('cuda', 1);
 * print(device.type, device.index);
 * print(device.equals('cuda:1'));
 * ```
 * ```python
 * device = torch.device('cuda', 1)
 * print(device.type, device.index)
 * print(device == torch.device('cuda:1'))
 * ```
 */
export class Device {
  readonly type: string;
  readonly index: number | null;
  /** @internal */
  readonly _clone = CLONE;

  constructor(device: DeviceLike | DeviceArguments);
  constructor(type: string, index?: number | null | { index?: number | null });
  constructor(...args: unknown[]) {
    // The getter `x.device` comes here.
    const named = args.length === 1 && typeof args[0] === 'string' ? { type: args[0] } : read_device(of_class, args);
    const parsed = native.device_parse(named.type);
    const index = named.index ?? null;
    if (index === null) {
      this.type = parsed.type;
      this.index = parsed.index;
      return;
    }
    if (parsed.index !== null) {
      throw new Error(`type (string) must not include an index because index was passed explicitly: ${named.type}`);
    }
    if (index < 0) throw new Error('Device index must not be negative');
    // libtorch throws for an index beyond its range.
    ({ type: this.type, index: this.index } = native.device_parse(`${parsed.type}:${index}`));
  }

  /** The text that libtorch reads: `'cuda:1'`. */
  toString(): string {
    return this.index === null ? this.type : `${this.type}:${this.index}`;
  }

  /** Whether both are the same device; Python's `==`. */
  equals(other: DeviceLike): boolean {
    return this.toString() === device_text(DEVICE_TO_COMPARE.read([other]).other);
  }

  /** The device as the default of new tensors. @internal */
  _mode(): Mode<string | null> {
    const text = this.toString();
    if (device_type(text)?.accelerator) initialize_device(text);
    return default_device_mode(text);
  }

  /** `using _ = torch.device('meta')` makes it the default device of new tensors until the end of the block. */
  get [Symbol.dispose](): () => void {
    return begin_scope('device', this._mode());
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.index === null ? `device(type='${this.type}')` : `device(type='${this.type}', index=${this.index})`;
  }
}

const devices = new Map<string, Device>();

/** The device of a text that libtorch has written: always the same object. @internal */
export function device_named(text: string): Device {
  let found = devices.get(text);
  if (found === undefined) devices.set(text, (found = Object.freeze(new Device(text))));
  return found;
}

const DEVICE_TO_COMPARE = signature<{ other: DeviceLike }>('equals', 'other: device');

function read_device({ device, type_and_index }: typeof of_class, args: readonly unknown[]): TypeAndIndex {
  const [first] = args;
  const by_name = typeof first === 'object' && first !== null && 'device' in first;
  if (first instanceof Device || typeof first === 'number' || by_name)
    return { type: device_text(device.read(args).device) };
  return type_and_index.read(args);
}

/** What is accepted as a device. A number is the index of an accelerator, as in Python. */
export type DeviceLike = Device | string | number;

/**
 * A device from its name, or its type and index; callable with and without `new`. Mirrors `torch.device`.
 *
 * It is the default device of new tensors in the block of `using _ = torch.device('meta')`, and in a function that is given:
 * `torch.device('meta', () => ...)`. {@link set_default_device} decorates methods.
 *
 * @throws Error when libtorch does not know the device
 * @example
 * ```ts
 * const device = torch.device('cuda', 0);
 * print(device.type, torch.ones(2, { device: torch.device('cpu') }));
 * ```
 * ```python
 * device = torch.device('cuda', 0)
 * print(device.type, torch.ones(2, device=torch.device('cpu')))
 * ```
 */
export const device = new Proxy(Device, {
  apply: (_target, _self, args: unknown[]) => {
    const [wanted, fn] = args;
    if (args.length !== 2 || typeof fn !== 'function') return made_by_function(args);
    return run_in_mode('device', made_by_function([wanted])._mode(), fn as () => unknown);
  },
  construct: (_target, args: unknown[]) => made_by_function(args),
}) as typeof Device & {
  (device: DeviceLike | DeviceArguments): Device;
  (type: string, index?: number | null | { index?: number | null }): Device;
  <T>(device: DeviceLike, fn: () => T): T;
};

function made_by_function(args: readonly unknown[]): Device {
  const { type, index = null } = read_device(of_function, args);
  return new Device(type, index);
}

/** The accelerator that libtorch was built with; the first of all when there is none. */
export function accelerator(): DeviceType {
  return accelerators.find(({ name }) => native.device_built(name)) ?? accelerators[0]!;
}

/** The name of the accelerator of this libtorch, which a library of others may have brought; `'cuda'` where there is none. */
export function accelerator_name(): string {
  return native.accelerator_type() ?? accelerator().name;
}

/** Whether a type of device is an accelerator: one of PyTorch's, or that of this libtorch. */
export const is_accelerator = (type: string): boolean =>
  (device_type(type)?.accelerator ?? false) || type === native.accelerator_type();

/** The device that a bare number means. @throws Error with Python's text when there is no accelerator */
export function device_of_index(index: number): string {
  const type = native.accelerator_type();
  if (type === null) {
    throw new Error(with_build_hint('Cannot access accelerator device when none is available.', accelerator()));
  }
  return `${type}:${index}`;
}

/** The text form of a device argument. */
export function device_text(value: DeviceLike): string {
  return typeof value === 'number' ? device_of_index(value) : value.toString();
}

/**
 * Makes a device ready for tensors.
 * @throws Error with Python's text when the loaded libtorch was built without it, or the machine has none
 */
export function initialize_device(text: string): void {
  const row = device_type(text);
  if (row?.always) return;
  if (row?.accelerator && native.device_built(row.name)) {
    native.device_initialize(row.name);
    return;
  }
  const type = row?.name ?? text.replace(/:.*/, '');
  if (!row?.accelerator && has_support(type)) return;
  if (!row?.has_module) throw new Error(`PyTorch is not linked with support for ${type} devices`);
  throw new Error(with_build_hint(row.missing ?? `Torch not compiled with ${row.title} enabled`, row));
}

function has_support(type: string): boolean {
  try {
    native.device_current(type);
    return true;
  } catch {
    return false;
  }
}

name_class(Device, 'torch.device');
define_kind(
  'device',
  'torch.device',
  (value) => value instanceof Device || typeof value === 'string' || Number.isInteger(value),
);
