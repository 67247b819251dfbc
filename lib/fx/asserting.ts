/** `torch._assert`, which graphs of specialized functions call. */

/** Throws unless a condition holds. @throws Error with the message */
export function _assert(condition: unknown, message: string): void {
  const holds =
    typeof condition === 'object' && condition !== null && 'item' in condition
      ? Boolean((condition as { item(): unknown }).item())
      : Boolean(condition);
  if (!holds) throw new Error(message);
}
