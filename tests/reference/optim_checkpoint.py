"""Checkpoints as files: python optim_checkpoint.py write|read FOLDER '[name, ...]'.

`write` saves each optimizer with its parameter and a scheduler after some steps, as NAME.pt. `read` goes on for a step
from NAME.ours.pt. Both answer with the parameters and learning rates after one step more.
"""
import json
import os
import sys

import torch

OPTIONS = {"SGD": {"momentum": 0.9}, "RMSprop": {"centered": True}, "Adam": {"amsgrad": True}}


def make(name, param):
    optimizer = getattr(torch.optim, name)([param], **OPTIONS.get(name, {}))
    return optimizer, torch.optim.lr_scheduler.MultiStepLR(optimizer, [1, 1, 4], gamma=0.5)


def step(name, optimizer, scheduler, param):
    def closure():
        optimizer.zero_grad()
        loss = param.square().sum()
        loss.backward()
        return loss

    if name == "LBFGS":
        optimizer.step(closure)
    else:
        grad = torch.full_like(param, 0.5)
        param.grad = grad.to_sparse(1) if name == "SparseAdam" else grad
        optimizer.step()
    scheduler.step()


def result(optimizer, scheduler, param):
    return {"param": param.tolist(), "lr": optimizer.param_groups[0]["lr"], "last_epoch": scheduler.last_epoch}


def write(name, folder):
    param = torch.ones(3, 4, requires_grad=True)
    optimizer, scheduler = make(name, param)
    for _ in range(2):
        step(name, optimizer, scheduler, param)
    saved = {"param": param.detach().clone(), "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict()}
    torch.save(saved, os.path.join(folder, f"{name}.pt"))
    step(name, optimizer, scheduler, param)
    return result(optimizer, scheduler, param)


def read(name, folder):
    saved = torch.load(os.path.join(folder, f"{name}.ours.pt"))
    param = saved["param"].requires_grad_()
    optimizer, scheduler = make(name, param)
    optimizer.load_state_dict(saved["optimizer"])
    scheduler.load_state_dict(saved["scheduler"])
    step(name, optimizer, scheduler, param)
    return result(optimizer, scheduler, param)


do = {"write": write, "read": read}[sys.argv[1]]
json.dump([do(name, sys.argv[2]) for name in json.loads(sys.argv[3])], sys.stdout)
