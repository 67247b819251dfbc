class Maker:
    made = 0
    @staticmethod
    def double(x):
        return x * 2
    @classmethod
    def create(cls, n):
        obj = cls()
        obj.n = cls.double(n)
        return obj
m = Maker.create(4)
print(m.n, Maker.double(3), m.double(5))
