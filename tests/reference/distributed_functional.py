"""What tests/distributed/scenarios/functional.mjs does, in Python."""

import torch
import torch.distributed as dist
import torch.distributed._functional_collectives as funcol
from __main__ import note, rank, size


def with_gradient(run, shape, dtype=torch.float32):
    torch.manual_seed(10 + rank)
    x = torch.randn(shape).to(dtype).requires_grad_()
    y = run(x)
    facts = [isinstance(y, funcol.AsyncCollectiveTensor), y.shape, y.requires_grad]
    z = funcol.wait_tensor(y)
    z.mul(torch.arange(z.numel()).reshape(z.shape).add(rank).to(dtype)).sum().backward()
    return [facts, z.detach(), x.grad]


def functional():
    mesh = dist.init_device_mesh("cpu", (size,))
    grid = dist.init_device_mesh("cpu", (2, 2)) if size == 4 else None
    world = dist.group.WORLD
    everyone = list(range(size))
    for op in ["sum", "SUM", "avg", "product", "min", "max", "median"]:
        note(f"all_reduce {op}", lambda: funcol.wait_tensor(funcol.all_reduce(torch.arange(5).add(rank + 1).float(), op, world)))
        note(f"gradient {op}", lambda: with_gradient(lambda x: funcol.all_reduce(x, op, world), [3, 2]))
    for dtype in [torch.float32, torch.float64, torch.bfloat16]:
        note(f"all_reduce {dtype}", lambda: with_gradient(lambda x: funcol.all_reduce(x, "sum", mesh), [3, 2], dtype))
        note(
            f"chain {dtype}",
            lambda: with_gradient(
                lambda x: funcol.all_reduce(funcol.all_reduce(x.exp(), "sum", everyone).mul(2), "sum", mesh), [3, 2], dtype
            ),
        )
        for dim in [0, 1]:
            note(
                f"all_gather {dim} {dtype}",
                lambda: with_gradient(lambda x: funcol.all_gather_single(x, dim, world), [3, 2], dtype),
            )
            note(
                f"reduce_scatter {dim} {dtype}",
                lambda: with_gradient(lambda x: funcol.reduce_scatter_single(x, "sum", dim, everyone), [2 * size, size], dtype),
            )
    note("all_gather_tensor", lambda: with_gradient(lambda x: funcol.all_gather_tensor(x, 0, world), [3, 2]))
    note("all_gather_tensor_autograd", lambda: with_gradient(lambda x: funcol.all_gather_tensor_autograd(x, 1, world), [3, 2]))
    note("reduce_scatter_tensor", lambda: with_gradient(lambda x: funcol.reduce_scatter_tensor(x, "avg", 0, world), [2 * size, 2]))
    note("reduce_scatter uneven", lambda: with_gradient(lambda x: funcol.reduce_scatter_single(x, "sum", 0, world), [2 * size + 1, 2]))
    note("all_to_all even", lambda: with_gradient(lambda x: funcol.all_to_all_single(x, None, None, world), [2 * size, 2]))
    inputs = [i + 1 for i in everyone]
    outputs = [rank + 1 for _ in everyone]
    note("all_to_all splits", lambda: with_gradient(lambda x: funcol.all_to_all_single_autograd(x, outputs, inputs, world), [sum(inputs), 2]))
    note("all_to_all half", lambda: with_gradient(lambda x: funcol.all_to_all_single(x, outputs, None, world), [sum(inputs), 2]))
    note("permute", lambda: with_gradient(lambda x: funcol.permute_tensor(x, [(i + 1) % size for i in everyone], world), [4]))
    for root in [0, size - 1]:
        note(f"broadcast {root}", lambda: funcol.wait_tensor(funcol.broadcast(torch.arange(4).add(rank).float(), root, mesh)))

    if grid is not None:
        note("grid", lambda: [with_gradient(lambda x: funcol.all_reduce(x, "sum", (grid, dim)), [3]) for dim in (0, 1)])
        note("ranks", lambda: with_gradient(lambda x: funcol.all_reduce(x, "sum", [0, 1] if rank < 2 else [2, 3]), [3]))
        note("grid alone", lambda: funcol.all_reduce(torch.ones(1), "sum", grid))

    def uses():
        x = funcol.all_reduce(torch.full([2, 2], rank + 1), "sum", world)
        return [x.add(1), x.t(), x.tolist(), torch.matmul(x, x), x.ndim, str(x)]

    note("uses", uses)
    note("no group", lambda: funcol.all_reduce(torch.ones(1), "sum", "nothing at all"))


def functional_of_several():
    world = dist.group.WORLD

    def coalesced():
        torch.manual_seed(rank)
        inputs = [x.requires_grad_() for x in (torch.randn(4, 2), torch.randn(2 * size))]
        results = [
            *funcol.all_reduce_coalesced(inputs, "sum", world),
            *funcol.all_gather_single_coalesced(inputs, world),
            *funcol.reduce_scatter_single_coalesced([inputs[1]], "sum", [0], world),
        ]
        total = results[0].square().sum()
        for x in results[1:]:
            total = total + x.square().sum()
        total.backward()
        return [[funcol.wait_tensor(x).detach() for x in results], [x.grad for x in inputs]]

    note("coalesced", coalesced)


scenarios = {"functional": functional, "functional_of_several": functional_of_several}
