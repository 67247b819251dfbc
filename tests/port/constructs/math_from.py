from math import sqrt, pi as PI
print(sqrt(16), PI)
