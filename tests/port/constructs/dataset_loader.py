import torch
from torch.utils.data import DataLoader, Dataset
class Squares(Dataset):
    def __init__(self, n):
        self.data = torch.arange(n).float()
    def __len__(self):
        return len(self.data)
    def __getitem__(self, idx):
        return self.data[idx], self.data[idx] ** 2
ds = Squares(5)
loader = DataLoader(ds, batch_size=2, shuffle=False)
for i, (x, y) in enumerate(loader):
    print(i, x, y)
print(len(ds), len(loader), ds[3])
