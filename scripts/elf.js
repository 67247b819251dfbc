'use strict';
/** Reads 64-bit little-endian ELF files (Linux libraries): what they need, what they export, and whether they are whole. */
const fs = require('node:fs');

const SHT_DYNSYM = 11;
const SHT_DYNAMIC = 6;
const SHT_VERSYM = 0x6fffffff;
const SHT_VERNEED = 0x6ffffffe;
const DT_NEEDED = 1;
const DT_SONAME = 14;

/**
 * @typedef {{ type: number, offset: number, size: number, link: number, info: number, entry: number }} Section
 * @typedef {{ needed: string[], soname: string | null, versions: { library: string, version: string, symbols: string[] }[],
 *   exported: string[] }} Elf
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

/**
 * How long an ELF file must be by its own tables, or null for what is no 64-bit ELF file. Reads a few hundred bytes, however
 * large the file is.
 * @param {string} file
 */
function length_by_header(file) {
  const descriptor = fs.openSync(file, 'r');
  try {
    const header = read(descriptor, 0, 64);
    if (!is_elf(header)) return null;
    let end = long(header, 40) + header.readUInt16LE(58) * header.readUInt16LE(60);
    const [start, size, count] = [long(header, 32), header.readUInt16LE(54), header.readUInt16LE(56)];
    const segments = read(descriptor, start, size * count);
    for (let at = 0; at + size <= segments.length; at += size) {
      end = Math.max(end, long(segments, at + 8) + long(segments, at + 32));
    }
    return end;
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
  if (!is_elf(header)) throw new Error('no 64-bit little-endian ELF file');
  const [start, size, count] = [long(header, 40), header.readUInt16LE(58), header.readUInt16LE(60)];
  const table = read(descriptor, start, size * count);
  return Array.from({ length: Math.floor(table.length / size) }, (_, i) => {
    const at = i * size;
    return {
      type: table.readUInt32LE(at + 4), offset: long(table, at + 24), size: long(table, at + 32),
      link: table.readUInt32LE(at + 40), info: table.readUInt32LE(at + 44), entry: long(table, at + 56),
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
    const dynamic = with_strings(SHT_DYNAMIC);
    const symbols = with_strings(SHT_DYNSYM);
    const needs = with_strings(SHT_VERNEED);
    const numbers = sections.find(({ type }) => type === SHT_VERSYM);
    return {
      ...(dynamic ? links_of(dynamic) : { needed: [], soname: null }),
      ...symbols_of(symbols, numbers ? bytes_of(numbers) : null, needs),
    };
  } finally {
    fs.closeSync(descriptor);
  }
}

/** @param {{ bytes: Buffer, strings: Buffer }} dynamic */
function links_of({ bytes, strings }) {
  const needed = [];
  let soname = null;
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    const tag = long(bytes, at);
    if (tag === DT_NEEDED) needed.push(text(strings, long(bytes, at + 8)));
    if (tag === DT_SONAME) soname = text(strings, long(bytes, at + 8));
  }
  return { needed, soname };
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
  const exported = [];
  for (let i = 1; symbols && (i + 1) * 24 <= symbols.bytes.length; i++) {
    const at = i * 24;
    const name = text(symbols.strings, symbols.bytes.readUInt32LE(at));
    const defined = symbols.bytes.readUInt16LE(at + 6) !== 0;
    if (defined) exported.push(name);
    else if (numbers) versions.get(numbers.readUInt16LE(i * 2) & 0x7fff)?.symbols.push(name);
  }
  return { versions: [...versions.values()], exported };
}

module.exports = { length_by_header, read_elf };
