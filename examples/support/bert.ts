/** BERT, whose modules are named as in the files of its weights. */
import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';

/** The part of a model's `config.json` that shapes it. */
export interface BertConfig {
  readonly vocab_size: number;
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly intermediate_size: number;
  readonly hidden_dropout_prob: number;
  readonly attention_probs_dropout_prob: number;
  readonly max_position_embeddings: number;
  readonly type_vocab_size: number;
  readonly layer_norm_eps: number;
  readonly pad_token_id: number;
}

class Embeddings extends nn.Module {
  word_embeddings: nn.Embedding;
  position_embeddings: nn.Embedding;
  token_type_embeddings: nn.Embedding;
  LayerNorm: nn.LayerNorm;
  dropout: nn.Dropout;

  constructor(config: BertConfig) {
    super();
    const { hidden_size, layer_norm_eps: eps } = config;
    this.word_embeddings = new nn.Embedding(config.vocab_size, hidden_size, { padding_idx: config.pad_token_id });
    this.position_embeddings = new nn.Embedding(config.max_position_embeddings, hidden_size);
    this.token_type_embeddings = new nn.Embedding(config.type_vocab_size, hidden_size);
    this.LayerNorm = new nn.LayerNorm(hidden_size, { eps });
    this.dropout = new nn.Dropout(config.hidden_dropout_prob);
  }

  forward(input_ids: Tensor, token_type_ids: Tensor): Tensor {
    const positions = torch.arange(input_ids.size(1), { device: input_ids.device });
    const sum = this.word_embeddings(input_ids)
      .add(this.token_type_embeddings(token_type_ids))
      .add(this.position_embeddings(positions));
    return this.dropout(this.LayerNorm(sum));
  }
}

class SelfAttention extends nn.Module {
  query: nn.Linear;
  key: nn.Linear;
  value: nn.Linear;

  constructor(private readonly config: BertConfig) {
    super();
    const { hidden_size } = config;
    this.query = new nn.Linear(hidden_size, hidden_size);
    this.key = new nn.Linear(hidden_size, hidden_size);
    this.value = new nn.Linear(hidden_size, hidden_size);
  }

  private heads(x: Tensor): Tensor {
    const heads = this.config.num_attention_heads;
    return x.view(x.size(0), x.size(1), heads, -1).transpose(1, 2);
  }

  forward(x: Tensor, mask: Tensor): Tensor {
    const attended = nn.functional.scaled_dot_product_attention(
      this.heads(this.query(x)),
      this.heads(this.key(x)),
      this.heads(this.value(x)),
      { attn_mask: mask, dropout_p: this.training ? this.config.attention_probs_dropout_prob : 0 },
    );
    return attended.transpose(1, 2).reshape(x.shape);
  }
}

/** A linear map whose result is added to what came before the block. */
class Output extends nn.Module {
  dense: nn.Linear;
  LayerNorm: nn.LayerNorm;
  dropout: nn.Dropout;

  constructor(config: BertConfig, in_features: number) {
    super();
    this.dense = new nn.Linear(in_features, config.hidden_size);
    this.LayerNorm = new nn.LayerNorm(config.hidden_size, { eps: config.layer_norm_eps });
    this.dropout = new nn.Dropout(config.hidden_dropout_prob);
  }

  forward(x: Tensor, before: Tensor): Tensor {
    return this.LayerNorm(this.dropout(this.dense(x)).add(before));
  }
}

class Attention extends nn.Module {
  self: SelfAttention;
  output: Output;

  constructor(config: BertConfig) {
    super();
    this.self = new SelfAttention(config);
    this.output = new Output(config, config.hidden_size);
  }

  forward(x: Tensor, mask: Tensor): Tensor {
    return this.output(this.self(x, mask), x);
  }
}

class Intermediate extends nn.Module {
  dense: nn.Linear;

  constructor(config: BertConfig) {
    super();
    this.dense = new nn.Linear(config.hidden_size, config.intermediate_size);
  }

  forward(x: Tensor): Tensor {
    return nn.functional.gelu(this.dense(x));
  }
}

class Layer extends nn.Module {
  attention: Attention;
  intermediate: Intermediate;
  output: Output;

  constructor(config: BertConfig) {
    super();
    this.attention = new Attention(config);
    this.intermediate = new Intermediate(config);
    this.output = new Output(config, config.intermediate_size);
  }

  forward(x: Tensor, mask: Tensor): Tensor {
    const attended = this.attention(x, mask);
    return this.output(this.intermediate(attended), attended);
  }
}

class Encoder extends nn.Module {
  layer: nn.ModuleList<Layer>;

  constructor(config: BertConfig) {
    super();
    this.layer = new nn.ModuleList(Array.from({ length: config.num_hidden_layers }, () => new Layer(config)));
  }

  forward(x: Tensor, mask: Tensor): Tensor {
    let hidden = x;
    for (const layer of this.layer) hidden = layer(hidden, mask);
    return hidden;
  }
}

class Pooler extends nn.Module {
  dense: nn.Linear;

  constructor(config: BertConfig) {
    super();
    this.dense = new nn.Linear(config.hidden_size, config.hidden_size);
  }

  forward(x: Tensor): Tensor {
    return this.dense(x.select(1, 0)).tanh();
  }
}

/** What BERT gives for each token, [batch, tokens, hidden], and for each text, [batch, hidden]. */
export interface BertResult {
  readonly last_hidden_state: Tensor;
  readonly pooler_output: Tensor;
}

/** The encoder of Devlin et al. (2018), without heads. */
export class Bert extends nn.Module {
  embeddings: Embeddings;
  encoder: Encoder;
  pooler: Pooler;

  constructor(config: BertConfig) {
    super();
    this.embeddings = new Embeddings(config);
    this.encoder = new Encoder(config);
    this.pooler = new Pooler(config);
  }

  /**
   * @param input_ids - the tokens, [batch, tokens], int64
   * @param attention_mask - 1 for tokens, 0 for padding, of the same shape
   */
  forward(input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor = torch.zeros_like(input_ids)): BertResult {
    const mask = attention_mask.to(torch.bool).unsqueeze(1).unsqueeze(1);
    const last_hidden_state = this.encoder(this.embeddings(input_ids, token_type_ids), mask);
    return { last_hidden_state, pooler_output: this.pooler(last_hidden_state) };
  }
}
