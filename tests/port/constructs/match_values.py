class Command:
    STOP = "stop"
    GO = "go"


def act(command, speed):
    match (command, speed):
        case (Command.STOP, _):
            return "stopped"
        case (Command.GO, n) if n > 10:
            return "too fast"
        case (Command.GO, n):
            return f"going {n}"
        case ("turn", (x, y)):
            return f"turn to {x} and {y}"
    return "nothing"


print(act("stop", 1), act("go", 20), act("go", 5), act("turn", (1, 2)), act("jump", 0))
