"""Training in parts: python training.py FOLDER '[["run", "Adam", FROM, TO, EPOCHS], ...]'.

Each run loads the checkpoint FROM (or starts, when it is null), trains, and saves the checkpoint TO. The answer has the
parameters, buffers and optimizer states at the ends of the runs, to the bit.
"""
import json
import sys

import torch
from torch import nn

torch.set_num_threads(1)


def hex_of(tensor):
    return tensor.detach().contiguous().numpy().tobytes().hex()


def make(name):
    model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 2))
    options = {"SGD": {"lr": 0.1, "momentum": 0.9, "nesterov": True}, "Adam": {"lr": 0.01, "amsgrad": True}, "AdamW": {"lr": 0.03}}
    groups = [{"params": model[0].parameters(), "weight_decay": 0.1}, {"params": [*model[1].parameters(), *model[3].parameters()]}]
    optimizer = getattr(torch.optim, name)(groups, **options[name])
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.3)
    return model, optimizer, scheduler


def run(folder, name, before, after, epochs):
    torch.manual_seed(0)
    model, optimizer, scheduler = make(name)
    start = 0
    if before is not None:
        checkpoint = torch.load(f"{folder}/{before}", weights_only=True)
        model.load_state_dict(checkpoint["model"])
        optimizer.load_state_dict(checkpoint["optimizer"])
        scheduler.load_state_dict(checkpoint["scheduler"])
        torch.set_rng_state(checkpoint["rng"])
        start = checkpoint["epoch"]
    for _ in range(epochs):
        for _ in range(3):
            x, y = torch.randn(16, 4), torch.randn(16, 2)
            optimizer.zero_grad()
            nn.functional.mse_loss(model(x), y).backward()
            optimizer.step()
        scheduler.step()
    torch.save(
        {
            "model": model.state_dict(), "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict(),
            "rng": torch.get_rng_state(), "epoch": start + epochs,
        },
        f"{folder}/{after}",
    )
    return {
        "model": {key: hex_of(value) for key, value in model.state_dict().items()},
        "state": {
            str(number): {key: hex_of(value) for key, value in its.items()}
            for number, its in optimizer.state_dict()["state"].items()
        },
        "lr": [group["lr"] for group in optimizer.param_groups],
        "epoch": start + epochs,
        "betas": [list(group["betas"]) if "betas" in group else None for group in optimizer.param_groups],
    }


folder, runs = sys.argv[1], json.loads(sys.argv[2])
json.dump([run(folder, *given) for given in runs], sys.stdout)
