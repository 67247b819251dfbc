/** Mirrors `torch.typename`: what Python's texts about members of modules call a value. */
import { types } from 'node:util';

import { Tensor } from '../../_tensor.js';
import { kind_of } from '../../_internal/representation.js';

// The files of torch/nn/modules and what they define.
const FILES: Readonly<Record<string, string>> = {
  activation:
    'CELU ELU GELU GLU Hardshrink Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid LogSoftmax Mish ' +
    'MultiheadAttention ' +
    'PReLU RReLU ReLU ReLU6 SELU SiLU Sigmoid Softmax Softmax2d Softmin Softplus Softshrink Softsign Tanh ' +
    'Tanhshrink Threshold',
  adaptive: 'AdaptiveLogSoftmaxWithLoss',
  batchnorm: 'BatchNorm1d BatchNorm2d BatchNorm3d LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d SyncBatchNorm',
  channelshuffle: 'ChannelShuffle',
  container: 'Container ModuleDict ModuleList ParameterDict ParameterList Sequential',
  conv:
    'Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d LazyConv1d LazyConv2d LazyConv3d ' +
    'LazyConvTranspose1d ' +
    'LazyConvTranspose2d LazyConvTranspose3d',
  distance: 'CosineSimilarity PairwiseDistance',
  dropout: 'AlphaDropout Dropout Dropout1d Dropout2d Dropout3d FeatureAlphaDropout',
  flatten: 'Flatten Unflatten',
  fold: 'Fold Unfold',
  instancenorm: 'InstanceNorm1d InstanceNorm2d InstanceNorm3d LazyInstanceNorm1d LazyInstanceNorm2d LazyInstanceNorm3d',
  linear: 'Bilinear Identity LazyLinear Linear',
  loss:
    'BCELoss BCEWithLogitsLoss CTCLoss CosineEmbeddingLoss CrossEntropyLoss GaussianNLLLoss HingeEmbeddingLoss ' +
    'HuberLoss KLDivLoss ' +
    'L1Loss LinearCrossEntropyLoss MSELoss MarginRankingLoss MultiLabelMarginLoss MultiLabelSoftMarginLoss ' +
    'MultiMarginLoss NLLLoss ' +
    'NLLLoss2d PoissonNLLLoss SmoothL1Loss SoftMarginLoss TripletMarginLoss TripletMarginWithDistanceLoss',
  module: 'Module',
  normalization: 'CrossMapLRN2d GroupNorm LayerNorm LocalResponseNorm RMSNorm',
  padding:
    'CircularPad1d CircularPad2d CircularPad3d ConstantPad1d ConstantPad2d ConstantPad3d ReflectionPad1d ' +
    'ReflectionPad2d ' +
    'ReflectionPad3d ReplicationPad1d ReplicationPad2d ReplicationPad3d ZeroPad1d ZeroPad2d ZeroPad3d',
  pixelshuffle: 'PixelShuffle PixelUnshuffle',
  pooling:
    'AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d ' +
    'AdaptiveMaxPool3d AvgPool1d ' +
    'AvgPool2d AvgPool3d FractionalMaxPool2d FractionalMaxPool3d LPPool1d LPPool2d LPPool3d MaxPool1d MaxPool2d MaxPool3d ' +
    'MaxUnpool1d MaxUnpool2d MaxUnpool3d',
  rnn: 'GRU GRUCell LSTM LSTMCell RNN RNNBase RNNCell RNNCellBase',
  sparse: 'Embedding EmbeddingBag',
  transformer: 'Transformer TransformerDecoder TransformerDecoderLayer TransformerEncoder TransformerEncoderLayer',
  upsampling: 'Upsample UpsamplingBilinear2d UpsamplingNearest2d',
};

let places: Map<string, string> | null = null;

function module_title(name: string): string {
  places ??= new Map(
    Object.entries(FILES).flatMap(([file, names]) =>
      names.split(' ').map((each): [string, string] => [each, `torch.nn.modules.${file}.${each}`]),
    ),
  );
  return places.get(name) ?? name;
}

/** The class of a value with the module that it is in, as far as JavaScript knows it; of a tensor, its type. */
export function typename(value: unknown): string {
  if (value instanceof Tensor) return value.type();
  if (Array.isArray(value)) return 'list';
  if (types.isMap(value)) return 'dict';
  const kind = kind_of(value);
  if (kind === 'Object') return 'dict';
  return typeof value === 'function' && kind !== 'Function'
    ? module_title(kind)
    : kind === 'Function'
      ? 'function'
      : kind;
}
