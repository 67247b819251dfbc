def sign(x):
    return 'positive' if x > 0 else 'zero' if x == 0 else 'negative'
print(sign(3), sign(0), sign(-1))
