/** Modules of PyTorch's that are not here: what is asked of one says so, instead of failing on `undefined`. */

// What tools ask any object for, to find out what it is.
const probes = new Set([
  'then', 'toJSON', 'toString', 'valueOf', 'constructor', 'prototype', 'default', '__esModule', '$$typeof', 'nodeType', 'asymmetricMatch',
  'hasOwnProperty',
]);

const tracing = 'it works on Python\'s own code objects and calls';
const processes = 'it is about processes of Python';

/** Why a module is not here. */
export const reasons = {
  tracing, processes, device: 'this package has the CPU and CUDA', yet: 'not yet',
  written_in_python: 'it is written in Python on top of libtorch, and not ported yet',
  inner: 'what it holds is found in the module above it',
} as const;

/**
 * A module that is not here.
 * @param path - its name in Python
 * @returns an object of which every property throws an Error that says so
 */
export function absent(path: string, reason: keyof typeof reasons): never {
  const refuse = (): never => {
    throw new Error(`${path} is not in torch-node: ${reasons[reason]}`);
  };
  const module: object = new Proxy(Object.create(null) as object, {
    get: (_, name) => (typeof name === 'symbol' || probes.has(name) ? undefined : refuse()),
    set: refuse,
  });
  return module as never;
}
