/** A worker of tests/runtimes/workers.mjs: trains with the weights that it is sent, in place, and sends a tensor back. */
import { parentPort } from 'node:worker_threads';
import * as torch from 'torch-node';

parentPort.once('message', (message) => {
  torch.set_num_threads(1);
  const { weight } = torch.take_over(message);
  torch.no_grad(() => weight.fill_(3));
  const w = torch.full([4], 2, { dtype: torch.float32 }).requires_grad_();
  w.pow(2).sum().backward();
  parentPort.postMessage(torch.hand_over({ gradient: w.grad }));
});
