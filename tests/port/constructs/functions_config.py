def make(width, height=2, depth=3):
    return width * 100 + height * 10 + depth
config = dict(width=1, depth=5)
print(make(**config), make(4, **{'height': 7}))
