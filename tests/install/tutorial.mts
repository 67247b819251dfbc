/** The tutorial's first 100 steps as a user of the package writes it; prints the losses. Arguments: the folder of MNIST. */
import * as torch from 'torch-node';
import { enumerate, nn, type Tensor } from 'torch-node';
import * as torchvision from 'torch-node/vision';

const { datasets, transforms } = torchvision;

class RNN extends nn.Module {
  rnn = new nn.LSTM({ input_size: 28, hidden_size: 64, num_layers: 1, batch_first: true });
  out = new nn.Linear(64, 10);

  forward(x: Tensor): Tensor {
    const [r_out] = this.rnn(x, null);
    return this.out(r_out.index(':', -1, ':'));
  }
}

torch.set_num_threads(1);
torch.manual_seed(1);
const train_data = new datasets.MNIST({
  root: process.argv[2] ?? '',
  train: true,
  transform: new transforms.ToTensor(),
});
const train_loader = new torch.utils.data.DataLoader(train_data, { batch_size: 64, shuffle: true });
const rnn = new RNN();
const optimizer = new torch.optim.Adam(rnn.parameters(), { lr: 0.01 });
const loss_func = new nn.CrossEntropyLoss();
const losses: number[] = [];
for (const [step, [x, y]] of enumerate(train_loader)) {
  if (step === 100) break;
  const loss = loss_func(rnn(x.view(-1, 28, 28)), y);
  optimizer.zero_grad();
  loss.backward();
  optimizer.step();
  losses.push(loss.item());
}
console.log(JSON.stringify(losses));
