"""What torchvision.transforms.v2 makes of samples, for tests/vision/v2.test.ts; run by hand, as transforms.py is.

With names of files, writes only these.
"""

import base64
import json
import pathlib
import sys
import warnings

import torch
import torchvision
from torchvision import tv_tensors
from torchvision.transforms import v2

warnings.simplefilter("ignore")
here = pathlib.Path(__file__).parent


def samples():
    """The same as in tests/vision/v2.test.ts."""
    torch.manual_seed(0)
    made = {
        "plain": torch.randint(0, 256, (3, 12, 15), dtype=torch.uint8),
        "float": torch.rand(3, 12, 15),
        "video": tv_tensors.Video(torch.randint(0, 256, (2, 3, 9, 8), dtype=torch.uint8)),
    }
    image = torch.randint(0, 256, (3, 30, 40), dtype=torch.uint8)
    masks = torch.randint(0, 3, (4, 30, 40), dtype=torch.uint8)
    places = [[2, 3, 20, 15], [10, 5, 39, 29], [5, 25, 5, 28], [30, 20, 36, 28]]
    sizes = [[2, 3, 18, 12], [10, 5, 29, 24], [5, 25, 0, 3], [30, 20, 6, 8]]
    for name, values, dtype in (("XYXY", places, torch.float32), ("XYWH", sizes, torch.float32), ("CXCYWH", sizes, torch.int64)):
        made[name] = {
            "image": tv_tensors.Image(image),
            "boxes": tv_tensors.BoundingBoxes(values, format=name, canvas_size=(30, 40), dtype=dtype),
            "masks": tv_tensors.Mask(masks),
            "points": tv_tensors.KeyPoints([[1.0, 2.0], [39.0, 29.0], [20.5, 10.25]], canvas_size=(30, 40)),
            "labels": torch.tensor([1, 2, 3, 4]),
        }
    batch = torch.rand(4, 3, 6, 7)
    made["batch"] = [batch, torch.tensor([0, 2, 1, 2])]
    made["shares"] = [tv_tensors.Image(batch), torch.rand(4, 3)]
    return made


IMAGES = ["plain", "float", "video", "XYXY"]
BOXES = ["XYXY", "XYWH", "CXCYWH"]
ALL = ["plain", "float", "video", *BOXES]
CASES = [
    [name, inputs, args, options, times]
    for name, inputs, args, options, times in (
        ["Identity", IMAGES, [], {}, 1],
        ["ToImage", ["plain", "float"], [], {}, 1],
        ["ToPureTensor", ["video", "XYXY"], [], {}, 1],
        ["ToDtype", IMAGES, [{"dtype": "float32"}], {"scale": True}, 1],
        ["ToDtype", IMAGES, [{"dtype": "float32"}], {}, 1],
        ["ToDtype", IMAGES, [{"dtype": "uint8"}], {"scale": True}, 1],
        ["ToDtype", ["plain"], [{"dtype": "int16"}, True], {}, 1],
        ["Normalize", ["float"], [[0.4, 0.5, 0.6], [0.2, 0.3, 0.4]], {}, 1],
        *(["Resize", ALL, [size], options, 1] for size in (7, [20, 9], [8]) for options in ({}, {"antialias": False})),
        ["Resize", ALL, [6], {"max_size": 7}, 1],
        ["Resize", ALL, [None], {"max_size": 20}, 1],
        ["Resize", ALL, [[7, 9], {"mode": "BICUBIC"}], {}, 1],
        ["Resize", ALL, [[7, 9]], {"interpolation": "nearest"}, 1],
        ["Resize", ALL, [[7, 9], {"mode": "NEAREST_EXACT"}], {}, 1],
        ["CenterCrop", ALL, [6], {}, 1],
        ["CenterCrop", ALL, [[5, 50]], {}, 1],
        ["Pad", ALL, [2], {}, 1],
        ["Pad", ALL, [[1, 2, 3, 4]], {"fill": 7}, 1],
        ["Pad", ["plain", "float", "video"], [[1, 2]], {"fill": [1, 2, 3]}, 1],
        ["Pad", ["plain", "float", "video"], [[1, 2]], {"padding_mode": "reflect"}, 1],
        ["Pad", ["plain", "float", "video"], [[1, 2]], {"padding_mode": "symmetric"}, 1],
        ["RandomHorizontalFlip", ALL, [], {}, 4],
        ["RandomHorizontalFlip", ALL, [1.0], {}, 1],
        ["RandomVerticalFlip", ALL, [], {"p": 1.0}, 1],
        ["RandomCrop", ALL, [6], {}, 3],
        ["RandomCrop", ALL, [[8, 7]], {"padding": [1, 2, 3, 4], "fill": 3}, 3],
        ["RandomCrop", ALL, [50], {"pad_if_needed": True}, 2],
        ["RandomResizedCrop", ALL, [6], {}, 4],
        ["RandomResizedCrop", ALL, [[5, 8]], {"scale": [0.3, 0.6], "ratio": [0.5, 2.0]}, 3],
        ["RandomZoomOut", ALL, [], {"p": 1.0}, 2],
        ["RandomZoomOut", ALL, [], {"fill": 3, "side_range": [1.0, 1.5]}, 4],
        ["ScaleJitter", ALL, [[16, 20]], {}, 3],
        ["RandomShortestSize", ALL, [[5, 8, 11]], {"max_size": 13}, 4],
        ["RandomResize", ALL, [5, 20], {}, 3],
        ["ConvertBoundingBoxFormat", BOXES, ["XYXY"], {}, 1],
        ["ConvertBoundingBoxFormat", BOXES, ["xywh"], {}, 1],
        ["ConvertBoundingBoxFormat", BOXES, ["CXCYWH"], {}, 1],
        ["ClampBoundingBoxes", BOXES, [], {}, 1],
        ["ClampKeyPoints", BOXES, [], {}, 1],
        ["SetClampingMode", BOXES, [None], {}, 1],
        ["SanitizeBoundingBoxes", BOXES, [], {}, 1],
        ["SanitizeBoundingBoxes", BOXES, [], {"min_size": 10.0, "labels_getter": None}, 1],
        ["RandomIoUCrop", BOXES, [], {}, 12],
        ["RandomIoUCrop", BOXES, [0.5, 0.9], {"sampler_options": [0.3, 0.5], "trials": 10}, 5],
        ["MixUp", ["batch"], [], {"num_classes": 3}, 3],
        ["MixUp", ["shares"], [], {"alpha": 0.4}, 3],
        ["CutMix", ["batch"], [], {"num_classes": 3}, 6],
        ["CutMix", ["shares"], [], {"alpha": 0.5}, 4],
        ["RandomApply", ALL, [[{"transform": ["CenterCrop", 5]}]], {}, 4],
        ["RandomChoice", ALL, [[{"transform": ["CenterCrop", 5]}, {"transform": ["Resize", [4, 6]]}]], {}, 6],
        ["RandomChoice", ALL, [[{"transform": ["CenterCrop", 5]}, {"transform": ["Resize", [4, 6]]}]], {"p": [1, 3]}, 6],
        ["RandomOrder", ALL, [[{"transform": ["CenterCrop", 5]}, {"transform": ["Pad", 2]}]], {}, 4],
        [
            "Compose",
            ["plain", *BOXES],
            [
                [
                    {"transform": ["RandomZoomOut"]},
                    {"transform": ["RandomResizedCrop", [8, 8]]},
                    {"transform": ["RandomHorizontalFlip"]},
                    {"transform": ["ToDtype", {"dtype": "float32"}, True]},
                    {"transform": ["Normalize", [0.4, 0.5, 0.6], [0.2, 0.2, 0.2]]},
                ]
            ],
            {},
            4,
        ],
        ["Compose", BOXES, [[{"transform": ["RandomIoUCrop"]}, {"transform": ["SanitizeBoundingBoxes"]}]], {}, 5],
    )
]

# Colors, warps and policies, whose results are in a file of their own.
PIXELS = ["plain", "float", "video", "XYXY"]
WARPED = ["plain", "float", "video", "XYXY", "CXCYWH"]
AUGMENTED = ["plain", "float", "video"]
MORE_CASES = [
    ["Grayscale", PIXELS, [], {}, 1],
    ["Grayscale", PIXELS, [3], {}, 1],
    ["RandomGrayscale", ["plain", "float", "XYXY"], [0.5], {}, 3],
    ["RGB", PIXELS, [], {}, 1],
    ["ColorJitter", PIXELS, [], {"brightness": 0.5, "contrast": 0.4, "saturation": 0.3, "hue": 0.2}, 3],
    ["ColorJitter", ["plain"], [[0.2, 1.8], 0.0], {"hue": [-0.5, 0.5]}, 2],
    ["RandomChannelPermutation", PIXELS, [], {}, 2],
    ["RandomPhotometricDistort", PIXELS, [], {}, 3],
    ["RandomEqualize", PIXELS, [], {}, 2],
    ["RandomInvert", PIXELS, [], {}, 2],
    ["RandomAutocontrast", PIXELS, [0.8], {}, 2],
    ["RandomPosterize", PIXELS, [3], {"p": 0.8}, 2],
    ["RandomSolarize", ["plain", "video", "XYXY"], [128], {"p": 0.8}, 2],
    ["RandomSolarize", ["float"], [0.25], {"p": 1.0}, 1],
    ["RandomAdjustSharpness", PIXELS, [2], {"p": 0.8}, 2],
    ["RandomAdjustSharpness", PIXELS, [0.3], {"p": 1.0}, 1],
    ["GaussianBlur", PIXELS, [3], {}, 2],
    ["GaussianBlur", ["plain", "float"], [[5, 3]], {"sigma": 1.5}, 1],
    ["GaussianNoise", PIXELS, [], {}, 1],
    ["GaussianNoise", ["plain", "float"], [0.2, 0.5], {"clip": False}, 1],
    ["RandomErasing", PIXELS, [], {"p": 0.8}, 3],
    ["RandomErasing", ["float", "plain"], [], {"p": 1.0, "value": [1, 2, 3]}, 2],
    ["RandomErasing", ["float"], [], {"p": 1.0, "value": "random"}, 2],
    ["RandomRotation", WARPED, [30], {}, 2],
    ["RandomRotation", WARPED, [[-180, 180]], {"interpolation": "bilinear", "expand": True, "fill": 9}, 2],
    ["RandomRotation", WARPED, [[90, 90]], {"expand": True}, 1],
    ["RandomRotation", WARPED, [[180, 180]], {}, 1],
    ["RandomRotation", WARPED, [20], {"center": [3, 4]}, 1],
    ["RandomAffine", WARPED, [30], {"translate": [0.2, 0.3], "scale": [0.7, 1.4], "shear": 10}, 2],
    ["RandomAffine", WARPED, [10], {"shear": [1, 5, -9, 3], "interpolation": "bilinear", "fill": 5, "center": [2, 1]}, 2],
    ["RandomPerspective", WARPED, [], {"p": 0.8}, 3],
    ["RandomPerspective", WARPED, [0.3], {"p": 1.0, "interpolation": "nearest", "fill": 4}, 2],
    ["ElasticTransform", WARPED, [], {"sigma": 0.7}, 2],
    ["ElasticTransform", WARPED, [[20, 30]], {"sigma": [0.5, 0.9], "interpolation": "nearest", "fill": 3}, 1],
    *(["AutoAugment", AUGMENTED, [{"policy": name}], {}, 12] for name in ("IMAGENET", "CIFAR10", "SVHN")),
    ["RandAugment", AUGMENTED, [], {}, 12],
    ["RandAugment", AUGMENTED, [3, 20], {"interpolation": "bilinear", "fill": 7}, 6],
    ["TrivialAugmentWide", AUGMENTED, [], {}, 20],
    ["AugMix", AUGMENTED, [], {}, 4],
    ["AugMix", AUGMENTED, [], {"severity": 8, "chain_depth": 2, "all_ops": False, "fill": 3}, 3],
    ["Compose", ["plain", "XYXY"], [[{"transform": ["RandomRotation", 15]}, {"transform": ["ColorJitter", 0.3, 0.3]}]], {}, 2],
]

# What came last, in a file of its own too.
IMAGES_ONLY = ["plain", "float", "video"]
REST_CASES = [
    ["ConvertImageDtype", ["plain", "float", "video", "XYXY", "CXCYWH"], [], {}, 1],
    ["ConvertImageDtype", IMAGES_ONLY, [{"dtype": "uint8"}], {}, 1],
    ["FiveCrop", IMAGES_ONLY, [5], {}, 1],
    ["FiveCrop", IMAGES_ONLY, [[3, 8]], {}, 1],
    ["TenCrop", IMAGES_ONLY, [[4, 7]], {}, 1],
    ["TenCrop", IMAGES_ONLY, [6], {"vertical_flip": True}, 1],
    ["LinearTransformation", ["plain"], [{"matrix": 540}, {"ramp": 540}], {}, 1],
    ["LinearTransformation", ["video"], [{"matrix": 216}, {"ramp": 216}], {}, 1],
    ["UniformTemporalSubsample", ["video"], [3], {}, 1],
    ["SanitizeKeyPoints", BOXES, [], {}, 1],
    ["Compose", BOXES, [[{"transform": ["RandomCrop", [20, 25]]}, {"transform": ["SanitizeKeyPoints"]}]], {}, 4],
]


def argument(value):
    if isinstance(value, list):
        return [argument(each) for each in value]
    if not isinstance(value, dict):
        return value
    ((kind, inside),) = value.items()
    if kind == "mode":
        return v2.InterpolationMode[inside]
    if kind == "dtype":
        return getattr(torch, inside)
    if kind == "policy":
        return v2.AutoAugmentPolicy[inside]
    if kind == "matrix":
        return torch.eye(inside) * 2 + torch.eye(inside).flip(0) * 0.5
    if kind == "ramp":
        return torch.linspace(-1, 1, inside)
    name, *arguments = inside
    return getattr(v2, name)(*[argument(each) for each in arguments])


def shown(value):
    if isinstance(value, dict):
        return {key: shown(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [shown(each) for each in value]
    text = {"class": type(value).__name__, "dtype": str(value.dtype), "shape": list(value.shape)}
    if isinstance(value, (tv_tensors.BoundingBoxes, tv_tensors.KeyPoints)):
        text["metadata"] = repr(value).rsplit("]", 1)[1]
    flat = value.as_subclass(torch.Tensor).contiguous().flatten()
    if value.dtype == torch.uint8:
        # A checksum that shows where bytes are, for images that are many.
        text["sum"] = int((flat.to(torch.int64) * (torch.arange(flat.numel()) % 1009 + 1)).sum())
        text["bytes"] = base64.b64encode(flat[:24].numpy().tobytes()).decode()
    else:
        step = max(flat.numel() // 16, 1)
        text["values"] = [round(float(x), 7) for x in flat[::step].double()]
        text["sum"] = float(flat.double().sum())
    return text


def write(file, cases):
    lines = [json.dumps({"torchvision": torchvision.__version__})]
    made = samples()
    for seed, (name, inputs, args, options, times) in enumerate(cases):
        transform = getattr(v2, name)(*argument(args), **{key: argument(each) for key, each in options.items()})
        case = {"class": name, "args": args, "options": options, "seed": seed, "text": str(transform), "results": {}}
        for which in inputs:
            torch.manual_seed(seed)
            sample = made[which]
            call = lambda: transform(*sample) if isinstance(sample, list) else transform(sample)
            results = [shown(call()) for _ in range(times)]
            case["results"][which] = [results, torch.rand(1).item()]
        lines.append(json.dumps(case))
    (here / file).write_text("\n".join(lines) + "\n")


FILES = {"v2_results.jsonl": CASES, "v2_more_results.jsonl": MORE_CASES, "v2_rest_results.jsonl": REST_CASES}
for file in sys.argv[1:] or FILES:
    write(file, FILES[file])
