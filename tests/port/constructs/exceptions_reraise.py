def outer():
    try:
        raise ValueError('inner')
    except ValueError:
        print('cleanup')
        raise
try:
    outer()
except Exception as e:
    print('caught', e)
