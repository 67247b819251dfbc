import { keep } from '../memory.js';
import { native } from '../native.js';
import { bind, type Tail } from '../nn/arguments.js';
import { wrap, Tensor } from '../tensor.js';
import { add_missing, Optimizer, type ParamGroup, type Params } from './optimizer.js';

/** The options of {@link SGD}, and of each of its parameter groups. */
export interface SGDOptions {
  /** Learning rate. Default 0.001. */
  lr: number | Tensor;
  momentum: number;
  /** How little of the gradient goes into the momentum. Default 0. */
  dampening: number;
  /** L2 penalty. Default 0. */
  weight_decay: number;
  nesterov: boolean;
  /** Go up instead of down. Default false. */
  maximize: boolean;
  /** Taken for compatibility: the numbers are the same. */
  foreach: boolean | null;
  /** Let gradients flow through the step. Default false. */
  differentiable: boolean;
  /** libtorch's fused kernel. Default off. */
  fused: boolean | null;
}

/** What SGD remembers of a parameter. */
export interface SGDState {
  momentum_buffer?: Tensor | null;
}

// Shared with native/optim.cpp.
const NESTEROV = 1;
const MAXIMIZE = 2;
const FUSED = 4;
const COLUMNS = 2;

const names = [
  'lr', 'momentum', 'dampening', 'weight_decay', 'nesterov', 'maximize', 'foreach', 'differentiable', 'fused',
] as const;

// Options that state dicts of old versions of PyTorch lack.
const since = { nesterov: false, maximize: false, foreach: null, differentiable: false, fused: false };

type Positional = [lr: number | Tensor, momentum: number, dampening: number, weight_decay: number, nesterov: boolean];

function check(options: SGDOptions): void {
  for (const name of ['momentum', 'dampening', 'weight_decay'] as const) {
    if (typeof options[name] !== 'number') {
      throw new TypeError(`SGD(): argument '${name}' must be float, not ${typeof options[name]}`);
    }
  }
  if (options.lr instanceof Tensor && options.lr.numel() !== 1) throw new Error('Tensor lr must be 1-element');
  if (!(Number(options.lr) >= 0)) throw new Error(`Invalid learning rate: ${String(options.lr)}`);
  if (options.momentum < 0) throw new Error(`Invalid momentum value: ${options.momentum}`);
  if (options.weight_decay < 0) throw new Error(`Invalid weight_decay value: ${options.weight_decay}`);
  if (options.nesterov && (options.momentum <= 0 || options.dampening !== 0)) {
    throw new Error('Nesterov momentum requires a momentum and zero dampening');
  }
}

/** Stochastic gradient descent, with momentum if wanted. Mirrors `torch.optim.SGD`; a step is one native call. */
export class SGD extends Optimizer<SGDOptions, SGDState> {
  private readonly scalars = new Float64Array(4);

  constructor(params: Params<SGDOptions>, ...options: Tail<Positional, Partial<SGDOptions>>) {
    const defaults: SGDOptions = {
      lr: 1e-3, momentum: 0, dampening: 0, weight_decay: 0, nesterov: false, maximize: false, foreach: null,
      differentiable: false, fused: null,
      ...bind<Partial<SGDOptions>>('SGD', names, options),
    };
    check(defaults);
    super(params, defaults);
    if (defaults.fused) {
      if (defaults.differentiable) throw new Error('`fused` does not support `differentiable`');
      if (defaults.foreach) throw new Error('`fused` and `foreach` cannot be `True` together.');
    }
  }

  protected override after_load(): void {
    for (const group of this.param_groups) add_missing(group, since);
  }

  /** The same through operators, so that gradients may flow. */
  private step_group_by_operators(group: ParamGroup<SGDOptions>): void {
    const { momentum, dampening, weight_decay } = group;
    for (const param of group.params) {
      if (param.grad === null) continue;
      let grad = group.maximize ? param.grad.neg() : param.grad;
      if (weight_decay !== 0) grad = grad.add(param, { alpha: weight_decay });
      if (momentum !== 0) {
        let buffer = this.state.get(param)?.momentum_buffer;
        if (buffer) buffer.mul_(momentum).add_(grad, { alpha: 1 - dampening });
        else this.state.set(param, { momentum_buffer: (buffer = keep(grad.detach().clone())) });
        grad = group.nesterov ? grad.add(buffer, { alpha: momentum }) : buffer;
      }
      if (typeof group.lr === 'number') param.add_(grad, { alpha: -group.lr });
      else param.addcmul_(grad, group.lr, { value: -1 });
    }
  }

  protected override step_group(group: ParamGroup<SGDOptions>): void {
    if (group.differentiable) {
      this.step_group_by_operators(group);
      return;
    }
    const { params, lr } = group;
    const rows = new Int32Array(params.length * COLUMNS);
    params.forEach((param, i) => {
      rows[i * COLUMNS] = param._h;
      rows[i * COLUMNS + 1] = this.state.get(param)?.momentum_buffer?._h ?? -1;
    });
    const { scalars } = this;
    scalars[0] = typeof lr === 'number' ? lr : Number(lr.item());
    scalars[1] = group.momentum;
    scalars[2] = group.dampening;
    scalars[3] = group.weight_decay;
    const flags = (group.nesterov ? NESTEROV : 0) | (group.maximize ? MAXIMIZE : 0) | (group.fused ? FUSED : 0);
    const made = native.sgd_step(rows, scalars, flags);
    for (let i = 0; i < made.length; i += 2) {
      this.state.set(params[made[i] as number] as Tensor, { momentum_buffer: keep(wrap(made[i + 1] as number)) });
    }
  }
}
