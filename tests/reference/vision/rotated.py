"""
Writes rotated.jsonl beside this file: what torchvision's functions make of rotated boxes. Run by hand, in a Python with
torchvision: python tests/reference/vision/rotated.py
"""

import json
import pathlib

import torch
import torchvision
from torchvision import ops, tv_tensors
from torchvision.transforms.v2 import functional as F

FORMATS = ("XYWHR", "CXCYWHR", "XYXYXYXY")
SIZE = (30, 40)
# Middles, sizes and angles: within the image, across its edges, upright, outside.
ROWS = [
    [20, 15, 10, 6, 30],
    [4, 4, 12, 8, -25],
    [38, 27, 9, 14, 70],
    [20, 15, 12, 8, 0],
    [12, 2, 9, 9, 45],
    [30, 12, 30, 5, 100],
    [-9, 15, 6, 5, 20],
    [20, 15, 0.5, 0.5, 10],
]
CORNERS = [[0, 0], [39, 0], [39, 29], [0, 29]], [[2, 3], [35, 1], [38, 26], [4, 28]]
CASES = [
    *(["convert_bounding_box_format", {"new_format": name}] for name in FORMATS),
    ["horizontal_flip", {}],
    ["vertical_flip", {}],
    ["resize", {"size": [45, 20]}],
    ["resize", {"size": [30, 40]}],
    ["crop", {"top": 3, "left": 5, "height": 20, "width": 25}],
    ["center_crop", {"output_size": [20, 20]}],
    ["resized_crop", {"top": 3, "left": 5, "height": 20, "width": 25, "size": [10, 15]}],
    ["pad", {"padding": [1, 2, 3, 4]}],
    ["affine", {"angle": 20.0, "translate": [2, -3], "scale": 1.1, "shear": [5.0, -3.0]}],
    ["rotate", {"angle": 35.0}],
    ["rotate", {"angle": -50.0, "expand": True}],
    ["perspective", {"startpoints": CORNERS[0], "endpoints": CORNERS[1]}],
    ["elastic", {}],
    *(["clamp_bounding_boxes", {"clamping_mode": mode}] for mode in ("soft", "hard", None)),
    ["sanitize_bounding_boxes", {}],
    ["sanitize_bounding_boxes", {"min_size": 9.0}],
]


def boxes_of(name):
    values = ops.box_convert(torch.tensor(ROWS), "cxcywhr", name.lower())
    return tv_tensors.BoundingBoxes(values, format=name, canvas_size=SIZE)


def result_of(function, name, options):
    boxes = boxes_of(name)
    if function == "elastic":
        torch.manual_seed(0)
        options = {"displacement": torch.rand(1, *SIZE, 2) * 0.2 - 0.1}
    result = getattr(F, function)(boxes, **options)
    if isinstance(result, tuple):
        result, valid = result
        return {"values": result.tolist(), "valid": valid.tolist()}
    return {"values": result.tolist(), "format": result.format.name, "canvas_size": list(result.canvas_size)}


def main():
    lines = [{"torchvision": torchvision.__version__.split("+")[0], "rows": ROWS, "size": SIZE}]
    for name in FORMATS:
        values = boxes_of(name).as_subclass(torch.Tensor)
        lines.append({"function": "box_iou", "format": name, "values": ops.box_iou(values, values, name.lower()).tolist()})
        for function, options in CASES:
            lines.append({"function": function, "format": name, "options": options, **result_of(function, name, options)})
    text = "\n".join(json.dumps(line, default=float) for line in lines)
    pathlib.Path(__file__).with_suffix(".jsonl").write_text(text.replace("NaN", "null") + "\n")


if __name__ == "__main__":
    main()
