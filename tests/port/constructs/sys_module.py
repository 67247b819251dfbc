import sys
sys.stdout.write('text\n')
print(len(sys.argv) > 0, sys.maxsize > 0)
