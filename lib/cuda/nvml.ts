/** What NVIDIA's management library says about devices: `torch.cuda.utilization` and the like. */
import { native } from '../_C/native.js';
import { signature } from '../_internal/signature.js';
import type { DeviceLike } from '../types/device.js';
import { index_of } from './device_index.js';

// What native/core/nvml.cpp exports.
declare module '../_C/native.js' {
  interface Native {
    nvml_open(): 'missing' | 'no driver' | 'open';
    nvml_uuids(): string[];
    nvml_number(index: number, what: string): number;
    nvml_processes(index: number): [pid: number, bytes: number][];
  }
}

const of_device = (callee: string) => signature<{ device?: DeviceLike | null }>(callee, 'device?: device|None');
const CALLS = {
  device_memory_used: of_device('device_memory_used'),
  memory_usage: of_device('memory_usage'),
  utilization: of_device('utilization'),
  temperature: of_device('temperature'),
  power_draw: of_device('power_draw'),
  clock_rate: of_device('clock_rate'),
};

const NO_DRIVER = "cuda driver can't be loaded, is cuda enabled?";

/** The numbers with which an element of CUDA_VISIBLE_DEVICES begins; -1 without any. */
function leading_number(text: string): number {
  const [digits] = /^[+-]?\d+/.exec(text.trim()) ?? [];
  return digits === undefined ? -1 : Number(digits);
}

/**
 * The GPUs that CUDA_VISIBLE_DEVICES names, as CUDA reads it: what comes after the first that there cannot be does not count, and
 * a list that has one twice is empty.
 * @param uuids - asks for the UUIDs of the machine's GPUs
 */
export function visible_devices(variable: string | undefined, uuids: () => readonly string[]): number[] {
  if (variable === undefined) return Array.from({ length: 64 }, (_, i) => i);
  const by_uuid = /^(?:GPU|MIG)-/.test(variable);
  const found: number[] = [];
  for (const element of variable.split(',')) {
    const index = by_uuid ? index_of_uuid(element, uuids()) : leading_number(element);
    if (index < 0) break;
    if (found.includes(index)) return [];
    found.push(index);
  }
  return found;
}

/** The only GPU whose UUID begins with a text; -1 where none or several do. */
function index_of_uuid(start: string, uuids: readonly string[]): number {
  const fitting = uuids.flatMap((uuid, i) => (uuid.startsWith(start) ? [i] : []));
  return fitting.length === 1 ? fitting[0]! : -1;
}

/** The number that NVML has for a device of CUDA. */
function nvml_index(device: DeviceLike | null | undefined): number {
  const index = index_of(device);
  const visible = visible_devices(process.env['CUDA_VISIBLE_DEVICES'], () => native.nvml_uuids());
  const found = visible[index];
  if (found === undefined) {
    throw new Error(`device ${index} is not visible (CUDA_VISIBLE_DEVICES=[${visible.join(', ')}])`);
  }
  return found;
}

function number_of(what: string, device: DeviceLike | null | undefined): number {
  const state = native.nvml_open();
  // Python reaches the library through this package.
  if (state === 'missing') {
    throw new Error("nvidia-ml-py does not seem to be installed or it can't be imported.");
  }
  if (state === 'no driver') throw new Error(NO_DRIVER);
  return native.nvml_number(nvml_index(device), what);
}

/** The text of `torch.cuda.list_gpu_processes`. */
export function nvml_processes(device: DeviceLike | null | undefined): string {
  const state = native.nvml_open();
  if (state === 'missing') return 'pynvml module not found, please install nvidia-ml-py';
  if (state === 'no driver') return NO_DRIVER;
  const index = nvml_index(device);
  const lines = native.nvml_processes(index).map(([pid, bytes]) => {
    const megabytes = (bytes / (1024 * 1024)).toFixed(3);
    return `process ${String(pid).padStart(10)} uses ${megabytes.padStart(12)} MB GPU memory`;
  });
  return [`GPU:${index}`, ...(lines.length === 0 ? ['no processes are running'] : lines)].join('\n');
}

/**
 * The bytes of a device that are in use by all processes. Mirrors `torch.cuda.device_memory_used`.
 * @param device - default null, the current device
 * @throws Error where the management library of the driver is not there, or CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) torch.cuda.mem_get_info();
 * print(typeof torch.cuda.device_memory_used);
 * ```
 * ```python
 * if torch.cuda.is_available(): torch.cuda.mem_get_info()
 * print(type(torch.cuda.device_memory_used).__name__)
 * ```
 */
export function device_memory_used(device?: DeviceLike | null): number;
export function device_memory_used(...args: unknown[]): number {
  return number_of('memory_used', CALLS.device_memory_used.read(args).device);
}

/**
 * The percentage of the last sampled time in which memory of a device was read or written. Mirrors `torch.cuda.memory_usage`.
 * @param device - default null, the current device
 * @throws Error where the management library of the driver is not there, or CUDA cannot be used
 * @example
 * ```ts
 * print(typeof torch.cuda.memory_usage);
 * ```
 * ```python
 * print(type(torch.cuda.memory_usage).__name__)
 * ```
 */
export function memory_usage(device?: DeviceLike | null): number;
export function memory_usage(...args: unknown[]): number {
  return number_of('memory_usage', CALLS.memory_usage.read(args).device);
}

/**
 * The percentage of the last sampled time in which a device computed. Mirrors `torch.cuda.utilization`.
 * @param device - default null, the current device
 * @throws Error where the management library of the driver is not there, or CUDA cannot be used
 * @example
 * ```ts
 * print(typeof torch.cuda.utilization);
 * ```
 * ```python
 * print(type(torch.cuda.utilization).__name__)
 * ```
 */
export function utilization(device?: DeviceLike | null): number;
export function utilization(...args: unknown[]): number {
  return number_of('utilization', CALLS.utilization.read(args).device);
}

/**
 * The temperature of a device in degrees Celsius. Mirrors `torch.cuda.temperature`.
 * @param device - default null, the current device
 * @throws Error where the management library of the driver is not there, or CUDA cannot be used
 * @example
 * ```ts
 * print(typeof torch.cuda.temperature);
 * ```
 * ```python
 * print(type(torch.cuda.temperature).__name__)
 * ```
 */
export function temperature(device?: DeviceLike | null): number;
export function temperature(...args: unknown[]): number {
  return number_of('temperature', CALLS.temperature.read(args).device);
}

/**
 * The power that a device draws, in milliwatts. Mirrors `torch.cuda.power_draw`.
 * @param device - default null, the current device
 * @throws Error where the management library of the driver is not there, or CUDA cannot be used
 * @example
 * ```ts
 * print(typeof torch.cuda.power_draw);
 * ```
 * ```python
 * print(type(torch.cuda.power_draw).__name__)
 * ```
 */
export function power_draw(device?: DeviceLike | null): number;
export function power_draw(...args: unknown[]): number {
  return number_of('power_draw', CALLS.power_draw.read(args).device);
}

/**
 * The clock of the multiprocessors of a device, in megahertz. Mirrors `torch.cuda.clock_rate`.
 * @param device - default null, the current device
 * @throws Error where the management library of the driver is not there, or CUDA cannot be used
 * @example
 * ```ts
 * print(typeof torch.cuda.clock_rate);
 * ```
 * ```python
 * print(type(torch.cuda.clock_rate).__name__)
 * ```
 */
export function clock_rate(device?: DeviceLike | null): number;
export function clock_rate(...args: unknown[]): number {
  return number_of('clock_rate', CALLS.clock_rate.read(args).device);
}
