a, b = 17, 5
print(a + b, a - b, a * b, a // b, a % b, a ** 3)
print(-7 // 2, -7 % 3, 7 // -2, 7 % -3)
print(a / b, 10 / 5, a << 3, a >> 1, a & 6, a | 8, a ^ 3)
