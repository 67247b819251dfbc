#!/usr/bin/env node
'use strict';
/** The command `torch-node`: each of its commands is a function below. */
const path = require('node:path');
const { parseArgs } = require('node:util');
const { BUILDS, RELEASES, VERSION } = require('./release.js');

const cuda_versions = [...BUILDS.keys()].filter((version) => version !== null);

const help = `Usage: torch-node <command>

  doctor [--json] [--env]    looks at everything that torch-node needs, and says what to do about what is wrong; with --env
                             also what a report of a bug should say of this machine
  which [--json]             prints which addon and which libtorch are used, and why
  install [--cuda VERSION] [--torch MINOR]
                             obtains libtorch ${VERSION} into the cache, or that of a minor version (${[...RELEASES.keys()].join(', ')}):
                             for the CPU, or for CUDA (${cuda_versions.join(', ')})
  run [options] SCRIPT       starts the processes of torch.distributed on this machine, as torchrun does; see run --help
  build                      builds the addon from its sources (CMake, a C++20 compiler)
  port SCRIPT.py... [-o OUT] [--package] [--check [--python PYTHON]] [--report json]
                             writes the TypeScript of Python scripts, and names the lines that it cannot carry over
  --version, --help`;

/** A mistake in the command line: printed with the help, without a stack. */
class Misuse extends Error {
  /** @param {string} message @param {string} [usage] the help of the command that was meant */
  constructor(message, usage = help) {
    super(message);
    this.usage = usage;
  }
}

/** @param {{ json?: boolean, env?: boolean }} options */
function doctor({ json, env }) {
  const { examine, text_of } = require('./doctor.js');
  const report = examine({ env });
  console.log(json ? JSON.stringify(report, null, 2) : text_of(report));
  if (!report.ok) process.exitCode = 1;
}

/** @param {{ json?: boolean }} options */
function which({ json }) {
  const { find_addon, find_loader, minor_of } = require('./addon.js');
  const libtorch = require('./libtorch.js');
  const { found, refused } = libtorch.search();
  const addon = found && find_addon(minor_of(found.version));
  if (json) console.log(JSON.stringify({ loader: find_loader(), addon, libtorch: found, refused }, null, 2));
  else console.log(`addon    ${addon ?? 'none'}\n${libtorch.explain()}`);
  if (!addon) process.exitCode = 1;
}

/** The release of a minor version, for which there must be an addon. @param {string} torch */
function release_of(torch) {
  const { minor_of, minors } = require('./addon.js');
  const minor = minor_of(torch);
  const release = RELEASES.get(minor);
  if (release === undefined || (torch !== minor && torch !== release)) {
    throw new Misuse(`--torch must be ${[...RELEASES.keys()].join(', ')}, not '${torch}'`);
  }
  // With the variable, the addon is what will be built.
  const there = minors();
  if (!there.includes(minor) && process.env.TORCH_NODE_LIBTORCH_MINOR !== minor) {
    throw new Error(
      `torch-node: libtorch ${release} is of no use without an addon for ${minor}, and there is ` +
        `${there.length === 0 ? 'none' : `only that for ${there.join(' and ')}`}. To build it, set ` +
        `TORCH_NODE_LIBTORCH_MINOR=${minor} and run \`npx torch-node install --torch ${minor}\` and \`npx torch-node build\`.`,
    );
  }
  return release;
}

/** @param {{ cuda?: string, torch?: string }} options */
async function install({ cuda = undefined, torch = undefined }) {
  const build = BUILDS.get(cuda ?? null);
  if (build === undefined) throw new Misuse(`--cuda must be ${cuda_versions.join(' or ')}, not '${cuda}'`);
  if (cuda !== undefined && process.platform === 'darwin') throw new Misuse('there is no CUDA for macOS');
  const release = torch === undefined ? VERSION : release_of(torch);
  const root = await require('./obtain.js').obtain(build, release);
  console.log(`torch-node: libtorch ${release} (${build}) is in ${root}`);
  const { found } = require('./libtorch.js').search();
  if (found && path.resolve(found.root) !== path.resolve(root)) {
    console.log(
      `torch-node: used is ${found.root} (${found.source}), which goes before it; see \`npx torch-node which\`` +
        (release === VERSION
          ? ''
          : `. Set TORCH_NODE_LIBTORCH_MINOR=${torch?.split('.').slice(0, 2).join('.')} to use it`),
    );
  }
}

function build() {
  require('./build.js').build();
}

/**
 * @param {{ out?: string, package?: boolean, check?: boolean, report?: string, python?: string, lines?: string, args?: string }} options
 * @param {string[]} scripts
 */
function port(options, scripts) {
  if (scripts.length === 0) throw new Misuse('port needs a Python script');
  process.exitCode = require('../../dist/port/command.js').run_port(scripts, options);
}

/**
 * @typedef {import('node:util').ParseArgsConfig['options']} Options
 * @type {Record<string, { run: (options: any, rest: string[]) => void | Promise<void>, options: Options, rest?: boolean }>}
 */
const commands = {
  doctor: { run: doctor, options: { json: { type: 'boolean' }, env: { type: 'boolean' } } },
  which: { run: which, options: { json: { type: 'boolean' } } },
  install: { run: install, options: { cuda: { type: 'string' }, torch: { type: 'string' } } },
  build: { run: build, options: {} },
  port: {
    run: port,
    options: {
      out: { type: 'string', short: 'o' },
      package: { type: 'boolean' },
      check: { type: 'boolean' },
      report: { type: 'string' },
      python: { type: 'string' },
      lines: { type: 'string' },
      args: { type: 'string' },
    },
    rest: true,
  },
};

/** @param {string[]} args */
async function main([name = '--help', ...rest]) {
  if (name === 'run') {
    const { run, run_help } = require('./run.js');
    try {
      return await run(rest);
    } catch (error) {
      // What parseArgs and the launcher say of the command line.
      if (error instanceof TypeError) throw new Misuse(error.message, run_help);
      throw error;
    }
  }
  if (name === '--help' || name === 'help' || rest.includes('--help')) return console.log(help);
  if (name === '--version') return console.log(require('../../package.json').version);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new Misuse(`unknown command '${name}'`);
  let given;
  try {
    given = parseArgs({
      args: rest,
      options: command.options,
      strict: true,
      allowPositionals: command.rest === true,
    });
  } catch (error) {
    throw new Misuse(/** @type {Error} */ (error).message);
  }
  await command.run(given.values, given.positionals);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Misuse ? `torch-node: ${error.message}\n\n${error.usage}` : error.message);
  process.exitCode = error instanceof Misuse ? 2 : 1;
});
