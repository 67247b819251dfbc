/** Whether one sentence follows from another: embeddings, a bidirectional LSTM for both, packed sentences. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as nn from 'torch-node/nn';
import { pack_padded_sequence, pad_sequence } from 'torch-node/nn/utils/rnn';
import * as optim from 'torch-node/optim';
import { format, print, range } from 'torch-node/python';

torch.manual_seed(2);
torch.set_num_threads(1);

class Encoder extends nn.Module {
  rnn = new nn.LSTM({ input_size: 30, hidden_size: 20, num_layers: 2, dropout: 0.2, bidirectional: true });

  forward(inputs: Tensor, lengths: Tensor): Tensor {
    const packed = pack_padded_sequence(inputs, lengths, { enforce_sorted: false });
    const [, [ht]] = this.rnn(packed);
    return ht.index('-2:').transpose(0, 1).contiguous().view(inputs.size(1), -1);
  }
}

class Classifier extends nn.Module {
  embed = new nn.Embedding(50, 30, { padding_idx: 0 });
  projection = new nn.Linear(30, 30);
  encoder = new Encoder();
  relu = new nn.ReLU();
  out: nn.Sequential<nn.Module[]>;

  constructor() {
    super();
    const layers = [80, 80, 80].flatMap((width): nn.Module[] => [
      new nn.Linear(80, width),
      this.relu,
      new nn.Dropout(0.2),
    ]);
    this.out = new nn.Sequential(...layers, new nn.Linear(80, 3));
  }

  encode(sentences: Tensor[]): Tensor {
    const lengths = torch.tensor(sentences.map((s) => s.length));
    const embedded = this.embed(pad_sequence(sentences));
    return this.encoder(this.relu(this.projection(embedded)), lengths);
  }

  forward(premise: Tensor[], hypothesis: Tensor[]): Tensor {
    return this.out(torch.cat([this.encode(premise), this.encode(hypothesis)], 1));
  }
}

function sentences(count: number): Tensor[] {
  const lengths: number[] = torch.randint(3, 9, [count]).tolist();
  return lengths.map((length) => torch.randint(1, 50, [length]));
}

const model = new Classifier();
print(model);
const criterion = new nn.CrossEntropyLoss();
const opt = new optim.Adam(model.parameters(), { lr: 0.001 });
for (const iteration of range(4)) {
  const [premise, hypothesis, label] = [sentences(8), sentences(8), torch.randint(0, 3, [8])];
  model.train();
  opt.zero_grad();
  const answer = model(premise, hypothesis);
  const n_correct = torch.max(answer, 1)[1].view(label.size()).eq(label).sum().item();
  const loss = criterion(answer, label);
  loss.backward();
  opt.step();
  print(format('{:>3} {:8.6f} {:8.4f}', iteration, loss.item(), (100 * n_correct) / 8));
}
