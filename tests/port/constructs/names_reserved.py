new = 1
delete = 2
function = 3
var = new + delete + function
default = {'class': 4}
this = [var]
print(var, default['class'], this)
def f(typeof, let=2):
    return typeof + let
print(f(1), f(typeof=3))
