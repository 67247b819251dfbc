class Managed:
    def __init__(self, name):
        self.name = name
    def __enter__(self):
        print('enter', self.name)
        return self
    def __exit__(self, *args):
        print('exit', self.name)
with Managed('a') as m:
    print('in', m.name)
def use():
    with Managed('b'):
        return 'result'
print(use())
