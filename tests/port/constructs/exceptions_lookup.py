xs, d = [1, 2], {'a': 1}
try:
    print(xs[5])
except IndexError as e:
    print('index', e)
try:
    print(d['b'])
except KeyError as e:
    print('key', e)
try:
    raise RuntimeError('boom')
except (ValueError, RuntimeError) as e:
    print(type(e).__name__, e)
