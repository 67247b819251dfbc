"""Whole modules in files: python module_files.py make FOLDER VALUES | own FOLDER | read FOLDER '[names]'

make saves a module of each class of torch.nn (arguments from VALUES, see nn_signatures.py); own saves modules of a class that
is defined here, in several formats; read loads files with weights_only=False. All print what the modules are and compute.
"""
import collections
import hashlib
import inspect
import json
import sys
import warnings

import torch
from torch import nn

from nn_signatures import given, modules

warnings.simplefilter("ignore")


def doubled(module, args, output):
    return output * 2


class Scale(nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor
        self.register_buffer("offset", torch.tensor([0.5, -0.5]))
        self.register_buffer("scratch", torch.tensor([1.0]), persistent=False)

    def forward(self, x):
        return x * self.factor + self.offset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            collections.OrderedDict([("first", nn.Linear(2, 3)), ("act", nn.Tanh()), ("second", nn.Linear(3, 2))])
        )
        self.blocks = nn.ModuleList([Scale(1.5), Scale(2)])
        self.tied = self.layers.first.weight
        self.again = self.blocks[0]
        self.nothing = None
        self.register_parameter("no_parameter", None)
        self.register_module("no_module", None)
        self.sizes = [1, 2]
        self.pair = (1, 0.5, "x")
        self.options = {"a": 1, "b": [True, None]}
        self.norm_class = nn.BatchNorm1d
        self.activation = torch.relu
        self.plain = torch.ones(2)
        self.layers.second.register_forward_hook(doubled)

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.activation(self.layers(x))


def digest(tensor):
    data = tensor.detach().contiguous().flatten().view(torch.uint8).numpy().tobytes()
    return hashlib.sha256(data).hexdigest()


def leaf(tensor):
    if tensor is None:
        return None
    if isinstance(tensor, nn.parameter.UninitializedTensorMixin):
        return [type(tensor).__name__, tensor.requires_grad]
    return [type(tensor).__name__, str(tensor.dtype), list(tensor.shape), tensor.requires_grad, digest(tensor)]


def plain(module, value):
    if isinstance(value, torch.utils.hooks.RemovableHandle):
        return ["handle", value.id in value.hooks_dict_ref()]
    if isinstance(value, torch.Tensor):
        names = [name for name, parameter in module._parameters.items() if parameter is value]
        return ["tensor", names or leaf(value)]
    if isinstance(value, nn.Module):
        return state(value)
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, [plain(module, item) for item in value]]
    if isinstance(value, dict):
        return [type(value).__name__, [[key, plain(module, item)] for key, item in value.items()]]
    if inspect.isroutine(value) or isinstance(value, type):
        return ["name", value.__name__]
    return [type(value).__name__, repr(value)]


def hook_name(hook):
    return getattr(getattr(hook, "hook", hook), "__name__", type(hook).__name__)


def state(module):
    if module is None:
        return None
    fields = dict(module.__dict__)
    hooks = {name: [hook_name(hook) for hook in fields.pop(name).values()] for name in list(fields)
             if name.endswith("hooks") and fields[name] is not None}
    for name in ("_forward_pre_hooks_with_kwargs", "_forward_hooks_with_kwargs", "_forward_hooks_always_called"):
        # The ids of hooks are those of the process.
        fields[name] = list(fields[name].values())
    known = ("_parameters", "_buffers", "_modules", "_non_persistent_buffers_set", "_flat_weight_refs")
    return {
        "class": f"{type(module).__module__}.{type(module).__qualname__}",
        "hooks": {name: names for name, names in hooks.items() if names},
        "parameters": {name: leaf(parameter) for name, parameter in module._parameters.items()},
        "buffers": {name: leaf(buffer) for name, buffer in module._buffers.items()},
        "temporary": sorted(module._non_persistent_buffers_set),
        "fields": {name: plain(module, value) for name, value in sorted(fields.items()) if name not in known},
        "modules": {name: state(child) for name, child in module._modules.items()},
    }


def tensor(kind, *shape):
    numel = 1
    for size in shape:
        numel *= size
    values = torch.arange(numel, dtype=torch.float32).reshape(shape)
    if kind == "int":
        return (values % 3).long()
    return torch.sin(values).abs() if kind == "unit" else torch.sin(values)


INPUTS = [
    [("float", 2)],
    [("float", 2, 4)], [("float", 2, 4), ("float", 2, 4)], [("float", 2, 4), ("int", 2)], [("float", 2, 4), ("int", 2, 4)],
    [("float", 2, 4), ("float", 2, 4), ("float", 2)], [("float", 2, 4), ("float", 2, 4), ("float", 2, 4)], [("int", 2, 3)],
    [("float", 2, 4, 8)], [("float", 2, 4, 8), ("float", 2, 4, 8)], [("float", 2, 4, 8, 8)], [("float", 2, 4, 8, 8, 8)],
    [("float", 2, 2, 4), ("float", 2, 2, 4), ("float", 2, 2, 4)], [("float", 2, 2, 4), ("float", 2, 2, 4)],
    [("float", 2, 4, 16)], [("float", 2, 2)], [("unit", 2, 4), ("unit", 2, 4)], [("float", 2, 4, 4)],
]


def more():
    """Modules with contents, and forms of arguments that the list of all classes does not have."""
    return {
        "Sequential": nn.Sequential(nn.Linear(4, 4), nn.ReLU()),
        "Identity": nn.Identity(),
        "filled ModuleList": nn.ModuleList([nn.Linear(1, 1), None, nn.ReLU()]),
        "filled ModuleDict": nn.ModuleDict({"b": nn.Linear(1, 1), "10": nn.ReLU(), "9": nn.Tanh()}),
        "filled ParameterList": nn.ParameterList([torch.ones(2), torch.zeros(1)]),
        "filled ParameterDict": nn.ParameterDict({"b": torch.ones(2), "a": torch.zeros(1)}),
        "scaled Upsample": nn.Upsample(scale_factor=2, mode="bilinear"),
        "pairs Upsample": nn.Upsample(scale_factor=(1.5, 2), mode="nearest"),
        "sized Upsample": nn.UpsamplingBilinear2d(size=(4, 5)),
        "Conv2d without bias": nn.Conv2d(4, 4, 3, padding="same", padding_mode="circular", bias=False),
        "plain BatchNorm1d": nn.BatchNorm1d(4, momentum=None, affine=False, track_running_stats=False),
        "averaging BatchNorm1d": nn.BatchNorm1d(4, momentum=None),
        "LSTM with all": nn.LSTM(8, 6, num_layers=2, bidirectional=True, dropout=0.25, proj_size=3, batch_first=True),
        "MultiheadAttention of others": nn.MultiheadAttention(4, 2, bias=False, kdim=3, vdim=5, add_bias_kv=True),
        "gelu layer": nn.TransformerEncoderLayer(4, 2, 8, activation="gelu", batch_first=True, norm_first=True),
        "Transformer": nn.Transformer(4, 2, 1, 1, 8),
        "weighted NLLLoss": nn.NLLLoss(weight=torch.tensor([1.0, 2.0, 3.0, 4.0])),
        "distance loss": nn.TripletMarginWithDistanceLoss(distance_function=nn.PairwiseDistance(p=1.0)),
        "function loss": nn.TripletMarginWithDistanceLoss(distance_function=nn.functional.mse_loss),
        "limited Embedding": nn.Embedding(5, 4, padding_idx=0, max_norm=1.0, scale_grad_by_freq=True),
        "LazySequence": nn.Sequential(nn.LazyLinear(3), nn.LazyBatchNorm1d()),
        "frozen Linear": nn.Linear(4, 4).requires_grad_(False).eval(),
        "double Linear": nn.Linear(4, 4, dtype=torch.float64),
    }


def computed(module):
    """The first inputs that the module takes, and its output for them: [index, digest]."""
    for index, inputs in enumerate(INPUTS):
        torch.manual_seed(0)
        try:
            with torch.no_grad():
                output = module(*[tensor(*about) for about in inputs])
        except Exception:
            continue
        while isinstance(output, (tuple, list)):
            output = output[0]
        if isinstance(output, torch.Tensor):
            return [index, digest(output)]
    return None


def described(module):
    about = {"repr": repr(module), "training": module.training, "state": state(module)}
    # Afterwards: running means change, and lazy modules become others.
    return {**about, "computed": computed(module)}


if __name__ == "__main__":
    command, folder = sys.argv[1:3]
    result = {}
    if command == "make":
        values = json.loads(sys.argv[3])
        torch.manual_seed(0)
        made = {name: getattr(nn, name)(**given(name, values)[2]) for name in modules
                if name != "Transformer"}
        for name, module in {**made, **more()}.items():
            torch.save(module, f"{folder}/{name}.pt")
            result[name] = described(module)
        result["inputs"] = INPUTS
    elif command == "own":
        torch.manual_seed(0)
        net = Net().eval()
        torch.save(net, f"{folder}/net.pt")
        torch.save({"net": net, "epoch": 3}, f"{folder}/checkpoint.pt")
        torch.save(net, f"{folder}/legacy.pt", _use_new_zipfile_serialization=False)
        for protocol in range(1, 6):
            torch.save(net, f"{folder}/protocol{protocol}.pt", pickle_protocol=protocol)
        result = described(net)
    else:
        for name in json.loads(sys.argv[3]):
            result[name] = described(torch.load(f"{folder}/{name}.pt", weights_only=False))
    print(json.dumps(result))
