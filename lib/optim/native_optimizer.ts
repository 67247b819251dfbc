/** Optimizers whose step is one call into the addon: what they share, and the checks of their options. */
import { StepFlag, StepPath } from '../generated/shared_numbers.js';
import { with_inner_handles } from '../_C/tensor_subclass.js';
import { native } from '../_C/native.js';
import { no_grad } from '../autograd/grad_mode.js';
import { float32, float64, get_default_dtype } from '../types/dtype.js';
import { full } from '../generated/functions.js';
import { keep } from '../memory.js';
import { kind_of } from '../_internal/representation.js';
import { python_repr } from '../python/print.js';
import { Tensor } from '../_tensor.js';
import { signature, type Signature } from '../_internal/signature.js';
import type { Hyperparameter } from './hyperparameter.js';
import { Optimizer, type ParamGroup, type Params } from './optimizer.js';

// What native/optim/optim.cpp exports.
declare module '../_C/native.js' {
  interface Native {
    /** The number of a step that a file of native/optim/ registers. */
    optimizer_kernel(name: string): number;
    /** A step of one group. */
    optimizer_step(
      kernel: number,
      /** A row for each parameter: its handle and those of its state, -1 for what is not there. */
      handles: Int32Array,
      scalars: Float64Array,
      /** Handles of the scalars that are tensors, or null when none is. */
      tensors: Int32Array | null,
      flags: number,
      path: StepPath,
      /** Handles of what a `GradScaler` has set, or -1. */
      grad_scale: number,
      found_inf: number,
    ): unknown;
  }
}

/** The options that select how a step is computed, for the optimizers that have them. */
export type HowOptions = {
  /** Maximize the objective instead of minimizing it. Default false. */
  maximize: boolean;
  /** Use the multi-tensor (foreach) implementation. Default null: it is used when all parameters are on CUDA. */
  foreach: boolean | null;
  /** Safe to capture in a CUDA graph; only for parameters on an accelerator. Default false. */
  capturable: boolean;
  /**
   * Record autograd through the step, as meta-learning needs; otherwise the step runs without gradients. Default
   * false.
   */
  differentiable: boolean;
  /** Use libtorch's fused kernel, which rounds differently. Default null: it is not used. */
  fused: boolean | null;
};

/** The same, of an optimizer that has some of them. */
export type Anyhow = Partial<HowOptions>;

/** The layout of a group for the addon, and what old state dicts lack. */
export interface Layout<O extends object, S extends object> {
  /** The name under which a file of native/optim/ registers the step. */
  readonly step: string;
  /** The names of the state, in the order of the addon's columns. */
  readonly state: readonly (keyof S & string)[];
  /** In the order of the addon's scalars. */
  numbers(group: O): readonly Hyperparameter[];
  /** The optimizer's own flags. */
  flags?(group: O): number;
  /** Options that state dicts of old versions of PyTorch lack. */
  readonly since: Readonly<Record<string, unknown>>;
  /** State that old versions kept as numbers. */
  readonly counts?: readonly (keyof S & string)[];
}

/** The definition of an optimizer whose step is in the addon. */
export interface Kernel<O extends object, S extends object> extends Layout<O, S> {
  /** The state of a parameter at its first gradient. */
  init(param: Tensor, grad: Tensor, group: O): S;
}

/** Options that were added to all optimizers, for {@link Layout.since}. */
export const since_always = { foreach: null, maximize: false, differentiable: false, capturable: false };

/**
 * A 0-d tensor for what is counted or kept once a parameter: on the parameter's device where the step runs there, else on the default device, or
 * where `place` says.
 */
export function scalar_state(value: number, param: Tensor, group: Anyhow, place?: 'param' | 'cpu'): Tensor {
  const { fused, capturable } = group;
  const dtype = !fused && get_default_dtype() === float64 ? float64 : float32;
  if (place === 'param' || capturable || fused) return full([], value, { dtype, device: param.device });
  return full([], value, place === undefined ? { dtype } : { dtype, device: place });
}

/** Which form of the step the options ask for. */
export function path_of(group: Anyhow): StepPath {
  if (group.fused) return StepPath.fused;
  if (group.foreach) return StepPath.foreach;
  return (group.fused ?? null) === null && (group.foreach ?? null) === null ? StepPath.default : StepPath.single;
}

/** The flags that all optimizers have. */
export function common_flags(group: Anyhow): number {
  return (
    (group.maximize ? StepFlag.maximize : 0) |
    (group.capturable ? StepFlag.capturable : 0) |
    (group.differentiable ? StepFlag.differentiable : 0)
  );
}

function is_empty(state: object | undefined): boolean {
  if (state === undefined) return true;
  for (const _name in state) return false;
  return true;
}

/** An optimizer that passes rows of handles to the addon. */
export abstract class RowOptimizer<O extends object, S extends object> extends Optimizer<O, S> {
  // For each group, what the addon reads, filled again at each step.
  private readonly rows = new WeakMap<object, Int32Array>();
  private scalars = new Float64Array(0);
  private readonly kernel_number: number;

  constructor(
    private readonly layout: Layout<O, S>,
    params: Params<O>,
    defaults: O,
  ) {
    super(params, defaults);
    this.kernel_number = native.optimizer_kernel(layout.step);
    const { fused, differentiable, foreach } = defaults as Anyhow;
    if (!fused) return;
    if (differentiable) throw new Error('`fused` does not support `differentiable`');
    if (foreach) throw new Error('`fused` and `foreach` cannot be `True` together.');
    this._step_supports_amp_scaling = true;
  }

  /** Does the step of a group in the addon; the result is what the kernel returns. */
  protected call(group: ParamGroup<O>): unknown {
    const { layout } = this;
    const tensors = this.read_numbers(layout.numbers(group));
    const how = group as Anyhow;
    const flags = common_flags(how) | (layout.flags?.(group) ?? 0);
    return native.optimizer_step(
      this.kernel_number,
      this.row_of(group),
      this.scalars,
      tensors,
      flags,
      path_of(how),
      this.grad_scale?._h ?? -1,
      this.found_inf?._h ?? -1,
    );
  }

  private read_numbers(numbers: readonly Hyperparameter[]): Int32Array | null {
    if (this.scalars.length !== numbers.length) this.scalars = new Float64Array(numbers.length);
    const { scalars } = this;
    let tensors: Int32Array | null = null;
    for (let i = 0; i < scalars.length; i++) {
      const value = numbers[i] as Hyperparameter;
      if (typeof value === 'number') {
        scalars[i] = value;
        continue;
      }
      if (!(value instanceof Tensor)) {
        const { name } = this.constructor;
        throw new TypeError(`${name}: an option of a group must be float or Tensor, not ${kind_of(value)}`);
      }
      tensors ??= new Int32Array(scalars.length).fill(-1);
      tensors[i] = value._h;
    }
    return tensors;
  }

  /** A row a parameter: its handle and those of its state. */
  protected row_of(group: ParamGroup<O>): Int32Array {
    // Optimizers work element by element, and so on the pieces of distributed tensors.
    return with_inner_handles(() => this.row_of_handles(group));
  }

  private row_of_handles(group: ParamGroup<O>): Int32Array {
    const { params } = group;
    const names = this.layout.state;
    const length = params.length * (names.length + 1);
    let row = this.rows.get(group);
    if (row?.length !== length) {
      row = new Int32Array(length);
      this.rows.set(group, row);
    }
    let at = 0;
    for (const param of params) {
      const state = this.state.get(param) as Record<string, Tensor | undefined> | undefined;
      // A value in the group may be replaced by a non-Tensor: -1 throws, undefined would be the tensor 0.
      row[at++] = (param as Partial<Tensor>)._h ?? -1;
      for (const name of names) row[at++] = state?.[name]?._h ?? -1;
    }
    return row;
  }

  protected override after_load(): void {
    const { since, counts = ['step'] as const } = this.layout;
    for (const group of this.param_groups) {
      for (const [name, value] of Object.entries(since)) {
        if (!(name in group)) Object.assign(group, { [name]: value });
      }
      for (const param of group.params) {
        const state: Record<string, unknown> = (this.state.get(param) ?? {}) as Record<string, unknown>;
        for (const name of counts) {
          const value = state[name];
          if (typeof value === 'number') state[name] = scalar_state(value, param, group as Anyhow);
        }
      }
    }
  }
}

/**
 * The base of the optimizers that step in the addon. A subclass passes its {@link Kernel}, its parameters and its
 * checked options.
 */
export abstract class NativeOptimizer<O extends object, S extends object> extends RowOptimizer<O, S> {
  constructor(
    private readonly kernel: Kernel<O, S>,
    params: Params<O>,
    defaults: O,
  ) {
    super(kernel, params, defaults);
  }

  protected override step_group(group: ParamGroup<O>): void {
    if (this.call(group) === 0) return;
    for (const param of group.params) {
      if (!is_empty(this.state.get(param))) continue;
      const { grad } = param;
      if (grad !== null) this.init_state(param, grad, group);
    }
    this.call(group);
  }

  /** Initializes the state of a parameter. */
  protected init_state(param: Tensor, grad: Tensor, group: O): void {
    const state = no_grad(() => this.kernel.init(param, grad, group));
    for (const value of Object.values(state)) {
      if (value instanceof Tensor) with_inner_handles(() => keep(value));
    }
    this.state.set(param, state);
  }
}

// ---- Options ------------------------------------------------------------------------------------

/** The arguments of an optimizer's constructor. */
export type OptimizerSignature<O extends object> = Signature<Partial<O> & { params: Params<O> }>;

/** Declares the arguments of an optimizer's constructor; `options` are those after `params`. */
export function optimizer_signature<O extends object>(callee: string, options: string): OptimizerSignature<O> {
  return signature(callee, `params: Iterable, ${options}`);
}

/**
 * The parameters of a call, and its options over the defaults. The order of the defaults is that of the options in a group,
 * in a state dict and where they are printed.
 * @throws TypeError for unknown, doubled, surplus and missing arguments, and for those of a wrong kind
 */
export function options_over<O extends object>(
  its: OptimizerSignature<O>,
  defaults: O,
  given: readonly unknown[],
): { params: Params<O>; options: O } {
  const { params, ...options } = its.read(given);
  const numbers = Object.entries(options).map(([name, value]) => [
    name,
    typeof value === 'bigint' ? Number(value) : value,
  ]);
  return { params, options: { ...defaults, ...(Object.fromEntries(numbers) as Partial<O>) } };
}

/** The first argument of a constructor: what to optimize, or that with all options in one object. */
export type ParamsOrAll<O extends object> = Params<O> | (Partial<O> & { params: Params<O> });

/** An option, the start of the error text, and whether a number is good. */
export type Range = readonly [name: string, text: string, good: (value: number) => boolean];

export const not_negative = (value: number): boolean => value >= 0;
export const positive = (value: number): boolean => value > 0;
export const betas_range: Range = ['betas', 'Invalid beta parameter', (beta) => beta >= 0 && beta < 1];

/** The ranges of the options of Adam and its variants. */
export const adam_ranges: readonly Range[] = [
  ['lr', 'Invalid learning rate', not_negative],
  ['eps', 'Invalid epsilon value', not_negative],
  betas_range,
  ['weight_decay', 'Invalid weight_decay value', not_negative],
];

function number_option(callee: string, name: string, value: unknown): number {
  if (value instanceof Tensor) return Number(value.item());
  if (typeof value === 'number') return value;
  throw new TypeError(`${callee}(): argument '${name}' must be float, not ${kind_of(value)}`);
}

/**
 * Throws for numbers that are out of range, in the order of Python's own checks; the decay rates of averages are two.
 * @throws TypeError when it is not a number; Error, with PyTorch's text, when it is out of range
 */
export function check_ranges(callee: string, options: object, ranges: readonly Range[]): void {
  const record = options as Record<string, unknown>;
  for (const [name, text, good] of ranges) {
    const value = record[name];
    if (name === 'lr' && value instanceof Tensor && value.numel() !== 1) throw new Error('Tensor lr must be 1-element');
    if (name === 'betas') check_numbers(callee, name, value, 2);
    const items = name === 'betas' ? (value as unknown[]) : [value];
    items.forEach((item, i) => {
      if (good(number_option(callee, name, item))) return;
      throw new Error(`${text}${name === 'betas' ? ` at index ${i}` : ''}: ${python_repr(item)}`);
    });
  }
}

/** Throws unless a value is a list of `length` numbers. @throws TypeError */
export function check_numbers(callee: string, name: string, value: unknown, length: number): void {
  if (!Array.isArray(value) || value.length !== length) {
    const given = Array.isArray(value) ? `${value.length} of them` : kind_of(value);
    throw new TypeError(`${callee}(): argument '${name}' must be ${length} floats, not ${given}`);
  }
  value.forEach((item, i) => {
    number_option(callee, `${name}[${i}]`, item);
  });
}
