"""What tests/distributed/scenarios/named_states.mjs does, in Python."""

import torch
import torch.distributed as dist
from torch import nn, optim
from torch.distributed.checkpoint import state_dict
from torch.distributed.checkpoint.state_dict import StateDictOptions
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor
from __main__ import note, rank, results


class Model(nn.Module):
    """One parameter is frozen, and one is shared."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 5)
        self.norm = nn.BatchNorm1d(5)
        self.second = nn.Linear(5, 5)
        self.second.bias = self.first.bias
        self.norm.bias.requires_grad = False

    def forward(self, x):
        return self.second(self.norm(self.first(x)).tanh())


kinds = {
    "plain": lambda model: model,
    "ddp": nn.parallel.DistributedDataParallel,
    "sharded": lambda model: fully_shard(model, mesh=dist.init_device_mesh("cpu", (dist.get_world_size(),))),
}


def made(kind, seed):
    torch.manual_seed(seed)
    model = kinds[kind](Model())
    return model, optim.AdamW(model.parameters(), lr=0.05)


def train(model, optimizer, steps=2):
    losses = []
    for step in range(steps):
        torch.manual_seed(10 * step)
        loss = model(torch.randn(4, 3)).square().mean()
        loss.backward()
        losses.append(loss.detach())
        optimizer.step()
        optimizer.zero_grad()
    return losses


def told(value):
    if isinstance(value, DTensor):
        return ["DTensor", list(value.shape), value.to_local()]
    if isinstance(value, (list, tuple)):
        return [told(item) for item in value]
    if isinstance(value, dict):
        return [[key, told(item)] for key, item in value.items()]
    return value


def told_states(states):
    model, optimizer = states
    groups = optimizer.get("param_groups", [])
    return [
        told(model),
        told(optimizer.get("state", {})),
        [[group["params"], group["lr"], group["weight_decay"]] for group in groups],
    ]


options_of = {
    "default": StateDictOptions(),
    "full": StateDictOptions(full_state_dict=True),
    "full on the cpu": StateDictOptions(full_state_dict=True, cpu_offload=True),
    "not frozen": StateDictOptions(ignore_frozen_params=True, strict=False),
    "flat": StateDictOptions(flatten_optimizer_state_dict=True),
}


def named_states():
    for kind in kinds:
        for name, options in options_of.items():
            if name == "flat":
                continue
            model, optimizer = made(kind, 1)
            train(model, optimizer)
            note(f"{kind} {name}", lambda: told_states(state_dict.get_state_dict(model, optimizer, options=options)))
        model, optimizer = made(kind, 1)
        note(f"{kind} before a step", lambda: told(state_dict.get_optimizer_state_dict(model, optimizer)["state"]))
        train(model, optimizer)
        for name in ["default", "full"]:
            options = options_of[name]
            weights, states = state_dict.get_state_dict(model, optimizer, options=options)
            other, others = made(kind, 2)
            keys = state_dict.set_state_dict(
                other, others, model_state_dict=weights, optim_state_dict=states, options=options
            )
            note(f"{kind} {name} read", lambda: [keys.missing_keys, keys.unexpected_keys, train(other, others)])
    model, optimizer = made("plain", 1)
    train(model, optimizer)
    weights, states = state_dict.get_state_dict(model, optimizer, options=options_of["full"])
    sending = StateDictOptions(full_state_dict=True, broadcast_from_rank0=True)
    for kind in ["plain", "sharded"]:
        other, others = made(kind, 2)
        state_dict.set_model_state_dict(other, dict(weights) if rank == 0 else {}, options=sending)
        state_dict.set_optimizer_state_dict(other, others, states if rank == 0 else {}, options=sending)
        note(f"{kind} sent", lambda: [train(other, others), told_states(state_dict.get_state_dict(other, others))])
    flat = state_dict.get_optimizer_state_dict(model, optimizer, options=options_of["flat"])
    note("flat", lambda: [name for name in sorted(flat) if "exp_avg" in name or "step" in name or name.endswith(".lr")])
    other, others = made("plain", 1)
    state_dict.set_optimizer_state_dict(other, others, flat, options=options_of["flat"])
    note("flat read", lambda: train(other, others))
    groups = states["param_groups"]
    state = {name: value for name, value in states["state"].items() if name != "first.weight"}
    note(
        "no parameter",
        lambda: state_dict.set_optimizer_state_dict(other, others, {"state": state, "param_groups": groups}),
    )
    note(
        "no state",
        lambda: state_dict.set_optimizer_state_dict(other, others, {"state": {}, "param_groups": groups}),
    )
    try:
        state_dict.set_model_state_dict(other, {})
    except RuntimeError as error:
        # The text goes on with the rank, without a space.
        results["no model"] = {"error": str(error).removesuffix(f"rank = dist.get_rank()={rank}.")}
    note(
        "no options",
        lambda: state_dict.get_model_state_dict(other, options=StateDictOptions(broadcast_from_rank0=True)),
    )


scenarios = {"named_states": named_states}
