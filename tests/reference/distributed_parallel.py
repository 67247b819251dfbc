"""What tests/distributed/scenarios/parallel.mjs does, in Python."""

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn, optim
from torch.distributed.tensor import DTensor, Replicate, Shard, distribute_tensor
from torch.distributed.tensor.parallel import (
    ColwiseParallel,
    PrepareModuleInput,
    PrepareModuleInputOutput,
    PrepareModuleOutput,
    RowwiseParallel,
    SequenceParallel,
    loss_parallel,
    parallelize_module,
)
from __main__ import given, note, rank, size


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.Linear(6, 16)
        self.down = nn.Linear(16, 6)

    def forward(self, x):
        return self.down(F.gelu(self.up(x)))


class Attention(nn.Module):
    def __init__(self, heads):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(8, 8)
        self.key = nn.Linear(8, 8)
        self.value = nn.Linear(8, 8)
        self.out = nn.Linear(8, 8)

    def forward(self, x):
        batch, length, _ = x.shape
        heads = [layer(x).view(batch, length, self.heads, 2).transpose(1, 2) for layer in (self.query, self.key, self.value)]
        mixed = F.scaled_dot_product_attention(*heads, is_causal=True)
        return self.out(mixed.transpose(1, 2).reshape(batch, length, -1))


class Block(nn.Module):
    def __init__(self, heads):
        super().__init__()
        self.first = nn.LayerNorm(8)
        self.attention = Attention(heads)
        self.second = nn.LayerNorm(8)
        self.up = nn.Linear(8, 16)
        self.down = nn.Linear(16, 8)

    def forward(self, x):
        attended = x.add(self.attention(self.first(x)))
        return attended.add(self.down(F.relu(self.up(self.second(attended)))))


class Transformer(nn.Module):
    def __init__(self, heads):
        super().__init__()
        self.tokens = nn.Embedding(12, 8)
        self.blocks = nn.ModuleList([Block(heads), Block(heads)])
        self.norm = nn.LayerNorm(8)
        self.head = nn.Linear(8, 12, bias=False)

    def forward(self, x):
        found = self.tokens(x)
        for block in self.blocks:
            found = block(found)
        return self.head(self.norm(found))


def whole(model):
    return [(x.full_tensor() if isinstance(x, DTensor) else x).detach().clone() for x in model.state_dict().values()]


def pieces(model):
    return [(x.to_local() if isinstance(x, DTensor) else x).detach() for x in model.parameters()]


def train(model, loss_of, optimizer, steps=3):
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_of(model)
        loss.backward()
        losses.append((loss.full_tensor() if isinstance(loss, DTensor) else loss).detach())
        optimizer.step()
    return losses


def seeded(make):
    torch.manual_seed(1)
    return make()


def tensor_parallel():
    mesh = dist.init_device_mesh("cpu", (size,))

    def mlp_loss(model):
        return F.mse_loss(model(torch.randn(3, 4, 6)), torch.randn(3, 4, 6))

    def piece_loss(model):
        x, y = [whole.chunk(size, 1)[rank].contiguous() for whole in (torch.randn(3, 4, 6), torch.randn(3, 4, 6))]
        return F.mse_loss(model(x), y)

    for name, plan in [
        ("plain", lambda: {"up": ColwiseParallel(), "down": RowwiseParallel()}),
        ("dtensors", lambda: {"up": ColwiseParallel(use_local_output=False), "down": RowwiseParallel()}),
        ("sequence", lambda: {"up": ColwiseParallel(input_layouts=Shard(1)), "down": RowwiseParallel(output_layouts=Shard(1))}),
        ("patterns", lambda: {"u*": ColwiseParallel(output_layouts=Replicate()), "nothing": RowwiseParallel()}),
    ]:

        def mlp():
            model = seeded(Mlp)
            parallelize_module(model, mesh, plan())
            torch.manual_seed(2)
            loss = piece_loss if name == "sequence" else mlp_loss
            losses = train(model, loss, optim.SGD(model.parameters(), lr=0.1, momentum=0.9))
            return [losses, pieces(model), whole(model)]

        note(f"mlp {name}", mlp)

    def adamw():
        model = seeded(Mlp)
        parallelize_module(model, mesh, {"up": ColwiseParallel(), "down": RowwiseParallel()})
        torch.manual_seed(3)
        losses = train(model, mlp_loss, optim.AdamW(model.parameters(), lr=0.05))
        return [losses, pieces(model)]

    note("adamw", adamw)
    for sequence in [False] if given.get("in_one_group_with_python") else [False, True]:

        def transformer():
            model = seeded(lambda: Transformer(4 // size))
            tokens = {"output_layouts": Shard(1)} if sequence else {}
            split = {"input_layouts": Shard(1)} if sequence else {}
            plan = {
                "tokens": RowwiseParallel(input_layouts=Replicate(), use_local_output=not sequence, **tokens),
                "head": ColwiseParallel(**split, output_layouts=Shard(-1), use_local_output=False),
            }
            if sequence:
                plan["norm"] = SequenceParallel()
            parallelize_module(model, mesh, plan)
            for block in model.blocks:
                out = {"output_layouts": Shard(1), "use_local_output": False} if sequence else {}
                plan = {
                    "attention.query": ColwiseParallel(),
                    "attention.key": ColwiseParallel(),
                    "attention.value": ColwiseParallel(),
                    "attention.out": RowwiseParallel(**out),
                    "up": ColwiseParallel(**split),
                    "down": RowwiseParallel(**out),
                }
                if sequence:
                    plan |= {
                        "first": SequenceParallel(),
                        "second": SequenceParallel(),
                        "attention": PrepareModuleInput(input_layouts=Shard(1), desired_input_layouts=Replicate()),
                    }
                parallelize_module(block, mesh, plan)
            torch.manual_seed(4)

            def loss(model):
                x, y = torch.randint(12, [2, 4]), torch.randint(12, [2, 4])
                return F.cross_entropy(model(x).flatten(0, 1), y.flatten())

            def backward_inside():
                losses = []
                optimizer = optim.AdamW(model.parameters(), lr=0.02)
                for _ in range(4):
                    optimizer.zero_grad()
                    with loss_parallel():
                        found = loss(model)
                        found.backward()
                    losses.append(found.full_tensor().detach())
                    optimizer.step()
                return losses

            return [backward_inside(), pieces(model), whole(model)]

        note(f"transformer {str(sequence).lower()}", transformer)
    for name, style in [("columns", ColwiseParallel()), ("rows", RowwiseParallel(input_layouts=Replicate()))]:

        def embedding():
            model = parallelize_module(seeded(lambda: nn.Embedding(10, 8)), mesh, style)
            out = model(torch.tensor([[0, 9, 3], [3, 5, 7]]))
            out.square().sum().backward()
            return [out.detach(), model.weight.grad.full_tensor()]

        if not given.get("in_one_group_with_python"):
            note(f"embedding {name}", embedding)
    for reduction in ["mean", "sum", "none"]:
        for weighted in [False, True]:

            def loss():
                torch.manual_seed(5)
                logits = distribute_tensor(torch.randn(6, 10, 2, requires_grad=True), mesh, [Shard(1)])
                target = torch.randint(10, [6, 2]).index_fill(0, torch.tensor([1]), 2 if weighted else -100)
                weight = torch.rand(10)
                with loss_parallel():
                    loss = F.cross_entropy(logits, target, reduction=reduction, weight=weight if weighted else None)
                    (loss.sum() if reduction == "none" else loss).backward()
                return [loss.full_tensor().detach(), logits.grad.to_local()]

            note(f"loss {reduction} {str(weighted).lower()}", loss)

    def replicated_loss():
        with loss_parallel():
            return F.cross_entropy(DTensor.from_local(torch.ones(2, 3), mesh, [Replicate()]), torch.tensor([0, 1]))

    note("loss of replicated logits", replicated_loss)

    def layer_norm():
        norm = parallelize_module(seeded(lambda: nn.LayerNorm(6)), mesh, SequenceParallel())
        torch.manual_seed(6 + rank)
        out = norm(torch.randn(2, 3, 6))
        out.to_local().square().sum().backward()
        return [out.shape, out.to_local().detach(), norm.weight.grad.full_tensor(), norm.bias.grad.full_tensor()]

    if not given.get("in_one_group_with_python"):
        note("layer norm alone", layer_norm)
    note("other module", lambda: parallelize_module(nn.ReLU(), mesh, ColwiseParallel()))
    note(
        "texts",
        lambda: [
            str(each)
            for each in [
                ColwiseParallel(),
                RowwiseParallel(output_layouts=Shard(1), use_local_output=False),
                SequenceParallel(sequence_dim=2),
                PrepareModuleInput(
                    input_layouts=(Shard(0), None),
                    desired_input_layouts=(Replicate(), None),
                    input_kwarg_layouts={"mask": Shard(0)},
                    desired_input_kwarg_layouts={"mask": Replicate()},
                ),
                PrepareModuleOutput(output_layouts=Replicate(), desired_output_layouts=Shard(0)),
                PrepareModuleInputOutput(output_layouts=Replicate(), desired_output_layouts=Shard(0)),
            ]
        ],
    )

    def prepared():
        model = seeded(lambda: nn.Linear(4, 4))
        style = PrepareModuleInputOutput(
            input_layouts=Shard(0),
            desired_input_layouts=Replicate(),
            use_local_input=True,
            output_layouts=Replicate(),
            desired_output_layouts=Shard(1),
        )
        parallelize_module(model, mesh, style)
        torch.manual_seed(7 + rank)
        x = torch.randn(2, 4, requires_grad=True)
        out = model(x)
        out.square().sum().backward()
        return [out.detach(), x.grad, model.weight.grad]

    note("prepared", prepared)


scenarios = {"tensor_parallel": tensor_parallel}
