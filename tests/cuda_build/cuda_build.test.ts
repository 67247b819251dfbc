/**
 * A CUDA build of another minor version of libtorch, loaded by the addon built for that minor: from a Python's `torch`,
 * and from the cache. `npm run test:cuda-build` makes ready what this needs; no GPU is needed.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../package_root.js';
import { VERSION } from '../scripts/release.js';

const libtorch = process.env.TORCH_NODE_LIBTORCH ?? '';
const interpreter = process.env.TORCH_NODE_TEST_PYTHON ?? '';
const folder = mkdtempSync(join(tmpdir(), 'torch-node-cuda-build-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(command: string, args: string[], env: Record<string, string>): unknown {
  const result = spawnSync(command, args, { encoding: 'utf8', env: { PATH: '/usr/bin:/bin', HOME: folder, ...env } });
  if (result.status !== 0) {
    throw new Error(`${command} ${args[0]} ended with ${result.signal ?? result.status}: ${result.stderr}`);
  }
  return JSON.parse(result.stdout);
}

/** What reference.py does. */
const training = `
  const torch = require(${JSON.stringify(root)});
  const { nn } = torch;
  torch.set_num_threads(1);
  torch.manual_seed(1);
  const model = new nn.Sequential(new nn.Linear(16, 32), new nn.ReLU(), new nn.Linear(32, 4));
  const optimizer = new torch.optim.Adam(model.parameters(), { lr: 0.01 });
  const loss_func = new nn.CrossEntropyLoss();
  const losses = [];
  for (let i = 0; i < 20; i++) {
    const [x, y] = [torch.randn(8, 16), torch.randint(0, 4, [8])];
    const loss = loss_func(model(x), y);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    losses.push(loss.item());
  }
  let message = null;
  try {
    torch.ones(1, { device: 'cuda' });
  } catch (error) {
    message = error.message;
  }
  console.log(JSON.stringify({
    losses, version: torch.__version__, cuda: torch.version.cuda, available: torch.cuda.is_available(),
    devices: torch.cuda.device_count(), message,
  }));`;

interface Report {
  version: string;
  cuda: string | null;
  message: string | null;
}

const expected = run(interpreter, [join(root, 'tests', 'cuda_build', 'reference.py')], {}) as Report;

describe('a CUDA build of libtorch', () => {
  it('is one', () => {
    expect(expected.cuda).toMatch(/^\d+\.\d+$/);
  });

  it.each([
    ['named by TORCH_NODE_LIBTORCH', () => ({ TORCH_NODE_LIBTORCH: libtorch })],
    [
      'of the active Python',
      () => ({ VIRTUAL_ENV: dirname(dirname(interpreter)), XDG_CACHE_HOME: join(folder, 'nothing') }),
    ],
    [
      'in the cache',
      () => {
        const place = join(folder, 'cache', 'torch-node', `libtorch-${VERSION}-cu130`);
        mkdirSync(place, { recursive: true });
        symlinkSync(libtorch, join(place, 'torch'));
        symlinkSync(join(dirname(libtorch), 'nvidia'), join(place, 'nvidia'));
        return { XDG_CACHE_HOME: join(folder, 'cache') };
      },
    ],
  ])('%s trains on the CPU and answers for CUDA as it does in Python', (_, env) => {
    const { message, ...ours } = run(process.execPath, ['-e', training], env()) as Report;
    const { message: theirs, ...others } = expected;
    expect(ours).toEqual({
      ...others,
      version: expect.stringContaining(others.version.split('+')[0] as string) as string,
    });
    expect(message === null).toBe(theirs === null);
    // Python puts its own check before libtorch's; both speak of the driver.
    if (theirs !== null) expect(message).toMatch(/NVIDIA driver|CUDA driver/);
  });

  it('is healthy to the doctor', () => {
    const { ok, checks } = run(
      process.execPath,
      [join(root, 'scripts', 'install', 'torch-node.js'), 'doctor', '--json'],
      {
        TORCH_NODE_LIBTORCH: libtorch,
      },
    ) as { ok: boolean; checks: { name: string; found: string }[] };
    expect(ok).toBe(true);
    expect(checks.find(({ name }) => name === 'cuda libraries')?.found).toContain(`CUDA ${expected.cuda}`);
  });
});
