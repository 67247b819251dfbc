/** Types of modules: compiled by `npm run typecheck` like calls.ts, and never run. */
import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';

declare const x: Tensor;

type Same<A, B> = (<G>() => G extends A ? 1 : 2) extends <G>() => G extends B ? 1 : 2 ? true : false;
function same<T>() {
  return <V>(_value: V, ..._equal: Same<V, T> extends true ? [] : [never]): void => undefined;
}

export function constructors(): void {
  // Any number of arguments by position, the others by name, required ones too.
  new nn.Conv2d(3, 64, { kernel_size: 7, stride: 2 });
  new nn.Conv2d(3, { out_channels: 64, kernel_size: 7, padding: 3, bias: false });
  new nn.Conv2d({ in_channels: 3, out_channels: 64, kernel_size: [7, 7], padding_mode: 'reflect' });
  new nn.Conv2d(3, 64, 7, 2, 3, { bias: false });
  new nn.Conv1d(1, 2, { kernel_size: 3, padding: 'same' });
  new nn.ConvTranspose2d(3, 64, { kernel_size: 4, stride: 2, padding: 1 });
  new nn.ConvTranspose1d(3, { out_channels: 64, kernel_size: 4 });
  new nn.Linear(3, { out_features: 2 });
  new nn.Linear(3, 2, false);
  new nn.Linear(3, 2, true, 'cpu', torch.float64);
  new nn.Bilinear(1, 2, { out_features: 3 });
  new nn.Embedding(10, { embedding_dim: 3, padding_idx: 0 });
  new nn.EmbeddingBag(10, { embedding_dim: 3, mode: 'sum' });
  new nn.GroupNorm(2, { num_channels: 4 });
  new nn.LayerNorm({ normalized_shape: 4 });
  new nn.BatchNorm2d({ num_features: 4, momentum: null });
  new nn.MultiheadAttention(8, { num_heads: 2, batch_first: true });
  new nn.TransformerEncoderLayer(8, { nhead: 2, batch_first: true });
  new nn.TransformerEncoder(new nn.TransformerEncoderLayer({ d_model: 8, nhead: 2 }), { num_layers: 2 });
  new nn.TransformerDecoder(new nn.TransformerDecoderLayer(8, { nhead: 2 }), { num_layers: 2 });
  new nn.LSTM(3, { hidden_size: 4, num_layers: 2, batch_first: true });
  new nn.GRU(3, 4, 2, { dropout: 0.5 });
  new nn.RNN(3, 4, 1, 'relu', { bias: false });
  new nn.GRUCell(3, { hidden_size: 4 });
  new nn.MaxPool2d({ kernel_size: 2 });
  new nn.MaxPool2d(2, { stride: 1 });
  new nn.ConstantPad2d(1, { value: 2 });
  new nn.LazyConv2d(8, { kernel_size: 3 });
  new nn.Unflatten(1, { unflattened_size: [2, 3] });
  new nn.LinearCrossEntropyLoss(3, { num_classes: 4, bias: true });
  new nn.Parameter({ data: x, requires_grad: false });

  // @ts-expect-error a size is missing
  new nn.Conv2d(3, 64);
  // @ts-expect-error a size is missing, whatever else is given
  new nn.Conv2d(3, 64, { stride: 2 });
  // @ts-expect-error by position or by name, not both
  new nn.Linear(3, 2, { in_features: 4 });
  // @ts-expect-error there is no such option
  new nn.Linear(3, { out_features: 2, biased: true });
  // @ts-expect-error a size is a number
  new nn.Linear('3', 2);
  // @ts-expect-error a probability is a number
  new nn.Dropout('x');
}

function dicts(): void {
  const layers = new nn.ModuleDict({ conv: new nn.Conv2d(1, 8, 3), head: new nn.Linear(8, 2) });
  same<nn.Conv2d>()(layers.get('conv'));
  same<nn.Linear>()(layers.head);
  same<nn.Linear>()(layers.pop('head'));
  same<nn.Conv2d | nn.Linear>()(layers.get('any' as string));
  same<boolean>()(layers.has('head'));
  for (const name of layers) same<string>()(name);
  for (const [name, layer] of layers.items()) {
    same<string>()(name);
    same<nn.Conv2d | nn.Linear>()(layer);
  }
  same<nn.Linear>()(new nn.ModuleDict({ modules: { a: new nn.Linear(1, 1) } }).get('a'));
  // Names that are not known.
  const many: Record<string, nn.Linear> = {};
  const dict = new nn.ModuleDict(many);
  same<nn.Linear>()(dict.get('a'));
  same<number>()(dict.size);
  same<nn.Linear>()(new nn.ModuleDict([['a', new nn.Linear(1, 1)]]).get('a'));
  same<nn.Module>()(new nn.ModuleDict().get('a'));
  same<nn.ReLU>()(new nn.ModuleDict<nn.ReLU>({ a: new nn.ReLU() }).get('a'));
  const module: nn.Module = layers;
  const any: nn.ModuleDict = layers;
  class Heads extends nn.ModuleDict<nn.Linear> {
    first(): nn.Linear {
      return this.get('first');
    }
  }
  class Plain extends nn.ModuleDict {}
  same<nn.Linear>()(new Heads({ first: new nn.Linear(1, 1) }).first());
  void [module, any, new Plain()];
  // @ts-expect-error not a module
  new nn.ModuleDict({ a: 3 });
  // @ts-expect-error no such name
  void layers.tail;

  const params = new nn.ParameterDict({ scale: x, shift: new nn.Parameter(x) });
  same<nn.Parameter>()(params.at('scale'));
  same<nn.Parameter>()(params.shift);
  same<nn.Parameter>()(params.get('shift'));
  same<nn.Parameter | null>()(params.get('other' as string));
  for (const [, param] of params.items()) same<nn.Parameter>()(param);
  const mixed = new nn.ParameterDict({ a: x, n: 3 });
  same<number>()(mixed.n);
  same<nn.Parameter>()(mixed.at('a'));
  same<nn.Parameter>()(new nn.ParameterDict({ parameters: { a: x } }).at('a'));
  same<nn.Parameter>()(new nn.ParameterDict([['a', x]]).at('a'));
  same<nn.Parameter>()(new nn.ParameterDict(new Map([['a', x]])).at('a'));
  same<nn.Parameter>()(new nn.ParameterDict().at('a'));
  const list = new nn.ModuleList([new nn.Linear(1, 1)]);
  same<nn.Linear>()(list.at(-1));
  same<nn.ModuleList<nn.Linear>>()(list.slice(0, 1));
  same<number>()(list.length);
  class Scales extends nn.ParameterDict {}
  class Mixed extends nn.ParameterDict<number> {}
  same<nn.Parameter>()(new Scales({ a: x }).at('a'));
  same<nn.Parameter | number>()(new Mixed({ a: x, n: 3 }).at('n'));
}

export function any_module(model: nn.Module, layers: nn.Module[], rnn: nn.LSTM | nn.GRU | nn.RNN): void {
  // As in Python nothing is known about what a Module takes and gives.
  const output: Tensor = model(x);
  const [first, second]: [Tensor, Tensor] = model(x, x);
  void [output, first, second];
  layers[0]!(x);
  for (const layer of layers) layer(x);
  const list = new nn.ModuleList([new nn.Linear(1, 2), new nn.ReLU()]);
  same<Tensor>()(list[0]!(x));
  for (const layer of list) same<Tensor>()(layer(x));
  new nn.ModuleList()[0]!(x);
  new nn.ModuleDict({ a: new nn.Linear(1, 2) }).get('a')(x);
  dicts();

  const [hidden, state] = rnn(x);
  same<Tensor>()(hidden);
  same<Tensor | [h_n: Tensor, c_n: Tensor]>()(state);
  rnn(x, null);

  const any: nn.Module[] = [
    new nn.LSTM(1, 2),
    new nn.Linear(1, 2),
    new nn.Transformer(),
    new nn.MultiheadAttention(2, 1),
  ];
  void any;
}

export function members(): void {
  const linear = new nn.Linear(1, 2);
  same<nn.Parameter>()(linear.bias);
  linear.bias.zero_();
  nn.init.constant_(linear.bias, 0);
  if (linear.bias !== null) linear.bias.zero_();
  linear.bias = null;
  nn.init.ones_(new nn.BatchNorm2d(2).weight);
  new nn.BatchNorm2d(2).running_mean.zero_();
  nn.init.zeros_(new nn.LayerNorm(2).bias);
  nn.init.zeros_(new nn.Conv2d(1, 2, 3).bias);
  nn.init.zeros_(new nn.MultiheadAttention(2, 1).in_proj_bias);

  const net = new nn.Sequential(new nn.Linear(1, 2), new nn.ReLU(), new nn.Linear(2, 3));
  same<nn.Parameter>()(net[0].weight);
  same<boolean>()(net[1].inplace);
  same<number>()(net[2].out_features);
  same<Tensor>()(net(x));
  net.append(new nn.Tanh());
  const named = new nn.Sequential({ hidden: new nn.Linear(1, 2), act: new nn.ReLU() });
  same<nn.Parameter>()(named.hidden.weight);
  const listed: nn.Module[] = [new nn.Linear(1, 2)];
  same<Tensor>()(new nn.Sequential(...listed)(x));
  const plain: nn.Sequential = net;
  const module: nn.Module = plain;
  if (module instanceof nn.Sequential) module.append(new nn.ReLU());

  const transformer = new nn.Transformer({ d_model: 8, nhead: 2 });
  const memory: Tensor = transformer.encoder(x);
  same<Tensor>()(transformer(memory, x));
  same<Tensor>()(transformer({ src: x, tgt: x }));

  const params = new nn.ParameterDict({ a: x });
  same<nn.Parameter>()(params.get('a'));
  same<nn.Parameter | 3>()(params.get('a', 3 as const));
  same<nn.Parameter>()(params.setdefault('b', x));
  same<nn.Parameter>()(new nn.ParameterList([x])[0]!);
}

/** A module with a method of its own that is called like one of Module's. */
export class Trainer extends nn.Module {
  layer = new nn.Linear(1, 1);

  forward(input: Tensor): Tensor {
    return this.layer(input);
  }

  override train(loader: Iterable<[Tensor, Tensor]>, epochs: number): Promise<void> {
    for (const [input] of loader) for (let epoch = 0; epoch < epochs; epoch++) this.forward(input);
    return Promise.resolve();
  }
}

/** The language model of PyTorch's examples. */
export class TransformerModel extends nn.Transformer {
  input_emb = new nn.Embedding(10, 8);

  constructor() {
    super({ d_model: 8, nhead: 2, num_encoder_layers: 1 });
    this.decoder = new nn.Linear(8, 10);
  }

  override forward(src: Tensor, has_mask = true): Tensor {
    return this.decoder(this.encoder(this.input_emb(src), { mask: has_mask ? x : null }));
  }
}

export class Block extends nn.Sequential {
  constructor(width: number) {
    super(new nn.Linear(width, width), new nn.ReLU());
  }
}

export class Wider extends nn.Linear {
  override forward(input: Tensor, times = 1): Tensor {
    return super.forward(input).mul(times);
  }
}

export function subclasses(): void {
  same<Tensor>()(new TransformerModel()(x));
  same<Tensor>()(new Block(3)(x));
  same<Tensor>()(new Wider(1, 2)(x, 3));
  same<Promise<void>>()(new Trainer().train([], 3));
  same<Trainer>()(new Trainer().eval());
  new Trainer().compile({ mode: 'max-autotune' });
  new Trainer().to('cpu', torch.float64);
  new Trainer().to(torch.float64, { non_blocking: true });
}
