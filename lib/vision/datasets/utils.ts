/** Downloads and archives. Mirrors `torchvision.datasets.utils`. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

import { FileSource } from '../../_internal/io/byte_source.js';
import { expand_user } from '../../_internal/io/expand_user.js';
import { ZipReader } from '../../_internal/io/zip_reader.js';
import { signature, type Arguments } from '../../_internal/signature.js';
import { unpack_bzip2 } from './bzip2.js';
import { unpack_xz } from './xz.js';
import { place_within } from './place_within.js';
import { run_beside } from './run_beside.js';

// ---- Checksums ----------------------------------------------------------------------------------

const CALCULATE_MD5 = signature<{ fpath: string; chunk_size?: number }>(
  'calculate_md5',
  'fpath: str, chunk_size?: int',
);

/**
 * The MD5 of a file, in hexadecimal digits. Mirrors `torchvision.datasets.utils.calculate_md5`.
 *
 * @param fpath - the file
 * @param chunk_size - how many bytes are read at once; default 1 MiB
 * @throws Error when the file cannot be read
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * writeFileSync(`${folder}/x`, 'text');
 * print(datasets.utils.calculate_md5(`${folder}/x`)); // 1cb251ec0d568de6a929b520c4aed8d1
 * rmSync(folder, { recursive: true });
 * ```
 */
export function calculate_md5(
  ...args: Arguments<
    [fpath: string, chunk_size?: number],
    { fpath: string; chunk_size?: number },
    ['fpath', 'chunk_size']
  >
): string;
export function calculate_md5(...args: unknown[]): string {
  const { fpath, chunk_size = 1 << 20 } = CALCULATE_MD5.read(args);
  const hash = createHash('md5');
  const file = fs.openSync(fpath, 'r');
  try {
    const chunk = Buffer.allocUnsafe(Math.max(chunk_size, 1));
    for (let read = fs.readSync(file, chunk); read > 0; read = fs.readSync(file, chunk))
      hash.update(chunk.subarray(0, read));
  } finally {
    fs.closeSync(file);
  }
  return hash.digest('hex');
}

const CHECK_MD5 = signature<{ fpath: string; md5: string }>('check_md5', 'fpath: str, md5: str');

/**
 * Whether a file has this MD5. Mirrors `torchvision.datasets.utils.check_md5`.
 *
 * @param fpath - the file
 * @param md5 - in hexadecimal digits
 * @throws Error when the file cannot be read
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * writeFileSync(`${folder}/x`, 'text');
 * print(datasets.utils.check_md5(`${folder}/x`, '1cb251ec0d568de6a929b520c4aed8d1')); // True
 * rmSync(folder, { recursive: true });
 * ```
 */
export function check_md5(
  ...args: Arguments<[fpath: string, md5: string], { fpath: string; md5: string }, ['fpath', 'md5']>
): boolean;
export function check_md5(...args: unknown[]): boolean {
  const { fpath, md5 } = CHECK_MD5.read(args);
  return calculate_md5(fpath) === md5;
}

const CHECK_INTEGRITY = signature<{ fpath: string; md5?: string | null }>(
  'check_integrity',
  'fpath: str, md5?: str|None',
);

/**
 * Whether there is such a file, with this MD5 where one is given. Mirrors
 * `torchvision.datasets.utils.check_integrity`.
 *
 * @param fpath - the file
 * @param md5 - in hexadecimal digits; default null: any
 * @throws Error when the file cannot be read
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * print(datasets.utils.check_integrity('./missing')); // False
 * ```
 */
export function check_integrity(
  ...args: Arguments<[fpath: string, md5?: string | null], { fpath: string; md5?: string | null }, ['fpath', 'md5']>
): boolean;
export function check_integrity(...args: unknown[]): boolean {
  const { fpath, md5 = null } = CHECK_INTEGRITY.read(args);
  if (fs.statSync(fpath, { throwIfNoEntry: false })?.isFile() !== true) return false;
  return md5 === null || check_md5(fpath, md5);
}

// ---- Downloads ----------------------------------------------------------------------------------

interface DownloadArguments {
  url: string;
  root: string;
  filename?: string | null;
  md5?: string | null;
  max_redirect_hops?: number;
}

const DOWNLOAD_URL = signature<DownloadArguments>(
  'download_url',
  'url: str, root: str, filename?: str|None, md5?: str|None, max_redirect_hops?: int',
);

/** Downloads into `part`, going on where an earlier download has stopped. */
function fetch_into(url: string, part: string, md5: string | null): void {
  const resumed = fs.existsSync(part);
  run_beside('fetch_file', [url, part], url);
  if (check_integrity(part, md5)) return;
  fs.rmSync(part);
  // The beginning may have been of another file.
  if (resumed) {
    run_beside('fetch_file', [url, part], url);
    if (check_integrity(part, md5)) return;
    fs.rmSync(part);
  }
  throw new Error('File not found or corrupted.');
}

/**
 * Downloads a file, unless it is there already. It appears under its name only when it is whole and has the MD5; what an
 * interrupted download has left, `<name>.part`, is gone on with. Mirrors `torchvision.datasets.utils.download_url`.
 *
 * @param url - `http:` or `https:`
 * @param root - the folder for the file
 * @param filename - its name there; default null: the last part of the URL
 * @param md5 - its MD5; default null: not checked
 * @param max_redirect_hops - has no effect: ten are followed
 * @throws Error with the reason when it cannot be downloaded, or has another MD5
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   datasets.utils.download_url('http://localhost:1/x.zip', './missing');
 * } catch (error) {
 *   print((error as Error).message.startsWith('http://localhost:1/x.zip: ')); // True
 * }
 * ```
 */
export function download_url(
  ...args: Arguments<
    [url: string, root: string, filename?: string | null, md5?: string | null, max_redirect_hops?: number],
    DownloadArguments,
    ['url', 'root', 'filename', 'md5', 'max_redirect_hops']
  >
): void;
export function download_url(...args: unknown[]): void {
  const { url, root, filename = null, md5 = null } = DOWNLOAD_URL.read(args);
  const folder = expand_user(root);
  const path = join(folder, filename || basename(new URL(url).pathname));
  if (check_integrity(path, md5)) return;
  if (!/^https?:/.test(url))
    throw new Error(`download_url(): argument 'url' must begin with http: or https:, not ${url}`);
  fs.mkdirSync(folder, { recursive: true });
  const part = `${path}.part`;
  fetch_into(url, part, md5);
  fs.renameSync(part, path);
}

interface GoogleDriveArguments {
  file_id: string;
  root: string;
  filename?: string | null;
  md5?: string | null;
}

const DOWNLOAD_FILE_FROM_GOOGLE_DRIVE = signature<GoogleDriveArguments>(
  'download_file_from_google_drive',
  'file_id: str, root: str, filename?: str|None, md5?: str|None',
);

/**
 * Downloads a file of Google Drive, unless it is there already; see {@link download_url}. Mirrors
 * `torchvision.datasets.utils.download_file_from_google_drive`, which needs gdown: here nothing else is needed.
 *
 * @param file_id - the id of the file
 * @param root - the folder for the file
 * @param filename - its name there; default null: the id
 * @param md5 - its MD5; default null: not checked. A file that is downloaded too often comes as a page that says so, which
 *   only the MD5 shows
 * @throws Error with the reason when it cannot be downloaded, or has another MD5
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * writeFileSync(`${folder}/x`, 'text');
 * datasets.utils.download_file_from_google_drive('id', folder, 'x', '1cb251ec0d568de6a929b520c4aed8d1');
 * print(datasets.utils.list_files(folder, '')); // ['x']
 * rmSync(folder, { recursive: true });
 * ```
 */
export function download_file_from_google_drive(
  ...args: Arguments<
    [file_id: string, root: string, filename?: string | null, md5?: string | null],
    GoogleDriveArguments,
    ['file_id', 'root', 'filename', 'md5']
  >
): void;
export function download_file_from_google_drive(...args: unknown[]): void {
  const { file_id, root, filename, md5 = null } = DOWNLOAD_FILE_FROM_GOOGLE_DRIVE.read(args);
  // Large files have a page in between, which `confirm` leaves out.
  const url = `https://drive.usercontent.google.com/download?id=${encodeURIComponent(file_id)}&export=download&confirm=t`;
  download_url(url, root, filename || file_id, md5);
}

// ---- Archives -----------------------------------------------------------------------------------

/** The type of an archive, and how it is compressed, by its name. @throws Error for another name */
function file_type(path: string): { suffix: string; archive: '.tar' | '.zip' | null; compression: string | null } {
  const name = basename(path);
  const suffix = extname(name);
  if (suffix === '') {
    throw new Error(`File '${path}' has no suffixes that could be used to detect the archive type and compression.`);
  }
  if (suffix === '.tgz') return { suffix, archive: '.tar', compression: '.gz' };
  if (suffix === '.tbz' || suffix === '.tbz2') return { suffix, archive: '.tar', compression: '.bz2' };
  if (suffix === '.tar' || suffix === '.zip') return { suffix, archive: suffix, compression: null };
  if (!['.gz', '.bz2', '.xz'].includes(suffix)) {
    throw new Error(
      `Unknown compression or archive type: '${suffix}'.\nKnown suffixes are: ` +
        `'['.bz2', '.gz', '.tar', '.tbz', '.tbz2', '.tgz', '.xz', '.zip']'.`,
    );
  }
  const inner = extname(name.slice(0, -suffix.length));
  if (inner === '.tar' || inner === '.zip') return { suffix: inner + suffix, archive: inner, compression: suffix };
  return { suffix, archive: null, compression: suffix };
}

function extract_zip(path: string, target: string): void {
  const source = new FileSource(path);
  try {
    const zip = new ZipReader(source, path);
    for (const record of zip.records.values()) {
      const place = place_within(target, record.name);
      if (/[/\\]$/.test(record.name)) {
        fs.mkdirSync(place, { recursive: true });
        continue;
      }
      fs.mkdirSync(dirname(place), { recursive: true });
      if (fs.lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
        throw new Error(`${place} is a link, which is not written through`);
      }
      fs.writeFileSync(place, zip.read(record));
    }
  } finally {
    source.close();
  }
}

function decompress(path: string, target: string, compression: string): void {
  if (compression === '.gz') run_beside('extract_file', [path, target, 'gz'], path);
  else if (compression === '.bz2') fs.writeFileSync(target, unpack_bzip2(fs.readFileSync(path), path));
  else fs.writeFileSync(target, unpack_xz(fs.readFileSync(path), path));
}

function extract(path: string, target: string): string {
  const { suffix, archive, compression } = file_type(path);
  fs.mkdirSync(target, { recursive: true });
  if (archive === null) {
    const file = join(target, basename(path).replace(suffix, ''));
    decompress(path, file, compression!);
    return file;
  }
  if (archive === '.zip' && compression === null) extract_zip(path, target);
  else if (archive === '.tar' && (compression === null || compression === '.gz')) {
    run_beside('extract_file', [path, target, compression === null ? 'tar' : 'tar.gz'], path);
  } else {
    const inner = `${path}.${process.pid}${archive}`;
    try {
      decompress(path, inner, compression!);
      extract(inner, target);
    } finally {
      fs.rmSync(inner, { force: true });
    }
  }
  return target;
}

interface ExtractArguments {
  from_path: string;
  to_path?: string | null;
  remove_finished?: boolean;
}

const EXTRACT_ARCHIVE = signature<ExtractArguments>(
  'extract_archive',
  'from_path: str, to_path?: str|None, remove_finished?: bool',
);

/**
 * Extracts an archive (`.tar`, `.zip`, `.tar.gz`, `.tgz`, `.tar.bz2`, ...), or unpacks a file (`.gz`, `.bz2`, `.xz`); the
 * name says which. Mirrors `torchvision.datasets.utils.extract_archive`.
 *
 * Members whose path is absolute or leads out of the folder, links and devices are refused.
 *
 * @param from_path - the archive
 * @param to_path - the folder to extract to; default null: that of the archive
 * @param remove_finished - delete the archive when it is extracted; default false
 * @returns the folder, or the unpacked file
 * @throws Error for an archive that is damaged, of another kind, or has such members
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { gzipSync } from 'node:zlib';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * writeFileSync(`${folder}/x.txt.gz`, gzipSync('text'));
 * print(datasets.utils.extract_archive(`${folder}/x.txt.gz`) === `${folder}/x.txt`); // True
 * rmSync(folder, { recursive: true });
 * ```
 */
export function extract_archive(
  ...args: Arguments<
    [from_path: string, to_path?: string | null, remove_finished?: boolean],
    ExtractArguments,
    ['from_path', 'to_path', 'remove_finished']
  >
): string;
export function extract_archive(...args: unknown[]): string {
  const { from_path, to_path = null, remove_finished = false } = EXTRACT_ARCHIVE.read(args);
  const path = expand_user(from_path);
  const extracted = extract(path, to_path === null ? dirname(path) : expand_user(to_path));
  if (remove_finished) fs.rmSync(path);
  return extracted;
}

interface DownloadAndExtractArguments {
  url: string;
  download_root: string;
  extract_root?: string | null;
  filename?: string | null;
  md5?: string | null;
  remove_finished?: boolean;
}

const DOWNLOAD_AND_EXTRACT_ARCHIVE = signature<DownloadAndExtractArguments>(
  'download_and_extract_archive',
  'url: str, download_root: str, extract_root?: str|None, filename?: str|None, md5?: str|None, remove_finished?: bool',
);

/**
 * Downloads an archive, and extracts it; see {@link download_url} and {@link extract_archive}. Mirrors
 * `torchvision.datasets.utils.download_and_extract_archive`.
 *
 * @param url - `http:` or `https:`
 * @param download_root - the folder for the archive
 * @param extract_root - the folder to extract to; default null: the same
 * @param filename - the name of the archive; default null: the last part of the URL
 * @param md5 - its MD5; default null: not checked
 * @param remove_finished - delete the archive when it is extracted; default false
 * @throws Error when it cannot be downloaded or extracted
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   datasets.utils.download_and_extract_archive('http://localhost:1/x.zip', './missing');
 * } catch (error) {
 *   print((error as Error).message.startsWith('http://localhost:1/x.zip: ')); // True
 * }
 * ```
 */
export function download_and_extract_archive(
  ...args: Arguments<
    [
      url: string,
      download_root: string,
      extract_root?: string | null,
      filename?: string | null,
      md5?: string | null,
      remove_finished?: boolean,
    ],
    DownloadAndExtractArguments,
    ['url', 'download_root', 'extract_root', 'filename', 'md5', 'remove_finished']
  >
): void;
export function download_and_extract_archive(...args: unknown[]): void {
  const given = DOWNLOAD_AND_EXTRACT_ARCHIVE.read(args);
  const { url, extract_root = null, md5 = null, remove_finished = false } = given;
  const download_root = expand_user(given.download_root);
  const filename = given.filename || basename(new URL(url).pathname);
  download_url(url, download_root, filename, md5);
  extract_archive(join(download_root, filename), extract_root ?? download_root, remove_finished);
}

// ---- Folders and arguments ----------------------------------------------------------------------

const LIST_DIR = signature<{ root: string; prefix?: boolean }>('list_dir', 'root: str, prefix?: bool');
const LIST_FILES = signature<{ root: string; suffix: string | readonly string[]; prefix?: boolean }>(
  'list_files',
  'root: str, suffix: str|str[], prefix?: bool',
);

function listed(root: string, prefix: boolean, wanted: (path: string, name: string) => boolean): string[] {
  const folder = expand_user(root);
  const names = fs.readdirSync(folder).filter((name) => wanted(join(folder, name), name));
  return prefix ? names.map((name) => join(folder, name)) : names;
}

/**
 * The folders in a folder. Mirrors `torchvision.datasets.utils.list_dir`.
 *
 * @param root - the folder
 * @param prefix - whether the names begin with its path; default false
 * @throws Error when it cannot be read
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * mkdirSync(`${folder}/cats`);
 * print(datasets.utils.list_dir(folder)); // ['cats']
 * rmSync(folder, { recursive: true });
 * ```
 */
export function list_dir(
  ...args: Arguments<[root: string, prefix?: boolean], { root: string; prefix?: boolean }, ['root', 'prefix']>
): string[];
export function list_dir(...args: unknown[]): string[] {
  const { root, prefix = false } = LIST_DIR.read(args);
  return listed(root, prefix, (path) => fs.statSync(path).isDirectory());
}

/**
 * The files in a folder whose names end with a suffix, or with one of several. Mirrors
 * `torchvision.datasets.utils.list_files`.
 *
 * @param root - the folder
 * @param suffix - such as `'.png'`
 * @param prefix - whether the names begin with its path; default false
 * @throws Error when it cannot be read
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * const folder = mkdtempSync(`${tmpdir()}/torch-`);
 * writeFileSync(`${folder}/a.png`, '');
 * print(datasets.utils.list_files(folder, '.png')); // ['a.png']
 * rmSync(folder, { recursive: true });
 * ```
 */
export function list_files(
  ...args: Arguments<
    [root: string, suffix: string | readonly string[], prefix?: boolean],
    { root: string; suffix: string | readonly string[]; prefix?: boolean },
    ['root', 'suffix', 'prefix']
  >
): string[];
export function list_files(...args: unknown[]): string[] {
  const { root, suffix, prefix = false } = LIST_FILES.read(args);
  const suffixes = typeof suffix === 'string' ? [suffix] : suffix;
  return listed(root, prefix, (path, name) => suffixes.some((end) => name.endsWith(end)) && fs.statSync(path).isFile());
}

const VERIFY_STR_ARG = signature<{ value: string; arg?: string | null; valid_values?: readonly string[] | null }>(
  'verify_str_arg',
  'value: str, arg?: str|None, valid_values?: str[]|None',
);

/**
 * A text that must be one of several. Mirrors `torchvision.datasets.utils.verify_str_arg`.
 *
 * @param value - the text
 * @param arg - what error texts call it; default null
 * @param valid_values - the allowed ones; default null: all
 * @returns the text
 * @throws Error for another one
 * @example
 * ```ts
 * import { datasets } from 'torch-node/vision';
 * try {
 *   datasets.utils.verify_str_arg('tset', 'split', ['train', 'test']);
 * } catch (error) {
 *   print((error as Error).message); // Unknown value 'tset' for argument split. Valid values are {'train', 'test'}.
 * }
 * ```
 */
export function verify_str_arg<const V extends string>(
  value: string,
  arg?: string | null,
  valid_values?: readonly V[] | null,
): V;
export function verify_str_arg(
  value: string,
  options?: { arg?: string | null; valid_values?: readonly string[] | null },
): string;
export function verify_str_arg(options: {
  value: string;
  arg?: string | null;
  valid_values?: readonly string[] | null;
}): string;
export function verify_str_arg(...args: unknown[]): string {
  const { value, arg = null, valid_values = null } = VERIFY_STR_ARG.read(args);
  if (valid_values === null || valid_values.includes(value)) return value;
  const listed_values = valid_values.map((each) => `'${each}'`).join(', ');
  throw new Error(`Unknown value '${value}' for argument ${arg ?? 'None'}. Valid values are {${listed_values}}.`);
}
