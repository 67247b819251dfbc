/** Layers that each learn by themselves to tell positive from negative data, without a backward pass through the net. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as nn from 'torch-node/nn';
import { Adam } from 'torch-node/optim';
import { f, print, range } from 'torch-node/python';

function overlay(x: Tensor, y: Tensor, classes = 10): Tensor {
  const result = x.clone();
  result.index(':', `:${classes}`).mul_(0);
  result.index_put_([torch.arange(x.size(0)), y], x.max());
  return result;
}

class Layer extends nn.Linear {
  relu = new nn.ReLU();
  opt = new Adam(this.parameters(), { lr: 0.03 });
  threshold = 2;

  override forward(x: Tensor): Tensor {
    const direction = x.div(x.norm(2, 1, { keepdim: true }).add(1e-4));
    return this.relu(torch.mm(direction, this.weight.T).add(this.bias.unsqueeze(0)));
  }

  learn(positive: Tensor, negative: Tensor, steps: number): [Tensor, Tensor] {
    let loss!: Tensor;
    for (const _ of range(steps)) {
      const g_pos = this.forward(positive).pow(2).mean(1);
      const g_neg = this.forward(negative).pow(2).mean(1);
      const margins = torch.cat([torch.rsub(g_pos, this.threshold), g_neg.sub(this.threshold)]);
      loss = torch.log(torch.exp(margins).add(1)).mean();
      this.opt.zero_grad();
      loss.backward();
      this.opt.step();
    }
    print(f`loss ${loss.item()}:.6f`);
    return [this.forward(positive).detach(), this.forward(negative).detach()];
  }
}

class Net extends nn.Module {
  layers: nn.ModuleList<Layer>;

  constructor(sizes: number[]) {
    super();
    this.layers = new nn.ModuleList(sizes.slice(1).map((size, k) => new Layer(sizes[k]!, size)));
  }

  predict(x: Tensor): Tensor {
    const per_label: Tensor[] = [];
    for (const label of range(10)) {
      let h = overlay(x, torch.full([x.size(0)], label));
      const goodness: Tensor[] = [];
      for (const layer of this.layers) {
        h = layer(h);
        goodness.push(h.pow(2).mean(1));
      }
      per_label.push(goodness.reduce((sum, each) => sum.add(each)).unsqueeze(1));
    }
    return torch.cat(per_label, 1);
  }
}

torch.manual_seed(1234);
torch.set_num_threads(1);
const [x, y] = [torch.rand(32, 784), torch.randint(0, 10, [32])];
const [positive, negative] = [overlay(x, y), overlay(x, y.index(torch.randperm(32)))];
const net = new Net([784, 100, 100]);
print(net);
let [h_pos, h_neg] = [positive, negative];
for (const layer of net.layers) [h_pos, h_neg] = layer.learn(h_pos, h_neg, 10);
const scores = net.predict(x);
print(scores.index(':2'));
print('train error:', 1 - scores.argmax(1).eq(y).float().mean().item());
