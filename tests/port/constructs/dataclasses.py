from dataclasses import dataclass, field
@dataclass
class Config:
    name: str
    size: int = 3
    rate: float = 0.5
    tags: list = field(default_factory=list)
    def area(self):
        return self.size ** 2
c = Config('x')
d = Config('y', size=5, rate=1.0)
c.tags.append('t')
print(c, d, c.area(), c == Config('x', tags=['t']), d.tags)
