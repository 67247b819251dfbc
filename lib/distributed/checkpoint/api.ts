/** Checkpoints that all processes of a group write and read together: `torch.distributed.checkpoint.save` and `load`. */
import { randomUUID } from 'node:crypto';

import { signature } from '../../_internal/signature.js';
import { warn } from '../../_internal/warnings.js';
import { no_grad } from '../../autograd/grad_mode.js';
import { load as load_file } from '../../serialization/load.js';
import { save as save_file } from '../../serialization/save.js';
import { Size, Tensor } from '../../_tensor.js';
import { strided } from '../../types/dtype.js';
import { is_available } from '../availability.js';
import { all_gather_object } from '../object_collectives.js';
import {
  get_process_group_ranks,
  group_or_default,
  is_initialized,
  new_group,
  type Group,
  type ProcessGroup,
} from '../process_group.js';
import { all_reduce } from '../collectives.js';
import { tensor } from '../../creation.js';
import { DTensor } from '../tensor/dtensor.js';
import { Partial } from '../tensor/placement_types.js';
import { local_part } from '../tensor/redistribute.js';
import { check_path, FileSystemReader, FileSystemWriter, type Piece } from './filesystem.js';
import { entries_of, flatten, get_item, set_element, set_item, type StateDict } from './flatten.js';
import {
  is_tensor_metadata,
  metadata_to_bytes,
  MetadataIndex,
  type BytesStorageMetadata,
  type ChunkStorageMetadata,
  type Metadata,
  type ObjectPath,
  type StorageInfo,
  type TensorStorageMetadata,
} from './metadata.js';

/** What has a state, such as modules and optimizers. Mirrors `torch.distributed.checkpoint.stateful.Stateful`. */
export interface Stateful {
  state_dict(): object;
  load_state_dict(state_dict: never): unknown;
}

/** Keyword arguments of {@link save}. */
export interface SaveOptions {
  /** The folder. Default null, that of the writer. */
  checkpoint_id?: string | null;
  /** What writes. Default null, a {@link FileSystemWriter} of the folder. */
  storage_writer?: FileSystemWriter | null;
  /** The processes that save. Default null, all. */
  process_group?: Group;
  /** Save in this process alone. Default false. */
  no_dist?: boolean;
}

/** Keyword arguments of {@link load}. */
export interface LoadOptions {
  /** The folder. Default null, that of the reader. */
  checkpoint_id?: string | null;
  /** What reads. Default null, a {@link FileSystemReader} of the folder. */
  storage_reader?: FileSystemReader | null;
  /** The processes that load. Default null, all. */
  process_group?: Group;
  /** Load in this process alone. Default false. */
  no_dist?: boolean;
}

const SAVE = signature<SaveOptions & { state_dict: StateDict }>(
  'checkpoint.save',
  'state_dict: dict, *, checkpoint_id?: str|None, storage_writer?: StorageWriter|None, process_group?: ProcessGroup|None, no_dist?: bool',
);
const LOAD = signature<LoadOptions & { state_dict: StateDict }>(
  'checkpoint.load',
  'state_dict: dict, *, checkpoint_id?: str|None, storage_reader?: StorageReader|None, process_group?: ProcessGroup|None, no_dist?: bool',
);
const EXCEPTION = signature<{ msg: string; failures: ReadonlyMap<number, Error> }>(
  'CheckpointException',
  'msg: str, failures: dict',
);

/**
 * Processes that could not save or load. Mirrors `torch.distributed.checkpoint.CheckpointException`; all processes get the same one.
 *
 * @param msg - what was done
 * @param failures - the Error of each process, a Map
 * @example
 * ```ts
 * const { CheckpointException } = torch.distributed.checkpoint;
 * const failures = new Map([[1, new Error('the disk is full')]]);
 * print([...new CheckpointException('write', failures).failures.keys()]);
 * ```
 * ```python
 * from torch.distributed.checkpoint import CheckpointException
 * failures = {1: (RuntimeError('the disk is full'), None)}
 * print([*CheckpointException('write', failures).failures.keys()])
 * ```
 */
export class CheckpointException extends Error {
  override name = 'CheckpointException';
  /** The Error of each process, by its rank. */
  readonly failures: ReadonlyMap<number, Error>;

  constructor(msg: string, failures: ReadonlyMap<number, Error>);
  constructor(options: { msg: string; failures: ReadonlyMap<number, Error> });
  constructor(...args: unknown[]) {
    const { failures } = EXCEPTION.read(args);
    const ranks = [...failures.keys()].join(', ');
    const texts = [...failures].map(([rank, error]) => `RANK ${rank}: ${error.name}: ${error.message}`);
    super([`CheckpointException ranks:dict_keys([${ranks}])`, ...texts].join('\n'));
    this.failures = failures;
  }
}

/** The processes that work together. */
class Together {
  readonly rank: number;
  private readonly group: Group;
  private readonly size: number;

  constructor(group: Group | undefined, no_dist: boolean, what: 'save' | 'load') {
    if (no_dist || !is_available() || !is_initialized()) {
      warn(
        `torch.distributed is disabled, unavailable or uninitialized, assuming the intent is to ${what} in a single process.`,
      );
      [this.rank, this.size, this.group] = [0, 1, null];
      return;
    }
    const of = group_or_default(group);
    [this.rank, this.size, this.group] = [of.rank(), of.size(), of];
  }

  /** Does a step in all processes, and gives each what all of them have. @throws CheckpointException when one fails, in all */
  step<T>(name: string, run: () => T): T[] {
    let mine: { value: T } | { error: string };
    try {
      mine = { value: run() };
    } catch (error) {
      mine = { error: (error as Error).message };
    }
    const all: (typeof mine)[] = [mine];
    if (this.size > 1) {
      all.length = 0;
      for (let i = 0; i < this.size; i++) all.push(mine);
      all_gather_object(all, mine, this.group ?? null);
    }
    const failures = new Map(all.flatMap((each, rank) => ('error' in each ? [[rank, new Error(each.error)]] : [])));
    if (failures.size > 0) throw new CheckpointException(name, failures);
    return all.map((each) => (each as { value: T }).value);
  }

  /** What does steps without blocking the event loop, one after the other; each ends when all processes have done it. */
  later(): (run: () => Promise<void>) => Promise<void> {
    const group = this.group === null || this.size === 1 ? null : background_group(group_or_default(this.group));
    return async (run) => {
      let failure: unknown;
      await run().catch((error: unknown) => {
        failure = error;
      });
      if (group !== null) {
        const failed = tensor(failure === undefined ? 0 : 1);
        await all_reduce(failed, { group, async_op: true });
        if (failed.item() > 0) failure ??= new Error('another process could not write its part');
      }
      if (failure !== undefined) throw new CheckpointException('write', new Map([[this.rank, failure as Error]]));
    };
  }
}

// ---- Plans --------------------------------------------------------------------------------------

/** What a process can write: a piece of a tensor, or another value. */
interface Item {
  readonly fqn: string;
  readonly tensor: {
    readonly chunk: ChunkStorageMetadata;
    readonly whole: Omit<TensorStorageMetadata, 'chunks'>;
    /** A piece of one that several processes share. */
    readonly is_shard: boolean;
  } | null;
}

interface Plan {
  readonly items: readonly Item[];
  readonly paths: ReadonlyMap<string, ObjectPath>;
}

const key_of = ({ fqn, tensor }: Item): string => JSON.stringify([fqn, tensor && [...tensor.chunk.offsets]]);
const numel_of = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** The tensor of this process and where it lies in the whole; null for one that is in other processes. */
function piece_of(fqn: string, value: Tensor): { local: Tensor; chunk: ChunkStorageMetadata } | null {
  if (!(value instanceof DTensor)) {
    const sizes = [...value.shape];
    return { local: value.detach(), chunk: { offsets: sizes.map(() => 0), sizes } };
  }
  const of = value as DTensor;
  if (of.device_mesh.get_coordinate() === null) return null;
  if (of.placements.some((placement) => placement instanceof Partial)) {
    throw new Error(`${fqn} is a DTensor with a Partial placement: redistribute it first`);
  }
  const { shape: sizes, offset: offsets } = local_part(of.shape, of.device_mesh, of.placements);
  return { local: of._local_tensor.detach(), chunk: { offsets, sizes } };
}

function items_of(values: ReadonlyMap<string, unknown>): Item[] {
  return [...values].flatMap(([fqn, value]): Item[] => {
    if (!(value instanceof Tensor)) return [{ fqn, tensor: null }];
    const piece = piece_of(fqn, value);
    if (piece === null) return [];
    const { local, chunk } = piece;
    if (local.layout !== strided) throw new Error(`${fqn} is a sparse tensor: save its to_dense()`);
    const { dtype, layout } = local;
    const requires_grad = value.requires_grad;
    const whole = { properties: { dtype, layout, requires_grad, pin_memory: false }, size: [...value.shape] };
    return [{ fqn, tensor: { chunk, whole, is_shard: value instanceof DTensor } }];
  });
}

/** Of what several processes have, only one writes it: the one that has the least to write so far. */
function without_duplicates(plans: readonly Plan[]): Item[][] {
  const owners = new Map<string, number[]>();
  const items = new Map<string, Item>();
  plans.forEach((plan, rank) => {
    for (const item of plan.items) {
      const key = key_of(item);
      const known = owners.get(key);
      if (known) known.push(rank);
      else owners.set(key, [rank]);
      items.set(key, item);
    }
  });
  const load = plans.map(() => 0);
  const chosen = new Map<string, number>();
  for (const [key, ranks] of owners) {
    const rank = ranks.reduce((best, each) => (load[each]! < load[best]! ? each : best));
    const { tensor } = items.get(key)!;
    load[rank]! += tensor === null ? 1 : numel_of(tensor.whole.size) * tensor.whole.properties.dtype.itemsize || 1;
    chosen.set(key, rank);
  }
  return plans.map((plan, rank) => plan.items.filter((item) => chosen.get(key_of(item)) === rank));
}

interface GlobalPlan {
  /** What each process writes, and under which index. */
  readonly items: readonly (readonly (readonly [Item, MetadataIndex])[])[];
  readonly state_dict_metadata: ReadonlyMap<string, TensorStorageMetadata | BytesStorageMetadata>;
  readonly planner_data: ReadonlyMap<string, ObjectPath>;
}

function global_plan(plans: readonly Plan[]): GlobalPlan {
  const found = new Map<string, TensorStorageMetadata | BytesStorageMetadata>();
  const items = without_duplicates(plans).map((own) =>
    own.map((item): [Item, MetadataIndex] => {
      const { fqn, tensor } = item;
      if (tensor === null) {
        found.set(fqn, {});
        return [item, new MetadataIndex(fqn)];
      }
      let whole = found.get(fqn);
      if (whole === undefined || !is_tensor_metadata(whole)) {
        whole = { ...tensor.whole, chunks: [] };
        found.set(fqn, whole);
      }
      const { chunks } = whole as TensorStorageMetadata;
      chunks.push(tensor.chunk);
      return [item, new MetadataIndex(fqn, [...tensor.chunk.offsets], chunks.length - 1)];
    }),
  );
  check_filled(found, plans.length);
  // Of names in several plans the first one counts, and those of later plans come first, as in a ChainMap.
  const planner_data = new Map<string, ObjectPath>();
  for (const { paths } of [...plans].reverse()) for (const [fqn, path] of paths) planner_data.set(fqn, path);
  return { items, state_dict_metadata: found, planner_data };
}

/** @throws Error where pieces of a tensor are missing or too many */
function check_filled(
  found: ReadonlyMap<string, TensorStorageMetadata | BytesStorageMetadata>,
  processes: number,
): void {
  const errors: string[] = [];
  for (const [fqn, entry] of found) {
    if (!is_tensor_metadata(entry) || entry.size.length === 0 || processes === 1) continue;
    const volume = numel_of(entry.size);
    const filled = entry.chunks.reduce((sum, { sizes }) => sum + numel_of(sizes), 0);
    if (volume !== filled) {
      errors.push(`key:${fqn} invalid fill tensor-volume: ${volume} chunks-volume: ${filled}`);
    }
  }
  if (errors.length > 0) throw new Error(`Failed to validate global plan: ${errors.join('; ')}`);
}

// ---- Saving -------------------------------------------------------------------------------------

const is_stateful = (value: unknown): value is Stateful =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
  typeof (value as { state_dict?: unknown }).state_dict === 'function' &&
  typeof (value as { load_state_dict?: unknown }).load_state_dict === 'function';

function state_of(state_dict: StateDict, names: readonly string[]): Map<string, unknown> {
  return new Map(
    names.map((name) => {
      const value = get_item(state_dict, name);
      return [name, is_stateful(value) ? value.state_dict() : value];
    }),
  );
}

const names_of = (state_dict: StateDict): string[] => entries_of(state_dict).map(([name]) => name);

function missing_id(callee: string): TypeError {
  return new TypeError(`${callee}(): \`checkpoint_id\` must be specified if storage_reader/storage_writer is None.`);
}

function writer_of(
  given: FileSystemWriter | null | undefined,
  id: string | null | undefined,
  callee: string,
): FileSystemWriter {
  if (given) return id ? new FileSystemWriter(id, { overwrite: given.overwrite }) : given;
  if (!id) throw missing_id(callee);
  check_path(id);
  return new FileSystemWriter(id);
}

function reader_of(given: FileSystemReader | null | undefined, id: string | null | undefined): FileSystemReader {
  if (given) return id ? new FileSystemReader(id) : given;
  if (!id) throw missing_id('checkpoint.load');
  check_path(id);
  return new FileSystemReader(id);
}

/** Writes a value as `torch.save` does; of a tensor, no more than its own elements. */
function written(value: unknown): Piece {
  return (write) => {
    let saved = value;
    if (value instanceof Tensor) {
      const local = piece_of('', value)!.local.cpu();
      saved = local.untyped_storage().nbytes() === local.nbytes ? local : local.clone();
    }
    save_file(saved, { write });
  };
}

/**
 * Writes the state of all processes into one folder: each process its own pieces of {@link DTensor}s, and of what all have, one of them. Mirrors
 * `torch.distributed.checkpoint.save`. All processes of the group call it, with the same names. Python reads what it writes.
 *
 * Modules, optimizers and whatever else has `state_dict` and `load_state_dict` stand for their state.
 *
 * @param state_dict - nested dictionaries and lists of tensors and other values
 * @param checkpoint_id - by name only: the folder
 * @param storage_writer - by name only: a {@link FileSystemWriter}, when there is no folder
 * @param process_group - by name only: the processes; default null, all
 * @param no_dist - by name only: save in this process alone; default false
 * @returns what was written, and where
 * @throws CheckpointException in all processes when one of them fails
 * @example
 * ```ts
 * import { mkdtempSync, rmSync } from 'node:fs';
 * const dist = torch.distributed;
 * dist.init_process_group('gloo', { store: new dist.HashStore(), rank: 0, world_size: 1 });
 * const mesh = dist.init_device_mesh('cpu', [1]);
 * const folder = mkdtempSync('dcp-');
 * const weight = dist.tensor.distribute_tensor(torch.arange(4), mesh, [new dist.tensor.Shard(0)]);
 * dist.checkpoint.save({ model: { weight }, step: 3 }, { checkpoint_id: folder });
 * const state = { model: { weight: torch.zeros(4, { dtype: torch.int64 }) }, step: 0 };
 * dist.checkpoint.load(state, { checkpoint_id: folder });
 * print(state);
 * rmSync(folder, { recursive: true });
 * dist.destroy_process_group();
 * ```
 * ```python
 * import tempfile
 * import torch.distributed.checkpoint
 * import torch.distributed.tensor
 * dist = torch.distributed
 * dist.init_process_group('gloo', store=dist.HashStore(), rank=0, world_size=1)
 * mesh = dist.init_device_mesh('cpu', (1,))
 * with tempfile.TemporaryDirectory() as folder:
 *     weight = dist.tensor.distribute_tensor(torch.arange(4), mesh, [dist.tensor.Shard(0)])
 *     dist.checkpoint.save({'model': {'weight': weight}, 'step': 3}, checkpoint_id=folder)
 *     state = {'model': {'weight': torch.zeros(4, dtype=torch.int64)}, 'step': 0}
 *     dist.checkpoint.load(state, checkpoint_id=folder)
 *     print(state)
 * dist.destroy_process_group()
 * ```
 */
export function save(state_dict: StateDict, options?: SaveOptions): Metadata;
export function save(options: SaveOptions & { state_dict: StateDict }): Metadata;
export function save(...args: unknown[]): Metadata {
  const { together, writer, pieces, metadata_of } = planned(SAVE.read(args), 'checkpoint.save');
  const places = together.step('write', () => writer._write(`__${together.rank}_0.distcp`, pieces));
  const metadata = metadata_of(places);
  together.step('write', () => {
    if (together.rank === 0) writer._finish(metadata_to_bytes(metadata, writer.path, randomUUID()));
    return null;
  });
  return metadata;
}

const ASYNC_SAVE = signature<SaveOptions & { state_dict: StateDict }>(
  'checkpoint.async_save',
  'state_dict: dict, *, checkpoint_id?: str|None, storage_writer?: StorageWriter|None, process_group?: ProcessGroup|None, no_dist?: bool',
);

/** Groups for what goes on while the program trains, by the group that saves. */
const background_groups = new WeakMap<ProcessGroup, ProcessGroup>();

function background_group(of: ProcessGroup): ProcessGroup {
  const there = background_groups.get(of);
  if (there !== undefined) return there;
  const made = new_group(get_process_group_ranks(of), { backend: 'gloo', use_local_synchronization: true });
  background_groups.set(of, made);
  return made;
}

/**
 * {@link save}, of which only the copying blocks. Mirrors `torch.distributed.checkpoint.async_save`.
 *
 * The state is copied at once, and may change then. The files are written while the event loop turns: `await` the promise before the next save, and
 * before the process ends. The checkpoint is complete in all processes when the promise is fulfilled.
 *
 * @param state_dict - nested dictionaries and lists of tensors and other values
 * @param checkpoint_id - by name only: the folder
 * @param storage_writer - by name only: a {@link FileSystemWriter}, when there is no folder
 * @param process_group - by name only: the processes; default null, all
 * @param no_dist - by name only: save in this process alone; default false
 * @returns a promise of what was written, and where: Python's `Future`, whose `result()` is `await`
 * @throws CheckpointException in all processes when the state of one cannot be copied; the promise is rejected when a file cannot be written
 * @example
 * ```ts
 * import { mkdtempSync, rmSync } from 'node:fs';
 * const dcp = torch.distributed.checkpoint;
 * const folder = mkdtempSync('dcp-');
 * const saved = dcp.async_save({ a: torch.ones(2), step: 3 }, { checkpoint_id: folder, no_dist: true });
 * await saved;
 * const state = { a: torch.zeros(2), step: 0 };
 * dcp.load(state, { checkpoint_id: folder, no_dist: true });
 * print(state); // {'a': tensor([1., 1.]), 'step': 3}
 * rmSync(folder, { recursive: true });
 * ```
 */
export function async_save(state_dict: StateDict, options?: SaveOptions): Promise<Metadata>;
export function async_save(options: SaveOptions & { state_dict: StateDict }): Promise<Metadata>;
export function async_save(...args: unknown[]): Promise<Metadata> {
  const { together, writer, pieces, metadata_of } = planned(ASYNC_SAVE.read(args), 'checkpoint.async_save');
  let write = (): Promise<void> => Promise.resolve();
  const places = together.step('write', () => {
    const [own, later] = writer._stage(`__${together.rank}_0.distcp`, pieces);
    write = later;
    return own;
  });
  const metadata = metadata_of(places);
  const agree = together.later();
  return (async () => {
    await agree(write);
    await agree(async () => {
      if (together.rank === 0) writer._finish(metadata_to_bytes(metadata, writer.path, randomUUID()));
    });
    return metadata;
  })();
}

/** What a save is made of: where its pieces go is agreed on, none has been written. */
interface Planned {
  readonly together: Together;
  readonly writer: FileSystemWriter;
  readonly pieces: Piece[];
  readonly metadata_of: (places: readonly StorageInfo[][]) => Metadata;
}

function planned(
  {
    state_dict,
    checkpoint_id,
    storage_writer,
    process_group,
    no_dist = false,
  }: SaveOptions & { state_dict: StateDict },
  callee: string,
): Planned {
  const together = new Together(process_group, no_dist, 'save');
  const writer = writer_of(storage_writer, checkpoint_id, callee);
  let values: ReadonlyMap<string, unknown> = new Map();
  const plans = together.step('plan', (): Plan => {
    const flat = flatten(state_of(state_dict, names_of(state_dict)));
    values = flat.values;
    if (writer._prepare()) {
      warn(
        `Detected an existing checkpoint in ${writer.path}, overwriting since self.overwrite=True. Past version 2.5 of PyTorch, \`overwrite\` ` +
          'will default to False. Set this variable to True to maintain this functionality or False to raise when an existing checkpoint is found.',
      );
    }
    return { items: items_of(flat.values), paths: flat.paths };
  });
  const plan = together.step('plan', () => plans.length) && global_plan(plans.map(read_plan));
  // Values before tensors, as Python orders them.
  const pieces = in_order(plan.items[together.rank]!).map(([{ fqn }]) => written(values.get(fqn)));
  const metadata_of = (places: readonly StorageInfo[][]): Metadata => {
    const storage_data = plan.items.flatMap((own, rank) =>
      in_order(own).map(([, index], i): [MetadataIndex, StorageInfo] => [index, places[rank]![i]!]),
    );
    const { state_dict_metadata, planner_data } = plan;
    return { state_dict_metadata, planner_data, storage_data, version: '1.0.0' };
  };
  return { together, writer, pieces, metadata_of };
}

function in_order<T extends readonly [Item, MetadataIndex]>(items: readonly T[]): T[] {
  return [...items.filter(([{ tensor }]) => tensor === null), ...items.filter(([{ tensor }]) => tensor !== null)];
}

/** A plan as another process sent it: a Map without entries comes as an object. */
function read_plan({ items, paths }: Plan): Plan {
  return { items, paths: paths instanceof Map ? paths : new Map(Object.entries(paths as unknown as object)) };
}

// ---- Loading ------------------------------------------------------------------------------------

/** What two pieces of a tensor share: where it begins in both, and how long it is. */
function overlap(
  saved: ChunkStorageMetadata,
  wanted: ChunkStorageMetadata,
): { from: number[]; to: number[]; lengths: number[] } | null {
  const [from, to, lengths]: [number[], number[], number[]] = [[], [], []];
  for (let dim = 0; dim < wanted.sizes.length; dim++) {
    const begin = Math.max(saved.offsets[dim]!, wanted.offsets[dim]!);
    const end = Math.min(saved.offsets[dim]! + saved.sizes[dim]!, wanted.offsets[dim]! + wanted.sizes[dim]!);
    if (end <= begin) return null;
    from.push(begin - saved.offsets[dim]!);
    to.push(begin - wanted.offsets[dim]!);
    lengths.push(end - begin);
  }
  return { from, to, lengths };
}

const narrowed = (tensor: Tensor, offsets: readonly number[], lengths: readonly number[]): Tensor =>
  lengths.reduce((rest, length, dim) => rest.narrow(dim, offsets[dim]!, length), tensor);

/** How pieces are found by their index. */
const place_key = (fqn: string, offset: readonly number[] | null): string =>
  JSON.stringify([fqn, offset && [...offset]]);

class Loading {
  private readonly places: ReadonlyMap<string, StorageInfo>;

  constructor(
    private readonly reader: FileSystemReader,
    private readonly metadata: Metadata,
  ) {
    this.places = new Map(
      metadata.storage_data.map(([{ fqn, offset }, place]) => [place_key(fqn, offset), place] as const),
    );
  }

  private bytes(fqn: string, offset: readonly number[] | null): Uint8Array {
    const place = this.places.get(place_key(fqn, offset));
    if (place === undefined) throw new Error(`.metadata does not say where ${fqn} lies`);
    return this.reader._read(place);
  }

  /** What is to be read, checked before anything is changed. */
  check(flat: Flat): void {
    for (const [fqn, value] of flat.values) {
      const entry = this.metadata.state_dict_metadata.get(fqn);
      if (entry === undefined) throw new Error(`Missing key in checkpoint state_dict: ${fqn}.`);
      if (!is_tensor_metadata(entry)) continue;
      if (!(value instanceof Tensor)) {
        throw new Error(
          `Invalid checkpoint metadata for ${fqn}, expected BytesStorageMetadata but found ` +
            "<class 'torch.distributed.checkpoint.metadata.TensorStorageMetadata'>",
        );
      }
      const [saved, current] = [new Size([...entry.size]), value.shape];
      if (String(saved) !== String(current)) {
        throw new Error(`Size mismatch between saved ${String(saved)} and current: ${String(current)} for ${fqn}`);
      }
    }
  }

  read(root: StateDict, flat: Flat): void {
    for (const [fqn, value] of flat.values) {
      const entry = this.metadata.state_dict_metadata.get(fqn)!;
      if (is_tensor_metadata(entry)) this.read_tensor(fqn, value as Tensor, entry);
      else set_element(root, flat.paths.get(fqn)!, load_file(this.bytes(fqn, null), { weights_only: false }));
    }
  }

  private read_tensor(fqn: string, value: Tensor, { chunks }: TensorStorageMetadata): void {
    const piece = piece_of(fqn, value);
    if (piece === null) return;
    for (const saved of chunks) {
      const shared = overlap(saved, piece.chunk);
      if (shared === null) continue;
      const found = load_file<Tensor>(this.bytes(fqn, saved.offsets), { map_location: 'cpu' });
      no_grad(() => {
        narrowed(piece.local, shared.to, shared.lengths).copy_(narrowed(found, shared.from, shared.lengths));
      });
    }
  }
}

type Flat = ReturnType<typeof flatten>;

/**
 * Reads what {@link save} or Python has written into the tensors of a state: each process reads the pieces that it needs, however many
 * processes wrote them and however they were cut. Mirrors `torch.distributed.checkpoint.load`. All processes of the group call it.
 *
 * Tensors are changed in place; other values are replaced in the dictionaries; modules and optimizers load their state.
 *
 * @param state_dict - what is to be read, of the shapes that were saved
 * @param checkpoint_id - by name only: the folder
 * @param storage_reader - by name only: a {@link FileSystemReader}, when there is no folder
 * @param process_group - by name only: the processes; default null, all
 * @param no_dist - by name only: load in this process alone; default false
 * @throws CheckpointException in all processes when one of them fails: for names that are not there, and other shapes
 * @example
 * ```ts
 * import { mkdtempSync, rmSync } from 'node:fs';
 * const dcp = torch.distributed.checkpoint;
 * const folder = mkdtempSync('dcp-');
 * torch.manual_seed(0);
 * dcp.save({ model: new nn.Linear(2, 1) }, { checkpoint_id: folder, no_dist: true });
 * const model = new nn.Linear(2, 1);
 * dcp.load({ model }, { checkpoint_id: folder, no_dist: true });
 * print(model.weight.detach());
 * rmSync(folder, { recursive: true });
 * ```
 * ```python
 * import tempfile
 * import torch.distributed.checkpoint as dcp
 * torch.manual_seed(0)
 * with tempfile.TemporaryDirectory() as folder:
 *     dcp.save({'model': nn.Linear(2, 1)}, checkpoint_id=folder, no_dist=True)
 *     model = nn.Linear(2, 1)
 *     dcp.load({'model': model}, checkpoint_id=folder, no_dist=True)
 *     print(model.weight.detach())
 * ```
 */
export function load(state_dict: StateDict, options?: LoadOptions): void;
export function load(options: LoadOptions & { state_dict: StateDict }): void;
export function load(...args: unknown[]): void {
  const { state_dict, checkpoint_id, storage_reader, process_group, no_dist = false } = LOAD.read(args);
  const together = new Together(process_group, no_dist, 'load');
  const reader = reader_of(storage_reader, checkpoint_id);
  const names = names_of(state_dict).sort();
  let ready: { state: Map<string, unknown>; flat: Flat; loading: Loading } | undefined;
  together.step('plan', () => {
    const state = state_of(state_dict, names);
    const flat = flatten(state);
    const loading = new Loading(reader, reader.read_metadata());
    loading.check(flat);
    ready = { state, flat, loading };
    return null;
  });
  const { state, flat, loading } = ready!;
  together.step('read', () => {
    loading.read(state, flat);
    return null;
  });
  for (const name of names) {
    const value = get_item(state_dict, name);
    if (is_stateful(value)) value.load_state_dict(state.get(name) as never);
    else set_item(state_dict, name, state.get(name));
  }
}
