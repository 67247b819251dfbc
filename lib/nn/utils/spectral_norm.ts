/** Spectral normalization by a hook before each call: the older way. Mirrors `torch.nn.utils.spectral_norm`. */
import { signature, type Arguments, type Signature } from '../../_internal/signature.js';
import { no_grad } from '../../autograd/grad_mode.js';
import { contiguous_format } from '../../types/dtype.js';
import { dot, mv } from '../../generated/functions.js';
import { multi_dot } from '../../generated/linalg.js';
import type { HookObject } from '../../_internal/hooks.js';
import type { Tensor } from '../../_tensor.js';
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from '../modules/conv.js';
import { normalize } from '../functional/index.js';
import { fields_of, hooks_of, remove_member, type Module, type StateDict } from '../modules/module.js';
import { Parameter } from '../parameter.js';

/** Keyword arguments of {@link spectral_norm}. */
export interface SpectralNormOptions {
  /** Name of the parameter. Default `'weight'`. */
  name?: string;
  /** Power iterations before each call in training. Default 1. */
  n_power_iterations?: number;
  /** Lower bound of norms, for numerical stability. Default 1e-12. */
  eps?: number;
  /** Dimension of the outputs. Default null: 1 for transposed convolutions, else 0. */
  dim?: number | null;
}

export interface SpectralNormArguments<M> extends SpectralNormOptions {
  /** The module, which is changed. */
  module: M;
}

/** How both functions called `spectral_norm` are called. */
export type SpectralNormCall<M> = Arguments<
  [module: M, name?: string, n_power_iterations?: number, eps?: number, dim?: number | null],
  SpectralNormArguments<M>,
  ['module', 'name', 'n_power_iterations', 'eps', 'dim']
>;

/** The arguments of both functions called `spectral_norm`. @internal */
export const SPECTRAL_NORM: Signature<SpectralNormArguments<Module>> = signature(
  'spectral_norm',
  'module: Module, name?: str, n_power_iterations?: int, eps?: float, dim?: int|None',
);

/** The arguments with their defaults. @internal */
export function with_defaults({
  module,
  name = 'weight',
  n_power_iterations = 1,
  eps = 1e-12,
  dim,
}: SpectralNormArguments<Module>): Required<SpectralNormArguments<Module>> & { dim: number } {
  if (n_power_iterations <= 0) {
    throw new Error(`Expected n_power_iterations to be positive, but got n_power_iterations=${n_power_iterations}`);
  }
  const transposed = [ConvTranspose1d, ConvTranspose2d, ConvTranspose3d].some((kind) => module instanceof kind);
  return { module, name, n_power_iterations, eps, dim: dim ?? (transposed ? 1 : 0) };
}

/** A weight with `dim` in front. @internal */
export function dim_first(weight: Tensor, dim: number): Tensor {
  if (dim === 0) return weight;
  return weight.permute([dim, ...Array.from({ length: weight.ndim }, (_, d) => d).filter((d) => d !== dim)]);
}

/** The hook that divides a weight by its largest singular value, estimated by power iteration. */
export class SpectralNorm implements HookObject<[module: Module, args: unknown[]], undefined> {
  /** Version of the state that the hook keeps. */
  readonly _version = 1;

  constructor(
    readonly name: string,
    readonly n_power_iterations: number,
    readonly dim: number,
    readonly eps: number,
  ) {}

  /** The weight as a matrix, a row for each output. */
  reshape_weight_to_matrix(weight: Tensor): Tensor {
    const first = dim_first(weight, this.dim);
    return first.reshape([first.size(0), -1]);
  }

  /** Returns the weight divided by its largest singular value, after power iterations when requested. */
  compute_weight(module: Module, do_power_iteration: boolean): Tensor {
    const { name, eps } = this;
    const fields = fields_of(module) as Record<string, Tensor>;
    const weight = fields[`${name}_orig`]!;
    let [u, v] = [fields[`${name}_u`]!, fields[`${name}_v`]!];
    const matrix = this.reshape_weight_to_matrix(weight);
    if (do_power_iteration) {
      no_grad(() => {
        for (let i = 0; i < this.n_power_iterations; i++) {
          v = normalize(mv(matrix.t(), u), { dim: 0, eps, out: v });
          u = normalize(mv(matrix, v), { dim: 0, eps, out: u });
        }
        // The buffers change in the next call: graphs of several calls need values of their own.
        u = u.clone({ memory_format: contiguous_format });
        v = v.clone({ memory_format: contiguous_format });
      });
    }
    return weight.div(dot(u, mv(matrix, v)));
  }

  /** Replaces the weight by a parameter with its current value. */
  remove(module: Module): void {
    const weight = no_grad(() => this.compute_weight(module, false));
    for (const suffix of ['', '_u', '_v', '_orig']) remove_member(module, this.name + suffix);
    module.register_parameter(this.name, new Parameter(weight.detach()));
  }

  __call__(module: Module): undefined {
    fields_of(module)[this.name] = this.compute_weight(module, module.training);
  }

  /** Returns a vector `v` such that the normalized product of the matrix and `v` is `u`, with the requested singular value. */
  solve_v_and_rescale(matrix: Tensor, u: Tensor, target_sigma: Tensor): Tensor {
    const v = multi_dot([matrix.t().mm(matrix).pinverse(), matrix.t(), u.unsqueeze(1)]).squeeze(1);
    return v.mul_(target_sigma.div(dot(u, mv(matrix, v))));
  }
}

interface SpectralNormMetadata {
  version?: number;
  spectral_norm?: Record<string, number>;
}

/** Writes the version of the state into the metadata of a state dict. */
class StateDictHook implements HookObject<[Module, StateDict, string, SpectralNormMetadata], void> {
  constructor(readonly fn: SpectralNorm) {}

  __call__(_module: Module, _state_dict: StateDict, _prefix: string, local_metadata: SpectralNormMetadata): void {
    const versions = (local_metadata.spectral_norm ??= {});
    const key = `${this.fn.name}.version`;
    if (key in versions) throw new Error(`Unexpected key in metadata['spectral_norm']: ${key}`);
    versions[key] = this.fn._version;
  }
}

/** Converts a state dict of before version 1, which contains the weight instead of `v`. */
class LoadStateDictPreHook
  implements HookObject<[Module, StateDict, string, SpectralNormMetadata, boolean, string[], string[], string[]], void>
{
  constructor(readonly fn: SpectralNorm) {}

  __call__(
    _module: Module,
    state_dict: StateDict,
    prefix: string,
    local_metadata: SpectralNormMetadata,
    strict: boolean,
    missing_keys: string[],
  ): void {
    const { fn } = this;
    const version = local_metadata.spectral_norm?.[`${fn.name}.version`];
    if (version !== undefined && version >= 1) return;
    const key = prefix + fn.name;
    const has = (suffix: string): boolean => Object.hasOwn(state_dict, key + suffix);
    // One of today that has lost its metadata.
    if (version === undefined && ['_orig', '_u', '_v'].every(has) && !has('')) return;
    const missing = ['_orig', '', '_u'].filter((suffix) => !has(suffix));
    if (missing.length > 0) {
      if (strict) missing_keys.push(...missing.map((suffix) => key + suffix));
      return;
    }
    no_grad(() => {
      const original = state_dict[`${key}_orig`]!;
      const sigma = original.div(state_dict[key]!).mean();
      delete state_dict[key];
      const matrix = fn.reshape_weight_to_matrix(original);
      state_dict[`${key}_v`] = fn.solve_v_and_rescale(matrix, state_dict[`${key}_u`]!, sigma);
    });
  }
}

function find(module: Module, name: string): SpectralNorm | undefined {
  for (const { hook } of hooks_of(module).forward_pre) {
    if (hook instanceof SpectralNorm && hook.name === name) return hook;
  }
  return undefined;
}

/**
 * Applies spectral normalization to a parameter of a module: before each call
 * `weight = weight_orig / sigma(weight_orig)`, where `sigma` is the largest singular value, estimated by power
 * iteration. `nn.utils.parametrizations.spectral_norm` is the newer way. Mirrors `torch.nn.utils.spectral_norm`.
 *
 * @param module - the module, which is changed
 * @param name - name of the parameter; default `'weight'`
 * @param n_power_iterations - power iterations before each call in training; default 1
 * @param eps - lower bound of norms, for numerical stability; default 1e-12
 * @param dim - dimension of the outputs; default null: 1 for transposed convolutions, else 0
 * @returns the module
 * @throws Error when the parameter is normalized already, or does not exist
 * @example
 * ```ts
 * const linear = nn.utils.spectral_norm(new nn.Linear(2, 3));
 * print([...linear.named_parameters()].map(([name]) => name));
 * print(linear(torch.ones(1, 2)));
 * ```
 * ```python
 * linear = nn.utils.spectral_norm(nn.Linear(2, 3))
 * print([name for name, _ in linear.named_parameters()])
 * print(linear(torch.ones(1, 2)))
 * ```
 */
export function spectral_norm<M extends Module>(
  module: M,
  name?: string,
  n_power_iterations?: number,
  eps?: number,
  dim?: number | null,
): M;
export function spectral_norm<M extends Module>(...args: SpectralNormCall<M>): M;
export function spectral_norm<M extends Module>(...args: unknown[]): M {
  return SPECTRAL_NORM.call(args, (given) => {
    const { module, name, n_power_iterations, eps, dim } = with_defaults(given);
    if (find(module, name) !== undefined) {
      throw new Error(`Cannot register two spectral_norm hooks on the same parameter ${name}`);
    }
    const fields = fields_of(module);
    const weight = fields[name];
    if (weight === null) throw new Error(`\`SpectralNorm\` cannot be applied as parameter \`${name}\` is None`);
    if (!(weight instanceof Parameter)) throw new Error(`'${name}'`);
    const hook = new SpectralNorm(name, n_power_iterations, dim, eps);
    const [u, v] = no_grad(() => {
      const matrix = hook.reshape_weight_to_matrix(weight);
      const draw = (size: number): Tensor => normalize(weight.new_empty([size]).normal_(0, 1), { dim: 0, eps });
      return [draw(matrix.size(0)), draw(matrix.size(1))];
    });
    remove_member(module, name);
    module.register_parameter(`${name}_orig`, weight);
    fields[name] = weight.data;
    module.register_buffer(`${name}_u`, u);
    module.register_buffer(`${name}_v`, v);
    module.register_forward_pre_hook(hook);
    module.register_state_dict_post_hook(new StateDictHook(hook));
    module.register_load_state_dict_pre_hook(new LoadStateDictPreHook(hook));
    return module;
  }) as M;
}

/** What {@link remove_spectral_norm} and {@link remove_weight_norm} take by name. */
export interface RemoveNormArguments<M> {
  /** The module, which is changed. */
  module: M;
  /** Name of the parameter. Default `'weight'`. */
  name?: string;
}

const REMOVE_SPECTRAL_NORM = signature<RemoveNormArguments<Module>>(
  'remove_spectral_norm',
  'module: Module, name?: str',
);

/**
 * Removes {@link spectral_norm} from a parameter of a module, which keeps its current value. Mirrors
 * `torch.nn.utils.remove_spectral_norm`.
 *
 * @param module - the module, which is changed
 * @param name - name of the parameter; default `'weight'`
 * @returns the module
 * @throws Error when the parameter is not normalized
 * @example
 * ```ts
 * const linear = nn.utils.spectral_norm(new nn.Linear(2, 3));
 * nn.utils.remove_spectral_norm(linear);
 * print([...linear.named_parameters()].map(([name]) => name));
 * ```
 * ```python
 * linear = nn.utils.spectral_norm(nn.Linear(2, 3))
 * nn.utils.remove_spectral_norm(linear)
 * print([name for name, _ in linear.named_parameters()])
 * ```
 */
export function remove_spectral_norm<M extends Module>(module: M, name?: string): M;
export function remove_spectral_norm<M extends Module>(
  ...args: Arguments<[module: M, name?: string], RemoveNormArguments<M>, ['module', 'name']>
): M;
export function remove_spectral_norm<M extends Module>(...args: unknown[]): M {
  return REMOVE_SPECTRAL_NORM.call(args, ({ module, name = 'weight' }) => {
    const hook = find(module, name);
    if (hook === undefined) throw new Error(`spectral_norm of '${name}' not found in ${String(module)}`);
    hook.remove(module);
    const { forward_pre, state_dict_post, load_pre } = hooks_of(module);
    forward_pre.remove_if((entry) => entry.hook === hook);
    state_dict_post.remove_if((its) => its instanceof StateDictHook && its.fn === hook);
    load_pre.remove_if((its) => its instanceof LoadStateDictPreHook && its.fn === hook);
    return module;
  }) as M;
}
