import torch
a = torch.tensor([1.0, 2.0, 3.0])
b = torch.tensor([4.0, 5.0, 6.0])
print(a + b, a - 1, 2 * a, 1 - a, a / 2, 2 / a, a ** 2, 2 ** a, -a, a @ b)
print(a // 2, a % 2, a > 2, a == b, 2 < a, abs(a - 2), (a > 1) & (a < 3), ~(a > 1))
