"""Python's side of data.js: see side.js for its arguments and the lines that it reads. CPU time is that of its workers too."""

import os
import sys
import time

import torch
from torch.utils.data import DataLoader, Dataset
from torchvision import datasets, transforms
from torchvision.transforms import v2

folder, workers, batch, kind = sys.argv[1:]
num_workers = int(workers)
MEANS, DEVIATIONS = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
TICKS = os.sysconf("SC_CLK_TCK")

torch.set_num_threads(1)
if kind == "v1":
    transform = transforms.Compose(
        [
            transforms.RandomResizedCrop(224),
            transforms.RandomHorizontalFlip(),
            transforms.ToTensor(),
            transforms.Normalize(MEANS, DEVIATIONS),
        ]
    )
else:
    transform = v2.Compose(
        [
            v2.RandomResizedCrop(224),
            v2.RandomHorizontalFlip(),
            v2.ToImage(),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize(MEANS, DEVIATIONS),
        ]
    )
kept = {"num_workers": num_workers, "persistent_workers": num_workers > 0}
loader = DataLoader(datasets.ImageFolder(folder, transform=transform), batch_size=int(batch), shuffle=True, **kept)


def of_workers():
    """Seconds of CPU time of the workers that run."""
    total = 0
    for worker in getattr(getattr(loader, "_iterator", None), "_workers", []):
        with open(f"/proc/{worker.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def check():
    torch.manual_seed(1)
    return [images.mean().item() for images, _ in loader][:4]


def epoch():
    before = of_workers()
    cpu = time.process_time_ns()
    begin = time.perf_counter_ns()
    samples = sum(images.size(0) for images, _ in loader)
    wall = time.perf_counter_ns() - begin
    return time.process_time_ns() - cpu + (of_workers() - before) * 1e9, wall, samples


class Ready(Dataset):
    def __init__(self, length):
        self.length = length
        self.row = torch.ones(64, 10)
        self.label = torch.ones(64)

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        return self.row, self.label


def empty(count):
    ready = DataLoader(Ready(count), batch_size=None, **kept, prefetch_factor=4)
    for _ in ready:
        pass
    begin = time.perf_counter()
    for _ in ready:
        pass
    return [(time.perf_counter() - begin) / count * 1e6]


for line in sys.stdin:
    what, *count = line.split()
    print(*(check() if what == "check" else epoch() if what == "epoch" else empty(int(count[0]))), flush=True)
