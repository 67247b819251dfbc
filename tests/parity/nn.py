"""Samples of PyTorch's module database with what the modules give, for tests/parity/nn.ts.

Prints one JSON document a line for each module and dtype; the bytes of its tensors go to a file of their own, which the
reader deletes. `--help` lists the options.
"""
import functools
import inspect
import itertools
import json
import os

import torch
from torch.nn.parameter import is_lazy
from torch.testing._internal.common_modules import FunctionInput, ModuleErrorEnum, ModuleInput, module_db

from command_line import options_for
from encoding import CALL_SEED, Tensors, Untranslatable, encode, gradients, remember_arguments, tensors_in

DTYPES = ["float32", "float64", "float16", "bfloat16", "complex64", "complex128", "complex32"]


def state_of(module, tensors):
    """Names and tensors in their order; the name of the class where a tensor has no shape yet."""
    return [[name, type(tensor).__name__ if is_lazy(tensor) else encode(tensor, tensors)]
            for name, tensor in module.state_dict().items()]


def as_leaf(value):
    """Tensors that need a gradient without what they were made from."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone().requires_grad_() if value.requires_grad else value
    if isinstance(value, (tuple, list)):
        return type(value)(as_leaf(item) for item in value)
    return value


def as_declared(value, parameter):
    """An int as the float that the signature asks for: JavaScript has one kind of number and prints by signatures."""
    return float(value) if parameter and parameter.annotation is float and type(value) is int else value


def normalized(function, function_input):
    """The arguments with those that must be there as positional ones: in TypeScript only the others have names."""
    parameters = inspect.signature(function).parameters
    args = [as_declared(as_leaf(value), parameter) for value, parameter in
            itertools.zip_longest(function_input.args, parameters.values())][: len(function_input.args)]
    kwargs = {name: as_declared(as_leaf(value), parameters.get(name)) for name, value in function_input.kwargs.items()}
    for parameter in list(parameters.values())[len(args):]:
        if parameter.default is not parameter.empty or parameter.name not in kwargs:
            break
        args.append(kwargs.pop(parameter.name))
    return FunctionInput(*args, **kwargs)


def normalized_sample(info, sample):
    forward = functools.partial(info.module_cls.forward, None)
    return ModuleInput(normalized(info.module_cls, sample.constructor_input),
                       sample.forward_input and normalized(forward, sample.forward_input))


def given(function_input, tensors):
    args, kwargs = function_input.args, function_input.kwargs
    return {"args": encode(args, tensors), "kwargs": encode(kwargs, tensors)}


def call(module, function_input):
    torch.manual_seed(CALL_SEED)
    return module(*function_input.args, **function_input.kwargs)


def run(info, sample, dtype, training, seed, device, file):
    sample, tensors = normalized_sample(info, sample), Tensors(file)
    case = {"training": training, "constructor": given(sample.constructor_input, tensors)}
    # What goes in is written before the call: modules may change their inputs.
    case["forward"] = given(sample.forward_input, tensors)
    torch.manual_seed(CALL_SEED)
    module = info.module_cls(*sample.constructor_input.args, **sample.constructor_input.kwargs)
    case["repr"] = repr(module)
    case["state"] = state_of(module, tensors)
    module.to(device, dtype).train(training)
    result = call(module, sample.forward_input)
    case["result"] = encode(result, tensors)
    inputs = tensors_in([sample.forward_input.args, sample.forward_input.kwargs]) + list(module.parameters())
    found = gradients(tensors_in(result), inputs, seed)
    if found is not None:
        case["gradients"] = encode(found, tensors)["O"]
    case["repr_after"] = repr(module)
    case["state_after"] = state_of(module, tensors)
    module.eval()
    with torch.no_grad():
        case["inference"] = encode(call(module, sample.forward_input), tensors)
    case["tensors"] = tensors.described
    return case


def inputs_of(function, info, dtype, training, seed, device):
    torch.manual_seed(seed)
    return function(info, device=device, dtype=dtype, requires_grad=True, training=training)


def samples_of(info, dtype, options, file):
    cases, refused, unusable = [], {}, 0
    for training in (True, False):
        for sample in inputs_of(info.module_inputs_func, info, dtype, training, options.seed, options.device)[: options.samples]:
            try:
                cases.append(run(info, sample, dtype, training, options.seed, options.device, file))
            except Untranslatable as reason:
                refused[str(reason)] = refused.get(str(reason), 0) + 1
            except Exception:
                unusable += 1  # Python cannot call it either
    return {"cases": cases, "refused": refused, "unusable": unusable}


def text_of_error(info, sample, dtype, training, device, on_construction):
    try:
        module = info.module_cls(*sample.constructor_input.args, **sample.constructor_input.kwargs)
        if on_construction:
            return None
        call(module.to(device, dtype).train(training), sample.forward_input)
    except Exception as error:
        return str(error).split("\n")[0]
    return None


def errors_of(info, dtype, seed, device, file):
    """Calls that must fail, with the texts of their errors."""
    errors = []
    for training in (True, False) if info.module_error_inputs_func else ():
        for error_input in inputs_of(info.module_error_inputs_func, info, dtype, training, seed, device):
            sample, tensors = normalized_sample(info, error_input.module_error_input), Tensors(file)
            on_construction = error_input.error_on == ModuleErrorEnum.CONSTRUCTION_ERROR
            case = {"training": training, "constructor": given(sample.constructor_input, tensors)}
            if not on_construction:
                case["forward"] = given(sample.forward_input, tensors)
            text = text_of_error(info, sample, dtype, training, device, on_construction)
            errors.append({**case, "text": text, "tensors": tensors.described})
    return errors


def main():
    options = options_for(__doc__, "module", "Linear", DTYPES)
    remember_arguments(torch.nn.TransformerEncoderLayer)
    for info in module_db:
        name = info.name.removeprefix("nn.")
        if options.module and name not in options.module:
            continue
        for dtype in info.dtypes:
            dtype_name = str(dtype).removeprefix("torch.")
            if options.dtype and dtype_name not in options.dtype:
                continue
            path = os.path.join(options.folder, f"{name}.{dtype_name}")
            with open(path, "wb") as file:
                about = {"name": name, "dtype": dtype_name, "device": options.device, "file": path}
                about.update(samples_of(info, dtype, options, file))
                about["errors"] = errors_of(info, dtype, options.seed, options.device, file)
            print(json.dumps(about), flush=True)


main()
