import { describe, expect, it } from 'vitest';
import torch, { nn, type Tensor } from 'torch-node';

import { side_by_side, type Show } from './side_by_side.js';

const { prune } = nn.utils;

function state(show: Show, module: nn.Module): void {
  show(
    module.state_dict(),
    (module as unknown as { weight: Tensor }).weight,
    [...module.named_parameters()].map(([name]) => name),
  );
}

const STATE = '\nshow(m.state_dict(), m.weight, [name for name, _ in m.named_parameters()])';

describe('prune', () => {
  side_by_side({
    'identity brings parameter and mask into their places': {
      py: 'm = prune.identity(nn.Linear(3, 2), "weight")' + STATE,
      ts: (show) => state(show, prune.identity(new nn.Linear(3, 2), 'weight')),
    },
    'random elements, by number and by fraction': {
      py: `
        m = prune.random_unstructured(nn.Linear(5, 4), "weight", 7)
        show(m.state_dict(), m.weight)
        m = prune.random_unstructured(nn.Linear(5, 4), "weight", 0.125)
        show(m.state_dict(), m(torch.ones(1, 5)))`,
      ts: (show) => {
        const m = prune.random_unstructured(new nn.Linear(5, 4), 'weight', 7);
        show(m.state_dict(), m.weight);
        const n = prune.random_unstructured(new nn.Linear(5, 4), 'weight', 0.125);
        show(n.state_dict(), n(torch.ones(1, 5)));
      },
    },
    'the least elements, of the weight or of scores': {
      py: `
        m = prune.l1_unstructured(nn.Linear(5, 4), "weight", 0.3)
        show(m.state_dict())
        m = prune.l1_unstructured(nn.Linear(5, 4), "weight", 3, importance_scores=torch.randn(4, 5))
        show(m.state_dict(), m.weight)`,
      ts: (show) => {
        show(prune.l1_unstructured(new nn.Linear(5, 4), 'weight', 0.3).state_dict());
        const linear = new nn.Linear(5, 4);
        const m = prune.l1_unstructured(linear, 'weight', 3, { importance_scores: torch.randn(4, 5) });
        show(m.state_dict(), m.weight);
      },
    },
    'random channels': {
      py: `
        for amount, dim in [(1, 0), (0.5, 1), (2, -1), (0, 0)]:
            show(prune.random_structured(nn.Conv2d(3, 4, 2), "weight", amount, dim).weight_mask)`,
      ts: (show) => {
        for (const [amount, dim] of [
          [1, 0],
          [0.5, 1],
          [2, -1],
          [0, 0],
        ] as const) {
          show(prune.random_structured(new nn.Conv2d(3, 4, 2), 'weight', amount, dim).get_buffer('weight_mask'));
        }
      },
    },
    'the channels with the least norms': {
      py: `
        for amount, n, dim in [(1, 2, 0), (0.5, 1, 1), (2, float("inf"), -1), (1, "fro", 0)]:
            show(prune.ln_structured(nn.Linear(4, 5), "weight", amount, n, dim).weight_mask)
        m = prune.ln_structured(nn.Linear(4, 5), "weight", 1, 2, 0, importance_scores=torch.randn(5, 4))
        show(m.weight_mask)`,
      ts: (show) => {
        for (const [amount, n, dim] of [
          [1, 2, 0],
          [0.5, 1, 1],
          [2, Infinity, -1],
          [1, 'fro', 0],
        ] as const) {
          show(prune.ln_structured(new nn.Linear(4, 5), 'weight', amount, n, dim).get_buffer('weight_mask'));
        }
        const linear = new nn.Linear(4, 5);
        const scores = torch.randn(5, 4);
        show(prune.ln_structured(linear, 'weight', 1, 2, 0, { importance_scores: scores }).get_buffer('weight_mask'));
      },
    },
    'a mask of the user, of a bias': {
      py: `
        m = prune.custom_from_mask(nn.Linear(2, 3), "bias", torch.tensor([1, 0, 1]))
        show(m.state_dict(), m.bias, m(torch.zeros(1, 2)))`,
      ts: (show) => {
        const m = prune.custom_from_mask(new nn.Linear(2, 3), 'bias', torch.tensor([1, 0, 1]));
        show(m.state_dict(), m.bias, m(torch.zeros(1, 2)));
      },
    },
    'one after the other, of every kind': {
      py: `
        m = nn.Conv2d(3, 4, 3)
        prune.l1_unstructured(m, "weight", 0.4)
        prune.ln_structured(m, "weight", 1, 2, 0)
        prune.random_structured(m, "weight", 1, 1)
        prune.random_unstructured(m, "weight", 5)
        prune.custom_from_mask(m, "weight", torch.rand(4, 3, 3, 3) > 0.3)
        show(m.weight_mask, m.weight)
        hooks = list(m._forward_pre_hooks.values())
        show(len(hooks), type(hooks[0]).__name__, [type(each).__name__ for each in hooks[0]])`,
      ts: (show) => {
        const m = new nn.Conv2d(3, 4, 3);
        prune.l1_unstructured(m, 'weight', 0.4);
        prune.ln_structured(m, 'weight', 1, 2, 0);
        prune.random_structured(m, 'weight', 1, 1);
        prune.random_unstructured(m, 'weight', 5);
        const last = prune.CustomFromMask.apply(m, 'weight', torch.rand(4, 3, 3, 3).gt(0.3)) as InstanceType<
          typeof prune.PruningContainer
        >;
        show(m.get_buffer('weight_mask'), m.weight);
        show(
          1,
          last.constructor.name,
          [...last].map((each) => each.constructor.name),
        );
      },
    },
    'across modules': {
      py: `
        a, b = nn.Linear(3, 2), nn.Linear(2, 3)
        prune.l1_unstructured(a, "weight", 1)
        prune.global_unstructured([(a, "weight"), (b, "weight"), (b, "bias")], prune.L1Unstructured, amount=0.4)
        prune.global_unstructured(
            [(a, "bias"), (b, "weight")], prune.RandomUnstructured,
            importance_scores={(a, "bias"): torch.rand(2)}, amount=3)
        show(a.state_dict(), b.state_dict())`,
      ts: (show) => {
        const [a, b] = [new nn.Linear(3, 2), new nn.Linear(2, 3)];
        prune.l1_unstructured(a, 'weight', 1);
        prune.global_unstructured(
          [
            [a, 'weight'],
            [b, 'weight'],
            [b, 'bias'],
          ],
          prune.L1Unstructured,
          { amount: 0.4 },
        );
        prune.global_unstructured(
          [
            [a, 'bias'],
            [b, 'weight'],
          ],
          prune.RandomUnstructured,
          {
            importance_scores: [[a, 'bias', torch.rand(2)]],
            amount: 3,
          },
        );
        show(a.state_dict(), b.state_dict());
      },
    },
    'for good': {
      py: `
        m = nn.Sequential(prune.l1_unstructured(nn.Linear(3, 2), "weight", 2))
        show(prune.is_pruned(m))
        prune.remove(m[0], "weight")
        show(prune.is_pruned(m), m.state_dict(), m)`,
      ts: (show) => {
        const linear = prune.l1_unstructured(new nn.Linear(3, 2), 'weight', 2);
        const m = new nn.Sequential(linear);
        show(prune.is_pruned(m));
        prune.remove(linear, 'weight');
        show(prune.is_pruned(m), m.state_dict(), m);
      },
    },
    'while it is trained': {
      py: `
        m = prune.l1_unstructured(nn.Linear(4, 3), "weight", 5)
        optimizer = torch.optim.SGD(m.parameters(), lr=0.1)
        for _ in range(3):
            loss = m(torch.randn(2, 4)).pow(2).sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        m(torch.zeros(1, 4))
        show(m.weight, m.weight_orig, m.weight_orig.grad)`,
      ts: (show) => {
        const m = prune.l1_unstructured(new nn.Linear(4, 3), 'weight', 5);
        const optimizer = new torch.optim.SGD(m.parameters(), { lr: 0.1 });
        for (let i = 0; i < 3; i++) {
          const loss = m(torch.randn(2, 4)).pow(2).sum();
          optimizer.zero_grad();
          loss.backward();
          optimizer.step();
        }
        m(torch.zeros(1, 4));
        const original = m.get_parameter('weight_orig');
        show(m.weight, original, original.grad);
      },
    },
    'of a tensor without module': {
      py: 'show(prune.L1Unstructured(2).prune(torch.tensor([3., -1., 2., -4.])))',
      ts: (show) => show(new prune.L1Unstructured(2).prune(torch.tensor([3, -1, 2, -4], { dtype: torch.float32 }))),
    },
    'refuses more than there is, and leaves the module usable': {
      py: `
        m = nn.Linear(2, 2)
        try:
            prune.l1_unstructured(m, "weight", 5)
        except ValueError as error:
            show(str(error))
        show(m.state_dict())`,
      ts: (show) => {
        const m = new nn.Linear(2, 2);
        try {
          prune.l1_unstructured(m, 'weight', 5);
        } catch (error) {
          show((error as Error).message);
        }
        show(m.state_dict());
      },
    },
    'refuses negative amounts': {
      py: 'prune.random_unstructured(nn.Linear(2, 2), "weight", -1)',
      ts: () => prune.random_unstructured(new nn.Linear(2, 2), 'weight', -1),
    },
    'refuses fractions above one': {
      py: 'prune.random_structured(nn.Linear(2, 2), "weight", 1.5, 0)',
      ts: () => prune.random_structured(new nn.Linear(2, 2), 'weight', 1.5, 0),
    },
    'refuses channels of a vector': {
      py: 'prune.ln_structured(nn.Linear(2, 2), "bias", 1, 2, 0)',
      ts: () => prune.ln_structured(new nn.Linear(2, 2), 'bias', 1, 2, 0),
    },
    'refuses to remove what is not pruned': {
      py: 'prune.remove(nn.Linear(2, 2), "weight")',
      ts: () => prune.remove(new nn.Linear(2, 2), 'weight'),
    },
    'refuses channels of several parameters at once': {
      py: `
        m = nn.Linear(2, 2)
        try:
            prune.global_unstructured([(m, "weight")], prune.RandomStructured, amount=1)
        except TypeError as error:
            show(str(error).replace("<class 'torch.nn.utils.prune.RandomStructured'>", "RandomStructured"))`,
      ts: (show) => {
        try {
          prune.global_unstructured([[new nn.Linear(2, 2), 'weight']], prune.RandomStructured, { amount: 1 });
        } catch (error) {
          show((error as Error).message);
        }
      },
    },
  });

  it('takes methods of the user', () => {
    class EveryOther extends prune.BasePruningMethod {
      readonly PRUNING_TYPE = 'unstructured';

      compute_mask(_t: Tensor, default_mask: Tensor): Tensor {
        const mask = default_mask.clone();
        mask.view(-1).index_put_('::2', 0);
        return mask;
      }
    }
    const linear = new nn.Linear(2, 2);
    EveryOther.apply(linear, 'weight');
    expect(linear.get_buffer('weight_mask').tolist()).toEqual([
      [0, 1],
      [0, 1],
    ]);
    EveryOther.apply(linear, 'weight');
    expect(linear.get_buffer('weight_mask').tolist()).toEqual([
      [0, 0],
      [0, 1],
    ]);
  });

  it('names what is not an amount', () => {
    expect(() => prune.random_unstructured(new nn.Linear(2, 2), 'weight', 'all' as unknown as number)).toThrow(
      "random_unstructured(): argument 'amount' must be float, not str",
    );
  });

  it('is copied by deepcopy, hook and all', () => {
    const linear = prune.l1_unstructured(new nn.Linear(2, 2), 'weight', 2);
    // Python refuses the pruned weight, which has a history; under no_grad it has none.
    torch.no_grad(() => linear(torch.zeros(1, 2)));
    const copy = torch.deepcopy(linear);
    prune.remove(copy, 'weight');
    expect([prune.is_pruned(linear), prune.is_pruned(copy)]).toEqual([true, false]);
  });
});
