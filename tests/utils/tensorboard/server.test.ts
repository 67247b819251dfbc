/** The real TensorBoard: its server shows what SummaryWriter wrote in each of its tabs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as torch from 'torch-node';
import { nn } from 'torch-node';
import { SummaryWriter } from 'torch-node/tensorboard';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { root } from '../../package_root.js';

let folder: string;
let server: ChildProcess;
let address: string;

function write(into: string): void {
  using writer = new SummaryWriter(into);
  writer.add_scalar('loss', 0.5, 1);
  writer.add_scalars('curves', { a: 1, b: 2 }, 1);
  writer.add_histogram('weights', torch.randn(50), 1);
  writer.add_image('picture', torch.rand(3, 4, 5), 1);
  writer.add_audio('sound', torch.zeros(10), 1);
  writer.add_text('note', '*hello*', 1);
  writer.add_pr_curve('pr', torch.tensor([0, 1]), torch.tensor([0.2, 0.7]), 1);
  writer.add_mesh('points', torch.rand(1, 4, 3), { global_step: 1 });
  writer.add_custom_scalars_multilinechart(['loss'], 'group', 'lines');
  writer.add_graph(new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU()), torch.ones(1, 2));
  writer.add_embedding(torch.rand(3, 2), ['a', 'b', 'c']);
  writer.add_hparams({ lr: 0.1, name: 'x' }, { accuracy: 0.75 }, { run_name: 'trial' });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'torch-node-tensorboard-server-'));
  write(folder);
  const interpreter = join(root, '.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const args = ['-m', 'tensorboard.main', '--logdir', folder, '--port', '0', '--reload_interval', '1'];
  server = spawn(interpreter, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  address = await new Promise((resolve, reject) => {
    let said = '';
    server.stderr!.on('data', (text: Buffer) => {
      said += text.toString();
      const found = /at (http:\/\/\S+?)\/? /.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    server.once('exit', () => reject(new Error(`TensorBoard ended:\n${said}`)));
  });
  // The runs come one by one.
  await vi.waitFor(
    async () => expect(((await get('runs')) as string[]).sort()).toEqual(['.', 'curves_a', 'curves_b', 'trial']),
    { timeout: 60_000, interval: 500 },
  );
}, 120_000);
afterAll(() => {
  server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

async function get(path: string): Promise<unknown> {
  const response = await fetch(`${address}/data/${path}`);
  return response.json();
}

/** The tags that a tab has of the run. */
const tags_of = async (plugin: string): Promise<string[]> => {
  const tags = ((await get(`plugin/${plugin}/tags`)) as Record<string, Record<string, unknown> | string[]>)['.'] ?? [];
  return Array.isArray(tags) ? tags : Object.keys(tags);
};

describe('TensorBoard shows', () => {
  it.each([
    ['scalars', 'loss'],
    ['histograms', 'weights'],
    ['images', 'picture'],
    ['audio', 'sound'],
    ['text', 'note/text_summary'],
    ['pr_curves', 'pr'],
    ['mesh', 'points'],
  ])('%s', async (plugin, tag) => {
    await expect.poll(() => tags_of(plugin), { timeout: 30_000 }).toEqual([tag]);
  });

  it('the graph of a module', async () => {
    const response = await fetch(
      `${address}/data/plugin/graphs/graph?run=.&limit_attr_size=1024&large_attrs_key=_too_large`,
    );
    const graph = await response.text();
    expect(graph).toContain('op: "aten::linear"');
    expect(graph).toContain('name: "Sequential/Linear[0]/');
    expect(graph).toContain('op: "aten::relu"');
  });

  it('embeddings', async () => {
    expect(await get('plugin/projector/runs')).toEqual(['.']);
    expect(await get('plugin/projector/info?run=.')).toMatchObject({
      embeddings: [{ tensorName: 'default:00000', tensorShape: [3, 2] }],
    });
  });

  it('custom scalars', async () => {
    expect(await get('plugin/custom_scalars/layout')).toMatchObject({
      category: [{ title: 'group', chart: [{ title: 'lines', multiline: { tag: ['loss'] } }] }],
    });
  });

  it('hyperparameters and the metrics that they led to', async () => {
    const response = await fetch(`${address}/data/plugin/hparams/session_groups`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ allowedStatuses: ['STATUS_SUCCESS'], colParams: [], startIndex: 0, sliceSize: 9 }),
    });
    expect(await response.json()).toMatchObject({
      sessionGroups: [
        { name: 'trial', hparams: { lr: 0.1, name: 'x' }, metricValues: [{ name: { tag: 'accuracy' }, value: 0.75 }] },
      ],
    });
  });
});
