"""The dataset and the model of the tutorial, for the comparison in tutorial.py and for bench/.

torchvision's package needs the CUDA build of PyTorch, so what its MNIST and ToTensor do to an image (tensor, PIL image,
array, tensor) is written down here; the loader is PyTorch's own.
"""
import os

import numpy
import torch
from PIL import Image
from torch import nn
from torch.utils import data as data_utils


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        content = file.read()
    rank = content[3]
    shape = [int.from_bytes(content[4 + 4 * i : 8 + 4 * i], "big") for i in range(rank)]
    values = numpy.frombuffer(content, dtype=numpy.uint8, offset=4 + 4 * rank).reshape(shape)
    return torch.from_numpy(values.copy())


class MNIST(data_utils.Dataset):
    def __init__(self, folder, part, transform=None):
        self.data = read(folder, part + "-images-idx3-ubyte")
        self.targets = read(folder, part + "-labels-idx1-ubyte").to(torch.int64)
        self.transform = transform

    def __len__(self):
        return len(self.data)

    def __getitem__(self, index):
        image, target = self.data[index], int(self.targets[index])
        return self.transform(Image.fromarray(image.numpy())), target


def to_tensor(image):
    pixels = torch.from_numpy(numpy.array(image, numpy.uint8, copy=True))
    pixels = pixels.view(image.size[1], image.size[0], len(image.getbands())).permute((2, 0, 1)).contiguous()
    return pixels.to(dtype=torch.get_default_dtype()).div(255)


class RNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(input_size=28, hidden_size=64, num_layers=1, batch_first=True)
        self.out = nn.Linear(64, 10)

    def forward(self, x):
        r_out, (h_n, h_c) = self.rnn(x, None)
        return self.out(r_out[:, -1, :])
