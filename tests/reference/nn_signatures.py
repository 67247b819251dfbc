"""Constructs every class of torch.nn from the names of its arguments.

Argument: a JSON object with a value for each name that some class must be given. Prints a JSON list of
{name, arguments: {name: value}, required: [name], repr} with the defaults of the other arguments filled in.
"""
import inspect
import json
import sys
import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")

PLAIN = (type(None), bool, int, float, str, tuple)
# Their arguments are any number of values, or they are made for subclasses only.
WITHOUT_NAMES = {"Container", "Identity", "Module", "Sequential", "RNNBase", "RNNCellBase"}


def arguments_of(module_class, values):
    """What the innermost signature with names asks for: the recurrent layers take anything and look later."""
    parameters = inspect.signature(module_class).parameters
    if any(parameter.kind == parameter.VAR_POSITIONAL for parameter in parameters.values()):
        return {}, []
    required = [name for name, parameter in parameters.items() if parameter.default is parameter.empty]
    arguments = {name: values[name] for name in required}
    arguments.update({name: parameter.default for name, parameter in parameters.items()
                      if name not in required and isinstance(parameter.default, PLAIN)})
    return arguments, required


def given(name, values):
    """The arguments for a class, those that it requires, and the arguments as Python takes them."""
    arguments, required = arguments_of(getattr(nn, name), values)
    if name in ("RNN", "LSTM", "GRU"):
        required = ["input_size", "hidden_size"]
        arguments = {key: values[key] for key in required}
    if name.startswith("FractionalMaxPool"):
        arguments["output_size"] = 3
    built = {key: torch.nn.TransformerEncoderLayer(4, 2, 8) if key == "encoder_layer" else
             torch.nn.TransformerDecoderLayer(4, 2, 8) if key == "decoder_layer" else
             nn.Linear(2, 2) if key == "module" else
             tuple(value) if isinstance(value, list) else value for key, value in arguments.items()}
    return arguments, required, built


def described(name, values):
    arguments, required, built = given(name, values)
    return {"name": name, "arguments": arguments, "required": required, "repr": repr(getattr(nn, name)(**built)),
            "elsewhere": elsewhere(getattr(nn, name), built), "calls": calls_of(getattr(nn, name)),
            "typename": torch.typename(getattr(nn, name)(**built))}


def calls_of(module_class):
    """What the class says of a call with too many arguments, with one that it does not know, and with none."""
    texts = []
    for args, kwargs in (range(40), {}), ((), {"zzz": 1}), ((), {}):
        try:
            module_class.forward(None, *args, **kwargs)
            texts.append(None)
        except Exception as error:
            texts.append(str(error) if isinstance(error, TypeError) else None)
    return texts


def elsewhere(module_class, arguments):
    """Dtypes and devices of the state when the class is told what to make it of; None when it cannot be told."""
    names = inspect.signature(module_class).parameters
    if "dtype" not in names and not issubclass(module_class, nn.RNNBase):
        return None
    module = module_class(**{**arguments, "dtype": torch.float64, "device": "meta"})
    return [[name, str(tensor.dtype), str(tensor.device)] for name, tensor in module.state_dict().items()]


classes = [name for name in dir(nn) if isinstance(getattr(nn, name), type)]
modules = [name for name in classes if issubclass(getattr(nn, name), nn.Module) and name not in WITHOUT_NAMES]
if __name__ == "__main__":
    values = json.loads(sys.argv[1])
    print(json.dumps({"classes": classes, "modules": [described(name, values) for name in modules],
                      "functions": [name for name in dir(nn.functional) if not name.startswith("_")
                                    and inspect.isroutine(getattr(nn.functional, name))
                                    and getattr(nn.functional, name).__module__ in (
                                        "torch.nn.functional", "torch._C._nn", "torch", None)]}))
