class Base:
    def __init__(self, name="base"):
        self.name = name
        self.log = []

    def run(self, n):
        self.log.append(f"base {n}")
        return n

    @classmethod
    def make(cls, name):
        return cls(name)


class Child(Base):
    def __init__(self, name, extra=0):
        super().__init__(name)
        self.extra = extra

    def run(self, n):
        result = super().run(n + 1)
        self.log.append(f"child {n}")
        return result * 10 + self.extra


child = Child("c", extra=5)
print(child.run(2), child.log, child.name)
made = Child.make("m")
print(type(made).__name__, made.name, made.extra)
