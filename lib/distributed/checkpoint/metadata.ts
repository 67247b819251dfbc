/** What a checkpoint of several processes holds, as its file `.metadata` says it in a pickle of Python's classes. */

import { define_kind, signature, type Arguments } from '../../_internal/signature.js';
import { Tuple } from '../../python/values.js';
import { PythonCall, PythonObject } from '../../serialization/python_objects.js';
import { dumps, loads } from '../../serialization/objects.js';
import { Size } from '../../_tensor.js';
import { DType, strided, type Layout } from '../../types/dtype.js';

/** A path within nested dictionaries and lists. */
export type ObjectPath = readonly (string | number)[];

/** The arguments of {@link MetadataIndex}. */
export interface MetadataIndexOptions {
  /** Where the piece begins in the whole. Default null, for what is no tensor. */
  offset?: readonly number[] | null;
  /** The place in the list of pieces. Default null. */
  index?: number | null;
}

const INDEX = signature<MetadataIndexOptions & { fqn: string }>(
  'MetadataIndex',
  'fqn: str, offset?: int[]|None, index?: int|None',
);

const module_name = 'torch.distributed.checkpoint.metadata';
const files_module = 'torch.distributed.checkpoint.filesystem';

/**
 * Which piece of a checkpoint is meant. Mirrors `torch.distributed.checkpoint.metadata.MetadataIndex`.
 *
 * @param fqn - the name within the checkpoint, with dots
 * @param offset - where the piece begins in the whole; default null, for what is no tensor
 * @param index - the place in the list of pieces; default null
 * @example
 * ```ts
 * const { MetadataIndex } = torch.distributed.checkpoint.metadata;
 * const index = new MetadataIndex('model.weight', [2, 0]);
 * print(index.fqn, index.offset, index.index);
 * ```
 * ```python
 * from torch.distributed.checkpoint.metadata import MetadataIndex
 * index = MetadataIndex('model.weight', [2, 0])
 * print(index.fqn, index.offset, index.index)
 * ```
 */
export class MetadataIndex {
  /** The name within the checkpoint. */
  readonly fqn: string;
  /** Where the piece begins in the whole. */
  readonly offset: Size | null;
  /** The place in the list of pieces. */
  readonly index: number | null;

  constructor(
    ...args: Arguments<
      [fqn: string, offset?: readonly number[] | null, index?: number | null],
      MetadataIndexOptions & { fqn: string },
      ['fqn', 'offset', 'index']
    >
  );
  constructor(...args: unknown[]) {
    const { fqn, offset = null, index = null } = INDEX.read(args);
    this.fqn = fqn;
    this.offset = offset === null ? null : new Size([...offset]);
    this.index = index;
  }
}
define_kind('MetadataIndex', 'MetadataIndex', (value) => value instanceof MetadataIndex);

/** A piece of a tensor. Mirrors `torch.distributed.checkpoint.metadata.ChunkStorageMetadata`. */
export interface ChunkStorageMetadata {
  /** Where it begins in the whole. */
  readonly offsets: readonly number[];
  /** Its shape. */
  readonly sizes: readonly number[];
}

/** What a tensor is, without its numbers. Mirrors `torch.distributed.checkpoint.metadata.TensorProperties`. */
export interface TensorProperties {
  readonly dtype: DType;
  readonly layout: Layout;
  readonly requires_grad: boolean;
  readonly pin_memory: boolean;
}

/** A tensor of a checkpoint, and its pieces. Mirrors `torch.distributed.checkpoint.metadata.TensorStorageMetadata`. */
export interface TensorStorageMetadata {
  readonly properties: TensorProperties;
  readonly size: readonly number[];
  readonly chunks: ChunkStorageMetadata[];
}

/** Anything else of a checkpoint. Mirrors `torch.distributed.checkpoint.metadata.BytesStorageMetadata`. */
export type BytesStorageMetadata = Readonly<Record<string, never>>;

/** Where a piece lies: bytes of a file of the folder. */
export interface StorageInfo {
  readonly relative_path: string;
  readonly offset: number;
  readonly length: number;
}

/** What a checkpoint holds. Mirrors `torch.distributed.checkpoint.metadata.Metadata`. */
export interface Metadata {
  /** Tensors and other values by their names. */
  readonly state_dict_metadata: ReadonlyMap<string, TensorStorageMetadata | BytesStorageMetadata>;
  /** Where names lie within nested dictionaries and lists. */
  readonly planner_data: ReadonlyMap<string, ObjectPath> | null;
  /** Where pieces lie. */
  readonly storage_data: readonly (readonly [MetadataIndex, StorageInfo])[];
  /** The version of the layout of files, `'1.0.0'`; null in old checkpoints. */
  readonly version: string | null;
}

/** Whether a value of a checkpoint is a tensor. */
export function is_tensor_metadata(
  value: TensorStorageMetadata | BytesStorageMetadata,
): value is TensorStorageMetadata {
  return 'chunks' in value;
}

// ---- Writing ------------------------------------------------------------------------------------

const object = (name: string, fields: readonly (readonly [string, unknown])[], module = module_name): PythonObject =>
  new PythonObject(module, name, new Map(fields));

function pickled_entry(value: TensorStorageMetadata | BytesStorageMetadata): PythonObject {
  if (!is_tensor_metadata(value)) return object('BytesStorageMetadata', []);
  const { dtype, layout, requires_grad, pin_memory } = value.properties;
  // Zero is the contiguous format, as memory formats have no pickle.
  const format = new PythonCall(module_name, '_MEM_FORMAT_ENCODING', [0]);
  const properties = Tuple.of<unknown>(dtype, layout, requires_grad, format, pin_memory);
  return object('TensorStorageMetadata', [
    ['properties', new PythonObject(module_name, 'TensorProperties', properties)],
    ['size', new Size([...value.size])],
    [
      'chunks',
      value.chunks.map(({ offsets, sizes }) =>
        object('ChunkStorageMetadata', [
          ['offsets', new Size([...offsets])],
          ['sizes', new Size([...sizes])],
        ]),
      ),
    ],
  ]);
}

/** The pickle of {@link Metadata}. */
export function metadata_to_bytes(metadata: Metadata, checkpoint_id: string, save_id: string): Uint8Array {
  const { state_dict_metadata, planner_data, storage_data, version } = metadata;
  const storages = storage_data.map(([{ fqn, offset, index }, { relative_path, ...place }]) => [
    object('MetadataIndex', [
      ['fqn', fqn],
      ['offset', offset],
      ['index', index],
    ]),
    object(
      '_StorageInfo',
      [
        ['relative_path', relative_path],
        ['offset', place.offset],
        ['length', place.length],
      ],
      files_module,
    ),
  ]);
  return dumps(
    object('Metadata', [
      ['state_dict_metadata', new Map([...state_dict_metadata].map(([name, value]) => [name, pickled_entry(value)]))],
      ['planner_data', planner_data && new Map([...planner_data].map(([name, path]) => [name, Tuple.from(path)]))],
      ['storage_data', new Map(storages as [PythonObject, PythonObject][])],
      [
        'storage_meta',
        object('StorageMeta', [
          ['checkpoint_id', checkpoint_id],
          ['save_id', save_id],
          ['load_id', null],
          ['modules', []],
        ]),
      ],
      ['version', version],
    ]),
  );
}

// ---- Reading ------------------------------------------------------------------------------------

/** An object of one of Python's classes, with the fields that the pickle gives it. */
class Plain {
  declare readonly kind: string;
  constructor(kind: string) {
    Object.defineProperty(this, 'kind', { value: kind });
  }
}

class Properties {
  state: readonly unknown[] = [];
  __setstate__(state: unknown): void {
    this.state = state as readonly unknown[];
  }
}

class Ignored {}

const classes = new Map<string, (...args: unknown[]) => object>([
  ...[
    'Metadata',
    'TensorStorageMetadata',
    'BytesStorageMetadata',
    'ChunkStorageMetadata',
    'MetadataIndex',
    'StorageMeta',
  ].map((name): [string, () => object] => [`${module_name}.${name}`, () => new Plain(name)]),
  [`${module_name}.TensorProperties`, () => new Properties()],
  [`${module_name}._MEM_FORMAT_ENCODING`, () => new Ignored()],
  [`${files_module}._StorageInfo`, () => new Plain('_StorageInfo')],
  ...['pathlib', 'pathlib._local'].flatMap((module) =>
    ['PosixPath', 'WindowsPath', 'PurePosixPath', 'PureWindowsPath'].map((name): [string, () => object] => [
      `${module}.${name}`,
      () => new Ignored(),
    ]),
  ),
]);

function broken(what: string): Error {
  return new Error(`.metadata is damaged, or of another version: ${what}`);
}

function fields_of(value: unknown, kind: string): Record<string, unknown> {
  if (!(value instanceof Plain) || value.kind !== kind) throw broken(`there should be a ${kind}`);
  return value as unknown as Record<string, unknown>;
}

function sizes_of(value: unknown): number[] {
  if (!Array.isArray(value) || !value.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw broken('there should be a torch.Size');
  }
  return [...(value as number[])];
}

function entry_of(value: unknown): TensorStorageMetadata | BytesStorageMetadata {
  if (value instanceof Plain && value.kind === 'BytesStorageMetadata') return {};
  const { properties, size, chunks } = fields_of(value, 'TensorStorageMetadata');
  if (!(properties instanceof Properties) || !Array.isArray(chunks)) throw broken('a tensor without its properties');
  const [dtype, layout, requires_grad, , pin_memory] = properties.state;
  if (!(dtype instanceof DType)) throw broken('a tensor without its dtype');
  return {
    properties: {
      dtype,
      layout: (layout as Layout | undefined) ?? strided,
      requires_grad: requires_grad === true,
      pin_memory: pin_memory === true,
    },
    size: sizes_of(size),
    chunks: chunks.map((chunk) => {
      const { offsets, sizes } = fields_of(chunk, 'ChunkStorageMetadata');
      return { offsets: sizes_of(offsets), sizes: sizes_of(sizes) };
    }),
  };
}

function place_of(value: unknown): StorageInfo {
  const { relative_path, offset, length, transform_descriptors } = fields_of(value, '_StorageInfo');
  if (typeof relative_path !== 'string' || relative_path.split(/[\\/]/).includes('..')) throw broken('a bad path');
  if (transform_descriptors !== undefined && transform_descriptors !== null) {
    throw new Error('the checkpoint was written with stream transforms, which are not supported');
  }
  const [from, count] = sizes_of([offset, length]) as [number, number];
  return { relative_path, offset: from, length: count };
}

function entries_of(value: unknown): [unknown, unknown][] {
  if (value === null || value === undefined) return [];
  if (value instanceof Map) return [...(value as Map<unknown, unknown>)];
  if (typeof value !== 'object') throw broken('there should be a dict');
  return Object.entries(value);
}

/** The {@link Metadata} of a pickle; no code of it is run. @throws Error for what is none */
export function metadata_of_bytes(bytes: Uint8Array): Metadata {
  const read = fields_of(loads(bytes, classes), 'Metadata');
  const index_of = (value: unknown): MetadataIndex => {
    const { fqn, offset, index } = fields_of(value, 'MetadataIndex');
    if (typeof fqn !== 'string') throw broken('a piece without a name');
    const offsets = offset === null || offset === undefined ? null : sizes_of(offset);
    return new MetadataIndex(fqn, offsets, typeof index === 'number' ? index : null);
  };
  const { planner_data, version } = read;
  return {
    state_dict_metadata: new Map(
      entries_of(read['state_dict_metadata']).map(([name, value]) => [String(name), entry_of(value)]),
    ),
    planner_data:
      planner_data === null || planner_data === undefined
        ? null
        : new Map(entries_of(planner_data).map(([name, path]) => [String(name), [...(path as ObjectPath)]])),
    storage_data: entries_of(read['storage_data']).map(([index, place]) => [index_of(index), place_of(place)]),
    version: typeof version === 'string' ? version : null,
  };
}
