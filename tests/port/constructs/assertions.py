def check(n):
    assert n > 0, f"n must be positive, not {n}"
    assert isinstance(n, int)
    return n


print(check(3))
try:
    check(-1)
except AssertionError as e:
    print("refused:", e)
try:
    raise NotImplementedError("later")
except (KeyError, NotImplementedError) as e:
    print(type(e).__name__, e)
