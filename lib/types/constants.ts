/** Numbers that Python's torch has by name. */

/** Euler's number; mirrors `torch.e`. */
export const e: number = Math.E;
/** Mirrors `torch.pi`. */
export const pi: number = Math.PI;
/** Mirrors `torch.inf`. */
export const inf: number = Infinity;
/** Mirrors `torch.nan`. */
export const nan: number = NaN;
/** A new dimension of size 1 in `x.index(...)`; mirrors `torch.newaxis`. */
export const newaxis: null = null;
