"""Writes tests/reference/vision/pil_results.jsonl: what torchvision makes of images of PIL, as the SHA-256 of the bytes.

Run with a Python that has torchvision: `python tests/reference/vision/pil.py`.
"""
import hashlib
import json
import pathlib

import numpy as np
import PIL
import torch
import torchvision
from PIL import Image
from torchvision.transforms import v2, InterpolationMode
import torchvision.transforms as v1

FOLDER = pathlib.Path(__file__).resolve().parent
MODES = ["nearest", "nearest-exact", "bilinear", "bicubic", "box", "hamming", "lanczos"]


def image(height, width, channels):
    """Noise, the same in every language."""
    state = np.uint32(height * 1000 + width)
    values = np.empty(height * width * channels, dtype=np.uint8)
    with np.errstate(over="ignore"):
        for i in range(values.size):
            state = state * np.uint32(1664525) + np.uint32(1013904223)
            values[i] = state >> np.uint32(24)
    values = values.reshape(height, width, channels)
    return Image.fromarray(values[:, :, 0] if channels == 1 else values)


def digest(found):
    array = np.asarray(found)
    array = array[None] if array.ndim == 2 else array.transpose(2, 0, 1)
    return [list(array.shape), hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:16]]


results = [{"torchvision": torchvision.__version__, "PIL": PIL.__version__}]
SIZES = [(50, 70), (375, 500), (20, 20), (1, 5), (28, 28)]
TARGETS = [[24, 24], [224, 224], [32, 47], [50, 10], [7, 70], [64, 64], [1, 1]]
for size in SIZES:
    for channels in (1, 3):
        given = image(*size, channels)
        for target in TARGETS:
            for mode in MODES:
                found = digest(v1.functional.resize(given, target, InterpolationMode(mode)))
                assert found == digest(v2.functional.resize(given, target, InterpolationMode(mode)))
                results.append({"image": [*size, channels], "size": target, "mode": mode, "found": found})

# With alpha, where pixels are taken as they are.
for channels in (2, 4):
    for target in TARGETS:
        given = image(50, 70, channels)
        for mode in MODES[:2]:
            found = digest(v1.functional.resize(given, target, InterpolationMode(mode)))
            assert found == digest(v2.functional.resize(given, target, InterpolationMode(mode)))
            results.append({"image": [50, 70, channels], "size": target, "mode": mode, "found": found})

PIPELINES = {
    "resize, crop": lambda t: [t.Resize(32), t.CenterCrop(28)],
    "crop out, flip, resize": lambda t: [t.CenterCrop(60), t.RandomHorizontalFlip(1), t.Resize([20, 30])],
    "pad, flip, resize": lambda t: [t.Pad([3, 5], fill=7), t.RandomVerticalFlip(1), t.Resize(16, max_size=40)],
    "random crops": lambda t: [t.RandomResizedCrop(24)],
    "random crops, cubic": lambda t: [t.RandomCrop(40), t.RandomResizedCrop([24, 30], interpolation=InterpolationMode.BICUBIC)],
    "inverted": lambda t: [t.RandomInvert(1), t.Resize(20)],
    "of arrays": lambda t: [t.ToPILImage(), t.Resize(20)],
}
for name, made in PIPELINES.items():
    for library, t in {"v1": v1, "v2": v2}.items():
        torch.manual_seed(3)
        given = image(50, 70, 3)
        start = torch.from_numpy(np.array(given)).permute(2, 0, 1) if name == "of arrays" else given
        transform = t.Compose(made(t))
        results.append({"pipeline": name, "library": library, "found": [digest(transform(start)) for _ in range(3)]})

(FOLDER / "pil_results.jsonl").write_text("\n".join(json.dumps(each) for each in results) + "\n")
print(len(results))
