a = {1, 2, 3}
b = {3, 4}
print(sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b))
print(a.issubset({1, 2, 3, 4}), 2 in a, len(a | b))
a.add(9)
a.discard(1)
a.update([7, 8])
print(sorted(a))
seen = set()
for word in "the cat the dog".split():
    if word in seen:
        print("again", word)
    seen.add(word)
print(sorted(seen), {len(w) for w in seen} == {3})
