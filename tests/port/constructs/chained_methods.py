text = ' A-b-C '
print(text.strip().lower().replace('-', ' ').split()[1].upper())
data = {'k': [1, 2, {'z': 'deep'}]}
print(data['k'][2]['z'][1:], len(data['k']))
