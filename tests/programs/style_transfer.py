"""A network that redraws images: reflection padding, instance normalization, residual blocks, upsampling; losses of features."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class ConvLayer(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride, upsample=None):
        super().__init__()
        self.upsample = upsample
        self.reflection_pad = nn.ReflectionPad2d(kernel_size // 2)
        self.conv2d = nn.Conv2d(in_channels, out_channels, kernel_size, stride)

    def forward(self, x):
        if self.upsample:
            x = F.interpolate(x, mode="nearest", scale_factor=self.upsample)
        return self.conv2d(self.reflection_pad(x))


class ResidualBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = ConvLayer(channels, channels, kernel_size=3, stride=1)
        self.in1 = nn.InstanceNorm2d(channels, affine=True)
        self.conv2 = ConvLayer(channels, channels, kernel_size=3, stride=1)
        self.in2 = nn.InstanceNorm2d(channels, affine=True)
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.in2(self.conv2(self.relu(self.in1(self.conv1(x))))) + x


class TransformerNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(
            ConvLayer(3, 8, kernel_size=9, stride=1), nn.InstanceNorm2d(8, affine=True), nn.ReLU(),
            ConvLayer(8, 16, kernel_size=3, stride=2), nn.InstanceNorm2d(16, affine=True), nn.ReLU(),
        )
        self.blocks = nn.Sequential(*(ResidualBlock(16) for _ in range(2)))
        self.up = ConvLayer(16, 8, kernel_size=3, stride=1, upsample=2)
        self.norm = nn.InstanceNorm2d(8, affine=True)
        self.last = ConvLayer(8, 3, kernel_size=9, stride=1)

    def forward(self, x):
        return self.last(F.relu(self.norm(self.up(self.blocks(self.down(x))))))


def gram_matrix(y):
    b, ch, h, w = y.size()
    features = y.view(b, ch, w * h)
    return features.bmm(features.transpose(1, 2)) / (ch * h * w)


torch.manual_seed(42)
torch.set_num_threads(1)
model = TransformerNet()
features = nn.Sequential(nn.Conv2d(3, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(12, 12, 3), nn.ReLU())
features.requires_grad_(False)
optimizer = torch.optim.Adam(model.parameters(), 1e-3)
mse_loss = nn.MSELoss()
style = gram_matrix(features(torch.rand(1, 3, 32, 32)))
for step in range(3):
    x = torch.rand(2, 3, 32, 32)
    optimizer.zero_grad()
    y = model(x)
    content_loss = 1e1 * mse_loss(features(y), features(x))
    style_loss = 1e3 * mse_loss(gram_matrix(features(y)), style.expand(2, -1, -1))
    total_loss = content_loss + style_loss
    total_loss.backward()
    optimizer.step()
    print("step {}: content {:.5f} style {:.5f} total {:.5f}".format(
        step, content_loss.item(), style_loss.item(), total_loss.item()))
print(y.detach().clamp(0, 1).mul(255).to(torch.uint8)[0, :, 0, :6])
print(sum(p.numel() for p in model.parameters() if p.requires_grad))
