class Point:
    """A point."""
    def __init__(self, x, y=0):
        self.x = x
        self.y = y

    def move(self, dx=0, dy=0):
        self.x += dx
        self.y += dy
        return self

    def __repr__(self):
        return f'Point({self.x}, {self.y})'

p = Point(1)
p.move(2, dy=3).move(dx=1)
print(p, [p], p.x, str(p))
