a = 0 or 'default'
b = [] or [1]
c = 'x' and 'y'
d = None or 5
e = [1] and []
print(a, b, c, d, e, not [], not 'a')
