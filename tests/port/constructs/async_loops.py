import asyncio


async def produce(n):
    for i in range(n):
        yield i


async def total(n):
    s = 0
    async for i in produce(n):
        if i == 3:
            continue
        s += i
    return s


async def guarded():
    try:
        await fail()
    except ValueError as e:
        return str(e)
    finally:
        print("cleaned")


async def fail():
    await asyncio.sleep(0)
    raise ValueError("failed")


async def main():
    print(await total(6))
    print(await guarded())
    results = await asyncio.gather(*[total(i) for i in range(4)])
    print(results)


asyncio.run(main())
