/** The files of TensorBoard's projector: vectors and labels as tables, images as one picture, and which belong together. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { encode_png } from '../../_internal/io/png.js';
import { float_repr } from '../../_internal/python_numbers.js';
import type { NDArray } from '../../numpy/ndarray.js';
import { python_str } from '../../python/print.js';
import { flat } from './arrays.js';
import { grid } from './image.js';

/** What the projector is told about an embedding. */
export interface EmbeddingInfo {
  readonly tensor_name: string;
  readonly tensor_path: string;
  readonly metadata_path: string | null;
  readonly sprite: { readonly image_path: string; readonly single_image_dim: readonly [number, number] } | null;
}

/** A text of protobuf's text format. */
const quoted = (value: string): string =>
  `"${value
    .replace(/[\\"]/g, (c) => `\\${c}`)
    .replace(/\n/g, '\\n')
    .replace(/\t/g, '\\t')}"`;

/** `projector_config.pbtxt`. */
export function write_projector_config(folder: string, embeddings: readonly EmbeddingInfo[]): void {
  const lines = embeddings.flatMap(({ tensor_name, tensor_path, metadata_path, sprite }) => [
    'embeddings {',
    `  tensor_name: ${quoted(tensor_name)}`,
    ...(metadata_path === null ? [] : [`  metadata_path: ${quoted(metadata_path)}`]),
    ...(sprite === null
      ? []
      : [
          '  sprite {',
          `    image_path: ${quoted(sprite.image_path)}`,
          ...sprite.single_image_dim.map((size) => `    single_image_dim: ${size}`),
          '  }',
        ]),
    `  tensor_path: ${quoted(tensor_path)}`,
    '}',
  ]);
  writeFileSync(join(folder, 'projector_config.pbtxt'), `${lines.join('\n')}\n`);
}

/** `tensors.tsv`: a line for each vector. */
export function write_vectors(folder: string, array: NDArray): void {
  const [count, size] = array.shape as [number, number];
  const values = flat(array);
  const is_float = array.dtype.startsWith('float');
  const text = (value: number): string => (is_float ? float_repr(value) : String(value));
  const lines = Array.from({ length: count }, (_, i) =>
    Array.from(values.subarray(i * size, (i + 1) * size), text).join('\t'),
  );
  writeFileSync(join(folder, 'tensors.tsv'), lines.map((line) => `${line}\n`).join(''));
}

/** `metadata.tsv`: a label for each vector, or several with a header. @throws Error when the header has another length */
export function write_metadata(folder: string, metadata: readonly unknown[], header: readonly unknown[] | null): void {
  let lines = metadata.map(python_str);
  if (header !== null && header.length > 0) {
    const rows = metadata as readonly (readonly unknown[])[];
    if (header.length !== rows[0]?.length)
      throw new Error('len of header must be equal to the number of columns in metadata');
    lines = [header, ...rows].map((row) => Array.from(row, python_str).join('\t'));
  }
  writeFileSync(join(folder, 'metadata.tsv'), `${lines.join('\n')}\n`);
}

/** `sprite.png`: all images in a square. */
export function write_sprite(folder: string, images: NDArray): void {
  const columns = Math.ceil(Math.sqrt(images.shape[0]!));
  const { data, shape } = grid({ data: flat(images), shape: images.shape }, columns);
  const [height, width] = shape as [number, number, number];
  const pixels = new Uint8Array(width * width * 3);
  for (let i = 0; i < height * width * 3; i++) pixels[i] = Math.min(255, Math.max(0, Math.trunc(data[i]! * 255)));
  writeFileSync(join(folder, 'sprite.png'), encode_png(pixels, width, width, 3));
}
