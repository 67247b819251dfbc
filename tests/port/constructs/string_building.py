rows = []
for i in range(3):
    rows.append("%d: %s" % (i, "x" * i))
text = "\n".join(rows)
print(text)
print(" | ".join(f"{v:>6.2f}" for v in [1.0, 2.5, 10.125]))
print("-" * 20)
print("a,b,,c".split(","), "  pad ".strip() + "!", "abc"[::-1], "abc".center(9, "*"))
print("Title case".title(), "x".zfill(3), "a-b-c".rsplit("-", 1), "hello"[1:3])
print("{:<8}|{:^8}|{:>8}".format("l", "c", "r"))
