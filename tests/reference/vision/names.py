"""The names that torchvision's modules have at run time, for tests/vision/names.test.ts; run by hand, as transforms.py is.

What torchvision itself defines, and its own modules, without what they import from elsewhere.
"""

import importlib
import json
import pathlib
import pkgutil
import types
import warnings

import torchvision
import torchvision.models

warnings.simplefilter("ignore")
here = pathlib.Path(__file__).parent

MODULES = [
    *("datasets", "io", "ops", "transforms", "transforms.functional", "transforms.v2", "transforms.v2.functional"),
    *("tv_tensors", "utils", "models", "models.feature_extraction", "models.detection.backbone_utils"),
]
for path in (torchvision.models.__path__, *(importlib.import_module(f"torchvision.models.{p}").__path__ for p in ("detection", "optical_flow", "quantization", "segmentation", "video"))):
    prefix = "models" + (f".{pathlib.Path(path[0]).name}" if pathlib.Path(path[0]).name != "models" else "")
    MODULES += [prefix, *(f"{prefix}.{module.name}" for module in pkgutil.iter_modules(path) if not module.name.startswith("_"))]


def is_own(value):
    if isinstance(value, types.ModuleType):
        return value.__name__.startswith("torchvision")
    module = getattr(value, "__module__", None)
    # Constants have no module; what has one is torchvision's or someone else's.
    return module is None or str(module).startswith("torchvision")


lines = [json.dumps({"torchvision": torchvision.__version__})]
for module in sorted(set(MODULES)):
    found = importlib.import_module(f"torchvision.{module}")
    names = [name for name in dir(found) if not name.startswith("_") and is_own(getattr(found, name))]
    lines.append(json.dumps({"module": module, "names": names}))
(here / "names.jsonl").write_text("\n".join(lines) + "\n")
