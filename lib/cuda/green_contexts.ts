/** A part of a device's multiprocessors for some of the work: `torch.cuda.green_contexts`. */
import { types } from 'node:util';

import { cuda_native, type NativeGreenContext } from '../_C/cuda_native.js';
import { native } from '../_C/native.js';
import { define_kind, method_signature, signature } from '../_internal/signature.js';
import { CUDA, lazy_init } from './device_index.js';
import { Stream } from './streams.js';

/** Options of {@link GreenContext.create}. */
export interface GreenContextOptions {
  /** How many multiprocessors it has. Default null, all. */
  num_sms?: number | null;
  /** Which queues of work it uses: `'device_ctx'` or `'balanced'`. Default null. */
  workqueue_scope?: 'device_ctx' | 'balanced' | null;
  /** How many kernels of it run at once. Default null. */
  workqueue_concurrency_limit?: number | null;
  /** The device. Default null, the current one. */
  device_id?: number | null;
}

const SCOPES = ['device_ctx', 'balanced'];
// Only create() has what a context is made of.
define_kind('GreenContextHandle', 'what create() makes', (value) => types.isExternal(value));

const CALLS = {
  constructor: signature<{ context: NativeGreenContext }>('GreenContext', 'context: GreenContextHandle'),
  create: signature<GreenContextOptions>(
    'create',
    '*, num_sms?: int|None, workqueue_scope?: str|None, workqueue_concurrency_limit?: int|None, device_id?: int|None',
  ),
  max_concurrency: signature<{ device_id?: number | null }>('max_workqueue_concurrency', 'device_id?: int|None'),
  set_context: method_signature<object>('GreenContext.set_context'),
  pop_context: method_signature<object>('GreenContext.pop_context'),
  stream: method_signature<object>('GreenContext.Stream'),
};

/** @throws Error with Python's text where libtorch does not have CUDA */
function addon(callee: string) {
  if (!native.device_built('cuda')) throw new Error('PyTorch was not built with Green Context support!');
  lazy_init();
  return cuda_native(callee);
}

/**
 * A context of a device with a part of its multiprocessors. Mirrors `torch.cuda.GreenContext`.
 * @throws Error when CUDA cannot be used, and where the driver does not have such contexts
 * @example
 * ```ts
 * try {
 *   torch.cuda.GreenContext.create({ num_sms: 8 });
 * } catch (error) {
 *   print((error as Error).message.split('\n')[0]); // on a machine without CUDA
 * }
 * ```
 * ```python
 * try:
 *     torch.cuda.GreenContext.create(num_sms=8)
 * except RuntimeError as error:
 *     print(error)
 * ```
 */
export class GreenContext {
  private readonly context: NativeGreenContext;

  private constructor(...args: unknown[]) {
    this.context = CALLS.constructor.read(args).context;
  }

  /** A new context. @param options - see {@link GreenContextOptions} */
  static create(options?: GreenContextOptions): GreenContext;
  static create(...args: unknown[]): GreenContext {
    const given = CALLS.create.read(args);
    const { num_sms = null, workqueue_scope = null, workqueue_concurrency_limit = null, device_id = null } = given;
    const scope = workqueue_scope === null ? null : SCOPES.indexOf(workqueue_scope);
    if (scope === -1) throw new Error(`create(): unknown workqueue_scope '${String(workqueue_scope)}'`);
    return new GreenContext(addon('GreenContext').green_new(device_id, num_sms, scope, workqueue_concurrency_limit));
  }

  /** How many kernels of a context can run at once. @param device_id - default null, the current device */
  static max_workqueue_concurrency(device_id?: number | null): number;
  static max_workqueue_concurrency(options: { device_id?: number | null }): number;
  static max_workqueue_concurrency(...args: unknown[]): number {
    const { device_id = null } = CALLS.max_concurrency.read(args);
    return addon('GreenContext').green_concurrency(device_id);
  }

  /** Makes it the current context. */
  set_context(...args: []): void {
    CALLS.set_context.read(args);
    addon('GreenContext').green_set(this.context);
  }

  /** Goes back to the context before. */
  pop_context(...args: []): void {
    CALLS.pop_context.read(args);
    addon('GreenContext').green_pop(this.context);
  }

  /** A stream whose work the context does. */
  Stream(...args: []): Stream {
    CALLS.stream.read(args);
    const [index, id] = addon('GreenContext').green_stream(this.context);
    return Stream._of([CUDA, index, id]);
  }
}
