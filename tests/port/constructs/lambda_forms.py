square = lambda x: x ** 2
pair = lambda a, b=1: (a, b)
const = lambda: 42
print(square(4), pair(1), pair(1, 2), const(), (lambda *xs: len(xs))(1, 2))
