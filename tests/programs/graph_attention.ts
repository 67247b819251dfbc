/** Attention over the neighbours of the nodes of a graph. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as nn from 'torch-node/nn';
import * as F from 'torch-node/nn/functional';
import { Adam } from 'torch-node/optim';
import { f, print, range } from 'torch-node/python';

class GraphAttentionLayer extends nn.Module {
  readonly n_hidden: number;
  readonly W: nn.Parameter;
  readonly a: nn.Parameter;
  readonly leakyrelu: nn.LeakyReLU;
  readonly concat: boolean;
  readonly dropout: number;

  constructor(
    in_features: number,
    out_features: number,
    readonly n_heads: number,
    { concat = false, dropout = 0.4, leaky_relu_slope = 0.2 } = {},
  ) {
    super();
    this.concat = concat;
    this.dropout = dropout;
    this.n_hidden = concat ? out_features / n_heads : out_features;
    this.W = new nn.Parameter(torch.empty([in_features, this.n_hidden * n_heads]));
    this.a = new nn.Parameter(torch.empty([n_heads, 2 * this.n_hidden, 1]));
    this.leakyrelu = new nn.LeakyReLU(leaky_relu_slope);
    nn.init.xavier_normal_(this.W);
    nn.init.xavier_normal_(this.a);
  }

  forward(h: Tensor, adj: Tensor): Tensor {
    const [n] = h.shape as unknown as [number];
    h = torch.mm(h, this.W);
    h = F.dropout(h, this.dropout, { training: this.training });
    h = h.view(n, this.n_heads, this.n_hidden).permute(1, 0, 2);
    const source = torch.matmul(h, this.a.index(':', `:${this.n_hidden}`, ':'));
    const target = torch.matmul(h, this.a.index(':', `${this.n_hidden}:`, ':'));
    let e: Tensor = this.leakyrelu(source.add(target.mT));
    e = torch.where(adj.gt(0), e, torch.ones_like(e).mul(-9e16));
    const attention = F.dropout(F.softmax(e, { dim: -1 }), this.dropout, { training: this.training });
    const out = torch.matmul(attention, h);
    if (this.concat)
      return out
        .permute(1, 0, 2)
        .contiguous()
        .view(n, this.n_heads * this.n_hidden);
    return out.mean({ dim: 0 });
  }
}

class GAT extends nn.Module {
  readonly gat1: GraphAttentionLayer;
  readonly gat2: GraphAttentionLayer;

  constructor(features: number, hidden: number, heads: number, classes: number) {
    super();
    this.gat1 = new GraphAttentionLayer(features, hidden, heads, { concat: true });
    this.gat2 = new GraphAttentionLayer(hidden, classes, 1);
  }

  forward(x: Tensor, adj: Tensor): Tensor {
    x = F.elu(this.gat1(x, adj));
    return F.log_softmax(this.gat2(x, adj), { dim: 1 });
  }
}

torch.manual_seed(13);
torch.set_num_threads(1);
const nodes = 60;
let adj = torch.rand(nodes, nodes).gt(0.9).float();
adj = torch.maximum(adj, adj.T).add(torch.eye(nodes));
const [features, labels] = [torch.rand(nodes, 40), torch.randint(0, 7, [nodes])];
const model = new GAT(40, 64, 8, 7);
const optimizer = new Adam(model.parameters(), { lr: 0.005, weight_decay: 5e-4 });
const [idx_train, idx_test] = [torch.arange(0, 40), torch.arange(40, nodes)];
for (const epoch of range(4)) {
  model.train();
  optimizer.zero_grad();
  const output = model(features, adj);
  const loss = F.nll_loss(output.index(idx_train), labels.index(idx_train));
  loss.backward();
  optimizer.step();
  model.eval();
  const right = torch.no_grad(() => {
    const result = model(features, adj).index(idx_test).argmax({ dim: 1 });
    return result.eq(labels.index(idx_test)).float().mean().item();
  });
  print(f`Epoch ${epoch}:04d loss: ${loss.item()}:.6f test: ${right}:.4f`);
}
