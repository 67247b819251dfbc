print('{} {}'.format(1, 'a'), '{1} {0}'.format('x', 'y'), '{a:.2f} {b}'.format(a=1.5, b=[1]))
print('{:>5}|{:<5}|{:^5}|{:05d}'.format('a', 'b', 'c', 42), '{{}} {!r}'.format('q'))
print('{} {} {}'.format(1.0, True, None))
