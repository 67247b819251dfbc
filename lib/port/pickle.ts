/** `pickle` of data: numbers, texts, bytes, lists, tuples, dicts, sets and tensors, as Python reads and writes them. */
import { dumps as to_bytes, load_first, loads as from_bytes } from '../serialization/objects.js';
import { EOFError } from './exceptions.js';
import type { Any } from './values.js';

/** What `open` gives in the modes `wb` and `rb`. */
interface BinaryFile {
  read(): Uint8Array;
  write(bytes: Uint8Array): unknown;
  tell(): number;
  seek(offset: number): number;
}

/** `pickle`. Objects of classes of the program are refused: no code of a pickle is run. */
export const pickle = {
  HIGHEST_PROTOCOL: 5,
  DEFAULT_PROTOCOL: 5,
  /** The protocol is the one of `torch.save`, whichever is asked for. */
  dumps: (value: unknown, _protocol?: unknown): Uint8Array => to_bytes(value),
  dump: (value: unknown, file: Pick<BinaryFile, 'write'>, _protocol?: unknown): void => {
    file.write(to_bytes(value));
  },
  loads: (bytes: Uint8Array): Any => from_bytes(bytes),
  load: (file: Pick<BinaryFile, 'read' | 'tell' | 'seek'>): Any => {
    const start = file.tell();
    const bytes = file.read();
    if (bytes.length === 0) throw new EOFError('Ran out of input');
    const { value, end } = load_first(bytes);
    file.seek(start + end);
    return value;
  },
};
