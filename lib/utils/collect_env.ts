/** What reports of bugs should say of a machine: `torch.utils.collect_env`. `npx torch-node doctor --env` prints the same. */
import { no_arguments } from '../_internal/signature.js';
import { xnnpack } from '../backends/index.js';
import { is_available } from '../cuda/devices.js';
import { version } from '../libtorch_version.js';
import { xpu } from '../other_devices.js';
import { namedtuple, type NamedTuple } from '../python/collections.js';
import { print } from '../python/print.js';

/** What libtorch says of itself, for a script that does not load it. */
interface Torch {
  version: string;
  debug: boolean;
  cuda: string | null;
  hip: string | null;
  cuda_available: boolean;
  xpu_available: boolean;
  xnnpack: boolean;
}

/** What looks around: read when it is asked for, as programs hardly ever do. */
const environment = () =>
  require('../../scripts/install/environment.js') as {
    collect(torch: Torch): Record<Field, unknown>;
    text_of(environment: Record<Field, unknown>): string;
  };

const FIELDS = [
  'torch_version',
  'torch_node_version',
  'is_debug_build',
  'cuda_compiled_version',
  'gcc_version',
  'clang_version',
  'cmake_version',
  'os',
  'libc_version',
  'node_version',
  'node_platform',
  'is_cuda_available',
  'cuda_runtime_version',
  'cuda_module_loading',
  'nvidia_driver_version',
  'nvidia_gpu_models',
  'cudnn_version',
  'is_xpu_available',
  'npm_packages',
  'hip_compiled_version',
  'hip_runtime_version',
  'miopen_runtime_version',
  'caching_allocator_config',
  'is_xnnpack_available',
  'cpu_info',
] as const;
type Field = (typeof FIELDS)[number];

/**
 * What {@link get_env_info} finds, as a tuple with names. Mirrors `torch.utils.collect_env.SystemEnv`; `node_version`, `node_platform` and
 * `npm_packages` stand for what is about Python there, and `torch_node_version` is this package's.
 *
 * @example
 * ```ts
 * import { SystemEnv } from 'torch-node/utils/collect_env';
 * print(SystemEnv._fields[0]); // torch_version
 * ```
 */
export const SystemEnv = namedtuple('SystemEnv', FIELDS);
export type SystemEnv = NamedTuple<Field, unknown[]>;

/**
 * Looks at libtorch, the system, its compilers, GPUs and CPU, and at the packages of npm that matter to tensors. Mirrors
 * `torch.utils.collect_env.get_env_info`. It runs programs of the system, such as `gcc --version`, and takes a moment.
 *
 * @returns a {@link SystemEnv}; null is what could not be found out
 * @example
 * ```ts
 * import { get_env_info } from 'torch-node/utils/collect_env';
 * print(get_env_info().is_debug_build); // False
 * ```
 */
export function get_env_info(...none: []): SystemEnv {
  no_arguments('get_env_info', none);
  const { libtorch, debug, cuda, hip } = version;
  const found = environment().collect({
    version: libtorch,
    debug,
    cuda,
    hip,
    cuda_available: is_available(),
    xpu_available: xpu.is_available(),
    xnnpack: xnnpack.enabled,
  });
  return SystemEnv(found) as SystemEnv;
}

/**
 * What {@link get_env_info} finds, as text, under Python's headings. Mirrors `torch.utils.collect_env.get_pretty_env_info`.
 *
 * @example
 * ```ts
 * import { get_pretty_env_info } from 'torch-node/utils/collect_env';
 * print(get_pretty_env_info().split('\n')[2]); // Is debug build: False
 * ```
 */
export function get_pretty_env_info(...none: []): string {
  no_arguments('get_pretty_env_info', none);
  return environment().text_of(get_env_info()._asdict() as Record<Field, unknown>);
}

/** Prints {@link get_pretty_env_info}, for reports of bugs. Mirrors `torch.utils.collect_env.main`. */
export function main(...none: []): void {
  no_arguments('main', none);
  print('Collecting environment information...');
  print(get_pretty_env_info());
}
