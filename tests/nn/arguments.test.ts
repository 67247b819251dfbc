/** Calls of nn.functional, nn.init and nn.utils as Python writes them: which arguments they take, by position and by name. */
import { createRequire } from 'node:module';

import torch, { nn, type Tensor } from 'torch-node';
import { beforeAll, describe, expect, it } from 'vitest';

import { python } from '../reference.js';
import { answers, told } from './comparison.js';

const { functional: F, init, utils } = nn;

// ---- Names, order and what must be given ---------------------------------------------------------

interface Argument {
  name: string;
  kind: 'positional' | 'keyword' | 'rest' | 'others';
  required: boolean;
}

interface Theirs {
  signatures: Record<string, Argument[]>;
  builtins: string[];
}

interface Parsed {
  parameters: readonly { name: string; required: boolean; keyword_only: boolean }[];
  rest: { name: string } | undefined;
  others: string | undefined;
}

type Call = (...args: unknown[]) => unknown;

// The compiled package's own module: what reads calls.
const { Signature } = createRequire(import.meta.url)('../../dist/_internal/signature.js') as {
  Signature: { prototype: { read(args: readonly unknown[]): object } };
};

/** The first signature that a call reads. */
function signature_of(call: Call): Parsed | undefined {
  let first: Parsed | undefined;
  const { read } = Signature.prototype;
  Signature.prototype.read = function (this: { parsed: Parsed }): object {
    first = this.parsed;
    throw new Error('read');
  };
  try {
    call({ zzz: 1 });
  } catch {
    // Only what was read matters here.
  } finally {
    Signature.prototype.read = read;
  }
  return first;
}

function arguments_of({ parameters, rest, others }: Parsed): Argument[] {
  return [
    ...parameters
      .filter(({ keyword_only }) => !keyword_only)
      .map(({ name, required }): Argument => ({ name, kind: 'positional', required })),
    ...(rest === undefined ? [] : [{ name: rest.name, kind: 'rest', required: false } as const]),
    ...parameters
      .filter(({ keyword_only }) => keyword_only)
      .map(({ name, required }): Argument => ({ name, kind: 'keyword', required })),
    ...(others === undefined ? [] : [{ name: others, kind: 'others', required: false } as const]),
  ];
}

/** What of Python's has no counterpart here, with the reason. A name that ends with a dot stands for all that begins with it. */
const absent: Record<string, string> = {
  'functional.assert_int_or_pair': 'serves TorchScript',
  'functional.boolean_dispatch': 'serves TorchScript',
  'utils.rnn.PackedSequence_': 'the named tuple below PackedSequence',
  'utils.rnn.bind': 'serves the module itself',
  'parallel.': 'several devices in one process; DataParallel, which needs one, is compared below',
};

const is_absent = (path: string): boolean =>
  Object.keys(absent).some((listed) => path === listed || (listed.endsWith('.') && path.startsWith(listed)));

function called(path: string): Call | undefined {
  const value = path
    .split('.')
    .reduce<unknown>((found, name) => (found as Record<string, unknown> | undefined)?.[name], nn);
  if (typeof value !== 'function') return undefined;
  const is_class = /^class\b/.test(Function.prototype.toString.call(value));
  if (is_class) return (...args) => new (value as unknown as new (...args: unknown[]) => object)(...args);
  const owner = path
    .slice(0, path.lastIndexOf('.'))
    .split('.')
    .reduce<unknown>((found, name) => (found as Record<string, unknown>)[name], nn);
  return (value as Call).bind(owner);
}

let theirs: Theirs;

beforeAll(() => {
  theirs = python<Theirs>('nn_function_signatures.py');
});

describe('the arguments of', () => {
  it.each(['functional', 'init', 'utils', 'DataParallel'])("nn.%s are Python's, in its order", (place) => {
    const wanted = Object.entries(theirs.signatures).filter(
      ([path]) => (path === place || path.startsWith(`${place}.`)) && !is_absent(path),
    );
    expect(wanted.length).toBeGreaterThan(place === 'DataParallel' ? 0 : 20);
    const ours = wanted.map(([path]): [string, Argument[] | string] => {
      const call = called(path);
      const own = call && signature_of(call);
      return [path, own === undefined ? 'reads no signature' : arguments_of(own)];
    });
    // Python's context manager takes nothing; ours takes the function that runs in it.
    const expected = wanted.map(([path, its]): [string, Argument[]] => [
      path,
      path === 'utils.parametrize.cached' ? [{ name: 'fn', kind: 'positional', required: false }] : its,
    ]);
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(expected));
  });
});

// ---- Functions that are libtorch's ---------------------------------------------------------------

/** A tensor of this shape with different values; of int64 when it says so. */
class Values {
  constructor(
    readonly shape: readonly number[],
    readonly ints = false,
  ) {}
}

const floats = (...shape: number[]): Values => new Values(shape);
const ints = (...shape: number[]): Values => new Values(shape, true);

/** Calls with all arguments by name. */
const by_name: Record<string, Record<string, unknown>> = {
  adaptive_avg_pool1d: { input: floats(1, 2, 6), output_size: 3 },
  avg_pool1d: {
    input: floats(1, 2, 6),
    kernel_size: 2,
    stride: 1,
    padding: 1,
    ceil_mode: true,
    count_include_pad: false,
  },
  avg_pool2d: {
    input: floats(1, 2, 4, 4),
    kernel_size: [2, 3],
    stride: 1,
    padding: 1,
    ceil_mode: true,
    count_include_pad: false,
    divisor_override: 3,
  },
  avg_pool3d: {
    input: floats(1, 1, 4, 4, 4),
    kernel_size: 2,
    stride: 1,
    padding: 1,
    ceil_mode: false,
    count_include_pad: true,
    divisor_override: null,
  },
  bilinear: { input1: floats(2, 3), input2: floats(2, 4), weight: floats(5, 3, 4), bias: floats(5) },
  celu_: { input: floats(5), alpha: 0.5 },
  channel_shuffle: { input: floats(1, 4, 2, 2), groups: 2 },
  conv1d: {
    input: floats(1, 2, 6),
    weight: floats(4, 1, 2),
    bias: floats(4),
    stride: 2,
    padding: 1,
    dilation: 2,
    groups: 2,
  },
  conv2d: {
    input: floats(1, 2, 6, 6),
    weight: floats(4, 1, 2, 2),
    bias: floats(4),
    stride: [2, 1],
    padding: 'valid',
    dilation: 2,
    groups: 2,
  },
  conv3d: {
    input: floats(1, 1, 3, 3, 3),
    weight: floats(2, 1, 2, 2, 2),
    bias: null,
    stride: 1,
    padding: 'same',
    dilation: 1,
    groups: 1,
  },
  conv_tbc: { input: floats(5, 1, 2), weight: floats(2, 2, 3), bias: floats(3), pad: 1 },
  conv_transpose1d: {
    input: floats(1, 2, 4),
    weight: floats(2, 1, 3),
    bias: floats(2),
    stride: 2,
    padding: 1,
    output_padding: 1,
    groups: 2,
    dilation: 2,
  },
  conv_transpose2d: {
    input: floats(1, 2, 3, 3),
    weight: floats(2, 1, 3, 3),
    bias: null,
    stride: 2,
    padding: 1,
    output_padding: 1,
    groups: 1,
    dilation: 1,
  },
  conv_transpose3d: {
    input: floats(1, 1, 2, 2, 2),
    weight: floats(1, 1, 2, 2, 2),
    bias: floats(1),
    stride: 1,
    padding: 0,
    output_padding: 0,
    groups: 1,
    dilation: 1,
  },
  cosine_similarity: { x1: floats(2, 3), x2: floats(2, 3), dim: 0, eps: 1e-4 },
  elu_: { input: floats(5), alpha: 0.5 },
  gelu: { input: floats(5), approximate: 'tanh' },
  hardshrink: { input: floats(5), lambd: 0.25 },
  hardtanh_: { input: floats(5), min_val: -0.5, max_val: 0.25 },
  leaky_relu_: { input: floats(5), negative_slope: 0.5 },
  linear: { input: floats(2, 3), weight: floats(4, 3), bias: floats(4) },
  logsigmoid: { input: floats(5) },
  native_channel_shuffle: { input: floats(1, 4, 2, 2), groups: 2 },
  one_hot: { input: ints(3), num_classes: 4 },
  pairwise_distance: { x1: floats(2, 3), x2: floats(3), p: 1.5, eps: 1e-3, keepdim: true },
  pdist: { input: floats(3, 2), p: 1.5 },
  pixel_shuffle: { input: floats(1, 4, 2, 2), upscale_factor: 2 },
  pixel_unshuffle: { input: floats(1, 1, 4, 4), downscale_factor: 2 },
  prelu: { input: floats(1, 2, 3), weight: floats(2) },
  relu_: { input: floats(5) },
  rrelu_: { input: floats(5), lower: 0.25, upper: 0.5, training: false, generator: null },
  scaled_dot_product_attention: {
    query: floats(1, 2, 3, 4),
    key: floats(1, 1, 5, 4),
    value: floats(1, 1, 5, 4),
    attn_mask: floats(3, 5),
    dropout_p: 0,
    is_causal: false,
    scale: 0.5,
    enable_gqa: true,
  },
  selu_: { input: floats(5) },
  softplus: { input: floats(5), beta: 2, threshold: 1 },
  softshrink: { input: floats(5), lambd: 0.25 },
  threshold_: { input: floats(5), threshold: 0.25, value: 0.5 },
};

function in_python(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `(${value.map((part) => `${in_python(part)},`).join('')})`;
  if (!(value instanceof Values)) return JSON.stringify(value);
  const shape = `(${value.shape.map((size) => `${size},`).join('')})`;
  const count = value.shape.reduce((product, size) => product * size);
  return value.ints
    ? `torch.arange(${count}).reshape(${shape})`
    : `(torch.arange(${count}) / ${count} - 0.5).reshape(${shape})`;
}

function here(value: unknown): unknown {
  if (!(value instanceof Values)) return value;
  const count = value.shape.reduce((product, size) => product * size);
  const row = torch.arange(count);
  return (value.ints ? row : row.div(count).sub(0.5)).reshape(value.shape);
}

const functions = F as unknown as Record<string, Call>;

describe("functions that are libtorch's", () => {
  const calls = Object.entries(by_name);
  const texts = (named: Record<string, unknown>): string =>
    Object.entries(named)
      .map(([name, value]) => `${name}=${in_python(value)}`)
      .join(', ');
  const objects = (named: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(named).map(([name, value]) => [name, here(value)]));

  it('are all listed here', () => {
    const known = theirs.builtins.filter((name) => !name.startsWith('has_torch_function'));
    expect(calls.map(([name]) => name).sort()).toEqual(known.sort());
  });

  it("take all of Python's arguments by name", () => {
    const expected = python<unknown[]>('nn_functions.py', [
      calls.map(([name, named]) => `result = F.${name}(${texts(named)})`),
    ]);
    const ours = calls.map(([name, named]) => told(functions[name]!(objects(named)) as Tensor));
    expect(Object.fromEntries(calls.map(([name], i) => [name, ours[i]]))).toEqual(
      Object.fromEntries(calls.map(([name], i) => [name, expected[i]])),
    );
  });

  it('refuse unknown, surplus, doubled and missing ones as Python does', () => {
    // What several overloads were given is told in words of the language; the list of them follows.
    const first_line = (text: unknown): string =>
      String(text)
        .split('\n')[0]!
        .replace(/ - got \(.*/, '');
    const codes: string[] = [];
    const runs: (() => unknown)[] = [];
    for (const [name, named] of calls) {
      const values = Object.values(named);
      const [first] = Object.keys(named) as [string];
      codes.push(
        `F.${name}(${texts(named)}, zzz=1)`,
        `F.${name}(${[...values, 1, 2, 3].map(in_python).join(', ')})`,
        `F.${name}(${in_python(values[0])}, ${texts(named)})`,
        `F.${name}()`,
        `F.${name}(${first}="x")`,
      );
      runs.push(
        () => functions[name]!({ ...objects(named), zzz: 1 }),
        () => functions[name]!(...values.map(here), 1, 2, 3),
        () => functions[name]!(here(values[0]), objects(named)),
        () => functions[name]!(),
        () => functions[name]!({ [first]: 'x' }),
      );
    }
    // Python names logsigmoid by its operator, and says how few arguments will do where the dispatcher says how many at most.
    const expected = python<unknown[]>('nn_errors.py', [codes]).map((text) =>
      first_line(text)
        .replace('log_sigmoid()', 'logsigmoid()')
        .replace(/takes from \d+ to /, 'takes '),
    );
    const ours = answers(runs).map(first_line);
    expect(ours.map((text, i) => [codes[i], text])).toEqual(expected.map((text, i) => [codes[i], text]));
  });
});

// ---- Functions that Python defines ----------------------------------------------------------------

/** Python code that sets `result`, and what must give the same. */
type Case = [code: string, ours: () => unknown];

const image = (): Tensor => torch.arange(16).div(16).reshape([1, 1, 4, 4]);
const scores = (): Tensor => torch.arange(6).div(6).reshape([2, 3]);

const setup = `
image, scores = torch.arange(16).div(16).reshape(1, 1, 4, 4), torch.arange(6).div(6).reshape(2, 3)
`;

const required_by_name: Case[] = [
  ['F.pad(image, pad=[1, 1])', () => F.pad(image(), { pad: [1, 1] })],
  ['F.pad(input=image, pad=[1, 1], value=0.5)', () => F.pad({ input: image(), pad: [1, 1], value: 0.5 })],
  ['F.unfold(image, kernel_size=2, stride=2)', () => F.unfold(image(), { kernel_size: 2, stride: 2 })],
  [
    'F.fold(F.unfold(image, 2), output_size=4, kernel_size=2)',
    () => F.fold(F.unfold(image(), 2), { output_size: 4, kernel_size: 2 }),
  ],
  ['F.fold(F.unfold(image, 2), 4, kernel_size=2)', () => F.fold(F.unfold(image(), 2), 4, { kernel_size: 2 })],
  ['F.adaptive_avg_pool2d(image, output_size=1)', () => F.adaptive_avg_pool2d(image(), { output_size: 1 })],
  [
    'F.adaptive_avg_pool2d(image, output_size=(2, None))',
    () => F.adaptive_avg_pool2d({ input: image(), output_size: [2, null] }),
  ],
  ['F.adaptive_avg_pool3d(image, output_size=2)', () => F.adaptive_avg_pool3d(image(), { output_size: 2 })],
  [
    'F.adaptive_max_pool2d(image, output_size=2, return_indices=True)',
    () => F.adaptive_max_pool2d({ input: image(), output_size: 2, return_indices: true }),
  ],
  [
    'F.max_pool2d(input=image, kernel_size=2, return_indices=True)',
    () => F.max_pool2d({ input: image(), kernel_size: 2, return_indices: true }),
  ],
  ['F.max_pool2d(image, 2, None, 0, 1, False, True)', () => F.max_pool2d(image(), 2, null, 0, 1, false, true)],
  ['F.lp_pool2d(image, norm_type=2, kernel_size=2)', () => F.lp_pool2d(image(), { norm_type: 2, kernel_size: 2 })],
  [
    'F.max_unpool2d(*F.max_pool2d(image, 2, return_indices=True), kernel_size=2)',
    () => F.max_unpool2d(...F.max_pool2d(image(), 2, { return_indices: true }), { kernel_size: 2 }),
  ],
  ['F.interpolate(input=image, scale_factor=2)', () => F.interpolate({ input: image(), scale_factor: 2 })],
  [
    'F.grid_sample(image, grid=torch.zeros(1, 1, 1, 2), align_corners=True)',
    () => F.grid_sample(image(), { grid: torch.zeros(1, 1, 1, 2), align_corners: true }),
  ],
  [
    'F.affine_grid(torch.ones(1, 2, 3), size=[1, 1, 2, 2], align_corners=False)',
    () => F.affine_grid(torch.ones(1, 2, 3), { size: [1, 1, 2, 2], align_corners: false }),
  ],
  [
    'F.cross_entropy(input=scores, target=torch.tensor([0, 2]))',
    () => F.cross_entropy({ input: scores(), target: torch.tensor([0, 2]) }),
  ],
  [
    'F.cross_entropy(scores, target=torch.tensor([0, 2]), label_smoothing=0.1)',
    () => F.cross_entropy(scores(), { target: torch.tensor([0, 2]), label_smoothing: 0.1 }),
  ],
  [
    'F.nll_loss(input=scores, target=torch.tensor([0, 2]), reduction="sum")',
    () => F.nll_loss({ input: scores(), target: torch.tensor([0, 2]), reduction: 'sum' }),
  ],
  ['F.mse_loss(scores, target=scores + 1)', () => F.mse_loss(scores(), { target: scores().add(1) })],
  [
    'F.gaussian_nll_loss(scores, scores + 1, var=0.5)',
    () => F.gaussian_nll_loss(scores(), scores().add(1), { var: 0.5 }),
  ],
  [
    'F.margin_ranking_loss(scores, input2=scores + 1, target=scores.sign(), margin=0.5)',
    () => F.margin_ranking_loss(scores(), { input2: scores().add(1), target: scores().sign(), margin: 0.5 }),
  ],
  [
    'F.triplet_margin_loss(anchor=scores, positive=scores + 1, negative=scores - 0.5)',
    () => F.triplet_margin_loss({ anchor: scores(), positive: scores().add(1), negative: scores().sub(0.5) }),
  ],
  [
    'F.triplet_margin_with_distance_loss(scores, positive=scores + 1, negative=scores - 0.5, margin=2)',
    () =>
      F.triplet_margin_with_distance_loss(scores(), {
        positive: scores().add(1),
        negative: scores().sub(0.5),
        margin: 2,
      }),
  ],
  [
    'F.linear_cross_entropy(scores, linear_weight=torch.ones(4, 3), target=torch.tensor([0, 2]))',
    () => F.linear_cross_entropy(scores(), { linear_weight: torch.ones(4, 3), target: torch.tensor([0, 2]) }),
  ],
  ['F.embedding(torch.tensor([0, 1]), weight=scores)', () => F.embedding(torch.tensor([0, 1]), { weight: scores() })],
  [
    'F.embedding_bag(torch.tensor([[0, 1]]), weight=scores, mode="sum")',
    () => F.embedding_bag(torch.tensor([[0, 1]]), { weight: scores(), mode: 'sum' }),
  ],
  [
    'F.batch_norm(scores, running_mean=None, running_var=None, training=True)',
    () => F.batch_norm(scores(), { running_mean: null, running_var: null, training: true }),
  ],
  ['F.layer_norm(scores, normalized_shape=(3,))', () => F.layer_norm(scores(), { normalized_shape: [3] })],
  [
    'F.group_norm(image.expand(1, 2, 4, 4), num_groups=2)',
    () => F.group_norm(image().expand([1, 2, 4, 4]), { num_groups: 2 }),
  ],
  ['F.threshold(scores, threshold=0.5, value=2)', () => F.threshold(scores(), { threshold: 0.5, value: 2 })],
  ['F.relu(input=scores - 0.5)', () => F.relu({ input: scores().sub(0.5) })],
  ['F.softmax(scores, 1, 3, torch.float64)', () => F.softmax(scores(), 1, 3, torch.float64)],
  ['F.normalize(scores, 2, 1, 1e-12, torch.empty(2, 3))', () => F.normalize(scores(), 2, 1, 1e-12, torch.empty(2, 3))],
  ['init.constant_(torch.empty(2), val=0.5)', () => init.constant_(torch.empty(2), { val: 0.5 })],
  [
    'init.constant_(tensor=torch.empty(2), val=torch.tensor(2.5))',
    () => init.constant_({ tensor: torch.empty(2), val: torch.tensor(2.5) }),
  ],
  ['init.eye_(tensor=torch.empty(2, 3))', () => init.eye_({ tensor: torch.empty(2, 3) })],
  ['init.sparse_(torch.empty(4, 2), sparsity=0.5)', () => init.sparse_(torch.empty(4, 2), { sparsity: 0.5 })],
  [
    'init.calculate_gain(nonlinearity="leaky_relu", param=0.5)',
    () => init.calculate_gain({ nonlinearity: 'leaky_relu', param: 0.5 }),
  ],
  [
    'utils.parameters_to_vector(parameters=[scores, scores])',
    () => utils.parameters_to_vector({ parameters: [scores(), scores()] }),
  ],
  [
    'utils.rnn.pad_sequence(sequences=[torch.ones(2), torch.ones(3)], batch_first=True)',
    () => utils.rnn.pad_sequence({ sequences: [torch.ones(2), torch.ones(3)], batch_first: true }),
  ],
  [
    'list(utils.rnn.pack_padded_sequence(scores, lengths=[2, 1, 1]))[:2]',
    () => [...utils.rnn.pack_padded_sequence(scores(), { lengths: [2, 1, 1] })].slice(0, 2),
  ],
  [
    'list(utils.rnn.PackedSequence([scores, torch.tensor([2])]))[:2]',
    () => [...new utils.rnn.PackedSequence([scores(), torch.tensor([2])])].slice(0, 2),
  ],
  [
    'utils.rnn.unpack_sequence(packed_sequences=utils.rnn.pack_sequence([torch.ones(3), torch.ones(2)]))',
    () => utils.rnn.unpack_sequence({ packed_sequences: utils.rnn.pack_sequence([torch.ones(3), torch.ones(2)]) }),
  ],
  ...(['"inf"', '" -Infinity "', '"1_0.5"', '3', 'torch.tensor(2.0)'] as const).map(
    (norm_type): Case => [
      `utils.get_total_norm([scores, scores + 1], norm_type=${norm_type})`,
      () =>
        utils.get_total_norm([scores(), scores().add(1)], {
          norm_type:
            norm_type === '3' ? 3 : norm_type.startsWith('torch') ? torch.tensor(2) : (JSON.parse(norm_type) as string),
        }),
    ],
  ),
];

function report(value: unknown): unknown {
  if (value instanceof torch.Tensor) return told(value);
  return Array.isArray(value) ? value.map(report) : value;
}

describe('functions that Python defines', () => {
  it('take required arguments by name', () => {
    const expected = python<unknown[]>('nn_functions.py', [
      required_by_name.map(([code]) => `${setup}result = ${code}`),
    ]);
    const ours = required_by_name.map(([, run]) => {
      torch.manual_seed(5);
      return report(run());
    });
    expect(required_by_name.map(([code], i) => [code, ours[i]])).toEqual(
      required_by_name.map(([code], i) => [code, expected[i]]),
    );
  });

  it('clip gradients by an infinite norm that is given as a text', () => {
    const code =
      'p = nn.Parameter(torch.ones(3)); p.grad = torch.tensor([1.0, -4.0, 2.0]); ' +
      'result = [utils.clip_grad_norm_(parameters=[p], max_norm="1", norm_type="inf"), p.grad]';
    const p = new nn.Parameter(torch.ones(3));
    p.grad = torch.tensor([1, -4, 2], { dtype: torch.float32 });
    const norm = utils.clip_grad_norm_({ parameters: [p], max_norm: '1', norm_type: 'inf' });
    expect([told(norm), told(p.grad)]).toEqual(python<unknown[][]>('nn_functions.py', [[code]])[0]);
  });

  it("refuse unknown, surplus, doubled and missing arguments with Python's sentences", () => {
    const x = torch.ones(1, 1, 2, 2);
    const made = 'x = torch.ones(1, 1, 2, 2); ';
    const any = (run: Call): Call => run;
    const cases: [code: string, call: unknown, ...args: unknown[]][] = [
      ['F.pad(x)', F.pad, x],
      ['F.pad(x, [1], zzz=1)', F.pad, x, [1], { zzz: 1 }],
      ['F.pad(x, [1], pad=[1])', F.pad, x, [1], { pad: [1] }],
      ['F.pad(x, [1], "constant", 0, 5)', F.pad, x, [1], 'constant', 0, 5],
      ['F.fold(x)', F.fold, x],
      ['F.cross_entropy()', F.cross_entropy],
      ['F.cross_entropy(x, weight=x)', F.cross_entropy, x, { weight: x }],
      ['F.mse_loss(x, x, None, None, "mean", None, 1)', F.mse_loss, x, x, null, null, 'mean', null, 1],
      ['F.softsign(x, 1)', F.softsign, x, 1],
      ['F.relu(x, False, 1)', F.relu, x, false, 1],
      ['F.relu(x, input=x)', F.relu, x, { input: x }],
      ['F.dropout(x, q=0.5)', F.dropout, x, { q: 0.5 }],
      ['F.adaptive_avg_pool2d(x)', F.adaptive_avg_pool2d, x],
      ['F.adaptive_avg_pool2d(x, 1, 2)', F.adaptive_avg_pool2d, x, 1, 2],
      [
        'F.interpolate(x, 2, None, "nearest", None, None, False, 1)',
        F.interpolate,
        x,
        2,
        null,
        'nearest',
        null,
        null,
        false,
        1,
      ],
      ['F.triplet_margin_with_distance_loss(x, x)', F.triplet_margin_with_distance_loss, x, x],
      ['F.triplet_margin_with_distance_loss(x, x, x, 1)', F.triplet_margin_with_distance_loss, x, x, x, 1],
      ['F.grouped_mm(x, x, zzz=1)', F.grouped_mm, x, x, { zzz: 1 }],
      ['F.multi_head_attention_forward(x)', F.multi_head_attention_forward, x],
      ['nn.init.constant_(x)', init.constant_, x],
      ['nn.init.uniform_(x, 0, 1, None, 2)', init.uniform_, x, 0, 1, null, 2],
      ['nn.init.kaiming_normal_(x, slope=1)', init.kaiming_normal_, x, { slope: 1 }],
      ['nn.utils.clip_grad_norm_(x)', utils.clip_grad_norm_, x],
      ['nn.utils.clip_grad_norm_(x, 1, norm=2)', utils.clip_grad_norm_, x, 1, { norm: 2 }],
      ['nn.utils.get_total_norm([x], norm_type="big")', utils.get_total_norm, [x], { norm_type: 'big' }],
      ['nn.utils.rnn.pad_sequence([x], True, 0, "left", 1)', utils.rnn.pad_sequence, [x], true, 0, 'left', 1],
      [
        'nn.utils.rnn.pack_padded_sequence(x, batch_first=True)',
        utils.rnn.pack_padded_sequence,
        x,
        { batch_first: true },
      ],
      ['nn.utils.spectral_norm(nn.Linear(1, 1), zzz=1)', utils.spectral_norm, new nn.Linear(1, 1), { zzz: 1 }],
      [
        'nn.utils.parametrize.register_parametrization(nn.Linear(1, 1), "weight")',
        utils.parametrize.register_parametrization,
        new nn.Linear(1, 1),
        'weight',
      ],
      [
        'nn.utils.parametrizations.orthogonal(nn.Linear(1, 1), "weight", None, True)',
        utils.parametrizations.orthogonal,
        new nn.Linear(1, 1),
        'weight',
        null,
        true,
      ],
    ];
    // Python counts arguments by name in that it shows when there are too many by position.
    const plain = (text: unknown): string => String(text).replace(/^_\w+\.|^\w+\.(?=\w+\()/, '');
    const expected = python<unknown[]>('nn_errors.py', [cases.map(([code]) => made + code)]).map(plain);
    const ours = answers(
      cases.map(
        ([, call, ...args]) =>
          () =>
            any(call as Call)(...args),
      ),
    );
    expect(cases.map(([code], i) => [code, ours[i]])).toEqual(cases.map(([code], i) => [code, expected[i]]));
  });

  it('name the function and the argument that is of a wrong kind', () => {
    const x = torch.ones(2, 2);
    const wrong: [run: () => unknown, text: string][] = [
      [() => F.dropout(x, { p: 'half' as never }), "dropout(): argument 'p' must be float, not str"],
      [() => F.relu(3 as never), "relu(): argument 'input' must be Tensor, not int"],
      [() => F.softmax(x, 1.5), "softmax(): argument 'dim' must be int, not float"],
      [
        () => F.cross_entropy(x, x, null as never, 1 as never),
        "cross_entropy(): argument 'size_average' must be bool, not int",
      ],
      [
        () => F.adaptive_avg_pool2d(x, null as never),
        "adaptive_avg_pool2d(): argument 'output_size' must be int or list of ints, not NoneType",
      ],
      [() => F.layer_norm(x, 2 as never), "layer_norm(): argument 'normalized_shape' must be list of ints, not int"],
      [
        () => F.layer_norm(x, ['a'] as never),
        "layer_norm(): argument 'normalized_shape' must be list of ints, but found element of type str at pos 0",
      ],
      [
        () => F.triplet_margin_with_distance_loss(x, x, x, { distance_function: 2 as never }),
        "triplet_margin_with_distance_loss(): argument 'distance_function' must be a function, not int",
      ],
      [
        () => init.normal_(x, { generator: 3 as never }),
        "normal_(): argument 'generator' must be torch.Generator, not int",
      ],
      [
        () => utils.clip_grad_norm_([x, 3 as never], 1),
        "clip_grad_norm_(): argument 'parameters' must be Tensor or iterable of " +
          'Tensors, but found element of type int at pos 1',
      ],
      [() => utils.weight_norm(x as never), "weight_norm(): argument 'module' must be Module, not Tensor"],
      [() => utils.prune.is_pruned(3 as never), "is_pruned(): argument 'module' must be Module, not int"],
      [
        () => utils.rnn.unpack_sequence(x as never),
        "unpack_sequence(): argument 'packed_sequences' must be PackedSequence, not Tensor",
      ],
      [() => new nn.DataParallel(3 as never), "DataParallel(): argument 'module' must be Module, not int"],
    ];
    expect(answers(wrong.map(([run]) => run))).toEqual(wrong.map(([, text]) => text));
    for (const [run] of wrong) expect(run).toThrow(TypeError);
  });

  it('fill a bias whose type allows null, and refuse null', () => {
    const layer = new nn.Linear(2, 3);
    expect(init.constant_(layer.bias, 0.5)).toBe(layer.bias);
    expect(init.zeros_({ tensor: layer.bias }).tolist()).toEqual([0, 0, 0]);
    const none = new nn.Linear(2, 3, { bias: false });
    for (const fill of [init.zeros_, init.ones_, init.normal_, init.uniform_, init.xavier_normal_] as Call[]) {
      expect(() => fill(none.bias)).toThrow("argument 'tensor' must be Tensor, not NoneType");
      expect(() => fill(none.bias)).toThrow(TypeError);
    }
    expect(() => init.constant_(none.bias, 1)).toThrow("constant_(): argument 'tensor' must be Tensor, not NoneType");
  });

  it('name the function that was called when an operator in it fails', () => {
    const x = torch.ones(2, 3);
    const y = torch.ones(4, 5);
    // What Python says after the name is libtorch's text, the same in both.
    const failing: [name: string, code: string, run: () => unknown][] = [
      ['unfold', 'F.unfold(x, 9)', () => F.unfold(x, 9)],
      ['fold', 'F.fold(x, 4, 2)', () => F.fold(x, 4, 2)],
      ['nll_loss', 'F.nll_loss(x, torch.tensor([0]))', () => F.nll_loss(x, torch.tensor([0]))],
      ['cross_entropy', 'F.cross_entropy(x, torch.tensor([0]))', () => F.cross_entropy(x, torch.tensor([0]))],
      ['grid_sample', 'F.grid_sample(x, y, align_corners=False)', () => F.grid_sample(x, y, { align_corners: false })],
      ['lp_pool1d', 'F.lp_pool1d(x, 2.0, 9)', () => F.lp_pool1d(x, 2.5, 9)],
      ['max_pool2d', 'F.max_pool2d(x, 2, return_indices=True)', () => F.max_pool2d(x, 2, { return_indices: true })],
      [
        'max_unpool1d',
        'F.max_unpool1d(x, torch.ones(1, 3).long(), 2)',
        () => F.max_unpool1d(x, torch.ones(1, 3).long(), 2),
      ],
      [
        'fractional_max_pool2d',
        'F.fractional_max_pool2d(torch.ones(1, 2, 3), 9, 2)',
        () => F.fractional_max_pool2d(torch.ones(1, 2, 3), 9, 2),
      ],
      ['adaptive_max_pool2d', 'F.adaptive_max_pool2d(x, 2)', () => F.adaptive_max_pool2d(x, 2)],
      [
        'interpolate',
        'F.interpolate(torch.ones(1, 1, 2), size=0)',
        () => F.interpolate(torch.ones(1, 1, 2), { size: 0 }),
      ],
      [
        'relu',
        'F.relu(x.clone().requires_grad_(), inplace=True)',
        () => F.relu(x.clone().requires_grad_(), { inplace: true }),
      ],
      ['mse_loss', 'F.mse_loss(x, y)', () => F.mse_loss(x, y)],
      ['l1_loss', 'F.l1_loss(x, y)', () => F.l1_loss(x, y)],
      ['multilabel_soft_margin_loss', 'F.multilabel_soft_margin_loss(x, y)', () => F.multilabel_soft_margin_loss(x, y)],
      ['gaussian_nll_loss', 'F.gaussian_nll_loss(x, y, x)', () => F.gaussian_nll_loss(x, y, x)],
      [
        'triplet_margin_with_distance_loss',
        'F.triplet_margin_with_distance_loss(x, y, x)',
        () => F.triplet_margin_with_distance_loss(x, y, x),
      ],
      ['softmin', 'F.softmin(x, 5)', () => F.softmin(x, 5)],
      ['gumbel_softmax', 'F.gumbel_softmax(x, dim=5)', () => F.gumbel_softmax(x, { dim: 5 })],
      ['normalize', 'F.normalize(x, dim=5)', () => F.normalize(x, { dim: 5 })],
      ['embedding', 'F.embedding(torch.tensor([9]), y)', () => F.embedding(torch.tensor([9]), y)],
      [
        'embedding',
        'F.embedding(torch.tensor([9]), y, max_norm=1.0)',
        () => F.embedding(torch.tensor([9]), y, null, 1),
      ],
      [
        'embedding_bag',
        'F.embedding_bag(torch.tensor([[9]]), y, max_norm=1.0)',
        () => F.embedding_bag(torch.tensor([[9]]), y, { max_norm: 1 }),
      ],
      ['grouped_mm', 'F.grouped_mm(x, y)', () => F.grouped_mm(x, y)],
      ['tanhshrink', 'F.tanhshrink(x > 2)', () => F.tanhshrink(x.gt(2))],
      [
        'multi_head_attention_forward',
        'F.multi_head_attention_forward(x, x, x, 3, 1, torch.ones(9, 5), None, None, None, False, 0.0, y, None)',
        () => F.multi_head_attention_forward(x, x, x, 3, 1, torch.ones(9, 5), null, null, null, false, 0, y, null),
      ],
      ['uniform_', 'nn.init.uniform_(torch.ones(2).long())', () => init.uniform_(torch.ones(2).long())],
      ['orthogonal_', 'nn.init.orthogonal_(torch.ones(2, 2).long())', () => init.orthogonal_(torch.ones(2, 2).long())],
      [
        'get_total_norm',
        'nn.utils.get_total_norm([torch.ones(2).long()])',
        () => utils.get_total_norm([torch.ones(2).long()]),
      ],
      [
        'vector_to_parameters',
        'nn.utils.vector_to_parameters(torch.ones(2), [x])',
        () => {
          utils.vector_to_parameters(torch.ones(2), [x]);
        },
      ],
      [
        'pad_packed_sequence',
        'nn.utils.rnn.pad_packed_sequence(nn.utils.rnn.PackedSequence(x, torch.tensor([9])))',
        () => utils.rnn.pad_packed_sequence(new utils.rnn.PackedSequence(x, torch.tensor([9]))),
      ],
    ];
    const made = 'x, y = torch.ones(2, 3), torch.ones(4, 5); ';
    const expected = python<string[]>('nn_errors.py', [failing.map(([, code]) => made + code)]);
    const ours = answers(failing.map(([, , run]) => run)).map(String);
    const ours_after = ours.map((text, i) => text.split('\n')[0]!.slice(`${failing[i]![0]}(): `.length));
    // libtorch's own text may begin with the name of an operator: the name of the function stands before it, or instead.
    const said = expected
      .map((text) => text.split('\n')[0]!)
      .map((text, i) => (text === ours_after[i] ? text : text.replace(/^\w+\(\): /, '')));
    expect(failing.map(([name, code], i) => [code, ours[i]!.startsWith(`${name}(): `), ours_after[i]])).toEqual(
      failing.map(([, code], i) => [code, true, said[i]]),
    );
  });

  it.each([
    ['nn.functional', F],
    ['nn.init', init],
    ['sparse', torch.sparse],
  ] as const)('of %s name no other function, whatever goes wrong in them', (namespace, module) => {
    const tensors = [
      () => torch.ones(2, 3),
      () => torch.ones(4, 5),
      () => torch.ones(3),
      () => torch.ones(2, 2).long(),
      () => torch.ones([]),
      () => torch.ones(1, 2, 3, 4),
      () => torch.zeros(2, 3).gt(0),
    ];
    const others: unknown[] = [1, 5, -9, [1], [9, 9], null, true];
    const calls = tensors.flatMap((first) => [
      [first],
      ...[...tensors, ...others].flatMap((second) => [
        [first, second],
        ...[tensors[0], tensors[1], 7, [3], null].map((third) => [first, second, third]),
      ]),
    ]);
    const wrong = new Map<string, string>();
    let errors = 0;
    for (const [name, call] of Object.entries(module as unknown as Record<string, unknown>)) {
      if (typeof call !== 'function' || /^[A-Z_]/.test(name)) continue;
      for (const args of calls) {
        try {
          (call as Call)(...args.map((arg) => (typeof arg === 'function' ? (arg as () => Tensor)() : arg)));
        } catch (error) {
          errors++;
          const named = /^([\w.]+)\(\)/.exec((error as Error).message)?.[1];
          if (named !== undefined && named.split('.').pop() !== name) wrong.set(name, (error as Error).message);
        }
      }
    }
    expect(errors, namespace).toBeGreaterThan(100);
    expect(Object.fromEntries(wrong)).toEqual({});
  });

  it("leave errors of a caller's own function alone", () => {
    const x = torch.ones(2, 3);
    const distance = (): Tensor => torch.matmul(x, x);
    expect(() => F.triplet_margin_with_distance_loss(x, x, x, { distance_function: distance })).toThrow(/^matmul\(\)/);
    class Bad extends nn.Module {
      forward(weight: Tensor): Tensor {
        return weight.matmul(torch.ones(9, 9));
      }
    }
    expect(() => utils.parametrize.register_parametrization(new nn.Linear(2, 2), 'weight', new Bad())).toThrow(
      /^matmul\(\)/,
    );
  });

  it('refuse an async function whose cache would end before it', () => {
    class Double extends nn.Module {
      forward(weight: Tensor): Tensor {
        return weight.mul(2);
      }
    }
    const layer = utils.parametrize.register_parametrization(new nn.Linear(2, 2), 'weight', new Double());
    expect(() => utils.parametrize.cached(() => Promise.resolve(1))).toThrow(
      new TypeError('cached(): the function must be synchronous: the mode ends when it returns'),
    );
    expect(layer.weight === layer.weight).toBe(false);
  });

  it('take what pruning methods take by position and by name', () => {
    const pruned = 'm = nn.Linear(3, 2); import torch.nn.utils.prune as prune; ';
    const mask = (m: nn.Linear): Tensor => m.get_buffer('weight_mask');
    const { prune } = utils;
    const cases: Case[] = [
      [
        'prune.l1_unstructured(module=m, name="weight", amount=2)',
        () => mask(prune.l1_unstructured({ module: new nn.Linear(3, 2), name: 'weight', amount: 2 })),
      ],
      [
        'prune.random_structured(m, "weight", amount=1, dim=0)',
        () => mask(prune.random_structured(new nn.Linear(3, 2), 'weight', { amount: 1, dim: 0 })),
      ],
      [
        'prune.ln_structured(m, "weight", 1, n=2, dim=1, importance_scores=torch.arange(6.).reshape(2, 3))',
        () =>
          mask(
            prune.ln_structured(new nn.Linear(3, 2), 'weight', 1, {
              n: 2,
              dim: 1,
              importance_scores: torch.arange(6).float().reshape([2, 3]),
            }),
          ),
      ],
      [
        'prune.L1Unstructured.apply(m, "weight", 2, torch.arange(6.).reshape(2, 3))',
        () => {
          const m = new nn.Linear(3, 2);
          prune.L1Unstructured.apply(m, 'weight', 2, torch.arange(6).float().reshape([2, 3]));
          return mask(m);
        },
      ],
      [
        'prune.LnStructured.apply(module=m, name="weight", amount=1, n=1, dim=0)',
        () => {
          const m = new nn.Linear(3, 2);
          prune.LnStructured.apply({ module: m, name: 'weight', amount: 1, n: 1, dim: 0 });
          return mask(m);
        },
      ],
    ];
    const expected = python<unknown[]>('nn_functions.py', [
      cases.map(([code]) => `${pruned}${code}; result = m.weight_mask`),
    ]);
    const ours = cases.map(([, run]) => {
      torch.manual_seed(5);
      return report(run());
    });
    expect(cases.map(([code], i) => [code, ours[i]])).toEqual(cases.map(([code], i) => [code, expected[i]]));
  });
});
