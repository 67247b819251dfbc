# leading comment
x = 1  # trailing comment

# before the block
if x:  # on the if
    # inside
    y = 2
print(x, y)  # end
