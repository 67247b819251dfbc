"""What loaders with workers give: prints the results of the scenarios of tests/utils/data/workers.test.ts as JSON."""

import json
import random
import warnings

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset, get_worker_info

warnings.simplefilter("ignore")


class Noise(Dataset):
    def __init__(self, length):
        self.length = length

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        return [torch.rand(2), index, random.random(), np.random.rand()]


class Shards(IterableDataset):
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        info = get_worker_info()
        yield from range(info.id, self.n // 2 if info.id == 0 else self.n, info.num_workers)

    def __len__(self):
        return self.n

    def __repr__(self):
        return "Shards"


class Failing(Dataset):
    def __init__(self, how):
        self.how = how

    def __len__(self):
        return 8

    def __getitem__(self, index):
        if index == 3:
            if self.how == "throw":
                raise TypeError("boom")
            if self.how == "be slow":
                import time

                time.sleep(5)
        return index


started = -1


def note_start(worker_id):
    global started
    started = worker_id


def with_start(items):
    return [items, started, str(get_worker_info().seed), get_worker_info().num_workers]


def fail_at_start(worker_id):
    raise IndexError("not today")


def plain(value):
    if isinstance(value, torch.Tensor):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def epochs(loader, count=2, stop=None):
    """Batches of some epochs, which end after `stop` batches, and a random number of the main process afterwards."""
    torch.manual_seed(5)
    read = []
    for _ in range(count):
        batches = []
        for batch in loader:
            batches.append(plain(batch))
            if len(batches) == stop:
                break
        read.append(batches)
    return [read, torch.rand(1).item()]


def refused(run):
    try:
        run()
    except Exception as error:
        return str(error).split("\n")[0]
    raise AssertionError("nothing was raised")


def generator():
    return torch.Generator().manual_seed(7)


def attributes(loader):
    return [loader.num_workers, loader.prefetch_factor, loader.timeout, loader.persistent_workers, loader.in_order]


def scenario(name, options):
    if name == "noise":
        length = options.pop("length", 7)
        stop = options.pop("stop", None)
        if options.pop("generated", False):
            options["generator"] = generator()
        return epochs(DataLoader(Noise(length), **options), stop=stop)
    if name == "shards":
        return epochs(DataLoader(Shards(11), **options))
    if name == "started":
        return epochs(DataLoader(list(range(5)), collate_fn=with_start, worker_init_fn=note_start, **options))
    if name == "failing":
        return refused(lambda: list(DataLoader(Failing(options.pop("how")), **options)))
    if name == "not started":
        return refused(lambda: list(DataLoader(list(range(5)), worker_init_fn=fail_at_start, **options)))
    if name == "options":
        return refused(lambda: list(DataLoader(list(range(5)), **options)))
    if name == "attributes":
        return attributes(DataLoader(list(range(5)), **options))
    if name == "warned":
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            loader = DataLoader(Shards(3), num_workers=2)
            len(loader)
            # As long as it says, twice.
            loader.dataset.n = 11
            list(loader)
        return sorted({str(warning.message) for warning in caught if "Length of" in str(warning.message)})
    raise ValueError(name)


if __name__ == "__main__":
    import sys

    print(json.dumps([scenario(name, dict(options)) for name, options in json.loads(sys.argv[1])]))
