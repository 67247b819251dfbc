/** A small GPT with a configuration tree, a trainer with callbacks and two projects: sums of digits, and characters. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import * as F from 'torch-node/nn/functional';
import * as np from 'torch-node/numpy';
import { collections, enumerate, f, format, math, print, random, range, time, Tuple } from 'torch-node/python';
import { DataLoader, Dataset, RandomSampler } from 'torch-node/utils/data';

function set_seed(seed: number): void {
  random.seed(seed);
  np.random.seed(seed);
  torch.manual_seed(seed);
  torch.cuda.manual_seed_all(seed);
}

function setup_logging(config: Config): void {
  const { work_dir } = config.system;
  mkdirSync(work_dir, { recursive: true });
  writeFileSync(join(work_dir, 'config.json'), JSON.stringify(config.model.to_dict(), null, 4));
}

/** Python's `literal_eval`, as far as the command line needs it. */
function literal_eval(text: string): unknown {
  const constants: Record<string, unknown> = { None: null, True: true, False: false };
  if (text in constants) return constants[text];
  if (/^\(.*\)$/.test(text)) return Tuple.from(text.slice(1, -1).split(',').map(Number));
  return Number.isNaN(Number(text)) ? text : Number(text);
}

class CfgNode {
  constructor(values: object = {}) {
    Object.assign(this, values);
  }

  toString(): string {
    return this._str_helper(0);
  }

  _str_helper(indent: number): string {
    const parts: string[] = [];
    for (const [k, v] of Object.entries(this) as [string, unknown][]) {
      if (v instanceof CfgNode) {
        parts.push(format('%s:\n', k));
        parts.push(v._str_helper(indent + 1));
      } else {
        parts.push(format('%s: %s\n', k, v));
      }
    }
    return parts.map((p) => ' '.repeat(indent * 4) + p).join('');
  }

  to_dict(): Record<string, unknown> {
    return Object.fromEntries(
      (Object.entries(this) as [string, unknown][]).map(([k, v]) => [k, v instanceof CfgNode ? v.to_dict() : v]),
    );
  }

  merge_from_dict(d: object): void {
    Object.assign(this, d);
  }

  merge_from_args(args: string[]): void {
    for (const arg of args) {
      const keyval = arg.split('=');
      if (keyval.length !== 2) throw new Error(`expecting each override arg to be of form --arg=value, got ${arg}`);
      let [key, text] = keyval as [string, string];
      const val = literal_eval(text);
      if (!key.startsWith('--')) throw new Error('expecting --');
      key = key.slice(2);
      const keys = key.split('.');
      let obj = this as Record<string, unknown>;
      for (const k of keys.slice(0, -1)) obj = obj[k] as Record<string, unknown>;
      const leaf_key = keys.at(-1)!;
      if (!(leaf_key in obj)) throw new Error(`${key} is not an attribute that exists in the config`);
      print('command line overwriting config attribute %s with %s', key, val);
      obj[leaf_key] = val;
    }
  }
}

class ModelConfig extends CfgNode {
  model_type: string | null = 'gpt';
  n_layer!: number;
  n_head!: number;
  n_embd!: number;
  vocab_size!: number;
  block_size!: number;
  embd_pdrop = 0.1;
  resid_pdrop = 0.1;
  attn_pdrop = 0.1;
}

class NewGELU extends nn.Module {
  forward(x: Tensor): Tensor {
    return x.mul(0.5).mul(torch.tanh(x.add(torch.pow(x, 3).mul(0.044715)).mul(math.sqrt(2 / math.pi))).add(1));
  }
}

class CausalSelfAttention extends nn.Module {
  c_attn: nn.Linear;
  c_proj: nn.Linear;
  attn_dropout: nn.Dropout;
  resid_dropout: nn.Dropout;
  n_head: number;
  n_embd: number;
  declare bias: Tensor;

  constructor(config: ModelConfig) {
    super();
    if (config.n_embd % config.n_head !== 0) throw new Error('n_embd must be a multiple of n_head');
    this.c_attn = new nn.Linear(config.n_embd, 3 * config.n_embd);
    this.c_proj = new nn.Linear(config.n_embd, config.n_embd);
    this.attn_dropout = new nn.Dropout(config.attn_pdrop);
    this.resid_dropout = new nn.Dropout(config.resid_pdrop);
    const mask = torch.tril(torch.ones(config.block_size, config.block_size));
    this.register_buffer('bias', mask.view(1, 1, config.block_size, config.block_size));
    this.n_head = config.n_head;
    this.n_embd = config.n_embd;
  }

  forward(x: Tensor): Tensor {
    const [B, T, C] = x.size() as unknown as [number, number, number];
    let [q, k, v] = this.c_attn(x).split(this.n_embd, { dim: 2 }) as [Tensor, Tensor, Tensor];
    k = k.view(B, T, this.n_head, C / this.n_head).transpose(1, 2);
    q = q.view(B, T, this.n_head, C / this.n_head).transpose(1, 2);
    v = v.view(B, T, this.n_head, C / this.n_head).transpose(1, 2);
    let att = q.matmul(k.transpose(-2, -1)).mul(1 / math.sqrt(k.size(-1)));
    att = att.masked_fill(this.bias.index(':', ':', torch.slice(T), torch.slice(T)).eq(0), -Infinity);
    att = F.softmax(att, { dim: -1 });
    att = this.attn_dropout(att);
    let y = att.matmul(v);
    y = y.transpose(1, 2).contiguous().view(B, T, C);
    y = this.resid_dropout(this.c_proj(y));
    return y;
  }
}

class Block extends nn.Module {
  ln_1: nn.LayerNorm;
  attn: CausalSelfAttention;
  ln_2: nn.LayerNorm;
  mlp: nn.ModuleDict<nn.Module, { c_fc: nn.Linear; c_proj: nn.Linear; act: NewGELU; dropout: nn.Dropout }>;
  mlpf: (x: Tensor) => Tensor;

  constructor(config: ModelConfig) {
    super();
    this.ln_1 = new nn.LayerNorm(config.n_embd);
    this.attn = new CausalSelfAttention(config);
    this.ln_2 = new nn.LayerNorm(config.n_embd);
    this.mlp = new nn.ModuleDict({
      c_fc: new nn.Linear(config.n_embd, 4 * config.n_embd),
      c_proj: new nn.Linear(4 * config.n_embd, config.n_embd),
      act: new NewGELU(),
      dropout: new nn.Dropout(config.resid_pdrop),
    });
    const m = this.mlp;
    this.mlpf = (x) => m.dropout(m.c_proj(m.act(m.c_fc(x))));
  }

  forward(x: Tensor): Tensor {
    x = x.add(this.attn(this.ln_1(x)));
    x = x.add(this.mlpf(this.ln_2(x)));
    return x;
  }
}

const model_types: Record<string, Partial<ModelConfig>> = {
  'gpt-mini': { n_layer: 6, n_head: 6, n_embd: 192 },
  'gpt-micro': { n_layer: 4, n_head: 4, n_embd: 128 },
  'gpt-nano': { n_layer: 3, n_head: 3, n_embd: 48 },
  'gpt-pico': { n_layer: 1, n_head: 2, n_embd: 24 },
};

class GPT extends nn.Module {
  block_size: number;
  transformer: nn.ModuleDict<
    nn.Module,
    { wte: nn.Embedding; wpe: nn.Embedding; drop: nn.Dropout; h: nn.ModuleList<Block>; ln_f: nn.LayerNorm }
  >;
  lm_head: nn.Linear;

  static get_default_config(): ModelConfig {
    const C = new ModelConfig();
    C.merge_from_dict({
      model_type: 'gpt',
      n_layer: null,
      n_head: null,
      n_embd: null,
      vocab_size: null,
      block_size: null,
      embd_pdrop: 0.1,
      resid_pdrop: 0.1,
      attn_pdrop: 0.1,
    });
    return C;
  }

  constructor(config: ModelConfig) {
    super();
    this.block_size = config.block_size;
    const type_given = config.model_type !== null;
    const params_given = [config.n_layer, config.n_head, config.n_embd].every((value) => value !== null);
    if (type_given === params_given) throw new Error('give a model_type, or its sizes');
    if (type_given) config.merge_from_dict(model_types[config.model_type!]!);
    this.transformer = new nn.ModuleDict({
      wte: new nn.Embedding(config.vocab_size, config.n_embd),
      wpe: new nn.Embedding(config.block_size, config.n_embd),
      drop: new nn.Dropout(config.embd_pdrop),
      h: new nn.ModuleList([...range(config.n_layer)].map(() => new Block(config))),
      ln_f: new nn.LayerNorm(config.n_embd),
    });
    this.lm_head = new nn.Linear(config.n_embd, config.vocab_size, { bias: false });
    this.apply((module) => this._init_weights(module));
    for (const [pn, p] of this.named_parameters()) {
      if (pn.endsWith('c_proj.weight')) {
        nn.init.normal_(p, { mean: 0, std: 0.02 / math.sqrt(2 * config.n_layer) });
      }
    }
    const n_params = [...this.transformer.parameters()].reduce((sum, p) => sum + p.numel(), 0);
    print('number of parameters: %.2fM', n_params / 1e6);
  }

  _init_weights(module: nn.Module): void {
    if (module instanceof nn.Linear) {
      nn.init.normal_(module.weight, { mean: 0, std: 0.02 });
      if (module.bias !== null) nn.init.zeros_(module.bias);
    } else if (module instanceof nn.Embedding) {
      nn.init.normal_(module.weight, { mean: 0, std: 0.02 });
    } else if (module instanceof nn.LayerNorm) {
      nn.init.zeros_(module.bias);
      nn.init.ones_(module.weight);
    }
  }

  configure_optimizers(train_config: TrainerConfig): torch.optim.AdamW {
    const decay = new Set<string>();
    const no_decay = new Set<string>();
    const whitelist_weight_modules = [nn.Linear];
    const blacklist_weight_modules = [nn.LayerNorm, nn.Embedding];
    for (const [mn, m] of this.named_modules()) {
      for (const [pn] of m.named_parameters()) {
        const fpn = mn ? format('%s.%s', mn, pn) : pn;
        if (pn.endsWith('bias')) no_decay.add(fpn);
        else if (pn.endsWith('weight') && whitelist_weight_modules.some((type) => m instanceof type)) decay.add(fpn);
        else if (pn.endsWith('weight') && blacklist_weight_modules.some((type) => m instanceof type)) no_decay.add(fpn);
      }
    }
    const param_dict = new Map(this.named_parameters());
    const inter_params = [...decay].filter((pn) => no_decay.has(pn));
    const union_params = new Set([...decay, ...no_decay]);
    if (inter_params.length > 0) throw new Error(`parameters ${inter_params} made it into both decay/no_decay sets!`);
    const left = [...param_dict.keys()].filter((pn) => !union_params.has(pn));
    if (left.length > 0) throw new Error(`parameters ${left} were not separated!`);
    const optim_groups = [
      { params: [...decay].sort().map((pn) => param_dict.get(pn)!), weight_decay: train_config.weight_decay },
      { params: [...no_decay].sort().map((pn) => param_dict.get(pn)!), weight_decay: 0 },
    ];
    return new torch.optim.AdamW(optim_groups, { lr: train_config.learning_rate, betas: train_config.betas });
  }

  forward(idx: Tensor, targets: Tensor | null = null): [logits: Tensor, loss: Tensor | null] {
    const { device } = idx;
    const [, t] = idx.size() as unknown as [number, number];
    if (t > this.block_size) {
      throw new Error(`Cannot forward sequence of length ${t}, block size is only ${this.block_size}`);
    }
    const pos = torch.arange(0, t, { dtype: torch.long, device }).unsqueeze(0);
    const tok_emb = this.transformer.wte(idx);
    const pos_emb = this.transformer.wpe(pos);
    let x: Tensor = this.transformer.drop(tok_emb.add(pos_emb));
    for (const block of this.transformer.h) x = block(x);
    x = this.transformer.ln_f(x);
    const logits = this.lm_head(x);
    let loss: Tensor | null = null;
    if (targets !== null) {
      loss = F.cross_entropy(logits.view(-1, logits.size(-1)), targets.view(-1), { ignore_index: -1 });
    }
    return [logits, loss];
  }

  @torch.no_grad()
  generate(
    idx: Tensor,
    max_new_tokens: number,
    {
      temperature = 1,
      do_sample = false,
      top_k = null,
    }: { temperature?: number; do_sample?: boolean; top_k?: number | null } = {},
  ): Tensor {
    for (const _ of range(max_new_tokens)) {
      const idx_cond = idx.size(1) <= this.block_size ? idx : idx.index(':', torch.slice.from(-this.block_size));
      let [logits] = (this as GPT)(idx_cond);
      logits = logits.index(':', -1, ':').div(temperature);
      if (top_k !== null) {
        const [v] = torch.topk(logits, top_k);
        logits.index_put_(logits.lt(v.index(':', [-1])), -Infinity);
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

class TrainerConfig extends CfgNode {
  device = 'auto';
  num_workers = 0;
  max_iters: number | null = null;
  batch_size = 64;
  learning_rate = 3e-4;
  betas: [number, number] = Tuple.of(0.9, 0.95) as unknown as [number, number];
  weight_decay = 0.1;
  grad_norm_clip = new torch.serialization.Float(1);
}

class Trainer {
  optimizer!: torch.optim.AdamW;
  callbacks = new collections.defaultdict<string, ((trainer: Trainer) => void)[]>(() => []);
  device: string;
  model: GPT;
  iter_num = 0;
  iter_time = 0;
  iter_dt = 0;
  loss!: Tensor;

  static get_default_config(): TrainerConfig {
    return new TrainerConfig();
  }

  constructor(
    readonly config: TrainerConfig,
    model: GPT,
    readonly train_dataset: Dataset<[Tensor, Tensor]>,
  ) {
    if (config.device === 'auto') this.device = torch.cuda.is_available() ? 'cuda' : 'cpu';
    else this.device = config.device;
    this.model = model.to(this.device);
    print('running on device', this.device);
  }

  add_callback(onevent: string, callback: (trainer: Trainer) => void): void {
    this.callbacks.get(onevent).push(callback);
  }

  set_callback(onevent: string, callback: (trainer: Trainer) => void): void {
    this.callbacks.set(onevent, [callback]);
  }

  trigger_callbacks(onevent: string): void {
    for (const callback of this.callbacks.get(onevent)) callback(this);
  }

  run(): void {
    const { model, config } = this;
    this.optimizer = model.configure_optimizers(config);
    const train_loader = new DataLoader(this.train_dataset, {
      sampler: new RandomSampler(this.train_dataset, { replacement: true, num_samples: 1e10 }),
      shuffle: false,
      pin_memory: this.device !== 'cpu',
      batch_size: config.batch_size,
      num_workers: config.num_workers,
    });
    model.train();
    this.iter_num = 0;
    this.iter_time = time.time();
    let data_iter = train_loader[Symbol.iterator]();
    while (true) {
      let next = data_iter.next();
      if (next.done) {
        data_iter = train_loader[Symbol.iterator]();
        next = data_iter.next();
      }
      const batch = (next.value as [Tensor, Tensor]).map((t) => t.to(this.device));
      const [x, y] = batch as [Tensor, Tensor];
      this.loss = model(x, y)[1]!;
      model.zero_grad({ set_to_none: true });
      this.loss.backward();
      nn.utils.clip_grad_norm_(model.parameters(), Number(config.grad_norm_clip));
      this.optimizer.step();
      this.trigger_callbacks('on_batch_end');
      this.iter_num += 1;
      const tnow = time.time();
      this.iter_dt = tnow - this.iter_time;
      this.iter_time = tnow;
      if (config.max_iters !== null && this.iter_num >= config.max_iters) break;
    }
  }
}

class AdditionConfig extends CfgNode {
  ndigit = 2;
}

class AdditionDataset extends Dataset<[x: Tensor, y: Tensor]> {
  ixes: Tensor;

  static get_default_config(): AdditionConfig {
    return new AdditionConfig();
  }

  constructor(
    readonly config: AdditionConfig,
    { split }: { split: string },
  ) {
    super();
    const { ndigit } = config;
    const num = (10 ** ndigit) ** 2;
    const rng = new torch.Generator();
    rng.manual_seed(1337);
    const perm = torch.randperm(num, { generator: rng });
    const num_test = Math.min(Math.trunc(num * 0.2), 500);
    this.ixes = split === 'test' ? perm.index(torch.slice(num_test)) : perm.index(torch.slice.from(num_test));
  }

  get_vocab_size(): number {
    return 10;
  }

  get_block_size(): number {
    return 3 * this.config.ndigit + 1 - 1;
  }

  override get length(): number {
    return this.ixes.nelement();
  }

  override get(index: number): [x: Tensor, y: Tensor] {
    const { ndigit } = this.config;
    const idx = this.ixes.index(index).item();
    const nd = 10 ** ndigit;
    const a = Math.floor(idx / nd);
    const b = idx % nd;
    const c = a + b;
    const astr = format(`%0${ndigit}d`, a);
    const bstr = format(`%0${ndigit}d`, b);
    const cstr = [...format(`%0${ndigit + 1}d`, c)].reverse().join('');
    const render = astr + bstr + cstr;
    const dix = [...render].map(Number);
    const x = torch.tensor(dix.slice(0, -1), { dtype: torch.long });
    const y = torch.tensor(dix.slice(1), { dtype: torch.long });
    y.index_put_(torch.slice(ndigit * 2 - 1), -1);
    return [x, y];
  }
}

class CharConfig extends CfgNode {
  block_size = 128;
}

class CharDataset extends Dataset<[x: Tensor, y: Tensor]> {
  stoi: Map<string, number>;
  itos: Map<number, string>;
  vocab_size: number;

  static get_default_config(): CharConfig {
    return new CharConfig();
  }

  constructor(
    readonly config: CharConfig,
    readonly data: string,
  ) {
    super();
    const chars = [...new Set(data)].sort();
    const [data_size, vocab_size] = [data.length, chars.length];
    print('data has %d characters, %d unique.', data_size, vocab_size);
    this.stoi = new Map([...enumerate(chars)].map(([i, ch]) => [ch, i]));
    this.itos = new Map(enumerate(chars));
    this.vocab_size = vocab_size;
  }

  get_vocab_size(): number {
    return this.vocab_size;
  }

  get_block_size(): number {
    return this.config.block_size;
  }

  override get length(): number {
    return this.data.length - this.config.block_size;
  }

  override get(idx: number): [x: Tensor, y: Tensor] {
    const chunk = this.data.slice(idx, idx + this.config.block_size + 1);
    const dix = [...chunk].map((s) => this.stoi.get(s)!);
    const x = torch.tensor(dix.slice(0, -1), { dtype: torch.long });
    const y = torch.tensor(dix.slice(1), { dtype: torch.long });
    return [x, y];
  }
}

class SystemConfig extends CfgNode {
  seed = 3407;
  work_dir = './out/project';
}

class Config<D extends CfgNode = CfgNode> extends CfgNode {
  system: SystemConfig;
  data: D;
  model: ModelConfig;
  trainer: TrainerConfig;

  constructor(dataset: { get_default_config(): D }) {
    super();
    this.system = new SystemConfig();
    this.data = dataset.get_default_config();
    this.model = GPT.get_default_config();
    this.model.model_type = 'gpt-nano';
    this.trainer = Trainer.get_default_config();
    this.trainer.learning_rate = 5e-4;
  }
}

function adder(argv: string[]): void {
  const config = new Config(AdditionDataset);
  config.merge_from_args(argv);
  print(config);
  config.system.work_dir = mkdtempSync(join(tmpdir(), 'adder-'));
  setup_logging(config);
  set_seed(config.system.seed);
  const train_dataset = new AdditionDataset(config.data, { split: 'train' });
  const test_dataset = new AdditionDataset(config.data, { split: 'test' });
  config.model.vocab_size = train_dataset.get_vocab_size();
  config.model.block_size = train_dataset.get_block_size();
  const model = new GPT(config.model);
  const trainer = new Trainer(config.trainer, model, train_dataset);

  const eval_split = (
    trainer: Trainer,
    split: 'train' | 'test',
    { max_batches = null }: { max_batches?: number | null } = {},
  ): Tensor => {
    const dataset = { train: train_dataset, test: test_dataset }[split];
    const { ndigit } = config.data;
    const results: number[] = [];
    let mistakes_printed_already = 0;
    const factors = torch.tensor([[...range(ndigit + 1)].map((i) => 10 ** i).reverse()]).to(trainer.device);
    const loader = new DataLoader(dataset, { batch_size: 100, num_workers: 0, drop_last: false });
    for (let [b, [x]] of enumerate(loader)) {
      x = x.to(trainer.device);
      const d1d2 = x.index(':', torch.slice(ndigit * 2));
      const d1d2d3 = model.generate(d1d2, ndigit + 1, { do_sample: false });
      let d3 = d1d2d3.index(':', torch.slice.from(-(ndigit + 1)));
      d3 = d3.flip(1);
      const d1i = d1d2.index(':', torch.slice(ndigit)).mul(factors.index(':', '1:')).sum(1);
      const d2i = d1d2
        .index(':', torch.slice(ndigit, ndigit * 2))
        .mul(factors.index(':', '1:'))
        .sum(1);
      const d3i_pred = d3.mul(factors).sum(1);
      const d3i_gt = d1i.add(d2i);
      const correct = d3i_pred.eq(d3i_gt).cpu();
      for (const i of range(x.size(0))) {
        results.push(Number(correct.index(i)));
        if (!correct.index(i).item() && mistakes_printed_already < 5) {
          mistakes_printed_already += 1;
          const [d1, d2, pred, gt] = [d1i, d2i, d3i_pred, d3i_gt].map((d) => d.index(i));
          print('GPT claims that %d + %d = %d but gt is %d', d1, d2, pred, gt);
        }
      }
      if (max_batches !== null && b + 1 >= max_batches) break;
    }
    const rt = torch.tensor(results, { dtype: torch.float });
    print('%s final score: %d/%d = %.2f%% correct', split, rt.sum(), results.length, rt.mean().mul(100));
    return rt.sum();
  };

  let top_score = 0;

  const batch_end_callback = (trainer: Trainer): void => {
    if (trainer.iter_num % 4 === 0) {
      print(f`iter ${trainer.iter_num}: train loss ${trainer.loss.item()}:.5f ${trainer.iter_dt >= 0}`);
    }
    if (trainer.iter_num % 12 === 11) {
      const train_max_batches = { 1: null, 2: 1, 3: 5 }[config.data.ndigit]!;
      model.eval();
      const score = torch.no_grad(() => {
        const train_score = eval_split(trainer, 'train', { max_batches: train_max_batches });
        const test_score = eval_split(trainer, 'test', { max_batches: null });
        return train_score.add(test_score);
      });
      if (score.item() > top_score) {
        top_score = score.item();
        print(f`saving model with new top score of ${score}`);
        const ckpt_path = join(config.system.work_dir, 'model.pt');
        torch.save(model.state_dict(), ckpt_path);
      }
      model.train();
    }
  };

  trainer.set_callback('on_batch_end', batch_end_callback);
  trainer.run();
  print(readFileSync(join(config.system.work_dir, 'config.json'), 'utf8'));
}

function chargpt(argv: string[]): void {
  const config = new Config(CharDataset);
  config.merge_from_args(argv);
  config.system.work_dir = mkdtempSync(join(tmpdir(), 'chargpt-'));
  setup_logging(config);
  set_seed(config.system.seed);
  let text = '';
  for (const a of range(1, 9)) {
    for (const b of range(1, 9)) text += format('%d times %d makes %d, O God, O God!\n', a, b, a * b);
  }
  const train_dataset = new CharDataset(config.data, text);
  config.model.vocab_size = train_dataset.get_vocab_size();
  config.model.block_size = train_dataset.get_block_size();
  const model = new GPT(config.model);
  const trainer = new Trainer(config.trainer, model, train_dataset);

  const batch_end_callback = (trainer: Trainer): void => {
    if (trainer.iter_num % 2 === 0) print(f`iter ${trainer.iter_num}: train loss ${trainer.loss.item()}:.5f`);
    if (trainer.iter_num % 6 === 5) {
      model.eval();
      torch.no_grad(() => {
        const context = [...'O God, O God!'].map((s) => train_dataset.stoi.get(s)!);
        const x = torch.tensor(context, { dtype: torch.long }).index(null, '...').to(trainer.device);
        const y = model.generate(x, 40, { temperature: 1, do_sample: true, top_k: 10 }).index(0);
        const completion = [...y].map((i) => train_dataset.itos.get(i.item())).join('');
        print(completion);
      });
      print('saving model');
      const ckpt_path = join(config.system.work_dir, 'model.pt');
      torch.save(model.state_dict(), ckpt_path);
      model.train();
    }
  };

  trainer.add_callback('on_batch_end', batch_end_callback);
  trainer.run();
  print(random.random(), np.random.rand(), torch.rand(1));
}

torch.set_num_threads(1);
adder([
  '--trainer.max_iters=13',
  '--trainer.batch_size=16',
  '--model.model_type=gpt-pico',
  '--trainer.betas=(0.9, 0.99)',
]);
chargpt([
  '--trainer.max_iters=7',
  '--trainer.batch_size=8',
  '--data.block_size=24',
  '--trainer.device=cpu',
  '--model.model_type=None',
  '--model.n_layer=2',
  '--model.n_head=2',
  '--model.n_embd=16',
]);
try {
  new Config(CharDataset).merge_from_args(['--data.size=3']);
} catch (e) {
  print((e as Error).message);
}
