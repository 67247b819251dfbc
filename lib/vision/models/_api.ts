/** Pretrained weights, the functions that make models, and the register of these. */
import { pattern_of } from '../../_internal/fnmatch.js';
import { types } from 'node:util';

import { kind_of } from '../../_internal/representation.js';
import { define_kind, signature, type Arguments, type Signature } from '../../_internal/signature.js';
import { warn } from '../../_internal/warnings.js';
import type { Module, StateDict } from '../../nn/modules/module.js';
import type { MapLocation } from '../../serialization/storage_location.js';
import { categories_of, type CategoryList } from './_meta.js';
import { make_preset, type Preset, type PresetName, type PresetOf } from '../transforms/_presets.js';
import { overwrite_named_param } from './_utils.js';
import { state_dict_from_url } from './state_dict_from_url.js';
import { WEIGHTS, type WeightNames } from './_weights.js';

/** What is known of weights. Mirrors the keys of `Weights.meta` in torchvision. */
export interface WeightsMeta {
  /**
   * The names of the classes, in the order of the model's outputs. Undefined or null for weights without classes, which programs
   * that ask for them do not have.
   */
  categories: string[];
  /** Number of parameters of the model. */
  num_params?: number;
  /** Smallest height and width of an input. */
  min_size?: [number, number];
  /** Where it is described how the weights were trained. */
  recipe?: string;
  [key: string]: unknown;
}

/** What is known of weights of one's own: all of it may be left out. */
export type WeightsMetaLike = Readonly<Partial<Omit<WeightsMeta, 'categories'>>> & {
  readonly categories?: readonly string[] | null;
};

/** How the weights of one name are written down in `_weights.ts`. */
export interface WeightsEntry {
  readonly url: string;
  readonly transforms: readonly [preset: PresetName, options: Readonly<Record<string, unknown>>];
  readonly meta: Readonly<Record<string, unknown>> & { readonly categories?: CategoryList | null };
}

/** The weights of an enumeration, in order; a text is another name of others. */
export type WeightsData = Readonly<Record<string, WeightsEntry | string>>;

/** Makes the transforms of weights; options replace those that the weights come with. */
export type MakesTransforms<P extends object = Preset> = (options?: Readonly<Record<string, unknown>>) => P;

interface WeightsArguments {
  /** Where the file with the state dict is. */
  url: string;
  /** Returns the transforms that inputs are to go through. */
  transforms: MakesTransforms;
  /** What is known of the weights. */
  meta: WeightsMetaLike;
}

const WEIGHTS_ARGUMENTS = signature<WeightsArguments>('Weights', 'url: str, transforms: Callable, meta: dict');

/**
 * Pretrained weights: where they are, what inputs must go through, and what is known of them. Mirrors
 * `torchvision.models.Weights`.
 *
 * @param url - where the file with the state dict is
 * @param transforms - returns the transforms that inputs are to go through
 * @param meta - what is known of the weights, such as the names of the classes
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models, transforms } from 'torch-node/vision';
 * const weights = new models.Weights({
 *   url: 'https://example.com/mine.pth',
 *   transforms: () => new transforms.ToTensor(),
 *   meta: { categories: ['cat', 'dog'] },
 * });
 * print(weights.meta.categories); // ['cat', 'dog']
 * ```
 */
export class Weights {
  readonly url: string;
  readonly transforms: MakesTransforms;
  readonly meta: WeightsMeta;

  constructor(
    ...args: Arguments<
      [url: string, transforms: MakesTransforms, meta: WeightsMetaLike],
      WeightsArguments,
      ['url', 'transforms', 'meta']
    >
  );
  constructor(...args: unknown[]) {
    const { url, transforms, meta } = WEIGHTS_ARGUMENTS.read(args);
    this.url = url;
    this.transforms = transforms;
    this.meta = meta as WeightsMeta;
  }
}

define_kind('Weights', 'Weights', (value) => value instanceof Weights);

/** What {@link WeightsEnum.get_state_dict} takes, as `torch.hub.load_state_dict_from_url` does. */
export interface GetStateDictOptions {
  /** Folder of the file. Default null: `checkpoints` in `torch.hub.get_dir()`. */
  model_dir?: string | null;
  /** Device of the tensors, as in `torch.load`. Default null. */
  map_location?: MapLocation | null;
  /** Draw a progress bar on stderr. Default true. */
  progress?: boolean;
  /** Check the file against the digits of its SHA-256 in its name. Default false. */
  check_hash?: boolean;
  /** Name of the file. Default null: the end of the URL. */
  file_name?: string | null;
}

const GET_STATE_DICT = signature<GetStateDictOptions>(
  'get_state_dict',
  'model_dir?: str|None, map_location?: any, progress?: bool, check_hash?: bool, file_name?: str|None',
);
const WEIGHTS_ENUM = signature<{ enumeration: string; name: string; value: Weights }>(
  'WeightsEnum',
  'enumeration: str, name: str, value: Weights',
);

/**
 * Weights of a model, a member of an enumeration such as `ResNet18_Weights`. Mirrors `torchvision.models.WeightsEnum`;
 * enumerations of one's own are made by {@link weights_enum}.
 *
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const weights = models.ResNet50_Weights.IMAGENET1K_V2;
 * print(weights); // ResNet50_Weights.IMAGENET1K_V2
 * print(weights.url); // https://download.pytorch.org/models/resnet50-11ad3fa6.pth
 * print(weights.meta.categories[0], weights.meta.num_params); // tench 25557032
 * ```
 */
export class WeightsEnum<N extends string = string> {
  /** The name of the enumeration. */
  readonly enumeration: N;
  /** The name within the enumeration: `'IMAGENET1K_V1'`. */
  readonly name: string;
  readonly value: Weights;

  /** @internal */
  constructor(enumeration: N, name: string, value: Weights) {
    WEIGHTS_ENUM.read([...arguments]);
    this.enumeration = enumeration;
    this.name = name;
    this.value = value;
  }

  /** Where the file with the state dict is. */
  get url(): string {
    return this.value.url;
  }

  /** Returns the transforms that inputs of the model are to go through. */
  get transforms(): MakesTransforms<PresetOf<N>> {
    return this.value.transforms as unknown as MakesTransforms<PresetOf<N>>;
  }

  /** What is known of the weights: names of the classes, measured accuracy, number of parameters. */
  get meta(): WeightsMeta {
    return this.value.meta;
  }

  /**
   * The state dict, which is downloaded to `torch.hub.get_dir()` unless it is there. The call waits for the download.
   *
   * @throws Error when the file cannot be fetched
   */
  get_state_dict(options?: GetStateDictOptions): StateDict;
  get_state_dict(...args: unknown[]): StateDict {
    return state_dict_from_url<StateDict>(this.url, GET_STATE_DICT.read(args));
  }

  /** `ResNet18_Weights.IMAGENET1K_V1` */
  toString(): string {
    return `${this.enumeration}.${this.name}`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** The members of an enumeration of weights, and what it can do. */
export class WeightsEnumeration<N extends string> implements Iterable<WeightsEnum<N>> {
  /** @internal */
  constructor(
    /** The name of the enumeration. */
    readonly name: N,
    members: Readonly<Record<string, Weights | string>>,
  ) {
    for (const [key, value] of Object.entries(members)) {
      const member = typeof value === 'string' ? this.member(value) : new WeightsEnum(name, key, value);
      Object.defineProperty(this, key, { value: member, enumerable: true });
    }
  }

  private member(key: string): WeightsEnum<N> {
    const found = Object.getOwnPropertyDescriptor(this, key)?.value as unknown;
    if (!(found instanceof WeightsEnum)) throw new Error(`KeyError: '${key}'`);
    return found as WeightsEnum<N>;
  }

  /**
   * Finds weights by their name, with or without that of the enumeration; lets weights of the enumeration and null pass.
   *
   * @throws TypeError for weights of another enumeration
   * @throws Error for an unknown name
   */
  verify(obj: WeightsEnum<N> | string | null): WeightsEnum<N> | null;
  verify(...args: unknown[]): WeightsEnum<N> | null {
    const { obj } = VERIFY.read(args);
    if (obj === null) return null;
    if (typeof obj === 'string') return this.member(obj.replace(`${this.name}.`, ''));
    if (obj instanceof WeightsEnum && obj.enumeration === this.name) return obj as WeightsEnum<N>;
    const found = obj instanceof WeightsEnum ? obj.enumeration : kind_of(obj);
    throw new TypeError(`Invalid Weight class provided; expected ${this.name} but received ${found}.`);
  }

  /** The members, other names of the same weights left out. */
  *[Symbol.iterator](): IterableIterator<WeightsEnum<N>> {
    yield* new Set(Object.values(this).filter((value): value is WeightsEnum<N> => value instanceof WeightsEnum));
  }

  /** Whether something is a member: `weights instanceof ResNet18_Weights`. */
  [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof WeightsEnum && value.enumeration === this.name;
  }

  toString(): string {
    return `<enum '${this.name}'>`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const VERIFY = signature<{ obj: unknown }>('verify', 'obj: any');

/** An enumeration of weights with members of known names. */
export type WeightsOf<N extends string, K extends string> = WeightsEnumeration<N> & {
  readonly [key in K]: WeightsEnum<N>;
};

const ENUM = signature<{ name: string; members: Record<string, Weights | string> }>(
  'weights_enum',
  'name: str, members: dict',
);

/**
 * Makes an enumeration of weights, for {@link register_model}'s models: what a subclass of `WeightsEnum` is in Python.
 *
 * @param name - the name of the enumeration
 * @param members - the weights by name; a text is another name for others
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * import { models, transforms } from 'torch-node/vision';
 * const V1 = new models.Weights('https://example.com/mine.pth', () => new transforms.ToTensor(), {});
 * const Mine_Weights = models.weights_enum('Mine_Weights', { V1, DEFAULT: 'V1' });
 * print(Mine_Weights.DEFAULT, Mine_Weights.DEFAULT === Mine_Weights.V1); // Mine_Weights.V1 True
 * ```
 */
export function weights_enum<N extends string, K extends string>(
  name: N,
  members: Readonly<Record<K, Weights | string>>,
): WeightsOf<N, K>;
export function weights_enum<N extends string, K extends string>(options: {
  name: N;
  members: Readonly<Record<K, Weights | string>>;
}): WeightsOf<N, K>;
export function weights_enum(...args: unknown[]): WeightsEnumeration<string> {
  const { name, members } = ENUM.read(args);
  for (const value of Object.values(members)) {
    if (value instanceof Weights || typeof value === 'string') continue;
    throw new TypeError(`weights_enum(): argument 'members' must hold Weights, not ${kind_of(value)}`);
  }
  return new WeightsEnumeration(name, members);
}

/** The enumerations of torchvision. */
export type WeightsName = keyof WeightNames;

/** Weights as functions that make models take them. */
export type WeightsArgument<N extends WeightsName> =
  | WeightsEnum<N>
  | WeightNames[N]
  | (WeightNames[N] extends infer K extends string ? `${N}.${K}` : never)
  | null;

const enumerations = new Map<string, WeightsEnumeration<string>>();

/** An enumeration of torchvision's. @internal */
export function known_weights<N extends WeightsName>(name: N): WeightsOf<N, WeightNames[N]> {
  const members: Record<string, Weights | string> = {};
  for (const [key, entry] of Object.entries(WEIGHTS[name])) {
    members[key] = typeof entry === 'string' ? entry : weights_of(entry);
  }
  const found = new WeightsEnumeration(name, members);
  enumerations.set(name, found);
  return found as unknown as WeightsOf<N, WeightNames[N]>;
}

function weights_of({ url, transforms, meta }: WeightsEntry): Weights {
  const [preset, options] = transforms;
  const { categories } = meta;
  const known: WeightsMeta = { ...(meta as Record<string, unknown>) } as WeightsMeta;
  if (categories !== undefined && categories !== null) known.categories = categories_of(categories);
  const { unquantized } = meta;
  if (typeof unquantized === 'string') known['unquantized'] = get_weight(unquantized);
  return new Weights(url, (given = {}) => make_preset(preset, { ...options, ...given }), known);
}

// ---- Functions that make models -----------------------------------------------------------------

/** What functions that make models take beside the options of the model. */
export interface BuilderOptions<N extends WeightsName> {
  /** Pretrained weights, or their name. Default null: weights drawn at random. */
  weights?: WeightsArgument<N>;
  /** Whether the first weights are taken. Deprecated, as in Python: `weights` says which. */
  pretrained?: boolean;
  /** Draw a progress bar on stderr while weights are downloaded. Default true. */
  progress?: boolean;
}

/** A function that makes a model. */
export type ModelBuilder<M extends Module, N extends WeightsName, C extends object> = (
  options?: BuilderOptions<N> & C,
) => M;

/** How a model is made. @internal */
export interface ModelRecipe<M extends Module, C extends object> {
  /** The options of the model, as a signature writes them. */
  readonly takes: string;
  /** Makes the model from its options. */
  make(config: C): M;
  /** What the weights demand of the options; by default as many classes as they have. */
  prepare?(config: C, weights: WeightsEnum): void;
  /** The state dict as the model has it now, when the file has an older form. */
  convert?(state_dict: StateDict): StateDict;
  /** What is left to do when the weights are in the model. */
  finish?(model: M, given: Readonly<C>): void;
}

const WEIGHTS_IN: unique symbol = Symbol('weights');

type AnyBuilder = ((config?: never) => Module) & { [WEIGHTS_IN]?: WeightsEnumeration<string> };

const builders = new Map<string, AnyBuilder>();

/** Makes the model have as many classes as the weights. @internal */
export function as_many_classes(config: object, weights: WeightsEnum): void {
  const { categories } = weights.meta as WeightsMetaLike;
  if (categories === undefined || categories === null) return;
  overwrite_named_param(config as Record<string, unknown>, 'num_classes', categories.length);
}

/** The arguments of a builder: those of the model, and what all have. @internal */
export function builder_signature<C extends object>(name: string, takes: string): Signature<C> {
  return signature<C>(name, `*, weights?: any, progress?: bool, pretrained?: bool, ${takes}`);
}

/** The weights of a call, which may say `pretrained` as before torchvision 0.13. @internal */
export function given_weights(
  callee: string,
  enumeration: WeightsEnumeration<string>,
  given: { weights?: unknown; pretrained?: boolean },
): WeightsEnum | null {
  const { weights = null, pretrained } = given;
  if (pretrained === undefined) return enumeration.verify(weights as string | null);
  const [first = null] = enumeration;
  if (pretrained && (first === null || first.name.includes('SWAG'))) {
    throw new Error(`No weights available for model ${callee}`);
  }
  const found = pretrained ? first : null;
  warn(
    "The parameter 'pretrained' is deprecated since 0.13 and may be removed in the future, please use 'weights' instead.",
  );
  warn(
    "Arguments other than a weight enum or `None` for 'weights' are deprecated since 0.13 and may be removed in the " +
      `future. The current behavior is equivalent to passing \`weights=${found === null ? 'None' : String(found)}\`.` +
      (found === null
        ? ''
        : ` You can also use \`weights=${enumeration.name}.DEFAULT\` to get the most up-to-date weights.`),
  );
  return found;
}

/** Registers a function that makes a model, under its name. @internal */
export function register_builder<F extends object>(name: string, enumeration: object, build: F): F {
  Object.defineProperty(build, 'name', { value: name });
  Object.defineProperty(build, WEIGHTS_IN, { value: enumeration });
  builders.set(name, build as AnyBuilder);
  return build;
}

/** Declares the function of a name that makes a model. @internal */
export function model_builder<M extends Module, N extends WeightsName, C extends object>(
  name: string,
  enumeration: WeightsEnumeration<N>,
  recipe: ModelRecipe<M, C>,
): ModelBuilder<M, N, C> {
  const takes = builder_signature<C & { weights?: unknown; progress?: boolean; pretrained?: boolean }>(
    name,
    recipe.takes,
  );
  const build = (...args: unknown[]): M => {
    const { weights: named, progress = true, pretrained, ...given } = takes.read(args);
    const weights = given_weights(name, enumeration, {
      weights: named,
      ...(pretrained === undefined ? {} : { pretrained }),
    });
    const config = { ...given } as unknown as C;
    if (weights !== null) (recipe.prepare ?? as_many_classes)(config, weights);
    const model = recipe.make(config);
    if (weights !== null) {
      const state_dict = weights.get_state_dict({ progress, check_hash: true });
      model.load_state_dict(recipe.convert?.(state_dict) ?? state_dict);
      recipe.finish?.(model, given as unknown as C);
    }
    return model;
  };
  return register_builder(name, enumeration, build);
}

// ---- The register -------------------------------------------------------------------------------

const REGISTER = signature<{ name?: string | null }>('register_model', 'name?: str|None');

/**
 * Returns a function that registers what it is given, a function that makes a model, and returns it. Mirrors
 * `torchvision.models.register_model`.
 *
 * @param name - the name to find it under; default null: that of the function
 * @throws Error when the name is taken
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * models.register_model('doctest_net')(() => new nn.Linear(2, 1));
 * print(models.get_model('doctest_net')); // Linear(in_features=2, out_features=1, bias=True)
 * ```
 */
export function register_model(
  name?: string | null | { name?: string | null },
): <F extends (config?: never) => Module>(fn: F) => F;
export function register_model(...args: unknown[]): <F extends (config?: never) => Module>(fn: F) => F {
  const { name = null } = REGISTER.read(args);
  return (fn) => {
    if (typeof fn !== 'function') {
      throw new TypeError(`register_model(): argument 'fn' must be a function, not ${kind_of(fn)}`);
    }
    const key = name ?? (fn as { name: string }).name;
    if (builders.has(key)) throw new Error(`An entry is already registered under the name '${key}'.`);
    builders.set(key, fn);
    return fn;
  };
}

/** Keyword arguments of {@link list_models}. */
export interface ListModelsOptions {
  /** The module whose models are listed, such as `models.segmentation`. Default null: all. */
  module?: object | null;
  /** Patterns, of which a name must match one: `'resnet*'`. Default null: all. */
  include?: string | Iterable<string> | null;
  /** Patterns, of which a name must match none. Default null: none. */
  exclude?: string | Iterable<string> | null;
}

define_kind(
  'namespace',
  'module',
  (value) =>
    typeof value === 'object' && value !== null && ('__esModule' in value || types.isModuleNamespaceObject(value)),
);

const LIST_MODELS = signature<ListModelsOptions>(
  'list_models',
  'module?: namespace|None, include?: str|Iterable|None, exclude?: str|Iterable|None',
);

function patterns_of(given: string | Iterable<string> | null): RegExp[] {
  if (given === null) return [];
  return (typeof given === 'string' ? [given] : [...given]).filter((glob) => glob !== '').map(pattern_of);
}

/**
 * The names of the registered models, sorted. Mirrors `torchvision.models.list_models`.
 *
 * @param module - the module whose models are listed; default null: all
 * @param include - patterns with `*`, `?` and `[abc]`, of which a name must match one; default null: all
 * @param exclude - patterns of which a name must match none; default null: none
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.list_models({ include: 'resnet*', exclude: '*1*' })); // ['resnet34', 'resnet50']
 * ```
 */
export function list_models(
  module?: object | null,
  include?: string | Iterable<string> | null,
  exclude?: string | Iterable<string> | null,
): string[];
export function list_models(
  ...args: Arguments<
    [module?: object | null, include?: string | Iterable<string> | null, exclude?: string | Iterable<string> | null],
    ListModelsOptions,
    ['module', 'include', 'exclude']
  >
): string[];
export function list_models(...args: unknown[]): string[] {
  const { module = null, include = null, exclude = null } = LIST_MODELS.read(args);
  const inside = module === null ? null : new Set<unknown>(Object.values(module));
  const [wanted, unwanted] = [patterns_of(include), patterns_of(exclude)];
  return [...builders]
    .filter(([, build]) => inside === null || inside.has(build))
    .map(([name]) => name)
    .filter((name) => wanted.length === 0 || wanted.some((pattern) => pattern.test(name)))
    .filter((name) => !unwanted.some((pattern) => pattern.test(name)))
    .sort();
}

const GET_BUILDER = signature<{ name: string }>('get_model_builder', 'name: str');

function builder_named(name: string): AnyBuilder {
  const found = builders.get(name.toLowerCase());
  if (found === undefined) throw new Error(`Unknown model ${name.toLowerCase()}`);
  return found;
}

/**
 * The function that makes the model of a name. Mirrors `torchvision.models.get_model_builder`.
 *
 * @param name - the name of the model, in upper or lower case
 * @throws Error when there is no such model
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.get_model_builder('ResNet18') === models.resnet18); // True
 * ```
 */
export function get_model_builder(
  name: string | { name: string },
): (config?: Readonly<Record<string, unknown>>) => Module;
export function get_model_builder(...args: unknown[]): AnyBuilder {
  return builder_named(GET_BUILDER.read(args).name);
}

const GET_MODEL = signature<{ name: string; config: object }>('get_model', 'name: str, **config: any');

/**
 * Makes the model of a name. Mirrors `torchvision.models.get_model`.
 *
 * @param name - the name of the model, in upper or lower case
 * @param config - what the function that makes it takes, such as `weights` and `num_classes`
 * @throws Error when there is no such model
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * const model = models.get_model('squeezenet1_1', { num_classes: 2 });
 * print(model(torch.zeros(1, 3, 32, 32)).shape); // torch.Size([1, 2])
 * ```
 */
export function get_model(name: string, config?: Readonly<Record<string, unknown>>): Module;
export function get_model(options: { name: string; [config: string]: unknown }): Module;
export function get_model(...args: unknown[]): Module {
  const { name, config } = GET_MODEL.read(args);
  return builder_named(name)(config as never);
}

const GET_WEIGHTS = signature<{ name: string | AnyBuilder }>('get_model_weights', 'name: str|Callable');

/**
 * The enumeration of the weights of a model. Mirrors `torchvision.models.get_model_weights`.
 *
 * @param name - the function that makes the model, or its name
 * @throws Error when there is no such model, or it has no weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * for (const weights of models.get_model_weights('resnet50')) print(weights);
 * // ResNet50_Weights.IMAGENET1K_V1
 * // ResNet50_Weights.IMAGENET1K_V2
 * ```
 */
export function get_model_weights(name: string | ((...args: never[]) => Module)): WeightsEnumeration<string>;
export function get_model_weights(options: {
  name: string | ((...args: never[]) => Module);
}): WeightsEnumeration<string>;
export function get_model_weights(...args: unknown[]): WeightsEnumeration<string> {
  const { name } = GET_WEIGHTS.read(args);
  const build = typeof name === 'string' ? builder_named(name) : name;
  const found = build[WEIGHTS_IN];
  if (found === undefined) throw new Error("The method is missing the 'weights' argument.");
  return found;
}

const GET_WEIGHT = signature<{ name: string }>('get_weight', 'name: str');

/**
 * Weights by their full name. Mirrors `torchvision.models.get_weight`.
 *
 * @param name - such as `'ResNet50_Weights.IMAGENET1K_V1'`
 * @throws Error when there are no such weights
 * @example
 * ```ts
 * import { models } from 'torch-node/vision';
 * print(models.get_weight('ResNet50_Weights.DEFAULT')); // ResNet50_Weights.IMAGENET1K_V2
 * ```
 */
export function get_weight(name: string | { name: string }): WeightsEnum;
export function get_weight(...args: unknown[]): WeightsEnum {
  const { name } = GET_WEIGHT.read(args);
  const [enumeration, key, ...others] = name.split('.');
  if (enumeration === undefined || key === undefined || others.length > 0) {
    throw new Error(`Invalid weight name provided: '${name}'.`);
  }
  const found = enumerations.get(enumeration);
  if (found === undefined) {
    throw new Error(`The weight enum '${enumeration}' for the specific method couldn't be retrieved.`);
  }
  return found.verify(key)!;
}
