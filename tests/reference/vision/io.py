"""Small image files and what torchvision makes of them, for tests/vision/io.test.ts; run by hand, as transforms.py is."""

import base64
import io
import json
import pathlib
import struct
import warnings
import zlib

import numpy
import torch
import torchvision
from PIL import Image
from torchvision.io import ImageReadMode, decode_gif, decode_image, encode_jpeg

warnings.simplefilter("ignore")
here = pathlib.Path(__file__).parent


def picture(height, width, channels, coarse=True):
    """Smooth colors with an edge: what compression is made for."""
    y, x = numpy.mgrid[0:height, 0:width].astype(numpy.float64)
    planes = [
        127 + 100 * numpy.sin(x / 5 + c) * numpy.cos(y / (4 + c)) + (20 if coarse else 0) * ((x + y) % 7 > 3)
        for c in range(channels)
    ]
    return numpy.clip(numpy.stack(planes, -1), 0, 255).astype(numpy.uint8)


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def deep_rgb():
    """A PNG file of 16 bits and three channels, which PIL does not write."""
    rows = (picture(6, 7, 3).astype(numpy.uint32) * 257 % 65521).astype(">u2")
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", 7, 6, 16, 2, 0, 0, 0)
    content = b"".join(b"\0" + row.tobytes() for row in rows)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(content)) + chunk(b"IEND", b"")


def files():
    rgb = Image.fromarray(picture(24, 37, 3))
    gray = Image.fromarray(picture(19, 22, 1)[:, :, 0])
    rgba = Image.fromarray(picture(16, 21, 4))
    la = Image.fromarray(picture(13, 15, 2), "LA")
    exif = Image.Exif()
    exif[0x0112] = 6
    palette = rgb.quantize(16)
    deep = Image.fromarray((picture(9, 11, 1)[:, :, 0].astype(numpy.uint16) * 257 + 3))
    frames = [Image.fromarray(picture(12, 14 , 3) // (1 + i)) for i in range(3)]
    return {
        "rgb.jpg": saved(rgb, "JPEG", quality=80),
        "rgb_444.jpg": saved(rgb, "JPEG", quality=92, subsampling=0),
        "progressive.jpg": saved(rgb, "JPEG", quality=60, progressive=True),
        "gray.jpg": saved(gray, "JPEG", quality=80),
        "cmyk.jpg": saved(rgb.convert("CMYK"), "JPEG", quality=85),
        "inked.jpg": saved(Image.fromarray(picture(16, 19, 4), "CMYK"), "JPEG", quality=85),
        "vivid.jpg": saved(Image.fromarray((picture(16, 19, 3) > 127).astype(numpy.uint8) * 255), "JPEG", quality=40),
        "deep_rgb.png": deep_rgb(),
        "turned.jpg": saved(rgb, "JPEG", quality=80, exif=exif),
        "rgb.png": saved(rgb, "PNG"),
        "gray.png": saved(gray, "PNG"),
        "rgba.png": saved(rgba, "PNG"),
        "la.png": saved(la, "PNG"),
        "palette.png": saved(palette, "PNG"),
        "bits.png": saved(gray.convert("1"), "PNG"),
        "deep.png": saved(deep, "PNG"),
        "rgb.webp": saved(rgb, "WEBP", quality=80),
        "lossless.webp": saved(rgba, "WEBP", lossless=True),
        "one.gif": saved(rgb, "GIF"),
        "three.gif": saved(frames[0], "GIF", save_all=True, append_images=frames[1:]),
    }


def shown(tensor):
    array = tensor.contiguous().numpy()
    return {
        "dtype": str(tensor.dtype),
        "shape": list(tensor.shape),
        "bytes": base64.b64encode(array.tobytes()).decode(),
    }


def attempt(run):
    try:
        return shown(run())
    except Exception as error:
        return {"error": str(error).split("\n")[0]}


def main():
    lines = [{"torchvision": torchvision.__version__}]
    for name, content in files().items():
        data = torch.frombuffer(bytearray(content), dtype=torch.uint8)
        results = {mode.name: attempt(lambda: decode_image(data, mode)) for mode in ImageReadMode}
        if name == "turned.jpg":
            results["turned"] = attempt(lambda: decode_image(data, apply_exif_orientation=True))
        if name.endswith(".gif"):
            results["gif"] = attempt(lambda: decode_gif(data))
        lines.append({"name": name, "content": base64.b64encode(content).decode(), "decoded": results})
    for quality in (10, 75, 95):
        for channels in (1, 3):
            image = torch.from_numpy(picture(21, 26, channels)).permute(2, 0, 1).contiguous()
            encoded = encode_jpeg(image, quality)
            lines.append({"quality": quality, "image": shown(image), "encoded": shown(encoded), "decoded": shown(decode_image(encoded))})
    (here / "io_results.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


main()
