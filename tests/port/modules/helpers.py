import torch.nn as nn

from settings import RATE


class Net(nn.Module):
    kind = "net"

    def __init__(self, width=2, depth=2):
        super().__init__()
        self.width = width
        self.depth = depth
        self.fc = nn.Linear(width, 1)

    def forward(self, x, shift=0.0):
        return self.fc(x) + shift


def double(x):
    return x * 2


def scale(value, by=1):
    return value * by * RATE


if __name__ == "__main__":
    print("not when it is imported")
