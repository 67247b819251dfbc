class Stack:
    def __init__(self):
        self.items = []
    def push(self, x):
        self.items.append(x)
    def __len__(self):
        return len(self.items)
    def __getitem__(self, i):
        return self.items[i]
    def __setitem__(self, i, v):
        self.items[i] = v
    def __contains__(self, x):
        return x in self.items
    def __iter__(self):
        return iter(self.items)
s = Stack()
s.push(1)
s.push(2)
s[0] = 9
print(len(s), s[0], s[-1], 2 in s, [x for x in s], list(s), sum(s))
if s:
    print('full')
