/** Constructors with some of their arguments: what a `QConfig` holds. */
import { define_kind } from '../../_internal/signature.js';
import { is_plain_object } from '../../_internal/plain_object.js';
import { kind_of } from '../../_internal/representation.js';
import { Module } from '../../nn/modules/module.js';
import { python_repr } from '../../python/print.js';

/** A class of observers, or of what else watches tensors. */
export type ObserverClass<M extends Module = Module> = { readonly prototype: M; readonly name: string };

/** Arguments by name. */
export type Keywords = Readonly<Record<string, unknown>>;

/** A class with some of its arguments, as Python's `MinMaxObserver.with_args(dtype=torch.qint8)` makes it. */
export interface PartialObserver<M extends Module = Module> {
  /** Makes an object; these arguments come beside or instead of those that it has. */
  (options?: Keywords): M;
  /** The same with more arguments. */
  with_args(options: Keywords): PartialObserver<M>;
  /** The arguments that it has. */
  readonly keywords: Keywords;
  toString(): string;
}

/** What makes observers: a class, or a class with some of its arguments. */
export type ObserverFactory<M extends Module = Module> = ObserverClass<M> | PartialObserver<M>;

const INSPECT = Symbol.for('nodejs.util.inspect.custom');
const partials = new WeakSet<object>();

/** The modules of Python's in which classes are, for their text. */
const homes = new WeakMap<object, string>();

/** Says in which module of Python's classes are. */
export function home_of(module: string, ...classes: readonly object[]): void {
  for (const each of classes) homes.set(each, module);
}

/** A class or a factory as Python writes it. */
export function factory_text(factory: unknown): string {
  if (typeof factory === 'function' && partials.has(factory)) return (factory as unknown as PartialObserver).toString();
  if (typeof factory !== 'function') return python_repr(factory);
  return `<class '${homes.get(factory) ?? '__main__'}.${factory.name}'>`;
}

/** A factory of a class with some of its arguments. */
export function partial_of<M extends Module>(of: ObserverFactory<M>, keywords: Keywords): PartialObserver<M> {
  const make = (options: Keywords = {}): M => make_observer(of, { ...keywords, ...options });
  const listed = (): string =>
    Object.entries(keywords)
      .map(([name, value]) => `, ${name}=${factory_value(value)}`)
      .join('');
  const text = (): string => `functools.partial(${factory_text(of)}${listed()}){}`;
  const made = Object.assign(make, {
    with_args: (options: Keywords) => partial_of(made as PartialObserver<M>, options),
    keywords: { ...(partials.has(of) ? (of as PartialObserver<M>).keywords : {}), ...keywords },
    toString: text,
    [INSPECT]: text,
  }) as PartialObserver<M>;
  partials.add(made);
  return made;
}

const factory_value = (value: unknown): string =>
  typeof value === 'function' ? factory_text(value) : python_repr(value);

/** Makes an observer. @throws TypeError for arguments that its class does not take */
export function make_observer<M extends Module>(factory: ObserverFactory<M>, options: Keywords = {}): M {
  if (partials.has(factory)) return (factory as PartialObserver<M>)(options);
  const made = factory as unknown as (new (options?: Keywords) => M) & ((options?: Keywords) => M);
  if (made.prototype instanceof Module) return Object.keys(options).length === 0 ? new made() : new made(options);
  return made(options);
}

/** The keyword arguments of `with_args`. @throws TypeError for what is not an object */
export function keywords_of(callee: string, args: readonly unknown[]): Keywords {
  const [options, ...others] = args;
  if (others.length === 0 && is_plain_object(options)) return options;
  throw new TypeError(`${callee}(): argument 'options' must be dict, not ${kind_of(args[0])}`);
}

define_kind('Factory', 'a class of observers', (value) => typeof value === 'function' && !(value instanceof Module));
