"""Makes small files in the layout of each dataset, always the same: archives.py FOLDER.

Needs Python and numpy; MATLAB's files are written here, after the description of their format.
"""

import bz2
import gzip
import io
import json
import os
import pickle
import struct
import sys
import tarfile
import zipfile
import zlib

import numpy as np

root = sys.argv[1]
random = np.random.RandomState(5)


def path(*parts):
    full = os.path.join(root, *parts)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    return full


def write(data, *parts):
    with open(path(*parts), "wb") as file:
        file.write(data)


def pixels(*shape):
    return random.randint(0, 256, shape).astype(np.uint8)


def ppm(height, width):
    return b"P6\n%d %d\n255\n" % (width, height) + pixels(height, width, 3).tobytes()


def png(rows, palette):
    """Rows of indices, with each of the five filters in turn."""
    height, width = rows.shape
    lines = b""
    above = np.zeros(width, np.int64)
    for y, row in enumerate(rows.astype(np.int64)):
        left = np.concatenate([[0], row[:-1]])
        corner = np.concatenate([[0], above[:-1]])
        kind = y % 5
        estimate = left + above - corner
        distances = np.abs(np.stack([estimate - left, estimate - above, estimate - corner]))
        paeth = np.where(
            (distances[0] <= distances[1]) & (distances[0] <= distances[2]),
            left,
            np.where(distances[1] <= distances[2], above, corner),
        )
        guess = [np.zeros(width, np.int64), left, above, (left + above) // 2, paeth][kind]
        lines += bytes([kind]) + ((row - guess) % 256).astype(np.uint8).tobytes()
        above = row

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 3 if palette else 0, 0, 0, 0)
    colors = chunk(b"PLTE", bytes(range(256)) * 3) if palette else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + colors + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


# ---- MATLAB


def element(kind, data):
    if 0 < len(data) <= 4:
        return struct.pack("<HH", kind, len(data)) + data.ljust(4, b"\0")
    return struct.pack("<II", kind, len(data)) + data + b"\0" * (-len(data) % 8)


def matrix(name, array_class, shape, content):
    return element(
        14,
        element(6, struct.pack("<II", array_class, 0))
        + element(5, struct.pack("<%di" % len(shape), *shape))
        + element(1, name.encode())
        + content,
    )


def numbers(name, array):
    kinds = {"uint8": (9, 2), "uint16": (11, 4), "float64": (6, 9)}
    array_class, kind = kinds[str(array.dtype)]
    shape = array.shape if array.ndim > 1 else (1,) + array.shape
    return matrix(name, array_class, shape, element(kind, array.tobytes("F")))


def text(name, value):
    return matrix(name, 4, (1, len(value)), element(4, value.encode("utf-16le")))


def small_double(name, value):
    """As MATLAB stores whole numbers: in as few bytes as will do."""
    return matrix(name, 6, (1, 1), element(2, bytes([value])))


def structs(name, rows):
    names = list(rows[0])
    length = 32
    content = element(5, struct.pack("<i", length)) + element(1, b"".join(n.encode().ljust(length, b"\0") for n in names))
    return matrix(name, 2, (len(rows), 1), content + b"".join(row[n] for row in rows for n in names))


def mat(*variables, compress=True):
    header = b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack("<H", 0x0100) + b"IM"
    body = b""
    for variable in variables:
        if compress:
            packed = zlib.compress(variable)
            variable = struct.pack("<II", 15, len(packed)) + packed
        body += variable
    return header + body


# ---- Datasets


def cifar(folder, names, label_key, meta, classes, protocol):
    for name in names:
        images = pixels(4, 3072)
        labels = random.randint(0, len(classes), 4).tolist()
        entry = {"data": images, label_key: labels, "filenames": ["%d.png" % i for i in range(4)], "batch_label": name}
        write(pickle.dumps(entry, protocol=protocol), folder, name)
    write(pickle.dumps(meta, protocol=protocol), folder, "batches.meta" if "label_names" in meta else "meta")


ten = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
cifar(
    "cifar-10-batches-py",
    ["data_batch_%d" % i for i in range(1, 6)] + ["test_batch"],
    "labels",
    {"label_names": ten, "num_cases_per_batch": 4, "num_vis": 3072},
    ten,
    2,
)
fine = ["fine%d" % i for i in range(100)]
cifar("cifar-100-python", ["train", "test"], "fine_labels", {"fine_label_names": fine, "coarse_label_names": []}, fine, 4)
# As Python 2 has written it, whose texts are bytes: the published files are such.
image = bytes(range(256)) * 12
old = (
    b"\x80\x02}(U\x04datacnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
    b"(K\x01K\x01M\x00\x0c\x86cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T"
    + struct.pack("<i", 3072)
    + image
    + b"tbU\x06labels]K\x07au."
)
write(old, "python2", "batch")

for name, count in (("train", 5), ("test", 3)):
    labels = np.array([[10], [1], [2], [9], [10]][:count], np.uint8)
    write(mat(numbers("X", pixels(32, 32, 3, count)), numbers("y", labels)), name + "_32x32.mat")

for name, count in (("train", 6), ("unlabeled", 2), ("test", 3)):
    write(pixels(count, 3, 96, 96).tobytes(), "stl10_binary", name + "_X.bin")
    if name != "unlabeled":
        write(bytes(random.randint(1, 11, count).tolist()), "stl10_binary", name + "_y.bin")
write(b"\n".join(name.encode() for name in ten) + b"\n", "stl10_binary", "class_names.txt")
write(b"".join(b"%d %d \n" % (i % 6, (i + 2) % 6) for i in range(10)), "stl10_binary", "fold_indices.txt")

for name in ("cat/b.ppm", "cat/a.PPM", "cat/x y/c.ppm", "cat/x/d.ppm", "dog/a.ppm", "dog/skip.txt", "Zebra/a.ppm"):
    write(ppm(3, 4), "folder", *name.split("/"))

for category in ("Faces", "ant"):
    for i in (1, 2):
        write(ppm(4, 5), "caltech101", "101_ObjectCategories", category, "image_%04d.jpg" % i)
        contour = random.rand(2, 3)
        folder = {"Faces": "Faces_2"}.get(category, category)
        write(
            mat(numbers("box_coord", random.rand(1, 4)), numbers("obj_contour", contour), compress=False),
            "caltech101", "Annotations", folder, "annotation_%04d.mat" % i,
        )
write(ppm(2, 2), "caltech101", "101_ObjectCategories", "BACKGROUND_Google", "image_0001.jpg")
for label, category in enumerate(("001.ak47", "002.flag")):
    for i in (1, 2):
        write(ppm(4, 5), "caltech256", "256_ObjectCategories", category, "%03d_%04d.jpg" % (label + 1, i))
    write(b"", "caltech256", "256_ObjectCategories", category, "notes.txt")

for split in ("train", "test"):
    metadata = {"pie": ["pie/%s1" % split, "pie/%s2" % split], "cake": ["cake/%s1" % split]}
    write(json.dumps(metadata).encode(), "food-101", "meta", split + ".json")
    for images in metadata.values():
        for name in images:
            write(ppm(3, 3), "food-101", "images", *(name + ".jpg").split("/"))

write(mat(numbers("labels", np.array([3, 1, 102, 2, 3], np.uint8))), "flowers-102", "imagelabels.mat")
ids = {"trnid": [2, 4], "valid": [1, 4], "tstid": [3, 5]}
write(
    mat(*[numbers(name, np.array(values, np.uint16)) for name, values in ids.items()]), "flowers-102", "setid.mat"
)
for i in range(1, 6):
    write(ppm(2, 3), "flowers-102", "jpg", "image_%05d.jpg" % i)

for split, rows in (("trainval", ["great_pyrenees_1 2 2 1", "Abyssinian_10 1 1 1"]), ("test", ["Abyssinian_2 1 1 1"])):
    write(("\n".join(rows) + "\n").encode(), "oxford-iiit-pet", "annotations", split + ".txt")
    for row in rows:
        name = row.split()[0]
        write(ppm(5, 4), "oxford-iiit-pet", "images", name + ".jpg")
        write(png(random.randint(1, 4, (5, 4)), False), "oxford-iiit-pet", "annotations", "trimaps", name + ".png")

for sign in ("00000", "00014"):
    for i in range(2):
        write(ppm(4, 4), "gtsrb", "GTSRB", "Training", sign, "00000_%05d.ppm" % i)
    write(b"Filename;Width\n", "gtsrb", "GTSRB", "Training", sign, "GT-%s.csv" % sign)
for i in range(2):
    write(ppm(4, 4), "gtsrb", "GTSRB", "Final_Test", "Images", "%05d.ppm" % i)
write(b"Filename;Width;Height;ClassId\r\n00000.ppm;4;4;16\r\n00001.ppm;4;4;1\r\n", "gtsrb", "GT-final_test.csv")

for label in ("Forest", "AnnualCrop"):
    write(ppm(2, 2), "eurosat", "2750", label, label + "_1.ppm")

people = ["%06d.jpg" % i for i in range(1, 6)]
for name in people:
    write(ppm(3, 2), "celeba", "img_align_celeba", name)


def table(name, header, columns, low, high):
    rows = ["%s %s" % (person, "  ".join(map(str, random.randint(low, high, columns)))) for person in people]
    head = ["5", " ".join(header)] if header else []
    write(("\n".join(head + rows) + "\n").encode(), "celeba", name)


write("".join("%s %d\n" % (name, part) for name, part in zip(people, [0, 0, 1, 2, 0])).encode(), "celeba", "list_eval_partition.txt")
table("identity_CelebA.txt", None, 1, 1, 99)
table("list_bbox_celeba.txt", ["image_id", "x_1", "y_1", "width", "height"], 4, 1, 99)
table("list_landmarks_align_celeba.txt", ["lefteye_x", "lefteye_y"] + ["p%d" % i for i in range(8)], 10, 1, 99)
attributes = ["%s %s" % (name, " ".join(["%2d" % v for v in random.choice([-1, 1], 40)])) for name in people]
write(("5\n" + " ".join("attr%d" % i for i in range(40)) + " \n" + "\n".join(attributes) + "\n").encode(), "celeba", "list_attr_celeba.txt")

voc = ("VOCdevkit", "VOC2012")
for i, name in enumerate(("2007_000032", "2007_000033")):
    write(ppm(6, 5), *voc, "JPEGImages", name + ".jpg")
    write(png(random.choice([0, 1, 15, 255], (6, 5)), True), *voc, "SegmentationClass", name + ".png")
    objects = "".join(
        "<object>\n\t<name>a &amp; b %d</name>\n\t<bndbox><xmin>%d</xmin></bndbox>\n</object>\n" % (j, j) for j in range(i + 1)
    )
    write(
        ('<?xml version="1.0"?>\n<!-- one --><annotation>\n\t<folder>VOC2012</folder><empty/>\n\t<size a="1"><width>5</width></size>%s</annotation>\n' % objects).encode(),
        *voc, "Annotations", name + ".xml",
    )
for folder in ("Main", "Segmentation"):
    write(b"2007_000032\n2007_000033\n", *voc, "ImageSets", folder, "train.txt")

coco = {
    "images": [{"id": 9, "file_name": "b.ppm"}, {"id": 4, "file_name": "a.ppm"}],
    "annotations": [
        {"id": 1, "image_id": 9, "bbox": [1, 2, 3, 4], "category_id": 2, "caption": "one"},
        {"id": 2, "image_id": 4, "bbox": [0, 0, 1, 1], "category_id": 7, "caption": "two"},
        {"id": 3, "image_id": 9, "bbox": [5, 5, 1, 1], "category_id": 2, "caption": "three"},
    ],
}
write(json.dumps(coco).encode(), "coco", "annotations.json")
for name in ("a.ppm", "b.ppm"):
    write(ppm(2, 4), "coco", name)

for name, count in (("usps.bz2", 3), ("usps.t.bz2", 2)):
    lines = []
    for i in range(count):
        values = (random.randint(-1000, 1001, 256) / 1000).tolist()
        lines.append("%d " % (i * 3 + 1) + " ".join("%d:%g" % (j + 1, v) for j, v in enumerate(values)) + " ")
    write(bz2.compress(("\n".join(lines) + "\n").encode()), name)


def idx(kind, array):
    code = {"uint8": 8, "int32": 12}[kind]
    sizes = struct.pack(">%dI" % array.ndim, *array.shape)
    return bytes([0, 0, code, array.ndim]) + sizes + array.astype(">i4" if kind == "int32" else "u1").tobytes()


for part in ("train", "test"):
    write(idx("uint8", pixels(3, 28, 28)), "EMNIST", "raw", "emnist-letters-%s-images-idx3-ubyte" % part)
    write(idx("uint8", np.array([1, 26, 5])), "EMNIST", "raw", "emnist-letters-%s-labels-idx1-ubyte" % part)
    write(idx("uint8", pixels(3, 28, 28)), "QMNIST", "raw", "qmnist-%s-images-idx3-ubyte" % part)
    write(idx("int32", random.randint(0, 10, (3, 8))), "QMNIST", "raw", "qmnist-%s-labels-idx2-int" % part)

# ---- ImageNet's archives


def tar_of(files, mode="w"):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as tar:
        for name, data in files:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return stream.getvalue()


synsets = [
    {"ILSVRC2012_ID": small_double("", i), "WNID": text("", wnid), "words": text("", words), "gloss": text("", "-"),
     "num_children": small_double("", children)}
    for i, wnid, words, children in ((1, "n01", "tench, Tinca", 0), (2, "n02", "shark", 0), (3, "n03", "fish", 2))
]
devkit = [
    ("ILSVRC2012_devkit_t12/data/meta.mat", mat(structs("synsets", synsets))),
    ("ILSVRC2012_devkit_t12/data/ILSVRC2012_validation_ground_truth.txt", b"2\n1\n2\n"),
]
write(tar_of(devkit, "w:gz"), "imagenet", "ILSVRC2012_devkit_t12.tar.gz")
write(
    tar_of([(wnid + ".tar", tar_of([("%s_%d.ppm" % (wnid, i), ppm(2, 2)) for i in (1, 2)])) for wnid in ("n02", "n01")]),
    "imagenet", "ILSVRC2012_img_train.tar",
)
write(tar_of([("val_%d.ppm" % i, ppm(2, 2)) for i in (2, 1, 3)]), "imagenet", "ILSVRC2012_img_val.tar")

# ---- Archives of any kind, good and hostile

long_name = "/".join(["a" * 60] * 3) + "/end.txt"
for kind, form in (("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT), ("ustar", tarfile.USTAR_FORMAT)):
    with tarfile.open(path("archives", kind + ".tar"), "w", format=form) as tar:
        for name in ("empty/", long_name, "x/y.txt"):
            member = tarfile.TarInfo(name.rstrip("/"))
            if name.endswith("/"):
                member.type = tarfile.DIRTYPE
                tar.addfile(member)
                continue
            data = (name * 40).encode()
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
with open(path("archives", "pax.tar"), "rb") as file:
    plain = file.read()
write(gzip.compress(plain), "archives", "packed.tar.gz")
write(gzip.compress(plain), "archives", "packed.tgz")
write(bz2.compress(plain), "archives", "packed.tar.bz2")
write(gzip.compress(b"text"), "archives", "note.txt.gz")
write(bz2.compress(b"abcabcabc" * 5000 + bytes(range(256)) * 900 + b"z" * 70000), "archives", "note.txt.bz2")
write(bz2.compress(b"one") + bz2.compress(b"two"), "archives", "two.txt.bz2")
write(gzip.compress(plain)[:200], "archives", "cut.tar.gz")
write(plain[:700], "archives", "cut.tar")
write(b"x" * 2048, "archives", "none.tar")


def hostile(name, member_name, kind=tarfile.REGTYPE, link=""):
    with tarfile.open(path("archives", name + ".tar"), "w") as tar:
        member = tarfile.TarInfo(member_name)
        member.type = kind
        member.linkname = link
        member.size = 4 if kind == tarfile.REGTYPE else 0
        tar.addfile(member, io.BytesIO(b"evil") if kind == tarfile.REGTYPE else None)


hostile("parent", "../evil.txt")
hostile("inner_parent", "a/../../evil.txt")
hostile("absolute", "/tmp/evil.txt")
hostile("drive", "C:\\evil.txt")
hostile("backslash", "..\\evil.txt")
hostile("symlink", "link", tarfile.SYMTYPE, "..")
hostile("hardlink", "link", tarfile.LNKTYPE, "/etc/passwd")
hostile("device", "tty", tarfile.CHRTYPE)
for name, member in (("good", "a/b.txt"), ("parent", "../evil.txt"), ("absolute", "/evil.txt")):
    with zipfile.ZipFile(path("archives", name + ".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, "evil" if name != "good" else "b" * 5000)
        archive.writestr("c/", "")

# ---- Datasets of labels


def lines(rows, *parts):
    write(("\n".join(rows) + "\n").encode(), *parts)


textures = ["zigzag/z_1.jpg", "banded/b_1.jpg", "banded/b_2.jpg"]
lines(textures, "dtd", "dtd", "labels", "train1.txt")
lines(textures[1:2], "dtd", "dtd", "labels", "val7.txt")
for name in textures:
    write(ppm(3, 2), "dtd", "dtd", "images", *name.split("/"))

lines(["/b/abbey", "/a/airport/outdoor", "/a/airport"], "SUN397", "ClassName.txt")
for name in ("b/abbey/sun_b.jpg", "a/airport/outdoor/sun_c.jpg", "a/airport/sun_a.jpg", "a/airport/other.jpg", "a/airport/sun_z.jpg"):
    write(ppm(3, 2), "SUN397", *name.split("/"))

lines(["/b/beach 1", "/a/alley 0"], "places", "categories_places365.txt")
lines(["/b/beach/1.jpg 1", "/a/alley/2.jpg 0"], "places", "places365_train_standard.txt")
lines(["v1.jpg 0", "v2.jpg 1"], "places", "places365_val.txt")
lines(["t1.jpg"], "places", "places365_test.txt")
for name in ("data_large_standard/b/beach/1.jpg", "data_large_standard/a/alley/2.jpg", "val_256/v1.jpg", "val_256/v2.jpg", "test_large/t1.jpg"):
    write(ppm(2, 3), "places", *name.split("/"))


def face():
    return " ".join(map(str, pixels(48 * 48)))


lines(["emotion,pixels", "3,%s" % face(), '0,"%s"' % face()], "faces", "fer2013", "train.csv")
lines(["pixels", face()], "faces", "fer2013", "test.csv")
uses = ["Training", "PublicTest", "PrivateTest", "Training"]
lines(["emotion,pixels,Usage"] + ["%d,%s,%s" % (i, face(), use) for i, use in enumerate(uses)], "faces_fer", "fer2013", "fer2013.csv")
lines(["emotion, Usage, pixels"] + ["%d,%s,%s" % (i, use, face()) for i, use in enumerate(uses)], "faces_icml", "fer2013", "icml_face_data.csv")

for name in ("train/FR/1.jpg", "train/FR/2.jpg", "train/AD/1.jpg", "valid/AD/1.jpg", "test/AD/1.jpg"):
    write(ppm(2, 2), "country211", *name.split("/"))

aircraft = ("fgvc-aircraft-2013b", "data")
for level, name, classes in (("variant", "variants", ["707-320", "A340 x"]), ("family", "families", ["Boeing 707", "A340"]), ("manufacturer", "manufacturers", ["Boeing", "Airbus"])):
    lines(classes, *aircraft, name + ".txt")
    for part in ("trainval", "test"):
        lines(["%s%d %s" % (part, i, classes[i]) for i in (1, 0)], *aircraft, "images_%s_%s.txt" % (level, part))
for part in ("trainval", "test"):
    for i in (0, 1):
        write(ppm(3, 4), *aircraft, "images", "%s%d.jpg" % (part, i))

for name in ("train/n03888257/1.JPEG", "train/n01440764/2.JPEG", "train/n01440764/1.JPEG", "train/n01440764/1.txt", "val/n03888257/1.JPEG"):
    write(ppm(3, 3), "imagenette2-160", *name.split("/"))

for name in ("train/positive/1.png", "train/negative/1.png", "train/negative/2.png", "valid/positive/1.png", "valid/negative/1.png"):
    write(ppm(2, 5), "rendered-sst2", *name.split("/"))

for part, counts in (("train", {"CLEVR_train_000001.png": 4, "CLEVR_train_000000.png": 2}), ("test", {"CLEVR_test_000000.png": 0})):
    for name in counts:
        write(ppm(3, 4), "clevr", "CLEVR_v1.0", "images", part, name)
    scenes = [{"image_filename": name, "objects": [{"shape": "cube"}] * count} for name, count in counts.items()]
    if part == "train":
        write(json.dumps({"info": {}, "scenes": scenes}).encode(), "clevr", "CLEVR_v1.0", "scenes", "CLEVR_train_scenes.json")

rows = []
for label in (7, 0, 9):
    drawn = ["%.4f" % value for value in random.randint(0, 2, 256)]
    rows.append(" ".join(drawn + [str(int(i == label)) for i in range(10)]) + " ")
lines(rows, "semeion.data")

for part, characters in (("images_background", ("Greek/character01", "Greek/character02", "Arcadian/character01")), ("images_evaluation", ("Oriya/character01",))):
    for character in characters:
        for i in (2, 1):
            write(png(random.randint(0, 2, (5, 4)) * 255, False), "omniglot-py", part, *character.split("/"), "000%d.png" % i)
    write(b"", "omniglot-py", part + ".zip")

# ---- Datasets with other targets


def plain_png(array):
    """A grey image, or one with the channels last, of 8 or 16 bits, without filters."""
    height, width, channels = array.shape if array.ndim == 3 else array.shape + (1,)
    depth = 8 * array.dtype.itemsize
    values = array.astype(">u2" if depth == 16 else "u1").reshape(height, -1)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, depth, {1: 0, 3: 2, 4: 6}[channels], 0, 0, 0)
    rows = b"".join(b"\0" + row.tobytes() for row in values)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


names = ["00000_Animalia_Chordata_Aves_P_F_G_one", "00001_Animalia_Chordata_Aves_P_F2_G_two", "00002_Plantae_T_M_P2_F2_G3_three"]
for name in names:
    for i in (1, 2):
        write(ppm(2, 2), "inaturalist", "2021_valid", name, "%d.jpg" % i)
for name in ("Birds/1", "Birds/0", "Fungi/2"):
    write(ppm(2, 2), "inaturalist", "2018", *name.split("/"), "x.jpg")
for name in ("Birds/Corvus corax", "Birds/Apus apus", "Fungi/Boletus edulis"):
    write(ppm(2, 2), "inaturalist", "2017", *name.split("/"), "x.jpg")

write(b"", "lfw-py", "lfw-funneled.tgz")
people = {"Ann_Li": 3, "Bo": 2, "Cy_Mo": 1}
for name, count in people.items():
    for i in range(1, count + 1):
        write(ppm(3, 2), "lfw-py", "lfw_funneled", name, "%s_%04d.jpg" % (name, i))
lines(["%s\t%d" % item for item in people.items()], "lfw-py", "lfw-names.txt")
lines(["2", "1", "Bo\t2", "2", "Ann_Li\t3", "Cy_Mo\t1"], "lfw-py", "people.txt")
lines(["1", "Cy_Mo\t1"], "lfw-py", "peopleDevTrain.txt")
lines(["2\t1", "Ann_Li\t1\t3", "Bo\t2\tCy_Mo\t1", "Bo\t1\t2", "Ann_Li\t2\tBo\t1"], "lfw-py", "pairs.txt")
lines(["1", "Ann_Li\t2\t3", "Bo\t1\tCy_Mo\t1"], "lfw-py", "pairsDevTest.txt")

page = "<html><table><tr><td><ul><li>no image yet</li></ul></td></tr>"
for name, captions in (("20", ["A dog &amp; a cat .", " Two."]), ("3", ["One."]), (None, ["Lost."])):
    page += "<tr><td>" + ("Image Not Found" if name is None else '<a href="x">http://www.flickr.com/photos/9/%s/</a>' % name)
    page += "</td><td><ul>" + "".join("<li>%s </li>" % caption for caption in captions) + "</ul></td></tr>\n"
write((page + "</table><ul><li>Not of the table</li></ul></html>").encode(), "flickr", "captions.html")
for name in ("20_a.jpg", "3_b.jpg", "1000.jpg", "99.jpg"):
    write(ppm(2, 3), "flickr", name)
lines(["99.jpg#0\tTwo dogs .", "1000.jpg#0\tOne.", "99.jpg#1\tDogs again ."], "flickr", "captions.token")

for i, objects in enumerate((["Car 0.00 0 -1.57 599.41 156.40 629.75 189.25 2.85 2.63 12.34 0.47 1.49 69.44 -1.56", "DontCare -1 -1 -10 503.89 169.71 590.61 190.13 -1 -1 -1 -1000 -1000 -1000 -10"], ["Pedestrian 0.50 3 0.21 1 2 3 4 5 6 7 8 9 10 0.01"])):
    write(ppm(3, 4), "Kitti", "raw", "training", "image_2", "00000%d.png" % i)
    lines(objects, "Kitti", "raw", "training", "label_2", "00000%d.txt" % i)
write(ppm(3, 4), "Kitti", "raw", "testing", "image_2", "000000.png")

for part, images in (("train", ["0--P/a.jpg", "0--P/b.jpg", "1--H/c.jpg"]), ("val", ["0--P/v.jpg"]), ("test", ["0--P/t.jpg", "1--H/u.jpg"])):
    for name in images:
        write(ppm(3, 2), "widerface", "WIDER_" + part, "images", *name.split("/"))
    rows = []
    for name, count in zip(images, (2, 0, 1)):
        rows += [name, str(count)] + [" ".join(map(str, random.randint(0, 99, 10))) + " " for _ in range(max(count, 1))]
    kind = ("test_filelist", images) if part == "test" else (part + "_bbx_gt", rows)
    write(("\n".join(row.rstrip() for row in kind[1]) + "\n").encode(), "widerface", "wider_face_split", "wider_face_%s.txt" % kind[0])

stream = io.BytesIO()
np.save(stream, pixels(20, 2, 3, 2))
write(stream.getvalue(), "MovingMNIST", "mnist_test_seq.npy")

lines(["http://x/p/1.jpg", "http://x/p/gone.jpg", "http://x/p/3.jpg"], "sbu", "dataset", "SBU_captioned_photo_dataset_urls.txt")
lines(["First .", "Gone .", "Third ."], "sbu", "dataset", "SBU_captioned_photo_dataset_captions.txt")
write(b"", "sbu", "SBUCaptionedPhotoDataset.tar.gz")
for i in (1, 3):
    write(ppm(2, 2), "sbu", "dataset", "%d.jpg" % i)


def cells(name, *values):
    return matrix(name, 1, (1, len(values)), b"".join(values))


for part, place in (("train", ("devkit", "cars_train_annos.mat")), ("test", ("cars_test_annos_withlabels.mat",))):
    annotations = [{"bbox_x1": small_double("", 9), "class": small_double("", label), "fname": text("", "%05d.jpg" % i)} for i, label in ((1, 2), (2, 1))]
    write(mat(structs("annotations", annotations)), "stanford_cars", *place)
    for i in (1, 2):
        write(ppm(2, 3), "stanford_cars", "cars_" + part, "%05d.jpg" % i)
write(mat(cells("class_names", text("", "AM General Hummer"), text("", "Acura RL"))), "stanford_cars", "devkit", "cars_meta.mat")

for mode, part in (("gtFine", "train"), ("gtFine", "val"), ("gtCoarse", "val")):
    for city in ("bonn", "aachen"):
        start = "%s_000_019" % city
        if mode == "gtFine":
            write(ppm(3, 4), "cityscapes", "leftImg8bit", part, city, start + "_leftImg8bit.png")
        target = ("cityscapes", mode, part, city, "%s_%s_" % (start, mode))
        target = target[:-1], target[-1]
        write(plain_png(random.randint(0, 40000, (3, 4)).astype(np.uint16)), *target[0], target[1] + "instanceIds.png")
        write(plain_png(pixels(3, 4)), *target[0], target[1] + "labelIds.png")
        write(plain_png(pixels(3, 4, 4)), *target[0], target[1] + "color.png")
        polygons = {"imgHeight": 3, "objects": [{"label": "road", "polygon": [[0, 1], [2, 2]]}]}
        write(json.dumps(polygons).encode(), *target[0], target[1] + "polygons.json")

# ---- Optical flow


def flo(height, width):
    return b"PIEH" + struct.pack("<ii", width, height) + random.rand(height, width, 2).astype("<f4").tobytes()


def pfm(height, width, channels, little=True):
    head = b"%s\n%d %d\n%s\n" % (b"PF" if channels == 3 else b"Pf", width, height, b"-1.0" if little else b"1.0")
    return head + (random.rand(height, width, channels) * 9 - 4).astype("<f4" if little else ">f4").tobytes()


def flow_png():
    return plain_png(random.randint(0, 65536, (2, 3, 3)).astype(np.uint16) * np.array([1, 1, 0], np.uint16) + random.randint(0, 2, (2, 3, 3)).astype(np.uint16))


for scene in ("alley_1", "ambush_2"):
    for i in (1, 2, 3):
        for part in ("training/clean", "training/final", "test/clean"):
            write(ppm(2, 3), "Sintel", *part.split("/"), scene, "frame_000%d.png" % i)
        if i < 3:
            write(flo(2, 3), "Sintel", "training", "flow", scene, "frame_000%d.flo" % i)
for i in range(2):
    for part in ("training", "testing"):
        for frame in (10, 11):
            write(ppm(2, 3), "KittiFlow", part, "image_2", "00000%d_%d.png" % (i, frame))
    write(flow_png(), "KittiFlow", "training", "flow_occ", "00000%d_10.png" % i)
for i in (1, 2, 3):
    for image in (1, 2):
        write(ppm(2, 3), "FlyingChairs", "data", "0000%d_img%d.ppm" % (i, image))
    write(flo(2, 3), "FlyingChairs", "data", "0000%d_flow.flo" % i)
lines(["1", "2", "1"], "FlyingChairs", "FlyingChairs_train_val.txt")
for scene in ("A/0000", "B/0007"):
    for side in ("left", "right"):
        for i in (6, 7, 8):
            for kind in ("clean", "final"):
                write(ppm(2, 3), "FlyingThings3D", "frames_%spass" % kind, "TRAIN", *scene.split("/"), side, "000%d.png" % i)
            for direction in ("into_future", "into_past"):
                write(pfm(2, 3, 3, i != 7), "FlyingThings3D", "optical_flow", "TRAIN", *scene.split("/"), direction, side, "OpticalFlow_000%d.pfm" % i)
for i in (0, 35):
    for j in range(3):
        write(flow_png(), "hd1k", "hd1k_flow_gt", "flow_occ", "%06d_%04d.png" % (i, j))
        write(ppm(2, 3), "hd1k", "hd1k_input", "image_2", "%06d_%04d.png" % (i, j))
    for frame in (10, 11):
        write(ppm(2, 3), "hd1k", "hd1k_challenge", "image_2", "%06d_%d.png" % (i, frame))

def depth_png(channels=1, low=1):
    """Sixteen bits of one channel, or eight of three."""
    if channels == 1:
        return plain_png(random.randint(low, 65536, (2, 3)).astype(np.uint16))
    return plain_png(random.randint(0, 256, (2, 3, channels)).astype(np.uint8))


def mask_png():
    return plain_png((random.randint(0, 2, (2, 3)) * 255).astype(np.uint8))


for scene in ("a", "b"):
    for i in (0, 1):
        write(ppm(2, 3), "carla-highres", "trainingF", scene, "im%d.png" % i)
        write(pfm(2, 3, 1), "carla-highres", "trainingF", scene, "disp%dGT.pfm" % i)
        for part in ("two_view_training", "two_view_test"):
            write(ppm(2, 3), "ETH3D", part, scene, "im%d.png" % i)
    write(pfm(2, 3, 1), "ETH3D", "two_view_training_gt", scene, "disp0GT.pfm")
    write(mask_png(), "ETH3D", "two_view_training_gt", scene, "mask0nocc.png")
    for side in ("left", "right"):
        for part in ("train", "test"):
            write(ppm(2, 3), "InStereo2k", part, scene, side + ".png")
            write(depth_png(), "InStereo2k", part, scene, side + "_disp.png")
        for place in (("single", "mug", scene), ("mixed", scene)):
            write(ppm(2, 3), "FallingThings", *place, "00.%s.jpg" % side)
            write(depth_png(), "FallingThings", *place, "00.%s.depth.png" % side)
            write(json.dumps({"camera_settings": [{"intrinsic_settings": {"fx": 768.16}}]}).encode(), "FallingThings", *place, "_camera_settings.json")
        for variant, place in (("FlyingThings3D", ("TRAIN", "A", scene)), ("Monkaa", (scene,))):
            for kind in ("clean", "final"):
                write(ppm(2, 3), "SceneFlow", variant, "frames_%spass" % kind, *place, side, "0006.png")
            write(pfm(2, 3, 1), "SceneFlow", variant, "disparity", *place, side, "0006.pfm")
        for kind in ("clean", "final"):
            write(ppm(2, 3), "Sintel", "training", "%s_%s" % (kind, side), scene, "frame_0001.png")
    write(depth_png(3), "Sintel", "training", "disparities", scene, "frame_0001.png")
    for kind in ("occlusions", "outofframe"):
        write(mask_png(), "Sintel", "training", kind, scene, "frame_0001.png")
for i in range(2):
    for part in ("training", "testing"):
        for number in (0, 1):
            write(ppm(2, 3), "Kitti2012", part, "colored_%d" % number, "00000%d_10.png" % i)
            write(ppm(2, 3), "Kitti2015", part, "image_%d" % (number + 2), "00000%d_10.png" % i)
    write(depth_png(), "Kitti2012", "training", "disp_noc", "00000%d_10.png" % i)
    for number in (0, 1):
        write(depth_png(), "Kitti2015", "training", "disp_occ_%d" % number, "00000%d_10.png" % i)
for part in ("tree", "shapenet", "reflective", "hole"):
    for side in ("left", "right"):
        write(ppm(2, 3), "CREStereo", part, "1_%s.jpg" % side)
        write(depth_png(), "CREStereo", part, "1_%s.disp.png" % side)

# ---- Of boxes and masks, for wrap_dataset_for_transforms_v2

for name, objects in (("000001", (("dog", (2, 1, 9, 7)), ("person", (1, 3, 4, 8)))), ("000002", (("tvmonitor", (3, 2, 8, 5)),))):
    write(ppm(9, 12), "wrapped", *voc, "JPEGImages", name + ".jpg")
    sides = "".join(
        "<object><name>%s</name><bndbox><xmin>%d</xmin><ymin>%d</ymin><xmax>%d</xmax><ymax>%d</ymax></bndbox></object>" % (kind, *box)
        for kind, box in objects
    )
    write(("<annotation><folder>VOC2012</folder>%s</annotation>" % sides).encode(), "wrapped", *voc, "Annotations", name + ".xml")
write(b"000001\n000002\n", "wrapped", *voc, "ImageSets", "Main", "train.txt")

star = [8.5, 1.2, 11.0, 9.7, 19.4, 10.1, 12.3, 13.6, 14.0, 22.8, 7.7, 15.5, -2.0, 17.1, 5.2, 10.0]
compressed = {"counts": "S26:00000000005K02N00000000KH2830000000000000Z2H", "size": [16, 30]}
segmented = {
    "images": [{"id": 9, "file_name": "b.ppm"}, {"id": 4, "file_name": "a.ppm"}, {"id": 5, "file_name": "c.ppm"}],
    "annotations": [
        {"id": 1, "image_id": 9, "bbox": [1.5, 2, 3, 4.25], "category_id": 2, "area": 3.5, "iscrowd": 0, "segmentation": [star]},
        {"id": 2, "image_id": 4, "bbox": [0.5, 0, 1, 1], "category_id": 7, "area": 1, "iscrowd": 1,
         "segmentation": {"counts": [17, 5, 20, 3, 400, 35], "size": [16, 30]}},
        {"id": 3, "image_id": 9, "bbox": [5, 5, 1, 1.5], "category_id": 2, "area": 2, "iscrowd": 0,
         "segmentation": [[1, 1, 8.4, 1, 8.4, 6.3, 1, 6.3], [20, 3, 29.9, 3, 25, 15.7], [12.2, 4.1, 6, 5]]},
        {"id": 5, "image_id": 4, "bbox": [5, 5, 1, 1.5], "category_id": 3, "area": 2, "iscrowd": 1, "segmentation": compressed},
    ],
}
write(json.dumps(segmented).encode(), "wrapped", "coco", "annotations.json")
for name in ("a.ppm", "b.ppm", "c.ppm"):
    write(ppm(16, 30), "wrapped", "coco", name)

# ---- Middlebury2014Stereo, PhotoTour and SBDataset


def pfm_with_holes(height, width):
    values = random.rand(height, width).astype("<f4") * 90
    values[0, 0], values[1, 2] = np.inf, 0
    return b"Pf\n%d %d\n-1.0\n" % (width, height) + values.tobytes()


for part, scene in (("train", "Adirondack-perfect"), ("train", "Piano-perfect"), ("train", "Piano-imperfect"), ("additional", "Mask-imperfect"), ("test", "Plants"), ("test", "Crusade")):
    for name in ("im0.png", "im1.png"):
        write(ppm(2, 3), "Middlebury2014", part, scene, name)
    if part != "test":
        for name in ("disp0.pfm", "disp1.pfm"):
            write(pfm_with_holes(2, 3), "Middlebury2014", part, scene, name)
for name in ("im1E.png", "im1L.png"):
    write(ppm(2, 3), "Middlebury2014", "train", "Piano-perfect", name)


def grey_bmp(height, width):
    colors = b"".join(bytes([i, i, i, 0]) for i in range(256))
    rows = pixels(height, width).tobytes()
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 0, len(rows), 2835, 2835, 256, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(colors) + len(rows), 0, 0, 54 + len(colors)) + head + colors + rows


write(grey_bmp(128, 128), "phototour", "liberty", "patches0000.bmp")
write(grey_bmp(64, 128), "phototour", "liberty", "patches0001.bmp")
lines(["%d 0" % point for point in (7, 7, 9, 12, 12, 30)], "phototour", "liberty", "info.txt")
lines(["0 7 0 1 7 0 0", "1 7 0 2 9 0 0", "3 12 0 4 12 0 0"], "phototour", "liberty", "m50_100000_100000_0.txt")


def sparse(array, of_bytes):
    rows, starts, values = [], [0], []
    for column in array.T:
        places = np.flatnonzero(column)
        rows += places.tolist()
        values += column[places].tolist()
        starts.append(len(rows))
    kept = element(2, bytes(values)) if of_bytes else element(9, struct.pack("<%dd" % len(values), *values))
    content = element(5, struct.pack("<%di" % len(rows), *rows)) + element(5, struct.pack("<%di" % len(starts), *starts)) + kept
    return matrix("", 5, array.shape, content)


for name in ("2008_000002", "2008_000003"):
    write(ppm(5, 4), "sbd", "img", name + ".jpg")
    boundaries = [sparse(random.randint(0, 2, (5, 4)), name.endswith("2")) for _ in range(20)]
    fields = {"Boundaries": matrix("", 1, (20, 1), b"".join(boundaries)), "Segmentation": numbers("", random.choice([0, 3, 20], (5, 4)).astype(np.uint8))}
    write(mat(structs("GTcls", [fields])), "sbd", "cls", name + ".mat")
lines(["2008_000002"], "sbd", "train.txt")
lines(["2008_000003", "2008_000002"], "sbd", "val.txt")

print("null")
