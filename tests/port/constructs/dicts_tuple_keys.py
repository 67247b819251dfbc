counts = {}
for pair in [('a', 'b'), ('b', 'c'), ('a', 'b')]:
    counts[pair] = counts.get(pair, 0) + 1
print(counts, counts[('a', 'b')], max(counts, key=counts.get))
