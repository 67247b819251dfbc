/** The page of `plt.show()` and `plt.pause()`, watched by a real browser. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { Browser, chromium, no_chromium } from './chromium.js';

/** A folder in which the pictures are left, to look at them. */
const pictures = process.env['TORCH_NODE_PICTURES'];
const folder = mkdtempSync(join(tmpdir(), 'torch-node-live-'));
let browser: Browser;
beforeAll(() => {
  if (chromium !== undefined) browser = new Browser('900,700');
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const source = `
const torch = require(${JSON.stringify(join(root, 'dist/index.cjs'))});
const plt = require(${JSON.stringify(join(root, 'dist/pyplot/index.cjs'))});
torch.manual_seed(1);
const x = torch.linspace(-1, 1, 100).unsqueeze(1);
const y = x.pow(2).add(torch.rand(100, 1).mul(0.2));
const net = new torch.nn.Sequential(new torch.nn.Linear(1, 10), new torch.nn.ReLU(), new torch.nn.Linear(10, 1));
const optimizer = new torch.optim.SGD(net.parameters(), { lr: 0.2 });
plt.ion();
for (let t = 0; t < 120; t++) {
  const prediction = net(x);
  const loss = torch.nn.functional.mse_loss(prediction, y);
  optimizer.zero_grad();
  loss.backward();
  optimizer.step();
  if (t % 10 !== 0) continue;
  plt.cla();
  plt.scatter(x.data.numpy(), y.data.numpy());
  plt.plot(x.data.numpy(), prediction.data.numpy(), 'r-', { lw: 5 });
  plt.text(0.5, 0, 'Loss=' + loss.item().toFixed(4), { fontdict: { size: 20, color: 'red' } });
  plt.pause(0.3);
}
plt.ioff();
plt.show();
console.log('ended');
`;

describe.skipIf(chromium === undefined)(`a page of figures${chromium === undefined ? ` (${no_chromium})` : ''}`, () => {
  it('shows each state of a fit while the program trains, and ends the program when it is closed', async () => {
    const file = join(folder, 'fit.cjs');
    writeFileSync(file, source);
    const child = spawn(process.execPath, [file], {
      env: { ...process.env, TORCH_NODE_PYPLOT: 'browser', TORCH_NODE_PYPLOT_OPEN: '0' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    try {
      while (!output.includes('Figures: ') && child.exitCode === null)
        await new Promise((resolve) => setTimeout(resolve, 20));
      if (child.exitCode !== null) throw new Error(output);
      const page = await browser.open(/Figures: (\S+)/.exec(output)![1]!);
      await page.until('document.images.length === 1 && document.images[0].naturalWidth === 640');
      // The pictures that the page has shown, by their pixels.
      await page.evaluate(`(() => {
        window.seen = new Set();
        const look = () => {
          const image = document.images[0];
          if (image && image.complete && image.naturalWidth > 0) {
            const canvas = document.createElement('canvas');
            [canvas.width, canvas.height] = [640, 480];
            const context = canvas.getContext('2d');
            context.drawImage(image, 0, 0);
            const { data } = context.getImageData(0, 0, 640, 480);
            let sum = 0;
            for (let i = 0; i < data.length; i += 4) sum = (sum * 31 + data[i] + data[i + 1]) % 1000000007;
            window.seen.add(sum);
          }
        };
        setInterval(look, 50);
      })()`);
      await page.until('window.seen.size >= 4');
      const picture = await page.screenshot();
      expect(picture.subarray(1, 4).toString()).toBe('PNG');
      if (pictures !== undefined) {
        mkdirSync(pictures, { recursive: true });
        writeFileSync(join(pictures, 'live.png'), picture);
      }
      expect(output).not.toContain('ended');
      // The last figure stays until the page is closed.
      await new Promise((resolve) => setTimeout(resolve, 5000));
      expect(output).not.toContain('ended');
      await page.close();
      expect(await ended).toBe(0);
      expect(output).toContain('ended');
    } finally {
      child.kill('SIGKILL');
    }
  }, 120_000);
});
