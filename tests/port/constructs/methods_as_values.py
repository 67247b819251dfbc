from collections import Counter, defaultdict

counts = defaultdict(int)
for char in "hello":
    counts[char] += 1
print(max(counts, key=counts.get), max(Counter("abb"), key=Counter("abb").get))
plain = {"a": 1, "b": 3}
print(max(plain, key=plain.get), list(map(plain.get, ["a", "z"])))
seen = set()
print([word for word in "a b a c b".split() if word in seen or seen.add(word)], sorted(seen))
items = []
print(items.append(1), items.extend([2]), items.reverse(), items)
print(sorted(counts.items(), key=lambda item: (-item[1], item[0])), list(map(int, ["1", "2"])), int("3") + 1)
