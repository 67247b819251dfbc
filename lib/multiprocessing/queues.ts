/** Queues and pipes between processes. */
import { closeSync, ftruncateSync, readSync, writeSync } from 'node:fs';

import { native } from '../_C/native.js';
import { method_signature, no_arguments, signature, type Arguments } from '../_internal/signature.js';
import { Empty, Full } from '../python/queue.js';
import { forgotten } from './descriptors.js';
import {
  check_system,
  copy_of,
  end_of,
  inherited_descriptor,
  left_until,
  message_of,
  received_descriptor,
  shared_descriptor,
  shared_file,
  value_of_copy,
  value_of_message,
  Words,
  type FileState,
  type WordsState,
} from './process_memory.js';

// Places of a ring's words; those of a lock, of the items and of the room are followed by who waits for them.
const LOCK = 0;
const ITEMS = 2;
const ROOM = 4;
const READ = 6;
const USED = 7;
const CAPACITY = 8;
const UNFINISHED = 9;

const SMALLEST = 1 << 16;

/** What a ring is in another process. */
interface RingState {
  readonly words: WordsState;
  readonly file: FileState;
  readonly bounded: boolean;
}

/**
 * Messages in a file without a name, in a ring that grows: one process writes at its end, another one reads at its begin. What was put
 * stays there when its process ends.
 */
class Ring {
  private constructor(
    readonly words: Words,
    private readonly fd: number,
    private readonly bounded: boolean,
  ) {
    forgotten.register(this, fd, this);
  }

  static make(maxsize: number): Ring {
    const words = Words.zeros(10);
    words.store(LOCK, 1);
    words.store(ROOM, Math.max(0, maxsize));
    return new Ring(words, native.memory_file(), maxsize > 0);
  }

  static of(state: RingState, kind: string): Ring {
    return new Ring(Words.of(state.words), shared_file(state.file, kind), state.bounded);
  }

  state(kind: string): RingState {
    const { words, fd, bounded } = this;
    return { words: words.state(kind), file: shared_descriptor(fd, kind, words.managed), bounded };
  }

  get size(): number {
    return this.words.load(ITEMS);
  }

  get is_full(): boolean {
    return this.bounded && this.words.load(ROOM) === 0;
  }

  /** @returns false when there was no room in time */
  put(message: Uint8Array, end: number): boolean {
    if (this.bounded && !this.words.take(ROOM, end)) return false;
    this.locked(() => {
      const length = 4 + message.length;
      const used = this.words.load(USED);
      if (used + length > this.words.load(CAPACITY)) this.grow(used + length);
      const framed = Buffer.allocUnsafe(length);
      framed.writeUInt32LE(message.length);
      framed.set(message, 4);
      this.write(framed, used);
      this.words.store(USED, used + length);
    });
    this.words.give(ITEMS);
    return true;
  }

  /** @returns undefined when nothing came in time */
  get(end: number): Buffer | undefined {
    if (!this.words.take(ITEMS, end)) return undefined;
    const message = this.locked(() => {
      const length = this.read(4).readUInt32LE();
      const bytes = this.read(length);
      if (this.words.load(USED) === 0) this.shrink();
      return bytes;
    });
    if (this.bounded) this.words.give(ROOM);
    return message;
  }

  private locked<T>(run: () => T): T {
    this.words.take(LOCK, Infinity);
    try {
      return run();
    } finally {
      this.words.give(LOCK);
    }
  }

  /** Writes behind the first bytes that are used. */
  private write(bytes: Buffer, used: number): void {
    const capacity = this.words.load(CAPACITY);
    const at = (this.words.load(READ) + used) % capacity;
    const first = Math.min(bytes.length, capacity - at);
    writeSync(this.fd, bytes, 0, first, at);
    if (first < bytes.length) writeSync(this.fd, bytes, first, bytes.length - first, 0);
  }

  /** Takes the first bytes. */
  private read(length: number): Buffer {
    const bytes = this.peek(length);
    this.words.store(READ, (this.words.load(READ) + length) % this.words.load(CAPACITY));
    this.words.add(USED, -length);
    return bytes;
  }

  private peek(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    const at = this.words.load(READ);
    const first = Math.min(length, this.words.load(CAPACITY) - at);
    readSync(this.fd, bytes, 0, first, at);
    if (first < length) readSync(this.fd, bytes, first, length - first, 0);
    return bytes;
  }

  private grow(needed: number): void {
    if (needed > 0x7fffffff) throw new Error(`Queue: more than ${0x7fffffff} bytes wait to be read`);
    const bytes = this.peek(this.words.load(USED));
    const capacity = Math.min(0x7fffffff, Math.max(SMALLEST, 2 * this.words.load(CAPACITY), needed));
    ftruncateSync(this.fd, capacity);
    this.words.store(CAPACITY, capacity);
    this.words.store(READ, 0);
    this.write(bytes, 0);
  }

  /** Gives back the memory of what was read. */
  private shrink(): void {
    this.words.store(READ, 0);
    if (this.words.load(CAPACITY) <= 16 * SMALLEST) return;
    ftruncateSync(this.fd, SMALLEST);
    this.words.store(CAPACITY, SMALLEST);
  }

  /** Counts what is put and not done. */
  begin_task(): void {
    this.words.add(UNFINISHED, 1);
  }

  /** @returns false when there was none */
  end_task(): boolean {
    while (true) {
      const unfinished = this.words.load(UNFINISHED);
      if (unfinished === 0) return false;
      if (!this.words.exchange(UNFINISHED, unfinished, unfinished - 1)) continue;
      if (unfinished === 1) this.words.wake(UNFINISHED);
      return true;
    }
  }

  until_done(): void {
    while (true) {
      const unfinished = this.words.load(UNFINISHED);
      if (unfinished === 0) return;
      this.words.wait(UNFINISHED, unfinished, Infinity);
    }
  }

  close(): void {
    forgotten.unregister(this);
    closeSync(this.fd);
  }
}

interface WaitOptions {
  /** Wait for room, or for an item. Default true. */
  block?: boolean;
  /** At most so many seconds. Default null: without an end. */
  timeout?: number | null;
}

type Wait = Arguments<[block?: boolean, timeout?: number | null], WaitOptions, ['block', 'timeout']>;

const QUEUE = signature<{ maxsize?: number }>('Queue', 'maxsize?: int');
const PUT = method_signature<WaitOptions & { obj: unknown }>('put', 'obj: any, block?: bool, timeout?: float|None');
const GET = method_signature<WaitOptions>('get', 'block?: bool, timeout?: float|None');
const PUT_ONE = method_signature<{ obj: unknown }>('put', 'obj: any');

/** When to stop waiting. */
const end_of_wait = ({ block = true, timeout = null }: WaitOptions): number => (block ? end_of(timeout) : 0);

/**
 * A queue between processes, for any number of writers and readers. What is put is copied, except tensors: these go to shared memory, and
 * both sides have the same; the process that put a tensor runs until it has been received. A child process gets the queue among the
 * arguments of its `Process`. Waiting blocks the thread, its event loop too. Mirrors `torch.multiprocessing.Queue`.
 *
 * Values are sent as an argument of a `Process` is: objects as their class and fields, functions and classes by the names under which modules
 * export them.
 *
 * @param maxsize - how many items fit in; default 0: any number
 * @example
 * ```ts
 * const queue = new torch.multiprocessing.Queue<unknown>();
 * const x = torch.zeros(2);
 * queue.put({ x, name: 'first' });
 * queue.put([1, 2]);
 * x.fill_(0.5); // shared
 * print(queue.qsize(), queue.get(), queue.get(), queue.empty());
 * ```
 * ```python
 * queue = torch.multiprocessing.Queue()
 * x = torch.zeros(2)
 * queue.put({ 'x': x, 'name': 'first' })
 * queue.put([1, 2])
 * x.fill_(0.5)
 * size = queue.qsize()
 * print(size, queue.get(), queue.get(), queue.empty())
 * ```
 */
export class Queue<T = unknown> {
  /** @internal */
  _ring: Ring | null;

  constructor(...args: Arguments<[maxsize?: number], { maxsize?: number }, ['maxsize']>);
  constructor(...args: unknown[]) {
    const { maxsize = 0 } = QUEUE.renamed(new.target.name).read(args);
    check_system(new.target.name);
    this._ring = Ring.make(Number(maxsize));
  }

  /** @internal */
  __getstate__(): RingState {
    return this._open().state(this.constructor.name);
  }

  /** @internal */
  __setstate__(state: RingState): void {
    this._ring = Ring.of(state, this.constructor.name);
  }

  /** @internal */
  _open(): Ring {
    if (this._ring === null) throw new Error(`${this.constructor.name} is closed`);
    return this._ring;
  }

  /**
   * Appends an item; an object of options, too, is an item.
   * @throws queue.Full when there is no room in time
   * @throws Error for a tensor that cannot go to another process, and when the queue is closed
   */
  put(obj: T, ...wait: Wait): void;
  put(...args: unknown[]): void {
    const wait = PUT.read(args.length === 0 ? [] : [null, ...args.slice(1)]);
    const ring = this._open();
    const message = ring.words.managed ? copy_of(args[0]) : message_of(args[0]);
    this._begin(ring);
    if (ring.put(message, end_of_wait(wait))) return;
    ring.end_task();
    throw new Full();
  }

  /** @internal */
  _begin(_ring: Ring): void {
    // Only a JoinableQueue counts what is not done.
  }

  /**
   * Takes the first item.
   * @throws queue.Empty when nothing comes in time
   * @throws Error when the queue is closed
   */
  get(...wait: Wait): T;
  get(...args: unknown[]): T {
    const ring = this._open();
    const message = ring.get(end_of_wait(GET.read(args)));
    if (message === undefined) throw new Empty();
    return (ring.words.managed ? value_of_copy(message) : value_of_message(message)) as T;
  }

  /** As `put`, without waiting. @throws queue.Full when there is no room */
  put_nowait(obj: T): void;
  put_nowait(...args: unknown[]): void {
    if (args.length !== 1) PUT_ONE.renamed('put_nowait').read(args);
    this.put(args[0] as T, false);
  }

  /** As `get`, without waiting. @throws queue.Empty when there is nothing */
  get_nowait(...none: []): T {
    no_arguments('get_nowait', none);
    return this.get(false);
  }

  /** How many items there are now. */
  qsize(...none: []): number {
    no_arguments('qsize', none);
    return this._open().size;
  }

  /** Whether there are no items now. */
  empty(...none: []): boolean {
    no_arguments('empty', none);
    return this._open().size === 0;
  }

  /** Whether there is no room now. */
  full(...none: []): boolean {
    no_arguments('full', none);
    return this._open().is_full;
  }

  /** Ends the use of the queue in this process; what was put can still be read by others. */
  close(...none: []): void {
    no_arguments('close', none);
    this._ring?.close();
    this._ring = null;
  }

  /** Does nothing: no thread writes, so that what was put is there at once. */
  join_thread(...none: []): void {
    no_arguments('join_thread', none);
  }

  /** Does nothing, see {@link Queue.join_thread}. */
  cancel_join_thread(...none: []): void {
    no_arguments('cancel_join_thread', none);
  }
}

/**
 * A {@link Queue} that counts which of its items have been dealt with: whoever takes one calls `task_done()`, and `join()` waits for all.
 * Mirrors `torch.multiprocessing.JoinableQueue`.
 *
 * @param maxsize - how many items fit in; default 0: any number
 * @example
 * ```ts
 * const queue = new torch.multiprocessing.JoinableQueue<number>();
 * queue.put(1);
 * print(queue.get());
 * queue.task_done();
 * queue.join();
 * ```
 * ```python
 * queue = torch.multiprocessing.JoinableQueue()
 * queue.put(1)
 * print(queue.get())
 * queue.task_done()
 * queue.join()
 * ```
 */
export class JoinableQueue<T = unknown> extends Queue<T> {
  /** @internal */
  override _begin(ring: Ring): void {
    ring.begin_task();
  }

  /** Says that an item has been dealt with. @throws Error when that is said more often than items were put */
  task_done(...none: []): void {
    no_arguments('task_done', none);
    if (!this._open().end_task()) throw new Error('task_done() called too many times');
  }

  /** Waits until all items have been dealt with. */
  join(...none: []): void {
    no_arguments('join', none);
    this._open().until_done();
  }
}

const SIMPLE_QUEUE = signature('SimpleQueue', '');

/**
 * A queue with the least of methods, see {@link Queue}. Mirrors `torch.multiprocessing.SimpleQueue`.
 * @example
 * ```ts
 * const queue = new torch.multiprocessing.SimpleQueue<torch.Tensor>();
 * queue.put(torch.ones(2));
 * print(queue.empty(), queue.get());
 * ```
 * ```python
 * queue = torch.multiprocessing.SimpleQueue()
 * queue.put(torch.ones(2))
 * print(queue.empty(), queue.get())
 * ```
 */
export class SimpleQueue<T = unknown> {
  /** @internal */
  _ring: Ring | null;

  constructor();
  constructor(...none: unknown[]) {
    SIMPLE_QUEUE.read(none);
    check_system('SimpleQueue');
    this._ring = Ring.make(0);
  }

  /** @internal */
  __getstate__(): RingState {
    return this._open().state('SimpleQueue');
  }

  /** @internal */
  __setstate__(state: RingState): void {
    this._ring = Ring.of(state, this.constructor.name);
  }

  /** @internal */
  _open(): Ring {
    if (this._ring === null) throw new Error('SimpleQueue is closed');
    return this._ring;
  }

  /** Appends an item. */
  put(obj: T): void;
  put(...args: unknown[]): void {
    if (args.length !== 1) PUT_ONE.read(args);
    this._open().put(message_of(args[0]), Infinity);
  }

  /** Takes the first item, and waits for one. */
  get(...none: []): T {
    no_arguments('get', none);
    return value_of_message(this._open().get(Infinity)!) as T;
  }

  /** Whether there are no items now. */
  empty(...none: []): boolean {
    no_arguments('empty', none);
    return this._open().size === 0;
  }

  /** Ends the use of the queue in this process. */
  close(...none: []): void {
    no_arguments('close', none);
    this._ring?.close();
    this._ring = null;
  }
}

// --- pipes -------------------------------------------------------------------------------------------

const SEND = method_signature<{ obj: unknown }>('send', 'obj: any');
const SEND_BYTES = method_signature<{ buf: ArrayBufferView; offset?: number; size?: number | null }>(
  'send_bytes',
  'buf: bytes, offset?: int, size?: int|None',
);
const RECV_BYTES = method_signature<{ maxlength?: number | null }>('recv_bytes', 'maxlength?: int|None');
const POLL = method_signature<{ timeout?: number | null }>('poll', 'timeout?: float|None');

/** An error of the name that Python gives it. */
const named_error = (name: string, text: string): Error => Object.assign(new Error(text), { name });

/** What a connection is in another process. */
interface ConnectionState {
  readonly file: number;
  readonly readable: boolean;
  readonly writable: boolean;
}

/**
 * One end of a {@link Pipe}. Mirrors `multiprocessing.connection.Connection`.
 *
 * The end of a pipe that a child process got stays open here, too: close it, so that `recv()` notices when the child has ended.
 */
export class Connection {
  /** @internal */
  _fd: number | null;
  /** Whether it receives. */
  readonly readable!: boolean;
  /** Whether it sends. */
  readonly writable!: boolean;

  /** @internal use {@link Pipe} */
  constructor(fd: number, readable: boolean, writable: boolean) {
    this._fd = fd;
    this.readable = readable;
    this.writable = writable;
    forgotten.register(this, fd, this);
  }

  /** @internal */
  __getstate__(): ConnectionState {
    const { readable, writable } = this;
    return { file: inherited_descriptor(this._open(), 'Connection'), readable, writable };
  }

  /** @internal */
  __setstate__({ file, readable, writable }: ConnectionState): void {
    Object.assign(this, { _fd: received_descriptor(file), readable, writable });
    forgotten.register(this, this._fd!, this);
  }

  /** @internal */
  _open(): number {
    if (this._fd === null) throw named_error('OSError', 'handle is closed');
    return this._fd;
  }

  /** Sends a value, as {@link Queue} does. @throws Error when it only receives, or the other end is closed */
  send(obj: unknown): void;
  send(...args: unknown[]): void {
    if (args.length !== 1) SEND.read(args);
    this.write(message_of(args[0]));
  }

  /** Receives a value, and waits for one. @throws Error named `EOFError` when there is none and the other end is closed */
  recv(...none: []): unknown {
    no_arguments('recv', none);
    return value_of_message(this.read());
  }

  /**
   * Sends bytes.
   * @param buf - of which they are a part
   * @param offset - where it begins, default 0
   * @param size - how many bytes; default null: the rest
   */
  send_bytes(buf: ArrayBufferView | ArrayBuffer, offset?: number, size?: number | null): void;
  send_bytes(buf: ArrayBufferView | ArrayBuffer, options: { offset?: number; size?: number | null }): void;
  send_bytes(...args: unknown[]): void {
    const { buf, offset = 0, size = null } = SEND_BYTES.read(args);
    const all = ArrayBuffer.isView(buf)
      ? new Uint8Array(buf.buffer, buf.byteOffset, buf.byteLength)
      : new Uint8Array(buf as ArrayBuffer);
    if (offset < 0) throw new Error('offset is negative');
    if (offset > all.length) throw new Error('buffer length < offset');
    const count = size === null ? all.length - Number(offset) : Number(size);
    if (count < 0) throw new Error('size is negative');
    if (Number(offset) + count > all.length) throw new Error('buffer length < offset + size');
    this.write(all.subarray(Number(offset), Number(offset) + count));
  }

  /**
   * Receives the bytes of one `send_bytes`.
   * @param maxlength - more than this is an Error; default null: any number
   */
  recv_bytes(...args: Arguments<[maxlength?: number | null], { maxlength?: number | null }, ['maxlength']>): Uint8Array;
  recv_bytes(...args: unknown[]): Uint8Array {
    const { maxlength = null } = RECV_BYTES.read(args);
    if (maxlength !== null && maxlength < 0) throw new Error('negative maxlength');
    const bytes = this.read();
    if (maxlength !== null && bytes.length > maxlength) throw named_error('OSError', 'got bad message length');
    return new Uint8Array(bytes);
  }

  /**
   * Whether there is something to receive, or the other end is closed.
   * @param timeout - how many seconds to wait for that, default 0; null waits without an end
   */
  poll(...args: Arguments<[timeout?: number | null], { timeout?: number | null }, ['timeout']>): boolean;
  poll(...args: unknown[]): boolean {
    const { timeout = 0 } = POLL.read(args);
    const fd = this._open();
    if (!this.readable) throw named_error('OSError', 'connection is write-only');
    return native.wait_readable([fd], left_until(end_of(timeout))).length > 0;
  }

  /** The number of the descriptor. */
  fileno(...none: []): number {
    no_arguments('fileno', none);
    return this._open();
  }

  /** Whether it is closed. */
  get closed(): boolean {
    return this._fd === null;
  }

  /** Closes this end. */
  close(...none: []): void {
    no_arguments('close', none);
    if (this._fd === null) return;
    forgotten.unregister(this);
    closeSync(this._fd);
    this._fd = null;
  }

  /** `using connection = ...;` closes it at the end of the block. */
  [Symbol.dispose](): void {
    this.close();
  }

  private write(bytes: Uint8Array): void {
    const fd = this._open();
    if (!this.writable) throw named_error('OSError', 'connection is read-only');
    const framed = Buffer.allocUnsafe(4 + bytes.length);
    framed.writeUInt32LE(bytes.length);
    framed.set(bytes, 4);
    for (let at = 0; at < framed.length; ) at += writeSync(fd, framed, at, framed.length - at);
  }

  private read(): Buffer {
    const fd = this._open();
    if (!this.readable) throw named_error('OSError', 'connection is write-only');
    return this.read_all(fd, this.read_all(fd, 4).readUInt32LE());
  }

  private read_all(fd: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; ) {
      const count = readSync(fd, bytes, at, length - at, null);
      if (count === 0) throw named_error('EOFError', 'the other end of the pipe is closed');
      at += count;
    }
    return bytes;
  }
}

const PIPE = signature<{ duplex?: boolean }>('Pipe', 'duplex?: bool');

/**
 * Two connected ends of a pipe, for two processes. Mirrors `torch.multiprocessing.Pipe`.
 *
 * @param duplex - whether both ends send and receive; default true. Otherwise the first one receives and the second one sends.
 * @example
 * ```ts
 * const [parent, child] = torch.multiprocessing.Pipe();
 * parent.send([1, 'two']);
 * print(child.poll(), child.recv(), child.poll());
 * ```
 * ```python
 * parent, child = torch.multiprocessing.Pipe()
 * parent.send([1, 'two'])
 * print(child.poll(), child.recv(), child.poll())
 * ```
 */
export function Pipe(
  ...args: Arguments<[duplex?: boolean], { duplex?: boolean }, ['duplex']>
): [Connection, Connection];
export function Pipe(...args: unknown[]): [Connection, Connection] {
  const { duplex = true } = PIPE.read(args);
  check_system('Pipe');
  const [one, other] = native.make_pipe(duplex);
  return [new Connection(one, true, duplex), new Connection(other, duplex, true)];
}
