def divide(a, b):
    try:
        return a / b
    except ZeroDivisionError as e:
        return f'error: {e}'
print(divide(1, 2), divide(1, 0))
