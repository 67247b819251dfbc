/** The tutorial's first 20 steps; scripts/dev/runtimes.js compares the losses with Python's. Argument: the folder of MNIST. */
import * as torch from 'torch-node';
import { enumerate, nn } from 'torch-node';
import * as torchvision from 'torch-node/vision';
import { check, hex, report } from './checks.mjs';

const { datasets, transforms } = torchvision;

class RNN extends nn.Module {
  rnn = new nn.LSTM({ input_size: 28, hidden_size: 64, num_layers: 1, batch_first: true });
  out = new nn.Linear(64, 10);

  forward(x) {
    const [r_out] = this.rnn(x, null);
    return this.out(r_out.index(':', -1, ':'));
  }
}

await check('losses of the tutorial', () => {
  torch.set_num_threads(1);
  torch.manual_seed(1);
  const train_data = new datasets.MNIST({ root: process.argv[2], train: true, transform: new transforms.ToTensor() });
  const train_loader = new torch.utils.data.DataLoader(train_data, { batch_size: 64, shuffle: true });
  const rnn = new RNN();
  const optimizer = new torch.optim.Adam(rnn.parameters(), { lr: 0.01 });
  const loss_func = new nn.CrossEntropyLoss();
  const losses = [];
  for (const [step, [x, y]] of enumerate(train_loader)) {
    if (step === 20) break;
    const loss = loss_func(rnn(x.view(-1, 28, 28)), y);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    losses.push(hex(loss));
  }
  return losses;
});
report();
