x = 1234.5678
n = 42
print(f"{x:.2f} {x:10.1f}| {x:<10.1f}| {x:,.2f} {x:e} {x:.3g}")
print(f"{n:5d}|{n:<5d}|{n:05d}|{n:+d}|{n:x}|{n:b}|{n:,}")
print(f"{0.256:.1%} {n!r} {'a'!r:>5} {n=} {x=:.1f}")
print("%5.2f|%-6s|%03d|%s" % (x, "ab", 7, [1, 2.0]))
width, digits = 9, 3
print(f"{x:{width}.{digits}f}", f"{'mid':^{width}}|")
print(1e16, 1e-5, 0.1 + 0.2, 100.0, 1 / 3, 2**0.5, float("inf"), -0.0)
