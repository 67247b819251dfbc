/**
 * Classes and functions in another thread or process: each has its own, so that they go there by the name under which a module
 * exports them, as Python's pickle does it.
 */
import { sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { types } from 'node:util';

import type { NodeURL } from '../_internal/node_types.js';
import { module_of } from './module_of.js';

/** A class or a function, in the widest sense. */
export type Definition = (...args: never[]) => unknown;

/** Where another thread finds a class or a function. */
export interface Reference {
  /** Under which the module exports it; empty when it is all that the module exports. */
  readonly name: string;
  /** The file of a CommonJS module. */
  readonly file: string | null;
  /** URLs of modules, one of which exports it. */
  readonly urls: readonly string[];
  /** Its source, by which another one of the same name is recognized; null when `file` is given. */
  readonly source: string | null;
}

/** The URL of a module that is given by a URL or a path. */
export function url_of_module(file: string | NodeURL): string {
  if (typeof file !== 'string') return file.href;
  return /^(file|data|node):/.test(file) ? file : pathToFileURL(file).href;
}

/** What CommonJS modules export, with the place. */
const exported = new WeakMap<object, Reference>();
const walked = new Set<string>();

/** The files of this package, and those of the program, which are searched first. */
function is_searched(file: string): boolean {
  const package_folder = `${__dirname.slice(0, __dirname.lastIndexOf(sep))}${sep}`;
  return file.startsWith(package_folder) || !file.includes(`${sep}node_modules${sep}`);
}

function note(value: unknown, file: string, name: string): void {
  if (typeof value !== 'function' || exported.has(value)) return;
  exported.set(value, { name, file, urls: [], source: null });
}

function walk(file: string, module: NodeJS.Module): void {
  const all = module.exports as unknown;
  if (types.isProxy(all)) return;
  note(all, file, '');
  if ((typeof all !== 'object' && typeof all !== 'function') || all === null) return;
  const own = is_searched(file);
  for (const name of Object.keys(all)) {
    try {
      // Getters of other packages may do anything, such as warn.
      const value = own ? (all as Record<string, unknown>)[name] : Object.getOwnPropertyDescriptor(all, name)?.value;
      note(value, file, name);
    } catch {
      // A getter that throws.
    }
  }
}

/** Where a loaded CommonJS module exports a definition. */
function place_in_commonjs(value: Definition): Reference | undefined {
  const known = exported.get(value);
  if (known !== undefined) return known;
  // Loaders that compile what they load (tsx, for a .cts file) may give a `require` without a cache.
  const { cache } = require as { cache?: NodeJS.Require['cache'] };
  for (const own of [true, false]) {
    for (const [file, module] of Object.entries(cache ?? {})) {
      if (module === undefined || walked.has(file) || is_searched(file) !== own) continue;
      walk(file, module);
      // A module that still runs may export more.
      if (module.loaded) walked.add(file);
    }
    if (exported.has(value)) break;
  }
  return exported.get(value);
}

/** The module that a class names itself: `static module = import.meta.url`. */
export function named_module(value: Definition): string | undefined {
  if (!Object.hasOwn(value, 'module')) return undefined;
  const { module } = value as { module?: unknown };
  if (typeof module === 'string') return url_of_module(module);
  return Object.prototype.toString.call(module) === '[object URL]' ? (module as NodeURL).href : undefined;
}

/** What came from another thread, by the key of its reference and the other way round. */
const definitions = new Map<string, Definition>();
const received = new WeakMap<Definition, Reference>();

const key_of = ({ name, file, urls }: Reference): string => JSON.stringify([name, file, urls]);

/** Names classes and functions for another thread. */
export class ReferenceTable {
  readonly references: Reference[] = [];
  private readonly places = new Map<Definition, number>();

  /** @param modules - URLs of modules that may export what names no module itself */
  constructor(private readonly modules: readonly string[] = []) {}

  /** The number of a class or function; undefined when another thread could not find it. */
  number_of(value: Definition): number | undefined {
    const known = this.places.get(value);
    if (known !== undefined) return known;
    const reference = received.get(value) ?? this.reference_of(value);
    if (reference === undefined) return undefined;
    this.places.set(value, this.references.length);
    definitions.set(key_of(reference), value);
    return this.references.push(reference) - 1;
  }

  private reference_of(value: Definition): Reference | undefined {
    const module = named_module(value);
    if (module === undefined) {
      const place = place_in_commonjs(value);
      if (place !== undefined) return place;
    }
    if (value.name === '') return undefined;
    const own = module ?? module_of(value);
    const urls = [...new Set([...(own === undefined ? [] : [own]), ...(module === undefined ? this.modules : [])])];
    if (urls.length === 0) return undefined;
    return { name: value.name, file: null, urls, source: Function.prototype.toString.call(value) };
  }
}

/** Whether two sources are of one definition. Vite rewrites the imports of what it loads, so that its sources differ. */
const is_same_source = (one: string, other: string): boolean => one === other || /__vi(te|_)/.test(one);

function find_in(exports: unknown, name: string): unknown {
  if (name === '') return exports;
  const all = exports as Record<string, unknown> & { default?: unknown };
  if (all[name] !== undefined) return all[name];
  const main = all.default as Record<string, unknown> | undefined;
  // The names of a CommonJS file may be on its default export only; a default export has a name of its own.
  return typeof main === 'function' && main['name'] === name ? main : main?.[name];
}

/** A definition in this thread, whose modules are loaded at need. @throws Error when no module exports it */
async function load(reference: Reference): Promise<Definition> {
  const { name, file, urls, source } = reference;
  if (file !== null) return find_in(require(file), name) as Definition;
  for (const url of urls) {
    const found = find_in(await import(url), name);
    if (typeof found === 'function' && is_same_source(source!, Function.prototype.toString.call(found))) {
      return found as Definition;
    }
  }
  throw new Error(`${urls.join(' and ')} ${urls.length > 1 ? 'export' : 'exports'} no such '${name}'`);
}

/** The definitions of references from another thread. @throws Error when one cannot be found here */
export async function load_references(references: readonly Reference[]): Promise<Definition[]> {
  const loaded: Definition[] = [];
  for (const reference of references) {
    const definition = await load(reference);
    received.set(definition, reference);
    definitions.set(key_of(reference), definition);
    loaded.push(definition);
  }
  return loaded;
}

/** What an ES module exports, where Node can `require` such a module; it has been loaded by `import` already as a rule. */
function loaded_already({ name, urls, source }: Reference): Definition | undefined {
  for (const url of urls) {
    if (!url.startsWith('file:')) continue;
    try {
      const found = find_in(require(fileURLToPath(url)), name);
      if (typeof found === 'function' && is_same_source(source!, Function.prototype.toString.call(found))) {
        return found as Definition;
      }
    } catch {
      // An older Node, or a module with a top-level await.
    }
  }
  return undefined;
}

/** The definitions that this thread knows already. @throws Error for another one */
export function known_definitions(references: readonly Reference[]): Definition[] {
  return references.map((reference) => {
    const found =
      definitions.get(key_of(reference)) ??
      (reference.file === null
        ? loaded_already(reference)
        : (find_in(require(reference.file), reference.name) as Definition));
    if (found !== undefined) return found;
    throw new Error(
      `an object of class '${reference.name}' came from another thread or process, which this one does not know: return plain objects or arrays`,
    );
  });
}
