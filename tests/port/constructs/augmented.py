n = 10
n += 5
n -= 3
n *= 2
n //= 5
n **= 2
n %= 7
print(n)
s = 'ab'
s += 'cd'
s *= 2
xs = [1]
ys = xs
xs += [2, 3]
print(s, xs, ys)
