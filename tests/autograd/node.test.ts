/** Hooks and notes of nodes of the graph, beside Python's. */
import torch, { type Tensor } from 'torch-node';
import { describe, expect, it } from 'vitest';

import { side_by_side } from '../nn/side_by_side.js';

const x = (): Tensor => torch.tensor([1, 2, 3], { dtype: torch.float32, requires_grad: true });

describe('grad_fn', () => {
  side_by_side({
    'register_hook sees the gradients, and may replace them': {
      py: `
        x = torch.tensor([1., 2., 3.], requires_grad=True)
        y = x.mul(torch.tensor([2., 3., 4.]))
        y.grad_fn.register_hook(lambda gi, go: show([g for g in gi], [g for g in go]))
        y.grad_fn.register_hook(lambda gi, go: tuple(None if g is None else g * 10 for g in gi))
        y.grad_fn.register_hook(lambda gi, go: show(list(gi)))
        y.sum().backward()
        show(x.grad)`,
      ts: (show) => {
        const a = x();
        const y = a.mul(torch.tensor([2, 3, 4], { dtype: torch.float32 }));
        y.grad_fn!.register_hook((gi, go) => {
          show(gi, go);
        });
        y.grad_fn!.register_hook((gi) => gi.map((g) => g?.mul(10) ?? null));
        y.grad_fn!.register_hook((gi) => {
          show(gi);
        });
        y.sum().backward();
        show(a.grad);
      },
    },
    'register_prehook comes before the backward, and may replace gradients': {
      py: `
        x = torch.tensor([1., 2., 3.], requires_grad=True)
        y = x * 2
        y.grad_fn.register_prehook(lambda go: show(list(go)))
        y.grad_fn.register_prehook(lambda go: (go[0] * 5,))
        y.sum().backward()
        show(x.grad)`,
      ts: (show) => {
        const a = x();
        const y = a.mul(2);
        y.grad_fn!.register_prehook((go) => {
          show(go);
        });
        y.grad_fn!.register_prehook(([g]) => [g!.mul(5)]);
        y.sum().backward();
        show(a.grad);
      },
    },
    'hooks of nodes further on, and hooks that are removed': {
      py: `
        x = torch.tensor([1., 2., 3.], requires_grad=True)
        y = (x * 2).exp()
        node = y.grad_fn.next_functions[0][0]
        first = node.register_hook(lambda gi, go: show('first'))
        second = node.register_prehook(lambda go: show('second'))
        third = node.register_hook(lambda gi, go: show('third'))
        y.sum().backward(retain_graph=True)
        first.remove()
        second.remove()
        first.remove()
        y.sum().backward()`,
      ts: (show) => {
        const y = x().mul(2).exp();
        const node = y.grad_fn!.next_functions[0]![0]!;
        const first = node.register_hook(() => {
          show('first');
        });
        const second = node.register_prehook(() => {
          show('second');
        });
        node.register_hook(() => {
          show('third');
        });
        y.sum().backward({ retain_graph: true });
        first.remove();
        second.remove();
        first.remove();
        y.sum().backward();
      },
    },
    'metadata belongs to the node': {
      py: `
        x = torch.tensor([1., 2., 3.], requires_grad=True)
        y = (x * 2).exp()
        y.grad_fn.metadata['a'] = 1
        y.grad_fn.next_functions[0][0].metadata['b'] = [2, 3]
        show(y.grad_fn.metadata, y.grad_fn.next_functions[0][0].metadata)`,
      ts: (show) => {
        const y = x().mul(2).exp();
        y.grad_fn!.metadata['a'] = 1;
        y.grad_fn!.next_functions[0]![0]!.metadata['b'] = [2, 3];
        show(y.grad_fn!.metadata, y.grad_fn!.next_functions[0]![0]!.metadata);
      },
    },
  });

  it('refuses hooks that give back another number of gradients', () => {
    const y = x().mul(2);
    y.grad_fn!.register_prehook(() => []);
    expect(() => {
      y.sum().backward();
    }).toThrow('has returned an incorrect number of values (got 0, but expected 1)');
    expect(() => y.grad_fn!.register_hook(3 as never)).toThrow(
      new TypeError("register_hook(): argument 'fn' must be a function, not int"),
    );
  });
});
