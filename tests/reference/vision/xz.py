"""Writes files of xz into a folder, and prints the MD5 of the content of each; for tests/vision/xz.test.ts."""

import hashlib
import io
import json
import lzma
import os
import random
import sys
import tarfile

folder = sys.argv[1]
random.seed(0)
words = [bytes(random.choices(b"abcdefgh ", k=random.randint(1, 12))) for _ in range(400)]
text = b" ".join(random.choices(words, k=90000))
noise = random.randbytes(150000)
ramp = bytes(i * i // 300 % 256 for i in range(200000))
mixed = b"".join((text[:70000], noise[:70000], bytes(300000), ramp, text[-50000:]))
LZMA2 = {"id": lzma.FILTER_LZMA2}
FILES = {
    "empty": lzma.compress(b""),
    "one": lzma.compress(b"x"),
    "text": lzma.compress(text),
    "noise": lzma.compress(noise),
    "zeros": lzma.compress(bytes(3_000_000)),
    "mixed": lzma.compress(mixed, preset=9 | lzma.PRESET_EXTREME),
    "fast": lzma.compress(mixed, preset=0),
    "unchecked": lzma.compress(text, check=lzma.CHECK_NONE),
    "crc32": lzma.compress(text, check=lzma.CHECK_CRC32),
    "sha256": lzma.compress(text, check=lzma.CHECK_SHA256),
    "contexts": lzma.compress(ramp, filters=[{**LZMA2, "lc": 0, "lp": 4, "pb": 4}]),
    "other_contexts": lzma.compress(mixed, filters=[{**LZMA2, "lc": 1, "lp": 2, "pb": 0, "dict_size": 4096}]),
    "two_streams": lzma.compress(text[:5000]) + lzma.compress(noise[:5000]),
}
for name, packed in FILES.items():
    with open(os.path.join(folder, name + ".bin.xz"), "wb") as file:
        file.write(packed)
with open(os.path.join(folder, "filtered.bin.xz"), "wb") as file:
    file.write(lzma.compress(text, filters=[{"id": lzma.FILTER_DELTA, "dist": 4}, LZMA2]))
with tarfile.open(os.path.join(folder, "good.tar.xz"), "w:xz") as tar:
    for name in ("a.txt", "b/c.txt"):
        member = tarfile.TarInfo(name)
        member.size = len(name)
        tar.addfile(member, io.BytesIO(name.encode()))
print(json.dumps({name: hashlib.md5(lzma.decompress(packed)).hexdigest() for name, packed in FILES.items()}))
