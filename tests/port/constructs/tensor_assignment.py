import torch
x = torch.zeros(3, 3)
x[0] = 1
x[1, 2] = 5.0
x[:, 0] = torch.tensor([7.0, 8.0, 9.0])
x[x == 0] = -1
x[2] += 10
x[0, 1:] *= 3
print(x)
y = x
y += 1
y -= torch.ones(3)
print(x.sum(), y is x)
