/** `using`, for the runtimes that parse it: Node 24 and newer, Bun, Deno. */
import * as torch from 'torch-node';
import { check, expect, report } from './checks.mjs';

await check('using', () => {
  let x;
  {
    using y = torch.ones(2);
    x = y;
  }
  try {
    x.sum();
  } catch {
    return true;
  }
  throw new Error('the tensor was not disposed of');
});
await check('using no_grad', () => {
  const w = torch.ones(1, { requires_grad: true });
  {
    using _ = torch.no_grad();
    expect(!w.mul(2).requires_grad, 'a graph is recorded within no_grad');
  }
  expect(w.mul(2).requires_grad, 'no graph is recorded after no_grad');
});
report();
