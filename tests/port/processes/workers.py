import random

import torch
from torch.utils.data import DataLoader, Dataset


class Squares(Dataset):
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        return torch.tensor([i * i]), torch.rand(1) + random.random()


def main():
    torch.manual_seed(0)
    loader = DataLoader(Squares(6), batch_size=2, shuffle=True, num_workers=2)
    for squares, noise in loader:
        print(squares, noise)


if __name__ == '__main__':
    main()
    print('done')
