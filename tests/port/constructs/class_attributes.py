class Config:
    lr = 0.1
    layers = [1, 2]
    count = 0
    def __init__(self):
        Config.count += 1
a, b = Config(), Config()
a.lr = 0.5
print(a.lr, b.lr, Config.lr, Config.count, b.layers)
