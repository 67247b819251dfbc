class Scale:
    def __init__(self, k):
        self.k = k
    def __call__(self, x, y=0):
        return self.k * x + y
double = Scale(2)
print(double(5), double(5, y=1), list(map(double, [1, 2])))
