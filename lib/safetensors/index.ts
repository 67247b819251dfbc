/**
 * torch-node/safetensors: files of tensors only, mapped into memory; the functions of `safetensors.torch`, under the same names.
 */
// First the package itself: its modules need each other, and load in the order that it sets.
import '../_internal/one_file.js';
import { fileURLToPath } from 'node:url';

import '../index.js';
import { FileSource } from '../_internal/io/byte_source.js';
import { device_text, type DeviceLike } from '../types/device.js';
import { strided } from '../types/dtype.js';
import { type Sink, write_durably } from '../_internal/io/durable_file.js';
import type { Subscript } from '../_C/indexing.js';
import { native } from '../_C/native.js';
import type { Tail } from '../_internal/arguments.js';
import type { Module } from '../nn/modules/module.js';
import { kind_of, text_or_kind } from '../_internal/representation.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { storage_chunks, UntypedStorage } from '../storage.js';
import { Tensor } from '../_tensor.js';
import { wrap } from '../_C/tensor_base.js';
import { signature } from '../_internal/signature.js';
import {
  dtype_of_name,
  type Header,
  name_of,
  packing,
  read_header,
  SafetensorError,
  type TensorInfo,
  write_header,
} from './header.js';
import { duplicate_names, shared_groups } from './shared.js';
import type { NodeURL } from '../_internal/node_types.js';

export { SafetensorError } from './header.js';

/** Strings stored with the tensors, by name. */
export type Metadata = Readonly<Record<string, string>>;

type Tensors = Readonly<Record<string, Tensor>>;
/** A path. */
type Path = string | NodeURL;

interface ReadingOptions {
  /** Device of the tensors. Default `'cpu'`. */
  device?: DeviceLike;
  /** How the file is read: it is mapped. */
  backend?: 'mmap';
}

const path = 'filename: str|URL';
const SAVE_FILE = signature<{ tensors: Tensors; filename: Path; metadata?: Metadata | null }>(
  'save_file',
  `tensors: any, ${path}, metadata?: dict|None`,
);
const SAVE = signature<{ tensors: Tensors; metadata?: Metadata | null }>('save', 'tensors: any, metadata?: dict|None');
const SAFE_OPEN = signature<SafeOpenOptions & { filename: Path }>(
  'safe_open',
  `${path}, framework?: str, device?: device, *, backend?: str`,
);
const LOAD_FILE = signature<ReadingOptions & { filename: Path }>(
  'load_file',
  `${path}, device?: device, *, backend?: str`,
);
const LOAD = signature<{ data: ArrayBufferView | ArrayBufferLike }>('load', 'data: bytes');
const SAVE_MODEL = signature<SaveModelOptions & { model: Module; filename: Path }>(
  'save_model',
  `model: Module, ${path}, metadata?: dict|None, force_contiguous?: bool`,
);
const LOAD_MODEL = signature<ReadingOptions & { model: Module; filename: Path; strict?: boolean }>(
  'load_model',
  `model: Module, ${path}, strict?: bool, device?: device, *, backend?: str`,
);
const none = (name: string) => signature<object>(name, '');
const MEMBERS = {
  keys: none('SafeOpen.keys'),
  offset_keys: none('SafeOpen.offset_keys'),
  metadata: none('SafeOpen.metadata'),
  close: none('SafeOpen.close'),
  get_shape: none('SafeSlice.get_shape'),
  get_dtype: none('SafeSlice.get_dtype'),
  get_tensor: signature<{ name: string }>('SafeOpen.get_tensor', 'name: str'),
  get_slice: signature<{ name: string }>('SafeOpen.get_slice', 'name: str'),
};

const path_of = (filename: Path): string => (typeof filename === 'string' ? filename : fileURLToPath(filename));

function check_backend(callee: string, backend: string): void {
  if (backend !== 'mmap')
    throw new SafetensorError(`${callee}(): backend ${text_or_kind(backend)} is invalid; there is 'mmap'`);
}

// ---- Writing ------------------------------------------------------------------------------------

function check_metadata(callee: string, metadata: Metadata | null): void {
  if (metadata === null) return;
  if (is_plain_object(metadata) && Object.values(metadata).every((value) => typeof value === 'string')) return;
  throw new TypeError(`${callee}(): argument 'metadata' must be an object of texts`);
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}

function check_tensors(callee: string, tensors: Readonly<Record<string, Tensor>>): void {
  if (!is_plain_object(tensors)) {
    throw new TypeError(`${callee}(): Expected a dict of [str, torch.Tensor] but received ${kind_of(tensors)}`);
  }
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor instanceof Tensor) continue;
    throw new TypeError(
      `${callee}(): Key \`${name}\` is invalid, expected torch.Tensor but received ${kind_of(tensor)}`,
    );
  }
  const sparse = Object.keys(tensors).filter((name) => tensors[name]!.layout !== strided);
  if (sparse.length > 0) {
    throw new Error(
      `${callee}(): You are trying to save a sparse tensors: \`[${quoted(sparse)}]\` which this library does not ` +
        'support. You can make it a dense tensor before saving with `.to_dense()` but be aware this might make a much larger ' +
        'file than needed.',
    );
  }
  const shared = shared_groups(tensors).filter((names) => names.length > 1);
  if (shared.length > 0) {
    throw new Error(
      `${callee}(): Some tensors share memory, this will lead to duplicate memory on disk and potential ` +
        `differences when loading them again: [${shared.map((names) => `{${quoted(names.sort())}}`).join(', ')}]. A potential way to ` +
        'correctly save your model is to use `save_model`.',
    );
  }
}

function tensor_info(callee: string, name: string, tensor: Tensor): Omit<TensorInfo, 'data_offsets'> {
  const dtype = name_of(tensor.dtype);
  if (dtype === undefined) {
    throw new TypeError(`${callee}(): there is no ${String(tensor.dtype)} (of \`${name}\`) in safetensors files`);
  }
  if (tensor.is_meta) throw new Error(`${callee}(): Cannot copy out of meta tensor; no data! (\`${name}\`)`);
  if (!tensor.is_contiguous()) {
    throw new Error(
      `${callee}(): You are trying to save a non contiguous tensor: \`${name}\` which is not allowed. It either means ` +
        "you are trying to save tensors which are reference of each other in which case it's recommended to save only " +
        'the full tensors, and reslice at load time, or simply call `.contiguous()` on your tensor to pack it before ' +
        'saving.',
    );
  }
  const shape = [...tensor.shape];
  const last = shape.length - 1;
  if (last >= 0) shape[last] = (shape[last] as number) * packing(dtype);
  return { dtype, shape };
}

/** A tensor's own bytes, without what else is in its storage. */
function* content(tensor: Tensor): Generator<Buffer, void, undefined> {
  const here = tensor.detach().cpu().resolve_conj().resolve_neg();
  yield* storage_chunks(here.untyped_storage()._slice(here.storage_offset() * here.itemsize, here.nbytes));
}

function write(
  callee: string,
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Metadata | null,
  to: (fill: (sink: Sink) => void) => void,
): void {
  check_tensors(callee, tensors);
  check_metadata(callee, metadata);
  const infos = Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, tensor_info(callee, name, tensor)]),
  );
  const [header, names] = write_header(infos, metadata);
  to((sink) => {
    sink.write(header);
    for (const name of names) {
      for (const chunk of content(tensors[name]!)) sink.write(chunk);
    }
  });
}

/**
 * Saves tensors by name. Mirrors `safetensors.torch.save_file`; the file is byte for byte that of Python.
 *
 * A file is replaced atomically: it is written under a temporary name, synced and renamed.
 *
 * @param tensors - the tensors by name
 * @param filename - a path
 * @param metadata - strings to store with the tensors; default null
 * @throws TypeError for values other than tensors
 * @throws Error when tensors share memory, are sparse or not contiguous
 * @example
 * ```ts
 * import { load_file, save_file } from 'torch-node/safetensors';
 * import { mkdtempSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * save_file({ weight: torch.tensor([0.5, 1.5]) }, `${folder}/model.safetensors`);
 * print(load_file(`${folder}/model.safetensors`));
 * rmSync(folder, { recursive: true });
 * ```
 * ```python
 * import tempfile
 * from safetensors.torch import load_file, save_file
 * with tempfile.TemporaryDirectory() as folder:
 *     save_file({'weight': torch.tensor([0.5, 1.5])}, f'{folder}/model.safetensors')
 *     print(load_file(f'{folder}/model.safetensors'))
 * ```
 */
export function save_file(
  tensors: Readonly<Record<string, Tensor>>,
  filename: string | NodeURL,
  metadata?: Metadata | null,
  options?: { metadata?: Metadata | null },
): void;
export function save_file(
  tensors: Readonly<Record<string, Tensor>>,
  filename: string | NodeURL,
  ...args: Tail<[metadata: Metadata | null], { metadata?: Metadata | null }>
): void;
export function save_file(
  tensors: Readonly<Record<string, Tensor>>,
  options: { filename: string | NodeURL; metadata?: Metadata | null },
): void;
export function save_file(options: {
  tensors: Readonly<Record<string, Tensor>>;
  filename: string | NodeURL;
  metadata?: Metadata | null;
}): void;
export function save_file(...args: unknown[]): void {
  const { tensors, filename, metadata = null } = SAVE_FILE.read(with_metadata(args, 2));
  write('save_file', tensors, metadata, (fill) => {
    write_durably(path_of(filename), fill);
  });
}

/**
 * The bytes of the file that {@link save_file} would write. Mirrors `safetensors.torch.save`.
 *
 * @param tensors - the tensors by name
 * @param metadata - strings to store with the tensors; default null
 * @throws TypeError for values other than tensors
 * @throws Error when tensors share memory, are sparse or not contiguous
 * @example
 * ```ts
 * import { load, save } from 'torch-node/safetensors';
 * const bytes = save({ weight: torch.tensor([0.5, 1.5]) }, { format: 'pt' });
 * print(bytes.length, load(bytes));
 * ```
 * ```python
 * from safetensors.torch import load, save
 * bytes = save({'weight': torch.tensor([0.5, 1.5])}, {'format': 'pt'})
 * print(len(bytes), load(bytes))
 * ```
 */
export function save(
  tensors: Readonly<Record<string, Tensor>>,
  metadata?: Metadata | null,
  options?: { metadata?: Metadata | null },
): Uint8Array;
export function save(
  tensors: Readonly<Record<string, Tensor>>,
  ...args: Tail<[metadata: Metadata | null], { metadata?: Metadata | null }>
): Uint8Array;
export function save(options: { tensors: Readonly<Record<string, Tensor>>; metadata?: Metadata | null }): Uint8Array;
export function save(...args: unknown[]): Uint8Array {
  const { tensors, metadata = null } = SAVE.read(with_metadata(args, 1));
  const pieces: Buffer[] = [];
  write('save', tensors, metadata, (fill) => {
    fill({
      write: (bytes) => {
        pieces.push(Buffer.from(bytes));
      },
    });
  });
  return new Uint8Array(Buffer.concat(pieces));
}

/** Metadata with the one text 'metadata' look like options. */
function with_metadata(args: readonly unknown[], place: number): readonly unknown[] {
  const given = args[place];
  const is_text = args.length === place + 1 && is_plain_object(given) && typeof given['metadata'] === 'string';
  return is_text ? [...args.slice(0, place), { metadata: given }] : args;
}

// ---- Reading ------------------------------------------------------------------------------------

/** A tensor over bytes of a file: on the mapped memory, or on a copy when elements would not be aligned there. */
function tensor_over(memory: UntypedStorage, offset: number, { dtype: name, shape, data_offsets }: TensorInfo): Tensor {
  const dtype = dtype_of_name(name);
  const [begin, end] = data_offsets;
  const part = memory._slice(offset + begin, end - begin);
  const bytes = (offset + begin) % dtype.itemsize === 0 ? part : part.clone();
  const sizes = [...shape];
  const last = sizes.length - 1;
  if (last >= 0) sizes[last] = (sizes[last] as number) / packing(name);
  if (!sizes.every(Number.isInteger)) {
    throw new SafetensorError(`a tensor of shape [${shape.join(', ')}] cannot be of dtype ${name}`);
  }
  return wrap(native.over_storage(bytes._bytes._h, dtype.code, 0, sizes, row_major(sizes)));
}

function row_major(sizes: readonly number[]): number[] {
  let step = 1;
  return sizes
    .map((_, i) => {
      const stride = step;
      step *= Math.max(1, sizes[sizes.length - 1 - i] as number);
      return stride;
    })
    .reverse();
}

/**
 * A tensor of a file that has not been read yet, as `safe_open(...).get_slice(name)` returns it. Mirrors the slices
 * of `safetensors`.
 */
class SafeSlice {
  /** @internal */
  constructor(
    private readonly info: TensorInfo,
    private readonly get: () => Tensor,
  ) {}

  /** The shape of the whole tensor. */
  get_shape(...args: []): number[] {
    MEMBERS.get_shape.read(args);
    return [...this.info.shape];
  }

  /** The name of the dtype in the format: `'F32'`. */
  get_dtype(...args: []): string {
    MEMBERS.get_dtype.read(args);
    return this.info.dtype;
  }

  /** Reads a part, as Python's `slice[...]`; subscripts as in {@link Tensor.index}. */
  index(...subscripts: Subscript[]): Tensor {
    return this.get().index(...subscripts);
  }
}

/** An open safetensors file, as {@link safe_open} returns it. Mirrors `safetensors.safe_open`. */
class SafeOpen {
  private memory: UntypedStorage | undefined;
  private readonly header: Header;

  /** @internal */
  constructor(
    readonly filename: string,
    private readonly device: string,
  ) {
    const source = new FileSource(filename);
    try {
      this.header = read_header(source.size, (position, length) => source.read(position, length));
      this.memory = UntypedStorage.from_file(filename, false, source.size);
    } finally {
      source.close();
    }
  }

  /** The names of the tensors, sorted. */
  keys(...args: []): string[] {
    MEMBERS.keys.read(args);
    return [...this.header.tensors.keys()].sort();
  }

  /** The names of the tensors in the order of their bytes. */
  offset_keys(...args: []): string[] {
    MEMBERS.offset_keys.read(args);
    return [...this.header.tensors.keys()];
  }

  /** The strings stored with the tensors, or null. */
  metadata(...args: []): Metadata | null {
    MEMBERS.metadata.read(args);
    return this.header.metadata;
  }

  private info(name: string): TensorInfo {
    const info = this.header.tensors.get(name);
    if (info === undefined) throw new SafetensorError(`File does not contain tensor ${name}`);
    return info;
  }

  private get(info: TensorInfo): Tensor {
    if (this.memory === undefined) throw new SafetensorError('File is closed');
    return tensor_over(this.memory, this.header.start, info).to(this.device);
  }

  /** A tensor, on the mapped memory when it is on the CPU. @throws SafetensorError when there is none of that name */
  get_tensor(name: string): Tensor;
  get_tensor(options: { name: string }): Tensor;
  get_tensor(...args: unknown[]): Tensor {
    return this.get(this.info(MEMBERS.get_tensor.read(args).name));
  }

  /** A tensor to read in part. @throws SafetensorError when there is none of that name */
  get_slice(name: string): SafeSlice;
  get_slice(options: { name: string }): SafeSlice;
  get_slice(...args: unknown[]): SafeSlice {
    const info = this.info(MEMBERS.get_slice.read(args).name);
    return new SafeSlice(info, () => this.get(info));
  }

  /** Closes the file; tensors that were read keep their memory. */
  close(...args: []): void {
    MEMBERS.close.read(args);
    this.memory = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

export type { SafeOpen, SafeSlice };

/** The options of {@link safe_open}. */
export interface SafeOpenOptions {
  /** PyTorch, under any of its names. Default `'pt'`. */
  framework?: 'pt' | 'torch' | 'pytorch';
  /** Where the tensors go. Default `'cpu'`. */
  device?: DeviceLike;
  /** How the file is read: it is mapped. */
  backend?: 'mmap';
}

/**
 * Opens a safetensors file without reading its tensors. Mirrors `safetensors.safe_open`.
 *
 * @param filename - a path
 * @param framework - `'pt'` (the default), `'torch'` or `'pytorch'`
 * @param device - device of the tensors; default `'cpu'`
 * @returns the open file, which `using` or `close()` closes
 * @throws SafetensorError when the header is invalid
 * @throws Error with the system's reason when there is no such file
 * @example
 * ```ts
 * import { safe_open, save_file } from 'torch-node/safetensors';
 * import { mkdtempSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * save_file({ weight: torch.arange(6).view(3, 2) }, `${folder}/model.safetensors`);
 * const file = safe_open(`${folder}/model.safetensors`, 'pt');
 * print(file.keys(), file.get_slice('weight').index('1:'));
 * file.close();
 * rmSync(folder, { recursive: true });
 * ```
 * ```python
 * import tempfile
 * from safetensors import safe_open
 * from safetensors.torch import save_file
 * with tempfile.TemporaryDirectory() as folder:
 *     save_file({'weight': torch.arange(6).view(3, 2)}, f'{folder}/model.safetensors')
 *     with safe_open(f'{folder}/model.safetensors', 'pt') as file:
 *         print(list(file.keys()), file.get_slice('weight')[1:])
 * ```
 */
export function safe_open(
  filename: string | NodeURL,
  framework?: 'pt' | 'torch' | 'pytorch',
  device?: DeviceLike,
  options?: SafeOpenOptions,
): SafeOpen;
export function safe_open(
  filename: string | NodeURL,
  ...args: Tail<[framework: 'pt' | 'torch' | 'pytorch', device: DeviceLike], SafeOpenOptions>
): SafeOpen;
export function safe_open(options: { filename: string | NodeURL } & SafeOpenOptions): SafeOpen;
export function safe_open(...args: unknown[]): SafeOpen {
  const { filename, framework = 'pt', device = 'cpu', backend = 'mmap' } = SAFE_OPEN.read(args);
  if (!['pt', 'torch', 'pytorch'].includes(framework)) {
    throw new SafetensorError(`framework ${text_or_kind(framework)} is invalid`);
  }
  check_backend('safe_open', backend);
  return new SafeOpen(path_of(filename), device_text(device));
}

/**
 * The tensors of a file by name, on mapped memory; writing to them does not change the file. Mirrors
 * `safetensors.torch.load_file`.
 *
 * @param filename - a path
 * @param device - device of the tensors; default `'cpu'`
 * @throws SafetensorError when the file is damaged
 * @throws Error with the system's reason when there is none
 * @example
 * ```ts
 * import { load_file, save_file } from 'torch-node/safetensors';
 * import { mkdtempSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * save_file({ weight: torch.tensor([0.5, 1.5]) }, `${folder}/model.safetensors`);
 * print(load_file(`${folder}/model.safetensors`));
 * rmSync(folder, { recursive: true });
 * ```
 * ```python
 * import tempfile
 * from safetensors.torch import load_file, save_file
 * with tempfile.TemporaryDirectory() as folder:
 *     save_file({'weight': torch.tensor([0.5, 1.5])}, f'{folder}/model.safetensors')
 *     print(load_file(f'{folder}/model.safetensors'))
 * ```
 */
export function load_file(
  filename: string | NodeURL,
  device?: DeviceLike,
  options?: { device?: DeviceLike; backend?: 'mmap' },
): Record<string, Tensor>;
export function load_file(
  filename: string | NodeURL,
  ...args: Tail<[device: DeviceLike], { device?: DeviceLike; backend?: 'mmap' }>
): Record<string, Tensor>;
export function load_file(options: {
  filename: string | NodeURL;
  device?: DeviceLike;
  backend?: 'mmap';
}): Record<string, Tensor>;
export function load_file(...args: unknown[]): Record<string, Tensor> {
  const { filename, device = 'cpu', backend = 'mmap' } = LOAD_FILE.read(args);
  check_backend('load_file', backend);
  const file = safe_open(filename, 'pt', device);
  return Object.fromEntries(file.offset_keys().map((name) => [name, file.get_tensor(name)]));
}

/**
 * The tensors in the bytes of a file, as copies. Mirrors `safetensors.torch.load`.
 *
 * @param data - the bytes
 * @throws SafetensorError when they are damaged
 * @example
 * ```ts
 * import { load, save } from 'torch-node/safetensors';
 * const bytes = save({ weight: torch.tensor([0.5, 1.5]) }, { format: 'pt' });
 * print(bytes.length, load(bytes));
 * ```
 * ```python
 * from safetensors.torch import load, save
 * bytes = save({'weight': torch.tensor([0.5, 1.5])}, {'format': 'pt'})
 * print(len(bytes), load(bytes))
 * ```
 */
export function load(data: ArrayBufferView | ArrayBufferLike): Record<string, Tensor>;
export function load(options: { data: ArrayBufferView | ArrayBufferLike }): Record<string, Tensor>;
export function load(...args: unknown[]): Record<string, Tensor> {
  const { data } = LOAD.read(args);
  const buffer = ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
  const { tensors, start } = read_header(buffer.length, (position, length) =>
    buffer.subarray(position, position + length),
  );
  const memory = new UntypedStorage(buffer.length - start);
  let at = start;
  for (const chunk of storage_chunks(memory)) {
    chunk.set(buffer.subarray(at, at + chunk.length));
    at += chunk.length;
  }
  return Object.fromEntries([...tensors].map(([name, info]) => [name, tensor_over(memory, 0, info)]));
}

// ---- Models -------------------------------------------------------------------------------------

/** The options of {@link save_model}. */
export interface SaveModelOptions {
  metadata?: Metadata | null;
  /** Make tensors contiguous. Default true. */
  force_contiguous?: boolean;
}

/**
 * Saves the state of a module; parameters that share memory are stored once. Mirrors `safetensors.torch.save_model`.
 *
 * @param model - the module
 * @param filename - a path
 * @param metadata - strings to store with the tensors; default null
 * @param force_contiguous - make tensors contiguous; default true
 * @throws Error with the system's reason when the file cannot be written
 * @example
 * ```ts
 * import { load_model, save_model } from 'torch-node/safetensors';
 * import { mkdtempSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * save_model(new nn.Linear(2, 1), `${folder}/model.safetensors`);
 * const model = new nn.Linear(2, 1);
 * const [missing, unexpected] = load_model(model, `${folder}/model.safetensors`);
 * print(missing, unexpected, model.weight.detach());
 * rmSync(folder, { recursive: true });
 * ```
 * ```python
 * import tempfile
 * from safetensors.torch import load_model, save_model
 * with tempfile.TemporaryDirectory() as folder:
 *     save_model(nn.Linear(2, 1), f'{folder}/model.safetensors')
 *     model = nn.Linear(2, 1)
 *     missing, unexpected = load_model(model, f'{folder}/model.safetensors')
 *     print(list(missing), list(unexpected), model.weight.detach())
 * ```
 */
export function save_model(
  model: Module,
  filename: string | NodeURL,
  metadata?: Metadata | null,
  force_contiguous?: boolean,
  options?: SaveModelOptions,
): void;
export function save_model(
  model: Module,
  filename: string | NodeURL,
  ...args: Tail<[metadata: Metadata | null, force_contiguous: boolean], SaveModelOptions>
): void;
export function save_model(model: Module, options: { filename: string | NodeURL } & SaveModelOptions): void;
export function save_model(options: { model: Module; filename: string | NodeURL } & SaveModelOptions): void;
export function save_model(...args: unknown[]): void {
  const { model, filename, metadata = null, force_contiguous = true } = SAVE_MODEL.read(with_metadata(args, 2));
  const state = model.state_dict();
  const noted: Record<string, string> = {};
  for (const [kept, others] of duplicate_names(state)) {
    for (const name of others) {
      noted[name] = kept;
      delete state[name];
    }
  }
  const tensors = Object.fromEntries(
    Object.entries(state).map(([name, tensor]) => [name, force_contiguous ? tensor.contiguous() : tensor]),
  );
  const all = { ...noted, ...metadata };
  save_file(tensors, filename, { metadata: metadata === null && Object.keys(noted).length === 0 ? null : all });
}

/**
 * Loads a file into a module, whose parameters may share memory. Mirrors `safetensors.torch.load_model`.
 *
 * @param model - the module
 * @param filename - a path
 * @param strict - throw for missing and unexpected names; default true
 * @param device - device of the tensors; default `'cpu'`
 * @returns the names that are missing in the file, and those that the module does not have
 * @throws Error that lists missing and unexpected names, when `strict`
 * @example
 * ```ts
 * import { load_model, save_model } from 'torch-node/safetensors';
 * import { mkdtempSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * save_model(new nn.Linear(2, 1), `${folder}/model.safetensors`);
 * const model = new nn.Linear(2, 1);
 * const [missing, unexpected] = load_model(model, `${folder}/model.safetensors`);
 * print(missing, unexpected, model.weight.detach());
 * rmSync(folder, { recursive: true });
 * ```
 * ```python
 * import tempfile
 * from safetensors.torch import load_model, save_model
 * with tempfile.TemporaryDirectory() as folder:
 *     save_model(nn.Linear(2, 1), f'{folder}/model.safetensors')
 *     model = nn.Linear(2, 1)
 *     missing, unexpected = load_model(model, f'{folder}/model.safetensors')
 *     print(list(missing), list(unexpected), model.weight.detach())
 * ```
 */
export function load_model(
  model: Module,
  filename: string | NodeURL,
  strict?: boolean,
  device?: DeviceLike,
  options?: { strict?: boolean; device?: DeviceLike; backend?: 'mmap' },
): [missing: string[], unexpected: string[]];
export function load_model(
  model: Module,
  filename: string | NodeURL,
  ...args: Tail<[strict: boolean, device: DeviceLike], { strict?: boolean; device?: DeviceLike; backend?: 'mmap' }>
): [missing: string[], unexpected: string[]];
export function load_model(
  model: Module,
  options: { filename: string | NodeURL; strict?: boolean; device?: DeviceLike; backend?: 'mmap' },
): [missing: string[], unexpected: string[]];
export function load_model(options: {
  model: Module;
  filename: string | NodeURL;
  strict?: boolean;
  device?: DeviceLike;
  backend?: 'mmap';
}): [missing: string[], unexpected: string[]];
export function load_model(...args: unknown[]): [missing: string[], unexpected: string[]] {
  const { model, filename, strict = true, device = 'cpu', backend = 'mmap' } = LOAD_MODEL.read(args);
  check_backend('load_model', backend);
  const state = load_file(filename, device);
  const duplicates = new Set([...duplicate_names(model.state_dict(), new Set(Object.keys(state))).values()].flat());
  const { missing_keys, unexpected_keys } = model.load_state_dict(state, { strict: false });
  const missing = missing_keys.filter((name) => !duplicates.has(name));
  const unexpected = [...unexpected_keys, ...[...duplicates].filter((name) => !missing_keys.includes(name))];
  if (strict && missing.length + unexpected.length > 0) {
    const lines = (
      [
        ['Missing', missing],
        ['Unexpected', unexpected],
      ] as const
    )
      .filter(([, names]) => names.length > 0)
      .map(
        ([what, names]) =>
          `\n    ${what} key(s) in state_dict: ${[...names]
            .sort()
            .map((name) => `"${name}"`)
            .join(', ')}`,
      );
    throw new Error(`Error(s) in loading state_dict for ${model._get_name()}:${lines.join('')}`);
  }
  return [missing, unexpected];
}
