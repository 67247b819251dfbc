'use strict';
/** Reads zip archives, those larger than 4 GB too: wheels are unpacked without Python and without other programs. */
const fs = require('node:fs');
const path = require('node:path');
const { pipeline } = require('node:stream/promises');
const zlib = require('node:zlib');

/** @typedef {{ name: string, method: number, packed: number, size: number, header: number }} Entry */

const END = 0x06054b50;
const END_64 = 0x06064b50;
const END_64_LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;

/** @param {number} descriptor @param {number} offset @param {number} size */
function read(descriptor, offset, size) {
  const bytes = Buffer.alloc(size);
  const length = fs.readSync(descriptor, bytes, 0, size, offset);
  if (length < size) throw new Error('the archive is truncated');
  return bytes;
}

/** Where the central directory lies. @param {number} descriptor @param {number} length */
function directory_of(descriptor, length) {
  const tail_start = Math.max(0, length - 65_557 - 20);
  const tail = read(descriptor, tail_start, length - tail_start);
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== END) at--;
  if (at < 0) throw new Error('it is not a zip archive, or truncated');
  if (at >= 20 && tail.readUInt32LE(at - 20) === END_64_LOCATOR) {
    const end = read(descriptor, Number(tail.readBigUInt64LE(at - 20 + 8)), 56);
    if (end.readUInt32LE(0) !== END_64) throw new Error('its directory is damaged');
    return {
      count: Number(end.readBigUInt64LE(32)),
      size: Number(end.readBigUInt64LE(40)),
      offset: Number(end.readBigUInt64LE(48)),
    };
  }
  return { count: tail.readUInt16LE(at + 10), size: tail.readUInt32LE(at + 12), offset: tail.readUInt32LE(at + 16) };
}

/**
 * Sizes and places beyond 32 bits stand in an extra field, in this order.
 * @param {Entry} entry @param {Buffer} extra
 */
function widen(entry, extra) {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    for (const key of /** @type {const} */ (['size', 'packed', 'header'])) {
      if (entry[key] !== 0xffffffff) continue;
      entry[key] = Number(extra.readBigUInt64LE(next));
      next += 8;
    }
  }
  return entry;
}

/** The files of an archive. @param {number} descriptor @returns {Entry[]} */
function entries_of(descriptor) {
  const { count, size, offset } = directory_of(descriptor, fs.fstatSync(descriptor).size);
  const table = read(descriptor, offset, size);
  const entries = [];
  for (let i = 0, at = 0; i < count; i++) {
    if (table.readUInt32LE(at) !== CENTRAL) throw new Error('its directory is damaged');
    const [name_length, extra_length, comment_length] = [28, 30, 32].map((field) => table.readUInt16LE(at + field));
    const name_end = at + 46 + name_length;
    entries.push(
      widen(
        {
          name: table.toString('utf8', at + 46, name_end),
          method: table.readUInt16LE(at + 10),
          packed: table.readUInt32LE(at + 20),
          size: table.readUInt32LE(at + 24),
          header: table.readUInt32LE(at + 42),
        },
        table.subarray(name_end, name_end + extra_length),
      ),
    );
    at = name_end + extra_length + comment_length;
  }
  return entries;
}

/** @param {string} archive @param {number} descriptor @param {Entry} entry */
function* streams_of(archive, descriptor, { header, method, packed }) {
  const local = read(descriptor, header, 30);
  if (local.readUInt32LE(0) !== LOCAL) throw new Error('its directory is damaged');
  const start = header + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (method !== 0 && method !== 8) throw new Error(`compression method ${method} is not supported`);
  yield fs.createReadStream(archive, { start, end: start + packed - 1, highWaterMark: 1 << 20 });
  if (method === 8) yield zlib.createInflateRaw({ chunkSize: 1 << 20 });
}

/**
 * Unpacks files of an archive. `place` says where a file goes, relative to the target, or null for one that is left
 * out.
 * @param {string} archive @param {string} target @param {(name: string) => string | null} place
 */
async function unzip(archive, target, place) {
  const descriptor = fs.openSync(archive, 'r');
  try {
    for (const entry of entries_of(descriptor)) {
      const relative = entry.name.endsWith('/') ? null : place(entry.name);
      if (relative === null) continue;
      const file = path.join(target, relative);
      if (path.relative(target, file).startsWith('..')) throw new Error(`${entry.name} points out of the archive`);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      if (entry.packed === 0) fs.writeFileSync(file, '');
      else await pipeline([...streams_of(archive, descriptor, entry), fs.createWriteStream(file)]);
      const { size } = fs.statSync(file);
      if (size !== entry.size) throw new Error(`${entry.name} has ${size} bytes, not ${entry.size}`);
    }
  } catch (error) {
    throw new Error(`torch-node: ${archive} cannot be unpacked: ${/** @type {Error} */ (error).message}`);
  } finally {
    fs.closeSync(descriptor);
  }
}

module.exports = { unzip };
