// What tests/distributed/run.test.ts starts: says its place in the group, and fails where it is told to.
const { root } = JSON.parse(process.env.TORCH_NODE_TEST_RUN);
const { distributed: dist, tensor } = await import(`${root}/dist/index.mjs`);
dist.init_process_group('gloo', { timeout: 20 });
const x = tensor([dist.get_rank() + 1]);
dist.all_reduce(x);
const names = [
  'LOCAL_RANK',
  'LOCAL_WORLD_SIZE',
  'GROUP_RANK',
  'ROLE_NAME',
  'TORCHELASTIC_RESTART_COUNT',
  'OMP_NUM_THREADS',
];
const said = { rank: dist.get_rank(), size: dist.get_world_size(), sum: x.item(), args: process.argv.slice(2) };
for (const name of names) said[name] = process.env[name];
process.stdout.write(`${JSON.stringify(said)}\n`);
dist.barrier();
const [how] = process.argv.slice(2);
const first = process.env.TORCHELASTIC_RESTART_COUNT === '0';
if (dist.get_rank() === 1 && (how === 'fail' || (how === 'fail once' && first))) process.exit(7);
if (how === 'fail' || how === 'wait') await new Promise((resolve) => setTimeout(resolve, 60_000));
dist.destroy_process_group();
