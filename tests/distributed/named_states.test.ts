/** `torch.distributed.checkpoint.state_dict`: the states of models and optimizers that Python has, to the last bit. */
import { expect, it } from 'vitest';

import { compared_with_python } from './ranks.js';

it('two processes have what Python has', async () => {
  const [found, expected] = await compared_with_python(['node', 'node'], ['named_states']);
  expect(Object.keys(expected[0]!)).toHaveLength(3 * 7 + 8);
  for (const name of Object.keys(expected[0]!)) {
    expect([name, ...found.map((each) => each[name])]).toEqual([name, ...expected.map((each) => each[name])]);
  }
}, 300_000);
