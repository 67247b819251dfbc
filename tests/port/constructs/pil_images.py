import os
import tempfile

import numpy as np
import torch
from PIL import Image

# The pixels are drawn by numpy's generator, whose numbers are the same here.
rng = np.random.RandomState(0)
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, 'picture.png')
    Image.fromarray(rng.randint(0, 256, (40, 50, 3)).astype('uint8')).save(path)
    image = Image.open(path).convert('RGB')
print(image.size, image.width, image.mode)
for size, resample in [((20, 30), Image.BILINEAR), ((13, 70), Image.BICUBIC), ((33, 40), Image.LANCZOS), ((7, 5), Image.NEAREST), ((50, 9), Image.BOX)]:
    small = image.resize(size, resample)
    pixels = np.array(small)
    print(small.size, pixels.shape, int(torch.from_numpy(pixels).long().sum()), pixels[3, 4])
gray = image.convert('L')
print(gray.mode, np.asarray(gray).shape, int(torch.from_numpy(np.array(gray)).long().sum()))
print(np.array(image.crop((2, 3, 6, 5)))[:, :, 0], np.array(gray.convert('RGBA')).shape)
print(np.array(image.resize((4, 3)))[1, 2])
