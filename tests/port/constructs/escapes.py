print('tab\there', 'back\\slash', 'quote\'s', "new\\n", 'unicode \u00e9 \x41', r'raw\n', '${x} `tick`')
print('''three
lines "quoted" and 'single'
''')
print('a' 'b'
      'c')
