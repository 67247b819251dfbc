def log(name, *values, sep='-', end='.'):
    return name + ':' + sep.join(str(v) for v in values) + end
print(log('a', 1, 2), log('b', 3, sep='+'), log('c'))
