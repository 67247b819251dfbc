import json
text = json.dumps({'a': [1, 2.5, None, True], 'b': 'q"x'})
print(text)
back = json.loads(text)
print(back['a'][1], back['b'], json.dumps([1, {'k': []}], indent=2))
