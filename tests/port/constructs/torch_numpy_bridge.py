import numpy as np
import torch

a = np.array([1.0, 2.0, 3.0])
t = torch.from_numpy(a)
print(t, t.dtype)
b = torch.ones(2, 2).numpy()
print(b, b.shape, b.dtype)
print(torch.tensor([[1, 2], [3, 4]]).numpy().sum())
t.mul_(2)
print(a)
