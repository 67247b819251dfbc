import os
print(os.path.join('a', 'b', 'c.txt'), os.path.join('./data', '/abs'), os.path.basename('/x/y.pt'), os.path.dirname('/x/y.pt'))
print(os.path.splitext('model.tar.gz'), os.path.exists('/no/such/file'), os.sep)
