"""Selective checkpoints: what is called in the two runs, the gradients, and the errors; prints one JSON document."""
import json

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.checkpoint import CheckpointPolicy, checkpoint, create_selective_checkpoint_contexts

aten = torch.ops.aten


class Log(TorchDispatchMode):
    def __init__(self):
        super().__init__()
        self.lines = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.lines.append(str(func))
        return func(*args, **(kwargs or {}))


def fn(x, w):
    h = torch.tanh(x.mm(w)).mm(w)
    values, _ = h.max(1)
    return torch.sigmoid(h) * values.unsqueeze(1)


def inputs():
    x = torch.arange(6, dtype=torch.float32).view(2, 3).div(10).requires_grad_()
    w = torch.arange(9, dtype=torch.float32).view(3, 3).div(7).requires_grad_()
    return x, w


def by_policy(ctx, op, *args, **kwargs):
    if op == aten.tanh.default:
        return CheckpointPolicy.PREFER_SAVE
    return op == aten.max.dim


policies = {
    "nothing": [],
    "mm": [aten.mm.default],
    "mm and sigmoid": [aten.mm.default, aten.sigmoid.default],
    "policy": by_policy,
    "everything": lambda ctx, op, *args, **kwargs: CheckpointPolicy.MUST_SAVE,
    "offload": lambda ctx, op, *args, **kwargs: CheckpointPolicy.MUST_CPU_OFFLOAD,
}
answers = {}
for name, policy in policies.items():
    x, w = inputs()
    first, second = Log(), Log()
    with first:
        out = checkpoint(fn, x, w, use_reentrant=False, context_fn=lambda: create_selective_checkpoint_contexts(policy))
    with second:
        out.sum().backward()
    answers[name] = {"out": out.tolist(), "grads": [x.grad.tolist(), w.grad.tolist()],
                     "first": first.lines, "second": second.lines}


def error_of(run):
    try:
        run()
    except Exception as error:  # noqa: BLE001
        return str(error)


def run(function, policy, times=1, **options):
    x, w = inputs()
    out = checkpoint(function, x, w, use_reentrant=False,
                     context_fn=lambda: create_selective_checkpoint_contexts(policy, **options))
    for _ in range(times):
        out.sum().backward(retain_graph=True)
    return x.grad.tolist()


def changing(x, w):
    y = x.mm(w)
    z = torch.sigmoid(y.detach().clone())
    y.mul_(2)
    return y * z


runs = 0


def differing(x, w):
    global runs
    runs += 1
    y = x.mm(w).tanh()
    return y.exp() if runs == 1 else y.sin()


answers["errors"] = {
    "twice": error_of(lambda: run(fn, [aten.mm.default], times=2)),
    "changed": error_of(lambda: run(changing, [aten.mm.default])),
    "changed, allowed": error_of(lambda: run(changing, [aten.mm.default], allow_cache_entry_mutation=True)),
    "differing": error_of(lambda: run(differing, lambda ctx, op, *args, **kwargs: True)),
}
print(json.dumps(answers))
