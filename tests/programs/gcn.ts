/** A graph convolutional network: papers and citations from text files, sparse adjacency, early and late evaluation. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import * as F from 'torch-node/nn/functional';
import * as np from 'torch-node/numpy';
import { Adam } from 'torch-node/optim';
import { argparse, enumerate, f, format, print, range } from 'torch-node/python';

class GraphConv extends nn.Module {
  kernel: nn.Parameter;
  bias: nn.Parameter | null;

  constructor(input_dim: number, output_dim: number, { use_bias = false } = {}) {
    super();
    this.kernel = new nn.Parameter(new torch.Tensor(input_dim, output_dim));
    nn.init.xavier_normal_(this.kernel);
    this.bias = null;
    if (use_bias) {
      this.bias = new nn.Parameter(new torch.Tensor(output_dim));
      nn.init.zeros_(this.bias);
    }
  }

  forward(input_tensor: Tensor, adj_mat: Tensor): Tensor {
    const support = torch.mm(input_tensor, this.kernel);
    let output = torch.spmm(adj_mat, support);
    if (this.bias !== null) output = output.add(this.bias);
    return output;
  }
}

class GCN extends nn.Module {
  gc1: GraphConv;
  gc2: GraphConv;
  dropout: nn.Dropout;

  constructor(input_dim: number, hidden_dim: number, output_dim: number, use_bias = true, dropout_p = 0.1) {
    super();
    this.gc1 = new GraphConv(input_dim, hidden_dim, { use_bias });
    this.gc2 = new GraphConv(hidden_dim, output_dim, { use_bias });
    this.dropout = new nn.Dropout(dropout_p);
  }

  forward(input_tensor: Tensor, adj_mat: Tensor): Tensor {
    let x: Tensor = this.gc1(input_tensor, adj_mat);
    x = F.relu(x);
    x = this.dropout(x);
    x = this.gc2(x, adj_mat);
    return F.log_softmax(x, { dim: 1 });
  }
}

function write_papers(path: string): void {
  const topics = ['Theory', 'Genetics', 'Rules'];
  let content = '';
  for (const k of range(40)) {
    const words = [...range(12)].map((w) => ((k * 7 + w * 5) % 11 < 3 || w === k % 3 ? 1 : 0));
    content += `${[1000 + 13 * k, ...words, topics[k % 3]].join('\t')}\n`;
  }
  writeFileSync(join(path, 'papers.content'), content);
  let cites = '';
  for (const k of range(90)) {
    const cited = (k * 3 + Math.floor(k / 40) * 5 + 6) % 40;
    cites += format('%d\t%d\n', 1000 + 13 * ((k * 3) % 40), 1000 + 13 * cited);
  }
  writeFileSync(join(path, 'papers.cites'), cites);
}

function load_papers(
  path = './papers',
  { device = 'cpu' }: { device?: torch.DeviceLike } = {},
): [features: Tensor, labels: Tensor, adj_mat: Tensor] {
  const content_path = join(path, 'papers.content');
  const cites_path = join(path, 'papers.cites');
  const content_tensor = np.genfromtxt(content_path, { dtype: 'str' });
  const cites_tensor = np.genfromtxt(cites_path, { dtype: np.int32 });

  let features: Tensor = new torch.FloatTensor(content_tensor.index(':', '1:-1').astype(np.int32));
  let scale_vector = torch.sum(features, { dim: 1 });
  scale_vector = scale_vector.reciprocal();
  scale_vector.index_put_(scale_vector.eq(Infinity), 0);
  scale_vector = torch.diag(scale_vector).to_sparse();
  features = scale_vector.matmul(features);

  const [classes, places] = np.unique(content_tensor.index(':', -1), { return_inverse: true });
  print(classes);
  const labels = new torch.LongTensor(places!);

  const idx = content_tensor.index(':', 0).astype(np.int32);
  const idx_map = new Map([...enumerate(idx)].map(([pos, id]) => [id, pos]));
  const edges = np.array(
    [...cites_tensor].map((edge) => [idx_map.get(edge.index(0)), idx_map.get(edge.index(1))]),
    { dtype: np.int32 },
  );

  const V = idx.length;
  const E = edges.shape[0]!;
  let adj_mat = torch.sparse_coo_tensor(edges.T, torch.ones(E), [V, V], { dtype: torch.int64 });
  adj_mat = torch.eye(V).add(adj_mat);

  let degree_mat = torch.sum(adj_mat, { dim: 1 });
  degree_mat = torch.sqrt(degree_mat.reciprocal());
  degree_mat.index_put_(degree_mat.eq(Infinity), 0);
  degree_mat = torch.diag(degree_mat).to_sparse();
  adj_mat = degree_mat.matmul(adj_mat).matmul(degree_mat);
  return [features.to_sparse().to(device), labels.to(device), adj_mat.to_sparse().to(device)];
}

type Input = [features: Tensor, adj_mat: Tensor];

function train_iter(
  epoch: number,
  model: GCN,
  optimizer: Adam,
  criterion: nn.NLLLoss,
  input: Input,
  target: Tensor,
  mask_train: Tensor,
  mask_val: Tensor,
  print_every = 10,
): void {
  model.train();
  optimizer.zero_grad();
  const output = model(...input);
  const loss = criterion(output.index(mask_train), target.index(mask_train));
  loss.backward();
  optimizer.step();
  const [loss_train, acc_train] = test(model, criterion, input, target, mask_train);
  const [loss_val, acc_val] = test(model, criterion, input, target, mask_val);
  if (epoch % print_every === 0) {
    print(
      f`Epoch: ${epoch}:04d loss_train: ${loss_train}:.4f acc_train: ${acc_train}:.4f ` +
        f`loss_val: ${loss_val}:.4f acc_val: ${acc_val}:.4f`,
    );
  }
}

function test(
  model: GCN,
  criterion: nn.NLLLoss,
  input: Input,
  target: Tensor,
  mask: Tensor,
): [loss: number, acc: number] {
  model.eval();
  using _ = torch.no_grad();
  let output = model(...input);
  [output, target] = [output.index(mask), target.index(mask)];
  const loss = criterion(output, target);
  const acc = output.argmax({ dim: 1 }).eq(target).float().sum().div(target.length);
  return [loss.item(), acc.item()];
}

interface Args {
  epochs: number;
  lr: number;
  l2: number;
  dropout_p: number;
  hidden_dim: number;
  val_every: number;
  include_bias: boolean;
  seed: number;
}

const parser = new argparse.ArgumentParser({ description: 'Graph convolutional network' });
parser.add_argument('--epochs', { type: 'int', default: 6, help: 'number of epochs to train (default: 6)' });
parser.add_argument('--lr', { type: 'float', default: 0.01, help: 'learning rate (default: 0.01)' });
parser.add_argument('--l2', { type: 'float', default: 5e-4, help: 'weight decay (default: 5e-4)' });
parser.add_argument('--dropout-p', { type: 'float', default: 0.5, help: 'dropout probability (default: 0.5)' });
parser.add_argument('--hidden-dim', { type: 'int', default: 16, help: 'dimension of the hidden layer (default: 16)' });
parser.add_argument('--val-every', { type: 'int', default: 2, help: 'epochs between reports (default: 2)' });
parser.add_argument('--include-bias', {
  action: 'store_true',
  help: 'use bias term in convolutions (default: False)',
});
parser.add_argument('--seed', { type: 'int', default: 42, metavar: 'S', help: 'random seed (default: 42)' });
const args = parser.parse_args<Args>(['--include-bias']);

torch.manual_seed(args.seed);
torch.set_num_threads(1);
const device = torch.device('cpu');
print(f`Using ${device} device`);

const folder = mkdtempSync(join(tmpdir(), 'papers-'));
write_papers(folder);
const [features, labels, adj_mat] = load_papers(folder, { device });
print(features);
print(adj_mat.to_dense().index(':3', ':8'));
const idx = torch.randperm(labels.length).to(device);
const [idx_test, idx_val, idx_train] = [idx.index(':10'), idx.index('10:20'), idx.index('20:')];

const gcn = new GCN(features.shape[1]!, args.hidden_dim, labels.max().item() + 1, args.include_bias, args.dropout_p).to(
  device,
);
const optimizer = new Adam(gcn.parameters(), { lr: args.lr, weight_decay: args.l2 });
const criterion = new nn.NLLLoss();
for (const epoch of range(args.epochs)) {
  train_iter(epoch + 1, gcn, optimizer, criterion, [features, adj_mat], labels, idx_train, idx_val, args.val_every);
}

const [loss_test, acc_test] = test(gcn, criterion, [features, adj_mat], labels, idx_test);
print(f`Test set results: loss ${loss_test}:.4f accuracy ${acc_test}:.4f`);
