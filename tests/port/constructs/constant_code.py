# The code of a text that stands in the program.
scale = 2
print(eval("scale + 3 * 4"), eval("[1, 2]"), eval("1, 2.5"))
exec("total = scale + 5; print(total)")
exec("total += 1")
print(total)


def area(width):
    return eval("width * width")


print(area(3), [eval("scale") for _ in range(2)])
