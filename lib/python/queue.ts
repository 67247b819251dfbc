/** The exceptions of Python's module `queue`. */
import { signature } from '../_internal/signature.js';

const MESSAGE = signature<{ message?: string; cause?: unknown }>('Empty', 'message?: str, *, cause?: any');

/**
 * Nothing came in time. Mirrors `queue.Empty`.
 * @example
 * ```ts
 * import { queue } from 'torch-node/python';
 * const q = new torch.multiprocessing.Queue<number>();
 * try {
 *   q.get(false);
 * } catch (error) {
 *   print(error instanceof queue.Empty); // True
 * }
 * ```
 */
export class Empty extends Error {
  override name = 'Empty';

  constructor(message?: string, options?: ErrorOptions);
  constructor(...args: unknown[]) {
    const { message, ...options } = MESSAGE.read(args);
    super(message, options);
  }
}

/**
 * There was no room in time. Mirrors `queue.Full`.
 * @example
 * ```ts
 * import { queue } from 'torch-node/python';
 * const q = new torch.multiprocessing.Queue<number>(1);
 * q.put(1);
 * try {
 *   q.put(2, { timeout: 0.01 });
 * } catch (error) {
 *   print(error instanceof queue.Full); // True
 * }
 * ```
 */
export class Full extends Error {
  override name = 'Full';

  constructor(message?: string, options?: ErrorOptions);
  constructor(...args: unknown[]) {
    const { message, ...options } = MESSAGE.renamed('Full').read(args);
    super(message, options);
  }
}
