"""Writes TorchScript archives into a folder and prints what Python computes with them, as JSON: {case: outcome}."""
import enum
import json
import sys
import warnings
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

import torch
from torch import nn

warnings.simplefilter("ignore")
folder = sys.argv[1]
answers = {}


def told(value):
    if isinstance(value, torch.Tensor):
        return {"shape": list(value.shape), "hex": value.detach().contiguous().numpy().tobytes().hex()}
    if isinstance(value, dict):
        return {"dict": [[told(key), told(entry)] for key, entry in value.items()]}
    if isinstance(value, (list, tuple)):
        return [told(part) for part in value]
    if isinstance(value, complex):
        return {"re": value.real, "im": value.imag}
    return str(value) if isinstance(value, torch.device) else value


class Point(NamedTuple):
    x: torch.Tensor
    label: str


class Color(enum.Enum):
    RED = 1
    BLUE = 2


class Values(nn.Module):
    """Every kind of argument and result."""

    def forward(self, x: torch.Tensor, y: Optional[torch.Tensor] = None, scale: float = 2.0) -> torch.Tensor:
        if y is not None:
            return x + y * scale
        total = torch.zeros_like(x)
        for i in range(int(x.size(0))):
            if bool(x[i].sum() > 0):
                total = total + x[i] * i
            else:
                total = total - x[i]
        return total * scale

    @torch.jit.export
    def numbers(self, i: int, f: float, b: bool, s: str, c: complex) -> Tuple[int, float, bool, str, complex]:
        return i + 1, f * 2, not b, s + "!", c * 2

    @torch.jit.export
    def lists(self, ints: List[int], floats: List[float], texts: List[str],
              nested: List[List[torch.Tensor]]) -> Tuple[List[int], List[float], List[str], List[List[torch.Tensor]]]:
        ints.append(sum(ints))
        return ints, floats + [1.5], texts + ["end"], nested + [[torch.ones(1)]]

    @torch.jit.export
    def dicts(self, d: Dict[str, torch.Tensor], n: Dict[int, List[str]]) -> Tuple[Dict[str, torch.Tensor], Dict[int, int]]:
        lengths: Dict[int, int] = {}
        for key in n.keys():
            lengths[key] = len(n[key])
        return {key + "2": d[key] * 2 for key in d.keys()}, lengths

    @torch.jit.export
    def point(self, p: Point, flip: bool = False) -> Point:
        return Point(-p.x if flip else p.x, p.label + "'")

    @torch.jit.export
    def pair(self, p: Tuple[torch.Tensor, int]) -> Tuple[int, torch.Tensor]:
        return p[1], p[0]

    @torch.jit.export
    def maybe(self, n: Optional[int], names: Optional[List[str]] = None) -> Optional[int]:
        if n is None:
            return None
        return n + (0 if names is None else len(names))

    @torch.jit.export
    def either(self, v: Union[int, str, torch.Tensor]) -> str:
        if isinstance(v, int):
            return "int"
        if isinstance(v, str):
            return "str"
        return "Tensor"

    @torch.jit.export
    def anything(self, v: Any) -> str:
        if isinstance(v, int):
            return "int"
        if isinstance(v, float):
            return "float"
        if isinstance(v, str):
            return "str"
        if isinstance(v, List[int]):
            return "List[int]"
        if isinstance(v, Dict[str, int]):
            return "Dict[str, int]"
        if isinstance(v, torch.Tensor):
            return "Tensor"
        return "other"

    @torch.jit.export
    def place(self, d: torch.device) -> torch.device:
        return torch.zeros(1, device=d).device

    @torch.jit.export
    def typed(self, x: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
        return x.to(dtype)

    @torch.jit.export
    def nothing(self) -> None:
        pass

    @torch.jit.export
    def huge(self) -> int:
        return 9007199254740993

    @torch.jit.export
    def color(self, blue: bool) -> Color:
        return Color.BLUE if blue else Color.RED

    @torch.jit.export
    def is_blue(self, color: Color) -> bool:
        return color == Color.BLUE

    @torch.jit.export
    def fails(self, depth: int) -> int:
        if depth == 0:
            raise ValueError("out of depth")
        return depth

    @torch.jit.export
    def forked(self, x: torch.Tensor) -> torch.Tensor:
        futures = [torch.jit.fork(torch.mm, x, x + float(i)) for i in range(4)]
        total = torch.zeros_like(x)
        for future in futures:
            total = total + torch.jit.wait(future)
        return total

    @torch.jit.export
    def later(self, x: torch.Tensor) -> torch.jit.Future[torch.Tensor]:
        return torch.jit.fork(torch.neg, x)


class Classifier(nn.Module):
    """Words to one of three classes."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(11, 6)
        self.lstm = nn.LSTM(6, 5, num_layers=2, batch_first=True, dropout=0.25)
        self.out = nn.Sequential(nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 3))
        self.classes: List[str] = ["a", "b", "c"]

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        states, _ = self.lstm(self.embedding(words))
        return self.out(states[:, -1])

    @torch.jit.export
    def named(self, words: torch.Tensor) -> Dict[str, float]:
        scores = self.forward(words)[0].softmax(0)
        return {self.classes[i]: float(scores[i]) for i in range(3)}


class Image(nn.Module):
    """Buffers, and values that are fixed at compile time."""

    pad: torch.jit.Final[int]

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 3, 3, bias=False)
        self.norm = nn.BatchNorm2d(3)
        self.register_buffer("shift", torch.tensor([0.5]))
        self.register_buffer("hidden", torch.ones(2), persistent=False)
        self.pad = 1
        self.ratio = 0.5
        self.head = nn.Linear(3, 2)

    def forward(self, x):
        return self.head(torch.relu(self.norm(self.conv(x)) + self.shift).mean((2, 3)) * self.ratio)


class Counter(nn.Module):
    """Changes itself."""

    history: List[int]

    def __init__(self):
        super().__init__()
        self.register_buffer("last", torch.zeros(2))
        self.count = 0
        self.history = []

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.count += 1
        self.history.append(self.count)
        self.last = self.last + x
        return self.last


class Spin(nn.Module):
    def forward(self, x: torch.Tensor, rounds: int) -> torch.Tensor:
        for _ in range(rounds):
            x = torch.tanh(x.mm(x))
        return x


class Hooked(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x)


def double_input(self, input: Tuple[torch.Tensor]) -> Tuple[torch.Tensor]:
    return (input[0] * 2,)


def negate_output(self, input: Tuple[torch.Tensor], result: torch.Tensor) -> torch.Tensor:
    return -result


def save(module, name, **options):
    torch.jit.save(module, f"{folder}/{name}.pt", **options)
    return torch.jit.load(f"{folder}/{name}.pt")


x = torch.arange(6.0).reshape(3, 2) - 2
values = save(torch.jit.script(Values()), "values", _extra_files={"notes.txt": "made by Python", "empty": ""})
answers["forward"] = told([values(x), values(x, x), values(x, scale=3.0), values(x, x, 0.5)])
answers["numbers"] = told(values.numbers(1, 0.25, True, "a", 1 + 2j))
answers["lists"] = told(values.lists([1, 2], [0.5], ["x"], [[x], []]))
answers["dicts"] = told(values.dicts({"a": x, "b": x + 1}, {3: ["p", "q"], 1: []}))
answers["point"] = told([values.point(Point(x, "p")), values.point(Point(x, "p"), True)])
answers["pair"] = told(values.pair((x, 3)))
answers["maybe"] = told([values.maybe(None), values.maybe(2), values.maybe(2, ["a"])])
answers["either"] = [values.either(1), values.either("s"), values.either(x)]
answers["anything"] = [values.anything(v) for v in (1, 1.5, "s", [1, 2], {"a": 1}, x, None)]
answers["place"] = told(values.place(torch.device("cpu")))
answers["typed"] = told(values.typed(x, torch.float64))
answers["forked"] = told(values.forked(torch.ones(3, 3)))
answers["texts"] = [values.code, str(values.graph), values.numbers.code, str(values.numbers.schema), str(values)]

torch.manual_seed(0)
classifier = save(torch.jit.script(Classifier()), "classifier")
words = torch.arange(24).reshape(4, 6) % 11
labels = torch.tensor([0, 2, 1, 1])
answers["classifier names"] = [[name for name, _ in classifier.named_parameters()], list(classifier.state_dict()),
                               [name for name, _ in classifier.named_modules()], str(classifier)]
answers["classifier eval"] = told([classifier.eval()(words), classifier.named(words)])
classifier.train()
torch.manual_seed(5)
optimizer = torch.optim.Adam(classifier.parameters(), lr=0.01)
losses = []
for _ in range(6):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(classifier(words), labels)
    loss.backward()
    optimizer.step()
    losses.append(loss)
answers["classifier training"] = told([losses, list(classifier.state_dict().values())])

torch.manual_seed(1)
image = Image().eval()
pixels = torch.randn(2, 1, 5, 5, generator=torch.Generator().manual_seed(1))
scripted = save(torch.jit.script(image), "scripted")
traced = save(torch.jit.trace(image, pixels), "traced")
frozen = save(torch.jit.freeze(torch.jit.script(image)), "frozen")
answers["image"] = told([module(pixels) for module in (scripted, traced, frozen)])
answers["image state"] = [list(module.state_dict()) for module in (scripted, traced, frozen)]
answers["image frozen here"] = told([torch.jit.freeze(scripted)(pixels),
                                     torch.jit.optimize_for_inference(torch.jit.load(f"{folder}/scripted.pt").eval())(pixels)])
trained = torch.jit.load(f"{folder}/scripted.pt").train()
answers["image optimized"] = [told([torch.jit.optimize_for_inference(trained)(pixels)]), trained.training]
try:
    torch.jit.freeze(trained.train())
except RuntimeError as error:
    answers["freezing refused"] = str(error)
answers["image attributes"] = [scripted.pad, scripted.ratio]
scripted.train()
answers["image training"] = told([scripted(pixels), list(scripted.state_dict().values())])
answers["image double"] = told(torch.jit.load(f"{folder}/scripted.pt").double().eval()(pixels.double()))

counter = save(torch.jit.script(Counter()), "counter")
answers["counter"] = told([[counter(torch.ones(2)) for _ in range(3)], counter.count, counter.history, counter.last])

hooked = Hooked()
hooked.register_forward_pre_hook(double_input)
hooked.register_forward_hook(negate_output)
hooked = save(torch.jit.script(hooked), "hooked")
answers["hooked"] = told(hooked(torch.ones(1, 2)))

spin = save(torch.jit.script(Spin()), "spin")
answers["spin"] = told(spin(torch.eye(8), 3))


class Batch(nn.Module):
    def forward(self, batch: Dict[str, torch.Tensor], signal: int = 0) -> torch.Tensor:
        return batch["a"] + signal


save(torch.jit.script(Batch()), "batch")


class Pulling(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        (x * x).sum().backward()
        return x * 2


save(torch.jit.script(Pulling()), "pulling")
torch.save({"a": torch.ones(2)}, f"{folder}/no_script.pt")
print(json.dumps(answers))
