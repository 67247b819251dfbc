/** `torch.hub`: files of weights from the network. What Python does while a call waits, here a promise does. */
import { existsSync, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { FileSource } from './_internal/io/byte_source.js';
import type { Tail } from './_internal/arguments.js';
import { load } from './serialization/load.js';
import type { MapLocation } from './serialization/storage_location.js';
import { is_zip, ZipReader } from './_internal/io/zip_reader.js';
import { no_arguments, signature } from './_internal/signature.js';
import { expand_user } from './_internal/io/expand_user.js';

const { download } = require('../scripts/install/download.js') as {
  download(url: string, file: string, options: { sha256: string | null; progress: boolean }): Promise<string>;
};

const hash_in_name = /-([a-f0-9]*)\./;

let directory: string | undefined;

/**
 * The folder of downloaded files: that of {@link set_dir}, else `$TORCH_HOME/hub`, where `TORCH_HOME` defaults to
 * `$XDG_CACHE_HOME/torch` and `~/.cache/torch`. Mirrors `torch.hub.get_dir`.
 * @example
 * ```ts
 * torch.hub.set_dir('/tmp/hub');
 * print(torch.hub.get_dir());
 * ```
 * ```python
 * torch.hub.set_dir('/tmp/hub')
 * print(torch.hub.get_dir())
 * ```
 */
export function get_dir(): string;
export function get_dir(...none: unknown[]): string {
  no_arguments('get_dir', none);
  if (directory !== undefined) return directory;
  const { TORCH_HOME, XDG_CACHE_HOME } = process.env;
  return join(expand_user(TORCH_HOME ?? join(XDG_CACHE_HOME ?? '~/.cache', 'torch')), 'hub');
}

interface DownloadOptions {
  /** First digits of the SHA-256 of the file. Default null: not checked. */
  hash_prefix?: string | null;
  /** Draw a progress bar on stderr. Default true. */
  progress?: boolean;
}

const SET_DIR = signature<{ d: string }>('set_dir', 'd: str');
const DOWNLOAD = signature<DownloadOptions & { url: string; dst: string }>(
  'download_url_to_file',
  'url: str, dst: str, hash_prefix?: str|None, progress?: bool',
);
const LOAD_FROM_URL = signature<LoadFromUrlOptions & { url: string }>(
  'load_state_dict_from_url',
  'url: str, model_dir?: str|None, map_location?: any, progress?: bool, check_hash?: bool, file_name?: str|None, weights_only?: bool',
);

/**
 * Sets the folder of downloaded files. Mirrors `torch.hub.set_dir`.
 *
 * @param d - the folder, where `~` is the home folder
 * @throws TypeError for an argument of a wrong type
 * @example
 * ```ts
 * torch.hub.set_dir('/tmp/hub');
 * print(torch.hub.get_dir());
 * ```
 * ```python
 * torch.hub.set_dir('/tmp/hub')
 * print(torch.hub.get_dir())
 * ```
 */
export function set_dir(d: string): void;
export function set_dir(...args: unknown[]): void {
  directory = expand_user(SET_DIR.read(args).d);
}

/**
 * Downloads a file. Mirrors `torch.hub.download_url_to_file`, as a promise.
 *
 * The file appears under its name when it is complete and checked; an interrupted download is continued by the next
 * call.
 *
 * ```ts
 * await torch.hub.download_url_to_file('https://download.pytorch.org/models/resnet18-f37072fd.pth', 'resnet18.pth');
 * ```
 *
 * @param url - `http:` or `https:`
 * @param dst - path of the file
 * @param hash_prefix - first digits of its SHA-256; default null, not checked
 * @param progress - draw a progress bar on stderr; default true
 * @throws Error when the server does not answer or the connection ends early, or the hash differs
 * @example
 * ```ts
 * import { readFileSync, rmSync } from 'node:fs';
 * import { createServer } from 'node:http';
 * import type { AddressInfo } from 'node:net';
 * const server = createServer((_request, response) => response.end('weights')).listen(0);
 * const { port } = server.address() as AddressInfo;
 * await torch.hub.download_url_to_file(`http://localhost:${port}/net.pth`, 'net.pth', { progress: false });
 * print(readFileSync('net.pth', 'utf8')); // weights
 * server.close();
 * rmSync('net.pth');
 * ```
 */
export function download_url_to_file(
  url: string,
  dst: string,
  hash_prefix?: string | null,
  progress?: boolean,
  options?: DownloadOptions,
): Promise<void>;
export async function download_url_to_file(
  url: string,
  dst: string,
  ...options: Tail<[hash_prefix: string | null, progress: boolean], DownloadOptions>
): Promise<void>;
export async function download_url_to_file(options: DownloadOptions & { url: string; dst: string }): Promise<void>;
export async function download_url_to_file(...args: unknown[]): Promise<void> {
  const { url, dst, hash_prefix = null, progress = true } = DOWNLOAD.read(args);
  await download(url, expand_user(dst), { sha256: hash_prefix, progress });
}

/** The options of {@link load_state_dict_from_url}. */
export interface LoadFromUrlOptions {
  /** Folder of the file. Default null: `checkpoints` in {@link get_dir}. */
  model_dir?: string | null;
  /** Device of the tensors, as in `torch.load`. Default null. */
  map_location?: MapLocation | null;
  /** Draw a progress bar on stderr. Default true. */
  progress?: boolean;
  /** Check the file against the digits of its SHA-256 in its name, as in `resnet18-f37072fd.pth`. Default false. */
  check_hash?: boolean;
  /** Name of the file. Default null: the end of the URL. */
  file_name?: string | null;
  /** Always true: only tensors and plain values are loaded. */
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
 * Loads what `torch.save` saved from a URL; the file is downloaded once, into {@link get_dir}. Mirrors
 * `torch.hub.load_state_dict_from_url`, as a promise.
 *
 * ```ts
 * const state = await torch.hub.load_state_dict_from_url<StateDict>(
 *   'https://download.pytorch.org/models/resnet18-f37072fd.pth', { check_hash: true });
 * ```
 *
 * @param url - `http:` or `https:`
 * @param options - `model_dir`, `map_location`, `progress`, `check_hash`, `file_name`, `weights_only`; see {@link
 * LoadFromUrlOptions}
 * @throws Error when the file cannot be downloaded, has the wrong hash, or `torch.load` does not allow it
 * @example
 * ```ts
 * import { mkdtempSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const model_dir = mkdtempSync(`${tmpdir()}/torch-`);
 * torch.save({ weight: torch.tensor([0.5, 1.5]) }, `${model_dir}/net.pth`);
 * print(await torch.hub.load_state_dict_from_url('https://localhost/net.pth', { model_dir })); // found in the folder
 * rmSync(model_dir, { recursive: true });
 * ```
 * ```python
 * import tempfile
 * with tempfile.TemporaryDirectory() as model_dir:
 *     torch.save({'weight': torch.tensor([0.5, 1.5])}, f'{model_dir}/net.pth')
 *     print(torch.hub.load_state_dict_from_url('https://localhost/net.pth', model_dir=model_dir))
 * ```
 */
export function load_state_dict_from_url<T = unknown>(
  url: string,
  model_dir?: string | null,
  map_location?: MapLocation | null,
  progress?: boolean,
  check_hash?: boolean,
  file_name?: string | null,
  options?: LoadFromUrlOptions,
): Promise<T>;
export async function load_state_dict_from_url<T = unknown>(
  url: string,
  ...options: Tail<
    [
      model_dir: string | null,
      map_location: MapLocation | null,
      progress: boolean,
      check_hash: boolean,
      file_name: string | null,
    ],
    LoadFromUrlOptions
  >
): Promise<T>;
export async function load_state_dict_from_url<T = unknown>(options: LoadFromUrlOptions & { url: string }): Promise<T>;
export async function load_state_dict_from_url<T>(...args: unknown[]): Promise<T> {
  const {
    url,
    model_dir,
    map_location = null,
    progress = true,
    check_hash = false,
    file_name,
    weights_only = true,
  } = LOAD_FROM_URL.read(args);
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
export * from './absent/hub.js';
