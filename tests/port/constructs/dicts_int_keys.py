squares = {}
for i in range(4):
    squares[i] = i * i
print(squares, squares[2], 3 in squares, max(squares), sum(squares.values()))
squares[2] += 1
print(squares.get(2), sorted(squares.items(), key=lambda kv: -kv[1]))
