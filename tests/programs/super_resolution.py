"""Sub-pixel convolution: channels become pixels; the peak signal-to-noise ratio as a measure."""
import os
import tempfile
from math import log10

import numpy as np
import torch
import torch.nn as nn
import torch.nn.init as init
import torch.optim as optim


class Net(nn.Module):
    def __init__(self, upscale_factor):
        super().__init__()
        self.relu = nn.ReLU()
        self.conv1 = nn.Conv2d(1, 64, (5, 5), (1, 1), (2, 2))
        self.conv2 = nn.Conv2d(64, 64, (3, 3), (1, 1), (1, 1))
        self.conv3 = nn.Conv2d(64, 32, (3, 3), (1, 1), (1, 1))
        self.conv4 = nn.Conv2d(32, upscale_factor ** 2, (3, 3), (1, 1), (1, 1))
        self.pixel_shuffle = nn.PixelShuffle(upscale_factor)
        for conv in (self.conv1, self.conv2, self.conv3):
            init.orthogonal_(conv.weight, init.calculate_gain("relu"))
        init.orthogonal_(self.conv4.weight)

    def forward(self, x):
        x = self.relu(self.conv1(x))
        x = self.relu(self.conv2(x))
        x = self.relu(self.conv3(x))
        return self.pixel_shuffle(self.conv4(x))


torch.manual_seed(123)
torch.set_num_threads(1)
model = Net(3)
criterion = nn.MSELoss()
optimizer = optim.Adam(model.parameters(), lr=0.001)
target = torch.rand(6, 1, 24, 24)
input = nn.functional.interpolate(target, scale_factor=1 / 3, mode="bilinear", antialias=True)
for epoch in range(3):
    epoch_loss = 0
    for k in range(0, 6, 2):
        optimizer.zero_grad()
        loss = criterion(model(input[k:k + 2]), target[k:k + 2])
        epoch_loss += loss.item()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        psnr = 10 * log10(1 / criterion(model(input), target).item())
    print("Epoch {}: Avg. Loss: {:.5f}, PSNR: {:.4f} dB".format(epoch, epoch_loss / 3, psnr))

path = os.path.join(tempfile.mkdtemp(), "model_epoch_{}.pth".format(epoch))
torch.save(model, path)
with open(path, "rb") as f:
    safe_globals = [
        Net,
        torch.nn.modules.activation.ReLU,
        torch.nn.modules.conv.Conv2d,
        torch.nn.modules.pixelshuffle.PixelShuffle,
    ]
    with torch.serialization.safe_globals(safe_globals):
        model = torch.load(f)
out = model(input[:1])
out = out.cpu()
out_img_y = out[0].detach().numpy()
out_img_y *= 255.0
out_img_y = out_img_y.clip(0, 255)
pixels = np.uint8(out_img_y[0])
print(pixels.shape, pixels.dtype, pixels[:2, :6])
