import { cat, view_as_real, zeros } from '../generated/functions.js';
import { keep } from '../memory.js';
import { not_recording, recording } from '../_C/modes.js';
import type { Tail } from '../_internal/arguments.js';
import { kind_of } from '../_internal/representation.js';
import { Tensor } from '../_tensor.js';
import { refuse_promise, refuse_steps, call_in_mode } from '../_internal/callbacks.js';
import { signature } from '../_internal/signature.js';
import {
  at_most,
  divide,
  less,
  multiply,
  number_of,
  scalar_of,
  minimum,
  type Hyperparameter,
} from './hyperparameter.js';
import { strong_wolfe, type Point } from './line_search.js';
import { check_ranges, not_negative, optimizer_signature, options_over, type ParamsOrAll } from './native_optimizer.js';
import { Optimizer, type ParamGroup } from './optimizer.js';

/** The options of {@link LBFGS}. */
export type LBFGSOptions = {
  /** Learning rate: the step length, and the initial one for a line search. Default 1. */
  lr: number | Tensor;
  /** Maximum number of iterations per step. Default 20. */
  max_iter: number;
  /** Maximum number of closure evaluations per step. Default null: `max_iter * 5 / 4`, rounded down. */
  max_eval: number | null;
  /** Termination tolerance on the largest absolute gradient. Default 1e-7. */
  tolerance_grad: number;
  /** Termination tolerance on the change of the parameters and of the loss. Default 1e-9. */
  tolerance_change: number;
  /** Number of past updates kept, each of twice the size of all parameters. Default 100. */
  history_size: number;
  /** Line search: `'strong_wolfe'`, or null (the default) for steps of length `lr`. */
  line_search_fn: 'strong_wolfe' | null;
};

/** The state of {@link LBFGS}, kept under its first parameter. Tensors are as long as all parameters together. */
export type LBFGSState = {
  func_evals: number;
  n_iter: number;
  /** The direction and the length of the last step. */
  d?: Tensor;
  t?: Hyperparameter;
  /** Changes of the gradient and of the parameters, and the reciprocals of their products. */
  old_dirs?: Tensor[];
  old_stps?: Tensor[];
  ro?: Tensor[];
  H_diag?: Hyperparameter;
  prev_flat_grad?: Tensor | null;
  prev_loss?: number | null;
  al?: (Tensor | null)[];
};

/** The values that the iterations of a step share. */
interface Memory {
  d: Tensor;
  t: Hyperparameter;
  old_dirs: Tensor[];
  old_stps: Tensor[];
  ro: Tensor[];
  H_diag: Hyperparameter;
  prev_flat_grad: Tensor | null;
  prev_loss: number | null;
}

const by_default: LBFGSOptions = {
  lr: 1,
  max_iter: 20,
  max_eval: null,
  tolerance_grad: 1e-7,
  tolerance_change: 1e-9,
  history_size: 100,
  line_search_fn: null,
};

const ARGUMENTS = optimizer_signature<LBFGSOptions>(
  'LBFGS',
  'lr?: float|Tensor, max_iter?: int, max_eval?: int|None, tolerance_grad?: float, tolerance_change?: float, ' +
    'history_size?: int, line_search_fn?: str|None',
);

const STEP = signature<{ closure: () => unknown }>('LBFGS.step', 'closure: Callable');

type Positional = [
  lr: number | Tensor,
  max_iter: number,
  max_eval: number | null,
  tolerance_grad: number,
  tolerance_change: number,
  history_size: number,
  line_search_fn: LBFGSOptions['line_search_fn'],
];

function loss_number(loss: unknown): number {
  if (loss instanceof Tensor) return Number(loss.item());
  if (typeof loss === 'number') return loss;
  throw new TypeError(`step(): the closure must return a Tensor or float, not ${kind_of(loss)}`);
}

/** Stores a change of gradient and parameters, unless the curvature is not positive. */
function remember(memory: Memory, flat_grad: Tensor, history_size: number): void {
  const y = flat_grad.sub(memory.prev_flat_grad!);
  const s = multiply(memory.d, memory.t);
  const ys = y.dot(s);
  if (!less(1e-10, ys)) return;
  if (memory.old_dirs.length === history_size) {
    memory.old_dirs.shift();
    memory.old_stps.shift();
    memory.ro.shift();
  }
  memory.old_dirs.push(y);
  memory.old_stps.push(s);
  memory.ro.push(divide(1, ys));
  memory.H_diag = ys.div(y.dot(y));
}

/** The gradient times the approximated inverse Hessian, downwards. */
function direction(memory: Memory, flat_grad: Tensor, al: (Tensor | null)[]): Tensor {
  const { old_dirs, old_stps, ro } = memory;
  const q = flat_grad.neg();
  for (let i = old_dirs.length - 1; i >= 0; i--) {
    const share = old_stps[i]!.dot(q).mul(ro[i]!);
    al[i] = share;
    q.add_(old_dirs[i]!, { alpha: -number_of(share) });
  }
  const r = multiply(q, memory.H_diag);
  for (let i = 0; i < old_dirs.length; i++) {
    const share = old_dirs[i]!.dot(r).mul(ro[i]!);
    r.add_(old_stps[i]!, { alpha: number_of(al[i]!.sub(share)) });
  }
  return r;
}

function keep_all(state: LBFGSState): void {
  for (const value of Object.values(state).flat() as unknown[]) {
    if (value instanceof Tensor) keep(value);
  }
}

/**
 * Limited-memory BFGS: a quasi-Newton method that evaluates the loss several times per step. Mirrors
 * `torch.optim.LBFGS`.
 *
 * The direction is `-H * grad`, where `H` approximates the inverse Hessian from the last `history_size` changes of
 * gradient and parameters. Takes one parameter group, and `step` needs a closure that computes the loss and its
 * gradients again. The options, with their defaults, are those of {@link LBFGSOptions}.
 *
 * @param params - parameters, or `[name, parameter]` pairs
 * @param options - `lr`, `max_iter`, `max_eval`, `tolerance_grad`, `tolerance_change`, `history_size`,
 * `line_search_fn`
 * @throws Error when the learning rate is negative, or there are several groups; TypeError for an unknown option or
 * one of a wrong type
 * @example
 * ```ts
 * const w = new nn.Parameter(torch.tensor([-1.5, 2.5]));
 * const optimizer = new optim.LBFGS([w], { line_search_fn: 'strong_wolfe' });
 * optimizer.step(() => {
 *   optimizer.zero_grad();
 *   const loss = w.sub(1).square().sum();
 *   loss.backward();
 *   return loss;
 * });
 * print(w);
 * ```
 * ```python
 * w = nn.Parameter(torch.tensor([-1.5, 2.5]))
 * optimizer = optim.LBFGS([w], line_search_fn='strong_wolfe')
 * def closure():
 *     optimizer.zero_grad()
 *     loss = w.sub(1).square().sum()
 *     loss.backward()
 *     return loss
 * optimizer.step(closure)
 * print(w)
 * ```
 */
export class LBFGS extends Optimizer<LBFGSOptions, LBFGSState> {
  constructor(params_or_all: ParamsOrAll<LBFGSOptions>, ...others: Tail<Positional, Partial<LBFGSOptions>>) {
    const { params, options: defaults } = options_over(ARGUMENTS, by_default, [params_or_all, ...others]);
    check_ranges('LBFGS', defaults, [['lr', 'Invalid learning rate', not_negative]]);
    const { max_iter } = defaults;
    const max_eval = defaults.max_eval ?? Math.floor((max_iter * 5) / 4);
    super(params, { ...defaults, max_eval });
    if (this.param_groups.length !== 1) {
      throw new Error("LBFGS doesn't support per-parameter options (parameter groups)");
    }
  }

  private get params(): Tensor[] {
    return (this.param_groups[0] as ParamGroup<LBFGSOptions>).params;
  }

  private gather_flat_grad(): Tensor {
    return cat(
      this.params.map((param) => {
        const { grad } = param;
        const dense =
          grad === null
            ? zeros([param.numel()], { dtype: param.dtype, device: param.device })
            : grad.is_sparse
              ? grad.to_dense()
              : grad;
        return (dense.is_complex() ? view_as_real(dense) : dense).reshape(-1);
      }),
    );
  }

  private add_direction(t: Hyperparameter, d: Tensor): void {
    let offset = 0;
    for (const param of this.params) {
      const real = param.is_complex() ? view_as_real(param) : param;
      const numel = real.numel();
      real.add_(d.narrow(0, offset, numel).view_as(real), { alpha: number_of(t) });
      offset += numel;
    }
  }

  /**
   * Runs up to `max_iter` iterations and returns the loss of the first evaluation.
   * @param closure - resets the gradients, computes the loss and its gradients, and returns the loss
   * @throws TypeError without a closure, for an asynchronous one, or when it does not return a number
   */
  override step(closure?: undefined): undefined;
  override step<L>(closure: () => L): L;
  override step<L>(options: { closure: () => L }): L;
  override step(...args: unknown[]): unknown {
    const { closure } = STEP.read(args);
    refuse_steps('step', closure);
    if (this.param_groups.length !== 1) {
      throw new Error(`Expected exactly one param_group, but got ${this.param_groups.length}`);
    }
    return call_in_mode(not_recording, () =>
      this.minimize(() => call_in_mode(recording, () => refuse_promise('step', closure()))),
    );
  }

  private minimize<L>(closure: () => L): L {
    const group = this.param_groups[0] as ParamGroup<LBFGSOptions>;
    const first = this.params[0]!;
    const state: LBFGSState = this.state.get(first) ?? { func_evals: 0, n_iter: 0 };
    state.func_evals ??= 0;
    state.n_iter ??= 0;
    this.state.set(first, state);

    const loss = closure();
    state.func_evals += 1;
    const flat_grad = this.gather_flat_grad();
    const evaluated = loss_number(loss);
    if (at_most(flat_grad.abs().max(), group.tolerance_grad)) return loss;
    Object.assign(state, this.iterate(state, group, closure, evaluated, flat_grad));
    keep_all(state);
    return loss;
  }

  private iterate(
    state: LBFGSState,
    group: LBFGSOptions,
    closure: () => unknown,
    first_loss: number,
    first_grad: Tensor,
  ): Memory {
    const { max_iter, tolerance_grad, tolerance_change, history_size, line_search_fn } = group;
    const max_eval = group.max_eval as number;
    const lr = scalar_of(group.lr);
    const memory = {
      d: state.d,
      t: state.t,
      old_dirs: state.old_dirs,
      old_stps: state.old_stps,
      ro: state.ro,
      H_diag: state.H_diag,
      prev_flat_grad: state.prev_flat_grad ?? null,
      prev_loss: state.prev_loss ?? null,
    } as Memory;
    let loss = first_loss;
    let flat_grad = first_grad;
    let evaluations = 1;
    for (let n_iter = 1; n_iter <= max_iter; n_iter++) {
      state.n_iter += 1;
      const beginning = state.n_iter === 1;
      if (beginning) {
        Object.assign(memory, { d: flat_grad.neg(), old_dirs: [], old_stps: [], ro: [], H_diag: 1 });
      } else {
        remember(memory, flat_grad, history_size);
        state.al ??= new Array<null>(history_size).fill(null);
        memory.d = direction(memory, flat_grad, state.al);
      }
      if (memory.prev_flat_grad === null) memory.prev_flat_grad = flat_grad.clone();
      else memory.prev_flat_grad.copy_(flat_grad);
      memory.prev_loss = loss;
      memory.t = beginning ? multiply(minimum(1, divide(1, flat_grad.abs().sum())), lr) : lr;

      const slope = flat_grad.dot(memory.d);
      if (less(-tolerance_change, slope)) break;
      let calls = 0;
      if (line_search_fn !== null) {
        if (line_search_fn !== 'strong_wolfe') throw new Error("only 'strong_wolfe' is supported");
        const start: Point = { t: 0, loss, grad: flat_grad.clone(), slope };
        const found = this.search(closure, memory, start, max_eval - evaluations, tolerance_change);
        ({ loss, grad: flat_grad, t: memory.t } = found.point);
        calls = found.evaluations;
        this.add_direction(memory.t, memory.d);
      } else {
        this.add_direction(memory.t, memory.d);
        // The loss of the last iteration is not needed.
        if (n_iter !== max_iter) {
          loss = loss_number(closure());
          flat_grad = this.gather_flat_grad();
          calls = 1;
        }
      }
      evaluations += calls;
      state.func_evals += calls;
      if (n_iter === max_iter || evaluations >= max_eval) break;
      if (at_most(flat_grad.abs().max(), tolerance_grad)) break;
      if (at_most(multiply(memory.d, memory.t).abs().max(), tolerance_change)) break;
      if (Math.abs(loss - memory.prev_loss) < tolerance_change) break;
    }
    return memory;
  }

  private search(
    closure: () => unknown,
    { d, t }: Memory,
    start: Point,
    max_evaluations: number,
    tolerance_change: number,
  ): ReturnType<typeof strong_wolfe> {
    const from = this.params.map((param) => param.clone());
    const evaluate = (at: Hyperparameter): Point => {
      this.add_direction(at, d);
      const loss = loss_number(closure());
      const grad = this.gather_flat_grad();
      this.params.forEach((param, i) => param.copy_(from[i]!));
      return { t: at, loss, grad, slope: grad.dot(d) };
    };
    return strong_wolfe({ start, direction: d, evaluate, tolerance_change, max_evaluations }, t);
  }
}
