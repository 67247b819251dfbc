/** Language models of words: LSTM, GRU, plain RNN and Transformer, truncated backpropagation, whole models in files, sampling. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as nn from 'torch-node/nn';
import * as F from 'torch-node/nn/functional';
import { argparse, enumerate, format, math, print, range } from 'torch-node/python';

class Dictionary {
  word2idx = new Map<string, number>();
  idx2word: string[] = [];

  add_word(word: string): number {
    if (!this.word2idx.has(word)) {
      this.idx2word.push(word);
      this.word2idx.set(word, this.idx2word.length - 1);
    }
    return this.word2idx.get(word)!;
  }

  get length(): number {
    return this.idx2word.length;
  }
}

class Corpus {
  dictionary = new Dictionary();
  train: Tensor;
  valid: Tensor;
  test: Tensor;

  constructor(path: string) {
    this.train = this.tokenize(join(path, 'train.txt'));
    this.valid = this.tokenize(join(path, 'valid.txt'));
    this.test = this.tokenize(join(path, 'test.txt'));
  }

  tokenize(path: string): Tensor {
    if (!existsSync(path)) throw new Error(path);
    const idss: Tensor[] = [];
    for (const line of readFileSync(path, 'utf8').trimEnd().split('\n')) {
      const words = [...line.trim().split(/\s+/), '<eos>'];
      const ids: number[] = [];
      for (const word of words) ids.push(this.dictionary.add_word(word));
      idss.push(torch.tensor(ids).type(torch.int64));
    }
    return torch.cat(idss);
  }
}

type Hidden = Tensor | [h: Tensor, c: Tensor];

class RNNModel extends nn.Module {
  ntoken: number;
  drop: nn.Dropout;
  encoder: nn.Embedding;
  rnn: nn.RNNBase;
  decoder: nn.Linear;
  rnn_type: string;
  nhid: number;
  nlayers: number;

  constructor(
    rnn_type: string,
    ntoken: number,
    ninp: number,
    nhid: number,
    nlayers: number,
    dropout = 0.5,
    tie_weights = false,
  ) {
    super();
    this.ntoken = ntoken;
    this.drop = new nn.Dropout(dropout);
    this.encoder = new nn.Embedding(ntoken, ninp);
    if (rnn_type === 'LSTM' || rnn_type === 'GRU') {
      this.rnn = new nn[rnn_type](ninp, nhid, nlayers, { dropout });
    } else {
      const nonlinearity = ({ RNN_TANH: 'tanh', RNN_RELU: 'relu' } as const)[rnn_type];
      if (nonlinearity === undefined) throw new Error('the model must be one of LSTM, GRU, RNN_TANH, RNN_RELU');
      this.rnn = new nn.RNN(ninp, nhid, nlayers, { nonlinearity, dropout });
    }
    this.decoder = new nn.Linear(nhid, ntoken);
    if (tie_weights) {
      if (nhid !== ninp) throw new Error('tied weights need nhid equal to emsize');
      this.decoder.weight = this.encoder.weight;
    }
    this.init_weights();
    this.rnn_type = rnn_type;
    this.nhid = nhid;
    this.nlayers = nlayers;
  }

  init_weights(): void {
    const initrange = 0.1;
    nn.init.uniform_(this.encoder.weight, -initrange, initrange);
    nn.init.zeros_(this.decoder.bias);
    nn.init.uniform_(this.decoder.weight, -initrange, initrange);
  }

  forward(input: Tensor, hidden: Hidden): [output: Tensor, hidden: Hidden] {
    const emb: Tensor = this.drop(this.encoder(input));
    let output: Tensor;
    [output, hidden] = (this.rnn as nn.Module)(emb, hidden);
    output = this.drop(output);
    let decoded: Tensor = this.decoder(output);
    decoded = decoded.view(-1, this.ntoken);
    return [F.log_softmax(decoded, { dim: 1 }), hidden];
  }

  init_hidden(bsz: number): Hidden {
    const [weight] = this.parameters() as Iterable<nn.Parameter>;
    if (this.rnn_type === 'LSTM') {
      return [weight!.new_zeros(this.nlayers, bsz, this.nhid), weight!.new_zeros(this.nlayers, bsz, this.nhid)];
    }
    return weight!.new_zeros(this.nlayers, bsz, this.nhid);
  }
}

class PositionalEncoding extends nn.Module {
  dropout: nn.Dropout;
  declare pe: Tensor;

  constructor(d_model: number, dropout = 0.1, max_len = 200) {
    super();
    this.dropout = new nn.Dropout({ p: dropout });
    let pe = torch.zeros(max_len, d_model);
    const position = torch.arange(0, max_len, { dtype: torch.float }).unsqueeze(1);
    const div_term = torch.exp(
      torch
        .arange(0, d_model, 2)
        .float()
        .mul(-math.log(10000) / d_model),
    );
    pe.index_put_([':', '0::2'], torch.sin(position.mul(div_term)));
    pe.index_put_([':', '1::2'], torch.cos(position.mul(div_term)));
    pe = pe.unsqueeze(0).transpose(0, 1);
    this.register_buffer('pe', pe);
  }

  forward(x: Tensor): Tensor {
    x = x.add(this.pe.index(torch.slice(x.size(0)), ':'));
    return this.dropout(x);
  }
}

class TransformerModel extends nn.Transformer {
  model_type = 'Transformer';
  src_mask: Tensor | null = null;
  pos_encoder: PositionalEncoding;
  input_emb: nn.Embedding;
  ninp: number;
  declare decoder: nn.Linear;

  constructor(ntoken: number, ninp: number, nhead: number, nhid: number, nlayers: number, dropout = 0.5) {
    super({ d_model: ninp, nhead, dim_feedforward: nhid, num_encoder_layers: nlayers });
    this.pos_encoder = new PositionalEncoding(ninp, dropout);
    this.input_emb = new nn.Embedding(ntoken, ninp);
    this.ninp = ninp;
    this.decoder = new nn.Linear(ninp, ntoken);
    this.init_weights();
  }

  _generate_square_subsequent_mask(sz: number): Tensor {
    return torch.log(torch.tril(torch.ones(sz, sz)));
  }

  init_weights(): void {
    const initrange = 0.1;
    nn.init.uniform_(this.input_emb.weight, -initrange, initrange);
    nn.init.zeros_(this.decoder.bias);
    nn.init.uniform_(this.decoder.weight, -initrange, initrange);
  }

  override forward(src: Tensor, has_mask = true): Tensor {
    if (has_mask) {
      const { device } = src;
      if (this.src_mask === null || this.src_mask.size(0) !== src.length) {
        const mask = this._generate_square_subsequent_mask(src.length).to(device);
        this.src_mask = mask;
      }
    } else {
      this.src_mask = null;
    }
    src = this.input_emb(src).mul(math.sqrt(this.ninp));
    src = this.pos_encoder(src);
    let output = this.encoder(src, { mask: this.src_mask });
    output = this.decoder(output);
    return F.log_softmax(output, { dim: -1 });
  }
}

interface Args {
  model: string;
  emsize: number;
  nhid: number;
  nlayers: number;
  lr: number;
  clip: number;
  epochs: number;
  batch_size: number;
  bptt: number;
  dropout: number;
  tied: boolean;
  seed: number;
  log_interval: number;
  nhead: number;
  use_optimizer: boolean;
  words: number;
  temperature: number;
}

const parser = new argparse.ArgumentParser({ description: 'Language models of words' });
parser.add_argument('--model', { type: 'str', default: 'LSTM' });
parser.add_argument('--emsize', { type: 'int', default: 16 });
parser.add_argument('--nhid', { type: 'int', default: 16 });
parser.add_argument('--nlayers', { type: 'int', default: 2 });
parser.add_argument('--lr', { type: 'float', default: 5 });
parser.add_argument('--clip', { type: 'float', default: 0.25 });
parser.add_argument('--epochs', { type: 'int', default: 2 });
parser.add_argument('--batch_size', { type: 'int', default: 4, metavar: 'N' });
parser.add_argument('--bptt', { type: 'int', default: 7 });
parser.add_argument('--dropout', { type: 'float', default: 0.2 });
parser.add_argument('--tied', { action: 'store_true' });
parser.add_argument('--seed', { type: 'int', default: 1111 });
parser.add_argument('--log-interval', { type: 'int', default: 4, metavar: 'N' });
parser.add_argument('--nhead', { type: 'int', default: 2 });
parser.add_argument('--use-optimizer', { action: 'store_true' });
parser.add_argument('--words', { type: 'int', default: 20 });
parser.add_argument('--temperature', { type: 'float', default: 1 });

const folder = mkdtempSync(join(tmpdir(), 'words-'));
const nouns = 'the dog,a cat,my horse,one bird,her goat'.split(',');
const verbs = 'sees,hears,likes,follows'.split(',');
for (const [name, lines] of [
  ['train', 30],
  ['valid', 10],
  ['test', 10],
] as const) {
  let text = '';
  for (const k of range(lines)) {
    text += format(' %s %s %s \n', nouns[(k * 3) % 5], verbs[(k + lines) % 4], nouns[(k * k + 1) % 5]);
  }
  writeFileSync(join(folder, `${name}.txt`), text);
}
const device = torch.device('cpu');
torch.set_num_threads(1);
print('Using device:', device);

function batchify(data: Tensor, bsz: number): Tensor {
  const nbatch = Math.floor(data.size(0) / bsz);
  data = data.narrow(0, 0, nbatch * bsz);
  data = data.view(bsz, -1).t().contiguous();
  return data.to(device);
}

function repackage_hidden(h: Hidden): Hidden {
  if (h instanceof torch.Tensor) return h.detach();
  return h.map((v) => repackage_hidden(v)) as [Tensor, Tensor];
}

function get_batch(args: Args, source: Tensor, i: number): [data: Tensor, target: Tensor] {
  const seq_len = Math.min(args.bptt, source.length - 1 - i);
  const data = source.index(torch.slice(i, i + seq_len));
  const target = source.index(torch.slice(i + 1, i + 1 + seq_len)).view(-1);
  return [data, target];
}

type Model = RNNModel | TransformerModel;

function evaluate(
  args: Args,
  model: Model,
  corpus: Corpus,
  criterion: nn.NLLLoss,
  data_source: Tensor,
  eval_batch_size: number,
): number {
  model.eval();
  let total_loss = 0;
  const ntokens = corpus.dictionary.length;
  let hidden!: Hidden;
  if (model instanceof RNNModel) hidden = model.init_hidden(eval_batch_size);
  torch.no_grad(() => {
    for (const i of range(0, data_source.size(0) - 1, args.bptt)) {
      const [data, targets] = get_batch(args, data_source, i);
      let output: Tensor;
      if (model instanceof RNNModel) {
        [output, hidden] = model(data, hidden);
        hidden = repackage_hidden(hidden);
      } else {
        output = model(data);
        output = output.view(-1, ntokens);
      }
      total_loss += data.length * criterion(output, targets).item();
    }
  });
  return total_loss / (data_source.length - 1);
}

function train(
  args: Args,
  model: Model,
  corpus: Corpus,
  criterion: nn.NLLLoss,
  optimizer: torch.optim.AdamW | null,
  train_data: Tensor,
  epoch: number,
  lr: number,
): void {
  model.train();
  let total_loss = 0;
  const ntokens = corpus.dictionary.length;
  let hidden!: Hidden;
  if (model instanceof RNNModel) hidden = model.init_hidden(args.batch_size);
  for (const [batch, i] of enumerate(range(0, train_data.size(0) - 1, args.bptt))) {
    const [data, targets] = get_batch(args, train_data, i);
    if (optimizer !== null) optimizer.zero_grad();
    else model.zero_grad();
    let output: Tensor;
    if (model instanceof RNNModel) {
      hidden = repackage_hidden(hidden);
      [output, hidden] = model(data, hidden);
    } else {
      output = model(data);
      output = output.view(-1, ntokens);
    }
    const loss = criterion(output, targets);
    loss.backward();
    nn.utils.clip_grad_norm_(model.parameters(), args.clip);
    if (optimizer !== null) {
      optimizer.step();
    } else {
      for (const p of model.parameters()) {
        if (p.grad !== null) p.data.add_(p.grad, { alpha: -lr });
      }
    }
    total_loss += loss.item();
    if (batch % args.log_interval === 0 && batch > 0) {
      const cur_loss = total_loss / args.log_interval;
      const batches = Math.floor(train_data.length / args.bptt);
      print(
        format(
          '| epoch {:3d} | {:5d}/{:5d} batches | lr {:02.2f} | loss {:5.2f} | ppl {:8.2f}',
          epoch,
          batch,
          batches,
          lr,
          cur_loss,
          math.exp(cur_loss),
        ),
      );
      total_loss = 0;
    }
  }
}

function generate(args: Args, corpus: Corpus, model: Model): void {
  model.eval();
  const ntokens = corpus.dictionary.length;
  let hidden!: Hidden;
  if (model instanceof RNNModel) hidden = model.init_hidden(1);
  let input = torch.randint(ntokens, [1, 1], { dtype: torch.long }).to(device);
  let text = '';
  torch.no_grad(() => {
    for (const i of range(args.words)) {
      let word_idx: Tensor;
      if (model instanceof RNNModel) {
        let output: Tensor;
        [output, hidden] = model(input, hidden);
        const word_weights = output.squeeze().div(args.temperature).exp().cpu();
        word_idx = torch.multinomial(word_weights, 1).index(0);
        input.fill_(word_idx);
      } else {
        const output: Tensor = model(input, false);
        const word_weights = output.index(-1).squeeze().div(args.temperature).exp().cpu();
        word_idx = torch.multinomial(word_weights, 1).index(0);
        const word_tensor = new torch.Tensor([[word_idx]]).long().to(device);
        input = torch.cat([input, word_tensor], 0);
      }
      const word = corpus.dictionary.idx2word[word_idx.item()];
      text += word + (i % 10 === 9 ? '\n' : ' ');
    }
  });
  print(text);
}

function main(args: Args): void {
  torch.manual_seed(args.seed);
  const corpus = new Corpus(folder);
  const eval_batch_size = 5;
  const train_data = batchify(corpus.train, args.batch_size);
  const val_data = batchify(corpus.valid, eval_batch_size);
  const test_data = batchify(corpus.test, eval_batch_size);
  const ntokens = corpus.dictionary.length;
  const { emsize, nhid, nlayers, dropout } = args;
  let model: Model;
  if (args.model === 'Transformer') {
    model = new TransformerModel(ntokens, emsize, args.nhead, nhid, nlayers, dropout).to(device);
  } else {
    model = new RNNModel(args.model, ntokens, emsize, nhid, nlayers, dropout, args.tied).to(device);
  }
  const criterion = new nn.NLLLoss();
  const optimizer = args.use_optimizer ? new torch.optim.AdamW(model.parameters(), { lr: args.lr }) : null;
  let { lr } = args;
  let best_val_loss: number | null = null;
  const save = join(folder, 'model.pt');
  const safe_globals = [
    PositionalEncoding,
    RNNModel,
    TransformerModel,
    F.relu,
    nn.modules.activation.MultiheadAttention,
    nn.modules.container.ModuleList,
    nn.modules.dropout.Dropout,
    nn.modules.linear.Linear,
    nn.modules.linear.NonDynamicallyQuantizableLinear,
    nn.modules.normalization.LayerNorm,
    nn.modules.sparse.Embedding,
    nn.modules.rnn.GRU,
    nn.modules.rnn.LSTM,
    nn.modules.rnn.RNN,
    nn.modules.transformer.TransformerEncoder,
    nn.modules.transformer.TransformerEncoderLayer,
  ];
  for (const epoch of range(1, args.epochs + 1)) {
    train(args, model, corpus, criterion, optimizer, train_data, epoch, lr);
    const val_loss = evaluate(args, model, corpus, criterion, val_data, eval_batch_size);
    print('-'.repeat(89));
    print(format('| end of epoch {:3d} | valid loss {:5.2f} | valid ppl {:8.2f}', epoch, val_loss, math.exp(val_loss)));
    print('-'.repeat(89));
    if (best_val_loss === null || val_loss < best_val_loss) {
      // A class of one's own has no name that Python could find: the list says which it is, for saving too.
      torch.serialization.safe_globals(safe_globals, () => torch.save(model, save));
      best_val_loss = val_loss;
    } else {
      lr /= 4;
    }
  }
  model = torch.serialization.safe_globals(safe_globals, () => torch.load<Model>(save));
  if (model instanceof RNNModel) model.rnn.flatten_parameters();
  const test_loss = evaluate(args, model, corpus, criterion, test_data, eval_batch_size);
  print(format('| End of training | test loss {:5.2f} | test ppl {:8.2f}', test_loss, math.exp(test_loss)));
  generate(args, corpus, model);
}

main(parser.parse_args<Args>(['--tied']));
main(parser.parse_args<Args>(['--model', 'GRU', '--epochs', '1', '--use-optimizer', '--lr', '0.01']));
main(parser.parse_args<Args>(['--model', 'RNN_TANH', '--epochs', '1', '--lr', '20', '--temperature', '0.5']));
main(parser.parse_args<Args>(['--model', 'Transformer', '--epochs', '1', '--lr', '2']));
try {
  main(parser.parse_args<Args>(['--model', 'CNN']));
} catch (e) {
  print((e as Error).message);
}
