/** The player of animations in a real browser: its buttons are pressed, and the frames that it shows are read from their pixels. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import * as plt from 'torch-node/pyplot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Browser, chromium, no_chromium, type Page } from './chromium.js';

/** A folder in which the pictures are left, to look at them. */
const pictures = process.env['TORCH_NODE_PICTURES'];
const folder = mkdtempSync(join(tmpdir(), 'torch-node-player-'));
const frames = 6;
let browser: Browser;
let page: Page;

/** A red point that moves from one frame to the next, from left to right. */
function moving_point(): plt.animation.FuncAnimation {
  const [fig, ax] = plt.subplots({ figsize: [4, 3], dpi: 80 });
  const [point] = ax.plot([0], [0.5], 'o', { color: 'red', markersize: 20 });
  ax.set_xlim(-1, frames);
  ax.set_ylim(0, 1);
  const title = ax.set_title('');
  return new plt.animation.FuncAnimation(
    fig,
    (i: number) => {
      point!.set_xdata([i]);
      title.set_text(`frame ${i}`);
    },
    { frames, interval: 50 },
  );
}

/** The frame that is seen: where the red pixels of the picture are, in units of the axes; null while there are none. */
const SEEN = `(() => {
  const picture = document.querySelector('img');
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
  const context = canvas.getContext('2d');
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let [sum, count] = [0, 0];
  for (let i = 0; i < data.length; i += 4)
    if (data[i] > 200 && data[i + 1] < 60 && data[i + 2] < 60) [sum, count] = [sum + (i / 4) % canvas.width, count + 1];
  // The axes are from 12.5 % to 90 % of the width, and show -1 to ${frames}.
  return count === 0 ? null : Math.abs(Math.round(((sum / count + 0.5) / canvas.width - 0.125) / 0.775 * ${frames + 1} - 1));
})()`;
const seen = (): Promise<number | null> => page.evaluate<number | null>(SEEN);
/** A picture is seen only after it has been decoded. */
const shows = (frame: number): Promise<void> => expect.poll(seen, { timeout: 10_000, interval: 10 }).toBe(frame);
const press = (name: string): Promise<void> => page.click(`button[data-do=${name}]`);
const choose = (mode: string): Promise<void> => page.click(`input[value=${mode}]`);

/** The frames that are shown, until there are as many. */
const watch = (count: number): Promise<number[]> =>
  page.evaluate<number[]>(`new Promise((resolve) => {
    const shown = [];
    const picture = document.querySelector('img');
    const look = () => {
      const frame = ${SEEN};
      if (frame !== null && frame !== shown.at(-1)) shown.push(frame);
      if (shown.length < ${count}) return;
      picture.removeEventListener('load', look);
      resolve(shown);
    };
    look();
    picture.addEventListener('load', look);
  })`);

async function keep(name: string): Promise<void> {
  const picture = await page.screenshot();
  expect(picture.subarray(1, 4).toString()).toBe('PNG');
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  writeFileSync(join(pictures, `player_${name}.png`), picture);
}

beforeAll(async () => {
  if (chromium === undefined) return;
  const file = join(folder, 'player.html');
  moving_point().save(file);
  plt.close('all');
  browser = new Browser('500,450');
  page = await browser.open(pathToFileURL(file).href);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(chromium === undefined)(`the player${chromium === undefined ? ` (${no_chromium})` : ''}`, () => {
  it('plays by itself, each frame once before the first again', async () => {
    const shown = await watch(2 * frames + 1);
    const expected = shown.map((_, i) => (shown[0]! + i) % frames);
    expect(shown).toEqual(expected);
    await keep('playing');
  });

  it('stops, and goes on', async () => {
    await press('stop');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect.poll(seen).not.toBeNull();
    const before = await seen();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await seen()).toBe(before);
    await keep('stopped');
    await press('play');
    expect(new Set(await watch(frames + 1)).size).toBe(frames);
  });

  it('steps', async () => {
    await press('first');
    await shows(0);
    await keep('first');
    await press('back');
    await shows(0);
    for (let i = 1; i < frames; i++) {
      await press('next');
      await shows(i);
    }
    await press('next');
    await shows(frames - 1);
    await press('back');
    await shows(frames - 2);
    await press('last');
    await shows(frames - 1);
    await keep('last');
    await page.click('input[type=range]', 0.5);
    await expect.poll(seen).toBeOneOf([2, 3]);
  });

  it('plays backwards', async () => {
    await press('last');
    await choose('loop');
    await press('reverse');
    const shown = await watch(frames + 2);
    expect(shown).toEqual(shown.map((_, i) => (((shown[0]! - i) % frames) + frames) % frames));
  });

  it('turns at the ends, or ends there', async () => {
    await press('first');
    await choose('reflect');
    await press('play');
    const there = Array.from({ length: frames }, (_, i) => i);
    expect(await watch(2 * frames - 1)).toEqual([...there, ...there.slice(0, -1).reverse()]);
    await press('first');
    await choose('once');
    await press('play');
    await page.until(`${SEEN} === ${frames - 1}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await seen()).toBe(frames - 1);
  });
});
