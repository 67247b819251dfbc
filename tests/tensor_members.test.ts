/** Members of tensors for gradients of other dtypes and for subclasses, and tuples of numpy's arrays, against Python. */
import { describe, expect, it } from 'vitest';
import torch, { nn } from 'torch-node';
import * as np from 'torch-node/numpy';

import { python } from './reference.js';
import { side_by_side, type Pair } from './nn/side_by_side.js';

const failures = (show: (text: string) => void, runs: (() => unknown)[]): void => {
  for (const run of runs) {
    try {
      show(String(run()));
    } catch (error) {
      show((error as Error).message);
    }
  }
};
const failures_py = `
def failures(runs):
    for run in runs:
        try: show(str(run()))
        except Exception as error: show(str(error))
`;

const pairs: Record<string, Pair> = {
  grad_dtype: {
    py: `${failures_py}
w = torch.ones(2, dtype=torch.bfloat16, requires_grad=True)
show(str(w.grad_dtype))
w.grad_dtype = torch.float32
for _ in range(2): (w.float() * 2).sum().backward()
show(w.grad, str(w.grad_dtype))
free = torch.ones(2, requires_grad=True)
free.grad_dtype = None
(free.double() * 2).sum().backward()
show(free.grad, free.grad_dtype)
y = w * 2
def put(tensor, value): tensor.grad_dtype = value
def put_grad(tensor, value): tensor.grad = value
failures([lambda: y.grad_dtype, lambda: put(y, torch.float64), lambda: put(w, 'a'), lambda: put(w, torch.float64), lambda: put_grad(w, torch.ones(2).double()), lambda: put_grad(torch.ones(2), torch.ones(2).half())])
`,
    ts: (show) => {
      const w = torch.ones(2, { dtype: torch.bfloat16, requires_grad: true });
      show(String(w.grad_dtype));
      w.grad_dtype = torch.float32;
      for (let i = 0; i < 2; i++) w.float().mul(2).sum().backward();
      show(w.grad, String(w.grad_dtype));
      const free = torch.ones(2, { requires_grad: true });
      free.grad_dtype = null;
      free.double().mul(2).sum().backward();
      show(free.grad, free.grad_dtype);
      const y = w.mul(2);
      failures(show, [
        () => y.grad_dtype,
        () => void (y.grad_dtype = torch.float64),
        () => void (w.grad_dtype = 'a' as never),
        () => void (w.grad_dtype = torch.float64),
        () => void (w.grad = torch.ones(2).double()),
        () => void (torch.ones(2).grad = torch.ones(2).half()),
      ]);
    },
  },
  as_subclass: {
    py: `
class Positions(torch.Tensor): pass
x = torch.ones(2, requires_grad=True)
y = (x * 2).as_subclass(Positions)
show(isinstance(y, Positions), y.requires_grad, type(y.grad_fn).__name__, str(y), str(torch.ones(2).as_subclass(Positions)))
z = x * 2
show(z.as_subclass(Positions).data_ptr() == z.data_ptr())
p = torch.ones(2).as_subclass(torch.nn.Parameter)
show(str(p), p.requires_grad, str(p.as_subclass(torch.Tensor)))
torch.ones(2).as_subclass(int)
`,
    ts: (show) => {
      class Positions extends torch.Tensor {}
      const x = torch.ones(2, { requires_grad: true });
      const y = x.mul(2).as_subclass(Positions);
      const plain = torch.ones(2).as_subclass(Positions);
      show(y instanceof Positions, y.requires_grad, y.grad_fn!.name(), String(y), String(plain));
      const z = x.mul(2);
      show(z.as_subclass(Positions).data_ptr() === z.data_ptr());
      const p = torch.ones(2).as_subclass(nn.Parameter);
      show(String(p), p.requires_grad, String(p.as_subclass(torch.Tensor)));
      torch.ones(2).as_subclass(Number as never);
    },
  },
};

side_by_side(pairs);

describe('legacy members', () => {
  it('reinforce says what replaces it', () => {
    expect(() => torch.ones(2).reinforce(1)).toThrow(/^reinforce\(\) was removed/);
    expect(() => torch.ones(2).as_subclass(null as never)).toThrow(new TypeError('cls must be a type (got NoneType)'));
  });
});

describe.runIf(torch.cuda.device_count() === 0)('data_parallel without a GPU', () => {
  it('throws what Python raises', () => {
    const [answer] = python<string[][]>('snippets.py', [
      [
        'try: nn.parallel.data_parallel(nn.Linear(2, 1), torch.ones(1, 2))\nexcept Exception as error: show(str(error))',
      ],
    ]);
    expect(() => nn.parallel.data_parallel(new nn.Linear(2, 1), torch.ones(1, 2))).toThrow(new Error(answer![0]));
  });
});

describe("tuples of numpy's arrays", () => {
  it('print as tuples', () => {
    const a = np.zeros([2, 3]);
    expect(torch.format('{} {} {}', a.shape, a.strides, a.index(':', 0).strides)).toBe('(2, 3) (3, 1) (3,)');
    expect(torch.format('{}', np.array([0, 2]).nonzero())).toBe('(array([1]),)');
  });
});
