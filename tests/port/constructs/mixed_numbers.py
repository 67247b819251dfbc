total = 0
for x in [0.5, 1.5]:
    total += x
print(f'{total:.1f}', total == 2, 3 == 3.0, 1 == True, 2 > 1.5)
values = [0, 0.5]
print(values, max(values))
