#!/usr/bin/env node
'use strict';
/**
 * Writes the tables of docs/port.md from those of the tool, between the marks of each. Needs `npm run build:ts`.
 * `node scripts/dev/port_tables.js [--check]`
 */
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..', '..');
const page = path.join(root, 'docs', 'port.md');
const { MODULES } = require(path.join(root, 'dist', 'port', 'tables.js'));
const { METHOD_NAMES } = require(path.join(root, 'dist', 'port', 'methods.js'));
/** What `torch-node/port` exports. */
const modules = require(path.join(root, 'dist', 'port', 'index.js'));

const rows = Object.entries(/** @type {Record<string, [string, string]>} */ (MODULES)).sort(([a], [b]) =>
  a < b ? -1 : 1,
);
/** @param {string} name */
const members = (name) => {
  const found = modules[name];
  return found
    ? Object.keys(found)
        .map((one) => `\`${one}\``)
        .join(', ')
    : 'all that is there';
};
/** @type {Record<string, string>} */
const tables = {
  modules: [
    '| Python | TypeScript | names |',
    '|---|---|---|',
    ...rows.map(([module, [from, name]]) => {
      const what = name === '*' ? `import * as ... from '${from}'` : `import { ${name} } from '${from}'`;
      return `| \`${module}\` | \`${what}\` | ${from === 'torch-node/port' ? members(name) : 'all that is there'} |`;
    }),
  ].join('\n'),
  methods: [...METHOD_NAMES]
    .sort()
    .map((name) => `\`${name}\``)
    .join(', '),
};

let text = fs.readFileSync(page, 'utf8');
for (const [name, table] of Object.entries(tables)) {
  const marks = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(\\n<!-- end -->)`);
  text = text.replace(marks, (_, open, close) => `${open}${table}${close}`);
}
if (!process.argv.includes('--check')) fs.writeFileSync(page, text);
else if (text !== fs.readFileSync(page, 'utf8')) {
  console.error('docs/port.md is not up to date: node scripts/dev/port_tables.js');
  process.exitCode = 1;
}
