/** Arrays of numpy in pickles: how they are written, and what a file calls to make them. */
import { NDArray } from '../numpy/ndarray.js';
import { ItemArray } from '../numpy/items.js';
import { array_of, check_code, type Contents, contents_of } from '../numpy/npy.js';
import { kind_of } from '../_internal/representation.js';
import { Tuple } from '../python/values.js';
import { PickledFunction, PickledName, PickledObject, type Unpickler } from './unpickler.js';

/** What a file may hold of numpy. */
export type NumpyArray = NDArray | ItemArray<unknown>;

export const is_numpy_array = (value: unknown): value is NumpyArray =>
  value instanceof NDArray || value instanceof ItemArray;

/** A type of elements, `<f8`, as `numpy.dtype.__reduce__` gives it. */
export interface ReducedDType {
  readonly args: readonly [code: string, align: boolean, copy: boolean];
  readonly state: Tuple;
}

/** The state of an array, as `numpy.ndarray.__reduce__` gives it. */
export interface ReducedArray {
  readonly dtype: ReducedDType;
  readonly shape: Tuple;
  readonly fortran_order: boolean;
  readonly content: Uint8Array;
}

/** The parts of an array that a pickle has. */
export function reduced_array(array: NumpyArray): ReducedArray {
  const { descr, fortran_order, content } = contents_of(array);
  const [, order = '|', code = '', count = '', unit = 'generic'] =
    /^([<>|=])(\w+)(?:\[(\d*)(\w+)\])?$/.exec(descr) ?? [];
  const state: unknown[] = [3, order, null, null, null, -1, -1, 0];
  if (code.startsWith('U')) state.splice(5, 3, array.itemsize, 4, 8);
  else if (code.startsWith('S')) state.splice(5, 3, array.itemsize, 1, 0);
  else if (/^[Mm]/.test(code)) {
    state[0] = 4;
    const described = Tuple.from<unknown>([Buffer.from(unit, 'latin1'), Number(count || 1), 1, 1]);
    state.push(Tuple.from<unknown>([null, described]));
  }
  return {
    dtype: { args: [code, false, true], state: Tuple.from(state) },
    shape: Tuple.from(array.shape),
    fortran_order,
    content,
  };
}

// ---- Reading --------------------------------------------------------------------------------------

/** A type of elements while a file is read. */
class PickledDType extends PickledObject {
  private order = '|';
  private unit = '';

  constructor(private readonly code: string) {
    super();
  }

  override set_state(state: unknown): void {
    if (!(state instanceof Tuple)) throw new Error(`the state of a numpy.dtype must be a tuple, not ${kind_of(state)}`);
    const [, order, subtype, names] = state as unknown[];
    if (typeof order !== 'string' || subtype !== null || names !== null) {
      throw new Error('structured arrays of numpy are not supported');
    }
    this.order = order;
    const described: unknown = Array.isArray(state[8]) ? (state[8] as unknown[])[1] : undefined;
    if (!Array.isArray(described)) return;
    const [name, count] = described as unknown[];
    const text = name instanceof Uint8Array ? Buffer.from(name).toString('latin1') : String(name);
    if (text !== 'generic') this.unit = `[${count === 1 ? '' : String(count)}${text}]`;
  }

  get descr(): string {
    return `${this.order}${this.code}${this.unit}`;
  }

  override made(): string {
    return this.descr;
  }
}

function new_dtype([code]: readonly unknown[]): PickledDType {
  if (typeof code !== 'string') throw new Error(`the type of a numpy.dtype must be a str, not ${kind_of(code)}`);
  check_code(code);
  return new PickledDType(code);
}

/** The elements of an array: bytes, which Python 2 wrote as text. */
function bytes_of(content: unknown, unpickler: Unpickler): Uint8Array {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
  if (!(bytes instanceof Uint8Array)) {
    throw new Error(`the elements of a numpy.ndarray must be bytes, not ${kind_of(content)}`);
  }
  unpickler.spend(Math.ceil(bytes.length / 8));
  return bytes;
}

function array_from(
  type: unknown,
  rest: Omit<Contents, 'descr'> & { shape: unknown },
  unpickler: Unpickler,
): NumpyArray {
  if (!(type instanceof PickledDType))
    throw new Error(`the type of a numpy.ndarray must be a numpy.dtype, not ${kind_of(type)}`);
  const { shape } = rest;
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && (size as number) >= 0)) {
    throw new Error('the shape of a numpy.ndarray must be a tuple of sizes');
  }
  // Texts without characters take no bytes, and memory.
  if (/[US]0$/.test(type.descr)) unpickler.spend((shape as number[]).reduce((product, size) => product * size, 1) || 0);
  return array_of({ ...rest, descr: type.descr }, shape as number[]);
}

/** An array while a file is read: its state follows. */
class PickledArray extends PickledObject {
  private array: NumpyArray | undefined;

  constructor(private readonly unpickler: Unpickler) {
    super();
  }

  override set_state(state: unknown): void {
    if (!(state instanceof Tuple) || state.length !== 5) {
      throw new Error('the state of a numpy.ndarray must be a tuple of 5');
    }
    const [, shape, type, fortran_order, content] = state as unknown[];
    const is_fortran = fortran_order === true || fortran_order === 1;
    const rest = { shape, fortran_order: is_fortran, content: bytes_of(content, this.unpickler) };
    this.array = array_from(type, rest, this.unpickler);
  }

  override made(): NumpyArray {
    if (this.array === undefined) throw new Error('a numpy.ndarray has no elements');
    return this.array;
  }
}

function scalar([type, content]: readonly unknown[], unpickler: Unpickler): unknown {
  const rest = { shape: [], fortran_order: false, content: bytes_of(content, unpickler) };
  return array_from(type, rest, unpickler).item();
}

function from_buffer([content, type, shape, order]: readonly unknown[], unpickler: Unpickler): NumpyArray {
  const rest = { shape, fortran_order: order === 'F', content: bytes_of(content, unpickler) };
  return array_from(type, rest, unpickler);
}

const functions: Readonly<Record<string, PickledFunction['call']>> = {
  'numpy.dtype': new_dtype,
  'multiarray._reconstruct': (_, unpickler) => new PickledArray(unpickler),
  'multiarray.scalar': scalar,
  'numeric._frombuffer': from_buffer,
};

/** The counterpart of a name of numpy in files; undefined for the names that arrays do not need. */
export function find_of_numpy(full: string): PickledFunction | PickledName | undefined {
  if (full === 'numpy.ndarray') return new PickledName(full);
  const call = functions[full.replace(/^numpy\._?core\./, '')];
  return call === undefined ? undefined : new PickledFunction(full, call);
}
