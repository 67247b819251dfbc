import math
print(math.sqrt(2), math.pi, math.floor(2.7), math.ceil(2.1), math.exp(1), math.log(10), math.log2(8), math.pow(2, 3))
print(math.sin(0.5), math.isnan(float('nan')), math.inf, math.gcd(12, 18), math.factorial(5), math.prod([1, 2, 3]))
