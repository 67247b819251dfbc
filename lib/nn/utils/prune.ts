/** Pruning: setting a part of a parameter to zero. Mirrors `torch.nn.utils.prune`. */
import { define_kind, signature, type Arguments, type Signature } from '../../_internal/signature.js';
import { kthvalue, ones_like, rand, rand_like, topk, zeros_like } from '../../generated/functions.js';
import type { HookObject } from '../../_internal/hooks.js';
import { checked_amount, pruned_count, type Amount } from './prune_amount.js';
import { Tensor } from '../../_tensor.js';
import { fields_of, hooks_of, type Module, remove_member, tensor_of } from '../modules/module.js';
import type { Parameter } from '../parameter.js';
import { kind_of } from '../../_internal/representation.js';
import { contiguous_format } from '../../types/dtype.js';
import { parameters_to_vector } from './convert_parameters.js';
import { same_sizes } from '../../_internal/sizes.js';

export type { Amount } from './prune_amount.js';

/** What a method chooses from: single elements, whole channels, or what a given mask determines. */
export type PruningType = 'unstructured' | 'structured' | 'global';

/** Keyword arguments of pruning by importance. */
export interface ImportanceOption {
  /** Compare these instead of the elements. Default null. */
  importance_scores?: Tensor | null;
}

/** What each `apply` takes, with what the constructor of the method takes. */
interface ApplyArguments extends ImportanceOption {
  module: Module;
  /** Name of the parameter. */
  name: string;
  /** Arguments of the constructor by position. */
  args?: readonly unknown[];
  /** Arguments of the constructor by name. */
  kwargs?: Record<string, unknown>;
}

/** A class of pruning methods, whatever its constructor takes. */
interface PruningClass<M extends BasePruningMethod> {
  readonly prototype: M;
  readonly name: string;
  /** @internal */
  readonly _apply_arguments: Signature<ApplyArguments>;
}

const BASE_PRUNING_METHOD = signature<object>('BasePruningMethod', '');

interface PruneArguments extends ImportanceOption {
  t: Tensor;
  /** The mask so far; ones when left out. */
  default_mask?: Tensor | null;
}

const PRUNE = signature<PruneArguments>(
  'prune',
  't: Tensor, default_mask?: Tensor|None, importance_scores?: Tensor|None',
);

const APPLY = signature<ApplyArguments>(
  'apply',
  'module: Module, name: str, *args: any, importance_scores?: Tensor|None, **kwargs: any',
);

/**
 * Implements what all pruning methods have in common: a hook that multiplies a parameter, which has become `name_orig`,
 * by a mask, the buffer `name_mask`, before each call: `weight = weight_orig * weight_mask`. A subclass defines
 * `PRUNING_TYPE` and `compute_mask`. Mirrors `torch.nn.utils.prune.BasePruningMethod`.
 *
 * @example
 * ```ts
 * const { prune } = nn.utils;
 * class EveryOther extends prune.BasePruningMethod {
 *   readonly PRUNING_TYPE = 'unstructured';
 *   compute_mask(t: torch.Tensor, default_mask: torch.Tensor): torch.Tensor {
 *     const mask = default_mask.clone();
 *     mask.view(-1).index_put_(['::2'], 0);
 *     return mask;
 *   }
 * }
 * const linear = new nn.Linear(3, 2);
 * EveryOther.apply(linear, 'bias');
 * print(linear.bias);
 * ```
 * ```python
 * import torch.nn.utils.prune as prune
 * class EveryOther(prune.BasePruningMethod):
 *     PRUNING_TYPE = 'unstructured'
 *     def compute_mask(self, t, default_mask):
 *         mask = default_mask.clone()
 *         mask.view(-1)[::2] = 0
 *         return mask
 * linear = nn.Linear(3, 2)
 * EveryOther.apply(linear, 'bias')
 * print(linear.bias)
 * ```
 */
export abstract class BasePruningMethod implements HookObject<[module: Module, args: unknown[]], undefined> {
  abstract readonly PRUNING_TYPE: PruningType;
  /** Name of the parameter that the method has been applied to. */
  _tensor_name: string | undefined;

  constructor(...args: Arguments<[], object, []>) {
    BASE_PRUNING_METHOD.read(args);
  }

  /**
   * Computes the mask of a tensor.
   *
   * @param t - the importance of each element
   * @param default_mask - the mask of the methods before: 1 where the tensor is kept
   */
  abstract compute_mask(t: Tensor, default_mask: Tensor): Tensor;

  __call__(module: Module): undefined {
    fields_of(module)[this.tensor_name(module)] = this.apply_mask(module);
  }

  /**
   * Returns the pruned tensor.
   *
   * @throws Error before the method has been applied
   */
  apply_mask(module: Module): Tensor {
    const name = this.tensor_name(module);
    const fields = fields_of(module) as Record<string, Tensor>;
    const original = fields[`${name}_orig`]!;
    return fields[`${name}_mask`]!.to(original.dtype).mul(original);
  }

  private tensor_name(module: Module): string {
    if (this._tensor_name === undefined) throw new Error(`Module ${String(module)} has to be pruned`);
    return this._tensor_name;
  }

  /** What {@link apply} takes; the classes of PyTorch name their own arguments. @internal */
  static readonly _apply_arguments: Signature<ApplyArguments> = APPLY;

  /**
   * Prunes a parameter, in addition to what has been pruned of it already.
   *
   * @param args - arguments of the constructor of the class; `importance_scores` may be among the options
   * @returns the method, or the {@link PruningContainer} that holds it and those before it
   * @throws Error when the scores have another shape or the amount is too large; the module is then unchanged
   */
  static apply<M extends BasePruningMethod>(
    this: PruningClass<M>,
    module: Module,
    name: string,
    ...args: unknown[]
  ): BasePruningMethod;
  static apply<M extends BasePruningMethod>(
    this: PruningClass<M>,
    options: { module: Module; name: string } & ImportanceOption & Record<string, unknown>,
  ): BasePruningMethod;
  static apply<M extends BasePruningMethod>(this: PruningClass<M>, ...given: unknown[]): BasePruningMethod {
    return this._apply_arguments.call(
      given,
      ({ module, name, importance_scores = null, args = [], kwargs = {}, ...named }) => {
        const options = { ...named, ...kwargs };
        const create = this as unknown as new (...args: unknown[]) => M;
        const method = new create(...args, ...(Object.keys(options).length > 0 ? [options] : []));
        method._tensor_name = name;
        return apply_method(method, module, name, importance_scores);
      },
    );
  }

  /** Returns a pruned copy of a tensor that does not belong to a module. */
  prune(
    ...args: Arguments<
      [t: Tensor, default_mask?: Tensor | null, importance_scores?: Tensor | null],
      PruneArguments,
      ['t', 'default_mask', 'importance_scores']
    >
  ): Tensor {
    const { t, default_mask, importance_scores } = PRUNE.read(args);
    if (importance_scores && !same_sizes(importance_scores.shape, t.shape)) {
      throw new Error(
        'importance_scores should have the same shape as tensor t, ' +
          `got ${String(importance_scores.shape)} vs ${String(t.shape)}`,
      );
    }
    return t.mul(this.compute_mask(importance_scores ?? t, default_mask ?? ones_like(t)));
  }

  /** Makes the pruning permanent: the parameter keeps its pruned value, and mask and hook are removed. */
  remove(module: Module): void {
    if (this._tensor_name === undefined) {
      throw new Error(`Module ${String(module)} has to be pruned before pruning can be removed`);
    }
    const name = this._tensor_name;
    const weight = this.apply_mask(module);
    const original = fields_of(module)[`${name}_orig`] as Parameter;
    original.data = weight.data;
    for (const suffix of ['', '_orig', '_mask']) remove_member(module, name + suffix);
    module.register_parameter(name, original);
  }
}

/** Takes the method that prunes a parameter so far out of the module's hooks. */
function take_method(module: Module, name: string): BasePruningMethod | null {
  let found: BasePruningMethod | null = null;
  hooks_of(module).forward_pre.remove_if(({ hook }) => {
    if (!(hook instanceof BasePruningMethod) || hook._tensor_name !== name) return false;
    found = hook;
    return true;
  });
  return found;
}

function combined(before: BasePruningMethod | null, method: BasePruningMethod): BasePruningMethod {
  if (before === null) return method;
  const container = before instanceof PruningContainer ? before : new PruningContainer(before);
  container.add_pruning_method(method);
  return container;
}

function apply_method(
  method: BasePruningMethod,
  module: Module,
  name: string,
  importance_scores: Tensor | null,
): BasePruningMethod {
  const fields = fields_of(module) as Record<string, Tensor | undefined>;
  const tensor = fields[name];
  if (!(tensor instanceof Tensor)) throw new Error(`'${module._get_name()}' object has no attribute '${name}'`);
  const whole = combined(take_method(module, name), method);
  if (importance_scores !== null && !same_sizes(importance_scores.shape, tensor.shape)) {
    throw new Error(
      `importance_scores should have the same shape as parameter ${name} of ${String(module)}, ` +
        `got ${String(importance_scores.shape)} vs ${String(tensor.shape)}`,
    );
  }
  const first = !(whole instanceof PruningContainer);
  if (first) {
    module.register_parameter(`${name}_orig`, tensor as Parameter);
    remove_member(module, name);
  }
  const default_mask = first
    ? ones_like(tensor)
    : fields[`${name}_mask`]!.detach().clone({ memory_format: contiguous_format });
  try {
    module.register_buffer(`${name}_mask`, whole.compute_mask(importance_scores ?? tensor, default_mask));
    fields[name] = whole.apply_mask(module);
    module.register_forward_pre_hook(whole);
  } catch (error) {
    if (first) {
      remove_member(module, `${name}_orig`);
      module.register_parameter(name, tensor as Parameter);
    }
    throw error;
  }
  return whole;
}

define_kind('BasePruningMethod', 'BasePruningMethod', (value) => value instanceof BasePruningMethod);

const PRUNING_CONTAINER = signature<{ args: readonly BasePruningMethod[] }>(
  'PruningContainer',
  '*args: BasePruningMethod',
);

/**
 * Holds the methods that have pruned the same parameter one after the other. Its mask is the product of theirs. Mirrors
 * `torch.nn.utils.prune.PruningContainer`.
 *
 * @param args - the methods
 * @throws TypeError when a value is not a pruning method
 * @throws Error when the methods act on different parameters
 * @example
 * ```ts
 * const { prune } = nn.utils;
 * const linear = new nn.Linear(3, 2);
 * prune.l1_unstructured(linear, 'weight', 2);
 * prune.random_unstructured(linear, 'weight', 1);
 * print(linear.weight);
 * ```
 * ```python
 * import torch.nn.utils.prune as prune
 * linear = nn.Linear(3, 2)
 * prune.l1_unstructured(linear, 'weight', amount=2)
 * prune.random_unstructured(linear, 'weight', amount=1)
 * print(linear.weight)
 * ```
 */
export class PruningContainer extends BasePruningMethod implements Iterable<BasePruningMethod> {
  readonly PRUNING_TYPE = 'global';
  _pruning_methods: readonly BasePruningMethod[] = [];

  constructor(...args: BasePruningMethod[]) {
    const { args: methods } = PRUNING_CONTAINER.read(args);
    super();
    if (methods.length === 1) this._tensor_name = methods[0]?._tensor_name;
    for (const method of methods) this.add_pruning_method(method);
  }

  /**
   * Adds a method.
   *
   * @throws TypeError when it is not a pruning method
   * @throws Error when it acts on another parameter
   */
  add_pruning_method(method: BasePruningMethod): void {
    if (!(method instanceof BasePruningMethod)) {
      throw new TypeError(`${kind_of(method)} is not a BasePruningMethod subclass`);
    }
    if (method._tensor_name !== this._tensor_name) {
      throw new Error(
        `Can only add pruning methods acting on the parameter named '${String(this._tensor_name)}' to ` +
          `PruningContainer. Found '${String(method._tensor_name)}'`,
      );
    }
    this._pruning_methods = [...this._pruning_methods, method];
  }

  get length(): number {
    return this._pruning_methods.length;
  }

  [Symbol.iterator](): Iterator<BasePruningMethod> {
    return this._pruning_methods[Symbol.iterator]();
  }

  /** Returns the method at a position, counted from the end when negative. */
  at(index: number): BasePruningMethod | undefined {
    return this._pruning_methods.at(index);
  }

  /** Applies the last method to what the mask has left, and combines both. */
  compute_mask(t: Tensor, default_mask: Tensor): Tensor {
    const method = this._pruning_methods.at(-1);
    if (method === undefined) throw new Error('PruningContainer has no pruning method');
    const mask = default_mask.to(t.dtype);
    const left = left_by(default_mask, method);
    const partial = method.compute_mask(t.index(...left), default_mask.index(...left));
    mask.index_put_(left, partial.to(mask.dtype));
    return mask;
  }
}

/** Subscripts of what a mask leaves for a method to choose from. */
function left_by(mask: Tensor, method: BasePruningMethod): (Tensor | string)[] {
  const all = Array.from({ length: mask.ndim }, () => ':');
  switch (method.PRUNING_TYPE) {
    case 'unstructured':
      return [mask.eq(1)];
    case 'global':
      return all;
    case 'structured':
      break;
    default:
      throw new Error(`Unrecognized PRUNING_TYPE ${String(method.PRUNING_TYPE)}`);
  }
  const { dim: given } = method as { dim?: number };
  if (given === undefined) {
    throw new Error('Pruning methods of PRUNING_TYPE "structured" need to have the attribute `dim` defined.');
  }
  const dim = given < 0 ? given + mask.ndim : given;
  if (dim < 0) throw new RangeError(`Index is out of bounds for tensor with dimensions ${mask.ndim}`);
  const others = all.map((_, d) => d).filter((d) => d !== dim);
  return all.map((every, d) => (d === dim ? mask.sum(others).ne(0) : every));
}

const IDENTITY_METHOD = signature<object>('Identity', '');

/**
 * Prunes nothing, but registers the parameter as `name_orig` and a mask of ones. Mirrors
 * `torch.nn.utils.prune.Identity`.
 *
 * @example
 * ```ts
 * const { prune } = nn.utils;
 * const linear = new nn.Linear(3, 2);
 * prune.Identity.apply(linear, 'weight');
 * print(linear.weight);
 * ```
 * ```python
 * import torch.nn.utils.prune as prune
 * linear = nn.Linear(3, 2)
 * prune.Identity.apply(linear, 'weight')
 * print(linear.weight)
 * ```
 */
export class Identity extends BasePruningMethod {
  static override readonly _apply_arguments = signature<ApplyArguments>('apply', 'module: Module, name: str');
  readonly PRUNING_TYPE = 'unstructured';

  constructor(...args: Arguments<[], object, []>) {
    IDENTITY_METHOD.read(args);
    super();
  }

  compute_mask(_t: Tensor, default_mask: Tensor): Tensor {
    return default_mask;
  }
}

interface AmountArguments {
  /** How many to prune: an integer, or a fraction of all; 1 is one. */
  amount: Amount;
}

type AmountCall = Arguments<[amount: Amount], AmountArguments, ['amount']>;

/** Methods that prune a number of single elements. */
abstract class ElementsPruned extends BasePruningMethod {
  readonly PRUNING_TYPE = 'unstructured';
  readonly amount: Amount;

  constructor(amount: Amount) {
    super();
    this.amount = checked_amount(amount);
  }

  compute_mask(t: Tensor, default_mask: Tensor): Tensor {
    const mask = default_mask.clone({ memory_format: contiguous_format });
    const k = pruned_count(this.amount, t.numel());
    if (k > 0) mask.view(-1).index_put_(this.chosen(t, k), 0);
    return mask;
  }

  /** The places of `k` elements in the flattened tensor. */
  protected abstract chosen(t: Tensor, k: number): Tensor;
}

const RANDOM_UNSTRUCTURED_METHOD = signature<AmountArguments>('RandomUnstructured', 'amount: float');

/**
 * Prunes elements that are chosen at random. Mirrors `torch.nn.utils.prune.RandomUnstructured`.
 *
 * @param amount - how many elements to prune: an integer, or a fraction of all; 1 is one element
 * @throws TypeError when the amount is not a number
 * @throws Error when it is negative or too large
 * @example
 * ```ts
 * const { prune } = nn.utils;
 * const linear = new nn.Linear(3, 2);
 * prune.RandomUnstructured.apply(linear, 'weight', 2);
 * print(linear.weight);
 * ```
 * ```python
 * import torch.nn.utils.prune as prune
 * linear = nn.Linear(3, 2)
 * prune.RandomUnstructured.apply(linear, 'weight', amount=2)
 * print(linear.weight)
 * ```
 */
export class RandomUnstructured extends ElementsPruned {
  static override readonly _apply_arguments = signature<ApplyArguments>(
    'apply',
    'module: Module, name: str, amount: float',
  );

  /** @param args - `amount`: how many elements, an integer, or a fraction; 1 is one element */
  constructor(...args: AmountCall) {
    super(RANDOM_UNSTRUCTURED_METHOD.read(args).amount);
  }

  protected chosen(t: Tensor, k: number): Tensor {
    return topk(rand_like(t).view(-1), k)[1];
  }
}

const L1_UNSTRUCTURED_METHOD = signature<AmountArguments>('L1Unstructured', 'amount: float');

/**
 * Prunes the elements with the smallest absolute values. Mirrors `torch.nn.utils.prune.L1Unstructured`.
 *
 * @param amount - how many elements to prune: an integer, or a fraction of all; 1 is one element
 * @throws TypeError when the amount is not a number
 * @throws Error when it is negative or too large
 * @example
 * ```ts
 * const { prune } = nn.utils;
 * const linear = new nn.Linear(3, 2);
 * prune.L1Unstructured.apply(linear, 'weight', 2);
 * print(linear.weight);
 * ```
 * ```python
 * import torch.nn.utils.prune as prune
 * linear = nn.Linear(3, 2)
 * prune.L1Unstructured.apply(linear, 'weight', amount=2)
 * print(linear.weight)
 * ```
 */
export class L1Unstructured extends ElementsPruned {
  static override readonly _apply_arguments = signature<ApplyArguments>(
    'apply',
    'module: Module, name: str, amount: float, importance_scores?: Tensor|None',
  );

  /** @param args - `amount`: how many elements, an integer, or a fraction; 1 is one element */
  constructor(...args: AmountCall) {
    super(L1_UNSTRUCTURED_METHOD.read(args).amount);
  }

  protected chosen(t: Tensor, k: number): Tensor {
    return topk(t.abs().view(-1), k, { largest: false })[1];
  }
}

/** How many channels of a tensor a method may choose from. */
function channels_of(t: Tensor, dim: number): number {
  if (t.ndim <= 1) {
    throw new Error(
      'Structured pruning can only be applied to multidimensional tensors. ' +
        `Found tensor of shape ${String(t.shape)} with ${t.ndim} dims`,
    );
  }
  if (dim >= t.ndim) throw new RangeError(`Invalid index ${dim} for tensor of size ${String(t.shape)}`);
  return t.size(dim);
}

/** The mask that keeps some channels of what a mask so far has kept. */
function keeping(t: Tensor, dim: number, channels: Tensor, default_mask: Tensor): Tensor {
  const mask = zeros_like(t);
  const place = dim < 0 ? dim + t.ndim : dim;
  mask.index_put_(
    Array.from({ length: t.ndim }, (_, d) => (d === place ? channels : ':')),
    1,
  );
  return mask.mul_(default_mask.to(mask.dtype));
}

interface ChannelsArguments extends AmountArguments {
  /** Dimension along which the channels lie. Default -1. */
  dim?: number;
}

const RANDOM_STRUCTURED_METHOD = signature<ChannelsArguments>('RandomStructured', 'amount: float, dim?: int');

/**
 * Prunes channels that are chosen at random. Mirrors `torch.nn.utils.prune.RandomStructured`.
 *
 * @param amount - how many channels to prune: an integer, or a fraction of all; 1 is one channel
 * @param dim - dimension along which the channels lie; default -1
 * @throws TypeError when the amount is not a number
 * @throws Error when it is negative or too large
 * @example
 * ```ts
 * const { prune } = nn.utils;
 * const linear = new nn.Linear(3, 2);
 * prune.RandomStructured.apply(linear, 'weight', 1, 1);
 * print(linear.weight);
 * ```
 * ```python
 * import torch.nn.utils.prune as prune
 * linear = nn.Linear(3, 2)
 * prune.RandomStructured.apply(linear, 'weight', amount=1, dim=1)
 * print(linear.weight)
 * ```
 */
export class RandomStructured extends BasePruningMethod {
  static override readonly _apply_arguments = signature<ApplyArguments>(
    'apply',
    'module: Module, name: str, amount: float, dim?: int',
  );
  readonly PRUNING_TYPE = 'structured';
  readonly amount: Amount;
  readonly dim: number;

  /**
   * @param args - `amount`: how many channels, an integer, or a fraction; 1 is one channel; `dim`: along which dimension the
   * channels lie, default -1
   */
  constructor(...args: Arguments<[amount: Amount, dim?: number], ChannelsArguments, ['amount', 'dim']>) {
    const { amount, dim = -1 } = RANDOM_STRUCTURED_METHOD.read(args);
    super();
    this.amount = checked_amount(amount);
    this.dim = dim;
  }

  compute_mask(t: Tensor, default_mask: Tensor): Tensor {
    const channels = channels_of(t, this.dim);
    const k = pruned_count(this.amount, channels);
    if (k === 0) return default_mask;
    const draws = rand([channels]);
    return keeping(t, this.dim, draws.gt(kthvalue(draws, k)[0]), default_mask);
  }
}

/** The order of a norm, as `torch.norm` takes it. */
type NormOrder = number | 'fro' | 'nuc';

interface NormedChannelsArguments extends ChannelsArguments {
  /** The order of the norm, as `torch.norm` takes it. */
  n: NormOrder;
}

const LN_STRUCTURED_METHOD = signature<NormedChannelsArguments>(
  'LnStructured',
  'amount: float, n: float|str, dim?: int',
);

/**
 * Prunes the channels with the smallest norms. Mirrors `torch.nn.utils.prune.LnStructured`.
 *
 * @param amount - how many channels to prune: an integer, or a fraction of all; 1 is one channel
 * @param n - order of the norm, as `torch.norm` takes it
 * @param dim - dimension along which the channels lie; default -1
 * @throws TypeError when the amount is not a number
 * @throws Error when it is negative or too large
 * @example
 * ```ts
 * const { prune } = nn.utils;
 * const linear = new nn.Linear(3, 2);
 * prune.LnStructured.apply(linear, 'weight', 1, 2, 1);
 * print(linear.weight);
 * ```
 * ```python
 * import torch.nn.utils.prune as prune
 * linear = nn.Linear(3, 2)
 * prune.LnStructured.apply(linear, 'weight', amount=1, n=2, dim=1)
 * print(linear.weight)
 * ```
 */
export class LnStructured extends BasePruningMethod {
  static override readonly _apply_arguments = signature<ApplyArguments>(
    'apply',
    'module: Module, name: str, amount: float, n: float|str, dim: int, importance_scores?: Tensor|None',
  );
  readonly PRUNING_TYPE = 'structured';
  readonly amount: Amount;
  readonly n: NormOrder;
  readonly dim: number;

  /**
   * @param args - `amount`: how many channels, an integer, or a fraction; 1 is one channel; `n`: the order of the norm, as
   * `torch.norm` takes it; `dim`: along which dimension the channels lie, default -1
   */
  constructor(
    ...args: Arguments<[amount: Amount, n: NormOrder, dim?: number], NormedChannelsArguments, ['amount', 'n', 'dim']>
  ) {
    const { amount, n, dim = -1 } = LN_STRUCTURED_METHOD.read(args);
    super();
    this.amount = checked_amount(amount);
    this.n = n;
    this.dim = dim;
  }

  compute_mask(t: Tensor, default_mask: Tensor): Tensor {
    const channels = channels_of(t, this.dim);
    const k = pruned_count(this.amount, channels);
    const place = this.dim < 0 ? this.dim + t.ndim : this.dim;
    const others = t.shape.map((_, d) => d).filter((d) => d !== place);
    const kept = topk(t.norm(this.n, others), channels - k)[1];
    return k === 0 ? default_mask : keeping(t, this.dim, kept, default_mask);
  }
}

interface MaskArguments {
  /** 1 where the tensor is kept, else 0. */
  mask: Tensor;
}

const CUSTOM_FROM_MASK_METHOD = signature<MaskArguments>('CustomFromMask', 'mask: Tensor');

/**
 * Prunes by a given mask. Mirrors `torch.nn.utils.prune.CustomFromMask`.
 *
 * @param mask - 1 where the tensor is kept, else 0, of the shape of the parameter
 * @example
 * ```ts
 * const { prune } = nn.utils;
 * const linear = new nn.Linear(3, 2);
 * prune.CustomFromMask.apply(linear, 'weight', torch.tensor([[1, 0, 1], [0, 1, 1]]));
 * print(linear.weight);
 * ```
 * ```python
 * import torch.nn.utils.prune as prune
 * linear = nn.Linear(3, 2)
 * prune.CustomFromMask.apply(linear, 'weight', mask=torch.tensor([[1, 0, 1], [0, 1, 1]]))
 * print(linear.weight)
 * ```
 */
export class CustomFromMask extends BasePruningMethod {
  static override readonly _apply_arguments = signature<ApplyArguments>(
    'apply',
    'module: Module, name: str, mask: Tensor',
  );
  readonly PRUNING_TYPE = 'global';
  readonly mask: Tensor;

  constructor(...args: Arguments<[mask: Tensor], MaskArguments, ['mask']>) {
    const { mask } = CUSTOM_FROM_MASK_METHOD.read(args);
    super();
    this.mask = mask;
  }

  compute_mask(_t: Tensor, default_mask: Tensor): Tensor {
    if (!same_sizes(default_mask.shape, this.mask.shape)) {
      throw new Error(
        `default_mask shape ${String(default_mask.shape)} must match self.mask shape ` + String(this.mask.shape),
      );
    }
    return default_mask.mul(this.mask.to(default_mask.dtype));
  }
}

// ---- Functions ----------------------------------------------------------------------------------

interface Place<M> {
  /** The module, which is changed. */
  module: M;
  /** Name of the parameter. */
  name: string;
}

const IDENTITY = signature<Place<Module>>('identity', 'module: Module, name: str');

/**
 * Registers a parameter as `name_orig` and a mask of ones, without pruning it. Mirrors `torch.nn.utils.prune.identity`.
 *
 * @param module - the module, which is changed
 * @param name - name of the parameter
 * @returns the module
 * @example
 * ```ts
 * const { prune } = nn.utils;
 * const linear = new nn.Linear(3, 2);
 * prune.identity(linear, 'weight');
 * print(linear.weight);
 * ```
 * ```python
 * import torch.nn.utils.prune as prune
 * linear = nn.Linear(3, 2)
 * prune.identity(linear, 'weight')
 * print(linear.weight)
 * ```
 */
export function identity<M extends Module>(module: M, name: string): M;
export function identity<M extends Module>(
  ...args: Arguments<[module: M, name: string], Place<M>, ['module', 'name']>
): M;
export function identity<M extends Module>(...args: unknown[]): M {
  const { module, name } = IDENTITY.read(args);
  Identity.apply(module, name);
  return module as M;
}

interface UnstructuredArguments<M> extends Place<M> {
  /** How many elements to prune: an integer, or a fraction of all; 1 is one element. */
  amount: Amount;
}

const RANDOM_UNSTRUCTURED = signature<UnstructuredArguments<Module>>(
  'random_unstructured',
  'module: Module, name: str, amount: float',
);

/**
 * Prunes elements of a parameter that are chosen at random. Mirrors `torch.nn.utils.prune.random_unstructured`.
 *
 * @param module - the module, which is changed
 * @param name - name of the parameter
 * @param amount - how many elements to prune: an integer, or a fraction of all; 1 is one element
 * @returns the module
 * @throws Error when the amount is negative or too large
 * @example
 * ```ts
 * const { prune } = nn.utils;
 * const linear = new nn.Linear(3, 2);
 * prune.random_unstructured(linear, 'weight', 2);
 * print(linear.weight);
 * ```
 * ```python
 * import torch.nn.utils.prune as prune
 * linear = nn.Linear(3, 2)
 * prune.random_unstructured(linear, 'weight', amount=2)
 * print(linear.weight)
 * ```
 */
export function random_unstructured<M extends Module>(module: M, name: string, amount: Amount): M;
export function random_unstructured<M extends Module>(
  ...args: Arguments<[module: M, name: string, amount: Amount], UnstructuredArguments<M>, ['module', 'name', 'amount']>
): M;
export function random_unstructured<M extends Module>(...args: unknown[]): M {
  const { module, name, amount } = RANDOM_UNSTRUCTURED.read(args);
  RandomUnstructured.apply(module, name, amount);
  return module as M;
}

const L1_UNSTRUCTURED = signature<UnstructuredArguments<Module> & ImportanceOption>(
  'l1_unstructured',
  'module: Module, name: str, amount: float, importance_scores?: Tensor|None',
);

/**
 * Prunes the elements of a parameter with the smallest absolute values, or the smallest importance scores. Mirrors
 * `torch.nn.utils.prune.l1_unstructured`.
 *
 * @param module - the module, which is changed
 * @param name - name of the parameter
 * @param amount - how many elements to prune: an integer, or a fraction of all; 1 is one element
 * @param importance_scores - compare these, of the shape of the parameter, instead of the elements; default null
 * @returns the module
 * @throws Error when the amount is negative or too large, or when the scores have another shape
 * @example
 * ```ts
 * const { prune } = nn.utils;
 * const linear = new nn.Linear(3, 2);
 * prune.l1_unstructured(linear, 'weight', 0.5);
 * print(linear.weight);
 * ```
 * ```python
 * import torch.nn.utils.prune as prune
 * linear = nn.Linear(3, 2)
 * prune.l1_unstructured(linear, 'weight', amount=0.5)
 * print(linear.weight)
 * ```
 */
export function l1_unstructured<M extends Module>(
  module: M,
  name: string,
  amount: Amount,
  importance_scores?: Tensor | null,
): M;
export function l1_unstructured<M extends Module>(
  ...args: Arguments<
    [module: M, name: string, amount: Amount, importance_scores?: Tensor | null],
    UnstructuredArguments<M> & ImportanceOption,
    ['module', 'name', 'amount', 'importance_scores']
  >
): M;
export function l1_unstructured<M extends Module>(...args: unknown[]): M {
  const { module, name, amount, importance_scores } = L1_UNSTRUCTURED.read(args);
  L1Unstructured.apply(module, name, amount, importance_scores);
  return module as M;
}

interface StructuredArguments<M> extends Place<M> {
  /** How many channels to prune: an integer, or a fraction of all; 1 is one channel. */
  amount: Amount;
  /** Dimension along which the channels lie. */
  dim: number;
}

const RANDOM_STRUCTURED = signature<StructuredArguments<Module>>(
  'random_structured',
  'module: Module, name: str, amount: float, dim: int',
);

/**
 * Prunes channels of a parameter that are chosen at random. Mirrors `torch.nn.utils.prune.random_structured`.
 *
 * @param module - the module, which is changed
 * @param name - name of the parameter
 * @param amount - how many channels to prune: an integer, or a fraction of all; 1 is one channel
 * @param dim - dimension along which the channels lie
 * @returns the module
 * @throws Error when the amount is negative or too large
 * @example
 * ```ts
 * const { prune } = nn.utils;
 * const linear = new nn.Linear(3, 2);
 * prune.random_structured(linear, 'weight', { amount: 1, dim: 1 });
 * print(linear.weight);
 * ```
 * ```python
 * import torch.nn.utils.prune as prune
 * linear = nn.Linear(3, 2)
 * prune.random_structured(linear, 'weight', amount=1, dim=1)
 * print(linear.weight)
 * ```
 */
export function random_structured<M extends Module>(module: M, name: string, amount: Amount, dim: number): M;
export function random_structured<M extends Module>(
  ...args: Arguments<
    [module: M, name: string, amount: Amount, dim: number],
    StructuredArguments<M>,
    ['module', 'name', 'amount', 'dim']
  >
): M;
export function random_structured<M extends Module>(...args: unknown[]): M {
  const { module, name, amount, dim } = RANDOM_STRUCTURED.read(args);
  RandomStructured.apply(module, name, amount, dim);
  return module as M;
}

interface LnStructuredArguments<M> extends StructuredArguments<M>, ImportanceOption {
  /** The order of the norm. */
  n: NormOrder;
}

const LN_STRUCTURED = signature<LnStructuredArguments<Module>>(
  'ln_structured',
  'module: Module, name: str, amount: float, n: float|str, dim: int, importance_scores?: Tensor|None',
);

/**
 * Prunes the channels of a parameter with the smallest norms, of themselves or of the importance scores. Mirrors
 * `torch.nn.utils.prune.ln_structured`.
 *
 * @param module - the module, which is changed
 * @param name - name of the parameter
 * @param amount - how many channels to prune: an integer, or a fraction of all; 1 is one channel
 * @param n - order of the norm, as `torch.norm` takes it
 * @param dim - dimension along which the channels lie
 * @param importance_scores - compare these, of the shape of the parameter, instead of the elements; default null
 * @returns the module
 * @throws Error when the amount is negative or too large, or when the scores have another shape
 * @example
 * ```ts
 * const { prune } = nn.utils;
 * const linear = new nn.Linear(3, 2);
 * prune.ln_structured(linear, 'weight', { amount: 1, n: 2, dim: 0 });
 * print(linear.weight);
 * ```
 * ```python
 * import torch.nn.utils.prune as prune
 * linear = nn.Linear(3, 2)
 * prune.ln_structured(linear, 'weight', amount=1, n=2, dim=0)
 * print(linear.weight)
 * ```
 */
export function ln_structured<M extends Module>(
  module: M,
  name: string,
  amount: Amount,
  n: NormOrder,
  dim: number,
  importance_scores?: Tensor | null,
): M;
export function ln_structured<M extends Module>(
  ...args: Arguments<
    [module: M, name: string, amount: Amount, n: NormOrder, dim: number, importance_scores?: Tensor | null],
    LnStructuredArguments<M>,
    ['module', 'name', 'amount', 'n', 'dim', 'importance_scores']
  >
): M;
export function ln_structured<M extends Module>(...args: unknown[]): M {
  const { module, name, amount, n, dim, importance_scores } = LN_STRUCTURED.read(args);
  LnStructured.apply(module, name, amount, n, dim, importance_scores);
  return module as M;
}

interface CustomFromMaskArguments<M> extends Place<M>, MaskArguments {}

const CUSTOM_FROM_MASK = signature<CustomFromMaskArguments<Module>>(
  'custom_from_mask',
  'module: Module, name: str, mask: Tensor',
);

/**
 * Prunes a parameter by a given mask: `weight = weight_orig * mask`. Mirrors `torch.nn.utils.prune.custom_from_mask`.
 *
 * @param module - the module, which is changed
 * @param name - name of the parameter
 * @param mask - 1 where the tensor is kept, else 0, of the shape of the parameter
 * @returns the module
 * @example
 * ```ts
 * const { prune } = nn.utils;
 * const linear = new nn.Linear(3, 2);
 * prune.custom_from_mask(linear, 'weight', torch.tensor([[1, 0, 1], [0, 1, 1]]));
 * print(linear.weight);
 * ```
 * ```python
 * import torch.nn.utils.prune as prune
 * linear = nn.Linear(3, 2)
 * prune.custom_from_mask(linear, 'weight', mask=torch.tensor([[1, 0, 1], [0, 1, 1]]))
 * print(linear.weight)
 * ```
 */
export function custom_from_mask<M extends Module>(module: M, name: string, mask: Tensor): M;
export function custom_from_mask<M extends Module>(
  ...args: Arguments<[module: M, name: string, mask: Tensor], CustomFromMaskArguments<M>, ['module', 'name', 'mask']>
): M;
export function custom_from_mask<M extends Module>(...args: unknown[]): M {
  const { module, name, mask } = CUSTOM_FROM_MASK.read(args);
  CustomFromMask.apply(module, name, mask);
  return module as M;
}

/** Parameters, as pairs of module and name. */
export type NamedParameters = Iterable<readonly [module: Module, name: string]>;

/** Importance scores of parameters, as triples of module, name and scores. */
export type NamedScores = Iterable<readonly [module: Module, name: string, scores: Tensor]>;

interface GlobalArguments<M extends BasePruningMethod> {
  /** `[module, name]` pairs. */
  parameters: NamedParameters;
  /** A class of type `'unstructured'`. */
  pruning_method: PruningClass<M>;
  /** `[module, name, scores]` triples: compare these instead of the elements. */
  importance_scores?: NamedScores | null;
}

const GLOBAL_UNSTRUCTURED = signature<GlobalArguments<BasePruningMethod> & { kwargs: Record<string, unknown> }>(
  'global_unstructured',
  'parameters: Iterable, pruning_method: Callable, importance_scores?: Iterable|None, **kwargs: any',
);

/**
 * Prunes several parameters together, as if they were one: the fractions of each may differ. Mirrors
 * `torch.nn.utils.prune.global_unstructured`.
 *
 * @param parameters - pairs `[module, name]`; the modules are changed
 * @param pruning_method - a class of type `'unstructured'`
 * @param importance_scores - triples `[module, name, scores]`: compare these instead of the elements; default null
 * @param kwargs - arguments of the class by name, such as `amount`, beside the others
 * @throws TypeError when the method is not of type `'unstructured'`
 * @example
 * ```ts
 * const { prune } = nn.utils;
 * const net = new nn.Sequential(new nn.Linear(2, 2), new nn.Linear(2, 1));
 * prune.global_unstructured([[net[0], 'weight'], [net[1], 'weight']], prune.L1Unstructured, null, { amount: 3 });
 * print(net[0].weight, net[1].weight);
 * ```
 * ```python
 * import torch.nn.utils.prune as prune
 * net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
 * prune.global_unstructured([(net[0], 'weight'), (net[1], 'weight')], prune.L1Unstructured, amount=3)
 * print(net[0].weight, net[1].weight)
 * ```
 */
export function global_unstructured<M extends BasePruningMethod>(
  parameters: NamedParameters,
  pruning_method: PruningClass<M>,
  importance_scores?: NamedScores | null,
  kwargs?: Record<string, unknown>,
): void;
export function global_unstructured<M extends BasePruningMethod>(
  ...args: Arguments<
    [parameters: NamedParameters, pruning_method: PruningClass<M>, importance_scores?: NamedScores | null],
    GlobalArguments<M> & Record<string, unknown>,
    ['parameters', 'pruning_method', 'importance_scores']
  >
): void;
export function global_unstructured(...args: unknown[]): void {
  const { parameters, pruning_method, importance_scores, kwargs } = GLOBAL_UNSTRUCTURED.read(args);
  const pairs = [...parameters];
  const scores = [...(importance_scores ?? [])];
  const importance = parameters_to_vector(
    pairs.map(
      ([module, name]) =>
        scores.find(([its_module, its_name]) => its_module === module && its_name === name)?.[2] ??
        tensor_of(module, name),
    ),
  );
  const default_mask = parameters_to_vector(
    pairs.map(([module, name]) => {
      const mask = fields_of(module)[`${name}_mask`];
      return mask instanceof Tensor ? mask : ones_like(tensor_of(module, name));
    }),
  );

  const method = new (pruning_method as unknown as new (options: object) => BasePruningMethod)(kwargs);
  if (method.PRUNING_TYPE !== 'unstructured') {
    throw new TypeError(
      'Only "unstructured" PRUNING_TYPE supported for the `pruning_method`. ' +
        `Found method ${pruning_method.name} of type ${method.PRUNING_TYPE}`,
    );
  }
  method._tensor_name = 'temp';
  const mask = new PruningContainer(method).compute_mask(importance, default_mask);
  let start = 0;
  for (const [module, name] of pairs) {
    const tensor = tensor_of(module, name);
    custom_from_mask(module, name, mask.narrow(0, start, tensor.numel()).view_as(tensor));
    start += tensor.numel();
  }
}

const REMOVE = signature<Place<Module>>('remove', 'module: Module, name: str');

/**
 * Makes the pruning of a parameter permanent: it keeps its pruned value, and mask and hook are removed. Mirrors
 * `torch.nn.utils.prune.remove`.
 *
 * @param module - the module, which is changed
 * @param name - name of the parameter
 * @returns the module
 * @throws Error when the parameter is not pruned
 * @example
 * ```ts
 * const { prune } = nn.utils;
 * const linear = prune.l1_unstructured(new nn.Linear(3, 1), 'weight', 2);
 * print(prune.remove(linear, 'weight').weight);
 * ```
 * ```python
 * import torch.nn.utils.prune as prune
 * linear = prune.l1_unstructured(nn.Linear(3, 1), 'weight', amount=2)
 * print(prune.remove(linear, 'weight').weight)
 * ```
 */
export function remove<M extends Module>(module: M, name: string): M;
export function remove<M extends Module>(
  ...args: Arguments<[module: M, name: string], Place<M>, ['module', 'name']>
): M;
export function remove<M extends Module>(...args: unknown[]): M {
  const { module, name } = REMOVE.read(args);
  const method = take_method(module, name);
  if (method === null) {
    throw new Error(`Parameter '${name}' of module ${String(module)} has to be pruned before pruning can be removed`);
  }
  method.remove(module);
  return module as M;
}

const IS_PRUNED = signature<{ module: Module }>('is_pruned', 'module: Module');

/**
 * Returns whether a parameter of a module or of one of its submodules is pruned. Mirrors
 * `torch.nn.utils.prune.is_pruned`.
 *
 * @param module - the module
 * @example
 * ```ts
 * const { prune } = nn.utils;
 * const linear = new nn.Linear(3, 2);
 * print(prune.is_pruned(linear));
 * prune.identity(linear, 'weight');
 * print(prune.is_pruned(linear));
 * ```
 * ```python
 * import torch.nn.utils.prune as prune
 * linear = nn.Linear(3, 2)
 * print(prune.is_pruned(linear))
 * prune.identity(linear, 'weight')
 * print(prune.is_pruned(linear))
 * ```
 */
export function is_pruned(module: Module): boolean;
export function is_pruned(...args: Arguments<[module: Module], { module: Module }, ['module']>): boolean;
export function is_pruned(...args: unknown[]): boolean {
  for (const each of IS_PRUNED.read(args).module.modules()) {
    for (const { hook } of hooks_of(each).forward_pre) if (hook instanceof BasePruningMethod) return true;
  }
  return false;
}
