/** Groups that communicate by NCCL between GPUs: their options, and their backend, which the addon for CUDA makes. */
import { cuda_native, has_cuda_native } from '../_C/cuda_native.js';
import type { NativeBackend } from '../_C/native.js';
import { define_kind, signature } from '../_internal/signature.js';
import type { Store } from './store.js';

/** NCCL's own configuration of a communicator; what is left out is as NCCL has it. */
export interface NCCLConfig {
  /** Whether calls of NCCL block. */
  blocking?: boolean;
  /** How many thread blocks are in a cluster, 0 to 8. */
  cga_cluster_size?: number;
  /** The least number of thread blocks of a kernel. */
  min_ctas?: number;
  /** The largest number of them. */
  max_ctas?: number;
}

const OPTIONS = signature<{ is_high_priority_stream?: boolean }>(
  'ProcessGroupNCCL.Options',
  'is_high_priority_stream?: bool',
);

/**
 * How a group uses NCCL: `pg_options` of `init_process_group` and `new_group`. Mirrors `torch.distributed.ProcessGroupNCCL.Options`.
 * @param is_high_priority_stream - whether its stream goes before others; default false
 * @throws Error for a config with a name that is not there, when a group is made
 */
class Options {
  /** Whether the group's stream goes before others. */
  is_high_priority_stream: boolean;
  /** NCCL's own configuration. */
  config: NCCLConfig = {};

  constructor(is_high_priority_stream?: boolean);
  constructor(options: { is_high_priority_stream?: boolean });
  constructor(...args: unknown[]) {
    this.is_high_priority_stream = OPTIONS.read(args).is_high_priority_stream ?? false;
  }
}
define_kind('ProcessGroupNCCL.Options', 'ProcessGroupNCCL.Options', (value) => value instanceof Options);

/** What is special to groups of NCCL. Mirrors `torch.distributed.ProcessGroupNCCL`. */
export const ProcessGroupNCCL = {
  /** How a group uses NCCL. */
  Options,
} as const;

/** An instance of {@link ProcessGroupNCCL}'s `Options`. */
export type NCCLOptions = Options;

/** How long collectives of NCCL may take where no time is given, in seconds. */
export const default_pg_nccl_timeout = 600;

/** Whether libtorch and the addon for CUDA have groups of NCCL. */
export const has_nccl = (): boolean => has_cuda_native() && 'nccl_backend' in cuda_native('is_nccl_available');

/** What a backend is made of. */
export interface BackendParts {
  readonly store: Store;
  readonly rank: number;
  readonly size: number;
  /** In milliseconds. */
  readonly timeout: number;
  readonly name: string;
  readonly global_ranks: readonly number[];
  readonly options: NCCLOptions | null;
  /** The index of the only device of this process; null for the current one at each collective. */
  readonly device: number | null;
}

const FIELDS: readonly string[] = [
  'blocking',
  'cga_cluster_size',
  'min_ctas',
  'max_ctas',
] satisfies (keyof NCCLConfig)[];

/** The backend of a group. @throws Error where the addon for CUDA is not there, or there is no GPU */
export function new_nccl_backend(callee: string, parts: BackendParts): NativeBackend {
  const { is_high_priority_stream, config } = parts.options ?? new Options();
  const stranger = Object.keys(config).find((field) => !FIELDS.includes(field));
  if (stranger !== undefined) {
    throw new TypeError(`${callee}(): NCCL's config has ${FIELDS.join(', ')}, not '${stranger}'`);
  }
  return cuda_native(callee).nccl_backend!(
    parts.store._store,
    parts.rank,
    parts.size,
    parts.timeout,
    is_high_priority_stream,
    config,
    parts.name,
    parts.global_ranks,
    parts.device,
  );
}
