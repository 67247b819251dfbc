/** Pickles with arrays of numpy, as datasets have them: nothing but arrays of bytes, lists, texts and numbers is allowed. */
import { readFileSync } from 'node:fs';

import { PickledFunction, Unpickler } from '../../serialization/unpickler.js';
import { PickleReader } from '../../serialization/pickle_opcodes.js';

/** An array of uint8, row by row. */
export class PickledArray {
  shape: readonly number[] = [];
  data: Uint8Array = new Uint8Array(0);

  /** What numpy's `ndarray.__setstate__` takes: version, shape, dtype, whether columns come first, bytes. */
  __setstate__(state: unknown): void {
    const [, shape, dtype, fortran, bytes] = (Array.isArray(state) ? state : []) as unknown[];
    if (!Array.isArray(shape) || !(dtype instanceof PickledDType) || fortran !== false) {
      throw new Error('an array has a state that is not read here');
    }
    const data = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    const count = shape.reduce((product: number, size) => product * Number(size), 1);
    if (!(data instanceof Uint8Array) || data.length !== count)
      throw new Error('an array has not as many bytes as its shape');
    this.shape = shape.map(Number);
    this.data = data;
  }
}

/** numpy's dtype of bytes. */
class PickledDType {
  constructor(name: unknown) {
    if (name !== 'u1' && name !== '|u1') throw new Error(`an array is of dtype ${String(name)}, not of uint8`);
  }

  __setstate__(): void {}
}

const latin1 = (text: unknown): Uint8Array => Buffer.from(String(text), 'latin1');

const allowed = new Map<string, PickledFunction>(
  ['core', '_core'].flatMap((module): [string, PickledFunction][] => [
    [
      `numpy.${module}.multiarray._reconstruct`,
      new PickledFunction('numpy.core.multiarray._reconstruct', () => new PickledArray(), true),
    ],
  ]),
);
allowed.set('numpy.ndarray', new PickledFunction('numpy.ndarray', () => new PickledArray(), true, PickledArray));
allowed.set('numpy.dtype', new PickledFunction('numpy.dtype', ([name]) => new PickledDType(name), true, PickledDType));
allowed.set('_codecs.encode', new PickledFunction('_codecs.encode', ([text]) => latin1(text)));

/** The object in a pickle of Python 2 or 3. @throws Error for one that is damaged or has something else */
export function read_pickle(path: string): unknown {
  const reader = new PickleReader(readFileSync(path), 0, 'latin1');
  try {
    return new Unpickler(reader, {
      find: (module, name) => {
        const found = allowed.get(`${module}.${name}`);
        if (found === undefined)
          throw new Error(`it has ${module}.${name}, which is not allowed; nothing of it was run`);
        return found;
      },
      storage: () => {
        throw new Error('it has a tensor, which does not belong there');
      },
      finish: (value) => value,
    }).load();
  } catch (error) {
    throw new Error(`${path}: not the pickle of a dataset: ${(error as Error).message.replace(/^load\(\): /, '')}`);
  }
}
