/** The second addon without a GPU: it is built, opens, and answers as Python's functions do. Made ready by `npm run test:cuda-build`. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../package_root.js';

type Answers = Record<string, { value?: unknown; error?: string }>;

const scratch = mkdtempSync(join(tmpdir(), 'torch-node-cuda-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function run(command: string, args: string[], env: Record<string, string>): Answers {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    cwd: scratch,
    env: { PATH: '/usr/bin:/bin', ...env },
  });
  if (result.status !== 0) {
    throw new Error(`${command} ${args[0]} ended with ${result.signal ?? result.status}: ${result.stderr}`);
  }
  // cuFile prints what it misses, and writes a log where it is.
  return JSON.parse(result.stdout.trimEnd().split('\n').at(-1) ?? '') as Answers;
}

/** What second_addon.py does. */
const program = `
  const torch = require(${JSON.stringify(root)});
  const { cuda } = torch;
  const calls = {
    __version__: () => torch.__version__,
    'nccl.version': () => [...cuda.nccl.version()],
    'nccl.unique_id': () => cuda.nccl.unique_id().length,
    'nccl.is_available': () => cuda.nccl.is_available([torch.ones(1)]),
    'nccl.all_reduce': () => cuda.nccl.all_reduce([torch.ones(1)]),
    'gds.gds_register_buffer': () => cuda.gds.gds_register_buffer(torch.ones(2).untyped_storage()),
    'gds.gds_deregister_buffer': () => cuda.gds.gds_deregister_buffer(torch.ones(2).untyped_storage()),
    'gds.GdsFile': () => new cuda.gds.GdsFile(process.env.SCRATCH, 66),
    'tunable.tune_gemm_in_file': () => cuda.tunable.tune_gemm_in_file('missing.csv'),
    get_allocator_backend: () => cuda.memory.get_allocator_backend(),
    graph_pool_handle: () => [...cuda.graph_pool_handle()],
    'tunable.is_enabled': () => cuda.tunable.is_enabled(),
    'tunable.enable': () => (cuda.tunable.enable(true), cuda.tunable.is_enabled()),
    'tunable.tuning_is_enabled': () => cuda.tunable.tuning_is_enabled(),
    'tunable.get_max_tuning_duration': () => cuda.tunable.get_max_tuning_duration(),
    'tunable.get_max_tuning_iterations': () => cuda.tunable.get_max_tuning_iterations(),
    'tunable.set_max_tuning_iterations': () =>
      (cuda.tunable.set_max_tuning_iterations(7), cuda.tunable.get_max_tuning_iterations()),
    'tunable.get_filename': () => cuda.tunable.get_filename(),
    'nvtx.range_push': () => cuda.nvtx.range_push('a'),
    'nvtx.range_pop': () => cuda.nvtx.range_pop(),
    'nvtx.mark': () => cuda.nvtx.mark('a') ?? null,
    host_memory_stats: () => cuda.memory.host_memory_stats(),
    MemPool: () => [...new cuda.MemPool().id],
    CUDAGraph: () => new cuda.CUDAGraph() && null,
    is_current_stream_capturing: () => cuda.is_current_stream_capturing(),
    current_blas_handle: () => cuda.current_blas_handle(),
    get_sync_debug_mode: () => cuda.get_sync_debug_mode(),
    'profiler.start': () => cuda.profiler.start(),
    'profiler.stop': () => cuda.profiler.stop(),
    check_error: () => cuda.check_error(2),
    get_per_process_memory_fraction: () => cuda.get_per_process_memory_fraction(),
    get_device_properties: () => cuda.get_device_properties(0).name,
    can_device_access_peer: () => cuda.can_device_access_peer(0, 1),
    memory_snapshot: () => cuda.memory_snapshot(),
  };
  const answers = {};
  for (const [name, call] of Object.entries(calls)) {
    try {
      answers[name] = { value: call() };
    } catch (error) {
      answers[name] = { error: error.message.split('\\n')[0] };
    }
  }
  console.log(JSON.stringify(answers));`;

const ours = run(process.execPath, ['-e', program], {
  TORCH_NODE_LIBTORCH: process.env.TORCH_NODE_LIBTORCH ?? '',
  SCRATCH: join(scratch, 'node'),
});

describe('the addon for CUDA', () => {
  it('is built beside the first one', () => {
    const { find_addon, minor_of } = createRequire(import.meta.url)('../../scripts/install/addon.js') as {
      find_addon(minor: string): string;
      minor_of(version: string): string;
    };
    const first = find_addon(minor_of(String(ours.__version__!.value)));
    expect(existsSync(join(dirname(first), 'torch_node_cuda.node'))).toBe(true);
  });

  it('answers without a GPU as Python does', () => {
    const python = run(
      process.env.TORCH_NODE_TEST_PYTHON ?? '',
      [join(root, 'tests', 'cuda_build', 'second_addon.py')],
      { SCRATCH: join(scratch, 'python') },
    );
    expect(ours).toEqual({ ...python, __version__: expect.anything() as unknown });
  });
});
