/**
 * The Python names of classes and functions of `torch.nn`, for files that hold whole modules. Others are known when
 * `add_safe_globals` has registered them.
 */
import * as functions from '../generated/functions.js';
import { module_files } from '../generated/module_files.js';
import { NonDynamicallyQuantizableLinear } from '../nn/modules/attention.js';
import * as nn from '../nn/index.js';
import { Module } from '../nn/modules/module.js';

/** A class of modules. */
export type ModuleClass = abstract new (...args: never) => Module;

/** Whether a value is `nn.Module` or a class that extends it. */
export function is_module_class(value: unknown): value is ModuleClass {
  return typeof value === 'function' && (value === Module || Object.prototype.isPrototypeOf.call(Module, value));
}

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
// Python does not pickle these, which are closures there.
const without_name = /^(adaptive_max_pool|fractional_max_pool|max_pool)[123]d$/;

/** The name of the class whose methods torch's own functions are. */
export const variable_functions = 'torch._C._VariableFunctionsClass';

/** The module and name by which pickles import a function. */
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
  for (const [module, listed] of Object.entries(module_files)) {
    for (const name of listed) {
      const its = (nn as unknown as Record<string, ModuleClass | undefined>)[name];
      if (is_module_class(its)) classes.set(`${module}.${name}`, its);
    }
  }
  classes.set('torch.nn.modules.linear.NonDynamicallyQuantizableLinear', NonDynamicallyQuantizableLinear);
  classes.set('torch.nn.parallel.distributed.DistributedDataParallel', nn.parallel.DistributedDataParallel);
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
    // TypeScript cannot declare a function called `var`.
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

/** The module and name by which pickles import a function of this package. */
export function builtin_function_name(of: unknown): FunctionName | undefined {
  return all_names().function_names.get(of);
}
