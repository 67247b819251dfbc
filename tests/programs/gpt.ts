/** A small GPT that learns to sort: tied weights, groups with and without weight decay, a cosine schedule, sampling with top-k. */
import * as torch from 'torch-node';
import type { Tensor } from 'torch-node';
import * as nn from 'torch-node/nn';
import * as F from 'torch-node/nn/functional';
import { f, math, print, range } from 'torch-node/python';
import { DataLoader, Dataset } from 'torch-node/utils/data';

class LayerNorm extends nn.Module {
  weight: nn.Parameter;
  bias: nn.Parameter | null;

  constructor(ndim: number, { bias }: { bias: boolean }) {
    super();
    this.weight = new nn.Parameter(torch.ones(ndim));
    this.bias = bias ? new nn.Parameter(torch.zeros(ndim)) : null;
  }

  forward(input: Tensor): Tensor {
    return F.layer_norm(input, this.weight.shape, this.weight, this.bias, 1e-5);
  }
}

class GPTConfig {
  block_size = 11;
  vocab_size = 3;
  n_layer = 2;
  n_head = 3;
  n_embd = 48;
  dropout = 0.1;
  bias = false;
}

class CausalSelfAttention extends nn.Module {
  c_attn: nn.Linear;
  c_proj: nn.Linear;
  n_head: number;
  n_embd: number;

  constructor(config: GPTConfig) {
    super();
    this.c_attn = new nn.Linear(config.n_embd, 3 * config.n_embd, { bias: config.bias });
    this.c_proj = new nn.Linear(config.n_embd, config.n_embd, { bias: config.bias });
    [this.n_head, this.n_embd] = [config.n_head, config.n_embd];
  }

  forward(x: Tensor): Tensor {
    const [B, T, C] = x.size() as unknown as [number, number, number];
    const [q, k, v] = this.c_attn(x)
      .split(this.n_embd, { dim: 2 })
      .map((part) => part.view(B, T, this.n_head, C / this.n_head).transpose(1, 2)) as [Tensor, Tensor, Tensor];
    const y = F.scaled_dot_product_attention(q, k, v, { attn_mask: null, dropout_p: 0, is_causal: true });
    return this.c_proj(y.transpose(1, 2).contiguous().view(B, T, C));
  }
}

class Block extends nn.Module {
  ln_1: LayerNorm;
  attn: CausalSelfAttention;
  ln_2: LayerNorm;
  mlp: nn.ModuleDict<nn.Module, { c_fc: nn.Linear; gelu: nn.GELU; c_proj: nn.Linear; dropout: nn.Dropout }>;

  constructor(config: GPTConfig) {
    super();
    this.ln_1 = new LayerNorm(config.n_embd, { bias: config.bias });
    this.attn = new CausalSelfAttention(config);
    this.ln_2 = new LayerNorm(config.n_embd, { bias: config.bias });
    this.mlp = new nn.ModuleDict({
      c_fc: new nn.Linear(config.n_embd, 4 * config.n_embd, { bias: config.bias }),
      gelu: new nn.GELU({ approximate: 'tanh' }),
      c_proj: new nn.Linear(4 * config.n_embd, config.n_embd, { bias: config.bias }),
      dropout: new nn.Dropout(config.dropout),
    });
  }

  forward(x: Tensor): Tensor {
    x = x.add(this.attn(this.ln_1(x)));
    const m = this.mlp;
    return x.add(m.dropout(m.c_proj(m.gelu(m.c_fc(this.ln_2(x))))));
  }
}

class GPT extends nn.Module {
  transformer: nn.ModuleDict<
    nn.Module,
    {
      wte: nn.Embedding;
      wpe: nn.Embedding;
      drop: nn.Dropout;
      h: nn.ModuleList<Block>;
      ln_f: LayerNorm;
    }
  >;
  lm_head: nn.Linear;

  constructor(readonly config: GPTConfig) {
    super();
    this.transformer = new nn.ModuleDict({
      wte: new nn.Embedding(config.vocab_size, config.n_embd),
      wpe: new nn.Embedding(config.block_size, config.n_embd),
      drop: new nn.Dropout(config.dropout),
      h: new nn.ModuleList([...range(config.n_layer)].map(() => new Block(config))),
      ln_f: new LayerNorm(config.n_embd, { bias: config.bias }),
    });
    this.lm_head = new nn.Linear(config.n_embd, config.vocab_size, { bias: false });
    this.transformer.wte.weight = this.lm_head.weight;
    this.apply((module) => this._init_weights(module));
    for (const [pn, p] of this.named_parameters()) {
      if (pn.endsWith('c_proj.weight')) nn.init.normal_(p, { mean: 0, std: 0.02 / Math.sqrt(2 * config.n_layer) });
    }
    print('number of parameters: %.4fM', [...this.parameters()].reduce((sum, p) => sum + p.numel(), 0) / 1e6);
  }

  _init_weights(module: nn.Module): void {
    if (!(module instanceof nn.Linear || module instanceof nn.Embedding)) return;
    nn.init.normal_(module.weight, { mean: 0, std: 0.02 });
    if (module instanceof nn.Linear && module.bias !== null) nn.init.zeros_(module.bias);
  }

  forward(idx: Tensor, targets: Tensor | null = null): [logits: Tensor, loss: Tensor | null] {
    const t = idx.size(1);
    if (t > this.config.block_size) throw new Error(`Cannot forward sequence of length ${t}`);
    const pos = torch.arange(0, t, { dtype: torch.long });
    let x: Tensor = this.transformer.drop(this.transformer.wte(idx).add(this.transformer.wpe(pos)));
    for (const block of this.transformer.h) x = block(x);
    const logits = this.lm_head(this.transformer.ln_f(x));
    if (targets === null) return [logits, null];
    return [logits, F.cross_entropy(logits.view(-1, logits.size(-1)), targets.view(-1), { ignore_index: -1 })];
  }

  configure_optimizers(weight_decay: number, lr: number, betas: [number, number]): torch.optim.AdamW {
    const parameters = [...this.named_parameters()].filter(([, p]) => p.requires_grad);
    const decay = parameters.filter(([, p]) => p.dim() >= 2).map(([, p]) => p);
    const nodecay = parameters.filter(([, p]) => p.dim() < 2).map(([, p]) => p);
    const count = decay.reduce((sum, p) => sum + p.numel(), 0);
    print(f`num decayed: ${decay.length}, with ${count}:,d parameters; not: ${nodecay.length}`);
    const groups = [
      { params: decay, weight_decay },
      { params: nodecay, weight_decay: 0 },
    ];
    return new torch.optim.AdamW(groups, { lr, betas });
  }

  generate(
    idx: Tensor,
    max_new_tokens: number,
    { temperature = 1, do_sample = false, top_k = null as number | null } = {},
  ): Tensor {
    using _ = torch.no_grad();
    for (const _step of range(max_new_tokens)) {
      const { block_size } = this.config;
      const idx_cond = idx.size(1) <= block_size ? idx : idx.index(':', `${-block_size}:`);
      let logits = (this as GPT)(idx_cond)[0].index(':', -1, ':').div(temperature);
      if (top_k !== null) {
        const [v] = torch.topk(logits, top_k);
        logits = logits.index_put_(logits.lt(v.index(':', [-1])), -Infinity);
      }
      const probs = F.softmax(logits, { dim: -1 });
      const idx_next = do_sample
        ? torch.multinomial(probs, { num_samples: 1 })
        : torch.topk(probs, { k: 1, dim: -1 })[1];
      idx = torch.cat([idx, idx_next], { dim: 1 });
    }
    return idx;
  }
}

class SortDataset extends Dataset<[Tensor, Tensor]> {
  readonly size = 6;
  readonly num_digits = 3;

  override get length(): number {
    return 10000;
  }

  override get(_index: number): [Tensor, Tensor] {
    const inp = torch.randint(this.num_digits, { size: [this.size], dtype: torch.long });
    const cat = torch.cat([inp, torch.sort(inp)[0]], { dim: 0 });
    const [x, y] = [cat.index(':-1').clone(), cat.index('1:').clone()];
    y.index_put_(`:${this.size - 1}`, -1);
    return [x, y];
  }
}

function get_lr(it: number): number {
  if (it < 3) return (5e-3 * (it + 1)) / 4;
  const coeff = 0.5 * (1 + math.cos((Math.PI * (it - 3)) / 20));
  return 5e-4 + coeff * (5e-3 - 5e-4);
}

torch.manual_seed(3407);
torch.set_num_threads(1);
const model = new GPT(new GPTConfig());
const optimizer = model.configure_optimizers(0.1, 5e-3, [0.9, 0.95]);
const sampler = new torch.utils.data.RandomSampler(new SortDataset(), { replacement: true, num_samples: 1000 });
const loader = new DataLoader(new SortDataset(), { sampler, batch_size: 32 });
const data_iter = loader[Symbol.iterator]();
for (const iter_num of range(20)) {
  for (const group of optimizer.param_groups) group.lr = get_lr(iter_num);
  const [x, y] = data_iter.next().value as [Tensor, Tensor];
  const loss = model(x, y)[1]!;
  model.zero_grad({ set_to_none: true });
  loss.backward();
  const norm = nn.utils.clip_grad_norm_(model.parameters(), 1);
  optimizer.step();
  if (iter_num % 4 === 0) {
    print(f`iter ${iter_num}: train loss ${loss.item()}:.5f norm ${norm}:.4f lr ${get_lr(iter_num)}:.6f`);
  }
}
model.eval();
const inp = torch.tensor([[0, 0, 2, 1, 0, 1]]);
const sampled = [
  model.generate(inp, 6),
  model.generate(inp, 6, { temperature: 0.8, do_sample: true, top_k: 2 }).tolist(),
];
print(...sampled);
