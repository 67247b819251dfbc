class Window:
    def __init__(self, items, size):
        self.items = items
        self.size = size

    def __len__(self):
        return len(self.items) - self.size + 1

    def __getitem__(self, i):
        if i >= len(self):
            raise IndexError("out of range")
        return self.items[i : i + self.size]

    def __contains__(self, item):
        return item in self.items


w = Window([1, 2, 3, 4], 2)
print(len(w), w[0], [sum(part) for part in w], 3 in w, 9 in w)
it = iter([1, 2])
print(next(it), next(it), next(it, "end"))
