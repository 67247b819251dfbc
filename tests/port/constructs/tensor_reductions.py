import torch

x = torch.arange(6).reshape(2, 3)
print(x.sum(), x.sum(dim=0), x.float().mean(), x.float().mean(1), x.max(), x.min().item())
values, indices = x.max(dim=1)
print(values, indices)
print(x.float().std(), x.float().var(unbiased=False), (x > 2).sum(), (x > 2).any(), (x >= 0).all())
print(x.cumsum(1), x.prod(), x.argmax(), x.flatten().tolist())
top = torch.topk(x.float(), 2)
print(top.values, top.indices)
