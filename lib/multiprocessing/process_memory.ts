/** What crosses from process to process: values as bytes, tensors in shared memory, words that processes wait on. */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';

import { native } from '../_C/native.js';
import { wrap } from '../_C/tensor_base.js';
import { Buffer as TensorBuffer, Parameter } from '../nn/parameter.js';
import type { Tensor } from '../_tensor.js';
import { strided } from '../types/dtype.js';
import { current_carrier, pack, unpack, type Carrier, type Parcel } from './parcel.js';
import { ReferenceTable } from './references.js';

// What native/data/processes.cpp exports.
declare module '../_C/native.js' {
  interface Native {
    close_on_exec(fd: number): void;
    die_with_parent(pid: number): boolean;
    make_pipe(duplex: boolean): [fd: number, fd: number];
    memory_file(): number;
    process_start(
      file: string,
      args: readonly string[],
      environment: readonly string[],
      fds: readonly number[],
    ): number;
    process_wait(pid: number, block: boolean): number | null;
    shared_memory_fd(handle: number): number;
    shared_memory_new(bytes: number): number;
    shared_memory_open(from: number | readonly [pid: number, fd: number], bytes: number): number;
    shared_memory_send(handle: number): void;
    thread_number(): number;
    wait_readable(fds: readonly number[], milliseconds: number): number[];
    word_add(handle: number, place: number, by: number): number;
    word_exchange(handle: number, place: number, expected: number, value: number): boolean;
    word_load(handle: number, place: number): number;
    word_wait(handle: number, place: number, expected: number, milliseconds: number): void;
    word_wake(handle: number, place: number, count: number): void;
  }
}

/** @throws Error where processes cannot share memory */
export function check_system(callee: string): void {
  if (process.platform === 'linux') return;
  throw new Error(
    `${callee}(): torch.multiprocessing works on Linux, not on '${process.platform}': its shared memory, locks and queues need Linux. ` +
      'Use worker_threads that share the parameters by torch.hand_over()',
  );
}

/** A tensor over a block of shared memory. */
interface SharedRecord {
  /** -1 for one without elements in memory. */
  readonly block: number;
  readonly dtype: number;
  readonly offset: number;
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly kind: 'tensor' | 'parameter' | 'buffer';
  readonly requires_grad: boolean;
  readonly persistent: boolean;
}

/** A block of shared memory: its descriptor in the sender, or in the child that is started with it, and its size. */
interface SentBlock {
  readonly fd: number;
  readonly bytes: number;
}

function check_tensor(tensor: Tensor): void {
  if (!tensor.is_leaf && tensor.requires_grad) {
    throw new Error(
      'Cowardly refusing to serialize non-leaf tensor which requires_grad, since autograd does not support crossing process ' +
        'boundaries.  If you just want to transfer the data, call detach() on the tensor before serializing (e.g., putting it on the queue).',
    );
  }
  if (tensor.layout === strided && tensor.device.type === 'cpu' && !tensor.is_quantized && !tensor.is_nested) return;
  const what =
    tensor.device.type === 'cpu' ? (tensor.is_quantized ? 'quantized' : String(tensor.layout)) : tensor.device.type;
  throw new Error(
    `torch.multiprocessing: a Tensor that is ${what} cannot go to another process: send a dense one of the CPU, such as cpu() or to_dense() gives`,
  );
}

/** Puts tensors into shared memory, where Python's reductions put them too, and keeps the blocks that they lie in. */
class Sender implements Carrier {
  readonly blocks: SentBlock[] = [];
  private readonly holders: Tensor[] = [];
  private readonly places = new Map<bigint, number>();

  /** Descriptors that a child process is started with. */
  readonly inherited: number[] = [];

  /** @param inherits - whether a child process is started with the value: what synchronizes processes goes no other way */
  constructor(readonly inherits: boolean) {}

  record_of(tensor: Tensor): SharedRecord {
    check_tensor(tensor);
    const data = tensor.is_conj() || tensor.is_neg() ? tensor.detach().resolve_conj().resolve_neg() : tensor;
    return {
      block: this.block_of(data),
      dtype: data.dtype.code,
      offset: data.storage_offset(),
      size: [...data.shape],
      stride: [...data.stride()],
      kind: tensor instanceof Parameter ? 'parameter' : tensor instanceof TensorBuffer ? 'buffer' : 'tensor',
      requires_grad: tensor.requires_grad,
      persistent: tensor instanceof TensorBuffer ? tensor.persistent : true,
    };
  }

  private block_of(data: Tensor): number {
    const bytes = data.untyped_storage().nbytes();
    if (bytes === 0) return -1;
    native.share_memory(data._h);
    const id = native.storage_id(data._h);
    const known = this.places.get(id);
    if (known !== undefined) return known;
    const fd = native.shared_memory_fd(data._h);
    this.blocks.push({ fd: this.inherits ? this.number_of(fd) : fd, bytes });
    this.holders.push(data);
    this.places.set(id, this.blocks.length - 1);
    return this.blocks.length - 1;
  }

  /** The number under which a child that is started finds a descriptor. */
  number_of(fd: number): number {
    return this.inherited.push(fd) - 1;
  }

  release(): void {
    // Nothing is on its way before `send`.
  }

  take(): never {
    throw new Error('what is sent cannot be taken');
  }

  /** Keeps the blocks until the receiver has opened them. */
  send(): void {
    for (const { _h } of this.holders) native.shared_memory_send(_h);
  }
}

/** Maps the blocks that came, and makes tensors over them. */
export class Receiver implements Carrier {
  private readonly opened: Tensor[];

  /** @param first - of a child's descriptors, those that it was started with; null for what came from a process that runs */
  constructor(
    blocks: readonly SentBlock[],
    pid: number,
    private readonly first: number | null,
  ) {
    this.opened = blocks.map(({ fd, bytes }) =>
      wrap(native.shared_memory_open(first === null ? [pid, fd] : first + fd, bytes)),
    );
  }

  /** The descriptor that this process was started with, under its number in the parcel. */
  descriptor(number: number): number {
    const fd = this.first! + number;
    native.close_on_exec(fd);
    return fd;
  }

  record_of(): never {
    throw new Error('what is received cannot be sent');
  }

  release(): void {
    // Tensors of blocks are freed as any.
  }

  take(record: object): Tensor {
    const { block, dtype, offset, size, stride, kind, requires_grad, persistent } = record as SharedRecord;
    const bytes = block === -1 ? wrap(native.shared_memory_new(0)) : this.opened[block]!;
    const plain = wrap(native.over_storage(bytes._h, dtype, offset, size, stride));
    const tensor =
      kind === 'parameter'
        ? new Parameter(plain, requires_grad)
        : kind === 'buffer'
          ? new TensorBuffer(plain, { persistent })
          : plain;
    if (requires_grad) tensor.requires_grad_();
    return tensor;
  }
}

/** A value as it goes to another process. */
interface Message {
  readonly pid: number;
  readonly blocks: readonly SentBlock[];
  readonly parcel: Parcel;
}

/** What goes to a child that is started: bytes, and descriptors that it gets. */
export interface Inheritance {
  readonly message: Message;
  readonly fds: readonly number[];
}

type Refuse = (where: string, what: string) => Error;

/** Prepares a value for a child that is started. @throws Error for what it cannot get */
export function bequeath(value: unknown, name: string, modules: readonly string[], refuse: Refuse): Inheritance {
  const sender = new Sender(true);
  const parcel = pack(value, name, new ReferenceTable(modules), refuse, sender);
  return { message: { pid: process.pid, blocks: sender.blocks, parcel }, fds: sender.inherited };
}

const refuse_in_message: Refuse = (where, what) =>
  new TypeError(
    `torch.multiprocessing: ${where} is ${what} that another process cannot find: put it into a module and export it by its name`,
  );

/** A value as bytes for a process that runs. Its tensors are in shared memory then, and kept until they are received. */
export function message_of(value: unknown): Buffer {
  const sender = new Sender(false);
  const parcel = pack(value, 'obj', new ReferenceTable(), refuse_in_message, sender);
  const message: Message = { pid: process.pid, blocks: sender.blocks, parcel };
  const bytes = serialize(message);
  sender.send();
  return bytes;
}

/** The value of a message, which can be read once. */
export function value_of_message(bytes: Uint8Array): unknown {
  const { pid, blocks, parcel } = deserialize(bytes) as Message;
  const receiver = new Receiver(blocks, pid, null);
  return unpack(parcel, undefined, receiver);
}

/** The descriptor's number for the child that is started now. @throws Error when the value goes to a process that runs */
export function inherited_descriptor(fd: number, kind: string): number {
  const carrier = current_carrier();
  if (carrier instanceof Sender && carrier.inherits) return carrier.number_of(fd);
  throw new Error(`${kind} objects should only be shared between processes through inheritance`);
}

/** The descriptor of a number that {@link inherited_descriptor} gave in the parent. */
export const received_descriptor = (number: number): number => (current_carrier() as Receiver).descriptor(number);

/**
 * A file that goes to a child with its descriptors, or is opened by a process that runs, which knows it from another one that has its descriptor by
 * then by the number that it has in the system.
 */
export type FileState = number | readonly [pid: number, fd: number, inode: bigint];

const inode_of = (fd: number): bigint => fstatSync(fd, { bigint: true }).ino;

/** A descriptor for another process. @throws Error when that runs, and no manager has made the file */
export function shared_descriptor(fd: number, kind: string, managed: boolean): FileState {
  const carrier = current_carrier();
  return managed && carrier instanceof Sender && !carrier.inherits
    ? [process.pid, fd, inode_of(fd)]
    : inherited_descriptor(fd, kind);
}

/** The descriptor that {@link shared_descriptor} has described. @throws Error when the process that sent it has ended, or has dropped the file */
export function shared_file(state: FileState, kind: string): number {
  if (typeof state === 'number') return received_descriptor(state);
  const [pid, sent, inode] = state;
  let fd: number | undefined;
  try {
    fd = openSync(`/proc/${pid}/fd/${sent}`, 'r+');
  } catch {
    // The process has ended, or nothing has the descriptor, or what cannot be opened.
  }
  if (fd !== undefined && inode_of(fd) === inode) return fd;
  if (fd !== undefined) closeSync(fd);
  throw new Error(`a ${kind} is gone: the process that sent it ended, or kept it no longer, before it was received`);
}

/** A tensor by value. */
interface CopiedRecord extends Omit<SharedRecord, 'block' | 'offset' | 'stride' | 'persistent'> {
  readonly bytes: Uint8Array;
}

/** Copies tensors with what they are in, for values that are kept for any number of readers. */
class Copier implements Carrier {
  record_of(tensor: Tensor): CopiedRecord {
    check_tensor(tensor);
    const data = tensor.detach().resolve_conj().resolve_neg().contiguous();
    const bytes = data.numel() * data.element_size();
    const start = data.storage_offset() * data.element_size();
    const memory = bytes === 0 ? new ArrayBuffer(0) : native.storage_memory(data._h, start, bytes);
    return {
      bytes: new Uint8Array(memory).slice(),
      dtype: data.dtype.code,
      size: [...data.shape],
      kind: tensor instanceof Parameter ? 'parameter' : 'tensor',
      requires_grad: tensor.requires_grad,
    };
  }

  release(): void {
    // A copy is garbage as any.
  }

  take(record: object): Tensor {
    const { bytes, dtype, size, kind, requires_grad } = record as CopiedRecord;
    const block = wrap(native.shared_memory_new(bytes.length));
    if (bytes.length > 0) new Uint8Array(native.storage_memory(block._h, 0, bytes.length)).set(bytes);
    const count = size.reduce((product, length) => product * length, 1);
    const plain = wrap(native.over_storage(block._h, dtype, 0, [count], [1])).reshape(size);
    return kind === 'parameter' ? new Parameter(plain, requires_grad) : plain.requires_grad_(requires_grad);
  }
}

/** A value as bytes that can be read by any process, and more than once. Tensors are copied. */
export function copy_of(value: unknown): Uint8Array {
  return serialize(pack(value, 'obj', new ReferenceTable(), refuse_in_message, new Copier()));
}

/** The value of {@link copy_of}. */
export const value_of_copy = (bytes: Uint8Array): unknown =>
  unpack(deserialize(bytes) as Parcel, undefined, new Copier());

/** @throws Error unless a child is started with the value, or it goes to a thread of this process */
export function check_inheritance(kind: string): void {
  const carrier = current_carrier();
  if (carrier instanceof Sender && !carrier.inherits) {
    throw new Error(`${kind} objects should only be shared between processes through inheritance`);
  }
}

/** The end of a time in seconds, in milliseconds of `performance.now()`. */
export const end_of = (timeout: number | null): number =>
  timeout === null ? Infinity : performance.now() + 1000 * Math.max(0, timeout);

/** What is left until an end, in milliseconds; -1 without an end. */
export const left_until = (end: number): number => (end === Infinity ? -1 : Math.max(0, end - performance.now()));

/** What words are in another process. */
export interface WordsState {
  readonly tensor: Tensor;
  readonly managed: boolean;
}

/** Whole numbers of 32 bits in shared memory, on which processes and threads wait. */
export class Words {
  /** Whether they go to processes that run too, as what a manager has made. */
  managed = false;

  /** @param tensor - their memory */
  constructor(readonly tensor: Tensor) {}

  static zeros(count: number): Words {
    return new Words(wrap(native.shared_memory_new(4 * count)));
  }

  static of({ tensor, managed }: WordsState): Words {
    return Object.assign(new Words(tensor), { managed });
  }

  /** @throws Error when they go to a process that runs, and no manager has made them */
  state(kind: string): WordsState {
    if (current_carrier() instanceof Copier) {
      throw new Error(`a ${kind} cannot be in a dict, list or Value of a manager: give it to the processes themselves`);
    }
    if (!this.managed) check_inheritance(kind);
    return { tensor: this.tensor, managed: this.managed };
  }

  load(place: number): number {
    return native.word_load(this.tensor._h, place);
  }

  /** Adds a number, and returns what there was before. */
  add(place: number, by: number): number {
    return native.word_add(this.tensor._h, place, by);
  }

  store(place: number, value: number): void {
    while (!this.exchange(place, this.load(place), value));
  }

  /** Replaces a number by another one, unless it is not as expected. */
  exchange(place: number, expected: number, value: number): boolean {
    return native.word_exchange(this.tensor._h, place, expected, value);
  }

  /** Sleeps while a number is as expected, at most until an end; may return for no reason. */
  wait(place: number, expected: number, end: number): void {
    native.word_wait(this.tensor._h, place, expected, left_until(end));
  }

  wake(place: number, count = 0x7fffffff): void {
    native.word_wake(this.tensor._h, place, count);
  }

  /** Takes one from a number that stays at 0 or more. The next place counts who waits. @returns false when the time is over */
  take(place: number, end: number): boolean {
    while (true) {
      const value = this.load(place);
      if (value > 0) {
        if (this.exchange(place, value, value - 1)) return true;
      } else if (end !== Infinity && end <= performance.now()) {
        return false;
      } else {
        this.add(place + 1, 1);
        this.wait(place, 0, end);
        this.add(place + 1, -1);
      }
    }
  }

  /** Gives back what {@link Words.take} has taken. */
  give(place: number, count = 1): void {
    this.add(place, count);
    if (this.load(place + 1) > 0) this.wake(place, count);
  }
}
