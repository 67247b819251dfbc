// What tests/distributed/network.test.ts starts on both machines: trains until the link between them is cut, and prints the Error.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { root, folder } = JSON.parse(process.env.TORCH_NODE_TEST_RUN);
const torch = await import(`${root}/dist/index.mjs`);
const { nn, optim, distributed: dist } = torch;
dist.init_process_group('gloo', { timeout: 5 });
torch.manual_seed(0);
const model = new nn.parallel.DistributedDataParallel(new nn.Linear(8, 8));
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
const said = { rank: dist.get_rank(), size: dist.get_world_size(), steps: 0 };
const cut_at = join(folder, 'cut');
let last = Date.now();
try {
  for (;;) {
    optimizer.zero_grad();
    model(torch.randn(4, 8)).square().mean().backward();
    optimizer.step();
    said.steps++;
    last = Date.now();
    if (said.rank === 0 && said.steps === 5) writeFileSync(join(folder, 'training'), '');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
} catch (error) {
  said.error = error.message;
  said.cut = existsSync(cut_at);
  said.seconds = (Date.now() - last) / 1000;
}
process.stdout.write(`\n${JSON.stringify(said)}\n`, () => process.exit(0));
