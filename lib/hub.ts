/** `torch.hub`: files of weights from the network. What Python does while a call waits, here a promise does. */
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { FileSource } from './byte_source.js';
import { bind, string_argument, type Tail } from './nn/arguments.js';
import { load } from './serialization/load.js';
import type { MapLocation } from './serialization/storage_location.js';
import { is_zip, ZipReader } from './zip_reader.js';

const { download } = require('../scripts/download.js') as {
  download(url: string, file: string, options: { sha256: string | null; progress: boolean }): Promise<string>;
};

const hash_in_name = /-([a-f0-9]*)\./;

let directory: string | undefined;

function expand_user(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

/**
 * The folder of downloaded files: what {@link set_dir} said, else `$TORCH_HOME/hub`, where `TORCH_HOME` is
 * `$XDG_CACHE_HOME/torch` or `~/.cache/torch` unless it is set. Python's folder. Mirrors `torch.hub.get_dir`.
 */
export function get_dir(): string {
  if (directory !== undefined) return directory;
  const { TORCH_HOME, XDG_CACHE_HOME } = process.env;
  return join(expand_user(TORCH_HOME ?? join(XDG_CACHE_HOME ?? '~/.cache', 'torch')), 'hub');
}

/** Says where downloaded files go; mirrors `torch.hub.set_dir`. */
export function set_dir(d: string): void {
  string_argument('set_dir', 'd', d);
  directory = expand_user(d);
}

/**
 * Downloads a file; mirrors `torch.hub.download_url_to_file`. It appears under its name when it is complete and checked;
 * a download that broke off is continued by the next one.
 * @param url - `http:` or `https:`
 * @param dst - path of the file
 * @param args - `hash_prefix`: the first digits of its SHA-256; `progress`: draw a bar on stderr (default true)
 * @throws Error when the server does not answer, breaks off, or sends something else
 */
export async function download_url_to_file(
  url: string, dst: string,
  ...args: Tail<[hash_prefix: string | null, progress: boolean], { hash_prefix?: string | null; progress?: boolean }>
): Promise<void> {
  string_argument('download_url_to_file', 'url', url);
  string_argument('download_url_to_file', 'dst', dst);
  const { hash_prefix = null, progress = true } = bind<{ hash_prefix?: string | null; progress?: boolean }>(
    'download_url_to_file', ['hash_prefix', 'progress'], args);
  await download(url, expand_user(dst), { sha256: hash_prefix, progress });
}

/** What {@link load_state_dict_from_url} takes by name. */
export interface LoadFromUrlOptions {
  /** The folder of the file. Default `checkpoints` in {@link get_dir}. */
  model_dir?: string | null;
  /** Where the tensors go, as in `torch.load`. */
  map_location?: MapLocation | null;
  /** Draw a bar on stderr. Default true. */
  progress?: boolean;
  /** The file's name has the first digits of its SHA-256, as in `resnet18-5c106cde.pth`: check them. Default false. */
  check_hash?: boolean;
  /** The name of the file; by default the end of the URL. */
  file_name?: string | null;
  /** There is no other way. */
  weights_only?: true;
}

/** A zip archive with one file of weights in it, as it was common once; undefined when it is none. */
function packed_weights(path: string): Buffer | undefined {
  const source = new FileSource(path);
  try {
    if (!is_zip(source)) return undefined;
    const zip = new ZipReader(source, path);
    const [record, ...others] = zip.records.values();
    return record === undefined || others.length > 0 ? undefined : zip.read(record);
  } finally {
    source.close();
  }
}

/**
 * Loads what `torch.save` saved from a URL. The file is downloaded once, into {@link get_dir}. Mirrors
 * `torch.hub.load_state_dict_from_url`.
 * @throws Error when it cannot be downloaded, has the wrong hash, or `torch.load` refuses it
 * @example
 * ```ts
 * const state = await torch.hub.load_state_dict_from_url<StateDict>(
 *   'https://download.pytorch.org/models/resnet18-f37072fd.pth', { check_hash: true });
 * ```
 */
export async function load_state_dict_from_url<T = unknown>(
  url: string,
  ...args: Tail<[model_dir: string | null, map_location: MapLocation | null, progress: boolean, check_hash: boolean,
    file_name: string | null], LoadFromUrlOptions>
): Promise<T> {
  string_argument('load_state_dict_from_url', 'url', url);
  const { model_dir, map_location = null, progress = true, check_hash = false, file_name, weights_only = true } =
    bind<LoadFromUrlOptions>('load_state_dict_from_url',
      ['model_dir', 'map_location', 'progress', 'check_hash', 'file_name', 'weights_only'], args);
  const name = file_name ?? basename(new URL(url).pathname);
  if (name === '') throw new Error(`load_state_dict_from_url(): ${url} names no file; give a file_name`);
  const cached = join(expand_user(model_dir ?? join(get_dir(), 'checkpoints')), name);
  if (!existsSync(cached)) {
    mkdirSync(dirname(cached), { recursive: true });
    process.stdout.write(`Downloading: "${url}" to ${cached}\n`);
    const hash_prefix = check_hash ? (hash_in_name.exec(name)?.[1] ?? null) : null;
    await download_url_to_file(url, cached, hash_prefix, progress);
  }
  return load<T>(packed_weights(cached) ?? cached, { map_location, weights_only });
}
