'use strict';
/**
 * The models of `npm run bench:models`, as scripts write them: each function makes a model, its optimizer and one batch, small or
 * ordinary, and returns a training step that returns the loss. models.py has the same in Python, in the same order.
 */
const torch = require('../../dist/index.cjs');

const { nn } = torch;
const F = nn.functional;

/** A step of any model that has one optimizer and one loss. */
function stepper(optimizer, loss_of, clip) {
  return () => {
    optimizer.zero_grad();
    const loss = loss_of();
    loss.backward();
    if (clip !== undefined) clip();
    optimizer.step();
    return loss.item();
  };
}

function mlp(small) {
  const model = new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10));
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
  const batch = small ? 8 : 128;
  const [x, y] = [torch.rand(batch, 784), torch.randint(0, 10, [batch])];
  return stepper(optimizer, () => F.cross_entropy(model(x), y));
}

class Rnn extends nn.Module {
  constructor() {
    super();
    this.rnn = new nn.LSTM(28, 64, 1, { batch_first: true });
    this.out = new nn.Linear(64, 10);
  }

  forward(x) {
    const [output] = this.rnn(x, null);
    return this.out(output.index(':', -1, ':'));
  }
}

function tutorial_lstm(small) {
  const model = new Rnn();
  const optimizer = new torch.optim.Adam(model.parameters(), { lr: 0.01 });
  const loss = new nn.CrossEntropyLoss();
  const batch = small ? 4 : 64;
  const [x, y] = [torch.rand(batch, 28, 28), torch.randint(0, 10, [batch])];
  return stepper(optimizer, () => loss(model(x), y));
}

class Cnn extends nn.Module {
  constructor() {
    super();
    const block = (from, to) => new nn.Sequential(new nn.Conv2d(from, to, 5, 1, 2), new nn.ReLU(), new nn.MaxPool2d(2));
    this.conv1 = block(1, 16);
    this.conv2 = block(16, 32);
    this.out = new nn.Linear(32 * 7 * 7, 10);
  }

  forward(x) {
    x = this.conv2(this.conv1(x));
    return this.out(x.view(x.size(0), -1));
  }
}

function cnn(small) {
  const model = new Cnn();
  const optimizer = new torch.optim.Adam(model.parameters(), { lr: 0.001 });
  const batch = small ? 2 : 50;
  const [x, y] = [torch.rand(batch, 1, 28, 28), torch.randint(0, 10, [batch])];
  return stepper(optimizer, () => F.cross_entropy(model(x), y));
}

class Vae extends nn.Module {
  constructor() {
    super();
    this.fc1 = new nn.Linear(784, 400);
    this.fc21 = new nn.Linear(400, 20);
    this.fc22 = new nn.Linear(400, 20);
    this.fc3 = new nn.Linear(20, 400);
    this.fc4 = new nn.Linear(400, 784);
  }

  forward(x) {
    const hidden = F.relu(this.fc1(x));
    const [mu, logvar] = [this.fc21(hidden), this.fc22(hidden)];
    const std = torch.exp(logvar.mul(0.5));
    const z = mu.add(torch.randn_like(std).mul(std));
    return [torch.sigmoid(this.fc4(F.relu(this.fc3(z)))), mu, logvar];
  }
}

function vae(small) {
  const model = new Vae();
  const optimizer = new torch.optim.Adam(model.parameters(), { lr: 0.001 });
  const x = torch.rand(small ? 4 : 128, 784);
  return stepper(optimizer, () => {
    const [again, mu, logvar] = model(x);
    const bce = F.binary_cross_entropy(again, x, { reduction: 'sum' });
    const kld = torch.sum(logvar.add(1).sub(mu.pow(2)).sub(logvar.exp())).mul(-0.5);
    return bce.add(kld);
  });
}

function gan(small) {
  const batch = small ? 4 : 64;
  const generator = new nn.Sequential(new nn.Linear(64, 128), new nn.ReLU(), new nn.Linear(128, 784), new nn.Tanh());
  const critic = new nn.Sequential(
    new nn.Linear(784, 128),
    new nn.LeakyReLU(0.2),
    new nn.Linear(128, 1),
    new nn.Sigmoid(),
  );
  const optimizer_g = new torch.optim.Adam(generator.parameters(), { lr: 0.0002 });
  const optimizer_d = new torch.optim.Adam(critic.parameters(), { lr: 0.0002 });
  const criterion = new nn.BCELoss();
  const real = torch.rand(batch, 784);
  const [ones, zeros] = [torch.ones(batch, 1), torch.zeros(batch, 1)];
  return () => {
    const fake = generator(torch.randn(batch, 64));
    const loss_d = criterion(critic(real), ones).add(criterion(critic(fake.detach()), zeros));
    optimizer_d.zero_grad();
    loss_d.backward();
    optimizer_d.step();
    const loss_g = criterion(critic(fake), ones);
    optimizer_g.zero_grad();
    loss_g.backward();
    optimizer_g.step();
    return loss_d.item();
  };
}

class Waves extends nn.Module {
  constructor() {
    super();
    this.lstm1 = new nn.LSTMCell(1, 51);
    this.lstm2 = new nn.LSTMCell(51, 51);
    this.linear = new nn.Linear(51, 1);
  }

  forward(input) {
    const outputs = [];
    const zeros = () => torch.zeros(input.size(0), 51);
    let [h1, c1, h2, c2] = [zeros(), zeros(), zeros(), zeros()];
    for (const part of input.split(1, 1)) {
      [h1, c1] = this.lstm1(part, [h1, c1]);
      [h2, c2] = this.lstm2(h1, [h2, c2]);
      outputs.push(this.linear(h2));
    }
    return torch.cat(outputs, 1);
  }
}

function waves(small) {
  const model = new Waves();
  const [x, y] = small ? [torch.rand(2, 20), torch.rand(2, 20)] : [torch.rand(97, 40), torch.rand(97, 40)];
  return [model, () => F.mse_loss(model(x), y)];
}

function lstm_cells(small) {
  const [model, loss_of] = waves(small);
  return stepper(new torch.optim.Adam(model.parameters(), { lr: 0.001 }), loss_of);
}

function lstm_cells_lbfgs(small) {
  const [model, loss_of] = waves(small);
  const optimizer = new torch.optim.LBFGS(model.parameters(), { lr: 0.1, max_iter: 5 });
  return () =>
    optimizer
      .step(() => {
        optimizer.zero_grad();
        const loss = loss_of();
        loss.backward();
        return loss;
      })
      .item();
}

class WordLstm extends nn.Module {
  constructor(words) {
    super();
    this.drop = new nn.Dropout(0.2);
    this.encoder = new nn.Embedding(words, 200);
    this.rnn = new nn.LSTM(200, 200, 2, { dropout: 0.2 });
    this.decoder = new nn.Linear(200, words);
  }

  forward(input, hidden) {
    const [output, state] = this.rnn(this.drop(this.encoder(input)), hidden);
    const decoded = this.decoder(this.drop(output));
    return [F.log_softmax(decoded.view(-1, decoded.size(2)), { dim: 1 }), state];
  }
}

function word_lstm(small) {
  const [words, batch, length] = small ? [200, 2, 10] : [2000, 20, 35];
  const model = new WordLstm(words);
  const input = torch.randint(0, words, [length, batch]);
  const target = torch.randint(0, words, [length * batch]);
  let hidden = [torch.zeros(2, batch, 200), torch.zeros(2, batch, 200)];
  return () => {
    model.zero_grad();
    hidden = hidden.map((state) => state.detach());
    const [output, state] = model(input, hidden);
    hidden = state;
    const loss = F.nll_loss(output, target);
    loss.backward();
    nn.utils.clip_grad_norm_(model.parameters(), 0.25);
    for (const p of model.parameters()) p.data.add_(p.grad, { alpha: -1 });
    return loss.item();
  };
}

class WordTransformer extends nn.Module {
  constructor(words) {
    super();
    this.input_emb = new nn.Embedding(words, 200);
    this.encoder = new nn.TransformerEncoder(new nn.TransformerEncoderLayer(200, 2, 200, 0.2), 2);
    this.decoder = new nn.Linear(200, words);
  }

  forward(input) {
    const length = input.size(0);
    const mask = torch.log(torch.tril(torch.ones(length, length)));
    const hidden = this.encoder(this.input_emb(input).mul(Math.sqrt(200)), { mask });
    return F.log_softmax(this.decoder(hidden), { dim: -1 });
  }
}

function word_transformer(small) {
  const [words, batch, length] = small ? [200, 2, 10] : [2000, 20, 35];
  const model = new WordTransformer(words);
  const input = torch.randint(0, words, [length, batch]);
  const target = torch.randint(0, words, [length * batch]);
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1 });
  const clip = () => nn.utils.clip_grad_norm_(model.parameters(), 0.25);
  return stepper(optimizer, () => F.nll_loss(model(input).view(-1, words), target), clip);
}

class SelfAttention extends nn.Module {
  constructor(channels, heads, block) {
    super();
    this.c_attn = new nn.Linear(channels, 3 * channels);
    this.c_proj = new nn.Linear(channels, channels);
    this.attn_dropout = new nn.Dropout(0.1);
    this.resid_dropout = new nn.Dropout(0.1);
    this.register_buffer('bias', torch.tril(torch.ones(block, block)).view(1, 1, block, block));
    this.heads = heads;
    this.channels = channels;
  }

  forward(x) {
    const [batch, time, channels] = x.size();
    const split = (part) => part.view(batch, time, this.heads, channels / this.heads).transpose(1, 2);
    const [q, k, v] = this.c_attn(x).split(this.channels, { dim: 2 }).map(split);
    let att = q.matmul(k.transpose(-2, -1)).mul(1 / Math.sqrt(k.size(-1)));
    att = att.masked_fill(this.bias.index(':', ':', `:${time}`, `:${time}`).eq(0), -Infinity);
    att = this.attn_dropout(F.softmax(att, { dim: -1 }));
    const y = att.matmul(v).transpose(1, 2).contiguous().view(batch, time, channels);
    return this.resid_dropout(this.c_proj(y));
  }
}

class GptBlock extends nn.Module {
  constructor(channels, heads, block) {
    super();
    this.ln_1 = new nn.LayerNorm(channels);
    this.attn = new SelfAttention(channels, heads, block);
    this.ln_2 = new nn.LayerNorm(channels);
    this.mlp = new nn.Sequential(
      new nn.Linear(channels, 4 * channels),
      new nn.GELU(),
      new nn.Linear(4 * channels, channels),
      new nn.Dropout(0.1),
    );
  }

  forward(x) {
    x = x.add(this.attn(this.ln_1(x)));
    return x.add(this.mlp(this.ln_2(x)));
  }
}

class Gpt extends nn.Module {
  constructor(words, block) {
    super();
    this.wte = new nn.Embedding(words, 48);
    this.wpe = new nn.Embedding(block, 48);
    this.drop = new nn.Dropout(0.1);
    this.h = new nn.ModuleList([0, 1, 2].map(() => new GptBlock(48, 3, block)));
    this.ln_f = new nn.LayerNorm(48);
    this.lm_head = new nn.Linear(48, words, { bias: false });
  }

  forward(index) {
    const position = torch.arange(0, index.size(1), { dtype: torch.long }).unsqueeze(0);
    let x = this.drop(this.wte(index).add(this.wpe(position)));
    for (const block of this.h) x = block(x);
    return this.lm_head(this.ln_f(x));
  }
}

function gpt_nano(small) {
  const [batch, block] = small ? [2, 32] : [16, 128];
  const model = new Gpt(65, block);
  const optimizer = new torch.optim.AdamW(model.parameters(), { lr: 0.0005, betas: [0.9, 0.95] });
  const x = torch.randint(0, 65, [batch, block]);
  const y = torch.randint(0, 65, [batch, block]);
  const clip = () => nn.utils.clip_grad_norm_(model.parameters(), 1);
  return stepper(optimizer, () => F.cross_entropy(model(x).view(-1, 65), y.view(-1)), clip);
}

class GraphConvolution extends nn.Module {
  constructor(from, to) {
    super();
    this.weight = new nn.Parameter(torch.rand(from, to).sub(0.5).mul(0.1));
    this.bias = new nn.Parameter(torch.zeros(to));
  }

  forward(input, adjacency) {
    return torch.spmm(adjacency, torch.mm(input, this.weight)).add(this.bias);
  }
}

class Gcn extends nn.Module {
  constructor(features) {
    super();
    this.gc1 = new GraphConvolution(features, 16);
    this.gc2 = new GraphConvolution(16, 7);
  }

  forward(x, adjacency) {
    x = F.dropout(F.relu(this.gc1(x, adjacency)), 0.5, { training: this.training });
    return F.log_softmax(this.gc2(x, adjacency), { dim: 1 });
  }
}

function gcn(small) {
  const [nodes, features, edges] = small ? [30, 16, 90] : [2708, 1433, 10556];
  const model = new Gcn(features);
  const optimizer = new torch.optim.Adam(model.parameters(), { lr: 0.01, weight_decay: 0.0005 });
  const x = torch.rand(nodes, features);
  const adjacency = torch.sparse_coo_tensor(torch.randint(0, nodes, [2, edges]), torch.rand(edges), [nodes, nodes]);
  const matrix = adjacency.coalesce();
  const y = torch.randint(0, 7, [nodes]);
  return stepper(optimizer, () => F.nll_loss(model(x, matrix), y));
}

class Vit extends nn.Module {
  constructor() {
    super();
    this.patches = new nn.Conv2d(3, 64, { kernel_size: 4, stride: 4 });
    this.cls = new nn.Parameter(torch.randn(1, 1, 64));
    this.positions = new nn.Parameter(torch.randn(1, 65, 64));
    const layer = new nn.TransformerEncoderLayer(64, 4, 128, { dropout: 0, activation: 'gelu', batch_first: true });
    this.encoder = new nn.TransformerEncoder(layer, 4, { enable_nested_tensor: false });
    this.head = new nn.Linear(64, 10);
  }

  forward(image) {
    const patches = this.patches(image).flatten(2).transpose(1, 2);
    const x = torch.cat([this.cls.expand(image.size(0), -1, -1), patches], 1).add(this.positions);
    return this.head(this.encoder(x).index(':', 0));
  }
}

function vit(small) {
  const model = new Vit();
  const optimizer = new torch.optim.Adam(model.parameters(), { lr: 0.001 });
  const batch = small ? 1 : 16;
  const [x, y] = [torch.rand(batch, 3, 32, 32), torch.randint(0, 10, [batch])];
  return stepper(optimizer, () => F.cross_entropy(model(x), y));
}

class BasicBlock extends nn.Module {
  constructor(from, to, stride) {
    super();
    this.conv1 = new nn.Conv2d(from, to, 3, { stride, padding: 1, bias: false });
    this.bn1 = new nn.BatchNorm2d(to);
    this.conv2 = new nn.Conv2d(to, to, 3, { padding: 1, bias: false });
    this.bn2 = new nn.BatchNorm2d(to);
    this.shortcut =
      stride === 1
        ? new nn.Identity()
        : new nn.Sequential(new nn.Conv2d(from, to, 1, { stride, bias: false }), new nn.BatchNorm2d(to));
  }

  forward(x) {
    const out = this.bn2(this.conv2(F.relu(this.bn1(this.conv1(x)))));
    return F.relu(out.add(this.shortcut(x)));
  }
}

class ResNet18 extends nn.Module {
  constructor() {
    super();
    this.conv1 = new nn.Conv2d(3, 64, 3, { padding: 1, bias: false });
    this.bn1 = new nn.BatchNorm2d(64);
    const widths = [64, 64, 128, 256, 512];
    const blocks = [1, 2, 3, 4].flatMap((i) => [
      new BasicBlock(widths[i - 1], widths[i], i === 1 ? 1 : 2),
      new BasicBlock(widths[i], widths[i], 1),
    ]);
    this.layers = new nn.Sequential(...blocks);
    this.fc = new nn.Linear(512, 10);
  }

  forward(x) {
    x = this.layers(F.relu(this.bn1(this.conv1(x))));
    return this.fc(F.adaptive_avg_pool2d(x, 1).flatten(1));
  }
}

function resnet18(small) {
  const model = new ResNet18();
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9, weight_decay: 0.0005 });
  const batch = small ? 2 : 16;
  const [x, y] = [torch.rand(batch, 3, 32, 32), torch.randint(0, 10, [batch])];
  return stepper(optimizer, () => F.cross_entropy(model(x), y));
}

class Policy extends nn.Module {
  constructor() {
    super();
    this.affine1 = new nn.Linear(4, 128);
    this.action_head = new nn.Linear(128, 2);
    this.value_head = new nn.Linear(128, 1);
  }

  forward(x) {
    x = F.relu(this.affine1(x));
    return [F.softmax(this.action_head(x), { dim: -1 }), this.value_head(x)];
  }
}

function actor_critic(small) {
  const model = new Policy();
  const optimizer = new torch.optim.Adam(model.parameters(), { lr: 0.03 });
  const states = torch.rand(small ? 10 : 100, 4);
  return () => {
    const policy = [];
    const values = [];
    for (const state of states) {
      const [probabilities, value] = model(state);
      const chosen = new torch.distributions.Categorical(probabilities);
      const action = chosen.sample();
      policy.push(chosen.log_prob(action));
      values.push(value);
      action.item();
    }
    let reached = 0;
    const returns = values.map(() => (reached = 1 + 0.99 * reached)).reverse();
    const target = torch.tensor(returns);
    const scaled = target.sub(target.mean()).div(target.std().add(1e-7));
    const losses = policy.map((log_prob, i) => log_prob.neg().mul(scaled.index(i).sub(values[i].item())));
    const of_values = values.map((value, i) => F.smooth_l1_loss(value, scaled.index(i).view(1)));
    optimizer.zero_grad();
    const loss = torch.stack(losses).sum().add(torch.stack(of_values).sum());
    loss.backward();
    optimizer.step();
    return loss.item();
  };
}

const models = {
  mlp,
  tutorial_lstm,
  cnn,
  vae,
  gan,
  lstm_cells,
  lstm_cells_lbfgs,
  word_lstm,
  word_transformer,
  gpt_nano,
  gcn,
  vit,
  resnet18,
  actor_critic,
};

module.exports = { models };
