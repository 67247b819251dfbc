s = '  a,b,,c  '
print(s.strip(), s.strip().split(','), s.lstrip() + '|', s.rstrip() + '|')
print('a b  c'.split(), 'a-b-c'.split('-', 1), 'x=1'.partition('='), 'a.b.c'.rsplit('.', 1))
print('abc'.replace('b', '$&'), 'abcabc'.count('bc'), 'abc'.find('z'), 'abc'.index('c'))
print('42'.zfill(5), 'ab'.ljust(4) + '|', 'ab'.rjust(4), 'ab'.center(6, '*'), 'hello world'.title(), 'hello'.capitalize())
print('abc'.startswith('ab'), 'abc'.endswith(('x', 'c')), '12'.isdigit(), 'ab'.isalpha(), ' '.isspace())
print('-'.join(['a', 'b']), ''.join(str(i) for i in range(4)), 'a\nb'.splitlines())
