/** The settings that figures begin with, matplotlib's `rcParams`, and a few of its style sheets. */
import type { Mode } from '../_internal/callbacks.js';
import { type Guard, run_or_guard } from '../_internal/guards.js';
import { is_plain_object } from '../_internal/plain_object.js';
import { method_signature, no_arguments, signature } from '../_internal/signature.js';

/** A setting. */
export type RcValue = string | number | boolean | null | readonly string[] | readonly number[];

const tab10 = [
  '#1f77b4',
  '#ff7f0e',
  '#2ca02c',
  '#d62728',
  '#9467bd',
  '#8c564b',
  '#e377c2',
  '#7f7f7f',
  '#bcbd22',
  '#17becf',
];

const defaults: Readonly<Record<string, RcValue>> = {
  'animation.embed_limit': 20,
  'figure.figsize': [6.4, 4.8],
  'figure.dpi': 100,
  'figure.facecolor': 'white',
  'figure.max_open_warning': 20,
  'figure.titlesize': 'large',
  'savefig.dpi': 'figure',
  'savefig.facecolor': 'auto',
  'savefig.transparent': false,
  'savefig.bbox': null,
  'font.size': 10,
  'font.family': 'sans-serif',
  'axes.facecolor': 'white',
  'axes.edgecolor': 'black',
  'axes.linewidth': 0.8,
  'axes.grid': false,
  'axes.axisbelow': 'line',
  'axes.titlesize': 'large',
  'axes.labelsize': 'medium',
  'axes.labelcolor': 'black',
  'axes.titlecolor': 'auto',
  'axes.labelpad': 4,
  'axes.titlepad': 6,
  'axes.titleweight': 'normal',
  'axes.labelweight': 'normal',
  'axes.unicode_minus': true,
  'axes.prop_cycle': tab10,
  'axes.spines.left': true,
  'axes.spines.right': true,
  'axes.spines.top': true,
  'axes.spines.bottom': true,
  'axes.xmargin': 0.05,
  'axes.ymargin': 0.05,
  'xtick.color': 'black',
  'ytick.color': 'black',
  'xtick.labelsize': 'medium',
  'ytick.labelsize': 'medium',
  'xtick.major.size': 3.5,
  'ytick.major.size': 3.5,
  'xtick.minor.size': 2,
  'ytick.minor.size': 2,
  'xtick.major.width': 0.8,
  'ytick.major.width': 0.8,
  'xtick.minor.width': 0.6,
  'ytick.minor.width': 0.6,
  'xtick.minor.visible': false,
  'ytick.minor.visible': false,
  'xtick.minor.ndivs': 'auto',
  'ytick.minor.ndivs': 'auto',
  'xtick.major.pad': 3.5,
  'ytick.major.pad': 3.5,
  'xtick.direction': 'out',
  'ytick.direction': 'out',
  'grid.color': '#b0b0b0',
  'grid.linestyle': '-',
  'grid.linewidth': 0.8,
  'grid.alpha': 1,
  'lines.linewidth': 1.5,
  'lines.markersize': 6,
  'lines.linestyle': '-',
  'lines.marker': 'None',
  'lines.markeredgewidth': 1,
  'lines.solid_capstyle': 'projecting',
  'polaraxes.grid': true,
  'patch.facecolor': 'C0',
  'patch.edgecolor': 'black',
  'patch.linewidth': 1,
  'patch.force_edgecolor': false,
  'hatch.color': 'edge',
  'hatch.linewidth': 1,
  'image.cmap': 'viridis',
  'image.origin': 'upper',
  'image.aspect': 'equal',
  'image.interpolation': 'auto',
  'legend.loc': 'best',
  'legend.frameon': true,
  'legend.framealpha': 0.8,
  'legend.facecolor': 'inherit',
  'legend.edgecolor': '0.8',
  'legend.fancybox': true,
  'legend.fontsize': 'medium',
  'legend.numpoints': 1,
  'legend.scatterpoints': 1,
  'text.color': 'black',
  'hist.bins': 10,
  'scatter.marker': 'o',
  'errorbar.capsize': 0,
  'date.autoformatter.year': '%Y',
  'date.autoformatter.month': '%Y-%m',
  'date.autoformatter.day': '%Y-%m-%d',
  'date.autoformatter.hour': '%m-%d %H',
  'date.autoformatter.minute': '%d %H:%M',
  'date.autoformatter.second': '%H:%M:%S',
  'date.autoformatter.microsecond': '%M:%S.%f',
  'date.converter': 'auto',
  interactive: false,
};

function check_setting(name: string): void {
  if (!Object.hasOwn(defaults, name)) throw new Error(`rcParams: ${name} is not a setting that torch-node/pyplot has`);
}

/**
 * The settings by name, such as `plt.rcParams['font.size'] = 12`. Mirrors `matplotlib.pyplot.rcParams`; names that are not
 * here throw when they are set.
 */
export const rc: Record<string, RcValue> & {
  /** Sets several settings. @throws Error for a name that is not there, and then none is set */
  update(settings: Readonly<Record<string, RcValue>>): void;
} = new Proxy(Object.defineProperty({ ...defaults } as typeof rc, 'update', { value: update_settings }), {
  set(target, name, value: RcValue): boolean {
    if (typeof name === 'string') check_setting(name);
    return Reflect.set(target, name, value);
  },
});

const UPDATE = method_signature<{ settings: Record<string, RcValue> }>('update', 'settings: dict');

function update_settings(...args: unknown[]): void {
  const { settings } = UPDATE.read(args);
  for (const name of Object.keys(settings)) check_setting(name);
  Object.assign(rc, settings);
}

const GROUP_ALIASES: Readonly<Record<string, string>> = {
  ...{ lw: 'linewidth', ls: 'linestyle', c: 'color', fc: 'facecolor', ec: 'edgecolor', mew: 'markeredgewidth' },
};

const RC = signature<{ group: string | readonly string[]; settings: Record<string, unknown> }>(
  'rc',
  'group: str|str[], **settings: any',
);

/**
 * Changes the settings of a group: `rc('lines', { linewidth: 2 })` sets `'lines.linewidth'`. Several groups may be given, and names may be
 * `lw`, `ls`, `c`, `fc`, `ec` and `mew`. Mirrors `matplotlib.pyplot.rc`.
 * @throws Error for a setting that is not there
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.rc('lines', { lw: 3, marker: 'o' });
 * print(plt.plot([1, 2])[0]!.get_linewidth()); // 3
 * plt.rcdefaults();
 * plt.close('all');
 * ```
 */
export function rc_group(group: string | readonly string[], settings?: Record<string, RcValue>): void;
export function rc_group(...args: unknown[]): void {
  const { group, settings } = RC.read(args);
  for (const each of typeof group === 'string' ? [group] : group) {
    for (const [name, value] of Object.entries(settings)) {
      const key = `${each}.${GROUP_ALIASES[name] ?? name}`;
      if (!Object.hasOwn(defaults, key))
        throw new Error(`rc(): Unrecognized key "${key}" for group "${each}" and name "${name}"`);
      rc[key] = value as RcValue;
    }
  }
}

/**
 * Sets all settings back. Mirrors `matplotlib.pyplot.rcdefaults`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.rcParams['font.size'] = 20;
 * plt.rcdefaults();
 * print(plt.rcParams['font.size']); // 10
 * ```
 */
export function rcdefaults(...none: []): void;
export function rcdefaults(...args: unknown[]): void {
  no_arguments('rcdefaults', args);
  Object.assign(rc, defaults);
}

type Settings = Readonly<Record<string, RcValue>>;
const RC_CONTEXT = signature<{ rc?: Settings | null; fn?: () => unknown }>(
  'rc_context',
  'rc?: dict|None, fn?: Callable',
);

/**
 * Other settings until the end of a block or of a function; what the block sets itself ends with it too. Mirrors
 * `matplotlib.pyplot.rc_context`.
 * @param settings - settings by name
 * @param fn - what to run with them; without it a guard is returned, for `using`
 * @returns what `fn` returns
 * @throws Error for a setting that is not there
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * {
 *   using _ = plt.rc_context({ 'lines.linewidth': 3 });
 *   print(plt.plot([1, 2])[0]!.get_linewidth()); // 3
 * }
 * print(plt.rc_context({ 'font.size': 12 }, () => plt.rcParams['font.size']), plt.rcParams['font.size']); // 12 10
 * plt.close('all');
 * ```
 */
export function rc_context(settings?: Settings | null): Guard;
export function rc_context<T>(settings: Settings | null, fn: () => T): T;
export function rc_context(options: { rc?: Settings | null }): Guard;
export function rc_context(...args: unknown[]): unknown {
  const [first] = args;
  // Settings are an object too: one without names of arguments is the settings.
  const by_name = args.length !== 1 || !is_plain_object(first) || 'rc' in first || 'fn' in first;
  const { rc: settings = null, fn } = RC_CONTEXT.read(by_name ? args : [first, undefined]);
  for (const name of Object.keys(settings ?? {})) check_setting(name);
  const mode: Mode<Settings> = {
    enter: () => {
      const before = { ...rc };
      Object.assign(rc, settings ?? {});
      return before;
    },
    leave: (before) => {
      Object.assign(rc, before);
    },
  };
  return run_or_guard('rc_context', mode, fn);
}

const seaborn = {
  'axes.edgecolor': 'white',
  'axes.facecolor': '#EAEAF2',
  'axes.labelcolor': '.15',
  'axes.linewidth': 0,
  'axes.grid': true,
  'axes.axisbelow': true,
  'grid.color': 'white',
  'grid.linewidth': 1,
  'xtick.color': '.15',
  'ytick.color': '.15',
  'xtick.major.size': 0,
  'ytick.major.size': 0,
  'xtick.minor.size': 0,
  'ytick.minor.size': 0,
  'text.color': '.15',
  'image.cmap': 'Greys',
  'legend.frameon': false,
  'legend.numpoints': 1,
  'legend.scatterpoints': 1,
} as const;

const sheets: Readonly<Record<string, Readonly<Record<string, RcValue>>>> = {
  default: defaults,
  ggplot: {
    'patch.linewidth': 0.5,
    'patch.facecolor': '#348ABD',
    'patch.edgecolor': '#EEEEEE',
    'font.size': 10,
    'axes.facecolor': '#E5E5E5',
    'axes.edgecolor': 'white',
    'axes.linewidth': 1,
    'axes.grid': true,
    'axes.titlesize': 'x-large',
    'axes.labelsize': 'large',
    'axes.labelcolor': '#555555',
    'axes.axisbelow': true,
    'axes.prop_cycle': ['#E24A33', '#348ABD', '#988ED5', '#777777', '#FBC15E', '#8EBA42', '#FFB5B8'],
    'xtick.color': '#555555',
    'ytick.color': '#555555',
    'grid.color': 'white',
    'grid.linestyle': '-',
    'figure.facecolor': 'white',
  },
  bmh: {
    'lines.linewidth': 2,
    'patch.linewidth': 0.5,
    'patch.facecolor': 'blue',
    'patch.edgecolor': '#eeeeee',
    'axes.facecolor': '#eeeeee',
    'axes.edgecolor': '#bcbcbc',
    'axes.grid': true,
    'axes.titlesize': 'x-large',
    'axes.labelsize': 'large',
    'axes.prop_cycle': [
      ...['#348ABD', '#A60628', '#7A68A6', '#467821', '#D55E00', '#CC79A7', '#56B4E9', '#009E73', '#F0E442', '#0072B2'],
    ],
    'grid.color': '#b2b2b2',
    'grid.linestyle': '--',
    'grid.linewidth': 0.5,
    'axes.axisbelow': true,
  },
  dark_background: {
    'lines.linewidth': 1.5,
    'patch.edgecolor': 'white',
    'text.color': 'white',
    'axes.facecolor': 'black',
    'axes.edgecolor': 'white',
    'axes.labelcolor': 'white',
    'axes.prop_cycle': [
      '#8dd3c7',
      '#feffb3',
      '#bfbbd9',
      '#fa8174',
      '#81b1d2',
      '#fdb462',
      '#b3de69',
      '#bc82bd',
      '#ccebc4',
      '#ffed6f',
    ],
    'xtick.color': 'white',
    'ytick.color': 'white',
    'grid.color': 'white',
    'figure.facecolor': 'black',
  },
  'seaborn-v0_8': seaborn,
  'seaborn-v0_8-darkgrid': seaborn,
  'seaborn-v0_8-whitegrid': {
    ...seaborn,
    'axes.edgecolor': '.8',
    'axes.facecolor': 'white',
    'axes.linewidth': 1,
    'grid.color': '.8',
  },
};

/** The names that {@link use} takes; mirrors `matplotlib.style.available`. */
export const available: readonly string[] = Object.keys(sheets).filter((name) => name !== 'default');

const USE = signature<{ style: string | readonly string[] }>('use', 'style: str|str[]');

/**
 * Changes the settings to those of a style sheet. Mirrors `matplotlib.pyplot.style.use`.
 * @param style - `'default'`, `'ggplot'`, `'bmh'`, `'dark_background'`, `'seaborn-v0_8'`, `'seaborn-v0_8-darkgrid'` or
 * `'seaborn-v0_8-whitegrid'`, or several of them, one after the other
 * @throws Error for another name
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * plt.style.use('ggplot');
 * print(plt.rcParams['axes.facecolor']); // #E5E5E5
 * plt.style.use('default');
 * ```
 */
export function use(style: string | readonly string[] | { style: string | readonly string[] }): void;
export function use(...args: unknown[]): void {
  const { style } = USE.read(args);
  for (const name of typeof style === 'string' ? [style] : style) {
    const sheet = Object.hasOwn(sheets, name) ? sheets[name] : undefined;
    if (sheet === undefined) {
      throw new Error(
        `use(): '${name}' is not a style of torch-node/pyplot; there are default, ${available.join(', ')}`,
      );
    }
    Object.assign(rc, sheet);
  }
}

/** A font size in points: a number, or a name relative to `font.size`. @throws Error for another name */
export function font_size(value: unknown): number {
  if (typeof value === 'number') return value;
  const scale = {
    'xx-small': 0.579,
    'x-small': 0.694,
    small: 0.833,
    medium: 1,
    large: 1.2,
    'x-large': 1.44,
    'xx-large': 1.728,
  }[String(value)];
  if (scale === undefined) throw new Error(`fontsize: '${String(value)}' is not a size`);
  return (rc['font.size'] as number) * scale;
}
