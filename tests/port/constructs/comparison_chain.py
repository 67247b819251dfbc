x = 5
print(1 < x < 10, 1 < x > 8, 1 <= x <= 5 < 6, not 1 < x < 3)
