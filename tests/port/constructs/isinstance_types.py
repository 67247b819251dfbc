for v in [1, 'a', 2.5, [1], (1,), {'k': 1}, None, True]:
    if isinstance(v, bool):
        kind = 'bool'
    elif isinstance(v, (int, float)):
        kind = 'number'
    elif isinstance(v, str):
        kind = 'str'
    elif isinstance(v, (list, tuple)):
        kind = 'sequence'
    elif isinstance(v, dict):
        kind = 'dict'
    else:
        kind = 'none'
    print(kind, end=' ')
print()
