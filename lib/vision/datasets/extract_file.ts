/**
 * A process that unpacks one file: `node extract_file.js ARCHIVE TARGET KIND`, where KIND is `tar`, `tar.gz` or `gz`. It
 * runs beside the caller so that a constructor can wait for a stream. Problems go to stderr, with exit status 1.
 */
import { createReadStream, createWriteStream, renameSync, rmSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { extract_tar } from './tar.js';

async function extract(archive: string, target: string, kind: string): Promise<void> {
  const file = createReadStream(archive, { highWaterMark: 1 << 20 });
  if (kind === 'tar') return extract_tar(file as AsyncIterable<Buffer>, target);
  const unpacked = createGunzip({ chunkSize: 1 << 20 });
  if (kind === 'tar.gz') {
    return pipeline(file, unpacked, (stream: AsyncIterable<Buffer>) => extract_tar(stream, target));
  }
  const part = `${target}.${process.pid}.part`;
  try {
    await pipeline(file, unpacked, createWriteStream(part));
    renameSync(part, target);
  } finally {
    rmSync(part, { force: true });
  }
}

const [archive, target, kind] = process.argv.slice(2);
if (archive === undefined || target === undefined || kind === undefined) {
  process.stderr.write('usage: node extract_file.js ARCHIVE TARGET KIND\n');
  process.exit(2);
}
extract(archive, target, kind).catch((error: unknown) => {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
