/**
 * Draws digits on the page of examples/browser/ in a real Chromium, and looks at what it says:
 *
 *   npm run test:browser -- [--chromium /usr/bin/chromium] [--folder ./browser-example/] [--screenshot digits.png]
 *
 * Without `--folder`, trains the network first. Exit status 1 when a digit is taken for another.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values } = parseArgs({
  options: {
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    folder: { type: 'string' },
    screenshot: { type: 'string' },
  },
});

type Stroke = readonly (readonly [x: number, y: number])[];

const circle = (cx: number, cy: number, rx: number, ry: number): Stroke =>
  Array.from({ length: 33 }, (_, i) => {
    const angle = (Math.PI * i) / 16 - Math.PI / 2;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)] as const;
  });

/** Strokes on 280 by 280 pixels. */
const digits: readonly (readonly [digit: string, strokes: readonly Stroke[]])[] = [
  ['0', [circle(140, 140, 55, 85)]],
  [
    '1',
    [
      [
        [145, 50],
        [140, 230],
      ],
    ],
  ],
  [
    '2',
    [
      [
        [85, 90],
        [110, 60],
        [150, 55],
        [185, 80],
        [180, 120],
        [140, 165],
        [85, 225],
        [200, 222],
      ],
    ],
  ],
  [
    '3',
    [
      [
        [90, 65],
        [140, 50],
        [185, 75],
        [175, 115],
        [130, 138],
        [180, 155],
        [192, 195],
        [150, 230],
        [88, 215],
      ],
    ],
  ],
  [
    '4',
    [
      [
        [105, 55],
        [85, 150],
        [195, 150],
      ],
      [
        [180, 60],
        [170, 235],
      ],
    ],
  ],
  [
    '7',
    [
      [
        [80, 65],
        [195, 62],
        [150, 140],
        [120, 235],
      ],
    ],
  ],
];

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.onnx': 'application/octet-stream',
};

async function main(): Promise<void> {
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'torch-node-browser-'));
  const server = createServer((request, response) => {
    const name = normalize(new URL(request.url ?? '/', 'http://localhost').pathname).replace(/^\/$/, '/index.html');
    try {
      const content = readFileSync(join(folder, name));
      response.writeHead(200, { 'content-type': types[extname(name)] ?? 'application/octet-stream' }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  try {
    if (values.folder === undefined) {
      const script = join(__dirname, '..', '..', 'examples', 'browser', 'train.ts');
      const trained = spawnSync('npx', ['tsx', script, '--out', folder, '--steps', '600'], { stdio: 'inherit' });
      if (trained.status !== 0) throw new Error('the training failed');
    }
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const browser = await chromium.launch({ executablePath: values.chromium, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage({ viewport: { width: 760, height: 560 } });
      page.on('pageerror', (error) => console.error(error));
      await page.goto(`http://127.0.0.1:${port}/`);
      await page.getByText('Ready.').waitFor();
      const box = (await page.locator('#canvas').boundingBox())!;
      let right = 0;
      for (const [digit, strokes] of digits) {
        await page.locator('#clear').click();
        for (const [[x, y], ...others] of strokes as readonly [readonly [number, number], ...Stroke][]) {
          await page.mouse.move(box.x + x, box.y + y);
          await page.mouse.down();
          for (const [to_x, to_y] of others) await page.mouse.move(box.x + to_x, box.y + to_y, { steps: 4 });
          await page.mouse.up();
        }
        await page.locator('#digit').filter({ hasText: /\d/ }).waitFor();
        await page.waitForTimeout(200);
        const found = await page.locator('#digit').textContent();
        const probability = await page
          .locator(`#probabilities li:nth-child(${Number(found) + 1}) > :last-child`)
          .textContent();
        console.log(`${digit} drawn: ${found}, ${probability}`);
        if (found === digit) right++;
      }
      if (values.screenshot !== undefined) await page.screenshot({ path: values.screenshot });
      console.log(`digits ${right} of ${digits.length}`);
      if (right < digits.length) process.exitCode = 1;
    } finally {
      await browser.close();
    }
  } finally {
    server.close();
    if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
