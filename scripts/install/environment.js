'use strict';
/**
 * What is known of this machine and of what is installed: `torch-node doctor --env` and torch.utils.collect_env print it, for
 * reports of bugs. Nothing here needs libtorch.
 */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { glibc_version } = require('./limits.js');

/**
 * @typedef {{ version: string, debug: boolean, cuda: string | null, hip: string | null, cuda_available: boolean,
 *   xpu_available: boolean, xnnpack: boolean }} Torch what a libtorch that was loaded says of itself
 * @typedef {{ torch_version: string, torch_node_version: string, is_debug_build: string, cuda_compiled_version: string | null,
 *   hip_compiled_version: string, os: string | null, gcc_version: string | null, clang_version: string | null,
 *   cmake_version: string | null, libc_version: string, node_version: string, node_platform: string,
 *   is_cuda_available: string, cuda_runtime_version: string | null, cuda_module_loading: string,
 *   nvidia_gpu_models: string | null, nvidia_driver_version: string | null, cudnn_version: string | null,
 *   is_xpu_available: string, hip_runtime_version: string, miopen_runtime_version: string, is_xnnpack_available: string,
 *   caching_allocator_config: Record<string, string>, cpu_info: string, npm_packages: string }} Environment
 */

/** What a line for a shell prints; null when it fails. @param {string} command */
function output_of(command) {
  const { status, stdout } = spawnSync(command, { shell: true, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return status === 0 ? stdout.trim() : null;
}

/** What is between the parentheses of an expression in what a command prints. @param {string} command @param {RegExp} expression */
function match_in(command, expression) {
  return expression.exec(output_of(command) ?? '')?.[1] ?? null;
}

/** `x86_64`, as `uname -m` has it. */
const machine = () => os.machine();

/** The lines of an object that PowerShell prints as JSON. @param {string} command @param {(object: any) => string} describe */
function from_powershell(command, describe) {
  const text = output_of(`powershell.exe "${command} | ConvertTo-Json"`);
  if (text === null) return null;
  const found = JSON.parse(text);
  return [found].flat().map(describe).join('\n');
}

function os_version() {
  if (process.platform === 'win32') {
    const properties = 'gwmi -Class Win32_OperatingSystem | Select-Object -Property Caption,OSArchitecture,Version';
    return from_powershell(properties, (each) => `${each.Caption} (${each.Version} ${each.OSArchitecture})`);
  }
  if (process.platform === 'darwin') {
    const version = output_of('sw_vers -productVersion');
    return version === null ? null : `macOS ${version} (${machine()})`;
  }
  const name = match_in('lsb_release -a', /Description:\t(.*)/) ?? match_in('cat /etc/*-release', /PRETTY_NAME="(.*)"/);
  return `${name ?? process.platform} (${machine()})`;
}

/** The driver of the kernel, which is there without a tool of NVIDIA's. */
function kernel_driver_version() {
  try {
    return /Module\s+(\S+)/.exec(fs.readFileSync('/proc/driver/nvidia/version', 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}

const nvidia_driver_version = () => match_in('nvidia-smi', /Driver Version: (.*?) /) ?? kernel_driver_version();

/** The GPUs that the driver lists, without what identifies each. */
const gpu_models = () => output_of('nvidia-smi -L')?.replace(/ \(UUID: .+?\)/g, '') ?? null;

function cudnn_files() {
  const commands = /** @type {Partial<Record<NodeJS.Platform, string>>} */ ({
    linux: 'ldconfig -p | grep libcudnn | rev | cut -d" " -f1 | rev',
    win32: 'where cudnn*.dll',
  });
  const command = commands[process.platform];
  const listed = command === undefined ? [] : (output_of(command) ?? '').split('\n').filter(Boolean);
  const files = [...new Set(listed.filter((file) => fs.existsSync(file)).map((file) => fs.realpathSync(file)))].sort();
  if (files.length > 1) return `Probably one of the following:\n${files.join('\n')}`;
  return files[0] ?? null;
}

function cpu_info() {
  if (process.platform === 'linux') return output_of('lscpu') ?? cpu_of_node();
  if (process.platform === 'darwin') return output_of('sysctl -n machdep.cpu.brand_string') ?? cpu_of_node();
  return cpu_of_node();
}

function cpu_of_node() {
  const cpus = os.cpus();
  return `${cpus[0]?.model ?? 'unknown'}, ${cpus.length} logical CPUs`;
}

/** The platform as Python's `platform.platform()` writes it. */
function platform_text() {
  const glibc = glibc_version();
  const libc = glibc === undefined ? '' : `-with-glibc${glibc}`;
  return `${os.type()}-${os.release()}-${machine()}${libc}`;
}

// What this package needs, is optional for it, or brings tensors of its own.
const RELEVANT =
  /^(?:torch-node|@torch-node\/.*|onnxruntime.*|@tensorflow\/.*|@huggingface\/.*|typescript|tsx|vite|vitest|jest)$/;

/** The folders of packages that a program in the working folder, and this package, may load from. */
function package_folders() {
  const own = path.join(__dirname, '..', '..');
  const folders = new Set();
  for (const start of [process.cwd(), own]) {
    for (let at = start; ; at = path.dirname(at)) {
      folders.add(path.join(at, 'node_modules'));
      if (at === path.dirname(at)) break;
    }
  }
  return [...folders].filter((folder) => fs.existsSync(folder));
}

/** The packages that matter to tensors, as `name@version`, by name. */
function npm_packages() {
  const own = require('../../package.json');
  const optional = Object.keys(own.peerDependencies);
  const found = new Set([`torch-node@${own.version}`]);
  for (const folder of package_folders()) {
    const names = fs
      .readdirSync(folder)
      .flatMap((name) =>
        name.startsWith('@') ? fs.readdirSync(path.join(folder, name)).map((inner) => `${name}/${inner}`) : [name],
      );
    for (const name of names.filter((each) => RELEVANT.test(each) || optional.includes(each))) {
      const file = path.join(folder, name, 'package.json');
      if (fs.existsSync(file)) found.add(`${name}@${JSON.parse(fs.readFileSync(file, 'utf8')).version}`);
    }
  }
  return [...found].sort().join('\n');
}

/** The variables that configure libtorch's allocator for GPUs. */
function allocator_config() {
  const names = ['PYTORCH_CUDA_ALLOC_CONF', 'PYTORCH_HIP_ALLOC_CONF', 'PYTORCH_ALLOC_CONF'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name] ?? '']] : [])));
}

const python_bool = (/** @type {boolean | undefined} */ value) =>
  value === undefined ? 'N/A' : value ? 'True' : 'False';

/** Looks at everything. @param {Torch | null} torch null when libtorch cannot be loaded @returns {Environment} */
function collect(torch) {
  const glibc = glibc_version();
  return {
    torch_version: torch?.version ?? 'N/A',
    torch_node_version: require('../../package.json').version,
    is_debug_build: python_bool(torch?.debug),
    cuda_compiled_version: torch === null ? 'N/A' : torch.cuda,
    hip_compiled_version: torch?.hip ?? 'N/A',
    os: os_version(),
    gcc_version: match_in('gcc --version', /gcc (.*)/),
    clang_version: match_in('clang --version', /clang version (.*)/),
    cmake_version: match_in('cmake --version', /cmake (.*)/),
    libc_version: process.platform === 'linux' ? (glibc === undefined ? '-' : `glibc-${glibc}`) : 'N/A',
    node_version: `${process.version}, Node-API ${process.versions.napi} (V8 ${process.versions.v8})`,
    node_platform: platform_text(),
    is_cuda_available: python_bool(torch?.cuda_available),
    cuda_runtime_version: match_in('nvcc --version', /release .+ V(.*)/),
    cuda_module_loading: torch?.cuda_available ? (process.env.CUDA_MODULE_LOADING ?? '') : 'N/A',
    nvidia_gpu_models: gpu_models(),
    nvidia_driver_version: nvidia_driver_version(),
    cudnn_version: cudnn_files(),
    is_xpu_available: python_bool(torch?.xpu_available),
    hip_runtime_version: 'N/A',
    miopen_runtime_version: 'N/A',
    is_xnnpack_available: python_bool(torch?.xnnpack),
    caching_allocator_config: allocator_config(),
    cpu_info: cpu_info(),
    npm_packages: npm_packages(),
  };
}

/** The text of it, in Python's order and with Python's headings. @param {Environment} environment @param {boolean} [loaded] */
function text_of({ ...all }, loaded = all.torch_version !== 'N/A') {
  const of_gpu = [all.cuda_runtime_version, all.nvidia_gpu_models, all.nvidia_driver_version];
  if (loaded && all.is_cuda_available !== 'True' && of_gpu.every((value) => value === null)) {
    all.cuda_runtime_version = all.nvidia_gpu_models = all.nvidia_driver_version = all.cudnn_version = 'No CUDA';
    all.cuda_compiled_version ??= 'None';
  }
  const said = (/** @type {string | null} */ value) => value ?? 'Could not collect';
  const models = all.nvidia_gpu_models?.includes('\n') ? `\n${all.nvidia_gpu_models}\n` : all.nvidia_gpu_models;
  const config = Object.entries(all.caching_allocator_config).map(([name, value]) => `'${name}': '${value}'`);
  return `PyTorch version: ${all.torch_version}
torch-node version: ${all.torch_node_version}
Is debug build: ${all.is_debug_build}
CUDA used to build PyTorch: ${said(all.cuda_compiled_version)}
ROCM used to build PyTorch: ${all.hip_compiled_version}

OS: ${said(all.os)}
GCC version: ${said(all.gcc_version)}
Clang version: ${said(all.clang_version)}
CMake version: ${said(all.cmake_version)}
Libc version: ${all.libc_version}

Node version: ${all.node_version}
Node platform: ${all.node_platform}
Is CUDA available: ${all.is_cuda_available}
CUDA runtime version: ${said(all.cuda_runtime_version)}
CUDA_MODULE_LOADING set to: ${all.cuda_module_loading}
GPU models and configuration: ${said(models)}
Nvidia driver version: ${said(all.nvidia_driver_version)}
cuDNN version: ${said(all.cudnn_version)}
Is XPU available: ${all.is_xpu_available}
HIP runtime version: ${all.hip_runtime_version}
MIOpen runtime version: ${all.miopen_runtime_version}
Is XNNPACK available: ${all.is_xnnpack_available}
Caching allocator config: ${config.length === 0 ? 'N/A' : `{${config.join(', ')}}`}

CPU:
${all.cpu_info}

Versions of relevant libraries:
${all.npm_packages.replace(/^/gm, '[npm] ')}`;
}

module.exports = { collect, kernel_driver_version, text_of };
