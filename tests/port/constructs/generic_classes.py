from typing import Generic, TypeVar
T = TypeVar('T')
class Stack(Generic[T]):
    def __init__(self):
        self.items = []
    def push(self, x):
        self.items.append(x)
s = Stack[int]()
s.push(1)
print(s.items)
IntStack = Stack[int]
print(IntStack().items)
x: list[int] = []
y = list[int]()
print(x, y)
from typing import List, Optional, NamedTuple, cast, TYPE_CHECKING
Vector = List[float]
def f(v: Vector, w: Optional[int] = None) -> Vector:
    return [a * 2 for a in v]
print(f([1.0, 2.5]))
if TYPE_CHECKING:
    import nothing_at_all
z = cast(int, 3)
print(z + 1)
