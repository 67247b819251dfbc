/** Locators and formatters that programs make. Mirrors `matplotlib.ticker`. */
import { method_signature, signature } from '../_internal/signature.js';
import { python_format } from '../python/format_spec.js';
import { percent_format } from './charts.js';
import {
  every_so_many,
  Edge,
  fix_minus,
  FixedFormatter as InnerFixedFormatter,
  FixedLocator as InnerFixedLocator,
  type Formatter,
  FuncFormatter as InnerFuncFormatter,
  type Locator,
  MaxNLocator as InnerMaxNLocator,
  MinorLocator,
  nonsingular,
  type TickAxis,
} from './ticker.js';
import { flat_floats, linspace, type Values } from './values.js';

export type { Formatter, Locator };

const no_options = (name: string): ReturnType<typeof method_signature<object>> => method_signature<object>(name);
const SIG = {
  MultipleLocator: method_signature<{ base?: number; offset?: number }>(
    'MultipleLocator',
    'base?: float, offset?: float',
  ),
  MaxNLocator: method_signature<MaxNOptions & { nbins?: number | 'auto' | null }>(
    'MaxNLocator',
    'nbins?: int|str|None, *, steps?: values|None, integer?: bool, symmetric?: bool, prune?: str|None, min_n_ticks?: int',
  ),
  AutoLocator: no_options('AutoLocator'),
  NullLocator: no_options('NullLocator'),
  NullFormatter: no_options('NullFormatter'),
  AutoMinorLocator: method_signature<{ n?: number | 'auto' | null }>('AutoMinorLocator', 'n?: int|str|None'),
  FixedLocator: method_signature<{ locs: Values; nbins?: number | null }>(
    'FixedLocator',
    'locs: values, nbins?: int|None',
  ),
  LinearLocator: method_signature<{ numticks?: number | null }>('LinearLocator', 'numticks?: int|None'),
  FixedFormatter: signature<{ seq: Iterable<unknown> }>('FixedFormatter', 'seq: Iterable'),
  FuncFormatter: signature<{ func: (value: number, position: number) => unknown }>('FuncFormatter', 'func: Callable'),
  FormatStrFormatter: signature<{ fmt: string }>('FormatStrFormatter', 'fmt: str'),
  StrMethodFormatter: signature<{ fmt: string }>('StrMethodFormatter', 'fmt: str'),
  PercentFormatter: method_signature<{ xmax?: number; decimals?: number | null; symbol?: string | null }>(
    'PercentFormatter',
    'xmax?: float, decimals?: int|None, symbol?: str|None',
  ),
};

/** The options of {@link MaxNLocator}. */
export interface MaxNOptions {
  /** Steps from 1 to 10 of which multiples by powers of ten are taken. */
  steps?: Values | null;
  /** Whether ticks are integers. */
  integer?: boolean;
  /** Whether ticks are the same on both sides of 0. */
  symmetric?: boolean;
  /** Which of the outermost ticks are left out. */
  prune?: 'lower' | 'upper' | 'both' | null;
  /** Default 2. */
  min_n_ticks?: number;
}

/**
 * Ticks at the multiples of a number, moved by an offset. Mirrors `matplotlib.ticker.MultipleLocator`.
 * @throws Error unless `base` is positive
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xlim(0, 1);
 * plt.gca().xaxis.set_major_locator(new plt.MultipleLocator(0.5));
 * print(plt.gca().get_xticks()); // [-0.5, 0, 0.5, 1, 1.5]
 * plt.close('all');
 * ```
 */
export class MultipleLocator implements Locator {
  private readonly base: number;
  private readonly offset: number;

  constructor(base?: number, offset?: number);
  constructor(options: { base?: number; offset?: number });
  constructor(...args: unknown[]) {
    const { base = 1, offset = 0 } = SIG.MultipleLocator.read(args);
    if (!(base > 0)) throw new Error("MultipleLocator(): 'step' must be positive");
    [this.base, this.offset] = [base, offset];
  }

  tick_values({ low, high }: TickAxis): number[] {
    const { base, offset } = this;
    const first = new Edge(base, 0).above(low - offset) * base;
    const count = Math.floor((high - offset - first + 0.001 * base) / base);
    if (count > 10_000) throw new Error(`MultipleLocator(): ${count} ticks are too many`);
    return Array.from({ length: count + 3 }, (_, i) => first - base + i * base + offset);
  }

  nonsingular(low: number, high: number): [number, number] {
    return nonsingular(low, high, 0.05);
  }

  view_limits(low: number, high: number): [number, number] {
    return nonsingular(low, high);
  }
}

/**
 * At most `nbins` intervals of a round length. Mirrors `matplotlib.ticker.MaxNLocator`.
 * @param nbins - default 10; `'auto'` for as many as there is room for
 * @throws Error for another `prune`, and for steps that do not increase from 1 to 10
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xlim(0, 7);
 * plt.gca().xaxis.set_major_locator(new plt.MaxNLocator(4, { integer: true }));
 * print(plt.gca().get_xticks()); // [0, 2, 4, 6, 8]
 * plt.close('all');
 * ```
 */
export class MaxNLocator extends InnerMaxNLocator {
  constructor(nbins?: number | 'auto' | null, options?: MaxNOptions);
  constructor(options: MaxNOptions & { nbins?: number | 'auto' | null });
  constructor(...args: unknown[]) {
    const { nbins = 10, steps = null, prune = null, min_n_ticks = 2, ...rest } = SIG.MaxNLocator.read(args);
    if (typeof nbins === 'string' ? nbins !== 'auto' : nbins !== null && nbins < 1)
      throw new Error(`MaxNLocator(): nbins must be a positive integer or 'auto', not ${String(nbins)}`);
    if (prune !== null && !['lower', 'upper', 'both'].includes(prune))
      throw new Error(
        `MaxNLocator(): '${String(prune)}' is not a valid value for prune; supported values are 'upper', 'lower', 'both', None`,
      );
    super(nbins ?? 10, steps === null ? undefined : round_steps([...flat_floats('MaxNLocator', steps)]), {
      ...rest,
      prune,
      min_n_ticks: Math.max(1, min_n_ticks),
    });
  }
}

/** Steps with 1 and 10 at the ends. */
function round_steps(steps: readonly number[]): number[] {
  const grows = steps.every((step, i) => i === 0 || step > steps[i - 1]!);
  if (!grows || steps.length === 0 || steps[0]! < 1 || steps[steps.length - 1]! > 10)
    throw new Error(
      'MaxNLocator(): steps argument must be an increasing sequence of numbers between 1 and 10 inclusive',
    );
  return [...(steps[0] === 1 ? [] : [1]), ...steps, ...(steps[steps.length - 1] === 10 ? [] : [10])];
}

/**
 * Ticks as axes have them at first: steps of 1, 2, 2.5 or 5, as many as there is room for. Mirrors `matplotlib.ticker.AutoLocator`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.gca().xaxis.set_major_locator(new plt.AutoLocator());
 * print(plt.gca().get_xticks().length); // 6
 * plt.close('all');
 * ```
 */
export class AutoLocator extends InnerMaxNLocator {
  constructor(...none: []);
  constructor(...args: unknown[]) {
    SIG.AutoLocator.read(args);
    super('auto', [1, 2, 2.5, 5, 10]);
  }
}

/**
 * Minor ticks that divide the steps between major ticks. Mirrors `matplotlib.ticker.AutoMinorLocator`.
 * @param n - in how many parts; default: five where steps are 1, 2.5 or 5 times a power of ten, else four
 * @throws Error unless `n` is positive
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xlim(0, 2);
 * plt.xticks([0, 1, 2]);
 * plt.gca().xaxis.set_minor_locator(new plt.ticker.AutoMinorLocator(2));
 * print(plt.gca().get_xticks({ minor: true })); // [0.5, 1.5]
 * plt.close('all');
 * ```
 */
export class AutoMinorLocator extends MinorLocator {
  constructor(n?: number | 'auto' | null | { n?: number | 'auto' | null });
  constructor(...args: unknown[]) {
    const { n = null } = SIG.AutoMinorLocator.read(args);
    if (typeof n === 'string' ? n !== 'auto' : n !== null && n < 1)
      throw new Error(`AutoMinorLocator(): n must be a positive integer or 'auto', not ${String(n)}`);
    super(n ?? 'auto');
  }
}

/**
 * Ticks at given positions; with `nbins`, at every so many of them. Mirrors `matplotlib.ticker.FixedLocator`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.gca().xaxis.set_major_locator(new plt.FixedLocator([0, 0.25, 1]));
 * print(plt.gca().get_xticks()); // [0, 0.25, 1]
 * plt.close('all');
 * ```
 */
export class FixedLocator extends InnerFixedLocator {
  constructor(locs: Values, nbins?: number | null | { nbins?: number | null });
  constructor(options: { locs: Values; nbins?: number | null });
  constructor(...args: unknown[]) {
    const { locs, nbins = null } = SIG.FixedLocator.read(args);
    const all = [...flat_floats('FixedLocator', locs)];
    super(nbins === null ? all : every_so_many(all, Math.max(nbins, 2)));
  }
}

/**
 * No ticks. Mirrors `matplotlib.ticker.NullLocator`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.gca().yaxis.set_major_locator(new plt.NullLocator());
 * print(plt.gca().get_yticks()); // []
 * plt.close('all');
 * ```
 */
export class NullLocator extends InnerFixedLocator {
  constructor(...none: []);
  constructor(...args: unknown[]) {
    SIG.NullLocator.read(args);
    super([]);
  }
}

/**
 * A number of ticks at equal distances from one limit to the other. Mirrors `matplotlib.ticker.LinearLocator`; without `presets`.
 * @param numticks - default 11
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xlim(0, 3);
 * plt.gca().xaxis.set_major_locator(new plt.LinearLocator(3));
 * print(plt.gca().get_xticks()); // [0, 1.5, 3]
 * plt.close('all');
 * ```
 */
export class LinearLocator implements Locator {
  private readonly numticks: number;

  constructor(numticks?: number | null | { numticks?: number | null });
  constructor(...args: unknown[]) {
    this.numticks = SIG.LinearLocator.read(args).numticks ?? 11;
    if (this.numticks < 0) throw new Error(`LinearLocator(): numticks must not be negative, not ${this.numticks}`);
  }

  tick_values({ low, high }: TickAxis): number[] {
    return [...linspace(low, high, this.numticks)];
  }

  nonsingular(low: number, high: number): [number, number] {
    return nonsingular(low, high, 0.05);
  }

  view_limits(low: number, high: number): [number, number] {
    return nonsingular(low, high);
  }
}

/**
 * Given labels, in the order of the ticks. Mirrors `matplotlib.ticker.FixedFormatter`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xticks([0, 1]);
 * plt.gca().xaxis.set_major_formatter(new plt.FixedFormatter(['low', 'high']));
 * print(plt.gca().get_xticklabels()); // ['low', 'high']
 * plt.close('all');
 * ```
 */
export class FixedFormatter extends InnerFixedFormatter {
  constructor(seq: Iterable<unknown> | { seq: Iterable<unknown> });
  constructor(...args: unknown[]) {
    super(Array.from(SIG.FixedFormatter.read(args).seq, String));
  }
}

/**
 * Labels that a function of a value and its position gives. Mirrors `matplotlib.ticker.FuncFormatter`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xticks([0, 1000]);
 * plt.gca().xaxis.set_major_formatter(new plt.FuncFormatter((x) => `${x / 1000}k`));
 * print(plt.gca().get_xticklabels()); // ['0k', '1k']
 * plt.close('all');
 * ```
 */
export class FuncFormatter extends InnerFuncFormatter {
  constructor(
    func: ((value: number, position: number) => unknown) | { func: (value: number, position: number) => unknown },
  );
  constructor(...args: unknown[]) {
    const { func } = SIG.FuncFormatter.read(args);
    super((value, position) => String(func(value, position)));
  }
}

/**
 * No labels. Mirrors `matplotlib.ticker.NullFormatter`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xticks([0, 1]);
 * plt.gca().xaxis.set_major_formatter(new plt.NullFormatter());
 * print(plt.gca().get_xticklabels()); // ['', '']
 * plt.close('all');
 * ```
 */
export class NullFormatter extends InnerFuncFormatter {
  constructor(...none: []);
  constructor(...args: unknown[]) {
    SIG.NullFormatter.read(args);
    super(() => '');
  }
}

/**
 * Labels by a format of Python's `%`. Mirrors `matplotlib.ticker.FormatStrFormatter`.
 * @throws Error for a format that does not take one number
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xticks([0, 1.5]);
 * plt.gca().xaxis.set_major_formatter(new plt.FormatStrFormatter('%.2f m'));
 * print(plt.gca().get_xticklabels()); // ['0.00 m', '1.50 m']
 * plt.close('all');
 * ```
 */
export class FormatStrFormatter extends InnerFuncFormatter {
  constructor(fmt: string | { fmt: string });
  constructor(...args: unknown[]) {
    const { fmt } = SIG.FormatStrFormatter.read(args);
    percent_format('FormatStrFormatter', fmt, 0);
    super((value) => percent_format('FormatStrFormatter', fmt, value));
  }
}

/**
 * Labels by a format of Python's `str.format`, with the fields `x` and `pos`. Mirrors `matplotlib.ticker.StrMethodFormatter`.
 * @throws Error for other fields
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.xticks([0, 1500]);
 * plt.gca().xaxis.set_major_formatter(new plt.ticker.StrMethodFormatter('{x:,.1f}'));
 * print(plt.gca().get_xticklabels()); // ['0.0', '1,500.0']
 * plt.close('all');
 * ```
 */
export class StrMethodFormatter extends InnerFuncFormatter {
  constructor(fmt: string | { fmt: string });
  constructor(...args: unknown[]) {
    const { fmt } = SIG.StrMethodFormatter.read(args);
    fill_fields(fmt, 0, 0);
    super((value, position) => fill_fields(fmt, value, position));
  }
}

function fill_fields(fmt: string, x: number, pos: number): string {
  return fmt.replace(/\{\{|\}\}|\{(\w*)(?::([^{}]*))?\}|[{}]/g, (all, name: string | undefined, spec = '') => {
    if (all === '{{' || all === '}}') return all[0]!;
    if (name === 'x') return fix_minus(python_format(x, spec as string, true));
    if (name === 'pos') return fix_minus(python_format(pos, spec as string));
    throw new Error(`StrMethodFormatter(): '${all}' in '${fmt}' is not a field of it; there are x and pos`);
  });
}

/**
 * Numbers as percentages of `xmax`. Mirrors `matplotlib.ticker.PercentFormatter`; without `is_latex`.
 * @param xmax - what is 100%; default 100
 * @param decimals - digits after the point; default: by the range of the axis
 * @param symbol - default `'%'`
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.yticks([0, 0.5, 1]);
 * plt.gca().yaxis.set_major_formatter(new plt.ticker.PercentFormatter(1));
 * print(plt.gca().get_yticklabels()); // ['0%', '50%', '100%']
 * plt.close('all');
 * ```
 */
export class PercentFormatter implements Formatter {
  private readonly xmax: number;
  private readonly decimals: number | null;
  private readonly symbol: string;

  constructor(xmax?: number, decimals?: number | null, symbol?: string | null);
  constructor(xmax: number, options: { decimals?: number | null; symbol?: string | null });
  constructor(options: { xmax?: number; decimals?: number | null; symbol?: string | null });
  constructor(...args: unknown[]) {
    const { xmax = 100, decimals = null, symbol = '%' } = SIG.PercentFormatter.read(args);
    [this.xmax, this.decimals, this.symbol] = [xmax, decimals, symbol ?? ''];
  }

  format(locations: readonly number[], { low, high }: TickAxis): { labels: string[]; offset: string } {
    const range = (100 * Math.abs(high - low)) / this.xmax;
    const by_range = range <= 0 ? 0 : Math.min(5, Math.max(0, Math.ceil(2 - Math.log10(2 * range))));
    const digits = this.decimals ?? by_range;
    const labels = locations.map((x) => python_format(100 * (x / this.xmax), `.${digits}f`, true) + this.symbol);
    return { labels, offset: '' };
  }
}
