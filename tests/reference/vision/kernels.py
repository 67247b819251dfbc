"""What the kernels of torchvision.transforms.v2.functional give, for tests/vision/kernels.test.ts; run by hand, as transforms.py is.

Writes a line for each public name that ends like a kernel: calls by position and by name, and their results.
"""

import json
import pathlib
import warnings

import torch
import torchvision
from torchvision import tv_tensors
from torchvision.transforms.v2 import functional as F

warnings.simplefilter("ignore")
here = pathlib.Path(__file__).parent


def inputs():
    """The same as in tests/vision/kernels.test.ts."""
    torch.manual_seed(0)
    boxes = torch.tensor([[2.0, 3.0, 20.0, 15.0], [10.0, 5.0, 39.0, 29.0]])
    points = torch.tensor([[1.0, 2.0], [39.0, 29.0], [20.5, 10.25]])
    return {
        "image": torch.randint(0, 256, (3, 12, 15), dtype=torch.uint8),
        "float": torch.rand(3, 12, 15),
        "video": torch.randint(0, 256, (2, 3, 9, 8), dtype=torch.uint8),
        "mask": torch.randint(0, 3, (12, 15), dtype=torch.uint8),
        "boxes": boxes,
        "points": points,
        "displacement": torch.rand(1, 12, 15, 2) * 0.2 - 0.1,
        "of_video": torch.rand(1, 9, 8, 2) * 0.2 - 0.1,
        "of_boxes": torch.rand(1, 30, 40, 2) * 0.2 - 0.1,
        "value": torch.tensor(7, dtype=torch.uint8),
        "BoundingBoxes": tv_tensors.BoundingBoxes(boxes, format="XYXY", canvas_size=(30, 40)),
        "KeyPoints": tv_tensors.KeyPoints(points, canvas_size=(30, 40)),
    }


START, END = [[0, 0], [14, 0], [14, 11], [0, 11]], [[1, 2], [12, 1], [13, 9], [2, 10]]
WARP = {
    "affine": [20, [2, 1], 1.1, [5, 3]],
    "rotate": [25],
    "perspective": [START, END],
}
# The arguments of a function behind its input, and behind the format and size of boxes and points.
ARGUMENTS = {
    "adjust_brightness": [1.5],
    "adjust_contrast": [0.5],
    "adjust_gamma": [2.0],
    "adjust_hue": [0.3],
    "adjust_saturation": [1.4],
    "adjust_sharpness": [2.0],
    "permute_channels": [[2, 0, 1]],
    "posterize": [3],
    "solarize": [100],
    "five_crop": [[5, 4]],
    "ten_crop": [[5, 4]],
    "gaussian_blur": [[3, 5]],
    "center_crop": [[6, 20]],
    "crop": [1, 2, 7, 9],
    "pad": [[1, 2, 3, 4]],
    "resize": [[7, 9]],
    "resized_crop": [1, 2, 7, 9, [5, 6]],
    "uniform_temporal_subsample": [2],
    **WARP,
}
OPTIONS = {
    "rgb_to_grayscale": {"num_output_channels": 3},
    "gaussian_noise": {"sigma": 0.2},
    "to_dtype": {"dtype": "float32", "scale": True},
    "normalize": {"mean": [0.1, 0.2, 0.3], "std": [0.5, 0.6, 0.7]},
    "adjust_gamma": {"gain": 0.8},
    "ten_crop": {"vertical_flip": True},
}


def cases():
    for name in dir(F):
        function, _, kind = next((name.partition(s) for s in ("_image", "_video", "_mask", "_bounding_boxes", "_keypoints") if name.endswith(s)), (name, "", ""))
        kind = kind or name[len(function) + 1 :]
        if name.startswith("_") or kind == "" or function == name or name in ("to_image", "to_pil_image"):
            continue
        kind = name[len(function) + 1 :]
        if function in ("clamp", "sanitize"):
            continue
        args = list(ARGUMENTS.get(function, []))
        options = dict(OPTIONS.get(function, {}))
        if function == "jpeg":
            continue  # Needs sharp; tests/vision/v2.test.ts has the transform.
        if function == "get_size" and kind in ("bounding_boxes", "keypoints"):
            yield name, [{"input": "BoundingBoxes" if kind == "bounding_boxes" else "KeyPoints"}], {}
            continue
        if function == "erase":
            args = [1, 2, 3, 4, {"input": "value"}]
        if function == "elastic":
            args = [{"input": {"video": "of_video", "bounding_boxes": "of_boxes", "keypoints": "of_boxes"}.get(kind, "displacement")}]
        if kind in ("image", "video"):
            first = {"input": "float" if function == "normalize" else kind}
            yield name, [first, *args], options
            if function in ("resize", "resized_crop", "affine", "rotate", "perspective", "elastic"):
                yield name, [first, *args], {"interpolation": "nearest"}
        elif kind == "mask":
            yield name, [{"input": "mask"}, *args], options
        elif kind == "bounding_boxes":
            boxes, size = {"input": "boxes"}, [30, 40]
            if function == "resize":
                yield name, [boxes, size, *args], {"clamping_mode": None}
                yield name, [boxes], {"canvas_size": size, "size": None, "max_size": 60, "format": {"format": "CXCYWH"}}
            elif function in ("crop", "resized_crop"):
                yield name, [boxes, {"format": "XYXY"}, *args], {}
                yield name, [boxes, {"format": "XYWH"}, *args], {"clamping_mode": None}
            else:
                yield name, [boxes, {"format": "XYXY"}, size, *args], {}
                yield name, [boxes, {"format": "XYWH"}, size, *args], {"expand": True} if function == "rotate" else {}
        else:
            points, size = {"input": "points"}, [30, 40]
            if function == "resize":
                yield name, [points, *args, size], {}
                yield name, [points, None], {"canvas_size": size, "max_size": 60}
            elif function in ("crop", "resized_crop"):
                yield name, [points, *args], {}
            else:
                yield name, [points, size, *args], {"expand": True} if function == "rotate" else {}


def argument(value):
    if not isinstance(value, dict):
        return value
    ((kind, inside),) = value.items()
    return made[inside] if kind == "input" else tv_tensors.BoundingBoxFormat[inside]


def shown(value):
    if isinstance(value, torch.Tensor):
        flat = value.as_subclass(torch.Tensor).contiguous().flatten().double()
        step = max(flat.numel() // 12, 1)
        text = {"class": type(value).__name__, "dtype": str(value.dtype), "shape": list(value.shape), "sum": round(float(flat.sum()), 4)}
        return {**text, "values": [round(float(x), 5) for x in flat[::step]]}
    return [shown(each) for each in value] if isinstance(value, (list, tuple)) else value


lines = [json.dumps({"torchvision": torchvision.__version__})]
for name, args, options in cases():
    made = inputs()
    torch.manual_seed(1)
    given = {key: torch.float32 if value == "float32" else argument(value) for key, value in options.items()}
    result = getattr(F, name)(*[argument(each) for each in args], **given)
    lines.append(json.dumps({"kernel": name, "args": args, "options": options, "result": shown(result)}))
(here / "kernels_results.jsonl").write_text("\n".join(lines) + "\n")
