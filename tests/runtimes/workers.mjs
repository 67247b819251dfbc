/** Threads: tensors without copies, workers of DataLoader, modules in a thread of their own. */
import { Worker } from 'node:worker_threads';
import * as torch from 'torch-node';
import { check, hex, report } from './checks.mjs';
import { Net, Squares } from './parts.mjs';

torch.set_num_threads(1);

await check('worker_threads take tensors over, and give some back', async () => {
  const gradients = await Promise.all(
    [1, 2].map(
      () =>
        new Promise((resolve, reject) => {
          const weight = torch.zeros(2);
          const worker = new Worker(new URL('./thread.mjs', import.meta.url));
          worker.once('error', reject);
          worker.once('message', (message) => {
            resolve([hex(torch.take_over(message).gradient), hex(weight)]);
            worker.terminate();
          });
          worker.postMessage(torch.hand_over({ weight }));
        }),
    ),
  );
  return gradients;
});
await check('workers of DataLoader', async () => {
  const loader = new torch.utils.data.DataLoader(new Squares(20), { num_workers: 2, batch_size: 4 });
  const seen = [];
  for (const [x, index] of loader) seen.push([hex(x), hex(index)]);
  for await (const [x] of loader) seen.push(hex(x));
  return seen;
});
await check('RemoteModule', async () => {
  const net = new Net();
  torch.no_grad(() => {
    for (const parameter of net.parameters()) parameter.fill_(0.5);
  });
  const model = await torch.RemoteModule.start(new URL('./parts.mjs', import.meta.url), {
    name: 'Net',
    state: net.state_dict(),
  });
  const result = hex(await model.forward_async(torch.ones(4, 3)));
  await model.close();
  return result;
});
report();
