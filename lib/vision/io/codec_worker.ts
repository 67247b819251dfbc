/** The thread that decodes and encodes images for callers that wait. */
import { parentPort, type MessagePort } from 'node:worker_threads';

import { run_job, type Job, type Pixels } from './codec.js';

/** A job, and where its result goes: to the port, then 1 to the flag that the caller waits for. */
export interface Order {
  readonly job: Job;
  readonly port: MessagePort;
  readonly flag: Int32Array;
}

/** What comes back. */
export type Answer = { readonly pixels: Pixels } | { readonly error: string };

async function answer(job: Job): Promise<Answer> {
  try {
    const pixels = await run_job(job);
    return { pixels: { ...pixels, data: new Uint8Array(pixels.data) } };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', ({ job, port, flag }: Order) => {
  void answer(job).then((result) => {
    port.postMessage(result, 'pixels' in result ? [result.pixels.data.buffer as ArrayBuffer] : []);
    port.close();
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
  });
});
