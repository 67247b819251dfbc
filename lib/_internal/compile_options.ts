/**
 * The options of `torch.compile`, checked as Python checks them. There is no compiler here: what is compiled runs as it is, with
 * the same results, and a warning says so once. Knows nothing of torch.
 */
import { warn } from './warnings.js';

/** The options of `torch.compile` and `Module.compile`. None has an effect beyond its check, except `disable`. */
export interface CompileOptions {
  /** Whether an error is wanted where Python would compile in parts. Default false. */
  fullgraph?: boolean;
  /** Whether sizes may vary. Default null: as it turns out. */
  dynamic?: boolean | null;
  /** The name of a backend that Python has, or a function. Default `'inductor'`. */
  backend?: string | ((...args: never[]) => unknown) | null;
  /** `'default'`, `'lite'`, `'reduce-overhead'`, `'max-autotune'` or `'max-autotune-no-cudagraphs'`. Default null. */
  mode?: string | null;
  /** Options of the backend. Default null. */
  options?: Readonly<Record<string, unknown>> | null;
  /** A name for logs. Default null. */
  name?: string | null;
  /** Whether to return the model itself. Default false. */
  disable?: boolean;
  /** How often to compile again at most. Default null. */
  recompile_limit?: number | null;
  /** Whether recompilations count for this call alone. Default false. */
  isolate_recompiles?: boolean;
  /** Which sizes may vary. Default null. */
  shapes_spec?: unknown;
}

/** The options in a signature, all by name. */
export const COMPILE_KINDS =
  '*, fullgraph?: bool, dynamic?: bool|None, backend?: str|Callable|None, mode?: str|None, options?: dict|None, ' +
  'name?: str|None, disable?: bool, recompile_limit?: int|None, isolate_recompiles?: bool, shapes_spec?: any';

// Those of Python; the ones with a tag are for its own tests and for debugging.
const BACKENDS: Readonly<Record<string, 'debug' | 'experimental' | null>> = {
  aot_eager: 'debug',
  aot_eager_decomp_partition: 'debug',
  aot_eager_decomp_partition_crossref: 'debug',
  aot_eager_decomp_partition_with_mode: 'debug',
  aot_eager_default_partitioner: 'debug',
  aot_ts: 'debug',
  cudagraphs: null,
  dynamo_accuracy_minifier_backend: 'debug',
  dynamo_minifier_backend: 'debug',
  eager: 'debug',
  eager_debug: 'debug',
  eager_noexcept: 'debug',
  inductor: null,
  invoke_subgraph: 'debug',
  non_leaf_compile_error_TESTING_ONLY: 'debug',
  openxla: null,
  openxla_eval: 'experimental',
  pre_dispatch_eager: 'debug',
  relu_accuracy_error_TESTING_ONLY: 'debug',
  relu_compile_error_TESTING_ONLY: 'debug',
  relu_runtime_error_TESTING_ONLY: 'debug',
  ts: 'debug',
  tvm: null,
};

const MODES = ['default', 'lite', 'reduce-overhead', 'max-autotune-no-cudagraphs', 'max-autotune'];

/** The names of Python's backends that have none of these tags, in order. */
export function backend_names(exclude_tags: Iterable<string> | null): string[] {
  const excluded = new Set(exclude_tags);
  return Object.keys(BACKENDS).filter((name) => {
    const tag = BACKENDS[name]!;
    return tag === null || !excluded.has(tag);
  });
}

let default_backend: CompileOptions['backend'] = null;

/** The backend that is meant where none is given. */
export function get_default(): string | ((...args: never[]) => unknown) {
  return default_backend ?? 'inductor';
}

/** Sets the backend that is meant where none is given; null is Python's own. */
export function set_default(backend: CompileOptions['backend']): void {
  default_backend = backend;
}

/** Says once that nothing is compiled. */
export function warn_that_nothing_is_compiled(): void {
  warn('torch.compile() compiles nothing here: the model runs as it is, with the same results');
}

/** Checks options that were read from a call. @throws Error with Python's text */
export function check_compile_options({ mode = null, options = null, backend = null }: CompileOptions): void {
  if (mode !== null && options !== null) {
    throw new Error("Either mode or options can be specified, but both can't be specified at the same time.");
  }
  const used = backend ?? get_default();
  if (typeof used !== 'string') return;
  if (!Object.hasOwn(BACKENDS, used)) {
    throw new Error(`Invalid backend: '${used}', see \`torch._dynamo.list_backends()\` for available backends.`);
  }
  if (used === 'inductor' && mode !== null && !MODES.includes(mode)) {
    throw new Error(`Unrecognized mode=${mode}, should be one of: ${MODES.join(', ')}`);
  }
}

/** Settings of Python's compiler, which are kept and have no effect. */
export type Settings<T extends object> = T & Record<string, unknown>;

/**
 * An object of settings with Python's defaults. Others may be set too, since Python has hundreds; and nothing depends on them.
 */
export function settings<T extends object>(defaults: T): Settings<T> {
  return { ...defaults } as Settings<T>;
}
