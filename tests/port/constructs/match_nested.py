def evaluate(tree):
    match tree:
        case ["add", left, right]:
            return evaluate(left) + evaluate(right)
        case ["mul", left, right]:
            return evaluate(left) * evaluate(right)
        case ["neg", inner]:
            return -evaluate(inner)
        case int(n):
            return n
    raise ValueError(f"no tree: {tree}")


print(evaluate(["add", 1, ["mul", 2, ["neg", 3]]]))
try:
    evaluate("x")
except ValueError as e:
    print(e)
for item in [{"kind": "a", "n": 1}, {"kind": "b"}, {}]:
    match item:
        case {"kind": "a", "n": n}:
            print("a with", n)
        case {"kind": kind}:
            print("only", kind)
        case _:
            print("nothing")
