/** Where subplots are in a figure. Mirrors `matplotlib.gridspec`. */
import { define_kind, method_signature, signature } from '../_internal/signature.js';

/** The margins of a figure around its subplots, and the gaps between them, in parts of the figure and of a subplot. */
export interface SubplotParams {
  left: number;
  right: number;
  bottom: number;
  top: number;
  wspace: number;
  hspace: number;
}

/** What a grid needs of its figure. */
export interface GridFigure {
  readonly _params: SubplotParams;
}

/** The options of {@link GridSpec}. */
export interface GridSpecOptions {
  left?: number | null;
  bottom?: number | null;
  right?: number | null;
  top?: number | null;
  wspace?: number | null;
  hspace?: number | null;
  width_ratios?: readonly number[] | null;
  height_ratios?: readonly number[] | null;
}

type Named = GridSpecOptions & { nrows: number; ncols: number; figure?: GridFigure | null };

define_kind(
  'figure',
  'Figure',
  (value) => typeof (value as Partial<GridFigure> | null | undefined)?._params === 'object',
);

const GRIDSPEC = signature<Named>(
  'GridSpec',
  'nrows: int, ncols: int, figure?: figure|None, left?: float|None, bottom?: float|None, right?: float|None, top?: float|None, ' +
    'wspace?: float|None, hspace?: float|None, width_ratios?: float[]|None, height_ratios?: float[]|None',
);
const INDEX = method_signature<{ subscripts: unknown[] }>('index', '*subscripts: int|str');

/** The place of one cell, or of several, in parts of what the grid is in: left, bottom, width and height. */
type Place = readonly [number, number, number, number];

/** A row or column, or several: a number, or `'1:3'` as in Python's brackets. */
export type GridSubscript = number | string;

function span(subscript: unknown, size: number): [number, number] {
  if (typeof subscript === 'number') {
    const at = subscript < 0 ? subscript + size : subscript;
    if (at < 0 || at >= size) throw new RangeError('index(): GridSpec index out of range');
    return [at, at];
  }
  const match = /^\s*(-?\d*)\s*:\s*(-?\d*)\s*$/.exec(String(subscript));
  if (match === null) throw new TypeError(`index(): '${String(subscript)}' is not a subscript of a grid`);
  const end = (text: string, fallback: number): number => {
    if (text === '') return fallback;
    const value = Number(text);
    return Math.min(size, Math.max(0, value < 0 ? value + size : value));
  };
  const [from, to] = [end(match[1]!, 0), end(match[2]!, size)];
  if (to <= from) throw new RangeError('index(): GridSpec slice would result in no space allocated for subplot');
  return [from, to - 1];
}

/**
 * A grid for subplots. Mirrors `matplotlib.gridspec.GridSpec`; Python's `gs[0, :]` is `gs.index(0, ':')`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const gs = new plt.GridSpec(2, 2, { width_ratios: [2, 1] });
 * plt.subplot(gs.index(0, ':'));
 * plt.subplot(gs.index(1, 0));
 * print(plt.gcf().axes.length); // 2
 * plt.close('all');
 * ```
 */
export class GridSpec {
  /** The number of rows. */
  readonly nrows: number;
  /** The number of columns. */
  readonly ncols: number;
  /** @internal */
  _figure: GridFigure | null;
  private readonly options: GridSpecOptions;
  /** Where the grid is, when it is not the whole figure: in a cell of another. @internal */
  _within: SubplotSpec | null = null;

  constructor(nrows: number, ncols: number, options?: GridSpecOptions & { figure?: GridFigure | null });
  constructor(options: Named);
  constructor(...args: unknown[]) {
    const { nrows, ncols, figure = null, ...options } = GRIDSPEC.read(args);
    if (nrows < 1) throw new Error(`GridSpec(): Number of rows must be a positive integer, not ${nrows}`);
    if (ncols < 1) throw new Error(`GridSpec(): Number of columns must be a positive integer, not ${ncols}`);
    const { width_ratios: widths = null, height_ratios: heights = null } = options;
    if (widths !== null && widths.length !== ncols)
      throw new Error(
        'GridSpec(): Expected the given number of width ratios to match the number of columns of the grid',
      );
    if (heights !== null && heights.length !== nrows)
      throw new Error('GridSpec(): Expected the given number of height ratios to match the number of rows of the grid');
    [this.nrows, this.ncols, this._figure, this.options] = [nrows, ncols, figure, options];
  }

  /** Whether margins are set here and not by the figure. @internal */
  _has_own_margins(): boolean {
    const { left, right, bottom, top, wspace, hspace } = this.options;
    return [left, right, bottom, top, wspace, hspace].some((value) => (value ?? null) !== null);
  }

  /** @internal */
  _positions(): { left: number[]; right: number[]; bottom: number[]; top: number[] } {
    const figure = this._figure!._params;
    const { options } = this;
    const inside = this._within?._position();
    const frame =
      inside === undefined
        ? {
            left: options.left ?? figure.left,
            right: options.right ?? figure.right,
            bottom: options.bottom ?? figure.bottom,
            top: options.top ?? figure.top,
          }
        : { left: inside[0], bottom: inside[1], right: inside[0] + inside[2], top: inside[1] + inside[3] };
    const [wspace, hspace] = [options.wspace ?? figure.wspace, options.hspace ?? figure.hspace];
    const parts = (
      total: number,
      count: number,
      space: number,
      ratios: readonly number[] | null | undefined,
    ): { start: number; end: number }[] => {
      const cell = total / (count + space * (count - 1));
      const gap = space * cell;
      const all = ratios ?? Array<number>(count).fill(1);
      const norm = (cell * count) / all.reduce((sum, ratio) => sum + ratio, 0);
      let at = 0;
      return all.map((ratio) => {
        const start = at;
        at += ratio * norm + gap;
        return { start, end: start + ratio * norm };
      });
    };
    const across = parts(frame.right - frame.left, this.ncols, wspace, options.width_ratios);
    const down = parts(frame.top - frame.bottom, this.nrows, hspace, options.height_ratios);
    return {
      left: across.map(({ start }) => frame.left + start),
      right: across.map(({ end }) => frame.left + end),
      top: down.map(({ start }) => frame.top - start),
      bottom: down.map(({ end }) => frame.top - end),
    };
  }

  /** A cell or several: `gs.index(0, ':')` is Python's `gs[0, :]`; one number counts the cells row by row. */
  index(...subscripts: [GridSubscript] | [GridSubscript, GridSubscript]): SubplotSpec;
  index(...args: unknown[]): SubplotSpec {
    const { subscripts } = INDEX.read(args);
    if (subscripts.length === 0 || subscripts.length > 2)
      throw new TypeError(`index() takes 1 or 2 subscripts of a grid, but ${subscripts.length} were given`);
    if (subscripts.length === 1) {
      const [from, to] = span(subscripts[0], this.nrows * this.ncols);
      return this._cells(from, to);
    }
    const [r0, r1] = span(subscripts[0], this.nrows);
    const [c0, c1] = span(subscripts[1], this.ncols);
    return new SubplotSpec(this, [r0, r1], [c0, c1]);
  }

  /** From one cell to another, counted row by row. @internal */
  _cells(from: number, to: number): SubplotSpec {
    const [r0, r1] = [Math.floor(from / this.ncols), Math.floor(to / this.ncols)].sort((a, b) => a - b) as [
      number,
      number,
    ];
    const [c0, c1] = [from % this.ncols, to % this.ncols].sort((a, b) => a - b) as [number, number];
    return new SubplotSpec(this, [r0, r1], [c0, c1]);
  }
}

/** Cells of a grid. */
export class SubplotSpec {
  /** @internal */
  constructor(
    /** @internal */
    readonly _grid: GridSpec,
    /** First and last row. @internal */
    readonly _rows: readonly [number, number],
    /** First and last column. @internal */
    readonly _columns: readonly [number, number],
  ) {}

  /** @internal */
  _position(): Place {
    const { left, right, bottom, top } = this._grid._positions();
    const [x0, x1] = [left[this._columns[0]]!, right[this._columns[1]]!];
    const [y0, y1] = [bottom[this._rows[1]]!, top[this._rows[0]]!];
    return [x0, y0, x1 - x0, y1 - y0];
  }

  /** The cells of the outermost grid. @internal */
  _topmost(): SubplotSpec {
    return this._grid._within === null ? this : this._grid._within._topmost();
  }

  /** @internal */
  _is_last_row(): boolean {
    return this._rows[1] === this._grid.nrows - 1;
  }

  /** @internal */
  _is_first_column(): boolean {
    return this._columns[0] === 0;
  }

  /** @internal */
  _equals(other: SubplotSpec): boolean {
    const same = (a: readonly [number, number], b: readonly [number, number]): boolean =>
      a[0] === b[0] && a[1] === b[1];
    const [a, b] = [this._grid, other._grid];
    const grids =
      a === b ||
      (a.nrows === b.nrows &&
        a.ncols === b.ncols &&
        !a._has_own_margins() &&
        !b._has_own_margins() &&
        a._within === b._within);
    return grids && same(this._rows, other._rows) && same(this._columns, other._columns);
  }
}

define_kind('subplotspec', 'SubplotSpec', (value) => value instanceof SubplotSpec);
