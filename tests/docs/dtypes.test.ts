/** The sentence "Dtypes: ..." in the comment of each class of nn, tried with all dtypes: those it names work, the others throw. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as torch from 'torch-node';
import type { DType, Tensor } from 'torch-node';
import { root } from '../package_root.js';

const { nn } = torch;

const groups: Readonly<Record<string, readonly string[]>> = {
  'floating point': ['float16', 'bfloat16', 'float32', 'float64'],
  complex: ['complex64', 'complex128'],
  integers: ['uint8', 'int8', 'int16', 'int32', 'int64'],
  'signed integers': ['int8', 'int16', 'int32', 'int64'],
};
const dtypes = [...groups['floating point']!, ...groups['complex']!, ...groups['integers']!, 'bool'];

/** The dtypes that a sentence names. */
function dtypes_of(sentence: string): string[] {
  if (sentence === 'any') return dtypes;
  const named = new Set(sentence.split(/, | and /).flatMap((word) => groups[word] ?? [word]));
  expect([...named].filter((name) => !dtypes.includes(name))).toEqual([]);
  return dtypes.filter((name) => named.has(name));
}

/** What the comments of classes say, by class. */
function documented(): { dtypes: Map<string, string>; without: string[] } {
  const found = new Map<string, string>();
  const without: string[] = [];
  const folder = join(root, 'lib', 'nn', 'modules');
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const text = readFileSync(join(folder, entry.name), 'utf8');
    for (const [, comment, name] of text.matchAll(/\/\*\*\n((?: \*[^\n]*\n)*?) \*\/\nexport class (\w+)\b/g)) {
      const plain = comment!.replace(/^ \* ?/gm, '').replace(/\s+/g, ' ');
      const sentence = /Dtypes: ([^.;]*)[.;]/.exec(plain)?.[1];
      if (sentence !== undefined) found.set(name!, sentence);
      else if (plain.includes('Shapes: ')) without.push(name!);
    }
  }
  return { dtypes: found, without };
}

type Inputs = (of: (...shape: number[]) => Tensor) => unknown[];
type AnyModule = torch.nn.Module & ((...inputs: never[]) => unknown);
type Trial = readonly [make: (type: never) => object, inputs: Inputs];

const sequence: Inputs = (of) => [of(1, 4, 8)];
const image: Inputs = (of) => [of(1, 4, 8, 8)];
const volume: Inputs = (of) => [of(1, 4, 8, 8, 8)];
const row: Inputs = (of) => [of(2, 4)];
const pair: Inputs = (of) => [of(2, 4), of(2, 4)];
const triple: Inputs = (of) => [of(2, 4), of(2, 4), of(2, 4)];
const steps: Inputs = (of) => [of(1, 1, 4)];
const state: Inputs = (of) => [of(1, 4)];
const memory: Inputs = (of) => [of(2, 1, 4)];
const target_and_memory: Inputs = (of) => [of(2, 1, 4), of(2, 1, 4)];
const scores: Inputs = (of) => [of(2, 4), torch.tensor([0, 1])];

/** A class for each number of spatial dimensions, as `MaxPool1d`, `MaxPool2d` and `MaxPool3d`. */
function each_dim(family: string, ...args: unknown[]): [string, Trial][] {
  return [sequence, image, volume].map((inputs, i) => [`${family}${i + 1}d`, with_arguments(args, inputs)]);
}

function with_arguments(args: readonly unknown[], inputs: Inputs): Trial {
  return [(type: new (...given: unknown[]) => object) => new type(...args), inputs] as unknown as Trial;
}

const all = (names: string, inputs: Inputs, ...args: unknown[]): [string, Trial][] =>
  names.split(' ').map((name) => [name, with_arguments(args, inputs)]);

const trials = new Map<string, Trial>([
  ...['MaxPool', 'AvgPool', 'AdaptiveAvgPool', 'AdaptiveMaxPool'].flatMap((family) => each_dim(family, 2)),
  ...each_dim('LPPool', 2, 2),
  ...each_dim('ConstantPad', 1, 0),
  ...['ReflectionPad', 'ReplicationPad', 'CircularPad', 'ZeroPad'].flatMap((family) => each_dim(family, 1)),
  ...['Conv', 'ConvTranspose'].flatMap((family) => each_dim(family, 4, 2, 2)),
  ...['BatchNorm', 'InstanceNorm'].flatMap((family) => each_dim(family, 4)),
  ...each_dim('Dropout'),
  ...all('FractionalMaxPool2d', image, 2, 2),
  ...all('FractionalMaxPool3d', volume, 2, 2),
  ...all('ReLU ReLU6 ELU CELU SELU GELU SiLU Mish Hardswish Hardsigmoid Hardtanh Hardshrink Softshrink', row),
  ...all('Tanhshrink Softsign Softplus Sigmoid LogSigmoid Tanh LeakyReLU RReLU PReLU GLU', row),
  ...all('Threshold', row, 0, 0),
  ...all('Softmax Softmin LogSoftmax', row, 1),
  ...all('Softmax2d', image),
  ...all('Dropout AlphaDropout FeatureAlphaDropout', row),
  ...all('Fold', (of) => [of(1, 4, 4)], [2, 2], 1),
  ...all('Unfold', image, 2),
  ...all('Flatten Identity', image),
  ...all('Unflatten', image, 1, [2, 2]),
  ...all('ChannelShuffle PixelShuffle PixelUnshuffle', image, 2),
  ...all('Upsample UpsamplingNearest2d UpsamplingBilinear2d', image, { scale_factor: 2 }),
  ...all('Linear', row, 4, 2),
  ...all('LayerNorm RMSNorm', row, 4),
  ...all('GroupNorm', image, 2, 4),
  ...all('LocalResponseNorm CrossMapLRN2d', image, 2),
  ...all('CosineSimilarity PairwiseDistance', pair),
  ...all('Bilinear', pair, 4, 4, 2),
  ...all('L1Loss MSELoss SmoothL1Loss HuberLoss SoftMarginLoss KLDivLoss BCELoss BCEWithLogitsLoss', pair),
  ...all('PoissonNLLLoss MultiLabelSoftMarginLoss HingeEmbeddingLoss', pair),
  ...all('MarginRankingLoss TripletMarginLoss TripletMarginWithDistanceLoss GaussianNLLLoss', triple),
  ...all('CosineEmbeddingLoss', (of) => [of(2, 4), of(2, 4), torch.ones(2)]),
  ...all('NLLLoss CrossEntropyLoss MultiMarginLoss', scores),
  ...all('NLLLoss2d', (of) => [of(1, 2, 1, 1), torch.tensor([[[1]]])]),
  ...all('LinearCrossEntropyLoss', scores, 4, 3),
  ...all('AdaptiveLogSoftmaxWithLoss', scores, 4, 4, [2]),
  ...all('MultiLabelMarginLoss', (of) => [of(1, 4), torch.tensor([[0, 1, -1, -1]])]),
  ...all('CTCLoss', (of) => [of(5, 1, 4), torch.tensor([[1, 2]]), torch.tensor([5]), torch.tensor([2])]),
  ...all('Embedding EmbeddingBag', row, 4, 2),
  ...all('RNN LSTM GRU', steps, 4, 2),
  ...all('RNNCell LSTMCell GRUCell', state, 4, 2),
  ...all('MultiheadAttention', (of) => [of(2, 1, 4), of(2, 1, 4), of(2, 1, 4)], 4, 2),
  ...all('Transformer', target_and_memory, 4, 2, 1, 1, 4),
  ['TransformerEncoder', [() => new nn.TransformerEncoder(new nn.TransformerEncoderLayer(4, 2), 1), memory]],
  ['TransformerDecoder', [() => new nn.TransformerDecoder(new nn.TransformerDecoderLayer(4, 2), 1), target_and_memory]],
  ...all('TransformerEncoderLayer', memory, 4, 2),
  ...all('TransformerDecoderLayer', target_and_memory, 4, 2),
  ...all('MaxUnpool1d', (of) => [of(1, 1, 2), torch.tensor([[[0, 2]]])], 2),
  ...all('MaxUnpool2d', (of) => [of(1, 1, 1, 1), torch.zeros([1, 1, 1, 1], { dtype: torch.int64 })], 2),
  ...all('MaxUnpool3d', (of) => [of(1, 1, 1, 1, 1), torch.zeros([1, 1, 1, 1, 1], { dtype: torch.int64 })], 2),
]);

function works([make, inputs]: Trial, name: string, dtype: DType): boolean {
  try {
    torch.manual_seed(0);
    const module = make((nn as Record<string, unknown>)[name] as never) as AnyModule;
    if (dtype.is_floating_point || dtype.is_complex) module.to(dtype);
    module(...(inputs((...shape) => torch.ones(shape, { dtype })) as never[]));
    return true;
  } catch {
    return false;
  }
}

const { dtypes: sentences, without } = documented();

describe('dtypes that comments name', () => {
  it.each([...sentences])('%s: %s', (name, sentence) => {
    const trial = trials.get(name);
    if (trial === undefined) throw new Error(`a trial of ${name} is missing`);
    const working = dtypes.filter((dtype) => works(trial, name, (torch as unknown as Record<string, DType>)[dtype]!));
    expect(working).toEqual(dtypes_of(sentence));
  });

  it('are in the comment of each class that names shapes', () => {
    // A lazy module becomes one of the class without `Lazy`; SyncBatchNorm needs several GPUs.
    expect(without.filter((name) => !/^Lazy|^SyncBatchNorm$/.test(name))).toEqual([]);
  });

  it('are tried for each class of the trials', () => {
    expect([...trials.keys()].filter((name) => !sentences.has(name))).toEqual([]);
  });
});
