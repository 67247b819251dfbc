/** What Python raises where a class leaves something to its subclasses, or cannot do it. */
export class NotImplementedError extends Error {
  override readonly name = 'NotImplementedError';
}
