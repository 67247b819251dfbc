"""The operators that reach a dispatch mode, with their arguments; prints them as JSON."""
import json

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode


def plain(value):
    if isinstance(value, torch.Tensor):
        return "T" + json.dumps(list(value.shape), separators=(",", ":"))
    if isinstance(value, (list, tuple)):
        return [plain(element) for element in value]
    return value if value is None or isinstance(value, (int, float, bool)) else str(value)


lines = []


class Log(TorchDispatchMode):
    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        named = {k: plain(v) for k, v in (kwargs or {}).items() if k not in ("device", "pin_memory", "memory_format")}
        lines.append([str(func), [plain(a) for a in args], named])
        return func(*args, **(kwargs or {}))


x = torch.arange(6, dtype=torch.float32).view(2, 3).requires_grad_()
w, b, image = torch.ones(4, 3), torch.ones(4), torch.ones(1, 2, 5, 5)
conv = nn.Conv2d(2, 3, 3, padding=1)
with Log():
    y = nn.functional.linear(x, w, b)
    z = y.sum(1).add(2, alpha=3)
    z.mul(2)
    z.max(0)
    z.split(1)
    torch.cat([z, z])
    torch.softmax(z, 0).to(torch.float64)
    z[0].item()
    conv(image).relu().mean()
    torch.arange(4)
    torch.zeros(2, dtype=torch.float64)
    z.sum().backward()
print(json.dumps(lines))
