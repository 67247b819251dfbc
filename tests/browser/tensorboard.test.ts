/** Each tab of the real TensorBoard in a real browser, with what SummaryWriter wrote. TORCH_NODE_PICTURES keeps the screenshots. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { nn } from 'torch-node';
import * as plt from 'torch-node/pyplot';
import { SummaryWriter } from 'torch-node/tensorboard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { root } from '../package_root.js';
import { Browser, chromium, no_chromium, type Page } from './chromium.js';

const interpreter = join(root, '.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
const missing = [
  ...(chromium === undefined ? [no_chromium] : []),
  ...(existsSync(interpreter) ? [] : ['no reference Python: npm test installs it']),
];
const pictures = process.env['TORCH_NODE_PICTURES'];
let folder: string;
let server: ChildProcess | undefined;
let browser: Browser | undefined;
let address: string;

function write(into: string): void {
  torch.manual_seed(0);
  using writer = new SummaryWriter(into);
  for (let step = 0; step < 60; step++) {
    writer.add_scalar('loss/train', Math.exp(-step / 20) + 0.05 * Math.sin(step), step);
    writer.add_scalars('curves', { sine: Math.sin(step / 8), cosine: Math.cos(step / 8) }, step);
    if (step % 10 === 0) writer.add_histogram('weights', torch.randn(500).add(step / 20), step);
  }
  const ramp = torch.linspace(0, 1, 64);
  writer.add_image('gradient', torch.stack([ramp.expand(48, 64), ramp.flip(0).expand(48, 64), torch.zeros(48, 64)]), 0);
  plt.plot([1, 4, 9, 16], 'o-');
  plt.title('squares');
  writer.add_figure('figure', plt.gcf(), 0);
  writer.add_text('notes', '**bold** and `code`\n\n| a | b |\n|---|---|\n| 1 | 2 |', 0);
  const truth = torch.rand(200).gt(0.5);
  writer.add_pr_curve('precision', truth, truth.float().mul(0.5).add(torch.rand(200).mul(0.5)), 0);
  writer.add_graph(new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU(), new nn.Linear(3, 1)), torch.ones(1, 2));
  const groups = torch.cat([torch.randn(30, 5), torch.randn(30, 5).add(4)]);
  writer.add_embedding(
    groups,
    Array.from({ length: 60 }, (_, i) => (i < 30 ? 'first' : 'second')),
  );
  for (const lr of [0.1, 0.01, 0.001])
    writer.add_hparams({ lr, batch: 32, optimizer: 'sgd' }, { accuracy: 0.9 - lr }, { run_name: `trial_${lr}` });
}

beforeAll(async () => {
  if (missing.length > 0) return;
  folder = mkdtempSync(join(tmpdir(), 'torch-node-tensorboard-pages-'));
  write(folder);
  server = spawn(interpreter, ['-m', 'tensorboard.main', '--logdir', folder, '--port', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  address = await new Promise((resolve, reject) => {
    let said = '';
    server!.stderr!.on('data', (text: Buffer) => {
      said += text.toString();
      const found = /at (http:\/\/\S+?)\/? /.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    server!.once('exit', () => reject(new Error(`TensorBoard ended:\n${said}`)));
  });
  browser = new Browser('1400,900');
}, 120_000);
afterAll(async () => {
  await browser?.close();
  server?.kill();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** All texts of a page, those within the elements that hide theirs too. */
const TEXTS = `(() => {
  const parts = [];
  const walk = (node) => {
    if (node.nodeType === 3) parts.push(node.textContent);
    if (node.shadowRoot) walk(node.shadowRoot);
    if (node.tagName === 'IFRAME') try { walk(node.contentDocument.body); } catch {}
    if (node.tagName !== 'SCRIPT' && node.tagName !== 'STYLE') for (const child of node.childNodes) walk(child);
  };
  walk(document.body);
  return parts.join(' ');
})()`;

/** The elements that a selector finds, in hidden trees too. */
const found = (selector: string): string => `(() => {
  const all = [];
  const walk = (tree) => {
    all.push(...tree.querySelectorAll(${JSON.stringify(selector)}));
    for (const each of tree.querySelectorAll('*')) {
      if (each.shadowRoot) walk(each.shadowRoot);
      if (each.tagName === 'IFRAME' && each.contentDocument) walk(each.contentDocument);
    }
  };
  walk(document);
  return all;
})()`;

async function keep(page: Page, name: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const picture = await page.screenshot();
  expect(picture.length).toBeGreaterThan(10_000);
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  writeFileSync(join(pictures, `tensorboard_${name}.png`), picture);
}

describe.skipIf(missing.length > 0)(`TensorBoard in Chromium${missing.map((each) => ` (${each})`).join('')}`, () => {
  it.each<[tab: string, plugin: string, text: string, shown: string]>([
    ['scalars', 'scalars', 'loss', 'path, canvas'],
    ['images', 'images', 'gradient', 'img[src*="individualImage"], img'],
    ['histograms', 'histograms', 'weights', 'path, histogram-card'],
    ['text', 'text', 'notes', 'strong'],
    ['hparams', 'hparams', 'trial_0.01', '*'],
    ['PR curves', 'pr_curves', 'precision', 'path, canvas'],
    ['graph', 'graphs', 'Sequential', 'g.node, rect'],
    ['embeddings', 'projector', 'first', 'canvas'],
  ])(
    '%s',
    async (tab, plugin, text, shown) => {
      const page = await browser!.open(`${address}/#${plugin}`);
      try {
        await page.until(`${TEXTS}.includes(${JSON.stringify(text)})`, 60_000);
        await page.until(`${found(shown)}.length > 0`, 60_000);
      } catch (error) {
        throw new Error(
          `${(error as Error).message}\n${(await page.evaluate<string>(TEXTS)).replace(/\s+/g, ' ').slice(0, 2000)}`,
        );
      } finally {
        await keep(page, tab.replace(' ', '_'));
        await page.close();
      }
    },
    120_000,
  );
});
