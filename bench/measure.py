"""One measurement in Python: python measure.py NAME THREADS FOLDER_OF_IDX_FILES. Prints a number; see run.js."""
import os
import resource
import sys
import time

name, threads, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "reference"))

start = time.perf_counter()
import torch  # noqa: E402

imported = time.perf_counter() - start

from torch import nn  # noqa: E402
from torch.utils.data import DataLoader  # noqa: E402
from tutorial_parts import MNIST, RNN, to_tensor  # noqa: E402

torch.set_num_threads(threads)
torch.manual_seed(1)


def best_of(rounds, count, body):
    """Seconds a call, of the best round."""
    best = float("inf")
    for _ in range(rounds):
        begin = time.perf_counter()
        for _ in range(count):
            body()
        best = min(best, (time.perf_counter() - begin) / count)
    return best


def binary(size, requires_grad, method):
    a = torch.ones(size, size, requires_grad=requires_grad)
    b = torch.ones(size, size)
    call = getattr(torch, method)
    return best_of(10, 20000, lambda: call(a, b)) * 1e6


def trainer():
    rnn = RNN()
    optimizer = torch.optim.Adam(rnn.parameters(), lr=0.01)
    loss_func = nn.CrossEntropyLoss()

    def step(x, y):
        loss = loss_func(rnn(x.view(-1, 28, 28)), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def step():
    train = trainer()
    x, y = torch.rand(64, 1, 28, 28), torch.randint(0, 10, (64,))
    return best_of(10, 50, lambda: train(x, y)) * 1e3


def epoch():
    loader = DataLoader(MNIST(folder, "train", to_tensor), batch_size=64, shuffle=True)
    train = trainer()
    begin = time.perf_counter()
    for x, y in loader:
        train(x, y)
    return time.perf_counter() - begin


print(
    {
        "import_ms": lambda: imported * 1e3,
        "add_us": lambda: binary(2, False, "add"),
        "add_grad_us": lambda: binary(2, True, "add"),
        "mm_us": lambda: binary(4, False, "mm"),
        "step_ms": step,
        "epoch_s": epoch,
    }[name]()
)
# ru_maxrss is in KB on Linux and in bytes on macOS.
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024))
