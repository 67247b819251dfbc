/** Two images through one network, which says whether they show the same; an own Dataset and optimizer groups. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as nn from 'torch-node/nn';
import * as optim from 'torch-node/optim';
import { f, print, range } from 'torch-node/python';
import { DataLoader, Dataset } from 'torch-node/utils/data';

class Pairs extends Dataset<[Tensor, Tensor, Tensor]> {
  constructor(
    readonly images: Tensor,
    readonly labels: Tensor,
  ) {
    super();
  }

  override get length(): number {
    return this.labels.length;
  }

  override get(index: number): [Tensor, Tensor, Tensor] {
    const other = (index * 7 + 3) % this.length;
    const same = this.labels.index(index).item() === this.labels.index(other).item() ? 1 : 0;
    return [this.images.index(index), this.images.index(other), torch.tensor(same, { dtype: torch.float })];
  }
}

class SiameseNetwork extends nn.Module {
  features = new nn.Sequential(
    new nn.Conv2d(1, 8, 5, { stride: 2, bias: false }),
    new nn.BatchNorm2d(8),
    new nn.ReLU({ inplace: true }),
    new nn.MaxPool2d(3, 2, 1),
    new nn.Conv2d(8, 16, 3),
    new nn.ReLU({ inplace: true }),
    new nn.AdaptiveAvgPool2d([1, 1]),
  );
  fc = new nn.Sequential(new nn.Linear(32, 256), new nn.ReLU({ inplace: true }), new nn.Linear(256, 1));
  sigmoid = new nn.Sigmoid();

  constructor() {
    super();
    this.features.apply((m) => this.init_weights(m));
    this.fc.apply((m) => this.init_weights(m));
  }

  init_weights(m: nn.Module): void {
    if (!(m instanceof nn.Linear)) return;
    nn.init.xavier_uniform_(m.weight);
    m.bias.data.fill_(0.01);
  }

  forward_once(x: Tensor): Tensor {
    const output: Tensor = this.features(x);
    return output.view(output.size(0), -1);
  }

  forward(a: Tensor, b: Tensor): Tensor {
    const output = torch.cat([this.forward_once(a), this.forward_once(b)], 1);
    return this.sigmoid(this.fc(output));
  }
}

torch.manual_seed(1);
torch.set_num_threads(1);
const pairs = new Pairs(torch.rand(20, 1, 28, 28), torch.randint(0, 3, [20]));
const loader = new DataLoader(pairs, { batch_size: 5, shuffle: true });
const model = new SiameseNetwork();
const optimizer = new optim.Adadelta(
  [{ params: model.features.parameters(), lr: 0.5 }, { params: model.fc.parameters() }],
  { lr: 1 },
);
const criterion = new nn.BCELoss();
for (const epoch of range(2)) {
  model.train();
  for (const [a, b, targets] of loader) {
    optimizer.zero_grad();
    const loss = criterion(model(a, b).squeeze(), targets);
    loss.backward();
    optimizer.step();
    print(f`epoch ${epoch} loss ${loss.item()}:.6f`);
  }
}
model.eval();
let correct = 0;
torch.no_grad(() => {
  for (const [a, b, targets] of loader) {
    const pred = torch.where(model(a, b).squeeze().gt(0.5), 1, 0);
    correct += pred.eq(targets.view_as(pred)).sum().item();
  }
});
print('correct', correct);
const shapes = Object.entries(model.state_dict()).map(([k, v]) => [k, torch.serialization.Tuple.of(...v.shape)]);
print(Object.fromEntries(shapes));
