"""What wrong uses of torch.utils.data say, for tests/utils/data/loader_errors.test.ts."""

import json
import sys
import warnings

import torch
from torch.utils.data import (
    BatchSampler,
    ConcatDataset,
    DataLoader,
    IterableDataset,
    RandomSampler,
    TensorDataset,
    WeightedRandomSampler,
    random_split,
)

warnings.simplefilter("ignore")
five = [0, 1, 2, 3, 4]


class It(IterableDataset):
    def __iter__(self):
        return iter(five)


CASES = {
    "batch_size 0": lambda: DataLoader(five, batch_size=0),
    "batch_size -1": lambda: DataLoader(five, batch_size=-1),
    "batch_size float": lambda: DataLoader(five, batch_size=1.5),
    "num_workers -1": lambda: DataLoader(five, num_workers=-1),
    "timeout -1": lambda: DataLoader(five, timeout=-1),
    "prefetch without workers": lambda: DataLoader(five, prefetch_factor=2),
    "prefetch negative": lambda: DataLoader(five, prefetch_factor=-2, num_workers=1),
    "persistent without workers": lambda: DataLoader(five, persistent_workers=True),
    "context without workers": lambda: DataLoader(five, multiprocessing_context="spawn"),
    "context unknown": lambda: DataLoader(five, num_workers=1, multiprocessing_context="thread"),
    "iterable shuffle": lambda: DataLoader(It(), shuffle=True),
    "iterable sampler": lambda: DataLoader(It(), sampler=[1]),
    "iterable batch_sampler": lambda: DataLoader(It(), batch_sampler=[[1]]),
    "sampler and shuffle": lambda: DataLoader(five, sampler=[1], shuffle=True),
    "batch_sampler and batch_size": lambda: DataLoader(five, batch_sampler=[[1]], batch_size=2),
    "batch_sampler and shuffle": lambda: DataLoader(five, batch_sampler=[[1]], shuffle=True),
    "batch_sampler and sampler": lambda: DataLoader(five, batch_sampler=[[1]], sampler=[1]),
    "batch_sampler and drop_last": lambda: DataLoader(five, batch_sampler=[[1]], drop_last=True),
    "no batch and drop_last": lambda: DataLoader(five, batch_size=None, drop_last=True),
    "empty shuffled": lambda: DataLoader([], shuffle=True),
    "set batch_size": lambda: setattr(DataLoader(five), "batch_size", 3),
    "set dataset": lambda: setattr(DataLoader(five), "dataset", [1]),
    "collate lengths": lambda: list(DataLoader([[1,2],[1]], batch_size=2)),
    "collate none": lambda: list(DataLoader([None, None], batch_size=2)),
    "tensor sizes": lambda: TensorDataset(torch.ones(2), torch.ones(3)),
    "concat empty": lambda: ConcatDataset([]),
    "concat iterable": lambda: ConcatDataset([It()]),
    "random_split sum": lambda: random_split(five, [1,2]),
    "random_split fraction": lambda: random_split(five, [0.6,0.6]),
    "batch sampler size": lambda: BatchSampler([1], 0, False),
    "random sampler samples": lambda: RandomSampler(five, num_samples=0),
    "weighted samples": lambda: WeightedRandomSampler([1.0], 0),
    "weighted shape": lambda: WeightedRandomSampler(torch.ones(1, 1), 1),
}


def text_of(use):
    try:
        use()
    except Exception as error:
        return str(error)
    return "nothing"


json.dump({name: text_of(use) for name, use in CASES.items()}, sys.stdout)
