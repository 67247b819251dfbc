import argparse

import torch
import torch.multiprocessing as mp
import torch.nn as nn

parser = argparse.ArgumentParser()
parser.add_argument('--steps', type=int, default=3)


class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(2))

    def forward(self, x):
        return x * self.weight


def train(rank, args, model, total):
    torch.manual_seed(rank)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(args.steps):
        optimizer.zero_grad()
        model(torch.ones(2)).sum().backward()
        optimizer.step()
    total += rank + 1


if __name__ == '__main__':
    args = parser.parse_args()
    model = Scale()
    model.share_memory()
    total = torch.zeros(1).share_memory_()
    for rank in range(2):
        process = mp.get_context('spawn').Process(target=train, args=(rank, args, model, total))
        process.start()
        process.join()
    print(model.weight, total)
