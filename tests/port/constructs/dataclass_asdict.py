"""Dataclasses as dicts, and tables that are asked by a name."""
from dataclasses import asdict, dataclass, field


@dataclass
class Schedule:
    rate: float = 1.0
    milestones: tuple = (10, 20)


@dataclass
class Config:
    name: str = "base"
    layers: int = 2
    dropout: float = 0.0
    schedule: Schedule = field(default_factory=Schedule)
    sizes: list = field(default_factory=lambda: [1, 2])


config = Config(layers=4)
print(asdict(config))
as_dict = asdict(config)
as_dict["sizes"].append(3)
print(config.sizes, sorted(as_dict))


def sizes_of(kind):
    return {"small": dict(n_layer=2, n_head=2), "large": dict(n_layer=24, n_head=16), "x-large": dict(n_layer=48, n_head=25)}[kind]


for kind in ["small", "x-large"]:
    print(kind, sizes_of(kind)["n_layer"])
print(round(3.14159, ndigits=2), round(2.5))
print(Config.layers, Config.name, Schedule.rate)
