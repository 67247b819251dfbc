import itertools
print(list(itertools.chain([1], [2, 3])), list(itertools.product('ab', repeat=2)), list(itertools.combinations([1, 2, 3], 2)))
print(list(itertools.islice(itertools.count(5), 3)), list(itertools.permutations([1, 2])), list(itertools.accumulate([1, 2, 3])))
