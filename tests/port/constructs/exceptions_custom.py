class AppError(Exception):
    def __init__(self, message, code):
        super().__init__(message)
        self.code = code
class Child(AppError):
    pass
try:
    raise Child('failed', 7)
except AppError as e:
    print(e, e.code)
try:
    assert 1 == 2, 'math'
except AssertionError as e:
    print('assert', e)
