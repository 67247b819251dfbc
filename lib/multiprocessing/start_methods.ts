/** How child processes start: `spawn`, and why not otherwise. */

/** @throws Error for another start method than `'spawn'` */
export function check_start_method(callee: string, method: string): void {
  if (method === 'spawn') return;
  if (method === 'fork' || method === 'forkserver') {
    throw new Error(
      `${callee}(): start method '${method}' is not available: a copy of a process of Node would lack the threads of V8 and libuv. Use 'spawn'`,
    );
  }
  throw new Error(`cannot find context for '${method}'`);
}
