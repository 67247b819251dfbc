/** Arguments of a wrong kind: the Error names the function, the argument, what was expected and what came. */
import { createRequire } from 'node:module';

import * as torch from 'torch-node';
import { describe, expect, it } from 'vitest';

type Loose = Record<string, (...args: unknown[]) => unknown>;
const loose = (namespace: unknown) => namespace as Loose;
const all = loose(torch);
const F = loose(torch.nn.functional);
const masked = loose(torch.masked);
const windows = loose(torch.signal.windows);
const init = loose(torch.nn.init);
const utils = loose(torch.nn.utils);
const rnn = loose(torch.nn.utils.rnn);
const x = torch.ones(3, 3);
const symbol = Symbol('x');

const cases: [namespace: Loose, name: string, args: unknown[], message: string][] = [
  [F, 'mse_loss', [x, null], "argument 'target' must be Tensor, not NoneType"],
  [F, 'mse_loss', [x, x, { weight: 'a' }], "argument 'weight' must be Tensor, not str"],
  [F, 'softmax', [[1, 2], 0], "argument 'input' must be Tensor, not list"],
  [F, 'dropout', [x, symbol], "argument 'p' must be float, not symbol"],
  [F, 'embedding', [x, x, 1.5], "argument 'padding_idx' must be int, not float"],
  [F, 'group_norm', [x, '1'], "argument 'num_groups' must be int, not str"],
  [F, 'adaptive_max_pool2d', [x, 'ab'], "argument 'output_size' must be int or list of ints, not str"],
  [
    F,
    'max_unpool1d',
    [x, x, ['a']],
    "argument 'kernel_size' must be int or list of ints, but found element of type str at pos 0",
  ],
  [F, 'interpolate', [x, { scale_factor: 'a' }], "argument 'scale_factor' must be float or list of floats, not str"],
  [F, 'affine_grid', [x, 3], "argument 'size' must be list of ints, not int"],
  [F, 'linear_cross_entropy', [x, x, x, { reduction: 3 }], "argument 'reduction' must be str, not int"],
  [all, 'atleast_1d', [x, 3], "argument 'tensors' must be Tensor or list of Tensors, not int"],
  [all, 'broadcast_shapes', ['a'], "argument 'shapes' must be int or list of ints, not str"],
  [all, 'numel', [null], "argument 'input' must be Tensor, not NoneType"],
  [all, 'pca_lowrank', ['a'], "argument 'A' must be Tensor, not str"],
  [all, 'enumerate', [3], "argument 'iterable' must be iterable, not int"],
  [all, 'zip', [[1], 3], "argument 'iterables' must be iterable, not int"],
  [all, 'promote_types', [torch.float32, 'int'], "argument 'type2' must be torch.dtype, not str"],
  [all, 'tensor', [1, { dtype: torch.strided }], "argument 'dtype' must be torch.dtype, not torch.layout"],
  [all, 'no_grad', [3], "argument 'fn' must be a function, not int"],
  [masked, 'sum', [3], "argument 'input' must be Tensor, not int"],
  [masked, 'amax', [x, 0, { mask: true }], "argument 'mask' must be Tensor, not bool"],
  [masked, 'cumsum', [x, symbol], "argument 'dim' must be int, not symbol"],
  [windows, 'kaiser', [symbol], "argument 'M' must be int, not symbol"],
  [windows, 'gaussian', [3, { std: 'a' }], "argument 'std' must be float, not str"],
  [init, 'xavier_uniform_', [x, symbol], "argument 'gain' must be float, not symbol"],
  [init, 'kaiming_normal_', [x, 0, 3], "argument 'mode' must be str, not int"],
  [init, '_calculate_fan_in_and_fan_out', [3], "argument 'tensor' must be Tensor, not int"],
  [utils, 'clip_grad_norm_', [3, 1], "argument 'parameters' must be Tensor or iterable, not int"],
  [
    utils,
    'parameters_to_vector',
    [[x, 3]],
    "argument 'parameters' must be Tensor or iterable of Tensors, but found element of type int at pos 1",
  ],
  [rnn, 'pad_packed_sequence', [x], "argument 'sequence' must be PackedSequence, not Tensor"],
];

describe('arguments of a wrong kind', () => {
  it.each(cases.map(([namespace, name, args, message]) => [`${name}(): ${message}`, namespace[name]!, args] as const))(
    '%s',
    (message, call, args) => {
      let error: unknown;
      try {
        call(...args);
      } catch (caught) {
        error = caught;
      }
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toBe(message);
    },
  );

  it.each([
    ['unique', 'sorted'],
    ['unique_consecutive', 'return_inverse'],
  ])('Tensor.%s(null)', (name, argument) => {
    expect(() => loose(x)[name]!(null)).toThrow(`${name}(): argument '${argument}' must be bool, not NoneType`);
  });

  it.each(['contiguous', 'is_contiguous', 'nonzero'])('Tensor.%s(null)', (name) => {
    expect(() => loose(x)[name]!(null)).toThrow(`${name}() takes 0 positional arguments but 1 was given`);
  });

  it('Tensor.numpy(null)', () => {
    expect(() => loose(x)['numpy']!(null)).toThrow("numpy(): argument 'force' must be bool, not NoneType");
  });

  it('are not hidden behind helpers of the library in the public index', () => {
    for (const name of ['layout_of', 'tensor_type', 'tensor_type_name', 'dtype_of'])
      expect(torch).not.toHaveProperty(name);
    expect(F).not.toHaveProperty('checked_padding_idx');
  });
});

it('a kind is defined once', () => {
  const { define_kind } = createRequire(import.meta.url)('../../dist/_internal/signature.js') as {
    define_kind(name: string, title: string, accepts: (value: unknown) => boolean): void;
  };
  expect(() => define_kind('Tensor', 'Tensor', () => true)).toThrow("define_kind: kind 'Tensor' is defined already");
});
