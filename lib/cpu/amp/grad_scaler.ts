/** `torch.cpu.amp.grad_scaler`: a name of `torch.amp`, deprecated. */
import type { Tail } from '../../_internal/arguments.js';
import { device_scaler, type DeviceGradScalerOptions } from '../../amp/deprecated.js';
import { GradScaler as GradScalerOfAny } from '../../amp/grad_scaler.js';

/**
 * As `torch.amp.GradScaler('cpu', ...)`, with a warning, since it is deprecated. Mirrors `torch.cpu.amp.GradScaler`.
 *
 * @param init_scale - the scale at the beginning; default 65536
 * @param growth_factor - default 2
 * @param backoff_factor - default 0.5
 * @param growth_interval - steps without an infinite gradient after which the scale grows; default 2000
 * @param enabled - default true
 * @example
 * ```ts
 * const scaler = new torch.cpu.amp.GradScaler({ init_scale: 2 });
 * print(scaler.scale(torch.ones(2)));
 * ```
 * ```python
 * scaler = torch.cpu.amp.GradScaler(init_scale=2)
 * print(scaler.scale(torch.ones(2)))
 * ```
 */
export class GradScaler extends GradScalerOfAny {
  constructor(
    init_scale?: number,
    growth_factor?: number,
    backoff_factor?: number,
    growth_interval?: number,
    enabled?: boolean,
  );
  constructor(
    ...args: Tail<
      [init_scale: number, growth_factor: number, backoff_factor: number, growth_interval: number, enabled: boolean],
      DeviceGradScalerOptions
    >
  );
  constructor(...args: unknown[]) {
    super(device_scaler('cpu', args));
  }
}
