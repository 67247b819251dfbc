/** Figures that change by themselves: in the page of `show()`, in files, and as a page with a player. Mirrors `matplotlib.animation`. */
import { extname } from 'node:path';

import { encode_png } from '../_internal/io/png.js';
import { write_durably } from '../_internal/io/durable_file.js';
import type { MimeBundle } from '../_internal/notebook.js';
import { define_kind, method_signature } from '../_internal/signature.js';
import { warn } from '../_internal/warnings.js';
import { Artist } from './artists.js';
import { Figure, type Animated } from './figure.js';
import { canvas_library } from './renderer.js';
import { rc } from './style.js';

define_kind('frames', 'an iterable, an int, or a function that returns an iterator', (value) => {
  if (typeof value === 'function') return true;
  if (typeof value === 'number') return Number.isInteger(value);
  return typeof (value as { [Symbol.iterator]?: unknown } | null)?.[Symbol.iterator] === 'function';
});
define_kind('pyplot_figure', 'Figure', (value) => value instanceof Figure);

const TIMING = 'interval?: float, repeat_delay?: float, repeat?: bool, blit?: bool';

/** When frames are shown. */
export interface TimingOptions {
  /** Milliseconds from frame to frame. Default 200. */
  interval?: number;
  /** Milliseconds before the frames begin again. Default 0. */
  repeat_delay?: number;
  /** Whether the frames begin again. Default true. */
  repeat?: boolean;
  /** Whether only what the function returns is drawn again; here the whole figure is, but the function must return artists. */
  blit?: boolean;
}

/** The options of {@link FuncAnimation.save}. */
export interface SaveOptions {
  /** `'pillow'`, or null: a GIF. */
  writer?: string | null;
  /** Frames in a second; default: as the interval says. */
  fps?: number | null;
  /** Dots per inch; default those of the setting `savefig.dpi`. */
  dpi?: number | 'figure' | null;
  /** Called after each frame with its number and how many there are; null when that is not known. */
  progress_callback?: ((i: number, n: number | null) => unknown) | null;
}

/** The options of {@link FuncAnimation.to_jshtml}. */
export interface HtmlOptions {
  /** Frames in a second; default: as the interval says. */
  fps?: number | null;
  /** What happens after the last frame. */
  default_mode?: 'loop' | 'once' | 'reflect' | null;
}

const SAVE = method_signature<SaveOptions & { filename: string }>(
  'save',
  'filename: str, writer?: str|None, fps?: float|None, dpi?: float|str|None, *, progress_callback?: Callable|None',
);
const TO_JSHTML = method_signature<HtmlOptions>('to_jshtml', 'fps?: float|None, *, default_mode?: str|None');
const NEW_FRAME_SEQ = method_signature<object>('new_frame_seq');
const NEW_SAVED_FRAME_SEQ = method_signature<object>('new_saved_frame_seq');
const PAUSE = method_signature<object>('pause');
const RESUME = method_signature<object>('resume');

/** Frames by time. Mirrors `matplotlib.animation.TimedAnimation`. */
abstract class Animation<F> implements Animated {
  private started = false;
  private paused = false;
  private frames: Iterator<F> | null = null;
  /** When the next frame is shown, by the clock of `performance`. */
  private due = 0;
  private ended = false;
  protected readonly interval: number;
  private readonly repeat: boolean;
  private readonly repeat_delay: number;
  protected readonly blit: boolean;

  constructor(
    callee: string,
    protected readonly fig: Figure,
    { interval = 200, repeat = true, repeat_delay = 0, blit = false }: TimingOptions,
  ) {
    if (!(interval > 0)) throw new Error(`${callee}(): interval must be positive, not ${interval}`);
    [this.interval, this.repeat, this.repeat_delay, this.blit] = [interval, repeat, repeat_delay, blit];
    fig._animations.add(this);
  }

  /** Draws what is there before the first frame. @internal */
  protected abstract init_draw(): void;

  /** @internal */
  protected abstract draw_frame(frame: F): void;

  /** The frames that files have. @internal */
  protected abstract saved_frames(): Iterable<F>;

  /** @internal */
  protected abstract all_frames(): Iterator<F>;

  /** How many frames files have; null when that is not known. @internal */
  protected abstract count(): number | null;

  /** The frames from the beginning. */
  new_frame_seq(...none: []): Iterator<F>;
  new_frame_seq(...args: unknown[]): Iterator<F> {
    NEW_FRAME_SEQ.read(args);
    return this.all_frames();
  }

  /** The frames that files have. */
  new_saved_frame_seq(...none: []): Iterator<F>;
  new_saved_frame_seq(...args: unknown[]): Iterator<F> {
    NEW_SAVED_FRAME_SEQ.read(args);
    return this.saved_frames()[Symbol.iterator]();
  }

  /** @internal */
  _start(): void {
    if (this.started) return;
    this.started = true;
    this.init_draw();
  }

  /** Shows the next frame when it is time. @returns milliseconds until the one after it @internal */
  _advance(now: number): number {
    if (this.paused || this.ended) return Number.POSITIVE_INFINITY;
    this._start();
    if (this.frames === null) {
      this.frames = this.all_frames();
      this.due = now;
    }
    if (now < this.due) return this.due - now;
    const { value, done } = this.frames.next() as IteratorResult<F, unknown>;
    if (done === true) {
      this.frames = null;
      if (!this.repeat) {
        this.ended = true;
        return Number.POSITIVE_INFINITY;
      }
      this.init_draw();
      this.frames = this.all_frames();
      this.due = now + this.repeat_delay;
      return this.due - now;
    }
    this.draw_frame(value);
    this.fig._changed();
    this.due = Math.max(this.due + this.interval, now);
    return this.due - now;
  }

  /** Shows no more frames until {@link resume}. */
  pause(...none: []): void;
  pause(...args: unknown[]): void {
    PAUSE.read(args);
    this.paused = true;
  }

  /** Goes on after {@link pause}. */
  resume(...none: []): void;
  resume(...args: unknown[]): void {
    RESUME.read(args);
    this.paused = false;
    this.due = performance.now();
  }

  /** Draws all frames that files have. */
  private each_frame(call: () => boolean, progress: SaveOptions['progress_callback'] = null): void {
    this.started = true;
    this.init_draw();
    let number = 0;
    const total = this.count();
    for (const frame of this.saved_frames()) {
      this.draw_frame(frame);
      progress?.(number++, total);
      if (!call()) break;
    }
    this.fig._changed();
  }

  private rate(callee: string, fps: number | null): number {
    const rate = fps ?? 1000 / this.interval;
    if (!(rate > 0)) throw new Error(`${callee}(): fps must be positive, not ${rate}`);
    return rate;
  }

  /**
   * Writes all frames to a GIF file, or to a page with a player (`.html`). Videos (`.mp4`) need FFmpeg, which is not used here.
   * @throws Error for a file of another kind, and when there are no frames
   */
  save(filename: string, ...more: [SaveOptions?] | [writer?: string | null, ...rest: unknown[]]): void;
  save(options: SaveOptions & { filename: string }): void;
  save(...args: unknown[]): void {
    const { filename, writer = null, fps = null, dpi = null, progress_callback = null } = SAVE.read(args);
    const ending = extname(filename).toLowerCase();
    if (writer === 'html' || (writer === null && ['.html', '.htm'].includes(ending))) {
      const page = `<!DOCTYPE html>\n<meta charset="utf-8">\n<title>Animation</title>\n${this.page('save', fps, null, dpi, progress_callback)}`;
      return write_durably(filename, (sink) => sink.write(Buffer.from(page)));
    }
    if (ending !== '.gif' || (writer !== null && writer !== 'pillow'))
      throw new Error(
        `save(): torch-node/pyplot writes animations as .gif (writer 'pillow') and .html (writer 'html'), not ${writer === null ? `'${ending}'` : `with writer '${writer}'`}`,
      );
    const delay = Math.trunc(1000 / this.rate('save', fps));
    const size = this.dots('save', dpi);
    let encoder: ReturnType<typeof new_encoder> | undefined;
    this.each_frame(() => {
      const canvas = this.fig._raster(size);
      encoder ??= new_encoder(canvas.width, canvas.height);
      encoder.addFrame(canvas.data(), canvas.width, canvas.height, { delay });
      return true;
    }, progress_callback);
    if (encoder === undefined) throw new Error('save(): the animation has no frames');
    const bytes = encoder.finish();
    write_durably(filename, (sink) => sink.write(bytes));
  }

  private dots(callee: string, dpi: number | string | null): number {
    const wanted = dpi ?? (rc['savefig.dpi'] as number | 'figure');
    const size = wanted === 'figure' ? this.fig.dpi : wanted;
    if (typeof size !== 'number' || !(size > 0))
      throw new Error(`${callee}(): dpi must be positive, or 'figure', not ${size}`);
    return size;
  }

  /** All frames as HTML with a player. Frames beyond the setting `animation.embed_limit` (20 MB) are left out, with a warning. */
  to_jshtml(fps?: number | null | HtmlOptions, options?: HtmlOptions): string;
  to_jshtml(...args: unknown[]): string {
    const { fps = null, default_mode = null } = TO_JSHTML.read(args);
    return this.page('to_jshtml', fps, default_mode, null, null);
  }

  private page(
    callee: string,
    fps: number | null,
    default_mode: string | null,
    dpi: number | string | null,
    progress: SaveOptions['progress_callback'],
  ): string {
    const mode = default_mode ?? (this.repeat ? 'loop' : 'once');
    if (!['loop', 'once', 'reflect'].includes(mode))
      throw new Error(
        `${callee}(): '${mode}' is not a valid value for default_mode; supported values are 'loop', 'once', 'reflect'`,
      );
    const rate = this.rate(callee, fps);
    const size = this.dots(callee, dpi);
    const limit = (rc['animation.embed_limit'] as number) * 1024 * 1024;
    const pictures: string[] = [];
    let bytes = 0;
    this.each_frame(() => {
      const canvas = this.fig._raster(size);
      const picture = encode_png(canvas.data(), canvas.width, canvas.height, 4).toString('base64');
      bytes += picture.length;
      if (bytes >= limit) {
        warn(
          `Animation size has reached ${bytes} bytes, exceeding the limit of ${limit}. If you're sure you want a larger animation embedded, set the animation.embed_limit rc parameter to a larger value (in MB). This and further frames will be dropped.`,
        );
        return false;
      }
      pictures.push(picture);
      return true;
    }, progress);
    if (pictures.length === 0) throw new Error(`${callee}(): the animation has no frames`);
    return player(pictures, Math.round(1000 / rate), mode);
  }

  /** What notebooks show. @internal */
  [Symbol.for('Jupyter.display')](): MimeBundle {
    return { 'text/html': this.to_jshtml() };
  }
}

/** What writes GIF files. */
interface GifEncoder {
  addFrame(data: Uint8Array, width: number, height: number, options: { delay: number }): void;
  finish(): Uint8Array;
}

function new_encoder(width: number, height: number): GifEncoder {
  const { GifEncoder: Encoder } = canvas_library() as unknown as {
    GifEncoder?: new (width: number, height: number, options: object) => GifEncoder;
  };
  if (Encoder === undefined) throw new Error('save(): GIF files need @napi-rs/canvas 0.1.81 or newer');
  return new Encoder(width, height, { repeat: 0, quality: 10 });
}

let players = 0;

/** Their signs are drawn: common fonts do not have all of them. */
const BUTTONS = [
  ['first', 'First frame', 'M0 1h2v10h-2z M7 1v10L2 6z M12 1v10L7 6z'],
  ['back', 'Previous frame', 'M2 1h2v10h-2z M10 1v10L4 6z'],
  ['reverse', 'Play backwards', 'M10 1v10L2 6z'],
  ['stop', 'Pause', 'M2 1h3v10h-3z M7 1h3v10h-3z'],
  ['play', 'Play', 'M2 1v10L10 6z'],
  ['next', 'Next frame', 'M8 1h2v10h-2z M2 1v10L8 6z'],
  ['last', 'Last frame', 'M10 1h2v10h-2z M5 1v10L10 6z M0 1v10L5 6z'],
] as const;

/** Frames with buttons, a slider, and a choice of what follows the last frame. */
function player(pictures: readonly string[], interval: number, mode: string): string {
  const id = `animation${process.pid}_${++players}`;
  const button = ([name, title, path]: (typeof BUTTONS)[number]): string =>
    `<button type="button" data-do="${name}" title="${title}"><svg width="12" height="12" viewBox="0 0 12 12" ` +
    `fill="currentColor" role="img" aria-label="${title}"><path d="${path}"/></svg></button>`;
  const choice = (value: string): string =>
    `<label><input type="radio" name="${id}_mode" value="${value}"${value === mode ? ' checked' : ''}>${value}</label>`;
  return `<div id="${id}" style="display:inline-block;text-align:center">
<img alt="frame" style="display:block;max-width:100%">
<input type="range" min="0" max="${pictures.length - 1}" value="0" step="1" style="width:100%">
<div>${BUTTONS.map(button).join('')}</div>
<div>${['once', 'loop', 'reflect'].map(choice).join(' ')}</div>
</div>
<script>
(() => {
  const root = document.getElementById(${JSON.stringify(id)});
  const frames = ${JSON.stringify(pictures)};
  const picture = root.querySelector('img');
  const slider = root.querySelector('input[type=range]');
  let at = 0, step = 0, timer = null;
  const show = (i) => {
    at = Math.min(frames.length - 1, Math.max(0, i));
    slider.value = at;
    picture.src = 'data:image/png;base64,' + frames[at];
  };
  const stop = () => { clearInterval(timer); timer = null; };
  const tick = () => {
    const next = at + step;
    if (next >= 0 && next < frames.length) return show(next);
    const mode = root.querySelector('input[type=radio]:checked').value;
    if (mode === 'once') return stop();
    if (mode === 'loop') return show(step > 0 ? 0 : frames.length - 1);
    step = -step;
    show(at + step);
  };
  const play = (direction) => { stop(); step = direction; timer = setInterval(tick, ${interval}); };
  const actions = {
    first: () => { stop(); show(0); }, last: () => { stop(); show(frames.length - 1); },
    back: () => { stop(); show(at - 1); }, next: () => { stop(); show(at + 1); },
    stop, play: () => play(1), reverse: () => play(-1),
  };
  for (const button of root.querySelectorAll('button')) button.onclick = () => actions[button.dataset.do]();
  slider.oninput = () => { stop(); show(Number(slider.value)); };
  show(0);
  play(1);
})();
</script>
`;
}

/** A function that draws a frame; with `blit` it returns the artists that it changed. */
export type DrawFrame<F> = (frame: F, ...fargs: never[]) => unknown;

/** The options of {@link FuncAnimation}. */
export interface FuncAnimationOptions<F> extends TimingOptions {
  /** What the function gets, one for each frame: an iterable, a number for 0, 1, 2 and so on, or a function that returns an iterator. */
  frames?: Iterable<F> | number | (() => Iterator<F> & Iterable<F>) | null;
  /** Draws what is there before the first frame; without it the function does so, with the first frame. */
  init_func?: (() => unknown) | null;
  /** Further arguments of the function. */
  fargs?: readonly unknown[] | null;
  /** How many frames files have, where it is not known how many there are. Default 100. */
  save_count?: number | null;
  /** Whether frames that were drawn are kept for files. Default true. */
  cache_frame_data?: boolean;
}

const FUNC = method_signature<FuncAnimationOptions<unknown> & { fig: Figure; func: DrawFrame<unknown> }>(
  'FuncAnimation',
  'fig: pyplot_figure, func: Callable, frames?: frames|None, init_func?: Callable|None, fargs?: Iterable|None, save_count?: int|None, *, ' +
    `cache_frame_data?: bool, ${TIMING}`,
);

function check_artists(blit: boolean, which: string, drawn: unknown): void {
  if (!blit) return;
  const list =
    typeof (drawn as Iterable<unknown> | null)?.[Symbol.iterator] === 'function'
      ? [...(drawn as Iterable<unknown>)]
      : null;
  if (list === null || !list.every((each) => each instanceof Artist))
    throw new Error(`FuncAnimation: The ${which} must return a sequence of Artist objects.`);
}

/**
 * A figure that a function changes from frame to frame. `plt.show()` plays it in the page, `save` writes a GIF, and notebooks show a
 * player. Mirrors `matplotlib.animation.FuncAnimation`.
 * @param fig - the figure
 * @param func - draws a frame; its first argument is what `frames` has for it
 * @throws Error for an interval that is not positive, and with `blit` when the function does not return artists
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const [fig, ax] = plt.subplots();
 * const [line] = ax.plot([0, 1, 2], [0, 0, 0]);
 * const animation = new plt.animation.FuncAnimation(fig, (i: number) => line!.set_ydata([0, i, 0]), { frames: 3 });
 * print(animation.to_jshtml().includes('<img')); // True
 * print(line!.get_ydata()); // [0, 2, 0]
 * plt.close('all');
 * ```
 */
export class FuncAnimation<F = number> extends Animation<F> {
  private readonly func: DrawFrame<unknown>;
  private readonly options: FuncAnimationOptions<F>;
  /** Frames that were drawn, for files. */
  private drawn: F[] = [];
  private readonly save_count: number | null;
  /** An iterator that was given, which can be read once, and what was read of it. */
  private readonly ongoing: Iterator<F> | null;
  private readonly read: F[] = [];

  constructor(fig: Figure, func: DrawFrame<F>, options?: FuncAnimationOptions<F>);
  constructor(
    fig: Figure,
    func: DrawFrame<F>,
    frames?: FuncAnimationOptions<F>['frames'],
    ...more: [FuncAnimationOptions<F>?] | [init_func?: (() => unknown) | null, ...rest: unknown[]]
  );
  constructor(options: FuncAnimationOptions<F> & { fig: Figure; func: DrawFrame<F> });
  constructor(...args: unknown[]) {
    const { fig, func, ...options } = FUNC.read(args);
    super('FuncAnimation', fig, options);
    [this.func, this.options] = [func, options as FuncAnimationOptions<F>];
    const { frames = null, save_count = null } = options;
    const known =
      typeof frames === 'number'
        ? frames
        : ((frames as { length?: unknown; size?: unknown } | null)?.length ??
          (frames as { size?: unknown } | null)?.size);
    this.save_count = typeof frames !== 'function' && typeof known === 'number' ? known : save_count;
    const iterator = typeof frames === 'object' && frames !== null ? (frames as Iterable<F>)[Symbol.iterator]() : null;
    this.ongoing = iterator !== null && (iterator as unknown) === frames ? iterator : null;
  }

  protected override all_frames(): Iterator<F> {
    const { frames = null } = this.options;
    if (this.ongoing !== null) return this.options.repeat === false ? this.ongoing : this.read_again(this.ongoing);
    if (typeof frames === 'function') return frames();
    if (typeof frames === 'number' || frames === null)
      return count_up(frames ?? Number.POSITIVE_INFINITY) as Iterator<unknown> as Iterator<F>;
    return frames[Symbol.iterator]();
  }

  /** The values of an iterator from its beginning. */
  private *read_again(iterator: Iterator<F>): Generator<F> {
    for (let i = 0; ; i++) {
      if (i === this.read.length) {
        const { value, done } = iterator.next() as IteratorResult<F, unknown>;
        if (done === true) return;
        this.read.push(value);
      }
      yield this.read[i]!;
    }
  }

  protected override *saved_frames(): Iterable<F> {
    if (this.drawn.length > 0) {
      yield* [...this.drawn];
      return;
    }
    const frames = this.all_frames();
    const most = this.save_count ?? 100;
    for (let i = 0; i < most; i++) {
      const { value, done } = frames.next() as IteratorResult<F, unknown>;
      if (done === true) return;
      yield value;
    }
  }

  protected override count(): number | null {
    return this.save_count;
  }

  protected override init_draw(): void {
    const { init_func = null } = this.options;
    if (init_func !== null) check_artists(this.blit, 'init_func', init_func());
    else {
      const { value, done } = this.all_frames().next() as IteratorResult<F, unknown>;
      if (done === true) {
        warn(
          'Can not start iterating the frames for the initial draw. This can be caused by passing in a 0 length sequence for *frames*.',
        );
        return;
      }
      this.draw_frame(value);
    }
    this.drawn = [];
  }

  protected override draw_frame(frame: F): void {
    const { cache_frame_data = true, fargs = null } = this.options;
    if (cache_frame_data) {
      this.drawn.push(frame);
      if (this.drawn.length > (this.save_count ?? 100)) this.drawn.shift();
    }
    check_artists(this.blit, 'animation function', this.func(frame, ...((fargs ?? []) as never[])));
  }
}

function* count_up(end: number): Generator<number> {
  for (let i = 0; i < end; i++) yield i;
}

const ARTISTS = method_signature<TimingOptions & { fig: Figure; artists: Iterable<Iterable<Artist>> }>(
  'ArtistAnimation',
  `fig: pyplot_figure, artists: Iterable, *, ${TIMING}`,
);

/**
 * A figure that shows a list of artists after the other. Mirrors `matplotlib.animation.ArtistAnimation`.
 * @example
 * ```ts
 * import * as plt from 'torch-node/pyplot';
 * const [fig, ax] = plt.subplots();
 * const frames = [1, 2, 3].map((i) => [ax.text(0.5, 0.5, i)]);
 * const animation = new plt.animation.ArtistAnimation(fig, frames, { interval: 50 });
 * print(animation.to_jshtml().includes('setInterval(tick, 50)')); // True
 * print(frames.map(([text]) => text!.get_visible())); // [False, False, True]
 * plt.close('all');
 * ```
 */
export class ArtistAnimation extends Animation<readonly Artist[]> {
  private readonly artists: readonly (readonly Artist[])[];
  private shown: readonly Artist[] = [];

  constructor(fig: Figure, artists: Iterable<Iterable<Artist>>, options?: TimingOptions);
  constructor(options: TimingOptions & { fig: Figure; artists: Iterable<Iterable<Artist>> });
  constructor(...args: unknown[]) {
    const { fig, artists, ...options } = ARTISTS.read(args);
    super('ArtistAnimation', fig, options);
    this.artists = Array.from(artists, (each) => {
      const list = [...each];
      if (!list.every((artist) => artist instanceof Artist))
        throw new TypeError('ArtistAnimation(): artists must be lists of artists');
      return list;
    });
  }

  protected override all_frames(): Iterator<readonly Artist[]> {
    return this.artists[Symbol.iterator]();
  }

  protected override saved_frames(): Iterable<readonly Artist[]> {
    return this.artists;
  }

  protected override count(): number {
    return this.artists.length;
  }

  protected override init_draw(): void {
    for (const artist of this.artists.flat()) artist.set_visible(false);
  }

  protected override draw_frame(frame: readonly Artist[]): void {
    for (const artist of this.shown) artist.set_visible(false);
    for (const artist of frame) artist.set_visible(true);
    this.shown = frame;
  }
}
