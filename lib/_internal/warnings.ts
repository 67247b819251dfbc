const given = new Set<string>();

/**
 * Warns the way Python's default filter does: the same text of the same category only once in a process.
 *
 * @param message - what the user should know
 * @param category - Python's name of the category
 */
export function warn(
  message: string,
  category: 'UserWarning' | 'FutureWarning' | 'DeprecationWarning' | 'RuntimeWarning' | 'TracerWarning' = 'UserWarning',
): void {
  const key = `${category}: ${message}`;
  if (given.has(key)) return;
  given.add(key);
  process.emitWarning(message, category);
}
