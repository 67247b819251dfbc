"""The command line that the replays of PyTorch's databases share."""
import argparse
import warnings

import torch


def options_for(description, flag, example, dtypes):
    """The options of a script over a database; also silences warnings and takes one thread, as the other side does."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("folder", help="where the bytes of tensors go")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--samples", type=int, default=10**9, help="how many of each entry, dtype and mode at the most")
    parser.add_argument(f"--{flag}", action="append", help=f"a name, as in {example}; may be repeated")
    parser.add_argument("--dtype", action="append", choices=dtypes)
    parser.add_argument("--device", default="cpu", help="where the entries run, as in cuda")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    return options
