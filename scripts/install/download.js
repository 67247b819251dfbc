'use strict';
/** A download that resumes, checks its SHA-256, shows its progress, and renames the file only when it is complete. */
const crypto = require('node:crypto');
const fs = require('node:fs');
const { Readable } = require('node:stream');
const { pipeline } = require('node:stream/promises');
const { release, take } = require('./lock.js');

/** @param {number} bytes */
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

/** @param {number} done @param {number} total */
function draw(done, total) {
  const width = 30;
  const share = total > 0 ? done / total : 0;
  const filled = Math.round(share * width);
  const bar = '#'.repeat(filled) + '-'.repeat(width - filled);
  process.stderr.write(`\r[${bar}] ${megabytes(done)} / ${total > 0 ? megabytes(total) : '?'} MB`);
}

/** @param {string} file */
async function sha256_of(file) {
  const hash = crypto.createHash('sha256');
  await pipeline(fs.createReadStream(file), hash);
  return hash.digest('hex');
}

/** @param {string} file */
function size_of(file) {
  return fs.existsSync(file) ? fs.statSync(file).size : 0;
}

/** @param {string} path */
function sync(path) {
  const file = fs.openSync(path, 'r+');
  try {
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
}

/**
 * The place where a download writes: `FILE.part`, which later attempts continue, or one of its own while another
 * download of the same file is under way.
 * @param {string} file
 */
function claim_part(file) {
  const part = `${file}.part`;
  const lock = `${part}.lock`;
  if (take(lock)) return { part, release: () => release(lock) };
  const own = `${file}.${process.pid}-${crypto.randomBytes(6).toString('hex')}.part`;
  return {
    part: own,
    release: () => [own, `${own}.etag`].forEach((left) => fs.rmSync(left, { force: true })),
  };
}

/**
 * Fetches a URL into a file and returns its SHA-256. A partial file of an earlier attempt is continued, as long
 * as the server still has the same version of it.
 * @param {string} url @param {string} file
 * @param {{ sha256?: string | null, progress?: boolean }} [options] `sha256`: the sum, or its first digits
 */
async function download(url, file, options = {}) {
  const { part, release } = claim_part(file);
  try {
    return await download_part(url, file, part, options);
  } finally {
    release();
  }
}

/**
 * @param {string} url @param {string} file @param {string} part
 * @param {{ sha256?: string | null, progress?: boolean }} options
 */
async function download_part(url, file, part, { sha256 = null, progress = false }) {
  const tag_file = `${part}.etag`;
  const have = size_of(part);
  const tag = have > 0 && fs.existsSync(tag_file) ? fs.readFileSync(tag_file, 'utf8') : '';
  /** @type {Record<string, string>} */
  const headers = have > 0 && tag ? { Range: `bytes=${have}-`, 'If-Range': tag } : {};
  let response;
  try {
    response = await fetch(url, { headers });
  } catch (error) {
    const cause = /** @type {Error & { cause?: Error }} */ (error).cause;
    throw new Error(`torch-node: cannot reach ${url}: ${cause ? cause.message : error}`);
  }
  if (!response.ok || response.body === null) {
    throw new Error(`torch-node: ${url} answered ${response.status} ${response.statusText}`);
  }
  const resumed = response.status === 206;
  const start = resumed ? have : 0;
  const total = start + Number(response.headers.get('content-length') ?? NaN);
  fs.writeFileSync(tag_file, response.headers.get('etag') ?? '');
  let done = start;
  let drawn = 0;
  const body = Readable.fromWeb(/** @type {any} */ (response.body));
  body.on('data', (/** @type {Buffer} */ chunk) => {
    done += chunk.length;
    if (!progress || Date.now() - drawn <= 100) return;
    draw(done, total);
    drawn = Date.now();
  });
  try {
    await pipeline(body, fs.createWriteStream(part, { flags: resumed ? 'a' : 'w' }));
  } catch (error) {
    throw new Error(
      `torch-node: the download of ${url} broke off after ${megabytes(size_of(part))} MB ` +
        `(${/** @type {Error} */ (error).message}); run it again to continue`,
    );
  } finally {
    if (progress) process.stderr.write('\n');
  }
  if (Number.isFinite(total) && size_of(part) !== total) {
    throw new Error(
      `torch-node: ${url} was cut off: ${size_of(part)} of ${total} bytes arrived; run it again to continue`,
    );
  }
  const sum = await sha256_of(part);
  if (sha256 !== null && !sum.startsWith(sha256.toLowerCase())) {
    fs.rmSync(part);
    fs.rmSync(tag_file, { force: true });
    throw new Error(`torch-node: ${url} has the wrong checksum: expected sha256 ${sha256}, got ${sum}; it was deleted`);
  }
  fs.rmSync(tag_file, { force: true });
  sync(part);
  fs.renameSync(part, file);
  return sum;
}

module.exports = { download, sha256_of };
