/** Several workers that train one model in shared memory, each with a seed and an optimizer of its own. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as mp from 'torch-node/multiprocessing';
import * as nn from 'torch-node/nn';
import * as F from 'torch-node/nn/functional';
import * as optim from 'torch-node/optim';
import { argparse, enumerate, format, print, range } from 'torch-node/python';
import { DataLoader, type Dataset, TensorDataset } from 'torch-node/utils/data';

interface Args {
  batch_size: number;
  epochs: number;
  lr: number;
  momentum: number;
  seed: number;
  num_processes: number;
}

export class Net extends nn.Module {
  conv1 = new nn.Conv2d(1, 10, { kernel_size: 5 });
  conv2 = new nn.Conv2d(10, 20, { kernel_size: 5 });
  conv2_drop = new nn.Dropout2d();
  fc1 = new nn.Linear(320, 50);
  fc2 = new nn.Linear(50, 10);

  forward(x: Tensor): Tensor {
    x = F.relu(F.max_pool2d(this.conv1(x), 2));
    x = F.relu(F.max_pool2d(this.conv2_drop(this.conv2(x)), 2));
    x = x.view(-1, 320);
    x = F.relu(this.fc1(x));
    x = F.dropout(x, { training: this.training });
    x = this.fc2(x);
    return F.log_softmax(x, { dim: 1 });
  }
}

type Pairs = Dataset<[data: Tensor, target: Tensor]>;
interface LoaderOptions {
  batch_size: number;
  shuffle: boolean;
}

export function train(
  rank: number,
  args: Args,
  model: Net,
  device: torch.Device,
  dataset: Pairs,
  dataloader_kwargs: LoaderOptions,
  losses: Tensor,
): void {
  // A forked process, as Python's here, has the threads of its parent.
  torch.set_num_threads(1);
  torch.manual_seed(args.seed + rank);
  const train_loader = new DataLoader(dataset, dataloader_kwargs);
  const optimizer = new optim.SGD(model.parameters(), { lr: args.lr, momentum: args.momentum });
  for (const epoch of range(1, args.epochs + 1)) {
    train_epoch(epoch, model, device, train_loader, optimizer, losses.index(rank));
  }
}

function train_epoch(
  epoch: number,
  model: Net,
  device: torch.Device,
  data_loader: DataLoader<[Tensor, Tensor]>,
  optimizer: optim.SGD,
  losses: Tensor,
): void {
  model.train();
  for (const [batch_idx, [data, target]] of enumerate(data_loader)) {
    optimizer.zero_grad();
    const output = model(data.to(device));
    const loss = F.nll_loss(output, target.to(device));
    loss.backward();
    optimizer.step();
    losses.index_put_([epoch - 1, batch_idx], loss.item());
  }
}

function test(args: Args, model: Net, device: torch.Device, dataset: Pairs, dataloader_kwargs: LoaderOptions): void {
  torch.manual_seed(args.seed);
  const test_loader = new DataLoader(dataset, dataloader_kwargs);
  test_epoch(model, device, test_loader);
}

function test_epoch(model: Net, device: torch.Device, data_loader: DataLoader<[Tensor, Tensor]>): void {
  model.eval();
  let test_loss = 0;
  let correct = 0;
  torch.no_grad(() => {
    for (const [data, target] of data_loader) {
      const output = model(data.to(device));
      test_loss += F.nll_loss(output, target.to(device), { reduction: 'sum' }).item();
      const pred = output.max(1)[1];
      correct += pred.eq(target.to(device)).sum().item();
    }
  });
  const count = data_loader.dataset.length;
  test_loss /= count;
  print(
    format(
      '\nTest set: Average loss: {:.4f}, Accuracy: {}/{} ({:.0f}%)\n',
      test_loss,
      correct,
      count,
      (100 * correct) / count,
    ),
  );
}

function main(): void {
  const parser = new argparse.ArgumentParser({ description: 'Hogwild' });
  parser.add_argument('--batch-size', {
    type: 'int',
    default: 8,
    metavar: 'N',
    help: 'input batch size for training (default: 8)',
  });
  parser.add_argument('--epochs', {
    type: 'int',
    default: 2,
    metavar: 'N',
    help: 'number of epochs to train (default: 2)',
  });
  parser.add_argument('--lr', { type: 'float', default: 0.01, metavar: 'LR', help: 'learning rate (default: 0.01)' });
  parser.add_argument('--momentum', {
    type: 'float',
    default: 0.5,
    metavar: 'M',
    help: 'SGD momentum (default: 0.5)',
  });
  parser.add_argument('--seed', { type: 'int', default: 1, metavar: 'S', help: 'random seed (default: 1)' });
  parser.add_argument('--num-processes', {
    type: 'int',
    default: 2,
    metavar: 'N',
    help: 'how many training processes to use (default: 2)',
  });
  const args = parser.parse_args<Args>([]);
  const device = torch.device('cpu');
  torch.manual_seed(args.seed);
  torch.set_num_threads(1);
  const [images, targets] = [torch.rand(40, 1, 28, 28), torch.randint(0, 10, [40])];
  const dataset1 = new TensorDataset(images.index(':24'), targets.index(':24'));
  const dataset2 = new TensorDataset(images.index('24:'), targets.index('24:'));
  const kwargs = { batch_size: args.batch_size, shuffle: true };
  mp.set_start_method('spawn', { force: true });

  const model = new Net().to(device);
  model.share_memory();
  const losses = torch.zeros(args.num_processes, args.epochs, 3).share_memory_();

  for (const rank of range(args.num_processes)) {
    const p = new mp.Process({ target: train, args: [rank, { ...args }, model, device, dataset1, kwargs, losses] });
    p.start();
    // One after the other here, so that the numbers do not depend on the scheduler.
    p.join();
    print(rank, p.exitcode);
  }
  print(losses);
  test(args, model, device, dataset2, kwargs);
}

if (require.main === module) main();
