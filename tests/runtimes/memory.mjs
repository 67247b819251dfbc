/** Peak memory of one synchronous job after another, and of one that awaits. Argument: what each may add in MB. */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import * as torch from 'torch-node';
import { check, expect, report } from './checks.mjs';

const limit = Number(process.argv[2] ?? 450);
torch.set_num_threads(1);

const peak = () =>
  process.platform === 'linux'
    ? Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
    : process.resourceUsage().maxRSS / 1024;
const start = peak();

/** @param {string} name @param {() => unknown} body */
async function bounded(name, body) {
  await check(name, async () => {
    await body();
    const grown = peak() - start;
    process.stderr.write(`${name}: ${grown.toFixed(0)} MB\n`);
    expect(grown < limit, `${name} has grown the peak by ${grown.toFixed(0)} MB, more than ${limit}`);
  });
}

await bounded('20,000 tensors of 1 MB', () => {
  for (let i = 0; i < 20_000; i++) torch.zeros(1 << 18);
});
await bounded('200,000 small tensors', () => {
  let x = torch.zeros(2, 2);
  for (let i = 0; i < 200_000; i++) x = x.add(1);
});
await bounded('2,000 dropped graphs', () => {
  const w = torch.rand([256, 256], { requires_grad: true });
  for (let i = 0; i < 2000; i++) w.add(1).relu().mul(2).sum();
});
await bounded('2,000 arrays over tensors', () => {
  for (let i = 0; i < 2000; i++) torch.zeros(1 << 18).numpy();
});
await bounded('2,000 tensors of 1 MB with awaits', async () => {
  for (let i = 0; i < 2000; i++) {
    torch.zeros(1 << 18);
    if (i % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    else await null;
  }
});
report();
