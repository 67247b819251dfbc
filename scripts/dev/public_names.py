"""
Lists what PyTorch offers: each public module of the reference Python with its public names, and of each class its public
methods and properties. Prints one JSON document: {module: {name: kind or [members of a class]}}.
"""
import contextlib
import importlib
import inspect
import io
import json
import logging
import pkgutil
import sys
import types
import warnings

import torch

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

# Running these starts something, asks for packages that are not installed, or belongs to the tests of PyTorch itself.
NOT_IMPORTED = ("torch.testing._internal", "torch.utils.tensorboard", "torch.utils.benchmark.examples",
                "torch.utils.model_dump", "torch.utils.hipify", "torch.contrib", "torch.ao.ns", "torch.onnx")


def public_submodules(name, module, found):
    """Adds a module and, where it is a package, those below it."""
    found[name] = module
    for info in pkgutil.iter_modules(getattr(module, "__path__", [])):
        path = f"{name}.{info.name}"
        if info.name.startswith("_") or path.startswith(NOT_IMPORTED):
            continue
        with contextlib.suppress(BaseException), contextlib.redirect_stdout(io.StringIO()):
            public_submodules(path, importlib.import_module(path), found)


def modules():
    """The public modules that can be imported, `torch` first."""
    found = {}
    public_submodules("torch", torch, found)
    # Modules that are made in C++ or by assignment.
    for name, module in list(found.items()):
        for key, value in list(vars(module).items()):
            path = f"{name}.{key}"
            if not key.startswith("_") and isinstance(value, types.ModuleType) and value.__name__ == path:
                found.setdefault(path, value)
    return found


def names_of(name, module):
    """`__all__` where there is one; else what the module itself defines."""
    declared = getattr(module, "__all__", None)
    if isinstance(declared, (list, tuple)):
        return sorted(set(declared))
    # A module without `__all__`: what is defined in it or, of a package, below it, and what it takes from C++ as its own.
    # What it imports for its own use is not of its names.
    as_a_package = hasattr(module, "__path__") or name in ("torch.nn.functional", "torch.linalg", "torch.special", "torch.fft")

    def is_own(value):
        if inspect.isbuiltin(value):
            return as_a_package
        if not (inspect.isclass(value) or callable(value)):
            return False
        where = str(getattr(value, "__module__", None))
        return where == name or (as_a_package and where.startswith(f"{name}."))

    return sorted(key for key, value in vars(module).items() if not key.startswith("_") and is_own(value))


def members_of(cls):
    """Public methods and properties: a class's own and those of its private bases, of a Tensor all."""
    if cls is torch.Tensor:
        return sorted(key for key in dir(cls) if not key.startswith("_") and key not in dir(object))
    if type(cls) is type(torch.FloatTensor):
        return []  # a legacy name of Tensor
    found = set()
    for base in cls.__mro__:
        if base is cls or (base.__name__.startswith("_") and str(base.__module__).startswith("torch")):
            found |= {key for key, value in vars(base).items() if not key.startswith("_")
                      and (callable(value) or isinstance(value, (property, staticmethod, classmethod))
                           or hasattr(value, "__get__"))}
    return sorted(found)


def described(value):
    if inspect.isclass(value):
        try:
            return members_of(value)
        except Exception:
            return []
    return "module" if isinstance(value, types.ModuleType) else "function" if callable(value) else "value"


def main():
    result = {}
    for name, module in sorted(modules().items()):
        entries = {}
        for key in names_of(name, module):
            with contextlib.suppress(Exception):
                entries[key] = described(getattr(module, key))
        result[name] = entries
    json.dump(result, sys.stdout)


main()
