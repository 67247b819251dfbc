/** A character-level GPT from scratch: memory-mapped data, accumulated gradients, cosine decay, checkpoints, resuming, sampling. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import * as F from 'torch-node/nn/functional';
import * as np from 'torch-node/numpy';
import { enumerate, f, math, print, range, time } from 'torch-node/python';

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

class CausalSelfAttention extends nn.Module {
  c_attn: nn.Linear;
  c_proj: nn.Linear;
  attn_dropout: nn.Dropout;
  resid_dropout: nn.Dropout;
  n_head: number;
  n_embd: number;
  dropout: number;
  flash: boolean;
  declare bias: Tensor;

  constructor(config: GPTConfig) {
    super();
    if (config.n_embd % config.n_head !== 0) throw new Error('n_embd must be a multiple of n_head');
    this.c_attn = new nn.Linear(config.n_embd, 3 * config.n_embd, { bias: config.bias });
    this.c_proj = new nn.Linear(config.n_embd, config.n_embd, { bias: config.bias });
    this.attn_dropout = new nn.Dropout(config.dropout);
    this.resid_dropout = new nn.Dropout(config.dropout);
    this.n_head = config.n_head;
    this.n_embd = config.n_embd;
    this.dropout = config.dropout;
    this.flash = config.flash && 'scaled_dot_product_attention' in F;
    if (!this.flash) {
      const mask = torch.tril(torch.ones(config.block_size, config.block_size));
      this.register_buffer('bias', mask.view(1, 1, config.block_size, config.block_size));
    }
  }

  forward(x: Tensor): Tensor {
    const [B, T, C] = x.size() as unknown as [number, number, number];
    let [q, k, v] = this.c_attn(x).split(this.n_embd, { dim: 2 }) as [Tensor, Tensor, Tensor];
    k = k.view(B, T, this.n_head, C / this.n_head).transpose(1, 2);
    q = q.view(B, T, this.n_head, C / this.n_head).transpose(1, 2);
    v = v.view(B, T, this.n_head, C / this.n_head).transpose(1, 2);
    let y: Tensor;
    if (this.flash) {
      const dropout_p = this.training ? this.dropout : 0;
      y = F.scaled_dot_product_attention(q, k, v, { attn_mask: null, dropout_p, is_causal: true });
    } else {
      let att = q.matmul(k.transpose(-2, -1)).mul(1 / math.sqrt(k.size(-1)));
      att = att.masked_fill(this.bias.index(':', ':', torch.slice(T), torch.slice(T)).eq(0), -Infinity);
      att = F.softmax(att, { dim: -1 });
      att = this.attn_dropout(att);
      y = att.matmul(v);
    }
    y = y.transpose(1, 2).contiguous().view(B, T, C);
    return this.resid_dropout(this.c_proj(y));
  }
}

class MLP extends nn.Module {
  c_fc: nn.Linear;
  gelu: nn.GELU;
  c_proj: nn.Linear;
  dropout: nn.Dropout;

  constructor(config: GPTConfig) {
    super();
    this.c_fc = new nn.Linear(config.n_embd, 4 * config.n_embd, { bias: config.bias });
    this.gelu = new nn.GELU();
    this.c_proj = new nn.Linear(4 * config.n_embd, config.n_embd, { bias: config.bias });
    this.dropout = new nn.Dropout(config.dropout);
  }

  forward(x: Tensor): Tensor {
    return this.dropout(this.c_proj(this.gelu(this.c_fc(x))));
  }
}

class Block extends nn.Module {
  ln_1: LayerNorm;
  attn: CausalSelfAttention;
  ln_2: LayerNorm;
  mlp: MLP;

  constructor(config: GPTConfig) {
    super();
    this.ln_1 = new LayerNorm(config.n_embd, { bias: config.bias });
    this.attn = new CausalSelfAttention(config);
    this.ln_2 = new LayerNorm(config.n_embd, { bias: config.bias });
    this.mlp = new MLP(config);
  }

  forward(x: Tensor): Tensor {
    x = x.add(this.attn(this.ln_1(x)));
    x = x.add(this.mlp(this.ln_2(x)));
    return x;
  }
}

class GPTConfig {
  block_size = 1024;
  vocab_size = 50304;
  n_layer = 12;
  n_head = 12;
  n_embd = 768;
  dropout = 0;
  bias = true;
  flash = true;

  constructor(options: Partial<GPTConfig> = {}) {
    Object.assign(this, options);
  }
}

class GPT extends nn.Module {
  config: GPTConfig;
  transformer: nn.ModuleDict<
    nn.Module,
    { wte: nn.Embedding; wpe: nn.Embedding; drop: nn.Dropout; h: nn.ModuleList<Block>; ln_f: LayerNorm }
  >;
  lm_head: nn.Linear;

  constructor(config: GPTConfig) {
    super();
    this.config = config;
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
      if (pn.endsWith('c_proj.weight')) {
        nn.init.normal_(p, { mean: 0, std: 0.02 / math.sqrt(2 * config.n_layer) });
      }
    }
    print('number of parameters: %.2fM', this.get_num_params() / 1e6);
  }

  get_num_params({ non_embedding = true } = {}): number {
    let n_params = [...this.parameters()].reduce((sum, p) => sum + p.numel(), 0);
    if (non_embedding) n_params -= this.transformer.wpe.weight.numel();
    return n_params;
  }

  _init_weights(module: nn.Module): void {
    if (module instanceof nn.Linear) {
      nn.init.normal_(module.weight, { mean: 0, std: 0.02 });
      if (module.bias !== null) nn.init.zeros_(module.bias);
    } else if (module instanceof nn.Embedding) {
      nn.init.normal_(module.weight, { mean: 0, std: 0.02 });
    }
  }

  forward(idx: Tensor, targets: Tensor | null = null): [logits: Tensor, loss: Tensor | null] {
    const { device } = idx;
    const [, t] = idx.size() as unknown as [number, number];
    const { block_size } = this.config;
    if (t > block_size) throw new Error(`Cannot forward sequence of length ${t}, block size is only ${block_size}`);
    const pos = torch.arange(0, t, { dtype: torch.long, device });
    const tok_emb = this.transformer.wte(idx);
    const pos_emb = this.transformer.wpe(pos);
    let x: Tensor = this.transformer.drop(tok_emb.add(pos_emb));
    for (const block of this.transformer.h) x = block(x);
    x = this.transformer.ln_f(x);
    if (targets !== null) {
      const logits = this.lm_head(x);
      const loss = F.cross_entropy(logits.view(-1, logits.size(-1)), targets.view(-1), { ignore_index: -1 });
      return [logits, loss];
    }
    return [this.lm_head(x.index(':', [-1], ':')), null];
  }

  crop_block_size(block_size: number): void {
    if (block_size > this.config.block_size) throw new Error('the block size can only decrease');
    this.config.block_size = block_size;
    this.transformer.wpe.weight = new nn.Parameter(this.transformer.wpe.weight.index(torch.slice(block_size)));
    for (const block of this.transformer.h) {
      if ('bias' in block.attn) {
        block.attn.bias = block.attn.bias.index(':', ':', torch.slice(block_size), torch.slice(block_size));
      }
    }
  }

  configure_optimizers(
    weight_decay: number,
    learning_rate: number,
    betas: [number, number],
    device_type: string,
  ): torch.optim.AdamW {
    let param_dict = new Map(this.named_parameters());
    param_dict = new Map([...param_dict].filter(([, p]) => p.requires_grad));
    const decay_params = [...param_dict.values()].filter((p) => p.dim() >= 2);
    const nodecay_params = [...param_dict.values()].filter((p) => p.dim() < 2);
    const optim_groups = [
      { params: decay_params, weight_decay },
      { params: nodecay_params, weight_decay: 0 },
    ];
    const num_decay_params = decay_params.reduce((sum, p) => sum + p.numel(), 0);
    const num_nodecay_params = nodecay_params.reduce((sum, p) => sum + p.numel(), 0);
    print(f`num decayed parameter tensors: ${decay_params.length}, with ${num_decay_params}:,d parameters`);
    print(f`num non-decayed parameter tensors: ${nodecay_params.length}, with ${num_nodecay_params}:,d parameters`);
    const use_fused = device_type === 'cuda';
    const extra_args = use_fused ? { fused: true } : {};
    const optimizer = new torch.optim.AdamW(optim_groups, { lr: learning_rate, betas, ...extra_args });
    print(f`using fused AdamW: ${use_fused}`);
    return optimizer;
  }

  estimate_mfu(fwdbwd_per_iter: number, dt: number): number {
    const N = this.get_num_params();
    const cfg = this.config;
    const [L, H, Q, T] = [cfg.n_layer, cfg.n_head, Math.floor(cfg.n_embd / cfg.n_head), cfg.block_size];
    const flops_per_token = 6 * N + 12 * L * H * Q * T;
    const flops_per_fwdbwd = flops_per_token * T;
    const flops_per_iter = flops_per_fwdbwd * fwdbwd_per_iter;
    const flops_achieved = flops_per_iter * (1 / dt);
    const flops_promised = 312e12;
    const mfu = flops_achieved / flops_promised;
    return mfu;
  }

  @torch.no_grad()
  generate(
    idx: Tensor,
    max_new_tokens: number,
    { temperature = 1, top_k = null }: { temperature?: number; top_k?: number | null } = {},
  ): Tensor {
    const { block_size } = this.config;
    for (const _ of range(max_new_tokens)) {
      const idx_cond = idx.size(1) <= block_size ? idx : idx.index(':', torch.slice.from(-block_size));
      let [logits] = (this as GPT)(idx_cond);
      logits = logits.index(':', -1, ':').div(temperature);
      if (top_k !== null) {
        const [v] = torch.topk(logits, Math.min(top_k, logits.size(-1)));
        logits.index_put_(logits.lt(v.index(':', [-1])), -Infinity);
      }
      const probs = F.softmax(logits, { dim: -1 });
      const idx_next = torch.multinomial(probs, { num_samples: 1 });
      idx = torch.cat([idx, idx_next], { dim: 1 });
    }
    return idx;
  }
}

const data_dir = mkdtempSync(join(tmpdir(), 'nanogpt-'));

interface Meta {
  vocab_size: number;
  itos: string[];
  stoi: Record<string, number>;
}

function prepare(): void {
  const lines: string[] = [];
  for (const a of ['King', 'Duke', 'Fool']) {
    for (const b of ['north', 'sea']) {
      for (const c of ['speak', 'be gone', 'good night']) lines.push(`${a} of the ${b}, ${c}!`);
    }
  }
  const data = lines.join('\n').repeat(4);
  print(f`length of dataset in characters: ${data.length}:,d`);
  const chars = [...new Set(data)].sort();
  const vocab_size = chars.length;
  print('all the unique characters:', chars.join(''));
  print(f`vocab size: ${vocab_size}:,d`);
  const stoi = Object.fromEntries([...enumerate(chars)].map(([i, ch]) => [ch, i]));
  const encode = (s: string): number[] => [...s].map((c) => stoi[c]!);

  const n = data.length;
  const train_data = data.slice(0, Math.trunc(n * 0.9));
  const val_data = data.slice(Math.trunc(n * 0.9));
  const train_ids = encode(train_data);
  const val_ids = encode(val_data);
  print(f`train has ${train_ids.length}:,d tokens`);
  print(f`val has ${val_ids.length}:,d tokens`);
  np.array(train_ids, { dtype: np.uint16 }).tofile(join(data_dir, 'train.bin'));
  np.array(val_ids, { dtype: np.uint16 }).tofile(join(data_dir, 'val.bin'));
  const meta: Meta = { vocab_size, itos: chars, stoi };
  writeFileSync(join(data_dir, 'meta.json'), JSON.stringify(meta));
}

interface Checkpoint {
  model: nn.StateDict;
  optimizer: torch.optim.OptimizerStateDict;
  model_args: Partial<GPTConfig>;
  iter_num: number;
  best_val_loss: Tensor;
  config: Record<string, number | boolean | string>;
}

/** The weights of a checkpoint, without the prefix that `torch.compile` puts before the names. */
function without_prefix(state_dict: nn.StateDict): nn.StateDict {
  const unwanted_prefix = '_orig_mod.';
  for (const [k, v] of Object.entries(state_dict)) {
    if (!k.startsWith(unwanted_prefix)) continue;
    state_dict[k.slice(unwanted_prefix.length)] = v;
    delete state_dict[k];
  }
  return state_dict;
}

interface TrainOptions {
  max_iters: number;
  block_size: number;
  compile: boolean;
}

const out_dir = join(data_dir, 'out');
const eval_interval = 3;
const log_interval = 1;
const eval_iters = 4;
const always_save_checkpoint = true;
const gradient_accumulation_steps = 2;
const batch_size = 4;
const n_layer = 2;
const n_head = 2;
const n_embd = 32;
const dropout = 0.1;
const bias = false;
const learning_rate = 1e-2;
const weight_decay = 1e-1;
const beta1 = 0.9;
const beta2 = 0.95;
const grad_clip = 1 as number;
const warmup_iters = 2;
const lr_decay_iters = 8;
const min_lr = 1e-3;
const device = 'cpu' as string;
const dtype = 'float32';
const config = { always_save_checkpoint, batch_size, beta1, beta2, learning_rate, dtype, device };
const device_type = device.includes('cuda') ? 'cuda' : 'cpu';

function get_batch(split: string, block_size: number): [x: Tensor, y: Tensor] {
  const data =
    split === 'train'
      ? new np.memmap(join(data_dir, 'train.bin'), { dtype: np.uint16, mode: 'r' })
      : new np.memmap(join(data_dir, 'val.bin'), { dtype: np.uint16, mode: 'r' });
  const ix = torch.randint(data.length - block_size, [batch_size]).tolist();
  const part = (i: number): Tensor => torch.from_numpy(data.index(torch.slice(i, i + block_size)).astype(np.int64));
  let x = torch.stack(ix.map((i) => part(i)));
  let y = torch.stack(ix.map((i) => part(i + 1)));
  if (device_type === 'cuda') {
    x = x.pin_memory().to(device, { non_blocking: true });
    y = y.pin_memory().to(device, { non_blocking: true });
  } else {
    [x, y] = [x.to(device), y.to(device)];
  }
  return [x, y];
}

/** The number of characters, of the file beside the data. */
function found_vocab_size(): number | null {
  const meta_path = join(data_dir, 'meta.json');
  if (!existsSync(meta_path)) return null;
  const { vocab_size } = JSON.parse(readFileSync(meta_path, 'utf8')) as Meta;
  print(f`found vocab_size = ${vocab_size}`);
  return vocab_size;
}

/** A new model, or the one of the checkpoint. */
function initialized(
  init_from: 'scratch' | 'resume',
  model_args: Partial<GPTConfig>,
): [model: GPT, checkpoint: Checkpoint | null] {
  const meta_vocab_size = found_vocab_size();
  if (init_from === 'scratch') {
    print('Initializing a new model from scratch');
    if (meta_vocab_size === null) {
      print('defaulting to vocab_size of GPT-2 to 50304 (50257 rounded up for efficiency)');
    }
    model_args.vocab_size = meta_vocab_size ?? 50304;
    return [new GPT(new GPTConfig(model_args)), null];
  }
  print('Resuming training');
  const ckpt_path = join(out_dir, 'ckpt.pt');
  const checkpoint = torch.load<Checkpoint>(ckpt_path, { map_location: device });
  const { n_layer, n_head, n_embd, block_size, bias, vocab_size } = checkpoint.model_args;
  Object.assign(model_args, { n_layer, n_head, n_embd, block_size, bias, vocab_size });
  const model = new GPT(new GPTConfig(model_args));
  model.load_state_dict(without_prefix(checkpoint.model));
  return [model, checkpoint];
}

const estimate_loss = torch.no_grad()((model: GPT, block_size: number): Record<string, Tensor> => {
  const out: Record<string, Tensor> = {};
  model.eval();
  for (const split of ['train', 'val']) {
    const losses = torch.zeros(eval_iters);
    for (const k of range(eval_iters)) {
      const [X, Y] = get_batch(split, block_size);
      const [, loss] = model(X, Y);
      losses.index_put_(k, loss!.item());
    }
    out[split] = losses.mean();
  }
  model.train();
  return out;
});

function get_lr(it: number): number {
  if (it < warmup_iters) return (learning_rate * (it + 1)) / (warmup_iters + 1);
  if (it > lr_decay_iters) return min_lr;
  const decay_ratio = (it - warmup_iters) / (lr_decay_iters - warmup_iters);
  const coeff = 0.5 * (1 + math.cos(math.pi * decay_ratio));
  return min_lr + coeff * (learning_rate - min_lr);
}

function save_checkpoint(
  model: GPT,
  optimizer: torch.optim.AdamW,
  rest: Pick<Checkpoint, 'model_args' | 'iter_num' | 'best_val_loss'>,
): void {
  const checkpoint: Checkpoint = { model: model.state_dict(), optimizer: optimizer.state_dict(), ...rest, config };
  print('saving checkpoint');
  torch.save(checkpoint, join(out_dir, 'ckpt.pt'));
}

/** The gradients of several small batches; gives the last loss and the next batch. */
function accumulated(model: GPT, X: Tensor, Y: Tensor): [loss: Tensor, X: Tensor, Y: Tensor] {
  let loss!: Tensor;
  for (const _micro_step of range(gradient_accumulation_steps)) {
    const [, full] = model(X, Y);
    loss = full!.div(gradient_accumulation_steps);
    [X, Y] = get_batch('train', X.size(1));
    loss.backward();
  }
  return [loss, X, Y];
}

function update(model: GPT, optimizer: torch.optim.AdamW): void {
  if (grad_clip !== 0) nn.utils.clip_grad_norm_(model.parameters(), grad_clip);
  optimizer.step();
  optimizer.zero_grad({ set_to_none: true });
}

interface Run {
  model: GPT;
  optimizer: torch.optim.AdamW;
  model_args: Partial<GPTConfig>;
  iter_num: number;
  best_val_loss: Tensor;
}

function set_up(init_from: 'scratch' | 'resume', { block_size, compile }: TrainOptions): Run {
  const tokens_per_iter = gradient_accumulation_steps * batch_size * block_size;
  print(f`tokens per iteration will be: ${tokens_per_iter}:,d`);
  mkdirSync(out_dir, { recursive: true });
  torch.manual_seed(1337);
  torch.backends.cuda.matmul.allow_tf32 = true;
  torch.backends.cudnn.allow_tf32 = true;
  const ptdtype = { float32: torch.float32, bfloat16: torch.bfloat16, float16: torch.float16 }[dtype];
  print(ptdtype);

  const model_args: Partial<GPTConfig> = { n_layer, n_head, n_embd, block_size, bias, dropout };
  let [model, checkpoint] = initialized(init_from, model_args);
  const iter_num = checkpoint?.iter_num ?? 0;
  const best_val_loss = checkpoint?.best_val_loss ?? torch.tensor(1e9);
  if (block_size < model.config.block_size) {
    model.crop_block_size(block_size);
    model_args.block_size = block_size;
  }
  model.to(device);
  const optimizer = model.configure_optimizers(weight_decay, learning_rate, [beta1, beta2], device_type);
  if (checkpoint?.model_args.block_size === block_size) optimizer.load_state_dict(checkpoint.optimizer);

  if (compile) {
    print('compiling the model... (takes a ~minute)');
    model = torch.compile(model, { backend: 'eager' });
  }
  return { model, optimizer, model_args, iter_num, best_val_loss };
}

function train(init_from: 'scratch' | 'resume', options: TrainOptions): void {
  const { max_iters, block_size } = options;
  let { model, optimizer, model_args, iter_num, best_val_loss } = set_up(init_from, options);
  let [X, Y] = get_batch('train', block_size);
  let t0 = time.time();
  let local_iter_num = 0;
  const raw_model = model;
  let running_mfu = -1;
  while (true) {
    const lr = get_lr(iter_num);
    for (const param_group of optimizer.param_groups) param_group.lr = lr;
    if (iter_num % eval_interval === 0) {
      const losses = estimate_loss(model, block_size);
      print(f`step ${iter_num}: train loss ${losses.train}:.4f, val loss ${losses.val}:.4f`);
      if (losses.val!.item() < best_val_loss.item() || always_save_checkpoint) {
        best_val_loss = losses.val!;
        if (iter_num > 0) save_checkpoint(raw_model, optimizer, { model_args, iter_num, best_val_loss });
      }
    }
    let loss: Tensor;
    [loss, X, Y] = accumulated(model, X, Y);
    update(model, optimizer);
    const t1 = time.time();
    const dt = t1 - t0;
    t0 = t1;
    if (iter_num % log_interval === 0) {
      const lossf = loss.item() * gradient_accumulation_steps;
      if (local_iter_num >= 2) {
        const mfu = raw_model.estimate_mfu(batch_size * gradient_accumulation_steps, dt);
        running_mfu = running_mfu === -1 ? mfu : 0.9 * running_mfu + 0.1 * mfu;
      }
      print(f`iter ${iter_num}: loss ${lossf}:.4f, lr ${lr}:.6f, mfu ${running_mfu > 0}`);
    }
    iter_num += 1;
    local_iter_num += 1;
    if (iter_num > max_iters) break;
  }
  print(f`${model.estimate_mfu(8, 0.5)}:.3e`);
}

function sample(): void {
  const start = '\n';
  const num_samples = 2;
  const max_new_tokens = 30;
  const temperature = 0.8;
  const top_k = 5;
  torch.manual_seed(1337);
  const checkpoint = torch.load<Checkpoint>(join(out_dir, 'ckpt.pt'), { map_location: device });
  const gptconf = new GPTConfig(checkpoint.model_args);
  const model = new GPT(gptconf);
  print(model.load_state_dict(without_prefix(checkpoint.model)));
  model.eval();
  model.to(device);
  print(Object.keys(checkpoint.config).sort().slice(0, 4), checkpoint.config.learning_rate);
  const { stoi, itos } = JSON.parse(readFileSync(join(data_dir, 'meta.json'), 'utf8')) as Meta;
  const encode = (s: string): number[] => [...s].map((c) => stoi[c]!);
  const decode = (l: number[]): string => l.map((i) => itos[i]).join('');
  const start_ids = encode(start);
  const x = torch.tensor(start_ids, { dtype: torch.long, device }).index(null, '...');
  torch.no_grad(() => {
    for (const _ of range(num_samples)) {
      const y = model.generate(x, max_new_tokens, { temperature, top_k });
      print(decode(y.index(0).tolist()));
      print('---------------');
    }
  });
}

torch.set_num_threads(1);
prepare();
train('scratch', { max_iters: 6, block_size: 16, compile: true });
sample();
train('resume', { max_iters: 9, block_size: 16, compile: false });
train('resume', { max_iters: 9, block_size: 8, compile: false });
sample();

torch.manual_seed(3);
const slow = new GPT(
  new GPTConfig({
    block_size: 12,
    vocab_size: 9,
    n_layer: 1,
    n_head: 2,
    n_embd: 8,
    dropout: 0.2,
    bias: true,
    flash: false,
  }),
);
const idx = torch.randint(9, [2, 12]);
const [logits, loss] = slow(idx, idx.roll(-1, 1));
loss!.backward();
print(logits.shape, loss, slow.lm_head.weight.grad.norm());
slow.crop_block_size(5);
slow.eval();
print(slow.transformer.h[0]!.attn.bias.shape, slow.transformer.wpe, slow(idx.index(':', ':5'))[0]);
try {
  slow(idx);
} catch (e) {
  print((e as Error).message);
}
