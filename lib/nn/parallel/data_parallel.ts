import { signature, type Arguments } from '../../_internal/signature.js';
import { native } from '../../_C/native.js';
import { accelerator, Device, type DeviceLike } from '../../types/device.js';
import { is_plain_object } from '../../_internal/plain_object.js';
import { Tensor } from '../../_tensor.js';
import { Module } from '../modules/module.js';

/** The options of {@link DataParallel}. */
export interface DataParallelOptions {
  /** CUDA devices, at most one. Default null: all. */
  device_ids?: readonly DeviceLike[] | null;
  /** Device of the outputs. Default null: the first of `device_ids`. */
  output_device?: DeviceLike | null;
  /** Dimension of the batch. Default 0. */
  dim?: number;
}

interface DataParallelArguments<M> extends DataParallelOptions {
  module: M;
}

const DATA_PARALLEL = signature<DataParallelArguments<Module>>(
  'DataParallel',
  'module: Module, device_ids?: device[]|None, output_device?: device|None, dim?: int',
);

function index_of(device: DeviceLike): number {
  return typeof device === 'number' ? device : (new Device(device).index ?? 0);
}

function place_of(index: number): string {
  return `${accelerator().name}:${index}`;
}

/** A value with its tensors on another device. */
function moved(value: unknown, device: string): unknown {
  if (value instanceof Tensor) return value.to({ device });
  if (Array.isArray(value)) return value.map((item) => moved(item, device));
  if (!is_plain_object(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, moved(item, device)]));
}

/**
 * Runs a module on a CUDA device, or on the CPU when there is none. Mirrors `torch.nn.DataParallel`, for one device:
 * splitting a batch over several requires threads that share a module, which JavaScript does not have.
 *
 * @param module - the module
 * @param device_ids - CUDA devices, at most one; default null, all
 * @param output_device - device of the outputs; default null, the first of `device_ids`
 * @param dim - dimension of the batch; default 0
 * @throws Error when there are several devices and not one is selected
 * @example
 * ```ts
 * const model = new nn.DataParallel(new nn.Linear(2, 1));
 * print(model.forward(torch.ones(1, 2).to(model.module.weight.device)).detach().cpu());
 * ```
 * ```python
 * model = nn.DataParallel(nn.Linear(2, 1))
 * print(model.forward(torch.ones(1, 2).to(model.module.weight.device)).detach().cpu())
 * ```
 */
export class DataParallel<M extends Module> extends Module {
  declare module: M;
  declare device_ids: readonly number[];
  declare output_device: number | null;
  declare dim: number;

  constructor(
    ...args: Arguments<
      [module: M, device_ids?: readonly DeviceLike[] | null, output_device?: DeviceLike | null, dim?: number],
      DataParallelArguments<M>,
      ['module', 'device_ids', 'output_device', 'dim']
    >
  ) {
    super();
    const { module, ...options } = DATA_PARALLEL.read(args) as DataParallelArguments<M>;
    const devices = native.device_count(accelerator().name);
    const all = Array.from({ length: devices }, (_, i) => i);
    this.module = module;
    this.device_ids = devices === 0 ? [] : (options.device_ids ?? all).map(index_of);
    this.output_device = devices === 0 ? null : index_of(options.output_device ?? this.device_ids[0] ?? 0);
    this.dim = options.dim ?? 0;
    if (this.device_ids.length > 1) {
      throw new Error('DataParallel(): several devices are not supported; name one of them in device_ids');
    }
    if (this.device_ids.length === 1) module.to(place_of(this.device_ids[0]!));
  }

  forward(...inputs: Parameters<M>): ReturnType<M> {
    const call = this.module as unknown as (...inputs: unknown[]) => unknown;
    const [device] = this.device_ids;
    if (device === undefined) return call(...inputs) as ReturnType<M>;
    const place = place_of(device);
    check_device(this.module, place);
    const output = call(...inputs.map((input: unknown) => moved(input, place)));
    return moved(output, place_of(this.output_device ?? device)) as ReturnType<M>;
  }
}

function check_device(module: Module, device: string): void {
  for (const tensor of [...module.parameters(), ...module.buffers()]) {
    if (String(tensor.device) === device) continue;
    throw new Error(
      `module must have its parameters and buffers on device ${device} (device_ids[0]) but found one of ` +
        `them on device: ${String(tensor.device)}`,
    );
  }
}

const DATA_PARALLEL_CALL = signature<DataParallelCall>(
  'data_parallel',
  'module: Module, inputs: any, device_ids?: device[]|None, output_device?: device|None, dim?: int, module_kwargs?: dict|None',
);

interface DataParallelCall extends DataParallelOptions {
  module: Module;
  inputs: unknown;
  /** Arguments by name of the module. Default null. */
  module_kwargs?: Readonly<Record<string, unknown>> | null;
}

/**
 * Runs a module once as {@link DataParallel} does, on one CUDA device. Mirrors `torch.nn.parallel.data_parallel`.
 *
 * @param module - the module, whose parameters are on the device
 * @param inputs - the input, or an array of inputs
 * @param device_ids - CUDA devices, at most one; default null, all
 * @param output_device - device of the outputs; default null, the first of `device_ids`
 * @param dim - dimension of the batch; default 0
 * @param module_kwargs - arguments by name; default null
 * @returns what the module returned
 * @throws Error without a GPU, as in Python, and for several devices
 */
export function data_parallel<R>(
  module: Module & ((...inputs: never[]) => R),
  inputs: unknown,
  device_ids?: readonly DeviceLike[] | null,
  output_device?: DeviceLike | null,
  dim?: number,
  module_kwargs?: Readonly<Record<string, unknown>> | null,
): R;
export function data_parallel<R>(
  module: Module & ((...inputs: never[]) => R),
  inputs: unknown,
  options?: Omit<DataParallelCall, 'module' | 'inputs'>,
): R;
export function data_parallel(...args: unknown[]): unknown {
  const { module, inputs, module_kwargs = null, ...options } = DATA_PARALLEL_CALL.read(args);
  if (native.device_count(accelerator().name) === 0) throw new Error('device type could not be determined');
  const given = Array.isArray(inputs) ? inputs : inputs === null ? [] : [inputs];
  const parallel = new DataParallel(module, options) as unknown as (...inputs: unknown[]) => unknown;
  return parallel(...given, ...(module_kwargs === null ? [] : [module_kwargs]));
}
