"""
Writes presets.jsonl beside this file: what the transforms of torchvision's weights print, and give for an image or a video.
Run by hand, in a Python with torch and torchvision:

    python tests/reference/vision/presets.py
"""

import json
import pathlib

import torch
from torchvision import models

CASES = [
    ("ResNet18_Weights.DEFAULT", {"crop_size": 32, "resize_size": 40}, (3, 50, 60)),
    ("Swin_T_Weights.DEFAULT", {"crop_size": 32, "resize_size": 40}, (2, 3, 50, 60)),
    ("FCN_ResNet50_Weights.DEFAULT", {"resize_size": 30}, (3, 50, 60)),
    ("FCN_ResNet50_Weights.DEFAULT", {"resize_size": None}, (3, 50, 60)),
    ("R3D_18_Weights.DEFAULT", {"crop_size": [20, 24], "resize_size": [30, 34]}, (4, 3, 50, 60)),
    ("Swin3D_T_Weights.DEFAULT", {"crop_size": [20, 24], "resize_size": [30]}, (2, 4, 3, 50, 60)),
]

PAIRS = ["Raft_Small_Weights.DEFAULT", "Raft_Large_Weights.C_T_V1"]

if __name__ == "__main__":
    lines = []
    for name, options, shape in CASES:
        image = (torch.arange(torch.Size(shape).numel()) * 7 % 251).to(torch.uint8).view(shape)
        preset = models.get_weight(name).transforms(**options)
        result = preset(image)
        lines.append(
            {
                "name": name,
                "options": options,
                "shape": shape,
                "printed": repr(preset),
                "result": list(result.shape),
                "sum": result.double().sum().item(),
                "first": result.flatten()[:4].tolist(),
            }
        )
    for name in PAIRS:
        image = (torch.arange(60) * 7 % 251).to(torch.uint8).view(3, 4, 5)
        preset = models.get_weight(name).transforms()
        first, second = preset(image, image.flip(-1))
        lines.append({"name": name, "printed": repr(preset), "pair": [first.flatten().tolist(), second.flatten().tolist()]})
    path = pathlib.Path(__file__).with_suffix(".jsonl")
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
