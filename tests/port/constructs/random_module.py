import random
random.seed(3)
print(random.random(), random.randint(1, 10), random.uniform(0, 2), random.choice(['a', 'b', 'c']))
xs = [1, 2, 3, 4]
random.shuffle(xs)
print(xs, random.sample(range(10), 3))
