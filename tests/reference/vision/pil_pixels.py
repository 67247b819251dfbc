"""Writes tests/reference/vision/pil_pixels_results.jsonl: colors and places of images of PIL, as the SHA-256 of the bytes.

Run with a Python that has torchvision: `python tests/reference/vision/pil_pixels.py`.
"""
import hashlib
import json
import pathlib

import numpy as np
import PIL
import torch
import torchvision
import torchvision.transforms as v1
from PIL import Image
from torchvision.transforms import v2, AutoAugmentPolicy, InterpolationMode

FOLDER = pathlib.Path(__file__).resolve().parent


def image(height, width, channels, kind="noise"):
    """Noise, the same in every language; `dim` is less than all bytes, `flat` are few of them."""
    state = np.uint32(height * 1000 + width)
    values = np.empty(height * width * channels, dtype=np.uint8)
    with np.errstate(over="ignore"):
        for i in range(values.size):
            state = state * np.uint32(1664525) + np.uint32(1013904223)
            values[i] = state >> np.uint32(24)
    if kind == "dim":
        values = values // 3 + 40
    if kind == "flat":
        values = values // 128 * 7
    values = values.reshape(height, width, channels)
    return Image.fromarray(values[:, :, 0] if channels == 1 else values)


def digest(found):
    array = np.asarray(found)
    array = array[None] if array.ndim == 2 else array.transpose(2, 0, 1)
    return [list(array.shape), hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:16]]


def arguments(given):
    """Of JSON: modes and policies are named."""
    made = dict(given)
    if "interpolation" in made:
        made["interpolation"] = InterpolationMode(made["interpolation"])
    if "policy" in made:
        made["policy"] = AutoAugmentPolicy(made["policy"])
    return made


results = [{"torchvision": torchvision.__version__, "PIL": PIL.__version__}]


def add(shape, call, given, kind="noise"):
    """One call, by v1 and by v2, which give the same where both have it, but for affine(), whose matrices they round differently."""
    found = {}
    for library, functional in {"v1": v1.functional, "v2": v2.functional}.items():
        function = getattr(functional, call, None)
        if function is None:
            continue
        try:
            found[library] = digest(function(image(*shape, kind), **arguments(given)))
        except Exception as error:
            found[library] = str(error)
    values = list(found.values())
    same = all(value == values[0] for value in values)
    assert values and (same or call == "affine"), (call, given, found)
    of = [*shape] if kind == "noise" else [*shape, kind]
    for names in [list(found)] if same else [["v1"], ["v2"]]:
        results.append({"image": of, "call": call, "given": given, "found": found[names[0]], "libraries": names})


ALL = [(50, 70, c) for c in (1, 2, 3, 4)]
NEAR = [(50, 70, 1), (50, 70, 3), (40, 40, 3)]
SHAPES = [*ALL, (2, 9, 3), (1, 1, 3), (3, 3, 1)]
for shape in SHAPES:
    for name in ("brightness", "contrast", "saturation", "sharpness"):
        for factor in (0.0, 0.3, 0.75, 1.0, 1.37, 2.5, -0.4):
            add(shape, f"adjust_{name}", {f"{name}_factor": factor})
    for factor in (-0.5, -0.123, 0.0, 0.05, 0.31, 0.5):
        add(shape, "adjust_hue", {"hue_factor": factor})
    for gamma, gain in ((1.0, 1.0), (0.45, 1.0), (2.2, 1.0), (0.0, 0.5), (1.3, 3.0)):
        add(shape, "adjust_gamma", {"gamma": gamma, "gain": gain})
    for channels in (1, 3):
        add(shape, "rgb_to_grayscale", {"num_output_channels": channels})
        add(shape, "to_grayscale", {"num_output_channels": channels})
    add(shape, "grayscale_to_rgb", {})
    add(shape, "permute_channels", {"permutation": list(range(shape[2]))[::-1]})
    for kind in ("noise", "dim", "flat"):
        add(shape, "invert", {}, kind)
        add(shape, "autocontrast", {}, kind)
        add(shape, "equalize", {}, kind)
    for bits in (0, 1, 4, 8):
        add(shape, "posterize", {"bits": bits})
    for threshold in (0, 100.5, 128, 255, 300):
        add(shape, "solarize", {"threshold": threshold})
add((300, 400, 3), "adjust_hue", {"hue_factor": 0.2})
add((300, 400, 3), "adjust_contrast", {"contrast_factor": 1.8}, "dim")
add((300, 400, 3), "equalize", {}, "dim")

MODES = ["nearest", "nearest-exact", "bilinear", "bicubic", "box", "hamming", "lanczos"]
for shape in (*ALL, (40, 40, 3), (1, 5, 3), (7, 2, 1)):
    for mode in MODES[:4]:
        for angle in (0, 30, -45.5, 90, 180, 270, 361.25):
            for expand in (False, True):
                add(shape, "rotate", {"angle": angle, "interpolation": mode, "expand": expand})
        add(shape, "rotate", {"angle": 17, "interpolation": mode, "center": [10, 3.5], "fill": 300})
        add(shape, "rotate", {"angle": 180, "interpolation": mode, "center": [0, 0], "fill": [7.9]})
        add(shape, "rotate", {"angle": 200, "interpolation": mode, "fill": list(range(50, 50 + shape[2]))})
        for given in (
            {"angle": 0, "translate": [0, 0], "scale": 1.0, "shear": [0, 0]},
            {"angle": 0, "translate": [3, -7], "scale": 1.0, "shear": [0, 0], "fill": 9},
            {"angle": 0, "translate": [0, 2], "scale": 0.63, "shear": [0.0, 0.0]},
            {"angle": 0, "translate": [0, 0], "scale": 2.7, "shear": [0.0, 0.0], "center": [1, 1]},
            {"angle": 33, "translate": [5, 1], "scale": 1.3, "shear": [12.0, -7.0]},
            {"angle": -120, "translate": [0, 0], "scale": 0.5, "shear": [0.0, 20.0], "fill": [1]},
            {"angle": 0, "translate": [0, 0], "scale": 1.0, "shear": [16.7, 0], "center": [0, 0], "fill": 128},
            {"angle": 1, "translate": [0, 0], "scale": 0.001, "shear": [1, 2], "center": [0, 0]},
        ):
            add(shape, "affine", {**given, "interpolation": mode})
        h, w = shape[0] - 1, shape[1] - 1
        corners = [[0, 0], [w, 0], [w, h], [0, h]]
        if min(h, w) > 10:
            for ends in ([[4, 7], [w - 9, 2], [w - 1, h - 5], [3, h - 12]], corners, [[9, 9], [w, 0], [w - 20, h], [0, h]]):
                for fill in (None, 77, list(range(9, 9 + shape[2]))):
                    given = {"startpoints": corners, "endpoints": ends, "interpolation": mode, "fill": fill}
                    add(shape, "perspective", given)
skewed = {"angle": 41.15506683393565, "translate": [-5, -15], "scale": 2.7503804377492176}
add((47, 37, 3), "affine", {**skewed, "shear": [37.675162593529905, 10.516536907255933], "interpolation": "bilinear"})
for mode in MODES[4:]:
    add((50, 70, 3), "rotate", {"angle": 30, "interpolation": mode})
    for channels in (2, 4):
        for size in ([24, 24], [100, 33], [50, 10], [50, 70], [7, 70]):
            add((50, 70, channels), "resize", {"size": size, "interpolation": mode})
for mode in ("bilinear", "bicubic"):
    for channels in (2, 4):
        for size in ([24, 24], [100, 33], [50, 10], [50, 70], [7, 70], [64, 64]):
            add((50, 70, channels), "resize", {"size": size, "interpolation": mode})
for call, given in (
    ("rotate", {"angle": 3}),
    ("affine", {"angle": 3, "translate": [0, 0], "scale": 1, "shear": [0, 0]}),
    ("pad", {"padding": 2}),
):
    add((50, 70, 3), call, {**given, "fill": [1, 2]})

for shape in (*ALL, (4, 5, 3)):
    for padding in (3, [5, 2], [1, 2, 3, 4], [-2, 3, 1, -1], [-1, -1, -1, -1]):
        for fill in (0, 300.7, -4, list(range(9, 9 + shape[2]))):
            add(shape, "pad", {"padding": padding, "fill": fill})
        for mode in ("edge", "reflect", "symmetric"):
            add(shape, "pad", {"padding": padding, "padding_mode": mode})
    for mode in ("edge", "reflect", "symmetric"):
        add(shape, "pad", {"padding": [11, 23, 9, 30], "padding_mode": mode})
    add(shape, "crop", {"top": -2, "left": 1, "height": 20, "width": 90})
    add(shape, "center_crop", {"output_size": [60, 33]})
    add(shape, "hflip" if shape[0] > 4 else "vflip", {})

# Classes, with what they draw: three images each.
CLASSES = [
    ("ColorJitter", {"brightness": 0.4, "contrast": 0.4, "saturation": 0.4, "hue": 0.2}, 5),
    ("RandomRotation", {"degrees": 40, "interpolation": "bilinear", "fill": 5}, 3),
    ("RandomRotation", {"degrees": [10, 80], "expand": True}, 3),
    ("RandomAffine", {"degrees": 20, "translate": [0.1, 0.2], "scale": [0.8, 1.4], "shear": 10}, 3),
    ("RandomAffine", {"degrees": 20, "shear": [1, 10, 2, 20], "interpolation": "bicubic", "fill": [1, 2, 3]}, 3),
    ("RandomPerspective", {"p": 1.0}, 3),
    ("RandomPerspective", {"p": 1.0, "distortion_scale": 0.3, "interpolation": "nearest", "fill": 44}, 3),
    ("RandomGrayscale", {"p": 0.5}, 4),
    ("Grayscale", {"num_output_channels": 3}, 1),
    ("RandomInvert", {"p": 0.5}, 4),
    ("RandomPosterize", {"bits": 2, "p": 0.5}, 4),
    ("RandomSolarize", {"threshold": 90, "p": 0.5}, 4),
    ("RandomAdjustSharpness", {"sharpness_factor": 2, "p": 0.5}, 4),
    ("RandomAutocontrast", {"p": 0.5}, 4),
    ("RandomEqualize", {"p": 0.5}, 4),
    ("RandomCrop", {"size": 40, "padding": 8, "padding_mode": "reflect"}, 3),
    ("Pad", {"padding": 4, "fill": [1, 2, 3]}, 1),
    *(("AutoAugment", {"policy": policy.value}, 40) for policy in AutoAugmentPolicy),
    ("RandAugment", {"fill": [12, 34, 56]}, 40),
    ("RandAugment", {"num_ops": 3, "magnitude": 20, "interpolation": "bilinear"}, 20),
    ("TrivialAugmentWide", {}, 40),
    ("TrivialAugmentWide", {"interpolation": "bicubic", "fill": 99}, 20),
    ("RandomPhotometricDistort", {"p": 1.0}, 5),
    ("RGB", {}, 1),
    ("RandomChannelPermutation", {}, 3),
    ("RandomZoomOut", {"fill": 9, "p": 1.0}, 3),
    ("RandomResizedCrop", {"size": 24}, 3),
]
for name, given, count in CLASSES:
    for library, t in {"v1": v1, "v2": v2}.items():
        if not hasattr(t, name):
            continue
        torch.manual_seed(7)
        transform = getattr(t, name)(**arguments(given))
        found = [digest(transform(image(50, 70, 3, "dim"))) for _ in range(count)]
        results.append({"class": name, "given": given, "library": library, "found": found})

text = "\n".join(json.dumps(each, separators=(",", ":")) for each in results) + "\n"
(FOLDER / "pil_pixels_results.jsonl").write_text(text)
print(len(results), len(text))
