def kind(n):
    if n > 0:
        word = 'positive'
    else:
        word = 'other'
    return word
for value in [1, -1]:
    last = kind(value)
print(last, value)
with_loop = None
for item in ['x', 'y']:
    with_loop = item
print(with_loop)
