import torch
x = torch.arange(6.).view(2, 3)
print(x.shape, x.size(0), x.size(), len(x), x.dim(), x.numel(), x.sum(dim=1), x.mean(), x.max(), x.max(dim=1), x.argmax(dim=1, keepdim=True))
print(x.t().contiguous().view(-1), x.unsqueeze(0).shape, x.tolist(), x[0].tolist(), x.sum().item(), x.shape[-1])
b, c = x.shape
values, indices = torch.topk(x, 2, dim=1)
print(b, c, values, indices)
for row in x:
    print(row)
