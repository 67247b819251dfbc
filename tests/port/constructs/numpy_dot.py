import numpy as np
import torch

rng = np.random.RandomState(0)
x = rng.randn(4, 3)
w = rng.randn(3, 2)
hidden = np.maximum(x.dot(w), 0)
print(hidden.T.dot(x.dot(w)))
print(torch.ones(2).dot(torch.tensor([1.0, 2.0])))
