class Box:
    pass
b = Box()
setattr(b, 'width', 3)
print(getattr(b, 'width'), getattr(b, 'height', 7), hasattr(b, 'width'), hasattr(b, 'depth'))
