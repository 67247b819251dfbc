grid = [[0] * 3 for _ in range(2)]
grid[0][1] = 5
grid[1][2] += 2
print(grid, [row[1] for row in grid], sum(sum(row) for row in grid))
for row in grid:
    for cell in row:
        print(cell, end=' ')
print()
