import { define_kind, signature, type Arguments, no_arguments } from '../../_internal/signature.js';
import { as_tensor } from '../../creation.js';
import * as dtypes from '../../types/dtype.js';
import { int64, type DType } from '../../types/dtype.js';
import type { DeviceLike } from '../../types/device.js';
import { _pack_padded_sequence, _pad_packed_sequence, arange, empty_like, sort } from '../../generated/functions.js';
import { pad_sequence as pad_all } from '../../generated/nn_functions.js';
import { is_plain_object } from '../../_internal/plain_object.js';
import { Tensor, type ToOptions } from '../../_tensor.js';
import { tensors_of } from './tensor_lists.js';

interface PackedSequenceArguments {
  /** All elements, or they and the batch sizes in one list. */
  data: Tensor | readonly [data: Tensor, batch_sizes: Tensor];
  batch_sizes?: Tensor | null;
  sorted_indices?: Tensor | null;
  unsorted_indices?: Tensor | null;
}

const PACKED_SEQUENCE = signature<PackedSequenceArguments>(
  'PackedSequence',
  'data: Tensor|Tensor[], batch_sizes?: Tensor|None, sorted_indices?: Tensor|None, ' + 'unsorted_indices?: Tensor|None',
);

/**
 * Holds sequences of different lengths, packed step by step, as the recurrent layers take them;
 * {@link pack_padded_sequence} and {@link pack_sequence} return one. It can be destructured, as Python's named tuple.
 * Mirrors `torch.nn.utils.rnn.PackedSequence`.
 *
 * Shapes: data `(sum of the lengths, *)`, of any dtype; batch_sizes, the number of sequences at each step, int64 on the
 * CPU; sorted_indices and unsorted_indices `(N)`, or null when the sequences were sorted by length.
 *
 * @param data - the elements, sorted by step and then by sequence; or a pair of them and the batch sizes
 * @param batch_sizes - number of sequences at each step; default null
 * @param sorted_indices - how the sequences were sorted by length; default null
 * @param unsorted_indices - how their order is restored; default null: the inverse of `sorted_indices`
 * @throws Error when `batch_sizes` is not on the CPU
 * @example
 * ```ts
 * const packed = nn.utils.rnn.pack_sequence([torch.tensor([1, 2, 3]), torch.tensor([4, 5])]);
 * const [data, batch_sizes] = packed;
 * print(data, batch_sizes);
 * ```
 * ```python
 * packed = nn.utils.rnn.pack_sequence([torch.tensor([1, 2, 3]), torch.tensor([4, 5])])
 * data, batch_sizes, *_ = packed
 * print(data, batch_sizes)
 * ```
 */
export class PackedSequence implements Iterable<Tensor | null> {
  /** All elements, sorted by step and then by sequence: (sum of lengths, ...). */
  readonly data: Tensor;
  /** Number of sequences at each step, int64 on the CPU. */
  readonly batch_sizes: Tensor;
  /** How the sequences were sorted by length; null when they were sorted already. */
  readonly sorted_indices: Tensor | null;
  /** How their order is restored. */
  readonly unsorted_indices: Tensor | null;

  /** @throws Error when `batch_sizes` is not on the CPU */
  constructor(
    ...args: Arguments<
      [
        data: PackedSequenceArguments['data'],
        batch_sizes?: Tensor | null,
        sorted_indices?: Tensor | null,
        unsorted_indices?: Tensor | null,
      ],
      PackedSequenceArguments,
      ['data', 'batch_sizes', 'sorted_indices', 'unsorted_indices']
    >
  ) {
    const { data, batch_sizes = null, sorted_indices = null, unsorted_indices = null } = PACKED_SEQUENCE.read(args);
    [this.data, this.batch_sizes] = parts_of(data, batch_sizes);
    this.sorted_indices = sorted_indices;
    this.unsorted_indices = unsorted_indices ?? inverted(sorted_indices);
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

  /** Returns whether the elements are in pinned memory. */
  is_pinned(...none: []): boolean {
    no_arguments('is_pinned', none);
    return this.data.is_pinned();
  }

  /**
   * Returns the sequence with its elements moved or cast, with the arguments of `Tensor.to`; the indices are moved to the
   * device as well. Returns itself when nothing changes.
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
    const [sorted, unsorted] = [this.sorted_indices, this.unsorted_indices].map((its) =>
      its === null ? null : follow(its),
    ) as [Tensor | null, Tensor | null];
    return new PackedSequence(data, this.batch_sizes, sorted, unsorted);
  }

  /** Returns a copy in pinned memory. @throws Error without an accelerator */
  pin_memory(...none: []): PackedSequence {
    no_arguments('pin_memory', none);
    const pinned = this.with_data(this.data.pin_memory(), (indices) => indices.pin_memory());
    return new PackedSequence(
      pinned.data,
      this.batch_sizes.pin_memory(),
      pinned.sorted_indices,
      pinned.unsorted_indices,
    );
  }

  /** Returns the sequence on a CUDA device; takes what {@link to} takes. */
  cuda(...args: [] | [device: DeviceLike] | [options: ToOptions]): PackedSequence {
    return this.on('cuda', args);
  }

  /** Returns the sequence on the CPU; takes what {@link to} takes. */
  cpu(...args: [] | [options: ToOptions]): PackedSequence {
    return this.on('cpu', args);
  }

  private on(type: string, args: readonly unknown[]): PackedSequence {
    const last = args[args.length - 1];
    const options = is_plain_object(last) ? last : {};
    const positional = is_plain_object(last) ? args.slice(0, -1) : args;
    const to = this.to as (...args: unknown[]) => PackedSequence;
    if (positional.length > 0 || options['device'] !== undefined) return to.apply(this, [...args]);
    return to.call(this, { ...options, device: type });
  }

  double(...none: []): PackedSequence {
    no_arguments('double', none);
    return this.to(dtypes.float64);
  }
  float(...none: []): PackedSequence {
    no_arguments('float', none);
    return this.to(dtypes.float32);
  }
  half(...none: []): PackedSequence {
    no_arguments('half', none);
    return this.to(dtypes.float16);
  }
  long(...none: []): PackedSequence {
    no_arguments('long', none);
    return this.to(dtypes.int64);
  }
  int(...none: []): PackedSequence {
    no_arguments('int', none);
    return this.to(dtypes.int32);
  }
  short(...none: []): PackedSequence {
    no_arguments('short', none);
    return this.to(dtypes.int16);
  }
  char(...none: []): PackedSequence {
    no_arguments('char', none);
    return this.to(dtypes.int8);
  }
  byte(...none: []): PackedSequence {
    no_arguments('byte', none);
    return this.to(dtypes.uint8);
  }

  /** As Python prints it. */
  toString(): string {
    const text = (tensor: Tensor | null): string => (tensor === null ? 'None' : tensor.toString());
    return (
      `PackedSequence(data=${text(this.data)}, batch_sizes=${text(this.batch_sizes)}, ` +
      `sorted_indices=${text(this.sorted_indices)}, unsorted_indices=${text(this.unsorted_indices)})`
    );
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

define_kind('PackedSequence', 'PackedSequence', (value) => value instanceof PackedSequence);

function parts_of(data: PackedSequenceArguments['data'], batch_sizes: Tensor | null): readonly [Tensor, Tensor] {
  if (batch_sizes === null) {
    if (data instanceof Tensor || data.length !== 2) throw new Error('Expected data to be a list or tuple of length 2');
    return data;
  }
  if (batch_sizes.device.type !== 'cpu') {
    throw new Error(
      'batch_sizes should always be on CPU. Instances of PackedSequence should never be created ' +
        'manually. They should be instantiated by functions like pack_sequence and pack_padded_sequences in ' +
        'nn.utils.rnn.',
    );
  }
  if (data instanceof Tensor) return [data, batch_sizes];
  throw new TypeError("PackedSequence(): argument 'data' must be Tensor, not Array");
}

interface PermutationArguments<P> {
  permutation: P;
}

const INVERT_PERMUTATION = signature<PermutationArguments<Tensor | null>>(
  'invert_permutation',
  'permutation: Tensor|None',
);

/**
 * Returns the inverse of a permutation: `y[x[i]] = i`; null for null. Mirrors `torch.nn.utils.rnn.invert_permutation`.
 *
 * @param permutation - the permutation, an integer tensor `(N)`, or null
 * @example
 * ```ts
 * print(nn.utils.rnn.invert_permutation(torch.tensor([2, 0, 1])));
 * ```
 * ```python
 * print(nn.utils.rnn.invert_permutation(torch.tensor([2, 0, 1])))
 * ```
 */
export function invert_permutation<P extends Tensor | null>(permutation: P): P extends null ? null : Tensor;
export function invert_permutation<P extends Tensor | null>(
  ...args: Arguments<[permutation: P], PermutationArguments<P>, ['permutation']>
): P extends null ? null : Tensor;
export function invert_permutation<P extends Tensor | null>(...args: unknown[]): P extends null ? null : Tensor {
  return INVERT_PERMUTATION.call(args, ({ permutation }) => inverted(permutation)) as P extends null ? null : Tensor;
}

function inverted(permutation: Tensor | null): Tensor | null {
  if (permutation === null) return null;
  const places = arange(0, permutation.numel(), { device: permutation.device });
  return empty_like(permutation).scatter_(0, permutation, places);
}

type Lengths = Tensor | readonly number[];

/** Keyword arguments of {@link pack_padded_sequence}. */
export interface PackOptions {
  /** The input is `(N, L, *)` instead of `(L, N, *)`. Default false. */
  batch_first?: boolean;
  /** The sequences are sorted from longest to shortest; when false they are sorted here. Default true. */
  enforce_sorted?: boolean;
}

interface PackArguments extends PackOptions {
  /** The padded sequences `(L, N, *)`, or `(N, L, *)` with `batch_first`. */
  input: Tensor;
  /** Length of each sequence: numbers, or an integer tensor on the CPU. */
  lengths: Lengths;
}

const PACK_PADDED_SEQUENCE = signature<PackArguments>(
  'pack_padded_sequence',
  'input: Tensor, lengths: Tensor|int[], batch_first?: bool, enforce_sorted?: bool',
);

/**
 * Packs a batch of padded sequences of different lengths, so that recurrent layers skip the padding. Mirrors
 * `torch.nn.utils.rnn.pack_padded_sequence`.
 *
 * @param input - the padded sequences `(L, N, *)`, or `(N, L, *)` with `batch_first`
 * @param lengths - length of each sequence: numbers, or an integer tensor on the CPU
 * @param batch_first - the input is `(N, L, *)`; default false
 * @param enforce_sorted - the sequences are sorted from longest to shortest; when false they are sorted here; default
 *   true
 * @throws Error when a length is not positive, or when the sequences are not sorted and `enforce_sorted` is true
 * @example
 * ```ts
 * const padded = torch.tensor([[1, 2, 0], [4, 5, 6]]);
 * const packed = nn.utils.rnn.pack_padded_sequence(padded, [2, 3], { batch_first: true, enforce_sorted: false });
 * print(packed.data, packed.batch_sizes, packed.sorted_indices);
 * ```
 * ```python
 * padded = torch.tensor([[1, 2, 0], [4, 5, 6]])
 * packed = nn.utils.rnn.pack_padded_sequence(padded, [2, 3], batch_first=True, enforce_sorted=False)
 * print(packed.data, packed.batch_sizes, packed.sorted_indices)
 * ```
 */
export function pack_padded_sequence(
  input: Tensor,
  lengths: Lengths,
  batch_first?: boolean,
  enforce_sorted?: boolean,
): PackedSequence;
export function pack_padded_sequence(
  ...args: Arguments<
    [input: Tensor, lengths: Lengths, batch_first?: boolean, enforce_sorted?: boolean],
    PackArguments,
    ['input', 'lengths', 'batch_first', 'enforce_sorted']
  >
): PackedSequence;
export function pack_padded_sequence(...args: unknown[]): PackedSequence {
  return PACK_PADDED_SEQUENCE.call(args, packed);
}

function packed({ input, lengths, batch_first = false, enforce_sorted = true }: PackArguments): PackedSequence {
  const given =
    lengths instanceof Tensor ? lengths.to(int64) : as_tensor([...lengths], { dtype: int64, device: 'cpu' });
  if (enforce_sorted) return new PackedSequence(..._pack_padded_sequence(input, given, batch_first));
  const [sorted_lengths, order] = sort(given, { descending: true });
  const sorted_indices = order!.to(input.device);
  const sorted = input.index_select(batch_first ? 0 : 1, sorted_indices);
  const [data, batch_sizes] = _pack_padded_sequence(sorted, sorted_lengths!, batch_first);
  return new PackedSequence(data, batch_sizes, sorted_indices);
}

/** Keyword arguments of {@link pad_packed_sequence}. */
export interface UnpackOptions {
  /** The output is `(N, L, *)` instead of `(L, N, *)`. Default false. */
  batch_first?: boolean;
  /** Value of the padding. Default 0. */
  padding_value?: number;
  /** Length to pad to. Default null: the length of the longest sequence. */
  total_length?: number | null;
}

interface UnpackArguments extends UnpackOptions {
  sequence: PackedSequence;
}

const PAD_PACKED_SEQUENCE = signature<UnpackArguments>(
  'pad_packed_sequence',
  'sequence: PackedSequence, batch_first?: bool, padding_value?: float, total_length?: int|None',
);

/**
 * Pads a packed batch of sequences: the inverse of {@link pack_padded_sequence}. Mirrors
 * `torch.nn.utils.rnn.pad_packed_sequence`.
 *
 * @param sequence - the packed sequences
 * @param batch_first - the output is `(N, L, *)` instead of `(L, N, *)`; default false
 * @param padding_value - value of the padding; default 0
 * @param total_length - length to pad to; default null: the length of the longest sequence
 * @returns the padded sequences in their original order, and their lengths, int64 on the CPU
 * @throws Error when `total_length` is less than the length of the longest sequence
 * @example
 * ```ts
 * const packed = nn.utils.rnn.pack_sequence([torch.tensor([1, 2, 3]), torch.tensor([4, 5])]);
 * const [padded, lengths] = nn.utils.rnn.pad_packed_sequence(packed, { batch_first: true, padding_value: -1 });
 * print(padded, lengths);
 * ```
 * ```python
 * packed = nn.utils.rnn.pack_sequence([torch.tensor([1, 2, 3]), torch.tensor([4, 5])])
 * padded, lengths = nn.utils.rnn.pad_packed_sequence(packed, batch_first=True, padding_value=-1)
 * print(padded, lengths)
 * ```
 */
export function pad_packed_sequence(
  sequence: PackedSequence,
  batch_first?: boolean,
  padding_value?: number,
  total_length?: number | null,
): [padded: Tensor, lengths: Tensor];
export function pad_packed_sequence(
  ...args: Arguments<
    [sequence: PackedSequence, batch_first?: boolean, padding_value?: number, total_length?: number | null],
    UnpackArguments,
    ['sequence', 'batch_first', 'padding_value', 'total_length']
  >
): [padded: Tensor, lengths: Tensor];
export function pad_packed_sequence(...args: unknown[]): [padded: Tensor, lengths: Tensor] {
  return PAD_PACKED_SEQUENCE.call(args, unpacked);
}

function unpacked({
  sequence,
  batch_first = false,
  padding_value = 0,
  total_length = null,
}: UnpackArguments): [padded: Tensor, lengths: Tensor] {
  const longest = sequence.batch_sizes.size(0);
  if (total_length !== null && total_length < longest) {
    throw new Error(
      'Expected total_length to be at least the length of the longest sequence in input, but got ' +
        `total_length=${total_length} and max sequence length being ${longest}`,
    );
  }
  const [padded, lengths] = _pad_packed_sequence(
    sequence.data,
    sequence.batch_sizes,
    batch_first,
    padding_value,
    total_length ?? longest,
  );
  const { unsorted_indices } = sequence;
  if (unsorted_indices === null) return [padded, lengths];
  return [padded.index_select(batch_first ? 0 : 1, unsorted_indices), lengths.index_select(0, unsorted_indices.cpu())];
}

/** Keyword arguments of {@link pad_sequence}. */
export interface PadSequenceOptions {
  /** The output is `(N, L, *)` instead of `(L, N, *)`. Default false. */
  batch_first?: boolean;
  /** Value of the padding. Default 0. */
  padding_value?: number;
  /** Side of the padding: `'right'` or `'left'`. Default `'right'`. */
  padding_side?: 'left' | 'right';
}

interface PadSequenceArguments extends PadSequenceOptions {
  sequences: Iterable<Tensor>;
}

const PAD_SEQUENCE = signature<PadSequenceArguments>(
  'pad_sequence',
  'sequences: Iterable, batch_first?: bool, padding_value?: float, padding_side?: str',
);

/**
 * Pads sequences of different lengths and stacks them to a batch. Mirrors `torch.nn.utils.rnn.pad_sequence`.
 *
 * @param sequences - tensors `(L_i, *)` with equal trailing dimensions
 * @param batch_first - the output is `(N, L, *)` instead of `(L, N, *)`; default false
 * @param padding_value - value of the padding; default 0
 * @param padding_side - `'right'` or `'left'`; default `'right'`
 * @example
 * ```ts
 * const sequences = [torch.tensor([1, 2, 3]), torch.tensor([4])];
 * print(nn.utils.rnn.pad_sequence(sequences, { batch_first: true, padding_side: 'left' }));
 * ```
 * ```python
 * sequences = [torch.tensor([1, 2, 3]), torch.tensor([4])]
 * print(nn.utils.rnn.pad_sequence(sequences, batch_first=True, padding_side='left'))
 * ```
 */
export function pad_sequence(
  sequences: Iterable<Tensor>,
  batch_first?: boolean,
  padding_value?: number,
  padding_side?: 'left' | 'right',
): Tensor;
export function pad_sequence(
  ...args: Arguments<
    [sequences: Iterable<Tensor>, batch_first?: boolean, padding_value?: number, padding_side?: 'left' | 'right'],
    PadSequenceArguments,
    ['sequences', 'batch_first', 'padding_value', 'padding_side']
  >
): Tensor;
export function pad_sequence(...args: unknown[]): Tensor {
  const { sequences, batch_first = false, padding_value = 0, padding_side = 'right' } = PAD_SEQUENCE.read(args);
  return pad_all(tensors_of('pad_sequence', 'sequences', [...sequences]), batch_first, padding_value, padding_side);
}

interface UnpadArguments {
  padded_sequences: Tensor;
  lengths: Lengths;
  /** The input is `(N, L, *)` instead of `(L, N, *)`. Default false. */
  batch_first?: boolean;
}

const UNPAD_SEQUENCE = signature<UnpadArguments>(
  'unpad_sequence',
  'padded_sequences: Tensor, lengths: Tensor|int[], batch_first?: bool',
);

/**
 * Removes the padding of a batch of sequences: the inverse of {@link pad_sequence}. The results are copies. Mirrors
 * `torch.nn.utils.rnn.unpad_sequence`.
 *
 * @param padded_sequences - the padded sequences `(L, N, *)`, or `(N, L, *)` with `batch_first`
 * @param lengths - length of each sequence
 * @param batch_first - the input is `(N, L, *)`; default false
 * @returns the sequences
 * @example
 * ```ts
 * const padded = torch.tensor([[1, 2, 3], [4, 0, 0]]);
 * print(nn.utils.rnn.unpad_sequence(padded, torch.tensor([3, 1]), { batch_first: true }));
 * ```
 * ```python
 * padded = torch.tensor([[1, 2, 3], [4, 0, 0]])
 * print(nn.utils.rnn.unpad_sequence(padded, torch.tensor([3, 1]), batch_first=True))
 * ```
 */
export function unpad_sequence(padded_sequences: Tensor, lengths: Lengths, batch_first?: boolean): Tensor[];
export function unpad_sequence(
  ...args: Arguments<
    [padded_sequences: Tensor, lengths: Lengths, batch_first?: boolean],
    UnpadArguments,
    ['padded_sequences', 'lengths', 'batch_first']
  >
): Tensor[];
export function unpad_sequence(...args: unknown[]): Tensor[] {
  return UNPAD_SEQUENCE.call(args, unpadded);
}

function unpadded({ padded_sequences, lengths, batch_first = false }: UnpadArguments): Tensor[] {
  const batch = batch_first ? padded_sequences : padded_sequences.transpose(0, 1);
  const counts = lengths instanceof Tensor ? (lengths.tolist() as number[]) : [...lengths];
  return [...batch].map((sequence, i) => sequence.narrow(0, 0, counts[i]!).clone());
}

interface PackSequenceArguments {
  sequences: Iterable<Tensor>;
  /** The sequences are sorted from longest to shortest; when false they are sorted here. Default true. */
  enforce_sorted?: boolean;
}

const PACK_SEQUENCE = signature<PackSequenceArguments>('pack_sequence', 'sequences: Iterable, enforce_sorted?: bool');

/**
 * Packs sequences of different lengths, as {@link pack_padded_sequence} does with padded ones. Mirrors
 * `torch.nn.utils.rnn.pack_sequence`.
 *
 * @param sequences - tensors `(L_i, *)` with equal trailing dimensions
 * @param enforce_sorted - the sequences are sorted from longest to shortest; when false they are sorted here; default
 *   true
 * @throws Error when the sequences are not sorted and `enforce_sorted` is true
 * @example
 * ```ts
 * const packed = nn.utils.rnn.pack_sequence([torch.tensor([4, 5]), torch.tensor([1, 2, 3])], { enforce_sorted: false });
 * const rnn = new nn.RNN(1, 1);
 * print(packed.data);
 * ```
 * ```python
 * packed = nn.utils.rnn.pack_sequence([torch.tensor([4, 5]), torch.tensor([1, 2, 3])], enforce_sorted=False)
 * rnn = nn.RNN(1, 1)
 * print(packed.data)
 * ```
 */
export function pack_sequence(sequences: Iterable<Tensor>, enforce_sorted?: boolean): PackedSequence;
export function pack_sequence(
  ...args: Arguments<
    [sequences: Iterable<Tensor>, enforce_sorted?: boolean],
    PackSequenceArguments,
    ['sequences', 'enforce_sorted']
  >
): PackedSequence;
export function pack_sequence(...args: unknown[]): PackedSequence {
  return PACK_SEQUENCE.call(args, ({ sequences, enforce_sorted = true }) => {
    const list = tensors_of('pack_sequence', 'sequences', [...sequences]);
    return packed({ input: pad_all(list), lengths: list.map((sequence) => sequence.size(0)), enforce_sorted });
  });
}

interface UnpackSequenceArguments {
  packed_sequences: PackedSequence;
}

const UNPACK_SEQUENCE = signature<UnpackSequenceArguments>('unpack_sequence', 'packed_sequences: PackedSequence');

/**
 * Unpacks packed sequences: the inverse of {@link pack_sequence}. Mirrors `torch.nn.utils.rnn.unpack_sequence`.
 *
 * @param packed_sequences - the packed sequences
 * @returns the sequences, in their original order
 * @example
 * ```ts
 * const packed = nn.utils.rnn.pack_sequence([torch.tensor([1, 2, 3]), torch.tensor([4, 5])]);
 * print(nn.utils.rnn.unpack_sequence(packed));
 * ```
 * ```python
 * packed = nn.utils.rnn.pack_sequence([torch.tensor([1, 2, 3]), torch.tensor([4, 5])])
 * print(nn.utils.rnn.unpack_sequence(packed))
 * ```
 */
export function unpack_sequence(packed_sequences: PackedSequence): Tensor[];
export function unpack_sequence(
  ...args: Arguments<[packed_sequences: PackedSequence], UnpackSequenceArguments, ['packed_sequences']>
): Tensor[];
export function unpack_sequence(...args: unknown[]): Tensor[] {
  return UNPACK_SEQUENCE.call(args, ({ packed_sequences }) => {
    const [padded_sequences, lengths] = unpacked({ sequence: packed_sequences, batch_first: true });
    return unpadded({ padded_sequences, lengths, batch_first: true });
  });
}
