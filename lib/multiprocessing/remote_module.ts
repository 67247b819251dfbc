/** A module in a worker thread, so that its `forward` does not block the event loop. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { CallQueue, take_signal, type Call } from '../_C/call_queue.js';
import { url_of_module } from './references.js';
import { hand_over, type HandedOver, take_over } from './transfer.js';
import type { Module, StateDict } from '../nn/modules/module.js';
import { signature } from '../_internal/signature.js';
import { to_this_realm } from '../_internal/realm.js';
import type { NodeAbortSignal, NodeURL } from '../_internal/node_types.js';

/** The options of {@link RemoteModule.start}. */
export interface RemoteModuleOptions {
  /** Name under which the file exports the class. Default `'default'`. */
  name?: string;
  /** Arguments of the constructor, as `torch.hand_over` takes them. Default `[]`. */
  args?: readonly unknown[];
  /** Initial weights, which both threads share. Default null: those of the constructor. */
  state?: StateDict | null;
  /** Training mode. Default false. */
  training?: boolean;
}

const START = signature<RemoteModuleOptions & { file: string | NodeURL }>(
  'RemoteModule.start',
  'file: str|URL, *, name?: str, args?: any[], state?: dict|None, training?: bool',
);
const RUN_METHOD = signature<{ name: string }>('run_method_async', 'name: str');
const LOAD_STATE_DICT = signature<{ state_dict: StateDict }>('load_state_dict', 'state_dict: dict');

/** What goes to lib/multiprocessing/remote_worker.ts. @internal */
export interface RemoteSetup {
  readonly file: string;
  readonly name: string;
  readonly training: boolean;
  /** `[args, state]` */
  readonly given: HandedOver;
}

/** A call of a method. @internal */
export interface RemoteRequest {
  readonly method: string;
  readonly args: HandedOver;
}

/** What came of a call, or of making the module. @internal */
export type RemoteAnswer = { readonly value: HandedOver } | { readonly error: unknown };

interface HasForward {
  forward(...args: never[]): unknown;
}

type Forward<M extends HasForward> = Parameters<M['forward']>;

/**
 * A module in a worker thread, created there from a file that exports its class, so that its `forward` does not block
 * the event loop. Named after `torch.distributed.nn.RemoteModule`, which does this between processes.
 *
 * Tensors are transferred without copies, and weights are shared: what one side changes in place the other one sees.
 * Calls run one after the other, in the order in which they were made, and do not keep the process alive.
 *
 * ```ts
 * const model = await torch.RemoteModule.start<Net>(new URL('./net.js', import.meta.url), { name: 'Net', state: net.state_dict() });
 * const y = await model.forward_async(x, { signal: AbortSignal.timeout(100) });
 * await model.close();
 * ```
 * @example
 * ```ts
 * type Net = torch.nn.Module & { forward(x: torch.Tensor): torch.Tensor };
 * // net.js: export class Net extends torch.nn.Module { linear = new nn.Linear(2, 1); forward(x) { return this.linear(x); } }
 * const file = new URL('./net.js', import.meta.url);
 * const model = await torch.RemoteModule.start<Net>(file, { name: 'Net' });
 * const state = await model.state_dict();
 * state['linear.weight']!.fill_(2); // seen by the other thread
 * state['linear.bias']!.zero_();
 * print(await model.forward_async(torch.ones(1, 2))); // tensor([[4.]])
 * await model.close();
 * ```
 */
export class RemoteModule<M extends HasForward = Module & HasForward> {
  private readonly queue = new CallQueue(1);
  private settle: ((answer: RemoteAnswer) => void) | undefined;
  private ended: Error | undefined;
  private closing: Promise<void> | undefined;

  private constructor(private readonly worker: Worker) {
    worker.on('message', (answer: RemoteAnswer) => {
      this.answered(answer);
    });
    worker.on('error', (error) => {
      this.end(error);
    });
    worker.on('exit', () => {
      this.end(new Error('RemoteModule: its thread has ended'));
    });
  }

  /**
   * Makes the module in a new thread.
   * @param file - the file that exports the class: a URL, or a path
   * @throws Error (as a rejection) when the file or the class is not there, its constructor throws, or the state does not fit
   */
  static async start<M extends HasForward = Module & HasForward>(
    file: string | NodeURL,
    options?: RemoteModuleOptions,
  ): Promise<RemoteModule<M>>;
  static async start<M extends HasForward>(...all_args: unknown[]): Promise<RemoteModule<M>> {
    const { file, name = 'default', args = [], state = null, training = false } = START.read(all_args);
    const given = hand_over([[...args], state]);
    const setup: RemoteSetup = { file: url_of_module(file), name, training, given };
    const worker = new Worker(join(__dirname, 'remote_worker.js'), { workerData: setup });
    const remote = new RemoteModule<M>(worker);
    try {
      await remote.exchange(() => undefined);
      return remote;
    } catch (error) {
      given.release();
      await worker.terminate();
      throw error;
    }
  }

  /** How many calls run or wait. */
  get size(): number {
    return this.queue.size;
  }

  /**
   * Calls the module without recording a graph. `{ signal }` as the last argument, or in the object of options that is: when
   * it is aborted, a call that has not begun never will, and the promise is rejected with the signal's reason.
   * @throws Error (as a rejection) with what the module throws, or for tensors that cannot go to another thread
   */
  forward_async(
    ...args: [...Forward<M>] | [...Forward<M>, { signal?: NodeAbortSignal }]
  ): Promise<ReturnType<M['forward']>> {
    return this.run_method_async('', ...args) as Promise<ReturnType<M['forward']>>;
  }

  /** Calls a method of the module, with `{ signal }` as in {@link RemoteModule.forward_async}; a graph may be recorded. */
  async run_method_async(name: string, ...given: readonly unknown[]): Promise<unknown>;
  async run_method_async(...all_args: unknown[]): Promise<unknown> {
    const { name } = RUN_METHOD.read(all_args.slice(0, 1));
    const given = all_args.slice(1);
    if (this.closing !== undefined) throw new Error('RemoteModule: it has been closed');
    if (this.ended) throw this.ended;
    const { signal, rest } = take_signal(given);
    const args = hand_over([...rest]);
    const call: Call<unknown> = {
      start: () =>
        this.exchange(() => {
          this.worker.postMessage({ method: name, args } satisfies RemoteRequest);
        }),
      cancel: () => false,
    };
    try {
      return await this.queue.add(call, signal);
    } finally {
      args.release(); // what a call that never began would have taken
    }
  }

  /** The module's state, whose tensors both threads share. */
  async state_dict(): Promise<StateDict> {
    return (await this.run_method_async('state_dict')) as StateDict;
  }

  /** Replaces the tensors of the module by others, which both threads share. @throws Error when they do not fit */
  async load_state_dict(state_dict: StateDict): Promise<void>;
  async load_state_dict(...args: unknown[]): Promise<void> {
    const { state_dict } = LOAD_STATE_DICT.read(args);
    await this.run_method_async('load_state_dict', state_dict, { assign: true });
  }

  /** Ends the thread after the calls made so far; later ones are rejected. */
  close(): Promise<void> {
    this.closing ??= this.queue
      .add({ start: () => this.worker.terminate(), cancel: () => false })
      .then(() => undefined);
    return this.closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Waits for the next answer; the queue lets one call at a time in here. */
  private exchange(ask: () => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.ended) {
        reject(this.ended);
        return;
      }
      this.worker.ref();
      this.settle = (answer) => {
        if ('error' in answer) reject(to_this_realm(answer.error) as Error);
        else resolve(take_over(answer.value));
      };
      ask();
    });
  }

  private answered(answer: RemoteAnswer): void {
    const { settle } = this;
    this.settle = undefined;
    this.worker.unref();
    settle?.(answer);
  }

  private end(error: Error): void {
    this.ended ??= error;
    this.answered({ error: this.ended });
  }
}
