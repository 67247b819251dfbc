"""Values of Python expressions on torch.utils.data, as JSON: python data.py '["order(shuffle=True)", ...]'."""
import json
import sys
import warnings

import torch
from torch.utils.data import *  # noqa: F403
from torch.utils.data import DataLoader, TensorDataset


def lists(value):
    if isinstance(value, torch.Tensor):
        return {"dtype": str(value.dtype), "values": value.tolist()}
    if isinstance(value, dict):
        return {key: lists(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [lists(item) for item in value]
    return value


def order(n=10, epochs=2, **options):
    """The batches of a loader over range(n), epoch after epoch, and the random number after them."""
    torch.manual_seed(5)
    loader = DataLoader(list(range(n)), **options)
    return [[lists(batch) for batch in loader] for _ in range(epochs)] + [torch.rand(1).item()]


def batches(items, **options):
    return [lists(batch) for batch in DataLoader(items, **options)]


def seeded(make):
    torch.manual_seed(5)
    return make()


def refused(call):
    try:
        return call()
    except Exception as error:
        return str(error)


class Tenfold(Dataset):  # noqa: F405
    def __len__(self):
        return 3

    def __getitem__(self, index):
        raise ValueError("all at once")

    def __getitems__(self, indices):
        return [10 * index for index in indices]


tenfold = Tenfold


class Count(IterableDataset):  # noqa: F405
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __iter__(self):
        return iter(range(self.n))

    def __repr__(self):
        return "Count"


class Doubled(TensorDataset):
    def __init__(self):
        super().__init__(torch.arange(4))

    def __getitem__(self, index):
        return (super().__getitem__(index)[0] * 2,)


class Tripled(Subset):  # noqa: F405
    def __getitem__(self, index):
        return 3 * super().__getitem__(index)

    def __getitems__(self, indices):
        return [self[index] for index in indices]


def keyed():
    return {"a": 1, "b": 2}


def distributed(n, num_replicas, shuffle, drop_last):
    def part(rank):
        sampler = DistributedSampler(range(n), num_replicas, rank, shuffle=shuffle, drop_last=drop_last, seed=3)  # noqa: F405
        first = list(sampler)
        sampler.set_epoch(2)
        return [len(sampler), sampler.total_size, first, list(sampler)]

    return [part(rank) for rank in range(num_replicas)]


def attributes(loader):
    names = "batch_size drop_last num_workers prefetch_factor timeout multiprocessing_context persistent_workers pin_memory"
    names = names.split() + ["pin_memory_device", "in_order", "generator"]
    return [[getattr(loader, name) for name in names], loader.worker_init_fn is None]


def warned(run):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run()
    return [str(warning.message) for warning in caught]


def longer():
    class Longer(Count):
        def __len__(self):
            return 2

    loader = DataLoader(Longer(4), batch_size=None)
    assert len(loader) == 2
    assert list(loader) == [0, 1, 2, 3]


def generator():
    return torch.Generator().manual_seed(7)


json.dump([eval(text) for text in json.loads(sys.argv[1])], sys.stdout)
