"""Averaged models: python swa_utils.py '[case, ...]'.

The answer has, to the bit, the state of each averaged model after some steps and after update_bn, and what it gives.
"""
import json
import sys

import torch
from torch import nn
from torch.optim import swa_utils


def averaging(name):
    return {
        "ema": lambda: {"avg_fn": swa_utils.get_ema_avg_fn(0.9)},
        "swa": lambda: {"avg_fn": swa_utils.get_swa_avg_fn()},
        "multi ema": lambda: {"multi_avg_fn": swa_utils.get_ema_multi_avg_fn(0.9)},
        "multi swa": lambda: {"multi_avg_fn": swa_utils.get_swa_multi_avg_fn()},
        "own": lambda: {"avg_fn": lambda averaged, current, count: averaged + (current - averaged) * 0.25},
        "default": dict,
    }[name]()


def state_of(model):
    return {name: value.numpy().tobytes().hex() for name, value in model.state_dict().items()}


def run(case):
    torch.manual_seed(5)
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    averaged = swa_utils.AveragedModel(model, use_buffers=case["use_buffers"], **averaging(case["averaging"]))
    batches = [torch.randn(5, 3) for _ in range(4)]
    for step in range(6):
        optimizer.zero_grad()
        model(batches[step % 4]).square().sum().backward()
        optimizer.step()
        averaged.update_parameters(model)
    states = [state_of(averaged)]
    swa_utils.update_bn([(batch, None) for batch in batches], averaged)
    states.append(state_of(averaged))
    output = averaged.eval()(batches[0]).detach().numpy().tobytes().hex()
    return {"states": states, "output": output, "momentum": averaged.module[1].momentum}


json.dump([run(case) for case in json.loads(sys.argv[1])], sys.stdout)
