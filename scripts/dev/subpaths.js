#!/usr/bin/env node
'use strict';
/**
 * Writes what of package.json says which file is meant by `torch-node/nn/functional` and the like: for each module of
 * Python's that is reached from `torch` in the compiled package, the file whose exports it is. Needs `npm run build:ts`.
 * `node scripts/dev/subpaths.js [--check]`
 */
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..', '..');
const manifest = path.join(root, 'package.json');
const dist = path.join(root, 'dist');

/** Private modules that programs import by name. */
const imported_although_private = [
  '_inductor',
  'utils._python_dispatch',
  'utils._pytree',
  'utils.data._utils',
  'utils.data._utils.collate',
];

/** Entries with files of their own, for `import` and for `require`. */
const by_hand = [
  '.',
  './vision',
  './safetensors',
  './numpy',
  './testing',
  './eslint',
  './port',
  './progress',
  './pyplot',
  './python',
  './tensorboard',
  './package.json',
];

/** The files of the modules that are reached from `torch`: `{'nn/functional': 'nn/functional/index'}`. */
function module_files() {
  require(dist);
  const { is_absent } = require(path.join(dist, 'absent', 'absent.js'));
  /** @type {Map<unknown, string>} */
  const file_of = new Map();
  for (const [file, loaded] of Object.entries(require.cache)) {
    if (loaded && file.startsWith(dist + path.sep)) {
      file_of.set(loaded.exports, path.relative(dist, file).split(path.sep).join('/').replace(/\.js$/, ''));
    }
  }
  /** @type {Record<string, string>} */
  const files = {};
  /** @param {Record<string, unknown>} namespace @param {string} prefix */
  const walk = (namespace, prefix) => {
    for (const name of Object.getOwnPropertyNames(namespace)) {
      const value = namespace[name];
      const python_path = prefix + name;
      if (typeof value !== 'object' || value === null || is_absent(value)) continue;
      if (name.startsWith('_') && !imported_although_private.includes(python_path)) continue;
      const file = file_of.get(value);
      if (file === undefined || file.endsWith('.cjs')) continue;
      files[python_path.replaceAll('.', '/')] = file;
      walk(/** @type {Record<string, unknown>} */ (value), `${python_path}.`);
    }
  };
  walk(require(path.join(dist, 'index.js')), '');
  return Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** package.json with these entries. @param {Record<string, any>} committed */
function with_subpaths(committed) {
  const files = module_files();
  const entries = Object.entries(files).filter(([name]) => !by_hand.includes(`./${name}`));
  const kept = Object.entries(committed.exports).filter(([name]) => by_hand.includes(name));
  const last = /** @type {[string, unknown]} */ (kept.pop());
  const exports = Object.fromEntries([
    ...kept,
    ...entries.map(([name, file]) => [`./${name}`, { types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` }]),
    last,
  ]);
  // For moduleResolution node10, which knows no exports. What is a file at its own path needs no line.
  const types = Object.entries(committed.typesVersions['*']).filter(([name]) => by_hand.includes(`./${name}`));
  const elsewhere = entries.filter(([name, file]) => file !== name);
  const typesVersions = Object.fromEntries([
    ...types,
    ...elsewhere.map(([name, file]) => [name, [`./dist/${file}.d.ts`]]),
    // The second form is for the package's own main file, which the compiler looks up here too.
    ['*', ['./dist/*', './*']],
  ]);
  return { ...committed, typesVersions: { '*': typesVersions }, exports };
}

module.exports = { module_files, with_subpaths };

if (require.main === module) {
  const before = fs.readFileSync(manifest, 'utf8');
  const after = `${JSON.stringify(with_subpaths(JSON.parse(before)), null, 2)}\n`;
  if (process.argv.includes('--check')) {
    if (JSON.stringify(JSON.parse(before)) !== JSON.stringify(JSON.parse(after))) {
      console.error('package.json does not have the modules of the package: run node scripts/dev/subpaths.js');
      process.exitCode = 1;
    }
  } else if (before !== after) {
    fs.writeFileSync(manifest, after);
  }
}
