print(list(map(int, ['1', '2'])), list(map(lambda x: x * 2, [1, 2])), list(map(str, [1, 2.5])))
print(list(filter(lambda x: x > 1, [1, 2, 3])), list(filter(None, [0, 1, 2])), list(map(lambda a, b: a + b, [1, 2], [3, 4])))
