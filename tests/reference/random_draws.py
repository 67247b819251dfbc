"""Draws of the default generator and of others."""

import json

import torch

torch.manual_seed(42)
default = [
    torch.rand(5).tolist(),
    torch.randn(20).tolist(),
    torch.randperm(10).tolist(),
    torch.randint(0, 100, [4]).tolist(),
    str(torch.empty((), dtype=torch.int64).random_().item()),
]
generator = torch.Generator().manual_seed(7)
own = [torch.rand(3, generator=generator).tolist(), torch.randperm(6, generator=generator).tolist()]
torch.manual_seed(-1)
negative = torch.rand(2).tolist()
print(json.dumps({"default": default, "own": own, "negative": negative}))
