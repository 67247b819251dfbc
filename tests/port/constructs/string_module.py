import string
print(string.ascii_lowercase[:3], string.digits, 'A' in string.ascii_uppercase)
