// What tests/distributed/run.test.ts starts: trains over shards, saves every two steps, and goes on from the last whole checkpoint.
import { existsSync, readdirSync } from 'node:fs';

const { root } = JSON.parse(process.env.TORCH_NODE_TEST_RUN);
const torch = await import(`${root}/dist/index.mjs`);
const { distributed: dist, nn, optim } = torch;
const [folder, how] = process.argv.slice(2);
dist.init_process_group('gloo', { timeout: 20 });
const rank = dist.get_rank();
const attempt = Number(process.env.TORCHELASTIC_RESTART_COUNT);
torch.manual_seed(3);
const model = new nn.Sequential(new nn.Linear(3, 5), new nn.Tanh(), new nn.Linear(5, 2));
dist.fsdp.fully_shard(model, { mesh: dist.init_device_mesh('cpu', [2]) });
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.05 });

function train(step) {
  torch.manual_seed(10 * step + rank);
  nn.functional.mse_loss(model(torch.randn(6, 3)), torch.randn(6, 2)).backward();
  optimizer.step();
  optimizer.zero_grad();
}

const saved = readdirSync(folder).filter((name) => existsSync(`${folder}/${name}/.metadata`));
const state = { model, optimizer, step: 0 };
if (saved.length > 0) {
  // An optimizer has places for what is read after a step only.
  train(0);
  const last = Math.max(...saved.map(Number));
  dist.checkpoint.load(state, { checkpoint_id: `${folder}/${last}` });
}
const began = state.step;
// Where each attempt fails, and how.
const failures = [
  [3, 1, () => process.exit(7)],
  [5, 0, () => process.kill(process.pid, 'SIGKILL')],
  [
    6,
    1,
    () => {
      throw new Error('it fails');
    },
  ],
];
for (let step = began + 1; step <= 9; step++) {
  train(step);
  const [at, who, fail] = (how === 'fail' && failures[attempt]) || [];
  if (step === at && rank === who) fail();
  if (step % 2 === 0) dist.checkpoint.save({ ...state, step }, { checkpoint_id: `${folder}/${step}` });
}
const weights = Object.values(model.state_dict()).map((value) => value.full_tensor().tolist());
process.stdout.write(`${JSON.stringify({ rank, began, weights })}\n`);
dist.destroy_process_group();
