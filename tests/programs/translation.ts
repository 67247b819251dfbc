/** A sequence-to-sequence Transformer: masks, teacher forcing and a greedy translation. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as nn from 'torch-node/nn';
import { f, print, range } from 'torch-node/python';

const [PAD, BOS, EOS] = [1, 2, 3];

class PositionalEncoding extends nn.Module {
  dropout: nn.Dropout;
  declare pos_embedding: Tensor;

  constructor(emb_size: number, { dropout = 0.1, maxlen = 100 } = {}) {
    super();
    const den = torch.exp(torch.arange(0, emb_size, 2).neg().mul(Math.log(10000)).div(emb_size));
    const pos = torch.arange(0, maxlen).reshape(maxlen, 1);
    const pos_embedding = torch.zeros(maxlen, emb_size);
    pos_embedding.index_put_([':', '0::2'], torch.sin(pos.mul(den)));
    pos_embedding.index_put_([':', '1::2'], torch.cos(pos.mul(den)));
    this.dropout = new nn.Dropout(dropout);
    this.register_buffer('pos_embedding', pos_embedding.unsqueeze(-2));
  }

  forward(token_embedding: Tensor): Tensor {
    return this.dropout(token_embedding.add(this.pos_embedding.index(`:${token_embedding.size(0)}`, ':')));
  }
}

class Seq2SeqTransformer extends nn.Module {
  transformer: nn.Transformer;
  generator: nn.Linear;
  src_tok_emb: nn.Embedding;
  tgt_tok_emb: nn.Embedding;
  positional_encoding: PositionalEncoding;
  scale: number;

  constructor(
    layers: number,
    emb_size: number,
    nhead: number,
    src_words: number,
    tgt_words: number,
    dim_feedforward: number,
    dropout = 0.1,
  ) {
    super();
    const [num_encoder_layers, num_decoder_layers] = [layers, layers];
    const sizes = { d_model: emb_size, nhead, num_encoder_layers, num_decoder_layers, dim_feedforward, dropout };
    this.transformer = new nn.Transformer(sizes);
    this.generator = new nn.Linear(emb_size, tgt_words);
    this.src_tok_emb = new nn.Embedding(src_words, emb_size);
    this.tgt_tok_emb = new nn.Embedding(tgt_words, emb_size);
    this.positional_encoding = new PositionalEncoding(emb_size, { dropout });
    this.scale = Math.sqrt(emb_size);
  }

  embed(table: nn.Embedding, tokens: Tensor): Tensor {
    return this.positional_encoding(table(tokens.long()).mul(this.scale));
  }

  forward(src: Tensor, tgt: Tensor, tgt_mask: Tensor, src_padding: Tensor, tgt_padding: Tensor): Tensor {
    const [source, target] = [this.embed(this.src_tok_emb, src), this.embed(this.tgt_tok_emb, tgt)];
    return this.generator(
      this.transformer(source, target, null, tgt_mask, null, src_padding, tgt_padding, src_padding),
    );
  }

  encode(src: Tensor): Tensor {
    return this.transformer.encoder(this.embed(this.src_tok_emb, src));
  }

  decode(tgt: Tensor, memory: Tensor, tgt_mask: Tensor): Tensor {
    return this.transformer.decoder(this.embed(this.tgt_tok_emb, tgt), memory, tgt_mask);
  }
}

const square_mask = (size: number): Tensor => torch.triu(torch.ones(size, size), { diagonal: 1 }).bool();

function batch(): [src: Tensor, tgt: Tensor] {
  const src = torch.randint(4, 20, [9, 6]);
  src.index_put_(['7:', ':3'], PAD);
  const reversed = src.flip(0).index(':8').remainder(12).add(4);
  return [src, torch.cat([torch.full([1, 6], BOS), reversed, torch.full([1, 6], EOS)])];
}

torch.manual_seed(0);
torch.set_num_threads(1);
const model = new Seq2SeqTransformer(2, 32, 4, 20, 16, 64);
for (const p of model.parameters()) if (p.dim() > 1) nn.init.xavier_uniform_(p);
const loss_fn = new nn.CrossEntropyLoss({ ignore_index: PAD });
const optimizer = new torch.optim.Adam(model.parameters(), { lr: 0.001, betas: [0.9, 0.98], eps: 1e-9 });
for (const epoch of range(4)) {
  model.train();
  const [src, tgt] = batch();
  const tgt_input = tgt.index(':-1', ':');
  const mask = square_mask(tgt_input.size(0));
  const logits = model(src, tgt_input, mask, src.eq(PAD).T, tgt_input.eq(PAD).T);
  optimizer.zero_grad();
  const loss = loss_fn(logits.reshape(-1, logits.size(-1)), tgt.index('1:', ':').reshape(-1));
  loss.backward();
  optimizer.step();
  print(f`Epoch: ${epoch}, Train loss: ${loss.item()}:.5f`);
}

model.eval();
torch.no_grad(() => {
  const src = torch.randint(4, 20, [7, 1]);
  const memory = model.encode(src);
  let ys = torch.ones(1, 1).fill_(BOS).type(torch.long);
  let prob!: Tensor;
  for (const _ of range(8)) {
    const out = model.decode(ys, memory, square_mask(ys.size(0))).transpose(0, 1);
    prob = model.generator(out.index(':', -1));
    const [, next_word] = torch.max(prob, { dim: 1 });
    ys = torch.cat([ys, torch.ones(1, 1).type_as(src).fill_(next_word.item())], { dim: 0 });
    if (next_word.item() === EOS) break;
  }
  print(ys.flatten().tolist(), prob);
});
