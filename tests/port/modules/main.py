import torch

import settings
from helpers import Net, double, scale as stretch
from pkg import Shape, area
from pkg.deep import total
from pkg.extras import *
from pkg import scaled as scaled_again


def run():
    torch.manual_seed(0)
    net = Net(width=3)
    x = torch.ones(2, 3)
    print(net(x, shift=1.0).shape)
    print(double(x).sum().item(), stretch(2.0, by=3))
    print(area(Shape.SQUARE, side=4), Shape.SQUARE)
    print(total([1, 2, 3]), settings.RATE, settings.names())
    print(scaled(1.0), SCALE, math.floor(2.5), scaled_again(2.0))
    other = Net(2, depth=1)
    print(other.width, other.depth, Net.kind, other.kind)


if __name__ == "__main__":
    run()
