/** Modules of the package that are read when they are first used. */

const loaders = new WeakMap<object, () => object>();

/** The exports of a module, as an object that reads the module when it is first asked for something. */
export function lazily<T extends object>(load: () => T): T {
  let loaded: T | undefined;
  const get = (): T => (loaded ??= load());
  const namespace = new Proxy(Object.create(null) as T, {
    get: (_, name) => (name === 'then' ? undefined : (Reflect.get(get(), name) as unknown)),
    has: (_, name) => Reflect.has(get(), name),
    ownKeys: () => Reflect.ownKeys(get()).filter((name) => name !== '__esModule'),
    getOwnPropertyDescriptor: (_, name) => {
      const value: unknown = Reflect.get(get(), name);
      return name in get() ? { value, enumerable: true, configurable: true, writable: false } : undefined;
    },
  });
  loaders.set(namespace, get);
  return namespace;
}

/** The exports of a module themselves. */
export function loaded_of(value: object): object {
  return loaders.get(value)?.() ?? value;
}
