/** Modules that run as one when they are quantized: `torch.ao.nn.intrinsic`. */
import { Conv1d, Conv2d, Conv3d } from '../../../nn/modules/conv.js';
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from '../../../nn/modules/batchnorm.js';
import { ReLU } from '../../../nn/modules/activation.js';
import { Linear } from '../../../nn/modules/linear.js';
import { Sequential } from '../../../nn/modules/container.js';
import type { Module } from '../../../nn/modules/module.js';
import { signature } from '../../../_internal/signature.js';

type ModuleClass = { readonly prototype: Module; readonly name: string };
type Row = new (...modules: Module[]) => Sequential;

/** Modules in a row that are quantized together. */
export class FusedModule extends (Sequential as unknown as Row) {}

/** Throws unless modules are of these very classes. */
function check_types(modules: readonly Module[], classes: readonly ModuleClass[]): void {
  if (modules.every((module, i) => (module.constructor as unknown) === classes[i])) return;
  const names = modules.map((module) => (module.constructor as { name: string }).name);
  const listed =
    names.length === 2 ? names.join(' and ') : `${names.slice(0, -1).join(', ')}, and ${names[names.length - 1]}`;
  throw new Error(`Incorrect types for input modules: ${listed}`);
}

const CONVRELU1D = signature<{ conv: Module; relu: Module }>('ConvReLU1d', 'conv: Module, relu: Module');

/**
 * `nn.Conv1d` then `nn.ReLU`, which are quantized as one. `fuse_modules` makes it. Mirrors `torch.ao.nn.intrinsic.ConvReLU1d`.
 *
 * @param conv - of the class `nn.Conv1d` itself
 * @param relu - of the class `nn.ReLU` itself
 * @throws Error for other classes
 * @example
 * ```ts
 * print(new torch.ao.nn.intrinsic.ConvReLU1d(new nn.Conv1d(1, 2, 2), new nn.ReLU()));
 * ```
 * ```python
 * print(torch.ao.nn.intrinsic.ConvReLU1d(nn.Conv1d(1, 2, 2), nn.ReLU()))
 * ```
 */
export class ConvReLU1d extends FusedModule {
  constructor(conv: Conv1d, relu: ReLU);
  constructor(...args: unknown[]) {
    const { conv, relu } = CONVRELU1D.read(args);
    check_types([conv, relu], [Conv1d, ReLU]);
    super(conv, relu);
  }
}

const CONVRELU2D = signature<{ conv: Module; relu: Module }>('ConvReLU2d', 'conv: Module, relu: Module');

/**
 * `nn.Conv2d` then `nn.ReLU`, which are quantized as one. `fuse_modules` makes it. Mirrors `torch.ao.nn.intrinsic.ConvReLU2d`.
 *
 * @param conv - of the class `nn.Conv2d` itself
 * @param relu - of the class `nn.ReLU` itself
 * @throws Error for other classes
 * @example
 * ```ts
 * print(new torch.ao.nn.intrinsic.ConvReLU2d(new nn.Conv2d(1, 2, 2), new nn.ReLU()));
 * ```
 * ```python
 * print(torch.ao.nn.intrinsic.ConvReLU2d(nn.Conv2d(1, 2, 2), nn.ReLU()))
 * ```
 */
export class ConvReLU2d extends FusedModule {
  constructor(conv: Conv2d, relu: ReLU);
  constructor(...args: unknown[]) {
    const { conv, relu } = CONVRELU2D.read(args);
    check_types([conv, relu], [Conv2d, ReLU]);
    super(conv, relu);
  }
}

const CONVRELU3D = signature<{ conv: Module; relu: Module }>('ConvReLU3d', 'conv: Module, relu: Module');

/**
 * `nn.Conv3d` then `nn.ReLU`, which are quantized as one. `fuse_modules` makes it. Mirrors `torch.ao.nn.intrinsic.ConvReLU3d`.
 *
 * @param conv - of the class `nn.Conv3d` itself
 * @param relu - of the class `nn.ReLU` itself
 * @throws Error for other classes
 * @example
 * ```ts
 * print(new torch.ao.nn.intrinsic.ConvReLU3d(new nn.Conv3d(1, 2, 2), new nn.ReLU()));
 * ```
 * ```python
 * print(torch.ao.nn.intrinsic.ConvReLU3d(nn.Conv3d(1, 2, 2), nn.ReLU()))
 * ```
 */
export class ConvReLU3d extends FusedModule {
  constructor(conv: Conv3d, relu: ReLU);
  constructor(...args: unknown[]) {
    const { conv, relu } = CONVRELU3D.read(args);
    check_types([conv, relu], [Conv3d, ReLU]);
    super(conv, relu);
  }
}

const LINEARRELU = signature<{ linear: Module; relu: Module }>('LinearReLU', 'linear: Module, relu: Module');

/**
 * `nn.Linear` then `nn.ReLU`, which are quantized as one. `fuse_modules` makes it. Mirrors `torch.ao.nn.intrinsic.LinearReLU`.
 *
 * @param linear - of the class `nn.Linear` itself
 * @param relu - of the class `nn.ReLU` itself
 * @throws Error for other classes
 * @example
 * ```ts
 * print(new torch.ao.nn.intrinsic.LinearReLU(new nn.Linear(2, 1), new nn.ReLU()));
 * ```
 * ```python
 * print(torch.ao.nn.intrinsic.LinearReLU(nn.Linear(2, 1), nn.ReLU()))
 * ```
 */
export class LinearReLU extends FusedModule {
  constructor(linear: Linear, relu: ReLU);
  constructor(...args: unknown[]) {
    const { linear, relu } = LINEARRELU.read(args);
    check_types([linear, relu], [Linear, ReLU]);
    super(linear, relu);
  }
}

const CONVBN1D = signature<{ conv: Module; bn: Module }>('ConvBn1d', 'conv: Module, bn: Module');

/**
 * `nn.Conv1d` then `nn.BatchNorm1d`, which are quantized as one. `fuse_modules` makes it. Mirrors `torch.ao.nn.intrinsic.ConvBn1d`.
 *
 * @param conv - of the class `nn.Conv1d` itself
 * @param bn - of the class `nn.BatchNorm1d` itself
 * @throws Error for other classes
 * @example
 * ```ts
 * print(new torch.ao.nn.intrinsic.ConvBn1d(new nn.Conv1d(1, 2, 2), new nn.BatchNorm1d(2)));
 * ```
 * ```python
 * print(torch.ao.nn.intrinsic.ConvBn1d(nn.Conv1d(1, 2, 2), nn.BatchNorm1d(2)))
 * ```
 */
export class ConvBn1d extends FusedModule {
  constructor(conv: Conv1d, bn: BatchNorm1d);
  constructor(...args: unknown[]) {
    const { conv, bn } = CONVBN1D.read(args);
    check_types([conv, bn], [Conv1d, BatchNorm1d]);
    super(conv, bn);
  }
}

const CONVBN2D = signature<{ conv: Module; bn: Module }>('ConvBn2d', 'conv: Module, bn: Module');

/**
 * `nn.Conv2d` then `nn.BatchNorm2d`, which are quantized as one. `fuse_modules` makes it. Mirrors `torch.ao.nn.intrinsic.ConvBn2d`.
 *
 * @param conv - of the class `nn.Conv2d` itself
 * @param bn - of the class `nn.BatchNorm2d` itself
 * @throws Error for other classes
 * @example
 * ```ts
 * print(new torch.ao.nn.intrinsic.ConvBn2d(new nn.Conv2d(1, 2, 2), new nn.BatchNorm2d(2)));
 * ```
 * ```python
 * print(torch.ao.nn.intrinsic.ConvBn2d(nn.Conv2d(1, 2, 2), nn.BatchNorm2d(2)))
 * ```
 */
export class ConvBn2d extends FusedModule {
  constructor(conv: Conv2d, bn: BatchNorm2d);
  constructor(...args: unknown[]) {
    const { conv, bn } = CONVBN2D.read(args);
    check_types([conv, bn], [Conv2d, BatchNorm2d]);
    super(conv, bn);
  }
}

const CONVBN3D = signature<{ conv: Module; bn: Module }>('ConvBn3d', 'conv: Module, bn: Module');

/**
 * `nn.Conv3d` then `nn.BatchNorm3d`, which are quantized as one. `fuse_modules` makes it. Mirrors `torch.ao.nn.intrinsic.ConvBn3d`.
 *
 * @param conv - of the class `nn.Conv3d` itself
 * @param bn - of the class `nn.BatchNorm3d` itself
 * @throws Error for other classes
 * @example
 * ```ts
 * print(new torch.ao.nn.intrinsic.ConvBn3d(new nn.Conv3d(1, 2, 2), new nn.BatchNorm3d(2)));
 * ```
 * ```python
 * print(torch.ao.nn.intrinsic.ConvBn3d(nn.Conv3d(1, 2, 2), nn.BatchNorm3d(2)))
 * ```
 */
export class ConvBn3d extends FusedModule {
  constructor(conv: Conv3d, bn: BatchNorm3d);
  constructor(...args: unknown[]) {
    const { conv, bn } = CONVBN3D.read(args);
    check_types([conv, bn], [Conv3d, BatchNorm3d]);
    super(conv, bn);
  }
}

const CONVBNRELU1D = signature<{ conv: Module; bn: Module; relu: Module }>(
  'ConvBnReLU1d',
  'conv: Module, bn: Module, relu: Module',
);

/**
 * `nn.Conv1d` then `nn.BatchNorm1d` then `nn.ReLU`, which are quantized as one. `fuse_modules` makes it. Mirrors `torch.ao.nn.intrinsic.ConvBnReLU1d`.
 *
 * @param conv - of the class `nn.Conv1d` itself
 * @param bn - of the class `nn.BatchNorm1d` itself
 * @param relu - of the class `nn.ReLU` itself
 * @throws Error for other classes
 * @example
 * ```ts
 * print(new torch.ao.nn.intrinsic.ConvBnReLU1d(new nn.Conv1d(1, 2, 2), new nn.BatchNorm1d(2), new nn.ReLU()));
 * ```
 * ```python
 * print(torch.ao.nn.intrinsic.ConvBnReLU1d(nn.Conv1d(1, 2, 2), nn.BatchNorm1d(2), nn.ReLU()))
 * ```
 */
export class ConvBnReLU1d extends FusedModule {
  constructor(conv: Conv1d, bn: BatchNorm1d, relu: ReLU);
  constructor(...args: unknown[]) {
    const { conv, bn, relu } = CONVBNRELU1D.read(args);
    check_types([conv, bn, relu], [Conv1d, BatchNorm1d, ReLU]);
    super(conv, bn, relu);
  }
}

const CONVBNRELU2D = signature<{ conv: Module; bn: Module; relu: Module }>(
  'ConvBnReLU2d',
  'conv: Module, bn: Module, relu: Module',
);

/**
 * `nn.Conv2d` then `nn.BatchNorm2d` then `nn.ReLU`, which are quantized as one. `fuse_modules` makes it. Mirrors `torch.ao.nn.intrinsic.ConvBnReLU2d`.
 *
 * @param conv - of the class `nn.Conv2d` itself
 * @param bn - of the class `nn.BatchNorm2d` itself
 * @param relu - of the class `nn.ReLU` itself
 * @throws Error for other classes
 * @example
 * ```ts
 * print(new torch.ao.nn.intrinsic.ConvBnReLU2d(new nn.Conv2d(1, 2, 2), new nn.BatchNorm2d(2), new nn.ReLU()));
 * ```
 * ```python
 * print(torch.ao.nn.intrinsic.ConvBnReLU2d(nn.Conv2d(1, 2, 2), nn.BatchNorm2d(2), nn.ReLU()))
 * ```
 */
export class ConvBnReLU2d extends FusedModule {
  constructor(conv: Conv2d, bn: BatchNorm2d, relu: ReLU);
  constructor(...args: unknown[]) {
    const { conv, bn, relu } = CONVBNRELU2D.read(args);
    check_types([conv, bn, relu], [Conv2d, BatchNorm2d, ReLU]);
    super(conv, bn, relu);
  }
}

const CONVBNRELU3D = signature<{ conv: Module; bn: Module; relu: Module }>(
  'ConvBnReLU3d',
  'conv: Module, bn: Module, relu: Module',
);

/**
 * `nn.Conv3d` then `nn.BatchNorm3d` then `nn.ReLU`, which are quantized as one. `fuse_modules` makes it. Mirrors `torch.ao.nn.intrinsic.ConvBnReLU3d`.
 *
 * @param conv - of the class `nn.Conv3d` itself
 * @param bn - of the class `nn.BatchNorm3d` itself
 * @param relu - of the class `nn.ReLU` itself
 * @throws Error for other classes
 * @example
 * ```ts
 * print(new torch.ao.nn.intrinsic.ConvBnReLU3d(new nn.Conv3d(1, 2, 2), new nn.BatchNorm3d(2), new nn.ReLU()));
 * ```
 * ```python
 * print(torch.ao.nn.intrinsic.ConvBnReLU3d(nn.Conv3d(1, 2, 2), nn.BatchNorm3d(2), nn.ReLU()))
 * ```
 */
export class ConvBnReLU3d extends FusedModule {
  constructor(conv: Conv3d, bn: BatchNorm3d, relu: ReLU);
  constructor(...args: unknown[]) {
    const { conv, bn, relu } = CONVBNRELU3D.read(args);
    check_types([conv, bn, relu], [Conv3d, BatchNorm3d, ReLU]);
    super(conv, bn, relu);
  }
}

const BNRELU2D = signature<{ batch_norm: Module; relu: Module }>('BNReLU2d', 'batch_norm: Module, relu: Module');

/**
 * `nn.BatchNorm2d` then `nn.ReLU`, which are quantized as one. `fuse_modules` makes it. Mirrors `torch.ao.nn.intrinsic.BNReLU2d`.
 *
 * @param batch_norm - of the class `nn.BatchNorm2d` itself
 * @param relu - of the class `nn.ReLU` itself
 * @throws Error for other classes
 * @example
 * ```ts
 * print(new torch.ao.nn.intrinsic.BNReLU2d(new nn.BatchNorm2d(2), new nn.ReLU()));
 * ```
 * ```python
 * print(torch.ao.nn.intrinsic.BNReLU2d(nn.BatchNorm2d(2), nn.ReLU()))
 * ```
 */
export class BNReLU2d extends FusedModule {
  constructor(batch_norm: BatchNorm2d, relu: ReLU);
  constructor(...args: unknown[]) {
    const { batch_norm, relu } = BNRELU2D.read(args);
    check_types([batch_norm, relu], [BatchNorm2d, ReLU]);
    super(batch_norm, relu);
  }
}

const BNRELU3D = signature<{ batch_norm: Module; relu: Module }>('BNReLU3d', 'batch_norm: Module, relu: Module');

/**
 * `nn.BatchNorm3d` then `nn.ReLU`, which are quantized as one. `fuse_modules` makes it. Mirrors `torch.ao.nn.intrinsic.BNReLU3d`.
 *
 * @param batch_norm - of the class `nn.BatchNorm3d` itself
 * @param relu - of the class `nn.ReLU` itself
 * @throws Error for other classes
 * @example
 * ```ts
 * print(new torch.ao.nn.intrinsic.BNReLU3d(new nn.BatchNorm3d(2), new nn.ReLU()));
 * ```
 * ```python
 * print(torch.ao.nn.intrinsic.BNReLU3d(nn.BatchNorm3d(2), nn.ReLU()))
 * ```
 */
export class BNReLU3d extends FusedModule {
  constructor(batch_norm: BatchNorm3d, relu: ReLU);
  constructor(...args: unknown[]) {
    const { batch_norm, relu } = BNRELU3D.read(args);
    check_types([batch_norm, relu], [BatchNorm3d, ReLU]);
    super(batch_norm, relu);
  }
}

const LINEARBN1D = signature<{ linear: Module; bn: Module }>('LinearBn1d', 'linear: Module, bn: Module');

/**
 * `nn.Linear` then `nn.BatchNorm1d`, which are quantized as one. `fuse_modules` makes it. Mirrors `torch.ao.nn.intrinsic.LinearBn1d`.
 *
 * @param linear - of the class `nn.Linear` itself
 * @param bn - of the class `nn.BatchNorm1d` itself
 * @throws Error for other classes
 * @example
 * ```ts
 * print(new torch.ao.nn.intrinsic.LinearBn1d(new nn.Linear(2, 1), new nn.BatchNorm1d(1)));
 * ```
 * ```python
 * print(torch.ao.nn.intrinsic.LinearBn1d(nn.Linear(2, 1), nn.BatchNorm1d(1)))
 * ```
 */
export class LinearBn1d extends FusedModule {
  constructor(linear: Linear, bn: BatchNorm1d);
  constructor(...args: unknown[]) {
    const { linear, bn } = LINEARBN1D.read(args);
    check_types([linear, bn], [Linear, BatchNorm1d]);
    super(linear, bn);
  }
}
