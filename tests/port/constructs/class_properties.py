class Circle:
    def __init__(self, r):
        self._r = r
    @property
    def r(self):
        return self._r
    @r.setter
    def r(self, value):
        self._r = max(0, value)
    @property
    def diameter(self):
        return self.r * 2
c = Circle(2)
c.r = 5
print(c.r, c.diameter)
c.r = -1
print(c.r)
