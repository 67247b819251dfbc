#!/usr/bin/env node
'use strict';
/**
 * Tests that a CUDA build of libtorch is loaded: makes a Python with the CUDA wheel of torch (some 5 GB, once) and the headers
 * of CUDA that it does not bring, builds both addons for its minor version, and runs tests/cuda_build. `node scripts/dev/cuda_build.js [--venv DIR] [--torch
 * VERSION] [--help]`
 */
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { parseArgs } = require('node:util');
const { minor_of } = require('../install/addon.js');

const root = path.join(__dirname, '..', '..');

/** @param {string} command @param {string[]} args @param {Record<string, string>} [env] */
function run(command, args, env = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  if (result.error || result.status !== 0) throw new Error(`${command} ${args.join(' ')} failed`);
}

/** The packages with the headers of a CUDA that a wheel of torch does not bring. @param {string} cuda */
function headers_of(cuda) {
  return cuda.startsWith('12.')
    ? ['nvcc', 'cccl'].map((name) => `nvidia-cuda-${name}-cu12==${cuda}.*`)
    : ['crt', 'cccl'].map((name) => `nvidia-cuda-${name}==${cuda}.*`);
}

/**
 * The virtual environment with torch; returns its Python and torch's folder.
 * @param {string} venv @param {string} version
 */
function python_with_torch(venv, version) {
  const python = path.join(venv, 'bin', 'python');
  if (!fs.existsSync(python)) run('python3', ['-m', 'venv', venv]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `torch==${version}`]);
  const where = spawnSync(python, ['-c', 'import torch; print(torch.__path__[0]); print(torch.version.cuda)'], {
    encoding: 'utf8',
  });
  if (where.status !== 0) throw new Error(`${python} cannot import torch: ${where.stderr}`);
  const [libtorch = '', cuda = ''] = where.stdout.trim().split('\n');
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', ...headers_of(cuda)]);
  return { python, libtorch };
}

function main() {
  const { values } = parseArgs({
    options: {
      venv: { type: 'string', default: path.join(root, '.venv-cuda') },
      torch: { type: 'string', default: '2.14.1' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log('Usage: node scripts/dev/cuda_build.js [--venv DIR] [--torch VERSION]');
  const { python, libtorch } = python_with_torch(path.resolve(values.venv), values.torch);
  run(process.execPath, ['scripts/install/build.js'], {
    TORCH_NODE_LIBTORCH: libtorch,
    TORCH_NODE_LIBTORCH_MINOR: minor_of(values.torch),
  });
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  run(process.execPath, [vitest, 'run', '--config', 'vitest.cuda.config.mts', 'tests/cuda_build/'], {
    TORCH_NODE_LIBTORCH: libtorch,
    TORCH_NODE_TEST_PYTHON: python,
  });
}

try {
  main();
} catch (error) {
  console.error(`cuda-build: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}
