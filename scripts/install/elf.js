'use strict';
/**
 * Reads 64-bit little-endian ELF files (Linux libraries): what they need, what they export, whether they are whole.
 * Removes what loading does not need.
 */
const fs = require('node:fs');

const SHT_DYNSYM = 11;
const SHT_VERSYM = 0x6fffffff;
const SHT_VERNEED = 0x6ffffffe;
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_STRSZ = 10;

/**
 * @typedef {{ type: number, offset: number, size: number, link: number, info: number, entry: number }} Section
 * @typedef {{ type: number, offset: number, address: number, size: number }} Segment
 * @typedef {{ needed: string[], versions: { library: string, version: string, symbols: string[] }[],
 *   exported: string[], imported: string[] }} Elf
 */

/** @param {number} descriptor @param {number} offset @param {number} size */
function read(descriptor, offset, size) {
  const bytes = Buffer.alloc(size);
  const length = fs.readSync(descriptor, bytes, 0, size, offset);
  return bytes.subarray(0, length);
}

/** @param {Buffer} bytes @param {number} at */
const long = (bytes, at) => Number(bytes.readBigUInt64LE(at));

/** @param {Buffer} header */
function is_elf(header) {
  return header.length === 64 && header.readUInt32BE(0) === 0x7f454c46 && header[4] === 2 && header[5] === 1;
}

/** @param {number} descriptor @param {Buffer} header @returns {Segment[]} */
function segments_of(descriptor, header) {
  const [start, size, count] = [long(header, 32), header.readUInt16LE(54), header.readUInt16LE(56)];
  const table = read(descriptor, start, size * count);
  return Array.from({ length: size === 0 ? 0 : Math.floor(table.length / size) }, (_, i) => {
    const at = i * size;
    return {
      type: table.readUInt32LE(at),
      offset: long(table, at + 8),
      address: long(table, at + 16),
      size: long(table, at + 32),
    };
  });
}

/** Where the last segment ends, which is all that loading reads. @param {number} descriptor @param {Buffer} header */
function end_of_segments(descriptor, header) {
  return Math.max(...segments_of(descriptor, header).map(({ offset, size }) => offset + size), 64);
}

/**
 * How long an ELF file must be by its own tables, or null for other files. Reads a few hundred bytes,
 * however large the file is.
 * @param {string} file
 */
function length_by_header(file) {
  const descriptor = fs.openSync(file, 'r');
  try {
    const header = read(descriptor, 0, 64);
    if (!is_elf(header)) return null;
    const end_of_sections = long(header, 40) + header.readUInt16LE(58) * header.readUInt16LE(60);
    return Math.max(end_of_sections, end_of_segments(descriptor, header));
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * Cuts an ELF file behind its last segment: the table of sections goes, and with it the symbols for debuggers and
 * linkers. A file with anything but such tables there is left alone.
 * @param {string} file
 */
function cut_sections(file) {
  const descriptor = fs.openSync(file, 'r+');
  try {
    const header = read(descriptor, 0, 64);
    if (!is_elf(header) || long(header, 40) < end_of_segments(descriptor, header)) return;
    fs.ftruncateSync(descriptor, end_of_segments(descriptor, header));
    fs.writeSync(descriptor, Buffer.alloc(8), 0, 8, 40);
    fs.writeSync(descriptor, Buffer.alloc(6), 0, 6, 58);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** @param {Buffer} strings @param {number} at */
function text(strings, at) {
  return strings.toString('latin1', at, strings.indexOf(0, at));
}

/** @param {number} descriptor @returns {Section[]} */
function sections_of(descriptor) {
  const header = read(descriptor, 0, 64);
  if (!is_elf(header)) throw new Error('not a 64-bit little-endian ELF file');
  const [start, size, count] = [long(header, 40), header.readUInt16LE(58), header.readUInt16LE(60)];
  const table = read(descriptor, start, size * count);
  return Array.from({ length: Math.floor(table.length / size) }, (_, i) => {
    const at = i * size;
    return {
      type: table.readUInt32LE(at + 4),
      offset: long(table, at + 24),
      size: long(table, at + 32),
      link: table.readUInt32LE(at + 40),
      info: table.readUInt32LE(at + 44),
      entry: long(table, at + 56),
    };
  });
}

/** @param {string} file @returns {Elf} */
function read_elf(file) {
  const descriptor = fs.openSync(file, 'r');
  try {
    const sections = sections_of(descriptor);
    const bytes_of = (/** @type {Section} */ { offset, size }) => read(descriptor, offset, size);
    const with_strings = (/** @type {number} */ type) => {
      const section = sections.find((other) => other.type === type);
      const strings = section && sections[section.link];
      return section && strings ? { section, bytes: bytes_of(section), strings: bytes_of(strings) } : null;
    };
    const symbols = with_strings(SHT_DYNSYM);
    const needs = with_strings(SHT_VERNEED);
    const numbers = sections.find(({ type }) => type === SHT_VERSYM);
    return {
      needed: needed_of(descriptor),
      ...symbols_of(symbols, numbers ? bytes_of(numbers) : null, needs),
    };
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * The libraries that a file links, read as the system reads them: without the table of sections.
 * @param {number} descriptor
 */
function needed_of(descriptor) {
  const segments = segments_of(descriptor, read(descriptor, 0, 64));
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  if (dynamic === undefined) return [];
  const bytes = read(descriptor, dynamic.offset, dynamic.size);
  const tags = Array.from({ length: Math.floor(bytes.length / 16) }, (_, i) => [
    long(bytes, i * 16),
    long(bytes, i * 16 + 8),
  ]);
  const value = (/** @type {number} */ tag) => tags.find(([each]) => each === tag)?.[1] ?? 0;
  const address = value(DT_STRTAB);
  const within = (/** @type {Segment} */ each) => address >= each.address && address < each.address + each.size;
  const holder = segments.find((each) => each.type === PT_LOAD && within(each));
  if (holder === undefined) return [];
  const strings = read(descriptor, holder.offset + address - holder.address, value(DT_STRSZ));
  return tags.filter(([tag]) => tag === DT_NEEDED).map(([, at]) => text(strings, at ?? 0));
}

/**
 * @param {{ bytes: Buffer, strings: Buffer } | null} symbols @param {Buffer | null} numbers
 * @param {{ section: Section, bytes: Buffer, strings: Buffer } | null} needs
 */
function symbols_of(symbols, numbers, needs) {
  /** @type {Map<number, { library: string, version: string, symbols: string[] }>} */
  const versions = new Map();
  for (let at = 0, i = 0; needs && i < needs.section.info; i++) {
    const library = text(needs.strings, needs.bytes.readUInt32LE(at + 4));
    let each = at + needs.bytes.readUInt32LE(at + 8);
    for (let j = 0; j < needs.bytes.readUInt16LE(at + 2); j++) {
      const version = text(needs.strings, needs.bytes.readUInt32LE(each + 8));
      versions.set(needs.bytes.readUInt16LE(each + 6), { library, version, symbols: [] });
      each += needs.bytes.readUInt32LE(each + 12);
    }
    at += needs.bytes.readUInt32LE(at + 12);
  }
  const [exported, imported] = [/** @type {string[]} */ ([]), /** @type {string[]} */ ([])];
  for (let i = 1; symbols && (i + 1) * 24 <= symbols.bytes.length; i++) {
    const at = i * 24;
    const name = text(symbols.strings, symbols.bytes.readUInt32LE(at));
    const defined = symbols.bytes.readUInt16LE(at + 6) !== 0;
    // Linkers for arm64 list sections too, which are local.
    const local = symbols.bytes.readUInt8(at + 4) >> 4 === 0;
    if (!local) (defined ? exported : imported).push(name);
    if (!defined && numbers) versions.get(numbers.readUInt16LE(i * 2) & 0x7fff)?.symbols.push(name);
  }
  return { versions: [...versions.values()], exported, imported };
}

module.exports = { cut_sections, length_by_header, read_elf };
