#!/usr/bin/env node
'use strict';
/**
 * What share of PyTorch's public names is here: `npm run coverage:names [-- --missing] [PACKAGE...]`. The names are those of the
 * reference Python by reflection (public_names.py), ours those of the compiled package. Prints a line for each package,
 * with `--missing` also the names that are not here, below the reason.
 */
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { lookup } = require('./name_lookup.js');
const { reason_for } = require('./names_left_out.js');
const { reference_python } = require('./reference.js');

/** Packages that are counted by themselves; all other modules count for the first two parts of their path. */
const packages = [
  'torch',
  'torch.Tensor',
  'torch.nn',
  'torch.nn.functional',
  'torch.nn.init',
  'torch.nn.utils',
  'torch.nn.modules',
  'torch.nn.parallel',
  'torch.nn.attention',
  'torch.nn.quantized',
  'torch.nn.intrinsic',
  'torch.nn.qat',
  'torch.nn.quantizable',
  'torch.optim',
  'torch.optim.lr_scheduler',
  'torch.utils.data',
  'torch.utils.data.datapipes',
  'torch.utils.checkpoint',
  'torch.autograd',
  'torch.autograd.graph',
];

/** What programs need first: of these at least 99 % are here. */
const core = [
  'torch',
  'torch.Tensor',
  'torch.nn',
  'torch.nn.functional',
  'torch.optim',
  'torch.utils.data',
  'torch.autograd',
  'torch.linalg',
  'torch.fft',
  'torch.special',
  'torch.distributions',
];

/** Where the names of a module are counted. @param {string} module */
function package_of(module) {
  if (packages.includes(module)) return module;
  const owner = packages.filter((name) => module.startsWith(`${name}.`)).sort((a, b) => b.length - a.length)[0];
  if (owner !== undefined && owner !== 'torch') return `${owner}.*`;
  const top = module.split('.').slice(0, 2).join('.');
  return module === top ? top : `${top}.*`;
}

/** Python's names: `[package, path]`. @returns {[string, string][]} */
function python_names() {
  const script = path.join(__dirname, 'public_names.py');
  const { status, stdout } = spawnSync(reference_python(), ['-W', 'ignore', script], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (status !== 0) throw new Error(`${script} failed`);
  /** @type {[string, string][]} */
  const all = [];
  for (const [module, names] of Object.entries(JSON.parse(stdout))) {
    for (const [name, members] of Object.entries(names)) {
      const owner = module === 'torch' && name === 'Tensor' ? 'torch.Tensor' : package_of(module);
      all.push([owner, `${module}.${name}`]);
      if (Array.isArray(members))
        all.push(...members.map((each) => /** @type {[string, string]} */ ([owner, `${module}.${name}.${each}`])));
    }
  }
  return all;
}

/** Counts by package. @param {[string, string][]} names */
function coverage(names) {
  /** @type {Map<string, { have: number, of: number, internal: number, missing: { name: string, reason: string | undefined }[] }>} */
  const by_package = new Map();
  for (const [owner, name] of names) {
    const entry = by_package.get(owner) ?? { have: 0, of: 0, internal: 0, missing: [] };
    by_package.set(owner, entry);
    const here = lookup(name);
    const why = here ? undefined : reason_for(name);
    if (why?.counted === false) {
      entry.internal++;
      continue;
    }
    entry.of++;
    if (here) entry.have++;
    else entry.missing.push({ name, reason: why?.reason });
  }
  return by_package;
}

/** @param {{ have: number, of: number }} entry */
const percent = ({ have, of }) => (100 * have) / Math.max(of, 1);

function main() {
  const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const with_missing = process.argv.includes('--missing');
  const by_package = coverage(python_names());
  const total = { have: 0, of: 0, internal: 0, missing: [] };
  const rows = [...by_package].filter(([name]) => wanted.length === 0 || wanted.includes(name));
  console.log(
    `${'package'.padEnd(28)} ${'have'.padStart(6)} ${'of'.padStart(6)} ${'%'.padStart(6)}  (not counted: internal)`,
  );
  for (const [name, entry] of [...rows, /** @type {const} */ (['all', total])]) {
    const { have, of, internal, missing } = entry;
    const numbers = [String(have).padStart(6), String(of).padStart(6), percent(entry).toFixed(1).padStart(6)].join(' ');
    console.log(`${name.padEnd(28)} ${numbers}${internal > 0 ? `  (${internal})` : ''}`);
    total.have += have;
    total.of += of;
    total.internal += internal;
    if (!with_missing) continue;
    /** @type {Map<string, string[]>} */
    const reasons = new Map();
    for (const { name: each, reason = 'no reason' } of missing)
      reasons.set(reason, [...(reasons.get(reason) ?? []), each]);
    for (const [reason, names] of reasons) console.log(`    ${reason}:\n      ${names.join(' ')}`);
  }
}

module.exports = { core, coverage, package_of, percent, python_names };

if (require.main === module) main();
