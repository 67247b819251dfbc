/** Layers that are put together before they are quantized: `torch.ao.quantization.fuse_modules`. */
import { define_kind, signature } from '../../_internal/signature.js';
import { NotImplementedError } from '../../_internal/not_implemented.js';
import { ReLU } from '../../nn/modules/activation.js';
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from '../../nn/modules/batchnorm.js';
import {
  Conv1d,
  Conv2d,
  Conv3d,
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  type ConvNd,
} from '../../nn/modules/conv.js';
import { Identity, Linear } from '../../nn/modules/linear.js';
import { hooks_of, type Module } from '../../nn/modules/module.js';
import { fuse_conv_bn_eval, fuse_linear_bn_eval } from '../../nn/utils/fusion.js';
import { deepcopy } from '../../utils/copy.js';
import * as intrinsic from '../nn/intrinsic/fused.js';

type ModuleClass = { readonly prototype: Module; readonly name: string };
type BatchNorm = BatchNorm1d | BatchNorm2d | BatchNorm3d;
type Fuse = (is_qat: boolean, ...modules: never[]) => Module;
type Pair = new (first: never, second: never) => Module;
type Triple = new (first: never, second: never, third: never) => Module;

const class_of = (module: Module): ModuleClass => module.constructor as unknown as ModuleClass;

/** Throws unless modules are all in training, or none is. */
function check_modes(what: string, modules: readonly Module[]): void {
  if (modules.every(({ training }) => training === modules[0]!.training)) return;
  throw new Error(`${what} and BN both must be in the same mode (train or eval).`);
}

/** Throws for a normalization that training cannot take into a layer. */
function check_norm(what: string, channels: number, name: string, bn: BatchNorm): void {
  if (bn.num_features !== channels) throw new Error(`${what} must match num_features of ${name}`);
  if (!bn.affine) throw new Error(`Only support fusing ${name} with affine set to True`);
  if (!bn.track_running_stats) throw new Error(`Only support fusing ${name} with tracking_running_stats set to True`);
}

const CHANNELS = 'Output channel of Conv2d';

function conv_bn(made: Pair): Fuse {
  return (is_qat: boolean, conv: ConvNd, bn: BatchNorm) => {
    check_modes('Conv', [conv, bn]);
    if (!is_qat) return fuse_conv_bn_eval(conv as Conv2d, bn as BatchNorm2d);
    check_norm(CHANNELS, conv.out_channels, 'BatchNorm2d', bn);
    return new made(conv as never, bn as never);
  };
}

function conv_bn_relu(trained: Triple, evaluated: Pair): Fuse {
  return (is_qat: boolean, conv: ConvNd, bn: BatchNorm, relu: ReLU) => {
    check_modes('Conv', [conv, bn, relu]);
    if (!is_qat) return new evaluated(fuse_conv_bn_eval(conv as Conv2d, bn as BatchNorm2d) as never, relu as never);
    check_norm(CHANNELS, conv.out_channels, 'BatchNorm2d', bn);
    return new trained(conv as never, bn as never, relu as never);
  };
}

const linear_bn: Fuse = (is_qat: boolean, linear: Linear, bn: BatchNorm1d) => {
  check_modes('Linear', [linear, bn]);
  if (!is_qat) return fuse_linear_bn_eval(linear, bn);
  check_norm('Output features of Linear', linear.out_features, 'BatchNorm1d', bn);
  return new intrinsic.LinearBn1d(linear, bn);
};

const transposed_bn: Fuse = (is_qat: boolean, conv: ConvTranspose2d, bn: BatchNorm2d) => {
  check_modes('ConvTranspose', [conv, bn]);
  if (is_qat) throw new Error('Fusing ConvTranspose+BatchNorm not yet supported in QAT.');
  return fuse_conv_bn_eval(conv, bn, true);
};

const pair =
  (made: Pair): Fuse =>
  (_is_qat: boolean, first: Module, second: Module) =>
    new made(first as never, second as never);

/** What can be put together, and how. */
const fusions: readonly (readonly [classes: readonly ModuleClass[], fuse: Fuse])[] = [
  [[Conv1d, BatchNorm1d], conv_bn(intrinsic.ConvBn1d)],
  [[Conv1d, BatchNorm1d, ReLU], conv_bn_relu(intrinsic.ConvBnReLU1d, intrinsic.ConvReLU1d)],
  [[Conv2d, BatchNorm2d], conv_bn(intrinsic.ConvBn2d)],
  [[Conv2d, BatchNorm2d, ReLU], conv_bn_relu(intrinsic.ConvBnReLU2d, intrinsic.ConvReLU2d)],
  [[Conv3d, BatchNorm3d], conv_bn(intrinsic.ConvBn3d)],
  [[Conv3d, BatchNorm3d, ReLU], conv_bn_relu(intrinsic.ConvBnReLU3d, intrinsic.ConvReLU3d)],
  [[Conv1d, ReLU], pair(intrinsic.ConvReLU1d)],
  [[Conv2d, ReLU], pair(intrinsic.ConvReLU2d)],
  [[Conv3d, ReLU], pair(intrinsic.ConvReLU3d)],
  [[Linear, BatchNorm1d], linear_bn],
  [[Linear, ReLU], pair(intrinsic.LinearReLU)],
  [[BatchNorm2d, ReLU], pair(intrinsic.BNReLU2d)],
  [[BatchNorm3d, ReLU], pair(intrinsic.BNReLU3d)],
  [[ConvTranspose1d, BatchNorm1d], transposed_bn],
  [[ConvTranspose2d, BatchNorm2d], transposed_bn],
  [[ConvTranspose3d, BatchNorm3d], transposed_bn],
];

/** A module for all of them, and identities for the others. @throws Error for what cannot be put together */
function fused(modules: readonly Module[], is_qat: boolean): Module[] {
  const classes = modules.map(class_of);
  const fuse = fusions.find(
    ([its]) => its.length === classes.length && its.every((each, i) => each === classes[i]),
  )?.[1];
  if (fuse === undefined) {
    throw new NotImplementedError(`did not find fuser method for: (${classes.map(({ name }) => name).join(', ')}) `);
  }
  const made = fuse(is_qat, ...(modules as never[]));
  const [first, last] = [modules[0]!, modules[modules.length - 1]!];
  for (const { hook } of hooks_of(first).forward_pre) made.register_forward_pre_hook(hook as never);
  hooks_of(first).forward_pre.remove_if(() => true);
  for (const { hook } of hooks_of(last).forward) made.register_forward_hook(hook as never);
  hooks_of(last).forward.remove_if(() => true);
  return modules.map((_, i) => {
    if (i === 0) return made;
    const identity = new Identity();
    identity.training = first.training;
    return identity;
  });
}

/** Names of modules: one list, or several. */
export type ModuleNames = readonly string[] | readonly (readonly string[])[];

define_kind(
  'names',
  'list of names of modules',
  (value) => Array.isArray(value) && value.flat().every((each) => typeof each === 'string'),
);

interface FuseArguments {
  model: Module;
  modules_to_fuse: ModuleNames;
  inplace?: boolean;
}
const FUSE = signature<FuseArguments>('fuse_modules', 'model: Module, modules_to_fuse: names, inplace?: bool');
const FUSE_QAT = signature<FuseArguments>('fuse_modules_qat', 'model: Module, modules_to_fuse: names, inplace?: bool');

function run({ model, modules_to_fuse, inplace = false }: FuseArguments, is_qat: boolean): Module {
  const own = inplace ? model : deepcopy(model);
  const single = modules_to_fuse.every((each) => typeof each === 'string');
  for (const names of (single ? [modules_to_fuse] : modules_to_fuse) as readonly (readonly string[])[]) {
    const made = fused(
      names.map((name) => own.get_submodule(name)),
      is_qat,
    );
    names.forEach((name, i) => {
      own.set_submodule(name, made[i]!);
    });
  }
  return own;
}

/**
 * Puts modules together that are quantized as one: a convolution or linear layer with its batch normalization, with a ReLU, or both.
 * The first of them becomes the module for all, the others become `nn.Identity`. Mirrors `torch.ao.quantization.fuse_modules`.
 *
 * @param model - the model, in `eval()`
 * @param modules_to_fuse - the dotted names of the modules, in a list, or several lists
 * @param inplace - change the model itself instead of a copy; default false
 * @returns the model
 * @throws Error for modules that do not belong together
 * @example
 * ```ts
 * const net = new nn.Sequential(new nn.Conv2d(1, 2, 2), new nn.BatchNorm2d(2), new nn.ReLU()).eval();
 * print(torch.ao.quantization.fuse_modules(net, [['0', '1', '2']]));
 * ```
 * ```python
 * net = nn.Sequential(nn.Conv2d(1, 2, 2), nn.BatchNorm2d(2), nn.ReLU()).eval()
 * print(torch.ao.quantization.fuse_modules(net, [['0', '1', '2']]))
 * ```
 */
export function fuse_modules<M extends Module>(model: M, modules_to_fuse: ModuleNames, inplace?: boolean): M;
export function fuse_modules<M extends Module>(
  model: M,
  modules_to_fuse: ModuleNames,
  options: { inplace?: boolean },
): M;
export function fuse_modules<M extends Module>(options: {
  model: M;
  modules_to_fuse: ModuleNames;
  inplace?: boolean;
}): M;
export function fuse_modules(...args: unknown[]): Module {
  return run(FUSE.read(args), false);
}

/**
 * As {@link fuse_modules}, for a model in training: batch normalizations stay what they are. Mirrors
 * `torch.ao.quantization.fuse_modules_qat`.
 *
 * @param model - the model, in `train()`
 * @param modules_to_fuse - the dotted names of the modules, in a list, or several lists
 * @param inplace - change the model itself instead of a copy; default false
 * @returns the model
 * @throws Error for modules that do not belong together
 * @example
 * ```ts
 * const net = new nn.Sequential(new nn.Conv2d(1, 2, 2), new nn.BatchNorm2d(2), new nn.ReLU());
 * print(torch.ao.quantization.fuse_modules_qat(net, [['0', '1', '2']]));
 * ```
 * ```python
 * net = nn.Sequential(nn.Conv2d(1, 2, 2), nn.BatchNorm2d(2), nn.ReLU())
 * print(torch.ao.quantization.fuse_modules_qat(net, [['0', '1', '2']]))
 * ```
 */
export function fuse_modules_qat<M extends Module>(model: M, modules_to_fuse: ModuleNames, inplace?: boolean): M;
export function fuse_modules_qat<M extends Module>(
  model: M,
  modules_to_fuse: ModuleNames,
  options: { inplace?: boolean },
): M;
export function fuse_modules_qat<M extends Module>(options: {
  model: M;
  modules_to_fuse: ModuleNames;
  inplace?: boolean;
}): M;
export function fuse_modules_qat(...args: unknown[]): Module {
  return run(FUSE_QAT.read(args), true);
}
