"""What torchvision makes of the cases in *_cases.jsonl, for tests/vision/transforms.test.ts.

torchvision is not among the packages of the tests, so this is run by hand, by a Python that has it:

    python tests/reference/vision/transforms.py

Each line of the file that it writes is the result of the same line of cases.
"""

import base64
import json
import pathlib
import random
import sys

import torch
import torchvision
from torchvision import transforms
from torchvision.transforms import functional

here = pathlib.Path(__file__).parent


def images():
    """The same as in tests/vision/transforms.test.ts."""
    torch.manual_seed(0)
    made = {
        "rgb": torch.randint(0, 256, (3, 11, 13), dtype=torch.uint8),
        "gray": torch.randint(0, 256, (1, 9, 8), dtype=torch.uint8),
        "batch": torch.randint(0, 256, (2, 3, 8, 7), dtype=torch.uint8),
        "float": torch.rand(3, 10, 12),
        "float64": torch.rand(3, 10, 12, dtype=torch.float64),
        "int16": torch.randint(0, 32768, (3, 7, 9), dtype=torch.int16),
        "int64": torch.randint(0, 1 << 50, (3, 3, 3)),
        "dark": torch.randint(10, 90, (3, 40, 40), dtype=torch.uint8),
    }
    made["flat"] = torch.full((3, 6, 6), 77, dtype=torch.uint8)
    made["primary"] = torch.tensor([0, 100, 255], dtype=torch.uint8)[torch.arange(81).view(3, 3, 9) % 3]
    made["large"] = torch.randint(0, 256, (3, 40, 48), dtype=torch.uint8)
    return made


def displacement(image, size):
    height, width = image.shape[-2:]
    values = torch.arange(height * width * 2, dtype=torch.float32).view(1, height, width, 2)
    return (values * 0.7).sin() * size


def argument(value, image):
    if isinstance(value, list):
        return [argument(element, image) for element in value]
    if not isinstance(value, dict):
        return value
    ((kind, inside),) = value.items()
    if kind == "mode":
        return transforms.InterpolationMode[inside]
    if kind == "policy":
        return transforms.AutoAugmentPolicy[inside]
    if kind == "tensor":
        return torch.tensor(inside)
    if kind == "dtype":
        return getattr(torch, inside)
    if kind == "displacement":
        return displacement(image, inside)
    if kind == "tuple":
        return tuple(inside)
    name, *arguments = inside
    return getattr(transforms, name)(*[argument(each, image) for each in arguments])


def number(value):
    """A number, or the name of one that JSON does not have."""
    return float(value) if torch.isfinite(value) else str(float(value))


def shown(value):
    """A result as JSON: bytes of small integers, some numbers of others."""
    if isinstance(value, (tuple, list)):
        return [shown(each) for each in value]
    if not isinstance(value, torch.Tensor):
        return value
    text = {"dtype": str(value.dtype), "shape": list(value.shape)}
    flat = value.contiguous().flatten()
    if value.dtype == torch.uint8:
        text["bytes"] = base64.b64encode(flat.numpy().tobytes()).decode()
    else:
        step = max(flat.numel() // 12, 1)
        text["values"] = [number(x) for x in flat[::step].double()]
        text["sum"] = number(flat.double().sum())
    return text


def main():
    made = images()
    for name in sys.argv[1:] or ["functional", "class"]:
        results = []
        for line in (here / f"{name}_cases.jsonl").read_text().splitlines():
            case = json.loads(line)
            image = made[case["image"]]
            args = [argument(each, image) for each in case["args"]]
            kwargs = {key: argument(each, image) for key, each in case["kwargs"].items()}
            if "function" in case:
                results.append({"result": shown(getattr(functional, case["function"])(image, *args, **kwargs))})
                continue
            transform = getattr(transforms, case["class"])(*args, **kwargs)
            torch.manual_seed(case["seed"])
            random.seed(case["seed"])
            several = [shown(transform(image)) for _ in range(case.get("times", 1))]
            results.append({"text": str(transform), "result": several, "next": torch.rand(1).item()})
        lines = [json.dumps({"torchvision": torchvision.__version__})] + [json.dumps(each) for each in results]
        (here / f"{name}_results.jsonl").write_text("\n".join(lines) + "\n")


main()
