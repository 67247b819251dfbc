from dataclasses import dataclass, field


@dataclass
class Config:
    name: str
    lr: float = 0.1
    layers: list = field(default_factory=list)
    table: dict = field(default_factory=dict)

    @property
    def depth(self):
        return len(self.layers)

    def with_layer(self, n):
        self.layers.append(n)
        return self


a = Config("a")
b = Config("b", layers=[1, 2])
a.with_layer(3).with_layer(4)
print(a, b)
print(a.depth, b.depth, a == b, a == Config("a", 0.1, [3, 4]))
