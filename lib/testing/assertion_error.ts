/** What a failed assertion throws, as Python's `AssertionError`; test runners know it by its name and code. */
export class AssertionError extends Error {
  readonly code = 'ERR_ASSERTION';

  static {
    Object.defineProperty(this.prototype, 'name', { value: 'AssertionError', configurable: true, writable: true });
  }
}
