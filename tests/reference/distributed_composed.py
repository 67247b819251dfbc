"""What tests/distributed/scenarios/composed.mjs does, in Python."""

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
import torch.nn.functional as F
from torch import nn, optim
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard
from torch.distributed.tensor import Replicate, Shard
from torch.distributed.tensor.parallel import (
    ColwiseParallel,
    PrepareModuleInput,
    RowwiseParallel,
    SequenceParallel,
    parallelize_module,
)
from distributed_parallel import Transformer, seeded
from __main__ import given, note, rank


class Mlp(nn.Module):
    """No size is even."""

    def __init__(self):
        super().__init__()
        self.up = nn.Linear(6, 14)
        self.down = nn.Linear(14, 5)

    def forward(self, x):
        return self.down(F.gelu(self.up(x)))


def cut_mlp(mesh):
    model = seeded(Mlp)
    return parallelize_module(model, mesh, {"up": ColwiseParallel(), "down": RowwiseParallel()})


def described_state(model):
    state = model.state_dict()
    return [[name, repr(x), x.to_local(), x.full_tensor()] for name, x in state.items()]


def train(model, optimizer, loss_of, clip=True, steps=3):
    """Each process along dp has data of its own; those along tp have the same."""
    found = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_of(model)
        loss.backward()
        found.append(loss.detach())
        if clip:
            norm = nn.utils.clip_grad_norm_(model.parameters(), 0.3)
            found.append([repr(norm.placements), norm.full_tensor()])
        optimizer.step()
    return found


def mlp_loss(model):
    return F.mse_loss(model(torch.randn(3, 6)).float(), torch.randn(3, 5))


def grid(names=("dp", "tp")):
    """Python takes slices of the same name and ranks for one, and either's group: grids in one program have other names."""
    return dist.init_device_mesh("cpu", (2, 2), mesh_dim_names=names)


def fsdp_with_tp():
    mesh = grid()
    cube = dist.init_device_mesh("cpu", (1, 2, 2), mesh_dim_names=("replicate", "shard", "across"))

    runs = {
        "plain": (mesh["dp"], mesh["tp"], {}),
        "freed": (mesh["dp"], mesh["tp"], {"reshard_after_forward": True}),
        "bfloat16": (
            mesh["dp"],
            mesh["tp"],
            {"mp_policy": MixedPrecisionPolicy(param_dtype=torch.bfloat16, reduce_dtype=torch.float32)},
        ),
        "hybrid": (cube["replicate", "shard"], cube["across"], {}),
    }
    for name, (dp, tp, options) in runs.items():

        def run():
            model = cut_mlp(tp)
            fully_shard(model.up, mesh=dp, **options)
            fully_shard(model, mesh=dp, **options)
            if name == "freed":
                optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
            else:
                optimizer = optim.AdamW(model.parameters(), lr=0.05)
            torch.manual_seed(10 + rank // 2)
            losses = train(model, optimizer, mlp_loss, clip=name != "bfloat16")
            return [losses, described_state(model), [x.grad.to_local() for x in model.parameters()]]

        note(f"fsdp with tp {name}", run)

    def without_sync():
        model = cut_mlp(mesh["tp"])
        fully_shard(model, mesh=mesh["dp"])
        torch.manual_seed(20 + rank // 2)
        for sync in (False, True):
            model.set_requires_gradient_sync(sync)
            mlp_loss(model).backward()
        return [x.grad.full_tensor() for x in model.parameters()]

    note("fsdp with tp accumulated", without_sync)

    def loaded():
        model, other = cut_mlp(mesh["tp"]), cut_mlp(mesh["tp"])
        for each in (model, other):
            fully_shard(each, mesh=mesh["dp"])
        with torch.no_grad():
            for x in model.parameters():
                x.mul_(2)
        other.load_state_dict(model.state_dict())
        return other(torch.ones(2, 6)).detach()

    note("fsdp with tp loaded", loaded)

    def transformer():
        tp = mesh["tp"]
        model = seeded(lambda: Transformer(2))
        parallelize_module(
            model,
            tp,
            {
                "tokens": RowwiseParallel(input_layouts=Replicate(), output_layouts=Shard(1)),
                "norm": SequenceParallel(),
                "head": ColwiseParallel(input_layouts=Shard(1), output_layouts=Replicate()),
            },
        )
        for block in model.blocks:
            parallelize_module(
                block,
                tp,
                {
                    "first": SequenceParallel(),
                    "second": SequenceParallel(),
                    "attention": PrepareModuleInput(input_layouts=Shard(1), desired_input_layouts=Replicate()),
                    "attention.query": ColwiseParallel(),
                    "attention.key": ColwiseParallel(),
                    "attention.value": ColwiseParallel(),
                    "attention.out": RowwiseParallel(output_layouts=Shard(1)),
                    "up": ColwiseParallel(input_layouts=Shard(1)),
                    "down": RowwiseParallel(output_layouts=Shard(1)),
                },
            )
            block.first.register_forward_hook(lambda _, args, out: out.to_local())
            block.second.register_forward_hook(lambda _, args, out: out.to_local())
            fully_shard(block, mesh=mesh["dp"])
        model.norm.register_forward_hook(lambda _, args, out: out.to_local())
        fully_shard(model, mesh=mesh["dp"])
        torch.manual_seed(30 + rank // 2)

        def loss_of(of):
            x, y = torch.randint(12, (2, 4)), torch.randint(12, (2, 4))
            return F.cross_entropy(of(x).flatten(0, 1), y.flatten())

        losses = train(model, optim.AdamW(model.parameters(), lr=0.02), loss_of)
        return [losses, described_state(model)]

    if not given.get("in_one_group_with_python"):
        note("fsdp with tp transformer", transformer)


def composed(mesh):
    model = cut_mlp(mesh["tp"])
    fully_shard(model, mesh=mesh["dp"])
    optimizer = optim.AdamW(model.parameters(), lr=0.05)
    return model, optimizer


def save_composed():
    mesh = grid()
    model, optimizer = composed(mesh)
    torch.manual_seed(40 + rank // 2)
    train(model, optimizer, mlp_loss)
    found = dcp.save(
        {"model": model, "optimizer": optimizer}, checkpoint_id=f"{given['folder_of_checkpoints']}/composed-python"
    )
    note(
        "composed pieces",
        lambda: [
            [name, [[list(chunk.offsets), list(chunk.sizes)] for chunk in entry.chunks]]
            for name, entry in found.state_dict_metadata.items()
            if hasattr(entry, "chunks")
        ],
    )


def read_composed():
    mesh = grid()
    for source in ("node", "python"):
        model, optimizer = composed(mesh)
        torch.manual_seed(50 + rank // 2)
        train(model, optimizer, mlp_loss, steps=1)
        state = {"model": model, "optimizer": optimizer}
        dcp.load(state, checkpoint_id=f"{given['folder_of_checkpoints']}/composed-{source}", no_dist=True)
        note(f"composed read {source}", lambda: described_state(model))
        note(f"composed go on {source}", lambda: [train(model, optimizer, mlp_loss, steps=1), described_state(model)])
        whole = {name: torch.zeros(x.shape) for name, x in model.state_dict().items()}
        dcp.load({"model": whole}, checkpoint_id=f"{given['folder_of_checkpoints']}/composed-{source}", no_dist=True)
        note(f"composed whole {source}", lambda: list(whole.values()))


def ddp_with_tp():
    mesh = grid(("data", "model"))

    def run():
        model = cut_mlp(mesh["model"])
        ddp = nn.parallel.DistributedDataParallel(model, device_mesh=mesh["data"])
        parameters = list(ddp.parameters())
        torch.manual_seed(60 + rank // 2)
        losses = train(ddp, optim.AdamW(parameters, lr=0.05), mlp_loss, clip=False)
        return [losses, [x.detach() for x in parameters], [x.grad for x in parameters]]

    note("ddp with tp", run)
    note("ddp with a grid", lambda: nn.parallel.DistributedDataParallel(nn.Linear(2, 1), device_mesh=mesh))


scenarios = {"ddp_with_tp": ddp_with_tp, "fsdp_with_tp": fsdp_with_tp, "save_composed": save_composed, "read_composed": read_composed}
