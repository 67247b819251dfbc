/** Watching calls of operators; see native/profiler/operator_watch.cpp. */
import { native } from './native.js';

// What native/profiler/operator_watch.cpp exports.
declare module './native.js' {
  interface Native {
    watch_begin(names: readonly string[], raw: readonly boolean[]): void;
    watch_take(): SeenCall[];
    watch_end(): void;
  }
}

// What native/autograd/graph_task.cpp exports.
declare module './native.js' {
  interface Native {
    graph_task_id(): number;
    will_execute(handle: number): boolean;
  }
}

/** A call that was seen: shapes for tensors, or of operators whose tensors are wanted `{ tensor }`. */
export type SeenCall = readonly [
  name: string,
  args: readonly unknown[],
  named: Readonly<Record<string, unknown>>,
  outputs: readonly unknown[],
  graph_task: number,
];

/** Begins to watch operators, such as `aten::mm`; `true` keeps their tensors, and not only the shapes of these. */
export function watch(operators: ReadonlyMap<string, boolean>): void {
  native.watch_begin([...operators.keys()], [...operators.values()]);
}

/** The calls since the last time. */
export function seen_calls(): SeenCall[] {
  return native.watch_take();
}

/** Ends watching. */
export function end_watch(): void {
  native.watch_end();
}
