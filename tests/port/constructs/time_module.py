import time
start = time.time()
elapsed = time.time() - start
print(elapsed >= 0, f'{elapsed * 0:.1f}')
