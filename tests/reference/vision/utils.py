"""What torchvision.utils draws, for tests/vision/utils.test.ts; run by hand, as transforms.py is."""

import base64
import json
import pathlib

import torch
import torchvision
from torchvision import utils

here = pathlib.Path(__file__).parent


def images():
    """The same as in tests/vision/utils.test.ts."""
    torch.manual_seed(0)
    return {
        "rgb": torch.randint(0, 256, (3, 30, 40), dtype=torch.uint8),
        "gray": torch.randint(0, 256, (1, 30, 40), dtype=torch.uint8),
        "float": torch.rand(3, 30, 40),
        "flow": torch.randn(2, 6, 7),
        "flows": torch.randn(3, 2, 5, 4),
        "grid": torch.rand(5, 3, 4, 6),
    }


BOXES = [[2, 3, 20, 15], [10, 5, 39, 29], [-4, -2, 6, 6], [30, 20, 50, 28], [5, 25, 5, 25]]
# Corners of rotated boxes: turned by angles of all quarters, one upright, one beyond the edges, one of a point.
ROTATED = [
    [4, 12, 18, 3, 24, 11, 10, 20],
    [35, 4, 38, 22, 29, 24, 26, 6],
    [2, 25, 12, 25, 12, 28, 2, 28],
    [33, 27, 20, 35, 15, 26, 28, 18],
    [-6, 8, 5, -4, 12, 3, 1, 15],
    [30, 12, 30, 12, 30, 12, 30, 12],
]
POINTS = [[[5, 5], [20, 10], [33, 25], [0, 29]], [[12, 22], [38, 2], [12, 8], [25, 22]]]
SKELETON = [[0, 1], [1, 2], [2, 3], [3, 0], [0, 2]]
MASKS = {"disks": [[8, 10, 6], [14, 20, 9], [25, 30, 8]]}
CASES = [
    ["draw_bounding_boxes", image, {"boxes": BOXES}, options]
    for image in ("rgb", "gray", "float")
    for options in (
        {},
        {"colors": "red"},
        {"colors": ["#f00", "lime", "rgb(1, 2, 3)", "#102030", "navy"], "width": 3},
        {"fill": True},
        {"fill": True, "colors": {"tuple": [10, 20, 200]}, "width": 2},
    )
]
CASES += [
    ["draw_segmentation_masks", image, MASKS, options]
    for image in ("rgb", "float")
    for options in ({}, {"alpha": 0.5}, {"colors": "blue", "alpha": 0.3}, {"colors": ["red", "green", "blue"]})
]
CASES += [
    ["draw_keypoints", image, {"keypoints": POINTS}, options]
    for image in ("rgb", "float")
    for options in (
        {},
        *({"colors": "red", "radius": radius} for radius in (0, 1, 3, 4, 5, 8)),
        *({"connectivity": SKELETON, "colors": "blue", "width": width} for width in (1, 2, 3, 4, 5, 7)),
        {"connectivity": SKELETON, "visibility": [[1, 1, 0, 1], [1, 0, 1, 1]]},
    )
]
CASES += [
    ["draw_bounding_boxes", image, {"boxes": ROTATED}, options]
    for image in ("rgb", "gray")
    for options in ({}, {"colors": "red", "width": 2}, {"width": 3}, {"fill": True}, {"fill": True, "colors": "blue", "width": 4})
]
CASES += [["flow_to_image", "flow", {}, {}], ["flow_to_image", "flows", {}, {}]]
CASES += [
    ["make_grid", "grid", {}, options]
    for options in ({}, {"nrow": 2}, {"nrow": 3, "padding": 0}, {"normalize": True, "pad_value": 0.3}, {"normalize": True, "scale_each": True})
]


def disks(places):
    y, x = torch.meshgrid(torch.arange(30), torch.arange(40), indexing="ij")
    return torch.stack([(y - top) ** 2 + (x - left) ** 2 <= radius**2 for top, left, radius in places])


def argument(name, value):
    if name == "disks":
        return disks(value)
    if isinstance(value, dict):
        return tuple(value["tuple"])
    if name == "visibility":
        return torch.tensor(value, dtype=torch.bool)
    return torch.tensor(value) if name in ("boxes", "keypoints") else value


def shown(value):
    if value.dtype != torch.uint8:
        value = (value * 1e6).round().to(torch.int32)
    return {"shape": list(value.shape), "bytes": base64.b64encode(value.contiguous().numpy().tobytes()).decode()}


def main():
    lines = [json.dumps({"torchvision": torchvision.__version__})]
    for name, image, given, options in CASES:
        arguments = [argument(key, value) for key, value in given.items()]
        keywords = {key: argument(key, value) for key, value in options.items()}
        result = getattr(utils, name)(images()[image], *arguments, **keywords)
        lines.append(json.dumps({"function": name, "image": image, "given": given, "options": options, "result": shown(result)}))
    (here / "utils_results.jsonl").write_text("\n".join(lines) + "\n")


main()
