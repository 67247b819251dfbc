"""
Writes quantized.jsonl beside this file: what torchvision's quantizable models are for a seed. Run by hand, in a Python with
torch and torchvision (the versions are written into the file), with names of models to renew only those:

    python tests/reference/vision/quantized.py [NAME ...]

For each model what `models.py` writes of it (state dict, text, weights, outputs in evaluation): as it is made, after
`fuse_model()`, and made with `quantize=True`. Scales depend on the last bits of what was
observed, so texts are hashed without numbers with a point in them.
"""

import json
import pathlib
import re
import sys
import warnings

import torch
import torchvision
from torchvision import models

from models import crc, described, numbers, sha

GOLDEN = pathlib.Path(__file__).with_suffix(".jsonl")
CONFIG = {"quantized_googlenet": {"init_weights": True}, "quantized_inception_v3": {"init_weights": True}}


def text_of(model):
    return sha(re.sub(r"\d+\.\d+(e-\d+)?", "N", repr(model).replace("[", "(").replace("]", ")")))


def tensors_of(state_dict):
    return {key: value for key, value in state_dict.items() if isinstance(value, torch.Tensor)}


def skeleton(model):
    state_dict = model.state_dict()
    return {"keys": sha("\n".join(state_dict)), "described": sha(described(tensors_of(state_dict))), "printed": text_of(model)}


def output_of(model, name):
    torch.manual_seed(1)
    size = 96 if "inception" in name else 64
    with torch.no_grad():
        return numbers(model.eval()(torch.randn(2, 3, size, size)))


def case(name):
    config = CONFIG.get(name, {})
    torch.manual_seed(0)
    model = models.get_model(name, **config)
    found = {"config": config, "made": {**skeleton(model), "weights": crc(model.state_dict().values())}}
    found["made"]["eval"] = output_of(model, name)
    model.fuse_model()
    found["fused"] = {**skeleton(model), "eval": output_of(model, name)}
    del model
    torch.manual_seed(0)
    model = models.get_model(name, quantize=True, **config)
    found["quantized"] = {**skeleton(model), "eval": output_of(model, name)}
    return found


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(2)
    names = [name for name in models.list_models() if name.startswith("quantized_")]
    rows = {}
    if len(sys.argv) > 1:
        rows = {row["name"]: row for row in map(json.loads, GOLDEN.read_text().splitlines()[1:])}
    for name in sys.argv[1:] or names:
        rows[name] = {"name": name, **case(name)}
        print(name, flush=True)
    versions = {"torch": torch.__version__.split("+")[0], "torchvision": torchvision.__version__.split("+")[0]}
    lines = [json.dumps(row) for row in [versions, *(rows[name] for name in names if name in rows)]]
    GOLDEN.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
