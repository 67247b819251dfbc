from . import shapes


def total(xs):
    return sum(xs) + shapes.area(shapes.Shape.SQUARE, side=2)
