d = {}
for c in 'b1a0':
    d[c] = len(d)
print(d, {ch: i for i, ch in enumerate('zx9')})
back = {i: c for c, i in d.items()}
print(back, ''.join(back[i] for i in [2, 0]))
