config = {"model": {"layers": [4, 8], "act": "relu"}, "train": {"lr": 0.01, "steps": 3}}
print(config["model"]["layers"][1], config["train"]["lr"])
config["model"]["layers"].append(16)
for width in config["model"]["layers"]:
    print(width * 2)
grid = [[0] * 3 for _ in range(2)]
grid[1][2] = 5
grid[0][0] += 1
print(grid, [row[::-1] for row in grid], [list(col) for col in zip(*grid)])
flat = [x for row in grid for x in row if x]
print(flat)
table = {(0, 1): "a", (1, 0): "b"}
print(table[(0, 1)], (1, 0) in table)
