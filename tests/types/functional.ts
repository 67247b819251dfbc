/**
 * Types of nn.functional, nn.init and nn.utils: `npm run typecheck` compiles this file. Calls that must compile stand as they
 * are; calls that must not stand below `@ts-expect-error`. Nothing here is run.
 */
import * as torch from 'torch-node';
import { nn, type Tensor } from 'torch-node';

declare const x: Tensor;
declare const y: Tensor;
declare const weight: nn.Parameter;
declare const bias: nn.Parameter | null;

/** Compiles when the type of the value is exactly `T`. */
type Same<A, B> = (<G>() => G extends A ? 1 : 2) extends <G>() => G extends B ? 1 : 2 ? true : false;
function same<T>() {
  return <V>(_value: V, ..._equal: Same<V, T> extends true ? [] : [never]): void => undefined;
}

const { functional: F, init, utils } = nn;

export function functions(): void {
  same<Tensor>()(F.pad(x, [1, 1]));
  same<Tensor>()(F.pad(x, { pad: [1, 1] }));
  same<Tensor>()(F.pad({ input: x, pad: [1, 1], mode: 'reflect' }));
  same<Tensor>()(F.pad(x, [1, 1], 'constant', { value: 2 }));
  same<Tensor>()(F.fold(x, 4, { kernel_size: 2 }));
  same<Tensor>()(F.fold(x, { output_size: [4, 4], kernel_size: 2, stride: 2 }));
  same<Tensor>()(F.unfold({ input: x, kernel_size: 2 }));
  same<Tensor>()(F.adaptive_avg_pool2d(x, { output_size: 1 }));
  same<Tensor>()(F.adaptive_avg_pool2d(x, [1, null]));
  same<Tensor>()(F.cross_entropy({ input: x, target: y }));
  same<Tensor>()(F.cross_entropy(x, { target: y, label_smoothing: 0.1 }));
  same<Tensor>()(F.cross_entropy(x, y, null, null, -1, null, 'sum', 0.1));
  same<Tensor>()(F.cross_entropy(x, y, weight, { reduction: 'none' }));
  same<Tensor>()(F.gaussian_nll_loss(x, y, { var: 0.5 }));
  same<Tensor>()(F.relu(x));
  same<Tensor>()(F.relu(x, true));
  same<Tensor>()(F.relu({ input: x, inplace: true }));
  same<Tensor>()(F.softmax(x, 1, { dtype: torch.float64 }));
  same<Tensor>()(F.max_pool2d(x, 2));
  same<Tensor>()(F.max_pool2d({ input: x, kernel_size: 2 }));
  same<[output: Tensor, indices: Tensor]>()(F.max_pool2d(x, 2, { return_indices: true }));
  same<[output: Tensor, indices: Tensor]>()(F.max_pool2d({ input: x, kernel_size: 2, return_indices: true }));
  same<[output: Tensor, indices: Tensor]>()(F.max_pool2d(x, 2, null, 0, 1, false, true));
  same<[output: Tensor, indices: Tensor]>()(F.adaptive_max_pool2d(x, 2, true));
  same<[output: Tensor, indices: Tensor]>()(
    F.fractional_max_pool2d(x, { kernel_size: 2, output_size: 2, return_indices: true }),
  );
  same<Tensor>()(F.fractional_max_pool2d(x, 2, { output_ratio: 0.5 }));
  same<Tensor>()(F.max_unpool2d(x, y, { kernel_size: 2 }));
  same<Tensor>()(F.lp_pool2d(x, 2, { kernel_size: 3 }));
  same<Tensor>()(F.linear_cross_entropy(x, { linear_weight: weight, target: y, reduction: 'sum' }));
  // As a function that is passed on.
  same<Tensor[]>()([x, y].map((each) => F.relu(each)));
  const activation: (input: Tensor) => Tensor = F.relu;
  same<Tensor>()(activation(x));
  const loss: (input: Tensor, target: Tensor) => Tensor = F.mse_loss;
  same<Tensor>()(loss(x, y));

  // @ts-expect-error the border is missing
  F.pad(x);
  // @ts-expect-error there is no such mode
  F.pad(x, [1, 1], 'mirror');
  // @ts-expect-error there is no such argument
  F.pad(x, { pads: [1, 1] });
  // @ts-expect-error by position or by name, not both
  F.pad(x, [1, 1], { pad: [1, 1] });
  // @ts-expect-error the target is missing
  F.cross_entropy({ input: x });
  // @ts-expect-error one argument too many
  F.relu(x, true, 1);
  // @ts-expect-error there is no such option
  F.dropout(x, { q: 0.5 });
  // @ts-expect-error a list of what the input keeps, not null itself
  F.adaptive_avg_pool2d(x, null);
  // @ts-expect-error goes by name only
  F.triplet_margin_with_distance_loss(x, x, x, null);
}

export function initializations(): void {
  same<nn.Parameter>()(init.constant_(bias, 0.1));
  same<nn.Parameter>()(init.zeros_(bias));
  same<nn.Parameter>()(init.kaiming_uniform_(weight, { nonlinearity: 'relu' }));
  same<Tensor>()(init.normal_(x, 0, 0.02));
  same<Tensor>()(init.normal_({ tensor: x, std: 0.02 }));
  same<nn.Parameter>()(init.xavier_uniform_({ tensor: weight, gain: init.calculate_gain('relu') }));
  same<Tensor>()(init.sparse_(x, { sparsity: 0.5 }));
  same<number>()(init.calculate_gain({ nonlinearity: 'leaky_relu', param: 0.2 }));

  // @ts-expect-error the value is missing
  init.constant_(bias);
  // @ts-expect-error a number is not a tensor
  init.zeros_(3);
  // @ts-expect-error there is no such nonlinearity
  init.kaiming_normal_(weight, { nonlinearity: 'gelu' });
}

export function utilities(model: nn.Linear): void {
  same<Tensor>()(utils.clip_grad_norm_(model.parameters(), 1));
  same<Tensor>()(utils.clip_grad_norm_(model.parameters(), { max_norm: 1 }));
  same<Tensor>()(utils.clip_grad_norm_({ parameters: x, max_norm: 1, norm_type: 'inf' }));
  same<Tensor>()(utils.clip_grad_norm_(model.parameters(), 1, { norm_type: Infinity, error_if_nonfinite: true }));
  utils.clip_grad_value_(model.parameters(), { clip_value: 0.5 });
  same<nn.Linear>()(utils.weight_norm(model, { dim: null }));
  same<nn.Linear>()(utils.weight_norm({ module: model, name: 'weight' }));
  same<nn.Linear>()(utils.spectral_norm(model, 'weight', 2));
  same<nn.Linear>()(utils.prune.l1_unstructured(model, 'weight', 0.5));
  same<nn.Linear>()(utils.prune.l1_unstructured(model, 'weight', { amount: 0.5, importance_scores: x }));
  same<nn.Linear>()(utils.prune.remove({ module: model, name: 'weight' }));
  utils.prune.global_unstructured([[model, 'weight']], utils.prune.L1Unstructured, { amount: 0.5 });
  utils.prune.global_unstructured({
    parameters: [[model, 'weight']],
    pruning_method: utils.prune.L1Unstructured,
    amount: 0.5,
  });
  same<nn.Linear & nn.utils.parametrize.Parametrized>()(
    utils.parametrizations.orthogonal(model, { use_trivialization: false }),
  );
  same<[padded: Tensor, lengths: Tensor]>()(
    utils.rnn.pad_packed_sequence(utils.rnn.pack_padded_sequence(x, { lengths: [2, 1] }), { batch_first: true }),
  );
  same<Tensor>()(utils.rnn.pad_sequence([x, y], { batch_first: true, padding_side: 'left' }));
  same<nn.Linear>()(utils.skip_init(nn.Linear, 5, 1));
  same<number>()(utils.parametrize.cached(() => 3));
  same<nn.Linear>()(new nn.DataParallel({ module: model }).module);
  if (utils.parametrize.is_parametrized(model, 'weight')) {
    same<nn.utils.parametrize.ParametrizationList | undefined>()(model.parametrizations['weight']);
  }

  // @ts-expect-error the largest norm is missing
  utils.clip_grad_norm_(model.parameters());
  // @ts-expect-error there is no such argument
  utils.clip_grad_norm_(model.parameters(), 1, { norm: 2 });
  // @ts-expect-error the method is missing
  utils.prune.global_unstructured([[model, 'weight']], { amount: 0.5 });
  // @ts-expect-error a tensor is not a module
  utils.weight_norm(x);
  // @ts-expect-error the amount is missing
  utils.prune.l1_unstructured(model, 'weight');
}

/** One of several functions is called with what all of them take. */
export function chosen(name: 'first' | 'second'): void {
  same<Tensor>()({ first: F.relu, second: F.gelu }[name](x));
  same<Tensor>()({ first: F.relu, second: F.elu }[name](x));
  same<Tensor>()({ first: F.tanh, second: F.leaky_relu }[name](x));
  same<Tensor>()({ first: F.silu, second: F.softplus }[name](x));
  same<Tensor>()({ first: F.relu, second: torch.relu }[name](x));
  same<Tensor>()({ first: F.dropout, second: F.relu }[name](x));
  same<Tensor>()({ first: F.mse_loss, second: F.huber_loss }[name](x, y));
  same<Tensor>()({ first: F.smooth_l1_loss, second: F.huber_loss }[name](x, y));
  same<Tensor>()({ first: F.nll_loss, second: F.cross_entropy }[name](x, y));
}
