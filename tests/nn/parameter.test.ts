import { describe } from 'vitest';
import torch, { nn } from 'torch-node';

import { side_by_side } from './side_by_side.js';

describe('Parameter and Buffer', () => {
  side_by_side({
    'print as in Python': {
      py: `
        show(repr(nn.Parameter(torch.tensor([[1.5, 2.], [3., 4.]]))), repr(nn.Parameter(torch.zeros(2), False)))
        show(repr(nn.Buffer(torch.ones(2))), repr(nn.Parameter()), repr(nn.Buffer()))`,
      ts: (show) => {
        show(
          String(
            new nn.Parameter(
              torch.tensor([
                [1.5, 2],
                [3, 4],
              ]),
            ),
          ),
          String(new nn.Parameter(torch.zeros(2), false)),
        );
        show(String(new nn.Buffer(torch.ones(2))), String(new nn.Parameter()), String(new nn.Buffer()));
      },
    },
    'are leaves, and what is computed from them is plain': {
      py: `
        p = nn.Parameter(torch.ones(2, requires_grad=True) * 2)
        show(p.is_leaf, p.requires_grad, p, p.data, p.detach(), p * 2, p.clone(), p.double(), p.requires_grad_(False))
        show(nn.Parameter(torch.tensor([1]), requires_grad=False), nn.Buffer(torch.ones(2, requires_grad=True)))
        show(nn.Parameter(torch.ones(2, dtype=torch.int64)))`,
      ts: (show) => {
        const p = new nn.Parameter(torch.ones(2, { requires_grad: true }).mul(2));
        show(
          p.is_leaf,
          p.requires_grad,
          p,
          p.data,
          p.detach(),
          p.mul(2),
          p.clone(),
          p.double(),
          p.requires_grad_(false),
        );
        show(
          new nn.Parameter(torch.tensor([1]), { requires_grad: false }),
          new nn.Buffer(torch.ones(2, { requires_grad: true })),
        );
        show(new nn.Parameter(torch.ones(2, { dtype: torch.int64 })));
      },
    },
  });
});

describe('PackedSequence', () => {
  const { pack_sequence } = nn.utils.rnn;
  side_by_side({
    'moves and casts its elements': {
      py: `
        from torch.nn.utils.rnn import pack_sequence
        s = pack_sequence([torch.ones(2), torch.tensor([3.])], enforce_sorted=False)
        for kind in ("double", "float", "half", "long", "int", "short", "char", "byte"):
            show(getattr(s, kind)().data)
        show(s.to("cpu", torch.float64).data, s.to(dtype=torch.int32).sorted_indices, s.to(torch.float32) is s, s.is_pinned())
        show(s.to(torch.ones(1).double()).data, s.cpu() is s)`,
      ts: (show) => {
        const s = pack_sequence([torch.ones(2), torch.tensor([3], { dtype: torch.float32 })], {
          enforce_sorted: false,
        });
        for (const kind of ['double', 'float', 'half', 'long', 'int', 'short', 'char', 'byte'] as const)
          show(s[kind]().data);
        show(
          s.to('cpu', torch.float64).data,
          s.to({ dtype: torch.int32 }).sorted_indices,
          s.to(torch.float32) === s,
          s.is_pinned(),
        );
        show(s.to(torch.ones(1).double()).data, s.cpu() === s);
      },
    },
  });
});
