'use strict';
/**
 * The directory of a zip archive, zip64 too. Everything that reads archives finds its records here: `torch.load`, `.npz` files
 * and the installer, which also runs where `lib/` is not compiled yet. Nothing is trusted: what the directory says is
 * compared with what is there before memory is asked for.
 */

/**
 * @typedef {{ readonly size: number, read(position: number, length: number): Buffer }} Source `read` throws when there are
 *   not as many bytes
 * @typedef {{ name: string, size: number, packed_size: number, deflated: boolean, crc: number, header: number }} ZipRecord
 * @typedef {{ start: number, size: number, count: number }} Directory
 */

const signature = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
  descriptor: 0x08074b50,
};
const end_size = 22;
const locator_size = 20;
const end64_size = 56;
const central_size = 46;
const local_size = 30;
const most_comment = 65_535;
const all_ones = 0xffff_ffff;
const zip64_extra = 1;
// The most bytes that deflate can make of one.
const most_deflated = 1032;

/** @param {Buffer} bytes @param {number} at */
function safe_uint64(bytes, at) {
  const value = bytes.readBigUInt64LE(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Error(`a size or offset of ${value} bytes`);
  return Number(value);
}

/**
 * The directory, from the record that ends the archive: the last one that leads to a directory, since bytes may follow it (as
 * PyTorch's and Python's readers allow).
 * @param {Source} source @returns {Directory}
 */
function find_directory(source) {
  const tail_size = Math.min(source.size, end_size + most_comment);
  const tail = source.read(source.size - tail_size, tail_size);
  let reason;
  for (let at = tail_size - end_size; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== signature.end || at + end_size + tail.readUInt16LE(at + 20) > tail_size) continue;
    try {
      return read_end(source, tail, at, source.size - tail_size + at);
    } catch (error) {
      reason ??= error;
    }
  }
  throw reason ?? new Error('failed finding central directory');
}

/** @param {Source} source @param {Buffer} tail @param {number} at @param {number} end */
function read_end(source, tail, at, end) {
  const [count, size, start] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
  const wide = count === 0xffff || size === all_ones || start === all_ones;
  const directory = wide ? find_directory64(source, end) : { count, size, start };
  if (directory.start + directory.size > end) throw new Error('failed finding central directory');
  if (directory.count > 0 && source.read(directory.start, 4).readUInt32LE(0) !== signature.central) {
    throw new Error('the central directory is damaged');
  }
  return directory;
}

/** @param {Source} source @param {number} end */
function find_directory64(source, end) {
  const locator = end < locator_size ? undefined : source.read(end - locator_size, locator_size);
  if (locator?.readUInt32LE(0) !== signature.locator64) throw new Error('failed finding the zip64 directory');
  const record = source.read(safe_uint64(locator, 8), end64_size);
  if (record.readUInt32LE(0) !== signature.end64) throw new Error('failed finding the zip64 directory');
  return { count: safe_uint64(record, 32), size: safe_uint64(record, 40), start: safe_uint64(record, 48) };
}

/**
 * Sizes and offset that do not fit 32 bits, from the extra field of an entry.
 * @param {Buffer} extra @param {number[]} values
 */
function widen(extra, values) {
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === zip64_extra) {
      const field = extra.subarray(at + 4, at + 4 + length);
      let from = 0;
      values.forEach((value, i) => {
        if (value !== all_ones) return;
        values[i] = safe_uint64(field, from);
        from += 8;
      });
      return;
    }
    at += 4 + length;
  }
}

/**
 * The entry of a directory at a place, and where the next one begins.
 * @param {Buffer} directory @param {number} at @returns {[ZipRecord, number]}
 */
function read_entry(directory, at) {
  if (directory.length - at < central_size || directory.readUInt32LE(at) !== signature.central) {
    throw new Error('the central directory is damaged');
  }
  const [flags, method] = [directory.readUInt16LE(at + 8), directory.readUInt16LE(at + 10)];
  const name_end = at + central_size + directory.readUInt16LE(at + 28);
  const extra_end = name_end + directory.readUInt16LE(at + 30);
  const next = extra_end + directory.readUInt16LE(at + 32);
  if (next > directory.length) throw new Error('the central directory is damaged');
  const name = directory.subarray(at + central_size, name_end).toString('utf8');
  const sizes = [directory.readUInt32LE(at + 24), directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 42)];
  widen(directory.subarray(name_end, extra_end), sizes);
  const [size = 0, packed_size = 0, header = 0] = sizes;
  if (flags & 1) throw new Error(`record ${name} is encrypted`);
  if (method !== 0 && method !== 8) throw new Error(`record ${name} is packed by the unknown method ${method}`);
  if (method === 0 && size !== packed_size) throw new Error(`record ${name} is stored, and its two sizes differ`);
  if (size > packed_size * most_deflated) throw new Error(`record ${name} cannot unpack to ${size} bytes`);
  return [{ name, size, packed_size, header, deflated: method === 8, crc: directory.readUInt32LE(at + 16) }, next];
}

/** @param {string} name */
function check_name(name) {
  if (name.startsWith('/') || name.includes('\\') || name.includes('\0') || name.split('/').includes('..')) {
    throw new Error(`a record has the unsafe name ${JSON.stringify(name)}`);
  }
}

/**
 * Throws for overlapping records, with which a small archive could unpack to a large size.
 * @param {Iterable<ZipRecord>} records @param {number} end
 */
function check_layout(records, end) {
  const sorted = [...records].sort((a, b) => a.header - b.header);
  let from = 0;
  for (const { name, header, packed_size } of sorted) {
    if (header < from) throw new Error(`record ${name} overlaps another`);
    from = header + local_size + packed_size;
    if (from > end) throw new Error(`record ${name} is cut off`);
  }
}

/**
 * The records of an archive by their names, in the order of its directory. Throws when the directory is missing or damaged.
 * @param {Source} source @returns {Map<string, ZipRecord>}
 */
function read_directory(source) {
  const { start, size, count } = find_directory(source);
  const directory = source.read(start, size);
  /** @type {Map<string, ZipRecord>} */
  const records = new Map();
  let at = 0;
  for (let i = 0; i < count; i++) {
    const [record, next] = read_entry(directory, at);
    check_name(record.name);
    if (records.has(record.name)) throw new Error(`there are two records ${record.name}`);
    records.set(record.name, record);
    at = next;
  }
  check_layout(records.values(), start);
  return records;
}

/**
 * Where the content of a record begins. Throws when it is not there, or not whole.
 * @param {Source} source @param {ZipRecord} record
 */
function content_offset(source, record) {
  const local = source.read(record.header, local_size);
  if (local.readUInt32LE(0) !== signature.local) throw new Error(`record ${record.name} has no header`);
  const start = record.header + local_size + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (start + record.packed_size > source.size) throw new Error(`record ${record.name} is cut off`);
  return start;
}

module.exports = { content_offset, read_directory, signature };
