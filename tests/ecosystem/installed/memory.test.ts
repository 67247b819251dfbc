/** Memory in one synchronous job on the runtimes beside Node. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environment, project, type Project } from '../project.js';

let user: Project;
beforeAll(() => {
  user = project();
  user.install('@deno/linux-x64-glibc@2.9', '@oven/bun-linux-x64@1.4');
  user.write({
    'loop.cjs': `
    const torch = require('torch-node');
    torch.ones([1]);
    const start = process.memoryUsage.rss();
    let peak = start;
    for (let i = 0; i < 20000; i++) {
      torch.ones([256 * 1024]);
      if (i % 100 === 99) peak = Math.max(peak, process.memoryUsage.rss());
    }
    console.log('growth in MB: ' + Math.round((peak - start) / 1e6));
  `,
  });
});
afterAll(() => {
  user.remove();
});

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('20,000 tensors of 1 MB in one job', () => {
  it.each([
    ['Deno', join('@deno', 'linux-x64-glibc', 'deno'), ['run', '-A']],
    ['Bun', join('@oven', 'bun-linux-x64', 'bin', 'bun'), []],
  ])('stay below 400 MB on %s', (_, binary, args) => {
    const { stdout, stderr, status } = spawnSync(join(user.folder, 'node_modules', binary), [...args, 'loop.cjs'], {
      cwd: user.folder,
      encoding: 'utf8',
      env: { ...environment, DENO_DIR: join(user.folder, 'deno') },
    });
    expect(status, stderr).toBe(0);
    expect(Number(/growth in MB: (\d+)/.exec(stdout)?.[1])).toBeLessThan(400);
  });
});
