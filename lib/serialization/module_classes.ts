/**
 * The Python names of classes and functions of `torch.nn`, for files that hold whole modules. Others are known when
 * `add_safe_globals` has told them.
 */
import * as functions from '../generated/functions.js';
import { NonDynamicallyQuantizableLinear } from '../nn/modules/attention.js';
import * as nn from '../nn/index.js';
import { Module } from '../nn/modules/module.js';

/** A class of modules. */
export type ModuleClass = abstract new (...args: never) => Module;

/** Whether a value is `nn.Module` or a class that extends it. */
export function is_module_class(value: unknown): value is ModuleClass {
  return typeof value === 'function' && (value === Module || Object.prototype.isPrototypeOf.call(Module, value));
}

// What is in torch.nn, by the file in Python where it is defined.
const classes_by_module: Readonly<Record<string, string>> = {
  'torch.nn.modules.activation':
    'CELU ELU GELU GLU Hardshrink Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid LogSoftmax Mish MultiheadAttention PReLU ' +
    'RReLU ReLU ReLU6 SELU SiLU Sigmoid Softmax Softmax2d Softmin Softplus Softshrink Softsign Tanh Tanhshrink Threshold',
  'torch.nn.modules.adaptive': 'AdaptiveLogSoftmaxWithLoss',
  'torch.nn.modules.batchnorm':
    'BatchNorm1d BatchNorm2d BatchNorm3d LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d SyncBatchNorm',
  'torch.nn.modules.channelshuffle': 'ChannelShuffle',
  'torch.nn.modules.container': 'Container ModuleDict ModuleList ParameterDict ParameterList Sequential',
  'torch.nn.modules.conv':
    'Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d LazyConv1d LazyConv2d LazyConv3d LazyConvTranspose1d ' +
    'LazyConvTranspose2d LazyConvTranspose3d',
  'torch.nn.modules.distance': 'CosineSimilarity PairwiseDistance',
  'torch.nn.modules.dropout': 'AlphaDropout Dropout Dropout1d Dropout2d Dropout3d FeatureAlphaDropout',
  'torch.nn.modules.flatten': 'Flatten Unflatten',
  'torch.nn.modules.fold': 'Fold Unfold',
  'torch.nn.modules.instancenorm':
    'InstanceNorm1d InstanceNorm2d InstanceNorm3d LazyInstanceNorm1d LazyInstanceNorm2d LazyInstanceNorm3d',
  'torch.nn.modules.linear': 'Bilinear Identity LazyLinear Linear',
  'torch.nn.modules.loss':
    'BCELoss BCEWithLogitsLoss CTCLoss CosineEmbeddingLoss CrossEntropyLoss GaussianNLLLoss HingeEmbeddingLoss HuberLoss ' +
    'KLDivLoss L1Loss LinearCrossEntropyLoss MSELoss MarginRankingLoss MultiLabelMarginLoss MultiLabelSoftMarginLoss ' +
    'MultiMarginLoss NLLLoss NLLLoss2d PoissonNLLLoss SmoothL1Loss SoftMarginLoss TripletMarginLoss ' +
    'TripletMarginWithDistanceLoss',
  'torch.nn.modules.module': 'Module',
  'torch.nn.modules.normalization': 'CrossMapLRN2d GroupNorm LayerNorm LocalResponseNorm RMSNorm',
  'torch.nn.modules.padding':
    'CircularPad1d CircularPad2d CircularPad3d ConstantPad1d ConstantPad2d ConstantPad3d ReflectionPad1d ReflectionPad2d ' +
    'ReflectionPad3d ReplicationPad1d ReplicationPad2d ReplicationPad3d ZeroPad1d ZeroPad2d ZeroPad3d',
  'torch.nn.modules.pixelshuffle': 'PixelShuffle PixelUnshuffle',
  'torch.nn.modules.pooling':
    'AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d AvgPool1d ' +
    'AvgPool2d AvgPool3d FractionalMaxPool2d FractionalMaxPool3d LPPool1d LPPool2d LPPool3d MaxPool1d MaxPool2d MaxPool3d ' +
    'MaxUnpool1d MaxUnpool2d MaxUnpool3d',
  'torch.nn.modules.rnn': 'GRU GRUCell LSTM LSTMCell RNN RNNBase RNNCell RNNCellBase',
  'torch.nn.modules.sparse': 'Embedding EmbeddingBag',
  'torch.nn.modules.transformer':
    'Transformer TransformerDecoder TransformerDecoderLayer TransformerEncoder TransformerEncoderLayer',
  'torch.nn.modules.upsampling': 'Upsample UpsamplingBilinear2d UpsamplingNearest2d',
  'torch.nn.parallel.data_parallel': 'DataParallel',
};

// Functions of torch.nn.functional that are defined elsewhere in Python, where pickles find them.
const builtin_functions: Readonly<Record<string, string>> = {
  avg_pool2d: 'avg_pool2d',
  avg_pool3d: 'avg_pool3d',
  elu_: 'elu_',
  gelu: 'gelu',
  hardtanh_: 'hardtanh_',
  leaky_relu_: 'leaky_relu_',
  linear: 'linear',
  logsigmoid: 'log_sigmoid',
  one_hot: 'one_hot',
  scaled_dot_product_attention: 'scaled_dot_product_attention',
  softplus: 'softplus',
  softshrink: 'softshrink',
};
// Methods of a class of torch._C, which pickles reach by getattr. In Python these do not differ from torch's.
const torch_functions = new Set([
  'adaptive_avg_pool1d',
  'avg_pool1d',
  'bilinear',
  'celu_',
  'channel_shuffle',
  'conv1d',
  'conv2d',
  'conv3d',
  'conv_tbc',
  'conv_transpose1d',
  'conv_transpose2d',
  'conv_transpose3d',
  'cosine_similarity',
  'hardshrink',
  'native_channel_shuffle',
  'pairwise_distance',
  'pdist',
  'pixel_shuffle',
  'pixel_unshuffle',
  'prelu',
  'relu_',
  'rrelu_',
  'selu_',
  'threshold_',
]);
// Python pickles none of them: they are closures there.
const without_name = /^(adaptive_max_pool|fractional_max_pool|max_pool)[123]d$/;

/** The name of the class whose methods torch's own functions are. */
export const variable_functions = 'torch._C._VariableFunctionsClass';

/** Where pickles find a function. */
export interface FunctionName {
  readonly module: string;
  readonly name: string;
  /** A method of {@link variable_functions}, which is reached by getattr. */
  readonly is_method: boolean;
}

type AnyFunction = (...args: never[]) => unknown;

interface Names {
  readonly classes: ReadonlyMap<string, ModuleClass>;
  readonly class_names: ReadonlyMap<unknown, string>;
  readonly functions: ReadonlyMap<string, AnyFunction>;
  readonly function_names: ReadonlyMap<unknown, FunctionName>;
}

let names: Names | undefined;

function is_function(value: unknown): value is AnyFunction {
  return typeof value === 'function';
}

// Made when it is first needed, since this module and those of nn import each other.
function all_names(): Names {
  if (names !== undefined) return names;
  const classes = new Map<string, ModuleClass>();
  for (const [module, list] of Object.entries(classes_by_module)) {
    for (const name of list.split(' '))
      classes.set(`${module}.${name}`, (nn as unknown as Record<string, ModuleClass>)[name]!);
  }
  classes.set('torch.nn.modules.linear.NonDynamicallyQuantizableLinear', NonDynamicallyQuantizableLinear);
  const by_name = new Map<string, AnyFunction>();
  const function_names = new Map<unknown, FunctionName>();
  const add = (made: AnyFunction, name: FunctionName): void => {
    by_name.set(`${name.is_method ? variable_functions : name.module}.${name.name}`, made);
    if (!function_names.has(made)) function_names.set(made, name);
  };
  for (const [name, made] of Object.entries(nn.functional)) {
    if (!is_function(made) || without_name.test(name)) continue;
    const builtin = builtin_functions[name];
    if (builtin !== undefined) add(made, { module: 'torch._C._nn', name: builtin, is_method: false });
    else if (torch_functions.has(name)) add(made, { module: 'torch._C', name, is_method: true });
    else add(made, { module: 'torch.nn.functional', name, is_method: false });
  }
  for (const [exported, made] of Object.entries(functions)) {
    // TypeScript can declare no function called `var`.
    const name = exported === 'var_' ? 'var' : exported;
    if (is_function(made) && !name.startsWith('_') && !by_name.has(`${variable_functions}.${name}`)) {
      add(made, { module: 'torch._C', name, is_method: true });
    }
  }
  names = {
    classes,
    class_names: new Map([...classes].map(([name, its]) => [its, name])),
    functions: by_name,
    function_names,
  };
  return names;
}

/** The class of `torch.nn` with a full Python name. */
export function builtin_class(name: string): ModuleClass | undefined {
  return all_names().classes.get(name);
}

/** The full Python name of a class of `torch.nn`. */
export function builtin_class_name(of: unknown): string | undefined {
  return all_names().class_names.get(of);
}

/** The function with a full Python name, of `torch.nn.functional` or of torch itself. */
export function builtin_function(name: string): AnyFunction | undefined {
  return all_names().functions.get(name);
}

/** Where pickles find a function of this package. */
export function builtin_function_name(of: unknown): FunctionName | undefined {
  return all_names().function_names.get(of);
}
