#!/usr/bin/env node
'use strict';
/**
 * Compiles the addons for systems that are not at hand, macOS on arm64 and Windows on x64, with the clang and the headers of these
 * systems in PyPI's `ziglang`, against the headers of PyTorch's own wheels for them: `npm run check:foreign -- [SYSTEM...]
 * [FILE...]`. For macOS it also looks whether all that the compiled files want of libtorch, of Node-API and of the system is exported
 * there, as the linker would. Nothing is run. For Windows the headers are those of MinGW and LLVM's libc++, not Microsoft's:
 * what it shows is that our sources are C++ there, not that Microsoft's compiler takes them. All lies in build/foreign.
 */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawn, spawnSync } = require('node:child_process');
const { part_of_libtorch } = require('../install/obtain.js');
const { VERSION } = require('../install/release.js');
const { unzip } = require('../install/unzip.js');

const root = path.join(__dirname, '..', '..');
const folder = path.join(root, 'build', 'foreign');
const ZIG = 'ziglang==0.17.1';

/**
 * Each system: clang's name of it, the platform of its wheel, and what CMakeLists.txt defines there.
 * @type {Record<string, { target: string, wheel: string[], flags: string[] }>}
 */
const SYSTEMS = {
  macos: { target: 'aarch64-macos.14.0', wheel: ['macosx_14_0_arm64', 'macosx_11_0_arm64'], flags: [] },
  windows: {
    target: 'x86_64-windows-gnu',
    wheel: ['win_amd64'],
    // The third: as for static libraries, since of a thread-local variable only Microsoft's compiler skips the import.
    flags: ['-DNOMINMAX', '-DWIN32_LEAN_AND_MEAN', '-DC10_USING_CUSTOM_GENERATED_MACROS'],
  },
};

/** A function that libtorch's headers call on all systems but Microsoft's compiler's, and that MinGW lacks. */
const SHIM = `#pragma once
#if defined(__MINGW32__)
extern "C" void __assert_fail(const char*, const char*, unsigned int, const char*);
#endif
`;

const usage = `Usage: npm run check:foreign -- [SYSTEM...] [FILE...]

  SYSTEM  ${Object.keys(SYSTEMS).join(', ')}; both when none is named
  FILE    only these sources, such as native/core/device.cpp; then nothing is linked`;

/** @param {string} command @param {string[]} args */
function run(command, args) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (result.error || result.status !== 0) {
    throw new Error(
      `${command} ${args.join(' ')} ended with ${result.error?.message ?? result.status}:\n${result.stderr}`,
    );
  }
  return result.stdout.trim();
}

/** The compiler, installed unless it is there. */
function zig() {
  const venv = path.join(folder, 'zig');
  const python = path.join(venv, 'bin', 'python');
  const where = ['-c', 'import ziglang, os; print(os.path.dirname(ziglang.__file__))'];
  if (!fs.existsSync(python) || spawnSync(python, where).status !== 0) {
    run('python3', ['-m', 'venv', venv]);
    run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ZIG]);
  }
  return path.join(run(python, where), 'zig');
}

/** libtorch for a system, from PyPI. @param {string} name */
async function libtorch_for(name) {
  const target = path.join(folder, `libtorch-${name}`);
  if (fs.existsSync(target)) return target;
  const wheels = fs.mkdtempSync(path.join(os.tmpdir(), 'torch-node-foreign-'));
  try {
    const platforms = SYSTEMS[name].wheel.flatMap((platform) => ['--platform', platform]);
    const how = [
      '--quiet',
      '--disable-pip-version-check',
      '--no-deps',
      '--only-binary=:all:',
      '--python-version',
      '311',
    ];
    run('python3', ['-m', 'pip', 'download', ...how, ...platforms, '--dest', wheels, `torch==${VERSION}`]);
    const [wheel = ''] = fs.readdirSync(wheels);
    await unzip(path.join(wheels, wheel), `${target}.part`, part_of_libtorch);
    fs.renameSync(`${target}.part`, target);
    return target;
  } finally {
    fs.rmSync(wheels, { recursive: true, force: true });
  }
}

/** @param {string} below @param {string} ending */
function files_below(below, ending) {
  const found = fs.readdirSync(path.join(root, below), { recursive: true, encoding: 'utf8' });
  return found.filter((file) => file.endsWith(ending)).map((file) => path.join(below, file));
}

/** Whether a file is there and newer than all others. @param {string} file @param {string[]} others */
function is_newer(file, others) {
  if (!fs.existsSync(file)) return false;
  const made = fs.statSync(file).mtimeMs;
  return others.every((other) => fs.statSync(path.resolve(root, other)).mtimeMs < made);
}

/** The sources of the loader and of the addon; not that for CUDA, whose headers are not here, nor
 * native/load/delay_load.cpp, which is for Microsoft's linker. */
function sources() {
  const found = files_below('native', '.cpp').filter((file) => !/^native\/(absent|cuda|load)\//.test(file));
  return ['native/load/loader.cpp', ...found];
}

/** Runs tasks, as many at a time as there are processors; the results in order. @param {(() => Promise<T>)[]} tasks @template T */
async function at_once(tasks) {
  /** @type {T[]} */
  const results = new Array(tasks.length);
  let next = 0;
  const work = async () => {
    for (let i = next++; i < tasks.length; i = next++) results[i] = await /** @type {() => Promise<T>} */ (tasks[i])();
  };
  await Promise.all(Array.from({ length: Math.min(os.availableParallelism(), 8) }, work));
  return results;
}

/** What the compiler says; empty when it is content. @param {string} program @param {string[]} args @returns {Promise<string>} */
function compile(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
    let text = '';
    child.stderr.on('data', (chunk) => (text += chunk));
    child.on('close', (status) => resolve(status === 0 ? text : text || `it ended with ${status}`));
  });
}

/** The names that a Mach-O file has from others, or has for others, hidden ones among them. @param {string} file @param {boolean} wanted */
function symbols_of(file, wanted) {
  const bytes = fs.readFileSync(file);
  const names = [];
  for (let i = 0, at = 32; i < bytes.readUInt32LE(16); at += bytes.readUInt32LE(at + 4), i++) {
    if (bytes.readUInt32LE(at) !== 2) continue; // LC_SYMTAB
    const [first, count, texts] = [8, 12, 16].map((offset) => bytes.readUInt32LE(at + offset));
    for (let j = 0; j < count; j++) {
      const entry = first + 16 * j;
      const type = bytes.readUInt8(entry + 4);
      // N_EXT; N_UNDF is what others have.
      if ((type & 0x01) === 0 || ((type & 0x0e) === 0) !== wanted) continue;
      const start = texts + bytes.readUInt32LE(entry);
      names.push(bytes.toString('latin1', start, bytes.indexOf(0, start)));
    }
  }
  return names;
}

/** What no library has of what compiled files want. @param {string[]} objects @param {string} libtorch @param {string} compiler */
function missing_symbols(objects, libtorch, compiler) {
  const there = new Set(objects.flatMap((file) => symbols_of(file, false)));
  for (const name of ['c10', 'torch_cpu', 'torch']) {
    for (const symbol of symbols_of(path.join(libtorch, 'lib', `lib${name}.dylib`), false)) there.add(symbol);
  }
  const { symbols } = require('node-api-headers');
  for (const { js_native_api_symbols, node_api_symbols } of Object.values(symbols)) {
    for (const symbol of [...js_native_api_symbols, ...node_api_symbols]) there.add(`_${symbol}`);
  }
  const system = fs.readFileSync(path.join(path.dirname(compiler), 'lib', 'libc', 'darwin', 'libSystem.tbd'), 'utf8');
  for (const [symbol] of system.matchAll(/[\w$]+/g)) there.add(symbol);
  // libc++ and its runtime, which have no list here.
  const of_cpp =
    /^(__ZN?K?V?St|__ZT[IVSTC]+N?K?St|__ZT[IS][a-z]|__ZTVN10__cxxabiv1|__Zn|__Zd|___cxa_|___gxx_|___dynamic_cast$|___dso_handle$)/;
  const wanted = new Set(objects.flatMap((file) => symbols_of(file, true)));
  return [...wanted].filter((symbol) => !there.has(symbol) && !of_cpp.test(symbol)).sort();
}

/** Checks one system; the number of faults. @param {string} name @param {string} compiler @param {string[]} chosen */
async function check(name, compiler, chosen) {
  const libtorch = await libtorch_for(name);
  const { target, flags } = SYSTEMS[name];
  const objects = path.join(folder, `objects-${name}`);
  fs.mkdirSync(objects, { recursive: true });
  const shim = path.join(objects, 'shim.h');
  if (!fs.existsSync(shim) || fs.readFileSync(shim, 'utf8') !== SHIM) fs.writeFileSync(shim, SHIM);
  const system = [
    require('node-api-headers').include_dir,
    path.resolve(root, path.dirname(require.resolve('node-addon-api/package.json'))),
    path.join(libtorch, 'include'),
    path.join(libtorch, 'include', 'torch', 'csrc', 'api', 'include'),
    path.join(root, 'native', 'absent'),
  ];
  const common = [
    ...[
      'c++',
      '-target',
      target,
      '-std=c++20',
      '-O0',
      '-g0',
      '-c',
      '-fno-sanitize=undefined',
      '-ffp-contract=off',
      '-Wall',
      '-Wextra',
    ],
    ...['-Wno-unused-parameter', '-Werror', '-fvisibility=hidden', '-fvisibility-inlines-hidden', '-include', shim],
    ...['-DNAPI_VERSION=9', '-DNODE_ADDON_API_CPP_EXCEPTIONS', '-DNODE_ADDON_API_DISABLE_DEPRECATED'],
    ...['-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS', '-DTORCH_NODE_C10D', '-DUSE_C10D_GLOO', ...flags],
    ...['-Inative', ...system.flatMap((each) => ['-isystem', each])],
  ];
  const header = path.join(objects, 'precompiled.pch');
  if (!is_newer(header, [shim, 'native/core/precompiled.h'])) {
    const text = await compile(compiler, [...common, '-x', 'c++-header', 'native/core/precompiled.h', '-o', header]);
    if (text) throw new Error(`libtorch's headers for ${name} cannot be compiled:\n${text}`);
  }
  const headers = files_below('native', '.h');
  const files = chosen.length > 0 ? chosen : sources();
  const compiled = files.map((file) => path.join(objects, `${file.replaceAll('/', '_')}.o`));
  const said = await at_once(
    files.map((file, i) => async () => {
      const object = /** @type {string} */ (compiled[i]);
      if (is_newer(object, [header, file, ...headers])) return '';
      // What is in load/ knows nothing of libtorch.
      const precompiled = file.includes('/load/') ? [] : ['-include-pch', header];
      const text = await compile(compiler, [...common, ...precompiled, file, '-o', `${object}.part`]);
      if (text === '') fs.renameSync(`${object}.part`, object);
      else fs.rmSync(`${object}.part`, { force: true });
      return text;
    }),
  );
  const faults = said.filter((text) => text !== '');
  for (const text of faults) console.error(text.trimEnd());
  console.log(`${name}: ${files.length - faults.length} of ${files.length} files are compiled`);
  if (name !== 'macos' || chosen.length > 0 || faults.length > 0) return faults.length;
  const missing = missing_symbols(compiled, libtorch, compiler);
  for (const symbol of missing) console.error(`nothing exports ${symbol}`);
  console.log(`${name}: ${missing.length} of the symbols that they want are missing`);
  return missing.length;
}

/** @param {string[]} args */
async function main(args) {
  if (args.includes('--help')) return console.log(usage);
  const files = args.filter((each) => each.endsWith('.cpp'));
  const named = args.filter((each) => !each.endsWith('.cpp'));
  const unknown = named.find((each) => !Object.hasOwn(SYSTEMS, each));
  if (unknown !== undefined) throw new Error(`'${unknown}' is neither a system nor a source. ${usage}`);
  const compiler = zig();
  let faults = 0;
  for (const name of named.length > 0 ? named : Object.keys(SYSTEMS)) faults += await check(name, compiler, files);
  if (faults > 0) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error) => {
  console.error(`check-foreign: ${error.message}`);
  process.exitCode = 1;
});
