/** Scaling of gradients that float16 could not represent: `torch.amp.GradScaler`. */
import { types } from 'node:util';

import { native } from '../_C/native.js';
import { not_recording } from '../_C/modes.js';
import { is_tensor } from '../_C/tensor_base.js';
import type { Tail } from '../_internal/arguments.js';
import { call_in_mode } from '../_internal/callbacks.js';
import { name_class } from '../_internal/kind_of.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { text_or_kind } from '../_internal/representation.js';
import { define_kind, method_signature, no_arguments, signature } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import type { Tensor } from '../_tensor.js';
import { _amp_foreach_non_finite_check_and_unscale_, _amp_update_scale_, full } from '../generated/functions.js';
import { keep } from '../memory.js';
import { float16, float32, int32 } from '../types/dtype.js';
import type { Device } from '../types/device.js';

/** How far a step of an optimizer has come since the last `update()`. Mirrors `torch.amp.grad_scaler.OptState`. */
export const OptState = { READY: 0, UNSCALED: 1, STEPPED: 2 } as const;
export type OptState = (typeof OptState)[keyof typeof OptState];

/** What a {@link GradScaler} needs of an optimizer. */
export interface ScaledOptimizer {
  readonly param_groups: readonly { readonly params: readonly Tensor[] }[];
  step(...args: never[]): unknown;
  /** Whether `step` unscales the gradients itself by `grad_scale` and `found_inf`. */
  readonly _step_supports_amp_scaling?: boolean;
  grad_scale?: Tensor | null | undefined;
  found_inf?: Tensor | undefined;
}

/** What `GradScaler.state_dict()` returns; empty of a scaler that is not enabled. */
export interface GradScalerState {
  scale: number;
  growth_factor: number;
  backoff_factor: number;
  growth_interval: number;
  _growth_tracker: number;
}

/** The options of {@link GradScaler}. */
export interface GradScalerOptions {
  /** The type of device: `'cuda'` or `'cpu'`. Default `'cuda'`. */
  device?: string;
  /** The scale at the beginning. Default 65536. */
  init_scale?: number;
  /** What the scale is multiplied with after `growth_interval` steps without an infinite gradient. Default 2. */
  growth_factor?: number;
  /** What the scale is multiplied with after a step with an infinite gradient. Default 0.5. */
  backoff_factor?: number;
  /** Default 2000. */
  growth_interval?: number;
  /** Without, `step` calls the optimizer's, and all else has no effect. Default true. */
  enabled?: boolean;
}

/** Tensors on each device, by its name. */
type PerDevice = Map<string, Tensor>;

interface OptimizerState {
  stage: OptState;
  found_inf_per_device: PerDevice;
}

/** Copies of a tensor on the devices for which they are asked. */
class Copies {
  readonly made: PerDevice = new Map();

  constructor(private readonly original: Tensor) {}

  on(device: Device): Tensor {
    const name = String(device);
    let copy = this.made.get(name);
    if (copy === undefined) {
      copy = keep(this.original.to({ device, non_blocking: true, copy: true }));
      this.made.set(name, copy);
    }
    return copy;
  }
}

function is_optimizer(value: unknown): value is ScaledOptimizer {
  if (typeof value !== 'object' || value === null) return false;
  const { param_groups, step } = value as Partial<ScaledOptimizer>;
  return Array.isArray(param_groups) && typeof step === 'function';
}

const is_iterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;

define_kind('ScaledOptimizer', 'Optimizer', is_optimizer);
const NEW = signature<GradScalerOptions>(
  'GradScaler',
  'device?: str, init_scale?: float, growth_factor?: float, backoff_factor?: float, growth_interval?: int, enabled?: bool',
);
const CALLS = {
  scale: method_signature<{ outputs: Tensor | Iterable<unknown> }>('GradScaler.scale', 'outputs: Tensor|Iterable'),
  scale_anything: method_signature<{ outputs: unknown }>('GradScaler.scale', 'outputs: any'),
  unscale_: method_signature<{ optimizer: ScaledOptimizer }>('GradScaler.unscale_', 'optimizer: ScaledOptimizer'),
  step: method_signature<{ optimizer: ScaledOptimizer; args: unknown[] }>(
    'GradScaler.step',
    'optimizer: ScaledOptimizer, *args: any',
  ),
  update: method_signature<{ new_scale?: number | Tensor | null }>(
    'GradScaler.update',
    'new_scale?: float|Tensor|None',
  ),
  set_growth_factor: method_signature<{ new_factor: number }>('GradScaler.set_growth_factor', 'new_factor: float'),
  set_backoff_factor: method_signature<{ new_factor: number }>('GradScaler.set_backoff_factor', 'new_factor: float'),
  set_growth_interval: method_signature<{ new_interval: number }>(
    'GradScaler.set_growth_interval',
    'new_interval: int',
  ),
  load_state_dict: method_signature<{ state_dict: object }>('GradScaler.load_state_dict', 'state_dict: dict'),
};

const fix = 'This may indicate your script did not use scaler.scale(loss or outputs) earlier in the iteration.';

/** The numbers of a state dict. @throws TypeError when one is missing */
function numbers_of(state_dict: object): GradScalerState {
  const dict: Record<string, unknown> = types.isMap(state_dict)
    ? Object.fromEntries(state_dict as Map<string, unknown>)
    : { ...state_dict };
  if (Object.keys(dict).length === 0) {
    throw new Error(
      'The source state dict is empty, possibly because it was saved from a disabled instance of GradScaler.',
    );
  }
  const number = (name: keyof GradScalerState): number => {
    if (name in dict) return Number(dict[name]);
    const given = Object.keys(dict).map(text_or_kind).join(', ');
    throw new TypeError(`GradScaler.load_state_dict(): the state dict has no '${name}', but ${given}`);
  };
  return {
    scale: number('scale'),
    growth_factor: number('growth_factor'),
    backoff_factor: number('backoff_factor'),
    growth_interval: number('growth_interval'),
    _growth_tracker: number('_growth_tracker'),
  };
}

/**
 * Scales losses, so that gradients in float16 do not become 0, and unscales the gradients before the optimizer's step. Mirrors
 * `torch.amp.GradScaler`.
 *
 * `scaler.scale(loss).backward()`, `scaler.step(optimizer)` and `scaler.update()` take the places of `loss.backward()` and
 * `optimizer.step()`. Where a gradient is infinite or NaN the step is left out, and `update()` multiplies the scale by
 * `backoff_factor`; after `growth_interval` steps that were taken it multiplies it by `growth_factor`. To clip gradients,
 * call `scaler.unscale_(optimizer)` before.
 *
 * @param device - the type of device: `'cuda'` or `'cpu'`; default `'cuda'`
 * @param init_scale - the scale at the beginning; default 65536
 * @param growth_factor - default 2
 * @param backoff_factor - default 0.5
 * @param growth_interval - steps without an infinite gradient after which the scale grows; default 2000
 * @param enabled - without, `step` calls the optimizer's, and all else has no effect; default true, but false without CUDA where the
 * device is `'cuda'`, with a warning
 * @throws Error unless `growth_factor` is above 1 and `backoff_factor` below 1
 * @example
 * ```ts
 * const model = new nn.Linear(2, 1);
 * const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
 * const scaler = new torch.amp.GradScaler('cpu', { init_scale: 1024 });
 * const loss = torch.autocast('cpu', { dtype: torch.float16 }, () => model(torch.ones(4, 2)).float().square().mean());
 * scaler.scale(loss).backward();
 * scaler.step(optimizer);
 * scaler.update();
 * print(model.weight.grad, scaler.get_scale() === 1024);
 * ```
 * ```python
 * model = nn.Linear(2, 1)
 * optimizer = optim.SGD(model.parameters(), lr=0.1)
 * scaler = torch.amp.GradScaler('cpu', init_scale=1024)
 * with torch.autocast('cpu', torch.float16):
 *     loss = model(torch.ones(4, 2)).float().square().mean()
 * scaler.scale(loss).backward()
 * scaler.step(optimizer)
 * scaler.update()
 * print(model.weight.grad, scaler.get_scale() == 1024)
 * ```
 */
export class GradScaler {
  /** @internal */
  _device: string;
  /** @internal */
  _enabled: boolean;
  /** @internal */
  _scale: Tensor | null = null;
  /** @internal */
  _growth_tracker: Tensor | null = null;
  private init_scale: number;
  private init_growth_tracker = 0;
  private growth_factor: number;
  private backoff_factor: number;
  private growth_interval: number;
  private per_optimizer_states = new Map<object, OptimizerState>();

  constructor(
    device?: string,
    init_scale?: number,
    growth_factor?: number,
    backoff_factor?: number,
    growth_interval?: number,
    enabled?: boolean,
  );
  constructor(
    ...args: Tail<
      [
        device: string,
        init_scale: number,
        growth_factor: number,
        backoff_factor: number,
        growth_interval: number,
        enabled: boolean,
      ],
      GradScalerOptions
    >
  );
  constructor(...args: unknown[]) {
    const {
      device = 'cuda',
      init_scale = 2 ** 16,
      growth_factor = 2,
      backoff_factor = 0.5,
      growth_interval = 2000,
      enabled = true,
    } = NEW.read(args);
    this._device = device;
    this._enabled = enabled;
    if (enabled && device === 'cuda' && native.device_count('cuda') === 0) {
      warn('torch.cuda.amp.GradScaler is enabled, but CUDA is not available.  Disabling.');
      this._enabled = false;
    }
    if (this._enabled) {
      if (growth_factor <= 1) throw new Error('The growth factor must be > 1.0.');
      if (backoff_factor >= 1) throw new Error('The backoff factor must be < 1.0.');
    }
    this.init_scale = Number(init_scale);
    this.growth_factor = Number(growth_factor);
    this.backoff_factor = Number(backoff_factor);
    this.growth_interval = Number(growth_interval);
  }

  /** The scale and the number of good steps. @throws Error before the first `scale()` */
  private tensors(callee: string): { scale: Tensor; growth_tracker: Tensor } {
    const { _scale: scale, _growth_tracker: growth_tracker } = this;
    if (scale === null) throw new Error(`Attempted ${callee} but _scale is None.  ${fix}`);
    if (growth_tracker === null) throw new Error(`Attempted ${callee} but _growth_tracker is None.  ${fix}`);
    return { scale, growth_tracker };
  }

  /** The scale; made at the first use, on the device of what is scaled. */
  private scale_for(device: Device): Tensor {
    if (this._scale === null) {
      this._scale = keep(full([], this.init_scale, { dtype: float32, device }));
      this._growth_tracker = keep(full([], this.init_growth_tracker, { dtype: int32, device }));
    }
    return this._scale;
  }

  private state_of(optimizer: object): OptimizerState {
    let state = this.per_optimizer_states.get(optimizer);
    if (state === undefined) {
      state = { stage: OptState.READY, found_inf_per_device: new Map() };
      this.per_optimizer_states.set(optimizer, state);
    }
    return state;
  }

  /**
   * Multiplies a loss, or several, by the scale. Mirrors `GradScaler.scale`.
   * @param outputs - a tensor, or an array of tensors, also within each other
   * @returns the same with all tensors scaled; `outputs` itself where the scaler is not enabled
   * @throws Error for what is not a tensor
   * @example
   * ```ts
   * const scaler = new torch.amp.GradScaler('cpu', { init_scale: 4 });
   * print(scaler.scale(torch.ones(2)), scaler.scale([torch.ones(1)]));
   * ```
   * ```python
   * scaler = torch.amp.GradScaler('cpu', init_scale=4)
   * print(scaler.scale(torch.ones(2)), scaler.scale([torch.ones(1)]))
   * ```
   */
  scale<T extends Tensor | readonly unknown[]>(outputs: T): T;
  scale<T>(outputs: Iterable<T>): Iterable<T>;
  scale<T extends Tensor | readonly unknown[]>(options: { outputs: T }): T;
  scale(...args: unknown[]): unknown {
    if (!this._enabled) return CALLS.scale_anything.read(args).outputs;
    const { outputs } = CALLS.scale.read(args);
    let copies: Copies | undefined;
    const scaled = (value: unknown): unknown => {
      if (is_tensor(value)) {
        copies ??= new Copies(this.scale_for(value.device));
        return value.mul(copies.on(value.device));
      }
      if (Array.isArray(value)) return value.map(scaled);
      if (is_iterable(value)) return each(value, scaled);
      throw new Error('outputs must be a Tensor or an iterable of Tensors');
    };
    if (!is_tensor(outputs)) return scaled(outputs);
    return outputs.mul(this.scale_for(outputs.device).to({ device: outputs.device, non_blocking: true }));
  }

  /** Divides the gradients of an optimizer by the scale. @returns for each device, 1 where one was infinite or NaN */
  private unscale_gradients(
    optimizer: ScaledOptimizer,
    inverse_scale: Tensor,
    found_inf: Tensor,
    allow_float16: boolean,
  ): PerDevice {
    const inverse = new Copies(inverse_scale);
    const found = new Copies(found_inf);
    const lists = new Map<string, Tensor[]>();
    call_in_mode(not_recording, () => {
      for (const { params } of optimizer.param_groups) {
        for (const param of params) {
          if (!is_tensor(param)) throw new Error(`expected param to be torch.Tensor, got ${text_or_kind(param)}`);
          if (param.grad === null) continue;
          const values = values_to_unscale(param, param.grad, allow_float16);
          const key = `${String(values.device)} ${values.dtype.name}`;
          const list = lists.get(key);
          if (list === undefined) lists.set(key, [values]);
          else list.push(values);
        }
      }
      for (const list of lists.values()) {
        const { device } = list[0]!;
        _amp_foreach_non_finite_check_and_unscale_(list, found.on(device), inverse.on(device));
      }
    });
    return found.made;
  }

  /**
   * Divides the gradients of an optimizer by the scale before `step()` does it, so that they can be clipped. Mirrors
   * `GradScaler.unscale_`.
   * @param optimizer - whose gradients have all been computed
   * @throws Error before the first `scale()`, for a second call before `update()`, after `step()`, and for gradients in float16
   * @example
   * ```ts
   * const w = torch.ones(2, { requires_grad: true });
   * const optimizer = new optim.SGD([w], { lr: 0.5 });
   * const scaler = new torch.amp.GradScaler('cpu', { init_scale: 4 });
   * scaler.scale(w.sum()).backward();
   * print(w.grad);
   * scaler.unscale_(optimizer);
   * print(w.grad, nn.utils.clip_grad_norm_([w], 1));
   * scaler.step(optimizer);
   * print(w);
   * ```
   * ```python
   * w = torch.ones(2, requires_grad=True)
   * optimizer = optim.SGD([w], lr=0.5)
   * scaler = torch.amp.GradScaler('cpu', init_scale=4)
   * scaler.scale(w.sum()).backward()
   * print(w.grad)
   * scaler.unscale_(optimizer)
   * print(w.grad, nn.utils.clip_grad_norm_([w], 1))
   * scaler.step(optimizer)
   * print(w)
   * ```
   */
  unscale_(optimizer: ScaledOptimizer): void;
  unscale_(...args: unknown[]): void {
    const { optimizer } = CALLS.unscale_.read(args);
    if (this._enabled) this.unscale(optimizer);
  }

  private unscale(optimizer: ScaledOptimizer): void {
    const { scale } = this.tensors('unscale_');
    const state = this.state_of(optimizer);
    if (state.stage === OptState.UNSCALED) {
      throw new Error('unscale_() has already been called on this optimizer since the last update().');
    }
    if (state.stage === OptState.STEPPED) throw new Error('unscale_() is being called after step().');
    // In float64, which devices of the type 'mps' do not have, the reciprocal is exact to float32's last bit.
    const inverse = scale.device.type === 'mps' ? scale.reciprocal() : scale.double().reciprocal().float();
    const found_inf = full([], 0, { dtype: float32, device: scale.device });
    state.found_inf_per_device = this.unscale_gradients(optimizer, inverse, found_inf, false);
    state.stage = OptState.UNSCALED;
  }

  /** Looks for infinite gradients without changing them. @internal */
  _check_inf_per_device(optimizer: ScaledOptimizer): PerDevice {
    const { device } = this.tensors('_check_inf_per_device').scale;
    const [one, zero] = [1, 0].map((value) => full([], value, { dtype: float32, device })) as [Tensor, Tensor];
    const found = this.unscale_gradients(optimizer, one, zero, true);
    this.state_of(optimizer).found_inf_per_device = found;
    return found;
  }

  /** What the last check has found. @internal */
  _found_inf_per_device(optimizer: ScaledOptimizer): PerDevice {
    return this.state_of(optimizer).found_inf_per_device;
  }

  /**
   * Unscales the gradients, unless `unscale_()` has, and calls `optimizer.step(...args)`, or leaves it out where a gradient is
   * infinite or NaN. Mirrors `GradScaler.step`.
   * @param optimizer - the optimizer
   * @param args - what its `step` is given; closures are not supported
   * @returns what `step` returned; undefined where it was left out
   * @throws Error before the first `scale()`, for a second call before `update()`, and where no parameter has a gradient
   * @example
   * ```ts
   * const w = torch.ones(2, { requires_grad: true });
   * const optimizer = new optim.SGD([w], { lr: 0.5 });
   * const scaler = new torch.amp.GradScaler('cpu', { init_scale: 4 });
   * scaler.scale(w.sum().div(0)).backward();
   * scaler.step(optimizer);
   * scaler.update();
   * print(w, scaler.get_scale() === 2);
   * ```
   * ```python
   * w = torch.ones(2, requires_grad=True)
   * optimizer = optim.SGD([w], lr=0.5)
   * scaler = torch.amp.GradScaler('cpu', init_scale=4)
   * scaler.scale(w.sum().div(0)).backward()
   * scaler.step(optimizer)
   * scaler.update()
   * print(w, scaler.get_scale() == 2)
   * ```
   */
  step(optimizer: ScaledOptimizer, ...args: unknown[]): unknown;
  step(...given: unknown[]): unknown {
    const { optimizer, args } = CALLS.step.read(given);
    const step = (): unknown => optimizer.step(...(args as never[]));
    if (!this._enabled) return step();
    const options = args[args.length - 1];
    if (is_plain_object(options) && 'closure' in options) {
      throw new Error('Closure use is not currently supported if GradScaler is enabled.');
    }
    this.tensors('step');
    const state = this.state_of(optimizer);
    if (state.stage === OptState.STEPPED) throw new Error('step() has already been called since the last update().');
    if (optimizer._step_supports_amp_scaling === true) return this.step_scaled(optimizer, state, step);
    if (state.stage === OptState.READY) this.unscale(optimizer);
    if (state.found_inf_per_device.size === 0) throw new Error('No inf checks were recorded for this optimizer.');
    let found = 0;
    for (const tensor of state.found_inf_per_device.values()) found += Number(tensor.item());
    const result = found === 0 ? step() : undefined;
    state.stage = OptState.STEPPED;
    return result;
  }

  /** The step of an optimizer that unscales its gradients itself. */
  private step_scaled(optimizer: ScaledOptimizer, state: OptimizerState, step: () => unknown): unknown {
    if (state.stage === OptState.READY) this._check_inf_per_device(optimizer);
    const { scale } = this.tensors('step');
    // Of no gradients at all the sum is the number 0, which is no reason to leave the step out.
    optimizer.found_inf = sum_of([...state.found_inf_per_device.values()], scale.device);
    const before = optimizer.grad_scale ?? null;
    if (state.stage !== OptState.UNSCALED) optimizer.grad_scale = before === null ? scale.mul(1) : scale.mul(before);
    try {
      const result = step();
      state.stage = OptState.STEPPED;
      return result;
    } finally {
      delete optimizer.grad_scale;
      delete optimizer.found_inf;
    }
  }

  /**
   * Ends an iteration: adapts the scale to whether steps were left out. Mirrors `GradScaler.update`.
   * @param new_scale - a number, or a tensor of one element, that the scale is set to instead; default null
   * @throws Error before the first `scale()`, where no optimizer has stepped, and for a tensor that does not fit
   * @example
   * ```ts
   * const scaler = new torch.amp.GradScaler('cpu');
   * scaler.scale(torch.ones(1));
   * scaler.update(0.5);
   * print(scaler.get_scale());
   * ```
   * ```python
   * scaler = torch.amp.GradScaler('cpu')
   * scaler.scale(torch.ones(1))
   * scaler.update(0.5)
   * print(scaler.get_scale())
   * ```
   */
  update(new_scale?: number | Tensor | null): void;
  update(options: { new_scale?: number | Tensor | null }): void;
  update(...args: unknown[]): void {
    const { new_scale = null } = CALLS.update.read(args);
    if (!this._enabled) return;
    const { scale, growth_tracker } = this.tensors('update');
    if (new_scale !== null) this.set_scale(scale, new_scale);
    else {
      const found = [...this.per_optimizer_states.values()].flatMap(({ found_inf_per_device }) => [
        ...found_inf_per_device.values(),
      ]);
      if (found.length === 0) throw new Error('No inf checks were recorded prior to update.');
      const combined = sum_of(found, scale.device)!;
      const { growth_factor, backoff_factor, growth_interval } = this;
      _amp_update_scale_(scale, growth_tracker, combined, growth_factor, backoff_factor, growth_interval);
    }
    this.per_optimizer_states = new Map();
  }

  private set_scale(scale: Tensor, value: number | Tensor): void {
    if (!is_tensor(value)) {
      scale.fill_(Number(value));
      return;
    }
    if (value.device.type !== this._device || value.numel() !== 1 || value.requires_grad) {
      throw new Error(
        'new_scale should be a float or a 1-element torch.cuda.FloatTensor or torch.FloatTensor with requires_grad=False.',
      );
    }
    scale.copy_(value);
  }

  /**
   * The scale; 1 where the scaler is not enabled. Mirrors `GradScaler.get_scale`.
   * @example
   * ```ts
   * print(new torch.amp.GradScaler('cpu', { init_scale: 0.5 }).get_scale());
   * ```
   * ```python
   * print(torch.amp.GradScaler('cpu', init_scale=0.5).get_scale())
   * ```
   */
  get_scale(...none: []): number {
    no_arguments('GradScaler.get_scale', none);
    if (!this._enabled) return 1;
    return this._scale === null ? this.init_scale : Number(this._scale.item());
  }

  /** What the scale is multiplied with when it grows. Mirrors `GradScaler.get_growth_factor`. */
  get_growth_factor(...none: []): number {
    no_arguments('GradScaler.get_growth_factor', none);
    return this.growth_factor;
  }

  /** Sets what the scale is multiplied with when it grows. Mirrors `GradScaler.set_growth_factor`. */
  set_growth_factor(new_factor: number): void;
  set_growth_factor(...args: unknown[]): void {
    this.growth_factor = Number(CALLS.set_growth_factor.read(args).new_factor);
  }

  /** What the scale is multiplied with after an infinite gradient. Mirrors `GradScaler.get_backoff_factor`. */
  get_backoff_factor(...none: []): number {
    no_arguments('GradScaler.get_backoff_factor', none);
    return this.backoff_factor;
  }

  /** Sets what the scale is multiplied with after an infinite gradient. Mirrors `GradScaler.set_backoff_factor`. */
  set_backoff_factor(new_factor: number): void;
  set_backoff_factor(...args: unknown[]): void {
    this.backoff_factor = Number(CALLS.set_backoff_factor.read(args).new_factor);
  }

  /** How many good steps the scale grows after. Mirrors `GradScaler.get_growth_interval`. */
  get_growth_interval(...none: []): number {
    no_arguments('GradScaler.get_growth_interval', none);
    return this.growth_interval;
  }

  /** Sets how many good steps the scale grows after. Mirrors `GradScaler.set_growth_interval`. */
  set_growth_interval(new_interval: number): void;
  set_growth_interval(...args: unknown[]): void {
    this.growth_interval = Number(CALLS.set_growth_interval.read(args).new_interval);
  }

  /** The good steps since the scale changed. @internal */
  _get_growth_tracker(): number {
    if (!this._enabled) return 0;
    return this._growth_tracker === null ? this.init_growth_tracker : Number(this._growth_tracker.item());
  }

  /**
   * Whether the scaler scales. Mirrors `GradScaler.is_enabled`.
   * @example
   * ```ts
   * print(new torch.amp.GradScaler({ enabled: false }).is_enabled());
   * ```
   * ```python
   * print(torch.amp.GradScaler(enabled=False).is_enabled())
   * ```
   */
  is_enabled(...none: []): boolean {
    no_arguments('GradScaler.is_enabled', none);
    return this._enabled;
  }

  /**
   * The state, to be saved after `update()`; empty where the scaler is not enabled. Mirrors `GradScaler.state_dict`.
   * @example
   * ```ts
   * const { backoff_factor, growth_interval, _growth_tracker } = new torch.amp.GradScaler('cpu').state_dict();
   * print(backoff_factor, growth_interval, _growth_tracker);
   * ```
   * ```python
   * state = torch.amp.GradScaler('cpu').state_dict()
   * print(state['backoff_factor'], state['growth_interval'], state['_growth_tracker'])
   * ```
   */
  state_dict(...none: []): GradScalerState;
  state_dict(...none: []): Partial<GradScalerState> {
    no_arguments('GradScaler.state_dict', none);
    if (!this._enabled) return {};
    return {
      scale: this.get_scale(),
      growth_factor: this.growth_factor,
      backoff_factor: this.backoff_factor,
      growth_interval: this.growth_interval,
      _growth_tracker: this._get_growth_tracker(),
    };
  }

  /**
   * Loads what `state_dict()` returned, here or in Python. Mirrors `GradScaler.load_state_dict`.
   * @param state_dict - an object or Map; ignored where the scaler is not enabled
   * @throws Error when it is empty, as that of a scaler that is not enabled; TypeError when a value is missing
   * @example
   * ```ts
   * const scaler = new torch.amp.GradScaler('cpu');
   * scaler.load_state_dict(new torch.amp.GradScaler('cpu', { init_scale: 0.25 }).state_dict());
   * print(scaler.get_scale());
   * ```
   * ```python
   * scaler = torch.amp.GradScaler('cpu')
   * scaler.load_state_dict(torch.amp.GradScaler('cpu', init_scale=0.25).state_dict())
   * print(scaler.get_scale())
   * ```
   */
  load_state_dict(state_dict: Partial<GradScalerState> | ReadonlyMap<string, unknown>): void;
  load_state_dict(...args: unknown[]): void {
    const { state_dict } = CALLS.load_state_dict.read(args);
    if (!this._enabled) return;
    const state = numbers_of(state_dict);
    this.init_scale = state.scale;
    this._scale?.fill_(state.scale);
    this.growth_factor = state.growth_factor;
    this.backoff_factor = state.backoff_factor;
    this.growth_interval = state.growth_interval;
    this.init_growth_tracker = state._growth_tracker;
    this._growth_tracker?.fill_(state._growth_tracker);
  }
}

name_class(GradScaler, 'GradScaler');

/** The gradient of a parameter, or the values of a sparse one. @throws Error for float16, unless it is allowed */
function values_to_unscale(param: Tensor, grad: Tensor, allow_float16: boolean): Tensor {
  if (!allow_float16 && grad.dtype === float16) throw new Error('Attempting to unscale FP16 gradients.');
  if (!grad.is_sparse) return grad;
  // Values of one index that are added up may become infinite: that is to be found too.
  if (grad.dtype === float16) param.grad = grad.coalesce();
  return param.grad!._values();
}

function* each(values: Iterable<unknown>, change: (value: unknown) => unknown): Generator<unknown> {
  for (const value of values) yield change(value);
}

/** The sum of tensors on one device; undefined when there are none. */
function sum_of(tensors: readonly Tensor[], device: Device): Tensor | undefined {
  const moved = tensors.map((tensor) => tensor.to({ device, non_blocking: true }));
  return moved.length === 0 ? undefined : moved.reduce((sum, tensor) => sum.add(tensor));
}
