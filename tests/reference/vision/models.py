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
# Detection models with few classes and small images; without training, all scores are low.
FEW = {"weights_backbone": None, "num_classes": 4}
SMALL = {**FEW, "min_size": 128, "max_size": 192}
DETECTION = {
    "fasterrcnn_resnet50_fpn": SMALL,
    "fasterrcnn_resnet50_fpn_v2": SMALL,
    "fasterrcnn_mobilenet_v3_large_fpn": SMALL,
    "fasterrcnn_mobilenet_v3_large_320_fpn": FEW,
    "maskrcnn_resnet50_fpn": SMALL,
    "maskrcnn_resnet50_fpn_v2": SMALL,
    "keypointrcnn_resnet50_fpn": {**SMALL, "num_classes": 2, "num_keypoints": 5},
    "retinanet_resnet50_fpn": {**SMALL, "score_thresh": 0.005},
    "retinanet_resnet50_fpn_v2": {**SMALL, "score_thresh": 0.005},
    "fcos_resnet50_fpn": {**SMALL, "score_thresh": 0.05},
    "ssd300_vgg16": FEW,
    "ssdlite320_mobilenet_v3_large": FEW,
}
CONFIG.update(DETECTION)
SIZES.update({name: config["image_size"] for name, config in CONFIG.items() if "image_size" in config})
# Frames, height and width of videos.
VIDEOS = {name: (5, 32, 40) for name in ("r3d_18", "mc3_18", "r2plus1d_18")}
VIDEOS.update({name: (20, 64, 72) for name in ("swin3d_t", "swin3d_s", "swin3d_b")})
VIDEOS["s3d"] = (14, 224, 224)
VIDEOS.update({name: (16, 224, 224) for name in ("mvit_v1_b", "mvit_v2_s")})
# Height and width of the two images of optical flow, and how often the flow is updated.
FLOWS = {name: (128, 144) for name in ("raft_small", "raft_large")}
FLOW_UPDATES = 3
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
    if name in FLOWS:
        return torch.randn(2, 3, *FLOWS[name])
    return torch.randn(1, 3, *VIDEOS[name]) if name in VIDEOS else torch.randn(2, 3, size, size)


def output_of(model, name):
    inputs = input_of(name)
    return model(inputs[:1], inputs[1:], num_flow_updates=FLOW_UPDATES) if name in FLOWS else model(inputs)


def scenes():
    """Two images of different sizes, and what is to be found in them."""
    torch.manual_seed(1)
    images = [torch.rand(3, 100, 140), torch.rand(3, 120, 90)]
    masks = [torch.zeros(2, 100, 140, dtype=torch.uint8), torch.zeros(1, 120, 90, dtype=torch.uint8)]
    masks[0][0, 10:60, 20:70] = 1
    masks[0][1, 40:90, 60:130] = 1
    masks[1][0, 20:110, 15:80] = 1
    targets = [
        {
            "boxes": torch.tensor([[20.0, 10.0, 70.0, 60.0], [60.0, 40.0, 130.0, 90.0]]),
            "labels": torch.tensor([1, 1]),
            "masks": masks[0],
            "keypoints": torch.tensor([[25.0, 20.0, 1.0], [60.0, 30.0, 1.0], [40.0, 50.0, 0.0], [65.0, 55.0, 1.0], [21.0, 11.0, 1.0]])
            .repeat(2, 1, 1)
            .add(torch.tensor([[[0.0, 0.0, 0.0]], [[40.0, 30.0, 0.0]]])),
        },
        {
            "boxes": torch.tensor([[15.0, 20.0, 80.0, 110.0]]),
            "labels": torch.tensor([1]),
            "masks": masks[1],
            "keypoints": torch.tensor([[[20.0, 30.0, 1.0], [70.0, 40.0, 1.0], [50.0, 60.0, 1.0], [30.0, 90.0, 0.0], [60.0, 100.0, 1.0]]]),
        },
    ]
    return images, targets


def detected(model):
    """How many objects are found, with the scores and boxes of the best."""
    found = []
    for image in model(scenes()[0]):
        for key in ("boxes", "scores", "masks", "keypoints"):
            if key in image:
                found.append(image[key][:1])
        found.append(torch.tensor([len(image["boxes"])]))
    return numbers(found)


def learned(model):
    """The losses of a step, and the gradients of some parameters."""
    images, targets = scenes()
    losses = model(images, targets)
    sum(losses.values()).backward()
    trained = [parameter for parameter in model.parameters() if parameter.grad is not None]
    some = [trained[i].grad for i in torch.linspace(0, len(trained) - 1, 6).long().tolist()]
    return numbers([loss.detach() for loss in losses.values()]), numbers(some)


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
        # One number has no deviation, and none has no mean.
        spread = flat.std().item() if flat.numel() > 1 else 0.0
        found.append([flat.mean().item(), spread, *flat[places].tolist()] if flat.numel() > 0 else [])
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
        # Lists are tuples in TypeScript.
        "printed": sha(repr(skeleton).replace("[", "(").replace("]", ")")),
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
    if name in DETECTION:
        model.eval()
        with torch.no_grad():
            found["detected"] = detected(model)
        model.train()
        found["losses"], found["gradients"] = learned(model)
        return found
    model.eval()
    found["shape"] = list(input_of(name).shape)
    with torch.no_grad():
        found["eval"] = numbers(output_of(model, name))
    model.train()
    with torch.no_grad():
        found["train"] = numbers(output_of(model, name))
    return found


def names():
    # Models for quantization have a file of their own.
    return [name for name in models.list_models() if not name.startswith("quantized_")]


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
