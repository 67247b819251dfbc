/** What `torch.cuda.amp` and `torch.cpu.amp` have in common: the names of `torch.amp` for one type of device, which are deprecated. */
import { signature } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import type { DType } from '../types/dtype.js';
import type { AutocastOptions } from './autocast_mode.js';
import { autocast_call, with_function_at } from './region.js';
import type { GradScalerOptions } from './grad_scaler.js';

/** The options of `torch.cuda.amp.autocast` and `torch.cpu.amp.autocast`. */
export interface DeviceAutocastOptions {
  /** Whether operators cast their inputs. Default true. */
  enabled?: boolean;
  /** The dtype of operators that run in lower precision. Default: `torch.float16` for CUDA, `torch.bfloat16` for the CPU. */
  dtype?: DType;
  /** Keep the copies of parameters that were cast. Default true. */
  cache_enabled?: boolean;
}

/** The options of `torch.cuda.amp.GradScaler` and `torch.cpu.amp.GradScaler`. */
export type DeviceGradScalerOptions = Omit<GradScalerOptions, 'device'>;

const AUTOCAST = {
  run: signature<AutocastOptions & { fn: () => unknown }>(
    'autocast',
    'fn: Callable, enabled?: bool, dtype?: dtype, cache_enabled?: bool',
  ),
  guard: signature<AutocastOptions & { fn?: undefined }>(
    'autocast',
    'enabled?: bool, dtype?: dtype, cache_enabled?: bool',
  ),
};

/** A call of `torch.cuda.amp.autocast` or `torch.cpu.amp.autocast`. */
export function device_autocast(device: string, default_dtype: DType, given: readonly unknown[]): unknown {
  const { args, run } = with_function_at(0, given);
  const {
    fn,
    dtype = default_dtype,
    enabled = true,
    cache_enabled = true,
  } = (run ? AUTOCAST.run : AUTOCAST.guard).read(args);
  warn(
    `\`torch.${device}.amp.autocast(args...)\` is deprecated. Please use \`torch.amp.autocast('${device}', args...)\` instead.`,
    'FutureWarning',
  );
  return autocast_call('autocast', device, { dtype, enabled, cache_enabled }, fn);
}

const SCALER = signature<DeviceGradScalerOptions>(
  'GradScaler',
  'init_scale?: float, growth_factor?: float, backoff_factor?: float, growth_interval?: int, enabled?: bool',
);

/** The options of a `GradScaler` of one type of device. */
export function device_scaler(device: string, args: readonly unknown[]): GradScalerOptions {
  const options = SCALER.read(args);
  warn(
    `\`torch.${device}.amp.GradScaler(args...)\` is deprecated. Please use \`torch.amp.GradScaler('${device}', args...)\` instead.`,
    'FutureWarning',
  );
  return { ...options, device };
}
