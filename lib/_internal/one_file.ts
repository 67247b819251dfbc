/**
 * The modules that every program reads at its start, from one file: opening and finding some 600 of them costs a third of
 * the start. `npm run build:ts` writes `dist/start.cjs`, a list of their bodies in the order in which they need each
 * other, and here they are put into Node's cache of modules, so that whoever requires one, by whatever path, gets the
 * same. Where that cache cannot be filled (Jest has its own, and what Node's loader of ES modules compiles has none), or the list is not there, each is read from its own file.
 */
import './bundled.js';
import { existsSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join } from 'node:path';

type Body = (exports: object, require: NodeJS.Require, module: NodeModule, filename: string, folder: string) => void;

const folder = dirname(__dirname);
const list = join(folder, 'start.cjs');

/** What a body calls to have other modules: those of the list are in the cache, unless something reads them right now. */
function require_from(from: string): NodeJS.Require {
  const place = (name: string): string => (name.startsWith('.') ? join(from, name) : name);
  const required = (name: string): unknown => {
    const file = place(name);
    const known = require.cache[file];
    return known?.loaded === true ? known.exports : require(file);
  };
  const resolve = Object.assign((name: string) => require.resolve(place(name)), { paths: require.resolve.paths });
  const { cache, main, extensions } = require;
  return Object.assign(required, { cache, main, extensions, resolve });
}

/** Runs the body of a module, as Node does with a file. */
function run(name: string, body: Body): NodeModule {
  const file = join(folder, name);
  const made = new Module(file, module);
  made.filename = file;
  made.paths = module.paths;
  require.cache[file] = made;
  try {
    body.call(made.exports, made.exports as object, require_from(dirname(file)), made, file, dirname(file));
    made.loaded = true;
  } finally {
    if (!made.loaded) delete require.cache[file];
  }
  return made;
}

const cache = require.cache as typeof require.cache | undefined;
if (cache !== undefined && existsSync(list)) {
  const bodies = require(list) as [string, Body][];
  for (const [place, [name, body]] of bodies.entries()) {
    const file = join(folder, name);
    // Read before, or about to be by the loader of ES modules, which then reads the file.
    if (cache[file] !== undefined) continue;
    const made = run(name, body);
    if (place === 0 && require(file) !== made.exports) break;
  }
}
