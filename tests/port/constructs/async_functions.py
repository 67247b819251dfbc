import asyncio


async def load(name, delay):
    await asyncio.sleep(delay)
    print("loaded", name)
    return len(name)


async def numbers(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i * i


class Worker:
    def __init__(self, name):
        self.name = name

    async def run(self):
        size = await load(self.name, 0.01)
        return size + 1


async def main():
    print(await load("first", 0))
    sizes = await asyncio.gather(load("slow", 0.05), load("quick", 0.01))
    print(sizes)
    async for value in numbers(3):
        print(value)
    worker = Worker("worker")
    print(await worker.run())
    return "done"


print(asyncio.run(main()))
