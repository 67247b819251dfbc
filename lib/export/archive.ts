/**
 * The archives of `torch.export.save`: zip files with the program as JSON, and each tensor's bytes. Nothing of them is
 * run, and a name in them is that of a record of the archive, never of a file.
 */
import { fileURLToPath } from 'node:url';

import { native } from '../_C/native.js';
import { wrap } from '../_C/tensor_base.js';
import { type ByteSource, FileSource, MemorySource } from '../_internal/io/byte_source.js';
import type { NodeBuffer, NodeURL } from '../_internal/node_types.js';
import { is_zip, type ZipRecord, ZipReader } from '../_internal/io/zip_reader.js';
import { empty_strided } from '../generated/functions.js';
import { Parameter } from '../nn/parameter.js';
import { load as load_checkpoint } from '../serialization/load.js';
import { swap_bytes } from '../serialization/loaded_storage.js';
import { strided } from '../types/dtype.js';
import { storage_chunks, UntypedStorage } from '../storage.js';
import { Tensor } from '../_tensor.js';
import { device_name, dtype_of_code, layout_of_code } from './numbers.js';
import {
  type Payload,
  read_payloads,
  read_program,
  type SymInt,
  type TensorMeta,
  type WrittenProgram,
} from './schema.js';

/** What `torch.export.load` reads: a path, or the bytes of a file. */
export type ProgramSource = string | NodeURL | ArrayBufferView | ArrayBufferLike;

/** What an archive has. */
export interface ArchiveContents {
  readonly program: WrittenProgram;
  /** Parameters and persistent buffers, by their names in the module that was exported. */
  readonly state_dict: Record<string, Tensor>;
  /** Constants, and buffers that are not persistent. */
  readonly constants: Record<string, Tensor>;
  /** Whether the inputs of the export are there: then programs check theirs against them. */
  readonly example_inputs: readonly [args: unknown, kwargs: unknown] | null;
  readonly extra_files: Record<string, string>;
}

// A deflated text may become a thousand times as large: a larger ratio is not a program.
const most_inflated = 2 ** 28;
const format_value = 'pt2';
const version_value = '0';
const model = 'model';

function static_int(size: SymInt, where: string): number {
  if (size.type === 'as_int' && typeof size.value === 'number' && size.value >= 0) return size.value;
  throw new Error(`${where} must be a size`);
}

class Archive {
  private readonly zip: ZipReader;
  private readonly folder: string;
  private readonly big_endian: boolean;

  constructor(
    source: ByteSource,
    private readonly what: string,
  ) {
    this.zip = new ZipReader(source, `load(): ${what}`);
    const [first = ''] = this.zip.records.keys();
    this.folder = first.slice(0, first.indexOf('/') + 1);
    const version = this.text('archive_version').trim();
    if (version !== version_value) {
      throw new Error(`Saved archive version ${version} does not match our current archive version ${version_value}.`);
    }
    const format = this.has('archive_format') ? this.text('archive_format').trim() : format_value;
    if (format !== format_value) throw new Error(`load(): ${what} has the format ${JSON.stringify(format)}`);
    const order = this.has('byteorder') ? this.text('byteorder').trim() : 'little';
    if (order !== 'little' && order !== 'big') {
      throw new Error(`load(): Unknown endianness type: ${JSON.stringify(order)}`);
    }
    this.big_endian = order === 'big';
  }

  private has(name: string): boolean {
    return this.zip.records.has(this.folder + name);
  }

  private record(name: string): ZipRecord {
    const record = this.zip.records.get(this.folder + name);
    if (record === undefined) throw new Error(`load(): ${this.what} has no record ${this.folder}${name}`);
    if (record.deflated && record.size > most_inflated) {
      throw new Error(
        `load(): record ${record.name} unpacks to ${record.size} bytes; more than ${most_inflated} are refused`,
      );
    }
    return record;
  }

  private bytes(name: string): NodeBuffer {
    return this.zip.read(this.record(name));
  }

  private text(name: string): string {
    return this.bytes(name).toString('utf8');
  }

  read(): ArchiveContents {
    const name = `models/${model}.json`;
    const program = read_program(this.text(name), `load(): ${this.what}: ${name}`);
    return {
      program,
      state_dict: this.tensors('data/weights/', 'weights', /^weight_\d+$/),
      constants: this.tensors('data/constants/', 'constants', /^tensor_\d+$/),
      example_inputs: this.example_inputs(),
      extra_files: this.extra_files(),
    };
  }

  private tensors(folder: string, kind: string, names: RegExp): Record<string, Tensor> {
    const legacy = `${folder}${model}.pt`;
    if (this.has(legacy)) return this.legacy_tensors(legacy);
    const config = `${folder}${model}_${kind}_config.json`;
    const payloads = read_payloads(this.text(config), `load(): ${this.what}: ${config}`);
    const storages = new Map<string, Tensor>();
    return Object.fromEntries(
      Array.from(payloads, ([name, payload]) => {
        const where = `load(): ${this.what}: '${name}'`;
        if (!names.test(payload.path_name)) {
          throw new Error(`${where} is a ${payload.path_name}: only tensors are read, no objects of other classes`);
        }
        return [name, this.tensor(folder + payload.path_name, payload, storages, where)];
      }),
    );
  }

  private tensor(path: string, payload: Payload, storages: Map<string, Tensor>, where: string): Tensor {
    if (payload.use_pickle) {
      const loaded = load_checkpoint(this.bytes(path));
      if (!(loaded instanceof Tensor)) throw new Error(`${where} is not a tensor`);
      return payload.is_param ? new Parameter(loaded, loaded.requires_grad) : loaded;
    }
    const meta = payload.tensor_meta;
    if (meta === null) throw new Error(`${where} has no description`);
    const tensor = this.dense(path, meta, storages, where);
    return payload.is_param ? new Parameter(tensor, meta.requires_grad) : tensor;
  }

  private dense(path: string, meta: TensorMeta, storages: Map<string, Tensor>, where: string): Tensor {
    const dtype = dtype_of_code(meta.dtype, where);
    const sizes = meta.sizes.map((size) => static_int(size, `${where}.sizes`));
    const strides = meta.strides.map((stride) => static_int(stride, `${where}.strides`));
    const device = device_name(meta.device);
    if (sizes.length !== strides.length)
      throw new Error(`${where} has ${sizes.length} sizes and ${strides.length} strides`);
    const layout = layout_of_code(meta.layout, where);
    if (layout !== strided) throw new Error(`${where} has the layout ${layout}: bytes are read as torch.strided alone`);
    if (meta.device.type === 'meta') return empty_strided(sizes, strides, { dtype, device });
    const key = `${path} ${device}`;
    let bytes = storages.get(key);
    if (bytes === undefined) {
      const record = this.record(path);
      const storage = new UntypedStorage(record.size);
      this.zip.read_into(record, storage_chunks(storage));
      if (this.big_endian) {
        for (const chunk of storage_chunks(storage)) {
          swap_bytes(chunk.subarray(0, chunk.length - (chunk.length % dtype.itemsize)), dtype);
        }
      }
      bytes = meta.device.type === 'cpu' ? storage._bytes : storage._bytes.to(device);
      storages.set(key, bytes);
    }
    const offset = static_int(meta.storage_offset, `${where}.storage_offset`);
    return wrap(native.over_storage(bytes._h, dtype.code, offset, sizes, strides));
  }

  /** Of archives before 2.9: a file of `torch.save`. */
  private legacy_tensors(path: string): Record<string, Tensor> {
    const loaded = load_checkpoint<Record<string, unknown>>(this.bytes(path));
    for (const [name, value] of Object.entries(loaded)) {
      if (!(value instanceof Tensor)) throw new Error(`load(): ${this.what}: '${name}' is not a tensor`);
    }
    return { ...(loaded as Record<string, Tensor>) };
  }

  private example_inputs(): ArchiveContents['example_inputs'] {
    const path = `data/sample_inputs/${model}.pt`;
    if (!this.has(path)) return null;
    const record = this.record(path);
    if (record.size === 0) return null;
    let found: unknown;
    try {
      found = load_checkpoint(this.zip.read(record));
    } catch {
      // Inputs of other classes than tensors and plain values are not needed to run the program.
      return [null, null];
    }
    return Array.isArray(found) && found.length === 2 ? [found[0], found[1]] : null;
  }

  private extra_files(): Record<string, string> {
    const start = `${this.folder}extra/`;
    return Object.fromEntries(
      [...this.zip.records.keys()]
        .filter((name) => name.startsWith(start) && name.length > start.length)
        .map((name) => [name.slice(start.length), this.text(name.slice(this.folder.length))]),
    );
  }
}

/** @throws Error that names the function, with the system's reason as its cause */
function opened_file(path: string): FileSource {
  try {
    return new FileSource(path);
  } catch (error) {
    throw new Error(`load(): ${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** Reads an archive. @throws Error when it is damaged, or has what is not read */
export function read_archive(f: ProgramSource): ArchiveContents {
  if (typeof f !== 'string' && !(f instanceof URL)) {
    const bytes = ArrayBuffer.isView(f) ? new Uint8Array(f.buffer, f.byteOffset, f.byteLength) : new Uint8Array(f);
    return opened(new MemorySource(bytes), 'the data');
  }
  const path = f instanceof URL ? fileURLToPath(f) : f;
  const source = opened_file(path);
  try {
    return opened(source, path);
  } finally {
    source.close();
  }
}

function opened(source: ByteSource, what: string): ArchiveContents {
  if (!is_zip(source)) throw new Error(`load(): ${what} is not a file of torch.export.save`);
  return new Archive(source, what).read();
}
