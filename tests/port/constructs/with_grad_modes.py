import torch

x = torch.ones(2, requires_grad=True)
with torch.no_grad():
    y = x * 2
print(y.requires_grad)
with torch.enable_grad():
    z = x * 3
print(z.requires_grad, torch.is_grad_enabled())


@torch.no_grad()
def evaluate(v):
    return (v * 2).requires_grad


print(evaluate(x))
with torch.set_grad_enabled(False):
    w = x + 1
print(w.requires_grad, w)
