/**
 * Runs sharp, whose functions give promises, for callers that wait as Python's do: a thread decodes, while this one sleeps
 * until it is done.
 */
import { join } from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';

import { load_sharp, type Job, type Pixels } from './codec.js';
import type { Answer, Order } from './codec_worker.js';

/** A thread for this one; it ends with it, and does not keep the process alive. */
let thread: Worker | undefined;

/** Longer than any image takes; a thread that has died does not answer. */
const most_ms = 600_000;

function started(): Worker {
  if (thread !== undefined) return thread;
  const worker = new Worker(join(__dirname, 'codec_worker.js'), { execArgv: [] });
  worker.unref();
  const forget = (): void => {
    if (thread === worker) thread = undefined;
  };
  worker.on('exit', forget);
  worker.on('error', forget);
  thread = worker;
  return worker;
}

/** Does a job and waits for it. @throws Error of the job */
export function run_waiting(job: Job): Pixels {
  // Said here when it is missing; and libvips must be loaded by the main thread to outlive others.
  load_sharp(job.callee);
  const { port1, port2 } = new MessageChannel();
  const flag = new Int32Array(new SharedArrayBuffer(4));
  try {
    started().postMessage({ job, port: port2, flag } satisfies Order, [port2]);
    if (Atomics.wait(flag, 0, 0, most_ms) === 'timed-out') {
      void thread?.terminate();
      thread = undefined;
      throw new Error(`${job.callee}(): the thread that runs sharp does not answer`);
    }
    const answer = receiveMessageOnPort(port1)?.message as Answer;
    if ('error' in answer) throw new Error(with_callee(job, answer.error));
    return answer.pixels;
  } finally {
    port1.close();
  }
}

/** An error of sharp with the name of the function. */
export function with_callee({ callee }: Job, message: string): string {
  const [first] = message.split('\n');
  return first!.startsWith(`${callee}(`) ? first! : `${callee}(): ${first}`;
}
