/** Figures, their files and pages, and what programs do with what plotting functions return. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createCanvas, loadImage } from '@napi-rs/canvas';
import * as torch from 'torch-node';
import * as np from 'torch-node/numpy';
import * as plt from 'torch-node/pyplot';
import { SummaryWriter } from 'torch-node/tensorboard';
import { afterAll, afterEach, describe, expect, it } from 'vitest';

import { root } from '../package_root.js';

const folder = mkdtempSync(join(tmpdir(), 'pyplot-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  plt.close('all');
});

/** The pixels of a PNG file. */
async function pixels(
  file: string | Uint8Array,
): Promise<{ width: number; height: number; at(x: number, y: number): number[] }> {
  const image = await loadImage(typeof file === 'string' ? readFileSync(file) : Buffer.from(file));
  const { width, height } = image;
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, at: (x, y) => [...data.slice(4 * (y * width + x), 4 * (y * width + x) + 4)] };
}
const file = (name: string): string => join(folder, name);

describe('what is plotted may be', () => {
  it.each<[string, plt.Values]>([
    ['a tensor', torch.tensor([1, 2, 3])],
    ['a tensor of another dtype', torch.tensor([1, 2, 3], { dtype: torch.float64 })],
    ['an array of numpy', np.array([1, 2, 3])],
    ['a typed array', Float32Array.of(1, 2, 3)],
    ['integers of 64 bits', BigInt64Array.of(1n, 2n, 3n)],
    ['a range', torch.range(1, 4)],
    ['a list of tensors', [torch.tensor(1), torch.tensor(2), torch.tensor(3)]],
  ])('%s', (_name, values) => {
    expect(plt.plot(values)[0]!.get_ydata()).toEqual([1, 2, 3]);
  });

  it('not a tensor that requires a gradient, with the text of Python', () => {
    const x = torch.ones(3, { requires_grad: true });
    expect(() => plt.plot(x)).toThrow(
      "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
    );
  });

  it('not rows of different lengths', () => {
    expect(() => plt.plot([1, 2], [1, 2, 3])).toThrow(
      'plot(): x and y must have same first dimension, but have shapes (2,) and (3,)',
    );
    expect(() => plt.scatter([1, 2], [1])).toThrow('scatter(): x and y must be the same size');
  });
});

describe('artists', () => {
  it('set_ydata keeps the limits until relim and autoscale_view', () => {
    const [line] = plt.plot([0, 1, 2]);
    const ax = plt.gca();
    const before = [...ax.get_ylim()];
    line!.set_ydata([0, 10, 20]);
    expect([...ax.get_ylim()]).toEqual(before);
    ax.relim();
    ax.autoscale_view();
    expect([...ax.get_ylim()]).toEqual([-1, 21]);
  });

  it('remove takes a line out, once', () => {
    const [line] = plt.plot([1, 2]);
    line!.remove();
    expect(plt.gca().lines).toEqual([]);
    expect(() => line!.remove()).toThrow('remove(): the artist is not in a figure');
  });

  it('an image shows new data with the old limits', async () => {
    const image = plt.imshow([[0, 1]], { cmap: 'gray' });
    image.set_data([[1, 0]]);
    plt.axis('off');
    plt.savefig(file('image.png'));
    const { at } = await pixels(file('image.png'));
    expect([at(200, 240), at(450, 240)]).toEqual([
      [255, 255, 255, 255],
      [0, 0, 0, 255],
    ]);
  });

  it('pixels of an image are the colours of the map', async () => {
    plt.figure({ figsize: [2, 1], dpi: 100 }).add_axes([0, 0, 1, 1]);
    plt.axis('off');
    plt.imshow(torch.arange(200).reshape(1, 200).expand(100, 200), {
      cmap: 'viridis',
      aspect: 'auto',
      interpolation: 'nearest',
    });
    plt.savefig(file('map.png'));
    const { at } = await pixels(file('map.png'));
    const bytes = (plt.cm['viridis'] as unknown as { _bytes(values: number[]): Uint8ClampedArray })._bytes([
      0,
      50 / 199,
      1,
    ]);
    expect([...at(0, 50), ...at(50, 50), ...at(199, 50)]).toEqual([...bytes]);
  });
});

describe('savefig', () => {
  it.each([
    [{}, 640, 480],
    [{ dpi: 50 }, 320, 240],
    [{ dpi: 200 }, 1280, 960],
  ])('writes PNG files of the right size: %j', async (options, width, height) => {
    plt.plot([1, 2, 3]);
    plt.savefig(file('size.png'), options);
    const image = await pixels(file('size.png'));
    expect([image.width, image.height]).toEqual([width, height]);
  });

  it('cuts off the margins, and leaves the ground out', async () => {
    plt.plot([1, 2, 3]);
    plt.savefig(file('tight.png'), { bbox_inches: 'tight', transparent: true });
    const { width, height, at } = await pixels(file('tight.png'));
    expect(width).toBeGreaterThan(500);
    expect(width).toBeLessThan(600);
    expect(height).toBeLessThan(450);
    expect(at(2, 2)[3]).toBe(0);
  });

  it('writes the same SVG and PDF again', () => {
    const draw = (): void => {
      plt.plot([1, 2, 3], 'o-', { label: 'a & <b>' });
      plt.imshow([[1, 2]]);
      plt.legend();
      plt.title('$10^{-3}$');
    };
    draw();
    plt.savefig(file('a.svg'));
    plt.savefig(file('a.pdf'));
    plt.close();
    draw();
    plt.savefig(file('b.svg'));
    const svg = readFileSync(file('a.svg'), 'utf8');
    expect(svg).toBe(readFileSync(file('b.svg'), 'utf8'));
    expect(svg).toMatch(/^<\?xml[\s\S]*<svg [\s\S]*<\/svg>\s*$/);
    expect(svg).toContain('width="461" height="346"');
    expect(readFileSync(file('a.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('leaves no file when it fails', () => {
    plt.plot([1, 2]);
    const before = readdirSync(folder);
    expect(() => plt.savefig(file('x.gif'))).toThrow("savefig(): Format 'gif' is not supported");
    expect(() => plt.savefig(join(folder, 'none', 'x.png'))).toThrow('does not exist');
    expect(readdirSync(folder)).toEqual(before);
  });

  it('draws 10,000 points quickly', () => {
    const values = torch.rand(10_000);
    // The best of some: other programs run beside the tests.
    const times = Array.from({ length: 4 }, () => {
      plt.clf();
      const { user, system } = process.cpuUsage();
      plt.plot(values);
      plt.savefig(file('many.png'));
      const now = process.cpuUsage();
      return (now.user + now.system - user - system) / 1000;
    });
    expect(Math.min(...times)).toBeLessThan(200);
  });
});

describe('figures', () => {
  it('are numbered, named and closed', () => {
    plt.figure(3);
    plt.figure('loss');
    expect(plt.get_fignums()).toEqual([3, 4]);
    expect(plt.figure('loss').number).toBe(4);
    plt.close('loss');
    expect(plt.get_fignums()).toEqual([3]);
    expect(plt.gcf().number).toBe(3);
  });

  it('subplot returns to the axes that are there', () => {
    const first = plt.subplot(2, 2, 1);
    plt.subplot(224);
    expect(plt.subplot(221)).toBe(first);
    expect(plt.gcf().axes.length).toBe(2);
  });

  it('subplots share limits', () => {
    const [, axs] = plt.subplots<plt.Axes[]>(2, 1, { sharex: true });
    axs[0]!.set_xlim(0, 7);
    expect([...axs[1]!.get_xlim()]).toEqual([0, 7]);
  });

  it('refuse what is not there', () => {
    expect(() => plt.subplot(3, 3, 10)).toThrow('subplot(): num must be an integer with 1 <= num <= 9, not 10');
    expect(() => plt.figure({ figsize: [0, 1] })).toThrow('figure(): figure size must be positive finite');
    expect(() => plt.subplot(1, 1, 1, { projection: 'mollweide' })).toThrow(
      "projection 'mollweide' is not in torch-node/pyplot",
    );
    expect(() => plt.plot([1], 'q')).toThrow("plot(): 'q' is not a valid format string (unrecognized character 'q')");
    expect(() => plt.plot([1], { colour: 'r' } as never)).toThrow("plot() got an unexpected keyword argument 'colour'");
    expect(() => plt.plot([1], { color: 'nocolor' })).toThrow("Invalid RGBA argument: 'nocolor'");
    expect(() => plt.imshow([1, 2])).toThrow('imshow(): Invalid shape (2,) for image data');
    expect(() => plt.rcParams['no.such'] === 1 || (plt.rcParams['no.such'] = 1)).toThrow('no.such is not a setting');
  });

  it('are logged by SummaryWriter, and closed', () => {
    const writer = new SummaryWriter(file('runs'));
    plt.plot([1, 2]);
    writer.add_figure('curve', plt.gcf(), 0);
    writer.close();
    expect(plt.get_fignums()).toEqual([]);
    const [name] = readdirSync(file('runs'));
    expect(readFileSync(join(file('runs'), name!)).includes(Buffer.from('\x89PNG', 'latin1'))).toBe(true);
  });

  it("are shown by Deno's notebooks", () => {
    plt.plot([1, 2]);
    const shown = (plt.gcf() as unknown as Record<symbol, () => Record<string, string>>)[
      Symbol.for('Jupyter.display')
    ]!();
    expect(Buffer.from(shown['image/png']!, 'base64').subarray(1, 4).toString()).toBe('PNG');
  });
});

/** Runs a program until `until` is in what it writes. */
function program(
  source: string,
  env: Record<string, string>,
): { output: () => string; done: Promise<number | null>; kill: () => void } {
  const path = file(`program${readdirSync(folder).length}.cjs`);
  writeFileSync(path, `const plt = require(${JSON.stringify(join(root, 'dist/pyplot/index.cjs'))});\n${source}`);
  const child = spawn(process.execPath, [path], {
    env: { ...process.env, TMPDIR: folder, TORCH_NODE_PYPLOT_OPEN: '0', ...env },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (text += String(data)));
  const done = new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { output: () => text, done, kill: () => child.kill('SIGKILL') };
}

describe('show', () => {
  it('without a screen writes files and says where', async () => {
    const { output, done } = program('plt.plot([1, 2]); plt.show(); console.log(plt.get_fignums());', {
      TORCH_NODE_PYPLOT: 'file',
    });
    expect(await done).toBe(0);
    const name = /^Figure 1: (.*figure1\.png)\n\[\]\n$/.exec(output())?.[1];
    expect(name !== undefined && existsSync(name)).toBe(true);
  });

  it('in a page, which changes while the program is busy, and ends when it is closed', async () => {
    const source = `
      plt.ion();
      for (let i = 0; i < 4; i++) { plt.cla(); plt.plot([0, i]); plt.pause(0.3); }
      plt.ioff();
      plt.show();
      console.log('ended');`;
    const { output, done, kill } = program(source, { TORCH_NODE_PYPLOT: 'browser' });
    try {
      while (!output().includes('Figures: ')) await new Promise((resolve) => setTimeout(resolve, 20));
      const url = /Figures: (\S+)/.exec(output())![1]!;
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/);
      expect(await (await fetch(url)).text()).toContain('EventSource');
      expect((await fetch(new URL('/events', url))).status).toBe(404);
      const closing = new AbortController();
      const stream = await fetch(new URL('events', url), { signal: closing.signal });
      const reader = stream.body!.getReader();
      const versions = new Set<number>();
      let text = '';
      while (versions.size < 3) {
        text += new TextDecoder().decode((await reader.read()).value);
        for (const [, version] of text.matchAll(/"version":(\d+)/g)) versions.add(Number(version));
      }
      const frame = await fetch(new URL('1.png', url));
      expect(frame.headers.get('content-type')).toBe('image/png');
      expect((await pixels(new Uint8Array(await frame.arrayBuffer()))).width).toBe(640);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(output()).not.toContain('ended');
      closing.abort();
      expect(await done).toBe(0);
      expect(output()).toContain('ended');
    } finally {
      kill();
    }
  }, 30_000);
});
