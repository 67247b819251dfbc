/** What runs when a backward pass is over: `torch.autograd.Variable._execution_engine.queue_callback` in Python. */

const queue: (() => void)[] = [];
let depth = 0;

/** Runs a backward pass, then what was queued in it; when it throws, nothing of that. */
export function in_pass<R>(pass: () => R): R {
  depth++;
  let result: R;
  try {
    result = pass();
  } catch (error) {
    if (depth === 1) queue.length = 0;
    throw error;
  } finally {
    depth--;
  }
  while (depth === 0 && queue.length > 0) queue.shift()!();
  return result;
}

/** Calls a function when the backward pass that runs is over. */
export function queue_callback(fn: () => void): void {
  queue.push(fn);
}
