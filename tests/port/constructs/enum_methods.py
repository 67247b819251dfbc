from enum import Enum, StrEnum, unique


@unique
class Phase(Enum):
    TRAIN = "train"
    TEST = "test"

    @property
    def shuffles(self):
        return self is Phase.TRAIN

    def __str__(self):
        return self.value


class Way(StrEnum):
    UP = "up"
    DOWN = "down"


def loader(phase):
    return f"{phase} shuffled={phase.shuffles}"


print(loader(Phase.TRAIN), loader(Phase("test")))
print({phase.name: phase.value for phase in Phase})
print(Way.UP, Way("down").name)
