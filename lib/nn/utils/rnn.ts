import { as_tensor } from '../../creation.js';
import * as dtypes from '../../dtype.js';
import { int64, type DType } from '../../dtype.js';
import type { DeviceLike } from '../../device.js';
import { _pack_padded_sequence, _pad_packed_sequence, arange, empty_like, sort } from '../../generated/functions.js';
import { pad_sequence as pad_all } from '../../generated/nn_functions.js';
import { Tensor, type ToOptions } from '../../tensor.js';
import { bind, iterable_argument, tensor_arguments, tensor_list, type Tail } from '../arguments.js';
import { kind_of } from '../representation.js';

/**
 * Sequences of different lengths, packed step by step for the recurrent layers. Made by {@link
 * pack_padded_sequence} and {@link pack_sequence}, not by hand. Mirrors `torch.nn.utils.rnn.PackedSequence`,
 * a named tuple: it can be destructured.
 */
export class PackedSequence implements Iterable<Tensor | null> {
  /** All elements, sorted by step and then by sequence: (sum of lengths, ...). */
  readonly data: Tensor;
  /** How many sequences still go on at each step (int64, on the CPU). */
  readonly batch_sizes: Tensor;
  /** How the sequences were sorted by length, or null when they were sorted already. */
  readonly sorted_indices: Tensor | null;
  /** How to restore their order. */
  readonly unsorted_indices: Tensor | null;

  /** @throws Error when `batch_sizes` is not on the CPU */
  constructor(
    data: Tensor, batch_sizes: Tensor, sorted_indices: Tensor | null = null, unsorted_indices: Tensor | null = null,
  ) {
    if (batch_sizes.device.type !== 'cpu') {
      throw new Error('batch_sizes should always be on CPU. Instances of PackedSequence should never be created '
        + 'manually. They should be instantiated by functions like pack_sequence and pack_padded_sequences in '
        + 'nn.utils.rnn.');
    }
    this.data = data;
    this.batch_sizes = batch_sizes;
    this.sorted_indices = sorted_indices;
    this.unsorted_indices = unsorted_indices ?? invert_permutation(sorted_indices);
  }

  *[Symbol.iterator](): Iterator<Tensor | null> {
    yield this.data;
    yield this.batch_sizes;
    yield this.sorted_indices;
    yield this.unsorted_indices;
  }

  /** Whether the elements are on a CUDA device. */
  get is_cuda(): boolean {
    return this.data.is_cuda;
  }

  /** Whether the elements are in pinned memory. */
  is_pinned(): boolean {
    return this.data.is_pinned();
  }

  /**
   * The elements on another device or with another dtype, as `Tensor.to` takes them; the indices follow to the device.
   * Itself when nothing changes.
   */
  to(dtype: DType, non_blocking?: boolean, copy?: boolean): PackedSequence;
  to(device: DeviceLike, dtype?: DType | null, non_blocking?: boolean, copy?: boolean): PackedSequence;
  to(other: Tensor, non_blocking?: boolean, copy?: boolean): PackedSequence;
  to(options: ToOptions): PackedSequence;
  to(...args: unknown[]): PackedSequence {
    const data = (this.data.to as (...args: unknown[]) => Tensor).apply(this.data, args);
    if (data === this.data) return this;
    return this.with_data(data, (indices) => indices.to(data.device));
  }

  private with_data(data: Tensor, follow: (indices: Tensor) => Tensor): PackedSequence {
    const [sorted, unsorted] = [this.sorted_indices, this.unsorted_indices].map((its) => (its === null ? null : follow(its)));
    return new PackedSequence(data, this.batch_sizes, sorted, unsorted);
  }

  /** All of it in pinned memory. @throws Error where there is none to pin for */
  pin_memory(): PackedSequence {
    const pinned = this.with_data(this.data.pin_memory(), (indices) => indices.pin_memory());
    return new PackedSequence(
      pinned.data, this.batch_sizes.pin_memory(), pinned.sorted_indices, pinned.unsorted_indices);
  }

  /** The elements in CUDA memory. */
  cuda(device: DeviceLike = 'cuda'): PackedSequence {
    return this.to(device);
  }

  /** The elements in the memory of the CPU. */
  cpu(): PackedSequence {
    return this.to('cpu');
  }

  double(): PackedSequence { return this.to(dtypes.float64); }
  float(): PackedSequence { return this.to(dtypes.float32); }
  half(): PackedSequence { return this.to(dtypes.float16); }
  long(): PackedSequence { return this.to(dtypes.int64); }
  int(): PackedSequence { return this.to(dtypes.int32); }
  short(): PackedSequence { return this.to(dtypes.int16); }
  char(): PackedSequence { return this.to(dtypes.int8); }
  byte(): PackedSequence { return this.to(dtypes.uint8); }

  /** As Python prints it. */
  toString(): string {
    const text = (tensor: Tensor | null): string => (tensor === null ? 'None' : tensor.toString());
    return `PackedSequence(data=${text(this.data)}, batch_sizes=${text(this.batch_sizes)}, `
      + `sorted_indices=${text(this.sorted_indices)}, unsorted_indices=${text(this.unsorted_indices)})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** The permutation that undoes another; null for null. */
export function invert_permutation(permutation: Tensor): Tensor;
export function invert_permutation(permutation: Tensor | null): Tensor | null;
export function invert_permutation(permutation: Tensor | null): Tensor | null {
  if (permutation === null) return null;
  tensor_arguments('invert_permutation', { permutation });
  const places = arange(0, permutation.numel(), { device: permutation.device });
  return empty_like(permutation).scatter_(0, permutation, places);
}

/** What {@link pack_padded_sequence} takes by name. */
export interface PackOptions {
  /** The input is (batch, step, ...) instead of (step, batch, ...). */
  batch_first?: boolean;
  /** Insist that the sequences come longest first; when false they are sorted. Default true. */
  enforce_sorted?: boolean;
}

/**
 * Packs a batch of padded sequences. Mirrors `torch.nn.utils.rnn.pack_padded_sequence`.
 *
 * @param input - (step, batch, ...), or (batch, step, ...) with `batch_first`
 * @param lengths - the length of each sequence: numbers, or an integer tensor on the CPU
 * @throws Error when a length is not positive, or the sequences are not sorted and `enforce_sorted` holds
 */
export function pack_padded_sequence(
  input: Tensor, lengths: Tensor | readonly number[],
  ...args: Tail<[batch_first: boolean, enforce_sorted: boolean], PackOptions>
): PackedSequence {
  const { batch_first = false, enforce_sorted = true } =
    bind<PackOptions>('pack_padded_sequence', ['batch_first', 'enforce_sorted'], args);
  tensor_arguments('pack_padded_sequence', { input });
  if (!(lengths instanceof Tensor)) iterable_argument('pack_padded_sequence', 'lengths', lengths, 'Tensor or list of ints');
  const given = lengths instanceof Tensor
    ? lengths.to(int64)
    : as_tensor([...lengths], { dtype: int64, device: 'cpu' });
  if (enforce_sorted) return new PackedSequence(..._pack_padded_sequence(input, given, batch_first));
  const [sorted_lengths, order] = sort(given, { descending: true });
  const sorted_indices = order!.to(input.device);
  const sorted = input.index_select(batch_first ? 0 : 1, sorted_indices);
  const [data, batch_sizes] = _pack_padded_sequence(sorted, sorted_lengths!, batch_first);
  return new PackedSequence(data, batch_sizes, sorted_indices);
}

/** What {@link pad_packed_sequence} takes by name. */
export interface UnpackOptions {
  /** Give (batch, step, ...) instead of (step, batch, ...). */
  batch_first?: boolean;
  /** What stands after the end of a sequence. Default 0. */
  padding_value?: number;
  /** Pad to this many steps. */
  total_length?: number | null;
}

/**
 * Undoes {@link pack_padded_sequence}. Mirrors `torch.nn.utils.rnn.pad_packed_sequence`.
 *
 * @returns the padded sequences in their first order, and their lengths
 * @throws Error when `total_length` is less than the longest sequence
 */
export function pad_packed_sequence(
  sequence: PackedSequence,
  ...args: Tail<[batch_first: boolean, padding_value: number, total_length: number | null], UnpackOptions>
): [padded: Tensor, lengths: Tensor] {
  const { batch_first = false, padding_value = 0, total_length = null } =
    bind<UnpackOptions>('pad_packed_sequence', ['batch_first', 'padding_value', 'total_length'], args);
  if (!(sequence instanceof PackedSequence)) {
    throw new TypeError(
      `pad_packed_sequence(): argument 'sequence' must be PackedSequence, not ${kind_of(sequence)}`);
  }
  const longest = sequence.batch_sizes.size(0);
  if (total_length !== null && total_length < longest) {
    throw new Error('Expected total_length to be at least the length of the longest sequence in input, but got '
      + `total_length=${total_length} and max sequence length being ${longest}`);
  }
  const [padded, lengths] = _pad_packed_sequence(
    sequence.data, sequence.batch_sizes, batch_first, padding_value, total_length ?? longest);
  const { unsorted_indices } = sequence;
  if (unsorted_indices === null) return [padded, lengths];
  return [
    padded.index_select(batch_first ? 0 : 1, unsorted_indices),
    lengths.index_select(0, unsorted_indices.cpu()),
  ];
}

/** What {@link pad_sequence} takes by name. */
export interface PadSequenceOptions {
  /** Give (batch, step, ...) instead of (step, batch, ...). */
  batch_first?: boolean;
  padding_value?: number;
  /** On which side of short sequences to pad. Default `'right'`. */
  padding_side?: 'left' | 'right';
}

/** Stacks sequences (length, ...) of different lengths, padded. Mirrors `torch.nn.utils.rnn.pad_sequence`. */
export function pad_sequence(
  sequences: Iterable<Tensor>,
  ...args: Tail<[batch_first: boolean, padding_value: number, padding_side: 'left' | 'right'], PadSequenceOptions>
): Tensor {
  const { batch_first = false, padding_value = 0, padding_side = 'right' } =
    bind<PadSequenceOptions>('pad_sequence', ['batch_first', 'padding_value', 'padding_side'], args);
  if (typeof (sequences as { [Symbol.iterator]?: unknown } | null)?.[Symbol.iterator] !== 'function') {
    throw new TypeError(
      `pad_sequence: Expected iterable for input sequences, but got arg of type: ${kind_of(sequences)}`);
  }
  return pad_all(tensor_list('pad_sequence', 'sequences', sequences), batch_first, padding_value, padding_side);
}

/**
 * Cuts padded sequences to their lengths. Mirrors `torch.nn.utils.rnn.unpad_sequence`, but leaves its input
 * as it is.
 */
export function unpad_sequence(
  padded_sequences: Tensor, lengths: Tensor | readonly number[],
  ...args: Tail<[batch_first: boolean], { batch_first?: boolean }>
): Tensor[] {
  const { batch_first = false } = bind<{ batch_first?: boolean }>('unpad_sequence', ['batch_first'], args);
  tensor_arguments('unpad_sequence', { padded_sequences });
  if (!(lengths instanceof Tensor)) iterable_argument('unpad_sequence', 'lengths', lengths, 'Tensor or list of ints');
  const batch = batch_first ? padded_sequences : padded_sequences.transpose(0, 1);
  const counts = lengths instanceof Tensor ? lengths.tolist() as number[] : [...lengths];
  return [...batch].map((sequence, i) => sequence.narrow(0, 0, counts[i]!).clone());
}

/** Packs sequences (length, ...) of different lengths. Mirrors `torch.nn.utils.rnn.pack_sequence`. */
export function pack_sequence(
  sequences: Iterable<Tensor>, ...args: Tail<[enforce_sorted: boolean], { enforce_sorted?: boolean }>
): PackedSequence {
  const { enforce_sorted = true } = bind<{ enforce_sorted?: boolean }>('pack_sequence', ['enforce_sorted'], args);
  const list = tensor_list('pack_sequence', 'sequences', sequences);
  return pack_padded_sequence(pad_sequence(list), list.map((sequence) => sequence.size(0)), { enforce_sorted });
}

/** Undoes {@link pack_sequence}. Mirrors `torch.nn.utils.rnn.unpack_sequence`. */
export function unpack_sequence(packed_sequences: PackedSequence): Tensor[] {
  const [padded, lengths] = pad_packed_sequence(packed_sequences, true);
  return unpad_sequence(padded, lengths, true);
}
