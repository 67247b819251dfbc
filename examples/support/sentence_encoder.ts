/** Texts to vectors, with the files of a sentence-transformers model: tokens, BERT, mean over the tokens, length 1. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Tokenizer } from '@huggingface/tokenizers';
import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import { load_file } from 'torch-node/safetensors';

import { Bert, type BertConfig } from './bert.js';

export class SentenceEncoder {
  readonly model: Bert;
  private readonly tokenizer: Tokenizer;
  private readonly config: BertConfig;
  private readonly max_tokens: number;

  /** @param folder - with `config.json`, `tokenizer.json`, `model.safetensors` and their kin */
  constructor(folder: string) {
    const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
    this.config = read<BertConfig>('config.json');
    this.max_tokens = read<{ max_seq_length: number }>('sentence_bert_config.json').max_seq_length;
    this.tokenizer = new Tokenizer(read<object>('tokenizer.json'), read<object>('tokenizer_config.json'));
    this.model = new Bert(this.config);
    const weights = load_file(join(folder, 'model.safetensors'));
    delete weights['embeddings.position_ids']; // counts from 0, as the model does by itself
    this.model.load_state_dict(weights);
    this.model.eval();
  }

  /** Tokens and mask of texts, both [texts, longest]. */
  tokenize(texts: readonly string[]): [input_ids: Tensor, attention_mask: Tensor] {
    const rows = texts.map((text) => {
      const { ids } = this.tokenizer.encode(text);
      // The last token ends the text, however much of it is left.
      return ids.length <= this.max_tokens
        ? ids
        : [...ids.slice(0, this.max_tokens - 1), ids[ids.length - 1] as number];
    });
    const longest = Math.max(...rows.map((row) => row.length));
    const filled = (row: number[], value: number): number[] => [
      ...row,
      ...Array<number>(longest - row.length).fill(value),
    ];
    return [
      torch.tensor(rows.map((row) => filled(row, this.config.pad_token_id))),
      torch.tensor(
        rows.map((row) =>
          filled(
            row.map(() => 1),
            0,
          ),
        ),
      ),
    ];
  }

  /** The vectors of texts, [texts, hidden], each of length 1: their dot products are cosines. */
  encode(texts: readonly string[]): Tensor {
    return torch.inference_mode(() => {
      const [input_ids, attention_mask] = this.tokenize(texts);
      const { last_hidden_state } = this.model(input_ids, attention_mask);
      const weights = attention_mask.unsqueeze(-1).to(last_hidden_state.dtype);
      const mean = last_hidden_state
        .mul(weights)
        .sum(1)
        .div(weights.sum(1).clamp({ min: 1e-9 }));
      return nn.functional.normalize(mean, { p: 2, dim: 1 });
    });
  }
}
