import numpy as np

x = np.arange(6.0).reshape(2, 3)
print(x, x.shape, x.T.shape, x.ndim, x.size)
print(x.sum(), x.mean(), x.max(), x.min())
print(x.sum(axis=0), x.mean(axis=1))
print(np.zeros((2, 2)), np.ones(3), np.linspace(0.0, 1.0, 5))
print(x[0], x[1, 2], x[:, 1])
print((x * 2 + 1)[0], np.sqrt(np.array([4.0, 9.0])))
