"""match with several subjects, without brackets."""


def meet(a, b):
    match a, b:  # both
        case 0, 0:
            return "origin"
        case (0, y):
            return f"on the y axis at {y}"
        case x, 0 if x > 0:
            return f"right at {x}"
        case int(), int():
            return "ints"
        case _:
            return "else"


for pair in [(0, 0), (0, 3), (2, 0), (-1, 0), ("a", 1)]:
    print(pair, meet(*pair))
point = [1, 2]
match point[0] + 1, max(point), point:
    case 2, 2, name:
        print("matched", name)
match (1, 2):
    case 1, other:
        print(other)
