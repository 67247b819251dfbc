/** A convolutional classifier of digits: Adadelta, a step schedule, evaluation without gradients. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as nn from 'torch-node/nn';
import * as F from 'torch-node/nn/functional';
import * as optim from 'torch-node/optim';
import { StepLR } from 'torch-node/optim/lr_scheduler';
import { enumerate, f, print, range } from 'torch-node/python';
import { DataLoader, TensorDataset } from 'torch-node/utils/data';

class Net extends nn.Module {
  conv1 = new nn.Conv2d(1, 32, 3, 1);
  conv2 = new nn.Conv2d(32, 64, 3, 1);
  dropout1 = new nn.Dropout(0.25);
  dropout2 = new nn.Dropout(0.5);
  fc1 = new nn.Linear(9216, 128);
  fc2 = new nn.Linear(128, 10);

  forward(x: Tensor): Tensor {
    x = F.relu(this.conv1(x));
    x = F.max_pool2d(F.relu(this.conv2(x)), 2);
    x = torch.flatten(this.dropout1(x), 1);
    x = this.fc2(this.dropout2(F.relu(this.fc1(x))));
    return F.log_softmax(x, { dim: 1 });
  }
}

type Loader = DataLoader<[Tensor, Tensor]>;

function train(model: Net, loader: Loader, optimizer: optim.Adadelta, epoch: number): void {
  model.train();
  for (const [batch_idx, [data, target]] of enumerate(loader)) {
    optimizer.zero_grad();
    const loss = F.nll_loss(model(data), target);
    loss.backward();
    optimizer.step();
    print(f`Epoch ${epoch} [${batch_idx * data.length}/${loader.dataset.length}] Loss: ${loss.item()}:.6f`);
  }
}

function test(model: Net, loader: Loader): void {
  model.eval();
  let [test_loss, correct] = [0, 0];
  torch.no_grad(() => {
    for (const [data, target] of loader) {
      const output = model(data);
      test_loss += F.nll_loss(output, target, { reduction: 'sum' }).item();
      const pred = output.argmax({ dim: 1, keepdim: true });
      correct += pred.eq(target.view_as(pred)).sum().item();
    }
  });
  const count = loader.dataset.length;
  print(f`Average loss: ${test_loss / count}:.4f, correct: ${correct}/${count}`);
}

torch.manual_seed(1);
torch.set_num_threads(1);
const dataset = new TensorDataset(torch.rand(24, 1, 28, 28), torch.randint(0, 10, [24]));
const train_loader = new DataLoader(dataset, { batch_size: 8, shuffle: true });
const test_loader = new DataLoader(dataset, { batch_size: 12 });
const model = new Net();
const optimizer = new optim.Adadelta(model.parameters(), { lr: 1 });
const scheduler = new StepLR(optimizer, { step_size: 1, gamma: 0.7 });
for (const epoch of range(1, 3)) {
  train(model, train_loader, optimizer, epoch);
  test(model, test_loader);
  scheduler.step();
  print(scheduler.get_last_lr());
}
