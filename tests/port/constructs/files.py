import os
import tempfile
path = os.path.join(tempfile.mkdtemp(), 'a.txt')
with open(path, 'w') as f:
    f.write('one\n')
    f.write('two\n')
with open(path) as f:
    for line in f:
        print(line.strip())
print(open(path).read().split(), os.path.getsize(path))
with open(path, 'a') as f:
    f.write('three')
print(len(open(path).readlines()))
try:
    open(path + '.missing')
except FileNotFoundError:
    print('missing')
