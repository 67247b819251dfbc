f = 3
range_ = 2
zip_ = [1]
enumerate_ = 'e'
print(f'{f:.1f}', [i for i in range(2)], format(1.5, '.2f'))
def op(x):
    return x
print(op(1))
