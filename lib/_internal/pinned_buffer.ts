/** Array buffers over a tensor's memory, which must not be transferred. */
import * as worker_threads from 'node:worker_threads';

const is_marked = (worker_threads as { isMarkedAsUntransferable?: (value: unknown) => boolean })
  .isMarkedAsUntransferable;

function throw_uncloneable(): never {
  throw new TypeError('the memory of the ArrayBuffer belongs to a tensor: it can be neither transferred nor resized');
}

const METHODS = ['transfer', 'transferToFixedLength', 'resize'];
// Of array buffers over native memory: one prototype costs less than three properties of each.
const pinned = Object.create(
  ArrayBuffer.prototype,
  Object.fromEntries(METHODS.map((name) => [name, { value: throw_uncloneable }])),
) as object;

/**
 * Keeps the memory of a buffer from going to another buffer or thread.
 *
 * Buffers over native memory refuse that by themselves, and must not be marked a second time: Node 24 and newer detaches
 * them when the process ends, and aborts when the mark forbids it.
 */
export function pin_buffer(buffer: ArrayBuffer, native_memory: boolean): void {
  if (native_memory) {
    if (Object.getPrototypeOf(buffer) !== pinned) Object.setPrototypeOf(buffer, pinned);
    return;
  }
  if (is_marked?.(buffer) !== true) worker_threads.markAsUntransferable(buffer);
  for (const name of METHODS) {
    if (Object.hasOwn(buffer, name)) return;
    Object.defineProperty(buffer, name, { value: throw_uncloneable });
  }
}
