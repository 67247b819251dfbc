from dataclasses import dataclass


@dataclass
class Point:
    x: int
    y: int


def kind(value):
    match value:
        case 0 | 1:
            return "small"
        case int() if value < 0:
            return "negative"
        case int(n):
            return f"int {n}"
        case "train" | "eval" as mode:
            return f"mode {mode}"
        case str():
            return "text"
        case None:
            return "none"
        case True:
            return "yes"
        case [only]:
            return f"one {only}"
        case [first, *rest]:
            return f"first {first} rest {rest}"
        case {"lr": lr, **others}:
            return f"lr {lr} and {len(others)}"
        case Point(x=0, y=y):
            return f"on the axis at {y}"
        case Point(a, b):
            return f"point {a} {b}"
        case _:
            return "other"


for value in [0, 7, -3, "train", "abc", None, [1], [1, 2, 3], [], {"lr": 2, "wd": 0}, Point(0, 5), Point(2, 3), {4}]:
    print(kind(value))


def step(command):
    match command.split():
        case ["go", ("left" | "right") as way]:
            print("go", way)
        case ["stop"]:
            print("stop")
        case [*_]:
            print("what?")


step("go left")
step("stop")
step("go up")
