import numpy as np
a = np.array([1.0, 2.0, 3.0])
b = np.arange(3)
print(a + b, a * 2, a.mean(), a[1:], a[a > 1], a.shape, np.zeros((2, 2)), np.concatenate([a, a]))
a[0] = 10
print(a, a.sum(), np.argmax(a), len(a))
