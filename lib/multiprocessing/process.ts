/** Child processes that run a function of the program. */
import { closeSync, openSync, readFileSync } from 'node:fs';
import { cpus, constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { serialize } from 'node:v8';
import { isMainThread } from 'node:worker_threads';

import { native } from '../_C/native.js';
import { method_signature, no_arguments, signature, type Arguments } from '../_internal/signature.js';
import { this_process, type Identity } from './current.js';
import { write_at } from './descriptors.js';
import { bequeath, check_system, end_of, left_until, type Inheritance } from './process_memory.js';
import type { Reference } from './references.js';

/** What a process runs. */
// biome-ignore lint/suspicious/noExplicitAny: a function with any parameters, of which some are given by name
export type Target = (...args: any[]) => unknown;

/** The arguments of {@link Process} by name. */
export interface ProcessOptions {
  /** Is null, as in Python. */
  group?: null;
  /** The function that the child calls; default null: none. */
  target?: Target | null;
  /** Default `Process-` and a number. */
  name?: string | null;
  /** The arguments of the function. Default `[]`. */
  args?: readonly unknown[];
  /** Its arguments by name, in one object behind the others. Default `{}`. */
  kwargs?: object;
  /** Whether the child is ended when this process ends, which waits for it otherwise. Default null: as this process. */
  daemon?: boolean | null;
}

const PROCESS = signature<ProcessOptions>(
  'Process',
  'group?: None, target?: Callable|None, name?: str|None, args?: any[], kwargs?: dict, *, daemon?: bool|None',
);
const JOIN = method_signature<{ timeout?: number | null }>('join', 'timeout?: float|None');

/** What a child is started with, beside the value of {@link Inheritance}. @internal */
export interface ProcessSetup {
  readonly message: Inheritance['message'];
  readonly identity: Pick<Identity, 'name' | 'numbers' | 'daemon' | 'parent'>;
  /** Whether it ends with its parent, which a thread that ends does not mean. */
  readonly dies_with_parent: boolean;
}

/** The descriptors of a child: the payload, one that is closed when it ends, and what it inherits. @internal */
export const [PAYLOAD, ALIVE, INHERITED] = [3, 4, 5];

/** A child that was started. */
class Child {
  exitcode: number | null = null;

  constructor(
    readonly pid: number,
    /** Readable when the child has ended. */
    readonly sentinel: number,
  ) {}

  poll(): number | null {
    this.exitcode ??= native.process_wait(this.pid, false);
    return this.exitcode;
  }

  wait(timeout: number | null): number | null {
    if (this.poll() !== null) return this.exitcode;
    if (timeout !== null && native.wait_readable([this.sentinel], left_until(end_of(timeout))).length === 0)
      return null;
    this.exitcode ??= native.process_wait(this.pid, true);
    return this.exitcode;
  }

  signal(name: 'SIGTERM' | 'SIGKILL'): void {
    if (this.poll() === null) process.kill(this.pid, name);
  }
}

/** Children that no one has seen end. */
const children = new Set<Process>();
let count = 0;
let watched = false;

/** What Python does at the end: daemons are ended, others are waited for. */
function watch_end(): void {
  if (watched) return;
  watched = true;
  process.on('exit', () => {
    for (const child of children) if (child._daemon) child._child?.signal('SIGTERM');
    for (const child of children) child._child?.wait(null);
  });
}

/** Options of Node that say what a program is or how it is watched, and not how it runs. */
const WITH_VALUE = /^(?:-e|--eval|-p|--print|-pe|--input-type|--test-\S+)$/;
const OWN =
  /^(?:-e|--eval|-p|--print|-pe|-i|--interactive|--inspect|--inspect-brk|--inspect-wait|--input-type|--test|--watch)(?:=|$)|^--(?:test-|watch-|inspect-)/;

function options_of_node(): string[] {
  const kept: string[] = [];
  for (let i = 0; i < process.execArgv.length; i++) {
    const option = process.execArgv[i]!;
    if (!OWN.test(option)) kept.push(option);
    else if (WITH_VALUE.test(option)) i++;
  }
  return kept;
}

/** What a program asks before it runs, so that a child can load its main file for what that exports. */
const GUARD = /\brequire\.main\b|\bimport\.meta\.main\b|\bprocess\.argv\b|\bis_main\(|\b(?:parent|current)_process\b/;

/** Throws where a child would run the program again. */
function check_main(references: readonly Reference[]): void {
  const main = process.argv[1];
  if (main === undefined) return;
  const names = [main, `${main}.js`];
  const urls = new Set(names.map((name) => pathToFileURL(name).href));
  for (const { name, file, urls: places } of references) {
    const place = file ?? places.map((url) => (url.startsWith('file:') ? fileURLToPath(url) : ''))[0]!;
    if (!names.includes(place) && !places.some((url) => urls.has(url))) continue;
    if (GUARD.test(readFileSync(place, 'utf8'))) continue;
    throw new Error(
      `Process.start(): '${name}' is in the main file of the program, which the child process loads to find it. Run the program there only ` +
        '`if (require.main === module)`, or `if (process.argv[1] === import.meta.filename)` in an ES module, so that the child does not run it again',
    );
  }
}

const refuse = (where: string, what: string): Error =>
  new TypeError(
    `Process.start(): ${where.replace(/^process\._/, '')} is ${what} that a child process cannot find, which has classes and functions of ` +
      'its own: put it into a module and export it by its name',
  );

type Join = Arguments<[timeout?: number | null], { timeout?: number | null }, ['timeout']>;

/**
 * A child process that calls a function of the program, as Python's processes with the start method `spawn`: Node is started again, loads the
 * module that exports the function, and calls it with copies of the arguments. Tensors are not copied: they are moved to shared
 * memory, where both processes have the same. Mirrors `torch.multiprocessing.Process`.
 *
 * The main file of a program can export the function when it runs its own part only `if (require.main === module)`, or in an ES module
 * `if (process.argv[1] === import.meta.filename)`. `join()` blocks the thread, its event loop too. A class may extend `Process` and have a method
 * `run()`. The function may be asynchronous; the child ends when it is done.
 *
 * @param group - null, as in Python
 * @param target - the function; its module exports it by its name
 * @param name - default `Process-` and a number
 * @param args - its arguments: what `Queue.put` takes, and queues, pipes and locks
 * @param kwargs - its arguments by name, one object behind the others
 * @param daemon - whether it is ended when this process ends, which waits for it otherwise
 * @example
 * ```ts
 * import { Process } from 'torch-node/multiprocessing';
 * const x = torch.zeros(2);
 * const p = new Process({ target: nn.init.constant_, args: [x, 0.5] });
 * p.start();
 * p.join();
 * print(p.exitcode, x); // 0 tensor([0.5000, 0.5000])
 * ```
 */
export class Process {
  /** @internal */
  _target: Target | null;
  /** @internal */
  _args: readonly unknown[];
  /** @internal */
  _kwargs: object;
  /** @internal */
  _name: string;
  /** @internal */
  _daemon: boolean;
  /** @internal */
  _numbers: readonly number[];
  /** @internal */
  _parent_pid: number;
  /** @internal */
  _child: Child | null;
  /** @internal */
  _closed: boolean;

  constructor(
    group?: null,
    target?: Target | null,
    name?: string | null,
    args?: readonly unknown[],
    kwargs?: object,
    options?: { daemon?: boolean | null },
  );
  constructor(options: ProcessOptions);
  constructor(...given: unknown[]) {
    const { target = null, name = null, args = [], kwargs = {}, daemon = null } = PROCESS.read(given);
    this._numbers = [...this_process.numbers, ++count];
    this._target = target;
    this._args = [...args];
    this._kwargs = kwargs;
    this._name = name ?? `${new.target.name}-${this._numbers.join(':')}`;
    this._daemon = daemon ?? this_process.daemon;
    this._parent_pid = process.pid;
    this._child = null;
    this._closed = false;
  }

  /** @internal */
  __getstate__(): object {
    const { _child, ...fields } = this;
    return fields;
  }

  /** @internal */
  __setstate__(fields: object): void {
    Object.assign(this, fields, { _child: null });
  }

  /** What the child does: calls the function. A subclass may do something else. */
  run(...none: []): unknown {
    no_arguments('run', none);
    const by_name = Object.keys(this._kwargs).length > 0 ? [this._kwargs] : [];
    // Without `this`, as a function that is not a method.
    const { _target: target } = this;
    return target?.(...this._args, ...by_name);
  }

  /** @internal */
  _check_open(): void {
    if (this._closed) throw new Error('process object is closed');
  }

  /**
   * Starts the child.
   * @throws Error when it was started before, in a daemon, and for arguments that cannot go to a child
   */
  start(...none: []): void {
    no_arguments('start', none);
    this._check_open();
    check_system('Process.start');
    if (this._child !== null) throw new Error('cannot start a process twice');
    if (this._parent_pid !== process.pid) throw new Error('can only start a process object created by current process');
    if (this_process.daemon) throw new Error('daemonic processes are not allowed to have children');
    if (this_process.starting) {
      throw new Error(
        'An attempt has been made to start a new process before the current process has finished its bootstrapping phase: the main file ' +
          'of the program runs again in its child. Run its own part only `if (require.main === module)`, or ' +
          '`if (process.argv[1] === import.meta.filename)` in an ES module',
      );
    }
    reap();
    this._child = this._spawn();
    children.add(this);
    watch_end();
  }

  /** @internal */
  _spawn(): Child {
    const { message, fds } = bequeath(this, 'process', [], refuse);
    check_main(message.parcel.references);
    const setup: ProcessSetup = {
      message,
      identity: {
        name: this._name,
        numbers: this._numbers,
        daemon: this._daemon,
        parent: { name: this_process.name, pid: process.pid },
      },
      dies_with_parent: isMainThread,
    };
    const opened: number[] = [];
    const [sentinel, alive] = native.make_pipe(false);
    try {
      opened.push(alive, openSync('/dev/null', 'r'), native.memory_file());
      const [, nothing, payload] = opened as [number, number, number];
      write_at(payload, serialize(setup), 0);
      const pid = native.process_start(
        process.execPath,
        [process.execPath, ...options_of_node(), join(__dirname, 'process_child.js'), ...process.argv.slice(2)],
        Object.entries(process.env).map(([name, value]) => `${name}=${value}`),
        [nothing, 1, 2, payload, alive, ...fds],
      );
      return new Child(pid, sentinel);
    } catch (error) {
      closeSync(sentinel);
      throw error;
    } finally {
      opened.forEach((fd) => {
        closeSync(fd);
      });
    }
  }

  /** @internal */
  _started(text: string): Child {
    this._check_open();
    if (this._parent_pid !== process.pid) throw new Error('can only join a child process');
    if (this._child === null) throw new Error(text);
    return this._child;
  }

  /**
   * Waits until the child has ended; its exit code is in `exitcode` then.
   * @param timeout - at most so many seconds; default null: without an end
   * @throws Error when it was not started
   */
  join(...args: Join): void;
  join(...args: unknown[]): void {
    const { timeout = null } = JOIN.read(args);
    if (this._started('can only join a started process').wait(timeout) !== null) children.delete(this);
  }

  /** Whether the child runs. */
  is_alive(...none: []): boolean {
    no_arguments('is_alive', none);
    this._check_open();
    if (this._parent_pid !== process.pid) return is_this_process(this);
    if (this._child === null) return false;
    if (this._child.poll() === null) return true;
    children.delete(this);
    return false;
  }

  /** Ends the child by the signal SIGTERM. @throws Error when it was not started */
  terminate(...none: []): void {
    no_arguments('terminate', none);
    this._started('process not started').signal('SIGTERM');
  }

  /** Ends the child by the signal SIGKILL. @throws Error when it was not started */
  kill(...none: []): void {
    no_arguments('kill', none);
    this._started('process not started').signal('SIGKILL');
  }

  /** Frees what the object holds. @throws Error while the child runs */
  close(...none: []): void {
    no_arguments('close', none);
    if (this._closed) return;
    if (this._child !== null) {
      if (this._child.poll() === null) {
        throw new Error(
          'Cannot close a process while it is still running. You should first call join() or terminate().',
        );
      }
      closeSync(this._child.sentinel);
      children.delete(this);
    }
    this._child = null;
    this._closed = true;
  }

  /** The name, which has no meaning. */
  get name(): string {
    return this._name;
  }

  set name(name: string) {
    if (typeof name !== 'string') throw new TypeError('Process: name must be a string');
    this._name = name;
  }

  /** Whether it ends with this process. @throws Error when it is set after the start */
  get daemon(): boolean {
    return this._daemon;
  }

  set daemon(daemon: boolean) {
    if (this._child !== null) throw new Error('process has already started');
    this._daemon = Boolean(daemon);
  }

  /** The exit code; the negative number of the signal that has ended the child; null when it has not ended, or was not started. */
  get exitcode(): number | null {
    this._check_open();
    return this._child?.poll() ?? null;
  }

  /** The number of the process; null when it was not started. */
  get pid(): number | null {
    this._check_open();
    return is_this_process(this) ? process.pid : (this._child?.pid ?? null);
  }

  /** As `pid`. */
  get ident(): number | null {
    return this.pid;
  }

  /** A descriptor that can be read when the child has ended. @throws Error when it was not started */
  get sentinel(): number {
    return this._started('process not started').sentinel;
  }

  toString(): string {
    const kind = this.constructor.name;
    const daemon = this._daemon ? ' daemon' : '';
    if (this._closed) return `<${kind} name='${this._name}' parent=${this._parent_pid} closed>`;
    const { pid, exitcode } = this;
    const parent = this_process.parent === null && is_this_process(this) ? 'None' : String(this._parent_pid);
    const number = pid === null || is_this_process(this) ? '' : ` pid=${pid}`;
    const state = is_this_process(this)
      ? 'started'
      : pid === null
        ? 'initial'
        : exitcode === null
          ? 'started'
          : 'stopped';
    return `<${kind} name='${this._name}'${number} parent=${parent} ${state}${exit_text(exitcode)}${daemon}>`;
  }
}

const signals = new Map(Object.entries(constants.signals).map(([name, number]) => [number as number, name]));

/** The name of the signal that an exit code stands for; null when it does for none. */
export const signal_of = (exitcode: number): string | null => (exitcode < 0 ? (signals.get(-exitcode) ?? null) : null);

const exit_text = (exitcode: number | null): string =>
  exitcode === null ? '' : ` exitcode=${exitcode < 0 ? `-${signal_of(exitcode) ?? -exitcode}` : exitcode}`;

/** The main process, as `current_process()` gives it. */
class _MainProcess extends Process {}

let here: Process | null = null;

const is_this_process = (process: Process): boolean => process === here;

/** Says in a child which process it is. @internal */
export function become(process: Process): void {
  here = process;
}

function main_process(): Process {
  const main = Object.create(_MainProcess.prototype) as _MainProcess;
  return Object.assign(main, {
    ...{ _target: null, _args: [], _kwargs: {}, _name: this_process.name, _daemon: false, _numbers: [] },
    ...{ _parent_pid: process.ppid, _child: null, _closed: false },
  });
}

/** Forgets children that have ended. */
function reap(): void {
  for (const child of children) child.is_alive();
}

/**
 * This process. Mirrors `torch.multiprocessing.current_process`.
 * @example
 * ```ts
 * print(torch.multiprocessing.current_process().name);
 * ```
 * ```python
 * print(torch.multiprocessing.current_process().name)
 * ```
 */
export function current_process(): Process;
export function current_process(...none: unknown[]): Process {
  no_arguments('current_process', none);
  here ??= main_process();
  return here;
}

/** The process that has started this one. */
export interface ParentProcess {
  readonly name: string;
  readonly pid: number;
  /** Whether it runs. */
  is_alive(): boolean;
}

/**
 * The process that has started this one by `Process`; null in the main process. Mirrors `torch.multiprocessing.parent_process`.
 * @example
 * ```ts
 * print(torch.multiprocessing.parent_process());
 * ```
 * ```python
 * print(torch.multiprocessing.parent_process())
 * ```
 */
export function parent_process(): ParentProcess | null;
export function parent_process(...none: unknown[]): ParentProcess | null {
  no_arguments('parent_process', none);
  const { parent } = this_process;
  return parent === null ? null : { ...parent, is_alive: () => process.ppid === parent.pid };
}

/**
 * The children that run. Mirrors `torch.multiprocessing.active_children`.
 * @example
 * ```ts
 * print(torch.multiprocessing.active_children());
 * ```
 * ```python
 * print(torch.multiprocessing.active_children())
 * ```
 */
export function active_children(): Process[];
export function active_children(...none: unknown[]): Process[] {
  no_arguments('active_children', none);
  reap();
  return [...children];
}

/**
 * How many processors the machine has. Mirrors `torch.multiprocessing.cpu_count`.
 * @example
 * ```ts
 * print(torch.multiprocessing.cpu_count());
 * ```
 * ```python
 * print(torch.multiprocessing.cpu_count())
 * ```
 */
export function cpu_count(): number;
export function cpu_count(...none: unknown[]): number {
  no_arguments('cpu_count', none);
  return cpus().length;
}
