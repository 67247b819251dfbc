"""The arguments of every function of torch.nn.functional, nn.init and nn.utils that Python defines itself.

Prints a JSON object {path: [{name, kind, required}]}, kind one of 'positional', 'keyword', 'rest', 'others'; and, under
"builtins", the names of the functions of nn.functional that come from libtorch, whose arguments Python does not tell.
"""
import inspect
import json

import torch.nn.utils.fusion
import torch.nn.utils.prune
import torch.nn.utils.stateless
from torch import nn

MODULES = {
    "functional": nn.functional, "init": nn.init, "utils": nn.utils, "utils.rnn": nn.utils.rnn,
    "utils.prune": torch.nn.utils.prune, "utils.parametrize": nn.utils.parametrize,
    "utils.parametrizations": nn.utils.parametrizations, "utils.stateless": torch.nn.utils.stateless,
    "utils.fusion": torch.nn.utils.fusion, "parallel": nn.parallel,
}
KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: "positional", inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional",
    inspect.Parameter.KEYWORD_ONLY: "keyword", inspect.Parameter.VAR_POSITIONAL: "rest",
    inspect.Parameter.VAR_KEYWORD: "others",
}


def where_named(module, name):
    """The function whose signature tells the arguments of another: dispatched and deprecated ones take anything."""
    value = getattr(module, name)
    if module is nn.functional and hasattr(module, f"{name}_with_indices"):
        return getattr(module, f"{name}_with_indices")
    if module is nn.init and hasattr(module, f"{name}_"):
        return getattr(module, f"{name}_")
    return value


def arguments_of(value):
    return [{"name": name, "kind": KINDS[parameter.kind], "required": parameter.default is parameter.empty
             and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)}
            for name, parameter in inspect.signature(value).parameters.items()]


def own(module, name):
    value = getattr(module, name)
    if inspect.isclass(value):
        return value.__module__ == module.__name__
    return inspect.isroutine(value) and (getattr(value, "__module__", None) or "").startswith("torch.nn")


result, builtins = {}, []
for path, module in MODULES.items():
    for name in dir(module):
        if name.startswith("_"):
            continue
        value = getattr(module, name)
        if inspect.isbuiltin(value) and module is nn.functional:
            builtins.append(name)
        elif own(module, name):
            try:
                result[f"{path}.{name}"] = arguments_of(where_named(module, name))
            except ValueError:
                continue  # enumerations
            if inspect.isclass(value) and path == "utils.prune":
                result[f"{path}.{name}.apply"] = arguments_of(value.apply)
result["DataParallel"] = arguments_of(nn.DataParallel)
print(json.dumps({"signatures": result, "builtins": builtins}))
