words = ['pear', 'fig', 'apple', 'kiwi']
print(sorted(words), sorted(words, key=len), sorted(words, key=lambda w: (-len(w), w)))
words.sort(key=lambda w: w[-1], reverse=True)
print(words, min(words), max(words, key=len))
print(sorted([3, 10, 2]), sorted([0.5, -1.5]))
