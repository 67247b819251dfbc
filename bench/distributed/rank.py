"""What rank.js does, in Python."""

import os
import sys
import time

import torch
import torch.distributed as dist
from torch import nn, optim

rank, size, port = map(int, sys.argv[1:])
torch.set_num_threads(1)
dist.init_process_group("gloo", init_method=f"tcp://127.0.0.1:{port}", rank=rank, world_size=size)


def measured(count, body):
    body()
    dist.barrier()
    began, used = time.perf_counter(), time.process_time()
    for _ in range(count):
        body()
    cpu = time.process_time() - used
    return (time.perf_counter() - began) / count, cpu / count


def all_reduce(size_in_bytes, count):
    x = torch.ones(size_in_bytes // 4)
    return measured(count, lambda: dist.all_reduce(x, dist.ReduceOp.MAX))


def ddp(width, count):
    torch.manual_seed(0)
    model = nn.parallel.DistributedDataParallel(
        nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width))
    )
    optimizer = optim.SGD(model.parameters(), lr=0.01)
    x = torch.randn(32, width)

    def step():
        optimizer.zero_grad()
        model(x).square().mean().backward()
        optimizer.step()

    return measured(count, step)


for line in sys.stdin:
    name, first, count = line.split()
    print(*globals()[name](int(first), int(count)), flush=True)
os._exit(0)
