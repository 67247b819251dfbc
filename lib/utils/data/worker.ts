/** What runs in a worker of a `DataLoader`: it gets its copy of the dataset, then reads one batch after the other. */
import '../../_internal/one_file.js';
import { workerData } from 'node:worker_threads';

import { empty, get_num_threads, manual_seed, set_num_threads } from '../../index.js';
import { native } from '../../_C/native.js';
import { register_tsx } from '../../_internal/tsx.js';
import { load_references, ReferenceTable } from '../../multiprocessing/references.js';
import { pack, release_parcel, unpack, type Parcel } from '../../multiprocessing/parcel.js';
import * as np_random from '../../numpy/random.js';
import { seed as seed_python } from '../../python/random.js';
import { END, fetcher_for, type Fetcher } from './fetch.js';
import { numpy_seed } from './numpy_seed.js';
import { become_worker, set_worker_info } from './worker_info.js';
import {
  CLOSED,
  ENDED,
  EPOCH,
  SENT,
  type Reply,
  type Task,
  type Thrown,
  type WorkerContent,
  type WorkerSetup,
} from './worker_protocol.js';

const { port, control, id, num_workers, base_seed, content, auto_collation, drop_last } = workerData as WorkerSetup;

function send(reply: Reply): void {
  port.postMessage(reply);
  wake();
}

function wake(): void {
  Atomics.add(control, SENT, 1);
  Atomics.notify(control, SENT);
}

function thrown(error: unknown): Thrown {
  const { name, message, stack } = (typeof error === 'object' && error !== null ? error : {}) as Partial<Error>;
  const text = message ?? String(error);
  return { name: name ?? typeof error, message: text, stack: stack ?? text };
}

/** The dataset and the functions, whose modules are loaded first. */
async function unpacked(): Promise<WorkerContent> {
  if (content.references.some(({ file }) => file === null || !file.startsWith(__dirname))) await register_tsx();
  return unpack(content, await load_references(content.references)) as WorkerContent;
}

function seed_all(): number | bigint {
  const sum = BigInt(base_seed) + BigInt(id);
  const seed = sum <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(sum) : sum;
  seed_python(seed);
  manual_seed(seed);
  np_random.seed(numpy_seed(BigInt(base_seed), id));
  return seed;
}

/** Says what a batch holds that cannot leave the thread. */
const refuse = (where: string, what: string): Error =>
  new TypeError(
    `${where} of the batch is ${what}, which cannot go to another thread: return tensors, numbers, arrays and plain objects`,
  );

/** Reads the batches of one epoch after the other. */
class BatchReader {
  private epoch = 0;
  private fetcher: Fetcher | null = null;
  private ended = false;

  constructor(
    private readonly parts: WorkerContent,
    /** What worker_init_fn has thrown, which is answered to the first task. */
    private failure: Thrown | null,
  ) {}

  answer({ epoch, index, numbers }: Task): Reply | null {
    if (epoch !== this.epoch) this.begin(epoch);
    if (this.ended) return null;
    if (this.failure !== null) {
      const error = this.failure;
      this.failure = null;
      return { kind: 'error', epoch, index, error };
    }
    try {
      this.fetcher ??= fetcher_for({ ...this.parts, auto_collation, drop_last });
      const batch = this.fetcher.fetch(numbers);
      this.ended = batch === END;
      if (this.ended) return { kind: 'end', epoch, index };
      return { kind: 'batch', epoch, index, batch: pack(batch, 'an element', new ReferenceTable(), refuse) };
    } catch (error) {
      return { kind: 'error', epoch, index, error: thrown(error) };
    }
  }

  private begin(epoch: number): void {
    this.close();
    this.epoch = epoch;
    this.ended = false;
  }

  close(): void {
    this.fetcher?.close();
    this.fetcher = null;
  }
}

function initialized({ worker_init_fn }: WorkerContent): Thrown | null {
  try {
    worker_init_fn?.(id);
    return null;
  } catch (error) {
    return thrown(error);
  }
}

function serve(reader: BatchReader): void {
  // The loader frees what it has received when it closes; the last batch may have come after that.
  let last: Parcel | null = null;
  port.on('message', (task: Task | null) => {
    if (task === null) {
      if (last !== null) release_parcel(last);
      reader.close();
      port.close();
      // A timer or a socket of the dataset's must not keep the thread.
      setTimeout(() => process.exit(), 1000).unref();
      return;
    }
    if (task.epoch !== Atomics.load(control, EPOCH)) return;
    const answer = reader.answer(task);
    if (answer === null) return;
    last = answer.kind === 'batch' ? answer.batch : null;
    try {
      send(answer);
    } catch (error) {
      send({ kind: 'error', epoch: task.epoch, index: task.index, error: thrown(error) });
    }
  });
}

async function main(): Promise<void> {
  become_worker();
  const life = native.hand_over(empty(0)._h);
  process.on('exit', () => {
    native.release_handed_over(life);
    Atomics.store(control, ENDED + id, 1);
    wake();
  });
  process.on('uncaughtExceptionMonitor', (error) => {
    send({ kind: 'died', error: thrown(error) });
  });
  // One thread for operators. OpenMP counts threads by thread, but a thread begins with the count that was set last, which
  // must not become that of the others: this one asks for its own before it sets it, and the loader sets its count again.
  get_num_threads();
  set_num_threads(1);
  let parts: WorkerContent;
  try {
    parts = await unpacked();
  } catch (error) {
    send({ kind: 'refused', message: thrown(error).stack });
    port.close();
    return;
  }
  const seed = seed_all();
  set_worker_info({ id, num_workers, seed, dataset: parts.dataset });
  const reader = new BatchReader(parts, initialized(parts));
  send({ kind: 'ready', life });
  if (Atomics.load(control, EPOCH) !== CLOSED) serve(reader);
  else port.close();
}

void main();
