def twice(fn):
    def wrapper(*args):
        return fn(*args) + fn(*args)
    return wrapper
def tag(name):
    def decorate(fn):
        def inner(text):
            return f'<{name}>{fn(text)}</{name}>'
        return inner
    return decorate
@twice
def hello(x):
    return x + '!'
@tag('b')
def bold(text):
    return text.upper()
print(hello('hi'), bold('x'))
