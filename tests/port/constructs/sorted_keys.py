people = [("ann", 30), ("bob", 25), ("cid", 30)]
print(sorted(people, key=lambda p: p[1]))
print(sorted(people, key=lambda p: (-p[1], p[0])))
print(sorted(people, key=lambda p: p[0], reverse=True))
words = ["pear", "fig", "apple"]
words.sort(key=len)
print(words, max(words, key=len), min(words))
counts = {"a": 3, "b": 1, "c": 2}
print(sorted(counts, key=counts.get), sorted(counts.items(), key=lambda kv: kv[1], reverse=True))
