import torch
x = torch.arange(24).reshape(2, 3, 4)
print(x[0], x[0, 1], x[:, 1], x[..., -1], x[0, 1:, ::2], x[:, None].shape, x[1][2][3].item())
k = 2
print(x[0, :k], x[0, k:], x[x > 20], x[0][[0, 2]], x[-1, -1, -1])
