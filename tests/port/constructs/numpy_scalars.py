import numpy as np
import torch

x = np.array([1.0, 2.0, 3.0])
print(x[0], x[-1], x[1:], x.tolist(), x.mean(), np.mean([1, 2, 3]), np.sqrt(4), np.max([1.0, 2.0]), np.sum([1, 2]))
points = np.vstack([np.linspace(-1, 1, 3) for _ in range(2)])
print(points.shape, points * 2, (x > 1).astype(int), np.zeros(2, dtype=int), torch.zeros(2, dtype=float))
y = torch.tensor([0, 1, 1])
pred = torch.tensor([0, 1, 0])
hits = float((pred.data.numpy() == y.data.numpy()).astype(int).sum()) / float(y.size(0))
print("Accuracy=%.2f" % hits, "Loss=%.4f" % torch.tensor(0.25).data.numpy(), hits)
data = torch.arange(10)
starts = torch.tensor([2, 5])
print(torch.stack([data[i:i + 3] for i in starts]), data.shape[0:], torch.zeros(2, 3).shape[1:], (data > 7).nonzero(as_tuple=True))
items = list(range(10))
print([items[i:i + 2] for i in starts], type(torch.nn.ReLU()).__name__, type(1.0).__name__)
for left, right in zip(*[(1, 2), (3, 4)]):
    print(left < right, left * 2)
