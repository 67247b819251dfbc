def parse(text):
    try:
        n = int(text)
    except ValueError:
        return 'not a number'
    else:
        return n + 1
print(parse('4'), parse('x'))
