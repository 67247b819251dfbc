import torch

x = torch.zeros(2, 3, 4)
print(x.shape, x.size(0), x.size(), x.dim(), x.numel(), len(x))
b, c, w = x.shape
print(b * c * w, x.view(b, -1).shape, x.permute(2, 0, 1).shape, x.transpose(1, 2).shape)
print(x.unsqueeze(0).shape, x[:, None].shape, x.squeeze().shape, x.reshape(-1).shape)
print(torch.cat([x, x], dim=1).shape, torch.stack([x, x]).shape, x.repeat(1, 2, 1).shape, x.expand(2, 3, 4).shape)
for part in x.split(1, dim=0):
    print(part.shape)
print([tuple(p.shape) for p in x.chunk(2, dim=2)])
