/** A classifier that reads images row by row with an LSTM: transforms, a step schedule, a saved state dict. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as nn from 'torch-node/nn';
import * as F from 'torch-node/nn/functional';
import * as optim from 'torch-node/optim';
import { StepLR } from 'torch-node/optim/lr_scheduler';
import { argparse, enumerate, format, print, range } from 'torch-node/python';
import { DataLoader, Dataset } from 'torch-node/utils/data';

class Net extends nn.Module {
  rnn = new nn.LSTM({ input_size: 28, hidden_size: 64, batch_first: true });
  batchnorm = new nn.BatchNorm1d(64);
  dropout1 = new nn.Dropout2d(0.25);
  dropout2 = new nn.Dropout2d(0.5);
  fc1 = new nn.Linear(64, 32);
  fc2 = new nn.Linear(32, 10);

  forward(input: Tensor): Tensor {
    input = input.reshape(-1, 28, 28);
    let [output] = this.rnn(input);
    output = output.index(':', -1, ':');
    output = this.batchnorm(output);
    output = this.dropout1(output);
    output = this.fc1(output);
    output = F.relu(output);
    output = this.dropout2(output);
    output = this.fc2(output);
    return F.log_softmax(output, { dim: 1 });
  }
}

class Digits extends Dataset<[image: Tensor, target: number]> {
  images: Tensor;
  targets: Tensor;

  constructor(
    size: number,
    readonly transform: (image: Tensor) => Tensor,
  ) {
    super();
    this.images = torch.randint(0, 256, [size, 28, 28], { dtype: torch.uint8 });
    this.targets = torch.randint(0, 10, [size]);
  }

  override get length(): number {
    return this.images.length;
  }

  override get(index: number): [image: Tensor, target: number] {
    return [this.transform(this.images.index(index)), this.targets.index(index).item()];
  }
}

interface Args {
  batch_size: number;
  test_batch_size: number;
  epochs: number;
  lr: number;
  gamma: number;
  accel: boolean;
  dry_run: boolean;
  seed: number;
  log_interval: number;
  save_model: boolean;
}

type Loader = DataLoader<[image: Tensor, target: number], [data: Tensor, target: Tensor]>;

function train(
  args: Args,
  model: Net,
  device: torch.Device,
  train_loader: Loader,
  optimizer: optim.Optimizer,
  epoch: number,
): void {
  model.train();
  for (let [batch_idx, [data, target]] of enumerate(train_loader)) {
    [data, target] = [data.to(device), target.to(device)];
    optimizer.zero_grad();
    const output = model(data);
    const loss = F.nll_loss(output, target);
    loss.backward();
    optimizer.step();
    if (batch_idx % args.log_interval === 0) {
      print(
        format(
          'Train Epoch: {} [{}/{} ({:.0f}%)]\tLoss: {:.6f}',
          epoch,
          batch_idx * data.length,
          train_loader.dataset.length,
          (100 * batch_idx) / train_loader.length,
          loss.item(),
        ),
      );
      if (args.dry_run) break;
    }
  }
}

function test(args: Args, model: Net, device: torch.Device, test_loader: Loader): void {
  model.eval();
  let test_loss = 0;
  let correct = 0;
  torch.no_grad(() => {
    for (let [data, target] of test_loader) {
      [data, target] = [data.to(device), target.to(device)];
      const output = model(data);
      test_loss += F.nll_loss(output, target, { reduction: 'sum' }).item();
      const pred = output.argmax({ dim: 1, keepdim: true });
      correct += pred.eq(target.view_as(pred)).sum().item();
      if (args.dry_run) break;
    }
  });
  const count = test_loader.dataset.length;
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
  const parser = new argparse.ArgumentParser({ description: 'Digits row by row' });
  parser.add_argument('--batch-size', { type: 'int', default: 16 });
  parser.add_argument('--test-batch-size', { type: 'int', default: 24 });
  parser.add_argument('--epochs', { type: 'int', default: 2 });
  parser.add_argument('--lr', { type: 'float', default: 0.1 });
  parser.add_argument('--gamma', { type: 'float', default: 0.7 });
  parser.add_argument('--accel', { action: 'store_true' });
  parser.add_argument('--dry-run', { action: 'store_true' });
  parser.add_argument('--seed', { type: 'int', default: 1 });
  parser.add_argument('--log-interval', { type: 'int', default: 1 });
  parser.add_argument('--save-model', { action: 'store_true' });
  const args = parser.parse_args<Args>(['--lr', '0.5', '--save-model']);

  const device = args.accel ? torch.accelerator.current_accelerator()! : torch.device('cpu');
  torch.manual_seed(args.seed);
  torch.set_num_threads(1);

  const kwargs = args.accel ? { num_workers: 1, pin_memory: true } : {};
  const transform = (image: Tensor): Tensor => image.float().div(255).sub(0.1307).div(0.3081);
  const train_loader = new DataLoader(new Digits(60, transform), {
    batch_size: args.batch_size,
    shuffle: true,
    ...kwargs,
  });
  const test_loader = new DataLoader(new Digits(30, transform), {
    batch_size: args.test_batch_size,
    shuffle: true,
    ...kwargs,
  });

  const model = new Net().to(device);
  const optimizer = new optim.Adadelta(model.parameters(), { lr: args.lr });
  const scheduler = new StepLR(optimizer, { step_size: 1, gamma: args.gamma });
  for (const epoch of range(1, args.epochs + 1)) {
    train(args, model, device, train_loader, optimizer, epoch);
    test(args, model, device, test_loader);
    scheduler.step();
  }

  if (args.save_model) {
    const path = join(mkdtempSync(join(tmpdir(), 'mnist-rnn-')), 'mnist_rnn.pt');
    torch.save(model.state_dict(), path);
    print(Object.keys(torch.load<nn.StateDict>(path)));
  }
}

main();
