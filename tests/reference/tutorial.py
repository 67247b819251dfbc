"""The tutorial in Python: python tutorial.py FOLDER_OF_IDX_FILES THREADS [LIMIT_OF_STEPS].

Prints one JSON document: each loss and the final weights to the bit, the predictions, and what the script printed.
"""
import contextlib
import io
import json
import sys

import torch
from torch import nn
from torch.utils import data as data_utils
from tutorial_parts import MNIST, RNN, to_tensor

folder, threads = sys.argv[1], int(sys.argv[2])
limit = int(sys.argv[3]) if len(sys.argv) > 3 else None
torch.set_num_threads(threads)


def hex_of(tensor):
    return tensor.detach().contiguous().numpy().tobytes().hex()


losses = []
printed = io.StringIO()
with contextlib.redirect_stdout(printed):
    torch.manual_seed(1)
    train_data = MNIST(folder, "train", to_tensor)
    train_loader = data_utils.DataLoader(dataset=train_data, batch_size=64, shuffle=True)
    test_data = MNIST(folder, "t10k")
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
