"""Writes loader_files.jsonl: small image files, and what torchvision's default_loader gives; run by a Python with torchvision."""

import base64
import io
import json
import struct
import tempfile
import zlib
from pathlib import Path

from PIL import Image
from torchvision.datasets.folder import default_loader
from torchvision.transforms.functional import pil_to_tensor

WIDTH, HEIGHT = 5, 3
image = Image.new('RGB', (WIDTH, HEIGHT))
image.putdata([(17 * i, 255 - 11 * i, (i * i * 7) % 256) for i in range(WIDTH * HEIGHT)])


def saved(picture, format, **options):
    file = io.BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))


def png_16(color, channels):
    rows = b''.join(
        b'\0' + b''.join(struct.pack('>H', (y * 9001 + x * 77) % 65536) for x in range(WIDTH * channels)) for y in range(HEIGHT)
    )
    header = struct.pack('>IIBBBBB', WIDTH, HEIGHT, 16, color, 0, 0, 0)
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', header) + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b'')


def top_down(bmp):
    """The same bitmap with its first row first."""
    start, stride = struct.unpack_from('<I', bmp, 10)[0], (WIDTH * 3 + 3) // 4 * 4
    rows = [bmp[start + stride * y : start + stride * (y + 1)] for y in reversed(range(HEIGHT))]
    return bmp[:22] + struct.pack('<i', -HEIGHT) + bmp[26:start] + b''.join(rows)


palette = image.convert('P', palette=Image.Palette.ADAPTIVE, colors=16)
files = {
    '1.bmp': saved(image.convert('1'), 'BMP'),
    '8.bmp': saved(image.convert('L'), 'BMP'),
    'palette.bmp': saved(palette, 'BMP'),
    '24.bmp': saved(image, 'BMP'),
    'down.bmp': top_down(saved(image, 'BMP')),
    '32.bmp': saved(image.convert('RGBA'), 'BMP'),
    'plain.tif': saved(image, 'TIFF'),
    'lzw.tif': saved(image, 'TIFF', compression='tiff_lzw'),
    'grey.tif': saved(image.convert('L'), 'TIFF'),
    'grey16.png': png_16(0, 1),
    'rgb16.png': png_16(2, 3),
    'grey_alpha16.png': png_16(4, 2),
    'rgba16.png': png_16(6, 4),
    'several.gif': saved(palette, 'GIF', save_all=True, append_images=[palette.rotate(180)]),
}
lines = []
with tempfile.TemporaryDirectory() as folder:
    for name, data in files.items():
        (Path(folder) / name).write_bytes(data)
        pixels = pil_to_tensor(default_loader(f'{folder}/{name}'))
        line = {'name': name, 'data': base64.b64encode(data).decode(), 'shape': list(pixels.shape), 'pixels': pixels.flatten().tolist()}
        lines.append(json.dumps(line) + '\n')
Path(__file__).with_name('loader_files.jsonl').write_text(''.join(lines))
