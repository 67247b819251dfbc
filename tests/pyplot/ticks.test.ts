/** Ticks of locators and formatters, minor ticks, and what changes the settings of charts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as np from 'torch-node/numpy';
import * as plt from 'torch-node/pyplot';
import { afterEach, describe, expect, it } from 'vitest';

type Argument = unknown;
type Charts = Record<string, [path: string, args: Argument[], kwargs: Record<string, unknown>][]>;
const read = <T>(file: string): T => JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as T;
const charts = read<Charts>('ticks.json');
const golden = read<{ charts: Record<string, unknown[]> }>('golden_ticks.json').charts;

type Anything = Record<string, (...args: unknown[]) => unknown>;
const classes: Record<string, unknown> = { ...plt.ticker, ...plt.dates };

function value(given: Argument): unknown {
  if (Array.isArray(given)) return given.map(value);
  if (typeof given !== 'object' || given === null) return given;
  if ('date' in given) return new Date(given.date as string);
  const { new: name, args = [], kwargs } = given as { new: string; args?: Argument[]; kwargs?: object };
  const made = classes[name] as new (...all: unknown[]) => object;
  return new made(...args.map(value), ...(kwargs === undefined ? [] : [kwargs]));
}

function call(path: string, args: Argument[], kwargs: Record<string, unknown>): void {
  const names = path.split('.');
  let target = plt as unknown as Anything;
  for (const name of names.slice(0, -1))
    target = (['gca', 'gcf'].includes(name) ? target[name]!() : target[name]) as Anything;
  target[names.at(-1)!]!(...args.map(value), ...(Object.keys(kwargs).length > 0 ? [kwargs] : []));
}

/** What axes have that users do not ask for by name. */
interface Inner {
  _ticks(): Record<'major' | 'minor', { value: number; label: string }[]> & { offset: string };
}

/** Where some points of polar axes are, in pixels. */
function places(ax: plt.Axes): unknown {
  const { point } = (
    ax as unknown as { _view(r: object): { point?: (x: number, y: number) => [number, number] } }
  )._view({
    ...{ dpi: 100, width: 640, height: 480 },
  });
  if (point === undefined) return null;
  const [a, b] = [...ax.get_xlim()] as [number, number];
  const [low, high] = [...ax.get_ylim()] as [number, number];
  return [0, 0.3, 0.8].flatMap((u) => [0.4, 1].map((v) => point(a + (b - a) * u, low + (high - low) * v)));
}

function described(ax: plt.Axes): unknown {
  const limits = { xlim: [...ax.get_xlim()], ylim: [...ax.get_ylim()] };
  const axis = (each: unknown): unknown => {
    const { major, minor, offset } = (each as Inner)._ticks();
    return {
      ...{ ticks: major.map((tick) => tick.value), labels: major.map((tick) => tick.label) },
      ...{ minor: minor.map((tick) => tick.value), minor_labels: minor.map((tick) => tick.label), offset },
    };
  };
  return { ...limits, x: axis(ax.xaxis), y: axis(ax.yaxis), places: places(ax) };
}

/** Numbers to nine digits. */
function close(given: unknown): unknown {
  if (typeof given === 'number') return Math.abs(given) < 1e-12 ? 0 : Number(given.toPrecision(9));
  if (Array.isArray(given)) return given.map(close);
  if (typeof given === 'object' && given !== null)
    return Object.fromEntries(Object.entries(given).map(([key, each]) => [key, close(each)]));
  return given;
}

afterEach(() => {
  plt.close('all');
  plt.rcdefaults();
});

describe('a chart has the limits, ticks and labels of matplotlib', () => {
  it.each(Object.keys(charts))('%s', (name) => {
    for (const [path, args, kwargs] of charts[name]!) call(path, args, kwargs);
    const folder = process.env['PYPLOT_PICTURES'];
    if (folder !== undefined) plt.savefig(`${folder}/${name.replaceAll(' ', '_')}_node.png`, { dpi: 60 });
    else plt.gcf().draw();
    expect(close(plt.gcf().axes.map(described))).toEqual(close(golden[name]));
  });
});

describe('locators and formatters', () => {
  it.each<[string, () => unknown, string]>([
    ['a step of zero', () => new plt.MultipleLocator(0), "MultipleLocator(): 'step' must be positive"],
    ['no bins', () => new plt.MaxNLocator(0), 'MaxNLocator(): nbins must be a positive integer'],
    ['steps that fall', () => new plt.MaxNLocator(3, { steps: [5, 2] }), 'MaxNLocator(): steps argument must be'],
    ['no parts', () => new plt.ticker.AutoMinorLocator(0), 'AutoMinorLocator(): n must be a positive integer'],
    [
      'another field',
      () => new plt.ticker.StrMethodFormatter('{y}'),
      "StrMethodFormatter(): '{y}' in '{y}' is not a field",
    ],
    [
      'a format of no number',
      () => new plt.FormatStrFormatter('x'),
      'FormatStrFormatter(): not all arguments converted',
    ],
  ])('refuse %s', (_name, make, text) => {
    expect(make).toThrow(text);
  });

  it('refuse ticks without number', () => {
    plt.xlim(0, 1e9);
    plt.gca().xaxis.set_major_locator(new plt.MultipleLocator(1));
    expect(() => plt.gca().get_xticks()).toThrow('are too many');
  });
});

describe('settings', () => {
  it('of a group, of several groups, and by short names', () => {
    plt.rc('lines', { lw: 4, ls: '--' });
    plt.rc(['xtick', 'ytick'], { labelsize: 7 });
    const [line] = plt.plot([1, 2]);
    expect([line!.get_linewidth(), line!.get_linestyle()]).toEqual([4, '--']);
    expect([plt.rcParams['xtick.labelsize'], plt.rcParams['ytick.labelsize']]).toEqual([7, 7]);
    plt.rcdefaults();
    expect([plt.rcParams['lines.linewidth'], plt.rcParams['xtick.labelsize']]).toEqual([1.5, 'medium']);
  });

  it('that are not there are refused, and nothing is set', () => {
    expect(() => plt.rc('lines', { nothing: 1 })).toThrow(
      'rc(): Unrecognized key "lines.nothing" for group "lines" and name "nothing"',
    );
    expect(() => plt.rc_context({ 'font.size': 3, 'lines.nothing': 1 })).toThrow('lines.nothing is not a setting');
    expect(plt.rcParams['font.size']).toBe(10);
  });

  it('of a context end with its block, with an error, and with those that the block sets', () => {
    {
      using _ = plt.rc_context({ 'lines.linewidth': 5 });
      plt.rcParams['font.size'] = 20;
      expect(plt.plot([1])[0]!.get_linewidth()).toBe(5);
    }
    expect([plt.rcParams['lines.linewidth'], plt.rcParams['font.size']]).toEqual([1.5, 10]);
    expect(() =>
      plt.rc_context({ 'lines.linewidth': 5 }, () => {
        throw new Error('from within');
      }),
    ).toThrow('from within');
    expect(plt.rc_context({ rc: { 'font.size': 8 } })).toBeTypeOf('function');
    expect(plt.rcParams['lines.linewidth']).toBe(1.5);
  });

  it('of colour maps are those of their functions, for the current image too', () => {
    const image = plt.imshow([[1, 2]]);
    plt.gray();
    expect([image.get_cmap().name, plt.imshow([[1]]).get_cmap().name]).toEqual(['gray', 'gray']);
    plt.viridis();
    expect(plt.rcParams['image.cmap']).toBe('viridis');
  });
});

describe('times', () => {
  /** An array of numpy's `datetime64`, through a file. */
  function times(unit: string, ...counts: bigint[]): np.TimeArray {
    const header = `{'descr': '<M8[${unit}]', 'fortran_order': False, 'shape': (${counts.length},), }\n`;
    const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length & 255, header.length >> 8]);
    return np.load<np.TimeArray>(
      Buffer.concat([start, Buffer.from(header), Buffer.from(BigInt64Array.from(counts).buffer)]),
    );
  }

  it.each<[string, bigint, number]>([
    ['Y', 50n, 18262],
    ['M', 601n, 18293],
    ['W', 2n, 14],
    ['D', -3n, -3],
    ['h', 36n, 1.5],
    ['s', -43200n, -0.5],
    ['ms', 21600000n, 0.25],
    ['us', 1n, 1e-6 / 86400],
    ['ns', 86400000000000n, 1],
  ])('of numpy in units of %s are days since 1970', (unit, count, days) => {
    expect(plt.dates.date2num(times(unit, count)).tolist()).toEqual([days]);
  });

  it('of numpy make an axis of dates, where NaT is no point', () => {
    plt.plot(times('D', 18262n, -(2n ** 63n), 18264n), [1, 2, 3]);
    expect([...plt.xlim()]).toEqual([18261.9, 18264.1]);
    expect(plt.gca().get_xticklabels()[0]).toBe('01-01 00');
    expect(plt.gca().lines[0]!.get_xdata()).toEqual([18262, Number.NaN, 18264]);
  });

  it('are those of Dates there and back', () => {
    const date = new Date('2024-02-29T12:34:56.789Z');
    expect(plt.dates.num2date(plt.dates.date2num(date))).toEqual(date);
    expect(plt.dates.num2date([0, 1.5]).map(Number)).toEqual([0, 129600000]);
  });

  it('that no calendar has are refused', () => {
    expect(() => plt.dates.num2date(4e6)).toThrow('converts to a date outside of the years 1 to 9999');
    expect(() => plt.xlim(new Date(Number.NaN), new Date(0))).toThrow('xlim(): Axis limits cannot be NaN or Inf');
    expect(() => new plt.dates.MonthLocator(13)).toThrow('MonthLocator(): 13 is not an integer from 1 to 12');
    expect(() => new plt.dates.DateFormatter('%Q')).toThrow('Invalid format string: %Q');
    expect(() => new plt.dates.ConciseDateFormatter(new plt.dates.DayLocator(), { formats: ['%Y'] })).toThrow(
      'formats argument must be a list of 6 format strings',
    );
  });

  it('turn the labels of the lowest subplots, and hide the others', () => {
    const [fig, axs] = plt.subplots<plt.Axes[]>(2, 1, { sharex: true });
    axs[1]!.plot([new Date('2024-01-01'), new Date('2024-06-01')], [1, 2]);
    fig.autofmt_xdate({ rotation: 45 });
    const look = (ax: plt.Axes): unknown => {
      const { label_rotation, labels, label_ha } = (ax.xaxis as unknown as { _look: Record<string, unknown> })._look;
      return [label_rotation, labels, label_ha];
    };
    expect(axs.map(look)).toEqual([
      [0, false, null],
      [45, true, 'right'],
    ]);
    expect(axs[0]!.get_xticklabels()).toEqual(axs[1]!.get_xticklabels());
  });
});

describe('polar axes', () => {
  it('refuse what they cannot show', () => {
    expect(() => plt.subplot({ polar: true, projection: '3d' })).toThrow("polar=True, yet projection='3d'");
    const ax = plt.subplot({ projection: 'polar' });
    expect(() => ax.set_xscale('log')).toThrow('The xscale cannot be set on a polar plot');
    expect(() => ax.set_thetalim({ thetamin: 0, thetamax: 400 })).toThrow('must be less than a full circle');
    expect(() => ax.set_theta_direction(2 as 1)).toThrow('2 is not a valid value for direction');
    expect(() => ax.set_theta_zero_location('X' as 'N')).toThrow("'X' is not a valid value for loc");
    plt.figure();
    plt.plot([1, 2]);
    expect(() => plt.polar([1, 2], [1, 2])).toThrow('polar only defined for polar Axes');
    expect(() => plt.rgrids([1])).toThrow('rgrids only defined for polar Axes');
  });

  it('cut what is outside off at their edge', () => {
    const fig = plt.figure({ figsize: [2, 2], dpi: 50 });
    const ax = fig.add_axes([0, 0, 1, 1], { projection: 'polar' });
    ax.bar([0], [9], { width: 7, color: 'r' });
    ax.set_rmax(1);
    ax.axis('off');
    const data = fig.data();
    const at = (x: number, y: number): number[] => [...data.slice(4 * (y * 100 + x), 4 * (y * 100 + x) + 3)];
    expect([at(50, 5), at(90, 50), at(5, 5), at(95, 95)]).toEqual([
      [255, 0, 0],
      [255, 0, 0],
      [255, 255, 255],
      [255, 255, 255],
    ]);
  });
});

it('delaxes takes the current axes out of the figure, or others', () => {
  const [fig, axs] = plt.subplots<plt.Axes[]>(1, 3);
  plt.delaxes();
  plt.delaxes(axs[0]!);
  expect(fig.axes).toEqual([axs[1]]);
  fig.delaxes(axs[1]!);
  expect(fig.axes).toEqual([]);
});

describe('scales', () => {
  it.each<[string, () => void, string]>([
    ['another name', () => plt.xscale('asinh'), "xscale(): 'asinh' is not a scale of torch-node/pyplot; there are"],
    [
      'options of another scale',
      () => plt.yscale('log', { linthresh: 1 }),
      "yscale() got an unexpected keyword argument 'linthresh'",
    ],
    ['a base of one', () => plt.yscale('symlog', { base: 1 }), "yscale(): 'base' must be larger than 1"],
    [
      'no linear part',
      () => plt.gca().set_xscale('symlog', { linthresh: 0 }),
      "set_xscale(): 'linthresh' must be positive",
    ],
    ['no length of it', () => plt.xscale('symlog', { linscale: -1 }), "xscale(): 'linscale' must be positive"],
    ['a base of a logarithm of one', () => plt.xscale('log', { base: 1 }), 'The log base cannot be <= 0 or == 1'],
    [
      'another nonpositive',
      () => plt.xscale('logit', { nonpositive: 'cut' as 'clip' }),
      "'cut' is not a valid value for nonpositive",
    ],
    [
      'probabilities as radii',
      () => plt.subplot({ projection: 'polar' }).set_rscale('logit' as 'log'),
      'Polar axis cannot be logit scaled yet',
    ],
  ])('refuse %s', (_, set, text) => {
    expect(set).toThrow(text);
  });
});
