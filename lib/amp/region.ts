/** Regions of autocast, as the functions of `torch.amp` enter them. */
import { types } from 'node:util';

import { native } from '../_C/native.js';
import { is_tensor } from '../_C/tensor_base.js';
import { call_in_mode, run_in_mode, type Mode } from '../_internal/callbacks.js';
import { make_guard } from '../_internal/guards.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { warn } from '../_internal/warnings.js';
import { zeros } from '../generated/functions.js';
import { bfloat16, dtype_of, float16, float64, type DType } from '../types/dtype.js';
import type { AutocastOptions } from './autocast_mode.js';
import type {} from './autocast_state.js';

/** What a region of autocast is set to. */
export interface Region {
  readonly device: string;
  readonly fast_dtype: DType;
  readonly _enabled: boolean;
  readonly _cache_enabled: boolean;
}

/** What the end of a region goes back to. */
interface Before {
  readonly enabled: boolean;
  readonly dtype: number;
  readonly cache_enabled: boolean;
}

const supported: readonly DType[] = [bfloat16, float16];

/** The name under which libtorch has the type of device that others add to it; it has no module here. */
const added_device = 'privateuseone';

let cuda_computes_in_bfloat16: boolean | undefined;

/** Whether the current CUDA device knows bfloat16, if only by emulation. */
function cuda_has_bfloat16(): boolean {
  if (cuda_computes_in_bfloat16 === undefined) {
    try {
      zeros(1, { dtype: bfloat16, device: 'cuda' });
      cuda_computes_in_bfloat16 = true;
    } catch {
      cuda_computes_in_bfloat16 = false;
    }
  }
  return cuda_computes_in_bfloat16;
}

/** Whether the operators of a type of device can run in a dtype; warns where they cannot. @throws Error as Python does */
function can_run(device: string, dtype: DType): boolean {
  if (device === 'cuda') {
    if (native.device_count('cuda') === 0) {
      warn('CUDA is not available or torch_xla is imported. Disabling autocast.');
      return false;
    }
    if (dtype === bfloat16 && !cuda_has_bfloat16()) {
      throw new Error('Current CUDA Device does not support bfloat16. Please switch dtype to float16.');
    }
    return true;
  }
  if (supported.includes(dtype)) return true;
  const name = device.toUpperCase();
  warn(
    `In ${name} autocast, but the target dtype is not supported. Disabling autocast.\n` +
      `${name} Autocast only supports dtypes of ${supported.join(', ')} currently.`,
  );
  return false;
}

/** The region that a call of `autocast` asks for. @throws Error for a type of device without autocast */
export function region_of(device: string, { dtype, enabled = true, cache_enabled }: AutocastOptions): Region {
  const fast_dtype = dtype ?? dtype_of(native.autocast_dtype(device));
  if (!native.autocast_available(device)) {
    throw new Error(`User specified an unsupported autocast device_type '${device}'`);
  }
  if (device === added_device) {
    throw new Error(
      `Tried to use AMP with the \`${device}\` backend, but the backend has not registered a module or  the module miss some ` +
        'necessary funcs. The backend should register a module by `torch._register_device_module`, and the module must have ' +
        'these funcs: \n`get_amp_supported_dtype() -> List[torch.dtype]`. \n',
    );
  }
  return {
    device,
    fast_dtype,
    _enabled: enabled && can_run(device, fast_dtype),
    _cache_enabled: cache_enabled ?? native.autocast_cache_enabled(),
  };
}

/** The mode that a region is. */
export function mode_of({ device, fast_dtype, _enabled, _cache_enabled }: Region): Mode<Before> {
  return {
    enter: () => {
      const before: Before = {
        enabled: native.autocast_enabled(device),
        dtype: native.autocast_dtype(device),
        cache_enabled: native.autocast_cache_enabled(),
      };
      native.set_autocast_enabled(device, _enabled);
      native.set_autocast_dtype(device, fast_dtype.code);
      native.autocast_nesting(true);
      native.set_autocast_cache_enabled(_cache_enabled);
      return before;
    },
    leave: ({ enabled, dtype, cache_enabled }) => {
      // The copies of parameters are good for the outermost region alone: after it the parameters change.
      if (native.autocast_nesting(false) === 0) native.clear_autocast_cache();
      native.set_autocast_enabled(device, enabled);
      native.set_autocast_dtype(device, dtype);
      native.set_autocast_cache_enabled(cache_enabled);
    },
  };
}

/** A call of `autocast` without a function, or with one. */
export function autocast_call(
  callee: string,
  device: string,
  options: AutocastOptions,
  fn: (() => unknown) | undefined,
): unknown {
  const region = region_of(device, options);
  const mode = mode_of(region);
  if (fn !== undefined) return run_in_mode(callee, mode, fn);
  return Object.assign(make_guard(callee, mode), region);
}

/**
 * What a call gives by position, with the function behind the arguments that are required, wherever it was: `f('cpu', fn, options)` or
 * `f('cpu', options, fn)`.
 */
export function with_function_at(place: number, args: readonly unknown[]): { args: readonly unknown[]; run: boolean } {
  const last = args.length - 1;
  if (last > place && typeof args[last] === 'function' && typeof args[place] !== 'function') {
    return { args: [...args.slice(0, place), args[last], ...args.slice(place, last)], run: true };
  }
  const by_name = is_plain_object(args[last]) && 'fn' in args[last];
  return { args, run: typeof args[place] === 'function' || by_name };
}

/**
 * The state of autocast for a type of device and for the CPU, to be entered again later: what a checkpoint computes again, it computes in
 * the precision of its first run.
 */
export function autocast_states(device_type: string): <T>(fn: () => T) => T {
  const modes = [device_type, 'cpu']
    .filter((device) => native.autocast_available(device))
    .map((device) =>
      mode_of(
        region_of(device, {
          enabled: native.autocast_enabled(device),
          dtype: dtype_of(native.autocast_dtype(device)),
          cache_enabled: native.autocast_cache_enabled(),
        }),
      ),
    );
  return <T>(fn: () => T): T => modes.reduceRight<() => T>((inner, mode) => () => call_in_mode(mode, inner), fn)();
}

/** Tensors of a type of device in a dtype, within arrays and dicts too; other values and float64 stay. */
export function cast_tensors(value: unknown, device_type: string, dtype: DType): unknown {
  if (is_tensor(value)) {
    const eligible = value.is_floating_point() && value.device.type === device_type && value.dtype !== float64;
    return eligible ? value.to(dtype) : value;
  }
  if (Array.isArray(value)) return value.map((item) => cast_tensors(item, device_type, dtype));
  if (types.isMap(value)) {
    return new Map([...value].map(([name, item]) => [name, cast_tensors(item, device_type, dtype)]));
  }
  if (!is_plain_object(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, cast_tensors(item, device_type, dtype)]),
  );
}
