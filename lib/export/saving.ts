/** Writing programs as `torch.export.save` does: a zip archive of JSON, weights and constants. */
import { createHash } from 'node:crypto';

import type { Sink } from '../_internal/io/durable_file.js';
import { ZipWriter } from '../_internal/io/zip_writer.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { python_float } from '../_internal/representation.js';
import { Parameter } from '../nn/parameter.js';
import { Tuple } from '../python/values.js';
import { save as save_checkpoint } from '../serialization/save.js';
import { storage_chunks } from '../storage.js';
import type { Tensor } from '../_tensor.js';
import type { ArchiveContents } from './archive.js';
import { code_of_dtype, code_of_layout, written_device } from './numbers.js';
import type { Payload, SymInt, TensorMeta, WrittenProgram } from './schema.js';

const model = 'model';
const alignment = 64;

// ---- JSON ---------------------------------------------------------------------------------------

const number_text = (value: number | bigint): string => String(value);

/** A float as JSON: with a point, so that Python does not take it for an int. */
function float_text(value: number): string {
  if (Number.isFinite(value)) return python_float(value);
  if (Number.isNaN(value)) return '"NaN"';
  return value > 0 ? '"Infinity"' : '"-Infinity"';
}

const floats = new Set(['as_float', 'as_floats', 'as_float_lists', 'as_complex', 'as_sym_float', 'as_sym_floats']);

/** A value as JSON. Unions are `{type, value}` here, and `{"<type>": value}` there. */
function json_of(value: unknown, as_float = false): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number') return as_float ? float_text(value) : number_text(value);
  if (typeof value === 'bigint') return number_text(value);
  if (typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((element) => json_of(element, as_float)).join(', ')}]`;
  const entries = value instanceof Map ? [...(value as Map<string, unknown>)] : Object.entries(value);
  const fields = (list: readonly (readonly [string, unknown])[]): string =>
    `{${list.map(([key, its]) => `${JSON.stringify(key)}: ${json_of(its, as_float)}`).join(', ')}}`;
  if (value instanceof Map) return fields(entries);
  const { type, value: payload } = value as { type?: unknown; value?: unknown };
  if (typeof type === 'string' && entries.length === 2 && Object.hasOwn(value, 'value')) {
    return `{${JSON.stringify(type)}: ${type === 'as_none' ? 'true' : json_of(payload, floats.has(type))}}`;
  }
  return fields(entries);
}

/** The program as JSON. */
export const program_json = (program: WrittenProgram): string => json_of(program);

// ---- Tensors ------------------------------------------------------------------------------------

const static_size = (value: number): SymInt => ({ type: 'as_int', value });

function meta_of(tensor: Tensor): TensorMeta {
  return {
    dtype: code_of_dtype(tensor.dtype),
    sizes: tensor.shape.map(static_size),
    requires_grad: tensor.requires_grad,
    device: written_device(String(tensor.device)),
    strides: tensor.stride().map(static_size),
    storage_offset: static_size(tensor.storage_offset()),
    layout: code_of_layout(tensor.layout),
  };
}

/** Adds the tensors of a folder; those that share a storage share its record. */
function add_tensors(
  zip: ZipWriter,
  name: string,
  folder: string,
  kind: string,
  prefix: string,
  tensors: Readonly<Record<string, Tensor>>,
): void {
  const paths = new Map<string, string>();
  const config = new Map<string, Payload>();
  for (const [its, tensor] of Object.entries(tensors)) {
    const storage = tensor.detach().untyped_storage();
    const key = `${tensor.device} ${storage.data_ptr()}${storage.nbytes() === 0 ? ` ${its}` : ''}`;
    let path_name = paths.get(key);
    if (path_name === undefined) {
      path_name = `${prefix}_${paths.size}`;
      paths.set(key, path_name);
      zip.add(`${name}/${folder}${path_name}`, storage_chunks(storage.cpu()));
    }
    config.set(its, {
      path_name,
      is_param: tensor instanceof Parameter,
      use_pickle: false,
      tensor_meta: meta_of(tensor),
    });
  }
  zip.add(`${name}/${folder}${model}_${kind}_config.json`, [Buffer.from(json_of({ config }))]);
}

/** The value with tuples instead of arrays, as programs take it. */
function as_tuples(value: unknown): unknown {
  if (Array.isArray(value)) return Tuple.from(value.map(as_tuples));
  if (is_plain_object(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, as_tuples(element)]));
  }
  return value;
}

/** Writes an archive. */
export function write_archive(
  sink: Sink,
  name: string,
  { program, state_dict, constants, example_inputs, extra_files }: ArchiveContents,
): void {
  const zip = new ZipWriter(sink, { alignment });
  const add = (path: string, text: string): void => zip.add(`${name}/${path}`, [Buffer.from(text)]);
  add('archive_format', 'pt2');
  add('archive_version', '0');
  const json = program_json(program);
  add(`models/${model}.json`, json);
  add_tensors(zip, name, 'data/weights/', 'weights', 'weight', state_dict);
  add_tensors(zip, name, 'data/constants/', 'constants', 'tensor', constants);
  if (example_inputs !== null) {
    const pieces: Uint8Array[] = [];
    save_checkpoint(as_tuples(example_inputs), {
      write: (bytes: Uint8Array) => void pieces.push(Uint8Array.from(bytes)),
    });
    zip.add(`${name}/data/sample_inputs/${model}.pt`, pieces);
  }
  for (const [path, text] of Object.entries(extra_files)) add(`extra/${path}`, text);
  add('byteorder', 'little');
  add('.data/version', '6\n');
  const digest = BigInt(`0x${createHash('sha256').update(json).digest('hex')}`);
  add('.data/serialization_id', (digest % 10n ** 40n).toString().padStart(40, '0'));
  zip.finish();
}
