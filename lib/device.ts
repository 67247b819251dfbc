/** Devices: `torch.device`. */
import { native } from './native.js';
import { define_kind } from './_internal/signature.js';
import { uncloneable } from './_internal/uncloneable.js';

const CLONE = uncloneable('torch.device', 'device');

/** Where a tensor lives; mirrors `torch.device`. */
export class Device {
  readonly type: string;
  readonly index: number | null;
  /** @internal */
  readonly _clone = CLONE;

  /**
   * @param type `'cpu'`, `'cuda'`, `'cuda:1'`, `'meta'`, ...
   * @param index which one, when `type` has no number itself
   * @throws Error when libtorch knows no such device
   */
  constructor(type: string | Device, index?: number) {
    if (type instanceof Device) {
      this.type = type.type;
      this.index = index ?? type.index;
      return;
    }
    if (typeof type !== 'string') {
      throw new TypeError(`device(): argument 'type' must be string, not ${typeof type}`);
    }
    const parsed = native.device_parse(type);
    if (index !== undefined && parsed.index !== null) {
      throw new Error("device(): type (string) must not include an index because index was passed explicitly: " + type);
    }
    this.type = parsed.type;
    this.index = index ?? parsed.index;
  }

  /** `'cuda:1'`, the form that libtorch reads. */
  toString(): string {
    return this.index === null ? this.type : `${this.type}:${this.index}`;
  }

  /** Whether both name the same device. */
  equals(other: DeviceLike): boolean {
    return this.toString() === device_text(other);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.index === null ? `device(type='${this.type}')` : `device(type='${this.type}', index=${this.index})`;
  }
}

/** What is taken for a device. A number is a CUDA device, as in Python. */
export type DeviceLike = Device | string | number;

/** `torch.device('cuda', 0)`, callable with and without `new`. */
export const device = new Proxy(Device, {
  apply: (target, _self, args: ConstructorParameters<typeof Device>) => new target(...args),
}) as typeof Device & ((type: string | Device, index?: number) => Device);

/** The text form of a device argument. */
export function device_text(value: DeviceLike): string {
  return typeof value === 'number' ? `cuda:${value}` : value.toString();
}

define_kind('device', 'torch.device, str or int', (value) =>
  value instanceof Device || typeof value === 'string' || Number.isInteger(value));
