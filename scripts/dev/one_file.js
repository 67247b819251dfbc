#!/usr/bin/env node
'use strict';
/**
 * Writes dist/start.cjs: the bodies of all modules that dist/index.js reads when it is loaded, without their comments, each
 * after those that it needs. lib/_internal/one_file.ts says what for. Part of `npm run build:ts`.
 */
const fs = require('node:fs');
const path = require('node:path');
const { transformSync } = require('esbuild');

const dist = path.join(__dirname, '..', '..', 'dist');

/** What the compiler writes for an import: a line that is not indented. */
const IMPORT = /^(?![\s/*]).*\brequire\("(\.[^"]+\.js)"\)/gm;

/** The modules that were looked at, and what is read before the list. */
const begun = new Set(['_internal/one_file.js', '_internal/bundled.js']);

/** @param {string} name @param {Map<string, string>} found texts by name, in the order of the list */
function collect(name, found) {
  if (begun.has(name)) return;
  begun.add(name);
  const text = fs.readFileSync(path.join(dist, name), 'utf8');
  const imports = [...text.matchAll(IMPORT)].map(([, to]) => path.posix.join(path.posix.dirname(name), to ?? ''));
  for (const needed of imports) {
    if (!needed.startsWith('..')) collect(needed, found);
  }
  found.set(name, text);
}

/**
 * A module as JavaScript in ASCII without comments, but for a few within expressions, and without spaces that JavaScript does not need;
 * lines are broken, for what traces name. @param {string} text @param {number} lineLimit characters of a line
 */
const compact = (text, lineLimit) =>
  transformSync(text, { charset: 'ascii', legalComments: 'none', minifyWhitespace: true, lineLimit }).code;

function main() {
  const found = /** @type {Map<string, string>} */ (new Map());
  collect('index.js', found);
  const modules = [...found].map(([name, text]) => {
    // What is left of comments: a single character beyond ASCII would have V8 take two bytes for each of the list.
    const ascii = (/** @type {string} */ comment) => comment.replace(/[^\0-\x7f]/g, '?');
    const body = compact(text, 120).replace(/\/\*.*?\*\//gs, ascii);
    return `[${JSON.stringify(name)}, (function (exports, require, module, __filename, __dirname) {\n${body}})],\n`;
  });
  fs.writeFileSync(path.join(dist, 'start.cjs'), `'use strict';\nmodule.exports = [\n${modules.join('')}];\n`);
}

module.exports = { compact };
if (require.main === module) main();
