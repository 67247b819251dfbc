/** Error texts of modules in rare cases. */
import { describe } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';
import { format } from 'torch-node/python';

import { side_by_side } from './side_by_side.js';

class Broken extends nn.Module {
  forward = 5 as unknown as (x: number) => number;
}

describe('modules', () => {
  side_by_side({
    'print state dicts as OrderedDicts': {
      py: `
        m = nn.Linear(1, 2)
        show(str(m.state_dict()), str(m.state_dict()._metadata), str(nn.ReLU().state_dict()), str(dict(m.state_dict())))`,
      ts: (show) => {
        const m = new nn.Linear(1, 2);
        const { _metadata } = m.state_dict() as unknown as { _metadata: object };
        show(
          format('%s', m.state_dict()),
          format('%s', _metadata),
          format('%s', new nn.ReLU().state_dict()),
          format('%s', { ...m.state_dict() }),
        );
      },
    },
    'do not leave the meta device without memory': {
      py: 'nn.Sequential(nn.Linear(2, 2, device="meta")).to("cpu")',
      ts: () => new nn.Sequential(new nn.Linear(2, 2, { device: 'meta' })).to('cpu'),
    },
    'load tensors only': {
      py: 'nn.Linear(1, 1).load_state_dict({"weight": 5, "bias": "no"})',
      ts: () => new nn.Linear(1, 1).load_state_dict({ weight: 5, bias: 'no' } as never),
    },
    'have a forward, whose name is taken': {
      py: `
        for add in ["register_parameter", "register_buffer", "add_module"]:
            try:
                getattr(nn.Module(), add)("forward", None)
            except KeyError as error:
                show(error.args[0])`,
      ts: (show) => {
        for (const add of ['register_parameter', 'register_buffer', 'add_module'] as const) {
          try {
            (new nn.Module()[add] as (name: string, value: Tensor | null) => void)('forward', null);
          } catch (error) {
            show((error as Error).message);
          }
        }
      },
    },
    'have a forward that can be called': {
      py: `
        m = nn.Module()
        m.forward = 5
        m(1)`,
      ts: () => new Broken()(1),
    },
    'run the hooks that there were when a pass began': {
      py: `
        m, log = nn.ReLU(), []
        def first(*args):
            log.append(1)
            second.remove()
            m.register_forward_hook(lambda *args: log.append(3))
        m.register_forward_hook(first)
        second = m.register_forward_hook(lambda *args: log.append(2))
        m(torch.ones(1))
        show(log[:])
        m(torch.ones(1))
        show(log)`,
      ts: (show) => {
        const m = new nn.ReLU();
        const log: number[] = [];
        m.register_forward_hook(() => {
          log.push(1);
          second.remove();
          m.register_forward_hook(() => void log.push(3));
        });
        const second = m.register_forward_hook(() => void log.push(2));
        m(torch.ones(1));
        show([...log]);
        m(torch.ones(1));
        show(log);
      },
    },
    'keep what they were given on other errors of a move': {
      py: 'show(nn.Linear(1, 1).to(torch.float64).weight)',
      ts: (show) => {
        show(new nn.Linear(1, 1).to(torch.float64).weight);
      },
    },
  });
});
