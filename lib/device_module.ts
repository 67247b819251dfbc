/** The module of a type of device: `torch.get_device_module`. */
import { native } from './_C/native.js';
import { signature } from './_internal/signature.js';
import * as cpu from './cpu/index.js';
import * as cuda from './cuda/index.js';
import { mps } from './mps.js';
import { mtia, xpu } from './other_devices.js';
import { Device, type DeviceLike } from './types/device.js';

const modules = { cpu, cuda, mps, mtia, xpu };

/** What the modules of all types of devices have. */
export type DeviceModule = Pick<typeof cuda, 'device_count' | 'is_available' | 'synchronize'> &
  Partial<Omit<typeof cuda, 'device_count' | 'is_available' | 'synchronize'>>;

const GET_DEVICE_MODULE = signature<{ device?: DeviceLike | null }>('get_device_module', 'device?: device|None');

/**
 * The module of a type of device, such as `torch.cuda`. Mirrors `torch.get_device_module`.
 *
 * @param device - default null, the accelerator, or the CPU where there is none
 * @throws Error for a type of device that has no module
 * @example
 * ```ts
 * const { device_count } = torch.get_device_module('cpu');
 * print(device_count(), torch.get_device_module('cuda') === torch.cuda);
 * ```
 * ```python
 * module = torch.get_device_module('cpu')
 * print(module.device_count(), torch.get_device_module('cuda') is torch.cuda)
 * ```
 */
export function get_device_module<T extends keyof typeof modules>(device: T): (typeof modules)[T];
export function get_device_module(device?: DeviceLike | null | { device?: DeviceLike | null }): DeviceModule;
export function get_device_module(...args: unknown[]): unknown {
  const { device = null } = GET_DEVICE_MODULE.read(args);
  if (typeof device === 'number') {
    throw new Error(`Invalid value of device '${device}', expect torch.device, str, or None`);
  }
  const type = device === null ? (native.accelerator_type() ?? 'cpu') : new Device(device).type;
  if (Object.hasOwn(modules, type)) return modules[type as keyof typeof modules];
  throw new Error(`Device '${type}' does not have a corresponding module registered as 'torch.${type}'.`);
}
