"""What tests/distributed/scenarios/algorithms.mjs does, in Python."""

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
from torch import nn, optim
from torch.distributed.algorithms.ddp_comm_hooks import powerSGD_hook as power
from torch.distributed.algorithms.model_averaging.averagers import PeriodicModelAverager
from torch.distributed.algorithms.model_averaging.hierarchical_model_averager import HierarchicalModelAverager
from torch.distributed.tensor import DTensor, Shard
from __main__ import described, given, note, rank, results, size


# batched_powerSGD_hook gives it a matrix, where it asks for a batch of them.
orthogonalize = power._orthogonalize
power._orthogonalize = lambda found, epsilon=0: orthogonalize(found if found.ndim == 3 else found.unsqueeze(0), epsilon)


def make():
    return nn.Sequential(nn.Linear(12, 16), nn.Tanh(), nn.Linear(16, 12), nn.Linear(12, 16))


def weights(model):
    return [p.detach().clone() for p in model.parameters()]


def step_of(model, optimizer, step):
    torch.manual_seed(100 * step + rank)
    optimizer.zero_grad()
    nn.functional.mse_loss(model(torch.randn(4, 12)), torch.randn(4, 16)).backward()
    optimizer.step()


def algorithms():
    for name, hook, options in [
        ("one", power.powerSGD_hook, {"start_powerSGD_iter": 2}),
        ("two", power.powerSGD_hook, {"matrix_approximation_rank": 2, "start_powerSGD_iter": 2}),
        ("three", power.powerSGD_hook, {"matrix_approximation_rank": 3, "start_powerSGD_iter": 2, "min_compression_rate": 1}),
        ("batched shapes", power.powerSGD_hook, {"start_powerSGD_iter": 2, "batch_tensors_with_same_shape": True}),
        ("cold", power.powerSGD_hook, {"start_powerSGD_iter": 0, "use_error_feedback": False, "warm_start": False, "random_seed": 5}),
        ("epsilon", power.powerSGD_hook, {"start_powerSGD_iter": 3, "orthogonalization_epsilon": 1e-6}),
        ("square", power.batched_powerSGD_hook, {"start_powerSGD_iter": 2}),
        ("square two", power.batched_powerSGD_hook, {"matrix_approximation_rank": 2, "start_powerSGD_iter": 2, "use_error_feedback": False}),
    ]:

        def train():
            torch.manual_seed(1)
            model = nn.parallel.DistributedDataParallel(make())
            state = power.PowerSGDState(None, **options)
            model.register_comm_hook(state, hook)
            optimizer = optim.SGD(model.parameters(), lr=0.1)
            for step in range(6):
                step_of(model, optimizer, step)
            return [weights(model), state.iter, list(state.compression_stats())]

        note(f"powerSGD {name}", train)
    note("powerSGD too early", lambda: power.PowerSGDState(None, start_powerSGD_iter=1))
    for name, averager_of in [
        ("periodic", lambda: PeriodicModelAverager(2, 1)),
        ("hierarchical", lambda: HierarchicalModelAverager({2: size // 2, 4: size}, warmup_steps=1)),
    ]:

        def averaged():
            torch.manual_seed(rank)
            model = make()
            optimizer = optim.SGD(model.parameters(), lr=0.1)
            averager = averager_of()
            seen = []
            for step in range(5):
                step_of(model, optimizer, step)
                averager.average_parameters(model.parameters() if step % 2 else optimizer.param_groups)
                seen.append(weights(model)[0])
            return [seen, weights(model), averager.step]

        note(f"averager {name}", averaged)
    note("averager period", lambda: PeriodicModelAverager(0))
    note("averager sizes", lambda: HierarchicalModelAverager({2: size + 1}))
    mesh = dist.init_device_mesh("cpu", (size,))
    local = torch.arange(6).reshape(2, 3).add(10 * rank).float()
    state = {"rows": DTensor.from_local(local, mesh, [Shard(0)]), "plain": torch.arange(3), "step": 7}
    saved = dcp.async_save(state, checkpoint_id=f"{given['folder_of_checkpoints']}/async")
    local.zero_()
    saved.result()
    total = torch.ones(1)
    dist.all_reduce(total)
    read = {"rows": DTensor.from_local(torch.zeros(2, 3), mesh, [Shard(0)]), "plain": torch.zeros(3).long(), "step": 0}
    dcp.load(read, checkpoint_id=f"{given['folder_of_checkpoints']}/async")
    results["async_save"] = described([total, read["rows"].to_local(), read["plain"], read["step"]])


scenarios = {"algorithms": algorithms}
