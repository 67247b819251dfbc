print(int('42'), int(3.9), int(-3.9), float('1.5'), float(2), int('ff', 16), str(5) + 'a', str(2.0), bool(0), bool('0'))
print(float('inf'), float('-inf'), 1e16, 123456789012.0, 0.1 + 0.2, int(True), ord('a'), chr(98), hex(255), bin(5))
try:
    int('x1')
except ValueError as e:
    print('bad:', e)
