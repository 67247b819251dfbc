/** Parameters of which a part is set to zero. Mirrors `torch.nn.utils.prune`. */
import { kthvalue, ones_like, rand, rand_like, topk, zeros_like } from '../../generated/functions.js';
import type { HookObject } from '../../hooks.js';
import { parse_amount, pruned_count, type Amount } from './prune_amount.js';
import { Tensor } from '../../tensor.js';
import { bind, iterable_argument, tensor_arguments, type Tail } from '../arguments.js';
import { fields_of, hooks_of, Module, remove_member } from '../module.js';
import type { Parameter } from '../parameter.js';
import { kind_of } from '../representation.js';
import { contiguous_format } from '../../dtype.js';
import { is_plain_object } from '../../plain_object.js';
import { parameters_to_vector } from './convert_parameters.js';

export type { Amount } from './prune_amount.js';

/** Which elements a method chooses from: single ones, whole channels, or what a given mask says. */
export type PruningType = 'unstructured' | 'structured' | 'global';

/** How important each element is, where that is not the element itself. */
export interface ImportanceOption {
  importance_scores?: Tensor | null;
}

/** A class of pruning methods, whatever its constructor takes. */
interface PruningClass<M extends BasePruningMethod> {
  readonly prototype: M;
  readonly name: string;
}

/**
 * The base of all pruning methods: a hook that multiplies a parameter, which has become `name_orig`, with a mask, the
 * buffer `name_mask`, before each call. A subclass defines `PRUNING_TYPE` and `compute_mask`. Mirrors
 * `torch.nn.utils.prune.BasePruningMethod`.
 */
export abstract class BasePruningMethod implements HookObject<[module: Module, args: unknown[]], undefined> {
  abstract readonly PRUNING_TYPE: PruningType;
  /** Name of the parameter that the method has been applied to. */
  _tensor_name: string | undefined;

  /**
   * The mask of a tensor.
   *
   * @param t - the importance of each element
   * @param default_mask - the mask so far: 1 where the tensor is kept
   */
  abstract compute_mask(t: Tensor, default_mask: Tensor): Tensor;

  __call__(module: Module): undefined {
    fields_of(module)[this.tensor_name(module)] = this.apply_mask(module);
  }

  /** The pruned tensor. @throws Error before the method has been applied */
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

  /**
   * Prunes a parameter, beside what has been pruned of it already.
   *
   * @param args - what the constructor of the class takes; `importance_scores` may be among the options
   * @returns the method, or the {@link PruningContainer} that holds it and those before it
   * @throws Error when the scores are of another shape or the amount is more than there is; then the module is as before
   */
  static apply<M extends BasePruningMethod>(
    this: PruningClass<M>, module: Module, name: string, ...args: unknown[]
  ): BasePruningMethod {
    const [given, importance_scores] = without_scores(args);
    const method = new (this as unknown as new (...args: unknown[]) => M)(...given);
    method._tensor_name = name;
    return apply_method(method, module, name, importance_scores);
  }

  /** A pruned copy of a tensor that belongs to no module. */
  prune(
    t: Tensor, options: { default_mask?: Tensor | null; importance_scores?: Tensor | null } = {},
  ): Tensor {
    const { default_mask, importance_scores } = bind<{ default_mask?: Tensor | null; importance_scores?: Tensor | null }>(
      'prune', ['default_mask', 'importance_scores'], [options]);
    tensor_arguments('prune', { t }, { default_mask, importance_scores });
    if (importance_scores && !same_shape(importance_scores, t)) {
      throw new Error('importance_scores should have the same shape as tensor t, '
        + `got ${String(importance_scores.shape)} vs ${String(t.shape)}`);
    }
    return t.mul(this.compute_mask(importance_scores ?? t, default_mask ?? ones_like(t)));
  }

  /** Leaves the parameter as it is now, pruned for good. */
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

function same_shape(a: Tensor, b: Tensor): boolean {
  return String(a.shape) === String(b.shape);
}

/** Takes the scores out of the options at the end. */
function without_scores(args: readonly unknown[]): [args: unknown[], importance_scores: Tensor | null] {
  const last = args[args.length - 1];
  if (!is_plain_object(last)) return [[...args], null];
  const { importance_scores = null, ...options } = last as ImportanceOption;
  tensor_arguments('apply', {}, { importance_scores });
  return [[...args.slice(0, -1), ...(Object.keys(options).length > 0 ? [options] : [])], importance_scores];
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
  method: BasePruningMethod, module: Module, name: string, importance_scores: Tensor | null,
): BasePruningMethod {
  const fields = fields_of(module) as Record<string, Tensor | undefined>;
  const tensor = fields[name];
  if (!(tensor instanceof Tensor)) throw new Error(`'${module._get_name()}' object has no attribute '${name}'`);
  const whole = combined(take_method(module, name), method);
  if (importance_scores !== null && !same_shape(importance_scores, tensor)) {
    throw new Error(`importance_scores should have the same shape as parameter ${name} of ${String(module)}, `
      + `got ${String(importance_scores.shape)} vs ${String(tensor.shape)}`);
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

/**
 * Several methods that have pruned the same parameter, one after the other. Mirrors
 * `torch.nn.utils.prune.PruningContainer`.
 */
export class PruningContainer extends BasePruningMethod implements Iterable<BasePruningMethod> {
  readonly PRUNING_TYPE = 'global';
  _pruning_methods: readonly BasePruningMethod[] = [];

  constructor(...methods: BasePruningMethod[]) {
    super();
    if (methods.length === 1) this._tensor_name = methods[0]?._tensor_name;
    for (const method of methods) this.add_pruning_method(method);
  }

  /** Adds a method. @throws TypeError when it is none; Error when it acts on another parameter */
  add_pruning_method(method: BasePruningMethod): void {
    if (!(method instanceof BasePruningMethod)) {
      throw new TypeError(`${kind_of(method)} is not a BasePruningMethod subclass`);
    }
    if (method._tensor_name !== this._tensor_name) {
      throw new Error(`Can only add pruning methods acting on the parameter named '${String(this._tensor_name)}' to `
        + `PruningContainer. Found '${String(method._tensor_name)}'`);
    }
    this._pruning_methods = [...this._pruning_methods, method];
  }

  get length(): number {
    return this._pruning_methods.length;
  }

  [Symbol.iterator](): Iterator<BasePruningMethod> {
    return this._pruning_methods[Symbol.iterator]();
  }

  /** The method at a place, from the end when negative. */
  at(index: number): BasePruningMethod | undefined {
    return this._pruning_methods.at(index);
  }

  /** The mask so far, less what the last method takes from what was left. */
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
    case 'unstructured': return [mask.eq(1)];
    case 'global': return all;
    case 'structured': break;
    default: throw new Error(`Unrecognized PRUNING_TYPE ${String(method.PRUNING_TYPE)}`);
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

/** Prunes nothing, but brings the parameter and its mask into their places. Mirrors `torch.nn.utils.prune.Identity`. */
export class Identity extends BasePruningMethod {
  readonly PRUNING_TYPE = 'unstructured';

  compute_mask(_t: Tensor, default_mask: Tensor): Tensor {
    return default_mask;
  }
}

/** Methods that prune a number of single elements. */
abstract class ElementsPruned extends BasePruningMethod {
  readonly PRUNING_TYPE = 'unstructured';
  readonly amount: Amount;

  /** @param amount - how many elements: an integer, or a fraction; 1 is one element */
  constructor(amount: Amount | { amount: Amount }) {
    super();
    this.amount = parse_amount(this.constructor.name, amount);
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

/** Prunes elements at random. Mirrors `torch.nn.utils.prune.RandomUnstructured`. */
export class RandomUnstructured extends ElementsPruned {
  protected chosen(t: Tensor, k: number): Tensor {
    return topk(rand_like(t).view(-1), k)[1];
  }
}

/** Prunes the elements with the least absolute values. Mirrors `torch.nn.utils.prune.L1Unstructured`. */
export class L1Unstructured extends ElementsPruned {
  protected chosen(t: Tensor, k: number): Tensor {
    return topk(t.abs().view(-1), k, { largest: false })[1];
  }
}

/** How many channels of a tensor a method may choose from. */
function channels_of(t: Tensor, dim: number): number {
  if (t.ndim <= 1) {
    throw new Error('Structured pruning can only be applied to multidimensional tensors. '
      + `Found tensor of shape ${String(t.shape)} with ${t.ndim} dims`);
  }
  if (dim >= t.ndim) throw new RangeError(`Invalid index ${dim} for tensor of size ${String(t.shape)}`);
  return t.size(dim);
}

/** The mask that keeps some channels of what a mask so far has kept. */
function keeping(t: Tensor, dim: number, channels: Tensor, default_mask: Tensor): Tensor {
  const mask = zeros_like(t);
  const place = dim < 0 ? dim + t.ndim : dim;
  mask.index_put_(Array.from({ length: t.ndim }, (_, d) => (d === place ? channels : ':')), 1);
  return mask.mul_(default_mask.to(mask.dtype));
}

/** Prunes channels at random. Mirrors `torch.nn.utils.prune.RandomStructured`. */
export class RandomStructured extends BasePruningMethod {
  readonly PRUNING_TYPE = 'structured';
  readonly amount: Amount;
  readonly dim: number;

  /**
   * @param amount - how many channels: an integer, or a fraction; 1 is one channel
   * @param args - `dim`: along which dimension the channels lie, default -1
   */
  constructor(amount: Amount, ...args: Tail<[dim: number], { dim?: number }>);
  constructor(options: { amount: Amount; dim?: number });
  constructor(...args: unknown[]) {
    super();
    const { amount, dim = -1 } =
      bind<{ amount: Amount; dim?: number }>('RandomStructured', ['amount', 'dim'], args, 1);
    this.amount = parse_amount('RandomStructured', amount);
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

/** Prunes the channels with the least norms. Mirrors `torch.nn.utils.prune.LnStructured`. */
export class LnStructured extends BasePruningMethod {
  readonly PRUNING_TYPE = 'structured';
  readonly amount: Amount;
  readonly n: number | 'fro' | 'nuc';
  readonly dim: number;

  /**
   * @param amount - how many channels: an integer, or a fraction; 1 is one channel
   * @param n - the order of the norm, as `torch.norm` takes it
   * @param args - `dim`: along which dimension the channels lie, default -1
   */
  constructor(amount: Amount, n: number | 'fro' | 'nuc', ...args: Tail<[dim: number], { dim?: number }>);
  constructor(options: { amount: Amount; n: number | 'fro' | 'nuc'; dim?: number });
  constructor(...args: unknown[]) {
    super();
    const { amount, n, dim = -1 } = bind<{ amount: Amount; n: number | 'fro' | 'nuc'; dim?: number }>(
      'LnStructured', ['amount', 'n', 'dim'], args, 2);
    this.amount = parse_amount('LnStructured', amount);
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

/** Prunes what a given mask says. Mirrors `torch.nn.utils.prune.CustomFromMask`. */
export class CustomFromMask extends BasePruningMethod {
  readonly PRUNING_TYPE = 'global';
  readonly mask: Tensor;

  constructor(mask: Tensor | { mask: Tensor }) {
    super();
    this.mask = mask instanceof Tensor ? mask : bind<{ mask: Tensor }>('CustomFromMask', ['mask'], [mask], 1).mask;
    tensor_arguments('CustomFromMask', { mask: this.mask });
  }

  compute_mask(_t: Tensor, default_mask: Tensor): Tensor {
    if (!same_shape(default_mask, this.mask)) {
      throw new Error(`default_mask shape ${String(default_mask.shape)} must match self.mask shape `
        + String(this.mask.shape));
    }
    return default_mask.mul(this.mask.to(default_mask.dtype));
  }
}

// ---- Functions ----------------------------------------------------------------------------------

/** Brings a parameter and a mask of ones into their places. Mirrors `torch.nn.utils.prune.identity`. */
export function identity<M extends Module>(module: M, name: string): M {
  Identity.apply(module, name);
  return module;
}

/**
 * Prunes elements of a parameter at random. Mirrors `torch.nn.utils.prune.random_unstructured`.
 *
 * @param amount - how many elements: an integer, or a fraction of all; 1 is one element
 */
export function random_unstructured<M extends Module>(module: M, name: string, amount: Amount): M {
  RandomUnstructured.apply(module, name, amount);
  return module;
}

/**
 * Prunes the elements of a parameter with the least absolute values. Mirrors `torch.nn.utils.prune.l1_unstructured`.
 *
 * @param amount - how many elements: an integer, or a fraction of all; 1 is one element
 * @param args - `importance_scores`: compare these instead of the elements
 */
export function l1_unstructured<M extends Module>(
  module: M, name: string, amount: Amount, ...args: Tail<[importance_scores: Tensor | null], ImportanceOption>
): M {
  const scores = bind<ImportanceOption>('l1_unstructured', ['importance_scores'], args);
  L1Unstructured.apply(module, name, amount, { ...scores });
  return module;
}

/**
 * Prunes channels of a parameter at random. Mirrors `torch.nn.utils.prune.random_structured`.
 *
 * @param amount - how many channels: an integer, or a fraction of all; 1 is one channel
 * @param dim - along which dimension the channels lie
 */
export function random_structured<M extends Module>(module: M, name: string, amount: Amount, dim: number): M {
  RandomStructured.apply(module, name, amount, dim);
  return module;
}

/**
 * Prunes the channels of a parameter with the least norms. Mirrors `torch.nn.utils.prune.ln_structured`.
 *
 * @param amount - how many channels: an integer, or a fraction of all; 1 is one channel
 * @param n - the order of the norm
 * @param dim - along which dimension the channels lie
 * @param args - `importance_scores`: compare the norms of these instead
 */
export function ln_structured<M extends Module>(
  module: M, name: string, amount: Amount, n: number | 'fro' | 'nuc', dim: number,
  ...args: Tail<[importance_scores: Tensor | null], ImportanceOption>
): M {
  const scores = bind<ImportanceOption>('ln_structured', ['importance_scores'], args);
  LnStructured.apply(module, name, amount, n, dim, { ...scores });
  return module;
}

/** Prunes what a mask says. Mirrors `torch.nn.utils.prune.custom_from_mask`. */
export function custom_from_mask<M extends Module>(module: M, name: string, mask: Tensor): M {
  CustomFromMask.apply(module, name, mask);
  return module;
}

/** Parameters by their modules and names. */
export type NamedParameters = Iterable<readonly [module: Module, name: string]>;

/**
 * Prunes several parameters as if they were one. Mirrors `torch.nn.utils.prune.global_unstructured`.
 *
 * @param parameters - `[module, name]` pairs
 * @param pruning_method - a class of type `'unstructured'`
 * @param options - what its constructor takes by name; `importance_scores`: `[module, name, scores]` triples
 * @throws TypeError when the method prunes channels
 */
export function global_unstructured<M extends BasePruningMethod>(
  parameters: NamedParameters, pruning_method: PruningClass<M>,
  options: { importance_scores?: Iterable<readonly [module: Module, name: string, scores: Tensor]> | null }
    & Record<string, unknown> = {},
): void {
  iterable_argument('global_unstructured', 'parameters', parameters);
  const { importance_scores, ...its } = options;
  const pairs = [...parameters];
  const scores = [...importance_scores ?? []];
  const value = (module: Module, name: string): Tensor => fields_of(module)[name] as Tensor;
  const importance = parameters_to_vector(pairs.map(([module, name]) =>
    scores.find(([its_module, its_name]) => its_module === module && its_name === name)?.[2] ?? value(module, name)));
  const default_mask = parameters_to_vector(pairs.map(([module, name]) =>
    (fields_of(module)[`${name}_mask`] as Tensor | undefined) ?? ones_like(value(module, name))));

  const method = new (pruning_method as unknown as new (options: object) => M)(its);
  if (method.PRUNING_TYPE !== 'unstructured') {
    throw new TypeError('Only "unstructured" PRUNING_TYPE supported for the `pruning_method`. '
      + `Found method ${pruning_method.name} of type ${method.PRUNING_TYPE}`);
  }
  method._tensor_name = 'temp';
  const mask = new PruningContainer(method).compute_mask(importance, default_mask);
  let start = 0;
  for (const [module, name] of pairs) {
    const tensor = value(module, name);
    custom_from_mask(module, name, mask.narrow(0, start, tensor.numel()).view_as(tensor));
    start += tensor.numel();
  }
}

/**
 * Leaves a pruned parameter as it is now: pruned for good, without mask. Mirrors `torch.nn.utils.prune.remove`.
 *
 * @throws Error when the parameter is not pruned
 */
export function remove<M extends Module>(module: M, name: string): M {
  const method = take_method(module, name);
  if (method === null) {
    throw new Error(`Parameter '${name}' of module ${String(module)} has to be pruned before pruning can be removed`);
  }
  method.remove(module);
  return module;
}

/** Whether a parameter of a module, or of one below it, is pruned. Mirrors `torch.nn.utils.prune.is_pruned`. */
export function is_pruned(module: Module): boolean {
  for (const each of module.modules()) {
    for (const { hook } of hooks_of(each).forward_pre) if (hook instanceof BasePruningMethod) return true;
  }
  return false;
}
