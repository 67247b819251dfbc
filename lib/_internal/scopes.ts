/**
 * The scopes of `using` that are open in this thread, innermost last. A mode belongs to the thread, so scopes must end in
 * reverse order and within the synchronous code that opened them; one that does not is ended here, and its guard throws when
 * it is disposed. Knows nothing of torch.
 */

/** An open scope. */
interface Scope {
  /** The function that made the guard, for messages. */
  readonly callee: string;
  readonly leave: () => void;
  /** Why it has been ended before its guard was disposed. */
  ended?: string;
}

const open: Scope[] = [];
let watched = false;

/** How many scopes are open. */
export function open_scopes(): number {
  return open.length;
}

/** Ends the innermost scopes until `depth` are open. */
export function end_scopes(depth: number, why: (scope: Scope) => string): void {
  while (open.length > depth) {
    const scope = open.pop()!;
    scope.ended = why(scope);
    scope.leave();
  }
}

/** Ends the scopes that were opened in a function and not closed when it returned. */
export function end_scopes_within(depth: number, callee: string): void {
  end_scopes(depth, (scope) => `${scope.callee}(): the scope around it, of ${callee}(), ended before it`);
}

/** A microtask runs when no synchronous code does: a scope that is still open then waits for an asynchronous operation. */
function end_waiting(): void {
  watched = false;
  end_scopes(0, ({ callee }) => `${callee}(): the mode ended at the first await, which its scope must not contain`);
}

/** @returns what closes the scope; it throws when the scope was ended before, and does nothing the second time */
export function open_scope(callee: string, leave: () => void): () => void {
  const scope: Scope = { callee, leave };
  open.push(scope);
  if (!watched) {
    watched = true;
    queueMicrotask(end_waiting);
  }
  return () => {
    const { ended } = scope;
    if (ended !== undefined) {
      delete scope.ended;
      throw new Error(ended);
    }
    const place = open.lastIndexOf(scope);
    if (place < 0) return;
    end_scopes_within(place + 1, callee);
    open.pop();
    leave();
  };
}
