s = 'Hello, World'
print(s.upper(), s.lower(), len(s), s[0], s[-1], s[7:], s[:5], s[::-1], s[-5:-1])
print('World' in s, 'x' not in s, s + '!', 'ab' * 3, "it's", 'say "hi"')
