/** CRC-32C (Castagnoli), the checksum of TensorFlow's records. */

/** The remainders of all single bytes. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0x82f63b78 : rest >>> 1;
  return rest;
});

/** The CRC-32C of bytes. */
export function crc32c(data: Uint8Array): number {
  let rest = 0xffffffff;
  for (let i = 0; i < data.length; i++) rest = (rest >>> 8) ^ table[(rest ^ data[i]!) & 0xff]!;
  return ~rest >>> 0;
}

/** As it stands in records: rotated and shifted, since checksums of what holds checksums are weak. */
export function masked_crc32c(data: Uint8Array): number {
  const crc = crc32c(data);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
