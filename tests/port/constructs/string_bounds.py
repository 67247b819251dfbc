s = "the quick  brown fox"
print(s.rsplit(None, 1), s.rsplit(), s.rsplit(" ", 1), s.split(None, 1), "  a  b ".rsplit(None, 5))
print("abcabc".count("bc", 2), "abc".count(""), "aaa".count("aa"), "abab".count("a", 1, 3))
print(s.find("q", 5), s.find("o", 0, 13), s.rfind("o", 0, 14), s.index("q", 1), s.find("x", -3), s.rindex("o"))
print("a\nb\n".splitlines(True), "a\r\nb".splitlines(), "\n\nx".splitlines(), "".splitlines())
print("abc".startswith("b", 1), "abc".endswith("b", 0, 2), "abc".startswith(("x", "b"), 1), "abc".endswith("", 5))
print("abc".replace("", "-"), "abc".replace("", "-", 2), "aaaa".replace("a", "b", 2))
print("a\tbc\td".expandtabs(4), "{: d}|{: .1f}|{: d}".format(5, 2.5, -3), f"{7: d}")
print(list(map(str.upper, ["a", "b"])), sorted(["b", "A"], key=str.lower), [1, 2, 1, 2].index(2, 2), [1, 2, 1].index(1, -1))
for text in ["abc"]:
    print("%s of %d" % (text.upper(), len(text)), {(1, 2), (3, 4)} & {(1, 2)} == {(1, 2)}, (3, 4) in ({(3, 4)} | {(5, 6)}))
