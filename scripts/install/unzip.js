'use strict';
/** Unpacks zip archives, those larger than 4 GB too: wheels are unpacked without Python and without other programs. */
const fs = require('node:fs');
const path = require('node:path');
const { pipeline } = require('node:stream/promises');
const zlib = require('node:zlib');
const { content_offset, read_directory } = require('./zip.js');

/** @param {number} descriptor @returns {import('./zip.js').Source} */
function source_of(descriptor) {
  const { size } = fs.fstatSync(descriptor);
  return {
    size,
    read(position, length) {
      if (position + length > size) throw new Error('the archive is truncated');
      const bytes = Buffer.alloc(length);
      if (fs.readSync(descriptor, bytes, 0, length, position) < length) throw new Error('the archive is truncated');
      return bytes;
    },
  };
}

/** @param {string} archive @param {number} start @param {import('./zip.js').ZipRecord} record */
function* streams_of(archive, start, { deflated, packed_size }) {
  yield fs.createReadStream(archive, { start, end: start + packed_size - 1, highWaterMark: 1 << 20 });
  if (deflated) yield zlib.createInflateRaw({ chunkSize: 1 << 20 });
}

/**
 * Unpacks files of an archive. `place` says where a file goes, relative to the target, or null for one that is left
 * out.
 * @param {string} archive @param {string} target @param {(name: string) => string | null} place
 */
async function unzip(archive, target, place) {
  const descriptor = fs.openSync(archive, 'r');
  try {
    const source = source_of(descriptor);
    for (const record of read_directory(source).values()) {
      const relative = record.name.endsWith('/') ? null : place(record.name);
      if (relative === null) continue;
      const file = path.join(target, relative);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      const start = content_offset(source, record);
      if (record.packed_size === 0) fs.writeFileSync(file, '');
      else await pipeline([...streams_of(archive, start, record), fs.createWriteStream(file)]);
      const { size } = fs.statSync(file);
      if (size !== record.size) throw new Error(`${record.name} has ${size} bytes, not ${record.size}`);
    }
  } catch (error) {
    throw new Error(`torch-node: ${archive} cannot be unpacked: ${/** @type {Error} */ (error).message}`);
  } finally {
    fs.closeSync(descriptor);
  }
}

module.exports = { unzip };
