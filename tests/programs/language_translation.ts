/** Training of a translator: vocabularies, a collate function with padding, masks of floats and bools, logging, the best weights. */
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import { pad_sequence } from 'torch-node/nn/utils/rnn';
import { argparse, collections, enumerate, f, logging, print, range } from 'torch-node/python';
import { DataLoader } from 'torch-node/utils/data';

const DEVICE = torch.device(torch.cuda.is_available() ? 'cuda' : 'cpu');

const words = new Map([
  ['ein', 'a'],
  ['der', 'the'],
  ['Hund', 'dog'],
  ['Vogel', 'bird'],
  ['Mann', 'man'],
  ['singt', 'sings'],
  ['schläft', 'sleeps'],
  ['springt', 'jumps'],
  ['laut', 'loudly'],
  ['heute', 'today'],
]);

class Vocab {
  itos: string[];
  stoi: Map<string, number>;

  constructor(tokens: string[], specials: string[]) {
    const counted = [...new collections.Counter(tokens)].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    this.itos = [...specials, ...counted.map(([word]) => word)];
    this.stoi = new Map([...enumerate(this.itos)].map(([place, word]) => [word, place]));
  }

  get length(): number {
    return this.itos.length;
  }

  numbers(tokens: string[]): number[] {
    return tokens.map((token) => this.stoi.get(token) ?? 0);
  }

  lookup_tokens(indices: number[]): string[] {
    return indices.map((i) => this.itos[i]!);
  }
}

type Pair = [src: string, tgt: string];

function* sentences(start: number, stop: number): Generator<Pair> {
  const german = [...words.keys()];
  for (const k of range(start, stop)) {
    const chosen = [german[k % 2]!, german[2 + (k % 3)]!, german[5 + (((k * 5) % 7) % 3)]!];
    if (k % 4 >= 2) chosen.push(german[8 + (k % 2)]!);
    yield [`${chosen.join(' ')}\n`, `${chosen.map((word) => words.get(word)).join(' ')}\n`];
  }
}

type Loader = DataLoader<Pair, [src: Tensor, tgt: Tensor], Pair[]>;
interface Data {
  train_dl: Loader;
  valid_dl: Loader;
  src_vocab: Vocab;
  tgt_vocab: Vocab;
  src_transform: (text: string) => Tensor;
  special_symbols: Record<'<unk>' | '<pad>' | '<bos>' | '<eos>', number>;
}

function get_data(opts: Options): Data {
  const special_symbols = { '<unk>': 0, '<pad>': 1, '<bos>': 2, '<eos>': 3 };
  const train_iterator = [...sentences(0, 24)];
  const valid_iterator = [...sentences(24, 32)];
  const tokenizer = (text: string): string[] => text.trim().split(/\s+/);
  const src_vocab = new Vocab(
    train_iterator.flatMap(([src]) => tokenizer(src)),
    Object.keys(special_symbols),
  );
  const tgt_vocab = new Vocab(
    train_iterator.flatMap(([, tgt]) => tokenizer(tgt)),
    Object.keys(special_symbols),
  );

  const _tensor_transform = (token_ids: number[]): Tensor =>
    torch.cat([
      torch.tensor([special_symbols['<bos>']]),
      torch.tensor(token_ids),
      torch.tensor([special_symbols['<eos>']]),
    ]);

  const src_lang_transform = (text: string): Tensor => _tensor_transform(src_vocab.numbers(tokenizer(text)));
  const tgt_lang_transform = (text: string): Tensor => _tensor_transform(tgt_vocab.numbers(tokenizer(text)));

  const collate_fn = (batch: Pair[]): [src: Tensor, tgt: Tensor] => {
    const [src_batch, tgt_batch]: [Tensor[], Tensor[]] = [[], []];
    for (const [src_sample, tgt_sample] of batch) {
      src_batch.push(src_lang_transform(src_sample.trimEnd()));
      tgt_batch.push(tgt_lang_transform(tgt_sample.trimEnd()));
    }
    return [
      pad_sequence(src_batch, { padding_value: special_symbols['<pad>'] }),
      pad_sequence(tgt_batch, { padding_value: special_symbols['<pad>'] }),
    ];
  };

  const train_dl = new DataLoader(train_iterator, { batch_size: opts.batch, collate_fn });
  const valid_dl = new DataLoader(valid_iterator, { batch_size: opts.batch, collate_fn });
  return { train_dl, valid_dl, src_vocab, tgt_vocab, src_transform: src_lang_transform, special_symbols };
}

function generate_square_subsequent_mask(size: number, device: torch.Device): Tensor {
  let mask = torch
    .triu(torch.ones([size, size], { device }))
    .eq(1)
    .transpose(0, 1);
  mask = mask.float().masked_fill(mask.eq(0), -Infinity).masked_fill(mask.eq(1), 0);
  return mask;
}

function create_mask(
  src: Tensor,
  tgt: Tensor,
  pad_idx: number,
  device: torch.Device,
): [Tensor, Tensor, Tensor, Tensor] {
  const src_seq_len = src.shape[0]!;
  const tgt_seq_len = tgt.shape[0]!;
  const tgt_mask = generate_square_subsequent_mask(tgt_seq_len, device);
  const src_mask = torch.zeros([src_seq_len, src_seq_len], { device }).type(torch.bool);
  const src_padding_mask = src.eq(pad_idx).transpose(0, 1);
  const tgt_padding_mask = tgt.eq(pad_idx).transpose(0, 1);
  return [src_mask, tgt_mask, src_padding_mask, tgt_padding_mask];
}

class PositionalEncoding extends nn.Module {
  dropout: nn.Dropout;
  declare pos_embedding: Tensor;

  constructor(emb_size: number, dropout: number, { maxlen = 50 } = {}) {
    super();
    const den = torch.exp(torch.arange(0, emb_size, 2).neg().mul(Math.log(10000)).div(emb_size));
    const pos = torch.arange(0, maxlen).reshape(maxlen, 1);
    let pos_embedding = torch.zeros([maxlen, emb_size]);
    pos_embedding.index_put_([':', '0::2'], torch.sin(pos.mul(den)));
    pos_embedding.index_put_([':', '1::2'], torch.cos(pos.mul(den)));
    pos_embedding = pos_embedding.unsqueeze(-2);
    this.dropout = new nn.Dropout(dropout);
    this.register_buffer('pos_embedding', pos_embedding);
  }

  forward(token_embedding: Tensor): Tensor {
    return this.dropout(token_embedding.add(this.pos_embedding.index(torch.slice(token_embedding.size(0)), ':')));
  }
}

interface Sizes {
  num_encoder_layers: number;
  num_decoder_layers: number;
  embed_size: number;
  num_heads: number;
  src_vocab_size: number;
  tgt_vocab_size: number;
  dim_feedforward: number;
  dropout: number;
}

class Translator extends nn.Module {
  src_embedding: nn.Embedding;
  tgt_embedding: nn.Embedding;
  pos_enc: PositionalEncoding;
  transformer: nn.Transformer;
  ff: nn.Linear;

  constructor(sizes: Sizes) {
    super();
    const { embed_size, num_heads, src_vocab_size, tgt_vocab_size, dropout } = sizes;
    this.src_embedding = new nn.Embedding(src_vocab_size, embed_size);
    this.tgt_embedding = new nn.Embedding(tgt_vocab_size, embed_size);
    this.pos_enc = new PositionalEncoding(embed_size, dropout);
    this.transformer = new nn.Transformer({
      d_model: embed_size,
      nhead: num_heads,
      num_encoder_layers: sizes.num_encoder_layers,
      num_decoder_layers: sizes.num_decoder_layers,
      dim_feedforward: sizes.dim_feedforward,
      dropout,
    });
    this.ff = new nn.Linear(embed_size, tgt_vocab_size);
    this._init_weights();
  }

  _init_weights(): void {
    for (const p of this.parameters()) {
      if (p.dim() > 1) nn.init.xavier_uniform_(p);
    }
  }

  forward(
    src: Tensor,
    trg: Tensor,
    src_mask: Tensor,
    tgt_mask: Tensor,
    src_padding_mask: Tensor,
    tgt_padding_mask: Tensor,
    memory_key_padding_mask: Tensor,
  ): Tensor {
    const src_emb = this.pos_enc(this.src_embedding(src));
    const tgt_emb = this.pos_enc(this.tgt_embedding(trg));
    const outs = this.transformer(
      src_emb,
      tgt_emb,
      src_mask,
      tgt_mask,
      null,
      src_padding_mask,
      tgt_padding_mask,
      memory_key_padding_mask,
    );
    return this.ff(outs);
  }

  encode(src: Tensor, src_mask: Tensor): Tensor {
    return this.transformer.encoder(this.pos_enc(this.src_embedding(src)), src_mask);
  }

  decode(tgt: Tensor, memory: Tensor, tgt_mask: Tensor): Tensor {
    return this.transformer.decoder(this.pos_enc(this.tgt_embedding(tgt)), memory, tgt_mask);
  }
}

function greedy_decode(
  model: Translator,
  src: Tensor,
  src_mask: Tensor,
  { max_len, start_symbol, end_symbol }: { max_len: number; start_symbol: number; end_symbol: number },
): Tensor {
  src = src.to(DEVICE);
  src_mask = src_mask.to(DEVICE);
  let memory = model.encode(src, src_mask);
  let ys = torch.ones(1, 1).fill_(start_symbol).type(torch.long).to(DEVICE);
  for (const _ of range(max_len - 1)) {
    memory = memory.to(DEVICE);
    const tgt_mask = generate_square_subsequent_mask(ys.size(0), DEVICE).type(torch.bool).to(DEVICE);
    let out = model.decode(ys, memory, tgt_mask);
    out = out.transpose(0, 1);
    const prob = model.ff(out.index(':', -1));
    const [, best] = torch.max(prob, { dim: 1 });
    const next_word = best.item();
    ys = torch.cat([ys, torch.ones(1, 1).type_as(src.data).fill_(next_word)], { dim: 0 });
    if (next_word === end_symbol) break;
  }
  return ys;
}

function inference(opts: Options, sentence: string): void {
  const { src_vocab, tgt_vocab, src_transform, special_symbols } = get_data(opts);
  const model = translator(opts, src_vocab, tgt_vocab);
  model.load_state_dict(torch.load(opts.model_path!));
  model.eval();
  const src = src_transform(sentence).view(-1, 1);
  const num_tokens = src.shape[0]!;
  const src_mask = torch.zeros(num_tokens, num_tokens).type(torch.bool);
  const tgt_tokens = greedy_decode(model, src, src_mask, {
    max_len: num_tokens + 5,
    start_symbol: special_symbols['<bos>'],
    end_symbol: special_symbols['<eos>'],
  }).flatten();
  const output_as_list = tgt_tokens.cpu().numpy().tolist() as number[];
  const output_list_words = tgt_vocab.lookup_tokens(output_as_list.map(Number));
  const translation = output_list_words.join(' ').replace('<bos>', '').replace('<eos>', '');
  print(translation);
}

function translator(opts: Options, src_vocab: Vocab, tgt_vocab: Vocab): Translator {
  return new Translator({
    num_encoder_layers: opts.enc_layers,
    num_decoder_layers: opts.dec_layers,
    embed_size: opts.embed_size,
    num_heads: opts.attn_heads,
    src_vocab_size: src_vocab.length,
    tgt_vocab_size: tgt_vocab.length,
    dim_feedforward: opts.dim_feedforward,
    dropout: opts.dropout,
  }).to(DEVICE);
}

type Symbols = Data['special_symbols'];

function train(
  model: Translator,
  train_dl: Loader,
  loss_fn: nn.CrossEntropyLoss,
  optim: torch.optim.Adam,
  special_symbols: Symbols,
  opts: Options,
): number {
  let losses = 0;
  model.train();
  for (let [src, tgt] of train_dl) {
    src = src.to(DEVICE);
    tgt = tgt.to(DEVICE);
    const tgt_input = tgt.index(':-1', ':');
    const [src_mask, tgt_mask, src_padding_mask, tgt_padding_mask] = create_mask(
      src,
      tgt_input,
      special_symbols['<pad>'],
      DEVICE,
    );
    const logits = model(src, tgt_input, src_mask, tgt_mask, src_padding_mask, tgt_padding_mask, src_padding_mask);
    optim.zero_grad();
    const tgt_out = tgt.index('1:', ':');
    const loss = loss_fn(logits.reshape(-1, logits.shape.at(-1)!), tgt_out.reshape(-1));
    loss.backward();
    optim.step();
    losses += loss.item();
    if (opts.dry_run) break;
  }
  return losses / [...train_dl].length;
}

function validate(model: Translator, valid_dl: Loader, loss_fn: nn.CrossEntropyLoss, special_symbols: Symbols): number {
  let losses = 0;
  model.eval();
  for (let [src, tgt] of valid_dl) {
    src = src.to(DEVICE);
    tgt = tgt.to(DEVICE);
    const tgt_input = tgt.index(':-1', ':');
    const [src_mask, tgt_mask, src_padding_mask, tgt_padding_mask] = create_mask(
      src,
      tgt_input,
      special_symbols['<pad>'],
      DEVICE,
    );
    const logits = model(src, tgt_input, src_mask, tgt_mask, src_padding_mask, tgt_padding_mask, src_padding_mask);
    const tgt_out = tgt.index('1:', ':');
    const loss = loss_fn(logits.reshape(-1, logits.shape.at(-1)!), tgt_out.reshape(-1));
    losses += loss.item();
  }
  return losses / [...valid_dl].length;
}

function main(opts: Options): void {
  mkdirSync(opts.logging_dir, { recursive: true });
  const logger = logging.getLogger('translation');
  logger.setLevel(logging.INFO);
  logger.addHandler(new logging.FileHandler(join(opts.logging_dir, 'log.txt')));
  const console = new logging.StreamHandler(createWriteStream(devNull));
  console.setLevel(logging.INFO);
  logger.addHandler(console);
  logger.info(f`Translation task: ${opts.src} -> ${opts.tgt}`);
  const { train_dl, valid_dl, src_vocab, tgt_vocab, special_symbols } = get_data(opts);
  logger.info('Loaded data');
  logger.info(f`${opts.src} vocab size: ${src_vocab.length}`);
  logger.info(f`${opts.tgt} vocab size: ${tgt_vocab.length}`);
  const model = translator(opts, src_vocab, tgt_vocab);
  logger.info('Model created... starting training!');
  const loss_fn = new nn.CrossEntropyLoss({ ignore_index: special_symbols['<pad>'] });
  const optim = new torch.optim.Adam(model.parameters(), { lr: opts.lr, betas: [0.9, 0.98], eps: 1e-9 });
  let best_val_loss = 1e6;
  for (const [idx, epoch] of enumerate(range(1, opts.epochs + 1))) {
    const train_loss = train(model, train_dl, loss_fn, optim, special_symbols, opts);
    const val_loss = validate(model, valid_dl, loss_fn, special_symbols);
    if (val_loss < best_val_loss) {
      best_val_loss = val_loss;
      logger.info('New best model, saving...');
      torch.save(model.state_dict(), join(opts.logging_dir, 'best.pt'));
    }
    torch.save(model.state_dict(), join(opts.logging_dir, 'last.pt'));
    const left = opts.epochs - idx - 1;
    logger.info(f`Epoch: ${epoch}\n\tTrain loss: ${train_loss}:.3f\n\tVal loss: ${val_loss}:.3f\n\tLeft: ${left}`);
  }
  print(readFileSync(join(opts.logging_dir, 'log.txt'), 'utf8'));
}

interface Options {
  inference: boolean;
  model_path?: string;
  src: string;
  tgt: string;
  epochs: number;
  lr: number;
  batch: number;
  attn_heads: number;
  enc_layers: number;
  dec_layers: number;
  embed_size: number;
  dim_feedforward: number;
  dropout: number;
  logging_dir: string;
  dry_run: boolean;
}

const parser = new argparse.ArgumentParser({ prog: 'Machine Translator training and inference' });
parser.add_argument('--inference', { action: 'store_true', help: 'Set true to run inference' });
parser.add_argument('--model_path', { type: 'str', help: 'Path to the model to run inference on' });
parser.add_argument('--src', { type: 'str', default: 'de', help: 'Source language (translating FROM this language)' });
parser.add_argument('--tgt', { type: 'str', default: 'en', help: 'Target language (translating TO this language)' });
parser.add_argument('-e', '--epochs', { type: 'int', default: 3, help: 'Epochs' });
parser.add_argument('--lr', { type: 'float', default: 3e-3, help: 'Default learning rate' });
parser.add_argument('--batch', { type: 'int', default: 8, help: 'Batch size' });
parser.add_argument('--attn_heads', { type: 'int', default: 4, help: 'Number of attention heads' });
parser.add_argument('--enc_layers', { type: 'int', default: 1, help: 'Number of encoder layers' });
parser.add_argument('--dec_layers', { type: 'int', default: 1, help: 'Number of decoder layers' });
parser.add_argument('--embed_size', { type: 'int', default: 32, help: 'Size of the language embedding' });
parser.add_argument('--dim_feedforward', { type: 'int', default: 32, help: 'Feedforward dimensionality' });
parser.add_argument('--dropout', { type: 'float', default: 0.1, help: 'Transformer dropout' });
parser.add_argument('--logging_dir', {
  type: 'str',
  default: mkdtempSync(join(tmpdir(), 'translation-')),
  help: 'Where the output should be placed',
});
parser.add_argument('--dry_run', { action: 'store_true' });
torch.manual_seed(0);
torch.set_num_threads(1);
let args = parser.parse_args<Options>([]);
print(Object.keys(args).sort().slice(0, 5));
main(args);
args = parser.parse_args<Options>(['--inference', '--model_path', join(args.logging_dir, 'best.pt')]);
if (args.inference) {
  inference(args, 'der Vogel singt heute');
  inference(args, 'ein unbekannter Mann schläft');
}
