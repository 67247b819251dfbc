/** Parts of pickles that stand for objects of Python alone. */

/** A Python object of a class that has no counterpart here, as it is pickled. */
export class PythonObject {
  constructor(
    readonly module: string,
    readonly name: string,
    readonly state: unknown,
  ) {}
}

/** What a call of a Python function gives, as it is pickled. */
export class PythonCall {
  constructor(
    readonly module: string,
    readonly name: string,
    readonly args: readonly unknown[],
  ) {}
}

/** A method of a pickled object. */
export class BoundMethod {
  constructor(
    readonly of: unknown,
    readonly name: string,
  ) {}
}
