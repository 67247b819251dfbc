print('%d items, %s, %.3f' % (3, 'abc', 2.0))
print('%5d|%-5d|%05.1f|%e|%x' % (42, 42, 3.14159, 12345.678, 255))
print('%s' % 1.0, '100%%' % (), '%s and %r' % ('a', 'b'))
loss = 0.125
print('loss: %.4f' % loss, '| done: %d%%' % 50)
