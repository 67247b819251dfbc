def f(a, b=2, *args, c=3, **kw):
    return a, b, args, c, kw


def g(a, b=2, *, c=3):
    return a, b, c


xs = [1]
ys = [1, 2, 3]
print(f(1), f(1, c=9, z=1), f(*xs, c=5), f(*ys, c=4), f(1, *ys, q=1), f(*xs))
print(g(*xs, c=7), g(1, c=8), g(*[1, 5]), g(*[1, 5], c=0))


def log(msg, *args, level="info"):
    print(level, msg % args if args else msg)


log("x")
log("v=%d", 3)
log("w", level="warn")


class Pair:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __mul__(self, k):
        return Pair(self.x * k, self.y * k)

    __rmul__ = __mul__

    def __call__(self, k):
        return k

    def __str__(self):
        return "<%d, %d>" % (self.x, self.y)


print(2 * Pair(1, 2), Pair(3, 4) * 2, type(Pair(1, 2)).__name__)
