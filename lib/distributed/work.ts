/** A collective that was started: `torch.distributed.Work`. */
import { native, type NativeWork } from '../_C/native.js';
import { wrap } from '../_C/tensor_base.js';
import { name_operator } from '../_internal/operator_errors.js';
import { method_signature } from '../_internal/signature.js';
import { Future } from '../futures/index.js';
import type { Tensor } from '../_tensor.js';
import { milliseconds } from './availability.js';

const METHODS = {
  wait: method_signature<{ timeout?: number }>('Work.wait', 'timeout?: float'),
  is_completed: method_signature<object>('Work.is_completed'),
  is_success: method_signature<object>('Work.is_success'),
  exception: method_signature<object>('Work.exception'),
  result: method_signature<object>('Work.result'),
  source_rank: method_signature<object>('Work.source_rank'),
  synchronize: method_signature<object>('Work.synchronize'),
  abort: method_signature<object>('Work.abort'),
  get_future: method_signature<object>('Work.get_future'),
};

/**
 * A collective that was started. Mirrors `torch.distributed.Work`. `await work` waits without blocking the event loop, `work.wait()` blocks
 * the thread, as in Python. Until then the tensors must not be used; the work keeps them alive.
 * @example
 * ```ts
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const x = torch.ones(2);
 * const work = dist.all_reduce(x, { async_op: true })!;
 * print(work.wait(), work.is_completed(), x);
 * dist.destroy_process_group();
 * ```
 * ```python
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * x = torch.ones(2)
 * work = dist.all_reduce(x, async_op=True)
 * print(work.wait(), work.is_completed(), x)
 * dist.destroy_process_group()
 * ```
 */
export class Work {
  private failure: Error | undefined;

  /** @internal */
  constructor(
    /** @internal */
    readonly _work: NativeWork,
    private readonly callee: string,
  ) {}

  /** An error of the collective, with the name of its function. */
  private named(error: unknown): Error {
    this.failure = name_operator(error, this.callee) as Error;
    return this.failure;
  }

  /**
   * Blocks until the collective is done.
   * @param timeout - in seconds; 0, the default, for that of the group
   * @returns true
   * @throws Error when it failed, or took longer
   */
  wait(timeout?: number): boolean;
  wait(options: { timeout?: number }): boolean;
  wait(...args: unknown[]): boolean {
    const { timeout = 0 } = METHODS.wait.read(args);
    try {
      return native.work_wait(this._work, milliseconds('Work.wait', Number(timeout)));
    } catch (error) {
      throw this.named(error);
    }
  }

  /** What `await` calls: waits on a thread of its own. */
  then<A = true, B = never>(
    on_value?: ((value: true) => A | PromiseLike<A>) | null,
    on_error?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return native
      .work_wait_async(this._work, 0)
      .then(
        (): true => {
          // That thread has waited for the work, or its streams have: now those of this one do.
          native.work_wait(this._work, 0);
          return true;
        },
        (error: unknown) => {
          throw this.named(error);
        },
      )
      .then(on_value, on_error);
  }

  /** Whether it is done, with success or not. */
  is_completed(...args: []): boolean {
    METHODS.is_completed.read(args);
    return native.work_is_completed(this._work);
  }

  /** Whether it is done with success. */
  is_success(...args: []): boolean {
    METHODS.is_success.read(args);
    return native.work_is_completed(this._work) && native.work_is_success(this._work);
  }

  /** The Error with which a wait ended; null where there was none. */
  exception(...args: []): Error | null {
    METHODS.exception.read(args);
    if (this.failure === undefined && native.work_is_completed(this._work) && !native.work_is_success(this._work)) {
      try {
        native.work_wait(this._work, 0);
      } catch (error) {
        this.named(error);
      }
    }
    return this.failure ?? null;
  }

  /** The tensors with the result, when it is done. */
  result(...args: []): Tensor[] {
    METHODS.result.read(args);
    try {
      return native.work_result(this._work).map(wrap);
    } catch (error) {
      throw name_operator(error, this.callee);
    }
  }

  /** Of a receive that is done, the rank within the group that sent. @throws Error for other collectives */
  source_rank(...args: []): number {
    METHODS.source_rank.read(args);
    try {
      return native.work_source_rank(this._work);
    } catch (error) {
      throw name_operator(error, this.callee);
    }
  }

  /** Orders what follows on devices behind the collective; of the CPU, waits for it. */
  synchronize(...args: []): void {
    METHODS.synchronize.read(args);
    this.wait();
    if (!native.work_is_completed(this._work)) this.wait();
  }

  /** Gives up a send or a receive: what waits for it then throws. */
  abort(...args: []): void {
    METHODS.abort.read(args);
    native.work_abort(this._work);
  }

  /** A future of the tensors with the result; its `wait` blocks until the collective is done. */
  get_future(...args: []): Future<Tensor[]> {
    METHODS.get_future.read(args);
    return Future._of_waiting<Tensor[]>(
      (done) => {
        this.then(done, done).catch(() => undefined);
      },
      () => {
        this.wait();
        return this.result();
      },
    );
  }
}
