import { set_grad_enabled } from '../autograd.js';
import { float32, float64, get_default_dtype } from '../dtype.js';
import { maximum, view_as_real, zeros, zeros_like } from '../generated/functions.js';
import { keep } from '../memory.js';
import { native } from '../native.js';
import { bind, type Tail } from '../nn/arguments.js';
import { Tensor } from '../tensor.js';
import { add_missing, Optimizer, type ParamGroup, type Params } from './optimizer.js';
import {
  divide, lerp_, multiply, negative, number_of, power, scalar_of, scale_, subtract, type Hyperparameter,
} from './hyperparameter.js';

/** The options of {@link Adam}, and of each of its parameter groups. */
export interface AdamOptions {
  /** Learning rate. Default 0.001. A Tensor of one element may change without the optimizer knowing. */
  lr: number | Tensor;
  /** Decay of the averages of the gradient and of its square. Default `[0.9, 0.999]`. */
  betas: readonly [number, number] | readonly [Tensor, Tensor];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** L2 penalty; for `decoupled_weight_decay`, how much the parameters shrink. Default 0. */
  weight_decay: number;
  /** Divide by the largest average so far. Default false. */
  amsgrad: boolean;
  /** Go up instead of down. Default false. */
  maximize: boolean;
  /** The multi-tensor operators; by default those are used when all parameters are on CUDA. */
  foreach: boolean | null;
  /** Safe to be captured in a CUDA graph. Default false. */
  capturable: boolean;
  /** Let gradients flow through the step. Default false. */
  differentiable: boolean;
  /** libtorch's fused kernel, which rounds differently. Default off. */
  fused: boolean | null;
  /** Weight decay that does not go into the averages: AdamW. Default false. */
  decoupled_weight_decay: boolean;
}

/** What Adam remembers of a parameter. */
export interface AdamState {
  /** How many steps there have been: a 0-d tensor, on the CPU unless `capturable` or `fused`. */
  step: Tensor;
  exp_avg: Tensor;
  exp_avg_sq: Tensor;
  /** With `amsgrad`. */
  max_exp_avg_sq?: Tensor;
}

// Shared with native/optim.cpp.
const AMSGRAD = 1;
const MAXIMIZE = 2;
const CAPTURABLE = 4;
const DECOUPLED = 8;
const enum Path { default = 0, single = 1, foreach = 2, fused = 3 }
const COLUMNS = 5;

// Options that state dicts of old versions of PyTorch lack.
const since = {
  amsgrad: false, maximize: false, foreach: null, capturable: false, differentiable: false,
  decoupled_weight_decay: false, fused: null,
};

const names = [
  'lr', 'betas', 'eps', 'weight_decay', 'amsgrad', 'foreach', 'maximize', 'capturable', 'differentiable', 'fused',
  'decoupled_weight_decay',
] as const;

type Positional = [lr: number | Tensor, betas: AdamOptions['betas'], eps: number, weight_decay: number, amsgrad: boolean];

function check_tensor(name: string, value: Hyperparameter, foreach: boolean | null, capturable: boolean): void {
  if (!(value instanceof Tensor)) return;
  if (foreach && !capturable) {
    throw new Error(`${name} as a Tensor is not supported for capturable=False and foreach=True`);
  }
  if (value.numel() !== 1) throw new Error(`Tensor ${name} must be 1-element`);
}

function checked_number(value: unknown, callee: string, name: string): number {
  if (value instanceof Tensor) return Number(value.item());
  if (typeof value !== 'number') {
    throw new TypeError(`${callee}(): argument '${name}' must be float, not ${typeof value}`);
  }
  return value;
}

function check(options: AdamOptions, callee: string): void {
  const { lr, betas, eps, weight_decay, foreach, capturable } = options;
  check_tensor('lr', lr, foreach, capturable);
  if (!(checked_number(lr, callee, 'lr') >= 0)) throw new Error(`Invalid learning rate: ${String(lr)}`);
  if (!(checked_number(eps, callee, 'eps') >= 0)) throw new Error(`Invalid epsilon value: ${eps}`);
  if (!Array.isArray(betas) || betas.length !== 2) {
    throw new TypeError(`${callee}(): argument 'betas' must be two floats, not ${typeof betas}`);
  }
  betas.forEach((beta: unknown, i) => {
    const number = checked_number(beta, callee, `betas[${i}]`);
    if (!(number >= 0 && number < 1)) throw new Error(`Invalid beta parameter at index ${i}: ${String(beta)}`);
  });
  if (!(checked_number(weight_decay, callee, 'weight_decay') >= 0)) {
    throw new Error(`Invalid weight_decay value: ${weight_decay}`);
  }
  if (betas[0] instanceof Tensor !== betas[1] instanceof Tensor) {
    throw new Error('betas must be either both floats or both Tensors');
  }
  betas.forEach((beta, i) => check_tensor(`betas[${i}]`, beta, foreach, capturable));
}

/**
 * Adam: steps along averages of the gradient, scaled by averages of its square. Mirrors `torch.optim.Adam`: a step
 * gives Python's numbers to the last bit, in one call into the addon.
 *
 * @example
 * ```ts
 * const optimizer = new torch.optim.Adam(model.parameters(), { lr: 0.01 });
 * optimizer.zero_grad();
 * loss_func(model(x), y).backward();
 * optimizer.step();
 * ```
 */
export class Adam extends Optimizer<AdamOptions, AdamState> {
  // For each group, what the addon reads: a row of handles a parameter, filled anew at each step.
  private readonly rows = new WeakMap<object, Int32Array>();
  private readonly scalars = new Float64Array(5);

  /**
   * @param params - parameters, `[name, parameter]` pairs, or groups `{ params, ...options }`
   * @throws Error when an option is out of its range
   */
  constructor(params: Params<AdamOptions>, ...options: Tail<Positional, Partial<AdamOptions>>) {
    const callee = new.target.name;
    const defaults: AdamOptions = {
      lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0, amsgrad: false, maximize: false, foreach: null,
      capturable: false, differentiable: false, fused: null, decoupled_weight_decay: false,
      ...bind<Partial<AdamOptions>>(callee, names, options),
    };
    check(defaults, callee);
    if (defaults.betas[0] instanceof Tensor) {
      defaults.betas = defaults.betas.map((beta) => scalar_of(beta)) as unknown as [Tensor, Tensor];
    }
    super(params, defaults);
    if (defaults.fused) {
      if (defaults.differentiable) throw new Error('`fused` does not support `differentiable`');
      if (defaults.foreach) throw new Error('`fused` and `foreach` cannot be `True` together.');
    }
  }

  protected override step_group(group: ParamGroup<AdamOptions>): void {
    const [beta1, beta2] = group.betas;
    const fused = group.fused ?? false;
    const tensor_options = typeof beta1 !== 'number' || (typeof group.lr !== 'number' && !fused);
    if (group.differentiable || tensor_options || (group.capturable && !group.foreach && !fused)) {
      if (fused && group.differentiable) throw new Error('Adam with fused=True does not support differentiable=True');
      this.step_group_by_operators(group);
      return;
    }
    const { scalars } = this;
    const lr = group.lr;
    scalars[0] = typeof lr === 'number' ? lr : 0;
    scalars[1] = beta1;
    scalars[2] = beta2 as number;
    scalars[3] = group.eps;
    scalars[4] = group.weight_decay;
    const flags = (group.amsgrad ? AMSGRAD : 0) | (group.maximize ? MAXIMIZE : 0) |
      (group.capturable ? CAPTURABLE : 0) | (group.decoupled_weight_decay ? DECOUPLED : 0);
    const rate = typeof lr === 'number' ? -1 : lr._h;
    if (native.adam_step(this.row_of(group), scalars, flags, path_of(group), rate) === 0) return;
    for (const param of group.params) {
      if (param.grad !== null) this.state_of(param, group);
    }
    native.adam_step(this.row_of(group), scalars, flags, path_of(group), rate);
  }

  private row_of(group: ParamGroup<AdamOptions>): Int32Array {
    const { params } = group;
    let row = this.rows.get(group);
    if (row?.length !== params.length * COLUMNS) {
      row = new Int32Array(params.length * COLUMNS);
      this.rows.set(group, row);
    }
    let at = 0;
    for (const param of params) {
      const state = this.state.get(param);
      row[at] = param._h;
      row[at + 1] = state?.step ? state.step._h : -1;
      row[at + 2] = state?.step ? state.exp_avg._h : -1;
      row[at + 3] = state?.step ? state.exp_avg_sq._h : -1;
      row[at + 4] = state?.max_exp_avg_sq ? state.max_exp_avg_sq._h : -1;
      at += COLUMNS;
    }
    return row;
  }

  /** The state of a parameter, made at its first gradient. */
  private state_of(param: Tensor, group: ParamGroup<AdamOptions>): AdamState {
    const known = this.state.get(param);
    if (known && Object.keys(known).length !== 0) {
      if (group.amsgrad && !known.max_exp_avg_sq) throw new Error("Adam: the state has no 'max_exp_avg_sq'");
      return known;
    }
    if (group.fused) check_fused(param);
    const zero = (): Tensor => keep(set_grad_enabled(false, () => zeros_like(param)));
    const hosted = group.capturable || group.fused;
    const state: AdamState = {
      step: keep(zeros([], { dtype: step_dtype(group.fused), device: hosted ? param.device : 'cpu' })),
      exp_avg: zero(),
      exp_avg_sq: zero(),
    };
    if (group.amsgrad) state.max_exp_avg_sq = zero();
    this.state.set(param, state);
    return state;
  }

  /** The single-tensor form through operators: hyperparameters may be tensors, and gradients may flow. */
  private step_group_by_operators(group: ParamGroup<AdamOptions>): void {
    set_grad_enabled(group.differentiable, () => {
      for (const param of group.params) {
        const { grad } = param;
        if (grad === null) continue;
        if (grad.is_sparse) {
          throw new Error('Adam does not support sparse gradients, please consider SparseAdam instead');
        }
        step_one(param, grad, this.state_of(param, group), group);
      }
    });
  }

  protected override after_load(): void {
    for (const group of this.param_groups) {
      add_missing(group, since);
      for (const param of group.params) {
        const state = this.state.get(param);
        if (!state || state.step instanceof Tensor || state.step === undefined) continue;
        const hosted = group.capturable || group.fused;
        state.step = zeros([], {
          dtype: step_dtype(group.fused), device: hosted ? param.device : 'cpu',
        }).fill_(Number(state.step));
      }
    }
  }
}

function path_of(group: AdamOptions): Path {
  if (group.fused) return Path.fused;
  if (group.foreach) return Path.foreach;
  return group.fused === null && group.foreach === null ? Path.default : Path.single;
}

function step_dtype(fused: boolean | null): typeof float32 {
  return !fused && get_default_dtype() === float64 ? float64 : float32;
}

function check_fused(param: Tensor): void {
  const { type } = param.device;
  if (!['cpu', 'cuda', 'mps', 'xpu', 'hpu', 'mtia'].includes(type) || !param.is_floating_point()) {
    throw new Error(
      '`fused=True` requires all the params to be floating point Tensors of supported devices, ' +
        `but got ${String(param.dtype)} and ${type}`,
    );
  }
}

function step_one(parameter: Tensor, gradient: Tensor, state: AdamState, group: AdamOptions): void {
  const { capturable, differentiable, amsgrad, eps, weight_decay } = group;
  const lr = scalar_of(group.lr);
  const [beta1, beta2] = group.betas;
  let grad = group.maximize ? gradient.neg() : gradient;
  if (capturable && (parameter.device.type !== state.step.device.type || parameter.device.type === 'cpu')) {
    throw new Error('If capturable=True, params and state_steps must be on the same accelerator.');
  }
  state.step.add_(1);

  if (weight_decay !== 0) {
    if (group.decoupled_weight_decay) parameter.mul_(subtract(1, multiply(lr, weight_decay)));
    else grad = grad.add(parameter, { alpha: weight_decay });
  }
  const real = (tensor: Tensor): Tensor => (parameter.is_complex() ? view_as_real(tensor) : tensor);
  const param = real(parameter);
  grad = real(grad);
  const exp_avg = real(state.exp_avg);
  const exp_avg_sq = real(state.exp_avg_sq);

  const weight = subtract(1, beta1 instanceof Tensor ? beta1.to({ device: param.device, dtype: param.dtype }) : beta1);
  lerp_(exp_avg, grad, weight);
  if (differentiable && beta2 instanceof Tensor && beta2.requires_grad) {
    lerp_(exp_avg_sq, grad.square(), subtract(1, beta2));
  } else {
    scale_(exp_avg_sq, beta2).addcmul_(grad, grad, { value: number_of(subtract(1, beta2)) });
  }

  const device_step = capturable || differentiable;
  const step: Hyperparameter = device_step ? state.step : Number(state.step.item());
  const count = step instanceof Tensor && differentiable ? step.clone() : step;
  const step_size = divide(lr, subtract(1, power(beta1, count)));
  const bias_correction2 = subtract(1, power(beta2, count));
  let average = exp_avg_sq;
  if (amsgrad) {
    const largest = real(state.max_exp_avg_sq as Tensor);
    largest.copy_(maximum(differentiable ? largest.clone() : largest, exp_avg_sq));
    average = largest;
  }
  if (device_step) {
    const step_size_neg = negative(step_size);
    const scale = multiply((bias_correction2 as Tensor).sqrt(), step_size_neg);
    const denominator = average.sqrt().div(scale as Tensor).add_(divide(eps, step_size_neg) as Tensor);
    param.addcdiv_(differentiable ? exp_avg.clone() : exp_avg, denominator);
  } else {
    const root = power(bias_correction2, 0.5);
    const denominator = (root instanceof Tensor ? average.sqrt().div(root) : average.sqrt().div(root)).add_(eps);
    param.addcdiv_(exp_avg, denominator, { value: number_of(negative(step_size)) });
  }
}
