def attempt(n):
    try:
        x = 10 // n
    except ZeroDivisionError:
        print("divided by zero")
        x = None
    else:
        print("fine", x)
    finally:
        print("finally")
    return x


print(attempt(2))
print(attempt(0))


def nested():
    try:
        try:
            y = int("3")
        except ValueError:
            print("inner")
        else:
            raise KeyError("later")
        finally:
            print("clean")
    except KeyError as e:
        print("outer", e)


nested()
