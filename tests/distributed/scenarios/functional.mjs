// What tests/reference/distributed_functional.py does, with this package.

/** @param {any} context what tests/distributed/rank.mjs has */
export function scenarios_of({ torch, given, note }) {
  const { distributed: dist } = torch;
  const { rank, world_size: size } = given;
  const funcol = dist._functional_collectives;

  /** A result, and the gradient of what went in. @param {(x: any) => any} run @param {any} shape */
  const with_gradient = (run, shape, dtype = torch.float32) => {
    torch.manual_seed(10 + rank);
    const x = torch.randn(shape).to(dtype).requires_grad_();
    const y = run(x);
    const waits = y instanceof funcol.AsyncCollectiveTensor;
    const facts = [waits, y.shape, y.requires_grad];
    const z = funcol.wait_tensor(y);
    z.mul(torch.arange(z.numel()).reshape(z.shape).add(rank).to(dtype)).sum().backward();
    return [facts, z.detach(), x.grad];
  };

  return {
    async functional() {
      const mesh = dist.init_device_mesh('cpu', [size]);
      const grid = size === 4 ? dist.init_device_mesh('cpu', [2, 2]) : null;
      const world = dist.group.WORLD;
      const all = Array.from({ length: size }, (_, i) => i);
      for (const op of ['sum', 'SUM', 'avg', 'product', 'min', 'max', 'median']) {
        note(`all_reduce ${op}`, () =>
          funcol.wait_tensor(
            funcol.all_reduce(
              torch
                .arange(5)
                .add(rank + 1)
                .to(torch.float32),
              op,
              world,
            ),
          ),
        );
        note(`gradient ${op}`, () => with_gradient((x) => funcol.all_reduce(x, op, world), [3, 2]));
      }
      for (const dtype of [torch.float32, torch.float64, torch.bfloat16]) {
        note(`all_reduce ${dtype}`, () => with_gradient((x) => funcol.all_reduce(x, 'sum', mesh), [3, 2], dtype));
        note(`chain ${dtype}`, () =>
          with_gradient(
            (x) => funcol.all_reduce(funcol.all_reduce(x.exp(), 'sum', all).mul(2), 'sum', mesh),
            [3, 2],
            dtype,
          ),
        );
        for (const dim of [0, 1]) {
          note(`all_gather ${dim} ${dtype}`, () =>
            with_gradient((x) => funcol.all_gather_single(x, dim, world), [3, 2], dtype),
          );
          note(`reduce_scatter ${dim} ${dtype}`, () =>
            with_gradient((x) => funcol.reduce_scatter_single(x, 'sum', dim, all), [2 * size, size], dtype),
          );
        }
      }
      note('all_gather_tensor', () => with_gradient((x) => funcol.all_gather_tensor(x, 0, world), [3, 2]));
      note('all_gather_tensor_autograd', () =>
        with_gradient((x) => funcol.all_gather_tensor_autograd(x, 1, world), [3, 2]),
      );
      note('reduce_scatter_tensor', () =>
        with_gradient((x) => funcol.reduce_scatter_tensor(x, 'avg', 0, world), [2 * size, 2]),
      );
      note('reduce_scatter uneven', () =>
        with_gradient((x) => funcol.reduce_scatter_single(x, 'sum', 0, world), [2 * size + 1, 2]),
      );
      note('all_to_all even', () =>
        with_gradient((x) => funcol.all_to_all_single(x, null, null, world), [2 * size, 2]),
      );
      const inputs = all.map((i) => i + 1);
      const outputs = all.map(() => rank + 1);
      const total = inputs.reduce((a, b) => a + b, 0);
      note('all_to_all splits', () =>
        with_gradient((x) => funcol.all_to_all_single_autograd(x, outputs, inputs, world), [total, 2]),
      );
      note('all_to_all half', () =>
        with_gradient((x) => funcol.all_to_all_single(x, outputs, null, world), [total, 2]),
      );
      note('permute', () =>
        with_gradient(
          (x) =>
            funcol.permute_tensor(
              x,
              all.map((i) => (i + 1) % size),
              world,
            ),
          [4],
        ),
      );
      for (const root of [0, size - 1]) {
        note(`broadcast ${root}`, () =>
          funcol.wait_tensor(funcol.broadcast(torch.arange(4).add(rank).to(torch.float32), root, mesh)),
        );
      }
      if (grid !== null) {
        note('grid', () => [0, 1].map((dim) => with_gradient((x) => funcol.all_reduce(x, 'sum', [grid, dim]), [3])));
        note('ranks', () => with_gradient((x) => funcol.all_reduce(x, 'sum', rank < 2 ? [0, 1] : [2, 3]), [3]));
        note('grid alone', () => funcol.all_reduce(torch.ones(1), 'sum', grid));
      }
      note('uses', () => {
        const x = funcol.all_reduce(torch.full([2, 2], rank + 1), 'sum', world);
        return [x.add(1), x.t(), x.tolist(), torch.matmul(x, x), x.ndim, String(x)];
      });
      note('no group', () => funcol.all_reduce(torch.ones(1), 'sum', 'nothing at all'));
    },

    async functional_of_several() {
      const world = dist.group.WORLD;
      note('coalesced', () => {
        torch.manual_seed(rank);
        const inputs = [torch.randn(4, 2), torch.randn(2 * size)].map((x) => x.requires_grad_());
        const results = [
          ...funcol.all_reduce_coalesced(inputs, 'sum', world),
          ...funcol.all_gather_single_coalesced(inputs, world),
          ...funcol.reduce_scatter_single_coalesced([inputs[1]], 'sum', [0], world),
        ];
        results
          .map((x) => x.square().sum())
          .reduce((a, b) => a.add(b))
          .backward();
        return [results.map((x) => funcol.wait_tensor(x).detach()), inputs.map((x) => x.grad)];
      });
    },
  };
}
