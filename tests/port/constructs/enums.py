from enum import Enum, IntEnum, auto


class Color(Enum):
    RED = 1
    GREEN = 2
    CRIMSON = 1

    def describe(self):
        return f"{self.name} is {self.value}"

    @classmethod
    def favourite(cls):
        return cls.GREEN


class Mode(Enum):
    TRAIN = auto()
    EVAL = auto()


class Level(IntEnum):
    LOW = 1
    HIGH = 3


print(Color.RED, repr(Color.RED), [Color.GREEN], f"{Color.GREEN}")
print(Color.RED.name, Color.RED.value, Color.RED.describe(), Color.CRIMSON)
print(Color(2), Color["RED"], Color.favourite())
print([c.name for c in Color], len(Color), list(Mode))
print(Mode.EVAL.value, Mode.TRAIN == Mode.TRAIN, Mode.TRAIN is Mode.EVAL, Mode.TRAIN != Mode.EVAL)
try:
    Color(7)
except ValueError as e:
    print(e)
counts = {Color.RED: 3}
counts[Color.GREEN] = 4
for color in Color:
    print(color, counts[color], isinstance(color, Color))
mode = Mode.TRAIN
if mode is Mode.TRAIN:
    print("training")
print(Level.HIGH.value, Level.LOW, Level(3).name)
