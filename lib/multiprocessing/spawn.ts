/** `torch.multiprocessing.spawn`: a function in several processes, whose errors end all of them. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { native } from '../_C/native.js';
import { method_signature, no_arguments, signature } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import { end_of, left_until } from './process_memory.js';
import { check_start_method } from './start_methods.js';
import { Process, signal_of, type Target } from './process.js';

interface ProcessExceptionArguments {
  msg: string;
  error_index: number;
  error_pid: number;
}

const RAISED = signature<ProcessExceptionArguments>(
  'ProcessRaisedException',
  'msg: str, error_index: int, error_pid: int',
);
const EXITED = signature<ProcessExceptionArguments & { exit_code: number; signal_name?: string | null }>(
  'ProcessExitedException',
  'msg: str, error_index: int, error_pid: int, exit_code: int, signal_name?: str|None',
);

/** What is known of a process that failed. */
abstract class ProcessException extends Error {
  readonly msg: string;
  /** Which of the processes it was. */
  readonly error_index: number;
  /** Its number in the system. */
  readonly error_pid: number;

  /** @internal */
  constructor({ msg, error_index, error_pid }: ProcessExceptionArguments) {
    super(msg);
    this.msg = msg;
    this.error_index = error_index;
    this.error_pid = error_pid;
  }

  /** The number of the process in the system. */
  get pid(): number {
    return this.error_pid;
  }
}

/**
 * A process of {@link spawn} has thrown; the message has its stack. Mirrors `torch.multiprocessing.ProcessRaisedException`.
 * @example
 * ```ts
 * const { ProcessRaisedException } = torch.multiprocessing;
 * const error = new ProcessRaisedException('text', 1, 1234);
 * print(error.message, error.error_index, error.error_pid);
 * ```
 * ```python
 * from torch.multiprocessing import ProcessRaisedException
 * error = ProcessRaisedException('text', 1, 1234)
 * print(error, error.error_index, error.error_pid)
 * ```
 */
export class ProcessRaisedException extends ProcessException {
  override name = 'ProcessRaisedException';

  constructor(msg: string, error_index: number, error_pid: number);
  constructor(options: ProcessExceptionArguments);
  constructor(...args: unknown[]) {
    super(RAISED.read(args));
  }
}

/**
 * A process of {@link spawn} has ended by a signal, or with another exit code than 0. Mirrors
 * `torch.multiprocessing.ProcessExitedException`.
 * @example
 * ```ts
 * const { ProcessExitedException } = torch.multiprocessing;
 * const error = new ProcessExitedException('text', 0, 1234, -9, 'SIGKILL');
 * print(error.message, error.exit_code, error.signal_name);
 * ```
 * ```python
 * from torch.multiprocessing import ProcessExitedException
 * error = ProcessExitedException('text', 0, 1234, -9, 'SIGKILL')
 * print(error, error.exit_code, error.signal_name)
 * ```
 */
export class ProcessExitedException extends ProcessException {
  override name = 'ProcessExitedException';
  readonly exit_code: number;
  readonly signal_name: string | null;

  constructor(msg: string, error_index: number, error_pid: number, exit_code: number, signal_name?: string | null);
  constructor(options: ProcessExceptionArguments & { exit_code: number; signal_name?: string | null });
  constructor(...args: unknown[]) {
    const { exit_code, signal_name = null, ...rest } = EXITED.read(args);
    super(rest);
    this.exit_code = exit_code;
    this.signal_name = signal_name;
  }
}

/** A process of the start method `spawn`, which is named after it: `get_context("spawn").Process`. */
export class SpawnProcess extends Process {}

/** What each process runs. @internal */
export async function _wrap(fn: Target, i: number, args: readonly unknown[], error_file: string): Promise<void> {
  try {
    await fn(i, ...args);
  } catch (error) {
    writeFileSync(error_file, error instanceof Error ? (error.stack ?? String(error)) : String(error));
    process.exit(1);
  }
}

interface JoinOptions {
  /** At most so many seconds. Default null: without an end. */
  timeout?: number | null;
  /** How many seconds processes have to end by themselves when one has failed. Default null: 30. */
  grace_period?: number | null;
}

const JOIN = method_signature<JoinOptions>('join', 'timeout?: float|None, grace_period?: float|None');

/** How long a process that was asked to end has for that, as in Python. */
const GRACE = 30;

/**
 * The processes that {@link spawn} has started. Mirrors `torch.multiprocessing.ProcessContext`.
 * @example
 * ```ts
 * const context = torch.multiprocessing.start_processes(torch.arange, [3], 2, { join: false });
 * while (!context.join());
 * print(context instanceof torch.multiprocessing.ProcessContext, context.processes.length); // True 2
 * ```
 */
export class ProcessContext {
  /** The processes. */
  readonly processes: readonly Process[];
  /** Descriptors that can be read when a process has ended. */
  readonly sentinels: readonly number[];
  private readonly folder: string;
  private readonly running: Set<number>;

  /** @internal use {@link spawn} */
  constructor(processes: readonly Process[], folder: string) {
    this.processes = processes;
    this.sentinels = processes.map(({ sentinel }) => sentinel);
    this.running = new Set(processes.keys());
    this.folder = folder;
  }

  /** The numbers of the processes in the system. */
  pids(...none: []): number[] {
    no_arguments('pids', none);
    return this.processes.map(({ pid }) => pid!);
  }

  /**
   * Waits until a process has ended. When it has failed, the others are ended too.
   * @param timeout - at most so many seconds; default null: without an end
   * @param grace_period - how many seconds the others have to end by themselves; default null: they are ended at once by SIGTERM, and after
   *   30 seconds by SIGKILL
   * @returns whether all have ended, without an error
   * @throws ProcessRaisedException when one has thrown
   * @throws ProcessExitedException when one has ended by a signal, or with another exit code than 0
   */
  join(timeout?: number | null, grace_period?: number | null): boolean;
  join(options: JoinOptions): boolean;
  join(timeout: number | null, options: Omit<JoinOptions, 'timeout'>): boolean;
  join(...args: unknown[]): boolean {
    const { timeout = null, grace_period = null } = JOIN.read(args);
    if (this.running.size === 0) return true;
    const places = [...this.running];
    const ready = native.wait_readable(
      places.map((place) => this.sentinels[place]!),
      left_until(end_of(timeout)),
    );
    let failed: number | undefined;
    for (const place of ready.map((i) => places[i]!)) {
      this.processes[place]!.join();
      this.running.delete(place);
      if (this.processes[place]!.exitcode !== 0) {
        failed = place;
        break;
      }
    }
    if (failed !== undefined) {
      this.end_all(grace_period);
      throw this.error_of(failed);
    }
    if (this.running.size > 0) return false;
    this.remove_folder();
    return true;
  }

  private end_all(grace_period: number | null): void {
    if (grace_period !== null) this.wait_all(grace_period);
    for (const process of this.processes) {
      if (process.is_alive()) {
        warn(`Terminating process ${process.pid} via signal SIGTERM`);
        process.terminate();
      }
    }
    this.wait_all(GRACE);
    for (const process of this.processes) {
      if (process.is_alive()) {
        warn(`Unable to shutdown process ${process.pid} via SIGTERM, forcefully exiting via SIGKILL`);
        process.kill();
      }
      process.join();
    }
    this.running.clear();
  }

  private wait_all(seconds: number): void {
    const end = end_of(seconds);
    for (const process of this.processes) process.join(left_until(end) / 1000);
  }

  private error_of(place: number): Error {
    const { pid, exitcode } = this.processes[place]!;
    const file = error_file(this.folder, place);
    try {
      if (existsSync(file)) {
        const text = `\n\n-- Process ${place} terminated with the following error:\n${readFileSync(file, 'utf8')}\n`;
        return new ProcessRaisedException(text, place, pid!);
      }
    } finally {
      this.remove_folder();
    }
    const signal_name = signal_of(exitcode!);
    const how = signal_name === null ? `exit code ${exitcode}` : `signal ${signal_name}`;
    return new ProcessExitedException(`process ${place} terminated with ${how}`, place, pid!, exitcode!, signal_name);
  }

  private remove_folder(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const error_file = (folder: string, place: number): string => join(folder, `error-${place}`);

interface SpawnOptions {
  /** The arguments behind the process's number. Default `[]`. */
  args?: readonly unknown[];
  /** How many processes. Default 1. */
  nprocs?: number;
  /** Wait until all have ended. Default true. */
  join?: boolean;
  /** Whether they end with this process. Default false. */
  daemon?: boolean;
  /** `'spawn'`, which is the only one. */
  start_method?: string;
}

const SPAWN = signature<SpawnOptions & { fn: Target }>(
  'spawn',
  'fn: Callable, args?: any[], nprocs?: int, join?: bool, daemon?: bool, start_method?: str',
);

/**
 * Starts processes that call a function with their number, from 0, and the same arguments. Mirrors
 * `torch.multiprocessing.start_processes`.
 *
 * @param fn - the function, `fn(i, ...args)`; its module exports it by its name, see {@link Process}
 * @param args - the arguments behind the number
 * @param nprocs - how many processes, default 1
 * @param join - wait until all have ended, default true
 * @param daemon - whether they end with this process, default false
 * @param start_method - `'spawn'`
 * @returns null; with `join: false` the {@link ProcessContext}
 * @throws ProcessRaisedException when a process has thrown
 * @throws ProcessExitedException when a process has ended by a signal, or with another exit code than 0
 * @example
 * ```ts
 * const context = torch.multiprocessing.start_processes(torch.arange, [3], 2, { join: false });
 * while (!context.join());
 * print(context.processes.map((process) => process.exitcode)); // [0, 0]
 * ```
 */
export function start_processes(fn: Target, args?: readonly unknown[], nprocs?: number, join?: true): null;
export function start_processes(
  fn: Target,
  args: readonly unknown[],
  nprocs: number,
  join: boolean,
  daemon?: boolean,
  start_method?: string,
): ProcessContext | null;
export function start_processes(
  fn: Target,
  args: readonly unknown[],
  nprocs: number,
  options: SpawnOptions & { join: false },
): ProcessContext;
export function start_processes(
  fn: Target,
  args: readonly unknown[],
  options: SpawnOptions & { join: false },
): ProcessContext;
export function start_processes(fn: Target, options: SpawnOptions & { join: false }): ProcessContext;
export function start_processes(fn: Target, args: readonly unknown[], nprocs: number, options: SpawnOptions): null;
export function start_processes(fn: Target, args: readonly unknown[], options: SpawnOptions): null;
export function start_processes(fn: Target, options: SpawnOptions): null;
export function start_processes(options: SpawnOptions & { fn: Target }): ProcessContext | null;
export function start_processes(...given: unknown[]): ProcessContext | null {
  return start('start_processes', given);
}

function start(callee: string, given: readonly unknown[]): ProcessContext | null {
  const read = SPAWN.renamed(callee).read(given);
  const { fn, args = [], nprocs = 1, join: wait = true, daemon = false, start_method = 'spawn' } = read;
  check_start_method(callee, start_method);
  const folder = mkdtempSync(join(tmpdir(), 'torch-node-spawn-'));
  const processes: Process[] = [];
  try {
    for (let i = 0; i < nprocs; i++) {
      const process = new SpawnProcess({ target: _wrap, args: [fn, i, args, error_file(folder, i)], daemon });
      process.start();
      processes.push(process);
    }
  } catch (error) {
    for (const process of processes) process.kill();
    for (const process of processes) process.join();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const context = new ProcessContext(processes, folder);
  if (!wait) return context;
  while (!context.join());
  return null;
}

/**
 * Starts processes that call a function with their number, from 0, and the same arguments, as {@link start_processes}. Mirrors
 * `torch.multiprocessing.spawn`.
 *
 * ```ts
 * // train.ts
 * import * as mp from 'torch-node/multiprocessing';
 *
 * export function train(rank: number, world_size: number): void {
 *   // ...
 * }
 * if (require.main === module) mp.spawn(train, { args: [2], nprocs: 2 });
 * ```
 * @param fn - the function, `fn(i, ...args)`; its module exports it by its name, see {@link Process}
 * @param args - the arguments behind the number
 * @param nprocs - how many processes, default 1
 * @param join - wait until all have ended, default true
 * @param daemon - whether they end with this process, default false
 * @param start_method - `'spawn'`
 * @returns null; with `join: false` the {@link ProcessContext}
 * @throws ProcessRaisedException when a process has thrown
 * @throws ProcessExitedException when a process has ended by a signal, or with another exit code than 0
 * @example
 * ```ts
 * try {
 *   torch.multiprocessing.spawn(torch.zeros, { args: ['two'], nprocs: 2 });
 * } catch (error) {
 *   print(error instanceof torch.multiprocessing.ProcessRaisedException); // True
 * }
 * ```
 */
export function spawn(fn: Target, args?: readonly unknown[], nprocs?: number, join?: true): null;
export function spawn(
  fn: Target,
  args: readonly unknown[],
  nprocs: number,
  join: boolean,
  daemon?: boolean,
  start_method?: string,
): ProcessContext | null;
export function spawn(
  fn: Target,
  args: readonly unknown[],
  nprocs: number,
  options: SpawnOptions & { join: false },
): ProcessContext;
export function spawn(fn: Target, args: readonly unknown[], options: SpawnOptions & { join: false }): ProcessContext;
export function spawn(fn: Target, options: SpawnOptions & { join: false }): ProcessContext;
export function spawn(fn: Target, args: readonly unknown[], nprocs: number, options: SpawnOptions): null;
export function spawn(fn: Target, args: readonly unknown[], options: SpawnOptions): null;
export function spawn(fn: Target, options: SpawnOptions): null;
export function spawn(options: SpawnOptions & { fn: Target }): ProcessContext | null;
export function spawn(...given: unknown[]): ProcessContext | null {
  return start('spawn', given);
}
