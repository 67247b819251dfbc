// What tests/distributed/elastic.test.ts starts: says what its agent has told it, and waits until it is told to end or to fail.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const { folder, machine, root } = JSON.parse(process.env.TORCH_NODE_TEST_RUN);
const { OMP_NUM_THREADS, TORCH_NCCL_ASYNC_ERROR_HANDLING, ...all } = process.env;
const said = Object.fromEntries(
  Object.entries(all).filter(([name]) => /RANK$|WORLD_SIZE$|^ROLE|^MASTER|^TORCHELASTIC/.test(name)),
);
const env = { ...said, OMP_NUM_THREADS, TORCH_NCCL_ASYNC_ERROR_HANDLING };
const [how] = process.argv.slice(2);
let sum;
if (how === 'sum') {
  const { distributed: dist, tensor } = await import(`${root}/dist/index.mjs`);
  dist.init_process_group('gloo', { timeout: 30 });
  const x = tensor([dist.get_rank() + 1]);
  dist.all_reduce(x);
  sum = x.item();
}
process.stdout.write(`${JSON.stringify({ machine, sum, pid: process.pid, env })}\n`);
setInterval(() => {
  const failure = join(folder, `fail ${machine}`);
  if (existsSync(failure)) {
    rmSync(failure);
    process.exit(7);
  }
  if (existsSync(join(folder, 'end'))) process.exit(0);
}, 50);
