import torch
from torch.utils.data import DataLoader, Dataset, TensorDataset, random_split


class Squares(Dataset):
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        return torch.tensor([float(i)]), i * i


torch.manual_seed(0)
train, test = random_split(Squares(10), [7, 3])
print(len(train), len(test))
for x, y in DataLoader(train, batch_size=4, shuffle=True):
    print(x.squeeze(1), y)
pairs = TensorDataset(torch.arange(6).float(), torch.arange(6) % 2)
for step, (a, b) in enumerate(DataLoader(pairs, batch_size=4, drop_last=True)):
    print(step, a, b)
