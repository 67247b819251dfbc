"""
Writes what is known of torchvision's pretrained weights: `lib/vision/models/_weights.ts` (addresses, transforms, measured
accuracy, sizes) and `lib/vision/models/_meta.ts` (names of classes). Run it by hand, in a Python with torchvision:

    python scripts/dev/vision_weights.py

Prose of torchvision's (`_docs`) is left out.
"""

import enum
import functools
import json
import pathlib
import sys

import torchvision
from torchvision.models import _meta
from torchvision.models._api import WeightsEnum

MODELS = pathlib.Path(__file__).parents[2] / "lib" / "vision" / "models"
# In the order in which torchvision's modules come.
PACKAGES = [
    "torchvision.models",
    "torchvision.models.segmentation",
    "torchvision.models.video",
    "torchvision.models.detection",
    "torchvision.models.optical_flow",
    "torchvision.models.quantization",
]
LISTS = {
    "imagenet": _meta._IMAGENET_CATEGORIES,
    "voc": _meta._VOC_CATEGORIES,
    "kinetics400": _meta._KINETICS400_CATEGORIES,
    "coco": _meta._COCO_CATEGORIES,
    "coco_person": _meta._COCO_PERSON_CATEGORIES,
}


def written(value):
    """A value as TypeScript."""
    if isinstance(value, enum.Enum):
        return written(value.value)
    if isinstance(value, dict):
        pairs = (f"{k if k.isidentifier() else json.dumps(k)}: {written(v)}" for k, v in value.items())
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(written, value)) + "]"
    if value is None or isinstance(value, (bool, int, float)):
        return json.dumps(value)
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def meta_of(weights):
    found = {}
    for key, value in weights.meta.items():
        if key == "_docs":
            continue
        if key == "categories" and value is not None:
            value = next(name for name, names in LISTS.items() if names == value)
        # Other weights are named.
        found[key] = str(value) if isinstance(value, WeightsEnum) else value
    return found


def preset_of(weights):
    its = weights.transforms
    return (its.func.__name__, its.keywords) if isinstance(its, functools.partial) else (its.__name__, {})


def enums():
    for package in PACKAGES:
        for name, value in vars(sys.modules[package]).items():
            if isinstance(value, type) and issubclass(value, WeightsEnum) and value is not WeightsEnum:
                # The package for quantization has the weights of plain models, too.
                if package != "torchvision.models.quantization" or name.endswith("_QuantizedWeights"):
                    yield name, value


HEAD = "// Written by scripts/dev/vision_weights.py from torchvision {}.\n".format(torchvision.__version__.split("+")[0])


def write_weights():
    found = list(enums())
    lines = [
        HEAD,
        "import type { WeightsData } from './_api.js';\n",
        "/** The names of the weights in each enumeration. */",
        "export interface WeightNames {",
    ]
    for name, members in found:
        keys = " | ".join(f"'{key}'" for key in members.__members__) or "never"
        lines.append(f"  {name}: {keys};")
    lines += ["}", "", "/** What is known of each. @internal */", "export const WEIGHTS: Readonly<Record<keyof WeightNames, WeightsData>> = {"]
    for name, members in found:
        lines.append(f"  {name}: {{")
        for key, weights in members.__members__.items():
            if key != weights.name:
                lines.append(f"    {key}: '{weights.name}',")
                continue
            preset, arguments = preset_of(weights)
            entry = {
                "url": weights.url,
                "transforms": [preset, arguments],
                "meta": meta_of(weights),
            }
            lines.append(f"    {key}: {written(entry)},")
        lines.append("  },")
    lines.append("};")
    (MODELS / "_weights.ts").write_text("\n".join(lines) + "\n")


def write_meta():
    lines = [
        HEAD.rstrip("\n"),
        "// The names of the classes of data sets, in the order of the outputs of models, as torchvision (BSD 3-Clause) has them.",
    ]
    for name, names in LISTS.items():
        text = "\n".join(names).replace("\\", "\\\\").replace("`", "\\`")
        lines += ["", f"const {name} = `{text}`;"]
    lines += ["", "const LISTS = { " + ", ".join(LISTS) + " };", ""]
    lines += [
        "/** A list of names of classes. */",
        "export type CategoryList = keyof typeof LISTS;",
        "",
        "/** The names of the classes of a data set. */",
        "export function categories_of(list: CategoryList): string[] {",
        "  return LISTS[list].split('\\n');",
        "}",
    ]
    (MODELS / "_meta.ts").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    write_weights()
    write_meta()
