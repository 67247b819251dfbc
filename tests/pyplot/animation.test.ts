/** Animations call their functions as matplotlib does, and what they write is read back. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as plt from 'torch-node/pyplot';
import { afterAll, afterEach, describe, expect, it } from 'vitest';

import { root } from '../package_root.js';

const { FuncAnimation, ArtistAnimation } = plt.animation;
const folder = mkdtempSync(join(tmpdir(), 'animation-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  plt.close('all');
  plt.rcdefaults();
});
const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden_animation.json'), 'utf8')) as {
  calls: Record<string, unknown[]>;
  gif: { frames: number; size: number[]; duration: number; loop: number };
};

/** Frames, size, delays and repetitions of a GIF file. */
function gif_of(file: string): { frames: number; size: number[]; delays: number[]; loops: boolean } {
  const bytes = readFileSync(file);
  expect(bytes.subarray(0, 6).toString('latin1')).toBe('GIF89a');
  const size = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)];
  const table = (flags: number): number => ((flags & 0x80) !== 0 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let at = 13 + table(bytes[10]!);
  const found = { frames: 0, size, delays: [] as number[], loops: false };
  const skip_blocks = (): void => {
    while (bytes[at] !== 0) at += bytes[at]! + 1;
    at++;
  };
  while (bytes[at] !== 0x3b) {
    if (bytes[at] === 0x21) {
      if (bytes[at + 1] === 0xf9) found.delays.push(bytes.readUInt16LE(at + 4) * 10);
      if (bytes[at + 1] === 0xff && bytes.subarray(at + 3, at + 14).toString('latin1') === 'NETSCAPE2.0')
        found.loops = bytes.readUInt16LE(at + 16) === 0;
      at += 2;
      skip_blocks();
    } else {
      found.frames++;
      at += 10 + table(bytes[at + 9]!) + 1;
      skip_blocks();
    }
  }
  return found;
}

/** What a function is called with while a file is written. */
function calls_of(name: string): unknown[] {
  const seen: unknown[] = [];
  const [fig] = plt.subplots({ figsize: [1, 1], dpi: 50 });
  const draw = (...args: unknown[]): void => void seen.push(args);
  function* letters(): Generator<string> {
    yield* ['a', 'b', 'c'];
  }
  const made: Record<string, () => plt.animation.FuncAnimation<never>> = {
    'a number': () => new FuncAnimation(fig, draw, { frames: 3 }) as never,
    'a list': () => new FuncAnimation(fig, draw, [5, 7]) as never,
    'a generator function': () => new FuncAnimation(fig, draw, letters, { save_count: 100 }) as never,
    'a generator': () => new FuncAnimation(fig, draw, letters(), { save_count: 100 }) as never,
    'no frames': () => new FuncAnimation(fig, draw, { save_count: 2 }) as never,
    'a function before': () => new FuncAnimation(fig, draw, 2, () => seen.push('init')) as never,
    'more arguments': () => new FuncAnimation(fig, draw, { frames: 2, fargs: [10, 'x'] }) as never,
  };
  made[name]!().save(join(folder, 'calls.gif'), { progress_callback: (i, n) => seen.push(['progress', i, n]) });
  return seen;
}

describe('a function is called as by matplotlib with', () => {
  it.each(Object.keys(golden.calls))('%s', (name) => {
    expect(calls_of(name)).toEqual(golden.calls[name]);
  });
});

describe('a GIF file', () => {
  it('has the frames, size and delays of Pillow', () => {
    const [fig, ax] = plt.subplots({ figsize: [2, 1.5], dpi: 50 });
    const [line] = ax.plot([0, 1], [0, 1]);
    const file = join(folder, 'line.gif');
    new FuncAnimation(fig, (i: number) => line!.set_ydata([0, i / 5]), { frames: 5, interval: 80 }).save(file);
    const { frames, size, delays, loops } = gif_of(file);
    const { gif } = golden;
    expect({ frames, size, duration: delays[0], loop: loops ? 0 : 1 }).toEqual(gif);
    expect(new Set(delays).size).toBe(1);
  });

  it('may have its own rate, size and writer', () => {
    const [fig] = plt.subplots({ figsize: [2, 1], dpi: 50 });
    const file = join(folder, 'own.gif');
    new FuncAnimation(fig, () => undefined, 2).save(file, 'pillow', 4, { dpi: 25 });
    expect(gif_of(file)).toEqual({ frames: 2, size: [50, 25], delays: [250, 250], loops: true });
  });

  it('is not written for other kinds, or without frames', () => {
    const [fig] = plt.subplots();
    const animation = new FuncAnimation(fig, () => undefined, { frames: 2 });
    expect(() => animation.save(join(folder, 'x.mp4'))).toThrow('save(): torch-node/pyplot writes animations as .gif');
    expect(() => animation.save(join(folder, 'x.gif'), { writer: 'ffmpeg' })).toThrow("not with writer 'ffmpeg'");
    expect(() => new FuncAnimation(fig, () => undefined, []).save(join(folder, 'x.gif'))).toThrow('has no frames');
    expect(() => new FuncAnimation(fig, () => undefined, { interval: 0 })).toThrow('interval must be positive');
    expect(() => new FuncAnimation(fig, () => 3, { frames: 1, blit: true }).to_jshtml()).toThrow(
      'The animation function must return a sequence of Artist objects.',
    );
  });
});

describe('a page with a player', () => {
  const made = (options: plt.animation.TimingOptions = {}): plt.animation.FuncAnimation => {
    const [fig, ax] = plt.subplots({ figsize: [1, 1], dpi: 40 });
    const [line] = ax.plot([0, 1], [0, 1]);
    return new FuncAnimation(fig, (i: number) => line!.set_ydata([0, i]), { frames: 3, interval: 40, ...options });
  };
  /** The pictures in a page. */
  const pictures = (page: string): string[] => JSON.parse(/const frames = (\[.*?\]);/.exec(page)![1]!) as string[];

  it('has each frame, and its interval and mode', () => {
    const page = made().to_jshtml();
    expect(new Set(pictures(page)).size).toBe(3);
    expect(page).toContain('setInterval(tick, 40)');
    expect(page).toContain('value="loop" checked');
    const once = made({ repeat: false }).to_jshtml(10, { default_mode: null });
    expect(once).toContain('value="once" checked');
    expect(once).toContain('setInterval(tick, 100)');
    expect(() => made().to_jshtml({ default_mode: 'never' as 'once' })).toThrow("'never' is not a valid value");
  });

  it('is what notebooks show, and a file', () => {
    const shown = (made() as unknown as Record<symbol, () => Record<string, string>>)[Symbol.for('Jupyter.display')]!();
    expect(pictures(shown['text/html']!).length).toBe(3);
    made().save(join(folder, 'page.html'));
    expect(pictures(readFileSync(join(folder, 'page.html'), 'utf8')).length).toBe(3);
  });

  it('leaves out frames beyond the limit', () => {
    const [first, second] = pictures(made().to_jshtml());
    plt.rcParams['animation.embed_limit'] = (first!.length + second!.length + 1) / 1024 / 1024;
    expect(pictures(made().to_jshtml()).length).toBe(2);
  });
});

describe('artists', () => {
  it('are shown one list after the other', () => {
    const [fig, ax] = plt.subplots({ figsize: [1, 1], dpi: 40 });
    const texts = ['a', 'b', 'c'].map((text) => ax.text(0, 0, text));
    const animation = new ArtistAnimation(fig, [[texts[0]!], [texts[1]!, texts[2]!]], { interval: 50, blit: true });
    fig.draw();
    expect(texts.map((text) => text.get_visible())).toEqual([false, false, false]);
    animation.save(join(folder, 'artists.gif'));
    expect(texts.map((text) => text.get_visible())).toEqual([false, true, true]);
    expect(gif_of(join(folder, 'artists.gif')).frames).toBe(2);
    expect(() => new ArtistAnimation(fig, [[1 as never]])).toThrow('artists must be lists of artists');
  });
});

it('frames come in time, begin again, and can be stopped', () => {
  const seen: number[] = [];
  const [fig] = plt.subplots();
  const made = (repeat: boolean): { advance(now: number): number; pause(): void; resume(): void } => {
    const animation = new FuncAnimation(fig, (i: number) => seen.push(i), { frames: 2, interval: 100, repeat });
    const { _advance } = animation as unknown as { _advance(now: number): number };
    return {
      advance: (now) => _advance.call(animation, now),
      pause: () => animation.pause(),
      resume: () => animation.resume(),
    };
  };
  const once = made(false);
  expect([0, 50, 100, 200, 300].map((now) => once.advance(now))).toEqual([100, 50, 100, Infinity, Infinity]);
  expect(seen).toEqual([0, 0, 1]);
  seen.length = 0;
  const again = made(true);
  for (const now of [0, 100, 200, 200, 300]) again.advance(now);
  expect(seen).toEqual([0, 0, 1, 0, 0, 1]);
  again.pause();
  expect(again.advance(1000)).toBe(Infinity);
  again.resume();
  expect(again.advance(performance.now())).toBeLessThan(200);
});

it('a page shows frames while the program pauses', () => {
  const program = `
    const plt = require(${JSON.stringify(join(root, 'dist/pyplot/index.cjs'))});
    const seen = [];
    const [fig] = plt.subplots({ figsize: [1, 1], dpi: 40 });
    const animation = new plt.animation.FuncAnimation(fig, (i) => seen.push(i), { interval: 50 });
    plt.ion();
    plt.show();
    plt.pause(1);
    console.log(JSON.stringify(seen));
    process.exit();`;
  const env = { ...process.env, TORCH_NODE_PYPLOT: 'browser', TORCH_NODE_PYPLOT_OPEN: '0' };
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], { env, encoding: 'utf8', timeout: 60_000 });
  const seen = JSON.parse(stdout || `"${stderr}"`) as number[];
  // The first frame is drawn by itself, then each in its turn; a slow machine may miss some.
  expect(seen.slice(0, 4)).toEqual([0, 0, 1, 2]);
  expect(seen.length).toBeLessThan(24);
});
