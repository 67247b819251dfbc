"""
Writes models.jsonl beside this file: what torchvision's models are for a seed. Run by hand, in a Python with torch and
torchvision (the versions are written into the file), with names of models to renew only those:

    python tests/reference/vision/models.py [NAME ...]

For each model: the names, shapes and order of its state dict (a hash), the number of parameters, what it prints (a hash), a
CRC of the bytes of its state dict after `torch.manual_seed(0)`, some outputs in evaluation and, where that needs no more
time, a training step's outputs with the draws of dropout and stochastic depth.
"""

import gc
import hashlib
import json
import pathlib
import sys
import time
import warnings
import zlib

import torch
import torchvision
from torchvision import models

GOLDEN = pathlib.Path(__file__).with_suffix(".jsonl")

# Models whose last layer begins with zeros, or which need images of one size, are given what the case says.
SIZES = {"inception_v3": 299, "maxvit_t": 224}
CONFIG = {
    "googlenet": {"init_weights": True},
    "inception_v3": {"init_weights": True},
    "vit_b_16": {"image_size": 64},
    "vit_b_32": {"image_size": 64},
    "vit_l_16": {"image_size": 64},
    "vit_l_32": {"image_size": 64},
    "vit_h_14": {"image_size": 56},
}
SIZES.update({name: config["image_size"] for name, config in CONFIG.items() if "image_size" in config})
# Frames, height and width of videos.
VIDEOS = {name: (5, 32, 40) for name in ("r3d_18", "mc3_18", "r2plus1d_18")}
VIDEOS.update({name: (20, 64, 72) for name in ("swin3d_t", "swin3d_s", "swin3d_b")})
VIDEOS["s3d"] = (14, 224, 224)
# In single precision, these take minutes and many gigabytes.
HUGE = {"regnet_y_128gf", "vit_h_14"}


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def crc(tensors):
    value = 0
    for tensor in tensors:
        value = zlib.crc32(tensor.detach().contiguous().view(-1).view(torch.uint8).numpy(), value)
    return value


def described(state_dict):
    return "\n".join(f"{key} {list(value.shape)} {value.dtype}" for key, value in state_dict.items())


def input_of(name):
    size = SIZES.get(name, 64)
    torch.manual_seed(1)
    return torch.randn(1, 3, *VIDEOS[name]) if name in VIDEOS else torch.randn(2, 3, size, size)


def tensors_in(output):
    """The tensors of an output: of a tuple, or of a dict in the order of its keys."""
    if isinstance(output, torch.Tensor):
        return [output]
    if isinstance(output, dict):
        output = output.values()
    return [tensor for item in output for tensor in tensors_in(item)]


def numbers(output):
    found = []
    for tensor in tensors_in(output):
        flat = tensor.detach().double().flatten()
        places = torch.linspace(0, flat.numel() - 1, 4).long()
        found.append([flat.mean().item(), flat.std().item(), *flat[places].tolist()])
    return [[float(f"{value:.7g}") for value in row] for row in found]


def config_of(name):
    config = dict(CONFIG.get(name, {}))
    if "weights_backbone" in str(__import__("inspect").signature(models.get_model_builder(name))):
        config["weights_backbone"] = None
    return config


def case(name):
    config = config_of(name)
    # RegNets compute their sizes with tensors, which must have values.
    with torch.device("cpu" if name.startswith("regnet") else "meta"):
        skeleton = models.get_model(name, **config)
    keys = skeleton.state_dict()
    found = {
        "config": config,
        "keys": len(keys),
        "described": sha(described(keys)),
        "parameters": sum(parameter.numel() for parameter in skeleton.parameters()),
        "printed": sha(repr(skeleton)),
    }
    if name in HUGE:
        return found
    del skeleton, keys
    torch.manual_seed(0)
    model = models.get_model(name, **config)
    found["weights"] = crc(model.state_dict().values())
    # The heads of vision transformers begin with zeros, and would give zeros.
    if hasattr(model, "heads"):
        torch.nn.init.normal_(model.heads.head.weight, std=0.02)
    model.eval()
    found["shape"] = list(input_of(name).shape)
    with torch.no_grad():
        found["eval"] = numbers(model(input_of(name)))
    model.train()
    with torch.no_grad():
        found["train"] = numbers(model(input_of(name)))
    return found


def names():
    taken = ("torchvision.models", "torchvision.models.segmentation", "torchvision.models.video")
    left_out = ("mvit_v1_b", "mvit_v2_s")
    return [
        name
        for name in models.list_models()
        if models.get_model_builder(name).__module__.rsplit(".", 1)[0] in taken and name not in left_out
    ]


def read():
    """What the file has, by name."""
    rows = [json.loads(line) for line in GOLDEN.read_text().splitlines()[1:]] if GOLDEN.exists() else []
    return {row.pop("name"): row for row in rows}


def write(found):
    """One line with the versions, then one for each model."""
    versions = {"torch": torch.__version__.split("+")[0], "torchvision": torchvision.__version__.split("+")[0]}
    lines = [versions, *({"name": name, **row} for name, row in sorted(found.items()))]
    GOLDEN.write_text("".join(json.dumps(line) + "\n" for line in lines))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    torch.set_num_threads(2)
    wanted = sys.argv[1:] or names()
    golden = read() if sys.argv[1:] else {}
    for name in wanted:
        start = time.time()
        golden[name] = case(name)
        write(golden)
        print(name, f"{time.time() - start:.1f} s", flush=True)
        gc.collect()
