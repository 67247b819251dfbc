/**
 * Types: `npm run typecheck` compiles this file. Calls that must compile stand as they are; calls that must not stand below
 * `@ts-expect-error`, which itself is an error when the next line compiles. Nothing here is run.
 */
import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';
import * as torchvision from 'torch-node/vision';

declare const x: Tensor;
declare const y: Tensor;
declare const weight: nn.Parameter;

/** Compiles when the type of the value is exactly `T`. */
type Same<A, B> = (<G>() => G extends A ? 1 : 2) extends <G>() => G extends B ? 1 : 2 ? true : false;
function same<T>() {
  return <V>(_value: V, ..._equal: Same<V, T> extends true ? [] : [never]): void => undefined;
}

export function operators(): void {
  same<Tensor>()(torch.add(x, y));
  same<Tensor>()(torch.add(x, 2, { alpha: 3 }));
  same<Tensor>()(x.add(y).mul(2).sum());
  same<Tensor>()(x.sum(0, true));
  same<Tensor>()(x.sum([0, 1], { keepdim: true, dtype: torch.float64 }));
  same<Tensor>()(torch.zeros(2, 3));
  same<Tensor>()(torch.zeros([2, 3], { dtype: torch.int64, requires_grad: false }));
  same<Tensor>()(x.view(-1, 28, 28));
  same<Tensor>()(torch.cat([x, y], 1));
  same<Tensor[]>()(torch.split(x, 2));
  same<boolean>()(torch.equal(x, y));
  same<boolean>()(torch.is_floating_point(x));

  const [values, indices] = torch.max(x, 1);
  same<Tensor>()(values);
  same<Tensor>()(indices);
  same<Tensor>()(torch.max(x, 1).indices);
  same<Tensor>()(torch.max(x));
  same<Tensor>()(torch.linalg.svd(x).Vh);
  same<Tensor>()(torch.sort(x, { descending: true }).values);

  // What Python's callers give by name may be given by name here, with or without a default.
  same<Tensor>()(x.sum({ dim: 1, keepdim: true }));
  same<Tensor>()(torch.softmax(x, { dim: -1 }));
  same<Tensor>()(torch.gather(x, { dim: 1, index: y }));
  same<Tensor>()(x.topk({ k: 2, largest: false }).values);
  same<Tensor>()(x.max({ dim: 1 }).indices);
  same<Tensor>()(torch.full({ size: [2, 3], fill_value: 1, dtype: torch.float64 }));
  same<Tensor>()(torch.arange({ start: 1, end: 9, step: 2 }));
  // Named results whose elements differ keep the type of each.
  const [hist, bin_edges] = torch.histogramdd(x, [2, 3]);
  same<Tensor>()(hist);
  same<Tensor[]>()(bin_edges);
  same<Tensor[]>()(torch.histogramdd(x, 2).bin_edges);
  // One tensor, or as many as are asked for.
  same<Tensor>()(torch.unique(x));
  same<Tensor[]>()(torch.unique(x, { return_counts: true }));
  same<Tensor>()(x.unique_consecutive({ dim: 0 }));
  same<Tensor[]>()(torch.unique_consecutive(x, { return_inverse: true }));
  same<Tensor>()(torch.atleast_2d(x));
  same<[Tensor, Tensor]>()(torch.atleast_2d(x, y));
  // In place, a subclass stays what it is; an operator makes a plain tensor.
  same<nn.Parameter>()(weight.add_(1));
  same<Tensor>()(weight.bitwise_and(1));

  // @ts-expect-error what has no default has to be given
  x.topk({ largest: false });
  // @ts-expect-error by position or by name, not both
  x.sum(1, { dim: 0 });
  // @ts-expect-error a string is not a Tensor
  torch.add(x, 'two');
  // @ts-expect-error an argument is missing
  torch.matmul(x);
  // @ts-expect-error by name, too
  torch.matmul({ input: x });
  // @ts-expect-error there is no such keyword
  torch.add(x, y, { beta: 3 });
  // @ts-expect-error there is no such function
  torch.no_such_function(x);
  // @ts-expect-error a list of strings is not a size
  torch.zeros(['two']);
  // @ts-expect-error a dtype is not a string
  x.to({ dtype: 'float32' });
  // @ts-expect-error results have these names only
  void torch.max(x, 1).weights;
  // @ts-expect-error a text is not data
  void new torch.Tensor('two');
}

/** Lists whose length is known: with noUncheckedIndexedAccess their elements can be used. */
export function lists(sizes: number[], tensors: Tensor[], dataset: torch.utils.data.TensorDataset<[Tensor]>): void {
  const [train, test] = torch.utils.data.random_split(dataset, [0.8, 0.2]);
  same<torch.utils.data.Subset<[Tensor]>>()(train);
  same<number>()(test.length);
  same<torch.utils.data.Subset<[Tensor]>[]>()(torch.utils.data.random_split(dataset, sizes));
  const [named] = torch.utils.data.random_split({ dataset, lengths: [10] });
  same<number>()(named.length);
  const [part] = torch.utils.data.random_split(dataset, [10], { generator: null });
  same<number>()(part.length);
  const [head, tail] = x.split([1, 2], { dim: 1 });
  same<Tensor>()(head.add(tail));
  const [left, right] = torch.split(x, [1, 2], 1);
  same<Tensor>()(left.add(right));
  same<Tensor[]>()(x.split(2));
  same<Tensor[]>()(x.split(sizes));
  const [a, b] = torch.broadcast_tensors(x, y);
  same<Tensor>()(a.add(b));
  same<Tensor[]>()(torch.broadcast_tensors(...tensors));
  same<Tensor[]>()(torch.broadcast_tensors(tensors));
  const [rows, columns] = torch.meshgrid(x, y, { indexing: 'xy' });
  same<Tensor>()(rows.add(columns));
  same<Tensor[]>()(torch.meshgrid(tensors, { indexing: 'ij' }));
  const [first, second] = torch.atleast_2d(x, y);
  same<Tensor>()(first.add(second));
}

export function data(): void {
  same<number>()(x.item());
  same<torch.Size>()(x.shape);
  same<number>()(x.size(0));
  same<torch.NDArray>()(x.numpy());
  torch.tensor(
    [
      [1, 2],
      [3, 4],
    ],
    { dtype: torch.float32 },
  );
  torch.from_numpy(new Float32Array(3));
  x.index(':', -1, null, '...', [0, 1], true, y);

  // @ts-expect-error an object is not data
  torch.tensor({ a: 1 });
  // @ts-expect-error nor is it a subscript
  x.index({ a: 1 });
}

/** Lines as Python's programs have them. */
export function ported(scale: number | Tensor, padding: number | 'same', dim: number | readonly number[]): void {
  // A number or a tensor, wherever either is taken.
  for (const compared of [x.lt(scale), x.le(scale), x.gt(scale), x.ge(scale), x.eq(scale), x.ne(scale)])
    same<Tensor>()(compared);
  same<Tensor>()(x.pow(scale));
  same<Tensor>()(torch.pow(scale, x));
  same<Tensor>()(x.clamp(scale));
  same<Tensor>()(x.remainder(scale).fmod(scale).bitwise_and(scale).masked_fill(y, scale).index_fill(0, y, scale));
  same<Tensor>()(torch.where(x, scale, scale));
  same<Tensor>()(x.lt({ other: scale }));
  same<Tensor>()(x.clamp(0, scale));
  same<Tensor>()(torch.clamp(x, { min: scale, max: 1 }));
  same<Tensor>()(torch.clamp(x, scale, { max: scale }));
  same<Tensor>()(x.scatter(0, y, scale));
  // Of other types that one place takes, too.
  same<Tensor>()(torch.conv2d(x, weight, null, 1, padding));
  same<Tensor>()(torch.conv2d(x, weight, { padding }));
  same<Tensor>()(x.all(dim).squeeze(dim));
  // All by name.
  same<Tensor>()(torch.nn.functional.conv2d({ input: x, weight: y }));
  same<Tensor>()(torch.add({ input: x, other: y, alpha: 2 }));
  same<Tensor>()(torch.relu({ input: x }));
  same<Tensor>()(torch.addmm({ input: x, mat1: x, mat2: y, beta: 2 }));
  same<Tensor>()(torch.linalg.solve({ A: x, B: y }));
  // numpy's names.
  same<Tensor>()(torch.relu({ x }));
  same<Tensor>()(torch.add({ x1: x, x2: y }));
  same<Tensor>()(torch.sum({ a: x, axis: 0, keepdims: true }));
  same<Tensor>()(x.sum({ axis: 1, keepdims: true }));
  same<Tensor>()(x.mean(1, { keepdims: true }));
  same<Tensor>()(torch.cat([x, y], { axis: 1 }));
  same<Tensor>()(x.max({ axis: 1 }).values);
  same<Tensor>()(torch.linalg.norm(x, { axis: 0, keepdims: true }));
  // Gradients, parts and lists.
  x.grad.zero_();
  x.grad = null;
  if (x.grad !== null) same<Tensor>()(x.grad);
  x.real = y;
  x.imag = 3;
  same<number[]>()(x.tolist());
  const rows: number[][] = x.tolist();
  const flags: boolean[] = x.gt(0).tolist();
  void [rows, flags];
  same<Tensor>()(x.t_());
  same<Tensor>()(x.index_put([0], 1));
  same<Tensor>()(x.index(torch.slice(1, 3), torch.slice.from(2), torch.slice.to(-1), new Int32Array(2)));
  same<Tensor>()(x.stft(4, { center: false, return_complex: true }));
  same<torch.DType>()(torch.complex64.to_real());
  same<Tensor>()(torch.sparse_coo_tensor([[0], [1]], [2], [3, 3], { check_invariants: true }));
  new torch.linalg.LinAlgError('singular').message.trim();
  torch.device('cuda', { index: 0 });
  // What begins with an underscore is not listed with the rest.
  same<Tensor[]>()(torch._VF._foreach_abs([x]));
  same<number>()((x as torch._VF.PrivateTensor)._nnz());
  same<Tensor>()((x as torch._VF.PrivateTensor).__and__(1));

  // @ts-expect-error one of them is a tensor
  torch.pow(2, 3);
  // @ts-expect-error see torch._VF
  torch._foreach_abs([x]);
  // @ts-expect-error see torch._VF.PrivateTensor
  x._nnz();
  // @ts-expect-error one name or the other
  x.sum({ dims: 1 });
  // @ts-expect-error a misspelled option
  x.to({ dytpe: torch.float64 });
  // @ts-expect-error dtype is not a string
  x.to('cpu', 'float32');
  // @ts-expect-error norm has PyTorch's names only
  x.norm({ axis: 1 });
}

class Net extends nn.Module {
  layer = new nn.Linear(3, 4);

  forward(input: Tensor, scale: number): Tensor {
    return this.layer(input).mul(scale);
  }
}

class Double extends torch.autograd.Function {
  static forward(_ctx: torch.autograd.FunctionCtx, input: Tensor, _times: number): Tensor {
    return input.mul(2);
  }

  static backward(_ctx: torch.autograd.FunctionCtx, gradient: Tensor): (Tensor | null)[] {
    return [gradient.mul(2), null];
  }
}

export function modules(): void {
  const net = new Net();
  same<Tensor>()(net(x, 2));
  same<Net>()(net.to('cpu'));
  const lstm = new nn.LSTM({ input_size: 3, hidden_size: 4 });
  const [output, [h, c]] = lstm(x, null);
  same<Tensor>()(output);
  same<Tensor>()(h);
  same<Tensor>()(c);
  same<Tensor>()(new nn.ZeroPad2d([1, 2, 3, 4])(x));
  same<Tensor>()(new nn.LazyConv2d(3, 3, { padding: 'same' })(x));
  same<Tensor>()(new nn.LazyBatchNorm1d({ affine: false })(x));
  same<Tensor>()(new nn.FractionalMaxPool2d(2, { output_size: 3 })(x));
  same<[output: Tensor, indices: Tensor]>()(new nn.FractionalMaxPool2d(2, { output_size: 3, return_indices: true })(x));
  same<Tensor>()(new nn.MaxUnpool2d(2)(x, y, { output_size: [4, 4] }));
  same<[attn_output: Tensor, attn_output_weights: Tensor | null]>()(
    new nn.MultiheadAttention(8, 2)(x, y, y, { need_weights: false }),
  );
  same<Tensor>()(new nn.Transformer({ d_model: 8, nhead: 2 })(x, y, { tgt_mask: x }));
  same<Tensor>()(new nn.TransformerEncoder(new nn.TransformerEncoderLayer(8, 2), 2)(x, null, y));
  same<Tensor>()(new nn.AdaptiveLogSoftmaxWithLoss(4, 10, [2])(x, y).loss);
  same<Tensor>()(new nn.DataParallel(net)(x, 2));
  same<[output: Tensor, h_n: Tensor]>()(new nn.GRU(3, 4)(x, { hx: y }));
  const optimizer = new torch.optim.Adam(net.parameters(), { lr: 0.1, betas: [0.9, 0.99] });
  same<number>()(optimizer.step(() => 3));
  same<Tensor>()(Double.apply(x, 2));

  // @ts-expect-error forward takes a number too
  net(x);
  // @ts-expect-error there is no such option
  new nn.Linear(3, 4, { weight: true });
  // @ts-expect-error the number of channels is what a lazy module finds
  new nn.LazyConv2d({ in_channels: 1, out_channels: 2, kernel_size: 3 });
  // @ts-expect-error the wrapped module takes a number too
  new nn.DataParallel(net)(x);
  // @ts-expect-error attention wants a value as well
  new nn.MultiheadAttention(8, 2)(x, y);
  // @ts-expect-error there is no such option
  new torch.optim.Adam(net.parameters(), { speed: 1 });
  // @ts-expect-error forward takes a number
  Double.apply(x, 'two');
}

export function optimizers(): void {
  const { Adagrad, LBFGS, lr_scheduler, Muon, SGD, swa_utils } = torch.optim;
  const net = new Net();
  const optimizer = new SGD(net.parameters(), 0.1, 0.9, { nesterov: true });
  same<number | Tensor>()(optimizer.param_groups[0]!.lr);
  same<undefined>()(optimizer.step());
  same<Tensor>()(new LBFGS(net.parameters(), { line_search_fn: 'strong_wolfe' }).step(() => x));
  new Adagrad([{ params: net.parameters(), lr: 0.5 }], { eps: 1e-8 });
  const step = new lr_scheduler.StepLR(optimizer, 30, { gamma: 0.5 });
  new lr_scheduler.StepLR(optimizer, { step_size: 30 });
  same<(number | Tensor)[]>()(step.get_last_lr());
  new lr_scheduler.SequentialLR(optimizer, [step, new lr_scheduler.LinearLR(optimizer)], [10]);
  const averaged = new swa_utils.AveragedModel(net, { avg_fn: swa_utils.get_ema_avg_fn(0.9) });
  same<Net>()(averaged.module);
  same<Tensor>()(averaged(x, 2));

  // @ts-expect-error a scheduler wants to know its steps
  new lr_scheduler.StepLR(optimizer);
  // @ts-expect-error a scheduler schedules an optimizer
  new lr_scheduler.StepLR(net, 30);
  // @ts-expect-error there is no such adjustment
  new Muon(net.parameters(), { adjust_lr_fn: 'none' });
  // @ts-expect-error it is a list of two
  new torch.optim.NAdam(net.parameters(), { betas: 0.9 });
}

export function loaders(): void {
  const dataset = new torchvision.datasets.MNIST({ root: '.', transform: new torchvision.transforms.ToTensor() });
  for (const [images, labels] of new torch.utils.data.DataLoader(dataset, { batch_size: 4 })) {
    same<Tensor>()(images);
    same<Tensor>()(labels);
  }
  for (const [step, [words, numbers]] of torch.enumerate(
    new torch.utils.data.DataLoader([['a', 1]] as [string, number][]),
  )) {
    same<number>()(step);
    same<string[]>()(words);
    same<Tensor>()(numbers);
  }

  const loader = new torch.utils.data.DataLoader(dataset, 4, true);
  same<typeof dataset>()(loader.dataset);
  same<number>()(loader.dataset.length);
  ((any_loader: torch.utils.data.DataLoader<[Tensor, number]>): number => any_loader.dataset.length)(
    new torch.utils.data.DataLoader([[x, 1]] as [Tensor, number][]),
  );
  // @ts-expect-error there is no such option
  new torch.utils.data.DataLoader(dataset, { batch: 4 });
  // @ts-expect-error a transform takes an image
  new torchvision.transforms.ToTensor()(3);
}

export function transforms(): void {
  const { grad, hessian, jacfwd, jacrev, jvp, linearize, vjp } = torch.func;
  const loss = (params: { w: Tensor; b: Tensor }, input: Tensor): Tensor => input.mul(params.w).add(params.b).sum();
  same<{ w: Tensor; b: Tensor }>()(grad(loss)({ w: x, b: y }, x));
  same<Tensor>()(grad(loss, { argnums: 1 })({ w: x, b: y }, x));
  same<[{ w: Tensor; b: Tensor }, Tensor]>()(grad(loss, { argnums: [0, 1] })({ w: x, b: y }, x));
  same<[Tensor, number]>()(grad((a: Tensor): [Tensor, number] => [a.sum(), 3], { has_aux: true })(x));
  same<Tensor>()(jacrev((a: Tensor) => a.mul(2))(x));
  same<{ s: { w: Tensor }; c: { w: Tensor } }>()(
    jacfwd((a: { w: Tensor }) => ({ s: a.w.sin(), c: a.w.cos() }))({ w: x }),
  );
  same<Tensor>()(hessian((a: Tensor) => a.sum())(x));
  same<[output: Tensor, product: Tensor]>()(jvp((a: Tensor, b: Tensor) => a.mul(b), [x, y], [y, x]));
  same<Tensor>()(vjp((a: Tensor) => a.sin(), x)[0]);
  same<Tensor>()(linearize((a: Tensor) => a.sin(), x)[1](y));
  same<Tensor>()(torch.vmap((a: Tensor, b: Tensor) => a.dot(b), { in_dims: [0, null] })(x, y));

  // @ts-expect-error a number is not a tangent
  jvp((a: Tensor) => a.sin(), [x], [3]);
  // @ts-expect-error randomness is one of three words
  torch.vmap((a: Tensor) => a, { randomness: 'some' });
  // @ts-expect-error a debug mode is one of three words
  torch.set_deterministic_debug_mode('loud');
  // @ts-expect-error a boolean is not a device
  torch.set_default_device(true);
}

export function any_optimizer(model: nn.Module): void {
  const params = [...model.parameters()];
  const made: torch.optim.Optimizer[] = [
    new torch.optim.SGD(params, { lr: 0.1 }),
    new torch.optim.Adam(params),
    new torch.optim.Adafactor(params),
    new torch.optim.LBFGS(params),
    new torch.optim.SparseAdam(params),
    new torch.optim.Muon(params),
    new torch.optim.RMSprop(params),
  ];
  for (const optimizer of made) for (const group of optimizer.param_groups) group['lr'] = 0.1;
  new torch.optim.lr_scheduler.StepLR(made[0] as torch.optim.Optimizer, 3);
}

export function guards(): void {
  class Model {
    readonly factor = 2;

    @torch.no_grad()
    predict(x: Tensor, scale = 1): Tensor {
      return x.mul(this.factor * scale);
    }

    @torch.inference_mode
    evaluate(x: Tensor): Tensor {
      return x;
    }

    @torch.set_grad_enabled(false)
    get state(): number {
      return 1;
    }

    @torch.enable_grad()
    *steps(): Generator<number> {
      yield 1;
    }
  }
  same<Tensor>()(new Model().predict(x, 2));
  same<number>()(new Model().state);
  same<(x: Tensor) => Tensor>()(torch.no_grad()((x: Tensor) => x));
  same<torch.Guard>()(torch.inference_mode({ mode: false }));
  same<torch.Guard>()(torch.autograd.detect_anomaly(false));
  same<torch.Guard>()(torch.random.fork_rng({ devices: [0] }));
  same<number>()(torch.device('meta', () => 1));
  same<number>()(torch.random.fork_rng(() => 1, { enabled: false }));
  using _ = torch.no_grad();
  using __ = torch.device('meta');
  // @ts-expect-error a function is decorated, not a number
  torch.no_grad()(3);
  class Wrong {
    // @ts-expect-error fields are not decorated
    @torch.no_grad()
    field = 1;
  }
  void Wrong;
}

export async function compiled(): Promise<void> {
  class Net extends nn.Module {
    linear = new nn.Linear(2, 1);

    @torch.compile
    forward(input: Tensor): Tensor {
      return this.linear(input);
    }

    @torch.compile({ mode: 'max-autotune' })
    step(input: Tensor, scale = 1): Tensor {
      return this.linear(input).mul(scale);
    }

    @torch.compiler.disable()
    left_out(): number {
      return 1;
    }

    @torch.jit.ignore
    ignored(): number {
      return 1;
    }
  }
  const net = torch.compile(new Net(), { fullgraph: true });
  same<Tensor>()(net(x));
  same<Tensor>()(net.step(x, 2));
  same<nn.Linear>()(net.linear);
  same<Net>()(net._orig_mod);
  const model: nn.Module = net;
  void model;
  same<(a: number) => number>()(torch.compile((a: number) => a));
  same<(a: number) => number>()(torch.compile({ backend: 'eager' })((a: number) => a));
  // @ts-expect-error a number cannot be called
  torch.compile(3);
  // @ts-expect-error there is no such option
  torch.compile(net, { foo: 1 });

  same<torch.futures.Future<number>>()(torch.jit.fork((a: number) => a, 1));
  const future = new torch.futures.Future<number>();
  same<number>()(await future);
  same<torch.futures.Future<string>>()(future.then((done) => String(done.wait())));
  same<[number, string]>()(torch.futures.wait_all([future, future.then(() => 'a')]));
  same<torch.Device | null>()(torch.accelerator.current_accelerator());
  same<typeof torch.cpu>()(torch.get_device_module('cpu'));
  same<torch.Guard>()(torch.backends.cudnn.flags({ enabled: false }));
  same<number>()(torch.backends.mkldnn.flags(() => 1, { enabled: true }));
  same<number>()(torch.accelerator.device_index(0, () => 1));
  using _ = new torch.Stream('cpu');
}
