"""The tutorial in Python: python tutorial.py FOLDER_OF_IDX_FILES THREADS [LIMIT_OF_STEPS].

Prints one JSON document: each loss and the final weights to the bit, the predictions, and what the script printed.
torchvision is not installed beside the reference, so its MNIST is written down here; the loader is PyTorch's own.
"""
import contextlib
import io
import json
import os
import sys

import numpy
import torch
from torch import nn
from torch.utils import data as data_utils

folder, threads = sys.argv[1], int(sys.argv[2])
limit = int(sys.argv[3]) if len(sys.argv) > 3 else None
torch.set_num_threads(threads)


def read(name):
    with open(os.path.join(folder, name), "rb") as file:
        content = file.read()
    rank = content[3]
    shape = [int.from_bytes(content[4 + 4 * i : 8 + 4 * i], "big") for i in range(rank)]
    values = numpy.frombuffer(content, dtype=numpy.uint8, offset=4 + 4 * rank).reshape(shape)
    return torch.from_numpy(values.copy())


class MNIST(data_utils.Dataset):
    def __init__(self, part, transform=None):
        self.data = read(part + "-images-idx3-ubyte")
        self.targets = read(part + "-labels-idx1-ubyte").to(torch.int64)
        self.transform = transform

    def __len__(self):
        return len(self.data)

    def __getitem__(self, index):
        image, target = self.data[index].numpy(), int(self.targets[index])
        return self.transform(image), target


def to_tensor(image):
    pixels = torch.from_numpy(image).view(28, 28, 1).permute((2, 0, 1)).contiguous()
    return pixels.to(dtype=torch.get_default_dtype()).div(255)


class RNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(input_size=28, hidden_size=64, num_layers=1, batch_first=True)
        self.out = nn.Linear(64, 10)

    def forward(self, x):
        r_out, (h_n, h_c) = self.rnn(x, None)
        return self.out(r_out[:, -1, :])


def hex_of(tensor):
    return tensor.detach().contiguous().numpy().tobytes().hex()


losses = []
printed = io.StringIO()
with contextlib.redirect_stdout(printed):
    torch.manual_seed(1)
    train_data = MNIST("train", to_tensor)
    train_loader = data_utils.DataLoader(dataset=train_data, batch_size=64, shuffle=True)
    test_data = MNIST("t10k")
    test_x = test_data.data.type(torch.FloatTensor)[:2000] / 255.0
    test_y = test_data.targets[:2000]
    rnn = RNN()
    print(rnn)
    optimizer = torch.optim.Adam(rnn.parameters(), lr=0.01)
    loss_func = nn.CrossEntropyLoss()
    for step, (x, y) in enumerate(train_loader):
        if step == limit:
            break
        output = rnn(x.view(-1, 28, 28))
        loss = loss_func(output, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(hex_of(loss))
        if step % 50 == 0:
            pred_y = torch.max(rnn(test_x), 1)[1]
            accuracy = float((pred_y == test_y).sum().item()) / test_y.size(0)
            print("Epoch: ", 0, "| train loss: %.4f" % loss.item(), "| test accuracy: %.2f" % accuracy)
    pred_y = torch.max(rnn(test_x[:10].view(-1, 28, 28)), 1)[1].data.numpy().squeeze()
    print(pred_y, "prediction number")
    print(test_y[:10].numpy(), "real number")

state = optimizer.state_dict()["state"]
json.dump(
    {
        "losses": losses,
        "weights": {name: hex_of(weight) for name, weight in rnn.state_dict().items()},
        "averages": [hex_of(state[i]["exp_avg_sq"]) for i in sorted(state)],
        "predictions": pred_y.tolist(),
        "random": hex_of(torch.rand(4)),
        "printed": printed.getvalue(),
    },
    sys.stdout,
)
