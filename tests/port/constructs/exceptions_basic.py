def risky(n):
    if n == 0:
        raise ValueError('zero')
    if n == 1:
        raise KeyError('one')
    return n
for n in range(3):
    try:
        print(risky(n))
    except ValueError as e:
        print('value', e)
    except KeyError as e:
        print('key', e)
    finally:
        print('finally')
