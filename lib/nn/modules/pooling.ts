import type { Tensor } from '../../_tensor.js';
import { spread } from '../../_internal/arguments.js';
import { family, forward_takes } from './forward_arguments.js';
import * as F from '../functional/index.js';
import { Module } from './module.js';
import { python_bool, python_float, python_size } from '../../_internal/representation.js';
import { method_signature, signature, type Arguments } from '../../_internal/signature.js';

/** What the max poolings take by name. */
export interface MaxPoolModuleOptions<I extends boolean = boolean> {
  /** Default: the kernel size. */
  stride?: F.IntOrSize | null;
  padding?: F.IntOrSize;
  dilation?: F.IntOrSize;
  /** Give the places of the maxima as well. */
  return_indices?: I;
  /** Round the output size up. */
  ceil_mode?: boolean;
}

/** What a max pooling gives: the maxima, and their places when it was asked for them. */
export type MaxPoolOutput<I extends boolean> = I extends true ? [output: Tensor, indices: Tensor] : Tensor;

type MaxPoolArguments<I extends boolean> = Arguments<
  [
    kernel_size: F.IntOrSize,
    stride?: F.IntOrSize | null,
    padding?: F.IntOrSize,
    dilation?: F.IntOrSize,
    return_indices?: I,
    ceil_mode?: boolean,
  ],
  MaxPoolModuleOptions<I> & { kernel_size: F.IntOrSize },
  ['kernel_size', 'stride', 'padding', 'dilation', 'return_indices', 'ceil_mode']
>;

const WINDOW = 'kernel_size: int|int[], stride?: int|int[]|None, padding?: int|int[]';
const MAX_POOL = family<MaxPoolModuleOptions & { kernel_size: F.IntOrSize }>(
  ['MaxPool1d', 'MaxPool2d', 'MaxPool3d'],
  `${WINDOW}, dilation?: int|int[], return_indices?: bool, ceil_mode?: bool`,
);

abstract class MaxPoolNd<I extends boolean> extends Module {
  declare kernel_size: F.IntOrSize;
  declare stride: F.IntOrSize;
  declare padding: F.IntOrSize;
  declare dilation: F.IntOrSize;
  declare return_indices: boolean;
  declare ceil_mode: boolean;

  constructor(...args: MaxPoolArguments<I>);
  constructor(...args: unknown[]) {
    super();
    const options = MAX_POOL.read(new.target, args);
    this.kernel_size = options.kernel_size;
    this.stride = options.stride ?? options.kernel_size;
    this.padding = options.padding ?? 0;
    this.dilation = options.dilation ?? 1;
    this.return_indices = options.return_indices ?? false;
    this.ceil_mode = options.ceil_mode ?? false;
  }

  override extra_repr(): string {
    return (
      `kernel_size=${python_size(this.kernel_size)}, stride=${python_size(this.stride)}, ` +
      `padding=${python_size(this.padding)}, dilation=${python_size(this.dilation)}, ` +
      `ceil_mode=${python_bool(this.ceil_mode)}`
    );
  }
}

/** The maximum in each window of (N, C, L) or (C, L). Mirrors `torch.nn.MaxPool1d`. */
export class MaxPool1d<I extends boolean = false> extends MaxPoolNd<I> {
  forward(input: Tensor): MaxPoolOutput<I> {
    const { kernel_size, stride, padding, dilation, ceil_mode, return_indices } = this;
    return F.max_pool1d(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices) as MaxPoolOutput<I>;
  }
}

/** The maximum in each window of (N, C, H, W) or (C, H, W). Mirrors `torch.nn.MaxPool2d`. */
export class MaxPool2d<I extends boolean = false> extends MaxPoolNd<I> {
  forward(input: Tensor): MaxPoolOutput<I> {
    const { kernel_size, stride, padding, dilation, ceil_mode, return_indices } = this;
    return F.max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices) as MaxPoolOutput<I>;
  }
}

/** The maximum in each window of (N, C, D, H, W) or (C, D, H, W). Mirrors `torch.nn.MaxPool3d`. */
export class MaxPool3d<I extends boolean = false> extends MaxPoolNd<I> {
  forward(input: Tensor): MaxPoolOutput<I> {
    const { kernel_size, stride, padding, dilation, ceil_mode, return_indices } = this;
    return F.max_pool3d(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices) as MaxPoolOutput<I>;
  }
}

/** What {@link AvgPool1d} takes by name. */
export interface AvgPool1dOptions {
  /** Default: the kernel size. */
  stride?: F.IntOrSize | null;
  padding?: F.IntOrSize;
  /** Round the output size up. */
  ceil_mode?: boolean;
  /** Let the padding count in the mean. Default true. */
  count_include_pad?: boolean;
}

/** What {@link AvgPool2d} and {@link AvgPool3d} take by name. */
export interface AvgPoolOptions extends AvgPool1dOptions {
  /** Divide by this instead of the size of the window. */
  divisor_override?: number | null;
}

abstract class AvgPoolNd extends Module {
  declare kernel_size: F.IntOrSize;
  declare stride: F.IntOrSize;
  declare padding: F.IntOrSize;
  declare ceil_mode: boolean;
  declare count_include_pad: boolean;

  constructor(options: AvgPool1dOptions & { kernel_size: F.IntOrSize }) {
    super();
    this.kernel_size = options.kernel_size;
    this.stride = options.stride ?? options.kernel_size;
    this.padding = options.padding ?? 0;
    this.ceil_mode = options.ceil_mode ?? false;
    this.count_include_pad = options.count_include_pad ?? true;
  }

  override extra_repr(): string {
    return (
      `kernel_size=${python_size(this.kernel_size)}, stride=${python_size(this.stride)}, ` +
      `padding=${python_size(this.padding)}`
    );
  }
}

type AvgPool1dArguments = Arguments<
  [
    kernel_size: F.IntOrSize,
    stride?: F.IntOrSize | null,
    padding?: F.IntOrSize,
    ceil_mode?: boolean,
    count_include_pad?: boolean,
  ],
  AvgPool1dOptions & { kernel_size: F.IntOrSize },
  ['kernel_size', 'stride', 'padding', 'ceil_mode', 'count_include_pad']
>;

type AvgPoolArguments = Arguments<
  [
    kernel_size: F.IntOrSize,
    stride?: F.IntOrSize | null,
    padding?: F.IntOrSize,
    ceil_mode?: boolean,
    count_include_pad?: boolean,
    divisor_override?: number | null,
  ],
  AvgPoolOptions & { kernel_size: F.IntOrSize },
  ['kernel_size', 'stride', 'padding', 'ceil_mode', 'count_include_pad', 'divisor_override']
>;

const AVG_POOL_1D = signature<AvgPool1dOptions & { kernel_size: F.IntOrSize }>(
  'AvgPool1d',
  `${WINDOW}, ceil_mode?: bool, count_include_pad?: bool`,
);
const AVG_POOL = family<AvgPoolOptions & { kernel_size: F.IntOrSize }>(
  ['AvgPool2d', 'AvgPool3d'],
  `${WINDOW}, ceil_mode?: bool, count_include_pad?: bool, divisor_override?: int|None`,
);

/** The mean in each window of (N, C, L) or (C, L). Mirrors `torch.nn.AvgPool1d`. */
export class AvgPool1d extends AvgPoolNd {
  constructor(...args: AvgPool1dArguments);
  constructor(...args: unknown[]) {
    const { kernel_size, stride, padding = 0, ...rest } = AVG_POOL_1D.read(args);
    super({
      kernel_size: spread(kernel_size, 1),
      stride: spread(stride ?? kernel_size, 1),
      padding: spread(padding, 1),
      ...rest,
    });
  }

  forward(input: Tensor): Tensor {
    const { kernel_size, stride, padding, ceil_mode, count_include_pad } = this;
    return F.avg_pool1d(input, kernel_size, stride, padding, ceil_mode, count_include_pad);
  }
}

/** The mean in each window of (N, C, H, W) or (C, H, W). Mirrors `torch.nn.AvgPool2d`. */
export class AvgPool2d extends AvgPoolNd {
  declare divisor_override: number | null;

  constructor(...args: AvgPoolArguments);
  constructor(...args: unknown[]) {
    const options = AVG_POOL.read(new.target, args);
    super(options);
    this.divisor_override = options.divisor_override ?? null;
  }

  forward(input: Tensor): Tensor {
    const { kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override } = this;
    return F.avg_pool2d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
  }
}

/** The mean in each window of (N, C, D, H, W) or (C, D, H, W). Mirrors `torch.nn.AvgPool3d`. */
export class AvgPool3d extends AvgPoolNd {
  declare divisor_override: number | null;

  constructor(...args: AvgPoolArguments);
  constructor(...args: unknown[]) {
    const options = AVG_POOL.read(new.target, args);
    super(options);
    this.divisor_override = options.divisor_override ?? null;
  }

  forward(input: Tensor): Tensor {
    const { kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override } = this;
    return F.avg_pool3d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
  }
}

abstract class AdaptivePoolNd<S extends F.IntOrSizeOrNull> extends Module {
  declare output_size: S;

  constructor(output_size: S | { output_size: S });
  constructor(...args: unknown[]) {
    super();
    this.output_size = ADAPTIVE_POOL.read(new.target, args).output_size as S;
  }

  override extra_repr(): string {
    return `output_size=${python_size(this.output_size)}`;
  }
}

const OUTPUT_SIZE = 'output_size: int|(int|None)[]|None';
const ADAPTIVE_POOL = family<{ output_size: F.IntOrSizeOrNull; return_indices?: boolean }>(
  ['AdaptiveAvgPool1d', 'AdaptiveAvgPool2d', 'AdaptiveAvgPool3d'],
  OUTPUT_SIZE,
);
const ADAPTIVE_MAX_POOL = family<{ output_size: F.IntOrSizeOrNull; return_indices?: boolean }>(
  ['AdaptiveMaxPool1d', 'AdaptiveMaxPool2d', 'AdaptiveMaxPool3d'],
  `${OUTPUT_SIZE}, return_indices?: bool`,
);

/** The mean over windows chosen for a given output size. Mirrors `torch.nn.AdaptiveAvgPool1d`. */
export class AdaptiveAvgPool1d extends AdaptivePoolNd<F.IntOrSize> {
  forward(input: Tensor): Tensor {
    return F.adaptive_avg_pool1d(input, this.output_size);
  }
}

/**
 * The mean over windows chosen for a given output size; null keeps a size. Mirrors
 * `torch.nn.AdaptiveAvgPool2d`.
 */
export class AdaptiveAvgPool2d extends AdaptivePoolNd<F.IntOrSizeOrNull> {
  forward(input: Tensor): Tensor {
    return F.adaptive_avg_pool2d(input, this.output_size);
  }
}

/**
 * The mean over windows chosen for a given output size; null keeps a size. Mirrors
 * `torch.nn.AdaptiveAvgPool3d`.
 */
export class AdaptiveAvgPool3d extends AdaptivePoolNd<F.IntOrSizeOrNull> {
  forward(input: Tensor): Tensor {
    return F.adaptive_avg_pool3d(input, this.output_size);
  }
}

abstract class AdaptiveMaxPoolNd<S extends F.IntOrSizeOrNull, I extends boolean> extends Module {
  declare output_size: S;
  declare return_indices: boolean;

  constructor(
    ...args: Arguments<
      [output_size: S, return_indices?: I],
      { output_size: S; return_indices?: I },
      ['output_size', 'return_indices']
    >
  );
  constructor(...args: unknown[]) {
    super();
    const { output_size, return_indices = false } = ADAPTIVE_MAX_POOL.read(new.target, args);
    this.output_size = output_size as S;
    this.return_indices = return_indices;
  }

  override extra_repr(): string {
    return `output_size=${python_size(this.output_size)}`;
  }
}

/** The maximum over windows chosen for a given output size. Mirrors `torch.nn.AdaptiveMaxPool1d`. */
export class AdaptiveMaxPool1d<I extends boolean = false> extends AdaptiveMaxPoolNd<F.IntOrSize, I> {
  forward(input: Tensor): MaxPoolOutput<I> {
    return F.adaptive_max_pool1d(input, this.output_size, this.return_indices) as MaxPoolOutput<I>;
  }
}

/**
 * The maximum over windows chosen for a given output size; null keeps a size. Mirrors
 * `torch.nn.AdaptiveMaxPool2d`.
 */
export class AdaptiveMaxPool2d<I extends boolean = false> extends AdaptiveMaxPoolNd<F.IntOrSizeOrNull, I> {
  forward(input: Tensor): MaxPoolOutput<I> {
    return F.adaptive_max_pool2d(input, this.output_size, this.return_indices) as MaxPoolOutput<I>;
  }
}

/**
 * The maximum over windows chosen for a given output size; null keeps a size. Mirrors
 * `torch.nn.AdaptiveMaxPool3d`.
 */
export class AdaptiveMaxPool3d<I extends boolean = false> extends AdaptiveMaxPoolNd<F.IntOrSizeOrNull, I> {
  forward(input: Tensor): MaxPoolOutput<I> {
    return F.adaptive_max_pool3d(input, this.output_size, this.return_indices) as MaxPoolOutput<I>;
  }
}

// ---- Unpooling, fractional and power-average pooling --------------------------------------------

/** What the unpoolings take by name. */
export interface MaxUnpoolModuleOptions {
  /** Default: the kernel size. */
  stride?: F.IntOrSize | null;
  padding?: F.IntOrSize;
}

abstract class MaxUnpoolNd extends Module {
  declare kernel_size: readonly number[];
  declare stride: readonly number[];
  declare padding: readonly number[];

  constructor(
    dimensions: number,
    { kernel_size, stride, padding = 0 }: MaxUnpoolModuleOptions & { kernel_size: F.IntOrSize },
  ) {
    super();
    this.kernel_size = spread(kernel_size, dimensions);
    this.stride = spread(stride ?? kernel_size, dimensions);
    this.padding = spread(padding, dimensions);
  }

  override extra_repr(): string {
    return (
      `kernel_size=${python_size(this.kernel_size)}, stride=${python_size(this.stride)}, ` +
      `padding=${python_size(this.padding)}`
    );
  }
}

interface UnpoolInput {
  input: Tensor;
  indices: Tensor;
  output_size?: readonly number[] | null;
}

type UnpoolArguments = Arguments<
  [input: Tensor, indices: Tensor, output_size?: readonly number[] | null],
  UnpoolInput,
  ['input', 'indices', 'output_size']
>;

interface MaxUnpool extends MaxUnpoolNd {
  forward(...args: UnpoolArguments): Tensor;
}

type MaxUnpoolClass = new (
  ...args: Arguments<
    [kernel_size: F.IntOrSize, stride?: F.IntOrSize | null, padding?: F.IntOrSize],
    MaxUnpoolModuleOptions & { kernel_size: F.IntOrSize },
    ['kernel_size', 'stride', 'padding']
  >
) => MaxUnpool;

function max_unpool_class(dimensions: number, unpool: F.MaxUnpoolFunction): MaxUnpoolClass {
  const takes = signature<MaxUnpoolModuleOptions & { kernel_size: F.IntOrSize }>(`MaxUnpool${dimensions}d`, WINDOW);
  const forward_arguments = method_signature<UnpoolInput>(
    `MaxUnpool${dimensions}d.forward`,
    'input: Tensor, indices: Tensor, output_size?: int[]|None',
  );
  const made = class extends MaxUnpoolNd {
    constructor(...args: unknown[]) {
      super(dimensions, takes.read(args));
    }

    forward(...args: unknown[]): Tensor {
      const { input, indices, output_size = null } = forward_arguments.read(args);
      return unpool(input, indices, this.kernel_size, this.stride, this.padding, output_size);
    }
  };
  return made as unknown as MaxUnpoolClass;
}

/** Puts maxima back to where {@link MaxPool1d} found them; the rest is zero. Mirrors `torch.nn.MaxUnpool1d`. */
export class MaxUnpool1d extends max_unpool_class(1, F.max_unpool1d) {}

/** Puts maxima back to where {@link MaxPool2d} found them; the rest is zero. Mirrors `torch.nn.MaxUnpool2d`. */
export class MaxUnpool2d extends max_unpool_class(2, F.max_unpool2d) {}

/** Puts maxima back to where {@link MaxPool3d} found them; the rest is zero. Mirrors `torch.nn.MaxUnpool3d`. */
export class MaxUnpool3d extends max_unpool_class(3, F.max_unpool3d) {}

/** What the fractional max poolings take by name: one of `output_size` and `output_ratio` must be there. */
export interface FractionalMaxPoolModuleOptions<I extends boolean = boolean> {
  output_size?: F.IntOrSize | null;
  /** Output size over input size, in (0, 1). */
  output_ratio?: F.IntOrSize | null;
  /** Give the places of the maxima as well. */
  return_indices?: I;
  /** Numbers in [0, 1) of shape (N, C, spatial dimensions) that place the windows; drawn at random when left out. */
  _random_samples?: Tensor | null;
}

type FractionalArguments<I extends boolean> = Arguments<
  [
    kernel_size: F.IntOrSize,
    output_size?: F.IntOrSize | null,
    output_ratio?: F.IntOrSize | null,
    return_indices?: I,
    _random_samples?: Tensor | null,
  ],
  FractionalMaxPoolModuleOptions<I> & { kernel_size: F.IntOrSize },
  ['kernel_size', 'output_size', 'output_ratio', 'return_indices', '_random_samples']
>;

const FRACTIONAL_MAX_POOL = family<FractionalMaxPoolModuleOptions & { kernel_size: F.IntOrSize }>(
  ['FractionalMaxPool2d', 'FractionalMaxPool3d'],
  'kernel_size: int|int[], output_size?: int|int[]|None, ' +
    'output_ratio?: float|float[]|None, return_indices?: bool, _random_samples?: Tensor|None',
);

abstract class FractionalMaxPoolNd<I extends boolean> extends Module {
  declare kernel_size: readonly number[];
  declare return_indices: boolean;
  declare _random_samples: Tensor | null;
  declare output_size: readonly number[] | null;
  declare output_ratio: readonly number[] | null;

  constructor(dimensions: number, options: FractionalMaxPoolModuleOptions & { kernel_size: F.IntOrSize }) {
    super();
    const name = this._get_name();
    const { kernel_size, output_size = null, output_ratio = null, return_indices = false } = options;
    this.kernel_size = spread(kernel_size, dimensions);
    if (dimensions === 3 && this.kernel_size.some((size) => size <= 0)) {
      throw new Error(`kernel_size must be greater than 0, but got ${python_size(kernel_size)}`);
    }
    this.return_indices = return_indices;
    this.register_buffer('_random_samples', options._random_samples ?? null);
    this.output_size = output_size === null ? null : spread(output_size, dimensions);
    this.output_ratio = output_ratio === null ? null : spread(output_ratio, dimensions);
    if (output_size === null && output_ratio === null) {
      throw new Error(`${name} requires specifying either an output size, or a pooling ratio`);
    }
    if (output_size !== null && output_ratio !== null) {
      throw new Error('only one of output_size and output_ratio may be specified');
    }
    if (this.output_ratio?.some((ratio) => !(ratio > 0 && ratio < 1))) {
      throw new Error(`output_ratio must be between 0 and 1 (got ${python_size(output_ratio!)})`);
    }
  }

  /** What `pool` gives of an input. */
  protected pooled(pool: F.FractionalMaxPoolFunction, input: Tensor): MaxPoolOutput<I> {
    const { kernel_size, output_size, output_ratio, return_indices, _random_samples } = this;
    return pool(input, { kernel_size, output_size, output_ratio, return_indices, _random_samples }) as MaxPoolOutput<I>;
  }
}

/**
 * The maximum in windows of (N, C, H, W) or (C, H, W) whose steps are drawn at random to meet the output size. Mirrors
 * `torch.nn.FractionalMaxPool2d`.
 */
export class FractionalMaxPool2d<I extends boolean = false> extends FractionalMaxPoolNd<I> {
  constructor(...args: FractionalArguments<I>);
  constructor(...args: unknown[]) {
    super(2, FRACTIONAL_MAX_POOL.read(new.target, args));
  }

  forward(input: Tensor): MaxPoolOutput<I> {
    return this.pooled(F.fractional_max_pool2d, input);
  }
}

/**
 * The maximum in windows of (N, C, D, H, W) or (C, D, H, W) whose steps are drawn at random to meet the output size.
 * Mirrors `torch.nn.FractionalMaxPool3d`.
 */
export class FractionalMaxPool3d<I extends boolean = false> extends FractionalMaxPoolNd<I> {
  constructor(...args: FractionalArguments<I>);
  constructor(...args: unknown[]) {
    super(3, FRACTIONAL_MAX_POOL.read(new.target, args));
  }

  forward(input: Tensor): MaxPoolOutput<I> {
    return this.pooled(F.fractional_max_pool3d, input);
  }
}

/** What each power-average pooling must be given. */
export interface LPPoolSizes {
  /** Order of the norm. */
  norm_type: number;
  kernel_size: F.IntOrSize;
}

abstract class LPPoolNd extends Module {
  declare norm_type: number;
  declare kernel_size: F.IntOrSize;
  declare stride: F.IntOrSize | null;
  declare ceil_mode: boolean;

  constructor({ norm_type, kernel_size, stride = null, ceil_mode = false }: F.LPPoolOptions & LPPoolSizes) {
    super();
    this.norm_type = norm_type;
    this.kernel_size = kernel_size;
    this.stride = stride;
    this.ceil_mode = ceil_mode;
  }

  override extra_repr(): string {
    return (
      `norm_type=${python_float(this.norm_type)}, kernel_size=${python_size(this.kernel_size)}, ` +
      `stride=${python_size(this.stride)}, ceil_mode=${python_bool(this.ceil_mode)}`
    );
  }
}

interface LPPool extends LPPoolNd {
  forward(input: Tensor): Tensor;
}

type LPPoolClass = new (
  ...args: Arguments<
    [norm_type: number, kernel_size: F.IntOrSize, stride?: F.IntOrSize | null, ceil_mode?: boolean],
    F.LPPoolOptions & LPPoolSizes,
    ['norm_type', 'kernel_size', 'stride', 'ceil_mode']
  >
) => LPPool;

function lp_pool_class(dimensions: number, pool: F.LPPoolFunction): LPPoolClass {
  const takes = signature<F.LPPoolOptions & LPPoolSizes>(
    `LPPool${dimensions}d`,
    'norm_type: float, kernel_size: int|int[], stride?: int|int[]|None, ceil_mode?: bool',
  );
  const made = class extends LPPoolNd {
    constructor(...args: unknown[]) {
      super(takes.read(args));
    }

    forward(input: Tensor): Tensor {
      return pool(input, this.norm_type, this.kernel_size, this.stride, this.ceil_mode);
    }
  };
  forward_takes(made, 'input: Tensor', `LPPool${dimensions}d.forward`);
  return made as unknown as LPPoolClass;
}

/** The `norm_type`-norm of each window of (N, C, L) or (C, L). Mirrors `torch.nn.LPPool1d`. */
export class LPPool1d extends lp_pool_class(1, F.lp_pool1d) {}

/** The `norm_type`-norm of each window of (N, C, H, W) or (C, H, W). Mirrors `torch.nn.LPPool2d`. */
export class LPPool2d extends lp_pool_class(2, F.lp_pool2d) {}

/** The `norm_type`-norm of each window of (N, C, D, H, W) or (C, D, H, W). Mirrors `torch.nn.LPPool3d`. */
export class LPPool3d extends lp_pool_class(3, F.lp_pool3d) {}

for (const module of [
  MaxPool1d,
  MaxPool2d,
  MaxPool3d,
  AvgPool1d,
  AvgPool2d,
  AvgPool3d,
  AdaptiveAvgPool1d,
  AdaptiveAvgPool2d,
  AdaptiveAvgPool3d,
  AdaptiveMaxPool1d,
  AdaptiveMaxPool2d,
  AdaptiveMaxPool3d,
  FractionalMaxPool2d,
  FractionalMaxPool3d,
])
  forward_takes(module, 'input: Tensor');
