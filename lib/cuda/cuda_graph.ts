/** Work on a device that is captured once and replayed. */
import { cuda_native, type CUDAGraphData, type NativeGraph, type PoolNumbers } from '../_C/cuda_native.js';
import { native } from '../_C/native.js';
import type { Mode } from '../_internal/callbacks.js';
import { run_or_guard, type Guard } from '../_internal/guards.js';
import { name_class } from '../_internal/kind_of.js';
import { define_kind, method_signature, no_arguments, signature } from '../_internal/signature.js';
import type { Stream as AnyStream, StreamNumbers } from '../streams.js';
import { require_cuda_build } from './device_index.js';
import { Stream } from './streams.js';

/** A pool of memory that graphs share: what `graph_pool_handle()`, `CUDAGraph.pool()` and `MemPool.id` return. */
export type GraphPool = PoolNumbers;

export type { CUDAGraphData } from '../_C/cuda_native.js';

/** What may be done on other threads while a graph is captured. */
export type CaptureErrorMode = 'global' | 'thread_local' | 'relaxed';

interface CaptureOptions {
  pool?: GraphPool | null;
  capture_error_mode?: CaptureErrorMode;
}

const CALLS = {
  constructor: signature<{ keep_graph?: boolean }>('CUDAGraph', 'keep_graph?: bool'),
  capture_begin: method_signature<CaptureOptions>(
    'CUDAGraph.capture_begin',
    'pool?: int[]|None, capture_error_mode?: str',
  ),
  capture_end: method_signature<object>('CUDAGraph.capture_end'),
  instantiate: method_signature<object>('CUDAGraph.instantiate'),
  replay: method_signature<object>('CUDAGraph.replay'),
  reset: method_signature<object>('CUDAGraph.reset'),
  pool: method_signature<object>('CUDAGraph.pool'),
  enable_debug_mode: method_signature<object>('CUDAGraph.enable_debug_mode'),
  debug_dump: method_signature<{ debug_path: string }>('CUDAGraph.debug_dump', 'debug_path: str'),
  raw_cuda_graph: method_signature<object>('CUDAGraph.raw_cuda_graph'),
  raw_cuda_graph_exec: method_signature<object>('CUDAGraph.raw_cuda_graph_exec'),
  get_graph_data: method_signature<object>('CUDAGraph.get_graph_data'),
};

/** The addon, for what Python refuses to make where libtorch does not have CUDA. */
function graphs_of(callee: string, dummy: string) {
  if (!native.device_built('cuda')) throw new Error(`Tried to instantiate dummy base class ${dummy}`);
  require_cuda_build();
  return cuda_native(callee);
}

/**
 * Work on a device, captured once and replayed as often as is wanted, without the time that it takes to launch kernels one by one.
 * What a replay reads and writes is the memory of the tensors that were there at the capture. Mirrors `torch.cuda.CUDAGraph`;
 * {@link graph} captures into it.
 *
 * @param keep_graph - whether the captured graph is kept, for {@link CUDAGraph.raw_cuda_graph}; then `instantiate()` or the first
 * replay makes it ready. Default false
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * if (torch.cuda.is_available()) {
 *   const x = torch.ones(2, { device: 'cuda' });
 *   const g = new torch.cuda.CUDAGraph();
 *   const y = torch.cuda.graph(g, { fn: () => x.mul(2) });
 *   x.fill_(3);
 *   g.replay();
 *   print(y.cpu());
 * } else print(torch.tensor([6, 6]).float());
 * ```
 * ```python
 * if torch.cuda.is_available():
 *     x = torch.ones(2, device='cuda')
 *     g = torch.cuda.CUDAGraph()
 *     with torch.cuda.graph(g): y = x * 2
 *     x.fill_(3)
 *     g.replay()
 *     print(y.cpu())
 * else:
 *     print(torch.tensor([6, 6]).float())
 * ```
 */
export class CUDAGraph {
  /** @internal */
  readonly _native: NativeGraph;

  constructor(keep_graph?: boolean);
  constructor(options: { keep_graph?: boolean });
  constructor(...args: unknown[]) {
    const { keep_graph = false } = CALLS.constructor.read(args);
    this._native = graphs_of('CUDAGraph', 'CUDAGraph').graph_new(keep_graph);
  }

  get #addon() {
    return cuda_native('CUDAGraph');
  }

  /**
   * Begins the capture of what the current stream is given, which must not be the default one.
   * @param pool - the pool that its memory comes from; default null, one of its own
   * @param capture_error_mode - which calls of other threads end the capture: `'global'`, `'thread_local'` or `'relaxed'`
   */
  capture_begin(pool?: GraphPool | null, capture_error_mode?: CaptureErrorMode): void;
  capture_begin(options: CaptureOptions): void;
  capture_begin(...args: unknown[]): void {
    const { pool = null, capture_error_mode = 'global' } = CALLS.capture_begin.read(args);
    this.#addon.graph_capture_begin(this._native, pool, capture_error_mode);
  }

  /** Ends the capture. */
  capture_end(...args: []): void {
    CALLS.capture_end.read(args);
    this.#addon.graph_capture_end(this._native);
  }

  /** Makes a graph that is kept ready for replays. */
  instantiate(...args: []): void {
    CALLS.instantiate.read(args);
    this.#addon.graph_instantiate(this._native);
  }

  /** Does the captured work again, in the current stream. */
  replay(...args: []): void {
    CALLS.replay.read(args);
    this.#addon.graph_replay(this._native);
  }

  /** Releases what was captured. */
  reset(...args: []): void {
    CALLS.reset.read(args);
    this.#addon.graph_reset(this._native);
  }

  /** The pool that its memory comes from, which other graphs may share. */
  pool(...args: []): GraphPool {
    CALLS.pool.read(args);
    return this.#addon.graph_pool(this._native);
  }

  /** Keeps the captured graph for {@link CUDAGraph.debug_dump}. */
  enable_debug_mode(...args: []): void {
    CALLS.enable_debug_mode.read(args);
    this.#addon.graph_enable_debug_mode(this._native);
  }

  /** Writes the captured graph to a file, in the language of Graphviz. @param debug_path - the file */
  debug_dump(debug_path: string): void;
  debug_dump(options: { debug_path: string }): void;
  debug_dump(...args: unknown[]): void {
    this.#addon.graph_debug_dump(this._native, CALLS.debug_dump.read(args).debug_path);
  }

  /** The `cudaGraph_t` as a number, of a graph that is kept. */
  raw_cuda_graph(...args: []): bigint {
    CALLS.raw_cuda_graph.read(args);
    return this.#addon.graph_raw(this._native);
  }

  /** The `cudaGraphExec_t` as a number. */
  raw_cuda_graph_exec(...args: []): bigint {
    CALLS.raw_cuda_graph_exec.read(args);
    return this.#addon.graph_raw_exec(this._native);
  }

  /**
   * The nodes of a graph that is kept and has been instantiated, with what waits for what, and the numbers by which profilers know them.
   * @throws Error where the driver is older than CUDA 13.1, or the graph is not kept or not instantiated
   */
  get_graph_data(...args: []): CUDAGraphData {
    CALLS.get_graph_data.read(args);
    return this.#addon.graph_data(this._native);
  }
}

name_class(CUDAGraph, 'torch.cuda.CUDAGraph');
define_kind('CUDAGraph', 'torch.cuda.CUDAGraph', (value) => value instanceof CUDAGraph);

/**
 * The handle of a new pool of memory, which graphs can share. Mirrors `torch.cuda.graph_pool_handle`.
 * @throws Error when CUDA cannot be used
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.graph_pool_handle().length : 2);
 * ```
 * ```python
 * print(len(torch.cuda.graph_pool_handle()) if torch.cuda.is_available() else 2)
 * ```
 */
export function graph_pool_handle(...none: []): GraphPool {
  no_arguments('graph_pool_handle', none);
  return graphs_of('graph_pool_handle', '_graph_pool_handle').graph_pool_handle();
}

/**
 * Whether the current stream is being captured. Mirrors `torch.cuda.is_current_stream_capturing`.
 * @throws Error where libtorch does not have CUDA, as in Python
 * @example
 * ```ts
 * print(torch.cuda.is_available() ? torch.cuda.is_current_stream_capturing() : false);
 * ```
 * ```python
 * print(torch.cuda.is_current_stream_capturing() if torch.cuda.is_available() else False)
 * ```
 */
export function is_current_stream_capturing(...none: []): boolean {
  no_arguments('is_current_stream_capturing', none);
  return graphs_of('is_current_stream_capturing', '_cuda_isCurrentStreamCapturing').is_capturing();
}

/** Options of {@link graph}. */
export interface GraphOptions extends CaptureOptions {
  /** The stream of the capture; default null, one that all captures share. */
  stream?: AnyStream | null;
}

const GRAPH = signature<{ cuda_graph: CUDAGraph; fn?: () => unknown } & GraphOptions>(
  'graph',
  'cuda_graph: CUDAGraph, pool?: int[]|None, stream?: Stream|None, capture_error_mode?: str, fn?: Callable',
);

let capture_stream: Stream | undefined;

interface Capture {
  readonly source: StreamNumbers;
  readonly destination: StreamNumbers | null;
}

/**
 * Gives the generator of the current device a new state with the same numbers: that of a capture which failed stays bound to it, and refuses
 * to draw outside of captures.
 */
function end_capture_of_random_state(): void {
  const generator = native.generator_default(`cuda:${native.device_current('cuda')}`);
  native.generator_graphsafe_set_state(generator, native.generator_clone_state(generator));
}

/** A capture: the device is idle and its caches are empty before, and work goes to a stream of its own meanwhile. */
function capture_mode(target: CUDAGraph, options: GraphOptions): Mode<Capture> {
  const restore = ({ source, destination }: Capture): void => {
    if (destination !== null) native.accelerator_set_stream(...destination);
    native.accelerator_set_stream(...source);
  };
  return {
    enter: () => {
      const stream = options.stream ?? (capture_stream ??= new Stream());
      // A graph of autograd that is garbage, and was made on another stream, would let work of that stream into the capture.
      native.free_garbage();
      native.device_synchronize(`cuda:${native.device_current('cuda')}`);
      native.accelerator_empty_cache();
      native.accelerator_empty_host_cache();
      const source = native.accelerator_stream(native.device_current('cuda'));
      const elsewhere = source[1] !== stream.device_index;
      const before = { source, destination: elsewhere ? native.accelerator_stream(stream.device_index) : null };
      native.accelerator_set_stream(...stream._numbers);
      try {
        target.capture_begin(options.pool, options.capture_error_mode);
      } catch (error) {
        restore(before);
        throw error;
      }
      return before;
    },
    leave: (before) => {
      try {
        target.capture_end();
      } catch (error) {
        restore(before);
        end_capture_of_random_state();
        throw error;
      }
      restore(before);
    },
  };
}

/**
 * Captures the work of a function, a block of `using`, or a method into a graph, without doing it; see {@link Guard}. Mirrors
 * `torch.cuda.graph`.
 *
 * @param cuda_graph - the graph
 * @param pool - the pool that its memory comes from; default null, one of its own
 * @param stream - the stream of the capture; default null, one that all captures share
 * @param capture_error_mode - which calls of other threads end the capture: `'global'` (default), `'thread_local'` or `'relaxed'`
 * @param fn - a synchronous function
 * @returns what `fn` returned; a guard without `fn`
 * @throws Error when the work cannot be captured, as what waits for the device (`item()`)
 * @example
 * ```ts
 * if (torch.cuda.is_available()) {
 *   const g = new torch.cuda.CUDAGraph();
 *   const y = torch.cuda.graph(g, { fn: () => torch.ones(2, { device: 'cuda' }).add(1) });
 *   g.replay();
 *   print(y.cpu());
 * } else print(torch.ones(2).add(1));
 * ```
 * ```python
 * if torch.cuda.is_available():
 *     g = torch.cuda.CUDAGraph()
 *     with torch.cuda.graph(g): y = torch.ones(2, device='cuda') + 1
 *     g.replay()
 *     print(y.cpu())
 * else:
 *     print(torch.ones(2) + 1)
 * ```
 */
export function graph<T>(
  cuda_graph: CUDAGraph,
  pool: GraphPool | null,
  stream: AnyStream | null,
  capture_error_mode: CaptureErrorMode,
  fn: () => T,
): T;
export function graph<T>(cuda_graph: CUDAGraph, options: GraphOptions & { fn: () => T }): T;
export function graph<T>(options: GraphOptions & { cuda_graph: CUDAGraph; fn: () => T }): T;
export function graph(
  cuda_graph: CUDAGraph | (GraphOptions & { cuda_graph: CUDAGraph }),
  pool?: GraphPool | null | GraphOptions,
  stream?: AnyStream | null,
  capture_error_mode?: CaptureErrorMode,
): Guard;
export function graph(...args: unknown[]): unknown {
  const { cuda_graph, fn, pool = null, stream = null, capture_error_mode = 'global' } = GRAPH.read(args);
  const mode = capture_mode(cuda_graph, { pool, stream, capture_error_mode });
  return run_or_guard('graph', mode, fn);
}
