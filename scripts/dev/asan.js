#!/usr/bin/env node
'use strict';
/**
 * Runs tests on an addon that is built with AddressSanitizer and UndefinedBehaviorSanitizer: `npm run test:asan [-- TESTS...]`.
 * Needs Linux and GCC. libtorch and Node are not instrumented: what they read and write is checked only where they call
 * the C library (memcpy and the like) on memory that the sanitizer gave them.
 */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { build } = require('../install/build.js');

const root = path.join(__dirname, '..', '..');
const folder = path.join(root, 'build', 'asan');

/** Folders of tests/, and files in it. */
const TESTS = [
  ...[
    '_C',
    '_internal',
    'autograd',
    'fuzz',
    'jit',
    'multiprocessing',
    'numpy',
    'safetensors',
    'serialization',
    'types',
  ],
  ...['_ops', '_tensor', 'dlpack', 'legacy_constructors', 'memory', 'random', 'set', 'storage', 'types/quantized'].map(
    (name) => `${name}.test`,
  ),
].map((name) => `tests/${name}`);

/** Where the compiler has one of its libraries. @param {string} name */
function compiler_library(name) {
  const { stdout } = spawnSync(process.env.CXX ?? 'g++', [`-print-file-name=${name}`], { encoding: 'utf8' });
  const file = (stdout ?? '').trim();
  if (!path.isAbsolute(file))
    throw new Error(`torch-node: the compiler has no ${name}; install GCC's sanitizer libraries`);
  return fs.realpathSync(file);
}

/** The variables under which a process runs with the sanitizers. @param {string} reports a path that reports begin with */
function sanitized(reports) {
  const suppressions = path.join(root, 'tests', 'native', 'sanitizers.supp');
  return {
    TORCH_NODE_BUILD: folder,
    TORCH_NODE_SANITIZED: '1',
    // Exceptions are caught by the sanitizer's own functions, which look for the C++ runtime when the process starts.
    LD_PRELOAD: ['libasan.so', 'libubsan.so', 'libstdc++.so.6'].map(compiler_library).join(':'),
    ASAN_OPTIONS: `detect_leaks=0:abort_on_error=1:allocator_may_return_null=1:detect_odr_violation=0:log_path=${reports}`,
    UBSAN_OPTIONS: `print_stacktrace=1:halt_on_error=1:abort_on_error=1:suppressions=${suppressions}:log_path=${reports}`,
  };
}

/** @param {string[]} tests */
function main(tests) {
  if (process.platform !== 'linux') throw new Error('torch-node: the sanitizers are run on Linux only');
  build({ folder, sanitize: true });
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'torch-node-asan-'));
  try {
    const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
    // What is freed stays resident for a while, so bounds on resident memory say nothing here.
    const left_out = ['--exclude', 'tests/memory.test.ts'];
    const run = spawnSync(process.execPath, [vitest, 'run', ...left_out, ...(tests.length > 0 ? tests : TESTS)], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...sanitized(path.join(scratch, 'report')) },
    });
    // Tests ask for more memory than there is, of which the sanitizer warns before it refuses, as expected.
    const reports = fs
      .readdirSync(scratch)
      .map((file) => fs.readFileSync(path.join(scratch, file), 'utf8'))
      .filter((text) =>
        text
          .split('\n')
          .some((line) => line.trim() !== '' && !/WARNING: AddressSanitizer failed to allocate/.test(line)),
      );
    for (const text of reports) console.error(text);
    console.log(
      reports.length === 0 ? 'The sanitizers found nothing.' : `The sanitizers made ${reports.length} reports.`,
    );
    if (run.status !== 0 || reports.length > 0) process.exitCode = 1;
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

if (process.argv.includes('--help')) console.log('Usage: node scripts/dev/asan.js [TESTS...]');
else {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exitCode = 1;
  }
}
