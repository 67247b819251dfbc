scores = {"a": 1.5, "b": 2.0}
scores["c"] = 3.25
for name, score in scores.items():
    print(name, score)
for i, (name, score) in enumerate(sorted(scores.items(), reverse=True)):
    print(i, name, score)
print(list(scores.keys()), list(scores.values()), "a" in scores, scores.get("z"), scores.get("z", 0))
inverse = {v: k for k, v in scores.items()}
print(inverse, max(scores, key=scores.get))
merged = {**scores, "d": 4.0}
merged.update({"a": 0.0})
print(merged, len(merged))
print(merged.pop("b"), sorted(merged))
nested = {}
nested.setdefault("x", []).append(1)
nested.setdefault("x", []).append(2)
print(nested)
