/** A variational autoencoder: the reparameterization trick, a loss of two sums, images from random codes. */
import * as torch from 'torch-node';
import { nn, optim, type Tensor } from 'torch-node';
import * as F from 'torch-node/nn/functional';
import { argparse, enumerate, f, format, print, range } from 'torch-node/python';

interface Args {
  batch_size: number;
  epochs: number;
  no_accel: boolean;
  seed: number;
  log_interval: number;
}

const parser = new argparse.ArgumentParser({ description: 'Variational autoencoder' });
parser.add_argument('--batch-size', {
  type: 'int',
  default: 16,
  metavar: 'N',
  help: 'input batch size for training (default: 16)',
});
parser.add_argument('--epochs', {
  type: 'int',
  default: 2,
  metavar: 'N',
  help: 'number of epochs to train (default: 2)',
});
parser.add_argument('--no-accel', { action: 'store_true', help: 'disables accelerator' });
parser.add_argument('--seed', { type: 'int', default: 1, metavar: 'S', help: 'random seed (default: 1)' });
parser.add_argument('--log-interval', {
  type: 'int',
  default: 2,
  metavar: 'N',
  help: 'batches between reports (default: 2)',
});
const args = parser.parse_args<Args>(['--no-accel']);
print(args);

const use_accel = !args.no_accel && torch.accelerator.is_available();
const device = use_accel ? torch.accelerator.current_accelerator()! : torch.device('cpu');
torch.manual_seed(args.seed);
torch.set_num_threads(1);
print(f`Using device: ${device}`);

const kwargs = use_accel ? { num_workers: 1, pin_memory: true } : {};
const images = new torch.utils.data.TensorDataset(torch.rand(56, 1, 28, 28), torch.zeros(56, { dtype: torch.long }));
const [train_set, test_set] = torch.utils.data.random_split(images, [40, 16]);
const train_loader = new torch.utils.data.DataLoader(train_set!, {
  batch_size: args.batch_size,
  shuffle: true,
  ...kwargs,
});
const test_loader = new torch.utils.data.DataLoader(test_set!, {
  batch_size: args.batch_size,
  shuffle: false,
  ...kwargs,
});

class VAE extends nn.Module {
  fc1 = new nn.Linear(784, 400);
  fc21 = new nn.Linear(400, 20);
  fc22 = new nn.Linear(400, 20);
  fc3 = new nn.Linear(20, 400);
  fc4 = new nn.Linear(400, 784);

  encode(x: Tensor): [mu: Tensor, logvar: Tensor] {
    const h1 = F.relu(this.fc1(x));
    return [this.fc21(h1), this.fc22(h1)];
  }

  reparameterize(mu: Tensor, logvar: Tensor): Tensor {
    const std = torch.exp(logvar.mul(0.5));
    const eps = torch.randn_like(std);
    return mu.add(eps.mul(std));
  }

  decode(z: Tensor): Tensor {
    return torch.sigmoid(this.fc4(F.relu(this.fc3(z))));
  }

  forward(x: Tensor): [recon: Tensor, mu: Tensor, logvar: Tensor] {
    const [mu, logvar] = this.encode(x.view(-1, 784));
    const z = this.reparameterize(mu, logvar);
    return [this.decode(z), mu, logvar];
  }
}

const model = new VAE().to(device);
const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });

function loss_function(recon_x: Tensor, x: Tensor, mu: Tensor, logvar: Tensor): Tensor {
  const bce = F.binary_cross_entropy(recon_x, x.view(-1, 784), { reduction: 'sum' });
  const kld = torch.sum(logvar.add(1).sub(mu.pow(2)).sub(logvar.exp())).mul(-0.5);
  return bce.add(kld);
}

function train(epoch: number): void {
  model.train();
  let train_loss = 0;
  for (let [batch_idx, [data]] of enumerate(train_loader)) {
    data = data.to(device);
    optimizer.zero_grad();
    const [recon_batch, mu, logvar] = model(data);
    const loss = loss_function(recon_batch, data, mu, logvar);
    loss.backward();
    train_loss += loss.item();
    optimizer.step();
    if (batch_idx % args.log_interval === 0) {
      print(
        format(
          'Train Epoch: {} [{}/{} ({:.0f}%)]\tLoss: {:.6f}',
          epoch,
          batch_idx * data.length,
          train_loader.dataset.length,
          (100 * batch_idx) / train_loader.length,
          loss.item() / data.length,
        ),
      );
    }
  }
  print(format('====> Epoch: {} Average loss: {:.4f}', epoch, train_loss / train_loader.dataset.length));
}

function test(epoch: number): void {
  model.eval();
  let test_loss = 0;
  {
    using _ = torch.no_grad();
    for (let [i, [data]] of enumerate(test_loader)) {
      data = data.to(device);
      const [recon_batch, mu, logvar] = model(data);
      test_loss += loss_function(recon_batch, data, mu, logvar).item();
      if (i === 0) {
        const n = Math.min(data.size(0), 8);
        const comparison = torch.cat([
          data.index(torch.slice(n)),
          recon_batch.view(args.batch_size, 1, 28, 28).index(torch.slice(n)),
        ]);
        print(comparison.shape, comparison.index(-1, 0, 0, ':5'));
      }
    }
  }
  test_loss /= test_loader.dataset.length;
  print(format('====> Test set loss: {:.4f}', test_loss));
}

for (const epoch of range(1, args.epochs + 1)) {
  train(epoch);
  test(epoch);
  torch.no_grad(() => {
    let sample = torch.randn(64, 20).to(device);
    sample = model.decode(sample).cpu();
    print(sample.view(64, 1, 28, 28).mean([1, 2, 3]).index(':4'));
  });
}
